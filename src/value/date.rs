//! Reads dates in all common forms, and months, quarters and years where no day is stated.

use std::ops::Range;

use jiff::ToSpan;
use jiff::civil::Date;

use super::words;

/// How exactly a date is stated.
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
    /// It has the form of a date, but its month lacks the day: 30 February.
    NoSuchDay { range: Range<usize>, days: i8, year: i16, month: i8 },
    /// There are only twelve months.
    NoSuchMonth { range: Range<usize>, month: i16 },
}

/// At most so many bytes of a text are searched.
const MAX_BYTES: usize = 4_096;

/// Reads the date at the beginning of a text, behind a weekday, a word such as `by`, and marks.
///
/// # Errors
/// If there is none, or no such day.
pub fn read(text: &str, order: Order) -> Result<Stated, Unreadable> {
    let pieces = pieces(text);
    let mut at = 0;
    while pieces.get(at).is_some_and(|piece| is_lead(&pieces, at, piece)) {
        at += 1;
    }
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

/// Returns the days of a text without a year, `27 Nov` and `November 27`, and the weekdays; true for a weekday.
pub fn find_partial(text: &str) -> Vec<(Range<usize>, bool)> {
    let pieces = pieces(text);
    let is_month = |at: usize| pieces.get(at).is_some_and(|it| number_of_month(it.text).is_some());
    let is_day = |at: usize| {
        let is_number = |it: &Piece<'_>| matches!(it.kind, PieceKind::Number(1..=31)) && it.text.len() <= 2;
        let is_apart = |it: &Piece<'_>| {
            pieces.get(at + 1).is_none_or(|next| !it.touches(next) || next.kind != PieceKind::Letters)
        };
        pieces.get(at).is_some_and(|it| is_number(it) && is_apart(it))
    };
    let at_piece = |at: usize| {
        let piece = pieces[at];
        let dot = usize::from(pieces.get(at + 1).is_some_and(|it| it.is('.')));
        if piece.kind == PieceKind::Letters && words::is_in("weekdays", &piece.text.to_lowercase()) {
            return Some((piece.start..piece.end(), true));
        }
        let is_of_number = at > 0 && pieces[at - 1].touches(&piece) && !pieces[at - 1].is_separating();
        let last = match () {
            () if is_of_number => return None,
            () if is_day(at) && is_month(at + 1 + dot) => at + 1 + dot,
            () if is_month(at) && is_day(at + 1) => at + 1,
            () => return None,
        };
        Some((piece.start..pieces[last].end(), false))
    };
    (0..pieces.len()).filter_map(at_piece).collect()
}

/// Returns the first day in a text.
pub fn find(text: &str, order: Order) -> Option<Stated> {
    find_all(text, order).into_iter().find(|stated| stated.precision == Precision::Day)
}

