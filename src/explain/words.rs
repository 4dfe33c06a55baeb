//! What a word in records means: the value of a field, such as a status, or the name of a field.

use std::fmt::Write as _;

use crate::kind::Kinds;

/// Returns a page about a word; `None` if no kind has it.
pub(super) fn page(word: &str, kinds: &Kinds) -> Option<String> {
    let mut rows = String::new();
    let mut first = None;
    for kind in kinds.iter() {
        for field in &kind.shape.fields {
            if let Some(value) = field.canonical(word) {
                let _ = writeln!(rows, "| {} | `{}` | the value `{value}` |", kind.name, field.name);
                first = first.or(Some(&kind.name));
            }
        }
        if let Some(field) = kind.shape.by_key(word) {
            let meaning = field.description.trim_end_matches('.');
            let _ = writeln!(rows, "| {} | `{}` | {} |", kind.name, field.name, super::kind::cell(meaning));
            first = first.or(Some(&kind.name));
        }
    }
    let first = first?;
    Some(format!(
        "# {word}\n\nA word in records.\n\n| kind | field | meaning |\n|---|---|---|\n{rows}\n\
         `alignlint explain {first}` shows all fields of a kind, and their words.\n"
    ))
}
