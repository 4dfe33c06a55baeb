//! The baseline: findings in it are not reported, wherever their records move; new findings are reported; entries
//! without a finding are reported as unused.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use alignlint::finding::Fingerprint;
use alignlint::policy::baseline::to_yaml;

use crate::kit::{Output, PROGRAM, Repository, command};

const FILE: &str = "alignlint-baseline.yaml";

/// What the program prints on a day, with one finding a line.
fn check_on(folder: &Repository, day: &str, arguments: &[&str]) -> Output {
    folder.run(&[&["--as-of", day, "--format", "concise"], arguments].concat())
}

fn entries(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.starts_with("  - ")).collect()
}

// A repository with more than a thousand findings, in lists and pages, about fields, items, owners, words and
// groups.

/// The number of records of each kind.
const MANY: usize = 100;

fn kpis() -> String {
    let each = (0..MANY).map(|n| {
        format!(
            "  - id: kpi-{n}\n    title: Metric {n}\n    owner: nobody-{n}\n    direction: sideways\n    unit: hours\n    \
             notes: |\n      What the client sees\n      in week {n} of a year.\n"
        )
    });
    format!("kpis:\n{}", each.collect::<String>())
}

fn objectives() -> String {
    let each = (0..MANY).map(|n| {
        format!(
            "  - id: O-{n}\n    title: Objective {n}\n    level: company\n    status: active\n    owner: nobody-{n}\n    \
             period: 2026-Q4\n    parent: O-none-{n}\n    key-results:\n      - kpi: kpi-{n}\n        from: 1 h\n      - kpi: \
             none-{n}\n        from: 2 h\n        to: 1 h\n"
        )
    });
    format!("objectives:\n{}", each.collect::<String>())
}

fn page(n: usize) -> String {
    format!(
        "---\nid: {n:04}\nstatus: accepted\ndate: 2026-10-01\nowner: nobody-{n}\n---\n# Decision number {n}\n\n## \
         Context\n\nThe client of office {n} wants it *very* much, and so do\nall of its neighbours in the valley.\n\n* One \
         client says so.\n* Another client does not.\n\n## Considered Options\n\n* Do it\n* Leave it\n\nSee \
         [the minutes](minutes-{n}.md).\n"
    )
}

const PEOPLE: &str = "people:\n  - id: ada\n    title: Ada Byron\n";
const TERMS: &str =
    "terms:\n  - id: customer\n    title: Customer\n    definition: Who pays us.\n    avoid: [client]\n";

fn indebted() -> Repository {
    let (kpis, objectives) = (kpis(), objectives());
    let folder = Repository::folder_with(&[
        ("alignlint.yaml", "extends: [all]\n"),
        ("governance/people.yaml", PEOPLE),
        ("governance/terms.yaml", TERMS),
        ("strategy/kpis.yaml", &kpis),
        ("strategy/objectives.yaml", &objectives),
    ]);
    (0..MANY).for_each(|n| folder.write_file(&format!("docs/decisions/{n:04}-decision.md"), &page(n)));
    folder
}

/// Converts YAML to JSON, which is YAML too: other quotes, indentation, line ends and order of keys.
fn reformatted_list(text: &str) -> String {
    let value: serde_yaml::Value = serde_yaml::from_str(text).expect("it is YAML");
    let mut json = serde_json::to_value(value).expect("it fits JSON");
    sort_keys(&mut json);
    serde_json::to_string_pretty(&json).expect("JSON").replace('\n', "\r\n")
}

fn sort_keys(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(object) => {
            let mut entries: Vec<(String, serde_json::Value)> = std::mem::take(object).into_iter().collect();
            entries.sort_by(|a, b| b.0.cmp(&a.0));
            entries.iter_mut().for_each(|(_, value)| sort_keys(value));
            object.extend(entries);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(sort_keys),
        _ => {}
    }
}

