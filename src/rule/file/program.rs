//! Compiled rules.

use std::collections::HashSet;
use std::sync::Arc;

use crate::finding::{Fault, Severity};
use crate::kind::{FieldType, Kinds};
use crate::rule::builtins::{files, is_stated_elsewhere};
use crate::rule::language::{CompileError, Expression, Scope, Template, TypedExpr, expected, unknown_field};
use crate::rule::runtime::{Type, record_field};
use crate::schema::{did_you_mean, nearest};
use crate::text::Span;

use super::fix::{FixProgram, Pointer};
use super::item_sources::ItemSources;
use super::lets::{Let, Lets, Stage};
use super::location::{locate, locate_key};
use super::model::{
    ANY, CITING_FILE, ColumnSpec, FILE, POLICY_FILE, ParamType, RESERVED, Rule, SectionSpec, TRAITS,
    UNREAD_FILE,
};
use super::params;
use super::slots::{GROUP, ITEM, OTHER};

#[derive(Debug)]
pub struct Program {
    pub subjects: Subjects,
    pub lets: Vec<Let>,
    pub when: Option<(Stage, Expression)>,
    pub each: Option<Expression>,
    pub item_sources: ItemSources,
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
    pub by: Option<Expression>,
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
}

#[derive(Debug)]
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
    /// Compiles a rule.
    ///
    /// # Errors
    /// All faults of its expressions, located in the rule file.
    pub fn compile(rule: &Rule, kinds: &Kinds) -> Result<Program, Vec<Fault>> {
        let mut compiler = ProgramCompiler { rule, kinds, faults: Vec::new() };
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

impl Rule {
    /// Returns the compiled rule. A process that checks several states compiles it once.
    ///
    /// # Errors
    /// As [`Program::compile`].
    pub fn program(&self, kinds: &Arc<Kinds>) -> Result<Arc<Program>, Vec<Fault>> {
        self.program.get_or_try(kinds, || Program::compile(self, kinds))
    }
}

struct ProgramCompiler<'r> {
    rule: &'r Rule,
    kinds: &'r Kinds,
    faults: Vec<Fault>,
}

