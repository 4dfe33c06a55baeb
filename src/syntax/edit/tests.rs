use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::syntax;
use crate::text::Source;

fn parse(path: &str, text: &str) -> Document {
    let format = Format::from_path(path).unwrap();
    syntax::parse(Arc::new(Source::new(path, text.as_bytes().to_vec())), format)
}

fn applied(text: &str, edit: &Edit) -> String {
    let range = edit.span.range();
    format!("{}{}{}", &text[..range.start], edit.replacement, &text[range.end..])
}

fn after(path: &str, text: &str, edit: impl Fn(&Editor) -> Option<TreeEdit>) -> Option<String> {
    let before = parse(path, text);
    let edit = edit(&Editor::new(&before)?)?;
    let after = applied(text, &edit.edit);
    is_expected_result(&before, [&edit], &parse(path, &after)).then_some(after)
}

fn day() -> NewValue {
    NewValue::Scalar(NewScalar { text: "2026-03-02".into(), ty: ScalarType::Date })
}

fn list() -> NewValue {
    NewValue::List(NewScalar::text("D-9"))
}

fn holder(editor: &Editor, key: &str) -> NodePath {
    let at = editor.document.source.text().find(key).unwrap();
    let mut path = editor.key_at(Span::new(at, at + key.len())).unwrap();
    path.steps.pop();
    path
}

fn inserted(path: &str, text: &str, sibling: &str, new: &NewValue) -> Option<String> {
    after(path, text, |editor| {
        let mapping = holder(editor, sibling);
        let entries = editor.node(&mapping)?.as_mapping()?.entries();
        let name = sibling.trim_matches('"');
        let at = entries.iter().position(|entry| &*entry.key.name == name)?;
        editor.insert_entry(
            &mapping,
            &[at],
            if matches!(new, NewValue::List(_)) { "by" } else { "date" },
            new,
        )
    })
}

