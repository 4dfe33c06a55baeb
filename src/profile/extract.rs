//! Extractors: where a field is in a file of a foreign format, and how its value is read.

use std::ops::Range;

use super::label;
use super::pattern::Pattern;
use super::same_key;
use super::struck::{without_comments, without_struck};
use super::view::{TableRow, View};
use crate::node::{Entry, Key, Mapping, Node, Value};
use crate::syntax::Markdown;
use crate::syntax::markdown::Heading;
use crate::text::{Source, Span, capital, find_outside_brackets};

mod names;
mod note;
mod sub_items;

pub(crate) use note::before_break;
pub(crate) use sub_items::items_below_labels;

#[derive(Debug)]
pub(crate) struct Extractor {
    pub selector: Selector,
    /// Reduces each value to what this captures.
    pub pattern: Option<Pattern>,
    pub unless: Option<Pattern>,
    /// The part of a text that is split, captured.
    pub within: Option<Pattern>,
    /// The separators between several values.
    pub split: Vec<Box<str>>,
    /// The fields of an item that is a row of a table, each with the columns that it may be in.
    pub item_fields: Vec<(Box<str>, Vec<Box<str>>)>,
}

#[derive(Debug)]
pub(crate) enum Selector {
    Key(Vec<Box<str>>),
    /// The day in the name of the file: see [`View::own_day`].
    OwnDay,
    Header(Vec<Box<str>>),
    /// A line such as those of the header, below one of the first headings.
    Line(Vec<Box<str>>),
    /// A header line above the section that is the record.
    HeaderAbove(Vec<Box<str>>),
    Preamble(Pattern),
    /// Each match in the text that [`Selector::Preamble`] reads.
    Every(Pattern),
    /// In the text below the front matter, up to the first heading.
    Body(Pattern),
    Section(Vec<Box<str>>, ValueForm),
    Title(Pattern),
    /// In the heading directly below the title.
    Subtitle(Pattern),
    File(Pattern),
    Folder(Pattern),
    Cell(Vec<Box<str>>),
    Row(Vec<Box<str>>),
    /// The cells of a column of the first table with it, on the page or in the section.
    Column(Vec<Box<str>>),
    /// The names of the columns in which the row has such a mark.
    Marked(Pattern),
    /// The key of the item that is the record.
    Item(Pattern),
    Fixed(Box<str>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ValueForm {
    Text,
    Line,
    Lines,
    Items,
    Links,
    /// People: see [`names::read`].
    Names,
}

impl Extractor {
    /// Reads the value. One that is not in the file has the span of the anchor.
    pub(crate) fn read(&self, view: &View<'_>) -> Option<Node> {
        let found = self.read_rows(view).or_else(|| self.selector.read(view))?;
        let found = match self.reads_prose() {
            true if self.pattern.is_none() => found,
            true => without_comments(found),
            false => without_struck(without_comments(found))?,
        };
        let found = match &self.within {
            Some(within) => part(view.source(), &found, within.find(found.as_text()?)?),
            None => found,
        };
        let node = match &*self.split {
            [] => found,
            separators => {
                let whole = without_brackets(view.source(), found)?;
                separators.iter().try_fold(whole, |node, separator| split(view.source(), node, separator))?
            }
        };
        self.refine(view.source(), node)
    }

    /// Reads the rows of a table as items with several fields; `None` where no row has more than the text.
    fn read_rows(&self, view: &View<'_>) -> Option<Node> {
        let (Selector::Cell(names) | Selector::Column(names)) = &self.selector else { return None };
        let items = |rows: Vec<TableRow<'_>>| {
            let items: Vec<Node> = rows.iter().filter_map(|row| self.item_of(row, names)).collect();
            let has_fields = items.iter().any(|item| item.as_mapping().is_some());
            list(view.anchor(), items).filter(|_| has_fields)
        };
        match &self.selector {
            _ if self.item_fields.is_empty() => None,
            Selector::Cell(_) => items(vec![view.row?]),
            _ => items(rows_of(view, names)?),
        }
    }

    fn item_of(&self, row: &TableRow<'_>, names: &[Box<str>]) -> Option<Node> {
        let filled = |names: &[Box<str>]| row.cell(names).filter(|cell| !cell.text.trim().is_empty());
        let text = filled(names).map(|cell| Node::text(cell.span, cell.text.trim()))?;
        let is_list =
            self.split.iter().any(|separator| text.as_text().is_some_and(|it| it.contains(&**separator)));
        let entries = self.item_fields.iter().filter_map(|(name, columns)| {
            let cell = filled(columns)?;
            let key = Key { name: (&**name).into(), span: cell.span };
            Some(Entry { key, value: Node::text(cell.span, cell.text.trim()) })
        });
        let entries: Vec<Entry> = entries.filter(|_| !is_list).collect();
        let is_mapping = entries.len() > 1;
        Some(if is_mapping { Node::mapping(text.span, Mapping::new(entries)) } else { text })
    }

    /// Returns the entries of the file that state the field; the first is read.
    pub(crate) fn entries_in<'a>(&self, view: &View<'a>) -> impl Iterator<Item = &'a Entry> {
        let keys = match &self.selector {
            Selector::Key(keys) => &**keys,
            _ => &[],
        };
        view.root.into_iter().flat_map(|root| entries(root, keys))
    }

    /// Returns the place below the title where a pattern finds the value.
    pub(crate) fn place_in_preamble(&self, view: &View<'_>) -> Option<Span> {
        matches!(self.selector, Selector::Preamble(_))
            .then(|| self.selector.read(view))
            .flatten()
            .map(|it| it.span)
    }

    /// Returns true if it reads the content of the file, not its name or a constant.
    pub(crate) fn reads_content(&self) -> bool {
        !matches!(
            self.selector,
            Selector::File(_) | Selector::Folder(_) | Selector::OwnDay | Selector::Fixed(_)
        )
    }

    /// Returns true if the values have the types of the file; otherwise they are texts.
    pub(crate) fn keeps_types(&self) -> bool {
        matches!(self.selector, Selector::Key(_)) && self.pattern.is_none() && self.split.is_empty()
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        let keys = match &self.selector {
            Selector::Key(keys) => &**keys,
            _ => &[],
        };
        keys.iter().map(|key| &**key)
    }

    /// The keys of the sections that it reads.
    pub(crate) fn sections(&self) -> &[Box<str>] {
        match &self.selector {
            Selector::Section(keys, _) => keys,
            _ => &[],
        }
    }

    /// Returns true if it reads a header line or a key of this name.
    pub(crate) fn reads_entry(&self, name: &str) -> bool {
        match &self.selector {
            Selector::Key(names) | Selector::Header(names) => names.iter().any(|known| same_key(known, name)),
            _ => false,
        }
    }

    /// Where it reads, in words.
    pub(crate) fn describe(&self) -> String {
        let quoted = |names: &[Box<str>]| {
            names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
        };
        match &self.selector {
            Selector::Key(keys) => format!("key {}", quoted(keys)),
            Selector::OwnDay => "day in the name of the file".to_owned(),
            Selector::Header(names) => format!("line {} below the title", quoted(names)),
            Selector::Line(names) => format!("line {} in the first sections", quoted(names)),
            Selector::HeaderAbove(names) => format!("line {} above the section", quoted(names)),
            Selector::Preamble(_) | Selector::Every(_) => "text below the title".to_owned(),
            Selector::Body(_) => "text above the first heading".to_owned(),
            Selector::Section(titles, _) => {
                let titles: Vec<Box<str>> = titles.iter().map(|title| capital(title).into()).collect();
                format!("section {}", quoted(&titles))
            }
            Selector::Title(_) => "title".to_owned(),
            Selector::Subtitle(_) => "heading directly below the title".to_owned(),
            Selector::File(_) => "name of the file".to_owned(),
            Selector::Folder(_) => "name of the folder".to_owned(),
            Selector::Cell(columns) => format!("column {}", quoted(columns)),
            Selector::Column(columns) => format!("cells of the column {}", quoted(columns)),
            Selector::Marked(_) => "columns with its mark".to_owned(),
            Selector::Row(names) => format!("row {} of the first table", quoted(names)),
            Selector::Item(_) => "key of the item".to_owned(),
            Selector::Fixed(value) => format!("always `{value}`"),
        }
    }

    /// What to add where nothing is read; `None` if it reads a name or a constant.
    pub(crate) fn how_to_state(&self) -> Option<String> {
        let name = self.usual_name()?;
        Some(match &self.selector {
            Selector::Header(_) => format!("add a line `{name}: …` below the title"),
            Selector::Section(..) => format!("add a section `## {name}`"),
            Selector::Cell(_) => format!("fill in the column `{name}`"),
            Selector::Row(_) => format!("add a row `{name}` to the first table"),
            _ => format!("add the key `{name}`"),
        })
    }

    /// Returns the pattern of the marks in cells, if it reads the columns of such cells.
    pub(super) fn mark(&self) -> Option<&Pattern> {
        match &self.selector {
            Selector::Marked(pattern) => Some(pattern),
            _ => None,
        }
    }

    /// Where a page states the value, such as "in a section `Status`"; `None` if it reads a key, a name or a constant.
    pub(crate) fn place_in_page(&self) -> Option<String> {
        if let Selector::Marked(pattern) = &self.selector {
            let mark = ('A'..='Z').map(String::from).find(|letter| pattern.is_match(letter));
            return mark.map(|mark| format!("by `{mark}` in a column"));
        }
        let name = self.usual_name()?;
        match &self.selector {
            Selector::Header(_) => Some(format!("on a line `{name}: …` below the title")),
            Selector::Section(..) => Some(format!("in a section `{name}`")),
            Selector::Cell(_) => Some(format!("in the column `{name}`")),
            Selector::Row(_) => Some(format!("in a row `{name}` of the first table")),
            _ => None,
        }
    }

    /// What is absent where nothing is read, such as "the section `Status`"; `None` if it reads a name or a constant.
    pub(crate) fn absent_part(&self) -> Option<String> {
        let name = self.usual_name()?;
        Some(match &self.selector {
            Selector::Header(_) => format!("the line `{name}: …`"),
            Selector::Section(..) => format!("the section `{name}`"),
            Selector::Cell(_) => format!("the column `{name}`"),
            Selector::Row(_) => format!("the row `{name}`"),
            _ => format!("`{name}`"),
        })
    }

    /// The first of the names that it reads, as the format writes it.
    fn usual_name(&self) -> Option<String> {
        match &self.selector {
            Selector::Key(names) | Selector::Cell(names) => names.first().map(ToString::to_string),
            Selector::Header(names) | Selector::Section(names, _) | Selector::Row(names) => {
                names.first().map(|name| capital(name))
            }
            _ => None,
        }
    }

    /// Returns true if it reads the cells of a column of this name.
    pub(crate) fn reads_column(&self, name: &str) -> bool {
        matches!(&self.selector, Selector::Cell(names) if names.iter().any(|known| same_key(known, name)))
    }

    pub(crate) fn reads_row(&self, name: &str) -> bool {
        matches!(&self.selector, Selector::Row(names) if names.iter().any(|known| same_key(known, name)))
    }

    /// Returns true if it reads a section that the page has.
    pub(crate) fn has_section(&self, view: &View<'_>) -> bool {
        matches!(&self.selector, Selector::Section(titles, _) if view.section(titles).is_some())
    }

    /// Returns true if the section has a text, and the pattern does not fit it.
    pub(crate) fn has_unfit_section(&self, view: &View<'_>) -> bool {
        let is_section = matches!(self.selector, Selector::Section(..));
        let texts = || self.selector.read(view).is_some_and(|node| !node.is_empty());
        is_section && self.pattern.is_some() && self.read(view).is_none() && texts()
    }

    pub(crate) fn structured_sections(&self) -> &[Box<str>] {
        match &self.selector {
            Selector::Section(keys, take) if *take != ValueForm::Text => keys,
            _ => &[],
        }
    }

    pub(crate) fn is_plain(&self) -> bool {
        self.pattern.is_none()
    }

    /// Returns true if the value is a text of paragraphs.
    fn reads_prose(&self) -> bool {
        self.pattern.is_none() && matches!(self.selector, Selector::Section(_, ValueForm::Text))
    }

    fn refine(&self, source: &Source, node: Node) -> Option<Node> {
        if self.pattern.is_none() && self.unless.is_none() {
            return Some(node);
        }
        match node.value {
            Value::Sequence(items) => {
                let is_empty = items.is_empty();
                let items: Vec<Node> =
                    items.into_iter().filter_map(|item| self.refine(source, item)).collect();
                (is_empty || !items.is_empty()).then(|| Node::sequence(node.span, items))
            }
            Value::Scalar(_) => {
                let value = match &self.pattern {
                    Some(pattern) => part(source, &node, pattern.find(node.as_text()?)?),
                    None => node,
                };
                let text = value.as_text().unwrap_or("");
                let is_absent = self.unless.as_ref().is_some_and(|unless| unless.is_match(text));
                (!is_absent).then_some(value)
            }
            Value::Mapping(_) => Some(node),
        }
    }
}

