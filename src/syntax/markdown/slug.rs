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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_equal_those_of_github() {
        let mut slugger = Slugger::default();
        assert_eq!(&*slugger.next("1. What's new? (draft)"), "1-whats-new-draft");
        assert_eq!(&*slugger.next("Größe & Maß"), "größe--maß");
        assert_eq!(&*slugger.next("snake_case-name"), "snake_case-name");
        assert_eq!(&*slugger.next("🚀 Launch"), "-launch");
        assert_eq!(&*slugger.next("#️⃣ Names"), "\u{fe0f}\u{20e3}-names");
        assert_eq!(&*slugger.next("At 10 m² and ½"), "at-10-m-and-");
    }

    #[test]
    fn repeated_slugs_are_numbered() {
        let mut slugger = Slugger::default();
        let given: Vec<_> =
            ["Status", "Status", "Status 1", "Status", "status-1"].map(|title| slugger.next(title)).into();
        assert_eq!(
            given.iter().map(|slug| &**slug).collect::<Vec<_>>(),
            ["status", "status-1", "status-1-1", "status-2", "status-1-2"]
        );
    }
}