/// Changes line breaks, bullets and emphasis, and order and quotes of the front matter.
fn reformatted_page(text: &str) -> String {
    let (front, body) = text.trim_start_matches("---\n").split_once("---\n").expect("front matter");
    let mut page = String::from("---\n");
    for line in front.lines().rev() {
        let (key, value) = line.split_once(": ").expect("a key");
        let _ = writeln!(page, "{key}:   \"{value}\"");
    }
    page.push_str("---\n");
    let body = body.replace("* ", "-   ").replace("*very*", "_very_");
    for block in body.split("\n\n") {
        let is_list = block.starts_with('-');
        let words =
            if is_list { block.to_owned() } else { block.split_whitespace().collect::<Vec<_>>().join("\n") };
        let block = if block.starts_with('#') { block } else { &words };
        let _ = write!(page, "{block}\n\n\n");
    }
    page
}

fn each_file(folder: &Path, change: &dyn Fn(&Path, String) -> String) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            each_file(&path, change);
        } else {
            let text = fs::read_to_string(&path).expect("it is text");
            fs::write(&path, change(&path, text)).expect("it is written");
        }
    }
}

#[test]
fn a_thousand_findings_stay_in_the_baseline_when_files_are_moved_and_reformatted() {
    let folder = indebted();
    let shown = folder.check(&[]).findings().len();

    let output = folder.check(&["--write-baseline"]);
    assert_eq!((output.code, output.out.as_str()), (Some(0), ""), "{}", output.err);
    let wrote = output.err.strip_prefix("alignlint: wrote ").and_then(|rest| rest.split_once(' '));
    let (before, rest) = wrote.unwrap_or_else(|| panic!("{}", output.err));
    let before: usize = before.parse().expect("a number");
    assert!(rest.starts_with(&format!("findings to `{FILE}` (0 before)")), "{rest}");
    assert!(before >= 1000 && before >= shown, "each place has an entry: {before}, {shown}");
    let baseline = folder.read(FILE);
    let output = folder.check(&["--fail-on", "note"]);
    assert_eq!((output.code, output.out.as_str()), (Some(0), ""), "the next run finds nothing");
    assert!(output.err.contains(&format!("; {before} already known")), "{}", output.err);

    fs::rename(folder.join("strategy"), folder.join("goals")).expect("the folder is renamed");
    fs::create_dir_all(folder.join("docs/adr")).expect("a folder");
    fs::rename(folder.join("docs/decisions"), folder.join("docs/adr/old")).expect("the folder is renamed");
    let reformatted = |path: &Path, text: String| match path.extension() {
        Some(extension) if extension == "md" => reformatted_page(&text),
        _ => reformatted_list(&text),
    };
    for part in ["goals", "docs", "governance"] {
        each_file(&folder.join(part), &reformatted);
    }
    let output = folder.check(&["--fail-on", "note"]);
    assert_eq!((output.code, output.out.as_str()), (Some(0), ""), "it was renamed and reformatted only");
    assert!(output.err.contains(&format!("; {before} already known")), "{}", output.err);

    folder.write_file(
        "governance/assumptions.yaml",
        "assumptions: [{id: A-1, statement: S, status: open, owner: eve}]\n",
    );
    let output = folder.check(&["--select", "ownership/unknown"]);
    assert_eq!(
        output.findings(),
        ["error[ownership/unknown] the owner `eve` of `A-1` is not a known person, role or team"]
    );
    folder.remove("governance/assumptions.yaml");

    for n in 0..10 {
        let path = format!("docs/adr/old/{n:04}-decision.md");
        let mended = folder.read(&path).replace(&format!("nobody-{n}"), "ada");
        folder.write_file(&path, &mended);
    }
    let output = folder.check(&["--fail-on", "error"]);
    let unused = |n: usize| {
        format!(
            "note[baseline/unused] the baseline entry for `ownership/unknown` of `decision/{n:04}` lists 1 finding too many"
        )
    };
    assert_eq!(output.findings(), (0..10).map(unused).collect::<Vec<_>>());
    assert_eq!(output.code, Some(0));

    let output = folder.check(&["--write-baseline"]);
    assert_eq!((output.code, output.out.as_str()), (Some(0), ""), "{}", output.err);
    assert!(
        output.err.contains(&format!("wrote {} findings to `{FILE}` ({before} before)", before - 10)),
        "{}",
        output.err
    );
    assert_eq!(folder.check(&["--fail-on", "note"]).code, Some(0));
    let rewritten = folder.read(FILE);
    let fingerprint =
        |line: &str| line.split("fingerprint: ").nth(1).expect("a fingerprint")[..18].to_owned();
    let mut gone: Vec<String> = entries(&baseline).into_iter().map(fingerprint).collect();
    let kept: Vec<String> = entries(&rewritten).into_iter().map(fingerprint).collect();
    assert!(kept.iter().all(|kept| gone.contains(kept)), "nothing got another fingerprint");
    gone.retain(|one| !kept.contains(one));
    assert_eq!(gone.len(), 10);
}

