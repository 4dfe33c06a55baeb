//! JSON (RFC 8259), strictly: no comments, no trailing commas, no equal keys.

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions};

use super::yaml::first_of_equal_keys;
use super::{DEPTH_LIMIT, Problem, Reading, character_at};
use crate::node::{Entry, Key, Mapping, Node, ScalarKind};
use crate::text::{Source, Span};

const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
};

/// Reads the value that stands in `within`, a part of `source` that starts without byte order mark.
pub(super) fn read(source: &Source, within: Span) -> Reading {
    let (text, base) = (source.slice(within), within.start as usize);
    let mut reading = Reading::default();
    if let Some((at, message)) = refused_by_parser_too_late(text) {
        let span = character_at(source.text(), base + at);
        reading.problems.push(Problem::fatal(span, message));
        return reading;
    }
    match jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &STRICT) {
        Ok(parsed) => {
            let mut tree = Tree { base, problems: &mut reading.problems };
            reading.roots.extend(parsed.value.map(|value| tree.node(value)));
        }
        Err(error) => {
            let start = base + error.range().start.min(text.len());
            let end = base + error.range().end.min(text.len());
            let first_line = source.slice(Span::new(start, end)).lines().next().unwrap_or("");
            let span = match first_line.is_empty() {
                true => character_at(source.text(), start),
                false => Span::new(start, start + first_line.len()),
            };
            reading.problems.push(Problem::fatal(span, explain(error.kind())));
        }
    }
    reading
}

/// What the parser lets pass or would overflow on: raw control characters in strings, white space that is
/// none in JSON, and nesting. One pass over the bytes.
fn refused_by_parser_too_late(text: &str) -> Option<(usize, String)> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            0..0x20 if in_string => {
                return Some((at, format!("raw control character in a string; write `\\u{byte:04x}`")));
            }
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' if depth == DEPTH_LIMIT => {
                return Some((at, format!("nested more than {DEPTH_LIMIT} levels deep")));
            }
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            0x0B | 0x0C | 0x80.. => return Some((at, "unexpected character outside a string".into())),
            _ => {}
        }
    }
    None
}

struct Tree<'a> {
    base: usize,
    problems: &'a mut Vec<Problem>,
}

impl Tree<'_> {
    fn span(&self, ranged: &impl Ranged) -> Span {
        Span::new(self.base + ranged.start(), self.base + ranged.end())
    }

    /// Recursion is bounded by the nesting that was checked before.
    fn node(&mut self, value: ast::Value<'_>) -> Node {
        let span = self.span(&value);
        match value {
            ast::Value::StringLit(text) => Node::text(span, text.value.into_owned()),
            ast::Value::NumberLit(number) => Node::scalar(span, number.value, number_kind(number.value)),
            ast::Value::BooleanLit(bool) => {
                Node::scalar(span, if bool.value { "true" } else { "false" }, ScalarKind::Bool(bool.value))
            }
            ast::Value::NullKeyword(_) => Node::scalar(span, "null", ScalarKind::Null),
            ast::Value::Array(array) => {
                Node::sequence(span, array.elements.into_iter().map(|item| self.node(item)).collect())
            }
            ast::Value::Object(object) => {
                let entries = object.properties.into_iter().map(|property| {
                    let key =
                        Key { span: self.span(&property.name), name: property.name.into_string().into() };
                    Entry { key, value: self.node(property.value) }
                });
                let entries = entries.collect();
                Node::mapping(span, Mapping::new(first_of_equal_keys(entries, self.problems)))
            }
        }
    }
}

fn number_kind(text: &str) -> ScalarKind {
    match (text.parse(), text.parse::<f64>()) {
        (Ok(integer), _) => ScalarKind::Integer(integer),
        (_, Ok(float)) if float.is_finite() && text.contains(['.', 'e', 'E']) => ScalarKind::Float(float),
        _ => ScalarKind::Text,
    }
}

fn explain(kind: &ParseErrorKind) -> String {
    match kind {
        ParseErrorKind::CommentsNotAllowed => "JSON has no comments".into(),
        ParseErrorKind::TrailingCommasNotAllowed => "no comma may stand before a closing bracket".into(),
        ParseErrorKind::SingleQuotedStringsNotAllowed => "JSON strings stand in double quotes".into(),
        ParseErrorKind::ExpectedStringObjectProperty => "a key stands in double quotes".into(),
        ParseErrorKind::ExpectedColonAfterObjectKey => "expected `:` after a key".into(),
        ParseErrorKind::ExpectedComma => "expected `,` here".into(),
        ParseErrorKind::MultipleRootJsonValues => "text after the end of the JSON value".into(),
        ParseErrorKind::UnterminatedArray => "this `[` is not closed".into(),
        ParseErrorKind::UnterminatedObject => "this `{` is not closed".into(),
        kind => lowercase_first(&kind.to_string()),
    }
}

fn lowercase_first(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
