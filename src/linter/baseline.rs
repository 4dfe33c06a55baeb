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
    /// from, or if the state's own baseline is outdated.
    pub(super) fn require_baseline(&self) -> Result<(), Error> {
        let own = self.state_baseline.as_ref().filter(|_| self.policy_revision.is_none());
        if let Some(fault) = own.and_then(|baseline| baseline.outdated_fault()) {
            return Err(fault.into());
        }
        match &self.options.baseline {
            Some(file) if self.policy.baseline.is_none() && self.state_baseline.is_none() => {
                let fault = Fault::new(format!("baseline `{}` does not exist", file.display()));
                Err(fault.help("create it with `--write-baseline`").into())
            }
            _ => Ok(()),
        }
    }

    /// Fails if the baseline is outdated and would be written for some of the rules only.
    pub(super) fn require_all_rules(&self) -> Result<(), Error> {
        let outdated = self.state_baseline.as_ref().and_then(|baseline| baseline.outdated_fault());
        match outdated {
            Some(fault) if !self.options.select.is_empty() || !self.options.ignore.is_empty() => {
                Err(fault.help("write it anew for all rules, without `--select` and `--ignore`").into())
            }
            _ => Ok(()),
        }
    }

    /// Says that a baseline is ignored because it is outdated.
    pub(super) fn outdated_baseline_notice(&self) -> Option<String> {
        let revision = self.policy_revision.as_ref()?;
        let path = self.policy.baseline.as_ref().filter(|it| !it.outdated.is_empty())?.source.path();
        Some(format!(
            "the baseline `{path}` of `{}` has the form of an older version and is ignored; \
             write it anew with `alignlint --write-baseline`",
            revision.rev
        ))
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