#[test]
fn the_file_is_the_same_for_any_number_of_threads_and_comes_in_one_order() {
    let folder = indebted();
    let write = |threads: &str| {
        let mut command = command(PROGRAM, folder.path());
        command.env("RAYON_NUM_THREADS", threads).args(["--as-of", "2026-11-20", "--write-baseline"]);
        assert_eq!(Output::of(&mut command).code, Some(0));
        folder.read(FILE)
    };
    let first = write("1");
    assert_eq!(write("4"), first);
    let lines = entries(&first);
    let key = |line: &&str| line.split("fingerprint").next().expect("a start").to_owned();
    assert!(lines.is_sorted_by_key(|line| key(line).replace("record: ", "")) || !lines.is_empty());
    let left: Vec<_> = fs::read_dir(folder.path())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name())
        .filter(|name| name.to_string_lossy().starts_with('.'))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

const LONELY: &str =
    "decisions:\n  - {id: D-1, title: T, status: accepted}\n  - {id: D-2, title: U, status: accepted}\n";
const ONLY: [&str; 2] = ["--select", "ownership/missing,baseline/*"];

fn lonely() -> Repository {
    let folder = Repository::folder_with(&[("governance/decisions.yaml", LONELY)]);
    assert_eq!(folder.check(&[&ONLY[..], &["--write-baseline"]].concat()).code, Some(0));
    folder
}

/// Adds fields to the entry of a record.
fn annotate(folder: &Repository, record: &str, more: &str) {
    let text = folder.read(FILE);
    let line = text.lines().find(|line| line.contains(record)).expect("an entry").to_owned();
    folder.write_file(FILE, &text.replace(&line, &line.replace(" }", &format!(", {more} }}"))));
}

#[test]
fn what_a_person_adds_to_an_entry_stays_as_long_as_the_entry_does() {
    let folder = lonely();
    annotate(&folder, "decision/D-1", "until: 2027-01-31, because: \"Ada starts: January\"");
    annotate(&folder, "decision/D-2", "because: It was before us");
    let rewrite = || {
        folder.check(&[&ONLY[..], &["--write-baseline"]].concat());
        folder.read(FILE)
    };
    let text = rewrite();
    assert!(text.contains("until: 2027-01-31, because: \"Ada starts: January\" }"), "{text}");
    assert!(text.contains(", because: \"It was before us\" }"), "{text}");
    assert_eq!(rewrite(), text);
    folder.write_file("governance/decisions.yaml", &LONELY.replace("title: U,", "title: U, owner: ada,"));
    let text = rewrite();
    assert!(!text.contains("D-2") && text.contains("2027-01-31"), "{text}");
}

#[test]
fn an_entry_expires_on_its_last_day_and_is_not_renewed_by_writing() {
    let folder = lonely();
    annotate(&folder, "decision/D-1", "until: 2026-11-20");
    assert_eq!(check_on(&folder, "2026-11-20", &ONLY).findings(), [""; 0]);
    let over = [
        "warning[baseline/expired] the baseline entry for `ownership/missing` of `decision/D-1` expired on 2026-11-20",
        "error[ownership/missing] `D-1` has no owner",
    ];
    assert_eq!(check_on(&folder, "2026-11-21", &ONLY).findings(), over);
    let output = check_on(&folder, "2026-11-21", &[&ONLY[..], &["--write-baseline"]].concat());
    assert_eq!((output.code, output.findings()), (Some(1), over.to_vec()));
    assert!(folder.read(FILE).contains("until: 2026-11-20"));
}

