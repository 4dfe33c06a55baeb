//! What Git knows of the past of records: when each value last changed, in which commit and by whom.
//!
//! [`timeline`] is what happened to files; [`meaning`] folds records over it. Nothing is walked before
//! somebody asks, and what can't be told (no Git, no commit, the end of a shallow clone) is never guessed.

use std::collections::{HashMap, HashSet};
use std::num::NonZero;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use gix::ObjectId;
use jiff::civil::Date;

use crate::cache::{Damaged, Sort};
use crate::config::Config;
use crate::kind::Kinds;
use crate::profile::Profiles;
use crate::record::{Recogniser, Record};
use crate::snapshot::{BlobId, GitSource, Snapshot};

mod activity;
mod changes;
mod checkpoint;
mod line;
mod lives;
pub mod meaning;
pub mod message;
mod places;
mod progress;
mod store;
mod story;
pub mod timeline;
mod trees;
pub mod version;
mod walk;

use activity::Activity;
use changes::Committed;
pub use changes::FieldChanges;
use checkpoint::Checkpoint;
use lives::Commits;
use meaning::{Meaning, Untold};
pub use progress::Progress;
use store::Store;
pub use story::{FieldChange, RecordHistory, Revision};
use story::{order, when};
use timeline::{ExampleCommit, Timeline};
use version::RecordVersion;
use walk::Walk;

/// Where the past of a state is known from.
#[derive(Clone, Debug)]
pub enum CommitSource {
    /// A repository.
    Git(Box<GitSource>),
    /// There is no repository.
    NoRepository,
    /// Commits in memory, oldest first.
    Memory(Vec<ExampleCommit>),
}

/// The past of one state's records. It is walked when it is first asked for.
pub struct History {
    origin: CommitSource,
    kinds: Arc<Kinds>,
    profiles: Arc<Profiles>,
    config: Config,
    walked: Arc<Walked>,
}

/// What is kept of walks, of all branches and policies.
const WALKS: Sort = Sort { prefix: "history", most: 8, largest: 256 << 20 };

/// A walk of fewer commits is not stored: it takes less time than anybody would notice.
const WORTH_KEEPING: usize = 100;

/// How many commits are looked at before somebody may commit, where nothing is stored.
const MOST_IN_HOOK: usize = 500;

/// What is known once it was asked for; states that the same commits led to share it.
#[derive(Default)]
struct Walked {
    /// The only files whose past matters, where somebody waits for a commit.
    staged: OnceLock<HashSet<Arc<str>>>,
    /// Whether the past of no others is told.
    is_of_staged: OnceLock<bool>,
    progress: Arc<Progress>,
    told: OnceLock<Told>,
    /// The same told anew, where what was kept of it turned out to be damaged.
    again: OnceLock<Told>,
    activity: OnceLock<Option<Activity>>,
    /// The place of each commit, by its identifier, as [`Revision::order`] counts.
    orders: OnceLock<HashMap<Box<str>, i64>>,
}

/// What a walk has told.
#[derive(Default)]
struct Known {
    /// What was stored of it.
    checkpoint: Option<Arc<Checkpoint>>,
    commits: Commits,
    /// Every commit that was met since, of the main line and of its sides.
    reachable: Vec<ObjectId>,
    /// The clone ends somewhere in it.
    shallow: bool,
    /// Only some files were looked at.
    of_some: bool,
    meaning: Meaning,
}

/// What the walk came to.
enum Told {
    Known(Box<Known>),
    /// Why nothing is known, in a sentence.
    Unknown(String),
}

/// Where a walk begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begin {
    /// After what is stored, where something is.
    FromStored,
    /// At the start, since what is stored is no good.
    Anew,
}

impl From<Result<Known, String>> for Told {
    fn from(told: Result<Known, String>) -> Told {
        told.map_or_else(Told::Unknown, |known| Told::Known(Box::new(known)))
    }
}

impl History {
    pub fn new(origin: CommitSource, kinds: Arc<Kinds>, profiles: Arc<Profiles>, config: Config) -> History {
        History { origin, kinds, profiles, config, walked: Arc::default() }
    }

    /// Says that somebody waits to commit changes of these files. Where no walk is stored, only their past is told.
    pub fn set_staged_files(&self, staged: HashSet<Arc<str>>) {
        let _ = self.walked.staged.set(staged);
    }

    /// The same past, which does not walk again where `other`, of another state but the same policy, has
    /// walked the same commits.
    pub fn shared_with(self, other: &History) -> History {
        let walked = if self.origin.is(&other.origin) { other.walked.clone() } else { self.walked };
        History { walked, ..self }
    }

