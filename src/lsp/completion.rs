//! Completion: identifiers, fields, statuses and other words of a field, people and terms; in rules, functions and fields.

use std::collections::HashSet;
use std::sync::LazyLock;

use lsp_types::request::Completion;
use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionList, CompletionParams, CompletionResponse,
    CompletionTextEdit, Documentation, Range, TextEdit,
};

use crate::kind::{Field, FieldType, Kind};
use crate::node::Node;
use crate::record::Record;
use crate::syntax::Format;
use crate::term::TERM;
use crate::text::{Span, kebab};

use super::context::{Answer, Context};
use super::cursor::{Cursor, plain};

/// At most as many items are sent; the client asks again when more is typed.
const MOST: usize = 100;

pub(super) fn completion(context: &Context, params: CompletionParams) -> Answer<Completion> {
    let Some(cursor) = Cursor::new(context, &params.text_document_position) else { return Ok(None) };
    let word = typed(cursor.before());
    let range = context.encoding.range(&cursor.source, Span::new(cursor.at - word.len(), cursor.at));
    let mut found = Found { typed: word.to_lowercase(), range, items: Vec::new() };
    if is_rule(&cursor) {
        of_rule(&cursor, &mut found);
    } else {
        of_record(&cursor, &mut found);
    }
    let is_incomplete = found.items.len() > MOST;
    found.items.truncate(MOST);
    Ok(Some(CompletionResponse::List(CompletionList { is_incomplete, items: found.items })))
}

struct Found {
    /// The beginning of the word, in lower case.
    typed: String,
    /// Its place. What a client takes for a word may end at a `-`.
    range: Range,
    items: Vec<CompletionItem>,
}

impl Found {
    fn add(&mut self, word: &str, kind: CompletionItemKind, detail: &str, documentation: &str) {
        let begins = |text: &str| text.to_lowercase().starts_with(&self.typed);
        if self.items.len() <= MOST && (begins(word) || detail.split(' ').any(begins)) && plain(word) == word
        {
            let text = |text: &str| Some(plain(text)).filter(|text| !text.is_empty());
            self.items.push(CompletionItem {
                label: word.to_owned(),
                kind: Some(kind),
                detail: text(detail),
                documentation: text(documentation).map(Documentation::String),
                text_edit: Some(CompletionTextEdit::Edit(TextEdit::new(self.range, word.to_owned()))),
                filter_text: Some(if begins(word) { word.to_owned() } else { format!("{word} {detail}") }),
                ..CompletionItem::default()
            });
        }
    }

    fn add_record(&mut self, record: &Record) {
        self.add(&record.id, CompletionItemKind::REFERENCE, record.stated_title().unwrap_or_default(), "");
    }
}

/// The word that a line ends with.
fn typed(before: &str) -> &str {
    let is_other = |c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_'));
    before.rfind(is_other).map_or(before, |at| before[at..].trim_start_matches(is_other))
}

fn of_record(cursor: &Cursor, found: &mut Found) {
    let kind = kind_around(cursor);
    let of_list =
        || Some((kind?, key_above(cursor)?)).filter(|(kind, key)| field_called(kind, key).is_some());
    let key = match column(cursor) {
        Some(header) => Some(header),
        None => key_on_line(cursor.before()).or_else(|| of_list().map(|(_, key)| key)),
    };
    let key = key.or_else(|| heading(cursor));
    let field = key.zip(kind).and_then(|(key, kind)| field_called(kind, key));
    match (field, kind) {
        (Some(field), _) => of_field(cursor, field, found),
        (None, Some(kind)) if key.is_none() && is_data(cursor) => keys(cursor, kind, found),
        (None, _) if is_data(cursor) => {}
        _ => in_prose(cursor, found),
    }
}

/// Returns true in a file of data, and in the front matter of a page.
fn is_data(cursor: &Cursor) -> bool {
    let above = &cursor.source.text()[..cursor.at];
    match Format::from_path(cursor.source.path()) {
        Some(format) if format.is_page() => above.starts_with("---") && !above.contains("\n---"),
        Some(_) => true,
        None => false,
    }
}

