//! `alignlint report [PAGE]`: what the records say, for people who don't read findings.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::calendar::Duration;
use crate::finding::Fault;
use crate::linter::{Linter, PageOptions};
use crate::report::html::{self, Links, Origin};
use crate::rule::Page;
use crate::schema::{did_you_mean, nearest};
use crate::view::due;

use super::{CommandResult, TOOL, Terminal, print_notices, views};

const COMMAND: &str = "report";
/// The most rows of a section of the HTML page.
const MAX_ROWS: usize = 100;
/// How far the HTML page looks ahead.
const AHEAD: &str = "1 month";

#[derive(Args)]
pub(super) struct Options {
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
    view: views::ViewOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let linter = options.view.read.open(terminal)?;
    let mut pages = Page::of_command(COMMAND)?;
    if let Some(name) = &options.page {
        let unknown = unknown_part(name, &pages);
        pages.retain(|page| *page.name == **name);
        if pages.is_empty() {
            return Err(unknown.into());
        }
    }
    let (name, title) = match &pages[..] {
        [page] => (page.name, page.title.clone()),
        _ => (COMMAND, "Report".to_owned()),
    };
    let page = PageOptions {
        who: options.who.as_deref(),
        most_rows: options.html.is_some().then_some(MAX_ROWS),
        ..PageOptions::new(name, title, &pages)
    };
    match &options.html {
        Some(file) => options.write_html(file, &linter, &page, terminal),
        None => options.view.show(&linter, &page, terminal),
    }
}

fn unknown_part(name: &str, pages: &[Page]) -> Fault {
    let names: Vec<&str> = pages.iter().map(|page| page.name).collect();
    let near = nearest(name, names.iter().copied()).map(did_you_mean);
    Fault::new(format!("unknown part `{name}`"))
        .help(near.unwrap_or_else(|| format!("name one of {}", names.join(", "))))
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
            let as_of = linter.as_of();
            let until = Duration::parse(AHEAD).map_or(as_of, |month| month.add_to(as_of));
            let due = linter.due(until, page.who)?;
            for mut section in due::view(&due.items, until, as_of, due.who.as_deref()).sections {
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
        views::exit_code(&result.faults, terminal)
    }
}