    /// The past of a record of the state; none where nothing is known of any.
    pub fn of_record(&self, record: &Record) -> Option<RecordHistory<'_>> {
        let now = RecordVersion::of(record);
        self.ask_of(record, |known| {
            let Some(life) = known.meaning.of(record)? else {
                return Ok(RecordHistory::since(&Revision::Uncommitted, &now));
            };
            let mut story = RecordHistory { created: when(known, &life.created)?, fields: Vec::new() };
            for (name, changes) in &life.fields {
                let changes = changes.iter().map(|change| FieldChange::of(known, change));
                story.fields.push((name.clone(), changes.collect::<Result<_, _>>()?));
            }
            story.add_uncommitted(life, &now);
            Ok(story)
        })
    }

    /// The changes of one field of a record, from the oldest: what its story tells of it; none where nothing
    /// is known of any. `blob` is what Git calls the bytes of the record's file, where that is known: then today's
    /// value needs no comparing where the last commit has the same bytes.
    pub fn changes<'p>(
        &'p self,
        record: &'p Record,
        field: &str,
        blob: Option<BlobId>,
    ) -> Option<FieldChanges<'p>> {
        self.ask_of(record, |known| {
            let (committed, is_unchanged) = known.meaning.changes(record, field, blob)?;
            let uncommitted = match is_unchanged {
                true => None,
                false => {
                    let before = committed.last().map_or(Ok(None), Committed::value)?;
                    Some(version::value(record, field)).filter(|value| value.as_deref() != before.as_deref())
                }
            };
            Ok(FieldChanges { past: self, record, field: field.into(), known, committed, uncommitted })
        })
    }

    /// When a record came to be; none where nothing is known of any.
    pub fn created(&self, record: &Record) -> Option<Revision<'_>> {
        self.ask_of(record, |known| {
            let created = known.meaning.created(record)?;
            created.map_or(Ok(Revision::Uncommitted), |created| when(known, &created))
        })
    }

    /// The place of another state's change among all that are known here; none where it is not among them.
    pub fn order_of(&self, when: &Revision<'_>) -> Option<i64> {
        let Revision::Commit { commit, .. } = when else {
            return Some(when.order()).filter(|order| *order == 0);
        };
        let orders = match self.walked.orders.get() {
            Some(orders) => orders,
            None => {
                let orders = self.ask(orders)?;
                self.walked.orders.get_or_init(|| orders)
            }
        };
        orders.get(&commit.id).copied()
    }

    /// Whether it can be told which commits led here; none did where there is no repository.
    pub fn is_available(&self) -> bool {
        matches!(self.origin, CommitSource::NoRepository) || matches!(self.told(), Told::Known(_))
    }

    /// Whether the same commits led to both.
    pub fn has_same_head(&self, other: &History) -> bool {
        self.origin.is(&other.origin)
    }

    /// The last day on which a person is known to have made a commit, or to have been named in one, by any
    /// of these names and addresses; none where they never were, or nothing is known.
    pub fn last_active<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Option<Date> {
        let activity =
            self.walked.activity.get_or_init(|| self.origin.activity(&self.walked.progress)).as_ref()?;
        names.into_iter().filter_map(|name| activity.last(name)).max()
    }

    /// How far the walk has come, where one is under way.
    pub fn progress(&self) -> Arc<Progress> {
        self.walked.progress.clone()
    }

    /// What to tell a person once, where the past was asked for and can't be told in full. `short` is how many days
    /// further back a shallow clone would have to end for certainty about all that falls due.
    pub fn notice(&self, short: Option<u32>) -> Option<String> {
        if let Some(Told::Unknown(why)) = self.walked.told.get() {
            return Some(why.clone());
        }
        if self.walked.is_of_staged.get() == Some(&true) {
            return Some(NOT_STORED.to_owned());
        }
        self.walked.told.get()?;
        self.ask(|known| match known {
            Known { shallow: true, commits, .. } if commits.len() > 0 => {
                Ok(Some(shallow(commits.get(0)?.date, short)))
            }
            _ => Ok(None),
        })?
    }

    /// Asks what is known of where a record stands; none where nothing is, or the past of its file is not told.
    fn ask_of<'p, T>(
        &'p self,
        record: &Record,
        question: impl Fn(&'p Known) -> Result<T, Damaged>,
    ) -> Option<T> {
        let is_told = self.only().is_none_or(|only| only.contains(&record.path));
        is_told.then(|| self.ask(question))?
    }

    /// The only files whose past is told: those that somebody waits to commit, where no walk is stored and it would take
    /// time to walk.
    fn only(&self) -> Option<&HashSet<Arc<str>>> {
        let staged = self.walked.staged.get()?;
        let CommitSource::Git(git_source) = &self.origin else { return None };
        let is_of_staged = || {
            self.with_walk(git_source, |walk| {
                let store = self.store(git_source, walk)?;
                let head = head(git_source).ok().filter(|_| store.heads().is_empty())?;
                let line = walk.newest(head, &HashSet::new(), WORTH_KEEPING).ok()?;
                Some(line.len() == WORTH_KEEPING)
            })
        };
        let is_of_staged = *self.walked.is_of_staged.get_or_init(|| is_of_staged().unwrap_or(false));
        is_of_staged.then_some(staged)
    }

    /// Asks what is known; none where nothing is. Where it turns out that what is kept of it is damaged, it is told
    /// anew.
    fn ask<'p, T>(&'p self, question: impl Fn(&'p Known) -> Result<T, Damaged>) -> Option<T> {
        // Where it could not be told anew, what is not damaged still answers: no answer depends on what was asked before.
        let again = self.walked.again.get().filter(|again| matches!(again, Told::Known(_)));
        let Told::Known(known) = again.unwrap_or_else(|| self.told()) else { return None };
        question(known).ok().or_else(|| question(self.known_anew()?).ok())
    }

    /// What is known without what was kept, which is damaged.
    fn known_anew(&self) -> Option<&Known> {
        match self.told_in(&self.walked.again, Begin::Anew) {
            Told::Known(known) => Some(known),
            Told::Unknown(_) => None,
        }
    }

    fn told(&self) -> &Told {
        self.told_in(&self.walked.told, Begin::FromStored)
    }

    /// What is in a place, where it is told first if nothing is. It is kept when those who wait for it have it.
    fn told_in<'p>(&self, place: &'p OnceLock<Told>, begin: Begin) -> &'p Told {
        let mut to_keep = None;
        let told = place.get_or_init(|| self.tell(begin, &mut to_keep).into());
        if let (Some((store, head)), Told::Known(known)) = (to_keep, told) {
            checkpoint::sections(known).into_iter().for_each(|sections| store.save(head, &sections));
        }
        told
    }

    /// Walks, or says why nothing can be told. `to_keep` becomes where, and as a walk to which commit, the outcome is
    /// worth keeping.
    fn tell(&self, begin: Begin, to_keep: &mut Option<(Store, ObjectId)>) -> Result<Known, String> {
        let git_source = match &self.origin {
            CommitSource::NoRepository => {
                return Err("There is no Git history here, so nothing is judged by it.".to_owned());
            }
            CommitSource::Memory(entries) => {
                let recogniser = self.recogniser();
                let concerns = |path: &str| recogniser.classifier.is_candidate(path);
                let timeline = Timeline::in_memory(entries, &concerns);
                return Known::default().after(timeline, &recogniser, &self.walked.progress).map_err(untold);
            }
            CommitSource::Git(git_source) => git_source,
        };
        let head = head(git_source)?;
        let known = self.with_walk(git_source, |walk| match self.only() {
            Some(only) => self.walk_of_some(&Walk { only: Some(only), ..*walk }, head),
            None => {
                let store = self.store(git_source, walk);
                let (known, length) = self.walk(walk, head, store.as_ref(), begin)?;
                *to_keep = store.filter(|_| length >= WORTH_KEEPING).map(|store| (store, head));
                Ok(known)
            }
        });
        known.map_err(untold)
    }

    fn recogniser(&self) -> Recogniser<'_> {
        Recogniser::new(&self.kinds, &self.profiles, &self.config)
    }

    /// Does something with the walk over a repository's commits.
    fn with_walk<T>(&self, git_source: &GitSource, work: impl FnOnce(&Walk<'_>) -> T) -> T {
        let recogniser = self.recogniser();
        // A file is changed many times: what its path says is told once.
        let known: Mutex<HashMap<Box<str>, bool>> = Mutex::default();
        let concerns = |path: &str| {
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            known.get(path).copied().unwrap_or_else(|| {
                let is_candidate = recogniser.classifier.is_candidate(path);
                known.insert(path.into(), is_candidate);
                is_candidate
            })
        };
        let (repository, folder) = (&git_source.repository, &*git_source.folder);
        let (mailmap, progress) = (git_source.mailmap, &*self.walked.progress);
        work(&Walk { repository, folder, mailmap, concerns: &concerns, only: None, progress })
    }

    /// A walk that nobody has to wait for: of a few files, and not to the beginning.
    fn walk_of_some(&self, walk: &Walk<'_>, head: ObjectId) -> Result<Known, Untold> {
        let line = walk.newest(head, &HashSet::new(), MOST_IN_HOOK)?;
        let timeline = walk.timeline(line, 0, &[])?;
        let known = Known { of_some: true, ..Known::default() };
        known.after(timeline, &self.recogniser(), &self.walked.progress)
    }

    /// What is known of all commits to `head`, and how many of them had to be walked for it.
    fn walk(
        &self,
        walk: &Walk<'_>,
        head: ObjectId,
        store: Option<&Store>,
        begin: Begin,
    ) -> Result<(Known, usize), Untold> {
        match self.go_on(walk, head, store.filter(|_| begin == Begin::FromStored)) {
            // What is stored can't be gone on from: it is told again from the start.
            Err(Untold::Damaged) => self.go_on(walk, head, None),
            told => told,
        }
    }

    /// As [`History::walk`]: those after the nearest that a stored walk ends in have to be walked.
    fn go_on(
        &self,
        walk: &Walk<'_>,
        head: ObjectId,
        store: Option<&Store>,
    ) -> Result<(Known, usize), Untold> {
        let stored = store.map(Store::heads).unwrap_or_default();
        let line = walk.main_line(head, &stored)?;
        let known = match store.zip(line.after) {
            Some((store, stored)) => Known::stored(Checkpoint::new(store.open(stored).ok_or(Damaged)?)?),
            None => Known::default(),
        };
        let length = line.len();
        if length == 0 {
            return Ok((known, length));
        }
        let met = if line.has_merges() { known.reachable()? } else { Vec::new() };
        let timeline = walk.timeline(line, known.commits.len(), &met)?;
        Ok((known.after(timeline, &self.recogniser(), &self.walked.progress)?, length))
    }

    /// The stored walks that this one can go on from; none where nothing is to be stored, or where history
    /// isn't what its commits say.
    fn store(&self, git_source: &GitSource, walk: &Walk<'_>) -> Option<Store> {
        let folder = git_source.cache_dir.as_deref()?;
        let on_clone = walk.depends_on()?;
        let kinds: Vec<_> = self.kinds.iter().map(|kind| (&kind.name, kind.json.to_string())).collect();
        Some(Store::new(
            folder,
            &WALKS,
            (kinds, self.profiles.digest(), self.config.file_selection(), walk.folder, on_clone),
        ))
    }
}

