//! Finds glossary terms in prose, in one pass for all terms.

mod beginnings;
mod folded;
mod joined;
mod search;

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use folded::Folded;
use joined::Joined;
use search::{NameSearch, is_in_word, leave_out_overlaps};

use crate::catalog::{Catalog, SourceFile};
use crate::kind::{Field, FieldType, Shape};
use crate::lazy::get_or_compute;
use crate::limits;
use crate::node::Node;
use crate::record::Record;
use crate::syntax::Document;
use crate::syntax::markdown::{Prose, section_key};
use crate::text::{Source, Span};

/// The accepted and avoided names of all glossary terms, and other spellings of them.
pub struct Vocabulary {
    search: NameSearch,
    names: Vec<TermName>,
    joined: Joined,
    used: OnceLock<HashSet<u32>>,
    /// The uses of terms in each file, found when a rule first asks for them.
    uses: Vec<OnceLock<Arc<UsesInFile>>>,
}

/// The uses of terms in a file's prose.
struct UsesInFile {
    document: Arc<Document>,
    uses: Box<[TermUse]>,
    /// The terms that are named there in any spelling, also in block quotes.
    terms: Box<[u32]>,
}

/// A stretch of a file's prose.
#[derive(Clone, Copy)]
struct Stretch {
    span: Span,
    /// True in a block quote, which keeps the words of another.
    quoted: bool,
}

/// A use of a term, without its texts.
#[derive(Clone, Copy)]
struct TermUse {
    /// The index of the name.
    name: u32,
    span: Span,
    sentence: Span,
    variant: bool,
    plural: bool,
}

struct TermName {
    term: u32,
    status: NameStatus,
    /// The name in the glossary.
    name: Box<str>,
    plural: bool,
    is_case_sensitive: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NameStatus {
    Accepted,
    Avoided,
    /// An accepted name with other separators: `sign up` and `signup` for `sign-up`.
    Variant,
}

/// A use of a term.
#[derive(Debug)]
pub struct TermMatch<'c> {
    pub text: &'c str,
    pub term: &'c Record,
    /// The name in the glossary.
    pub name: &'c str,
    /// True for a name that the glossary says to avoid.
    pub avoided: bool,
    /// True for an accepted name in another spelling.
    pub variant: bool,
    pub plural: bool,
    pub span: Span,
    /// The sentence, truncated if it is long, and the parts of it before and behind the use.
    pub sentence: &'c str,
    pub before: &'c str,
    pub after: &'c str,
}

/// The kind of glossary terms.
pub const TERM: &str = "term";

impl Vocabulary {
    /// Collects the names of all terms: titles and aliases are accepted, names under `avoid` are avoided.
    pub fn new(catalog: &Catalog) -> Vocabulary {
        let mut names = NameList::default();
        for &number in catalog.of_kind(TERM) {
            names.add_term(number, catalog.record(number));
        }
        names.leave_out_accepted();
        names.add_spellings();
        let joined = Joined::new(names.add_joined());
        let NameList { patterns, names, .. } = names;
        let uses = catalog.files().iter().map(|_| OnceLock::new()).collect();
        Vocabulary { search: NameSearch::new(&patterns), names, joined, used: OnceLock::new(), uses }
    }

    /// Returns true if a text outside the glossary uses the term, in any spelling.
    pub fn is_used(&self, catalog: &Catalog, term: u32) -> bool {
        let terms_in = |file: &SourceFile| {
            self.uses_in(catalog, file).map_or_else(Box::default, |uses| uses.terms.clone())
        };
        let all = || catalog.files().par_iter().map(terms_in).flatten_iter().collect();
        get_or_compute::<HashSet<u32>>(&self.used, all).contains(&term)
    }

