//! Parses dates, durations, periods and amounts as people write them.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::embedded;

mod amount;
mod date;
mod duration;
mod period;

pub use amount::{Amount, Bound, InBaseUnit};
pub use date::{EXAMPLE_DATE, day_in, missing_day, parse_any_date, parse_date, relative_date};
pub use duration::{Duration, cadences};
pub use period::Period;

/// How the values of a type are written, for people who read about a kind: examples, and what else is to be known.
#[derive(Deserialize)]
pub struct Form {
    pub name: Box<str>,
    pub examples: Vec<Box<str>>,
    #[serde(default)]
    pub remark: Box<str>,
}

/// The forms of `schemas/forms.yaml`.
pub static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| embedded::read("schemas/forms.yaml"));
