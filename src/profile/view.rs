//! What a profile looks at: one document, its tree, and for a glossary one row of its table.

use std::cell::OnceCell;

use crate::node::Node;
use crate::syntax::markdown::{Cell, Heading};
use crate::syntax::{Document, Markdown, header};
use crate::text::{Source, Span};

/// A document as the extractors of a profile see it.
pub struct View<'a> {
    pub document: &'a Document,
    /// The mapping that keys are looked up in: front matter, or one tree of a structured file.
    pub root: Option<&'a Node>,
    pub row: Option<Row<'a>>,
    header: OnceCell<Option<Node>>,
}

/// One row of a table, below the cells that name its columns.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    pub header: &'a [Cell],
    pub cells: &'a [Cell],
}

impl<'a> View<'a> {
    pub fn new(document: &'a Document, root: Option<&'a Node>, row: Option<Row<'a>>) -> View<'a> {
        View { document, root, row, header: OnceCell::new() }
    }

    pub fn source(&self) -> &'a Source {
        &self.document.source
    }

    pub fn path(&self) -> &'a str {
        self.document.source.path()
    }

    pub fn markdown(&self) -> Option<&'a Markdown> {
        self.document.markdown.as_ref()
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
        self.title().map(|title| title.own)
    }

    /// The `Name: value` lines between the title and the next heading.
    pub fn header(&self) -> Option<&Node> {
        self.header.get_or_init(|| header::read(self.source(), self.preamble()?)).as_ref()
    }

    pub fn section(&self, titles: &[Box<str>]) -> Option<&'a Heading> {
        let markdown = self.markdown()?;
        titles.iter().find_map(|title| markdown.section(title))
    }

    /// Where a value is shown that no bytes of the file hold, such as a number from the file's name.
    pub fn anchor(&self) -> Span {
        let cell = self.row.and_then(|row| row.cells.first()).map(|cell| cell.span);
        let title = || self.title().map(|title| title.span);
        let key = || Some(self.root?.as_mapping()?.entries().first()?.key.span);
        let start = || self.source().line_span(self.source().bom_len());
        cell.or_else(key).or_else(title).unwrap_or_else(start)
    }
}
