//! Reads the lines of labels and values below a title, above it, in a section for them and in a block of code.

use std::collections::HashSet;

use memchr::memchr3;

use super::{Content, Origin, Statement, table};
use crate::limits;
use crate::syntax::line::{self, Entry, Line, Marks, Style};
use crate::syntax::markdown::Heading;
use crate::syntax::{Document, Format, Markdown, asciidoc};
use crate::text::{Source, Span, beginning_in, label_key};
use crate::value::date::{self, Order};
use crate::value::words;

/// In this many of the first sections below a title without a header of its own, a header may stand.
const SECTIONS: usize = 3;

/// So many lines are a header where nothing else shows that.
const FEWEST: usize = 3;

/// Reads the header of a page, and returns the heading whose text it is, if it is a section's.
pub(super) fn of_page<'a>(
    document: &'a Document,
    page: &'a Markdown,
    title: Option<&'a Heading>,
) -> (Option<&'a Heading>, Vec<Statement<'a>>) {
    let source = &*document.source;
    let above = above_headings(document, page);
    let mut statements = in_text(document, above);
    if statements.is_empty() && page.headings.is_empty() {
        statements = below_first_line(document, above);
    }
    let attributes = attributes(document, page);
    statements.extend(attributes.iter().cloned());
    let Some(title) = title else { return (None, statements) };
    let mut below = in_text(document, title.own_body);
    for statement in &mut below {
        // In `AsciiDoc`, `Status: {state}` has the value of the attribute.
        let name = source.slice(statement.span).strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        let attribute = attributes.iter().find(|it| Some(&*it.label) == name);
        if let Some(attribute) = attribute {
            (statement.content, statement.span) = (attribute.content.clone(), attribute.span);
        }
    }
    let is_empty = below.is_empty();
    // A note such as `Note: …` below the title is no header where one stands above it.
    if statements.len() < 2 || below.len() >= FEWEST || statements.len() <= below.len() {
        statements.extend(below);
    }
    if !is_empty && statements.iter().any(|it| is_usual(it)) {
        return (None, statements);
    }
    let from = page.headings.partition_point(|heading| heading.span.start <= title.span.start);
    for (at, heading) in page.headings[from..].iter().enumerate().take(SECTIONS) {
        let is_named = words::is_in("metadata-sections", &label_key(&heading.title));
        let is_subtitle = at == 0 && source.slice(title.own_body).trim().is_empty();
        if !(is_named || at == 0) {
            continue;
        }
        // A table of one row in a section is one of something else.
        let is_of_row = |it: &Statement<'_>| {
            page.tables_in(heading.own_body)
                .iter()
                .any(|table| table.span.contains(it.label_span) && table.header.len() > 2)
        };
        let mut found = in_text(document, heading.own_body);
        found.retain(|it| is_named || !is_of_row(it));
        if !is_named && is_like_next(document, &found, &page.headings[from + at + 1..]) {
            return (None, statements);
        }
        let is_header = is_named
            || found.len() >= FEWEST && found.iter().any(is_usual)
            || (is_subtitle && found.iter().filter(|it| is_usual(it)).count() > 1);
        if is_header && !found.is_empty() {
            statements.extend(found);
            return (Some(heading), statements);
        }
    }
    (None, statements)
}

/// Reads the lines below the first one, which is the title of a page without headings.
fn below_first_line(document: &Document, within: Span) -> Vec<Statement<'_>> {
    let text = document.source.slice(within);
    let start = text.len() - text.trim_start().len();
    let end = text[start..].find("\n\n").filter(|end| !text[start..start + end].contains('\n'));
    let found = end.map(|end| in_text(document, within.part(start + end..text.len())));
    found.filter(|found| found.len() > 1).unwrap_or_default()
}

/// Returns true if the next section states the same as one: each is about a thing of its own, and none the header of the page.
fn is_like_next(document: &Document, found: &[Statement<'_>], next: &[Heading]) -> bool {
    const FEWEST_ALIKE: usize = 2;
    let Some(next) = next.first() else { return false };
    let stated = in_text(document, next.own_body);
    found.iter().filter(|it| stated.iter().any(|other| other.key == it.key)).count() >= FEWEST_ALIKE
}

/// Reads the header in a part of a page: lines, a table of labels and values, a table of one row, or one in HTML.
pub(super) fn in_text(document: &Document, within: Span) -> Vec<Statement<'_>> {
    let Some(page) = document.markdown.as_deref() else { return Vec::new() };
    let mut statements = lines(document, within);
    for found in page.tables_in(within) {
        statements.extend(table::labelled(document, found));
    }
    for html in beginning_in(&page.html, within, |html| *html) {
        statements.extend(table::in_html(&document.source, *html));
    }
    let mut stated = HashSet::new();
    statements.retain(|it| stated.insert(it.label_span));
    statements
}

