use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;

struct Folder {
    temporary: tempfile::TempDir,
}

impl Folder {
    fn new() -> Folder {
        Folder { temporary: tempfile::tempdir().unwrap() }
    }

    fn committed(files: &[(&str, &str)]) -> Folder {
        let folder = Folder::new();
        folder.git(&["init", "--quiet", "--initial-branch=main"]);
        for (path, text) in files {
            folder.write(path, text);
        }
        folder.git(&["add", "--all"]);
        folder.commit();
        folder
    }

    fn path(&self) -> PathBuf {
        self.temporary.path().canonicalize().unwrap()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn git(&self, arguments: &[&str]) {
        git_in(&self.path(), arguments);
    }

    fn commit(&self) {
        self.git(&["commit", "--quiet", "--allow-empty", "--message=x"]);
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot::worktree(self.temporary.path()).unwrap()
    }
}

fn git_in(folder: &Path, arguments: &[&str]) {
    let mut git = Command::new("git");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
        git.env_remove(name);
    }
    let done = git
        .current_dir(folder)
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap();
    assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn paths(snapshot: &Snapshot) -> Vec<&str> {
    snapshot.files().iter().map(|file| &*file.path).collect()
}

fn text(snapshot: &Snapshot, path: &str) -> String {
    snapshot.read(snapshot.get(path).unwrap()).unwrap().text().to_owned()
}

#[test]
fn a_worktree_holds_what_is_tracked_and_what_is_neither_tracked_nor_ignored() {
    let folder = Folder::committed(&[("a.md", "a"), (".gitignore", "*.log\n/out/\n"), ("docs/b.md", "b")]);
    folder.write("new.md", "untracked");
    folder.write("debug.log", "ignored");
    folder.write("out/page.md", "ignored");
    folder.write("docs/out/page.md", "the pattern means the root's `out`");
    folder.write("kept.log", "tracked although ignored");
    folder.git(&["add", "--force", "kept.log"]);
    let snapshot = folder.snapshot();
    assert_eq!(
        paths(&snapshot),
        [".gitignore", "a.md", "docs/b.md", "docs/out/page.md", "kept.log", "new.md"]
    );
    assert_eq!(text(&snapshot, "new.md"), "untracked");
    assert!(snapshot.notices().is_empty());
}

#[test]
fn tracked_files_of_an_ignored_folder_are_there_and_the_others_are_not() {
    let folder = Folder::committed(&[("keep/deep/a.md", "a"), ("b.md", "b")]);
    folder.write(".gitignore", "keep/\n");
    folder.write("keep/deep/c.md", "c");
    assert_eq!(paths(&folder.snapshot()), [".gitignore", "b.md", "keep/deep/a.md"]);
}

#[test]
fn patterns_that_only_this_clone_ignores_count() {
    let folder = Folder::committed(&[("a.md", "")]);
    folder.write(".git/info/exclude", "/private.md\n");
    folder.write("private.md", "");
    folder.write("docs/private.md", "");
    assert_eq!(paths(&folder.snapshot()), ["a.md", "docs/private.md"]);
}

#[test]
fn a_repository_without_a_commit_or_an_index_is_listed() {
    let folder = Folder::new();
    folder.git(&["init", "--quiet"]);
    folder.write("a.md", "");
    assert_eq!(paths(&folder.snapshot()), ["a.md"]);
}

#[test]
fn outside_git_the_folder_is_walked_and_its_gitignore_honoured() {
    let folder = Folder::new();
    for path in ["a.md", "sub/b.md", "sub/skipped.md", ".hidden/c.md"] {
        folder.write(path, "");
    }
    folder.write("sub/.gitignore", "skipped.md\n");
    let snapshot = Snapshot::worktree(&folder.path()).unwrap();
    assert_eq!(paths(&snapshot), [".hidden/c.md", "a.md", "sub/.gitignore", "sub/b.md"]);
    assert_eq!(snapshot.prefix(), "");
    let below = Snapshot::worktree(&folder.path().join("sub")).unwrap();
    assert_eq!(paths(&below), [".gitignore", "b.md"]);
}

#[test]
fn a_folder_that_does_not_exist_is_a_fault() {
    let missing = Folder::new().path().join("nowhere");
    let fault = Snapshot::worktree(&missing).unwrap_err();
    assert_eq!(fault.message, format!("can't open `{}`: it does not exist", missing.display()));
}

#[test]
fn submodules_and_repositories_inside_are_there_but_not_looked_into() {
    let library = Folder::committed(&[("inside.md", "")]);
    let folder = Folder::committed(&[("a.md", "")]);
    folder.git(&["submodule", "--quiet", "add", library.path().to_str().unwrap(), "lib"]);
    folder.write("other/b.md", "");
    git_in(&folder.path().join("other"), &["init", "--quiet"]);
    let snapshot = folder.snapshot();
    assert_eq!(paths(&snapshot), [".gitmodules", "a.md"]);
    assert!(snapshot.has("lib/inside.md") && snapshot.has("other") && !snapshot.has("library"));

    folder.git(&["submodule", "--quiet", "deinit", "--force", "lib"]);
    assert!(folder.snapshot().has("lib/inside.md"), "a submodule that is not checked out may hold it");
}

#[test]
fn a_linked_worktree_is_listed_and_excludes_what_the_clone_excludes() {
    let folder = Folder::committed(&[("a.md", "")]);
    let other = Folder::new();
    let place = other.path().join("linked");
    folder.git(&["worktree", "add", "--quiet", place.to_str().unwrap(), "-b", "side"]);
    folder.write(".git/info/exclude", "private.md\n");
    fs::write(place.join("private.md"), "").unwrap();
    fs::write(place.join("b.md"), "").unwrap();
    assert_eq!(paths(&Snapshot::worktree(&place).unwrap()), ["a.md", "b.md"]);
}

#[test]
fn a_bare_repository_has_no_worktree() {
    let folder = Folder::new();
    folder.git(&["init", "--quiet", "--bare"]);
    let fault = Snapshot::worktree(&folder.path()).unwrap_err();
    assert!(fault.message.ends_with(" is bare"), "{fault}");
}

#[test]
fn a_damaged_repository_is_a_fault() {
    let cases = [
        (".git/index", "nothing Git wrote", "can't read the index"),
        (
            ".git/config",
            "[core]\nrepositoryformatversion = 7\n",
            ": Repository configuration could not be loaded",
        ),
    ];
    for (file, text, words) in cases {
        let folder = Folder::committed(&[("a.md", "")]);
        folder.write(file, text);
        let fault = Snapshot::worktree(&folder.path()).unwrap_err();
        assert!(fault.message.contains(words), "{fault}");
    }
    let folder = Folder::new();
    folder.write(".git", "gitdir: /nowhere/at/all\n");
    let fault = Snapshot::worktree(&folder.path()).unwrap_err();
    assert!(fault.message.ends_with("/.git` does not point to a Git repository"), "{fault}");
}

#[test]
fn a_sparse_checkout_says_what_is_not_there() {
    for index in ["--no-sparse-index", "--sparse-index"] {
        let folder = Folder::committed(&[("a.md", ""), ("in/b.md", ""), ("out/c.md", "")]);
        folder.git(&["sparse-checkout", "set", "--cone", index, "in"]);
        let snapshot = folder.snapshot();
        assert_eq!(paths(&snapshot), ["a.md", "in/b.md"]);
        assert!(snapshot.has("out/c.md"), "it may be there");
        assert!(snapshot.notices()[0].starts_with("sparse checkout: 1 tracked path is not on disk"));
    }
}

#[test]
fn files_in_memory_are_read_and_found_as_those_on_disk() {
    let files = [("docs/b.md", "b"), ("a.md", "a"), ("docs-old/c.md", "c")];
    let snapshot = Snapshot::in_memory(files.map(|(path, text)| (path.to_owned(), text.to_owned())));
    assert_eq!(paths(&snapshot), ["a.md", "docs-old/c.md", "docs/b.md"]);
    assert_eq!(snapshot.read_path("docs/b.md").unwrap().text(), "b");
    assert!(snapshot.read_path("docs").is_none() && snapshot.read_path("docs/c.md").is_none());
    assert!(snapshot.has("docs") && snapshot.has("") && !snapshot.has("doc"));
    assert!(snapshot.has_folder("docs-old") && !snapshot.has_folder("a.md"));
    assert_eq!(snapshot.resolve(Path::new("docs/../a.md")).as_deref(), Some("a.md"));
}

#[test]
fn a_file_above_the_limit_is_not_read() {
    let folder = Folder::new();
    fs::File::create(folder.path().join("huge.yaml"))
        .unwrap()
        .set_len(limits::FILE_BYTES as u64 + 1)
        .unwrap();
    folder.write("small.yaml", "id: 1");
    let snapshot = folder.snapshot();
    let problem = snapshot.read(snapshot.get("huge.yaml").unwrap()).unwrap_err();
    assert_eq!(problem.message, "the file is larger than 64 MiB");
    assert_eq!(text(&snapshot, "small.yaml"), "id: 1");
}

#[test]
fn a_file_that_vanishes_after_the_listing_is_a_problem() {
    let folder = Folder::committed(&[("a.md", "")]);
    let snapshot = folder.snapshot();
    fs::remove_file(folder.path().join("a.md")).unwrap();
    let problem = snapshot.read(&snapshot.files()[0]).unwrap_err();
    assert_eq!(problem.message, "the file can't be read: it does not exist");
}

#[test]
fn git_dir_and_git_work_tree_name_the_repository() {
    let folder = Folder::committed(&[("a.md", ""), (".gitignore", "*.log\n")]);
    folder.write(".git/info/exclude", "private.md\n");
    let tree = Folder::new();
    tree.write("a.md", "");
    tree.write("private.md", "");
    tree.write("debug.log", "");
    let environment = [("GIT_DIR", folder.path().join(".git")), ("GIT_WORK_TREE", tree.path())];
    assert_eq!(listed_under(&environment, Folder::new().path()), "a.md debug.log");

    let separate = Folder::new();
    fs::rename(folder.path().join(".git"), separate.path().join("repo.git")).unwrap();
    let environment = [("GIT_DIR", separate.path().join("repo.git"))];
    assert_eq!(listed_under(&environment, folder.path()), ".gitignore a.md");
    assert_eq!(
        listed_under(&[("GIT_DIR", separate.path().join("nowhere"))], folder.path()),
        "can't open the repository of `GIT_DIR`"
    );
}

/// The files that a process with this environment, standing in `folder`, lists; or the start of its fault.
/// The process is this test program itself, asked for the test below.
fn listed_under(environment: &[(&str, PathBuf)], folder: PathBuf) -> String {
    let output = tempfile::NamedTempFile::new().unwrap();
    let done = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "snapshot::tests::lists_the_current_folder_when_asked_to"])
        .current_dir(folder)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .env("ALIGNLINT_TEST_OUTPUT", output.path())
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
    fs::read_to_string(output.path()).unwrap()
}

