//! The entries of a page that lists records: rows of tables, items of lists, and lines that begin with a link.

use std::ops::Range;
use std::sync::Arc;

use ahash::HashMap;
use jiff::civil::Date;

use crate::calendar::parse_date;
use crate::catalog::{SourceFile, relative_to};
use crate::kind::Kind;
use crate::record::{Record, trailing_number};
use crate::rule::runtime::{
    Context, EvalError, EvalResult, Evaluated, Fact, FactIdentity, FactType, Ty, Value,
};
use crate::syntax::Markdown;
use crate::syntax::markdown::{Cell, Link, ListItem};
use crate::text::{Source, Span};
use crate::value::date::{self, Order};
use crate::value::{identifier, words};

use super::fields;

pub(super) static ENTRY: FactType = FactType::new(
    "an entry of an index",
    &[
        (Ty::String, &["text", "title", "status", "rewritten"]),
        (Ty::Record, &["target"]),
        (Ty::Int, &["number"]),
        (Ty::Date, &["date"]),
    ],
)
.searchable();

struct Entry<'a> {
    span: Span,
    link: Option<&'a Link>,
    target: Option<&'a Record>,
    number: Option<Span>,
    title: Option<Span>,
    status: Option<(Span, &'a str)>,
    /// The status that a heading above gives, where the entry gives none.
    group: Option<&'a str>,
    date: Option<(Span, Date)>,
    /// The cells of a row.
    cells: Vec<Span>,
}

/// Reads the entries of a page, in the order of the file.
pub(super) fn entries<'a>(cx: &Context<'a>, file: &'a SourceFile) -> EvalResult<'a> {
    let source = file.source();
    let entries = read(cx, file)?;
    let titles: Vec<bool> = entries.iter().filter_map(|entry| entry.has_same_title(source)).collect();
    // Where most names are others, they are no titles.
    let are_titles = titles.iter().filter(|is_same| **is_same).count() * 2 >= titles.len();
    let facts = entries.into_iter().map(|entry| {
        let is_other = are_titles && entry.has_same_title(source) == Some(false);
        let number = entry.number.and_then(|number| source.slice(number).parse().ok());
        let rewritten = entry.target.and_then(|target| entry.rewritten(cx, source, target));
        let members = vec![
            ("text", Value::string(source.slice(entry.span))),
            ("title", Value::maybe(entry.title.filter(|_| is_other).map(|title| source.slice(title)))),
            ("target", entry.target.map_or(Value::Null, Value::Record)),
            ("number", number.map_or(Value::Null, Value::Int)),
            ("status", Value::maybe(entry.status.map(|(_, status)| status).or(entry.group))),
            ("date", entry.date.map_or(Value::Null, |(_, date)| Value::Date(date))),
            ("rewritten", Value::maybe(rewritten)),
        ];
        Fact::new(members, entry.span, FactIdentity::Words).with_text(source, entry.span).into()
    });
    Ok(Value::list(facts.collect()))
}

/// Writes an entry as it would be for each of some records, one a line; unless it says what can't be said of another record.
pub(super) fn rewritten<'a>(cx: &Context<'a>, entry: &Value<'a>, records: &Value<'a>) -> EvalResult<'a> {
    let Value::Fact(fact) = entry else { return Err(EvalError::Indeterminate) };
    let source = fact.written.ok_or(EvalError::Absent)?.source;
    let file = cx.catalog.file_at(source.path()).ok_or(EvalError::Absent)?;
    let entry = read(cx, file)?.into_iter().find(|entry| entry.span == fact.span).ok_or(EvalError::Absent)?;
    let mut lines = Vec::new();
    for record in records.elements(cx.catalog) {
        let line = entry.rewritten(cx, source, record.record()?).ok_or(EvalError::Absent)?;
        cx.step(line.len())?;
        lines.push(line);
    }
    let line_break = if source.text().contains("\r\n") { "\r\n" } else { "\n" };
    Ok(Value::string(lines.join(line_break)))
}