/// Reads the lines of labels and values in a part of a page.
pub(super) fn lines(document: &Document, within: Span) -> Vec<Statement<'_>> {
    let source = &*document.source;
    let comments = document.markdown.as_ref().map_or(&[][..], |page| &page.comments);
    let is_shown = |entry: &Entry<'_>| !comments.iter().any(|comment| comment.contains(entry.label_span));
    let fences = document.markdown.as_ref().map_or(&[][..], |page| &page.fences);
    let is_in_code = |entry: &Entry<'_>| fences.iter().any(|fence| fence.span.contains(entry.label_span));
    let marks = if document.format == Format::AsciiDoc { Marks::AsciiDoc } else { Marks::Usual };
    let entries = entries(source, within, marks).into_iter().filter(is_shown);
    // What a block of code says beside a header is an example.
    let (in_code, outside): (Vec<_>, Vec<_>) = entries.partition(is_in_code);
    let entries = if outside.is_empty() { in_code } else { outside };
    entries.into_iter().map(|entry| statement(source, entry)).collect()
}

/// Returns the statement of a heading that is a header line: `## Status: Accepted`.
pub(super) fn of_heading<'a>(document: &'a Document, heading: &'a Heading) -> Option<Statement<'a>> {
    // Most headings have no mark behind a label, and no day.
    if !heading.title.contains(|c: char| !c.is_alphabetic() && c != ' ') {
        return None;
    }
    let mut found = entries(&document.source, heading.span, Marks::Usual);
    let entry = found.pop().filter(|entry| found.is_empty() && !entry.value.is_empty())?;
    let is_known = words::is_in("labels", &label_key(entry.label));
    is_known.then(|| statement(&document.source, entry))
}

fn is_usual(statement: &Statement<'_>) -> bool {
    words::is_in("labels", &statement.key)
}

/// Returns the text between the front matter, the start or a mail header, and the first heading or the end.
fn above_headings(document: &Document, page: &Markdown) -> Span {
    let start = page.lead.as_ref().map_or_else(|| document.body_start(), |lead| lead.span.start as usize);
    let end = page.headings.first().map_or(document.source.text().len(), |it| it.line.start as usize);
    Span::new(start.min(end), end)
}

/// Returns what the lines of attributes, of the author and of the revision around the title of a page in `AsciiDoc` state.
fn attributes<'a>(document: &'a Document, page: &'a Markdown) -> Vec<Statement<'a>> {
    let Some(header) = &page.document_header else { return Vec::new() };
    let implied = header.implied.iter().map(|(name, value)| {
        Statement::new(name, Span::at(value.start as usize), Content::Text, *value, Origin::Header)
    });
    implied.chain(lines(document, header.span)).collect()
}

fn statement<'a>(source: &'a Source, entry: Entry<'a>) -> Statement<'a> {
    let plain = |span| line::strip_emphasis(source, line::strip_comment(source, span));
    let (content, span) = match (entry.items.first(), entry.items.last()) {
        (Some(first), Some(last)) => {
            (Content::List(entry.items.iter().map(|item| plain(*item)).collect()), first.to(*last))
        }
        _ if entry.value.is_empty() => (Content::Nothing, entry.label_span),
        _ => (Content::Text, plain(entry.value)),
    };
    Statement::new(entry.label, entry.label_span, content, span, Origin::Header)
}

/// Which lines without a mark are entries.
#[derive(Clone, Copy, Default, PartialEq)]
enum Unmarked {
    #[default]
    Entries,
    /// Below a label in bold: entries whose label reads like one.
    Labels,
    None,
}

#[derive(Default)]
struct Reader<'a> {
    marks: Marks,
    entries: Vec<Entry<'a>>,
    unmarked: Unmarked,
    /// True until a blank line follows: indented lines continue the last entry.
    may_continue: bool,
    /// True below a numbered item, until the next entry.
    is_list_over: bool,
    /// The indentation of an item that is no entry: what is indented more belongs to it.
    item: Option<usize>,
}

/// Reads the entries of a part of a page, in order.
fn entries(source: &Source, within: Span, marks: Marks) -> Vec<Entry<'_>> {
    let mut reader = Reader { marks, ..Reader::default() };
    // The quotes with which a text begins may hold entries, each up to its prose.
    let (mut may_be_quote, mut is_prose) = (true, false);
    for line in line::lines(source, within, marks).take(limits::HEADER_LINES) {
        let is_quote = may_be_quote && marks == Marks::Usual && line.text.starts_with('>');
        may_be_quote &= is_quote || line.text.is_empty();
        if !is_quote {
            if std::mem::take(&mut is_prose) {
                reader.unmarked = Unmarked::Entries;
            }
            reader.take(&line);
            continue;
        }
        let line = line.unquoted();
        // The kind of a note that GitHub draws a box around: `> [!NOTE]`.
        let is_kind = line.text.starts_with("[!") && line.text.ends_with(']');
        if !is_prose && !is_kind {
            reader.take(&line);
            is_prose = !(line.text.is_empty() || reader.may_continue);
        }
    }
    reader.entries
}

