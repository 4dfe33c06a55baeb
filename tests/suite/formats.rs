//! Formats that communities chose: where the lines that describe a page stand, numbered pages in any folder, goals, glossaries with a
//! page for each term, and directories of people and teams.

use crate::kit::Repository;

/// Of each record its path, kind, format, identifier and title, then the named fields.
fn read(files: &[(&str, &str)], fields: &[&str]) -> Vec<String> {
    let repository = Repository::folder_with(files);
    let listing = repository.run(&["records", "--format", "json"]).json();
    let records = listing["records"].as_array().cloned().unwrap_or_default();
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::Null => "-".to_owned(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let shown = |record: &serde_json::Value| {
        let head = ["path", "profile", "id", "title"].map(|name| text(&record[name]));
        let rest = fields.iter().map(|name| text(&record["fields"][name]));
        head.into_iter().chain(rest).collect::<Vec<_>>().join(" | ")
    };
    records.iter().map(shown).collect()
}

fn found(files: &[(&str, &str)]) -> Vec<String> {
    Repository::folder_with(files).check(&[]).out.lines().map(str::to_owned).collect()
}

#[test]
fn lines_above_the_first_heading_or_under_the_heading_meta_describe_the_page() {
    let files = [
        (
            "accepted/0001-changelog.md",
            "- Feature Name: One changelog\n- Start Date: 2019-02-15\n- SEP Status: Approved\n\n# Summary\n\nOne.\n\n\
             # Motivation\n\nMany.\n",
        ),
        (
            "text/0044-publish.md",
            "# Meta\n- Name: Publish\n- Start Date: 2020-04-27\n- Author(s): Joe, Ada\n- Status: Implemented\n\n# Summary\n\nIt.\n",
        ),
        (
            "rfcs/0007-cache.md",
            "# A cache\n\n## Metadata\n\n- Status: accepted\n- Start Date: 2021-03-04\n- Author: Bo\n\n## Summary\n\nFast.\n",
        ),
    ];
    assert_eq!(
        read(&files, &["status", "created", "authors"]),
        [
            r#"accepted/0001-changelog.md | rfc | 0001 | One changelog | accepted | 2019-02-15 | -"#,
            r#"rfcs/0007-cache.md | rfc | 0007 | A cache | accepted | 2021-03-04 | ["Bo"]"#,
            r#"text/0044-publish.md | rfc | 0044 | Publish | accepted | 2020-04-27 | ["Joe","Ada"]"#,
        ]
    );
}

#[test]
fn a_request_may_have_keys_for_its_pull_request_and_issue_alone() {
    let page = "---\nrfc pr: https://example.org/pull/4\ntracking issue: https://example.org/issues/2\n---\n\n# Playlists\n\n## Blurb\n\nA.\n";
    let files =
        [("text/0002-playlists.md", page), ("posts/0002-playlists.md", page), ("text/playlists.md", page)];
    assert_eq!(read(&files, &["status"]), ["text/0002-playlists.md | rfc | 0002 | Playlists | -"]);
}

#[test]
fn the_day_of_a_request_is_read_in_each_form_that_leaves_no_doubt() {
    let days = [
        "`14-09-2017`",
        "2019-4-23",
        "Sept 5, 2014",
        "April 1, 2019",
        "25 Jan. 2019",
        "9/14/2017",
        "1.2.2024",
        "2022-August-1",
        "02/07/17",
        "12/6/2017",
        "2020-05-11T10:00",
    ];
    let page = |day: &&str| {
        format!("- Feature Name: a\n- Start Date: {day}\n\n# Summary\n\nS.\n\n# Motivation\n\nM.\n")
    };
    let names: Vec<String> = (1..=days.len()).map(|number| format!("text/{number:04}-a.md")).collect();
    let pages: Vec<String> = days.iter().map(page).collect();
    let files: Vec<(&str, &str)> =
        names.iter().map(String::as_str).zip(pages.iter().map(String::as_str)).collect();
    let read: Vec<String> = read(&files, &["created"])
        .iter()
        .map(|line| line.rsplit(' ').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(
        read,
        [
            "2017-09-14",
            "2019-04-23",
            "2014-09-05",
            "2019-04-01",
            "2019-01-25",
            "2017-09-14",
            "2024-02-01",
            "2022-08-01",
            "-",
            "-",
            "2020-05-11",
        ]
    );
}

#[test]
fn a_numbered_page_in_any_folder_has_the_sections_of_a_decision() {
    let files = [
        (
            "SNIPS/snip-2.md",
            "---\nsnip: 2\ntitle: Tokens\nauthor: Ada\nstatus: Final\n---\n\n## Abstract\n\nIt.\n",
        ),
        (
            "0002-plan.md",
            "# A plan\n\n| **Status** | **Deprecated** |\n|---|---|\n| **Authors** | Ada |\n| **Submitted** | 2019-12-04 |\n\n## Release\n",
        ),
        (
            "slep009/proposal.rst",
            "===========\nKeywords\n===========\n\n:Author: Ada\n:Status: Final\n:Created: 2019-07-13\n\nAbstract\n########\n\nIt.\n",
        ),
        (
            "rfc-153-allowlists.md",
            "# Allowlists\n\n## Summary\n\nIt.\n\n## Problem\n\nIt.\n\n## Proposal\n\nThis.\n",
        ),
        (
            "004-repositories.md",
            "# Repositories\n\n## Motivation\n\nIt.\n\n## Proposal\n\nThis.\n\n## Rejected alternatives\n\nThat.\n",
        ),
        (
            "product/012-names.md",
            "# Names\n\n## Status\n\nAccepted\n\n## Context\n\nIt.\n\n## Consequences\n\nSo.\n",
        ),
    ];
    assert_eq!(read(&files, &["status"]), ["product/012-names.md | nygard | 012 | Names | accepted"]);
}

#[test]
fn chapters_posts_issues_and_release_notes_are_no_proposals() {
    let files = [
        ("book/001-introduction.md", "# Introduction\n\n## Motivation\n\nIt.\n\n## Summary\n\nThis.\n"),
        (
            "blog/2024-01-05-plans.md",
            "---\ntitle: Plans\nauthor: Ada\nstatus: draft\n---\n\n## Motivation\n\nIt.\n",
        ),
        (
            "issues/bug-117.md",
            "---\ntitle: It fails\nauthor: Ada\nstatus: needs triage\n---\n\n## Context\n\nIt.\n",
        ),
        (
            "notes/release-notes-204.md",
            "# 204\n\nStatus: final\n\n## Summary\n\nIt.\n\n## Background\n\nThis.\n",
        ),
        ("docs/api/http-404.md", "# 404\n\n## Status\n\nNot found\n\n## Body\n\nIt.\n\n## Summary\n\nx\n"),
        ("lessons/101-sets.md", "# Sets\n\n## Problem\n\nIt.\n\n## Proposed Solution\n\nThis.\n"),
    ];
    assert_eq!(read(&files, &[]), [""; 0]);
}

#[test]
fn handles_without_quotes_in_front_matter_are_read_and_reported_once() {
    let page = "---\ntitle: A cache\nauthors:\n  - @ada\n  - @bo\nstatus: provisional\ncreation-date: 2021-03-04\n---\n\n# A cache\n\nFast.\n";
    let files = [("enhancements/cache.md", page)];
    assert_eq!(
        read(&files, &["authors", "status"]),
        [r#"enhancements/cache.md | generic | cache | A cache | ["@ada","@bo"] | proposed"#]
    );
    assert_eq!(
        found(&files),
        ["enhancements/cache.md:4:5: error[document/unreadable] a value that starts with `@` must be quoted"]
    );
    let quoted = page.replace("@bo", "\"see: @bo, @cy\"").replace("A cache\na", "`cache`\na");
    assert_eq!(
        read(&[("enhancements/cache.md", &quoted)], &["authors"]),
        [r#"enhancements/cache.md | generic | cache | `cache` | ["@ada","see: @bo","@cy"]"#]
    );
}

#[test]
fn goals_terms_and_problem_statements_have_a_page_each() {
    let files = [
        (
            "src/2025h2/build-std.md",
            "# build-std\n\n| Metadata | |\n|:--|:--|\n| Point of contact | @ada |\n| Status | Proposed |\n\n## Summary\n\nIt.\n",
        ),
        (
            "content/en/abstraction.md",
            "---\ntitle: Abstraction\nstatus: Completed\ncategory: Property\ntags: [a]\n---\n\nHides.\n",
        ),
        ("content/en/about.md", "---\ntitle: About us\ntags: [a]\n---\n\nWe.\n"),
        (
            "docs/glossary/pod.md",
            "---\ntitle: Pod\nshort_description: A group of containers.\naka: [cell]\n---\nLong.\n",
        ),
        ("CPS-0003/README.md", "---\nCPS: 3\nTitle: Smart Tokens\nStatus: Open\n---\n\n## Abstract\n"),
    ];
    assert_eq!(
        read(&files, &["status", "owner", "period", "definition"]),
        [
            "CPS-0003/README.md | cip | CPS-0003 | Smart Tokens | proposed | - | - | -",
            "content/en/abstraction.md | glossary-page | abstraction | Abstraction | - | - | - | Hides.",
            "docs/glossary/pod.md | glossary-page | pod | Pod | - | - | - | A group of containers.",
            "src/2025h2/build-std.md | project-goal | build-std | build-std | proposed | @ada | 2025h2 | -",
        ]
    );
}

#[test]
fn catalogues_and_lists_of_groups_are_directories() {
    let catalogue = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: pay}\n\
                     spec: {type: team, profile: {displayName: Payments}, parent: 'group:default/company', members: ['user:ada']}\n---\n\
                     apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: ada}\nspec: {profile: {displayName: Ada Byron}}\n---\n\
                     apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: site}\nspec: {owner: pay}\n";
    let groups = "sigs:\n  - dir: sig-apps\n    name: Apps\n    leadership: {chairs: [{github: ada}, {github: bo}]}\n\
                  workinggroups:\n  - dir: wg-data\n    name: Data\nusergroups:\n  - name: Users of it\n";
    let files = [
        ("catalog-info.yaml", catalogue),
        ("sigs.yaml", groups),
        ("people/ada.toml", "name = \"Ada Byron\"\ngithub = \"ada\"\ngithub-id = 7\nemail = false\n"),
        (
            "teams/cargo.toml",
            "name = \"cargo\"\nsubteam-of = \"tools\"\n[people]\nleads = [\"ada\"]\nmembers = [\"ada\", { github = \"bo\", roles = [\"releases\"] }]\n",
        ),
    ];
    assert_eq!(
        read(&files, &["parent", "members"]),
        [
            r#"catalog-info.yaml | backstage-group | pay | Payments | company | ["user:ada"]"#,
            "catalog-info.yaml | backstage-user | ada | Ada Byron | - | -",
            r#"sigs.yaml | sigs | sig-apps | Apps | - | ["ada","bo"]"#,
            "sigs.yaml | sigs | wg-data | Data | - | -",
            "sigs.yaml | sigs | Users of it | Users of it | - | -",
        ]
    );
}

const DIRECTORY: (&str, &str) = (
    "governance/directory.yaml",
    "people:\n  - { id: ada, title: Ada Byron, active-until: 2026-01-31 }\n  - { id: bo }\n",
);

fn owned_by(owner: &str) -> String {
    format!("decisions:\n  - {{ id: D-1, title: Sell abroad, status: accepted, owner: {owner} }}\n")
}

/// The findings about the owner of a decision, where these files lie beside it.
fn about_owner(owner: &str, files: &[(&str, &str)]) -> String {
    let decisions = owned_by(owner);
    let all = [&[DIRECTORY, ("governance/decisions.yaml", &decisions)], files].concat();
    let repository = Repository::folder_with(&all);
    repository.check(&["--select", "ownership/unknown,ownership/departed"]).out
}

#[test]
fn whoever_a_file_of_owners_names_is_known() {
    let unknown = "governance/decisions.yaml:2:61: error[ownership/unknown] the owner `@cy` of `D-1` is not a known person, role or team\n";
    assert_eq!(about_owner("'@cy'", &[]), unknown);
    for (path, text) in [
        (".github/CODEOWNERS", "* @acme/pay @cy\n"),
        ("OWNERS", "approvers:\n  - cy\n"),
        ("OWNERS_ALIASES", "aliases:\n  cy:\n    - bo\n"),
        (
            "sigs.yaml",
            "sigs:\n  - dir: sig-apps\n    name: Apps\n    leadership:\n      chairs:\n      - github: cy\n        name: Cy Roe\n",
        ),
        ("MAINTAINERS.md", "| Name | GitHub |\n|---|---|\n| Cy Roe | @cy |\n"),
        (
            "catalog-info.yaml",
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: site}\nspec:\n  owner: cy\n",
        ),
    ] {
        assert_eq!(about_owner("'@cy'", &[(path, text)]), "", "{path}");
        assert_eq!(
            about_owner("'@cy'", &[(&format!("src/{path}"), text)]),
            unknown,
            "{path} in another folder"
        );
    }
    assert_eq!(about_owner("'@acme/pay'", &[("CODEOWNERS", "* @acme/pay\n")]), "");
    assert_eq!(about_owner("dee", &[("CODEOWNERS", "* @acme/pay\n")]), unknown.replace("@cy", "dee"));
}

