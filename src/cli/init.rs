//! `alignlint init`: says what is recognised, and writes a configuration, first records, a hook and a workflow.

use std::process::ExitCode;

use clap::Args;

use crate::linter::Linter;
use crate::starter::{self, Outcome, Request, Survey};

use super::{CommandResult, DateOptions, Failure, Terminal, ask, print_notices, streams};

#[derive(Args)]
pub(super) struct Options {
    /// Write a file with example records for each of these kinds: `objectives,kpis`.
    #[arg(long, value_name = "KINDS", value_delimiter = ',')]
    with: Vec<String>,
    /// Write the records of a small company, a file for each kind that most begin with, as an example to change.
    #[arg(long, conflicts_with = "with")]
    example: bool,
    /// Write a Git hook that reports what a commit adds.
    #[arg(long)]
    hook: bool,
    /// Write a GitHub workflow that checks pull requests.
    #[arg(long)]
    workflow: bool,
    #[command(flatten)]
    date: DateOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let linter = Linter::open(options.date.linter_options(terminal)?)?;
    print_notices(&linter.notices());
    let survey = Survey::take(&linter)?;
    streams::print(survey.to_string())?;
    let mut request = Request {
        kinds: options.with.clone(),
        example: options.example,
        hook: options.hook,
        workflow: options.workflow,
    };
    let is_bare = request.kinds.is_empty() && !(request.example || request.hook || request.workflow);
    if is_bare && streams::is_dialogue() {
        request = ask_request(&linter, &survey)?;
    }
    let steps = starter::write(&linter, &survey, &request, linter.as_of())?;
    for step in &steps {
        streams::print(format!("{step}\n"))?;
    }
    if request.hook && !streams::is_captured() && !is_on_path(PROGRAM) {
        let text = "no folder of `PATH` has `alignlint`, so the hook can't run it; install it there, or write its path into the hook";
        streams::notice(text);
    }
    streams::print(format!("{}\n", starter::next_steps(&linter, &survey, &request, &steps)))?;
    let has_git = linter.snapshot().hooks().is_ok();
    if has_git && !(request.hook || request.workflow || streams::is_dialogue()) {
        streams::print(
            "`alignlint init --hook` writes a Git hook that reports what a commit adds, `--workflow` a GitHub workflow\n",
        )?;
    }
    let is_any_written = steps.iter().any(|step| step.outcome == Outcome::Written);
    Ok(ExitCode::from(u8::from(!is_any_written)))
}

/// The name by which the hook runs the program.
const PROGRAM: &str = "alignlint";

fn is_on_path(program: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| {
        let file = folder.join(program);
        file.is_file() || file.with_extension("exe").is_file()
    })
}

/// Asks for kinds until there are kinds of all names in the answer.
fn asked_kinds(linter: &Linter, names: &[&str]) -> Result<Vec<String>, Failure> {
    loop {
        let question = format!("Example records of which kinds? ({}; Enter for none)", names.join(", "));
        let answer = ask::answer(&question)?;
        let words: Vec<&str> = answer.split([',', ' ']).filter(|word| !word.is_empty()).collect();
        if let ["n" | "N" | "no" | "none"] = words[..] {
            return Ok(Vec::new());
        }
        let unknown = words.iter().find_map(|word| linter.policy().kinds.find(word, &[]).err());
        match unknown {
            Some(fault) => {
                let help = fault.help.as_deref().map_or_else(String::new, |help| format!("; {help}"));
                streams::print(format!("{}{help}\n", fault.message))?;
            }
            None => return Ok(words.into_iter().map(str::to_owned).collect()),
        }
    }
}

/// Asks on the terminal what to write.
fn ask_request(linter: &Linter, survey: &Survey) -> Result<Request, Failure> {
    let mut request = Request::default();
    if survey.found.is_empty() {
        request.example = ask::yes("Write the records of a small company, as an example to change?")?;
    }
    if !request.example {
        let free = linter.policy().kinds.iter().filter(|kind| kind.has_examples() && !survey.has(&kind.name));
        let names: Vec<&str> = free.map(|kind| &*kind.plural).collect();
        request.kinds = asked_kinds(linter, &names)?;
    }
    if linter.snapshot().hooks().is_ok() {
        request.hook = ask::yes("Write a Git hook that reports what a commit adds?")?;
        request.workflow = ask::yes("Write a GitHub workflow that checks pull requests?")?;
    }
    Ok(request)
}
