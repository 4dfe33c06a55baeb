//! Parses a file into a [`Document`]: a spanned tree for YAML, JSON, TOML and front matter, and the headings, tables, links
//! and prose of a page in Markdown, reStructuredText, `AsciiDoc` or `MediaWiki`'s markup. After a syntax error, it has what was parsed before and a [`Problem`].

use std::sync::Arc;

use ahash::{HashMap, HashMapExt};
use memchr::{memchr, memmem};
use serde::{Deserialize, Serialize};

use crate::finding::Fault;
use crate::lazy::Lazy;
use crate::limits;
use crate::node::{Entry, Node, Size};
use crate::text::{self, Source, Span};

pub(crate) mod asciidoc;
pub mod edit;
mod json;
pub(crate) mod line;
pub mod markdown;
mod mediawiki;
mod rst;
mod text_parts;
mod toml;
mod yaml;

pub use markdown::Markdown;

use markdown::FrontMatter;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Format {
    Yaml,
    Json,
    Toml,
    Markdown,
    Rst,
    MediaWiki,
    AsciiDoc,
}

impl Format {
    pub const NAMES: [(&str, Format); 7] = [
        ("yaml", Format::Yaml),
        ("json", Format::Json),
        ("toml", Format::Toml),
        ("markdown", Format::Markdown),
        ("rst", Format::Rst),
        ("mediawiki", Format::MediaWiki),
        ("asciidoc", Format::AsciiDoc),
    ];

    pub fn from_name(name: &str) -> Option<Format> {
        Format::NAMES.iter().find(|(other, _)| *other == name).map(|(_, format)| *format)
    }

    /// Returns the format of a file name extension. A configuration can name another one: see `Config::format_of`.
    pub fn from_path(path: &str) -> Option<Format> {
        // A template of a site holds a page: `0001-logs.html.md.erb`.
        let path = path.strip_suffix(".erb").unwrap_or(path);
        let extension = text::extension(path)?;
        let of_lower_case = |extension: &str| match extension {
            // Of MDX, the components are HTML to us, and the expressions text. Quarto runs the code of a page.
            "md" | "mdx" | "qmd" | "markdown" => Some(Format::Markdown),
            "yaml" | "yml" => Some(Format::Yaml),
            "json" | "jsonc" | "json5" => Some(Format::Json),
            "toml" => Some(Format::Toml),
            "rst" | "rest" => Some(Format::Rst),
            "mediawiki" | "wiki" => Some(Format::MediaWiki),
            "adoc" | "asciidoc" => Some(Format::AsciiDoc),
            _ => None,
        };
        let has_capitals = extension.contains(|c: char| c.is_ascii_uppercase());
        if has_capitals { of_lower_case(&extension.to_ascii_lowercase()) } else { of_lower_case(extension) }
    }

    /// True for a page of text, with headings; false for structured data.
    pub fn is_page(self) -> bool {
        match self {
            Format::Markdown | Format::Rst | Format::MediaWiki | Format::AsciiDoc => true,
            Format::Yaml | Format::Json | Format::Toml => false,
        }
    }

    /// Returns a link in the markup of a page; in that of Markdown for structured data.
    pub fn link(self, text: &str, path: &str) -> String {
        match self {
            Format::Rst => {
                let text = text.replace(['`', '\\'], "'").replace('<', "\\<");
                format!("`{text} <{path}>`_")
            }
            Format::MediaWiki => format!("[[{path}|{text}]]"),
            Format::AsciiDoc => {
                let is_page = Format::from_path(path.split('#').next().unwrap_or_default()) == Some(self);
                let name = if is_page { "xref" } else { "link" };
                format!("{name}:{path}[{}]", text.replace(']', "\\]"))
            }
            _ => format!("[{text}]({path})"),
        }
    }

    /// True if the file at `path` is a page, by the ending of its name.
    pub fn is_page_path(path: &str) -> bool {
        Format::from_path(path).is_some_and(Format::is_page)
    }
}

#[derive(Debug)]
pub struct Document {
    pub source: Arc<Source>,
    pub format: Format,
    /// One tree for each YAML document of a stream; one for JSON, TOML and front matter.
    pub roots: Vec<Node>,
    pub markdown: Option<Lazy<Markdown>>,
    pub problems: Vec<Problem>,
}

