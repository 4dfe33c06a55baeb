//! Reads the number or the code that names a record, at the beginning of a title, a file name, a folder name or a key's value.

use std::ops::Range;

use super::date::{self, Order, Precision};
use super::{in_ascii, words};

/// An identifier at the beginning of a text, with its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identifier<'t> {
    /// The letters before the number, such as `ADR`; may be empty.
    pub prefix: &'t str,
    /// The number with its zeros, and further numbers of a part: `0046-01`.
    pub number: &'t str,
    /// The number in the text.
    pub range: Range<usize>,
    /// Where the text behind it begins, such as the title.
    pub rest: usize,
    /// True for four digits without letters that may be a year.
    pub may_be_year: bool,
    /// True for a number alone before words: `29 Network policies`. Another place states the identifier more clearly.
    pub is_bare: bool,
}

impl<'t> Identifier<'t> {
    /// True for a year behind a word: `Budget 2027`, unlike `RFC 2026`.
    pub fn is_year_of_word(&self) -> bool {
        self.prefix.contains(|c: char| c.is_ascii_lowercase()) && is_year(self.number)
    }

    /// Returns the identifier as a text spells it, with the letters before the number.
    pub fn spelled(&self, text: &'t str) -> &'t str {
        let letters = (self.prefix.as_ptr() as usize).checked_sub(text.as_ptr() as usize);
        let start = letters.filter(|_| !self.prefix.is_empty()).unwrap_or(self.range.start);
        text.get(start..self.range.end).unwrap_or_default()
    }
}

/// Letters before a number are a prefix up to this length.
const MAX_PREFIX: usize = 12;

/// Reads the identifier that a title begins with: `7. Use Git`, `ADR-0007: Use Git`, `[ADR-7] Use Git`, `20/TOY`. A year, a day and a
/// version are none.
pub fn in_title(title: &str) -> Option<Identifier<'_>> {
    let start = title.len() - title.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '[').len();
    let is_bracket = title[start..].starts_with('[');
    let at = start + usize::from(is_bracket);
    let (prefix, number_at) = prefix(title, at);
    let mut number = number(title, number_at)?;
    // The first goal of a quarter: `Q3-1: Keep customers`.
    let part = title[number.end..].strip_prefix('-').map_or(0, digit_count);
    let is_joined = !prefix.is_empty() && title[..number.start].ends_with(prefix);
    if (1..=2).contains(&part) && is_joined {
        number.end += 1 + part;
    }
    let rest = &title[number.end..];
    let closed = rest.strip_prefix(']').unwrap_or(rest);
    let is_closed = closed.len() < rest.len();
    if is_bracket != is_closed
        || (prefix.is_empty() && is_date(&title[number_at..]))
        || (!prefix.is_empty() && date::read(&title[at..], Order::Unknown).is_ok())
        || date::number_of_month(prefix).is_some()
    {
        return None;
    }
    let after =
        after_number(closed, !prefix.is_empty() || number.len() > 1 && title[number_at..].starts_with('0'))?;
    let may_be_year = prefix.is_empty() && is_year(&title[number.clone()]);
    let rest = title.len() - after.len();
    let is_bare = prefix.is_empty() && closed[..closed.len() - after.len()].trim().is_empty();
    Some(Identifier { prefix, number: &title[number.clone()], range: number, rest, may_be_year, is_bare })
}

/// Returns the text behind the mark between a number and a title; none if the number is part of a word, a version or an amount.
fn after_number(rest: &str, is_marked: bool) -> Option<&str> {
    if rest.is_empty() {
        return Some(rest);
    }
    let content = rest.trim_start();
    let is_apart = content.len() < rest.len();
    let separator = content.chars().next()?;
    let behind = &content[separator.len_utf8()..];
    let is_gap = behind.is_empty() || behind.starts_with(|c: char| !c.is_ascii_digit());
    let is_mark = |c: char| is_separator(c) || c.is_whitespace();
    match separator {
        // A day or a version.
        '-' | '.' if !is_apart && !is_gap => None,
        '.' | ':' | ')' | '：' | '/' if is_gap && (separator != '/' || !behind.starts_with(' ')) => {
            Some(behind.trim_start_matches(is_mark))
        }
        _ if is_separator(separator) && (is_apart || separator != '-' || is_marked) => {
            Some(behind.trim_start_matches(is_mark))
        }
        // A remark: `ADR-0022 [Moved] Rules`.
        '[' if is_apart && is_marked => Some(behind.split_once(']')?.1.trim_start()),
        '(' if is_apart && is_marked => None,
        _ if is_apart && (is_marked || separator.is_uppercase()) => Some(content),
        _ => None,
    }
}

