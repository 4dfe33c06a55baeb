//! What Git knows of the past of records: when each value last changed, in which commit and by whom.
//!
//! [`timeline`] is what happened to files; [`meaning`] folds records over it. Nothing is walked before
//! somebody asks, and what can't be told (no Git, no commit, the end of a shallow clone) is never guessed.

use std::collections::HashMap;
use std::num::NonZero;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use crate::config::Config;
use crate::kind::Kinds;
use crate::profile::Profiles;
use crate::record::{Recogniser, Record};
use crate::snapshot::{Lineage, Snapshot};

pub mod meaning;
pub mod message;
pub mod timeline;
mod trees;
pub mod version;
mod walk;

use meaning::{FieldChange, Life, Meaning, Moment};
use timeline::{Commit, Entry, Identity, Timeline};
use version::PastRecord;

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

/// What is known once it was asked for; states that the same commits led to share it.
#[derive(Default)]
struct Walked {
    told: OnceLock<Told>,
    activity: OnceLock<Option<HashMap<Box<str>, Date>>>,
    /// The place of each commit, by its identifier, as [`When::order`] counts.
    orders: OnceLock<HashMap<Box<str>, i64>>,
}

type Known = (Timeline, Meaning);

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
        /// How many records it changed.
        records: usize,
        /// Its place in the main line, or that of the merge which brought it.
        step: usize,
    },
    /// Not committed yet.
    Now,
    /// At or before the end of a shallow clone.
    Unknown,
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

    /// The same past, which does not walk again where `other`, of another state but the same policy, has
    /// walked the same commits.
    pub fn beside(self, other: &Past) -> Past {
        let walked = if self.origin.is(&other.origin) { other.walked.clone() } else { self.walked };
        Past { walked, ..self }
    }

    /// The past of a record of the state; none where nothing is known of any.
    pub fn of(&self, record: &Record) -> Option<Story<'_>> {
        let Told::Known(known) = self.told() else { return None };
        let now = PastRecord::of(record);
        let Some(life) = known.1.of(record) else { return Some(Story::since(&When::Now, &now)) };
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
        let Told::Known(known) = self.told() else { return None };
        let life = known.1.of(record);
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
        let Told::Known(known) = self.told() else { return None };
        Some(known.1.of(record).map_or(When::Now, |life| when(known, &life.created)))
    }

    /// The place of another state's change among all that are known here; none where it is not among them.
    pub fn order_of(&self, when: &When<'_>) -> Option<i64> {
        let When::Commit { commit, .. } = when else { return Some(when.order()).filter(|order| *order == 0) };
        let Told::Known(known) = self.told() else { return None };
        let orders = self.walked.orders.get_or_init(|| orders(&known.0));
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

    /// What to tell a person once, where the past was asked for and can't be told in full.
    pub fn notice(&self) -> Option<String> {
        match self.walked.told.get()? {
            Told::Unknown(why) => Some(why.clone()),
            Told::Known(known) if known.0.steps.iter().any(|step| step.boundary) => Some(SHALLOW.to_owned()),
            Told::Known(_) => None,
        }
    }

    fn told(&self) -> &Told {
        self.walked.told.get_or_init(|| {
            let recogniser = Recogniser::new(&self.kinds, &self.profiles, &self.config);
            let places = recogniser.places;
            match self.origin.timeline(&|path| places.is_candidate(path)) {
                Ok(timeline) => match Meaning::fold(&timeline, &recogniser) {
                    Ok(meaning) => Told::Known(Box::new((timeline, meaning))),
                    Err(missing) => Told::Unknown(partial(missing)),
                },
                Err(why) => Told::Unknown(why),
            }
        })
    }
}

const SHALLOW: &str = "The clone is shallow: of what changed at or before its first commit, nobody can tell when. \
Rules that need to know do not judge it. `git fetch --unshallow` brings the rest; in a GitHub workflow, \
`fetch-depth: 0` of actions/checkout.";

