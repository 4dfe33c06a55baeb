//! Pages of communities in folders of their own, in hidden folders, and in series that only their names and headers tell.

use crate::kit::Repository;

/// As [`Repository::listed`], of these files.
fn read(files: &[(&str, &str)]) -> Vec<String> {
    Repository::folder_with(files).listed()
}

fn found(files: &[(&str, &str)]) -> Vec<String> {
    Repository::folder_with(files).check(&[]).out.lines().map(str::to_owned).collect()
}

const PLAIN: &str = "# Remove the cache\n\n## Decision\n\nIt goes.\n\n## Rationale\n\nNobody hits it.\n";

#[test]
fn the_introduction_of_a_folder_with_a_number_or_a_day_is_its_record() {
    let files = [
        ("docs/decision-records/2026-02-09-cache/README.md", PLAIN),
        ("docs/decision-records/2026-03-02_build/README.md", PLAIN),
        (
            "enhancements/PLAT-7-rooms/README.md",
            "---\ntitle: Rooms\ncreation-date: 2026-01-02\n---\n\n## Summary\n",
        ),
        ("proposals/017-addresses/index.md", "# Addresses\n\n**Last modified:** 2026-01-02\n"),
    ];
    assert_eq!(
        read(&files),
        [
            "docs/decision-records/2026-02-09-cache/README.md: generic 2026-02-09-cache, Remove the cache",
            "docs/decision-records/2026-03-02_build/README.md: generic 2026-03-02_build, Remove the cache",
            "enhancements/PLAT-7-rooms/README.md: generic 7, Rooms",
            "proposals/017-addresses/index.md: generic 017, Addresses",
        ]
    );
    assert_eq!(found(&files), [""; 0]);
}

#[test]
fn other_introductions_are_none() {
    let files = [
        ("docs/decision-records/README.md", PLAIN),
        ("docs/decision-records/2026/README.md", PLAIN),
        ("docs/decision-records/2026-plans/README.md", PLAIN),
        ("docs/decision-records/network/README.md", PLAIN),
        ("docs/decision-records/0000-example/README.md", PLAIN),
        ("docs/decision-records/0007-cache/images/README.md", PLAIN),
        ("docs/0007-cache/README.md", PLAIN),
    ];
    assert_eq!(read(&files), [""; 0]);
}

#[test]
fn two_folders_with_one_number_are_duplicates() {
    let page = "# A\n\nStatus: draft\n";
    let files = [("proposals/0007-a/README.md", page), ("proposals/0007-b/README.md", page)];
    assert_eq!(
        found(&files),
        ["proposals/0007-b/README.md:1:3: error[decision/duplicate-id] 2 decisions have the id `0007`"]
    );
}

#[test]
fn a_hidden_folder_that_is_named_for_records_has_some() {
    let page = "---\ntitle: One queue\nstatus: accepted\ntags: [mail]\n---\n# One queue\n\n[Why](why.md)\n";
    let files = [
        (".decisions/0001-queue.md", page),
        ("docs/_adrs/adr-002-queue.md", page),
        (".notes/0003-queue.md", page),
    ];
    assert_eq!(
        read(&files),
        [
            ".decisions/0001-queue.md: generic 0001, One queue",
            "docs/_adrs/adr-002-queue.md: generic 002, One queue"
        ]
    );
    assert_eq!(
        found(&files[..1]),
        [".decisions/0001-queue.md:8:7: error[reference/broken-link] broken link to `why.md`"]
    );
}

#[test]
fn a_series_is_told_by_the_letter_before_its_numbers() {
    let page = |status: &str| {
        format!(
            "A1: Proxies\n----\n* Author(s): Ada\n* Status: {status}\n* Last updated: 2026-01-02\n\n## Abstract\n\nA.\n\n## Proposal\n\nP.\n"
        )
    };
    let (draft, open) = (page("Draft"), page("{Draft, In Review, Final}"));
    let files = [
        ("A1-proxies.md", &*draft),
        ("L12-loggers.md", &*open),
        ("s3-buckets.md", &*draft),
        ("docs/a2-x.md", &*draft),
    ];
    assert_eq!(
        read(&files),
        ["A1-proxies.md: numbered-proposal 1, Proxies", "L12-loggers.md: numbered-proposal 12, Proxies"]
    );
}

