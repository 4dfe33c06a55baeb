//! Reads dates in all common forms, and months, quarters and years where no day is stated.

use std::ops::Range;

use jiff::ToSpan;
use jiff::civil::Date;

use super::words;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    Day,
    Month,
    Quarter,
    Half,
    Year,
}

/// A day or a period of whole days, with its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    pub first: Date,
    pub last: Date,
    pub precision: Precision,
    pub range: Range<usize>,
    /// The other day that it can be, where neither the day nor the month is over 12 and no order is known: `04/05/2024`.
    pub other: Option<Date>,
}

impl Stated {
    /// Returns the day, if one is stated.
    pub fn day(&self) -> Option<Date> {
        (self.precision == Precision::Day).then_some(self.first)
    }
}

/// In which order a folder writes a day and a month in digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Unknown,
    DayFirst,
    MonthFirst,
}

/// Why a text is no date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It names no date.
    NoDate,
    /// It has the form of a date, and says why there is no such day: February 2026 has 28 days.
    Impossible { range: Range<usize>, reason: String },
}

/// A date, or why there is no such day.
type Read = Result<Stated, Unreadable>;

/// Reads the date at the beginning of a text, behind a weekday, a word such as `by`, and marks.
///
/// # Errors
/// If there is none, or no such day.
pub fn read(text: &str, order: Order) -> Result<Stated, Unreadable> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    // A number that begins a date is a day, a month, a year or `20261120`.
    let is_other = matches!(digits, 3 | 5..=7 | 9..) || digits == 4 && !text[..4].parse().is_ok_and(is_year);
    if is_other || !text.contains(|c: char| c.is_ascii_digit()) {
        return Err(Unreadable::NoDate);
    }
    let pieces = pieces(text);
    let at = (0..pieces.len()).find(|&at| !is_lead(&pieces, at, &pieces[at])).unwrap_or(pieces.len());
    match at_piece(&pieces, at, order) {
        Some(Ok(stated)) if is_apart(&pieces, at, &stated) => Ok(stated),
        Some(Err(unreadable)) => Err(unreadable),
        _ => Err(Unreadable::NoDate),
    }
}

/// Returns all days and months in a text, in order. Years and quarters alone are no dates in prose.
pub fn find_all(text: &str, order: Order) -> Vec<Stated> {
    let pieces = pieces(text);
    let (mut found, mut at) = (Vec::new(), 0);
    while at < pieces.len() {
        let is_start = at == 0 || !pieces[at - 1].touches(&pieces[at]) || pieces[at - 1].is_separating();
        let stated = at_piece(&pieces, at, order).and_then(Result::ok);
        match stated.filter(|it| is_start && it.precision <= Precision::Month && is_apart(&pieces, at, it)) {
            Some(stated) => {
                at = pieces.partition_point(|piece| piece.start < stated.range.end);
                found.push(stated);
            }
            None => at += 1,
        }
    }
    found
}

/// Returns the days of a text, also those without a year, `27 Nov` and `November 27`, and the weekdays, in order; true for a weekday.
pub fn find_loose(text: &str) -> Vec<(Range<usize>, bool)> {
    let pieces = pieces(text);
    let full = find_all(text, Order::Unknown).into_iter().filter(|it| it.day().is_some());
    let mut days: Vec<_> = full.map(|it| (it.range, false)).collect();
    for (at, piece) in pieces.iter().enumerate() {
        let is_of_number = at > 0 && pieces[at - 1].touches(piece) && !pieces[at - 1].is_separating();
        let is_weekday = piece.kind == PieceKind::Letters && is_weekday(piece.text);
        let end = match parts(&pieces, at)[..] {
            _ if is_weekday => piece.end(),
            [day, month, ..] if is_day(&day) && month.is_name() && !is_of_number => month.end,
            [month, day, ..] if month.is_name() && is_day(&day) && !is_of_number => day.end,
            _ => continue,
        };
        let is_known = days.iter().any(|(day, _)| piece.start < day.end && day.start < end);
        let is_apart = !text[end..].starts_with(char::is_alphanumeric);
        if !is_known && is_apart {
            days.push((piece.start..end, is_weekday));
        }
    }
    days.sort_by_key(|(day, _)| day.start);
    days
}

pub(super) fn is_weekday(word: &str) -> bool {
    words::is_in("weekdays", word)
}

fn is_day(number: &Number) -> bool {
    number.is_short() && (1..=31).contains(&number.value)
}

pub fn find(text: &str, order: Order) -> Option<Stated> {
    find_all(text, order).into_iter().find(|stated| stated.day().is_some())
}

