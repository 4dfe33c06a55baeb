//! The `fix` of a rule: the load-time check, and the edits for one finding. The fix stage turns them into bytes.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::finding::{FieldValue, Place, Safety, SemanticEdit};
use crate::kind::Kinds;
use crate::rule::builtins::functions;
use crate::rule::language::{CompileError, Compiled, Evaluator, Expression, Scope, Template, unknown_field};
use crate::rule::runtime::{EvalError, Evaluated, Type, Value};
use crate::text::Span;

use super::location::RuleFaults;
use super::model::{ExpressionText, FixSpec, ITEM, OTHER, Rule, SUBJECT};

pub struct FixProgram {
    pub safety: Safety,
    when: Option<Expression>,
    holder: usize,
    actions: Vec<Action>,
}

enum Action {
    Field { name: Arc<str>, append: bool, content: Template },
    Write(Template),
    Reword(Template),
}

impl FixProgram {
    /// Compiles the `fix` of a rule, if it has one: checks its expressions, and that its fields exist and accept their values.
    pub(super) fn compile(
        rule: &Rule,
        kinds: &Kinds,
        scope: &mut Scope,
        faults: &mut RuleFaults,
    ) -> Option<FixProgram> {
        let fix = rule.fix.as_ref()?;
        let mut compiler = FixCompiler { kinds, scope, faults };
        let holder = compiler.holder(fix, rule.against.is_some());
        let when = fix.when.as_deref().map(|text| compiler.scope.condition(text));
        let when = when.and_then(|when| compiler.faults.accept("/fix/when", when));
        let mut actions = Vec::new();
        if let Some((_, ty)) = &holder {
            actions.extend(compiler.fields("set", &fix.set, ty));
            actions.extend(compiler.fields("add", &fix.add, ty));
        }
        let write = fix.write.iter().filter_map(|text| compiler.replacement("write", text));
        actions.extend(write.map(Action::Write));
        let reword = fix.reword.iter().filter_map(|text| compiler.replacement("reword", text));
        actions.extend(reword.map(Action::Reword));
        let stated = [!fix.set.is_empty() || !fix.add.is_empty(), fix.write.is_some(), fix.reword.is_some()];
        if stated.iter().filter(|is_stated| **is_stated).count() != 1 {
            let message = "expected `set` and `add`, or `write`, or `reword`";
            compiler.faults.add("/fix/safety", CompileError::new(message, Span::at(0)));
        }
        let holder = holder.map_or(SUBJECT, |(slot, _)| slot);
        Some(FixProgram { safety: fix.safety, when, holder, actions })
    }

    pub(super) fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let templates = self.actions.iter().map(|action| match action {
            Action::Field { content, .. } => content,
            Action::Write(template) | Action::Reword(template) => template,
        });
        self.when.iter().chain(templates.flat_map(Template::expressions))
    }

    /// The edits for the current variables; an error if a part has no value.
    pub fn edits<'a>(&'a self, evaluator: &mut Evaluator<'a>, place: &Place) -> Evaluated<Vec<SemanticEdit>> {
        if let Some(when) = &self.when
            && !evaluator.condition(&when.root)?
        {
            return Ok(Vec::new());
        }
        self.actions.iter().map(|action| self.edit(action, evaluator, place)).collect()
    }

    fn edit<'a>(
        &'a self,
        action: &'a Action,
        evaluator: &mut Evaluator<'a>,
        place: &Place,
    ) -> Evaluated<SemanticEdit> {
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
                    Value::Reference(it) => (it.reference.span, it.reference.text.clone()),
                    item => {
                        // A value of a list stands at the place of the finding.
                        let written = place.source.slice(place.span).trim_matches(['"', '\'']);
                        let own = item.as_text().filter(|text| *text == written).map(|_| place.span);
                        let span = item.span().or(own).ok_or(EvalError::Absent)?;
                        (span, place.source.slice(span).into())
                    }
                };
                Ok(SemanticEdit::ReplaceText { span, old, new })
            }
            Action::Reword(template) => {
                let item = evaluator.variable(ITEM)?;
                let span = item.span().ok_or(EvalError::Absent)?;
                let plural = matches!(functions::select(evaluator, &item, "plural"), Ok(Value::Bool(true)));
                // `CLIENT` for `client`; an abbreviation is in capitals everywhere. A match has no name.
                let has_small = |member: &str| {
                    let value = functions::select(evaluator, &item, member).ok()?;
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
fn field_value<'a>(template: &'a Template, evaluator: &mut Evaluator<'a>) -> Evaluated<FieldValue> {
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

    fn fields(&mut self, key: &str, fields: &BTreeMap<Arc<str>, ExpressionText>, of: &Type) -> Vec<Action> {
        let append = key == "add";
        let mut actions = Vec::new();
        for (name, ExpressionText(text)) in fields {
            let pointer = format!("/fix/{key}/{}", name.replace('~', "~0").replace('/', "~1"));
            let content = Template::compile(text, self.scope);
            let Some(content) = self.faults.accept(&pointer, content) else { continue };
            if let Err(error) = self.check_field(name, of, append) {
                self.faults.add_at_key(&pointer, error);
            } else if let Some(value) = content.as_literal()
                && let Err(error) = self.scope.check_value_of(of, name, value, Span::new(0, value.len()))
            {
                self.faults.add(&pointer, error);
            } else {
                actions.push(Action::Field { name: name.clone(), append, content });
            }
        }
        actions
    }

    /// Checks that there is such a field, and that a list is appended to.
    fn check_field(&self, name: &str, holder: &Type, append: bool) -> Compiled<()> {
        let at = Span::at(0);
        match (holder.field(self.kinds, name), append) {
            (None, _) => Err(unknown_field(self.kinds, holder, name, at)),
            (Some(Type::List(_)), false) => Err(CompileError::new(format!("`{name}` is a list"), at)
                .help(format!("append to it, with `add: {{ {name}: … }}`"))),
            (Some(Type::Any | Type::List(_)), _) | (Some(_), false) => Ok(()),
            (Some(_), true) => Err(CompileError::new(format!("`{name}` is not a list"), at)
                .help(format!("replace it, with `set: {{ {name}: … }}`"))),
        }
    }

    fn replacement(&mut self, action: &str, text: &str) -> Option<Template> {
        let pointer = format!("/fix/{action}");
        let is_value = action == "write" && matches!(self.scope.type_of(ITEM), Type::String);
        if !is_value && !matches!(self.scope.type_of(ITEM), Type::Fact(_)) {
            let message = format!("`{action}` needs `each` with text of a file, such as `file.links`");
            self.faults.add(&pointer, CompileError::new(message, Span::at(0)));
            return None;
        }
        self.faults.accept(&pointer, Template::compile(text, self.scope))
    }
}
