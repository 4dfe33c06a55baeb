//! Strict JSON (RFC 8259). Why not a library: `docs/decisions/0017-json-with-a-parser-of-our-own.md`.

mod string;

use super::{ParsedTrees, Problem, ValueBudget, character_at, remove_duplicate_keys};
use crate::limits;
use crate::node::{Entry, Key, Mapping, Node, ScalarKind};
use crate::text::{Source, Span};

pub(super) fn parse(source: &Source, within: Span) -> ParsedTrees {
    let text = &source.text()[..within.end as usize];
    let mut parser = Parser {
        text,
        at: within.start as usize,
        depth: 0,
        values: ValueBudget::default(),
        stopped: false,
        parsed: ParsedTrees::default(),
    };
    parser.skip_white_space();
    if parser.at < text.len()
        && let Some(root) = parser.value()
    {
        parser.parsed.roots.push(root);
        parser.skip_white_space();
        if !parser.stopped && parser.at < text.len() {
            parser.stop(parser.at, "unexpected text after the JSON value");
        }
    }
    parser.parsed
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    values: ValueBudget,
    /// Set by the first error; then open collections end.
    stopped: bool,
    parsed: ParsedTrees,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_white_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn accept(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn stop(&mut self, at: usize, message: impl Into<String>) {
        self.stop_at(character_at(self.text, at), message);
    }

    fn stop_at(&mut self, span: Span, message: impl Into<String>) {
        self.fail(Problem::fatal(span, message));
    }

    fn fail(&mut self, problem: Problem) {
        self.parsed.problems.push(problem);
        self.stopped = true;
        self.at = self.text[..self.at].trim_end().len();
    }

    /// Counts a value or key. False after the last that is allowed.
    fn count(&mut self) -> bool {
        let (text, at) = (self.text, self.at);
        let counted = self.values.take(|| character_at(text, at));
        counted.map_err(|problem| self.fail(problem)).is_ok()
    }

    fn value(&mut self) -> Option<Node> {
        let start = self.at;
        if !self.count() {
            return None;
        }
        match self.peek() {
            Some(b'{') => self.collection(Self::object),
            Some(b'[') => self.collection(Self::array),
            Some(b'"') => self.string().map(|text| Node::text(Span::new(start, self.at), text)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.literal(),
        }
    }

    fn collection(&mut self, parse: fn(&mut Self) -> Node) -> Option<Node> {
        if self.depth == limits::DEPTH {
            self.fail(Problem::too_deep(character_at(self.text, self.at)));
            return None;
        }
        self.depth += 1;
        let node = parse(self);
        self.depth -= 1;
        Some(node)
    }

    fn array(&mut self) -> Node {
        let start = self.at;
        let mut items = Vec::new();
        self.members(b']', |parser| items.extend(parser.value()));
        Node::sequence(Span::new(start, self.at), items)
    }

    fn object(&mut self) -> Node {
        let start = self.at;
        let mut entries = Vec::new();
        self.members(b'}', |parser| entries.extend(parser.entry()));
        let span = Span::new(start, self.at);
        let mapping = Mapping::new(remove_duplicate_keys(entries, &mut self.parsed.problems));
        Node::mapping(span, mapping)
    }

    fn members(&mut self, close: u8, mut member: impl FnMut(&mut Self)) {
        let open = self.at;
        self.at += 1;
        self.skip_white_space();
        if self.accept(close) {
            return;
        }
        loop {
            member(self);
            if self.stopped {
                return;
            }
            self.skip_white_space();
            let comma = self.at;
            if self.accept(close) {
                return;
            }
            if !self.accept(b',') {
                return self.stop_in_brackets(open, format!("expected `,` or `{}`", char::from(close)));
            }
            self.skip_white_space();
            if self.peek() == Some(close) {
                return self.stop(comma, format!("trailing comma before `{}`", char::from(close)));
            }
            if self.peek().is_none() {
                return self.stop_in_brackets(open, String::new());
            }
        }
    }

    /// At the end of the text, reports the bracket at `open`.
    fn stop_in_brackets(&mut self, open: usize, message: String) {
        match self.peek() {
            None => self.stop(open, format!("unclosed `{}`", &self.text[open..=open])),
            Some(b'/') => self.stop(self.at, "comments are not allowed in JSON"),
            Some(_) => self.stop(self.at, message),
        }
    }

    fn entry(&mut self) -> Option<Entry> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            let word = self.word_span();
            match self.peek() {
                Some(b'/') => self.stop(start, "comments are not allowed in JSON"),
                _ if word.is_empty() => self.stop(start, "expected a key in double quotes"),
                _ => self.stop_at(word, "a key must be in double quotes"),
            }
            return None;
        }
        if !self.count() {
            return None;
        }
        let name = self.string()?;
        let key = Key { name: name.into(), span: Span::new(start, self.at) };
        self.skip_white_space();
        if !self.accept(b':') {
            self.stop(self.at, "expected `:` after a key");
            return None;
        }
        self.skip_white_space();
        self.value().map(|value| Entry { key, value })
    }

    fn number(&mut self) -> Option<Node> {
        let start = self.at;
        let rest = &self.text[start..];
        let length =
            rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '+' | '-' | '.')).unwrap_or(rest.len());
        let text = &rest[..length];
        if !is_number(text) {
            self.stop_at(Span::new(start, start + length), format!("invalid number `{}`", shortened(text)));
            return None;
        }
        self.at += length;
        let kind = match (text.parse(), text.parse::<f64>()) {
            (Ok(integer), _) => ScalarKind::Integer(integer),
            (_, Ok(float)) if float.is_finite() && text.contains(['.', 'e', 'E']) => ScalarKind::Float(float),
            _ => ScalarKind::Text,
        };
        Some(Node::scalar(Span::new(start, self.at), text, kind))
    }

    fn word_span(&self) -> Span {
        let rest = &self.text[self.at..];
        let length = rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '+' | '.' | '$'));
        Span::new(self.at, self.at + length.unwrap_or(rest.len()))
    }

    fn literal(&mut self) -> Option<Node> {
        let span = self.word_span();
        let kind = match &self.text[span.range()] {
            "true" => ScalarKind::Bool(true),
            "false" => ScalarKind::Bool(false),
            "null" => ScalarKind::Null,
            word => {
                match self.peek() {
                    Some(b'\'') => self.stop(self.at, "a string must be in double quotes"),
                    Some(b'/') => self.stop(self.at, "comments are not allowed in JSON"),
                    _ if word.is_empty() => self.stop(self.at, "expected a value"),
                    _ => self.stop_at(
                        span,
                        format!("invalid value `{}`; put text in double quotes", shortened(word)),
                    ),
                }
                return None;
            }
        };
        self.at = span.end as usize;
        Some(Node::scalar(span, &self.text[span.range()], kind))
    }

    fn string(&mut self) -> Option<Box<str>> {
        match string::parse(self.text, self.at) {
            Ok((text, end)) => {
                self.at = end;
                Some(text)
            }
            Err((at, message)) => {
                self.stop(at, message);
                None
            }
        }
    }
}

fn is_number(text: &str) -> bool {
    let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let text = text.strip_prefix('-').unwrap_or(text);
    let whole = digits(text);
    if whole == 0 || (whole > 1 && text.starts_with('0')) {
        return false;
    }
    let mut rest = &text[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = &fraction[count..];
    }
    match rest.strip_prefix(['e', 'E']) {
        None => rest.is_empty(),
        Some(exponent) => {
            let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            !exponent.is_empty() && digits(exponent) == exponent.len()
        }
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(20) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}
