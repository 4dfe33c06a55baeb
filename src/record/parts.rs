//! Finds the parts of a page that are records: rows of tables, sections and items of lists.

use std::collections::{HashMap, HashSet};

use super::period::{period_in, period_of_path};
use super::{identity, items, lists, mistakes, page_kind, rows};
use crate::calendar::day_in;
use crate::format::Names;
use crate::kind::{Field, FieldType, Initial, Kind};
use crate::layout::{self, Content, Origin, Part, Shape, Statement, Title, label_key};
use crate::syntax::Format;
use crate::syntax::markdown::{Heading, inline_destinations};
use crate::text::{Source, Span};
use crate::value::date::{self, Order};
use crate::value::words;

/// A section without a number or a day states as many fields on lines.
const FEWEST_LINES: usize = 2;

/// A single item with a text is no list of names.
const FEWEST_ITEMS: usize = 2;

/// Returns the rows, else the sections, else the items of a page or a file of data that are records.
pub(super) fn records<'a>(part: &Part<'a>, kind: &Kind, names: &Names) -> Vec<Part<'a>> {
    if let Shape::Mapping(_) = part.shape {
        return part.entries();
    }
    let mut rows = rows::records(part.document, kind, names, None);
    let source = &part.document.source;
    // A decision to which a row links has a page of its own.
    let is_elsewhere = |row: &Part<'_>| {
        *kind.name == *page_kind() && row.statements.iter().any(|it| leads_to_page(source, it.span))
    };
    rows.retain(|row| !is_elsewhere(row));
    if rows.is_empty() {
        rows = rows::of_matrix(part.document, kind, names);
    }
    let found = joined(rows, sections(part, kind, names), kind);
    if !found.is_empty() {
        return found;
    }
    let items = items(part, kind);
    if items.len() < FEWEST_ITEMS { Vec::new() } else { items }
}

/// Returns the rows of a page and the sections beside them, merged.
pub(super) fn joined<'a>(rows: Vec<Part<'a>>, sections: Vec<Part<'a>>, kind: &Kind) -> Vec<Part<'a>> {
    if rows.is_empty() {
        return sections;
    }
    let places = Places::new(rows.iter().map(|row| row.span));
    let holds_row = |section: &Part<'_>| places.overlap(section.span);
    // A table of one row is one of something else.
    let has_line = |section: &Part<'_>| {
        let tables = section.tables();
        let is_in_table = |it: &Statement<'_>| tables.iter().any(|table| table.span.contains(it.label_span));
        section.statements.iter().any(|it| it.origin == Origin::Header && !is_in_table(it))
    };
    let is_one = |it: &Part<'a>| !holds_row(it) && !is_about_page(it) && has_line(it);
    let sections: Vec<Part<'a>> = sections.into_iter().filter(is_one).collect();
    merged(rows.into_iter().chain(sections), kind)
}

/// Returns parts in their order. One of the name of another that states other fields says more of the same record.
pub(super) fn merged<'a>(parts: impl Iterator<Item = Part<'a>>, kind: &Kind) -> Vec<Part<'a>> {
    let mut found: Vec<Part<'a>> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for part in parts {
        let names = names_of(&part, kind);
        let first = names.iter().find_map(|name| known.get(name)).copied();
        match first.filter(|at| states_more(&found[*at], &part)) {
            Some(at) => found[at].statements.extend(part.statements.into_iter().filter(|it| !is_name(it))),
            None => {
                known.extend(names.into_iter().map(|name| (name, found.len())));
                found.push(part);
            }
        }
    }
    found.sort_by_key(|part| part.span.start);
    found
}

/// Parts of a page, to be asked whether one of them overlaps another part.
pub(super) struct Places {
    starts: Vec<u32>,
    /// For each start, the last end of the parts up to there.
    ends: Vec<u32>,
}

impl Places {
    pub(super) fn new(spans: impl Iterator<Item = Span>) -> Places {
        let mut spans: Vec<(u32, u32)> = spans.map(|span| (span.start, span.end)).collect();
        spans.sort_unstable();
        let mut last = 0;
        let ends = spans.iter().map(|(_, end)| {
            last = last.max(*end);
            last
        });
        Places { ends: ends.collect(), starts: spans.iter().map(|(start, _)| *start).collect() }
    }

