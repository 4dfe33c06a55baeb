//! How a rule mends what it finds: its `fix`, checked when the rule is loaded, and what that comes to for
//! what is bound. Which bytes of which file this changes is the fix stage's to say.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::calendar::parse_date;
use crate::finding::{FieldValue, Safety, SemanticEdit};
use crate::kind::{Field, Kinds};
use crate::schema::{did_you_mean, nearest};
use crate::text::{Source, Span};

use super::compile::Scope;
use super::evaluate::{EvalError, Evaluator};
use super::expression::Expression;
use super::file::{Fix, Text};
use super::mistake::{self, Mistake};
use super::program::{ITEM, OTHER, SUBJECT};
use super::template::Template;
use super::types::{Type, record_field};
use super::value::Value;

/// A checked `fix`.
#[derive(Debug)]
pub struct FixProgram {
    pub safety: Safety,
    when: Option<Expression>,
    /// What holds the fields.
    of: usize,
    actions: Vec<Action>,
}

#[derive(Debug)]
enum Action {
    Field { name: Arc<str>, more: bool, content: Template },
    Write(Template),
    Reword(Template),
}

/// What is wrong with a `fix`, each with the place of its part of the rule.
pub(super) type Mistakes = Vec<(Part, Mistake)>;

/// A part of the rule, by its pointer.
pub(super) enum Part {
    Value(String),
    Key(String),
}

impl FixProgram {
    /// Checks a `fix`: its expressions, that its fields are there, and that each can hold what it is to get.
    pub(super) fn compile(
        fix: &Fix,
        against: bool,
        kinds: &Kinds,
        scope: &mut Scope,
    ) -> (Option<FixProgram>, Mistakes) {
        let mut compiler = Compiler { kinds, scope, mistakes: Vec::new() };
        let of = compiler.holder(fix, against);
        let when = fix.when.as_deref().and_then(|text| {
            let checked = compiler.scope.condition(text);
            compiler.passed("/fix/when", checked)
        });
        let mut actions = Vec::new();
        if let Some((slot, ty)) = &of {
            actions.extend(compiler.fields("set", &fix.set, *slot, ty));
            actions.extend(compiler.fields("add", &fix.add, *slot, ty));
        }
        for (name, text) in [("write", &fix.write), ("reword", &fix.reword)] {
            let Some(text) = text else { continue };
            let Some(template) = compiler.words(name, text) else { continue };
            actions.push(if name == "write" { Action::Write(template) } else { Action::Reword(template) });
        }
        let fields = usize::from(!fix.set.is_empty() || !fix.add.is_empty());
        let said = fields + usize::from(fix.write.is_some()) + usize::from(fix.reword.is_some());
        if said != 1 {
            let message = "a fix changes fields (`set`, `add`), or words (`write` or `reword`)";
            compiler.refuse("/fix/safety", message);
        }
        let mistakes = compiler.mistakes;
        let of = of.map_or(SUBJECT, |(slot, _)| slot);
        (mistakes.is_empty().then_some(FixProgram { safety: fix.safety, when, of, actions }), mistakes)
    }

