//! Definition lists in HTML: `<dt>Term</dt><dd>meaning</dd>`.

use super::Line;
use crate::text::Span;

/// Returns the words and what they mean, in linear time. Tags that go on in another line are left out.
pub(super) fn find(lines: &[Line<'_>]) -> Vec<(Span, Span)> {
    let mut found: Vec<(Span, Span)> = Vec::new();
    let mut words: Vec<Span> = Vec::new();
    let (mut word, mut meaning): (Option<usize>, Option<(Vec<Span>, usize)>) = (None, None);
    for line in lines {
        for (at, _) in line.text.match_indices('<') {
            let tag = &line.text[at + 1..];
            let tag = &tag[..tag.find(['<', '>']).unwrap_or(tag.len())];
            let name = tag.split([' ', '\t']).next().unwrap_or_default();
            let is = |names: &[&str]| names.iter().any(|it| it.eq_ignore_ascii_case(name));
            if !is(&["dt", "/dt", "dd", "/dd", "dl", "/dl"]) {
                continue;
            }
            let (before, after) = (line.at + at, line.at + at + tag.len() + 2);
            if let Some(start) = word.take().filter(|start| *start < before) {
                words.push(Span::new(start, before));
            }
            if let Some((words, start)) = meaning.take().filter(|(_, start)| *start < before) {
                found.extend(words.into_iter().map(|word| (word, Span::new(start, before))));
            }
            if is(&["dt"]) {
                word = Some(after);
            } else if is(&["dd"]) {
                meaning = Some((std::mem::take(&mut words), after));
            } else if is(&["dl", "/dl"]) {
                words.clear();
            }
        }
    }
    found
}
