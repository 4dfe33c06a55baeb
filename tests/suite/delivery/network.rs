//! The program opens no network connection: shown by a trace of its system calls.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{ADA, DECISIONS, decision};
use crate::kit::{Output, PROGRAM, Repository, command};

/// Runs that together use files, history, other states, every report and help.
const RUNS: &[&[&str]] = &[
    &["--as-of", "2026-11-20", "--no-cache"],
    &["--as-of", "2026-11-20", "--since", "HEAD~1", "--policy-from", "HEAD~1"],
    &["--staged", "--since", "HEAD"],
    &[
        "--rev",
        "HEAD",
        "--format",
        "json",
        "--format",
        "jsonl=a",
        "--format",
        "sarif=b",
        "--format",
        "github=c",
        "--format",
        "gitlab=d",
        "--format",
        "junit=e",
        "--format",
        "markdown=f",
        "--format",
        "concise=g",
    ],
    &["--fix", "--fail-on", "never"],
    &["records", "--format", "json"],
    &["blame", DECISIONS],
    &["why", "."],
    &["schema", "records"],
    &["explain", "ownership/unknown"],
    &["config", "--policy-from", "HEAD~1"],
    &["--version", "--verbose"],
];

/// Sessions that answer requests: the arguments and the input.
fn sessions(repository: &Repository) -> [(&'static [&'static str], String); 2] {
    [
        (&["mcp", "--as-of", "2026-11-20"], AGENT.to_owned()),
        (&["lsp", "--as-of", "2026-11-20", "--no-cache"], editor(repository)),
    ]
}

/// The frames of a client that opens a file, one outside and one through a link, and changes the first.
fn editor(repository: &Repository) -> String {
    let uri = |path: &str| format!("file://{}/{path}", repository.path().display());
    let open = |path: &str| {
        let document =
            json!({ "uri": uri(path), "languageId": "yaml", "version": 1, "text": "decisions: []\n" });
        json!({ "method": "textDocument/didOpen", "params": { "textDocument": document } })
    };
    let capabilities = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
    let options = json!({ "config": "/etc/issue" });
    let start = json!({ "rootUri": uri(""), "capabilities": capabilities, "initializationOptions": options });
    let changed = json!({ "textDocument": { "uri": uri(DECISIONS), "version": 2 }, "contentChanges": [{ "text": "" }] });
    let messages = [
        json!({ "id": 1, "method": "initialize", "params": start }),
        json!({ "method": "initialized", "params": {} }),
        json!({ "method": "workspace/didChangeConfiguration", "params": { "settings": options } }),
        open(DECISIONS),
        open("../../etc/issue"),
        json!({ "method": "textDocument/didChange", "params": changed }),
        json!({ "method": "workspace/didChangeWatchedFiles", "params": { "changes": [] } }),
        json!({ "id": 2, "method": "shutdown" }),
        json!({ "method": "exit" }),
    ];
    let frame = |message: &Value| format!("Content-Length: {}\r\n\r\n{message}", message.to_string().len());
    messages.iter().map(frame).collect()
}

/// A call of each tool.
const AGENT: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"check","arguments":{"since":"HEAD~1"}}}
{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"why","arguments":{"path":"."}}}
{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"record","arguments":{"id":"D-1"}}}
{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"search","arguments":{"words":"sell"}}}
{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"explain","arguments":{"name":"decision"}}}
{"jsonrpc":"2.0","id":6,"method":"tools/call","params":{"name":"due","arguments":{}}}
{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"draft","arguments":{"kind":"decision","title":"Sell more","in":"docs/adr"}}}
"#;

/// System calls that open connections.
const CALLS: &[&str] =
    &["socket(", "socketpair(", "connect(", "bind(", "sendto(", "sendmsg(", "io_uring_setup("];

/// True for a system call by which something is written or a process started; threads are none.
fn writes_or_starts(call: &str) -> bool {
    let writes = ["O_WRONLY", "O_RDWR", "O_CREAT", "rename", "unlink", "mkdir", "linkat(", "truncate"];
    let starts = ["fork(", "clone(", "clone3(", "execve("].iter().any(|start| call.contains(start));
    let is_thread = call.contains("CLONE_THREAD") || call.contains("= -1 ");
    starts && !is_thread || writes.iter().any(|write| call.contains(write))
}

