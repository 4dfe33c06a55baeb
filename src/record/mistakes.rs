//! Reports what is probably a mistake: misspelt labels, columns and statuses, and labels that no field takes.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::builder::Builder;
use super::{Record, RecordContent, identity};
use crate::format::{Format, Names};
use crate::kind::{Field, Kind, Shape, fold_name};
use crate::layout::{self, Content, Origin, Part, Statement, label_key};
use crate::node::{Key, Node, Value};
use crate::schema::{self, Violation, did_you_mean};
use crate::syntax;
use crate::syntax::markdown::{Cell, Table};
use crate::text::{Span, capital};
use crate::value::{nearest, odd_character, words};

/// A label at the level of a record that no field takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadStatement {
    pub label: Box<str>,
    pub span: Span,
    /// What it misspells: the value counts under this label.
    pub nearest: Option<Box<str>>,
}

impl UnreadStatement {
    pub(super) fn new(label: impl Into<Box<str>>, span: Span) -> UnreadStatement {
        UnreadStatement { label: label.into(), span, nearest: None }
    }
}

impl Record {
    /// Returns true if each of its labels is to be taken by a field. A community with closed words has further labels.
    pub fn is_accounted_for(&self) -> bool {
        self.is_adopted && !self.format.as_deref().is_some_and(Format::is_closed)
    }
}

impl RecordContent {
    /// Returns the field that a label names, if the record does not state it: the value is none that it can have.
    pub fn unstated_field(&self, label: &str) -> Option<&Field> {
        let of_format = self.format.as_ref().and_then(|format| format.field_of(label));
        let of_kind = || self.kind.shape.by_key(label).or_else(|| self.kind.section_field(label));
        of_format.or_else(of_kind).filter(|field| self.field(&field.name).is_none())
    }
}

/// Returns true for a name that is probably meant as a known one. Short names differ by a letter too often: `Votes` are no `Notes`.
pub(super) fn is_misspelt(written: &str, known: &str) -> bool {
    const SHORT: usize = 3;
    const USUAL: usize = 5;
    const LONG: usize = 7;
    // An edit changes at most two letters of a set.
    let letters = |name: &str| {
        let letters = name.bytes().filter(u8::is_ascii_alphabetic);
        letters.fold(0_u32, |set, letter| set | 1 << (letter.to_ascii_lowercase() - b'a'))
    };
    if written.len().abs_diff(known.len()) > SHORT
        || !written.is_ascii()
        || (letters(written) ^ letters(known)).count_ones() > 2
    {
        return false;
    }
    let (one, other) = (fold_name(written), fold_name(known));
    let is_plural = || format!("{one}s") == other || format!("{other}s") == one;
    let ends = |word: &str| (word.bytes().next(), word.bytes().next_back());
    let least = match strsim::osa_distance(&one, &other) {
        1 | 2 if sorted(&one) == sorted(&other) => SHORT,
        1 if one.len() != other.len() => USUAL,
        1 if ends(&one) == ends(&other) => LONG,
        _ => return false,
    };
    other.len() >= least && !is_plural() && !words::is_in("other-columns", &one)
}

fn sorted(word: &str) -> Vec<char> {
    let mut letters: Vec<char> = word.chars().collect();
    letters.sort_unstable();
    letters
}

/// Returns the known name that a written one misspells, with its meaning; none if it can have two meanings.
fn meant<'k, M: PartialEq>(written: &str, known: impl Iterator<Item = (&'k str, M)>) -> Option<(&'k str, M)> {
    let mut near = known.filter(|(name, _)| is_misspelt(written, name));
    let first = near.next()?;
    near.all(|(_, other)| other == first.1).then_some(first)
}

/// Returns the labels of a field, each with its name. Of fields with fixed values, only the own name counts: `Stage` does not misspell `State`.
fn labels_of(field: &Field) -> impl Iterator<Item = (&str, &str)> {
    let aliases = field.aliases.iter().filter(|_| field.values.is_empty());
    aliases.map(|alias| &**alias).chain([&*field.name]).map(|label| (label, &*field.name))
}

/// Returns the only field that a label can be a misspelling of, with its name there.
pub(super) fn of_label<'s>(shape: &'s Shape, label: &str) -> Option<(&'s str, &'s Field)> {
    let (known, name) = meant(label, shape.fields.iter().flat_map(labels_of))?;
    Some((known, shape.field(name).filter(|_| shape.by_key(label).is_none())?))
}

