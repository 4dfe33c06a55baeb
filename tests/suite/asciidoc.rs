//! Records in `AsciiDoc`: decisions with sections, attributes, descriptions and tables; links, comments, fixes and new records.

use crate::kit::Repository;

/// The path, profile, identifier, title, status, date and authors of each record.
fn read(files: &[(&str, &str)]) -> Vec<String> {
    let repository = Repository::folder_with(files);
    let listing = repository.run(&["records", "--format", "json"]).json();
    let text = |value: &serde_json::Value| match value.as_array() {
        Some(items) => items.iter().filter_map(|item| item.as_str()).collect::<Vec<_>>().join(" + "),
        None => value.as_str().unwrap_or("-").to_owned(),
    };
    let records = listing["records"].as_array().cloned().unwrap_or_default();
    let line = |record: &serde_json::Value| {
        let fields = ["title", "status", "date", "authors"].map(|name| text(&record["fields"][name]));
        let [path, id, profile] = ["path", "id", "profile"].map(|name| text(&record[name]));
        format!("{path}: {profile} {id}, {}", fields.join(", "))
    };
    records.iter().map(line).collect()
}

fn found(files: &[(&str, &str)]) -> Vec<String> {
    let repository = Repository::folder_with(files);
    repository.check(&[]).out.lines().map(str::to_owned).collect()
}

const SECTIONS: &str = "= 2. Use PostgreSQL\n:toc: left\n\nDate: 2026-01-30\n\n== Status\n\nSuperseded by xref:0003-use-mysql.adoc[ADR 3]\n\n\
                        == Context\n\nWords.\n\n== Decision\n\nWords.\n\n== Consequences\n\nWords.\n";

const BOLD: &str = "= ADR-0003: Use MySQL\n\n*Status:* Accepted +\n**Date**: 2026-01-31 +\n*Deciders*: Ada\n\n== Context\n\nWords.\n\n\
                    == Decision\n\nSupersedes link:0002-use-postgresql.adoc[ADR 2].\n";

#[test]
fn decisions_are_read_from_sections_attributes_descriptions_lists_and_tables() {
    let attributes = ":showtitle:\n:status: rejected\n\n= ADR-0004: Use SQLite\nAda Byron <ada@example.org>; Bo Ek\nv0.1, 2026-02-01\n\n\
                      * Status: {status}\n* Deciders:\n** Ada\n** Bo\n* Date: 2026-02-02\n\n== Context and Problem Statement\n\nWords.\n\n\
                      == Considered Options\n\n* One\n\n== Decision Outcome\n\nWords.\n";
    let terms = "= ADR-0005: Keep one store\n\n[horizontal]\nStatus:: proposed\nDate::\n  2026-02-03\nAuthor:: Ada\n\n== Background\n\nWords.\n";
    let table = "= Use two\n\n.Metadata\n[cols=\"1h,1\"]\n|===\n|Status\n// One of draft, accepted, rejected.\n|Accepted\n\n|Date\n|2026-02-04\n|===\n\n\
                 == Motivation\n\nWords.\n";
    let prefixed = "= ADR 0007 - Documentation\n:adr_author: Ada\n:adr_date: 2026-02-05\n:adr_status: draft\n\ninclude::meta.adoc[]\n\n== Context\n\nWords.\n";
    let front_matter = "---\nstatus: accepted\n---\n= Use a queue\n\n== Context\n\nWords.\n";
    let files = [
        ("docs/adr/0002-use-postgresql.adoc", SECTIONS),
        ("docs/adr/0003-use-mysql.adoc", BOLD),
        ("docs/adr/0004-use-sqlite.adoc", attributes),
        ("docs/adr/0005-keep-one-store.adoc", terms),
        ("docs/adr/0006-use-two.asciidoc", table),
        ("docs/adr/0007-documentation.adoc", prefixed),
        ("docs/adr/0008-use-a-queue.adoc", front_matter),
    ];
    assert_eq!(
        read(&files),
        [
            "docs/adr/0002-use-postgresql.adoc: nygard 0002, Use PostgreSQL, superseded, 2026-01-30, -",
            "docs/adr/0003-use-mysql.adoc: nygard 0003, Use MySQL, accepted, 2026-01-31, -",
            "docs/adr/0004-use-sqlite.adoc: madr 0004, Use SQLite, rejected, 2026-02-02, Ada Byron <ada@example.org> + Bo Ek",
            "docs/adr/0005-keep-one-store.adoc: generic 0005, Keep one store, proposed, 2026-02-03, Ada",
            "docs/adr/0006-use-two.asciidoc: generic 0006, Use two, accepted, 2026-02-04, -",
            "docs/adr/0007-documentation.adoc: generic 0007, Documentation, draft, 2026-02-05, Ada",
            "docs/adr/0008-use-a-queue.adoc: generic 0008, Use a queue, accepted, -, -",
        ]
    );
    assert_eq!(found(&files), [""; 0]);
}

