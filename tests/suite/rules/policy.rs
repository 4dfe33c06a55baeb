//! The policy of a user as the library loads it and as reports show it. What rules and kinds find is in `tests/cases/policy.txt`.

use alignlint::linter::{Linter, Options};
use rayon::prelude::*;

use crate::kit::{Repository, files_below, project_file};

const CONFIG: (&str, &str) = ("alignlint.yaml", "extends: [essential, ./policy]\n");
const THREE_KEYS: &str = "for: decision\nexpect: record.topic != \"pricing\" || has(record.kpis)\n\
    message: \"`{record.id}` changes prices and names no metric\"\n";

fn with_rule(path: &str, text: &str) -> Repository {
    let decisions = "decisions:\n  - {id: D-1, title: Charge for each site, status: accepted, topic: pricing}\n  \
                     - {id: D-2, title: Hire, status: accepted, topic: people, kpis: []}\n";
    Repository::folder_with(&[CONFIG, ("governance/decisions.yaml", decisions), (path, text)])
}

#[test]
fn lists_and_tables_of_a_page_keep_their_lines_in_a_terminal() {
    let why = "why: |\n  One:\n  - first of them,\n    told on\n    1. nested\n  `code` begins a line\n  that goes on.\n\
        params:\n  limit: { type: integer, default: 3, description: the most }\n";
    let repository = with_rule("policy/pricing/names-a-kpi.yaml", &format!("{THREE_KEYS}{why}"));
    let page = repository.run(&["explain", "pricing/names-a-kpi"]).out;
    assert!(
        page.contains("One:\n- first of them, told on\n  1. nested `code` begins a line that goes on.\n"),
        "{page}"
    );
    assert!(page.contains("  name     default  meaning\n  `limit`  `3`      the most\n"), "{page}");
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

/// What `alignlint schema KIND` prints is a kind: each takes the place of the one that it was printed from, and nothing changes.
#[test]
fn the_printed_schema_of_a_kind_is_accepted_as_a_kind() {
    let records = project_file("examples/clean/strategy/kpis.yaml");
    let repository =
        Repository::folder_with(&[CONFIG, ("policy/README.md", ""), ("governance/kpis.yaml", &records)]);
    repository.write(&[("alignlint.yaml", "extends: [strict]\n")]);
    let before = repository.run_today(&["--format", "concise"]);
    let kinds: Vec<String> = files_below("schemas/kinds", Some("yaml")).into_keys().collect();
    let printed = kinds.iter().map(|path| {
        let name = path.rsplit('/').next().and_then(|name| name.strip_suffix(".yaml")).expect("a kind");
        (format!("policy/kinds/{name}.yaml"), repository.run(&["schema", name]).out)
    });
    let printed: Vec<(String, String)> = printed.collect();
    let printed: Vec<(&str, &str)> = printed.iter().map(|(path, text)| (&**path, &**text)).collect();
    repository.write(&printed);
    repository.write(&[("alignlint.yaml", "extends: [strict, ./policy]\n")]);
    let after = repository.run_today(&["--format", "concise"]);
    assert_eq!((before.code, &before.out), (after.code, &after.out), "{}", after.err);
    for (path, text) in printed {
        let name = path.rsplit('/').next().and_then(|name| name.strip_suffix(".yaml")).expect("a kind");
        assert_eq!(repository.run(&["schema", name]).out, text, "{name}");
    }
}
