//! Checkpoints: loaded histories as cache files, each named after its last commit. The head of one is read at once, the log of a
//! record when it is asked for.
//!
//! Corrupt data is read as default values; that invalidates the cache, so that the run is repeated.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::ops::Range;
use std::sync::Arc;

use gix::ObjectId;
use serde::{Deserialize, Serialize};

use super::loaded::LoadedHistory;
use super::log::{Attribution, LogEntries, LogEntry, RecordLog};
use super::main_line::MainLine;
use super::record_index::IndexedFile;
use super::timeline::Commit;
use super::walk::HistoryWalk;
use crate::cache::{self, Cache, CacheFile, CacheKind, Store};

const CHECKPOINTS: CacheKind = CacheKind { prefix: "history", max_files: 8, max_bytes: 256 << 20 };

/// The checkpoints of one policy.
pub(super) struct Checkpoints(Store);

/// The part of a checkpoint that is read when it is needed.
pub(super) struct Checkpoint {
    file: CacheFile,
    id_length: usize,
    commits: usize,
    /// Where the log of each record is.
    logs: Vec<Range<usize>>,
}

const HEAD: usize = 0;
/// The ids of all commits that were walked.
const REACHABLE: usize = 1;
const LOGS: usize = 2;

#[derive(Serialize, Deserialize)]
struct Head<'a> {
    shallow: bool,
    id_length: usize,
    commits: Cow<'a, [Commit]>,
    /// For each commit, the number of records that it changed.
    changed: Cow<'a, [usize]>,
    /// Sorted by path. Their records are numbered in this order.
    files: Vec<(Arc<str>, IndexedFile)>,
    /// The length of the log of each record.
    logs: Vec<usize>,
}

/// The start of a log. The changes of its fields follow.
#[derive(Serialize, Deserialize)]
struct LogHead<'a> {
    /// That of the creation comes first.
    attributions: Vec<Attribution>,
    /// The name of each field, and the length of its encoded changes.
    #[serde(borrow)]
    fields: Vec<(&'a str, usize)>,
}

/// The new value, and the number of the attribution.
type StoredChange<'a> = (Option<&'a str>, usize);

impl Checkpoints {
    pub(super) fn new(cache: &Arc<Cache>, key: impl Hash) -> Checkpoints {
        Checkpoints(Store::new(cache, &CHECKPOINTS, key))
    }

    pub(super) fn heads(&self) -> HashSet<ObjectId> {
        self.0.names().filter_map(|name| ObjectId::from_hex(name.as_bytes()).ok()).collect()
    }

    /// Walks from `head` to the nearest commit that has a checkpoint; returns the commits after that, and its history. If that is
    /// invalid, walks all commits, so that it is replaced.
    pub(super) fn nearest(
        &self,
        walk: &HistoryWalk<'_>,
        head: ObjectId,
    ) -> gix::Result<(MainLine, LoadedHistory)> {
        let line = walk.main_line(head, &self.heads(), usize::MAX)?;
        match line.start.map(|start| open(self.0.open(&start.to_string())?)) {
            Some(None) => Ok((walk.main_line(head, &HashSet::new(), usize::MAX)?, LoadedHistory::default())),
            history => Ok((line, history.flatten().unwrap_or_default())),
        }
    }

    /// Writes a history; nothing if it can't be encoded.
    pub(super) fn save(&self, head: ObjectId, history: &LoadedHistory) {
        if let Ok(sections) = encode(history) {
            self.0.save(&head.to_string(), &sections.each_ref().map(|section| vec![&section[..]]));
        }
    }
}

/// Reads the head of a checkpoint; `None` if it is corrupt.
fn open(file: CacheFile) -> Option<LoadedHistory> {
    let head = file.section(HEAD);
    let head: Option<Head<'static>> = head.as_deref().and_then(|bytes| postcard::from_bytes(bytes).ok());
    let count = |head: &Head<'_>| head.files.iter().map(|(_, file)| file.records.len()).sum::<usize>();
    let Some(mut head) = head.filter(|head| head.logs.len() == count(head)) else {
        file.invalidate();
        return None;
    };
    let records = head.files.iter_mut().flat_map(|(_, file)| &mut file.records);
    records.enumerate().for_each(|(number, record)| record.1 = number);
    let mut end: usize = 0;
    let range = |length: &usize| {
        let start = end;
        end = end.saturating_add(*length);
        start..end
    };
    let logs = head.logs.iter().map(range).collect();
    let checkpoint = Checkpoint { id_length: head.id_length, commits: head.commits.len(), logs, file };
    let (commits, changed) = (head.commits.into_owned(), head.changed.into_owned());
    Some(LoadedHistory::from_checkpoint(checkpoint, head.shallow, commits, changed, head.files))
}

