//! The lines of the user's files that a diagnostic shows, drawn by miette.
//!
//! miette reads a whole source for each diagnostic and draws its lines whole. So it is given a
//! [`Sheet`]: a small text made of only the lines to show, each cut to the screen's width around its
//! underlined words and cleaned of control characters. The sheet tells miette which file, line and
//! column each of its strips stands for.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use super::terminal::{self, Palette};
use crate::finding::Place;
use crate::text::{Position, Source};

/// Lines of one file that lie so far apart, or nearer, are shown in one strip.
const NEAR: usize = 2;

/// A cut moves to a space that is so many columns away at most.
const WORD: usize = 12;

/// A place to underline.
pub(super) struct Mark<'a> {
    pub place: &'a Place,
    pub label: Option<&'a str>,
    pub style: owo_colors::Style,
}

/// Draws the marks' lines, in the order of the marks, into at most `width` columns. The first mark is
/// the one that its strip is headed by. Paths are links below the folder of `links`.
pub(super) fn draw(marks: &[Mark], palette: &Palette, width: usize, links: Option<&str>) -> String {
    let sheet = Sheet::new(marks, width, links);
    let mut styles: Vec<_> = sheet.marks.iter().map(|mark| (mark.span.start, mark.style)).collect();
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
    let mut drawn = String::new();
    // Writing to a text fails only where the sheet refuses one of its own spans, which it does not.
    let _ = handler.render_report(&mut drawn, &sheet);
    sheet.align(&drawn)
}

/// One mark, found in its file: on one line, which is where it starts.
struct Spot<'a> {
    source: &'a Arc<Source>,
    position: Position,
    line: &'a str,
    /// In `line`.
    words: Range<usize>,
    label: Option<&'a str>,
    style: owo_colors::Style,
}

impl<'a> Spot<'a> {
    fn new(mark: &Mark<'a>) -> Spot<'a> {
        let Place { source, span } = mark.place;
        let position = source.position(span.start as usize);
        let whole = line_range(source, position.line);
        let line = &source.text()[whole.clone()];
        let start = position.byte.clamp(whole.start, whole.end) - whole.start;
        let mut end = (span.end as usize).clamp(whole.start + start, whole.end) - whole.start;
        while !line.is_char_boundary(end) {
            end += 1;
        }
        let words = start..start + line[start..end].trim_end().len();
        let label = mark.label.filter(|label| !label.trim().is_empty());
        Spot { source, position, line, words, label, style: mark.style }
    }

    /// How many of `width` columns the line takes from byte `from` to the end of this spot's label,
    /// which may be broken.
    fn columns_to_label_end(&self, from: usize, width: usize) -> usize {
        let (_, before) = reach(self.line[from..self.words.start].chars(), width);
        let (_, words) = reach(self.line[self.words.clone()].chars(), width - 2);
        let label = self.label.map_or(0, |label| terminal::columns(label).min(label_room(width)) + ARM);
        before + words / 2 + label
    }

    /// Whether both can be underlined on one line without touching.
    fn fits_beside(&self, other: &Spot, width: usize) -> bool {
        let (first, second) =
            if self.words.start <= other.words.start { (self, other) } else { (other, self) };
        let apart = first.words.end.max(first.words.start + 1) <= second.words.start;
        apart
            && reach(self.line[first.words.start..].chars(), width).0 >= second.words.end - first.words.start
    }

    /// Whether this can be shown in the strip of `others`, all of one file.
    fn joins(&self, others: &[Spot], width: usize) -> bool {
        let same_file = others.iter().all(|other| Arc::ptr_eq(other.source, self.source));
        let near = others.iter().any(|other| other.position.line.abs_diff(self.position.line) <= NEAR);
        let mut same_line = others.iter().filter(|other| other.position.line == self.position.line);
        same_file && near && same_line.all(|other| self.fits_beside(other, width / 2))
    }
}

/// The text that miette draws.
#[derive(Debug, Default)]
struct Sheet {
    /// Of the greatest line number.
    digits: usize,
    text: String,
    strips: Vec<Strip>,
    marks: Vec<SheetMark>,
}

/// Neighbouring lines of one file.
#[derive(Debug)]
struct Strip {
    path: String,
    /// The number of its first line, from 1.
    line: usize,
    /// The sheet's byte that each line starts at, and the one after the last line.
    starts: Vec<usize>,
}

impl Strip {
    /// Of its last line's number.
    fn digits(&self) -> usize {
        // The line after the last one has a start too.
        (self.line + self.starts.len() - 2).to_string().len()
    }
}

#[derive(Debug)]
struct SheetMark {
    /// In the sheet.
    span: Range<usize>,
    position: Position,
    label: Option<String>,
    style: owo_colors::Style,
    first: bool,
}

impl Sheet {
    fn new(marks: &[Mark], width: usize, links: Option<&str>) -> Sheet {
        let (mut groups, mut last): (Vec<Vec<Spot>>, _) = (Vec::new(), 1);
        for spot in marks.iter().map(Spot::new) {
            last = spot.position.line.max(last);
            match groups.iter_mut().find(|group| spot.joins(group, width)) {
                Some(group) => group.push(spot),
                None => groups.push(vec![spot]),
            }
        }
        let digits = last.to_string().len();
        let mut sheet = Sheet { digits, ..Sheet::default() };
        for group in &groups {
            sheet.add(group, width.saturating_sub(digits + GUTTER), links);
        }
        sheet
    }

