//! The project that a subcommand works on: one state of the repository around the folder, and its policy.

use std::sync::Arc;

use jiff::civil::Date;

use crate::calendar::parse_date;
use crate::catalog::Catalog;
use crate::config::Config;
use crate::finding::Fault;
use crate::history::Past;
use crate::policy::Policy;
use crate::rule::Rule;
use crate::snapshot::Snapshot;

use super::{ConfigOptions, Failure, StateOptions, Terminal};

/// A state of a repository and what it is judged by.
pub(super) struct Project {
    pub snapshot: Arc<Snapshot>,
    pub policy: Policy,
}

impl Project {
    /// The worktree around the folder where the person stands.
    pub fn open(options: &ConfigOptions, terminal: &Terminal) -> Result<Project, Failure> {
        Project::at(&StateOptions::default(), options, terminal)
    }

    /// The state that the person asks for, of the repository around the folder where they stand.
    pub fn at(
        state: &StateOptions,
        options: &ConfigOptions,
        terminal: &Terminal,
    ) -> Result<Project, Failure> {
        let start = &terminal.directory;
        let snapshot = match &state.rev {
            Some(rev) => Snapshot::revision(start, rev)?,
            None if state.staged => Snapshot::index(start)?,
            None => Snapshot::worktree(start)?,
        };
        let snapshot = Arc::new(snapshot.project());
        for notice in snapshot.notices() {
            eprintln!("alignlint: {notice}");
        }
        let policy = if options.no_config {
            Policy::with(&snapshot, Config::default())?
        } else {
            Policy::load(&snapshot, options.config.as_deref())?
        };
        Ok(Project { snapshot, policy })
    }

    /// Says once what of the past can't be told, where somebody asked for it.
    pub fn tell_of_the_past(&self, catalog: &Catalog) {
        if let Some(notice) = catalog.past().and_then(Past::notice) {
            eprintln!("alignlint: {notice}");
        }
    }

    /// Reads the records, and what else these rules judge.
    pub fn catalog(&self, rules: &[Arc<Rule>]) -> Catalog {
        self.catalog_of(&self.snapshot, rules)
    }

    /// As [`Project::catalog`], of another state.
    pub fn catalog_of(&self, snapshot: &Arc<Snapshot>, rules: &[Arc<Rule>]) -> Catalog {
        let catalog = self.policy.read(snapshot, rules);
        let missing = snapshot.missing().len();
        if missing > 1 {
            let commit = self.snapshot.commit();
            let rev = commit.as_deref().unwrap_or("HEAD");
            eprintln!(
                "alignlint: {missing} files are not in this clone, which is partial: `git archive {rev} > \
                 /dev/null` fetches them all."
            );
        }
        catalog
    }
}

/// The day that ages are counted to: the one given, else today in UTC.
///
/// # Errors
/// The text is no day.
pub(super) fn day(given: Option<&str>) -> Result<Date, Fault> {
    match given {
        None => Ok(jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()),
        Some(text) => parse_date(text)
            .ok_or_else(|| Fault::new(format!("`{text}` is no day")).help("write it as 2026-11-20")),
    }
}