    pub(super) fn overlap(&self, part: Span) -> bool {
        let before = self.starts.partition_point(|start| *start < part.end);
        before > 0 && self.ends[before - 1] > part.start
    }
}

fn is_about_page(section: &Part<'_>) -> bool {
    section.title.as_ref().is_some_and(|title| is_of_page(&title.text))
}

/// Returns the identifier and the title of a row or a section, as they compare.
fn names_of(part: &Part<'_>, kind: &Kind) -> Vec<String> {
    let source = &part.document.source;
    let stated = part.statements.iter().filter(|it| is_name(it)).map(|it| it.text(source).into_owned());
    let title = part.title.iter().flat_map(|title| match identity::split_heading(&title.text, kind) {
        Some((id, rest)) => vec![id.to_owned(), rest.to_owned()],
        None => vec![title.text.to_string()],
    });
    stated.chain(title).map(|name| label_key(&name)).filter(|name| !name.is_empty()).collect()
}

fn is_name(statement: &Statement<'_>) -> bool {
    statement.origin == Origin::Cell && rows::is_name(&statement.key)
}

/// Returns true if a part states fields, and none that another one does: a second definition is a repetition.
fn states_more(first: &Part<'_>, second: &Part<'_>) -> bool {
    let is_stated = |it: &Statement<'_>| first.statements.iter().any(|other| other.key == it.key);
    let mut others = second.statements.iter().filter(|it| !is_name(it) && !it.key.is_empty()).peekable();
    others.peek().is_some() && !others.any(is_stated)
}

/// Returns the sections that are records: of a chapter, those in it. What the page and the chapter state holds for each.
pub(super) fn sections<'a>(part: &Part<'a>, kind: &Kind, names: &Names) -> Vec<Part<'a>> {
    let mut found = Vec::new();
    add_sections(part, kind, names, &[], &mut found);
    // A misspelt line above them is said once.
    if let Some(first) = found.first_mut() {
        first.statements.extend(lines_above(part, |label| mistakes::of_line(kind, label).is_some()));
    }
    found
}

fn add_sections<'a>(
    part: &Part<'a>,
    kind: &Kind,
    names: &Names,
    above: &[Statement<'a>],
    found: &mut Vec<Part<'a>>,
) {
    let first = first_of_alike(part).filter(|section| is_record(section, kind, names));
    let stated = match first {
        Some(_) => above.to_vec(),
        None => [stated_for_all(part, kind, names), above.to_vec()].concat(),
    };
    let sections: Vec<Part<'a>> = first.into_iter().chain(part.sections()).collect();
    // Where some are numbered, the others are about something else, unless they state the same.
    let found_here: Vec<&Part<'a>> = sections.iter().filter(|it| is_record(it, kind, names)).collect();
    let is_series = found_here.iter().any(|it| is_named(it, kind));
    let series = found_here.iter().filter(|it| !is_series || is_named(it, kind));
    let lines = |it: &Part<'a>| {
        let lines = it.statements.iter().filter(|it| it.origin == Origin::Header);
        lines.map(|it| it.key.to_string()).collect::<HashSet<_>>()
    };
    let labels: HashSet<String> = series.flat_map(|it| lines(it)).collect();
    let stated = without_stated_by_most(stated, &found_here, names);
    for mut section in sections {
        let may_be = may_be_record(&section, kind, names);
        let is_alike = may_be && lines(&section).intersection(&labels).count() >= FEWEST_LINES;
        let is_one = match is_series {
            true => may_be && is_named(&section, kind) || is_alike,
            false => is_alike || is_record(&section, kind, names),
        };
        if is_one {
            section.statements.extend(stated.iter().cloned());
            found.push(section);
        } else if !is_of_field(&section, kind, names) {
            add_sections(&section, kind, names, &stated, found);
        }
    }
}

