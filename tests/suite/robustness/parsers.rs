//! What holds for each format that is parsed: spans inside of the file, problems instead of panics, linear time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use alignlint::limits;
use alignlint::node::{Node, Value};
use alignlint::syntax::{Document, Format, parse};
use alignlint::text::{Source, Span};
use proptest::prelude::*;

fn read_as(format: Format, text: impl Into<Vec<u8>>) -> Document {
    parse(Arc::new(Source::new("a", text.into())), format)
}

fn read_hostile(format: Format, text: impl Into<Vec<u8>>) -> Document {
    let start = Instant::now();
    let document = read_as(format, text);
    // Linear time is a second; quadratic time is many minutes, also on a fast machine.
    assert!(start.elapsed() < Duration::from_secs(30), "{format:?} took {:?}", start.elapsed());
    assert_places(&document);
    document
}

fn assert_places(document: &Document) {
    let text = document.source.text();
    let check =
        |span: Span| assert!(text.get(span.range()).is_some(), "{span:?} of {} in {text:?}", text.len());
    for problem in &document.problems {
        check(problem.span);
        problem.related.iter().for_each(|(span, _)| check(*span));
    }
    let copies = document.format == Format::Yaml || document.format == Format::Markdown;
    let may_copy = copies && text.contains('*');
    let mut open: Vec<&Node> = document.roots.iter().collect();
    while let Some(node) = open.pop() {
        check(node.span);
        let inside = |span: Span| {
            check(span);
            assert!(may_copy || node.span.contains(span), "{span:?} in {:?} of {text:?}", node.span);
        };
        match &node.value {
            Value::Scalar(_) => {}
            Value::Sequence(items) => {
                items.iter().for_each(|item| inside(item.span));
                open.extend(items);
            }
            Value::Mapping(mapping) => {
                for entry in mapping.entries() {
                    inside(entry.key.span);
                    inside(entry.value.span);
                    open.push(&entry.value);
                }
            }
        }
    }
    let Some(markdown) = &document.markdown else { return };
    let inside = |whole: Span, part: Span| {
        check(whole);
        check(part);
        assert!(whole.contains(part), "{part:?} in {whole:?} of {text:?}");
    };
    for heading in &markdown.headings {
        inside(heading.line, heading.span);
        inside(heading.body, heading.own_body);
    }
    for table in &markdown.tables {
        table.header.iter().chain(table.rows.iter().flatten()).for_each(|cell| inside(table.span, cell.span));
    }
    for link in &markdown.links {
        inside(link.span, link.text);
        inside(link.span, link.destination_span);
    }
    markdown.fences.iter().for_each(|fence| inside(fence.span, fence.content));
    markdown.items.iter().for_each(|item| inside(item.span, item.text));
    for span in
        markdown.paragraphs.iter().map(|paragraph| paragraph.span).chain(markdown.comments.iter().copied())
    {
        check(span);
    }
    for pair in markdown.prose.windows(2) {
        assert!(pair[0].span.end <= pair[1].span.start);
    }
    markdown.prose.iter().for_each(|prose| check(prose.span));
    markdown
        .front_matter
        .iter()
        .filter(|found| found.closed)
        .for_each(|found| inside(found.block, found.content));
}

#[test]
fn repeated_markup_is_parsed_in_time() {
    let others = [
        "a**b",
        "[a](",
        "[a][b]",
        "[^a]: ",
        "\\[",
        "| a ",
        "a_-",
        "a`_ ",
        "|a",
        "[1]_ ",
        ":a:`",
        "__ a\n",
        "<a ",
        "://",
        "[.a]#b# ",
        "pass:[",
        "link:a[\\]",
        "ifdef::a[]\n",
        "https://a[",
        ".2+|a 3*|b\n",
        "(((a",
        "==  ==\na\n\n",
    ];
    for mark in MARKS.iter().chain(&LONG_MARKS).chain(&others) {
        for (_, format) in Format::NAMES.into_iter().filter(|(_, format)| format.is_page()) {
            read_hostile(format, mark.repeat(20_000));
        }
    }
    let wide =
        format!("{}\n{}==  ==\n", "==  ".repeat(20_000), format!("{}\n", "a   ".repeat(20)).repeat(20_000));
    read_hostile(Format::Rst, wide);
    let stairs: String = (0..60).map(|depth| format!("{}- a\n\n", "  ".repeat(depth))).collect();
    read_hostile(Format::Rst, format!("{stairs}{}", format!("{}b\n", " ".repeat(120)).repeat(50_000)));
    for deep in ["1. ".repeat(50_000), ">".repeat(50_000)] {
        let page = read_hostile(Format::Markdown, format!("{deep}a\n{}", "b\n".repeat(100_000)));
        assert_eq!(page.problems[0].message, "lists and quotes are nested too deeply");
    }
}

