//! The changes of every field: a fold of the records over a timeline. Values are compared in the form of
//! [`version`](super::version).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use gix::ObjectId;

use super::continuity::continues;
use super::log::{Attribution, LogEntry, RecordIndex, RecordLog, RecordLogs};
use super::threads;
use super::timeline::{FileChange, Step, Timeline};
use super::version::{FileVersion, RecordIdentity, RecordVersion};
use crate::record::Recogniser;

#[derive(Debug)]
pub(super) enum LoadError {
    /// The number of file versions that are missing from a partial clone.
    MissingBlobs(usize),
    Git(gix::Error),
}

impl From<gix::Error> for LoadError {
    fn from(error: gix::Error) -> LoadError {
        LoadError::Git(error)
    }
}

/// The parsed versions of each file, by blob id.
#[derive(Default)]
pub(super) struct Versions(HashMap<Arc<str>, HashMap<ObjectId, FileVersion>>);

/// The number of versions of one file that one thread parses at once.
const BATCH: usize = 64;

impl Versions {
    pub(super) fn read(timeline: &Timeline, recogniser: &Recogniser<'_>) -> Result<Versions, LoadError> {
        let blobs = blobs(timeline);
        let batches = blobs.iter().flat_map(|(path, ids)| ids.chunks(BATCH).map(move |ids| (*path, ids)));
        let batches: Vec<(&Arc<str>, &[ObjectId])> = batches.collect();
        let total: usize = blobs.values().map(Vec::len).sum();
        let parsed = threads::map(
            batches.iter(),
            || timeline.reader(),
            |reader, (path, ids)| {
                let mut versions: Vec<(ObjectId, FileVersion)> = Vec::with_capacity(ids.len());
                for &id in *ids {
                    let Some(content) = reader(id) else { continue };
                    let mut version = FileVersion::parse(path, content, recogniser);
                    if let Some((_, older)) = versions.last() {
                        version.share_values(older);
                    }
                    versions.push((id, version));
                }
                versions
            },
        );
        let mut versions = Versions::default();
        let mut missing = total;
        for ((path, _), parsed) in batches.into_iter().zip(parsed) {
            missing -= parsed.len();
            versions.0.entry(path.clone()).or_default().extend(parsed);
        }
        if missing > 0 { Err(LoadError::MissingBlobs(missing)) } else { Ok(versions) }
    }

    fn get(&self, path: &Arc<str>, id: Option<ObjectId>) -> Option<&FileVersion> {
        self.0.get(path)?.get(&id?)
    }

    fn records(&self, path: &Arc<str>, id: Option<ObjectId>) -> &[Arc<RecordVersion>] {
        self.get(path, id).map_or(&[], FileVersion::records)
    }

    fn is_readable(&self, path: &Arc<str>, id: Option<ObjectId>) -> bool {
        !matches!(self.get(path, id), Some(FileVersion::Unreadable))
    }
}

/// The blobs of each file, oldest first, so that neighbours have most values in common.
fn blobs(timeline: &Timeline) -> BTreeMap<&Arc<str>, Vec<ObjectId>> {
    let mut blobs: BTreeMap<&Arc<str>, Vec<ObjectId>> = BTreeMap::new();
    for step in &timeline.steps {
        let merged = step.merged.iter().flat_map(|commit| &commit.changes);
        for change in merged.chain(&step.changes) {
            let ids = [change.before, change.after].into_iter().flatten();
            blobs.entry(&change.path).or_default().extend(ids);
        }
    }
    for ids in blobs.values_mut() {
        let mut seen = HashSet::new();
        ids.retain(|id| seen.insert(*id));
    }
    blobs
}

pub(super) struct Fold<'f> {
    versions: &'f Versions,
    logs: &'f mut RecordLogs,
    index: &'f mut RecordIndex,
    changed: HashSet<(usize, usize)>,
}

/// A record in one version of a changed file: the version before or after the commit.
struct Occurrence<'s> {
    identity: RecordIdentity,
    version: Arc<RecordVersion>,
    path: &'s Arc<str>,
    index: usize,
    blob: Option<ObjectId>,
}

struct Removed<'s> {
    record: usize,
    occurrence: Occurrence<'s>,
}

