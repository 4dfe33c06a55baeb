//! Splits lines of a page into labels and values: `**Status:** accepted`, `- Owner: Ada`, `Status: accepted | Date: 2026-11-20`.

use std::ops::Range;

use crate::limits;
use crate::node::{self, MappingBuilder, Node};
use crate::text::{Source, Span, range_in};

/// How the lines of a page are marked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Marks {
    #[default]
    Usual,
    AsciiDoc,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Mail,
    Bullet,
    Bold,
    /// A field of reStructuredText, or an attribute of `AsciiDoc`.
    Field,
    /// A description in `AsciiDoc`, whose text may begin on a later line.
    Term,
}

#[derive(Clone, Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) style: Style,
    pub(crate) indentation: usize,
    pub(crate) label: &'a str,
    pub(crate) label_span: Span,
    /// Empty if there is none.
    pub(crate) value: Span,
    /// The items of a list below the label.
    pub(crate) items: Vec<Span>,
}

/// A line without its blanks.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    pub(crate) text: &'a str,
    pub(crate) start: usize,
    pub(crate) indentation: usize,
}

impl Entry<'_> {
    /// Returns true for a description without text yet.
    pub(crate) fn is_open_term(&self) -> bool {
        self.style == Style::Term && self.value.is_empty() && self.items.is_empty()
    }

    /// Returns true for an entry that may follow one in bold.
    pub(crate) fn may_follow_bold(&self) -> bool {
        self.style != Style::Mail || is_label(self.label)
    }
}

impl<'a> Line<'a> {
    pub(crate) fn span(&self) -> Span {
        Span::new(self.start, self.start + self.text.len())
    }

    /// Returns a line of a quote without its mark.
    pub(crate) fn unquoted(&self) -> Line<'a> {
        let text = self.text.trim_start_matches('>').trim_start();
        let mark = self.text.len() - text.len();
        Line { text, start: self.start + mark, indentation: self.indentation + mark.saturating_sub(2) }
    }
}

pub(crate) fn lines(source: &Source, within: Span, marks: Marks) -> impl Iterator<Item = Line<'_>> {
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
        Line { text: text.trim_end(), start, indentation }
    })
}

/// Returns true for `1. Agenda:`.
pub(crate) fn is_numbered_item(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < text.len() && rest.starts_with(['.', ')']) && rest[1..].starts_with([' ', '\t'])
}

/// Returns the span of a part of the line's text, without blanks and marks of a line's end around it.
pub(crate) fn part_span(line: &Line<'_>, part: &str) -> Span {
    let content = part.trim_start();
    let content = ["<br>", "<br/>", "<br />", "\\", " +"]
        .iter()
        .find_map(|mark| content.strip_suffix(mark))
        .unwrap_or(content);
    line.span().part(range_in(line.text, content.trim_end()))
}

pub(crate) fn strip_bullet(text: &str, marks: Marks) -> Option<&str> {
    let content = match marks {
        Marks::Usual => text.strip_prefix(['-', '*', '+'])?,
        Marks::AsciiDoc => text.strip_prefix('-').unwrap_or_else(|| text.trim_start_matches('*')),
    };
    (content.len() < text.len()).then(|| content.strip_prefix([' ', '\t']))?
}

/// Returns the entries of a line: `**Status:** accepted | **Date:** 2026-11-20`.
pub(crate) fn pairs<'a>(line: &Line<'a>, unmarked: bool, marks: Marks) -> Vec<Entry<'a>> {
    // In bytes. A longer line is a paragraph, and has one entry.
    const LINE_LIMIT: usize = 2_000;
    if line.text.len() > LINE_LIMIT {
        return pair(line, unmarked, marks).into_iter().collect();
    }
    let mut found: Vec<(usize, Entry<'a>)> = Vec::new();
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

/// Splits a line at its separators and before each further key in bold.
fn parts<'a>(line: &Line<'a>) -> Vec<Line<'a>> {
    // Between several entries on one line.
    const SEPARATORS: &[char] = &['|', '·', '•'];
    let mut parts = Vec::new();
    for piece in line.text.split(SEPARATORS).flat_map(sentences) {
        let is_further_key = |at: &usize| {
            let (before, rest) = piece.split_at(*at);
            before.ends_with(char::is_whitespace)
                && before.contains(char::is_alphanumeric)
                && split_bold(rest).is_some_and(|(key, _)| is_key(key.trim()))
        };
        let ends = piece.match_indices("**").map(|(at, _)| at).filter(is_further_key);
        let mut start = 0;
        for end in ends.chain([piece.len()]) {
            parts.push(part(line, &piece[start..end]));
            start = end;
        }
    }
    parts
}