    /// Returns the uses of terms in a file's prose, in order. Glossary files have none, since they list avoided names.
    pub fn matches<'c>(&'c self, catalog: &'c Catalog, file: &'c SourceFile) -> Vec<TermMatch<'c>> {
        let Some(found) = self.uses_in(catalog, file) else { return Vec::new() };
        let source = file.source();
        let match_of = |&TermUse { name, span, sentence, variant, plural }: &TermUse| {
            let name = &self.names[name as usize];
            TermMatch {
                text: source.slice(span),
                term: catalog.record(name.term),
                name: &name.name,
                avoided: name.status == NameStatus::Avoided,
                variant,
                plural,
                span,
                sentence: source.slice(sentence),
                before: source.slice(Span { end: span.start.max(sentence.start), ..sentence }),
                after: source.slice(Span { start: span.end.min(sentence.end), ..sentence }),
            }
        };
        found.uses.iter().map(match_of).collect()
    }

    /// Returns `None` if there are no terms.
    fn uses_in(&self, catalog: &Catalog, file: &SourceFile) -> Option<Arc<UsesInFile>> {
        if self.search.is_empty() {
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
        let prose = if is_glossary(records.clone()) { Vec::new() } else { prose_of(file, records) };
        let mut found = Found { uses: Vec::new(), terms: Vec::new(), left: [limits::TERMS; 2] };
        prose.into_iter().for_each(|stretch| self.find(catalog, file, stretch, &mut found));
        found.terms.sort_unstable();
        found.terms.dedup();
        UsesInFile { document: file.document.clone(), uses: found.uses.into(), terms: found.terms.into() }
    }

    fn hits(&self, text: &str) -> Vec<(usize, Range<usize>)> {
        let mut in_two = Vec::new();
        let mut hits = self.search.find_in(text, |gap| in_two.extend(self.joined.find_at(text, gap)));
        if !in_two.is_empty() {
            hits.extend(in_two);
            leave_out_overlaps(&mut hits);
        }
        hits
    }

    fn find(
        &self,
        catalog: &Catalog,
        file: &SourceFile,
        Stretch { span, quoted }: Stretch,
        found: &mut Found,
    ) {
        let source = file.source();
        let folded = Folded::new(source.slice(span));
        let searched = &*folded.text;
        let hits = self.hits(searched);
        if hits.is_empty() || is_name_of_part(catalog, file, span) {
            return;
        }
        let block = match file.document.markdown {
            Some(_) => Span::new(0, source.text().len()),
            None => span,
        };
        for (number, hit) in hits {
            let name = &self.names[number];
            let Some(end) = word_end(searched, hit.start, hit.end) else { continue };
            found.terms.push(name.term);
            if quoted {
                continue;
            }
            // Marks such as `**` end a stretch of prose, and the sentence goes on behind them.
            let after = match searched.get(end..) {
                Some("") | None => behind_marks(source, span),
                Some(after) => after,
            };
            let Some(variant) = name.is_variant(searched, hit.clone(), after) else { continue };
            let (from, to) = (folded.offset(hit.start), folded.offset(end));
            let start = span.start as usize;
            let span = Span::new(start + from, start + to);
            if variant && is_name_of_record(catalog, file, span) {
                continue;
            }
            let left = &mut found.left[usize::from(name.status == NameStatus::Avoided || variant)];
            if *left == 0 {
                continue;
            }
            *left -= 1;
            let sentence = sentence(source.text(), block, span);
            let plural = name.plural || end > hit.end;
            found.uses.push(TermUse { name: number as u32, span, sentence, variant, plural });
        }
    }
}

/// What the search of a file has found so far.
struct Found {
    uses: Vec<TermUse>,
    terms: Vec<u32>,
    /// The remaining limits: of uses of accepted names, and of all others.
    left: [usize; 2],
}

/// Returns true for the identifier of a record other than a term, and for what is in an identifier or a reference of the file's records,
/// which is spelt as the record is named.
fn is_name_of_record(catalog: &Catalog, file: &SourceFile, span: Span) -> bool {
    let source = file.source();
    let mut records = file.records.clone().map(|number| catalog.record(number));
    is_identifier(catalog, source.slice(span))
        || records.any(|record| identifiers_in(record, source).any(|name| name.contains(span)))
}

/// Returns the places of a record's identifier, if the file states one that is not its title, and of its references.
fn identifiers_in<'c>(record: &'c Record, source: &Source) -> impl Iterator<Item = Span> + 'c {
    let title = record.fields.get("title").map(|title| title.span);
    let own =
        Some(record.name_span).filter(|span| Some(*span) != title && *source.slice(*span) == *record.id);
    own.into_iter().chain(record.mentions.iter().map(|mention| mention.span))
}

