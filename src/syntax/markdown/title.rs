/// Returns the normalised title: two titles are the same if their keys are equal and not empty.
pub fn section_key(title: &str) -> String {
    let title = trim_title(title);
    let mut before = b' ';
    let is_plain = |byte: u8| {
        let before = std::mem::replace(&mut before, byte);
        byte.is_ascii_alphanumeric() || (byte == b' ' && before != b' ')
    };
    if title.bytes().all(is_plain) {
        return title.to_ascii_lowercase();
    }
    let mut key = String::with_capacity(title.len());
    for word in words(title) {
        if !key.is_empty() {
            key.push(' ');
        }
        match word.is_ascii() {
            true => key.push_str(word),
            false => key.extend(word.chars().flat_map(char::to_lowercase)),
        }
    }
    key.make_ascii_lowercase();
    key
}

fn words(title: &str) -> impl Iterator<Item = &str> {
    title.split_whitespace().map(|word| if word == "&" { "and" } else { word })
}

/// Removes leading emoji, punctuation and numbers (`2.`, `2.1`, `3)`), and trailing punctuation.
fn trim_title(title: &str) -> &str {
    let outside = |c: char| !c.is_alphanumeric();
    let title = title.trim_start_matches(outside);
    let title = strip_number(title).trim_start_matches(outside);
    title.trim_end_matches(|c: char| outside(c) && !matches!(c, ')' | '?' | '!' | '%'))
}

fn strip_number(title: &str) -> &str {
    let number = title.len() - title.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let (number, rest) = title.split_at(number);
    let numbered = rest.strip_prefix(')').or_else(|| number.contains('.').then_some(rest));
    match numbered {
        Some(rest) if !number.is_empty() && rest.starts_with(char::is_whitespace) => rest,
        _ => title,
    }
}
