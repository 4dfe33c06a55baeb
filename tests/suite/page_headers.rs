//! Where a page states its fields: in a quote, below a comment, in front matter with a mistake.

use crate::kit::Repository;

fn records(files: &[(&str, &str)]) -> Vec<serde_json::Value> {
    let listing = Repository::folder_with(files).run(&["records", "--format", "json"]).json();
    listing["records"].as_array().cloned().unwrap_or_default()
}

fn only(path: &str, page: &str) -> serde_json::Value {
    let found = records(&[(path, page)]);
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].clone()
}

const SECTIONS: &str = "## Context\n\nA.\n\n## Decision\n\nB.\n\n## Consequences\n\nC.\n";

const FRONT_MATTER: &str = "---\ntitle: Local sources\nauthors:\n  - \"@ada\"\ncreation-date: 2021-05-24\nstatus: implemented\n---\n";
const PROPOSAL: &str = "\n# Local sources\n\n## Summary\n\nA.\n\n## Motivation\n\nB.\n\n## Proposal\n\nC.\n";

#[test]
fn comments_may_stand_above_the_front_matter() {
    let page = format!("<!--\nCopyright A\n\nSPDX-License-Identifier: MIT\n-->\n\n{FRONT_MATTER}{PROPOSAL}");
    let record = only("proposals/0007-sources.md", &page);
    assert_eq!(record["fields"]["status"], "accepted", "{record}");
    assert_eq!(record["fields"]["created"], "2021-05-24", "{record}");
    assert_eq!(record["fields"]["authors"], serde_json::json!(["@ada"]), "{record}");
    let check = Repository::folder_with(&[("proposals/0007-sources.md", &page)]).check(&[]);
    assert_eq!(check.findings(), [""; 0]);
}

#[test]
fn a_mistake_in_the_front_matter_is_told_and_the_rest_read() {
    let title = FRONT_MATTER.replace("Local sources", "Sources: local ones");
    {
        let place = ":2:15: ";
        let page = format!("{title}{PROPOSAL}");
        let files = [("proposals/0007-sources.md", &*page)];
        let found = records(&files);
        assert_eq!(found.len(), 1, "{page}");
        assert_eq!(found[0]["fields"]["status"], "accepted", "{page}");
        assert_eq!(found[0]["fields"]["authors"], serde_json::json!(["@ada"]), "{page}");
        let check = Repository::folder_with(&files).check(&[]);
        assert_eq!(check.findings().len(), 1, "{}", check.out);
        let start = format!("proposals/0007-sources.md{place}");
        assert!(
            check.out.starts_with(&start) && check.out.contains("error[document/unreadable]"),
            "{}",
            check.out
        );
    }
}

#[test]
fn front_matter_that_may_mean_anything_is_not_read() {
    let open = FRONT_MATTER.replace("implemented", "[implemented");
    let files = [("proposals/0007-sources.md", &*format!("{open}{PROPOSAL}"))];
    assert_eq!(records(&files).len(), 0);
}

#[test]
fn the_title_of_the_front_matter_counts_where_no_heading_states_it() {
    let page = "---\nadr: 45\ntitle: Rendering of maps\nstatus: Living\n---\n\n## Context and Problem Statement\n\nA.\n\n## Considered options\n\n\
                - a\n- b\n\n## Decision outcome\n\na.\n";
    let record = only("content/ADR-45-maps.md", page);
    assert_eq!(record["fields"]["title"], "Rendering of maps", "{record}");
    assert_eq!(record["fields"]["status"], "accepted", "{record}");
    let slug = page
        .replace("Rendering of maps", "rendering-maps")
        .replace("\n\n## Context", "\n\n# Maps\n\n## Context");
    assert_eq!(only("content/ADR-45-maps.md", &slug)["fields"]["title"], "Maps");
}

