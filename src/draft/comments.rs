//! The comments of a template that explain what is filled in: they are not copied.

use crate::node::Entry;
use crate::syntax::{Document, Format};
use crate::text::Span;

/// Returns the span to remove with a comment: the white space before it, and the whole lines with one blank line below if
/// they hold nothing else.
pub(super) fn whole_lines(text: &str, comment: Span) -> Span {
    let (start, end) = (comment.range().start, comment.range().end);
    let before = text[..start].trim_end_matches([' ', '\t']);
    let is_alone = before.is_empty() || before.ends_with('\n');
    if !is_alone || !text[end..].lines().next().unwrap_or_default().trim().is_empty() {
        return Span::new(before.len(), end);
    }
    let is_apart = before.is_empty() || before.ends_with("\n\n") || before.ends_with("\n\r\n");
    let mut end = end;
    for _ in 0..=usize::from(is_apart) {
        let line = text[end..].split_inclusive('\n').next().unwrap_or_default();
        end += if line.trim().is_empty() { line.len() } else { 0 };
    }
    Span::new(before.len(), end)
}

/// The comments about an entry of YAML: the lines directly above it, and the rest of its line. A comment at the start of a file is
/// about all of it.
pub(super) fn yaml_comments(document: &Document, entry: &Entry) -> impl Iterator<Item = Span> {
    let text = document.source.text();
    let line = document.source.line_span(entry.key.span.start as usize).range();
    let mut start = line.start;
    while let Some(above) = text[..start].strip_suffix('\n') {
        let above = above.rfind('\n').map_or(0, |end| end + 1);
        if !text[above..start].trim_start().starts_with('#') {
            break;
        }
        start = above;
    }
    let above =
        (start > document.source.bom_len() && start < line.start).then(|| Span::new(start, line.start));
    let value = entry.value.span.range().end.max(entry.key.span.range().end);
    let rest = text
        .get(value..line.end)
        .filter(|rest| rest.starts_with([' ', '\t']) && rest.trim_start().starts_with('#'));
    let behind = rest.map(|rest| Span::new(value, value + rest.trim_end().len()));
    let is_yaml = document.format != Format::Json;
    above.into_iter().chain(behind).filter(move |_| is_yaml)
}
