//! A rule whose every expression has passed the load-time check.

use std::collections::HashSet;
use std::sync::Arc;

use crate::finding::Fault;
use crate::kind::{self, Kinds};
use crate::schema::{did_you_mean, nearest};
use crate::text::Span;

use super::compile::Scope;
use super::expression::{Expression, Term, TermNode};
use super::file::{ANY, FILE, POLICY_FILE, ParamType, Rule};
use super::mistake::{self, Mistake};
use super::params;
use super::remedy::{FixProgram, Part};
use super::template::Template;
use super::types::{Type, record_field};
use super::value::Value;
use super::written::{place_of, place_of_key};

/// Where each variable is bound. Slots of `let` and of loops come after these.
pub const SUBJECT: usize = 0;
pub const ITEM: usize = 1;
pub const GROUP: usize = 2;
pub const OTHER: usize = 3;

/// The moment at which an expression can be evaluated: when the last variable that it reads is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Run,
    Subject,
    Group,
    Item,
    Other,
}

/// A checked rule.
#[derive(Debug)]
pub struct Program {
    pub subjects: Subjects,
    pub lets: Vec<Let>,
    pub when: Option<(Stage, Expression)>,
    pub each: Option<Expression>,
    pub group_by: Option<Expression>,
    pub form: Form,
    pub related: Option<Expression>,
    pub related_label: Option<Template>,
    pub message: Template,
    pub label: Option<Template>,
    pub help: Option<Template>,
    pub fix: Option<FixProgram>,
}

/// A field whose text, as it stands there, is part of the key that the records of a group share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KeyField<'p> {
    pub name: &'p str,
    /// Its place in the list that the key is; none where it is all of the key.
    at: Option<usize>,
}

impl KeyField<'_> {
    /// Its text in a key; none where that is no text.
    pub fn text_in<'k>(&self, key: &'k Value) -> Option<&'k str> {
        match (self.at, key) {
            (Some(at), Value::List(parts)) => parts.get(at)?.as_text(),
            (Some(_), _) => None,
            (None, key) => key.as_text(),
        }
    }
}

/// What a rule judges.
#[derive(Debug, PartialEq)]
pub enum Subjects {
    Files,
    PolicyFiles,
    AllRecords,
    Kinds(Vec<Arc<str>>),
}

impl Subjects {
    /// Whether they are files, and no records.
    pub fn are_files(&self) -> bool {
        matches!(self, Subjects::Files | Subjects::PolicyFiles)
    }
}

#[derive(Debug)]
pub struct Let {
    pub slot: usize,
    pub stage: Stage,
    pub expression: Expression,
}

/// What a rule states.
#[derive(Debug)]
pub enum Form {
    /// It must be true.
    Expect(Expression),
    /// The day must not have passed.
    Due(Expression),
    /// There must be none of these.
    Against(Expression),
}

impl Program {
    /// The field whose text, as it stands there, is part of the key that groups share, where there is one.
    pub fn key_field(&self, kinds: &Kinds) -> Option<KeyField<'_>> {
        let Subjects::Kinds(names) = &self.subjects else { return None };
        let as_written = |field: &str| {
            let fields = names.iter().filter_map(|name| kinds.get(name)?.shape.field(field));
            fields.into_iter().all(|field| field.default.is_none() && field.derived_from.is_none())
        };
        let plain = |part| field_of_subject(part).filter(|field| as_written(field));
        let key = &self.group_by.as_ref()?.root;
        match &key.node {
            TermNode::List(parts) => {
                let field = |(at, part)| Some(KeyField { name: plain(part)?, at: Some(at) });
                parts.iter().enumerate().find_map(field)
            }
            _ => Some(KeyField { name: plain(key)?, at: None }),
        }
    }

    /// Checks every expression of a rule.
    ///
    /// # Errors
    /// Each thing that is wrong, at its place in the rule's file.
    pub fn compile(rule: &Rule, kinds: &Kinds) -> Result<Program, Vec<Fault>> {
        let mut compiler = Compiler { rule, kinds, faults: Vec::new() };
        let program = compiler.program();
        match program {
            Some(program) if compiler.faults.is_empty() => Ok(program),
            _ => {
                let mut faults = compiler.faults;
                faults.sort_by_key(|fault| fault.place.as_ref().map(|place| place.span));
                Err(faults)
            }
        }
    }
}

