//! `--fix`, `--diff` and `rename OLD NEW`: write files, or print a patch.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use crate::finding::Safety;
use crate::fix::{self, FixerResult};
use crate::linter::{self, Linter};
use crate::rename;
use crate::report::{FixedCount, counted};
use crate::snapshot::Snapshot;
use crate::text::Source;

use super::{CommandResult, ConfigOptions, Error, Terminal, print_notices, streams};

#[derive(Args)]
pub(super) struct FixOptions {
    /// Apply all safe fixes and report the remaining findings; `--fix=all` also applies suggested fixes, which
    /// need a review.
    #[arg(
        long,
        value_name = "all",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "safe",
        value_parser = safety,
        conflicts_with_all = ["staged", "rev"]
    )]
    fix: Option<Safety>,
    /// Print the fixes as a patch for `git apply` instead of a report, without changing files.
    #[arg(long, conflicts_with_all = ["staged", "rev"])]
    pub diff: bool,
}

fn safety(level: &str) -> Result<Safety, String> {
    match level {
        "safe" => Ok(Safety::Safe),
        "all" => Ok(Safety::Suggested),
        _ => Err("expected `--fix` or `--fix=all`".to_owned()),
    }
}

impl FixOptions {
    /// The least safe fixes to apply; `None` to apply none.
    pub(super) fn safety(&self) -> Option<Safety> {
        self.fix.or(self.diff.then_some(Safety::Safe))
    }

    /// Prints the patch, or writes the files of the worktree.
    pub(super) fn finish(&self, fixes: &FixerResult, worktree: &Snapshot) -> Result<FixedCount, Error> {
        print_notices(&fixes.rejected);
        if fixes.fixed == 0 && fixes.rejected.is_empty() {
            streams::notice("no finding has a fix");
        }
        if self.diff {
            print_patch(&fixes.files)?;
        } else {
            fix::write_files(fixes, worktree)?;
        }
        Ok(FixedCount { findings: fixes.fixed, files: fixes.files.len(), written: !self.diff })
    }
}

fn print_patch(files: &[(Arc<Source>, Arc<Source>)]) -> CommandResult {
    let patch = |(before, after): &(Arc<Source>, Arc<Source>)| {
        fix::patch((before.path(), before.text()), (after.path(), after.text()))
    };
    streams::print_patch(&files.iter().map(patch).collect::<String>())
}

#[derive(Args)]
pub(super) struct RenameOptions {
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

pub(super) fn rename(options: &RenameOptions, terminal: &Terminal) -> CommandResult {
    let linter = Linter::open(linter::Options {
        directory: terminal.directory.clone(),
        config: options.config.source(),
        ..linter::Options::default()
    })?;
    let renamed = linter.read_pages(|input| {
        let found = linter.find_records(&options.old, input)?;
        rename::rename(input, linter.policy(), rename::only_one(input, &options.old, &found)?, &options.new)
    })?;
    print_notices(&linter.notices());
    let mut files = renamed?;
    files.extend(linter.renamed_baseline(&files)?);
    if !options.apply {
        return print_patch(&files);
    }
    fix::rename_files(&files, linter.snapshot())?;
    let files = counted(files.len(), "file");
    streams::notice(&format!("renamed `{}` to `{}` in {files}", options.old, options.new));
    Ok(ExitCode::SUCCESS)
}
