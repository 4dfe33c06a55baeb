//! Gives a record another identifier: in its file and the file's name, in the references and prose of all records, in
//! pages, and in the comments of code that cite it. Nothing is written here; see [`fix`](crate::fix).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::catalog::{Catalog, Target};
use crate::finding::Fault;
use crate::policy::Policy;
use crate::policy::baseline::{BaselineEntry, EntrySubject};
use crate::record::{Record, id_key};
use crate::schema::{did_you_mean, nearest};
use crate::snapshot::{Snapshot, is_within};
use crate::text::{Source, Span};

mod edits;
mod spelling;

use edits::Edits;
use spelling::{Moved, Spelling, is_of_commit};

/// A file before and after; its path differs if it was renamed.
pub type RenamedFile = (Arc<Source>, Arc<Source>);

/// What changes if a record gets another identifier.
#[derive(Debug)]
pub struct Renaming {
    /// The files with another text or path, sorted by their old path.
    pub files: Vec<RenamedFile>,
    /// The folder of the record, if it moves with all that is in it.
    pub folder: Option<MovedFolder>,
    /// The files, at their new paths, that cite an identifier which several records had and one has now, sorted.
    pub clear: Vec<String>,
    /// The number of findings about the record in the baseline, under its old name.
    pub baselined: usize,
}

/// A folder with another name.
#[derive(Debug)]
pub struct MovedFolder {
    /// Its old path.
    pub from: String,
    /// Its new path.
    pub to: String,
    /// The old and new paths of those files in it that keep their text, sorted.
    pub kept: Vec<(Arc<str>, String)>,
}

impl MovedFolder {
    fn new(snapshot: &Snapshot, moved: &Moved, spelling: &Spelling, edited: &[RenamedFile]) -> MovedFolder {
        let edited: HashSet<&str> = edited.iter().map(|(before, _)| &**before.path()).collect();
        let files = snapshot.files().iter().map(|file| file.path.clone());
        let links = snapshot.links().map(Arc::from);
        let kept =
            files.chain(links).filter(|path| is_within(path, &moved.from) && !edited.contains(&**path));
        let mut kept: Vec<(Arc<str>, String)> =
            kept.map(|path| (path.clone(), spelling.new_path(&path))).collect();
        kept.sort_unstable();
        MovedFolder { from: moved.from.clone(), to: moved.to.clone(), kept }
    }
}

/// Returns what changes if the record `old` gets the identifier `new`.
///
/// # Errors
/// No record, or several, are called `old`; `new` is taken or no identifier; or the result would not be read as intended.
pub fn rename(catalog: &Catalog, policy: &Policy, old: &str, new: &str) -> Result<Renaming, Fault> {
    let record = find(catalog, old)?;
    let spelling = Spelling::new(catalog, record, new)?;
    refuse_if_taken(catalog, record, &spelling)?;
    let before = catalog.snapshot();
    if let Some(moved) = spelling.moved().filter(|moved| before.has(&moved.to)) {
        return Err(Fault::new(format!("`{}` exists already", moved.to)));
    }
    let files = Edits::of(catalog, record, &spelling)?.apply(&spelling)?;
    let folder = spelling.moved().filter(|moved| moved.from != *record.path);
    let folder = folder.map(|moved| MovedFolder::new(before, moved, &spelling, &files));
    let baselined = baselined(policy, record, spelling.moved().is_some());
    let mut renaming = Renaming { files, folder, clear: Vec::new(), baselined };
    let after = Arc::new(replaced(before, &renaming));
    renaming.clear = verify(catalog, &policy.read(&after, policy.rules.rules()), record, &spelling)?;
    Ok(renaming)
}

/// Counts the findings of the baseline that it would no longer match.
fn baselined(policy: &Policy, record: &Record, moves: bool) -> usize {
    let key = record.key();
    let is_about = |entry: &&BaselineEntry| match &entry.subject {
        EntrySubject::Record(name) => name
            .split_once('/')
            .is_some_and(|(kind, id)| *kind == *record.kind.name && id_key(id, record.prefixes()) == key),
        EntrySubject::Path => moves && *entry.path == *record.path,
        EntrySubject::Group(names) => names.split(' ').any(|name| name == &*record.id),
    };
    let entries = policy.baseline.iter().flat_map(|baseline| &baseline.entries);
    entries.filter(is_about).map(|entry| entry.count).sum()
}

