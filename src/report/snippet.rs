//! Source snippets of a diagnostic, rendered by miette.
//!
//! miette renders whole lines, and reads a whole source for each diagnostic. So it gets an [`Excerpt`]: a text of
//! only the lines to show, clipped to the terminal's width around the underlined spans, with control characters
//! replaced. It tells miette the original file, line and column.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::terminal::{self, Palette};
use crate::finding::Place;
use crate::text::{Position, Source};
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

pub(super) struct Mark<'a> {
    pub place: &'a Place,
    pub label: Option<&'a str>,
    pub style: owo_colors::Style,
}

/// Renders the lines of the marks in at most `width` columns. The header of an excerpt shows its first mark's place.
pub(super) fn render(marks: &[Mark], palette: &Palette, width: usize) -> String {
    // The width of ` │ ` and the space before the line number.
    const GUTTER: usize = 4;
    let (mut groups, mut last): (Vec<Vec<LineMark>>, _) = (Vec::new(), 1);
    for mark in marks.iter().map(LineMark::new) {
        last = mark.position.line.max(last);
        match groups.iter_mut().find(|group| mark.joins(group, width)) {
            Some(group) => group.push(mark),
            None => groups.push(vec![mark]),
        }
    }
    let digits = last.to_string().len();
    let excerpt = |group: &Vec<LineMark>| Excerpt::new(group, width.saturating_sub(digits + GUTTER));
    groups.iter().map(|group| excerpt(group).render(palette, digits)).collect()
}

struct LineMark<'a> {
    source: &'a Arc<Source>,
    position: Position,
    line: &'a str,
    span: Range<usize>,
    label: Option<&'a str>,
    style: owo_colors::Style,
}

impl<'a> LineMark<'a> {
    fn new(mark: &Mark<'a>) -> LineMark<'a> {
        let Place { source, span } = mark.place;
        let position = source.position(span.start as usize);
        let whole = line_range(source, position.line);
        let line = &source.text()[whole.clone()];
        let start = position.byte.clamp(whole.start, whole.end) - whole.start;
        let mut end = (span.end as usize).clamp(whole.start + start, whole.end) - whole.start;
        while !line.is_char_boundary(end) {
            end += 1;
        }
        let span = start..start + line[start..end].trim_end().len();
        let label = mark.label.filter(|label| !label.trim().is_empty());
        LineMark { source, position, line, span, label, style: mark.style }
    }

    /// The columns from byte `from` of the line to the end of this mark's label, which may be wrapped.
    fn columns_to_label_end(&self, from: usize, width: usize) -> usize {
        let (_, before) = take_columns(self.line[from..self.span.start].chars(), width);
        let (_, span) = take_columns(self.line[self.span.clone()].chars(), width - 2);
        let label = self.label.map_or(0, |it| terminal::columns(it).min(min_label_width(width)) + LABEL_ARM);
        before + span / 2 + label
    }

    fn fits_beside(&self, other: &LineMark, width: usize) -> bool {
        let (first, second) = if self.span.start <= other.span.start { (self, other) } else { (other, self) };
        let apart = first.span.end.max(first.span.start + 1) <= second.span.start;
        apart
            && take_columns(self.line[first.span.start..].chars(), width).0
                >= second.span.end - first.span.start
    }

    fn joins(&self, others: &[LineMark], width: usize) -> bool {
        const MAX_LINE_GAP: usize = 2;
        let same_file = others.iter().all(|other| Arc::ptr_eq(other.source, self.source));
        let near = others.iter().any(|it| it.position.line.abs_diff(self.position.line) <= MAX_LINE_GAP);
        let mut same_line = others.iter().filter(|other| other.position.line == self.position.line);
        same_file && near && same_line.all(|other| self.fits_beside(other, width / 2))
    }
}

/// Lines of a file, in which miette draws marks.
#[derive(Debug)]
struct Excerpt {
    path: String,
    line: usize,
    text: String,
    /// The offset of each line in the text, and of the end of the last.
    starts: Vec<usize>,
    marks: Vec<RenderedMark>,
}

#[derive(Debug)]
struct RenderedMark {
    span: Range<usize>,
    position: Position,
    label: Option<String>,
    style: owo_colors::Style,
    is_primary: bool,
}

impl Excerpt {
    fn new(group: &[LineMark], width: usize) -> Excerpt {
        let head = &group[0];
        let lines = group.iter().map(|mark| mark.position.line);
        let line = lines.clone().min().unwrap_or(head.position.line);
        let path = terminal::one_line(head.source.path()).into_owned();
        let mut excerpt = Excerpt { path, line, text: String::new(), starts: vec![], marks: vec![] };
        for number in line..=lines.max().unwrap_or(line) {
            excerpt.starts.push(excerpt.text.len());
            let mut marks: Vec<_> = group.iter().filter(|mark| mark.position.line == number).collect();
            marks.sort_by_key(|mark| mark.span.start);
            match marks.is_empty() {
                true => excerpt.text += &unmarked_line(head.source, number, width),
                false => excerpt.add_line(&marks, head, width),
            }
            // miette needs the newline of the last line too, to draw a caret at its end.
            excerpt.text.push('\n');
        }
        excerpt.starts.push(excerpt.text.len());
        excerpt
    }

