//! Finds glossary terms in prose, in one pass for all terms.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use rayon::prelude::*;

use crate::catalog::{Catalog, SourceFile};
use crate::kind::Shape;
use crate::lazy::get_or_compute;
use crate::limits;
use crate::node::Node;
use crate::record::Record;
use crate::syntax::Document;
use crate::text::{Source, Span, SpanTree};

/// The accepted and avoided names of all glossary terms, and other spellings of them.
pub struct Vocabulary {
    /// One automaton for each [`CHUNK`] of names; empty if there are none.
    searches: Vec<AhoCorasick>,
    names: Vec<TermName>,
    used: OnceLock<HashSet<u32>>,
    /// The uses of terms in each file, found when a rule first asks for them.
    uses: Vec<OnceLock<Arc<UsesInFile>>>,
}

struct UsesInFile {
    document: Arc<Document>,
    uses: Vec<TermUse>,
    /// The terms that are named there in any spelling, also in block quotes.
    terms: Vec<u32>,
}

#[derive(Clone, Copy)]
pub struct TermUse {
    pub term: u32,
    name: usize,
    pub status: Status,
    pub plural: bool,
    pub span: Span,
    /// The sentence, truncated if it is long.
    pub sentence: Span,
}

struct TermName {
    term: u32,
    status: Status,
    name: Box<str>,
    is_case_sensitive: bool,
}

/// What the glossary says of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Accepted,
    Avoided,
    /// An accepted name in another spelling: `signup` for `sign-up`, `Github` for `GitHub`.
    Variant,
}

impl Status {
    pub fn name(self) -> &'static str {
        match self {
            Status::Accepted => "accepted",
            Status::Avoided => "avoided",
            Status::Variant => "variant",
        }
    }
}

/// Names per automaton. The time to build one is quadratic in their number.
const CHUNK: usize = 1 << 14;

pub const TERM: &str = "term";

impl Vocabulary {
    /// Collects the names of all terms: titles and aliases are accepted, names under `avoid` are avoided.
    pub fn new(catalog: &Catalog) -> Vocabulary {
        let terms = catalog.of_kind(TERM).iter();
        let (mut patterns, names): (Vec<String>, Vec<TermName>) =
            all_names(terms.map(|&number| catalog.record(number))).into_iter().unzip();
        let uses = catalog.files().iter().map(|_| OnceLock::new()).collect();
        let mut vocabulary = Vocabulary { searches: searches(&patterns), names, used: OnceLock::new(), uses };
        // The name of another record, such as a team called `Customer Success`, is found in place of the word in it, and is no use.
        let others = catalog.records().iter().filter(|record| &*record.kind.name != TERM);
        let names = others.flat_map(|record| &record.other_names).map(|name| name.trim());
        let is_wrong = |name: &str, (number, hit): (usize, Range<usize>)| {
            let status = vocabulary.names[number].status_of(&name[hit.clone()]);
            hit.len() < name.len() && status.is_some_and(|status| status != Status::Accepted)
        };
        let longer = |name: &&str| vocabulary.hits(name).into_iter().any(|hit| is_wrong(name, hit));
        let longer: HashSet<&str> = names.filter(longer).collect();
        if !longer.is_empty() {
            patterns.extend(longer.into_iter().map(str::to_owned));
            patterns[vocabulary.names.len()..].sort_unstable();
            vocabulary.searches = searches(&patterns);
        }
        vocabulary
    }

    /// Returns true if a text outside the glossary uses the term, in any spelling.
    pub fn is_used(&self, catalog: &Catalog, term: u32) -> bool {
        let terms_in =
            |file: &SourceFile| self.uses_in(catalog, file).map_or_else(Vec::new, |uses| uses.terms.clone());
        let all = || catalog.files().par_iter().map(terms_in).flatten_iter().collect();
        get_or_compute::<HashSet<u32>>(&self.used, all).contains(&term)
    }

    /// Returns the uses of terms in a file's prose, in order. Glossary files have none, since they list avoided names.
    pub fn uses(&self, catalog: &Catalog, file: &SourceFile) -> Vec<TermUse> {
        self.uses_in(catalog, file).map_or_else(Vec::new, |found| found.uses.clone())
    }

