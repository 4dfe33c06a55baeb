//! Tells text that a template left from a value.

use super::token::shortcode_length;
use super::words;

/// Longer texts are no placeholders.
const MAX_BYTES: usize = 200;

/// Returns true for text in the place of a value: that of a template, `TBD`, `n/a`, a dash, or a comment.
pub fn is_placeholder(text: &str) -> bool {
    let text = bare(text);
    if text.starts_with('{') && shortcode_length(text).is_none() {
        return text.ends_with('}') || !text.contains('\n');
    }
    if text.starts_with("<!--") {
        return text.ends_with("-->") && text.matches("<!--").count() == 1;
    }
    if text.len() > MAX_BYTES {
        return false;
    }
    let word = if text.contains('<') { text.split("<!--").next().unwrap_or_default().trim() } else { text };
    let is_dash = |c: char| matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | ' ');
    word.chars().all(is_dash) || words::is_in("placeholders", word) || is_template_text(word)
}

/// Returns true for what a template asks to replace: `{short title}`, `[Name]`, `YYYY-MM-DD`, `Title of RFC`, `TODO`.
pub fn is_template_text(text: &str) -> bool {
    let text = bare(text);
    if text.len() > MAX_BYTES || text.is_empty() {
        return false;
    }
    let lead = text.get(.."title of ".len()).filter(|lead| lead.eq_ignore_ascii_case("title of "));
    // `{{ title }}` is filled in by the program that builds the site.
    let is_in_braces = text.starts_with('{') && text.ends_with('}') && text.contains(char::is_alphabetic);
    is_in_braces && !text.starts_with("{{") && !text.starts_with("{%")
        || is_description(text)
        || words::is_in("template-texts", text)
        || lead.is_some_and(|lead| {
            let what = text[lead.len()..].to_lowercase();
            let of_it = ["the ", "this ", "your "].iter().find_map(|it| what.strip_prefix(it));
            words::is_in("title-leads", of_it.unwrap_or(&what))
        })
}

/// Returns true for a word in place of a record, such as `none` or `n/a`.
pub fn is_none(text: &str) -> bool {
    let text = text.trim().trim_matches(['*', '_', '`', '"', '\'', '.', '(', ')', '[', ']']).trim();
    is_placeholder(text) || (text.len() <= MAX_BYTES && words::is_in("none", text))
}

/// Returns true for a text in place of a record that names none, also before a reason: `none, because it is new`, `n/a (still in force)`.
pub fn names_nothing(text: &str) -> bool {
    let word = text.split([',', ';', ':', '(', '–', '—']).next().unwrap_or_default();
    let word = word.split(" - ").next().unwrap_or_default().trim();
    let says_nothing = || word.starts_with(char::is_alphanumeric) && says_nothing(word);
    is_none(text) || !word.is_empty() && (is_none(word) || says_nothing())
}

/// Returns true for an item that says that there are none: `No decisions were taken.`
pub fn says_nothing(text: &str) -> bool {
    const MOST_WORDS: usize = 6;
    let mut words = text.trim_matches(|c: char| !c.is_alphanumeric()).split_whitespace();
    words.next().is_some_and(|first| words::is_in("none", first))
        && words.clone().count() < MOST_WORDS
        && words.all(|word| words::is_in("words-of-nothing", word))
}

fn bare(text: &str) -> &str {
    let is_plain = |end: Option<&u8>| end.is_some_and(u8::is_ascii_alphanumeric);
    if is_plain(text.as_bytes().first()) && is_plain(text.as_bytes().last()) {
        return text;
    }
    text.trim().trim_matches(['*', '_', '"', '\'', '`']).trim()
}

/// Returns true for `<date created on, in ISO 8601 format>`, `[list everyone involved]` and `(fill in the date)`, not for a tag.
fn is_description(text: &str) -> bool {
    let pairs = [('<', '>'), ('[', ']'), ('(', ')')];
    let inside = |(open, close)| Some((open, text.strip_prefix(open)?.strip_suffix(close)?));
    let Some((open, inner)) = pairs.into_iter().find_map(inside) else { return false };
    let is_text = !inner.contains(['<', '>', '=', '@', '"', '/', ':', '[', ']'])
        && inner.starts_with(|c: char| c.is_ascii_lowercase());
    match open {
        '<' => {
            is_text || (inner.split(' ').count() > 2 && !inner.contains(['<', '>', '=', '@', '"', '/', ':']))
        }
        // `[Ada, Bo]` and `[accepted]` are values in brackets.
        _ => is_text && inner.split(' ').count() > 2 && !inner.contains(|c: char| c.is_ascii_digit()),
    }
}
