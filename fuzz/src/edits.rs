//! Edits change what they say and nothing else, keep comments, and change nothing the second time.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use alignlint::check::Check;
use alignlint::config::Preset;
use alignlint::finding::{Fault, Safety};
use alignlint::fix::{self, FixerResult, RunResult};
use alignlint::layout;
use alignlint::node::{Node, Value};
use alignlint::policy::Policy;
use alignlint::rule::Rule;
use alignlint::snapshot::Snapshot;
use alignlint::syntax::edit::{self, Editor, NewScalar, NewValue, NodePath, ScalarType, TreeEdit};
use alignlint::syntax::{self, Document, Format};
use alignlint::text::{Edit, Source, Span};

use super::readers::parse;

const FORMATS: [Format; 4] = [Format::Yaml, Format::Json, Format::Toml, Format::Markdown];

/// Values that each format has to quote in its own way.
const VALUES: [&str; 16] = [
    "accepted",
    "2026-03-02",
    "D-9",
    "0x10",
    "yes",
    "a: b",
    "a # b",
    "\"quoted\" and 'so'",
    "- x",
    "two\nlines",
    " blank ",
    "[a, b]",
    "{a}",
    "Grüße 💥",
    "back\\slash",
    "",
];

/// Splits the choices of an edit from the text to edit.
fn choices<const N: usize>(data: &[u8]) -> Option<([usize; N], &str)> {
    let (choices, text) = data.split_first_chunk::<N>()?;
    Some((choices.map(usize::from), std::str::from_utf8(text).ok()?))
}

fn applied(text: &str, edit: &Edit) -> String {
    let range = edit.span.range();
    format!("{}{}{}", &text[..range.start], edit.replacement, &text[range.end..])
}

/// Edits the tree in a file: the format, the place, the way and the new value come first.
pub fn edit(data: &[u8]) {
    let Some(([format, place, way, value], text)) = choices(data) else { return };
    let format = FORMATS[format % FORMATS.len()];
    let document = parse(text, format);
    let mut places = Vec::new();
    document.roots.iter().for_each(|root| places_in(root, &mut places));
    let Some(&place) = places.get(place % places.len().max(1)) else { return };
    let chosen = |editor: &Editor, document: &Document| chosen_edit(editor, document, place, way, value);
    let Some(editor) = Editor::new(&document) else { return };
    let Some((path, edit)) = chosen(&editor, &document) else { return };
    let after = applied(text, &edit.edit);
    let edited = parse(&*after, format);
    if !edit::is_expected_result(&document, [&edit], &edited) {
        return; // a fix rejects it
    }
    assert!(lost_comments(&editor, &path, &edit, &document) == 0, "a comment is lost: {after}");
    if let Some(again) = Editor::new(&edited).and_then(|editor| match way % 5 {
        0 => editor.set(&path, &new_value(value)),
        _ => None,
    }) {
        assert_eq!(applied(&after, &again.edit), after, "the second time it is another text");
    }
}

/// The places of keys and scalars.
fn places_in(node: &Node, places: &mut Vec<Span>) {
    match &node.value {
        Value::Scalar(_) => places.push(node.span),
        Value::Sequence(items) => items.iter().for_each(|item| places_in(item, places)),
        Value::Mapping(mapping) => mapping.entries().iter().for_each(|entry| {
            places.push(entry.key.span);
            places_in(&entry.value, places);
        }),
    }
}

fn new_scalar(value: usize) -> NewScalar {
    let types = [ScalarType::Text, ScalarType::Date, ScalarType::Bare];
    let ty = match value % VALUES.len() {
        1 => types[value / VALUES.len() % 2],
        _ => ScalarType::Text,
    };
    NewScalar { text: VALUES[value % VALUES.len()].into(), ty }
}

fn new_value(value: usize) -> NewValue {
    match value < 128 {
        true => NewValue::Scalar(new_scalar(value)),
        false => NewValue::List(new_scalar(value)),
    }
}

fn chosen_edit(
    editor: &Editor,
    document: &Document,
    place: Span,
    way: usize,
    value: usize,
) -> Option<(NodePath, TreeEdit)> {
    let path = editor.scalar_at(place).or_else(|| editor.key_at(place))?;
    let name = ["date", "superseded-by", "a b", "ü"][value % 4];
    let edit = match way % 5 {
        0 => editor.set(&path, &new_value(value))?,
        1 => editor.rename_key(&editor.key_at(place)?, name)?,
        2 => editor.append_item(&path, &new_scalar(value))?,
        3 => {
            let mapping = editor.root().or_else(|| {
                let whole = Span::new(0, document.source.text().len());
                editor.mapping_with(whole, &[place])
            })?;
            editor.insert_entry(&mapping, &[way / 5, 0], name, &new_value(value))?
        }
        _ => {
            let written = document.source.slice(place);
            let words = written.split(' ').next().filter(|words| !words.is_empty())?;
            let span = Span::new(place.start as usize, place.start as usize + words.len());
            editor.replace_text(&path, span, "new")?
        }
    };
    Some((path, edit))
}

