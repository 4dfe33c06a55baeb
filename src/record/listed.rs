//! Reads a page whose kind is stated or configured: its rows or parts as records, else the page as one record.

use std::sync::Arc;

use super::recognise::{Recogniser, RecordBudget};
use super::structured::RecordNode;
use super::{RecordContent, build, page_kind, rows, slips};
use crate::kind::{Initial, Kind};
use crate::node::{Mapping, Node};
use crate::profile::{Profile, View};
use crate::syntax::Problem;

impl<'a> Recogniser<'a> {
    /// Returns the records in the rows of a page, else the page as one record.
    pub(super) fn page_or_rows(
        &self,
        view: View<'_>,
        kind: &Arc<Kind>,
    ) -> Result<Vec<RecordContent>, Problem> {
        let rows =
            view.markdown().map(|page| rows::records(view.source(), page, kind, None)).unwrap_or_default();
        let headings = if rows.is_empty() { self.own_sections(&view, kind) } else { Vec::new() };
        if !headings.is_empty() {
            let is_log = |profile: &&Arc<Profile>| profile.has_section_records && !self.is_own_list(&view);
            return match self.fallback(&view).filter(is_log) {
                Some(profile) => self.profile_records(view, profile),
                None => self.records_of_own_sections(&view, kind, &headings),
            };
        }
        if rows.is_empty() && self.states_nothing_of(&view, kind) {
            if let Some(parts) = self.parts_of(&view, kind) {
                return Ok(parts);
            }
            if self.is_list_of(&view, kind) {
                return Ok(Vec::new());
            }
        }
        if rows.is_empty() {
            return Ok(vec![build::page(view, self.classifier.kinds, kind, &self.sections)]);
        }
        let mut records = self.records_of_rows(&view, kind, &rows)?;
        records.extend(self.rows_of_other_kinds(&view, kind, &records)?);
        records.sort_by_key(|record| record.span.start);
        Ok(records)
    }

    /// Returns true for a page without sections of the kind that lists several records in a table of another form.
    pub(super) fn is_register(&self, view: &View<'_>, kind: &Kind) -> bool {
        self.sections.count_fields(view, kind) == 0
            && view.root.is_none_or(|root| root.get("id").is_none())
            && view
                .markdown()
                .is_some_and(|page| rows::is_register(page, kind) && !rows::are_records(page, kind))
    }

    fn records_of_rows(
        &self,
        view: &View<'_>,
        kind: &Arc<Kind>,
        rows: &[Node],
    ) -> Result<Vec<RecordContent>, Problem> {
        let items: Vec<_> = rows.iter().map(|row| RecordNode::new(kind, None, row)).collect();
        let mut budget = RecordBudget::default();
        items.iter().try_for_each(|item| budget.take(item))?;
        let build =
            |item| build::item(view.document, self.classifier.kinds, item, &rows::name(item.node, kind));
        let mut records: Vec<RecordContent> = items.iter().map(build).collect();
        if let Some(page) = view.markdown() {
            slips::report_missing_columns(page, kind, &mut records);
            slips::report_misspelt(page, kind, &mut records);
        }
        Ok(records)
    }

    /// Returns the rows of tables below a heading that names another kind: `## Teams` on a page of people.
    fn rows_of_other_kinds(
        &self,
        view: &View<'_>,
        kind: &Kind,
        read: &[RecordContent],
    ) -> Result<Vec<RecordContent>, Problem> {
        let Some(page) = view.markdown() else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for heading in page.headings.iter().filter(|heading| heading.level > 1) {
            let named = self.classifier.kinds.by_key(heading.title.trim());
            let is_read = || read.iter().any(|record| heading.own_body.contains(record.span));
            let Some(other) = named.filter(|other| other.name != kind.name && !is_read()) else { continue };
            let rows = rows::records(view.source(), page, other, Some(heading.own_body));
            found.extend(self.records_of_rows(view, other, &rows)?);
        }
        Ok(found)
    }

    /// Returns true for a page that lists several things and states no field of one record, of a kind whose records are rows or parts
    /// of pages, and not the pages themselves.
    pub(super) fn is_list_of(&self, view: &View<'_>, kind: &Kind) -> bool {
        let is_itself_one = kind.shape.fields.iter().any(|field| field.initial == Some(Initial::Page));
        !is_itself_one
            && (kind.rows.is_some() || self.formats_of_parts(kind).any(|it| it.may_hold_record(view.path())))
            && self.states_nothing_of(view, kind)
            && view.markdown().is_some_and(|page| rows::lists_several(view.source(), page))
    }

    /// Returns true for a page that states no field of a kind, at least not one that few other kinds have.
    fn states_nothing_of(&self, view: &View<'_>, kind: &Kind) -> bool {
        let entries = view.root.and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
        *kind.name != *page_kind()
            && entries.iter().all(|entry| is_own_key(&entry.key.name))
            && self.sections.count_stated(view, kind) == 0
    }

    fn formats_of_parts(&self, kind: &Kind) -> impl Iterator<Item = &'a Arc<Profile>> {
        let name = kind.name.clone();
        let profiles = self.classifier.profiles.iter();
        profiles.filter(move |profile| profile.kind.name == name && profile.has_part_records())
    }

    /// Returns the parts of a page in the first format of the kind that finds several, each with a field besides its name.
    fn parts_of(&self, view: &View<'_>, kind: &Kind) -> Option<Vec<RecordContent>> {
        let is_said = |record: &RecordContent| {
            let fields = record.fields.as_mapping().map_or(&[][..], Mapping::entries);
            fields.iter().any(|field| !matches!(&*field.key.name, "id" | "title"))
        };
        let read = |profile| {
            let page = View::new(view.document, view.root, None);
            self.profile_records(page, profile)
                .ok()
                .filter(|found| found.len() > 1 && found.iter().all(is_said))
        };
        self.formats_of_parts(kind).find_map(read)
    }
}

/// Returns true for a key of front matter that says what a page is, and nothing of one record.
pub(super) fn is_own_key(key: &str) -> bool {
    matches!(key, "kind" | "$schema" | "title")
}