#[test]
fn names_of_one_person_in_a_mailmap_mean_the_person_of_the_directory() {
    let mailmap = [(".mailmap", "Ada Byron <ada@example.org> <ada@old.example>\n")];
    assert_eq!(
        about_owner("ada@old.example", &mailmap),
        "governance/decisions.yaml:2:61: error[ownership/departed] `D-1` names `ada@old.example` under `owner`, who left on 2026-01-31\n"
    );
}

#[test]
fn a_change_of_the_file_of_owners_changes_who_is_known() {
    let decisions = owned_by("'@cy'");
    let repository =
        Repository::with(&[DIRECTORY, ("governance/decisions.yaml", &decisions), ("CODEOWNERS", "* @cy\n")]);
    repository.write(&[("CODEOWNERS", "* @bo\n")]);
    let output = repository.check(&["--since", "HEAD", "--select", "ownership/unknown"]);
    assert!(output.out.contains("error[ownership/unknown] the owner `@cy` of `D-1`"), "{output:?}");
}

#[test]
fn headers_sections_and_statuses_may_be_in_other_languages() {
    let files = [
        (
            "docs/entscheidungen/0001-tabellen.md",
            "# ADR 0001: Tabellen\n\n> **Zielgruppe:** Alle.\n\n- **Status:** Angenommen\n- **Datum:** 2026-01-02\n\n## Kontext\n\nText.\n\n## Entscheidung\n\nText.\n",
        ),
        (
            "docs/decisiones/0002-extras.md",
            "# 0002 — Extras\n\n- **Estado:** Aceptada · enmendada\n- **Fecha:** 2026-01-03\n\n## Contexto\n\nTexto.\n\n## Decisión\n\nTexto.\n",
        ),
        (
            "notes/0003-cache.md",
            "# 0003 Cache\n\n## Statut\n\nRejeté\n\n## Contexte\n\nTexte.\n\n## Décision\n\nTexte.\n",
        ),
        (
            "docs/adr/0004-队列.md",
            "# 0004 队列\n\n状态：已接受\n日期：2026-01-04\n\n## 背景\n\n文字。\n\n## 决策\n\n文字。\n",
        ),
    ];
    assert_eq!(
        read(&files, &["status", "date"]),
        [
            "docs/adr/0004-队列.md | generic | 0004 | 0004 队列 | accepted | 2026-01-04",
            "docs/decisiones/0002-extras.md | generic | 0002 | Extras | accepted | 2026-01-03",
            "docs/entscheidungen/0001-tabellen.md | generic | 0001 | Tabellen | accepted | 2026-01-02",
        ]
    );
    assert_eq!(found(&files), [""; 0]);
}

