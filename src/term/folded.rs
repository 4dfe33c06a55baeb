//! Prose in which a phrase may span lines.

use std::borrow::Cow;

use memchr::memchr2;

/// A text in which each line end, with the white space around it, is one space: a phrase may span lines.
pub(super) struct Folded<'t> {
    pub text: Cow<'t, str>,
    /// The offsets of such spaces, and how many bytes all up to them have lost.
    lost: Vec<(usize, usize)>,
}

impl<'t> Folded<'t> {
    pub(super) fn new(text: &'t str) -> Folded<'t> {
        if memchr2(b'\n', b'\r', text.as_bytes()).is_none() {
            return Folded { text: text.into(), lost: Vec::new() };
        }
        let (mut folded, mut lost) = (String::with_capacity(text.len()), Vec::new());
        let mut rest = text;
        while let Some(end) = memchr2(b'\n', b'\r', rest.as_bytes()) {
            let line = rest[..end].trim_end_matches([' ', '\t']);
            let next = rest[end..].trim_start_matches([' ', '\t', '\n', '\r']);
            folded.push_str(line);
            lost.push((folded.len(), text.len() - next.len() - folded.len() - 1));
            folded.push(' ');
            rest = next;
        }
        folded.push_str(rest);
        Folded { text: folded.into(), lost }
    }

    /// Returns the offset in the text itself.
    pub(super) fn offset(&self, at: usize) -> usize {
        let before = self.lost.partition_point(|(space, _)| *space < at);
        at + before.checked_sub(1).map_or(0, |last| self.lost[last].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_spaces_that_know_where_they_were() {
        let text = "a pet \r\n    owner\n\nb";
        let folded = Folded::new(text);
        assert_eq!(folded.text, "a pet owner b");
        let found = folded.text.find("pet owner").expect("it is there");
        assert_eq!(&text[folded.offset(found)..folded.offset(found + 9)], "pet \r\n    owner");
        assert_eq!(folded.offset(folded.text.len()), text.len());
    }
}
