//! Parts of pages that their markup writes in its own way: blocks of YAML, cells with several lines, roles, pictures, indented headers.

use crate::kit::Repository;

fn record(files: &[(&str, &str)], path: &str) -> serde_json::Value {
    let listing = Repository::folder_with(files).run(&["records", "--format", "json"]).json();
    let records = listing["records"].as_array().cloned().unwrap_or_default();
    records.into_iter().find(|record| record["path"] == path).unwrap_or_default()
}

fn found(files: &[(&str, &str)]) -> Vec<String> {
    Repository::folder_with(files).check(&[]).out.lines().map(str::to_owned).collect()
}

const SECTIONS: &str = "## Context\n\nA.\n\n## Decision\n\nB.\n";

#[test]
fn a_header_in_a_block_of_yaml_is_read_as_yaml() {
    let page = format!(
        "# Queues\n\n```yaml\nstatus: accepted # since spring\ndate: 2026-01-02 # the board\nowner: \"Jo Pa\"\ndeciders:\n  - Ann Poe\n  - 'Bo Lim'\n```\n\n{SECTIONS}"
    );
    let record = record(&[("docs/decisions/0001-queues.md", &page)], "docs/decisions/0001-queues.md");
    assert_eq!(record["fields"]["status"], "accepted", "{record}");
    assert_eq!(record["fields"]["date"], "2026-01-02", "{record}");
    assert_eq!(record["fields"]["owner"], "Jo Pa", "{record}");
    assert_eq!(record["fields"]["decision-makers"], serde_json::json!(["Ann Poe", "Bo Lim"]), "{record}");
}

#[test]
fn a_word_in_a_block_of_yaml_is_corrected_and_its_comment_kept() {
    let page = format!(
        "# Queues\r\n\r\n```yaml\r\nstatus: acepted # why\r\ndate: 2026-01-02\r\n```\r\n\r\n{SECTIONS}"
    );
    let repository = Repository::folder_with(&[("docs/adr/0001-queues.md", &page)]);
    repository.run(&["--fix=all"]);
    assert_eq!(repository.read("docs/adr/0001-queues.md"), page.replace("acepted", "accepted"));
    repository.run(&["--fix=all"]);
    assert_eq!(repository.read("docs/adr/0001-queues.md"), page.replace("acepted", "accepted"));
}

const RST: &str = "Context\n-------\n\nA.\n\nDecision\n--------\n\nB.\n";

#[test]
fn a_cell_holds_several_lines_or_items() {
    let grid = format!(
        "5. Queues\n=========\n\n+----------------+-----------+\n| Status         | Accepted  |\n+----------------+-----------+\n\
         | Deciders       | Ann Poe,  |\n|                | Bo Lim    |\n+----------------+-----------+\n\n{RST}"
    );
    let list = format!(
        "6. Logs\n=======\n\n.. list-table::\n\n   * - Status\n     - Accepted\n   * - Deciders\n     - - Ann Poe\n       - Bo Lim\n\n{RST}"
    );
    for page in [grid, list] {
        let record = record(&[("docs/decisions/0005-a.rst", &page)], "docs/decisions/0005-a.rst");
        assert_eq!(record["fields"]["status"], "accepted", "{record}");
        assert_eq!(record["fields"]["decision-makers"], serde_json::json!(["Ann Poe", "Bo Lim"]), "{record}");
    }
}

fn adr(number: u32, status: &str, more: &str) -> String {
    let title = format!("{number}. Record {number}");
    format!("{title}\n===========\n\nStatus\n------\n\n{status}\n\n{RST}\n{more}\n")
}

