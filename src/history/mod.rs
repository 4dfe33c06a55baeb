//! What Git knows of the past of records: when each value last changed, in which commit and by whom.
//!
//! [`timeline`] is what happened to files; [`meaning`] folds records over it. Nothing is walked before
//! somebody asks, and what can't be told (no Git, no commit, the end of a shallow clone) is never guessed.

use std::collections::{HashMap, HashSet};
use std::num::NonZero;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use gix::ObjectId;
use jiff::civil::Date;

use crate::config::Config;
use crate::kind::Kinds;
use crate::profile::Profiles;
use crate::record::{Recogniser, Record};
use crate::snapshot::{Lineage, Snapshot};

mod checkpoint;
mod line;
mod lives;
pub mod meaning;
pub mod message;
mod progress;
mod store;
pub mod timeline;
mod trees;
pub mod version;
mod walk;

use meaning::{FieldChange, Life, Meaning, Moment, Untold};
pub use progress::Progress;
use store::Store;
use timeline::{Commit, Entry, Identity, Timeline};
use version::PastRecord;
use walk::Walk;

/// Where the past of a state is known from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// A repository.
    Git(Box<Lineage>),
    /// There is no repository.
    Nowhere,
    /// Commits in memory, oldest first.
    Memory(Vec<Entry>),
}

/// The past of one state's records. It is walked when it is first asked for.
pub struct Past {
    origin: Origin,
    kinds: Arc<Kinds>,
    profiles: Arc<Profiles>,
    config: Config,
    walked: Arc<Walked>,
}

/// A walk of fewer commits is not stored: it takes less time than anybody would notice.
const WORTH_KEEPING: usize = 100;

/// How many commits are looked at before somebody may commit, where nothing is stored.
const MOST_IN_HOOK: usize = 500;

/// What is known once it was asked for; states that the same commits led to share it.
#[derive(Default)]
struct Walked {
    /// The only files whose past matters, where somebody waits for a commit.
    staged: OnceLock<HashSet<Arc<str>>>,
    progress: Arc<Progress>,
    told: OnceLock<Told>,
    activity: OnceLock<Option<HashMap<Box<str>, Date>>>,
    /// The place of each commit, by its identifier, as [`When::order`] counts.
    orders: OnceLock<HashMap<Box<str>, i64>>,
}

/// What a walk has told.
#[derive(Default)]
struct Known {
    commits: Vec<Commit>,
    /// Every commit that was met, of the main line and of its sides.
    reachable: Vec<ObjectId>,
    /// The clone ends somewhere in it.
    shallow: bool,
    /// The only files that were looked at; none where all were.
    only: Option<HashSet<Arc<str>>>,
    meaning: Meaning,
}

/// What the walk came to.
enum Told {
    Known(Box<Known>),
    /// Why nothing is known, in a sentence.
    Unknown(String),
}

/// A change of a field's value, as one state sees it.
#[derive(Clone)]
pub struct Change<'p> {
    /// None where the field was taken away.
    pub value: Option<Arc<str>>,
    pub before: Option<Arc<str>>,
    pub when: When<'p>,
}

/// When, and by whom, something changed.
#[derive(Clone)]
pub enum When<'p> {
    Commit {
        commit: &'p Commit,
        /// Everybody who stands under it: authors and trailers, also of the merge that brought it and of the
        /// other commits on its side that touched the record. The commit's author comes first.
        people: Vec<&'p Identity>,
        /// How many records it changed; none where not all files were looked at.
        records: Option<usize>,
        /// Its place in the main line, or that of the merge which brought it.
        step: usize,
    },
    /// Not committed yet.
    Now,
    /// At or before the end of a shallow clone: the commit that it ends with is of this day, where even that
    /// is known.
    Unknown(Option<Date>),
}

/// Everything that is known of a record's past.
pub struct Story<'p> {
    pub created: When<'p>,
    /// For each field and part of a field that ever had a value, its changes from the oldest.
    pub fields: Vec<(Arc<str>, Vec<Change<'p>>)>,
}

