//! `alignlint why PATH`: shows the decisions that govern a file or folder.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::governing::{Governing, Paths, governing};
use crate::linter::{self, Linter, missing_path};
use crate::report::{Escaping, why};

use super::{
    CacheOptions, CommandResult, ConfigOptions, StateOptions, Terminal, date, print_notices, streams,
};

#[derive(Args)]
pub(super) struct Options {
    /// A file or folder.
    #[arg(value_name = "PATH")]
    path: PathBuf,
    /// Count ages to this date instead of today.
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// The output format.
    #[arg(long, value_name = "FORMAT", default_value = "pretty", value_parser = ["pretty", "json"])]
    format: String,
    #[command(flatten)]
    state: StateOptions,
    #[command(flatten)]
    config: ConfigOptions,
    #[command(flatten)]
    cache: CacheOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let linter = Linter::open(linter::Options {
        directory: terminal.directory.clone(),
        state: options.state.state(),
        config: options.config.source(),
        as_of: options.as_of.as_deref().map(date).transpose()?,
        use_cache: !options.cache.no_cache,
        ..linter::Options::default()
    })?;
    let path = linter.snapshot().resolve(&options.path).filter(|path| linter.snapshot().has(path));
    let path = path.ok_or_else(|| missing_path(&options.path))?;
    let found: Vec<Governing> = linter.read(|input| governing(input, Paths::Within(&path)))?;
    print_notices(&linter.notices());
    let style = terminal.stdout_style();
    let mut text = Vec::new();
    match options.format.as_str() {
        "json" => why::write_json(&path, &found, &mut text)?,
        _ if found.is_empty() => streams::notice(&format!("no record governs `{}`", options.path.display())),
        _ => why::write_text(&found, linter.as_of(), &style, &mut text)?,
    }
    streams::print_as(Escaping::of(&style), text)?;
    Ok(ExitCode::SUCCESS)
}
