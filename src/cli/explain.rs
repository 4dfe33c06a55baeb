//! `alignlint explain RULE`: prints the pages of rules.

use std::process::ExitCode;

use clap::Args;

use crate::linter::unknown_rule;
use crate::rule::page;

use super::{CommandResult, ConfigOptions, Terminal, streams};

#[derive(Args)]
pub(super) struct Options {
    /// A rule id, or a family such as `term/*`.
    rule: String,
    #[command(flatten)]
    config: ConfigOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let linter = options.config.open_policy(terminal)?;
    let policy = linter.policy();
    let rules = policy.rules.rules().iter().filter(|rule| rule.matches_name(&options.rule));
    let pages: Vec<String> = rules.map(|rule| page::render(rule)).collect();
    if pages.is_empty() {
        return Err(unknown_rule(&options.rule, policy).into());
    }
    streams::print(pages.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}
