//! The messages where a state can't be read: why, and what to do.

use super::{paths, text};
use crate::kit::Repository;

const TERMS: (&str, &str) =
    ("governance/terms.yaml", "terms:\n  - {id: order, title: order, definition: A request for goods}\n");

fn assert_says(output: &str, parts: &[&str]) {
    for part in parts {
        assert!(output.contains(part), "{part:?} is not in {output:?}");
    }
}

#[test]
fn an_unknown_revision_names_the_nearest() {
    let repository = Repository::with(&[TERMS]);
    repository.git(&["branch", "release-2026"]);
    repository.git(&["update-ref", "refs/remotes/origin/develop", "HEAD"]);
    let fault = |rev: &str| repository.check(&["--rev", rev]).fault();
    assert_says(&fault("relaese-2026"), &["unknown revision `relaese-2026`", "did you mean `release-2026`?"]);
    assert_says(&fault("develop"), &["did you mean `origin/develop`?"]);
    assert_says(&fault("quite-another"), &["run `git branch --all` or `git tag`"]);
    assert_says(&fault("main~7"), &["unknown revision `main~7`", "`git log main`"]);
    assert_says(
        &fault("0123456789012345678901234567890123456789"),
        &["commit `0123", "is not in this clone", "`git fetch`"],
    );
    assert_says(&repository.check(&["--since", "mian"]).fault(), &["did you mean `main`?"]);
}

#[test]
fn a_revision_that_is_no_single_commit_is_refused() {
    let repository = Repository::with(&[TERMS]);
    repository.write(&[("a.md", "")]);
    repository.commit("2026-10-02");
    let fault = |rev: &str| repository.check(&["--rev", rev]).fault();
    assert_says(&fault("HEAD~1..HEAD"), &["found the range `HEAD~1..HEAD`"]);
    assert_says(&fault("HEAD^{tree}"), &["expected a commit, found the tree `HEAD^{tree}`"]);
    assert_says(&fault(""), &["revision"]);
}

#[test]
fn an_ambiguous_revision_lists_what_it_may_mean() {
    let repository = Repository::with(&[TERMS]);
    let names: Vec<String> = (0..1000).map(|n| format!("{n}.txt")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (&**name, &**name)).collect();
    repository.write(&files);
    let paths: Vec<&str> = names.iter().map(|name| &**name).collect();
    let ids = repository.git(&[&["hash-object", "-w"], &paths[..]].concat());
    let mut seen = std::collections::HashSet::new();
    let short = ids.lines().map(|id| &id[..4]).find(|short| !seen.insert(*short));
    let short = short.expect("of a thousand objects, two begin alike");
    let fault = repository.check(&["--rev", short]).fault();
    assert_says(
        &fault,
        &[&format!("`{short}` is ambiguous: 2 object ids start with it"), "write more digits", "(blob)"],
    );
}

#[test]
fn before_the_first_commit_head_is_no_revision() {
    let repository = Repository::empty();
    repository.write(&[TERMS]);
    repository.git(&["add", "--all"]);
    let fault = repository.check(&["--rev", "HEAD"]).fault();
    assert_says(&fault, &["branch `main` has no commits yet", "`--staged`"]);
    assert_eq!(repository.check(&["--staged"]).code, Some(0));
}

#[test]
fn outside_git_nothing_is_staged_and_there_are_no_revisions() {
    let folder = Repository::folder();
    folder.write(&[TERMS]);
    assert_says(&folder.check(&["--staged"]).fault(), &["is not in a Git repository"]);
    for flag in ["--rev", "--since"] {
        let fault = folder.check(&[flag, "main"]).fault();
        assert_says(&fault, &["is not in a Git repository"]);
    }
}

