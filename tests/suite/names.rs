//! A name that is not quite right is answered with the nearest one and the command to type; a value with the accepted form.

use crate::kit::{Repository, git};

const ADR: &str = "# 1. Use Git\n\nDate: 2026-01-02\n\n## Status\n\nAccepted\n\n## Context\n\nc\n\n## Decision\n\nd\n\n## Consequences\n\ne\n";

fn repository() -> Repository {
    Repository::with(&[
        ("docs/adr/0001-use-git.md", ADR),
        ("governance/kpis.yaml", "kpis:\n  - {id: churn, title: Churn, owner: ada}\n"),
    ])
}

#[track_caller]
fn answers(arguments: &[&str], expected: &str) {
    let fault = repository().run(arguments).fault();
    assert!(fault.contains(expected), "{arguments:?}: {fault}");
}

#[test]
fn explain_knows_formats_and_words() {
    let page = repository().run(&["explain", "nygard"]).out;
    for part in [
        "nygard\n",
        "records of the kind `decision`",
        "\nRecognised by\n\n",
        "  `status`           section `Status`, line `Status` or `ADR Status` below the\n",
        "\nWords for `status`\n",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    for profile in formats() {
        assert!(
            repository().run(&["explain", &profile]).out.starts_with(&format!("{profile}\n")),
            "{profile}"
        );
    }
    let page = repository().run(&["explain", "superseded"]).out;
    assert!(page.contains("\ndecision    `status`  the value `superseded`\n"), "{page}");
    assert!(page.contains("\nassumption  `status`  the value `retired`\n"), "{page}");
    let page = repository().run(&["explain", "review-by"]).out;
    assert!(page.contains("\ndecision    `review-by`  "), "{page}");
}

/// The names of the built-in formats.
fn formats() -> Vec<String> {
    let paths = alignlint::embedded::files("schemas/profiles").map(|(path, _)| path);
    let name = |path: &str| path.trim_start_matches("schemas/profiles/").trim_end_matches(".yaml").to_owned();
    paths.map(name).collect()
}

#[test]
fn the_nearest_name_and_the_command_are_said() {
    answers(&["explain", "kpi", "churn"], "unknown rule `kpi` help: list all rules with `alignlint rules`");
    answers(&["explain", "madrr"], "did you mean `madr`?");
    answers(&["check", "docs/ard"], "did you mean `docs/adr`?");
    answers(&["governence"], "did you mean `governance`?");
    answers(
        &["check", "--format", "agnt"],
        "unknown format `agnt`; did you mean `agent`? expected one of pretty, ",
    );
    answers(
        &["lint"],
        "file or folder `lint` does not exist in this repository help: list the subcommands with",
    );
    answers(&["new", "right", "Pricing"], "unknown kind `right` help: did you mean `decision-right`?");
    answers(&["init", "--with", "right"], "did you mean `decision-right`?");
}

#[test]
fn a_value_is_answered_with_the_accepted_form() {
    let findings = |records: &str| -> Vec<String> {
        let repository = Repository::with(&[("governance/records.yaml", records)]);
        let output = repository.run_today(&["--select", "schema/*,document/*", "--format", "json"]).json();
        let findings = output["findings"].as_array().expect("findings").iter();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        findings
            .map(|finding| format!("{} → {}", text(&finding["message"]), text(&finding["help"])))
            .collect()
    };
    let decision = |date: &str| {
        findings(&format!("decisions:\n  - {{id: D, title: T, status: accepted, owner: a, date: {date}}}\n"))
    };
    assert_eq!(
        decision("2026-02-30"),
        ["`D`: `date` is `2026-02-30`, and February 2026 has 28 days → write a day of the calendar"]
    );
    assert_eq!(
        decision("2026-13-01"),
        ["`D`: `date` is `2026-13-01`, and there is no month 13 → write a day of the calendar"]
    );
    let suggestions = |records: &str| -> Vec<String> {
        findings(records).iter().map(|text| text.split(" → ").nth(1).unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(
        suggestions("forums:\n  - {id: F, title: F, owner: a, cadence: wekly}\n"),
        ["did you mean `weekly`?"]
    );
    let kpi = |target: &str| {
        suggestions(&format!("kpis:\n  - {{id: K, title: K, owner: a, target: '{target}'}}\n"))
    };
    assert_eq!(kpi("99,9%"), ["did you mean `99.9%`?"]);
}

#[test]
fn a_word_for_true_is_answered_with_the_word_of_yaml() {
    let repository = Repository::with(&[(
        "governance/okrs.yaml",
        "okrs: [{ id: O, title: T, focus: yes }, { id: P, title: P, focus: \"true\" }]\n",
    )]);
    let output = repository.run_today(&["--select", "schema/type"]);
    assert!(output.out.contains("help: write `true`\n"), "{}", output.out);
    assert!(output.out.contains("help: write `true` without quotes\n"), "{}", output.out);
}

#[test]
fn the_id_that_one_of_two_is_offered_can_be_taken() {
    let repository = Repository::with(&[(
        "governance/decisions.yaml",
        "decisions:\n  - { id: D-1, title: Hire }\n  - { id: D-1, title: Move }\n",
    )]);
    let output = repository.run_today(&["--select", "reference/duplicate-id"]);
    let help = output.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help.contains("another id, such as `D-2`, or remove the duplicate"), "{help}");
    repository.run(&["rename", "governance/decisions.yaml:3", "D-2", "--apply"]);
    assert_eq!(repository.run_today(&["--select", "reference/duplicate-id"]).out, "");
}

#[test]
fn a_page_without_a_status_is_told_to_add_a_section() {
    let repository = Repository::with(&[
        ("alignlint.yaml", "records: { decision: { files: docs/adr/**, profile: nygard } }\n"),
        ("docs/adr/0001-use-git.md", &ADR.replace("## Status\n\nAccepted\n\n", "")),
    ]);
    let output = repository.run_today(&["--select", "schema/required"]);
    assert!(output.out.contains("help: add a section `## Status`"), "{}", output.out);
}

#[test]
fn a_configuration_in_another_form_is_answered_with_the_right_one() {
    let fault = |config: &str| {
        let repository = repository();
        repository.write_file("alignlint.yaml", config);
        repository.run(&[]).fault()
    };
    let reversed = fault("records:\n  docs/log/*.md: decision\n");
    let form = "help: write each kind with its files: `records: { decision: docs/adr/*.md }`";
    assert!(reversed.contains(form), "{reversed}");
    let list = fault("records: [docs/log/*.md]\n");
    assert!(
        list.contains(
            "help: write it in this form: `records: { decision: { files: docs/decisions/**, profile: madr }"
        ),
        "{list}"
    );
}

#[test]
fn a_word_without_quotes_in_toml_is_said_to_lack_them() {
    let repository = Repository::with(&[("governance/decisions.toml", "title = t\n")]);
    let found = repository.check(&[]);
    assert_eq!(found.messages(), ["string values must be quoted"]);
}

#[test]
fn the_help_in_a_bare_repository_works() {
    let origin = repository();
    let folder = Repository::folder();
    git(folder.path(), &["clone", "--quiet", "--bare", &origin.path().display().to_string(), "bare.git"]);
    let bare = folder.join("bare.git");
    let fault = crate::kit::alignlint(&bare, &["blame", "churn"]).fault();
    assert!(
        fault.contains("read a revision with `--rev HEAD`, which all commands that only read take"),
        "{fault}"
    );
    assert_eq!(crate::kit::alignlint(&bare, &["blame", "churn", "--rev", "HEAD"]).code, Some(0));
}

#[test]
fn a_first_name_that_one_person_has_is_enough() {
    let people = "people:\n  - {id: priya.nair, name: Priya Nair}\n  - {id: bo.ek, name: Bo Ek}\n  - {id: bo.chen, name: Bo Chen}\n";
    let repository = Repository::with(&[
        ("governance/people.yaml", people),
        (
            "governance/kpis.yaml",
            "kpis:\n  - {id: churn, title: Churn of Priya's customers, owner: priya.nair}\n",
        ),
    ]);
    let page = repository.run(&["report", "--for", "Priya", "--as-of", "2026-11-20"]).out;
    assert!(page.starts_with("Report for Priya Nair, as of 2026-11-20\n"), "{page}");
    let unknown = repository.run(&["report", "--for", "Customers"]);
    assert!(!unknown.fault().contains("did you mean"), "{}", unknown.err);
    let shared = repository.run(&["report", "--for", "bo", "--as-of", "2026-11-20"]);
    assert_eq!(shared.code, Some(2), "two persons have it");
}
