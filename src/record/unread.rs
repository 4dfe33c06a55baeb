//! What a record states and no field takes.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{RecordContent, identity, near_miss};
use crate::format::Format;
use crate::kind::Kind;
use crate::layout::{Content, Origin, Part, Statement};
use crate::text::Span;
use crate::value::words;

/// A label at the level of a record that no field takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadStatement {
    pub label: Box<str>,
    pub span: Span,
    /// The field that the label misspells, if the record states it nowhere else.
    pub nearest: Option<Arc<str>>,
}

/// Returns the statements of a part that no field took. The sections of a page are text, unless their headings misspell a field, or begin
/// with an identifier. Of a format that closes its words, only misspelt labels count: its community has further ones.
pub(super) fn of_part(
    part: &Part<'_>,
    taken: &BTreeSet<usize>,
    format: Option<&Format>,
    record: &RecordContent,
) -> Box<[UnreadStatement]> {
    let kind = &record.kind;
    let is_closed = format.is_some_and(|format| !format.definition.status.is_empty());
    let open = part.statements.iter().enumerate().filter(|(at, _)| !taken.contains(at)).map(|(_, it)| it);
    let labels = open.filter(|it| is_label(it, kind));
    let unread = labels.filter_map(|it| {
        let field = near_miss::of_line(kind, &it.label).filter(|field| record.field(&field.name).is_none());
        let nearest = field.map(|field| field.name.clone());
        let counts = match it.content {
            Content::Section(_) => identity::number_of_heading(&it.label, kind).is_some(),
            _ => !is_closed,
        };
        let statement = || UnreadStatement { label: (*it.label).into(), span: it.label_span, nearest };
        (counts || field.is_some()).then(statement)
    });
    unread.collect()
}

/// Returns true for a label with a value, but not for a key that the schema judges, or that is for the generator of a site.
fn is_label(statement: &Statement<'_>, kind: &Kind) -> bool {
    let is_key = statement.origin == Origin::FrontMatter;
    let is_judged = is_key && kind.shape.by_key(&statement.label).is_some();
    let is_known =
        matches!(&*statement.label, "kind" | "$schema" | "id") || words::is_in("site-keys", &statement.key);
    !statement.key.is_empty()
        && !matches!(statement.content, Content::Nothing)
        && !is_judged
        && !(is_key && is_known)
}
