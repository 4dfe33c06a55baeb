//! Writes the baseline file.

use std::sync::Arc;

use crate::finding::Fault;
use crate::output::Target;
use crate::policy::Baseline;
use crate::policy::baseline::{self, BaselineEntry};
use crate::text::Source;

use super::{Error, Linter};

/// A baseline file that was written.
#[derive(Clone, Debug)]
pub struct WrittenBaseline {
    /// The path as shown in reports.
    pub path: String,
    /// How many findings it has.
    pub finding_count: usize,
    /// How many findings the file had before.
    pub previous_count: usize,
}

impl Linter {
    /// Fails if [`super::Options::baseline`] names a file that exists neither in the state nor where the policy comes
    /// from.
    pub(super) fn require_baseline(&self) -> Result<(), Error> {
        match &self.options.baseline {
            Some(file) if self.policy.baseline.is_none() && self.state_baseline.is_none() => {
                let fault = Fault::new(format!("baseline `{}` does not exist", file.display()));
                Err(fault.help("create it with `--write-baseline`").into())
            }
            _ => Ok(()),
        }
    }

    /// Says that the baseline which the configuration names does not exist.
    pub(super) fn missing_baseline_notice(&self) -> Option<String> {
        let path = self.policy.config.baseline.as_deref()?;
        let is_named = path != baseline::DEFAULT_PATH && self.options.baseline.is_none();
        (is_named && self.policy.baseline.is_none()).then(|| {
            format!(
                "there is no baseline `{path}`; check the path, or write it with `alignlint --write-baseline`"
            )
        })
    }

    /// Builds a baseline from `entries`.
    pub(super) fn new_baseline(&self, entries: &[BaselineEntry]) -> Result<Baseline, Error> {
        let (_, path) = self.baseline_file()?;
        Ok(Baseline::parse(&Arc::new(Source::new(path, baseline::to_yaml(entries).into_bytes())))?)
    }

    /// Writes the baseline file.
    pub(super) fn save_baseline(&self, baseline: &Baseline) -> Result<WrittenBaseline, Error> {
        let (file, path) = self.baseline_file()?;
        let written = file.write_durably(baseline.source.text().as_bytes());
        written.map_err(|error| error.into_fault(&format!("can't write the baseline `{path}`")))?;
        let previous_count = self.state_baseline.as_deref().map_or(0, Baseline::finding_count);
        Ok(WrittenBaseline { path, finding_count: baseline.finding_count(), previous_count })
    }

    /// The file on disk, and its name in reports.
    fn baseline_file(&self) -> Result<(Target, String), Fault> {
        let path = Baseline::path(&self.snapshot, &self.policy.config, &self.policy_paths);
        match (path, &self.policy_paths.baseline) {
            (Some(path), _) if path.split('/').any(|name| name.eq_ignore_ascii_case(".git")) => {
                Err(Fault::new(format!("can't write the baseline `{path}`: the folder belongs to Git")))
            }
            (Some(path), _) => match self.snapshot.target(&path) {
                Some(target) => Ok((target, path)),
                None => Err(Fault::new("can't write a baseline into a bare repository")
                    .help("name a file outside the repository with `--baseline FILE`")),
            },
            (None, Some(file)) => Ok((self.snapshot.locate(file), file.to_string_lossy().into_owned())),
            (None, None) => Err(Fault::new("can't locate the baseline file without a configuration")
                .help("name the file with `--baseline FILE`")),
        }
    }
}
