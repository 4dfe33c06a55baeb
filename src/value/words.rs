//! The words of values, by list: `schemas/words.yaml`.

use std::sync::LazyLock;

use ahash::HashMap;
use serde_json::Value;

use crate::embedded;

type List = HashMap<Box<str>, Box<str>>;

static LISTS: LazyLock<HashMap<Box<str>, List>> = LazyLock::new(|| {
    let json = embedded::as_json("schemas/words.yaml").unwrap_or("{}");
    let lists: serde_json::Map<String, Value> = serde_json::from_str(json).unwrap_or_default();
    let list = |words: Value| match words {
        Value::Object(words) => words.into_iter().map(|(word, value)| (word.into(), plain(&value))).collect(),
        Value::Array(words) => words.iter().map(|word| (plain(word), "".into())).collect(),
        _ => List::default(),
    };
    lists.into_iter().map(|(name, words)| (name.into(), list(words))).collect()
});

fn plain(value: &Value) -> Box<str> {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned).into()
}

/// Returns what a word of a list means. The lists have lower case.
pub fn meaning(list: &str, word: &str) -> Option<&'static str> {
    LISTS.get(list)?.get(word).map(|value| &**value)
}

/// Returns true if a list has a word.
pub fn is_in(list: &str, word: &str) -> bool {
    LISTS.get(list).is_some_and(|words| words.contains_key(word))
}

/// Returns true for a text that is such a word, or ends with one behind a space.
pub fn ends(text: &str, is_word: impl Fn(&str) -> bool) -> bool {
    let starts = text.match_indices(' ').map(|(at, _)| at + 1);
    std::iter::once(0).chain(starts).any(|at| is_word(&text[at..]))
}

/// Returns the words of a list and what they mean, in no order.
pub fn entries(list: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    LISTS.get(list).into_iter().flatten().map(|(word, value)| (&**word, &**value))
}
