//! The words of values, by list: `schemas/words.yaml`.

use std::sync::LazyLock;

use ahash::HashMap;
use serde_json::Value;

use crate::embedded;

/// Words in lower case, and what they mean.
struct List {
    words: HashMap<Box<str>, Box<str>>,
    /// In bytes.
    longest: usize,
}

static LISTS: LazyLock<HashMap<Box<str>, List>> = LazyLock::new(|| {
    let lists: serde_json::Map<String, Value> = embedded::read("schemas/words.yaml");
    let list = |words: Value| {
        let words: HashMap<Box<str>, Box<str>> = match words {
            Value::Object(words) => {
                words.into_iter().map(|(word, value)| (word.into(), plain(&value))).collect()
            }
            Value::Array(words) => words.iter().map(|word| (plain(word), "".into())).collect(),
            _ => HashMap::default(),
        };
        let longest = words.keys().map(|word| word.len()).max().unwrap_or_default();
        List { words, longest }
    };
    lists.into_iter().map(|(name, words)| (name.into(), list(words))).collect()
});

fn plain(value: &Value) -> Box<str> {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned).into()
}

/// Returns what a word of a list, in lower case, means.
pub fn meaning(list: &str, word: &str) -> Option<&'static str> {
    LISTS.get(list)?.words.get(word).map(|value| &**value)
}

/// Returns true if a list has a text, in any case.
pub fn is_in(list: &str, text: &str) -> bool {
    let Some(List { words, longest }) = LISTS.get(list) else { return false };
    // Most texts are too long.
    text.len() <= *longest
        && match text.contains(char::is_uppercase) {
            true => words.contains_key(&*text.to_lowercase()),
            false => words.contains_key(text),
        }
}

/// Returns true for a text that is such a word, or ends with one behind a space.
pub fn ends(text: &str, is_word: impl Fn(&str) -> bool) -> bool {
    let starts = text.match_indices(' ').map(|(at, _)| at + 1);
    std::iter::once(0).chain(starts).any(|at| is_word(&text[at..]))
}

/// Returns the words of a list and what they mean, in no order.
pub fn entries(list: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let list = LISTS.get(list).into_iter();
    list.flat_map(|list| list.words.iter().map(|(word, value)| (&**word, &**value)))
}
