//! The `fix` of a rule: the load-time check, and the edits for one finding. The fix stage turns them into bytes.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::calendar::parse_date;
use crate::finding::{FieldValue, Safety, SemanticEdit};
use crate::kind::{Field, Kinds};
use crate::rule::builtins::members;
use crate::rule::language::{
    CompileError, Evaluator, Expression, Scope, Template, unknown_field, unknown_value,
};
use crate::rule::runtime::{EvalError, Type, Value, record_field};
use crate::text::{Source, Span};

use super::model::FixSpec;
use super::slots::{ITEM, OTHER, SUBJECT};
use super::texts::ExpressionText;

#[derive(Debug)]
pub struct FixProgram {
    pub safety: Safety,
    when: Option<Expression>,
    holder: usize,
    actions: Vec<Action>,
}

#[derive(Debug)]
enum Action {
    Field { name: Arc<str>, append: bool, content: Template },
    Write(Template),
    Reword(Template),
}

pub(super) type Errors = Vec<(Pointer, CompileError)>;

/// A key or value of the rule file, by its JSON pointer.
pub enum Pointer {
    Value(String),
    Key(String),
}

impl FixProgram {
    /// Compiles a `fix`: checks its expressions, and that its fields exist and accept their values.
    pub fn compile(
        fix: &FixSpec,
        against: bool,
        kinds: &Kinds,
        scope: &mut Scope,
    ) -> (Option<FixProgram>, Errors) {
        let mut compiler = FixCompiler { kinds, scope, errors: Vec::new() };
        let holder = compiler.holder(fix, against);
        let when = fix.when.as_deref().and_then(|text| {
            let result = compiler.scope.condition(text);
            compiler.accept("/fix/when", result)
        });
        let mut actions = Vec::new();
        if let Some((slot, ty)) = &holder {
            actions.extend(compiler.fields("set", &fix.set, *slot, ty));
            actions.extend(compiler.fields("add", &fix.add, *slot, ty));
        }
        for (name, text) in [("write", &fix.write), ("reword", &fix.reword)] {
            let Some(text) = text else { continue };
            let Some(template) = compiler.replacement(name, text) else { continue };
            actions.push(if name == "write" { Action::Write(template) } else { Action::Reword(template) });
        }
        let fields = usize::from(!fix.set.is_empty() || !fix.add.is_empty());
        let count = fields + usize::from(fix.write.is_some()) + usize::from(fix.reword.is_some());
        if count != 1 {
            let message = "expected `set` and `add`, or `write`, or `reword`";
            compiler.reject("/fix/safety", message);
        }
        let errors = compiler.errors;
        let holder = holder.map_or(SUBJECT, |(slot, _)| slot);
        (errors.is_empty().then_some(FixProgram { safety: fix.safety, when, holder, actions }), errors)
    }

    /// The edits for the current variables; `None` if a part has no value.
    pub fn evaluate<'a>(
        &'a self,
        evaluator: &mut Evaluator<'a>,
        source: &Source,
    ) -> Result<Vec<SemanticEdit>, EvalError> {
        match self.edits(evaluator, source) {
            Ok(edits) => Ok(edits),
            Err(EvalError::Exhausted) => Err(EvalError::Exhausted),
            Err(_) => Ok(Vec::new()),
        }
    }

    fn edits<'a>(
        &'a self,
        evaluator: &mut Evaluator<'a>,
        source: &Source,
    ) -> Result<Vec<SemanticEdit>, EvalError> {
        if let Some(when) = &self.when
            && !evaluator.condition(&when.root)?
        {
            return Ok(Vec::new());
        }
        self.actions.iter().map(|action| self.edit(action, evaluator, source)).collect()
    }

    fn edit<'a>(
        &'a self,
        action: &'a Action,
        evaluator: &mut Evaluator<'a>,
        source: &Source,
    ) -> Result<SemanticEdit, EvalError> {
        match action {
            Action::Field { name, append, content } => {
                let (record, item) = match evaluator.variable(self.holder)? {
                    Value::Record(record) => (record.number, None),
                    Value::Item(item) => (item.record.number, Some(item.node.span)),
                    _ => return Err(EvalError::Absent),
                };
                let value = field_value(content, evaluator)?;
                Ok(SemanticEdit::SetField { record, item, field: name.clone(), append: *append, value })
            }
            Action::Write(template) => {
                let new = template.render_whole(evaluator)?.into();
                match evaluator.variable(ITEM)? {
                    Value::Reference(value) => {
                        let reference = value.reference;
                        Ok(SemanticEdit::ReplaceText {
                            span: reference.span,
                            old: reference.text.clone(),
                            new,
                        })
                    }
                    item => {
                        let span = item.span().ok_or(EvalError::Absent)?;
                        Ok(SemanticEdit::ReplaceText { span, old: source.slice(span).into(), new })
                    }
                }
            }
            Action::Reword(template) => {
                let item = evaluator.variable(ITEM)?;
                let span = item.span().ok_or(EvalError::Absent)?;
                let plural = matches!(members::select(evaluator, &item, "plural"), Ok(Value::Bool(true)));
                // `CLIENT` for `client`; an abbreviation is in capitals everywhere. A match has no name.
                let has_small = |member: &str| {
                    let value = members::select(evaluator, &item, member).ok()?;
                    Some(value.as_text()?.contains(char::is_lowercase))
                };
                let capitals = has_small("text") == Some(false) && has_small("name").unwrap_or(plural);
                let new = template.render(evaluator)?.into();
                Ok(SemanticEdit::ReplaceTerm { span, plural, capitals, new })
            }
        }
    }
}

