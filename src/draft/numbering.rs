//! Identifiers of new records, in the style of those that are there.

use std::collections::BTreeMap;

use jiff::civil::Date;

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

fn digits_at_start(text: &str) -> usize {
    text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len()
}

/// The length of a year and the hyphen after it, if a number follows and not the rest of a date.
pub(super) fn year_before_number(text: &str) -> Option<usize> {
    let (year, rest) = text.split_once('-')?;
    let is_year = year.len() == 4 && digits_at_start(year) == 4 && matches!(&year[..2], "19" | "20");
    let is_number = (1..=4).contains(&digits_at_start(rest)) && !starts_with_month(rest);
    (is_year && is_number).then_some(year.len() + 1)
}

/// Replaces the year in a prefix such as `AC-2026-`.
pub(super) fn in_year(prefix: &str, today: Date) -> String {
    let year = prefix.strip_suffix('-').and_then(|start| start.get(start.len().checked_sub(4)?..));
    match year.filter(|year| digits_at_start(year) == 4) {
        Some(_) => format!("{}{}-", &prefix[..prefix.len() - 5], today.year()),
        None => prefix.to_owned(),
    }
}

fn starts_with_month(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_two_digits = |part: Option<&str>| {
        part.is_some_and(|it| it.len() >= 2 && it.bytes().take(2).all(|b| b.is_ascii_digit()))
    };
    is_two_digits(parts.next()) && is_two_digits(parts.next())
}

/// The style of numbers: where most names begin with the same prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NumberStyle {
    pub prefix: String,
    /// The number of digits, with leading zeros; 1 without.
    pub width: usize,
}

impl NumberStyle {
    /// Returns the style of most of these names, in this year if they are numbered by year; `None` if most have no number.
    pub(super) fn of<'n>(names: impl Iterator<Item = &'n str> + Clone, today: Date) -> Option<NumberStyle> {
        let all = names.clone().count();
        let numbered: Vec<Numbered<'_>> = names.filter_map(Numbered::read).collect();
        if numbered.len() * 2 <= all {
            return None;
        }
        let mut prefixes: BTreeMap<&str, usize> = BTreeMap::new();
        numbered.iter().for_each(|name| *prefixes.entry(name.prefix).or_default() += 1);
        let (prefix, _) = prefixes.into_iter().max_by_key(|(_, count)| *count)?;
        let digits = numbered.iter().filter(|name| name.prefix == prefix).map(|name| name.digits);
        let width = digits.filter(|digits| digits.starts_with('0')).map(str::len).max().unwrap_or(1);
        Some(NumberStyle { prefix: in_year(prefix, today), width })
    }

    /// Returns the number of a name of this style.
    pub(super) fn number_of(&self, name: &str) -> Option<u64> {
        let numbered = Numbered::read(name)?;
        numbered.prefix.eq_ignore_ascii_case(&self.prefix).then(|| numbered.number())?
    }

    /// Reads an identifier that a user gives: a number, with any word before it, or one of this style in another year.
    pub(super) fn given(&self, id: &str) -> Option<(NumberStyle, u64)> {
        let digits = id.trim_start_matches(|c: char| !c.is_ascii_digit());
        if let Ok(number) = digits.parse() {
            return Some((self.clone(), number));
        }
        let numbered = Numbered::read(id).filter(|it| it.rest.is_empty())?;
        let same_year = |prefix: &str| in_year(prefix, jiff::civil::date(2000, 1, 1)).to_lowercase();
        let is_alike = same_year(numbered.prefix) == same_year(&self.prefix);
        let style = NumberStyle { prefix: numbered.prefix.to_owned(), width: self.width };
        is_alike.then(|| numbered.number().map(|number| (style, number)))?
    }

    pub(super) fn write(&self, number: u64) -> String {
        format!("{}{}", self.prefix, padded(number, self.width))
    }
}

pub(super) fn padded(number: u64, width: usize) -> String {
    format!("{number:0width$}")
}

