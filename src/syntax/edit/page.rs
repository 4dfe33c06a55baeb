//! Adds lines to a text so that indentation, comments and line ends are preserved: an item, an entry of a header, a paragraph.

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

/// Adds a line after the one at `at` of a header, in the style of that line. `lines` are the places of labels and values. `None` if no
/// label has its value on the same line.
pub fn insert_line(
    source: &Source,
    lines: &[(Span, Span)],
    at: usize,
    key: &str,
    value: &str,
) -> Option<Edit> {
    let layout = Layout { text: source.text() };
    let (label, of_label) = *lines.get(at)?;
    let styles = || lines.iter().filter_map(|line| line_style(layout, *line));
    let LineStyle { before, between, after } =
        line_style(layout, (label, of_label)).or_else(|| styles().next())?;
    let end = layout.line_end(label.to(of_label).end as usize);
    // Lines of one paragraph end with line breaks (`<br>`, two spaces), except for the last one.
    let line_break = styles().map(|style| style.after).find(|mark| !mark.is_empty() && after.is_empty());
    let line_break = line_break.unwrap_or_default();
    let newline = layout.newline(end);
    Some(insertion(end, format!("{line_break}{newline}{before}{key}{between}{value}{after}")))
}

fn line_style(layout: Layout<'_>, (key, value): (Span, Span)) -> Option<LineStyle<'_>> {
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
    let is_one_line = !layout.slice(key.end as usize, value.end as usize).contains('\n');
    is_one_line.then_some(LineStyle { before, between, after })
}

/// Finds where to insert lines, entries and items.
#[derive(Clone, Copy)]
pub(super) struct Layout<'a> {
    pub text: &'a str,
}

impl<'a> Layout<'a> {
    pub(super) fn slice(self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or("")
    }

    pub(super) fn line_start(self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or("");
        match before.rfind('\n') {
            Some(end) => end + 1,
            None if before.starts_with('\u{feff}') => '\u{feff}'.len_utf8(),
            None => 0,
        }
    }

    pub(super) fn line_end(self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or("");
        let line = rest.split('\n').next().unwrap_or("");
        at + line.strip_suffix('\r').unwrap_or(line).len()
    }

    pub(super) fn newline(self, at: usize) -> &'static str {
        let end = self.line_end(at);
        let here = self.text.get(end..).unwrap_or("");
        let before = self.text.get(..self.line_start(at)).unwrap_or("");
        let crlf = if here.is_empty() { before.ends_with("\r\n") } else { here.starts_with("\r\n") };
        if crlf { "\r\n" } else { "\n" }
    }

    pub(super) fn line_prefix(self, at: usize) -> &'a str {
        self.slice(self.line_start(at), at)
    }

    pub(super) fn insert_line_after(self, end: usize, line: &str) -> Edit {
        let at = self.line_end(end);
        Edit { span: Span::at(at), replacement: format!("{}{line}", self.newline(at)) }
    }

    /// The end of the comment lines after `at` that are indented by more than `indentation`.
    pub(super) fn end_of_comments(self, at: usize, indentation: usize) -> usize {
        let mut end = self.line_end(at);
        while let Some(next) =
            self.text.get(end..).and_then(|rest| rest.find('\n')).map(|found| end + found + 1)
        {
            let line = self.slice(next, self.line_end(next));
            let comment = line.trim_start_matches(' ');
            if !comment.starts_with('#') || line.len() - comment.len() <= indentation {
                break;
            }
            end = next + line.len();
        }
        end
    }

    /// Adds a member after `index` to a list or mapping in brackets: on its own line if that member is.
    pub(super) fn insert_member_after(self, members: &[Span], index: usize, member: &str) -> Option<Edit> {
        let after = *members.get(index)?;
        let (start, end) = (after.start as usize, after.end as usize);
        let indentation = self.line_prefix(start);
        if self.line_start(start) == 0 || !indentation.trim().is_empty() {
            return Some(insertion(end, format!("{}{member}", self.separator(members, index))));
        }
        let rest = self.slice(end, self.line_end(end));
        let newline = self.newline(end);
        let is_line_end = |rest: &str| rest.trim().is_empty() || rest.trim_start().starts_with('#');
        match rest.trim_start().strip_prefix(',') {
            Some(after) if is_line_end(after) => {
                Some(insertion(end + rest.len(), format!("{newline}{indentation}{member},")))
            }
            None if is_line_end(rest) => Some(Edit {
                span: Span::new(end, end + rest.len()),
                replacement: format!(",{rest}{newline}{indentation}{member}"),
            }),
            _ => Some(insertion(end, format!(", {member}"))),
        }
    }

    fn separator(self, members: &[Span], index: usize) -> &'a str {
        let between = |pair: &[Span]| self.slice(pair[0].end as usize, pair[1].start as usize);
        let known = members.windows(2).map(between).filter(|text| text.trim() == "," && !text.contains('\n'));
        let near = index.saturating_sub(1);
        known.clone().nth(near).or_else(|| known.clone().next()).unwrap_or(", ")
    }
}

fn insertion(at: usize, text: String) -> Edit {
    Edit { span: Span::at(at), replacement: text }
}
