//! Header lines at the start of a page: as in mail (RFC 822; also PEPs), as a list of `- Key: value`, or as lines of
//! `**Key:** value`, `:Key: value` or, in `AsciiDoc`, `Key:: value`.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::{asciidoc, yaml};
use crate::limits;
use crate::node::{Entry, Key, MappingBuilder, Node};
use crate::text::{Source, Span};

/// In bytes. A longer text before a colon is a sentence.
const KEY_LIMIT: usize = 40;

/// A longer text before a colon, in a line without a mark below one in bold, is a sentence.
const LABEL_WORDS: usize = 3;

/// How the lines of a page are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marks {
    Usual,
    AsciiDoc,
}

/// Parses the header in `within` into a mapping of texts and lists. Keeps the first of equal keys.
pub fn parse(source: &Source, within: Span) -> Option<Node> {
    parse_parts(source, &[within], Marks::Usual, &[])
}

/// Parses a header that other lines divide. `implied` are entries that come before it.
pub fn parse_parts(source: &Source, parts: &[Span], marks: Marks, implied: &[Entry]) -> Option<Node> {
    if let ([whole], Marks::Usual) = (parts, marks)
        && let Some(block) = parse_yaml_block(source, *whole)
    {
        return Some(block);
    }
    let mut header = HeaderParser {
        marks,
        pairs: Vec::new(),
        unmarked: Unmarked::Entries,
        may_continue: false,
        is_list_over: false,
    };
    let lines = parts.iter().flat_map(|part| joined_lines(source, *part, marks));
    // Lines of a quote are entries where they begin the text.
    let mut lines = lines.take(limits::HEADER_LINES).skip_while(|line| line.text.is_empty()).peekable();
    let mut is_quote = lines.peek().is_some_and(|line| line.text.starts_with('>'));
    let (mut is_prose, mut is_quote_over) = (false, false);
    for line in lines {
        if is_quote && line.text.is_empty() {
            is_quote_over = true;
        } else if std::mem::take(&mut is_quote_over) && is_prose && line.text.starts_with('>') {
            // A quote with entries may follow a quote of prose.
            is_prose = false;
            header.unmarked = Unmarked::Entries;
        }
        if is_quote && !line.text.is_empty() && !line.text.starts_with('>') {
            is_quote = false;
            if is_prose {
                header.unmarked = Unmarked::Entries;
            }
        }
        if !is_quote {
            header.take(&line);
            continue;
        }
        let line = line.unquoted(marks);
        // The kind of a note that GitHub draws a box around: `> [!NOTE]`.
        let is_kind = line.text.starts_with("[!") && line.text.ends_with(']');
        if !is_prose && !is_kind {
            header.take(&line);
            is_prose = !(line.text.is_empty() || header.may_continue);
        }
    }
    header.finish(source, implied)
}

/// Parses a block of code in YAML with which a text begins. Values that hold others are left out.
fn parse_yaml_block(source: &Source, within: Span) -> Option<Node> {
    let mut lines = lines(source, within, Marks::Usual).take(limits::HEADER_LINES);
    let opening = lines.find(|line| !line.text.is_empty())?;
    let fence = ["```", "~~~"].into_iter().find(|fence| opening.text.starts_with(fence))?;
    let language = opening.text[fence.len()..].trim();
    if !["yaml", "yml"].iter().any(|name| name.eq_ignore_ascii_case(language)) {
        return None;
    }
    let closing = lines.find(|line| line.text == fence)?;
    let content = Span::new(opening.start + opening.text.len(), closing.start);
    let parsed = yaml::parse(source, content);
    let root = parsed.roots.first().filter(|_| parsed.roots.len() == 1 && parsed.problems.is_empty())?;
    let mut plain = MappingBuilder::default();
    for Entry { key, value } in root.as_mapping()?.entries() {
        let items = value.as_sequence().unwrap_or(std::slice::from_ref(value));
        if items.iter().all(|item| item.as_scalar().is_some()) {
            plain.push(key.clone(), value.clone());
        }
    }
    (!plain.entries().is_empty()).then(|| Node::mapping(root.span, plain))
}

