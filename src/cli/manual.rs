//! `alignlint manual [COMMAND]`: prints a manual page, generated from the help.

use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_mangen::Man;

use crate::finding::Fault;
use crate::schema::{did_you_mean, nearest};

use super::{CommandLine, CommandResult, TOOL, streams};

#[derive(Args)]
pub(super) struct Options {
    /// Subcommand to describe; default: the whole program.
    #[arg(value_name = "COMMAND")]
    subcommand: Option<String>,
}

pub(super) fn run(options: &Options) -> CommandResult {
    let mut program = CommandLine::command();
    program.build();
    let (title, page) = match &options.subcommand {
        None => ("alignlint".to_owned(), program),
        Some(name) => {
            let page = program.find_subcommand(name).cloned().ok_or_else(|| unknown(&program, name))?;
            (format!("alignlint-{name}"), page)
        }
    };
    let mut text = Vec::new();
    Man::new(page).title(title).source(TOOL).date("").render(&mut text)?;
    streams::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn unknown(program: &clap::Command, name: &str) -> Fault {
    let fault = Fault::new(format!("unknown subcommand `{name}`"));
    match nearest(name, program.get_subcommands().map(clap::Command::get_name)) {
        Some(near) => fault.help(did_you_mean(near)),
        None => fault.help("list all subcommands with `alignlint help`"),
    }
}
