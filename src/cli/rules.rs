//! `alignlint test [DIR]` tests rules with their own examples, or on the records of the repository. `alignlint explain NAME` prints the page of
//! a rule, a family of rules, a kind, a format or a file, `alignlint explain RULE PATH|ID` how a rule judges records.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use crate::explain;
use crate::finding::Fault;
use crate::linter::{self, Linter, is_within, unknown_rule};
use crate::report::{OutputStyle, trace};
use crate::rule::Rule;
use crate::rule_test;
use crate::schema::did_you_mean;

use super::{CommandResult, ConfigOptions, DateOptions, ReadOptions, Terminal, print_notices, streams};

#[derive(Args)]
pub(super) struct TestOptions {
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

impl TestOptions {
    fn linter_options(&self, terminal: &Terminal) -> Result<linter::Options, Fault> {
        let (config, select) = (self.config.source(), self.select.clone());
        Ok(linter::Options { config, select, ..self.date.linter_options(terminal)? })
    }
}

pub(super) fn test(options: &TestOptions, terminal: &Terminal) -> CommandResult {
    let linter_options = options.linter_options(terminal)?;
    let (linter, faults) = open(&linter_options, options.here)?;
    print_notices(&linter.notices());
    let named = options.dir.as_deref().and_then(|name| rule_named(&linter, name));
    let folder = match (&options.dir, named) {
        (None, _) => String::new(),
        (Some(_), Some(rule)) => rule.source.path().to_string(),
        (Some(dir), None) => match folder(&linter, dir) {
            Ok(folder) => folder,
            Err(fault) if faults.is_empty() => return Err(fault.into()),
            // It may be one of these rules.
            Err(_) => return Err(faults.into()),
        },
    };
    let is_there =
        |fault: &Fault| fault.place.as_ref().is_some_and(|place| is_within(place.source.path(), &folder));
    let (asked_for, others): (Vec<Fault>, Vec<Fault>) = faults.into_iter().partition(is_there);
    others.iter().for_each(|fault| streams::line(&format!("not read: {}", fault.message)));
    let is_asked_for = |rule: &Arc<Rule>| {
        let is_own = !options.here || rule.is_own || named.is_some() || !options.select.is_empty();
        is_own && is_within(rule.source.path(), &folder)
    };
    let rules: Vec<Arc<Rule>> = linter.rules().iter().filter(|rule| is_asked_for(rule)).cloned().collect();
    if rules.is_empty() && !asked_for.is_empty() {
        return Err(asked_for.into());
    }
    let result = if options.here { test_here(&linter, &rules) } else { test_examples(&linter, &rules) };
    if asked_for.is_empty() { result } else { result.and(Err(asked_for.into())) }
}

/// Opens the policy without the rules that do not load, and returns their faults: the other rules are tested.
fn open(options: &linter::Options, here: bool) -> Result<(Linter, Vec<Fault>), linter::Error> {
    let open = |options| if here { Linter::open(options) } else { Linter::open_policy(options) };
    let error = match open(options.clone()) {
        Ok(linter) => return Ok((linter, Vec::new())),
        Err(error) => error,
    };
    let files = error.faults.iter().map(|fault| Some(fault.place.as_ref()?.source.path().clone()));
    let Some(without) = files.collect::<Option<Vec<Arc<str>>>>() else { return Err(error) };
    // Unless they are rules, they are read again.
    match open(linter::Options { without, ..options.clone() }) {
        Ok(linter) => Ok((linter, error.faults)),
        Err(_) => Err(error),
    }
}

fn rule_named<'l>(linter: &'l Linter, name: &Path) -> Option<&'l Arc<Rule>> {
    linter.rules().iter().find(|rule| name == Path::new(&*rule.id))
}

fn folder(linter: &Linter, typed: &Path) -> Result<String, Fault> {
    let snapshot = linter.snapshot();
    snapshot.resolve(typed).filter(|path| snapshot.has(path)).ok_or_else(|| {
        let fault = Fault::new(format!("no folder or rule `{}` in this repository", typed.display()));
        let rules = &linter.policy().rules;
        fault.help(match typed.to_str().and_then(|name| rules.meant(name)) {
            Some(meant) => did_you_mean(meant),
            None => "name a folder, or a rule that `alignlint rules` lists".to_owned(),
        })
    })
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

#[derive(Args)]
pub(super) struct ExplainOptions {
    /// A rule, a family such as `term`, all rules of one as `term/*`, a kind of record such as `decision`, a format such
    /// as `madr`, a word in records such as `superseded`, or a file: how it is read, and why.
    name: String,
    /// Show step by step how the rule judges these records: a file or folder, or the id of a record such as `A-2` or
    /// `assumption/A-2`.
    #[arg(value_name = "PATH|ID")]
    target: Option<String>,
    #[command(flatten)]
    read: ReadOptions,
}

pub(super) fn explain(options: &ExplainOptions, terminal: &Terminal) -> CommandResult {
    if let Some(target) = &options.target {
        return run_trace(options, target, terminal);
    }
    let linter = options.read.open_policy(terminal)?;
    let name = &options.name;
    let page = match explain::pages(name, linter.policy()) {
        Ok(pages) => {
            let here = linter.policy().rules.get(name).map(|rule| linter.applicability(rule));
            pages + &here.transpose()?.unwrap_or_default()
        }
        Err(unknown) => match (linter.file_page(name)?, linter.record_page(name)) {
            (Some(page), _) | (None, Ok(page)) => page,
            // A record's identifier ends with a number.
            (None, Err(fault)) if name.ends_with(|c: char| c.is_ascii_digit()) => return Err(fault),
            (None, Err(_)) => return Err(unknown.into()),
        },
    };
    streams::print(page)?;
    Ok(ExitCode::SUCCESS)
}

fn run_trace(options: &ExplainOptions, target: &str, terminal: &Terminal) -> CommandResult {
    let linter = options.read.open(terminal)?;
    let Some(rule) = linter.policy().rules.get(&options.name) else {
        return Err(unknown_rule(&options.name, linter.policy()).into());
    };
    let traces = linter.trace(rule, target)?;
    print_notices(&linter.notices());
    terminal.print(|style, out| trace::write(rule, &traces, style, out))
}