impl<'f> Fold<'f> {
    pub(super) fn new(
        versions: &'f Versions,
        logs: &'f mut RecordLogs,
        index: &'f mut RecordIndex,
    ) -> Fold<'f> {
        Fold { versions, logs, index, changed: HashSet::new() }
    }

    /// Folds the records over these steps; returns the commits, each with a record that it changed.
    pub(super) fn apply_all(mut self, steps: &[Step]) -> HashSet<(usize, usize)> {
        steps.iter().for_each(|step| self.apply(step));
        self.changed
    }

    fn apply(&mut self, step: &Step) {
        let mut removed: Vec<Removed> = Vec::new();
        let mut added: Vec<Occurrence> = Vec::new();
        let versions = self.versions;
        for change in step.changes.iter().filter(|it| versions.is_readable(&it.path, it.after)) {
            let records = self.index.take(&change.path);
            for (index, (identity, record)) in records.into_iter().enumerate() {
                let version = self.logs.get(record).current.clone();
                let occurrence =
                    Occurrence { identity, version, path: &change.path, index, blob: change.before };
                removed.push(Removed { record, occurrence });
            }
            let versions = versions.records(&change.path, change.after).iter().cloned().enumerate();
            added.extend(versions.map(|(index, version)| Occurrence {
                identity: version.identity.clone(),
                version,
                path: &change.path,
                index,
                blob: change.after,
            }));
        }
        let merged = RecordChanges::of(step, versions);
        let predecessors = find_predecessors(removed, &added);
        for (added, removed) in added.into_iter().zip(predecessors) {
            let record = match removed {
                Some(Removed { record, occurrence }) => {
                    self.compare(record, &occurrence.version, &added.version, step, &merged);
                    record
                }
                None => self.create(&added.version, step, &merged),
            };
            self.index.push(added.path, added.identity, record);
            self.logs.change(record, |log| log.current = added.version);
        }
    }

    fn create(&mut self, version: &Arc<RecordVersion>, step: &Step, merged: &RecordChanges) -> usize {
        let created = merged.attribute(step, &version.identity, |before, after| {
            before.is_none_or(|before| after.is_some_and(|after| !continues(before, after)))
        });
        let log = RecordLog { created, current: version.clone(), ..RecordLog::default() };
        let record = self.logs.push(log);
        self.compare(record, &RecordVersion::default(), version, step, merged);
        record
    }

    fn compare(
        &mut self,
        record: usize,
        before: &RecordVersion,
        after: &RecordVersion,
        step: &Step,
        merged: &RecordChanges,
    ) {
        for (name, value) in changes(before, after) {
            let has = |version: Option<&RecordVersion>| version.and_then(|it| it.field(name)) == value;
            let attribution =
                merged.attribute(step, &after.identity, |before, after| has(after) && !has(before));
            self.changed.insert((attribution.commit, record));
            let entry = LogEntry { value: value.cloned(), attribution };
            self.logs.change(record, |log| {
                log.fields.entry(name.clone()).or_default().push(entry);
            });
        }
    }
}

/// Returns the name and the new value of each field that differs between two versions of a record.
fn changes<'v>(
    before: &'v RecordVersion,
    after: &'v RecordVersion,
) -> impl Iterator<Item = (&'v Arc<str>, Option<&'v Arc<str>>)> {
    let removed = before.fields.iter().filter(|(name, _)| after.field(name).is_none());
    let kept = after.fields.iter().filter(|(name, value)| before.field(name) != Some(value));
    removed.map(|(name, _)| (name, None)).chain(kept.map(|(name, value)| (name, Some(value))))
}

