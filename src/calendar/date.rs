use jiff::Unit;
use jiff::civil::Date;

use super::months::{in_english, number_of};

/// The date by which messages show how one is written.
pub const EXAMPLE_DATE: &str = "2026-11-20";

/// Parses an ISO 8601 date, optionally followed by a time. Rejects `20261120`, which is more often a number.
pub fn parse_date(text: &str) -> Option<Date> {
    let text = text.trim();
    let (day, rest) = text.split_at_checked("2026-11-20".len())?;
    if !(rest.is_empty() || starts_with_time(rest)) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        let digits = &day.as_bytes()[range];
        let all_digits = digits.iter().all(u8::is_ascii_digit);
        all_digits.then(|| digits.iter().fold(0_i16, |number, digit| number * 10 + i16::from(digit - b'0')))
    };
    if (day.as_bytes()[4], day.as_bytes()[7]) != (b'-', b'-') {
        return None;
    }
    Date::new(number(0..4)?, number(5..7)?.try_into().ok()?, number(8..10)?.try_into().ok()?).ok()
}

/// Says why a text in the form of a date is none: it names a day that its month lacks.
pub fn missing_day(text: &str) -> Option<String> {
    let (year, month, day) = numeric_parts(text).or_else(|| named_parts(text))?;
    if !(1..=12).contains(&month) {
        return Some(format!("there is no month {month}"));
    }
    let first = Date::new(year, month, 1).ok()?;
    let days = first.days_in_month();
    (day > days).then(|| format!("{} has {days} days", first.strftime("%B %Y")))
}

/// Returns the year, month and day of `2026-06-31`, `31/06/2026` or `06/31/2026`, whether or not there is such a day.
fn numeric_parts(text: &str) -> Option<(i16, i8, i8)> {
    let mut parts = text.trim().split(['-', '/', '.']);
    let (mut year, mut month, mut day) = (parts.next()?, parts.next()?, parts.next()?);
    if day.len() == 4 {
        // `31/06/2016`, or `06/31/2016`.
        let may_be_month = |text: &str| text.parse::<u8>().is_ok_and(|month| month <= 12);
        (year, month, day) = match !may_be_month(month) && may_be_month(year) {
            true => (day, year, month),
            false => (day, month, year),
        };
    }
    let is_number =
        |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    if !(is_number(year, 4) && is_number(month, 2) && is_number(day, 2)) || parts.next().is_some() {
        return None;
    }
    Some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))
}

/// Returns the year, month and day of `30 February 2026`, `30. Februar 2026` or `February 30th, 2026`.
fn named_parts(text: &str) -> Option<(i16, i8, i8)> {
    let mut words = text.split([' ', ',', '.']).filter(|word| !word.is_empty());
    let parts = [words.next()?, words.next()?, words.next()?];
    let (first, second, year) = parts.into();
    let (month, day) = match number_of(first) {
        Some(month) => (month, second),
        None => (number_of(second)?, first),
    };
    let day = ["st", "nd", "rd", "th"].iter().find_map(|ending| day.strip_suffix(ending)).unwrap_or(day);
    let is_year = year.len() == 4 && words.next().is_none();
    Some((year.parse().ok().filter(|_| is_year)?, month, day.parse().ok()?))
}

fn starts_with_time(rest: &str) -> bool {
    matches!(
        rest.as_bytes(),
        [b'T' | b't' | b' ', b'0'..=b'2', b'0'..=b'9', b':', b'0'..=b'5', b'0'..=b'9', ..]
    )
}

/// Parses a date in the first of `formats` (those of `strptime`) that matches, or as [`parse_date`] does. Also accepts
/// `Sept`, ordinals such as `2nd`, `of` before the month and a comma that the format lacks: `9 November, 2021`.
pub fn parse_date_as(text: &str, formats: &[Box<str>]) -> Option<Date> {
    let text = text.trim();
    let foreign = || {
        let plain = without_ordinal(text).replace("Sept ", "Sep ").replace(" of ", " ");
        let read = |text: &str| {
            let dates = formats.iter().filter_map(|format| Date::strptime(format.as_bytes(), text).ok());
            // `%Y` also reads `24`, as the year 24.
            dates.into_iter().find(|date| date.year() >= 1000)
        };
        let parse = |text: &str| read(text).or_else(|| in_english(text).iter().find_map(|text| read(text)));
        parse(&plain).or_else(|| parse(&without_comma(&plain)?))
    };
    parse_date(text).or_else(foreign)
}

