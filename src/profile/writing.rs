//! Where a format has a place for a field that a file leaves out, and how the value is written there.

use crate::node::Node;

/// One place that a field may be written in; of several the first that a file has counts.
#[derive(Debug)]
pub struct Writing {
    pub place: Place,
    pub spelling: Spelling,
}

#[derive(Debug, PartialEq)]
pub enum Place {
    /// Under a key of its own, among the others of the format.
    Key(Box<str>),
    /// On a header line of its own, among others.
    Header(Box<str>),
    /// In a paragraph at the end of a section, which goes by one of these keys.
    Section(Vec<Box<str>>),
    /// In a paragraph below the page's title.
    BelowTitle,
    /// In place of the value of another field, which it implies.
    Within(Box<str>),
}

/// A text with names in braces for what is written.
#[derive(Debug)]
pub struct Spelling {
    pieces: Vec<Piece>,
}

#[derive(Debug)]
enum Piece {
    Text(Box<str>),
    Name(usize),
}

/// The names that a spelling may use, in the order of the fields of [`Spelt`].
const NAMES: [&str; 7] = ["value", "id", "title", "heading", "label", "path", "place"];

/// What is written: a value, or a reference to a record.
#[derive(Clone, Debug, Default)]
pub struct Spelt<'a> {
    pub value: &'a str,
    pub id: &'a str,
    pub title: &'a str,
    /// The record's title as its page has it, number and all.
    pub heading: &'a str,
    /// `ADR-0009`; the heading of a record without a number.
    pub label: &'a str,
    /// The record's file, relative to the one that refers to it.
    pub path: &'a str,
    /// The path from the repository's root that stands for the record.
    pub place: &'a str,
}

impl Spelling {
    /// The value, or the identifier of a record, and nothing else.
    pub(super) fn plain() -> Spelling {
        Spelling { pieces: vec![Piece::Name(0)] }
    }

    /// # Errors
    /// The name that stands in braces and is none, or the text around a brace without a partner.
    pub(super) fn parse(text: &str) -> Result<Spelling, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else {
                return Err("this brace has no partner".to_owned());
            };
            let number = NAMES.iter().position(|known| *known == name);
            let number = number.ok_or_else(|| format!("`{name}` is none of {}", NAMES.join(", ")))?;
            pieces.extend([Piece::Text(before.into()), Piece::Name(number)]);
            rest = after;
        }
        pieces.push(Piece::Text(rest.into()));
        Ok(Spelling { pieces })
    }

    /// The text for this; none where a name stands for nothing.
    pub fn write(&self, spelt: &Spelt<'_>) -> Option<String> {
        let values =
            [spelt.value, spelt.id, spelt.title, spelt.heading, spelt.label, spelt.path, spelt.place];
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(piece) => text.push_str(piece),
                Piece::Name(name) if values[*name].is_empty() => return None,
                Piece::Name(name) => text.push_str(values[*name]),
            }
        }
        Some(text)
    }
}

/// The place that a profile's file names.
pub(super) fn place(node: &Node) -> Option<Place> {
    let text = |key: &str| node.get(key).and_then(Node::as_text).map(Box::from);
    let key = text("key").map(Place::Key);
    let header = || text("header").map(Place::Header);
    let below = || text("below-title").map(|_: Box<str>| Place::BelowTitle);
    let within = || text("in").map(Place::Within);
    key.or_else(header).or_else(below).or_else(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_braces_stand_for_what_is_written() {
        let spelt = Spelt { label: "ADR-0009", path: "0009-x.md", ..Spelt::default() };
        let spelling = Spelling::parse("superseded by [{label}]({path})").unwrap();
        assert_eq!(spelling.write(&spelt).as_deref(), Some("superseded by [ADR-0009](0009-x.md)"));
        assert_eq!(Spelling::parse("{title}").unwrap().write(&spelt), None, "it has none");
        assert!(Spelling::parse("{tilte}").unwrap_err().starts_with("`tilte` is none of value, id"));
        assert!(Spelling::parse("{title").is_err());
    }
}
