//! The day in the name of a page, and the heading that states it: `2021-10-05.md` with `## 2021/10/05`.

use jiff::civil::Date;

use super::View;
use crate::calendar::day_in;
use crate::syntax::markdown::Heading;
use crate::text::Span;

/// How much of a heading the day is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum DayPart {
    /// All of it.
    Alone,
    /// One part beside others.
    Within,
}

/// Among how many headings at the start of a page that of its day is looked for.
const FIRST_HEADINGS: usize = 2;

impl View<'_> {
    /// Returns the day in the name of the file: of `2022-06-01-eurasia`, of `DG009_20221216-cr`, and of `06-16` in the folder `2020`.
    pub fn own_day(&self) -> Option<Date> {
        self.day_of_year().or_else(|| day_in_name(self.stem()))
    }

    /// Returns the day of `2020/06-16.md`, with the year of the folder.
    fn day_of_year(&self) -> Option<Date> {
        let (month, day) = self.stem().split_once(['-', '_'])?;
        let year = self.folder()?;
        let has_digits =
            |text: &str, count| text.len() == count && text.bytes().all(|it| it.is_ascii_digit());
        let is_day = has_digits(month, 2) && has_digits(day, 2) && has_digits(year, 4);
        is_day.then(|| Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()).flatten()
    }

    /// Returns true if one of the first headings states the day in the name of the file.
    pub(in crate::profile) fn states_own_day(&self, part: DayPart) -> bool {
        let Some(own) = self.own_day() else { return false };
        self.headings().iter().take(FIRST_HEADINGS).any(|heading| {
            is_short_enough(heading)
                && day_in(&heading.title).is_some_and(|(day, rest)| {
                    day == own && (part == DayPart::Within || rest.is_empty() || is_time(&rest))
                })
        })
    }

    /// Returns the heading directly below the title that is a day, on a page whose name is a day, if it is the only such heading of
    /// its level. The title is that of a series of sessions then, and the sections of the page are one level deeper.
    pub(in crate::profile) fn day_below_title(&self) -> Option<Span> {
        let [first, second, others @ ..] = self.headings() else { return None };
        self.own_day()?;
        let is_day = |heading: &Heading| {
            is_short_enough(heading) && day_in(&heading.title).is_some_and(|(_, rest)| rest.is_empty())
        };
        let is_only = || !others.iter().any(|other| other.level == second.level && is_day(other));
        (second.level > first.level && is_day(second) && is_only()).then_some(second.span)
    }
}

/// Returns true for a heading that may be a day with few words around it.
fn is_short_enough(heading: &Heading) -> bool {
    const LONGEST: usize = 120;
    const FEWEST_DIGITS: usize = 5;
    let digits = || heading.title.bytes().filter(u8::is_ascii_digit).count();
    heading.title.len() <= LONGEST && digits() >= FEWEST_DIGITS
}

/// Returns true for `9am CET` and `16:00 UTC`.
fn is_time(text: &str) -> bool {
    const LONGEST: usize = 20;
    text.len() <= LONGEST && text.starts_with(|c: char| c.is_ascii_digit())
}

/// Returns the day of `2022-06-01`, `2022_06_01`, `2022.06.01` or `20220601` in a name.
fn day_in_name(name: &str) -> Option<Date> {
    let bytes = name.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let number = |from: usize, to: usize| -> Option<i8> { name.get(from..to)?.parse().ok() };
    (0..bytes.len()).filter(|at| is_digit(*at) && (*at == 0 || !is_digit(at - 1))).find_map(|start| {
        let year: i16 =
            name.get(start..start + 4)?.parse().ok().filter(|year| (1900..2100).contains(year))?;
        let mark = bytes.get(start + 4).copied()?;
        let (month, day) = match mark {
            b'-' | b'_' | b'.' if bytes.get(start + 7) == Some(&mark) => (start + 5, start + 8),
            _ => (start + 4, start + 6),
        };
        let date = Date::new(year, number(month, month + 2)?, number(day, day + 2)?).ok()?;
        (!is_digit(day + 2)).then_some(date)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_hold_a_day_beside_other_words() {
        for name in
            ["2022-06-01", "2022-06-01-eurasia", "2022_06_01 europe", "DG009_2209_20220601-cr", "2022.06.01"]
        {
            assert_eq!(day_in_name(name), Date::new(2022, 6, 1).ok(), "{name}");
        }
        for name in ["2022-06", "2022-06-1", "202206011", "12022-06-01", "2022-13-01", "notes"] {
            assert_eq!(day_in_name(name), None, "{name}");
        }
    }
}