/// A repository with a changed decision, and with links to other machines in all places that allow them.
fn repository() -> Repository {
    let page = "---\nid: 7\nstatus: accepted\nowner: ada\ndate: 2026-11-01\n---\n# Sell\n\nSee [this](https://example.org/a) \
                and [that](../b.md).\n";
    let repository = Repository::with(&[ADA, (DECISIONS, &decision("bob")), ("docs/adr/0007-sell.md", page)]);
    let config = "$schema: https://example.org/alignlint.schema.json\nextends: [strict]\n";
    repository.write(&[("alignlint.yaml", config), (DECISIONS, &decision("ada"))]);
    repository.commit("2026-11-18");
    repository.git(&["remote", "add", "origin", "https://example.org/repository.git"]);
    repository
}

/// Runs a program under `strace`, and returns what it printed and its system calls; `None` without `strace`, which CI installs.
fn traced(
    repository: &Repository,
    program: &str,
    arguments: &[&str],
    input: &str,
) -> Option<(Output, String)> {
    if command("strace", Path::new("/")).arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "`strace` has to be installed for this test");
        eprintln!("not shown: there is no `strace` here");
        return None;
    }
    let trace = tempfile::NamedTempFile::new().expect("a temporary file");
    let given = trace.path().with_extension("input");
    fs::write(&given, input).expect("a file");
    let mut command = command("strace", repository.path());
    command.args(["-f", "-qq", "-e", "trace=network,process,file,io_uring_setup", "-o"]).arg(trace.path());
    command.stdin(fs::File::open(&given).expect("a file"));
    let said = Output::of(command.arg(program).args(arguments));
    fs::remove_file(given).expect("a file");
    Some((said, fs::read_to_string(trace.path()).expect("a trace")))
}

fn connections(seen: &str) -> Vec<&str> {
    seen.lines().filter(|line| CALLS.iter().any(|call| line.contains(call))).collect()
}

#[cfg(target_os = "linux")]
#[test]
fn no_run_opens_a_connection() {
    let repository = repository();
    let connect = ["-c", "exec 3<>/dev/tcp/127.0.0.1/1"];
    let Some((_, seen)) = traced(&repository, "bash", &connect, "") else { return };
    assert!(!connections(&seen).is_empty(), "the trace shows a connection: {seen}");
    for run in RUNS {
        let Some((said, seen)) = traced(&repository, PROGRAM, run, "") else { return };
        assert!(said.code == Some(0) || said.code == Some(1), "{run:?}: {said:?}");
        assert!(seen.contains("openat("), "{run:?} was traced: {seen}");
        assert_eq!(connections(&seen), [""; 0], "{run:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn no_session_opens_a_connection_writes_a_file_or_starts_a_process() {
    let repository = repository();
    let Some((_, seen)) = traced(&repository, "bash", &["-c", "ls > x; ls"], "") else { return };
    assert!(seen.lines().skip(1).filter(|call| writes_or_starts(call)).count() > 1, "{seen}");
    for (arguments, input) in &sessions(&repository) {
        let Some((said, seen)) = traced(&repository, PROGRAM, arguments, input) else { return };
        assert_eq!(said.code, Some(0), "{said:?}");
        let failed =
            said.out.lines().find(|answer| answer.contains("isError") || answer.contains("\"error\":{"));
        assert_eq!(failed, None);
        assert!(seen.contains("openat("), "{arguments:?} was traced: {seen}");
        assert_eq!(connections(&seen), [""; 0], "{arguments:?}");
        assert!(!seen.contains("/etc/issue"), "{arguments:?}: {seen}");
        // The first call starts the program.
        let calls: Vec<&str> = seen.lines().skip(1).filter(|call| writes_or_starts(call)).collect();
        assert_eq!(calls, [""; 0], "{arguments:?}");
    }
}
