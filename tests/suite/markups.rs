//! Records in pages that are not Markdown: reStructuredText, and `MediaWiki`'s markup.

use crate::kit::Repository;

/// The path, identifier, profile, title, status and date of each record.
fn read(files: &[(&str, &str)]) -> Vec<String> {
    let repository = Repository::folder_with(files);
    let listing = repository.run(&["records", "--format", "json"]).json();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    let records = listing["records"].as_array().cloned().unwrap_or_default();
    let line = |record: &serde_json::Value| {
        let fields = ["title", "status", "date", "created"].map(|name| text(&record["fields"][name]));
        let [path, id, profile] = ["path", "id", "profile"].map(|name| text(&record[name]));
        format!("{path}: {profile} {id}, {}", fields.join(", "))
    };
    records.iter().map(line).collect()
}

fn found(files: &[(&str, &str)]) -> Vec<String> {
    let repository = Repository::folder_with(files);
    repository.check(&[]).out.lines().map(str::to_owned).collect()
}

const PEP: &str = "PEP: 8\nTitle: Style Guide\nAuthor: Ada Byron <ada@example.org>,\n        Grace Hopper <grace@example.org>\n\
                   Status: Active\nType: Process\nCreated: 05-Jul-2001\nResolution: `31-Mar-2025 <https://example.org>`__\n\n\
                   Abstract\n========\n\nWords.\n";

const BIP: &str = "RECENT CHANGES:\n* (1 May 2014) Clarified\n\n<pre>\n  BIP: 32\n  Title: Wallets\n  Authors: Ada <ada@example.org>\n           Grace\n\
                   \x20 Status: Deployed\n  Type: Specification\n  Assigned: 2012-02-11\n</pre>\n\n==Abstract==\n\nWords.\n";

#[test]
fn proposals_that_begin_like_a_mail_are_read() {
    let rep = PEP
        .replace("PEP: 8", "REP: 2000")
        .replace("05-Jul-2001", "29-June-2011, 1-Jul-2011")
        .replace("Active", "Final");
    let nep = ".. _NEP50:\n\n=====================\nNEP 50 — Promotion of types\n=====================\n:Author: Ada\n:Status: Draft\n\
               :Type: Standards Track\n:Created: 2021-05-25\n\nAbstract\n========\n";
    let markdown =
        BIP.replace("<pre>", "```").replace("</pre>", "```").replace("==Abstract==", "## Abstract");
    let files = [
        ("bip-0032.mediawiki", BIP),
        ("bip-0360.md", &markdown.replace("BIP: 32", "BIP: 360").replace("Deployed", "Draft")),
        ("doc/neps/nep-0050-promotion.rst", nep),
        ("peps/pep-0008.rst", PEP),
        ("rep-2000.rst", &rep),
    ];
    assert_eq!(
        read(&files),
        [
            "bip-0032.mediawiki: bip 32, Wallets, accepted, -, 2012-02-11",
            "bip-0360.md: bip 360, Wallets, draft, -, 2012-02-11",
            "doc/neps/nep-0050-promotion.rst: nep 50, Promotion of types, draft, -, 2021-05-25",
            "peps/pep-0008.rst: pep 8, Style Guide, accepted, 2025-03-31, 2001-07-05",
            "rep-2000.rst: rep 2000, Style Guide, accepted, 2025-03-31, 2011-06-29",
        ]
    );
    assert_eq!(found(&files), [""; 0]);
}

/// Footnotes say nothing about the proposal.
const REFERENCES: &str =
    "\nReferences\n==========\n\n.. [1] https://example.org\n\n.. _list: https://example.org/list\n";

#[test]
fn a_superseded_proposal_names_its_successor_and_is_named_by_it() {
    let page = |id: &str, title: &str, status: &str, rest: &str| {
        let header =
            format!("PEP: {id}\nTitle: {title}\nAuthor: Ada Byron\nStatus: {status}\nType: Process\n{rest}");
        format!("{header}Created: 05-Jul-2001\n\nAbstract\n========\n\nWords.\n")
    };
    let files = [
        ("peps/pep-0006.rst", page("6", "Releases", "Superseded", "") + REFERENCES),
        ("peps/pep-0563.rst", page("563", "Postponed", "Superseded", "Superseded-By: 749\n")),
        ("peps/pep-0749.rst", page("749", "Deferred", "Accepted", "")),
        ("peps/pep-0750.rst", page("750", "Templates", "Finel", "Requires: :pep:`749`\n")),
    ];
    let files = files.each_ref().map(|(path, text)| (*path, text.as_str()));
    assert_eq!(
        found(&files),
        [
            "peps/pep-0006.rst:4:9: error[decision/no-successor] `6` is superseded but names no successor",
            "peps/pep-0749.rst:1:6: error[decision/unclaimed-successor] `749` does not say that it supersedes `563`",
            "peps/pep-0750.rst:4:9: error[schema/enum] `750`: `Status` is `Finel`; expected one of Draft, Active, Accepted, Provisional, Deferred, Rejected, Withdrawn, Final, Superseded",
        ]
    );
    let repository = Repository::folder_with(&files[1..3]);
    repository.run(&["--fix"]);
    assert!(repository.read("peps/pep-0749.rst").contains("\nReplaces: 563\n"));
}

