//! The contracts that other programs rely on: exit codes, streams and formats.

use std::process::Stdio;

use crate::kit::{Output, PROGRAM, Repository, alignlint, command};

const GOOD: (&str, &str) = (
    "governance/decisions.yaml",
    "decisions:\n  - id: D-1\n    title: Sell through partners\n    status: accepted\n    date: 2026-11-01\n    review-by: 2027-11-01\n    owner: ada\n    \
     options: [partners, own staff]\n    trade-offs: [margin]\n    context: why\n    consequences: [what]\n",
);

const BAD: (&str, &str) = (
    "governance/metrics.yaml",
    "kpis:\n  - id: churn\n    title: Churn\n    owner: ada\n    direction: donw\n",
);

#[test]
fn nothing_found_ends_with_0_and_prints_nothing_but_the_summary() {
    let folder = Repository::folder_with(&[GOOD]);
    let output = folder.run(&["--as-of", "2026-11-20"]);
    assert_eq!((output.code, output.out.as_str()), (Some(0), ""));
    assert!(output.err.starts_with("No findings in 1 file"), "{}", output.err);
    let quiet = folder.run(&["-q"]);
    assert_eq!((quiet.out.as_str(), quiet.err.as_str()), ("", ""));
}

#[test]
fn findings_end_with_1_unless_they_are_below_the_threshold() {
    let folder = Repository::folder_with(&[GOOD, BAD]);
    let output = folder.run(&["--format", "concise", "-q"]);
    assert_eq!(output.code, Some(1));
    assert!(output.out.starts_with("governance/metrics.yaml:"), "{}", output.out);
    assert_eq!(folder.run(&["--fail-on", "never"]).code, Some(0));
    let warned = Repository::folder_with(&[(
        "governance/decisions.yaml",
        "decisions:\n  - {id: D-1, title: T, status: accepted, owner: ada}\n",
    )]);
    assert_eq!(warned.run(&[]).code, Some(0), "warnings do not fail by default");
    assert_eq!(warned.run(&["--fail-on", "warning"]).code, Some(1));
}

#[test]
fn a_reader_that_stops_changes_no_exit_code() {
    let repository = Repository::folder_with(&[("governance/kpis.yaml", "kpis:\n  - {id: K-1}\n")]);
    for arguments in [&["--format", "concise"][..], &["--format", "json"], &["-q"]] {
        let mut command = command(PROGRAM, repository.path());
        let mut run = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(run.stdout.take());
        let output = Output::from(run.wait_with_output().unwrap());
        assert!(output.code == Some(1) && !output.err.contains("pipe"), "{output:?}");
    }
}

#[test]
fn nothing_to_check_is_no_success() {
    let folder =
        Repository::folder_with(&[("src/main.rs", "fn main() {}"), ("values.yaml", "replicas: 2\n")]);
    let output = folder.run(&[]);
    assert_eq!(output.code, Some(2));
    let notes = output.err;
    for part in ["nothing to check", "governance/", "docs/", "records:"] {
        assert!(notes.contains(part), "{notes}");
    }
}

#[test]
fn a_run_that_fails_ends_with_2_and_says_where() {
    let folder = Repository::folder_with(&[GOOD, ("alignlint.yaml", "exlude: [drafts/**]\n")]);
    let output = folder.run(&[]);
    assert_eq!((output.code, output.out.as_str()), (Some(2), ""));
    assert!(output.err.contains("alignlint.yaml:1:1") && output.err.contains("exclude"), "{}", output.err);
    let folder = Repository::folder_with(&[GOOD]);
    for wrong in [
        &["--select", "decision/dupliacte-id"][..],
        &["--as-of", "20261120"],
        &["--format", "xml"],
        &["--fail-on", "fatal"],
        &["nowhere/"],
        &["--no-such-flag"],
        &["explain", "decision/nothing"],
        &["schema", "nothing"],
    ] {
        let output = folder.run(wrong);
        assert_eq!(output.code, Some(2), "{wrong:?}");
        assert!(!output.err.is_empty() && output.out.is_empty(), "{wrong:?}");
    }
    let misspelt = folder.run(&["--select", "reference/dupliacte-id"]);
    assert!(misspelt.err.contains("`reference/duplicate-id`?"), "{}", misspelt.err);
}

#[test]
fn a_word_that_is_no_subcommand_and_no_path_is_answered_with_the_nearest_subcommand() {
    let repository = Repository::with(&[("governance/kpis.yaml", "kpis: []\n")]);
    for (word, help) in [
        ("chekc", "did you mean the subcommand `check`?"),
        ("record", "did you mean the subcommand `records`?"),
        ("initt", "did you mean the subcommand `init`?"),
    ] {
        let fault = format!("error: file or folder `{word}` does not exist in this repository help: {help}");
        assert_eq!(repository.run(&[word]).fault(), fault);
    }
    // What has an ending, or follows the subcommand, is a path.
    for words in [&["chekc.md"][..], &["check", "chekc"], &["docs/chekc"]] {
        assert!(!repository.run(words).fault().contains("help"), "{words:?}");
    }
}

