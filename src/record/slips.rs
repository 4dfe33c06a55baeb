//! Reports likely mistakes in pages and tables: a label one edit from a known one, a value that can't be read, and one label with two
//! values.

use jiff::civil::Date;

use super::conventions::CONVENTIONS;
use super::{Record, RecordContent};
use crate::calendar::{Amount, missing_day, other_date, parse_any_date, parse_date, parse_date_as};
use crate::kind::{Field, FieldType, Kind, Shape, fold_name};
use crate::node::{Entry, Mapping, Node, Value};
use crate::profile::{Extractor, FieldVocabulary, Profile, View, label_text};
use crate::schema::{self, Violation};
use crate::syntax::markdown::{Cell, Table, section_key};
use crate::syntax::{Document, Markdown};
use crate::text::Span;

/// Returns true for a name that is probably meant as a known one. A letter in the place of another makes another word of a short name too
/// often: `Votes` are no `Notes`.
pub(crate) fn is_misspelt_name(written: &str, known: &str) -> bool {
    const SHORT: usize = 3;
    const USUAL: usize = 5;
    const LONG: usize = 7;
    const VERY_LONG: usize = 9;
    let (one, other) = (fold_name(written), fold_name(known));
    let is_plural = || format!("{one}s") == other || format!("{other}s") == one;
    if !written.is_ascii() || one == other || is_plural() || CONVENTIONS.is_other_column(&one) {
        return false;
    }
    let has_same_letters = have_same_letters(&one, &other);
    let has_same_ends =
        one.bytes().next() == other.bytes().next() && one.bytes().next_back() == other.bytes().next_back();
    let begins_alike = one.bytes().take(2).eq(other.bytes().take(2));
    let least = if has_same_letters {
        SHORT
    } else if one.len() != other.len() {
        USUAL
    } else if has_same_ends {
        LONG
    } else {
        usize::MAX
    };
    match schema::edit_distance(&one, &other) {
        1 => other.len() >= least,
        // `Divisions` are no `Decisions`.
        2 => {
            begins_alike && has_same_ends && other.len() >= VERY_LONG
                || has_same_letters && other.len() >= LONG
        }
        _ => false,
    }
}

fn have_same_letters(one: &str, other: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    sorted(one) == sorted(other)
}

/// Returns the field whose name a column misspells, with that name. No other column of the table states it.
pub(super) fn meant<'k>(kind: &'k Kind, table: &Table, column: &str) -> Option<(&'k str, &'k Field)> {
    if kind.field_of_column(column).is_some() || kind.field_of_words_in(column).is_some() {
        return None;
    }
    let read = kind.shape.fields.iter();
    let phrases = kind.named_columns().filter(|(name, _)| name.contains(' '));
    let mut near = read.flat_map(names_of).chain(phrases).filter(|(name, _)| is_misspelt_name(column, name));
    let (name, field) = near.next()?;
    let is_stated =
        |cell: &Cell| kind.field_of_column(cell.text.trim()).is_some_and(|other| other.name == field.name);
    let is_only = near.all(|(_, other)| other.name == field.name) && !table.header.iter().any(is_stated);
    is_only.then_some((name, field))
}

/// `Stage` is as good a name of a state as `State`: of a field with fixed values, only the field's own name counts.
fn names_of(field: &Field) -> impl Iterator<Item = (&str, &Field)> {
    let aliases = field.aliases.iter().filter(|_| field.values.is_empty());
    aliases.map(|alias| &**alias).chain([&*field.name]).map(move |name| (name, field))
}

/// Reports the misspelt columns of each table at its first record.
pub(super) fn report_misspelt(page: &Markdown, kind: &Kind, records: &mut [RecordContent]) {
    for table in &page.tables {
        let Some(first) = rows_of(table, records).first_mut() else { continue };
        let columns = table.header.iter();
        first.format_violations.extend(columns.filter_map(|cell| misspelt(kind, table, cell)));
    }
}

