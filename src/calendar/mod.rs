//! What people write for time and quantity: dates, durations, periods and amounts, read strictly and
//! reckoned by the calendar, never by the clock.

mod amount;
mod date;
mod duration;
mod period;

pub use amount::Amount;
pub use date::{ago, parse_date, parse_date_as};
pub use duration::Duration;
pub use period::Period;