    /// What miette has drawn, without its first line, and with all strips' numbers as wide.
    fn align(&self, drawn: &str) -> String {
        let mut text = String::new();
        let (mut strips, mut indent) = (self.strips.iter(), 0);
        // miette starts with the message below an icon of its own; here that line is empty.
        for line in drawn.lines().skip(1) {
            if line.trim_start().starts_with('╭') {
                indent = strips.next().map_or(0, |strip| self.digits - strip.digits());
            }
            text += &" ".repeat(indent);
            text += line.trim_end();
            text.push('\n');
        }
        text
    }

    /// Adds a strip with these spots, its lines cut to `width` columns.
    fn add(&mut self, group: &[Spot], width: usize, links: Option<&str>) {
        let lines = group.iter().map(|spot| spot.position.line);
        let (Some(first), Some(last)) = (lines.clone().min(), lines.max()) else { return };
        let path = terminal::linked(group[0].source.path(), links);
        let mut strip = Strip { path, line: first, starts: vec![] };
        for number in first..=last {
            strip.starts.push(self.text.len());
            let mut spots: Vec<_> = group.iter().filter(|spot| spot.position.line == number).collect();
            spots.sort_by_key(|spot| spot.words.start);
            match spots.is_empty() {
                true => self.text += &between(group[0].source, number, width),
                false => self.add_line(&spots, &group[0], width),
            }
            // Also after the last line, without which miette draws no caret at a line's end.
            self.text.push('\n');
        }
        strip.starts.push(self.text.len());
        self.strips.push(strip);
    }