    pub fn name(&self, of: &TermUse) -> &str {
        &self.names[of.name].name
    }

    /// Returns `None` if there are no terms.
    fn uses_in(&self, catalog: &Catalog, file: &SourceFile) -> Option<Arc<UsesInFile>> {
        if self.searches.is_empty() {
            return None;
        }
        let search = || Arc::new(self.search(catalog, file));
        match self.uses.get(file.number as usize).map(|uses| uses.get_or_init(search)) {
            // The vocabulary may be that of another state.
            Some(uses) if Arc::ptr_eq(&uses.document, &file.document) => Some(uses.clone()),
            _ => Some(search()),
        }
    }

    fn search(&self, catalog: &Catalog, file: &SourceFile) -> UsesInFile {
        let records = file.records.clone().map(|id| catalog.record(id));
        let is_glossary = records.clone().any(|record| &*record.kind.name == TERM);
        let prose = if is_glossary { Vec::new() } else { prose_of(file, records.clone()) };
        // They are spelt as the records are named.
        let mentions = records.clone().flat_map(|record| &record.mentions).map(|mention| mention.span);
        let names = SpanTree::new(mentions.chain(records.flat_map(spans_of_names)));
        let mut found = UsesInFile { document: file.document.clone(), uses: Vec::new(), terms: Vec::new() };
        // Of uses of accepted names, and of all others.
        let mut left = [limits::TERMS; 2];
        for (prose, quoted) in prose {
            let is_page = file.document.markdown.is_some();
            let block = if is_page { Span::new(0, file.source().text().len()) } else { prose };
            for one in self.find(file.source(), prose, block) {
                found.terms.push(one.term);
                let left = &mut left[usize::from(one.status != Status::Accepted)];
                if !quoted && *left > 0 && names.containing(one.span).next().is_none() {
                    *left -= 1;
                    found.uses.push(one);
                }
            }
        }
        found.terms.sort_unstable();
        found.terms.dedup();
        found
    }

    /// Returns the longest names in a text, without overlaps.
    fn hits(&self, text: &str) -> Vec<(usize, Range<usize>)> {
        let each = self.searches.iter().enumerate().flat_map(|(part, search)| {
            search.find_iter(text).map(move |hit| (part * CHUNK + hit.pattern().as_usize(), hit.range()))
        });
        let mut hits: Vec<_> = each.collect();
        if self.searches.len() > 1 {
            hits.sort_by_key(|(number, hit)| (hit.start, std::cmp::Reverse(hit.end), *number));
            let mut end = 0;
            hits.retain(|(_, hit)| {
                let is_apart = hit.start >= end;
                end = if is_apart { hit.end } else { end };
                is_apart
            });
        }
        hits
    }

    /// Returns the terms that a stretch of prose uses.
    fn find(&self, source: &Source, prose: Span, block: Span) -> Vec<TermUse> {
        // A phrase may span lines. The copy has the same offsets.
        let mut spaced = source.slice(prose).as_bytes().to_vec();
        memchr::memchr2_iter(b'\n', b'\r', source.slice(prose).as_bytes()).for_each(|at| spaced[at] = b' ');
        let text = String::from_utf8(spaced).unwrap_or_default();
        let found = self.hits(&text).into_iter().filter_map(|(name, hit)| {
            let known = self.names.get(name)?;
            let (term, end) = (known.term, word_end(&text, hit.start, hit.end)?);
            let status = known.status_of(&text[hit.clone()])?;
            let start = prose.start as usize;
            let span = Span::new(start + hit.start, start + end);
            let sentence = sentence(source.text(), block, span);
            Some(TermUse { term, name, status, plural: end > hit.end, span, sentence })
        });
        found.collect()
    }
}

