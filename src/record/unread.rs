//! What a record states and no field takes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Record, RecordContent, identity, near_miss};
use crate::format::Format;
use crate::kind::{Field, Kind};
use crate::layout::{Content, Origin, Part, Statement};
use crate::node::Mapping;
use crate::text::Span;
use crate::value::words;

/// A label at the level of a record that no field takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadStatement {
    pub label: Box<str>,
    pub span: Span,
}

/// A longer label is no name of a field.
const LONGEST: usize = 30;

impl Record {
    /// Returns the field that a label misspells, if the record does not state it.
    pub fn misspelt_field(&self, statement: &UnreadStatement) -> Option<&Field> {
        let format = self.format.as_deref().filter(|format| format.is_closed());
        let field = field_like(&self.kind, &statement.label)?;
        let may_state = format.is_none_or(|format| format.states(&field.name));
        (may_state && self.field(&field.name).is_none()).then_some(field)
    }

    /// Returns true if each of its labels is to be taken by a field. A format that closes its words belongs to a community, which has further
    /// labels.
    pub fn is_accounted_for(&self) -> bool {
        self.is_adopted && !self.format.as_deref().is_some_and(Format::is_closed)
    }
}

/// Returns the statements of a part that no field took. The sections of a page are text, unless their headings misspell a field, or begin
/// with an identifier, and the schema judges front matter in the native format.
pub(super) fn of_part(
    part: &Part<'_>,
    taken: &BTreeSet<usize>,
    format: Option<&Format>,
    record: &RecordContent,
) -> Box<[UnreadStatement]> {
    let kind = &record.kind;
    let values = || record.fields.as_mapping().map_or(&[][..], Mapping::entries).iter();
    // An item such as `AP Tom: call them` is a line of a list that a field took.
    let is_in_value = |it: &Statement<'_>| values().any(|field| field.value.span.contains(it.label_span));
    let is_closed = format.is_some_and(Format::is_closed);
    let open = part.statements.iter().enumerate().filter(|(at, _)| !taken.contains(at)).map(|(_, it)| it);
    let counts = |it: &&Statement<'_>| match it.content {
        Content::Section(_) if is_closed => false,
        Content::Section(_) => {
            identity::number_of_heading(&it.label, kind).is_some() || field_like(kind, &it.label).is_some()
        }
        _ => format.is_some() || it.origin != Origin::FrontMatter,
    };
    let labels = open.filter(|it| is_label(it) && !is_in_value(it)).filter(counts);
    labels.map(|it| UnreadStatement { label: (*it.label).into(), span: it.label_span }).collect()
}

fn field_like<'k>(kind: &'k Kind, label: &str) -> Option<&'k Field> {
    (label.len() <= LONGEST).then(|| near_miss::of_line(kind, label)).flatten()
}

/// Returns true for a label with a value, but not for one of a site generator or a tracker.
fn is_label(statement: &Statement<'_>) -> bool {
    let is_of_others = || {
        words::is_in("other-labels", &statement.key) || matches!(&*statement.key, "kind" | "id" | "$schema")
    };
    !statement.key.is_empty() && !matches!(statement.content, Content::Nothing) && !is_of_others()
}
