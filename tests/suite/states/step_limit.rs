//! A rule that exceeds the limit of steps has no findings and fails the run; all other rules are checked.

use serde_json::{Value, json};

use crate::kit::{Output, Repository, heavy_rule, project_file};

/// A rule that compares each metric with all others, and reports those whose direction is down.
fn from_each() -> String {
    heavy_rule(
        "kpi",
        "expect: records(\"kpi\").all(other, heavy + heavy != \"\") && record.direction != \"down\"\n",
    )
}

const CONFIGURATION: (&str, &str) = ("alignlint.yaml", "extends: [all, ./policy]\n");
const RULE: &str = "policy/rules/house/heavy.yaml";
const KPIS: &str = "kpis.yaml";
const BOTH: &[&str] = &["--select", "schema/enum,house/heavy"];

/// So many metrics, which point up except for these.
fn kpis(count: usize, directions: &[(usize, &str)]) -> String {
    let direction =
        |number| directions.iter().find(|(at, _)| *at == number).map_or("up", |(_, direction)| direction);
    let one = |number| {
        format!("  - {{ id: k{number}, title: Metric {number}, direction: {} }}\n", direction(number))
    };
    format!("kpis:\n{}", (0..count).map(one).collect::<String>())
}

fn repository(rule: &str, kpis: &str) -> Repository {
    Repository::with(&[CONFIGURATION, (RULE, rule), (KPIS, kpis)])
}

fn too_many() -> Repository {
    repository(&from_each(), &kpis(30, &[(7, "donw"), (8, "down")]))
}

const MESSAGE: &str = "rule `house/heavy` exceeds the limit of 50 million evaluation steps";
const HELP: &str = "use `cited_by`, `named` or `group-by` instead of a loop over all records, or turn the rule off: \
                    `rules: { house/heavy: off }`";
const ENUM: &str = "error[schema/enum] `k7`: `direction` is `donw`; expected one of up, down, in-range";

/// The output of a run whose only fault is this rule.
fn expected(findings: &[&str]) -> Output {
    let fault = "\
error: rule `house/heavy` exceeds the limit of 50 million evaluation steps
   ╭─[policy/rules/house/heavy.yaml:2:5]
 2 │ id: house/heavy
   ·     ───────────
   ╰────
  help: use `cited_by`, `named` or `group-by` instead of a loop over all
        records, or turn the rule off: `rules: { house/heavy: off }`
";
    let out = findings.iter().map(|finding| format!("{finding}\n")).collect();
    Output { code: Some(2), out, err: fault.into() }
}

#[test]
fn all_other_rules_are_checked_and_the_run_fails() {
    let repository = too_many();
    let check = |more: &[&str]| repository.check(&[BOTH, &["-q"], more].concat());
    let finding = format!("kpis.yaml:9:43: {ENUM}");
    assert_eq!(check(&[]), expected(&[&finding]));
    assert_eq!(check(&["--fail-on", "never"]), expected(&[&finding]), "not everything was checked");
    assert_eq!(check(&["policy"]), expected(&[]), "whatever is shown");
    let output = repository.check(BOTH);
    assert!(output.err.starts_with("1 error; 1 rule not completed.\n"), "{}", output.err);
    assert!(output.err.ends_with(&expected(&[]).err), "{}", output.err);
    let fewer = self::repository(&from_each(), &kpis(10, &[(7, "donw"), (8, "down")]));
    let wanted = format!("{finding}\nkpis.yaml:10:11: error[house/heavy] `k8` is not up to it\n");
    assert_eq!(
        fewer.check(&[BOTH, &["-q"]].concat()),
        Output { code: Some(1), out: wanted, err: String::new() }
    );
}

#[test]
fn which_rule_it_is_does_not_depend_on_threads() {
    let repository = repository(&from_each(), &kpis(300, &[(7, "donw"), (8, "down")]));
    let on =
        |threads: &str| repository.check_with(&[BOTH, &["-q"]].concat(), &[("RAYON_NUM_THREADS", threads)]);
    let alone = on("1");
    assert_eq!(alone.code, Some(2));
    assert_eq!([on("2"), on("8")], [alone.clone(), alone]);
}

