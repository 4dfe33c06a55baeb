//! What packages install beside the program, from the description of the command line: `alignlint manual [COMMAND]` and `alignlint completions SHELL`.

use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::finding::Fault;
use crate::report::Escaping;
use crate::schema::{did_you_mean, nearest};

use super::{CommandLine, CommandResult, TOOL, streams};

#[derive(Args)]
pub(super) struct ManualOptions {
    /// Subcommand to describe; default: the whole program.
    #[arg(value_name = "COMMAND")]
    subcommand: Option<String>,
}

pub(super) fn manual(options: &ManualOptions) -> CommandResult {
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

#[derive(Args)]
pub(super) struct CompletionsOptions {
    /// The shell that the script is for.
    shell: Shell,
}

pub(super) fn completions(options: &CompletionsOptions) -> CommandResult {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut CommandLine::command(), "alignlint", &mut script);
    streams::print_as(Escaping::Commands, &script)?;
    Ok(ExitCode::SUCCESS)
}