/// Returns the rest of the line behind a stretch of prose and the marks that end it.
fn behind_marks(source: &Source, stretch: Span) -> &str {
    const LONGEST: usize = 100;
    let rest = source.text().get(stretch.end as usize..).unwrap_or_default();
    let marks = rest.bytes().take(LONGEST).take_while(|byte| b"*_~".contains(byte)).count();
    if marks == 0 { "" } else { &rest[marks..] }
}

/// Returns true for the identifier of a record other than a term.
fn is_identifier(catalog: &Catalog, text: &str) -> bool {
    let is_of = |number: &u32| *catalog.record(*number).id == *text;
    let mut kinds = catalog.kinds_in_use().filter(|kind| ***kind != *TERM);
    text.contains('-') && kinds.any(|kind| catalog.with_key(kind, text).iter().any(is_of))
}

impl TermName {
    /// Returns true if a match is another spelling of the name, and `None` if it does not use the name. `after` is what follows the word,
    /// behind a plural suffix.
    fn is_variant(&self, text: &str, hit: Range<usize>, after: &str) -> Option<bool> {
        let start = hit.start;
        let written = &text[hit];
        if self.is_case_sensitive && *self.name != *written {
            return None;
        }
        match self.status {
            NameStatus::Accepted => Some(is_miscased(&self.name, written)),
            NameStatus::Avoided => Some(false),
            NameStatus::Variant => (!is_ordinary(&self.name, written, &text[..start], after)).then_some(true),
        }
    }
}

/// The names in the order in which the automata know them.
#[derive(Default)]
struct NameList {
    patterns: Vec<String>,
    names: Vec<TermName>,
    /// All names, in lower case.
    known: HashSet<String>,
}

impl NameList {
    fn add_term(&mut self, number: u32, term: &Record) {
        let texts = |field: &str| {
            let node = term.fields.get(field);
            node.map(|node| node.as_sequence().unwrap_or(std::slice::from_ref(node))).unwrap_or_default()
        };
        let is_case_sensitive = texts("case-sensitive").first().and_then(Node::as_text) == Some("true");
        let accepted =
            term.title.as_deref().into_iter().chain(texts("aliases").iter().filter_map(Node::as_text));
        let accepted = accepted.map(|name| (name, NameStatus::Accepted));
        let avoided = texts("avoid").iter().filter_map(Node::as_text).map(|name| (name, NameStatus::Avoided));
        for (name, status) in accepted.chain(avoided) {
            let name = name.trim();
            if !name.is_empty() {
                let name =
                    TermName { term: number, status, name: name.into(), plural: false, is_case_sensitive };
                self.push(name.name.to_string(), name);
            }
        }
    }

    /// Leaves out names to avoid that are names of other terms: who writes one may mean that.
    fn leave_out_accepted(&mut self) {
        let accepted = self.names.iter().filter(|name| name.status == NameStatus::Accepted);
        let accepted: HashSet<String> = accepted.map(|name| name.name.to_lowercase()).collect();
        self.names.retain(|name| {
            name.status == NameStatus::Accepted || !accepted.contains(&name.name.to_lowercase())
        });
        self.patterns = self.names.iter().map(|name| name.name.to_string()).collect();
    }

    fn push(&mut self, pattern: String, name: TermName) {
        self.known.insert(pattern.to_lowercase());
        self.patterns.push(pattern);
        self.names.push(name);
    }

    /// Adds plurals such as `companies`, and names with other separators, unless they are names themselves.
    fn add_spellings(&mut self) {
        for at in 0..self.names.len() {
            let TermName { term, status, name, is_case_sensitive, .. } = &self.names[at];
            if *is_case_sensitive {
                continue;
            }
            let (term, status, name) = (*term, *status, name.clone());
            let other = if status == NameStatus::Avoided { status } else { NameStatus::Variant };
            let plural = plural_in_ies(&name).map(|plural| (plural, status, true));
            let spelt = other_separators(&name).into_iter().map(|spelt| (spelt, other, false));
            for (pattern, status, plural) in plural.into_iter().chain(spelt) {
                if !self.known.contains(&pattern.to_lowercase()) {
                    let name =
                        TermName { term, status, name: name.clone(), plural, is_case_sensitive: false };
                    self.push(pattern, name);
                }
            }
        }
    }

