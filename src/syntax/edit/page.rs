use super::layout::Layout;
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