/// Returns the order of day and month that dates of a folder show, where one number of them is over 12.
pub fn order_of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Order {
    let mut order = Order::Unknown;
    for text in texts {
        let pieces = pieces(text);
        let Some([Some(first), Some(second), Some(_)]) = numbers(&pieces, 0).map(|(numbers, _)| numbers)
        else {
            continue;
        };
        let stated = match (first.value, second.value) {
            (13.., 1..=12) if first.length <= 2 => Order::DayFirst,
            (1..=12, 13..) if first.length <= 2 => Order::MonthFirst,
            _ => continue,
        };
        if order != Order::Unknown && order != stated {
            return Order::Unknown;
        }
        order = stated;
    }
    order
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
    let text = &text[..text.floor_char_boundary(MAX_BYTES.min(text.len()))];
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let mut letters = text.char_indices().peekable();
    while let Some((start, c)) = letters.next() {
        if c.is_whitespace() {
            continue;
        }
        let is_of = |next: char| match c {
            _ if c.is_ascii_digit() => next.is_ascii_digit(),
            _ if is_unit(c) => false,
            _ if c.is_alphabetic() => next.is_alphabetic() && !is_unit(next),
            _ => false,
        };
        let mut end = start + c.len_utf8();
        while let Some((at, next)) = letters.next_if(|(_, next)| is_of(*next)) {
            end = at + next.len_utf8();
        }
        let text = &text[start..end];
        let kind = match c {
            _ if c.is_ascii_digit() => PieceKind::Number(text.parse().unwrap_or(i64::MAX)),
            _ if is_unit(c) => PieceKind::Mark('-'),
            _ if c.is_alphabetic() => PieceKind::Letters,
            '–' | '—' | '‑' | '−' => PieceKind::Mark('-'),
            _ => PieceKind::Mark(c),
        };
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
            let word = piece.text.to_lowercase();
            words::is_in("before-dates", &word) && number_of_month(piece.text).is_none()
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

#[derive(Clone, Copy)]
struct Number {
    value: i64,
    length: usize,
    end: usize,
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
fn at_piece(pieces: &[Piece<'_>], at: usize, order: Order) -> Option<Result<Stated, Unreadable>> {
    let first = pieces.get(at)?;
    match first.kind {
        PieceKind::Number(_) => in_digits(pieces, at, order)
            .or_else(|| with_month(pieces, at))
            .or_else(|| period(pieces, at).map(Ok)),
        PieceKind::Letters => with_month(pieces, at).or_else(|| period(pieces, at).map(Ok)),
        PieceKind::Mark(_) => None,
    }
}

/// `2026-11-20`, `20.11.2026`, `11/20/2026`, `20261120`, `20.11.26`, `2026-11`, `2026年11月20日`.
fn in_digits(pieces: &[Piece<'_>], at: usize, order: Order) -> Option<Result<Stated, Unreadable>> {
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
        (Some(two), None) if one.length == 4 && is_year(one.value) && two.length == 2 && mark != '.' => {
            month_of(one.value, two.value, start..two.end).map(Ok)
        }
        (Some(two), None) if two.length == 4 && is_year(two.value) && one.length <= 2 && mark != '-' => {
            month_of(two.value, one.value, start..two.end).map(Ok)
        }
        _ => None,
    }
}

fn three_numbers(
    [one, two, three]: [Number; 3],
    mark: char,
    start: usize,
    order: Order,
) -> Option<Result<Stated, Unreadable>> {
    let range = start..three.end;
    if [one, two, three].iter().any(|it| it.length == 3 || it.length > 4) || two.length > 2 {
        return None;
    }
    if one.length == 4 {
        return (is_year(one.value) && three.length <= 2)
            .then(|| day_of(one.value, two.value, three.value, range));
    }
    let year = match three.length {
        4 if is_year(three.value) => three.value,
        2 if one.length <= 2 && (mark != '.' || one.length == 2) => 2000 + three.value,
        _ => return None,
    };
    let day_first = day_of(year, two.value, one.value, range.clone());
    if mark == '.' {
        return Some(day_first);
    }
    let month_first = day_of(year, one.value, two.value, range.clone());
    // In `21/8/23`, the year may come first.
    let year_first = || {
        let is_short = three.length == 2 && one.length == 2 && three.value <= 31;
        is_short.then(|| day_of(2000 + one.value, two.value, three.value, range).ok()).flatten()
    };
    let stated = match (day_first, month_first) {
        (Ok(day), Ok(month)) if day.first == month.first => Ok(day),
        (Ok(day), Ok(month)) => Ok(match order {
            Order::DayFirst => day,
            Order::MonthFirst => month,
            Order::Unknown => Stated { other: Some(month.first), ..day },
        }),
        (Ok(day), Err(_)) => Ok(day),
        (Err(_), Ok(month)) => Ok(month),
        (Err(error), Err(_)) => year_first().ok_or(error),
    };
    Some(stated)
}

/// `20 November 2026`, `20th of Nov, 2026`, `20-Nov-2026`, `November 20, 2026`, `2026 June 9`, `2026-Nov-20`, `November 2026`.
fn with_month(pieces: &[Piece<'_>], at: usize) -> Option<Result<Stated, Unreadable>> {
    let start = pieces[at].start;
    let is_between = |piece: &&Piece<'_>| match piece.kind {
        PieceKind::Mark(mark) => matches!(mark, ',' | '.' | '-' | '/' | '\'' | '’'),
        PieceKind::Letters => {
            matches!(piece.text, "of" | "de" | "del" | "st" | "nd" | "rd" | "th" | "er" | "º" | "ª")
        }
        PieceKind::Number(_) => false,
    };
    let skip = |at: usize| at + pieces.iter().skip(at).take(3).take_while(is_between).count();
    let month = |at: usize| pieces.get(at).and_then(|piece| number_of_month(piece.text));
    let is_full = |it: &Number| it.length == 4 && is_year(it.value);
    if let Some(month) = month(at) {
        let second = skip(at + 1);
        let stated = number(pieces, second)?;
        return match number(pieces, skip(second + 1)).filter(is_full) {
            Some(year) if stated.length <= 2 => {
                Some(day_of(year.value, month, stated.value, start..year.end))
            }
            // `March 2026-01`, and a time that stands before the year.
            _ if is_full(&stated) => month_of(stated.value, month, start..stated.end).map(Ok),
            _ => None,
        };
    }
    let first = number(pieces, at)?;
    let second = skip(at + 1);
    let month = month(second)?;
    let third = skip(second + 1);
    match (first.length, number(pieces, third)) {
        (1 | 2, Some(last)) => {
            // `20 November at 12` names no year.
            let is_near = pieces[second].end() + 2 >= pieces[third].start;
            let year = match last.length {
                4 if is_year(last.value) => last.value,
                2 if is_near => 2000 + last.value,
                _ => return None,
            };
            Some(day_of(year, month, first.value, start..last.end))
        }
        (4, last) if is_year(first.value) => match last.filter(|it| it.length <= 2) {
            Some(day) => Some(day_of(first.value, month, day.value, start..day.end)),
            None => month_of(first.value, month, start..pieces[second].end()).map(Ok),
        },
        _ => None,
    }
}

/// `Q4/26`, `2026-Q4`, `H1 2026`, `FY26`, `2026`.
fn period(pieces: &[Piece<'_>], at: usize) -> Option<Stated> {
    let start = pieces[at].start;
    let text = |at: usize| pieces.get(at).map_or("", |piece| piece.text);
    let part = |at: usize| {
        let number =
            number(pieces, at + 1).filter(|it| it.length == 1 && pieces[at].touches(&pieces[at + 1]))?;
        let months = match (text(at), number.value) {
            ("Q" | "q", 1..=4) => 3,
            ("H" | "h" | "S", 1..=2) => 6,
            _ => return None,
        };
        Some((months, number.value, number.end))
    };
    let year = |at: usize| {
        let at = at + usize::from(text(at).eq_ignore_ascii_case("fy"));
        let number = number(pieces, at)?;
        match number.length {
            4 if is_year(number.value) => Some((number.value, number.end, at + 1)),
            2 => Some((2000 + number.value, number.end, at + 1)),
            _ => None,
        }
    };
    let is_between = |it: &&Piece<'_>| matches!(it.kind, PieceKind::Mark('/' | '-' | ',' | '\'' | '’'));
    let skip = |at: usize| at + pieces.iter().skip(at).take(4).take_while(is_between).count();
    let (months, number, year, end) = if let Some((months, number, _)) = part(at) {
        let (year, end, _) = year(skip(at + 2))?;
        (months, number, year, end)
    } else {
        let is_full = text(at).len() == 4 || text(at).eq_ignore_ascii_case("fy");
        let (year, end, next) = year(at).filter(|_| is_full)?;
        match part(skip(next)) {
            Some((months, number, end)) => (months, number, year, end),
            None => (12, 1, year, end),
        }
    };
    let first = Date::new(year as i16, ((number - 1) * months + 1) as i8, 1).ok()?;
    let last = first.checked_add(months.months()).ok()?.yesterday().ok()?;
    let precision = match months {
        3 => Precision::Quarter,
        6 => Precision::Half,
        _ => Precision::Year,
    };
    Some(Stated { first, last, precision, range: start..end, other: None })
}

fn is_year(year: i64) -> bool {
    (1900..2200).contains(&year)
}

fn day_of(year: i64, month: i64, day: i64, range: Range<usize>) -> Result<Stated, Unreadable> {
    let (Ok(year), Ok(month @ 1..=12)) = (i16::try_from(year), i8::try_from(month)) else {
        return Err(Unreadable::NoSuchMonth { range, month: i16::try_from(month).unwrap_or(i16::MAX) });
    };
    let read = i8::try_from(day).ok().and_then(|day| Date::new(year, month, day).ok());
    let days = || Date::new(year, month, 1).map_or(31, Date::days_in_month);
    match read {
        Some(first) => Ok(Stated { first, last: first, precision: Precision::Day, range, other: None }),
        None => Err(Unreadable::NoSuchDay { range, days: days(), year, month }),
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