#[test]
fn every_report_for_programs_says_what_was_not_checked() {
    let repository = too_many();
    let written = |format: &str| {
        let expected = repository.run_today(&[BOTH, &["-q", "--format", format]].concat());
        assert_eq!(expected.code, Some(2), "{}", expected.err);
        expected.out
    };
    let parsed = |format: &str| -> Value { serde_json::from_str(&written(format)).expect("JSON") };
    let report = parsed("json");
    let place = json!({
        "message": MESSAGE, "help": HELP, "path": RULE,
        "start": { "line": 2, "column": 5, "byte": 12 }, "end": { "line": 2, "column": 16, "byte": 23 },
    });
    assert_eq!(report["faults"], json!([place]));
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(1));
    let schema: Value = serde_json::from_str(&project_file("schemas/report.schema.json")).expect("JSON");
    assert!(jsonschema::is_valid(&schema, &report), "{report}");
    let invocation = &parsed("sarif")["runs"][0]["invocations"][0];
    assert_eq!(
        (&invocation["executionSuccessful"], &invocation["exitCode"]),
        (&json!(false), &json!(2)),
        "{invocation}"
    );
    let sentences = format!("{RULE}:2:5: {MESSAGE}. U{}.", &HELP[1..]);
    let notification =
        json!({ "descriptor": { "id": "fault" }, "level": "error", "message": { "text": sentences } });
    assert_eq!(invocation["toolExecutionNotifications"][0], notification);
    let annotations = written("github");
    assert!(
        annotations.starts_with(&format!("::error title=alignlint::{sentences}\n::error file=kpis.yaml,"))
    );
    let comment = written("markdown");
    let start = "\
<!-- alignlint -->
### alignlint: 1 error

The run failed: some rules have no result.

> policy/rules/house/heavy.yaml:2:5: rule `house/heavy` exceeds the limit of 50 million evaluation steps";
    assert!(comment.starts_with(start), "{comment}");
    let tests = written("junit");
    assert!(tests.contains("tests=\"2\" failures=\"1\" errors=\"1\">"), "{tests}");
    let error = format!("      <error message=\"{MESSAGE}\" type=\"fault\">{sentences}</error>\n");
    assert!(tests.contains(&error), "{tests}");
    for format in ["pretty", "jsonl", "gitlab"] {
        assert!(written(format).contains("donw"), "{format}");
    }
}

#[test]
fn a_rule_without_result_makes_no_suppression_unused() {
    let excuse = "# alignlint: ignore house/heavy because it was agreed\n  ";
    let text = |count| kpis(count, &[(8, "down")]).replace("- { id: k8", &format!("{excuse}- {{ id: k8"));
    let repository = repository(&from_each(), &text(30));
    let all = ["--select", "house/heavy,exception/*,baseline/*", "-q"];
    assert_eq!(repository.check(&all), expected(&[]));
    let adopted = kpis(10, &[(7, "down"), (8, "down")]);
    repository.write(&[(KPIS, &adopted)]);
    assert_eq!(repository.check(&[&all[..], &["--write-baseline"]].concat()).code, Some(0));
    let baseline = || repository.read("alignlint-baseline.yaml");
    let before = baseline();
    assert_eq!(before.matches("house/heavy").count(), 2, "{before}");
    repository.write(&[(KPIS, &kpis(30, &[]))]);
    assert_eq!(repository.check(&all), expected(&[]));
    assert_eq!(repository.check(&[&all[..], &["--write-baseline"]].concat()), expected(&[]));
    assert_eq!(baseline(), before, "what is not judged stays as it is");
}

#[test]
fn new_findings_are_reported_for_all_rules_with_a_result_in_both_states() {
    let repository = repository(&from_each(), &kpis(10, &[(7, "donw")]));
    repository.write(&[(KPIS, &kpis(30, &[(7, "donw"), (8, "down"), (9, "donw")]))]);
    let check = |more: &[&str]| repository.check(&[BOTH, &["-q"], more].concat());
    let new = format!("kpis.yaml:11:43: {}", ENUM.replace("k7", "k9"));
    assert_eq!(check(&["--since", "HEAD"]), expected(&[&new]));
    repository.git(&["add", "--all"]);
    assert_eq!(check(&["--staged", "--since", "HEAD"]), expected(&[&new]));
    repository.commit("2026-10-02");
    repository.write(&[(KPIS, &kpis(10, &[(6, "donw"), (8, "down")]))]);
    repository.git(&["add", "--all"]);
    let new = format!("kpis.yaml:8:43: {}\n", ENUM.replace("k7", "k6"));
    for state in [&["--since", "HEAD"][..], &["--staged", "--since", "HEAD"]] {
        let output = check(state);
        assert_eq!((output.code, &output.out), (Some(2), &new));
        let fault = output.fault();
        let message = "error: can't compare with `HEAD`: at the merge base, rule `house/heavy` exceeds the limit of 50 \
                       million evaluation steps ╭─[policy/rules/house/heavy.yaml:2:5]";
        assert!(fault.starts_with(message), "{fault}");
    }
}

