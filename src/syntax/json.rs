//! Strict JSON (RFC 8259). Why not a library: `docs/decisions/0017-json-with-a-parser-of-our-own.md`.

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
        if serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
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
        match parse_string(self.text, self.at) {
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

fn shortened(text: &str) -> String {
    match text.char_indices().nth(20) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}

/// Parses the string whose quote is at byte `open`; returns its text and end, or the offset of an error and its message.
fn parse_string(text: &str, open: usize) -> Result<(Box<str>, usize), (usize, String)> {
    let mut unescaped = String::new();
    let mut from = open + 1;
    loop {
        let rest = &text[from..];
        let ends = |byte: u8| matches!(byte, b'"' | b'\\') || byte < 0x20;
        let Some(length) = rest.bytes().position(ends) else {
            return Err((open, "unclosed string".into()));
        };
        let at = from + length;
        match text.as_bytes()[at] {
            b'"' if unescaped.is_empty() => return Ok((rest[..length].into(), at + 1)),
            b'"' => {
                unescaped.push_str(&rest[..length]);
                return Ok((unescaped.into(), at + 1));
            }
            b'\\' => {
                unescaped.push_str(&rest[..length]);
                let (character, length) =
                    escape(&text[at + 1..]).map_err(|message| (at, message.to_owned()))?;
                unescaped.push(character);
                from = at + 1 + length;
            }
            b'\n' | b'\r' => return Err((open, "unclosed string".into())),
            control => {
                return Err((at, format!("control character in a string; write it as `\\u{control:04x}`")));
            }
        }
    }
}

fn escape(text: &str) -> Result<(char, usize), &'static str> {
    let character = match text.bytes().next() {
        Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode(text),
        _ => return Err("unknown escape; write a backslash as `\\\\`"),
    };
    Ok((character, 1))
}

/// Decodes a `\u` escape, or a surrogate pair of two (RFC 8259, section 7), without the first backslash. Returns the
/// character and the number of bytes read.
fn unicode(text: &str) -> Result<(char, usize), &'static str> {
    let first = code_unit(text).ok_or("expected four hexadecimal digits after `\\u`")?;
    if let Some(character) = char::from_u32(first) {
        return Ok((character, 5));
    }
    let second = text[5..].strip_prefix('\\').and_then(code_unit);
    let pair = second.and_then(|second| char::decode_utf16([first as u16, second as u16]).next()?.ok());
    pair.map(|character| (character, 11)).ok_or(r"incomplete `\u` escape; expected a second `\u` escape")
}

fn code_unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('u')?.get(..4)?;
    let all_hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    all_hexadecimal.then(|| u32::from_str_radix(digits, 16).ok())?
}
