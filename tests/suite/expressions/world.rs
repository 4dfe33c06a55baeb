//! Evaluates expressions on the records of a few files in memory.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use alignlint::catalog::Catalog;
use alignlint::input::Input;
use alignlint::policy::Policy;
use alignlint::rule::{EvalError, Evaluator, Scope, Type, Value};
use alignlint::snapshot::Snapshot;
use jiff::civil::{Date, date};

pub const TODAY: Date = date(2026, 11, 20);

pub struct World {
    input: Input,
}

/// The value of an expression, independent of the catalog.
#[derive(Clone, Debug, PartialEq)]
pub enum Plain {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(String),
    List(Vec<Plain>),
    /// A value of a type that CEL does not have, as shown in messages.
    Shown(String),
}

pub fn snapshot(files: &[(&str, &str)]) -> Arc<Snapshot> {
    let files = files.iter().map(|(path, text)| (path.to_string(), text.to_string()));
    Arc::new(Snapshot::in_memory(files))
}

/// The faults of a policy.
pub fn faults(files: &[(&str, &str)]) -> Vec<ShownFault> {
    let faults = Policy::load(&snapshot(files), None).err().unwrap_or_default();
    faults
        .iter()
        .map(|fault| ShownFault {
            message: fault.message.clone(),
            at: fault.place.as_ref().map(|place| {
                let start = place.source.position(place.span.start as usize);
                format!("{}:{}:{}", place.source.path(), start.line, start.column)
            }),
            words: fault.place.as_ref().map_or("", |place| place.source.slice(place.span)).to_string(),
            help: fault.help.clone().unwrap_or_default(),
        })
        .collect()
}

/// A fault as shown: `words` is the underlined text.
#[derive(Debug, PartialEq)]
pub struct ShownFault {
    pub message: String,
    pub at: Option<String>,
    pub words: String,
    pub help: String,
}

impl World {
    pub fn new(files: &[(&str, &str)]) -> World {
        let snapshot = snapshot(files);
        let policy = Policy::load(&snapshot, None).unwrap_or_else(|faults| panic!("{}", faults[0]));
        World { input: policy.read(&snapshot, policy.rules.rules()) }
    }

    /// Evaluates an expression on a record.
    ///
    /// # Errors
    /// The message, if the expression does not compile.
    pub fn ask(&self, kind: &str, id: &str, text: &str) -> Result<Result<Plain, EvalError>, String> {
        self.ask_on(TODAY, kind, id, text)
    }

    pub fn ask_on(
        &self,
        today: Date,
        kind: &str,
        id: &str,
        text: &str,
    ) -> Result<Result<Plain, EvalError>, String> {
        let record = self.input.of_kind(kind).iter().map(|&number| self.input.record(number));
        let record =
            record.clone().find(|record| &*record.id == id).unwrap_or_else(|| panic!("no {kind} {id}"));
        let mut scope = Scope::new(self.input.kinds(), Vec::new());
        let slot = scope.declare("record", Type::Record([Arc::from(kind)].into()));
        let expression = scope.compile(text).map_err(|mistake| mistake.message)?;
        let steps = AtomicU64::new(0);
        let mut evaluator = Evaluator::new(&self.input, today, &[], &steps);
        evaluator.bind(slot, Ok(Value::Record(record)));
        let value = match evaluator.evaluate(&expression.root) {
            Ok(value) => value,
            Err(stop) => return Ok(Err(stop)),
        };
        Ok(Ok(plain(&evaluator, &self.input, &value)))
    }
}

fn plain<'a>(evaluator: &Evaluator<'a>, catalog: &'a Catalog, value: &Value<'a>) -> Plain {
    match value {
        Value::Null => Plain::Null,
        Value::Bool(value) => Plain::Bool(*value),
        Value::Int(value) => Plain::Int(*value),
        Value::Double(value) => Plain::Double(*value),
        Value::String(text) => Plain::Text(text.to_string()),
        Value::List(_) | Value::Records(_) => {
            Plain::List(value.elements(catalog).map(|element| plain(evaluator, catalog, &element)).collect())
        }
        value => Plain::Shown(evaluator.show(value).unwrap_or_default()),
    }
}
