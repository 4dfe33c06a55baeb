//! Pages as communities write them: how they link, what they leave out, and what they keep as it was.

use crate::kit::Repository;

/// The findings, each with its help.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let repository = Repository::folder_with(files);
    let report = repository.run(&["check", "--format", "json", "--as-of", "2026-11-20"]).json();
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    let line = |finding: &serde_json::Value| {
        let text = |key: &str| finding[key].as_str().unwrap_or("-").to_owned();
        let (path, rule) = (text("path"), text("rule"));
        format!("{path}: {rule}: {}; {}", text("message"), text("help"))
    };
    findings.iter().map(line).collect()
}

/// A page in Nygard's format.
fn adr(title: &str, status: &str) -> String {
    format!("# {title}\n\n## Status\n\n{status}\n\n## Decision\n\nWe do.\n")
}

#[test]
fn a_status_names_its_successor_in_many_ways() {
    let successor = adr("9. Use Rust", "Accepted");
    for status in [
        r"Superseded by [9](0009-use-\[all\]-rust.md)",
        "Superseded by [9](0009-use-%5Ball%5D-rust.md)",
        "Superseded by [9](<0009-use-[all]-rust.md>).",
        "Superseded by [ADR-9][nine]",
        "Superseded (as of May) by [9](0009-use-%5Ball%5D-rust.md)",
        "Superseded by: [9](./0009-use-%5Ball%5D-rust.md#decision)",
        "⌛️ Superseded by ADR-0009",
    ] {
        let old = adr("1. Use C", status) + "\n[nine]: 0009-use-%5Ball%5D-rust.md\n";
        let files = [("docs/adr/0001-use-c.md", &*old), ("docs/adr/0009-use-[all]-rust.md", &*successor)];
        assert_eq!(found(&files), [""; 0], "{status}");
        let repository = Repository::folder_with(&files);
        let listing = repository.run(&["records", "--format", "json"]).json();
        let fields = &listing["records"][0]["fields"];
        assert!(fields["superseded-by"].to_string().contains('9'), "{status}: {fields}");
        assert_eq!(fields["status"], "superseded", "{status}");
    }
}

#[test]
fn what_follows_a_date_is_no_part_of_it() {
    for date in
        ["2024-10-31 :ghost:", "2024-10-31, amended 2025-01-02", "31 October 2024 (draft)", "Oct 31, 2024"]
    {
        let page = format!("# 1. Use C\n\nDate: {date}\n\n## Status\n\n✅ Accepted\n\n## Decision\n\nC.\n");
        assert_eq!(found(&[("docs/adr/0001-use-c.md", &page)]), [""; 0], "{date}");
    }
    // Nor is a digit too many or too few.
    for date in ["2024-10-32, 2024-11-01", "2018-07-018", "202-10-13"] {
        let page = format!("# 1. Use C\n\nDate: {date}\n\n## Status\n\nAccepted\n\n## Decision\n\nC.\n");
        assert_eq!(found(&[("docs/adr/0001-use-c.md", &page)]).len(), 1, "{date}");
    }
}

#[test]
fn a_section_that_is_there_and_empty_is_not_missing() {
    assert_eq!(
        found(&[("docs/adr/0001-use-c.md", &adr("1. Use C", ""))]),
        [
            "docs/adr/0001-use-c.md: schema/required: `0001`: the section `Status` is empty; fill in the section `Status`"
        ]
    );
}

#[test]
fn a_page_with_two_numbers_is_told_and_a_number_of_two_pages() {
    let files = [
        ("docs/adr/0001-a.md", adr("1. Use A", "Accepted")),
        // Each was copied from the one before.
        ("docs/adr/0002-b.md", adr("1. Use B", "Accepted")),
        ("docs/adr/0003-c.md", adr("2. Use C", "Accepted")),
        // Its number is that of another file as well.
        ("docs/adr/0003-d.md", adr("9. Use D", "Accepted")),
        ("docs/adr/0004-e.md", adr("8. Use E", "Accepted")),
    ];
    let files = files.each_ref().map(|(path, text)| (*path, text.as_str()));
    let helps: Vec<String> =
        found(&files).into_iter().filter_map(|line| Some(line.split_once("; ")?.1.to_owned())).collect();
    assert_eq!(
        helps,
        [
            "write `0002` inside, or `1` in the name of the file",
            "give one of them another id, such as `10`, or remove the duplicate",
            "write `0003` inside, or `2` in the name of the file",
            "write `0003` inside, or `9` in the name of the file",
            "write `0004` inside, or `8` in the name of the file",
        ]
    );
}

