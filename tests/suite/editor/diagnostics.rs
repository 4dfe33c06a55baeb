//! What the server shows while files are edited.

use serde_json::json;

use crate::kit::{Editor, Repository};

const DECISION: &str = "governance/decisions/D-1.md";

fn page(owner: &str) -> String {
    format!(
        "---\nkind: decision\nid: D-1\n---\n\n# Sell in Norway\n\n- Status: accepted\n- Date: 2026-11-01\n- Owner: {owner}\n\n\
         ## Context\n\nSo 📌.\n\n## Options\n\n- a\n- b\n\n## Consequences\n\n- c\n"
    )
}

const PEOPLE: &str = "people:\n  - { id: ada, name: Ada Byron }\n  - { id: bo, name: Bo Ek }\n";

fn repository() -> Repository {
    Repository::with(&[(DECISION, &page("ada")), ("governance/people.yaml", PEOPLE)])
}

/// The places of `ownership/unknown`, by file.
fn unknown(editor: &Editor) -> Vec<String> {
    let lines = editor.shown().into_iter().flat_map(|(path, lines)| {
        lines
            .into_iter()
            .filter(|line| line.contains(" ownership/unknown "))
            .map(move |line| format!("{path} {line}"))
    });
    lines
        .map(|line| line.split(' ').filter(|word| word.contains(['/', ':'])).collect::<Vec<_>>().join(" "))
        .collect()
}

#[test]
fn an_unsaved_change_is_checked_and_one_that_is_taken_back_is_gone() {
    let repository = repository();
    let mut editor = Editor::open(&repository);
    assert_eq!(unknown(&editor), [""; 0]);
    editor.open_text(DECISION, &page("ada"));
    editor.set_text(DECISION, &page("eva"));
    editor.settle();
    assert_eq!(unknown(&editor), [format!("{DECISION} ownership/unknown 9:9-9:12")]);
    editor.close(DECISION);
    editor.settle();
    assert_eq!(unknown(&editor), [""; 0]);
    assert_eq!(editor.quit(), Ok(alignlint::lsp::Ended::Orderly));
}

#[test]
fn a_change_in_one_file_shows_findings_in_others_that_are_not_open() {
    let repository = repository();
    let mut editor = Editor::open(&repository);
    editor.open_text("governance/people.yaml", PEOPLE);
    editor.set_text("governance/people.yaml", &PEOPLE.replace("id: ada", "id: adam").replace("Ada", "Adam"));
    editor.settle();
    assert_eq!(unknown(&editor), [format!("{DECISION} ownership/unknown 9:9-9:12")]);
}

#[test]
fn a_part_of_a_text_is_replaced_where_the_client_counts_it() {
    let text = page("📌 ada").replace('\n', "\r\n");
    let at = |column: u32| json!({ "line": 9, "character": column });
    for (encodings, column) in [(json!(["utf-16"]), 12), (json!(["utf-8", "utf-16"]), 14)] {
        let repository = repository();
        let mut editor = Editor::with(&repository, json!({ "general": { "positionEncodings": encodings } }));
        assert_eq!(editor.initialized["result"]["capabilities"]["positionEncoding"], encodings[0]);
        editor.open_text(DECISION, &text);
        editor.change(
            DECISION,
            &[json!({ "range": { "start": at(column), "end": at(column + 3) }, "text": "bo" })],
        );
        editor.settle();
        assert_eq!(unknown(&editor), [format!("{DECISION} ownership/unknown 9:9-9:{}", column + 2)]);
        editor.change(DECISION, &[json!({ "range": { "start": at(9), "end": at(99) }, "text": "bo" })]);
        editor.settle();
        assert_eq!(unknown(&editor), [""; 0]);
    }
}

