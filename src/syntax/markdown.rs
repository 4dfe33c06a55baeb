//! Markdown (CommonMark with GitHub's tables, footnotes, strikethrough and task lists): the parts that hold a record's
//! fields or are linked to, with their spans.

mod body;
mod front_matter;
mod html;
mod link;
mod nesting;
mod slug;
mod title;

use std::mem::take;
use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Serialize};

use super::line::{self, Lead};
use super::{ParsedTrees, Problem, toml, yaml};
use crate::limits;
use crate::node::{Entry, exact};
use crate::text::{Source, Span};
use front_matter::Language;
pub(super) use link::find_url;
pub use link::{inline_destinations, percent_decoded, percent_encoded};
pub(super) use slug::Slugger;
pub use slug::slug;
pub use title::section_key;

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
    /// HTML comments.
    pub comments: Vec<Span>,
    /// Further targets of `#` links: `id`s in HTML, and headings in quotes and lists.
    pub anchors: Vec<Box<str>>,
    pub details: Option<Box<PageDetails>>,
}

/// The parts of a page that are freed when its records are recognised. They are fields of its [`Markdown`].
#[derive(Debug)]
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
    /// Footnotes, targets of links in reStructuredText, and attributes in `AsciiDoc`, which say nothing where they stand.
    pub definitions: Vec<Span>,
}

impl PageDetails {
    const NONE: PageDetails = PageDetails {
        lead: None,
        document_header: None,
        tables: Vec::new(),
        fences: Vec::new(),
        items: Vec::new(),
        paragraphs: Vec::new(),
        addresses: Vec::new(),
        code: Vec::new(),
        html: Vec::new(),
        definitions: Vec::new(),
    };
}

impl Deref for Markdown {
    type Target = PageDetails;

    fn deref(&self) -> &PageDetails {
        static NONE: PageDetails = PageDetails::NONE;
        self.details.as_deref().unwrap_or(&NONE)
    }
}

