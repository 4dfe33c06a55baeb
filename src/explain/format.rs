//! The page of a foreign format in Markdown, for `alignlint explain`.

use std::fmt::Write as _;

use super::kind::cell;
use crate::profile::Profile;

/// Renders the page of a format: where its files state the fields of its kind, and how they are recognised.
pub(super) fn render(profile: &Profile) -> String {
    let kind = &profile.kind.name;
    let description = match profile.description.trim().trim_end_matches('.') {
        "" => String::new(),
        text => format!(" {text}."),
    };
    let mut page = format!(
        "# {}\n\n{}.{description}\n\nIts files are records of the kind `{kind}`, whose fields `alignlint explain {kind}` shows.\n\n",
        profile.name,
        profile.title.trim_end_matches('.')
    );
    if !profile.usual_paths.is_empty() {
        page.push_str("## Files\n\nThese are read without configuration; others if `records:` in `alignlint.yaml` names them.\n\n");
        page.extend(profile.usual_paths.iter().map(|path| format!("- `{path}`\n")));
        page.push('\n');
    }
    page.push_str("## Fields\n\n| field | read from the first of |\n|---|---|\n");
    for (field, places) in profile.described_fields() {
        let _ = writeln!(page, "| `{field}` | {} |", cell(&places.join(", ")));
    }
    for field in profile.field_names() {
        let Some(vocabulary) = profile.vocabulary(field) else { continue };
        let words: Vec<String> = vocabulary.words().map(|word| format!("`{word}`")).collect();
        let _ = write!(page, "\n## Words for `{field}`\n\n{}\n", words.join(", "));
    }
    // Last, as it may be long.
    let condition = serde_yaml::to_string(&profile.recognised_by).unwrap_or_default();
    let _ = writeln!(page, "\n## Recognised by\n\n```yaml\n{}\n```", condition.trim_end());
    page
}