impl Checkpoint {
    pub(super) fn record_count(&self) -> usize {
        self.logs.len()
    }

    pub(super) fn reachable(&self) -> Vec<ObjectId> {
        let ids = self.file.section(REACHABLE).unwrap_or_default();
        let ids = ids.chunks(self.id_length.max(1));
        self.or_default(ids.map(|id| ObjectId::try_from(id).ok()).collect())
    }

    /// Returns the attribution of a record's creation, and the changes of those fields for whose names `is_wanted` holds.
    pub(super) fn log(&self, record: usize, is_wanted: impl Fn(&str) -> bool) -> (Attribution, LogEntries) {
        self.or_default(self.read(record, is_wanted))
    }

    fn read(&self, record: usize, is_wanted: impl Fn(&str) -> bool) -> Option<(Attribution, LogEntries)> {
        let bytes = self.file.range(LOGS, self.logs.get(record)?.clone())?;
        let (log, mut rest): (LogHead<'_>, &[u8]) = postcard::take_from_bytes(&bytes).ok()?;
        let is_known = |it: &Attribution| it.commits().all(|commit| commit < self.commits);
        let created = log.attributions.first().filter(|_| log.attributions.iter().all(is_known))?;
        let entry = |(value, number): StoredChange<'_>| {
            let attribution = log.attributions.get(number)?.clone();
            Some(LogEntry { value: value.map(Arc::from), attribution })
        };
        let mut fields = LogEntries::new();
        for &(name, length) in &log.fields {
            let (changes, after) = rest.split_at_checked(length)?;
            rest = after;
            if is_wanted(name) {
                let changes: Vec<StoredChange<'_>> = postcard::from_bytes(changes).ok()?;
                fields.insert(name.into(), changes.into_iter().map(entry).collect::<Option<_>>()?);
            }
        }
        Some((created.clone(), fields))
    }

    /// Returns the value; invalidates the cache if there is none.
    fn or_default<T: Default>(&self, value: Option<T>) -> T {
        value.unwrap_or_else(|| {
            self.file.invalidate();
            T::default()
        })
    }
}

fn encode(history: &LoadedHistory) -> postcard::Result<[Vec<u8>; 3]> {
    let (mut logs, mut lengths) = (Vec::new(), Vec::new());
    let mut files = Vec::new();
    for (path, file) in history.fields.files() {
        let mut records = Vec::with_capacity(file.records.len());
        for (identity, record) in &file.records {
            let before = logs.len();
            encode_log(history.fields.log(*record), &mut logs)?;
            records.push((identity.clone(), lengths.len()));
            lengths.push(logs.len() - before);
        }
        files.push((path.clone(), IndexedFile { blob: file.blob.clone(), records }));
    }
    let reachable = history.reachable();
    let head = Head {
        shallow: history.shallow,
        id_length: reachable.first().map_or(0, |id| id.as_bytes().len()),
        commits: Cow::Borrowed(&history.commits),
        changed: Cow::Borrowed(history.fields.records_per_commit()),
        files,
        logs: lengths,
    };
    let reachable = reachable.iter().flat_map(|id| id.as_bytes()).copied().collect();
    Ok([postcard::to_stdvec(&head)?, reachable, logs])
}

/// Appends a log.
fn encode_log(log: &RecordLog, bytes: &mut Vec<u8>) -> postcard::Result<()> {
    let (mut attributions, mut numbers) = (Vec::new(), HashMap::new());
    let mut number = |attribution: &Attribution| {
        *numbers.entry(attribution.clone()).or_insert_with(|| {
            attributions.push(attribution.clone());
            attributions.len() - 1
        })
    };
    number(&log.created);
    let (mut fields, mut changes) = (Vec::with_capacity(log.fields.len()), Vec::new());
    for (name, entries) in &log.fields {
        let stored = entries.iter().map(|entry| (entry.value.as_deref(), number(&entry.attribution)));
        let before = changes.len();
        cache::encode_into(&stored.collect::<Vec<StoredChange<'_>>>(), &mut changes)?;
        fields.push((&**name, changes.len() - before));
    }
    cache::encode_into(&LogHead { attributions, fields }, bytes)?;
    bytes.extend(changes);
    Ok(())
}
