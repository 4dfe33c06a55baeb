//! The Git history of records: when each value last changed, in which commit and by whom.
//!
//! `walk` builds a [`timeline`] of file changes, and `field_histories` folds the records over it. The commits are
//! walked on the first query. What is unknown (no repository, no commit, the end of a shallow clone) is never guessed.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use gix::ObjectId;
use jiff::civil::Date;

use crate::cache::CacheKind;
use crate::config::Config;
use crate::kind::Kinds;
use crate::profile::Profiles;
use crate::record::{PathClassifier, Recogniser, Record};
use crate::snapshot::{BlobId, GitSource};
use crate::text::Source;

mod activity;
mod actor;
mod checkpoint;
mod commit_cache;
mod continuity;
mod field_changes;
mod field_histories;
mod files;
mod lazy_table;
mod loaded;
mod log;
mod main_line;
pub mod message;
mod moves;
mod progress;
mod prose;
mod record_history;
mod record_index;
mod revision;
mod source;
mod threads;
pub mod timeline;
mod trees;
pub mod version;
mod walk;
mod word_history;

use activity::Activity;
pub use actor::Actor;
use checkpoint::Checkpoint;
use commit_cache::CommitCache;
use continuity::{Continuity, Examples};
pub use field_changes::FieldChanges;
use field_histories::LoadError;
pub use files::FileVersion;
use loaded::LoadedHistory;
use log::RecordLog;
use moves::Moves;
pub use moves::Removal;
pub use progress::Progress;
pub use record_history::{FieldChange, RecordHistory};
pub use revision::Revision;
pub use source::CommitSource;
use source::head;
use timeline::Timeline;
use version::RecordVersion;
use walk::HistoryWalk;
pub use word_history::WordHistory;

/// The history of one state's records. It is loaded on the first query.
pub struct History {
    source: CommitSource,
    kinds: Arc<Kinds>,
    profiles: Arc<Profiles>,
    config: Config,
    shared: Arc<Shared>,
}

const CHECKPOINTS: CacheKind = CacheKind { prefix: "history", max_files: 8, max_bytes: 256 << 20 };

/// The number of commits from which a walk takes long enough to be cached.
const MIN_CACHED_COMMITS: usize = 100;

/// The number of commits that a hook walks if there is no checkpoint.
const MAX_COMMITS_IN_HOOK: usize = 500;

#[derive(Default)]
struct Shared {
    staged: OnceLock<HashSet<Arc<str>>>,
    /// True if only the history of staged files is loaded.
    only_staged: OnceLock<bool>,
    progress: Arc<Progress>,
    state: OnceLock<HistoryState>,
    activity: OnceLock<Option<Activity>>,
    orders: OnceLock<HashMap<Box<str>, i64>>,
    examples: Examples,
    moves: OnceLock<Moves>,
    /// The last versions of files, as far as they were asked for.
    versions: Mutex<HashMap<Box<str>, Option<FileVersion>>>,
}

enum HistoryState {
    Loaded(Box<LoadedHistory>),
    /// Why no history is available, as a message.
    Unavailable(String),
}

impl History {
    pub fn new(source: CommitSource, kinds: Arc<Kinds>, profiles: Arc<Profiles>, config: Config) -> History {
        History { source, kinds, profiles, config, shared: Arc::default() }
    }

    /// Sets the files that are about to be committed. If there is no checkpoint, only their history is loaded, because
    /// the user waits for the commit.
    pub fn set_staged_files(&self, staged: HashSet<Arc<str>>) {
        let _ = self.shared.staged.set(staged);
    }

    /// Shares the loaded history of another state with the same policy if both have the same commits.
    pub fn shared_with(self, other: &History) -> History {
        let shared = if self.has_same_head(other) { other.shared.clone() } else { self.shared };
        History { shared, ..self }
    }