    /// Draws it beside line numbers of so many digits.
    fn render(&self, palette: &Palette, digits: usize) -> String {
        let mut styles: Vec<_> = self.marks.iter().map(|mark| (mark.span.start, mark.style)).collect();
        styles.sort_by_key(|(start, _)| *start);
        let theme = GraphicalTheme {
            characters: ThemeCharacters::unicode(),
            styles: ThemeStyles {
                link: palette.place,
                linum: palette.dim,
                highlights: styles.into_iter().map(|(_, style)| style).collect(),
                ..ThemeStyles::none()
            },
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_context_lines(0)
            .with_wrap_lines(false)
            .without_cause_chain()
            .without_syntax_highlighting();
        let mut rendered = String::new();
        // Fails only if a span is rejected.
        let _ = handler.render_report(&mut rendered, self);
        let own_digits = (self.line + self.starts.len() - 2).to_string().len();
        let indent = " ".repeat(digits.saturating_sub(own_digits));
        rendered.lines().skip(1).map(|line| format!("{indent}{}\n", line.trim_end())).collect()
    }

    fn add_line(&mut self, marks: &[&LineMark], head: &LineMark, width: usize) {
        let line = marks[0].line;
        let focus = marks[0].span.start..marks[marks.len() - 1].span.end;
        // An empty span is drawn as a caret, which takes a column.
        let carets = marks.iter().filter(|mark| mark.span.is_empty()).count();
        let label_end = marks.iter().map(|it| it.columns_to_label_end(focus.start, width)).max().unwrap_or(0);
        let label_end = label_end + carets;
        let shown = visible_range(line, focus, width, label_end);
        let start = self.text.len();
        if shown.start > 0 {
            self.text.push('…');
        }
        let mut at = shown.start;
        for mark in marks {
            let span = mark.span.start..mark.span.end.min(shown.end);
            self.text += &terminal::expand_tabs(&line[at..span.start]);
            let from = self.text.len();
            let column = terminal::columns(&self.text[start..]);
            self.text += &terminal::expand_tabs(&line[span.clone()]);
            let middle = column + terminal::columns(&self.text[from..]) / 2;
            let room = width.saturating_sub(middle + LABEL_ARM + carets).max(min_label_width(width));
            self.marks.push(RenderedMark {
                span: from..self.text.len(),
                position: mark.position,
                label: mark.label.map(|label| terminal::paragraph(label, room, 0, 0).join("\n")),
                style: mark.style,
                is_primary: std::ptr::eq(*mark, head),
            });
            at = span.end;
        }
        self.text += &terminal::expand_tabs(&line[at..shown.end]);
        if shown.end < line.len() {
            self.text.push('…');
        }
    }
}

/// The width of `╰── `, from the middle of an underline to its label.
const LABEL_ARM: usize = 4;

/// Labels are wrapped to at least this width; the line is shifted to make room for it.
fn min_label_width(width: usize) -> usize {
    width / 3
}

/// The byte range of a line, without its terminator and byte order mark.
fn line_range(source: &Source, number: usize) -> Range<usize> {
    let (starts, text) = (source.line_starts(), source.text());
    let start = starts.get(number - 1).map_or(text.len(), |&start| start as usize);
    let start = if number == 1 { source.bom_len() } else { start };
    let end = starts.get(number).map_or(text.len(), |&end| end as usize);
    start..start + text[start..end].trim_end_matches(['\n', '\r']).len()
}

fn unmarked_line(source: &Source, number: usize, width: usize) -> String {
    let line = &source.text()[line_range(source, number)];
    let (shown, _) = take_columns(line.chars(), width + 1);
    terminal::clip(&terminal::expand_tabs(&line[..shown]), width).into_owned()
}

/// The bytes to show: the whole line if it leaves `label_end` columns behind the start of `focus`, else a part; a line may have megabytes.
fn visible_range(line: &str, focus: Range<usize>, width: usize, label_end: usize) -> Range<usize> {
    let available = width.saturating_sub(2).max(1);
    let (inner_bytes, inner) = take_columns(line[focus.clone()].chars(), available);
    let (left, right) = (&line[..focus.start], &line[focus.start + inner_bytes..]);
    let (left_bytes, before) = take_columns(left.chars().rev(), width);
    let (right_bytes, after) = take_columns(right.chars(), width);
    let whole = left_bytes == left.len() && right_bytes == right.len() && focus.len() == inner_bytes;
    let left_limit = width.saturating_sub(label_end + 1);
    if whole && before + inner + after <= width && before <= left_limit {
        return 0..line.len();
    }
    let available = available - inner;
    let take = before.min((available / 2).max(available.saturating_sub(after))).min(left_limit);
    let (left_bytes, taken) = take_columns(left.chars().rev(), take);
    let (right_bytes, _) = take_columns(right.chars(), available.saturating_sub(taken));
    let right_bytes = if focus.len() == inner_bytes { right_bytes } else { 0 };
    left.len() - left_bytes..line.len() - right.len() + right_bytes
}

/// Returns how many bytes of text fit in `limit` columns, and their width.
fn take_columns(chars: impl Iterator<Item = char>, limit: usize) -> (usize, usize) {
    // Bounds the text read, because a character may have any number of combining marks.
    const MAX_BYTES_PER_COLUMN: usize = 32;
    let (mut bytes, mut columns) = (0, 0);
    for c in chars {
        let wider = columns + terminal::char_columns(c);
        if wider > limit || bytes > limit * MAX_BYTES_PER_COLUMN {
            break;
        }
        (bytes, columns) = (bytes + c.len_utf8(), wider);
    }
    (bytes, columns)
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (from, to) = (span.offset(), span.offset() + span.len());
        let line_of = |byte| self.starts.partition_point(|&start| start <= byte).saturating_sub(1);
        let (first, last) = (line_of(from), line_of(to));
        let end = *self.starts.get(last + 1).ok_or(MietteError::OutOfBounds)?;
        let start = self.starts[first];
        let mark = self.marks.iter().find(|mark| mark.span == (from..to));
        Ok(Box::new(MietteSpanContents::new_named(
            self.path.clone(),
            &self.text.as_bytes()[start..end],
            (start, end - start).into(),
            self.line + first - 1,
            mark.map_or(0, |mark| mark.position.column - 1),
            // All lines of the excerpt, so that miette renders them together.
            self.starts.len(),
        )))
    }
}

impl miette::Diagnostic for Excerpt {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.marks.iter().map(|mark| {
            let span = (mark.span.start, mark.span.len());
            match mark.is_primary {
                true => LabeledSpan::new_primary_with_span(mark.label.clone(), span),
                false => LabeledSpan::new_with_span(mark.label.clone(), span),
            }
        })))
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Excerpt {}