#[test]
fn a_page_without_a_status_is_read_in_a_folder_for_decisions_or_proposals() {
    let underlined = "What is the problem?\n--------------------\nWords.\n\nWhat will be changed?\n---------------------\nWords.\n\nOut-of-Scope\n------------\nWords.\n";
    let spec = "===========\nAdd a queue\n===========\n\nProblem description\n===================\n\nWords.\n\nProposed change\n===============\n\nWords.\n\nAlternatives\n------------\n\nNone.\n";
    let two = "# Buttons\n\n## Background\n\nWords.\n\n## Detailed design\n\nWords.\n";
    let one = "# Buttons\n\n## Background\n\nWords.\n\n## Sizes\n\nWords.\n";
    let overview = "# Images\n\n## Overview\n\nWords.\n\n## Implementation\n\nWords.\n";
    let folder = "# Diffing notebooks\n\n## Problem\n\nWords.\n\n## Proposed Enhancement\n\nWords.\n";
    let files = [
        ("designs/auto-create-ecr.md", underlined),
        ("specs/2026.1/approved/add-a-queue.rst", spec),
        ("08-notebook-diff/notebook-diff.md", folder),
        ("design/cookies.md", two),
        ("design-documents/images.md", overview),
        ("docs/adr/adr-cookies.md", two),
        ("docs/enhancements/cookies/README.md", &format!("{two}## Alternatives\n\nNone.\n")),
        // None of these is one.
        ("design/buttons.md", one),
        ("design/images.md", overview),
        ("design/template.md", underlined),
        ("specs/buttons.md", two),
        ("docs/adr/buttons.md", one),
        ("docs/enhancements/buttons/README.md", two),
        ("docs/enhancements/0017/buttons.md", two),
        ("docs/guide/add-a-queue.rst", spec),
        ("01-first-steps/first-steps.md", two),
    ];
    assert_eq!(
        read(&files, &["status"]),
        [
            "docs/adr/adr-cookies.md | generic | adr-cookies | Buttons | -",
            "docs/enhancements/cookies/README.md | generic | cookies | Buttons | -",
        ]
    );
}

