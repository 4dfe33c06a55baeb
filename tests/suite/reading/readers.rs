//! What the readers of layouts and values make of phrases: one line a case, in `tests/readers`.

use std::sync::Arc;

use alignlint::config::Config;
use alignlint::format::{Formats, Numbering, is_template};
use alignlint::kind::Kinds;
use alignlint::layout::{self, Content, Origin, Part, Statement};
use alignlint::node::{Mapping, Node};
use alignlint::record::{Recogniser, Record, code_key, id_key};
use alignlint::syntax::edit::page;
use alignlint::syntax::{self, Document, Format};
use alignlint::text::{Source, Span};
use alignlint::value::date::{self, Order, Stated, Unreadable};
use alignlint::value::identifier::{self, Identifier};
use alignlint::value::phrase::{Phrase, marked};
use alignlint::value::reference::{self, Target};
use alignlint::value::status::{self, Reading, Vocabulary};
use alignlint::value::{is_placeholder, nearest, people};
use proptest::prelude::*;

use crate::kit::assert_golden;

/// Reads each line of a file anew, and compares it with what is written there.
pub(super) fn walk(file: &str, read: impl Fn(&str) -> String) {
    walk_raw(file, |case| read(&case.replace("\\n", "\n")));
}

/// As [`walk`], with the escapes that stand there.
pub(super) fn walk_raw(file: &str, read: impl Fn(&str) -> String) {
    let path = format!("{}/tests/readers/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("it is there");
    let line = |line: &str| {
        if line.is_empty() || line.starts_with("// ") {
            return line.to_owned();
        }
        let (case, _) = line.rsplit_once(" => ").unwrap_or((line, ""));
        format!("{case} => {}", read(case))
    };
    let lines: Vec<String> = text.lines().map(line).collect();
    assert_golden(&format!("tests/readers/{file}"), &(lines.join("\n") + "\n"));
}

#[test]
fn values_are_read_from_phrases() {
    walk("values.txt", |case| {
        let (reader, text) = case.split_once(" | ").expect("it names a reader");
        value(reader, text)
    });
}

#[test]
fn statements_are_read_from_texts() {
    walk("statements.txt", statements);
}

#[test]
fn records_are_read_by_the_names_of_formats() {
    let kinds = Kinds::load(&[]).expect("the kinds load");
    let formats = Formats::load(&[], &[], &kinds).expect("the formats load");
    let config = Config::default();
    let recogniser = Recogniser::new(&kinds, &formats, &config);
    walk("records.txt", |case| {
        let (path, text) = case.split_once(": ").expect("it names a path");
        let format = Format::from_path(path).expect("it is read");
        let document = syntax::parse(Arc::new(Source::new(path, text.into())), format);
        let records = recogniser.records(&document).unwrap_or_default();
        let shown = |node: &Node| match node.as_sequence() {
            Some(items) => items.iter().filter_map(Node::as_text).collect::<Vec<_>>().join(" + "),
            None => node.as_text().unwrap_or("…").replace('\n', "\\n"),
        };
        let record = |record: &Record| {
            let fields = record.fields.as_mapping().map_or(&[][..], Mapping::entries).iter();
            let mut fields: Vec<String> =
                fields.map(|field| format!("{} {}", field.key.name, shown(&field.value))).collect();
            fields.sort();
            fields.insert(0, record.format.as_ref().map_or(String::new(), |format| format.name.to_string()));
            fields.join("; ")
        };
        if records.is_empty() {
            "none".to_owned()
        } else {
            records.iter().map(record).collect::<Vec<_>>().join(" // ")
        }
    });
}

fn document(case: &str) -> (bool, Document) {
    let (is_of_parts, case) = case.strip_prefix("parts:").map_or((false, case), |case| (true, case));
    let formats = [
        ("rst:", Format::Rst),
        ("adoc:", Format::AsciiDoc),
        ("wiki:", Format::MediaWiki),
        ("yaml:", Format::Yaml),
    ];
    let found = formats.iter().find_map(|(name, format)| Some((case.strip_prefix(name)?, *format)));
    let (text, format) = found.unwrap_or((case, Format::Markdown));
    let source = Source::new("folder/0007-name.md", text.into());
    (is_of_parts || format == Format::Yaml, syntax::parse(Arc::new(source), format))
}

/// The rows of the tables in a part.
fn rows<'a>(part: &Part<'a>) -> Vec<Part<'a>> {
    part.tables().iter().flat_map(|table| layout::rows(part.document, table)).collect()
}

