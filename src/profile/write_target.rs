//! Where and how to insert a field that is absent from a file of a foreign format.

use crate::node::Node;
use crate::syntax::Format;

/// Where and how to insert a field.
#[derive(Debug)]
pub struct WriteTarget {
    pub location: WriteLocation,
    pub template: ValueTemplate,
}

/// Where to insert a field.
#[derive(Debug, PartialEq)]
pub enum WriteLocation {
    Key(Box<str>),
    Header(Box<str>),
    /// At the end of the section with one of these keys.
    Section(Vec<Box<str>>),
    BelowTitle,
    /// In place of the value of another field.
    Within(Box<str>),
}

/// A text with variables in braces.
#[derive(Debug)]
pub struct ValueTemplate {
    parts: Vec<TemplatePart>,
}

#[derive(Debug)]
enum TemplatePart {
    Text(Box<str>),
    Variable(usize),
    /// `[text](path)`, which each page writes in its own markup.
    Link(Vec<TemplatePart>, Vec<TemplatePart>),
}

/// The variables, in the order of the fields of [`TemplateValues`].
const VARIABLES: [&str; 7] = ["value", "id", "title", "heading", "label", "path", "place"];

/// The values of the variables: a text, or a reference to a record.
#[derive(Clone, Debug, Default)]
pub struct TemplateValues<'a> {
    pub value: &'a str,
    pub id: &'a str,
    pub title: &'a str,
    /// The title as in the heading of the page, with its number.
    pub heading: &'a str,
    /// The identifier with its prefix, such as `ADR-0009`; the heading if it is not a number.
    pub label: &'a str,
    /// The path of the record's file, relative to the edited file.
    pub path: &'a str,
    /// The path that refers to the record, relative to the root.
    pub root_path: &'a str,
}

impl ValueTemplate {
    pub(super) fn plain() -> ValueTemplate {
        ValueTemplate { parts: vec![TemplatePart::Variable(0)] }
    }

    pub(super) fn parse(text: &str) -> Result<ValueTemplate, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(Link { before, text, path, after }) = Link::find(rest) {
            parts.extend(variables(before)?);
            parts.push(TemplatePart::Link(variables(text)?, variables(path)?));
            rest = after;
        }
        parts.extend(variables(rest)?);
        Ok(ValueTemplate { parts })
    }

    /// Returns the text with `…` for each variable.
    pub fn outline(&self) -> String {
        outline(&self.parts)
    }

    /// Returns the text for a page in this markup; `None` if a variable has no value.
    pub fn render(&self, values: &TemplateValues<'_>, markup: Format) -> Option<String> {
        let values = [
            values.value,
            values.id,
            values.title,
            values.heading,
            values.label,
            values.path,
            values.root_path,
        ];
        render(&self.parts, &values, markup)
    }
}

struct Link<'t> {
    before: &'t str,
    text: &'t str,
    path: &'t str,
    after: &'t str,
}

impl Link<'_> {
    fn find(template: &str) -> Option<Link<'_>> {
        let (opened, rest) = template.split_once("](")?;
        let (before, text) = opened.rsplit_once('[')?;
        let (path, after) = rest.split_once(')')?;
        Some(Link { before, text, path, after })
    }
}

fn variables(text: &str) -> Result<Vec<TemplatePart>, String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            return Err("unclosed `{`".to_owned());
        };
        let index = VARIABLES.iter().position(|known| *known == name);
        let index = index
            .ok_or_else(|| format!("unknown variable `{name}`; expected one of {}", VARIABLES.join(", ")))?;
        parts.extend([TemplatePart::Text(before.into()), TemplatePart::Variable(index)]);
        rest = after;
    }
    parts.push(TemplatePart::Text(rest.into()));
    Ok(parts)
}

fn outline(parts: &[TemplatePart]) -> String {
    let text = |part: &TemplatePart| match part {
        TemplatePart::Text(text) => text.to_string(),
        TemplatePart::Variable(_) => "…".to_owned(),
        TemplatePart::Link(text, path) => format!("[{}]({})", outline(text), outline(path)),
    };
    parts.iter().map(text).collect()
}

fn render(parts: &[TemplatePart], values: &[&str], markup: Format) -> Option<String> {
    let mut rendered = String::new();
    for part in parts {
        match part {
            TemplatePart::Text(part) => rendered.push_str(part),
            TemplatePart::Variable(index) if values[*index].is_empty() => return None,
            TemplatePart::Variable(index) => rendered.push_str(values[*index]),
            TemplatePart::Link(text, path) => {
                let (text, path) = (render(text, values, markup)?, render(path, values, markup)?);
                rendered.push_str(&markup.link(&text, &path));
            }
        }
    }
    Some(rendered)
}

pub(super) fn location(node: &Node) -> Option<WriteLocation> {
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
        let values = TemplateValues { label: "ADR-0009", path: "0009-x.md", ..TemplateValues::default() };
        let template = ValueTemplate::parse("superseded by [{label}]({path})").unwrap();
        let rendered = |markup| template.render(&values, markup).unwrap();
        assert_eq!(rendered(Format::Markdown), "superseded by [ADR-0009](0009-x.md)");
        assert_eq!(rendered(Format::Rst), "superseded by `ADR-0009 <0009-x.md>`_");
        assert_eq!(rendered(Format::MediaWiki), "superseded by [[0009-x.md|ADR-0009]]");
        assert_eq!(rendered(Format::AsciiDoc), "superseded by link:0009-x.md[ADR-0009]");
        let untitled = ValueTemplate::parse("[{title}]({path})").unwrap();
        assert_eq!(untitled.render(&values, Format::Markdown), None, "it has none");
        assert_eq!(template.outline(), "superseded by […](…)");
        assert!(
            ValueTemplate::parse("{tilte}")
                .unwrap_err()
                .starts_with("unknown variable `tilte`; expected one of value, id")
        );
        assert!(ValueTemplate::parse("{title").is_err());
    }
}
