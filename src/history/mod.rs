//! The Git history of records: when each value last changed, in which commit and by whom.
//!
//! `walk` builds a [`timeline`] of file changes, and `field_histories` folds the records over it. The commits are
//! walked on the first query. What is unknown (no repository, no commit, the end of a shallow clone) is never guessed.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use gix::ObjectId;
use jiff::civil::Date;

use crate::config::Config;
use crate::format::Formats;
use crate::kind::Kinds;
use crate::record::{Recogniser, Record};
use crate::snapshot::GitSource;

mod activity;
mod checkpoint;
mod continuity;
mod field_changes;
mod field_histories;
mod files;
mod loaded;
mod log;
mod main_line;
pub mod message;
mod moves;
mod prose;
mod revision;
mod source;
mod threads;
pub mod timeline;
mod trees;
pub mod version;
mod walk;

use activity::Activity;
use checkpoint::Checkpoints;
use continuity::continues;
pub use field_changes::FieldChanges;
use field_histories::LoadError;
pub use files::FileVersion;
use loaded::LoadedHistory;
use log::RecordLog;
pub use message::Actor;
use moves::Moves;
pub use moves::Removal;
pub use revision::Revision;
pub use source::CommitSource;
use source::head;
use timeline::Timeline;
use version::RecordVersion;
use walk::HistoryWalk;

/// The history of one state's records. It is loaded on the first query.
pub struct History {
    source: CommitSource,
    kinds: Arc<Kinds>,
    formats: Arc<Formats>,
    config: Config,
    shared: Arc<Shared>,
}

/// The number of commits from which a walk takes long enough to be cached.
const MIN_CACHED_COMMITS: usize = 100;

/// The number of commits from which a hook does not walk them: the user waits for the commit.
const MAX_COMMITS_IN_HOOK: usize = 500;

#[derive(Default)]
struct Shared {
    is_in_hook: AtomicBool,
    /// The last commit behind the state, or why there is none.
    head: OnceLock<Result<ObjectId, String>>,
    state: OnceLock<HistoryState>,
    activity: OnceLock<Option<Activity>>,
    orders: OnceLock<HashMap<Box<str>, i64>>,
    moves: OnceLock<Moves>,
}

enum HistoryState {
    Loaded(Box<LoadedHistory>),
    /// Why no history is available, as a message.
    Unavailable(String),
}

impl History {
    pub fn new(source: CommitSource, kinds: Arc<Kinds>, formats: Arc<Formats>, config: Config) -> History {
        History { source, kinds, formats, config, shared: Arc::default() }
    }

    /// Says that a commit waits for the result: then a long history without a checkpoint is not loaded.
    pub fn set_in_hook(&self) {
        self.shared.is_in_hook.store(true, Ordering::Relaxed);
    }

    /// Shares the loaded history of another state with the same policy if both have the same commits.
    pub fn shared_with(self, other: &History) -> History {
        let shared = if self.has_same_head(other) { other.shared.clone() } else { self.shared };
        History { shared, ..self }
    }

    /// Returns the changes of each field and part of a field that a record has or had, sorted by name; `None` if no history is
    /// available.
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

    /// Returns the [`Revision::order`] that a revision of another state has here; `None` if it is not part of this
    /// history.
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

    /// Returns true if commits of a repository can be read.
    pub fn has_commits(&self) -> bool {
        self.loaded().is_some()
    }

    /// True if both have the same last commit and folder.
    pub fn has_same_head(&self, other: &History) -> bool {
        self.source.has_same_head(&other.source)
    }

    /// Returns the last day on which a person with one of these names or addresses made a commit or was named in a
    /// trailer.
    pub fn last_active<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Option<Date> {
        let activity = self.shared.activity.get_or_init(|| self.source.activity());
        let activity = activity.as_ref()?;
        names.into_iter().filter_map(|name| activity.last(name)).max()
    }

    /// Returns a notice for the user if the history was queried but is incomplete.
    pub fn notice(&self) -> Option<String> {
        match self.shared.state.get()? {
            HistoryState::Unavailable(why) => Some(why.clone()),
            HistoryState::Loaded(history) if history.shallow && !history.commits.is_empty() => Some(format!(
                "the clone is shallow: the history starts on {}, so some findings may be missing; run \
                 `git fetch --unshallow`, or set `fetch-depth: 0` in `actions/checkout`",
                history.commits[0].date
            )),
            HistoryState::Loaded(_) => None,
        }
    }

    fn loaded(&self) -> Option<&LoadedHistory> {
        match self.state() {
            HistoryState::Loaded(history) => Some(history),
            HistoryState::Unavailable(_) => None,
        }
    }

    fn state(&self) -> &HistoryState {
        let mut to_save = None;
        let state = self.shared.state.get_or_init(|| match self.load(&mut to_save) {
            Ok(history) => HistoryState::Loaded(Box::new(history)),
            Err(why) => HistoryState::Unavailable(why),
        });
        // Other threads that wait for the history don't wait for this.
        if let (Some((cache, head)), HistoryState::Loaded(history)) = (to_save, state) {
            cache.save(head, history);
        }
        state
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
                let added = history.add(timeline, &recogniser);
                return added.map(|()| history).map_err(load_error);
            }
            CommitSource::Git(git) => git,
        };
        let head = self.head(git)?;
        self.with_walk(git, |walk| {
            let cache = self.cache(git, walk);
            if self.is_too_long(walk, head, cache.as_ref()) {
                return Err(NO_CHECKPOINT.to_owned());
            }
            let (history, length) = self.walk(walk, head, cache.as_ref()).map_err(load_error)?;
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
                .is_ok_and(|it| it.len() == MAX_COMMITS_IN_HOOK)
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

    /// Walks the commits behind `head` to the nearest checkpoint; returns their number too.
    fn walk(
        &self,
        walk: &HistoryWalk<'_>,
        head: ObjectId,
        cache: Option<&Checkpoints>,
    ) -> Result<(LoadedHistory, usize), LoadError> {
        let (line, mut history) = match cache {
            Some(cache) => cache.nearest(walk, head)?,
            None => (walk.main_line(head, &HashSet::new(), usize::MAX)?, LoadedHistory::default()),
        };
        let length = line.len();
        if length > 0 {
            let known = if line.has_merges() { history.reachable() } else { Vec::new() };
            let timeline = walk.timeline(line, history.commits.len(), &known)?;
            history.add(timeline, &self.recogniser())?;
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
    let log = history.logs.fields(number, |name| name == field || name == TITLE);
    let has_its_title = log.current.field(TITLE) == version::value(record, TITLE).as_ref();
    let is_continued = || continues(&history.logs.get(number).current, &RecordVersion::of(record));
    (has_its_title || is_continued()).then_some(log)
}

fn load_error(error: LoadError) -> String {
    match error {
        LoadError::MissingBlobs(missing) => {
            let versions = if missing == 1 { "version" } else { "versions" };
            format!(
                "this partial clone lacks {missing} {versions} of record files, so rules that need the history did \
                 not run; run `git fetch --refetch --no-filter` to fetch them"
            )
        }
        LoadError::Git(error) => format!(
            "can't read the history: {error}; rules that need it did not run; run `git fsck` for details"
        ),
    }
}
