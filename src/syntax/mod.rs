//! Reading a file into a [`Document`]: one spanned tree for YAML, JSON, TOML and front matter, and for
//! Markdown also its headings, tables, links and prose. A file that can't be read to its end gives
//! what was read and a [`Problem`] at the byte where it stops.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::lazy::Lazy;
use crate::node::{Entry, Node};
use crate::text::{Source, Span};

pub mod edit;
pub mod header;
mod json;
pub mod markdown;
mod toml;
mod yaml;

pub use markdown::Markdown;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    Yaml,
    Json,
    Toml,
    Markdown,
}

impl Format {
    /// The format that a path's extension stands for.
    pub fn from_path(path: &str) -> Option<Format> {
        let (_, extension) = path.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "yaml" | "yml" => Some(Format::Yaml),
            "json" => Some(Format::Json),
            "toml" => Some(Format::Toml),
            "md" | "markdown" => Some(Format::Markdown),
            _ => None,
        }
    }
}

/// A file as its format reads it.
#[derive(Debug)]
pub struct Document {
    pub source: Arc<Source>,
    pub format: Format,
    /// The trees of the file: one for each YAML document of a stream, one for JSON, TOML and front matter.
    pub roots: Vec<Node>,
    /// The collections that were still open where a fatal problem ended the reading, outermost first.
    pub incomplete: Vec<Span>,
    pub markdown: Option<Lazy<Markdown>>,
    /// In the order of the file.
    pub problems: Vec<Problem>,
}

impl Document {
    /// Whether `node` was read to its end: what is missing from an unfinished one may stand in the part
    /// of the file that could not be read.
    pub fn is_complete(&self, node: &Node) -> bool {
        !self.incomplete.contains(&node.span)
    }

    /// Lets go of what only those need who read records from the file: the tree, and the parts of a page
    /// that sections are made of. What stays is kept without room to grow.
    pub fn release_parts(&mut self) {
        self.roots = Vec::new();
        self.incomplete = Vec::new();
        if let Some(markdown) = &mut self.markdown {
            markdown.release_parts();
        }
    }

    /// Whether reading stopped before the end of the file.
    pub fn has_fatal_problem(&self) -> bool {
        self.problems.iter().any(|problem| problem.fatal)
    }
}

/// Why a file, or a part of it, can't be taken as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// What is wrong, in one line without a place, such as "key `id` stands twice in one mapping".
    pub message: String,
    pub span: Span,
    /// The other place of the same problem, such as the first of two equal keys.
    pub related: Option<(Span, String)>,
    /// Whether what comes after it was not read.
    pub fatal: bool,
}

/// Nothing nests deeper than this in any format: recursion over a tree is safe on any thread.
pub const DEPTH_LIMIT: usize = 128;

/// Mappings up to this size are searched faster than hashed.
const FEW: usize = 16;

/// What a reader of structured text gives; all spans are of the whole file.
#[derive(Debug, Default)]
struct Reading {
    roots: Vec<Node>,
    incomplete: Vec<Span>,
    problems: Vec<Problem>,
}

impl Problem {
    fn fatal(span: Span, message: impl Into<String>) -> Problem {
        Problem { message: message.into(), span, related: None, fatal: true }
    }

    fn lasting(span: Span, message: impl Into<String>) -> Problem {
        Problem { message: message.into(), span, related: None, fatal: false }
    }

    fn duplicate_key(name: &str, span: Span, first: Option<Span>) -> Problem {
        let message = format!("key `{name}` stands twice in one mapping");
        Problem { message, span, related: first.map(|first| (first, "first here".into())), fatal: false }
    }

    fn too_deep(span: Span) -> Problem {
        Problem::fatal(span, format!("nested more than {DEPTH_LIMIT} levels deep"))
    }
}

/// Reads `source`. Never panics, never overflows the stack, and takes time linear in the file's length.
pub fn parse(source: Arc<Source>, format: Format) -> Document {
    if let Some(problem) = not_text(&source) {
        let problems = vec![problem];
        return Document {
            source,
            format,
            roots: Vec::new(),
            incomplete: Vec::new(),
            markdown: None,
            problems,
        };
    }
    let everything = Span::new(source.bom_len(), source.text().len());
    let reading = match format {
        Format::Yaml => yaml::read(&source, everything),
        Format::Json => json::read(&source, everything),
        Format::Toml => toml::read(&source, everything),
        Format::Markdown => return read_on(parse_front_matter(source)),
    };
    let Reading { roots, incomplete, mut problems } = reading;
    problems.sort_by_key(|problem| problem.span);
    Document { source, format, roots, incomplete, markdown: None, problems }
}

