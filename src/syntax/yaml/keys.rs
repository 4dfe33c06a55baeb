//! Keys between braces that have no value.

use crate::node::{Entry, Mapping, Node, Value};
use crate::syntax::Problem;
use crate::text::{Source, Span};

/// True for a key that stands alone between braces: `a` in `{ a, b: 1 }` and in `{ a: , b: 1 }`.
fn is_alone(text: &str, entry: &Entry) -> bool {
    let key = &entry.key;
    let is_written = entry.has_nothing() && text.get(key.span.range()) == Some(&key.name);
    let rest = text[key.span.end as usize..].trim_start();
    is_written
        && rest.strip_prefix(": ").map_or(rest, |rest| rest.trim_start_matches(' ')).starts_with([',', '}'])
}

/// The problem of `{ type:text }`, which is a key without a value.
pub(super) fn missing_space(text: &str, entry: &Entry) -> Option<Problem> {
    let Entry { key, .. } = entry;
    let (name, rest) = key.name.split_once(':').filter(|_| is_alone(text, entry))?;
    let is_name = name.starts_with(char::is_alphabetic)
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let is_value = !rest.is_empty() && !rest.starts_with([':', '/']);
    (is_name && is_value).then(|| {
        let colon = key.span.start as usize + name.len();
        let message = format!(
            "`{}` is a key without a value; write a space after the colon: `{name}: {rest}`",
            key.name
        );
        Problem::recoverable(Span::new(colon, colon + 1), message)
    })
}

/// Adds the problems of keys without a value to those of missing spaces. In a record they are no mistake: `{HH:MM}`.
pub(in crate::syntax) fn without_values(source: &Source, node: &Node, problems: &mut Vec<Problem>) {
    match &node.value {
        Value::Mapping(mapping) => {
            problems.extend(lonely_keys(source.text(), mapping));
            mapping.entries().iter().for_each(|entry| without_values(source, &entry.value, problems));
        }
        Value::Sequence(items) => items.iter().for_each(|item| without_values(source, item, problems)),
        Value::Scalar(_) => {}
    }
}

fn lonely_keys(text: &str, mapping: &Mapping) -> Vec<Problem> {
    let entries = mapping.entries();
    let alone: Vec<&Entry> = entries.iter().filter(|entry| is_alone(text, entry)).collect();
    let unspaced: Vec<Problem> = alone.iter().filter_map(|entry| missing_space(text, entry)).collect();
    let Some(Entry { key, .. }) = alone.first() else { return Vec::new() };
    match (unspaced.is_empty(), alone.len() == entries.len()) {
        (false, true) => return unspaced,
        // The parser reported them.
        (false, false) => return Vec::new(),
        _ => {}
    }
    let name = &key.name;
    if let Some((before, after)) = name.split_once(':').filter(|(_, after)| !after.starts_with("//")) {
        let message =
            format!("`{name}` is a key without a value; write a space after the colon: `{before}: {after}`");
        return vec![Problem::recoverable(key.span, message)];
    }
    let remedy = match (alone.len() == entries.len(), alone.len()) {
        (false, _) => format!("write `{name}: VALUE`, and in quotes if it is a comma or begins with a brace"),
        (true, 1) => format!("write `{name}: VALUE`, or a text in quotes: `\"{{{name}}}\"`"),
        (true, _) => {
            let names: Vec<&str> = alone.iter().map(|entry| &*entry.key.name).collect();
            format!("write `{name}: VALUE`, or a list in brackets: `[{}]`", names.join(", "))
        }
    };
    vec![Problem::recoverable(key.span, format!("`{name}` is a key without a value; {remedy}"))]
}
