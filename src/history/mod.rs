//! The Git history of records: when each value last changed, in which commit and by whom.
//!
//! `walk` builds a [`timeline`] on the first query, and `field_histories` folds the records over it. What is unknown is never guessed.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use gix::ObjectId;
use jiff::civil::Date;

use crate::config::Config;
use crate::format::Formats;
use crate::kind::Kinds;
use crate::record::{Recogniser, Record, RecordContent};
use crate::snapshot::{self, FETCH_ALL, GitSource, Snapshot, is_partial};

mod activity;
mod checkpoint;
mod field_histories;
mod files;
mod log;
mod main_line;
pub mod message;
mod revision;
mod threads;
pub mod timeline;
mod trees;
pub mod version;
mod walk;

use activity::Activity;
use checkpoint::Checkpoints;
use field_histories::LoadedHistory;
pub use field_histories::pairs;
use files::Moves;
pub use files::{FileVersion, Removal};
use log::RecordLog;
pub use message::Actor;
pub use revision::{FieldChanges, Revision};
use timeline::{ExampleCommit, Timeline};
pub(crate) use version::RecordVersion;
use version::continues;
use walk::HistoryWalk;

/// The history of one state's records. It is loaded on the first query.
pub struct History {
    source: CommitSource,
    kinds: Arc<Kinds>,
    formats: Arc<Formats>,
    config: Config,
    shared: Arc<Shared>,
}

/// The number of commits from which a walk takes long enough to be cached, and of changes of files that take as long as a commit.
const MIN_CACHED_COMMITS: usize = 100;
const CHANGES_OF_COMMIT: usize = 10;

/// The number of commits from which a hook does not walk them: the user waits for the commit.
const MAX_COMMITS_IN_HOOK: usize = 500;

#[derive(Default)]
struct Shared {
    is_in_hook: AtomicBool,
    /// The last commit behind the state, or why there is none.
    head: OnceLock<Result<ObjectId, String>>,
    /// What was loaded, or why no history is available, as a message.
    state: OnceLock<Result<Box<LoadedHistory>, String>>,
    activity: OnceLock<Option<Activity>>,
    orders: OnceLock<ahash::HashMap<Box<str>, i64>>,
    moves: OnceLock<Moves>,
    known: OnceLock<KnownVersions>,
}

/// Returns the records of a file as of a blob, if they are read already.
pub type KnownVersions = Box<dyn Fn(&str, &[u8]) -> Option<Vec<Arc<RecordContent>>> + Send + Sync>;

impl History {
    pub fn new(source: CommitSource, kinds: Arc<Kinds>, formats: Arc<Formats>, config: Config) -> History {
        History { source, kinds, formats, config, shared: Arc::default() }
    }

    /// Says that a commit waits for the result: then a long history without a checkpoint is not loaded.
    pub fn set_in_hook(&self) {
        self.shared.is_in_hook.store(true, Ordering::Relaxed);
    }

    /// Names the records that are read already, of files as the last commit has them.
    pub fn set_known(&self, known: KnownVersions) {
        // A state with the same commits may have named its own, which are as good.
        let _ = self.shared.known.set(known);
    }

    /// Shares the loaded history of another state with the same policy if both have the same commits.
    pub fn shared_with(self, other: &History) -> History {
        let shared = if self.has_same_head(other) { other.shared.clone() } else { self.shared };
        History { shared, ..self }
    }

    /// Returns the changes of each field and part of a field of a record, sorted by name; `None` if no history is available.
    pub fn of_record<'h>(&'h self, record: &'h Record) -> Option<Vec<FieldChanges<'h>>> {
        let history = self.loaded()?;
        let current = RecordVersion::of(record);
        let log = history.index.find(record).map(|number| history.logs.get(number));
        let log = log.filter(|log| continues(&log.current, &current));
        let fields = log.map(|log| &log.fields);
        let names = current.fields.iter().map(|(name, _)| name);
        let names: BTreeSet<&Arc<str>> = fields.into_iter().flat_map(|it| it.keys()).chain(names).collect();
        let changes = |name: &Arc<str>| {
            let committed = fields.and_then(|fields| fields.get(name)).cloned().unwrap_or_default();
            FieldChanges::new(history, record, name, committed, current.field(name).cloned())
        };
        Some(names.into_iter().map(changes).collect())
    }

    /// Returns the changes of one field of a record; `None` if no history is available.
    pub fn changes<'h>(&'h self, record: &'h Record, field: &str) -> Option<FieldChanges<'h>> {
        let history = self.loaded()?;
        let log = committed_log(history, record, field);
        let committed = log.and_then(|log| log.fields.get(field).cloned()).unwrap_or_default();
        Some(FieldChanges::new(history, record, field, committed, version::value(record, field)))
    }