/// Matches each added record with the removed record it continues. Criteria, in this order: same identity and file; same
/// index and blob; same identity in another file; same kind and key in another scope; same title.
fn find_predecessors<'s>(removed: Vec<Removed<'s>>, added: &[Occurrence<'_>]) -> Vec<Option<Removed<'s>>> {
    type MatchKey<'a> = (&'a str, &'a str, &'a str, (&'a str, usize, Option<ObjectId>));
    fn key<'a>(criterion: usize, it: &'a Occurrence<'_>) -> Option<MatchKey<'a>> {
        let anywhere = ("", 0, None);
        let RecordIdentity { kind, key, scope } = &it.identity;
        Some(match criterion {
            0 => (kind, key, scope, (it.path, 0, None)),
            1 => (kind, "", "", ("", it.index, it.blob)),
            2 => (kind, key, scope, anywhere),
            3 => (kind, key, "", anywhere),
            _ => (kind, it.version.field("title")?, scope, anywhere),
        })
    }
    let mut predecessors: Vec<Option<Removed<'s>>> = added.iter().map(|_| None).collect();
    let mut unmatched: Vec<Option<Removed<'s>>> = removed.into_iter().map(Some).collect();
    for criterion in 0..5 {
        let mut found: Vec<(usize, usize)> = Vec::new();
        let mut by_key: HashMap<MatchKey<'_>, Vec<usize>> = HashMap::new();
        for (index, removed) in unmatched.iter().enumerate().rev() {
            let key = removed.as_ref().and_then(|removed| key(criterion, &removed.occurrence));
            key.into_iter().for_each(|key| by_key.entry(key).or_default().push(index));
        }
        for (index, added) in added.iter().enumerate().filter(|(index, _)| predecessors[*index].is_none()) {
            let candidates = key(criterion, added).and_then(|key| by_key.get_mut(&key));
            let is_continued = |removed: &mut usize| {
                let removed = unmatched[*removed].as_ref();
                removed.is_some_and(|it| continues(&it.occurrence.version, &added.version))
            };
            if let Some(removed) = candidates.and_then(|it| it.pop_if(is_continued)) {
                found.push((index, removed));
            }
        }
        drop(by_key);
        for (index, removed) in found {
            predecessors[index] = unmatched[removed].take();
        }
    }
    predecessors
}

/// What the commits of a merged branch changed in each record, newest first, with the numbers of these commits.
struct RecordChanges(HashMap<RecordIdentity, (Vec<MergedChange>, Arc<[usize]>)>);

struct MergedChange {
    commit: usize,
    before: Option<Arc<RecordVersion>>,
    after: Option<Arc<RecordVersion>>,
}

impl RecordChanges {
    fn of(step: &Step, versions: &Versions) -> RecordChanges {
        let mut by_record: HashMap<RecordIdentity, Vec<MergedChange>> = HashMap::new();
        // A commit that repairs a file is compared with the last readable version.
        let mut last_readable: HashMap<&str, Option<ObjectId>> = HashMap::new();
        for commit in &step.merged {
            let mut changed: HashMap<&RecordIdentity, MergedChange> = HashMap::new();
            let change = || MergedChange { commit: commit.number, before: None, after: None };
            let is_readable = |change: &&FileChange| versions.is_readable(&change.path, change.after);
            for FileChange { path, before, after } in commit.changes.iter().filter(is_readable) {
                let before = match versions.is_readable(path, *before) {
                    true => *before,
                    false => last_readable.get(&**path).copied().flatten(),
                };
                for record in versions.records(path, before) {
                    changed.entry(&record.identity).or_insert_with(change).before = Some(record.clone());
                }
                for record in versions.records(path, *after) {
                    changed.entry(&record.identity).or_insert_with(change).after = Some(record.clone());
                }
                last_readable.insert(path, *after);
            }
            for (identity, change) in changed {
                by_record.entry(identity.clone()).or_default().push(change);
            }
        }
        let with_commits = |(identity, mut changes): (RecordIdentity, Vec<MergedChange>)| {
            changes.reverse();
            let commits = changes.iter().map(|change| change.commit).collect();
            (identity, (changes, commits))
        };
        RecordChanges(by_record.into_iter().map(with_commits).collect())
    }

    /// Attributes a change to the newest merged commit for which `is_change(before, after)` is true, else to the commit
    /// on the main line.
    fn attribute(
        &self,
        step: &Step,
        identity: &RecordIdentity,
        is_change: impl Fn(Option<&RecordVersion>, Option<&RecordVersion>) -> bool,
    ) -> Attribution {
        let (changes, merged) = self
            .0
            .get(identity)
            .map_or((&[][..], Arc::default()), |(changes, commits)| (&changes[..], commits.clone()));
        let by = changes.iter().find(|it| is_change(it.before.as_deref(), it.after.as_deref()));
        Attribution {
            commit: by.map_or(step.commit, |change| change.commit),
            merge: by.map(|_| step.commit),
            merged,
            boundary: step.boundary,
        }
    }
}