/// A record stays a reference, because its spelling depends on the format.
fn field_value<'a>(template: &'a Template, evaluator: &mut Evaluator<'a>) -> Result<FieldValue, EvalError> {
    if let Some(expression) = template.as_expression()
        && let Value::Record(record) = evaluator.evaluate(&expression.root)?
    {
        return Ok(FieldValue::Record(record.number));
    }
    let text = template.render(evaluator)?;
    if text.is_empty() { Err(EvalError::Absent) } else { Ok(FieldValue::Text(text.into())) }
}

struct FixCompiler<'c, 'k> {
    kinds: &'c Kinds,
    scope: &'c mut Scope<'k>,
    errors: Errors,
}

impl FixCompiler<'_, '_> {
    fn accept<T>(&mut self, pointer: &str, result: Result<T, CompileError>) -> Option<T> {
        result.map_err(|error| self.errors.push((Pointer::Value(pointer.to_owned()), error))).ok()
    }

    fn reject(&mut self, pointer: &str, message: impl Into<String>) {
        self.errors.push((Pointer::Value(pointer.to_owned()), CompileError::new(message, Span::at(0))));
    }

    fn reject_key(&mut self, pointer: &str, error: CompileError) {
        self.errors.push((Pointer::Key(pointer.to_owned()), error));
    }

    fn holder(&mut self, fix: &FixSpec, against: bool) -> Option<(usize, Type)> {
        let name = fix.of.as_deref().unwrap_or("record");
        if fix.of.is_none() && fix.set.is_empty() && fix.add.is_empty() {
            return None;
        }
        let slot = match name {
            "record" => Some(SUBJECT),
            "item" => Some(ITEM),
            "other" if against => Some(OTHER),
            _ => None,
        };
        let found = slot.map(|slot| (slot, self.scope.type_of(slot).clone()));
        let found = found.filter(|(_, ty)| matches!(ty, Type::Record(_) | Type::Item(_)));
        if found.is_none() {
            let pointer = if fix.of.is_some() { "/fix/of" } else { "/fix/safety" };
            let message = format!("unknown record or item `{name}`");
            let help = "use `record`, `item` with `each`, or `other` with `against`";
            self.errors
                .push((Pointer::Value(pointer.into()), CompileError::new(message, Span::at(0)).help(help)));
        }
        found
    }

    fn fields(
        &mut self,
        action: &str,
        fields: &BTreeMap<Arc<str>, ExpressionText>,
        holder: usize,
        ty: &Type,
    ) -> Vec<Action> {
        let append = action == "add";
        let mut actions = Vec::new();
        for (name, ExpressionText(text)) in fields {
            let pointer = format!("/fix/{action}/{}", name.replace('~', "~0").replace('/', "~1"));
            let result = Template::compile(text, self.scope);
            let Some(content) = self.accept(&pointer, result) else { continue };
            let Some(expected) = self.field_type(&pointer, name, ty, append) else { continue };
            if let Some(error) = self.type_error(name, &expected, &content, self.scope.type_of(holder)) {
                self.errors.push((Pointer::Value(pointer), error));
                continue;
            }
            actions.push(Action::Field { name: name.clone(), append, content });
        }
        actions
    }

