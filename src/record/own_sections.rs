//! Pages in the program's own form that list several records in sections: `forums.md` with `## Leadership`.

use std::sync::Arc;

use super::classifier::stem;
use super::listed::is_own_key;
use super::recognise::Recogniser;
use super::{RecordContent, build, identity};
use crate::kind::Kind;
use crate::limits;
use crate::node::{Mapping, Node};
use crate::profile::{View, leads_to_page};
use crate::syntax::Problem;
use crate::syntax::markdown::{Heading, section_key};

/// The fewest sections with fields that make a page a list.
const FEWEST_SECTIONS: usize = 2;

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
        if found.len() < FEWEST_SECTIONS { Vec::new() } else { found }
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
        let entries = section.header().and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
        let lines = entries.iter().filter(|entry| kind.shape.by_key(&entry.key.name).is_some()).count();
        let is_numbered = identity::heading_id(section).is_some();
        !self.sections.knows(kind, &key)
            && (lines >= FEWEST_LINES || is_numbered && lines + self.sections.count_fields(section, kind) > 0)
    }
}
