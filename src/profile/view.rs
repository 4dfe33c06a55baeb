//! The view of a document that profiles extract fields from.

use std::cell::OnceCell;
use std::sync::Arc;

use ahash::{HashMap, HashMapExt};

use super::extract::by_key;
use super::labelled::label_text;
use super::{Profile, same_key};
use crate::kind::Kind;
use crate::layout;
use crate::node::{Entry, Key, Mapping, MappingBuilder, Node};
use crate::syntax::markdown::{Cell, Heading, Table, section_key};
use crate::syntax::{Document, Markdown};
use crate::text::{Source, Span};

mod own_day;

pub(super) use own_day::DayPart;

/// A document, or one section or row of a table in it, with cached lookups.
pub struct View<'a> {
    pub document: &'a Document,
    /// The front matter, or one tree of a structured file.
    pub root: Option<&'a Node>,
    pub row: Option<TableRow<'a>>,
    /// The heading of the section that is the record: it is read like a page with this title.
    pub section: Option<&'a Heading>,
    /// True if its number is also that of a record in another part of the page, so that it names neither.
    pub repeats_number: bool,
    /// The key of the item of a structured file that is the root; empty in a list.
    pub item: Option<&'a Key>,
    profile: Option<&'a Profile>,
    kind: Option<&'a Kind>,
    preamble: OnceCell<Option<Span>>,
    header: OnceCell<Option<Arc<Node>>>,
    stated_headings: OnceCell<Option<Node>>,
    headers_above: OnceCell<Vec<Node>>,
    sections: OnceCell<Arc<HashMap<String, usize>>>,
    day_heading: OnceCell<Option<Span>>,
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
            section: None,
            repeats_number: false,
            item: None,
            profile: None,
            kind: None,
            preamble: OnceCell::new(),
            header: OnceCell::new(),
            stated_headings: OnceCell::new(),
            headers_above: OnceCell::new(),
            sections: OnceCell::new(),
            day_heading: OnceCell::new(),
            anchor: OnceCell::new(),
        }
    }

    /// A view of one item of a structured file.
    pub fn of_item(document: &'a Document, item: &'a Node, key: &'a Key) -> View<'a> {
        View { item: Some(key), ..View::new(document, Some(item), None) }
    }

    /// A view of one section of a page.
    pub fn of_section(document: &'a Document, section: &'a Heading) -> View<'a> {
        View { section: Some(section), ..View::new(document, None, None) }
    }

    /// A view of one row of a table on this page. The text around the table is parsed once for all rows.
    pub fn of_row(&self, row: TableRow<'a>) -> View<'a> {
        self.header();
        self.sections();
        View { row: Some(row), ..self.again() }
    }

    /// A view of the same section or row, whose number does not name it.
    pub fn repeating_number(&self) -> View<'a> {
        View { repeats_number: true, ..self.again() }
    }

    /// Returns the tables of the page.
    pub fn tables(&self) -> Vec<&'a Table> {
        self.markdown().map_or(&[][..], |page| &page.tables).iter().collect()
    }

    fn again(&self) -> View<'a> {
        View {
            section: self.section,
            preamble: self.preamble.clone(),
            header: self.header.clone(),
            sections: self.sections.clone(),
            ..View::new(self.document, self.root, self.row)
        }
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
        self.section.or_else(|| self.markdown()?.title().filter(|first| !self.is_section(first)))
    }

    /// Returns the headings of the page, or those below the heading of the section.
    pub fn headings(&self) -> &'a [Heading] {
        let all = self.markdown().map_or(&[][..], |page| &page.headings);
        let Some(section) = self.section else { return all };
        let from = all.partition_point(|heading| heading.span.start <= section.span.start);
        let to = all.partition_point(|heading| heading.span.start < section.body.end);
        all.get(from..to).unwrap_or_default()
    }

    fn first_table(&self) -> Option<&'a Table> {
        let mut tables = self.markdown()?.tables.iter();
        tables.find(|table| self.section.is_none_or(|section| section.body.contains(table.span)))
    }

    pub fn stem(&self) -> &'a str {
        let name = self.path().rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    pub fn folder(&self) -> Option<&'a str> {
        self.path().rsplit('/').nth(1)
    }

    /// Returns true for a first heading `# Status` with others of its level: the page has no title.
    fn is_section(&self, first: &Heading) -> bool {
        let is_highest = |heading: &&Heading| heading.level == 1;
        first.title.eq_ignore_ascii_case("status")
            && self.headings().iter().filter(is_highest).nth(1).is_some()
    }

    /// The span between the title and the next heading, or the lines that state the title. If it has no `Name: value` lines, those
    /// above the first heading, or the first section if it is a list of such lines. In `AsciiDoc`, with the attributes above the title.
    pub fn preamble(&self) -> Option<Span> {
        *self.preamble.get_or_init(|| {
            if let Some(section) = self.section {
                return Some(section.own_body);
            }
            let page = self.markdown()?;
            if let Some(lead) = &page.lead {
                return Some(lead.span);
            }
            let Some(title) = self.title() else { return self.lines_without_heading() };
            if let Some(header) = &page.document_header {
                let section = (self.line_count(title.own_body) == 0).then(|| self.section_of_lines(page));
                let end = section.flatten().unwrap_or(title.own_body).end;
                return Some(Span { start: header.span.start, end });
            }
            let below_subtitle =
                || Some(self.subtitle()?.own_body).filter(|text| self.begins_with_header(*text));
            self.lines_elsewhere(page).or_else(below_subtitle).or(Some(title.own_body))
        })
    }

    /// Returns the text of a page without a title that begins with lines such as `**Title:** Use Git`, or with the title.
    fn lines_without_heading(&self) -> Option<Span> {
        const LEAST: usize = 3;
        let text = self.text_above_headings()?;
        let is_bold = self.source().slice(text).trim_start().starts_with("**");
        let is_header = is_bold && self.line_count(text) >= LEAST;
        let is_titled = || !self.headings().is_empty() && self.begins_with_numbered_line();
        (is_header || is_titled()).then_some(text)
    }

    /// The span between the front matter, or the start, and the first heading or the end.
    pub fn text_above_headings(&self) -> Option<Span> {
        let page = self.markdown().filter(|_| self.section.is_none())?;
        let start = page.front_matter.as_ref().map_or(self.source().bom_len(), |it| it.block.end as usize);
        let end = page.headings.first().map_or(self.source().text().len(), |it| it.line.start as usize);
        (start <= end).then(|| Span::new(start, end))
    }

    /// Returns the heading of a lower level directly below the title.
    pub(super) fn subtitle(&self) -> Option<&'a Heading> {
        let title = self.title()?;
        let next = self.headings().iter().find(|heading| heading.span.start > title.span.start)?;
        let is_direct = self.source().slice(title.own_body).trim().is_empty();
        (is_direct && next.level > title.level).then_some(next)
    }

    /// Returns true for text that begins with `Name: value` lines, a picture or a line of code.
    fn begins_with_header(&self, text: Span) -> bool {
        let is_marked = || {
            let text = self.source().slice(text).trim_start();
            text.starts_with(['[', '!', '`']) || text.starts_with(":::")
        };
        layout::begins_with_header(self.document, text) || is_marked()
    }

    fn lines_elsewhere(&self, page: &Markdown) -> Option<Span> {
        const LEAST_ABOVE: usize = 2;
        let first = self.title()?;
        let below = self.line_count(first.own_body);
        // The title is a key or a line, so that the first heading is that of a section.
        if first.level > 1 && self.begins_with_numbered_line() {
            return self.text_above_headings();
        }
        let is_titled =
            first.level > 1 && self.root.is_some_and(|root| by_key(root, &["title".into()]).is_some());
        let least_above = if is_titled { 1 } else { LEAST_ABOVE };
        let is_picture = |span: Span| self.source().slice(span).trim_start().starts_with(['[', '!']);
        // A list of one item that is all there is above the heading.
        let is_only_item = |span: Span| {
            let text = self.source().slice(span).trim();
            text.starts_with(['-', '*', '+']) && text.lines().count() == 1
        };
        let is_header = |span: &Span| {
            let count = self.line_count(*span);
            count >= least_above || (count > 0 && (is_picture(*span) || is_only_item(*span)))
        };
        // A note such as `Note: …` below the first heading is not the header.
        let above =
            self.text_above_headings().filter(|span| is_header(span) && self.line_count(*span) > below);
        let in_section = || self.section_of_lines(page).or_else(|| self.lines_below_links(page));
        above.or_else(|| if below == 0 { in_section() } else { None })
    }

    /// Returns true if the text above the headings begins with a numbered title that lacks its heading mark: `7. Use Git`. In
    /// reStructuredText a link target may precede it.
    fn begins_with_numbered_line(&self) -> bool {
        let text = self.text_above_headings().map_or("", |span| self.source().slice(span));
        let mut lines =
            text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(".. _"));
        let line = lines.next().unwrap_or_default();
        let title = line.trim_start_matches(|c: char| c.is_ascii_digit());
        title.len() < line.len() && title.starts_with(". ")
    }

    /// Returns the text of the first section below a list of links to other pages, if it begins with `Name: value` lines.
    fn lines_below_links(&self, page: &Markdown) -> Option<Span> {
        let title = self.title()?;
        let section = page.headings.iter().find(|heading| heading.span.start > title.span.start)?.own_body;
        let is_link = |text: &str| text.starts_with(['-', '*', '+']) && text.contains("](");
        let is_between =
            |text: &str| text.is_empty() || (text.len() >= 3 && text.bytes().all(|byte| byte == b'-'));
        let (mut start, mut has_links) = (section.start as usize, false);
        for line in self.source().slice(section).split_inclusive('\n') {
            let text = line.trim();
            if !is_link(text) && !is_between(text) {
                break;
            }
            has_links |= is_link(text);
            start += line.len();
        }
        let rest = Span::new(start, section.end as usize);
        (has_links && layout::begins_with_header(self.document, rest)).then_some(rest)
    }

    /// Returns the text of the first section if it begins with `Name: value` lines.
    fn section_of_lines(&self, page: &Markdown) -> Option<Span> {
        const LEAST_IN_SECTION: usize = 3;
        let title = self.title()?;
        let section = page.headings.iter().find(|heading| heading.span.start > title.span.start)?.own_body;
        let is_header = layout::begins_with_header(self.document, section)
            && self.line_count(section) >= LEAST_IN_SECTION;
        is_header.then_some(section)
    }

    fn line_count(&self, span: Span) -> usize {
        let lines = layout::header_lines(self.document, &[span], &[]);
        lines.map_or(0, |lines| entry_count(&lines))
    }

    /// Returns the `Name: value` lines of the preamble.
    pub fn header(&self) -> Option<&Node> {
        let parse = || {
            let whole = self.preamble()?;
            match self.markdown()?.document_header.as_ref().filter(|_| self.section.is_none()) {
                Some(header) => {
                    let above = Span { end: header.title_lines.start, ..whole };
                    let below = Span { start: header.title_lines.end, ..whole };
                    layout::header_lines(self.document, &[above, below], &header.implied)
                }
                None => layout::header_lines(self.document, &[whole], &[]),
            }
        };
        self.header.get_or_init(|| parse().map(Arc::new)).as_deref()
    }

    /// Returns the `Name: value` lines below each heading above the section, the nearest first, and those above the first
    /// heading.
    pub(crate) fn headers_above(&self) -> &[Node] {
        let find = || {
            let section = self.section?;
            let headings = &self.markdown()?.headings;
            let above = |heading: &Heading| headings.get(heading.above? as usize);
            let around = std::iter::successors(above(section), |heading| above(heading));
            let page = View::new(self.document, None, None);
            let texts = around.map(|heading| heading.own_body).chain(page.text_above_headings());
            Some(texts.filter_map(|text| layout::header_lines(self.document, &[text], &[])).collect())
        };
        self.headers_above.get_or_init(|| find().unwrap_or_default())
    }

    /// Returns the value of the first line of one of these names above the headings of the page or below the first of them.
    pub(super) fn line_of_first_sections(&self, names: &[Box<str>]) -> Option<Node> {
        const MOST_SECTIONS: usize = 6;
        let page = self.markdown().filter(|_| self.section.is_none())?;
        let is_named = |span: &Span| {
            let text = self.source().slice(*span);
            names.iter().any(|name| text.contains(&**name) || text.contains(&name.to_lowercase()))
        };
        // An item of another one is about that.
        let is_outermost = |key: Span| {
            let before = self.source().text().get(..key.start as usize).unwrap_or_default();
            !before.rsplit('\n').next().is_some_and(|line| line.starts_with([' ', '\t']))
        };
        let is_shown = |entry: &Entry| {
            let span = entry.key.span;
            is_outermost(span) && !page.comments.iter().any(|comment| comment.contains(span))
        };
        let sections = page.headings.iter().take(MOST_SECTIONS).map(|heading| heading.own_body);
        let mut parts = self.text_above_headings().into_iter().chain(sections).filter(is_named);
        let read = |part| {
            let lines = layout::header_lines(self.document, &[part], &[])?;
            let mut entries = lines.as_mapping()?.entries().iter();
            let is_named = |entry: &&Entry| names.iter().any(|name| same_key(&entry.key.name, name));
            let found = entries.find(|entry| is_named(entry) && !entry.value.is_null() && is_shown(entry))?;
            Some(found.value.clone())
        };
        parts.find_map(read)
    }

    /// Returns the headings below the title that state a value: `## Status: accepted`.
    pub(super) fn stated_headings(&self) -> Option<&Node> {
        const MOST: usize = 8;
        let parse = || {
            let title = self.title()?;
            let below = self.headings().iter().filter(|other| other.span.start > title.span.start);
            let stated = below
                .take(MOST)
                .filter_map(|heading| layout::header_lines(self.document, &[heading.span], &[]));
            let mut mapping = MappingBuilder::default();
            for entry in
                stated.collect::<Vec<_>>().iter().filter_map(Node::as_mapping).flat_map(Mapping::entries)
            {
                if !entry.value.is_null() && mapping.get(&entry.key.name).is_none() {
                    mapping.push(entry.key.clone(), entry.value.clone());
                }
            }
            let (first, last) = (mapping.entries().first()?, mapping.entries().last()?);
            Some(Node::mapping(first.key.span.to(last.value.span), mapping))
        };
        self.stated_headings.get_or_init(parse).as_ref()
    }

    /// Returns the cell beside the first of these names in the first table, if it is a list of names and values. Its header may
    /// be one of them. In a table of one row, returns the cell below the name.
    pub fn first_table_cell(&self, names: &[Box<str>]) -> Option<&'a Cell> {
        let table = self.first_table()?;
        let above = self.section.map_or(0, |section| {
            let all = self.markdown().map_or(&[][..], |page| &page.headings);
            all.partition_point(|heading| heading.span.start < section.span.start)
        });
        let is_near = table.heading.is_none_or(|at| at <= above + MAX_SECTIONS_ABOVE);
        let rows = || std::iter::once(&table.header).chain(&table.rows);
        let is_named = |cells: &[Cell], name: &str| {
            let mut plain = cells.first().map_or("", |cell| cell.text.trim()).trim_end_matches(':');
            plain = plain.trim();
            same_key(plain, name)
        };
        let value = match table.rows.as_slice() {
            [row] if (table.header.len() > 2 && is_near) || self.heads_columns(&table.header) => {
                TableRow { header: &table.header, cells: row }.cell(names)
            }
            _ if table.header.len() == 4
                && is_near
                && table.header.iter().all(|it| it.text.trim().is_empty()) =>
            {
                let pairs = || table.rows.iter().flat_map(|cells| cells.chunks_exact(2));
                names.iter().find_map(|name| pairs().find(|cells| is_named(cells, name)))?.get(1)
            }
            _ if table.header.len() == 2 && is_near => {
                let is_ordinary = explains_words(&table.header) || !self.names_in_rows(table);
                let rows = || rows().skip(usize::from(is_ordinary));
                let found = names.iter().find_map(|name| rows().find(|cells| is_named(cells, name)))?;
                found.get(1)
            }
            _ => None,
        };
        value.filter(|value| !value.text.trim().is_empty())
    }

    /// Returns true if a row of a table is named after a field. If none is, as below `| State | Behavior |`, the header is no field either.
    fn names_in_rows(&self, table: &Table) -> bool {
        let is_name = |cells: &Vec<Cell>| {
            let name = cells.first().map_or("", |cell| label_text(&cell.text));
            self.profile.is_none_or(|profile| profile.field_of_row(name).is_some())
        };
        table.rows.is_empty() || table.rows.iter().any(is_name)
    }

    /// Returns true for `| Authors | Revision |`, both names of fields, and false for `| Authors | Ada |`.
    fn heads_columns(&self, header: &[Cell]) -> bool {
        let is_name = |cell: &Cell| {
            self.profile.is_some_and(|profile| profile.field_of_row(cell.text.trim()).is_some())
        };
        header.len() == 2 && header.iter().all(is_name)
    }

    /// Returns the names and values of the first table, if it is a list of them.
    pub(crate) fn first_table_rows(&self) -> Vec<(Box<str>, Box<str>)> {
        let table = self.markdown().and_then(|page| page.tables.first()).filter(|it| it.header.len() == 2);
        let rows = table.into_iter().flat_map(|table| std::iter::once(&table.header).chain(&table.rows));
        let pair = |cells: &Vec<Cell>| {
            let name = cells.first()?.text.trim().trim_end_matches(':').trim();
            Some((name.into(), cells.get(1)?.text.trim().into()))
        };
        rows.filter_map(pair).filter(|(_, value): &(Box<str>, Box<str>)| !value.is_empty()).collect()
    }

    /// Returns true for `failed-nodes.md` in `failed-nodes` or in `2955-failed-nodes`.
    pub(super) fn has_name_of_folder(&self) -> bool {
        let folder = self.folder().unwrap_or_default();
        let words = folder.trim_start_matches(|c: char| !c.is_alphabetic());
        !words.is_empty() && [folder, words].iter().any(|name| same_key(name, self.stem()))
    }

    /// Returns the first heading of the first key that has one: see [`section_key`].
    pub fn section(&self, keys: &[Box<str>]) -> Option<&'a Heading> {
        let at = keys.iter().find_map(|key| self.sections().get(&**key))?;
        self.headings().get(*at)
    }

    /// Returns true if a section with this key is directly below the title, or a heading with the key and a value.
    pub fn has_top_level_section(&self, key: &str) -> bool {
        let is_stated = || {
            let entries = self.stated_headings().and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
            entries.iter().any(|entry| section_key(&entry.key.name) == key)
        };
        self.sections().get(key).map_or_else(is_stated, |at| self.is_top_level(*at))
    }

    /// Returns true if a section directly below the title has a key for which `is_match` is true.
    pub fn has_section_like(&self, is_match: impl Fn(&str) -> bool) -> bool {
        self.sections().iter().any(|(key, at)| is_match(key) && self.is_top_level(*at))
    }

    /// Returns true for a heading of a detail, such as `##### Status` of a part that the page describes.
    pub(super) fn is_far_below_title(&self, heading: &Heading) -> bool {
        const LEVELS: u8 = 3;
        heading.level >= self.title().map_or(1, |title| title.level) + LEVELS
    }

    /// Returns true for a heading that is directly below the title.
    fn is_top_level(&self, at: usize) -> bool {
        let headings = self.headings();
        let level = headings[at].level;
        // A list of contents in the middle of a page has no sections of its own.
        let is_list = |other: &Heading| section_key(&other.title) == CONTENTS;
        let around = headings[..at].iter().rev().filter(|other| other.level < level);
        let mut around = around.filter(|other| !is_list(other));
        // Some pages repeat their title under it.
        let is_title = |other: &Heading| {
            self.title().is_some_and(|title| title.span == other.span || title.title == other.title)
                || *self.day_heading.get_or_init(|| self.day_below_title()) == Some(other.span)
        };
        around.next().is_none_or(is_title)
    }

    /// Returns the index of the first heading for each section key, without the title.
    pub fn sections(&self) -> &HashMap<String, usize> {
        self.sections.get_or_init(|| {
            let headings = self.headings();
            let title = self.title().filter(|title| title.level == 1).map(|title| title.span);
            let mut sections = HashMap::with_capacity(headings.len());
            for (at, heading) in headings.iter().enumerate().filter(|(_, other)| Some(other.span) != title) {
                sections.entry(section_key(&heading.title)).or_insert(at);
                if let Some(name) = before_request(&heading.title) {
                    sections.entry(section_key(name)).or_insert(at);
                }
            }
            Arc::new(sections)
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

/// A list of names and values below a later heading describes something else than the page.
const MAX_SECTIONS_ABOVE: usize = 3;

/// The key of a heading above the list of the sections.
const CONTENTS: &str = "table of contents";

/// Returns the words of a heading before what it asks of readers: `Participants (please add yourself)`.
fn before_request(title: &str) -> Option<&str> {
    let (name, note) = title.strip_suffix(')')?.split_once(" (")?;
    let first = note.split(' ').next().unwrap_or_default();
    ["please", "add"].iter().any(|word| word.eq_ignore_ascii_case(first)).then_some(name)
}

fn entry_count(node: &Node) -> usize {
    node.as_mapping().map_or(0, Mapping::len)
}

/// Returns true for the header of a table that says what words mean: `| Status | Meaning |`.
fn explains_words(header: &[Cell]) -> bool {
    const COLUMNS: [&str; 4] = ["definition", "description", "explanation", "meaning"];
    header.get(1).is_some_and(|cell| COLUMNS.iter().any(|name| name.eq_ignore_ascii_case(cell.text.trim())))
}