fn read<'a>(cx: &Context<'a>, file: &'a SourceFile) -> Evaluated<Vec<Entry<'a>>> {
    let Some(page) = cx.catalog.document(file).markdown.as_deref() else { return Ok(Vec::new()) };
    let folder = folder(file.path());
    let links = page.links.iter().filter(|link| !link.image);
    let links = links.filter_map(|link| Some((link, cx.catalog.record_at_link(file.path(), link)?)));
    let links: Vec<_> = links.filter(|(_, record)| *record.path != **file.path()).collect();
    let first = links.first().map(|(_, record)| *record);
    let kind = first.map_or(crate::record::page_kind(), |record| &*record.kind.name);
    let beside = cx.catalog.of_kind_below(kind, folder).iter().map(|number| cx.catalog.record(*number));
    let titled = beside.filter_map(|record| Some((record.stated_title()?.to_lowercase(), record)));
    let titled: HashMap<String, &Record> = titled.collect();
    cx.step(links.len() + titled.len() + file.source().text().len() / 64)?;
    let reader = Reader { cx, source: file.source(), kind: cx.catalog.kinds().get(kind), links, titled };
    Ok(reader.entries(page))
}

fn folder(path: &str) -> &str {
    &path[..path.rfind('/').map_or(0, |slash| slash + 1)]
}

#[derive(Clone, Copy, PartialEq)]
enum Column {
    Number,
    Title,
    Status,
    Date,
}

struct Reader<'a, 'c> {
    cx: &'c Context<'a>,
    source: &'a Arc<Source>,
    kind: Option<&'a Arc<Kind>>,
    links: Vec<(&'a Link, &'a Record)>,
    /// The records below the folder of the page, by their titles in small letters.
    titled: HashMap<String, &'a Record>,
}

