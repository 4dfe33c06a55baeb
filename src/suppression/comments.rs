//! Finds ignore comments: after `#` above a key of YAML or TOML, in `<!-- -->` or after `..` or `//` above a block of a page.

use memchr::memmem;

use crate::finding::Fingerprint;
use crate::node::{Entry, Node, Value};
use crate::record::Record;
use crate::syntax::{Document, Format, Markdown};
use crate::text::{Source, Span, SpanTree};

use super::{Ignore, IgnoreSubject, MARK, directive};

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
    let subjects = Subjects::new(document, records, &nodes);
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

/// Names a block by its words. The scope of the next comment `below` in the same block is included as a hash, so that
/// each word is read once however many comments the block has.
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

impl<'d> Subjects<'d> {
    fn new(document: &'d Document, records: &'d [Record], nodes: &'d Nodes<'d>) -> Subjects<'d> {
        let headings = document.markdown.iter().flat_map(|page| &page.headings);
        Subjects {
            document,
            records,
            nodes,
            record_spans: SpanTree::new(records.iter().map(|record| record.span)),
            node_spans: SpanTree::new(nodes.spans.iter().copied()),
            section_spans: SpanTree::new(headings.map(|heading| heading.line.to(heading.body))),
        }
    }

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
        if let Some(page) = document.markdown.as_ref().filter(|page| !in_front_matter(page, scope)) {
            let section = self.section_spans.containing(scope).max().map(|number| &page.headings[number]);
            subject.section = section.map(|heading| Box::from(&*heading.slug));
            let is_section = section.is_some_and(|heading| heading.line.start == scope.start);
            subject.block = (!is_section).then(|| block_name().into());
        }
        subject
    }
}

fn in_front_matter(page: &Markdown, scope: Span) -> bool {
    page.front_matter.as_ref().is_some_and(|front| front.block.contains(scope))
}

fn item_name(item: &Node) -> &str {
    let first = || item.as_mapping().and_then(|mapping| mapping.entries().first()).map(|entry| &entry.value);
    item.get("id").or_else(first).unwrap_or(item).as_text().unwrap_or("")
}