#[test]
fn a_page_that_states_the_number_of_its_name_is_of_a_series() {
    let keys = "---\nplip: 33\ntitle: A gate\nstatus: Adopted\n---\n# A gate\n";
    let lines = "* TIP: 3\n* Title: Roles\n* Status: Accepted\n\n# Abstract\n\nA.\n";
    let table = "# A type\n\n| Field | Value |\n|---|---|\n| DOP: | 1018 |\n| Status: | Formal Assessment |\n\n## Abstract\n\nA.\n";
    let other = keys.replace("33", "34");
    let files = [
        ("IPs/PLIP33.md", keys),
        ("IPs/PLIP35.md", &*other),
        ("tip3.md", lines),
        ("DOPs/accepted/DOP1018.md", table),
    ];
    assert_eq!(
        read(&files),
        [
            "DOPs/accepted/DOP1018.md: numbered 1018, A type",
            "IPs/PLIP33.md: numbered 33, A gate",
            "tip3.md: numbered 3, Roles",
        ]
    );
}

#[test]
fn a_proposal_may_lie_in_a_folder_with_its_number() {
    let page = "* Pull request: 31\n\n# Summary\n\nS.\n\n# Motivation\n\nM.\n\n# Proposal\n\nP.\n";
    let files =
        [("031-steps/proposal.md", page), ("000-example/proposal.md", page), ("steps/proposal.md", page)];
    assert_eq!(read(&files), ["031-steps/proposal.md: numbered-proposal 031, -"]);
}

#[test]
fn a_numbered_page_with_a_section_for_its_status_may_be_in_any_language() {
    let page = "# 032 - Prompts\n\nData: 2026-04-19\n\n## ⚡ Status\n\nProposto\n\n## 🎯 Contexto\n\nC.\n\n## 🔨 Decisão\n\nD.\n";
    assert_eq!(read(&[("ai/adr-032-prompts.md", page)]), ["ai/adr-032-prompts.md: nygard 032, Prompts"]);
    assert_eq!(found(&[("ai/adr-032-prompts.md", page)]), [""; 0]);
}

#[test]
fn a_header_of_feature_name_and_start_date_tells_a_proposal_in_any_folder() {
    let page = "- Feature Name: fixed_bound\n- Start Date: 2026-01-31\n- Status: Planning\n\nSummary\n=======\n\nS.\n";
    assert_eq!(
        read(&[("features/rfc-fixed-bound.md", page)]),
        ["features/rfc-fixed-bound.md: rfc rfc-fixed-bound, fixed_bound"]
    );
}

#[test]
fn a_table_of_terms_in_any_other_page_is_no_glossary() {
    let page = "# The system 42\n\n| Term | Definition |\n|---|---|\n| Gate | A check |\n";
    assert_eq!(read(&[("docs/arc42.md", page), ("enhancements/7-rooms/plan.md", page)]), [""; 0]);
    assert_eq!(read(&[("docs/glossary.md", page)]), ["docs/glossary.md: glossary Gate, Gate"]);
}

#[test]
fn test_data_is_no_record() {
    let page = "# 1. A\n\n## Status\n\nAccepted\n\n## Context\n\nC.\n";
    assert_eq!(
        read(&[("tools/test-fixtures/adr/0001-a.md", page), ("tools/test_data/adr/0001-a.md", page)]),
        [""; 0]
    );
}

#[test]
fn an_introduction_that_the_configuration_names_is_a_record() {
    let page = "---\nrfc: 10\nstart_date: 2026-01-31\nstatus: approved\n---\n# Hash of an item\n\n## Summary\n\nS.\n";
    let config = "records: { decision: { files: 'content/*/index.md', profile: rfc } }\n";
    let files =
        [("content/item-hash/index.md", page), ("content/index.md", page), ("alignlint.yaml", config)];
    assert_eq!(read(&files), ["content/item-hash/index.md: rfc item-hash, Hash of an item"]);
}

#[test]
fn a_numbered_folder_holds_a_record_where_its_page_states_a_status() {
    let page = "---\nname: Protocol\nstatus: draft\neditor: Ada\n---\n\n# Introduction\n\nI.\n";
    let files = [("0001/README.md", page), ("0002/README.md", "# Images\n"), ("2026/README.md", page)];
    assert_eq!(read(&files), ["0001/README.md: numbered 0001, Protocol"]);
}

