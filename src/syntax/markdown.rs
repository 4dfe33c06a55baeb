//! Markdown (CommonMark with GitHub's tables, footnotes, strikethrough and task lists): the parts that hold a record's
//! fields or are linked to, with their spans.

mod body;
mod link;

use std::collections::BTreeMap;
use std::mem::take;
use std::ops::{Deref, DerefMut};
use std::sync::LazyLock;

use memchr::memchr_iter;
use serde::{Deserialize, Serialize};

use super::line::{self, Lead};
use super::{Format, ParsedTrees, Problem, toml, yaml};
use crate::limits;
use crate::node::exact;
use crate::text::{Source, Span, beginning_in};
pub(super) use link::{Slugger, find_url, url_len};
pub use link::{inline_destinations, percent_decoded, percent_encoded, slug};

/// A page, in Markdown or another markup; all parts are in the order of the file. The tree of its front matter is the
/// document's first root.
#[derive(Debug, Default)]
pub struct Markdown {
    pub front_matter: Option<FrontMatter>,
    /// Without headings in quotes and lists.
    pub headings: Vec<Heading>,
    pub links: Vec<Link>,
    /// Visible text, without code, URLs, HTML and front matter.
    pub prose: Vec<Prose>,
    pub comments: Vec<Span>,
    /// Further targets of `#` links: `id`s in HTML, and headings in quotes and lists.
    pub anchors: Vec<Box<str>>,
    pub details: Option<Box<PageDetails>>,
}

/// The parts of a page that are freed when its records are recognised. They are fields of its [`Markdown`].
#[derive(Debug, Default)]
pub struct PageDetails {
    /// If a page has these, no heading is its title.
    pub lead: Option<Lead>,
    /// Of a page in `AsciiDoc` that has a title.
    pub document_header: Option<DocumentHeader>,
    pub tables: Vec<Table>,
    pub fences: Vec<CodeBlock>,
    pub items: Vec<ListItem>,
    /// Without paragraphs in lists, quotes and footnotes.
    pub paragraphs: Vec<Paragraph>,
    /// Web addresses in visible text that are not marked as links; GitHub makes links of them.
    pub addresses: Vec<Span>,
    /// Inline code, without its backticks.
    pub code: Vec<Span>,
    /// Blocks of HTML, and tags and comments in text.
    pub html: Vec<Span>,
    /// The destinations of definitions of links, by their labels in lower case.
    pub definitions: BTreeMap<String, Box<str>>,
}

impl Deref for Markdown {
    type Target = PageDetails;

    fn deref(&self) -> &PageDetails {
        static NONE: LazyLock<PageDetails> = LazyLock::new(PageDetails::default);
        self.details.as_deref().unwrap_or(&NONE)
    }
}

