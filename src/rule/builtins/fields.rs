//! Fields of records and items: as values of the types that their kind declares, and in the words of the file.

use crate::format::Words;
use crate::history::Revision;
use crate::kind::{Field, FieldType, Initial, Shape};
use crate::node::{Entry, Node, Scalar, ScalarKind};
use crate::record::Record;
use crate::rule::runtime::{
    Context, ELEMENT_COST, EvalError, EvalResult, Evaluated, Item, MapValue, Str, Value, named_value,
};

use super::history;

/// The field `name` (kebab-case) of a record; outside of views, [`EvalError::Indeterminate`] if the record's format can't state it.
pub(crate) fn field<'a>(cx: &Context<'a>, record: &'a Record, name: &str) -> EvalResult<'a> {
    match shaped_field(cx, record, &record.fields, Some(&record.kind.shape), name) {
        Err(EvalError::Absent) if !cx.is_view && record.format_lacks(name) => Err(EvalError::Indeterminate),
        result => result,
    }
}

pub(crate) fn shaped_field<'a>(
    cx: &Context<'a>,
    record: &'a Record,
    node: &'a Node,
    shape: Option<&'a Shape>,
    name: &str,
) -> EvalResult<'a> {
    // The longest chain of fields that stand in for each other; a user's kind may make it circular.
    const MAX_DERIVATIONS: usize = 8;
    let mut name = name;
    let mut from_history = false;
    for _ in 0..MAX_DERIVATIONS {
        let field = shape.and_then(|shape| shape.field(name));
        let ty = field.map_or(&FieldType::Any, |field| &field.ty);
        if let Some(value) = node.get(name).filter(|value| !value.is_blank()) {
            return typed(cx, record, value, ty, field.and_then(|field| field.natural_key.as_deref()));
        }
        let field = field.ok_or(EvalError::Absent)?;
        from_history |= field.falls_back_to_history;
        match &field.derived_from {
            Some(from) => name = from,
            None if from_history && field.default.is_none() => return history::last_changed(cx, record),
            None => {
                let default = field.default.as_ref().ok_or(EvalError::Absent)?;
                return typed(cx, record, default, ty, None);
            }
        }
    }
    Err(EvalError::Absent)
}

fn typed<'a>(
    cx: &Context<'a>,
    record: &'a Record,
    node: &'a Node,
    ty: &'a FieldType,
    key: Option<&'a str>,
) -> EvalResult<'a> {
    match ty {
        FieldType::List(of) => {
            let items = node.items().iter().map(|item| typed(cx, record, item, of, key));
            Ok(Value::list(items.collect::<Result<_, _>>()?))
        }
        FieldType::Struct(_) | FieldType::Map(_) if node.as_mapping().is_none() => Err(EvalError::Unreadable),
        FieldType::Struct(shape) => Ok(Value::Item(Item { record, node, shape: Some(shape), key })),
        FieldType::Map(ty) => Ok(Value::Map(MapValue { record, node, ty })),
        FieldType::Reference(kinds) => {
            // A list instead of a name; an empty list is no owner.
            let absent = if node.is_empty() { EvalError::Absent } else { EvalError::Unreadable };
            let text = node.as_text().ok_or(absent)?;
            Ok(named_value(cx.catalog, record, (node.span, text, kinds)))
        }
        FieldType::Any => Ok(untyped(record, node)),
        scalar => {
            let text = node.as_text().ok_or(EvalError::Unreadable)?;
            match (scalar, node.as_scalar().map(Scalar::kind)) {
                // The file's own notation, such as `0o17` or `1e3`.
                (FieldType::Integer, Some(ScalarKind::Integer(value))) => Ok(Value::Int(value)),
                (FieldType::Number, Some(ScalarKind::Integer(value))) => Ok(Value::Double(value as f64)),
                (FieldType::Number, Some(ScalarKind::Float(value))) if value.is_finite() => {
                    Ok(Value::Double(value))
                }
                (FieldType::Bool, Some(ScalarKind::Bool(value))) => Ok(Value::Bool(value)),
                _ => cx.parse(text, scalar),
            }
        }
    }
}