    /// Adds the accepted names of one word once more, for where they are written in two.
    fn add_joined(&mut self) -> HashMap<Box<str>, usize> {
        let mut joined = HashMap::new();
        for at in 0..self.patterns.len() {
            let TermName { term, status, name, is_case_sensitive, plural } = &self.names[at];
            let is_word =
                name.chars().all(char::is_alphabetic) && name.chars().skip(1).all(char::is_lowercase);
            let is_accepted = *status == NameStatus::Accepted && !is_case_sensitive && !plural;
            if is_accepted && is_word && name.len() >= MIN_JOINED {
                let name = TermName {
                    term: *term,
                    status: NameStatus::Variant,
                    name: name.clone(),
                    plural: false,
                    is_case_sensitive: false,
                };
                joined.entry(name.name.to_lowercase().into()).or_insert(self.names.len());
                self.names.push(name);
            }
        }
        joined
    }
}

fn plural_in_ies(name: &str) -> Option<String> {
    let start = name.strip_suffix('y')?;
    start.ends_with(|c: char| c.is_alphabetic() && !"aeiou".contains(c)).then(|| format!("{start}ies"))
}

/// Joined names are compared from this length: short ones are words of their own.
const MIN_JOINED: usize = 6;

/// Returns a name of several words with spaces, with hyphens and as one word.
fn other_separators(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.split([' ', '-']).filter(|word| !word.is_empty()).collect();
    if words.len() < 2 {
        return Vec::new();
    }
    let joined = Some(words.concat()).filter(|joined| joined.len() >= MIN_JOINED && words.len() == 2);
    let all = [words.join(" "), words.join("-")].into_iter().chain(joined);
    all.filter(|spelt| spelt != name).collect()
}

/// Words after which several words are the name of a thing, and no verb such as to `sign up` or to `go live`.
const DETERMINERS: [&str; 12] =
    ["a", "an", "the", "this", "that", "each", "every", "our", "their", "its", "first", "last"];

/// Words that are no nouns. Before one of them, a hyphenated term is no adjective: `the cold-chain is broken`.
const NO_NOUNS: [&str; 42] = [
    "is", "was", "are", "were", "be", "been", "has", "have", "had", "can", "could", "will", "would", "must",
    "may", "might", "should", "does", "did", "of", "in", "on", "at", "by", "for", "from", "to", "with",
    "without", "into", "off", "per", "as", "than", "that", "which", "when", "where", "while", "because",
    "until", "since",
];

/// Returns true if a spelling is correct in a sentence, though the name is spelt otherwise: several words that may be a verb,
/// and a hyphen between words that stand before a noun.
fn is_ordinary(name: &str, written: &str, before: &str, after: &str) -> bool {
    let last = before.trim_end().rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let is_thing = DETERMINERS.iter().any(|word| word.eq_ignore_ascii_case(last));
    let is_phrase = written.contains(' ') && name.contains('-') && !is_thing;
    let stands_before_word = after.strip_prefix(' ').is_some_and(|rest| {
        let next = rest.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        !next.is_empty() && !NO_NOUNS.iter().any(|word| word.eq_ignore_ascii_case(next))
    });
    is_phrase || written.contains('-') && !name.contains('-') && stands_before_word
}

/// The shortest name that is told from a word in other letters.
const MIN_CASED: usize = 4;

/// Returns true if a name such as `GitHub` is written in other letters, but not in capitals.
fn is_miscased(name: &str, written: &str) -> bool {
    let is_mixed = name.len() >= MIN_CASED
        && name.chars().all(char::is_alphanumeric)
        && name.chars().skip(1).any(char::is_uppercase)
        && name.chars().any(char::is_lowercase);
    is_mixed && name != written && written.chars().any(char::is_lowercase)
}

fn is_glossary<'c>(mut records: impl Iterator<Item = &'c Record>) -> bool {
    records.any(|record| &*record.kind.name == TERM)
}

