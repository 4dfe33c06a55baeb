//! Compares labels.

/// Returns the form in which labels are compared: `status` of `**Status:**`, `2. Status`, `📌 Status` and `STATUS`; `decision makers` of
/// `decision-makers`.
pub fn label_key(label: &str) -> String {
    let outside = |c: char| !c.is_alphanumeric();
    let trimmed = without_number(label.trim_start_matches(outside)).trim_start_matches(outside);
    let trimmed = trimmed.trim_end_matches(|c: char| outside(c) && !matches!(c, ')' | '?' | '!' | '%'));
    let mut key = String::with_capacity(trimmed.len());
    for word in
        trimmed.split(|c: char| c.is_whitespace() || matches!(c, '-' | '_')).filter(|it| !it.is_empty())
    {
        if !key.is_empty() {
            key.push(' ');
        }
        match word {
            "&" => key.push_str("and"),
            _ => key.extend(word.chars().flat_map(char::to_lowercase)),
        }
    }
    key
}

/// Returns a heading without the number before it: `2.`, `2.1`, `3)`.
pub(super) fn without_number(label: &str) -> &str {
    let length = label.len() - label.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let (number, rest) = label.split_at(length);
    let numbered = rest.strip_prefix(')').or_else(|| number.contains('.').then_some(rest));
    match numbered {
        Some(rest) if !number.is_empty() && rest.starts_with(char::is_whitespace) => rest.trim_start(),
        _ => label,
    }
}
