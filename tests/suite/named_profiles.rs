//! `records:` with a `profile`: the format of a folder is named instead of recognised.

use crate::kit::Repository;

const CONFIG: &str = "records: { decision: { files: notes/**, profile: nygard } }\n";
/// No profile recognises it: neither its name nor its sections are those of the format.
const PAGE: (&str, &str) =
    ("notes/use-rust.md", "# 1. Use Rust\n\n## Status\n\nAccepted\n\n## Reasons\n\nIt is fast.\n");
const PLAIN: (&str, &str) =
    ("notes/use-git.md", "# Use Git\n\nStatus: superseded\n\nIt keeps the history.\n");

/// The path and profile of each record.
fn listed(repository: &Repository) -> Vec<(String, String)> {
    let listing = repository.run(&["records", "--format", "json"]).json();
    let records = listing["records"].as_array().expect("a list of records");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    records.iter().map(|record| (text(&record["path"]), text(&record["profile"]))).collect()
}

#[test]
fn the_profile_reads_pages_that_it_does_not_recognise() {
    let repository = Repository::folder_with(&[PAGE, PLAIN, ("alignlint.yaml", CONFIG)]);
    let output = repository.check(&[]);
    assert_eq!(
        output.out,
        "notes/use-git.md:3:9: error[decision/no-successor] `use-git` is superseded but names no successor\n",
        "{output:?}"
    );
    repository.write(&[("alignlint.yaml", "records: { decision: notes/** }\n")]);
    let output = repository.check(&["--select", "ownership/missing"]);
    assert!(output.out.contains("has no owner"), "without a profile the page is native: {output:?}");
}

#[test]
fn a_profile_replaces_a_built_in_one_by_the_name_of_its_file() {
    let profile = "name: nygard\ntitle: Bet\nkind: decision\npaths: [\"docs/bets/*.md\"]\nrecognise: { heading: Stake }\nfields: { id: [{ file: \"^(.+)$\" }] }\n";
    let files =
        [("alignlint.yaml", "extends: [recommended, ./policy]\n"), ("policy/profiles/bet.yaml", profile)];
    let output = Repository::folder_with(&files).check(&[]);
    assert!(
        output.err.contains("`name` is `nygard`, a built-in format; expected `bet`, as in its path"),
        "{output:?}"
    );
    let renamed = [files[0], ("policy/profiles/nygard.yaml", profile)];
    let output = Repository::folder_with(&renamed).check(&[]);
    assert!(!output.err.contains("as in its path"), "{output:?}");
}

#[test]
fn introductions_templates_and_files_of_others_are_left_out() {
    let repository = Repository::folder_with(&[
        PAGE,
        ("notes/README.md", "# Decisions\n\nStatus: see each page.\n"),
        ("notes/template.md", "# Title\n\n## Status\n\nProposed\n"),
        ("notes/_drafts/later.md", "# 2. Later\n\n## Status\n\nProposed\n"),
        ("notes/sidebar.yaml", "items: [a, b]\n"),
        ("alignlint.yaml", CONFIG),
    ]);
    let record = |path: &str| (path.to_owned(), "nygard".to_owned());
    assert_eq!(listed(&repository), [record("notes/_drafts/later.md"), record(PAGE.0)]);
}

#[test]
fn a_page_that_names_its_kind_is_native() {
    let page = "---\nkind: decision\nid: D-1\nstatus: accepted\n---\n# Hire\n";
    let repository = Repository::folder_with(&[("notes/hire.md", page), ("alignlint.yaml", CONFIG)]);
    assert!(repository.check(&["--select", "ownership/missing"]).out.contains("`D-1` has no owner"));
}

#[test]
fn practices_hold_for_the_folder_and_say_where_to_write() {
    let config = format!("{CONFIG}practices: {{ owner: notes/** }}\n");
    let repository = Repository::folder_with(&[PAGE, ("alignlint.yaml", &config)]);
    let output = repository.run_today(&["--select", "ownership/missing", "-q"]);
    assert!(output.out.contains("names nobody") && output.out.contains("on a line `Owner: …`"), "{output:?}");
}

#[test]
fn an_unknown_or_misplaced_profile_is_a_mistake() {
    let fault = |records: &str| {
        let config = format!("records: {records}\n");
        Repository::folder_with(&[PAGE, ("alignlint.yaml", &config)]).check(&[]).fault()
    };
    let unknown = fault("{ decision: { files: notes/**, profile: nygaard } }");
    assert!(
        unknown.contains("unknown profile `nygaard`") && unknown.contains("did you mean `nygard`?"),
        "{unknown}"
    );
    let of_kind = fault("{ kpi: { files: notes/**, profile: nygard } }");
    assert!(of_kind.contains("the profile `nygard` is for records of kind `decision`"), "{of_kind}");
    let of_part = fault("{ decision: { files: notes/**, at: /list, profile: nygard } }");
    assert!(of_part.contains("`profile` and `at` exclude each other"), "{of_part}");
}

#[test]
fn another_profile_reads_cached_pages_anew() {
    let repository = Repository::with(&[PAGE, ("alignlint.yaml", CONFIG)]);
    for profile in ["nygard", "madr", "nygard"] {
        repository.write(&[("alignlint.yaml", &CONFIG.replace("nygard", profile))]);
        assert_eq!(repository.check(&["--select", "ownership/missing"]).out, "");
        assert_eq!(listed(&repository), [(PAGE.0.to_owned(), profile.to_owned())]);
    }
    repository.write(&[("alignlint.yaml", "records: { decision: notes/** }\n")]);
    assert!(repository.check(&["--select", "ownership/missing"]).out.contains("has no owner"));
}

#[test]
fn patterns_may_share_parts() {
    let profile = |pattern: &str| {
        format!(
            "title: Bet\nkind: decision\nparts:\n  year: '20[0-9]{{2}}'\n  day: '{{{{year}}}}-[0-9]{{2}}'\nrecognise: {{ path: \"bets/*.md\" }}\nfields: {{ id: [{{ file: '{pattern}' }}] }}\n"
        )
    };
    let files = [
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        ("policy/profiles/bet.yaml", &*profile("^({{day}})-")),
        ("bets/2026-11-rain.md", "# Rain\n"),
    ];
    let listing = Repository::folder_with(&files).run(&["records", "--format", "json"]).json();
    assert_eq!(listing["records"][0]["id"], "2026-11");
    let unknown = [files[0], ("policy/profiles/bet.yaml", &*profile("^({{month}})-")), files[2]];
    let output = Repository::folder_with(&unknown).check(&[]);
    assert!(output.err.contains("there is no part `month` above"), "{output:?}");
}
