//! A repository in a temporary folder, and the program at work in it on 2026-11-20.

use std::path::PathBuf;
use std::process::{Command, Output};

use crate::files;

pub struct Repository {
    temporary: tempfile::TempDir,
}

impl Repository {
    /// A repository with these files in its first commit.
    pub fn with(files: &[(&str, &str)]) -> Repository {
        let repository = Repository { temporary: tempfile::tempdir().expect("a temporary folder") };
        repository.write(files);
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository.git(&["add", "--all"]);
        repository.git(&["commit", "--quiet", "--message", "start"]);
        repository
    }

    pub fn path(&self) -> PathBuf {
        self.temporary.path().canonicalize().expect("the folder is there")
    }

    pub fn write(&self, files: &[(&str, &str)]) {
        files::write(&self.path(), files);
    }

    pub fn git(&self, arguments: &[&str]) {
        let output = self.command("git").args(arguments).output().expect("git starts");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// What the program says with these arguments, a finding a line.
    pub fn check(&self, arguments: &[&str]) -> Said {
        self.check_raw(&[&["--format", "concise"], arguments].concat())
    }

    /// What the program says with these arguments, in the usual format.
    pub fn check_raw(&self, arguments: &[&str]) -> Said {
        let mut command = self.command(env!("CARGO_BIN_EXE_alignlint"));
        let output = command.args(["--as-of", "2026-11-20"]).args(arguments).output();
        Said::of(&output.expect("the program starts"))
    }

    /// The tests may themselves run in a hook, whose variables name another repository.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
            command.env_remove(name);
        }
        command
            .current_dir(self.path())
            .env_remove("COLUMNS")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null");
        for role in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{role}_NAME"), "Ada")
                .env(format!("GIT_{role}_EMAIL"), "ada@example.org");
            command.env(format!("GIT_{role}_DATE"), "2026-10-01T12:00:00+00:00");
        }
        command
    }
}

/// What the program printed, and how it ended.
#[derive(Debug)]
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

    /// What a run that failed says, on one line.
    pub fn fault(&self) -> String {
        assert_eq!(self.code, Some(2), "the run does not fail: {self:?}");
        self.err.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}
