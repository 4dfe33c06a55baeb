use std::sync::Arc;

use super::super::{Document, Format};
use super::*;

fn parse(text: &str) -> Document {
    crate::syntax::parse(Arc::new(Source::new("a.adoc", text.into())), Format::AsciiDoc)
}

fn slices<T>(document: &Document, parts: fn(&Markdown) -> &Vec<T>, span: fn(&T) -> Span) -> Vec<&str> {
    let parts = parts(document.markdown.as_ref().unwrap());
    parts.iter().map(|part| document.source.slice(span(part))).collect()
}

fn headings(text: &str) -> Vec<(u8, String)> {
    let document = parse(text);
    let page = document.markdown.as_ref().unwrap();
    page.headings.iter().map(|heading| (heading.level, heading.title.to_string())).collect()
}

fn tables(text: &str) -> Vec<Vec<String>> {
    let document = parse(text);
    let page = document.markdown.as_ref().unwrap();
    let rows = |table: &super::super::markdown::Table| {
        let rows = std::iter::once(&table.header).chain(&table.rows);
        rows.map(|row| row.iter().map(|cell| &*cell.text).collect::<Vec<_>>().join(" | ")).collect()
    };
    page.tables.iter().map(rows).collect()
}

fn links(text: &str) -> Vec<(String, String)> {
    let document = parse(text);
    let page = document.markdown.as_ref().unwrap();
    let link = |link: &super::super::markdown::Link| {
        (document.source.slice(link.text).to_owned(), link.destination.to_string())
    };
    page.links.iter().map(link).collect()
}

#[test]
fn a_page_begins_with_attributes_a_title_its_author_and_its_revision() {
    let document = parse(
        ":showtitle:\n// a comment\n:state: accepted\n\n= ADR 7: *Use* `Rust`\nAda Byron <a@b.org>; Bo Ek\nv1.0, 2026-01-31: Reviewed\n:toc: left\n\ntext\n",
    );
    let page = document.markdown.as_ref().unwrap();
    let title = page.title().unwrap();
    assert_eq!(
        (&*title.title, document.source.slice(title.span)),
        ("ADR 7: Use Rust", "ADR 7: *Use* `Rust`")
    );
    assert_eq!(document.source.slice(title.own_body), "\ntext\n");
    let header = page.document_header.as_ref().unwrap();
    assert!(document.source.slice(header.span).starts_with(":showtitle:"));
    assert!(document.source.slice(header.span).ends_with(":toc: left"));
    let implied: Vec<_> = header
        .implied
        .iter()
        .map(|entry| (&*entry.key.name, document.source.slice(entry.value.span)))
        .collect();
    assert_eq!(implied, [("author", "Ada Byron <a@b.org>; Bo Ek"), ("revdate", "2026-01-31"),]);
    assert_eq!(slices(&document, |page| &page.paragraphs, |paragraph| paragraph.span), ["text"]);
    let field = parse("= Title\nStatus: accepted\nDate: 2026-01-31\n");
    assert_eq!(field.markdown.unwrap().document_header.as_ref().unwrap().implied.len(), 0);
}

#[test]
fn headings_are_marked_or_underlined() {
    assert_eq!(
        headings("= A\n\n== B ==\n\n### C\n\n======= no\n\nTwo\n---\n\n====\n== no\n====\n\ntext\n== no\n"),
        [(1, "A".into()), (2, "B".into()), (3, "C".into()), (2, "Two".into())]
    );
    let document = parse("Title\n=====\n\n== Größe & Co.\n\n== Größe & Co.\n");
    let page = document.markdown.as_ref().unwrap();
    assert_eq!(document.source.slice(page.headings[0].line), "Title\n=====");
    assert!(["_größe_co", "_größe_co_2"].iter().all(|id| page.anchors.iter().any(|anchor| **anchor == **id)));
}

#[test]
fn tables_are_read_with_their_columns_and_spans() {
    let rows = ["Term | Means", "One | first of all", "Two | second"];
    let lines = "|===\n|Term |Means\n\n|One |first\nof all\n|Two |*second*\n|===\n";
    let cells =
        "[cols=\"1h,1\"]\n|===\n|Term\n|Means\n// no\n//|no |no\n|One\n|first of all\n|Two\na|second\n|===\n";
    for text in [lines, cells] {
        assert_eq!(tables(text), [rows.to_vec()], "{text}");
    }
    assert_eq!(tables("|===\n|a |b |c\n2+|d |e\n|===\n")[0], ["a | b | c", "d |  | e"]);
    assert_eq!(tables("|===\n|a \\| b |c\n|===\n")[0], ["a \\| b | c".replace("\\|", "|")]);
    let open = parse("|===\n|a |b\n\n== Not read\n");
    assert!(open.markdown.as_ref().unwrap().headings.is_empty());
}

