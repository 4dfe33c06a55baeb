//! Files that could not be read to their end, where the rule that reports them was not selected.

use crate::finding::Finding;
use crate::input::Input;

use super::Linter;

impl Linter {
    /// Returns a notice for each file without a finding of which a part was not read: rules about all records miss those in it.
    pub(super) fn incomplete_files(&self, input: &Input, findings: &[Finding]) -> Vec<String> {
        if self.options.select.is_empty() {
            return Vec::new();
        }
        let is_reported = |path: &str| findings.iter().any(|finding| **finding.place.source.path() == *path);
        let incomplete = input.catalog().files().iter().filter(|file| !is_reported(file.path()));
        let notice = |file: &crate::catalog::SourceFile| {
            let problem = file.document.problems.iter().find(|problem| problem.fatal)?;
            let line = file.source().position(problem.span.start as usize).line;
            Some(format!(
                "`{}` is not read from line {line} on: {}; rules miss the records in it",
                file.path(),
                problem.message
            ))
        };
        incomplete.filter_map(notice).collect()
    }
}