#[test]
fn a_register_of_several_decisions_is_one_for_each_row() {
    let rows = "| ID | Decision | Status |\n|---|---|---|\n| DEC-1 | One queue | Approved |\n| DEC-2 | One cloud | Approved |\n";
    let register = format!(
        "---\nstatus: Approved\nowner: secretary\nupdated: 2026-01-31\n---\n# Open decisions\n\n{rows}"
    );
    let path = "docs/decisions/open-decision-register.md";
    assert_eq!(
        read(&[(path, &*register)]),
        [
            format!("{path}: decision-table DEC-1, One queue"),
            format!("{path}: decision-table DEC-2, One cloud")
        ]
    );
    let appendix = "# ADR-004 Research Appendix: Queues\n\n**Status:** Done\n";
    assert_eq!(read(&[("dev/adrs/research/adr-004-queues.md", appendix)]), [""; 0]);
}

#[test]
fn a_page_of_proposals_may_have_a_status_and_no_sections() {
    let page = "---\ntitle: Light\nstatus: DRAFTED\ncreated_at: 2026-01-31\npr: 7\n---\n\n# Light\n\nL.\n";
    assert_eq!(read(&[("text/0115-light.md", page)]), ["text/0115-light.md: rfc 0115, Light"]);
}

#[test]
fn what_is_superseded_is_named_after_the_word_and_as_a_whole() {
    let old = "# 1. Queues\n\n## Status\n\nAccepted\n\n## Decision\n\nOne.\n";
    for line in [
        "Supersedes: ADR-0001 **decision item 0** (the name)",
        "Supersedes [1. Queues](0001-queues.md) §Decision",
        "Supersedes: None (refines ADR-0001)",
        "Supersedes ADR-0001 (partially)",
        "Amends ADR-0002: this page replaces the way that [it](0001-queues.md) had",
    ] {
        let new = format!("# 3. Names\n\n## Status\n\nAccepted\n\n{line}\n\n## Decision\n\nN.\n");
        assert_eq!(
            found(&[("docs/adr/0001-queues.md", old), ("docs/adr/0003-names.md", &new)]),
            [""; 0],
            "{line}"
        );
    }
    let whole =
        "# 3. Names\n\n## Status\n\nAccepted\n\nThis decision supersedes ADR-0001.\n\n## Decision\n\nN.\n";
    assert_eq!(
        found(&[("docs/adr/0001-queues.md", old), ("docs/adr/0003-names.md", whole)]),
        [
            "docs/adr/0001-queues.md:5:1: error[decision/one-sided-supersede] `0001` does not name its successor `0003`"
        ]
    );
}

#[test]
fn a_remedy_names_a_key_as_the_page_writes_its_own() {
    let old = "---\nstatus: accepted\nlast_review: 2026-01-31\n---\n# A\n";
    let new = "---\nstatus: accepted\nreplaces: 1\n---\n# B\n";
    let files = [("proposals/0001-a.md", old), ("proposals/0002-b.md", new)];
    let output = Repository::folder_with(&files).run(&["check", "--format", "json"]).json();
    assert_eq!(
        output["findings"][0]["help"].as_str(),
        Some(
            "say under `superseded_by` of `0001` that it is superseded by `0002` and change its status to `superseded`, or correct `0002` if it only builds on it"
        )
    );
}

#[test]
fn a_name_of_one_word_is_no_suggestion_from_another_folder() {
    let page = "# 1. A\n\nStatus: draft\n\n[Plan](design.md), [limits](rate-limits.md), [all](adr/*.md), [id]([id]/x.md)\n";
    let files = [("proposals/0001-a.md", page), ("src/design.md", "# D\n"), ("docs/rate-limits.md", "# R\n")];
    let output = Repository::folder_with(&files).run(&["check", "--format", "json"]).json();
    let findings = output["findings"].as_array().cloned().unwrap_or_default();
    let text = |it: &serde_json::Value| {
        format!("{}: {}", it["message"].as_str().unwrap_or(""), it["help"].as_str().unwrap_or(""))
    };
    assert_eq!(
        findings.iter().map(text).collect::<Vec<_>>(),
        [
            "broken link to `design.md`: correct the path, or remove the link",
            "broken link to `rate-limits.md`: did you mean `../docs/rate-limits.md`?",
        ]
    );
}

