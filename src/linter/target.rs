//! Finds the files and records that arguments such as `docs/adr` or `decision/7` name.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::explain;
use crate::finding::{Fault, Faultless};
use crate::input::Input;
use crate::record::Record;
use crate::schema::{did_you_mean, meant_or, nearest};
use crate::snapshot::{OpaqueEntry, OpaqueKind, Snapshot, is_within};
use crate::text::Source;

use super::{Error, Linter};

impl Linter {
    /// Returns the path of a place, which may not exist yet.
    pub(crate) fn place(&self, typed: &Path) -> Result<String, Fault> {
        let outside = || Fault::new(format!("`{}` is outside of this repository", typed.display()));
        self.snapshot.resolve(typed).ok_or_else(outside)
    }

    /// Fails for a path that leads through a link or into Git's own folder.
    pub(crate) fn require_own(&self, path: &str) -> Result<(), Fault> {
        let is_of_git = path.split('/').any(|name| name.eq_ignore_ascii_case(".git"));
        match self.snapshot.opaque_at(path) {
            Some(OpaqueEntry { path, kind: OpaqueKind::Link }) => {
                Err(Fault::new(format!("`{path}` is a symbolic link")).help("name the folder or file itself"))
            }
            Some(OpaqueEntry { path, .. }) => Err(Fault::new(format!("`{path}` is not checked out here"))),
            None if is_of_git => Err(Fault::new(format!("`{path}` lies in Git's own folder"))),
            None => Ok(()),
        }
    }

    /// Returns the records that a path or a name stands for.
    pub(crate) fn find_records<'c>(&self, target: &str, input: &'c Input) -> Result<Vec<&'c Record>, Fault> {
        let mut found = self.records_at(target, input)?;
        if found.is_empty() {
            found = self.records_named(target, input);
        }
        if found.is_empty() {
            let fault = Fault::new(format!("no file, folder or record `{target}`"));
            let near = nearest(target, input.records().iter().map(|record| &*record.id));
            return Err(fault.help(meant_or(near, "list all records with `alignlint records`")));
        }
        Ok(found)
    }

    /// Returns the records in a file or folder, or the one at a line of a file, as in `decisions.yaml:45`.
    fn records_at<'c>(&self, target: &str, input: &'c Input) -> Result<Vec<&'c Record>, Fault> {
        let path_of = |text: &str| self.snapshot.resolve(Path::new(text));
        if let Some(path) = path_of(target) {
            let found: Vec<&Record> =
                input.records().iter().filter(|record| is_within(&record.path, &path)).collect();
            if found.is_empty() && self.snapshot.has(&path) {
                let fault = Fault::new(format!("no records in `{target}`"));
                return Err(fault.help("see why a file is not read with `alignlint explain FILE`"));
            }
            if !found.is_empty() {
                return Ok(found);
            }
        }
        let split = target.rsplit_once(':');
        let split = split.and_then(|(path, line)| Some((path_of(path)?, line.parse::<usize>().ok()?)));
        let Some((path, line)) = split else { return Ok(Vec::new()) };
        let first_line = |it: &Record| input.file_of(it).source().position(it.span.start as usize).line;
        let above = input.records().iter().filter(|it| *it.path == *path && first_line(it) <= line);
        Ok(above.max_by_key(|record| record.span.start).into_iter().collect())
    }

    /// Returns the records with a name, which may follow their kind and `/`.
    fn records_named<'c>(&self, target: &str, input: &'c Input) -> Vec<&'c Record> {
        let qualified = target.split_once('/').filter(|(kind, _)| self.policy.kinds.get(kind).is_some());
        let is_meant = |record: &&Record| match qualified {
            Some((kind, name)) => *record.kind.name == *kind && input.is_named(record, name),
            None => input.is_named(record, target),
        };
        input.records().iter().filter(is_meant).collect()
    }

    /// Returns the text of a file that holds no records; `None` for a folder.
    pub(super) fn file_without_records(&self, target: &str, input: &Input) -> Option<Arc<Source>> {
        let path = self.snapshot.resolve(Path::new(target))?;
        let file = self.snapshot.get(&path)?;
        let has_none = !input.records().iter().any(|record| *record.path == *path);
        has_none.then(|| self.snapshot.read(file).ok())?
    }

    /// Returns the page that says how the file of this path is read, or what is read of the records of this name.
    pub(crate) fn page_of(&self, name: &str) -> Result<String, Error> {
        // If more records have one name, none is explained.
        const MAX_NAMESAKES: usize = 5;
        let page = self.read(|input| {
            let path = self.snapshot.resolve(Path::new(name));
            if let Some(path) = path.filter(|path| self.snapshot.get(path).is_some()) {
                return Ok(explain::file::render(input, &self.policy, &path));
            }
            let records = self.find_records(name, input)?;
            let pages = records.iter().map(|record| explain::file::render_record(input, record, name));
            match records.len() {
                ..=MAX_NAMESAKES => Ok(pages.collect::<Vec<_>>().join("\n")),
                count => Err(Fault::new(format!("`{name}` names {count} records"))),
            }
        })?;
        Ok(page?)
    }
}

/// Paths of files and folders, relative to the root. All files match if it is empty.
pub(super) struct PathFilter(Vec<String>);

impl PathFilter {
    pub(super) fn new(linter: &Linter) -> Faultless<PathFilter> {
        let mut paths = Vec::new();
        let mut faults = Vec::new();
        for path in &linter.options.paths {
            match linter.snapshot.resolve(path).filter(|path| linter.snapshot.has(path)) {
                Some(path) => paths.push(path),
                None => {
                    let near = nearest_path(&linter.snapshot, path).map(|near| did_you_mean(&near));
                    faults.push(near.into_iter().fold(missing_path(path), Fault::help));
                }
            }
        }
        if faults.is_empty() { Ok(PathFilter(paths)) } else { Err(faults) }
    }

    pub(super) fn matches(&self, file: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|path| is_within(file, path))
    }
}

fn nearest_path(snapshot: &Snapshot, path: &Path) -> Option<String> {
    let typed = snapshot.resolve(path)?;
    let mut paths: BTreeSet<&str> = BTreeSet::new();
    for file in snapshot.files() {
        let folders = file.path.match_indices('/').map(|(at, _)| &file.path[..at]);
        paths.extend(folders.chain([&*file.path]));
    }
    nearest(&typed, paths).map(|near| snapshot.path_from_here(near))
}

pub(crate) fn missing_path(path: &Path) -> Fault {
    Fault::new(format!("file or folder `{}` does not exist in this repository", path.display()))
}
