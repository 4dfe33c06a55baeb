//! Recognises the records of a document: by the configuration, by the kind that the file names, by a format, or by the
//! content of a file in a conventional folder, in this order.

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::blank::is_blank_template;
use super::classifier::{
    PathClassifier, is_introduction, is_introduction_or_form, is_introduction_or_template,
    lies_in_own_folder, may_be_page_of_folder, page_folder,
};
use super::conventions::CONVENTIONS;
use super::identity::stem;
use super::kind_names::KindNames;
use super::own_marks::{has_keys_of_others, has_own_lines, has_own_marks};
use super::structured::{self, RecordNode, RootRecords};
use super::{Record, RecordContent, build, columns, identity, page_kind, parts, rows, status};
use crate::config::{Config, RecordFiles};
use crate::format::{Format, Formats, is_template};
use crate::kind::{Field, Initial, Kind, Kinds, fold_name};
use crate::layout::{self, Content, Origin, Part};
use crate::limits;
use crate::node::{Mapping, Node};
use crate::schema::Violation;
use crate::syntax::{self, AddedValues, Document, Problem};
use crate::text::Span;

/// The result of recognition for one document.
#[derive(Default)]
pub struct Recognised {
    pub records: Vec<Record>,
    /// The file should be a record, by convention or configuration.
    pub must_contain_record: bool,
    /// The document has a fatal problem, and the part before it, or the rest without it, looks like a record.
    pub is_truncated: bool,
    /// The document has more records than a limit allows; then there are none.
    pub problem: Option<Problem>,
    pub notes: Vec<UnreadPart>,
}

/// A part of a file that is written like a record and not read as one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnreadPart {
    pub message: String,
    pub span: Span,
    pub help: Option<String>,
}

const MAX_UNREAD_PARTS: usize = 100;

/// A page in a folder that is named for a kind is a record of it with as many of its fields.
const FEWEST_FIELDS: usize = 2;

/// Recognises the records of documents.
pub struct Recogniser<'a> {
    pub classifier: PathClassifier<'a>,
    pub(super) names: KindNames,
}

impl<'a> Recogniser<'a> {
    pub fn new(kinds: &'a Kinds, formats: &'a Formats, config: &'a Config) -> Recogniser<'a> {
        Recogniser { classifier: PathClassifier { kinds, formats, config }, names: KindNames::new(kinds) }
    }

    /// Recognises the records of a document. A document with a fatal problem has none, since they would be incomplete.
    pub fn recognise(&self, document: &Document) -> Recognised {
        let path = document.source.path();
        let must_contain_record = self.classifier.must_contain_record(path);
        if document.problems.iter().any(|problem| problem.fatal) {
            let is_truncated = self.starts_like_record(document);
            let must_contain_record =
                must_contain_record && (is_truncated || !self.classifier.is_attachment(path));
            return Recognised { must_contain_record, is_truncated, ..Recognised::default() };
        }
        let contents = self.contents(document, must_contain_record);
        let found = contents.and_then(|contents| {
            let notes = self.notes(document, must_contain_record, &contents);
            Ok((to_records(contents)?, notes))
        });
        match found {
            Ok((records, notes)) => {
                Recognised { records, must_contain_record, notes, ..Recognised::default() }
            }
            Err(problem) => Recognised {
                must_contain_record,
                is_truncated: true,
                problem: Some(problem),
                ..Recognised::default()
            },
        }
    }

    /// Returns false for a page of which only the front matter is read, if nothing below that could make it a record: without one, a page
    /// beside the records of a format is none.
    pub fn may_hold_records(&self, front: &Document) -> bool {
        let path = front.source.path();
        let is_beside = || self.classifier.formats.iter().any(|format| format.is_companion(path));
        !front.roots.is_empty() || self.classifier.configured(path).is_some() || !is_beside()
    }

    /// Recognises the records only.
    ///
    /// # Errors
    /// The document has a fatal problem, or more records than a limit allows.
    pub fn records(&self, document: &Document) -> Result<Vec<Record>, Problem> {
        if let Some(problem) = document.problems.iter().find(|problem| problem.fatal) {
            return Err(problem.clone());
        }
        let path = document.source.path();
        let must_contain_record = self.classifier.must_contain_record(path);
        to_records(self.contents(document, must_contain_record)?)
    }

    fn contents(
        &self,
        document: &Document,
        must_contain_record: bool,
    ) -> Result<Vec<RecordContent>, Problem> {
        let mut records = match &document.markdown {
            Some(_) => self.page_records(document, must_contain_record)?,
            None => self.structured_records(document, must_contain_record)?,
        };
        records.iter_mut().for_each(status::correct);
        if let [only] = records.as_mut_slice() {
            only.is_sole_record = true;
        }
        if structured::has_other_schema(document, self.classifier.kinds) {
            records.iter_mut().for_each(|record| record.has_other_schema = true);
        }
        Ok(records)
    }

    fn starts_like_record(&self, document: &Document) -> bool {
        let path = document.source.path();
        let known = |part: &Part<'_>, root: Option<&Node>| {
            self.classifier.formats.recognise(part, None).iter().any(|format| !format.is_by_place())
                || root.is_some_and(|root| self.declared_kind(root).is_some())
        };
        if document.markdown.is_some() {
            return known(&layout::read(document), document.roots.first());
        }
        let parts = layout::read_data(document);
        let has_records = |root: &Node| {
            let part = parts.iter().find(|part| part.span == root.span);
            part.is_some_and(|part| known(part, Some(root)))
                || !self.items(document, root, false).items.is_empty()
        };
        let lists_kind = |kind: &Arc<Kind>| {
            let is_listed = |root: &Node| root.get(&kind.plural).is_some();
            let is_named = document.roots.is_empty() && document.source.text().contains(&*kind.plural);
            is_named || document.roots.iter().any(is_listed)
        };
        self.classifier.kind(path).is_some_and(lists_kind) || document.roots.iter().any(has_records)
    }