/// `mapping["key"]`; a key that is a reference is the text in the file, or the record.
pub(crate) fn value_at<'a>(cx: &Context<'a>, of: &Value<'a>, wanted: &Value<'a>) -> EvalResult<'a> {
    let text = wanted.text()?;
    cx.step(1)?;
    match of {
        Value::Map(map) => {
            let is_wanted = |entry: &&Entry| {
                *entry.key.name == *text
                    || matches!((map.key(entry, cx.catalog), wanted), (Value::Record(a), Value::Record(b)) if std::ptr::eq(a, *b))
            };
            let found = map.node.entries().iter().find(is_wanted).filter(|entry| !entry.value.is_blank());
            typed(cx, map.record, &found.ok_or(EvalError::Absent)?.value, &map.ty.values, None)
        }
        Value::Item(item) => shaped_field(cx, item.record, item.node, item.shape, text),
        _ => Err(EvalError::Indeterminate),
    }
}

fn untyped<'a>(record: &'a Record, node: &'a Node) -> Value<'a> {
    if let Some(items) = node.as_sequence() {
        return Value::list(items.iter().map(|item| untyped(record, item)).collect());
    }
    let Some(scalar) = node.as_scalar() else {
        return Value::Item(Item { record, node, shape: None, key: None });
    };
    match scalar.kind() {
        ScalarKind::Null => Value::Null,
        ScalarKind::Bool(value) => Value::Bool(value),
        ScalarKind::Integer(value) => Value::Int(value),
        ScalarKind::Float(value) => Value::Double(value),
        ScalarKind::Text => Value::string(scalar.text()),
    }
}

/// True if the record's status is one of the live ones of its kind, or if its kind has no statuses. A native record without
/// a status, or with an unknown one, is live; one of a foreign format can't be read.
pub(crate) fn live<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    if let Some(is_live) = record.is_live.get() {
        return Ok(Value::Bool(*is_live));
    }
    find_live(cx, record).map(|is_live| Value::Bool(*record.is_live.get_or_init(|| is_live)))
}

fn find_live<'a>(cx: &Context<'a>, record: &'a Record) -> Evaluated<bool> {
    let is_native = record.format.is_none();
    match status(cx, record) {
        Ok(None) => Ok(true),
        Ok(Some(status)) => {
            record.kind.is_live(&status).or(is_native.then_some(true)).ok_or(EvalError::Unreadable)
        }
        Err(EvalError::Absent | EvalError::Unreadable) if is_native => Ok(true),
        Err(error) => Err(error),
    }
}

/// The date of the commit that changed the status. If the record came with it, as with an import, the earlier of that date and
/// the one in the record. Where a shallow clone ends, the record may have had another status before.
pub(super) fn status_since<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let status = record.kind.status.as_deref().filter(|status| record.field(status).is_some());
    let changed = history::changed(cx, &Value::Record(record), status.ok_or(EvalError::Absent)?);
    let Ok(Value::Change(change)) = changed else { return stated_since(cx, record) };
    let committed = history::member(cx, &change, "date");
    let is_hidden = matches!(change.list.changes.revision(change.index), Revision::Unknown(_));
    if is_hidden || !change.before().is_empty() {
        return committed;
    }
    match (committed, stated_since(cx, record)) {
        (Ok(Value::Date(committed)), Ok(Value::Date(stated))) => Ok(Value::Date(committed.min(stated))),
        (committed, stated) => committed.or(stated),
    }
}

fn stated_since<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let mut stated = record.kind.status_since.iter().filter_map(|name| field(cx, record, name).ok());
    stated.next().ok_or(EvalError::Indeterminate)
}

/// The day of the next review, as stated or counted from the last one; else the field of that name.
pub(crate) fn review_due<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let Some(review) = &record.kind.review else { return field(cx, record, REVIEW_DUE) };
    let due = review.due.as_ref().filter(|due| !record.format_lacks(due));
    let stated = due.map(|due| field(cx, record, due));
    if let Some(stated @ (Ok(_) | Err(EvalError::Unreadable))) = stated {
        return stated;
    }
    let cadence = review.cadence.as_ref();
    let Some((last, every)) = cadence.filter(|(last, _)| !record.format_lacks(last)) else {
        return stated.unwrap_or(Err(EvalError::Indeterminate));
    };
    match (field(cx, record, last)?, field(cx, record, every)?) {
        (Value::Date(last), Value::Duration(every)) => Ok(Value::Date(every.add_to(last))),
        _ => Err(EvalError::Unreadable),
    }
}

/// The member that [`review_due`] computes, which stands under `at` for the field that it comes from.
pub(crate) const REVIEW_DUE: &str = "review-due";

