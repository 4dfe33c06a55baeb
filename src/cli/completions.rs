//! `alignlint completions SHELL`: prints a shell completion script.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{CommandLine, CommandResult};

#[derive(Args)]
pub(super) struct Options {
    /// The shell that the script is for.
    shell: Shell,
}

pub(super) fn run(options: &Options) -> CommandResult {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut CommandLine::command(), "alignlint", &mut script);
    io::stdout().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}