impl Document {
    /// A document of which nothing is parsed.
    pub fn unparsed(source: Arc<Source>, format: Format, problems: Vec<Problem>) -> Document {
        Document { source, format, roots: Vec::new(), markdown: None, problems }
    }

    pub fn front_matter(&self) -> Option<&FrontMatter> {
        self.markdown.as_ref()?.front_matter.as_ref()
    }

    /// Returns where the text of a page begins: behind its front matter.
    pub fn body_start(&self) -> usize {
        self.front_matter().map_or(self.source.bom_len(), |it| it.block.end as usize)
    }

    pub fn faults(&self) -> Vec<Fault> {
        self.problems.iter().map(|problem| problem.fault(&self.source)).collect()
    }

    /// Returns the mapping that a file of the policy consists of.
    ///
    /// # Errors
    /// The file has problems, or is something else.
    pub fn only_mapping(&self) -> Result<&Node, Vec<Fault>> {
        match self.roots.as_slice() {
            _ if !self.problems.is_empty() => Err(self.faults()),
            [root] if root.as_mapping().is_some() => Ok(root),
            _ => {
                let message = "expected one mapping of keys to values in the file";
                let start = self.source.line_span(self.source.bom_len());
                Err(vec![Fault::new(message).at(&self.source, start)])
            }
        }
    }

    /// Frees the trees and the parts of Markdown that only recognition needs.
    pub fn free_trees(&mut self) {
        self.roots = Vec::new();
        if let Some(markdown) = &mut self.markdown {
            markdown.free_trees();
        }
    }

    /// True if parsing stopped before the end of the file.
    pub fn has_fatal_problem(&self) -> bool {
        self.problems.iter().any(|problem| problem.fatal)
    }
}

/// Why a file, or a part of it, could not be read or parsed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// One line, without location.
    pub message: String,
    /// What to do about it, if more than its place is known.
    pub help: Option<String>,
    pub span: Span,
    /// Another location, such as the first of two equal keys.
    pub related: Option<(Span, String)>,
    /// True if the rest of the file was not parsed.
    pub fatal: bool,
    /// True if all was parsed, as other programs would not.
    pub tolerated: bool,
}

#[derive(Debug, Default)]
struct ParsedTrees {
    roots: Vec<Node>,
    problems: Vec<Problem>,
}

impl Problem {
    pub fn fatal(span: Span, message: impl Into<String>) -> Problem {
        Problem { message: message.into(), help: None, span, related: None, fatal: true, tolerated: false }
    }

    fn recoverable(span: Span, message: impl Into<String>) -> Problem {
        Problem { fatal: false, ..Problem::fatal(span, message) }
    }

    fn with_help(self, help: impl Into<String>) -> Problem {
        Problem { help: Some(help.into()), ..self }
    }

    fn fault(&self, source: &Arc<Source>) -> Fault {
        let fault = Fault::new(self.message.clone()).at(source, self.span);
        self.help.iter().cloned().fold(fault, Fault::help)
    }

    fn duplicate_key(name: &str, span: Span, first: Option<Span>) -> Problem {
        let related = first.map(|first| (first, "first defined here".into()));
        let problem = Problem::recoverable(span, format!("duplicate key `{name}`"));
        Problem { related, ..problem }
    }

    fn too_deep(span: Span) -> Problem {
        let message = format!("nested more than {} levels deep", limits::DEPTH);
        Problem::fatal(span, message).with_help("write fewer levels")
    }

    fn too_many_values(span: Span) -> Problem {
        Problem::too_many(limits::VALUES, "values in this file", span)
    }

    /// The problem of a file that has more of something than is read.
    pub fn too_many(limit: usize, what: &str, span: Span) -> Problem {
        Problem::fatal(span, format!("more than {limit} {what}")).with_help("split the file")
    }
}

/// Counts the values of a file while it is parsed.
#[derive(Debug, Default)]
struct ValueBudget(usize);

impl ValueBudget {
    fn take(&mut self, place: impl FnOnce() -> Span) -> Result<(), Problem> {
        self.0 += 1;
        if self.0 > limits::VALUES { Err(Problem::too_many_values(place())) } else { Ok(()) }
    }
}

