//! Records in sections of pages that are about something else, or in another format.

use std::sync::Arc;

use super::super::{RecordContent, parts};
use super::Recogniser;
use crate::profile::{Profile, View};
use crate::syntax::{Document, Format, Problem};
use crate::text::Span;

impl Recogniser<'_> {
    /// Returns false only if a page holds no records, by its text and by its path, which says that only sections of it may hold some.
    pub fn may_hold_records_in_sections(&self, page: &Document, format: Format) -> bool {
        match format {
            Format::Markdown => self.may_hold_records(page),
            _ => self.classifier.profiles.may_name_sections(page.source.path(), page.source.text()),
        }
    }

    /// Returns the records of a page, and, where it holds several, those of their kind in other sections: a table of acronyms in a glossary.
    pub(super) fn with_sections(
        &self,
        view: View<'_>,
        profile: &Arc<Profile>,
    ) -> Result<Vec<RecordContent>, Problem> {
        if !profile.has_part_records() || profile.reads_within {
            return self.profile_records(view, profile);
        }
        let beside = self.classifier.profiles.beside(&view, profile);
        let page = View::new(view.document, view.root, None);
        let mut records = self.profile_records(view, profile)?;
        for other in beside {
            let found = parts::rows(&page, other, &self.sections)?;
            let known: ahash::HashSet<String> = records.iter().map(|it| it.id.to_lowercase()).collect();
            let span = found.iter().map(|it| it.span).reduce(Span::to).unwrap_or_default();
            // They are read already, in another form.
            if records.iter().any(|it| span.contains(Span::at(it.span.start as usize))) {
                continue;
            }
            records.extend(found.into_iter().filter(|it| !known.contains(&it.id.to_lowercase())));
        }
        Ok(records)
    }

    /// Returns the records in sections of a page that is about something else. What stands within a record is a part of it, and what has
    /// the name of one is that one again, in another form.
    pub(super) fn records_of_sections(&self, view: &View<'_>) -> Result<Vec<RecordContent>, Problem> {
        let mut records: Vec<RecordContent> = Vec::new();
        let mut taken: Vec<Span> = Vec::new();
        for profile in self.classifier.profiles.of_sections(view) {
            let mut found = self.profile_records(View::new(view.document, view.root, None), profile)?;
            found.retain(|it| {
                let next = taken.partition_point(|part| part.end <= it.span.start);
                taken.get(next).is_none_or(|part| part.start > it.span.start)
            });
            let mut known: ahash::HashSet<String> = ahash::HashSet::default();
            let same_kind = records.iter().filter(|it| it.kind.name == profile.kind.name);
            known.extend(same_kind.map(|it| it.id.to_lowercase()));
            found.retain(|it| !known.contains(&it.id.to_lowercase()));
            if let Some(headings) = profile.section_records(view.document) {
                taken.extend(headings.iter().map(|it| Span { start: it.span.start, end: it.body.end }));
                taken.sort();
            }
            records.extend(found);
        }
        Ok(records)
    }
}
