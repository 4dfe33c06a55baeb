//! `alignlint agenda FORUM`: what the next session of a forum has to look at.

use clap::Args;

use crate::linter::PageOptions;
use crate::rule::Page;

use super::page::PageOutput;
use super::progress::show_while;
use super::{CommandResult, ReadOptions, Terminal, print_notices};

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
        title: format!("Agenda of {}", options.forum),
        pages: &pages,
        params: [].into(),
        subject: Some(&options.forum),
        who: None,
    };
    let result = show_while(&linter, || linter.page(&page))?;
    print_notices(&linter.notices());
    options.output.print(&result, terminal)
}