/// What a few bytes of a file add to it: aliases, and fields that many records share.
#[derive(Debug, Default)]
pub struct AddedValues(Size);

impl AddedValues {
    /// # Errors
    /// The problem at `span`, where `what` adds more than the limits allow.
    pub fn add(&mut self, what: &str, size: Size, span: Span) -> Result<(), Problem> {
        self.0.values += size.values;
        self.0.bytes += size.bytes;
        if self.0.values > limits::ADDED_VALUES {
            return Err(AddedValues::too_many(what, span));
        }
        if self.0.bytes > limits::ADDED_BYTES {
            let mib = limits::ADDED_BYTES >> 20;
            return Err(Problem::fatal(span, format!("{what} add more than {mib} MiB of text to this file")));
        }
        Ok(())
    }

    fn too_many(what: &str, span: Span) -> Problem {
        Problem::fatal(span, format!("{what} add more than {} values to this file", limits::ADDED_VALUES))
    }
}

/// Parses `source`. Never panics, and takes linear time.
pub fn parse(source: Arc<Source>, format: Format) -> Document {
    if let Some(problem) = encoding_problem(&source, format).or_else(|| conflict(&source)) {
        return Document::unparsed(source, format, vec![problem]);
    }
    let whole = Span::new(source.bom_len(), source.text().len());
    let parsed = match format {
        Format::Yaml => yaml::parse(&source, whole),
        Format::Json => json::parse(&source, whole),
        Format::Toml => toml::parse(&source, whole),
        Format::Markdown => return parse_body(parse_front_matter(source)),
        Format::Rst => return read_page(empty_page(source, format), rst::parse),
        Format::MediaWiki => return read_page(empty_page(source, format), mediawiki::parse),
        Format::AsciiDoc => {
            return read_page(Document { format, ..parse_front_matter(source) }, asciidoc::parse);
        }
    };
    let ParsedTrees { roots, problems } = parsed;
    Document { source, format, roots, markdown: None, problems: limited(problems) }
}

/// Parses a file of the policy: a configuration, rule, kind or format.
pub fn parse_policy(source: Arc<Source>, format: Format) -> Document {
    if source.text().len() <= limits::POLICY_FILE_BYTES {
        return parse(source, format);
    }
    let mib = limits::POLICY_FILE_BYTES >> 20;
    let at = character_at(source.text(), limits::POLICY_FILE_BYTES);
    let problem = Problem::fatal(at, format!("a file of the policy is larger than {mib} MiB"));
    Document::unparsed(source, format, vec![problem])
}

/// Sorts problems, and keeps as many as anybody reads.
fn limited(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by_key(|problem| problem.span);
    if let Some(first) = problems.get(limits::PROBLEMS) {
        let message = format!("more than {} problems in this file", limits::PROBLEMS);
        let last = Problem::fatal(first.span, message);
        problems.truncate(limits::PROBLEMS);
        problems.push(last);
    }
    problems
}

/// Parses only the front matter of a page; all other parts of [`Document::markdown`] are empty.
pub fn parse_front_matter(source: Arc<Source>) -> Document {
    let within = Span::new(source.bom_len(), source.text().len());
    let (parsed, front_matter) = match encoding_problem(&source, Format::Markdown) {
        Some(problem) => (ParsedTrees { problems: vec![problem], ..ParsedTrees::default() }, None),
        None => markdown::parse_front_matter(&source, within),
    };
    let markdown = Some(Markdown { front_matter, ..Markdown::default() }.into());
    let ParsedTrees { roots, problems } = parsed;
    Document { source, format: Format::Markdown, roots, markdown, problems: limited(problems) }
}

fn empty_page(source: Arc<Source>, format: Format) -> Document {
    let markdown = Some(Markdown::default().into());
    Document { source, format, roots: Vec::new(), markdown, problems: Vec::new() }
}

/// Parses the rest of a page of which [`parse_front_matter`] read the beginning.
pub fn parse_body(page: Document) -> Document {
    read_page(page, markdown::parse_body)
}