fn misspelt(kind: &Kind, table: &Table, cell: &Cell) -> Option<Violation> {
    let (name, _) = meant(kind, table, cell.text.trim())?;
    Some(misspelt_column(cell, "", title(name), &format!("the kind `{}`", kind.name)))
}

fn misspelt_column(cell: &Cell, list: &str, suggestion: String, of: &str) -> Violation {
    let column = cell.text.trim();
    Violation {
        keyword: "additional-properties".into(),
        pointer: schema::pointer_to(list, column),
        span: cell.span,
        message: format!("the column `{column}` is no field of {of}"),
        help: Some(schema::did_you_mean(&suggestion)),
        suggestion: Some(suggestion.into()),
        field: column.into(),
        missing: false,
        related: None,
    }
}

/// Reports the misspelt columns of the tables on a page that hold lists of the record, such as its actions.
pub(super) fn report_misspelt_in_lists(page: &Markdown, record: &mut RecordContent) {
    let kind = record.kind.clone();
    for table in &page.tables {
        let holds = |field: &&Field| {
            let items = record.field(&field.name).and_then(Node::as_sequence).unwrap_or_default();
            items.iter().any(|item| item.as_mapping().is_some() && table.span.contains(item.span))
        };
        let Some(list) = kind.shape.fields.iter().find(holds) else { continue };
        let FieldType::List(of) = &list.ty else { continue };
        let Some(shape) = of.shape() else { continue };
        let is_stated = |field: &Field| {
            let mut fields = table.header.iter().filter_map(|cell| shape.by_key(cell.text.trim()));
            fields.any(|other| other.name == field.name)
        };
        let unknown = table.header.iter().filter(|cell| shape.by_key(cell.text.trim()).is_none());
        for cell in unknown {
            let absent = shape.fields.iter().filter(|field| !is_stated(field));
            let mut near = absent.flat_map(names_of).filter(|(name, _)| is_misspelt_name(&cell.text, name));
            if let Some((name, _)) = near.next() {
                let (pointer, of) = (format!("/{}/0", list.name), format!("an item of `{}`", list.name));
                record.format_violations.push(misspelt_column(cell, &pointer, title(name), &of));
            }
        }
    }
}

fn rows_of<'r>(table: &Table, records: &'r mut [RecordContent]) -> &'r mut [RecordContent] {
    let first = records.partition_point(|record| record.span.start < table.span.start);
    let end = records.partition_point(|record| record.span.start < table.span.end);
    records.get_mut(first..end).unwrap_or_default()
}

/// Of the rows that lack a required field for which their table has no column, the first one reports it.
pub(super) fn report_missing_columns(page: &Markdown, kind: &Kind, records: &mut [RecordContent]) {
    for table in &page.tables {
        let rows = rows_of(table, records);
        if rows.len() < 2 {
            continue;
        }
        let required = kind.required.iter().filter_map(|name| kind.shape.field(name));
        for field in required.filter(|field| !matches!(&*field.name, "id" | "title")) {
            let has_column = table.header.iter().any(|cell| {
                kind.field_of_column(cell.text.trim()).is_some_and(|other| other.name == field.name)
            });
            if has_column || rows.iter().any(|row| row.fields.get(&field.name).is_some()) {
                continue;
            }
            let heading = table.header.first().map_or(table.span, |cell| cell.span);
            let report = missing_column(field, heading);
            for row in rows.iter_mut().skip(1) {
                row.format_violations.push(Violation::told_elsewhere(&report));
            }
            if let Some(row) = rows.first_mut() {
                row.format_violations.push(report);
            }
        }
    }
}

fn missing_column(field: &Field, heading: Span) -> Violation {
    let name = &field.name;
    Violation {
        keyword: "required".into(),
        pointer: format!("/{name}").into(),
        span: heading,
        message: format!("`{name}` is missing, as in the other rows: no column states it"),
        help: Some(format!("add a column `{}`", title(name))),
        suggestion: None,
        field: name.to_string().into(),
        // The span is that of the heading, which exists.
        missing: false,
        related: None,
    }
}

