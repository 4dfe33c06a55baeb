//! Reads references to records and pages: numbers, identifiers, links, paths and addresses.

use std::ops::Range;

use super::identifier::{self, Identifier};
use super::placeholder::names_nothing;
use super::token::{self, Kind, Token};
use super::words;
use crate::text::range_in;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference<'t> {
    pub target: Target<'t>,
    pub range: Range<usize>,
    /// True if only a part of what it names is meant: `ADR-7 (only the port)`.
    pub in_part: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target<'t> {
    /// Letters, which may be missing, and a number: `ADR-7`, `#7`, `7`.
    Number(&'t str, &'t str),
    /// A file, relative to the page or to the root.
    Path(&'t str),
    Address(&'t str),
    /// Words: an identifier without a number, or a title.
    Name(&'t str),
}

/// Returns the references of a list such as `ADR-7, [8](0008-x.md) and 9`. Empty for `none`.
pub fn read_all(text: &str) -> Vec<Reference<'_>> {
    if names_nothing(text) {
        return Vec::new();
    }
    let mut found: Vec<Reference<'_>> = Vec::new();
    let tokens = token::tokens(text);
    for part in token::list_parts(text, &tokens, &[]) {
        let first = part.iter().find(|token| token.is_word());
        let is_part = first.is_some_and(|first| words::is_in("in-part", first.text));
        match found.last_mut().filter(|_| is_part) {
            // `ADR-7, section 2`.
            Some(last) => last.in_part = true,
            None => found.extend(read_tokens(text, part)),
        }
    }
    found
}

/// Reads one reference from the words and marks of a part of a text.
pub(super) fn read_tokens<'t>(text: &'t str, tokens: &[Token<'t>]) -> Option<Reference<'t>> {
    let is_lead = |at: usize| match tokens[at].kind {
        Kind::Word => {
            let (word, next) = (tokens[at].text, tokens.get(at + 1).map_or("", |next| next.text));
            // `decision ADR-7`.
            let is_code = next.contains(char::is_alphabetic) && next.contains(|c: char| c.is_ascii_digit());
            tokens[at].link.is_none()
                && (words::is_in("reference-leads", word) || is_code && words::is_in("title-leads", word))
        }
        Kind::Mark('#' | '/' | '.') => false,
        _ => true,
    };
    let start = (0..tokens.len()).find(|at| !is_lead(*at))?;
    let tokens = &tokens[start..];
    let first = tokens.first()?;
    let (count, range, target) = if let Some(destination) = first.link {
        let count = tokens.iter().take_while(|token| token.link == Some(destination)).count();
        let range = first.start..tokens[count - 1].end();
        (count, range.clone(), of_destination(destination, &text[range]))
    } else if let Some((range, target)) = of_written(text, first) {
        let count = tokens.iter().take_while(|token| token.start < range.end).count();
        if is_elsewhere(&tokens[count..]) {
            return None;
        }
        (count, range, target)
    } else {
        // A title ends before a remark.
        let is_end = |token: &Token<'_>| token.is_mark(&['(', '—', '–', '|']) || token.kind == Kind::LineEnd;
        let count = tokens.iter().position(is_end).unwrap_or(tokens.len());
        let range = first.start..tokens[..count].iter().rfind(|token| token.is_word())?.end();
        let name = Some(&text[range.clone()]).filter(|name| !names_nothing(name))?;
        (count, range, Target::Name(name))
    };
    Some(Reference { target, range, in_part: is_in_part(&tokens[count..]) })
}

fn of_destination<'t>(destination: &'t str, words: &'t str) -> Target<'t> {
    let destination = ["project:", "doc:", "xref:"]
        .iter()
        .find_map(|it| destination.strip_prefix(it))
        .unwrap_or(destination);
    if destination.contains("://") || destination.starts_with("mailto:") {
        return Target::Address(destination);
    }
    let page = destination.split('#').next().unwrap_or_default();
    match page.is_empty() {
        // An anchor of this page says less than its words.
        true => {
            number_of(words).map_or(Target::Name(words), |(prefix, number)| Target::Number(prefix, number))
        }
        false => Target::Path(page),
    }
}

/// Reads a path, an address or a number where no link is marked.
fn of_written<'t>(text: &'t str, first: &Token<'t>) -> Option<(Range<usize>, Target<'t>)> {
    let rest = &text[first.start..];
    // In AsciiDoc: `xref:0007-use-git.adoc[7. Use Git]`.
    if let Some(link) = ["xref:", "link:"].iter().find_map(|name| rest.strip_prefix(name)) {
        let destination = link.split(|c: char| c == '[' || c.is_whitespace()).next().unwrap_or_default();
        return Some((range_in(text, destination), of_destination(destination, "")));
    }
    let word = rest.split(|c: char| c.is_whitespace() || ",;)]>`*|\"".contains(c)).next().unwrap_or_default();
    let word = word.trim_end_matches(['.', ':']);
    let range = first.start..first.start + word.len();
    if word.contains("://") {
        return Some((range, Target::Address(word)));
    }
    // A role of reStructuredText: `:pep:`749``.
    let role = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
    let number = rest[role..].strip_prefix(":`").map_or("", |inner| {
        let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
        if inner[digits..].starts_with('`') { &inner[..digits] } else { "" }
    });
    if !number.is_empty() {
        return Some((range_in(text, number), Target::Number(&rest[..role], number)));
    }
    let page = word.split('#').next().unwrap_or_default();
    let is_page =
        [".md", ".mdx", ".rst", ".adoc", ".asciidoc", ".mediawiki", ".yaml", ".yml", ".html", ".txt"]
            .iter()
            .any(|ending| page.len() > ending.len() && page.ends_with(ending));
    let page = page.trim_end_matches('/');
    if is_page || (page.contains('/') && page.contains(char::is_alphabetic)) {
        return Some((range, Target::Path(page)));
    }
    // `ADR 7`: the number is the next word.
    let line = rest.split(['\n', ',', ';', '(', ')']).next().unwrap_or_default();
    let (prefix, number) = number_of(line)?;
    Some((first.start..range_in(text, number).end, Target::Number(prefix, number)))
}

/// Returns the letters and the number with which a text begins: `ADR` and `7` of `ADR-7: Use Git`.
fn number_of(text: &str) -> Option<(&str, &str)> {
    // `q4-fewer-outages` is one word.
    let is_word = |it: &Identifier<'_>| {
        let is_joined = !it.prefix.is_empty() && text[..it.range.start].ends_with(it.prefix);
        let behind = text[it.range.end..].strip_prefix('-').unwrap_or_default();
        is_joined && behind.starts_with(char::is_alphabetic)
    };
    let identifier = identifier::in_title(text).filter(|it| !is_word(it)).or_else(|| {
        let name = text.split_whitespace().next()?;
        let name = name.trim_end_matches(['.', ':', '*', '_', '`', '"', '”', ']', ')', '>']);
        let is_number = |it: &Identifier<'_>| it.range.end == name.len() && !it.range.is_empty();
        identifier::in_name(name)
            .filter(|it| is_number(it) && it.number.starts_with(|c: char| c.is_ascii_digit()))
    })?;
    (!identifier.number.is_empty()).then_some((identifier.prefix, identifier.number))
}

/// True for what is behind a number and says that it is one of another repository: `in the platform repository`.
fn is_elsewhere(tokens: &[Token<'_>]) -> bool {
    const NEAR: usize = 5;
    let mut words = tokens.iter().take_while(|token| token.is_word()).take(NEAR);
    words.any(|token| words::is_in("elsewhere", token.text))
}

/// True for what is behind a reference and limits it: `(only the port)`, `in part`, `, section 2`.
pub(super) fn is_in_part(tokens: &[Token<'_>]) -> bool {
    const NEAR: usize = 6;
    let is_end = |token: &Token<'_>| token.kind == Kind::LineEnd || token.is_mark(&['.', ';']);
    let words = tokens.iter().take_while(|token| !is_end(token)).take(NEAR).filter(|token| token.is_word());
    let mut is_direct = true;
    // `as part of the move, for cost` says why.
    let mut limits = words.map(|token| {
        let was_direct = std::mem::replace(&mut is_direct, token.text.eq_ignore_ascii_case("in"));
        words::is_in("in-part", token.text) && (was_direct || !words::is_in("in-part-directly", token.text))
    });
    limits.any(|it| it) || tokens.first().is_some_and(|token| token.is_mark(&['§']))
}
