//! Exports, references to other repositories, and the recipes of `docs/estates.md`.

use std::process::Command;

use alignlint::estate::{Checksum, Export, repository_and_name};
use alignlint::text::Source;
use jsonschema::Validator;
use regex::Regex;
use serde_json::Value;

use crate::kit::{Output, Repository, TODAY, project_file};

const PLATFORM: &str = "people: [{ id: ada, title: Ada Byron, aliases: [Lovelace] }]
decisions:
  - { id: D-12, title: One queue, status: accepted, owner: ada, date: 2026-10-01 }
  - { id: D-13, title: Two regions, status: superseded, owner: ada, date: 2026-10-01 }
";

fn platform() -> Repository {
    Repository::with(&[("governance/records.yaml", PLATFORM)])
}

fn export(repository: &Repository, arguments: &[&str]) -> String {
    let output = repository.run(&[&["export", "--as-of", TODAY], arguments].concat());
    assert_eq!((output.code, &*output.err), (Some(0), ""));
    output.out
}

const NAMED: &str = "repositories: { platform: estate/platform.jsonl, web: estate/web.jsonl }\n";

fn sales(related: &str) -> Repository {
    Repository::with(&[("governance/records.yaml", &records_of_sales(related)), ("alignlint.yaml", NAMED)])
}

fn records_of_sales(related: &str) -> String {
    format!(
        "people: [{{ id: bo }}]
decisions:
  - {{ id: D-1, title: Sell, status: accepted, owner: bo, date: 2026-10-01, related: [{related}] }}
  - {{ id: D-2, title: Buy, status: accepted, owner: bo, date: 2026-10-01 }}
"
    )
}

const SELECTED: [&str; 2] = ["--select", "reference/unknown,ownership/unknown"];

fn unknown(repository: &Repository, arguments: &[&str]) -> Output {
    repository.check(&[&SELECTED[..], arguments].concat())
}

/// A folder with the export of `platform`.
fn estate() -> Repository {
    Repository::folder_with(&[("platform.jsonl", &export(&platform(), &["--name", "platform"]))])
}

fn given(estate: &Repository) -> String {
    format!("platform={}", estate.join("platform.jsonl").display())
}

