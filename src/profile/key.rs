//! Compares the names of keys, labels and columns.

use std::str::Bytes;

/// Compares keys without case and separators: `Review_By`, `review by` and `reviewBy` are equal.
#[inline]
pub(crate) fn same_key(one: &str, other: &str) -> bool {
    let first = |key: &str| key.bytes().next().filter(u8::is_ascii_alphanumeric);
    match (first(one), first(other)) {
        (Some(a), Some(b)) if !a.eq_ignore_ascii_case(&b) => false,
        _ => have_same_letters(one, other),
    }
}

fn have_same_letters(one: &str, other: &str) -> bool {
    let letter = |bytes: &mut Bytes| bytes.find(|byte| !SEPARATORS.contains(&char::from(*byte)));
    let (mut of_one, mut of_other) = (one.bytes(), other.bytes());
    loop {
        match (letter(&mut of_one), letter(&mut of_other)) {
            (None, None) => return true,
            (Some(a), Some(b)) if a.is_ascii_graphic() && b.is_ascii_graphic() => {
                if !a.eq_ignore_ascii_case(&b) {
                    return false;
                }
            }
            (Some(rest), None) | (None, Some(rest)) if rest.is_ascii_graphic() => return false,
            _ => return letters(one).eq(letters(other)),
        }
    }
}

const SEPARATORS: [char; 3] = ['-', '_', ' '];

fn letters(key: &str) -> impl Iterator<Item = char> {
    key.trim().chars().filter(|c| !SEPARATORS.contains(c)).flat_map(char::to_lowercase)
}
