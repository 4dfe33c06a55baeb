//! `alignlint report [PAGE]`: what the records say, for people who don't read findings.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::finding::Fault;
use crate::linter::{self, Linter, PageOptions, PageResult};
use crate::report::html::{self, Links, Origin};
use crate::report::{self, Escaping};
use crate::rule::Page;
use crate::view::trend::Trend;
use crate::view::{self, PageTitle};

use super::progress::show_while;
use super::{
    CommandResult, Failure, ReadOptions, TOOL, Terminal, digest, due, print_faults, print_notices, streams,
    trend,
};

const COMMAND: &str = "report";
/// The most rows of a section of another view on the HTML page.
const MAX_ROWS: usize = 100;
/// The most rows of a part in a terminal.
const MAX_TEXT_ROWS: usize = 200;
/// How far the HTML page looks back.
const QUARTER: &str = "3 months";

#[derive(Args)]
pub(super) struct Options {
    /// The page; all of them if none is named.
    #[arg(value_name = "PAGE", value_parser = PageNames)]
    page: Option<String>,
    /// Show only what this person, role or team answers for, or what names this partner, supplier or record.
    #[arg(long = "for", value_name = "WHO")]
    who: Option<String>,
    /// Show all rows of each part in the terminal, not the first 200.
    #[arg(long, conflicts_with = "html")]
    all: bool,
    /// Write an HTML page into FILE instead. A relative path begins at the working folder, or at that of `-C`.
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    html: Option<PathBuf>,
    /// The name of the company, above the heading of the HTML page; by default that of the repository's folder.
    #[arg(long, value_name = "NAME", requires = "html")]
    name: Option<String>,
    /// Tell on the HTML page what changed since this date, so long ago (`2 weeks`), or after the day of this revision; three
    /// months ago if not given.
    #[arg(long, value_name = "DATE|DURATION|REV", requires = "html")]
    since: Option<String>,
    /// The address of a line of a file, with `{path}` and `{line}`; by default the files beside the page.
    #[arg(long, value_name = "ADDRESS", requires = "html")]
    link: Option<String>,
    #[command(flatten)]
    output: PageOutput,
    #[command(flatten)]
    read: ReadOptions,
}

/// How a page is written.
#[derive(Args)]
pub(super) struct PageOutput {
    /// The output format.
    #[arg(long, value_name = "FORMAT", default_value = "pretty", value_parser = ["pretty", "markdown", "json"])]
    format: String,
}

/// Parses the name of a page. The pages are read when a name is given or all are listed: that takes a twentieth of the start of
/// the program.
#[derive(Clone)]
struct PageNames;

impl PageNames {
    fn all() -> impl Iterator<Item = &'static str> {
        Page::of_command(COMMAND).unwrap_or_default().into_iter().map(|page| page.name)
    }
}

impl TypedValueParser for PageNames {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        PossibleValuesParser::new(PageNames::all()).parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(PageNames::all().map(PossibleValue::new)))
    }
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let linter = options.read.open(terminal)?;
    let mut pages = Page::of_command(COMMAND)?;
    if let Some(name) = &options.page {
        pages.retain(|page| *page.name == **name);
    }
    let (name, title) = match &pages[..] {
        [page] => (page.name, page.title.clone()),
        _ => (COMMAND, "Report".to_owned()),
    };
    let page = PageOptions {
        name,
        title,
        pages: &pages,
        params: [].into(),
        subject: None,
        who: options.who.as_deref(),
        shows_all: options.all,
        most_rows: options.most_rows(),
        unfolds: options.html.is_some(),
        deleted_since: None,
    };
    match &options.html {
        Some(file) => {
            let links = options.link.as_deref().map(links_by).transpose()?;
            options.write_html(file, links, &linter, &page, terminal)
        }
        None => options.output.show(&linter, &page, terminal),
    }
}

fn links_by(address: &str) -> Result<Links, Fault> {
    if !address.contains("{path}") {
        let fault = Fault::new(format!("`--link {address}` has no `{{path}}`"));
        return Err(fault.help("write it as `https://example.org/repository/blob/main/{path}#L{line}`"));
    }
    if !["https://", "http://"].iter().any(|scheme| address.starts_with(scheme)) {
        let fault = Fault::new(format!("`--link {address}` is no web address"));
        return Err(fault.help("begin it with `https://`"));
    }
    Ok(Links::Template(address.to_owned()))
}

impl Options {
    /// The limit of rows in a terminal; other formats have all rows.
    fn most_rows(&self) -> Option<usize> {
        let is_text = self.html.is_none() && self.output.format == "pretty";
        (is_text && !self.all).then_some(MAX_TEXT_ROWS)
    }

