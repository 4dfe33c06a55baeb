//! Reads a [`Document`] into parts with a title and statements: what the front matter, the lines below a title, the sections, the tables,
//! the lists and the data of a file say, with its place. It knows no kind of record and no format.
//!
//! A page is one [`Part`]. Its sections, rows and items are parts too, which are read when they are asked for.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::node::{Entry, Node, Scalar};
use crate::syntax::markdown::{Cell, Heading, ListItem, Table};
use crate::syntax::{Document, Markdown};
use crate::text::{Source, Span, beginning_in, single_spaced};

mod data;
mod header;
mod list;
mod section;
mod table;

pub use crate::text::label_key;
pub use header::header_lines;
pub use section::{section, sections_below};
pub use table::rows;

/// A page, a part of one, or a mapping: a title, and what is stated about it.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    pub document: &'a Document,
    pub shape: Shape<'a>,
    pub title: Option<Title<'a>>,
    pub statements: Vec<Statement<'a>>,
    pub span: Span,
}

/// What a part is in its file.
#[derive(Clone, Copy, Debug)]
pub enum Shape<'a> {
    Page,
    Section(&'a Heading),
    /// A label in bold on a line of its own and the text below it, or a term and its definition.
    Definition,
    Row(&'a [Cell]),
    Item(&'a ListItem),
    Mapping(&'a Node),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Title<'a> {
    pub text: Cow<'a, str>,
    pub span: Span,
}

/// A label and what is stated under it.
#[derive(Clone, Debug)]
pub struct Statement<'a> {
    /// As written, without marks around it. Empty where the place alone says what it is: a title, or the name of a file.
    pub label: Box<str>,
    /// The form in which labels are compared.
    pub key: Box<str>,
    pub label_span: Span,
    pub content: Content<'a>,
    /// The place of the content.
    pub span: Span,
    pub origin: Origin,
}

/// Where a statement stands. Of statements with the same meaning, one with a lesser origin comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Origin {
    FrontMatter,
    Header,
    Section,
    Cell,
    Item,
    Title,
    FileName,
}

#[derive(Clone, Debug)]
pub enum Content<'a> {
    /// The label stands alone.
    Nothing,
    /// The text at the span of the statement.
    Text,
    /// The items of a list, each a text.
    List(Box<[Span]>),
    Cell(&'a Cell),
    /// A section: the heading, or a line in bold, and all below it.
    Section(Section),
    Data(Cow<'a, Node>),
    /// The name of the file, which is not in its text.
    Name(&'a str),
}

#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// With the sections below it.
    pub body: Span,
    /// Up to the next heading.
    pub own_body: Span,
}

impl<'a> Statement<'a> {
    pub(crate) fn new(
        label: &str,
        label_span: Span,
        content: Content<'a>,
        span: Span,
        origin: Origin,
    ) -> Statement<'a> {
        Statement { label: label.into(), key: label_key(label).into(), label_span, content, span, origin }
    }

    /// Returns a list of texts in the cells of a table, under a label that stands nowhere.
    pub fn list(label: &str, texts: Vec<Span>) -> Statement<'a> {
        let span = texts.iter().copied().reduce(Span::to).unwrap_or_default();
        Statement::new(label, span, Content::List(texts.into()), span, Origin::Cell)
    }

    /// Puts the content under another label.
    pub fn relabel(&mut self, label: &str) {
        (self.label, self.key) = (label.into(), label_key(label).into());
    }

    /// Returns the text of the content: a scalar, the text of a line or a cell, or that of a section.
    pub fn text<'s>(&'s self, source: &'s Source) -> Cow<'s, str> {
        match &self.content {
            Content::Nothing => "".into(),
            Content::Name(name) => (*name).into(),
            Content::Text | Content::Cell(_) | Content::Section(_) => source.slice(self.span).into(),
            Content::Data(node) if node.as_scalar().is_some() => {
                node.as_scalar().map_or("", Scalar::text).into()
            }
            Content::List(_) | Content::Data(_) => {
                let items = self.items(source).into_iter().map(|(text, _)| text);
                items.collect::<Vec<_>>().join(", ").into()
            }
        }
    }

    /// Returns a header line as an entry of a mapping, with one blank between the words of its text.
    fn entry(&self, source: &Source) -> Entry {
        let text = |span: Span| Node::text(span, single_spaced(source.slice(span)));
        let value = match &self.content {
            Content::List(items) => Node::sequence(self.span, items.iter().map(|item| text(*item)).collect()),
            Content::Nothing => Node::null(self.label_span),
            _ => text(self.span),
        };
        Entry::new(&*self.label, self.label_span, value)
    }

    /// Returns the texts of a list, each with its place; the one text of other contents.
    pub fn items<'s>(&'s self, source: &'s Source) -> Vec<(Cow<'s, str>, Span)> {
        match &self.content {
            Content::List(items) => items.iter().map(|item| (source.slice(*item).into(), *item)).collect(),
            Content::Data(node) => {
                let items = node.items().iter().filter_map(named);
                items.filter_map(|item| Some((item.as_text()?.into(), item.span))).collect()
            }
            Content::Nothing => Vec::new(),
            _ => vec![(self.text(source), self.span)],
        }
    }
}

