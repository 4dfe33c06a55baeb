//! Which records practice rules apply to, without and with `adopted` in the configuration.

use crate::kit::{Output, Repository};

const ADA: &str = "Ada Byron <ada@example.org>";

type File = (&'static str, &'static str);

const NYGARD: File = (
    "docs/adr/0001-use-rust.md",
    "# 1. Use Rust\n\nDate: 2026-11-02\n\n## Status\n\nAccepted\n\n## Context\n\nIt must be fast.\n\n## Decision\n\nWe use Rust.\n\n\
     ## Consequences\n\nAll learn it.\n",
);
const MADR: File = (
    "docs/decisions/0002-use-sqlite.md",
    "---\nstatus: accepted\ndate: 2026-11-02\n---\n# Use SQLite\n\n## Context and Problem Statement\n\nWhere?\n\n\
     ## Considered Options\n\n* SQLite\n* Files\n\n## Decision Outcome\n\nSQLite, for it is one file.\n\n### Consequences\n\nNo server.\n",
);
/// MADR 2, with bullets and without front matter.
const BULLETS: File = (
    "docs/adr/0003-use-git.md",
    "# Use Git\n\n* Status: accepted\n\n## Context and Problem Statement\n\nHow?\n\n## Considered Options\n\n* Git\n* Files\n",
);
const PROPOSAL: File = (
    "teps/0004-steps.md",
    "---\nstatus: implementable\ntitle: Steps\ncreation-date: 2026-11-02\nauthors: []\n---\n# TEP-0004: Steps\n\n## Summary\n\nSteps.\n",
);
const PEOPLE: File = ("governance/people.yaml", "people: [{ id: ada, title: Ada Byron }]\n");

/// What practice rules of decisions find, as `rule path`.
fn found(files: &[File]) -> Vec<String> {
    places(&Repository::folder_with(files).check(&["--select", "ownership/missing"]))
}

fn places(output: &Output) -> Vec<String> {
    let place = |line: &str| {
        let (path, rest) = line.split_once(':').expect("a path");
        let rule = rest.split_once('[').and_then(|(_, rest)| rest.split_once(']')).expect("a rule").0;
        format!("{rule} {path}")
    };
    output.out.lines().map(place).collect()
}

fn missing(paths: &[&str]) -> Vec<String> {
    paths.iter().map(|path| format!("ownership/missing {path}")).collect()
}

#[test]
fn a_repository_of_adrs_adopts_none_until_one_line_names_them() {
    assert_eq!(found(&[NYGARD, MADR, BULLETS, PROPOSAL]), missing(&[]));
    let alone = ("alignlint.yaml", "fail-on: warning\n");
    assert_eq!(
        found(&[NYGARD, MADR, BULLETS, PROPOSAL, alone]),
        missing(&[]),
        "a configuration adopts nothing"
    );
    let all = ("alignlint.yaml", "adopted: ['**']\n");
    let expected = [NYGARD.0, BULLETS.0, MADR.0, PROPOSAL.0];
    assert_eq!(found(&[NYGARD, MADR, BULLETS, PROPOSAL, all]), missing(&expected));
}

#[test]
fn whoever_keeps_a_directory_or_goals_means_the_decisions_too() {
    let of = |path, text| found(&[(path, text), MADR]);
    let goals =
        "objectives: [{ id: O-1, title: Grow, owner: ada, key-results: [{ title: Sales, target: 5 }] }]\n";
    for (path, text) in [
        PEOPLE,
        ("strategy/okrs.yaml", goals),
        ("people.yaml", PEOPLE.1),
        ("goals/q4.md", "# Goals 2026-Q4\n\n## O-1: Grow\n\nOwner: Ada\n\n- KR1: sales from 1 to 5\n"),
        (
            "governance/rights.md",
            "# Decision rights\n\n| Id | Right | Decides | Escalation |\n|---|---|---|---|\n| R-1 | Prices | Ada | Board |\n",
        ),
    ] {
        assert!(of(path, text).contains(&missing(&[MADR.0])[0]), "{path}");
    }
}

