//! Gives a record another identifier: in its file and the file's name, in the references and prose of all records, in
//! pages, and in the comments of code that cite it. Nothing is written here; see [`fix`](crate::fix).

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::finding::Fault;
use crate::policy::Policy;
use crate::record::{Record, id_key};
use crate::snapshot::Snapshot;
use crate::text::Source;

mod edits;
mod spelling;

use spelling::Spelling;

/// A file before and after; its path differs if it was renamed.
pub type RenamedFile = (Arc<Source>, Arc<Source>);

/// Returns what changes if a record gets the identifier `new`: the files with another text or path, sorted by their old path.
///
/// # Errors
/// `new` is taken or no identifier; or the result would not be read as intended.
pub fn rename(
    catalog: &Catalog,
    policy: &Policy,
    record: &Record,
    new: &str,
) -> Result<Vec<RenamedFile>, Fault> {
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

/// Returns the record that is meant by a name which some records have.
///
/// # Errors
/// There are several.
pub fn only_one<'c>(catalog: &Catalog, name: &str, found: &[&'c Record]) -> Result<&'c Record, Fault> {
    let place = |record: &Record| {
        let line = catalog.file_of(record).source().position(record.name_span.start as usize).line;
        format!("{}:{line}", record.path)
    };
    match found {
        [record] => Ok(record),
        [.., last] => {
            let names: Vec<String> =
                found.iter().map(|record| format!("`{}` in `{}`", record.kind.name, record.path)).collect();
            Err(Fault::new(format!("`{name}` names {} records: {}", found.len(), names.join(", ")))
                .help(format!("name the file and the line, as in `{}`", place(last))))
        }
        [] => Err(Fault::new(format!("no record `{name}`"))),
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

/// What is named, and what names it: records by their kind, key and path, and files.
type Links = BTreeSet<(String, String)>;

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
    let key = |one: &Record| match one.number == record.number {
        true => id_key(&spelling.new_id, one.prefixes()),
        false => one.key(),
    };
    let name = |one: &Record, key: String, path: String| format!("{} `{key}` in `{path}`", one.kind.name);
    let wanted = links(before, |one| name(one, key(one), path(&one.path)), path);
    let found = links(after, |one| name(one, one.key(), one.path.to_string()), str::to_owned);
    let is_namesake = |one: &&Record| {
        one.number != record.number && one.kind.name == record.kind.name && one.key() == record.key()
    };
    let namesakes = before.records().iter().filter(is_namesake);
    let namesakes: HashSet<String> = namesakes.map(|one| name(one, one.key(), path(&one.path))).collect();
    // What could mean several records may mean the other one now.
    let added = found.difference(&wanted).find(|(from, to)| from == to || !namesakes.contains(to));
    let Some((from, to)) = added.or_else(|| wanted.difference(&found).next()) else { return Ok(()) };
    let message = match from == to {
        true => format!("can't rename: {from} would be read otherwise"),
        false => format!("can't rename: what {from} says of {to} would change"),
    };
    let line = before.file_of(record).source().position(record.span.start as usize).line;
    Err(Fault::new(message).help(format!("rename it by hand, from line {line} of `{}` on", record.path)))
}

/// Returns every record with itself, with each record that it refers to, and with each file that cites it.
fn links(catalog: &Catalog, name: impl Fn(&Record) -> String, path: impl Fn(&str) -> String) -> Links {
    let mut links = Links::new();
    for record in catalog.records() {
        let from = name(record);
        for number in catalog.references(record).filter_map(|reference| reference.target.record()) {
            links.insert((from.clone(), name(catalog.record(number))));
        }
        links.insert((from.clone(), from));
    }
    for file in catalog.citing_files() {
        let from = format!("`{}`", path(file.path()));
        let here = file.citations.iter().filter(|it| !edits::is_address(file.source(), it));
        for number in here.filter_map(|citation| citation.target) {
            links.insert((from.clone(), name(catalog.record(number))));
        }
    }
    links
}

/// Returns the snapshot with the renamed files in the place of the old ones.
fn replaced(snapshot: &Snapshot, files: &[RenamedFile]) -> Snapshot {
    let removed: HashSet<&str> = files.iter().map(|(before, _)| &**before.path()).collect();
    let rest = snapshot.filtered(|path| !removed.contains(path));
    rest.with_added(files.iter().map(|(_, after)| after.clone()))
}
