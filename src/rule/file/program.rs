//! Compiled rules.

use std::sync::Arc;

use crate::finding::{Faultless, Severity};
use crate::kind::Kinds;
use crate::record::Record;
use crate::rule::builtins::{REVIEW_DUE, facts};
use crate::rule::language::{
    CompileError, Expression, Scope, Template, TermNode, TypedExpr, expected, unknown_field,
};
use crate::rule::runtime::Type;
use crate::schema::{did_you_mean, nearest};
use crate::text::Span;

use super::fix::FixProgram;
use super::location::RuleFaults;
use super::model::{
    ANY, CITING_FILE, FILE, GROUP, ITEM, OTHER, POLICY_FILE, RESERVED, Rule, SectionSpec, TRAITS, UNREAD_FILE,
};
use super::params;

pub struct Program {
    pub subjects: Subjects,
    pub lets: Vec<Let>,
    pub when: Option<(Stage, Expression)>,
    pub each: Option<Expression>,
    pub group_by: Option<Expression>,
    pub form: Form,
    /// Conditions for severities other than the rule's usual one.
    pub severities: Vec<(Expression, Severity)>,
    pub related: Option<Expression>,
    pub related_label: Option<Template>,
    pub message: Template,
    pub label: Option<Template>,
    pub help: Vec<Template>,
    pub task: Option<Template>,
    pub causes: Vec<Template>,
    pub key: Option<Template>,
    pub fix: Option<FixProgram>,
    /// The columns of a section of a page, what orders its rows, and the record whose row they stand below.
    pub columns: Vec<Option<Template>>,
    pub sort: Vec<Expression>,
    pub below: Option<Expression>,
    /// Addressees of a row besides the owners.
    pub concerns: Vec<Expression>,
    /// The records that a drawing joins to each row.
    pub drawn: Vec<Expression>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Subjects {
    Files,
    PolicyFiles,
    CitingFiles,
    UnreadFiles,
    AllRecords,
    Kinds(Vec<Arc<str>>),
}

impl Subjects {
    pub fn are_files(&self) -> bool {
        !matches!(self, Subjects::AllRecords | Subjects::Kinds(_))
    }

    /// True if they are of the kind of a record; without one, if they are files.
    pub fn include(&self, record: Option<&Record>) -> bool {
        match (self, record) {
            (Subjects::Kinds(kinds), Some(record)) => kinds.contains(&record.kind.name),
            (Subjects::AllRecords, Some(_)) => true,
            (subjects, None) => subjects.are_files(),
            _ => false,
        }
    }
}

pub enum Form {
    Expect(Expression),
    Due(Expression),
    Against(Expression),
}

impl Form {
    /// Its key in the rule file.
    pub fn key(&self) -> &'static str {
        match self {
            Form::Expect(_) => "expect",
            Form::Due(_) => "due",
            Form::Against(_) => "against",
        }
    }
}

impl Program {
    /// Returns the expressions in what a finding says, where it says it, and how it is fixed.
    pub(super) fn words(&self) -> impl Iterator<Item = &Expression> {
        let templates = [&self.message].into_iter().chain(&self.label).chain(&self.help).chain(&self.causes);
        let templates = templates.chain(&self.related_label).chain(&self.key);
        let of_fix = self.fix.iter().flat_map(FixProgram::expressions);
        templates.flat_map(Template::expressions).chain(&self.related).chain(of_fix)
    }
}

impl Rule {
    /// Returns the compiled rule, which a process compiles once; or all faults of its expressions, at their places.
    pub fn program(&self, kinds: &Arc<Kinds>) -> Faultless<Arc<Program>> {
        self.program.get_or_try(kinds, || Program::compile(self, kinds))
    }
}

impl Program {
    fn compile(rule: &Rule, kinds: &Kinds) -> Faultless<Program> {
        let params = rule.params.iter().map(|(name, param)| (name.replace('-', "_"), param.ty.of_values()));
        let scope = Scope::new(kinds, params.collect()).of_own_rule(rule.is_own);
        let faults = RuleFaults::of(&rule.id, &rule.source);
        let mut compiler = ProgramCompiler { rule, kinds, scope, faults };
        let program = compiler.program();
        let faults = compiler.faults.sorted();
        program.filter(|_| faults.is_empty()).ok_or(faults)
    }
}

