//! A user's own rules: what they need to say, where they are, and how they are loaded.

use alignlint::linter::{Linter, Options};
use rayon::prelude::*;

use crate::kit::{Output, Repository, files_below};

const CONFIG: (&str, &str) = ("alignlint.yaml", "extends: [essential, ./policy]\n");
const DECISIONS: (&str, &str) = (
    "governance/decisions.yaml",
    "decisions:\n  - {id: D-1, title: Charge for each site, status: accepted, topic: pricing}\n  \
     - {id: D-2, title: Hire, status: accepted, topic: people, kpis: []}\n",
);
const THREE_KEYS: &str = "for: decision\nexpect: record.topic != \"pricing\" || has(record.kpis)\n\
    message: \"`{record.id}` changes prices and names no metric\"\n";

fn with_rule(path: &str, text: &str) -> Repository {
    Repository::folder_with(&[CONFIG, DECISIONS, (path, text)])
}

fn check(repository: &Repository) -> Output {
    repository.check(&["--ignore", "decision/*,ownership/*"])
}

#[test]
fn three_keys_are_a_rule() {
    for path in ["policy/pricing/names-a-kpi.yaml", "policy/rules/pricing/names-a-kpi.yml"] {
        let output = check(&with_rule(path, THREE_KEYS));
        assert_eq!(
            output.out,
            "governance/decisions.yaml:2:10: warning[pricing/names-a-kpi] `D-1` changes prices and names no metric\n"
        );
    }
}

#[test]
fn a_part_of_an_expression_may_be_a_number_or_use_a_later_one() {
    let rule = "for: decision\nlet:\n  more: most + 1\n  most: 3\n  is-open: true\nexpect: is_open && more > 4\nmessage: \"`{record.id}` has {more}\"\n";
    let output = check(&with_rule("policy/own/parts.yaml", rule));
    assert_eq!(output.findings(), ["warning[own/parts] `D-1` has 4", "warning[own/parts] `D-2` has 4"]);
}

#[test]
fn a_rule_of_three_keys_is_listed_explained_and_reported_as_sarif() {
    let repository = with_rule("policy/pricing/names-a-kpi.yaml", THREE_KEYS);
    let title = "Changes prices and names no metric";
    assert!(repository.run(&["rules"]).out.contains(&format!("warning  {title}\n")));
    let page = repository.run(&["explain", "pricing/names-a-kpi"]).out;
    let lines: Vec<&str> = page.lines().filter(|line| !line.is_empty()).collect();
    let title = format!("{title}.");
    let expected = ["pricing/names-a-kpi", &*title, "Warning · preset `essential` · checks decision"];
    assert_eq!(lines[..3], expected, "{page}");
    assert!(page.ends_with("In this repository\n\n  - Applies to 2 decisions.\n"), "{page}");
    let sarif = repository.run_today(&["--format", "sarif", "--select", "pricing/*"]).json();
    let rule = &sarif["runs"][0]["tool"]["driver"]["rules"][0];
    for text in [&rule["shortDescription"]["text"], &rule["fullDescription"]["text"]] {
        assert_eq!(text, &title);
    }
    assert!(
        rule["help"]["text"].as_str().is_some_and(|text| text.starts_with(title.trim_end_matches('.'))),
        "{rule}"
    );
}

/// A rule with a parameter, and an example in which this configuration sets it.
fn with_configured_example(config: &str) -> String {
    let config: String = config.lines().map(|line| format!("        {line}\n")).collect();
    format!(
        "for: decision\nparams:\n  min: {{ type: integer, default: 0, description: Fewest metrics }}\n\
         expect: size(record.kpis) >= params.min\nmessage: \"`{{record.id}}` names too few metrics\"\n\
         examples:\n  - name: two are wanted\n    files:\n      alignlint.yaml: |\n{config}      \
         governance/decisions.yaml: |\n        decisions: [{{ id: D-2, kpis: [] }}]\n    \
         finds:\n      - {{ at: \"governance/decisions.yaml:1:19\", message: \"`D-2` names too few metrics\" }}\n"
    )
}

#[test]
fn an_example_may_configure_the_rule_that_it_tests() {
    for config in [
        "rules: { pricing/names-a-kpi: { min: 2 } }",
        "rules: { pricing/*: error, pricing/names-a-kpi: { min: 2 } }",
        "extends: [recommended, ./policy]\nrules: { pricing/names-a-kpi: { min: 2 } }",
        "extends: [all, eip]\nrules: { pricing/names-a-kpi: { min: 2 } }",
        "overrides:\n  - { files: governance/**, rules: { pricing/names-a-kpi: { min: 2 } } }",
    ] {
        let repository = with_rule("policy/pricing/names-a-kpi.yaml", &with_configured_example(config));
        let output = repository.run(&["test", "policy"]);
        assert_eq!(output.out, "1 passed, 0 failed\n", "{config}: {}", output.err);
    }
}