#[test]
fn an_impossible_day_in_the_header_of_a_folders_page_is_told() {
    let page = "# RFC-0004 Insecure\n\n**Status:** implemented\n\n**Creation date:** 2026-31-07\n\n## Summary\n\nS.\n";
    assert_eq!(
        found(&[("rfcs/0004-insecure/README.md", page)]),
        [
            "rfcs/0004-insecure/README.md:5:20: error[schema/format] `0004`: `Creation date` is `2026-31-07`, and there is no month 31"
        ]
    );
}

#[test]
fn a_proposal_about_a_part_and_one_with_a_table_of_one_row_are_read() {
    let in_folder = "# Process\n\n<pre>\n  xls: 1\n  title: Process\n  author: Ada\n  status: Living\n  created: 2025-09-22\n</pre>\n\n\
                     ## 1. Abstract\n\nA.\n";
    let row = "| ID | Title | Status | Author | Created |\n|---|---|---|---|---|\n| TIP-7 | Seats | Draft | Ada | 2025-06-03 |\n\n\
               ## Abstract\n\nA.\n\n## Motivation\n\nM.\n";
    let of_part = "# Order\n\n## Summary\n\nS.\n\n## Motivation\n\nM.\n";
    let files = [
        ("XLS-0001-process/README.md", in_folder),
        ("proposals-of-ours/TIP-7.md", row),
        ("text/builders/0001-order.md", of_part),
    ];
    assert_eq!(
        read(&files),
        [
            "XLS-0001-process/README.md: numbered 0001, Process",
            "proposals-of-ours/TIP-7.md: numbered 7, Seats",
            "text/builders/0001-order.md: rfc 0001, Order",
        ]
    );
}

#[test]
fn a_page_of_another_type_is_no_decision() {
    let page = "---\nid: DOC-02002\ntype: Document\ntitle: Constraints\nstatus: draft\ncreated: 2026-06-28\n---\n\n# Constraints\n";
    assert_eq!(read(&[("docs/DOC-02002-constraints.md", page)]), [""; 0]);
    let typed = page.replace("type: Document", "type: Standards");
    assert_eq!(read(&[("docs/DOC-02002-constraints.md", &typed)]).len(), 1);
}

#[test]
fn a_place_on_another_page_of_a_book_is_no_broken_link() {
    let status = "== Status\n\nAccepted\n\n== Context\n\nSee <<cache>>.\n\n== Decision\n\nYes.\n";
    assert_eq!(found(&[("docs/adr/0001-use-c.adoc", status)]), [""; 0]);
    let whole = format!("= Use C\n\n{status}");
    assert_eq!(found(&[("docs/adr/0001-use-c.adoc", &whole)]).len(), 1);
}

const ACCEPTED: &str = "# Keep one queue\n\n- Status: accepted\n\nIt is [enough](queue.md).\n";

#[test]
fn a_folder_may_be_named_for_records_in_its_last_words() {
    let files = [
        ("Chapter-1/Docs/ArchitectureDecisionLog/0001-queue.md", ACCEPTED),
        ("docs/network_adr/adr002-queue/README.md", ACCEPTED),
        ("docs/backend-rfcs/0003-queue.md", ACCEPTED),
        ("docs/quadr/0004-queue.md", "# Four\n\nText.\n"),
    ];
    assert_eq!(
        read(&files),
        [
            "Chapter-1/Docs/ArchitectureDecisionLog/0001-queue.md: generic 0001, Keep one queue",
            "docs/backend-rfcs/0003-queue.md: generic 0003, Keep one queue",
            "docs/network_adr/adr002-queue/README.md: generic 002, Keep one queue",
        ]
    );
}

#[test]
fn pages_with_components_are_read_as_markdown() {
    let page = "---\ntitle: Keep one queue\nsidebar_position: 2\n---\n\nimport Tabs from '@theme/Tabs';\n\n\
                # ADR-7: Keep one queue\n\n## Status\n\nAccepted\n\n## Context\n\n<Tabs>\n\n\
                See [the costs](costs.md), and <Link to=\"gone.md\">more</Link> {/* gone.md */}.\n\n</Tabs>\n\n\
                <img src={require('./gone.png').default} />\n\n## Decision\n\nIt stays.\n";
    let files = [
        ("docs/adr/0007-queue.mdx", page),
        ("docs/adr/_partial.mdx", "Text.\n"),
        ("docs/adr/adr-template.mdx", page),
    ];
    assert_eq!(read(&files), ["docs/adr/0007-queue.mdx: nygard 0007, Keep one queue"]);
    assert_eq!(
        found(&files),
        ["docs/adr/0007-queue.mdx:18:17: error[reference/broken-link] broken link to `costs.md`"]
    );
}

