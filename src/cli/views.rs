//! `alignlint agenda`, `digest` and `trend`, and how the views of all subcommands are printed.

use std::process::ExitCode;

use clap::Args;
use jiff::civil::Date;

use crate::calendar::{Duration, parse_date};
use crate::finding::Fault;
use crate::linter::{Linter, PageOptions, PageResult};
use crate::report::{Escaping, view};
use crate::rule::Page;
use crate::view::View;

use super::progress::show_while;
use super::{CommandResult, Failure, ReadOptions, TOOL, Terminal, print_faults, print_notices, streams};

/// The formats of a view.
pub(super) const FORMATS: [&str; 3] = ["pretty", "markdown", "json"];
const DEFAULT_STATES: u32 = 12;
const MAX_STATES: u32 = 366;

#[derive(Args)]
pub(super) struct AgendaOptions {
    /// The forum; without one, all forums with their next sessions.
    #[arg(value_name = "FORUM")]
    forum: Option<String>,
    /// The output format.
    #[arg(long, value_name = "FORMAT", default_value = "pretty", value_parser = FORMATS)]
    format: String,
    #[command(flatten)]
    read: ReadOptions,
}

pub(super) fn agenda(options: &AgendaOptions, terminal: &Terminal) -> CommandResult {
    let linter = options.read.open(terminal)?;
    // The part of the report that lists all forums.
    let (command, name) = if options.forum.is_some() { ("agenda", "agenda") } else { ("report", "sessions") };
    let mut pages = Page::of_command(command)?;
    pages.retain(|page| page.name == name);
    let title = pages.first().map(|page| page.title.clone()).unwrap_or_default();
    let page = PageOptions { subject: options.forum.as_deref(), ..PageOptions::new("agenda", title, &pages) };
    show(&linter, &page, &options.format, terminal)
}

#[derive(Args)]
pub(super) struct DigestOptions {
    /// Begin on this date, so long ago (`2 weeks`), or after the day of this revision.
    #[arg(long, value_name = "DATE|DURATION|REV", default_value = "1 month")]
    since: String,
    /// Show only what this person, role, team or forum answers for.
    #[arg(long = "for", value_name = "WHO")]
    who: Option<String>,
    /// The output format.
    #[arg(long, value_name = "FORMAT", default_value = "pretty", value_parser = FORMATS)]
    format: String,
    #[command(flatten)]
    read: ReadOptions,
}

pub(super) fn digest(options: &DigestOptions, terminal: &Terminal) -> CommandResult {
    let linter = options.read.open(terminal)?;
    let begin = first_day(&options.since, &linter)?;
    let pages = Page::of_command("digest")?;
    let page = PageOptions {
        params: [("since", begin.yesterday().unwrap_or(begin).to_string())].into(),
        who: options.who.as_deref(),
        ..PageOptions::new("digest", format!("Digest since {begin}"), &pages)
    };
    show(&linter, &page, &options.format, terminal)
}

/// Reads a date, a duration back from today, or a revision, after whose day the next one is the first.
fn first_day(given: &str, linter: &Linter) -> Result<Date, Failure> {
    if let Some(date) = parse_date(given) {
        return Ok(date);
    }
    if let Some(duration) = Duration::parse(given) {
        return Ok(duration.sub_from(linter.as_of()));
    }
    let day = linter.snapshot().commit_date(given)?;
    Ok(day.tomorrow().unwrap_or(day))
}

#[derive(Args)]
pub(super) struct TrendOptions {
    /// The time between two states, such as `week` or `3 months`.
    #[arg(long, value_name = "DURATION", default_value = "month")]
    every: String,
    /// Begin on this date, so long ago (`3 months`), or after the day of this revision; by default twelve states ago.
    #[arg(long, value_name = "DATE|DURATION|REV")]
    since: Option<String>,
    /// The output format.
    #[arg(long, value_name = "FORMAT", default_value = "pretty", value_parser = FORMATS)]
    format: String,
    #[command(flatten)]
    read: ReadOptions,
}

pub(super) fn trend(options: &TrendOptions, terminal: &Terminal) -> CommandResult {
    let linter = options.read.open(terminal)?;
    let days = options.days(&linter)?;
    let pages = Page::of_command("trend")?;
    let page = pages.first().ok_or_else(|| Fault::new("no page `trend`"))?;
    let result = show_while(&linter, || linter.trend(&days, page))?;
    print_notices(&linter.notices());
    print(&result, &options.format, terminal)
}

impl TrendOptions {
    /// The days of the states, the oldest first, after the day that is one step before them.
    fn days(&self, linter: &Linter) -> Result<Vec<Date>, Failure> {
        let counted = || Duration::parse(&format!("1 {}", self.every.trim()));
        let every = counted().or_else(|| Duration::parse(&self.every));
        let every = every.filter(|every| every.approximate_days() >= 1.0).ok_or_else(|| {
            let fault = Fault::new(format!("`{}` is no time between two states", self.every));
            fault.help("write a unit, or a number and a unit, of at least a day: `week`, `month`, `2 weeks`")
        })?;
        let since = self.since.as_deref().map(|since| first_day(since, linter)).transpose()?;
        let limit = if since.is_some() { MAX_STATES } else { DEFAULT_STATES };
        let mut days = vec![linter.as_of()];
        for number in 1..=limit {
            let Some(earlier) = every.times(number).map(|time| time.sub_from(linter.as_of())) else { break };
            days.push(earlier);
            if since.is_some_and(|since| earlier < since) || earlier == Date::MIN {
                break;
            }
        }
        days.reverse();
        Ok(days)
    }
}

/// Makes a page and prints it.
pub(super) fn show(
    linter: &Linter,
    page: &PageOptions<'_>,
    format: &str,
    terminal: &Terminal,
) -> CommandResult {
    let result = show_while(linter, || linter.page(page))?;
    print_notices(&linter.notices());
    print(&result, format, terminal)
}

fn print(result: &PageResult, format: &str, terminal: &Terminal) -> CommandResult {
    print_notices(&result.notices);
    print_view(&result.view, format, terminal)?;
    exit_code(&result.faults, terminal)
}

pub(super) fn print_view(view: &View, format: &str, terminal: &Terminal) -> Result<(), Failure> {
    let style = terminal.stdout_style();
    let mut text = Vec::new();
    match format {
        "json" => view::write_json(view, TOOL, &mut text)?,
        "markdown" => view::write_markdown(view, &mut text)?,
        _ => view::write_text(view, &style, &mut text)?,
    }
    Ok(streams::print_as(Escaping::of(&style), text)?)
}

/// 2 if a rule exceeded its step limit.
pub(super) fn exit_code(faults: &[Fault], terminal: &Terminal) -> CommandResult {
    if faults.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    // Ignores write errors: a closed terminal must not hide that the run failed.
    let _ = print_faults(faults, terminal);
    Ok(ExitCode::from(2))
}
