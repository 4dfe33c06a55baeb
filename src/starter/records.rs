//! First records: the examples of kinds, without references to records that do not exist.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;

use super::{NewFile, Request};
use crate::catalog::Catalog;
use crate::finding::Fault;
use crate::kind::{FieldType, Kind, Shape, WHO};
use crate::linter::{Error, Linter};
use crate::node::Node;
use crate::policy::Policy;
use crate::record::Record;
use crate::snapshot::Snapshot;
use crate::syntax::{self, Document, Format};
use crate::text::{Edit, Source, applied};

pub(super) fn files(linter: &Linter, kinds: Vec<&Arc<Kind>>, today: Date) -> Result<Vec<NewFile>, Error> {
    let texts: Vec<(&Arc<Kind>, String)> =
        kinds.into_iter().map(|kind| (kind, example(kind, today))).collect();
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    let written: BTreeSet<Name> = texts.iter().flat_map(|(kind, text)| names(kind, text)).collect();
    let begins_directory = written.iter().any(|(kind, _)| WHO.contains(&&**kind));
    let known = linter.read(|input| {
        let existing = input.records().iter().map(|it| (it.kind.name.clone(), it.id.to_string())).collect();
        let author = author(input.catalog(), linter.snapshot(), begins_directory);
        Known { written: written.clone(), existing, author }
    })?;
    let file = |(kind, text): (&Arc<Kind>, String)| NewFile {
        path: kind.starter_path(),
        text: format!(
            "# {}\n# An example: change it to what holds here. All fields: `alignlint explain {}`.\n{}",
            kind.description,
            kind.name,
            known.trimmed(kind, text)
        ),
        advice: None,
    };
    Ok(texts.into_iter().map(file).collect())
}

/// The kinds whose example records are requested.
pub(super) fn requested<'p>(request: &Request, policy: &'p Policy) -> Result<Vec<&'p Arc<Kind>>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut kinds: Vec<&Arc<Kind>> = Vec::new();
    if request.example {
        kinds.extend(policy.kinds.iter().filter(|kind| kind.is_in_starter()));
    }
    for name in &request.kinds {
        match policy.kinds.find(name, &[]) {
            Ok(kind) => kinds.push(kind),
            Err(fault) => faults.push(fault),
        }
    }
    let mut seen = BTreeSet::new();
    kinds.retain(|kind| seen.insert(kind.name.clone()));
    if faults.is_empty() { Ok(kinds) } else { Err(faults) }
}

/// A file with the example of a kind.
fn example(kind: &Kind, today: Date) -> String {
    kind.list_file(&kind.full_example(today).unwrap_or_else(|| kind.shortest_example(today)))
}

fn parsed(text: &str) -> Document {
    syntax::parse(Arc::new(Source::new("example.yaml", text.as_bytes().to_vec())), Format::Yaml)
}

fn items<'d>(kind: &Kind, document: &'d Document) -> &'d [Node] {
    let list = document.roots.first().and_then(|root| root.get(&kind.plural));
    list.and_then(Node::as_sequence).unwrap_or_default()
}

/// The kind and the identifier of a record.
type Name = (Arc<str>, String);

fn names(kind: &Kind, text: &str) -> Vec<Name> {
    let name = |item: &Node| Some((kind.name.clone(), item.get("id")?.as_text()?.to_owned()));
    items(kind, &parsed(text)).iter().filter_map(name).collect()
}

/// The records that references can lead to.
struct Known {
    /// The names in the examples, and those of existing records.
    written: BTreeSet<Name>,
    existing: Vec<Name>,
    /// Who is at work, where records may name them.
    author: Option<String>,
}

impl Known {
    /// Returns an example with another owner, and without fields, where a reference would lead nowhere.
    fn trimmed(&self, kind: &Kind, text: String) -> String {
        let document = parsed(&text);
        let mut edits = Vec::new();
        for item in items(kind, &document) {
            self.trim(item, &kind.shape, Some(kind), &document, &mut edits);
        }
        applied(&text, edits)
    }

    /// `record` is the kind of the mapping if that is a whole record.
    fn trim(
        &self,
        mapping: &Node,
        shape: &Shape,
        record: Option<&Kind>,
        of: &Document,
        edits: &mut Vec<Edit>,
    ) {
        let entries = mapping.entries();
        let known = entries.iter().filter_map(|entry| Some((entry, shape.by_key(&entry.key.name)?)));
        let mut accountable = record.iter().flat_map(|kind| &kind.accountable);
        let owner = accountable.find(|name| mapping.get(name).is_some());
        for (entry, field) in known {
            let ty = if let FieldType::List(inner) = &field.ty { inner } else { &field.ty };
            let values = entry.value.items();
            match ty {
                FieldType::Struct(shape) => {
                    values.iter().for_each(|part| self.trim(part, shape, None, of, edits));
                }
                FieldType::Reference(kinds) if !self.are_written(values, kinds) => {
                    let is_owner = owner.is_some_and(|name| **name == *field.name);
                    let (entry_span, span) = (entry.key.span.to(entry.value.span), entry.value.span);
                    edits.push(match self.other(kinds, is_owner) {
                        // The part of a record would lack what it is about.
                        Some(other) if is_owner || record.is_none() => {
                            let is_list = matches!(field.ty, FieldType::List(_));
                            let replacement = if is_list { format!("[{other}]") } else { other };
                            Edit { span, replacement }
                        }
                        // Nobody looks for a record of a kind that is not kept.
                        _ if record.is_none() => continue,
                        _ => Edit::removal(of.source.whole_lines(entry_span)),
                    });
                }
                _ => {}
            }
        }
    }

    fn are_written(&self, values: &[Node], kinds: &[Arc<str>]) -> bool {
        let is_written = |text: &str| {
            self.written.iter().any(|(kind, id)| (kinds.is_empty() || kinds.contains(kind)) && id == text)
        };
        values.iter().filter_map(Node::as_text).all(is_written)
    }

    /// Returns a record of these kinds for one that is not written: the Git user, where people may be named, or the first one.
    fn other(&self, kinds: &[Arc<str>], is_owner: bool) -> Option<String> {
        let all = || self.existing.iter().chain(&self.written);
        let has_directory = all().any(|(kind, _)| WHO.contains(&&**kind));
        let may_be_person = kinds.iter().any(|kind| **kind == *WHO[0]);
        let author = self.author.clone().filter(|_| may_be_person || is_owner && !has_directory);
        let first = || all().find(|(kind, _)| kinds.contains(kind)).map(|(_, id)| id.clone());
        author.or_else(first).or_else(|| (is_owner && !has_directory).then(|| "me".to_owned()))
    }
}

/// Returns the identifier of the person that Git's configuration names; Git's name if there is no directory;
/// `None` for a person who is not in the directory. `begins_directory` says that a first record of it is about to be written.
pub fn author(catalog: &Catalog, snapshot: &Snapshot, begins_directory: bool) -> Option<String> {
    let user = snapshot.git_user()?;
    let of_directory = |record: &&Record| WHO.contains(&&*record.kind.name);
    let owners: Vec<&Record> = catalog.records().iter().filter(of_directory).collect();
    if owners.is_empty() && !begins_directory {
        return Some(user.name);
    }
    let people = || owners.iter().filter(|owner| *owner.kind.name == *WHO[0]);
    let named = |name: &str| people().find(|person| !name.is_empty() && catalog.is_named(person, name));
    named(&user.email).or_else(|| named(&user.name)).map(|person| person.id.to_string())
}
