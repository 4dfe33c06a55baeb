//! Citations of records in source code.

use crate::kit::{Repository, adr};

const STALE: [&str; 2] = ["--select", "reference/stale-citation"];

fn stale(repository: &Repository, arguments: &[&str]) -> Vec<String> {
    let output = repository.check(&[&STALE, arguments].concat());
    assert_ne!(output.code, Some(2), "{}", output.err);
    output.out.lines().map(|line| line.split(": warning[").next().unwrap_or(line).to_owned()).collect()
}

#[test]
fn a_number_names_the_record_of_the_closest_component() {
    let (live, dead) = (adr(3, "A choice", "Accepted"), adr(3, "A choice", "Rejected"));
    let cites = "// ADR-3\n";
    let repository = Repository::with(&[
        ("docs/adr/0003-a.md", &dead),
        ("services/api/docs/adr/0003-b.md", &live),
        ("services/web/docs/adr/0003-c.md", &dead),
        ("main.go", cites),
        ("services/api/main.go", cites),
        ("services/web/main.go", cites),
        ("services/other/main.go", cites),
    ]);
    let found = ["main.go:1:4", "services/other/main.go:1:4", "services/web/main.go:1:4"];
    assert_eq!(stale(&repository, &[]), found);
    repository.write(&[("docs/decisions/0003-d.md", &live)]);
    assert_eq!(stale(&repository, &[]), ["services/web/main.go:1:4"], "two folders at the root: unclear");
}

#[test]
fn improvement_proposals_are_cited_by_their_letters() {
    let dead = "---\neip: 155\ntitle: Replay\nauthor: Ada (@ada)\nstatus: Withdrawn\ntype: Standards Track\ncreated: 2024-01-31\n---\n\n## Abstract\n\nIt.\n";
    let repository =
        Repository::with(&[("EIPS/eip-155.md", dead), ("a.py", "# EIP-155\n# EIP 155\n# ERC-1155\n")]);
    let output = repository.run(&["why", "a.py", "--as-of", "2026-11-20"]).out;
    assert!(output.ends_with("cited at a.py:1, a.py:2\n"), "{output}");
}

#[test]
fn paths_name_records_from_the_root_the_file_and_an_address() {
    let dead = adr(3, "A choice", "Rejected");
    let code = "# docs/adr/0003-a.md\n# ../docs/adr/0003-a.md\n# 0003-a.md\n# https://x.org/o/r/blob/main/docs/adr/0003-a.md\n\
                # https://x.org/o/other/adr/0003-a.md\n# lib/0003-z.md\n";
    let repository = Repository::with(&[("docs/adr/0003-a.md", &dead), ("src/a.py", code)]);
    let lines = [1, 2, 3, 4].map(|line| format!("src/a.py:{line}:3"));
    assert_eq!(stale(&repository, &[]), lines);
}

#[test]
fn excluded_files_and_records_are_not_searched() {
    let dead = adr(3, "A choice", "Rejected");
    let repository = Repository::with(&[
        ("alignlint.yaml", "exclude: [generated/**]\n"),
        ("docs/adr/0003-a.md", &dead),
        ("docs/adr/0004-b.md", &adr(4, "A choice", "Accepted").replace("So.", "<!-- ADR-3 -->")),
        ("generated/a.py", "# ADR-3\n"),
        ("vendor/a.go", "// ADR-3\n"),
        ("a.py", "x = 'ADR-3'\n"),
        ("binary.py", "# ADR-3 \0\n"),
    ]);
    assert_eq!(stale(&repository, &[]), [""; 0]);
}

#[test]
fn a_commit_of_code_alone_is_checked_and_only_for_what_it_adds() {
    let repository = Repository::with(&[
        ("alignlint.yaml", "extends: [strict]\nrules: { '*': off, reference/stale-citation: warning }\n"),
        ("docs/adr/0003-a.md", &adr(3, "A choice", "Rejected")),
        ("old.py", "# ADR-3\n"),
    ]);
    repository.write(&[("new.py", "# ADR-3\n"), ("old.py", "x = 1\n# ADR-3\n")]);
    repository.git(&["add", "--all"]);
    for state in [&["--staged", "--since", "HEAD"][..], &["--since", "HEAD"]] {
        let output = repository.check(state);
        assert_eq!(output.out.lines().count(), 1, "{}{}", output.out, output.err);
        assert!(output.out.starts_with("new.py:1:3: warning"), "{}", output.out);
    }
}

#[test]
fn a_decision_that_is_superseded_makes_citations_stale_in_files_that_the_change_never_touched() {
    let repository =
        Repository::with(&[("docs/adr/0003-a.md", &adr(3, "A choice", "Accepted")), ("a.py", "# ADR-3\n")]);
    repository.write(&[
        ("docs/adr/0003-a.md", &adr(3, "A choice", "Superseded by [ADR-4](0004-b.md)")),
        ("docs/adr/0004-b.md", &adr(4, "A choice", "Accepted")),
    ]);
    repository.git(&["add", "--all"]);
    assert_eq!(stale(&repository, &["--staged", "--since", "HEAD"]), ["a.py:1:3"]);
}