/// Returns what a page states for its records, without the fields that most of them state themselves: the owner there is that of the page.
fn without_stated_by_most<'a>(
    mut stated: Vec<Statement<'a>>,
    records: &[&Part<'a>],
    names: &Names,
) -> Vec<Statement<'a>> {
    let fields = |key: &str| names.fields(key).map(|named| named.field).collect::<Vec<_>>();
    stated.retain(|line| {
        let meant = fields(&line.key);
        let states = |record: &&&Part<'a>| {
            record.statements.iter().any(|it| fields(&it.key).iter().any(|field| meant.contains(field)))
        };
        2 * records.iter().filter(states).count() <= records.len()
    });
    stated
}

/// Returns the section below the heading that is taken for the title of a page, where others of its level follow.
fn first_of_alike<'a>(part: &Part<'a>) -> Option<Part<'a>> {
    let title = part.title.as_ref().filter(|_| matches!(part.shape, Shape::Page))?;
    let headings = &part.document.markdown.as_deref()?.headings;
    let heading = headings.iter().find(|heading| heading.span == title.span)?;
    let is_alike = |other: &Heading| other.level == heading.level && other.span != heading.span;
    headings.iter().any(is_alike).then(|| layout::section(part.document, heading))
}

/// Returns what a page or a chapter states of the records in it: on lines below its title, and in its title a period or the word of a field.
fn stated_for_all<'a>(part: &Part<'a>, kind: &Kind, names: &Names) -> Vec<Statement<'a>> {
    let lines = lines_above(part, |label| names.fields(&label_key(label)).next().is_some()).into_iter();
    let mut stated: Vec<Statement<'a>> =
        lines.map(|line| Statement { origin: Origin::Title, ..line }).collect();
    let is_on_line = |at: usize, stated: &[Statement<'a>]| {
        stated.iter().any(|line| names.fields(&line.key).any(|named| named.field == at))
    };
    let of_lines = stated.clone();
    stated.extend(period_of_path(part.document, kind).filter(|_| matches!(part.shape, Shape::Page)));
    let Some(title) = &part.title else { return stated };
    let source = &part.document.source;
    for (at, field) in kind.shape.fields.iter().enumerate() {
        if is_on_line(at, &of_lines) {
            continue;
        }
        let value = match field.ty {
            FieldType::Period => period_in(&title.text, char::is_whitespace),
            FieldType::Text if !field.values.is_empty() => {
                let named = word_before_kind(&title.text, kind);
                [Some(title.text.trim()), named]
                    .into_iter()
                    .flatten()
                    .find(|it| field.canonical(it).is_some())
            }
            _ => None,
        };
        let at = value.and_then(|value| Some((source.slice(title.span).find(value)?, value.len())));
        if let Some((at, length)) = at {
            let start = title.span.start as usize + at;
            stated.push(Statement {
                label: (*field.name).into(),
                key: label_key(&field.name).into(),
                label_span: title.span,
                content: Content::Text,
                span: Span::new(start, start + length),
                origin: Origin::Title,
            });
        }
    }
    stated
}

/// Returns the word before the name of the kind in a title: `Group` of `Group goals, Q4 2026`.
fn word_before_kind<'t>(title: &'t str, kind: &Kind) -> Option<&'t str> {
    let (word, rest) = title.trim().split_once(' ')?;
    let next = rest.split(|c: char| !c.is_alphanumeric()).next()?;
    kind.is_called(next).then_some(word)
}

/// Returns the lines with such labels above the sections of a part. What stands in a section is of that section alone.
fn lines_above<'a>(part: &Part<'a>, is_meant: impl Fn(&str) -> bool) -> Vec<Statement<'a>> {
    let sections = part.sections();
    let is_above = |it: &&Statement<'a>| {
        it.origin <= Origin::Header
            && is_meant(&it.label)
            && !sections.iter().any(|section| section.span.contains(it.label_span))
    };
    part.statements.iter().filter(is_above).cloned().collect()
}

/// Returns true for a heading that names a field.
fn is_of_field(section: &Part<'_>, kind: &Kind, names: &Names) -> bool {
    let title = section.title.as_ref().map(|title| label_key(&title.text)).unwrap_or_default();
    names.fields(&title).any(|named| named.is_heading && kind.shape.fields.get(named.field).is_some())
}

