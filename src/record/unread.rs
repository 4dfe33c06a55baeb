//! What a record states and no field takes.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{RecordContent, identity, near_miss};
use crate::format::Format;
use crate::kind::Field;
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

/// A longer label is no name of a field.
const LONGEST: usize = 30;

/// Returns the statements of a part that no field took. The sections of a page are text, unless their headings misspell a field, or begin
/// with an identifier, and its front matter is judged by the schema in the native form. Of a format that closes its words, only misspelt labels count: its community has further ones.
pub(super) fn of_part(
    part: &Part<'_>,
    taken: &BTreeSet<usize>,
    format: Option<&Format>,
    record: &RecordContent,
) -> Box<[UnreadStatement]> {
    let kind = &record.kind;
    let is_closed = format.is_some_and(|format| !format.definition.status.is_empty());
    let open = part.statements.iter().enumerate().filter(|(at, _)| !taken.contains(at)).map(|(_, it)| it);
    let labels = open.filter(|it| is_label(it) && !(format.is_none() && it.origin == Origin::FrontMatter));
    let unread = labels.filter_map(|it| {
        let may_state = |field: &Field| {
            record.field(&field.name).is_none()
                && format.is_none_or(|it| !is_closed || it.states(&field.name))
        };
        let is_section = matches!(it.content, Content::Section(_));
        let may_misspell = it.label.len() <= LONGEST && !(is_section && is_closed);
        let field = may_misspell.then(|| near_miss::of_line(kind, &it.label)).flatten();
        let field = field.filter(|field| may_state(field));
        let nearest = field.map(|field| field.name.clone());
        let counts = !is_closed && (!is_section || identity::number_of_heading(&it.label, kind).is_some());
        let statement = || UnreadStatement { label: (*it.label).into(), span: it.label_span, nearest };
        (counts || field.is_some()).then(statement)
    });
    unread.collect()
}

/// Returns true for a label with a value, but not for one of a site generator or a tracker.
fn is_label(statement: &Statement<'_>) -> bool {
    let is_of_others = || {
        words::is_in("other-labels", &statement.key) || matches!(&*statement.key, "kind" | "id" | "$schema")
    };
    !statement.key.is_empty() && !matches!(statement.content, Content::Nothing) && !is_of_others()
}
