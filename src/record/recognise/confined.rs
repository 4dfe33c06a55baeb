//! Records in sections of pages that are about something else, or in another format.

use std::sync::Arc;

use super::super::{RecordContent, parts};
use super::Recogniser;
use crate::profile::{Profile, View};
use crate::syntax::Problem;
use crate::text::Span;

impl Recogniser<'_> {
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

    /// Returns the records in sections of a page that is about something else.
    pub(super) fn records_of_sections(&self, view: &View<'_>) -> Result<Vec<RecordContent>, Problem> {
        let mut records = Vec::new();
        for profile in self.classifier.profiles.of_sections(view) {
            records.extend(parts::rows(view, profile, &self.sections)?);
        }
        Ok(records)
    }
}