#[test]
fn paths_limit_what_is_reported_but_not_what_is_read() {
    let people = ("governance/people.yaml", "people:\n  - {id: ada, name: Ada Byron}\n");
    let decision = (
        "governance/decisions.yaml",
        "decisions:\n  - {id: D-1, title: T, status: accepted, date: 2026-11-01, owner: ada, trade-offs: [b], context: why, consequences: [what]}\n",
    );
    let folder = Repository::folder_with(&[people, decision, BAD]);
    let output = folder.run(&["governance/decisions.yaml", "--format", "concise"]);
    assert_eq!(output.out, "", "the owner is known though its file is not named");
    folder.git(&["init", "-q"]);
    let below = alignlint(&folder.join("governance"), &["metrics.yaml", "--format", "concise"]);
    assert!(
        below.out.starts_with("governance/metrics.yaml:"),
        "paths are relative to the root: {}",
        below.out
    );
}

#[test]
fn one_run_may_write_several_reports() {
    let folder = Repository::folder_with(&[GOOD, BAD]);
    let output = folder.run(&[
        "-q",
        "--format",
        "concise",
        "--format",
        "json=out.json",
        "--format",
        "jsonl=out.jsonl",
    ]);
    let json: serde_json::Value = serde_json::from_str(&folder.read("out.json")).unwrap();
    let lines = folder.read("out.jsonl");
    let findings = json["findings"].as_array().unwrap();
    assert_eq!(findings.len(), output.out.lines().count());
    assert_eq!(findings.len(), lines.lines().count());
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(first, findings[0]);
}

#[test]
fn json_conforms_to_its_schema() {
    let folder = Repository::folder_with(&[GOOD, BAD]);
    let output = folder.run(&["-q", "--as-of", "2026-11-20", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&output.out).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&folder.run(&["schema", "report"]).out).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let broken: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert_eq!(broken, Vec::<String>::new());
    assert_eq!(report["as-of"], "2026-11-20");
    assert_eq!(report["summary"]["records"], serde_json::json!({ "decision": 1, "kpi": 1 }));
}

#[test]
fn records_are_listed_with_where_they_come_from() {
    let folder = Repository::folder_with(&[
        GOOD,
        (
            "docs/adr/0001-use-git.md",
            "# 1. Use Git\n\nDate: 2026-01-02\n\n## Status\n\nAccepted\n\n## Context\n\nc\n",
        ),
    ]);
    let listed = folder.run(&["records", "decision", "--format", "json"]).out;
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let records = listed["records"].as_array().unwrap();
    assert_eq!(records.len(), 2);
    assert_eq!((&records[0]["id"], &records[0]["format"]), (&"0001".into(), &"nygard".into()));
    assert_eq!(records[0]["fields"]["date"], "2026-01-02");
    assert_eq!((&records[1]["id"], &records[1]["format"]), (&"D-1".into(), &serde_json::Value::Null));
    let people = folder.run(&["records"]).out;
    assert!(
        people.contains("Sell through partners") && people.contains("governance/decisions.yaml:2"),
        "{people}"
    );
}

#[test]
fn a_rule_is_explained_from_its_file() {
    let folder = Repository::folder_with(&[GOOD]);
    let page = folder.run(&["explain", "ownership/missing"]).out;
    for part in ["ownership/missing", "essential", ": a finding"] {
        assert!(page.contains(part), "{part}");
    }
    let rules = folder.run(&["rules"]).out;
    let line = rules.lines().find(|line| line.starts_with("ownership/missing ")).unwrap();
    assert!(line.contains("error"), "{line}");
}

#[test]
fn no_configuration_is_read_when_none_is_wanted() {
    let folder = Repository::folder_with(&[GOOD, BAD, ("alignlint.yaml", "rules: { \"*\": off }\n")]);
    assert_eq!(folder.run(&[]).code, Some(0));
    assert_eq!(folder.run(&["--no-config"]).code, Some(1));
    let other = Repository::folder_with(&[("strict.yaml", "fail-on: never\n")]);
    let config = other.join("strict.yaml");
    let config = config.to_str().unwrap();
    assert_eq!(folder.run(&["--config", config]).code, Some(0));
}