/// Returns the order of day and month that dates of a folder show, where one number of them is over 12.
pub fn order_of(texts: impl Iterator<Item = impl AsRef<str>>) -> Order {
    let mut orders = texts.filter_map(|text| {
        let numbers = numbers(&pieces(text.as_ref()), 0)?;
        let ([Some(first), Some(second), Some(_)], _) = numbers else { return None };
        match (first.value, second.value) {
            (13.., 1..=12) if first.length <= 2 => Some(Order::DayFirst),
            (1..=12, 13..) if first.length <= 2 => Some(Order::MonthFirst),
            _ => None,
        }
    });
    let first = orders.next().unwrap_or_default();
    if orders.all(|order| order == first) { first } else { Order::Unknown }
}

#[derive(Clone, Copy, Debug)]
struct Piece<'t> {
    text: &'t str,
    start: usize,
    kind: PieceKind,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum PieceKind {
    Number(i64),
    Letters,
    Mark(char),
}

impl Piece<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    fn touches(&self, next: &Piece<'_>) -> bool {
        self.end() == next.start
    }

    fn is(&self, mark: char) -> bool {
        self.kind == PieceKind::Mark(mark)
    }

    /// True for a mark that separates a date from the text before it.
    fn is_separating(&self) -> bool {
        matches!(self.kind, PieceKind::Mark(mark) if !matches!(mark, '.' | '-' | '/'))
    }
}

/// Splits a text at each change between digits, letters and marks; without blanks.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    // At most so many bytes of a text are searched.
    const MAX_BYTES: usize = 4_096;
    let text = &text[..text.floor_char_boundary(MAX_BYTES)];
    let kind_of = |c: char| match c {
        '0'..='9' => PieceKind::Number(0),
        '–' | '—' | '‑' | '−' => PieceKind::Mark('-'),
        _ if is_unit(c) => PieceKind::Mark('-'),
        _ if c.is_alphabetic() => PieceKind::Letters,
        _ => PieceKind::Mark(c),
    };
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let mut letters = text.char_indices().filter(|(_, c)| !c.is_whitespace()).peekable();
    while let Some((start, c)) = letters.next() {
        let (mut kind, mut end) = (kind_of(c), start + c.len_utf8());
        let is_run = !matches!(kind, PieceKind::Mark(_));
        while let Some((at, next)) =
            letters.next_if(|(at, next)| is_run && *at == end && kind_of(*next) == kind)
        {
            end = at + next.len_utf8();
        }
        let text = &text[start..end];
        if let PieceKind::Number(number) = &mut kind {
            *number = text.parse().unwrap_or(i64::MAX);
        }
        pieces.push(Piece { text, start, kind });
    }
    pieces
}

/// Year, month and day in Chinese, Japanese and Korean.
fn is_unit(c: char) -> bool {
    matches!(c, '年' | '月' | '日' | '년' | '월' | '일')
}