#[test]
fn a_folder_without_a_number_is_a_record_if_its_page_states_a_status() {
    let files = [
        (
            "proposals/back-plates/README.md",
            "![Status: Published](https://img.example/p.svg)\n# Back plates\n\nText.\n",
        ),
        ("proposals/lights/README.md", "# Lights\n\n**Status:** Draft\n"),
        ("proposals/tools/README.md", "# Tools\n\nDate: 2026-01-02\n"),
        ("proposals/lights/images/README.md", "# Pictures\n\nAll of them.\n"),
        ("docs/tools/README.md", "# Tools\n\n**Status:** Draft\n"),
    ];
    assert_eq!(
        read(&files),
        [
            "proposals/back-plates/README.md: generic back-plates, Back plates",
            "proposals/lights/README.md: generic lights, Lights",
        ]
    );
    assert_eq!(found(&files), [""; 0]);
}

#[test]
fn a_badge_may_state_the_status() {
    let page = "# 7. Keep one queue\n\n[![Status: Superseded by 0009](https://img.example/s.svg)](https://a.example)\n\
                ![A queue](queue.svg)\n\nDate: 2026-01-02\n\n## Context\n\nC.\n\n## Decision\n\nD.\n";
    let files = [("docs/adr/0007-queue.md", page), ("docs/adr/queue.svg", "<svg/>")];
    assert_eq!(
        found(&files),
        [
            "docs/adr/0007-queue.md:3:26: error[reference/unknown] `0007` refers to the unknown decision `0009`"
        ]
    );
}

#[test]
fn the_form_of_rust_is_known_by_its_sections_in_any_folder() {
    let page =
        "# Summary\n[summary]: #summary\n\nS.\n\n# Motivation\n\nM.\n\n# Guide-level explanation\n\nG.\n";
    let files = [
        ("projects/wallet/0003-keys.md", page),
        (
            "accepted/tail-calls.md",
            "# Tail calls\n\n## Summary\n\nS.\n\n## Proposal\n\nP.\n\n## Open questions\n\nO.\n",
        ),
        ("accepted/papers.md", "# Papers\n\n## Summary\n\nS.\n\n## Proposal\n\nP.\n"),
        ("projects/wallet/0004-keys.md", "# Summary\n\nS.\n\n# Motivation\n\nM.\n"),
        ("projects/wallet/keys.md", page),
    ];
    assert_eq!(
        read(&files),
        ["accepted/tail-calls.md: rfc tail-calls, Tail calls", "projects/wallet/0003-keys.md: rfc 0003, -"]
    );
}

#[test]
fn an_identifier_with_the_letters_of_a_community_is_not_ours() {
    let page = |id: &str| {
        format!(
            "---\nid: {id}\ntitle: Keep one queue\nstatus: proposed\ndate: 2026-01-02\nowner: ada\n\
             relates-to: [crucible ADR-0001 (the gate)]\n---\n\n# Keep one queue\n\n## Context\n\nC.\n"
        )
    };
    let theirs = page("ADR-0002");
    let files = [("docs/decisions/ADR-0002-queue.md", &*theirs)];
    assert_eq!(read(&files), ["docs/decisions/ADR-0002-queue.md: generic 0002, Keep one queue"]);
    assert_eq!(found(&files), [""; 0]);
    let titled = "---\ntitle: \"ADR-0003: Keep one queue\"\nstatus: Approved\nowner: Architecture\ndocumentType: ADR\n---\n\n\
                  # Keep one queue\n\n## Decision\n\nIt stays.\n";
    assert_eq!(found(&[("docs/adr/ADR-0003-queue.md", titled)]), [""; 0]);
    let numbered = "---\nid: \"001\"\nstatus: proposed\ndate: 2026-01-02\ntitle: Keep one queue\n---\n\n# Keep one queue\n";
    assert_eq!(found(&[("docs/adr/adr-001-queue.md", numbered)]), [""; 0]);
    let ours = page("D-2");
    assert_eq!(
        read(&[("docs/decisions/queue.md", &*ours)]),
        ["docs/decisions/queue.md: - D-2, Keep one queue"]
    );
}