#[test]
fn lists_the_current_folder_when_asked_to() {
    let Some(output) = std::env::var_os("ALIGNLINT_TEST_OUTPUT") else { return };
    let listed = match Snapshot::worktree(Path::new(".")) {
        Ok(snapshot) => paths(&snapshot).join(" "),
        Err(fault) => fault.message.split(": ").next().unwrap().to_owned(),
    };
    fs::write(output, listed).unwrap();
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, chown, symlink};

    use super::*;

    #[test]
    fn a_symbolic_link_is_there_and_never_followed() {
        let outside = Folder::new();
        outside.write("secret.md", "secret");
        let folder = Folder::committed(&[("docs/a.md", "")]);
        symlink(outside.path().join("secret.md"), folder.path().join("leak.md")).unwrap();
        symlink(outside.path(), folder.path().join("away")).unwrap();
        symlink("docs/a.md", folder.path().join("alias.md")).unwrap();
        folder.git(&["add", "--all"]);
        let snapshot = folder.snapshot();
        assert_eq!(paths(&snapshot), ["docs/a.md"]);
        assert!(snapshot.has("alias.md") && snapshot.has("away/secret.md"));
        assert!(snapshot.read_path("leak.md").is_none());
    }

    #[test]
    fn a_tracked_file_whose_folder_became_a_link_is_not_read_through_it() {
        let outside = Folder::new();
        outside.write("a.md", "not ours");
        let folder = Folder::committed(&[("docs/a.md", "ours"), ("b.md", "")]);
        fs::remove_dir_all(folder.path().join("docs")).unwrap();
        symlink(outside.path(), folder.path().join("docs")).unwrap();
        assert_eq!(paths(&folder.snapshot()), ["b.md"]);
    }

    #[test]
    fn a_name_that_is_not_utf8_hides_no_other() {
        let names: [&[u8]; 6] =
            [b"\xff.md", b"\xfe.md", "\u{fffd}.md".as_bytes(), b"\\xff.md", b"\\\xff.md", b"\\\\xff.md"];
        let folder = Folder::committed(&[]);
        for name in names {
            fs::write(folder.path().join(OsStr::from_bytes(name)), name).unwrap();
        }
        let check = |snapshot: Snapshot| {
            let shown = ["\\\\\\xff.md", "\\\\xff.md", "\\xfe.md", "\\xff.md", "\\xff.md\0", "\u{fffd}.md"];
            assert_eq!(paths(&snapshot), shown);
            let readable = snapshot.files().iter().filter_map(|file| snapshot.read(file).ok());
            let readable: Vec<String> = readable.map(|source| source.text().to_owned()).collect();
            assert_eq!(readable, ["\\\\xff.md", "\\xff.md", "\u{fffd}.md"]);
        };
        check(folder.snapshot());
        folder.git(&["add", "--all"]);
        folder.commit();
        check(folder.snapshot());
        check(Snapshot::index(&folder.path()).unwrap());
        check(Snapshot::revision(&folder.path(), "HEAD").unwrap());
        folder.write(".gitignore", "*.md\n");
        let ignored = folder.snapshot();
        assert_eq!(paths(&ignored).len(), 1 + names.len());
    }

    #[test]
    fn a_file_without_permission_is_a_problem_and_the_others_are_read() {
        let folder = Folder::committed(&[("a.md", "a"), ("b.md", "b")]);
        fs::set_permissions(folder.path().join("a.md"), fs::Permissions::from_mode(0o000)).unwrap();
        let snapshot = folder.snapshot();
        assert_eq!(text(&snapshot, "b.md"), "b");
        let is_root = fs::read(folder.path().join("a.md")).is_ok();
        let expected = if is_root { None } else { Some("the file can't be read: permission denied") };
        let problem = snapshot.read(&snapshot.files()[0]).err();
        assert_eq!(problem.as_ref().map(|problem| &*problem.message), expected);
    }

    #[test]
    fn another_owners_repository_is_read_all_the_same() {
        let folder = Folder::committed(&[("a.md", "")]);
        folder.write(".gitignore", "a.md");
        let not_permitted = |path: &str| chown(folder.path().join(path), Some(4242), Some(4242)).is_err();
        if ["", ".git", ".git/config", ".git/index"].into_iter().any(not_permitted) {
            return; // only root can give files away
        }
        assert_eq!(paths(&folder.snapshot()), [".gitignore", "a.md"]);
    }
}
