//! Paragraphs and list items that begin with a word in bold and say what it means: `**Site**: a building of a customer`; and the
//! entries of a block that a site builder shows as a glossary.

use crate::syntax::Markdown;
use crate::syntax::markdown::Cell;
use crate::text::{Source, Span};

/// The fewest definitions that make a page a list of them.
const LEAST: usize = 2;

/// Returns the words and what they mean; none if the page has fewer than two. A page with a single one says something else.
pub(crate) fn find(source: &Source, page: &Markdown) -> Vec<[Cell; 2]> {
    let text = source.text();
    let mut found: Vec<(Span, Span)> = Vec::new();
    let mut start = 0;
    let (mut is_open, mut is_code) = (false, false);
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let words = line.trim_start();
        let is_fence = words.starts_with("```") || words.starts_with("~~~");
        is_code ^= is_fence;
        if is_fence || is_code || page.comments.iter().any(|comment| comment.contains(Span::at(at))) {
            is_open = false;
            continue;
        }
        if let Some((_, meaning)) =
            found.last_mut().filter(|_| line.len() > words.len() && is_to_avoid(words))
        {
            meaning.end = Span::new(at, at + line.trim_end().len()).end;
            is_open = false;
        } else if let Some((word, meaning)) = split(line) {
            let span = |from: usize, to: usize| Span::new(at + from, at + to);
            found.push((span(word.start, word.end), span(meaning, line.trim_end().len().max(meaning))));
            is_open = true;
        } else if words.is_empty() || words.starts_with(['#', '-', '*', '+', '|', '>']) {
            is_open = false;
        } else if let Some((_, meaning)) = found.last_mut().filter(|_| is_open) {
            meaning.end = Span::new(at, at + line.trim_end().len()).end;
        }
    }
    cells(source, found)
}

/// What names a block of code whose entries are words, each followed by a line that begins with a colon and says what it means.
pub(super) const DIRECTIVE: &str = "{glossary}";

/// Returns the words of such blocks and what they mean, up to the first blank line; none if there are fewer than two. A word that only
/// leads to another one, as in "See {term}`Site`.", is none.
pub(super) fn find_entries(source: &Source, page: &Markdown) -> Vec<[Cell; 2]> {
    let mut found: Vec<(Span, Span)> = Vec::new();
    let (mut start, mut fence) = (0, None);
    let mut words: Option<Span> = None;
    let mut is_open = false;
    for line in source.text().split_inclusive('\n') {
        let (at, text) = (start, line.trim_end());
        start += line.len();
        let mark = text.trim_start_matches(['`', ':']);
        let Some(opened) = fence else {
            let length = text.len() - mark.len();
            let is_comment = || page.comments.iter().any(|comment| comment.contains(Span::at(at)));
            if length >= 3 && mark.trim() == DIRECTIVE && !is_comment() {
                fence = Some(&text[..length]);
                (words, is_open) = (None, false);
            }
            continue;
        };
        if text.starts_with(opened) && mark.is_empty() {
            fence = None;
        } else if let Some(meaning) = text.strip_prefix(':').filter(|it| it.starts_with([' ', '\t'])) {
            if let Some(words) = words.take() {
                found.push((words, Span::new(at + text.len() - meaning.len(), at + text.len())));
                is_open = true;
            }
        } else if text.is_empty() {
            is_open = false;
        } else if text.starts_with([' ', '\t']) {
            if let Some((_, meaning)) = found.last_mut().filter(|_| is_open) {
                meaning.end = Span::new(at, at + text.len()).end;
            }
        } else {
            is_open = false;
            words = words.or(Some(Span::new(at, at + text.len())));
        }
    }
    let leads_on = |meaning: &str| {
        let rest = meaning.strip_prefix("See {term}`").or_else(|| meaning.strip_prefix("see {term}`"));
        rest.is_some_and(|rest| rest.trim_end_matches(['.', '`']).find('`').is_none())
    };
    let mut cells = cells(source, found);
    cells.retain(|[_, meaning]| !leads_on(&meaning.text));
    cells
}

/// Returns the words and meanings without the blanks around them; none if there are too few.
fn cells(source: &Source, found: Vec<(Span, Span)>) -> Vec<[Cell; 2]> {
    let cell = |span: Span| {
        let whole = source.slice(span);
        let trimmed = whole.trim();
        let start = span.start as usize + (whole.len() - whole.trim_start().len());
        Cell { span: Span::new(start, start + trimmed.len()), text: trimmed.into(), is_continued: false }
    };
    let cells = found.into_iter().map(|(word, meaning)| [cell(word), cell(meaning)]);
    let cells: Vec<[Cell; 2]> =
        cells.filter(|cells| cells.iter().all(|cell| !cell.text.is_empty())).collect();
    if cells.len() < LEAST { Vec::new() } else { cells }
}

/// Returns true for a line below a meaning that names the words to avoid for it: `- **Avoid:** client`.
fn is_to_avoid(words: &str) -> bool {
    const LABELS: [&str; 4] = ["avoid", "do not use", "don't use", "synonyms to avoid"];
    let label = words.trim_start_matches(['-', '*', '+', '_', ' ']);
    label.split_once(':').is_some_and(|(label, _)| {
        let label = label.trim_end_matches(['*', '_', ' ']);
        LABELS.iter().any(|known| known.eq_ignore_ascii_case(label))
    })
}

/// Returns the range of the word in bold at the beginning of a line, and where its meaning begins, after a colon or a dash.
fn split(line: &str) -> Option<(std::ops::Range<usize>, usize)> {
    const DASHES: [&str; 4] = [":", "–", "—", "- "];
    let words = line.trim_start();
    let words = ["- ", "* ", "+ "]
        .into_iter()
        .find_map(|mark| words.strip_prefix(mark))
        .unwrap_or(words)
        .trim_start();
    let mark = ["**", "__"].into_iter().find(|mark| words.starts_with(mark))?;
    let from = line.len() - words.len() + mark.len();
    let length = line[from..].find(mark)?;
    let word = line[from..from + length].trim_end_matches([':', ' ']);
    let rest = &line[from + length + mark.len()..];
    let has_colon = word.len() < length && line[from + word.len()..from + length].contains(':');
    let after = DASHES.into_iter().find_map(|dash| rest.trim_start().strip_prefix(dash));
    let meaning = after.or_else(|| has_colon.then_some(rest))?;
    Some((from..from + word.len(), line.len() - meaning.len()))
}
