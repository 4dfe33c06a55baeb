//! Fields of a user's kind that no expression can read, as every record has a member of their name.

use std::sync::Arc;

use serde_json::Value;

use crate::embedded;
use crate::finding::Fault;
use crate::kind::{Field, Kind, Kinds};
use crate::rule::builtins;
use crate::text::Source;

use super::location::{locate_key, locate_value};
use super::rule::is_reserved;

/// Returns a fault for each field in these sources that an expression can't read.
pub fn hidden_fields(kinds: &Kinds, sources: &[Arc<Source>]) -> Vec<Fault> {
    let kinds = sources.iter().filter_map(|source| Some((source, kinds.of_source(source)?)));
    kinds.flat_map(|(source, kind)| hidden_fields_of(source, kind)).collect()
}

/// Returns a fault for each kind that no rule can name, as its name has another meaning under `for`.
pub fn hidden_kinds(kinds: &Kinds, sources: &[Arc<Source>]) -> Vec<Fault> {
    let kinds = sources.iter().filter_map(|source| Some((source, kinds.of_source(source)?)));
    let hidden = kinds.filter(|(_, kind)| is_reserved(&kind.name));
    let fault = |(source, kind): (&Arc<Source>, &Arc<Kind>)| {
        let name = &kind.name;
        let message = format!("`{name}` can't be a kind: `for: {name}` in a rule means something else");
        let fault = Fault::new(message).help(format!("rename the file, such as to `our-{name}.yaml`"));
        fault.at(source, source.line_span(source.bom_len()))
    };
    hidden.map(fault).collect()
}

fn hidden_fields_of(source: &Arc<Source>, kind: &Kind) -> Vec<Fault> {
    let is_review =
        |name: &str| kind.review.as_ref().is_some_and(|review| review.due.as_deref() == Some(name));
    let is_hidden =
        |field: &&Field| builtins::hides_field(&field.name.replace('-', "_")) && !is_review(&field.name);
    let base = locate_value(source, "/base").map_or("", |span| source.slice(span));
    let fields = kind.shape.fields.iter().filter(is_hidden).filter(|field| {
        let mut built_in = [base, &*kind.name].into_iter();
        !built_in.any(|kind| has_field(kind, &field.name))
    });
    let fault = |field: &Field| {
        let name = &field.name;
        let pointer = format!("/properties/{name}");
        locate_value(source, &pointer)?;
        let member = name.replace('-', "_");
        let fault =
            Fault::new(format!("`{name}` can't be a field: in a rule, `record.{member}` is another value"));
        let help =
            format!("call the field otherwise, such as `{}-{name}`, with `x-aliases: [{name}]`", kind.name);
        Some(fault.help(help).at(source, locate_key(source, &pointer)))
    };
    fields.filter_map(fault).collect()
}

/// Returns true if a built-in kind has a field.
fn has_field(kind: &str, field: &str) -> bool {
    let json = embedded::as_json(&format!("schemas/kinds/{kind}.yaml"));
    let json: Option<Value> = json.and_then(|json| serde_json::from_str(json).ok());
    json.is_some_and(|json| !json["properties"][field].is_null())
}