/// Builds one automaton for each [`CHUNK`] of names.
fn searches(names: &[String]) -> Vec<AhoCorasick> {
    // Up to so many names, an automaton that is built for speed takes less than a megabyte.
    const MOST_FOR_SPEED: usize = 500;
    let build = |names: &[String]| {
        AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .kind((names.len() <= MOST_FOR_SPEED).then_some(AhoCorasickKind::DFA))
            .build(names)
            .ok()
    };
    names.par_chunks(CHUNK).map(build).collect::<Option<Vec<_>>>().unwrap_or_default()
}

impl TermName {
    /// Returns the status of a name as it is written; `None` if that does not use the name.
    fn status_of(&self, written: &str) -> Option<Status> {
        let is_used = !self.is_case_sensitive || *self.name == *written;
        let is_miscased = self.status == Status::Accepted && is_miscased(&self.name, written);
        is_used.then_some(if is_miscased { Status::Variant } else { self.status })
    }
}

fn all_names<'c>(terms: impl Iterator<Item = &'c Record>) -> Vec<(String, TermName)> {
    let (accepted, avoided): (Vec<TermName>, Vec<TermName>) =
        terms.flat_map(names_of).partition(|name| name.status == Status::Accepted);
    let mut known: HashSet<String> = accepted.iter().map(|name| name.name.to_lowercase()).collect();
    // Whoever writes a name to avoid that is the name of another term may mean that.
    let avoided: Vec<_> = avoided.into_iter().filter(|it| !known.contains(&it.name.to_lowercase())).collect();
    known.extend(avoided.iter().map(|name| name.name.to_lowercase()));
    let stated = accepted.into_iter().chain(avoided);
    let mut names: Vec<(String, TermName)> = stated.map(|name| (name.name.to_string(), name)).collect();
    for at in 0..names.len() {
        let TermName { term, status, ref name, is_case_sensitive } = names[at].1;
        let name = name.clone();
        for (spelt, status) in spellings(&name, status).into_iter().filter(|_| !is_case_sensitive) {
            if known.insert(spelt.to_lowercase()) {
                names.push((spelt, TermName { term, status, name: name.clone(), is_case_sensitive }));
            }
        }
    }
    names
}

fn names_of(term: &Record) -> Vec<TermName> {
    let texts =
        |field: &str| term.fields.get(field).into_iter().flat_map(Node::items).filter_map(Node::as_text);
    let is_case_sensitive = texts("case-sensitive").next() == Some("true");
    let accepted = term.title.as_deref().into_iter().chain(texts("aliases"));
    let all = accepted.map(|name| (name, Status::Accepted));
    let all = all.chain(texts("avoid").map(|name| (name, Status::Avoided)));
    let name = |(name, status): (&str, Status)| TermName {
        term: term.number,
        status,
        name: name.trim().into(),
        is_case_sensitive,
    };
    all.map(name).filter(|name| !name.name.is_empty()).collect()
}

/// Returns a name with spaces and with hyphens, of which English asks for one or the other, and one of two words as one.
fn spellings(name: &str, status: Status) -> Vec<(String, Status)> {
    // The shortest name of two words that is also searched for as one: short ones are words of their own.
    const MIN_JOINED: usize = 6;
    let as_one = if status == Status::Avoided { status } else { Status::Variant };
    let joined = name.replace([' ', '-'], "");
    let is_joined = joined.len() + 1 == name.len() && joined.len() >= MIN_JOINED;
    let separated = [name.replace('-', " "), name.replace(' ', "-")].map(|spelt| (spelt, status));
    separated.into_iter().chain(is_joined.then_some((joined, as_one))).collect()
}

/// Returns true if a name such as `GitHub` is written in other letters, but not in capitals.
fn is_miscased(name: &str, written: &str) -> bool {
    // The shortest name whose capitals are compared.
    const MIN_CASED: usize = 4;
    let is_mixed = name.len() >= MIN_CASED
        && name.chars().all(char::is_alphanumeric)
        && name.chars().skip(1).any(char::is_uppercase)
        && name.chars().any(char::is_lowercase);
    is_mixed && name != written && written.chars().any(char::is_lowercase)
}

