//! `alignlint test [DIR]` tests rules with their own examples, or on the records of the repository. `alignlint explain NAME` prints the page of
//! a rule, a family of rules, a kind, a format or a file, `alignlint explain RULE PATH|ID` how a rule judges records. What describes the program:
//! `manual [COMMAND]` and `completions SHELL`, which packages install, and `schema NAME`, the JSON Schema of a kind or of alignlint's own files.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::check::NeverJudged;
use crate::embedded;
use crate::explain;
use crate::finding::Fault;
use crate::kind::editor;
use crate::linter::{self, Linter, unknown_rule};
use crate::report::{Escaping, counted, trace};
use crate::rule::Rule;
use crate::rule_test;
use crate::schema::{meant_or, nearest};
use crate::snapshot::is_within;

use super::{
    CommandLine, CommandResult, ConfigOptions, DateOptions, ReadOptions, TOOL, Terminal, print_notices,
    streams,
};

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

pub(super) fn test(options: &TestOptions, terminal: &Terminal) -> CommandResult {
    let (config, select) = (options.config.source(), options.select.clone());
    let linter_options = linter::Options { config, select, ..options.date.linter_options(terminal)? };
    let open = if options.here { Linter::open } else { Linter::open_policy };
    let linter = open(linter_options)?;
    print_notices(&linter.notices());
    let is_named = |rule: &&Arc<Rule>| options.dir.as_deref().is_some_and(|it| it == Path::new(&*rule.id));
    let named = linter.rules().iter().find(is_named);
    let folder = match (&options.dir, named) {
        (None, _) => String::new(),
        (Some(_), Some(rule)) => rule.source.path().to_string(),
        (Some(dir), None) => folder(&linter, dir)?,
    };
    let is_asked_for = |rule: &&Arc<Rule>| {
        let is_own = !options.here || rule.is_own || named.is_some() || !options.select.is_empty();
        is_own && is_within(rule.source.path(), &folder)
    };
    let rules: Vec<Arc<Rule>> = linter.rules().iter().filter(is_asked_for).cloned().collect();
    if options.here { test_here(&linter, &rules) } else { test_examples(&linter, &rules) }
}

fn folder(linter: &Linter, typed: &Path) -> Result<String, Fault> {
    let snapshot = linter.snapshot();
    snapshot.resolve(typed).filter(|path| snapshot.has(path)).ok_or_else(|| {
        let fault = Fault::new(format!("no folder or rule `{}` in this repository", typed.display()));
        let rules = &linter.policy().rules;
        let meant = typed.to_str().and_then(|name| rules.meant(name));
        fault.help(meant_or(meant, "name a folder, or a rule that `alignlint rules` lists"))
    })
}

fn test_examples(linter: &Linter, rules: &[Arc<Rule>]) -> CommandResult {
    if rules.is_empty() {
        let help = "a rule is a file `FAMILY/NAME.yaml` in `rules/` of a folder that `extends` in `alignlint.yaml` names";
        return Err(Fault::new("no rules to test").help(help).into());
    }
    let summary = rule_test::run(rules, linter.policy());
    let failures: String = summary.failures.iter().map(|failure| format!("{failure}\n")).collect();
    let untested = match summary.untested.as_slice() {
        [] => String::new(),
        [rule] => format!("; `{rule}` has no examples"),
        [first, rest @ ..] => {
            format!("; `{first}` and {} have no examples", counted(rest.len(), "other rule"))
        }
    };
    let counts = format!("{} passed, {} failed{untested}", summary.passed, summary.failures.len());
    streams::print(format!("{failures}{counts}\n"))?;
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
    let line = |(rule, reason): &(Arc<Rule>, NeverJudged)| format!("{}: never judged: {reason}\n", rule.id);
    let lines: String = never_judged.iter().map(line).collect();
    let judged = rules.len() - never_judged.len();
    streams::print(format!("{lines}{judged} judged, {} never judged\n", never_judged.len()))?;
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
        Err(unknown) => match linter.page_of(name) {
            Ok(page) => page,
            // A record's identifier ends with a number.
            Err(fault) if name.ends_with(|c: char| c.is_ascii_digit()) => return Err(fault),
            Err(_) => return Err(unknown.into()),
        },
    };
    streams::print(page)
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

#[derive(Args)]
pub(super) struct ManualOptions {
    /// Subcommand to describe; default: the whole program.
    #[arg(value_name = "COMMAND")]
    subcommand: Option<String>,
}

pub(super) fn manual(options: &ManualOptions) -> CommandResult {
    let mut program = CommandLine::command();
    program.build();
    let (title, page) = match &options.subcommand {
        None => ("alignlint".to_owned(), program),
        Some(name) => {
            let page = program.find_subcommand(name).cloned().ok_or_else(|| unknown(&program, name))?;
            (format!("alignlint-{name}"), page)
        }
    };
    let mut text = Vec::new();
    Man::new(page).title(title).source(TOOL).date("").render(&mut text)?;
    streams::print(&text)
}

fn unknown(program: &clap::Command, name: &str) -> Fault {
    let near = nearest(name, program.get_subcommands().map(clap::Command::get_name));
    let help = meant_or(near, "list all subcommands with `alignlint help`");
    Fault::new(format!("unknown subcommand `{name}`")).help(help)
}

#[derive(Args)]
pub(super) struct CompletionsOptions {
    /// The shell that the script is for.
    shell: Shell,
}

pub(super) fn completions(options: &CompletionsOptions) -> CommandResult {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut CommandLine::command(), "alignlint", &mut script);
    streams::print_as(Escaping::Commands, &script)
}

#[derive(Args)]
pub(super) struct SchemaOptions {
    /// A kind such as `decision`, or a file format: `records` (any file of records, for editors), `config`, `kind`,
    /// `format`, `report`, `view`, `export`, `rule` or `baseline`. Of a built-in format such as `nygard`, its file is printed.
    name: String,
    #[command(flatten)]
    config: ConfigOptions,
}

pub(super) fn schema(options: &SchemaOptions, terminal: &Terminal) -> CommandResult {
    let name = options.name.as_str();
    if let Some(text) = embedded::file(&format!("schemas/{name}.schema.json")) {
        return streams::print_as(Escaping::Json, text);
    }
    if let Some(text) = embedded::file(&format!("{FORMATS}{name}.yaml")) {
        return streams::print(text);
    }
    let linter = options.config.open_policy(terminal)?;
    let kinds = &linter.policy().kinds;
    let schema = match name {
        RECORDS => editor::records_schema(kinds),
        name => (**kinds.find(name, &formats())?.json).clone(),
    };
    let mut text = serde_json::to_string_pretty(&schema).map_err(io::Error::from)?;
    text.push('\n');
    streams::print_as(Escaping::Json, text)
}

const RECORDS: &str = "records";

const FORMATS: &str = "schemas/formats/";

/// The names besides kinds: of files of records, of the program's own files, and of formats.
fn formats() -> Vec<&'static str> {
    let name = |path: &'static str| path.strip_prefix("schemas/")?.strip_suffix(".schema.json");
    let format = |path: &'static str| path.strip_prefix(FORMATS)?.strip_suffix(".yaml");
    let formats = embedded::paths("schemas/formats").filter_map(format);
    embedded::paths("schemas").filter_map(name).chain([RECORDS]).chain(formats).collect()
}