#[test]
fn an_export_names_the_commit_and_has_records_findings_and_days() {
    let repository = Repository::with(&[(
        "governance/records.yaml",
        "decisions:
  - { id: D-1, title: \"Sell \\u202e now\", status: accepted, date: 2026-10-01, context: c, consequences: q, trade-offs: [reach for margin], review-by: 2026-12-01 }
",
    )]);
    let text = export(&repository, &["--name", "sales"]);
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    let types: Vec<&str> = lines.iter().map(|line| line["type"].as_str().expect("a type")).collect();
    assert_eq!(types, ["export", "record", "finding", "due", "seal"]);
    let commit = repository.git(&["rev-parse", "HEAD"]);
    for line in &lines[..4] {
        assert_eq!((line["repository"].as_str(), line["commit"].as_str()), (Some("sales"), Some(&*commit)));
    }
    assert_eq!((&lines[1]["id"], &lines[1]["live"]), (&"D-1".into(), &true.into()));
    assert_eq!(lines[2]["rule"], "ownership/missing");
    assert_eq!((&lines[3]["day"], &lines[3]["record"]["id"]), (&"2026-12-01".into(), &"D-1".into()));
    assert!(!text.contains('\u{202e}'), "control characters of records are escaped");
}

#[test]
fn each_line_is_as_the_schema_says() {
    let schema: Value = serde_json::from_str(&project_file("schemas/export.schema.json")).expect("JSON");
    let schema: Validator = jsonschema::validator_for(&schema).expect("a schema");
    let output = crate::kit::build_drifting().run(&["export", "--as-of", TODAY]);
    assert_eq!(output.code, Some(0), "{}", output.err);
    for line in output.out.lines() {
        let json = serde_json::from_str(line).expect("an object");
        let violations: Vec<String> = schema.iter_errors(&json).map(|error| error.to_string()).collect();
        assert!(violations.is_empty(), "{line}: {violations:?}");
    }
}

#[test]
fn changes_that_are_not_committed_are_of_no_commit() {
    let repository = platform();
    let commits = |repository: &Repository, arguments: &[&str]| {
        let first = export(repository, arguments).lines().next().map(str::to_owned);
        let head: Value = serde_json::from_str(&first.expect("a line")).expect("an object");
        head["commit"].as_str().map(str::to_owned)
    };
    let head = Some(repository.git(&["rev-parse", "HEAD"]));
    assert_eq!(commits(&repository, &[]), head);
    repository.write(&[("notes.txt", "Not about records.\n")]);
    assert_eq!(commits(&repository, &[]), head);
    repository.write(&[("governance/more.yaml", "decisions: [{ id: D-14, title: Three }]\n")]);
    assert_eq!(commits(&repository, &[]), None);
    assert_eq!(commits(&repository, &["--rev", "HEAD"]), head);
}

#[test]
fn a_bare_repository_is_exported_under_the_name_of_its_folder() {
    let folder = Repository::folder();
    folder.git(&["clone", "--quiet", "--bare", &platform().url(), "platform.git"]);
    let output = folder.run(&["-C", "platform.git", "export", "--rev", "HEAD", "--as-of", TODAY]);
    assert_eq!((output.code, &*output.err), (Some(0), ""));
    let head: Value = serde_json::from_str(output.out.lines().next().expect("a line")).expect("an object");
    assert_eq!(head["repository"], "platform");
    let output = folder.run(&["-C", "platform.git", "export", "--rev", "HEAD", "--name", "our platform"]);
    assert_eq!(output.code, Some(2));
    assert!(output.err.contains("`our platform` is no name of a repository"), "{}", output.err);
}

#[test]
fn a_reference_to_another_repository_is_looked_up_in_its_export() {
    let estate = estate();
    let sales = sales("platform:D-12, platform:d-13, platform:D-31, D-2, web:D-1");
    let output = unknown(&sales, &["--repository", &given(&estate)]);
    assert_eq!(
        output.out,
        "governance/records.yaml:3:116: error[reference/unknown] `D-1` refers to the unknown decision `platform:D-31`\n"
    );
    let json = sales.run_today(&[
        "--select",
        "reference/unknown",
        "--format",
        "json",
        "--repository",
        &given(&estate),
        "-q",
    ]);
    assert_eq!(json.json()["summary"]["not-judged"], 1, "`web:D-1`: there is no export of `web`");
}

#[test]
fn an_owner_may_be_in_the_directory_of_another_repository() {
    let estate = estate();
    let repository = Repository::with(&[
        (
            "governance/records.yaml",
            "people: [{ id: bo }]
decisions:
  - { id: D-1, title: Sell, status: accepted, owner: platform:Lovelace }
  - { id: D-2, title: Buy, status: accepted, owner: \"platform:adda\" }
",
        ),
        ("alignlint.yaml", NAMED),
    ]);
    assert_eq!(unknown(&repository, &[]).out, "");
    let output = unknown(&repository, &["--repository", &given(&estate), "--fix=all"]);
    assert_eq!(output.out, "");
    assert!(repository.read("governance/records.yaml").contains("owner: \"platform:ada\" }"));
}

#[test]
fn without_the_export_nothing_is_said_of_a_reference() {
    let output = unknown(&sales("platform:D-31"), &[]);
    assert_eq!((&*output.out, output.code), ("", Some(0)));
}

#[test]
fn what_looks_like_a_repository_and_is_none_is_unknown() {
    let output = unknown(&sales("decision:D-31, D-31, shop:D-31"), &[]);
    assert_eq!(output.out.lines().count(), 3, "{}", output.out);
}

#[test]
fn the_configuration_names_exports_below_the_root() {
    let estate = estate();
    let sales = sales("platform:D-31");
    sales.write(&[("alignlint.yaml", "repositories: { platform: estate/platform.jsonl }\n")]);
    let output = unknown(&sales, &[]);
    assert_eq!((&*output.out, output.code), ("", Some(0)));
    let notice = "there is no `estate/platform.jsonl`, so references to records of `platform` are not judged";
    assert!(output.err.contains(notice), "{}", output.err);
    sales.write(&[("estate/platform.jsonl", &estate.read("platform.jsonl"))]);
    assert_eq!(unknown(&sales, &[]).out.lines().count(), 1);
    let commit = sales.commit("2026-11-01");
    sales.remove("estate/platform.jsonl");
    let bare = Repository::folder();
    bare.git(&["clone", "--quiet", "--bare", &sales.url(), "sales.git"]);
    let output = bare.check(&[&["-C", "sales.git", "--rev", &commit], &SELECTED[..]].concat());
    assert_eq!(output.out.lines().count(), 1, "{}", output.err);
}

#[test]
fn the_states_of_a_comparison_are_judged_by_the_same_exports() {
    let estate = estate();
    let sales = sales("platform:D-31");
    let old = unknown(&sales, &["--since", "HEAD", "--repository", &given(&estate)]);
    assert_eq!((&*old.out, old.code), ("", Some(0)));
    sales.write(&[("governance/records.yaml", &records_of_sales("platform:D-31, platform:D-32"))]);
    sales.git(&["add", "--all"]);
    for state in [&[][..], &["--staged"]] {
        let new = unknown(&sales, &[&["--since", "HEAD", "--repository", &given(&estate)], state].concat());
        assert_eq!(
            new.out,
            "governance/records.yaml:3:101: error[reference/unknown] `D-1` refers to the unknown decision `platform:D-32`\n"
        );
    }
}

#[test]
fn a_change_is_judged_by_the_exports_of_its_base() {
    let other = PLATFORM.replace("D-13", "D-14");
    let repository = Repository::with(&[
        ("governance/records.yaml", &records_of_sales("platform:D-12")),
        ("alignlint.yaml", NAMED),
        ("estate/platform.jsonl", &export(&platform(), &["--name", "platform"])),
    ]);
    let arguments = ["--since", "HEAD", "--policy-from", "HEAD"];
    repository.write(&[
        ("governance/records.yaml", &records_of_sales("platform:D-14")),
        (
            "estate/platform.jsonl",
            &export(&Repository::with(&[("governance/records.yaml", &other)]), &["--name", "platform"]),
        ),
    ]);
    assert_eq!(unknown(&repository, &[]).code, Some(0), "in its own export there is a D-14");
    assert_eq!(unknown(&repository, &arguments).code, Some(1));
    repository.remove("estate/platform.jsonl");
    assert_eq!(unknown(&repository, &arguments).code, Some(1), "without the export it would not be judged");
    repository.write(&[("governance/records.yaml", &records_of_sales("platform:D-13"))]);
    assert_eq!(unknown(&repository, &arguments).code, Some(0));
    // A decision that the other repository takes over is not hidden in its export.
    let buy = "  - { id: D-2, title: Buy, status: accepted, owner: bo, date: 2026-10-01 }\n";
    let own = records_of_sales("platform:D-12");
    let theirs = format!("{PLATFORM}{buy}").replace("owner: bo", "owner: ada");
    let theirs = Repository::with(&[("governance/records.yaml", &theirs)]);
    repository.write(&[
        ("governance/records.yaml", &own.replace(buy, "")),
        ("estate/platform.jsonl", &export(&theirs, &["--name", "platform"])),
    ]);
    let lost = ["--select", "policy/hidden,policy/deleted"];
    assert_eq!(repository.check(&[&arguments[..], &lost].concat()).messages(), ["deleted: decision `D-2`"]);
}

#[test]
fn a_changed_export_is_refused() {
    let estate = estate();
    let changed = estate.read("platform.jsonl").replace("D-13", "D-31");
    let sales = sales("platform:D-31");
    sales.write(&[
        ("alignlint.yaml", "repositories: { platform: estate/platform.jsonl }\n"),
        ("estate/platform.jsonl", &changed),
    ]);
    let output = unknown(&sales, &[]);
    let expected = "error: `estate/platform.jsonl` was changed after it was exported: its checksum\n  is another\n   ╭─[alignlint.yaml:1:27]\n";
    assert_eq!(output.code, Some(2));
    assert!(output.err.starts_with(expected), "{}", output.err);
    let whole = unknown(&sales, &["--repository", &given(&estate)]);
    assert_eq!(whole.code, Some(1), "the one that a command is given takes its place: {}", whole.err);
    let missing = unknown(&sales, &["--repository", "platform=no.jsonl"]);
    assert!(missing.err.contains("can't read the export `no.jsonl`"), "{}", missing.err);
    let untold = unknown(&sales, &["--repository", "platform"]);
    assert!(untold.err.contains("write it as `NAME=FILE`"), "{}", untold.err);
}

#[test]
fn the_words_of_an_export_reach_no_terminal_as_they_are() {
    let hostile = "decisions: [{ id: \"D-3\\e[31m\", title: \"a\\u202eb\" }, { id: D-4, title: c }]\n";
    let text = export(&Repository::with(&[("governance/records.yaml", hostile)]), &["--name", "platform"]);
    let estate = Repository::folder_with(&[("platform.jsonl", &text)]);
    let output =
        sales("platform:D-3").run_today(&["--select", "reference/unknown", "--repository", &given(&estate)]);
    assert!(output.out.contains("platform:D-3"), "{}", output.err);
    assert!(!output.out.contains('\u{1b}') && !output.err.contains('\u{1b}'));
}

const PAGE: &str = "docs/estates.md";

fn blocks(language: &str) -> Vec<(String, String)> {
    let pattern = Regex::new(&format!(r"(?ms)^```{language} (\S+)\n(.*?)^```$")).expect("a pattern");
    let page = project_file(PAGE);
    pattern.captures_iter(&page).map(|found| (found[1].to_owned(), found[2].to_owned())).collect()
}

/// A folder with the exports of the repositories of the page.
fn documented_estate() -> Repository {
    let folder = Repository::folder();
    for (path, text) in blocks("yaml") {
        let (name, path) = path.split_once('/').expect("a repository and a file");
        let text = export(&Repository::with(&[(path, &text)]), &["--name", name]);
        folder.write(&[(&format!("estate/{name}.jsonl"), &text)]);
    }
    folder
}

#[test]
fn the_recipes_answer_what_the_page_shows() {
    let folder = documented_estate();
    let installed = Command::new("python3").args(["-c", "import duckdb"]).output();
    if !installed.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: Python has no package `duckdb`");
        return;
    }
    let script = "import duckdb, sys
database = duckdb.connect()
for query in sys.argv[1:]:
    rows = database.execute(query).fetchall()
print('\\n'.join(' | '.join(str(value) for value in row) for row in rows))
";
    let queries = blocks("sql");
    let (_, view) = queries.first().expect("the view");
    let answers = blocks("text");
    assert_eq!(answers.len(), 5);
    for (name, answer) in answers {
        let (_, query) = queries.iter().find(|(other, _)| *other == name).expect("a query");
        let mut python = Command::new("python3");
        let output = Output::of(python.args(["-c", script, view, query]).current_dir(folder.path()));
        assert_eq!((&*output.out, &*output.err), (&*answer, ""), "{name}");
    }
}

#[test]
fn a_repository_stands_before_a_colon() {
    assert_eq!(repository_and_name("platform:D-12"), Some(("platform", "D-12")));
    assert_eq!(repository_and_name(".github:D-1"), Some((".github", "D-1")));
    assert_eq!(repository_and_name("my.repo_2:decision of May"), Some(("my.repo_2", "decision of May")));
    for other in ["D-12", "https://a.org", "a b:D-1", "note: later", ":D-1", ".:D-1", "a:", "C::D", "@a:b"] {
        assert_eq!(repository_and_name(other), None, "{other}");
    }
}

fn sealed(lines: &[&str]) -> String {
    let mut checksum = Checksum::default();
    lines.iter().for_each(|line| checksum.add(line));
    format!("{}\n{{\"type\":\"seal\",\"sha256\":\"{}\"}}\n", lines.join("\n"), checksum.finish())
}

fn parse(text: &str) -> Result<Vec<String>, String> {
    let source = Source::new("a.jsonl", text.as_bytes().to_vec());
    let ids = |export: Export| export.records.iter().map(|record| record.id.to_string()).collect();
    Export::parse(&source).map(ids).map_err(|fault| fault.message)
}

const BEGIN: &str = r#"{"type":"export","version":1}"#;

#[test]
fn what_is_no_whole_export_is_refused() {
    let text = sealed(&[BEGIN, r#"{"type":"record","kind":"decision","id":"D-1"}"#]);
    let deep = "[".repeat(100_000);
    for (text, reason) in [
        (text.replace("D-1", "D-2"), "was changed after it was exported"),
        (text[..text.len() - 20].to_owned(), "is cut off"),
        (sealed(&[r#"{"type":"export","version":2}"#]), "is an export of version 2, not 1"),
        ("decisions: []\n".to_owned(), "is no export"),
        (sealed(&[BEGIN, &deep]), "is no export: line 2 is none of one"),
    ] {
        let refusal = parse(&text).expect_err("a refusal");
        assert!(refusal.contains(reason), "{refusal}");
    }
}
