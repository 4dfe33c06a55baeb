//! The letters that pages in no known format write before their numbers, as in `# ADR-0012: …`.

use crate::record::{Record, id_key};

use super::Catalog;

/// The characters that separate letters from a number.
const SEPARATORS: [char; 4] = ['-', ' ', '_', '#'];

/// Returns the letters before the first digit of a name, and the rest: `ADR` and `12` of `ADR-12`.
fn letters_and_number(name: &str) -> (&str, &str) {
    let at = name.find(|c: char| c.is_ascii_digit()).unwrap_or(name.len());
    (name[..at].trim().trim_end_matches(SEPARATORS), &name[at..])
}

impl Catalog {
    /// Returns true if a page's heading has these letters before its number, or if there are no letters.
    pub(super) fn has_letters_of(&self, record: &Record, name: &str) -> bool {
        let (letters, _) = letters_and_number(name);
        let mut headings =
            self.file_of(record).source().text().lines().filter_map(|line| line.strip_prefix("# "));
        let has_letters = |heading: &str| letters_and_number(heading).0.eq_ignore_ascii_case(letters);
        letters.is_empty() || headings.next().is_some_and(has_letters)
    }

    /// Returns the pages in no known format whose headings begin with letters and a number: `ADR-12` for `# ADR-0012: …`.
    pub(super) fn with_heading(&self, name: &str) -> Vec<&Record> {
        let (letters, number) = letters_and_number(name);
        let is_plain = letters.chars().all(char::is_alphabetic) && number.bytes().all(|c| c.is_ascii_digit());
        if letters.is_empty() || number.is_empty() || !is_plain {
            return Vec::new();
        }
        let key = id_key(number, &[]);
        let is_numbered = |record: &&Record| record.is_of_unknown_format() && record.key() == key;
        let numbered = self.records.iter().filter(is_numbered);
        numbered.filter(|record| self.has_letters_of(record, name)).collect()
    }
}