#[test]
fn a_comment_or_an_exception_suppresses_until_its_last_day() {
    let kpis = "kpis:\n  # alignlint: ignore kpi/undefined until 2026-11-30 because the data team defines it this month\n  \
                - {id: churn, title: Churn, owner: ada}\n  - {id: margin, title: Margin, owner: ada}\n";
    let exceptions = "exceptions:\n  - {id: X-1, rule: kpi/*, scope: [margin], owner: ada, approved-by: grace, \
                      reason: new, expires: 2026-12-31}\n";
    let folder = Repository::folder_with(&[
        ("governance/kpis.yaml", kpis),
        ("governance/exceptions.yaml", exceptions),
    ]);
    let on = |day: &str| folder.run(&["--as-of", day, "--select", "kpi/*", "--format", "concise"]);
    let excused = on("2026-11-30");
    assert_eq!((excused.code, excused.out.as_str()), (Some(0), ""));
    assert!(excused.err.contains("2 suppressed"), "{}", excused.err);
    let lines = on("2026-12-01").out;
    assert!(lines.lines().count() == 1 && lines.contains("`churn`"), "{lines}");
    let lines = on("2027-01-01").out;
    assert!(lines.lines().count() == 2 && lines.contains("`margin`"), "{lines}");
}

#[test]
fn a_let_may_loop_inside_a_loop_that_uses_it() {
    let rule = "id: own/twice\ntitle: Twice\nseverity: error\npreset: essential\nfacet: own\nfor: decision\nlet:\n  long: \
                record.tags.filter(t, size(t) > 1)\n  twice: long.filter(t, long.exists(u, u == t))\nwhen: record.tags.exists(o, \
                o in twice && o == 'aa')\nexpect: size(long) == 3\nmessage: \"{size(long)} of {size(twice)}\"\nwhy: Each \
                loop has a variable of its own.\n";
    let decision = "decisions:\n  - {id: D-1, title: T, status: accepted, date: 2026-11-01, owner: ada, options: [a, b], \
                    tags: [aa, bb, x], trade-offs: [margin], context: why, consequences: [what]}\n";
    let folder = Repository::folder_with(&[
        ("alignlint.yaml", "extends: [./policy]\n"),
        ("policy/rules/own/twice.yaml", rule),
        ("governance/decisions.yaml", decision),
    ]);
    let output = folder.run(&["--select", "own/twice", "--format", "concise", "-q"]);
    assert!(output.out.ends_with("error[own/twice] 2 of 2\n"), "{}{}", output.out, output.err);
}

#[test]
fn a_let_that_the_condition_makes_unnecessary_does_not_load_history() {
    let folder = Repository::folder_with(&[GOOD]);
    let asked = |rule| folder.run(&["--select", rule]).err.contains("no Git history");
    assert!(!asked("decision/unconsulted"), "no decision rights are kept here");
    assert!(!asked("decision/self-granted"), "no policy of another commit is asked");
    assert!(asked("decision/rewritten"));
}

#[test]
fn a_flag_before_a_subcommand_counts_for_it_or_is_refused() {
    let repository = Repository::folder_with(&[(
        "governance/decisions.yaml",
        "decisions:\n  - { id: D-1, title: Sell to partners, status: accepted, owner: ada, review-by: 2027-03-01 }\n",
    )]);
    let before = repository.run(&["--as-of", "2027-04-01", "due"]);
    let after = repository.run(&["due", "--as-of", "2027-04-01"]);
    assert_eq!((&before.out, before.code), (&after.out, after.code));
    assert!(before.out.contains("as of 2027-04-01"), "{before:?}");
    let refused = repository.run(&["--since", "HEAD", "rules"]);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.err.starts_with("error: write `--since <REV>` behind the subcommand `rules`"),
        "{refused:?}"
    );
    let all = repository.check(&["--select", "*"]);
    assert!(all.out.contains("[review/missing]") || all.out.contains("[decision/no-rationale]"), "{all:?}");
}

#[test]
fn a_flag_that_the_subcommand_reads_counts_before_it_and_behind_it() {
    let action = "meetings: [{ id: M-1, date: 2026-11-10, actions: [{ what: Call, owner: ada, due: 2026-11-24, status: open }] }]\n";
    let repository = Repository::with(&[("governance/records.yaml", action)]);
    let flags = ["--as-of", "2026-12-01"];
    let behind = repository.run(&[&["explain", "action/overdue", "M-1"], &flags[..]].concat());
    let before = repository.run(&[&flags[..], &["explain", "action/overdue", "M-1"]].concat());
    assert!(behind.out.contains("2026-11-24"), "{}", behind.out);
    assert_eq!((before.out, before.err, before.code), (behind.out, behind.err, behind.code));
    let page = repository.run(&["--as-of", "2026-12-01", "--no-cache", "explain", "action/overdue"]);
    assert_eq!((page.code, &*page.err), (Some(0), ""));
}

