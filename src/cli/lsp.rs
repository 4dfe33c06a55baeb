//! `alignlint lsp`: serves an editor over standard input and output.

use std::io::{self, BufReader};
use std::process::ExitCode;

use clap::Args;

use crate::linter;
use crate::lsp::{self, Ended};

use super::{CommandResult, ConfigOptions, DateOptions, Terminal, streams};

#[derive(Args)]
pub(super) struct Options {
    #[command(flatten)]
    date: DateOptions,
    #[command(flatten)]
    config: ConfigOptions,
    /// Neither read nor write the cache in the repository's `.git/alignlint`.
    #[arg(long, global = true)]
    no_cache: bool,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let options = linter::Options {
        config: options.config.source(),
        use_cache: !options.no_cache,
        ..options.date.linter_options(terminal)?
    };
    match lsp::serve(options, BufReader::new(io::stdin()), &mut streams::Stream::Out)? {
        Ended::Orderly => Ok(ExitCode::SUCCESS),
        Ended::Abruptly => Ok(ExitCode::FAILURE),
    }
}
