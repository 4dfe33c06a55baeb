//! Which files a worktree holds, and whose blob is known from the index, without reading them.

use std::fs;
use std::process::Command;

use alignlint::limits;
use alignlint::snapshot::{BlobId, Snapshot};

use super::{paths, text};
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

#[test]
fn a_worktree_holds_what_is_tracked_and_what_is_not_ignored() {
    let repository =
        Repository::with(&[("a.md", ""), (".gitignore", "*.log\n/out/\nkeep/\n"), ("docs/b.md", "")]);
    for path in ["new.md", "debug.log", "out/page.md", "docs/out/page.md", "keep/no.md", "private.md"] {
        repository.write(&[(path, "")]);
    }
    repository.write(&[("kept.log", ""), ("keep/deep/c.md", ""), (".git/info/exclude", "/private.md\n")]);
    repository.git(&["add", "--force", "kept.log", "keep/deep/c.md"]);
    let found =
        [".gitignore", "a.md", "docs/b.md", "docs/out/page.md", "keep/deep/c.md", "kept.log", "new.md"];
    let state = repository.worktree();
    assert_eq!((paths(&state), state.notices()), (found.to_vec(), &[][..]));

    let linked = Repository::folder();
    let place = linked.join("linked");
    repository.git(&["worktree", "add", "--quiet", place.to_str().unwrap(), "-b", "side"]);
    linked.write(&[("linked/private.md", ""), ("linked/b.md", "")]);
    assert_eq!(paths(&Snapshot::worktree(&place).unwrap()), [".gitignore", "a.md", "b.md", "docs/b.md"]);
}

#[test]
fn without_commits_or_git_the_folder_is_walked() {
    let files = [
        ("a.md", ""),
        ("sub/b.md", ""),
        ("sub/no.md", ""),
        (".hidden/c.md", ""),
        ("sub/.gitignore", "no.md\n"),
    ];
    let found = [".hidden/c.md", "a.md", "sub/.gitignore", "sub/b.md"];
    let folder = Repository::folder_with(&files);
    assert_eq!(paths(&folder.worktree()), found);
    assert_eq!(paths(&Snapshot::worktree(&folder.join("sub")).unwrap()), [".gitignore", "b.md"]);
    let repository = Repository::empty();
    repository.write(&files);
    assert_eq!(paths(&repository.worktree()), found);
    let missing = folder.join("nowhere");
    let fault = Snapshot::worktree(&missing).unwrap_err().message;
    assert_eq!(fault, format!("can't open `{}`: it does not exist", missing.display()));
}

#[test]
fn submodules_repositories_inside_and_sparse_folders_are_there_and_not_entered() {
    let library = Repository::with(&[("inside.md", "")]);
    let repository = Repository::with(&[("a.md", "")]);
    repository.git(&["submodule", "--quiet", "add", library.path().to_str().unwrap(), "lib"]);
    repository.write(&[("other/b.md", "")]);
    repository.git(&["-C", "other", "init", "--quiet"]);
    let state = repository.worktree();
    assert_eq!(paths(&state), [".gitmodules", "a.md"]);
    assert!(state.has("lib/inside.md") && state.has("other") && !state.has("library"));
    repository.git(&["submodule", "--quiet", "deinit", "--force", "lib"]);
    assert!(repository.worktree().has("lib/inside.md"), "a submodule that is not checked out may hold it");

    for index in ["--no-sparse-index", "--sparse-index"] {
        let repository = Repository::with(&[("a.md", ""), ("in/b.md", ""), ("out/c.md", "")]);
        repository.git(&["sparse-checkout", "set", "--cone", index, "in"]);
        let state = repository.worktree();
        assert_eq!(paths(&state), ["a.md", "in/b.md"]);
        assert!(state.has("out/c.md"), "it may be there");
        assert!(state.notices()[0].starts_with("sparse checkout: 1 tracked path is not on disk"));
    }
}

#[test]
fn a_damaged_repository_is_a_fault() {
    let unreadable = ": Repository configuration could not be loaded";
    for (file, text, words) in [
        (".git/index", "nothing Git wrote", "can't read the index"),
        (".git/config", "[core]\nrepositoryformatversion = 7\n", unreadable),
    ] {
        let repository = Repository::with(&[("a.md", "")]);
        repository.write(&[(file, text)]);
        let fault = Snapshot::worktree(repository.path()).unwrap_err();
        assert!(fault.message.contains(words), "{fault}");
    }
    let folder = Repository::folder_with(&[(".git", "gitdir: /nowhere/at/all\n")]);
    let fault = Snapshot::worktree(folder.path()).unwrap_err();
    assert!(fault.message.ends_with("/.git` does not point to a Git repository"), "{fault}");
}