/// True for what may stand before a date: a weekday, a word such as `by`, and marks; but no number.
fn is_lead(pieces: &[Piece<'_>], at: usize, piece: &Piece<'_>) -> bool {
    match piece.kind {
        PieceKind::Number(_) => false,
        PieceKind::Mark(mark) => !matches!(mark, '-') || pieces[..at].is_empty(),
        PieceKind::Letters => {
            words::is_in("before-dates", piece.text) && number_of_month(piece.text).is_none()
        }
    }
}

/// True if no letter or digit follows without a blank, apart from a time of day.
fn is_apart(pieces: &[Piece<'_>], from: usize, stated: &Stated) -> bool {
    let next = from + pieces[from..].partition_point(|piece| piece.start < stated.range.end);
    let Some(piece) = pieces.get(next).filter(|piece| piece.start == stated.range.end) else { return true };
    match piece.kind {
        PieceKind::Number(_) => false,
        PieceKind::Letters => matches!(piece.text, "T" | "t" | "Z"),
        // `2026-01-02-3`, a version or a path.
        PieceKind::Mark('-' | '/' | '.' | '_') => {
            let after = pieces.get(next + 1).filter(|after| piece.touches(after));
            !matches!(after.map(|after| after.kind), Some(PieceKind::Number(_)))
        }
        PieceKind::Mark(_) => true,
    }
}

/// A number, or the name of a month, which has no length.
#[derive(Clone, Copy)]
struct Number {
    value: i64,
    length: usize,
    end: usize,
}

impl Number {
    fn is_name(&self) -> bool {
        self.length == 0
    }

    fn is_short(&self) -> bool {
        matches!(self.length, 1 | 2)
    }

    fn is_full_year(&self) -> bool {
        self.length == 4 && is_year(self.value)
    }
}

fn number(pieces: &[Piece<'_>], at: usize) -> Option<Number> {
    let piece = pieces.get(at)?;
    let PieceKind::Number(value) = piece.kind else { return None };
    let unit = pieces.get(at + 1).filter(|next| next.text.starts_with(is_unit));
    Some(Number { value, length: piece.text.len(), end: unit.unwrap_or(piece).end() })
}

/// Returns up to three numbers that the same mark divides, with that mark.
fn numbers(pieces: &[Piece<'_>], at: usize) -> Option<([Option<Number>; 3], char)> {
    let first = number(pieces, at)?;
    let PieceKind::Mark(mark @ ('-' | '/' | '.')) = pieces.get(at + 1)?.kind else { return None };
    let is_next =
        |at: usize| pieces.get(at).is_some_and(|it| it.is(mark)) && pieces[at - 1].touches(&pieces[at]);
    let second = number(pieces, at + 2).filter(|_| is_next(at + 1));
    let third = number(pieces, at + 4).filter(|_| second.is_some() && is_next(at + 3));
    Some(([Some(first), second, third], mark))
}

/// Reads the date that begins with a piece.
fn at_piece(pieces: &[Piece<'_>], at: usize, order: Order) -> Option<Read> {
    let is_mark = matches!(pieces.get(at)?.kind, PieceKind::Mark(_));
    let in_words = || with_month(pieces, at).or_else(|| period(pieces, at).map(Ok));
    if is_mark { None } else { in_digits(pieces, at, order).or_else(in_words) }
}

/// `2026-11-20`, `20.11.2026`, `11/20/2026`, `20261120`, `20.11.26`, `2026-11`, `2026年11月20日`.
fn in_digits(pieces: &[Piece<'_>], at: usize, order: Order) -> Option<Read> {
    let start = pieces[at].start;
    if let PieceKind::Number(value) = pieces[at].kind
        && pieces[at].text.len() == 8
    {
        let (year, month, day) = (value / 10_000, value / 100 % 100, value % 100);
        return is_year(year).then(|| day_of(year, month, day, start..pieces[at].end()))?.ok().map(Ok);
    }
    let ([Some(one), second, third], mark) = numbers(pieces, at)? else { return None };
    match (second, third) {
        (Some(two), Some(three)) => three_numbers([one, two, three], mark, start, order),
        (Some(two), None) if one.is_full_year() && two.length == 2 && mark != '.' => {
            month_of(one.value, two.value, start..two.end).map(Ok)
        }
        (Some(two), None) if two.is_full_year() && one.length <= 2 && mark != '-' => {
            month_of(two.value, one.value, start..two.end).map(Ok)
        }
        _ => None,
    }
}

fn three_numbers([one, two, three]: [Number; 3], mark: char, start: usize, order: Order) -> Option<Read> {
    let day = |year, month: Number, day: Number| day_of(year, month.value, day.value, start..three.end);
    let year = match [one, two, three].map(|it| it.length) {
        [4, 1 | 2, 1 | 2] => return is_year(one.value).then(|| day(one.value, two, three)),
        [1 | 2, 1 | 2, 4] if is_year(three.value) => three.value,
        [1 | 2, 1 | 2, 2] if mark != '.' || one.length == 2 => 2000 + three.value,
        _ => return None,
    };
    let stated = match (day(year, two, one), day(year, one, two)) {
        (day_first, _) if mark == '.' => day_first,
        (Ok(stated), Ok(other)) if order == Order::Unknown && stated.first != other.first => {
            Ok(Stated { other: Some(other.first), ..stated })
        }
        (_, Ok(month_first)) if order == Order::MonthFirst => Ok(month_first),
        (Ok(stated), _) | (Err(_), Ok(stated)) => Ok(stated),
        (Err(error), Err(_)) => Err(error),
    };
    Some(stated)
}

/// Returns up to three numbers and names of months from a piece on, which marks and words such as `of` may part.
fn parts(pieces: &[Piece<'_>], mut at: usize) -> Vec<Number> {
    let is_between = |piece: &&Piece<'_>| match piece.kind {
        PieceKind::Mark(mark) => matches!(mark, ',' | '.' | '-' | '/' | '\'' | '’'),
        PieceKind::Letters => {
            matches!(piece.text, "of" | "de" | "del" | "st" | "nd" | "rd" | "th" | "er" | "º" | "ª")
        }
        PieceKind::Number(_) => false,
    };
    let mut parts = Vec::new();
    while parts.len() < 3
        && let Some(piece) = pieces.get(at)
    {
        let month = || Some(Number { value: number_of_month(piece.text)?, length: 0, end: piece.end() });
        let Some(part) = number(pieces, at).or_else(month) else { break };
        parts.push(part);
        at += 1 + pieces[at + 1..].iter().take(3).take_while(is_between).count();
    }
    parts
}

/// `20 November 2026`, `20th of Nov, 2026`, `20-Nov-2026`, `November 20, 2026`, `2026 June 9`, `2026-Nov-20`, `November 2026`.
fn with_month(pieces: &[Piece<'_>], at: usize) -> Option<Read> {
    let (start, parts) = (pieces[at].start, parts(pieces, at));
    let place = parts.iter().take(2).position(Number::is_name)?;
    let month = parts[place];
    let one = parts.get(1 - place).filter(|it| !it.is_name())?;
    let two = parts.get(2).filter(|it| !it.is_name());
    let is_behind = place == 1;
    let (year, day) = match two {
        Some(two) if one.is_short() && two.is_full_year() => (two.value, one.value),
        // `20 November at 12` names no year.
        Some(two) if one.is_short() && is_behind && two.length == 2 && two.end <= month.end + 4 => {
            (2000 + two.value, one.value)
        }
        Some(two) if one.is_full_year() && is_behind && two.is_short() => (one.value, two.value),
        _ if one.is_full_year() => {
            return month_of(one.value, month.value, start..one.end.max(month.end)).map(Ok);
        }
        _ => return None,
    };
    Some(day_of(year, month.value, day, start..two?.end))
}

/// `Q4/26`, `2026-Q4`, `H1 2026`, `FY26`, `2026`.
fn period(pieces: &[Piece<'_>], at: usize) -> Option<Stated> {
    let text = |at: usize| pieces.get(at).map_or("", |piece| piece.text);
    let part = |at: usize| {
        let number =
            number(pieces, at + 1).filter(|it| it.length == 1 && pieces[at].touches(&pieces[at + 1]))?;
        match (text(at), number.value) {
            ("Q" | "q", 1..=4) => Some((3, number)),
            ("H" | "h" | "S", 1..=2) => Some((6, number)),
            _ => None,
        }
    };
    let is_fiscal = |at: usize| text(at).eq_ignore_ascii_case("fy");
    let year = |at: usize| {
        let number = number(pieces, at + usize::from(is_fiscal(at)))?;
        match number.length {
            4 => Some(number).filter(Number::is_full_year),
            2 => Some(Number { value: 2000 + number.value, ..number }),
            _ => None,
        }
    };
    let is_between = |it: &&Piece<'_>| matches!(it.kind, PieceKind::Mark('/' | '-' | ',' | '\'' | '’'));
    let skip = |at: usize| at + pieces.iter().skip(at).take(4).take_while(is_between).count();
    let (part, year) = match part(at) {
        Some(found) => (Some(found), year(skip(at + 2))?),
        None => {
            let year = year(at).filter(|_| is_fiscal(at) || text(at).len() == 4)?;
            (part(skip(at + 1 + usize::from(is_fiscal(at)))), year)
        }
    };
    let (months, number, precision) = match part {
        Some((3, number)) => (3, number.value, Precision::Quarter),
        Some((months, number)) => (months, number.value, Precision::Half),
        None => (12, 1, Precision::Year),
    };
    let end = part.map_or(year.end, |(_, number)| number.end.max(year.end));
    let first = Date::new(year.value as i16, ((number - 1) * months + 1) as i8, 1).ok()?;
    let last = first.checked_add(months.months()).ok()?.yesterday().ok()?;
    Some(Stated { first, last, precision, range: pieces[at].start..end, other: None })
}

fn is_year(year: i64) -> bool {
    (1900..2200).contains(&year)
}

fn day_of(year: i64, month: i64, day: i64, range: Range<usize>) -> Read {
    let Some(Stated { first, last, .. }) = month_of(year, month, range.clone()) else {
        return Err(Unreadable::Impossible { range, reason: format!("there is no month {month}") });
    };
    match i8::try_from(day).ok().and_then(|day| Date::new(first.year(), first.month(), day).ok()) {
        Some(first) => Ok(Stated { first, last: first, precision: Precision::Day, range, other: None }),
        None => {
            let reason = format!("{} has {} days", first.strftime("%B %Y"), last.day());
            Err(Unreadable::Impossible { range, reason })
        }
    }
}

fn month_of(year: i64, month: i64, range: Range<usize>) -> Option<Stated> {
    let first = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, 1).ok()?;
    Some(Stated { first, last: first.last_of_month(), precision: Precision::Month, range, other: None })
}

/// Returns the number of the month that a word names, in any of the languages of `schemas/words.yaml`. In lower case, a short name of
/// English is another word: `may`, `mar`.
pub fn number_of_month(word: &str) -> Option<i64> {
    words::meaning("months", &word.to_lowercase())?.parse().ok()
}
