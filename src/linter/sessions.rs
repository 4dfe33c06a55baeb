//! Names the misspelt lines, headings and columns of pages about sessions: nothing is read from them, and what they say would be lost.

use crate::explain;
use crate::explain::columns;
use crate::input::Input;
use crate::kind::{Field, FieldType, Shape};
use crate::node::{Mapping, Node};
use crate::profile::{Profile, View};
use crate::record::{Record, is_misspelt_name};
use crate::schema::{did_you_mean, only_meaning};
use crate::syntax::markdown::section_key;
use crate::syntax::{Document, Format};
use crate::text::Span;

use super::Linter;
use super::columns::near_field;

/// The most places that are named.
const SHOWN: usize = 5;

impl Linter {
    /// Returns a notice for each of them. In a repository that does not use the program's own form, other words may be a habit.
    pub(super) fn misspelt_in_sessions(&self, input: &Input) -> Vec<String> {
        if self.options.since.is_some() || !input.catalog().is_adopted() {
            return Vec::new();
        }
        let notices = input.foreign_records().filter_map(|record| {
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
        let written = &*entry.key.name;
        let near = only_meaning(&written.to_lowercase(), known())
            .or_else(|| profile.lines().find(|known| is_misspelt_name(written, known)))?;
        Some(("line", entry.key.name.to_string(), entry.key.span, near))
    });
    let headings = || record.kind.shape.fields.iter().flat_map(|field| &field.headings).map(|known| &**known);
    let below = view.headings().iter().filter(|heading| heading.level > 1);
    let sections = below.filter_map(|heading| {
        let (title, key) = (heading.title.trim(), section_key(&heading.title));
        let is_known = || headings().any(|known| section_key(known) == key);
        let begins_alike = |known: &str| known.chars().next() == title.chars().next();
        // `Factions` are no actions.
        let is_meant = |known: &&str| begins_alike(known) && is_misspelt_name(title, known);
        let near = headings().find(is_meant).filter(|_| !is_known())?;
        Some(("section", title.to_owned(), heading.span, near))
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
        let near = items()
            .find_map(|shape| near_field(shape, &column.name).or_else(|| slip(shape, &column.name)))?;
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
    lines.chain(sections).chain(columns).map(notice).collect()
}

/// Returns the short name of a field of which a column has a letter too many, or two in the wrong order.
fn slip<'k>(shape: &'k Shape, column: &str) -> Option<&'k str> {
    let names = |field: &'k Field| field.aliases.iter().map(|alias| &**alias).chain([&*field.name]);
    shape.fields.iter().flat_map(names).find(|name| is_misspelt_name(column, name))
}
