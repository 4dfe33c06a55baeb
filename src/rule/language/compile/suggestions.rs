//! What to write instead of an expression that is wrong.

use crate::calendar;
use crate::kind::Kind;
use crate::rule::builtins::{functions, members};
use crate::rule::language::error::{CompileError, expected, never_equal};
use crate::rule::language::expression::{ComparisonOperator, Literal, TermNode, TypedExpr};
use crate::rule::language::foreign;
use crate::rule::runtime::{Type, record_field};
use crate::text::Span;

use super::ExpressionCompiler;
use super::calls::accepts;

/// The variable for an element of `each`.
const ITEM: &str = "item";

impl ExpressionCompiler<'_, '_> {
    /// What to write for a name that is no variable: a field or a kind of the record, a value of a field, or a name in other
    /// languages.
    pub(super) fn meant_by(&self, name: &str) -> Option<String> {
        if self.scope.params.iter().any(|(param, _)| param == name) {
            return Some(format!("write `params.{name}`"));
        }
        let subject = self.subject_name();
        let has_items = self.scope.variables.iter().any(|variable| variable.name == ITEM);
        if has_items && foreign::is_element(name) {
            return Some(format!("write `{ITEM}`"));
        }
        if foreign::is_subject(name, has_items) {
            return Some(format!("write `{subject}`"));
        }
        let Some(Type::Record(kinds)) = self.subject() else { return foreign::name(name).map(str::to_owned) };
        if self.is_field_of_subject(name) {
            return Some(format!("write `{subject}.{name}`"));
        }
        let kinds: Vec<&Kind> =
            kinds.iter().filter_map(|kind| self.scope.kinds.get(kind)).map(|kind| &**kind).collect();
        if kinds.iter().any(|kind| *kind.name == *name) {
            return Some(format!("write `{subject}`"));
        }
        if let Some(help) = foreign::name(name) {
            return Some(help.to_owned());
        }
        let mut fields = kinds.iter().flat_map(|kind| &kind.shape.fields);
        let is_value = fields.any(|field| field.values.iter().any(|value| **value == *name));
        is_value.then(|| format!("write it in quotes: `\"{name}\"`"))
    }

    fn subject(&self) -> Option<&Type> {
        self.scope.variables.first().map(|variable| &variable.ty)
    }

    /// True for the slot of `record` or `file`.
    pub(super) fn is_subject(&self, slot: usize) -> bool {
        self.scope.variables.first().is_some_and(|variable| variable.slot == slot)
    }

    /// `record` or `file`.
    pub(super) fn subject_name(&self) -> &str {
        self.scope.variables.first().map_or("record", |variable| &variable.name)
    }

    pub(super) fn is_field_of_subject(&self, name: &str) -> bool {
        let Some(subject @ Type::Record(kinds)) = self.subject() else { return false };
        members::find(subject, name).is_some()
            || !kinds.is_empty() && record_field(self.scope.kinds, kinds, &name.replace('_', "-")).is_some()
    }

    /// Adds what to write for a member that values of the operand's type don't have in this language.
    pub(super) fn part_help(&self, error: CompileError, operand: &TypedExpr, name: &str) -> CompileError {
        let text = operand.text_in(self.text);
        if let Some(help) = foreign::part(&operand.ty, name, &text) {
            return error.help(help);
        }
        if error.help.as_ref().is_some_and(|help| help.starts_with("did you mean")) {
            return error;
        }
        if let Some(help) = self.changed_part(operand, name) {
            return error.help(help);
        }
        match (&operand.ty, foreign::call(name)) {
            (Type::Map(..), _) if name != "size" => error.help(format!("read the value of a key in brackets: `{text}[\"{name}\"]`")),
            (Type::Record(_), _) if name == "group" => {
                error.help("with `group-by: record.FIELD`, the value that the records of a group share is `group`")
            }
            (Type::Record(_), _) if functions::overloads(name, true).any(|method| accepts(method, &operand.ty)) => {
                error.help(format!("`{name}` is a method: write `{text}.{name}(…)`"))
            }
            (Type::Fact(_) | Type::File | Type::PolicyFile | Type::CitingFile | Type::UnreadFile, _)
                if error.help.is_some() =>
            {
                error
            }
            (Type::Record(_), _) => error,
            (Type::Age | Type::Duration, _) => {
                error.help(format!("compare it with a duration: `{text} > duration(\"90 days\")`"))
            }
            (_, None) if functions::overloads(name, true).any(|method| accepts(method, &operand.ty)) => {
                error.help(match name {
                    "size" => format!("write `size({})`", list_or_empty(operand, self.text)),
                    _ => format!("`{name}` is a method: write `{text}.{name}(…)`"),
                })
            }
            (Type::List(_), None) => {
                error.help(format!(
                    "read it of each element: `{text}.map(x, x.{name})`, or in a condition `{text}.all(x, x.{name} …)`"
                ))
            }
            (_, Some(help)) => error.help(help),
            _ => error,
        }
    }

