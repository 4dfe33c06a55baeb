//! Recognises the records of a document: by the kind that it states, the configuration, a format, or its place and content.

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::builder::KindNames;
use super::classifier::{
    PathClassifier, is_blank_template, is_decision_index, is_index_name, is_introduction,
    is_introduction_or_template, is_numbered, lies_in_own_folder, page_folder,
};
use super::days::period_of_path;
use super::structured::{self, RecordNode, RootRecords};
use super::{Record, RecordContent, RecordFacts, build, identity, mistakes, page_kind, parts, rows};
use crate::config::Config;
use crate::format::{Format, Formats, is_template};
use crate::kind::{AbsentValues, Field, Initial, Kind, Kinds};
use crate::layout::{self, Content, Origin, Part, Statement};
use crate::limits;
use crate::node::Node;
use crate::schema::Violation;
use crate::syntax::{self, AddedValues, Document, Problem};
use crate::text::{Source, Span, stem};
use crate::value::identifier::{self, Identifier};
use crate::value::words;

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

/// A page in a folder that is named for a kind is a record of it if it states as many of its fields, and so is a section.
const FEWEST_FIELDS: usize = 2;

/// The records of a document or of a part of it, unless there are more than a limit allows.
type Records = Result<Vec<RecordContent>, Problem>;

/// The records of a document, and what a file of data holds besides that is written like records.
type Contents = (Vec<RecordContent>, Vec<UnreadPart>);

pub struct Recogniser<'a> {
    pub classifier: PathClassifier<'a>,
    pub(super) names: KindNames<'a>,
}

impl<'a> Recogniser<'a> {
    pub fn new(kinds: &'a Kinds, formats: &'a Formats, config: &'a Config) -> Recogniser<'a> {
        Recogniser { classifier: PathClassifier { kinds, formats, config }, names: KindNames::new(kinds) }
    }

    /// Recognises the records of a document. A document with a fatal problem has none, since they would be incomplete.
    pub fn recognise(&self, document: &Document) -> Recognised {
        let path = document.source.path();
        let must_contain_record = self.classifier.must_contain_record(path);
        if document.has_fatal_problem() {
            let is_numbered_page = page_folder(path).is_some() && is_numbered(stem(path));
            let is_truncated = self.starts_like_record(document)
                || self.is_record_in_other_encoding(document)
                || is_numbered_page && document.markdown.is_some() && !self.classifier.is_auxiliary(path);
            return Recognised { must_contain_record, is_truncated, ..Recognised::default() };
        }
        let found = self.contents(document).and_then(|(contents, unread)| {
            let notes = self.notes(document, &contents, unread);
            Ok((to_records(contents)?, notes))
        });
        let (records, notes, problem) = match found {
            Ok((records, notes)) => (records, notes, None),
            Err(problem) => (Vec::new(), Vec::new(), Some(problem)),
        };
        Recognised { records, must_contain_record, is_truncated: problem.is_some(), problem, notes }
    }

    /// Returns false for a page that nothing below its front matter could make a record: without one, it lies beside those of a format.
    pub fn may_hold_records(&self, front: &Document) -> bool {
        let path = front.source.path();
        let is_beside = || self.classifier.formats.has_companion(path);
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
        to_records(self.contents(document)?.0)
    }

    fn contents(&self, document: &Document) -> Result<Contents, Problem> {
        let (mut records, unread) = match &document.markdown {
            Some(_) => {
                let part = layout::read(document);
                let reader = self.page_reader(&part);
                let records = reader.map(|(kind, format)| self.records_of(&part, kind, format));
                (records.transpose()?.unwrap_or_default(), Vec::new())
            }
            None => self.structured_records(document)?,
        };
        if let Some(record) = records.get(limits::RECORDS) {
            return Err(too_many_records(record.span));
        }
        let is_sole_record = records.len() == 1;
        let states_kind = document.roots.first().is_some_and(|root| self.declared_kind(root).is_some());
        let has_other_schema = structured::has_other_schema(document, self.classifier.kinds);
        for record in &mut records {
            mistakes::correct_status(record);
            mistakes::report_disguised_id(record);
            let facts = std::mem::take(&mut record.facts);
            record.facts = RecordFacts { is_sole_record, states_kind, has_other_schema, ..facts };
        }
        Ok((records, unread))
    }

    fn starts_like_record(&self, document: &Document) -> bool {
        let of_format = |part: &Part<'_>| {
            self.classifier.formats.recognise(part, None).iter().any(|format| !format.is_by_place())
        };
        let states_kind = |root: &Node| self.declared_kind(root).is_some();
        let mut roots = document.roots.iter();
        if document.markdown.is_some() {
            return of_format(&layout::read(document)) || roots.next().is_some_and(states_kind);
        }
        let lists_kind = |kind: &Arc<Kind>| match document.roots.is_empty() {
            true => document.source.text().contains(&*kind.plural),
            false => document.roots.iter().any(|root| root.get(&kind.plural).is_some()),
        };
        self.classifier.kind(document.source.path()).is_some_and(lists_kind)
            || layout::read_data(document).iter().any(of_format)
            || roots.any(|root| states_kind(root) || !self.items(document, root).items.is_empty())
    }