#[test]
fn a_bare_repository_has_neither_worktree_nor_index() {
    let bare = Repository::clone(&Repository::with(&[TERMS]), &["--bare"]);
    assert_says(&bare.check(&[]).fault(), &["is bare", "`--rev HEAD`"]);
    assert_says(&bare.check(&["--staged"]).fault(), &["is bare", "`--rev`"]);
    assert_eq!(bare.check(&["--rev", "main"]).code, Some(0));
}

#[test]
fn a_shallow_clone_says_that_older_commits_are_not_in_it() {
    let origin = Repository::with(&[TERMS]);
    let first = origin.git(&["rev-parse", "HEAD"]);
    for day in ["2026-10-02", "2026-10-03"] {
        origin.write(&[("a.md", day)]);
        origin.commit(day);
    }
    let clone = Repository::clone(&origin, &["--depth=1"]);
    let parts = ["git fetch --unshallow", "that this shallow clone lacks"];
    for arguments in [["--rev", &first], ["--rev", "HEAD^2"], ["--since", "HEAD~1^2"]] {
        assert_says(&clone.check(&arguments).fault(), &parts);
    }
    assert_eq!(clone.check(&["--rev", "HEAD", "--since", "HEAD"]).code, Some(0));
}

#[test]
fn branches_whose_fork_a_shallow_clone_does_not_reach_have_no_base() {
    let origin = Repository::with(&[TERMS]);
    origin.git(&["checkout", "--quiet", "-b", "side"]);
    origin.write(&[("a.md", "")]);
    origin.commit("2026-10-02");
    origin.git(&["checkout", "--quiet", "main"]);
    origin.write(&[("b.md", "")]);
    origin.commit("2026-10-03");
    let clone = Repository::clone(&origin, &["--depth=1", "--no-single-branch"]);
    let fault = clone.check(&["--since", "origin/side"]).fault();
    assert_says(&fault, &["`origin/side` and `HEAD` have no common ancestor", "this shallow clone"]);
}

#[test]
fn histories_that_never_met_have_no_base() {
    let repository = Repository::with(&[TERMS]);
    repository.git(&["checkout", "--quiet", "--orphan", "other"]);
    repository.commit("2026-10-02");
    let fault = repository.check(&["--since", "main"]).fault();
    assert_says(&fault, &["`main` and `HEAD` have no common ancestor"]);
    assert!(!fault.contains("shallow"), "{fault}");
}

#[test]
fn a_clone_without_older_folders_says_how_to_fetch_them() {
    let clone = partial("tree:0");
    assert_eq!(paths(&clone.at("HEAD")), ["governance/kpis.yaml", TERMS.0]);
    for arguments in [["--rev", "HEAD~1"], ["--since", "HEAD~1"]] {
        let fault = clone.check(&arguments).fault();
        assert_says(&fault, &["the root folder of this revision", "git fetch --refetch --no-filter"]);
    }
    let notes = clone.run(&["blame", TERMS.0]).err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_says(
        &notes,
        &["can't read the history: this partial clone lacks folders", "git fetch --refetch --no-filter"],
    );
}

/// A clone that is complete for the last commit and filtered for earlier ones.
fn partial(filter: &str) -> Repository {
    let origin = Repository::with(&[TERMS, ("governance/kpis.yaml", "kpis:\n  - {id: churn, title: Old}\n")]);
    origin.git(&["config", "uploadpack.allowFilter", "true"]);
    origin.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    origin.write(&[("governance/kpis.yaml", "kpis:\n  - {id: churn, title: New}\n")]);
    origin.commit("2026-10-02");
    // The origin is deleted when this function returns, so that fetching fails.
    Repository::clone(&origin, &[&format!("--filter={filter}")])
}

