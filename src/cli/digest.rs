//! `alignlint digest`: what was decided and what moved, for those who were not there.

use clap::Args;
use jiff::civil::Date;

use crate::calendar::{Duration, parse_date};
use crate::linter::{Linter, PageOptions};
use crate::rule::Page;

use super::{CommandResult, Failure, ReadOptions, Terminal, view_output};

const COMMAND: &str = "digest";
const MONTH: &str = "1 month";

#[derive(Args)]
pub(super) struct Options {
    /// Begin on this date, so long ago (`2 weeks`), or after the day of this revision; a month ago if not given.
    #[arg(long, value_name = "DATE|DURATION|REV")]
    since: Option<String>,
    /// Show only what this person, role, team or forum answers for.
    #[arg(long = "for", value_name = "WHO")]
    who: Option<String>,
    /// The output format.
    #[arg(long, value_name = "FORMAT", default_value = "pretty", value_parser = view_output::FORMATS)]
    format: String,
    #[command(flatten)]
    read: ReadOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let linter = options.read.open(terminal)?;
    let begin = Begin::parse(options.since.as_deref().unwrap_or(MONTH), &linter)?;
    let pages = Page::of_command(COMMAND)?;
    let page = PageOptions {
        name: COMMAND,
        title: format!("Digest {}", begin.words()),
        pages: &pages,
        params: [("since", begin.day_before().to_string())].into(),
        subject: None,
        who: options.who.as_deref(),
        most_rows: None,
    };
    view_output::show(&linter, &page, &options.format, terminal)
}

/// Where a digest begins.
#[derive(Clone, Copy)]
pub(super) enum Begin {
    /// With this day.
    On(Date),
    /// After the day of a revision.
    After(Date),
}

impl Begin {
    /// Reads a date, a duration back from today, or a revision.
    pub(super) fn parse(given: &str, linter: &Linter) -> Result<Begin, Failure> {
        if let Some(date) = parse_date(given) {
            return Ok(Begin::On(date));
        }
        match Duration::parse(given) {
            Some(duration) => Ok(Begin::On(duration.sub_from(linter.as_of()))),
            None => Ok(Begin::After(linter.snapshot().commit_date(given)?)),
        }
    }

    /// The time that it is about, such as `since 2026-11-01`.
    fn words(self) -> String {
        match self {
            Begin::On(day) => format!("since {day}"),
            Begin::After(day) => format!("after {day}"),
        }
    }

    /// The day that is named, or that of the commit.
    pub(super) fn day(self) -> Date {
        match self {
            Begin::On(day) | Begin::After(day) => day,
        }
    }

    fn day_before(self) -> Date {
        match self {
            Begin::On(day) => day.yesterday().unwrap_or(day),
            Begin::After(day) => day,
        }
    }
}
