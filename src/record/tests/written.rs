use super::*;

fn nygard(after_title: &str, status: &str) -> Record {
    let text = format!(
        "# 1. Use Go\n\n{after_title}\n\n## Status\n\n{status}\n\n## Context\n\nx\n\n## Decision\n\ny\n"
    );
    record("docs/adr/0001-use-go.md", &text)
}

#[test]
fn a_date_may_be_followed_by_more_about_it() {
    let date = |line: &str| value(&nygard(line, "Accepted"), "date");
    assert_eq!(date("Date: 2019-05-13, updated 2023-02-05 (Python)"), "2019-05-13");
    assert_eq!(date("Date: 2018-08-30; Last update date: 2019-04-09"), "2018-08-30");
    assert_eq!(date("Date: 2 Sept 2024"), "2024-09-02");
    assert_eq!(date("Date: March 3rd, 2021"), "2021-03-03");
    assert_eq!(date("Date: 2018-11"), "-", "a month names no day, and is no mistake");
    assert_eq!(date("Date: <2018-08-31"), "-");
}

#[test]
fn a_status_is_all_that_its_section_says() {
    let of = |status: &str| {
        let record = nygard("Date: 2024-01-01", status);
        (value(&record, "status"), value(&record, "superseded-by"))
    };
    let superseded = ("superseded".to_owned(), "[0008-java.md]".to_owned());
    assert_eq!(of("Accepted\n\n* Superseded by [ADR 8](0008-java.md)"), superseded);
    assert_eq!(of("Accepted, now superseded by [8](0008-java.md)"), superseded);
    let partly = ("accepted".to_owned(), "-".to_owned());
    assert_eq!(of("Partly superseded by [8](0008-java.md)"), partly, "the rest still holds");
    assert_eq!(of("Provisional").0, "proposed");
    assert_eq!(of("Reverted by [#7](https://example.org/7).").0, "deprecated");
}

#[test]
fn what_a_page_replaces_may_stand_below_its_title_or_among_its_links() {
    let record = nygard("Date: 2023-05-29\n\nReplaces: [ADR-0002](./0002-python.md)", "Accepted");
    assert_eq!(value(&record, "supersedes"), "[./0002-python.md]");
    let text = "# Use the slug\n\n- Status: accepted\n\n## Context and Problem Statement\n\nx\n\n## Decision\n\ny\n\n\
                ## Links\n\n- Supersedes [the number](20200926-number.md)\n";
    let record = super::record("docs/adr/20201016-use-the-slug.md", text);
    assert_eq!((record.profile_name(), &*record.id), ("madr", "20201016-use-the-slug"));
    assert_eq!(value(&record, "supersedes"), "[20200926-number.md]");
}

#[test]
fn the_status_may_stand_in_bold_below_the_title() {
    let text = "# ADR-0104 — Harden trust\n\n**Status:** Accepted\n**Date:** 2026-02-23\n\n---\n\n\
                ## Context\n\nx\n\n## Decision\n\ny\n";
    let record = record("docs/internal/adr/ADR-0104-harden-trust.md", text);
    assert_eq!((record.profile_name(), value(&record, "status")), ("nygard", "accepted".into()));
    assert_eq!(value(&record, "date"), "2026-02-23");
}

#[test]
fn a_status_deep_in_a_page_is_no_decisions_status() {
    let text = "---\nstatus: implementable\ntitle: Pipelines\n---\n# TEP-0056: Pipelines\n\n## Proposal\n\n\
                ### Status\n\nThe status of a run says more.\n";
    let read = record("teps/0056-pipelines.md", text);
    let status = read.field("status").and_then(Node::as_text);
    assert_eq!((read.profile_name(), status), ("generic", Some("accepted")), "that of the front matter");
    assert!(recognise("docs/0056-pipelines.md", text).records.is_empty());
}

#[test]
fn a_numbered_page_about_templates_is_no_template() {
    let text =
        "# Use a template engine\n\n## Context and Problem Statement\n\nx\n\n## Considered Options\n\n* A\n";
    assert_eq!(names("docs/decisions/0039-use-a-template-engine.md", text).len(), 1);
    assert_eq!(names("docs/decisions/0001-a-seed-is-no-template.md", text).len(), 1);
    for template in ["adr-template.md", "template.md", "0000-adr-template.md", "decision-template.md"] {
        assert!(names(&format!("docs/decisions/{template}"), text).is_empty(), "{template}");
    }
    let kep = "title: A template\nkep-number: 5978\nauthors: [a]\nstatus: provisional\n";
    assert_eq!(names("keps/sig-node/5978-claim-template/kep.yaml", kep).len(), 1);
    assert!(names("keps/NNNN-template/kep.yaml", kep).is_empty());
}

