//! `alignlint init`: says what is recognised, and writes a configuration, first records, a hook and a workflow.

use std::process::ExitCode;

use clap::Args;

use crate::linter::Linter;
use crate::starter::{self, Request, Survey};

use super::{CommandResult, DateOptions, Terminal, print_notices, streams};

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
    streams::print(&survey.text)?;
    let request = Request {
        kinds: options.with.clone(),
        example: options.example,
        hook: options.hook,
        workflow: options.workflow,
    };
    let steps = starter::write(&linter, &survey, &request, linter.as_of())?;
    for step in &steps {
        streams::print(format!("{}\n", step.message))?;
    }
    streams::print(starter::next_steps(&linter, &survey, &request, &steps))?;
    let is_any_written = steps.iter().any(|step| step.is_written);
    Ok(ExitCode::from(u8::from(!is_any_written)))
}