impl Past {
    pub fn new(origin: Origin, kinds: Arc<Kinds>, profiles: Arc<Profiles>, config: Config) -> Past {
        Past { origin, kinds, profiles, config, walked: Arc::default() }
    }

    /// Says that somebody waits to commit changes of these files. Where no walk is stored, only their past is told.
    pub fn for_commit_of(&self, staged: HashSet<Arc<str>>) {
        let _ = self.walked.staged.set(staged);
    }

    /// The same past, which does not walk again where `other`, of another state but the same policy, has
    /// walked the same commits.
    pub fn beside(self, other: &Past) -> Past {
        let walked = if self.origin.is(&other.origin) { other.walked.clone() } else { self.walked };
        Past { walked, ..self }
    }

    /// The past of a record of the state; none where nothing is known of any.
    pub fn of(&self, record: &Record) -> Option<Story<'_>> {
        let known = self.known_of(record)?;
        let now = PastRecord::of(record);
        let Some(life) = known.meaning.of(record).ok()? else { return Some(Story::since(&When::Now, &now)) };
        let mut story = Story { created: when(known, &life.created), fields: Vec::new() };
        for (name, changes) in &life.fields {
            let changes = changes.iter().map(|change| Change::of(known, change)).collect();
            story.fields.push((name.clone(), changes));
        }
        story.add_uncommitted(life, &now);
        Some(story)
    }

    /// The changes of one field of a record, from the oldest: what its story tells of it; none where nothing
    /// is known of any.
    pub fn changes(&self, record: &Record, field: &str) -> Option<Vec<Change<'_>>> {
        let known = self.known_of(record)?;
        let life = known.meaning.of(record).ok()?;
        let value = version::value(record, field);
        let before = life.and_then(|life| life.now.field(field)).cloned();
        let committed = life.and_then(|life| life.fields.get(field)).into_iter().flatten();
        let mut changes: Vec<Change<'_>> = committed.map(|change| Change::of(known, change)).collect();
        if before != value {
            changes.push(Change { value, before, when: When::Now });
        }
        Some(changes)
    }

    /// When a record came to be; none where nothing is known of any.
    pub fn created(&self, record: &Record) -> Option<When<'_>> {
        let known = self.known_of(record)?;
        Some(known.meaning.of(record).ok()?.map_or(When::Now, |life| when(known, &life.created)))
    }

    /// The place of another state's change among all that are known here; none where it is not among them.
    pub fn order_of(&self, when: &When<'_>) -> Option<i64> {
        let When::Commit { commit, .. } = when else { return Some(when.order()).filter(|order| *order == 0) };
        let Told::Known(known) = self.told() else { return None };
        let orders = self.walked.orders.get_or_init(|| orders(known));
        orders.get(&commit.id).copied()
    }

    /// Whether it can be told which commits led here; none did where there is no repository.
    pub fn is_known(&self) -> bool {
        matches!(self.origin, Origin::Nowhere) || matches!(self.told(), Told::Known(_))
    }

    /// Whether the same commits led to both.
    pub fn is_same(&self, other: &Past) -> bool {
        self.origin.is(&other.origin)
    }

    /// The last day on which a person is known to have made a commit, or to have been named in one, by any
    /// of these names and addresses; none where they never were, or nothing is known.
    pub fn last_active<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Option<Date> {
        let activity = self.walked.activity.get_or_init(|| self.origin.activity()).as_ref()?;
        names.into_iter().filter_map(|name| activity.get(name.to_lowercase().as_str())).max().copied()
    }

    /// How far the walk has come, where one is under way.
    pub fn progress(&self) -> Arc<Progress> {
        self.walked.progress.clone()
    }

    /// What to tell a person once, where the past was asked for and can't be told in full. `short` is how many days
    /// further back a shallow clone would have to end for certainty about all that falls due.
    pub fn notice(&self, short: Option<u32>) -> Option<String> {
        match self.walked.told.get()? {
            Told::Unknown(why) => Some(why.clone()),
            Told::Known(known) if known.only.is_some() => Some(NOT_STORED.to_owned()),
            Told::Known(known) if known.shallow => Some(shallow(known.commits.first()?.date, short)),
            Told::Known(_) => None,
        }
    }

    /// What is known of where a record stands; none where nothing is, or nobody looked at its file.
    fn known_of(&self, record: &Record) -> Option<&Known> {
        let Told::Known(known) = self.told() else { return None };
        let looked_at = known.only.as_ref().is_none_or(|only| only.contains(&record.path));
        looked_at.then_some(&**known)
    }

    fn told(&self) -> &Told {
        self.walked.told.get_or_init(|| match self.tell() {
            Ok(known) => Told::Known(Box::new(known)),
            Err(why) => Told::Unknown(why),
        })
    }

    /// Walks, from what is stored where something is; or says why nothing can be told.
    fn tell(&self) -> Result<Known, String> {
        let recogniser = Recogniser::new(&self.kinds, &self.profiles, &self.config);
        let concerns = |path: &str| recogniser.places.is_candidate(path);
        let lineage = match &self.origin {
            Origin::Nowhere => {
                return Err("There is no Git history here, so nothing is judged by it.".to_owned());
            }
            Origin::Memory(entries) => {
                let timeline = Timeline::in_memory(entries, &concerns);
                return Known::default().after(timeline, &recogniser, &self.walked.progress).map_err(untold);
            }
            Origin::Git(lineage) => lineage,
        };
        let (repository, folder) = (&lineage.repository, &*lineage.folder);
        let (mailmap, progress) = (lineage.mailmap, &*self.walked.progress);
        let walk = Walk { repository, folder, mailmap, concerns: &concerns, only: None, progress };
        let (head, store) = (head(lineage)?, self.store(lineage, &walk));
        let known = match (self.walked.staged.get(), &store) {
            (Some(staged), Some(store)) if store.heads().is_empty() => {
                self.walk_of_some(&Walk { only: Some(staged), ..walk }, head)
            }
            _ => self.walk(&walk, head, store.as_ref()),
        };
        known.map_err(untold)
    }

    /// A walk that nobody has to wait for: of a few files, and not to the beginning.
    fn walk_of_some(&self, walk: &Walk<'_>, head: ObjectId) -> Result<Known, Untold> {
        let recogniser = Recogniser::new(&self.kinds, &self.profiles, &self.config);
        let line = walk.newest(head, &HashSet::new(), MOST_IN_HOOK)?;
        let only = Some(line.len()).filter(|&length| length >= WORTH_KEEPING).and(walk.only).cloned();
        let walk = Walk { only: only.as_ref(), ..*walk };
        let timeline = walk.timeline(line, 0, &[])?;
        let known = Known::default().after(timeline, &recogniser, &self.walked.progress)?;
        Ok(Known { only, ..known })
    }

    fn walk(&self, walk: &Walk<'_>, head: ObjectId, store: Option<&Store>) -> Result<Known, Untold> {
        let (known, length) = match self.go_on(walk, head, store) {
            // What is stored can't be gone on from: it is told again from the start.
            Err(Untold::Damaged) => self.go_on(walk, head, None)?,
            told => told?,
        };
        if let Some(store) = store.filter(|_| length >= WORTH_KEEPING) {
            store.save(head, &known);
        }
        Ok(known)
    }

    /// What is known of all commits to `head`, and how many of them had to be walked for it: those after the
    /// nearest that a stored walk ends in.
    fn go_on(
        &self,
        walk: &Walk<'_>,
        head: ObjectId,
        store: Option<&Store>,
    ) -> Result<(Known, usize), Untold> {
        let stored = store.map(Store::heads).unwrap_or_default();
        let line = walk.main_line(head, &stored)?;
        let known = match store.zip(line.after) {
            Some((store, stored)) => store.load(stored).ok_or(Untold::Damaged)?,
            None => Known::default(),
        };
        let length = line.len();
        let timeline = walk.timeline(line, known.commits.len(), &known.reachable)?;
        let recogniser = Recogniser::new(&self.kinds, &self.profiles, &self.config);
        Ok((known.after(timeline, &recogniser, &self.walked.progress)?, length))
    }

    /// The stored walks that this one can go on from; none where nothing is to be stored, or where history
    /// isn't what its commits say.
    fn store(&self, lineage: &Lineage, walk: &Walk<'_>) -> Option<Store> {
        let folder = lineage.store.as_deref()?;
        let on_clone = walk.depends_on()?;
        let kinds: Vec<_> = self.kinds.iter().map(|kind| (&kind.name, kind.json.to_string())).collect();
        Some(Store::new(folder, (kinds, self.profiles.digest(), self.config.places(), walk.folder, on_clone)))
    }
}

