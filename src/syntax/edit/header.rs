//! Header lines (`Key: value`, bulleted or bold): a new one is written as its neighbour is.

use super::layout::Layout;
use crate::node::{Entry, Mapping, Node};
use crate::text::{Edit, Source, Span};

/// How a header marks a pair: what stands before the key, between the two, and after the value.
struct Marks<'a> {
    before: &'a str,
    between: &'a str,
    after: &'a str,
}

/// A pair more, after the `at`th of a header as [`crate::syntax::header::read`] reads it. None where no pair of
/// it stands on one line.
pub fn insert_line(source: &Source, header: &Node, at: usize, key: &str, value: &str) -> Option<Edit> {
    let layout = Layout { text: source.text() };
    let entries = header.as_mapping().map_or(&[][..], Mapping::entries);
    let sibling = entries.get(at)?;
    let own = marks(layout, sibling);
    let model =
        own.as_ref().map(|_| sibling).or_else(|| entries.iter().find(|one| marks(layout, one).is_some()));
    let Marks { before, between, after } = marks(layout, model?)?;
    let end = sibling.key.span.to(sibling.value.span).end as usize;
    let end = layout.line_end(end);
    let line = format!("{before}{key}{between}{value}{after}");
    // Lines of one paragraph are kept apart by marks at their ends, which the last one does without.
    let breaks = entries.iter().filter_map(|one| marks(layout, one)).map(|marks| marks.after);
    let line_break =
        breaks.clone().find(|after| !after.is_empty()).filter(|_| after.is_empty()).unwrap_or("");
    Some(Edit { span: Span::at(end), replacement: format!("{line_break}{}{line}", layout.newline(end)) })
}

fn marks<'a>(layout: Layout<'a>, entry: &Entry) -> Option<Marks<'a>> {
    let (key, value) = (entry.key.span, entry.value.span);
    entry.value.as_scalar()?;
    if value.start <= key.end {
        return None;
    }
    let before = layout.before(key.start as usize);
    let mut between = layout.slice(key.end as usize, value.start as usize);
    let mut after = layout.slice(value.end as usize, layout.line_end(value.end as usize));
    // Emphasis of the one value is not the other's.
    for mark in ["**", "__", "*", "_", "`"] {
        let inner = between.strip_suffix(mark).filter(|inner| inner.ends_with([' ', '\t']));
        if let (Some(inner), Some(rest)) = (inner, after.strip_prefix(mark)) {
            (between, after) = (inner, rest);
        }
    }
    let one_line =
        !between.contains('\n') && !layout.slice(value.start as usize, value.end as usize).contains('\n');
    one_line.then_some(Marks { before, between, after })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::header;

    fn with_date(text: &str, after: usize) -> String {
        let source = Source::new("a.md", text.into());
        let header = header::parse(&source, Span::new(0, text.len())).unwrap();
        let edit = insert_line(&source, &header, after, "Date", "2026-03-02").unwrap();
        assert!(edit.span.is_empty());
        format!("{}{}{}", &text[..edit.span.range().start], edit.replacement, &text[edit.span.range().end..])
    }

    #[test]
    fn a_line_is_written_as_its_neighbour_is() {
        let cases = [
            ("Status: accepted\n", "Status: accepted\nDate: 2026-03-02\n"),
            (
                "* Status: **accepted**\r\n* Who: a\r\n",
                "* Status: **accepted**\r\n* Date: 2026-03-02\r\n* Who: a\r\n",
            ),
            ("**Status:** ok  \n**Who:** a\n", "**Status:** ok  \n**Date:** 2026-03-02  \n**Who:** a\n"),
            (
                "- Who: a\n  b\n\ntext\n- Status: c\n",
                "- Who: a\n  b\n- Date: 2026-03-02\n\ntext\n- Status: c\n",
            ),
            ("Status: accepted", "Status: accepted\nDate: 2026-03-02"),
        ];
        for (text, expected) in cases {
            assert_eq!(with_date(text, 0), expected);
        }
        let last = with_date("**Who:** a\\\n**Status:** `ok`\n", 1);
        assert_eq!(last, "**Who:** a\\\n**Status:** `ok`\\\n**Date:** 2026-03-02\n");
    }
}