#[test]
fn roles_and_pictures_lead_to_files() {
    let more = "See :doc:`0002-b`, :doc:`the other <0009-gone>`, :doc:`/adr/0009-gone`, :doc:`python:library/os`, :doc:`api/made`, :doc:`adr-0000`\n\
                and :download:`data <data.csv>`, or :download:`gone.csv`.\n\n.. image:: flow.png\n\n.. image:: _static/*.png\n\n\
                .. figure:: gone.svg\n   :width: 10\n\n   A figure.\n\n``:doc:`literal```";
    let files = [
        ("docs/adr/0001-a.rst", &*adr(1, "Accepted", more)),
        ("docs/adr/0002-b.rst", &adr(2, "Accepted", "")),
        ("docs/adr/data.csv", "a,b\n"),
        ("docs/adr/flow.png", ""),
    ];
    assert_eq!(
        found(&files),
        [
            "docs/adr/0001-a.rst:20:48: error[reference/broken-link] broken link to `gone.csv`",
            "docs/adr/0001-a.rst:26:13: error[reference/broken-link] broken link to `gone.svg`",
        ]
    );
}

#[test]
fn a_role_names_the_successor() {
    let files = [
        ("docs/adr/0001-a.rst", &*adr(1, "Superseded by :doc:`0002-b`", "")),
        ("docs/adr/0002-b.rst", &adr(2, "Accepted", "")),
    ];
    let record = record(&files, "docs/adr/0001-a.rst");
    assert_eq!(record["fields"]["status"], "superseded", "{record}");
    assert_eq!(record["fields"]["superseded-by"], serde_json::json!(["0002"]), "{record}");
}

#[test]
fn a_page_of_mediawiki_is_a_file_by_its_ending() {
    let page = |number: u32, text: &str| {
        format!(
            "<pre>\n  BIP: {number}\n  Title: Labels\n  Authors: Ada <ada@example.org>\n  Status: Draft\n  Type: Specification\n  Assigned: 2024-04-01\n</pre>\n\n==Abstract==\n\n{text}\n"
        )
    };
    let first = page(
        601,
        "As [[bip-0602.mediawiki|BIP 602]] and [[bip-0699.mediawiki|BIP 699]] say, on [[Main Page]].",
    );
    let files = [("bip-0601.mediawiki", &*first), ("bip-0602.mediawiki", &page(602, "A."))];
    assert_eq!(
        found(&files),
        ["bip-0601.mediawiki:12:41: error[reference/broken-link] broken link to `bip-0699.mediawiki`"]
    );
}

#[test]
fn the_lines_of_a_mail_may_be_indented() {
    let page = "    RFC: 7\n    Title: Envelopes\n    Author: Ana Li\n    Status: Draft\n    Created: 2026-05-06\n\n## Abstract\n\nA.\n\n## Motivation\n\nB.\n";
    let record = record(&[("rfcs/rfc-0007.md", page)], "rfcs/rfc-0007.md");
    assert_eq!(record["title"], "Envelopes", "{record}");
    assert_eq!(record["fields"]["status"], "draft", "{record}");
    assert_eq!(record["fields"]["authors"], serde_json::json!(["Ana Li"]), "{record}");
}

