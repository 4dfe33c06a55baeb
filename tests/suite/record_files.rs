//! Records in files whose names do not say how they are written: `as:` under `records:`, and values in place of mappings.

use crate::kit::Repository;

const CONFIG: &str =
    "extends: [essential, ./policy]\nrecords:\n  alias: { files: OWNERS_ALIASES, as: yaml, at: /aliases }\n";
const KIND: &str = "title: Alias\ndescription: A name for people who review together.\nx-plural: aliases\nx-value: members\n\
    properties:\n  members:\n    type: array\n    items: { type: string, x-ref: person }\n    description: Who they are.\n\
    additionalProperties: false\n";
const RULE: &str = "for: alias\nexpect: size(record.members) > 1\nat: members\nmessage: \"one person reviews for `{record.id}`\"\n";
const ALIASES: &str = "# Who reviews what.\naliases:\n  sig-api:\n    - ada\n    - bob\n  sig-docs: [ada]\n";
const PEOPLE: &str = "people:\n  - { id: ada, title: Ada Byron }\n  - { id: bo, title: Bo Ek }\n";

fn repository() -> Repository {
    Repository::with(&[
        ("alignlint.yaml", CONFIG),
        ("policy/kinds/alias.yaml", KIND),
        ("policy/rules/alias/alone.yaml", RULE),
        ("OWNERS_ALIASES", ALIASES),
        ("governance/people.yaml", PEOPLE),
    ])
}

const FOUND: &str = "OWNERS_ALIASES:5:7: error[directory/unknown] `sig-api` refers to the unknown person `bob`\n\
    OWNERS_ALIASES:6:13: warning[alias/alone] one person reviews for `sig-docs`\n";

#[test]
fn a_file_without_an_extension_holds_records_in_each_state() {
    let repository = repository();
    let concise = |arguments: &[&str]| repository.run(&[arguments, &["--format", "concise"]].concat()).out;
    assert_eq!(concise(&[]), FOUND);
    assert_eq!(concise(&["--rev", "HEAD"]), FOUND);
    assert_eq!(concise(&["--rev", "HEAD"]), FOUND, "from the cache");
    assert_eq!(concise(&["--no-cache"]), FOUND);
    repository.write(&[("OWNERS_ALIASES", &format!("{ALIASES}  sig-node: [bo, adda]\n"))]);
    repository.git(&["add", "--all"]);
    assert_eq!(
        concise(&["--staged", "--since", "HEAD"]),
        "OWNERS_ALIASES:7:18: error[directory/unknown] `sig-node` refers to the unknown person `adda`\n"
    );
}

#[test]
fn the_misspelt_name_is_underlined_and_mended() {
    let repository = repository();
    let output = repository.run(&["--select", "directory/*"]).out;
    let snippet = " 5 │     - bob\n   ·       ─┬─\n   ·        ╰── not found\n";
    assert!(output.contains(snippet) && output.contains("did you mean `bo`?"), "{output}");
    repository.run(&["--fix=all"]);
    assert_eq!(repository.read("OWNERS_ALIASES"), ALIASES.replace("- bob", "- bo"));
}

#[test]
fn the_history_of_values_is_known() {
    let repository = repository();
    repository.write(&[("OWNERS_ALIASES", &ALIASES.replace("[ada]", "[ada, bo]"))]);
    let commit = repository.commit("2026-10-02");
    let blame = repository.run(&["blame", "alias/sig-docs", "--format", "json"]).json();
    let members = &blame["fields"][1];
    assert_eq!((&members["field"], &members["before"]), (&"/members".into(), &"ada".into()), "{blame}");
    assert_eq!(members["changed"]["commit"], commit, "{blame}");
    // Losing a record is told by its name, which is a key of the mapping.
    repository.write(&[("OWNERS_ALIASES", "aliases:\n  sig-api: [ada, bo]\n")]);
    let lost = repository.check(&["--since", "HEAD", "--policy-from", "HEAD", "--select", "policy/*"]);
    assert!(lost.out.contains("`sig-docs`"), "{lost:?}");
}

