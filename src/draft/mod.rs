//! The next record of a kind, in the style of those that the repository has: a page or file of its own, written like its
//! neighbours or from their template, or one more item of a list. And the first draft of a rule.

use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;

use crate::catalog::Catalog;
use crate::finding::Fault;
use crate::kind::{Kind, WHO};
use crate::layout::{self, Statement};
use crate::linter::{Error, Linter};
use crate::node::Node;
use crate::output::Target;
use crate::record::{Record, id_key};
use crate::snapshot::{CONFIG_FILES, Snapshot};
use crate::syntax::{self, Document, Format};
use crate::text::Source;
use crate::{embedded, starter};

mod page;
mod part;
mod siblings;
mod values;

use siblings::{Home, Siblings, Words, slug};
use values::Values;

#[derive(Clone, Debug)]
pub struct Request<'a> {
    pub kind: &'a Arc<Kind>,
    pub title: String,
    /// The identifier, instead of the next free one.
    pub id: Option<String>,
    /// The folder or file to write it to, of those that hold such records.
    pub place: Option<String>,
    pub today: Date,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub path: String,
    /// The line at which it begins; the first of a new file.
    pub line: usize,
    /// Further files that belong to it.
    pub others: Vec<String>,
    /// Notices about numbers on other branches, and about branches that could not be read.
    pub notices: Vec<String>,
}

/// The text that a draft adds to a file.
#[derive(Clone, Debug, Serialize)]
pub struct Added {
    pub path: String,
    #[serde(rename = "new")]
    pub is_new: bool,
    /// The line before which it is inserted.
    pub line: usize,
    /// How many lines it replaces, from that one.
    pub replaces: usize,
    pub text: String,
}

/// The files to write, the record's own first.
struct Draft {
    files: Vec<(String, String)>,
    /// False for a file with records to which the new one is added.
    is_new: bool,
}

/// Writes the next record of a kind, never over an existing file.
///
/// # Errors
/// It is not clear where the record belongs, a file is there already, or it can't be written.
pub fn write_record(linter: &Linter, request: &Request<'_>) -> Result<Written, Error> {
    let snapshot = linter.snapshot();
    let (draft, notices) = next_draft(linter, request)?;
    for (path, text) in &draft.files {
        if draft.is_new {
            create(snapshot, path, text, "give the record another title or `--id`")?;
        } else {
            let written = target(snapshot, path).write_durably(text.as_bytes());
            written.map_err(|error| error.into_fault(&format!("can't write `{path}`")))?;
        }
    }
    let mut files = draft.files.into_iter();
    let (path, text) = files.next().unwrap_or_default();
    let line = if draft.is_new { 1 } else { last_record_line(linter, request.kind, &path, text) };
    Ok(Written { path, line, others: files.map(|(path, _)| path).collect(), notices })
}

/// Returns what [`write_record`] would write, and the notices.
///
/// # Errors
/// It is not clear where the record belongs.
pub fn added(linter: &Linter, request: &Request<'_>) -> Result<(Vec<Added>, Vec<String>), Error> {
    let (draft, notices) = next_draft(linter, request)?;
    let new_part = |(path, text): (String, String)| {
        let before = linter.snapshot().read_path(&path).filter(|_| !draft.is_new);
        let before = before.as_ref().map_or("", |source| source.text());
        let [old, new] = [before, &text].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
        let same = |(one, other): &(&&str, &&str)| one == other;
        let above = old.iter().zip(&new).take_while(same).count();
        let below = old[above..].iter().rev().zip(new[above..].iter().rev()).take_while(same).count();
        let (replaces, text) = (old.len() - above - below, new[above..new.len() - below].concat());
        Added { path, is_new: draft.is_new, line: above + 1, replaces, text }
    };
    Ok((draft.files.into_iter().map(new_part).collect(), notices))
}

/// Makes the next record of a kind, and the notices about it.
fn next_draft(linter: &Linter, request: &Request<'_>) -> Result<(Draft, Vec<String>), Error> {
    Ok(linter.read(|input| {
        let titled = request.titled(input.catalog());
        let (draft, mut notices) = draft(linter, input.catalog(), &titled)?;
        if titled.is_untitled() {
            notices.push(match draft.files.iter().take(1).any(|(_, text)| text.contains(&titled.title)) {
                true => format!("without a title, it is called `{}`", titled.title),
                false => format!("fill in what the {} is called", request.kind.name),
            });
        }
        draft.files.iter().try_for_each(|(path, _)| linter.require_own(path))?;
        Ok::<_, Fault>((draft, notices))
    })??)
}

