//! A note about a page at its end, below a line across it.

use memchr::memmem;

use crate::text::{Source, Span};

/// Returns the part of a section above a line across the page with a note about the minutes below it: `At the end of the meeting:`.
pub(crate) fn before_break(source: &Source, span: Span) -> Span {
    const BREAK: &str = "---";
    let is_break =
        |line: &str| line.trim().len() >= BREAK.len() && line.trim().bytes().all(|byte| byte == b'-');
    let text = source.slice(span);
    if memmem::find(text.as_bytes(), BREAK.as_bytes()).is_none() {
        return span;
    }
    let mut end = 0;
    let mut breaks = text.split_inclusive('\n').filter_map(|line| {
        let start = end;
        end += line.len();
        is_break(line).then_some((start, end))
    });
    let is_above_note = |(_, end): &(usize, usize)| {
        let below = text[*end..].trim_start().lines().next().unwrap_or_default();
        below.starts_with(char::is_alphabetic)
            && ["meeting", "minutes"].iter().any(|word| below.contains(word))
    };
    let at = breaks.find(is_above_note).map_or(text.len(), |(start, _)| start);
    Span::new(span.start as usize, span.start as usize + at)
}
