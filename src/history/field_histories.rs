//! The changes of every field: a fold of the records, in the form of [`version`](super::version), over a timeline.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use ahash::{HashMap, HashSet};
use gix::ObjectId;

use super::KnownVersions;
use super::log::{Attribution, LogEntry, RecordIndex, RecordLog, RecordLogs, order};
use super::threads;
use super::timeline::{Commit, FileChange, Step, Timeline};
use super::version::{FileVersion, RecordIdentity, RecordVersion, continues};
use crate::record::{Recogniser, Record, RecordContent};
use crate::snapshot::FETCH_ALL;
use crate::value::identifier::title_without;

#[derive(Default)]
struct Versions(HashMap<Arc<str>, HashMap<ObjectId, FileVersion>>);

/// The number of versions of one file that one thread parses at once.
const BATCH: usize = 64;

impl Versions {
    fn read(
        timeline: &Timeline,
        recogniser: &Recogniser<'_>,
        known: Option<&KnownVersions>,
    ) -> Result<Versions, String> {
        let blobs = blobs(timeline);
        let only = paths_only_added(timeline);
        // Most files are never changed: what the state has of them is what the commit added.
        let known = |path: &Arc<str>, id: ObjectId| {
            let known = known.filter(|_| only.contains(path))?;
            Some(FileVersion::Known(known(path, id.as_bytes())?))
        };
        let batches = blobs.iter().flat_map(|(path, ids)| ids.chunks(BATCH).map(move |ids| (*path, ids)));
        let batches: Vec<(&Arc<str>, &[ObjectId])> = batches.collect();
        let total: usize = blobs.values().map(Vec::len).sum();
        let parsed = threads::map(
            batches.iter(),
            || timeline.reader(),
            |reader, (path, ids)| {
                let parse = |&id: &ObjectId| {
                    let version = known(path, id);
                    let version =
                        version.or_else(|| Some(FileVersion::parse(path, reader(id)?, recogniser)))?;
                    Some((id, version))
                };
                ids.iter().filter_map(parse).collect::<Vec<(ObjectId, FileVersion)>>()
            },
        );
        let mut versions = Versions::default();
        let mut missing = total;
        for ((path, _), parsed) in batches.into_iter().zip(parsed) {
            missing -= parsed.len();
            versions.0.entry(path.clone()).or_default().extend(parsed);
        }
        if missing == 0 {
            return Ok(versions);
        }
        let noun = if missing == 1 { "version" } else { "versions" };
        Err(format!(
            "this partial clone lacks {missing} {noun} of record files, so rules that need the history did not run; \
             {FETCH_ALL}"
        ))
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
        let mut seen = HashSet::default();
        ids.retain(|id| seen.insert(*id));
    }
    blobs
}

/// Returns the paths of files that change once: a commit adds them that does nothing else.
fn paths_only_added(timeline: &Timeline) -> HashSet<&Arc<str>> {
    let mut changes: HashMap<&Arc<str>, usize> = HashMap::default();
    for step in &timeline.steps {
        let merged = step.merged.iter().flat_map(|commit| &commit.changes);
        merged.chain(&step.changes).for_each(|change| *changes.entry(&change.path).or_default() += 1);
    }
    let adds_only =
        |step: &&Step| step.merged.is_empty() && step.changes.iter().all(|change| change.before.is_none());
    let added = timeline.steps.iter().filter(adds_only).flat_map(|step| &step.changes).map(|it| &it.path);
    added.filter(|path| changes.get(path) == Some(&1)).collect()
}

struct Fold<'f> {
    versions: &'f Versions,
    logs: &'f mut RecordLogs,
    index: &'f mut RecordIndex,
    /// The commits, each with a record that it changed.
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