#[test]
fn the_second_kep_of_an_issue_has_a_number_of_its_own() {
    let kep = "title: Visibility\nkep-number: 168-2\nauthors: [a]\nstatus: provisional\n";
    let record = record("keps/168-2-visibility/kep.yaml", kep);
    assert_eq!((&*record.id, record.file_id.as_deref()), ("168-2", None));
}

#[test]
fn a_json_schema_describes_records_and_holds_none() {
    let text = r##"{"$schema": "http://json-schema.org/draft-04/schema#", "type": "object",
                    "properties": {"title": {"type": "string"}, "status": {"type": "string"}}}"##;
    assert!(recognise("peps/pep-0426/pydist-schema.json", text).records.is_empty());
    let other = "version: 2\nproperties: {title: a, status: b}\n";
    assert!(recognise("strategy/decisions/x.yaml", other).records.is_empty(), "not all of it is records");
}

#[test]
fn a_broken_file_counts_where_it_began_as_a_record() {
    let is_truncated = |path: &str, text: &str| recognise(path, text).is_truncated;
    assert!(is_truncated("kpis.yaml", "kpis:\n  - {id: churn, unit: '%'}\n  - {id: margin\n"));
    assert!(is_truncated("x/kep.yaml", "title: A\nkep-number: 7\napprovers:\n  - @ada\n"));
    let page = "---\nstatus: accepted\nowner: \"ada\n---\n# Use Rust\n\n## Context and Problem Statement\n\nx\n\n\
                ## Considered Options\n\n* Rust\n";
    assert!(is_truncated("notes/0007-use-rust.md", page));
    assert!(!is_truncated("values.yaml", "image: {{ .Values.image }}\nservice: {port: 80\n"));
    assert!(!is_truncated("text/0001-update.md", "---\nfeature name: a\nstart date: @x\n---\n# Update\n"));
}

#[test]
fn a_glossary_turns_words_down_in_quotes_and_with_reservations() {
    let text = "# Language\n\n| Term | Definition | Aliases to avoid |\n|---|---|---|\n\
                | **Course** | What is taught | \"class\", \"section\" |\n\
                | Scan | One look at a machine | check, run (as a verb) |\n\
                | Guest | Who came | Not a \"User\" (that is another context) |\n";
    let records = recognise("docs/glossary.md", text).records;
    let avoided: Vec<String> = records.iter().map(|record| value(record, "avoid")).collect();
    assert_eq!(avoided, ["[class, section]", "[check]", "-"]);
    assert!(recognise("docs/fr/glossary.md", text).records.is_empty(), "a translation");
}

#[test]
fn the_later_word_of_a_status_holds_and_names_the_successor() {
    for status in [
        "aceptado (V1), superseded en v0.9.1 por ADR 0013",
        "accepted (V1), superseded in v0.9.1 by ADR 0013",
        "Accepted; superseded since 2026-01-02 by ADR 0013",
    ] {
        let text = format!("# ADR 0011 — Serve pages\n\n**Estado:** {status}\n\n**Decisión:** Sí.\n");
        let record = super::record("docs/adr/0011-pages.md", &text);
        let read = (value(&record, "status"), value(&record, "superseded-by"));
        assert_eq!(read, ("superseded".to_owned(), "[0013]".to_owned()), "{status}");
        let record = nygard("", status);
        assert_eq!(value(&record, "status"), "superseded", "{status}");
    }
}

#[test]
fn a_month_behind_the_word_of_a_status_is_no_part_of_it() {
    for status in ["**Active** - March 2026", "**Status: Active** - March 2026", "**Accepted** - March 2026"]
    {
        assert_eq!(value(&nygard("", status), "status"), "accepted", "{status}");
    }
}

#[test]
fn the_number_of_a_page_is_no_part_of_its_title() {
    for heading in ["ADR-0001 : Own the feed", "ADR-0001 Own the feed", "ADR-0001: Own the feed"] {
        for part in ["## Status\n\nAccepted\n\n## Context\n\nx\n", "**Status:** Accepted\n"] {
            let record = super::record("docs/adr/0001-feed.md", &format!("# {heading}\n\n{part}"));
            assert_eq!(value(&record, "title"), "Own the feed", "{heading}, {}", record.profile_name());
            assert_eq!(&*record.id, "0001");
        }
    }
    let text = "---\ntitle: \"RFC-018 — Own the feed\"\nstatus: rejected\n---\n\n# RFC-018 — Own the feed\n";
    assert_eq!(value(&super::record("docs/rfcs/0018-feed.md", text), "title"), "Own the feed");
}