#[test]
fn links_of_all_forms_have_a_destination() {
    let link = |text: &str, target: &str| (text.to_owned(), target.to_owned());
    assert_eq!(
        links(
            "= Links\n\n[[here]]\nSee link:a.md[A], xref:b.adoc#c[B], <<d.adoc#,D>>, <<e#f,E>>, <<here>>, https://x.y/z[X^], \
             mailto:ada@x.y[Ada], link:{url}/a[no], image:i.png[] and https://x.y.\n"
        ),
        [
            link("A", "a.md"),
            link("B", "b.adoc"),
            link("D", "d.adoc"),
            link("E", "e.adoc"),
            link("here", "#here"),
            link("X^", "https://x.y/z"),
            link("Ada", "mailto:ada@x.y"),
        ]
    );
    assert_eq!(
        links("= Part\n\n<<there>>\n\ninclude::rest.adoc[]\n"),
        [],
        "the place may be on the other page"
    );
    assert_eq!(links("== Part\n\n<<there>>\n"), [], "the place may be on the page that includes this one");
    assert_eq!(links("xref:other:page.adoc[A] and xref:1.0@b:c.adoc[B]\n"), [], "pages of other components");
}

#[test]
fn items_have_a_depth_and_the_text_of_their_first_paragraph() {
    let document = parse(
        "* [ ] one *x*\nmore\n** two\n+\npara\n* three\n\n. four\n.. five\n\ntext\n* no\n\nTerm:: said\nOther::\n  below\n- six\n",
    );
    let items = &document.markdown.as_ref().unwrap().items;
    let found: Vec<_> = items.iter().map(|item| (item.depth, &*item.plain)).collect();
    assert_eq!(found, [(1, "one x more"), (2, "two"), (1, "three"), (2, "four"), (3, "five"), (1, "six")]);
    assert_eq!(document.source.slice(items[0].span), "* [ ] one *x*\nmore\n** two\n+\npara");
    assert_eq!(slices(&document, |page| &page.paragraphs, |paragraph| paragraph.span), ["text\n* no"]);
}

#[test]
fn prose_is_visible_text() {
    let document = parse(
        "= Title\n:attribute: no\n\n.Caption\nOne `no` *two* {no} https://x.y end. +\nfootnote:[no]\n\n// no\n////\nno\n////\n\n[source]\n----\nno\n----\n\n[listing]\nno\n\n no\n\nTIP: Take care.\n\ninclude::no[]\nimage::no[]\n\n++++\nno\n++++\n",
    );
    assert_eq!(
        slices(&document, |page| &page.prose, |prose| prose.span),
        ["Title", "Caption", "One ", "two", " end. ", "TIP: Take care."]
    );
}

#[test]
fn code_comments_and_anchors_are_found() {
    let document = parse(
        "// alignlint: ignore a/b because c\n[source,yaml]\n----\na: é\n----\n\n```rust\nfn\n```\n\n[#one]\n== A [[two]]\n\n====\ninside\n\n----\nb\n----\n====\n",
    );
    let page = document.markdown.as_ref().unwrap();
    let fences: Vec<_> = page.fences.iter().map(|fence| document.source.slice(fence.content)).collect();
    assert_eq!(fences, ["a: é\n", "fn\n", "b\n"]);
    let comments: Vec<_> = page.comments.iter().map(|span| document.source.slice(*span)).collect();
    assert_eq!(comments, ["// alignlint: ignore a/b because c"]);
    assert!(["one", "two", "_a"].iter().all(|id| page.anchors.iter().any(|anchor| **anchor == **id)));
}

#[test]
fn front_matter_stands_above_a_page() {
    let document = parse("---\nstatus: accepted\n---\n= Title\n\n== Context\n");
    assert_eq!(document.roots[0].get("status").and_then(Node::as_text), Some("accepted"));
    assert_eq!(headings("---\na: b\n---\n= Title\n\n== Context\n").len(), 2);
}

#[test]
fn what_is_nested_too_deeply_is_a_problem() {
    let lists: String = (1..100).map(|depth| format!("{} a\n", "*".repeat(depth))).collect();
    assert_eq!(parse(&lists).problems[0].message, "lists and quotes are nested too deeply");
    let blocks: String = (4..100).map(|depth| format!("{}\n", "=".repeat(depth))).collect();
    assert!(parse(&blocks).has_fatal_problem());
}
