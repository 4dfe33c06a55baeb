use super::*;

fn is_silent(path: &str, text: &str) -> bool {
    let found = recognise(path, text);
    found.records.is_empty() && found.notes.is_empty()
}

#[test]
fn other_programs_files_are_nobodys_business() {
    assert!(is_silent(
        "values.yaml",
        "image: {repository: nginx, tag: '1'}\nservice: {type: ClusterIP, port: 80}\n"
    ));
    assert!(is_silent(
        "role.yaml",
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: a}\n"
    ));
    assert!(is_silent("teams.json", r#"{"teams": ["red", "blue"]}"#));
    assert!(is_silent("docs/terms.json", r#"{"terms": {"hello": {"one": "Hallo", "other": "Hallos"}}}"#));
    assert!(is_silent("package.json", r#"{"name": "x", "people": [{"id": "a", "email": "a@b.c"}]}"#));
    assert!(is_silent("metrics.yaml", "metrics: {serviceMonitor: {enabled: true}}\n"));
}

#[test]
fn lists_of_other_things_are_no_records_though_they_have_identifiers() {
    let players = r#"{"teams": [{"id": 1, "name": "Red", "city": "Rome", "players": [7, 9]}]}"#;
    assert!(is_silent("teams.json", players));
    assert!(is_silent("people.json", r#"[{"id": 1, "name": "Ada", "email": "a@b.c", "phone": "1"}]"#));
    assert!(is_silent("goals.json", r#"{"goals": [{"id": "a", "title": "Run", "done": false}]}"#));
    assert!(is_silent("roles.yaml", "roles: [{id: admin, name: Admin, permissions: [read]}]\n"));
    assert!(is_silent("metrics.yaml", "metrics: [{name: cpu, type: gauge, help: Load, labels: [host]}]\n"));
    assert!(is_silent("exceptions.yaml", "exceptions: [{id: CVE-1, reason: unused, package: x}]\n"));
    let slip = "kpis:\n  - {id: churn, title: Churn, unit: '%', direction: down, sorce: billing}\n";
    assert_eq!(recognise("kpis.yaml", slip).records.len(), 1, "one slip in five is a slip");
}

#[test]
fn a_page_that_only_has_the_right_name_is_no_record() {
    assert!(is_silent("posts/0404-not-found.md", "# Not found\n\nThe page is gone.\n"));
    assert!(is_silent("goals.md", "# Goals\n\nWe want to grow.\n"));
}

#[test]
fn templates_indexes_and_introductions_are_beside_the_records() {
    let madr = "# {short title}\n\n## Context and Problem Statement\n\n## Considered Options\n";
    assert!(is_silent("docs/adr/adr-template.md", madr));
    let filled = "# A decision\n\n## Context and Problem Statement\n\nx\n\n## Considered Options\n\n* A\n";
    assert!(is_silent("docs/adr/_template.md", filled) && !is_silent("docs/adr/use-a.md", filled));
    assert!(is_silent("template/0000-use-madr.md", madr));
    assert!(is_silent("docs/adr/README.md", "# Decisions\n\nHow we decide.\n"));
    let list = "# Log\n\n- [1](0001-a.md)\n- [2](0002-b.md)\n- [3](0003-c.md)\n";
    assert!(is_silent("docs/adr/log.md", list));
    assert!(is_silent("keps/prod-readiness/sig-node/24.yaml", "kep-number: 24\nalpha: {approver: \"@a\"}\n"));
    assert!(is_silent("pkg/testdata/keps/1-a/kep.yaml", "title: A\nkep-number: 1\n"));
}

#[test]
fn what_is_not_recognised_in_a_governed_folder_is_noted() {
    let found = recognise("governance/minutes.md", "# Minutes\n\nWe met.\n");
    assert!(found.must_contain_record && found.records.is_empty() && found.notes.is_empty());
}

#[test]
fn a_misspelt_plural_is_named_beside_the_kinds_that_are_read() {
    let text = "kpis:\n  - {id: churn, unit: '%'}\nassumtions:\n  - {id: A-1, statement: Rents stay}\n";
    let found = recognise("governance/all.yaml", text);
    assert_eq!(found.records.len(), 1);
    let [note] = &found.notes[..] else { panic!("{:?}", found.notes) };
    assert_eq!(&text[note.span.range()], "assumtions");
    assert_eq!(note.help.as_deref(), Some("did you mean `assumptions`?"));
}

#[test]
fn a_file_that_breaks_off_gives_no_records() {
    let found = recognise("governance/decisions.yaml", "decisions:\n  - id: D-1\n  - {id: D-2\n");
    assert!(found.must_contain_record && found.records.is_empty() && found.notes.is_empty());
}

#[test]
fn a_repository_of_other_files_opens_none() {
    let kinds = Kinds::load(&[]).unwrap();
    let (profiles, config) = (Profiles::default(), Config::default());
    let places = PathClassifier { kinds: &kinds, profiles: &profiles, config: &config };
    for path in
        ["src/main.rs", "docs/guide/setup.md", "deploy/values.yaml", "people.md/x.txt", "adr/diagram.png"]
    {
        assert!(!places.is_candidate(path), "{path}");
    }
    for path in ["docs/adr/0001-a.md", "governance/x/y.toml", "people.yaml", "docs/glossary.md"] {
        assert!(places.is_candidate(path), "{path}");
    }
}
