//! `--baseline` and `--write-baseline`: where the file is, and how it is written anew.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::finding::Fault;
use crate::policy::Baseline;
use crate::policy::baseline::{self, BaselineEntry};
use crate::text::Source;

use super::Failure;
use super::project::Project;

/// Sees to it that a baseline that the person names is there, in what is checked or where the policy is from.
///
/// # Errors
/// It is not.
pub(super) fn is_there(project: &Project, given: Option<&Path>) -> Result<(), Fault> {
    match given {
        Some(file) if project.policy.baseline.is_none() && project.own_baseline.is_none() => {
            let message = format!("there is no baseline `{}` in what is checked", file.display());
            Err(Fault::new(message).help("`--write-baseline` writes one."))
        }
        _ => Ok(()),
    }
}

/// What writing came to.
pub(super) struct Written {
    pub baseline: Baseline,
    /// In a line, without its end.
    pub said: String,
}

/// Writes a baseline of these entries: whole, or not at all.
///
/// # Errors
/// There is no place for it, or the file can't be written.
pub(super) fn write(project: &Project, entries: &[BaselineEntry]) -> Result<Written, Failure> {
    let (place, path) = place(project)?;
    let text = baseline::to_yaml(entries);
    replace(&place, text.as_bytes()).map_err(|error| {
        let message = format!("the baseline `{}` can't be written: {error}", place.display());
        Fault::new(message)
    })?;
    let baseline = Baseline::parse(&Arc::new(Source::new(path, text.into_bytes())))?;
    let count = |entries: &[BaselineEntry]| entries.iter().map(|entry| entry.count).sum::<usize>();
    let before = project.own_baseline.as_ref().map_or(0, |old| count(&old.entries));
    let now = count(entries);
    let findings = if now == 1 { "finding" } else { "findings" };
    let said = format!("{now} {findings} in `{}`, {before} before", baseline.source.path());
    Ok(Written { baseline, said })
}

/// Where the baseline is on disk, and what reports call it.
fn place(project: &Project) -> Result<(PathBuf, String), Fault> {
    let (snapshot, sources) = (&project.snapshot, &project.sources);
    match (Baseline::path(snapshot, &project.policy.config, sources), &sources.baseline) {
        (Some(path), _) => match snapshot.root() {
            Some(root) => Ok((root.join(&path), path)),
            None => Err(Fault::new("a bare repository has no place for a baseline")
                .help("Name a file elsewhere with `--baseline`.")),
        },
        (None, Some(file)) => Ok((file.clone(), file.to_string_lossy().into_owned())),
        (None, None) => Err(Fault::new("without a configuration, nothing says where the baseline is")
            .help("Name the file with `--baseline`.")),
    }
}

/// Replaces a file in one step, so that nobody reads half of it.
fn replace(place: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    let draft = place.with_file_name(format!(".{name}.{}", std::process::id()));
    let write = || {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&draft, place)
    };
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder)?;
    }
    write().inspect_err(|_| {
        // What is left of the draft is of no use; that it can't be removed is no news beside the error.
        let _ = fs::remove_file(&draft);
    })
}
