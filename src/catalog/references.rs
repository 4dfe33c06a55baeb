//! References from one record to another: where a field's schema says that it names a record, its text
//! is looked up by identifier, by name and by path.

use std::sync::Arc;

use crate::kind::{Field, Shape, Type};
use crate::node::{Mapping, Node};
use crate::record::Record;
use crate::text::Span;

use super::Catalog;
use super::names::refers;

/// A text in a record that names another one.
#[derive(Debug)]
pub struct Reference {
    /// The top-level field that holds it, in kebab-case.
    pub field: Arc<str>,
    pub text: Box<str>,
    pub span: Span,
    /// The kinds that it may name.
    pub kinds: Arc<[Arc<str>]>,
    /// Whether the field names who answers for the record.
    pub accountable: bool,
    pub target: Target,
}

/// What a reference names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Record(u32),
    /// Nothing, and nothing unread can be it.
    Unknown,
    /// A record that gives rights, and that only the state itself has, not what it is held to.
    Unheld,
    /// Nothing that is known; but no record of its kinds is kept here, or a file that can't be read
    /// mentions it.
    Unjudged,
}

pub(super) fn of(catalog: &Catalog, record: &Record) -> Vec<Reference> {
    let mut found = Vec::new();
    for (field, value) in fields(&record.kind.shape, &record.fields) {
        let accountable = record.accountable().iter().any(|name| **name == *field.name);
        let mut collector = Collector { catalog, record, field: &field.name, accountable, found: &mut found };
        collector.value(&field.ty, value);
    }
    found.shrink_to_fit(); // it is kept for the whole run
    found
}

/// The fields of a mapping that may hold references, with their values.
fn fields<'n>(shape: &'n Shape, node: &'n Node) -> impl Iterator<Item = (&'n Field, &'n Node)> {
    let entries = node.as_mapping().map_or(&[][..], Mapping::entries).iter();
    let known = entries.filter_map(|entry| Some((shape.field(&entry.key.name)?, &entry.value)));
    known.filter(|(field, _)| refers(&field.ty))
}

/// Gathers the references of one top-level field.
struct Collector<'c> {
    catalog: &'c Catalog,
    record: &'c Record,
    field: &'c Arc<str>,
    accountable: bool,
    found: &'c mut Vec<Reference>,
}

impl Collector<'_> {
    fn value(&mut self, ty: &Type, node: &Node) {
        match ty {
            Type::Reference(kinds) => self.reference(kinds, node),
            Type::List(of) => {
                let items = node.as_sequence().unwrap_or(std::slice::from_ref(node));
                items.iter().for_each(|item| self.value(of, item));
            }
            Type::Struct(shape) => {
                fields(shape, node).for_each(|(field, value)| self.value(&field.ty, value))
            }
            _ => {}
        }
    }

    fn reference(&mut self, kinds: &Arc<[Arc<str>]>, node: &Node) {
        if let Some(items) = node.as_sequence() {
            return items.iter().for_each(|item| self.reference(kinds, item));
        }
        let Some(text) = node.as_text().filter(|text| !text.trim().is_empty()) else { return };
        self.found.push(Reference {
            field: self.field.clone(),
            text: text.into(),
            span: node.span,
            kinds: kinds.clone(),
            accountable: self.accountable,
            target: self.catalog.resolve(self.record, kinds, text),
        });
    }
}

impl Catalog {
    /// What a text in `from` names among records of these kinds.
    pub(super) fn resolve(&self, from: &Record, kinds: &[Arc<str>], text: &str) -> Target {
        // A reference without kinds may name a record of any.
        let kinds: Vec<&Arc<str>> =
            if kinds.is_empty() { self.by_kind.keys().collect() } else { kinds.iter().collect() };
        let named =
            |text: &str| kinds.iter().find_map(|kind| self.identified(kind, text, from).first().copied());
        let at_path = || {
            let path = from.target(link_destination(text).unwrap_or(text)).path?;
            self.names.at_path(&path).filter(|&id| kinds.contains(&&self.record(id).kind.name))
        };
        let found = named(text).or_else(at_path).or_else(|| parts(text).into_iter().find_map(named));
        let is_other_file = || from.target(text).path.is_some_and(|path| self.has_page(&path));
        match found {
            Some(id) => Target::Record(id),
            // A page that is no record may well be what is meant.
            None if is_other_file() => Target::Unjudged,
            // An address may show another repository.
            None if text.contains("://") => Target::Unjudged,
            None if kinds.iter().any(|kind| !self.of_kind(kind).is_empty()) => Target::Unknown,
            None => Target::Unjudged,
        }
    }