#[test]
fn a_fix_writes_a_cross_reference() {
    let page = |title: &str, status: &str| {
        format!("= {title}\n\n== Status\n\n{status}\n\n== Context\n\nWords.\n\n== Decision\n\nWords.\n")
    };
    let old = page("2. Use One", "Accepted");
    let new = page("3. Use Two", "Accepted\n\nSupersedes xref:0002-one.adoc[2. Use One]");
    let repository =
        Repository::folder_with(&[("docs/adr/0002-one.adoc", &*old), ("docs/adr/0003-two.adoc", &*new)]);
    repository.run(&["--fix"]);
    let fixed = old.replace("Accepted", "Superseded by xref:0003-two.adoc[3. Use Two]");
    assert_eq!(repository.read("docs/adr/0002-one.adoc"), fixed);
    repository.run(&["--fix"]);
    assert_eq!(repository.read("docs/adr/0002-one.adoc"), fixed, "a second run changes nothing");
}

#[test]
fn links_and_comments_are_understood() {
    let text = SECTIONS.replace(
        "== Decision\n\nWords.",
        "== Decision\n\nSee link:0003-use-mysq.adoc[x], <<0003-use-mysqll.adoc#,y>> and <<_contxt>>.",
    );
    let files = |text: &str| {
        let config = ("alignlint.yaml", "");
        found(&[config, ("docs/adr/0002-use-postgresql.adoc", text), ("docs/adr/0003-use-mysql.adoc", BOLD)])
    };
    let broken = |path: &str, column: usize| {
        format!(
            "docs/adr/0002-use-postgresql.adoc:16:{column}: warning[reference/broken-link] broken link to `{path}`"
        )
    };
    let found = files(&text);
    assert_eq!(found[..2], [broken("0003-use-mysq.adoc", 10), broken("0003-use-mysqll.adoc", 35)]);
    assert!(found[2].contains("_contxt"), "{found:?}");
    let ignored =
        text.replace("See link", "// alignlint: ignore reference/broken-link because it comes\nSee link");
    assert_eq!(files(&ignored), [""; 0]);
}

#[test]
fn an_index_in_asciidoc_lists_the_records_beside_it() {
    let index = "= Decisions\n\n* xref:0002-use-postgresql.adoc[Use PostgreSQL]\n* xref:0003-use-mysql.adoc[Use MySQL]\n";
    let first = BOLD
        .replace("ADR-0003: Use MySQL", "ADR-0009: First")
        .replace("Supersedes link:0002-use-postgresql.adoc[ADR 2].", "Words.");
    let files = [
        ("docs/adr/index.adoc", index),
        ("docs/adr/0002-use-postgresql.adoc", SECTIONS),
        ("docs/adr/0003-use-mysql.adoc", BOLD),
        ("docs/adr/0009-first.adoc", &first),
    ];
    let drift: Vec<String> =
        found(&files).into_iter().filter(|line| line.contains("document/index-drift")).collect();
    assert_eq!(drift.len(), 1, "{drift:?}");
}

#[test]
fn a_new_record_is_written_like_the_others() {
    let written = |path: &str, text: &str| {
        let repository = Repository::with(&[(path, text)]);
        let output = repository.run_today(&["new", "decision", "Sell through partners in Norway"]);
        repository.read(output.out.trim())
    };
    let sections = written("docs/adr/0002-use-postgresql.adoc", SECTIONS);
    assert!(
        sections.starts_with(
            "= 3. Sell through partners in Norway\n:toc: left\n\nDate: 2026-11-20\n\n== Status\n\nProposed\n"
        ),
        "{sections}"
    );
    let attributes = "= ADR-0004: Use SQLite\nAda Byron <ada@example.org>\nv0.1, 2026-02-01\n:status: accepted\n:icons: font\n\n* Status: {status}\n\n\
                      == Context\n\nWords.\n\n== Decision\n\nWords.\n";
    let attributes = written("docs/adr/0004-use-sqlite.adoc", attributes);
    assert!(
        attributes
            .starts_with("= ADR-0005: Sell through partners in Norway\n:status: proposed\n:icons: font\n"),
        "{attributes}"
    );
    assert!(!attributes.contains("Ada Byron") && !attributes.contains("v0.1"), "{attributes}");
}

#[test]
fn manuals_are_left_alone() {
    let page = "= Usage\n:status: fine\n\n== Context\n\nSee link:gone.adoc[gone].\n";
    let files = [
        ("docs/index.adoc", page),
        ("docs/modules/ROOT/pages/0001-begin.adoc", "= Begin\n\n== Context\n\nWords.\n"),
        ("docs/adr/template.adoc", SECTIONS),
        ("README.adoc", page),
    ];
    let fault = Repository::folder_with(&files).check(&[]).fault();
    assert!(fault.contains("nothing to check"), "{fault}");
}
