//! `alignlint why`: the decisions that govern a path.

use serde_json::json;

use crate::kit::{Repository, adr};

const DECISIONS: &str = "decisions:
  - { id: D-3, title: Two queues for events, status: superseded, date: 2025-01-10, owner: ada, governs: [src/queue], superseded-by: [D-7] }
  - { id: D-7, title: One queue, status: accepted, date: 2026-03-01, owner: ada, governs: [src/queue, \"*.toml\"] }
  - { id: D-8, title: Write it in Python, status: accepted, date: 2026-05-01, owner: bo, governs: [\"**/*.py\"], review-by: 2027-05-01 }
  - { id: D-9, title: Elsewhere, status: accepted, date: 2026-05-01, owner: bo, governs: [web] }
";

fn repository() -> Repository {
    Repository::with(&[
        ("governance/decisions.yaml", DECISIONS),
        ("docs/adr/0004-retries.md", &adr(4, "Retry three times", "Accepted")),
        ("docs/adr/0005-no-retries.md", &adr(5, "No retries", "Rejected")),
        ("src/queue/a.py", "# Retries: ADR-4, not ADR-5\n# and ADR-4 again\n"),
        ("src/queue/b.py", "x = 'ADR-5'\n"),
        ("web/a.css", "a {}\n"),
    ])
}

#[test]
fn a_file_shows_what_governs_it_and_what_was_turned_down() {
    let output = repository().run_today(&["why", "src/queue/a.py"]);
    let expected = "decision 0004  Retry three times
  accepted, 2026-06-01 (5 months ago), no owner
  docs/adr/0004-retries.md:1
  cited at src/queue/a.py:1, src/queue/a.py:2

decision D-8  Write it in Python
  accepted, 2026-05-01 (6 months ago), owner bo; to be reviewed on 2027-05-01
  (in 5 months)
  governance/decisions.yaml:4
  governs **/*.py

decision D-7  One queue
  accepted, 2026-03-01 (8 months ago), owner ada
  governance/decisions.yaml:3
  governs src/queue

Not in force:

decision 0005  No retries
  rejected, 2026-06-01 (5 months ago), no owner
  docs/adr/0005-no-retries.md:1
  cited at src/queue/a.py:1

decision D-3  Two queues for events
  superseded by D-7, 2025-01-10 (22 months ago), owner ada
  governance/decisions.yaml:2
  governs src/queue
";
    assert_eq!((output.out.as_str(), output.err.as_str(), output.code), (expected, "", Some(0)));
}

#[test]
fn a_folder_shows_what_governs_its_files_from_any_folder() {
    let repository = repository();
    let ids = |arguments: &[&str]| {
        let output = repository.run_today(&[arguments, &["--format", "json"]].concat()).json();
        let records = output["records"].as_array().expect("records").clone();
        records.iter().map(|it| it["record"]["id"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    let all = ["0004", "D-8", "D-7", "0005", "D-3"];
    assert_eq!(ids(&["why", "src"]), all);
    assert_eq!(ids(&["for", "src/queue/"]), all);
    assert_eq!(ids(&["-C", "src/queue", "why", "a.py"]), all);
    assert_eq!(ids(&["why", "src/queue", "--rev", "HEAD"]), all);
    assert_eq!(ids(&["why", "src/queue/b.py"]), ["D-8", "D-7", "D-3"]);
    assert_eq!(ids(&["why", "web"]), ["D-9"]);
    assert_eq!(ids(&["why", "."]).len(), 6);
}

#[test]
fn the_json_says_why_where_and_what_supersedes() {
    let report = repository().run_today(&["why", "src/queue/a.py", "--format", "json"]).json();
    assert_eq!((&report["version"], &report["path"]), (&json!(1), &json!("src/queue/a.py")));
    assert_eq!(
        report["records"][3],
        json!({
            "record": { "kind": "decision", "id": "0005" }, "title": "No retries", "status": "rejected", "in-force": false,
            "owner": null, "deciders": [], "owner-until": null, "date": "2026-06-01", "review": null, "path": "docs/adr/0005-no-retries.md",
            "start": { "line": 1, "column": 3, "byte": 2 }, "governs": [],
            "cited": [ { "path": "src/queue/a.py", "start": { "line": 1, "column": 23, "byte": 22 } } ],
            "superseded-by": []
        })
    );
    assert_eq!(report["records"][4]["superseded-by"], json!([{ "kind": "decision", "id": "D-7" }]));
    assert_eq!(report["records"][4]["governs"], json!(["src/queue"]));
}

#[test]
fn a_path_that_does_not_exist_is_an_error_and_one_that_nothing_governs_is_none() {
    let repository = repository();
    let missing = repository.run(&["why", "src/nothing.py"]);
    assert!(missing.fault().contains("file or folder `src/nothing.py` does not exist"), "{}", missing.err);
    repository.write(&[("README.txt", "")]);
    let free = repository.run(&["why", "README.txt"]);
    assert_eq!((free.out.as_str(), free.code), ("", Some(0)));
    let next = "name the path under `governs` of a decision, or cite the decision in a comment there";
    assert_eq!(free.notes(), format!("alignlint: no record governs `README.txt`; {next}"));
}

#[test]
fn text_of_the_repository_is_escaped_and_long_lines_are_wrapped() {
    let title = format!("\\e[31mred {}", "and long ".repeat(20));
    let decisions = format!(
        "decisions:\n  - {{ id: D-1, title: \"{title}\", status: accepted, governs: [\"**/{}\"] }}\n",
        "*".repeat(3)
    );
    let repository = Repository::with(&[("governance/decisions.yaml", &decisions), ("a.py", "")]);
    let output = repository.run_today(&["why", "a.py"]).out;
    assert!(output.contains("␛[31mred and long") && !output.contains('\u{1b}'), "{output}");
    assert!(output.lines().all(|line| line.chars().count() <= 80), "{output}");
}

#[test]
fn a_decision_in_force_that_another_supersedes_is_told_as_such() {
    let repository = Repository::with(&[
        ("docs/adr/0001-kafka.md", &adr(1, "Use Kafka", "Accepted")),
        (
            "docs/adr/0002-nats.md",
            &adr(2, "Use NATS", "Accepted\n\nSupersedes [1. Use Kafka](0001-kafka.md)"),
        ),
        ("src/a.py", "# see ADR-1\n"),
    ]);
    let output = repository.run_today(&["why", "src"]);
    assert_eq!(
        output.out,
        "decision 0001  Use Kafka
  accepted, but superseded by 0002, 2026-06-01 (5 months ago), no owner
  docs/adr/0001-kafka.md:1
  cited at src/a.py:1
"
    );
}

#[test]
fn an_owner_who_has_left_is_told() {
    let adr = "---\nstatus: accepted\ndate: 2025-03-01\ndeciders: Petra Vogel\ngoverns: [src]\n---\n# Use Git\n\n\
               ## Context and Problem Statement\n\nC.\n\n## Considered Options\n\n* Git\n* Svn\n\n## Decision Outcome\n\nChosen option: \"Git\", because it works.\n";
    let people = "people: [{ id: petra, title: Petra Vogel, active-until: 2025-08-31 }]\n";
    let repository = Repository::with(&[
        ("docs/adr/0001-use-git.md", adr),
        ("governance/people.yaml", people),
        ("alignlint.yaml", "adopted: [docs/adr/**]\n"),
        ("src/a.py", "# ADR-1: history\n"),
    ]);
    let told = repository.run(&["why", "src/a.py", "--as-of", "2026-11-20"]).out.replace("\n  ", " ");
    assert!(told.contains("owner Petra Vogel, who left on 2025-08-31 docs/adr/"), "{told}");
    let before = repository.run(&["why", "src/a.py", "--as-of", "2025-06-01"]).out.replace("\n  ", " ");
    assert!(before.contains("owner Petra Vogel docs/adr/"), "{before}");
    let found = repository
        .run(&["--select", "ownership/departed", "--format", "concise", "--as-of", "2026-11-20"])
        .out;
    assert_eq!(
        found,
        "docs/adr/0001-use-git.md:4:11: error[ownership/departed] `0001` names `Petra Vogel` under `decision-makers`, who left on 2025-08-31\n"
    );
    repository.write(&[("docs/adr/0001-use-git.md", &adr.replace("Petra Vogel", "[Petra Vogel, Ada]"))]);
    assert_eq!(
        repository
            .run(&["--select", "ownership/departed", "--format", "concise", "--as-of", "2026-11-20"])
            .out,
        ""
    );
}

#[test]
fn the_first_of_several_who_decided_is_no_owner() {
    let decided = |names: &str| {
        format!(
            "---\nstatus: accepted\ndate: 2026-07-07\ndecision-makers: [{names}]\n---\n\n# Purge loans\n\n## Context and Problem Statement\n\nA.\n\n## Considered Options\n\n* B\n\n## Decision Outcome\n\nB.\n"
        )
    };
    for (names, shown) in
        [("Ines Ortega, Tom Baker", "by Ines Ortega, Tom Baker"), ("Mei Lin", "owner Mei Lin")]
    {
        let repository = Repository::with(&[
            ("docs/adr/0015-purge-loans.md", &*decided(names)),
            ("src/purge.py", "# ADR-15\n"),
        ]);
        let output = repository.run_today(&["why", "src/purge.py"]).out;
        assert!(output.contains(&format!("(4 months ago), {shown}\n")), "{output}");
    }
}