    /// Whether something is at a path, which people write with or without its ending.
    fn has_page(&self, path: &str) -> bool {
        let endings = ["", ".md", ".yaml", ".yml"];
        endings.iter().any(|ending| self.snapshot.has(&format!("{path}{ending}")))
    }

    /// The records of a kind that a text in `from` identifies: by identifier, else by name. Where each
    /// folder has a numbering of its own, the record of the same folder comes first.
    pub(super) fn identified(&self, kind: &str, text: &str, from: &Record) -> &[u32] {
        let key = from.target(text).key;
        let found = key.map_or(&[][..], |key| self.names.by_key(kind, &key));
        let near = found.iter().position(|&id| self.record(id).scope() == from.scope());
        match (found, near) {
            ([], _) => self.names.named(kind, text),
            (found, Some(near)) => &found[near..],
            (found, None) => found,
        }
    }
}

/// What else a text may name: the parts of `Name <mail>`, `Name (@handle)` and `[title](path)`.
fn parts(text: &str) -> Vec<&str> {
    let split = |open: char, close: char| {
        let (before, rest) = text.split_once(open)?;
        let inner = rest.split(close).next()?;
        Some([inner.trim(), before.trim()])
    };
    let found = split('<', '>').or_else(|| split('(', ')')).or_else(|| split('[', ']'));
    found.into_iter().flatten().filter(|part| !part.is_empty()).collect()
}

fn link_destination(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("](")?;
    rest.split([')', '#']).next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Extent;
    use crate::config::Config;
    use crate::kind::Kinds;
    use crate::library;
    use crate::profile::Profiles;
    use crate::snapshot::Snapshot;
    use crate::text::Source;

    /// The help for each reference of a record that leads nowhere.
    fn meant(files: &[(&str, &str)], id: &str) -> Vec<(String, Option<String>)> {
        let snapshot =
            Snapshot::memory(files.iter().map(|(path, text)| (path.to_string(), text.to_string())));
        let kinds = Kinds::load(&[]).expect("the embedded kinds load");
        let sources: Vec<Arc<Source>> = library::files("schemas/profiles")
            .map(|(path, text)| Arc::new(Source::new(path, text.as_bytes().to_vec())))
            .collect();
        let profiles = Profiles::load(&sources, &kinds).expect("the embedded profiles load");
        let config = Config::default();
        let catalog =
            Catalog::read(Arc::new(snapshot), Arc::new(kinds), &profiles, &config, Extent::Records, None);
        let record = catalog.records().iter().find(|record| &*record.id == id).expect("a record");
        let unknown = catalog.references(record).iter().filter(|one| one.target == Target::Unknown);
        unknown.map(|one| (one.text.to_string(), catalog.nearest(record, one))).collect()
    }

    #[test]
    fn a_record_that_has_moved_is_found_by_the_name_of_its_place() {
        let kep = |number: u32, see: &str| {
            format!("title: A\nkep-number: {number}\nauthors: [a]\nstatus: provisional\nsee-also: [{see}]\n")
        };
        let files = [
            ("keps/sig-a/7-x/kep.yaml", kep(7, "keps/sig-node/48-parts, keps/sig-node/49-none, keps/old")),
            (
                "keps/sig-b/48-parts/kep.yaml",
                kep(48, "https://github.com/kubernetes/enhancements/tree/m/keps/a/1-z"),
            ),
        ];
        let files = [(files[0].0, &*files[0].1), (files[1].0, &*files[1].1), ("keps/old.md", "# Moved")];
        let moved = Some("/keps/sig-b/48-parts".to_owned());
        let expected =
            [("/keps/sig-node/48-parts".to_owned(), moved), ("/keps/sig-node/49-none".to_owned(), None)];
        assert_eq!(meant(&files, "7"), expected);
        assert_eq!(meant(&files, "48"), [], "an address may show another repository");
    }

    #[test]
    fn a_person_may_be_written_with_address_or_handle() {
        assert_eq!(parts("Ada Byron <ada@example.org>"), ["ada@example.org", "Ada Byron"]);
        assert_eq!(parts("Ada Byron (@ada)"), ["@ada", "Ada Byron"]);
        assert_eq!(parts("Ada Byron"), Vec::<&str>::new());
        assert_eq!(link_destination("superseded by [7](0007-x.md#top)"), Some("0007-x.md"));
    }
}
