//! The program opens no network connection: shown by a trace of its system calls.

use std::fs;
use std::path::Path;

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
    &["--version"],
];

/// System calls that open connections.
const CALLS: &[&str] =
    &["socket(", "socketpair(", "connect(", "bind(", "sendto(", "sendmsg(", "io_uring_setup("];

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

#[cfg(target_os = "linux")]
#[test]
fn no_run_opens_a_connection() {
    let repository = repository();
    let trace = tempfile::NamedTempFile::new().expect("a temporary file");
    let strace = |program: &str, arguments: &[&str]| {
        let mut command = command("strace", repository.path());
        command.args(["-f", "-qq", "-e", "trace=network,io_uring_setup,openat", "-o"]).arg(trace.path());
        let said = Output::of(command.arg(program).args(arguments));
        (said, fs::read_to_string(trace.path()).expect("a trace"))
    };
    // The test needs `strace`, which CI installs.
    if command("strace", Path::new("/")).arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "`strace` has to be installed for this test");
        eprintln!("not shown: there is no `strace` here");
        return;
    }
    let (_, seen) = strace("bash", &["-c", "exec 3<>/dev/tcp/127.0.0.1/1"]);
    assert!(CALLS.iter().any(|call| seen.contains(call)), "the trace shows a connection: {seen}");
    for run in RUNS {
        let (said, seen) = strace(PROGRAM, run);
        assert!(said.code == Some(0) || said.code == Some(1), "{run:?}: {said:?}");
        assert!(seen.contains("openat("), "{run:?} was traced: {seen}");
        let calls: Vec<&str> =
            seen.lines().filter(|line| CALLS.iter().any(|call| line.contains(call))).collect();
        assert_eq!(calls, Vec::<&str>::new(), "{run:?}");
    }
}