impl Selector {
    pub(super) fn read(&self, view: &View<'_>) -> Option<Node> {
        match self {
            Selector::Key(keys) => by_key(view.root?, keys),
            Selector::OwnDay => Some(Node::text(view.anchor(), view.own_day()?.to_string())),
            Selector::Header(names) => {
                let lines = view.header().and_then(|header| by_key(header, names));
                lines.or_else(|| by_key(view.stated_headings()?, names))
            }
            Selector::Line(names) => view.line_of_first_sections(names),
            Selector::HeaderAbove(names) => {
                view.headers_above().iter().find_map(|lines| by_key(lines, names))
            }
            Selector::Preamble(pattern) => {
                let span = view.preamble()?;
                captured(span, view.source().slice(span), pattern)
            }
            Selector::Every(pattern) => {
                let span = view.preamble()?;
                let text = view.source().slice(span);
                let found = pattern.find_all(text).map(|range| {
                    let start = span.start as usize + range.start;
                    Node::text(Span::new(start, start + range.len()), &text[range])
                });
                list(span, found.collect())
            }
            Selector::Body(pattern) => {
                let span = view.text_above_headings()?;
                captured(span, view.source().slice(span), pattern)
            }
            Selector::Section(keys, take) => {
                let Some(heading) = view.section(keys) else {
                    let items = label::items(view, keys).filter(|_| *take == ValueForm::Items)?;
                    return list(view.anchor(), items);
                };
                if matches!(take, ValueForm::Line | ValueForm::Lines) && view.is_far_below_title(heading) {
                    return None;
                }
                take.read(view.source(), view.markdown()?, heading)
            }
            Selector::Title(pattern) => in_heading(view, view.title()?, pattern),
            Selector::Subtitle(pattern) => in_heading(view, view.subtitle()?, pattern),
            Selector::File(pattern) => in_name(view, view.stem(), pattern),
            Selector::Folder(pattern) => in_name(view, view.folder()?, pattern),
            Selector::Cell(names) => {
                let cell = view.row?.cell(names)?;
                let text = cell.text.trim();
                (!text.is_empty()).then(|| Node::text(cell.span, text))
            }
            Selector::Column(names) => {
                let rows = rows_of(view, names)?;
                let cells = rows.iter().filter_map(|row| row.cell(names));
                let filled = cells.filter(|cell| !cell.text.trim().is_empty());
                list(view.anchor(), filled.map(|cell| Node::text(cell.span, cell.text.trim())).collect())
            }
            Selector::Marked(pattern) => {
                let row = view.row?;
                let marked = row.header.iter().zip(row.cells).skip(1);
                let marked = marked.filter(|(_, cell)| pattern.is_match(cell.text.trim()));
                let cells = marked.clone().map(|(_, cell)| cell.span).reduce(Span::to)?;
                let names = marked.map(|(column, _)| Node::text(column.span, column.text.trim()));
                Some(Node::sequence(cells, names.collect()))
            }
            Selector::Row(names) => {
                let cell = view.first_table_cell(names)?;
                match cell.is_continued {
                    true => Some(Node::text(cell.span, cell.text.clone())),
                    false => text(view.source(), cell.span),
                }
            }
            Selector::Item(pattern) => in_name(view, &view.item?.name, pattern),
            Selector::Fixed(text) => Some(Node::text(view.anchor(), text.clone())),
        }
    }
}