fn in_prose(cursor: &Cursor, found: &mut Found) {
    if found.typed.is_empty() {
        return;
    }
    let input = cursor.input();
    let is_numbered = |record: &&Record| record.id.contains(|c: char| c.is_ascii_digit());
    input.records().iter().filter(is_numbered).for_each(|record| found.add_record(record));
    for term in input.of_kind(TERM).iter().map(|number| input.record(*number)) {
        let definition = term.field("definition").and_then(Node::as_text).unwrap_or_default();
        found.add(term.name(), CompletionItemKind::TEXT, "", definition);
    }
}

fn field_called<'k>(kind: &'k Kind, key: &str) -> Option<&'k Field> {
    let (name, shape) = (kebab(key), &kind.shape);
    let is_called = |field: &&Field| field.aliases.iter().any(|alias| kebab(alias) == name);
    shape.field(&name).or_else(|| shape.fields.iter().find(is_called)).or_else(|| kind.section_field(key))
}

fn of_field(cursor: &Cursor, field: &Field, found: &mut Found) {
    for value in &field.values {
        found.add(value, CompletionItemKind::ENUM_MEMBER, &field.name, "");
    }
    let mut ty = &field.ty;
    while let FieldType::List(item) = ty {
        ty = item;
    }
    match ty {
        FieldType::Bool => {
            ["true", "false"].iter().for_each(|it| found.add(it, CompletionItemKind::VALUE, "", ""));
        }
        FieldType::Reference(kinds) => {
            let input = cursor.input();
            let all = kinds.iter().flat_map(|kind| input.of_kind(kind)).map(|number| input.record(*number));
            all.for_each(|record| found.add_record(record));
            if kinds.is_empty() {
                input.records().iter().for_each(|record| found.add_record(record));
            }
        }
        _ if field.prose => in_prose(cursor, found),
        _ => {}
    }
}

/// Adds the fields that the record around does not have.
fn keys(cursor: &Cursor, kind: &Kind, found: &mut Found) {
    let own = cursor.around().map(|record| record.fields.entries()).unwrap_or_default();
    let present: HashSet<&str> = own.iter().map(|entry| &*entry.key.name).collect();
    for field in kind.shape.fields.iter().filter(|field| !present.contains(&*field.name)) {
        found.add(&field.name, CompletionItemKind::FIELD, "", &field.description);
    }
}

/// The header of the column of a table in which is typed.
fn column<'c>(cursor: &'c Cursor) -> Option<&'c str> {
    let before = cursor.before();
    let number = before.trim_start().strip_prefix('|')?.matches('|').count();
    let above = cursor.source.text()[..cursor.at - before.len()].lines().rev();
    let header = above.take_while(|line| line.trim_start().starts_with('|')).last()?;
    header.trim().trim_matches('|').split('|').nth(number).map(str::trim)
}

/// The heading of the section of a page, at the beginning of a line in it.
fn heading<'c>(cursor: &'c Cursor) -> Option<&'c str> {
    let is_start = typed(cursor.before()) == cursor.before() && !is_data(cursor);
    let mut above = cursor.source.text()[..cursor.at].lines().rev();
    above.find(|line| line.starts_with('#')).filter(|_| is_start).map(|line| line.trim_matches(['#', ' ']))
}

/// The kind of the record around, or of the row above: as read, else as the lines above state it.
fn kind_around<'c>(cursor: &Cursor<'c>) -> Option<&'c Kind> {
    let kinds = &cursor.state.linter.policy().kinds;
    if let Some(record) = cursor.around().or_else(|| column(cursor).and(cursor.above())) {
        return kinds.get(&record.kind.name).map(|kind| &**kind);
    }
    let mut above = cursor.source.text()[..cursor.at].lines().rev();
    let named = |line: &str| {
        let (key, value) = line.split_once(':')?;
        let name = if key == "kind" { value.trim() } else { key };
        (!line.starts_with(' ')).then(|| kinds.by_key(name)).flatten()
    };
    above.find_map(named).map(|kind| &**kind)
}