    /// The member of the last change of a field that is asked of its value: `record.status.before`.
    fn changed_part(&self, field: &TypedExpr, name: &str) -> Option<String> {
        const OF_CHANGES: [&str; 5] = ["before", "commit", "subject", "author", "people"];
        let TermNode::Field(of, field) = &field.node else { return None };
        let is_asked = OF_CHANGES.contains(&name) && matches!(of.ty, Type::Record(_));
        is_asked.then(|| format!("write `{}.changed(\"{field}\").{name}`", of.text_in(self.text)))
    }

    /// The error of a list on the left of `in`, where one of its elements is meant.
    pub(super) fn reversed_in(&self, element: &TypedExpr, list: &TypedExpr, of: &Type) -> CompileError {
        let error = never_equal(&element.ty, of, element.span);
        let text = element.text_in(self.text);
        match &list.node {
            TermNode::List(items) if matches!(element.ty, Type::List(_)) => error.help(match &**items {
                [only] => format!("write `{} in {text}`", only.text_in(self.text)),
                _ => format!("ask for each element: `{text}.exists(x, x in {})`", list.text_in(self.text)),
            }),
            _ => error,
        }
    }

    /// Suggests how to write a value beside a comparison: `record.topic == "a" || "b"`.
    pub(super) fn alternative(
        &self,
        error: CompileError,
        left: &TypedExpr,
        right: &TypedExpr,
    ) -> CompileError {
        let mut last = left;
        while let TermNode::And(_, part) | TermNode::Or(_, part) = &last.node {
            last = part;
        }
        let TermNode::Compare(operator, value, other) = &last.node else { return error };
        let is_value = matches!(right.node, TermNode::Literal(_)) && right.ty == other.ty;
        let not = match operator {
            ComparisonOperator::Equal => "",
            ComparisonOperator::NotEqual => "!",
            _ => return error,
        };
        let [value, other, right] = [value, other, right].map(|term| term.text_in(self.text));
        match (is_value, not) {
            (true, "") => error.help(format!("write `{value} in [{other}, {right}]`")),
            (true, not) => error.help(format!("write `{not}({value} in [{other}, {right}])`")),
            _ => error,
        }
    }

    /// The error of a comparison of values that have no order, or are never equal.
    pub(super) fn incomparable(&self, left: &TypedExpr, right: &TypedExpr, span: Span) -> CompileError {
        let error = never_equal(&left.ty, &right.ty, span);
        let between = self.text.get(left.span.end as usize..right.span.start as usize).unwrap_or_default();
        let sign = between.trim_matches(|c: char| !"<>=!".contains(c));
        let mut sides = [(left, right), (right, left)].into_iter();
        if let Some(help) =
            sides.find_map(|(value, text)| whether_empty(value, text, sign == "==", self.text))
        {
            return error.help(help);
        }
        if let Some(optional) = [left, right].into_iter().find(|term| matches!(term.ty, Type::Optional(_))) {
            return error.help(or_else_help(optional, self.text));
        }
        for (value, literal) in [(left, right), (right, left)] {
            let text = value.text_in(self.text);
            match (&value.ty, &literal.node) {
                (Type::Bool, TermNode::Literal(_)) => {
                    return error.help(format!("write `{text}` or `!{text}`"));
                }
                (Type::Age | Type::Duration, TermNode::Literal(Literal::Int(days))) => {
                    return error.help(format!("write the duration as `duration(\"{days} days\")`"));
                }
                (Type::Date, TermNode::Literal(Literal::String(written)))
                    if let Some(day) = foreign::name(written).filter(|help| *help == foreign::TODAY) =>
                {
                    return error.help(day);
                }
                (Type::Date | Type::Age | Type::Duration, TermNode::Literal(Literal::String(written))) => {
                    return match foreign::quoted_date(written) {
                        Some(help) => error.help(help),
                        None => error,
                    };
                }
                (Type::Amount, TermNode::Literal(Literal::String(written))) => {
                    let number = calendar::Amount::parse(written).map_or(100_000.0, |amount| amount.value);
                    return error.help(format!(
                        "compare its number, `{text} {sign} {number}`, and its unit, `{text}.unit == \"…\"`"
                    ));
                }
                (Type::Date, TermNode::Arithmetic(..)) => {
                    if let Some(help) = foreign::quoted_date(&literal.text_in(self.text)) {
                        return error.help(help);
                    }
                }
                (Type::List(_), TermNode::Literal(Literal::String(word))) => {
                    return error.help(format!("write `\"{word}\" in {text}`"));
                }
                (Type::List(of), _) if of.fits(&literal.ty) => {
                    return error.help(format!("write `{} in {text}`", literal.text_in(self.text)));
                }
                (Type::List(_), TermNode::Literal(Literal::Int(_))) => {
                    return error.help(format!("write `size({})`", list_or_empty(value, self.text)));
                }
                _ => {}
            }
        }
        error
    }
}