#[test]
fn each_of_several_records_with_one_id_is_explained() {
    let decisions = |title: &str| format!("decisions: [{{ id: D-1, title: {title}, status: accepted }}]\n");
    let repository = Repository::with(&[
        ("governance/records.yaml", &decisions("Sell")),
        ("governance/again.yaml", &decisions("Buy")),
    ]);
    let page = repository.run(&["explain", "D-1"]).out;
    assert!(page.contains("governance/records.yaml") && page.contains("governance/again.yaml"), "{page}");
}

#[test]
fn blame_shows_the_whole_value_and_what_was_there_before() {
    let decision =
        |title: &str| format!("decisions: [{{ id: D-1, title: {title}, status: proposed, owner: ada }}]\n");
    let repository = Repository::with(&[("governance/log.yaml", &decision("Sell"))]);
    repository.write(&[(
        "governance/log.yaml",
        &decision("Sell through partners in the north of Norway and Sweden"),
    )]);
    repository.commit("2026-11-12");
    let text = repository.run(&["blame", "D-1", "--as-of", "2026-11-20"]).out;
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("the north of Norway and Sweden (was Sell)"), "{text}");
}

/// The values of `alignlint config`, by their pointers.
fn configured(repository: &Repository, arguments: &[&str]) -> Vec<(String, serde_json::Value)> {
    let page = repository.run(&[&["config", "--format", "json"], arguments].concat()).json();
    let value = |value: &serde_json::Value| (value["pointer"].to_string(), value["value"].clone());
    page["values"].as_array().unwrap().iter().map(value).collect()
}

#[test]
fn the_printed_configuration_is_one_that_says_the_same() {
    let config = "extends: [strict, kep]\nexclude: ['a: b/**', \"c'#d\", \"{e,f}\"]\nrules: { decision/*: off, kpi/undefined: error, \
                  assumption/stale: { max-age: 6 months } }\noverrides: [{ files: [x, 'on'], rules: { '*': off } }]\n";
    let repository = Repository::folder_with(&[GOOD, ("alignlint.yaml", config)]);
    let values = configured(&repository, &[]);
    repository.write(&[("alignlint.yaml", &repository.run(&["config"]).out)]);
    assert_eq!(configured(&repository, &[]), values);
    repository.remove("alignlint.yaml");
    let default = configured(&repository, &[]);
    assert!(default.len() > 100 && default.len() < values.len(), "{default:?}");
    let origins = repository.run(&["config", "--format", "json"]).json();
    let origins = origins["values"].as_array().unwrap().iter().map(|value| value["origin"]["from"].clone());
    assert!(origins.into_iter().all(|from| from == "preset" || from == "default"));
}

#[test]
fn the_verbose_version_describes_the_repository() {
    let facts = |folder: &std::path::Path| {
        let output = alignlint(folder, &["--version", "--verbose"]);
        assert_eq!((output.code, output.err.as_str()), (Some(0), ""));
        let facts = output.out.lines().skip(4).map(str::to_owned);
        facts.collect::<Vec<String>>().join("; ")
    };
    let counts =
        "project: whole repository; configuration: none; files: 2; records: 2 (1 decision, 1 kpi); rules: ";
    let repository = Repository::with(&[GOOD, BAD]);
    let plain = "worktree: main; object format: sha1; reference format: files; shallow: no; partial: no; sparse: no; cache: no; ";
    let said = facts(repository.path());
    assert!(said.starts_with(&format!("{plain}{counts}")), "{said}");
    assert!(said.ends_with(" on, 0 rules of the user's own"), "{said}");
    std::fs::create_dir(repository.join(".git/alignlint")).expect("a folder");
    assert!(facts(repository.path()).contains("; cache: yes; "));
    let clone = Repository::clone(&repository, &["--depth", "1", "--no-checkout", "--filter=blob:none"]);
    clone.git(&["sparse-checkout", "set", "src"]);
    clone.git(&["worktree", "add", "-q", "linked"]);
    let said = facts(&clone.join("linked"));
    let special = "worktree: linked; object format: sha1; reference format: files; shallow: yes; partial: yes; sparse: yes; ";
    assert!(said.starts_with(special), "{said}");
    let modern = Repository::folder();
    modern.git(&["init", "-q", "--bare", "--object-format=sha256", "--ref-format=reftable"]);
    let said = facts(modern.path());
    let special =
        "worktree: none, the repository is bare; object format: sha256; reference format: reftable; ";
    assert!(said.starts_with(special), "{said}");
    assert_eq!(facts(Repository::folder_with(&[GOOD]).path()), "repository: none");
    repository.write(&[("alignlint.yaml", "exlude: [drafts]\n")]);
    let said = facts(repository.path());
    assert!(said.contains("; error: ") && said.contains("unknown configuration key `exlude`"), "{said}");
    let version = alignlint(repository.path(), &["-V"]).out;
    assert_eq!(alignlint(repository.path(), &["-vV"]).out.lines().next(), version.lines().next());
    assert_eq!(version.lines().count(), 1);
}