/// Returns the rows of the first table with a filled column of these names, on the page or in the section that is the record.
fn rows_of<'v>(view: &View<'v>, names: &[Box<str>]) -> Option<Vec<TableRow<'v>>> {
    let within = view.section.map(|section| section.body);
    let tables = view.markdown()?.tables.iter();
    let mut tables = tables.filter(|table| within.is_none_or(|body| body.contains(table.span)));
    let is_filled = |row: &TableRow<'_>| row.cell(names).is_some_and(|cell| !cell.text.trim().is_empty());
    tables.find_map(|table| {
        let rows = table.rows.iter().map(|cells| TableRow { header: &table.header, cells });
        let rows: Vec<TableRow<'_>> = rows.collect();
        rows.iter().any(is_filled).then_some(rows)
    })
}

impl ValueForm {
    /// Reads the section below a heading. Only `Text` includes subsections; a section without text of its own has the heading
    /// of the first one as its line.
    pub(crate) fn read(self, source: &Source, page: &Markdown, heading: &Heading) -> Option<Node> {
        match self {
            ValueForm::Text if is_of_definitions(source, page, heading.body) => None,
            ValueForm::Text => text(source, heading.body),
            ValueForm::Line => lines(source, page, heading.own_body)
                .next()
                .or_else(|| first_heading_within(source, page, heading)),
            ValueForm::Lines => list(heading.own_body, lines(source, page, heading.own_body).collect()),
            ValueForm::Items => list(heading.own_body, items(page, before_break(source, heading.own_body))),
            ValueForm::Links => list(heading.own_body, links(page, heading.own_body)),
            ValueForm::Names => list(heading.own_body, names::read(source, page, heading)),
        }
    }
}

