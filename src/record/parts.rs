//! Finds the parts of a page that are records: rows of tables, sections and items of lists; and what the page states outside of them.

use std::collections::{HashMap, HashSet};

use super::body::Places;
use super::days::{period_in, period_of_path};
use super::{RecordContent, UnreadStatement, identity, items, lists, mistakes, page_kind, rows};
use crate::calendar::day_in;
use crate::format::Names;
use crate::kind::{Field, FieldType, Initial, Kind};
use crate::layout::{self, Content, Origin, Part, Shape, Statement, Title, label_key};
use crate::schema::{Violation, shorten};
use crate::syntax::markdown::{Cell, Heading, ListItem, Table, inline_destinations};
use crate::syntax::{Document, Format, Markdown};
use crate::text::{Source, Span};
use crate::value::date::{self, Order};
use crate::value::words;

/// A section without a number or a day states as many fields on lines.
const FEWEST_LINES: usize = 2;

/// Returns the rows, else the sections, else the items of a page or a file of data that are records.
pub(super) fn records<'a>(part: &Part<'a>, kind: &Kind, names: &Names) -> Vec<Part<'a>> {
    if let Shape::Mapping(_) = part.shape {
        return part.entries();
    }
    let mut rows = rows::records(part.document, kind, names, None);
    let source = &part.document.source;
    // A decision to which a row links, by its name or in a column for that, has a page of its own.
    let is_link = |it: &Statement<'_>| {
        let text = source.slice(it.span).trim();
        kind.shape.field(&it.key).is_none() && text.starts_with('[') && text.ends_with(')')
    };
    let names_row = |it: &&Statement<'_>| identity::is_name(&it.key) || is_link(it);
    let is_elsewhere = |row: &Part<'_>| {
        let mut names = row.statements.iter().filter(names_row);
        *kind.name == *page_kind() && names.any(|it| leads_to_page(source, it.span))
    };
    rows.retain(|row| !is_elsewhere(row));
    if rows.is_empty() {
        rows = rows::of_matrix(part.document, kind, names);
    }
    let found = joined(rows, sections(part, kind, names), kind);
    if found.is_empty() { items(part, kind) } else { found }
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
    let is_one = |it: &Part<'a>| !holds_row(it) && has_line(it);
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
    statement.origin == Origin::Cell && identity::is_name(&statement.key)
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
        first.statements.extend(lines_above(part, |label| is_misspelt(label, kind)));
    }
    found
}

fn is_misspelt(label: &str, kind: &Kind) -> bool {
    mistakes::of_label(&kind.shape, label).is_some()
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
        let may_be = may_be_record(&section, names);
        let is_alike = may_be && lines(&section).intersection(&labels).count() >= FEWEST_LINES;
        let is_one = match is_series {
            true => may_be && is_named(&section, kind) || is_alike,
            false => is_alike || is_record(&section, kind, names),
        };
        if is_one {
            section.statements.extend(stated.iter().cloned());
            found.push(section);
        } else if !is_of_field(&section, names) {
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
    let heading = part.heading().filter(|_| matches!(part.shape, Shape::Page))?;
    let headings = &part.document.markdown.as_deref()?.headings;
    let is_alike = |other: &Heading| other.level == heading.level && other.span != heading.span;
    headings.iter().any(is_alike).then(|| layout::section(part.document, heading))
}

/// Returns what a page or a chapter states of the records in it: on lines below its title, and in its title a period or the word of a field.
fn stated_for_all<'a>(part: &Part<'a>, kind: &Kind, names: &Names) -> Vec<Statement<'a>> {
    let is_known = |label: &str| names.know(&label_key(label)) || is_misspelt(label, kind);
    let mut lines = lines_above(part, is_known);
    let rows = named_rows(part);
    lines.retain(|line| {
        !identity::is_name(&line.key) && !rows.iter().any(|row| row.contains(line.label_span))
    });
    let on_lines: HashSet<usize> =
        lines.iter().flat_map(|line| names.fields(&line.key)).map(|named| named.field).collect();
    let mut stated: Vec<Statement<'a>> =
        lines.into_iter().map(|line| Statement { origin: Origin::Title, ..line }).collect();
    stated.extend(period_of_path(part.document, kind).filter(|_| matches!(part.shape, Shape::Page)));
    let Some(title) = &part.title else { return stated };
    let source = &part.document.source;
    let others = kind.shape.fields.iter().enumerate().filter(|(at, _)| !on_lines.contains(at));
    let of_title = |(_, field): (usize, &Field)| {
        let words = [Some(title.text.trim()), word_before_kind(&title.text, kind)];
        let value = match field.ty {
            FieldType::Period => period_in(&title.text, char::is_whitespace),
            FieldType::Text if !field.values.is_empty() => {
                words.into_iter().flatten().find(|it| field.canonical(it).is_some())
            }
            _ => None,
        }?;
        let start = source.slice(title.span).find(value)?;
        let span = title.span.part(start..start + value.len());
        Some(Statement::new(&field.name, title.span, Content::Text, span, Origin::Title))
    };
    stated.extend(others.filter_map(of_title));
    stated
}