/// Returns a text without the weekday and the words before a day: `2026-02-19` of `by Thursday, 2026-02-19`.
pub fn without_lead(text: &str) -> &str {
    let rest_of = |text: &'_ str| {
        let (word, rest) = text.split_once(char::is_whitespace)?;
        let word = word.trim_end_matches(',').to_ascii_lowercase();
        LEADS.contains(&&*word).then(|| text.len() - rest.trim_start().len())
    };
    let mut text = text.trim();
    for _ in 0..2 {
        text = rest_of(text).map_or(text, |start| &text[start..]);
    }
    text
}

/// The words before a day.
const LEADS: [&str; 20] = [
    "before",
    "by",
    "due",
    "on",
    "until",
    "latest",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
];

/// The parts of a text of which a date may consist: `19 Dec, 2022`.
const MAX_PARTS: usize = 6;

/// As [`parse_date_as`], of a text that may say more after the date: `2022-10-05 (updated 2023-07-12)`, `2024-10-31 :ghost:`.
pub fn parse_leading_date(text: &str, formats: &[Box<str>]) -> Option<Date> {
    let leading = || {
        let ends = text.match_indices([' ', '(', ';', ',']).take(MAX_PARTS).map(|(end, _)| end);
        let is_apart = |end: &usize| {
            let rest = text[*end..].trim_start();
            !rest.starts_with(char::is_alphanumeric) || starts_with_hour(rest)
        };
        ends.filter(is_apart).find_map(|end| parse_date_as(&text[..end], formats))
    };
    parse_date_as(text, formats).or_else(leading)
}

/// Returns true for a text that begins with a time of day, such as `3pm UK time` or `14:00`.
fn starts_with_hour(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let lower = rest.trim_start().to_ascii_lowercase();
    let has_half = ["am", "pm", "a.m", "p.m"]
        .iter()
        .filter_map(|half| lower.strip_prefix(half))
        .any(|after| !after.starts_with(char::is_alphanumeric));
    let minutes = rest.strip_prefix([':', '.']).unwrap_or_default();
    (1..=2).contains(&(text.len() - rest.len()))
        && (has_half || minutes.starts_with(|c: char| c.is_ascii_digit()))
}

/// Returns the dates that a text is in one of `formats`, besides the one as which it was read: 5 April for `04/05/2024`, which
/// was read as 4 May.
pub fn other_dates(text: &str, formats: &[Box<str>], read: Date) -> Vec<Date> {
    let date = |format| parse_leading_date(text, std::slice::from_ref(format));
    let mut dates: Vec<Date> = formats.iter().filter_map(date).filter(|date| *date != read).collect();
    dates.sort_unstable();
    dates.dedup();
    dates
}

/// Returns true if dates written in a format of `strptime` can be read in it.
pub fn is_date_format(format: &str) -> bool {
    let read_back = |date: Date| {
        let written = jiff::fmt::strtime::format(format, date).ok()?;
        Date::strptime(format, &written).ok().filter(|read| *read == date)
    };
    [(2026, 11, 23), (2031, 2, 4)]
        .into_iter()
        .all(|(year, month, day)| Date::new(year, month, day).is_ok_and(|date| read_back(date).is_some()))
}