/// Finds the record with an identifier, such as `D-7` or `decision/D-7`, in a file, or at a line of it: `decisions.yaml:45`.
fn find<'c>(catalog: &'c Catalog, name: &str) -> Result<&'c Record, Fault> {
    if let Some(record) = at_line(catalog, name) {
        return Ok(record);
    }
    let qualified = name.split_once('/').filter(|(kind, _)| catalog.kinds().get(kind).is_some());
    let is_called = |record: &&Record| {
        let key = |id: &str| id_key(id, record.prefixes()) == record.key();
        let by_id = match qualified {
            Some((kind, id)) => *record.kind.name == *kind && key(id),
            None => key(name),
        };
        by_id || *record.path == *name && record.is_sole_record
    };
    let found: Vec<&Record> = catalog.records().iter().filter(is_called).collect();
    match found[..] {
        [record] => Ok(record),
        [] if catalog.records().iter().any(|record| *record.path == *name) => {
            let fault = Fault::new(format!("`{name}` holds several records"));
            Err(fault.help(format!("name the line too, as in `{name}:1`")))
        }
        [] => {
            let fault = Fault::new(format!("no record has the id `{name}`"));
            let ids = catalog.records().iter().map(|record| &*record.id);
            Err(match nearest(name, ids) {
                Some(near) => fault.help(did_you_mean(near)),
                None => fault.help("list all records with `alignlint records`"),
            })
        }
        _ => {
            let paths: Vec<String> =
                found.iter().map(|record| format!("`{}` in `{}`", record.kind.name, record.path)).collect();
            let fault =
                Fault::new(format!("{} records have the id `{name}`: {}", found.len(), paths.join(", ")));
            let place = catalog.file_of(found[1]).source().position(found[1].name_span.start as usize);
            let is_clear = found.iter().all(|record| record.kind.name == found[0].kind.name);
            Err(match is_clear {
                true => fault
                    .help(format!("name the file and the line, as in `{}:{}`", found[1].path, place.line)),
                false => fault.help("write the kind before it, as in `decision/D-7`, or name the file"),
            })
        }
    }
}

/// Returns the record that stands at a place such as `decisions.yaml:45`.
fn at_line<'c>(catalog: &'c Catalog, name: &str) -> Option<&'c Record> {
    let (path, line) = name.rsplit_once(':')?;
    let line: usize = line.parse().ok()?;
    let begins = |record: &Record| catalog.file_of(record).source().position(record.span.start as usize).line;
    let above = catalog.records().iter().filter(|record| *record.path == *path && begins(record) <= line);
    above.max_by_key(|record| record.span.start)
}

fn refuse_if_taken(catalog: &Catalog, record: &Record, spelling: &Spelling) -> Result<(), Fault> {
    let key = id_key(&spelling.new_id, record.prefixes());
    let is_taken = |other: &&Record| {
        other.kind.name == record.kind.name && other.scope() == record.scope() && other.key() == key
    };
    match catalog.records().iter().find(is_taken) {
        Some(other) if other.number == record.number => {
            Err(Fault::new(format!("the record has the id `{}` already", other.id)))
        }
        Some(other) => Err(Fault::new(format!("the id `{}` is taken by `{}`", spelling.new_id, other.path))
            .help("list all records with `alignlint records`")),
        None => Ok(()),
    }
}

