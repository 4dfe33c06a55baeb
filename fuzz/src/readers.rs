//! Any bytes are read: what is reported and what is parsed lies within the file.

use std::sync::Arc;

use alignlint::node::{Node, Value};
use alignlint::snapshot::reftable::References;
use alignlint::syntax::{self, Document, Format, Markdown};
use alignlint::text::{Source, Span};

pub fn yaml(data: &[u8]) {
    read(data, Format::Yaml);
}

pub fn json(data: &[u8]) {
    read(data, Format::Json);
}

pub fn toml(data: &[u8]) {
    read(data, Format::Toml);
}

pub fn rst(data: &[u8]) {
    read(data, Format::Rst);
}

pub fn mediawiki(data: &[u8]) {
    read(data, Format::MediaWiki);
}

pub fn asciidoc(data: &[u8]) {
    read(data, Format::AsciiDoc);
}

pub fn markdown(data: &[u8]) {
    let page = read(data, Format::Markdown);
    let front_matter = syntax::parse_front_matter(page.source.clone());
    assert_places(&front_matter);
    assert_places(&syntax::parse_body(front_matter));
}

pub fn reftable(data: &[u8]) {
    let mut references = References::default();
    let is_table = references.add_table(data).is_some();
    assert!(!is_table || data.starts_with(b"REFT"));
    // A reference may lead to itself.
    let _ = references.find("HEAD");
}

pub fn parse(text: impl Into<Vec<u8>>, format: Format) -> Document {
    syntax::parse(Arc::new(Source::new("a", text.into())), format)
}

fn read(data: &[u8], format: Format) -> Document {
    let document = parse(data, format);
    assert_places(&document);
    for problem in document.faults() {
        assert!(!problem.to_string().is_empty());
    }
    document
}

fn assert_places(document: &Document) {
    let check = |span: Span| assert!(document.source.text().get(span.range()).is_some(), "{span:?}");
    for problem in &document.problems {
        check(problem.span);
        problem.related.iter().for_each(|(span, _)| check(*span));
    }
    document.roots.iter().for_each(|root| each_span(root, &check));
    document.markdown.iter().for_each(|page| assert_page(page, &check));
}

fn each_span(node: &Node, check: &impl Fn(Span)) {
    check(node.span);
    match &node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter().for_each(|item| each_span(item, check)),
        Value::Mapping(mapping) => mapping.entries().iter().for_each(|entry| {
            check(entry.key.span);
            each_span(&entry.value, check);
        }),
    }
}

fn assert_page(page: &Markdown, check: &impl Fn(Span)) {
    for heading in &page.headings {
        [heading.span, heading.line, heading.body, heading.own_body].into_iter().for_each(check);
        assert!(heading.line.contains(heading.span) && heading.body.contains(heading.own_body));
    }
    for table in &page.tables {
        let cells = table.header.iter().chain(table.rows.iter().flatten());
        cells.for_each(|cell| assert!(table.span.contains(cell.span), "{cell:?} in {:?}", table.span));
        check(table.span);
    }
    for link in &page.links {
        [link.span, link.text, link.destination_span].into_iter().for_each(check);
    }
    page.fences.iter().for_each(|fence| assert!(fence.span.contains(fence.content)));
    page.items.iter().for_each(|item| assert!(item.span.contains(item.text)));
    page.prose.windows(2).for_each(|pair| assert!(pair[0].span.end <= pair[1].span.start));
    page.prose.iter().map(|prose| prose.span).chain(page.comments.iter().copied()).for_each(check);
}