#[test]
fn a_file_that_cannot_be_read_is_a_problem() {
    let repository = Repository::with(&[("a.md", ""), ("small.yaml", "id: 1")]);
    let huge = fs::File::create(repository.join("huge.yaml")).unwrap();
    huge.set_len(limits::FILE_BYTES as u64 + 1).unwrap();
    let state = repository.worktree();
    repository.remove("a.md");
    assert_eq!(text(&state, "huge.yaml"), "the file is larger than 64 MiB");
    assert_eq!(text(&state, "a.md"), "the file can't be read: it does not exist");
    assert_eq!(text(&state, "small.yaml"), "id: 1");
}

#[test]
fn folders_and_names_are_ignored_and_endings_are_not() {
    let files = [
        ("all/.gitignore", "/*\n!/kept\n"),
        (".gitignore", "target/\n/out\n*.png\n!kept\nreport.html\n[\n"),
        ("docs/.gitignore", "kept\n"),
    ];
    let state = Snapshot::in_memory(files.map(|(path, text)| (path.to_owned(), text.to_owned())));
    let paths = "target/a.md docs/target/doc/a.html out out/a.js a/report.html docs/kept/a.md \
                 docs/a.md docs/out/a.md docs/a.png kept/a.md target.md all/a.md";
    let ignored: Vec<&str> = paths.split(' ').filter(|path| state.ignores(path)).collect();
    assert_eq!(ignored, paths.split(' ').take(6).collect::<Vec<_>>());
}

#[test]
fn the_environment_of_git_names_the_repository_and_its_worktree() {
    let repository = Repository::with(&[("a.yaml", "a: ["), (".gitignore", "*.log\n")]);
    let tree =
        Repository::folder_with(&[("b.yaml", "b: ["), ("alignlint.yaml", "records: {kpi: '*.yaml'}\n")]);
    let git_dir = repository.join(".git");
    let environment =
        [("GIT_DIR", git_dir.to_str().unwrap()), ("GIT_WORK_TREE", tree.path().to_str().unwrap())];
    let output = Repository::folder().check_with(&["-q"], &environment);
    assert!(
        output.out.contains("b.yaml:1:4") && !output.out.contains("a.yaml"),
        "{}{}",
        output.out,
        output.err
    );
    let missing = repository.check_with(&[], &[("GIT_DIR", "/nowhere")]);
    assert!(missing.err.contains("can't open the repository of `GIT_DIR`"), "{}", missing.err);
}

#[cfg(unix)]
#[test]
fn a_name_that_is_not_utf8_hides_no_other_and_no_link_is_followed() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let names: [&[u8]; 6] =
        [b"\xff.md", b"\xfe.md", "\u{fffd}.md".as_bytes(), b"\\xff.md", b"\\\xff.md", b"\\\\xff.md"];
    let repository = Repository::empty();
    for name in names {
        fs::write(repository.path().join(OsStr::from_bytes(name)), name).unwrap();
    }
    let check = |state: Snapshot| {
        let shown = ["\\\\xff.md", "\\xfe.md", "\\xff.md", "\u{fffd}.md"];
        assert_eq!(paths(&state), shown);
        let texts = paths(&state).into_iter().map(|path| text(&state, path));
        let readable: Vec<String> = texts.filter(|text| text.ends_with(".md")).collect();
        assert_eq!(readable, ["\\\\xff.md", "\\xff.md", "\u{fffd}.md"]);
    };
    check(repository.worktree());
    repository.commit("2026-10-02");
    [repository.worktree(), repository.staged(), repository.at("HEAD")].into_iter().for_each(check);

    let outside = Repository::folder_with(&[("a.md", "not ours")]);
    let repository = Repository::with(&[("docs/a.md", "ours"), ("b.md", "")]);
    fs::remove_dir_all(repository.join("docs")).unwrap();
    std::os::unix::fs::symlink(outside.path(), repository.join("docs")).unwrap();
    assert_eq!(paths(&repository.worktree()), ["b.md"], "a tracked file whose folder became a link");
}
