//! Reading a file into a [`Document`]: one spanned tree for YAML, JSON, TOML and front matter, and for
//! Markdown also its headings, tables, links and prose. A file that can't be read to its end gives
//! what was read and a [`Problem`] at the byte where it stops.

use std::sync::Arc;

use crate::node::Node;
use crate::text::{Source, Span};

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
    pub fn of_path(path: &str) -> Option<Format> {
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
    pub markdown: Option<Markdown>,
    pub problems: Vec<Problem>,
}

/// Why a file, or a part of it, can't be taken as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// What is wrong, in one line without a place, such as "mapping key `id` stands twice".
    pub message: String,
    pub span: Span,
    /// The other place of the same problem, such as the first of two equal keys.
    pub related: Option<(Span, String)>,
    /// Whether what comes after it was not read.
    pub fatal: bool,
}

/// Nothing nests deeper than this in any format: recursion over a tree is safe on any thread.
pub const DEPTH_LIMIT: usize = 128;

/// Reads `source`. Never panics, never overflows the stack, and takes time linear in the file's length.
pub fn read(source: Arc<Source>, format: Format) -> Document {
    let mut document = Document { source, format, roots: Vec::new(), markdown: None, problems: Vec::new() };
    todo!("{:?}", document.roots)
}
