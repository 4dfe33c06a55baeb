//! Finds glossary terms in prose, in one pass for all terms.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use rayon::prelude::*;

use crate::catalog::{Catalog, SourceFile};
use crate::kind::{FieldType, Shape};
use crate::limits;
use crate::node::Node;
use crate::record::Record;
use crate::text::Span;

/// The accepted and avoided names of all glossary terms.
pub struct Vocabulary {
    /// One automaton for each [`CHUNK`] of names; empty if no name is avoided.
    searches: Vec<AhoCorasick>,
    names: Vec<TermName>,
}

struct TermName {
    term: u32,
    avoided: bool,
    /// The exact spelling, if the term is case-sensitive.
    exact: Option<Box<str>>,
}

/// A use of a term.
#[derive(Debug)]
pub struct TermMatch<'c> {
    pub text: &'c str,
    pub term: &'c Record,
    /// True for a name that the glossary says to avoid.
    pub avoided: bool,
    pub plural: bool,
    pub span: Span,
    /// The sentence, truncated if it is long.
    pub sentence: &'c str,
}

/// Names per automaton. The time to build one is quadratic in their number.
const CHUNK: usize = 1 << 14;

/// The kind of glossary terms.
pub const TERM: &str = "term";

impl Vocabulary {
    /// Collects the names of all terms: titles and aliases are accepted, names under `avoid` are avoided.
    pub fn new(catalog: &Catalog) -> Vocabulary {
        let mut patterns = Vec::new();
        let mut names = Vec::new();
        for &number in catalog.of_kind(TERM) {
            let term = catalog.record(number);
            let texts = |field: &str| {
                let node = term.fields.get(field);
                node.map(|node| node.as_sequence().unwrap_or(std::slice::from_ref(node))).unwrap_or_default()
            };
            let case_sensitive = texts("case-sensitive").first().and_then(Node::as_text) == Some("true");
            let accepted =
                term.title.as_deref().into_iter().chain(texts("aliases").iter().filter_map(Node::as_text));
            let accepted = accepted.map(|name| (name, false));
            let avoided = texts("avoid").iter().filter_map(Node::as_text).map(|name| (name, true));
            for (name, avoided) in accepted.chain(avoided).filter(|(name, _)| !name.trim().is_empty()) {
                patterns.push(name.trim().to_string());
                names.push(TermName {
                    term: number,
                    avoided,
                    exact: case_sensitive.then(|| name.trim().into()),
                });
            }
        }
        if !names.iter().any(|name| name.avoided) {
            return Vocabulary { searches: Vec::new(), names };
        }
        let build = |patterns: &[String]| {
            AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .match_kind(MatchKind::LeftmostLongest)
                .build(patterns)
                .ok()
        };
        let searches = patterns.par_chunks(CHUNK).map(build).collect::<Option<Vec<_>>>();
        Vocabulary { searches: searches.unwrap_or_default(), names }
    }

    /// Returns the uses of terms in a file's prose, in order. Glossary files have none, since they list avoided names.
    pub fn matches<'c>(&self, catalog: &'c Catalog, file: &'c SourceFile) -> Vec<TermMatch<'c>> {
        if self.searches.is_empty() {
            return Vec::new();
        }
        let records = file.records.clone().map(|id| catalog.record(id));
        if records.clone().any(|record| &*record.kind.name == TERM) {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut left = [limits::TERMS; 2];
        for span in prose_of(file, records) {
            self.find(catalog, file, span, &mut left, &mut found);
        }
        found
    }

    fn hits(&self, text: &str) -> Vec<(usize, Range<usize>)> {
        let each = self.searches.iter().enumerate().flat_map(|(part, search)| {
            search.find_iter(text).map(move |hit| (part * CHUNK + hit.pattern().as_usize(), hit.range()))
        });
        let mut hits: Vec<_> = each.collect();
        if self.searches.len() > 1 {
            hits.sort_by_key(|(number, hit)| (hit.start, std::cmp::Reverse(hit.end), *number));
            let mut end = 0;
            hits.retain(|(_, hit)| {
                let apart = hit.start >= end;
                if apart {
                    end = hit.end;
                }
                apart
            });
        }
        hits
    }

    fn find<'c>(
        &self,
        catalog: &'c Catalog,
        file: &'c SourceFile,
        span: Span,
        left: &mut [usize; 2],
        found: &mut Vec<TermMatch<'c>>,
    ) {
        let text = file.source().slice(span);
        // A phrase may span lines. The copy has the same offsets.
        let copy =
            text.bytes().any(|byte| matches!(byte, b'\n' | b'\r')).then(|| text.replace(['\n', '\r'], " "));
        let searched = copy.as_deref().unwrap_or(text);
        let source = file.source();
        let block = match file.document.markdown {
            Some(_) => Span::new(0, source.text().len()),
            None => span,
        };
        for (number, hit) in self.hits(searched) {
            let name = &self.names[number];
            let Some(end) = word_end(searched, hit.start, hit.end) else { continue };
            if name.exact.as_deref().is_some_and(|exact| *exact != searched[hit.clone()]) {
                continue;
            }
            let left = &mut left[usize::from(name.avoided)];
            if *left == 0 {
                continue;
            }
            *left -= 1;
            let start = span.start as usize;
            let span = Span::new(start + hit.start, start + end);
            found.push(TermMatch {
                text: &text[hit.start..end],
                term: catalog.record(name.term),
                avoided: name.avoided,
                plural: end > hit.end,
                span,
                sentence: sentence(source.text(), block, span),
            });
        }
    }
}

