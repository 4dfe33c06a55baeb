//! `alignlint test [DIR]`: tests rules with their own examples, or on the records of the repository.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use crate::finding::Fault;
use crate::linter::{self, Linter, is_within};
use crate::report::OutputStyle;
use crate::rule::Rule;
use crate::rule_test;
use crate::schema::did_you_mean;

use super::{CommandResult, ConfigOptions, DateOptions, Failure, Terminal, print_notices, streams};

#[derive(Args)]
pub(super) struct Options {
    /// Test only the rules in this folder, or the rule of this id; default: all rules.
    dir: Option<PathBuf>,
    /// Run the rules on the records of the repository, and name those that are never judged, with the reason; default: your
    /// own rules.
    #[arg(long)]
    here: bool,
    /// Test only these rules, also built-in ones: rule ids, or families such as `decision/*`.
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    select: Vec<String>,
    #[command(flatten)]
    date: DateOptions,
    #[command(flatten)]
    config: ConfigOptions,
}

impl Options {
    fn linter_options(&self, terminal: &Terminal) -> Result<linter::Options, Fault> {
        let (config, select) = (self.config.source(), self.select.clone());
        Ok(linter::Options { config, select, ..self.date.linter_options(terminal)? })
    }
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let linter_options = options.linter_options(terminal)?;
    let (linter, faults) = open(&linter_options, options.here)?;
    print_notices(&linter.notices());
    let snapshot = linter.snapshot();
    let named = options.dir.as_deref().and_then(|name| rule_named(&linter, name));
    let folder = match &options.dir {
        None => String::new(),
        Some(dir) => snapshot
            .resolve(dir)
            .filter(|path| snapshot.has(path))
            .or_else(|| named.map(|rule| rule.source.path().to_string()))
            .or_else(|| faulty_file(&faults, dir))
            .ok_or_else(|| {
                let fault = Fault::new(format!("no folder or rule `{}` in this repository", dir.display()));
                let rules = &linter.policy().rules;
                fault.help(match dir.to_str().and_then(|name| rules.meant(name)) {
                    Some(meant) => did_you_mean(meant),
                    None => "name a folder, or a rule that `alignlint rules` lists".to_owned(),
                })
            })?,
    };
    let rules = linter.rules().iter().filter(|rule| is_within(rule.source.path(), &folder)).cloned();
    let is_asked_for =
        |fault: &Fault| fault.place.as_ref().is_some_and(|place| is_within(place.source.path(), &folder));
    let (asked_for, others): (Vec<Fault>, Vec<Fault>) = faults.into_iter().partition(is_asked_for);
    for fault in others {
        streams::line(&format!("not read: {}", fault.message));
    }
    let rules: Vec<Arc<Rule>> = match options.here {
        true => rules.filter(|rule| rule.is_own || named.is_some() || !options.select.is_empty()).collect(),
        false => rules.collect(),
    };
    let failed = || Failure::Lint(asked_for.clone().into());
    if rules.is_empty() && !asked_for.is_empty() {
        return Err(failed());
    }
    let result = if options.here { test_here(&linter, &rules) } else { test_examples(&linter, &rules) };
    if asked_for.is_empty() { result } else { result.and(Err(failed())) }
}

fn rule_named<'l>(linter: &'l Linter, name: &Path) -> Option<&'l Arc<Rule>> {
    linter.rules().iter().find(|rule| name == Path::new(&*rule.id))
}

/// The file of a rule that does not load, by the id of the rule.
fn faulty_file(faults: &[Fault], name: &Path) -> Option<String> {
    let paths = faults.iter().filter_map(|fault| Some(fault.place.as_ref()?.source.path().to_string()));
    let file = Path::new("rules").join(name);
    paths.into_iter().find(|path| Path::new(path).with_extension("").ends_with(&file))
}

/// Opens the policy without the rules that don't load, and returns their faults.
fn open(options: &linter::Options, here: bool) -> Result<(Linter, Vec<Fault>), linter::Error> {
    let open = |options| if here { Linter::open(options) } else { Linter::open_policy(options) };
    let error = match open(options.clone()) {
        Ok(linter) => return Ok((linter, Vec::new())),
        Err(error) => error,
    };
    let rule = |fault: &Fault| {
        let path = fault.place.as_ref()?.source.path();
        path.split('/').any(|part| part == "rules").then(|| path.clone())
    };
    let Some(without) = error.faults.iter().map(rule).collect::<Option<Vec<Arc<str>>>>() else {
        return Err(error);
    };
    match open(linter::Options { without, ..options.clone() }) {
        Ok(linter) => Ok((linter, error.faults)),
        Err(_) => Err(error),
    }
}

fn test_examples(linter: &Linter, rules: &[Arc<Rule>]) -> CommandResult {
    if rules.is_empty() {
        let help = "a rule is a file `FAMILY/NAME.yaml` in `rules/` of a folder that `extends` in `alignlint.yaml` names";
        return Err(Fault::new("no rules to test").help(help).into());
    }
    let summary = rule_test::run(rules, linter.policy());
    let mut out = io::BufWriter::new(streams::stdout(&OutputStyle::default()));
    for failure in &summary.failures {
        writeln!(out, "{failure}")?;
    }
    let untested = match summary.untested.as_slice() {
        [] => String::new(),
        [rule] => format!("; `{rule}` has no examples"),
        [first, second] => format!("; `{first}` and `{second}` have no examples"),
        [first, rest @ ..] => format!("; `{first}` and {} other rules have no examples", rest.len()),
    };
    writeln!(out, "{} passed, {} failed{untested}", summary.passed, summary.failures.len())?;
    out.flush()?;
    if !untested.is_empty() {
        streams::line("to see what they judge of the records here, run `alignlint test --here`");
    }
    Ok(ExitCode::from(u8::from(!summary.failures.is_empty())))
}

fn test_here(linter: &Linter, rules: &[Arc<Rule>]) -> CommandResult {
    if rules.is_empty() {
        let help = "name built-in rules with `--select`, such as `--select 'decision/*'`";
        return Err(Fault::new("no rules of your own to run here").help(help).into());
    }
    let never_judged = linter.never_judged(rules)?;
    let mut out = io::BufWriter::new(streams::stdout(&OutputStyle::default()));
    for (rule, reason) in &never_judged {
        writeln!(out, "{}: never judged: {reason}", rule.id)?;
    }
    writeln!(out, "{} judged, {} never judged", rules.len() - never_judged.len(), never_judged.len())?;
    out.flush()?;
    Ok(ExitCode::from(u8::from(!never_judged.is_empty())))
}