/// Returns the value of the first of the keys that has one. `metadata.name` is one in another mapping, or one of each item of a
/// list.
pub(super) fn by_key(mapping: &Node, keys: &[Box<str>]) -> Option<Node> {
    keys.iter().find_map(|key| {
        let plain = || entries(mapping, std::slice::from_ref(key)).next().map(|entry| entry.value.clone());
        plain().or_else(|| key.contains('.').then(|| at_path(mapping, key)).flatten())
    })
}

fn at_path(node: &Node, path: &str) -> Option<Node> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    if let Some(items) = node.as_sequence() {
        // Some names in a list may have details: `["ada", { github = "bo" }]`.
        let name = |item: &Node| item.as_text().filter(|_| rest.is_none()).map(|_| item.clone());
        let found = items.iter().filter_map(|item| at_path(item, path).or_else(|| name(item))).collect();
        return list(node.span, found);
    }
    let entries = node.as_mapping().map_or(&[][..], Mapping::entries);
    let entry = entries.iter().find(|entry| same_key(&entry.key.name, first))?;
    match rest {
        Some(rest) => at_path(&entry.value, rest),
        None => Some(entry.value.clone()).filter(|value| !value.is_null()),
    }
}

/// Returns the entries with a value, in the order of `keys`.
fn entries<'n>(mapping: &'n Node, keys: &[Box<str>]) -> impl Iterator<Item = &'n Entry> {
    let entries = mapping.as_mapping().map_or(&[][..], Mapping::entries);
    keys.iter().filter_map(move |key| {
        let entry = entries.iter().find(|entry| same_key(&entry.key.name, key))?;
        (!entry.value.is_null()).then_some(entry)
    })
}