impl DerefMut for Markdown {
    fn deref_mut(&mut self) -> &mut PageDetails {
        self.details.get_or_insert_default()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FrontMatter {
    /// With both fences; if it is not closed, only the opening one.
    pub block: Span,
    pub content: Span,
    pub closed: bool,
    pub language: Format,
}

/// The title of a page in `AsciiDoc`, and the lines of attributes around it.
#[derive(Debug)]
pub struct DocumentHeader {
    pub span: Span,
    /// The attributes that the lines of the author and the revision set, and their values.
    pub implied: Vec<(&'static str, Span)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Without emphasis, links and code marks.
    pub title: Box<str>,
    pub span: Span,
    /// The span with the marks: all lines of the heading.
    pub line: Span,
    /// From the end of the heading to the next heading of the same or a higher level.
    pub body: Span,
    /// From the end of the heading to the next heading.
    pub own_body: Span,
    /// The heading around it, as an index into [`Markdown::headings`].
    pub above: Option<u32>,
    /// GitHub's anchor: `status`, and `status-1` for the second heading of that title.
    pub slug: Box<str>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub span: Span,
    pub header: Vec<Cell>,
    pub rows: Vec<Vec<Cell>>,
    /// The heading above it, as an index into [`Markdown::headings`].
    pub heading: Option<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Of a text over several lines, the first one.
    pub span: Span,
    pub text: Box<str>,
}

impl Cell {
    /// Returns true for the heading of a column of identifiers.
    pub fn heads_numbers(&self) -> bool {
        const NUMBERS: [&str; 7] = ["#", "no", "no.", "nr", "nr.", "number", "id"];
        let heading = self.text.trim_matches(['*', '_', ' ']);
        NUMBERS.iter().any(|name| name.eq_ignore_ascii_case(heading))
    }
}

impl Table {
    /// Adds a row, or the texts of one that continues the row above: it has no identifier, and is no whole row besides.
    pub(super) fn push(&mut self, row: Vec<Cell>) {
        const LEAST_OTHERS: usize = 3;
        let is_blank = |cell: &Cell| cell.text.trim().is_empty();
        let is_numbered = self.header.first().is_some_and(Cell::heads_numbers);
        let others = row.get(1..).unwrap_or_default();
        let is_whole = others.len() >= LEAST_OTHERS && !others.iter().any(is_blank);
        let continues = is_numbered && row.first().is_some_and(is_blank) && !is_whole;
        let Some(above) = self.rows.last_mut().filter(|_| continues) else { return self.rows.push(row) };
        for (cell, more) in above.iter_mut().zip(row).filter(|(_, more)| !is_blank(more)) {
            let span = if is_blank(cell) { more.span } else { cell.span };
            *cell = Cell { span, text: format!("{}\n{}", cell.text, more.text).trim().into() };
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    pub span: Span,
    pub text: Span,
    /// Unescaped.
    pub destination: Box<str>,
    /// The span of the destination; of a reference link, that of the link.
    pub destination_span: Span,
    /// Of a reference link, the span of the destination where it is defined.
    pub definition: Option<Span>,
    pub image: bool,
}

impl Link {
    /// Returns true for a reference link whose label the page does not define; its destination is the label with its brackets.
    pub fn is_undefined(&self) -> bool {
        self.definition.is_none() && self.destination.starts_with('[') && self.destination_span == self.span
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct CodeBlock {
    pub content: Span,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ListItem {
    /// 1 for the outermost list.
    pub depth: usize,
    pub span: Span,
    /// The first paragraph, without the box of a task.
    pub text: Span,
    pub plain: Box<str>,
    pub heading: Option<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Paragraph {
    pub span: Span,
    pub heading: Option<usize>,
}

/// A stretch of visible text in one block. A sentence may continue in the next one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prose {
    pub span: Span,
    /// True in a block quote.
    pub quoted: bool,
}

impl Markdown {
    pub(super) fn push_anchor(&mut self, name: &str) {
        self.anchors.push(name.into());
    }

    /// Returns the tables that begin in a part of the page. `tables` is sorted by position.
    pub fn tables_in(&self, part: Span) -> &[Table] {
        beginning_in(&self.tables, part, |table| table.span)
    }

    /// Frees tables, code, HTML, items and paragraphs. Retains headings, links, comments, prose and [`Markdown::anchors`], to which it adds
    /// those of headings.
    pub(super) fn free_trees(&mut self) {
        self.anchors.extend(self.headings.iter().map(|heading| heading.slug.clone()));
        self.details = None;
        self.headings = exact(take(&mut self.headings)).into();
        self.links = exact(take(&mut self.links)).into();
        self.prose = exact(take(&mut self.prose)).into();
        self.comments = exact(take(&mut self.comments)).into();
        self.anchors.shrink_to_fit();
    }
}

pub(super) fn parse_body(source: &Source, body: Span, markdown: &mut Markdown) -> Option<Problem> {
    if let Some(front_matter) = &markdown.front_matter {
        let above = source.slice(Span { start: 0, end: front_matter.block.start });
        markdown.comments.extend(body::comments(above, 0));
    } else {
        markdown.lead = line::find_lead(source, body);
    }
    if let Some(line) = find_too_deep(source, body) {
        return Some(Problem::fatal(line, "lists and quotes are nested too deeply"));
    }
    body::parse(source, body, markdown);
    None
}

/// Sets where the section of each heading ends, and the heading around it.
pub(super) fn close_sections(headings: &mut [Heading], end: u32) {
    let mut next = [end; 7];
    let mut following = end;
    for heading in headings.iter_mut().rev() {
        let level = usize::from(heading.level);
        heading.own_body.end = following.max(heading.own_body.start);
        heading.body.end = next[level].max(heading.body.start);
        following = heading.line.start;
        next[level..].fill(following);
    }
    let mut open: Vec<(u8, u32)> = Vec::new();
    for (at, heading) in (0..).zip(headings) {
        while open.pop_if(|(level, _)| *level >= heading.level).is_some() {}
        heading.above = open.last().map(|(_, at)| *at);
        open.push((heading.level, at));
    }
}

/// Returns the offset of the first line end, or mark that can begin a part of a page, above the limit.
pub(super) fn find_too_many_marks(text: &str) -> Option<usize> {
    const MARKS: &[u8] = b"\r\n*_~[]!<`&\\|>";
    if text.len() <= limits::VALUES {
        return None;
    }
    text.bytes().enumerate().filter(|(_, byte)| MARKS.contains(byte)).nth(limits::VALUES).map(|(at, _)| at)
}

pub(super) fn parse_front_matter(source: &Source, within: Span) -> (ParsedTrees, Option<FrontMatter>) {
    let Some((front_matter, language)) = find_front_matter(source, within) else {
        return (ParsedTrees::default(), None);
    };
    let parsed = match (front_matter.closed, language) {
        (false, _) => unclosed(source, &front_matter),
        (true, Format::Toml) => toml::parse(source, front_matter.content),
        (true, _) => yaml::parse_front_matter(source, front_matter.content),
    };
    // Below a comment, most programs see none.
    if front_matter.block.start > within.start && parsed.problems.iter().any(|problem| problem.fatal) {
        return (ParsedTrees::default(), None);
    }
    (parsed, Some(front_matter))
}

/// A `---` without keys after it is a thematic break.
fn find_front_matter(source: &Source, within: Span) -> Option<(FrontMatter, Format)> {
    find_at_start(source, within).or_else(|| {
        let start = after_comments(source, within)?;
        let (front_matter, language) = find_at_start(source, Span { start, ..within })?;
        let content = source.slice(front_matter.content);
        let is_key = |line: &&str| {
            line.split_once(':').is_some_and(|(key, _)| !key.is_empty() && !key.contains(char::is_whitespace))
        };
        let is_header = front_matter.closed && language == Format::Yaml;
        let has_keys = content.lines().filter(is_key).nth(1).is_some();
        (is_header && has_keys).then_some((front_matter, language))
    })
}

/// Returns the start of the text after the blank lines and comments that begin a page, such as a notice of a license.
fn after_comments(source: &Source, within: Span) -> Option<u32> {
    let text = source.slice(within);
    let mut rest = text.trim_start();
    while let Some(comment) = rest.strip_prefix("<!--") {
        let (_, after) = comment.split_once("-->")?;
        rest = after.trim_start();
    }
    (rest.starts_with("---") && rest.len() < text.len())
        .then(|| within.end - u32::try_from(rest.len()).unwrap_or(0))
}

/// The line that opens front matter: three or more of a mark, and the name of a language or a comment.
fn opening(line: &str) -> Option<&str> {
    const LANGUAGES: [&str; 4] = ["yaml", "yml", "toml", "json"];
    let (line, mark) = (line.trim_end(), line.chars().next().filter(|mark| "-+;".contains(*mark))?);
    let behind = line.trim_start_matches(mark);
    let (fence, word) = (&line[..line.len() - behind.len()], behind.trim().to_ascii_lowercase());
    let is_one = word.is_empty() || word.starts_with('#') || LANGUAGES.contains(&&*word);
    (fence.len() >= 3 && is_one).then_some(fence)
}

fn find_at_start(source: &Source, within: Span) -> Option<(FrontMatter, Format)> {
    let text = source.slice(within);
    let mut lines = text.split_inclusive('\n');
    let first = lines.next()?;
    let base = within.start as usize;
    // JSON needs no fence.
    let is_json = first.trim_end() == "{";
    let (fence, content_start) = if is_json { ("}", base) } else { (opening(first)?, base + first.len()) };
    let is_usual = matches!(first.trim_end(), "---" | "+++");
    let mut at = base + first.len();
    for line in lines {
        if line.trim_end() == fence || fence == "---" && line.trim_end() == "..." {
            let end = at + line.len();
            let content = Span::new(content_start, if is_json { end } else { at });
            let language = language(source.slice(content), fence);
            let closed = FrontMatter { block: Span::new(base, end), content, closed: true, language };
            let text = source.slice(content);
            return (is_json || has_keys(text, language, is_usual)).then_some((closed, language));
        }
        at += line.len();
    }
    let below = &text[first.len()..];
    let language = language(below, fence);
    let unclosed = FrontMatter {
        block: Span::new(base, base + first.trim_end().len()),
        content: Span::at(content_start),
        closed: false,
        language,
    };
    // A heading or a blank line there makes it a thematic break.
    let begins_with_key = below.lines().next().is_some_and(|line| has_keys(line, language, false));
    (is_usual && begins_with_key).then_some((unclosed, language))
}

/// Returns the first line of front matter with a key.
fn first_key(content: &str) -> Option<&str> {
    content.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Returns the language of front matter: TOML has `=` behind its first key.
fn language(content: &str, fence: &str) -> Format {
    let line = first_key(content).unwrap_or_default();
    let (key, behind) = line.split_at(line.find([':', '=']).unwrap_or(line.len()));
    let is_key = !key.is_empty() && !key.trim_end().contains(char::is_whitespace);
    let is_toml = match behind.chars().next() {
        Some('=') => is_key || fence.starts_with('+'),
        Some(_) => false,
        None => fence.starts_with('+') && (line.is_empty() || line.starts_with('[')),
    };
    if is_toml { Format::Toml } else { Format::Yaml }
}

fn has_keys(content: &str, language: Format, if_empty: bool) -> bool {
    let Some(line) = first_key(content) else { return if_empty };
    match language {
        Format::Toml => true,
        _ => {
            line.ends_with(':')
                || line.contains(": ")
                || line.contains(":\t")
                || line.starts_with(['{', '?', '"', '\''])
        }
    }
}

fn unclosed(source: &Source, front_matter: &FrontMatter) -> ParsedTrees {
    let fence = source.slice(front_matter.block);
    let problem = Problem::fatal(front_matter.block, "unclosed front matter")
        .with_help(format!("add a closing `{fence}` line"));
    ParsedTrees { problems: vec![problem], ..ParsedTrees::default() }
}

/// Guards the parser, which compares each line with every open list and quote: quadratic for hostile pages.
fn find_too_deep(source: &Source, within: Span) -> Option<Span> {
    // One byte opens at most two blocks: a tab indents by four, an item by two.
    const BLOCKS_PER_BYTE: usize = 2;
    let text = source.slice(within);
    let lines = 1 + memchr_iter(b'\n', text.as_bytes()).count();
    if text.len().saturating_mul(BLOCKS_PER_BYTE).saturating_mul(lines) <= limits::BLOCK_COMPARISONS {
        return None;
    }
    let mut at = within.start as usize;
    for line in text.split_inclusive('\n') {
        if max_depth(line.as_bytes()).saturating_mul(lines) > limits::BLOCK_COMPARISONS {
            return Some(Span::new(at, at + line.chars().next().map_or(0, char::len_utf8)));
        }
        at += line.len();
    }
    None
}

/// Returns at least as many blocks as a line opens: the marks and blanks with which it begins.
fn max_depth(line: &[u8]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while let Some(&byte) = line.get(at) {
        match byte {
            b'[' if line[at..].starts_with(b"[^") => {
                at += line[at..].iter().position(|&byte| byte == b']').unwrap_or(0);
            }
            b' ' | b'\t' | b'>' | b'-' | b'*' | b'+' | b'0'..=b'9' | b'.' | b')' | b':' => {}
            _ => break,
        }
        depth += if byte == b'\t' { 2 } else { 1 };
        at += 1;
    }
    depth
}
