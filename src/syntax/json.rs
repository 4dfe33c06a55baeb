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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::{Document, Format};
    use std::sync::Arc;

    fn parse(text: &str) -> Document {
        crate::syntax::parse(Arc::new(Source::new("a.json", text.into())), Format::Json)
    }

    #[test]
    fn keys_and_values_have_spans() {
        let document = parse("\u{feff}{\r\n  \"naïve\": [1, \"é\\u0041\\n\", null],\r\n  \"x\": -1.5e3 }");
        let slice = |node: &Node| document.source.slice(node.span).to_owned();
        let root = &document.roots[0];
        assert_eq!(root.span.start, 3);
        let entry = &root.as_mapping().unwrap().entries()[0];
        assert_eq!(document.source.slice(entry.key.span), "\"naïve\"");
        assert_eq!(&*entry.key.name, "naïve");
        let list = root.get("naïve").unwrap().as_sequence().unwrap();
        assert_eq!((slice(&list[1]).as_str(), list[1].as_text()), ("\"é\\u0041\\n\"", Some("éA\n")));
        assert!(list[2].is_null());
        assert_eq!(root.get("x").unwrap().as_scalar().unwrap().kind(), ScalarKind::Float(-1500.0));
        assert_eq!(root.get("x").unwrap().as_scalar().unwrap().text(), "-1.5e3");
    }

    #[test]
    fn numbers_out_of_range_are_text() {
        let document = parse("[9223372036854775807, 9223372036854775808, 1e999]");
        let kinds: Vec<_> = document.roots[0]
            .as_sequence()
            .unwrap()
            .iter()
            .map(|node| node.as_scalar().unwrap().kind())
            .collect();
        assert_eq!(kinds, [ScalarKind::Integer(i64::MAX), ScalarKind::Text, ScalarKind::Text]);
    }

    #[test]
    fn the_later_of_two_equal_keys_is_a_problem() {
        let document = parse(r#"{"a": 1, "b": 2, "a": 3}"#);
        let [problem] = &document.problems[..] else { panic!("{:?}", document.problems) };
        assert_eq!(problem.message, "duplicate key `a`");
        assert_eq!((problem.span, problem.related.as_ref().unwrap().0), (Span::new(17, 20), Span::new(1, 4)));
        assert!(!problem.fatal);
        assert_eq!(document.roots[0].get("a").unwrap().as_text(), Some("1"));
    }

    fn mistake(text: &str) -> (String, String) {
        let document = parse(text);
        let [problem] = &document.problems[..] else { panic!("{text}: {:?}", document.problems) };
        assert!(problem.fatal);
        (document.source.slice(problem.span).into(), problem.message.clone())
    }

    #[test]
    fn what_other_parsers_accept_is_an_error() {
        let cases = [
            (r#"{"a": 1,}"#, ",", "trailing comma before `}`"),
            ("[1, 2, ]", ",", "trailing comma before `]`"),
            ("[1 2]", "2", "expected `,` or `]`"),
            (r#"[{}{}]"#, "{", "expected `,` or `]`"),
            (r#"{"a": 1 "b": 2}"#, "\"", "expected `,` or `}`"),
            ("{a: 1}", "a", "a key must be in double quotes"),
            ("{'a': 1}", "'", "expected a key in double quotes"),
            ("['a']", "'", "a string must be in double quotes"),
            ("// x\n{}", "/", "comments are not allowed in JSON"),
            ("{} {}", "{", "unexpected text after the JSON value"),
            (r#"{"a" 1}"#, "1", "expected `:` after a key"),
            ("[01]", "01", "invalid number `01`"),
            ("[0x1F]", "0x1F", "invalid number `0x1F`"),
            ("[1.]", "1.", "invalid number `1.`"),
            ("[+1]", "+1", "invalid value `+1`; put text in double quotes"),
            ("[NaN]", "NaN", "invalid value `NaN`; put text in double quotes"),
            ("[\u{a0}1]", "\u{a0}", "expected a value"),
            ("[1, 2", "[", "unclosed `[`"),
            ("{\"a\": {\"b\": 1}", "{", "unclosed `{`"),
            ("[\"a\tb\"]", "\t", "control character in a string; write it as `\\u0009`"),
            ("[\"ab\n\"]", "\"", "unclosed string"),
            (r#"["\q"]"#, "\\", "unknown escape; write a backslash as `\\\\`"),
            (r#"["\ud800x"]"#, "\\", r"incomplete `\u` escape; expected a second `\u` escape"),
        ];
        for (text, place, message) in cases {
            assert_eq!(mistake(text), (place.into(), message.into()), "{text}");
        }
    }

    #[test]
    fn values_before_an_error_are_parsed() {
        let document = parse(r#"[{"id": "a"}, {"id": "b", "x": tru}, {"id": "c"}]"#);
        let items = document.roots[0].as_sequence().unwrap();
        assert_eq!(items[1].get("id").unwrap().as_text(), Some("b"));
    }
}
