//! Repositories that Git itself has made, on dates that the tests set.

use std::path::Path;
use std::process::{Command, Output};

use crate::files;

use serde_json::Value;
use tempfile::TempDir;

/// A repository on the branch `main`.
pub struct Repository(pub TempDir);

pub const ADA: &str = "Ada Byron <ada@example.org>";
pub const BO: &str = "Bo Ek <bo@example.org>";

impl Repository {
    pub fn new() -> Repository {
        let repository = Repository(tempfile::tempdir().expect("a temporary folder"));
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, path: &str, text: &str) {
        files::write(self.path(), &[(path, text)]);
    }

    pub fn git(&self, arguments: &[&str]) {
        git(self.path(), "2026-01-01T12:00:00+00:00", ADA, arguments);
    }

    /// Commits all that stands there, on a day at noon.
    pub fn commit(&self, day: &str, author: &str, message: &str) {
        self.git(&["add", "--all"]);
        let time = format!("{day}T12:00:00+00:00");
        git(self.path(), &time, author, &["commit", "--quiet", "--allow-empty", "-m", message]);
    }

    pub fn merge(&self, day: &str, author: &str, message: &str, branch: &str) {
        let time = format!("{day}T12:00:00+00:00");
        git(self.path(), &time, author, &["merge", "--quiet", "--no-ff", "-m", message, branch]);
    }

    /// What a rule finds on 2026-11-20, one line each.
    pub fn found(&self, rule: &str) -> String {
        let arguments = ["--select", rule, "--as-of", "2026-11-20", "--format", "concise"];
        let output = alignlint(self.path(), &arguments);
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub fn blame(&self, what: &str) -> Vec<Value> {
        let output = alignlint(self.path(), &["blame", what, "--format", "json", "--as-of", "2026-11-20"]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        told["fields"].as_array().expect("a list").clone()
    }

    /// `DAY AUTHOR: BEFORE -> VALUE` of a field's last change.
    pub fn changed(&self, what: &str, field: &str) -> String {
        let fields = self.blame(what);
        let found = fields.iter().find(|row| row["field"] == field);
        let row = found.unwrap_or_else(|| panic!("no {field} in {fields:#?}"));
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let changed = &row["changed"];
        let (day, author) = (text(&changed["date"]), text(&changed["author"]));
        format!("{day} {author}: {} -> {}", text(&row["before"]), text(&row["value"]))
    }
}

pub fn git(folder: &Path, time: &str, author: &str, arguments: &[&str]) {
    let (name, email) = author.trim_end_matches('>').split_once(" <").expect("a name and an address");
    let mut git = Command::new("git");
    for (variable, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
        git.env_remove(variable);
    }
    let done = git
        .current_dir(folder)
        .args(["-c", "protocol.file.allow=always"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .envs([("GIT_AUTHOR_NAME", name), ("GIT_AUTHOR_EMAIL", email), ("GIT_AUTHOR_DATE", time)])
        .envs([("GIT_COMMITTER_NAME", name), ("GIT_COMMITTER_EMAIL", email), ("GIT_COMMITTER_DATE", time)])
        .output()
        .expect("git starts");
    assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

pub fn alignlint(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_alignlint"));
    command.current_dir(folder).env_remove("COLUMNS").args(arguments).output().expect("the program starts")
}