#[test]
fn a_fix_writes_a_link_in_the_markup_of_the_page() {
    let page = |title: &str, status: &str| {
        format!("{title}\n===========\n\nStatus\n------\n\n{status}\n\nContext\n-------\n\nWords.\n")
    };
    let (old, new) = (
        page("2. Use One", "Accepted"),
        page("3. Use Two", "Accepted\n\nSupersedes `2. Use One <0002-one.rst>`_"),
    );
    let repository =
        Repository::folder_with(&[("docs/adr/0002-one.rst", &*old), ("docs/adr/0003-two.rst", &*new)]);
    repository.run(&["--fix"]);
    let fixed = old.replace("Accepted", "Superseded by `3. Use Two <0003-two.rst>`_");
    assert_eq!(repository.read("docs/adr/0002-one.rst"), fixed);
    repository.run(&["--fix"]);
    assert_eq!(repository.read("docs/adr/0002-one.rst"), fixed, "a second run changes nothing");
}

const ADR: &str = "=================\n2. Use PostgreSQL\n=================\n\nStatus\n------\n\n\
                   Superseded by `ADR 3 <0003-use-mysql.rst>`_\n\nContext\n-------\n\nWords.\n\nDecision\n--------\n\nWords.\n";

#[test]
fn architecture_decisions_are_read_from_sections_fields_and_tables() {
    let fields = "Use MySQL\n=========\n\n:Status: Accepted\n:Date: 2026-01-31\n\nContext\n-------\n\nWords.\n\nDecision\n--------\n\nSupersedes nothing.\n";
    let table =
        |table: &str| format!("Use {}\n=======\n\n{table}\n\nContext\n-------\n\nWords.\n", table.len());
    let grid = table(
        "+--------+------------+\n| Status | Rejected   |\n+--------+------------+\n| Date   | 2026-02-02 |\n+--------+------------+",
    );
    let step = ADR.replace("2. Use PostgreSQL", "6. Keep one store");
    let step = step.replace("Superseded by `ADR 3 <0003-use-mysql.rst>`_", "Draft -> Accepted");
    let files = [
        ("docs/adr/0002-use-postgresql.rst", ADR),
        ("docs/adr/0003-use-mysql.rst", fields),
        ("docs/adr/0005-grid.rst", &grid),
        ("docs/adr/0006-keep-one-store.rst", &step),
    ];
    assert_eq!(
        read(&files),
        [
            "docs/adr/0002-use-postgresql.rst: nygard 0002, Use PostgreSQL, superseded, -, -",
            "docs/adr/0003-use-mysql.rst: nygard 0003, Use MySQL, accepted, 2026-01-31, -",
            "docs/adr/0005-grid.rst: generic 0005, Use 119, rejected, 2026-02-02, -",
            "docs/adr/0006-keep-one-store.rst: nygard 0006, Keep one store, accepted, -, -",
        ]
    );
    assert_eq!(found(&files), [""; 0]);
}

#[test]
fn links_and_comments_of_a_page_are_understood() {
    let text = ADR.replace(
        "Words.\n\nDecision",
        "See `x <0003-use-mysq.rst>`_ and `y`_.\n\n.. _y: 0003-use-mysqll.rst\n\nDecision",
    );
    let files = |text: &str| {
        let other = ADR.replace("2. Use PostgreSQL\n=================", "3. Use MySQL\n=================");
        let other = other.replace("Superseded by `ADR 3 <0003-use-mysql.rst>`_", "Accepted\n\nSupersedes 2");
        let config = ("alignlint.yaml", "");
        found(&[config, ("docs/adr/0002-use-postgresql.rst", text), ("docs/adr/0003-use-mysql.rst", &other)])
    };
    let broken = |path: &str, column: usize| {
        format!(
            "docs/adr/0002-use-postgresql.rst:13:{column}: warning[reference/broken-link] broken link to `{path}`"
        )
    };
    assert_eq!(files(&text), [broken("0003-use-mysq.rst", 9), broken("0003-use-mysqll.rst", 34)]);
    let ignored =
        text.replace("See `x", ".. alignlint: ignore reference/broken-link because it comes\n\nSee `x");
    assert_eq!(files(&ignored), [""; 0]);
}

#[test]
fn a_new_record_is_written_like_the_others() {
    let written = |path: &str, text: &str| {
        let repository = Repository::with(&[(path, text)]);
        let output = repository.run_today(&["new", "decision", "Sell through partners in Norway"]);
        repository.read(output.out.trim())
    };
    let proposal = written("peps/pep-0008.rst", PEP);
    assert!(proposal.starts_with("PEP: 9\nTitle: Sell through partners in Norway\n"), "{proposal}");
    assert!(proposal.contains("\nStatus: Draft\n"), "{proposal}");
    assert!(proposal.ends_with("\n\nAbstract\n========\n"), "{proposal}");
    let bip = written("bip-0032.mediawiki", BIP);
    assert!(bip.contains("\n</pre>\n\n==Abstract==\n"), "{bip}");
    let decision = written("docs/adr/0002-use-postgresql.rst", ADR);
    let title = "3. Sell through partners in Norway";
    let line = "=".repeat(title.len());
    assert!(
        decision.starts_with(&format!("{line}\n{title}\n{line}\n\nStatus\n------\n\nProposed\n")),
        "{decision}"
    );
}

#[test]
fn documentation_without_records_is_left_alone() {
    let page = "Usage\n=====\n\n:Status: fine\n\nSee `gone <gone.rst>`_.\n";
    let files = [
        ("docs/index.rst", page),
        ("docs/guide/0001-begin.rst", page),
        ("README.rst", page),
        ("wiki/Home.mediawiki", "= Home =\n"),
    ];
    let fault = Repository::folder_with(&files).check(&[]).fault();
    assert!(fault.contains("nothing to check"), "{fault}");
}
