//! What holds for each format that is parsed: no panic, places inside of the file, linear time.

use std::time::{Duration, Instant};

use alignlint::text::{Span, SpanTree};
use proptest::prelude::*;

use super::fuzz::targets;

const FORMATS: [&str; 7] = ["asciidoc", "json", "markdown", "mediawiki", "rst", "toml", "yaml"];

#[test]
fn repeated_markup_is_parsed_in_time() {
    let wide =
        format!("{}\n{}==  ==\n", "==  ".repeat(20_000), format!("{}\n", "a   ".repeat(20)).repeat(20_000));
    let stairs: String = (0..60).map(|depth| format!("{}- a\n\n", "  ".repeat(depth))).collect();
    let stairs = format!("{stairs}{}", format!("{}b\n", " ".repeat(120)).repeat(50_000));
    let deep =
        ["1. ".repeat(50_000), ">".repeat(50_000)].map(|it| format!("{it}a\n{}", "b\n".repeat(100_000)));
    let repeated = marks().into_iter().map(|mark| mark.repeat(8_000)).chain([wide, stairs]).chain(deep);
    for text in repeated {
        for format in FORMATS.into_iter().filter(|format| !["json", "toml", "yaml"].contains(format)) {
            let start = Instant::now();
            targets::perform(format, text.as_bytes());
            // Linear time is a second; quadratic time is many minutes, also on a fast machine.
            let mark: String = text.chars().take(20).collect();
            assert!(start.elapsed() < Duration::from_secs(30), "{format}: {mark:?}");
        }
    }
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

/// Separated by `¦`, with `⏎` for a line end.
const LONG_MARKS: [&str; 5] = [
    "| a | b |⏎¦|---|---|⏎¦Title: v⏎¦::⏎⏎    ¦.. note:: ¦.. list-table::⏎⏎   * - ",
    ".. csv-table::⏎   :header: ¦+---+---+⏎¦===  ===⏎¦| a |   |⏎¦[http://a ¦[cols=\"1,2*\"]⏎",
    "[source,ruby]⏎¦xref:a.adoc#b[c]¦link:++a b++[¦include::a[]⏎¦v1.0, 2026-01-31: r⏎¦Ada <a@b>⏎",
    "a**b¦[a](¦[a][b]¦[^a]: ¦\\[¦| a ¦a_-¦a`_ ¦[1]_ ¦:a:`¦__ a⏎¦<a ¦://¦[.a]#b# ¦pass:[¦link:a[\\]",
    "ifdef::a[]⏎¦https://a[¦.2+|a 3*|b⏎¦(((a¦==  ==⏎a⏎⏎",
];

fn marks() -> Vec<String> {
    let long = LONG_MARKS.iter().flat_map(|marks| marks.split('¦')).map(|mark| mark.replace('⏎', "\n"));
    MARKS.iter().map(ToString::to_string).chain(long).collect()
}

fn marked_text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(marks()), 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_parsed_with_places_inside_of_it(text in prop_oneof![3 => marked_text(), 1 => any::<String>()]) {
        FORMATS.iter().for_each(|format| targets::perform(format, text.as_bytes()));
    }

    #[test]
    fn any_bytes_are_parsed(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        FORMATS.iter().for_each(|format| targets::perform(format, &bytes));
    }

    #[test]
    fn a_tree_returns_all_spans_that_contain_a_span(
        spans in prop::collection::vec((0_usize..20, 0_usize..8), 0..12),
        (start, length) in (0_usize..20, 0_usize..4),
    ) {
        let spans: Vec<Span> = spans.iter().map(|(start, length)| Span::new(*start, start + length)).collect();
        let query = Span::new(start, start + length);
        let mut found: Vec<usize> = SpanTree::new(spans.iter().copied()).containing(query).collect();
        let starts: Vec<u32> = found.iter().map(|&at| spans[at].start).collect();
        prop_assert!(starts.is_sorted_by(|a, b| a >= b));
        found.sort_unstable();
        let expected: Vec<usize> = (0..spans.len()).filter(|&at| spans[at].contains(query)).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn a_reftable_with_other_bytes_is_read_or_refused(
        edits in prop::collection::vec((0_usize..444, any::<u8>()), 1..6),
        length in 0_usize..=444,
    ) {
        let mut table = include_bytes!("../../../fuzz/seeds/refs.reftable").to_vec();
        edits.into_iter().for_each(|(at, byte)| table[at] = byte);
        targets::perform("reftable", &table[..length.max(200)]);
    }
}
