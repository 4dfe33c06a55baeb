//! `alignlint completions SHELL`: prints a shell completion script.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Command, Run};

#[derive(Args)]
pub(super) struct Options {
    /// The shell that the script is for.
    shell: Shell,
}

pub(super) fn run(options: &Options) -> Run {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Command::command(), "alignlint", &mut script);
    io::stdout().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}