/// Returns the stretches of a file's prose, and whether each is in a block quote, which keeps the words of another.
fn prose_of<'c>(file: &'c SourceFile, records: impl Iterator<Item = &'c Record>) -> Vec<(Span, bool)> {
    if let Some(markdown) = &file.document.markdown {
        return markdown.prose.iter().map(|prose| (prose.span, prose.quoted)).collect();
    }
    let mut spans = Vec::new();
    for record in records {
        collect(&record.kind.shape, &record.fields, &mut spans);
    }
    spans.into_iter().map(|span| (span, false)).collect()
}

/// Returns the places where a record states its names, if it is referred to by these.
fn spans_of_names(record: &Record) -> impl Iterator<Item = Span> {
    let values = record.kind.names.iter().filter_map(|field| record.fields.get(field));
    values.flat_map(Node::items).map(|name| name.span)
}

fn collect(shape: &Shape, node: &Node, spans: &mut Vec<Span>) {
    for entry in node.entries() {
        let Some(field) = shape.field(&entry.key.name) else { continue };
        let items = entry.value.items();
        match field.ty.shape() {
            Some(inner) => items.iter().for_each(|item| collect(inner, item, spans)),
            None if field.prose => spans.extend(items.iter().map(|item| item.span)),
            None => {}
        }
    }
}

/// Returns the sentence around a span: up to a full stop, an empty line, the end of the block or the limits.
fn sentence(text: &str, block: Span, at: Span) -> Span {
    let before = text.get(block.start as usize..at.start as usize).unwrap_or("");
    let after = text.get(at.end as usize..block.end as usize).unwrap_or("");
    let (left, right) = (reach(before.chars().rev(), true), reach(after.chars(), false));
    Span::new(at.start as usize - left, at.end as usize + right)
}

/// Returns the bytes of a text that belong to the sentence from which it leads away. Backwards, a full stop follows its space.
fn reach(text: impl Iterator<Item = char>, backwards: bool) -> usize {
    const WORDS_AROUND: usize = 24;
    const BYTES_AROUND: usize = 1 << 11;
    let is_stop = |stop: char, space: char| matches!(stop, '.' | '!' | '?') && space.is_whitespace();
    let (mut bytes, mut words, mut at_line_end, mut last) = (0, 0, false, None);
    for c in text {
        let ends = last.is_some_and(|last| if backwards { is_stop(c, last) } else { is_stop(last, c) });
        words += usize::from(c.is_whitespace() && last.is_some_and(|last: char| !last.is_whitespace()));
        let is_far = words > WORDS_AROUND || bytes + c.len_utf8() > BYTES_AROUND;
        if ends || is_far || c == '\n' && at_line_end {
            break;
        }
        at_line_end = c == '\n' || at_line_end && c.is_whitespace();
        bytes += c.len_utf8();
        last = Some(c);
    }
    bytes
}

/// Returns the end of the match including a plural suffix, or `None` if it is part of a longer word, an address, a path or a compound: on
/// each side is a space, a quote, a bracket or an end, or behind it punctuation before one of these.
fn word_end(text: &str, start: usize, end: usize) -> Option<usize> {
    let is_apart =
        |c: char| c.is_whitespace() || "\"'‘’‚“”„«»‹›()[]{}<>「」『』（）【】《》、。，；：！？".contains(c);
    if !text[..start].chars().next_back().is_none_or(is_apart) {
        return None;
    }
    let ends = |at: usize| match text[at..].chars().next() {
        // Of a possessive, or of a word that leaves out a letter: `C'est`.
        Some(quote @ ('\'' | '’')) => {
            let rest = &text[at + quote.len_utf8()..];
            let letters = rest.chars().take_while(|c| c.is_alphanumeric()).count();
            letters == 0 || letters == 1 && rest.starts_with(['s', 'S'])
        }
        Some('.' | ',' | ';' | ':' | '!' | '?' | '…') => {
            let rest = text[at..].trim_start_matches(['.', ',', ';', ':', '!', '?', '…']);
            rest.chars().next().is_none_or(is_apart)
        }
        next => next.is_none_or(is_apart),
    };
    let plural = ["", "s", "es", "S", "ES"].into_iter().filter(|ending| text[end..].starts_with(ending));
    plural.map(|ending| end + ending.len()).find(|&at| ends(at))
}
