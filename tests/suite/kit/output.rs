//! Runs of programs.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::LazyLock;

use alignlint::cli::run_captured;
use serde_json::Value;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_alignlint");

/// The exit code of a program that has ended, and what it printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Output {
    /// Runs a command to its end.
    pub fn of(command: &mut Command) -> Output {
        command.output().unwrap_or_else(|error| panic!("{command:?}: {error}")).into()
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The findings of the format `concise` without their location: `severity[rule] message`.
    #[track_caller]
    pub fn findings(&self) -> Vec<&str> {
        assert!(self.code != Some(2), "the run failed: {}", self.err);
        self.out.lines().map(|line| line.split_once(": ").expect("a location").1).collect()
    }

    /// The messages of these findings.
    #[track_caller]
    pub fn messages(&self) -> Vec<&str> {
        self.findings().into_iter().map(|line| line.split_once("] ").expect("a rule in brackets").1).collect()
    }

    /// Standard error on one line.
    pub fn notes(&self) -> String {
        self.err.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The error message of a run that failed, on one line.
    #[track_caller]
    pub fn fault(&self) -> String {
        assert_eq!(self.code, Some(2), "the run does not fail: {self:?}");
        self.notes()
    }
}

impl From<std::process::Output> for Output {
    fn from(output: std::process::Output) -> Output {
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        Output { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// A command in a folder, as Ada on 2026-10-01. The tests may run in a Git hook, a workflow or a terminal: the
/// variables that these set are removed.
pub fn command(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let is_foreign =
            ["GIT_", "GITHUB_", "INPUT_", "ACTION"].iter().any(|prefix| text.starts_with(prefix))
                || ["COLUMNS", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"].contains(&&*text);
        if is_foreign {
            command.env_remove(&name);
        }
    }
    set_author(&mut command, super::ADA, "2026-10-01T12:00:00+00:00");
    command.current_dir(folder).envs(CONFIGURATIONS.map(|name| (name, "/dev/null")));
    command
}

/// Makes Git commits those of an author, `Name <address>`, at a time.
fn set_author(command: &mut Command, author: &str, time: &str) {
    let (name, email) = author.trim_end_matches('>').split_once(" <").expect("a name and an address");
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), name).env(format!("GIT_{role}_EMAIL"), email);
        command.env(format!("GIT_{role}_DATE"), time);
    }
}

/// Runs the program with exactly these arguments: in this process, where the embedded files are parsed once, unless the environment
/// could make a difference.
pub fn alignlint(folder: &Path, arguments: &[&str]) -> Output {
    if !*IS_PLAIN_ENVIRONMENT {
        return Output::of(command(PROGRAM, folder).args(arguments));
    }
    let arguments = std::iter::once(PROGRAM).chain(arguments.iter().copied()).map(OsString::from);
    let captured = run_captured(folder, arguments);
    let code = (0..=2).find(|code| captured.code == ExitCode::from(*code)).map(i32::from);
    let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
    Output { code, out: text(captured.out), err: text(captured.err) }
}

/// True if Git's variables are those of `.cargo/config.toml`: no configuration of the user, and no hook that runs the tests.
static IS_PLAIN_ENVIRONMENT: LazyLock<bool> = LazyLock::new(|| {
    let has_no_file = |name| std::env::var_os(name).is_some_and(|file| file == "/dev/null");
    let is_other = |name: &str| name.starts_with("GIT_") && !name.starts_with("GIT_SSL_");
    let others = std::env::vars_os().filter(|(name, _)| is_other(&name.to_string_lossy())).count();
    others == CONFIGURATIONS.len() && CONFIGURATIONS.into_iter().all(has_no_file)
});

const CONFIGURATIONS: [&str; 2] = ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"];

/// Runs Git, which has to succeed; returns what it prints, without the line end.
#[track_caller]
pub fn git(folder: &Path, arguments: &[&str]) -> String {
    succeeds(git_command(folder).args(arguments))
}

/// As [`git`], with the author and the time of the commits that it makes.
#[track_caller]
pub fn git_as(folder: &Path, author: &str, time: &str, arguments: &[&str]) -> String {
    let mut command = git_command(folder);
    set_author(&mut command, author, time);
    succeeds(command.args(arguments))
}

/// Git, which may use other folders as remotes.
pub fn git_command(folder: &Path) -> Command {
    let mut command = command("git", folder);
    command.args(["-c", "protocol.file.allow=always"]);
    command
}

#[track_caller]
fn succeeds(command: &mut Command) -> String {
    let output = Output::of(command);
    assert_eq!(output.code, Some(0), "{command:?}: {}{}", output.out, output.err);
    output.out.trim_end().to_owned()
}
