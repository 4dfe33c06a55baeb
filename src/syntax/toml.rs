//! TOML 1. The parser's tables are sorted by key and span only their headers; the tree has the order of the file.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml_parser::lexer::TokenKind;

use super::{ParsedTrees, Problem, ValueBudget, character_at};
use crate::limits;
use crate::node::{Entry, Key, Mapping, Node, ScalarKind};
use crate::text::{Source, Span};

pub(super) fn parse(source: &Source, within: Span) -> ParsedTrees {
    let (text, base) = (source.slice(within), within.start as usize);
    let mut parsed = ParsedTrees::default();
    if let Err(problem) = within_limits(text, |at| character_at(source.text(), base + at)) {
        parsed.problems.push(problem);
        return parsed;
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    let (duplicates, others): (Vec<_>, Vec<_>) =
        errors.iter().partition(|error| error.message() == "duplicate key" && error.span().is_some());
    if let Some(error) = others.first() {
        let span = first_line(source, base, error.span().unwrap_or(text.len()..text.len()));
        let message = match error.message() {
            // A word that begins like `true`.
            message if message.starts_with("invalid boolean") => "string values must be quoted",
            message => message,
        };
        parsed.problems.push(Problem::fatal(span, message));
        return parsed;
    }
    let mut root = TreeBuilder { text, base }.table(table.into_inner(), None);
    if root.span.is_empty() {
        root.span = within;
    }
    // The parser only gives the later one of two equal keys. More problems are not reported.
    let spans = duplicates.iter().filter_map(|error| error.span()).take(limits::PROBLEMS + 1);
    for span in spans.map(|range| first_line(source, base, range)) {
        let name = source.slice(span).trim_matches(['"', '\'']);
        parsed.problems.push(Problem::duplicate_key(name, span, None));
    }
    parsed.roots.push(root);
    parsed
}

/// Limits the nesting, for which the parser gives no location, and the number of words, which it keeps. Dots in numbers
/// don't add up.
fn within_limits(text: &str, place: impl Fn(usize) -> Span) -> Result<(), Problem> {
    let (mut depth, mut dots) = (0_usize, 0_usize);
    let (mut words, mut opened) = (ValueBudget::default(), Vec::new());
    for token in toml_parser::Source::new(text).lex() {
        let at = token.span().start();
        if !matches!(token.kind(), TokenKind::Whitespace | TokenKind::Eof) {
            words.take(|| place(at))?;
        }
        match token.kind() {
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => {
                opened.push(dots + 1);
                depth += dots + 1;
                dots = 0;
            }
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => {
                depth -= opened.pop().unwrap_or(0);
                dots = 0;
            }
            TokenKind::Dot => dots += 1,
            TokenKind::Comma | TokenKind::Newline => dots = 0,
            _ => {}
        }
        if depth + dots > limits::TOML_DEPTH {
            let message = format!("nested more than {} levels deep", limits::TOML_DEPTH);
            return Err(Problem::fatal(place(at), message));
        }
    }
    Ok(())
}

fn first_line(source: &Source, base: usize, range: Range<usize>) -> Span {
    let span = Span::new(base + range.start, base + range.end);
    match source.slice(span).lines().next().unwrap_or("") {
        "" => character_at(source.text(), span.start as usize),
        line => Span::new(span.start as usize, span.start as usize + line.len()),
    }
}

struct TreeBuilder<'a> {
    text: &'a str,
    base: usize,
}

impl TreeBuilder<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.base + range.start, self.base + range.end)
    }

    fn node(&self, value: Spanned<DeValue<'_>>) -> Node {
        let range = value.span();
        let span = self.span(range.clone());
        let written = self.text.get(range).unwrap_or("");
        match value.into_inner() {
            DeValue::String(text) => Node::text(span, text.into_owned()),
            DeValue::Integer(integer) => {
                let value = i64::from_str_radix(integer.as_str(), integer.radix());
                Node::scalar(span, written, value.map_or(ScalarKind::Text, ScalarKind::Integer))
            }
            DeValue::Float(float) => match float.as_str().parse::<f64>() {
                Ok(value) if value.is_finite() => Node::scalar(span, written, ScalarKind::Float(value)),
                _ => Node::text(span, written),
            },
            DeValue::Boolean(value) => Node::scalar(span, written, ScalarKind::Bool(value)),
            DeValue::Datetime(_) => Node::text(span, written),
            DeValue::Array(items) => {
                let items: Vec<Node> = items.into_iter().map(|item| self.node(item)).collect();
                Node::sequence(items.iter().fold(span, |span, item| span.to(item.span)), items)
            }
            DeValue::Table(table) => self.table(table, Some(span)),
        }
    }

    fn table(&self, table: DeTable<'_>, header: Option<Span>) -> Node {
        let mut entries: Vec<Entry> = Vec::with_capacity(table.len());
        for (key, value) in table {
            let key = Key { span: self.span(key.span()), name: key.into_inner().into_owned().into() };
            entries.push(Entry { key, value: self.node(value) });
        }
        entries.sort_by_key(|entry| entry.key.span);
        let parts = entries.iter().map(|entry| entry.key.span.to(entry.value.span));
        let span = header.into_iter().chain(parts).reduce(Span::to).unwrap_or_default();
        Node::mapping(span, Mapping::new(entries))
    }
}