/// Returns the field whose name a column misspells, with that name. No other column of the table states it.
pub(super) fn of_column<'k>(kind: &'k Kind, table: &Table, column: &str) -> Option<(&'k str, &'k Field)> {
    if kind.field_of_column(column).is_some() || kind.field_of_words_in(column).is_some() {
        return None;
    }
    let phrases = kind.named_columns().filter(|(label, _)| label.contains(' '));
    let phrases = phrases.map(|(label, field)| (label, &*field.name));
    let (label, name) = meant(column, kind.shape.fields.iter().flat_map(labels_of).chain(phrases))?;
    let mut stated = table.header.iter().filter_map(|cell| kind.field_of_column(cell.text.trim()));
    let is_stated = stated.any(|other| *other.name == *name);
    Some((label, kind.shape.field(name)?)).filter(|_| !is_stated)
}

/// As [`of_column`], of a table whose rows are items of a list.
pub(super) fn of_item_column<'s>(
    shape: &'s Shape,
    table: &Table,
    column: &str,
) -> Option<(&'s str, &'s Field)> {
    let mut stated = table.header.iter().filter_map(|cell| shape.by_key(cell.text.trim()));
    of_label(shape, column).filter(|(_, field)| !stated.any(|other| other.name == field.name))
}

/// Returns the label that a statement misspells, as it is to be written, and the fields that this names and the record does not state.
pub(super) fn of_statement(builder: &Builder<'_>, it: &Statement<'_>) -> Option<(String, Vec<usize>)> {
    let shape = &builder.kind.shape;
    let is_section = matches!(it.content, Content::Section(_));
    let (known, mut fields) = match is_section {
        true => of_heading(builder, &it.key)?,
        false => {
            let (known, field) = of_label(shape, &it.label)?;
            (known, vec![shape.fields.iter().position(|other| other.name == field.name)?])
        }
    };
    let closed = builder.format.filter(|format| format.is_closed());
    fields.retain(|at| {
        let name = &*shape.fields[*at].name;
        closed.is_none_or(|format| !is_section && format.states(name)) && builder.fields.get(name).is_none()
    });
    (!fields.is_empty()).then(|| (written_like(&it.label, known), fields))
}

/// Returns the heading of sections that another one can only misspell, with its fields.
fn of_heading<'n>(builder: &Builder<'n>, key: &str) -> Option<(&'n str, Vec<usize>)> {
    let (names, has_format) = (builder.names, !builder.has_own_labels());
    let is_usual = || builder.part.statements.iter().filter(|it| *it.key == *key).nth(1).is_some();
    if names.know(key) || is_usual() {
        return None;
    }
    let begins_alike = |known: &str| known.as_bytes().first() == key.as_bytes().first();
    let headings = names.labels().filter(|(known, fields)| {
        let is_heading = || fields.iter().any(|it| it.is_heading || has_format);
        begins_alike(known) && is_misspelt(key, known) && is_heading()
    });
    let headings = headings.map(|(known, fields)| (known, fields.iter().map(|it| it.field).collect()));
    meant(key, headings.collect::<BTreeMap<_, _>>().into_iter())
}

/// Returns a known label with the capital and the spaces of the written one.
fn written_like(written: &str, known: &str) -> String {
    let known = if written.contains('-') { known.to_owned() } else { known.replace('-', " ") };
    if written.starts_with(char::is_uppercase) { capital(&known) } else { known }
}

/// Reports misspelt labels of pages in the native format: headings, and lines by their label, for the schema to reject.
pub(super) fn report(builder: &mut Builder<'_>) {
    let (part, source) = (builder.part, builder.source());
    for (at, meant) in &builder.misspelt {
        let statement = &part.statements[*at];
        let Statement { label, label_span, origin, .. } = statement;
        if !matches!(statement.content, Content::Section(_)) {
            let key = Key { name: (**label).into(), span: *label_span };
            if *origin == Origin::Header {
                builder.fields.push(key, Node::text(statement.span, statement.text(source).trim()));
            }
            continue;
        }
        let message = format!("`{label}` is not a section of the kind `{}`", builder.kind.name);
        let mut violation = unknown(label, *label_span, message, meant.to_string());
        let is_plain = source.slice(*label_span).to_lowercase() == *statement.key;
        violation.suggestion = violation.suggestion.filter(|_| is_plain);
        builder.violations.push(violation);
    }
}

/// Returns the shape of the items of a list that are the rows of a table.
fn shape_of_items<'k>(table: &Table, kind: &'k Kind, record: &RecordContent) -> Option<&'k Shape> {
    let is_here = |item: &Node| item.as_mapping().is_some() && table.span.contains(item.span);
    let items = |field: &Field| record.field(&field.name).and_then(Node::as_sequence);
    let holds = |field: &&Field| items(field).is_some_and(|items| items.iter().any(is_here));
    kind.shape.fields.iter().find(holds)?.item_shape()
}