#[test]
fn what_projects_keep_too_adopts_nothing_else() {
    for (path, text) in [
        ("data/people.yaml", "- name: Ada Byron\n  role: editor\n  photo: ada.png\n"),
        (
            "values.yaml",
            "replicaCount: 1\nimage: { repository: nginx, tag: stable }\nservice: { type: ClusterIP, port: 80 }\n",
        ),
        ("governance/charter.md", "# Charter\n\nThe steering committee has five members.\n"),
        (
            "governance/minutes/2026-11-02.md",
            "# Steering 2026-11-02\n\n## Attendees\n\n- Ada\n\n## Decisions\n\n- Move the site.\n\n## Actions\n\n- [ ] Ada moves it by 2026-12-02\n",
        ),
        (
            "docs/glossary.md",
            "# Glossary\n\n| Term | Definition |\n|---|---|\n| Churn | Customers who leave |\n",
        ),
        ("ROADMAP.md", "# Roadmap\n\n## Planned\n\n- Faster search\n"),
    ] {
        assert_eq!(found(&[(path, text), MADR]), missing(&[]), "{path}");
    }
}

#[test]
fn data_in_the_native_format_and_a_page_that_states_its_kind_are_adopted_themselves() {
    let decisions = ("governance/decisions.yaml", "decisions: [{ id: D-1, title: Hire }]\n");
    let page =
        ("strategy/hire.md", "---\nkind: decision\nid: D-2\nstatus: accepted\n---\n# Hire more\n\nYes.\n");
    assert_eq!(found(&[decisions, page, MADR]), missing(&[decisions.0, page.0]));
}

#[test]
fn with_a_list_nothing_else_is_adopted() {
    let list = |text| ("alignlint.yaml", text);
    let monorepo: [File; 3] = [
        ("a/docs/adr/0001-use-rust.md", NYGARD.1),
        ("b/docs/adr/0001-use-rust.md", NYGARD.1),
        ("c/docs/adr/0001-use-rust.md", NYGARD.1),
    ];
    let of = |config| {
        let mut files = monorepo.to_vec();
        files.extend([PEOPLE, list(config)]);
        found(&files)
    };
    assert_eq!(of("adopted: [b/docs/adr/**]\n"), missing(&[monorepo[1].0]));
    assert_eq!(of("adopted: []\n"), missing(&[]));
    assert_eq!(of("adopted: ['**']\n"), missing(&monorepo.map(|file| file.0)));
}

#[test]
fn the_help_says_where_the_format_has_the_owner_and_an_owner_there_is_found() {
    let config = ("alignlint.yaml", "adopted: ['**']\n");
    let repository = Repository::folder_with(&[NYGARD, MADR, BULLETS, PROPOSAL, config]);
    let output = repository.run_today(&["--select", "ownership/missing", "-q"]);
    for (path, place) in [
        (NYGARD.0, "on a line `Owner: …` below the title"),
        (MADR.0, "under `decision-makers`"),
        (BULLETS.0, "on a line `Decision makers: …` below the title"),
        (PROPOSAL.0, "under `authors`"),
    ] {
        let (_, from) =
            output.out.split_once(&format!("{path}:")).unwrap_or_else(|| panic!("{path}: {output:?}"));
        let help = from.split("help:").nth(1).unwrap_or_default().split_whitespace().collect::<Vec<_>>();
        assert!(help.join(" ").starts_with(&format!("name the owner {place}:")), "{path}: {help:?}");
    }
    for ((path, text), from, to) in [
        (NYGARD, "# 1. Use Rust\n", "# 1. Use Rust\n\nOwner: Ada Byron\n"),
        (MADR, "status: accepted\n", "status: accepted\ndecision-makers: [Ada Byron]\n"),
        (BULLETS, "* Status: accepted\n", "* Status: accepted\n* Deciders: Ada Byron\n"),
        (PROPOSAL, "authors: []\n", "authors: [\"@ada\"]\n"),
    ] {
        repository.write(&[(path, &text.replacen(from, to, 1))]);
    }
    assert_eq!(repository.check(&["--select", "ownership/*"]).out, "");
}

