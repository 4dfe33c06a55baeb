use super::*;

const MADR: &str = "\
---
status: superseded by [ADR-0009](0009-use-mysql.md)
date: 2026-03-01
decision-makers: Ada Byron, Grace Hopper
consulted: {}
informed: {list everyone who is kept up-to-date}
---
# Use PostgreSQL

## Context and Problem Statement

We need a database.

## Decision Drivers

* {decision driver 1, e.g., a force}
* Cost

## Considered Options

* PostgreSQL
* MySQL

## Decision Outcome

Chosen option: \"PostgreSQL\", because it is free.

### Consequences

* Good, because it is free
";

#[test]
fn madr_with_front_matter() {
    let record = record("docs/decisions/0007-use-postgresql.md", MADR);
    assert_eq!((record.profile_name(), &*record.id), ("madr", "0007"));
    assert_eq!(value(&record, "title"), "Use PostgreSQL");
    assert_eq!(value(&record, "status"), "superseded");
    assert_eq!(value(&record, "superseded-by"), "[0009-use-mysql.md]");
    assert_eq!(source_text(&record, "superseded-by", MADR), "0009-use-mysql.md");
    assert_eq!(value(&record, "decision-makers"), "[Ada Byron, Grace Hopper]");
    assert_eq!(value(&record, "options"), "[{title: PostgreSQL}, {title: MySQL}]");
    assert_eq!(value(&record, "drivers"), "[Cost]", "template text in braces is no driver");
    assert_eq!((value(&record, "consulted"), value(&record, "informed")), ("-".into(), "-".into()));
    assert_eq!(&MADR[record.name_span.range()], "status", "named at its first key: its number is the file's");
    assert!(record.format_lacks("owner") && !record.format_lacks("options"));
    assert_eq!(violations(&record, MADR), Vec::<String>::new());
}

#[test]
fn madr_2_keeps_its_facts_in_bullets_and_may_have_none() {
    let text = "# ADR-12: Use Rust\n\n* Status: accepted\n* Deciders: Ada, Grace\n* Date: 2026-01-31\n\n\
                ## Context and Problem Statement\n\nSpeed.\n\n## Considered Options\n\n* Rust\n* Go\n";
    let record = record("docs/adr/0012-rust.md", text);
    assert_eq!((&*record.id, &*record.title.clone().unwrap()), ("0012", "Use Rust"));
    assert_eq!((value(&record, "status"), value(&record, "date")), ("accepted".into(), "2026-01-31".into()));
    assert_eq!(value(&record, "decision-makers"), "[Ada, Grace]");
    let bare =
        "# Use Rust\n\n## Context and Problem Statement\n\nSpeed.\n\n## Considered Options\n\n* Rust\n";
    let record = super::record("docs/adr/0012-rust.md", bare);
    assert!(record.violations().is_empty(), "a MADR without status is no defect");
}

const NYGARD: &str = "\
# 4. Use `bash` and `nodejs`

Date: 19/11/2020

## Status

⌛️ **Superseded** by [0019](0019-use-go.md)

Amends [2](0002-use-bash.md)

## Context

Scripts.

## Decision

We use both.

## Consequences

None that we know.
";

#[test]
fn nygard_with_emoji_and_links_below_the_status() {
    let record = record("architecture-decision-record/0004-use-bash.md", NYGARD);
    assert_eq!((record.profile_name(), &*record.id), ("nygard", "0004"));
    assert_eq!(value(&record, "title"), "Use bash and nodejs");
    assert_eq!(
        (value(&record, "status"), value(&record, "date")),
        ("superseded".into(), "2020-11-19".into())
    );
    assert_eq!(source_text(&record, "date", NYGARD), "19/11/2020");
    assert_eq!(value(&record, "superseded-by"), "[0019-use-go.md]");
    assert_eq!(value(&record, "amends"), "[0002-use-bash.md]");
    assert_eq!(value(&record, "outcome"), "We use both.");
    assert_eq!(&NYGARD[record.name_span.range()], "4. Use `bash` and `nodejs`");
    assert_eq!(
        record.lookup("0019-use-go.md").path.as_deref(),
        Some("architecture-decision-record/0019-use-go.md")
    );
    assert_eq!(record.scope(), "architecture-decision-record", "each folder numbers by itself");
}

