//! Items of lists that say what a word means, without marks: `- Site: a building of a customer`.

use super::Line;
use crate::syntax::{Document, Format, Markdown};
use crate::text::Span;

/// Fewer items may be anything.
const LEAST: usize = 3;
/// A longer text before a colon is a sentence.
const LONGEST: usize = 60;
const MOST_WORDS: usize = 6;
/// A list that is indented further is code.
const MOST_INDENT: usize = 3;

/// Returns the words and what they mean; none if there are too few, if other items are more than one in five, or if most meanings
/// are a word or two, as in a list of vocabulary.
pub(super) fn find(document: &Document, page: &Markdown) -> Vec<(Span, Span)> {
    if !document.format.is_page() || document.format == Format::MediaWiki {
        return Vec::new();
    }
    let mut found: Vec<(Span, Span)> = Vec::new();
    let (mut others, mut long) = (0, 0);
    let mut is_open = false;
    // Of the outermost items of the list.
    let mut indent: Option<usize> = None;
    for line in Line::all(document, page) {
        let begins = begins_item(line.words());
        if begins && indent.is_none() {
            indent = Some(line.indent()).filter(|indent| *indent <= MOST_INDENT);
        } else if !begins && !line.is_blank() && line.indent() == 0 {
            indent = None;
        }
        let is_outermost = begins && indent == Some(line.indent());
        let item = ["- ", "* ", "+ "].iter().find_map(|mark| line.words().strip_prefix(mark));
        let item = item.filter(|_| is_outermost);
        if let Some(item) = item {
            let from = line.text.len() - item.len();
            match split(item) {
                Some((word, meaning)) => {
                    let said = &item[meaning..];
                    long += usize::from(counted(said) > 2);
                    found.push((
                        line.span_of(from + word.start..from + word.end),
                        line.span_of(from + meaning..line.text.len()),
                    ));
                    is_open = true;
                }
                None => {
                    others += usize::from(!item.trim_start().starts_with('['));
                    is_open = false;
                }
            }
        } else if line.is_blank() || line.indent() == 0 || begins_item(line.words()) {
            is_open = false;
        } else if let Some((_, meaning)) = found.last_mut().filter(|_| is_open) {
            meaning.end = line.span().end;
        }
    }
    let is_list = found.len() >= LEAST && found.len() >= others * 4 && long * 2 >= found.len();
    if is_list { found } else { Vec::new() }
}

fn begins_item(words: &str) -> bool {
    ["- ", "* ", "+ "].iter().any(|mark| words.starts_with(mark))
}

/// Returns the range of the word of an item, and where its meaning begins, after a colon or a dash.
fn split(item: &str) -> Option<(std::ops::Range<usize>, usize)> {
    const MARKS: [&str; 6] = [": ", " - ", " – ", " — ", " -- ", "："];
    let found = MARKS.iter().filter_map(|mark| item.find(mark).map(|at| (at, mark.len())));
    let (at, length) = found.min()?;
    let word = item[..at].trim();
    let plain = word.trim_matches('`');
    let is_word = (2..=LONGEST).contains(&word.len())
        && word.split_whitespace().count() <= MOST_WORDS
        && plain.contains(char::is_alphabetic)
        && !plain.contains(['[', ']', '<', '>', '`', '*', '|', '?', '!', ';', '=', '{'])
        && !word.contains(". ")
        && !word.contains("://");
    let meaning = item[at + length..].trim();
    (is_word && counted(meaning) > 1).then_some((0..at, at + length))
}

/// Returns how many words a text has. Scripts without blanks between words have two letters or so for one.
fn counted(text: &str) -> usize {
    let joined = text.chars().filter(|c| *c >= '\u{2e80}').count() / 2;
    text.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count().max(joined)
}