/// Returns true if the first line in `within` is a header line.
pub fn begins(source: &Source, within: Span, marks: Marks) -> bool {
    let lines = lines(source, within, marks).take(limits::HEADER_LINES);
    let mut lines = lines.map(|line| line.unquoted(marks)).filter(|line| !line.text.is_empty());
    lines.next().is_some_and(|line| pair(&line, true, marks).is_some())
}

/// Returns true for a line as of a mail: `Status: accepted`.
pub(super) fn is_line(text: &str) -> bool {
    pair(&HeaderLine { text, start: 0, indentation: 0 }, true, Marks::Usual).is_some()
}

/// Lines as of a mail that begin a page and state its title.
#[derive(Debug)]
pub struct Lead {
    /// With the line that opens a block around them.
    pub span: Span,
    pub fields: Node,
}

/// Returns the lines as of a mail that begin a page, if one of them states the title. They may be in a block of code, and that
/// may stand below other text.
pub fn find_lead(source: &Source, within: Span) -> Option<Lead> {
    const TITLE: &str = "title";
    const MAX_LINES_ABOVE: usize = 30;
    const LEAST_ABOVE_TEXT: usize = 3;
    let mut lines = lines(source, within, Marks::Usual)
        .skip_while(|line| line.text.is_empty())
        .take(limits::HEADER_LINES);
    let is_opening = |text: &str| ["<pre>", "```"].iter().any(|mark| text.starts_with(mark));
    let mut first = lines.next()?;
    if pair(&first, true, Marks::Usual).is_none_or(|pair| pair.style != EntryStyle::Mail)
        || first.text.ends_with(':')
    {
        let is_heading = |text: &str| text.starts_with(['=', '#']);
        let mut above = std::iter::once(first).chain(lines.by_ref().take(MAX_LINES_ABOVE));
        first = above.find(|line| is_opening(line.text) || is_heading(line.text))?;
    }
    let is_block = is_opening(first.text);
    let indentation = first.indentation;
    // With its indentation, so that the lines below don't seem to continue it.
    let (start, mut end) = (first.start - indentation, first.start + first.text.len());
    let (mut pairs, mut has_title) = (0, false);
    let first = Some(first).filter(|_| !is_block);
    for line in first.into_iter().chain(lines) {
        let is_end =
            if is_block { line.text == "```" || line.text == "</pre>" } else { line.text.is_empty() };
        if is_end {
            break;
        }
        match pair(&line, true, Marks::Usual).filter(|pair| pair.style == EntryStyle::Mail) {
            Some(pair) => {
                pairs += 1;
                has_title |= pair.key.name.eq_ignore_ascii_case(TITLE);
            }
            None if line.text.is_empty() || (pairs > 0 && line.indentation > indentation) => {}
            // The text may follow without a blank line.
            None if has_title && pairs >= LEAST_ABOVE_TEXT => break,
            None => return None,
        }
        end = line.start + line.text.len();
    }
    let span = Span::new(start, end);
    let fields = (pairs > 1 && has_title).then(|| parse(source, span)).flatten()?;
    Some(Lead { span, fields })
}

struct HeaderLine<'a> {
    text: &'a str,
    start: usize,
    indentation: usize,
}

impl<'a> HeaderLine<'a> {
    /// Returns a line of a quote without its mark.
    fn unquoted(self, marks: Marks) -> HeaderLine<'a> {
        match self.text.strip_prefix('>').filter(|_| marks == Marks::Usual) {
            Some(rest) => {
                let text = rest.trim_start();
                let mark = self.text.len() - text.len();
                HeaderLine {
                    text,
                    start: self.start + mark,
                    indentation: self.indentation + mark.saturating_sub(2),
                }
            }
            None => self,
        }
    }
}

fn lines(source: &Source, within: Span, marks: Marks) -> impl Iterator<Item = HeaderLine<'_>> {
    let mut next = within.start as usize;
    source.slice(within).split_inclusive('\n').map(move |line| {
        let text = line.trim_start();
        let mut indentation = line.len() - text.len();
        let start = next + indentation;
        next += line.len();
        if marks == Marks::AsciiDoc {
            let content = strip_bullet(text, marks).unwrap_or(text);
            indentation += (text.len() - content.len()).saturating_sub(1);
        }
        HeaderLine { text: text.trim_end(), start, indentation }
    })
}