/// `approved-by` as the heading of a column: `Approved by`.
pub(crate) fn title(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters.map(|c| if c == '-' { ' ' } else { c })).collect()
}

/// The format of a day.
const DAY: &str = "date";

/// The items of a list that are rows of a table.
pub(super) struct ItemRows<'a> {
    view: &'a View<'a>,
    field: &'a Field,
    profile: &'a Profile,
    extractor: &'a Extractor,
    /// The schemas of the parts of an item.
    parts: &'a serde_json::Value,
}

impl<'a> ItemRows<'a> {
    pub(super) fn new(
        view: &'a View<'a>,
        field: &'a Field,
        (profile, extractor): (&'a Profile, &'a Extractor),
    ) -> ItemRows<'a> {
        let parts = &profile.kind.json["properties"][&*field.name]["items"]["properties"];
        ItemRows { view, field, profile, extractor, parts }
    }

    /// Reads the days in words, such as `16 November 2026`.
    pub(super) fn with_days(&self, mut list: Node) -> Node {
        let Some(shape) = self.shape() else { return list };
        let is_day = |name: &str| shape.by_key(name).is_some_and(|field| matches!(field.ty, FieldType::Date));
        let Value::Sequence(items) = &mut list.value else { return list };
        for item in items {
            let Value::Mapping(mapping) = &mut item.value else { continue };
            for entry in mapping.entries_mut().iter_mut().filter(|entry| is_day(&entry.key.name)) {
                let text = entry.value.as_text().filter(|text| text.contains(char::is_alphabetic));
                if let Some(day) = text.and_then(parse_any_date) {
                    entry.value = Node::text(entry.value.span, day.to_string());
                }
            }
        }
        list
    }

    fn shape(&self) -> Option<&'a Shape> {
        match &self.field.ty {
            FieldType::List(of) => of.shape().map(|shape| &**shape),
            _ => None,
        }
    }

    /// Reports misspelt columns, and cells that can't be read.
    pub(super) fn violations(&self, list: &Node) -> Vec<Violation> {
        let items = list.as_sequence().unwrap_or_default().iter().enumerate();
        let of_item = |(at, item): (usize, &Node)| {
            let unreadable = self.unreadable(item);
            unreadable.map(|(entry, expected)| self.of_cell(at, entry, expected)).collect::<Vec<_>>()
        };
        self.misspelt_columns(list).into_iter().chain(items.flat_map(of_item)).collect()
    }

    fn misspelt_columns(&self, list: &Node) -> Vec<Violation> {
        let first = list.as_sequence().and_then(<[Node]>::first);
        let table = first.and_then(|item| self.table_of(item));
        let header = || table.iter().flat_map(|table| &table.header);
        let is = |cell: &Cell, name: &str| fold_name(&cell.text) == fold_name(name);
        let fields = self.extractor.item_fields.iter();
        let absent =
            fields.filter(|(_, names)| !header().any(|cell| names.iter().any(|name| is(cell, name))));
        let absent: Vec<&str> = absent.flat_map(|(_, names)| names).map(|name| &**name).collect();
        let known = || self.extractor.item_fields.iter().flat_map(|(_, names)| names);
        let unknown = header().filter(|cell| !known().any(|name| is(cell, name)));
        unknown
            .filter_map(|cell| {
                let column = cell.text.trim();
                let meant = absent.iter().find(|name| is_misspelt_name(column, name))?;
                Some(self.of_column(cell, meant))
            })
            .collect()
    }

    fn of_column(&self, cell: &Cell, meant: &str) -> Violation {
        let column = cell.text.trim();
        Violation {
            keyword: "additional-properties".into(),
            pointer: schema::pointer_to(&format!("/{}/0", self.field.name), column),
            span: cell.span,
            message: format!("`{column}` is not a column of this format ({})", self.profile.name),
            help: Some(schema::did_you_mean(meant)),
            suggestion: Some(meant.into()),
            field: column.into(),
            missing: false,
            related: None,
        }
    }

    /// Leaves out the numbers that can't be read, unless it is known what they are meant to be.
    pub(super) fn left_out(&self, list: Node) -> Node {
        let readable = |item: Node| {
            let Some(mapping) = item.as_mapping() else { return item };
            let is_lost = |(entry, format): &(&Entry, &'static str)| {
                *format != DAY && schema::meant(format, entry.value.as_text().unwrap_or_default()).is_none()
            };
            let unreadable = self.unreadable(&item).filter(is_lost);
            let spans: Vec<Span> = unreadable.map(|(entry, _)| entry.value.span).collect();
            let entries = mapping.entries().iter().filter(|entry| !spans.contains(&entry.value.span));
            Node::mapping(item.span, Mapping::new(entries.cloned().collect()))
        };
        match list.value {
            Value::Sequence(items) => Node::sequence(list.span, items.into_iter().map(readable).collect()),
            value => Node { span: list.span, value },
        }
    }

    /// Returns the numbers and days of an item that can't be read, each with the format that is expected.
    fn unreadable<'i>(&self, item: &'i Node) -> impl Iterator<Item = (&'i Entry, &'static str)> {
        let shape = self.shape();
        let entries = item.as_mapping().map_or(&[][..], Mapping::entries).iter();
        entries.filter_map(move |entry| {
            let format = unread_format(shape?, entry)?;
            (!self.is_word(entry)).then_some((entry, format))
        })
    }

    /// True for a word that the schema allows in the place of a number, such as `unknown`.
    fn is_word(&self, entry: &Entry) -> bool {
        let branches = self.parts[&*entry.key.name]["anyOf"].as_array().into_iter().flatten();
        let mut words = branches.filter_map(|branch| branch["enum"].as_array()).flatten();
        words.any(|word| word.as_str() == entry.value.as_text())
    }

    fn of_cell(&self, at: usize, entry: &Entry, format: &str) -> Violation {
        let (name, text) = (&*entry.key.name, entry.value.as_text().unwrap_or_default());
        let found = format!("`{name}` is `{}`", schema::shorten(text));
        let missing_day = missing_day(text);
        let suggestion = schema::meant(format, text).filter(|_| missing_day.is_none());
        let help = match missing_day {
            Some(_) => Some("write a day of the calendar".to_owned()),
            None => suggestion.as_deref().map(schema::did_you_mean),
        };
        let message = match missing_day {
            Some(reason) => format!("{found}, and {reason}"),
            None => format!("{found}; expected {}", schema::format_name(format)),
        };
        Violation {
            keyword: "format".into(),
            pointer: format!("/{}/{at}/{name}", self.field.name).into(),
            span: entry.value.span,
            message,
            help,
            suggestion,
            field: name.into(),
            missing: false,
            related: None,
        }
    }

    fn table_of(&self, item: &Node) -> Option<&'a Table> {
        self.view.markdown()?.tables.iter().find(|table| table.span.contains(item.span))
    }
}