#[test]
fn a_heading_may_state_the_status_and_a_version_may_follow_it() {
    let files = [
        (
            "docs/resolutions/2024-02.md",
            "# Committee\n\n## Status: Approved on 2024-02-13\n\n## Subject: A charter\n\nWords.\n",
        ),
        (
            "eeps/eep-0018.md",
            "    EEP: 18\n    Status: Final/26.0 Implemented in OTP release 26\n\nEEP 18: Maps\n----\n\nAbstract\n========\n\nWords.\n\nRationale\n=========\n\nWords.\n",
        ),
        (
            "docs/adr/0009-logs.html.md.erb",
            "---\ntitle: Logs\n---\n\n# 9. Logs\n\nDate: 2026-01-05\n\n## Status\n\nAccepted\n\n## Context\n\n<%= words %>\n\n## Decision\n\nWords.\n",
        ),
    ];
    assert_eq!(
        read(&files, &["status"]),
        [
            "docs/adr/0009-logs.html.md.erb | nygard | 0009 | Logs | accepted",
            "docs/resolutions/2024-02.md | generic | 2024-02 | A charter | accepted",
        ]
    );
}

#[test]
fn a_day_in_a_name_is_no_number() {
    let rfc = "# Queues\n\n## Summary\n\nWords.\n";
    let adr = "# Logs\n\n## Status\n\nAccepted\n\n## Context\n\nWords.\n\n## Decision\n\nWords.\n\n## Consequences\n\nWords.\n";
    let files = [
        ("rfcs/20190815-queues.md", rfc),
        ("rfcs/20190815-topics.md", rfc),
        ("rfcs/2019_08_16_topics.md", rfc),
        ("adr/2021_03_04_logs.md", adr),
        ("adr/2021_03_04_traces.md", adr),
    ];
    assert_eq!(
        read(&files, &["status"]),
        [
            "adr/2021_03_04_logs.md | nygard | 2021_03_04_logs | Logs | accepted",
            "adr/2021_03_04_traces.md | nygard | 2021_03_04_traces | Logs | accepted",
            "rfcs/20190815-queues.md | rfc | 20190815-queues | Queues | -",
            "rfcs/20190815-topics.md | rfc | 20190815-topics | Queues | -",
            "rfcs/2019_08_16_topics.md | rfc | 2019_08_16_topics | Queues | -",
        ]
    );
}

