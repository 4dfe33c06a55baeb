//! Ignore comments, which suppress findings at their place: after `#` above a key of YAML or TOML, in `<!-- -->` or after `..` or `//`
//! above a block of a page.

use jiff::civil::Date;
use memchr::memmem;
use serde::{Deserialize, Serialize};

use crate::calendar::parse_date;
use crate::config::matches_pattern;
use crate::finding::Fingerprint;
use crate::node::{Entry, Node, Value};
use crate::record::Record;
use crate::syntax::{Document, Format, Markdown};
use crate::text::{Source, Span, SpanTree};

/// The kind of the records that suppress findings.
pub const EXCEPTION: &str = "exception";

/// A comment such as `alignlint: ignore RULE until 2027-01-31 because REASON`.
#[derive(Clone, Debug, PartialEq)]
pub struct Ignore {
    /// The text of the comment without its delimiters.
    pub span: Span,
    /// Where it applies: the key or block below it, with everything inside.
    pub scope: Span,
    pub subject: IgnoreSubject,
    /// The parsed text, or why it is malformed.
    pub directive: Result<Directive, &'static str>,
}

/// What an ignore comment is about. A comment of the base policy applies only to the same subject.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct IgnoreSubject {
    /// The record that contains the scope: its kind, and the comparison key of its identifier.
    pub record: Option<(Box<str>, Box<str>)>,
    /// The keys, and the names of list items, from the record or file down to the scope.
    pub keys: Vec<Box<str>>,
    pub section: Option<Box<str>>,
    /// The words of a block of a page: those before the next such comment, and a hash of the rest.
    pub block: Option<Box<str>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Directive {
    /// A rule, or a family such as `term/*`.
    pub rule: Box<str>,
    pub until: Option<Date>,
    pub reason: Box<str>,
}

/// How to write an ignore comment.
pub const HELP: &str = "write `alignlint: ignore RULE [until DATE] because REASON`";

const MARK: &str = "alignlint:";

/// The word in the place of a reason that is still to be written.
pub const PLACEHOLDER: &str = "REASON";

/// Parses the text of a comment; `None` if it is not an ignore comment.
fn directive(comment: &str) -> Option<Result<Directive, &'static str>> {
    let words = comment.trim();
    words.starts_with(MARK).then(|| Directive::parse(words))
}

impl Directive {
    pub fn parse(text: &str) -> Result<Directive, &'static str> {
        const NO_RULE: &str = "expected `ignore` and a rule such as `term/*` after `alignlint:`";
        const NO_DATE: &str =
            "expected `because`, or `until` and a date such as `2027-01-31`, after the rule";
        const NO_REASON: &str = "missing `because REASON`";
        let rest = text.strip_prefix(MARK).unwrap_or(text).trim();
        let rest = rest.strip_prefix("ignore").ok_or(NO_RULE)?;
        let is_rule = |rule: &&str| rest.starts_with(char::is_whitespace) && rule.contains('/');
        let rule = rest.split_whitespace().next().filter(is_rule).ok_or(NO_RULE)?;
        let (terms, reason) = rest.split_once(" because ").ok_or(NO_REASON)?;
        let is_stated = |reason: &&str| !reason.is_empty() && *reason != PLACEHOLDER;
        let reason = Some(reason.trim()).filter(is_stated).ok_or(NO_REASON)?;
        let until = match terms.split_whitespace().skip(1).collect::<Vec<_>>()[..] {
            [] if ends_with_date(reason) => return Err("`until DATE` after the reason"),
            [] => None,
            ["until", day] => Some(parse_date(day).ok_or(NO_DATE)?),
            _ => return Err(NO_DATE),
        };
        Ok(Directive { rule: rule.into(), until, reason: reason.into() })
    }

    pub fn is_active(&self, today: Date) -> bool {
        self.until.is_none_or(|until| today <= until)
    }
}

/// Returns true if a reason ends with `until 2027-01-31`, which its author has meant as the end of the suppression.
fn ends_with_date(reason: &str) -> bool {
    let mut words = reason.trim_end_matches(|c: char| c.is_ascii_punctuation()).split_whitespace().rev();
    let is_date = words.next().is_some_and(|day| parse_date(day).is_some());
    is_date && words.next().is_some_and(|word| word.eq_ignore_ascii_case("until"))
}

impl Ignore {
    pub fn suppresses(&self, rule: &str, today: Date) -> bool {
        let directive = self.directive.as_ref();
        directive.is_ok_and(|it| matches_pattern(&it.rule, rule) && it.is_active(today))
    }
}

