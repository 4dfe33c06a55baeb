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
fn a_rule_of_three_keys_is_listed_explained_and_reported_as_sarif() {
    let repository = with_rule("policy/pricing/names-a-kpi.yaml", THREE_KEYS);
    let title = "Changes prices and names no metric";
    assert!(repository.run(&["rules"]).out.contains(&format!("warning  {title}\n")));
    let page = repository.run(&["explain", "pricing/names-a-kpi"]).out;
    assert_eq!(
        page,
        format!("# pricing/names-a-kpi\n\n{title}.\n\nWarning · preset `essential` · checks decision\n")
    );
    let sarif = repository.run_today(&["--format", "sarif", "--select", "pricing/*"]).json();
    let rule = &sarif["runs"][0]["tool"]["driver"]["rules"][0];
    for text in [&rule["shortDescription"]["text"], &rule["fullDescription"]["text"]] {
        assert_eq!(text, &format!("{title}."));
    }
    assert!(rule["help"]["text"].as_str().is_some_and(|text| text.starts_with(title)), "{rule}");
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
    let stated = format!("id: pricing/kpi\n{THREE_KEYS}");
    let kind = "title: Risk\ntype: object\nproperties: {}\n";
    let profile = "name: memo\nkind: decision\nrecognise: { path: a }\n";
    for (path, text, right) in [
        ("policy/kpi.yaml", THREE_KEYS, "rules/FAMILY/kpi.yaml"),
        ("policy/rules/kpi.yaml", &stated, "rules/pricing/kpi.yaml"),
        ("policy/rules/pricing/eu/kpi.yaml", THREE_KEYS, "rules/pricing/eu-kpi.yaml"),
        ("policy/house/rules/pricing/kpi.yaml", THREE_KEYS, "rules/pricing/kpi.yaml"),
        ("policy/rules/Pricing/Names_A_KPI.yaml", THREE_KEYS, "rules/pricing/names-a-kpi.yaml"),
        ("policy/risk.yaml", kind, "kinds/risk.yaml"),
        ("policy/memo.yaml", profile, "profiles/memo.yaml"),
    ] {
        let output = check(&with_rule(path, text));
        let fault = output.fault();
        assert!(fault.contains(&format!("[{path}:1:1]")), "{fault}");
        assert!(fault.contains(&format!("help: move this file to `policy/{right}`")), "{path}: {fault}");
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
