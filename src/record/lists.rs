//! Reads the lists of a record that stand outside a section of their own: below a line such as `Follow-ups:`, in marked lines such as
//! `- DECISION: we stop the pilot`, in a table below the title, and one item on lines.

use super::body::{Body, Places};
use super::builder::Builder;
use super::{items, rows};
use crate::kind::{Field, FieldType, Kind, Shape};
use crate::layout::{Content, Origin, Part, Section, Shape as PartShape, Statement, label_key};
use crate::node::{Entry, Key, Mapping, Node, Value, edit_list};
use crate::syntax::markdown::Table;
use crate::text::{Span, beginning_in, range_in};

pub(super) fn add(builder: &mut Builder<'_>) {
    add_item_of(builder);
    if matches!(builder.part.shape, PartShape::Page | PartShape::Section(_)) {
        for (list, shape, table) in tables(builder.part, builder.kind) {
            add_items(builder, list, rows::mappings(builder.source(), table, shape).collect());
        }
        add_led_and_marked(builder);
    }
}

fn add_led_and_marked(builder: &mut Builder<'_>) {
    let (part, kind, names) = (builder.part, builder.kind, builder.names);
    let Some(page) = part.document.markdown.as_deref() else { return };
    let source = &part.document.source;
    let shape_fields = &kind.shape.fields;
    // The lists that have a section, with its body.
    let mut own: Vec<(usize, Span)> = Vec::new();
    for statement in &part.statements {
        let Content::Section(section) = statement.content else { continue };
        let fields = names.fields(&statement.key);
        let lists = fields.filter(|it| matches!(shape_fields[it.field].ty, FieldType::List(_)));
        own.extend(lists.map(|it| (it.field, section.body)));
    }
    let list_named = |label: &str, span: Span| {
        let key = label_key(label);
        let mut fields = names.fields(&key).map(|it| it.field);
        let (at, shape) = fields.find_map(|at| Some((at, shape_fields[at].item_shape()?)))?;
        let is_read = own.iter().any(|(other, body)| *other == at && body.contains(span));
        (!is_read).then_some((at, shape))
    };
    let mut found: Vec<(usize, Node)> = Vec::new();
    for list in items::led_lists(source, page, part.span) {
        let named = list_named(list.lead, list.items[0].span);
        found.extend(named.and_then(|(at, shape)| Some((at, items::values(source, list.items, shape)?))));
    }
    // Further sections such as `Actions` below each topic.
    for heading in beginning_in(&page.headings, part.span, |it| it.span) {
        let Some((at, _)) = list_named(&heading.title, heading.own_body) else { continue };
        let section = Section { body: heading.body, own_body: heading.own_body };
        let field = &shape_fields[at];
        let body = Body::new(part.document, &section).filter(|_| !field.marked.is_empty());
        found.extend(body.and_then(|body| Some((at, body.read(field, |_| false)?))));
    }
    let numbered = part.list_items().iter().filter(|item| item.depth == 1).filter_map(|item| {
        let (label, text) = numbered_label(source.slice(item.text))?;
        let (at, _) = list_named(label, item.span)?;
        let span = item.text.part(range_in(source.slice(item.text), text));
        Some((at, Node::sequence(span, vec![Node::text(span, text.trim_end())])))
    });
    found.extend(numbered);
    let taken = own.iter().map(|(_, body)| *body).chain(found.iter().map(|(_, items)| items.span));
    let taken = Places::new(taken);
    for (at, field) in shape_fields.iter().enumerate() {
        let own = found.iter().filter(|(of, _)| *of == at);
        let mut items: Vec<Node> =
            own.flat_map(|(_, list)| list.as_sequence().unwrap_or_default().to_vec()).collect();
        if !field.marked.is_empty() && matches!(part.shape, PartShape::Page) {
            items.extend(items::marked(source, page, field, &taken));
        }
        add_items(builder, field, items);
    }
}

/// Splits the text of an item behind a numbered label: `KR1: …`, `**KR 1.2** – …`, `**KR1** …`.
fn numbered_label(text: &str) -> Option<(&str, &str)> {
    let written = text.trim_start_matches(['*', '_']);
    let number = written.find(|c: char| c.is_ascii_digit())?;
    let label = written[..number].trim_end_matches([' ', '-', '#']);
    let rest = written[number..].trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let words = rest.trim_start_matches(|c: char| c.is_whitespace() || "*_:：)–—-".contains(c));
    (!label.is_empty() && !words.is_empty() && words.len() < rest.len()).then_some((label, words))
}

