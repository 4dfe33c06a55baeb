//! What happened to which file, commit by commit: free of any policy, so that one timeline serves every
//! way of reading the files.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use gix::ObjectId;
use gix::odb::pack::cache::lru::MemoryCappedHashmap;
use jiff::civil::Date;

use super::message::{self, Trailer};

/// The changes of files along the main line of a branch, from the oldest.
pub struct Timeline {
    pub commits: Vec<Commit>,
    pub steps: Vec<Step>,
    /// Every commit that was met, also where it changed no file that matters.
    pub reachable: Vec<ObjectId>,
    contents: Contents,
}

/// Who made a change, when, and who else stands under it.
#[derive(Debug)]
pub struct Commit {
    /// The object's identifier in hexadecimal digits.
    pub id: Box<str>,
    /// The committer's day, in the committer's own offset from UTC.
    pub date: Date,
    pub author: Actor,
    pub trailers: Vec<Trailer>,
}

/// A name and address as a commit states them, after the mailmap.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Actor {
    pub name: Box<str>,
    pub email: Box<str>,
}

/// One commit of the main line, and what it did to the files.
#[derive(Debug)]
pub struct Step {
    /// The commit's number. It is its place in [`Timeline::commits`], after those that were known before.
    pub commit: usize,
    pub changes: Vec<FileChange>,
    /// For a merge, the commits of its side that touched files, parents first.
    pub side: Vec<Part>,
    /// Nothing is known of what came before, because the clone ends here: everything looks new.
    pub boundary: bool,
}

/// One commit of a merged side.
#[derive(Debug)]
pub struct Part {
    pub commit: usize,
    pub changes: Vec<FileChange>,
}

/// A file before and after a commit; none where it is not there.
#[derive(Clone, Debug, PartialEq)]
pub struct FileChange {
    pub path: Arc<str>,
    pub before: Option<ObjectId>,
    pub after: Option<ObjectId>,
}

/// A commit as an example of a rule states it.
#[derive(Clone, Debug)]
pub struct ExampleCommit {
    pub date: Date,
    pub author: Actor,
    pub message: String,
    /// Whole files as of the commit, none for one that it deletes. Files that are not named stay.
    pub files: BTreeMap<String, Option<String>>,
}

enum Contents {
    Repository(Box<gix::ThreadSafeRepository>),
    Memory(HashMap<ObjectId, Vec<u8>>),
}

/// Bytes of the repository's packs that a reader keeps unpacked: versions of one file are stored as
/// differences from each other.
const PACK_CACHE: usize = 16 << 20;

impl Actor {
    /// The identity that `Ada Byron <ada@example.org>` states. Without an address, all of it is the name.
    pub fn parse(text: &str) -> Actor {
        let text = text.trim();
        match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((name, email)) => Actor { name: name.trim().into(), email: email.trim().into() },
            None => Actor { name: text.into(), email: Box::default() },
        }
    }

    /// The account that the address stands for, where a forge hides the person's own:
    /// `1234+ada@users.noreply.github.com`.
    pub fn account(&self) -> Option<&str> {
        let account = self.email.strip_suffix("@users.noreply.github.com")?;
        Some(account.rsplit('+').next().unwrap_or(account))
    }
}

impl Commit {
    /// The start of the identifier, as people quote it.
    pub fn short(&self) -> &str {
        const QUOTED: usize = 10;
        self.id.get(..QUOTED).unwrap_or(&self.id)
    }
}

impl Timeline {
    pub(super) fn of_repository(
        repository: gix::ThreadSafeRepository,
        commits: Vec<Commit>,
        steps: Vec<Step>,
        reachable: Vec<ObjectId>,
    ) -> Timeline {
        Timeline { commits, steps, reachable, contents: Contents::Repository(Box::new(repository)) }
    }

