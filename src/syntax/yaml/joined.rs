//! Texts in quotes that go on without indentation, which YAML 1.2 forbids and most programs read.

use super::quoted_len;

/// Returns the text with a space in place of each line break in quotes before a line that is not indented. `None` if there is
/// none, or if such a line is empty or begins with a key: then the quote may have been left open.
pub(super) fn quoted_lines(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut joined = bytes.to_vec();
    let mut has_joined = false;
    let (mut at, mut line_start) = (0, true);
    while at < bytes.len() {
        let value = match bytes[at] {
            b'"' | b'\'' if !line_start && bytes[at - 1] == b' ' => quoted_len(&bytes[at + 1..], bytes[at]),
            _ => 0,
        };
        for place in (at + 1..=at + value).filter(|&place| bytes[place] == b'\n') {
            let next = text.get(place + 1..)?;
            if next.starts_with([' ', '\t']) {
                continue;
            }
            if begins_with_key(next) {
                return None;
            }
            joined[place] = b' ';
            if bytes[place - 1] == b'\r' {
                joined[place - 1] = b' ';
            }
            has_joined = true;
        }
        line_start = bytes[at + value] == b'\n';
        at += value + 1;
    }
    String::from_utf8(joined).ok().filter(|_| has_joined)
}

/// Returns true for an empty line too.
fn begins_with_key(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let name = line.trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    line.trim().is_empty() || (name.len() < line.len() && name.starts_with(':')) || line.starts_with("- ")
}
