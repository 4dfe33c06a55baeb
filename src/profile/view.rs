//! The view of a document that profiles extract fields from.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::{Profile, same_key};
use crate::kind::Kind;
use crate::node::{Key, Mapping, Node};
use crate::syntax::markdown::{Cell, Heading, section_key};
use crate::syntax::{Document, Markdown, header};
use crate::text::{Source, Span};

/// A document, or one row of a table in it, with cached lookups.
pub struct View<'a> {
    pub document: &'a Document,
    /// The front matter, or one tree of a structured file.
    pub root: Option<&'a Node>,
    pub row: Option<TableRow<'a>>,
    /// The key of the item of a structured file that is the root; empty in a list.
    pub item: Option<&'a Key>,
    profile: Option<&'a Profile>,
    kind: Option<&'a Kind>,
    preamble: OnceCell<Option<Span>>,
    header: OnceCell<Option<Node>>,
    sections: OnceCell<HashMap<String, usize>>,
    anchor: OnceCell<Span>,
}

/// A row of a table with its header.
#[derive(Clone, Copy)]
pub struct TableRow<'a> {
    pub header: &'a [Cell],
    pub cells: &'a [Cell],
}

impl<'a> View<'a> {
    pub fn new(document: &'a Document, root: Option<&'a Node>, row: Option<TableRow<'a>>) -> View<'a> {
        View {
            document,
            root,
            row,
            item: None,
            profile: None,
            kind: None,
            preamble: OnceCell::new(),
            header: OnceCell::new(),
            sections: OnceCell::new(),
            anchor: OnceCell::new(),
        }
    }

    /// A view of one item of a structured file.
    pub fn of_item(document: &'a Document, item: &'a Node, key: &'a Key) -> View<'a> {
        View { item: Some(key), ..View::new(document, Some(item), None) }
    }

    pub fn with_kind(self, kind: &'a Kind, profile: Option<&'a Profile>) -> View<'a> {
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

    pub fn title(&self) -> Option<&'a Heading> {
        self.markdown()?.title()
    }

    pub fn stem(&self) -> &'a str {
        let name = self.path().rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    pub fn folder(&self) -> Option<&'a str> {
        self.path().rsplit('/').nth(1)
    }

    /// The span between the title and the next heading, or the lines that state the title. If it has no `Name: value` lines, those
    /// above the first heading, or the first section if it is a list of such lines.
    pub fn preamble(&self) -> Option<Span> {
        *self.preamble.get_or_init(|| {
            let page = self.markdown()?;
            let lead = || page.lead.as_ref().map(|lead| lead.span);
            lead().or_else(|| self.lines_elsewhere(page)).or_else(|| self.title().map(|title| title.own_body))
        })
    }

    /// The span between the front matter, or the start, and the first heading or the end.
    pub fn text_above_headings(&self) -> Option<Span> {
        let page = self.markdown()?;
        let start = page.front_matter.as_ref().map_or(self.source().bom_len(), |it| it.block.end as usize);
        let end = page.headings.first().map_or(self.source().text().len(), |it| it.line.start as usize);
        (start <= end).then(|| Span::new(start, end))
    }

    fn lines_elsewhere(&self, page: &Markdown) -> Option<Span> {
        const LEAST_ABOVE: usize = 2;
        const LEAST_IN_SECTION: usize = 3;
        let lines = |span| header::parse(self.source(), span).map_or(0, |lines| entry_count(&lines));
        let title = self.title()?;
        if lines(title.own_body) > 0 {
            return None;
        }
        if let Some(above) = self.text_above_headings().filter(|&span| lines(span) >= LEAST_ABOVE) {
            return Some(above);
        }
        let section = page.headings.iter().find(|heading| heading.span.start > title.span.start)?;
        (lines(section.own_body) >= LEAST_IN_SECTION && header::begins(self.source(), section.own_body))
            .then_some(section.own_body)
    }

    /// Returns the `Name: value` lines of the preamble.
    pub fn header(&self) -> Option<&Node> {
        self.header.get_or_init(|| header::parse(self.source(), self.preamble()?)).as_ref()
    }

    /// Returns the cell beside the first of these names in the first table, if it is a list of names and values. Its header may
    /// be one of them.
    pub fn first_table_cell(&self, names: &[Box<str>]) -> Option<&'a Cell> {
        let table = self.markdown()?.tables.first()?;
        let rows = || std::iter::once(&table.header).chain(&table.rows);
        let is_named = |cells: &[Cell], name: &str| {
            let mut plain = cells.first().map_or("", |cell| cell.text.trim()).trim_end_matches(':');
            plain = plain.trim();
            same_key(plain, name)
        };
        let found = names.iter().find_map(|name| rows().find(|cells| is_named(cells, name)))?;
        match found.as_slice() {
            [_, value] if table.header.len() == 2 && !value.text.trim().is_empty() => Some(value),
            _ => None,
        }
    }

    /// Returns the first heading of the first key that has one: see [`section_key`].
    pub fn section(&self, keys: &[Box<str>]) -> Option<&'a Heading> {
        let at = keys.iter().find_map(|key| self.sections().get(&**key))?;
        self.markdown()?.headings.get(*at)
    }

    /// Returns true if a section with this key is directly below the title.
    pub fn has_top_level_section(&self, key: &str) -> bool {
        let Some((&at, page)) = self.sections().get(key).zip(self.markdown()) else { return false };
        let level = page.headings[at].level;
        let mut around = page.headings[..at].iter().rev().filter(|other| other.level < level);
        // Some pages repeat their title under it.
        let is_title = |other: &Heading| {
            self.title().is_some_and(|title| title.span == other.span || title.title == other.title)
        };
        around.next().is_none_or(is_title)
    }

    /// Returns the index of the first heading for each section key, without the title.
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

    /// Returns the span for values that are not in the file: the first known key, the title, the first key, or the start.
    pub fn anchor(&self) -> Span {
        *self.anchor.get_or_init(|| self.find_anchor())
    }

    fn find_anchor(&self) -> Span {
        let cell = || self.row?.cells.first().map(|cell| cell.span);
        let entries = self.root.and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
        let known =
            || entries.iter().find(|entry| self.is_known_key(&entry.key.name)).map(|entry| entry.key.span);
        let title = || self.title().map(|title| title.span);
        let first = || entries.first().map(|entry| entry.key.span);
        let fence = || self.markdown()?.front_matter.as_ref().map(|front_matter| front_matter.block.start);
        let start = || self.source().line_span(fence().map_or(self.source().bom_len(), |at| at as usize));
        cell().or_else(known).or_else(title).or_else(first).unwrap_or_else(start)
    }

    fn is_known_key(&self, key: &str) -> bool {
        let profile = self.profile.is_some_and(|profile| profile.knows_key(key));
        profile || self.kind.is_some_and(|kind| kind.shape.by_key(key).is_some())
    }
}

fn entry_count(node: &Node) -> usize {
    node.as_mapping().map_or(0, Mapping::len)
}