/// True if nothing is done about the record any more: it is not active, and no draft.
pub(crate) fn is_closed<'a>(cx: &Context<'a>, record: &'a Record) -> bool {
    let Ok(Some(status)) = status(cx, record) else { return false };
    let is_draft = record.kind.draft_statuses.iter().any(|draft| **draft == *status);
    record.kind.is_live(&status) == Some(false) && !is_draft
}

/// The status; `None` if records of the kind have none.
fn status<'a>(cx: &Context<'a>, record: &'a Record) -> Evaluated<Option<Str<'a>>> {
    let Some(name) = &record.kind.status else { return Ok(None) };
    match field(cx, record, name)? {
        Value::String(status) => Ok(Some(status)),
        Value::Bool(is_live) => Ok(Some(is_live.to_string().into())),
        other => Ok(Some(other.as_text().ok_or(EvalError::Indeterminate)?.to_owned().into())),
    }
}

/// Returns the field that a member of a record comes from, or would come from if it were stated.
pub(crate) fn field_behind<'r>(record: &'r Record, member: &str) -> Option<&'r str> {
    match member {
        "owner" | "owners" => {
            let fields = record.accountable();
            let stated = fields.iter().find(|field| record.field(field).is_some());
            stated.or(fields.first()).map(|field| &**field)
        }
        REVIEW_DUE => record.review_field(),
        _ => None,
    }
}

/// The value of a field in the words of the file, or the word of the format for a value.
pub(super) fn written<'a>(cx: &Context<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    match args {
        [record, field, value] => word_for(record.record()?, field.text()?, value),
        _ => written_value(cx, &args[0], args[1].text()?),
    }
}

/// The value of a field of a record or of an item as the file writes it: `Last Call` where the kind's word is `proposed`.
pub(super) fn written_value<'a>(cx: &Context<'a>, holder: &Value<'a>, field: &str) -> EvalResult<'a> {
    cx.step(ELEMENT_COST)?;
    let (record, node, shape) = match holder {
        Value::Record(record) => (*record, record.field(field), Some(&**record.kind.shape)),
        Value::Item(item) => (item.record, item.node.get(field), item.shape),
        _ => return Err(EvalError::Indeterminate),
    };
    let field = shape.and_then(|shape| shape.field(field));
    let node = node.ok_or(EvalError::Absent)?;
    let text = first_line(cx, record, node);
    if node.is_blank() {
        let is_on_purpose = node.is_null() && field.is_some_and(|field| field.is_none(text));
        return is_on_purpose.then(|| Value::string(text)).ok_or(EvalError::Absent);
    }
    let canonical = node.as_text().unwrap_or_default();
    // A format translates the words of the record's own fields only.
    let format = record.format.as_ref().filter(|_| matches!(holder, Value::Record(_)));
    let vocabulary = field.and_then(|field| format?.words(&field.name));
    let word = field.and_then(|field| word(field, vocabulary, canonical, text));
    Ok(Value::string(word.unwrap_or(canonical)))
}

fn first_line<'a>(cx: &Context<'a>, record: &'a Record, node: &Node) -> &'a str {
    let text = cx.catalog.file_of(record).source().slice(node.span);
    text.lines().next().unwrap_or_default().trim().trim_matches(['"', '\''])
}

/// The part of a text that is the word for the value of a field; `None` if none is.
fn word<'t>(field: &Field, vocabulary: Option<&Words>, canonical: &str, text: &'t str) -> Option<&'t str> {
    match vocabulary {
        Some(vocabulary) => {
            let misspelt = || Some((text, vocabulary.only_meaning(text)?));
            let (word, value) = vocabulary.word_in(text).or_else(misspelt)?;
            (value == canonical).then_some(word)
        }
        // The value may be the path of the page itself, which the page does not state.
        None if field.initial == Some(Initial::Page) => None,
        None if text == canonical || field.values.is_empty() => Some(text),
        None => field.canonical(text).filter(|value| *value == canonical).map(|_| text),
    }
}

fn word_for<'a>(record: &'a Record, field: &str, value: &Value<'a>) -> EvalResult<'a> {
    let words = || record.format.as_ref()?.words(&record.kind.shape.field(field)?.name);
    let text = value.text()?;
    let word = words().and_then(|words| words.word_for(text)).map(|word| Value::string(word.to_owned()));
    Ok(word.unwrap_or_else(|| value.clone()))
}

pub(super) fn can_state(record: &Record, field: &str) -> bool {
    let described = record.kind.shape.field(field).is_some();
    described
        && record.format.as_ref().is_none_or(|format| format.states(field) || record.field(field).is_some())
}