/// The lines, where one with a bracket that a later line closes is one with those up to it:
///
/// ```text
/// Date: 2026-07-24 (extended
/// in August) · Status: accepted
/// ```
fn joined_lines(source: &Source, within: Span, marks: Marks) -> impl Iterator<Item = HeaderLine<'_>> {
    const MOST_FURTHER: usize = 4;
    let whole = source.slice(within);
    let mut rest = lines(source, within, marks).collect::<Vec<_>>().into_iter();
    std::iter::from_fn(move || {
        let line = rest.next()?;
        let opens = bracket_depth(line.text) > 0 && pair(&line, true, marks).is_some();
        let further = rest.as_slice().iter().take(if opens { MOST_FURTHER } else { 0 });
        let further = further.take_while(|it| !it.text.is_empty() && pair(it, true, marks).is_none());
        let mut depth = bracket_depth(line.text);
        let closing = further.enumerate().find_map(|(at, it)| {
            depth += bracket_depth(it.text);
            (depth <= 0).then_some((at, it.start + it.text.len()))
        });
        let Some((at, end)) = closing else { return Some(line) };
        rest.nth(at);
        let from = within.start as usize;
        Some(HeaderLine { text: &whole[line.start - from..end - from], ..line })
    })
}

/// How many more brackets a text opens than it closes.
fn bracket_depth(text: &str) -> isize {
    text.bytes().fold(0, |depth, byte| match byte {
        b'(' => depth + 1,
        b')' => depth - 1,
        _ => depth,
    })
}

#[derive(Clone, Copy, PartialEq)]
enum EntryStyle {
    Mail,
    Bullet,
    Bold,
    /// A field of reStructuredText, or an attribute of `AsciiDoc`.
    Field,
    /// A description in `AsciiDoc`, whose text may begin on a later line.
    Term,
}

/// Which lines without a mark are entries.
#[derive(Clone, Copy, PartialEq)]
enum Unmarked {
    Entries,
    /// Below a key in bold: entries whose key reads like a label.
    Labels,
    None,
}

struct HeaderParser {
    marks: Marks,
    pairs: Vec<Pair>,
    unmarked: Unmarked,
    /// True until a blank line follows: indented lines continue the last entry.
    may_continue: bool,
    /// True below a numbered item, until the next entry.
    is_list_over: bool,
}

struct Pair {
    style: EntryStyle,
    indentation: usize,
    key: Key,
    value: Span,
    items: Vec<Span>,
}

impl HeaderParser {
    fn take(&mut self, line: &HeaderLine<'_>) {
        if line.text.is_empty() {
            self.may_continue = self.pairs.last().is_some_and(Pair::is_open_term);
            return;
        }
        let is_silent = match self.marks {
            Marks::Usual => line.text.starts_with("<!--") && line.text.ends_with("-->"),
            Marks::AsciiDoc => asciidoc::is_silent_line(line.text),
        };
        if is_silent {
            return;
        }
        if self.may_continue && self.continue_last(line) {
            return;
        }
        let mut found = pairs(line, self.unmarked != Unmarked::None, self.marks);
        if self.unmarked == Unmarked::Labels && found.first().is_some_and(|pair| !pair.may_follow_bold()) {
            found.clear();
        }
        if found.is_empty() && is_numbered_item(line.text) {
            // A numbered list begins here, and the items below it are its own.
            self.is_list_over = true;
        }
        if found.is_empty() && !self.is_list_over && self.add_item(line) {
            self.may_continue = true;
            return;
        }
        self.may_continue = !found.is_empty();
        self.is_list_over &= found.is_empty();
        self.unmarked = match found.first().map(|first| first.style) {
            _ if self.unmarked == Unmarked::None => Unmarked::None,
            Some(EntryStyle::Mail | EntryStyle::Field | EntryStyle::Term) => self.unmarked,
            Some(EntryStyle::Bold) => Unmarked::Labels,
            None if self.pairs.is_empty() && line.text.starts_with(['#', '`', '~', '<', '=', '!', ':']) => {
                self.unmarked
            }
            Some(EntryStyle::Bullet) | None => Unmarked::None,
        };
        self.pairs.extend(found);
    }