#[test]
fn days_are_read_in_more_forms() {
    let field = |path: &str, header: &str, name: &str| {
        let page = format!(
            "# A longer title\n\n{header}\n\n## Summary\n\nA.\n\n## Motivation\n\nB.\n\n## Proposal\n\nC.\n"
        );
        only(path, &page)["fields"][name].clone()
    };
    assert_eq!(field("docs/rfcs/029-limits.md", "Author: Ada\nDate: Oct 24, 2023", "date"), "2023-10-24");
    assert_eq!(field("proposals/0002-core.md", "Status: Draft (as of 2018-02-21)", "updated"), "2018-02-21");
    assert_eq!(
        field("proposals/0002-core.md", "- Status: Draft\n\nHistory:\n- 12-Feb-2018: Initial", "created"),
        "2018-02-12"
    );
    assert_eq!(field("adr/019-users.md", "- Status: Decided\n- Date: 4/21/21 (later)", "date"), "2021-04-21");
    assert_eq!(
        field("adr/019-users.md", "- Status: Decided\n- Date: 4/12/21", "date"),
        serde_json::Value::Null
    );
}

#[test]
fn a_table_states_fields_in_its_columns_or_its_rows() {
    let page = |table: &str| format!("# ADR-003: executor\n\n{table}\n\nText.\n\n## Summary\n\nA.\n");
    let columns = page("| author | last revised |\n|---|--:|\n| Ada Byron | 2022-08-15 |");
    let record = only("docs/adr/003adr-executor.md", &columns);
    assert_eq!(record["id"], "003", "{record}");
    assert_eq!(record["fields"]["authors"], serde_json::json!(["Ada Byron"]), "{record}");
    assert_eq!(record["fields"]["updated"], "2022-08-15", "{record}");
    let rows = page("| Author | Ada Byron |\n|---|---|\n| Status | Draft |");
    let record = only("docs/adr/003adr-executor.md", &rows);
    assert_eq!(record["fields"]["authors"], serde_json::json!(["Ada Byron"]), "{record}");
    let later = "# Queries\n\n## Summary\n\nA.\n\n## Motivation\n\nB.\n\n## Design\n\nC.\n\n## Fields\n\n| field | meaning |\n|---|---|\n| status | error or ok |\n";
    assert_eq!(only("docs/design-proposals/queries.md", later)["fields"].get("status"), None);
}

#[test]
fn a_chapter_is_no_title() {
    let page = "## Author\n\n- Ada\n\n## Abstract\n\nA.\n\n## Motivation\n\nB.\n";
    let record = only("proposals/0050-relay.md", page);
    assert_eq!(record["title"], "0050-relay", "{record}");
}

#[test]
fn a_decision_in_a_folder_of_decisions_needs_no_status() {
    let page = "# Sizes in rem\n\n## Decision\n\nSizes are in rem.\n\n## Thinking\n\nZoom works.\n";
    assert_eq!(records(&[("decisions/sizes.md", page)]).len(), 1);
    assert_eq!(records(&[("docs/sizes.md", page)]).len(), 0);
    let alone = page.replace("## Thinking", "## Notes");
    assert_eq!(records(&[("decisions/sizes.md", &alone)]).len(), 0, "it is told that the status is missing");
}

/// The title, status, day and day of review of the only record.
fn header(path: &str, page: &str) -> [String; 4] {
    let record = only(path, page);
    ["title", "status", "date", "review-by"]
        .map(|field| record["fields"][field].as_str().unwrap_or("-").to_owned())
}

#[test]
fn the_day_may_stand_in_the_section_for_the_status() {
    let page = "# ADR-0038: Own the metadata\n\n## Navigation\n\n- [Index](index.md)\n\n---\n\n## Status\n\nAccepted\n\nDate: 2026-07-15\n\n---\n\n";
    let read = ["Own the metadata", "accepted", "2026-07-15", "-"];
    assert_eq!(header("docs/adr/ADR-0038-metadata.md", &format!("{page}{SECTIONS}")), read);
    for status in ["Aceptado — 2026-07-15", "Aceptado\n\n**Date:** 2026-07-15"] {
        let page = format!("# ADR-0038: Own the metadata\n\n## Estado\n{status}\n\n## Contexto\n\nA.\n");
        assert_eq!(header("docs/decisions/ADR-0038.md", &page), read, "{status}");
    }
}

