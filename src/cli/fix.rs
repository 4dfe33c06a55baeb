//! `--fix` and `--diff`: mends what can be mended, in the worktree or as a patch.

use std::io::{self, Write};
use std::sync::Arc;

use clap::Args;

use crate::finding::{Fault, Safety};
use crate::fix::{self, FixPlan, FixerResult, LinterResult, patch};
use crate::report::FixedCount;
use crate::snapshot::Snapshot;

use super::Failure;
use super::project::Project;

#[derive(Args)]
pub(super) struct FixOptions {
    /// Apply the fixes that follow from what the files say, with `--fix=all` also those that are only what was
    /// probably meant, and report what is left.
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
    /// Print the fixes as a patch for `git apply` instead of a report, and change nothing.
    #[arg(long, conflicts_with_all = ["staged", "rev"])]
    diff: bool,
}

fn safety(level: &str) -> Result<Safety, String> {
    match level {
        "safe" => Ok(Safety::Safe),
        "all" => Ok(Safety::Suggested),
        _ => Err("it is `--fix` or `--fix=all`".to_owned()),
    }
}

impl FixOptions {
    /// Whether the patch takes the report's place on standard output.
    pub fn prints_patch(&self) -> bool {
        self.diff
    }
}

/// Looks at the project's state and mends as the person asks: what is left, its fixes worked out, and what was mended.
///
/// # Errors
/// What `look` fails with; files that can't be written, each by itself.
pub(super) fn run<R>(
    options: &FixOptions,
    project: &Project,
    mut look: impl FnMut(Arc<Snapshot>) -> Result<LinterResult<R>, Failure>,
) -> Result<(LinterResult<R>, Option<FixedCount>), Failure> {
    let asked = options.fix.or(options.diff.then_some(Safety::Safe));
    let mut mended = None;
    let mut left = None;
    if let Some(up_to) = asked {
        let (after, settled) = fix::fix_until_stable(&project.snapshot, &project.policy, up_to, &mut look)?;
        tell_refused(&settled);
        if options.diff {
            print(&settled)?;
        } else {
            write(project, &settled)?;
            left = Some(after);
        }
        mended =
            Some(FixedCount { findings: settled.fixed, files: settled.files.len(), written: !options.diff });
    }
    match left {
        Some(left) => Ok((left, mended)),
        None => {
            let mut here = look(project.snapshot.clone())?;
            FixPlan::new(&mut here.findings, &here.input, &project.policy);
            Ok((here, mended))
        }
    }
}

fn tell_refused(settled: &FixerResult) {
    for refused in &settled.rejected {
        let source = &refused.place.source;
        let line = source.position(refused.place.span.start as usize).line;
        eprintln!(
            "alignlint: {}:{line}: {} is not fixed: the file would not read as intended",
            source.path(),
            refused.rule
        );
    }
}

fn print(settled: &FixerResult) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for (before, after) in &settled.files {
        out.write_all(patch::unified_diff(before.path(), before.text(), after.text()).as_bytes())?;
    }
    out.flush()
}

/// Writes every file that can be written, and tells of the others.
fn write(project: &Project, settled: &FixerResult) -> Result<(), Vec<Fault>> {
    let Some(root) = project.snapshot.root() else { return Ok(()) };
    let written = settled
        .files
        .iter()
        .map(|(before, after)| fix::replace_file(root, before.path(), before.text(), after.text()));
    let faults: Vec<Fault> = written.filter_map(Result::err).collect();
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}
