//! A value in a line, and the words that lead to it.

use std::ops::Range;

use super::words;

/// A value that a line states.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub range: Range<usize>,
    pub value: String,
    /// What the rest of the line leaves out; empty where the sentence stays whole.
    pub taken: Range<usize>,
}

impl Found {
    pub(super) fn kept(range: Range<usize>, value: String) -> Found {
        Found { taken: range.start..range.start, range, value }
    }

    pub(super) fn taken(line: &str, taken: Range<usize>, range: Range<usize>) -> Found {
        Found { value: line[range.clone()].to_owned(), range, taken }
    }
}

/// Returns where the words of a list begin that lead to what follows a text: `by` or `moved to on:`.
pub(super) fn lead_before(text: &str, list: &str) -> Option<usize> {
    let text = text.trim_end_matches([' ', ':']);
    let word = last_word(text);
    let text = match words::is_in("phrase-on", &word.to_lowercase()) {
        true => text[..text.len() - word.len()].trim_end(),
        false => text,
    };
    let starts = words::entries(list).filter_map(|(lead, _)| {
        let start = text.len().checked_sub(lead.len())?;
        let is_here = text.get(start..)?.eq_ignore_ascii_case(lead);
        (is_here && !text[..start].ends_with(char::is_alphanumeric)).then_some(start)
    });
    starts.min()
}

pub(super) fn last_word(text: &str) -> &str {
    let start = text.trim_end_matches(char::is_alphabetic).len();
    &text[start..]
}
