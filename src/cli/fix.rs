//! `--fix` and `--diff`: writes fixed files, or prints a patch.

use std::io;
use std::sync::Arc;

use clap::Args;

use crate::finding::Safety;
use crate::fix::{self, FixerResult, patch};
use crate::report::FixedCount;
use crate::snapshot::Snapshot;
use crate::text::Source;

use super::{Error, streams};

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
        print_rejected(fixes);
        if fixes.fixed == 0 && fixes.rejected.is_empty() {
            streams::notice("no finding has a fix");
        }
        if self.diff {
            print_patch(fixes)?;
        } else {
            fix::write_files(fixes, worktree)?;
        }
        Ok(FixedCount { findings: fixes.fixed, files: fixes.files.len(), written: !self.diff })
    }
}

fn print_rejected(fixes: &FixerResult) {
    for rejected in &fixes.rejected {
        let (source, line) = (&rejected.place.source, rejected.place.start().line);
        streams::notice(&format!(
            "{}:{line}: {}: fix not applied: it would change other parts of the file",
            source.path(),
            rejected.rule
        ));
    }
}

fn print_patch(fixes: &FixerResult) -> io::Result<()> {
    let patch = |(before, after): &(Arc<Source>, Arc<Source>)| {
        patch::unified_diff(before.path(), before.text(), after.text())
    };
    streams::print_patch(&fixes.files.iter().map(patch).collect::<String>())
}
