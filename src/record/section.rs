//! Reads a field from the text of a section: a text, a list, a table, links or a line.

use std::sync::Arc;

use super::body::{Body, Places, links_in, list, people_in, text};
use super::{items, rows};
use crate::kind::{Field, FieldType, Shape};
use crate::node::{Entry, Mapping, Node};
use crate::syntax::Format;
use crate::syntax::line::{self, Marks};
use crate::text::{Span, range_in};
use crate::value::reference;
use crate::{layout, value};

impl Body<'_> {
    /// Reads the value of a field. References to records that go `by_title` may be names.
    pub(super) fn read(&self, field: &Field, by_title: impl Fn(&[Arc<str>]) -> bool) -> Option<Node> {
        match &field.ty {
            FieldType::List(inner) => match &**inner {
                FieldType::Struct(shape) => self.mappings(field, shape),
                FieldType::Reference(kinds) => self.references(field, by_title(kinds)),
                _ => self.items().or_else(|| self.titles()).or_else(|| self.text()),
            },
            FieldType::Text | FieldType::Any => self.text(),
            FieldType::Struct(shape) => {
                shape.text.as_ref()?;
                self.mapping(shape).or_else(|| self.only_row(shape)).or_else(|| self.text())
            }
            FieldType::Map(_) => None,
            FieldType::Reference(_) => list(links_in(self.page, self.own)).or_else(|| self.line()),
            _ => self.line(),
        }
    }

    /// Returns the rows of a table and the items of a list as mappings, in the order of the page.
    fn mappings(&self, field: &Field, shape: &Shape) -> Option<Node> {
        let table = rows::in_section(self, shape);
        let pairs = || items::pairs(self, shape.pair.as_ref()?);
        // Beside a table, only items with such parts belong to the list.
        let are_items = table.is_none() || items::have_parts(shape);
        let items = || items::values(self.source, self.outermost_items(), shape).filter(|_| are_items);
        // What is to be done is written in lines, and headings below are those of other sections.
        let titles = || self.titles().filter(|_| shape.text.is_some() && field.marked.is_empty());
        match (table, pairs().or_else(items)) {
            (Some(table), Some(items)) => {
                let of = |node: &Node| node.as_sequence().unwrap_or_default().to_vec();
                let mut all = [of(&table), of(&items)].concat();
                all.sort_by_key(|item| item.span.start);
                Some(Node::sequence(table.span.to(items.span), all))
            }
            (table, items) => table.or(items).or_else(titles),
        }
    }

    /// Returns the fields of a mapping that the section states on lines such as `Within: 2 weeks`.
    fn mapping(&self, shape: &Shape) -> Option<Node> {
        let mut stated: Vec<Entry> = Vec::new();
        for line in layout::header_lines(self.document, self.own) {
            let is_new = stated.iter().all(|other| other.key.name != line.key.name);
            if is_new && shape.by_key(&line.key.name).is_some() {
                stated.push(line);
            }
        }
        (!stated.is_empty()).then(|| Node::mapping(self.own, Mapping::new(stated)))
    }

    /// Returns the row of a table in the section, if it is the only one.
    fn only_row(&self, shape: &Shape) -> Option<Node> {
        match rows::in_section(self, shape)?.as_sequence()? {
            [row] => Some(row.clone()),
            _ => None,
        }
    }

    fn titles(&self) -> Option<Node> {
        let titles = self.subheadings().map(|below| Node::text(below.span, below.title.clone()));
        list(titles.collect())
    }

    pub(super) fn text(&self) -> Option<Node> {
        text(self.source, self.whole)
    }

    /// Returns the first line without list and quote markers, except comments; else the first heading below.
    fn line(&self) -> Option<Node> {
        let lines = line::lines(self.source, self.own, Marks::Usual).map(|line| {
            let text = line.text.trim_start_matches([' ', '\t', '-', '*', '+', '>']);
            let marker = &line.text[..line.text.len() - text.len()];
            // Unlike a marker, the asterisks of `**bold**` are not followed by white space.
            let text = if marker.ends_with([' ', '\t']) { text } else { line.text };
            Node::text(line.span().part(range_in(line.text, text)), text)
        });
        let is_comment = |span: Span| self.page.comments.iter().any(|comment| comment.contains(span));
        let mut lines = lines.filter(|line| !line.is_blank() && !is_comment(line.span));
        lines.next().or_else(|| {
            let first = self.subheadings().next()?;
            Some(Node::text(first.span, first.title.clone()))
        })
    }

    fn items(&self) -> Option<Node> {
        list(self.outermost_items().map(|item| Node::text(item.text, item.plain.trim())).collect())
    }

    /// Reads a list of references: from each item a link, an identifier or a name; without items, the links or the first line.
    fn references(&self, field: &Field, by_title: bool) -> Option<Node> {
        let mut links = links_in(self.page, self.own);
        let items = self.items();
        // What supersedes a record in part is no successor.
        let is_in_part = |text: &str| reference::read_all(text).iter().any(|found| found.in_part);
        let is_partial = |item: &&Node| field.acyclic && is_in_part(self.source.slice(item.span));
        let all = items.iter().flat_map(Node::items);
        let partial = Places::new(all.filter(is_partial).map(|item| item.span));
        links.retain(|link| !partial.overlap(link.span));
        let Some(items) = items else {
            // The first line of a table names its columns.
            let is_row = |line: &Node| line.as_text().is_some_and(|text| text.starts_with('|'));
            let line = || self.line().filter(|line| !is_row(line));
            return list(links).or_else(|| list(items::references(self.source, line()?, by_title)));
        };
        let named = |item: &Node| -> Vec<Node> {
            let own: Vec<&Node> = links.iter().filter(|link| item.span.contains(link.span)).collect();
            // A link to a list of records is called as one of them.
            let is_list = |it: &str| Format::from_path(it).is_some_and(|format| !format.is_page());
            let is_page = |link: &Node| link.as_text().is_some_and(|it| !it.contains(':') && !is_list(it));
            let pages: Vec<Node> = own.iter().filter(|link| is_page(link)).copied().cloned().collect();
            // A link that leads elsewhere is about something else, beside an identifier.
            let begins_with_link = self.source.slice(item.span).trim_start().starts_with('[');
            match items::code(self.source, item) {
                Some(code) if pages.is_empty() || !begins_with_link => vec![code],
                _ if own.is_empty() => {
                    let name = items::reference(self.source, item, by_title && links.is_empty());
                    name.into_iter().collect()
                }
                // A person may be linked by an address, a record that has a title is not.
                _ if pages.is_empty() && !by_title => own.into_iter().cloned().collect(),
                _ => pages,
            }
        };
        let whole = items.items().iter().filter(|item| !partial.overlap(item.span));
        let found: Vec<Node> = whole.flat_map(named).collect();
        // Else links in nested items.
        let found = if found.is_empty() { links } else { found };
        (!found.is_empty()).then(|| Node::sequence(items.span, found))
    }

    /// Returns those whom the section names: people in items, lines or a table with a column for the name.
    pub(super) fn people(&self) -> Option<Node> {
        let texts = self.column_of_people().unwrap_or_else(|| match self.items() {
            Some(items) => items.as_sequence().unwrap_or_default().iter().map(|item| item.span).collect(),
            None => vec![self.own],
        });
        let names = texts.into_iter().flat_map(|span| people_in(self.source, self.source.slice(span), span));
        list(names.collect())
    }

    /// Returns the cells of the first table with a column for the name.
    pub(super) fn column_of_people(&self) -> Option<Vec<Span>> {
        let is_name = |label: &str| value::words::is_in("people-columns", &layout::label_key(label));
        self.page.tables_in(self.own).iter().find_map(|table| {
            let at = table.header.iter().position(|it| is_name(&it.text))?;
            Some(table.rows.iter().filter_map(|row| Some(row.get(at)?.span)).collect())
        })
    }
}