    fn page_records(
        &self,
        document: &Document,
        must_contain_record: bool,
    ) -> Result<Vec<RecordContent>, Problem> {
        let path = document.source.path();
        let part = &layout::read(document);
        let root = document.roots.first();
        let configured = self.configured_kind(path);
        if let Some(kind) = root.and_then(|root| self.declared_kind(root)) {
            return self.kind_records(part, kind);
        }
        if configured.is_none() && is_blank_template(part) {
            return Ok(Vec::new());
        }
        if let Some(format) = self.format_of_list(part).filter(|_| configured.is_none()) {
            return self.format_records(part, format);
        }
        if configured.is_none() && lies_in_own_folder(path) {
            let kind = self.kind_by_content(part, root, must_contain_record);
            let is_own = |kind: &&Arc<Kind>| *kind.name != *page_kind() || has_own_lines(part, root, kind);
            if let Some(kind) = kind.filter(is_own) {
                return self.kind_records(part, kind);
            }
        }
        let by_place = match self.format(part, root) {
            Reader::Format(format) if configured.is_none() && self.is_stated_otherwise(part, format) => {
                return Ok(Vec::new());
            }
            Reader::Format(format) if configured.is_none() && format.is_by_place() => Some(format),
            Reader::Format(format) => return self.format_records(part, format),
            Reader::Nothing => return Ok(Vec::new()),
            Reader::Kind => None,
        };
        // Sections and a status are in pages of all formats, in folders that communities name for them.
        let is_native = |kind: &&Arc<Kind>| {
            let has_marks = || has_own_marks(part, root, kind) || has_own_lines(part, root, kind);
            let is_register = self.count_fields(part, kind) == 0
                && root.is_none_or(|root| root.get("id").is_none())
                && document.markdown.as_deref().is_some_and(|page| {
                    rows::is_register(page, kind) && !rows::are_records(page, kind, self.names.of(kind))
                });
            let is_apart = || page_folder(path).is_none() && !has_keys_of_others(root, kind);
            (has_marks() || is_apart()) && !is_register
        };
        let by_content = || {
            let by_content = self.kind_by_content(part, root, must_contain_record);
            by_content.or_else(|| self.kind_of_table(document)).filter(is_native)
        };
        if let Some(kind) = configured.or_else(by_content) {
            return self.kind_records(part, kind);
        }
        // A page without a heading and a label is a note.
        let says_something = part.title.is_some() || part.statements.iter().any(|it| !it.key.is_empty());
        match by_place.filter(|_| says_something && self.may_be_by_place(path)) {
            Some(format) => self.format_records(part, format),
            None => Ok(Vec::new()),
        }
    }

