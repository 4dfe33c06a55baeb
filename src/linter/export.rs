//! Finds all that an export holds.

use jiff::civil::Date;

use crate::node::Node;
use crate::record::Record;
use crate::report::export::RecordToExport;
use crate::report::listing::RecordRow;
use crate::snapshot::{ChangedPath, Snapshot};
use crate::view;

use super::{DueList, Error, LintResult, Linter};

/// The parts of an export: records, findings and days.
pub struct ExportResult {
    /// The records and findings.
    pub lint: LintResult,
    /// All days that have come or will come.
    pub due: DueList,
    /// The commit whose state it is; `None` for changes that are not committed.
    pub commit: Option<String>,
}

impl Linter {
    /// Checks the state, and finds all that falls due on any day.
    ///
    /// # Errors
    /// As [`Linter::lint`].
    pub fn export(&self) -> Result<ExportResult, Error> {
        let lint = self.lint()?;
        let due = self.due(Date::MAX, None)?;
        Ok(ExportResult { lint, due, commit: self.commit() })
    }

    /// Returns the commit of the state; for worktree and index, that of HEAD if it has the same files, of those that can
    /// matter.
    pub fn commit(&self) -> Option<String> {
        let state = &*self.snapshot;
        state.commit().or_else(|| {
            let head = state.at_revision("HEAD").ok()?.subtree(state.folder());
            let differs = |changed: &ChangedPath| {
                self.policy.is_relevant(changed.path) && !has_same_content(state, &head, changed.path)
            };
            if state.diff(&head).iter().any(differs) { None } else { head.commit() }
        })
    }
}

fn has_same_content(state: &Snapshot, other: &Snapshot, path: &str) -> bool {
    let (Some(here), Some(there)) = (state.get(path), other.get(path)) else { return false };
    let id = state.content_id(here);
    id.is_some() && id == other.blob_id(there)
}

impl ExportResult {
    /// Describes the records.
    pub fn records(&self) -> Vec<RecordToExport<'_>> {
        let input = &self.lint.input;
        let describe = |record| RecordToExport {
            row: RecordRow::of(input, record),
            live: is_live(record),
            owners: view::owner_ids(input, record),
            names: record.names().collect(),
            prefixes: record.prefixes(),
        };
        input.records().iter().map(describe).collect()
    }
}

/// Whether the status of a record is a live one. Of a native record without a known status, it is.
fn is_live(record: &Record) -> Option<bool> {
    let Some(field) = &record.kind.status else { return Some(true) };
    let status = record.field(field).and_then(Node::as_text);
    let is_native = record.format.is_none();
    status.and_then(|status| record.kind.is_live(status)).or(is_native.then_some(true))
}