/// Returns the format of a field if a cell is not written in it, nor is one of the field's words.
fn unread_format(shape: &Shape, entry: &Entry) -> Option<&'static str> {
    let (field, text) = (shape.by_key(&entry.key.name)?, entry.value.as_text()?);
    match field.ty {
        _ if field.canonical(text).is_some() => None,
        FieldType::Amount => Amount::parse(text).is_none().then_some("amount"),
        FieldType::Date => parse_date(text).is_none().then_some(DAY),
        _ => None,
    }
}

/// A label from which no field is read, and the one that is probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MisspeltLabel<'p> {
    pub span: Span,
    /// The name as the format has it.
    pub meant: &'p str,
    pub field: &'p str,
}

impl Record {
    /// Returns the labels and keys with a value that are one or two letters from one that the record's format reads a field from, which the
    /// record does not state otherwise.
    pub fn misspelt_labels<'p>(&'p self, document: &Document) -> Vec<MisspeltLabel<'p>> {
        let Some(profile) = self.profile.as_ref().filter(|_| self.is_sole_record) else { return Vec::new() };
        let view = View::new(document, document.roots.first(), None);
        let entries = view.header().and_then(Node::as_mapping).map_or(&[][..], Mapping::entries).iter();
        let lines = entries.filter(|entry| !entry.value.is_null()).map(|entry| entry.key.span);
        let lines = lines.chain(view.labelled_rows().map(|(label, _)| label.span));
        let keys = view.root.and_then(Node::as_mapping).map_or(&[][..], Mapping::entries).iter();
        let lines = lines.chain(keys.filter(|key| !key.value.is_null()).map(|entry| entry.key.span));
        let found = lines.filter_map(|span| {
            let written = written_name(view.source().slice(span));
            let (meant, field) =
                meant_label(profile, written).filter(|(_, field)| self.field(field).is_none())?;
            let start = span.start as usize + view.source().slice(span).find(written)?;
            Some(MisspeltLabel { span: Span::new(start, start + written.len()), meant, field })
        });
        found.collect()
    }
}