    /// Returns true if the front matter states another kind of record, or a kind of document such as `roadmap`: under `kind`, or under
    /// `type` where the format knows no such key and its pages by their place.
    pub(super) fn is_stated_otherwise(&self, part: &Part<'_>, format: &Format) -> bool {
        let keys: &[&str] = if format.is_by_place() { &["kind", "type"] } else { &["kind"] };
        let is_key = |key: &str| {
            format
                .definition
                .recognise
                .iter()
                .any(|way| way.keys.0.iter().chain(&way.any_key.0).any(|known| **known == *key))
        };
        keys.iter().filter(|key| !is_key(key)).any(|key| self.states_other_kind(part, key, &format.kind))
    }

    /// Returns true if a page in a folder for records of one kind says that it is something else.
    pub(super) fn says_otherwise(&self, part: &Part<'_>) -> bool {
        let Some(kind) = self.classifier.kinds.get(page_kind()) else { return false };
        ["kind", "type"].into_iter().any(|key| self.states_other_kind(part, key, kind))
    }

    fn states_other_kind(&self, part: &Part<'_>, key: &str, kind: &Kind) -> bool {
        let stated = part.document.roots.first().and_then(|root| root.get(key)).and_then(Node::as_text);
        stated.is_some_and(|stated| {
            let named = self.classifier.kinds.by_key(stated);
            CONVENTIONS.is_kind_of_document(stated) || named.is_some_and(|named| named.name != kind.name)
        })
    }

    /// Returns true for a page that may be a record by its folder alone.
    fn may_be_by_place(&self, path: &str) -> bool {
        self.classifier.configured(path).is_none()
            && (may_be_page_of_folder(path)
                || (!self.classifier.is_auxiliary(path) && !is_introduction_or_form(path)))
    }