impl Known {
    /// What is stored, of which nothing is read yet.
    fn stored(checkpoint: Checkpoint) -> Known {
        let checkpoint = Arc::new(checkpoint);
        Known {
            commits: Commits::of(checkpoint.clone()),
            reachable: Vec::new(),
            shallow: checkpoint.shallow(),
            of_some: false,
            meaning: Meaning::stored(checkpoint.clone()),
            checkpoint: Some(checkpoint),
        }
    }

    /// What is known after more commits.
    fn after(
        self,
        timeline: Timeline,
        recogniser: &Recogniser<'_>,
        progress: &Progress,
    ) -> Result<Known, Untold> {
        let Known { checkpoint, mut commits, mut reachable, shallow, of_some, meaning } = self;
        let meaning = meaning.fold(&timeline, recogniser, progress)?;
        let shallow = shallow || timeline.steps.iter().any(|step| step.boundary);
        for commit in timeline.commits {
            commits.add(commit);
        }
        reachable.extend(timeline.reachable);
        Ok(Known { checkpoint, commits, reachable, shallow, of_some, meaning })
    }

    /// Every commit that was met, of the main line and of its sides.
    fn reachable(&self) -> Result<Vec<ObjectId>, Damaged> {
        let stored = self.checkpoint.as_ref().map_or(Ok(Vec::new()), |checkpoint| checkpoint.reachable())?;
        Ok([stored, self.reachable.clone()].concat())
    }
}

