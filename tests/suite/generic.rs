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

/// The messages of all findings, each with its help.
fn found_with_help(files: &[(&str, &str)]) -> Vec<String> {
    let output =
        Repository::folder_with(files).run(&["check", "--as-of", "2026-11-20", "--format", "json"]).json();
    let findings = output["findings"].as_array().cloned().unwrap_or_default();
    let text = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    findings.iter().map(|it| format!("{} / {}", text(it, "message"), text(it, "help"))).collect()
}

#[test]
fn a_header_of_any_form_is_read() {
    let files = [
        (
            "PIPs/PIP-12.md",
            "---\nPIP: 12\nTitle: A burn\nStatus: Final\nType: Core\n---\n\n## Abstract\n\nWe burn.\n",
        ),
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
    assert_eq!(found(&files), [""; 0]);
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
fn the_parts_of_a_record_in_its_own_folder_are_no_records() {
    let files = [
        (
            "enhancements/PLAT-102-rooms/README.md",
            "---\ntitle: Rooms\ncreation-date: 2026-01-02\n---\n\n## Summary\n",
        ),
        (
            "enhancements/PLAT-102-rooms/ui-design.md",
            "---\ntitle: Screens\ncreation-date: 2026-01-02\n---\n\n## Summary\n",
        ),
        ("rfcs/086-viewer/01-overview.md", "# Overview\n\nStatus: Draft\n"),
        ("rfcs/087-search/087-search.md", "# Search\n\nStatus: Draft\n"),
        ("rfcs/2026-Q1/teams.md", "# Teams\n\nStatus: Draft\n"),
    ];
    assert_eq!(
        read(&files),
        [
            "enhancements/PLAT-102-rooms/README.md: 102, Rooms, -",
            "rfcs/087-search/087-search.md: 087, Search, draft",
            "rfcs/2026-Q1/teams.md: teams, Teams, draft"
        ]
    );
}

#[test]
fn a_part_has_a_number_of_its_own() {
    let page = "# Contracts\n\nStatus: Draft\n";
    let files = [
        ("proposals/rfc-0046-01.md", page),
        ("proposals/rfc-0046-02.md", page),
        ("proposals/rfc-0047.md", page),
    ];
    assert_eq!(
        read(&files).iter().map(|it| it.split(',').next().unwrap_or_default()).collect::<Vec<_>>(),
        [
            "proposals/rfc-0046-01.md: 0046-01",
            "proposals/rfc-0046-02.md: 0046-02",
            "proposals/rfc-0047.md: 0047"
        ]
    );
}

#[test]
fn a_file_whose_whole_name_is_a_number_is_found_under_another_title() {
    let files = [
        ("docs/adr/adr-58.md", &*adr("ADR 58: Pages", "", "Accepted", "C.")),
        ("docs/adr/adr-59.md", &*adr("ADR 58: Regeneration", "", "Accepted", "C.")),
    ];
    assert_eq!(
        found(&files),
        [
            "docs/adr/adr-59.md:1:3: error[decision/number-mismatch] the file name has the id `59`, but the decision has `58`",
            "docs/adr/adr-59.md:1:3: error[reference/duplicate-id] 2 decisions have the id `58`"
        ]
    );
}

#[test]
fn of_words_and_keys_only_a_misspelt_one_is_told() {
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
    assert_eq!(
        found(&pages),
        ["LIPS/lip-3.md:3:1: warning[decision/misspelt-section] `titel` of `3` is not read"]
    );
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
            "LIPS/lip-3.md:2:9: error[decision/one-sided-supersede] `3` does not name its successor `4`",
            "LIPS/lip-3.md:3:10: error[schema/invalid] `3`: `created` is `2026-02-30`, and February 2026 has 28 days",
            "LIPS/lip-3.md:7:7: error[reference/broken-link] broken link to `why.md`",
            "LIPS/lip-4.md:2:1: error[reference/duplicate-id] 2 decisions have the id `4`",
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
fn front_matter_below_blank_lines_is_read() {
    let page = "\n---\ntitle: Hosts\ncreation-date: 2026-01-01\n---\n\n# Hosts\n";
    let files =
        [("enhancements/hosts.md", page), ("enhancements/dns.md", "---\nstatus: draft\n---\n# DNS\n")];
    assert_eq!(found(&files), [""; 0]);
}

/// An ADR of three sections.
fn adr(title: &str, header: &str, status: &str, context: &str) -> String {
    format!(
        "# {title}\n{header}\n## Status\n\n{status}\n\n## Context\n\n{context}\n\n## Decision\n\nWe do.\n\n## Consequences\n\nC.\n"
    )
}

#[test]
fn a_page_with_keys_of_another_community_is_not_in_our_form() {
    let numbered = "---\nNumber: \"0007\"\nCategory: Informational\nStatus: Draft\nAuthor: Ada\nCreated: 2020-01-31\n---\n\n\
                    # Scores\n\n## Problem\n\nP.\n\n## Decision\n\nD.\n";
    let named = "---\nid: 0008-queues\ntitle: Queues\nstatus: Accepted\nauthor: [Ada]\nsummary: One queue.\n---\n\n# Queues\n\n\
                 ## Context\n\nC.\n\n## Decision\n\nD.\n";
    let files = [("rfcs/0007-scores/0007-scores.md", numbered), ("docs/adr/0008-queues.md", named)];
    assert_eq!(found(&files), [""; 0]);
    assert_eq!(
        read(&files),
        [
            "docs/adr/0008-queues.md: 0008, Queues, accepted",
            "rfcs/0007-scores/0007-scores.md: 0007, Scores, draft"
        ]
    );
    let ours = "---\nid: 9\nstatus: accepted\n---\n\n# Queues\n\n## Decision\n\nD.\n";
    assert!(read(&[("docs/adr/0009-queues.md", ours)]).is_empty(), "the program's own form");
}

#[test]
fn a_line_in_bold_may_hold_status_and_date() {
    let header = "\n**Status:** Accepted | **Date:** 2025-03-26 | **Review:** 2026-03-26\n";
    let page = format!("# ADR 003: Names\n{header}\n## Context\n\nC.\n\n## Decision\n\nD.\n");
    assert_eq!(found(&[("security/003-names.md", &page)]), [""; 0]);
    let wrong = page.replace("2025-03-26", "2025-13-26");
    assert_eq!(
        found(&[("security/003-names.md", &wrong)]),
        [
            "security/003-names.md:3:34: error[schema/invalid] `003`: `date` is `2025-13-26`, and there is no month 13"
        ]
    );
}

#[test]
fn a_date_in_another_dress_is_a_date_or_nothing() {
    for header in [
        "\n* Date: [2021-06-29] <!-- optional -->\n",
        "\nDate – 2019-07-23\n",
        "\n* Date started: 2022-11-11\n",
        "\n* Date Decided: 2022-05-??\n",
        "\nDate: 2024.06.17\n",
    ] {
        let page = adr("1. Use C", header, "Accepted", "C.");
        assert_eq!(found(&[("docs/adr/0001-use-c.md", &page)]), [""; 0], "{header}");
    }
    let about_dates =
        "- Start Date: 2021-01-31\n\n# Bindings\n\n## Summary\n\nS.\n\n## Date\n\nA day is a `time.Time`.\n";
    assert_eq!(found(&[("text/0204-bindings.md", about_dates)]), [""; 0]);
    let brackets = adr("1. Use C", "", "[Approved]", "C.");
    assert_eq!(found(&[("docs/adr/0001-use-c.md", &brackets)]), [""; 0]);
}

#[test]
fn a_key_of_another_type_means_something_else() {
    let page = adr("6. Logs", "", "Implemented", "C.");
    let page = format!("---\ntitle: 6. Logs\napplies_to: [\"*\"]\ntopics: [logging]\n---\n\n{page}");
    assert_eq!(found(&[("ADR/0006-logs.md", &page)]), [""; 0]);
}

#[test]
fn a_title_may_stand_below_a_heading_for_it() {
    let page = |name: &str| {
        format!(
            "# Meta\n[meta]: #meta\n- Name: {name}\n- Start Date: 2019-04-25\n- Status: Approved\n\n# Summary\n\nS.\n"
        )
    };
    let files = [("text/0001-stacks.md", &*page("Stacks")), ("text/0002-logs.md", &page("Logs"))];
    assert_eq!(found(&files), [""; 0]);
}

#[test]
fn pages_may_say_their_status_in_a_quote_or_in_braces() {
    let quoted =
        "# Tests\n\n> Status: accepted\n\n> Date: 28.05.2020\n\n## Context\n\nC.\n\n## Decision\n\nD.\n";
    let files = [
        ("adr/2020_05_28_tests.md", quoted),
        ("docs/adr/0005-use-c.md", &*adr("5. Use C", "", "{Accepted}", "Text.")),
    ];
    assert_eq!(found(&files), [""; 0]);
}

#[test]
fn a_page_that_only_leads_elsewhere_is_not_told_as_unread() {
    let stub =
        |rest: &str| format!("# Framework\n\nPlease refer to <https://example.org/adr/0001.md>\n{rest}");
    let sibling = "# Tests\n\n> Status: accepted\n\n## Context\n\nC.\n\n## Decision\n\nD.\n";
    let with = |rest: &str| {
        let files = [
            ("adr/2020_04_06_framework.md", &*stub(rest)),
            ("adr/2020_05_28_tests.md", sibling),
            ("adr/2021_03_16_links.md", &*sibling.replace("Tests", "Links")),
        ];
        found(&files).into_iter().filter(|it| it.contains("unrecognised")).count()
    };
    assert_eq!((with(""), with("\n## Background\n\nIt was decided there, by all of us.\n")), (0, 1));
}

#[test]
fn helps_name_the_next_number() {
    let dated = |title: &str, date: &str| adr(title, &format!("Date: {date}\n"), "Accepted", "We build it.");
    let files = [
        ("docs/adr/0001-use-c.md", &*dated("1. Use C", "2024-03-01")),
        ("docs/adr/0002-use-git.md", &dated("2. Use Git", "2024-05-01")),
        ("docs/adr/0002-use-make.md", &dated("2. Use Make", "2024-04-01")),
        ("docs/adr/0009-use-vim.md", &dated("9. Use Vim", "2024-06-01")),
        ("docs/adr/0010-use-sed.md", &dated("9. Use Sed", "2024-07-01")),
    ];
    assert_eq!(
        found_with_help(&files),
        [
            "2 decisions have the id `0002` / give one of them another id, such as `0011`, or remove the duplicate",
            "the file name has the id `0010`, but the decision has `9` / write `0010` inside, or `9` in the name of the file",
            "2 decisions have the id `9` / give one of them another id, such as `11`, or remove the duplicate",
        ]
    );
}

#[test]
fn a_successor_that_is_there_and_no_record_is_not_unknown() {
    let superseded = |path: &str| adr("1. Use C", "", &format!("Superseded by [another]({path})"), "C.");
    let notes = ("docs/adr/later.md", "# Later\n\nThoughts.\n");
    assert_eq!(found(&[("docs/adr/0001-use-c.md", &superseded("later.md")), notes]), [""; 0]);
    assert_eq!(
        found_with_help(&[("docs/adr/old/0001-use-c.md", &superseded("later.md")), notes]),
        [""; 0],
        "an archive"
    );
    assert_eq!(
        found_with_help(&[("docs/adr/first/0001-use-c.md", &superseded("later.md")), notes]),
        ["`0001` refers to the unknown decision `later.md` / did you mean `../later.md`?"]
    );
}

#[test]
fn a_successor_in_a_line_of_the_header_is_one() {
    let old = "# 3. Use C\n\n**Status:** Superseded by [ADR-4](0004-use-rust.md)\n\n## Context\n\nC.\n\n## Decision\n\nD.\n";
    let new = adr("4. Use Rust", "", "Accepted", "C.");
    assert_eq!(found(&[("docs/adr/0003-use-c.md", old), ("docs/adr/0004-use-rust.md", &new)]), [""; 0]);
    let done = adr("3. Use C", "", "Superseded — all of it is in Rust now.", "C.");
    assert_eq!(found(&[("docs/adr/0003-use-c.md", &done)]), [""; 0]);
}

#[test]
fn a_section_with_a_placeholder_is_not_missing() {
    let page = adr("1. Use C", "", "...", "C.");
    assert_eq!(
        found(&[("docs/adr/0001-use-c.md", &page)]),
        [
            "docs/adr/0001-use-c.md:5:1: error[schema/required] `0001`: the section `Status` holds a placeholder"
        ]
    );
}

#[test]
fn data_that_belongs_to_a_page_may_be_in_any_dialect() {
    let page = "# A theme\n\n## Summary\n\nS.\n";
    let data = ("rfcs/084-theme/config/settings.json", "// Settings\n{\"a\": 1,}\n");
    assert_eq!(found(&[("rfcs/084-theme.md", page), data]), [""; 0]);
    let record = "decisions:\n  - id: D-1\n    title: [T\n";
    let ours = [("rfcs/084-theme.md", page), ("rfcs/2026/decisions.yaml", record)];
    assert!(found(&ours).join("\n").contains("error[document/unreadable]"));
}

#[test]
fn what_is_not_read_in_a_community_is_told_at_the_end() {
    let files = [
        ("rfcs/use-rust.md", "# Use Rust\n\n## Summary\n\nS.\n"),
        ("rfcs/charter.md", "# Charter\n\nWho we are.\n"),
        ("rfcs/flags.md", "# Flags\n\nThis proposes a flag.\n"),
    ];
    assert_eq!(found(&files), [""; 0]);
    let output = Repository::folder_with(&files).run(&["check", "--as-of", "2026-11-20"]);
    let told = "`rfcs/charter.md`: 2 of 3 pages in `rfcs/` are not read as records";
    assert!(output.err.contains(told) && output.code == Some(0), "{output:?}");
    let page = adr("Use C", "", "Accepted", "C.");
    let forgot = page.replace("## Status\n\nAccepted\n\n", "");
    let files = ["0001-a", "0002-b", "0003-c"]
        .map(|name| (format!("docs/adr/{name}.md"), page.replace("Use C", name)));
    let mut files: Vec<(&str, &str)> = files.iter().map(|(path, page)| (&**path, page.as_str())).collect();
    files.push(("docs/adr/use-d.md", &forgot));
    assert_eq!(found(&files), [""; 0]);
    files.push(("alignlint.yaml", "practices: { status: [docs/adr/**] }\n"));
    assert_eq!(found(&files), ["docs/adr/use-d.md:1:3: warning[decision/no-status] `use-d` has no status"]);
}

#[test]
fn a_page_without_a_number_whose_title_is_to_be_written_is_a_template() {
    let page = |title: &str| {
        format!(
            "# {title}\n\n## Context and Problem Statement\n\nWe store.\n\n## Considered Options\n\n* A\n* B\n\n## Decision Outcome\n\nA.\n"
        )
    };
    for (name, title, is_record) in [
        ("madr.md", "{short title, representative of solved problem and found solution}", false),
        ("madr.md", "[short title of solved problem and solution]", false),
        ("use-sqlite.md", "[SQLite](https://sqlite.org)", true),
        ("0003-madr.md", "{short title}", true),
    ] {
        let repository = Repository::folder_with(&[(&format!("docs/adr/{name}"), &*page(title))]);
        let listing = repository.run(&["records"]).out;
        assert_eq!(listing.contains(name), is_record, "{name} {title}: {listing}");
    }
}

#[test]
fn templates_and_translations_are_no_records() {
    let page = adr("7. Scores", "", "Accepted", "C.");
    let broken = "---\nstatus: {proposed | accepted}\ndeciders: {[a](b)}\n---\n# {title}\n";
    let files = [
        ("rfcs/0007-scores.md", &*page),
        ("rfcs/0007-scores.zh.md", &page),
        ("rfcs/0000-rfc-template.md", broken),
        ("docs/adrs/000-template.md", broken),
        ("docs/adrs/000-sample.md", &page),
        ("docs/adrs/20xx-xx-xx.TEMPLATE.md", &page),
    ];
    assert_eq!(found(&files), [""; 0]);
}

#[test]
fn a_glossary_of_a_community_does_not_spell_for_it() {
    let glossary = "# Words\n\n| Term | Definition |\n|---|---|\n| Pull Request | A change |\n";
    let page = adr("1. Use C", "", "Accepted", "Open a pull-request.");
    assert_eq!(found(&[("docs/glossary.md", glossary), ("docs/adr/0001-use-c.md", &page)]), [""; 0]);
}

#[test]
fn a_series_in_text_files_is_read_and_copies_of_standards_are_not() {
    let text =
        "=============\nMS RFC 1: Ink\n=============\n\n:Status: Adopted\n\nSummary\n=======\n\nWords.\n";
    let files = [
        ("docs/rfc/ms-rfc-1.txt", text),
        ("docs/proposals/ink.md", "# Ink\n\n## Abstract\n\nWe print.\n\n## Proposal\n\nBuy ink.\n"),
        // None of these is one.
        ("docs/rfc/rfc2119.txt", text),
        ("docs/ms-rfc-2.txt", text),
        ("docs/proposals/ink-zh.md", "# Ink\n\n## Abstract\n\nW.\n\n## Proposal\n\nB.\n"),
        ("docs/proposals/CFP-003-template.md", "# CFP-003: Template\n\n**Status:** Dormant\n"),
    ];
    assert_eq!(
        read(&files),
        ["docs/proposals/ink.md: ink, Ink, -", "docs/rfc/ms-rfc-1.txt: ms-rfc-1, MS RFC 1: Ink, accepted"]
    );
}

#[test]
fn a_note_below_the_first_heading_is_not_the_header() {
    let page = "* Title: Ink\n* Status: Rejected\n* Date Creation: 2026-01-02\n\n# Abstract\n\nNOTE: This is old.\n\n# Proposal\n\nBuy ink.\n";
    assert_eq!(read(&[("proposals/ink.md", page)]), ["proposals/ink.md: ink, Ink, rejected"]);
}

#[test]
fn a_page_whose_front_matter_has_many_faults_is_told() {
    let page = "---\ntitle: Ink\nauthors:\n- \"@ada\"\n  reviewers:\n- \"@bo\"\n- \"@cy\"\n- \"@di\"\n  status: implementable\n---\n\n# Ink\n\n## Motivation\n\nWe print.\n\n## Proposal\n\nBuy ink.\n";
    let found = found(&[("docs/proposals/20240309-ink.md", page)]).join("\n");
    assert!(
        found.contains("docs/proposals/20240309-ink.md") && found.contains("document/unreadable"),
        "{found}"
    );
}

#[test]
fn digits_in_a_name_that_are_no_day_state_none() {
    let page = "---\ntitle: Ink\nstatus: proposed\n---\n\n# Ink\n\n## Motivation\n\nWe print.\n";
    assert_eq!(found(&[("docs/proposals/20221611-ink.md", page)]), [""; 0]);
    let hyphenated = found(&[("docs/proposals/2022-16-11-ink.md", page)]).join("\n");
    assert!(hyphenated.contains("`date` is `2022-16-11`"), "{hyphenated}");
}

#[test]
fn the_day_and_those_who_decided_are_read_under_plain_words() {
    let page = "# Blue bags\n\n**Status:** decided\n**When:** 3 March 2026\n**Who:** Priya, Tom Aske\n**Look at it again:** 2027-03-01\n\nBlue.\n";
    let fields = |page: &str| {
        let listing = Repository::folder_with(&[("decisions/D01-bags.md", page)])
            .run(&["records", "--format", "json"])
            .json();
        let fields = &listing["records"][0]["fields"];
        [&fields["date"], &fields["decision-makers"], &fields["review-by"]].map(ToString::to_string)
    };
    assert_eq!(fields(page), ["\"2026-03-03\"", "[\"Priya\",\"Tom Aske\"]", "\"2027-03-01\""]);
    let other = page
        .replace("3 March 2026", "3 March 2026, 18:00")
        .replace("Priya, Tom Aske", "All drivers of the depot")
        .replace("2027-03-01", "when it is cold");
    assert_eq!(fields(&other), ["null"; 3]);
}

#[test]
fn a_page_above_a_series_of_records_is_checked_as_its_index() {
    let record =
        |title: &str| format!("# {title}\n\nStatus: Accepted\n\n## Motivation\n\nM.\n\n## Design\n\nD.\n");
    let [one, two, three] = ["Queues", "Retries", "Replies"].map(record);
    let readme = "# Proposals\n\n[How we decide](process.md)\n";
    let series = [
        ("README.md", readme),
        ("proposals/0001-queues.md", &*one),
        ("proposals/0002-retries.md", &*two),
        ("proposals/0003-replies.md", &*three),
    ];
    assert_eq!(found(&series), ["README.md:3:17: error[reference/broken-link] broken link to `process.md`"]);
    let code: Vec<(&str, &str)> =
        ["a.rs", "b.rs", "c.rs"].into_iter().map(|path| (path, "")).chain(series).collect();
    assert_eq!(found(&code), [""; 0], "the README of a program");
}

#[test]
fn a_gitignore_that_leaves_out_all_but_a_list_says_nothing_of_a_link() {
    let page =
        "# Replies\n\nStatus: Accepted\n\n## Motivation\n\n[They](../unaccepted/0009-queues.md) are slow.\n";
    let files = [(".gitignore", "/*\n!/proposals/\n"), ("proposals/0001-replies.md", page)];
    assert_eq!(
        found(&files),
        [
            "proposals/0001-replies.md:7:8: error[reference/broken-link] broken link to `../unaccepted/0009-queues.md`"
        ]
    );
}

#[test]
fn the_advice_about_a_successor_names_the_status_too() {
    let old = "# Own mill\n\n**Status:** Decided\n**Date:** 2026-04-09\n\n## Why\n\nx\n";
    let new = "# Mill of others\n\n**Status:** Decided\n**Date:** 2026-08-09\n**Supersedes:** [Own mill](2026-04-mill.md)\n\n## Why\n\nx\n";
    let folder = |old: &str| {
        Repository::folder_with(&[("decisions/2026-04-mill.md", old), ("decisions/2026-08-mill.md", new)])
    };
    let help = folder(old).run(&["check", "--format", "json"]).json()["findings"][0]["help"].to_string();
    let told = "say on a line `Superseded by: …` below the title that `2026-08-mill` supersedes it and set the status to `superseded`,";
    assert!(help.contains(told), "{help}");
    let followed =
        old.replace("Decided\n", "Superseded\n**Superseded by:** [Mill of others](2026-08-mill.md)\n");
    assert_eq!(folder(&followed).check(&[]).messages(), Vec::<String>::new());
}

#[test]
fn the_day_of_a_page_in_a_folder_of_several_kinds_makes_it_no_record() {
    let page = "---\ntags: [governance]\ndescription: What we settled for this part\ncreated: 2026-03-14\nupdated: 2026-07-06\n---\n\
                # Decisions\n\n## 1. A part to copy from\n\nIt is not the smallest.\n";
    let repository = crate::kit::Repository::with(&[("docs/governance/DECISIONS.md", page)]);
    let output = repository.run(&["check", "--format", "concise"]);
    assert_eq!((output.code, &*output.out), (Some(2), ""));
}

#[test]
fn of_two_columns_that_may_name_an_option_the_first_does() {
    let page = "# RFC-0007: Caching\n\n- **Status:** Accepted\n- **Date:** 2026-03-14\n\n## Summary\n\nWe cache.\n\n## Options considered\n\n\
                | Option | What | Trade-off |\n|---|---|---|\n| Do nothing | Keep it as it is | slow |\n| **A cache** | One on each machine | memory |\n\n\
                ## Proposal\n\nA cache.\n";
    let repository = Repository::folder_with(&[("docs/rfc/0007-caching.md", page)]);
    assert_eq!(repository.check(&[]).messages(), [""; 0]);
    let records = repository.run(&["records", "--format", "json"]).out;
    assert!(records.contains("\"Do nothing\"") && !records.contains("\"Keep it as it is\""), "{records}");
}
