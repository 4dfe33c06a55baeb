//! YAML 1.2: builds the spanned tree from the parser's events, with aliases and merge keys expanded.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle};

use super::{AddedValues, ParsedTrees, Problem, ValueBudget, character_at, remove_duplicate_keys};
use crate::limits;
use crate::node::{Entry, Key, Mapping, Node, ScalarKind, Size, Value};
use crate::text::{Source, Span};

/// Parses the documents in `within`, which starts after a byte order mark.
pub(super) fn parse(source: &Source, within: Span) -> ParsedTrees {
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: limits::DEPTH,
        block_nesting_limit: limits::DEPTH,
    };
    let text = source.slice(within);
    let mut builder = Builder::new(source.text(), within.start as usize);
    for event in Parser::new_from_str_with_options(text, options) {
        let step = match event {
            Ok((event, span)) => builder.handle(event, span.byte_range().unwrap_or_default()),
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(text.len());
                let open = builder.open.last().map(|open| open.span.start as usize);
                Err(explain(error.kind(), source.text(), builder.base + at, builder.last, open))
            }
        };
        if let Err(problem) = step {
            builder.stop(problem);
            break;
        }
    }
    builder.parsed
}

/// Parses front matter. One with a syntax error is read as far as its meaning is clear: the error is a problem all the same.
pub(super) fn parse_front_matter(source: &Source, within: Span) -> ParsedTrees {
    let parsed = parse(source, within);
    let fatal = parsed.problems.iter().find(|problem| problem.fatal);
    fatal.and_then(|fatal| parse_each(source, within, fatal)).unwrap_or(parsed)
}

/// Reads what has the fatal `problem` when parsed as a whole. `None` if no entry is sound, or one is neither sound nor plain
/// text.
pub(super) fn parse_each(source: &Source, within: Span, problem: &Problem) -> Option<ParsedTrees> {
    // In bytes.
    const MAX_LEN: usize = 16 << 10;
    let text = source.slice(within);
    // Aliases could multiply their values in each entry.
    if text.len() > MAX_LEN || (text.contains('&') && text.contains('*')) {
        return None;
    }
    let mut parsed = ParsedTrees::default();
    let mut entries = Vec::new();
    let mut is_any_sound = false;
    let spans = split(source, within)?;
    for span in &spans {
        let mut one = parse(source, *span);
        let root = one
            .roots
            .pop()
            .filter(|_| one.roots.is_empty() && one.problems.iter().all(|problem| !problem.fatal));
        match root.as_ref().and_then(Node::as_mapping) {
            Some(mapping) => {
                entries.extend(mapping.entries().iter().cloned());
                parsed.problems.extend(one.problems);
                is_any_sound = true;
            }
            None => entries.push(plain_entry(source, *span)?),
        }
    }
    let span = spans.first().filter(|_| is_any_sound)?.to(*spans.last()?);
    let entries = remove_duplicate_keys(entries, &mut parsed.problems);
    parsed.problems.push(Problem { fatal: false, tolerated: true, ..problem.clone() });
    parsed.roots.push(Node::mapping(span, Mapping::new(entries)));
    Some(parsed)
}

/// Returns the lines of each key without indentation; `None` if other text stands there.
fn split(source: &Source, within: Span) -> Option<Vec<Span>> {
    let mut spans: Vec<Span> = Vec::new();
    let mut at = within.start as usize;
    for line in source.slice(within).split_inclusive('\n') {
        let (start, text) = (at, line.trim_end());
        at += line.len();
        let continues = text.starts_with([' ', '#']) || text.starts_with("- ");
        match spans.last_mut() {
            _ if text.is_empty() => {}
            _ if key_len(text).is_some() => spans.push(Span::new(start, start + text.len())),
            Some(last) if continues => last.end = Span::at(start + text.len()).end,
            None if text.starts_with('#') => {}
            _ => return None,
        }
    }
    Some(spans)
}

/// Returns the length of the key that a line begins with.
fn key_len(line: &str) -> Option<usize> {
    let (key, after) = line.split_once(':')?;
    let is_key = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ' '));
    (is_key && (after.is_empty() || after.starts_with(' '))).then_some(key.len())
}