    /// The timeline of commits in memory, oldest first, one on the other.
    pub fn in_memory(entries: &[ExampleCommit], concerns: &dyn Fn(&str) -> bool) -> Timeline {
        let mut contents = HashMap::new();
        let mut there: BTreeMap<&str, ObjectId> = BTreeMap::new();
        let mut timeline = (Vec::new(), Vec::new());
        for entry in entries {
            let changes = entry.files.iter().filter(|(path, _)| concerns(path)).map(|(path, text)| {
                let after = text.as_ref().map(|text| {
                    let id = hash(gix::objs::Kind::Blob, text.as_bytes());
                    contents.entry(id).or_insert_with(|| text.clone().into_bytes());
                    id
                });
                let before = match after {
                    Some(id) => there.insert(path, id),
                    None => there.remove(path.as_str()),
                };
                FileChange { path: path.as_str().into(), before, after }
            });
            let changes = changes.filter(|change| change.before != change.after).collect();
            let number = timeline.0.len();
            timeline.1.push(Step { commit: number, changes, side: Vec::new(), boundary: false });
            timeline.0.push(entry.commit(number));
        }
        let (commits, steps) = timeline;
        Timeline { commits, steps, reachable: Vec::new(), contents: Contents::Memory(contents) }
    }

    /// A reader of the files' contents, for one thread.
    pub fn reader(&self) -> Reader<'_> {
        match &self.contents {
            Contents::Repository(repository) => {
                let mut repository = repository.to_thread_local();
                repository.objects.set_pack_cache(|| Box::new(MemoryCappedHashmap::new(PACK_CACHE)));
                Reader::Repository(Box::new(repository))
            }
            Contents::Memory(contents) => Reader::Memory(contents),
        }
    }
}

impl ExampleCommit {
    fn commit(&self, number: usize) -> Commit {
        let content = format!("{number} {} {} {}", self.date, self.author.name, self.message);
        Commit {
            id: hash(gix::objs::Kind::Commit, content.as_bytes()).to_string().into(),
            date: self.date,
            author: self.author.clone(),
            trailers: message::trailers(&self.message),
        }
    }
}

fn hash(kind: gix::objs::Kind, content: &[u8]) -> ObjectId {
    // SHA-1 detects attacks on itself; a text in memory that tries one is told apart by nothing else.
    gix::objs::compute_hash(gix::hash::Kind::Sha1, kind, content).unwrap_or(gix::hash::Kind::Sha1.null())
}

/// Reads the contents of files by their object's identifier.
pub enum Reader<'t> {
    Repository(Box<gix::Repository>),
    Memory(&'t HashMap<ObjectId, Vec<u8>>),
}

impl Reader<'_> {
    /// None where the object is not in this clone.
    pub fn read(&self, id: ObjectId) -> Option<Vec<u8>> {
        match self {
            Reader::Repository(repository) => Some(repository.find_object(id).ok()?.detach().data),
            Reader::Memory(contents) => contents.get(&id).cloned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_identity_is_a_name_and_an_address() {
        let ada = Actor { name: "Ada Byron".into(), email: "ada@example.org".into() };
        assert_eq!(Actor::parse(" Ada Byron <ada@example.org>"), ada);
        assert_eq!(Actor::parse("Ada"), Actor { name: "Ada".into(), email: "".into() });
        assert_eq!(Actor::parse("<ada@example.org>").name, "".into());
    }

    #[test]
    fn files_that_an_entry_does_not_name_stay() {
        let entry = |day, files: &[(&str, Option<&str>)]| ExampleCommit {
            date: date(2026, 1, day),
            author: Actor::default(),
            message: String::new(),
            files: files.iter().map(|(path, text)| (path.to_string(), text.map(str::to_string))).collect(),
        };
        let entries = [
            entry(1, &[("a.md", Some("one")), ("b.md", Some("b"))]),
            entry(2, &[("a.md", Some("two"))]),
            entry(3, &[("a.md", Some("two")), ("b.md", None), ("c.rs", Some("not read"))]),
        ];
        let timeline = Timeline::in_memory(&entries, &|path| path.ends_with(".md"));
        let paths = |step: &Step| step.changes.iter().map(|it| it.path.to_string()).collect::<Vec<_>>();
        assert_eq!(
            timeline.steps.iter().map(paths).collect::<Vec<_>>(),
            [vec!["a.md", "b.md"], vec!["a.md"], vec!["b.md"]]
        );
        let after = timeline.steps[1].changes[0].after.unwrap();
        assert_eq!(timeline.reader().read(after).unwrap(), b"two");
        assert_eq!(timeline.steps[2].changes[0].after, None);
    }
}
