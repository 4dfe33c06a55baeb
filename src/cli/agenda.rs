//! `alignlint agenda FORUM`: what the next session of a forum has to look at.

use clap::Args;

use crate::linter::PageOptions;
use crate::rule::Page;

use super::page::PageOutput;
use super::{CommandResult, ReadOptions, Terminal};

const COMMAND: &str = "agenda";

#[derive(Args)]
pub(super) struct Options {
    /// The forum.
    #[arg(value_name = "FORUM")]
    forum: String,
    #[command(flatten)]
    output: PageOutput,
    #[command(flatten)]
    read: ReadOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let linter = options.read.open(terminal)?;
    let pages = Page::of_command(COMMAND)?;
    let page = PageOptions {
        name: COMMAND,
        title: "Agenda".to_owned(),
        pages: &pages,
        params: [].into(),
        subject: Some(&options.forum),
        who: None,
        deleted_since: None,
    };
    options.output.show(&linter, &page, terminal)
}
