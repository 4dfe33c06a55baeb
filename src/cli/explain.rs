//! `alignlint explain NAME`: prints the page of a rule, of a family of rules or of a kind.

use std::process::ExitCode;

use clap::Args;

use crate::explain;

use super::{CommandResult, ConfigOptions, Terminal, streams};

#[derive(Args)]
pub(super) struct Options {
    /// A rule, a family such as `term`, all rules of one as `term/*`, or a kind of record such as `decision`.
    name: String,
    #[command(flatten)]
    config: ConfigOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let linter = options.config.open_policy(terminal)?;
    streams::print(explain::pages(&options.name, linter.policy())?)?;
    Ok(ExitCode::SUCCESS)
}
