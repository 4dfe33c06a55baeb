//! Which records a document holds. In this order: what the configuration says, what the file says of
//! itself, a profile that knows its format, and its content in a conventional place.

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::classifier::PathClassifier;
use super::page::Sections;
use super::structured::{self, Item};
use super::{Record, RecordContent, build, foreign, page};
use crate::config::Config;
use crate::kind::{Kind, Kinds};
use crate::node::{Mapping, Node};
use crate::profile::{Profile, Profiles, Row, View, has_columns};
use crate::schema::Violation;
use crate::syntax::markdown::{HeadingCandidates, section_key};
use crate::syntax::{self, Document, Format};
use crate::text::Span;

/// What a document turned out to hold.
#[derive(Default)]
pub struct Recognised {
    /// In the order of the file.
    pub records: Vec<Record>,
    /// The file lies where every file ought to be a record, by convention or configuration.
    pub governed: bool,
    /// The file can't be read to its end, and what can be read of it is meant as a record.
    pub is_truncated: bool,
    /// Why something of a governed file was not read as a record.
    pub note: Option<UnrecognisedRecord>,
}

/// Something that looks as if a record were meant, and is read as none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnrecognisedRecord {
    /// In one line, without a place.
    pub message: String,
    pub span: Span,
    pub help: Option<String>,
    /// It is about all of the file, not about one key.
    pub whole_file: bool,
    /// The folder that it is about, where it is about all that is in one.
    pub folder: Option<Box<str>>,
}

/// Recognises the records of one document at a time.
pub struct Recogniser<'a> {
    pub classifier: PathClassifier<'a>,
    sections: Sections,
    /// The keys of the sections of which more is read than their text.
    parted: HashSet<Box<str>>,
}

impl<'a> Recogniser<'a> {
    pub fn new(kinds: &'a Kinds, profiles: &'a Profiles, config: &'a Config) -> Recogniser<'a> {
        let parted = page::parted_sections(kinds).chain(profiles.parted_sections()).collect();
        Recogniser {
            classifier: PathClassifier { kinds, profiles, config },
            sections: Sections::of(kinds),
            parted,
        }
    }

    /// Whether some kind or profile looks at the lists, links or comments right below a heading of this title.
    pub fn reads_section_parts(&self, title: &str) -> bool {
        self.parted.contains(section_key(title).as_str())
    }

    /// The records of a document. One that can't be read to its end has none: what is missing from it
    /// would be missed in its records.
    pub fn recognise(&self, document: &Document) -> Recognised {
        let path = document.source.path();
        let governed = self.classifier.is_governed(path);
        if document.problems.iter().any(|problem| problem.fatal) {
            return Recognised {
                governed,
                is_truncated: self.began_as_record(document),
                ..Recognised::default()
            };
        }
        let records = self.contents(document, governed);
        let note = self.note(document, governed, &records);
        let records = records.into_iter().map(Record::from).collect();
        Recognised { records, governed, is_truncated: false, note }
    }

    /// The records of a document alone. Of a page, the parts are enough that [`syntax::parse_parts`] reads, where
    /// [`Recogniser::reads_section_parts`] says which are wanted.
    pub fn records(&self, document: &Document) -> Vec<Record> {
        if document.has_fatal_problem() {
            return Vec::new();
        }
        let governed = self.classifier.is_governed(document.source.path());
        self.contents(document, governed).into_iter().map(Record::from).collect()
    }

    /// What a document that was read to its end says of each of its records.
    fn contents(&self, document: &Document, governed: bool) -> Vec<RecordContent> {
        let mut records = match document.markdown {
            Some(_) => self.of_page(document, governed),
            None => self.of_structured(document, governed),
        };
        if let [only] = records.as_mut_slice() {
            only.is_sole_record = true;
        }
        let denied = || !self.may_hold_records(&syntax::parse_front_matter(document.source.clone()));
        debug_assert!(records.is_empty() || document.format != Format::Markdown || !denied());
        records
    }

    /// Whether a page may hold records, as far as its path, front matter and the look of its text tell: never
    /// false where it holds some. `page` comes from [`syntax::parse_front_matter`].
    pub fn may_hold_records(&self, page: &Document) -> bool {
        let path = page.source.path();
        let view = View::new(page, page.roots.first(), None);
        let by_content = || {
            self.classifier.kind(path).is_some()
                && self.classifier.is_governed(path)
                && !self.classifier.is_beside(path)
        };
        self.configured_kind(path).is_some()
            || view.root.is_some_and(|root| self.own_kind(root).is_some())
            || by_content()
            || self.classifier.profiles.may_recognise(&view, &HeadingCandidates::below_front_matter(page))
    }

    /// Whether what can be read of a broken document holds records. Many files only have a name like a
    /// record's, and what is wrong with them is nobody's business here.
    fn began_as_record(&self, document: &Document) -> bool {
        let known = |view: &View<'_>| {
            self.classifier.profiles.recognise(view, None).is_some()
                || view.root.is_some_and(|root| self.own_kind(root).is_some())
        };
        let began = |root: &Node| {
            known(&View::new(document, Some(root), None)) || !self.items(document, root, false).is_empty()
        };
        if document.markdown.is_some() {
            return known(&View::new(document, document.roots.first(), None));
        }
        if document.roots.is_empty() {
            let kind = self.classifier.kind(document.source.path());
            return kind.is_some_and(|kind| document.source.text().contains(&*kind.plural));
        }
        document.roots.iter().any(began)
    }