impl Known {
    /// What is known after more commits.
    fn after(
        self,
        timeline: Timeline,
        recogniser: &Recogniser<'_>,
        progress: &Progress,
    ) -> Result<Known, Untold> {
        let Known { mut commits, mut reachable, shallow, only, meaning } = self;
        let meaning = meaning.fold(&timeline, recogniser, progress)?;
        let shallow = shallow || timeline.steps.iter().any(|step| step.boundary);
        commits.extend(timeline.commits);
        reachable.extend(timeline.reachable);
        Ok(Known { commits, reachable, shallow, only, meaning })
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

impl Origin {
    /// Where the past of a state is known from.
    pub fn of(snapshot: &Snapshot) -> Origin {
        snapshot.lineage().map_or(Origin::Nowhere, |lineage| Origin::Git(Box::new(lineage)))
    }

    /// The same commits, whose authors are who they are by the mailmap of `standard`.
    pub fn mapped_by(self, standard: &Snapshot) -> Origin {
        match (self, standard.lineage()) {
            (Origin::Git(lineage), Some(Lineage { commit, .. })) => {
                Origin::Git(Box::new(Lineage { mailmap: commit, ..*lineage }))
            }
            (origin, _) => origin,
        }
    }

    /// Whether the two end in one commit, and are of one folder.
    fn is(&self, other: &Origin) -> bool {
        match (self, other) {
            (Origin::Git(one), Origin::Git(other)) if one.folder == other.folder => {
                head(one).is_ok_and(|one| head(other) == Ok(one))
            }
            _ => false,
        }
    }

    fn activity(&self) -> Option<HashMap<Box<str>, Date>> {
        match self {
            Origin::Nowhere => None,
            Origin::Git(lineage) => {
                walk::activity(&lineage.repository, lineage.mailmap, head(lineage).ok()?).ok()
            }
            Origin::Memory(entries) => {
                let mut last = HashMap::new();
                for entry in entries {
                    note(&mut last, &entry.author, entry.date);
                    for trailer in message::trailers(&entry.message) {
                        note(&mut last, &trailer.who, entry.date);
                    }
                }
                Some(last)
            }
        }
    }
}

/// The place of each commit on the main line; what a merge brought to a record has the merge's.
fn orders(known: &Known) -> HashMap<Box<str>, i64> {
    let numbered = known.commits.iter().enumerate();
    let mut orders: HashMap<Box<str>, i64> =
        numbered.map(|(at, commit)| (commit.id.clone(), order(at))).collect();
    for life in known.meaning.each_life().filter_map(|(_, life)| life.ok()) {
        let changes = life.fields.values().flatten();
        for moment in changes.map(|change| &change.moment).chain([&life.created]) {
            if let (Some(merge), Some(commit)) = (moment.merge, known.commits.get(moment.commit)) {
                orders.insert(commit.id.clone(), order(merge));
            }
        }
    }
    orders
}

fn order(step: usize) -> i64 {
    i64::try_from(step).map_or(i64::MAX, |step| step.saturating_add(1))
}

/// Remembers the last day of a person, under the name, the address and the account.
fn note(last: &mut HashMap<Box<str>, Date>, who: &Identity, day: Date) {
    let names = [Some(&*who.name), Some(&*who.email), who.account()].into_iter().flatten();
    for name in names.filter(|name| !name.is_empty()) {
        let known = last.entry(name.to_lowercase().into()).or_insert(day);
        *known = day.max(*known);
    }
}

/// The last commit that led to a state.
fn head(lineage: &Lineage) -> Result<ObjectId, String> {
    let head = || lineage.repository.to_thread_local().head_id().map(gix::Id::detach);
    lineage.commit.map_or_else(head, Ok).map_err(|_| {
        "There is no commit yet, or none that can be read, so nothing is judged by history.".to_owned()
    })
}

impl<'p> Story<'p> {
    /// A record of whose past nothing is known.
    pub fn unknown(record: &Record) -> Story<'p> {
        Story::since(&When::Unknown(None), &PastRecord::of(record))
    }

    /// A record whose values are all as old as itself.
    fn since(when: &When<'p>, now: &PastRecord) -> Story<'p> {
        let change =
            |value: &Arc<str>| Change { value: Some(value.clone()), before: None, when: when.clone() };
        let fields = now.fields.iter().map(|(name, value)| (name.clone(), vec![change(value)])).collect();
        Story { created: when.clone(), fields }
    }

    /// What the state has otherwise than the last commit.
    fn add_uncommitted(&mut self, life: &Life, now: &PastRecord) {
        let names = life.now.fields.iter().chain(&now.fields).map(|(name, _)| name);
        let mut seen = std::collections::BTreeSet::new();
        for name in names.filter(|name| seen.insert(*name)) {
            let (before, value) = (life.now.field(name), now.field(name));
            if before == value {
                continue;
            }
            let change = Change { value: value.cloned(), before: before.cloned(), when: When::Now };
            match self.fields.iter_mut().find(|(known, _)| known == name) {
                Some((_, changes)) => changes.push(change),
                None => self.fields.push((name.clone(), vec![change])),
            }
        }
    }

    /// The changes of a field, from the oldest.
    pub fn changes(&self, field: &str) -> &[Change<'p>] {
        self.fields.iter().find(|(name, _)| **name == *field).map_or(&[], |(_, changes)| changes)
    }
}

impl<'p> Change<'p> {
    fn of(known: &'p Known, change: &FieldChange) -> Change<'p> {
        Change {
            value: change.value.clone(),
            before: change.before.clone(),
            when: when(known, &change.moment),
        }
    }
}

impl When<'_> {
    /// What comes before what, also within one day: 0 for what is at or before the end of a shallow clone, the
    /// greatest number for what is not committed yet. What one merge brought has one number.
    pub fn order(&self) -> i64 {
        match self {
            When::Unknown(_) => 0,
            When::Commit { step, .. } => order(*step),
            When::Now => i64::MAX,
        }
    }

    /// The day; `today` for what is not committed yet.
    pub fn date(&self, today: Date) -> Option<Date> {
        match self {
            When::Commit { commit, .. } => Some(commit.date),
            When::Now => Some(today),
            When::Unknown(_) => None,
        }
    }

    /// The last day on which it can have been.
    pub fn latest(&self, today: Date) -> Option<Date> {
        if let When::Unknown(by) = self { *by } else { self.date(today) }
    }
}

fn when<'p>(known: &'p Known, moment: &Moment) -> When<'p> {
    let numbered = |commit: usize| known.commits.get(commit);
    let Some(commit) = numbered(moment.commit) else { return When::Unknown(None) };
    if moment.boundary {
        return When::Unknown(Some(commit.date));
    }
    let on_side = moment.touched.iter().filter_map(|&commit| numbered(commit));
    let mut people: Vec<&Identity> = vec![&commit.author];
    for commit in [commit].into_iter().chain(on_side) {
        people.push(&commit.author);
        people.extend(commit.trailers.iter().map(|trailer| &trailer.who));
    }
    if let Some(merge) = moment.merge.and_then(numbered) {
        people.push(&merge.author);
        people.extend(merge.trailers.iter().map(|trailer| &trailer.who));
    }
    let mut seen = std::collections::HashSet::new();
    people.retain(|who| seen.insert(*who));
    let step = moment.merge.unwrap_or(moment.commit);
    let records = known.only.is_none().then(|| known.meaning.records_changed(moment));
    When::Commit { commit, people, records, step }
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
