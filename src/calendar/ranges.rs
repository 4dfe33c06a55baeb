//! Ranges of amounts in sentences.

/// Writes ranges of amounts of one unit, such as `8 meetings..12 meetings`, as people say them: `8 to 12 meetings`.
pub fn with_plain_ranges(text: String) -> String {
    const DOTS: &str = "..";
    if !text.contains(DOTS) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(at) = rest.find(DOTS) {
        let (before, after) = (&rest[..at], &rest[at + DOTS.len()..]);
        match range(before, after) {
            Some((keep, words, used)) => {
                out.push_str(&before[..keep]);
                out.push_str(&words);
                rest = &after[used..];
            }
            None => {
                let dots = DOTS.len() + after.len() - after.trim_start_matches('.').len();
                out.push_str(&rest[..at + dots]);
                rest = &rest[at + dots..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The range around two dots: the length of the text before it, its words, and the length of its second end.
fn range(before: &str, after: &str) -> Option<(usize, String, usize)> {
    let is_unit = |c: char| c.is_alphabetic() || matches!(c, '%' | ' ');
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let without_unit = before.trim_end_matches(is_unit);
    let number = without_unit.rsplit(|c| !is_number(c)).next().filter(|number| begins_with_digit(number))?;
    let start = without_unit.len() - number.len();
    let is_alone =
        before[..start].chars().next_back().is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '“' | '"'));
    let unit = &before[without_unit.len()..];
    let digits = after.find(|c| !is_number(c)).unwrap_or(after.len());
    let other = after[..digits].trim_end_matches(['.', ',']);
    let rest = after[other.len()..].strip_prefix(unit)?;
    let is_end = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '%');
    let is_same = is_alone && is_end && begins_with_digit(other) && unit.trim_end() == unit;
    is_same.then(|| (start, format!("{number} to {other}{unit}"), other.len() + unit.len()))
}

fn begins_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_one_unit_are_written_in_words() {
        for (text, plain) in [
            (
                "now 9 meetings, target 8 meetings..12 meetings, by May",
                "now 9 meetings, target 8 to 12 meetings, by May",
            ),
            ("95%..99%", "95 to 99%"),
            ("outside 1.5..2.5.", "outside 1.5 to 2.5."),
            ("(1,000 users..2,000 users)", "(1,000 to 2,000 users)"),
            ("9 days..2 weeks", "9 days..2 weeks"),
            ("v1.0..2.0", "v1.0..2.0"),
            ("and so on... 3 days", "and so on... 3 days"),
            ("HEAD~2..HEAD", "HEAD~2..HEAD"),
            ("10%..12%x", "10%..12%x"),
        ] {
            assert_eq!(with_plain_ranges(text.to_owned()), plain);
        }
    }
}