fn prose_of<'c>(file: &'c SourceFile, records: impl Iterator<Item = &'c Record>) -> Vec<Span> {
    if let Some(markdown) = &file.document.markdown {
        return markdown.prose.iter().map(|prose| prose.span).collect();
    }
    let mut spans = Vec::new();
    for record in records {
        collect(&record.kind.shape, &record.fields, &mut spans);
    }
    spans
}

fn collect(shape: &Shape, node: &Node, spans: &mut Vec<Span>) {
    for entry in node.as_mapping().map_or(&[][..], |mapping| mapping.entries()) {
        let Some(field) = shape.field(&entry.key.name) else { continue };
        match (&field.ty, &entry.value) {
            (FieldType::Text, value) if field.prose => spans.push(value.span),
            (FieldType::Struct(inner), value) => collect(inner, value, spans),
            (FieldType::List(of), value) => {
                for item in value.as_sequence().unwrap_or_default() {
                    match &**of {
                        FieldType::Struct(inner) => collect(inner, item, spans),
                        FieldType::Text if field.prose => spans.push(item.span),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

const WORDS_AROUND: usize = 24;
const BYTES_AROUND: usize = 1 << 11;

/// Returns the sentence around a span: up to a full stop, an empty line, the end of the block or the limits.
fn sentence(text: &str, block: Span, at: Span) -> &str {
    let before = text.get(block.start as usize..at.start as usize).unwrap_or("");
    let after = text.get(at.end as usize..block.end as usize).unwrap_or("");
    let mut scan = SentenceScan::default();
    let left = before.char_indices().rev().take_while(|(_, c)| scan.continues(*c, true)).last();
    let mut scan = SentenceScan::default();
    let right = after.char_indices().take_while(|(_, c)| scan.continues(*c, false)).last();
    let start = left.map_or(at.start as usize, |(byte, _)| block.start as usize + byte);
    let end = right.map_or(at.end as usize, |(byte, c)| at.end as usize + byte + c.len_utf8());
    text.get(start..end).unwrap_or("")
}

#[derive(Default)]
struct SentenceScan {
    words: usize,
    bytes: usize,
    last: Option<char>,
    at_line_end: bool,
}

impl SentenceScan {
    /// Returns true if the sentence continues with this character. Backwards, a full stop follows its space.
    fn continues(&mut self, c: char, backwards: bool) -> bool {
        let last = self.last.replace(c);
        let space_between = |stop: char, space: Option<char>| {
            matches!(stop, '.' | '!' | '?') && space.is_some_and(char::is_whitespace)
        };
        let ends = if backwards {
            space_between(c, last)
        } else {
            last.is_some_and(|last| space_between(last, Some(c)))
        };
        let empty_line = c == '\n' && self.at_line_end;
        self.at_line_end = c == '\n' || self.at_line_end && c.is_whitespace();
        self.words += usize::from(c.is_whitespace() && last.is_some_and(|last| !last.is_whitespace()));
        self.bytes += c.len_utf8();
        !ends && !empty_line && self.words <= WORDS_AROUND && self.bytes <= BYTES_AROUND
    }
}

/// Returns the end of the match including a plural suffix, or `None` if it is not whole words.
fn word_end(text: &str, start: usize, end: usize) -> Option<usize> {
    let in_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    if text[..start].chars().next_back().is_some_and(in_word) {
        return None;
    }
    let ends = |at: usize| !text[at..].chars().next().is_some_and(in_word);
    let plural = ["", "s", "es"].into_iter().filter(|ending| text[end..].starts_with(ending));
    plural.map(|ending| end + ending.len()).find(|&at| ends(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_stands_in_a_sentence_wherever_its_lines_end() {
        let around = |text: &str| {
            let at = text.find("client").expect("the word is there");
            let span = Span::new(at, at + "client".len());
            let sentence = sentence(text, Span::new(0, text.len()), span);
            sentence.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(around("One. The client\npays us. Two."), "The client pays us.");
        assert_eq!(around("# Head\n\nThe client pays\nus"), "The client pays us");
        assert_eq!(around("A\n \nclient\n\nB"), "client");
        assert_eq!(around("client"), "client");
        let long = |between: &str| format!("{0}client{between}{1}", "a ".repeat(900), " b".repeat(900));
        assert_eq!(around(&long("")), around(&long("\n")));
        assert!(around(&long("")).split(' ').count() <= 2 * WORDS_AROUND + 3);
    }

    #[test]
    fn matches_are_whole_words_and_may_be_plural() {
        assert_eq!(word_end("the deals.", 4, 8), Some(9));
        assert_eq!(word_end("the deal", 4, 8), Some(8));
        assert_eq!(word_end("ideal", 1, 5), None);
        assert_eq!(word_end("dealer", 0, 4), None);
        assert_eq!(word_end("deal-breaker", 0, 4), None);
    }
}