const NOT_STORED: &str = "Nothing of the history is stored here yet, so it is told of what is staged only. A run without \
`--staged` stores it.";

/// What to tell where a shallow clone ends with a commit of the day `end`.
fn shallow(end: Date, short: Option<u32>) -> String {
    let since = short.and_then(|days| end.checked_sub(jiff::Span::new().try_days(days).ok()?).ok());
    let enough = since.map_or_else(String::new, |since| {
        format!(
            "`git fetch --shallow-since={since}` and then `git fetch --deepen=1` bring enough for all that falls due; "
        )
    });
    format!(
        "The clone is shallow: its history begins on {end}, and of what changed then or before, nobody can tell when. \
         It is judged only where it is late all the same. {enough}`git fetch --unshallow` brings all there is (how many \
         commits that is, only the other side knows), as does `fetch-depth: 0` of actions/checkout."
    )
}

/// Why nothing can be told.
fn untold(untold: Untold) -> String {
    let missing = match untold {
        Untold::Missing(missing) => missing,
        Untold::Damaged => return "What was stored of the history is damaged.".to_owned(),
        Untold::Unreadable(error) => {
            return format!(
                "The history can't be read ({error}), so nothing is judged by it. `git fsck` says more."
            );
        }
    };
    let (versions, are) = if missing == 1 { ("version", "is") } else { ("versions", "are") };
    format!(
        "The clone is partial: {missing} {versions} of files that records stood in {are} not in it, so nothing is \
         judged by history. `git fetch --refetch --no-filter` brings them."
    )
}

