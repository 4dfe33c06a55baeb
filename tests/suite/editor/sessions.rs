//! How a session begins and ends, and what it refuses.

use alignlint::lsp::Ended;
use serde_json::{Value, json};

use crate::kit::{Editor, Repository};

fn repository() -> Repository {
    Repository::with(&[("governance/people.yaml", "people:\n  - { id: ada, name: Ada Byron }\n")])
}

#[test]
fn a_session_has_an_order() {
    let mut editor = Editor::started(&repository());
    let code = |response: &Value| response["error"]["code"].as_i64();
    assert_eq!(code(&editor.request("textDocument/hover", json!({}))), Some(-32002));
    let folder = repository();
    let root = format!("file://{}", folder.path().display());
    let response =
        editor.request("initialize", json!({ "processId": null, "rootUri": root, "capabilities": {} }));
    assert_eq!(response["result"]["serverInfo"]["name"], "alignlint");
    assert_eq!(code(&editor.request("initialize", json!({}))), Some(-32600));
    assert_eq!(code(&editor.request("no/such", json!({}))), Some(-32601));
    assert!(editor.request("shutdown", Value::Null)["error"].is_null());
    assert_eq!(code(&editor.request("textDocument/hover", json!({}))), Some(-32600));
    editor.notify("exit", Value::Null);
    assert_eq!(editor.ended(), Ok(Ended::Orderly));
}

#[test]
fn a_client_that_goes_away_ends_the_session() {
    let repository = repository();
    assert_eq!(Editor::open(&repository).ended(), Ok(Ended::Abruptly));
    let mut editor = Editor::open(&repository);
    editor.notify("exit", Value::Null);
    assert_eq!(editor.ended(), Ok(Ended::Abruptly));
}

#[test]
fn a_broken_frame_ends_the_session() {
    let repository = repository();
    for (bytes, reason) in [
        ("Content-Length: 67108865\r\n\r\n", "the session has ended: a frame is larger than 64 MiB"),
        ("Content-Length: 2\r\n\r\n{}", "the session has ended: a frame is no message: "),
        ("hello\r\n\r\n", "the session has ended: the header of a frame is broken"),
    ] {
        let mut editor = Editor::open(&repository);
        editor.send_bytes(bytes.as_bytes());
        let error = editor.ended().expect_err(bytes);
        assert!(error.starts_with(reason), "{error}");
    }
}

#[test]
fn a_folder_that_can_not_be_listed_is_an_error_of_the_request() {
    let mut editor = Editor::started(&repository());
    let response =
        editor.request("initialize", json!({ "rootUri": "file:///no/such/folder", "capabilities": {} }));
    assert!(
        response["error"]["message"].as_str().is_some_and(|it| it.contains("it does not exist")),
        "{response}"
    );
    assert_eq!(editor.ended(), Ok(Ended::Abruptly));
}

#[test]
fn a_client_that_can_watch_is_asked_to() {
    let repository = repository();
    let watching = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
    let editor = Editor::with(&repository, watching);
    let asked =
        editor.messages.iter().find(|it| it["method"] == "client/registerCapability").expect("it is asked");
    assert_eq!(asked["params"]["registrations"][0]["method"], "workspace/didChangeWatchedFiles");
    let other = Editor::open(&repository);
    assert!(!other.messages.iter().any(|it| it["method"] == "client/registerCapability"));
}

#[test]
fn a_new_document_is_checked_also_when_its_file_appears_on_disk() {
    let repository = repository();
    let mut editor = Editor::open(&repository);
    let (path, text) =
        ("governance/decisions.yaml", "decisions: [{ id: D-1, title: A, status: accepted, owner: eva }]\n");
    editor.open_text(path, text);
    editor.settle();
    repository.write(&[(path, text)]);
    editor.set_text(path, &text.replace("eva", "zoe"));
    editor.settle();
    assert!(editor.shown()[path].iter().any(|line| line.contains("`zoe`")), "{:?}", editor.shown());
}

#[test]
fn what_no_file_shows_is_a_message_once() {
    let repository = repository();
    let decision = "decisions: [{ id: D-1, title: A, status: accepted, owner: ada }]\n";
    repository
        .write(&[("teams/a/alignlint.yaml", "extends: strict\n"), ("governance/decisions.yaml", decision)]);
    let mut editor = Editor::open(&repository);
    editor.open_text("governance/people.yaml", "people:\n  - { id: ada, name: Ada }\n");
    editor.settle();
    let shown = editor.messages.iter().filter(|it| it["method"] == "window/showMessage");
    let shown: Vec<&str> = shown.filter_map(|it| it["params"]["message"].as_str()).collect();
    let [message] = shown[..] else { panic!("{shown:?}") };
    assert!(message.starts_with("`teams/a/alignlint.yaml` is not followed"), "{message}");
}

/// The position is one in the text as the client has it now.
#[test]
fn a_request_right_after_a_change_is_about_the_new_text() {
    let repository = repository();
    let log = "decisions:\n  - { id: D-1, title: Sell in Norway, status: accepted, owner: ada }\n";
    repository.write(&[("governance/decisions.yaml", log)]);
    let mut editor = Editor::open(&repository);
    editor.open_text("governance/decisions.yaml", log);
    editor.settle();
    for lines in 1..20 {
        let start = json!({ "line": 0, "character": 0 });
        let change = json!({ "range": { "start": start, "end": start }, "text": "# 📌\n" });
        editor.change("governance/decisions.yaml", &[change]);
        let at = json!({ "line": lines + 1, "character": 11 });
        let document = json!({ "uri": editor.uri("governance/decisions.yaml") });
        let hover = editor.request("textDocument/hover", json!({ "textDocument": document, "position": at }));
        let shown = hover["result"]["contents"]["value"].as_str().unwrap_or_default();
        assert!(shown.contains("Sell in Norway"), "after {lines} lines: {hover}");
    }
}

/// What the server shows of a file is asked for by opening it.
#[test]
fn a_file_outside_or_through_a_link_or_left_out_is_not_read() {
    let folder = Repository::folder_with(&[("people.yaml", "people: [{ id: ada, name: Ada }]\n")]);
    let repository = repository();
    repository.write(&[(".gitignore", "/out\n*.tmp.yaml\n"), ("out/records.yaml", "")]);
    std::os::unix::fs::symlink(folder.path(), repository.join("governance/link")).expect("a link");
    let mut editor = Editor::open(&repository);
    let outside =
        format!("../{}/people.yaml", folder.path().file_name().and_then(|it| it.to_str()).expect("a name"));
    let text = "decisions: [{ id: D-1, title: A, status: accepted, owner: eva }]\n";
    for path in [
        &outside,
        "governance/link/decisions.yaml",
        "governance/%2e%2e/../x.yaml",
        "out/records.yaml",
        "governance/a.tmp.yaml",
        ".git/x.yaml",
    ] {
        editor.open_text(path, text);
        editor.settle();
        assert!(editor.shown().is_empty(), "{path}: {:?}", editor.shown());
        editor.change(path, &[json!({ "text": "" })]);
        editor.close(path);
    }
    editor.open_text("governance/decisions.yaml", text);
    editor.settle();
    assert_eq!(editor.shown().keys().collect::<Vec<_>>(), ["governance/decisions.yaml"]);
}
