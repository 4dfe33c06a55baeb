//! `alignlint due`: what falls due, for people and calendars.

use std::process::ExitCode;

use clap::Args;

use crate::calendar::Duration;
use crate::finding::Fault;
use crate::report::{Escaping, calendar, view};
use crate::view::View;
use crate::view::due;

use super::progress::show_while;
use super::{CommandResult, ReadOptions, TOOL, Terminal, print_faults, print_notices, streams};

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
    let page = View { note: found.note, ..due::view(&found.items, until, as_of, found.who.as_deref()) };
    let style = terminal.stdout_style();
    let mut text = Vec::new();
    match options.format.as_str() {
        "ical" => calendar::write(&found.items, as_of, &mut streams::report())?,
        "json" => view::write_json(&page, TOOL, &mut text)?,
        "markdown" => view::write_markdown(&page, &mut text)?,
        _ => view::write_text(&page, &style, &mut text)?,
    }
    streams::print_as(Escaping::of(&style), text)?;
    if !found.faults.is_empty() {
        // Ignores write errors: a closed terminal must not hide that the run failed.
        let _ = print_faults(&found.faults, terminal);
        return Ok(ExitCode::from(2));
    }
    Ok(ExitCode::SUCCESS)
}