#[test]
fn two_equal_findings_are_counted_and_a_third_is_new() {
    let twice = |n: usize| format!("decisions:\n{}", "  - {id: D-1, title: T, status: accepted}\n".repeat(n));
    let folder = Repository::folder_with(&[("governance/decisions.yaml", &twice(2))]);
    folder.check(&[&ONLY[..], &["--write-baseline"]].concat());
    assert!(folder.read(FILE).contains("count: 2 }"), "{}", folder.read(FILE));
    assert_eq!(folder.check(&ONLY).findings(), [""; 0]);
    folder.write_file("governance/decisions.yaml", &twice(3));
    let output = folder.check(&ONLY);
    assert_eq!(output.findings(), ["error[ownership/missing] `D-1` has no owner"]);
    assert!(
        output.out.starts_with("governance/decisions.yaml:4:"),
        "the last is the new one: {}",
        output.out
    );
    folder.write_file("governance/decisions.yaml", &twice(1));
    let one = "note[baseline/unused] the baseline entry for `ownership/missing` of `decision/D-1` lists 1 finding too many";
    assert_eq!(folder.check(&ONLY).findings(), [one]);
}

#[test]
fn entries_of_rules_that_did_not_run_are_not_called_unused() {
    let folder = lonely();
    folder.write_file(
        "governance/decisions.yaml",
        &LONELY.replace("status: accepted}", "status: accepted, owner: ada}"),
    );
    let count = |arguments: &[&str]| folder.check(arguments).out.matches("baseline/unused").count();
    assert_eq!(count(&[]), 2);
    assert_eq!(count(&["--select", "decision/*,baseline/*"]), 0, "the rule was not selected");
    assert_eq!(count(&["--ignore", "ownership/missing"]), 0, "the rule was left out");
    assert_eq!(count(&["governance"]), 0, "the baseline is not among the paths");
    assert_eq!(count(&[FILE]), 2);
    folder.write_file("alignlint.yaml", "rules: { ownership/missing: off }\n");
    assert_eq!(count(&[]), 0, "the rule is switched off");
    folder.write_file("alignlint.yaml", "rules: { baseline/unused: off }\n");
    assert_eq!(count(&[]), 0);
    folder.write_file("alignlint.yaml", "");
    folder.write_file("governance/broken.yaml", "decisions: [\n");
    assert_eq!(count(&[]), 0, "a file can't be read");
    folder.remove("governance/broken.yaml");
    assert_eq!(count(&[]), 2);
}

#[test]
fn only_some_rules_can_be_adopted_and_the_rest_stays_as_it_is() {
    let folder = lonely();
    let before = folder.read(FILE);
    folder.check(&["--select", "decision/*", "--write-baseline"]);
    let after = folder.read(FILE);
    assert!(entries(&before).iter().all(|entry| entries(&after).contains(entry)), "{after}");
    assert!(after.contains("rule: decision/"), "{after}");
    folder.check(&["--ignore", "decision/*", "--write-baseline"]);
    assert!(folder.read(FILE).contains("rule: decision/"));
    folder.check(&["--write-baseline"]);
    assert_eq!(folder.check(&["--fail-on", "note"]).code, Some(0));
}

#[test]
fn the_file_can_be_elsewhere() {
    let folder = Repository::folder_with(&[("governance/decisions.yaml", LONELY)]);
    let write = |file: &str| folder.check(&["--baseline", file, "--write-baseline"]);
    assert_eq!(write("governance/old/debt.yaml").code, Some(0));
    assert_eq!(folder.check(&["--baseline", "governance/old/debt.yaml", "--fail-on", "note"]).code, Some(0));
    assert_eq!(folder.check(&[]).code, Some(1), "nobody said where it is");
    folder.write_file("alignlint.yaml", "baseline: ./governance/old/debt.yaml\n");
    let output = folder.check(&["--fail-on", "note"]);
    assert_eq!((output.code, output.out.as_str()), (Some(0), ""), "{}", output.err);
    assert_eq!(folder.check(&["--no-config"]).code, Some(1), "no configuration, no baseline");
    assert_eq!(folder.check(&["--baseline", "none.yaml"]).code, Some(2));
    assert_eq!(folder.check(&["--no-config", "--write-baseline"]).code, Some(2));
    let elsewhere = Repository::folder();
    let outside = elsewhere.join("debt.yaml");
    let outside = outside.to_str().expect("names are UTF-8");
    assert_eq!(write(outside).code, Some(0));
    assert_eq!(folder.check(&["--baseline", outside, "--no-config"]).code, Some(0));
    for nonsense in ["baseline: ../debt.yaml\n", "baseline: /debt.yaml\n"] {
        folder.write_file("alignlint.yaml", nonsense);
        assert_eq!(folder.check(&[]).code, Some(2), "{nonsense}");
    }
}

