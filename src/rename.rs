//! Gives a record another identifier: in its file and the file's name, in the references and prose of all records, in
//! pages, and in the comments of code that cite it. Nothing is written here; see [`fix`](crate::fix).

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::finding::Fault;
use crate::policy::Policy;
use crate::record::{Record, id_key};
use crate::schema::{did_you_mean, nearest};
use crate::snapshot::Snapshot;
use crate::text::Source;

mod edits;
mod spelling;

use spelling::Spelling;

/// A file before and after; its path differs if it was renamed.
pub type RenamedFile = (Arc<Source>, Arc<Source>);

/// Returns what changes if the record `old` gets the identifier `new`: the files with another text or path, sorted by their old path.
///
/// # Errors
/// No record, or several, are called `old`; `new` is taken or no identifier; or the result would not be read as intended.
pub fn rename(catalog: &Catalog, policy: &Policy, old: &str, new: &str) -> Result<Vec<RenamedFile>, Fault> {
    let record = find(catalog, old)?;
    let spelling = Spelling::new(catalog, record, new)?;
    refuse_if_taken(catalog, record, &spelling)?;
    let before = catalog.snapshot();
    if let Some(path) = spelling.new_path.as_ref().filter(|path| before.has(path)) {
        return Err(Fault::new(format!("`{path}` exists already")));
    }
    let files = edits::of(catalog, record, &spelling)?;
    let after = policy.read(&Arc::new(replaced(before, &files)), policy.rules.rules());
    verify(catalog, &after, record, &spelling)?;
    Ok(files)
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
            Err(fault.help(format!("name the file and the line, as in `{}:{}`", found[1].path, place.line)))
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

/// A record with another one, or a file, that it is named by.
type Link = (Identity, Identity);

/// The kind, the key and the path of a record; of a file, the path.
type Identity = (Arc<str>, String, String);

/// Checks that both states have the same records, references and citations, but for the new name.
fn verify(before: &Catalog, after: &Catalog, record: &Record, spelling: &Spelling) -> Result<(), Fault> {
    let broken = |catalog: &Catalog| -> usize {
        let links = catalog.files().iter().flat_map(|file| catalog.links(file));
        links.filter(|link| link.broken.is_some()).count()
    };
    if broken(after) > broken(before) {
        return Err(Fault::new("can't rename: a link would break").help("rename it by hand"));
    }
    let path = |path: &str| match &spelling.new_path {
        Some(new) if *path == *record.path => new.clone(),
        _ => path.to_owned(),
    };
    let renamed = |one: &Record| match one.number == record.number {
        true => id_key(&spelling.new_id, one.prefixes()),
        false => one.key(),
    };
    let wanted = links(before, renamed, path);
    let found = links(after, |one| one.key(), str::to_owned);
    let is_namesake = |one: &&Record| {
        one.number != record.number && one.kind.name == record.kind.name && one.key() == record.key()
    };
    let namesakes = before.records().iter().filter(is_namesake);
    let namesakes: HashSet<Identity> =
        namesakes.map(|one| (one.kind.name.clone(), one.key(), path(&one.path))).collect();
    // What could mean several records may mean the other one now.
    let is_clear = |(from, to): &Link| from != to && namesakes.contains(to);
    let added = found.difference(&wanted).find(|link| !is_clear(link));
    added
        .or_else(|| wanted.difference(&found).next())
        .map_or(Ok(()), |link| Err(changed(before, record, link)))
}

/// Returns every record with itself, with each record that it refers to, and with each file that cites it.
fn links(
    catalog: &Catalog,
    key: impl Fn(&Record) -> String,
    path: impl Fn(&str) -> String,
) -> BTreeSet<Link> {
    let mut links = BTreeSet::new();
    let identity = |record: &Record| (record.kind.name.clone(), key(record), path(&record.path));
    for record in catalog.records() {
        let from = identity(record);
        for number in catalog.references(record).filter_map(|reference| reference.target.record()) {
            links.insert((from.clone(), identity(catalog.record(number))));
        }
        links.insert((from.clone(), from));
    }
    for file in catalog.citing_files() {
        let from: Identity = ("file".into(), String::new(), path(file.path()));
        let here = file.citations.iter().filter(|it| !edits::is_address(file.source(), it));
        for number in here.filter_map(|citation| citation.target) {
            links.insert((from.clone(), identity(catalog.record(number))));
        }
    }
    links
}

/// The fault of a renaming after which something would mean another record, with the line and the reason.
fn changed(catalog: &Catalog, record: &Record, (from, to): &Link) -> Fault {
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

/// Returns the snapshot with the renamed files in the place of the old ones.
fn replaced(snapshot: &Snapshot, files: &[RenamedFile]) -> Snapshot {
    let removed: HashSet<&str> = files.iter().map(|(before, _)| &**before.path()).collect();
    let rest = snapshot.filtered(|path| !removed.contains(path));
    rest.with_added(files.iter().map(|(_, after)| after.clone()))
}
