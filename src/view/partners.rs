//! Lists the records that name each partner and supplier. These are records of own kinds, and names to which several records apply.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::input::Input;
use crate::kind::AbsentValues;
use crate::node::Node;
use crate::record::Record;

use super::named::{Named, Words};
use super::{Cell, Column, PageTitle, Row, Section};

/// The most names: more are no partners and suppliers.
const MAX_NAMES: usize = 200;
/// The most records of a kind that a name lists.
const MAX_RECORDS: usize = 40;
/// So many records have to state a name that no record has, and to contain one that a record has.
const LEAST: usize = 2;
/// The most words of a name that no record has.
const MAX_WORDS: usize = 4;

/// Lists what names each; `None` where there are none.
pub fn section(input: &Input, today: Date) -> Option<Section> {
    let mut names: BTreeMap<String, Vec<&Record>> = BTreeMap::new();
    for record in input.records().iter().filter(|record| !record.kind.is_built_in()) {
        names.entry(record.name().to_owned()).or_default().push(record);
    }
    for name in stated(input) {
        names.entry(name).or_default();
    }
    names.retain(|name, _| !name.trim().is_empty());
    if names.is_empty() || names.len() > MAX_NAMES {
        return None;
    }
    let words = Words::new(&[], names.keys().map(String::as_str))?;
    let found = Named::each(input, &words, &names);
    let mut rows: Vec<(&str, BTreeMap<String, String>)> = Vec::new();
    for (name, named) in &found {
        if named.around() < LEAST {
            continue;
        }
        let cells = named.sections(input, today).into_iter().map(|section| {
            let rest = section.rows.len().saturating_sub(MAX_RECORDS);
            let mut rows: Vec<String> = section.rows.iter().take(MAX_RECORDS).map(in_brief).collect();
            if rest > 0 {
                rows.push(format!("and {rest} more"));
            }
            (section.title, rows.join("; "))
        });
        rows.push((name, cells.collect()));
    }
    let kinds: BTreeSet<String> = rows.iter().flat_map(|(_, cells)| cells.keys().cloned()).collect();
    let detail = |kind: &String| Column::detail(&kind.to_lowercase(), &kind.to_lowercase());
    let columns: Vec<Column> =
        [Column::head("name", "name")].into_iter().chain(kinds.iter().map(detail)).collect();
    let row = |(name, mut cells): (&str, BTreeMap<String, String>)| {
        let texts = kinds.iter().map(|kind| Cell::text(cells.remove(kind).unwrap_or_default()));
        Row::about(None, None, [Cell::text(name)].into_iter().chain(texts).collect())
    };
    let rows: Vec<Row> = rows.into_iter().map(row).collect();
    let page = Arc::new(PageTitle {
        command: "report".to_owned(),
        name: "partners".into(),
        title: "By partner and supplier".to_owned(),
        about: "What names each; `alignlint report --for NAME` has more.".to_owned(),
    });
    (!rows.is_empty()).then(|| Section::plain(page, "What names each", columns, rows))
}

/// The names that several records state under what they apply to, and that no record has.
fn stated(input: &Input) -> Vec<String> {
    let known: HashSet<String> = input
        .records()
        .iter()
        .flat_map(|record| [&*record.id, record.name()])
        .map(str::to_lowercase)
        .collect();
    let mut uses: HashMap<String, HashSet<u32>> = HashMap::new();
    for record in input.records() {
        let fields = record.kind.shape.fields.iter();
        let fields = fields.filter(|field| field.absent == AbsentValues::None && field.values.is_empty());
        for node in fields.filter_map(|field| record.field(&field.name)) {
            let texts = node.as_sequence().map_or(std::slice::from_ref(node), |items| items);
            for text in texts.iter().filter_map(Node::as_text).filter(|text| is_proper_name(text)) {
                uses.entry(text.trim().to_owned()).or_default().insert(record.number);
            }
        }
    }
    uses.retain(|name, records| records.len() >= LEAST && !known.contains(&name.to_lowercase()));
    uses.into_keys().collect()
}

/// Returns true for a few words that begin with a capital letter.
fn is_proper_name(text: &str) -> bool {
    text.trim().starts_with(char::is_uppercase)
        && text.chars().any(char::is_lowercase)
        && text.split_whitespace().count() <= MAX_WORDS
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '&' | '\''))
}

/// The identifier and the title of a record, the sentence if they don't contain the name, its status, days and owners.
fn in_brief(row: &Row) -> String {
    let text = |at: usize| row.cells.get(at).map(|cell| cell.text.trim()).unwrap_or_default();
    let name = match &row.record {
        Some(record) => &*record.id,
        None => text(0).split_once(' ').map_or(text(0), |(_, id)| id),
    };
    // A row about a page has two cells, and no title.
    let (title, says) = if row.cells.len() > 2 { (text(1), text(2)) } else { ("", text(1)) };
    let quoted = if says.is_empty() { String::new() } else { format!("“{says}”") };
    let facts: Vec<&str> = [text(3), text(4), text(5)].into_iter().filter(|fact| !fact.is_empty()).collect();
    let facts = if facts.is_empty() { String::new() } else { format!("({})", facts.join(", ")) };
    [name, title, &quoted, &facts].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
