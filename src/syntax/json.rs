//! Strict JSON (RFC 8259), and with comments in files that are named for them. Why not a library: `docs/decisions/0017-json-with-a-parser-of-our-own.md`.

use serde::de::IgnoredAny;

use super::yaml::kind_of;
use super::{ParsedTrees, Problem, ValueBudget, character_at, remove_duplicate_keys};
use crate::limits;
use crate::node::{Entry, Key, Mapping, Node};
use crate::text::{Source, Span, extension};

pub(super) fn parse(source: &Source, within: Span) -> ParsedTrees {
    let text = &source.text()[..within.end as usize];
    let (values, parsed) = (ValueBudget::default(), ParsedTrees::default());
    let is_loose = extension(source.path()).is_some_and(|it| matches!(it, "jsonc" | "json5"));
    let at = within.start as usize;
    let mut parser = Parser { text, is_loose, at, open: Vec::new(), values, stopped: false, parsed };
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
    /// True if comments and a comma at the end are allowed.
    is_loose: bool,
    at: usize,
    /// Where the open brackets stand.
    open: Vec<usize>,
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
        loop {
            let rest = &self.text[self.at..];
            let comment = [("//", "\n"), ("/*", "*/")].into_iter().find(|(start, _)| rest.starts_with(start));
            match (self.peek(), comment.filter(|_| self.is_loose)) {
                (Some(b' ' | b'\t' | b'\n' | b'\r'), _) => self.at += 1,
                (_, Some((start, end))) => {
                    let length = rest[start.len()..].find(end).map(|at| start.len() + at + end.len());
                    self.at += length.unwrap_or(rest.len());
                }
                _ => return,
            }
        }
    }

    fn accept(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn stop(&mut self, at: usize, message: impl Into<String>) {
        self.fail(Problem::fatal(character_at(self.text, at), message));
    }

    fn fail(&mut self, problem: Problem) {
        self.parsed.problems.push(problem);
        self.stopped = true;
        self.at = self.text[..self.at].trim_end().len();
    }

    /// Stops where something else stands; at the end of the text, that is a bracket that nothing closes.
    fn expected(&mut self, what: &str) {
        match (self.peek(), self.open.last()) {
            (None, Some(&open)) => self.stop(open, format!("unclosed `{}`", &self.text[open..=open])),
            (Some(b'/'), _) => self.stop(self.at, "comments are not allowed in JSON"),
            _ => self.stop(self.at, format!("expected {what}")),
        }
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
            Some(b'{' | b'[') if self.open.len() == limits::DEPTH => {
                self.fail(Problem::too_deep(character_at(self.text, start)));
                None
            }
            Some(b'{') => {
                let mut entries = Vec::new();
                self.members(b'}', |parser| entries.extend(parser.entry()));
                let entries = remove_duplicate_keys(entries, &mut self.parsed.problems);
                Some(Node::mapping(Span::new(start, self.at), Mapping::new(entries)))
            }
            Some(b'[') => {
                let mut items = Vec::new();
                self.members(b']', |parser| items.extend(parser.value()));
                Some(Node::sequence(Span::new(start, self.at), items))
            }
            Some(b'"') => self.string().map(|text| Node::text(Span::new(start, self.at), text)),
            _ => self.literal(),
        }
    }

    fn members(&mut self, close: u8, mut member: impl FnMut(&mut Self)) {
        self.open.push(self.at);
        self.at += 1;
        self.skip_white_space();
        while !self.stopped && !self.accept(close) {
            member(self);
            if !self.stopped {
                self.separator(close);
            }
        }
        self.open.pop();
    }

    fn separator(&mut self, close: u8) {
        self.skip_white_space();
        let comma = self.at;
        if self.peek() == Some(close) {
            return;
        }
        if !self.accept(b',') {
            return self.expected(&format!("`,` or `{}`", char::from(close)));
        }
        self.skip_white_space();
        if self.peek() == Some(close) && !self.is_loose {
            self.stop(comma, format!("trailing comma before `{}`", char::from(close)));
        }
    }

    fn entry(&mut self) -> Option<Entry> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            self.expected("a key in double quotes");
            return None;
        }
        if !self.count() {
            return None;
        }
        let name = self.string()?;
        let key = Key { name: name.into(), span: Span::new(start, self.at) };
        self.skip_white_space();
        if !self.accept(b':') {
            self.expected("`:` after a key");
            return None;
        }
        self.skip_white_space();
        self.value().map(|value| Entry { key, value })
    }

    /// Reads a number, a boolean or null.
    fn literal(&mut self) -> Option<Node> {
        const MOST_SHOWN: usize = 20;
        let rest = &self.text[self.at..];
        let is_end = |c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '+' | '.' | '$');
        let word = &rest[..rest.find(is_end).unwrap_or(rest.len())];
        let span = Span::new(self.at, self.at + word.len());
        if word.is_empty() {
            self.expected("a value");
            return None;
        }
        if serde_json::from_str::<IgnoredAny>(word).is_err() {
            let shown: String = word.chars().take(MOST_SHOWN).collect();
            let more = if shown.len() < word.len() { "…" } else { "" };
            let message = format!("invalid value `{shown}{more}`; put text in double quotes");
            self.fail(Problem::fatal(span, message));
            return None;
        }
        self.at += word.len();
        Some(Node::scalar(span, word, kind_of(word)))
    }

    fn string(&mut self) -> Option<Box<str>> {
        let mut strings = serde_json::Deserializer::from_str(&self.text[self.at..]).into_iter();
        match strings.next()? {
            Ok(text) => {
                self.at += strings.byte_offset();
                Some(text)
            }
            Err(error) => {
                let read = self.text[self.at..].get(..error.column()).unwrap_or_default();
                let is_unclosed = error.is_eof() || error.line() > 1 || read.ends_with('\r');
                let message = error.to_string();
                let message = message.split(" at line").next().unwrap_or_default();
                let (at, message) = match is_unclosed {
                    true => (self.at, "unclosed string"),
                    false => (self.at + error.column().saturating_sub(1), message),
                };
                self.stop(at, message);
                None
            }
        }
    }
}
