//! All functions and members, in the order of the reference page. To add one, add an entry to one of the tables.

mod members;
mod records;
mod values;

use std::sync::LazyLock;

use ahash::{HashMap, HashMapExt};

use crate::rule::runtime::{CallForm, Context, EvalError, EvalResult, Function, Type, Value};

use super::{facts, fields, history};

pub use members::MEMBERS;

pub static GROUPS: [(&str, &[Function]); 6] = [
    ("Records and references", records::RECORDS),
    ("History and people", records::HISTORY),
    ("Dates, durations, periods and amounts", values::DATES),
    ("Texts of files", records::TEXTS),
    ("Strings", values::STRINGS),
    ("Lists", values::LISTS),
];

pub fn all() -> impl Iterator<Item = &'static Function> {
    GROUPS.iter().flat_map(|(_, functions)| *functions)
}

/// The functions, methods or members called `name`; they differ in their parameters.
pub(crate) fn overloads(name: &str, form: CallForm) -> impl Iterator<Item = &'static Function> {
    static BY_NAME: LazyLock<HashMap<&str, Vec<&Function>>> = LazyLock::new(|| {
        let mut by_name: HashMap<&str, Vec<&Function>> = HashMap::new();
        all().chain(MEMBERS).for_each(|function| by_name.entry(function.name).or_default().push(function));
        by_name
    });
    BY_NAME.get(name).into_iter().flatten().copied().filter(move |function| function.form == form)
}

/// The member `name` of values of a type.
pub(crate) fn member(of: &Type, name: &str) -> Option<&'static Function> {
    overloads(name, CallForm::Member).find(|member| member.params[0].is_receiver(of))
}

pub(crate) fn member_names(of: &Type) -> impl Iterator<Item = &'static str> {
    MEMBERS.iter().filter(|member| member.params[0].is_receiver(of)).map(|member| member.name)
}

/// Reads the member `name` (in `snake_case`) of a value whose type is known only at run time.
pub(crate) fn select_untyped<'a>(cx: &Context<'a>, operand: &Value<'a>, name: &str) -> EvalResult<'a> {
    match overloads(name, CallForm::Member).find(|member| member.is_member_of(operand)) {
        Some(member) => member.call(cx, std::slice::from_ref(operand)),
        None => select(cx, operand, &name.replace('_', "-")),
    }
}

/// Reads the member `name` (in kebab-case) that a record, item, fact or change has by itself.
pub(crate) fn select<'a>(cx: &Context<'a>, operand: &Value<'a>, name: &str) -> EvalResult<'a> {
    match operand {
        Value::Record(record) => fields::field(cx, record, name),
        Value::Item(item) if name == "record" => Ok(Value::Record(item.record)),
        Value::Item(item) => fields::shaped_field(cx, item.record, item.node, item.shape, name),
        Value::Reference(reference) => facts::reference_member(cx, reference, name),
        Value::Fact(fact) => {
            let member = fact.members.iter().find(|(member, _)| *member == name);
            member.map(|(_, value)| value.clone()).ok_or(EvalError::Absent)
        }
        Value::Change(change) => history::member(cx, change, name),
        Value::Null => Err(EvalError::Absent),
        Value::Unresolved(unresolved) => Err(unresolved.error()),
        _ => Err(EvalError::Indeterminate),
    }
}
