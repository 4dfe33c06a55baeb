//! `alignlint init` says what is recognised, and writes a configuration, first records, a hook and a workflow; `alignlint new KIND [TITLE]`
//! writes the next record in the repository's own style, `alignlint new rule FAMILY/NAME` a rule.

use std::process::ExitCode;

use clap::Args;

use crate::config::ConfigSource;
use crate::draft::{self, Request, Written};
use crate::linter::{self, Linter};
use crate::snapshot::Snapshot;
use crate::starter::{self, Survey};

use super::{CommandResult, DateOptions, Error, Terminal, print_notices, streams};

#[derive(Args)]
pub(super) struct NewOptions {
    /// A kind of record such as `decision`, or `rule`.
    kind: String,
    /// The title of the record, or the name of the rule as `family/name`.
    title: Vec<String>,
    /// The identifier of the record, instead of the next one that is free here and on every branch.
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// The folder or file to write to, if such records are kept in several.
    #[arg(long = "in", value_name = "PATH")]
    place: Option<std::path::PathBuf>,
    /// The severity of a rule.
    #[arg(long, value_name = "SEVERITY", value_parser = ["error", "warning", "note"], default_value = "warning")]
    severity: String,
    #[command(flatten)]
    date: DateOptions,
}

const RULE: &str = "rule";

pub(super) fn new(options: &NewOptions, terminal: &Terminal) -> CommandResult {
    let linter = open(options, terminal)?;
    print_notices(&linter.notices());
    let title = options.title.iter().flat_map(|part| part.split_whitespace()).collect::<Vec<_>>().join(" ");
    let kinds = &linter.policy().kinds;
    let Written { path, line, others, notices } = match options.kind.as_str() {
        RULE if kinds.get(RULE).is_none() => draft::write_rule(&linter, &title, &options.severity)?,
        name => {
            let kind = kinds.find(name, &[RULE])?;
            let place = options.place.as_deref().map(|place| linter.place(place));
            let (id, place, today) = (options.id.clone(), place.transpose()?, linter.as_of());
            draft::write_record(&linter, &Request { kind, title, id, place, today })?
        }
    };
    let shown = |path: &str| linter.snapshot().path_from_here(path);
    // Nothing else, so that an editor can be started with it.
    streams::print(format!("{}\n", shown(&path)))?;
    if line > 1 {
        streams::notice(&format!("the new record begins at line {line}"));
    }
    others.iter().for_each(|path| streams::notice(&format!("also wrote `{}`", shown(path))));
    print_notices(&notices);
    Ok(ExitCode::SUCCESS)
}

/// Opens the repository. A folder of `extends` may be empty: `new` writes its first rule.
fn open(options: &NewOptions, terminal: &Terminal) -> Result<Linter, Error> {
    let linter_options = options.date.linter_options(terminal)?;
    let begins_policy = || {
        let snapshot = Snapshot::worktree(linter_options.directory());
        snapshot.is_ok_and(|snapshot| draft::begins_policy(&snapshot.project()))
    };
    let config = match options.kind == RULE && begins_policy() {
        true => ConfigSource::Disabled,
        false => linter_options.config.clone(),
    };
    Linter::open(linter::Options { config, ..linter_options })
}

#[derive(Args)]
pub(super) struct InitOptions {
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

pub(super) fn init(options: &InitOptions, terminal: &Terminal) -> CommandResult {
    let linter = Linter::open(options.date.linter_options(terminal)?)?;
    print_notices(&linter.notices());
    let survey = Survey::take(&linter)?;
    streams::print(&survey.text)?;
    let request = starter::Request {
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