/// Reads the text of a page below its front matter, unless its reader would spend too much: it keeps a node for each mark.
fn read_page(mut page: Document, read: impl Fn(&Source, Span, &mut Markdown) -> Option<Problem>) -> Document {
    let start = page.body_start();
    let Some(markdown) = &mut page.markdown else { return page };
    let source = &page.source;
    let within = Span::new(start, source.text().len());
    let problem = match markdown::find_too_many_marks(source.slice(within)) {
        Some(mark) => Some(Problem::too_many_values(character_at(source.text(), start + mark))),
        None => read(source, within, markdown),
    };
    markdown::close_sections(&mut markdown.headings, within.end);
    page.problems.extend(problem);
    page.problems.sort_by_key(|problem| problem.span);
    page
}

/// True for a text whose bytes begin with the mark of UTF-16, whichever way they were decoded.
fn is_utf_16(text: &str) -> bool {
    ["ÿþ", "þÿ", "\u{fffd}\u{fffd}"].iter().any(|mark| text.starts_with(mark)) && text.contains('\0')
}

const CONFLICT_MARK: usize = 7;

/// Returns the problem of a file in which Git left both versions of a conflict: `<<<<<<< ours`, `=======`, `>>>>>>> theirs`, outside of code.
fn conflict(source: &Source) -> Option<Problem> {
    let text = source.text();
    memmem::find(text.as_bytes(), b">>>>>>> ")?;
    let mut first: Option<Span> = None;
    let mut is_divided = false;
    let mut fence: Option<&str> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(start, start + line.trim_end().len());
        start += line.len();
        let line = line.trim_end();
        match fence {
            Some(open) if line.trim_start().starts_with(open) => fence = None,
            Some(_) => {}
            None if let Some(open) = fence_of(line) => fence = Some(open),
            None if is_marker(line, '<') => (first, is_divided) = (Some(span), false),
            None if line.len() == CONFLICT_MARK && line.bytes().all(|byte| byte == b'=') => is_divided = true,
            None if is_marker(line, '>') && is_divided && first.is_some() => {
                return first.map(|span| {
                    Problem::fatal(span, "a merge conflict was left here")
                        .with_help("keep one version, and remove the three lines of marks")
                });
            }
            None => {}
        }
    }
    None
}

/// Returns true for a line such as `<<<<<<< HEAD`.
fn is_marker(line: &str, sign: char) -> bool {
    let rest = line.trim_start_matches(sign);
    line.len() - rest.len() == CONFLICT_MARK && rest.starts_with(' ') && !rest.trim().is_empty()
}

/// Returns the marks with which a line opens a block of code, in whichever format of pages.
fn fence_of(line: &str) -> Option<&'static str> {
    ["```", "~~~", "----", "...."].into_iter().find(|fence| line.trim_start().starts_with(fence))
}

/// Data is UTF-8 by the definitions of its formats; a page may be older than that.
fn encoding_problem(source: &Source, format: Format) -> Option<Problem> {
    if is_utf_16(source.text()) {
        let problem = Problem::fatal(character_at(source.text(), 0), "the file is in UTF-16");
        return Some(problem.with_help("save it as UTF-8"));
    }
    let is_read = source.is_windows_1252() && format.is_page();
    let invalid = source.invalid_at().filter(|_| !is_read).unwrap_or(usize::MAX);
    let nul = memchr(0, source.text().as_bytes()).unwrap_or(usize::MAX);
    match nul.min(invalid) {
        usize::MAX => None,
        at if at == nul => {
            Some(Problem::fatal(character_at(source.text(), at), "not a text file: found a NUL byte"))
        }
        at => Some(Problem::fatal(character_at(source.text(), at), "invalid UTF-8")),
    }
}

/// Removes duplicate keys, each of which is a problem.
fn remove_duplicate_keys(mut entries: Vec<Entry>, problems: &mut Vec<Problem>) -> Vec<Entry> {
    let mut first = HashMap::with_capacity(entries.len());
    entries.retain(|Entry { key, .. }| {
        let place = *first.entry(key.name.clone()).or_insert(key.span);
        if place != key.span {
            problems.push(Problem::duplicate_key(&key.name, key.span, Some(place)));
        }
        place == key.span
    });
    entries
}

/// The span of the character at `byte`; empty at the end of a line.
fn character_at(text: &str, byte: usize) -> Span {
    let byte = text.floor_char_boundary(byte);
    let width = text[byte..].chars().next().filter(|c| !matches!(c, '\n' | '\r')).map_or(0, char::len_utf8);
    Span::new(byte, byte + width)
}