impl<'a> Reader<'a, '_> {
    fn entries(&self, page: &'a Markdown) -> Vec<Entry<'a>> {
        let rows = page.tables.iter().flat_map(|table| {
            let columns: Vec<_> = table.header.iter().map(|cell| self.column(cell)).collect();
            table.rows.iter().filter_map(move |row| self.row(&columns, row))
        });
        let items = page.items.iter().filter_map(|item| self.item(item));
        let mut entries: Vec<Entry<'a>> = rows.chain(items).collect();
        entries.sort_by_key(|entry| entry.span.start);
        let is_read = |link: &Link| {
            let after = entries.partition_point(|entry| entry.span.start <= link.span.start);
            after.checked_sub(1).is_some_and(|at| entries[at].span.contains(link.span))
        };
        let others = self.links.iter().filter(|(link, _)| !is_read(link));
        let lines: Vec<Entry<'a>> = others.filter_map(|link| self.line(*link)).collect();
        entries.extend(lines);
        entries.sort_by_key(|entry| entry.span.start);
        for entry in entries.iter_mut().filter(|entry| entry.status.is_none()) {
            entry.group = self.group(page, entry);
        }
        entries
    }

    /// Returns what the heading of a column says that its cells are: fields by the names that the kind has for them.
    fn column(&self, heading: &Cell) -> Option<Column> {
        if heading.heads_numbers() {
            return Some(Column::Number);
        }
        let kind = self.kind?;
        match &*kind.shape.by_key(heading.text.trim_matches(['*', '_', ' ']))?.name {
            name if kind.status.as_deref() == Some(name) => Some(Column::Status),
            "date" => Some(Column::Date),
            "title" => Some(Column::Title),
            _ => None,
        }
    }

    fn row(&self, columns: &[Option<Column>], row: &'a [Cell]) -> Option<Entry<'a>> {
        let (first, last) = (row.first()?.span, row.last()?.span);
        let start = self.source.line_span(first.start as usize).start;
        let span = Span { start, end: self.source.line_span(last.end.max(start) as usize).end };
        let cell = |column: Column| {
            let named = columns.iter().zip(row).find(|(named, _)| **named == Some(column));
            named.map(|(_, cell)| cell.span).filter(|span| !span.is_empty())
        };
        let is_plain = |cell: &&Cell| cell.text.chars().any(char::is_alphabetic);
        let status = cell(Column::Status);
        let link = self.links_in(span).find(|(link, _)| status.is_none_or(|cell| !cell.contains(link.span)));
        let title = || row.iter().zip(columns.iter().chain(std::iter::repeat(&None)));
        let is_of_title = |column: &Option<Column>| matches!(column, None | Some(Column::Title));
        let title = || title().filter(|(_, it)| is_of_title(it)).map(|(cell, _)| cell).find(is_plain);
        let label = link.map(|(link, _)| link.text).or_else(|| title().map(|cell| cell.span))?;
        let mut entry = self.entry(span, label, link);
        entry.cells = row.iter().map(|cell| cell.span).collect();
        let is_beside = |cell: &Span| link.is_none_or(|(link, _)| !cell.contains(link.span));
        if let Some(cell) = cell(Column::Title).filter(is_beside) {
            entry.title = self.entry(span, cell, None).title;
        }
        if entry.title.is_none() {
            let own = entry.target.and_then(|record| record.stated_title());
            let is_title = |cell: &&Cell| own.is_some_and(|own| same(own, &cell.text));
            entry.title = row.iter().find(is_title).map(|cell| cell.span);
        }
        if let Some(cell) = cell(Column::Number) {
            entry.number = split(self.source.slice(cell)).0.map(|range| cell.part(range)).or(entry.number);
        }
        entry.target = entry.target.or_else(|| self.named(&entry));
        entry.status = status.and_then(|cell| self.status(entry.target?, cell));
        entry.date = cell(Column::Date).and_then(|cell| {
            Some((cell, parse_date(self.source.slice(cell).trim_matches(['*', '_', ' ']))?))
        });
        (entry.target.is_some() || entry.number.is_some()).then_some(entry)
    }

    fn item(&self, item: &'a ListItem) -> Option<Entry<'a>> {
        let link = self.links_in(item.text).next();
        let label = link.map_or(item.text, |(link, _)| link.text);
        let start = self.source.line_span(item.text.start as usize).start;
        let end = self.source.line_span(link.map_or(item.text.start, |(link, _)| link.span.end) as usize).end;
        let mut entry = self.entry(Span { start, end }, label, link);
        entry.target = entry.target.or_else(|| self.named(&entry));
        let tail = Span { start: link.map_or(end, |(link, _)| link.span.end.min(end)), end };
        entry.status = entry.target.and_then(|target| self.status(target, tail));
        let before = Span { start, end: link.map_or(start, |(link, _)| link.span.start) };
        entry.date = [before, tail].into_iter().find_map(|part| {
            let stated = date::find(self.source.slice(part), Order::Unknown)?;
            Some((part.part(stated.range.clone()), stated.day()?))
        });
        entry.title = entry.title.or_else(|| self.title_behind(tail));
        entry.target.is_some().then_some(entry)
    }

    fn line(&self, (link, record): (&'a Link, &'a Record)) -> Option<Entry<'a>> {
        let span = self.source.line_span(link.span.start as usize);
        let before = self.source.slice(Span { end: link.span.start, ..span });
        let is_first = !before.contains(char::is_alphabetic);
        is_first.then(|| self.entry(span, link.text, Some((link, record))))
    }

    fn entry(&self, span: Span, label: Span, link: Option<(&'a Link, &'a Record)>) -> Entry<'a> {
        let (number, title) = split(self.source.slice(label));
        let part = |range: Option<Range<usize>>| range.map(|range| label.part(range));
        Entry {
            span,
            link: link.map(|(link, _)| link),
            target: link.map(|(_, record)| record),
            number: part(number),
            title: part(title),
            status: None,
            group: None,
            date: None,
            cells: Vec::new(),
        }
    }

    /// Returns the title behind a label that is a number: `ADR-0001 - Use Git`, up to brackets or the end.
    fn title_behind(&self, tail: Span) -> Option<Span> {
        let text = self.source.slice(tail);
        let title = text
            .trim_start_matches([']', ')', ' ', '*', '_'])
            .strip_prefix([':', '-', '–', '—'])?
            .trim_start();
        let start = text.len() - title.len();
        let title = title[..title.find(['(', '[', '\n']).unwrap_or(title.len())].trim_end();
        title.starts_with(char::is_uppercase).then(|| tail.part(start..start + title.len()))
    }

    /// Returns the status that the innermost heading above an entry names.
    fn group(&self, page: &'a Markdown, entry: &Entry<'a>) -> Option<&'a str> {
        let kind = &entry.target?.kind;
        let field = kind.shape.field(kind.status.as_deref()?)?;
        let below = page.headings.partition_point(|heading| heading.span.start < entry.span.start);
        let title = page.headings[..below].last()?.title.trim();
        // `Accepted decisions`
        let is_noun = |word: &str| words::is_in("decision-words", &word.to_lowercase());
        let adjective = title.rsplit_once(' ').filter(|(_, noun)| is_noun(noun)).map_or(title, |(it, _)| it);
        field.canonical(adjective)
    }

    fn links_in(&self, span: Span) -> impl Iterator<Item = (&'a Link, &'a Record)> {
        let from = self.links.partition_point(|(link, _)| link.span.start < span.start);
        self.links[from..].iter().take_while(move |(link, _)| link.span.start < span.end).copied()
    }

    /// Returns the record with the title, and the number if there is one, of an entry without a link.
    fn named(&self, entry: &Entry<'a>) -> Option<&'a Record> {
        let record = *self.titled.get(&self.source.slice(entry.title?).to_lowercase())?;
        let number = entry.number.map(|number| trailing_number(self.source.slice(number)));
        number.is_none_or(|number| trailing_number(&record.id) == number).then_some(record)
    }

    /// Returns the words of a status in a part of the page, and the value that they mean for a record.
    fn status(&self, record: &'a Record, part: Span) -> Option<(Span, &'a str)> {
        let text = self.source.slice(part);
        let start = text.find(char::is_alphabetic)?;
        let end = text[start..].find(['(', ')', ']', '*', '_', '|', ',', ';', '\n']);
        let words = text[start..].get(..end.unwrap_or(text.len() - start))?;
        let words = words.split(" by ").next()?.trim_end_matches(|c: char| !c.is_alphabetic());
        let field = record.kind.shape.field(record.kind.status.as_deref()?)?;
        let written = fields::written_value(self.cx, &Value::Record(record), &field.name).ok();
        let is_own = written.as_ref().and_then(Value::as_text).is_some_and(|own| same(own, words));
        let stated = || record.field(&field.name)?.as_text();
        let status = if is_own { stated() } else { field.canonical(words) };
        Some((part.part(start..start + words.len()), status?))
    }
}

