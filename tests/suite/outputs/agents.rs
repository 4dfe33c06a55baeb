//! `alignlint mcp`: what agents are answered.

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::kit::{PROGRAM, Repository, TODAY, command};

const FILES: &[(&str, &str)] = &[
    ("governance/people.yaml", "people:\n  - {id: ada, name: Ada Byron}\n"),
    (
        "governance/decisions.yaml",
        "decisions:\n  - {id: D-1, title: Sell through partners, status: accepted, owner: bob}\n  \
         - {id: D-2, title: Sell less, status: accepted, supersedes: D-1, governs: src/new.py}\n",
    ),
    ("secret.env", "TOKEN: abc123\n"),
];

/// Returns the answers to messages, in order.
fn answers(repository: &Repository, messages: &[Value]) -> Vec<Value> {
    answers_in(repository.path(), messages)
}

fn answers_in(folder: &Path, messages: &[Value]) -> Vec<Value> {
    let mut command = command(PROGRAM, folder);
    command.args(["mcp", "--as-of", TODAY]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let input: String = messages.iter().map(|message| format!("{message}\n")).collect();
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads");
    let out = child.wait_with_output().expect("it ends");
    assert!(out.status.success());
    let lines = String::from_utf8(out.stdout).expect("text");
    lines.lines().map(|line| serde_json::from_str(line).expect("an answer on each line")).collect()
}

/// Returns the result of a call.
fn call(repository: &Repository, tool: &str, arguments: Value) -> Value {
    let parameters = json!({ "name": tool, "arguments": arguments });
    let message = json!({ "jsonrpc": "2.0", "id": "a", "method": "tools/call", "params": parameters });
    let mut answers = answers(repository, &[message]);
    assert_eq!((answers.len(), &answers[0]["id"]), (1, &json!("a")));
    answers[0]["result"].take()
}

/// Returns the data in the result of a call, which is there as text too.
fn data(repository: &Repository, tool: &str, arguments: Value) -> Value {
    let result = call(repository, tool, arguments);
    let data = &result["structuredContent"];
    let text = result["content"][0]["text"].as_str().unwrap_or_default();
    assert_eq!(serde_json::from_str::<Value>(text).ok().as_ref(), Some(data), "{result}");
    data.clone()
}

#[test]
fn a_session_begins_with_the_version_that_the_client_speaks() {
    let repository = Repository::with(FILES);
    let message = |id: u32, method: &str, parameters: Value| json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters });
    let found = answers(
        &repository,
        &[
            message(1, "initialize", json!({ "protocolVersion": "2024-11-05" })),
            json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }),
            message(2, "initialize", json!({ "protocolVersion": "1999-01-01" })),
            message(3, "tools/list", json!({})),
            message(4, "resources/list", json!({})),
            json!([1]),
            json!({ "jsonrpc": "2.0", "id": 1.5, "method": "ping" }),
        ],
    );
    assert_eq!(found[0]["result"]["protocolVersion"], "2024-11-05");
    assert_eq!(found[1]["result"]["protocolVersion"], "2025-11-25");
    // Its digits would not come back as they were.
    assert_eq!(found[5]["error"]["code"], -32600);
    let tools = found[2]["result"]["tools"].as_array().expect("tools");
    let names: Vec<&str> = tools.iter().filter_map(|tool| tool["name"].as_str()).collect();
    assert_eq!(names, ["check", "why", "record", "search", "explain", "due", "draft"]);
    assert!(tools.iter().all(|tool| tool["annotations"]["readOnlyHint"] == true));
    assert_eq!(found[3]["error"]["code"], -32601);
    assert_eq!(found[4]["error"]["code"], -32600);
}

#[test]
fn tools_answer_what_the_commands_print() {
    let repository = Repository::with(FILES);
    let checked = data(&repository, "check", json!({ "path": "governance/decisions.yaml" }));
    let printed = repository.run_today(&["--format", "json", "governance/decisions.yaml"]).json();
    assert_eq!([&checked["findings"], &checked["summary"]], [&printed["findings"], &printed["summary"]]);
    let governing = data(&repository, "why", json!({ "path": "src/new.py" }));
    assert_eq!(governing["records"][0]["record"]["id"], "D-2");
    assert_eq!(data(&repository, "check", json!({ "since": "HEAD" }))["findings"], json!([]));
    let record = data(&repository, "record", json!({ "id": "D-1" }));
    assert_eq!(record["records"][0]["title"], "Sell through partners");
    assert_eq!(record["records"][0]["cited-by"][0]["id"], "D-2");
    let found = data(&repository, "search", json!({ "words": "LESS sell" }));
    assert_eq!(found["records"][0]["id"], "D-2");
    assert_eq!(found["records"].as_array().map(Vec::len), Some(1));
    let page = data(&repository, "explain", json!({ "name": "ownership/missing" }));
    assert!(page["page"].as_str().is_some_and(|page| page.contains("ownership/missing")), "{page}");
    assert_eq!(data(&repository, "due", json!({ "within": "2 weeks" }))["title"], "What falls due");
    let before = repository.read("governance/decisions.yaml");
    let draft = data(&repository, "draft", json!({ "kind": "decision", "title": "Sell more" }));
    let file = &draft["files"][0];
    let place = [&file["path"], &file["new"], &file["line"], &file["replaces"]];
    assert_eq!(place, [&json!("governance/decisions.yaml"), &json!(false), &json!(4), &json!(0)]);
    assert!(
        file["text"].as_str().is_some_and(|text| text.contains("Sell more") && !text.contains("partners"))
    );
    assert_eq!(repository.read("governance/decisions.yaml"), before);
}