    /// Returns the history of a record of the state; `None` if no history is available.
    pub fn of_record(&self, record: &Record) -> Option<RecordHistory<'_>> {
        let history = self.loaded_for(record)?;
        let current = RecordVersion::of(record);
        Some(match history.fields.get(record).filter(|log| self.continues(log, &current)) {
            Some(log) => RecordHistory::new(history, log, &current),
            None => RecordHistory::since(&Revision::Uncommitted, &current),
        })
    }

    /// As [`History::of_record`], of the format's words. `source` is the record's file.
    pub fn words_of(&self, record: &Record, source: &Source) -> Option<WordHistory<'_>> {
        let history = self.loaded_for(record)?;
        let is_continued = |log: &&RecordLog| self.continues(log, &RecordVersion::of(record));
        Some(match history.fields.get(record).filter(is_continued) {
            Some(log) => WordHistory::new(history, log, record, source),
            None => WordHistory::since(&Revision::Uncommitted, record, source),
        })
    }

    /// Returns the changes of one field of a record; `None` if no history is available. `blob` is the current blob id of
    /// the record's file, if known; if the last commit has the same, the current value is not compared.
    pub fn changes<'h>(
        &'h self,
        record: &'h Record,
        field: &str,
        blob: Option<BlobId>,
    ) -> Option<FieldChanges<'h>> {
        let history = self.loaded_for(record)?;
        let is_committed = history.fields.is_unchanged(record, blob) || self.is_committed(history, record);
        Some(match is_committed {
            true => FieldChanges::new(history, record, field, blob),
            false => FieldChanges::uncommitted(history, record, field),
        })
    }

    /// False if the record of the last commit with the same identity is another one.
    fn is_committed(&self, history: &LoadedHistory, record: &Record) -> bool {
        let title = history.fields.last_value(record, "title");
        self.continuity().is_certain(title.as_deref(), record)
            || history.fields.get(record).is_none_or(|log| self.continues(log, &RecordVersion::of(record)))
    }

    fn continuity(&self) -> Continuity<'_> {
        let classifier =
            PathClassifier { kinds: &self.kinds, profiles: &self.profiles, config: &self.config };
        Continuity { classifier, examples: &self.shared.examples }
    }

    fn continues(&self, log: &RecordLog, current: &RecordVersion) -> bool {
        self.continuity().continues(&log.current, current)
    }

    /// Returns the revision that created a record; `None` if no history is available.
    pub fn created(&self, record: &Record) -> Option<Revision<'_>> {
        let history = self.loaded_for(record)?;
        let created = history.fields.created(record).filter(|_| self.is_committed(history, record));
        Some(created.map_or(Revision::Uncommitted, |created| Revision::new(history, &created)))
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
        let activity = self.shared.activity.get_or_init(|| self.source.activity(&self.shared.progress));
        let activity = activity.as_ref()?;
        names.into_iter().filter_map(|name| activity.last(name)).max()
    }

    /// Returns the progress of loading the history.
    pub fn progress(&self) -> Arc<Progress> {
        self.shared.progress.clone()
    }

    /// Returns a notice for the user if the history was queried but is incomplete. `days_short` is the number of days by
    /// which a shallow clone would have to be deepened to evaluate all due dates.
    pub fn notice(&self, days_short: Option<u32>) -> Option<String> {
        let state = self.shared.state.get();
        if let Some(HistoryState::Unavailable(why)) = state {
            return Some(why.clone());
        }
        if self.shared.only_staged.get() == Some(&true) {
            return Some(NO_CHECKPOINT.to_owned());
        }
        let HistoryState::Loaded(history) = state? else { return None };
        (history.shallow && history.commits.len() > 0)
            .then(|| shallow_notice(history.commits.get(0).date, days_short))
    }

    /// Returns the history if it includes that of a record's file.
    fn loaded_for(&self, record: &Record) -> Option<&LoadedHistory> {
        let is_loaded = self.only_files().is_none_or(|only| only.contains(&record.path));
        is_loaded.then(|| self.loaded())?
    }

    fn loaded(&self) -> Option<&LoadedHistory> {
        match self.state() {
            HistoryState::Loaded(history) => Some(history),
            HistoryState::Unavailable(_) => None,
        }
    }

    /// Returns the staged files if only their history is loaded.
    fn only_files(&self) -> Option<&HashSet<Arc<str>>> {
        let staged = self.shared.staged.get()?;
        let CommitSource::Git(git) = &self.source else { return None };
        let only_staged = || {
            self.with_walk(git, |walk| {
                let cache = self.cache(git, walk)?;
                let head = head(git).ok().filter(|_| cache.heads().is_empty())?;
                Some(walk.newest(head, MIN_CACHED_COMMITS).ok()?.len() == MIN_CACHED_COMMITS)
            })
        };
        let only_staged = *self.shared.only_staged.get_or_init(|| only_staged().unwrap_or(false));
        only_staged.then_some(staged)
    }

    fn state(&self) -> &HistoryState {
        let mut to_save = None;
        let state = self.shared.state.get_or_init(|| match self.load(&mut to_save) {
            Ok(history) => HistoryState::Loaded(Box::new(history)),
            Err(why) => HistoryState::Unavailable(why),
        });
        // Other threads that wait for the history don't wait for this.
        if let (Some((cache, head)), HistoryState::Loaded(history)) = (to_save, state) {
            checkpoint::encode(history).inspect(|sections| cache.save(head, sections));
        }
        state
    }

    /// Loads the history, or returns why there is none. Sets `to_save` if the result should be cached for that commit.
    fn load(&self, to_save: &mut Option<(CommitCache, ObjectId)>) -> Result<LoadedHistory, String> {
        let git = match &self.source {
            CommitSource::NoRepository => return Err(NO_REPOSITORY.to_owned()),
            CommitSource::Memory(commits) => {
                let recogniser = self.recogniser();
                let is_relevant = |path: &str| recogniser.classifier.is_candidate(path);
                let timeline = Timeline::in_memory(commits, &is_relevant);
                let mut history = LoadedHistory::default();
                let added = history.add(timeline, &recogniser, self.continuity(), &self.shared.progress);
                return added.map(|()| history).map_err(load_error);
            }
            CommitSource::Git(git) => git,
        };
        let head = head(git)?;
        let history = self.with_walk(git, |walk| match self.only_files() {
            Some(only) => self.walk_files(&HistoryWalk { only: Some(only), ..*walk }, head),
            None => {
                let cache = self.cache(git, walk);
                let (history, length) = self.walk(walk, head, cache.as_ref())?;
                *to_save = cache.filter(|_| length >= MIN_CACHED_COMMITS).map(|cache| (cache, head));
                Ok(history)
            }
        });
        history.map_err(load_error)
    }

    fn recogniser(&self) -> Recogniser<'_> {
        Recogniser::new(&self.kinds, &self.profiles, &self.config)
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
        let (mailmap, progress) = (git.mailmap, &*self.shared.progress);
        work(&HistoryWalk { repository, folder, mailmap, is_relevant: &is_relevant, only: None, progress })
    }

    fn walk_files(&self, walk: &HistoryWalk<'_>, head: ObjectId) -> Result<LoadedHistory, LoadError> {
        let line = walk.newest(head, MAX_COMMITS_IN_HOOK)?;
        let mut history = LoadedHistory::partial();
        let timeline = walk.timeline(line, 0, &[])?;
        history.add(timeline, &self.recogniser(), self.continuity(), &self.shared.progress)?;
        Ok(history)
    }

    /// Walks the commits behind `head` to the nearest checkpoint; returns their number too.
    fn walk(
        &self,
        walk: &HistoryWalk<'_>,
        head: ObjectId,
        cache: Option<&CommitCache>,
    ) -> Result<(LoadedHistory, usize), LoadError> {
        let (line, file) = match cache {
            Some(cache) => cache.nearest(walk, head)?,
            None => (walk.main_line(head, &HashSet::new())?, None),
        };
        let mut history =
            file.and_then(Checkpoint::open).map(LoadedHistory::from_checkpoint).unwrap_or_default();
        let length = line.len();
        if length > 0 {
            let known = if line.has_merges() { history.reachable() } else { Vec::new() };
            let timeline = walk.timeline(line, history.commits.len(), &known)?;
            history.add(timeline, &self.recogniser(), self.continuity(), &self.shared.progress)?;
        }
        Ok((history, length))
    }

    /// Returns the cache of checkpoints; `None` if it is disabled, or if `git replace` is in use.
    fn cache(&self, git: &GitSource, walk: &HistoryWalk<'_>) -> Option<CommitCache> {
        let cache = git.cache.as_ref()?;
        let walk_key = walk.cache_key()?;
        let key = (self.recogniser().classifier.cache_key(), walk.folder, walk_key);
        Some(CommitCache::new(cache, &CHECKPOINTS, key))
    }
}

const NO_REPOSITORY: &str = "no Git history; rules that need the history did not run";

const NO_CHECKPOINT: &str = "only the history of the staged files was used; run `alignlint` without `--staged` once to use \
the whole history";

fn shallow_notice(end: Date, days_short: Option<u32>) -> String {
    let since = days_short.and_then(|days| end.checked_sub(jiff::Span::new().try_days(days).ok()?).ok());
    let enough = since.map_or_else(String::new, |since| {
        format!(
            "run `git fetch --shallow-since={since}` and then `git fetch --deepen=1` to fetch enough for all due dates; or "
        )
    });
    format!(
        "the clone is shallow: the history starts on {end}, so some findings may be missing; {enough}run \
         `git fetch --unshallow`, or set `fetch-depth: 0` in `actions/checkout`"
    )
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
