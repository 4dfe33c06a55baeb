//! `alignlint why PATH`: shows the decisions that govern a file or folder.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::finding::Fault;
use crate::linter::{self, Linter, missing_path};
use crate::report::{Escaping, why};

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
        return Err(missing(&linter, &options.path)?.into());
    };
    let found = linter.governing_path(&path)?;
    print_notices(&linter.notices());
    let style = terminal.stdout_style();
    let mut text = Vec::new();
    match options.format.as_str() {
        "json" => why::write_json(&path, &found, &mut text)?,
        _ if found.is_empty() => {
            streams::notice(&format!("no record governs `{}`; {NEXT}", options.path.display()));
        }
        _ => why::write_text(&found, linter.as_of(), &style, &mut text)?,
    }
    streams::print_as(Escaping::of(&style), text)?;
    Ok(ExitCode::SUCCESS)
}

/// The fault of a path that does not exist; the help names the commands about a record of that name.
fn missing(linter: &Linter, path: &Path) -> Result<Fault, linter::Error> {
    let fault = missing_path(path);
    let name = path.to_string_lossy();
    Ok(match &linter.records_named(&name)?[..] {
        [record, ..] => fault.help(format!(
            "`{name}` is a record: `alignlint report` says what is written about the {}, and `alignlint explain RULE {name}` how a rule judges it",
            record.kind
        )),
        [] => fault,
    })
}
