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