/// Returns the entry whose value is a line of text.
fn plain_entry(source: &Source, span: Span) -> Option<Entry> {
    const MARKS: [char; 11] = ['[', '{', '"', '\'', '|', '>', '&', '*', '!', '%', ','];
    let text = source.slice(span).trim_end();
    let (start, length) = (span.start as usize, key_len(text)?);
    let value = text[length + 1..].trim_start();
    if value.is_empty() || value.contains(['\n', '\t', '#']) || value.starts_with(MARKS) {
        return None;
    }
    let end = start + text.len();
    let key = Key { name: text[..length].into(), span: Span::new(start, start + length) };
    Some(Entry { key, value: Node::text(Span::new(end - value.len(), end), value) })
}

#[derive(Default)]
struct Builder<'a> {
    text: &'a str,
    base: usize,
    open: Vec<OpenCollection>,
    anchors: HashMap<usize, Anchor>,
    values: ValueBudget,
    added: AddedValues,
    /// The values below anchors; nested anchors count each time.
    anchored: usize,
    /// The last scalar or start of a collection.
    last: Span,
    parsed: ParsedTrees,
}

struct OpenCollection {
    span: Span,
    anchor: usize,
    collection: Collection,
}

enum Collection {
    Sequence(Vec<Node>),
    Mapping(PartialMapping),
}

#[derive(Default)]
struct PartialMapping {
    entries: Vec<Entry>,
    merges: Vec<Node>,
    pending: Option<PendingKey>,
}

enum PendingKey {
    Scalar(Key),
    Merge,
    Invalid,
}