/// Reads of a page only its front matter: everything else of [`Document::markdown`] is empty.
pub fn parse_front_matter(source: Arc<Source>) -> Document {
    let within = Span::new(source.bom_len(), source.text().len());
    let (reading, front_matter) = match not_text(&source) {
        Some(problem) => (Reading { problems: vec![problem], ..Reading::default() }, None),
        None => markdown::parse_front_matter(&source, within),
    };
    let markdown = Some(Markdown { front_matter, ..Markdown::default() }.into());
    let Reading { roots, incomplete, problems } = reading;
    Document { source, format: Format::Markdown, roots, incomplete, markdown, problems }
}

/// Reads what [`parse_front_matter`] has left of a page of text: with it, all that [`parse`] gives.
fn read_on(page: Document) -> Document {
    read_below_front_matter(page, markdown::read_on)
}

/// Reads what [`parse_front_matter`] has left of a page of text, as far as records are made of it: headings and tables,
/// and the lists, links and comments right below headings whose title `is_wanted`.
pub fn parse_parts(page: Document, is_wanted: &dyn Fn(&str) -> bool) -> Document {
    read_below_front_matter(page, |source, markdown| markdown::parse_parts(source, is_wanted, markdown))
}

fn read_below_front_matter(
    mut page: Document,
    read: impl Fn(&Source, &mut Markdown) -> Option<Problem>,
) -> Document {
    if let Some(markdown) = &mut page.markdown {
        page.problems.extend(read(&page.source, markdown));
        page.problems.sort_by_key(|problem| problem.span);
    }
    page
}

/// Why `source` is not a text file, where it is none.
fn not_text(source: &Source) -> Option<Problem> {
    let invalid = source.invalid_at().unwrap_or(usize::MAX);
    let nul = has(source.text(), 0).then(|| source.text().find('\0')).flatten().unwrap_or(usize::MAX);
    match nul.min(invalid) {
        usize::MAX => None,
        at if at == nul => {
            Some(Problem::fatal(character_at(source.text(), at), "not a text file: it has a NUL byte"))
        }
        at => Some(Problem::fatal(character_at(source.text(), at), "not valid UTF-8")),
    }
}

/// Whether a byte stands in a text where seldom one does: all of it is looked at, but many bytes at once.
fn has(text: &str, byte: u8) -> bool {
    text.bytes().fold(false, |found, other| found | (other == byte))
}

/// Drops later entries whose key stands already, and says so.
fn first_of_equal_keys(entries: Vec<Entry>, problems: &mut Vec<Problem>) -> Vec<Entry> {
    let repeated = repeated_keys(&entries);
    if repeated.is_empty() {
        return entries;
    }
    for &(index, first) in &repeated {
        let key = &entries[index].key;
        problems.push(Problem::duplicate_key(&key.name, key.span, Some(entries[first].key.span)));
    }
    let mut repeated = repeated.into_iter().map(|(index, _)| index).peekable();
    let kept = entries.into_iter().enumerate().filter(|(index, _)| repeated.next_if_eq(index).is_none());
    kept.map(|(_, entry)| entry).collect()
}

/// The entries whose key stands already, each with the first of its name.
fn repeated_keys(entries: &[Entry]) -> Vec<(usize, usize)> {
    let name = |index: usize| &*entries[index].key.name;
    if entries.len() <= FEW {
        let first = |index| (0..index).find(|&earlier| name(earlier) == name(index));
        return (1..entries.len()).filter_map(|index| Some((index, first(index)?))).collect();
    }
    let mut first = HashMap::with_capacity(entries.len());
    let seen = |index| match *first.entry(name(index)).or_insert(index) {
        earlier if earlier == index => None,
        earlier => Some((index, earlier)),
    };
    (0..entries.len()).filter_map(seen).collect()
}

/// The span of the character at `byte`; empty at a line's end.
fn character_at(text: &str, byte: usize) -> Span {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    let width = text[byte..].chars().next().filter(|c| !matches!(c, '\n' | '\r')).map_or(0, char::len_utf8);
    Span::new(byte, byte + width)
}

#[cfg(test)]
mod tests;
