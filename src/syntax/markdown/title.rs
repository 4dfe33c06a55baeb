//! Titles compared, and their anchors.

use std::sync::LazyLock;

use ahash::HashMap;
use regex::Regex;

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

/// Returns the normalised title: two titles are the same if their keys are equal and not empty.
pub fn section_key(title: &str) -> String {
    let title = trim_title(title);
    let mut key = String::with_capacity(title.len());
    for word in title.split_whitespace().map(|word| if word == "&" { "and" } else { word }) {
        if !key.is_empty() {
            key.push(' ');
        }
        match word.is_ascii() {
            true => key.push_str(word),
            false => key.extend(word.chars().flat_map(char::to_lowercase)),
        }
    }
    key.make_ascii_lowercase();
    key
}

/// Removes leading emoji, punctuation and numbers (`2.`, `2.1`, `3)`), and trailing punctuation.
fn trim_title(title: &str) -> &str {
    let outside = |c: char| !c.is_alphanumeric();
    let title = title.trim_start_matches(outside);
    let title = strip_number(title).trim_start_matches(outside);
    title.trim_end_matches(|c: char| outside(c) && !matches!(c, ')' | '?' | '!' | '%'))
}

fn strip_number(title: &str) -> &str {
    let number = title.len() - title.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let (number, rest) = title.split_at(number);
    let numbered = rest.strip_prefix(')').or_else(|| number.contains('.').then_some(rest));
    match numbered {
        Some(rest) if !number.is_empty() && rest.starts_with(char::is_whitespace) => rest,
        _ => title,
    }
}