fn statements(case: &str) -> String {
    let (is_of_parts, document) = document(case);
    let part = layout::read(&document);
    if !is_of_parts {
        return shown(&part);
    }
    let parts = [rows(&part), part.items(), part.sections(), part.entries()].concat();
    let nested = parts.iter().flat_map(Part::sections);
    [shown(&part)]
        .into_iter()
        .chain(parts.iter().map(shown))
        .chain(nested.map(|it| format!("- {}", shown(&it))))
        .collect::<Vec<_>>()
        .join(" // ")
}

fn shown(part: &Part<'_>) -> String {
    let title = part.title.iter().map(|title| format!("“{}”", title.text));
    let stated = part.statements.iter().filter(|it| it.origin < Origin::Title).map(|it| statement(part, it));
    title.chain(stated).collect::<Vec<_>>().join("; ")
}

fn statement(part: &Part<'_>, statement: &Statement<'_>) -> String {
    let source = &part.document.source;
    let items = || {
        statement
            .items(source)
            .iter()
            .map(|(text, _)| text.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
            .join(" + ")
    };
    match &statement.content {
        Content::Nothing => format!("{:?} {}", statement.origin, statement.label),
        _ => format!("{:?} {} = {}", statement.origin, statement.label, items()),
    }
}

fn vocabulary() -> Vocabulary {
    let values = ["draft", "proposed", "accepted", "rejected", "deprecated", "superseded", "withdrawn"];
    let words = [
        ("wip", "draft"),
        ("on hold", "draft"),
        ("in review", "proposed"),
        ("under review", "proposed"),
        ("review", "proposed"),
        ("waiting for review", "proposed"),
        ("last call", "proposed"),
        ("adopted", "accepted"),
        ("approved", "accepted"),
        ("implemented", "accepted"),
        ("final", "accepted"),
        ("done", "accepted"),
        ("active", "accepted"),
        ("in force", "accepted"),
        ("in effect", "accepted"),
        ("no longer valid", "deprecated"),
        ("no longer relevant", "deprecated"),
        ("inactive", "deprecated"),
    ];
    let all = values.iter().map(|value| (*value, *value)).chain(words);
    Vocabulary::new(all).with_list("status-phrases").with_list("decision-status")
}

fn value(reader: &str, text: &str) -> String {
    match reader {
        "status" => match status::read(text, &vocabulary(), Order::Unknown) {
            Reading::Placeholder => "placeholder".to_owned(),
            Reading::Nothing => "nothing".to_owned(),
            Reading::Stated(stated) => {
                let slice = |range: &std::ops::Range<usize>| text[range.clone()].replace('\n', "\\n");
                let mut parts = vec![match &stated.value {
                    Some(value) => format!("{value} ({})", stated.written.replace('\n', "\\n")),
                    None => format!("? ({})", stated.written),
                }];
                parts.extend(stated.date.iter().map(|(date, _)| format!("date {date}")));
                parts.extend(stated.end.iter().map(|(date, _)| format!("end {date}")));
                parts.extend(stated.decision_due.iter().map(|(date, _)| format!("to decide by {date}")));
                parts.extend(stated.successor.iter().map(|range| format!("by {}", slice(range))));
                parts.extend(stated.in_part.then(|| "in part".to_owned()));
                parts.extend(stated.predecessors.iter().map(|range| format!("supersedes {}", slice(range))));
                parts.join("; ")
            }
        },
        "date" => match date::read(text, Order::Unknown) {
            Ok(stated) => day(&stated),
            Err(Unreadable::NoDate) => "no date".to_owned(),
            Err(Unreadable::Impossible { reason, .. }) => reason,
        },
        "who" | "due" | "done" | "from" | "to" | "now" | "now-on" | "by" | "reached" | "done-when" => {
            let phrase = serde_json::from_value::<Phrase>(reader.into()).expect("a phrase");
            phrase.find(text).map_or_else(|| "nothing".to_owned(), |found| found.value)
        }
        "doers" | "metrics" => {
            let phrase = if reader == "doers" { Phrase::Who } else { Phrase::Metric };
            let names = phrase.names(text).into_iter();
            let shown =
                names.map(|(name, by_form)| format!("{}{}", &text[name], if by_form { "?" } else { "" }));
            shown.collect::<Vec<_>>().join("; ")
        }
        "action" => {
            let marks = ["action", "action item", "todo", "to-do", "ai", "ap"].map(Into::into);
            marked(text, &marks, true).map_or_else(|| "nothing".to_owned(), |range| text[range].to_owned())
        }
        "dates" => date::find_all(text, Order::Unknown).iter().map(day).collect::<Vec<_>>().join("; "),
        "key" => id_key(text, &[]),
        "key-of-adr" => id_key(text, &["ADR".into()]),
        "code" => code_key(text).unwrap_or_else(|| "nothing".to_owned()),
        "title-id" => id(text, identifier::in_title(text)),
        "name-id" => id(text, identifier::in_name(text)),
        "value-id" => id(text, identifier::in_value(text)),
        "title" => identifier::title_without(text).to_owned(),
        "references" => {
            let shown = |it: &reference::Reference<'_>| {
                let target = match it.target {
                    Target::Number(prefix, number) => format!("{prefix}#{number}"),
                    Target::Path(path) => format!("path {path}"),
                    Target::Address(address) => format!("address {address}"),
                    Target::Name(name) => format!("“{name}”"),
                };
                if it.in_part { format!("{target} in part") } else { target }
            };
            let found = reference::read_all(text);
            if found.is_empty() {
                "none".to_owned()
            } else {
                found.iter().map(shown).collect::<Vec<_>>().join("; ")
            }
        }
        "people" => {
            let shown = |it: &people::Named<'_>| {
                let handle =
                    it.handle.filter(|handle| *handle != it.name).map(|handle| format!(" @{handle}"));
                format!("{}{}", it.name, handle.unwrap_or_default())
            };
            let found = people::read_all(text);
            if found.is_empty() {
                "nobody".to_owned()
            } else {
                found.iter().map(shown).collect::<Vec<_>>().join("; ")
            }
        }
        "placeholder" => is_placeholder(text).to_string(),
        "nearest" => {
            const KNOWN: [&str; 10] = [
                "status",
                "author",
                "supersedes",
                "decision-makers",
                "review-by",
                "reviewed",
                "date",
                "owner",
                "replaced",
                "superseded-by",
            ];
            nearest(text, KNOWN).unwrap_or("none").to_owned()
        }
        "template" => is_template(text).to_string(),
        "series" => Numbering::Series.scope(text).to_owned(),
        _ => panic!("unknown reader {reader}"),
    }
}