    fn write_html(
        &self,
        file: &Path,
        links: Option<Links>,
        linter: &Linter,
        page: &PageOptions<'_>,
        terminal: &Terminal,
    ) -> CommandResult {
        let mut result = show_while(linter, || linter.page(page))?;
        let begin = digest::Begin::parse(self.since.as_deref().unwrap_or(QUARTER), linter)?;
        let mut trend = None;
        if self.page.is_none() {
            show_while(linter, || self.add_other_views(linter, begin, &mut result))?;
            trend = self.trend(linter, &mut result)?;
        }
        print_notices(&linter.notices());
        print_notices(&result.notices);
        let target = linter.snapshot().locate(file);
        let links = links.unwrap_or_else(|| Links::beside(&target));
        let name = self.name.clone().or_else(|| linter.snapshot().repository_name()).unwrap_or_default();
        let origin = Origin { name, commit: linter.commit() };
        let written =
            target.write(|out| html::write((&result.view, trend.as_ref()), &origin, TOOL, &links, out));
        written.map_err(|error| error.into_fault(&format!("can't write `{}`", file.display())))?;
        exit_code(&result, terminal)
    }

    /// The trend of a year; `None` for one addressee, and outside of Git.
    fn trend(&self, linter: &Linter, report: &mut PageResult) -> Result<Option<Trend>, Failure> {
        let pages = Page::of_command(trend::COMMAND)?;
        let Some(page) = pages.first().filter(|_| self.who.is_none() && linter.snapshot().is_in_git()) else {
            return Ok(None);
        };
        let result = show_while(linter, || linter.trend(&trend::months(linter.as_of()), page))?;
        report.faults.extend(result.faults);
        let notice = result.history_notice.filter(|notice| !report.notices.contains(notice));
        report.notices.extend(notice);
        Ok(Some(result.trend).filter(|trend| !trend.measures.is_empty()))
    }

    /// Adds what changed since a day, and what falls due within a month.
    fn add_other_views(
        &self,
        linter: &Linter,
        begin: digest::Begin,
        report: &mut PageResult,
    ) -> Result<(), linter::Error> {
        let who = self.who.as_deref();
        let pages = Page::of_command(digest::COMMAND)?;
        let mut changes = linter.page(&digest::page_from(begin, &pages, who, true))?;
        let title = Arc::new(PageTitle {
            name: changes.view.name.clone(),
            command: digest::COMMAND.to_owned(),
            title: changes.view.title.clone(),
            about: pages.first().map_or_else(String::new, |page| page.about.clone()),
        });
        for section in &mut changes.view.sections {
            section.page = title.clone();
            section.tally = section.tally.take().map(|tally| format!("{tally} {}", begin.words()));
        }
        let until = due::within_a_month(linter.as_of());
        let due = linter.due(until, who)?;
        let due_view = view::due::view(
            (&due.items, &due.later),
            until,
            linter.as_of(),
            due.who.as_deref(),
            view::due::Layout::Shared,
        );
        for mut section in changes.view.sections.into_iter().chain(due_view.sections) {
            let all = section.rows.len();
            if all > MAX_ROWS {
                section.rows.truncate(MAX_ROWS);
                section.title = format!("{}, the first {MAX_ROWS} of {all}", section.title);
            }
            report.view.sections.push(section);
        }
        report.faults.extend(changes.faults.into_iter().chain(due.faults));
        Ok(())
    }
}

/// 2 if a rule exceeded its step limit.
fn exit_code(result: &PageResult, terminal: &Terminal) -> CommandResult {
    if result.faults.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    // Ignores write errors: a closed terminal must not hide that the run failed.
    let _ = print_faults(&result.faults, terminal);
    Ok(ExitCode::from(2))
}

impl PageOutput {
    /// Makes a page and prints it.
    pub(super) fn show(&self, linter: &Linter, page: &PageOptions<'_>, terminal: &Terminal) -> CommandResult {
        let result = show_while(linter, || linter.page(page))?;
        print_notices(&linter.notices());
        self.print(&result, terminal)
    }

    fn print(&self, result: &PageResult, terminal: &Terminal) -> CommandResult {
        print_notices(&result.notices);
        let style = terminal.stdout_style();
        let mut text = Vec::new();
        match self.format.as_str() {
            "json" => report::view::write_json(&result.view, TOOL, &mut text)?,
            "markdown" => report::view::write_markdown(&result.view, &mut text)?,
            _ => report::view::write_text(&result.view, &style, &mut text)?,
        }
        streams::print_as(Escaping::of(&style), text)?;
        exit_code(result, terminal)
    }
}
