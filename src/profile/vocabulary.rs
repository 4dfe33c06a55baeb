use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::embedded;
use crate::schema;

/// A mapping from the words of a format to the values of a kind's field.
#[derive(Debug)]
pub struct FieldVocabulary {
    words: Vec<Word>,
    also: Vec<Word>,
    detail: bool,
    /// For a value, the words that count in place of its own if they follow it.
    outweighed: Vec<(Box<str>, Vec<Word>)>,
}

#[derive(Debug)]
struct Word {
    written: Box<str>,
    /// In lower case.
    folded: Box<str>,
    value: Box<str>,
}

/// Words and the values that they mean, in order.
type Pairs = Vec<(Box<str>, Box<str>)>;

/// The lists of words that formats share, by name: `schemas/words.yaml`.
static SHARED: LazyLock<BTreeMap<Box<str>, Pairs>> = LazyLock::new(|| {
    let json = embedded::as_json("schemas/words.yaml").unwrap_or_default();
    let lists: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json).unwrap_or_default();
    let pair =
        |(word, value): (String, serde_json::Value)| (word.into(), value.as_str().unwrap_or_default().into());
    let statuses = lists.into_iter().filter(|(name, _)| name.ends_with("-status"));
    let words = |(name, words): (String, serde_json::Value)| match words {
        serde_json::Value::Object(words) => (name.into(), words.into_iter().map(pair).collect()),
        _ => (name.into(), Pairs::new()),
    };
    statuses.map(words).collect()
});

/// The names of these lists.
pub(super) fn shared_lists() -> impl Iterator<Item = &'static str> {
    SHARED.keys().map(|name| &**name)
}

impl Word {
    fn new((written, value): (Box<str>, Box<str>)) -> Word {
        Word { folded: written.to_lowercase().into(), written, value }
    }
}

impl FieldVocabulary {
    pub(super) fn new(words: Pairs, also: Pairs, detail: bool) -> FieldVocabulary {
        FieldVocabulary { words: words_of(words), also: words_of(also), detail, outweighed: Vec::new() }
    }

    /// Adds the words of a list that formats share, but for those that the format has itself.
    pub(super) fn share(&mut self, list: &str) {
        let shared = SHARED.get(list).map_or(&[][..], Vec::as_slice);
        let further: Vec<Word> = shared
            .iter()
            .cloned()
            .map(Word::new)
            .filter(|shared| self.entries().all(|(word, _)| word != &*shared.folded))
            .collect();
        self.also.extend(further);
    }

    pub(super) fn outweigh(&mut self, value: Box<str>, words: Pairs) {
        self.outweighed.push((value, words_of(words)));
    }