fn written_name(label: &str) -> &str {
    label.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | ':' | '|' | '-' | '+'))
}

/// Returns the name that the format has and its field, if no other name of another field is as near.
fn meant_label<'p>(profile: &'p Profile, written: &str) -> Option<(&'p str, &'p str)> {
    let is_read = |(known, _): (&str, &str)| fold_name(known) == fold_name(written);
    let mut near = profile.labels().filter(|(known, _)| is_misspelt_name(written, known));
    let (name, field) = near.next().filter(|_| !profile.labels().any(is_read))?;
    // Several fields may be read from one line: the day beside the status.
    near.all(|(known, other)| other == field || fold_name(known) == fold_name(name)).then_some((name, field))
}

/// Reports a second value under a label of the status: on another line below the title.
pub(super) fn second_status(
    view: &View<'_>,
    field: &Field,
    vocabulary: &FieldVocabulary,
    status: Span,
) -> Option<Violation> {
    let plain = |text: &'_ str| vocabulary.value_of(text.trim_matches(is_mark_of_value)).map(str::to_owned);
    // A day behind it makes it a history.
    let is_word = |text: &str| !text.contains(|c: char| c.is_ascii_digit());
    let lines = labelled_lines(view, field).filter(|(_, text)| is_word(text));
    let mut read = lines.filter_map(|(span, text)| Some((span, text, plain(text)?)));
    let (first, word, value) =
        read.next().filter(|(span, ..)| span.contains(status) || status.contains(*span))?;
    let (second, other, other_value) = read.next()?;
    // More than two are a list to choose from.
    (read.next().is_none() && value != other_value).then(|| Violation {
        help: Some("remove the one that is out of date".to_owned()),
        related: Some((second, "another status".to_owned())),
        ..repeated(&field.name, first, format!("the status is `{word}`, and `{other}` below"))
    })
}

/// The values of the lines below the title with a label of a field, and of the rows of a table there, also where one has the label of
/// an earlier one.
fn labelled_lines<'v>(view: &'v View<'_>, field: &'v Field) -> impl Iterator<Item = (Span, &'v str)> {
    let is_named =
        move |name: &str| field.headings.iter().any(|label| section_key(label) == section_key(name));
    let rows = view.labelled_rows().filter(move |(label, _)| is_named(label_text(&label.text)));
    let preamble = view.preamble().filter(|_| view.markdown().is_some());
    let lines = preamble.into_iter().flat_map(|preamble| lines(view, preamble));
    let on_lines = lines.filter_map(move |(span, line)| {
        let (label, value) = line.split_once(':')?;
        let label = label.trim_start_matches(['-', '*', '+', ' ', '_']).trim_end_matches(['*', '_', ' ']);
        let value = value.trim_start_matches(['*', '_', ' ', '\t']);
        let start = span.end as usize - value.len();
        (!value.is_empty() && is_named(label)).then(|| (Span::new(start, span.end as usize), value))
    });
    on_lines.chain(rows.map(|(_, value)| (value.span, view.source().slice(value.span).trim())))
}