fn day(stated: &Stated) -> String {
    let other = stated.other.map(|other| format!(" or {other}")).unwrap_or_default();
    match stated.day() {
        Some(day) => format!("{day}{other}"),
        None => format!("{:?} {}..{}", stated.precision, stated.first, stated.last),
    }
}

fn id(text: &str, found: Option<Identifier<'_>>) -> String {
    let Some(id) = found else { return "none".to_owned() };
    assert_eq!(&text[id.range.clone()], id.number);
    let rest = &text[id.rest..];
    let year = if id.may_be_year { " (a year?)" } else { "" };
    let gap = if id.prefix.is_empty() { "" } else { " " };
    format!("{}{gap}{}{year} | {rest}", id.prefix, id.number).trim_end_matches([' ', '|']).to_owned()
}

/// Text of marks and words that the readers know.
fn text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "Status",
        ": ",
        "**",
        "*",
        "\n",
        "\n\n",
        "- ",
        "> ",
        "| ",
        "|---|---|\n",
        "# ",
        "## ",
        "accepted",
        "superseded by ",
        "ADR-7",
        "[",
        "]",
        "(",
        ")",
        "](a.md)",
        "2026-11-20",
        "20.",
        "11/",
        "November ",
        "Q4",
        "/26",
        "é",
        "日",
        "✅",
        "<!--",
        "-->",
        "<br>",
        "<",
        ">",
        "`",
        "```\n",
        "~~",
        "---\n",
        "@ada",
        ", ",
        " and ",
        ":",
        "::",
        " ",
        "    ",
        "7. ",
        "年",
        "{",
        "}",
        "!",
        "x",
        "[x]",
        "->",
        " - ",
        " – ",
        "due ",
        "by ",
        "Friday",
        "Owner: ",
        "action",
        " done",
        ". ",
        "\u{feff}",
        "\r\n",
        "=",
        "—",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

fn check_part(part: &Part<'_>, depth: usize) {
    let source = &part.document.source;
    for statement in &part.statements {
        for span in [statement.label_span, statement.span] {
            assert!(source.text().get(span.range()).is_some(), "{span:?} in {:?}", source.text());
        }
        statement.items(source);
    }
    if depth < 4 {
        for part in [rows(part), part.items(), part.sections(), part.entries()].concat() {
            check_part(&part, depth + 1);
        }
    }
}

const PHRASES: [&str; 13] = [
    "from",
    "to",
    "now",
    "now-on",
    "by",
    "reached",
    "done-when",
    "metric",
    "who",
    "due",
    "done",
    "prefer",
    "over",
];

