//! Habits of single communities that change what a page says or where it lies, and pages that only look like theirs.

use crate::kit::Repository;

/// The path, identifier, title, status and date of each record; of a date, whichever the page states.
fn read(files: &[(&str, &str)]) -> Vec<String> {
    let listing = Repository::folder_with(files).run(&["records", "--format", "json"]).json();
    let records = listing["records"].as_array().cloned().unwrap_or_default();
    let shown = |record: &serde_json::Value| {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
        let fields = &record["fields"];
        let days = ["date", "created", "updated"].map(|field| text(&fields[field]));
        let day = days.into_iter().find(|day| day != "-").unwrap_or_else(|| "-".into());
        let [path, id] = ["path", "id"].map(|key| text(&record[key]));
        format!("{path} | {id} | {} | {} | {day}", text(&fields["title"]), text(&fields["status"]))
    };
    records.iter().map(shown).collect()
}

const SECTIONS: &str = "## Context\n\nA.\n\n## Decision\n\nB.\n\n## Consequences\n\nC.\n";

#[test]
fn a_marked_label_may_follow_the_name_of_a_picture() {
    let page = format!("# Use ADRs\n\n* :white_check_mark: _Status:_ Implemented January 2024\n\n{SECTIONS}");
    let attribute = format!("# Use Git\n\n:Status: accepted\n\n{SECTIONS}");
    assert_eq!(
        read(&[("docs/adrs/0001-adrs.md", &page), ("docs/adrs/0002-git.md", &attribute)]),
        [
            "docs/adrs/0001-adrs.md | 0001 | Use ADRs | accepted | -",
            "docs/adrs/0002-git.md | 0002 | Use Git | accepted | -",
        ]
    );
}

#[test]
fn a_table_far_below_the_title_states_nothing_of_the_page() {
    let table = "| ID | Name | Status |\n|---|---|---|\n| 1 | What if it ends? | Open |\n";
    let sections = "## Abstract\n\nA.\n\n## Background\n\nB.\n\n## Proposal\n\nC.\n\n## Rationale\n\nD.\n\n";
    let issues = format!("# Label nodes\n\nLast updated: 17.02.21\n\n{sections}## Open issues\n\n{table}");
    let header = format!("# Label pods\n\n{}\n{sections}", table.replace("Open", "Accepted"));
    assert_eq!(
        read(&[("docs/proposals/nodes.md", &issues), ("docs/proposals/pods.md", &header)]),
        [
            "docs/proposals/nodes.md | nodes | Label nodes | - | 2021-02-17",
            "docs/proposals/pods.md | pods | Label pods | accepted | -",
        ]
    );
}

#[test]
fn an_unknown_status_has_no_marks_around_it() {
    let adr = |status: &str| format!("# Use Git\n\n## Status\n\n{status}\n\n{SECTIONS}");
    assert_eq!(
        read(&[
            ("docs/adr/0001-git.md", &adr("**Discussing**")),
            ("docs/adr/0002-go.md", &adr("**Pondering** since **June**"))
        ]),
        [
            "docs/adr/0001-git.md | 0001 | Use Git | Discussing | -",
            "docs/adr/0002-go.md | 0002 | Use Git | Pondering** since **June** | -",
        ]
    );
}

#[test]
fn words_and_a_number_before_a_title_are_none_of_it() {
    let adr = |title: &str| format!("# {title}\n\n**Status:** Accepted\n\n{SECTIONS}");
    let keyed = format!("---\ntitle: ADR-004 We host it\n---\n\n## Status\n\nAccepted\n\n{SECTIONS}");
    let titles: Vec<String> = read(&[
        ("docs/adr/0001-a.md", &adr("Decision 001: OpenLayers over MapLibre")),
        ("docs/adr/0002-b.md", &adr("Architecture Decision Record: Testing")),
        ("docs/adr/0003-c.md", &adr("ADR: Serial logging")),
        ("docs/adr/0004-d.md", &keyed),
        ("docs/adr/0005-e.md", &adr("Decision: keep ADR files")),
    ])
    .iter()
    .map(|line| line.split(" | ").nth(2).unwrap_or_default().to_owned())
    .collect();
    assert_eq!(
        titles,
        ["OpenLayers over MapLibre", "Testing", "Serial logging", "We host it", "Decision: keep ADR files"]
    );
}

#[test]
fn a_name_may_have_a_day_and_the_number_of_a_series() {
    let page = format!("# Track deposits\n\n## Status\n\nAccepted\n\n{SECTIONS}");
    assert_eq!(
        read(&[("docs/adr/2022-12-05_003-deposits.md", &page), ("docs/adr/2022-12-06-logs.md", &page)]),
        [
            "docs/adr/2022-12-05_003-deposits.md | 003 | Track deposits | accepted | 2022-12-05",
            "docs/adr/2022-12-06-logs.md | 2022-12-06-logs | Track deposits | accepted | 2022-12-06",
        ]
    );
}