/// Returns a value, or the name of a mapping that has one: sites write an author as `{ name: Ada Byron, title: Editor }`.
fn named(node: &Node) -> Option<&Node> {
    if node.as_mapping().is_some() { node.get("name") } else { Some(node) }
}

impl<'a> Part<'a> {
    /// Returns the sections directly below the title, the parts of a section, or the lines in bold where a page has no headings.
    pub fn sections(&self) -> Vec<Part<'a>> {
        section::parts(self)
    }

    /// Returns the page with its title as a section; `None` if that is a heading of the highest level.
    pub fn with_title_as_section(&self) -> Option<Part<'a>> {
        let heading = self.heading().filter(|heading| heading.level > 1)?;
        let mut statements = self.statements.clone();
        statements.retain(|statement| statement.origin != Origin::Title);
        statements.push(section::of_heading(self.document, heading));
        Some(Part { title: None, statements, ..self.clone() })
    }

    /// Returns the tables in this part, without those of its sections.
    pub fn tables(&self) -> &'a [Table] {
        self.page().map_or(&[], |page| page.tables_in(self.own_span(page)))
    }

    /// Returns the items of the lists in this part as they are, without those of its sections.
    pub fn list_items(&self) -> &'a [ListItem] {
        self.page().map_or(&[], |page| beginning_in(&page.items, self.own_span(page), |item| item.span))
    }

    /// Returns the outermost items of the lists in this part, or the items below an item, or terms with definitions.
    pub fn items(&self) -> Vec<Part<'a>> {
        self.page().map_or_else(Vec::new, |page| list::parts(self, page))
    }

    /// Returns the mappings in a list, or in the values of a mapping; each with its key as the title.
    pub fn entries(&self) -> Vec<Part<'a>> {
        match self.shape {
            Shape::Mapping(node) => data::entries(self.document, node),
            _ => Vec::new(),
        }
    }

    fn page(&self) -> Option<&'a Markdown> {
        self.document.markdown.as_deref()
    }

    /// Returns the lines of labels and values that belong to the title, outside of tables.
    pub fn header_lines(&self) -> Vec<&Statement<'a>> {
        let is_line =
            |it: &&Statement<'_>| it.origin == Origin::Header && !matches!(it.content, Content::Cell(_));
        self.statements.iter().filter(is_line).collect()
    }

    pub fn heading(&self) -> Option<&'a Heading> {
        let title = self.title.as_ref()?;
        self.page()?.headings.iter().find(|heading| heading.span == title.span)
    }

    /// Returns the text of this part without that of its sections.
    fn own_span(&self, page: &Markdown) -> Span {
        match self.shape {
            Shape::Section(heading) => heading.own_body,
            Shape::Page => {
                let first = section::top_headings(page, self.heading()).next();
                let end = first.map_or(self.span.end, |heading| heading.line.start);
                Span { start: self.span.start, end: end.max(self.span.start) }
            }
            _ => self.span,
        }
    }
}

pub fn title(document: &Document) -> Option<&Heading> {
    section::title(document, document.markdown.as_deref()?)
}

/// Reads a page, or the first tree of a file of data.
pub fn read(document: &Document) -> Part<'_> {
    let Some(page) = document.markdown.as_deref() else {
        return read_data(document).into_iter().next().unwrap_or_else(|| {
            let statements = vec![file_name(document)];
            Part { document, shape: Shape::Page, title: None, statements, span: whole(document) }
        });
    };
    let title = section::title(document, page);
    let mut statements = Vec::new();
    if let Some(root) = document.roots.first() {
        statements.extend(data::front_matter(root));
    }
    let (section, stated) = header::of_page(document, page, title);
    let sections = section::statements(document, page, title, section, &stated);
    statements.extend(stated);
    statements.extend(sections);
    let title = title.map(|heading| Title { text: (&*heading.title).into(), span: heading.span });
    if let Some(title) = &title {
        statements.push(Statement::new("", title.span, Content::Text, title.span, Origin::Title));
    }
    statements.push(file_name(document));
    Part { document, shape: Shape::Page, title, statements, span: whole(document) }
}

/// Reads each tree of a file of data.
pub fn read_data(document: &Document) -> Vec<Part<'_>> {
    document.roots.iter().map(|root| data::part(document, root, None)).collect()
}

fn whole(document: &Document) -> Span {
    Span::new(document.source.bom_len(), document.source.text().len())
}

/// Returns the name of the file without its extension, as a statement; that of its folder for an introduction.
fn file_name(document: &Document) -> Statement<'_> {
    let stem = crate::text::file_name(document.source.path()).split('.').next().unwrap_or_default();
    let start = Span::at(document.source.bom_len());
    Statement::new("", start, Content::Name(stem), start, Origin::FileName)
}
