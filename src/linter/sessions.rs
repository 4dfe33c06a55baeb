//! Names the misspelt lines and columns of pages about sessions: nothing is read from them, and what they say would be lost.

use crate::explain;
use crate::explain::columns;
use crate::input::Input;
use crate::kind::FieldType;
use crate::node::{Mapping, Node};
use crate::profile::{Profile, View};
use crate::record::Record;
use crate::schema::{did_you_mean, only_meaning};
use crate::syntax::{Document, Format};
use crate::text::Span;

use super::Linter;
use super::columns::near_field;

/// The most places that are named.
const SHOWN: usize = 5;

impl Linter {
    /// Returns a notice for each such line and column. In a repository without a configuration, other words may be a habit.
    pub(super) fn misspelt_in_sessions(&self, input: &Input) -> Vec<String> {
        if self.options.since.is_some() || self.policy.config.source.is_none() {
            return Vec::new();
        }
        let notices = input.records().iter().filter_map(|record| {
            let profile = record.profile.as_ref().filter(|profile| profile.took_place.is_some());
            let profile = profile.filter(|_| record.is_sole_record && Format::is_page_path(&record.path));
            let document = profile.and_then(|_| explain::file::document(input, &record.path));
            profile.zip(document).map(|(profile, document)| misspelt(&document, profile, record))
        });
        notices.flatten().take(SHOWN).collect()
    }
}

fn misspelt(document: &Document, profile: &Profile, record: &Record) -> Vec<String> {
    let view = View::new(document, document.roots.first(), None);
    let lines = view.header().and_then(Node::as_mapping).map_or(&[][..], Mapping::entries).iter();
    let unknown = lines.filter(|entry| {
        profile.field_of_entry(&entry.key.name).is_none()
            && record.kind.shape.by_key(&entry.key.name).is_none()
    });
    let known = || profile.lines().map(|known| (known.to_lowercase(), known));
    let lines = unknown.filter_map(|entry| {
        let near = only_meaning(&entry.key.name.to_lowercase(), known())?;
        Some(("line", entry.key.name.to_string(), entry.key.span, near))
    });
    let items = || {
        record.kind.shape.fields.iter().filter_map(|field| match &field.ty {
            FieldType::List(of) => of.shape(),
            _ => None,
        })
    };
    let page = document.markdown.as_ref();
    let columns = page.map(|page| columns::unread_beside_read(page, record)).unwrap_or_default();
    let columns = columns.into_iter().filter_map(|column| {
        let near = items().find_map(|shape| near_field(shape, &column.name))?;
        Some(("column", column.name, column.span, near))
    });
    let notice = |(part, name, span, near): (&str, String, Span, &str)| {
        let line = document.source.position(span.start as usize).line;
        format!(
            "nothing is read from the {part} `{name}` of `{}:{line}`; {}",
            record.path,
            did_you_mean(near)
        )
    };
    lines.chain(columns).map(notice).collect()
}
