use super::*;

#[test]
fn one_file_may_hold_several_kinds_under_their_plurals() {
    let text = "period: 2026-Q4\ngoals:\n  - id: O-1\n    title: Grow\n  - id: O-2\n    title: Keep\n    period: 2026-Q3\n\
                assumptions:\n  A-1: {statement: Rents stay}\n  A-2: {statement: Staff stay}\n";
    let records = recognise("strategy/2026.yaml", text).records;
    let names: Vec<String> =
        records.iter().map(|record| format!("{record:?} {}", value(record, "period"))).collect();
    assert_eq!(
        names,
        [
            "objective O-1 2026-Q4",
            "objective O-2 2026-Q3",
            "assumption A-1 2026-Q4",
            "assumption A-2 2026-Q4"
        ]
    );
    assert_eq!(&text[records[2].name_span.range()], "A-1", "its key is its identifier");
}

#[test]
fn a_file_named_for_its_kind_may_leave_the_plural_out() {
    let list = "- id: A-1\n  statement: Rents stay\n- id: A-2\n  statment: Staff stay\n";
    assert_eq!(names("assumptions.yaml", list), ["assumption A-1", "assumption A-2"]);
    assert_eq!(names("docs/assumptions.yml", "A-1:\n  statement: Rents stay\n"), ["assumption A-1"]);
    let one = "id: A-1\nstatement: Rents stay\n";
    assert_eq!(names("governance/assumptions/rents.yaml", one), ["assumption A-1"]);
}

#[test]
fn json_and_toml_are_read_as_yaml_is() {
    let json = r#"{"kpis": [{"id": "churn", "unit": "%"}]}"#;
    assert_eq!(names("governance/metrics.json", json), ["kpi churn"]);
    let toml = "[[people]]\nid = \"ada\"\nname = \"Ada Byron\"\nemail = \"ada@example.org\"\n";
    assert_eq!(names("people.toml", toml), ["person ada"]);
}

#[test]
fn keys_values_and_lists_become_canonical_and_keep_their_bytes() {
    let text = "decisions:\n  - Id: D-1\n    Name: Use Rust\n    State: Approved\n    decided on: 2026-01-31T09:00Z\n    \
                deciders: ada\n    Review_By: TBD\n    supersedes: [D-0, n/a]\n    colour: red\n";
    let record = record("governance/decisions.yaml", text);
    assert_eq!((&*record.id, value(&record, "title")), ("D-1", "Use Rust".into()));
    assert_eq!(
        (value(&record, "status"), source_text(&record, "status", text)),
        ("accepted".into(), "Approved")
    );
    assert_eq!(value(&record, "date"), "2026-01-31");
    assert_eq!(source_text(&record, "date", text), "2026-01-31T09:00Z");
    assert_eq!(value(&record, "decision-makers"), "[ada]");
    assert_eq!((value(&record, "review-by"), value(&record, "supersedes")), ("-".into(), "[D-0]".into()));
    assert_eq!(violations(&record, text), ["9:5: `colour` is not a field of a decision"]);
}

#[test]
fn a_second_key_for_one_field_is_refused() {
    let text = "id: D-1\nkind: decision\nstatus: accepted\nstate: rejected\n";
    let record = record("governance/d.yaml", text);
    assert_eq!(value(&record, "status"), "accepted");
    assert_eq!(violations(&record, text), ["4:1: `state` sets the same field as `status`"]);
}

#[test]
fn a_text_may_stand_for_a_mapping() {
    let text = "kind: decision\nid: D-1\nactions: [Tell the staff, {what: Buy it, due: 2026-12-01}]\n";
    let record = record("governance/d.yaml", text);
    assert_eq!(value(&record, "actions"), "[{what: Tell the staff}, {what: Buy it, due: 2026-12-01}]");
}

const PAGE: &str = "\
---
kind: decision
owner: ada
supersedes: \"[0002](0002-old.md)\"
---
# Use Rust

## Context

Speed matters.

## Options

### Rust
### Go

## Consequences

- We learn it.

## Actions

| What | Owner | Due |
|------|-------|-----|
| Train | bob | 2026-12-01 |
";

#[test]
fn a_page_is_one_record_of_front_matter_and_sections() {
    let record = record("governance/0007-use-rust.md", PAGE);
    assert_eq!((&*record.id, record.foreign_format()), ("0007", ""));
    assert_eq!((value(&record, "title"), value(&record, "owner")), ("Use Rust".into(), "ada".into()));
    assert_eq!(value(&record, "context"), "Speed matters.");
    assert_eq!(value(&record, "options"), "[{title: Rust}, {title: Go}]");
    assert_eq!(value(&record, "consequences"), "[We learn it.]");
    assert_eq!(value(&record, "actions"), "[{what: Train, owner: bob, due: 2026-12-01}]");
    assert_eq!(value(&record, "supersedes"), "[0002-old.md]");
    assert_eq!(&PAGE[record.name_span.range()], "owner");
    assert_eq!(violations(&record, PAGE), Vec::<String>::new());
}

#[test]
fn a_page_in_a_folder_of_its_kind_need_not_name_it() {
    let by_keys = "---\nid: D-1\nstatus: accepted\n---\n# Use Rust\n";
    assert_eq!(names("docs/decisions/rust.md", by_keys), ["decision D-1"]);
    let by_sections = "# Use Rust\n\n## Context\n\nx\n\n## Consequences\n\nx\n";
    assert_eq!(names("docs/decisions/rust.md", by_sections), ["decision rust"]);
    assert_eq!(names("docs/notes/rust.md", by_sections), [""; 0]);
}

#[test]
fn the_files_name_claims_an_identifier_that_its_record_may_spell_its_own_way() {
    let of = |id: &str| {
        let text = format!("---\nkind: decision\nid: {id}\n---\n# A\n");
        record("docs/adr/0007-a.md", &text).file_id.clone()
    };
    assert_eq!(of("ADR-0007").as_deref(), Some("ADR-0007"));
    assert_eq!(of("D-8").as_deref(), Some("0007"));
    assert_eq!(of("use-rust"), None, "one without a number says nothing about numbers");
}

#[test]
fn the_configuration_says_where_records_are() {
    let config = "records:\n  kpi: {files: metrics/*.json, at: /data/metrics}\n  decision: notes/**/*.md\n";
    let json = r#"{"data": {"metrics": {"churn": {"unit": "%"}}}}"#;
    let found = recognise_with(config, "metrics/all.json", json);
    assert_eq!((found.records[0].id.as_ref(), found.must_contain_record), ("churn", true));
    let page = recognise_with(config, "notes/2026/rust.md", "# Use Rust\n\nBecause.\n");
    assert_eq!(page.records[0].id.as_ref(), "rust");
    let broken = recognise_with(config, "metrics/other.json", "{}");
    assert!(broken.records.is_empty(), "nothing stands where the configuration points");
}