    /// Returns the revision that created a record; `None` if no history is available.
    pub fn created(&self, record: &Record) -> Option<Revision<'_>> {
        let history = self.loaded()?;
        let created = committed_log(history, record, TITLE).map(|log| Revision::new(history, &log.created));
        Some(created.unwrap_or(Revision::Uncommitted))
    }

    /// Returns the [`Revision::order`] that a revision of another state has here; `None` if it is none of this history.
    pub fn order_of(&self, revision: &Revision<'_>) -> Option<i64> {
        let Revision::Commit { commit, .. } = revision else {
            return Some(revision.order()).filter(|order| *order == 0);
        };
        let history = self.loaded()?;
        self.shared.orders.get_or_init(|| history.orders()).get(&commit.id).copied()
    }

    /// True if the commits behind the state are known, or if there is no repository.
    pub fn is_available(&self) -> bool {
        matches!(self.source, CommitSource::NoRepository) || self.has_commits()
    }

    pub fn has_commits(&self) -> bool {
        self.loaded().is_some()
    }

    pub fn has_same_head(&self, other: &History) -> bool {
        self.source.has_same_head(&other.source)
    }

    /// Returns the last day on which a commit was made by a person with one of these names, or names them.
    pub fn last_active<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Option<Date> {
        let activity = self.shared.activity.get_or_init(|| self.source.activity());
        let activity = activity.as_ref()?;
        names.into_iter().filter_map(|name| activity.last(name)).max()
    }

    /// Returns a notice for the user if the history was queried but is incomplete.
    pub fn notice(&self) -> Option<String> {
        match self.shared.state.get()? {
            Err(why) => Some(why.clone()),
            Ok(history) if history.shallow && !history.commits.is_empty() => Some(format!(
                "the clone is shallow: the history starts on {}, so some findings may be missing; run \
                 `git fetch --unshallow`, or set `fetch-depth: 0` in `actions/checkout`",
                history.commits[0].date
            )),
            Ok(_) => None,
        }
    }

    fn loaded(&self) -> Option<&LoadedHistory> {
        let mut to_save = None;
        let state = self.shared.state.get_or_init(|| self.load(&mut to_save).map(Box::new));
        let history = state.as_deref().ok()?;
        // Other threads that wait for the history don't wait for this.
        if let Some((cache, head)) = to_save {
            cache.save(head, history);
        }
        Some(history)
    }

    /// Loads the history, or returns why there is none. Sets `to_save` if the result should be cached for that commit.
    fn load(&self, to_save: &mut Option<(Checkpoints, ObjectId)>) -> Result<LoadedHistory, String> {
        let git = match &self.source {
            CommitSource::NoRepository => return Err(NO_REPOSITORY.to_owned()),
            CommitSource::Memory(commits) => {
                let recogniser = self.recogniser();
                let is_relevant = |path: &str| recogniser.classifier.is_candidate(path);
                let timeline = Timeline::in_memory(commits, &is_relevant);
                let mut history = LoadedHistory::default();
                return history.add(timeline, &recogniser, None).map(|()| history);
            }
            CommitSource::Git(git) => git,
        };
        let head = self.head(git)?;
        self.with_walk(git, |walk| {
            let cache = self.cache(git, walk);
            if self.is_too_long(walk, head, cache.as_ref()) {
                return Err(NO_CHECKPOINT.to_owned());
            }
            let (history, length) = self.walk(walk, head, cache.as_ref())?;
            *to_save = cache.filter(|_| length >= MIN_CACHED_COMMITS).map(|cache| (cache, head));
            Ok(history)
        })
    }

    /// Opens the references of Git once.
    fn head(&self, git: &GitSource) -> Result<ObjectId, String> {
        self.shared.head.get_or_init(|| head(git)).clone()
    }

    fn is_too_long(&self, walk: &HistoryWalk<'_>, head: ObjectId, cache: Option<&Checkpoints>) -> bool {
        let has_none = || cache.is_some_and(|cache| cache.heads().is_empty());
        let is_long = || {
            walk.main_line(head, &HashSet::new(), MAX_COMMITS_IN_HOOK)
                .is_ok_and(|it| it.commits.len() == MAX_COMMITS_IN_HOOK)
        };
        self.shared.is_in_hook.load(Ordering::Relaxed) && has_none() && is_long()
    }

    fn recogniser(&self) -> Recogniser<'_> {
        Recogniser::new(&self.kinds, &self.formats, &self.config)
    }

    fn with_walk<T>(&self, git: &GitSource, work: impl FnOnce(&HistoryWalk<'_>) -> T) -> T {
        let recogniser = self.recogniser();
        // Most files are changed by many commits.
        let known: Mutex<HashMap<Box<str>, bool>> = Mutex::default();
        let is_relevant = |path: &str| {
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            known.get(path).copied().unwrap_or_else(|| {
                let is_candidate = recogniser.classifier.is_candidate(path);
                known.insert(path.into(), is_candidate);
                is_candidate
            })
        };
        let (repository, folder) = (&git.repository, &*git.folder);
        work(&HistoryWalk { repository, folder, mailmap: git.mailmap, is_relevant: &is_relevant })
    }

    /// Walks the commits behind `head` to the nearest checkpoint; returns too how many commits of usual size they are.
    fn walk(
        &self,
        walk: &HistoryWalk<'_>,
        head: ObjectId,
        cache: Option<&Checkpoints>,
    ) -> Result<(LoadedHistory, usize), String> {
        let found = match cache {
            Some(cache) => cache.nearest(walk, head),
            None => {
                walk.main_line(head, &HashSet::new(), usize::MAX).map(|line| (line, LoadedHistory::default()))
            }
        };
        let unreadable = |error| unreadable(walk, &error);
        let (line, mut history) = found.map_err(unreadable)?;
        let mut length = line.commits.len();
        if length > 0 {
            let has_merges = line.commits.iter().any(|commit| commit.parents.len() > 1);
            let known = if has_merges { history.reachable() } else { Vec::new() };
            let timeline = walk.timeline(line, history.commits.len(), &known).map_err(unreadable)?;
            length += timeline.steps.iter().map(|step| step.changes.len()).sum::<usize>() / CHANGES_OF_COMMIT;
            history.add(timeline, &self.recogniser(), self.shared.known.get())?;
        }
        Ok((history, length))
    }

    /// Returns the cache of checkpoints; `None` if it is disabled, or if `git replace` is in use.
    fn cache(&self, git: &GitSource, walk: &HistoryWalk<'_>) -> Option<Checkpoints> {
        let cache = git.cache.as_ref()?;
        let walk_key = walk.cache_key()?;
        let key = (self.recogniser().classifier.cache_key(), walk.folder, walk_key);
        Some(Checkpoints::new(cache, key))
    }
}

