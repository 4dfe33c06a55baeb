//! `alignlint due`: what falls due, for people and calendars.

use clap::Args;

use crate::calendar::Duration;
use crate::finding::Fault;
use crate::report::calendar;
use crate::view::View;
use crate::view::due;

use super::progress::show_while;
use super::{CommandResult, ReadOptions, Terminal, print_notices, streams, views};

#[derive(Args)]
pub(super) struct Options {
    /// How far to look ahead, such as `2 weeks`. What is overdue is always listed.
    #[arg(long, value_name = "DURATION", default_value = "1 month")]
    within: String,
    /// List only what this person, role, team or forum answers for.
    #[arg(long = "for", value_name = "WHO")]
    who: Option<String>,
    /// The output format; `ical` is a calendar (iCalendar).
    #[arg(long, value_name = "FORMAT", default_value = "pretty", value_parser = ["pretty", "markdown", "json", "ical"])]
    format: String,
    #[command(flatten)]
    read: ReadOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let linter = options.read.open(terminal)?;
    let within = Duration::parse(&options.within).ok_or_else(|| {
        let fault = Fault::new(format!("`{}` is not a duration", options.within));
        fault.help("write a number and a unit: `2 weeks`, `10 days`, `1 quarter`")
    })?;
    let (as_of, until) = (linter.as_of(), within.add_to(linter.as_of()));
    let found = show_while(&linter, || linter.due(until, options.who.as_deref()))?;
    print_notices(&linter.notices());
    print_notices(&found.notices);
    if options.format == "ical" {
        calendar::write(&found.items, as_of, &mut streams::report())?;
    } else {
        let page = View { note: found.note, ..due::view(&found.items, until, as_of, found.who.as_deref()) };
        views::print_view(&page, &options.format, terminal)?;
    }
    views::exit_code(&found.faults, terminal)
}
