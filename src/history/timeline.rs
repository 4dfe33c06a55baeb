//! The changes of files, commit by commit. A timeline is independent of kinds, formats and rules.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use gix::ObjectId;
use gix::odb::pack::cache::lru::MemoryCappedHashmap;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::message::{Actor, parse_trailers, subject};

/// The changes of files along the main line of a branch, oldest first.
pub struct Timeline {
    pub commits: Vec<Commit>,
    pub steps: Vec<Step>,
    /// The ids of all commits that were walked, on the main line and merged.
    pub reachable: Vec<ObjectId>,
    pub(super) contents: Contents,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Commit {
    pub id: Box<str>,
    /// The committer's date, in the committer's time zone.
    #[serde(with = "ymd")]
    pub date: Date,
    pub author: Actor,
    pub subject: Box<str>,
    /// Those whom its trailers name.
    pub trailers: Vec<Actor>,
    /// It has no parent, also beyond the end of a shallow clone.
    pub initial: bool,
}

/// A commit on the main line that changed files.
#[derive(Debug)]
pub struct Step {
    /// The number of the commit: its index in [`Timeline::commits`], plus the number of commits before the timeline.
    pub commit: usize,
    pub changes: Vec<FileChange>,
    /// For a merge, the merged commits that changed files, parents first.
    pub merged: Vec<MergedCommit>,
    /// The commits before are unknown, because a shallow clone ends here; so all files look new.
    pub boundary: bool,
}

#[derive(Debug)]
pub struct MergedCommit {
    pub number: usize,
    pub changes: Vec<FileChange>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FileChange {
    pub path: Arc<str>,
    pub before: Option<ObjectId>,
    pub after: Option<ObjectId>,
}

#[derive(Clone, Debug)]
pub struct ExampleCommit {
    pub date: Date,
    pub author: Actor,
    pub message: String,
    /// The new content of each file, `None` if the commit deletes it. Other files are unchanged.
    pub files: BTreeMap<String, Option<String>>,
}

pub(super) enum Contents {
    Repository(Box<gix::ThreadSafeRepository>),
    Memory(HashMap<ObjectId, Vec<u8>>),
}

/// The size of each reader's cache of unpacked objects in bytes: versions of one file are stored as deltas.
const PACK_CACHE: usize = 16 << 20;

mod ymd {
    use jiff::civil::Date;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
        (date.year(), date.month(), date.day()).serialize(serializer)
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Date, D::Error> {
        let (year, month, day) = <(i16, i8, i8)>::deserialize(deserializer)?;
        Date::new(year, month, day).map_err(D::Error::custom)
    }
}

impl Commit {
    pub fn short(&self) -> &str {
        self.id.get(..10).unwrap_or(&self.id)
    }
}

impl Timeline {
    /// The timeline of commits in memory, oldest first, and of the files for which `is_relevant` holds.
    pub fn in_memory(examples: &[ExampleCommit], is_relevant: &dyn Fn(&str) -> bool) -> Timeline {
        let mut contents = HashMap::new();
        let mut files: BTreeMap<&str, ObjectId> = BTreeMap::new();
        let (mut commits, mut steps) = (Vec::new(), Vec::new());
        for (number, example) in examples.iter().enumerate() {
            let changes = example.files.iter().filter(|(path, _)| is_relevant(path)).map(|(path, text)| {
                let after = text.as_ref().map(|text| {
                    let id = hash(gix::objs::Kind::Blob, text.as_bytes());
                    contents.entry(id).or_insert_with(|| text.clone().into_bytes());
                    id
                });
                let before = match after {
                    Some(id) => files.insert(path, id),
                    None => files.remove(path.as_str()),
                };
                FileChange { path: path.as_str().into(), before, after }
            });
            let changes = changes.filter(|change| change.before != change.after).collect();
            steps.push(Step { commit: number, changes, merged: Vec::new(), boundary: false });
            commits.push(example.commit(number));
        }
        Timeline { commits, steps, reachable: Vec::new(), contents: Contents::Memory(contents) }
    }

    pub fn reader(&self) -> Box<dyn Fn(ObjectId) -> Option<Vec<u8>> + '_> {
        match &self.contents {
            Contents::Repository(repository) => {
                let mut repository = repository.to_thread_local();
                repository.objects.set_pack_cache(|| Box::new(MemoryCappedHashmap::new(PACK_CACHE)));
                Box::new(move |id| Some(repository.find_object(id).ok()?.detach().data))
            }
            Contents::Memory(contents) => Box::new(|id| contents.get(&id).cloned()),
        }
    }
}

impl ExampleCommit {
    pub(super) fn commit(&self, number: usize) -> Commit {
        let content = format!("{number} {} {} {}", self.date, self.author.name, self.message);
        Commit {
            id: hash(gix::objs::Kind::Commit, content.as_bytes()).to_string().into(),
            date: self.date,
            author: self.author.clone(),
            subject: subject(&self.message).into(),
            trailers: parse_trailers(&self.message),
            initial: number == 0,
        }
    }
}

fn hash(kind: gix::objs::Kind, content: &[u8]) -> ObjectId {
    // SHA-1 fails only for a content that attempts a collision.
    gix::objs::compute_hash(gix::hash::Kind::Sha1, kind, content).unwrap_or(gix::hash::Kind::Sha1.null())
}
