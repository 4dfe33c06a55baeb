//! Keys between braces that have no value.

use crate::node::{Entry, Mapping, Node, Value};
use crate::syntax::Problem;
use crate::text::{Source, Span};

/// What follows a key that stands alone between braces: `, b: 1 }` in `{ a, b: 1 }` and in `{ a: , b: 1 }`.
fn after_alone<'t>(text: &'t str, entry: &Entry) -> Option<&'t str> {
    let key = &entry.key;
    let is_written = entry.has_nothing() && text.get(key.span.range()) == Some(&key.name);
    let rest = text[key.span.end as usize..].trim_start();
    let value = rest.strip_prefix(':').map_or(rest, |rest| rest.trim_start_matches(' '));
    (is_written && value.starts_with([',', '}'])).then_some(rest)
}

/// The problem of `{ type:text }`, which is a key without a value.
pub(super) fn missing_space(text: &str, entry: &Entry) -> Option<Problem> {
    let Entry { key, .. } = entry;
    let (name, rest) = key.name.split_once(':').filter(|_| after_alone(text, entry).is_some())?;
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

/// Adds the problems of keys without a value to those of missing spaces. A record may contain them: `{HH:MM}`.
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
    let alone: Vec<&Entry> = entries.iter().filter(|entry| after_alone(text, entry).is_some()).collect();
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
    let rest = alone.first().and_then(|entry| after_alone(text, entry)).unwrap_or_default();
    let remedy = match (alone.len() == entries.len(), alone.len()) {
        _ if rest.starts_with(':') && rest.trim_start_matches([':', ' ']).starts_with(',') => {
            format!("a comma that is its value must be quoted: `{name}: \",\"`")
        }
        (false, _) => format!("write `{name}: VALUE`"),
        (true, 1) => format!("write `{name}: VALUE`, or a text in quotes: `\"{{{name}}}\"`"),
        (true, _) => {
            let names: Vec<&str> = alone.iter().map(|entry| &*entry.key.name).collect();
            format!("write `{name}: VALUE`, or a list in brackets: `[{}]`", names.join(", "))
        }
    };
    vec![Problem::recoverable(key.span, format!("`{name}` is a key without a value; {remedy}"))]
}
