//! The page of a foreign format in Markdown, for `alignlint explain`.

use std::fmt::Write as _;

use super::kind::cell;
use crate::format::Format;

/// Renders the page of a format: the names that its files have for the fields of its kind, and how they are recognised.
pub(super) fn render(format: &Format) -> String {
    let (kind, definition) = (&format.kind.name, &format.definition);
    let description = match definition.description.trim().trim_end_matches('.') {
        "" => String::new(),
        text => format!(" {text}."),
    };
    let mut page = format!(
        "# {}\n\n{}.{description}\n\nIts files are records of the kind `{kind}`, whose fields `alignlint explain {kind}` shows.\n\n",
        format.name,
        definition.title.trim_end_matches('.')
    );
    if format.paths().next().is_some() {
        page.push_str("## Files\n\nThese are read without configuration; others if `records:` in `alignlint.yaml` names them.\n\n");
        page.extend(format.paths().map(|path| format!("- `{path}`\n")));
        page.push('\n');
    }
    if format.own_names().next().is_some() {
        page.push_str(
            "## Fields\n\nBesides the names of the kind:\n\n| field | also read from |\n|---|---|\n",
        );
        for (field, names) in format.own_names() {
            let _ = writeln!(page, "| `{field}` | {} |", cell(&names.join(", ")));
        }
    }
    if let Some(words) = format.kind.status.as_deref().and_then(|status| format.words(status)) {
        let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        let _ = write!(page, "\n## Words for the status\n\n{}\n", words.join(", "));
    }
    page
}