    /// Adds one line, cut to `width` columns around its `spots`.
    fn add_line(&mut self, spots: &[&Spot], head: &Spot, width: usize) {
        let line = spots[0].line;
        let focus = spots[0].words.start..spots[spots.len() - 1].words.end;
        // A mark without words still takes a column, and moves the labels after it.
        let moved = spots.iter().filter(|spot| spot.words.is_empty()).count();
        let need = spots.iter().map(|spot| spot.columns_to_label_end(focus.start, width)).max().unwrap_or(0);
        let need = need + moved;
        let shown = window(line, focus, width, need);
        let start = self.text.len();
        if shown.start > 0 {
            self.text.push('…');
        }
        let mut at = shown.start;
        for spot in spots {
            let words = spot.words.start..spot.words.end.min(shown.end);
            self.text += &terminal::drawn(&line[at..words.start]);
            let from = self.text.len();
            let column = terminal::columns(&self.text[start..]);
            self.text += &terminal::drawn(&line[words.clone()]);
            let middle = column + terminal::columns(&self.text[from..]) / 2;
            let room = width.saturating_sub(middle + ARM + moved).max(label_room(width));
            self.marks.push(SheetMark {
                span: from..self.text.len(),
                position: spot.position,
                label: spot.label.map(|label| terminal::paragraph(label, room, 0, 0).join("\n")),
                style: spot.style,
                first: std::ptr::eq(*spot, head),
            });
            at = words.end;
        }
        self.text += &terminal::drawn(&line[at..shown.end]);
        if shown.end < line.len() {
            self.text.push('…');
        }
    }
}

/// The columns left of a line, besides its number: ` 12 │ `.
const GUTTER: usize = 4;

/// The columns from an underline's middle to its label: `╰── `.
const ARM: usize = 4;

/// A label is broken into lines of no fewer columns than this; for shorter ones the text moves.
fn label_room(width: usize) -> usize {
    width / 3
}

/// The bytes of the line of this number, without its end or a byte order mark.
fn line_range(source: &Source, number: usize) -> Range<usize> {
    let (starts, text) = (source.line_starts(), source.text());
    let start = starts.get(number - 1).map_or(text.len(), |&start| start as usize);
    let start = if number == 1 { source.bom_len() } else { start };
    let end = starts.get(number).map_or(text.len(), |&end| end as usize);
    start..start + text[start..end].trim_end_matches(['\n', '\r']).len()
}

/// The beginning of a line that has no spot, but stands between two that have.
fn between(source: &Source, number: usize, width: usize) -> String {
    let line = &source.text()[line_range(source, number)];
    let (shown, _) = reach(line.chars(), width + 1);
    terminal::clip(&terminal::drawn(&line[..shown]), width).into_owned()
}

/// The bytes of `line` to show in `width` columns: all of it where it fits and leaves `need` columns
/// right of the start of `focus`, else what stands around `focus`, cut at words. Looks only as far
/// as it shows, for a line may have millions of bytes.
fn window(line: &str, focus: Range<usize>, width: usize, need: usize) -> Range<usize> {
    let spare = width.saturating_sub(2).max(1);
    let (inner_bytes, inner) = reach(line[focus.clone()].chars(), spare);
    let (left, right) = (&line[..focus.start], &line[focus.start + inner_bytes..]);
    let (left_bytes, before) = reach(left.chars().rev(), width);
    let (right_bytes, after) = reach(right.chars(), width);
    let whole = left_bytes == left.len() && right_bytes == right.len() && focus.len() == inner_bytes;
    let left_limit = width.saturating_sub(need + 1);
    if whole && before + inner + after <= width && before <= left_limit {
        return 0..line.len();
    }
    let spare = spare - inner;
    let take = before.min((spare / 2).max(spare.saturating_sub(after))).min(left_limit);
    let (left_bytes, taken) = reach(left.chars().rev(), take);
    let (right_bytes, _) = reach(right.chars(), spare.saturating_sub(taken));
    let start = word_start(left, left.len() - left_bytes);
    let end =
        line.len() - right.len() + if focus.len() == inner_bytes { word_end(right, right_bytes) } else { 0 };
    start..end
}

/// More bytes than this to a column are not looked at: marks may be heaped on a letter without end.
const MOST_BYTES: usize = 32;

/// How many bytes of text, taken char by char, fill at most `limit` columns, and the columns they fill.
fn reach(chars: impl Iterator<Item = char>, limit: usize) -> (usize, usize) {
    let (mut bytes, mut columns) = (0, 0);
    for c in chars {
        let wider = columns + terminal::char_columns(c);
        if wider > limit || bytes > limit * MOST_BYTES {
            break;
        }
        (bytes, columns) = (bytes + c.len_utf8(), wider);
    }
    (bytes, columns)
}

/// Moves a cut at `start` right to the next word, where one begins soon.
fn word_start(text: &str, start: usize) -> usize {
    if start == 0 || text[..start].ends_with(' ') {
        return start;
    }
    let soon = text[start..].char_indices().take(WORD);
    soon.filter(|(_, c)| *c == ' ').map(|(at, _)| start + at + 1).next().unwrap_or(start)
}

/// Moves a cut at `end` left to the end of a word, where one ends shortly before.
fn word_end(text: &str, end: usize) -> usize {
    if end == text.len() || text[end..].starts_with(' ') {
        return end;
    }
    let before = text[..end].char_indices().rev().take(WORD);
    before.filter(|(_, c)| *c == ' ').map(|(at, _)| at).next().unwrap_or(end)
}

impl SourceCode for Sheet {
    /// The lines that `span` touches. A span over two strips is refused, so that miette draws each by itself.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (from, to) = (span.offset(), span.offset() + span.len());
        let strip = self.strips.partition_point(|strip| strip.starts[0] <= from).checked_sub(1);
        let strip = strip.and_then(|index| self.strips.get(index)).ok_or(MietteError::OutOfBounds)?;
        let line_of = |byte| strip.starts.partition_point(|&start| start <= byte) - 1;
        let (first, last) = (line_of(from), line_of(to));
        let end = *strip.starts.get(last + 1).ok_or(MietteError::OutOfBounds)?;
        let start = strip.starts[first];
        let mark = self.marks.iter().find(|mark| mark.span == (from..to));
        Ok(Box::new(MietteSpanContents::new_named(
            strip.path.clone(),
            &self.text.as_bytes()[start..end],
            (start, end - start).into(),
            strip.line + first - 1,
            mark.map_or(0, |mark| mark.position.column - 1),
            // To the end of the strip, so that miette tries to draw all of its lines together.
            strip.starts.len(),
        )))
    }
}

