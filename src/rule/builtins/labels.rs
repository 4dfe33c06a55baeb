//! The labels of a page that are misspelt.

use crate::record::{MisspeltLabel, Record};
use crate::rule::runtime::{Context, ELEMENT_COST, EvalResult, Fact, FactIdentity, Value, Written};

/// The labels of a page with one record from which nothing is read, though one or two letters more or less would be.
pub(super) fn misspelt<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let file = cx.catalog.file_of(record);
    if record.profile.is_none() || file.document.markdown.is_none() {
        return Ok(Value::list(Vec::new()));
    }
    let source = file.source();
    cx.step(source.text().len() / 16)?;
    let fact = |label: MisspeltLabel<'a>| {
        let members = vec![
            ("title", Value::string(source.slice(label.span))),
            ("field", Value::string(label.field)),
            ("meant", Value::string(label.meant)),
            ("text", Value::string("")),
            ("blank", Value::Bool(true)),
        ];
        let written = Some(Written { source, text: label.span });
        let (span, identity) = (label.span, FactIdentity::Words);
        Fact { written, ..Fact::new(members, span, identity) }.into()
    };
    let labels = record.misspelt_labels(cx.catalog.document(file));
    cx.step(labels.len() * ELEMENT_COST)?;
    Ok(Value::list(labels.into_iter().map(fact).collect()))
}