/// The destinations of broken links on a page among decisions, with what is meant.
fn broken(links: &[&str], others: &[(&str, &str)]) -> Vec<String> {
    let page = adr("1. Use C", "Accepted")
        + &links.iter().map(|link| format!("\n[a]({link})\n")).collect::<String>();
    let files: Vec<(&str, &str)> =
        std::iter::once(("docs/adr/0001-use-c.md", &*page)).chain(others.iter().copied()).collect();
    let quoted = |line: String| line.split('`').skip(1).step_by(2).collect::<Vec<_>>().join(" -> ");
    let links = found(&files).into_iter().filter(|line| line.contains("reference/broken-link"));
    links.map(quoted).collect()
}

#[test]
fn a_suggested_destination_can_be_written_as_it_is() {
    let others = [("docs/adr/guide/some notes #1.md", "# Notes\n"), ("docs/x/.ci/config.yml", "")];
    assert_eq!(
        broken(&["some%20notes%20%231.md#notes", "../../.ci/config.yml"], &others),
        [
            "some%20notes%20%231.md#notes -> guide/some%20notes%20%231.md#notes",
            "../../.ci/config.yml -> ../x/.ci/config.yml"
        ]
    );
}

#[test]
fn a_link_from_the_root_is_broken_where_it_can_only_mean_this_repository() {
    let others = [("docs/guide/start.md", "# Start\n"), ("site/content/docs/guide/more.md", "# More\n")];
    let links = [
        "/docs/guide/start.md",
        "/docs/guide/begin.md",
        // In the folder that a site has as its root.
        "/docs/guide/more.md",
        // Of a site, or of another repository.
        "/guide/begin.md",
        "/docs/guide/begin",
        "/docs/guides/start.md",
    ];
    assert_eq!(
        broken(&links, &others),
        ["/docs/guide/begin.md", "/docs/guides/start.md -> /docs/guide/start.md"]
    );
}

#[test]
fn nothing_is_said_of_pages_in_an_archive_unless_the_configuration_names_them() {
    let page = adr("2. Use C", "Superseded by [3](0003-use-d.md)") + "\n[gone](gone.md)\n";
    let live = adr("1. Use D", "Accepted") + "\n[before](archive/0001-use-c.md)\n";
    let files = [("docs/adr/archive/0001-use-c.md", &*page), ("docs/adr/0001-use-d.md", &*live)];
    assert_eq!(found(&files), [""; 0]);
    for folder in ["consolidated-archive", "defunct", "old-proposals"] {
        let path = format!("docs/adr/{folder}/0001-use-c.md");
        assert_eq!(found(&[(&path, &page)]), [""; 0], "{folder}");
    }
    let configuration = ("alignlint.yaml", "records: { decision: docs/adr/archive/** }\n");
    let rules: Vec<String> = found(&[&files[..], &[configuration]].concat())
        .into_iter()
        .filter_map(|line| line.split(": ").nth(1).map(str::to_owned))
        .collect();
    assert_eq!(rules, ["decision/number-mismatch", "reference/unknown", "reference/broken-link"]);
}

#[test]
fn an_author_may_be_a_mapping_with_a_name() {
    let page = "---\nauthors:\n  - name: Ada Byron\n    url: https://example.com/ada\n---\n".to_owned()
        + &adr("1. Pack", "Accepted");
    assert_eq!(found(&[("docs/adr/0001-pack.md", &page)]), [""; 0]);
}

#[test]
fn a_status_that_is_a_link_is_stated() {
    let page = adr("2. Bundle", "[Migrated](https://example.com/bundles)");
    let other = adr("1. Pack", "Accepted");
    assert_eq!(found(&[("docs/adr/0002-bundle.md", &page), ("docs/adr/0001-pack.md", &other)]), [""; 0]);
}

#[test]
fn bold_lines_may_stand_in_the_place_of_headings() {
    let page = "---\nstatus: accepted\ndeciders: Ada\n---\n# Where to store it\n\n**Context and Problem Statement**\n\nWe move.\n\n\
                **Considered Options**\n\n1. Here\n2. There: too far\n\n**Decision Outcome**\n\nChosen option: Here.\n";
    assert_eq!(found(&[("docs/decisions/0009-store.md", page)]), [""; 0]);
}

#[test]
fn a_title_may_be_in_the_front_matter() {
    let page = |title: &str| {
        format!("---\nslug: 1\ntitle: |\n  {title}\n---\n\n## Status\n\nAccepted\n\n## Decision\n\nWe do.\n")
    };
    let (one, other) = (page("1. Use Git"), page("2. Use Rust"));
    assert_eq!(found(&[("docs/adr/001-git.md", &*one), ("docs/adr/002-rust.md", &*other)]), [""; 0]);
}

