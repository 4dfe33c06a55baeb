//! `alignlint completions SHELL`: prints a shell completion script.

use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{CommandLine, CommandResult, streams};

#[derive(Args)]
pub(super) struct Options {
    /// The shell that the script is for.
    shell: Shell,
}

pub(super) fn run(options: &Options) -> CommandResult {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut CommandLine::command(), "alignlint", &mut script);
    streams::print(&script)?;
    Ok(ExitCode::SUCCESS)
}
