//! Encodes a loaded history as the sections of a checkpoint.

use std::collections::{BTreeSet, HashMap};

use super::super::loaded::LoadedHistory;
use super::super::log::{Attribution, RecordLog};
use super::super::record_index::RecordEntry;
use super::super::version::RecordIdentity;
use super::{CheckpointHeader, StoredChange, StoredLog, bucket, section};
use crate::cache::{self, BlobTable, encode_u32s};

/// Returns the sections of the checkpoint; `None` if a count exceeds `u32::MAX`.
pub(in crate::history) fn encode(history: &LoadedHistory) -> Option<Vec<Vec<u8>>> {
    let records: Vec<(RecordEntry, &RecordLog)> = history.fields.all();
    let mut texts = Texts::default();
    let names = records.iter().flat_map(|(_, log)| log.fields.keys().chain([&log.current.identity.kind]));
    for name in names.collect::<BTreeSet<_>>() {
        texts.intern(name)?;
    }
    let reachable = history.reachable();
    let head = CheckpointHeader {
        shallow: history.shallow,
        id_length: reachable.first().map_or(0, |id| id.as_bytes().len() as u8),
        names: to_u32(texts.table.count())?,
        commits: to_u32(history.commits.len())?,
        records: to_u32(records.len())?,
    };
    let (mut commits, mut records_changed) = (BlobTable::default(), Vec::new());
    for commit in 0..history.commits.len() {
        commits.add(&postcard::to_stdvec(history.commits.get(commit)).ok()?)?;
        records_changed.push(to_u32(history.fields.records_changed(commit))?);
    }
    let mut rows = Vec::new();
    let mut buckets: Vec<Vec<u32>> = vec![Vec::new(); records.len()];
    for (record, (RecordEntry { path, blob, .. }, log)) in records.iter().enumerate() {
        let identity = &log.current.identity;
        let RecordIdentity { kind, key, scope } = identity;
        for text in [path, kind, &**key, &**scope] {
            rows.push(texts.intern(text)?);
        }
        rows.push(texts.intern_bytes(blob.as_ref()?.as_bytes())?);
        buckets.get_mut(bucket(identity, records.len())?)?.push(to_u32(record)?);
    }
    // The logs add their texts after those of the identities, so that the latter, which are read most, are adjacent.
    let mut logs = BlobTable::default();
    for (_, log) in &records {
        logs.add(&texts.log(log)?)?;
    }
    let mut bucket_table = BlobTable::default();
    for bucket in buckets {
        bucket_table.add(&encode_u32s(&bucket))?;
    }
    let mut sections = vec![Vec::new(); section::LOGS + 1];
    sections[section::HEAD] = postcard::to_stdvec(&head).ok()?;
    (sections[section::COMMIT_ENDS], sections[section::COMMITS]) = commits.into_sections();
    sections[section::CHANGED] = encode_u32s(&records_changed);
    sections[section::REACHABLE] = reachable.iter().flat_map(|id| id.as_bytes().iter().copied()).collect();
    (sections[section::TEXT_ENDS], sections[section::TEXTS]) = texts.table.into_sections();
    sections[section::RECORDS] = encode_u32s(&rows);
    (sections[section::BUCKET_ENDS], sections[section::BUCKETS]) = bucket_table.into_sections();
    (sections[section::LOG_ENDS], sections[section::LOGS]) = logs.into_sections();
    Some(sections)
}

fn to_u32(length: usize) -> Option<u32> {
    length.try_into().ok()
}

#[derive(Default)]
struct Texts {
    table: BlobTable,
    numbers: HashMap<Box<[u8]>, u32>,
}

impl Texts {
    fn intern(&mut self, text: &str) -> Option<u32> {
        self.intern_bytes(text.as_bytes())
    }

    fn intern_bytes(&mut self, bytes: &[u8]) -> Option<u32> {
        if let Some(number) = self.numbers.get(bytes) {
            return Some(*number);
        }
        let number = self.table.add(bytes)?;
        self.numbers.insert(bytes.into(), number);
        Some(number)
    }

    fn log(&mut self, log: &RecordLog) -> Option<Vec<u8>> {
        let mut numbers: HashMap<&Attribution, u32> = HashMap::new();
        let mut attributions: Vec<Attribution> = Vec::new();
        let all = log.fields.values().flatten().map(|entry| &entry.attribution);
        for attribution in [&log.created].into_iter().chain(all) {
            if !numbers.contains_key(attribution) {
                numbers.insert(attribution, to_u32(attributions.len())?);
                attributions.push(attribution.clone());
            }
        }
        let created = 0;
        let (mut fields, mut changes) = (Vec::with_capacity(log.fields.len()), Vec::new());
        for (name, entries) in &log.fields {
            let mut stored: Vec<StoredChange> = Vec::with_capacity(entries.len());
            for entry in entries {
                let value = match &entry.value {
                    Some(value) => Some(self.intern(value)?),
                    None => None,
                };
                stored.push((value, numbers[&entry.attribution]));
            }
            let before = changes.len();
            cache::encode_into(&stored, &mut changes).ok()?;
            fields.push((self.intern(name)?, to_u32(changes.len() - before)?));
        }
        let start = postcard::to_stdvec(&StoredLog { attributions, created, fields }).ok()?;
        Some([start, changes].concat())
    }
}
