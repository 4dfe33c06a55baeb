//! Texts that are meant as a day, with a typing error in it.

use super::date::{formats_of_date, parse_date, parse_unambiguous_date};

const LONGEST: usize = "2026-11-20".len() + 2;

/// A text of the digits of one day that is not a day.
#[derive(Debug, PartialEq, Eq)]
pub struct DateSlip {
    /// The only day that may be meant.
    pub meant: Option<String>,
}

/// Returns the typing error in `2O26-05-20`, `2026-0520`, `2026--05-20` or `2026-055-20`; `None` for a day in any common form, a month, a
/// range of years and words.
pub fn date_slip(text: &str) -> Option<DateSlip> {
    let is_read = || parse_unambiguous_date(text).is_some() || !formats_of_date(text).is_empty();
    if text.len() > LONGEST || !text.is_ascii() || is_read() {
        return None;
    }
    let digits: String = text.chars().map(as_digit).collect();
    let parts: Vec<&str> = digits.split(['-', '/', '.']).filter(|part| !part.is_empty()).collect();
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !parts.iter().all(is_number) || !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let meant = match *parts.as_slice() {
        [year, month, day] => {
            let meant = parse_date(&[year, month, day].join("-")).map(|day| day.to_string());
            let is_near = is_year(year) && [month, day].iter().all(|part| part.len() <= 3);
            if meant.is_none() && !(is_near && [month, day].iter().any(|part| part.len() == 3)) {
                return None;
            }
            meant
        }
        // The year and what follows it, or the year with the month, and the day.
        [_, _] if digits.len() == 9 => {
            let all = parts.concat();
            let day = [all.get(..4)?, all.get(4..6)?, all.get(6..)?].join("-");
            Some(parse_date(&day)?.to_string()).filter(|_| is_year(&all[..4]))
        }
        _ => return None,
    };
    (parts.len() == 3 || meant.is_some()).then_some(DateSlip { meant })
}

/// The digit for which a letter was typed.
fn as_digit(letter: char) -> char {
    match letter {
        'O' | 'o' => '0',
        'I' | 'l' => '1',
        other => other,
    }
}

fn is_year(part: &str) -> bool {
    part.len() == 4 && (part.starts_with("19") || part.starts_with("20"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_of_a_day_with_a_typing_error() {
        let meant = |text: &str| date_slip(text).map(|slip| slip.meant.unwrap_or_default());
        for text in ["2O26-05-20", "2026-O5-20", "2026-05-2o", "2026-0520", "202605-20", "2026--05-20"] {
            assert_eq!(meant(text).as_deref(), Some("2026-05-20"), "{text}");
        }
        assert_eq!(meant("2026-055-20").as_deref(), Some(""));
        assert_eq!(meant("2026-05-l7").as_deref(), Some("2026-05-17"));
    }

    #[test]
    fn what_is_a_day_or_something_else() {
        for text in [
            "2026-05-20",
            "20.05.2026",
            "05/20/2026",
            "20 May 2026",
            "20260520",
            "2026-05",
            "2026",
            "2019-2020",
            "2005-2026",
            "2026-W20",
            "YYYY-MM-DD",
            "2026-05-XX",
            "2026-xx-xx",
            "TBD",
            "",
            "1.0.0",
            "2026.1",
            "Ol-lO-Ol",
            "20２6-05-20",
            "0555-123-456",
            "2026-2027",
            "2026-200",
        ] {
            assert_eq!(date_slip(text), None, "{text}");
        }
    }
}