struct ProgramCompiler<'r> {
    rule: &'r Rule,
    kinds: &'r Kinds,
    scope: Scope<'r>,
    faults: RuleFaults<'r>,
}

impl ProgramCompiler<'_> {
    fn program(&mut self) -> Option<Program> {
        let rule = self.rule;
        let subjects = self.subjects()?;
        let subject = self.declare_subject(&subjects);
        self.check_keys(&subjects);
        let mut lets = Lets::of(&rule.lets);
        self.compile_lets(&mut lets, false);
        let group_by = self.group_by(&subjects);
        if !rule.group_by.is_empty() {
            let kinds = if let Type::Record(kinds) = &subject { kinds.clone() } else { Box::default() };
            let key = group_by.as_ref().map_or(Type::Any, |group_by| group_by.root.ty.clone());
            self.scope.define(GROUP, "group", Type::Group { kinds, key: Box::new(key) });
            self.compile_lets(&mut lets, false);
        }
        let each = rule.each.as_deref().and_then(|each| self.list("/each", each, (ITEM, "item")));
        // Those of a section may read some that follow them and read its item.
        let is_last = rule.against.is_none() && rule.related.is_none() && rule.section.is_none();
        self.compile_lets(&mut lets, is_last);
        let when = rule.when.as_deref().and_then(|text| self.condition("/when", text));
        let when = when.map(|when| (lets.stage(&when.root), when));
        let form = self.form();
        let related = self.related(&subject);
        self.compile_lets(&mut lets, true);
        let message = self.template("/message", &rule.message);
        self.check_locations(&subject, each.as_ref());
        let none = SectionSpec::default();
        let section = rule.section.as_deref().unwrap_or(&none);
        let columns = section.columns.iter().map(|column| self.text(&column.key, column.text.as_deref()));
        let columns = columns.collect();
        let fix = FixProgram::compile(rule, self.kinds, &mut self.scope, &mut self.faults);
        let program = Program {
            subjects,
            when,
            each,
            group_by,
            label: self.text("/label", rule.label.as_deref()),
            help: self.templates("/help", &rule.help),
            task: self.text("/task", rule.task.as_deref()),
            causes: self.templates("/cause", &rule.cause),
            key: self.text("/key", rule.key.as_deref()),
            related,
            related_label: rule
                .related
                .as_ref()
                .and_then(|it| self.text("/related/label", it.label.as_deref())),
            severities: self.severities(),
            fix,
            columns,
            sort: self.expressions("/sort", section.sort.iter().map(|key| &**key)),
            below: section.below.as_deref().and_then(|below| self.expression("/below", below)),
            concerns: self.expressions("/concerns", section.concerns.iter().map(|list| &**list)),
            drawn: self.expressions("/links", section.links.iter().map(|link| &*link.to)),
            lets: lets.done,
            form: form?,
            message: message?,
        };
        // What sections share is evaluated only where it is read.
        let is_read = |it: &Let| rule.section.is_none() || self.scope.is_used(&it.name.replace('-', "_"));
        Some(Program { lets: program.lets.into_iter().filter(is_read).collect(), ..program })
    }

    fn subjects(&mut self) -> Option<Subjects> {
        let names = &self.rule.kinds;
        if let [name] = names.as_slice() {
            match &**name {
                FILE => return Some(Subjects::Files),
                POLICY_FILE => return Some(Subjects::PolicyFiles),
                CITING_FILE => return Some(Subjects::CitingFiles),
                UNREAD_FILE => return Some(Subjects::UnreadFiles),
                ANY => return Some(Subjects::AllRecords),
                _ => {}
            }
        }
        let is_known = |name: &str| TRAITS.contains(&name) || self.kinds.get(name).is_some();
        let mut are_known = !names.is_empty();
        for (index, name) in names.iter().enumerate().filter(|(_, name)| !is_known(name)) {
            are_known = false;
            let message = match RESERVED.contains(&&**name) {
                true => format!("`{name}` can't be combined with other kinds"),
                false => format!("unknown kind `{name}`"),
            };
            let known = TRAITS.iter().chain(&RESERVED).copied();
            let help = self.kinds.meant(name).or_else(|| nearest(name, known)).map(did_you_mean);
            let error = CompileError { help, ..CompileError::new(message, Span::at(0)) };
            self.faults.add(&nth("/for", index, names), error);
        }
        let kinds = self.kinds.iter().filter(|kind| self.rule.is_for(kind));
        are_known.then(|| Subjects::Kinds(kinds.map(|kind| kind.name.clone()).collect()))
    }

    /// Declares the subject, and room for the variables that come later. Returns its type.
    fn declare_subject(&mut self, subjects: &Subjects) -> Type {
        let ty = match subjects {
            Subjects::Files => Type::File,
            Subjects::PolicyFiles => Type::Fact(&facts::POLICY_FILE),
            Subjects::CitingFiles => Type::Fact(&facts::CITING_FILE),
            Subjects::UnreadFiles => Type::Fact(&facts::UNREAD_FILE),
            Subjects::AllRecords => Type::Record(Box::default()),
            Subjects::Kinds(kinds) => Type::Record(kinds.iter().cloned().collect()),
        };
        self.scope.declare(if subjects.are_files() { "file" } else { "record" }, ty.clone());
        for _ in [ITEM, GROUP, OTHER] {
            self.scope.declare("", Type::Any);
        }
        ty
    }

    fn check_keys(&mut self, subjects: &Subjects) {
        // Such a rule reads people and rights from the base policy, so it can't check them.
        let grants_authority = |name: &Arc<str>| self.kinds.get(name).is_some_and(|kind| kind.authority);
        let checks_authority = match subjects {
            Subjects::Kinds(kinds) => kinds.iter().any(grants_authority),
            _ => true,
        };
        if self.rule.authority && checks_authority {
            let message = "a rule with `authority: true` can't check a kind that grants authority";
            self.reject("/authority", message);
        }
        if self.rule.practice && subjects.are_files() {
            self.reject("/practice", "a rule about files has no practice");
        }
        for (name, param) in &self.rule.params {
            // A test checks the patterns of built-in rules.
            let default = params::default(param, &format!("as the default of `{name}`"), self.rule.is_own);
            if let Err(message) = default {
                self.reject(&format!("/params/{name}/default"), message);
            }
        }
    }

    fn group_by(&mut self, subjects: &Subjects) -> Option<Expression> {
        let parts = self.rule.group_by.as_slice();
        if !parts.is_empty() && (subjects.are_files() || self.rule.each.is_some()) {
            let message = match subjects.are_files() {
                true => "files can't be grouped",
                false => "a rule can't have both `each` and `group-by`",
            };
            self.reject("/group-by", message);
            return None;
        }
        match parts {
            [] => None,
            [single] => self.expression("/group-by", single),
            parts => {
                // Each at its place, then all as one key.
                let mut are_valid = true;
                for (index, part) in parts.iter().enumerate() {
                    are_valid &= self.expression(&format!("/group-by/{index}"), part).is_some();
                }
                are_valid.then(|| self.expression("/group-by", &format!("[{}]", parts.join(", ")))).flatten()
            }
        }
    }

    fn compile_lets(&mut self, lets: &mut Lets, last: bool) {
        for (name, error) in lets.compile(&mut self.scope, last) {
            self.faults.add(&format!("/let/{name}"), error);
        }
    }

    fn form(&mut self) -> Option<Form> {
        let rule = self.rule;
        match (&rule.expect, &rule.due, &rule.against) {
            (Some(expect), None, None) => self.condition("/expect", &expect.0).map(Form::Expect),
            (None, Some(due), None) => self.day("/due", due).map(Form::Due),
            (None, None, Some(against)) => {
                self.list("/against", against, (OTHER, "other")).map(Form::Against)
            }
            (expect, due, _) => {
                let at = match (expect.is_some(), due.is_some()) {
                    (true, true) => "/due",
                    (false, false) => "/for",
                    _ => "/against",
                };
                let message = "expected exactly one of `expect`, `due` and `against`";
                self.faults.add_at_key(at, CompileError::new(message, Span::at(0)));
                None
            }
        }
    }

    /// The list whose elements are `other`; implied by `against` and `group-by`.
    fn related(&mut self, subject: &Type) -> Option<Expression> {
        let each = self.rule.related.as_ref()?.each.as_deref();
        match each {
            _ if self.rule.against.is_some() => None,
            Some(each) => self.list("/related/each", each, (OTHER, "other")),
            None if !self.rule.group_by.is_empty() => {
                self.scope.define(OTHER, "other", subject.clone());
                None
            }
            None => {
                self.scope.define(OTHER, "other", Type::Any);
                self.reject("/related", "missing key `each` in `related`");
                None
            }
        }
    }

    fn severities(&mut self) -> Vec<(Expression, Severity)> {
        let rule = self.rule;
        let cases = rule.severity.cases.iter().enumerate();
        let case = |(index, (when, severity)): (usize, &(String, Severity))| {
            Some((self.condition(&format!("/severity/{index}/when"), when)?, *severity))
        };
        cases.filter_map(case).collect()
    }

    /// The fields of `at` are fields of the subject or the item; those of `related`, of `other`.
    fn check_locations(&mut self, subject: &Type, each: Option<&Expression>) {
        let item = each.and_then(|each| each.root.ty.element());
        let holders: Vec<&Type> = item.iter().chain([subject]).collect();
        self.check_fields("/at", &self.rule.at, &holders);
        if let Some(related) = &self.rule.related {
            let other = self.scope.type_of(OTHER).clone();
            self.check_fields("/related/at", &related.at, &[&other]);
        }
    }

    fn check_fields(&mut self, pointer: &str, fields: &[Arc<str>], holders: &[&Type]) {
        if !self.scope.may_lack_fields() {
            return;
        }
        let has = |ty: &Type, field: &str| match ty {
            Type::Item(shape) => {
                shape.0.type_at(field).is_some()
                    || self.kinds.iter().any(|kind| kind.shape.field(field).is_some())
            }
            Type::Record(_) if field == REVIEW_DUE => true,
            Type::Record(_) | Type::Any => ty.field(self.kinds, field).is_some(),
            _ => false,
        };
        // `item.role` is a field of the item only, which is the first holder.
        let is_known = |field: &str| match field.strip_prefix("item.") {
            Some(field) => holders.first().is_some_and(|item| holders.len() > 1 && has(item, field)),
            None => holders.iter().any(|holder| has(holder, field)),
        };
        for (index, field) in fields.iter().enumerate().filter(|(_, field)| !is_known(field)) {
            let Some(holder) = holders.first() else { continue };
            let error = unknown_field(self.kinds, holder, field, Span::at(0));
            self.faults.add(&nth(pointer, index, fields), error);
        }
    }

    fn expression(&mut self, pointer: &str, text: &str) -> Option<Expression> {
        self.faults.accept(pointer, self.scope.compile(text))
    }

    fn expressions<'t>(
        &mut self,
        pointer: &str,
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Vec<Expression> {
        texts.into_iter().filter_map(|text| self.expression(pointer, text)).collect()
    }

    /// Compiles a list, and declares a variable for each of its elements.
    fn list(&mut self, pointer: &str, text: &str, (slot, name): (usize, &str)) -> Option<Expression> {
        let list = self.expression(pointer, text);
        let element = list.as_ref().and_then(|list| list.root.ty.element());
        if let (Some(list), None) = (&list, &element) {
            self.faults.add(pointer, expected(&Type::list(Type::Any), &list.root.ty, list.root.span));
        }
        self.scope.define(slot, name, element.unwrap_or(Type::Any));
        list
    }

    fn day(&mut self, pointer: &str, text: &str) -> Option<Expression> {
        let day = self.expression(pointer, text)?;
        if !day.root.ty.fits(&Type::Date) {
            self.faults.add(pointer, expected(&Type::Date, &day.root.ty, day.root.span));
            return None;
        }
        Some(day)
    }

    fn condition(&mut self, pointer: &str, text: &str) -> Option<Expression> {
        self.faults.accept(pointer, self.scope.condition(text))
    }

    fn template(&mut self, pointer: &str, text: &str) -> Option<Template> {
        self.faults.accept(pointer, Template::compile(text, &mut self.scope))
    }

    fn templates(&mut self, pointer: &str, texts: &[Arc<str>]) -> Vec<Template> {
        let texts = texts.iter().enumerate().map(|(index, text)| (nth(pointer, index, texts), text));
        texts.filter_map(|(pointer, text)| self.template(&pointer, text)).collect()
    }

    fn text(&mut self, pointer: &str, text: Option<&str>) -> Option<Template> {
        self.template(pointer, text?)
    }

    fn reject(&mut self, pointer: &str, message: impl Into<String>) {
        self.faults.add(pointer, CompileError::new(message, Span::at(0)));
    }
}

