//! The command line: parses arguments, calls the [linter](crate::linter) and prints.
//!
//! Exit codes: 0 without findings of at least `--fail-on`, 1 with such findings, 2 if the run failed.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use jiff::civil::Date;

use crate::calendar::parse_date;
use crate::config::{ConfigSource, GivenExport};
use crate::finding::Fault;
use crate::input::Input;
use crate::linter::{self, Error, Linter, StateSelector};
use crate::report::{self, Escaped, Escaping, OutputStyle};
use crate::schema::nearest;

mod check;
mod config;
mod explain;
mod fix;
mod listings;
mod lsp;
mod mcp;
mod new;
mod streams;
mod views;

use streams::{Color, Printed, Stream, Terminal};

/// The program's name and version, as reports show them.
pub const TOOL: &str = concat!("alignlint ", env!("CARGO_PKG_VERSION"));

/// Check that an organisation's decisions, objectives, metrics and owners are consistent.
#[derive(Parser)]
#[command(name = "alignlint", version = config::VERSION, disable_version_flag = true)]
#[command(subcommand_precedence_over_arg = true)]
#[command(
    after_help = "Exit codes: 0 no findings at or above `--fail-on`, 1 such findings, 2 the run failed"
)]
struct CommandLine {
    /// Run as if started in DIR.
    #[arg(short = 'C', value_name = "DIR", global = true)]
    directory: Option<PathBuf>,
    /// When to use colours.
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto")]
    color: Color,
    /// Print the version; with `--verbose`, also what a bug report needs.
    #[arg(short = 'V', long)]
    version: bool,
    #[command(subcommand)]
    subcommand: Option<Command>,
    #[command(flatten)]
    check: check::Options,
}

#[derive(Subcommand)]
enum Command {
    /// Check the repository that contains the current folder (default command).
    Check(check::Options),
    /// Say what is recognised here, and write a configuration file; on request also first records, a hook and a workflow.
    Init(new::InitOptions),
    /// Write the next record of a kind in the style of those that are there, or the draft of a rule.
    New(new::NewOptions),
    /// List all records with their kind and location.
    Records(listings::RecordsOptions),
    /// Show the decisions that govern a file or folder, in force and not.
    #[command(alias = "for")]
    Why(listings::WhyOptions),
    /// Show what falls due and what is overdue, also as a calendar.
    Due(views::DueOptions),
    /// Show what the records say: which metrics are governed, how goals ladder up, decisions, assumptions and load.
    Report(views::ReportOptions),
    /// Show what the next session of a forum has to look at.
    Agenda(views::AgendaOptions),
    /// Show what was decided and what moved since a date or revision.
    Digest(views::DigestOptions),
    /// Show how past states of the records look to the rules of today, as numbers.
    Trend(views::TrendOptions),
    /// Write records, findings and days that fall due as JSON Lines with a seal, for other repositories and for tables.
    Export(listings::ExportOptions),
    /// Give a record another id: in its file, in references, pages and code; prints a patch.
    Rename(fix::RenameOptions),
    /// Show when each field last changed, in which commit and by whom.
    Blame(listings::BlameOptions),
    /// Serve an editor by the Language Server Protocol, over standard input and output.
    Lsp(lsp::Options),
    /// List all rules with their severity.
    Rules(listings::RulesOptions),
    /// Print the configuration that applies, each value with its origin.
    Config(config::ConfigurationOptions),
    /// Explain a rule, a family of rules or a kind of record, with examples.
    Explain(explain::ExplainOptions),
    /// Test rules with their own examples.
    Test(explain::TestOptions),
    /// Print the JSON Schema of a kind, or of a file format of alignlint.
    Schema(explain::SchemaOptions),
    /// Answer agents over standard input and output, by the Model Context Protocol.
    Mcp(mcp::McpOptions),
    /// Print a shell completion script.
    Completions(explain::CompletionsOptions),
    /// Print a manual page in the format of `man`.
    Manual(explain::ManualOptions),
}

/// The configuration to use; the same for every subcommand that reads a repository.
#[derive(Args, Clone, Default)]
struct ConfigOptions {
    /// Use this configuration file instead of the repository's alignlint.yaml.
    #[arg(long, value_name = "FILE", conflicts_with = "no_config", global = true)]
    config: Option<PathBuf>,
    /// Use no configuration file.
    #[arg(long, global = true)]
    no_config: bool,
}

impl ConfigOptions {
    fn source(&self) -> ConfigSource {
        match &self.config {
            _ if self.no_config => ConfigSource::Disabled,
            Some(file) => ConfigSource::File(file.clone()),
            None => ConfigSource::Discovered,
        }
    }

    /// Opens the policy of the current folder, for subcommands that check nothing.
    fn open_policy(&self, terminal: &Terminal) -> Result<Linter, Error> {
        let (directory, config) = (terminal.directory.clone(), self.source());
        let options = linter::Options { directory, config, ..linter::Options::default() };
        let linter = Linter::open_policy(options)?;
        print_notices(&linter.notices());
        Ok(linter)
    }
}