impl<'a> Entry<'a> {
    /// Returns the entry as it would be for a record. Of another one than its own, nothing may be left that only its own has.
    fn rewritten(&self, cx: &Context<'a>, source: &Source, record: &'a Record) -> Option<String> {
        let own = self.target?;
        let is_other = !std::ptr::eq(own, record);
        let status =
            || fields::written_value(cx, &Value::Record(record), record.kind.status.as_deref()?).ok();
        // No entry moves below another heading.
        let stated = || record.field(record.kind.status.as_deref()?)?.as_text();
        if self.group.is_some_and(|group| stated() != Some(group)) {
            return None;
        }
        let mut edits: Vec<(Span, String)> = Vec::new();
        if let Some(number) = self.number {
            let digits = trailing_number(&record.id)?;
            let (old, width) = (source.slice(number), (number.end - number.start) as usize);
            let is_padded = old.starts_with('0');
            edits.push((number, if is_padded { format!("{digits:0>width$}") } else { digits.to_owned() }));
        }
        if let Some((span, _)) = self.status {
            let status = status()?;
            let status = status.as_text()?;
            let is_capital = source.slice(span).starts_with(char::is_uppercase);
            edits.push((span, if is_capital { crate::text::capital(status) } else { status.to_lowercase() }));
        }
        if let Some((span, _)) = self.date {
            edits.push((span, record.field("date")?.as_text()?.to_owned()));
        }
        if !is_other && self.has_same_title(source) == Some(false) {
            edits.extend(
                self.title.zip(own.stated_title().filter(|title| is_plain(title)).map(str::to_owned)),
            );
        }
        if is_other {
            edits.push((self.title?, self.other_title(source, own, record)?));
            if let Some(link) = self.link.filter(|link| link.definition.is_none()) {
                let [old, new] = [own, record].map(|to| relative_to(source.path(), &to.path));
                let written = source.slice(link.destination_span);
                let destination = written.contains(&old).then(|| written.replace(&old, &new))?;
                edits.push((link.destination_span, destination));
            }
            let is_edited = |cell: &Span| cell.is_empty() || edits.iter().any(|(it, _)| cell.contains(*it));
            let others: Vec<Span> = self.cells.iter().copied().filter(|cell| !is_edited(cell)).collect();
            edits.extend(others.into_iter().map(|cell| (cell, String::new())));
        }
        if !edits.iter().all(|(span, _)| self.span.contains(*span)) {
            return None;
        }
        edits.push((Span { start: self.span.end, ..self.span }, String::new()));
        edits.sort_by_key(|(span, _)| span.start);
        let (mut text, mut kept, mut at) = (String::new(), String::new(), self.span.start);
        for (span, new) in edits {
            let between = source.slice(Span { start: at, end: span.start.max(at) });
            kept.push_str(between);
            text.push_str(between);
            text.push_str(&new);
            at = span.end.max(at);
        }
        // Letters before a number, such as `ADR-`, are those of the series.
        let is_of_own = |c: char| c.is_ascii_digit() || c.is_lowercase() && self.cells.is_empty();
        (!is_other || !kept.contains(is_of_own)).then_some(text)
    }

