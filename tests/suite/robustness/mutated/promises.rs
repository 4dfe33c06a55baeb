//! What holds for the program, whatever lies in a repository.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::files::{self, Files};
use crate::kit::{PROGRAM, TODAY, command, git_command};

/// A run that takes longer has failed.
const LONGEST: Duration = Duration::from_mins(1);

/// The exit code of the program, and what it printed, as bytes.
#[derive(Clone, PartialEq)]
pub struct Run {
    pub arguments: String,
    pub code: Option<i32>,
    pub out: Vec<u8>,
    pub err: Vec<u8>,
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = |bytes| String::from_utf8_lossy(bytes).chars().take(4000).collect::<String>();
        writeln!(f, "`{}` ends with {:?}", self.arguments, self.code)?;
        writeln!(f, "{}\n{}", text(&self.out), text(&self.err))
    }
}

/// A promise that was broken.
pub type Broken = String;

/// Runs the program on a number of threads: it ends, without a panic, with one of its exit codes.
pub fn run(folder: &Path, threads: usize, arguments: &[&str]) -> Result<Run, Broken> {
    let mut command = command("timeout", folder);
    command.arg(LONGEST.as_secs().to_string()).arg(PROGRAM).args(arguments).args(["--as-of", TODAY]);
    command.env("RAYON_NUM_THREADS", threads.to_string()).stdin(Stdio::null());
    let output = command.output().expect("the program starts");
    let arguments = format!("RAYON_NUM_THREADS={threads} alignlint {}", arguments.join(" "));
    let run = Run { arguments, code: output.status.code(), out: output.stdout, err: output.stderr };
    let err = String::from_utf8_lossy(&run.err);
    let panicked = ["panicked at", "RUST_BACKTRACE", "stack overflow", "internal error"]
        .iter()
        .any(|text| err.contains(text));
    match run.code {
        Some(0..=2) if !panicked => Ok(run),
        _ => Err(run.to_string()),
    }
}

/// Standard error without the time that the run took.
fn notes(run: &Run) -> String {
    let text = String::from_utf8_lossy(&run.err);
    let is_time = |word: &&str| word.ends_with("s.") && word.starts_with(|c: char| c.is_ascii_digit());
    text.split_whitespace().filter(|word| !is_time(word)).collect::<Vec<_>>().join(" ")
}

/// The same is printed, and the same code returned.
fn same(one: &Run, two: &Run) -> Result<(), Broken> {
    if (one.code, &one.out, notes(one)) == (two.code, &two.out, notes(two)) {
        return Ok(());
    }
    let lines = |run: &Run| -> Vec<String> {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        (text(&run.out) + &text(&run.err)).lines().map(str::to_owned).collect()
    };
    let only = |own: &Run, other: &Run| {
        let other = lines(other);
        let own: Vec<String> = lines(own).into_iter().filter(|line| !other.contains(line)).take(5).collect();
        own.join("\n")
    };
    let describe = |own: &Run, other: &Run| {
        format!("{}: {:?}, and only here:\n{}", own.arguments, own.code, only(own, other))
    };
    Err(format!("{}\n{}", describe(one, two), describe(two, one)))
}

const REPORT: [&str; 3] = ["--format", "jsonl", "-v"];

fn check(folder: &Path, threads: usize, more: &[&str]) -> Result<Run, Broken> {
    run(folder, threads, &[&REPORT, more].concat())
}

/// Neither the number of threads nor the cache makes a difference.
pub fn one_answer(folder: &Path, state: &[&str]) -> Result<Run, Broken> {
    let first = check(folder, 1, &[state, &["--no-cache"]].concat())?;
    // The second of these reads what the first one has written into the cache.
    same(&first, &check(folder, 4, state)?)?;
    same(&first, &check(folder, 2, state)?)?;
    Ok(first)
}

/// What is committed, what is staged and what is on disk is judged alike, if it is the same.
pub fn one_state(folder: &Path) -> Result<(), Broken> {
    let worktree = one_answer(folder, &[])?;
    for state in [&["--rev", "HEAD"][..], &["--rev", "HEAD", "--no-cache"], &["--staged"]] {
        same(&worktree, &check(folder, 3, state)?)?;
    }
    Ok(())
}

/// The second `--fix` changes nothing, and a patch changes what `--fix` does.
pub fn fixes_end(folder: &Path, old: &Files) -> Result<(), Broken> {
    let patch = run(folder, 2, &["--diff", "--fix=all", "--quiet"])?;
    let first = run(folder, 2, &["--fix=all", "--format", "concise"])?;
    let fixed = files::read(folder);
    let second = run(folder, 2, &["--fix=all", "--format", "concise"])?;
    let again = files::read(folder);
    if again != fixed {
        let changed = again.keys().filter(|path| fixed.get(*path) != again.get(*path));
        let names: Vec<_> = changed.map(|path| String::from_utf8_lossy(path)).collect();
        return Err(format!("a second `--fix=all` changes {names:?}\n{first}\n{second}"));
    }
    if first.code == Some(2) {
        return if &fixed == old { Ok(()) } else { Err(format!("files are changed by\n{first}")) };
    }
    files::write(folder, &fixed, &mut old.clone());
    if !patch.out.is_empty() {
        let mut apply = git_command(folder);
        apply.args(["apply", "--whitespace=nowarn", "-"]);
        let applied = with_input(&mut apply, &patch.out);
        if !applied.0 {
            return Err(format!("the patch does not apply: {}\n{patch}", applied.1));
        }
    }
    let patched = files::read(folder);
    if patched == fixed { Ok(()) } else { Err(format!("the patch is not what is written\n{patch}\n{first}")) }
}

fn with_input(command: &mut Command, input: &[u8]) -> (bool, String) {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().expect("it starts");
    let written = child.stdin.take().expect("a pipe").write_all(input);
    let output = child.wait_with_output().expect("it ends");
    (output.status.success() && written.is_ok(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// As in a pull request: the policy and the base come from another commit.
pub fn pull_request(folder: &Path) -> Result<(), Broken> {
    one_answer(folder, &["--rev", "HEAD", "--since", "HEAD~1", "--policy-from", "HEAD~1"]).map(drop)
}

/// Every other command and format ends too; what is to be JSON is JSON.
pub fn every_command(folder: &Path, which: usize) -> Result<(), Broken> {
    const COMMANDS: [&[&str]; 12] = [
        &["records"],
        &["records", "--format", "json"],
        &["blame"],
        &["rules"],
        &["test"],
        &["--format", "json", "--statistics"],
        &["--format", "sarif", "--since", "HEAD~1"],
        &["--format", "github"],
        &["--format", "gitlab"],
        &["--format", "junit"],
        &["--format", "markdown"],
        &["-v", "--color", "always"],
    ];
    let arguments = COMMANDS[which % COMMANDS.len()];
    let run = run(folder, 2, arguments)?;
    let is_json = ["json", "sarif", "gitlab"].iter().any(|format| arguments.contains(format));
    let is_text = std::str::from_utf8(&run.out).is_ok();
    let fits =
        !is_json || run.code == Some(2) || serde_json::from_slice::<serde_json::Value>(&run.out).is_ok();
    if is_text && fits { Ok(()) } else { Err(run.to_string()) }
}