fn draft(linter: &Linter, catalog: &Catalog, request: &Request<'_>) -> Result<(Draft, Vec<String>), Fault> {
    let snapshot = linter.snapshot();
    let is_taken = |record: &&Record| {
        let is_same = |id: &String| id_key(id, record.prefixes()) == record.key();
        record.kind.name == request.kind.name && request.id.as_ref().is_some_and(is_same)
    };
    if let Some(taken) = catalog.records().iter().find(is_taken) {
        let source = catalog.file_of(taken).source();
        let fault = Fault::new(format!("the {} `{}` exists already", request.kind.name, taken.id));
        return Err(fault.at(source, taken.name_span).help("leave out `--id` to get the next free one"));
    }
    let begins_directory = WHO.contains(&&*request.kind.name);
    let author = starter::author(catalog, snapshot, begins_directory);
    let stranger = snapshot.git_user().filter(|_| author.is_none() && request.kind.needs_owner());
    let stranger = stranger.map(|user| {
        format!(
            "fill in the owner: `{}`, who is at work according to Git, is not in the directory",
            user.name
        )
    });
    let example = request.kind.list_file(&request.kind.shortest_example(request.today));
    let example = parsed(linter, "governance/example.yaml", example);
    let found = Siblings::find(linter, catalog, request)?;
    let is_first = found.is_none();
    let siblings = found.unwrap_or_else(|| Siblings::of_example(linter, request, &example));
    let mut named = siblings::next(linter, &siblings, request)?;
    named.notices.extend(stranger);
    let id = request.id.clone().filter(|_| is_first).unwrap_or(named.id);
    let values = Values { request, id: &id, author: author.as_deref(), siblings: &siblings, catalog };
    let files = match &siblings.home {
        Home::List { path } if is_first => vec![first(linter, path, &values, &example)?],
        Home::List { path } => vec![(path.clone(), part::appended(linter, path, &values)?)],
        Home::Pages { .. } | Home::Folders { .. } => page::files(linter, &values, &named.name)?,
    };
    let is_new = is_first || !matches!(siblings.home, Home::List { .. });
    Ok((Draft { files, is_new }, named.notices))
}

/// The path and text of the first record of its kind: a list of one, or a page in a folder.
fn first(
    linter: &Linter,
    path: &str,
    values: &Values<'_>,
    example: &Document,
) -> Result<(String, String), Fault> {
    let kind = values.kind();
    let cant = |help: &str| Fault::new(format!("no {} in `{path}` to copy", kind.plural)).help(help);
    let list = part::first_list(values, example).ok_or_else(|| cant("write the first one by hand"))?;
    let format = linter.policy().config.format_of(path);
    let is_folder = || !path.rsplit('/').next().unwrap_or_default().contains('.');
    match format {
        None if is_folder() => {
            let slug = slug(&values.request.title, &Words::USUAL);
            let number = values.id.rsplit(|c: char| !c.is_ascii_digit()).next().filter(|it| !it.is_empty());
            let name = number.map_or_else(|| slug.clone(), |number| format!("{number:0>4}-{slug}"));
            let (path, text) = (format!("{}/{name}.md", path.trim_end_matches('/')), kind.page(&list));
            let is_read = records_in(linter, kind, &parsed(linter, &path, text.clone())).len() == 1;
            if is_read { Ok((path, text)) } else { Err(cant("leave out `--in`")) }
        }
        Some(Format::Yaml) if linter.snapshot().get(path).is_none() => Ok((path.to_owned(), list)),
        Some(Format::Yaml) => {
            Err(Fault::new(format!("`{path}` is there, and no {} were found in it", kind.plural))
                .help(format!("put a first record under `{}` there by hand", kind.plural)))
        }
        _ => Err(cant("name a folder, for a page of its own, or a file that ends in `.yaml`")),
    }
}

