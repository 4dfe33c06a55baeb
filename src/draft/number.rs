//! Numbers in names.

/// A name such as `ADR-0014_use-rust`: a number between a prefix and the rest. In `AC-2026-02` and `2026-02-bicycles` the year
/// belongs to the prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbered<'a> {
    pub prefix: &'a str,
    pub digits: &'a str,
    pub separator: &'a str,
    pub rest: &'a str,
}

/// The separators between the parts of a name.
const SEPARATORS: [char; 4] = ['-', '_', ' ', '.'];

/// The longest number; a longer one is a date, or no number at all.
const MAX_DIGITS: usize = 6;

impl<'a> Numbered<'a> {
    /// Reads a name; none without a number after at most one word. A date is no number.
    pub(super) fn read(name: &'a str) -> Option<Numbered<'a>> {
        let start = name.find(|c: char| c.is_ascii_digit())?;
        let (prefix, rest) = name.split_at(start);
        let word = prefix.trim_end_matches(SEPARATORS);
        if !word.chars().all(char::is_alphabetic) || prefix.len() > word.len() + 1 {
            return None;
        }
        let year = year_before_number(rest).unwrap_or(0);
        let (prefix, rest) = name.split_at(start + year);
        let (digits, rest) = rest.split_at(digits_at_start(rest));
        let after = rest.trim_start_matches(SEPARATORS);
        let separator = &rest[..rest.len() - after.len()];
        let is_separate = rest.is_empty() || !separator.is_empty();
        let is_date = digits.len() > MAX_DIGITS || (digits.len() == 4 && starts_with_month(after));
        (is_separate && !is_date).then_some(Numbered { prefix, digits, separator, rest: after })
    }

    pub(super) fn number(self) -> Option<u64> {
        self.digits.parse().ok()
    }
}

pub(super) fn digits_at_start(text: &str) -> usize {
    text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len()
}

/// The length of a year and the hyphen after it, if a number follows and not the rest of a date.
fn year_before_number(text: &str) -> Option<usize> {
    let (year, rest) = text.split_once('-')?;
    let is_year = year.len() == 4 && digits_at_start(year) == 4 && matches!(&year[..2], "19" | "20");
    let is_number = (1..=4).contains(&digits_at_start(rest)) && !starts_with_month(rest);
    (is_year && is_number).then_some(year.len() + 1)
}

pub(super) fn padded(number: u64, width: usize) -> String {
    format!("{number:0width$}")
}

fn starts_with_month(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_two_digits = |part: Option<&str>| {
        part.is_some_and(|it| it.len() >= 2 && it.bytes().take(2).all(|b| b.is_ascii_digit()))
    };
    is_two_digits(parts.next()) && is_two_digits(parts.next())
}