    /// Returns the kind of a page in a conventional folder, if its front matter or sections fit the kind.
    fn kind_by_content(
        &self,
        part: &Part<'_>,
        root: Option<&Node>,
        must_contain_record: bool,
    ) -> Option<&'a Arc<Kind>> {
        let path = part.document.source.path();
        let kind = self
            .classifier
            .kind(path)
            .filter(|_| must_contain_record && !self.classifier.is_auxiliary(path))?;
        let page = part.document.markdown.as_deref();
        let fits = root.is_some_and(|root| structured::looks_like(root, kind, true))
            || self.may_hold_rows(path, kind)
                && page.is_some_and(|page| rows::are_records(page, kind, self.names.of(kind)));
        // The formats tell apart what most pages are.
        let states_enough = || {
            (*kind.name != *page_kind() || has_own_lines(part, root, kind))
                && self.count_stated(part, kind) >= FEWEST_FIELDS
        };
        let fits = fits
            || self.count_fields(part, kind) >= FEWEST_FIELDS
            || states_enough()
            || !self.own_sections(part, kind).is_empty();
        fits.then_some(kind)
    }

    /// Returns the fields that statements of a page name, in sections or elsewhere.
    fn stated_fields<'k>(&self, part: &Part<'_>, kind: &'k Kind, sections: bool) -> HashSet<&'k str> {
        let names = self.names.of(kind);
        let stated = part.statements.iter().filter(|it| !it.key.is_empty());
        let fields = stated.flat_map(|it| {
            let is_section = matches!(it.content, Content::Section(_));
            let is_key = it.origin == Origin::FrontMatter;
            names.fields(&it.key).filter(move |named| is_section || !sections && (!is_key || named.is_key))
        });
        fields.filter_map(|named| Some(&*kind.shape.fields.get(named.field)?.name)).collect()
    }

    /// Counts the fields of a kind that a page states in sections.
    fn count_fields(&self, part: &Part<'_>, kind: &Kind) -> usize {
        self.stated_fields(part, kind, true).len()
    }

    /// Counts the fields of a kind that a page states in sections, below its title and in its front matter, without those that most kinds
    /// have.
    pub(super) fn count_stated(&self, part: &Part<'_>, kind: &Kind) -> usize {
        self.stated_fields(part, kind, false).iter().filter(|name| !structured::is_common(name)).count()
    }

    /// Returns the kinds of which such a page may hold a table, though it is not named after them.
    fn kinds_in_tables(&self, path: &str) -> impl Iterator<Item = &'a Arc<Kind>> {
        let may_hold = self.classifier.must_contain_record(path) && !self.classifier.is_auxiliary(path);
        let name = stem(path).to_owned();
        let kinds = self.classifier.kinds.iter().filter(move |_| may_hold);
        kinds.filter(move |kind| kind.rows.as_ref().is_some_and(|rows| rows.are_on(&name)))
    }

    fn kind_of_table(&self, document: &Document) -> Option<&'a Arc<Kind>> {
        let page = document.markdown.as_deref()?;
        let mut kinds = self.kinds_in_tables(document.source.path());
        kinds.find(|kind| rows::are_records(page, kind, self.names.of(kind)))
    }

    /// Returns the records of a page whose kind is stated, configured or known by its name: its rows, sections or items, else the page.
    fn kind_records(&self, part: &Part<'_>, kind: &Arc<Kind>) -> Result<Vec<RecordContent>, Problem> {
        let document = part.document;
        let found = match self.may_hold_rows(document.source.path(), kind) {
            true => rows::records(document, kind, self.names.of(kind), None),
            false => Vec::new(),
        };
        if !found.is_empty() {
            let mut records = self.build_all(&found, kind, None)?;
            records.extend(self.rows_of_other_kinds(document, kind, &records)?);
            records.sort_by_key(|record| record.span.start);
            return Ok(records);
        }
        let sections = self.own_sections(part, kind);
        if !sections.is_empty() {
            return self.build_all(&sections, kind, None);
        }
        if self.states_nothing_of(part, kind) {
            let items = parts::items(part, kind);
            if items.len() > 1 {
                return self.build_all(&items, kind, None);
            }
            if self.is_list_of(part, kind) {
                return Ok(Vec::new());
            }
        }
        Ok(vec![self.build(part, kind, None)])
    }

    /// Returns false for a kind that most pages are, unless the page is named for it: a table in a decision is one of options.
    fn may_hold_rows(&self, path: &str, kind: &Kind) -> bool {
        kind.rows.is_some() && (*kind.name != *page_kind() || self.is_named_for(path, kind))
    }

    /// Returns true for a page whose name is that of a kind, or of one of its lists.
    fn is_named_for(&self, path: &str, kind: &Kind) -> bool {
        let name = stem(path);
        let by_name = self.classifier.kinds.by_key(name);
        by_name.is_some_and(|named| named.name == kind.name)
            || kind.rows.as_ref().is_some_and(|rows| rows.are_on(name))
    }

    /// Returns the records of a page in a format: the page, or its rows, sections or items.
    fn format_records(&self, part: &Part<'_>, format: &Arc<Format>) -> Result<Vec<RecordContent>, Problem> {
        if !format.definition.several {
            return Ok(vec![self.build(part, &format.kind, Some(format))]);
        }
        let found = parts::records(part, &format.kind, format.names());
        let mut records = self.build_all(&found, &format.kind, Some(format))?;
        // A row without a name goes on with what the one above says.
        records
            .retain(|record| record.title.is_some() || record.field("id").is_some_and(|id| !id.is_blank()));
        Ok(records)
    }

    fn build(&self, part: &Part<'_>, kind: &Arc<Kind>, format: Option<&Arc<Format>>) -> RecordContent {
        build::part(part, kind, format, &self.names, self.classifier.kinds)
    }

    fn build_all(
        &self,
        found: &[Part<'_>],
        kind: &Arc<Kind>,
        format: Option<&Arc<Format>>,
    ) -> Result<Vec<RecordContent>, Problem> {
        if let Some(part) = found.get(limits::RECORDS) {
            return Err(Problem::too_many_records(part.span));
        }
        let mut records: Vec<RecordContent> =
            found.iter().map(|part| self.build(part, kind, format)).collect();
        let is_row = |part: &&Part<'_>| matches!(part.shape, layout::Shape::Row(..));
        let page = found.first().filter(is_row).and_then(|part| part.document.markdown.as_deref());
        if let Some(page) = page {
            let names = format.map_or_else(|| self.names.of(kind), |format| format.names());
            columns::report_missing(page, kind, names, &mut records);
            columns::report_misspelt(page, kind, names, &mut records);
        }
        Ok(records)
    }

    /// Returns the rows of tables below a heading that names another kind: `## Teams` on a page of people.
    fn rows_of_other_kinds(
        &self,
        document: &Document,
        kind: &Kind,
        read: &[RecordContent],
    ) -> Result<Vec<RecordContent>, Problem> {
        let Some(page) = document.markdown.as_deref() else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for heading in page.headings.iter().filter(|heading| heading.level > 1) {
            let named = self.classifier.kinds.by_key(heading.title.trim());
            let is_read = || read.iter().any(|record| heading.own_body.contains(record.span));
            let Some(other) = named.filter(|other| other.name != kind.name && !is_read()) else { continue };
            let rows = rows::records(document, other, self.names.of(other), Some(heading.own_body));
            found.extend(self.build_all(&rows, other, None)?);
        }
        Ok(found)
    }

    /// Returns the sections that are records of a page that is named for several of a kind; none for other pages.
    pub(super) fn own_sections<'p>(&self, part: &Part<'p>, kind: &Kind) -> Vec<Part<'p>> {
        let path = part.document.source.path();
        // In a folder for a kind, a page that is no record itself holds several.
        let is_of_folder = || {
            lies_in_own_folder(path)
                && *kind.name != *page_kind()
                && self.classifier.kind(path).is_some_and(|named| named.name == kind.name)
                && self.states_nothing_of(part, kind)
        };
        if !has_only_own_keys(part) || !(self.is_named_for(path, kind) || is_of_folder()) {
            return Vec::new();
        }
        let found = parts::sections(part, kind, self.names.of(kind));
        match &found[..] {
            [only] if !self.is_only_record(part, kind, only) => Vec::new(),
            _ => found,
        }
    }

    /// Returns true if the only section with fields is a record: the page is named for a list, and states no other field of the kind.
    fn is_only_record(&self, page: &Part<'_>, kind: &Kind, only: &Part<'_>) -> bool {
        let name = fold_name(stem(page.document.source.path()));
        let is_plural = kind.called().any(|called| name.strip_suffix('s') == Some(&fold_name(called)));
        let is_list = is_plural || name == fold_name(&kind.plural) || self.states_nothing_of(page, kind);
        let names = self.names.of(kind);
        let is_elsewhere = |span: Span| !only.span.contains(span);
        let others = page.statements.iter().filter(|it| is_elsewhere(it.label_span) && !it.key.is_empty());
        is_list
            && parts::known_lines(only, kind, names) >= FEWEST_FIELDS
            && others
                .filter(|it| it.origin != Origin::FrontMatter)
                .all(|it| names.fields(&it.key).next().is_none())
    }

    /// Returns true for a page that lists several things and states no field of one record, of a kind whose records are rows or parts
    /// of pages, and not the pages themselves.
    pub(super) fn is_list_of(&self, part: &Part<'_>, kind: &Kind) -> bool {
        let is_itself_one =
            kind.shape.fields.iter().any(|field: &Field| field.initial == Some(Initial::Page));
        !is_itself_one
            && kind.rows.is_some()
            && self.states_nothing_of(part, kind)
            && rows::lists_several(part)
    }

    /// Returns true for a page that states no field of a kind, at least not one that few other kinds have.
    fn states_nothing_of(&self, part: &Part<'_>, kind: &Kind) -> bool {
        *kind.name != *page_kind() && has_only_own_keys(part) && self.count_stated(part, kind) == 0
    }

    fn structured_records(
        &self,
        document: &Document,
        must_contain_record: bool,
    ) -> Result<Vec<RecordContent>, Problem> {
        let mut records = Vec::new();
        let mut budget = RecordBudget::default();
        let parts = layout::read_data(document);
        for (part, root) in parts.iter().zip(&document.roots) {
            let is_configured = self.configured_kind(document.source.path()).is_some();
            match self.format(part, Some(root)) {
                Reader::Format(format) if self.declared_kind(root).is_none() => {
                    records.extend(self.format_records(part, format)?);
                }
                Reader::Nothing => {}
                Reader::Kind if !is_configured && structured::names_other_schema(root) => {}
                Reader::Format(_) | Reader::Kind => {
                    let found = self.native_records(document, root, must_contain_record, &mut budget)?;
                    let is_certain =
                        must_contain_record || is_configured || self.declared_kind(root).is_some();
                    if is_certain || are_plausible(&found) {
                        records.extend(found);
                    }
                }
            }
        }
        Ok(records)
    }

    fn native_records(
        &self,
        document: &Document,
        root: &Node,
        must_contain_record: bool,
        budget: &mut RecordBudget,
    ) -> Result<Vec<RecordContent>, Problem> {
        let RootRecords { items, .. } = self.items(document, root, must_contain_record);
        // In a configured repository, nothing in a file may hide its records.
        if self.classifier.config.source.is_none() && structured::is_of_another_program(root, &items) {
            return Ok(Vec::new());
        }
        items.iter().try_for_each(|item| budget.take(item))?;
        let fallback_id = match &items[..] {
            [only] if only.key.is_none() => identity::name_id(stem(document.source.path()), &only.kind),
            _ => "",
        };
        let build = |item| build::item(document, self.classifier.kinds, item, fallback_id);
        Ok(items.iter().map(build).collect())
    }

    fn items<'n>(&self, document: &Document, root: &'n Node, must_contain_record: bool) -> RootRecords<'n> {
        let path = document.source.path();
        let kinds = self.classifier.kinds;
        let single = |kind: &Arc<Kind>| RootRecords::of(vec![RecordNode::new(kind, None, root)]);
        if let Some(entry) = self.classifier.configured(path)
            && let Some(kind) = kinds.get(&entry.kind)
        {
            return match &entry.pointer {
                Some(at) => {
                    let list = root.pointer(at).filter(|_| structured::list_around(root, at).is_none());
                    RootRecords::of(list.map(|list| structured::records(list, kind, &[])).unwrap_or_default())
                }
                None => structured::configured(root, kind, kinds),
            };
        }
        if let Some(kind) = self.declared_kind(root) {
            return single(kind);
        }
        let kind = self.classifier.kind(path).filter(|_| !structured::is_schema(root));
        let grouped = kind.map(|kind| structured::grouped(root, kinds, kind)).unwrap_or_default();
        if !grouped.is_empty() {
            return RootRecords::of(grouped);
        }
        if let Some(kind) = kind.filter(|kind| structured::looks_like(root, kind, false)) {
            return single(kind);
        }
        if !must_contain_record && structured::is_schema(root) {
            return RootRecords::of(Vec::new());
        }
        let listed = structured::under_plurals(root, kinds, must_contain_record);
        let named = kind.filter(|_| listed.is_empty()).map(|kind| structured::named(root, kind));
        match named.filter(|named| !named.is_empty()) {
            Some(named) => RootRecords::of(named),
            None => RootRecords { items: listed, by_kind: true },
        }
    }

    /// Returns what reads a file: the format that the configuration names for it, else the one that recognises it.
    fn format(&self, part: &Part<'_>, root: Option<&Node>) -> Reader<'a> {
        let path = part.document.source.path();
        let Some(format) = self.classifier.configured_format(path) else {
            if self.is_own_list(part) {
                return Reader::Kind;
            }
            let only = self.configured_kind(path).map(|kind| &*kind.name);
            // An introduction is not the page of what its name says.
            let is_by_name =
                |format: &Format| matches!(&format.definition.id[..], [place] if **place == *"file");
            let mut found = self.classifier.formats.recognise(part, only).into_iter().filter(|format| {
                match format.definition.several {
                    true => !parts::records(part, &format.kind, format.names()).is_empty(),
                    false => !(is_by_name(format) && is_introduction(path)),
                }
            });
            return found.next().filter(|_| !is_template(path)).map_or(Reader::Kind, Reader::Format);
        };
        let is_named = self.classifier.configured(path).is_some_and(|entry| entry.names_file(path));
        let is_beside = format.is_companion(path) || (is_introduction_or_template(path) && !is_named);
        let entries = root.and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
        let has_fields = part.document.markdown.is_some()
            || format.definition.several
            || entries.iter().any(|entry| format.field_of(&entry.key.name).is_some());
        if is_beside || !has_fields { Reader::Nothing } else { Reader::Format(format) }
    }

    /// Returns the format that reads several records of a page which is named for them, of a kind that most pages are not.
    fn format_of_list(&self, part: &Part<'_>) -> Option<&'a Arc<Format>> {
        let mut found = self.classifier.formats.recognise(part, None).into_iter();
        let is_list = |format: &&Arc<Format>| format.definition.several && *format.kind.name != *page_kind();
        found.next().filter(is_list).filter(|format| self.has_several(part, format))
    }

    fn has_several(&self, part: &Part<'_>, format: &Format) -> bool {
        !is_template(part.document.source.path())
            && !parts::records(part, &format.kind, format.names()).is_empty()
    }

    /// Returns true for a page in the program's own folder that is named for the kind of its rows or sections.
    fn is_own_list(&self, part: &Part<'_>) -> bool {
        let path = part.document.source.path();
        let Some(page) = part.document.markdown.as_deref().filter(|_| lies_in_own_folder(path)) else {
            return false;
        };
        self.classifier.kind(path).is_some_and(|kind| {
            self.may_hold_rows(path, kind) && rows::are_records(page, kind, self.names.of(kind))
                || !self.own_sections(part, kind).is_empty()
        })
    }

    fn configured_kind(&self, path: &str) -> Option<&'a Arc<Kind>> {
        self.classifier.kinds.get(&self.classifier.configured(path)?.kind)
    }

    /// Returns the kind in `kind` or `$schema`; `None` for a Kubernetes object, which has an `apiVersion`.
    fn declared_kind(&self, root: &Node) -> Option<&'a Arc<Kind>> {
        if root.get("apiVersion").is_some() {
            return None;
        }
        let kinds = self.classifier.kinds;
        let by_name = |name: &str| kinds.get(name).or_else(|| kinds.by_key(name));
        let named =
            root.get("kind").and_then(Node::as_text).filter(|name| name.chars().all(|c| !c.is_uppercase()));
        // A foreign `$schema` does not turn a list of records into one record.
        let is_list = || !structured::under_plurals(root, kinds, false).is_empty();
        named.and_then(by_name).or_else(|| {
            let schema = root.get("$schema")?.as_text()?.rsplit('/').next()?;
            kinds.get(schema.split('.').next()?).filter(|_| !is_list())
        })
    }

    fn notes(
        &self,
        document: &Document,
        must_contain_record: bool,
        records: &[RecordContent],
    ) -> Vec<UnreadPart> {
        let path = document.source.path();
        if records.is_empty()
            && (!must_contain_record || self.classifier.is_auxiliary(path) || is_listing(document))
        {
            return Vec::new();
        }
        let is_in_format =
            |record: &RecordContent| record.format.as_ref().is_some_and(|it| !it.is_by_place());
        let is_foreign = document.roots.len() == 1 && records.first().is_some_and(is_in_format);
        let is_read = !is_foreign
            && !records.iter().any(RecordContent::is_of_unknown_format)
            && !structured::has_other_schema(document, self.classifier.kinds);
        let unread = |root| self.unread_parts(document, root, must_contain_record);
        let unread = document.roots.iter().filter(|_| is_read).flat_map(unread);
        let mut notes: Vec<UnreadPart> = unread.take(MAX_UNREAD_PARTS).collect();
        notes.extend(self.shadowed_entry(document));
        notes.extend(self.other_kind(document, records));
        notes
    }

    /// Says that a record names a kind that does not exist, and is read as one of another kind.
    fn other_kind(&self, document: &Document, records: &[RecordContent]) -> Option<UnreadPart> {
        let ([root], [record]) = (document.roots.as_slice(), records) else { return None };
        let is_whole_file = document.markdown.is_some() || record.span == root.span;
        if !is_whole_file || record.format.is_some() || record.kind.shape.by_key("kind").is_some() {
            return None;
        }
        let is_configured = self.configured_kind(document.source.path()).is_some();
        let named = root.get("kind").filter(|_| root.get("apiVersion").is_none())?;
        structured::other_kind(named, self.classifier.kinds, &record.kind, is_configured)
    }

    fn shadowed_entry(&self, document: &Document) -> Option<UnreadPart> {
        let path = document.source.path();
        let (read, shadowed) = (self.classifier.configured(path)?, self.classifier.shadowed(path)?);
        let entry = |entry: &RecordFiles| match &entry.pointer {
            Some(at) => format!("`{}` at `{at}`", entry.kind),
            None => format!("`{}`", entry.kind),
        };
        Some(UnreadPart {
            message: format!(
                "two entries of `records:` match this file: {} is read, {} is not",
                entry(read),
                entry(shadowed)
            ),
            span: document.source.line_span(document.source.bom_len()),
            help: Some("make their paths differ, or split the file".into()),
        })
    }

    /// Returns the parts that are written like records and not read. Other programs' files are left alone.
    fn unread_parts(&self, document: &Document, root: &Node, must_contain_record: bool) -> Vec<UnreadPart> {
        let kinds = self.classifier.kinds;
        let suspects = structured::suspects(root, kinds, document.markdown.is_some());
        let is_foreign = || {
            let part = layout::read(document);
            root.get("apiVersion").is_some() || !matches!(self.format(&part, Some(root)), Reader::Kind)
        };
        if suspects.is_empty() || is_foreign() {
            return Vec::new();
        }
        let RootRecords { items, by_kind } = self.items(document, root, must_contain_record);
        // If the file states its kind, or `records:` names it, another finding reports the whole file.
        let names_no_kind =
            root.get("kind").is_none() && self.classifier.configured(document.source.path()).is_none();
        // Programs write JSON for themselves.
        let is_of_person = document.format != syntax::Format::Json
            || self.classifier.config.source.is_some()
            || !items.is_empty()
            || root.get("$schema").is_some();
        let lists_records = must_contain_record && names_no_kind && is_of_person;
        match by_kind && (must_contain_record || !items.is_empty()) {
            true => structured::unread_parts(&suspects, kinds, &items, lists_records),
            false => Vec::new(),
        }
    }
}

