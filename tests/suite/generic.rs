//! Pages in folders that are named for records and in no known format: read by the fallback, and held to no practice.

use crate::kit::Repository;

/// The path, identifier, title and status of each record of the fallback.
fn read(files: &[(&str, &str)]) -> Vec<String> {
    let repository = Repository::folder_with(files);
    let listing = repository.run(&["records", "--format", "json"]).json();
    let records = listing["records"].as_array().cloned().unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    let unknown = records.iter().filter(|record| record["profile"] == "generic");
    unknown
        .map(|record| {
            let field = |name: &str| text(&record["fields"][name]);
            let (path, id) = (text(&record["path"]), text(&record["id"]));
            format!("{path}: {id}, {}, {}", field("title"), field("status"))
        })
        .collect()
}

fn found(files: &[(&str, &str)]) -> Vec<String> {
    let repository = Repository::folder_with(files);
    repository.check(&[]).out.lines().map(str::to_owned).collect()
}

#[test]
fn a_header_of_any_form_is_read() {
    let files = [
        ("PIPs/PIP-12.md", "---\nPIP: 12\nTitle: A burn\nStatus: Final\nType: Core\n---\n\n## Abstract\n"),
        ("aip/general/0121.md", "---\nid: 121\nstate: approved\ncreated: 2019-01-26\n---\n\n# Resources\n"),
        ("docs/proposals/metrics.md", "# Metrics\n\n**Status:** In review\n**Owner:** Ada\n"),
        ("docs/proposals/20260102-logs.md", "# Logs\n\n- Status: accepted (2026)\n- Author: Bo\n"),
        (
            "docs/proposals/traces.md",
            "# Traces\n\n| Name | Value |\n|---|---|\n| **Status** | Done |\n| Author | Bo |\n",
        ),
        ("docs/proposals/0007-alerts.md", "# 7. Alerts\n\nWhen to wake people.\n"),
        ("docs/proposals/probes.md", "# Probes\n\n## Status\n\nRejected, since they cost too much\n"),
        (
            "proposals/0001-keywords.md",
            "# Keywords\n\n* Proposal: [SE-0001](0001-keywords.md)\n* Status: **Implemented (5.9)**\n",
        ),
    ];
    assert_eq!(
        read(&files),
        [
            "PIPs/PIP-12.md: 12, A burn, accepted",
            "aip/general/0121.md: 0121, Resources, accepted",
            "docs/proposals/0007-alerts.md: 0007, Alerts, -",
            "docs/proposals/20260102-logs.md: 20260102-logs, Logs, accepted",
            "docs/proposals/metrics.md: metrics, Metrics, proposed",
            "docs/proposals/probes.md: probes, Probes, rejected",
            "docs/proposals/traces.md: traces, Traces, accepted",
            "proposals/0001-keywords.md: 0001, Keywords, accepted",
        ]
    );
    assert_eq!(
        found(&files),
        [
            "docs/proposals/0007-alerts.md:1:3: warning[decision/no-status] `0007` has no status, which most other pages of its folder have"
        ]
    );
}

#[test]
fn introductions_templates_minutes_and_translations_are_none() {
    let page = "---\nstatus: draft\ndate: 2026-01-01\n---\n# A page\n";
    let files = [
        ("proposals/README.md", page),
        ("proposals/index.md", page),
        ("proposals/template.md", page),
        ("proposals/0000-your-title.md", page),
        ("proposals/NNNN-your-title.md", page),
        ("proposals/templates/long.md", page),
        ("proposals/2026-01-31-minutes.md", page),
        ("proposals/meetings/0003.md", page),
        ("proposals/0007-alerts.fr.md", page),
        ("proposals/tests/0007-alerts.md", page),
        ("proposals/2026-01-31-what-we-think.md", "# What we think\n"),
        ("proposals/2026-roadmap.md", "# What we will do\n"),
        ("proposals/http2.md", "# HTTP 2\n\nFaster.\n"),
        ("notes/0007-alerts.md", page),
    ];
    assert_eq!(read(&files), [""; 0]);
}

#[test]
fn nothing_is_said_of_words_and_keys_that_have_no_known_meaning() {
    let pages = [
        (
            "LIPS/lip-3.md",
            "---\nlip: 3\ntitel: A vault\nstatus: Sealed\nowner: [1]\ndate: soon\noptions: none\ncreated: May 2026\ncreation-date: later\n---\n",
        ),
        (
            "LIPS/lip-4.md",
            "---\nlip: 4\nstatus: draft | final\nreplaces: 'the vault, #12'\nauthors: [{name: Ada}]\n---\n# A lock\n",
        ),
    ];
    assert_eq!(found(&pages), [""; 0]);
}