#[test]
fn a_task_with_a_number_and_a_status_is_no_decision() {
    let page =
        |title: &str| format!("# {title}\n\n## Status\n\nCompleted\n\n## Acceptance criteria\n\nIt runs.\n");
    let (parser, lexer) = (page("Mission: parser"), page("Mission: lexer"));
    let files = [("missions/done/0912-a-parser.md", &*parser), ("missions/done/0912-b-lexer.md", &*lexer)];
    assert_eq!(read(&files), [""; 0]);
    let decision = parser.replace("Acceptance criteria", "Notes").replace("Mission", "Write a");
    let files = [("missions/0912-parser.md", &*decision)];
    assert_eq!(read(&files), ["missions/0912-parser.md: nygard 0912, Write a: parser"]);
}

#[test]
fn proposals_may_be_named_by_a_day_or_lie_in_folders_of_subjects() {
    let proposal =
        "# Delete volumes\n\n## Summary\n\nWords.\n\n## Motivation\n\nWords.\n\n## Proposal\n\nWords.\n";
    let talk = "# A talk\n\n## Slides\n\nWords.\n";
    let folder = "---\ntitle: Move the pages\nstatus: implementable\n---\n\n# Move the pages\n\n## Summary\n\nWords.\n";
    let subject = "# Interface\n\nAll about the interface.\n";
    let rust = "# Browsers\n\n- Start Date: 2019/04/26\n- RFC PR: https://example.org/pull/3\n\n## Definition\n\nWords.\n";
    let files = [
        ("enhancements/20200625-delete-volumes.md", proposal),
        ("enhancements/20200626-talk.md", talk),
        ("enhancements/interface/README.md", subject),
        ("enhancements/interface/pages-now/README.md", folder),
        ("proposals/2026-01-02-delete.md", proposal),
        ("text/0003-browsers.md", rust),
    ];
    assert_eq!(
        read(&files),
        [
            "enhancements/20200625-delete-volumes.md: generic 20200625-delete-volumes, Delete volumes",
            "enhancements/interface/pages-now/README.md: generic pages-now, Move the pages",
            "proposals/2026-01-02-delete.md: generic 2026-01-02-delete, Delete volumes",
            "text/0003-browsers.md: rfc 0003, Browsers",
        ]
    );
}

#[test]
fn a_number_may_touch_the_words_and_a_day_may_stand_for_it() {
    let page = "# Keep one queue\n\nIt is enough.\n";
    let files = [
        ("architectureDecisionRecords/0007KeepQueue.md", page),
        ("architectureDecisionRecords/README.md", page),
        ("architectureDecisionRecords/doc-0901-adr-index.md", page),
        ("decisions/0066-generate-decisions-index.md", page),
        ("decisions/20260102-keep-queue.md", page),
        ("decisions/superseded/README.md", "# Superseded\n\nStatus: superseded\n"),
        ("proposals/2026-01-02-talk.md", page),
    ];
    assert_eq!(
        read(&files),
        [
            "architectureDecisionRecords/0007KeepQueue.md: generic 0007, Keep one queue",
            "decisions/0066-generate-decisions-index.md: generic 0066, Keep one queue",
            "decisions/20260102-keep-queue.md: generic 20260102-keep-queue, Keep one queue",
        ]
    );
}

#[test]
fn a_title_is_in_a_row_of_the_header_and_is_not_the_name_of_a_section() {
    let row = "| id | Title | Status | Created |\n|---|---|---|---|\n| OIP-242 | Cancel a ticket | Draft | 2025-06-03 |\n\n## Simple Summary\n\nS.\n\n## Motivation\n\nM.\n";
    let pending = row.replace("Draft", "Vote Pending").replace("| id | Title |", "| Author | Title |");
    let files = [
        ("OIPs/TIP-101.md", &*pending),
        ("decisions/0003Styling.md", "# Title\n\nStyling our pages\n\n## Context\n\nC.\n"),
        ("proposals/OIP-242.md", row),
        ("proposals/OIP-243.md", "# Accepted: Keep tickets\n\nText.\n"),
        ("rfcs/0007-keep-one-queue.md", "# Summary\n\nS.\n\n# Motivation\n\nM.\n"),
    ];
    assert_eq!(
        read(&files),
        [
            "OIPs/TIP-101.md: numbered 101, Cancel a ticket",
            "decisions/0003Styling.md: generic 0003, -",
            "proposals/OIP-242.md: generic 242, Cancel a ticket",
            "proposals/OIP-243.md: generic 243, Accepted: Keep tickets",
            "rfcs/0007-keep-one-queue.md: rfc 0007, -",
        ]
    );
}