#[test]
fn a_fault_of_the_policy_is_shown_at_its_place() {
    let repository = repository();
    let mut editor = Editor::open(&repository);
    editor.open_text("alignlint.yaml", "");
    for (path, text, place) in [
        ("alignlint.yaml", "extends: [nonsense]\n", "alignlint.yaml 0:10-0:18"),
        (
            "policy/rules/house/a.yaml",
            "for: decision\nexpect: record.nonsense\nmessage: x\n",
            "policy/rules/house/a.yaml 1:",
        ),
        ("policy/kinds/risk.yaml", "title: [\n", "policy/kinds/risk.yaml"),
        ("policy/formats/f.yaml", "nonsense: 1\n", "policy/formats/f.yaml"),
    ] {
        if path != "alignlint.yaml" {
            editor.set_text("alignlint.yaml", "extends: [./policy]\n");
            editor.open_text(path, "");
        }
        editor.set_text(path, text);
        editor.settle();
        let shown = editor.shown();
        let lines: Vec<String> = shown
            .iter()
            .flat_map(|(path, lines)| lines.iter().map(move |line| format!("{path} {line}")))
            .collect();
        assert!(
            !lines.is_empty() && lines.iter().all(|line| line.contains(" error - ")),
            "{path}: {lines:?}"
        );
        let is_there = |line: &String| line.replace(" error -", "").starts_with(place);
        assert!(lines.iter().any(is_there), "{place}: {lines:?}");
        editor.close(path);
        if path == "alignlint.yaml" {
            editor.open_text(path, "");
        }
    }
    editor.close("alignlint.yaml");
    editor.settle();
    assert!(!editor.shown().values().flatten().any(|line| line.contains(" - ")));
}

#[test]
fn a_suppressed_finding_is_a_hint_with_its_reason() {
    let ignored = page("eva").replace(
        "# Sell",
        "<!-- alignlint: ignore ownership/unknown until 2027-01-31 because Eva starts in January -->\n# Sell",
    );
    let exception =
        "exceptions:\n  - { id: E-1, rule: RULE, scope: [D-1], reason: 'Eva   starts', status: active }\n";
    for (name, text, reason) in [
        (DECISION, ignored, "suppressed until 2027-01-31 because Eva starts in January: "),
        (
            "governance/exceptions.yaml",
            exception.replace("RULE", "ownership/unknown"),
            "suppressed because Eva starts: ",
        ),
    ] {
        let repository =
            Repository::with(&[(DECISION, &page("eva")), ("governance/people.yaml", PEOPLE), (name, &text)]);
        let editor = Editor::open(&repository);
        assert_eq!(unknown(&editor), [""; 0], "{name}");
        let hints: Vec<&serde_json::Value> =
            editor.diagnostics[DECISION].iter().filter(|one| one["severity"] == 4).collect();
        assert_eq!(hints.len(), 1, "{name}");
        assert!(hints[0]["message"].as_str().is_some_and(|it| it.starts_with(reason)), "{:?}", hints[0]);
        assert_eq!(hints[0]["code"], "ownership/unknown");
    }
}

#[test]
fn the_disk_is_compared_when_a_client_says_so_or_else_at_each_save_and_open() {
    let watching = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
    for watches in [true, false] {
        let repository = repository();
        let mut editor = Editor::with(&repository, if watches { watching.clone() } else { json!({}) });
        let expected = [format!("{DECISION} ownership/unknown 9:9-9:12")];
        repository.write_file(DECISION, &page("eva"));
        if watches {
            editor.changed_on_disk(&[DECISION]);
        } else {
            editor.save("governance/people.yaml");
        }
        editor.settle();
        assert_eq!(unknown(&editor), expected);
        // A file is renamed: the old one goes, another one comes.
        let other = "governance/decisions/D-2.md";
        std::fs::rename(repository.join(DECISION), repository.join(other)).expect("it is renamed");
        if watches {
            editor.changed_on_disk(&[DECISION, other]);
        } else {
            editor.open_text(other, &page("eva"));
        }
        editor.settle();
        assert_eq!(unknown(&editor), [format!("{other} ownership/unknown 9:9-9:12")]);
        repository.git(&["checkout", "--quiet", "."]);
        repository.remove(other);
        if watches {
            editor.changed_on_disk(&[other]);
        } else {
            editor.close(other);
        }
        editor.settle();
        assert_eq!(unknown(&editor), [""; 0]);
    }
}
