//! Words in bold with their meaning in the line or the paragraph below.

use crate::syntax::Markdown;
use crate::text::{Source, Span};

/// As other lines in bold are titles of parts, fewer words than these are none.
const LEAST: usize = 3;

/// Returns the words and the paragraphs below; none if a line in bold has none, or there are too few.
pub(super) fn find(source: &Source, page: &Markdown) -> Vec<(Span, Span)> {
    let mut found = Vec::new();
    let mut above: Option<Span> = None;
    for paragraph in &page.paragraphs {
        let text = source.slice(paragraph.span);
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        let first = first.trim_end_matches('\\').trim_end();
        let start = paragraph.span.start as usize;
        let word = bold(first).map(|word| Span::new(start + word.start, start + word.end));
        match word {
            Some(word) if !rest.trim().is_empty() => {
                let from = text.len() - rest.trim_start().len();
                found.push((word, Span::new(start + from, start + text.len())));
                above = None;
            }
            Some(word) => above = Some(word),
            None => {
                let is_near = |word: &Span| {
                    let between = Span { start: word.end, end: paragraph.span.start };
                    source.slice(between).trim_matches(['*', '_', ':', '\\']).trim().is_empty()
                };
                found.extend(above.take().filter(is_near).map(|word| (word, paragraph.span)));
            }
        }
    }
    if found.len() < LEAST { Vec::new() } else { found }
}

/// Returns the range of the word of a line that is in bold as a whole.
fn bold(line: &str) -> Option<std::ops::Range<usize>> {
    let outside = line.trim_end_matches([':', ' ']);
    let mark = ["**", "__"].into_iter().find(|mark| outside.starts_with(mark))?;
    let inside = outside.strip_prefix(mark)?.strip_suffix(mark)?.trim_end_matches([':', ' ']);
    (!inside.trim().is_empty() && !inside.contains(mark)).then(|| mark.len()..mark.len() + inside.len())
}