/// Returns the columns of the tables of a list that are no fields of its items, and the tables in the section of a list that has none.
pub(super) fn unread_columns(part: &Part<'_>, names: &Names, record: &RecordContent) -> Vec<UnreadStatement> {
    let kind = &record.kind;
    let is_label = |cell: &&Cell| {
        let key = label_key(&cell.text);
        !key.is_empty() && !words::is_in("other-labels", &key)
    };
    let page = part.document.markdown.as_deref();
    let tables = page.map_or(&[][..], |page| page.tables_in(part.span)).iter();
    let of_lists = tables.filter_map(|table| Some((table, shape_of_items(table, kind, record)?)));
    let columns = of_lists.flat_map(|(table, shape)| {
        let unknown = table.header.iter().filter(|cell| shape.by_key(cell.text.trim()).is_none());
        unknown.filter(is_label).map(move |cell| {
            let label = cell.text.trim();
            let meant = of_item_column(shape, table, label);
            let nearest = meant.map(|(known, _)| written_like(label, known).into());
            UnreadStatement { nearest, ..UnreadStatement::new(label, cell.span) }
        })
    });
    let is_absent = |field: &Field| field.item_shape().is_some() && record.field(&field.name).is_none();
    let is_empty_list = |it: &Statement<'_>| names.fields_of(kind, &it.key).any(is_absent);
    let unread = part.statements.iter().filter_map(|it| match it.content {
        Content::Section(section) if is_empty_list(it) => Some(page?.tables_in(section.body)),
        _ => None,
    });
    columns.chain(unread.flatten().filter_map(of_table)).collect()
}

/// Reports the rows of records and lists between bars with fewer cells than columns: which one is missing is not known.
pub(super) fn report_short_rows(part: &Part<'_>, kind: &Kind, record: &mut RecordContent) {
    let source = &part.document.source;
    let is_pipe_table = part.document.format == syntax::Format::Markdown;
    let has_bars = is_pipe_table || part.document.format == syntax::Format::AsciiDoc;
    let Some(page) = part.document.markdown.as_deref().filter(|_| has_bars) else { return };
    let rows: Vec<(&Table, &[Cell])> = match part.shape {
        layout::Shape::Row(row) => {
            let after = page.tables.partition_point(|table| table.span.start <= part.span.start);
            page.tables[..after].last().map(|table| (table, row)).into_iter().collect()
        }
        _ => {
            let lists = page.tables_in(part.span).iter();
            let lists = lists.filter(|table| shape_of_items(table, kind, record).is_some());
            lists.flat_map(|table| table.rows.iter().map(move |row| (table, &**row))).collect()
        }
    };
    let short = rows.into_iter().filter_map(|(table, row)| {
        let (first, columns) = (row.iter().find(|cell| !cell.span.is_empty())?.span, table.header.len());
        let line = source.line_span(first.start as usize);
        let span = Span { end: line.end, ..first };
        let line =
            source.slice(line).trim_matches(|c: char| c.is_whitespace() || c == '>').replace("\\|", "");
        let bars = line.strip_prefix('|').unwrap_or(&line);
        let written = bars.strip_suffix('|').unwrap_or(bars).matches('|').count() + 1;
        let is_spanned = || ["+|", "*|"].iter().any(|mark| source.slice(table.span).contains(mark));
        let count = if is_pipe_table || is_spanned() { written } else { row.len() };
        let message = format!("the row has {count} cells, and the table {columns} columns");
        let help = Some("write a `|` for each column, also where a cell is empty".to_owned());
        (count < columns).then(|| Violation { help, ..Violation::of_field("cells", "", span, message) })
    });
    record.format_violations.extend(short.collect::<Vec<_>>());
}

/// Returns a table with rows as a statement: its columns.
pub(super) fn of_table(table: &Table) -> Option<UnreadStatement> {
    let (first, last) = table.header.first().zip(table.header.last())?;
    let label = table.header.iter().map(|cell| cell.text.trim()).collect::<Vec<_>>().join(" | ");
    let says_something = label.chars().any(char::is_alphanumeric) && !table.rows.is_empty();
    says_something.then(|| UnreadStatement::new(label, first.span.to(last.span)))
}

pub(super) fn misspelt_column(cell: &Cell, label: &str, kind: &Kind) -> Violation {
    let column = cell.text.trim();
    let message = format!("the column `{column}` is no field of the kind `{}`", kind.name);
    unknown(column, cell.span, message, title(label))
}

fn unknown(label: &str, span: Span, message: String, suggestion: String) -> Violation {
    Violation {
        help: Some(did_you_mean(&suggestion)),
        suggestion: Some(suggestion.into()),
        ..Violation::of_field("additional-properties", label, span, message)
    }
}

/// `approved-by` as the heading of a column: `Approved by`.
pub(super) fn title(name: &str) -> String {
    capital(&name.replace('-', " "))
}