#[test]
fn a_note_says_which_page_took_the_place_of_which() {
    let page = |title: &str, note: &str| {
        format!(
            ":toc: macro\n\n= {title}\n\ntoc::[]\n\nNOTE: {note}\n\n== Background\n\nA.\n\n== Proposal\n\nB.\n"
        )
    };
    let repository = Repository::folder_with(&[
        (
            "docs/rfc/rfc-7.adoc",
            &page("RFC 7: Sweeping", "This RFC was superseded by link:rfc-12.adoc[RFC 12]"),
        ),
        ("docs/rfc/rfc-12.adoc", &page("RFC 12: Wallets", "This RFC supersedes link:rfc-7.adoc[RFC 7]")),
        ("docs/rfc/rfc-13.adoc", &page("RFC 13: Fees", "Parts were superseded by link:rfc-12.adoc[RFC 12]")),
    ]);
    let listing = repository.run(&["records", "--format", "json"]).json();
    let records = listing["records"].as_array().expect("records").iter();
    let of = |record: &serde_json::Value| {
        let field = |name: &str| record["fields"][name].to_string();
        format!("{} {} {} {}", record["id"], field("status"), field("superseded-by"), field("supersedes"))
    };
    assert_eq!(
        records.map(of).collect::<Vec<_>>(),
        [
            "\"12\" null null [\"rfc-7.adoc\"]",
            "\"13\" null null null",
            "\"7\" \"superseded\" [\"rfc-12.adoc\"] null",
        ]
    );
}

#[test]
fn a_series_is_read_whole() {
    let computed = format!(
        "---\ntitle: ADR-000 Record decisions\n---\n\n# <%= current_page.data.title %>\n\n## Status\n\nAccepted\n\n{SECTIONS}"
    );
    let blank = format!("# {{title}}\n\n## Status\n\nAccepted\n\n{SECTIONS}");
    let rfc = "---\nslug: 1\ntitle: 1/SPB\nstatus: deprecated\n---\n\nSPB frames blobs.\n\n## Goals\n\nA.\n";
    let conclusion = "0003 - Readers\n--------------\n\nContext\n^^^^^^^\n\nA.\n\nDecision\n^^^^^^^^\n\nB.\n\nConclusion\n^^^^^^^^^^\n\nC.\n";
    let report = conclusion.replace("0003 - ", "").replace("--------------", "-------");
    let contents = "# Tiles\n\n## Summary\n\nA.\n\n## Motivation\n\nB.\n\n# Table of Contents\n\n* [Drawbacks](#drawbacks)\n\n## Drawbacks\n\nC.\n\n## Alternatives\n\nD.\n";
    let several = contents.replace("Table of Contents", "Parts");
    let spec = "# Expose templates\n\n## Problem description\n\nA.\n\n## Proposed change\n\nB.\n\n## Alternatives\n\nC.\n";
    let paths: Vec<String> = read(&[
        ("docs/adrs/000-record-decisions.html.md.erb", &computed),
        ("docs/adrs/000-blank.md", &blank),
        ("content/docs/rfcs/1/README.md", rfc),
        ("content/docs/rfcs/7-notes/README.md", "# Notes\n\nA.\n"),
        ("docs/architecture/003-readers.rst", conclusion),
        ("docs/architecture/004-writers.rst", &report),
        ("0682-tiles/0682-tiles-rfc.md", contents),
        ("0683-tiles/0683-tiles-rfc.md", &several),
        ("specs/liberty/expose-ca-enrollment-templates.md", spec),
        ("specs/liberty/spec-templates.md", spec),
    ])
    .iter()
    .map(|line| line.split(" | ").next().unwrap_or_default().to_owned())
    .collect();
    assert_eq!(
        paths,
        [
            "0682-tiles/0682-tiles-rfc.md",
            "content/docs/rfcs/1/README.md",
            "docs/adrs/000-record-decisions.html.md.erb",
            "docs/architecture/003-readers.rst",
            "specs/liberty/expose-ca-enrollment-templates.md",
        ]
    );
}

#[test]
fn what_lies_below_the_folder_of_a_record_belongs_to_it() {
    let adr = format!("# Structures\n\nStatus: Accepted\n\n{SECTIONS}");
    let report = "# Remeasured\n\nStatus: done\n\n## Background\n\nA.\n\n## Approach\n\nB.\n";
    assert_eq!(
        read(&[
            ("docs/adr/2026-07-10-structures/README.md", &adr),
            ("docs/adr/2026-07-10-structures/reports/2026-07-09-remeasured.md", report),
            ("docs/adr/2026-07-11-cursors.md", &adr),
        ]),
        [
            "docs/adr/2026-07-10-structures/README.md | 2026-07-10-structures | Structures | accepted | -",
            "docs/adr/2026-07-11-cursors.md | 2026-07-11-cursors | Structures | accepted | 2026-07-11",
        ]
    );
}

