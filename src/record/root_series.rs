//! Numbered pages at the root of a repository that has little else there: `rfc-001-limits.md`, `001-limits/proposal.md`.

use ahash::{HashMap, HashMapExt};

use super::conventions::CONVENTIONS;
use super::expected::is_beside_records;
use crate::syntax::Format;

/// The fewest pages that are a series.
const MIN_PAGES: usize = 3;

/// The pages at the root whose names have the same letters before their numbers, if they are at least half of its files.
#[derive(Debug, PartialEq, Eq)]
pub struct RootSeries {
    letters: String,
}

impl RootSeries {
    pub fn find<'p>(paths: impl Iterator<Item = &'p str>) -> Option<RootSeries> {
        let mut files = 0_usize;
        let mut series: HashMap<String, usize> = HashMap::new();
        let is_near = |path: &&str| !path.contains('/') || folder_of_page(path).is_some();
        for path in paths.filter(|path| is_near(path) && !path.starts_with('.')) {
            files += 1;
            if let Some(letters) = letters(path) {
                *series.entry(letters).or_default() += 1;
            }
        }
        let (letters, pages) = series.into_iter().max_by(|(one, a), (other, b)| (a, other).cmp(&(b, one)))?;
        (pages >= MIN_PAGES && 2 * pages >= files).then_some(RootSeries { letters })
    }

    pub fn contains(&self, path: &str) -> bool {
        letters(path).is_some_and(|letters| letters == self.letters)
    }
}

/// Returns the name of a folder at the root that has one page of this name: `001-limits/proposal.md`.
fn folder_of_page(path: &str) -> Option<&str> {
    let (folder, name) = path.split_once('/')?;
    let is_proposal = ["proposal.", "rfc."].iter().any(|begin| name.starts_with(begin));
    (is_proposal && !name.contains('/')).then_some(folder)
}

/// Returns the letters before the number in the name of a page at the root; a year is no number, and neither are few digits
/// unless capitals stand before them: `chapter-1.md`.
fn letters(path: &str) -> Option<String> {
    let is_unread = CONVENTIONS.is_unread_page(path) && !CONVENTIONS.is_unread_file(path);
    let is_page = Format::is_page_path(path) || is_unread;
    let folder = folder_of_page(path);
    if (path.contains('/') && folder.is_none()) || !is_page || is_beside_records(path) {
        return None;
    }
    let stem = folder.unwrap_or_else(|| super::classifier::stem(path));
    let after_letters = stem.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = &stem[..stem.len() - after_letters.len()];
    let number = after_letters.trim_start_matches(['-', '_', ' ']);
    let digits = number.len() - number.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let ends_word = number[digits..].is_empty() || number[digits..].starts_with(['-', '_', ' ', '.']);
    let is_year = digits == 4 && (number.starts_with("19") || number.starts_with("20"));
    let is_long = (3..=5).contains(&digits) && !is_year;
    let has_capitals = digits > 0 && letters.len() > 1 && letters.bytes().all(|it| it.is_ascii_uppercase());
    let is_form = number[..digits].bytes().all(|digit| digit == b'0');
    let is_series =
        ends_word && !is_form && (is_long || has_capitals) && !CONVENTIONS.is_introduction(letters);
    is_series.then(|| letters.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(paths: &[&str]) -> Option<String> {
        RootSeries::find(paths.iter().copied()).map(|series| series.letters)
    }

    #[test]
    fn three_numbered_pages_are_a_series_where_little_else_lies() {
        assert_eq!(
            series(&["README.md", "rfc-001-a.md", "rfc-002-b.md", "rfc-003.md"]).as_deref(),
            Some("rfc")
        );
        assert_eq!(series(&["0001-a.md", "0002-b.rst", "0003-c.md", "src/a.rs"]).as_deref(), Some(""));
        assert_eq!(series(&["PIP-1.md", "PIP-2.md", "PIP-10.md"]).as_deref(), Some("pip"));
        let folders = ["README.md", "001-a/proposal.md", "002-b/proposal.md", "003-c/proposal.md"];
        assert_eq!(series(&folders).as_deref(), Some(""));
        assert_eq!(series(&["rfc-001-a.md", "rfc-002-b.md"]), None);
        assert_eq!(series(&["rfc-001-a.md", "rfc-002-b.md", "adr-001.md"]), None, "two series");
        let code = ["a.c", "b.c", "c.c", "d.c", "rfc-001-a.md", "rfc-002-b.md", "rfc-003-c.md"];
        assert_eq!(series(&code), None);
    }

    #[test]
    fn chapters_years_and_changes_are_no_series() {
        for paths in [
            ["chapter-1.md", "chapter-2.md", "chapter-3.md"],
            ["2024-plan.md", "2025-plan.md", "2026-plan.md"],
            ["CHANGELOG-1.md", "CHANGELOG-2.md", "CHANGELOG-3.md"],
            ["docs/001-a.md", "docs/002-b.md", "docs/003-c.md"],
        ] {
            assert_eq!(series(&paths), None, "{paths:?}");
        }
    }
}
