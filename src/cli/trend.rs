//! `alignlint trend`: past states of the records, judged by the policy of today.

use std::process::ExitCode;

use clap::Args;
use jiff::civil::Date;

use crate::calendar::Duration;
use crate::finding::Fault;
use crate::linter::Linter;
use crate::report::{Escaping, trend};
use crate::rule::Page;

use super::digest::Begin;
use super::progress::show_while;
use super::{CommandResult, Failure, ReadOptions, TOOL, Terminal, print_faults, print_notices, streams};

pub(super) const COMMAND: &str = "trend";
const MONTH: &str = "1 month";
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
    let Some(page) = pages.first() else { return Ok(ExitCode::from(2)) };
    let result = show_while(&linter, || linter.trend(&days, page))?;
    print_notices(&linter.notices());
    print_notices(result.history_notice.as_slice());
    let style = terminal.stdout_style();
    let mut text = Vec::new();
    match options.format.as_str() {
        "markdown" => trend::write_markdown(&result.trend, &mut text)?,
        "csv" => trend::write_csv(&result.trend, &mut text)?,
        "json" => trend::write_json(&result.trend, TOOL, &mut text)?,
        _ => trend::write_text(&result.trend, &style, &mut text)?,
    }
    streams::print_as(Escaping::of(&style), text)?;
    if result.faults.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    // Ignores write errors: a closed terminal must not hide that the run failed.
    let _ = print_faults(&result.faults, terminal);
    Ok(ExitCode::from(2))
}

impl Options {
    /// The days of the states, the oldest first, after the day that is one step before them.
    fn days(&self, linter: &Linter) -> Result<Vec<Date>, Failure> {
        let as_of = linter.as_of();
        let every = self.every()?;
        let since =
            self.since.as_deref().map(|since| Begin::parse(since, linter)).transpose()?.map(Begin::day);
        Ok(days(as_of, &every, since))
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

/// The days of the states of the last twelve months.
pub(super) fn months(as_of: Date) -> Vec<Date> {
    Duration::parse(MONTH).map_or_else(Vec::new, |month| days(as_of, &month, None))
}

/// The days of the states, the oldest first, after the day that is one step before them.
fn days(as_of: Date, every: &Duration, since: Option<Date>) -> Vec<Date> {
    let limit = if since.is_some() { MAX_STATES } else { DEFAULT_STATES };
    let mut days = vec![as_of];
    for number in 1..=limit {
        let Some(earlier) = every.times(number).map(|time| time.sub_from(as_of)) else { break };
        days.push(earlier);
        if since.is_some_and(|since| earlier < since) || days.last() == Some(&Date::MIN) {
            break;
        }
    }
    // The last day is before the first state.
    days.reverse();
    days
}