enum Anchor {
    Kept { node: Node, size: Size },
    TooLarge,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str, base: usize) -> Builder<'a> {
        Builder { text, base, last: Span::at(base), ..Builder::default() }
    }

    fn handle(&mut self, event: Event<'_>, range: std::ops::Range<usize>) -> Result<(), Problem> {
        let span = Span::new(self.base + range.start, self.base + range.end);
        if !matches!(event, Event::SequenceEnd | Event::MappingEnd) {
            self.values.take(|| character_at(self.text, span.start as usize))?;
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = tag.is_some_and(|tag| tag.core_suffix() == Some("str"));
                self.scalar(&text, style, is_text, anchor, span);
            }
            Event::SequenceStart(_, anchor, _) => {
                self.start(Collection::Sequence(Vec::new()), span, anchor)?;
            }
            Event::MappingStart(_, anchor, _) => {
                self.start(Collection::Mapping(PartialMapping::default()), span, anchor)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(anchor) => {
                let node = self.expand(anchor, span)?;
                self.attach(node, false);
            }
            _ => {}
        }
        Ok(())
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, is_text: bool, anchor: usize, span: Span) {
        let plain = style == ScalarStyle::Plain && !is_text;
        let mut node = match style {
            ScalarStyle::Plain if span.is_empty() && !is_text => Node::null(self.empty_value_span(span)),
            ScalarStyle::Plain if !is_text => Node::scalar(span, text, kind_of(text)),
            ScalarStyle::Literal | ScalarStyle::Folded => Node::text(self.trim_end(span), text),
            _ => Node::text(span, text),
        };
        self.last = node.span;
        self.store_anchor(anchor, &mut node);
        self.attach(node, plain);
    }

    /// An empty value is located at its key, or at the dash of its item.
    fn empty_value_span(&self, span: Span) -> Span {
        match self.open.last().map(|open| &open.collection) {
            Some(Collection::Mapping(PartialMapping { pending: Some(PendingKey::Scalar(key)), .. })) => {
                key.span
            }
            Some(Collection::Sequence(_)) => {
                let before = self.text[self.base..span.start as usize].trim_end();
                let end = self.base + before.len();
                if before.ends_with('-') { Span::new(end - 1, end) } else { span }
            }
            _ => span,
        }
    }

    fn trim_end(&self, span: Span) -> Span {
        let text = self.text.get(span.range()).unwrap_or("");
        Span::new(span.start as usize, span.start as usize + text.trim_end().len())
    }

    fn start(&mut self, collection: Collection, span: Span, anchor: usize) -> Result<(), Problem> {
        if self.open.len() == limits::DEPTH {
            return Err(Problem::too_deep(character_at(self.text, span.start as usize)));
        }
        self.last = span;
        self.open.push(OpenCollection { span, anchor, collection });
        Ok(())
    }

    fn end(&mut self, closing: Span) {
        let Some(mut open) = self.open.pop() else { return };
        if !closing.is_empty() {
            open.span = open.span.to(closing);
        }
        let anchor = open.anchor;
        let mut node = self.close(open);
        self.store_anchor(anchor, &mut node);
        self.attach(node, false);
    }

    fn close(&mut self, open: OpenCollection) -> Node {
        match open.collection {
            Collection::Sequence(items) => Node::sequence(open.span, items),
            Collection::Mapping(mapping) => {
                Node::mapping(open.span, mapping.finish(&mut self.parsed.problems))
            }
        }
    }

    fn attach(&mut self, node: Node, plain: bool) {
        let Some(parent) = self.open.last_mut() else {
            if !(node.is_null() && node.span.is_empty()) {
                self.parsed.roots.push(node);
            }
            return;
        };
        parent.span = parent.span.to(node.span);
        match &mut parent.collection {
            Collection::Sequence(items) => items.push(node),
            Collection::Mapping(mapping) => mapping.push(node, plain, &mut self.parsed.problems),
        }
    }

    fn store_anchor(&mut self, anchor: usize, node: &mut Node) {
        if anchor == 0 {
            return;
        }
        let size = node.size(limits::ADDED_VALUES);
        self.anchored += size.values;
        let anchored = if size.values > limits::ADDED_VALUES || self.anchored > limits::ANCHORED_VALUES {
            Anchor::TooLarge
        } else {
            Anchor::Kept { node: node.clone(), size }
        };
        self.anchors.insert(anchor, anchored);
    }

    /// Repeats an anchored node, which shares its texts. The copy and all below it have the span of the alias: they are
    /// judged where they are used.
    fn expand(&mut self, anchor: usize, span: Span) -> Result<Node, Problem> {
        match self.anchors.get(&anchor) {
            None => Err(Problem::fatal(span, "this alias refers to itself").with_help("write the value out")),
            Some(Anchor::TooLarge) => Err(AddedValues::too_many("aliases", span)),
            Some(Anchor::Kept { node, size }) => {
                self.added.add("aliases", *size, span)?;
                if self.open.len() + size.depth > limits::DEPTH {
                    return Err(Problem::too_deep(span));
                }
                let mut copy = node.clone();
                copy.move_to(span);
                Ok(copy)
            }
        }
    }

    /// Closes the open collections, without a key that has no value.
    fn stop(&mut self, problem: Problem) {
        self.parsed.problems.push(problem);
        while let Some(open) = self.open.pop() {
            let node = self.close(open);
            if !self.open.last().is_some_and(OpenCollection::expects_key) {
                self.attach(node, false);
            }
        }
    }
}

impl OpenCollection {
    fn expects_key(&self) -> bool {
        matches!(&self.collection, Collection::Mapping(mapping) if mapping.pending.is_none())
    }
}

impl PartialMapping {
    fn push(&mut self, node: Node, plain: bool, problems: &mut Vec<Problem>) {
        match self.pending.take() {
            Some(PendingKey::Scalar(key)) => self.entries.push(Entry { key, value: node }),
            Some(PendingKey::Merge) => self.merges.push(node),
            Some(PendingKey::Invalid) => {}
            None => {
                self.pending = Some(match node.value {
                    Value::Scalar(scalar) if plain && scalar.text() == "<<" => PendingKey::Merge,
                    Value::Scalar(scalar) => {
                        PendingKey::Scalar(Key { name: scalar.to_shared(), span: node.span })
                    }
                    _ => {
                        let problem = Problem::recoverable(node.span, "a key can't be a list or mapping");
                        problems.push(problem.with_help("put it in quotes if it is a text"));
                        PendingKey::Invalid
                    }
                });
            }
        }
    }