fn is_mark_of_value(c: char) -> bool {
    c.is_whitespace() || matches!(c, '*' | '_' | '`' | '.' | '\\')
}

/// Reports another day under a label of a field: on a line below the title.
pub(super) fn second_day(view: &View<'_>, field: &Field, formats: &[Box<str>]) -> Option<Violation> {
    if !matches!(field.ty, FieldType::Date) {
        return None;
    }
    let is_named = |name: &str| field.headings.iter().any(|label| section_key(label) == section_key(name));
    let entries = view.header().and_then(Node::as_mapping).map_or(&[][..], Mapping::entries).iter();
    let on_lines = entries
        .filter(|entry| is_named(&entry.key.name))
        .filter_map(|entry| Some((entry.value.span, entry.value.as_text()?)));
    let on_lines: Vec<(Span, &str)> = on_lines.collect();
    let is_new = |(span, _): &(Span, &str)| !on_lines.iter().any(|(other, _)| span.contains(*other));
    let again: Vec<(Span, &str)> = labelled_lines(view, field).filter(is_new).collect();
    let on_lines = on_lines.into_iter().chain(again);
    let read = |(span, text): (Span, &'_ str)| Some((span, text.to_owned(), whole_day(text, formats)?));
    let days: Vec<(Span, String, Date)> = on_lines.filter_map(read).collect();
    let [(first, written, day), later @ ..] = days.as_slice() else { return None };
    let mut later = later.iter();
    // `03/04/2026` may be the same day as `4 March 2026`.
    let other_reading = other_date(written, formats);
    let (second, _, other) = later.find(|(_, text, other)| {
        let is_same = |date: &Date| date == day || other_reading == Some(*date);
        !is_same(other) && !other_date(text, formats).is_some_and(|date| is_same(&date))
    })?;
    Some(Violation {
        help: Some("remove the one that is out of date, or make both alike".to_owned()),
        related: Some((*first, "another day".to_owned())),
        ..repeated(&field.name, *second, format!("the {} is {other} here and {day} above", field.name))
    })
}

/// Returns the day of a text that holds nothing else.
fn whole_day(text: &str, formats: &[Box<str>]) -> Option<Date> {
    parse_date_as(
        text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '`' | '.')),
        formats,
    )
}

fn lines<'v>(view: &'v View<'_>, span: Span) -> impl Iterator<Item = (Span, &'v str)> {
    let mut start = span.start as usize;
    view.source().slice(span).split_inclusive('\n').filter_map(move |line| {
        let at = start + (line.len() - line.trim_start().len());
        start += line.len();
        let written = line.trim();
        (!written.is_empty()).then(|| (Span::new(at, at + written.len()), written))
    })
}

fn repeated(field: &str, span: Span, message: String) -> Violation {
    Violation {
        keyword: "repeated-key".into(),
        pointer: format!("/{field}").into(),
        span,
        message,
        help: None,
        suggestion: None,
        field: field.into(),
        missing: false,
        related: None,
    }
}

#[cfg(test)]
mod tests {
    use super::is_misspelt_name;

    #[test]
    fn a_name_is_misspelt_or_another_word() {
        for (written, known) in [
            ("Superseeds", "Supersedes"),
            ("Superceeds", "Supersedes"),
            ("Ownr", "Owner"),
            ("Decidres", "Deciders"),
            ("Cadance", "Cadence"),
            ("Desicions", "Decisions"),
            ("Nwo", "Now"),
        ] {
            assert!(is_misspelt_name(written, known), "{written}");
        }
        for (written, known) in [
            ("Superseded", "Supersedes"),
            ("Decided", "Deciders"),
            ("Reviewed on", "Reviewed by"),
            ("Authors", "Author"),
            ("Stage", "State"),
            ("Date", "Data"),
            ("Votes", "Notes"),
            ("Divisions", "Decisions"),
        ] {
            assert!(!is_misspelt_name(written, known), "{written}");
        }
    }
}