    fn of_page(&self, document: &Document, governed: bool) -> Vec<RecordContent> {
        let path = document.source.path();
        let view = View::new(document, document.roots.first(), None);
        let configured = self.configured_kind(path);
        if let Some(kind) = view.root.and_then(|root| self.own_kind(root)) {
            return vec![build::page(view, self.classifier.kinds, kind, &self.sections)];
        }
        let only = configured.map(|kind| &*kind.name);
        if let Some(profile) = self.classifier.profiles.recognise(&view, only) {
            return self.of_profile(view, profile);
        }
        let kind = configured.or_else(|| self.kind_by_content(&view, governed));
        kind.map(|kind| build::page(view, self.classifier.kinds, kind, &self.sections)).into_iter().collect()
    }

    /// The kind of a page in a conventional place: front matter or sections must bear it out.
    fn kind_by_content(&self, view: &View<'_>, governed: bool) -> Option<&'a Arc<Kind>> {
        let kind = self
            .classifier
            .kind(view.path())
            .filter(|_| governed && !self.classifier.is_beside(view.path()))?;
        let told = view.root.is_some_and(|root| structured::looks_like(root, kind, true));
        (told || self.sections.count(view, kind) >= 2).then_some(kind)
    }

    fn of_structured(&self, document: &Document, governed: bool) -> Vec<RecordContent> {
        let mut records = Vec::new();
        for root in &document.roots {
            let view = View::new(document, Some(root), None);
            let only = self.configured_kind(document.source.path()).map(|kind| &*kind.name);
            match self.classifier.profiles.recognise(&view, only).filter(|_| self.own_kind(root).is_none()) {
                Some(profile) => records.extend(self.of_profile(view, profile)),
                None => {
                    let found = self.native(document, root, governed);
                    let meant = governed
                        || self.configured_kind(document.source.path()).is_some()
                        || self.own_kind(root).is_some();
                    if meant || are_plausible(&found) {
                        records.extend(found);
                    }
                }
            }
        }
        records
    }

    /// The records of one tree in the program's own form.
    fn native(&self, document: &Document, root: &Node, governed: bool) -> Vec<RecordContent> {
        let items = self.items(document, root, governed);
        let view = View::new(document, Some(root), None);
        let fallback = if items.len() == 1 && items[0].key.is_none() { stem_id(&view) } else { "" };
        items.iter().map(|item| build::item(document, self.classifier.kinds, item, fallback)).collect()
    }

    /// The items of one tree.
    fn items<'n>(&self, document: &Document, root: &'n Node, governed: bool) -> Vec<Item<'n>> {
        let path = document.source.path();
        let kinds = self.classifier.kinds;
        let single =
            |kind: &Arc<Kind>| vec![Item { kind: kind.clone(), key: None, node: root, shared: Vec::new() }];
        if let Some(place) = self.classifier.configured(path)
            && let Some(kind) = kinds.get(&place.kind)
        {
            return match &place.at {
                Some(at) => root
                    .pointer(at)
                    .map(|node| structured::of_collection(node, kind, &[]))
                    .unwrap_or_default(),
                None => structured::configured(root, kind, kinds),
            };
        }
        if let Some(kind) = self.own_kind(root) {
            return single(kind);
        }
        if structured::is_schema(root) {
            return Vec::new();
        }
        let kind = self.classifier.kind(path);
        if let Some(kind) = kind.filter(|kind| structured::looks_like(root, kind, false)) {
            return single(kind);
        }
        let listed = structured::under_plurals(root, kinds, governed);
        match kind.filter(|_| listed.is_empty()) {
            Some(kind) => structured::named(root, kind),
            None => listed,
        }
    }

    /// The records that a profile reads: the page or the file, or each row of its tables.
    fn of_profile(&self, view: View<'_>, profile: &Arc<Profile>) -> Vec<RecordContent> {
        if !profile.rows {
            return vec![foreign::record(view, profile, &self.sections)];
        }
        let tables = view.markdown().map_or(&[][..], |page| &page.tables);
        let fitting = tables.iter().filter(|table| has_columns(&table.header, profile.columns()));
        let rows =
            fitting.flat_map(|table| table.rows.iter().map(|cells| Row { header: &table.header, cells }));
        let views = rows.map(|row| View::new(view.document, None, Some(row)));
        views
            .map(|view| foreign::record(view, profile, &self.sections))
            .filter(|record| !record.id.is_empty())
            .collect()
    }

    fn configured_kind(&self, path: &str) -> Option<&'a Arc<Kind>> {
        self.classifier.kinds.get(&self.classifier.configured(path)?.kind)
    }

    /// The kind that a file says it holds, by `kind` or `$schema`. With an `apiVersion` it is an object
    /// of Kubernetes, whatever its kind is called.
    fn own_kind(&self, root: &Node) -> Option<&'a Arc<Kind>> {
        if root.get("apiVersion").is_some() {
            return None;
        }
        let kinds = self.classifier.kinds;
        let by_name = |name: &str| kinds.get(name).or_else(|| kinds.by_key(name));
        let named =
            root.get("kind").and_then(Node::as_text).filter(|name| name.chars().all(|c| !c.is_uppercase()));
        named.and_then(by_name).or_else(|| {
            let schema = root.get("$schema")?.as_text()?.rsplit('/').next()?;
            kinds.get(schema.split('.').next()?)
        })
    }

    fn note(
        &self,
        document: &Document,
        governed: bool,
        records: &[RecordContent],
    ) -> Option<UnrecognisedRecord> {
        let path = document.source.path();
        if !governed || (records.is_empty() && (self.classifier.is_beside(path) || lists_others(document))) {
            return None;
        }
        let misspelt = document.roots.iter().filter(|_| document.markdown.is_none());
        let misspelt = misspelt.filter_map(|root| structured::misspelt(root, self.classifier.kinds)).next();
        match misspelt {
            Some((key, plural)) => Some(UnrecognisedRecord {
                message: format!("`{}` is not the name of any kind of record", key.name),
                span: key.span,
                whole_file: false,
                folder: None,
                help: Some(crate::schema::did_you_mean(plural)),
            }),
            None if records.is_empty() => Some(UnrecognisedRecord {
                message: "nothing in this file is recognised as a record".into(),
                span: document.source.line_span(document.source.bom_len()),
                help: None,
                whole_file: true,
                folder: None,
            }),
            None => None,
        }
    }
}

/// Whether what only a file's name and a key make records is likely meant as such: more than three values
/// in four stand where their kind has a place for them, slips of the pen aside. A game's `teams.json` is
/// no directory.
fn are_plausible(records: &[RecordContent]) -> bool {
    let values: usize = records.iter().map(|record| record.fields.as_mapping().map_or(0, Mapping::len)).sum();
    let is_out_of_place = |violation: &Violation| !violation.missing && violation.help.is_none();
    let violations = records.iter().flat_map(RecordContent::violations);
    4 * violations.filter(is_out_of_place).count() < values
}

/// Whether a page is a list of the pages beside it.
fn lists_others(document: &Document) -> bool {
    const FEW: usize = 3;
    let Some(page) = &document.markdown else { return false };
    let beside = page.links.iter().filter(|link| {
        let path = link.destination.split('#').next().unwrap_or_default();
        path.ends_with(".md") && !path.contains("://") && !path.starts_with("..")
    });
    beside.take(FEW).count() == FEW
}

fn stem_id<'a>(view: &View<'a>) -> &'a str {
    super::identity::of_file(view)
}
