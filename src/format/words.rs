//! The words of a format for a status.

use crate::value::nearest;
use crate::value::status::Vocabulary;

/// The only words for a status, each with the value that it means, in the order of the file.
#[derive(Debug)]
pub struct Words {
    words: Vec<(Box<str>, Box<str>)>,
    pub vocabulary: Vocabulary,
}

/// The value of a word that is no status.
const ABSENT: &str = "absent";

impl Words {
    pub(super) fn new(words: Vec<(Box<str>, Box<str>)>) -> Words {
        let vocabulary = Vocabulary::new(words.iter().map(|(word, value)| (&**word, &**value)));
        Words { words, vocabulary }
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter().filter(|(_, value)| **value != *ABSENT).map(|(word, _)| &**word)
    }

    /// Returns the value of a word.
    pub fn value_of(&self, text: &str) -> Option<&str> {
        self.vocabulary.value_of(plain(text)).filter(|value| *value != ABSENT)
    }

    /// Returns the word that a text is, and its value.
    pub fn word_in<'t>(&self, text: &'t str) -> Option<(&'t str, &str)> {
        Some((plain(text), self.value_of(text)?))
    }

    /// Returns the first word for a value.
    pub fn word_for(&self, value: &str) -> Option<&str> {
        self.words.iter().find(|(_, other)| **other == *value).map(|(word, _)| &**word)
    }

    /// Returns the value of the only word that a text can be a misspelling of.
    pub fn only_meaning(&self, text: &str) -> Option<&str> {
        self.value_of(nearest(plain(text), self.iter())?)
    }
}

fn plain(text: &str) -> &str {
    text.trim().trim_matches(['*', '_', '`', '"', '\'', '.', '!'])
}