fn in_heading(view: &View<'_>, heading: &Heading, pattern: &Pattern) -> Option<Node> {
    let text = heading.title.get(pattern.find(&heading.title)?)?;
    Some(Node::text(span_of(view.source(), heading.span, text), text))
}

fn in_name(view: &View<'_>, name: &str, pattern: &Pattern) -> Option<Node> {
    Some(Node::text(view.anchor(), name.get(pattern.find(name)?)?))
}

fn captured(span: Span, text: &str, pattern: &Pattern) -> Option<Node> {
    let range = pattern.find(text)?;
    let start = span.start as usize + range.start;
    Some(Node::text(Span::new(start, start + range.len()), &text[range]))
}

fn first_heading_within(source: &Source, page: &Markdown, section: &Heading) -> Option<Node> {
    let after = page.headings.partition_point(|other| other.span.start <= section.span.start);
    let first = page.headings.get(after).filter(|other| section.body.contains(other.span))?;
    Some(Node::text(span_of(source, first.span, &first.title), first.title.clone()))
}

pub(crate) fn text(source: &Source, span: Span) -> Option<Node> {
    let whole = source.slice(span);
    let trimmed = whole.trim();
    let start = span.start as usize + (whole.len() - whole.trim_start().len());
    (!trimmed.is_empty()).then(|| Node::text(Span::new(start, start + trimmed.len()), trimmed))
}