    /// Returns the words as the profile writes them.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| &*word.written)
    }

    /// Returns the value for a word, ignoring case, emphasis, a leading emoji and, if allowed, text after the word.
    pub fn value_of(&self, text: &str) -> Option<&str> {
        self.entry_of(text).map(|(_, value)| value)
    }

    /// Returns the word that `text` is, in the sense of [`FieldVocabulary::value_of`], and its value.
    pub fn entry_of(&self, text: &str) -> Option<(&str, &str)> {
        if let Some(entry) = chosen(text).and_then(|choice| self.entry_of(choice)) {
            return Some(entry);
        }
        let plain = plain(text);
        let bare = text.trim().trim_end_matches('\u{fe0f}');
        let matches = |word: &str| plain == word || bare == word;
        if let Some((word, value)) = self.entries().find(|(word, _)| matches(word)) {
            return Some((word, value));
        }
        let is_prefix = |word: &str| plain.strip_prefix(word).is_some_and(is_detail);
        let longest = self.entries().filter(|(word, _)| self.detail && is_prefix(word));
        let (word, value) = longest.max_by_key(|(word, _)| word.len())?;
        Some(self.outweighing(value, &plain[word.len()..]).unwrap_or((word, value)))
    }

    /// Returns the word that follows the word of a value and counts in its place: `review` in `Active review`, `Accepted for public
    /// review`.
    fn outweighing(&self, value: &str, rest: &str) -> Option<(&str, &str)> {
        let (_, words) = self.outweighed.iter().find(|(outweighed, _)| **outweighed == *value)?;
        let rest = rest.trim_start_matches(['*', '_']).strip_prefix(char::is_whitespace)?;
        let (purpose, searched) = match rest.trim_start().strip_prefix("for ") {
            Some(purpose) => (purpose, 2),
            None => (rest, 1),
        };
        let mut following = purpose.split_whitespace().take(searched);
        following.find_map(|next| {
            let next = next.trim_end_matches(|c: char| !c.is_alphanumeric());
            words.iter().find(|word| *word.folded == *next).map(|word| (&*word.folded, &*word.value))
        })
    }

    /// Returns the word of the format that `text` is or begins with, as it is written there, and its value.
    pub fn word_in<'t>(&self, text: &'t str) -> Option<(&'t str, &str)> {
        let (word, value) = self.entry_of(text)?;
        let rest = from_first_word(text);
        let end = rest.char_indices().nth(word.chars().count()).map_or(rest.len(), |(end, _)| end);
        let is_word = rest[..end].to_lowercase() == word;
        Some((if is_word { &rest[..end] } else { text.trim() }, value))
    }

    /// Returns the only value that `text`, or if text after a word is allowed its first word, can be a misspelling of.
    pub fn only_meaning(&self, text: &str) -> Option<&str> {
        let plain = plain(text);
        let words = || self.entries();
        let first_word = || {
            let end = plain.find(|c: char| !c.is_alphanumeric())?;
            schema::only_meaning(&plain[..end], words()).filter(|_| self.detail && is_detail(&plain[end..]))
        };
        schema::only_meaning(&plain, words()).or_else(first_word)
    }

    /// Returns the word that `text` begins with, where the format does not allow text after a word and would read this one if it did.
    pub fn word_before_more(&self, text: &str) -> Option<&str> {
        let plain = plain(text);
        let begins = |word: &&str| plain.strip_prefix(&*word.to_lowercase()).is_some_and(is_detail);
        self.words().find(begins).filter(|_| !self.detail)
    }

    pub fn word_for(&self, value: &str) -> Option<&str> {
        self.words.iter().find(|word| *word.value == *value).map(|word| &*word.written)
    }

    /// Returns true if `text` is a word without further text.
    pub fn is_word(&self, text: &str) -> bool {
        let plain = plain(text);
        self.entries().any(|(word, _)| plain == *word)
    }

    /// The words in lower case, each with its value.
    fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.words.iter().chain(&self.also).map(|word| (&*word.folded, &*word.value))
    }
}

fn words_of(words: Vec<(Box<str>, Box<str>)>) -> Vec<Word> {
    words.into_iter().map(Word::new).collect()
}

/// Returns the text from its first word on, without symbols before it and names of such: `✅ Accepted`, `:tada: Accepted`.
pub(crate) fn from_first_word(text: &str) -> &str {
    let mut rest = text;
    loop {
        let words = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        let after_symbol = || {
            let is_symbol = rest[..rest.len() - words.len()].ends_with(':');
            let (name, after) = words.split_once(':').filter(|_| is_symbol)?;
            let is_name =
                name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || b"_+-".contains(&c));
            // `:material-check:{ .stable }`.
            let attributes = after.strip_prefix('{').and_then(|after| after.split_once('}'));
            let after = attributes.map_or(after, |(_, after)| after);
            (is_name && after.contains(char::is_alphanumeric)).then_some(after)
        };
        match after_symbol() {
            Some(after) => rest = after,
            None => return words,
        }
    }
}

/// Returns the only one of several choices that is in bold: `**Accepted**` of `Proposed, **Accepted**, Implemented`.
fn chosen(text: &str) -> Option<&str> {
    const FEWEST: usize = 3;
    let choices = || text.split([',', '|', '/']);
    let mut bold = choices().filter(|choice| choice.contains("**"));
    let only = bold.next().filter(|_| bold.next().is_none())?;
    let is_list =
        choices().count() >= FEWEST && choices().all(|choice| choice.split_whitespace().count() <= 2);
    is_list.then_some(only)
}