fn to_records(contents: Vec<RecordContent>) -> Result<Vec<Record>, Problem> {
    let records: Vec<Record> = contents.into_iter().map(Record::from).collect();
    match records.iter().find_map(|record| record.mentions.get(limits::REFERENCES)) {
        Some(mention) => Err(Problem::too_many_references(mention.span)),
        None => Ok(records),
    }
}

/// What reads the records of a file.
enum Reader<'a> {
    Format(&'a Arc<Format>),
    /// A kind, if the file fits one.
    Kind,
    /// The configuration names a format for the folder, and the file is not in it.
    Nothing,
}

/// Counts the records of a file, and what they add to it.
#[derive(Default)]
pub(super) struct RecordBudget {
    records: usize,
    added: AddedValues,
}

impl RecordBudget {
    pub(super) fn take(&mut self, item: &RecordNode<'_>) -> Result<(), Problem> {
        self.records += 1;
        if self.records > limits::RECORDS {
            return Err(Problem::too_many_records(item.node.span));
        }
        item.shared.iter().try_for_each(|entry| {
            let size = entry.value.size(limits::ADDED_VALUES);
            self.added.add("the fields above the records", size, entry.key.span)
        })
    }
}

/// Returns true if at least half of the records are plausible: the `teams.json` of a game holds no records. Each counts
/// the same, so that a single one can't hide the others.
fn are_plausible(records: &[RecordContent]) -> bool {
    let limit = limits::violations_of_each(records.len());
    let plausible = records.iter().filter(|record| is_plausible(record, limit)).count();
    plausible > 0 && 2 * plausible >= records.len()
}

/// Returns true if fewer than a quarter of the values don't fit the kind.
fn is_plausible(record: &RecordContent, limit: usize) -> bool {
    let values = record.fields.as_mapping().map_or(0, Mapping::len);
    let is_misfit = |violation: &Violation| !violation.missing && violation.help.is_none();
    4 * record.violations_within(limit).into_iter().filter(is_misfit).count() < values
}

/// Returns true if front matter says what a page is, and nothing of one record.
fn has_only_own_keys(part: &Part<'_>) -> bool {
    let entries = part.document.roots.first().and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
    entries.iter().all(|entry| matches!(&*entry.key.name, "kind" | "$schema" | "title"))
}

/// Returns true for a page of links to others.
pub(crate) fn is_listing(document: &Document) -> bool {
    const MIN_LINKS: usize = 3;
    let Some(page) = &document.markdown else { return false };
    let siblings = page.links.iter().filter(|link| {
        let path = link.destination.split('#').next().unwrap_or_default();
        syntax::Format::is_page_path(path) && !path.contains("://") && !path.starts_with("..")
    });
    siblings.take(MIN_LINKS).count() == MIN_LINKS
}
