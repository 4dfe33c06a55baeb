//! A repository in a temporary folder, and what is run in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::files;

pub struct Repository {
    temporary: tempfile::TempDir,
}

impl Repository {
    pub fn empty() -> Repository {
        let repository = Repository { temporary: tempfile::tempdir().expect("a temporary folder") };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    /// A repository with these files in its first commit.
    pub fn with(files: &[(&str, &str)]) -> Repository {
        let repository = Repository::empty();
        repository.write(files);
        repository.commit("first");
        repository
    }

    pub fn path(&self) -> PathBuf {
        self.temporary.path().canonicalize().expect("the folder is there")
    }

    pub fn write(&self, files: &[(&str, &str)]) {
        files::write(&self.path(), files);
    }

    /// Commits all that is on disk without asking a hook, and gives the commit's identifier.
    pub fn commit(&self, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--no-verify", "--message", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// What `git` prints, without the line end.
    pub fn git(&self, arguments: &[&str]) -> String {
        git(&self.path(), arguments)
    }
}

pub fn git(folder: &Path, arguments: &[&str]) -> String {
    let Said { code, out, err } = Said::by(command("git", folder).args(arguments));
    assert_eq!(code, Some(0), "git {arguments:?}: {out}{err}");
    out.trim_end().to_owned()
}

/// A program that is run in a folder, knowing of no other repository: the tests may themselves run in a hook or
/// in a workflow, whose variables name one.
pub fn command(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    let foreign =
        |name: &str| ["GIT_", "GITHUB_", "INPUT_", "ACTION"].iter().any(|own| name.starts_with(own));
    for (name, _) in std::env::vars_os().filter(|(name, _)| foreign(&name.to_string_lossy())) {
        command.env_remove(name);
    }
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "Ada").env(format!("GIT_{role}_EMAIL"), "ada@example.org");
        command.env(format!("GIT_{role}_DATE"), "2026-11-18T12:00:00+00:00");
    }
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null").env_remove("COLUMNS");
    command.current_dir(folder);
    command
}

/// What a program printed, and how it ended.
#[derive(Debug, PartialEq)]
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Said {
    pub fn by(command: &mut Command) -> Said {
        let Output { status, stdout, stderr } = command.output().expect("the program starts");
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        Said { code: status.code(), out: text(stdout), err: text(stderr) }
    }
}

/// Files of this repository, as they are handed out.
pub fn handed_out(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the file is there")
}

pub const ADA: (&str, &str) = ("governance/people/ada.yaml", "kind: person\nid: ada\nname: Ada Byron\n");
pub const CARL: (&str, &str) = ("governance/people/carl.yaml", "kind: person\nid: carl\nname: Carl Gauss\n");

/// A decision in which nothing is wrong but, perhaps, its owner.
pub fn decision(owner: &str) -> String {
    format!(
        "decisions:\n  - id: D-1\n    title: Sell through partners\n    status: accepted\n    date: 2026-11-01\n    \
         owner: {owner}\n    options: [partners, own staff]\n    trade-offs: [margin]\n"
    )
}

pub const DECISIONS: &str = "governance/decisions.yaml";
