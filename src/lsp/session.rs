//! Checks of the worktree with the open documents in the place of its files.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::embedded;
use crate::finding::Fault;
use crate::linter::{Error, LintResult, Linter, Options};
use crate::snapshot::Snapshot;
use crate::text::Source;

use super::documents::Documents;
use super::uri::Root;

/// The last check that came to its end. Requests read it; it never changes.
pub(super) struct State {
    pub linter: Linter,
    pub result: LintResult,
    /// The versions of the open documents that were checked, by path from the root of the repository.
    pub versions: BTreeMap<Arc<str>, i32>,
}

impl State {
    /// Returns the path from the root of the repository of one from the root of the checked folder.
    pub(super) fn path_in_repository(&self, path: &str) -> String {
        self.linter.snapshot().path_in_repository(path)
    }

    /// Returns the path from the root of the checked folder of one from the root of the repository; `None` for a file that is not in it.
    pub(super) fn path<'p>(&self, path: &'p str) -> Option<&'p str> {
        match self.linter.snapshot().folder() {
            "" => Some(path),
            folder => path.strip_prefix(folder)?.strip_prefix('/'),
        }
    }
}

pub(super) struct Session {
    options: Options,
    pub root: Root,
    /// The files on disk.
    disk: Snapshot,
    /// The files of the last check.
    checked: Arc<Snapshot>,
    /// True if those on disk may have changed since they were listed.
    is_disk_outdated: bool,
    pub state: Option<State>,
    /// Why the last check came to no result.
    pub faults: Vec<Fault>,
}

impl Session {
    /// Lists the repository around a folder, as the client names it.
    pub(super) fn open(mut options: Options, folder: PathBuf) -> Result<Session, Error> {
        let disk = Snapshot::worktree(&folder)?;
        let canonical = folder.canonicalize()?;
        let root = Root::new(disk.root().unwrap_or(&canonical), &folder, &canonical);
        options.directory = folder;
        let checked = Arc::default();
        Ok(Session { options, root, disk, checked, is_disk_outdated: false, state: None, faults: Vec::new() })
    }

    /// Notes that files on disk may have changed.
    pub(super) fn outdate(&mut self) {
        self.is_disk_outdated = true;
    }

    /// Returns the path from the root of the repository of a file that the last check has read; `None` for one that is built in.
    pub(super) fn path_of(&self, source: &Source) -> Option<String> {
        let path = source.path();
        let is_embedded = embedded::file(path).is_some_and(|text| text == source.text());
        let is_listed = self.checked.get(path).is_some() || path.starts_with("../");
        (is_listed && !is_embedded).then(|| self.checked.path_in_repository(path))
    }

    /// Returns the faults that no file of the repository shows.
    pub(super) fn faults_without_place(&self) -> impl Iterator<Item = &Fault> {
        let is_shown =
            |fault: &&Fault| fault.place.as_ref().is_some_and(|it| self.path_of(&it.source).is_some());
        self.faults.iter().filter(move |fault| !is_shown(fault))
    }

    pub(super) fn check(&mut self, documents: &Documents) {
        match self.checked(documents) {
            Ok(state) => (self.state, self.faults) = (Some(state), Vec::new()),
            Err(error) => self.faults = error.faults,
        }
    }

    fn checked(&mut self, documents: &Documents) -> Result<State, Error> {
        if std::mem::take(&mut self.is_disk_outdated) {
            self.disk = Snapshot::worktree(&self.options.directory)?;
        }
        let open = documents.iter().filter(|(path, _)| self.disk.may_list(path));
        let (versions, texts): (BTreeMap<_, _>, Vec<_>) =
            open.map(|(path, open)| ((path.clone(), open.version), open.source.clone())).unzip();
        let snapshot = self.disk.with_texts(texts).project();
        self.checked = Arc::new(snapshot.clone());
        let linter = Linter::of_snapshot(self.options.clone(), snapshot)?;
        let result = linter.lint()?;
        Ok(State { linter, result, versions })
    }
}
