//! What a record states and no field takes: labels, and text of templates.

use crate::kind::Field;
use crate::record::{Record, UnreadStatement};
use crate::rule::runtime::{
    Context, ELEMENT_COST, EvalResult, Fact, FactIdentity, FactType, MemberType, Value,
};
use crate::schema::Violation;
use crate::text::Span;

pub(super) static STATEMENT: FactType = FactType::new(
    "a statement",
    &[(MemberType::String, &["text", "nearest", "type"]), (MemberType::Int, &["number"])],
);

/// A label in as many records is reported once.
const FEWEST_RECORDS: usize = 3;

/// Returns the statements of a record that no field takes, each with the field that its label misspells, and the first field that has the
/// text of a template. Of a record that is not adopted, only the misspelt labels: what else it states is its author's affair.
pub(super) fn statements<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let violations = cx.catalog.violations(record);
    let unfilled = violations.iter().filter(|it| it.is_unfilled());
    cx.step((record.unread.len() + violations.len()) * ELEMENT_COST)?;
    let is_reported = |one: &UnreadStatement| violations.iter().any(|it| it.span == one.span);
    let is_free = |one: &UnreadStatement| cx.catalog.config().is_free_label(&one.label);
    let open = record.unread.iter().filter(|one| !is_free(one) && !is_reported(one));
    let statements = open.filter_map(|one| statement(cx, record, one));
    Ok(Value::list(statements.chain(template_text(cx, record, unfilled)).collect()))
}

/// Returns the first field of a record that still has the text of a template.
fn template_text<'a>(
    cx: &Context<'a>,
    record: &'a Record,
    unfilled: impl Iterator<Item = &'a Violation>,
) -> Option<Value<'a>> {
    let first = unfilled.min_by_key(|it| it.span.start)?;
    Some(fact(cx, record, (&first.field, 1, "template"), None, first.span))
}

fn fact<'a>(
    cx: &Context<'a>,
    record: &'a Record,
    (text, number, ty): (&'a str, usize, &'static str),
    nearest: Option<&'a Field>,
    span: Span,
) -> Value<'a> {
    let mut members = vec![
        ("text", Value::string(text)),
        ("number", Value::Int(i64::try_from(number).unwrap_or(i64::MAX))),
        ("type", Value::string(ty)),
    ];
    members.extend(nearest.map(|field| ("nearest", Value::string(&*field.name))));
    let fact = Fact::new(members, span, FactIdentity::Members(&["text"]));
    fact.with_text(cx.catalog.file_of(record).source(), span).into()
}

fn statement<'a>(cx: &Context<'a>, record: &'a Record, one: &'a UnreadStatement) -> Option<Value<'a>> {
    // A column stands above all rows.
    let has_same = |other: &&Record| other.unread.iter().any(|it| it.span == one.span);
    let mut of_file = cx.catalog.file_of(record).records.clone().map(|id| cx.catalog.record(id));
    let first = of_file.find(has_same);
    if first.is_some_and(|first| first.number != record.number) {
        return None;
    }
    let found = cx.catalog.unread_label(&one.label).filter(|it| it.records >= FEWEST_RECORDS);
    let is_repeated = found.is_some_and(|it| it.first != record.number);
    let nearest = record.misspelt_field(one);
    if nearest.is_none() && (!record.is_accounted_for() || is_repeated) {
        return None;
    }
    let records = found.map_or(1, |it| it.records);
    let ty = if record.span.contains(one.span) { "label" } else { "page" };
    Some(fact(cx, record, (&one.label, records, ty), nearest, one.span))
}