    /// What is to change for what is bound now; nothing where a part of it can't be told.
    ///
    /// # Errors
    /// Only [`EvalError::Exhausted`].
    pub fn evaluate<'a>(
        &'a self,
        evaluator: &mut Evaluator<'a>,
        source: &Source,
    ) -> Result<Vec<SemanticEdit>, EvalError> {
        match self.all_changes(evaluator, source) {
            Ok(changes) => Ok(changes),
            Err(EvalError::Exhausted) => Err(EvalError::Exhausted),
            Err(_) => Ok(Vec::new()),
        }
    }

    fn all_changes<'a>(
        &'a self,
        evaluator: &mut Evaluator<'a>,
        source: &Source,
    ) -> Result<Vec<SemanticEdit>, EvalError> {
        if let Some(when) = &self.when
            && !evaluator.truth(&when.root)?
        {
            return Ok(Vec::new());
        }
        self.actions.iter().map(|action| self.change(action, evaluator, source)).collect()
    }

    fn change<'a>(
        &'a self,
        action: &'a Action,
        evaluator: &mut Evaluator<'a>,
        source: &Source,
    ) -> Result<SemanticEdit, EvalError> {
        match action {
            Action::Field { name, more, content } => {
                let (record, item) = match evaluator.variable(self.of)? {
                    Value::Record(record) => (record.number, None),
                    Value::Item(item) => (item.record.number, Some(item.node.span)),
                    _ => return Err(EvalError::Absent),
                };
                let value = content_of(content, evaluator)?;
                Ok(SemanticEdit::SetField { record, item, field: name.clone(), append: *more, value })
            }
            Action::Write(words) => {
                let new = words.render(evaluator)?.into();
                match evaluator.variable(ITEM)? {
                    Value::Reference(mention) => {
                        let reference = mention.reference;
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
            Action::Reword(words) => {
                let item = evaluator.variable(ITEM)?;
                let span = item.span().ok_or(EvalError::Absent)?;
                let plural = matches!(evaluator.select(&item, "plural"), Ok(Value::Bool(true)));
                Ok(SemanticEdit::ReplaceTerm { span, plural, new: words.render(evaluator)?.into() })
            }
        }
    }
}

/// A record stays one: how it is referred to is the format's matter.
fn content_of<'a>(template: &'a Template, evaluator: &mut Evaluator<'a>) -> Result<FieldValue, EvalError> {
    if let Some(expression) = template.as_expression()
        && let Value::Record(record) = evaluator.evaluate(&expression.root)?
    {
        return Ok(FieldValue::Record(record.number));
    }
    let text = template.render(evaluator)?;
    if text.is_empty() { Err(EvalError::Absent) } else { Ok(FieldValue::Text(text.into())) }
}

struct Compiler<'c, 'k> {
    kinds: &'c Kinds,
    scope: &'c mut Scope<'k>,
    mistakes: Mistakes,
}

impl Compiler<'_, '_> {
    fn passed<T>(&mut self, pointer: &str, checked: Result<T, Mistake>) -> Option<T> {
        checked.map_err(|mistake| self.mistakes.push((Part::Value(pointer.to_owned()), mistake))).ok()
    }

    fn refuse(&mut self, pointer: &str, message: impl Into<String>) {
        self.mistakes.push((Part::Value(pointer.to_owned()), Mistake::new(message, Span::at(0))));
    }

    fn refuse_key(&mut self, pointer: &str, mistake: Mistake) {
        self.mistakes.push((Part::Key(pointer.to_owned()), mistake));
    }

    /// Whose fields are changed.
    fn holder(&mut self, fix: &Fix, against: bool) -> Option<(usize, Type)> {
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
            let message = format!("there is no record or item `{name}` here whose fields could be changed");
            let help = "A fix changes fields of the `record`, of an `item` of `each`, or with `against` of the `other`";
            self.mistakes.push((Part::Value(pointer.into()), Mistake::new(message, Span::at(0)).help(help)));
        }
        found
    }

    fn fields(
        &mut self,
        action: &str,
        fields: &BTreeMap<Arc<str>, Text>,
        holder: usize,
        ty: &Type,
    ) -> Vec<Action> {
        let more = action == "add";
        let mut actions = Vec::new();
        for (name, Text(text)) in fields {
            let pointer = format!("/fix/{action}/{}", name.replace('~', "~0").replace('/', "~1"));
            let checked = Template::compile(text, self.scope);
            let Some(content) = self.passed(&pointer, checked) else { continue };
            let Some(wanted) = self.field_type(&pointer, name, ty, more) else { continue };
            if let Some(mistake) = self.misfit(name, &wanted, &content, self.scope.type_of(holder)) {
                self.mistakes.push((Part::Value(pointer), mistake));
                continue;
            }
            actions.push(Action::Field { name: name.clone(), more, content });
        }
        actions
    }

    /// The type of one value that the field takes.
    fn field_type(&mut self, pointer: &str, name: &str, holder: &Type, more: bool) -> Option<Type> {
        let found = match holder {
            Type::Record(kinds) => record_field(self.kinds, kinds, name),
            Type::Item(shape) => shape.0.field(name).map(|field| Type::of_field(&field.ty)),
            _ => None,
        };
        let Some(ty) = found else {
            let known: Vec<&str> = self.declared(holder).into_iter().map(|field| &*field.name).collect();
            let mistake = mistake::unknown(&format!("{holder} has no field"), name, Span::at(0), &known);
            self.refuse_key(pointer, mistake);
            return None;
        };
        match (ty, more) {
            (Type::Any, _) => Some(Type::Any),
            (Type::List(of), true) => Some(*of),
            (Type::List(_), false) => {
                let message = format!("`{name}` is a list, which `add` adds to");
                self.refuse_key(pointer, Mistake::new(message, Span::at(0)));
                None
            }
            (_, true) => {
                let message = format!("`{name}` is no list; `set` gives it a value");
                self.refuse_key(pointer, Mistake::new(message, Span::at(0)));
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

    /// Why the field can't hold the value, where that is known before any file is read.
    fn misfit(&self, name: &str, wanted: &Type, content: &Template, holder: &Type) -> Option<Mistake> {
        if let Some(text) = content.as_literal() {
            return self.not_a_value(name, wanted, text, holder);
        }
        let given = content.as_expression().map(|expression| (&expression.root.ty, expression.text.len()));
        let (given, length) = given.unwrap_or((&Type::Text, 0));
        let becomes_text = matches!(wanted, Type::Text | Type::Record(_)) && is_shown_whole(given);
        if given.fits(wanted) || becomes_text {
            return None;
        }
        let message = format!("this is {given}, where `{name}` needs {wanted}");
        Some(Mistake::new(message, Span::new(1, 1 + length)))
    }

    fn not_a_value(&self, name: &str, wanted: &Type, text: &str, holder: &Type) -> Option<Mistake> {
        let declared = self.declared(holder);
        let of_name = declared.iter().filter(|field| &*field.name == name && !field.values.is_empty());
        let allowed: Vec<&str> =
            of_name.flat_map(|field| field.values.iter().map(|value| &**value)).collect();
        if !allowed.is_empty() && !allowed.contains(&text) {
            let mistake = Mistake::new(format!("`{name}` is never `{text}`"), Span::new(0, text.len()));
            return Some(match nearest(text, allowed.iter().copied()) {
                Some(near) => mistake.help(did_you_mean(near)),
                None => mistake.help(format!("It is one of {}", allowed.join(", "))),
            });
        }
        let fits = match wanted {
            Type::Date => parse_date(text).is_some(),
            Type::Bool => matches!(text, "true" | "false"),
            Type::Int => text.parse::<i64>().is_ok(),
            Type::Double => text.parse::<f64>().is_ok(),
            Type::Item(_) => false,
            _ => true,
        };
        let message = || format!("this is a text, where `{name}` needs {wanted}");
        (!fits).then(|| Mistake::new(message(), Span::new(0, text.len())))
    }

    /// Words can only give way where the item is some words of a file.
    fn words(&mut self, action: &str, text: &str) -> Option<Template> {
        let pointer = format!("/fix/{action}");
        if !matches!(self.scope.type_of(ITEM), Type::Fact(_)) {
            let message = format!("`{action}` needs an `each` over places in a file, such as `file.links`");
            self.refuse(&pointer, message);
            return None;
        }
        let checked = Template::compile(text, self.scope);
        self.passed(&pointer, checked)
    }
}

/// Whether a value's text is all that there is to it.
fn is_shown_whole(ty: &Type) -> bool {
    !matches!(
        ty,
        Type::List(_) | Type::Item(_) | Type::Fact(_) | Type::File | Type::Group { .. } | Type::Bool
    )
}