/// The field of the record that is judged which a term reads, where that is a text.
fn field_of_subject(term: &Term) -> Option<&str> {
    match &term.node {
        TermNode::Field(of, name) if term.ty == Type::Text => {
            matches!(of.node, TermNode::Variable(SUBJECT)).then_some(&**name)
        }
        _ => None,
    }
}

struct Compiler<'r> {
    rule: &'r Rule,
    kinds: &'r Kinds,
    faults: Vec<Fault>,
}

impl Compiler<'_> {
    fn program(&mut self) -> Option<Program> {
        let rule = self.rule;
        let subjects = self.subjects()?;
        let params = rule.params.iter().map(|(name, param)| (name.replace('-', "_"), param_type(param.ty)));
        let mut scope = Scope::new(self.kinds, params.collect());
        let subject = match &subjects {
            Subjects::Files => Type::File,
            Subjects::PolicyFiles => Type::PolicyFile,
            Subjects::AllRecords => Type::Record(Box::default()),
            Subjects::Kinds(kinds) => Type::Record(kinds.iter().cloned().collect()),
        };
        scope.declare(if subjects.are_files() { "file" } else { "record" }, subject.clone());
        // The others get their names once their types are known.
        for _ in [ITEM, GROUP, OTHER] {
            scope.declare("", Type::Any);
        }
        let mut lets = Lets {
            waiting: rule.lets.iter().collect(),
            done: Vec::new(),
            stages: vec![Stage::Subject, Stage::Item, Stage::Group, Stage::Other],
        };
        self.refuse_names();
        self.check_authority(&subjects);
        self.check_params();
        self.settle(&mut lets, &mut scope, false);
        let group_by = self.group_by(&subjects, &mut scope);
        if !rule.group_by.is_empty() {
            let kinds = if let Type::Record(kinds) = &subject { kinds.clone() } else { Box::default() };
            let key = group_by.as_ref().map_or(Type::Any, |group_by| group_by.root.ty.clone());
            scope.name(GROUP, "group", Type::Group { kinds, key: Box::new(key) });
            self.settle(&mut lets, &mut scope, false);
        }
        let each = self.optional("/each", rule.each.as_deref(), &mut scope);
        if rule.each.is_some() {
            // Where the list itself is at fault, nothing more is said of its items.
            let item = each.as_ref().and_then(|each| self.element("/each", each));
            scope.name(ITEM, "item", item.unwrap_or(Type::Any));
        }
        self.settle(&mut lets, &mut scope, rule.against.is_none() && rule.related.is_none());
        let when = rule.when.as_deref().and_then(|text| self.condition("/when", text, &mut scope));
        let when = when.map(|when| (lets.stage(&when.root), when));
        let form = self.form(&mut scope);
        let related = self.related(!rule.group_by.is_empty(), &subject, &mut scope);
        self.settle(&mut lets, &mut scope, true);
        let message = self.template("/message", &rule.message, &mut scope);
        let label = rule.label.as_deref().and_then(|text| self.template("/label", text, &mut scope));
        let help = rule.help.as_deref().and_then(|text| self.template("/help", text, &mut scope));
        let related_label = rule.related.as_ref().and_then(|related| related.label.as_deref());
        let related_label = related_label.and_then(|text| self.template("/related/label", text, &mut scope));
        let fix = self.fix(&mut scope);
        self.check_places(&subject, each.as_ref(), &scope);
        Some(Program {
            subjects,
            lets: lets.done,
            when,
            each,
            group_by,
            form: form?,
            related,
            related_label,
            message: message?,
            label,
            help,
            fix,
        })
    }

    fn fix(&mut self, scope: &mut Scope) -> Option<FixProgram> {
        let fix = self.rule.fix.as_ref()?;
        let (program, mistakes) = FixProgram::compile(fix, self.rule.against.is_some(), self.kinds, scope);
        for (part, mistake) in mistakes {
            let source = &self.rule.source;
            let span = match part {
                Part::Value(pointer) => place_of(source, &pointer, mistake.span),
                Part::Key(pointer) => place_of_key(source, &pointer),
            };
            self.fault_at(span, mistake);
        }
        program
    }

    fn subjects(&mut self) -> Option<Subjects> {
        let names = &self.rule.kinds;
        match names.first().map(|name| &**name) {
            Some(FILE) if names.len() == 1 => return Some(Subjects::Files),
            Some(POLICY_FILE) if names.len() == 1 => return Some(Subjects::PolicyFiles),
            Some(ANY) if names.len() == 1 => return Some(Subjects::AllRecords),
            _ => {}
        }
        let mut known = !names.is_empty();
        for (index, name) in names.iter().enumerate().filter(|(_, name)| self.kinds.get(name).is_none()) {
            known = false;
            let near = nearest(name, self.kinds.iter().map(|kind| &*kind.name));
            let mistake = match &**name {
                ANY | FILE | POLICY_FILE => Mistake::new(format!("`{name}` stands alone"), Span::at(0)),
                _ => Mistake::new(format!("there is no kind `{name}`"), Span::at(0)),
            };
            let help = near.map(did_you_mean);
            self.fault(&nth("/for", index, names), Mistake { help, ..mistake });
        }
        known.then(|| Subjects::Kinds(names.clone()))
    }

    /// A name of the rule's own must not hide another.
    fn refuse_names(&mut self) {
        let mut taken: HashSet<String> =
            ["record", "file", "item", "group", "other", "today", "params"].map(String::from).into();
        for (name, _) in &self.rule.lets {
            let written = name.replace('-', "_");
            if !taken.insert(written.clone()) {
                let mistake = Mistake::new(format!("the name `{written}` is taken"), Span::at(0));
                self.fault(&format!("/let/{name}"), mistake.help("Give it another one"));
            }
        }
    }

    /// Records that say who may do what are what such a rule judges by.
    fn check_authority(&mut self, subjects: &Subjects) {
        let judges_itself = match subjects {
            Subjects::Kinds(kinds) => {
                kinds.iter().any(|name| self.kinds.get(name).is_some_and(|kind| kind.authority))
            }
            Subjects::AllRecords | Subjects::Files | Subjects::PolicyFiles => true,
        };
        if self.rule.authority && judges_itself {
            let message = "a rule with `authority` judges records of kinds that give no rights themselves";
            let help = "Name such kinds under `for`, or leave `authority` out";
            self.fault("/authority", Mistake::new(message, Span::at(0)).help(help));
        }
    }

    fn check_params(&mut self) {
        for (name, param) in &self.rule.params {
            if let Err(wanted) = params::default(param) {
                let message = format!("the default of `{name}` has to be {wanted}");
                self.fault(&format!("/params/{name}/default"), Mistake::new(message, Span::at(0)));
            }
        }
    }

    /// The key that the records of a group share: what `group-by` gives, or the list of what it gives.
    fn group_by(&mut self, subjects: &Subjects, scope: &mut Scope) -> Option<Expression> {
        let parts = self.rule.group_by.as_slice();
        if !parts.is_empty() && (subjects.are_files() || self.rule.each.is_some()) {
            let message = match subjects {
                Subjects::Files | Subjects::PolicyFiles => "files are not grouped",
                _ => "a rule judges each item or groups of records, not both",
            };
            self.fault("/group-by", Mistake::new(message, Span::at(0)));
            return None;
        }
        match parts {
            [] => None,
            [only] => self.expression("/group-by", only, scope),
            parts => {
                let each = parts.iter().enumerate();
                let passed = each.filter(|(index, part)| {
                    self.expression(&format!("/group-by/{index}"), part, scope).is_some()
                });
                let all = passed.count() == parts.len();
                all.then(|| self.expression("/group-by", &format!("[{}]", parts.join(", ")), scope)).flatten()
            }
        }
    }

    /// Checks every `let` whose variables are known by now; one that reads a variable that may yet come
    /// waits, unless this is the last time.
    fn settle(&mut self, lets: &mut Lets, scope: &mut Scope, last: bool) {
        let mut index = 0;
        while index < lets.waiting.len() {
            let (name, text) = lets.waiting[index];
            match scope.compile(text) {
                Ok(expression) => {
                    lets.waiting.remove(index);
                    let stage = lets.stage(&expression.root);
                    let slot = scope.declare(&name.replace('-', "_"), expression.root.ty.clone());
                    lets.stages.resize(slot + 1, Stage::Run);
                    lets.stages[slot] = stage;
                    lets.done.push(Let { slot, stage, expression });
                }
                Err(mistake) if !last && lets.may_come(&mistake, name) => index += 1,
                Err(mistake) => {
                    lets.waiting.remove(index);
                    self.fault(&format!("/let/{name}"), mistake);
                    // Nothing more is said of what reads it.
                    let slot = scope.declare(&name.replace('-', "_"), Type::Any);
                    lets.stages.resize(slot + 1, Stage::Run);
                }
            }
        }
    }

    fn form(&mut self, scope: &mut Scope) -> Option<Form> {
        let rule = self.rule;
        let given = [rule.expect.is_some(), rule.due.is_some(), rule.against.is_some()];
        if given.iter().filter(|given| **given).count() != 1 {
            let message = "a rule states one of `expect`, `due` and `against`";
            // At the second of two, else at the rule.
            let names = ["/expect", "/due", "/against"];
            let mut stated = names.iter().zip(given).filter(|(_, given)| *given).map(|(name, _)| *name);
            let at = stated.nth(1).unwrap_or("/id");
            self.fault(at, Mistake::new(message, Span::at(0)));
            return None;
        }
        if let Some(text) = &rule.expect {
            return self.condition("/expect", &text.0, scope).map(Form::Expect);
        }
        if let Some(text) = &rule.due {
            let due = self.expression("/due", text, scope)?;
            if !due.root.ty.fits(&Type::Date) {
                let message = format!("this is {}, where a day is needed", due.root.ty);
                self.fault("/due", Mistake::new(message, Span::new(0, text.len())));
                return None;
            }
            return Some(Form::Due(due));
        }
        let against = self.expression("/against", rule.against.as_deref()?, scope);
        let other = against.as_ref().and_then(|against| self.element("/against", against));
        scope.name(OTHER, "other", other.unwrap_or(Type::Any));
        against.map(Form::Against)
    }

    /// The list whose elements are `other`; in `against` and `group-by` it is known without saying.
    fn related(&mut self, grouped: bool, subject: &Type, scope: &mut Scope) -> Option<Expression> {
        let each = self.rule.related.as_ref()?.each.as_deref();
        if self.rule.against.is_some() {
            return None;
        }
        if each.is_none() && grouped {
            scope.name(OTHER, "other", subject.clone());
            return None;
        }
        if each.is_none() {
            let mistake = Mistake::new("`related` has to say of `each` what", Span::at(0));
            self.fault("/related", mistake.help("Name a list of records or items: `each: record.parents`"));
        }
        let related = self.optional("/related/each", each, scope);
        let other = related.as_ref().and_then(|related| self.element("/related/each", related));
        scope.name(OTHER, "other", other.unwrap_or(Type::Any));
        related
    }

    fn element(&mut self, pointer: &str, list: &Expression) -> Option<Type> {
        let element = list.root.ty.element();
        if element.is_none() {
            let message = format!("this is {}, where a list is needed", list.root.ty);
            self.fault(pointer, Mistake::new(message, Span::new(0, list.text.len())));
        }
        element
    }

    /// Each field that `at` names has to be one that the subject or the item can have; each in
    /// `related`, one of the other.
    fn check_places(&mut self, subject: &Type, each: Option<&Expression>, scope: &Scope) {
        let item = each.and_then(|each| each.root.ty.element());
        let holders: Vec<&Type> = item.iter().chain([subject]).collect();
        self.check_fields("/at", &self.rule.at, &holders);
        if let Some(related) = &self.rule.related {
            self.check_fields("/related/at", &related.at, &[scope.type_of(OTHER)]);
        }
    }

    fn check_fields(&mut self, pointer: &str, fields: &[Arc<str>], holders: &[&Type]) {
        let has = |ty: &Type, field: &str| match ty {
            Type::Record(kinds) => record_field(self.kinds, kinds, field).is_some(),
            // A field of the item, or of whatever record it stands in.
            Type::Item(shape) => {
                shape.0.field(field).is_some()
                    || self.kinds.iter().any(|kind| kind.shape.field(field).is_some())
            }
            Type::Any => true,
            _ => false,
        };
        let unknown = |(_, field): &(usize, &Arc<str>)| !holders.iter().any(|holder| has(holder, field));
        let unknown: Vec<_> = fields.iter().enumerate().filter(unknown).collect();
        for (index, field) in unknown {
            let known: Vec<&str> = holders.iter().flat_map(|holder| self.fields_of(holder)).collect();
            let holder = holders.first().map_or_else(String::new, ToString::to_string);
            let mistake = mistake::unknown(&format!("{holder} has no field"), field, Span::at(0), &known);
            self.fault(&nth(pointer, index, fields), mistake);
        }
    }

    fn fields_of(&self, ty: &Type) -> Vec<&str> {
        match ty {
            Type::Record(kinds) => {
                let kinds = kinds.iter().filter_map(|name| self.kinds.get(name));
                kinds.flat_map(|kind| kind.shape.fields.iter().map(|field| &*field.name)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn expression(&mut self, pointer: &str, text: &str, scope: &mut Scope) -> Option<Expression> {
        scope.compile(text).map_err(|error| self.fault(pointer, error)).ok()
    }

    fn optional(&mut self, pointer: &str, text: Option<&str>, scope: &mut Scope) -> Option<Expression> {
        text.and_then(|text| self.expression(pointer, text, scope))
    }

    fn condition(&mut self, pointer: &str, text: &str, scope: &mut Scope) -> Option<Expression> {
        scope.condition(text).map_err(|error| self.fault(pointer, error)).ok()
    }

    fn template(&mut self, pointer: &str, text: &str, scope: &mut Scope) -> Option<Template> {
        Template::compile(text, scope).map_err(|error| self.fault(pointer, error)).ok()
    }

    fn fault(&mut self, pointer: &str, error: Mistake) {
        self.fault_at(place_of(&self.rule.source, pointer, error.span), error);
    }

    fn fault_at(&mut self, span: Span, error: Mistake) {
        let mut fault = Fault::new(format!("rule `{}`: {}", self.rule.id, error.message));
        fault.help = error.help;
        self.faults.push(fault.at(&self.rule.source, span));
    }
}

/// The `let`s of a rule, those that wait for a variable and those that are checked.
struct Lets<'r> {
    waiting: Vec<&'r (String, String)>,
    done: Vec<Let>,
    /// The stage at which each slot is bound; slots of loops are bound within an expression.
    stages: Vec<Stage>,
}

impl Lets<'_> {
    /// Whether what is missing is a variable that may be bound later, or the name of another `let`.
    fn may_come(&self, mistake: &Mistake, name: &str) -> bool {
        let Some(missing) = mistake.missing.as_deref() else { return false };
        let waits = |(other, _): &&&(String, String)| other != name && other.replace('-', "_") == missing;
        ["item", "group", "other"].contains(&missing) || self.waiting.iter().any(|other| waits(&other))
    }

    fn stage(&self, term: &Term) -> Stage {
        let mut latest = Stage::Run;
        term.walk(&mut |term| {
            if let TermNode::Variable(slot) = term.node {
                latest = latest.max(self.stages.get(slot).copied().unwrap_or(Stage::Run));
            }
        });
        latest
    }
}

/// The type that a parameter has in expressions.
pub fn param_type(ty: ParamType) -> Type {
    match ty {
        ParamType::Duration => Type::Duration,
        ParamType::Integer => Type::Int,
        ParamType::Number => Type::Double,
        ParamType::Text => Type::Text,
        ParamType::List => Type::list(Type::Text),
        ParamType::Bool => Type::Bool,
    }
}

/// The type that a parameter's value is written as.
pub fn param_field_type(ty: ParamType) -> kind::FieldType {
    match ty {
        ParamType::Duration => kind::FieldType::Duration,
        ParamType::Integer => kind::FieldType::Integer,
        ParamType::Number => kind::FieldType::Number,
        ParamType::Text => kind::FieldType::Text,
        ParamType::List => kind::FieldType::List(Box::new(kind::FieldType::Text)),
        ParamType::Bool => kind::FieldType::Bool,
    }
}

/// The place of an element that may stand in a list or alone.
fn nth<T>(pointer: &str, index: usize, of: &[T]) -> String {
    if of.len() > 1 { format!("{pointer}/{index}") } else { pointer.to_string() }
}