    /// Returns true for a file with bytes that are no text, of which the rest holds records.
    fn is_record_in_other_encoding(&self, document: &Document) -> bool {
        const MAX_LENGTH: usize = 1 << 20;
        let text = document.source.text();
        let is_undecoded = document.markdown.is_none() && document.roots.is_empty();
        if !is_undecoded || text.len() > MAX_LENGTH || !text.contains(['\0', char::REPLACEMENT_CHARACTER]) {
            return false;
        }
        let text = text.replace(['\0', char::REPLACEMENT_CHARACTER], "?");
        let source = Source::new(document.source.path().clone(), text.into_bytes());
        let rest = syntax::parse(Arc::new(source), document.format);
        match rest.has_fatal_problem() {
            true => self.starts_like_record(&rest),
            false => self.records(&rest).is_ok_and(|records| !records.is_empty()),
        }
    }

    /// Returns what reads a page: the kind that it states, what the configuration names, a format, or the kind of its place.
    fn page_reader(&self, part: &Part<'_>) -> Option<(&'a Arc<Kind>, Option<&'a Arc<Format>>)> {
        let path = part.document.source.path();
        let by_format = |format: &'a Arc<Format>| (&format.kind, Some(format));
        if let Some(kind) = part.document.roots.first().and_then(|root| self.declared_kind(root)) {
            return Some((kind, None));
        }
        if let Some(kind) = self.configured_kind(path) {
            return self.format(part, Some(&kind.name)).map(|it| it.map_or((kind, None), by_format));
        }
        if is_blank_template(part) || is_numbered_index(part.document) {
            return None;
        }
        let own = self.kind_of_own_folder(part);
        let format = self.format(part, None).flatten();
        // A list in the program's own folder is read by a format for such lists, or else by the kind.
        let is_list = |format: &Format| format.signs.several && *format.kind.name != *page_kind();
        if let Some(kind) = own.filter(|_| !format.is_some_and(|format| is_list(format))) {
            return Some((kind, None));
        }
        if format.is_some_and(|format| !is_list(format) && self.is_stated_otherwise(part, format)) {
            return None;
        }
        if let Some(format) = format.filter(|format| !format.is_by_place()) {
            return Some(by_format(format));
        }
        // Sections and a status are in pages of all formats, in folders that communities name for them.
        let is_native = |kind: &&Arc<Kind>| {
            page_folder(path).is_none() || has_own_marks(part, kind) && !self.names_community(part)
        };
        if let Some(kind) = self.kind_by_content(part).filter(is_native) {
            return Some((kind, None));
        }
        // A page without a heading and a label is a note.
        let says_something = part.title.is_some() || part.statements.iter().any(|it| !it.key.is_empty());
        format.filter(|_| says_something && !self.classifier.is_auxiliary(path)).map(by_format)
    }

