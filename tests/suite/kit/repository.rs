//! Repositories in temporary folders, built by Git itself.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use alignlint::snapshot::Snapshot;
use tempfile::TempDir;

use super::output::{Output, PROGRAM, command, git, git_as, git_command};
use super::{TODAY, alignlint};

pub const ADA: &str = "Ada Byron <ada@example.org>";
pub const BO: &str = "Bo Ek <bo@example.org>";

/// A temporary folder, in most cases a Git repository on the branch `main`.
pub struct Repository {
    path: PathBuf,
    _folder: TempDir,
}

impl Repository {
    /// An empty folder that is not a repository.
    pub fn folder() -> Repository {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Repository { path: folder.path().canonicalize().expect("the folder is there"), _folder: folder }
    }

    /// A folder with these files that is not a repository.
    pub fn folder_with(files: &[(&str, &str)]) -> Repository {
        let folder = Repository::folder();
        folder.write(files);
        folder
    }

    /// A repository without commits.
    pub fn empty() -> Repository {
        let repository = Repository::folder();
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository.belongs_to_ada();
        repository
    }

    /// A repository with these files in its first commit, of 2026-10-01.
    pub fn with(files: &[(&str, &str)]) -> Repository {
        let repository = Repository::empty();
        repository.write(files);
        repository.commit("2026-10-01");
        repository
    }

    /// A clone of another repository, made with these options.
    pub fn clone(origin: &Repository, options: &[&str]) -> Repository {
        let clone = Repository::folder();
        clone.git(&[&["clone", "--quiet"], options, &[&origin.url(), "."]].concat());
        clone.belongs_to_ada();
        clone
    }

    /// Makes Ada the author of the next commits.
    fn belongs_to_ada(&self) {
        let file =
            [".git/config", "config"].map(|path| self.join(path)).into_iter().find(|path| path.is_file());
        let mut file = fs::File::options().append(true).open(file.expect("a configuration")).expect("a file");
        file.write_all(b"[user]\n\tname = Ada Byron\n\temail = ada@example.org\n").expect("it is written");
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn join(&self, path: &str) -> PathBuf {
        self.path.join(path)
    }

    /// The `file:` URL of the repository.
    pub fn url(&self) -> String {
        format!("file://{}", self.path.display())
    }

    /// Writes these files, by path and text, with the folders around them.
    pub fn write(&self, files: &[(&str, &str)]) {
        files.iter().for_each(|(path, text)| self.write_file(path, text));
    }

    pub fn write_file(&self, path: &str, content: &(impl AsRef<[u8]> + ?Sized)) {
        let path = self.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        fs::write(path, content).expect("the file is written");
    }

    #[track_caller]
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    #[track_caller]
    pub fn remove(&self, path: &str) {
        fs::remove_file(self.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// Runs Git, which has to succeed; returns what it prints, without the line end.
    #[track_caller]
    pub fn git(&self, arguments: &[&str]) -> String {
        git(&self.path, arguments)
    }

    /// As [`Repository::git`], with the author and the time of the commits that it makes.
    #[track_caller]
    pub fn git_as(&self, author: &str, time: &str, arguments: &[&str]) {
        git_as(&self.path, author, time, arguments);
    }

    /// True if Git succeeds.
    pub fn git_succeeds(&self, arguments: &[&str]) -> bool {
        Output::of(git_command(&self.path).args(arguments)).code == Some(0)
    }

    /// Commits all files at noon of a day as Ada, without running hooks; returns the identifier of the commit.
    pub fn commit(&self, day: &str) -> String {
        self.commit_as(day, ADA, day);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Commits all files at noon of a day, without running hooks.
    pub fn commit_as(&self, day: &str, author: &str, message: &str) {
        self.git(&["add", "--all"]);
        let commit = ["commit", "--quiet", "--allow-empty", "--no-verify", "--message", message];
        self.git_as(author, &noon(day), &commit);
    }

    /// Merges a branch by a commit at noon of a day.
    pub fn merge_as(&self, day: &str, author: &str, message: &str, branch: &str) {
        self.git_as(author, &noon(day), &["merge", "--quiet", "--no-ff", "-m", message, branch]);
    }

    /// Runs the program with exactly these arguments.
    pub fn run(&self, arguments: &[&str]) -> Output {
        alignlint(&self.path, arguments)
    }

    /// Runs the program on 2026-11-20.
    pub fn run_today(&self, arguments: &[&str]) -> Output {
        let before_paths = arguments.iter().position(|argument| *argument == "--").unwrap_or(arguments.len());
        let (flags, paths) = arguments.split_at(before_paths);
        self.run(&[flags, &["--as-of", TODAY], paths].concat())
    }

    /// Runs the program on 2026-11-20, with one finding a line.
    pub fn check(&self, arguments: &[&str]) -> Output {
        self.run(&[&["--as-of", TODAY, "--format", "concise"], arguments].concat())
    }

    /// As [`Repository::check`], with these environment variables.
    pub fn check_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        let mut command = command(PROGRAM, &self.path);
        command.args(["--as-of", TODAY, "--format", "concise"]).args(arguments);
        Output::of(command.envs(environment.iter().copied()))
    }

    pub fn staged(&self) -> Snapshot {
        Snapshot::index(&self.path).expect("the index can be read")
    }

    pub fn at(&self, rev: &str) -> Snapshot {
        Snapshot::revision(&self.path, rev).expect("the revision can be read")
    }

    pub fn worktree(&self) -> Snapshot {
        Snapshot::worktree(&self.path).expect("the worktree can be read")
    }
}

fn noon(day: &str) -> String {
    format!("{day}T12:00:00+00:00")
}