/// The key whose value is typed, also in a list that is open.
fn key_on_line(before: &str) -> Option<&str> {
    let is_open = before.matches('[').count() > before.matches(']').count();
    let part = if is_open { before.rsplit_once('[')?.0 } else { before };
    let (key, _) = part.rsplit(['{', ',']).next()?.rsplit_once(':')?;
    Some(key.trim_start_matches(['-', '*', ' ', '|']).trim_matches(['*', '_', ' ']))
}

/// The key above the items of a list, one of which is typed.
fn key_above<'c>(cursor: &'c Cursor) -> Option<&'c str> {
    let before = cursor.before();
    let column = before.len() - before.trim_start().strip_prefix('-')?.len() - 1;
    let is_item = |line: &&str| line.trim().is_empty() || line.trim_start().starts_with('-');
    let line = cursor.source.text()[..cursor.at].lines().rev().find(|line| !is_item(line))?;
    let is_outer = line.len() - line.trim_start().len() <= column;
    line.trim().strip_suffix(':').filter(|_| is_outer)
}

fn is_rule(cursor: &Cursor) -> bool {
    let path = &**cursor.source.path();
    let policy = cursor.state.linter.policy();
    let mut folders = policy.config.folders.iter().filter(|folder| folder.contains(path));
    folders.any(|folder| {
        let name = &path[folder.path.len()..];
        !name.starts_with("/kinds/") && !name.starts_with("/formats/")
    })
}

/// A name of the rule language: what it is called on, with its signature and meaning.
struct Name {
    name: String,
    is_called_on: bool,
    signature: &'static str,
    meaning: String,
}

/// Those of `docs/rule-language.md`.
static NAMES: LazyLock<Vec<Name>> = LazyLock::new(|| {
    let page = include_str!("../../docs/rule-language.md");
    let rows = page.split_once("\n## Functions\n").map_or("", |(_, rows)| rows).lines();
    let read = |row: &'static str| {
        let (signature, rest) = row.strip_prefix("| `")?.split_once("` | ")?;
        let (result, meaning) = rest.split_once(" | ")?;
        let called = signature.split('(').next()?;
        let (receiver, name) = called.rsplit_once('.').map_or((None, called), |(of, name)| (Some(of), name));
        let is_called_on = receiver.is_some() || !signature.contains('(');
        let meaning = meaning.split(" | ").next()?.trim_end_matches(" |");
        Some(Name { name: name.to_owned(), is_called_on, signature, meaning: format!("{result}: {meaning}") })
    };
    rows.filter_map(read).collect()
});

fn of_rule(cursor: &Cursor, found: &mut Found) {
    let kinds = &cursor.state.linter.policy().kinds;
    let before = cursor.before();
    let stated = before.strip_prefix("for:");
    if stated.is_some() {
        kinds.iter().for_each(|kind| found.add(&kind.name, CompletionItemKind::CLASS, "", &kind.description));
        return;
    }
    let start = before[..before.len() - typed(before).len()].trim_end_matches('?');
    let receiver = start.strip_suffix('.').map(typed);
    if receiver == Some("record") {
        let lines = cursor.source.text().lines();
        let named = lines
            .filter_map(|line| line.strip_prefix("for:"))
            .flat_map(|list| list.split(['[', ']', ',', ' ']));
        for field in named.filter_map(|name| kinds.get(name)).flat_map(|kind| &kind.shape.fields) {
            found.add(&field.name.replace('-', "_"), CompletionItemKind::FIELD, "", &field.description);
        }
    }
    for name in NAMES.iter().filter(|name| name.is_called_on == receiver.is_some()) {
        let kind = if name.signature.contains('(') {
            CompletionItemKind::FUNCTION
        } else {
            CompletionItemKind::PROPERTY
        };
        if receiver != Some("record") || name.signature.starts_with("record.") {
            found.add(&name.name, kind, name.signature, &name.meaning);
        }
    }
    found.items.dedup_by(|one, other| one.label == other.label);
}