    /// Removes duplicate keys; a merged key applies only where the mapping doesn't have it.
    fn finish(self, problems: &mut Vec<Problem>) -> Mapping {
        let mut entries = remove_duplicate_keys(self.entries, problems);
        if self.merges.is_empty() {
            return Mapping::new(entries);
        }
        let mut known: HashSet<Arc<str>> = entries.iter().map(|entry| entry.key.name.clone()).collect();
        let merged = self.merges.into_iter().flat_map(|merge| mappings_to_merge(merge, problems));
        let added =
            merged.flat_map(Mapping::into_entries).filter(|entry| known.insert(entry.key.name.clone()));
        entries.extend(added);
        Mapping::new(entries)
    }
}

fn mappings_to_merge(merged: Node, problems: &mut Vec<Problem>) -> Vec<Mapping> {
    let candidates: Vec<Node> = match merged.value {
        Value::Sequence(items) => items.into(),
        value => vec![Node { span: merged.span, value }],
    };
    let mapping = |candidate: Node| match candidate.value {
        Value::Mapping(mapping) => Some(mapping),
        _ => {
            let message = "expected a mapping or a list of mappings after `<<`";
            let problem = Problem::recoverable(candidate.span, message);
            problems.push(problem.with_help("name a mapping by its anchor: `<<: *name`"));
            None
        }
    };
    candidates.into_iter().filter_map(mapping).collect()
}

/// Returns the type of a plain scalar in the core schema (YAML 1.2, section 10.3.2). Numbers that JSON doesn't have (`.inf`, `.nan`) or that are out of range are text.
pub(super) fn kind_of(text: &str) -> ScalarKind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => ScalarKind::Null,
        "true" | "True" | "TRUE" => ScalarKind::Bool(true),
        "false" | "False" | "FALSE" => ScalarKind::Bool(false),
        _ if text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) => number(text),
        _ => ScalarKind::Text,
    }
}

fn number(text: &str) -> ScalarKind {
    let radix = |digits: &str, radix| match digits.starts_with(['+', '-']) {
        true => None,
        false => i64::from_str_radix(digits, radix).ok(),
    };
    let integer = match (text.strip_prefix("0x"), text.strip_prefix("0o")) {
        (Some(digits), _) => radix(digits, 16),
        (_, Some(digits)) => radix(digits, 8),
        _ => text.parse().ok(),
    };
    if let Some(integer) = integer {
        return ScalarKind::Integer(integer);
    }
    let has_point_or_exponent = text.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E'));
    let numeric =
        text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    match text.parse::<f64>() {
        Ok(float) if has_point_or_exponent && numeric && float.is_finite() => ScalarKind::Float(float),
        _ => ScalarKind::Text,
    }
}

const IN_QUOTES: &str = "put the text in quotes";

