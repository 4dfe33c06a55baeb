//! Checkpoints: loaded histories as cache files, each named after its last commit. What is [`Stored`] is read when it is asked for.

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::Hash;
use std::ops::Range;
use std::sync::Arc;

use gix::ObjectId;
use serde::{Deserialize, Serialize};

use super::field_histories::LoadedHistory;
use super::log::{FileRecords, RecordIndex, RecordLogs, Stored, encode};
use super::main_line::MainLine;
use super::timeline::Commit;
use super::walk::HistoryWalk;
use crate::cache::{Cache, CacheFile, CacheKind, Store};

const CHECKPOINTS: CacheKind = CacheKind { prefix: "history", max_files: 8, max_bytes: 256 << 20 };

pub(super) struct Checkpoints(Store);

const HEAD: usize = 0;

#[derive(Serialize, Deserialize)]
struct Head<'a> {
    shallow: bool,
    id_length: usize,
    commits: Cow<'a, [Commit]>,
    /// For each commit, the number of records that it changed.
    changed: Cow<'a, [usize]>,
    /// Sorted by path. Their records are numbered in this order.
    files: Vec<(Arc<str>, FileRecords)>,
    /// Where the log of each record is.
    logs: Vec<Range<usize>>,
}

impl Checkpoints {
    pub(super) fn new(cache: &Arc<Cache>, key: impl Hash) -> Checkpoints {
        Checkpoints(Store::new(cache, &CHECKPOINTS, key))
    }

    pub(super) fn heads(&self) -> HashSet<ObjectId> {
        self.0.names().filter_map(|name| ObjectId::from_hex(name.as_bytes()).ok()).collect()
    }

    /// Walks from `head` to the nearest commit that has a valid checkpoint; returns the commits after that, and its history.
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
        if let Ok(sections) = sections(history) {
            self.0.save(&head.to_string(), &sections.each_ref().map(|section| vec![&section[..]]));
        }
    }
}

/// Reads the head of a checkpoint; `None` if it is corrupt.
fn open(file: CacheFile) -> Option<LoadedHistory> {
    let head = file.section(HEAD);
    let head: Option<Head<'static>> = head.as_deref().and_then(|bytes| postcard::from_bytes(bytes).ok());
    let is_whole = |head: &Head<'_>| {
        let mut records = head.files.iter().flat_map(|(_, records)| records);
        records.all(|(_, record)| *record < head.logs.len())
    };
    let Some(head) = head.filter(is_whole) else {
        file.invalidate();
        return None;
    };
    let stored = Stored { id_length: head.id_length, commits: head.commits.len(), logs: head.logs, file };
    let (commits, changed) = (head.commits.into_owned(), head.changed.into_owned());
    let (logs, index) = (RecordLogs::from_checkpoint(stored), RecordIndex::new(head.files));
    Some(LoadedHistory { logs, index, commits, changed, walked: Vec::new(), shallow: head.shallow })
}

/// Returns the head, the ids of all commits that were walked, and the logs of all records.
fn sections(history: &LoadedHistory) -> postcard::Result<[Vec<u8>; 3]> {
    let (mut logs, mut ranges) = (Vec::new(), Vec::new());
    let mut files = Vec::new();
    for (path, records) in history.index.files() {
        let mut numbered = Vec::with_capacity(records.len());
        for (identity, record) in records {
            let before = logs.len();
            encode(history.logs.get(*record), &mut logs)?;
            numbered.push((identity.clone(), ranges.len()));
            ranges.push(before..logs.len());
        }
        files.push((path.clone(), numbered));
    }
    let reachable = history.reachable();
    let head = Head {
        shallow: history.shallow,
        id_length: reachable.first().map_or(0, |id| id.as_bytes().len()),
        commits: Cow::Borrowed(&history.commits),
        changed: Cow::Borrowed(&history.changed),
        files,
        logs: ranges,
    };
    let reachable = reachable.iter().flat_map(|id| id.as_bytes()).copied().collect();
    Ok([postcard::to_stdvec(&head)?, reachable, logs])
}