#[test]
fn a_suppression_that_may_have_been_unused_before_is_not_new() {
    let excuse = "  # alignlint: ignore house/heavy because it points up\n  - { id: k8,";
    let excused = |count| kpis(count, &[]).replace("  - { id: k8,", excuse);
    let repository = repository(&from_each(), &excused(30));
    repository.write(&[(KPIS, &excused(10))]);
    let check =
        |more: &[&str]| repository.check(&[&["--select", "house/heavy,ignore/unused", "-q"], more].concat());
    let now = check(&[]);
    assert!(now.code == Some(0) && now.out.contains("[ignore/unused]"), "{now:?}");
    let since = check(&["--since", "HEAD"]);
    assert_eq!((since.code, &*since.out), (Some(2), ""), "{since:?}");
}

/// A hook checks only some subjects, chosen by the constants of a rule and by its groups. If these alone exceed the
/// limit in the state before the change, the hook reports the same as a complete run.
#[test]
fn a_hook_reports_the_same_as_a_complete_run() {
    let constant = heavy_rule(
        "kpi",
        "  any: records(\"kpi\").exists(one, records(\"kpi\").all(other, heavy + heavy != \"\") && one.direction == \"down\")\n\
         expect: record.direction == \"down\" || !any\n",
    );
    let grouped = heavy_rule(
        "kpi",
        "  key: \"records('kpi').all(other, heavy + heavy != '') ? record.direction : ''\"\ngroup-by: [key]\n\
         expect: size(group.records) < 9\n",
    );
    for rule in [constant, grouped] {
        let repository = repository(&rule, &kpis(30, &[]));
        repository.write(&[(KPIS, &kpis(10, &[(8, "down")]))]);
        repository.git(&["add", "--all"]);
        let heavy = ["--select", "house/heavy", "-q"];
        let whole = repository.check(&[&heavy[..], &["--staged"]].concat());
        assert!(whole.code == Some(1) && whole.out.contains("[house/heavy]"), "{whole:?}");
        let hook = ["--staged", "--since", "HEAD"];
        let output = repository.check(&[&heavy[..], &hook].concat());
        assert_eq!((output.code, &*output.out), (Some(2), ""), "{output:?}");
        assert!(output.fault().contains("can't compare with `HEAD`: at the merge base,"), "{output:?}");
    }
}

#[test]
fn an_example_that_takes_too_much_does_not_pass() {
    let files: String = kpis(30, &[]).lines().map(|line| format!("        {line}\n")).collect();
    let example = format!("{}examples:\n  - name: many\n    files:\n      {KPIS}: |\n{files}", from_each());
    let repository = repository(&example, &kpis(1, &[]));
    let tested = repository.run(&["test", "policy"]);
    assert_eq!(tested.code, Some(1), "{tested:?}");
    assert!(tested.out.contains(&format!("house/heavy: many\n  {RULE}:2:5: {MESSAGE}\n")), "{tested:?}");
}

/// The next free number of each series is found once, not for each finding.
#[test]
fn two_hundred_repeated_identifiers_among_two_thousand_are_all_reported() {
    let decision = |number| format!("  - {{ id: D-{number}, title: Choice {number} }}\n");
    let decisions: String = (1..=2000).chain(1..=200).map(decision).collect();
    let repository = Repository::with(&[("governance/decisions.yaml", &format!("decisions:\n{decisions}"))]);
    let output = repository.run(&["check", "--select", "reference/duplicate-id", "--format", "json", "-q"]);
    let report: Value = serde_json::from_str(&output.out).expect("a report");
    let findings = report["findings"].as_array().expect("a list");
    assert_eq!((output.code, output.err.as_str(), findings.len()), (Some(1), "", 200));
    let help = findings[0]["help"].as_str().expect("a help");
    assert_eq!(help, "give one of them another id, such as `D-2001`, or remove the duplicate");
}
