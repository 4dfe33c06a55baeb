//! Adds lines to the text of a page: an entry of a header, and a paragraph.

use super::layout::Layout;
use crate::node::{Entry, Node};
use crate::syntax::markdown::Heading;
use crate::text::{Edit, Source, Span};

/// Inserts a paragraph directly below a heading.
pub fn insert_below(source: &Source, heading: &Heading, text: &str) -> Edit {
    paragraph(source, heading.line.end as usize, text)
}

/// Appends a paragraph to the text directly below a heading; a list item if that text ends with a list.
pub fn append_to_section(source: &Source, heading: &Heading, text: &str) -> Edit {
    let own = source.slice(heading.own_body).trim_end();
    if own.trim_start().is_empty() {
        return insert_below(source, heading, text);
    }
    let layout = Layout { text: source.text() };
    let end = layout.line_end(heading.own_body.start as usize + own.len());
    let last = layout.line_prefix(end);
    match ["- ", "* ", "+ "].into_iter().find(|mark| last.starts_with(mark)) {
        Some(mark) => layout.insert_line_after(end, &format!("{mark}{text}")),
        None => paragraph(source, end, text),
    }
}

fn paragraph(source: &Source, after: usize, text: &str) -> Edit {
    let layout = Layout { text: source.text() };
    let end = layout.line_end(after);
    let newline = layout.newline(end);
    let rest = source.text().get(end..).unwrap_or("");
    let next = rest.strip_prefix("\r\n").or(rest.strip_prefix('\n'));
    let is_apart = next.is_none_or(|next| next.lines().next().is_none_or(|line| line.trim().is_empty()));
    let apart = if is_apart { "" } else { newline };
    Edit { span: Span::at(end), replacement: format!("{newline}{newline}{text}{apart}") }
}

struct LineStyle<'a> {
    before: &'a str,
    between: &'a str,
    after: &'a str,
}

/// Adds a line after entry `at` of a header, in the style of that entry. `None` if no
/// entry is on one line.
pub fn insert_line(source: &Source, header: &Node, at: usize, key: &str, value: &str) -> Option<Edit> {
    let layout = Layout { text: source.text() };
    let entries = header.entries();
    let sibling = entries.get(at)?;
    let own = line_style(layout, sibling);
    let model = own
        .as_ref()
        .map(|_| sibling)
        .or_else(|| entries.iter().find(|one| line_style(layout, one).is_some()));
    let LineStyle { before, between, after } = line_style(layout, model?)?;
    let end = sibling.key.span.to(sibling.value.span).end as usize;
    let end = layout.line_end(end);
    let line = format!("{before}{key}{between}{value}{after}");
    // Lines of one paragraph end with line breaks (`<br>`, two spaces), except for the last one.
    let breaks = entries.iter().filter_map(|one| line_style(layout, one)).map(|style| style.after);
    let line_break =
        breaks.clone().find(|after| !after.is_empty()).filter(|_| after.is_empty()).unwrap_or("");
    Some(Edit { span: Span::at(end), replacement: format!("{line_break}{}{line}", layout.newline(end)) })
}

fn line_style<'a>(layout: Layout<'a>, entry: &Entry) -> Option<LineStyle<'a>> {
    let (key, value) = (entry.key.span, entry.value.span);
    entry.value.as_scalar()?;
    if value.start <= key.end {
        return None;
    }
    let before = layout.line_prefix(key.start as usize);
    let mut between = layout.slice(key.end as usize, value.start as usize);
    let mut after = layout.slice(value.end as usize, layout.line_end(value.end as usize));
    for mark in ["**", "__", "*", "_", "`"] {
        let inner = between.strip_suffix(mark).filter(|inner| inner.ends_with([' ', '\t']));
        if let (Some(inner), Some(rest)) = (inner, after.strip_prefix(mark)) {
            (between, after) = (inner, rest);
        }
    }
    // A comment of YAML is about its own entry.
    if after.trim_start().starts_with('#') {
        after = "";
    }
    let one_line =
        !between.contains('\n') && !layout.slice(value.start as usize, value.end as usize).contains('\n');
    one_line.then_some(LineStyle { before, between, after })
}