/// Returns false for a heading that names a field, or leads to the page that is the record.
fn may_be_record(section: &Part<'_>, kind: &Kind, names: &Names) -> bool {
    let line = match (section.shape, &section.title) {
        (Shape::Section(heading), _) => heading.line,
        (_, Some(title)) => title.span,
        (_, None) => return false,
    };
    !is_of_field(section, kind, names) && !leads_to_page(&section.document.source, line)
}

/// Returns true for a page of several sections that begin with a number or a day.
pub(super) fn are_series(part: &Part<'_>, kind: &Kind) -> bool {
    part.sections().iter().filter(|section| is_named(section, kind)).nth(1).is_some()
}

/// Returns true for a heading that begins with a number or a day.
fn is_named(section: &Part<'_>, kind: &Kind) -> bool {
    let begins_with_day = |title: &str| date::read(title, Order::Unknown).is_ok_and(|it| it.day().is_some());
    section.title.as_ref().is_some_and(|title| {
        identity::number_of_heading(&title.text, kind).is_some() || begins_with_day(&title.text)
    })
}

fn is_record(section: &Part<'_>, kind: &Kind, names: &Names) -> bool {
    let Some(title) = section.title.as_ref().filter(|_| may_be_record(section, kind, names)) else {
        return false;
    };
    let lines = known_lines(section, kind, names);
    let is_section = |content: &Content<'_>| matches!(content, Content::Section(_));
    let below = section.statements.iter().filter(|it| is_section(&it.content));
    let below = below.filter(|it| names.fields(&it.key).any(|named| named.is_heading)).count();
    let is_dated = day_in(&title.text).is_some();
    // A session has a day, and whatever was said.
    let is_of_day = is_dated && kind.shape.fields.iter().any(|field| field.initial == Some(Initial::Day));
    let is_certain = (is_dated || is_named(section, kind)) && lines + below > 0;
    lines >= FEWEST_LINES
        || is_of_day
        || is_certain
        || holds_items(section, kind, names)
        || says_all(&title.text, kind)
        || defines(section, kind)
}

/// Returns the items of lists outside other records that say all that a title of the kind can say: `- Ada Byron, left on 2026-05-31`. What stands before
/// the first comma, bracket or dash is the title.
pub(super) fn saying_items<'a>(part: &Part<'a>, kind: &Kind, others: &[Part<'a>]) -> Vec<Part<'a>> {
    const ENDS: [&str; 4] = [", ", " (", " – ", ": "];
    let places = Places::new(others.iter().map(|other| other.span));
    let sections = part.sections();
    let all = part.items().into_iter().chain(sections.iter().flat_map(Part::items));
    let says = |item: &Part<'a>| match item.shape {
        Shape::Item(item) => says_all(&item.plain, kind),
        _ => false,
    };
    let named = |mut item: Part<'a>| {
        let Shape::Item(list_item) = item.shape else { return None };
        let source = &item.document.source;
        let text = source.slice(list_item.text);
        let end = ENDS.iter().filter_map(|end| text.find(end)).min().unwrap_or(text.len());
        let start = list_item.text.start as usize;
        item.title = Some(Title { text: text[..end].into(), span: Span::new(start, start + end) });
        for field in &kind.shape.fields {
            let found = field.in_text.and_then(|phrase| phrase.find(text));
            item.statements.extend(found.map(|found| {
                let span = Span::new(start + found.range.start, start + found.range.end);
                Statement::new(&field.name, span, Content::Text, span, Origin::Item)
            }));
        }
        Some(item)
    };
    all.filter(|item| !places.overlap(item.span) && says(item)).filter_map(named).collect()
}

/// Returns true for a title that states fields of the kind, such as `Customers over revenue`.
fn says_all(title: &str, kind: &Kind) -> bool {
    let mut phrases = kind.shape.fields.iter().filter_map(|field| field.in_text).peekable();
    phrases.peek().is_some() && phrases.all(|phrase| phrase.find(title).is_some())
}