/// Strips symbols and emphasis and converts to lower case: `⌛️ **Superseded**` becomes `superseded`.
fn plain(text: &str) -> String {
    let words = from_first_word(text);
    words.trim_end_matches(|c: char| c.is_whitespace() || "*_.\"'`".contains(c)).to_lowercase()
}

fn is_detail(rest: &str) -> bool {
    let apart = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_');
    let rest = rest.trim_start_matches(['*', ' ', '\t']);
    apart && !rest.starts_with('|') && rest.strip_prefix('/').is_none_or(is_version)
}

/// Returns true for a text that begins with a word that has a digit: `26.0`, `R12B-5`.
fn is_version(text: &str) -> bool {
    let word = text.split_whitespace().next().unwrap_or_default();
    word.contains(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary(detail: bool) -> FieldVocabulary {
        let word = |word: &str, value: &str| (Box::from(word), Box::from(value));
        let words = vec![word("accepted", "accepted"), word("superseded", "superseded")];
        FieldVocabulary::new(words, vec![word("on hold", "draft"), word("✅", "accepted")], detail)
    }

    #[test]
    fn a_word_is_shown_as_it_is_written() {
        for (text, word) in [("✅ Accepted", "Accepted"), ("**ON Hold** until May", "ON Hold"), ("✅", "✅")]
        {
            assert_eq!(vocabulary(true).word_in(text).map(|(word, _)| word), Some(word), "{text}");
        }
        assert_eq!(vocabulary(true).word_in("Finished"), None);
    }

    #[test]
    fn emphasis_emoji_and_case_do_not_matter() {
        for text in [
            "accepted",
            "Accepted.",
            "✅ Accepted",
            "**Accepted**",
            "✅",
            ":material-check:{ .stable } Accepted",
        ] {
            assert_eq!(vocabulary(false).value_of(text), Some("accepted"), "{text}");
        }
        assert_eq!(vocabulary(false).value_of("On hold"), Some("draft"));
    }

    #[test]
    fn detail_may_follow_where_the_format_allows_it() {
        let text = "⌛️ Superseded by [036](036-multi-cluster.md)";
        assert_eq!(vocabulary(true).value_of(text), Some("superseded"));
        assert_eq!(vocabulary(false).value_of(text), None);
    }

    #[test]
    fn what_is_only_reviewed_is_not_accepted() {
        let word = |word: &str| vec![(Box::from(word), Box::from("proposed"))];
        let mut vocabulary = vocabulary(true);
        vocabulary.outweigh("accepted".into(), word("review"));
        for text in ["Accepted review (3 May)", "**Accepted** for review.", "Accepted for public review"] {
            let value = vocabulary.value_of(text);
            assert_eq!(value, Some("proposed"), "{text}");
        }
        for text in ["Accepted (review in May)", "Accepted, review in May", "Accepted after review"] {
            assert_eq!(vocabulary.value_of(text), Some("accepted"), "{text}");
        }
        assert_eq!(vocabulary.value_of("Superseded review"), Some("superseded"));
    }

    #[test]
    fn a_version_may_follow_after_a_slash() {
        for text in ["Accepted/26.0", "Accepted/R12B-5 Implemented in OTP", "accepted / 2.1"] {
            assert_eq!(vocabulary(true).value_of(text), Some("accepted"), "{text}");
        }
        for text in ["accepted/rejected", "accepted / superseded", "accepted | 2"] {
            assert_eq!(vocabulary(true).value_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_misspelt_word_has_one_meaning_also_before_detail() {
        let text = "⌛️ **Superceded** by [036](036-multi-cluster.md)";
        assert_eq!(vocabulary(true).only_meaning(text), Some("superseded"));
        assert_eq!(vocabulary(false).only_meaning(text), None);
        assert_eq!(vocabulary(false).only_meaning("Acepted."), Some("accepted"));
        assert_eq!(vocabulary(true).only_meaning("acepted | superseded"), None);
    }

    #[test]
    fn an_unfilled_list_of_alternatives_is_no_choice() {
        assert_eq!(vocabulary(true).value_of("accepted | superseded"), None);
        assert_eq!(vocabulary(true).value_of("accepted-ish"), None);
    }
}