#[test]
fn a_baseline_is_not_written_into_gits_own_folder() {
    let repository = Repository::with(&[("governance/kpis.yaml", "kpis:\n  - id: churn\n")]);
    repository.write(&[("alignlint.yaml", "baseline: .git/hooks/post-checkout\n")]);
    let by_option = |path: &str| repository.run(&["--write-baseline", "--baseline", path]);
    let runs = [
        repository.run(&["--write-baseline"]),
        by_option(".git/hooks/post-checkout"),
        by_option("governance/../.git/info/exclude"),
        by_option(".GIT/hooks/post-checkout"),
    ];
    for output in runs {
        assert_eq!(output.code, Some(2), "{output:?}");
        assert!(output.fault().contains("the folder belongs to Git"), "{}", output.err);
    }
    assert!(!repository.path().join(".git/hooks/post-checkout").exists());
    assert!(!repository.path().join(".GIT").exists());
}

#[test]
fn a_baseline_with_a_mistake_fails_the_run_and_is_not_changed() {
    let folder = lonely();
    let broken = folder.read(FILE).replace("version: 2", "version: one");
    folder.write_file(FILE, &broken);
    let output = folder.check(&[]);
    assert_eq!(output.code, Some(2));
    assert!(output.err.contains(FILE), "{}", output.err);
    assert_eq!(folder.check(&["--write-baseline"]).code, Some(2));
    assert_eq!(folder.read(FILE), broken);
}

#[test]
fn flags_that_would_write_half_a_baseline_are_refused() {
    let folder = lonely();
    let before = folder.read(FILE);
    for flags in [&["governance"][..], &["--since", "HEAD"], &["--policy-from", "HEAD"]] {
        assert_eq!(folder.check(&[flags, &["--write-baseline"]].concat()).code, Some(2), "{flags:?}");
    }
    assert_eq!(folder.read(FILE), before);
}

#[test]
fn severities_and_parameters_differ_by_folder() {
    let assumption =
        "assumptions: [{id: A-1, statement: S, status: open, owner: ada, last-validated: 2026-06-20}]\n";
    let config = "rules:\n  assumption/stale: { severity: warning, max-age: 6 months }\noverrides:\n  - files: \
                  strategy/**\n    rules: { assumption/stale: { max-age: 1 month } }\n  - files: strategy/old/**\n    rules: { \
                  assumption/stale: { severity: note } }\n  - files: strategy/older/**\n    rules: { \"assumption/*\": off }\n";
    let named = |id: &str| assumption.replace("A-1", id);
    let folder = Repository::folder_with(&[
        ("alignlint.yaml", config),
        ("governance/assumptions.yaml", assumption),
        ("strategy/assumptions.yaml", &named("A-2")),
        ("strategy/old/assumptions.yaml", &named("A-3")),
        ("strategy/older/assumptions.yaml", &named("A-4")),
    ]);
    let output = folder.check(&[]);
    let stale: Vec<&str> =
        output.findings().into_iter().filter(|finding| finding.contains("/stale]")).collect();
    let last = "was last checked on 2026-06-20, 5 months ago";
    let expected =
        [format!("warning[assumption/stale] `A-2` {last}"), format!("note[assumption/stale] `A-3` {last}")];
    assert_eq!(stale, expected, "{}", output.out);
}