fn prose_of<'c>(file: &'c SourceFile, records: impl Iterator<Item = &'c Record>) -> Vec<Stretch> {
    if let Some(markdown) = &file.document.markdown {
        let stretch = |prose: &Prose| Stretch { span: prose.span, quoted: prose.quoted };
        return markdown.prose.iter().map(stretch).collect();
    }
    let mut spans = Vec::new();
    for record in records {
        collect(&record.kind.shape, &record.fields, &mut spans);
    }
    spans.into_iter().map(|span| Stretch { span, quoted: false }).collect()
}

/// Returns true if only heading marks (`#`, `=`) precede a span on its line. The parsed headings are already freed here.
fn is_in_heading(text: &str, span: Span) -> bool {
    // The text of a cached file is read on demand, and is empty if the file can't be read any more.
    let Some(before) = text.get(..span.start as usize) else { return false };
    let marks = before.rsplit('\n').next().unwrap_or(before).trim();
    !marks.is_empty() && (marks.bytes().all(|byte| byte == b'#') || marks.bytes().all(|byte| byte == b'='))
}

/// Returns true for a heading of a page such as `Items` of minutes, which names a part of any such page.
fn is_name_of_part(catalog: &Catalog, file: &SourceFile, span: Span) -> bool {
    let title = file.source().slice(span);
    let is_name = |number: u32| is_name_of_section(&catalog.record(number).kind.shape, title);
    file.document.markdown.is_some()
        && is_in_heading(file.source().text(), span)
        && file.records.clone().any(is_name)
}

fn is_name_of_section(shape: &Shape, title: &str) -> bool {
    let is_heading_of = |field: &Field| field.headings.iter().any(|name| name.eq_ignore_ascii_case(title));
    shape.by_key(&section_key(title)).is_some() || shape.fields.iter().any(is_heading_of)
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
fn sentence(text: &str, block: Span, at: Span) -> Span {
    let before = text.get(block.start as usize..at.start as usize).unwrap_or("");
    let after = text.get(at.end as usize..block.end as usize).unwrap_or("");
    let mut scan = SentenceScan::default();
    let left = before.char_indices().rev().take_while(|(_, c)| scan.continues(*c, true)).last();
    let mut scan = SentenceScan::default();
    let right = after.char_indices().take_while(|(_, c)| scan.continues(*c, false)).last();
    let start = left.map_or(at.start as usize, |(byte, _)| block.start as usize + byte);
    let end = right.map_or(at.end as usize, |(byte, c)| at.end as usize + byte + c.len_utf8());
    Span::new(start, end)
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
    if text[..start].chars().next_back().is_some_and(is_in_word) {
        return None;
    }
    let ends = |at: usize| !text[at..].chars().next().is_some_and(is_in_word);
    let plural = ["", "s", "es", "S", "ES"].into_iter().filter(|ending| text[end..].starts_with(ending));
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
            let sentence = &text[sentence(text, Span::new(0, text.len()), span).range()];
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
    fn other_spellings_are_told_from_ordinary_phrases() {
        assert_eq!(other_separators("sign-up"), ["sign up", "signup"]);
        assert_eq!(other_separators("decision right"), ["decision-right", "decisionright"]);
        assert_eq!(other_separators("customer"), [""; 0]);
        assert!(is_ordinary("sign-up", "sign up", "they ", " today"));
        assert!(is_ordinary("go-live", "go live", "Sites ", " in May"));
        assert!(is_ordinary("no-show", "no show", "there is ", "."));
        assert!(is_ordinary("decision right", "decision-right", "the ", " holder"));
        assert!(!is_ordinary("decision right", "decision-right", "the ", ". "));
        assert!(!is_ordinary("pet-owner", "pet owner", "Each ", "s"));
        assert!(is_miscased("GitHub", "Github") && is_miscased("GitHub", "github"));
        assert!(
            !is_miscased("GitHub", "GITHUB")
                && !is_miscased("SMART", "smart")
                && !is_miscased("Churn", "churn")
        );
        assert_eq!(plural_in_ies("company").as_deref(), Some("companies"));
        assert_eq!(plural_in_ies("day"), None);
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