#[test]
fn a_partial_clone_says_how_to_fetch_what_is_not_in_it() {
    let clone = partial("blob:none");
    assert!(text(&clone.at("HEAD"), "governance/kpis.yaml").starts_with("kpis:"));
    let before = clone.at("HEAD~1");
    let problem = text(&before, "governance/kpis.yaml");
    let id = before.blob_id(before.get("governance/kpis.yaml").unwrap()).unwrap();
    assert_eq!(
        problem,
        format!("the file is not in this partial clone; run `git cat-file -e {id}` to fetch it")
    );
    assert_eq!(
        before.missing_blobs().iter().map(|path| &**path).collect::<Vec<_>>(),
        ["governance/kpis.yaml"]
    );
    let output = clone.check(&["--rev", "HEAD~1"]);
    assert!(output.out.contains("governance/kpis.yaml:1:1: error[document/"), "{}", output.out);
}

#[test]
fn what_is_new_against_files_that_are_not_there_is_not_guessed() {
    let clone = partial("blob:none");
    let fault = clone.check(&["--since", "HEAD~1"]).fault();
    let parts = ["can't compare with `HEAD~1`", "`governance/kpis.yaml`", "partial", "git diff"];
    assert_says(&fault, &parts);
    assert_eq!(clone.check(&["--staged", "--since", "HEAD"]).code, Some(0), "what is the same is not needed");
}

#[test]
fn a_damaged_reftable_and_the_past_of_a_branch_in_one_are_named() {
    let repository = Repository::folder();
    repository.git(&["init", "--quiet", "--ref-format=reftable", "--initial-branch=main"]);
    assert_says(&repository.check(&["--rev", "HEAD"]).fault(), &["branch `main` has no commits yet"]);
    repository.write(&[TERMS]);
    repository.commit("2026-10-01");
    let fault = repository.check(&["--rev", "main@{0}"]).fault();
    assert_says(&fault, &["reftable", "full commit id", "git rev-parse main@{0}"]);
    repository.write(&[(".git/reftable/tables.list", "../config\n")]);
    assert_says(&repository.check(&["--rev", "main"]).fault(), &["can't read the references in", "git refs"]);
}

#[test]
fn a_lost_object_is_damage_and_nothing_to_fetch() {
    let repository = Repository::with(&[TERMS]);
    let id = repository.git(&["rev-parse", &format!("HEAD:{}", TERMS.0)]);
    let place = format!(".git/objects/{}/{}", &id[..2], &id[2..]);
    std::fs::remove_file(repository.path().join(place)).unwrap();
    assert_says(&text(&repository.at("HEAD"), TERMS.0), &["is missing", "damaged"]);
}

#[test]
fn states_are_exclusive() {
    let repository = Repository::with(&[TERMS]);
    let fault = repository.check(&["--staged", "--rev", "HEAD"]).fault();
    assert_says(&fault, &["'--staged' cannot be used with '--rev <REV>'"]);
}

#[cfg(unix)]
#[test]
fn another_owners_repository_is_read_all_the_same() {
    let repository = Repository::with(&[TERMS]);
    let given = std::process::Command::new("chown").args(["-R", "4242:4242"]).arg(repository.path()).output();
    if !given.expect("chown starts").status.success() {
        return; // only root can give files away
    }
    assert_eq!(paths(&repository.at("HEAD")), [TERMS.0]);
    assert_eq!(text(&repository.staged(), TERMS.0), TERMS.1);
}

/// A page of a decision without a successor that is there.
const SUPERSEDED: &str = "# 1. Use X\n\nDate: 2026-02-03\n\n## Status\n\nSuperseded by ADR-5\n\n## Context\n\nGrowth.\n\n## Decision\n\nX.\n";

const UNKNOWN: &str = "`0001` refers to the unknown decision `ADR-5`";

const POINTER: &str = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