    /// Adds an item of a list to the key above it that has no value: `Authors:`, then `* Ada`.
    fn add_item(&mut self, line: &HeaderLine<'_>) -> bool {
        let item = strip_bullet(line.text, self.marks).map(|content| value_span(line, content.len()));
        let last = self.pairs.last_mut().filter(|last| last.value.is_empty());
        let (Some(item), Some(last)) = (item, last) else { return false };
        last.items.push(item);
        true
    }

    fn continue_last(&mut self, line: &HeaderLine<'_>) -> bool {
        let marks = self.marks;
        let may_continue = |last: &&mut Pair| match last.is_open_term() {
            true => pair(line, true, marks).is_none(),
            false => line.indentation > last.indentation,
        };
        let Some(last) = self.pairs.last_mut().filter(may_continue) else { return false };
        let item = strip_bullet(line.text, marks).map(|content| value_span(line, content.len()));
        match item {
            Some(item) if last.value.is_empty() => last.items.push(item),
            Some(_) => return pair(line, false, marks).is_none(),
            None if !last.items.is_empty() => {
                let item = last.items.len() - 1;
                last.items[item] = last.items[item].to(value_span(line, line.text.len()));
            }
            None if last.value.is_empty() => last.value = value_span(line, line.text.len()),
            None => last.value = last.value.to(value_span(line, line.text.len())),
        }
        true
    }

    fn finish(mut self, source: &Source, implied: &[Entry]) -> Option<Node> {
        if self.marks == Marks::AsciiDoc {
            self.resolve_attributes(source);
        }
        let mut seen = HashSet::new();
        let mut mapping = MappingBuilder::default();
        for Entry { key, value } in implied {
            if seen.insert(key.name.clone()) {
                mapping.push(key.clone(), value.clone());
            }
        }
        for pair in self.pairs {
            if seen.insert(pair.key.name.clone()) {
                let Entry { key, value } = pair.entry(source);
                mapping.push(key, value);
            }
        }
        let (first, last) = (mapping.entries().first()?, mapping.entries().last()?);
        let span = first.key.span.to(last.value.span).to(last.key.span);
        Some(Node::mapping(span, mapping))
    }

    /// Gives an entry such as `Status: {state}` the value of the attribute.
    fn resolve_attributes(&mut self, source: &Source) {
        let attributes = self.pairs.iter().filter(|pair| pair.style == EntryStyle::Field);
        let attributes: HashMap<Box<str>, Span> =
            attributes.map(|pair| (pair.key.name.to_string().into(), pair.value)).collect();
        for pair in &mut self.pairs {
            let name = source.slice(pair.value).strip_prefix('{').and_then(|text| text.strip_suffix('}'));
            if let Some(value) = name.and_then(|name| attributes.get(name)) {
                pair.value = *value;
            }
        }
    }
}

impl Pair {
    /// Returns true for a description without text yet.
    fn is_open_term(&self) -> bool {
        self.style == EntryStyle::Term && self.value.is_empty() && self.items.is_empty()
    }

    fn may_follow_bold(&self) -> bool {
        self.style != EntryStyle::Mail || is_label(&self.key.name)
    }

    fn entry(self, source: &Source) -> Entry {
        let text = |span| {
            let span = strip_emphasis(source, strip_comment(source, span));
            let words: Vec<&str> = source.slice(span).split_whitespace().collect();
            Node::text(
                span,
                if source.slice(span).contains('\n') { words.join(" ") } else { source.slice(span).into() },
            )
        };
        let value = match (self.items.first(), self.items.last()) {
            (Some(first), Some(last)) => {
                let span = first.to(*last);
                Node::sequence(span, self.items.into_iter().map(text).collect())
            }
            _ if self.value.is_empty() => Node::null(self.key.span),
            _ => text(self.value),
        };
        Entry { key: self.key, value }
    }
}

/// Returns true for `1. Agenda:`.
fn is_numbered_item(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < text.len() && rest.starts_with(['.', ')']) && rest[1..].starts_with([' ', '\t'])
}