#[test]
fn values_are_records_beside_mappings_and_without_a_pointer() {
    let repository = repository();
    repository.write(&[
        (
            "alignlint.yaml",
            "extends: [essential, ./policy]\nrecords:\n  alias: { files: 'teams.*', as: yaml }\n",
        ),
        ("teams.txt", "sig-api: { members: [ada, bob] }\nsig-docs: [ada]\n"),
        ("governance/aliases.yaml", "aliases:\n  sig-node: [bo, adda]\n"),
    ]);
    repository.remove("OWNERS_ALIASES");
    assert_eq!(
        repository.run(&["--format", "concise"]).out,
        "governance/aliases.yaml:2:18: error[directory/unknown] `sig-node` refers to the unknown person `adda`\n\
         teams.txt:1:27: error[directory/unknown] `sig-api` refers to the unknown person `bob`\n\
         teams.txt:2:11: warning[alias/alone] one person reviews for `sig-docs`\n"
    );
    // Without a field for a value, a list is no record.
    repository.write(&[("policy/kinds/alias.yaml", &KIND.replace("x-value: members\n", ""))]);
    let found = repository.run(&["--format", "concise"]).out;
    assert!(!found.contains("sig-docs") && !found.contains("sig-node"), "{found}");
}

#[test]
fn mistakes_are_told() {
    let repository = repository();
    let fault = |config: &str, kind: &str| {
        repository.write(&[("alignlint.yaml", config), ("policy/kinds/alias.yaml", kind)]);
        repository.run(&[]).fault()
    };
    let format = fault(&CONFIG.replace("as: yaml", "as: yaaml"), KIND);
    assert!(format.contains("`as` is `yaaml`; expected one of yaml, json, toml, markdown"), "{format}");
    assert!(format.contains("did you mean `yaml`?"), "{format}");
    let field = fault(CONFIG, &KIND.replace("x-value: members", "x-value: member"));
    assert!(field.contains("unknown field `member`") && field.contains("did you mean `members`?"), "{field}");
    repository
        .write(&[("alignlint.yaml", &CONFIG.replace(", as: yaml", "")), ("policy/kinds/alias.yaml", KIND)]);
    let notes = repository.run(&[]).err;
    assert!(
        notes.contains("formats that are not read; name theirs: `as: yaml`: `OWNERS_ALIASES`"),
        "{notes}"
    );
}

#[test]
fn a_kind_is_named_as_people_call_it() {
    for name in ["kpi", "kpis", "metric", "metrics"] {
        let repository = Repository::folder_with(&[
            (
                "alignlint.yaml",
                &format!("records:\n  {name}: {{ files: metrics/board.yaml, at: /board/metrics }}\n"),
            ),
            ("metrics/board.yaml", "board:\n  metrics:\n    - { id: churn, title: Churn }\n"),
        ]);
        let output = repository.run(&["records", "--format", "json"]).json();
        assert_eq!(output["records"][0]["id"], "churn", "{name}: {output}");
    }
}

#[test]
fn a_configuration_in_the_wrong_folder_is_noticed() {
    let records = ("governance/decisions.yaml", "decisions: [{ id: D-1, title: Hire }]\n");
    let repository = Repository::folder_with(&[(".github/alignlint.yaml", "exclude: [a]\n"), records]);
    let notice = "`.github/alignlint.yaml` is not read; the configuration is `alignlint.yaml` at the root";
    assert!(repository.check(&[]).err.contains(notice));
    assert!(!repository.check(&["--no-config"]).err.contains(notice));
    repository.write(&[("alignlint.yaml", "extends: [essential]\n")]);
    assert!(!repository.check(&[]).err.contains(notice), "a file of this name may be another program's");
}