#[test]
fn what_took_its_place_counts_whatever_word_stands_before_it() {
    let page = |status: &str| format!("# 9. Padding\n\n## Status\n\n{status}\n\n## Decision\n\nPad.\n");
    let read = |status: &str| record("docs/adr/0009-padding.md", &page(status));
    for status in [
        "Implemented. Superseded by [ADR-013](./0013-zero.md).",
        "Accepted, superseded by [ADR-013](./0013-zero.md)",
        "Accepted superseded by [ADR-013](./0013-zero.md)",
        "Accepted\n\nSuperseded by [ADR-013](./0013-zero.md)",
    ] {
        let read = read(status);
        assert_eq!(
            (value(&read, "status"), value(&read, "superseded-by")),
            ("superseded".into(), "[./0013-zero.md]".into()),
            "{status}"
        );
    }
    for (status, word) in [
        ("Deprecated by [13](./0013-zero.md)", "deprecated"),
        ("Deprecated in favour of [ADR-013](./0013-zero.md)", "deprecated"),
        ("Superceded by [13](./0013-zero.md)", "superseded"),
        ("Superseded (by ./0013-zero.md)", "superseded"),
    ] {
        let read = read(status);
        let found = (value(&read, "status"), value(&read, "superseded-by"));
        assert_eq!(found, (word.into(), "[./0013-zero.md]".into()), "{status}");
    }
    for status in ["Implemented. Parts of this were superseded by ADR-020.", "Partly superseded by ADR-020"] {
        assert_eq!(value(&read(status), "status"), "accepted", "{status}");
    }
    assert_eq!(value(&read("- 2022-10-12: Accepted\n- 2022-10-05: Proposed"), "status"), "accepted");
    assert_eq!(value(&read("- 2022-10-12: Proposed"), "status"), "proposed");
    assert_eq!(value(&read("Accepted on 12.10.2022"), "date"), "2022-10-12");
}

#[test]
fn nygard_dates_as_people_write_them() {
    let of = |date: &str| {
        let text = format!("# 1. Use Go\n\n{date}\n\n## Status\n\nAccepted\n\n## Context\n\nx\n");
        value(&record("adr/0001-go.md", &text), "date")
    };
    assert_eq!(of("Date: 2020-01-31"), "2020-01-31");
    assert_eq!(of("Date 09/04/2018"), "2018-04-09");
    assert_eq!(of("Date: 10/04/18"), "2018-04-10");
    assert_eq!(of("**Date:** 30.04.2024"), "2024-04-30");
    assert_eq!(of("* Date: August 28, 2025"), "2025-08-28");
    assert_eq!(of("Date: 05-Apr-24"), "2024-04-05");
    assert_eq!(of("Date: soon"), "-", "in a community that has no date");
    assert_eq!(of("Date: 2020-13-31"), "2020-13-31", "a day that is none stays, for the schema to refuse");
    assert_eq!(of("Date: YYYY-MM-DD"), "-");
}

#[test]
fn a_number_in_the_title_counts_against_that_of_the_file() {
    let text = "# 30. NCSC PDNS\n\n## Status\n\n✅ Accepted\n\n## Context\n\nx\n";
    let record = record("docs/adr/0032-ncsc-pdns.md", text);
    assert_eq!((&*record.id, record.file_id.as_deref()), ("30", Some("0032")));
}

#[test]
fn a_record_without_status_is_told_so_where_its_format_asks_for_one() {
    let text = "# 28 Repo vulnerability scanning\n\n## Status\n\n...\n\n## Context\n\nC.\n";
    let record = record("architecture-decision-record/028-repo.md", text);
    assert_eq!(violations(&record, text), ["5:1: the section `Status` holds a placeholder"]);
}

#[test]
fn a_word_outside_the_formats_vocabulary_is_held_against_that_vocabulary() {
    let text = "# 34 EKS Fargate\n\n## Status\n\n🤔 Incomplete\n\n## Context\n\nx\n";
    let record = record("docs/adr/0034-eks.md", text);
    assert_eq!(
        violations(&record, text),
        [
            "5:3: `status` is `Incomplete`; expected one of proposed, accepted, rejected, deprecated, superseded, amended"
        ]
    );
}