/// Returns the date at the start of a name, in the same layout for another day.
pub(super) fn dated_like(name: &str, today: Date) -> Option<String> {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let dashed = name.get(..10).filter(|_| starts_with_month(name.get(5..).unwrap_or_default()));
    if dashed.and_then(|it| it.get(..4)).is_some_and(is_digits) {
        return Some(today.to_string());
    }
    let compact = name.get(..8).filter(|it| is_digits(it));
    let ends = !name.get(8..).unwrap_or_default().starts_with(|c: char| c.is_ascii_digit());
    compact.filter(|_| ends).map(|_| today.to_string().replace('-', ""))
}

/// Returns a title as a part of a file name or as an identifier: words of letters and digits, joined.
pub(super) fn slug(title: &str, separator: &str, keeps_case: bool) -> String {
    let mut words: Vec<String> = Vec::new();
    // `don't` is one word.
    let title = title.replace(['\'', '’'], "");
    for word in title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        words.push(if keeps_case { word.to_owned() } else { word.to_lowercase() });
    }
    words.join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_names_are_read() {
        let read = |name| Numbered::read(name).map(|it| (it.prefix, it.digits, it.separator, it.rest));
        assert_eq!(read("0014-use-rust"), Some(("", "0014", "-", "use-rust")));
        assert_eq!(read("adr-025-ibc"), Some(("adr-", "025", "-", "ibc")));
        assert_eq!(read("ADR_7_Title"), Some(("ADR_", "7", "_", "Title")));
        assert_eq!(read("D-12"), Some(("D-", "12", "", "")));
        assert_eq!(read("AC-2026-02-bicycles"), Some(("AC-2026-", "02", "-", "bicycles")));
        assert_eq!(read("2026-02-bicycles"), Some(("2026-", "02", "-", "bicycles")));
        assert_eq!(read("ADR-2026-use-rust"), Some(("ADR-", "2026", "-", "use-rust")));
        for name in ["2026-11-20-use-rust", "20261120-use-rust", "1password", "churn", ""] {
            assert_eq!(read(name), None, "{name}");
        }
    }

    #[test]
    fn the_style_is_that_of_most_names() {
        let today = jiff::civil::date(2026, 11, 20);
        let style = |names: &[&'static str]| NumberStyle::of(names.iter().copied(), today);
        let padded = style(&["0001-a", "0002-b", "index"]).unwrap();
        assert_eq!((padded.write(3), padded.write(12345)), ("0003".to_owned(), "12345".to_owned()));
        assert_eq!(style(&["D-1", "D-10", "L-3"]).unwrap().write(11), "D-11");
        let by_year = style(&["AC-2025-01-a", "AC-2025-02-b", "AC-2026-01-c"]).unwrap();
        assert_eq!((by_year.number_of("AC-2025-02-b"), by_year.number_of("AC-2026-01-c")), (None, Some(1)));
        assert_eq!(by_year.write(2), "AC-2026-02");
        let given = |id: &str| by_year.given(id).map(|(style, number)| style.write(number));
        for (id, expected) in
            [("AC-2026-07", "AC-2026-07"), ("AC-2024-07", "AC-2024-07"), ("7", "AC-2026-07")]
        {
            assert_eq!(given(id).as_deref(), Some(expected), "{id}");
        }
        assert_eq!((given("2026-07"), given("buses")), (None, None));
        assert_eq!(style(&["churn", "margin", "D-1"]), None);
        assert_eq!(style(&[]), None);
    }

    #[test]
    fn titles_become_names() {
        assert_eq!(slug("Don't ship on Fridays!", "-", false), "dont-ship-on-fridays");
        assert_eq!(slug("Größe: A/B", "_", true), "Größe_A_B");
        let today = jiff::civil::date(2026, 11, 20);
        assert_eq!(dated_like("2026-01-02-x", today).as_deref(), Some("2026-11-20"));
        assert_eq!(dated_like("20260102-x", today).as_deref(), Some("20261120"));
        assert_eq!(dated_like("0001-x", today), None);
    }
}
