//! The values of fields in the words of the file, and whether its format has a place for a field.

use crate::format::Words;
use crate::kind::{Field, Initial};
use crate::node::Node;
use crate::record::Record;
use crate::rule::runtime::{Context, ELEMENT_COST, EvalError, EvalResult, Value};

/// The value of a field in the words of the file, or the word of the format for a value.
pub(super) fn written<'a>(cx: &Context<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    match args {
        [record, field, value] => word_for(record.record()?, field.text()?, value),
        _ => value(cx, &args[0], args[1].text()?),
    }
}

/// The value of a field of a record or of an item as the file writes it: `Last Call` where the kind's word is `proposed`.
///
/// # Errors
/// The field is absent.
pub(super) fn value<'a>(cx: &Context<'a>, holder: &Value<'a>, field: &str) -> EvalResult<'a> {
    cx.step(ELEMENT_COST)?;
    let (record, node, shape) = match holder {
        Value::Record(record) => (*record, record.field(field), Some(&*record.kind.shape)),
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

/// Returns the word of the record's format for a value of a field.
fn word_for<'a>(record: &'a Record, field: &str, value: &Value<'a>) -> EvalResult<'a> {
    let words = || record.format.as_ref()?.words(&record.kind.shape.field(field)?.name);
    let text = value.text()?;
    let word = words().and_then(|words| words.word_for(text)).map(|word| Value::string(word.to_owned()));
    Ok(word.unwrap_or_else(|| value.clone()))
}

/// Returns true if the record's format has a place for a field.
pub(super) fn can_state(record: &Record, field: &str) -> bool {
    let described = record.kind.shape.field(field).is_some();
    described
        && record.format.as_ref().is_none_or(|format| format.states(field) || record.field(field).is_some())
}