#[test]
fn words_of_a_status_are_checked_in_adopted_pages_and_impossible_values_in_all() {
    let of = |from: &str, to: &str, config: &'static str| {
        let page = NYGARD.1.replace(from, to);
        let repository = Repository::folder_with(&[(NYGARD.0, &page), ("alignlint.yaml", config)]);
        places(&repository.check(&["--select", "schema/*"]))
    };
    let (alone, adopted) = ("fail-on: error\n", "adopted: [docs/adr/**]\n");
    assert_eq!(of("Accepted", "Blessed by all", alone), [""; 0]);
    assert_eq!(of("Accepted", "Blessed by all", adopted), [format!("schema/enum {}", NYGARD.0)]);
    assert_eq!(of("Accepted", "Acepted", alone), [format!("schema/enum {}", NYGARD.0)], "a misspelt word");
    assert_eq!(of("2026-11-02", "2026-11-31", alone), [format!("schema/invalid {}", NYGARD.0)]);
}

#[test]
fn adoption_is_policy_and_holds_for_the_base_too() {
    let repository = Repository::with(&[MADR]);
    repository.git(&["branch", "before"]);
    let check = |more: &[&str]| {
        let select = ["--select", "ownership/missing,policy/*"];
        places(&repository.check(&[&select[..], more].concat()))
    };
    repository.write(&[PEOPLE]);
    repository.commit_as("2026-11-12", ADA, "Keep a directory");
    assert_eq!(check(&[]), missing(&[MADR.0]));
    assert_eq!(check(&["--since", "before"]), missing(&[]), "a first directory makes no old finding new");
    repository.git(&["branch", "kept"]);
    repository.git(&["rm", "-q", PEOPLE.0]);
    repository.commit_as("2026-11-13", ADA, "Drop the directory");
    assert_eq!(check(&[]), missing(&[]));
    assert!(
        check(&["--policy-from", "kept"]).contains(&missing(&[MADR.0])[0]),
        "a deleted directory hides nothing"
    );
    repository.write(&[("alignlint.yaml", "adopted: []\n")]);
    repository.commit_as("2026-11-14", ADA, "Adopt nothing");
    let of_base = check(&["--policy-from", "kept"]);
    assert!(of_base.contains(&missing(&[MADR.0])[0]), "{of_base:?}");
    assert!(
        of_base.iter().any(|place| place.starts_with("policy/") && place.ends_with("alignlint.yaml")),
        "{of_base:?}"
    );
}

#[test]
fn a_run_ends_with_the_line_that_adopts_the_rest() {
    let repository = Repository::folder_with(&[NYGARD, MADR]);
    let notices = repository.run_today(&[]).err;
    assert!(notices.contains("`adopted: [docs/adr/**, docs/decisions/**]`"), "{notices}");
}

#[test]
fn a_practice_that_the_configuration_sets_for_no_adopted_record_is_reported() {
    let of = |adopted: &str| {
        let config = format!("rules:\n  ownership/missing: warning\n{adopted}");
        Repository::folder_with(&[NYGARD, ("alignlint.yaml", &config)]).run_today(&[]).err
    };
    let line = "`ownership/missing` checks adopted records alone, and none of its kinds is adopted (alignlint.yaml:2)";
    assert!(of("").contains(line), "{}", of(""));
    assert!(!of("adopted: [docs/**]\n").contains(line));
}

#[test]
fn init_writes_the_entry_that_adopts_as_a_comment_with_what_it_brings() {
    let repository = Repository::folder_with(&[NYGARD]);
    repository.run_today(&["init"]);
    let config = repository.read("alignlint.yaml");
    assert!(config.contains("which brings 2 findings:\n# adopted: [docs/adr/**]\n"), "{config}");
    repository.write(&[("alignlint.yaml", &config.replace("# adopted", "adopted"))]);
    assert_eq!(repository.check(&[]).findings().len(), 2);
}

