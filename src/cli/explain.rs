//! `alignlint explain NAME`: prints the page of a rule, a family of rules, a kind, a format, a word or a file. `alignlint explain RULE
//! PATH|ID` shows how a rule judges records.

use std::process::ExitCode;

use clap::Args;

use crate::explain;
use crate::linter::unknown_rule;
use crate::report::{Escaping, trace};

use super::progress::show_while;
use super::{CommandResult, ReadOptions, Terminal, print_notices, streams};

#[derive(Args)]
pub(super) struct Options {
    /// A rule, a family such as `term`, all rules of one as `term/*`, a kind of record such as `decision`, a format such
    /// as `madr`, a word in records such as `superseded`, `practices` or one of them, or a file: how it is read, and why.
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
    if let Some(page) = linter.practice_page(&options.name)? {
        let others = explain::pages(&options.name, linter.policy()).ok();
        streams::print(others.into_iter().fold(page, |page, other| page + "\n" + &other))?;
        return Ok(ExitCode::SUCCESS);
    }
    let pages = explain::pages(&options.name, linter.policy());
    if pages.is_err()
        && let Some(page) = linter.file_page(&options.name)?
    {
        streams::print(page)?;
        return Ok(ExitCode::SUCCESS);
    }
    if pages.is_err()
        && let Some(page) = linter.record_page(&options.name)
    {
        streams::print(page)?;
        return Ok(ExitCode::SUCCESS);
    }
    if pages.is_err()
        && let Some(fault) = linter.unknown_record(&options.name)
    {
        return Err(fault.into());
    }
    let pages = pages.map_err(|faults| {
        let faults = faults.into_iter().map(|fault| linter.with_unread_definition(&options.name, fault));
        faults.collect::<Vec<_>>()
    })?;
    let rule = linter.policy().rules.get(&options.name);
    let here = rule.map(|rule| linter.applicability(rule));
    streams::print(pages + &here.transpose()?.unwrap_or_default())?;
    Ok(ExitCode::SUCCESS)
}

fn run_trace(options: &Options, target: &str, terminal: &Terminal) -> CommandResult {
    let linter = options.read.open(terminal)?;
    let Some(rule) = linter.policy().rules.get(&options.name) else {
        let of_kind = explain::kind_is_no_rule(&options.name, target, linter.policy());
        let unknown =
            || linter.with_unread_definition(&options.name, unknown_rule(&options.name, linter.policy()));
        return Err(of_kind.unwrap_or_else(unknown).into());
    };
    let traces = show_while(&linter, || linter.trace(rule, target))?;
    print_notices(&linter.notices());
    let style = terminal.stdout_style();
    let mut text = Vec::new();
    trace::write(rule, &traces, &style, &mut text)?;
    streams::print_as(Escaping::of(&style), text)?;
    Ok(ExitCode::SUCCESS)
}