/// Returns the format of `strptime` for one such as `DD.MM.YYYY`.
pub fn strptime_format(format: &str) -> Option<String> {
    const LETTERS: [(&str, &str); 10] = [
        ("yyyy", "%Y"),
        ("mmmm", "%B"),
        ("mmm", "%b"),
        ("mm", "%m"),
        ("dd", "%d"),
        ("yy", "%y"),
        ("month", "%B"),
        ("m", "%m"),
        ("d", "%d"),
        ("y", "%Y"),
    ];
    if format.contains('%') {
        let lower = format.replace("%D", "%d").replace("%M", "%m").replace("%y", "%Y");
        return Some(lower).filter(|lower| is_date_format(lower));
    }
    let mut rest = &*format.to_lowercase();
    let mut converted = String::new();
    while let Some(next) = rest.chars().next() {
        let letters = LETTERS.iter().find_map(|(letters, to)| Some((rest.strip_prefix(letters)?, to)));
        match letters {
            Some((after, to)) => (rest, converted) = (after, converted + to),
            None => {
                converted.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
    }
    Some(converted).filter(|converted| is_date_format(converted))
}

/// Parses a date in any common format; `None` if day and month could be swapped.
pub fn parse_unambiguous_date(text: &str) -> Option<Date> {
    const CLEAR: [&str; 11] = [
        "%d. %B %Y",
        "%Y-%m-%d",
        "%Y/%m/%d",
        "%Y.%m.%d",
        "%d.%m.%Y",
        "%B %d, %Y",
        "%b %d, %Y",
        "%d %B %Y",
        "%d %b %Y",
        "%d-%b-%Y",
        "%Y-%b-%d",
    ];
    let parse = |formats: &[&str]| {
        let formats: Vec<Box<str>> = formats.iter().map(|format| Box::from(*format)).collect();
        parse_date_as(text, &formats).filter(|date| date.year() >= 1000)
    };
    let either = || match (parse(&["%d/%m/%Y"]), parse(&["%m/%d/%Y"])) {
        (Some(day), None) | (None, Some(day)) => Some(day),
        (Some(one), Some(other)) => Some(one).filter(|one| *one == other),
        (None, None) => None,
    };
    // In `21/8/23`, the year may come first.
    let short = || parse(&["%m/%d/%y"]).filter(|_| parse(&["%d/%m/%y"]).is_none());
    parse(&CLEAR).or_else(either).or_else(short)
}

/// Returns the common formats of `strptime` in which a text is a date.
pub fn formats_of_date(text: &str) -> Vec<&'static str> {
    const COMMON: [&str; 17] = [
        "%d.%m.%Y",
        "%d/%m/%Y",
        "%m/%d/%Y",
        "%Y/%m/%d",
        "%Y.%m.%d",
        "%d-%m-%Y",
        "%d %B %Y",
        "%d %b %Y",
        "%d. %B %Y",
        "%B %d, %Y",
        "%b %d, %Y",
        "%d-%b-%Y",
        "%Y%m%d",
        "%d.%m.%y",
        "%d/%m/%y",
        "%m/%d/%y",
        "%d %b %y",
    ];
    let length = text.trim().len();
    // `3. November 2026` has a digit less than the format writes.
    let is_alike =
        |written: &str| written.len() == length || written.starts_with('0') && written.len() == length + 1;
    let is_in = |format: &&str| {
        parse_date(text).is_none()
            && parse_date_as(text, &[Box::from(*format)])
                .is_some_and(|date| is_alike(&date.strftime(*format).to_string()))
    };
    COMMON.into_iter().filter(is_in).collect()
}

/// The words that a date may contain.
const LONGEST_DATE: usize = 3;

/// How many words of a title are looked at.
const MAX_WORDS: usize = 50;

/// Returns the day that a title names, and the title without it.
pub fn day_in(title: &str) -> Option<(Date, String)> {
    let words: Vec<&str> = title.split_whitespace().take(MAX_WORDS).collect();
    let is_mark = |c: char| matches!(c, ',' | ';' | ':' | '(' | ')' | '–' | '—' | '-');
    (0..words.len()).find_map(|start| {
        (1..=LONGEST_DATE.min(words.len() - start)).rev().find_map(|count| {
            let written = words[start..start + count].join(" ");
            let day = parse_unambiguous_date(written.trim_matches(is_mark))?;
            let rest = [&words[..start], &words[start + count..]].concat().join(" ");
            Some((day, rest.trim_matches(|c| is_mark(c) || c == ' ').to_owned()))
        })
    })
}

fn without_ordinal(text: &str) -> String {
    let ends = |at: usize| text[at..].chars().nth(2).is_none_or(|next| !next.is_alphanumeric());
    let ordinal = ["st", "nd", "rd", "th"].iter().flat_map(|letters| text.match_indices(letters));
    let of_number = |at: usize| text[..at].ends_with(|last: char| last.is_ascii_digit());
    match ordinal.map(|(at, _)| at).find(|&at| of_number(at) && ends(at)) {
        Some(at) => format!("{}{}", &text[..at], &text[at + 2..]),
        None => text.to_owned(),
    }
}

/// Returns a date with one comma before the year without that.
fn without_comma(text: &str) -> Option<String> {
    let (day, year) = text.split_once(',')?;
    let is_year = |year: &str| year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    is_year(year.trim()).then(|| format!("{} {}", day.trim_end(), year.trim()))
}

/// Returns the distance from `today` in whole units, rounded down: `today`, `3 days ago`, `in 2 weeks`.
pub fn relative_date(date: Date, today: Date) -> String {
    let (earlier, later) = if date <= today { (date, today) } else { (today, date) };
    let days = whole(Unit::Day, earlier, later);
    let months = whole(Unit::Month, earlier, later);
    let (count, unit) = match (days, months) {
        (0, _) => return "today".to_owned(),
        (1, _) => return if date < today { "yesterday" } else { "tomorrow" }.to_owned(),
        (2..14, _) => (days, "day"),
        (_, ..2) => (days / 7, "week"),
        (_, 2..24) => (months, "month"),
        _ => (months / 12, "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if date < today { format!("{count} {unit}{plural} ago") } else { format!("in {count} {unit}{plural}") }
}

fn whole(unit: Unit, earlier: Date, later: Date) -> i32 {
    let between = earlier.until((unit, later)).unwrap_or_default();
    if unit == Unit::Month { between.get_months() } else { between.get_days() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn months_are_read_in_other_languages() {
        let formats: Vec<Box<str>> = ["%d. %B %Y", "%d %B %Y", "%d %b %Y"].map(Box::from).into();
        for text in [
            "14. März 2026",
            "14 mars 2026",
            "14 de marzo de 2026",
            "14 MÄRZ 2026",
            "14 Mär. 2026",
            "14 March 2026",
        ] {
            assert_eq!(parse_date_as(text, &formats), Some(date(2026, 3, 14)), "{text}");
        }
        for text in ["14. Mörz 2026", "14. 2026", "März", "14 März"] {
            assert_eq!(parse_date_as(text, &formats), None, "{text}");
        }
        assert_eq!(parse_unambiguous_date("1. Dezember 2026"), Some(date(2026, 12, 1)));
    }

    #[test]
    fn only_iso_dates_are_parsed() {
        assert_eq!(parse_date("2026-11-20"), Some(date(2026, 11, 20)));
        assert_eq!(parse_date("2026-11-20T09:30:00+01:00"), Some(date(2026, 11, 20)));
        assert_eq!(parse_date("2026-11-20 09:30"), Some(date(2026, 11, 20)));
        for text in [
            "20261120",
            "2026-11-2",
            "2026-30-01",
            "2026-02-29",
            "2026-11-20x",
            "20.11.2026",
            "２026-11-2",
            "",
            "2026-11-20T",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn foreign_formats_are_tried_in_order() {
        let formats = ["%d/%m/%Y", "%d.%m.%Y", "%B %d, %Y", "%d-%b-%Y"].map(Box::from);
        assert_eq!(parse_date_as("31/01/2020", &formats), Some(date(2020, 1, 31)));
        assert_eq!(parse_date_as("30.04.2024", &formats), Some(date(2024, 4, 30)));
        assert_eq!(parse_date_as("August 28, 2025", &formats), Some(date(2025, 8, 28)));
        assert_eq!(parse_date_as("13-Jul-2000", &formats), Some(date(2000, 7, 13)));
        assert_eq!(parse_date_as("2020-01-31", &formats), Some(date(2020, 1, 31)));
        assert_eq!(parse_date_as("01/31/2020", &formats), None);
        let two_digits = ["%d-%b-%Y", "%d-%b-%y"].map(Box::from);
        assert_eq!(parse_date_as("05-Apr-24", &two_digits), Some(date(2024, 4, 5)), "not in the year 24");
    }

    #[test]
    fn a_comma_may_stand_before_the_year() {
        let formats = ["%d %B %Y", "%B %d %Y"].map(Box::from);
        for text in [
            "9 November, 2021",
            "9th November , 2021",
            "9 November,2021",
            "November 9, 2021",
            "9 novembre, 2021",
        ] {
            assert_eq!(parse_date_as(text, &formats), Some(date(2021, 11, 9)), "{text}");
        }
        for text in ["9, November 2021", "9 November, 21", "9 November, 2021, Berlin"] {
            assert_eq!(parse_date_as(text, &formats), None, "{text}");
        }
    }

    #[test]
    fn a_date_format_is_one_of_strptime() {
        for format in ["%Y-%m-%d", "%d/%m/%y", "%B %d, %Y", "%d-%b-%Y", "%F"] {
            assert!(is_date_format(format), "{format}");
        }
        for format in ["DD MMMM YYYY", "%Y-%m", "%d %", "%Q", "", "%H:%M"] {
            assert!(!is_date_format(format), "{format}");
        }
        assert_eq!(strptime_format("DD MMMM YYYY").as_deref(), Some("%d %B %Y"));
        assert_eq!(strptime_format("dd.mm.yy").as_deref(), Some("%d.%m.%y"));
        assert_eq!(strptime_format("YYYY-MM"), None);
    }

    #[test]
    fn a_day_that_its_month_lacks_is_said_in_any_order() {
        assert_eq!(missing_day("2026-02-30").as_deref(), Some("February 2026 has 28 days"));
        assert_eq!(missing_day("31/06/2016").as_deref(), Some("June 2016 has 30 days"));
        assert_eq!(missing_day("06/31/2016").as_deref(), Some("June 2016 has 30 days"));
        assert_eq!(missing_day("14/13/2026").as_deref(), Some("there is no month 13"));
        for text in ["30 February 2026", "30. Februar 2026", "February 30th, 2026"] {
            assert_eq!(missing_day(text).as_deref(), Some("February 2026 has 28 days"), "{text}");
        }
        for text in ["28 February 2026", "30 days 2026", "February 2026", "30 February 2026 to 4 March 2026"]
        {
            assert_eq!(missing_day(text), None, "{text}");
        }
        assert_eq!(missing_day("2030-13-01").as_deref(), Some("there is no month 13"));
        assert_eq!(missing_day("31/07/2016"), None);
    }

    #[test]
    fn more_may_be_said_after_a_date() {
        let read = |text: &str| parse_leading_date(text, &["%d/%m/%Y".into()]);
        for text in
            ["2022-10-05 (Updated 2023-07-12)", "2022-10-05 / Archaeological", "05/10/2022; later moved"]
        {
            assert_eq!(read(text), parse_date("2022-10-05"), "{text}");
        }
        for text in ["2022-10-05 3pm UK time", "2022-10-05, 14:00 CET", "05/10/2022 9.30 a.m."] {
            assert_eq!(read(text), parse_date("2022-10-05"), "{text}");
        }
        assert_eq!(read("2022-10-05 2022-10-06"), None);
        assert_eq!(read("2022-10-05 3 people"), None);
        assert_eq!(read("2022-13-05 (draft)"), None);
    }

    #[test]
    fn a_date_may_be_another_one_too() {
        let formats: Vec<Box<str>> = vec!["%d/%m/%y".into(), "%d/%m/%Y".into(), "%m/%d/%Y".into()];
        let others = |text: &str| other_dates(text, &formats, parse_leading_date(text, &formats).unwrap());
        assert_eq!(others("04/05/2024"), [date(2024, 4, 5)]);
        assert_eq!(others("04/05/2024 (moved)"), [date(2024, 4, 5)]);
        for text in ["31/05/2024", "05/31/2024", "05/05/2024", "2024-05-04", "04/05/24"] {
            assert_eq!(others(text), [], "{text}");
        }
    }

    #[test]
    fn a_year_of_two_digits_is_of_this_century() {
        let formats: Vec<Box<str>> = vec!["%d-%b-%Y".into(), "%d-%b-%y".into()];
        assert_eq!(parse_date_as("05-Apr-24", &formats), parse_date("2024-04-05"));
        assert_eq!(parse_date_as("05-Apr-24", &formats[..1]), None, "`%Y` alone would read the year 24");
    }

    #[test]
    fn ambiguous_dates_are_rejected() {
        for text in [
            "2026/11/20",
            "20.11.2026",
            "Nov 20, 2026",
            "20th November 2026",
            "20/11/2026",
            "11/20/2026",
            "2026-Nov-20",
        ] {
            assert_eq!(parse_unambiguous_date(text), Some(date(2026, 11, 20)), "{text}");
        }
        assert_eq!(parse_unambiguous_date("2026-3-2"), Some(date(2026, 3, 2)));
        assert_eq!(parse_unambiguous_date("05/05/2026"), Some(date(2026, 5, 5)));
        assert_eq!(parse_unambiguous_date("8/23/21"), Some(date(2021, 8, 23)));
        assert_eq!(parse_unambiguous_date("21/8/23"), None);
        for text in ["03/04/2026", "20/11/26", "2026-31-01", "November 2026", "20261120", "tomorrow", ""] {
            assert_eq!(parse_unambiguous_date(text), None, "{text}");
        }
    }

    #[test]
    fn relative_dates_use_whole_units() {
        let today = date(2026, 11, 20);
        let cases = [
            (date(2026, 11, 20), "today"),
            (date(2026, 11, 19), "yesterday"),
            (date(2026, 11, 21), "tomorrow"),
            (date(2026, 11, 17), "3 days ago"),
            (date(2026, 12, 4), "in 2 weeks"),
            (date(2026, 3, 1), "8 months ago"),
            (date(2024, 11, 21), "23 months ago"),
            (date(2024, 11, 20), "2 years ago"),
            (Date::MAX, "in 7973 years"),
        ];
        for (date, expected) in cases {
            assert_eq!(relative_date(date, today), expected);
        }
    }
}