/// Returns a text without the marks between an identifier and a title before it.
pub fn without_separators(text: &str) -> &str {
    text.trim_start_matches(|c: char| is_separator(c) || matches!(c, '.' | ')') || c.is_whitespace())
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '·' | '|' | ':' | '−')
}

/// Reads the identifier in the name of a file or a folder, without its extension: `0007-use-git`, `adr-0007`, `PLIP33`,
/// `2022-12-05_003-track`. A name that begins with a day and has no number behind it is the identifier as a whole.
pub fn in_name(name: &str) -> Option<Identifier<'_>> {
    if let Some(day_end) = leading_day(name) {
        let behind = name[day_end..].strip_prefix('_').unwrap_or_default();
        let digits = digit_count(behind);
        let is_number = (3..=4).contains(&digits) && behind[digits..].starts_with(['-', '_']);
        let range = if is_number { day_end + 1..day_end + 1 + digits } else { 0..name.len() };
        let (number, rest) = (&name[range.clone()], (range.end + 1).min(name.len()));
        return Some(Identifier { number, range, rest, ..Identifier::default() });
    }
    let (prefix, at) = prefix(name, 0);
    let mut range = number(name, at).filter(|_| !begins_with_quarter(name))?;
    // The parts of one proposal: `rfc-0046-01`.
    let part = &name[range.end..];
    let part_digits = part.strip_prefix('-').map_or(0, digit_count);
    if (1..=2).contains(&part_digits) && part.len() == part_digits + 1 && !prefix.is_empty() {
        range.end = name.len();
    }
    let rest = &name[range.end..];
    let text = rest.trim_start_matches(['-', '_', '.', ' ', ':']);
    let is_version = rest.strip_prefix('.').is_some_and(|rest| digit_count(rest) > 0);
    let is_apart = (rest.is_empty() || text.len() < rest.len()) && !is_version;
    let is_code = rest.starts_with(|c: char| c.is_ascii_alphabetic()) && rest.len() <= 1;
    if !(is_apart || is_code) {
        return None;
    }
    let may_be_year = prefix.is_empty() && is_year(&name[range.clone()]);
    let rest = name.len() - text.len();
    Some(Identifier { prefix, number: &name[range.clone()], range, rest, may_be_year, is_bare: false })
}

/// Reads the value of a key such as `id` or `eip`: a number, perhaps with letters before it. None for a placeholder such as `?` or `XXXX`.
pub fn in_value(value: &str) -> Option<Identifier<'_>> {
    let trimmed = value.trim();
    let start = value.len() - value.trim_start().len();
    let (prefix, at) = prefix(value, start);
    let range = number(value, at).filter(|range| range.end == start + trimmed.len())?;
    if value[range.clone()].bytes().all(|digit| digit == b'0') {
        return None;
    }
    let (number, rest) = (&value[range.clone()], range.end);
    Some(Identifier { prefix, number, range, rest, ..Identifier::default() })
}

/// Returns the title behind its identifier, or behind words that only say what the page is: `Architecture Decision Record: Use Git`.
pub fn title_without(title: &str) -> &str {
    if let Some(identifier) =
        in_title(title).filter(|it| !it.may_be_year || title[it.range.end..].starts_with('.'))
    {
        return title[identifier.rest..].trim();
    }
    let behind = title.split_once([':', '–', '—']).map(|(before, behind)| (before.trim(), behind.trim()));
    match behind {
        Some((before, behind)) if words::is_in("title-leads", before) && !behind.is_empty() => behind,
        _ => title.trim(),
    }
}

