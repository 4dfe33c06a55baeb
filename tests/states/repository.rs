//! A repository in a temporary folder, on dates that the tests set.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::files;

use alignlint::snapshot::Snapshot;

pub struct Repository {
    temporary: tempfile::TempDir,
}

impl Repository {
    /// A folder that is no repository yet.
    pub fn folder() -> Repository {
        Repository { temporary: tempfile::tempdir().expect("a temporary folder") }
    }

    pub fn empty() -> Repository {
        let repository = Repository::folder();
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    /// A repository with these files in its first commit.
    pub fn with(files: &[(&str, &str)]) -> Repository {
        let repository = Repository::empty();
        repository.write(files);
        repository.commit("2026-10-01");
        repository
    }

    /// A copy of `origin`, made by `git clone` with these options.
    pub fn clone(origin: &Repository, options: &[&str]) -> Repository {
        let clone = Repository::folder();
        let url = format!("file://{}", origin.path().display());
        let arguments = [&["clone", "--quiet"], options, &[&url, "."]].concat();
        clone.git(&arguments);
        clone
    }

    pub fn path(&self) -> PathBuf {
        self.temporary.path().canonicalize().expect("the folder is there")
    }

    pub fn write(&self, files: &[(&str, &str)]) {
        files::write(&self.path(), files);
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path().join(path)).expect("the file was there");
    }

    /// Commits all that is on disk, on noon of `day`, and gives the commit's identifier.
    pub fn commit(&self, day: &str) -> String {
        self.git(&["add", "--all"]);
        self.commit_staged(day)
    }

    pub fn commit_staged(&self, day: &str) -> String {
        let date = format!("{day}T12:00:00+00:00");
        let dates = [("GIT_AUTHOR_DATE", &*date), ("GIT_COMMITTER_DATE", &*date)];
        git(&self.path(), &["commit", "--quiet", "--allow-empty", "--message", day], &dates);
        self.git(&["rev-parse", "HEAD"])
    }

    /// What `git` prints, without the line end.
    pub fn git(&self, arguments: &[&str]) -> String {
        git(&self.path(), arguments, &[])
    }

    pub fn git_succeeds(&self, arguments: &[&str]) -> bool {
        run_git(&self.path(), arguments, &[]).status.success()
    }

    pub fn staged(&self) -> Snapshot {
        Snapshot::index(&self.path()).expect("what is staged can be told")
    }

    pub fn at(&self, rev: &str) -> Snapshot {
        Snapshot::revision(&self.path(), rev).expect("the revision can be told")
    }

    pub fn worktree(&self) -> Snapshot {
        Snapshot::worktree(&self.path()).expect("the worktree can be told")
    }

    /// What the program says with these arguments, on 2026-11-20.
    pub fn check(&self, arguments: &[&str]) -> Said {
        self.check_under(arguments, &[])
    }

    pub fn check_under(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Said {
        self.run(&[&["--as-of", "2026-11-20", "--format", "concise"], arguments].concat(), environment)
    }

    /// What the program says with exactly these arguments.
    pub fn run(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_alignlint"));
        forget_git(&mut command);
        let output = command
            .current_dir(self.path())
            .args(arguments)
            .envs(environment.iter().copied())
            .output()
            .expect("the program starts");
        Said::of(&output)
    }
}

/// What the program printed, and how it ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Said {
    fn of(output: &Output) -> Said {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the program writes UTF-8");
        Said { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// The messages of the findings, without place and rule.
    pub fn messages(&self) -> Vec<&str> {
        assert!(self.code != Some(2), "the run failed: {}", self.err);
        self.out.lines().map(|line| line.split_once("] ").expect("a rule in brackets").1).collect()
    }

    /// What a run that failed says, on one line.
    pub fn fault(&self) -> String {
        assert_eq!(self.code, Some(2), "the run does not fail: {self:?}");
        self.err.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The paths of a state.
pub fn paths(snapshot: &Snapshot) -> Vec<&str> {
    snapshot.files().iter().map(|file| &*file.path).collect()
}

/// The text of a file of a state, or why there is none.
pub fn text(snapshot: &Snapshot, path: &str) -> String {
    let file = snapshot.get(path).expect("the file is listed");
    match snapshot.read(file) {
        Ok(source) => source.text().to_owned(),
        Err(problem) => problem.message,
    }
}

fn git(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let done = run_git(folder, arguments, environment);
    assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).trim_end().to_owned()
}

fn run_git(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new("git");
    forget_git(&mut command);
    command
        .current_dir(folder)
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .envs(environment.iter().copied())
        .output()
        .expect("git starts")
}

/// The tests may themselves run in a hook, whose variables name another repository.
fn forget_git(command: &mut Command) {
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
        command.env_remove(name);
    }
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null").env_remove("COLUMNS");
}