#[test]
fn a_page_that_names_deciders_and_no_owner_is_held_to_no_habit() {
    let page = |key: &str| {
        format!(
            "---\nstatus: accepted\ncontact: ada\ndate: 2026-01-05\n{key}: ada\n---\n# Use one queue\n\n## What is the problem\n\nTwo.\n\n\
             ## Decision\n\nOne.\n\n## Context\n\nMail.\n"
        )
    };
    let path = "docs/decisions/0005-one-queue.md";
    assert_eq!(read(&[(path, &page("deciders"))]), [format!("{path}: 0005, Use one queue, accepted")]);
    assert_eq!(found(&[(path, &page("deciders"))]), [""; 0]);
    assert!(read(&[(path, &page("owner"))]).is_empty(), "the program's own form");
}

#[test]
fn what_does_not_agree_is_found() {
    let pages = [
        ("LIPS/lip-3.md", "---\nstatus: final\ncreated: 2026-02-30\n---\n# A vault\n\n[Why](why.md)\n"),
        ("LIPS/lip-4.md", "---\nstatus: final\nreplaces: LIP-3\n---\n# A lock\n"),
        ("LIPS/lip-04.md", "---\nstatus: draft\n---\n# A key\n"),
        ("LIPS/erc-3.md", "---\nstatus: draft\n---\n# Of another series\n"),
    ];
    assert_eq!(
        found(&pages),
        [
            "LIPS/lip-04.md:2:1: error[decision/duplicate-id] 2 decisions have the id `04`",
            "LIPS/lip-3.md:2:9: error[decision/one-sided-supersede] `3` does not name its successor `4`",
            "LIPS/lip-3.md:3:10: error[schema/format] `3`: `created` is `2026-02-30`, and February 2026 has 28 days",
            "LIPS/lip-3.md:7:7: error[reference/broken-link] broken link to `why.md`",
        ]
    );
}

#[test]
fn a_reference_may_be_relative_to_the_file_or_to_the_root() {
    let old = "---\nstatus: replaced\nsuperseded-by: [enhancements/net/new.md]\n---\n# Old\n";
    let new = "---\nstatus: final\nreplaces: [/enhancements/dns/old.md]\n---\n# New\n";
    let pages = [("enhancements/dns/old.md", old), ("enhancements/net/new.md", new)];
    assert_eq!(found(&pages), [""; 0]);
    let gone = "---\nstatus: replaced\nsuperseded-by: enhancements/net/gone.md\n---\n# Old\n";
    assert_eq!(
        found(&[("enhancements/dns/old.md", gone), pages[1]]),
        [
            "enhancements/dns/old.md:3:16: error[decision/one-sided-supersede] `old` does not name its successor `new`",
            "enhancements/dns/old.md:3:16: error[reference/unknown] `old` refers to the unknown decision `enhancements/net/gone.md`",
        ]
    );
}

#[test]
fn a_known_format_comes_first() {
    let files = [
        (
            "proposals/0001-a.md",
            "---\ntitle: A\nstatus: draft\nauthors: [bo]\ncreation-date: 2026-01-01\n---\n# A\n",
        ),
        ("proposals/0002-b.md", "# B\n\n## Status\n\nAccepted\n\n## Context\n\nC.\n"),
        ("docs/decisions/0003-c.md", "---\nid: 3\nstatus: accepted\n---\n# C\n"),
    ];
    assert_eq!(read(&files), [""; 0]);
}

#[test]
fn a_page_of_an_unknown_format_may_hold_a_table_of_terms() {
    let page = "---\nstatus: draft\n---\n# Gates\n\n## Words\n\n| Term | Definition |\n|---|---|\n| Gate | A check |\n";
    assert_eq!(read(&[("enhancements/gates.md", page)]), ["enhancements/gates.md: gates, Gates, draft"]);
}

#[test]
fn front_matter_below_blank_lines_is_told() {
    let page = "\n---\ntitle: Hosts\ncreation-date: 2026-01-01\n---\n\n# Hosts\n";
    let files =
        [("enhancements/hosts.md", page), ("enhancements/dns.md", "---\nstatus: draft\n---\n# DNS\n")];
    assert_eq!(
        found(&files),
        [
            "enhancements/hosts.md:7:3: note[document/unrecognised] this page in `enhancements/` is not read as a record: its front matter does not begin on the first line"
        ]
    );
}
