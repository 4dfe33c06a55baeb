//! Files of a worktree whose blob is known from the index, without reading them.

use std::fs;
use std::process::Command;

use alignlint::snapshot::{BlobId, Snapshot};

use crate::kit::Repository;
#[cfg(unix)]
use crate::kit::{Output, PROGRAM, TODAY, command};

fn blob(state: &Snapshot, path: &str) -> Option<BlobId> {
    state.blob_id(state.get(path).expect("the file is listed"))
}

/// A repository with files that are older than its index, so that Git can detect changes.
fn settled(files: &[(&str, &str)]) -> Repository {
    let repository = Repository::with(files);
    for (path, _) in files {
        age(&repository, path);
    }
    repository.git(&["update-index", "--refresh", "-q"]);
    repository
}

fn age(repository: &Repository, path: &str) {
    let done =
        Command::new("touch").args(["-d", "2026-01-01T00:00:00Z"]).arg(repository.path().join(path)).status();
    assert!(done.expect("touch starts").success());
}

#[test]
fn an_unchanged_file_is_known_by_the_identifier_that_the_index_has() {
    let repository = settled(&[("a.yaml", "id: 1\n")]);
    let known = blob(&repository.worktree(), "a.yaml");
    assert_eq!(known.map(|id| id.to_string()), Some(repository.git(&["rev-parse", "HEAD:a.yaml"])));
    assert_eq!(known, blob(&repository.staged(), "a.yaml"));
    assert_eq!(known, blob(&repository.at("HEAD"), "a.yaml"));
}

#[test]
fn a_changed_or_new_file_is_not_known() {
    let repository = settled(&[("a.yaml", "id: 1\n"), ("b.yaml", "id: 1\n")]);
    repository.write(&[("a.yaml", "id: 2\n"), ("new.yaml", "")]);
    let state = repository.worktree();
    assert_eq!((blob(&state, "a.yaml"), blob(&state, "new.yaml")), (None, None));
    assert!(blob(&state, "b.yaml").is_some());
}

/// Runs the program as a user who may not read everything; `None` if the test can't become one.
#[cfg(unix)]
fn check_without_rights(repository: &Repository, arguments: &[&str]) -> Option<Output> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    let mut command = command(if is_root { "setpriv" } else { PROGRAM }, repository.path());
    if is_root {
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", PROGRAM]);
    }
    command.args(["--as-of", TODAY, "--format", "concise", "--no-cache"]).args(arguments);
    let output: Output = command.output().ok()?.into();
    matches!(output.code, Some(0..=2)).then_some(output)
}

#[cfg(unix)]
#[test]
fn a_tracked_folder_without_permission_is_a_problem_of_each_of_its_files() {
    use std::os::unix::fs::PermissionsExt;
    let decisions = "decisions:\n  - {id: D-1, title: T, status: draft}\n";
    let repository = Repository::with(&[
        ("governance/closed/decisions.yaml", decisions),
        ("governance/closed/notes.txt", ""),
        ("governance/kpis.yaml", "kpis: [{id: K-1, title: T, definition: D}]\n"),
    ]);
    let allow = |path: &str, mode| {
        fs::set_permissions(repository.join(path), fs::Permissions::from_mode(mode)).expect("it is ours");
    };
    allow("", 0o755);
    allow("governance/closed", 0o000);
    let everything = check_without_rights(&repository, &["--select", "document/*"]);
    let change = check_without_rights(&repository, &["--since", "HEAD", "--select", "policy/*"]);
    allow("governance/closed", 0o755);
    let Some((everything, change)) = everything.zip(change) else {
        eprintln!("skipped: this user may read everything, and can't become another one");
        return;
    };
    assert_eq!(
        everything.out.trim_end(),
        "governance/closed/decisions.yaml:1:1: error[document/unreadable] the file can't be read: permission denied"
    );
    assert_eq!(
        change.messages(),
        ["no longer read: decision `D-1`, `governance/closed/decisions.yaml` can't be read"]
    );
    assert!(
        everything.err.contains("can't open the folder `governance/closed`: permission denied"),
        "{}",
        everything.err
    );
}

#[test]
fn a_file_written_in_the_moment_of_the_index_is_not_trusted() {
    let repository = settled(&[("a.yaml", "id: 1\n")]);
    let index = fs::File::options().append(true).open(repository.path().join(".git/index")).unwrap();
    let file = fs::metadata(repository.path().join("a.yaml")).unwrap();
    index.set_modified(file.modified().unwrap()).unwrap();
    assert_eq!(blob(&repository.worktree(), "a.yaml"), None);
}

#[test]
fn a_file_that_git_converts_is_not_known_by_its_blob() {
    for attributes in ["*.yaml filter=lfs", "* ident", "a.yaml working-tree-encoding=UTF-16"] {
        let repository = settled(&[("a.yaml", "id: 1\n")]);
        repository.write(&[(".git/info/attributes", attributes)]);
        assert_eq!(blob(&repository.worktree(), "a.yaml"), None, "{attributes}");
    }
}

#[test]
fn a_file_whose_line_ends_git_converts_is_known_only_where_none_were() {
    let repository =
        settled(&[("a.yaml", "id: 1\r\n"), ("b.yaml", "id: 1\n"), (".gitattributes", "* text=auto\n")]);
    assert_eq!(blob(&repository.worktree(), "a.yaml"), None);
    assert!(blob(&repository.worktree(), "b.yaml").is_some());
    repository.remove(".gitattributes");
    repository.git(&["rm", "--quiet", "--cached", ".gitattributes"]);
    let state = repository.worktree();
    assert_eq!(blob(&state, "a.yaml"), None, "it was converted while the attribute held");
    assert!(blob(&state, "b.yaml").is_some());
}

#[test]
fn attributes_that_are_not_on_disk_may_convert_anything() {
    let repository = settled(&[("a.yaml", "id: 1\n"), (".gitattributes", "*.md -text\n")]);
    assert!(blob(&repository.worktree(), "a.yaml").is_some());
    repository.git(&["sparse-checkout", "set", "--no-cone", "/a.yaml"]);
    assert_eq!(blob(&repository.worktree(), "a.yaml"), None);
}