#[test]
fn data_beside_numbered_pages_is_no_record() {
    let page = "# A\n\n## Summary\n\nA.\n";
    let data = ("docs/rfcs/0003-c/sample.yaml", "resource: Patient\n");
    let pages =
        ["docs/rfcs/0001-a.md", "docs/rfcs/0002-b.md", "docs/rfcs/0003-c.md"].map(|path| (path, page));
    assert_eq!(found(&[&pages[..], &[data]].concat()), [""; 0]);
    let configuration = ("alignlint.yaml", "extends: [recommended]\n");
    assert_eq!(found(&[pages[0], data, configuration]).len(), 1, "one page shows no habit");
}

#[test]
fn pages_that_wait_for_a_number_have_none_in_common() {
    let page = "# A\n\n## Summary\n\nA.\n";
    assert_eq!(found(&[("rfcs/0000-logs.md", page), ("rfcs/0000-traces.md", page)]), [""; 0]);
    assert_eq!(found(&[("rfcs/0001-logs.md", page), ("rfcs/0001-traces.md", page)]).len(), 1);
}

#[test]
fn a_number_with_other_zeros_is_suggested() {
    let new = "# 7. Two queues\n\n## Status\n\nAccepted\n\nSupersedes 003-queue.md\n\n## Decision\n\nSee [the old one](003-queue.md).\n";
    let old = adr("3. One queue", "Superseded by [7](0007-queues.md)");
    let files = [("docs/adr/0007-queues.md", new), ("docs/adr/0003-queue.md", &*old)];
    let output =
        Repository::folder_with(&files).run(&["check", "--as-of", "2026-11-20", "--format", "json"]).json();
    let findings = output["findings"].as_array().cloned().unwrap_or_default();
    let told: Vec<String> = findings.iter().map(|it| format!("{} / {}", it["message"], it["help"])).collect();
    assert_eq!(
        told,
        [
            "\"`0007` does not say that it supersedes `0003`\" / \"say in the section `Status` that it supersedes `0003`, or correct the successor that `0003` names\"",
            "\"`0007` refers to the unknown decision `003-queue.md`\" / \"did you mean `0003-queue.md`?\"",
            "\"broken link to `003-queue.md`\" / \"did you mean `0003-queue.md`?\""
        ]
    );
}

/// The tools of communities write an `id` into the front matter, too.
#[test]
fn a_heading_with_letters_and_number_is_that_of_a_community() {
    let page = |title: &str| {
        format!(
            "---\nid: 001\ntitle: Use Rust\nstatus: Accepted\ndate: 2025-07-03\n---\n\n# {title}\n\n**Participants**\n\n- Ada\n\n\
             ## Context\n\nC is old.\n\n## Decision\n\nWe do.\n"
        )
    };
    assert_eq!(found(&[("adr/001-use-rust.md", &page("ADR 001: Use Rust"))]), [""; 0]);
    let own = page("Use Rust");
    let configured = found(&[("decisions/001-use-rust.md", &*own), ("alignlint.yaml", "")]);
    assert!(
        configured.iter().any(|line| line.contains("ownership/missing")),
        "without the letters it is a page of ours: {configured:?}"
    );
    assert_eq!(
        found(&[("decisions/001-use-rust.md", &own)]),
        [""; 0],
        "unless nobody uses the form on purpose"
    );
}

#[test]
fn messages_name_the_key_that_the_page_or_its_community_has() {
    let proposal = |keys: &str| {
        format!(
            "---\neip: 7\ntitle: Steps\n{keys}status: Final\ntype: Meta\ncreated: 2020-01-02\n---\n\n## Abstract\n\nSteps.\n"
        )
    };
    let steps = "---\nstatus: implementable\ntitle: Steps\ncreation-date: 2026-11-02\nauthor:\n---\n# TEP-0004: Steps\n\n## Summary\n\nSteps.\n";
    let repository = Repository::with(&[
        ("alignlint.yaml", "practices: { owner: [\"**\"] }\n"),
        ("EIPS/eip-7.md", &proposal("")),
        ("proposals/0004-steps.md", &steps.replace("author:", "authors:")),
        (
            "rfcs/0001-a.md",
            "# RFC 1: A\n\n- Status: Draft\n- Start Date: 2020-13-45\n- Author: Ada\n\n## Motivation\n\nA.\n",
        ),
        (
            "rfcs/0002-b.md",
            "# RFC 2: B\n\n| Status | Draft |\n|---|---|\n| Created | 2020-13-45 |\n| Author | Ada |\n\n## Motivation\n\nB.\n",
        ),
    ]);
    let out = repository.check(&["--select", "ownership/missing", "--select", "schema/*"]).out;
    let expected = [
        "`7` names nobody under `author`",
        "`0004` names nobody under `authors`",
        "`0001`: `Start Date` is `2020-13-45`, and there is no month 13",
        "`0002`: `Created` is `2020-13-45`, and there is no month 13",
    ];
    for message in expected {
        assert!(out.contains(message), "{message}: {out}");
    }
}
