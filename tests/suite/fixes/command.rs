//! `--fix` and `--diff` as people and hooks use them.

use std::fs;
use std::process::Stdio;
use std::sync::Arc;

use alignlint::fix::{FixerResult, patch, write_files};
use alignlint::text::Source;

use crate::kit::{Repository, git_command};

const DECISIONS: &str = "governance/decisions.yaml";

/// One safe fix and one that is only suggested.
const SLIPS: &str = "decisions:\n  - id: D-1 # the first\n    title: A\n    status: accepted\n    date: 01.02.2026\n    owner: ada\n    options: [a]\n    trade-offs: [b]\n    context: why\n    consequences: [what]\n  - id: D-2\n    title: B\n    status: acepted\n    date: 2026-02-01\n    owner: ada\n    options: [a]\n    trade-offs: [b]\n    context: why\n    consequences: [what]\n";

#[test]
fn safe_fixes_are_made_and_what_is_left_decides() {
    let repository = Repository::with(&[(DECISIONS, SLIPS)]);
    let found = repository.check(&[]);
    assert_eq!((found.code, found.out.lines().count()), (Some(1), 2));
    let hint = "`alignlint --fix` can fix 1 finding, and `--fix=all` 1 more (suggested fixes).";
    assert!(found.notes().ends_with(hint), "{}", found.err);

    let fixed = repository.check(&["--fix"]);
    assert_eq!((fixed.code, fixed.out.lines().count()), (Some(1), 1));
    let expected = SLIPS.replace("01.02.2026", "2026-02-01");
    assert_eq!(repository.read(DECISIONS), expected);
    assert!(fixed.notes().starts_with("Fixed 1 finding in 1 file. 1 error."), "{}", fixed.err);
    assert!(
        fixed.notes().ends_with("`alignlint --fix=all` can fix 1 finding (suggested fixes)."),
        "{}",
        fixed.err
    );

    let all = repository.check(&["--fix=all"]);
    assert_eq!((all.code, &*all.out), (Some(0), ""));
    assert_eq!(repository.read(DECISIONS), expected.replace("acepted", "accepted"));

    let again = repository.check(&["--fix=all"]);
    assert_eq!((again.code, &*again.out), (Some(0), ""));
    assert!(!again.err.contains("Fixed"), "{}", again.err);
}

#[test]
fn fixes_that_bring_back_what_they_fix_end_and_are_named() {
    let rule = "for: decision\nexpect: false\nmessage: again\n\
        fix: { safety: safe, set: { title: \"{record.title.size() > 20 ? 'B' : record.title + 'x'}\" } }\n";
    let repository = Repository::with(&[
        ("alignlint.yaml", "extends: [essential, ./policy]\n"),
        ("policy/own/endless.yaml", rule),
        (DECISIONS, "decisions: [{ id: D-1, title: A, status: proposed }]\n"),
    ]);
    let fixed = repository.check(&["--fix", "--select", "own/endless"]);
    assert!(fixed.err.contains("after 16 passes: those of `own/endless` bring back"), "{}", fixed.err);
    assert!(repository.read(DECISIONS).contains("title: Axxxxxxxxxxxxxxxx,"));
}