#[test]
fn a_pointer_in_place_of_a_record_names_git_lfs() {
    let page = SUPERSEDED.replace("Superseded by ADR-5", "Accepted");
    let quoting = page.replace("Growth.", &format!("A pointer:\n\n```\n{POINTER}```"));
    let repository = Repository::with(&[
        ("docs/adr/0001-x.md", &quoting),
        ("docs/adr/0002-y.md", POINTER),
        ("docs/adr/0003-z.rst", POINTER),
        ("docs/adr/assets/data.json", POINTER),
        ("governance/decisions.yaml", POINTER),
        ("strategy/kpis.json", POINTER),
        ("terms.toml", POINTER),
        ("data/points.yaml", POINTER),
        ("logo.png", POINTER),
    ]);
    let pointers = [
        "docs/adr/0002-y.md",
        "docs/adr/0003-z.rst",
        "governance/decisions.yaml",
        "strategy/kpis.json",
        "terms.toml",
    ];
    for (arguments, advice) in [
        (&["--select", "document/*"][..], "run `git lfs pull` to get its content"),
        (
            &["--select", "document/*", "--rev", "HEAD"],
            "its content is not in Git; check the worktree, after `git lfs pull`",
        ),
    ] {
        let found = repository.check(arguments);
        let expected = pointers.map(|path| {
            format!("{path}:1:1: error[document/unreadable] the file is a pointer of Git LFS; {advice}")
        });
        assert_eq!(found.out.lines().collect::<Vec<_>>(), expected, "{}", found.err);
    }
}

#[test]
fn a_record_that_moves_into_git_lfs_keeps_its_history() {
    let page = SUPERSEDED.replace("Superseded by ADR-5", "Accepted");
    let repository = Repository::with(&[("docs/adr/0001-x.md", &page)]);
    repository.write(&[("docs/adr/0001-x.md", POINTER)]);
    repository.commit("2026-10-05");
    repository.write(&[("docs/adr/0001-x.md", &page)]);
    let output = repository.run(&["blame", "docs/adr/0001-x.md"]).out;
    assert!(output.contains("2026-10-01") && !output.contains("2026-10-05"), "{output}");
}

#[test]
fn what_an_unreadable_page_may_define_is_not_judged_and_the_rest_is() {
    let clone = |name: &str| {
        let rest = "decisions:\n  - {id: D-1, title: Sell, status: accepted, date: 2026-03-01, supersedes: [D-77, ADR-2]}\n";
        let origin = Repository::with(&[
            ("docs/adr/0001-x.md", SUPERSEDED),
            (name, "# Y\n\n## Status\n\nDraft\n"),
            ("governance/decisions.yaml", rest),
        ]);
        origin.git(&["config", "uploadpack.allowFilter", "true"]);
        origin.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
        origin.remove(name);
        origin.commit("2026-10-02");
        Repository::clone(&origin, &["--filter=blob:none"])
    };
    let judged = |name: &str| {
        let output = clone(name).check(&["--rev", "HEAD~1", "--select", "reference/unknown"]);
        output.messages().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let of_list = "`D-1` refers to the unknown decision `D-77`";
    assert_eq!(judged("docs/adr/0002-y.md"), [UNKNOWN, of_list]);
    assert_eq!(judged("docs/adr/0005-y.md"), [of_list, "`D-1` refers to the unknown decision `ADR-2`"]);
    // A list may define anything.
    assert_eq!(judged("governance/more.yaml"), [""; 0]);
}

#[test]
fn what_a_broken_page_may_define_is_not_judged() {
    let judged = |path: &str, text: &str| {
        let repository = Repository::with(&[("docs/adr/0001-x.md", SUPERSEDED), (path, text)]);
        repository.check(&["--select", "reference/unknown"]).messages().len()
    };
    let broken = "---\nstatus: \"unclosed\n---\n";
    assert_eq!(judged("docs/adr/0005-y.md", &format!("{broken}# Use Y\n")), 0);
    assert_eq!(judged("docs/adr/use-y.md", &format!("{broken}# 5. Use Y\n")), 0);
    assert_eq!(judged("docs/adr/use-y.md", &format!("{broken}# Use Y\n\nAfter ADR-5.\n")), 0);
    assert_eq!(judged("docs/adr/0006-y.md", &format!("{broken}# 6. Use 5 servers\n")), 1);
}