#[test]
fn a_list_of_links_may_stand_between_the_title_and_the_lines() {
    let page = |between: &str| {
        format!(
            "# ADR-0016: Feed of changes\n\n## Navigation\n\n{between}\n---\n\nStatus: Accepted\n\nDate: 2026-06-26\n\n{SECTIONS}"
        )
    };
    let path = "docs/adr/ADR-0016-feed.md";
    let links = page("- [README](../README.md)\n- [Index](index.md)\n");
    assert_eq!(header(path, &links), ["Feed of changes", "accepted", "2026-06-26", "-"]);
    let text = page("We go there by hand.\n");
    assert_eq!(header(path, &text)[1..3], ["-", "-"]);
}

#[test]
fn a_bracket_may_wrap_over_several_lines_of_a_header() {
    let page = format!(
        "# ADR-0004 — Check each bill\n\nDate: 2026-07-24 (extended in August; extended\nagain in the wave — rules 8-10; and\nonce more) · Status: accepted\n\n{SECTIONS}"
    );
    assert_eq!(
        header("docs/adr/0004-check-each-bill.md", &page),
        ["Check each bill", "accepted", "2026-07-24", "-"]
    );
    let open = page.replace("once more)", "once more");
    assert_eq!(header("docs/adr/0004-check-each-bill.md", &open)[2], "2026-07-24");
}

#[test]
fn a_page_without_headings_may_have_all_its_parts_in_bold() {
    let page = "**Title:** Run steps in order\n**ADR ID:** ADR-0002\n**Status:** Proposed\n**Date:** 2026-02-03\n\n**Area:** engine\n\n**Context:** Steps run one by one.\n\n**Decision:** We keep that.\n";
    assert_eq!(header("docs/adr/0002-steps.md", page), ["Run steps in order", "proposed", "2026-02-03", "-"]);
    assert_eq!(records(&[("docs/adr/0002-steps.md", "**Note:** see the other page.\n")]), [""; 0]);
}

#[test]
fn the_rows_of_a_table_may_hold_two_names_with_their_values() {
    let page = "# Using Redux\n\n| | | | |\n| --- | --- | --- | --- |\n|**Decision Made:**|Yes| **Decision Date:** | 08/14/2016 |\n|**Revisit Decision:**| Yes | **Revisit Date:** | January 2017 |\n\n## Context\n\nA.\n\n## Decision\n\nB.\n";
    assert_eq!(header("rfcs/using-redux.md", page), ["Using Redux", "-", "2016-08-14", "2017-01-31"]);
}

#[test]
fn front_matter_says_more_than_a_section_of_prose() {
    let page = "---\ntitle: Where a machine is\nstate: idea\n---\n\n## The idea\n\nA.\n\n## Status\n\nAda shows it to others.\n";
    assert_eq!(header("rfds/026-location.md", page), ["Where a machine is", "draft", "-", "-"]);
}

#[test]
fn minutes_may_begin_with_lines_for_a_site() {
    let page = |blank: &str| {
        format!(
            "Title: Board Meeting 2014-01-23\nDate: 2014-01-23 10:20\nAuthors: Ada Byron\n{blank}[Main Page](index.html)\nBoard Meeting Minutes\n-----\n\n### Directors Present\n\n- Ada\n"
        )
    };
    for blank in ["", "\n"] {
        let path = "pages/meet/Board_Meeting_2014-01-23.md";
        assert_eq!(
            header(path, &page(blank)),
            ["Board Meeting 2014-01-23", "-", "2014-01-23", "-"],
            "{blank:?}"
        );
        assert_eq!(only(path, &page(blank))["kind"], "meeting");
    }
}

