//! `alignlint rename OLD NEW`: gives a record another identifier, wherever it is named.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use crate::fix::{self, patch};
use crate::linter::{self, Linter};
use crate::rename::{MovedFolder, RenamedFile, Renaming, rename};

use super::{CommandResult, ConfigOptions, Terminal, print_notices, streams};

#[derive(Args)]
pub(super) struct Options {
    /// The id of a record, such as `A-2` or `assumption/A-2`, or the path of its file.
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
    let renamed = linter.read_pages(|input| rename(input, linter.policy(), &options.old, &options.new))?;
    print_notices(&linter.notices());
    let Renaming { files, folder, clear, baselined } = renamed?;
    if options.apply {
        let moved = folder.as_ref().map(|folder| (&*folder.from, &*folder.to));
        fix::rename_files(&files, moved, linter.snapshot())?;
        let noun = if files.len() == 1 { "file" } else { "files" };
        let text = format!("renamed `{}` to `{}` in {} {noun}", options.old, options.new, files.len());
        streams::notice(&match moved {
            Some((from, to)) => format!("{text}, and the folder `{from}` to `{to}`"),
            None => text,
        });
    } else {
        streams::print_patch(&patch(&files, folder.as_ref()))?;
    }
    print_listed(&clear, |path| format!("`{path}` cites the old id, which only another record has now"));
    if baselined > 0 {
        let s = if baselined == 1 { "" } else { "s" };
        streams::notice(&format!(
            "the baseline lists {baselined} finding{s} under `{}`; write it anew with `alignlint --write-baseline`",
            options.old
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// The maximum number of places that are listed.
const MAX_LISTED: usize = 10;

fn print_listed<T>(places: &[T], notice: impl Fn(&T) -> String) {
    places.iter().take(MAX_LISTED).for_each(|place| streams::notice(&notice(place)));
    if let Some(more) = places.len().checked_sub(MAX_LISTED).filter(|more| *more > 0) {
        streams::notice(&format!("and so do {more} more"));
    }
}

/// The patches of all files in the order of their old paths.
fn patch(files: &[RenamedFile], folder: Option<&MovedFolder>) -> String {
    let edited = files.iter().map(|(before, after)| (before.path(), patch::renaming_diff(before, after)));
    let kept = folder.into_iter().flat_map(|folder| &folder.kept);
    let moved = kept.map(|(from, to)| (from, patch::moving_diff(from, to)));
    let by_path: BTreeMap<&Arc<str>, String> = edited.chain(moved).collect();
    by_path.into_values().collect()
}