/// Reports a status that is none of a format's words, and reads one near a single word as that, so that the typo hides nothing else.
pub(super) fn correct_status(record: &mut RecordContent) {
    let kind = record.kind.clone();
    let Some(field) = kind.status_field() else { return };
    let Some(value) = record.field(&field.name).cloned() else { return };
    let Some(written) = value.as_text().filter(|written| field.values.iter().all(|it| **it != **written))
    else {
        return;
    };
    let words = record.format.as_ref().and_then(|format| format.words(&field.name));
    let meant = words.map_or_else(|| field.only_meaning(written), |words| words.only_meaning(written));
    if field.values.is_empty() || meant.is_none() && words.is_none() {
        return;
    }
    let known: Vec<&str> = match words {
        Some(words) => words.iter().collect(),
        None => field.values.iter().map(|word| &**word).collect(),
    };
    let near = if words.is_some() { nearest(written, known.iter().copied()) } else { meant };
    let violation = unknown_status(&value, &field.name, &known, near);
    let mut fields = Node::clone(&record.fields);
    if let (Value::Mapping(mapping), Some(meant)) = (&mut fields.value, meant) {
        let status = mapping.entries_mut().iter_mut().find(|entry| entry.key.name == field.name);
        status.into_iter().for_each(|entry| entry.value = Node::text(value.span, meant));
    }
    record.format_violations.push(violation);
    record.fields = fields.into();
}

/// Returns the violation of a status that is none of the known words.
pub(super) fn unknown_status(value: &Node, field: &str, known: &[&str], near: Option<&str>) -> Violation {
    let text = schema::shorten(value.as_text().unwrap_or_default());
    let odd = odd_character(value.as_text().unwrap_or_default(), near.unwrap_or_default());
    let odd = odd.map(|odd| format!(", whose {odd}")).unwrap_or_default();
    let message = format!("`{field}` is `{text}`{odd}; expected one of {}", known.join(", "));
    Violation {
        help: near.map(did_you_mean),
        suggestion: near.map(Box::from),
        ..Violation::of_field("enum", field, value.span, message)
    }
}

/// Reports an identifier with a character that only looks like one of ASCII.
pub(super) fn report_disguised_id(record: &mut RecordContent) {
    let Some(meant) = record.meant_id() else { return };
    let Some(odd) = odd_character(&record.id, &meant) else { return };
    let message = format!("`id` is `{}`, whose {odd}", record.id);
    let violation = Violation::of_field("look-alike", "id", record.name_span, message);
    record.format_violations.push(Violation { help: Some(did_you_mean(&meant)), ..violation });
}

/// Returns the statements that no field took. Sections are text, unless their headings misspell a field or begin with an identifier, and
/// the schema judges front matter in the native format.
pub(super) fn unread_in(
    part: &Part<'_>,
    taken: &BTreeSet<usize>,
    misspelt: &BTreeMap<usize, Box<str>>,
    record: &RecordContent,
) -> Box<[UnreadStatement]> {
    let (kind, format) = (&record.kind, record.format.as_deref());
    let values = || record.fields.entries().iter();
    // An item such as `AP Tom: call them` or `KR1: sell 5` is a line of a list that a field took.
    let is_in_value = |it: &Statement<'_>| {
        values().any(|field| {
            field.value.span.contains(it.label_span)
                || !it.span.is_empty() && field.value.span.contains(it.span)
        })
    };
    let is_closed = format.is_some_and(Format::is_closed);
    let counts = |it: &Statement<'_>| match it.content {
        Content::Section(_) if is_closed => false,
        Content::Section(_) => {
            identity::number_of_heading(&it.label, kind).is_some()
                || of_label(&kind.shape, &it.label).is_some()
        }
        _ => format.is_some() || it.origin != Origin::FrontMatter,
    };
    let is_open = |it: &Statement<'_>| is_label(it) && !is_in_value(it) && counts(it);
    let open = part
        .statements
        .iter()
        .enumerate()
        .filter(|(at, it)| misspelt.contains_key(at) || !taken.contains(at) && is_open(it));
    let unread = open.map(|(at, it)| {
        let span = if record.unstated_field(&it.label).is_some() { it.span } else { it.label_span };
        UnreadStatement { nearest: misspelt.get(&at).cloned(), ..UnreadStatement::new(&*it.label, span) }
    });
    unread.collect()
}

/// Returns true for a label with a value, but not for one of a site generator or a tracker.
pub(super) fn is_label(statement: &Statement<'_>) -> bool {
    let is_of_others = || {
        words::is_in("other-labels", &statement.key)
            || matches!(&*statement.key, "kind" | "id" | "$schema" | "title")
    };
    !statement.key.is_empty() && !matches!(statement.content, Content::Nothing) && !is_of_others()
}
