//! `alignlint why PATH`: shows the decisions that govern a file or folder.

use std::path::PathBuf;

use clap::Args;

use crate::linter::missing_path;
use crate::report::why;

use super::{CommandResult, ReadOptions, Terminal, print_notices, streams};

/// How a decision comes to govern a path.
const NEXT: &str = "name the path under `governs` of a decision, or cite the decision in a comment there";

#[derive(Args)]
pub(super) struct Options {
    /// A file or folder.
    #[arg(value_name = "PATH")]
    path: PathBuf,
    /// The output format.
    #[arg(long, value_name = "FORMAT", default_value = "pretty", value_parser = ["pretty", "json"])]
    format: String,
    #[command(flatten)]
    read: ReadOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let linter = options.read.open(terminal)?;
    let path = linter.snapshot().resolve(&options.path).filter(|path| linter.snapshot().has(path));
    let Some(path) = path else {
        return Err(missing_path(&options.path).into());
    };
    let found = linter.governing_path(&path)?;
    print_notices(&linter.notices());
    let is_text = options.format != "json";
    if is_text && found.is_empty() {
        streams::notice(&format!("no record governs `{}`; {NEXT}", options.path.display()));
    }
    terminal.print(|style, out| match is_text {
        true => why::write_text(&found, linter.as_of(), style, out),
        false => why::write_json(&path, &found, out),
    })
}