/// Checks that both states have the same records, references and citations, but for the new name. Returns the files with citations
/// that could mean several records before, and mean one now.
fn verify(
    before: &Catalog,
    after: &Catalog,
    record: &Record,
    spelling: &Spelling,
) -> Result<Vec<String>, Fault> {
    let renamed = |one: &Record| -> (Arc<str>, String) {
        let id = if one.number == record.number { &spelling.new_id } else { &*one.id };
        (one.kind.name.clone(), id_key(id, one.prefixes()))
    };
    let own = |one: &Record| (one.kind.name.clone(), one.key());
    let broken = |catalog: &Catalog| -> usize {
        let links = catalog.files().iter().flat_map(|file| catalog.links(file));
        links.filter(|link| link.broken.is_some()).count()
    };
    if broken(after) > broken(before) {
        return Err(Fault::new("can't rename: a link would break").help("rename it by hand"));
    }
    let namesakes: Vec<Identity> = before
        .records()
        .iter()
        .filter(|one| one.number != record.number && own(one) == own(record))
        .map(|one| (one.kind.name.clone(), one.key(), spelling.new_path(&one.path)))
        .collect();
    let mut clear = Vec::new();
    let mut wanted = links(before, renamed, |path| spelling.new_path(path));
    for link in links(after, own, str::to_owned) {
        let (from, to) = &link;
        if !wanted.remove(&link) {
            if from == to || !namesakes.contains(to) {
                return Err(changed(before, record, &link));
            }
            clear.push(from.2.clone());
        }
    }
    clear.sort_unstable();
    clear.dedup();
    wanted.into_iter().min().map_or(Ok(clear), |link| Err(changed(before, record, &link)))
}

type Identity = (Arc<str>, String, String);

/// Returns every record with itself, with each record that it refers to, and with each file that cites it.
fn links(
    catalog: &Catalog,
    name: impl Fn(&Record) -> (Arc<str>, String),
    path: impl Fn(&str) -> String,
) -> HashSet<(Identity, Identity)> {
    let mut links = HashSet::new();
    let identity = |record: &Record| -> Identity {
        let (kind, id) = name(record);
        (kind, id, path(&record.path))
    };
    for record in catalog.records() {
        let from = identity(record);
        for reference in catalog.references(record) {
            if let Target::Record(number) = reference.target {
                links.insert((from.clone(), identity(catalog.record(number))));
            }
        }
        links.insert((from.clone(), from));
    }
    for file in catalog.citing_files() {
        let from: Identity = ("file".into(), String::new(), path(file.path()));
        let text = file.source().text();
        let lasting = file.citations.iter().filter(|it| !is_of_commit(text, it.text_span.end as usize));
        for number in lasting.filter_map(|citation| citation.target) {
            links.insert((from.clone(), identity(catalog.record(number))));
        }
    }
    links
}

/// The fault of a renaming after which something would mean another record, with the line and the reason.
fn changed(catalog: &Catalog, record: &Record, (from, to): &(Identity, Identity)) -> Fault {
    let name = |(kind, id, path): &Identity| match &**kind {
        "file" => format!("`{path}`"),
        kind => format!("{kind} `{id}` in `{path}`"),
    };
    let message = match from == to {
        true => format!("can't rename: {} would be read otherwise", name(from)),
        false => format!("can't rename: what {} says of {} would change", name(from), name(to)),
    };
    let line = catalog.file_of(record).source().position(record.span.start as usize).line;
    Fault::new(message).help(format!("rename it by hand, from line {line} of `{}` on", record.path))
}

/// Returns the snapshot with the renamed files in the place of the old ones. Those that are no text are empty.
fn replaced(snapshot: &Snapshot, renaming: &Renaming) -> Snapshot {
    let kept = renaming.folder.iter().flat_map(|folder| &folder.kept);
    let edited = renaming.files.iter().map(|(before, _)| &**before.path());
    let removed: HashSet<&str> = edited.chain(kept.clone().map(|(from, _)| &**from)).collect();
    let rest = snapshot.filtered(|path| !removed.contains(path));
    let moved = kept.map(|(from, to)| {
        let source = snapshot.read_path(from).filter(|source| source.invalid_at().is_none());
        let text = source.map_or_else(Vec::new, |source| source.text().as_bytes().to_vec());
        Arc::new(Source::new(to.as_str(), text))
    });
    rest.with_added(renaming.files.iter().map(|(_, after)| after.clone()).chain(moved))
}

/// The edits of one file, by their place.
type FileEdits = BTreeMap<Span, String>;

/// The edits of all files.
type EditsByPath = HashMap<Arc<str>, (Arc<Source>, FileEdits)>;
