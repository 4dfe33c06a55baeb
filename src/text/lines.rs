//! Many short texts in one.

use serde::{Deserialize, Serialize};

/// Stores short texts as the lines of one string, which takes a third of the memory of a string for each.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lines(String);

impl Lines {
    /// Adds a text, in which a line end becomes a space.
    pub fn push(&mut self, text: &str) {
        let start = self.0.len();
        self.0.push_str(text);
        if text.contains('\n') {
            let line = self.0.split_off(start).replace('\n', " ");
            self.0.push_str(&line);
        }
        self.0.push('\n');
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split_terminator('\n')
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Frees the memory behind the texts. To shrink it in place leaves a block that is at least half full as it is.
    pub fn shrink(&mut self) {
        if self.0.len() < self.0.capacity() {
            self.0 = self.0.as_str().to_owned();
        }
    }
}

impl<T: AsRef<str>> Extend<T> for Lines {
    fn extend<I: IntoIterator<Item = T>>(&mut self, texts: I) {
        texts.into_iter().for_each(|text| self.push(text.as_ref()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_as_they_were_added() {
        let mut lines = Lines::default();
        assert!(lines.is_empty());
        lines.extend(["a", "", "b\nc"]);
        lines.shrink();
        assert_eq!(lines.iter().collect::<Vec<_>>(), ["a", "", "b c"]);
    }
}