/// The date of the run.
#[derive(Args)]
struct DateOptions {
    /// Calculate ages and due dates as of this date instead of today.
    #[arg(long, value_name = "DATE", global = true)]
    as_of: Option<String>,
}

impl DateOptions {
    /// The options for the worktree of the current folder as of the date.
    fn linter_options(&self, terminal: &Terminal) -> Result<linter::Options, Fault> {
        let as_of = self.as_of.as_deref().map(date).transpose()?;
        Ok(linter::Options { directory: terminal.directory.clone(), as_of, ..linter::Options::default() })
    }
}

/// The state of the repository to read, with its configuration.
#[derive(Args)]
struct ReadOptions {
    /// Read the staged files (the next commit) instead of the working tree.
    #[arg(long, conflicts_with = "rev")]
    staged: bool,
    /// Read this revision instead of the working tree: a branch, tag or commit such as `HEAD~2`.
    #[arg(long, value_name = "REV")]
    rev: Option<String>,
    #[command(flatten)]
    date: DateOptions,
    #[command(flatten)]
    config: ConfigOptions,
    /// Look up references such as `platform:D-12` in FILE, which `alignlint export` wrote in the repository; may be
    /// repeated.
    #[arg(long = "repository", value_name = "NAME=FILE", value_parser = GivenExport::parse)]
    repositories: Vec<GivenExport>,
    /// Neither read nor write the cache in the repository's `.git/alignlint`.
    #[arg(long, global = true)]
    no_cache: bool,
}

impl ReadOptions {
    fn linter_options(&self, terminal: &Terminal) -> Result<linter::Options, Fault> {
        Ok(linter::Options {
            state: match &self.rev {
                Some(rev) => StateSelector::Revision(rev.clone()),
                None if self.staged => StateSelector::Staged,
                None => StateSelector::Worktree,
            },
            config: self.config.source(),
            exports: self.repositories.clone(),
            use_cache: !self.no_cache,
            ..self.date.linter_options(terminal)?
        })
    }

    fn open(&self, terminal: &Terminal) -> Result<Linter, Error> {
        Linter::open(self.linter_options(terminal)?)
    }

    /// Opens the policy alone, of the state if that is not the worktree.
    fn open_policy(&self, terminal: &Terminal) -> Result<Linter, Error> {
        if self.staged || self.rev.is_some() {
            self.open(terminal)
        } else {
            self.config.open_policy(terminal)
        }
    }

    /// Prints what `write` writes about the records.
    fn show(
        &self,
        terminal: &Terminal,
        write: impl Fn(&Linter, &Input, &OutputStyle, &mut Vec<u8>) -> Result<(), Error>,
    ) -> CommandResult {
        let linter = self.open(terminal)?;
        let style = terminal.style(Stream::Out);
        let written = |input: &Input| {
            let mut text = Vec::new();
            write(&linter, input, &style, &mut text).map(|()| (text, linter.notices_about(input)))
        };
        let (text, notices) = linter.read(written)?.inspect_err(|_| print_notices(&linter.notices()))?;
        print_notices(&notices);
        streams::print_as(Escaping::of(&style), text)
    }
}

fn date(text: &str) -> Result<Date, Fault> {
    let fault = || Fault::new(format!("`{text}` is not a date")).help("write it as YYYY-MM-DD");
    parse_date(text).ok_or_else(fault)
}

fn print_notices(notices: &[String]) {
    for notice in notices {
        streams::notice(notice);
    }
}

type CommandResult = Result<ExitCode, Error>;

/// Names the nearest subcommand in the fault of a missing path, if it is the only path and is a word.
fn name_subcommand(mut error: Error, options: &check::Options) -> Error {
    let Some(word) = options.only_word() else { return error };
    let command = CommandLine::command();
    let near = nearest(word, command.get_subcommands().map(clap::Command::get_name));
    let message = linter::missing_path(word.as_ref()).message;
    for fault in error.faults.iter_mut().filter(|fault| fault.message == message) {
        fault.help = near.map(|near| format!("did you mean the subcommand `{near}`?")).or(fault.help.take());
    }
    error
}

/// Runs the program. The first argument is the program's name.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    start(arguments.into_iter().collect(), run)
}

#[doc(hidden)]
pub struct Captured {
    pub code: ExitCode,
    pub out: Vec<u8>,
    pub err: Vec<u8>,
}

/// Runs the program in this process: as if started in `folder`, without a terminal and without the variables that choose colours and
/// widths. A new process would parse and compile the embedded files again. The first argument is the program's name.
#[doc(hidden)]
pub fn run_captured(folder: &Path, arguments: impl IntoIterator<Item = OsString>) -> Captured {
    let arguments = arguments.into_iter().collect();
    // All that a run prints is printed by one thread of its pool, or before there is one.
    let of_run = Mutex::new(Printed::default());
    let (code, of_start) = streams::capture(|| {
        start(arguments, |mut command| {
            command.directory = Some(folder.join(command.directory.unwrap_or_default()));
            let (code, printed) = streams::capture(|| run(command));
            *of_run.lock().unwrap_or_else(PoisonError::into_inner) = printed;
            code
        })
    });
    let of_run = of_run.into_inner().unwrap_or_else(PoisonError::into_inner);
    Captured { code, out: [of_start.out, of_run.out].concat(), err: [of_start.err, of_run.err].concat() }
}

