//! The `fix` of a rule: the load-time check, and the edits for one finding. The fix stage turns them into bytes.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::calendar::parse_date;
use crate::finding::{FieldValue, Safety, SemanticEdit};
use crate::kind::{Field, Kinds};
use crate::rule::builtins::members;
use crate::rule::language::{CompileError, Evaluator, Expression, Scope, Template, unknown, unknown_field};
use crate::rule::runtime::{EvalError, RecordReference, Type, Value, fields_of};
use crate::text::{Source, Span};

use super::location::RuleFaults;
use super::model::{FixSpec, ITEM, OTHER, SUBJECT};
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

impl FixProgram {
    /// Compiles a `fix`: checks its expressions, and that its fields exist and accept their values.
    pub(super) fn compile(
        fix: &FixSpec,
        against: bool,
        kinds: &Kinds,
        scope: &mut Scope,
        faults: &mut RuleFaults,
    ) -> Option<FixProgram> {
        let mut compiler = FixCompiler { kinds, scope, faults };
        let holder = compiler.holder(fix, against);
        let when = fix.when.as_deref().map(|text| compiler.scope.condition(text));
        let when = when.and_then(|when| compiler.faults.accept("/fix/when", when));
        let mut actions = Vec::new();
        if let Some((_, ty)) = &holder {
            actions.extend(compiler.fields("set", &fix.set, ty));
            actions.extend(compiler.fields("add", &fix.add, ty));
        }
        actions.extend(
            fix.write.iter().filter_map(|text| compiler.replacement("write", text)).map(Action::Write),
        );
        actions.extend(
            fix.reword.iter().filter_map(|text| compiler.replacement("reword", text)).map(Action::Reword),
        );
        let stated = [!fix.set.is_empty() || !fix.add.is_empty(), fix.write.is_some(), fix.reword.is_some()];
        if stated.iter().filter(|is_stated| **is_stated).count() != 1 {
            compiler.reject("/fix/safety", "expected `set` and `add`, or `write`, or `reword`");
        }
        let holder = holder.map_or(SUBJECT, |(slot, _)| slot);
        Some(FixProgram { safety: fix.safety, when, holder, actions })
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
                let item = evaluator.variable(ITEM)?;
                let (span, old) = match &item {
                    Value::Reference(RecordReference { reference, .. }) => {
                        (reference.span, reference.text.clone())
                    }
                    item => {
                        let span = item.span().ok_or(EvalError::Absent)?;
                        (span, source.slice(span).into())
                    }
                };
                Ok(SemanticEdit::ReplaceText { span, old, new })
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
                let new = template.render_whole(evaluator)?.trim().into();
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
    let text = template.render_whole(evaluator)?;
    if text.trim().is_empty() { Err(EvalError::Absent) } else { Ok(FieldValue::Text(text.trim().into())) }
}

struct FixCompiler<'c, 'k, 'r> {
    kinds: &'c Kinds,
    scope: &'c mut Scope<'k>,
    faults: &'c mut RuleFaults<'r>,
}

impl FixCompiler<'_, '_, '_> {
    fn reject(&mut self, pointer: &str, message: impl Into<String>) {
        self.faults.add(pointer, CompileError::new(message, Span::at(0)));
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
            let error = CompileError::new(format!("unknown record or item `{name}`"), Span::at(0));
            let help = "use `record`, `item` with `each`, or `other` with `against`";
            self.faults.add(pointer, error.help(help));
        }
        found
    }

    fn fields(
        &mut self,
        action: &str,
        fields: &BTreeMap<Arc<str>, ExpressionText>,
        holder: &Type,
    ) -> Vec<Action> {
        let append = action == "add";
        let mut actions = Vec::new();
        for (name, ExpressionText(text)) in fields {
            let pointer = format!("/fix/{action}/{}", name.replace('~', "~0").replace('/', "~1"));
            let content = Template::compile(text, self.scope);
            let Some(content) = self.faults.accept(&pointer, content) else { continue };
            let expected = match self.field_type(name, holder, append) {
                Ok(expected) => expected,
                Err(error) => {
                    self.faults.add_at_key(&pointer, error);
                    continue;
                }
            };
            match self.type_error(name, &expected, &content, holder) {
                Some(error) => self.faults.add(&pointer, error),
                None => actions.push(Action::Field { name: name.clone(), append, content }),
            }
        }
        actions
    }

    /// The type of a field, or of an element of the list that it is.
    fn field_type(&self, name: &str, holder: &Type, append: bool) -> Result<Type, CompileError> {
        let Some(ty) = holder.field(self.kinds, name) else {
            return Err(unknown_field(self.kinds, holder, name, Span::at(0)));
        };
        match (ty, append) {
            (Type::Any, _) => Ok(Type::Any),
            (Type::List(of), true) => Ok(*of),
            (Type::List(_), false) => Err(CompileError::new(format!("`{name}` is a list"), Span::at(0))
                .help(format!("append to it, with `add: {{ {name}: … }}`"))),
            (_, true) => Err(CompileError::new(format!("`{name}` is not a list"), Span::at(0))
                .help(format!("replace it, with `set: {{ {name}: … }}`"))),
            (ty, false) => Ok(ty),
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
        let is_enumeration = |field: &&Field| &*field.name == name && !field.values.is_empty();
        let fields: Vec<&Field> = fields_of(self.kinds, holder).filter(is_enumeration).collect();
        if !self.scope.is_of_own_rule() && self.kinds.iter().any(|kind| kind.own_source.is_some()) {
            return None;
        }
        let allowed = fields.iter().flat_map(|field| field.values.iter().map(|value| &**value));
        let allowed: Vec<&str> = allowed.collect();
        if !allowed.is_empty() && !allowed.contains(&text) {
            return Some(unknown("unknown value", text, Span::new(0, text.len()), &allowed));
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
        self.faults.accept(&pointer, Template::compile(text, self.scope))
    }
}

fn is_textual(ty: &Type) -> bool {
    !matches!(
        ty,
        Type::List(_) | Type::Item(_) | Type::Fact(_) | Type::File | Type::Group { .. } | Type::Bool
    )
}