/// The pointer of an element of a list that may also be a single value.
fn nth<T>(pointer: &str, index: usize, of: &[T]) -> String {
    if of.len() > 1 { format!("{pointer}/{index}") } else { pointer.to_string() }
}

/// When an expression can be evaluated: once the last variable that it reads is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Run,
    Subject,
    Group,
    Item,
    Other,
}

pub struct Let {
    pub name: Box<str>,
    pub slot: usize,
    pub stage: Stage,
    pub expression: Expression,
}

/// Variables that are declared after the first `let`s.
const LATER: [&str; 3] = ["item", "group", "other"];

/// Names that are no variables of the rule, and mean something in its expressions.
const TAKEN: [&str; 7] = ["record", "file", "item", "group", "other", "today", "params"];

/// A `let` that is not compiled yet, with the error of the last attempt: about a variable that may be declared later.
struct Pending<'r> {
    name: &'r str,
    text: &'r str,
    error: Option<CompileError>,
}

impl Pending<'_> {
    fn variable(&self) -> String {
        self.name.replace('-', "_")
    }

    fn waits_for(&self) -> Option<&str> {
        self.error.as_ref()?.unknown_variable.as_deref()
    }
}

/// The `let`s of a rule while it is compiled.
pub(super) struct Lets<'r> {
    pending: Vec<Pending<'r>>,
    pub done: Vec<Let>,
    stages: Vec<Stage>,
}

