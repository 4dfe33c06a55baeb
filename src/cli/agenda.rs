//! `alignlint agenda FORUM`: what the next session of a forum has to look at.

use clap::Args;

use crate::linter::PageOptions;
use crate::rule::Page;

use super::page::PageOutput;
use super::{CommandResult, ReadOptions, Terminal};

const COMMAND: &str = "agenda";

#[derive(Args)]
pub(super) struct Options {
    /// The forum; without one, all forums with their next sessions.
    #[arg(value_name = "FORUM")]
    forum: Option<String>,
    #[command(flatten)]
    output: PageOutput,
    #[command(flatten)]
    read: ReadOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let linter = options.read.open(terminal)?;
    let mut pages = Page::of_command(COMMAND)?;
    pages.retain(|page| page.subject.is_some() == options.forum.is_some());
    let title = pages.first().map(|page| page.title.clone());
    let page = PageOptions {
        name: COMMAND,
        title: title.unwrap_or_default(),
        pages: &pages,
        params: [].into(),
        subject: options.forum.as_deref(),
        who: None,
        shows_all: false,
        most_rows: None,
        unfolds: false,
        deleted_since: None,
    };
    options.output.show(&linter, &page, terminal)
}