/// What to tell where contents are not in this clone.
fn partial(missing: usize) -> String {
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

    fn timeline(&self, concerns: &(dyn Fn(&str) -> bool + Sync)) -> Result<Timeline, String> {
        let lineage = match self {
            Origin::Memory(entries) => return Ok(Timeline::in_memory(entries, concerns)),
            Origin::Nowhere => {
                return Err("There is no Git history here, so nothing is judged by it.".to_owned());
            }
            Origin::Git(lineage) => lineage,
        };
        let head = head(lineage)?;
        let (repository, folder) = (&lineage.repository, &*lineage.folder);
        let walk = walk::Walk { repository, folder, mailmap: lineage.mailmap, concerns };
        walk.timeline(head).map_err(|error| {
            format!("The history can't be read ({error}), so nothing is judged by it. `git fsck` says more.")
        })
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

/// The place of each commit on the main line; what a merge brought has the merge's.
fn orders(timeline: &Timeline) -> HashMap<Box<str>, i64> {
    let mut orders = HashMap::new();
    for step in &timeline.steps {
        for commit in step.side.iter().map(|part| part.commit).chain([step.commit]) {
            orders.entry(timeline.commits[commit].id.clone()).or_insert(order(step.commit));
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
fn head(lineage: &Lineage) -> Result<gix::ObjectId, String> {
    let head = || lineage.repository.to_thread_local().head_id().map(gix::Id::detach);
    lineage.commit.map_or_else(head, Ok).map_err(|_| {
        "There is no commit yet, or none that can be read, so nothing is judged by history.".to_owned()
    })
}

impl<'p> Story<'p> {
    /// A record of whose past nothing is known.
    pub fn unknown(record: &Record) -> Story<'p> {
        Story::since(&When::Unknown, &PastRecord::of(record))
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
            When::Unknown => 0,
            When::Commit { step, .. } => order(*step),
            When::Now => i64::MAX,
        }
    }

    /// The day; `today` for what is not committed yet.
    pub fn date(&self, today: Date) -> Option<Date> {
        match self {
            When::Commit { commit, .. } => Some(commit.date),
            When::Now => Some(today),
            When::Unknown => None,
        }
    }
}

fn when<'p>((timeline, meaning): &'p Known, moment: &Moment) -> When<'p> {
    if moment.boundary {
        return When::Unknown;
    }
    let commit = &timeline.commits[moment.commit];
    let on_side = moment.touched.iter().map(|&commit| &timeline.commits[commit]);
    let mut people: Vec<&Identity> = vec![&commit.author];
    for commit in [commit].into_iter().chain(on_side) {
        people.push(&commit.author);
        people.extend(commit.trailers.iter().map(|trailer| &trailer.who));
    }
    if let Some(merge) = moment.merge {
        let merge = &timeline.commits[merge];
        people.push(&merge.author);
        people.extend(merge.trailers.iter().map(|trailer| &trailer.who));
    }
    let mut seen = std::collections::HashSet::new();
    people.retain(|who| seen.insert(*who));
    let step = moment.merge.unwrap_or(moment.commit);
    When::Commit { commit, people, records: meaning.records_changed(moment), step }
}

/// Threads for one walk, at most.
const THREADS: usize = 8;
/// Each thread's stack: deep trees are walked by recursion within known limits.
const STACK: usize = 8 << 20;
/// Fewer items than this are not worth a thread.
const FEW: usize = 32;

/// Does some work on parts of a list, each on a thread of its own; the results have the order of the
/// parts. These are no threads of the pool on which rules are judged: there, one that waits for the past
/// may be handed another that waits for it too.
fn on_threads<'t, T: Sync, R: Send>(items: &'t [T], work: impl Fn(&'t [T]) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get).min(THREADS);
    let size = items.len().div_ceil(threads).max(FEW);
    std::thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> = items
            .chunks(size)
            .map(|part| {
                let thread = std::thread::Builder::new().stack_size(STACK);
                thread.spawn_scoped(scope, move || work(part)).map_err(|_| part)
            })
            .collect();
        // A thread that can't be started leaves its part to this one.
        running
            .into_iter()
            .map(|thread| match thread {
                Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
                Err(part) => work(part),
            })
            .collect()
    })
}