#[test]
fn a_status_that_is_struck_out_no_longer_holds() {
    let page = |status: &str| {
        format!(
            "# Logs\n\n## Status\n\n{status}\n\n## Context\n\nWords.\n\n## Decision\n\nWords.\n\n## Consequences\n\nWords.\n"
        )
    };
    let one = page("~~Proposed~~ Accepted");
    let two = page("<s>Proposed</s> | **Accepted** | <s>Deprecated</s> | <s>Superseded by [ADR-0009]</s>");
    let three = page("~~Accepted~~\n\nDeprecated");
    let four = page("Supercedes [1](0001-one.md)\n\nAccepted");
    let five = page("Supercedes [1](0001-one.md)");
    let list = "---\nstatus: ~~proposed~~ accepted\n---\n\n# Logs\n\n## Context and Problem Statement\n\nWords.\n\n## Considered Options\n\n* A\n* B\n\n## Decision Outcome\n\nChosen option: A\n";
    let files = [
        ("docs/adr/0001-one.md", &*one),
        ("docs/adr/0002-two.md", &*two),
        ("docs/adr/0003-three.md", &*three),
        ("docs/adr/0004-four.md", &*four),
        ("docs/adr/0005-five.md", &*five),
        ("docs/adr/0006-six.md", list),
    ];
    assert_eq!(
        read(&files, &["status"]),
        [
            "docs/adr/0001-one.md | nygard | 0001 | Logs | accepted",
            "docs/adr/0002-two.md | nygard | 0002 | Logs | accepted",
            "docs/adr/0003-three.md | nygard | 0003 | Logs | deprecated",
            "docs/adr/0004-four.md | nygard | 0004 | Logs | accepted",
            "docs/adr/0005-five.md | nygard | 0005 | Logs | -",
            "docs/adr/0006-six.md | madr | 0006 | Logs | accepted",
        ]
    );
}