/// Splits a text whose sentences all are entries: `Owner: Ada. Level: company. Period: 2026-Q4.`.
fn sentences(text: &str) -> Vec<&str> {
    const MOST_WORDS: usize = 8;
    let sentences = || text.split(". ").map(str::trim);
    let is_entry = |it: &str| begins_with_label(it) && it.split_whitespace().count() <= MOST_WORDS;
    match sentences().nth(1).is_some() && sentences().all(is_entry) {
        true => sentences().map(|it| it.trim_end_matches('.')).collect(),
        false => vec![text],
    }
}

/// Returns true for `Relates to: ADR-7`.
fn begins_with_label(text: &str) -> bool {
    text.split_once(": ").is_some_and(|(key, _)| is_key(key) && is_label(key))
}

/// Returns true for a key that reads like a label, and not like the beginning of a sentence.
fn is_label(key: &str) -> bool {
    // A longer text before a colon, in a line without a mark below one in bold, is a sentence.
    const LABEL_WORDS: usize = 3;
    !key.starts_with(char::is_lowercase) && key.split_whitespace().count() <= LABEL_WORDS
}

fn part<'a>(line: &Line<'a>, text: &'a str) -> Line<'a> {
    let text = text.trim();
    Line { text, start: line.start + range_in(line.text, text).start, indentation: line.indentation }
}

/// Returns the label and the message of a badge, in the address of its picture: `…/badge/status-accepted-green`.
pub(crate) fn badge(address: &str) -> Option<(&str, &str)> {
    let (_, name) = address.split_once("/badge/")?;
    let name = name.split(['?', '#', '/', ')', '"', '\'', ' ', '>']).next()?;
    let (said, _colour) = name.rsplit_once('-')?;
    Some(said.rsplit_once('-').unwrap_or(("", said))).filter(|(_, message)| !message.is_empty())
}

/// Returns the words and the address of a line that is a picture of them: `[![Status: accepted](badge.svg)](link)`.
fn pictured(text: &str) -> Option<(&str, &str)> {
    let picture = text.strip_prefix('[').filter(|rest| rest.starts_with('!')).unwrap_or(text);
    let (words, address) = picture.strip_prefix("![")?.split_once("](")?;
    (address.ends_with(')') && !words.contains(['[', ']'])).then_some((words, address))
}

fn pair<'a>(line: &Line<'a>, unmarked: bool, marks: Marks) -> Option<Entry<'a>> {
    if let Some((words, address)) = pictured(line.text) {
        let (key, value) = words.split_once(COLONS).or_else(|| badge(address))?;
        // Other lines need no mark after it.
        return entry(line, Style::Field, key, value).filter(|entry| !entry.value.is_empty());
    }
    let content = strip_bullet(line.text, marks).map_or(line.text, str::trim_start);
    let is_item = content.len() < line.text.len();
    // A picture before the key: `📌 **Status:** accepted`.
    let content = content.trim_start_matches(|c: char| !c.is_ascii() && !c.is_alphanumeric()).trim_start();
    if let Some((key, value)) = content.split_once("::").filter(|_| marks == Marks::AsciiDoc)
        && begins_apart(value)
    {
        return entry(line, Style::Term, key.trim_matches(['*', '_']), value);
    }
    if let Some((key, value)) = split_bold(content).or_else(|| split_emphasised(content)) {
        return entry(line, Style::Bold, key, value);
    }
    if let Some(field) = content.strip_prefix(':') {
        let (key, value) = field.split_once(':').filter(|(_, value)| begins_apart(value))?;
        return entry(line, Style::Field, key, value);
    }
    let (key, value) = content.split_once(COLONS)?;
    let is_pair = !content[key.len()..].starts_with(':') || begins_apart(value);
    let style = if is_item { Style::Bullet } else { Style::Mail };
    (is_pair && (is_item || unmarked)).then(|| entry(line, style, key, value))?
}