/// The number of `#` that an edit removes and that are not part of a value.
fn lost_comments(editor: &Editor, path: &NodePath, edit: &TreeEdit, document: &Document) -> usize {
    let hashes = |text: &str| text.matches('#').count();
    let removed = hashes(document.source.slice(edit.edit.span));
    let in_values = editor.node(path).map_or(0, hashes_in);
    let is_json = document.format == Format::Json;
    if is_json || edit.is_rename() {
        0
    } else {
        removed.saturating_sub(in_values + hashes(&edit.edit.replacement))
    }
}

fn hashes_in(node: &Node) -> usize {
    match &node.value {
        Value::Scalar(scalar) => scalar.text().matches('#').count(),
        Value::Sequence(items) => items.iter().map(hashes_in).sum(),
        Value::Mapping(mapping) => mapping
            .entries()
            .iter()
            .map(|entry| entry.key.name.matches('#').count() + hashes_in(&entry.value))
            .sum(),
    }
}

/// Reads a header and adds a line to it, then reads that: the other lines are as before.
pub fn header(data: &[u8]) {
    let Some(([at], text)) = choices(data) else { return };
    let read = |text: &str| syntax::parse(Arc::new(Source::new("a.md", text.into())), Format::Markdown);
    let whole = |text: &str| Span::new(0, text.len());
    let document = read(text);
    let before = layout::header_lines(&document, whole(text));
    let before: Vec<_> = before.iter().map(|it| (it.key.span, it.value.span)).collect();
    let at = at % before.len().max(1);
    let Some(edit) = edit::page::insert_line(&document.source, &before, at, "Zz", "2026-03-02") else {
        return;
    };
    assert!(edit.span.is_empty());
    let after = applied(text, &edit);
    // A fix rejects a result that is not read as intended.
    let _ = layout::header_lines(&read(&after), whole(&after));
}

static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let mut policy = Policy::load(&Snapshot::in_memory([]), None).expect("the built-in policy has no faults");
    policy.config.preset = Preset::All;
    policy
});

/// The rules with fixes.
static FIXES: LazyLock<Vec<Arc<Rule>>> =
    LazyLock::new(|| POLICY.rules.rules().iter().filter(|rule| rule.fix.is_some()).cloned().collect());

/// Where a file to fix lies.
const PATHS: [&str; 8] = [
    "governance/decisions.yaml",
    "governance/decisions.json",
    "governance/decisions.toml",
    "docs/adr/0001-first.md",
    "docs/decisions/0002-second.md",
    "governance/goals.yaml",
    "docs/rfcs/0003-third.md",
    "governance/glossary.yaml",
];

/// Fixes a file, of which the first byte chooses the path, until nothing is left to fix. Then there is nothing.
pub fn fix(data: &[u8]) {
    let Some(([path], text)) = choices(data) else { return };
    let mut files = BTreeMap::from([
        ("governance/people.yaml", "people:\n  - { id: ada, title: Ada }\n  - { id: bo, title: Bo }\n"),
        ("governance/terms.yaml", "terms:\n  - { id: customer, definition: d, avoid: [client, account] }\n"),
        (
            "docs/adr/0009-last.md",
            "# 9. Last\n\nDate: 2026-01-31\n\n## Status\n\nAccepted\n\n## Context\n\nc\n",
        ),
    ]);
    files.insert(PATHS[path % PATHS.len()], text);
    let fixed = fix_all(&files);
    let mut after = files.clone();
    for (old, new) in &fixed.files {
        let (old, new) = (old.text(), new.text());
        assert_eq!(old.starts_with('\u{feff}'), new.starts_with('\u{feff}'));
        assert!(old.contains('\r') || !new.contains('\r'), "a line end is of another kind: {new:?}");
    }
    fixed.files.iter().for_each(|(old, new)| {
        let path = files.keys().find(|path| **path == &**old.path()).expect("no other file is fixed");
        after.insert(path, new.text());
    });
    let again = fix_all(&after);
    assert!(again.files.is_empty(), "{:?} is fixed again", again.files);
}

fn fix_all(files: &BTreeMap<&str, &str>) -> FixerResult {
    let files = files.iter().map(|(path, text)| (path.to_string(), text.to_string()));
    let lint = |snapshot: Arc<Snapshot>| -> Result<RunResult, Vec<Fault>> {
        let input = POLICY.read(&snapshot, &FIXES);
        let today = jiff::civil::date(2026, 11, 20);
        let check = Check { input: &input, config: &POLICY.config, today, diff: None };
        let findings = check.run(&FIXES)?.findings;
        Ok(RunResult { input, findings, extra: () })
    };
    let fixed = fix::fix_until_stable(&Snapshot::in_memory(files).into(), &POLICY, Safety::Suggested, lint);
    fixed.expect("the rules have no faults").1
}
