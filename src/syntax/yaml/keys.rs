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

/// The help if keys without a value are the rest of the text before them, which a comma ended.
fn cut_text(text: &str, entries: &[Entry], name: &str) -> Option<String> {
    const LONGEST: usize = 60;
    /// Keys of policies whose value is a name or a list of names.
    const NAMES: [&str; 8] = ["x-ref", "for", "files", "extends", "exclude", "enum", "required", "x-live"];
    let at = entries.iter().position(|entry| *entry.key.name == *name)?;
    let Entry { key, value } = entries.get(at.checked_sub(1)?)?;
    let written = text.get(value.span.range())?;
    let is_plain = value.as_text().is_some() && !written.starts_with(['"', '\'']);
    let rest = entries[at..].iter().take_while(|entry| after_alone(text, entry).is_some());
    let parts: Vec<&str> = [written].into_iter().chain(rest.map(|entry| &*entry.key.name)).collect();
    let (key, whole) = (&key.name, parts.join(", "));
    if !is_plain || whole.len() > LONGEST {
        return None;
    }
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()) && !part.is_empty();
    if parts.len() == 2 && parts.iter().all(|part| is_number(part)) {
        return Some(format!("write the number with a point: `{key}: {}`", parts.join(".")));
    }
    let quoted = format!("put the text before it in quotes with it: `{key}: \"{whole}\"`");
    Some(match name.starts_with(char::is_uppercase) {
        _ if name.contains(' ') => format!("a comma ends a value between braces: {quoted}"),
        true => format!("write several in brackets, `{key}: [{whole}]`, or {quoted}"),
        // A call, whose arguments a comma separates.
        false if written.contains('(') => format!("a comma ends a value between braces: {quoted}"),
        false if written.contains(' ') => format!("write `{name}: VALUE`, or {quoted}"),
        false if NAMES.contains(&&**key) => format!("write several in brackets: `{key}: [{whole}]`"),
        false => return None,
    })
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
        (false, _) => cut_text(text, entries, name).unwrap_or_else(|| format!("write `{name}: VALUE`")),
        (true, 1) => format!("write `{name}: VALUE`, or a text in quotes: `\"{{{name}}}\"`"),
        (true, _) => {
            let names: Vec<&str> = alone.iter().map(|entry| &*entry.key.name).collect();
            format!("write `{name}: VALUE`, or a list in brackets: `[{}]`", names.join(", "))
        }
    };
    vec![Problem::recoverable(key.span, format!("`{name}` is a key without a value; {remedy}"))]
}