const NO_REPOSITORY: &str = "no Git history; rules that need the history did not run";

const NO_CHECKPOINT: &str = "before a commit a long history is not read; rules that need it did not run; run \
`alignlint` without `--staged` once to read it";

const TITLE: &str = "title";

/// Returns the log of a field and the title of a record, unless the last commit has another record by its identity.
fn committed_log<'h>(history: &'h LoadedHistory, record: &Record, field: &str) -> Option<Cow<'h, RecordLog>> {
    let number = history.index.find(record)?;
    if history.logs.is_added_as(number, record.content()) {
        return Some(history.logs.fields(number, &[field]));
    }
    let log = history.logs.fields(number, &[field, TITLE]);
    let has_its_title = log.current.field(TITLE) == version::value(record, TITLE).as_ref();
    let is_continued = || continues(&history.logs.get(number).current, &RecordVersion::of(record));
    (has_its_title || is_continued()).then_some(log)
}

fn unreadable(walk: &HistoryWalk<'_>, error: &gix::Error) -> String {
    let (cause, advice) = match is_partial(&walk.repository.to_thread_local()) {
        true => ("this partial clone lacks folders of its commits".to_owned(), FETCH_ALL),
        false => (error.to_string(), "run `git fsck` for details"),
    };
    format!("can't read the history: {cause}; rules that need it did not run; {advice}")
}

#[derive(Clone, Debug)]
pub enum CommitSource {
    Git(Box<GitSource>),
    NoRepository,
    /// Commits in memory, oldest first.
    Memory(Vec<ExampleCommit>),
}

impl CommitSource {
    pub fn of(snapshot: &Snapshot) -> CommitSource {
        snapshot.git_source().map_or(CommitSource::NoRepository, |git| CommitSource::Git(Box::new(git)))
    }

    /// Applies the mailmap of another state to the authors.
    pub fn with_mailmap_of(self, base: &Snapshot) -> CommitSource {
        match (self, base.git_source()) {
            (CommitSource::Git(git), Some(GitSource { commit, .. })) => {
                CommitSource::Git(Box::new(GitSource { mailmap: commit, ..*git }))
            }
            (source, _) => source,
        }
    }

    fn has_same_head(&self, other: &CommitSource) -> bool {
        match (self, other) {
            (CommitSource::Git(one), CommitSource::Git(other)) if one.folder == other.folder => {
                head(one).is_ok_and(|one| head(other) == Ok(one))
            }
            _ => false,
        }
    }

    fn activity(&self) -> Option<Activity> {
        match self {
            CommitSource::NoRepository => None,
            CommitSource::Git(git) => Activity::of_repository(git, head(git).ok()?).ok(),
            CommitSource::Memory(commits) => Some(Activity::in_memory(commits)),
        }
    }
}

fn head(git: &GitSource) -> Result<ObjectId, String> {
    let head = || snapshot::commit(&git.repository.to_thread_local(), "HEAD");
    git.commit
        .map_or_else(head, Ok)
        .map_err(|_| "no commit can be read; rules that need the history did not run".to_owned())
}