impl<'a> Reader<'a> {
    fn take(&mut self, line: &Line<'a>) {
        if line.text.is_empty() {
            self.may_continue = self.entries.last().is_some_and(Entry::is_open_term);
            return;
        }
        let is_silent = match self.marks {
            Marks::Usual => line.text.starts_with("<!--") && line.text.ends_with("-->"),
            Marks::AsciiDoc => asciidoc::is_silent_line(line.text),
        };
        if is_silent || (self.may_continue && self.continue_last(line)) {
            return;
        }
        if self.item.is_some_and(|indentation| line.indentation > indentation) {
            return;
        }
        let has_mark = memchr3(b'*', b'_', b':', line.text.as_bytes()).is_some() || line.text.contains('：');
        let mut found = match has_mark {
            true => line::pairs(line, self.unmarked != Unmarked::None, self.marks),
            false => Vec::new(),
        };
        if found.is_empty() && self.unmarked != Unmarked::None {
            found.extend(dated(line));
        }
        let is_item = line::strip_bullet(line.text, self.marks).is_some();
        self.item = Some(line.indentation).filter(|_| is_item && found.is_empty());
        if self.unmarked == Unmarked::Labels && found.first().is_some_and(|entry| !entry.may_follow_bold()) {
            found.clear();
        }
        if found.is_empty() && line::is_numbered_item(line.text) {
            // A numbered list begins here, and the items below it are its own.
            self.is_list_over = true;
        }
        if found.is_empty() && !self.is_list_over && self.add_item(line) {
            self.may_continue = true;
            return;
        }
        self.may_continue = !found.is_empty();
        self.is_list_over &= found.is_empty();
        self.unmarked = match found.first().map(|first| first.style) {
            _ if self.unmarked == Unmarked::None => Unmarked::None,
            Some(Style::Mail | Style::Field | Style::Term) => self.unmarked,
            Some(Style::Bold) => Unmarked::Labels,
            // The word of a section for the status, above other lines.
            None if self.entries.is_empty() && line.text.chars().all(char::is_alphabetic) => Unmarked::Labels,
            None if self.entries.is_empty()
                && line.text.starts_with(['#', '`', '~', '<', '=', '!', ':', '(', '.']) =>
            {
                self.unmarked
            }
            Some(Style::Bullet) | None => Unmarked::None,
        };
        self.entries.extend(found);
    }

    /// Returns the text of a line that is an item of a list.
    fn item_of(&self, line: &Line<'a>) -> Option<Span> {
        line::strip_bullet(line.text, self.marks).map(|content| line::part_span(line, content))
    }

    /// Adds an item of a list to the label above it that has no value: `Authors:`, then `* Ada`.
    fn add_item(&mut self, line: &Line<'a>) -> bool {
        let item = self.item_of(line);
        let last = self.entries.last_mut().filter(|last| last.value.is_empty());
        let (Some(item), Some(last)) = (item, last) else { return false };
        last.items.push(item);
        true
    }

    fn continue_last(&mut self, line: &Line<'a>) -> bool {
        let marks = self.marks;
        let may_continue = |last: &&mut Entry<'_>| match last.is_open_term() {
            true => line::pairs(line, true, marks).is_empty(),
            false => line.indentation > last.indentation,
        };
        let (item, whole) = (self.item_of(line), line::part_span(line, line.text));
        let Some(last) = self.entries.last_mut().filter(may_continue) else { return false };
        match (item, last.items.last_mut()) {
            (Some(item), _) if last.value.is_empty() => last.items.push(item),
            (Some(_), _) => return line::pairs(line, false, marks).is_empty(),
            (None, Some(item)) => *item = item.to(whole),
            (None, None) if last.value.is_empty() => last.value = whole,
            (None, None) => last.value = last.value.to(whole),
        }
        true
    }
}

/// Returns the entry of a line that lacks its colon, `Date 09/04/2018`, or its label, `2018-04-09`, also with the time of a session.
fn dated<'a>(line: &Line<'a>) -> Option<Entry<'a>> {
    let is_label = |label: &str| words::is_in("labels", label.trim_matches('*'));
    let named = line.text.split_once(' ').filter(|(label, _)| is_label(label));
    let (label, rest) = named.unwrap_or(("Date", line.text));
    let stated = date::read(rest, Order::Unknown).ok()?;
    let is_alone = stated.day().is_some() && stated.range.start == 0;
    let mut behind =
        rest[stated.range.end..].split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let is_time = behind.all(|word| words::is_in("words-of-times", word));
    let is_all = is_time && (named.is_some() || is_alone);
    let (label, value) = (label.trim_matches('*'), line::part_span(line, rest));
    let label_span = named.map_or(value, |_| line::part_span(line, label));
    is_all.then(|| Entry {
        style: Style::Mail,
        indentation: line.indentation,
        label,
        label_span,
        value,
        items: Vec::new(),
    })
}

pub fn header_lines(document: &Document, part: Span) -> Vec<crate::node::Entry> {
    lines(document, part).iter().map(|it| it.entry(&document.source)).collect()
}