fn value_span(line: &HeaderLine<'_>, length: usize) -> Span {
    part_span(line, &line.text[line.text.len() - length..])
}

/// Returns the span of a part of the line's text, without blanks and marks of a line's end around it.
fn part_span(line: &HeaderLine<'_>, part: &str) -> Span {
    let content = part.trim_start();
    let start = line.start + (content.as_ptr() as usize - line.text.as_ptr() as usize);
    let content = ["<br>", "<br/>", "<br />", "\\", " +"]
        .iter()
        .find_map(|mark| content.strip_suffix(mark))
        .unwrap_or(content);
    Span::new(start, start + content.trim_end().len())
}

fn strip_bullet(text: &str, marks: Marks) -> Option<&str> {
    let content = match marks {
        Marks::Usual => text.strip_prefix(['-', '*', '+'])?,
        Marks::AsciiDoc => text.strip_prefix('-').unwrap_or_else(|| text.trim_start_matches('*')),
    };
    (content.len() < text.len()).then(|| content.strip_prefix([' ', '\t']))?
}

/// Between several entries on one line.
const SEPARATORS: &[char] = &['|', '·', '•'];

/// Returns the entries of a line: `**Status:** accepted | **Date:** 2026-11-20`.
fn pairs(line: &HeaderLine<'_>, unmarked: bool, marks: Marks) -> Vec<Pair> {
    let mut found: Vec<(usize, Pair)> = Vec::new();
    for part in parts(line) {
        let start = part.start - line.start;
        let end = start + part.text.len();
        // One mark at the start of the line is that of all its entries.
        let unmarked = unmarked || found.len() > 1 || (!found.is_empty() && begins_with_label(part.text));
        match (pair(&part, unmarked, marks), found.last_mut()) {
            (Some(pair), _) => found.push((start, pair)),
            // The separator is one of the value before it: `Status: accepted | Trace: logs · audits`.
            (None, Some((start, before))) => {
                let whole = self::part(line, &line.text[*start..end]);
                match pair(&whole, unmarked, marks) {
                    Some(pair) => *before = pair,
                    None => return pair(line, unmarked, marks).into_iter().collect(),
                }
            }
            (None, None) => return pair(line, unmarked, marks).into_iter().collect(),
        }
    }
    found.into_iter().map(|(_, pair)| pair).collect()
}

/// Splits a line at its separators, before each further key in bold, and at a stroke or a gap before a further label:
/// `Supersedes: none / Relates to: ADR-7`.
fn parts<'a>(line: &HeaderLine<'a>) -> Vec<HeaderLine<'a>> {
    let mut parts = Vec::new();
    for piece in line.text.split(SEPARATORS) {
        let is_further_key = |at: &usize| {
            let (before, rest) = piece.split_at(*at);
            before.ends_with(char::is_whitespace)
                && before.contains(char::is_alphanumeric)
                && split_bold(rest).is_some_and(|(_, key, _)| is_key(key.trim()))
        };
        let keys = piece.match_indices("**").filter(|(at, _)| is_further_key(at)).map(|(at, _)| at..at);
        let strokes = piece.match_indices(STROKE).map(|(at, stroke)| at..at + stroke.len());
        let gaps = piece.match_indices(GAP).filter(|(at, _)| !piece[..*at].ends_with(' '));
        let gaps = gaps.map(|(at, gap)| at..at + gap.len());
        let labels = strokes.chain(gaps).filter(|mark| begins_with_label(piece[mark.end..].trim_start()));
        let mut ends: Vec<Range<usize>> = keys.chain(labels).collect();
        ends.sort_unstable_by_key(|end| end.start);
        ends.push(piece.len()..piece.len());
        let mut start = 0;
        for end in ends {
            parts.push(part(line, &piece[start..end.start]));
            start = end.end;
        }
    }
    parts
}

/// Between two entries on one line, if a label follows.
const STROKE: &str = " / ";
/// The least space between two entries on one line, if a label follows.
const GAP: &str = "   ";

/// Returns true for `Relates to: ADR-7`.
fn begins_with_label(text: &str) -> bool {
    text.split_once(": ").is_some_and(|(key, _)| is_key(key) && is_label(key))
}

