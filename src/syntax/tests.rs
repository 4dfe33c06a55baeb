//! Properties of all formats: spans inside of the file, problems instead of panics, linear time.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::node::Value;

const FORMATS: [Format; 7] = [
    Format::Yaml,
    Format::Json,
    Format::Toml,
    Format::Markdown,
    Format::Rst,
    Format::MediaWiki,
    Format::AsciiDoc,
];

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

fn fatal(document: &Document) -> (&str, &str) {
    let mut fatal = document.problems.iter().filter(|problem| problem.fatal);
    let problem = fatal.next().expect("a fatal problem");
    assert_eq!(fatal.next(), None);
    let rest = &document.source.text()[problem.span.start as usize..];
    (&problem.message, &rest[..rest.len().min(3)])
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
fn nested_brackets_are_limited_in_every_format() {
    for format in [Format::Yaml, Format::Json, Format::Toml] {
        let prefix = if format == Format::Toml { "a = " } else { "" };
        for bracket in ["[", "{", "[[", "{\"a\":", "[{\"a\":"] {
            let document = read_hostile(format, prefix.to_owned() + &bracket.repeat(100_000));
            assert!(document.has_fatal_problem(), "{format:?} {bracket}");
        }
        let closed = format!("{prefix}{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(fatal(&read_hostile(format, closed)).0.starts_with("nested more than"));
    }
}

#[test]
fn repeated_markup_is_parsed_in_time() {
    for mark in [
        ">", "> ", "[", "*", "`", "- ", "1. ", "![[", "[a](", "<", "a**b", "[a][b]", "<!--", "<a ", "~~a",
        "| a ", "[^a]: ", "\\[",
    ] {
        assert!(!read_hostile(Format::Markdown, mark.repeat(100_000)).has_fatal_problem(), "{mark}");
    }
    let deep = ["1. ".repeat(50_000), ">".repeat(50_000)];
    for deep in deep {
        let page = format!("{deep}a\n{}", "b\n".repeat(100_000));
        assert_eq!(fatal(&read_hostile(Format::Markdown, page)).0, "lists and quotes are nested too deeply");
    }
    read_hostile(Format::Markdown, format!("{}a{}", "1. ".repeat(20_000), " ".repeat(2_000_000)));
}

#[test]
fn repeated_markup_of_other_pages_is_parsed_in_time() {
    let short = [
        "`", "``", "`a ", "``a ", "*", "a_ ", "a_-", "a`_ ", "|a", "[1]_ ", "[a", ":a:`", ":a", "\\",
        "==  ==\n", "+-+-+\n", "| a\n", ".. a::\n", "a\n=\n", "::", "a\n b\n", "[[", "[[a", "<!--", "<code>",
        "<pre>\n", "<pre\n", "{{", "{|\n", "| a || ", "''", "* a\n", "=a=\n", "<a ", "://", "__ a\n",
        ":a: b\n", "a:: b\n", "====\n", "----\n", "////\n", "|===\n", "<<", "<<a,", "link:a[", "pass:[",
        "{a}", "+a", "++a", "((", "(((a", "[.a]#b# ", "\"`a", "// a\n", "[a]\n", "+\n",
    ];
    let long = [
        "==  ==\na\n\n",
        ".. _a: b_\n",
        ".. list-table::\n",
        "a::\n\n  b\n",
        "[http://a",
        "http://a ",
        "* a\n** b\n",
        "====\n=====\n",
        "|===\n|a |b\n",
        ".2+|a 3*|b\n",
        "link:a[\\]",
        "ifdef::a[]\n",
        "https://a[",
    ];
    for mark in short.into_iter().chain(long) {
        for format in [Format::Rst, Format::MediaWiki, Format::AsciiDoc] {
            assert!(!read_hostile(format, mark.repeat(20_000)).has_fatal_problem(), "{format:?} {mark}");
        }
    }
    let wide =
        format!("{}\n{}==  ==\n", "==  ".repeat(20_000), format!("{}\n", "a   ".repeat(20)).repeat(20_000));
    read_hostile(Format::Rst, wide);
    let stairs: String = (0..60).map(|depth| format!("{}- a\n\n", "  ".repeat(depth))).collect();
    read_hostile(Format::Rst, format!("{stairs}{}", format!("{}b\n", " ".repeat(120)).repeat(50_000)));
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
        for format in FORMATS {
            assert_places(&read_as(format, text.as_str()));
        }
    }

    #[test]
    fn any_bytes_are_parsed(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        for format in FORMATS {
            assert_places(&read_as(format, bytes.clone()));
        }
    }
}