    /// Returns true if the identifier in the front matter, else the title there or the name of the file, has the letters of a format.
    fn names_community(&self, part: &Part<'_>) -> bool {
        let stated = |key: &str| part.document.roots.first()?.get(key).and_then(Node::as_text);
        let is_theirs = |found: Option<Identifier<'_>>| {
            let letters = found.map_or("", |found| found.prefix);
            let mut prefixes = self.classifier.formats.iter().flat_map(|format| format.prefixes());
            !letters.is_empty() && prefixes.any(|prefix| prefix.eq_ignore_ascii_case(letters))
        };
        let id = stated("id");
        if let Some(id) = id.filter(|id| !id.bytes().all(|c| c.is_ascii_digit())) {
            return is_theirs(identifier::in_name(id));
        }
        let heading = part.title.as_ref().map(|title| &*title.text);
        let title = if id.is_some() { heading } else { stated("title") };
        is_theirs(identifier::in_name(stem(part.document.source.path())))
            || title.is_some_and(|title| is_theirs(identifier::in_title(title)))
    }

    /// Returns true if the front matter states another kind of record or of document, such as `roadmap`: under `kind`, or under `type` where
    /// the format knows its pages by their place.
    fn is_stated_otherwise(&self, part: &Part<'_>, format: &Format) -> bool {
        let keys: &[&str] = if format.is_by_place() { &["kind", "type"] } else { &["kind"] };
        let is_key = |key: &str| format.signs.recognise.iter().any(|way| way.asks_for(key));
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
            words::is_in("kinds-of-documents", stated) || named.is_some_and(|named| named.name != kind.name)
        })
    }

    /// Returns the kind of a page in the program's own folder. A decision names its owner or its identifier, or is one of several.
    fn kind_of_own_folder(&self, part: &Part<'_>) -> Option<&'a Arc<Kind>> {
        let kind = self.kind_by_content(part).filter(|_| lies_in_own_folder(part.document.source.path()))?;
        let is_own = *kind.name != *page_kind() || has_own_names(part, kind) || self.holds_list(part, kind);
        is_own.then_some(kind)
    }

    /// Returns the kind of a page in a conventional folder, if its front matter, its rows or its sections fit the kind.
    fn kind_by_content(&self, part: &Part<'_>) -> Option<&'a Arc<Kind>> {
        let path = part.document.source.path();
        let is_placed =
            || self.classifier.must_contain_record(path) || self.classifier.placed_kind(path).is_some();
        if self.classifier.is_auxiliary(path) || !is_placed() {
            return None;
        }
        let by_list = self.classifier.kinds.iter().filter(|kind| kind.has_rows_on(stem(path)));
        let named = self.classifier.kind(path).into_iter().chain(by_list).find(|kind| self.fits(part, kind));
        named.or_else(|| self.kind_of_sections(part).filter(|_| lies_in_own_folder(path)))
    }

    /// Returns the only kind whose fields more lines of the sections of a page state than those of any other kind, if most sections do.
    fn kind_of_sections(&self, part: &Part<'_>) -> Option<&'a Arc<Kind>> {
        if !has_only_own_keys(part) {
            return None;
        }
        let lines = |kind: &Arc<Kind>| -> usize {
            let names = self.names.of(kind);
            let sections = parts::sections(part, kind, names);
            let lines: Vec<usize> =
                sections.iter().map(|section| parts::known_lines(section, names)).collect();
            let stating = lines.iter().filter(|lines| **lines >= FEWEST_FIELDS).count();
            if stating > 1 && 2 * stating > sections.len() { lines.iter().sum() } else { 0 }
        };
        let kinds = self.classifier.kinds.iter();
        let counted: Vec<(usize, &Arc<Kind>)> = kinds.map(|kind| (lines(kind), kind)).collect();
        let most = counted.iter().map(|(lines, _)| *lines).max().filter(|most| *most > 0)?;
        // Decisions have pages of their own, and lose to a kind of parts.
        let is_best = |(lines, kind): &(usize, &Arc<Kind>)| *lines == most && *kind.name != *page_kind();
        let mut best = counted.into_iter().filter(is_best);
        best.next().filter(|_| best.next().is_none()).map(|(_, kind)| kind)
    }

    fn fits(&self, part: &Part<'_>, kind: &Kind) -> bool {
        let root = part.document.roots.first();
        // The formats tell apart what most pages are.
        let may_state = *kind.name != *page_kind() || has_own_names(part, kind);
        root.is_some_and(|root| structured::looks_like(root, kind, true))
            || self.stated_fields(part, kind, true).len() >= FEWEST_FIELDS
            || may_state && self.count_stated(part, kind) >= FEWEST_FIELDS
            || self.holds_list(part, kind)
    }

    /// Returns true for a page whose rows or sections are records, as their columns and lines show.
    fn holds_list(&self, part: &Part<'_>, kind: &Kind) -> bool {
        let page = part.document.markdown.as_deref();
        let has_rows = page.is_some_and(|page| rows::are_records(page, kind, self.names.of(kind)));
        has_rows && self.may_hold_rows(part.document.source.path(), kind)
            || !self.own_sections(part, kind).is_empty()
    }

    /// Returns the fields that statements of a page name, in sections or elsewhere.
    fn stated_fields<'k>(&self, part: &Part<'_>, kind: &'k Kind, sections: bool) -> HashSet<&'k str> {
        let names = self.names.of(kind);
        let fields = part.statements.iter().flat_map(|it| {
            let is_section = matches!(it.content, Content::Section(_));
            let is_key = it.origin == Origin::FrontMatter;
            names.fields(&it.key).filter(move |named| is_section || !sections && (!is_key || named.is_key))
        });
        fields.filter_map(|named| Some(&*kind.shape.fields.get(named.field)?.name)).collect()
    }

    /// Counts the fields of a kind that a page states, without those that most kinds have.
    pub(super) fn count_stated(&self, part: &Part<'_>, kind: &Kind) -> usize {
        self.stated_fields(part, kind, false).iter().filter(|name| !structured::is_common(name)).count()
    }

    /// Returns the records of a page: its rows, sections or items, else the page.
    fn records_of(&self, part: &Part<'_>, kind: &Arc<Kind>, format: Option<&Arc<Format>>) -> Records {
        let names = self.names.in_format(kind, format);
        let (found, is_one) = match format {
            Some(format) if format.signs.several => (parts::records(part, kind, names), false),
            Some(_) => (Vec::new(), true),
            None => (self.own_parts(part, kind), !self.is_list_of(part, kind)),
        };
        if found.is_empty() {
            let dated = period_of_path(part.document, kind).map(|period| {
                let statements = part.statements.iter().cloned().chain([period]).collect();
                Part { statements, ..part.clone() }
            });
            let part = dated.as_ref().unwrap_or(part);
            return Ok(is_one.then(|| build::part(part, kind, format, &self.names)).into_iter().collect());
        }
        let mut records = self.build_all(&found, kind, format)?;
        if format.is_none() {
            records.extend(self.rows_of_other_kinds(part.document, kind, &records)?);
            records.sort_by_key(|record| record.span.start);
        } else {
            // A row without a name goes on with what the one above says.
            records.retain(|it| it.title.is_some() || it.field("id").is_some_and(|id| !id.is_blank()));
        }
        parts::account(part, &mut records, kind, names);
        Ok(records)
    }

    /// Returns the rows, sections or items of a page that are records of its kind; none for a page that is one record.
    fn own_parts<'p>(&self, part: &Part<'p>, kind: &Kind) -> Vec<Part<'p>> {
        let rows = match self.may_hold_rows(part.document.source.path(), kind) {
            true => rows::records(part.document, kind, self.names.of(kind), None),
            false => Vec::new(),
        };
        let mut found = parts::joined(rows, self.own_sections(part, kind), kind);
        if found.is_empty() {
            if !self.states_nothing_of(part, kind) {
                return found;
            }
            found = parts::items(part, kind);
        }
        let saying = parts::saying_items(part, kind, &found);
        parts::merged(found.into_iter().chain(saying), kind)
    }

    /// Returns false for a kind that most pages are, unless the page is named for it: a table in a decision is one of options.
    fn may_hold_rows(&self, path: &str, kind: &Kind) -> bool {
        kind.rows.is_some() && (*kind.name != *page_kind() || self.is_named_for(path, kind))
    }

    /// Returns true for a page whose name is that of a kind, or of one of its lists.
    fn is_named_for(&self, path: &str, kind: &Kind) -> bool {
        let name = stem(path);
        let by_name = self.classifier.kinds.by_key(name);
        by_name.is_some_and(|named| named.name == kind.name) || kind.has_rows_on(name)
    }

    fn build_all(&self, found: &[Part<'_>], kind: &Arc<Kind>, format: Option<&Arc<Format>>) -> Records {
        if let Some(part) = found.get(limits::RECORDS) {
            return Err(too_many_records(part.span));
        }
        let build = |part| build::part(part, kind, format, &self.names);
        let mut records: Vec<RecordContent> = found.iter().map(build).collect();
        let is_row = |part: &&Part<'_>| matches!(part.shape, layout::Shape::Row(..));
        let page = found.first().filter(is_row).and_then(|part| part.document.markdown.as_deref());
        if let Some(page) = page {
            parts::report_columns(page, kind, self.names.in_format(kind, format), &mut records);
        }
        Ok(records)
    }

    /// Returns the rows of tables below a heading that names another kind: `## Teams` on a page of people.
    fn rows_of_other_kinds(&self, document: &Document, kind: &Kind, read: &[RecordContent]) -> Records {
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
    fn own_sections<'p>(&self, part: &Part<'p>, kind: &Kind) -> Vec<Part<'p>> {
        if !self.may_hold_sections(part, kind) {
            return Vec::new();
        }
        let names = self.names.of(kind);
        let found = parts::sections(part, kind, names);
        // The only section with fields is a record where the page states none outside of it.
        let is_record = |only: &Part<'_>| {
            let apart = [parts::named_rows(part), vec![only.span]].concat();
            let is_outside = |it: &&Statement<'_>| {
                it.origin != Origin::FrontMatter && !apart.iter().any(|span| span.contains(it.label_span))
            };
            parts::known_lines(only, names) >= FEWEST_FIELDS
                && !part.statements.iter().filter(is_outside).any(|it| names.know(&it.key))
        };
        match &found[..] {
            [only] if !is_record(only) => Vec::new(),
            _ => found,
        }
    }

    /// Returns true for a page that is named for several of a kind, and in a folder for it for a page that is no record itself.
    fn may_hold_sections(&self, part: &Part<'_>, kind: &Kind) -> bool {
        let path = part.document.source.path();
        let is_of = |named: Option<&Arc<Kind>>| named.is_some_and(|named| named.name == kind.name);
        let is_of_folder = || {
            let is_placed = lies_in_own_folder(path) && is_of(self.classifier.kind(path));
            let is_known =
                is_placed || is_of(self.classifier.placed_kind(path)) || is_of(self.configured_kind(path));
            let states_none = || self.states_nothing_of(part, kind) || parts::are_series(part, kind);
            *kind.name != *page_kind()
                && (is_known && states_none()
                    || lies_in_own_folder(path) && is_of(self.kind_of_sections(part)))
        };
        has_only_own_keys(part) && (self.is_named_for(path, kind) || is_of_folder())
    }

    /// Returns true for a page that lists several things and states no field of one record, of a kind whose records are parts of pages.
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

    fn structured_records(&self, document: &Document) -> Result<Contents, Problem> {
        let path = document.source.path();
        let kind = self.configured_kind(path);
        let is_expected = kind.is_some() || self.classifier.must_contain_record(path);
        let (mut records, mut unread) = (Vec::new(), Vec::new());
        let mut added = AddedValues::default();
        for (part, root) in layout::read_data(document).iter().zip(&document.roots) {
            match self.format(part, kind.map(|kind| &*kind.name)) {
                Some(Some(format)) if self.declared_kind(root).is_none() => {
                    records.extend(self.records_of(part, &format.kind, Some(format))?);
                }
                None => {}
                // An object of Kubernetes.
                Some(None) if kind.is_none() && root.get("apiVersion").is_some() => {}
                Some(_) => {
                    let items = self.items(document, root);
                    let found = self.native(document, &items.items, &mut added)?;
                    if is_expected || self.declared_kind(root).is_some() || are_plausible(&found) {
                        records.extend(found);
                    }
                    unread.extend(self.unread_parts(document, root, &items));
                }
            }
        }
        Ok((records, unread))
    }

    fn native(&self, document: &Document, items: &[RecordNode<'_>], added: &mut AddedValues) -> Records {
        if let Some(item) = items.get(limits::RECORDS) {
            return Err(too_many_records(item.node.span));
        }
        for entry in items.iter().flat_map(|item| &*item.shared) {
            let size = entry.value.size(limits::ADDED_VALUES);
            added.add("the fields above the records", size, entry.key.span)?;
        }
        let fallback_id = match items {
            [only] if only.key.is_none() => {
                let name = stem(document.source.path());
                identity::name_number(name, &only.kind).unwrap_or(name)
            }
            _ => "",
        };
        let mut last: Option<&RecordNode<'_>> = None;
        let build = |item| {
            let is_first = last.replace(item).is_none_or(|last| !Arc::ptr_eq(&last.shared, &item.shared));
            build::item(document, &self.names, item, is_first, fallback_id)
        };
        Ok(items.iter().map(build).collect())
    }

    fn items<'n>(&self, document: &Document, root: &'n Node) -> RootRecords<'n> {
        let path = document.source.path();
        let must_contain_record = self.classifier.must_contain_record(path);
        let kinds = self.classifier.kinds;
        if let Some(entry) = self.classifier.configured(path)
            && let Some(kind) = kinds.get(&entry.kind)
        {
            return match &entry.pointer {
                Some(at) => {
                    let list = root.pointer(at).map(|list| structured::records(list, kind, &Arc::default()));
                    RootRecords::of(list.unwrap_or_default())
                }
                None => structured::configured(root, kind, kinds),
            };
        }
        if let Some(kind) = self.declared_kind(root) {
            return RootRecords::of(vec![RecordNode::new(kind, root)]);
        }
        let kind = self.classifier.kind(path).filter(|_| !structured::is_schema(root));
        let grouped = kind.map(|kind| structured::grouped(root, kinds, kind)).unwrap_or_default();
        if !grouped.is_empty() {
            return RootRecords::of(grouped);
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

    /// Returns the format that reads a file: the one that the configuration names for it, else the first of a kind that recognises it; the
    /// inner `None` if the kind does, the outer one for a file of the configured folder that is not in the format.
    fn format(&self, part: &Part<'_>, kind: Option<&str>) -> Option<Option<&'a Arc<Format>>> {
        let path = part.document.source.path();
        let Some(format) = self.classifier.configured_format(path) else {
            // An introduction is not the page of what its name says.
            let is_by_name =
                |format: &Format| matches!(&format.definition.id[..], [place] if **place == *"file");
            let mut found = self.classifier.formats.recognise(part, kind).into_iter().filter(|format| {
                match format.signs.several {
                    true => !parts::records(part, &format.kind, format.names()).is_empty(),
                    false => !(is_by_name(format) && is_introduction(path)),
                }
            });
            return Some(found.next().filter(|_| !is_template(path)));
        };
        let is_named = self.classifier.configured(path).is_some_and(|entry| entry.names_file(path));
        let is_beside = format.is_companion(path) || (is_introduction_or_template(path) && !is_named);
        (!is_beside).then_some(Some(format))
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
        let named = root.get("kind").and_then(Node::as_text);
        // A foreign `$schema` does not turn a list of records into one record.
        let is_list = || !structured::under_plurals(root, kinds, false).is_empty();
        named.and_then(by_name).or_else(|| {
            let schema = root.get("$schema")?.as_text()?.rsplit('/').next()?;
            kinds.get(schema.split('.').next()?).filter(|_| !is_list())
        })
    }

    /// Returns what a file holds that is written like records: `unread` of its data, a place that an earlier entry of the
    /// configuration hides, and a kind that does not exist.
    fn notes(
        &self,
        document: &Document,
        records: &[RecordContent],
        unread: Vec<UnreadPart>,
    ) -> Vec<UnreadPart> {
        const MAX_UNREAD_PARTS: usize = 100;
        let path = document.source.path();
        let is_beside = || self.classifier.is_auxiliary(path) || is_listing(document);
        if records.is_empty() && (!self.classifier.must_contain_record(path) || is_beside()) {
            return Vec::new();
        }
        let is_read = !structured::has_other_schema(document, self.classifier.kinds);
        let mut notes: Vec<UnreadPart> =
            unread.into_iter().filter(|_| is_read).take(MAX_UNREAD_PARTS).collect();
        notes.extend(self.shadowed_entry(document));
        notes.extend(self.other_kind(document, records));
        notes
    }

    /// Says that a page or a record names a kind that does not exist.
    fn other_kind(&self, document: &Document, records: &[RecordContent]) -> Option<UnreadPart> {
        let [root] = document.roots.as_slice() else { return None };
        let named = root.get("kind").filter(|_| root.get("apiVersion").is_none())?;
        let is_page = document.markdown.is_some();
        let record = match records {
            [] if is_page => return structured::unknown_kind(named, self.classifier.kinds, None),
            [record] if is_page || record.span == root.span => record,
            _ => return None,
        };
        if record.format.is_some() || record.kind.shape.by_key("kind").is_some() {
            return None;
        }
        // Where the configuration says what the file is, `kind` may be a key of another program.
        let is_configured = self.configured_kind(document.source.path()).is_some();
        structured::unknown_kind(named, self.classifier.kinds, Some(&*record.kind).filter(|_| !is_configured))
    }

    /// Says that an entry under `records` for another place in the file is not read, because an earlier entry is.
    fn shadowed_entry(&self, document: &Document) -> Option<UnreadPart> {
        let path = document.source.path();
        let read = self.classifier.configured(path)?;
        let entries = self.classifier.config.records.iter();
        let mut others = entries.filter(|it| it.pointer.is_some() && it.pointer != read.pointer);
        let shadowed = others.find(|entry| entry.files.matches(path))?;
        let message = format!(
            "two entries of `records:` match this file: `{}` is read, `{}` at `{}` is not",
            read.kind,
            shadowed.kind,
            shadowed.pointer.as_deref().unwrap_or_default()
        );
        let first_line = document.source.line_span(document.source.bom_len());
        Some(structured::unread(message, first_line, "make their paths differ, or split the file".into()))
    }

    /// Returns the parts that are written like records and not read. Other programs' files are left alone.
    fn unread_parts(&self, document: &Document, root: &Node, found: &RootRecords<'_>) -> Vec<UnreadPart> {
        let path = document.source.path();
        let must_contain_record = self.classifier.must_contain_record(path);
        let RootRecords { items, by_kind } = found;
        if !by_kind || !must_contain_record && items.is_empty() || root.get("apiVersion").is_some() {
            return Vec::new();
        }
        // If the file states its kind, or `records:` names it, another finding reports the whole file.
        let names_no_kind = root.get("kind").is_none() && self.classifier.configured(path).is_none();
        // Programs write JSON for themselves.
        let is_of_person = document.format != syntax::Format::Json
            || self.classifier.config.source.is_some()
            || !items.is_empty()
            || root.get("$schema").is_some();
        let lists_records = must_contain_record && names_no_kind && is_of_person;
        let of_file = self.classifier.kind(path);
        structured::unread_parts(root, self.classifier.kinds, items, (of_file, lists_records))
    }
}

fn to_records(contents: Vec<RecordContent>) -> Result<Vec<Record>, Problem> {
    let records: Vec<Record> = contents.into_iter().map(Record::from).collect();
    if let Some(span) = too_many_globs(&records) {
        return Err(Problem::too_many(limits::FILE_GLOB_BYTES, "bytes of globs in this file", span));
    }
    match records.iter().find_map(|record| record.mentions.get(limits::REFERENCES)) {
        Some(mention) => {
            Err(Problem::too_many(limits::REFERENCES, "references in this record", mention.span))
        }
        None => Ok(records),
    }
}

/// Returns the place of the first glob past the limit for a file.
fn too_many_globs(records: &[Record]) -> Option<Span> {
    let lists = records.iter().flat_map(|record| {
        let fields = record.kind.shape.fields.iter().filter(|it| it.absent != AbsentValues::Placeholders);
        fields.filter_map(|field| record.fields.get(&field.name)?.as_sequence())
    });
    let mut bytes = 0;
    let past = lists.flatten().find(|glob| {
        bytes += glob.as_text().filter(|it| it.contains(['*', '?', '[', '{'])).map_or(0, str::len);
        bytes > limits::FILE_GLOB_BYTES
    });
    past.map(|glob| glob.span)
}

fn too_many_records(span: Span) -> Problem {
    Problem::too_many(limits::RECORDS, "records in this file", span)
}

/// Returns true if at least half of the records are plausible: the `teams.json` of a game holds no records.
fn are_plausible(records: &[RecordContent]) -> bool {
    let limit = limits::violations_of_each(records.len());
    let is_misfit = |violation: &Violation| !violation.missing && violation.help.is_none();
    // Fewer than a quarter of the values don't fit the kind.
    let is_plausible = |record: &&RecordContent| {
        let misfits = record.violations_within(limit).into_iter().filter(is_misfit).count();
        4 * misfits < record.fields.entries().len()
    };
    let plausible = records.iter().filter(is_plausible).count();
    plausible > 0 && 2 * plausible >= records.len()
}

/// Returns true if a page states who is accountable for it, or its identifier in front matter, under the names of the kind.
fn has_own_names(part: &Part<'_>, kind: &Kind) -> bool {
    let owner = kind.accountable.first().and_then(|owner| kind.shape.field(owner));
    part.statements.iter().any(|it| {
        it.origin == Origin::FrontMatter && *it.key == *"id"
            || it.origin <= Origin::Header && owner.is_some_and(|owner| owner.is_own_name(&it.label))
    })
}

/// Returns true if front matter names the owner, or an identifier beside keys of the kind alone.
fn has_own_marks(part: &Part<'_>, kind: &Kind) -> bool {
    let keys = || part.statements.iter().filter(|it| it.origin == Origin::FrontMatter).map(|it| &*it.label);
    let states =
        |name: &str| kind.shape.field(name).is_some_and(|field| keys().any(|key| field.is_own_name(key)));
    let is_owned = kind.accountable.first().is_some_and(|owner| states(owner));
    let is_numbered = || states("id") && keys().all(|key| kind.shape.by_key(key).is_some());
    is_owned || is_numbered()
}

/// Returns true if front matter says what a page is, and nothing of one record.
fn has_only_own_keys(part: &Part<'_>) -> bool {
    let entries = part.document.roots.first().map_or(&[][..], Node::entries);
    entries.iter().all(|entry| matches!(&*entry.key.name, "kind" | "$schema" | "title"))
}

/// Returns true for a numbered page whose name or title says that it is an index, and that has links to others and no status.
pub(crate) fn is_numbered_index(document: &Document) -> bool {
    // Most pages have no links.
    let links = document.markdown.as_deref().map_or(&[][..], |page| &page.links);
    if links.iter().filter(|link| syntax::Format::is_page_path(&link.destination)).nth(1).is_none() {
        return false;
    }
    let name = stem(document.source.path());
    let found = identifier::in_name(name).filter(|it| !it.may_be_year && !it.number.contains('-'));
    let Some(found) = found else { return false };
    let title = layout::title(document).map_or("", |heading| identifier::title_without(&heading.title));
    let is_log =
        |it: &str| it.to_lowercase().strip_suffix("log").is_some_and(|it| is_decision_index(it.trim_end()));
    let plain = |line: &str| line.trim_start_matches(['#', '-', '*', ' ']).to_lowercase();
    [&name[found.rest..], title].into_iter().any(|it| is_index_name(it) || is_log(it))
        && !document.source.text().lines().any(|line| plain(line).starts_with("status"))
}

/// Returns true for a page of links to others that states no kind.
pub(crate) fn is_listing(document: &Document) -> bool {
    const MIN_LINKS: usize = 3;
    let Some(page) = &document.markdown else { return false };
    let states_kind = document.roots.first().is_some_and(|root| root.get("kind").is_some());
    let siblings = page.links.iter().filter(|link| {
        let path = link.destination.split('#').next().unwrap_or_default();
        syntax::Format::is_page_path(path) && !path.contains("://") && !path.starts_with("..")
    });
    !states_kind && siblings.take(MIN_LINKS).count() == MIN_LINKS
}