impl ProgramCompiler<'_> {
    fn program(&mut self) -> Option<Program> {
        let rule = self.rule;
        let subjects = self.subjects()?;
        let params = rule.params.iter().map(|(name, param)| (name.replace('-', "_"), param_type(param.ty)));
        let mut scope = Scope::new(self.kinds, params.collect()).of_own_rule(self.rule.is_own);
        let subject = match &subjects {
            Subjects::Files => Type::File,
            Subjects::PolicyFiles => Type::Fact(&files::POLICY_FILE),
            Subjects::CitingFiles => Type::Fact(&files::CITING_FILE),
            Subjects::UnreadFiles => Type::Fact(&files::UNREAD_FILE),
            Subjects::AllRecords => Type::Record(Box::default()),
            Subjects::Kinds(kinds) => Type::Record(kinds.iter().cloned().collect()),
        };
        scope.declare(if subjects.are_files() { "file" } else { "record" }, subject.clone());
        for _ in [ITEM, GROUP, OTHER] {
            scope.declare("", Type::Any);
        }
        let mut lets = Lets::of(&rule.lets);
        self.check_let_names();
        self.check_authority(&subjects);
        self.check_practice(&subjects);
        self.check_params();
        self.compile_lets(&mut lets, &mut scope, false);
        let group_by = self.group_by(&subjects, &mut scope);
        if !rule.group_by.is_empty() {
            let kinds = if let Type::Record(kinds) = &subject { kinds.clone() } else { Box::default() };
            let key = group_by.as_ref().map_or(Type::Any, |group_by| group_by.root.ty.clone());
            scope.define(GROUP, "group", Type::Group { kinds, key: Box::new(key) });
            self.compile_lets(&mut lets, &mut scope, false);
        }
        let each = rule.each.as_deref().and_then(|each| self.expression("/each", each, &mut scope));
        if rule.each.is_some() {
            let item = each.as_ref().and_then(|each| self.element("/each", each));
            scope.define(ITEM, "item", item.unwrap_or(Type::Any));
        }
        // Those of a section may read some that follow them and read its item.
        let is_last = rule.against.is_none() && rule.related.is_none() && rule.section.is_none();
        self.compile_lets(&mut lets, &mut scope, is_last);
        let when = rule.when.as_deref().and_then(|text| self.condition("/when", text, &mut scope));
        let when = when.map(|when| (lets.stage(&when.root), when));
        let form = self.form(&mut scope);
        let related = self.related(!rule.group_by.is_empty(), &subject, &mut scope);
        self.compile_lets(&mut lets, &mut scope, true);
        let message = self.template("/message", &rule.message, &mut scope);
        let label = rule.label.as_deref().and_then(|text| self.template("/label", text, &mut scope));
        let help = self.templates("/help", &rule.help, &mut scope);
        let task = rule.task.as_deref().and_then(|text| self.template("/task", text, &mut scope));
        let by = self.day_by(&mut scope);
        let causes = self.templates("/cause", &rule.cause, &mut scope);
        let key = rule.key.as_deref().and_then(|text| self.template("/key", text, &mut scope));
        let related_label = rule.related.as_ref().and_then(|related| related.label.as_deref());
        let related_label = related_label.and_then(|text| self.template("/related/label", text, &mut scope));
        let severities = self.severities(&mut scope);
        let fix = self.fix(&mut scope);
        let section = rule.section.as_deref();
        let columns = section.map(|section| self.columns(section, &mut scope)).unwrap_or_default();
        let sort = section.map_or(&[][..], |section| &section.sort);
        let sort = self.expressions("/sort", sort.iter().map(|key| &**key), &mut scope);
        let below = section.and_then(|section| section.below.as_deref());
        let below = self.optional("/below", below, &mut scope);
        let concerns = section.map_or(&[][..], |section| &section.concerns);
        let concerns = self.expressions("/concerns", concerns.iter().map(|list| &**list), &mut scope);
        let links = section.map_or(&[][..], |section| &section.links);
        let drawn = self.expressions("/links", links.iter().map(|link| &*link.to), &mut scope);
        // What sections share is evaluated only where it is read.
        lets.done.retain(|named| section.is_none() || scope.is_used(&named.name.replace('-', "_")));
        self.check_locations(&subject, each.as_ref(), &scope);
        let item_sources = each.as_ref().map(|each| ItemSources::of(each, &lets.done)).unwrap_or_default();
        let program = Program {
            subjects,
            item_sources,
            lets: lets.done,
            when,
            each,
            group_by,
            form: form?,
            severities,
            related,
            related_label,
            message: message?,
            label,
            help,
            task,
            by,
            causes,
            key,
            fix,
            columns,
            sort,
            below,
            concerns,
            drawn,
        };
        if self.faults.is_empty() && rule.section.is_none() {
            self.check_use(&scope, &program);
        }
        Some(program)
    }

    /// Rejects names that no expression reads, and keys without `due` that go with it.
    fn check_use(&mut self, scope: &Scope, program: &Program) {
        let rule = self.rule;
        let is_used = |name: &str| scope.is_used(&name.replace('-', "_"));
        let lets = rule.lets.iter().filter(|(name, _)| !is_used(name));
        let lets = lets.map(|(name, _)| (format!("/let/{name}"), format!("the `let` `{name}`")));
        let is_param_used = |name: &str| scope.is_param_used(&name.replace('-', "_"));
        let params = rule.params.keys().filter(|name| !is_param_used(name));
        let params = params.map(|name| (format!("/params/{name}"), format!("the parameter `{name}`")));
        let of_due = [("by", rule.by.is_some()), ("task", rule.task.is_some())].into_iter();
        let of_due = of_due.filter(|(_, is_stated)| *is_stated && !matches!(program.form, Form::Due(_)));
        let of_due = of_due.map(|(key, _)| (format!("/{key}"), format!("`{key}` without `due`")));
        for (pointer, what) in lets.chain(params).chain(of_due).collect::<Vec<_>>() {
            let error = CompileError::new(format!("{what} is never used"), Span::at(0));
            self.fault_at(locate_key(&rule.source, &pointer), error);
        }
    }

    fn templates(&mut self, pointer: &str, texts: &[Arc<str>], scope: &mut Scope) -> Vec<Template> {
        let template =
            |(index, text): (usize, &Arc<str>)| self.template(&nth(pointer, index, texts), text, scope);
        texts.iter().enumerate().filter_map(template).collect()
    }

    fn expressions<'t>(
        &mut self,
        pointer: &str,
        texts: impl IntoIterator<Item = &'t str>,
        scope: &mut Scope,
    ) -> Vec<Expression> {
        texts.into_iter().filter_map(|text| self.expression(pointer, text, scope)).collect()
    }

    fn columns(&mut self, section: &SectionSpec, scope: &mut Scope) -> Vec<Option<Template>> {
        let text = |column: &ColumnSpec| {
            column.text.as_deref().and_then(|text| self.template(&column.key, text, scope))
        };
        section.columns.iter().map(text).collect()
    }

    fn severities(&mut self, scope: &mut Scope) -> Vec<(Expression, Severity)> {
        let rule = self.rule;
        let cases = rule.severity.cases.iter().enumerate();
        let case = |(index, (when, severity)): (usize, &(String, Severity))| {
            Some((self.condition(&format!("/severity/{index}/when"), when, scope)?, *severity))
        };
        cases.filter_map(case).collect()
    }

    fn fix(&mut self, scope: &mut Scope) -> Option<FixProgram> {
        let fix = self.rule.fix.as_ref()?;
        let (program, errors) = FixProgram::compile(fix, self.rule.against.is_some(), self.kinds, scope);
        for (pointer, error) in errors {
            let source = &self.rule.source;
            let span = match pointer {
                Pointer::Value(pointer) => locate(source, &pointer, error.span),
                Pointer::Key(pointer) => locate_key(source, &pointer),
            };
            self.fault_at(span, error);
        }
        program
    }

    fn subjects(&mut self) -> Option<Subjects> {
        let names = &self.rule.kinds;
        match names.first().map(|name| &**name) {
            Some(FILE) if names.len() == 1 => return Some(Subjects::Files),
            Some(POLICY_FILE) if names.len() == 1 => return Some(Subjects::PolicyFiles),
            Some(CITING_FILE) if names.len() == 1 => return Some(Subjects::CitingFiles),
            Some(UNREAD_FILE) if names.len() == 1 => return Some(Subjects::UnreadFiles),
            Some(ANY) if names.len() == 1 => return Some(Subjects::AllRecords),
            _ => {}
        }
        let is_known = |name: &str| TRAITS.contains(&name) || self.kinds.get(name).is_some();
        let mut known = !names.is_empty();
        for (index, name) in names.iter().enumerate().filter(|(_, name)| !is_known(name)) {
            known = false;
            let error = match &**name {
                name if RESERVED.contains(&name) => {
                    CompileError::new(format!("`{name}` can't be combined with other kinds"), Span::at(0))
                }
                _ => CompileError::new(format!("unknown kind `{name}`"), Span::at(0)),
            };
            let known = TRAITS.iter().chain(&RESERVED).copied();
            let help = self.kinds.meant(name).or_else(|| nearest(name, known)).map(did_you_mean);
            self.fault(&nth("/for", index, names), CompileError { help, ..error });
        }
        let kinds = self.kinds.iter().filter(|kind| self.rule.is_for(kind));
        known.then(|| Subjects::Kinds(kinds.map(|kind| kind.name.clone()).collect()))
    }

    fn check_let_names(&mut self) {
        let mut taken: HashSet<String> =
            ["record", "file", "item", "group", "other", "today", "params"].map(String::from).into();
        for (name, _) in &self.rule.lets {
            let written = name.replace('-', "_");
            if !taken.insert(written.clone()) {
                let error = CompileError::new(format!("the name `{written}` is already used"), Span::at(0));
                self.fault(&format!("/let/{name}"), error);
            }
        }
    }

    /// A rule with `authority` reads people and rights from the base policy, so it can't check them.
    fn check_authority(&mut self, subjects: &Subjects) {
        let checks_authority = match subjects {
            Subjects::Kinds(kinds) => {
                kinds.iter().any(|name| self.kinds.get(name).is_some_and(|kind| kind.authority))
            }
            _ => true,
        };
        if self.rule.authority && checks_authority {
            let message = "a rule with `authority: true` can't check a kind that grants authority";
            self.fault("/authority", CompileError::new(message, Span::at(0)));
        }
    }

    /// Records are adopted, files aren't.
    fn check_practice(&mut self, subjects: &Subjects) {
        if self.rule.practice && subjects.are_files() {
            let error = CompileError::new("a rule about files has no practice", Span::at(0));
            self.fault("/practice", error);
        }
    }

    /// A test checks the patterns of built-in rules.
    fn check_params(&mut self) {
        let is_pattern = if self.rule.is_own { params::is_pattern } else { |_: &str| true };
        for (name, param) in &self.rule.params {
            if let Err(expected) = params::default(param, is_pattern) {
                let error = match params::unreadable_default(param) {
                    Some(invalid) => {
                        let reason = invalid.reason();
                        let message = format!("the default of `{name}` is no regular expression: {reason}");
                        CompileError::new(message, Span::at(0))
                    }
                    None => CompileError::new(
                        format!("expected {expected} as the default of `{name}`"),
                        Span::at(0),
                    ),
                };
                self.fault(&format!("/params/{name}/default"), error);
            }
        }
    }

    fn group_by(&mut self, subjects: &Subjects, scope: &mut Scope) -> Option<Expression> {
        let parts = self.rule.group_by.as_slice();
        if !parts.is_empty() && (subjects.are_files() || self.rule.each.is_some()) {
            let message = match subjects.are_files() {
                true => "files can't be grouped",
                false => "a rule can't have both `each` and `group-by`",
            };
            self.fault("/group-by", CompileError::new(message, Span::at(0)));
            return None;
        }
        match parts {
            [] => None,
            [single] => self.expression("/group-by", single, scope),
            parts => {
                let each = parts.iter().enumerate();
                let valid = each.filter(|(index, part)| {
                    self.expression(&format!("/group-by/{index}"), part, scope).is_some()
                });
                let all = valid.count() == parts.len();
                all.then(|| self.expression("/group-by", &format!("[{}]", parts.join(", ")), scope)).flatten()
            }
        }
    }

    fn compile_lets(&mut self, lets: &mut Lets, scope: &mut Scope, last: bool) {
        for (name, error) in lets.compile(scope, last) {
            self.fault(&format!("/let/{name}"), error);
        }
    }

    fn form(&mut self, scope: &mut Scope) -> Option<Form> {
        let rule = self.rule;
        let given = [rule.expect.is_some(), rule.due.is_some(), rule.against.is_some()];
        if given.iter().filter(|given| **given).count() != 1 {
            let message = "expected exactly one of `expect`, `due` and `against`";
            let names = ["/expect", "/due", "/against"];
            let mut stated = names.iter().zip(given).filter(|(_, given)| *given).map(|(name, _)| *name);
            let second = stated.nth(1);
            let at = locate_key(&rule.source, second.unwrap_or("/for"));
            self.fault_at(at, CompileError::new(message, Span::at(0)));
            return None;
        }
        if let Some(text) = &rule.expect {
            return self.condition("/expect", &text.0, scope).map(Form::Expect);
        }
        if let Some(text) = &rule.due {
            let due = self.expression("/due", text, scope)?;
            return self.day("/due", due).map(Form::Due);
        }
        let against = self.expression("/against", rule.against.as_deref()?, scope);
        let other = against.as_ref().and_then(|against| self.element("/against", against));
        scope.define(OTHER, "other", other.unwrap_or(Type::Any));
        against.map(Form::Against)
    }

    /// The list whose elements are `other`; implied by `against` and `group-by`.
    fn related(&mut self, grouped: bool, subject: &Type, scope: &mut Scope) -> Option<Expression> {
        let each = self.rule.related.as_ref()?.each.as_deref();
        if self.rule.against.is_some() {
            return None;
        }
        if each.is_none() && grouped {
            scope.define(OTHER, "other", subject.clone());
            return None;
        }
        if each.is_none() {
            let error = CompileError::new("missing key `each` in `related`", Span::at(0));
            self.fault("/related", error);
        }
        let related = each.and_then(|each| self.expression("/related/each", each, scope));
        let other = related.as_ref().and_then(|related| self.element("/related/each", related));
        scope.define(OTHER, "other", other.unwrap_or(Type::Any));
        related
    }

    fn element(&mut self, pointer: &str, list: &Expression) -> Option<Type> {
        let element = list.root.ty.element();
        if element.is_none() {
            self.fault(pointer, expected(&Type::list(Type::Any), &list.root.ty, list.root.span));
        }
        element
    }

    /// The fields of `at` are fields of the subject or the item; those of `related`, of `other`.
    fn check_locations(&mut self, subject: &Type, each: Option<&Expression>, scope: &Scope) {
        let item = each.and_then(|each| each.root.ty.element());
        let holders: Vec<&Type> = item.iter().chain([subject]).collect();
        self.check_fields("/at", &self.rule.at, &holders);
        if let Some(related) = &self.rule.related {
            self.check_fields("/related/at", &related.at, &[scope.type_of(OTHER)]);
        }
    }

    fn check_fields(&mut self, pointer: &str, fields: &[Arc<str>], holders: &[&Type]) {
        let has = |ty: &Type, field: &str| match ty {
            Type::Record(kinds) => {
                record_field(self.kinds, kinds, field).is_some() || is_stated_elsewhere(field)
            }
            Type::Item(shape) => {
                shape.0.type_at(field).is_some()
                    || self.kinds.iter().any(|kind| kind.shape.field(field).is_some())
            }
            Type::Any => true,
            _ => false,
        };
        // `item.role` is a field of the item only, which is the first holder.
        let is_known = |field: &str| match field.strip_prefix("item.") {
            Some(field) => holders.first().is_some_and(|item| holders.len() > 1 && has(item, field)),
            None => holders.iter().any(|holder| has(holder, field)),
        };
        for (index, field) in fields.iter().enumerate() {
            let error = if is_known(field) {
                let list = holders.iter().find_map(|holder| self.list_on_the_way(holder, field));
                let Some((list, below)) = list else { continue };
                CompileError::new(format!("`{list}` holds several of `{below}`; check each"), Span::at(0))
            } else {
                let known: Vec<&str> = holders.iter().flat_map(|holder| self.fields_of(holder)).collect();
                let Some(holder) = holders.first() else { continue };
                unknown_field(self.kinds, holder, field, Span::at(0), &known)
            };
            self.fault(&nth(pointer, index, fields), error);
        }
    }

    /// The list of mappings or the mapping of names through which a path leads, and the rest of the path.
    fn list_on_the_way<'f>(&self, holder: &Type, path: &'f str) -> Option<(&'f str, &'f str)> {
        let Type::Record(kinds) = holder else { return None };
        path.match_indices('.').map(|(at, _)| (&path[..at], &path[at + 1..])).find(|(list, _)| {
            let mut types = kinds.iter().filter_map(|kind| self.kinds.get(kind)?.shape.type_at(list));
            types.any(|ty| matches!(ty, FieldType::List(_)))
        })
    }

    fn fields_of<'s>(&'s self, ty: &'s Type) -> Vec<&'s str> {
        match ty {
            Type::Record(kinds) => {
                let kinds = kinds.iter().filter_map(|name| self.kinds.get(name));
                kinds.flat_map(|kind| kind.shape.fields.iter().map(|field| &*field.name)).collect()
            }
            Type::Item(shape) => shape.0.fields.iter().map(|field| &*field.name).collect(),
            _ => Vec::new(),
        }
    }

    fn expression(&mut self, pointer: &str, text: &str, scope: &mut Scope) -> Option<Expression> {
        scope.compile(text).map_err(|error| self.fault(pointer, error)).ok()
    }

    /// The day until which to do it.
    fn day_by(&mut self, scope: &mut Scope) -> Option<Expression> {
        let by = self.expression("/by", self.rule.by.as_deref()?, scope)?;
        self.day("/by", by)
    }

    /// Requires a date.
    fn day(&mut self, pointer: &str, expression: Expression) -> Option<Expression> {
        if expression.root.ty.fits(&Type::Date) {
            return Some(expression);
        }
        let TypedExpr { ty, span, .. } = &expression.root;
        self.fault(pointer, expected(&Type::Date, ty, *span));
        None
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

    fn fault(&mut self, pointer: &str, error: CompileError) {
        self.fault_at(locate(&self.rule.source, pointer, error.span), error);
    }

    fn fault_at(&mut self, span: Span, error: CompileError) {
        let mut fault = Fault::new(format!("rule `{}`: {}", self.rule.id, error.message));
        fault.help = error.help;
        self.faults.push(fault.at(&self.rule.source, span));
    }
}

