//! Checks of the worktree with the open documents in the place of its files.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use crate::embedded;
use crate::finding::{Fault, Finding};
use crate::fix::FixPlan;
use crate::linter::{Checked, Error, Linter, Options};
use crate::snapshot::{CONFIG_FILES, Listing, Snapshot};
use crate::text::{Source, file_name};

use super::documents::Documents;
use super::uri::Root;

/// The last check that came to its end. Requests read it; it never changes.
pub(super) struct State {
    checked: Checked,
    /// The versions of the open documents that were checked, by path from the root of the repository.
    pub versions: BTreeMap<Arc<str>, i32>,
}

impl Deref for State {
    type Target = Checked;

    fn deref(&self) -> &Checked {
        &self.checked
    }
}

impl State {
    /// Returns the findings that are wanted, with the edits of their fixes: a check leaves these out.
    pub(super) fn with_edits(&self, is_wanted: impl Fn(&Finding) -> bool) -> Vec<Finding> {
        let wanted = self.result.findings.iter().filter(|finding| is_wanted(finding));
        let mut findings: Vec<Finding> = wanted.cloned().collect();
        FixPlan::new(&mut findings, &self.result.input, self.linter.policy());
        findings
    }

    /// Returns the path from the root of the repository of one from the root of the checked folder.
    pub(super) fn path_in_repository(&self, path: &str) -> String {
        self.linter.snapshot().path_in_repository(path)
    }

    /// Returns the path from the root of the checked folder of one from the root of the repository; `None` for a file that is not in it.
    pub(super) fn path<'p>(&self, path: &'p str) -> Option<&'p str> {
        below(path, self.linter.snapshot().folder())
    }
}

fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

pub(super) struct Session {
    options: Options,
    pub root: Root,
    /// The files on disk.
    disk: Listing,
    /// The files of the last check.
    files: Arc<Snapshot>,
    /// True if those on disk may have changed since they were listed.
    is_disk_outdated: bool,
    /// The open documents that are on disk and not among its files: left out, or made since.
    unlisted: BTreeSet<Arc<str>>,
    pub state: Option<State>,
    /// Why the last check came to no result.
    pub faults: Vec<Fault>,
}

impl Session {
    /// Lists the repository around a folder, as the client names it.
    pub(super) fn open(mut options: Options, folder: PathBuf) -> Result<Session, Error> {
        let disk = Listing::new(&folder)?;
        let canonical = folder.canonicalize()?;
        let root = Root::new(disk.files.whole().root().unwrap_or(&canonical), &folder, &canonical);
        options.directory = folder;
        let (files, is_disk_outdated) = (Arc::default(), false);
        let (unlisted, state, faults) = Default::default();
        Ok(Session { options, root, disk, files, is_disk_outdated, unlisted, state, faults })
    }

    /// Notes that files on disk may have changed; of a client that says when they do, that another commit may be checked out: few watch
    /// the folder of Git.
    pub(super) fn outdate(&mut self, watches: bool) {
        self.is_disk_outdated |= !watches || !self.disk.is_at_head();
    }

    /// Returns the path from the root of the repository of a file that the last check has read; `None` for one that is built in.
    pub(super) fn path_of(&self, source: &Source) -> Option<String> {
        let path = source.path();
        let is_embedded = embedded::file(path).is_some_and(|text| text == source.text());
        let is_listed = self.files.get(path).is_some() || path.starts_with("../");
        (is_listed && !is_embedded).then(|| self.files.path_in_repository(path))
    }

    /// Returns what no file of the repository shows: why there is no result, and what is not checked.
    pub(super) fn messages(&self) -> Vec<String> {
        let is_shown =
            |fault: &&Fault| fault.place.as_ref().is_some_and(|it| self.path_of(&it.source).is_some());
        let faults = self.faults.iter().filter(|fault| !is_shown(fault)).map(ToString::to_string);
        let linter = self.state.as_ref().map(|state| &state.linter);
        faults.chain(linter.and_then(|it| it.policy().config.nested(it.snapshot()))).collect()
    }

    pub(super) fn check(&mut self, documents: &Documents) {
        match self.checked(documents) {
            Ok(state) => (self.state, self.faults) = (Some(state), Vec::new()),
            Err(error) => self.faults = error.faults,
        }
    }

    fn checked(&mut self, documents: &Documents) -> Result<State, Error> {
        let whole = self.disk.files.whole();
        let is_unlisted = |path: &&Arc<str>| {
            let on_disk = whole.root().map(|root| root.join(&***path));
            whole.get(path).is_none() && on_disk.is_some_and(|it| it.symlink_metadata().is_ok())
        };
        let unlisted = documents.iter().map(|(path, _)| path).filter(is_unlisted).cloned().collect();
        let is_new = !self.unlisted.is_superset(&unlisted);
        self.unlisted = unlisted;
        if std::mem::take(&mut self.is_disk_outdated) || is_new {
            let disk = self.disk.again(&self.options.directory)?;
            // Another commit is behind all that is known of the history.
            let is_followed = disk.has_same_head(&self.disk);
            self.state = self.state.take().filter(|_| is_followed);
            self.disk = disk;
        }
        let (versions, files) = self.overlaid(documents);
        self.files = Arc::new(files.clone());
        let next = self.state.as_mut().and_then(|last| last.checked.next(files.clone()));
        let first = || Linter::of_snapshot(self.options.clone(), files)?.lint_edited();
        Ok(State { checked: next.unwrap_or_else(first)?, versions })
    }

    /// Returns the files with the open documents in their place, and the versions of these.
    fn overlaid(&self, documents: &Documents) -> (BTreeMap<Arc<str>, i32>, Snapshot) {
        let (disk, whole) = (&self.disk.files, self.disk.files.whole());
        let open: Vec<_> = documents.iter().filter(|(path, _)| whole.may_list(path)).collect();
        let versions = open.iter().map(|(path, open)| ((*path).clone(), open.version)).collect();
        let is_new_config = |path: &str| CONFIG_FILES.contains(&file_name(path)) && whole.get(path).is_none();
        // It may make another folder the one to check.
        if open.iter().any(|(path, _)| is_new_config(path)) {
            let texts = open.iter().map(|(_, open)| open.source.clone());
            return (versions, whole.with_texts(texts).project());
        }
        let text = |(path, open): &(&Arc<str>, &super::documents::Document)| match disk.folder() {
            "" => Some(open.source.clone()),
            folder => Some(open.source.at(below(path, folder)?)),
        };
        (versions, disk.with_texts(open.iter().filter_map(text)))
    }
}