/// Returns the letters at an offset, and where the number behind them may begin: `ADR` and 4 in `ADR-7`.
fn prefix(text: &str, at: usize) -> (&str, usize) {
    let rest = &text[at..];
    if rest.starts_with('#') {
        return ("", at + 1);
    }
    let mut end = 0;
    // Two words, such as `Decision Record 7`.
    for _ in 0..3 {
        // An identifier that only looks like one in ASCII is reported as such.
        let is_capital = |c: char| in_ascii(&c.to_string()).bytes().all(|byte| byte.is_ascii_uppercase());
        let is_letter = |c: char| c.is_ascii_alphabetic() || c.is_uppercase() && is_capital(c);
        let letters = rest[end..].len() - rest[end..].trim_start_matches(is_letter).len();
        if letters == 0 {
            break;
        }
        let word_end = end + letters;
        let after = &rest[word_end..];
        let is_code = rest[..word_end].chars().all(char::is_uppercase);
        let is_mark =
            |c: char| matches!(c, '-' | '_' | ' ' | '#' | '.') || is_code && "‐‑‒–—−\u{a0}".contains(c);
        let gap = after.len() - after.trim_start_matches(is_mark).len();
        let digits = digit_count(&after[gap..]);
        let letters = &rest[..word_end];
        let is_short = word_end <= MAX_PREFIX && !letters.contains(' ');
        let is_prefix = is_short || words::is_in("title-leads", letters);
        if digits > 0 && after[..gap].chars().count() <= 2 && is_prefix {
            return (&rest[..word_end], at + word_end + gap);
        }
        // `ADR-R0001`: a letter before the digits.
        let letter = after[gap..].chars().next().filter(char::is_ascii_uppercase);
        if gap > 0 && letter.is_some() && digit_count(&after[gap + 1..]) > 1 && is_prefix {
            return (&rest[..word_end], at + word_end + gap + 1);
        }
        if gap != 1 || !after.starts_with([' ', '-', '_']) {
            break;
        }
        end = word_end + gap;
    }
    ("", at)
}

fn number(text: &str, at: usize) -> Option<Range<usize>> {
    // A longer number is that of something else.
    const MAX_DIGITS: usize = 7;
    let digits = digit_count(&text[at..]);
    (1..=MAX_DIGITS).contains(&digits).then_some(at..at + digits)
}

pub fn digit_count(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Returns true for four digits that may be a year of our time.
pub fn is_year(number: &str) -> bool {
    number.len() == 4 && (number.starts_with("19") || number.starts_with("20"))
}

/// True for a text that begins with a day or a month in digits.
fn is_date(text: &str) -> bool {
    date::read(text, Order::Unknown).is_ok_and(|stated| stated.precision <= Precision::Half)
}

/// True for a name without a number that has a year: `2027-q1-budget`, `budget-2027`.
pub fn is_of_period(name: &str) -> bool {
    begins_with_quarter(name) || in_name(name).is_some_and(|it| it.is_year_of_word())
}

/// True for a name that begins with a quarter or a half of a year: `2027-q1-budget`, `h2-2026`.
fn begins_with_quarter(name: &str) -> bool {
    let plain = name.replace('_', "-");
    let ends = plain.match_indices('-').map(|(at, _)| at).chain([plain.len()]).take(2);
    let is_quarter = |it: date::Stated| matches!(it.precision, Precision::Quarter | Precision::Half);
    let mut starts = ends.map(|end| date::read(&plain[..end], Order::Unknown));
    starts.any(|start| start.is_ok_and(is_quarter))
}

/// Returns the end of the day, or of the year and the month, that a name begins with: `2026-01-31-…`, `20260131-…`, `25-01-31-…`.
fn leading_day(name: &str) -> Option<usize> {
    let is_digit = |c: char| c.is_ascii_digit();
    // A date is apart from letters in a text, and not in a name.
    let plain = name.replace('_', "-");
    let mut lengths = ["2026-01-31", "20260131", "2026-01"].into_iter().map(str::len);
    lengths.find(|length| {
        let is_whole = |it: date::Stated| it.range == (0..*length) && it.precision <= Precision::Month;
        let is_day = |day: &str| date::read(day, Order::Unknown).is_ok_and(is_whole);
        plain.get(..*length).is_some_and(|day| day.starts_with(is_digit) && is_day(day))
            && !plain[*length..].starts_with(is_digit)
    })
}
