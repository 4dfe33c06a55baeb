//! Pages that are to be copied, by their titles.

use super::classifier::is_numbered;
use super::identity::stem;
use crate::layout::Part;
use crate::value::identifier;

/// Returns true for a page whose title is still to be written: `{short title}`, `[Title of the decision]`, `ADR template`, and behind a
/// number only if the name of the file says so too.
pub(super) fn is_blank_template(part: &Part<'_>) -> bool {
    let name = stem(part.document.source.path()).to_ascii_lowercase();
    let is_of_template = |title: &str| is_in_brackets(title) || is_called_template(title);
    part.title.as_ref().is_some_and(|title| match is_numbered(&name) {
        false => is_of_template(&title.text),
        true => is_only_template(&name) && is_of_template(identifier::title_without(&title.text)),
    })
}

/// True for `adr-012-template` and `0016-rfc-template`, and not for `0101-env-in-pod-template`.
fn is_only_template(name: &str) -> bool {
    let mut words = name.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).rev();
    words.next() == Some("template") && words.all(|letters| letters.len() <= 3)
}

fn is_in_brackets(title: &str) -> bool {
    let inner = [('{', '}'), ('[', ']'), ('<', '>')]
        .into_iter()
        .find_map(|(open, close)| title.trim().strip_prefix(open)?.strip_suffix(close));
    // `<%= title %>` is filled in by the program that builds the site.
    let is_computed = |inner: &str| inner.starts_with('%') && inner.ends_with('%');
    inner.is_some_and(|inner| {
        !inner.is_empty() && !is_computed(inner) && !inner.contains(['{', '[', '<', '(', ']', '}', '>'])
    })
}

/// True for `ADR template` and `Template for decisions`, and not for `Template engine`.
fn is_called_template(title: &str) -> bool {
    let lower = title.trim().to_lowercase();
    let is_title = |word: &str| matches!(word, "template" | "vorlage" | "title");
    let mut words = lower.split_whitespace();
    words.clone().next_back().is_some_and(is_title)
        || words.next().is_some_and(is_title)
            && words.next().is_some_and(|next| matches!(next, "for" | "of" | "für"))
}