/// Returns true for text that consists of footnotes and targets of links.
fn is_of_definitions(source: &Source, page: &Markdown, span: Span) -> bool {
    let from = page.definitions.partition_point(|it| it.start < span.start);
    let within = page.definitions[from..].iter().take_while(|it| it.end <= span.end);
    let mut end = span.start;
    let mut has_some = false;
    for definition in within {
        // A footnote may hold others.
        if definition.start < end {
            continue;
        }
        if !source.slice(Span { start: end, end: definition.start }).trim().is_empty() {
            return false;
        }
        (end, has_some) = (definition.end, true);
    }
    has_some && source.slice(Span { start: end, ..span }).trim().is_empty()
}

/// Returns the lines without list and quote markers, except blank ones and comments.
fn lines<'a>(source: &'a Source, page: &'a Markdown, span: Span) -> impl Iterator<Item = Node> + 'a {
    let mut start = span.start as usize;
    let pieces = source.slice(span).split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (at, line)
    });
    pieces.filter_map(move |(at, line)| {
        let text = line.trim_start_matches([' ', '\t', '-', '*', '+', '>']);
        let marker = &line[..line.len() - text.len()];
        // Unlike a marker, the asterisks of `**bold**` are not followed by white space.
        let text = if marker.ends_with([' ', '\t']) { text } else { line.trim_start() };
        let from = at + (line.len() - text.len());
        let text = text.trim_end();
        let node = Node::text(Span::new(from, from + text.len()), text);
        let is_text = !text.is_empty() && !in_comment(page, node.span);
        is_text.then_some(node).and_then(without_struck)
    })
}

fn in_comment(page: &Markdown, span: Span) -> bool {
    let after = page.comments.partition_point(|comment| comment.start <= span.start);
    after > 0 && page.comments[after - 1].contains(span)
}

pub(crate) fn items(page: &Markdown, span: Span) -> Vec<Node> {
    let from = page.items.partition_point(|item| item.span.start < span.start);
    let within = page.items[from..].iter().take_while(|item| item.span.start < span.end);
    within
        .filter(|item| item.depth == 1 && !item.plain.trim().is_empty())
        .map(|item| Node::text(item.text, item.plain.trim()))
        .collect()
}

pub(crate) fn links(page: &Markdown, span: Span) -> Vec<Node> {
    let from = page.links.partition_point(|link| link.span.start < span.start);
    let within = page.links[from..].iter().take_while(|link| link.span.start < span.end);
    within
        .filter(|link| !link.image)
        .map(|link| Node::text(link.destination_span, link.destination.clone()))
        .collect()
}

fn list(span: Span, items: Vec<Node>) -> Option<Node> {
    let last = items.last()?.span;
    let span = items.first().map_or(span, |first| first.span.to(last));
    Some(Node::sequence(span, items))
}

/// Leaves out brackets around a whole text: `[Ada Byron, Bo Ek]`. `None` for what a template asks for: `[list everyone involved]`.
fn without_brackets(source: &Source, node: Node) -> Option<Node> {
    let inner = node.as_text().and_then(|text| text.trim().strip_prefix('[')?.strip_suffix(']'));
    let Some(inner) = inner.filter(|inner| !inner.contains(['[', ']'])).map(str::trim) else {
        return Some(node);
    };
    let first = inner.split(',').next().unwrap_or_default().trim();
    if inner.is_empty() || (first.contains(' ') && first.starts_with(char::is_lowercase)) {
        return None;
    }
    let text = node.as_text().unwrap_or_default();
    let start = text.find(inner)?;
    Some(part(source, &node, start..start + inner.len()))
}