/// Returns true for a key that reads like a label, and not like the beginning of a sentence.
fn is_label(key: &str) -> bool {
    !key.starts_with(char::is_lowercase) && key.split_whitespace().count() <= LABEL_WORDS
}

fn part<'a>(line: &HeaderLine<'a>, text: &'a str) -> HeaderLine<'a> {
    let at = text.as_ptr() as usize - line.text.as_ptr() as usize;
    let start = line.start + at + (text.len() - text.trim_start().len());
    HeaderLine { text: text.trim(), start, indentation: line.indentation }
}

/// Returns the words of a line that is a picture of them: `[![Status: accepted](badge.svg)](link)`.
fn pictured(text: &str) -> Option<&str> {
    let picture = text.strip_prefix('[').filter(|rest| rest.starts_with('!')).unwrap_or(text);
    let (words, address) = picture.strip_prefix("![")?.split_once("](")?;
    (address.ends_with(')') && !words.contains(['[', ']'])).then_some(words)
}

fn pair(line: &HeaderLine<'_>, unmarked: bool, marks: Marks) -> Option<Pair> {
    if let Some(words) = pictured(line.text) {
        return picture_pair(line, words);
    }
    let content = strip_bullet(line.text, marks).map_or(line.text, str::trim_start);
    let is_item = content.len() < line.text.len();
    // A picture before the key: `📌 **Status:** accepted`.
    let content = content.trim_start_matches(|c: char| !c.is_ascii() && !c.is_alphanumeric()).trim_start();
    let content = after_picture_name(content).unwrap_or(content);
    let term = || (marks == Marks::AsciiDoc).then(|| split_term(content)).flatten();
    let (style, key, value) =
        match term().or_else(|| split_bold(content)).or_else(|| split_emphasised(content)) {
            Some((style, key, value)) => (style, key, value),
            None if content.starts_with(':') => {
                let (key, value) = content[1..].split_once(':')?;
                (value.is_empty() || value.starts_with(char::is_whitespace)).then_some((
                    EntryStyle::Field,
                    key,
                    value,
                ))?
            }
            None => {
                let (key, value) = content.split_once(COLONS)?;
                let style = if is_item { EntryStyle::Bullet } else { EntryStyle::Mail };
                let is_wide = !content[key.len()..].starts_with(':');
                let is_pair = is_wide || value.is_empty() || value.starts_with(char::is_whitespace);
                (is_pair && (is_item || unmarked)).then_some((style, key, value))?
            }
        };
    // A mark of numbers: `RFC#: 7`.
    let key = key.trim_end().trim_end_matches('#');
    if !is_key(key.trim()) {
        return None;
    }
    let at = line.start + (key.as_ptr() as usize - line.text.as_ptr() as usize);
    let key_start = at + (key.len() - key.trim_start().len());
    let key = Key { name: key.trim().into(), span: Span::new(key_start, key_start + key.trim().len()) };
    let value = part_span(line, value);
    Some(Pair { style, indentation: line.indentation, key, value, items: Vec::new() })
}

/// Returns the marked key behind the name of a picture: `:ticket: _Issue:_ 7`.
fn after_picture_name(content: &str) -> Option<&str> {
    let (name, rest) = content.strip_prefix(':')?.split_once(": ")?;
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let rest = rest.trim_start();
    (is_name && split_bold(rest).is_some()).then_some(rest)
}

fn picture_pair(line: &HeaderLine<'_>, words: &str) -> Option<Pair> {
    let (key, value) = words.split_once(COLONS)?;
    let (key, at) =
        (key.trim(), |part: &str| line.start + (part.as_ptr() as usize - line.text.as_ptr() as usize));
    let value = value.trim();
    let key = Key { name: key.into(), span: Span::new(at(key), at(key) + key.len()) };
    let value = Span::new(at(value), at(value) + value.len());
    let is_pair = is_key(&key.name) && !value.is_empty();
    // Other lines need no mark after it.
    is_pair.then(|| Pair {
        style: EntryStyle::Field,
        indentation: line.indentation,
        key,
        value,
        items: Vec::new(),
    })
}

/// After a key; the second one is as wide as the letters of Chinese and Japanese, and no blank follows it.
const COLONS: [char; 2] = [':', '：'];

