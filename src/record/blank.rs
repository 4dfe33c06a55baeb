//! Pages that are to be copied, by their titles.

use super::classifier::is_numbered;
use crate::layout::Part;
use crate::text::stem;
use crate::value::identifier;

/// Returns true for a page whose title is still to be written: `{short title}`, `[Title of the decision]`, `ADR template`, and behind a
/// number only if the name of the file says so too.
pub(super) fn is_blank_template(part: &Part<'_>) -> bool {
    let name = stem(part.document.source.path()).to_ascii_lowercase();
    part.title.as_ref().is_some_and(|title| {
        let rest = identifier::title_without(&title.text);
        match is_numbered(&name) {
            false => {
                is_in_brackets(&title.text)
                    || is_called_template(&title.text)
                    || begins_as_template(&title.text)
            }
            true => is_only_template(&name) && (is_in_brackets(rest) || begins_as_template(rest)),
        }
    })
}

/// True for `adr-012-template` and `0016-rfc-template`, and not for `0012-issue-template-for-bugs`.
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

fn is_word_for_template(word: &str) -> bool {
    matches!(word, "template" | "vorlage" | "title")
}

/// True for `ADR template`.
fn is_called_template(title: &str) -> bool {
    title.to_lowercase().split_whitespace().next_back().is_some_and(is_word_for_template)
}

/// True for `Template`, `Title` and `Template for decisions`, and not for `Template engine`.
fn begins_as_template(title: &str) -> bool {
    let lower = title.trim().to_lowercase();
    let mut words = lower.split_whitespace();
    words.next().is_some_and(is_word_for_template)
        && words.next().is_none_or(|next| matches!(next, "for" | "of" | "für"))
}