impl miette::Diagnostic for Sheet {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.marks.iter().map(|mark| {
            let span = (mark.span.start, mark.span.len());
            match mark.first {
                true => LabeledSpan::new_primary_with_span(mark.label.clone(), span),
                false => LabeledSpan::new_with_span(mark.label.clone(), span),
            }
        })))
    }
}

impl fmt::Display for Sheet {
    /// Nothing: the message is the header's.
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Sheet {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::Span;

    proptest! {
        /// Whatever the files hold and wherever the marks point, every mark is drawn, in the width that
        /// there is, and nothing else than text reaches the screen.
        #[test]
        fn every_mark_is_drawn(
            text in "[a-c \t\n\r\u{0}-\u{9f}漢é\u{300}\u{202e}\u{feff}🎯]{0,300}",
            spans in prop::collection::vec((0usize..700, 0usize..90), 1..5),
            label in "[a-z][a-z ]{0,60}",
            width in 40usize..130,
        ) {
            let source = Arc::new(Source::new("a", text.into_bytes()));
            let places: Vec<_> = spans
                .into_iter()
                .map(|(start, len)| Place { source: source.clone(), span: Span::new(start, start + len) })
                .collect();
            let style = owo_colors::Style::new();
            let marks: Vec<_> = places.iter().map(|place| Mark { place, label: Some(&label), style }).collect();
            let drawn = draw(&marks, &Palette::default(), width, None);
            prop_assert!(!drawn.chars().any(|c| c.is_control() && c != '\n'), "{:?}", drawn);
            for line in drawn.lines() {
                prop_assert!(width < 60 || terminal::columns(line) <= width, "{}", drawn);
            }
            let arms = drawn.matches("╰── ").count() + drawn.matches("╰─┤ ").count();
            prop_assert_eq!(arms, marks.len(), "{}", drawn);
        }
    }
}
