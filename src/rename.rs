//! Gives a record another identifier: in its file and the file's name, in the references and prose of all records, in
//! pages, and in the comments of code that cite it. Nothing is written here; see [`fix`](crate::fix).

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Arc, LazyLock};

use crate::catalog::{Catalog, CodeCitation, SourceFile, Target};
use crate::finding::Fault;
use crate::node::{Node, Scalar};
use crate::policy::Policy;
use crate::record::{Record, id_key, leading_number};
use crate::snapshot::Snapshot;
use crate::syntax::Format;
use crate::syntax::edit::{Editor, yaml_text};
use crate::text::{Edit, LazyRegex, Source, Span, applied, file_name, folder_of, is_number, stem};
use crate::value::identifier::{Identifier, in_name};

/// A file before and after; its path differs if it was renamed.
pub type Renamed = (Arc<Source>, Arc<Source>);

/// Returns what changes if a record gets the identifier `new`: files with another text or path, sorted by their old path.
///
/// # Errors
/// The identifier is taken or can't be written, or the files would not say the same.
pub fn rename(catalog: &Catalog, policy: &Policy, record: &Record, new: &str) -> Result<Vec<Renamed>, Fault> {
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

/// Returns the only record that a name has found.
///
/// # Errors
/// There is none, or there are several, which the fault tells apart.
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

/// Returns a state after files are renamed.
pub(crate) fn replaced(snapshot: &Snapshot, files: &[Renamed]) -> Snapshot {
    let removed: HashSet<&str> = files.iter().map(|(before, _)| &**before.path()).collect();
    let rest = snapshot.filtered(|path| !removed.contains(path));
    rest.with_texts(files.iter().map(|(_, after)| after.clone()))
}

/// Returns the places that name a record, which [`rename`] changes.
pub(crate) fn places(catalog: &Catalog, record: &Record) -> Vec<(Arc<Source>, Span)> {
    let Ok(spelling) = Spelling::new(catalog, record, &format!("{}0", record.id)) else { return Vec::new() };
    let files = edits(catalog, record, &spelling).into_values();
    files.flat_map(|(source, edits)| edits.into_iter().map(move |edit| (source.clone(), edit.span))).collect()
}

fn edits(catalog: &Catalog, record: &Record, spelling: &Spelling) -> Edits {
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
    collector.edits
}

fn edited_files(catalog: &Catalog, record: &Record, spelling: &Spelling) -> Result<Vec<Renamed>, Fault> {
    let file = |(source, edits): (Arc<Source>, Vec<Edit>)| {
        let path = source.path();
        if source.invalid_at().is_some() {
            return Err(Fault::new(format!("`{path}` is not UTF-8")).help("rename it by hand"));
        }
        let moved = spelling.new_path.as_deref().filter(|_| *path == record.path);
        let after = Source::new(moved.unwrap_or(path), applied(source.text(), edits).into_bytes());
        Ok((source, Arc::new(after)))
    };
    edits(catalog, record, spelling).into_values().map(file).collect()
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
    edits: Edits,
}

/// By path.
type Edits = BTreeMap<Arc<str>, (Arc<Source>, Vec<Edit>)>;

impl Collector<'_> {
    /// Replaces a span by its respelt text, if there is one.
    fn edit(&mut self, file: &Arc<Source>, span: Span, respell: impl Fn(&Spelling, &str) -> Option<String>) {
        if let Some(replacement) = respell(self.spelling, file.slice(span)) {
            let is_quoted = replacement == self.spelling.new && self.is_value(file, span);
            let replacement = if is_quoted { yaml_text(&replacement) } else { replacement };
            self.edits_of(file).push(Edit { span, replacement });
        }
    }

    /// Returns true for a whole value or key of YAML: an identifier such as `no` has to be quoted there.
    fn is_value(&self, source: &Source, span: Span) -> bool {
        let document = self.catalog.file_at(source.path()).map(|file| self.catalog.document(file));
        let document = document.filter(|it| matches!(it.format, Format::Yaml | Format::Markdown));
        let editor = document.and_then(Editor::new);
        editor.is_some_and(|it| it.scalar_at(span).or_else(|| it.key_at(span)).is_some())
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
        let (kind, text) = (&*self.record.kind.name, node.as_scalar().map_or("", Scalar::text));
        let id = text.strip_prefix(kind).and_then(|rest| rest.strip_prefix('/')).unwrap_or(text);
        !self.has_namesake && id_key(id, self.record.prefixes()) == self.record.key()
    }

    /// Renames the targets of links to the record's file, and the number in the links' text.
    fn links(&mut self, file: &SourceFile) {
        for link in Catalog::links_to(&file.document, &self.record.path) {
            let span = Span::new(link.span.start as usize, link.destination_span.end as usize);
            self.edit(file.source(), span, |it, text| match it.name_in(text) {
                Some(_) => it.respell_reference(text),
                None => it.respell_start(text),
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

/// The old and the new identifier in all their spellings: `4`, `0004`, `ADR-4`.
struct Spelling {
    /// The old identifier, and the new one; of numbers without zeros before them.
    old: String,
    new: String,
    is_number: bool,
    /// To how many digits zeros fill the numbers here: the new one has them where the old one has as many digits.
    width: usize,
    /// The words that may stand before a number.
    prefixes: Box<[Box<str>]>,
    new_id: String,
    old_name: String,
    /// The path of the record's file after the renaming, if its name bears the identifier.
    new_path: Option<String>,
}

impl Spelling {
    fn new(catalog: &Catalog, record: &Record, new: &str) -> Result<Spelling, Fault> {
        let new = new.trim();
        let (key, new_key) = (record.key(), id_key(new, record.prefixes()));
        let is_numeric = is_number(&key);
        if is_numeric && !is_number(&new_key) {
            let what = format!("`{new}` is no number, as the ids beside `{}` are", record.id);
            return Err(Fault::new(what));
        }
        if !is_numeric && !is_word(new) {
            let fault = Fault::new(format!("`{new}` is no id"));
            return Err(fault.help("use letters, digits, `-`, `_` and `.`"));
        }
        let (old, new_text) = if is_numeric { (key, new_key) } else { (record.id.to_string(), new.into()) };
        let digits = last_digits(new).unwrap_or_default();
        let mut spelling = Spelling {
            old,
            new: new_text,
            is_number: is_numeric,
            width: if digits.starts_with('0') { digits.len() } else { width(catalog, record) },
            prefixes: record.prefixes().into(),
            new_id: String::new(),
            old_name: file_name(&record.path).to_owned(),
            new_path: None,
        };
        spelling.new_id = spelling.respell(&record.id).unwrap_or_else(|| new.to_owned());
        if record.is_sole_record {
            spelling.new_path = spelling.moved_file(record);
            if spelling.new_path.is_none() {
                refuse_if_folder_is_named(record)?;
            }
        }
        Ok(spelling)
    }

    /// The path of a file that bears the identifier, or its number: `0011-x.md` for `0001-x.md` where `D-1` becomes `D-11`.
    fn moved_file(&self, record: &Record) -> Option<String> {
        let folder = &record.path[..record.path.len() - self.old_name.len()];
        let (stem, ending) = self.old_name.rsplit_once('.')?;
        let is_end = |rest: &str| {
            rest.is_empty() || is_numbered_word(&record.id) && rest.starts_with(['-', '_', ' ', '.'])
        };
        let behind_id = stem.strip_prefix(&*record.id).filter(|rest| !self.is_number && is_end(rest));
        if let Some(rest) = behind_id {
            return Some(format!("{folder}{}{rest}.{ending}", self.new_id));
        }
        let found = file_number(record)?;
        let new = last_digits(&self.new_id)?;
        let number = self.filled(&id_key(new, &[]), found.number);
        Some(format!("{folder}{}{number}{}.{ending}", &stem[..found.range.start], &stem[found.range.end..]))
    }

    fn filled(&self, new: &str, old: &str) -> String {
        let width = if old.starts_with('0') || old.len() == self.width { old.len() } else { 0 };
        format!("{new:0>width$}")
    }

    /// Replaces the identifier where it stands first in a text; `None` if the text does not hold it.
    fn respell(&self, text: &str) -> Option<String> {
        let (at, length, new) = self.find(text)?;
        Some(format!("{}{new}{}", &text[..at], &text[at + length..]))
    }

    /// As [`Spelling::respell`], where at most marks and a prefix stand before the identifier: not in `[Use 4 queues]`.
    fn respell_start(&self, text: &str) -> Option<String> {
        let (at, ..) = self.find(text)?;
        let word = text[..at].trim_matches(|c: char| !c.is_alphanumeric());
        let is_prefix = word.bytes().all(|byte| byte.is_ascii_uppercase())
            || self.prefixes.iter().any(|prefix| prefix.eq_ignore_ascii_case(word));
        is_prefix.then(|| self.respell(text))?
    }

    /// Returns where the identifier stands first in a text, its length there, and the new one in its spelling.
    fn find(&self, text: &str) -> Option<(usize, usize, String)> {
        if !self.is_number {
            return Some((words(text, &self.old).next()?, self.old.len(), self.new.clone()));
        }
        let (at, digits) = numbers(text).find(|(_, digits)| id_key(digits, &[]) == self.old)?;
        Some((at, digits.len(), self.filled(&self.new, digits)))
    }

    /// Replaces the identifier in a text that names the record: in the name of its file, and once before it.
    fn respell_reference(&self, text: &str) -> Option<String> {
        let Some(at) = self.name_in(text) else { return self.respell(text) };
        let before = self.respell_start(&text[..at]).unwrap_or_else(|| text[..at].to_owned());
        Some(before + &self.respell_path(&text[at..])?)
    }

    /// Replaces the name of the record's file wherever it stands in a text.
    fn respell_path(&self, text: &str) -> Option<String> {
        self.name_in(text)?;
        let new = file_name(self.new_path.as_ref()?);
        let span = |at| Span::new(at, at + self.old_name.len());
        let edits = words(text, &self.old_name).map(|at| Edit { span: span(at), replacement: new.into() });
        Some(applied(text, edits.collect()))
    }

    /// Where the name of the record's file stands in a text, if it changes.
    fn name_in(&self, text: &str) -> Option<usize> {
        self.new_path.as_ref()?;
        words(text, &self.old_name).next()
    }

    /// Returns the places of an identifier that is a word with a number, such as `D-7`, in a text.
    fn places_in(&self, text: &str) -> Vec<Span> {
        if self.is_number || !is_numbered_word(&self.old) {
            return Vec::new();
        }
        words(text, &self.old).map(|at| Span::new(at, at + self.old.len())).collect()
    }
}

/// A folder that bears the identifier would have to move with all that is in it.
fn refuse_if_folder_is_named(record: &Record) -> Result<(), Fault> {
    let folder = folder_of(&record.path);
    if leading_number(file_name(folder)).is_none_or(|id| id_key(id, record.prefixes()) != record.key()) {
        return Ok(());
    }
    let fault = Fault::new(format!("can't rename: the folder `{folder}` is named `{}` too", record.id));
    Err(fault.help("rename the folder by hand"))
}

/// The number in the name of a record's file, if it is that of the record.
fn file_number(record: &Record) -> Option<Identifier<'_>> {
    let found = in_name(stem(&record.path)).filter(|it| is_number(it.number))?;
    (id_key(found.number, &[]) == id_key(last_digits(&record.id)?, &[])).then_some(found)
}

/// Returns to how many digits zeros fill the numbers of the records beside this one; 0 if some are shorter.
fn width(catalog: &Catalog, record: &Record) -> usize {
    let is_beside = |it: &&Record| it.kind.name == record.kind.name && it.scope() == record.scope();
    let number = |it| file_number(it).map(|found| found.number).or_else(|| last_digits(&it.id));
    let numbers = catalog.records().iter().filter(is_beside).filter_map(number);
    let shortest = numbers.clone().map(str::len).min().unwrap_or_default();
    let is_filled = |digits: &str| digits.len() == shortest && digits.starts_with('0');
    if numbers.into_iter().any(is_filled) { shortest } else { 0 }
}

/// Returns the digits at the end of an identifier, with the zeros before them.
fn last_digits(id: &str) -> Option<&str> {
    let digits = &id[id.trim_end_matches(|c: char| c.is_ascii_digit()).len()..];
    (!digits.is_empty()).then_some(digits)
}

fn is_word(text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    !text.is_empty() && text.chars().all(is_part) && text.starts_with(char::is_alphanumeric)
}

/// True for `D-7` and `ADR-CLI-7`, and for `M-2026-07`, which has a year too.
fn is_numbered_word(id: &str) -> bool {
    let Some((word, number)) = id.rsplit_once('-') else { return false };
    let is_year = |year: &str| year.len() == 4 && is_number(year);
    let word = word.rsplit_once('-').filter(|(_, year)| is_year(year)).map_or(word, |(it, _)| it);
    word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
        && is_number(number)
}

/// Returns the numbers of a text that are no part of a word, a version or an amount.
fn numbers(text: &str) -> impl Iterator<Item = (usize, &str)> {
    static NUMBER: LazyLock<LazyRegex> =
        LazyLock::new(|| LazyRegex::known(r"(?:^|[^0-9.,])([0-9]+)(?:$|[^0-9\p{L}])"));
    let mut from = 0;
    std::iter::from_fn(move || {
        let number = NUMBER.captures_at(text, from)?.get(1)?;
        from = number.end();
        Some((number.start(), number.as_str()))
    })
}

/// Returns where a word stands in a text, not as a part of a longer one.
fn words<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let (before, after) = (&text[..*at], &text[at + word.len()..]);
        !before.ends_with(joins) && !after.starts_with(joins)
    })
}