#[test]
fn the_day_beside_a_status_is_that_of_the_decision_or_the_proposal() {
    let cases = [
        ("채택 (2026-08-22)", "accepted", "2026-08-22", ""),
        ("채택 (2026-08-11, 개정)", "accepted", "2026-08-11", ""),
        ("제안 (2026-08-21)", "proposed", "", "2026-08-21"),
        ("Aceita (2026-07-19).", "accepted", "2026-07-19", ""),
        ("Proposta (2026-07-20).", "proposed", "", "2026-07-20"),
        ("Proposed (2026-05-13)", "proposed", "", "2026-05-13"),
        ("Accepted ([#7](https://example.org/pull/7), merged 2026-06-10)", "accepted", "2026-06-10", ""),
        ("Implemented (2026-06-10)", "accepted", "2026-06-10", ""),
        ("Accepted (Phase 96, 2026-04-19)", "accepted", "2026-04-19", ""),
        // When it was released or is looked at again is another day.
        ("Implemented ([#7](https://example.org/pull/7), merged 2026-06-10)", "accepted", "", ""),
        ("Accepted (valid until 2027-01-01)", "accepted", "", ""),
        ("Proposed (decide by 2027-01-01)", "proposed", "", ""),
    ];
    for (status, word, date, created) in cases {
        let of_adr = format!("# ADR-0007: Queues\n\n- Status: {status}\n\n{SECTIONS}");
        let of_log = format!(
            "# Decisions\n\n## ADR-001: Queues\n\n**Status:** {status}\n\nWe queue.\n\n## ADR-002: Logs\n\n**Status:** Accepted\n\nWe log.\n"
        );
        for (path, page) in [("docs/adr/ADR-0007-queues.md", &of_adr), ("docs/decisions.md", &of_log)] {
            let fields = &records(&[(path, page)])[0]["fields"];
            let stated = |name: &str| fields[name].as_str().unwrap_or_default().to_owned();
            assert_eq!(
                [stated("status"), stated("date"), stated("created")],
                [word, date, created],
                "{page}"
            );
        }
    }
}

#[test]
fn a_line_with_a_number_is_the_title_where_its_mark_was_forgotten() {
    let rst = "7. Use a queue\n\nDate: 2022-02-03\n\nStatus\n------\n\nAccepted\n\nContext\n-------\n\nC.\n\nDecision\n--------\n\nD.\n";
    let labelled = format!(".. _use-a-queue:\n\n{rst}");
    let markdown = "7. Use a queue\n\nDate: 2022-02-03\n\n## Status\n\nAccepted\n\n## Context\n\nC.\n\n## Decision\n\nD.\n";
    for (path, page) in [
        ("docs/adr/0007-queue.rst", rst),
        ("docs/adr/0007-queue.rst", &labelled),
        ("docs/adr/0007-queue.md", markdown),
    ] {
        assert_eq!(header(path, page), ["Use a queue", "accepted", "2022-02-03", "-"], "{page}");
    }
}

#[test]
fn a_number_in_the_title_may_stand_before_other_letters_or_a_remark() {
    for (title, expected) in [
        ("ADR-0055 검색 엔진 전면 전환", "검색 엔진 전면 전환"),
        ("ADR-0055 [Moved] Entity 수정 규칙", "Entity 수정 규칙"),
        ("ADR-0055 Use a queue", "Use a queue"),
    ] {
        let page = format!("# {title}\n\n## Status\n\nAccepted\n\n{SECTIONS}");
        assert_eq!(header("docs/adr/ADR-0055-page.md", &page)[0], expected);
    }
}

#[test]
fn nothing_is_superseded_by_what_a_page_relates_to() {
    for none in ["없음", "none", "ninguno"] {
        let line = format!("- Supersedes: {none} / Relates: ADR-0019 (clusters), ADR-0025\n");
        let page = format!("# ADR-0058: Fewer services\n\n- Status: Accepted\n{line}\n{SECTIONS}");
        let record = only("docs/adr/ADR-0058-fewer-services.md", &page);
        assert_eq!(record["fields"].get("supersedes"), None, "{record}");
    }
    let line = "- Supersedes: ADR-0007 / Relates: ADR-0019\n";
    let page = format!("# ADR-0058: Fewer services\n\n- Status: Accepted\n{line}\n{SECTIONS}");
    let record = only("docs/adr/ADR-0058-fewer-services.md", &page);
    assert_eq!(record["fields"]["supersedes"], serde_json::json!(["0007"]), "{record}");
}
