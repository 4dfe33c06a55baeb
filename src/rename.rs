//! Gives a record another identifier: in its file and the file's name, in the references and prose of all records, in
//! pages, and in the comments of code that cite it. Nothing is written here; see [`fix`](crate::fix).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::catalog::{Catalog, Target};
use crate::finding::Fault;
use crate::policy::Policy;
use crate::record::{Record, id_key};
use crate::schema::{did_you_mean, nearest};
use crate::snapshot::Snapshot;
use crate::text::{Source, Span};

mod edits;
mod spelling;

use edits::Edits;
use spelling::Spelling;

/// A file before and after; its path differs if it was renamed.
pub type RenamedFile = (Arc<Source>, Arc<Source>);

/// Returns the files that change if the record `old` gets the identifier `new`, sorted by path.
///
/// # Errors
/// No record, or several, are called `old`; `new` is taken or no identifier; or the result would not be read as intended.
pub fn rename(catalog: &Catalog, policy: &Policy, old: &str, new: &str) -> Result<Vec<RenamedFile>, Fault> {
    let record = find(catalog, old)?;
    let spelling = Spelling::new(catalog, record, new)?;
    refuse_if_taken(catalog, record, &spelling)?;
    let new_path = spelling.new_path(record);
    if new_path != *record.path && catalog.snapshot().has(&new_path) {
        return Err(Fault::new(format!("`{new_path}` exists already")));
    }
    let files = Edits::of(catalog, record, &spelling)?.apply(&record.path, &new_path)?;
    let before = catalog.snapshot();
    let after = Arc::new(replaced(before, &files));
    verify(catalog, &policy.read(&after, policy.rules.rules()), record, &spelling, &new_path)?;
    Ok(files)
}

/// Finds the record with an identifier, such as `D-7` or `decision/D-7`, or in a file.
fn find<'c>(catalog: &'c Catalog, name: &str) -> Result<&'c Record, Fault> {
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
            Err(fault.help("write the kind before it, as in `decision/D-7`, or name the file"))
        }
    }
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

/// Checks that both states have the same records, references and citations, but for the new name.
fn verify(
    before: &Catalog,
    after: &Catalog,
    record: &Record,
    spelling: &Spelling,
    new_path: &str,
) -> Result<(), Fault> {
    let renamed = |one: &Record| -> (Arc<str>, String, String) {
        let path = if one.path == record.path { new_path } else { &one.path };
        let id = if one.number == record.number { &spelling.new_id } else { &*one.id };
        (one.kind.name.clone(), id_key(id, one.prefixes()), path.to_owned())
    };
    let own = |one: &Record| (one.kind.name.clone(), one.key(), one.path.to_string());
    let broken = |catalog: &Catalog| -> usize {
        let links = catalog.files().iter().flat_map(|file| catalog.links(file));
        links.filter(|link| link.broken.is_some()).count()
    };
    if broken(after) > broken(before) {
        return Err(Fault::new("can't rename: a link would break").help("rename it by hand"));
    }
    let mut wanted = links(before, renamed);
    for link in links(after, own) {
        if !wanted.remove(&link) {
            return Err(changed(&link));
        }
    }
    wanted.into_iter().min().map_or(Ok(()), |link| Err(changed(&link)))
}

type Identity = (Arc<str>, String, String);

/// Returns every record with itself, with each record that it refers to, and with each file that cites it.
fn links(catalog: &Catalog, identity: impl Fn(&Record) -> Identity) -> HashSet<(Identity, Identity)> {
    let mut links = HashSet::new();
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
        let from: Identity = ("file".into(), String::new(), file.path().to_string());
        for number in file.citations.iter().filter_map(|citation| citation.target) {
            links.insert((from.clone(), identity(catalog.record(number))));
        }
    }
    links
}

fn changed((from, to): &(Identity, Identity)) -> Fault {
    let name = |(kind, id, path): &Identity| match &**kind {
        "file" => format!("`{path}`"),
        kind => format!("{kind} `{id}` in `{path}`"),
    };
    let message = match from == to {
        true => format!("can't rename: {} would be read otherwise", name(from)),
        false => format!("can't rename: what {} says of {} would change", name(from), name(to)),
    };
    Fault::new(message).help("rename it by hand")
}

/// Returns the snapshot with these files in the place of others.
fn replaced(snapshot: &Snapshot, files: &[RenamedFile]) -> Snapshot {
    let removed: HashSet<&str> = files.iter().map(|(before, _)| &**before.path()).collect();
    let rest = snapshot.filtered(|path| !removed.contains(path));
    rest.with_added(files.iter().map(|(_, after)| after.clone()))
}

/// The edits of one file, by their place.
type FileEdits = BTreeMap<Span, String>;

/// The edits of all files.
type EditsByPath = HashMap<Arc<str>, (Arc<Source>, FileEdits)>;