pub(super) fn param_type(ty: ParamType) -> Type {
    match ty {
        ParamType::Duration => Type::Duration,
        ParamType::Integer => Type::Int,
        ParamType::Number => Type::Double,
        ParamType::Text => Type::String,
        ParamType::List => Type::list(Type::String),
        ParamType::Pattern => Type::Pattern,
        ParamType::Patterns => Type::list(Type::Pattern),
        ParamType::Bool => Type::Bool,
    }
}

/// The pointer of an element of a list that may also be a single value.
pub(super) fn nth<T>(pointer: &str, index: usize, of: &[T]) -> String {
    if of.len() > 1 { format!("{pointer}/{index}") } else { pointer.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::embedded_rules;

    #[test]
    fn a_rule_is_compiled_again_for_other_kinds_only_and_a_clone_by_itself() {
        let kinds = || Arc::new(Kinds::load(&[]).expect("the embedded kinds"));
        let rule = &embedded_rules().expect("the embedded rules")[0].clone();
        let rule = &Rule::clone(rule);
        let compiled = |rule: &Rule, kinds: &Arc<Kinds>| rule.program(kinds).expect("a program");
        let (known, others) = (kinds(), kinds());
        let first = compiled(rule, &known);
        assert!(Arc::ptr_eq(&first, &compiled(rule, &known)));
        assert!(!Arc::ptr_eq(&first, &compiled(rule, &others)));
        let other = Rule { title: "Changed".to_owned(), ..rule.clone() };
        assert!(!Arc::ptr_eq(&compiled(rule, &others), &compiled(&other, &others)));
    }
}
