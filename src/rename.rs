//! Gives a record another identifier: in its file and the file's name, in the references and prose of all records, in
//! pages, and in the comments of code that cite it. Nothing is written here; see [`fix`](crate::fix).

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use crate::catalog::{Catalog, CodeCitation, SourceFile, Target};
use crate::finding::Fault;
use crate::node::Node;
use crate::policy::Policy;
use crate::record::{Record, id_key};
use crate::snapshot::Snapshot;
use crate::text::{Edit, Source, Span, applied};

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
    let files = edited_files(catalog, record, &spelling)?;
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
        let here = file.citations.iter().filter(|it| !is_address(file.source(), it));
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
    rest.with_texts(files.iter().map(|(_, after)| after.clone()))
}

/// Returns the edited files, that of the record at its new path.
fn edited_files(catalog: &Catalog, record: &Record, spelling: &Spelling) -> Result<Vec<RenamedFile>, Fault> {
    let is_namesake = |other: &Record| other.number != record.number && other.id == record.id;
    let has_namesake = catalog.records().iter().any(is_namesake);
    let mut collector = Collector { catalog, record, spelling, has_namesake, edits: BTreeMap::new() };
    collector.own_id();
    for file in catalog.files() {
        collector.references(file);
        collector.links(file);
        collector.words(file);
    }
    for file in catalog.citing_files().iter().chain(&catalog.citing_records()) {
        collector.citations(file.source(), &file.citations);
    }
    let file = |(source, edits)| renamed_file(record, spelling, source, edits);
    collector.edits.into_values().map(file).collect()
}

fn renamed_file(
    record: &Record,
    spelling: &Spelling,
    source: Arc<Source>,
    edits: Vec<Edit>,
) -> Result<RenamedFile, Fault> {
    let path = source.path().clone();
    if source.invalid_at().is_some() {
        return Err(Fault::new(format!("`{path}` is not UTF-8")).help("rename it by hand"));
    }
    let text = applied(source.text(), edits);
    let moved = spelling.new_path.as_ref().filter(|_| path == record.path);
    let after = Source::new(moved.map_or(path, |moved| moved.as_str().into()), text.into_bytes());
    Ok((source, Arc::new(after)))
}

/// Returns true for a citation by an address: it names what is published elsewhere, possibly at a commit, where nothing moves.
fn is_address(source: &Source, citation: &CodeCitation) -> bool {
    source.slice(citation.text_span).contains("://")
}

struct Collector<'c> {
    catalog: &'c Catalog,
    record: &'c Record,
    spelling: &'c Spelling,
    /// True if another record has the same identifier.
    has_namesake: bool,
    edits: BTreeMap<Arc<str>, (Arc<Source>, Vec<Edit>)>,
}

impl Collector<'_> {
    /// Replaces a span by its respelt text, if there is one.
    fn edit(
        &mut self,
        source: &Arc<Source>,
        span: Span,
        respell: impl Fn(&Spelling, &str) -> Option<String>,
    ) {
        if let Some(replacement) = respell(self.spelling, source.slice(span)) {
            self.edits_of(source).push(Edit { span, replacement });
        }
    }

    fn edits_of(&mut self, source: &Arc<Source>) -> &mut Vec<Edit> {
        &mut self.edits.entry(source.path().clone()).or_insert_with(|| (source.clone(), Vec::new())).1
    }

    /// The identifier in the record's own text, if it is there; a file without edits is kept for its new name.
    fn own_id(&mut self) {
        let source = self.catalog.file_of(self.record).source().clone();
        self.edits_of(&source);
        if let Some(id) = self.record.field("id") {
            // Where the file's name alone states a word as the identifier, its place is the title, which may hold that word too.
            let stated = source.slice(id.span).trim_matches(['"', '\'', '`', ' ']);
            if stated == &*self.record.id || self.record.id.contains(|c: char| c.is_ascii_digit()) {
                self.edit(&source, id.span, Spelling::respell);
            }
        }
    }

    fn references(&mut self, file: &SourceFile) {
        for number in file.records.clone() {
            let naming = self.catalog.record(number);
            let references = self.catalog.references(naming);
            for reference in references.filter(|it| it.target == Target::Record(self.record.number)) {
                self.edit(file.source(), reference.span, Spelling::respell_reference);
            }
            let ids: Vec<Span> =
                naming.possible_ids().filter(|node| self.is_own_id(node)).map(|node| node.span).collect();
            for id in ids {
                self.edit(file.source(), id, Spelling::respell);
            }
        }
    }

    fn is_own_id(&self, node: &Node) -> bool {
        let prefixes = self.record.prefixes();
        !self.has_namesake && node.as_text().is_some_and(|text| id_key(text, prefixes) == self.record.key())
    }

    /// Renames the targets of links to the record's file, and the number in the links' text.
    fn links(&mut self, file: &SourceFile) {
        for link in Catalog::links_to(&file.document, &self.record.path) {
            self.edit(file.source(), link.destination_span, Spelling::respell_path);
            let label = Span::new(link.span.start as usize, link.destination_span.start as usize);
            self.edit(file.source(), label, |it, text| {
                it.respell_path(text).or_else(|| it.respell_start(text))
            });
        }
    }

    /// Renames identifiers such as `D-7` in the texts of records, unless another record has the same identifier.
    fn words(&mut self, file: &SourceFile) {
        if !file.records.is_empty() && !self.has_namesake {
            for place in self.spelling.places_in(file.source().text()) {
                self.edit(file.source(), place, Spelling::respell);
            }
        }
    }

    /// Citations, and in an index the numbers on the same line that begin a cell or the text of a link.
    fn citations(&mut self, source: &Arc<Source>, citations: &[CodeCitation]) {
        let is_meant = |it: &&CodeCitation| it.target == Some(self.record.number) && !is_address(source, it);
        for citation in citations.iter().filter(is_meant) {
            if !source.slice(citation.text_span).contains('.') {
                self.edit(source, citation.text_span, Spelling::respell);
                continue;
            }
            self.edit(source, citation.text_span, Spelling::respell_path);
            if !citation.in_comment {
                self.cells_before(source, citation.span);
            }
        }
    }

    fn cells_before(&mut self, source: &Arc<Source>, path: Span) {
        let mut start = source.line_span(path.start as usize).start as usize;
        for cell in source.slice(Span::new(start, path.start as usize)).split_inclusive(['[', '|']) {
            self.edit(source, Span::new(start, start + cell.len()), Spelling::respell_start);
            start += cell.len();
        }
    }
}