#[test]
fn a_status_may_be_a_heading_or_name_its_successor_after_the_day() {
    let sections = "## Context\n\nWords.\n\n## Decision\n\nWords.\n\n## Consequences\n\nWords.\n";
    let heading =
        format!("# 2. Logs\n\n## Status\n\n### Rejected April 2022\n\nNobody read them.\n\n{sections}");
    let after = format!(
        "# 6. Logs\n\nDate: 2018-12-12\nSuperseded: 2019-12-19 by [ADR 14](0014-logs.md)\n\n## Status\n\nSuperseded\n\n{sections}"
    );
    let files = [("docs/adr/0002-logs.md", &*heading), ("docs/adr/0006-logs.md", &*after)];
    assert_eq!(
        read(&files, &["status", "superseded-by"]),
        [
            "docs/adr/0002-logs.md | nygard | 0002 | Logs | rejected | -",
            "docs/adr/0006-logs.md | nygard | 0006 | Logs | superseded | [\"0014-logs.md\"]",
        ]
    );
}

#[test]
fn a_page_amends_only_what_is_named_at_once() {
    let page = |line: &str| {
        format!(
            "# Logs\n\n## Status\n\nAccepted\n\n{line}\n\n## Context\n\nWords.\n\n## Decision\n\nWords.\n"
        )
    };
    let loose =
        page("Related: [ADR 2](0002-b.md) (this amends it: one for all), [ADR 1](0001-a.md) (in short)");
    let named = page("Amends [ADR 2](0002-b.md)");
    let files = [("docs/adr/0003-c.md", &*loose), ("docs/adr/0004-d.md", &*named)];
    assert_eq!(
        read(&files, &["amends"]),
        [
            "docs/adr/0003-c.md | nygard | 0003 | Logs | -",
            "docs/adr/0004-d.md | nygard | 0004 | Logs | [\"0002-b.md\"]"
        ]
    );
}

