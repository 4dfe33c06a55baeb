//! First records: the examples of kinds, without references to records that do not exist.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;

use super::{NewFile, Request, author};
use crate::finding::Fault;
use crate::kind::{Field, FieldType, Kind, Shape, WHO};
use crate::linter::{Error, Linter};
use crate::node::{Entry, Node};
use crate::policy::Policy;
use crate::syntax::{self, Format};
use crate::text::{Edit, Source, Span};

pub(super) fn files(linter: &Linter, kinds: Vec<&Arc<Kind>>, today: Date) -> Result<Vec<NewFile>, Error> {
    let texts: Vec<(&Arc<Kind>, String)> =
        kinds.into_iter().map(|kind| (kind, example(kind, today))).collect();
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    let written = texts.iter().flat_map(|(kind, text)| ids(kind, text)).collect();
    let known = linter.read(|input| {
        let catalog = input.catalog();
        let existing =
            catalog.records().iter().map(|record| (record.kind.name.clone(), record.id.to_string()));
        Known {
            written: BTreeSet::clone(&written),
            author: author(catalog, linter.snapshot(), writes_owners(&written)),
            existing: existing.collect(),
        }
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

fn items(kind: &Kind, text: &str) -> Vec<Node> {
    let source = Arc::new(Source::new("example.yaml", text.as_bytes().to_vec()));
    let document = syntax::parse(source, Format::Yaml);
    let list = document.roots.first().and_then(|root| root.get(&kind.plural));
    list.and_then(Node::as_sequence).unwrap_or_default().to_vec()
}

type Name = (Arc<str>, String);

fn ids(kind: &Kind, text: &str) -> Vec<Name> {
    let id = |item: &Node| Some((kind.name.clone(), item.get("id")?.as_text()?.to_owned()));
    items(kind, text).iter().filter_map(id).collect()
}

fn writes_owners(written: &BTreeSet<Name>) -> bool {
    written.iter().any(|(kind, _)| WHO.contains(&&**kind))
}

/// The records that references can lead to.
struct Known {
    written: BTreeSet<Name>,
    /// Who is at work, where records may name them.
    author: Option<String>,
    /// The records that exist already.
    existing: Vec<Name>,
}

impl Known {
    /// Returns an example with another owner, and without fields, where a reference would lead nowhere.
    fn trimmed(&self, kind: &Kind, text: String) -> String {
        let mut edits = Vec::new();
        for item in items(kind, &text) {
            self.trim(&item, &kind.shape, Some(kind), &text, &mut edits);
        }
        edits.sort();
        let apply = |text: String, edit: &Edit| {
            let range = edit.span.range();
            format!("{}{}{}", &text[..range.start], edit.replacement, &text[range.end..])
        };
        edits.iter().rev().fold(text, apply)
    }

    /// `record` is the kind of the mapping if that is a whole record.
    fn trim(&self, mapping: &Node, shape: &Shape, record: Option<&Kind>, text: &str, edits: &mut Vec<Edit>) {
        let entries = mapping.as_mapping().map_or(&[][..], |mapping| mapping.entries());
        let known = entries.iter().filter_map(|entry| Some((entry, shape.by_key(&entry.key.name)?)));
        let is_there = |name: &str| mapping.get(name).is_some();
        let owner =
            record.and_then(|kind| kind.accountable.iter().map(|name| &**name).find(|name| is_there(name)));
        for (entry, field) in known {
            let ty = if let FieldType::List(inner) = &field.ty { inner } else { &field.ty };
            match ty {
                FieldType::Reference(kinds) if !self.leads_somewhere(entry, kinds) => {
                    let is_owner = owner == Some(&*field.name);
                    let new = match record {
                        Some(_) if is_owner => self.owner(kinds),
                        Some(_) => None,
                        // Nobody looks for a record of a kind that is not kept.
                        None if !self.keeps(kinds) => match self.author_among(kinds) {
                            Some(author) => Some(author),
                            None => continue,
                        },
                        None => self.first(kinds),
                    };
                    edits.push(replacement(entry, field, new, text));
                }
                FieldType::Struct(shape) => {
                    let parts = entry.value.as_sequence().unwrap_or(std::slice::from_ref(&entry.value));
                    parts.iter().for_each(|part| self.trim(part, shape, None, text, edits));
                }
                _ => {}
            }
        }
    }

    fn leads_somewhere(&self, entry: &Entry, kinds: &[Arc<str>]) -> bool {
        let values = entry.value.as_sequence().unwrap_or(std::slice::from_ref(&entry.value));
        values.iter().filter_map(Node::as_text).all(|text| {
            self.written.iter().any(|(kind, id)| (kinds.is_empty() || kinds.contains(kind)) && id == text)
        })
    }

    fn all(&self) -> impl Iterator<Item = &Name> {
        self.existing.iter().chain(&self.written)
    }

    fn keeps(&self, kinds: &[Arc<str>]) -> bool {
        self.all().any(|(kind, _)| kinds.contains(kind))
    }

    fn first(&self, kinds: &[Arc<str>]) -> Option<String> {
        self.all().find(|(kind, _)| kinds.contains(kind)).map(|(_, id)| id.clone())
    }

    /// The Git user, where a field of an example names people and there is no directory of them.
    fn author_among(&self, kinds: &[Arc<str>]) -> Option<String> {
        let is_person = kinds.iter().any(|kind| **kind == *WHO[0]);
        self.author.clone().filter(|_| is_person && !self.all().any(|(kind, _)| WHO.contains(&&**kind)))
    }

    /// Returns an owner for the examples: the Git user, or else the first record of these kinds.
    fn owner(&self, kinds: &[Arc<str>]) -> Option<String> {
        let keeps_owners = self.all().any(|(kind, _)| WHO.contains(&&**kind));
        let may_be_person = || kinds.iter().any(|kind| **kind == *WHO[0]);
        let author = self.author.clone().filter(|_| !keeps_owners || may_be_person());
        author.or_else(|| self.first(kinds)).or_else(|| (!keeps_owners).then(|| "me".to_owned()))
    }
}

/// Replaces the value of an entry, or removes its lines.
fn replacement(entry: &Entry, field: &Field, new: Option<String>, text: &str) -> Edit {
    if let Some(new) = new {
        let is_list = matches!(field.ty, FieldType::List(_));
        return Edit { span: entry.value.span, replacement: if is_list { format!("[{new}]") } else { new } };
    }
    let start = text[..entry.key.span.range().start].rfind('\n').map_or(0, |end| end + 1);
    let end = entry.value.span.range().end;
    let end = text[end..].find('\n').map_or(text.len(), |line_end| end + line_end + 1);
    Edit::removal(Span::new(start, end))
}
