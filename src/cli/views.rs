//! `alignlint due`, `report [PART]`, `agenda`, `digest` and `trend`: what the records say, for people who don't read findings.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use jiff::civil::Date;

use crate::calendar::{Duration, parse_date};
use crate::finding::Fault;
use crate::linter::{DueResult, Linter, PageOptions, PageResult};
use crate::report::html::{self, Links, Origin};
use crate::report::{calendar, view};
use crate::rule::Page;
use crate::schema::{meant_or, nearest};

use super::{CommandResult, Error, ReadOptions, TOOL, Terminal, print_faults, print_notices, streams};

/// How a view is printed, and what it reads.
#[derive(Args)]
pub(super) struct ViewOptions {
    /// The output format.
    #[arg(long, value_name = "FORMAT", default_value = "pretty", value_parser = ["pretty", "markdown", "json"])]
    format: String,
    #[command(flatten)]
    pub read: ReadOptions,
}

fn print_page(result: &PageResult, format: &str, terminal: &Terminal) -> CommandResult {
    let PageResult { view, faults, notices } = result;
    print_notices(notices);
    terminal.print(|style, out| match format {
        "json" => view::write_json(view, TOOL, out),
        "markdown" => view::write_markdown(view, out),
        _ => view::write_text(view, style, out),
    })?;
    exit_code(faults, terminal)
}

