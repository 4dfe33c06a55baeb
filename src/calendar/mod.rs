//! Parses dates, durations, periods and amounts as people write them.

mod amount;
mod cadence;
mod date;
mod duration;
mod months;
mod period;
mod words;

pub use amount::{Amount, Bound};
pub use date::{
    EXAMPLE_DATE, day_in, formats_of_date, is_date_format, missing_day, other_dates, parse_date,
    parse_date_as, parse_leading_date, parse_unambiguous_date, relative_date, strptime_format,
};
pub use duration::{CADENCES, Duration};
pub use period::Period;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_is_parsed_without_panic(text in ".{0,24}|[0-9PTYMWDHQFYkm%$€., -]{0,16}") {
            let _ = (parse_date(&text), Amount::parse(&text));
            if let Some(period) = Period::parse(&text, 2) {
                prop_assert!(period.start <= period.end);
            }
            if let Some(duration) = Duration::parse(&text) {
                prop_assert_eq!(Duration::parse(&duration.to_string()), Some(duration));
            }
        }

        #[test]
        fn adding_a_duration_never_moves_backwards(days in 0_u32..100, months in 0_u32..40, business_days in 0_u32..30, day in 0_i32..4000) {
            use jiff::ToSpan;
            let date = jiff::civil::date(2024, 1, 1) + day.days();
            let duration = Duration { months, days, business_days, ..Duration::default() };
            prop_assert!(duration.add_to(date) >= date && duration.sub_from(date) <= date);
        }
    }
}
