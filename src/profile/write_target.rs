//! Where a format has a place for a field that a file leaves out, and how the value is written there.

use crate::node::Node;

/// One place that a field may be written in; of several the first that a file has counts.
#[derive(Debug)]
pub struct WriteTarget {
    pub location: WriteLocation,
    pub template: ValueTemplate,
}

#[derive(Debug, PartialEq)]
pub enum WriteLocation {
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
pub struct ValueTemplate {
    pieces: Vec<Piece>,
}

#[derive(Debug)]
enum Piece {
    Text(Box<str>),
    Name(usize),
}

/// The names that a spelling may use, in the order of the fields of [`TemplateValues`].
const NAMES: [&str; 7] = ["value", "id", "title", "heading", "label", "path", "place"];

/// What is written: a value, or a reference to a record.
#[derive(Clone, Debug, Default)]
pub struct TemplateValues<'a> {
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
    pub root_path: &'a str,
}

impl ValueTemplate {
    /// The value, or the identifier of a record, and nothing else.
    pub(super) fn plain() -> ValueTemplate {
        ValueTemplate { pieces: vec![Piece::Name(0)] }
    }

    /// # Errors
    /// The name that stands in braces and is none, or the text around a brace without a partner.
    pub(super) fn parse(text: &str) -> Result<ValueTemplate, String> {
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
        Ok(ValueTemplate { pieces })
    }

    /// The text for this; none where a name stands for nothing.
    pub fn render(&self, spelt: &TemplateValues<'_>) -> Option<String> {
        let values =
            [spelt.value, spelt.id, spelt.title, spelt.heading, spelt.label, spelt.path, spelt.root_path];
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
pub(super) fn place(node: &Node) -> Option<WriteLocation> {
    let text = |key: &str| node.get(key).and_then(Node::as_text).map(Box::from);
    let key = text("key").map(WriteLocation::Key);
    let header = || text("header").map(WriteLocation::Header);
    let below = || text("below-title").map(|_: Box<str>| WriteLocation::BelowTitle);
    let within = || text("in").map(WriteLocation::Within);
    key.or_else(header).or_else(below).or_else(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_braces_stand_for_what_is_written() {
        let spelt = TemplateValues { label: "ADR-0009", path: "0009-x.md", ..TemplateValues::default() };
        let spelling = ValueTemplate::parse("superseded by [{label}]({path})").unwrap();
        assert_eq!(spelling.render(&spelt).as_deref(), Some("superseded by [ADR-0009](0009-x.md)"));
        assert_eq!(ValueTemplate::parse("{title}").unwrap().render(&spelt), None, "it has none");
        assert!(ValueTemplate::parse("{tilte}").unwrap_err().starts_with("`tilte` is none of value, id"));
        assert!(ValueTemplate::parse("{title").is_err());
    }
}