/// 2 if a rule exceeded its step limit.
pub(super) fn exit_code(faults: &[Fault], terminal: &Terminal) -> CommandResult {
    print_faults(faults, terminal);
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

#[derive(Args)]
pub(super) struct DueOptions {
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

pub(super) fn due(options: &DueOptions, terminal: &Terminal) -> CommandResult {
    let linter = options.read.open(terminal)?;
    let within = Duration::parse(&options.within).ok_or_else(|| {
        let fault = Fault::new(format!("`{}` is not a duration", options.within));
        fault.help("write a number and a unit: `2 weeks`, `10 days`, `1 quarter`")
    })?;
    let DueResult { items, page } = linter.due(within.add_to(linter.as_of()), options.who.as_deref())?;
    if options.format != "ical" {
        return print_page(&page, &options.format, terminal);
    }
    print_notices(&page.notices);
    calendar::write(&items, linter.as_of(), &mut streams::Stream::Out)?;
    exit_code(&page.faults, terminal)
}

#[derive(Args)]
pub(super) struct AgendaOptions {
    /// The forum; without one, all forums with their next sessions.
    #[arg(value_name = "FORUM")]
    forum: Option<String>,
    #[command(flatten)]
    view: ViewOptions,
}

pub(super) fn agenda(options: &AgendaOptions, terminal: &Terminal) -> CommandResult {
    let linter = options.view.read.open(terminal)?;
    // The part of the report that lists all forums.
    let (command, name) = if options.forum.is_some() { ("agenda", "agenda") } else { ("report", "sessions") };
    let mut pages = Page::of_command(command);
    pages.retain(|page| page.name == name);
    let title = pages.first().map(|page| page.title.clone()).unwrap_or_default();
    let page = PageOptions {
        name: "agenda",
        title,
        pages: &pages,
        subject: options.forum.as_deref(),
        ..PageOptions::default()
    };
    print_page(&linter.page(&page)?, &options.view.format, terminal)
}

#[derive(Args)]
pub(super) struct DigestOptions {
    /// Begin on this date, so long ago (`2 weeks`), or after the day of this revision.
    #[arg(long, value_name = "DATE|DURATION|REV", default_value = "1 month")]
    since: String,
    /// Show only what this person, role, team or forum answers for.
    #[arg(long = "for", value_name = "WHO")]
    who: Option<String>,
    #[command(flatten)]
    view: ViewOptions,
}

pub(super) fn digest(options: &DigestOptions, terminal: &Terminal) -> CommandResult {
    let linter = options.view.read.open(terminal)?;
    let begin = first_day(&options.since, &linter)?;
    let pages = Page::of_command("digest");
    let page = PageOptions {
        name: "digest",
        title: format!("Digest since {begin}"),
        pages: &pages,
        params: [("since", begin.yesterday().unwrap_or(begin).to_string())].into(),
        who: options.who.as_deref(),
        ..PageOptions::default()
    };
    print_page(&linter.page(&page)?, &options.view.format, terminal)
}

/// Reads a date, a duration back from today, or a revision, after whose day the next one is the first.
fn first_day(given: &str, linter: &Linter) -> Result<Date, Error> {
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
    #[command(flatten)]
    view: ViewOptions,
}

pub(super) fn trend(options: &TrendOptions, terminal: &Terminal) -> CommandResult {
    let linter = options.view.read.open(terminal)?;
    let days = options.days(&linter)?;
    let pages = Page::of_command("trend");
    let page = pages.first().ok_or_else(|| Fault::new("no page `trend`"))?;
    print_page(&linter.trend(&days, page)?, &options.view.format, terminal)
}

impl TrendOptions {
    /// The days of the states, the oldest first, after the day that is one step before them.
    fn days(&self, linter: &Linter) -> Result<Vec<Date>, Error> {
        const DEFAULT_STATES: u32 = 12;
        const MAX_STATES: u32 = 366;
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
            if since.is_some_and(|since| days.last().is_some_and(|day| *day < since)) || earlier == Date::MIN
            {
                break;
            }
            days.push(earlier);
        }
        if let Some(since) = since.filter(|_| days.len() > MAX_STATES as usize) {
            let longer = "a longer `--every` reaches further back";
            streams::notice(&format!(
                "not all states since {since}: the last {MAX_STATES} are shown; {longer}"
            ));
        }
        days.reverse();
        Ok(days)
    }
}

const COMMAND: &str = "report";
const MAX_ROWS: usize = 100;
/// How far the HTML page looks ahead.
const AHEAD: &str = "1 month";

#[derive(Args)]
pub(super) struct ReportOptions {
    /// The part; without one, an overview of all that names them.
    #[arg(value_name = "PART")]
    page: Option<String>,
    /// Show only what this person, role, team or forum answers for.
    #[arg(long = "for", value_name = "WHO")]
    who: Option<String>,
    /// Write an HTML page into FILE instead. A relative path begins at the working folder, or at that of `-C`.
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    html: Option<PathBuf>,
    /// The name of the company, above the heading of the HTML page; by default that of the repository's folder.
    #[arg(long, value_name = "NAME", requires = "html")]
    name: Option<String>,
    /// The address of a line of a file, with `{path}` and `{line}`; by default the files beside the page.
    #[arg(long, value_name = "ADDRESS", requires = "html")]
    link: Option<String>,
    #[command(flatten)]
    view: ViewOptions,
}

pub(super) fn report(options: &ReportOptions, terminal: &Terminal) -> CommandResult {
    let linter = options.view.read.open(terminal)?;
    let mut pages = Page::of_command(COMMAND);
    if let Some(name) = &options.page {
        let names: Vec<&str> = pages.iter().map(|page| page.name).collect();
        pages.retain(|page| *page.name == **name);
        if pages.is_empty() {
            let help =
                meant_or(nearest(name, names.iter().copied()), &format!("name one of {}", names.join(", ")));
            return Err(Fault::new(format!("unknown part `{name}`")).help(help).into());
        }
    }
    let (name, title) = match &pages[..] {
        [page] => (page.name, page.title.clone()),
        _ => (COMMAND, "Report".to_owned()),
    };
    let page = PageOptions {
        name,
        title,
        pages: &pages,
        who: options.who.as_deref(),
        most_rows: options.html.is_some().then_some(MAX_ROWS),
        ..PageOptions::default()
    };
    match &options.html {
        Some(file) => options.write_html(file, &linter, &page, terminal),
        None => print_page(&linter.page(&page)?, &options.view.format, terminal),
    }
}

fn links_by(address: &str) -> Result<Links, Fault> {
    let is_web_address = ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme));
    if is_web_address && address.contains("{path}") {
        return Ok(Links::Template(address.to_owned()));
    }
    let fault = Fault::new(format!("`--link {address}` is no web address with `{{path}}`"));
    Err(fault.help("write it as `https://example.org/repository/blob/main/{path}#L{line}`"))
}

impl ReportOptions {
    fn write_html(
        &self,
        file: &Path,
        linter: &Linter,
        page: &PageOptions<'_>,
        terminal: &Terminal,
    ) -> CommandResult {
        let links = self.link.as_deref().map(links_by).transpose()?;
        let mut result = linter.page(page)?;
        if self.page.is_none() {
            let until = Duration::parse(AHEAD).map_or(linter.as_of(), |month| month.add_to(linter.as_of()));
            let DueResult { page: due, .. } = linter.due(until, page.who)?;
            for mut section in due.view.sections {
                section.truncate(MAX_ROWS);
                result.view.sections.push(section);
            }
            result.faults.extend(due.faults);
        }
        print_notices(&result.notices);
        let target = linter.snapshot().locate(file);
        let links = links.unwrap_or_else(|| Links::beside(&target));
        let name = self.name.clone().or_else(|| linter.snapshot().repository_name()).unwrap_or_default();
        let origin = Origin { name, commit: linter.commit() };
        let written = target.write(|out| html::write(&result.view, &origin, TOOL, &links, out));
        written.map_err(|error| error.into_fault(&format!("can't write `{}`", file.display())))?;
        exit_code(&result.faults, terminal)
    }
}
