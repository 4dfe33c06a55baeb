//! The words that a format has for a field's values.

/// Words of a format and what they are in the kind.
#[derive(Debug)]
pub struct Vocabulary {
    words: Vec<(Box<str>, Box<str>)>,
    also: Vec<(Box<str>, Box<str>)>,
    detail: bool,
}

impl Vocabulary {
    pub(super) fn new(
        words: Vec<(Box<str>, Box<str>)>,
        also: Vec<(Box<str>, Box<str>)>,
        detail: bool,
    ) -> Vocabulary {
        Vocabulary { words, also, detail }
    }

    /// The words that the format offers, in its own order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|(word, _)| &**word)
    }

    /// What `text` is in the kind: case, emphasis and a leading emoji aside, and without what follows
    /// the word where the format allows detail.
    pub fn read(&self, text: &str) -> Option<&str> {
        let plain = plain(text);
        let spelt = |word: &str| plain == word || text.trim().trim_end_matches('\u{fe0f}') == word;
        if let Some((_, value)) = self.entries().find(|(word, _)| spelt(word)) {
            return Some(value);
        }
        let begins = |word: &str| plain.strip_prefix(word).is_some_and(is_detail);
        let longest = self.entries().filter(|(word, _)| self.detail && begins(word));
        longest.max_by_key(|(word, _)| word.len()).map(|(_, value)| &**value)
    }

    /// The format's word for a value of the kind: the first that it offers.
    pub fn word_for(&self, value: &str) -> Option<&str> {
        self.words.iter().find(|(_, meant)| **meant == *value).map(|(word, _)| &**word)
    }

    /// Whether `text` is a word of the format and nothing more.
    pub fn is_word(&self, text: &str) -> bool {
        let plain = plain(text);
        self.entries().any(|(word, _)| plain == **word)
    }

    fn entries(&self) -> impl Iterator<Item = &(Box<str>, Box<str>)> {
        self.words.iter().chain(&self.also)
    }
}

/// The words alone, in lower case: `⌛️ **Superseded**` is `superseded`.
fn plain(text: &str) -> String {
    let words = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    words.trim_end_matches(|c: char| c.is_whitespace() || "*_.\"'`".contains(c)).to_lowercase()
}

/// Whether `rest` goes on about the word before it, and neither makes it another word nor offers alternatives.
fn is_detail(rest: &str) -> bool {
    let apart = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_');
    apart && !rest.trim_start_matches(['*', ' ', '\t']).starts_with(['|', '/'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary(detail: bool) -> Vocabulary {
        let word = |word: &str, value: &str| (Box::from(word), Box::from(value));
        let words = vec![word("accepted", "accepted"), word("superseded", "superseded")];
        Vocabulary::new(words, vec![word("on hold", "draft"), word("✅", "accepted")], detail)
    }

    #[test]
    fn emphasis_emoji_and_case_do_not_matter() {
        for text in ["accepted", "Accepted.", "✅ Accepted", "**Accepted**", "✅"] {
            assert_eq!(vocabulary(false).read(text), Some("accepted"), "{text}");
        }
        assert_eq!(vocabulary(false).read("On hold"), Some("draft"));
    }

    #[test]
    fn detail_may_follow_where_the_format_allows_it() {
        let text = "⌛️ Superseded by [036](036-multi-cluster.md)";
        assert_eq!(vocabulary(true).read(text), Some("superseded"));
        assert_eq!(vocabulary(false).read(text), None);
    }

    #[test]
    fn an_unfilled_list_of_alternatives_is_no_choice() {
        assert_eq!(vocabulary(true).read("accepted | superseded"), None);
        assert_eq!(vocabulary(true).read("accepted-ish"), None);
    }
}