#[test]
fn long_lines_and_many_keys_take_linear_time() {
    let word = "word ".repeat(1_000_000);
    let document = read_hostile(Format::Yaml, format!("a: {word}"));
    assert_eq!(document.problems, []);
    assert_eq!(read_hostile(Format::Yaml, format!("a: \"{word}\"")).problems, []);
    assert_eq!(read_hostile(Format::Json, format!("{{\"a\": \"{word}\"}}")).problems, []);
    assert_eq!(read_hostile(Format::Toml, format!("a = \"{word}\"")).problems, []);
    assert_eq!(read_hostile(Format::Markdown, word).markdown.unwrap().prose.len(), 1);
    let keys = |pair: fn(usize) -> String| (0..50_000).map(pair).collect::<String>();
    assert_eq!(read_hostile(Format::Yaml, keys(|n| format!("k{n}: 1\n"))).problems, []);
    assert_eq!(read_hostile(Format::Yaml, keys(|_| "k: 1\n".into())).problems.len(), limits::PROBLEMS + 1);
    assert_eq!(read_hostile(Format::Toml, keys(|_| "k = 1\n".into())).problems.len(), limits::PROBLEMS + 1);
    assert_eq!(read_hostile(Format::Toml, keys(|n| format!("[[t.a{n}]]\n"))).problems, []);
}

const MARKS: &[&str] = &[
    "a", "id", "é", "🚀", ": ", ":", "- ", "-", "\n", "\r\n", "\n\n", "  ", "\t", " ", "[", "]", "{", "}",
    ",", "\"", "'", "|", "|\n", ">", "> ", "&a ", "*a", "<<: ", "? ", "# ", "#", "---\n", "...\n", "+++\n",
    "!!str ", "~", "= ", ".", "1", "true", "[[", "]]", "\"\"\"", "\\", "(", ")", "](", "<", "<!--", "-->",
    "<a id=x>", "`", "```\n", "**", "_", "===\n", "1. ", "[^1]", "&amp;", "@", "%", "\u{feff}", "\u{301}",
    "![", "null", "Key: v\n", ":Key: ", ".. ", "::", ".. _a: ", "`a <b>`_", "a_", "`a`__", ":doc:`", "``",
    ">>> ", "== ", " ==\n", "{|\n", "|-\n", "|}\n", "! a !! ", "[[a.md|", "<pre>", "</pre>", "<code>",
    "</code>", "{{", "}}", "0007", "* ", "** ", ". ", "Key:: ", ":a: ", "+\n", "====\n", "----\n", "****\n",
    "////\n", "|===\n", "2+|", ".3+a|", "[[a]]", ".Title\n", "<<a,b>>", "{a}", "// c\n", "((", "))", "+",
    "\"`", "`\"",
];

const LONG_MARKS: [&str; 18] = [
    "| a | b |\n",
    "|---|---|\n",
    "Title: v\n",
    "::\n\n    ",
    ".. note:: ",
    ".. list-table::\n\n   * - ",
    ".. csv-table::\n   :header: ",
    "+---+---+\n",
    "===  ===\n",
    "| a |   |\n",
    "[http://a ",
    "[cols=\"1,2*\"]\n",
    "[source,ruby]\n",
    "xref:a.adoc#b[c]",
    "link:++a b++[",
    "include::a[]\n",
    "v1.0, 2026-01-31: r\n",
    "Ada <a@b>\n",
];

fn marked_text() -> impl Strategy<Value = String> {
    let pieces = [MARKS, &LONG_MARKS].concat();
    prop::collection::vec(prop::sample::select(pieces), 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_parsed_with_spans_inside_of_it(text in prop_oneof![3 => marked_text(), 1 => any::<String>()]) {
        for (_, format) in Format::NAMES {
            assert_places(&read_as(format, text.as_str()));
        }
    }

    #[test]
    fn any_bytes_are_parsed(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        for (_, format) in Format::NAMES {
            assert_places(&read_as(format, bytes.clone()));
        }
    }
}