#[test]
fn a_path_in_a_result_is_one_for_an_argument_wherever_the_server_starts() {
    let repository = Repository::with(FILES);
    repository.write(&[("src/deep/a.py", "")]);
    let message = |tool: &str, arguments: Value| {
        let parameters = json!({ "name": tool, "arguments": arguments });
        json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": parameters })
    };
    let path = "governance/decisions.yaml";
    let messages = [
        message("search", json!({})),
        message("check", json!({ "path": path })),
        message("why", json!({ "path": "src/new.py" })),
    ];
    let found = answers_in(&repository.join("src/deep"), &messages);
    let rows = |at: usize, list: &str| {
        found[at]["result"]["structuredContent"][list].as_array().expect("a list").clone()
    };
    assert_eq!(rows(0, "records").len(), 3);
    assert!(
        rows(1, "findings").iter().all(|finding| finding["path"] == path) && !rows(1, "findings").is_empty()
    );
    assert_eq!(rows(2, "records")[0]["record"]["id"], "D-2");
}

#[test]
fn what_is_no_record_is_not_returned() {
    let repository = Repository::with(FILES);
    for (tool, arguments) in [
        ("record", json!({ "id": "secret.env" })),
        ("explain", json!({ "name": "secret.env" })),
        ("search", json!({ "words": "abc123" })),
        ("why", json!({ "path": "../../etc/passwd" })),
        ("check", json!({ "path": "secret.env" })),
    ] {
        let result = call(&repository, tool, arguments);
        assert!(!result.to_string().contains("abc123"), "{tool}: {result}");
    }
}