/// Returns the tables of one row above the sections that name a record: they are about that one.
pub(super) fn named_rows(part: &Part<'_>) -> Vec<Span> {
    let names = part.statements.iter().filter(|it| identity::is_name(&it.key)).map(|it| it.label_span);
    let names: Vec<Span> = names.collect();
    let tables = part.tables().iter().map(|table| table.span);
    tables.filter(|table| names.iter().any(|name| table.contains(*name))).collect()
}

/// Returns the word before the name of the kind in a title: `Group` of `Group goals, Q4 2026`.
fn word_before_kind<'t>(title: &'t str, kind: &Kind) -> Option<&'t str> {
    let (word, rest) = title.trim().split_once(' ')?;
    let next = rest.split(|c: char| !c.is_alphanumeric()).next()?;
    kind.is_called(next).then_some(word)
}

/// Returns the lines with such labels above the sections of a part. What stands in a section is of that section alone.
fn lines_above<'a>(part: &Part<'a>, is_meant: impl Fn(&str) -> bool) -> Vec<Statement<'a>> {
    let sections = Places::new(part.sections().iter().map(|section| section.span));
    let is_above = |it: &&Statement<'a>| {
        it.origin <= Origin::Header && is_meant(&it.label) && !sections.overlap(it.label_span)
    };
    part.statements.iter().filter(is_above).cloned().collect()
}

fn is_of_field(section: &Part<'_>, names: &Names) -> bool {
    let title = section.title.as_ref().map(|title| label_key(&title.text)).unwrap_or_default();
    names.fields(&title).any(|named| named.is_heading)
}

/// Returns false for a heading that names a field, or leads to the page that is the record.
fn may_be_record(section: &Part<'_>, names: &Names) -> bool {
    let line = match (section.shape, &section.title) {
        (Shape::Section(heading), _) => heading.line,
        (_, Some(title)) => title.span,
        (_, None) => return false,
    };
    !is_of_field(section, names) && !leads_to_page(&section.document.source, line)
}

/// Returns true for a page of several sections that begin with a number or a day.
pub(super) fn are_series(part: &Part<'_>, kind: &Kind) -> bool {
    part.sections().iter().filter(|section| is_named(section, kind)).nth(1).is_some()
}

/// Returns true for a heading that begins with a number or a day. `1. Budget` is an item on the agenda of a session, not another session.
fn is_named(section: &Part<'_>, kind: &Kind) -> bool {
    let begins_with_day = |title: &str| date::read(title, Order::Unknown).is_ok_and(|it| it.day().is_some());
    let is_of_day = kind.shape.fields.iter().any(|field| field.initial == Some(Initial::Day));
    section.title.as_ref().is_some_and(|title| {
        let number = identity::number_of_heading(&title.text, kind);
        number.is_some_and(|it| !is_of_day || !it.prefix.is_empty()) || begins_with_day(&title.text)
    })
}

fn is_record(section: &Part<'_>, kind: &Kind, names: &Names) -> bool {
    let Some(title) = section.title.as_ref().filter(|_| may_be_record(section, names)) else {
        return false;
    };
    let lines = known_lines(section, names);
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

/// Returns the items outside other records that say all that a title of the kind can say: `- Ada Byron, left on 2026-05-31`. What stands
/// before the first comma, bracket or dash is the title.
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
        item.title = Some(Title { text: text[..end].into(), span: list_item.text.part(0..end) });
        item.statements.extend(kind.shape.stated_in(text).map(|(field, found)| {
            let span = list_item.text.part(found.range);
            Statement::new(&field.name, span, Content::Text, span, Origin::Item)
        }));
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
    let is_of_list = |key: &str| names.fields_of(kind, key).any(|field| field.item_shape().is_some());
    let source = &section.document.source;
    let is_led = || {
        let page = section.document.markdown.as_deref();
        let lists = page.map_or_else(Vec::new, |page| items::led_lists(source, page, section.span));
        lists.iter().any(|list| is_of_list(&label_key(list.lead)))
    };
    !lists::tables(section, kind).is_empty() || is_led()
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
    let mut demanded = kind.recognised_by.iter().filter(|name| !identity::is_name(name));
    let field = match (demanded.next(), demanded.next()) {
        (Some(only), None) => kind.shape.field(only)?,
        (None, _) => kind.shape.field(kind.value_field.as_deref()?)?,
        _ => return None,
    };
    (matches!(field.ty, FieldType::Text) && field.prose).then_some(field)
}

