//! Days with a typing error, which no pattern of a format reads.

use crate::calendar::{DateSlip, EXAMPLE_DATE, date_slip};
use crate::kind::{Field, FieldType};
use crate::node::{Entry, Mapping, Node};
use crate::profile::{Extractor, View};
use crate::schema::{Violation, did_you_mean};

/// Reports the key or the line of a day whose value has the digits of one and can't be read.
pub(super) fn unread_day(view: &View<'_>, field: &Field, extractors: &[Extractor]) -> Option<Violation> {
    if !matches!(field.ty, FieldType::Date) {
        return None;
    }
    let is_read = |entry: &&Entry| extractors.iter().any(|one| one.reads_entry(&entry.key.name));
    let parts = [view.root, view.header()].into_iter().flatten().filter_map(Node::as_mapping);
    parts.flat_map(Mapping::entries).filter(is_read).find_map(|line| violation(&line.value, field))
}

fn violation(value: &Node, field: &Field) -> Option<Violation> {
    let written = value.as_text()?.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '`'));
    let DateSlip { meant } = date_slip(written)?;
    Some(Violation {
        keyword: "format".into(),
        pointer: format!("/{}", field.name).into(),
        span: value.span,
        message: format!("`{}` is `{written}`; expected a date such as `{EXAMPLE_DATE}`", field.name),
        help: meant.as_deref().map(did_you_mean),
        suggestion: None,
        field: (*field.name).into(),
        missing: false,
        related: None,
    })
}