#[test]
fn arguments_are_no_flags() {
    let repository = Repository::with(FILES);
    let wrong = |arguments: Value| {
        let parameters = json!({ "name": "check", "arguments": arguments });
        let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": parameters });
        answers(&repository, &[message])[0]["error"]["message"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(wrong(json!({ "since": "--config=/etc/passwd" })), "`--config=/etc/passwd` is not a revision");
    assert_eq!(wrong(json!({ "config": "x" })), "`check` has no parameter `config`");
    assert_eq!(wrong(json!({ "path": 7 })), "`path` is not a string");
    let flag = call(&repository, "check", json!({ "path": "--fix" }));
    assert_eq!(flag["isError"], true);
    assert!(
        flag["content"][0]["text"].to_string().contains("file or folder `--fix` does not exist"),
        "{flag}"
    );
}

/// Applies a draft as the description of the tool says.
fn apply(repository: &Repository, file: &Value) {
    let (path, text) = (file["path"].as_str().expect("a path"), file["text"].as_str().expect("a text"));
    if file["new"] == true {
        return repository.write(&[(path, text)]);
    }
    let before = repository.read(path);
    let mut lines: Vec<&str> = before.split_inclusive('\n').collect();
    let number = |name: &str| file[name].as_u64().expect("a number") as usize;
    let from = number("line") - 1;
    lines.splice(from..from + number("replaces"), [text]);
    repository.write(&[(path, &lines.concat())]);
}

#[test]
fn a_draft_can_be_applied() {
    let item = "{id: D-1, title: Sell, status: accepted, date: 2026-11-01}";
    let lists = [
        ("governance/decisions.yaml", format!("decisions:\n  - {item}\n")),
        ("governance/decisions.yaml", format!("decisions:\r\n  - {item}\r\n")),
        ("governance/decisions.yaml", format!("decisions:\n  - {item}")),
        ("governance/decisions.yaml", format!("decisions: [{item}]\n")),
        ("governance/decisions.json", r#"{"decisions":[{"id":"D-1","title":"Sell"}]}"#.to_owned()),
        (
            "governance/decisions.json",
            "{\"decisions\": [\n{\"id\": \"D-1\", \"title\": \"Sell\"}\n]}\n".to_owned(),
        ),
        ("docs/adr/0001-sell.md", "# Sell\n\n## Status\n\nAccepted\n".to_owned()),
    ];
    for (path, text) in lists {
        let repository = Repository::with(&[(path, &text)]);
        let draft = data(&repository, "draft", json!({ "kind": "decision", "title": "Sell  more\nto all" }));
        apply(&repository, &draft["files"][0]);
        let found = data(&repository, "search", json!({ "words": "sell" }));
        let titles: Vec<&Value> =
            found["records"].as_array().into_iter().flatten().map(|row| &row["title"]).collect();
        assert_eq!(titles, ["Sell", "Sell more to all"], "{text}: {draft}");
    }
}

#[cfg(unix)]
#[test]
fn a_draft_belongs_into_the_repository() {
    let outside = Repository::folder_with(&[("kpis.yaml", "kpis:\n")]);
    let repository = Repository::with(FILES);
    std::os::unix::fs::symlink(outside.path(), repository.join("strategy")).expect("a link");
    for place in ["../x", "/etc", "strategy/kpis.yaml", ".git/config"] {
        let result = call(&repository, "draft", json!({ "kind": "decision", "title": "x", "in": place }));
        assert_eq!(result["isError"], true, "{place}: {result}");
    }
}

#[test]
fn a_file_that_the_configuration_names_is_not_quoted() {
    let broken = [("id_rsa", "TOKEN abc123\n"), ("governance/x.yaml", "kpis: []\n")];
    for config in ["baseline: id_rsa\n", "extends: [./id_rsa]\n"] {
        let repository = Repository::with(&broken);
        repository.write(&[("alignlint.yaml", config)]);
        let result = call(&repository, "check", json!({}));
        assert!(result["isError"] == true && !result.to_string().contains("abc123"), "{result}");
    }
}

#[test]
fn invisible_characters_are_written_out() {
    let title = "Sell\u{202e}less\u{200b}\u{e0041}\u{200d}\u{180c}";
    let page = format!("decisions:\n  - {{id: D-1, title: \"{title}\", status: accepted}}\n");
    let repository = Repository::with(&[("governance/decisions.yaml", &page)]);
    let record = data(&repository, "record", json!({ "id": "D-1" }));
    assert_eq!(record["records"][0]["title"], "Sell\\u{202e}less\\u{200b}\\u{e0041}\\u{200d}\\u{180c}");
}

#[test]
fn a_result_is_at_most_64_kib_and_counts_what_it_leaves_out() {
    let item = |number: usize| {
        format!("  - {{id: D-{number}, title: Decision \"{number}\" of many, status: accepted}}\n")
    };
    let items: String = (0..2_000).map(item).collect();
    let long =
        format!("decisions:\n{items}  - {{id: E-1, title: {}, status: accepted}}\n", "word ".repeat(40_000));
    let repository = Repository::with(&[("governance/decisions.yaml", &long)]);
    for (tool, arguments, is_long) in [
        ("check", json!({}), true),
        ("search", json!({ "words": "decision" }), true),
        ("record", json!({ "id": "E-1" }), false),
        ("record", json!({ "id": "governance/decisions.yaml" }), true),
        ("explain", json!({ "name": "decision" }), false),
        ("due", json!({}), false),
    ] {
        let result = call(&repository, tool, arguments);
        let size = result.to_string().len();
        assert!(size <= 64 << 10, "{tool}: {size}");
        let data = &result["structuredContent"];
        assert_eq!(data["left-out"].as_u64().is_some(), is_long, "{tool}: {size}");
        assert!(!is_long || size > 48 << 10, "{tool}: {size}");
    }
    // Nothing but long texts is cut, and says so.
    let text = data(&repository, "record", json!({ "id": "E-1" }))["records"][0]["title"].to_string();
    assert!(text.contains("… (1") && text.contains(" more characters)"), "{text:.99}");
    let found = data(&repository, "check", json!({}));
    let whole = |finding: &Value| {
        finding["rule"].to_string().contains('/') && finding["path"] == "governance/decisions.yaml"
    };
    assert!(found["findings"].as_array().is_some_and(|findings| findings.iter().all(whole)));
    let listed = data(&repository, "search", json!({ "words": "decision" }));
    let shown = listed["records"].as_array().map_or(0, Vec::len) as u64;
    assert_eq!(shown + listed["left-out"].as_u64().unwrap_or(0), 2_001);
}

#[test]
fn a_message_over_a_mebibyte_is_refused_and_the_next_one_answered() {
    let repository = Repository::with(FILES);
    let ping = |padding: usize| json!({ "jsonrpc": "2.0", "id": 1, "method": "ping", "params": " ".repeat(padding) });
    let found = answers(
        &repository,
        &[ping(3 << 20), ping(0), json!({ "jsonrpc": "2.0", "id": null, "method": "ping" })],
    );
    assert_eq!(
        (found.len(), &found[0]["error"]["code"], &found[1]["result"]),
        (2, &json!(-32600), &json!({}))
    );
}