fn in_trees(document: &Document, nodes: &Nodes) -> Vec<Ignore> {
    let source = &document.source;
    let front_matter =
        document.markdown.as_ref().map(|page| page.front_matter.as_ref().map(|front| front.content));
    let within = match front_matter {
        Some(None) => return Vec::new(),
        Some(Some(content)) => content,
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

/// Finds the comments of a page. One above a heading applies to the section, any other to the block, which ends at
/// the next empty line.
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{Directive, Malformed};
    use super::*;
    use crate::calendar::parse_date;
    use crate::syntax::parse;

    fn ignores(path: &str, text: &str) -> Vec<(String, Result<Directive, Malformed>)> {
        let document = parse(Arc::new(Source::new(path, text.into())), Format::from_path(path).unwrap());
        let scope = |ignore: &Ignore| document.source.slice(ignore.scope).trim_end().to_string();
        find_ignores(&document, &[]).into_iter().map(|ignore| (scope(&ignore), ignore.directive)).collect()
    }

    fn directive(rule: &str, until: Option<&str>, reason: &str) -> Result<Directive, Malformed> {
        Ok(Directive { rule: rule.into(), until: until.and_then(parse_date), reason: reason.into() })
    }

    #[test]
    fn a_comment_applies_to_the_item_or_key_below_it() {
        let text = "decisions:\n  # alignlint: ignore garden/* until 2027-01-31 because we are hiring\n  \
                    - id: D-1\n    # alignlint: ignore garden/weeds because it is old\n    review-by: 2020-01-01\n  - id: D-2\n";
        assert_eq!(
            ignores("a.yaml", text),
            [
                (
                    "id: D-1\n    # alignlint: ignore garden/weeds because it is old\n    review-by: 2020-01-01".into(),
                    directive("garden/*", Some("2027-01-31"), "we are hiring")
                ),
                ("review-by: 2020-01-01".into(), directive("garden/weeds", None, "it is old")),
            ]
        );
    }

    #[test]
    fn above_a_heading_it_applies_to_the_section_else_to_the_block() {
        let text = "# T\n\n<!-- alignlint: ignore garden/weeds because a quotation -->\nOne\ntwo.\n\nThree.\n\n\
                    <!-- alignlint: ignore a/b because c -->\n\n## Section\n\ntext\n\n## Next\n";
        let scopes: Vec<String> = ignores("a.md", text).into_iter().map(|(scope, _)| scope).collect();
        assert_eq!(scopes, ["One\ntwo.", "## Section\n\ntext"]);
    }

    #[test]
    fn several_comments_in_one_block_have_different_subjects() {
        let names = |last: &str| {
            let text = format!(
                "# T\n\n<!-- alignlint: ignore a/b because c -->\nOne\n<!-- alignlint: ignore a/c because c -->\n{last}\n"
            );
            let document = parse(Arc::new(Source::new("a.md", text.into_bytes())), Format::Markdown);
            let scope = |ignore: &Ignore| document.source.slice(ignore.scope).to_owned();
            let found = find_ignores(&document, &[]);
            assert_eq!(scope(&found[1]), format!("{last}\n"));
            assert!(
                scope(&found[0]).starts_with("One\n<!--") && scope(&found[0]).ends_with(&scope(&found[1]))
            );
            [found[0].subject.clone(), found[1].subject.clone()]
        };
        let [(first, second), (other, another)] = [names("two."), names("three.")].map(|[a, b]| (a, b));
        assert!(
            first != second && first != other && second != another,
            "{first:?} {second:?} {other:?} {another:?}"
        );
        assert_eq!(names("two."), names("two."));
    }

    #[test]
    fn prose_is_not_a_comment() {
        assert_eq!(ignores("a.yaml", "note: |\n  # alignlint: ignore a/b because c\nid: 1\n"), []);
        assert_eq!(ignores("a.md", "Write `<!-- alignlint: ignore a/b because c -->` above it.\n"), []);
        assert_eq!(ignores("a.md", "# alignlint: ignore a/b because c\n"), []);
    }

    #[test]
    fn the_subject_is_the_path_of_keys_or_the_section() {
        let subjects = |path: &str, text: &str| -> Vec<IgnoreSubject> {
            let document = parse(Arc::new(Source::new(path, text.into())), Format::from_path(path).unwrap());
            find_ignores(&document, &[]).into_iter().map(|ignore| ignore.subject).collect()
        };
        let of_keys = |keys: &[&str]| IgnoreSubject {
            keys: keys.iter().map(|key| Box::from(*key)).collect(),
            ..IgnoreSubject::default()
        };
        let of_page = |section: &str, block: Option<&str>| IgnoreSubject {
            section: Some(section.into()),
            block: block.map(Box::from),
            ..IgnoreSubject::default()
        };
        let ignore = "alignlint: ignore a/b because c";
        let text =
            format!("kpis:\n  - id: K-1\n    # {ignore}\n    unit: h\n  # {ignore}\n  - {{id: K-2}}\n");
        assert_eq!(subjects("a.yaml", &text), [of_keys(&["kpis", "K-1", "unit"]), of_keys(&["kpis", "K-2"])]);
        let text = format!("# T\n\n<!-- {ignore} -->\n\n## S\n\n<!-- {ignore} -->\nOne\n two.\n");
        assert_eq!(subjects("a.md", &text), [of_page("s", None), of_page("s", Some("One two."))]);
    }

    #[test]
    fn a_comment_above_a_merge_key_is_about_the_mapping_that_merges() {
        let text = "a: &a\n  owner: eve\nb:\n  # alignlint: ignore a/b because c\n  <<: *a\n  unit: h\n";
        let scopes: Vec<String> = ignores("a.yaml", text).into_iter().map(|(scope, _)| scope).collect();
        assert_eq!(scopes, ["*a"]);
    }
}
