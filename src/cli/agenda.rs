//! `alignlint agenda FORUM`: what the next session of a forum has to look at.

use clap::Args;

use crate::linter::PageOptions;
use crate::rule::Page;

use super::{CommandResult, ReadOptions, Terminal, page, view_output};

const COMMAND: &str = "agenda";
/// The part of the report that lists all forums.
const SESSIONS: &str = "sessions";

#[derive(Args)]
pub(super) struct Options {
    /// The forum; without one, all forums with their next sessions.
    #[arg(value_name = "FORUM")]
    forum: Option<String>,
    /// The output format.
    #[arg(long, value_name = "FORMAT", default_value = "pretty", value_parser = view_output::FORMATS)]
    format: String,
    #[command(flatten)]
    read: ReadOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let linter = options.read.open(terminal)?;
    let mut pages = match options.forum {
        Some(_) => Page::of_command(COMMAND)?,
        None => Page::of_command(page::COMMAND)?,
    };
    pages.retain(|page| options.forum.is_some() || page.name == SESSIONS);
    let page = PageOptions {
        name: COMMAND,
        title: pages.first().map(|page| page.title.clone()).unwrap_or_default(),
        pages: &pages,
        params: [].into(),
        subject: options.forum.as_deref(),
        who: None,
        most_rows: None,
    };
    view_output::show(&linter, &page, &options.format, terminal)
}