/// Returns the ignore comments of a document that contains these records, in the order of the file.
pub fn find_ignores(document: &Document, records: &[Record]) -> Vec<Ignore> {
    if memmem::find(document.source.text().as_bytes(), MARK.as_bytes()).is_none() {
        return Vec::new();
    }
    let nodes = Nodes::of(document);
    let mut ignores = match document.format {
        Format::Json | Format::Rst | Format::MediaWiki => Vec::new(),
        Format::Yaml | Format::Toml | Format::Markdown | Format::AsciiDoc => in_trees(document, &nodes),
    };
    if let Some(markdown) = &document.markdown {
        ignores.extend(in_page(&document.source, markdown));
    }
    ignores.sort_by_key(|ignore| ignore.span);
    let headings = document.markdown.iter().flat_map(|page| &page.headings);
    let subjects = Subjects {
        document,
        records,
        nodes: &nodes,
        record_spans: SpanTree::new(records.iter().map(|record| record.span)),
        node_spans: SpanTree::new(nodes.spans.iter().copied()),
        section_spans: SpanTree::new(headings.map(|heading| heading.line.to(heading.body))),
    };
    let mut below = None;
    for ignore in ignores.iter_mut().rev() {
        let scope = ignore.scope;
        let block_name = || {
            let name = block_name(&document.source, scope, below);
            below = Some((scope, Fingerprint::of([&*name])));
            name
        };
        ignore.subject = subjects.of(scope, block_name);
    }
    ignores
}

/// Names a block by its words, those below the next comment as a hash: each word is read once, however many comments there are.
fn block_name(source: &Source, block: Span, below: Option<(Span, Fingerprint)>) -> String {
    let below = below.filter(|(part, _)| part.end == block.end && block.start <= part.start);
    let end = below.map_or(block.end, |(part, _)| part.start);
    let own = source.slice(Span { end, ..block }).split_whitespace().map(str::to_owned);
    own.chain(below.map(|(_, words)| words.to_string())).collect::<Vec<_>>().join(" ")
}

/// The nodes of a document's trees, without those that an alias repeats.
#[derive(Default)]
struct Nodes<'d> {
    spans: Vec<Span>,
    names: Vec<&'d str>,
    scalars: Vec<Span>,
    /// The starts of `spans`, sorted, with the index of each.
    starts: Vec<(u32, usize)>,
}

impl<'d> Nodes<'d> {
    fn of(document: &'d Document) -> Nodes<'d> {
        let mut nodes = Nodes::default();
        document.roots.iter().for_each(|root| nodes.gather(root));
        nodes.starts.sort_unstable();
        nodes
    }

    fn gather(&mut self, node: &'d Node) {
        match &node.value {
            Value::Scalar(_) => self.scalars.push(node.span),
            Value::Sequence(items) => {
                for item in items.iter().filter(|item| node.span.contains(item.span)) {
                    self.add(item.span.start, item.span, item_name(item));
                    self.gather(item);
                }
            }
            Value::Mapping(mapping) => {
                for Entry { key, value } in mapping.entries() {
                    let whole = key.span.to(value.span);
                    if node.span.contains(whole) {
                        self.add(key.span.start, whole, &key.name);
                        self.gather(value);
                    }
                }
            }
        }
    }

    fn add(&mut self, start: u32, whole: Span, name: &'d str) {
        self.starts.push((start, self.spans.len()));
        self.spans.push(whole);
        self.names.push(name);
    }

    fn starting_on(&self, line: Span) -> Option<Span> {
        let first = self.starts.partition_point(|(start, _)| *start < line.start);
        self.starts.get(first).filter(|(start, _)| *start < line.end).map(|(_, number)| self.spans[*number])
    }
}

struct Subjects<'d> {
    document: &'d Document,
    records: &'d [Record],
    nodes: &'d Nodes<'d>,
    record_spans: SpanTree,
    node_spans: SpanTree,
    section_spans: SpanTree,
}