/// Adds items to a list, in the order of the page.
fn add_items(builder: &mut Builder<'_>, field: &Field, mut items: Vec<Node>) {
    items.sort_by_key(|item| item.span.start);
    let all = items.iter().map(|item| item.span).reduce(Span::to);
    let list = all.and_then(|span| builder.canonical.prose_field(Node::sequence(span, items), field));
    let Some(list) = list else { return };
    let stated = builder.fields.entries_mut().iter_mut().find(|entry| entry.key.name == field.name);
    match stated.map(|entry| &mut entry.value) {
        Some(Node { value: Value::Sequence(stated), span, .. }) => {
            *span = span.to(list.span);
            edit_list(stated, |items| items.extend_from_slice(list.as_sequence().unwrap_or_default()));
        }
        Some(_) => {}
        None => builder.fields.push(Key { name: field.name.clone(), span: list.span }, list),
    }
}

/// Returns the tables in the own text of a part that hold each list.
pub(super) fn tables<'a, 'k>(part: &Part<'a>, kind: &'k Kind) -> Vec<(&'k Field, &'k Shape, &'a Table)> {
    let lists = kind.shape.fields.iter().filter(|list| list.natural_key.is_some());
    let lists = lists.filter_map(|list| Some((list, list.item_shape()?)));
    let of = |(list, shape)| {
        let tables = part.tables().iter().filter(move |table| knows_columns(table, list, shape, kind));
        tables.map(move |table| (list, shape, table))
    };
    lists.flat_map(of).collect()
}

/// Returns true for a table with a column that is the natural key of the items and refers to a record, as in `| KPI | Weight |`, or is named
/// for the list, or whose columns are all fields of this list and of no other.
fn knows_columns(table: &Table, list: &Field, shape: &Shape, kind: &Kind) -> bool {
    let columns = || table.header.iter().map(|cell| cell.text.trim());
    let knows_all = |shape: &Shape| columns().all(|column| shape.by_key(column).is_some());
    let lists = || kind.shape.fields.iter().filter_map(Field::item_shape);
    let is_named = || columns().filter_map(|it| kind.shape.by_key(it)).any(|field| field.name == list.name);
    let is_key = |field: &Field| {
        list.natural_key.as_deref() == Some(&*field.name) && matches!(field.ty, FieldType::Reference(_))
    };
    let parts = || columns().filter_map(|column| shape.by_key(column));
    parts().count() > 1
        && (parts().any(is_key)
            || is_named()
            || knows_all(shape) && lists().filter(|shape| knows_all(shape)).count() == 1)
}

/// Adds what lines or columns say about the one item of a list that a page or a row states: `In practice: …` and `Measures: …`.
fn add_item_of(builder: &mut Builder<'_>) {
    let (part, kind) = (builder.part, builder.kind);
    let Some(list) = kind.list_in_rows() else { return };
    let Some(shape) = list.item_shape() else { return };
    let Some(text) = shape.text.as_deref() else { return };
    let source = &part.document.source;
    let is_plain = |origin| matches!(origin, Origin::Header | Origin::Cell | Origin::Item);
    let stated = part.statements.iter().filter(|it| is_plain(it.origin));
    let of_list = |label: &str| kind.field_of_column(label).is_some_and(|field| field.name == list.name);
    let Some(described) = stated.clone().find(|it| of_list(&it.label)) else { return };
    let entry = |name: &str, it: &Statement<'_>| {
        Entry::new(name, it.label_span, Node::text(it.span, it.text(source).trim()))
    };
    let parts = stated.filter_map(|it| {
        let part = shape.by_key(&it.label).filter(|_| kind.field_of_column(&it.label).is_none())?;
        Some(entry(&part.name, it)).filter(|entry| !entry.value.is_blank())
    });
    let item = Mapping::new(std::iter::once(entry(text, described)).chain(parts).collect());
    let value = Node::sequence(described.span, vec![Node::mapping(described.span, item)]);
    builder.fields.entries_mut().retain(|entry| entry.key.name != list.name);
    builder.state(list, described.label_span, value);
}