fn begins_apart(value: &str) -> bool {
    value.is_empty() || value.starts_with(char::is_whitespace)
}

/// Returns the entry of two parts of a line, if the first one is a key.
fn entry<'a>(line: &Line<'a>, style: Style, key: &'a str, value: &str) -> Option<Entry<'a>> {
    // A mark of numbers: `RFC#: 7`.
    let label = key.trim_end().trim_end_matches('#').trim();
    is_key(label).then(|| Entry {
        style,
        indentation: line.indentation,
        label,
        label_span: line.span().part(range_in(line.text, label)),
        value: part_span(line, value),
        items: Vec::new(),
    })
}

/// After a key; the second one is as wide as the letters of Chinese and Japanese, and no blank follows it.
const COLONS: [char; 2] = [':', '：'];

/// Splits `**Status:** accepted`, `**Status**: accepted` and the like.
fn split_bold(content: &str) -> Option<(&str, &str)> {
    // The most bytes of a value behind a key with a full stop.
    const SHORT_VALUE: usize = 80;
    let mark = EMPHASIS.into_iter().find(|mark| content.starts_with(mark))?;
    let (key, value) = content[mark.len()..].split_once(mark)?;
    // `**Status.** Accepted`, unless it begins a paragraph.
    let is_short = || value.len() <= SHORT_VALUE && value.trim_start().starts_with(char::is_uppercase);
    if let Some(key) =
        key.trim_end().strip_suffix(COLONS).or_else(|| key.strip_suffix('.').filter(|_| is_short()))
    {
        return Some((key, value));
    }
    // Values in a column need no colon: `**Status**  Accepted`.
    let is_in_column = value.starts_with("  ") || value.starts_with('\t');
    match is_in_column && !value.trim().is_empty() && is_label(key) {
        true => Some((key, value)),
        false => value.trim_start().strip_prefix(COLONS).map(|value| (key, value)),
    }
}

/// Splits a line with the same mark before and after it: `_Status: accepted_`, or a label as code.
fn split_emphasised(content: &str) -> Option<(&str, &str)> {
    const CODE: &str = "`";
    let mark = EMPHASIS.into_iter().chain([CODE]).find(|mark| content.starts_with(mark))?;
    let inner = content[mark.len()..].strip_suffix(mark).filter(|inner| !inner.contains(mark))?;
    let (key, value) = inner.split_once(':')?;
    let is_entry = value.starts_with(char::is_whitespace) && (mark != CODE || is_label(key));
    is_entry.then_some((key, value))
}

/// The marks of emphasis; three apostrophes are those of `MediaWiki`.
const EMPHASIS: [&str; 5] = ["**", "__", "'''", "*", "_"];

fn is_key(key: &str) -> bool {
    // In bytes. A longer text before a colon is a sentence.
    const KEY_LIMIT: usize = 40;
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '/' | '(' | ')' | '\'');
    key.len() <= KEY_LIMIT && key.starts_with(char::is_alphabetic) && key.chars().all(allowed)
}

/// Leaves out a comment behind a value, such as the words to choose from: `Accepted <!-- Proposed | Accepted -->`.
pub(crate) fn strip_comment(source: &Source, span: Span) -> Span {
    let value = source.slice(span).strip_suffix("-->").and_then(|text| text.split_once("<!--"));
    match value.map(|(value, _)| value.trim_end()).filter(|value| !value.is_empty()) {
        Some(value) => span.part(0..value.len()),
        None => span,
    }
}