#[test]
fn two_reports_into_one_file_are_refused() {
    let repository = Repository::with(&[(DECISIONS, SLIPS)]);
    let refused = repository.run(&["--format", "json=a.out", "--format", "sarif=./a.out"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.fault().contains("can't write two reports to `./a.out`"), "{}", refused.err);
    assert!(!repository.join("a.out").exists());
}

#[test]
fn a_patch_changes_nothing_and_git_applies_it() {
    let crlf = SLIPS.replace('\n', "\r\n");
    let unended = SLIPS.trim_end();
    let files = [
        (DECISIONS, SLIPS),
        ("governance/more decisions.yaml", &crlf.replace("D-", "E-")),
        ("governance/größe.yaml", &unended.replace("D-", "F-")),
        (
            "docs/adr/0001-use-postgres.md",
            "# 1. Use Postgres\n\n## Status\n\nAccepted\n\nSuperseded by 2\n\n## Decision\n\nd",
        ),
        (
            "docs/adr/0002-use-sqlite.md",
            "# 2. Use SQLite\r\n\r\nDate: 2026-02-01\r\n\r\n## Status\r\n\r\nAccepted\r\n\r\n## Decision\r\n\r\nd",
        ),
    ];
    let repository = Repository::with(&files);
    let patch = repository.run_today(&["--fix=all", "--diff"]);
    assert_eq!(patch.code, Some(1), "the files still have what was found: {}", patch.err);
    assert!(patch.notes().contains("no file was changed."), "{}", patch.err);
    for (path, text) in &files {
        assert_eq!(repository.read(path), *text);
    }
    let mut apply = git_command(repository.path())
        .args(["-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "-"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("git starts");
    std::io::Write::write_all(&mut apply.stdin.take().expect("a pipe"), patch.out.as_bytes())
        .expect("git reads");
    assert!(apply.wait().expect("git ends").success(), "{}", patch.out);
    let applied: Vec<String> = files.iter().map(|(path, _)| repository.read(path)).collect();

    repository.git(&["checkout", "--quiet", "."]);
    repository.check(&["--fix=all"]);
    let fixed: Vec<String> = files.iter().map(|(path, _)| repository.read(path)).collect();
    assert_eq!(applied, fixed, "the patch makes what `--fix` makes");
    let changed = files.iter().zip(&fixed).filter(|((_, before), after)| before != after);
    assert_eq!(changed.count(), 3, "the pages say one side each, as their folder does: {fixed:?}");
    let nothing = repository.run_today(&["--fix=all", "--diff"]);
    assert_eq!(nothing.out, "");
}

#[test]
fn only_the_worktree_is_fixed_and_reports_go_to_files_beside_a_patch() {
    let repository = Repository::with(&[(DECISIONS, SLIPS)]);
    for arguments in [&["--fix", "--staged"][..], &["--fix=all", "--rev", "HEAD"], &["--diff", "--staged"]] {
        let output = repository.check(arguments);
        assert_eq!(output.code, Some(2), "{arguments:?}");
        assert!(output.err.contains("cannot be used with"), "{}", output.err);
    }
    assert!(repository.check(&["--fix=most"]).err.contains("expected `--fix` or `--fix=all`"));
    let both = repository.check(&["--diff"]).fault();
    assert!(both.contains("can't print both a patch and a report"), "{both}");
    assert!(both.contains("`--format concise=FILE`"), "{both}");
    let file = repository.path().join("report.json");
    let output = repository.run_today(&["--diff", "--format", &format!("json={}", file.display())]);
    assert_eq!((output.code, output.out.starts_with("diff --git a/governance")), (Some(1), true));
    assert!(fs::read_to_string(file).expect("the report").contains("\"safety\": \"safe\""));
    assert_eq!(repository.read(DECISIONS), SLIPS);
}

#[test]
fn what_is_not_reported_is_not_fixed() {
    let other = (
        "governance/other.yaml",
        "decisions:\n  # alignlint: ignore schema/* until 2027-01-31 because we ask first\n  - { id: D-7, status: acepted }\n",
    );
    let repository = Repository::with(&[(DECISIONS, SLIPS), other]);
    repository.check(&["--fix=all", "--select", "schema/*", "governance/other.yaml"]);
    assert_eq!(repository.read(DECISIONS), SLIPS, "only other.yaml was asked for");
    assert_eq!(repository.read(other.0), other.1, "it is excused");
    repository.check(&["--fix=all", "--since", "HEAD"]);
    assert_eq!(repository.read(DECISIONS), SLIPS, "all of it was there before");
    repository.write(&[(DECISIONS, &SLIPS.replace("title: B", "title: B\n    review-by: 1.2.2027"))]);
    repository.check(&["--fix=all", "--since", "HEAD"]);
    let expected = SLIPS.replace("title: B", "title: B\n    review-by: 2027-02-01");
    assert_eq!(repository.read(DECISIONS), expected, "the new slip is mended, the old ones are not");
}

#[test]
fn a_fix_is_in_the_json_report_as_edits() {
    let repository = Repository::with(&[(DECISIONS, SLIPS)]);
    let output = repository.run_today(&["--format", "json", "--rev", "HEAD"]);
    let report: serde_json::Value = serde_json::from_str(&output.out).expect("JSON");
    let fix = &report["findings"][0]["fix"];
    let start = SLIPS.find("01.02.2026").expect("the day") as u64;
    assert_eq!((&fix["safety"], &fix["edits"][0]["replacement"]), (&"safe".into(), &"2026-02-01".into()));
    assert_eq!(fix["edits"][0]["start"]["byte"].as_u64(), Some(start));
    assert_eq!(fix["edits"][0]["end"]["byte"].as_u64(), Some(start + 10));
}

#[cfg(unix)]
#[test]
fn files_that_can_not_be_written_are_named_and_the_others_fixed() {
    use std::os::unix::fs::PermissionsExt;
    let other = ("governance/other.yaml", "decisions:\n  - { id: D-7, title: C, status: acepted }\n");
    let repository = Repository::with(&[(DECISIONS, SLIPS), other]);
    let protected = repository.path().join(other.0);
    fs::set_permissions(&protected, fs::Permissions::from_mode(0o444)).expect("it is ours");
    let fault = repository.check(&["--fix=all"]).fault();
    assert!(fault.contains("can't write `governance/other.yaml`: it is read-only"), "{fault}");
    assert_eq!(repository.read(other.0), other.1);
    assert!(!repository.read(DECISIONS).contains("acepted"));
    let names = fs::read_dir(protected.parent().expect("a folder")).expect("it can be listed");
    assert_eq!(names.count(), 2, "no draft is left");
}

#[test]
fn a_project_in_a_folder_is_fixed_alone() {
    let nested = "teams/sales/governance/decisions.yaml";
    let repository = Repository::with(&[
        ("teams/sales/alignlint.yaml", "extends: [recommended]\n"),
        (nested, SLIPS),
        (DECISIONS, SLIPS),
    ]);
    let output = repository.check(&["-C", "teams/sales", "--fix=all"]);
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(!repository.read(nested).contains("acepted"));
    assert_eq!(repository.read(DECISIONS), SLIPS);
}

#[test]
fn a_file_that_has_changed_meanwhile_is_left_alone() {
    let repository = Repository::with(&[("a.md", "theirs")]);
    let source = |text: &str| Arc::new(Source::new("a.md", text.into()));
    let write = |before: &str| {
        let files = vec![(source(before), source("new"))];
        let snapshot = alignlint::snapshot::Snapshot::worktree(repository.path()).expect("a worktree");
        write_files(&FixerResult { files, ..FixerResult::default() }, &snapshot)
    };
    let faults = write("old").expect_err("the file is another");
    assert_eq!(faults[0].message, "can't write `a.md`: it has changed since it was read");
    assert_eq!(repository.read("a.md"), "theirs");
    write("theirs").expect("the file is the one that was read");
    assert_eq!(repository.read("a.md"), "new");
}

#[test]
fn paths_and_missing_newlines_of_a_patch_are_written_as_git_does() {
    let patch = patch(("docs/café 1.md", "a"), ("docs/café 1.md", "b"));
    let header = "diff --git \"a/docs/caf\\303\\251 1.md\" \"b/docs/caf\\303\\251 1.md\"\n";
    let end = "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n";
    assert!(patch.starts_with(header) && patch.ends_with(end), "{patch}");
}

#[test]
fn what_a_baseline_has_too_much_is_taken_out_and_nothing_is_added() {
    let page = |number: u32, links: &str| {
        format!(
            "# {number}. Use it\n\nDate: 2026-02-03\n\n## Status\n\nAccepted\n\n## Context\n\n{links}\n\n## Decision\n\nIt.\n"
        )
    };
    let select = ["--select", "reference/broken-link,baseline/unused"];
    let check = |repository: &Repository, more: &[&str]| repository.check(&[&select[..], more].concat());
    let repository = Repository::with(&[
        ("docs/adr/0001-a.md", &page(1, "[a](gone.md)")),
        ("docs/adr/0002-b.md", &page(2, "[a](gone.md) [b](gone.md)")),
    ]);
    check(&repository, &["--write-baseline"]);
    let all = repository.read("alignlint-baseline.yaml");
    let lines: Vec<&str> = all.lines().collect();
    assert!(lines[5].ends_with("count: 2 }"), "{all}");
    // What is new is not adopted.
    repository.write(&[
        ("docs/adr/0001-a.md", &page(1, "None, [but](another.md).")),
        ("docs/adr/0002-b.md", &page(2, "[a](gone.md)")),
    ]);
    assert_eq!(check(&repository, &[]).messages().len(), 3);
    let fixed = check(&repository, &["--fix"]);
    assert_eq!(fixed.messages(), ["broken link to `another.md`"], "{}", fixed.out);
    assert!(fixed.notes().starts_with("Fixed 2 findings in 1 file."), "{}", fixed.err);
    let expected = format!("{}\n{}\n", lines[..4].join("\n"), lines[5].replace("count: 2", "count: 1"));
    assert_eq!(repository.read("alignlint-baseline.yaml"), expected);
    repository.write(&[("docs/adr/0002-b.md", &page(2, "None."))]);
    check(&repository, &["--fix"]);
    assert_eq!(repository.read("alignlint-baseline.yaml"), lines[..4].join("\n") + " []\n");
    assert_eq!(check(&repository, &[]).messages().len(), 1);
    // In JSON, and where entries share a line, it is left alone.
    repository.write(&[("docs/adr/0001-a.md", &page(1, "[a](gone.md)"))]);
    let entry = lines[4].trim_start_matches([' ', '-']);
    repository.write(&[("alignlint-baseline.yaml", &format!("version: 2\nfindings: [{entry}, {entry}]\n"))]);
    check(&repository, &["--fix"]);
    assert!(repository.read("alignlint-baseline.yaml").ends_with(&format!("[{entry}, {entry}]\n")));
}