const KEP: &str = "\
title: Topology aware hints
kep-number: 2433
authors: [\"@rob\"]
owning-sig: sig-network
status: implementable
creation-date: 2021-30-01
approvers: \"@ada\"
see-also:
  - keps/sig-network/0752-endpointslices/
  - https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/24-apparmor
  - https://docs.google.com/document/d/1
replaces: [/keps/sig-network/536-topology/README.md, KEP-12, n/a]
superseded-by: n/a
";

#[test]
fn kep_lists_as_scalars_and_references_as_paths() {
    let record = record("keps/sig-network/2433-topology-aware-hints/kep.yaml", KEP);
    assert_eq!((&*record.id, value(&record, "status")), ("2433", "accepted".into()));
    assert_eq!(value(&record, "decision-makers"), "[@ada]");
    assert_eq!(value(&record, "supersedes"), "[/keps/sig-network/536-topology, 12]");
    assert_eq!(
        value(&record, "related"),
        "[/keps/sig-network/0752-endpointslices, \
         https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/24-apparmor]",
        "a page on the web may show one of this repository, but a document is none"
    );
    let shown = "https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/24-apparmor";
    assert_eq!(record.lookup(shown).path.as_deref(), Some("keps/sig-node/24-apparmor"));
    assert_eq!(value(&record, "superseded-by"), "-");
    assert_eq!(
        record.paths(),
        ["keps/sig-network/2433-topology-aware-hints/kep.yaml", "keps/sig-network/2433-topology-aware-hints"]
    );
    assert_eq!(id_key("KEP-2433", record.prefixes()), record.key());
    assert_eq!(violations(&record, KEP), ["6:16: `created` is `2021-30-01`, and there is no month 30"]);
}

#[test]
fn kep_words_are_its_own_even_where_the_kind_knows_others() {
    let of = |status: &str| {
        let text = format!("title: A\nkep-number: 1\nauthors: [a]\nstatus: {status}\n");
        let record = record("keps/sig-a/1-a/kep.yaml", &text);
        let helps = record.violations().into_iter().map(|violation| violation.help);
        (value(&record, "status"), helps.collect::<Vec<_>>())
    };
    assert_eq!(of("implemented"), ("accepted".into(), vec![]));
    assert_eq!(of("superseded"), ("superseded".into(), vec![None]));
    assert_eq!(of("implemented (alpha)"), ("implemented (alpha)".into(), vec![None]));
    let nearest = Some("did you mean `implemented`?".to_owned());
    assert_eq!(of("imlpemented"), ("accepted".into(), vec![nearest]), "one edit: the word that was meant");
}

#[test]
fn a_slip_in_a_word_that_a_format_only_reads_is_told_as_the_usual_word() {
    let page = "---\nstatus: aproved\n---\n\n# Use Git\n\n## Context and Problem Statement\n\nWe talk.\n\n\
                ## Considered Options\n\n* Git\n\n## Decision Outcome\n\nGit.\n";
    let record = record("docs/adr/0001-use-git.md", page);
    assert_eq!((record.profile_name(), value(&record, "status")), ("madr", "accepted".into()));
    let helps: Vec<_> = record.violations().into_iter().map(|violation| violation.help).collect();
    assert_eq!(helps, [Some("did you mean `accepted`?".to_owned())]);
}

#[test]
fn kep_number_0_is_a_placeholder_and_a_near_miss_of_a_key_is_a_slip() {
    let text = "title: A\nkep-number: 0\nauthors: [a]\nstatus: implemented\nmilestones: 1\nextra: 1\n";
    let record = record("keps/sig-a/0000-kep-process/kep.yaml", text);
    assert_eq!((&*record.id, record.file_id.as_deref()), ("0000-kep-process", None));
    assert_eq!(violations(&record, text), ["5:1: `milestones` is not a key of this format (kep)"]);
}

const GLOSSARY: &str = "\
# Words

| Term | Means | Avoid |
|------|-------|-------|
| Booking | A visit with a time | appointment, slot |
| Visit | One call at a customer's | |
";

#[test]
fn each_row_of_a_glossary_is_a_term() {
    let records = recognise("docs/glossary.md", GLOSSARY).records;
    let [booking, visit] = records.as_slice() else { panic!("two terms") };
    assert_eq!((&*booking.id, value(booking, "definition")), ("Booking", "A visit with a time".into()));
    assert_eq!(value(booking, "avoid"), "[appointment, slot]");
    assert_eq!(value(visit, "avoid"), "-");
    assert_eq!(&GLOSSARY[visit.name_span.range()], "Visit");
    assert_eq!(visit.paths(), Vec::<String>::new(), "the page is not one of its terms");
}