impl DerefMut for Markdown {
    fn deref_mut(&mut self) -> &mut PageDetails {
        self.details.get_or_insert_with(|| Box::new(PageDetails::NONE))
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FrontMatter {
    /// With both fences; if it is not closed, only the opening one.
    pub block: Span,
    pub content: Span,
    pub closed: bool,
}

/// The title of a page in `AsciiDoc`, and the lines of attributes around it.
#[derive(Debug)]
pub struct DocumentHeader {
    pub span: Span,
    /// The attributes that these two lines set.
    pub implied: Vec<Entry>,
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
    pub span: Span,
    pub text: Box<str>,
    /// True if its text goes on below the span.
    pub is_continued: bool,
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
        let from = self.tables.partition_point(|table| table.span.start < part.start);
        let count = self.tables[from..].partition_point(|table| table.span.start < part.end);
        &self.tables[from..from + count]
    }

    /// Frees tables, code, HTML, definitions, items, paragraphs and, unless the caller needs them, headings. Retains links, comments, prose and
    /// [`Markdown::anchors`], to which it adds those of headings.
    pub(super) fn free_trees(&mut self, keep_headings: bool) {
        self.anchors.extend(self.headings.iter().map(|heading| heading.slug.clone()));
        if !keep_headings {
            self.headings = Vec::new();
        }
        self.details = None;
        self.headings = exact(take(&mut self.headings)).into();
        self.links = exact(take(&mut self.links)).into();
        self.prose = exact(take(&mut self.prose)).into();
        self.comments = exact(take(&mut self.comments)).into();
        self.anchors.shrink_to_fit();
    }

    /// Returns the first heading of level 1, or the first heading; that too if several others below it are of level 1.
    pub fn title(&self) -> Option<&Heading> {
        if self.lead.is_some() {
            return None;
        }
        let mut top = self.headings.iter().filter(|heading| heading.level == 1);
        let first = top
            .next()
            .filter(|_| self.headings.first().is_none_or(|it| it.level == 1) || top.next().is_none());
        first.or(self.headings.first())
    }
}

pub(super) fn parse_body(source: &Source, body: Span, markdown: &mut Markdown) -> Option<Problem> {
    if let Some(front_matter) = &markdown.front_matter {
        let above = source.slice(Span { start: 0, end: front_matter.block.start });
        markdown.comments.extend(html::comments(above, 0));
    } else {
        markdown.lead = line::find_lead(source, body);
    }
    if let Some(line) = nesting::find_too_deep(source, body) {
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
    let Some((front_matter, language)) = front_matter::find(source, within) else {
        return (ParsedTrees::default(), None);
    };
    let parsed = match (front_matter.closed, language) {
        (false, _) => unclosed(&front_matter, language),
        (true, Language::Yaml) => yaml::parse_front_matter(source, front_matter.content),
        (true, Language::Toml) => toml::parse(source, front_matter.content),
    };
    // Below a comment, most programs see none.
    if front_matter.block.start > within.start && parsed.problems.iter().any(|problem| problem.fatal) {
        return (ParsedTrees::default(), None);
    }
    (parsed, Some(front_matter))
}

fn unclosed(front_matter: &FrontMatter, language: Language) -> ParsedTrees {
    let fence = if language == Language::Toml { "+++" } else { "---" };
    let problem = Problem::fatal(front_matter.block, "unclosed front matter")
        .with_help(format!("add a closing `{fence}` line"));
    ParsedTrees { problems: vec![problem], ..ParsedTrees::default() }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::syntax::{Document, Format};

    fn parse(text: &str) -> Document {
        crate::syntax::parse(Arc::new(Source::new("a.md", text.into())), Format::Markdown)
    }

    fn slices<T>(document: &Document, parts: fn(&Markdown) -> &Vec<T>, span: fn(&T) -> Span) -> Vec<&str> {
        let parts = parts(document.markdown.as_ref().unwrap());
        parts.iter().map(|part| document.source.slice(span(part))).collect()
    }

    fn problem(document: &Document) -> (u32, &str) {
        let [problem] = &document.problems[..] else { panic!("{:?}", document.problems) };
        (problem.span.start, &problem.message)
    }

    #[test]
    fn front_matter_has_spans_of_the_whole_file() {
        let document = parse("\u{feff}---\r\ntitle: Größe\r\nid: 7\r\n---\r\n# Größe\r\n");
        let id = document.roots[0].get("id").unwrap();
        assert_eq!(document.source.slice(id.span), "7");
        assert_eq!(slices(&document, |page| &page.headings, |heading| heading.line), ["# Größe"]);
        let toml = parse("+++\ntitle = \"T\"\n+++\ntext\n");
        assert_eq!(toml.source.slice(toml.roots[0].get("title").unwrap().span), "\"T\"");
        assert_eq!(slices(&toml, |page| &page.paragraphs, |paragraph| paragraph.span), ["text"]);
    }

    #[test]
    fn a_page_is_parsed_after_an_error_in_front_matter() {
        let document = parse("---\nauthor: @ada\n---\n# T\n");
        assert_eq!(problem(&document), (12, "a value that starts with `@` must be quoted"));
        assert_eq!(document.markdown.as_ref().unwrap().headings.len(), 1);
        let document = parse("---\nid: 1\n\n# T\n");
        assert_eq!(problem(&document), (0, "unclosed front matter"));
        assert_eq!(document.markdown.as_ref().unwrap().headings.len(), 1);
        assert_eq!(parse("---\n---\ntext\n").problems, []);
        assert!(!parse("# T\n\n---\nid: @x\n---\n").has_fatal_problem());
    }

    #[test]
    fn headings_have_plain_titles_and_know_their_sections() {
        let text = "# A *big* `plan` [x](y) ##\nintro\n\nTwo\nlines\n===\n\n## B\nb\n### C\nc\n## B\nend";
        let document = parse(text);
        let headings = &document.markdown.as_ref().unwrap().headings;
        let titles: Vec<_> =
            headings.iter().map(|heading| (heading.level, &*heading.title, &*heading.slug)).collect();
        assert_eq!(
            titles,
            [
                (1, "A big plan x", "a-big-plan-x"),
                (1, "Two lines", "two-lines"),
                (2, "B", "b"),
                (3, "C", "c"),
                (2, "B", "b-1")
            ]
        );
        let above: Vec<_> = headings.iter().map(|heading| heading.above).collect();
        assert_eq!(above, [None, None, Some(1), Some(2), Some(1)]);
        let headings = |span| slices(&document, |page| &page.headings, span);
        assert_eq!(headings(|heading| heading.span)[0], "A *big* `plan` [x](y)");
        assert_eq!(headings(|heading| heading.line)[1], "Two\nlines\n===");
        assert_eq!(headings(|heading| heading.own_body), ["intro\n\n", "\n", "b\n", "c\n", "end"]);
        assert_eq!(
            headings(|heading| heading.body)[1..3],
            ["\n## B\nb\n### C\nc\n## B\nend", "b\n### C\nc\n"]
        );
    }

    #[test]
    fn a_page_has_the_title_of_its_first_heading() {
        let document =
            parse("# 1. Use Rust\n## 2. **Decision outcome**:\n## Context & `Problem`\n## ✅ Status\n##\n");
        let page = document.markdown.as_ref().unwrap();
        assert_eq!(page.title().map(|heading| &*heading.title), Some("1. Use Rust"));
        let untitled = parse("## Only\n");
        assert_eq!(untitled.markdown.unwrap().title().map(|heading| &*heading.title), Some("Only"));
    }

    #[test]
    fn headings_in_quotes_and_lists_are_only_anchors() {
        let document = parse("# A\n> # Quoted\n\n- # A\n\ntext\n");
        let page = document.markdown.as_ref().unwrap();
        assert_eq!(page.headings.len(), 1);
        assert_eq!(page.anchors.iter().map(|it| &**it).collect::<Vec<_>>(), ["quoted", "a-1"]);
        assert!(document.source.slice(page.headings[0].body).ends_with("text\n"));
    }

    #[test]
    fn table_cells_are_trimmed() {
        let document = parse("# T\n\n| Term | Means |\n|:--|--:|\n| **Größe** \\| x |  `how` big |\n| y |\n");
        let table = &document.markdown.as_ref().unwrap().tables[0];
        assert_eq!(table.header.iter().map(|cell| &*cell.text).collect::<Vec<_>>(), ["Term", "Means"]);
        let row: Vec<_> =
            table.rows[0].iter().map(|cell| (document.source.slice(cell.span), &*cell.text)).collect();
        assert_eq!(row, [("**Größe** \\| x", "Größe | x"), ("`how` big", "how big")]);
        assert_eq!((&*table.rows[1][1].text, table.heading), ("", Some(0)));
    }

    #[test]
    fn links_have_the_span_of_their_destination() {
        let cases = [
            ("[a](b.md)", "b.md", "b.md"),
            ("[`a](x)`](b.md#c 'title')", "b.md#c", "b.md#c"),
            ("[a](<b c.md>)", "b c.md", "b c.md"),
            ("[](b_(1)\\(.md)", "b_(1)(.md", "b_(1)\\(.md"),
            ("[é *ü*](\n  b.md\n)", "b.md", "b.md"),
            ("[a]()", "", ""),
            ("<https://x.y>", "https://x.y", "https://x.y"),
            ("[a][r]", "r.md", "[a][r]"),
            ("[r]", "r.md", "[r]"),
            ("![a [b](c)](d.png)", "d.png", "d.png"),
        ];
        for (link, destination, place) in cases {
            let document = parse(&format!("é {link} end\n\n[r]: r.md\n"));
            let found = &document.markdown.as_ref().unwrap().links[0];
            assert_eq!(&*found.destination, destination, "{link}");
            assert_eq!(document.source.slice(found.destination_span), place, "{link}");
            assert_eq!(document.source.slice(found.span), link);
            let definition = found.definition.map(|span| document.source.slice(span));
            assert_eq!(definition, (destination == "r.md").then_some("r.md"), "{link}");
            assert_eq!(found.image, link.starts_with('!'));
        }
    }

    #[test]
    fn items_have_a_depth_and_the_text_of_their_first_paragraph() {
        let document =
            parse("- [ ] one *x*\n  more\n  - two\n\n    para\n\n1. - nested\n2.\n\n> - quoted\n\n\n\n");
        let items = &document.markdown.as_ref().unwrap().items;
        let found: Vec<_> =
            items.iter().map(|item| (item.depth, &*item.plain, document.source.slice(item.text))).collect();
        assert_eq!(
            found,
            [
                (1, "one x more", "one *x*\n  more"),
                (2, "two", "two"),
                (1, "", ""),
                (2, "nested", "nested"),
                (1, "", ""),
                (1, "quoted", "quoted"),
            ]
        );
        let spans = slices(&document, |page| &page.items, |item| item.span);
        assert_eq!(spans[1..], ["- two\n\n    para", "1. - nested", "- nested", "2.", "- quoted"]);
    }

    #[test]
    fn prose_is_visible_text_and_stays_in_its_block() {
        let document = parse(
            "# Größe\n\nOne\ntwo `code` three **four**, [five](six) <https://x.y>\nAT&amp;T <b>bold</b>\n\n```\nno\n```\n<p>no</p>\n\n| a |\n|---|\n| b |\n\n> quoted\n> text\n",
        );
        let prose = slices(&document, |page| &page.prose, |prose| prose.span);
        assert_eq!(
            prose,
            [
                "Größe",
                "One\ntwo ",
                " three ",
                "four",
                ", ",
                "five",
                "AT",
                "T ",
                "bold",
                "a",
                "b",
                "quoted",
                "text"
            ]
        );
        let address = parse("See https://x.y/a_b_c*d for more.\n");
        assert_eq!(slices(&address, |page| &page.prose, |prose| prose.span), ["See ", " for more."]);
        let beside = parse("one\n\ntwo\n");
        assert_eq!(slices(&beside, |page| &page.prose, |prose| prose.span), ["one", "two"]);
    }

    #[test]
    fn fences_have_content() {
        let document = parse(
            "```yaml title=x\r\na: é\r\n```\r\n\n~~~\n~~~\n\n    indented\n\n- ```\n  in item\n  ```\n\n```open\nto the end\n",
        );
        let contents = slices(&document, |page| &page.fences, |fence| fence.content);
        assert_eq!(contents, ["a: é\r\n", "", "in item\n", "to the end\n"]);
    }

    #[test]
    fn comments_and_anchors_are_found_in_blocks_and_in_text() {
        let document =
            parse("<!-- one\ntwo -->\n\ntext <!-- three --> <a id=\"x\"></a>\n\n<h2 id='é'>T</h2>\n");
        let page = document.markdown.as_ref().unwrap();
        assert_eq!(
            page.comments.iter().map(|span| document.source.slice(*span)).collect::<Vec<_>>(),
            ["<!-- one\ntwo -->", "<!-- three -->"]
        );
        assert_eq!(page.anchors.iter().map(|it| &**it).collect::<Vec<_>>(), ["x", "é"]);
    }
}
