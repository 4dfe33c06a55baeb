//! `alignlint digest`: what was decided and what moved, for those who were not there.

use clap::Args;
use jiff::civil::Date;

use crate::calendar::{Duration, parse_date};
use crate::linter::{Linter, PageOptions};
use crate::rule::Page;

use super::page::PageOutput;
use super::{CommandResult, Failure, ReadOptions, Terminal};

pub(super) const COMMAND: &str = "digest";
const MONTH: &str = "1 month";

#[derive(Args)]
pub(super) struct Options {
    /// Begin after this date, so long ago (`2 weeks`), or after the day of this revision; a month ago if not given.
    #[arg(long, value_name = "DATE|DURATION|REV")]
    since: Option<String>,
    /// Show only what this person, role or team answers for.
    #[arg(long = "for", value_name = "WHO")]
    who: Option<String>,
    #[command(flatten)]
    output: PageOutput,
    #[command(flatten)]
    read: ReadOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let linter = options.read.open(terminal)?;
    let since = since(options.since.as_deref(), MONTH, &linter)?;
    let pages = Page::of_command(COMMAND)?;
    options.output.show(&linter, &page_since(since, &pages, options.who.as_deref()), terminal)
}

/// The page of a day; `pages` are those of the subcommand.
pub(super) fn page_since<'o>(since: Date, pages: &'o [Page], who: Option<&'o str>) -> PageOptions<'o> {
    PageOptions {
        name: COMMAND,
        title: format!("Digest since {since}"),
        pages,
        params: [("since", since.to_string())].into(),
        subject: None,
        who,
        deleted_since: Some(since),
    }
}

/// The day before the first one of a digest: a date, so long ago, or the day of a revision; without it, `otherwise` ago.
pub(super) fn since(given: Option<&str>, otherwise: &str, linter: &Linter) -> Result<Date, Failure> {
    let given = given.unwrap_or(otherwise);
    if let Some(date) = parse_date(given) {
        return Ok(date);
    }
    match Duration::parse(given) {
        Some(duration) => Ok(duration.sub_from(linter.as_of())),
        None => Ok(linter.snapshot().commit_date(given)?),
    }
}
