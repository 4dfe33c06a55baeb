//! Reads a misspelt status as the word that was meant, so that the typo hides nothing else.

use super::RecordContent;
use crate::limits;
use crate::node::{Entry, Mapping, Node};
use crate::schema::{Violation, did_you_mean};

/// Replaces a status that is one edit from a single valid word by that word, and keeps the violation of the schema.
pub(super) fn correct(record: &mut RecordContent) {
    let Some((name, meant)) = meant(record) else { return };
    let at_status = |violation: &Violation| violation.pointer.strip_prefix('/') == Some(&*name);
    if !record.format_violations.iter().any(at_status) {
        let status = record.fields.as_mapping().and_then(|fields| fields.entry(&name)).cloned();
        let alone = Node::mapping(record.span, Mapping::new(status.into_iter().collect()));
        let violations = record.kind.violations(limits::VIOLATIONS, &alone);
        record.format_violations.extend(violations.into_iter().filter(at_status));
    }
    for violation in record.format_violations.iter_mut().filter(|it| at_status(it) && it.suggestion.is_none())
    {
        violation.suggestion = Some(meant.clone());
        violation.help = Some(did_you_mean(&meant));
    }
    let entries = record.fields.as_mapping().map_or(&[][..], Mapping::entries).iter();
    let corrected = entries.map(|Entry { key, value }| match *key.name == *name {
        true => Entry { key: key.clone(), value: Node::text(value.span, meant.clone()) },
        false => Entry { key: key.clone(), value: value.clone() },
    });
    record.fields = Node::mapping(record.span, Mapping::new(corrected.collect())).into();
}

/// Returns the field of the status and the value that its misspelt word means.
fn meant(record: &RecordContent) -> Option<(Box<str>, Box<str>)> {
    let field = record.kind.shape.field(record.kind.status.as_deref()?)?;
    let written = record.field(&field.name)?.as_text()?;
    if field.values.is_empty() || field.values.iter().any(|value| **value == *written) {
        return None;
    }
    let words = record.format.as_ref().and_then(|format| format.words(&field.name));
    let meant = match words {
        Some(words) => words.only_meaning(written),
        None => field.only_meaning(written),
    };
    Some(((*field.name).into(), meant?.into()))
}