    fn field_type(&mut self, pointer: &str, name: &str, holder: &Type, append: bool) -> Option<Type> {
        let found = match holder {
            Type::Record(kinds) => record_field(self.kinds, kinds, name),
            Type::Item(shape) => shape.0.field(name).map(|field| Type::of_field(&field.ty)),
            _ => None,
        };
        let Some(ty) = found else {
            let known: Vec<&str> = self.declared(holder).into_iter().map(|field| &*field.name).collect();
            self.reject_key(pointer, unknown_field(self.kinds, holder, name, Span::at(0), &known));
            return None;
        };
        match (ty, append) {
            (Type::Any, _) => Some(Type::Any),
            (Type::List(of), true) => Some(*of),
            (Type::List(_), false) => {
                let error = CompileError::new(format!("`{name}` is a list"), Span::at(0));
                let help = format!("append to it, with `add: {{ {name}: … }}`");
                self.reject_key(pointer, error.help(help));
                None
            }
            (_, true) => {
                let error = CompileError::new(format!("`{name}` is not a list"), Span::at(0));
                self.reject_key(pointer, error.help(format!("replace it, with `set: {{ {name}: … }}`")));
                None
            }
            (ty, false) => Some(ty),
        }
    }

    fn declared(&self, holder: &Type) -> Vec<&Field> {
        match holder {
            Type::Record(kinds) => {
                let kinds = kinds.iter().filter_map(|name| self.kinds.get(name));
                kinds.flat_map(|kind| kind.shape.fields.iter()).collect()
            }
            _ => Vec::new(),
        }
    }

    fn type_error(
        &self,
        name: &str,
        expected: &Type,
        content: &Template,
        holder: &Type,
    ) -> Option<CompileError> {
        if let Some(text) = content.as_literal() {
            return self.literal_error(name, expected, text, holder);
        }
        let given = content.as_expression().map(|expression| (&expression.root.ty, expression.text.len()));
        let (given, length) = given.unwrap_or((&Type::String, 0));
        let becomes_text = matches!(expected, Type::String | Type::Record(_)) && is_textual(given);
        if given.fits(expected) || becomes_text {
            return None;
        }
        let message = format!("expected {expected} for `{name}`, found {given}");
        Some(CompileError::new(message, Span::new(1, 1 + length)))
    }

    fn literal_error(&self, name: &str, expected: &Type, text: &str, holder: &Type) -> Option<CompileError> {
        let declared = self.declared(holder);
        let of_name = declared.iter().filter(|field| &*field.name == name && !field.values.is_empty());
        if !self.scope.is_of_own_rule() && of_name.clone().any(|field| field.has_removed(text)) {
            return None;
        }
        let allowed: Vec<&str> =
            of_name.flat_map(|field| field.values.iter().map(|value| &**value)).collect();
        if !allowed.is_empty() && !allowed.contains(&text) {
            return Some(unknown_value(text, None, &allowed, Span::new(0, text.len())));
        }
        let fits = match expected {
            Type::Date => parse_date(text).is_some(),
            Type::Bool => matches!(text, "true" | "false"),
            Type::Int => text.parse::<i64>().is_ok(),
            Type::Double => text.parse::<f64>().is_ok(),
            Type::Item(_) => false,
            _ => true,
        };
        let message = || format!("expected {expected} for `{name}`, found a string");
        (!fits).then(|| CompileError::new(message(), Span::new(0, text.len())))
    }

    fn replacement(&mut self, action: &str, text: &str) -> Option<Template> {
        let pointer = format!("/fix/{action}");
        if !matches!(self.scope.type_of(ITEM), Type::Fact(_)) {
            let message = format!("`{action}` needs `each` with text of a file, such as `file.links`");
            self.reject(&pointer, message);
            return None;
        }
        let result = Template::compile(text, self.scope);
        self.accept(&pointer, result)
    }
}

fn is_textual(ty: &Type) -> bool {
    !matches!(
        ty,
        Type::List(_) | Type::Item(_) | Type::Fact(_) | Type::File | Type::Group { .. } | Type::Bool
    )
}