#[test]
fn a_line_of_a_link_says_what_a_page_supersedes() {
    let page =
        |title: &str, line: &str| format!("# {title}\n\n{line}\n\n## Context\n\nA.\n\n## Decision\n\nB.\n");
    let address = "https://github.com/acme/plans/blob/main/docs/adr/0015-bags.md";
    let repository = Repository::folder_with(&[
        ("docs/adr/0015-bags.md", &page("15. Bags", "Date: 2024-09-01")),
        ("docs/adr/0021-json.md", &page("21. JSON", &format!("Supersedes [15. Bags]({address})"))),
        ("docs/adr/0022-xml.md", &page("22. XML", "Supersedes [JSON](0021-json.md) in part")),
    ]);
    let listing = repository.run(&["records", "--format", "json"]).json();
    let stated = |at: usize| listing["records"][at]["fields"]["supersedes"].clone();
    assert_eq!(stated(1), serde_json::json!([address]));
    assert!(stated(2).is_null(), "{}", stated(2));
    let explained = repository.run(&["explain", "decision/one-sided-supersede", "0015"]).out;
    assert!(explained.contains("= [decision `0021`]"), "{explained}");
}

#[test]
fn a_blank_before_the_ending_makes_a_dead_link() {
    let page = "# Bridge\n\nStatus: accepted\n\n## Context\n\nSee [the standards](./0013-standards. md), and [x](a b).\n\n## Decision\n\nA.\n";
    let repository = Repository::folder_with(&[
        ("rfcs/0010-bridge.md", page),
        (
            "rfcs/0013-standards.md",
            &page.replace(". md", ".md").replace("0013", "0010").replace("standards.md", "bridge.md"),
        ),
    ]);
    let report = repository.run(&["check", "--format", "json"]).json();
    let findings = report["findings"].as_array().expect("findings");
    let line = |finding: &serde_json::Value| format!("{}; {}", finding["message"], finding["help"]);
    assert_eq!(
        findings.iter().map(line).collect::<Vec<_>>(),
        ["\"broken link to `./0013-standards. md`\"; \"did you mean `0013-standards.md`?\""]
    );
}

#[test]
fn the_day_of_minutes_may_be_split_over_folder_and_name() {
    let notes = "# June 16, 2020 Incubator Call Notes\n\n**Attendees:** Ada Byron (AB), Bo Ek (BE)\n\n## UUID\n\nA.\n";
    assert_eq!(
        read(&[
            ("notes/2020/06-16.md", notes),
            ("notes/2020/06-30.md", "# June 30, 2020 release\n\n**Attendees:** Ada Byron\n"),
            ("notes/2020/07-14.md", "# July 14, 2020 call\n\nA.\n"),
            ("2026/06-30-quick-reviews/README.md", "# API Review 06/30/2026\n\n## Lists\n\n**Approved**\n"),
            ("2026/07-02-quick-reviews/README.md", "# API Review 07/02/2026\n\n## Maps\n\n**Approved**\n"),
            ("2026/07-03-novel/README.md", "# Book review 07/03/2026\n\nA.\n"),
            ("2026/07-04-lists/README.md", "# Lists\n\nA.\n"),
        ]),
        [
            "2026/06-30-quick-reviews/README.md | 06-30-quick-reviews | API Review 06/30/2026 | - | 2026-06-30",
            "2026/07-02-quick-reviews/README.md | 07-02-quick-reviews | API Review 07/02/2026 | - | -",
            "notes/2020/06-16.md | 06-16 | June 16, 2020 Incubator Call Notes | - | 2020-06-16",
        ],
        "which number is the month is not certain in 07/02"
    );
}

#[test]
fn minutes_may_be_numbered_calls_with_the_day_in_a_heading() {
    let call = |title: &str, line: &str| format!("# {title}\n\n{line}\n\n# Agenda\n\n1. Updates\n");
    let held = "### Meeting Date/Time: Thursday 2019/1/17 at [14:00 GMT](https://example.org/)";
    assert_eq!(
        read(&[
            ("calls/call_010.md", &call("Implementers Call 10 Notes", held)),
            ("calls/call_011.md", &call("Implementers Call 11 Notes", "Duration: 1 hour")),
            ("calls/call_012.md", &call("How a call is made", held)),
        ]),
        ["calls/call_010.md | call_010 | Implementers Call 10 Notes | - | 2019-01-17"]
    );
}