fn check_values(text: &str) {
    let inside =
        |range: &std::ops::Range<usize>| assert!(text.get(range.clone()).is_some(), "{range:?} in {text:?}");
    if let Reading::Stated(stated) = status::read(text, &vocabulary(), Order::Unknown) {
        let days = stated.date.iter().map(|(_, range)| range);
        let records = stated.successor.iter().chain(&stated.predecessors);
        [&stated.range].into_iter().chain(records).chain(days).for_each(inside);
    }
    if let Ok(stated) = date::read(text, Order::DayFirst) {
        inside(&stated.range);
    }
    date::find_all(text, Order::Unknown).iter().for_each(|stated| inside(&stated.range));
    date::find_loose(text).iter().for_each(|(range, _)| inside(range));
    for name in PHRASES {
        let phrase = serde_json::from_value::<Phrase>(name.into()).expect("a phrase");
        phrase.find(text).iter().for_each(|found| [&found.range, &found.taken].into_iter().for_each(inside));
        phrase.names(text).iter().for_each(|(range, _)| inside(range));
    }
    let marks = ["action", "todo", "ai"].map(Into::into);
    marked(text, &marks, true).iter().for_each(inside);
    reference::read_all(text).iter().for_each(|found| inside(&found.range));
    people::read_all(text).iter().for_each(|found| inside(&found.range));
    for found in [identifier::in_title(text), identifier::in_name(text), identifier::in_value(text)]
        .into_iter()
        .flatten()
    {
        inside(&found.range);
        assert!(text.get(found.rest..).is_some());
    }
    identifier::title_without(text);
    is_placeholder(text);
    nearest(text, ["status", "supersedes"]);
}

proptest! {
    #[test]
    fn readers_never_panic_and_stay_inside_the_text(text in text()) {
        check_values(&text);
        for format in [Format::Markdown, Format::Rst, Format::AsciiDoc, Format::MediaWiki, Format::Yaml, Format::Toml] {
            let document = syntax::parse(Arc::new(Source::new("docs/adr/0007-a.md", text.clone().into())), format);
            check_part(&layout::read(&document), 0);
            layout::read_data(&document).iter().for_each(|part| check_part(part, 0));
        }
    }

    #[test]
    fn readers_take_any_text(text in "\\PC{0,60}") {
        check_values(&text);
    }
}

/// Ten times the text takes less than thirty times as long.
#[test]
fn readers_take_linear_time() {
    for piece in [
        "[",
        "**",
        "(",
        "a: b\n",
        "| a | b ",
        "<",
        "superseded by ",
        "2026-01-",
        "[x](",
        "- a\n",
        "`",
        "x @a, ",
        "## a\n",
        ": ",
        "~~",
    ] {
        let time = |count: usize| {
            let text = piece.repeat(count);
            let document =
                syntax::parse(Arc::new(Source::new("a.md", text.clone().into())), Format::Markdown);
            let start = std::time::Instant::now();
            let part = layout::read(&document);
            part.items();
            rows(&part).len();
            part.sections();
            check_values(&text);
            start.elapsed()
        };
        // Other tests run beside it: one of three measurements is without their work.
        let is_linear = || {
            let (short, long) = (time(2_000), time(20_000));
            long < short.max(std::time::Duration::from_millis(50)) * 30
        };
        assert!((0..3).any(|_| is_linear()), "{piece:?}");
    }
}

fn with_date(text: &str, after: usize) -> String {
    let document = syntax::parse(Arc::new(Source::new("a.md", text.into())), Format::Markdown);
    let header = layout::header_lines(&document, Span::new(0, text.len()));
    let header: Vec<_> = header.iter().map(|it| (it.key.span, it.value.span)).collect();
    let edit =
        page::insert_line(&document.source, &header, after, "Date", "2026-03-02").expect("it has a style");
    assert!(edit.span.is_empty());
    format!("{}{}{}", &text[..edit.span.range().start], edit.replacement, &text[edit.span.range().end..])
}

#[test]
fn a_line_is_written_like_its_sibling() {
    let cases = [
        ("Status: accepted\n", "Status: accepted\nDate: 2026-03-02\n"),
        (
            "* Status: **accepted**\r\n* Who: a\r\n",
            "* Status: **accepted**\r\n* Date: 2026-03-02\r\n* Who: a\r\n",
        ),
        ("**Status:** ok  \n**Who:** a\n", "**Status:** ok  \n**Date:** 2026-03-02  \n**Who:** a\n"),
        ("- Who: a\n  b\n\ntext\n- Status: c\n", "- Who: a\n  b\n- Date: 2026-03-02\n\ntext\n- Status: c\n"),
        ("Status: accepted", "Status: accepted\nDate: 2026-03-02"),
        (
            "```yaml\nstatus: \"a\" # why\nwho: b\n```\n",
            "```yaml\nstatus: \"a\" # why\nDate: 2026-03-02\nwho: b\n```\n",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(with_date(text, 0), expected);
    }
    let last = with_date("**Who:** a\\\n**Status:** `ok`\n", 1);
    assert_eq!(last, "**Who:** a\\\n**Status:** `ok`\\\n**Date:** 2026-03-02\n");
}
