//! The command line: one file a subcommand, and the exit codes.
//!
//! 0: nothing at or above `--fail-on`. 1: findings. 2: the run itself failed.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::ConfigSource;
use crate::finding::Fault;
use crate::policy::PolicyPaths;
use crate::report;
use crate::snapshot::Snapshot;

mod baseline;
mod blame;
mod check;
mod completions;
mod explain;
mod fix;
mod manual;
mod progress;
mod project;
mod records;
mod rules;
mod schema;
mod since;
mod terminal;
mod test;

use terminal::{Color, Terminal};

/// The program's name and version, as reports show them.
pub const TOOL: &str = concat!("alignlint ", env!("CARGO_PKG_VERSION"));

/// Checks that an organisation's decisions, goals, metrics and owners agree with each other.
#[derive(Parser)]
#[command(name = "alignlint", version = env!("ALIGNLINT_VERSION"), subcommand_precedence_over_arg = true)]
#[command(after_help = "Exit codes: 0 nothing found, 1 findings, 2 the run itself failed.")]
struct Command {
    /// Run as if started in DIR.
    #[arg(short = 'C', value_name = "DIR", global = true)]
    directory: Option<PathBuf>,
    /// When to use colours.
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto")]
    color: Color,
    #[command(subcommand)]
    task: Option<Task>,
    #[command(flatten)]
    check: check::Options,
}

#[derive(Subcommand)]
enum Task {
    /// Check the repository around the current directory (the default).
    Check(check::Options),
    /// List what was recognised as a record, where, and as what.
    Records(records::Options),
    /// Show when the meaning of each field last changed, in which commit and by whom.
    Blame(blame::Options),
    /// List the rules.
    Rules(rules::Options),
    /// Say what a rule wants, why, and show its examples.
    Explain(explain::Options),
    /// Run the examples of rules.
    Test(test::Options),
    /// Print the JSON Schema of a kind, or of the tool's own files.
    Schema(schema::Options),
    /// Print a script that has a shell complete what is typed.
    Completions(completions::Options),
    /// Print a page of the manual, as `man` reads it.
    Manual(manual::Options),
}

/// Where the configuration comes from; the same for every subcommand that reads a repository.
#[derive(Args, Clone, Default)]
struct ConfigOptions {
    /// Read this configuration in place of the repository's alignlint.yaml.
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,
    /// Read no configuration.
    #[arg(long)]
    no_config: bool,
}

/// What is remembered from one run to the next.
#[derive(Args, Clone, Copy, Default)]
struct CacheOptions {
    /// Use nothing that an earlier run has kept in the repository's `.git/alignlint`, and keep nothing there.
    #[arg(long)]
    no_cache: bool,
}

impl CacheOptions {
    fn apply(self, snapshot: &Snapshot) {
        if !self.no_cache {
            snapshot.enable_cache();
        }
    }
}

impl ConfigOptions {
    fn sources(&self) -> PolicyPaths {
        let config = match &self.config {
            _ if self.no_config => ConfigSource::Disabled,
            Some(file) => ConfigSource::File(file.clone()),
            None => ConfigSource::Discovered,
        };
        PolicyPaths { config, baseline: None }
    }
}

/// Which state of the repository is read; the worktree where nothing is said.
#[derive(Args, Clone, Default)]
struct StateOptions {
    /// Read what is staged, as the next commit will hold it, instead of the worktree.
    #[arg(long, conflicts_with = "rev")]
    staged: bool,
    /// Read a revision instead of the worktree: a branch, a tag, a commit, HEAD~2 …
    #[arg(long, value_name = "REV")]
    rev: Option<String>,
}

/// How a run ended.
type Run = Result<ExitCode, Failure>;

/// Why a run failed.
enum Failure {
    Faults(Vec<Fault>),
    Io(io::Error),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Failure {
        Failure::Faults(vec![fault])
    }
}

impl From<Vec<Fault>> for Failure {
    fn from(faults: Vec<Fault>) -> Failure {
        Failure::Faults(faults)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Io(error)
    }
}

/// Each thread's stack: deep expressions and deep trees are walked by recursion within known limits.
const STACK: usize = 8 << 20;

/// Runs the program with these arguments, the program's name first.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let command = match Command::try_parse_from(arguments) {
        Ok(command) => command,
        Err(error) => {
            // Printing help can only fail when nobody reads it.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let pool = match rayon::ThreadPoolBuilder::new().stack_size(STACK).build() {
        Ok(pool) => pool,
        Err(error) => {
            let _ = writeln!(io::stderr(), "alignlint: no threads can be started: {error}");
            return ExitCode::from(2);
        }
    };
    pool.install(|| run(command))
}

fn run(command: Command) -> ExitCode {
    let terminal =
        Terminal { color: command.color, directory: command.directory.unwrap_or_else(|| PathBuf::from(".")) };
    let result = match command.task {
        None => check::run(&command.check, &terminal),
        Some(Task::Check(options)) => check::run(&options, &terminal),
        Some(Task::Records(options)) => records::run(&options, &terminal),
        Some(Task::Blame(options)) => blame::run(&options, &terminal),
        Some(Task::Rules(options)) => rules::run(&options, &terminal),
        Some(Task::Explain(options)) => explain::run(&options, &terminal),
        Some(Task::Test(options)) => test::run(&options, &terminal),
        Some(Task::Schema(options)) => schema::run(&options, &terminal),
        Some(Task::Completions(options)) => completions::run(&options),
        Some(Task::Manual(options)) => manual::run(&options),
    };
    match result {
        Ok(code) => code,
        // The reader has gone, such as `head`: that is no failure of ours.
        Err(Failure::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Io(error)) => {
            let _ = writeln!(io::stderr(), "alignlint: {error}");
            ExitCode::from(2)
        }
        Err(Failure::Faults(faults)) => {
            for fault in faults {
                let _ = report::write_fault(&fault, &terminal.style(&io::stderr()), &mut io::stderr());
            }
            ExitCode::from(2)
        }
    }
}