/// Returns true for a section with a list of items that are mappings, such as behaviours: below a label, or in a table.
fn holds_items(section: &Part<'_>, kind: &Kind, names: &Names) -> bool {
    let is_list = |statement: &Statement<'_>| {
        let mut fields = names.fields(&statement.key).map(|named| &kind.shape.fields[named.field]);
        matches!(statement.content, Content::List(_)) && fields.any(|field| field.item_shape().is_some())
    };
    let leads = |list: &items::LedList<'_>| {
        let key = label_key(list.lead);
        let mut fields = names.fields(&key).map(|named| &kind.shape.fields[named.field]);
        fields.any(|field| field.item_shape().is_some())
    };
    let source = &section.document.source;
    let is_led = || {
        let page = section.document.markdown.as_deref();
        page.is_some_and(|page| items::led_lists(source, page, section.span).iter().any(leads))
    };
    section.statements.iter().any(is_list) || lists::has_table(section, kind) || is_led()
}

/// Returns true for a section that is a text under a name, of a kind that demands only that.
fn defines(section: &Part<'_>, kind: &Kind) -> bool {
    const LEAST_LETTERS: usize = 2;
    const MOST_BYTES: usize = 1500;
    let (Shape::Section(heading), Some(_)) = (section.shape, text_field(kind)) else { return false };
    let text = section.document.source.slice(heading.own_body).trim();
    let is_text = text.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '"' | '“' | '*' | '_'));
    let names_thing = heading.title.chars().filter(|c| c.is_alphabetic()).count() >= LEAST_LETTERS
        && !is_of_page(&heading.title);
    is_text && names_thing && text.len() <= MOST_BYTES && section.sections().is_empty()
}

/// Returns true for a title of a part that is about its page: `See also`, `Who it is for`, `Note`.
fn is_of_page(title: &str) -> bool {
    let title = label_key(title);
    let first = title.split(' ').next().unwrap_or_default();
    words::is_in("parts-of-pages", &title) || words::is_in("openings-of-parts", first)
}

/// Returns the field that is all that a record of a kind demands besides its name; of one that demands nothing, the field of a plain text.
pub(super) fn text_field(kind: &Kind) -> Option<&Field> {
    let mut demanded = kind.recognised_by.iter().filter(|name| !rows::is_name(name));
    let field = match (demanded.next(), demanded.next()) {
        (Some(only), None) => kind.shape.field(only)?,
        (None, _) => kind.shape.field(kind.value_field.as_deref()?)?,
        _ => return None,
    };
    (matches!(field.ty, FieldType::Text) && field.prose).then_some(field)
}

/// Returns how many lines of a part state a field of the kind.
pub(super) fn known_lines(part: &Part<'_>, kind: &Kind, names: &Names) -> usize {
    let lines = part.statements.iter().filter(|it| it.origin == Origin::Header);
    let is_known = |key: &str| {
        names.fields(key).any(|named| named.is_key && kind.shape.fields.get(named.field).is_some())
    };
    lines.filter(|it| is_known(&it.key)).count()
}

/// Returns the items that are records, of a kind that demands a text alone: `**Site** – a building of a customer`. Where the text may also be
/// the title, a plain item is one.
pub(super) fn items<'a>(part: &Part<'a>, kind: &Kind) -> Vec<Part<'a>> {
    let Some(field) = text_field(kind) else { return Vec::new() };
    let mut found = Vec::new();
    let all =
        std::iter::once(part.items()).chain(part.sections().iter().map(Part::items).collect::<Vec<_>>());
    let is_apart = |item: &Part<'_>| item.title.as_ref().is_none_or(|title| !is_of_page(&title.text));
    for mut item in all.flatten().filter(is_apart) {
        let lead = item.statements.iter_mut().find(|it| it.label.is_empty() && it.origin == Origin::Item);
        match lead {
            Some(lead) => {
                lead.key = label_key(&field.name).into();
                lead.label = (*field.name).into();
                found.push(item);
            }
            None if field.initial == Some(Initial::Title) => found.push(item),
            None => {}
        }
    }
    found
}

/// Returns true if a heading or a cell links to a page, which holds the record.
pub(super) fn leads_to_page(source: &Source, part: Span) -> bool {
    let text = source.slice(part);
    let is_page = |path: &str| {
        let path = path.split('#').next().unwrap_or_default();
        !path.contains("://") && Format::is_page_path(path)
    };
    inline_destinations(text).into_iter().any(|range| is_page(&text[range]))
}