#[test]
fn practices_of_before_end_the_run_with_what_replaces_them() {
    let config = ("alignlint.yaml", "practices: { owner: [docs/adr/**] }\n");
    let output = Repository::folder_with(&[NYGARD, config]).check(&[]);
    let fault = output.fault();
    assert!(fault.contains("`practices`") && fault.contains("write `adopted`"), "{fault}");
}

#[test]
fn a_rule_of_the_user_may_be_about_a_practice() {
    let rule = "for: decision\npractice: true\nexpect: record.title.size() < 7\nmessage: \"`{record.id}` has a long title\"\n";
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        ("policy/titles/short.yaml", rule),
        NYGARD,
    ]);
    assert_eq!(repository.check(&["--select", "titles/*"]).out, "");
    repository.write(&[("alignlint.yaml", "extends: [recommended, ./policy]\nadopted: [docs/**]\n")]);
    assert_eq!(places(&repository.check(&["--select", "titles/*"])), [format!("titles/short {}", NYGARD.0)]);
    let of_files =
        rule.replace("for: decision", "for: file").replace("record.title.size() < 7", "file.path != \"\"");
    repository.write(&[("policy/titles/short.yaml", &of_files.replace("record.id", "file.path"))]);
    let fault = repository.check(&[]).fault();
    assert!(fault.contains("a rule about files has no practice"), "{fault}");
}

#[test]
fn the_page_of_a_rule_says_to_which_records_it_applies() {
    let decisions =
        ("governance/decisions.yaml", "decisions: [{ id: D-1, title: Hire }, { id: D-2, title: Move }]\n");
    let repository = Repository::folder_with(&[NYGARD, decisions]);
    let lines = |rule: &str| {
        let page = repository.run(&["explain", rule]).out;
        let section = page.split_once("In this repository\n\n").map(|(_, section)| section.to_owned());
        section.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let page = lines("ownership/missing");
    assert!(page.contains("Applies to 2 decisions."), "{page}");
    assert!(
        page.contains("Does not apply to 1 decision in docs/adr (nygard): they are not adopted; to adopt them: `adopted: [docs/adr/**]`."),
        "{page}"
    );
    assert_eq!(lines("kpi/undefined"), "- Applies to no record: none is of a kind that it checks.");
    repository.write(&[("alignlint.yaml", "rules: { ownership/missing: off }\n")]);
    assert!(lines("ownership/missing").starts_with("- It is off: "));
}

#[test]
fn files_that_name_people_make_no_name_unknown() {
    let decision = "decisions: [{ id: D-1, title: Hire, owner: Grace Hopper }]\n";
    let repository = Repository::folder_with(&[
        ("governance/decisions.yaml", decision),
        ("CODEOWNERS", "* @ada\n"),
        (".github/CODEOWNERS", "/docs/ @example/architects\n"),
        ("OWNERS", "approvers: [ada]\n"),
        ("MAINTAINERS", "Ada Byron <ada@example.org>\n"),
        (".mailmap", "Ada Byron <ada@example.org> <ada@old.example.org>\n"),
    ]);
    let unknown = || places(&repository.check(&["--select", "ownership/*,reference/*"]));
    assert_eq!(unknown(), [""; 0], "no directory is kept");
    repository.write(&[PEOPLE]);
    assert_eq!(unknown(), ["ownership/unknown governance/decisions.yaml"]);
}

#[test]
fn who_is_missing_is_reported_at_the_key_without_a_value() {
    let page = MADR.1.replace("date: 2026-11-02\n", "date: 2026-11-02\ndecision-makers:\n");
    let config = ("alignlint.yaml", "adopted: [docs/**]\n");
    let output =
        Repository::folder_with(&[config, (MADR.0, &page)]).check(&["--select", "ownership/missing"]);
    assert!(output.out.starts_with(&format!("{}:4:1: error[ownership/missing]", MADR.0)), "{output:?}");
}
