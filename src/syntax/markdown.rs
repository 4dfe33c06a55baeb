//! Markdown (CommonMark with GitHub's tables, footnotes, strikethrough and task lists): what of a page can
//! hold a record's fields or be linked to, each with the bytes it was read from.

mod body;
mod front_matter;
mod html;
mod link;
mod nesting;
mod slug;
mod title;

use super::{Problem, Reading, toml, yaml};
use crate::text::{Source, Span};
use front_matter::Language;

/// A Markdown file; all parts are in the order of the file. The tree of its front matter is the
/// document's first root.
#[derive(Debug, Default)]
pub struct Markdown {
    pub front_matter: Option<FrontMatter>,
    /// Headings that divide the page: not those inside quotes and lists.
    pub headings: Vec<Heading>,
    pub tables: Vec<Table>,
    pub links: Vec<Link>,
    /// Fenced code blocks.
    pub fences: Vec<Fence>,
    pub items: Vec<Item>,
    /// Paragraphs that stand in no list, quote or footnote.
    pub paragraphs: Vec<Paragraph>,
    /// Visible text: not code, addresses of links, HTML or front matter.
    pub prose: Vec<Prose>,
    /// HTML comments.
    pub comments: Vec<Span>,
    /// Further targets of `#` links: identifiers in HTML, and headings inside quotes and lists.
    pub anchors: Vec<Box<str>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FrontMatter {
    /// With both fences; only the opening one where it is not closed.
    pub block: Span,
    /// Between the fences.
    pub content: Span,
    pub closed: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Without emphasis, links and code marks.
    pub title: Box<str>,
    /// The title's text.
    pub span: Span,
    /// The heading with its marks; of one that is underlined, all lines.
    pub line: Span,
    /// From the heading's end to the next heading of the same or a higher level.
    pub body: Span,
    /// From the heading's end to the next heading of any level.
    pub own: Span,
    /// The anchor that GitHub gives it: `status`, and `status-1` for the second of that name.
    pub slug: Box<str>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub span: Span,
    pub header: Vec<Cell>,
    pub rows: Vec<Vec<Cell>>,
    /// The heading it stands under, as an index of [`Markdown::headings`].
    pub heading: Option<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Without the white space around it.
    pub span: Span,
    pub text: Box<str>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    pub span: Span,
    pub text: Span,
    /// Where it leads, unescaped.
    pub destination: Box<str>,
    /// The destination's own bytes; of a reference link, which has none, the whole link.
    pub destination_span: Span,
    pub image: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Fence {
    /// The first word after the opening fence.
    pub language: Box<str>,
    pub content: Span,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// 1 for the outermost list.
    pub depth: usize,
    pub span: Span,
    /// The item's first paragraph, without a task's box.
    pub text: Span,
    /// That paragraph without emphasis, links and code marks.
    pub plain: Box<str>,
    pub heading: Option<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Paragraph {
    pub span: Span,
    pub heading: Option<usize>,
}

/// A stretch of visible text inside one block.
#[derive(Clone, Debug, PartialEq)]
pub struct Prose {
    pub span: Span,
    /// Counts blocks: a sentence may go on in the next stretch of the same block.
    pub block: u32,
}

impl Markdown {
    /// The first heading with this title, whatever its case, numbering, emoji and closing colon:
    /// `## 2. **Decision outcome**:` is the section "Decision Outcome".
    pub fn section(&self, title: &str) -> Option<&Heading> {
        self.headings.iter().find(|heading| title::same(&heading.title, title))
    }

    /// The first heading of level 1, else the first of all.
    pub fn title(&self) -> Option<&Heading> {
        self.headings.iter().find(|heading| heading.level == 1).or(self.headings.first())
    }
}

/// Reads the page that stands in `within`, a part of `source` that starts without byte order mark.
pub(super) fn read(source: &Source, within: Span) -> (Reading, Markdown) {
    let mut markdown = Markdown::default();
    let mut reading = Reading::default();
    let mut rest = within;
    if let Some((front_matter, language)) = front_matter::find(source, within) {
        rest = Span { start: front_matter.block.end, ..within };
        reading = match (front_matter.closed, language) {
            (false, _) => unclosed(&front_matter),
            (true, Language::Yaml) => yaml::read(source, front_matter.content),
            (true, Language::Toml) => toml::read(source, front_matter.content),
        };
        markdown.front_matter = Some(front_matter);
    }
    match nesting::too_deep(source, rest) {
        Some(span) => {
            reading.problems.push(Problem::fatal(span, "lists and quotes nest too deep to be read"))
        }
        None => body::read(source, rest, &mut markdown),
    }
    (reading, markdown)
}

fn unclosed(front_matter: &FrontMatter) -> Reading {
    let fence = front_matter.block;
    let problem = Problem::fatal(fence, "this front matter is not closed: no line after it is a fence");
    Reading { problems: vec![problem], ..Reading::default() }
}
