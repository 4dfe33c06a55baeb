//! Pages in the program's own form that list several records in sections: `forums.md` with `## Leadership`.

use std::sync::Arc;

use super::classifier::{lies_in_own_folder, stem};
use super::listed::is_own_key;
use super::own_marks::has_own_id;
use super::recognise::Recogniser;
use super::{RecordContent, build, identity};
use crate::kind::{Kind, fold_name};
use crate::limits;
use crate::node::{Mapping, Node};
use crate::profile::{View, leads_to_page};
use crate::syntax::Problem;
use crate::syntax::markdown::{Heading, section_key};

/// A section without a number states as many fields on lines.
const FEWEST_LINES: usize = 2;

impl Recogniser<'_> {
    /// Returns the sections that are records of a page that is named for several of a kind; none for other pages.
    pub(super) fn own_sections<'v>(&self, view: &View<'v>, kind: &Kind) -> Vec<&'v Heading> {
        let entries = view.root.and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
        let is_named = self.is_named_for(view.path(), kind);
        let Some(page) = view.markdown().filter(|_| is_named && view.section.is_none()) else {
            return Vec::new();
        };
        if !entries.iter().all(|entry| is_own_key(&entry.key.name)) {
            return Vec::new();
        }
        let title = page.title().filter(|title| title.level == 1).map(|title| title.span);
        let below = || page.headings.iter().filter(|heading| Some(heading.span) != title);
        let is_record = |heading: &&Heading| {
            let section = View::of_section(view.document, heading);
            !leads_to_page(view.source(), heading.line) && self.is_own_record(&section, kind)
        };
        let Some(level) = below().find(is_record).map(|heading| heading.level) else { return Vec::new() };
        let found: Vec<&Heading> =
            below().filter(|heading| heading.level == level).filter(is_record).collect();
        match &found[..] {
            [only] if !self.is_only_record(view, kind, only) => Vec::new(),
            _ => found,
        }
    }

    /// Returns true if the only section with fields is a record: the page is named for a list, and states no other field of the kind.
    fn is_only_record(&self, view: &View<'_>, kind: &Kind, only: &Heading) -> bool {
        let name = fold_name(stem(view.path()));
        let is_plural = kind.called().any(|called| name.strip_suffix('s') == Some(&fold_name(called)));
        let is_list = is_plural || name == fold_name(&kind.plural);
        let above = view.header().and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
        let title = view.title().map(|title| title.span);
        let outside = |heading: &&Heading| {
            heading.span != only.span && Some(heading.span) != title && !only.body.contains(heading.span)
        };
        let mut others = view.headings().iter().filter(outside);
        is_list
            && lines_of(&View::of_section(view.document, only), kind) >= FEWEST_LINES
            && above
                .iter()
                .all(|line| only.body.contains(line.key.span) || kind.shape.by_key(&line.key.name).is_none())
            && others.all(|heading| !self.sections.knows(kind, &section_key(&heading.title)))
    }

    /// Returns true for a page in the program's own folder whose records are sections, each of which states its `id` on a line.
    pub(super) fn is_own_list(&self, view: &View<'_>) -> bool {
        let Some(kind) = self.classifier.kind(view.path()).filter(|_| lies_in_own_folder(view.path())) else {
            return false;
        };
        let headings = self.own_sections(view, kind);
        let is_own = |heading: &&Heading| has_own_id(&View::of_section(view.document, heading), kind);
        !headings.is_empty() && headings.iter().all(is_own)
    }

    pub(super) fn records_of_own_sections(
        &self,
        view: &View<'_>,
        kind: &Arc<Kind>,
        headings: &[&Heading],
    ) -> Result<Vec<RecordContent>, Problem> {
        if let Some(heading) = headings.get(limits::RECORDS) {
            return Err(Problem::too_many_records(heading.span));
        }
        let sections = headings.iter().map(|heading| View::of_section(view.document, heading));
        let kinds = self.classifier.kinds;
        Ok(sections.map(|section| build::page(section, kinds, kind, &self.sections)).collect())
    }

    fn is_named_for(&self, path: &str, kind: &Kind) -> bool {
        let name = stem(path);
        let by_name = self.classifier.kinds.by_key(name);
        by_name.is_some_and(|named| named.name == kind.name)
            || kind.rows.as_ref().is_some_and(|rows| rows.are_on(name))
    }

    /// Returns true for a section that states fields of the kind on lines, or with a number also in sections below it.
    fn is_own_record(&self, section: &View<'_>, kind: &Kind) -> bool {
        let Some(heading) = section.title() else { return false };
        let key = section_key(&heading.title);
        let lines = lines_of(section, kind);
        let is_numbered = identity::heading_id(section).is_some();
        !self.sections.knows(kind, &key)
            && (lines >= FEWEST_LINES || is_numbered && lines + self.sections.count_fields(section, kind) > 0)
    }
}

/// Returns how many lines at the beginning of a section state a field of the kind.
fn lines_of(section: &View<'_>, kind: &Kind) -> usize {
    let entries = section.header().and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
    entries.iter().filter(|entry| kind.shape.by_key(&entry.key.name).is_some()).count()
}
