//! Files of which nothing or only a part is checked, where no finding says so.

use crate::catalog::SourceFile;
use crate::finding::Finding;
use crate::input::Input;
use crate::syntax::Format;

use super::Linter;

impl Linter {
    /// Returns a notice for each page that the user names and that is read for no rule.
    pub(super) fn named_pages_without_records(&self, input: &Input) -> Vec<String> {
        let named = self.options.paths.iter().filter_map(|path| self.snapshot.resolve(path));
        let is_unread = |path: &String| {
            let is_page = Format::is_page_path(path) && self.snapshot.get(path).is_some();
            is_page && input.file_at(path).is_none()
        };
        let notice = |path: String| {
            format!("nothing is checked in `{path}`: it is no record, and its links are not read")
        };
        named.filter(is_unread).map(notice).collect()
    }

    /// Returns a notice for each file without a finding of which a part was not read: rules about all records miss those in it.
    pub(super) fn incomplete_files(&self, input: &Input, findings: &[Finding]) -> Vec<String> {
        if self.options.select.is_empty() {
            return Vec::new();
        }
        let is_reported = |path: &str| findings.iter().any(|finding| **finding.place.source.path() == *path);
        let incomplete = input.catalog().files().iter().filter(|file| !is_reported(file.path()));
        let notice = |file: &SourceFile| {
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