#[test]
fn a_mistake_in_the_configuration_of_an_example_is_reported() {
    for (config, fault) in [
        ("rules: { pricing/names-a-kpy: off }", "unknown rule `pricing/names-a-kpy`"),
        ("rules: { pricing/names-a-kpi: { mni: 2 } }", "has no parameter `mni`"),
        ("extends: [./other]", "no files in folder `other`"),
    ] {
        let repository = with_rule("policy/pricing/names-a-kpi.yaml", &with_configured_example(config));
        let output = repository.run(&["test", "policy"]);
        assert!(output.out.contains(fault) && output.code == Some(1), "{config}: {}", output.out);
    }
}

#[test]
fn the_stated_id_is_that_of_the_path() {
    let other = format!("id: pricing/other\n{THREE_KEYS}");
    let fault = check(&with_rule("policy/pricing/names-a-kpi.yaml", &other)).fault();
    assert!(
        fault.contains("the rule's `id` is `pricing/other`; expected `pricing/names-a-kpi`, as in its path"),
        "{fault}"
    );
    let same = format!("id: pricing/names-a-kpi\n{THREE_KEYS}");
    assert_eq!(check(&with_rule("policy/pricing/names-a-kpi.yaml", &same)).messages().len(), 1);
}

#[test]
fn a_file_in_the_wrong_place_is_told_the_right_one() {
    for path in ["policy/kpi.yaml", "policy/rules/kpi.yaml", "policy/rules/pricing/eu/kpi.yaml"] {
        let fault = check(&with_rule(path, THREE_KEYS)).fault();
        assert!(fault.contains(&format!("[{path}:1:1]")), "{fault}");
        assert!(fault.contains("a rule is a file `FAMILY/NAME.yaml` in `rules/`, in lower case"), "{fault}");
    }
}

#[test]
fn a_folder_within_a_folder_is_read_once() {
    let repository = with_rule("policy/rules/pricing/names-a-kpi.yaml", THREE_KEYS);
    repository.write(&[("alignlint.yaml", "extends: [./policy, ./policy/rules]\n")]);
    assert_eq!(check(&repository).messages().len(), 1);
}

#[test]
fn a_rule_named_like_a_built_in_one_is_a_fault_of_the_users_file() {
    let built_in = files_below("rules", Some("yaml"));
    let path = built_in.keys().next().expect("a built-in rule");
    let fault = check(&with_rule(&format!("policy/{path}"), THREE_KEYS)).fault();
    assert!(fault.contains("a built-in rule has the same id"), "{fault}");
    assert!(fault.contains(&format!("[policy/{path}:1:1]")), "{fault}");
}

#[test]
fn a_misspelt_required_key_is_one_fault() {
    let misspelt = THREE_KEYS.replace("message:", "mesage:");
    let output = check(&with_rule("policy/pricing/names-a-kpi.yaml", &misspelt));
    assert_eq!(output.err.matches("error").count(), 1, "{}", output.err);
    assert!(output.fault().contains("did you mean `message`?"), "{}", output.err);
}

#[test]
fn linters_that_open_within_a_thread_pool_do_not_wait_for_each_other() {
    let repository = with_rule("policy/pricing/names-a-kpi.yaml", THREE_KEYS);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(4).build().expect("a thread pool");
    let open = |_| {
        let options = Options { directory: repository.path().to_owned(), ..Options::default() };
        Linter::open(options).and_then(|linter| linter.lint()).map(|result| result.findings.len())
    };
    let found: Vec<_> = pool.install(|| (0..32).into_par_iter().map(open).collect());
    assert!(found.iter().all(|found| found.as_ref().is_ok_and(|count| *count > 0)));
}

/// A rule with examples, and what `alignlint test` prints.
fn tested(rule: &str) -> Output {
    with_rule("policy/rules/pricing/kpi.yaml", rule).run(&["test", "policy"])
}

#[test]
fn an_example_in_which_the_rule_judges_nothing_does_not_pass() {
    let rule = "for: decision\nwhen: record.status == \"accepted\"\nexpect: record.topic != \"prices\"\n\
        message: \"`{record.id}` is about prices\"\nexamples:\n  - name: one\n    files:\n      FILE: |\n        TEXT\n";
    let example = |file: &str, text: &str| tested(&rule.replace("FILE", file).replace("TEXT", text));
    let judged = "decisions: [{ id: D-1, status: accepted, topic: people }]";
    assert_eq!(example("governance/decisions.yaml", judged).out, "1 passed, 0 failed\n");
    let excluded = "decisions: [{ id: D-1, status: draft }]";
    assert_eq!(example("governance/decisions.yaml", excluded).out, "1 passed, 0 failed\n");
    for (text, reason) in [
        ("decisions: [{ id: D-1, status: accepted }]", "`topic` is absent (governance/decisions.yaml:1:19)"),
        ("decisons: [{ id: D-1, status: accepted }]", "there is no record of kind `decision`"),
        ("decisions: [{ id: D-1, status: accepted ]", "there is no record of kind `decision`"),
        ("kpis: [{ id: K-1 }]", "there is no record of kind `decision`"),
    ] {
        let output = example("governance/decisions.yaml", text);
        assert_eq!(output.code, Some(1), "{text}: {output:?}");
        assert!(
            output.out.contains(&format!("the rule judges nothing here: {reason}")),
            "{text}: {output:?}"
        );
        assert!(output.out.contains("write `judged: false` in the example if that is meant"), "{output:?}");
    }
    let misspelt = example("governance/decisions.yaml", "decisons: [{ id: D-1, status: accepted }]");
    assert!(misspelt.out.contains("governance/decisions.yaml: "), "{misspelt:?}");
    let meant = rule.replace("  - name: one\n", "  - name: one\n    judged: false\n");
    let meant = |text: &str| tested(&meant.replace("FILE", "governance/a.yaml").replace("TEXT", text));
    assert_eq!(meant("kpis: [{ id: K-1 }]").out, "1 passed, 0 failed\n");
    assert!(meant(judged).out.contains("the rule judges something here, against `judged: false`"));
}

