//! What a page says twice: a status on two lines, two days under one label, and two sections of one name.

use ahash::{HashMap, HashMapExt, HashSet};
use jiff::civil::Date;

use super::conventions::CONVENTIONS;
use crate::calendar::{other_dates, parse_date_as};
use crate::kind::{Field, FieldType};
use crate::node::{Mapping, Node};
use crate::profile::{FieldVocabulary, View, label_text};
use crate::schema::Violation;
use crate::syntax::markdown::{Heading, section_key};
use crate::text::{Source, Span};

/// Reports a second word for the status on a line of its own, below the one that is read. More than two are a list to choose from.
pub(super) fn second_status(
    view: &View<'_>,
    field: &Field,
    vocabulary: &FieldVocabulary,
    status: Span,
) -> Option<Violation> {
    let of_line = || second_status_line(view, field, vocabulary, status);
    let Some(section) = view.headings().iter().find(|heading| heading.own_body.contains(status)) else {
        return of_line();
    };
    let words = lines(view, section.own_body).filter_map(|(span, line)| {
        let word = line.trim_end_matches('.');
        let is_word = word.chars().all(|c| c.is_alphabetic() || c == ' ');
        Some((span, word, vocabulary.value_of(word).filter(|_| is_word)?))
    });
    let words: Vec<(Span, &str, &str)> = words.collect();
    let [(first, word, value), (second, other, other_value)] = words.as_slice() else { return of_line() };
    (first.contains(status) && value != other_value).then(|| Violation {
        help: Some("remove the one that is out of date".to_owned()),
        related: Some((*second, "another status".to_owned())),
        ..repeated(&field.name, *first, format!("the status is `{word}`, and `{other}` below"))
    })
}

/// Reports a second line below the title with the label of the status and another word of the format.
fn second_status_line(
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

/// Reports another day under a label of a field: on a line below the title, or alone in a section.
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
    let level = view.title().map_or(1, |title| title.level) + 1;
    let below = view.headings().iter().filter(|it| it.level <= level && is_named(&it.title));
    let in_sections = below.filter_map(|heading| {
        let mut lines = lines(view, heading.own_body);
        lines.next().filter(|_| lines.next().is_none())
    });
    let read = |(span, text): (Span, &'_ str)| Some((span, text.to_owned(), whole_day(text, formats)?));
    let days: Vec<(Span, String, Date)> = on_lines.chain(in_sections).filter_map(read).collect();
    let [(first, written, day), later @ ..] = days.as_slice() else { return None };
    let mut later = later.iter().filter(|(span, ..)| !is_below_another_item(view.source(), *first, *span));
    // `03/04/2026` may be the same day as `4 March 2026`.
    let other_readings = other_dates(written, formats, *day);
    let (second, _, other) = later.find(|(_, text, other)| {
        let is_same = |date: &Date| date == day || other_readings.contains(date);
        !is_same(other) && !other_dates(text, formats, *other).iter().any(is_same)
    })?;
    Some(Violation {
        help: Some("remove the one that is out of date, or make both alike".to_owned()),
        related: Some((*first, "another day".to_owned())),
        ..repeated(&field.name, *second, format!("the {} is {other} here and {day} above", field.name))
    })
}

/// Returns true if two lines are nested in different items of a list: the `Date:` in `Next meeting:` is not that of this one.
fn is_below_another_item(source: &Source, first: Span, second: Span) -> bool {
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let [first, second] = [first, second].map(|value| source.line_span(value.start as usize));
    let least = indentation(source.slice(first)).min(indentation(source.slice(second)));
    let between = source.text().get(first.end as usize..second.start as usize).unwrap_or_default();
    between.lines().any(|line| !line.trim().is_empty() && indentation(line) < least)
}

/// Returns the day of a text that holds nothing else.
fn whole_day(text: &str, formats: &[Box<str>]) -> Option<Date> {
    parse_date_as(
        text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '`' | '.')),
        formats,
    )
}

/// Reports the title of a page that comes again, with a section that it had below it: the page was pasted twice.
pub(super) fn second_title(view: &View<'_>) -> Option<Violation> {
    let title = view.title().filter(|title| title.level == 1 && view.section.is_none())?;
    let key = section_key(&title.title);
    let is_again = |heading: &&Heading| heading.level == 1 && section_key(&heading.title) == key;
    let second = view.headings().iter().filter(|it| it.span.start > title.span.start).find(is_again)?;
    let below = |title: &Heading| -> HashSet<String> {
        let parts = view.headings().iter().filter(|it| it.level > 1 && title.body.contains(it.span));
        parts.map(|heading| section_key(&heading.title)).collect()
    };
    let is_pasted = !below(title).is_disjoint(&below(second));
    is_pasted.then(|| Violation {
        help: Some("remove one of the two copies of the page".to_owned()),
        related: Some((title.span, "first here".to_owned())),
        ..repeated("title", second.span, "its title stands there again, with the same sections".to_owned())
    })
}

/// Reports the first section of a record that comes again at the same level: one that a page has once, or a copy.
pub(super) fn second_section(view: &View<'_>, fields: &[Field]) -> Option<Violation> {
    const LEAST_COPIED: usize = 30;
    let title = view.title().filter(|title| title.level == 1)?;
    let is_below = |heading: &&Heading| title.body.contains(heading.span) && heading.span != title.span;
    let headings: Vec<&Heading> = view.headings().iter().filter(is_below).collect();
    let level = headings.iter().map(|heading| heading.level).min()?;
    let parts: Vec<(String, &Heading)> = headings
        .into_iter()
        .filter(|heading| heading.level == level)
        .map(|heading| (section_key(&heading.title), heading))
        .collect();
    let text = |heading: &Heading| view.source().slice(heading.body).trim();
    let mut by_heading: HashMap<String, &Field> = HashMap::new();
    for (field, title) in fields.iter().flat_map(|field| field.headings.iter().map(move |it| (field, it))) {
        by_heading.entry(section_key(title)).or_insert(field);
    }
    // Of the sections below the one in question, the nearest of its name, that with a text, and that with the same text.
    let (mut nearest, mut with_text, mut copies) = (HashMap::new(), HashMap::new(), HashMap::new());
    let mut found = None;
    for (key, first) in parts.iter().rev() {
        let Some(field) = by_heading.get(key) else { continue };
        let text = text(first);
        let copy = copies.insert((key, text), *first);
        let second = match (CONVENTIONS.is_written_once(key), text.is_empty()) {
            (true, true) => with_text.get(key).copied(),
            (true, false) => nearest.get(key).copied(),
            (false, _) => copy.filter(|_| text.len() >= LEAST_COPIED),
        };
        found = second.map(|second: &Heading| (*field, *first, second)).or(found);
        nearest.insert(key, *first);
        if !text.is_empty() {
            with_text.insert(key, *first);
        }
    }
    let (field, first, second) = found?;
    let help = match text(first) == text(second) {
        true => "remove one of them, which says the same",
        false => "keep one of them, or join the two",
    };
    Some(Violation {
        help: Some(help.to_owned()),
        related: Some((second.span, "again here".to_owned())),
        ..repeated(&field.name, first.span, format!("it has two sections `{}`", first.title))
    })
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
