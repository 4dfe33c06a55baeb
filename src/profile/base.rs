//! A profile may extend a built-in one, which may extend another.

use std::sync::Arc;

use crate::embedded;
use crate::finding::Fault;
use crate::node::Node;
use crate::schema;
use crate::syntax::{self, Document, Format};
use crate::text::Source;

/// The profile with that of its `base` below it.
pub(super) fn extended(
    source: &Arc<Source>,
    root: &Node,
    built_in: &[Arc<Source>],
) -> Result<Option<Node>, Fault> {
    root.extending(|name| base_named(name, built_in, MAX_BASES)).map_err(|base| {
        let name = base.as_text().unwrap_or_default();
        let fault = Fault::new(format!("unknown base `{name}`: no built-in profile has this name"));
        let near = schema::nearest(name, built_in.iter().map(|source| file_name(source)));
        with_suggestion(fault, near).at(source, base.span)
    })
}

pub(super) fn has_base(source: &Source) -> bool {
    source.text().lines().any(|line| line.starts_with("base:"))
}

/// The longest chain of profiles that extend each other.
const MAX_BASES: usize = 4;

fn base_named(name: &str, built_in: &[Arc<Source>], bases: usize) -> Option<Node> {
    let source = built_in.iter().find(|source| file_name(source) == name)?;
    let root = built_in_document(source).roots.into_iter().next()?;
    let further = bases.checked_sub(1)?;
    match root.extending(|name| base_named(name, built_in, further)) {
        Ok(merged) => Some(merged.unwrap_or(root)),
        Err(_) => None,
    }
}

/// Parses a file of the program from its JSON. The spans are those of the JSON.
pub(super) fn built_in_document(source: &Arc<Source>) -> Document {
    match embedded::as_json(source.path()) {
        Some(json) => syntax::parse(Arc::new(Source::embedded(source.path(), json)), Format::Json),
        None => syntax::parse(source.clone(), Format::Yaml),
    }
}

pub(super) fn file_name(source: &Source) -> &str {
    let name = source.path().rsplit('/').next().unwrap_or_default();
    name.split('.').next().unwrap_or_default()
}

pub(super) fn with_suggestion(fault: Fault, nearest: Option<&str>) -> Fault {
    nearest.map(schema::did_you_mean).into_iter().fold(fault, Fault::help)
}
