//! Pages that are to be copied, by their titles.

use super::classifier::is_numbered;
use super::identity::stem;
use crate::layout::Part;

/// Returns true for a page whose title is still to be written: `{short title}`, `[Title of the decision]`, or whose sections are. With a
/// number in its name, it is one only if the name says no more than that it is a template.
pub(super) fn is_blank_template(part: &Part<'_>) -> bool {
    let name = stem(part.document.source.path()).to_ascii_lowercase();
    asks_in_each_section(part)
        || part.title.as_ref().is_some_and(|title| match is_numbered(&name) {
            false => is_in_brackets(&title.text) || is_of_template(&title.text),
            true => is_called_template(&name) && is_to_be_written(&title.text),
        })
}

/// True for a page that asks for what each section has to say: `What is the status, such as proposed, accepted, rejected?`
fn asks_in_each_section(part: &Part<'_>) -> bool {
    const LEAST: usize = 3;
    let Some(page) = part.document.markdown.as_deref() else { return false };
    let headings = page.headings.iter().filter(|heading| heading.level > 1);
    let mut texts = headings.map(|heading| part.document.source.slice(heading.own_body).trim()).peekable();
    let mut asked = 0;
    let is_asked = |text: &str| {
        asked += 1;
        !text.contains('\n') && text.ends_with(['?', '？'])
    };
    texts.peek().is_some() && texts.all(is_asked) && asked >= LEAST
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
fn is_of_template(title: &str) -> bool {
    const MOST_BEFORE: usize = 2;
    let lower = title.to_lowercase();
    let mut words = lower.split_whitespace();
    let is_called = words.by_ref().take(MOST_BEFORE + 1).any(|word| matches!(word, "template" | "vorlage"));
    is_called && words.next().is_none_or(|next| matches!(next, "for" | "of" | "für" | "fuer"))
}

/// True for `adr-012-template` and `0016-rfc-template`, and not for `0012-issue-template-for-bugs`.
fn is_called_template(name: &str) -> bool {
    let mut words = name.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).rev();
    words.next() == Some("template") && words.all(|letters| letters.len() <= 3)
}

/// True for brackets behind a number, and for `RFC 16: Title`, `RFC 16: Template` and `Proposal 1: Template for proposals`.
fn is_to_be_written(title: &str) -> bool {
    let is_of_number =
        |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c.is_whitespace() || "-_#:.–—".contains(c);
    let lower = title.trim().to_ascii_lowercase();
    let behind_number = lower.rsplit(':').next().unwrap_or_default().trim();
    is_in_brackets(title.trim_start_matches(is_of_number))
        || lower.ends_with("title")
        || behind_number == "template"
        || behind_number.starts_with("template for ")
}
