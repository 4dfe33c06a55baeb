//! What a profile looks at: one document, its tree, and for a glossary one row of its table.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::Profile;
use crate::kind::Kind;
use crate::node::{Mapping, Node};
use crate::syntax::markdown::{Cell, Heading, section_key};
use crate::syntax::{Document, Markdown, header};
use crate::text::{Source, Span};

/// A document as the extractors of a profile see it.
pub struct View<'a> {
    pub document: &'a Document,
    /// The mapping that keys are looked up in: front matter, or one tree of a structured file.
    pub root: Option<&'a Node>,
    pub row: Option<Row<'a>>,
    profile: Option<&'a Profile>,
    kind: Option<&'a Kind>,
    header: OnceCell<Option<Node>>,
    sections: OnceCell<HashMap<String, usize>>,
    anchor: OnceCell<Span>,
}

/// One row of a table, below the cells that name its columns.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    pub header: &'a [Cell],
    pub cells: &'a [Cell],
}

impl<'a> View<'a> {
    pub fn new(document: &'a Document, root: Option<&'a Node>, row: Option<Row<'a>>) -> View<'a> {
        View {
            document,
            root,
            row,
            profile: None,
            kind: None,
            header: OnceCell::new(),
            sections: OnceCell::new(),
            anchor: OnceCell::new(),
        }
    }

    /// The same view, once it is known what the document is.
    pub fn read_as(self, kind: &'a Kind, profile: Option<&'a Profile>) -> View<'a> {
        View { kind: Some(kind), profile, anchor: OnceCell::new(), ..self }
    }

    pub fn source(&self) -> &'a Source {
        &self.document.source
    }

    pub fn path(&self) -> &'a str {
        self.document.source.path()
    }

    pub fn markdown(&self) -> Option<&'a Markdown> {
        self.document.markdown.as_deref()
    }

    /// The page's title: its first heading.
    pub fn title(&self) -> Option<&'a Heading> {
        self.markdown()?.title()
    }

    /// The file's name without its extension.
    pub fn stem(&self) -> &'a str {
        let name = self.path().rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// The name of the file's folder; none at the root.
    pub fn folder(&self) -> Option<&'a str> {
        self.path().rsplit('/').nth(1)
    }

    /// The text between the title and the next heading.
    pub fn preamble(&self) -> Option<Span> {
        self.title().map(|title| title.own_body)
    }

    /// The `Name: value` lines between the title and the next heading.
    pub fn header(&self) -> Option<&Node> {
        self.header.get_or_init(|| header::parse(self.source(), self.preamble()?)).as_ref()
    }

    /// The first heading under one of the keys, in the order of the keys: see [`section_key`].
    pub fn section(&self, keys: &[Box<str>]) -> Option<&'a Heading> {
        let at = keys.iter().find_map(|key| self.sections().get(&**key))?;
        self.markdown()?.headings.get(*at)
    }

    /// Whether a section with this key lies directly below the title, in no other section.
    pub fn has_section_of_its_own(&self, key: &str) -> bool {
        let Some((&at, page)) = self.sections().get(key).zip(self.markdown()) else { return false };
        let title = self.title().map(|title| title.span);
        let level = page.headings[at].level;
        let mut around = page.headings[..at].iter().rev().filter(|other| other.level < level);
        around.next().is_none_or(|other| Some(other.span) == title)
    }

    /// For each section's key, the number of its first heading. The page's title is no section.
    pub fn sections(&self) -> &HashMap<String, usize> {
        self.sections.get_or_init(|| {
            let headings = self.markdown().map_or(&[][..], |page| &page.headings);
            let title = self.title().filter(|title| title.level == 1).map(|title| title.span);
            let mut sections = HashMap::with_capacity(headings.len());
            for (at, heading) in headings.iter().enumerate().filter(|(_, other)| Some(other.span) != title) {
                sections.entry(section_key(&heading.title)).or_insert(at);
            }
            sections
        })
    }

    /// Where a value is shown that no bytes of the file hold, such as a number from the file's name: at
    /// the first key that the record's format knows, else at the heading, else at the first key, else
    /// where the front matter or the file begins.
    pub fn anchor(&self) -> Span {
        *self.anchor.get_or_init(|| self.find_anchor())
    }

    fn find_anchor(&self) -> Span {
        let cell = || self.row?.cells.first().map(|cell| cell.span);
        let entries = self.root.and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
        let known = || entries.iter().find(|entry| self.knows(&entry.key.name)).map(|entry| entry.key.span);
        let title = || self.title().map(|title| title.span);
        let first = || entries.first().map(|entry| entry.key.span);
        let fence = || self.markdown()?.front_matter.as_ref().map(|front_matter| front_matter.block.start);
        let start = || self.source().line_span(fence().map_or(self.source().bom_len(), |at| at as usize));
        cell().or_else(known).or_else(title).or_else(first).unwrap_or_else(start)
    }

    fn knows(&self, key: &str) -> bool {
        let profile = self.profile.is_some_and(|profile| profile.knows_key(key));
        profile || self.kind.is_some_and(|kind| kind.shape.by_key(key).is_some())
    }
}
