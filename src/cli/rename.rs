//! `alignlint rename OLD NEW`: gives a record another identifier, wherever it is named.

use std::process::ExitCode;

use clap::Args;

use crate::fix::{self, patch};
use crate::linter::{self, Linter};
use crate::rename::{only_one, rename};

use super::{CommandResult, ConfigOptions, Terminal, print_notices, streams};

#[derive(Args)]
pub(super) struct Options {
    /// The id of a record, such as `A-2` or `assumption/A-2`, or its file, also with its line.
    #[arg(value_name = "OLD")]
    old: String,
    /// The new id.
    #[arg(value_name = "NEW")]
    new: String,
    /// Change the files instead of printing a patch for `git apply`.
    #[arg(long)]
    apply: bool,
    #[command(flatten)]
    config: ConfigOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let linter = Linter::open(linter::Options {
        directory: terminal.directory.clone(),
        config: options.config.source(),
        ..linter::Options::default()
    })?;
    let renamed = linter.read_pages(|input| {
        let found = linter.find_records(&options.old, input)?;
        rename(input, linter.policy(), only_one(input, &options.old, &found)?, &options.new)
    })?;
    print_notices(&linter.notices());
    let files = renamed?;
    if options.apply {
        fix::rename_files(&files, linter.snapshot())?;
        let noun = if files.len() == 1 { "file" } else { "files" };
        streams::notice(&format!("renamed `{}` to `{}` in {} {noun}", options.old, options.new, files.len()));
    } else {
        let patches = files.iter().map(|(before, after)| patch::renaming_diff(before, after));
        streams::print_patch(&patches.collect::<String>())?;
    }
    Ok(ExitCode::SUCCESS)
}