#[test]
fn an_address_beside_a_status_is_no_choice() {
    let page = |status: &str| format!("# 0001 Queue\n\n- **Estado:** {status}\n\n## Contexto\n\nTexto.\n");
    let address = page("Aceptada, véase\n  [#34](https://example.org/team/repo/34)");
    let choice = page("Borrador/propuesta/aceptada");
    let files = [("docs/adr/0001-queue.md", &*address), ("docs/adr/0002-choice.md", &*choice)];
    assert_eq!(
        read(&files, &["status"]),
        [
            "docs/adr/0001-queue.md | generic | 0001 | Queue | accepted",
            "docs/adr/0002-choice.md | generic | 0002 | Queue | -"
        ]
    );
}

#[test]
fn a_page_below_a_period_with_a_description_is_a_goal() {
    let files = [
        (
            "content/web/2025q3-search.md",
            "---\ntitle: Faster search\ntags: [web]\ndescription: Answers in a second.\n---\n\n## Task List\n\n### Index\n\n* owner: Ada\n* status: done\n",
        ),
        (
            "content/2024h1/apps/mail.md",
            "---\ntitle: Mail\n---\n## `apps:mail`\n\n- status: 100%\n- CC: Bo\n\n### Description\n\nSends it.\n\n### Deliverables\n\n* [x] A.\n",
        ),
        (
            "content/2024h1/apps/chat.md",
            "---\ntitle: Chat\n---\n## `apps:chat`\n\n- status: 40%\n\n### Description\n\nTalks.\n",
        ),
        // Reports, posts and other pages below a period.
        ("content/web/2025q3-report.md", "---\ntitle: Report\n---\n\n## Milestones\n\nA.\n"),
        ("content/web/2025q3-news.md", "---\ntitle: News\ndate: 2025-08-01\n---\n\n## Description\n\nA.\n"),
        ("content/2024h1/apps/index.md", "---\ntitle: Apps\n---\n\n- status: 40%\n\n## Description\n\nA.\n"),
        ("content/2024h1/notes.md", "---\ntitle: Notes\n---\n\n## Description\n\nA.\n"),
    ];
    assert_eq!(
        read(&files, &["status", "period", "description"]),
        [
            "content/2024h1/apps/chat.md | project-goal | chat | Chat | - | - | Talks.",
            "content/2024h1/apps/mail.md | project-goal | mail | Mail | achieved | - | Sends it.",
        ]
    );
}

#[test]
fn a_heading_that_begins_with_the_word_objective_needs_no_number() {
    let page = "# Our OKRs\n\n## Objective: `Answer sooner`\n\n- **Owner:** Ada\n- **Key Results:**\n  1. Half of the calls within an hour\n\n\
                ## Objective: Sell more\n\n### Key results\n\n- 20 customers\n";
    assert_eq!(
        read(&[("okrs.md", page), ("docs/plan.md", page)], &["owner"]),
        [
            "okrs.md | goal-page | Answer sooner | Answer sooner | Ada",
            "okrs.md | goal-page | Sell more | Sell more | -",
        ]
    );
}