/// Splits texts; `None` if they hold nothing but separators.
fn split(source: &Source, node: Node, separator: &str) -> Option<Node> {
    let span = node.span;
    let whole = match node.value {
        Value::Scalar(_) => Box::new([node]),
        Value::Sequence(items) => items,
        Value::Mapping(_) => return Some(node),
    };
    let is_empty = whole.is_empty();
    let parts: Vec<Node> = whole.into_iter().flat_map(|item| parts(source, item, separator)).collect();
    (is_empty || !parts.is_empty()).then(|| Node::sequence(span, parts))
}

/// Splits a text at a separator, and at the elements of HTML that cells of tables write lists with.
fn pieces<'t>(text: &'t str, separator: &'t str) -> impl Iterator<Item = &'t str> {
    let mut rest = Some(text);
    let parts = std::iter::from_fn(move || {
        let whole = rest?;
        let end = find_outside_brackets(whole, separator);
        rest = end.map(|end| &whole[end + separator.len()..]);
        Some(&whole[..end.unwrap_or(whole.len())])
    });
    parts.flat_map(|piece| {
        let mut rest = Some(piece);
        std::iter::from_fn(move || {
            let whole = rest?;
            let tag = whole.match_indices('<').find_map(|(at, _)| Some(at..at + list_tag(&whole[at..])?));
            let (piece, after) = match tag {
                Some(tag) => (&whole[..tag.start], Some(&whole[tag.end..])),
                None => (whole, None),
            };
            rest = after;
            Some(piece)
        })
    })
}

/// Returns the bytes of a tag that begins a text and parts the items of a list: `<br/>`, `</li>`.
fn list_tag(text: &str) -> Option<usize> {
    const LONGEST: usize = "<br />".len();
    let end = text.bytes().take(LONGEST).position(|byte| byte == b'>')?;
    let name = text[1..end].trim_matches(['/', ' ']);
    ["br", "li", "ol", "ul"].iter().any(|tag| tag.eq_ignore_ascii_case(name)).then_some(end + 1)
}

fn parts(source: &Source, node: Node, separator: &str) -> Vec<Node> {
    let Some(text) = node.as_text().filter(|text| text.contains(separator) || text.contains('<')) else {
        return vec![node];
    };
    let spans = TextSpans::new(source, &node);
    let mut parts = Vec::new();
    for piece in pieces(text, separator) {
        let trimmed = piece.trim();
        let from = trimmed.as_ptr() as usize - text.as_ptr() as usize;
        if !trimmed.is_empty() {
            parts.push(Node::text(spans.span(from..from + trimmed.len()), trimmed));
        }
    }
    parts
}

fn part(source: &Source, node: &Node, range: Range<usize>) -> Node {
    let text = node.as_text().and_then(|text| text.get(range.clone())).unwrap_or_default();
    Node::text(TextSpans::new(source, node).span(range), text)
}

/// Maps ranges of a node's text to spans of the file.
pub(crate) struct TextSpans {
    span: Span,
    /// The position of the text in the file; `None` if it differs from the source, by escapes or folded lines.
    start: Option<usize>,
}

impl TextSpans {
    pub(crate) fn new(source: &Source, node: &Node) -> TextSpans {
        let (whole, text) = (source.slice(node.span), node.as_text().unwrap_or_default());
        // A text with blanks for what is struck out has the length of its source.
        let at = whole.find(text).or_else(|| (whole.len() == text.len()).then_some(0));
        TextSpans { span: node.span, start: at.map(|at| node.span.start as usize + at) }
    }

    pub(crate) fn span(&self, range: Range<usize>) -> Span {
        self.start.map_or(self.span, |start| Span::new(start + range.start, start + range.end))
    }
}

fn span_of(source: &Source, span: Span, text: &str) -> Span {
    match source.slice(span).find(text) {
        Some(at) if !text.is_empty() => {
            let start = span.start as usize + at;
            Span::new(start, start + text.len())
        }
        _ => span,
    }
}