impl Fold<'_> {
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
            if let Some(FileVersion::Known(records)) = versions.get(&change.path, change.after) {
                records.iter().for_each(|record| self.add_known(&change.path, record, step));
                continue;
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

    /// Adds a record of a file that the step adds and no other changes.
    fn add_known(&mut self, path: &Arc<str>, content: &Arc<RecordContent>, step: &Step) {
        let created = Attribution { commit: step.commit, boundary: step.boundary, ..Attribution::default() };
        let record = self.logs.push_added(content.clone(), created);
        self.index.push(path, RecordIdentity::of(content), record);
        self.changed.insert((step.commit, record));
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
        // A commit to a long list changes a few of its records.
        if before.fields == after.fields {
            return;
        }
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

/// Matches each added record with the removed record it continues. Criteria, in this order: same identity and title, in one file, then
/// anywhere; same index and blob; same title; same statements under another identifier; same identity, in one file, then anywhere; same
/// kind and key in another scope. What is the same at its place comes before all. A record without a title is named by its statements.
fn find_predecessors<'s>(removed: Vec<Removed<'s>>, added: &[Occurrence<'_>]) -> Vec<Option<Removed<'s>>> {
    type MatchKey<'a> = (&'a str, &'a str, &'a str, (&'a str, usize, Option<ObjectId>), (&'a str, u64));
    fn key<'a>(criterion: usize, it: &'a Occurrence<'_>) -> Option<MatchKey<'a>> {
        let (anywhere, unnamed) = (("", 0, None), ("", 0));
        let RecordIdentity { kind, key, scope } = &it.identity;
        // `Phase 2` is a title.
        let named = |title| Some(title_without(title)).filter(|it| !it.is_empty()).unwrap_or(title);
        let title = it.version.field("title").map(|title| named(title));
        // Most of what a record without a title says is what it is about.
        let shortest = if title.is_some() { 40 } else { 20 };
        let name =
            || title.map_or_else(|| ("", statements(&it.version, 0).unwrap_or_default()), |title| (title, 0));
        Some(match criterion {
            0 => (kind, key, scope, (it.path, 0, None), name()),
            1 => (kind, key, scope, anywhere, name()),
            2 => (kind, "", "", ("", it.index, Some(it.blob?)), unnamed),
            3 => (kind, "", "", anywhere, (title?, 0)),
            4 => (kind, "", "", anywhere, ("", statements(&it.version, shortest)?)),
            5 => (kind, key, scope, (it.path, 0, None), unnamed),
            6 => (kind, key, scope, anywhere, unnamed),
            _ => (kind, key, "", anywhere, unnamed),
        })
    }
    let mut predecessors: Vec<Option<Removed<'s>>> = added.iter().map(|_| None).collect();
    let mut unmatched: Vec<Option<Removed<'s>>> = removed.into_iter().map(Some).collect();
    // A commit to a long list leaves most of its records where and as they are.
    for (at, added) in added.iter().enumerate().take(unmatched.len()) {
        let is_same = |it: &mut Removed| {
            let Occurrence { path, identity, version, .. } = &it.occurrence;
            *path == added.path && *identity == added.identity && version.fields == added.version.fields
        };
        predecessors[at] = unmatched[at].take_if(is_same);
    }
    for criterion in 0..8 {
        if predecessors.iter().all(Option::is_some) || unmatched.iter().all(Option::is_none) {
            break;
        }
        let mut found: Vec<(usize, usize)> = Vec::new();
        let mut by_key: HashMap<MatchKey<'_>, Vec<usize>> = HashMap::default();
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

/// Matches records of one state with those of a later one by the same criteria; each pair has both.
pub fn pairs<'r>(before: &[&'r Record], after: &[&'r Record]) -> Vec<(&'r Record, &'r Record)> {
    fn occurrence<'r>((index, record): (usize, &&'r Record)) -> Occurrence<'r> {
        let version = RecordVersion::of(record);
        let (identity, path) = (version.identity.clone(), &record.path);
        Occurrence { identity, version: Arc::new(version), path, index, blob: None }
    }
    let removed = before.iter().enumerate().map(occurrence);
    let removed = removed.enumerate().map(|(record, occurrence)| Removed { record, occurrence }).collect();
    let added: Vec<Occurrence> = after.iter().enumerate().map(occurrence).collect();
    let predecessors = find_predecessors(removed, &added).into_iter().zip(after);
    predecessors.filter_map(|(removed, after)| Some((before[removed?.record], *after))).collect()
}

/// Returns a hash of all fields but the identifier and the title; `None` if they have fewer bytes, too few to say something.
fn statements(version: &RecordVersion, shortest: usize) -> Option<u64> {
    let stated = || version.fields.iter().filter(|(name, _)| !matches!(&**name, "id" | "title"));
    let mut hasher = DefaultHasher::new();
    stated().for_each(|field| field.hash(&mut hasher));
    (stated().map(|(_, value)| value.len()).sum::<usize>() >= shortest).then(|| hasher.finish())
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
        let mut by_record: HashMap<RecordIdentity, Vec<MergedChange>> = HashMap::default();
        // A commit that repairs a file is compared with the last readable version.
        let mut last_readable: HashMap<&str, Option<ObjectId>> = HashMap::default();
        for commit in &step.merged {
            let mut changed: HashMap<&RecordIdentity, MergedChange> = HashMap::default();
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

    /// Attributes a change to the newest merged commit for which `is_change(before, after)` holds, else to that on the main line.
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

#[derive(Default)]
pub(super) struct LoadedHistory {
    pub logs: RecordLogs,
    pub index: RecordIndex,
    pub commits: Vec<Commit>,
    /// The number of records that each commit changed; it may be too short.
    pub changed: Vec<usize>,
    /// The ids of all commits walked since the checkpoint, on the main line and merged.
    pub walked: Vec<ObjectId>,
    pub shallow: bool,
}

impl LoadedHistory {
    pub(super) fn add(
        &mut self,
        timeline: Timeline,
        recogniser: &Recogniser<'_>,
        known: Option<&KnownVersions>,
    ) -> Result<(), String> {
        let versions = Versions::read(&timeline, recogniser, known)?;
        let (logs, index) = (&mut self.logs, &mut self.index);
        let mut fold = Fold { versions: &versions, logs, index, changed: HashSet::default() };
        timeline.steps.iter().for_each(|step| fold.apply(step));
        for (commit, _) in fold.changed {
            let length = self.changed.len().max(commit + 1);
            self.changed.resize(length, 0);
            self.changed[commit] += 1;
        }
        self.shallow |= timeline.steps.iter().any(|step| step.boundary);
        self.commits.extend(timeline.commits);
        self.walked.extend(timeline.reachable);
        Ok(())
    }

    pub(super) fn reachable(&self) -> Vec<ObjectId> {
        [self.logs.reachable(), self.walked.clone()].concat()
    }

    /// Returns the order of each commit by its id; a merged commit that changed a record has that of the merge.
    pub(super) fn orders(&self) -> HashMap<Box<str>, i64> {
        let numbered = self.commits.iter().enumerate();
        let mut orders: HashMap<Box<str>, i64> =
            numbered.map(|(number, commit)| (commit.id.clone(), order(number))).collect();
        for (_, record) in self.index.files().flat_map(|(_, records)| records) {
            let log = self.logs.get(*record);
            let entries = log.fields.values().flatten();
            for attribution in entries.map(|entry| &entry.attribution).chain([&log.created]) {
                if let Some(merge) = attribution.merge {
                    orders.insert(self.commits[attribution.commit].id.clone(), order(merge));
                }
            }
        }
        orders
    }
}