#[test]
fn the_number_of_a_series_may_be_in_the_folder_the_title_or_before_any_word() {
    let table = ".. list-table::\n  :widths: 25 75\n\n  * - **Name**\n    - example.org/spec_14.rst\n  * - **Editor**\n    - Ada <ada@example.org>\n  * - **State**\n    - raw\n";
    let standard = format!(
        "14/Queue Format\n###############\n\nHow queues are written.\n\n{table}\nLanguage\n********\n\nA.\n"
    );
    let plain = standard.replace("14/Queue", "Queue");
    let files = [
        ("spec_14.rst", &*standard),
        ("spec_15.rst", &plain),
        (
            "spec/abc-7/README.md",
            "---\nabc: 7\ntitle: Retries\nstatus: Final\nauthor: Ada\n---\n\n## Motivation\n\nA.\n",
        ),
        (
            "docs/adr/0015-agenda-of-a-day.md",
            "# ADR 0015 — Agenda of a day\n\n**Status:** Accepted\n\n## Contexto\n\nA.\n",
        ),
        (
            "docs/arch/adr-008-upgrade.md",
            "# Decision record: Upgrade\n\n**Date:** 2019-04-30\n\n## Plan\n\nA.\n",
        ),
        ("docs/arch/adr-009-notes.md", "# Notes on the upgrade\n\n## Plan\n\nA.\n"),
        ("docs/adr/2024-11-21-agenda.md", "# Agenda\n\n- Status of the cellar\n"),
        ("arc-0000/README.md", "---\narc: 0000\ntitle: Title\nstatus: Draft\n---\n\n## Abstract\n"),
        (
            "ieps/07-quota.md",
            "---\ntitle: Quota\niep-number: 7\ncreation-date: 2023-01-19\nstatus: implementable\n---\n\n# IEP-7: Quota\n",
        ),
        (
            "ieps/00-template.md",
            "---\ntitle: IEP Title\niep-number: NNNN\nstatus: implementable\n---\n\n# Title\n",
        ),
        ("book/03-status.md", "---\ntitle: Status\nstatus: draft\nchapter: 3\n---\n\n# Status\n"),
        ("bips/BIP-05/README.md", "# Files of BIP-05\n\n- `BIP-05.md`: the proposal\n"),
        ("spec/abc-8/README.md", "# ABC 8\n\nTo be written.\n"),
        (
            "docs/0001-use-quarto.qmd",
            "# 1. Use Quarto\n\n## Status\n\nAccepted\n\n## Context\n\nA.\n\n## Decision\n\nB.\n",
        ),
    ];
    assert_eq!(
        read(&files, &["status"]),
        [
            "docs/0001-use-quarto.qmd | nygard | 0001 | Use Quarto | accepted",
            "docs/adr/0015-agenda-of-a-day.md | generic | 0015 | Agenda of a day | accepted",
        ]
    );
}

#[test]
fn proposals_and_statuses_in_chinese_and_russian_are_read() {
    let proposal = "# 概述\n\n一个组件。\n\n# 动机\n\n简单。\n\n# 详细设计\n\n如下。\n";
    let chinese = "# ADR-004：日志\n\n## 状态\n\n已采用。\n\n## 背景\n\n一。\n\n## 决策\n\n二。\n";
    let russian = "# ADR-001: Журнал\n\n## Состояние\n\nПринято\n\n## Контекст\n\nA.\n\n## Решение\n\nB.\n";
    let files = [
        ("docs/decisions/ADR-004-logs.md", chinese),
        ("docs/adr/adr-001-journal.md", russian),
        ("rfcs/button.md", proposal),
    ];
    let found = read(&files, &["status"]);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found.iter().any(|line| line.starts_with("rfcs/button.md | rfc | button | button")), "{found:?}");
    assert_eq!(found.iter().filter(|line| line.ends_with("accepted")).count(), 2, "{found:?}");
}

#[test]
fn pages_in_korean_and_keys_in_spanish_are_read() {
    let korean = "# ADR-003: 로그\n\n## 상태\n\n승인됨\n\n## 맥락\n\nA.\n\n## 결정\n\nB.\n";
    let spanish = "---\nid: ADR-0004\ntitulo: Firmas\nestado: Aceptado\nfecha: 2026-07-31\n---\n\n# ADR-0004: Firmas\n\nA.\n";
    let both =
        "# 7. Accounts\n\n## Status\n\nAccepted | Implemented.\n\n## Context\n\nA.\n\n## Decision\n\nB.\n";
    let files = [
        ("docs/adr/ADR-003.md", korean),
        ("docs/arquitectura/adr/ADR-0004-firmas.md", spanish),
        ("docs/adr/0007-accounts.md", both),
    ];
    assert_eq!(
        read(&files, &["status", "date"]),
        [
            "docs/adr/0007-accounts.md | nygard | 0007 | Accounts | accepted | -",
            "docs/adr/ADR-003.md | generic | 003 | 로그 | accepted | -",
            "docs/arquitectura/adr/ADR-0004-firmas.md | generic | 0004 | Firmas | accepted | 2026-07-31",
        ]
    );
}