impl Subjects<'_> {
    fn of(&self, scope: Span, block_name: impl FnOnce() -> String) -> IgnoreSubject {
        let document = self.document;
        let record = self.record_spans.containing(scope).min().map(|number| &self.records[number]);
        let whole = Span::new(0, document.source.text().len());
        let within = record.map_or(whole, |record| record.span);
        let mut around: Vec<usize> = self.node_spans.containing(scope).collect();
        around.sort_unstable();
        let inside = around.into_iter().filter(|&number| {
            let span = self.nodes.spans[number];
            within.contains(span) && within != span
        });
        let mut subject = IgnoreSubject {
            record: record.map(|record| (Box::from(&*record.kind.name), record.key().into())),
            keys: inside.map(|number| self.nodes.names[number].into()).collect(),
            section: None,
            block: None,
        };
        let is_in_front_matter = document.front_matter().is_some_and(|front| front.block.contains(scope));
        if let Some(page) = document.markdown.as_ref().filter(|_| !is_in_front_matter) {
            let section = self.section_spans.containing(scope).max().map(|number| &page.headings[number]);
            subject.section = section.map(|heading| Box::from(&*heading.slug));
            let is_section = section.is_some_and(|heading| heading.line.start == scope.start);
            subject.block = (!is_section).then(|| block_name().into());
        }
        subject
    }
}

fn item_name(item: &Node) -> &str {
    let first = || item.entries().first().map(|entry| &entry.value);
    item.get("id").or_else(first).unwrap_or(item).as_text().unwrap_or("")
}

fn in_trees(document: &Document, nodes: &Nodes) -> Vec<Ignore> {
    let source = &document.source;
    let within = match document.markdown.as_ref().map(|page| &page.front_matter) {
        Some(None) => return Vec::new(),
        Some(Some(front)) => front.content,
        None => Span::new(0, source.text().len()),
    };
    // A `#` in a scalar does not start a comment.
    let scalars = SpanTree::new(nodes.scalars.iter().copied());
    let mut ignores: Vec<Ignore> = Vec::new();
    // The first whose scope is not known yet.
    let mut pending = 0;
    let mut start = within.start as usize;
    for line in source.text()[start..].split_inclusive('\n') {
        let length = line.len();
        if start >= within.end as usize && pending == ignores.len() {
            break;
        }
        let words = line.trim_start();
        if let Some(comment) = words.strip_prefix('#') {
            let words = comment.trim();
            let at = start + line.find(words).unwrap_or(0);
            let span = Span::new(at, at + words.len());
            if let Some(directive) = directive(words)
                && start < within.end as usize
                && scalars.containing(span).next().is_none()
            {
                ignores.push(Ignore { span, scope: span, subject: IgnoreSubject::default(), directive });
            }
        } else if !words.is_empty() {
            let line = Span::new(start, start + line.len());
            let scope = nodes.starting_on(line).unwrap_or(line);
            ignores[pending..].iter_mut().for_each(|ignore| ignore.scope = scope);
            pending = ignores.len();
        }
        start += length;
    }
    ignores[pending..].iter_mut().for_each(|ignore| ignore.scope = Span::at(start));
    ignores
}

/// Finds the comments of a page. One above a heading is about the section, any other about the block up to an empty line.
fn in_page(source: &Source, markdown: &Markdown) -> Vec<Ignore> {
    let mut block = Span::default();
    let comments = markdown.comments.iter().filter_map(|comment| {
        let text = source.slice(*comment);
        let html = text.strip_prefix("<!--").and_then(|inner| inner.strip_suffix("-->"));
        let words = html.or_else(|| text.strip_prefix("..")).or_else(|| text.strip_prefix("//"))?.trim();
        let at = comment.start as usize + text.find(words)?;
        directive(words).map(|directive| {
            let below = &source.text()[comment.end as usize..];
            let start = source.text().len() - below.trim_start().len();
            let scope = section_at(markdown, start).unwrap_or_else(|| {
                block = block_at(source, start, block);
                block
            });
            let span = Span::new(at, at + words.len());
            Ignore { span, scope, subject: IgnoreSubject::default(), directive }
        })
    });
    comments.collect()
}

fn section_at(markdown: &Markdown, start: usize) -> Option<Span> {
    let at = markdown.headings.partition_point(|heading| (heading.line.start as usize) < start);
    let heading = markdown.headings.get(at).filter(|heading| heading.line.start as usize == start);
    heading.map(|heading| heading.line.to(heading.body))
}

/// Returns the block that starts here. If it starts inside `last`, another block, it ends with it.
fn block_at(source: &Source, start: usize, last: Span) -> Span {
    if (last.start as usize..last.end as usize).contains(&start) {
        return Span::new(start, last.end as usize);
    }
    let lines = source.text()[start..].split_inclusive('\n').take_while(|line| !line.trim().is_empty());
    Span::new(start, start + lines.map(str::len).sum::<usize>())
}