/// Returns how many lines of a part state a field of the kind.
pub(super) fn known_lines(part: &Part<'_>, names: &Names) -> usize {
    let lines = part.statements.iter().filter(|it| it.origin == Origin::Header);
    lines.filter(|it| names.fields(&it.key).any(|named| named.is_key)).count()
}

/// Returns the items that are records of a kind that demands a text alone: `**Site** – a building`. Where the text may be the title, a
/// plain item is one.
pub(super) fn items<'a>(part: &Part<'a>, kind: &Kind) -> Vec<Part<'a>> {
    // A single item with a text is no list of names.
    const FEWEST_ITEMS: usize = 2;
    let Some(field) = text_field(kind) else { return Vec::new() };
    let sections = part.sections();
    let all = part.items().into_iter().chain(sections.iter().flat_map(Part::items));
    let is_apart = |item: &Part<'_>| item.title.as_ref().is_none_or(|title| !is_of_page(&title.text));
    let record = |mut item: Part<'a>| {
        let lead = item.statements.iter_mut().find(|it| it.label.is_empty() && it.origin == Origin::Item);
        match lead {
            Some(lead) => lead.relabel(&field.name),
            None if field.initial == Some(Initial::Title) => {}
            None => return None,
        }
        Some(item)
    };
    let items: Vec<Part<'a>> = all.filter(is_apart).filter_map(record).collect();
    if items.len() < FEWEST_ITEMS { Vec::new() } else { items }
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

/// Adds what no record took to what the first record leaves unread.
pub(super) fn account(part: &Part<'_>, records: &mut [RecordContent], kind: &Kind, names: &Names) {
    let document = part.document;
    let Some(page) = document.markdown.as_deref() else { return };
    let whole = document.source.text().len() - document.source.bom_len();
    if records.iter().any(|record| record.span.range().len() >= whole) {
        return;
    }
    let values = records.iter().flat_map(|record| record.fields.entries()).map(|entry| entry.value.span);
    let values = Places::new(values);
    let is_taken = |table: &&Table| values.overlap(table.span);
    let mut found: Vec<UnreadStatement> =
        page.tables.iter().filter(|table| !is_taken(table)).filter_map(mistakes::of_table).collect();
    let read = Places::new(records.iter().map(|record| record.span));
    // The sections outside of records that state fields of the kind.
    let is_outside = |it: &&Heading| it.level > 1 && !read.overlap(it.span) && !read.overlap(it.body);
    let is_like_record = |it: &&Heading| known_lines(&layout::section(document, it), names) >= FEWEST_LINES;
    let sections = page.headings.iter().filter(is_outside).filter(is_like_record);
    found.extend(sections.map(|it| UnreadStatement::new(it.title.trim(), it.span)));
    found.extend(identifiers(document, page, records, &read, kind));
    found.extend(lists_outside(&document.source, page, &read, &values));
    found.extend(lines_of_page(part, records, &read));
    let Some(first) = records.first_mut() else { return };
    let known = std::mem::take(&mut first.unread);
    first.unread = known.into_iter().chain(found).collect();
}

/// Returns the items beside items that are records, and the headings of lists beside sections that hold records.
fn lists_outside(source: &Source, page: &Markdown, read: &Places, values: &Places) -> Vec<UnreadStatement> {
    let of_items: HashSet<Option<usize>> =
        outermost(page).filter(|item| read.overlap(item.span)).map(|item| item.heading).collect();
    let holds_records = |it: &&Heading| read.overlap(it.body) && !read.overlap(it.span);
    let above: HashSet<Option<u32>> = page.headings.iter().filter(holds_records).map(|it| it.above).collect();
    let mut found: Vec<UnreadStatement> = Vec::new();
    let is_read = |item: &&ListItem| read.overlap(item.span) || values.overlap(item.span);
    // What leads to a page is read there.
    let is_open = |item: &&ListItem| !is_read(item) && !leads_to_page(source, item.text);
    for item in outermost(page).filter(is_open) {
        let heading = item.heading.and_then(|at| page.headings.get(at));
        let (label, span) = match heading {
            _ if of_items.contains(&item.heading) => (&item.plain, item.text),
            Some(heading) if above.contains(&heading.above) && !read.overlap(heading.body) => {
                (&heading.title, heading.span)
            }
            _ => continue,
        };
        let is_known = found.last().is_some_and(|last| last.span == span);
        if !is_known && !is_of_page(label) {
            found.push(UnreadStatement::new(shorten(label.trim()), span));
        }
    }
    found
}

