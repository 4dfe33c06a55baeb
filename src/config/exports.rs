//! Reads the exports of other repositories: those that the configuration names, and those that the user does.

use std::hash::Hash;
use std::path::PathBuf;
use std::sync::Arc;

use crate::estate::{Export, is_repository_name};
use crate::finding::Fault;
use crate::snapshot::Snapshot;
use crate::syntax::Problem;
use crate::text::{Source, Span};

use super::Config;

/// Where the export of a repository is, relative to the root.
#[derive(Clone, Debug, Hash)]
pub struct RepositoryExport {
    /// The name that references use.
    pub name: Box<str>,
    pub path: Box<str>,
    pub span: Span,
}

/// An export that the user names: a file on disk.
#[derive(Clone, Debug)]
pub struct GivenExport {
    pub name: String,
    pub file: PathBuf,
}

impl GivenExport {
    /// Reads `NAME=FILE`.
    pub fn parse(text: &str) -> Result<GivenExport, String> {
        match text.split_once('=') {
            Some((name, file)) if is_repository_name(name) && !file.is_empty() => {
                Ok(GivenExport { name: name.to_owned(), file: file.into() })
            }
            _ => Err("write it as `NAME=FILE`, such as `platform=platform.jsonl`".to_owned()),
        }
    }
}

impl Config {
    /// Reads the exports that the configuration names from a snapshot, then the given ones, which take their place.
    pub(crate) fn read_exports(
        &mut self,
        snapshot: &Snapshot,
        given: &[GivenExport],
    ) -> Result<(), Vec<Fault>> {
        let mut faults = Vec::new();
        let parse = |source: Arc<Source>| Export::parse(&source).map(Arc::new);
        for RepositoryExport { name, path, span } in self.repositories.clone() {
            let file = snapshot.get(&path).filter(|_| !given.iter().any(|given| *given.name == *name));
            let Some(file) = file else { continue };
            let unreadable = |problem: Problem| Fault::new(format!("`{path}`: {}", problem.message));
            match snapshot.read(file).map_err(unreadable).and_then(parse) {
                Ok(export) => drop(self.estate.insert(name, export)),
                Err(fault) => faults.push(self.at(span, fault)),
            }
        }
        for GivenExport { name, file } in given {
            let unreadable = format!("can't read the export `{}`", file.display());
            let read = snapshot.read_typed(file).map_err(|error| error.into_fault(&unreadable));
            match read.and_then(parse) {
                Ok(export) => drop(self.estate.insert((**name).into(), export)),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Returns a notice for each export that the configuration names and that is not there.
    pub fn missing_exports(&self) -> Vec<String> {
        let missing = self.repositories.iter().filter(|export| !self.estate.contains_key(&export.name));
        let notice = |RepositoryExport { name, path, .. }: &RepositoryExport| {
            format!("there is no `{path}`, so references to records of `{name}` are not judged")
        };
        missing.map(notice).collect()
    }
}