#[test]
fn key_results_stand_directly_below_the_objective() {
    let page = "# OKRs 2026 Q2\n\n## O1: Trust\n\nOwner: Bea\n\n- KR 1.1: 99.95 % availability\n- **KR 1.2** – fewer than 2 incidents\n\n\
                ## O2: Speed\n\n* KR2.1: deploy in a day\n* Key result 2: half the cost\n\n";
    let listing =
        Repository::folder_with(&[("okrs/q2.md", page)]).run(&["records", "--format", "json"]).json();
    let results = |at: usize| {
        let items = listing["records"][at]["fields"]["key-results"].as_array().cloned().unwrap_or_default();
        items.iter().map(|item| item["title"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(results(0), ["99.95 % availability", "fewer than 2 incidents"]);
    assert_eq!(results(1), ["deploy in a day", "half the cost"]);
}

#[test]
fn a_proposal_says_on_a_line_of_its_format_what_it_replaces() {
    let page = |number: u32, status: &str, line: &str| {
        format!(
            "```\n  BIP: {number}\n  Title: Labels {number}\n  Authors: Ada <ada@example.org>\n  Status: {status}\n  Type: Specification\n  Assigned: 2024-04-01\n  {line}\n```\n\n## Abstract\n\nA.\n"
        )
    };
    let old = page(501, "Closed", "Superseded-By: 502");
    let new = page(502, "Complete", "Replaces: 501");
    assert_eq!(found(&[("bip-0501.md", &old), ("bip-0502.md", &new)]), [""; 0]);
}

#[test]
fn a_group_of_backstage_is_part_of_one_that_is_known() {
    let group = |parent: &str| {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {{ name: payments }}\nspec: {{ type: team, parent: {parent} }}\n---\n\
             apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {{ name: platform }}\nspec: {{ type: team }}\n"
        )
    };
    let decisions = (
        "governance/decisions.yaml",
        "decisions:\n  - {id: D-1, title: T, status: proposed, date: 2026-10-01, owner: platform, options: [{title: A, rejected: no}]}\n",
    );
    let found = |parent: &str| {
        let files = [("catalog-info.yaml", &*group(parent)), decisions];
        let repository = Repository::folder_with(&files);
        repository.check(&["--select", "reference/unknown"]).out
    };
    assert_eq!(
        found("platfrom"),
        "catalog-info.yaml:4:29: error[reference/unknown] `payments` refers to the unknown team `platfrom`\n"
    );
}

#[test]
fn a_page_of_a_term_may_have_a_day() {
    let pod = "---\ntitle: Pod\nid: pod\ndate: 2018-04-12\nfull_link: /docs/pods/\nshort_description: >\n  Containers that run together.\n\naka:\ntags:\n- core\n---\n A pod.\n";
    let post = "---\ntitle: News\ndate: 2018-04-12\naka: old news\n---\n\nA.\n";
    let files = [("content/en/docs/news.md", post), ("content/en/docs/reference/glossary/pod.md", pod)];
    let listing = Repository::folder_with(&files).run(&["records", "--format", "json"]).json();
    let terms = listing["records"].as_array().cloned().unwrap_or_default();
    let found: Vec<String> =
        terms.iter().map(|term| format!("{} {}", term["title"], term["fields"]["definition"])).collect();
    assert_eq!(found, [r#""Pod" "Containers that run together.\n""#]);
}

#[test]
fn a_number_in_brackets_is_no_part_of_the_title_and_differs_from_that_of_the_file() {
    let page = |number: u32, title: &str| {
        format!("# \\[ADR-{number:04}] {title}\n\n* Status: accepted\n\n{SECTIONS}\n## Consequences\n\nC.\n")
    };
    let (first, second) = (page(13, "Test widely"), page(18, "Log little"));
    let files = [("docs/adrs/adr-0013-a.md", &*first), ("docs/adrs/adr-0014-b.md", &*second)];
    assert_eq!(record(&files, "docs/adrs/adr-0013-a.md")["title"], "Test widely");
    assert_eq!(
        found(&files),
        [
            "docs/adrs/adr-0014-b.md:1:4: error[decision/number-mismatch] the file name has the id `0014`, but the decision has `0018`"
        ]
    );
}

#[test]
fn a_picture_before_a_status_goes_with_it() {
    let page = |title: &str, status: &str| {
        format!(
            "# {title}\n\n## Status\n\n{status}\n\n## Context\n\nA.\n\n## Decision\n\nB.\n\n## Consequences\n\nC.\n"
        )
    };
    let new = page("2. Logs", "✅ Accepted\n\nSupersedes [1. Queues](0001-queues.md)");
    for (old, fixed) in [
        ("✅ Accepted", "Superseded by [2. Logs](0002-logs.md)"),
        ("**🟢 Accepted**", "**Superseded by [2. Logs](0002-logs.md)**"),
    ] {
        let files = [("docs/adr/0001-queues.md", &*page("1. Queues", old)), ("docs/adr/0002-logs.md", &new)];
        let repository = Repository::folder_with(&files);
        for _ in 0..2 {
            repository.run(&["--fix=all"]);
            assert_eq!(repository.read("docs/adr/0001-queues.md"), page("1. Queues", fixed));
        }
    }
}