fn start(arguments: Vec<OsString>, run: impl FnOnce(CommandLine) -> ExitCode + Send) -> ExitCode {
    let command = match parse(arguments) {
        Ok(command) => command,
        Err(error) => {
            print_usage(&error);
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    match rayon::ThreadPoolBuilder::new().stack_size(linter::STACK_SIZE).build() {
        Ok(pool) => pool.install(|| run(command)),
        Err(error) => {
            streams::notice(&format!("can't start threads: {error}"));
            ExitCode::from(2)
        }
    }
}

/// Parses the arguments. A flag of the check before a subcommand would have no effect, so it is an error; as is one that is accepted
/// anywhere where the subcommand does not read it.
fn parse(arguments: Vec<OsString>) -> Result<CommandLine, clap::Error> {
    let mut command = CommandLine::command();
    // Before clap adds those of the whole program.
    let own = command.clone();
    let matches = command.try_get_matches_from_mut(arguments)?;
    let Some(subcommand) = matches.subcommand_name().and_then(|name| own.find_subcommand(name)) else {
        return CommandLine::from_arg_matches(&matches);
    };
    let is_wrong = |argument: &&Arg| {
        let id = argument.get_id();
        let is_read = matches!(id.as_str(), "directory" | "color" | "version")
            || argument.is_global_set() && subcommand.get_arguments().any(|own| own.get_id() == id);
        !is_read && matches.value_source(id.as_str()) == Some(ValueSource::CommandLine)
    };
    let Some(wrong) = command.get_arguments().find(is_wrong).cloned() else {
        return CommandLine::from_arg_matches(&matches);
    };
    let name = subcommand.get_name();
    let message = match wrong.is_global_set() {
        true => format!("the subcommand `{name}` does not use `{wrong}`"),
        false => format!("write `{wrong}` behind the subcommand `{name}`"),
    };
    Err(command.error(ErrorKind::ArgumentConflict, message))
}

fn print_usage(error: &clap::Error) {
    let terminal = Terminal { color: Color::Auto, directory: PathBuf::new() };
    let stream = if error.use_stderr() { Stream::Err } else { Stream::Out };
    let style = terminal.style(stream);
    let text = error.render();
    let text = if style.color { text.ansi().to_string() } else { text.to_string() };
    let mut out = Escaped::new(stream, Escaping::of(&style));
    // A disk may be full.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

fn print_faults(faults: &[Fault], terminal: &Terminal) {
    let style = terminal.style(Stream::Err);
    let mut out = streams::stderr(&style);
    // Standard error takes everything.
    let _ = faults.iter().try_for_each(|fault| report::write_fault(fault, &style, &mut out));
    let _ = out.flush();
}

fn run(command: CommandLine) -> ExitCode {
    let terminal = Terminal { color: command.color, directory: command.directory.unwrap_or_default() };
    let result = match command.subcommand {
        _ if command.version => config::version(command.check.is_verbose(), &terminal),
        None => check::run(&command.check, &terminal).map_err(|error| name_subcommand(error, &command.check)),
        Some(Command::Check(options)) => check::run(&options, &terminal),
        Some(Command::Init(options)) => new::init(&options, &terminal),
        Some(Command::New(options)) => new::new(&options, &terminal),
        Some(Command::Records(options)) => listings::records(&options, &terminal),
        Some(Command::Why(options)) => listings::why(&options, &terminal),
        Some(Command::Due(options)) => views::due(&options, &terminal),
        Some(Command::Report(options)) => views::report(&options, &terminal),
        Some(Command::Agenda(options)) => views::agenda(&options, &terminal),
        Some(Command::Digest(options)) => views::digest(&options, &terminal),
        Some(Command::Trend(options)) => views::trend(&options, &terminal),
        Some(Command::Export(options)) => listings::export(&options, &terminal),
        Some(Command::Rename(options)) => fix::rename(&options, &terminal),
        Some(Command::Blame(options)) => listings::blame(&options, &terminal),
        Some(Command::Lsp(options)) => lsp::run(&options, &terminal),
        Some(Command::Rules(options)) => listings::rules(&options, &terminal),
        Some(Command::Config(options)) => config::config(&options, &terminal),
        Some(Command::Explain(options)) => explain::explain(&options, &terminal),
        Some(Command::Test(options)) => explain::test(&options, &terminal),
        Some(Command::Schema(options)) => explain::schema(&options, &terminal),
        Some(Command::Mcp(options)) => mcp::run(&options, &terminal),
        Some(Command::Completions(options)) => explain::completions(&options),
        Some(Command::Manual(options)) => explain::manual(&options),
    };
    result.unwrap_or_else(|Error { faults, notices }| {
        print_notices(&notices);
        print_faults(&faults, &terminal);
        ExitCode::from(2)
    })
}
