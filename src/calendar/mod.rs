//! Parses dates, durations, periods and amounts as people write them.

mod amount;
mod date;
mod duration;
mod parse;
mod period;

pub use amount::{Amount, Bound, InBaseUnit};
pub use date::{EXAMPLE_DATE, day_in, missing_day, parse_any_date, parse_date, relative_date};
pub use duration::Duration;
pub use parse::CADENCES;
pub use period::Period;

/// How values are written, for people who read about a kind: the type, examples, and what else is to be known.
pub const FORMS: [(&str, &[&str], &str); 4] = [
    (
        "date",
        &[EXAMPLE_DATE],
        "Another form with one meaning, such as `20 November 2026`, is an error that `--fix` corrects; pages of other formats may write their days in another way.",
    ),
    (
        "duration",
        &[
            "3 weeks",
            "90d",
            "1 quarter",
            "5 business days",
            "1h30m",
            "P3M",
            "weekly",
            "every 2 weeks",
            "every Monday",
            "first Tuesday of the month",
            "twice a year",
        ],
        "A single `m` may be a month or a minute and is an error.",
    ),
    (
        "period",
        &["2026", "2026-Q4", "Q4 2026", "2026-H2", "2026-11", "Oct-Dec 2026", "2026-10-01..2026-12-31"],
        "",
    ),
    (
        "amount",
        &[
            "110",
            "1,200",
            "18%",
            "2.4x",
            "$50k",
            "€1.2M",
            "40k EUR",
            "5 days",
            ">= 95%",
            "at most 4",
            "78%..86%",
            "4–9 minutes",
        ],
        "A point before three digits, as in `450.000 €`, has two meanings and is an error; a decimal comma has a fix.",
    ),
];
