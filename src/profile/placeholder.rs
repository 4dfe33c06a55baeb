use memchr::memchr;

use crate::kind::AbsentValues;
use crate::node::{Scalar, ScalarKind};

use super::Profile;

/// Returns true if a value means that a field is absent. `profile` is the format of the file, if it is a foreign one.
pub fn is_absent(scalar: &Scalar, absent: AbsentValues, profile: Option<&Profile>) -> bool {
    match absent {
        AbsentValues::Placeholders => {
            scalar.kind() == ScalarKind::Null
                || profile
                    .map_or_else(|| is_placeholder(scalar.text()), |profile| profile.is_absent(scalar.text()))
        }
        AbsentValues::Empty => scalar.kind() == ScalarKind::Null || scalar.text().trim().is_empty(),
        AbsentValues::None => false,
    }
}

/// Returns true for placeholders: `TBD`, `n/a`, a dash, `yyyy-mm-dd`, a comment, or template text such as `{short title}`.
pub fn is_placeholder(text: &str) -> bool {
    if is_plain_text(text) {
        return is_word_for_none(text);
    }
    let text = text.trim().trim_matches(['*', '_', '"', '\'']).trim();
    if text.starts_with('{') {
        return text.ends_with('}') || !text.contains('\n');
    }
    if text.starts_with("<!--") {
        return text.ends_with("-->") && text.matches("<!--").count() == 1;
    }
    if text.len() > MAX_LEN {
        return false;
    }
    if is_description_in_angles(text) {
        return true;
    }
    let word = if text.contains('<') { text.split("<!--").next().unwrap_or_default().trim() } else { text };
    word.chars().all(is_dash) || is_word_for_none(word)
}

fn is_word_for_none(text: &str) -> bool {
    text.len() <= LONGEST && PLACEHOLDERS.iter().any(|placeholder| placeholder.eq_ignore_ascii_case(text))
}

/// Returns true if a text can only be a placeholder as a whole word: it begins with a letter or digit, has no space or mark at its end to
/// trim, and no comment.
fn is_plain_text(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_end = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'*' | b'_' | b'"' | b'\'');
    bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.last().is_some_and(is_end)
        && (text.len() > MAX_LEN || memchr(b'<', bytes).is_none())
}

/// Returns true for `<date created on, in ISO 8601 format>`, and false for a tag and an address.
fn is_description_in_angles(text: &str) -> bool {
    let inner = text.strip_prefix('<').and_then(|text| text.strip_suffix('>'));
    inner.is_some_and(|inner| {
        let is_sentence =
            inner.split(' ').count() > 2 && inner.starts_with(|c: char| c.is_ascii_alphabetic());
        is_sentence && !inner.contains(['<', '>', '=', '@', '"', '/', ':'])
    })
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

const MAX_LEN: usize = 200;

/// The length of the longest of [`PLACEHOLDERS`].
const LONGEST: usize = 10;

const PLACEHOLDERS: &[&str] = &[
    "",
    "tbd",
    "tbc",
    "tba",
    "todo",
    "n/a",
    "n.a.",
    "?",
    "??",
    "???",
    "...",
    "…",
    "yyyy-mm-dd",
    "yyyy/mm/dd",
    "dd/mm/yyyy",
    "dd.mm.yyyy",
    "mm/dd/yyyy",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_still_to_come_is_no_value() {
        for text in [
            "TBD",
            "n/a",
            "-",
            "–",
            "---",
            "YYYY-MM-DD",
            "{list everyone}",
            "<!-- option -->",
            "… <!-- more -->",
            "**tbc**",
            "<date created on, in ISO 8601 (yyyy-mm-dd) format>",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        assert!(is_placeholder("{proposed | rejected | superseded by ADR-0123"), "as MADR's template has it");
    }

    #[test]
    fn a_value_that_looks_odd_is_still_a_value() {
        for text in [
            "none",
            "unknown",
            "nation",
            "<!-- a --> Ada",
            "{x} is the input\nof both",
            "0",
            "-1",
            "– soon",
            "<ada@example.org>",
            "<a href=x>an old one</a>",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn marks_and_spaces_around_a_placeholder_are_no_part_of_it() {
        assert!(["tbd", "TBD ", "tbd*", "_tbd_", "n/a"].iter().all(|text| is_placeholder(text)));
        assert!(!["tbd.x", "a day", "tbd tomorrow"].iter().any(|text| is_placeholder(text)));
    }
}
