//! `alignlint trend`: past states of the records, judged by the policy of today.

use clap::Args;
use jiff::civil::Date;

use crate::calendar::Duration;
use crate::finding::Fault;
use crate::linter::Linter;
use crate::rule::Page;

use super::digest::Begin;
use super::progress::show_while;
use super::view_output;
use super::{CommandResult, Failure, ReadOptions, Terminal, print_notices};

const COMMAND: &str = "trend";
const DEFAULT_STATES: u32 = 12;
const MAX_STATES: u32 = 366;

#[derive(Args)]
pub(super) struct Options {
    /// The time between two states, such as `week` or `3 months`.
    #[arg(long, value_name = "DURATION", default_value = "month")]
    every: String,
    /// Begin on this date, so long ago (`3 months`), or on the day of this revision; by default twelve states ago.
    #[arg(long, value_name = "DATE|DURATION|REV")]
    since: Option<String>,
    /// The output format.
    #[arg(long, value_name = "FORMAT", default_value = "pretty", value_parser = ["pretty", "markdown", "csv", "json"])]
    format: String,
    #[command(flatten)]
    read: ReadOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let linter = options.read.open(terminal)?;
    let days = options.days(&linter)?;
    let pages = Page::of_command(COMMAND)?;
    let page = pages.first().ok_or_else(|| Fault::new("no page `trend`"))?;
    let result = show_while(&linter, || linter.trend(&days, page))?;
    print_notices(&linter.notices());
    view_output::print(&result, &options.format, terminal)
}

impl Options {
    /// The days of the states, the oldest first, after the day that is one step before them.
    fn days(&self, linter: &Linter) -> Result<Vec<Date>, Failure> {
        let (as_of, every) = (linter.as_of(), self.every()?);
        let since =
            self.since.as_deref().map(|since| Begin::parse(since, linter)).transpose()?.map(Begin::day);
        let limit = if since.is_some() { MAX_STATES } else { DEFAULT_STATES };
        let mut days = vec![as_of];
        for number in 1..=limit {
            let Some(earlier) = every.times(number).map(|time| time.sub_from(as_of)) else { break };
            days.push(earlier);
            if since.is_some_and(|since| earlier < since) || earlier == Date::MIN {
                break;
            }
        }
        days.reverse();
        Ok(days)
    }

    fn every(&self) -> Result<Duration, Fault> {
        let counted = || Duration::parse(&format!("1 {}", self.every.trim()));
        let every = counted().or_else(|| Duration::parse(&self.every));
        every.filter(|every| every.approximate_days() >= 1.0).ok_or_else(|| {
            let fault = Fault::new(format!("`{}` is no time between two states", self.every));
            fault.help("write a unit, or a number and a unit, of at least a day: `week`, `month`, `2 weeks`")
        })
    }
}