#[test]
fn a_further_record_that_an_index_leaves_out_is_a_new_finding() {
    let adr = |number: u32| {
        let text = format!(
            "# {number}. Choice {number}\n\nDate: 2026-10-01\n\n## Status\n\nAccepted\n\n## Context\n\nC.\n\n## Decision\n\nD.\n"
        );
        (format!("docs/adr/000{number}-choice.md"), text)
    };
    let entry = |number: u32| format!("- [Choice {number}](000{number}-choice.md)\n");
    let index = |numbers: &[u32]| {
        format!("# Decisions\n\n{}", numbers.iter().map(|at| entry(*at)).collect::<String>())
    };
    let repository = Repository::empty();
    let write = |number: u32| {
        let (path, text) = adr(number);
        repository.write_file(&path, &text);
    };
    (1..=5).for_each(write);
    repository.write_file("docs/adr/README.md", &index(&[1, 2, 3]));
    repository.commit("2026-10-01");
    let drift =
        |arguments: &[&str]| repository.check(&[&["--select", "document/index-drift"], arguments].concat());
    assert!(drift(&[]).out.contains("the index does not list `0004` and `0005`"));
    write(6);
    let since = drift(&["--since", "HEAD"]);
    assert!(since.out.contains("the index does not list `0004`, `0005` and `0006`"), "{since:?}");
    fs::remove_file(repository.path().join("docs/adr/0006-choice.md")).expect("the file is there");
    repository.write_file("docs/adr/README.md", &index(&[1, 2, 3, 4]));
    assert_eq!(drift(&["--since", "HEAD"]).out, "", "what is left was left out before");
    repository.write_file("docs/adr/README.md", &index(&[1, 2, 3]));
    let written = drift(&["--write-baseline"]);
    assert_eq!(drift(&[]).out, "", "{written:?}");
    write(6);
    assert!(drift(&[]).out.contains("and `0006`"), "a baseline holds what was left out then");
}

#[test]
fn a_rendered_baseline_is_parsed_to_the_same_sorted_entries() {
    let text = |rule: &str, about: &str| {
        format!("  - {{ rule: {rule}, {about}, fingerprint: \"{}\" }}\n", "0".repeat(32))
    };
    let odd = "count: 3, until: 2027-01-31, because: \"\\\"#: we\\nare {hiring}\", record: \"decision/`7`: x, y\", path: \"a b/ü, {x}.md\"";
    let written =
        [text("b/c", odd), text("b/c", "record: decision/7, path: \"no\""), text("a/b", "path: \"0007.md\"")];
    let read = |text: &str| {
        let source = alignlint::text::Source::new("alignlint-baseline.yaml", text.into());
        alignlint::policy::Baseline::parse(&std::sync::Arc::new(source)).expect("it is read").entries
    };
    let rendered = to_yaml(&read(&format!("version: 2\nfindings:\n{}", written.concat())));
    assert_eq!(to_yaml(&read(&rendered)), rendered);
    let paths: Vec<&str> = rendered.lines().filter_map(|line| Some(line.split_once("path: ")?.1)).collect();
    assert!(paths[0].starts_with("\"0007.md\",") && paths[1].starts_with("\"no\","), "{rendered}");
    assert!(
        paths[2].ends_with("count: 3, until: 2027-01-31, because: \"\\\"#: we\\nare {hiring}\" }"),
        "{rendered}"
    );
    assert_eq!(to_yaml(&[]).lines().last(), Some("findings: []"));
}

#[test]
fn no_two_lists_of_parts_have_one_fingerprint_and_each_is_parsed_again() {
    let lists: [&[&str]; 7] =
        [&["a", "b"], &["ab"], &["a\u{1f}b"], &["a", "b", ""], &["", "a", "b"], &["b", "a"], &[]];
    let hashes = lists.map(|parts| Fingerprint::of(parts.iter().copied()));
    assert_eq!(hashes.iter().collect::<BTreeSet<_>>().len(), lists.len());
    for hash in hashes {
        let text = hash.to_string();
        assert_eq!((text.len(), Fingerprint::parse(&text)), (32, Some(hash)));
    }
    assert_eq!(["038e8230a84fa935", &"+".repeat(32)].map(Fingerprint::parse), [None; 2]);
}