pub(crate) fn strip_emphasis(source: &Source, span: Span) -> Span {
    let text = source.slice(span);
    for mark in ["**", "__", "*", "_", "`"] {
        let inside = text.strip_prefix(mark).and_then(|text| text.strip_suffix(mark));
        if inside.is_some_and(|inside| !inside.is_empty() && !inside.contains(mark)) {
            return strip_emphasis(source, span.part(mark.len()..text.len() - mark.len()));
        }
    }
    inside_element(text).map_or(span, |inside| span.part(inside))
}

/// Returns the text of a value that is one element of HTML: `<span style="color:green">Accepted</span>`.
fn inside_element(text: &str) -> Option<Range<usize>> {
    let start = text.strip_prefix('<').filter(|rest| rest.starts_with(char::is_alphabetic))?.find('>')? + 2;
    let end = text.rfind("</").filter(|end| start < *end && text.ends_with('>'))?;
    (!text[start..end].contains(['<', '>'])).then_some(start..end)
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
pub(super) fn find_lead(source: &Source, within: Span) -> Option<Lead> {
    const MAX_LINES_ABOVE: usize = 30;
    const LEAST_ABOVE_TEXT: usize = 3;
    let lines = lines(source, within, Marks::Usual).skip_while(|line| line.text.is_empty());
    let mut lines = lines.take(limits::HEADER_LINES).peekable();
    let first = *lines.peek()?;
    let is_block = mail(&first).is_none() || first.text.ends_with(':');
    let is_opening = |line: &Line<'_>| line.text.starts_with("<pre>") || line.text.starts_with("```");
    let opening = if is_block {
        let mut above = lines.by_ref().take(MAX_LINES_ABOVE + 1);
        above.find(|line| is_opening(line) || line.text.starts_with(['=', '#'])).filter(is_opening)?
    } else {
        first
    };
    // With its indentation, so that the lines below don't seem to continue it.
    let mut span = Span::at(opening.start - opening.indentation);
    let is_end = |line: &Line<'_>| match is_block {
        true => line.text == "```" || line.text == "</pre>",
        false => line.text.is_empty(),
    };
    let has_title = |pairs: &[Entry<'_>]| pairs.iter().any(|pair| pair.label.eq_ignore_ascii_case("title"));
    let mut pairs: Vec<Entry<'_>> = Vec::new();
    for line in lines.take_while(|line| !is_end(line)) {
        let whole = part_span(&line, line.text);
        if let Some(pair) = mail(&line) {
            pairs.push(pair);
        } else if line.text.is_empty() {
            // Blank lines may stand in a block.
        } else if let Some(last) = pairs.last_mut().filter(|_| line.indentation > opening.indentation) {
            last.value = if last.value.is_empty() { whole } else { last.value.to(whole) };
        } else if pairs.len() >= LEAST_ABOVE_TEXT && has_title(&pairs) {
            // The text may follow without a blank line.
            break;
        } else {
            return None;
        }
        span = span.to(Span::at(line.start + line.text.len()));
    }
    let mut fields = MappingBuilder::default();
    for Entry { label, label_span, value, .. } in &pairs {
        let words: Vec<&str> = source.slice(*value).split_whitespace().collect();
        let value =
            if value.is_empty() { Node::null(*label_span) } else { Node::text(*value, words.join(" ")) };
        fields.fill(node::Entry::new(*label, *label_span, value));
    }
    (pairs.len() > 1 && has_title(&pairs)).then(|| Lead { span, fields: Node::mapping(span, fields) })
}

/// Returns the entry of a line as in a mail: `Title: Use Git`.
fn mail<'a>(line: &Line<'a>) -> Option<Entry<'a>> {
    pair(line, true, Marks::Usual).filter(|pair| pair.style == Style::Mail)
}