/// The most bytes of a value behind a key with a full stop.
const SHORT_VALUE: usize = 80;

fn split_bold(content: &str) -> Option<(EntryStyle, &str, &str)> {
    let mark = EMPHASIS.into_iter().find(|mark| content.starts_with(mark))?;
    let (key, value) = content[mark.len()..].split_once(mark)?;
    // `**Status.** Accepted`, unless it begins a paragraph.
    let is_short = || value.len() <= SHORT_VALUE && value.trim_start().starts_with(char::is_uppercase);
    match key.trim_end().strip_suffix(COLONS).or_else(|| key.strip_suffix('.').filter(|_| is_short())) {
        Some(key) => Some((EntryStyle::Bold, key, value)),
        // Values in a column need no colon: `**Status**  Accepted`.
        None if (value.starts_with("  ") || value.starts_with('\t'))
            && !value.trim().is_empty()
            && is_label(key) =>
        {
            Some((EntryStyle::Bold, key, value))
        }
        None => value.trim_start().strip_prefix(COLONS).map(|value| (EntryStyle::Bold, key, value)),
    }
}

/// Splits a line with the same mark before and after it: `_Status: accepted_`, or a label as code.
fn split_emphasised(content: &str) -> Option<(EntryStyle, &str, &str)> {
    const CODE: &str = "`";
    let mark = EMPHASIS.into_iter().chain([CODE]).find(|mark| content.starts_with(mark))?;
    let inner = content[mark.len()..].strip_suffix(mark).filter(|inner| !inner.contains(mark))?;
    let (key, value) = inner.split_once(':')?;
    let is_entry = value.starts_with(char::is_whitespace) && (mark != CODE || is_label(key));
    is_entry.then_some((EntryStyle::Bold, key, value))
}

/// The marks of emphasis; three apostrophes are those of `MediaWiki`.
const EMPHASIS: [&str; 5] = ["**", "__", "'''", "*", "_"];

/// Splits `Status:: accepted` and `*Status*:: accepted`.
fn split_term(content: &str) -> Option<(EntryStyle, &str, &str)> {
    let (key, value) = content.split_once("::")?;
    let is_term = value.is_empty() || value.starts_with(char::is_whitespace);
    is_term.then(|| (EntryStyle::Term, key.trim_matches(['*', '_']), value))
}

fn is_key(key: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '/' | '(' | ')' | '\'');
    key.len() <= KEY_LIMIT && key.starts_with(char::is_alphabetic) && key.chars().all(allowed)
}

/// Leaves out a comment behind a value, such as the words to choose from: `Accepted <!-- Proposed | Accepted -->`.
fn strip_comment(source: &Source, span: Span) -> Span {
    let value = source.slice(span).strip_suffix("-->").and_then(|text| text.split_once("<!--"));
    match value.map(|(value, _)| value.trim_end()).filter(|value| !value.is_empty()) {
        Some(value) => Span::new(span.start as usize, span.start as usize + value.len()),
        None => span,
    }
}

fn strip_emphasis(source: &Source, span: Span) -> Span {
    let text = source.slice(span);
    for mark in ["**", "__", "*", "_", "`"] {
        let inside = text.strip_prefix(mark).and_then(|text| text.strip_suffix(mark));
        if inside.is_some_and(|inside| !inside.is_empty() && !inside.contains(mark)) {
            let width = mark.len();
            return strip_emphasis(source, Span::new(span.start as usize + width, span.end as usize - width));
        }
    }
    match inside_element(text) {
        Some(inside) => Span::new(span.start as usize + inside.start, span.start as usize + inside.end),
        None => span,
    }
}

/// Returns the text of a value that is one element of HTML: `<span style="color:green">Accepted</span>`.
fn inside_element(text: &str) -> Option<Range<usize>> {
    let start = text.strip_prefix('<').filter(|rest| rest.starts_with(char::is_alphabetic))?.find('>')? + 2;
    let end = text.rfind("</").filter(|end| start < *end && text.ends_with('>'))?;
    (!text[start..end].contains(['<', '>'])).then_some(start..end)
}

#[cfg(test)]
mod tests;