impl<'r> Lets<'r> {
    pub(super) fn of(lets: &'r [(String, String)]) -> Lets<'r> {
        Lets {
            pending: lets.iter().map(|(name, text)| Pending { name, text, error: None }).collect(),
            done: Vec::new(),
            stages: vec![Stage::Subject, Stage::Item, Stage::Group, Stage::Other],
        }
    }

    /// Compiles every `let` whose variables are declared, also later unless `last`, and returns the errors by name.
    pub(super) fn compile(&mut self, scope: &mut Scope, last: bool) -> Vec<(&'r str, CompileError)> {
        let mut errors = Vec::new();
        // One that was compiled may be what another one waits for.
        loop {
            let is_ready = |it: &Pending| it.waits_for().is_none_or(|name| scope.declares(name));
            let ready = self.pending.iter().position(is_ready);
            let Some(at) = ready.or_else(|| self.in_cycle().filter(|_| last)) else { return errors };
            let mut it = self.pending.remove(at);
            let variable = it.variable();
            if scope.declares(&variable) || TAKEN.contains(&&*variable) {
                let message = format!("the name `{variable}` is already used");
                errors.push((it.name, CompileError::new(message, Span::at(0))));
                continue;
            }
            let error = match scope.compile(it.text) {
                Ok(expression) => {
                    let stage = self.stage(&expression.root);
                    let slot = scope.declare(&variable, expression.root.ty.clone());
                    self.stages.resize(slot + 1, Stage::Run);
                    self.stages[slot] = stage;
                    self.done.push(Let { name: it.name.into(), slot, stage, expression });
                    continue;
                }
                Err(error) => error,
            };
            let missing = error.unknown_variable.as_deref().unwrap_or_default();
            let is_own = missing == variable || self.pending.iter().any(|other| other.variable() == missing);
            if ready.is_some() && (is_own || LATER.contains(&missing)) {
                it.error = Some(error);
                self.pending.insert(at, it);
                continue;
            }
            // Declared all the same, to avoid errors that follow from its own.
            scope.declare(&variable, Type::Any);
            errors.push(match is_own {
                true => (it.name, CompileError::new("it is computed from itself", error.span)),
                false => (it.name, error),
            });
        }
    }

    /// Returns a pending one to which the first leads: one of a cycle, or one that waits for none of the others.
    fn in_cycle(&self) -> Option<usize> {
        let next = |at: usize| {
            let missing = self.pending[at].waits_for()?;
            self.pending.iter().position(|it| it.variable() == missing)
        };
        (0..self.pending.len()).fold(None, |at, _| at.map_or(Some(0), |at| next(at).or(Some(at))))
    }

    /// Returns when an expression can be evaluated.
    pub(super) fn stage(&self, term: &TypedExpr) -> Stage {
        let mut latest = Stage::Run;
        term.walk(&mut |term| {
            if let TermNode::Variable(slot) = term.node {
                latest = latest.max(self.stages.get(slot).copied().unwrap_or(Stage::Run));
            }
        });
        latest
    }
}