/// How to ask whether a field has a value, in place of a comparison with an empty text.
fn whether_empty(value: &TypedExpr, text: &TypedExpr, is_equal: bool, source: &str) -> Option<String> {
    let is_empty = matches!(&text.node, TermNode::Literal(Literal::String(text)) if text.trim().is_empty());
    let written = value.text_in(source);
    let is_optional = matches!(value.ty, Type::Optional(_));
    let is_field = matches!(value.node, TermNode::Field(..)) || is_optional && written.contains(".?");
    (is_empty && is_field).then(|| {
        let field = written.replace(".?", ".");
        match is_equal {
            true => format!("ask whether it is missing: `!has({field})`"),
            false => format!("ask whether it is there: `has({field})`"),
        }
    })
}

/// How to read a list that may be absent, so that it counts as empty.
fn list_or_empty(list: &TypedExpr, source: &str) -> String {
    let text = list.text_in(source);
    match (&list.node, text.rsplit_once('.')) {
        (TermNode::Field(..), Some((operand, field))) => format!("{operand}.?{field}.orValue([])"),
        _ => text,
    }
}

/// The duration to add to a date, in place of a number or text.
pub(super) fn duration_help(written: &TypedExpr) -> String {
    match &written.node {
        TermNode::Literal(Literal::Int(days)) => format!("use a duration: `duration(\"{days} days\")`"),
        TermNode::Literal(Literal::String(text)) => format!("use a duration: `duration(\"{text}\")`"),
        _ => "use a duration: `duration(\"1 quarter\")`".to_owned(),
    }
}

/// How to read what may be absent where a value is expected.
pub(super) fn or_else_help(optional: &TypedExpr, source: &str) -> String {
    let text = optional.text_in(source);
    let Type::Optional(of) = &optional.ty else { return format!("write `{text}.orValue(…)`") };
    let otherwise = match &**of {
        Type::List(_) => "[]",
        Type::String => "\"\"",
        Type::Bool => "false",
        Type::Int | Type::Double => "0",
        _ => "…",
    };
    let plain = text.replace(".?", ".");
    format!("write `{text}.orValue({otherwise})`, or `{plain}` if the rule is not to judge what lacks it")
}

/// How a period becomes a day.
pub(super) fn day_of_period(period: &TypedExpr, source: &str) -> String {
    let text = period.text_in(source);
    format!("take its first or last day: `{text}.start` or `{text}.end`")
}

/// How a text becomes a day.
pub(super) fn day_help(text: &TypedExpr, source: &str) -> String {
    let written = text.text_in(source);
    match &text.node {
        TermNode::Field(_, field) => {
            format!("`{written}` holds a text; for days, write `format: date` below `{field}` in its kind")
        }
        TermNode::Literal(Literal::String(day)) if calendar::parse_date(day).is_none() => {
            "write a day, such as `today` or `date(\"2026-11-20\")`".to_owned()
        }
        _ => format!("write the day as `date({written})`"),
    }
}

fn is_field_path(text: &str) -> bool {
    text.starts_with("record.") && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'))
}

pub(super) fn expected_condition(found: &TypedExpr, span: Span, source: &str) -> CompileError {
    let error = expected(&Type::Bool, &found.ty, span);
    let text = found.text_in(source);
    match &found.ty {
        Type::List(_) => error.help(format!("write `size({}) > 0`", list_or_empty(found, source))),
        Type::Optional(_) => error.help("write `.hasValue()` or `.orValue(…)` behind it"),
        Type::String | Type::Date | Type::Record(_) if is_field_path(&text) => {
            error.help(format!("ask whether it is there: `has({text})`, or compare it"))
        }
        Type::Date => error.help(
            "compare it with another day, such as `today`; the last day on which all is well is written under `due`",
        ),
        Type::Duration | Type::Age => error.help("compare it, as in `… > duration(\"90 days\")`"),
        Type::String => error.help("compare it, as in `… == \"text\"`"),
        _ => error,
    }
}

/// What to write in the place of the literal with which the rest of an expression begins.
pub(super) fn map_help(rest: Option<&str>) -> &'static str {
    match rest.is_some_and(|rest| rest.starts_with("{}")) {
        true => "ask whether it is there: `has(record.field) ? entries(record.field) : []`",
        false => "write a list, `[a, b]`, or put the expression of a rule in quotes",
    }
}