#[test]
fn a_key_is_inserted_after_its_sibling() {
    let cases = [
        (
            "a.yaml",
            "- id: 1  # one\n  # about b\n  b: 2\n",
            "id",
            "- id: 1  # one\n  date: 2026-03-02\n  # about b\n  b: 2\n",
        ),
        ("a.yaml", "s: |\n  x\n\n  y\n\nb: 1\n", "s", "s: |\n  x\n\n  y\ndate: 2026-03-02\n\nb: 1\n"),
        (
            "a.yaml",
            "s:\r\n  - a\r\n  # - b\r\nb: 1",
            "s",
            "s:\r\n  - a\r\n  # - b\r\ndate: 2026-03-02\r\nb: 1",
        ),
        ("a.yaml", "a: {id: 1, b: 2}", "id", "a: {id: 1, date: 2026-03-02, b: 2}"),
        ("a.yaml", "a: { id: 1,b: 2 }", "b", "a: { id: 1,b: 2,date: 2026-03-02 }"),
        (
            "a.yaml",
            "a: {\n  id: 1, # one\n  b: 2 # two\n}\n",
            "id",
            "a: {\n  id: 1, # one\n  date: 2026-03-02,\n  b: 2 # two\n}\n",
        ),
        (
            "a.yaml",
            "a: {\n  id: 1,\n  b: 2 # two\n}\n",
            "b",
            "a: {\n  id: 1,\n  b: 2, # two\n  date: 2026-03-02\n}\n",
        ),
        ("a.yaml", "\u{feff}id: é\n", "id", "\u{feff}id: é\ndate: 2026-03-02\n"),
        ("a.yaml", "id: 'x'", "id", "id: 'x'\ndate: '2026-03-02'"),
        ("a.yaml", "owner:\nb: 1\n", "owner", "owner:\ndate: 2026-03-02\nb: 1\n"),
        (
            "a.json",
            "{\n\t\"id\": 1,\n\t\"b\": [\n\t]\n}\n",
            "\"b\"",
            "{\n\t\"id\": 1,\n\t\"b\": [\n\t],\n\t\"date\": \"2026-03-02\"\n}\n",
        ),
        ("a.json", "{\"id\":1,\"b\":2}", "\"id\"", "{\"id\":1,\"date\":\"2026-03-02\",\"b\":2}"),
        ("a.toml", "[[d]]\nid = 1 # one\nb = 2\n", "id", "[[d]]\nid = 1 # one\ndate = 2026-03-02\nb = 2\n"),
        ("a.toml", "d = [{ id = 1, b = 2 }]\n", "id", "d = [{ id = 1, date = 2026-03-02, b = 2 }]\n"),
        ("a.md", "---\nid: 1\n---\n# T\n", "id", "---\nid: 1\ndate: 2026-03-02\n---\n# T\n"),
        (
            "a.md",
            "+++\r\nid = 1\r\n+++\r\n# T\r\n",
            "id",
            "+++\r\nid = 1\r\ndate = 2026-03-02\r\n+++\r\n# T\r\n",
        ),
    ];
    for (path, text, sibling, expected) in cases {
        assert_eq!(inserted(path, text, sibling, &day()).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn a_list_is_written_like_its_siblings() {
    let cases = [
        ("a.yaml", "id: 1\n", "id: 1\nby: [D-9]\n"),
        ("a.yaml", "id: 1\ntags:\n- a\n", "id: 1\nby:\n- D-9\ntags:\n- a\n"),
        (
            "a.yaml",
            "- id: 1\n  tags:\n    - \"a\"\n",
            "- id: 1\n  by:\n    - \"D-9\"\n  tags:\n    - \"a\"\n",
        ),
        ("a.json", "{\"id\": 1}", "{\"id\": 1, \"by\": [\"D-9\"]}"),
        ("a.toml", "id = 1\n", "id = 1\nby = [\"D-9\"]\n"),
    ];
    for (path, text, expected) in cases {
        let sibling = if path.ends_with("json") { "\"id\"" } else { "id" };
        assert_eq!(inserted(path, text, sibling, &list()).as_deref(), Some(expected), "{text}");
    }
}

fn at_words<'e>(
    words: &'e str,
    edit: impl Fn(&Editor, &NodePath) -> Option<TreeEdit> + 'e,
) -> impl Fn(&Editor) -> Option<TreeEdit> + 'e {
    move |editor| {
        let at = editor.document.source.text().find(words)?;
        edit(editor, &editor.scalar_at(Span::new(at, at + words.len()))?)
    }
}

#[test]
fn a_scalar_keeps_its_quotes() {
    let cases = [
        ("a.yaml", "a: old # x\n", "old", "a: new # x\n"),
        ("a.yaml", "a: 'old'\n", "'old'", "a: 'new'\n"),
        ("a.yaml", "a: &x \"old\"\n", "\"old\"", "a: &x \"new\"\n"),
        ("a.yaml", "a: [old, b]\n", "old", "a: [new, b]\n"),
        ("a.json", "{\"a\": \"old\"}", "\"old\"", "{\"a\": \"new\"}"),
        ("a.toml", "a = 'old'\n", "'old'", "a = 'new'\n"),
        ("a.md", "---\na: old\n---\n", "old", "---\na: new\n---\n"),
    ];
    for (path, text, words, expected) in cases {
        let edit =
            at_words(words, |editor, path| editor.set(path, &NewValue::Scalar(NewScalar::text("new"))));
        assert_eq!(after(path, text, edit).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn a_value_with_a_comment_inside_is_not_replaced() {
    let cases = [
        ("a.yaml", "s: [ # kept\n  ]\n", None),
        ("a.yaml", "s: { # kept\n  }\n", None),
        ("a.yaml", "s: {a: 1}\n", None),
        ("a.yaml", "s: | # kept\n  old\n", None),
        ("a.toml", "s = [ # kept\n]\n", None),
        ("a.yaml", "s: | # a\n  old # a\n", None),
        ("a.yaml", "s: []\n", Some("s: new\n")),
        ("a.yaml", "s: \"# no comment\"\n", Some("s: \"new\"\n")),
        ("a.yaml", "s#1:\n", Some("s#1: new\n")),
    ];
    for (path, text, expected) in cases {
        let edit = after(path, text, |editor| {
            let entry = editor.entry(&editor.root()?, 0);
            editor.set(&entry, &NewValue::Scalar(NewScalar::text("new")))
        });
        assert_eq!(edit.as_deref(), expected, "{text}");
    }
}

#[test]
fn anchors_aliases_and_merge_keys_are_not_edited() {
    let shared = "a: &x {id: 1, s: old}\nb: *x\n";
    let put = at_words("old", |editor, path| editor.set(path, &NewValue::Scalar(NewScalar::text("new"))));
    assert_eq!(after("a.yaml", shared, put), None, "the alias would change too");
    assert_eq!(inserted("a.yaml", shared, "id", &day()), None);
    let scalar = "a: &x old\nb: *x\n";
    let put = at_words("*x", |editor, path| editor.set(path, &NewValue::Scalar(NewScalar::text("new"))));
    assert_eq!(after("a.yaml", scalar, put), None, "the alias stays one");
    assert_eq!(inserted("a.yaml", "a: &x\n  id: 1\nb:\n  <<: *x\n  s: 2\n", "id", &day()), None);
    let own = inserted("a.yaml", "a: &x\n  id: 1\nb:\n  <<: *x\n  s: 2\n", "s", &day());
    assert_eq!(own.as_deref(), Some("a: &x\n  id: 1\nb:\n  <<: *x\n  s: 2\n  date: 2026-03-02\n"));
    let alone = inserted("a.yaml", "a: &x\n  id: 1\n", "id", &day());
    assert_eq!(alone.as_deref(), Some("a: &x\n  id: 1\n  date: 2026-03-02\n"), "nothing repeats it");
}

fn appended(path: &str, text: &str) -> Option<String> {
    after(path, text, |editor| {
        let root = editor.root()?;
        let at =
            editor.node(&root)?.as_mapping()?.entries().iter().position(|entry| &*entry.key.name == "l")?;
        editor.append_item(&editor.entry(&root, at), &NewScalar::text("new"))
    })
}

#[test]
fn an_item_is_appended() {
    let cases = [
        ("a.yaml", "l: [a, b]\n", "l: [a, b, new]\n"),
        ("a.yaml", "l: []\n", "l: [new]\n"),
        ("a.yaml", "l:\n", "l: [new]\n"),
        ("a.yaml", "l:  # none yet\nb: 1\n", "l: [new]  # none yet\nb: 1\n"),
        ("a.yaml", "l: a\n", "l: [a, new]\n"),
        ("a.yaml", "l:\n  - 'a' # x\n  # y\nb: 1\n", "l:\n  - 'a' # x\n  # y\n  - 'new'\nb: 1\n"),
        (
            "a.yaml",
            "l:\r\n-   a\r\n-   b: 1\r\n    c: 2\r\n",
            "l:\r\n-   a\r\n-   b: 1\r\n    c: 2\r\n-   new\r\n",
        ),
        ("a.yaml", "l: [\n  a, # x\n  b\n]\n", "l: [\n  a, # x\n  b,\n  new\n]\n"),
        ("a.json", "{\"l\": []}", "{\"l\": [\"new\"]}"),
        ("a.json", "{\"l\": [\n  \"a\"\n]}", "{\"l\": [\n  \"a\",\n  \"new\"\n]}"),
        ("a.json", "{\"l\": null}", "{\"l\": [\"new\"]}"),
        ("a.toml", "l = [\n  \"a\", # x\n]\n", "l = [\n  \"a\", # x\n  \"new\",\n]\n"),
    ];
    for (path, text, expected) in cases {
        assert_eq!(appended(path, text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn a_key_is_renamed() {
    for (path, text, expected) in [
        ("a.yaml", "stauts: x # y\n", "status: x # y\n"),
        ("a.yaml", "{\"stauts\": x}\n", "{\"status\": x}\n"),
        ("a.toml", "stauts = 1\n", "status = 1\n"),
    ] {
        let edit = after(path, text, |editor| {
            let entry = editor.entry(&editor.root()?, 0);
            editor.rename_key(&entry, "status")
        });
        assert_eq!(edit.as_deref(), Some(expected));
    }
    let taken = after("a.yaml", "stauts: x\nstatus: y\n", |editor| {
        let entry = editor.entry(&editor.root()?, 0);
        editor.rename_key(&entry, "status")
    });
    assert_eq!(taken, None, "there is one already");
}

#[test]
fn several_edits_of_one_tree_combine() {
    let text = "- id: 1\n  l: [a]\n- id: 2\n  s: old\n";
    let before = parse("a.yaml", text);
    let editor = Editor::new(&before).unwrap();
    let at = |words: &str| Span::new(text.find(words).unwrap(), text.find(words).unwrap() + words.len());
    let mut list = editor.key_at(at("l")).unwrap();
    let edits = [
        editor.set(&editor.scalar_at(at("old")).unwrap(), &NewValue::Scalar(NewScalar::text("new"))).unwrap(),
        editor.append_item(&list, &NewScalar::text("b")).unwrap(),
        {
            list.steps.pop();
            editor.insert_entry(&list, &[0], "date", &day()).unwrap()
        },
    ];
    let mut sorted = edits.to_vec();
    sorted.sort_by_key(|edit| std::cmp::Reverse(edit.edit.span));
    let after = sorted.iter().fold(text.to_owned(), |text, edit| applied(&text, &edit.edit));
    assert_eq!(after, "- id: 1\n  date: 2026-03-02\n  l: [a, b]\n- id: 2\n  s: new\n");
    assert!(is_expected_result(&before, &edits, &parse("a.yaml", &after)));
    assert!(!is_expected_result(&before, &edits[1..], &parse("a.yaml", &after)));
}

#[test]
fn files_with_errors_are_not_edited() {
    assert!(Editor::new(&parse("a.yaml", "a: [1")).is_none());
    assert!(Editor::new(&parse("a.json", "{\"a\": ")).is_none());
    let text = "a: 1\na: 2\n";
    assert_eq!(inserted("a.yaml", text, "a", &day()).as_deref(), Some("a: 1\ndate: 2026-03-02\na: 2\n"));
}

fn mapping() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        Just("1".to_owned()),
        Just("'a b'".to_owned()),
        Just("\"é\"".to_owned()),
        Just(String::new()),
        Just("[a, 'b']".to_owned()),
        Just("{x: 1}".to_owned()),
        Just("plain text # no".to_owned()),
        Just("|\n      two\n      lines".to_owned()),
        Just(">-\n      folded\n\n      text\n".to_owned()),
        Just("\n      - a\n      - b".to_owned()),
        Just("\n    - a # c\n    # d".to_owned()),
        Just("\n      x: 1\n      y: 2".to_owned()),
        Just("&anchor z".to_owned()),
        Just("~".to_owned()),
    ];
    let gap = prop_oneof![Just("\n"), Just("\n\n"), Just("\n    # about the next\n"), Just(" # tail\n")];
    let entry = (value, gap);
    (
        proptest::collection::vec(entry, 1..6),
        prop_oneof![Just("\n"), Just("\r\n")],
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(entries, newline, bom, ends)| {
            let mut text = String::from("top:\n  - ");
            for (at, (value, gap)) in entries.iter().enumerate() {
                if at > 0 {
                    text.push_str("    ");
                }
                let space = if value.starts_with('\n') || value.is_empty() { "" } else { " " };
                text.push_str(&format!("k{at}:{space}{value}{gap}"));
            }
            let text = if ends { text } else { text.trim_end().to_owned() };
            format!("{}{}", if bom { "\u{feff}" } else { "" }, text.replace('\n', newline))
        })
}

proptest! {
    #[test]
    fn edits_in_any_layout_have_the_expected_result(
        text in mapping(), at in 0_usize..6, sort in 0_usize..4
    ) {
        let before = parse("a.yaml", &text);
        let Some(editor) = Editor::new(&before) else { return Ok(()) };
        let key = format!("k{at}:");
        let Some(start) = text.find(&key) else { return Ok(()) };
        let entry = editor.key_at(Span::new(start, start + key.len() - 1)).expect("the key is there");
        let mut holder = entry.clone();
        holder.steps.pop();
        let edit = match sort {
            0 => editor.insert_entry(&holder, &[at], "new", &day()),
            1 => editor.insert_entry(&holder, &[at], "new", &list()),
            2 => editor.append_item(&entry, &NewScalar::text("new: one")),
            _ => editor.rename_key(&entry, "other"),
        };
        let Some(edit) = edit else { return Ok(()) };
        let after = applied(&text, &edit.edit);
        prop_assume!(is_expected_result(&before, [&edit], &parse("a.yaml", &after)));
        let lines = |text: &str| text.lines().filter(|line| line.contains('#')).count();
        prop_assert_eq!(lines(&text), lines(&after), "comments stay: {}", after);
        prop_assert_eq!(text.contains("\r\n"), after.contains("\r\n"));
        prop_assert!(!text.contains("\r\n") || !after.replace("\r\n", "").contains('\n'));
        prop_assert_eq!(text.ends_with('\n'), after.ends_with('\n'));
        prop_assert!(after.len() >= text.len() - 2 || sort == 3);
    }
}
