//! Destinations of links, whose spans the parser doesn't give, and the anchors of headings.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use ahash::HashMap;
use pulldown_cmark::LinkType;
use regex::Regex;

/// Undoes the percent signs of a path in a link: `a%20b.md` is `a b.md`.
pub fn percent_decoded(text: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy()
}

/// Writes a path as the destination of a link, the reverse of [`percent_decoded`] for what would end or cut it.
pub fn percent_encoded(path: &str) -> String {
    let encoded = |c: char| match c {
        ' ' | '#' | '?' | '%' | '(' | ')' | '<' | '>' | '\\' => format!("%{:02X}", c as u32),
        _ => c.to_string(),
    };
    path.chars().map(encoded).collect()
}

/// The span of the destination of the link in `link`, whose text ends at `text_end`; for a reference link, `link`.
pub(super) fn destination(text: &str, kind: LinkType, link: Range<usize>, text_end: usize) -> Range<usize> {
    let own = match kind {
        LinkType::Inline => {
            inline_destination(&text[text_end..link.end]).map(|own| text_end + own.start..text_end + own.end)
        }
        LinkType::Autolink | LinkType::Email => Some(link.start + 1..link.end.saturating_sub(1)),
        _ => None,
    };
    own.filter(|own| own.start <= own.end).unwrap_or(link)
}

/// The destination in the definition of a link: `b.md` in `[a]: <b.md> "title"`.
pub(super) fn defined_destination(text: &str, definition: Range<usize>) -> Option<Range<usize>> {
    let whole = text.get(definition.clone())?;
    let after = whole.find("]:")? + "]:".len();
    let start = whole.len() - whole[after..].trim_start().len();
    let rest = &whole[start..];
    let (from, length) = match rest.strip_prefix('<') {
        Some(inner) => (start + 1, find_unescaped(inner, |c| c == '>')?),
        None => (start, rest.find(char::is_whitespace).unwrap_or(rest.len())),
    };
    let at = definition.start + from;
    (length > 0).then(|| at..at + length)
}

pub(in crate::syntax) fn find_url(text: &str) -> Option<Range<usize>> {
    // Searching for one byte is many times faster than for `://`.
    let colon = memchr::memchr_iter(b':', text.as_bytes()).find(|&at| text[at..].starts_with("://"))?;
    let scheme = text[..colon].trim_end_matches(|c: char| c.is_ascii_alphanumeric()).len();
    Some(scheme..colon + url_len(&text[colon..]))
}

pub(in crate::syntax) fn url_len(text: &str) -> usize {
    text.find(|c: char| c.is_whitespace() || matches!(c, '<' | '"')).unwrap_or(text.len())
}

pub fn inline_destinations(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("](") {
        let opened = from + at;
        from = opened + 2;
        if let Some(own) = inline_destination(&text[opened..]).filter(|own| !own.is_empty()) {
            found.push(opened + own.start..opened + own.end);
            from = opened + own.end;
        }
    }
    found
}

fn inline_destination(end: &str) -> Option<Range<usize>> {
    let opened = if end.starts_with("](") { 2 } else { end.find("](")? + 2 };
    let start = end.len() - end[opened..].trim_start().len();
    if end[start..].starts_with('<') {
        let length = find_unescaped(&end[start + 1..], |c| c == '>')?;
        return Some(start + 1..start + 1 + length);
    }
    let mut depth = 0_i32;
    let length = find_unescaped(&end[start..], |c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth < 0 || c.is_whitespace()
    })?;
    Some(start..start + length)
}

fn find_unescaped(text: &str, mut ends: impl FnMut(char) -> bool) -> Option<usize> {
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            chars.next();
        } else if ends(c) {
            return Some(at);
        }
    }
    None
}

#[derive(Default)]
pub(in crate::syntax) struct Slugger {
    /// The highest number used for each slug.
    used: HashMap<Box<str>, usize>,
}

impl Slugger {
    /// The second `Status` is `status-1`.
    pub(in crate::syntax) fn next(&mut self, title: &str) -> Box<str> {
        let slug: Box<str> = slug(title).into();
        let Some(&count) = self.used.get(&slug) else {
            self.used.insert(slug.clone(), 0);
            return slug;
        };
        let numbered = (count + 1..).map(|count| (count, format!("{slug}-{count}").into_boxed_str()));
        let free = { numbered }.find(|(_, candidate)| !self.used.contains_key(candidate));
        let Some((count, candidate)) = free else { return slug };
        self.used.insert(slug, count);
        self.used.insert(candidate.clone(), 0);
        candidate
    }
}

/// Returns the anchor that GitHub gives a heading, without the number of repeated ones.
pub fn slug(title: &str) -> String {
    let mut slug = String::with_capacity(title.len());
    for c in title.chars() {
        match c {
            ' ' => slug.push('-'),
            '-' | '_' => slug.push(c),
            c if c.is_ascii_alphanumeric() => slug.push(c.to_ascii_lowercase()),
            c if c.is_alphabetic() || is_mark_or_digit(c) => slug.extend(c.to_lowercase()),
            _ => {}
        }
    }
    slug
}

/// Returns true for what a slug keeps beside letters, also the invisible mark after many an emoji. Source: `\p{Word}` in
/// the table of contents of GitHub's `html-pipeline`.
fn is_mark_or_digit(c: char) -> bool {
    static KEPT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[\p{M}\p{Nd}\p{Pc}]$").ok());
    !c.is_ascii() && KEPT.as_ref().is_some_and(|kept| kept.is_match(c.encode_utf8(&mut [0; 4])))
}