impl CommitSource {
    /// Where the past of a state is known from.
    pub fn of(snapshot: &Snapshot) -> CommitSource {
        snapshot
            .git_source()
            .map_or(CommitSource::NoRepository, |git_source| CommitSource::Git(Box::new(git_source)))
    }

    /// The same commits, whose authors are who they are by the mailmap of `standard`.
    pub fn with_mailmap_of(self, standard: &Snapshot) -> CommitSource {
        match (self, standard.git_source()) {
            (CommitSource::Git(git_source), Some(GitSource { commit, .. })) => {
                CommitSource::Git(Box::new(GitSource { mailmap: commit, ..*git_source }))
            }
            (origin, _) => origin,
        }
    }

    /// Whether the two end in one commit, and are of one folder.
    fn is(&self, other: &CommitSource) -> bool {
        match (self, other) {
            (CommitSource::Git(one), CommitSource::Git(other)) if one.folder == other.folder => {
                head(one).is_ok_and(|one| head(other) == Ok(one))
            }
            _ => false,
        }
    }

    fn activity(&self, progress: &Progress) -> Option<Activity> {
        match self {
            CommitSource::NoRepository => None,
            CommitSource::Git(git_source) => {
                Activity::of_repository(git_source, head(git_source).ok()?, progress).ok()
            }
            CommitSource::Memory(entries) => Some(Activity::in_memory(entries)),
        }
    }
}

/// The place of each commit on the main line; what a merge brought to a record has the merge's.
fn orders(known: &Known) -> Result<HashMap<Box<str>, i64>, Damaged> {
    let numbered = |commit: usize| known.commits.get(commit).map(|commit| commit.id.clone());
    let mut orders: HashMap<Box<str>, i64> = HashMap::new();
    for commit in 0..known.commits.len() {
        orders.insert(numbered(commit)?, order(commit));
    }
    for (_, life) in known.meaning.each_life()? {
        let changes = life.fields.values().flatten();
        for moment in changes.map(|change| &change.moment).chain([&life.created]) {
            if let Some(merge) = moment.merge {
                orders.insert(numbered(moment.commit)?, order(merge));
            }
        }
    }
    Ok(orders)
}

/// The last commit that led to a state.
fn head(git_source: &GitSource) -> Result<ObjectId, String> {
    let head = || git_source.repository.to_thread_local().head_id().map(gix::Id::detach);
    git_source.commit.map_or_else(head, Ok).map_err(|_| {
        "There is no commit yet, or none that can be read, so nothing is judged by history.".to_owned()
    })
}

/// Threads for one walk, at most.
const THREADS: usize = 8;
/// Each thread's stack: deep trees are walked by recursion within known limits.
const STACK: usize = 8 << 20;

/// Does some work on each item, on several threads that take the next one as soon as they are free; the
/// results have the order of the items. Each thread works with what `begin` gives it. These are no threads of the
/// pool on which rules are judged: there, one that waits for the past may be handed another that waits for it too.
fn on_threads<T: Send, S, R: Send>(
    items: impl Iterator<Item = T> + Send,
    begin: impl Fn() -> S + Sync,
    work: impl Fn(&S, T) -> R + Sync,
) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get).min(THREADS);
    let threads = items.size_hint().1.map_or(threads, |most| most.min(threads));
    let items = Mutex::new(items.enumerate());
    let run = || {
        let with = begin();
        let next = || items.lock().unwrap_or_else(PoisonError::into_inner).next();
        let mut done = Vec::new();
        while let Some((at, item)) = next() {
            done.push((at, work(&with, item)));
        }
        done
    };
    let mut done = std::thread::scope(|scope| {
        let start = || std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run).ok();
        let running: Vec<_> = (0..threads).map_while(|_| start()).collect();
        // Where no thread can be started, this one does it all.
        let mut done = if running.is_empty() { run() } else { Vec::new() };
        for thread in running {
            done.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}