#[test]
fn rules_that_are_never_judged_here_are_named_with_the_reason() {
    let rule = |what: &str| format!("{what}\nmessage: \"`{{record.id}}` is wrong\"\n");
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", "extends: [recommended, ./policy]\nrules: { a/off: off }\n"),
        ("policy/rules/a/absent.yaml", &rule("for: decision\nexpect: record.topic != \"x\"")),
        ("policy/rules/a/empty.yaml", &rule("for: decision\neach: record.tags\nexpect: item != \"x\"")),
        (
            "policy/rules/a/grouped.yaml",
            &rule(
                "for: decision\nwhen: has(record.topic)\ngroup-by: record.topic\nexpect: size(group.records) < 2",
            ),
        ),
        ("policy/rules/a/judged.yaml", &rule("for: decision\nexpect: record.live")),
        ("policy/rules/a/kind.yaml", &rule("for: assumption\nexpect: record.live")),
        ("policy/rules/a/off.yaml", &rule("for: decision\nexpect: record.live")),
        (
            "policy/rules/a/when.yaml",
            &rule("for: decision\nwhen: record.status == \"draft\"\nexpect: record.live"),
        ),
        (
            "governance/decisions.yaml",
            "decisions:\n  - { id: D-1, status: accepted, tags: [] }\n  - { id: D-2, status: accepted, tags: [] }\n",
        ),
    ]);
    let output = repository.run_today(&["test", "--here"]);
    assert_eq!(
        output.out,
        "a/absent: never judged: `topic` is absent (governance/decisions.yaml:2:11)\n\
         a/empty: never judged: the list of `each` is empty everywhere\n\
         a/grouped: never judged: no record has a value of `group-by`\n\
         a/kind: never judged: there is no record of kind `assumption`\n\
         a/off: never judged: it is switched off in the configuration\n\
         a/when: never judged: `when: record.status == \"draft\"` is false for all 2\n\
         1 judged, 6 never judged\n"
    );
    assert_eq!(output.code, Some(1));
    let output = repository.run_today(&["test", "--here", "--select", "assumption/stale,a/judged"]);
    assert_eq!(
        output.out,
        "assumption/stale: never judged: there is no record of kind `assumption`\n1 judged, 1 never judged\n"
    );
    let output = repository.run_today(&["test", "--here", "--select", "a/judged"]);
    assert_eq!((output.code, &*output.out), (Some(0), "1 judged, 0 never judged\n"));
}

#[test]
fn a_rule_for_files_sees_the_introduction_of_a_folder_in_an_own_format() {
    let profile = "title: Note\nkind: decision\nrecognise: { all: [{ path: \"notes/N-*.md\" }] }\nfields:\n  id: [{ file: \"^(N-[0-9]+)$\" }]\n  \
                   title: [{ title: \"^(.+)$\" }]\n";
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", "extends: [essential, ./policy]\n"),
        ("policy/profiles/note.yaml", profile),
        (
            "policy/rules/a/index.yaml",
            "for: file\nwhen: file.path.endsWith('README.md')\nexpect: \"false\"\nmessage: read\n",
        ),
        ("notes/N-1.md", "# Hire\n"),
        ("notes/README.md", "# Notes\n"),
        ("other/README.md", "# Other\n"),
    ]);
    let found = repository.check(&["--select", "a/index"]);
    assert_eq!(found.out, "notes/README.md:1:1: warning[a/index] read\n");
    let explained = repository.run(&["explain", "a/index", "other/README.md"]).out;
    let explained = explained.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = "The rule does not apply: it is for files in which records are looked for, and pages that introduce a folder of them. Only \
                records and the pages that introduce them are checked. To have another page checked, name it under `records` in `alignlint.yaml`, below a kind";
    assert!(explained.contains(told), "{explained}");
}

#[test]
fn parts_that_read_each_other_are_told_once() {
    let rule = "for: decision\nlet:\n  late: many.filter(d, d.live)\n  many: late.filter(d, d != record)\n\
                when: size(late) >= 3\nexpect: size(many) < 3\nmessage: x\nrelated: { each: many }\n";
    let output = with_rule("policy/rules/own/cycle.yaml", rule).run(&[]);
    assert_eq!(output.err.matches("error:").count(), 1, "{}", output.err);
    assert!(output.err.contains("is computed from itself through"), "{}", output.err);
}