fn statements(document: &Document) -> Vec<Statement<'_>> {
    layout::read(document).statements
}

fn target(snapshot: &Snapshot, path: &str) -> Target {
    snapshot.target(path).unwrap_or_else(|| Target::Outside(path.into()))
}

fn create(snapshot: &Snapshot, path: &str, text: &str, help: &str) -> Result<(), Fault> {
    match starter::is_written(path, target(snapshot, path).create(text.as_bytes()))? {
        true => Ok(()),
        false => Err(Fault::new(format!("`{path}` is there already and was left as it is")).help(help)),
    }
}

fn parsed(linter: &Linter, path: &str, text: String) -> Document {
    let format = linter.policy().config.format_of(path).unwrap_or(Format::Markdown);
    syntax::parse(Arc::new(Source::new(path, text.into_bytes())), format)
}

fn records_in(linter: &Linter, kind: &Kind, document: &Document) -> Vec<Record> {
    let found = linter.policy().recogniser().records(document);
    found.unwrap_or_default().into_iter().filter(|record| record.kind.name == kind.name).collect()
}

fn last_record_line(linter: &Linter, kind: &Kind, path: &str, text: String) -> usize {
    let document = parsed(linter, path, text);
    let records = records_in(linter, kind, &document);
    let last = records.iter().map(|record| record.name_span.start).max().unwrap_or_default();
    document.source.position(last as usize).line
}

/// Writes a rule `family/name` with two examples to fill in, into the first folder that the configuration names.
///
/// # Errors
/// The name is not that of a rule or is taken, or the file can't be written.
pub fn write_rule(linter: &Linter, id: &str, severity: &str) -> Result<Written, Error> {
    // The folder of the user's own rules if the configuration names none.
    const FOLDER: &str = "policy";
    let is_word = |word: &str| {
        let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        word.starts_with(|c: char| c.is_ascii_lowercase()) && word.chars().all(is_letter)
    };
    let family = match id.split_once('/') {
        Some((family, name)) if is_word(family) && is_word(name) => family,
        _ => {
            let fault = Fault::new(format!("`{id}` is not the name of a rule"));
            return Err(fault
                .help("write it as `family/name`, in small letters, such as `pricing/names-a-kpi`")
                .into());
        }
    };
    let policy = linter.policy();
    if let Some(rule) = policy.rules.get(id) {
        return Err(Fault::new(format!("there is a rule `{id}` already, in `{}`", rule.source.path())).into());
    }
    let folder = policy.config.folders.first().map(|folder| folder.path.to_string());
    let folder = folder.or_else(|| named_folder(linter.snapshot()));
    let mut notices = Vec::new();
    if folder.is_none() {
        notices.push(format!("add `./{FOLDER}` to `extends` in `alignlint.yaml`, so that the rule is used: `extends: [recommended, ./{FOLDER}]`"));
    }
    let folder = folder.as_deref().unwrap_or(FOLDER);
    let path = format!("{folder}/rules/{id}.yaml");
    let template = embedded::file("schemas/starter/rule.yaml").unwrap_or_default();
    let text = template.replace("{id}", id).replace("{family}", family).replace("{folder}", folder);
    let text = text.replace("{severity}", severity);
    create(linter.snapshot(), &path, &text, "edit that file, or give the rule another name")?;
    Ok(Written { path, line: 1, others: Vec::new(), notices })
}

/// Returns true if the configuration names a folder that has no files yet: until it has some, there is no policy to load.
pub fn begins_policy(snapshot: &Snapshot) -> bool {
    named_folder(snapshot).is_some_and(|folder| !snapshot.has_folder(&folder))
}

/// The first folder under `extends`, whether or not it has files.
fn named_folder(snapshot: &Snapshot) -> Option<String> {
    let source = CONFIG_FILES.into_iter().find_map(|path| snapshot.read_path(path))?;
    let document = syntax::parse_policy(source, Format::Yaml);
    let extends = document.roots.first()?.get("extends")?;
    let names = extends.items().iter().filter_map(Node::as_text);
    let mut folders = names.filter_map(|name| name.strip_prefix("./")).map(|name| name.trim_end_matches('/'));
    folders.find(|name| !name.is_empty() && !name.split('/').any(|part| part == "..")).map(str::to_owned)
}