fn outermost(page: &Markdown) -> impl Iterator<Item = &ListItem> {
    page.items.iter().filter(|item| item.depth == 1)
}

/// Returns the front matter and the lines below the title that hold for no record.
fn lines_of_page(part: &Part<'_>, records: &[RecordContent], read: &Places) -> Vec<UnreadStatement> {
    let keys = records.iter().flat_map(|record| record.fields.entries());
    let taken: HashSet<Span> = keys.map(|entry| entry.key.span).collect();
    let known: HashSet<Span> =
        records.iter().flat_map(|record| &record.unread).map(|unread| unread.span).collect();
    let is_open = |it: &&Statement<'_>| {
        let is_named = taken.contains(&it.label_span) || known.contains(&it.label_span);
        it.origin <= Origin::Header && !is_named && mistakes::is_label(it) && !read.overlap(it.label_span)
    };
    let open = part.statements.iter().filter(is_open);
    open.map(|it| UnreadStatement::new(&*it.label, it.label_span)).collect()
}

/// Returns the identifiers of the records' series with which other headings and items of lists begin: `- W-05: a spreadsheet`.
fn identifiers(
    document: &Document,
    page: &Markdown,
    records: &[RecordContent],
    read: &Places,
    kind: &Kind,
) -> Vec<UnreadStatement> {
    let letters = |id: &str| id.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let series: HashSet<String> = records.iter().map(|record| letters(&record.id)).collect();
    let headings = page.headings.iter().map(|heading| heading.span);
    let items = outermost(page).map(|item| item.text);
    let places = headings.chain(items).filter(|span| !read.overlap(*span));
    let begins = |span: Span| {
        let text = document.source.slice(span);
        let (id, _) = identity::split_heading(text, kind)?;
        let is_one =
            id.starts_with(char::is_uppercase) && series.contains(&letters(id)) && text.starts_with(id);
        is_one.then(|| UnreadStatement::new(id, span.part(0..id.len())))
    };
    places.filter_map(begins).collect()
}

/// Reports misspelt columns at the first record of their table, and there too a required field that all rows lack.
pub(super) fn report_columns(page: &Markdown, kind: &Kind, names: &Names, records: &mut [RecordContent]) {
    for table in &page.tables {
        let start = records.partition_point(|record| record.span.start < table.span.start);
        let end = records.partition_point(|record| record.span.start < table.span.end);
        let Some([first, others @ ..]) = records.get_mut(start..end) else { continue };
        let is_unknown = |cell: &&Cell| !names.know(&label_key(&cell.text));
        let misspelt = table.header.iter().filter(is_unknown).filter_map(|cell| {
            let (label, _) = mistakes::of_column(kind, table, cell.text.trim())?;
            Some(mistakes::misspelt_column(cell, label, kind))
        });
        first.format_violations.extend(misspelt);
        if others.is_empty() {
            continue;
        }
        let stated = rows::stated_fields(table, kind, names);
        let required = kind.required.iter().filter(|name| !identity::is_name(name));
        for field in required.filter_map(|name| kind.shape.field(name)) {
            let states = |row: &RecordContent| row.fields.get(&field.name).is_some();
            let has_column = stated.iter().any(|other| other.name == field.name);
            if has_column || states(first) || others.iter().any(states) {
                continue;
            }
            let report = missing_column(field, table.header.first().map_or(table.span, |cell| cell.span));
            others.iter_mut().for_each(|row| row.format_violations.push(Violation::told_elsewhere(&report)));
            first.format_violations.push(report);
        }
    }
}

fn missing_column(field: &Field, heading: Span) -> Violation {
    let name = &field.name;
    let message = format!("`{name}` is missing, as in the other rows: no column states it");
    let help = Some(format!("add a column `{}`", mistakes::title(name)));
    Violation { help, ..Violation::of_field("required", name, heading, message) }
}