/// Explains a syntax error, at the location of the mistake. `last` is the last scalar or start of a collection, `open` the start of the innermost collection.
#[allow(clippy::enum_glob_use, reason = "the table names each kind of error")]
fn explain(kind: &ErrorKind, text: &str, at: usize, last: Span, open: Option<usize>) -> Problem {
    use ErrorKind::*;
    let at = at.min(text.len());
    let problem = |at, message: &str| Problem::fatal(character_at(text, at), message);
    let quoted = |at| problem(at, "a value that contains `: ` must be quoted").with_help(IN_QUOTES);
    let bracket = |at: usize| problem(at, &format!("unclosed `{}`", &text[at..=at]));
    match kind {
        RecursionLimitExceeded => Problem::too_deep(character_at(text, at)),
        TabInBlockIndentation
        | TabInIndentation
        | TabNotAllowed
        | TabInPlainScalar
        | TabAtBlockScalarStart => problem(tab(text, at), "tab in the indentation").with_help("use spaces"),
        UnexpectedCharacter { .. } | MissingAnchorOrAliasName => reserved(text, at),
        MappingValueNotAllowed => match text.get(last.start as usize..at).unwrap_or_default() {
            before if before.contains('\n') => {
                problem(at, "unexpected `:`: this line continues the value above")
            }
            _ => quoted(at),
        },
        UnclosedQuotedScalar | InvalidQuotedScalarIndent | DocumentIndicatorInQuotedScalar => {
            problem(opening_quote(text, last).unwrap_or(at), "unclosed quote")
        }
        // A quote that was left open ends at the next one, lines below.
        InvalidTrailingSingleQuotedScalar | InvalidTrailingDoubleQuotedScalar => {
            match quote_of_an_earlier_line(text, at) {
                Some(opening) => problem(opening, "unclosed quote"),
                None => problem(at, "unexpected text after the closing quote"),
            }
        }
        UnknownQuotedScalarEscape => {
            let at = opening_quote(text, last).unwrap_or(at);
            problem(at, r"unknown escape after `\`").with_help(r"write `\\`, or use single quotes")
        }
        UnclosedFlowCollection { .. } => bracket(at),
        InvalidColonPlacement => match opened_above(text, at, open) {
            Some(open) => bracket(open),
            None => problem(at, "unexpected `:` inside brackets").with_help(IN_QUOTES),
        },
        MisplacedFlowCollectionEnd => problem(at, "closing bracket without an opening one"),
        MismatchedFlowCollectionEnd { open, close } => {
            problem(at, &format!("mismatched brackets: `{open}` is closed by `{close}`"))
        }
        UnknownAnchor => problem(at, "unknown alias").with_help("put a text that starts with `*` in quotes"),
        InvalidBlockScalarHeader => problem(at, "unexpected text after `|` or `>`"),
        ExpectedBlockMappingKey | ExpectedBlockSequenceEntry if follows_bracket(text, at) => {
            problem(at, "unexpected text after the closing bracket")
                .with_help("put a text that starts with `{` or `[` in quotes")
        }
        ExpectedBlockMappingKey => problem(at, "expected another `key: value` at this indentation"),
        ExpectedBlockSequenceEntry => problem(at, "expected another `- ` item at this indentation"),
        SimpleKeyExpected => problem(at, "expected `: ` after a key"),
        InvalidSimpleKey => problem(at, "a key must be short and on one line").with_help(IN_QUOTES),
        BlockSequenceEntryNotAllowed => problem(at, "a list must start on its own line"),
        // A tag that is none: `!(a)`.
        _ if text[at..].starts_with('!') => reserved(text, at),
        _ if text[at..].starts_with(": ") => quoted(at),
        // Without the context of the parser.
        kind => problem(at, kind.to_string().trim_start_matches("while ")),
    }
}

/// Returns the problem of a value that begins with a reserved character.
fn reserved(text: &str, at: usize) -> Problem {
    let sign = text[at..].chars().next().unwrap_or_default();
    let sign = if sign == '`' { "a backtick".to_owned() } else { format!("`{}`", sign.escape_debug()) };
    let message = format!("a value that starts with {sign} must be quoted");
    Problem::fatal(character_at(text, at), message).with_help(IN_QUOTES)
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// True if something follows a closing bracket on its line.
fn follows_bracket(text: &str, at: usize) -> bool {
    text[line_start(text, at)..at].trim_end().ends_with(['}', ']'])
}

/// The bracket of an earlier line that is still open where a line begins with a key.
fn opened_above(text: &str, at: usize, open: Option<usize>) -> Option<usize> {
    let open = open.filter(|open| text[*open..].starts_with(['[', '{']))?;
    let line = line_start(text, at);
    let key = &text[line..at];
    (open < line && !key.contains([',', '[', '{', '"', '\'']) && !key.trim().is_empty()).then_some(open)
}

fn opening_quote(text: &str, last: Span) -> Option<usize> {
    let after = last.end as usize;
    Some(after + text.get(after..)?.find(['"', '\''])?)
}

/// The opening quote of a scalar that is closed just before `at`, on another line.
fn quote_of_an_earlier_line(text: &str, at: usize) -> Option<usize> {
    let closing = text[..at].rfind(['"', '\''])?;
    let opening = text[..closing].rfind(&text[closing..=closing])?;
    text[opening..closing].contains('\n').then_some(opening)
}

/// The tab in an indentation: on this line, or on the first one below that has one.
fn tab(text: &str, at: usize) -> usize {
    let mut start = line_start(text, at);
    for line in text[start..].split_inclusive('\n') {
        let indentation = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        if let Some(tab) = indentation.find('\t').filter(|_| !line.trim().is_empty()) {
            return start + tab;
        }
        start += line.len();
    }
    at
}