    /// Returns the title to write, where the entry has the own title of its record.
    fn other_title(&self, source: &Source, own: &Record, record: &Record) -> Option<String> {
        let (old, new) = (own.stated_title()?, record.stated_title()?);
        (is_plain(new) && same(old, source.slice(self.title?))).then(|| new.to_owned())
    }

    /// Returns true if the title of the entry contains that of its record, or the reverse.
    fn has_same_title(&self, source: &Source) -> Option<bool> {
        let letters = |text: &str| text.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "");
        let (own, written) = (letters(self.target?.stated_title()?), letters(source.slice(self.title?)));
        let is_one = !own.is_empty() && !written.is_empty();
        is_one.then(|| own.contains(&written) || written.contains(&own))
    }
}

fn is_plain(title: &str) -> bool {
    !title.contains(['|', '[', ']', '`', '<', '>', '\n'])
}

fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// Returns the digits of the number and the title in a label such as `ADR-0007: Use Rust`.
fn split(label: &str) -> (Option<Range<usize>>, Option<Range<usize>>) {
    let is_mark = |c: char| matches!(c, '`' | '*' | '_' | '[' | ']' | ' ' | '\t');
    let end = label.trim_end_matches(is_mark).len();
    let start = end - label[..end].trim_start_matches(is_mark).len();
    let identifier = identifier::in_title(&label[start..end]).filter(|it| !it.may_be_year);
    let Some(identifier) = identifier else { return (None, (start < end).then_some(start..end)) };
    let number = start + identifier.range.start..start + identifier.range.end;
    let title = start + identifier.rest..end;
    (Some(number), (!title.is_empty()).then_some(title))
}
