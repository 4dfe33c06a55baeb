//! `alignlint explain NAME`: prints the page of a rule, a family of rules, a kind, a format, a word or a file. `alignlint explain RULE
//! PATH|ID` shows how a rule judges records.

use std::process::ExitCode;

use clap::Args;

use crate::explain;
use crate::linter::unknown_rule;
use crate::report::trace;

use super::{CommandResult, ReadOptions, Terminal, print_notices, streams};

#[derive(Args)]
pub(super) struct Options {
    /// A rule, a family such as `term`, all rules of one as `term/*`, a kind of record such as `decision`, a format such
    /// as `madr`, a word in records such as `superseded`, or a file: how it is read, and why.
    name: String,
    /// Show step by step how the rule judges these records: a file or folder, or the id of a record such as `A-2` or
    /// `assumption/A-2`.
    #[arg(value_name = "PATH|ID")]
    target: Option<String>,
    #[command(flatten)]
    read: ReadOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    if let Some(target) = &options.target {
        return run_trace(options, target, terminal);
    }
    let linter = options.read.open_policy(terminal)?;
    let name = &options.name;
    let page = match explain::pages(name, linter.policy()) {
        Ok(pages) => {
            let here = linter.policy().rules.get(name).map(|rule| linter.applicability(rule));
            pages + &here.transpose()?.unwrap_or_default()
        }
        Err(unknown) => match (linter.file_page(name)?, linter.record_page(name)) {
            (Some(page), _) | (None, Ok(page)) => page,
            // A record's identifier ends with a number.
            (None, Err(fault)) if name.ends_with(|c: char| c.is_ascii_digit()) => return Err(fault),
            (None, Err(_)) => return Err(unknown.into()),
        },
    };
    streams::print(page)?;
    Ok(ExitCode::SUCCESS)
}

fn run_trace(options: &Options, target: &str, terminal: &Terminal) -> CommandResult {
    let linter = options.read.open(terminal)?;
    let Some(rule) = linter.policy().rules.get(&options.name) else {
        return Err(unknown_rule(&options.name, linter.policy()).into());
    };
    let traces = linter.trace(rule, target)?;
    print_notices(&linter.notices());
    terminal.print(|style, out| trace::write(rule, &traces, style, out))
}
