use std::sync::Arc;

use super::super::{Document, Format};
use super::*;

fn parse(text: &str) -> Document {
    crate::syntax::parse(Arc::new(Source::new("a.rst", text.into())), Format::Rst)
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
fn levels_are_in_the_order_in_which_adornments_come() {
    let text =
        "=====\n Big\n=====\n\nOne\n===\ntext\n\nTwo\n---\n\nBelow ``it``\n~~~~~~~~~~~~\n\nThree\n=====\n";
    assert_eq!(
        headings(text),
        [
            (1, "Big".into()),
            (2, "One".into()),
            (3, "Two".into()),
            (4, "Below it".into()),
            (2, "Three".into())
        ]
    );
    let document = parse(text);
    let bodies = slices(&document, |page| &page.headings, |heading| heading.body);
    assert_eq!(bodies[1], "text\n\nTwo\n---\n\nBelow ``it``\n~~~~~~~~~~~~\n\n");
    assert_eq!(slices(&document, |page| &page.headings, |heading| heading.line)[0], "=====\n Big\n=====");
}

#[test]
fn a_line_of_punctuation_alone_is_no_heading() {
    assert_eq!(headings("text\n\n----\n\ntext\n"), []);
    assert_eq!(headings("Title of many words\n==\n"), [], "the line is too short");
    assert_eq!(headings("- item\n\n  No\n  ==\n\n::\n\n  Code\n  ====\n"), []);
    assert_eq!(headings("Größe\n=====\n"), [(1, "Größe".into())]);
    assert_eq!(headings("1. Context\n==========\n"), [(1, "1. Context".into())]);
}

#[test]
fn a_lead_states_the_title_of_a_page() {
    let document = parse("PEP: 8\nTitle: Style\nAuthor: Ada,\n        Grace\n\nAbstract\n========\n");
    let page = document.markdown.as_ref().unwrap();
    assert_eq!(
        document.source.slice(page.lead.as_ref().unwrap().span),
        "PEP: 8\nTitle: Style\nAuthor: Ada,\n        Grace"
    );
    assert!(page.title().is_none() && page.headings.len() == 1 && page.paragraphs.is_empty());
    assert!(parse("Note: this.\n\nTitle\n=====\n").markdown.unwrap().lead.is_none());
}

#[test]
fn items_have_a_depth_and_the_text_of_their_first_paragraph() {
    let document =
        parse("* one *x*\n  more\n\n  - two\n\n    para\n\n#. three\n2. not\nan item\n\n(b) four\n");
    let items = &document.markdown.as_ref().unwrap().items;
    let found: Vec<_> =
        items.iter().map(|item| (item.depth, &*item.plain, document.source.slice(item.text))).collect();
    assert_eq!(
        found,
        [(1, "one x more", "one *x*\n  more"), (2, "two", "two"), (1, "three", "three"), (1, "four", "four")]
    );
    assert_eq!(
        slices(&document, |page| &page.items, |item| item.span)[0],
        "* one *x*\n  more\n\n  - two\n\n    para"
    );
}

#[test]
fn tables_of_all_forms_are_read() {
    let rows = ["Term | Means", "One | first of all", "Two | second"];
    let grid = "+------+----------+\n| Term | Means    |\n+======+==========+\n| One  | first    |\n|      | of all   |\n+------+----------+\n| Two  | second   |\n+------+----------+\n";
    let simple =
        "====  ======\nTerm  Means\n====  ======\nOne   first\n      of all\nTwo   *second*\n====  ======\n";
    for text in [grid, simple] {
        assert_eq!(tables(text), [rows.to_vec()], "{text}");
    }
    assert_eq!(tables("====  ====\nnever closed\n"), Vec::<Vec<String>>::new());
    let facts = parse("====== ====\nStatus Draft\nDate   2026\n====== ====\n");
    let table = &facts.markdown.as_ref().unwrap().tables[0];
    assert_eq!(facts.source.slice(table.header[1].span), "Draft");
}

#[test]
fn links_of_all_forms_have_a_destination() {
    let text = "See `a b <x.rst>`_, `Long  name`_, word_, :doc:`../c`, :doc:`C <d>`, :pep:`8`, `missing`_.\n\n\
                .. _long name: y.rst\n.. _word: https://example.org/a\n   b\n";
    let link = |text: &str, target: &str| (text.to_owned(), target.to_owned());
    assert_eq!(
        links(text),
        [
            link("a b", "x.rst"),
            link("Long  name", "y.rst"),
            link("word", "https://example.org/ab"),
            link("../c", "../c"),
            link("C", "d"),
        ]
    );
    assert_eq!(links("`a <b_>`_ and b_\n\n.. _b: c.rst\n"), [link("a", "c.rst"), link("b", "c.rst")]);
    assert_eq!(links("`a`_ and a_ and `b <https://x.y>`__\n\n.. _a: b_\n.. _b: a_\n").len(), 1, "a circle");
    assert_eq!(links("`b`_ goes on\n\n.. _b:\n\ntext\n"), [], "a place of this page");
}

#[test]
fn prose_is_visible_text() {
    let document = parse(
        "Title\n=====\n\n:Field: value\n\nOne\ntwo ``code`` **three** :role:`no` https://x.y end\\ s.\n\n\
         .. note:: Take\n\n   care.\n\n.. code-block:: sh\n\n   no\n\n.. a comment\n\n.. [1] Foot.\n\nTerm\n    Meaning.\n",
    );
    assert_eq!(
        slices(&document, |page| &page.prose, |prose| prose.span),
        ["Title", "value", "One\ntwo ", "three", " end", "s.", "Take", "care.", "Foot.", "Term", "Meaning."]
    );
}

#[test]
fn code_comments_and_anchors_are_found() {
    let document = parse(
        ".. code-block:: yaml\n   :caption: x\n\n   a: é\n\nLiteral::\n\n    indented\n\n> quoted\n\n\
         .. alignlint: ignore a/b\n   because c\n\n.. _my-place:\n\nT\n=\n",
    );
    let page = document.markdown.as_ref().unwrap();
    let fences = slices(&document, |page| &page.fences, |fence| fence.content);
    assert_eq!(fences, ["   a: é\n", "    indented\n"]);
    let comments: Vec<_> = page.comments.iter().map(|span| document.source.slice(*span)).collect();
    assert_eq!(comments, [".. alignlint: ignore a/b\n   because c"]);
    assert!(page.anchors.iter().any(|anchor| &**anchor == "my-place"));
}
