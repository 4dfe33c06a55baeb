//! Recognises the records of a document: by the configuration, by the kind that the file names, by a profile, or by the
//! content of a file in a conventional folder, in this order.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::blank::is_blank_template;
use super::classifier::{
    PathClassifier, is_introduction_or_template, may_be_page_of_folder, page_folder, stem,
};
use super::conventions::CONVENTIONS;
use super::expected::{is_introduction_or_form, list_around};
use super::own_marks::{has_keys_of_others, has_own_lines, has_own_marks};
use super::page::SectionFields;
use super::page_kind;
use super::structured::{self, RecordNode, RootRecords};
use super::{Record, RecordContent, build, foreign, identity, page, parts, rows, status};
use crate::config::{Config, RecordFiles};
use crate::kind::{Kind, Kinds};
use crate::limits;
use crate::node::{Key, Mapping, Node};
use crate::profile::{Profile, Profiles, View};
use crate::schema::Violation;
use crate::syntax::markdown::{HeadingCandidates, section_key};
use crate::syntax::{self, AddedValues, Document, Format, Problem};
use crate::text::{Source, Span};

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
    pub(super) sections: SectionFields,
    structured: OnceLock<HashSet<Box<str>>>,
}

impl<'a> Recogniser<'a> {
    pub fn new(kinds: &'a Kinds, profiles: &'a Profiles, config: &'a Config) -> Recogniser<'a> {
        Recogniser {
            classifier: PathClassifier { kinds, profiles, config },
            sections: SectionFields::new(kinds, profiles),
            structured: OnceLock::new(),
        }
    }

    /// Returns true if a kind or profile reads lists, links or comments in a section with this title.
    pub fn reads_section_parts(&self, title: &str) -> bool {
        let PathClassifier { kinds, profiles, .. } = self.classifier;
        let of_all = || page::structured_sections(kinds).chain(profiles.structured_sections()).collect();
        self.structured.get_or_init(of_all).contains(section_key(title).as_str())
    }

    /// Recognises the records of a document. A document with a fatal problem has none, since they would be incomplete.
    pub fn recognise(&self, document: &Document) -> Recognised {
        let path = document.source.path();
        let must_contain_record = self.classifier.must_contain_record(path);
        if document.problems.iter().any(|problem| problem.fatal) {
            let is_truncated = self.starts_like_record(document) || self.is_record_otherwise(document);
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

    /// Recognises the records only. The parts of a page that [`Recogniser::reads_section_parts`] needs are enough.
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
        let excluded = || !self.may_hold_records(&syntax::parse_front_matter(document.source.clone()));
        debug_assert!(records.is_empty() || document.format != Format::Markdown || !excluded());
        Ok(records)
    }

    /// Returns false only if a page parsed by [`syntax::parse_front_matter`] holds no records.
    pub fn may_hold_records(&self, page: &Document) -> bool {
        let path = page.source.path();
        let view = View::new(page, page.roots.first(), None);
        let by_content = || {
            self.classifier.kind(path).is_some()
                && self.classifier.must_contain_record(path)
                && !self.classifier.is_auxiliary(path)
        };
        self.configured_kind(path).is_some()
            || view.root.is_some_and(|root| self.declared_kind(root).is_some())
            || by_content()
            || self.kinds_in_tables(path).next().is_some()
            || self.may_be_recognised(&view)
    }

    fn may_be_recognised(&self, page: &View<'_>) -> bool {
        let profiles = self.classifier.profiles;
        let headings = HeadingCandidates::below_front_matter(page.document);
        profiles.may_recognise(page, &headings)
            || (self.may_fall_back(page.path())
                && profiles.may_fall_back(page, &headings, page_folder(page.path()).is_some()))
    }

    fn starts_like_record(&self, document: &Document) -> bool {
        let path = document.source.path();
        let known = |view: &View<'_>| {
            self.classifier.profiles.recognise(view, None).is_some()
                || view.root.is_some_and(|root| self.declared_kind(root).is_some())
        };
        let has_records = |root: &Node| {
            known(&View::new(document, Some(root), None))
                || !self.items(document, root, false).items.is_empty()
        };
        if document.markdown.is_some() {
            return known(&View::new(document, document.roots.first(), None));
        }
        let lists_kind = |kind: &Arc<Kind>| {
            let is_listed = |root: &Node| root.get(&kind.plural).is_some();
            let is_named = document.roots.is_empty() && document.source.text().contains(&*kind.plural);
            is_named || document.roots.iter().any(is_listed)
        };
        self.classifier.kind(path).is_some_and(lists_kind) || document.roots.iter().any(has_records)
    }

    /// Returns true if a document with a fatal problem has records once the lines with problems are left out.
    fn is_record_otherwise(&self, document: &Document) -> bool {
        const MAX_PROBLEMS: usize = 3;
        const MAX_LENGTH: usize = 1 << 20;
        let path = document.source.path();
        let is_long = document.source.text().len() > MAX_LENGTH;
        if is_long || !self.classifier.is_candidate(path) {
            return false;
        }
        let mut text = document.source.text().replace('\0', "");
        let mut problems: Vec<Span> = Vec::new();
        if document.source.invalid_at().is_none() && text.len() == document.source.text().len() {
            problems.extend(document.problems.iter().filter(|it| it.fatal).map(|it| it.span));
        }
        for _ in 0..MAX_PROBLEMS {
            for span in problems.drain(..) {
                blank_line(&mut text, span);
            }
            let source = Source::new(document.source.path().clone(), text.clone().into_bytes());
            let rest = syntax::parse(Arc::new(source), document.format);
            if !rest.has_fatal_problem() {
                return self.records(&rest).is_ok_and(|records| !records.is_empty());
            }
            if self.starts_like_record(&rest) {
                return true;
            }
            problems.extend(rest.problems.iter().filter(|it| it.fatal).map(|it| it.span));
        }
        self.is_record_without_front_matter(document)
    }

    /// Returns true if the text below a front matter that can't be read is a record.
    fn is_record_without_front_matter(&self, document: &Document) -> bool {
        if is_introduction_or_template(document.source.path()) {
            return false;
        }
        let text = document.source.text();
        let end = text.strip_prefix("---\n").and_then(|rest| rest.find("\n---\n"));
        let Some(body) = end.and_then(|end| text.get(end + "---\n\n---\n".len()..)) else { return false };
        let source = Source::new(document.source.path().clone(), body.as_bytes().to_vec());
        let rest = syntax::parse(Arc::new(source), document.format);
        self.records(&rest).is_ok_and(|records| !records.is_empty())
    }

    fn page_records(
        &self,
        document: &Document,
        must_contain_record: bool,
    ) -> Result<Vec<RecordContent>, Problem> {
        let path = document.source.path();
        let view = View::new(document, document.roots.first(), None);
        let configured = self.configured_kind(path);
        if let Some(kind) = view.root.and_then(|root| self.declared_kind(root)) {
            return self.page_or_rows(view, kind);
        }
        if configured.is_none() && is_blank_template(&view) {
            return Ok(Vec::new());
        }
        match self.format(&view) {
            Reader::Format(profile)
                if configured.is_none()
                    && !profile.knows_key("kind")
                    && self.states_other_kind(&view, "kind", &profile.kind) =>
            {
                return Ok(Vec::new());
            }
            Reader::Format(profile) => return self.profile_records(view, profile),
            Reader::Nothing => return Ok(Vec::new()),
            Reader::Kind => {}
        }
        // Sections and a status are in pages of all formats, in folders that communities name for them.
        let is_native = |kind: &&Arc<Kind>| {
            let has_marks = || has_own_marks(&view, kind) || has_own_lines(&view, kind);
            (has_marks() || page_folder(path).is_none() && !has_keys_of_others(&view, kind))
                && !self.is_register(&view, kind)
        };
        let by_content = || {
            let by_content = self.kind_by_content(&view, must_contain_record);
            by_content.or_else(|| self.kind_of_table(&view)).filter(is_native)
        };
        if let Some(kind) = configured.or_else(by_content) {
            return self.page_or_rows(view, kind);
        }
        match self.fallback(&view) {
            Some(profile) => self.profile_records(view, profile),
            None => Ok(Vec::new()),
        }
    }

    /// Returns the format of last resort for a page in a folder that is named for records, unless the page says that it is something
    /// else.
    pub(super) fn fallback(&self, view: &View<'_>) -> Option<&'a Arc<Profile>> {
        if !self.may_fall_back(view.path()) {
            return None;
        }
        let found = self.classifier.profiles.fallback(view, page_folder(view.path()).is_some())?;
        let is_else = ["kind", "type"]
            .into_iter()
            .any(|key| !found.knows_key(key) && self.states_other_kind(view, key, &found.kind));
        (!is_else).then_some(found)
    }

    /// Returns true if the front matter states another kind of record, or a kind of document such as `roadmap`, under a key.
    fn states_other_kind(&self, view: &View<'_>, key: &str, kind: &Kind) -> bool {
        let stated = view.root.and_then(|root| root.get(key)).and_then(Node::as_text);
        stated.is_some_and(|stated| {
            let named = self.classifier.kinds.by_key(stated);
            CONVENTIONS.is_kind_of_document(stated) || named.is_some_and(|named| named.name != kind.name)
        })
    }

    /// Returns true if a page in a folder for records of one kind says that it is something else.
    pub(super) fn is_stated_otherwise(&self, view: &View<'_>) -> bool {
        let Some(kind) = self.classifier.kinds.get(page_kind()) else { return false };
        ["kind", "type"].into_iter().any(|key| self.states_other_kind(view, key, kind))
    }

    fn may_fall_back(&self, path: &str) -> bool {
        self.classifier.configured(path).is_none()
            && (may_be_page_of_folder(path)
                || (!self.classifier.is_auxiliary(path) && !is_introduction_or_form(path)))
    }

    /// Returns the kind of a page in a conventional folder, if its front matter or sections fit the kind.
    fn kind_by_content(&self, view: &View<'_>, must_contain_record: bool) -> Option<&'a Arc<Kind>> {
        let kind = self
            .classifier
            .kind(view.path())
            .filter(|_| must_contain_record && !self.classifier.is_auxiliary(view.path()))?;
        let fits = view.root.is_some_and(|root| structured::looks_like(root, kind, true))
            || view.markdown().is_some_and(|page| rows::are_records(page, kind));
        // The formats tell apart what most pages are.
        let states_enough = || {
            (*kind.name != *page_kind() || has_own_lines(view, kind))
                && self.sections.count_stated(view, kind) >= FEWEST_FIELDS
        };
        let fits = fits
            || self.sections.count_fields(view, kind) >= FEWEST_FIELDS
            || states_enough()
            || !self.own_sections(view, kind).is_empty();
        fits.then_some(kind)
    }

    /// Returns the kinds of which such a page may hold a table, though it is not named after them.
    fn kinds_in_tables(&self, path: &str) -> impl Iterator<Item = &'a Arc<Kind>> {
        let may_hold = self.classifier.must_contain_record(path) && !self.classifier.is_auxiliary(path);
        let name = stem(path).to_owned();
        let kinds = self.classifier.kinds.iter().filter(move |_| may_hold);
        kinds.filter(move |kind| kind.rows.as_ref().is_some_and(|rows| rows.are_on(&name)))
    }

    fn kind_of_table(&self, view: &View<'_>) -> Option<&'a Arc<Kind>> {
        let page = view.markdown()?;
        self.kinds_in_tables(view.path()).find(|kind| rows::are_records(page, kind))
    }

    fn structured_records(
        &self,
        document: &Document,
        must_contain_record: bool,
    ) -> Result<Vec<RecordContent>, Problem> {
        let mut records = Vec::new();
        let mut budget = RecordBudget::default();
        for root in &document.roots {
            let view = View::new(document, Some(root), None);
            match self.format(&view) {
                // A format may have a key `kind` of its own.
                Reader::Format(profile)
                    if profile.knows_key("kind") || self.declared_kind(root).is_none() =>
                {
                    records.extend(self.profile_records(view, profile)?);
                }
                Reader::Nothing => {}
                Reader::Kind
                    if self.configured_kind(document.source.path()).is_none()
                        && structured::names_other_schema(root) => {}
                Reader::Format(_) | Reader::Kind => {
                    let found = self.native_records(document, root, must_contain_record, &mut budget)?;
                    let is_certain = must_contain_record
                        || self.configured_kind(document.source.path()).is_some()
                        || self.declared_kind(root).is_some();
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
        let view = View::new(document, Some(root), None);
        let fallback_id = match &items[..] {
            [only] if only.key.is_none() => identity::name_id(&view, &only.kind),
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
                    let list = root.pointer(at).filter(|_| list_around(root, at).is_none());
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

    pub(super) fn profile_records(
        &self,
        view: View<'_>,
        profile: &Arc<Profile>,
    ) -> Result<Vec<RecordContent>, Problem> {
        if let (false, Some(root)) = (profile.items.is_empty(), view.root) {
            return self.item_records(view.document, root, profile);
        }
        if let Some(headings) = profile.section_records(view.document) {
            return parts::sections(view.document, &headings, profile, &self.sections);
        }
        if !profile.has_row_records {
            return Ok(vec![foreign::record(view, profile, &self.sections)]);
        }
        parts::rows(&view, profile, &self.sections)
    }

    /// Returns the items of a structured file, each of which is a record of the format.
    fn item_records(
        &self,
        document: &Document,
        root: &Node,
        profile: &Arc<Profile>,
    ) -> Result<Vec<RecordContent>, Problem> {
        let unnamed = Key { name: "".into(), span: root.span };
        let items = profile.items.find(root);
        if let Some((_, item)) = items.get(limits::RECORDS) {
            return Err(Problem::too_many_records(item.span));
        }
        let views =
            items.into_iter().map(|(key, item)| View::of_item(document, item, key.unwrap_or(&unnamed)));
        let records = views.map(|view| foreign::record(view, profile, &self.sections));
        Ok(records.filter(|record| !record.id.is_empty()).collect())
    }

    /// Returns what reads a file: the format that the configuration names for it, else the one that recognises it.
    fn format(&self, view: &View<'_>) -> Reader<'a> {
        let path = view.path();
        let Some(profile) = self.classifier.configured_profile(path) else {
            if self.is_own_list(view) {
                return Reader::Kind;
            }
            let only = self.configured_kind(path).map(|kind| &*kind.name);
            let found = self.classifier.profiles.recognise(view, only);
            return found
                .filter(|profile| self.may_have_rows(profile, view))
                .map_or(Reader::Kind, Reader::Format);
        };
        let is_named = self.classifier.configured(path).is_some_and(|entry| entry.names_file(path));
        let is_beside = profile.skips(path)
            || profile.is_companion(path)
            || (is_introduction_or_template(path) && !is_named);
        let entries = view.root.and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
        let has_fields =
            view.markdown().is_some() || entries.iter().any(|entry| profile.knows_key(&entry.key.name));
        if is_beside || !has_fields { Reader::Nothing } else { Reader::Format(profile) }
    }

    /// Returns false for a table of terms in a record, and in a page of which neither the name nor the place says that it has one.
    fn may_have_rows(&self, profile: &Profile, view: &View<'_>) -> bool {
        let path = view.path();
        let is_expected = || profile.may_hold_record(path) || self.classifier.must_contain_record(path);
        !profile.has_row_records || (is_expected() && self.fallback(view).is_none())
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
        let is_in_format = |record: &RecordContent| record.profile.as_ref().is_some_and(|it| !it.is_fallback);
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
        if !is_whole_file || record.profile.is_some() || record.kind.shape.by_key("kind").is_some() {
            return None;
        }
        let is_configured = self.configured_kind(document.source.path()).is_some();
        let named = root.get("kind").filter(|_| root.get("apiVersion").is_none())?;
        structured::other_kind(named, self.classifier.kinds, &record.kind, is_configured)
    }

    /// Says under which key a list of records without one belongs.
    pub(super) fn help_for_list(&self, document: &Document) -> Option<String> {
        let [root] = document.roots.as_slice() else { return None };
        let first = root.as_sequence()?.first()?;
        let entries = first.as_mapping().map_or(&[][..], Mapping::entries);
        let fits = |kind: &&Arc<Kind>| {
            let known = entries.iter().filter(|entry| kind.shape.by_key(&entry.key.name).is_some()).count();
            (known, self.classifier.kind(document.source.path()).is_some_and(|named| named.name == kind.name))
        };
        let records = self.classifier.kinds.iter().filter(|kind| structured::looks_like(first, kind, false));
        // Of kinds that fit as well, the first by name.
        let kind = records.rev().max_by_key(fits)?;
        Some(format!("put the list under `{}:`, and indent it", kind.plural))
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
            let format = self.format(&View::new(document, Some(root), None));
            root.get("apiVersion").is_some() || !matches!(format, Reader::Kind)
        };
        if suspects.is_empty() || is_foreign() {
            return Vec::new();
        }
        let RootRecords { items, by_kind } = self.items(document, root, must_contain_record);
        // If the file states its kind, or `records:` names it, another finding reports the whole file.
        let names_no_kind =
            root.get("kind").is_none() && self.classifier.configured(document.source.path()).is_none();
        // Programs write JSON for themselves.
        let is_of_person = document.format != Format::Json
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
    Format(&'a Arc<Profile>),
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

/// Replaces the line of a problem by spaces.
fn blank_line(text: &mut String, problem: Span) {
    let mut at = text.len().min(problem.start as usize);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    text.replace_range(start..end, &" ".repeat(end - start));
}

/// Returns true for a page of links to others.
pub(crate) fn is_listing(document: &Document) -> bool {
    const MIN_LINKS: usize = 3;
    let Some(page) = &document.markdown else { return false };
    let siblings = page.links.iter().filter(|link| {
        let path = link.destination.split('#').next().unwrap_or_default();
        Format::is_page_path(path) && !path.contains("://") && !path.starts_with("..")
    });
    siblings.take(MIN_LINKS).count() == MIN_LINKS
}