#[test]
fn a_list_below_a_key_is_its_value_and_hides_no_other_key() {
    let page = "# ZEP 11 — Governance\n\nAuthors:\n\n* Ada ([@ada](https://a.example)), Rooms\n* Bo\n\nStatus: Draft\n\nType: Process\n\n## Abstract\n\nA.\n";
    assert_eq!(read(&[("draft/ZEP0011.md", page)]), ["draft/ZEP0011.md: numbered 0011, Governance"]);
}

#[test]
fn a_collection_of_a_site_and_a_folder_named_for_a_status_have_records() {
    let page = "---\ntitle: \"RFC-0008: Scan code\"\n---\n\n# RFC-0008: Scan code\n\n## Summary\n\nS.\n\n## Motivation\n\nM.\n";
    let files = [
        ("_published/0008-scan-code.md", page),
        ("_published/notes.md", page),
        ("_templates/0000-template.md", page),
        ("active/0003-events.md", "# Events\n\n## Motivation\n\nM.\n"),
        ("active/events.md", "# Events\n\n## Motivation\n\nM.\n"),
    ];
    assert_eq!(
        read(&files),
        ["_published/0008-scan-code.md: rfc 0008, Scan code", "active/0003-events.md: rfc 0003, Events"]
    );
}

#[test]
fn the_first_line_below_a_subtitle_may_state_the_status() {
    let badges = "NIP-37\n======\n\nDraft wraps\n-----------\n\n`draft` `optional`\n\nWhat it is.\n";
    let old = "NIP-C7\n======\n\nChats\n-----\n\n`unrecommended` `optional`\n\nWhat it is.\n";
    let chapter = "Chapter 37\n==========\n\nDraft wraps\n-----------\n\n`draft`\n";
    let picture = "# Logs\n\n## How we log\n\n![Status: rejected](status.svg)\n\n## Context\n\nC.\n";
    let word = "# 5. Queues\n\n## Retired\n\n## Context\n\nC.\n";
    let files = [
        ("37.md", badges),
        ("C7.md", old),
        ("book/37.md", chapter),
        ("docs/adr/0004-logs.md", picture),
        ("docs/adr/0005-queues.md", word),
    ];
    let repository = Repository::folder_with(&files);
    let listing = repository.run(&["records", "--format", "json"]).json();
    let records = listing["records"].as_array().cloned().unwrap_or_default();
    let statuses: Vec<String> = records
        .iter()
        .map(|record| {
            format!("{} {} {}", record["path"], record["title"], record["fields"]["status"]).replace('"', "")
        })
        .collect();
    assert_eq!(
        statuses,
        [
            "37.md Draft wraps draft",
            "C7.md Chats deprecated",
            "docs/adr/0004-logs.md Logs rejected",
            "docs/adr/0005-queues.md Queues deprecated",
        ]
    );
}

#[test]
fn a_resolution_is_named_by_its_day() {
    let page = "2014-07-11 Elections\n====================\n\nThe committee resolves that.\n";
    assert_eq!(
        read(&[("resolutions/20140711-elections.rst", page), ("notes/20140711-elections.rst", page)]),
        ["resolutions/20140711-elections.rst: generic 20140711-elections, Elections"]
    );
}

#[test]
fn a_file_of_keys_is_a_decision_by_its_context_and_its_decision() {
    let decision = "name: Use single lines\ndate: 2023-01-12\ncontext: >\n  C.\ndecision: >\n  D.\n";
    let other = "name: Use single lines\ncontext: C.\n";
    assert_eq!(
        read(&[
            ("decision-log/2023-01-12-lines.yaml", decision),
            ("decision-log/other.yaml", other),
            ("data/2023-01-12-lines.yaml", decision)
        ]),
        ["decision-log/2023-01-12-lines.yaml: decision-file 2023-01-12-lines, Use single lines"]
    );
}
