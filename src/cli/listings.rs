//! Subcommands that list: `records`, `rules`, `why PATH` for the decisions that govern a file or folder, `blame PATH|ID` for when each
//! field last changed, and by whom, and `export` for other repositories and for tables over many.

use std::collections::HashSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use jiff::civil::Date;
use serde_json::json;

use crate::config::RuleSetting;
use crate::estate::is_repository_name;
use crate::finding::{Fault, RecordName};
use crate::history::version::RecordVersion;
use crate::history::{FieldChanges, History, Revision};
use crate::input::Input;
use crate::linter::{Linter, missing_path};
use crate::node::Node;
use crate::record::Record;
use crate::report::export::{self, Export, RecordToExport};
use crate::report::listings::{self, FieldRow, LastChange, RecordRow};
use crate::report::{one_line, write_json};
use crate::rule::Rule;
use crate::view::owner_ids;

use super::{CommandResult, ConfigOptions, ReadOptions, TOOL, Terminal, print_notices, streams, views};

/// How a list is printed, and what it reads.
#[derive(Args)]
struct ListOptions {
    /// The output format.
    #[arg(long, value_name = "FORMAT", default_value = "pretty", value_parser = ["pretty", "json"])]
    format: String,
    #[command(flatten)]
    read: ReadOptions,
}

impl ListOptions {
    fn is_json(&self) -> bool {
        self.format == "json"
    }
}

#[derive(Args)]
pub(super) struct RecordsOptions {
    /// List only records of this kind.
    kind: Option<String>,
    #[command(flatten)]
    list: ListOptions,
}

pub(super) fn records(options: &RecordsOptions, terminal: &Terminal) -> CommandResult {
    options.list.read.show(terminal, |linter, catalog, style, out| {
        let kinds = &linter.policy().kinds;
        let kind = options.kind.as_deref().map(|name| kinds.find(name, &[])).transpose()?;
        let is_listed = |record: &&Record| kind.is_none_or(|kind| record.kind.name == kind.name);
        let records = catalog.records().iter().filter(is_listed);
        let rows: Vec<RecordRow> = records.map(|record| RecordRow::of(catalog, record)).collect();
        Ok(match options.list.is_json() {
            true => write_json(&json!({ "version": 1, "records": rows }), out),
            false => listings::write_records(&rows, style, out),
        }?)
    })
}

#[derive(Args)]
pub(super) struct RulesOptions {
    /// List also the rules of packs that are not named under `extends`.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    config: ConfigOptions,
}

pub(super) fn rules(options: &RulesOptions, terminal: &Terminal) -> CommandResult {
    let linter = options.config.open_policy(terminal)?;
    let policy = linter.policy();
    let switched_off = if options.all { policy.rules_switched_off() } else { Vec::new() };
    let level = |rule: &Rule| match rule.settings(&policy.config).for_file("") {
        RuleSetting::Off => "off",
        RuleSetting::On { severity, .. } => severity.unwrap_or(rule.severity.otherwise).name(),
    };
    let rules = policy.rules.rules().iter().map(|rule| (rule, level(rule)));
    let mut rules: Vec<_> = rules.chain(switched_off.iter().map(|rule| (rule, "off"))).collect();
    rules.sort_unstable_by(|(one, _), (other, _)| one.id.cmp(&other.id));
    let width = rules.iter().map(|(rule, _)| rule.id.len()).max().unwrap_or(0);
    let line = |(rule, level): (&Arc<Rule>, &str)| {
        format!("{:width$}  {level:7}  {}\n", rule.id, one_line(&rule.title))
    };
    streams::print(rules.into_iter().map(line).collect::<String>())
}

#[derive(Args)]
pub(super) struct WhyOptions {
    /// A file or folder.
    #[arg(value_name = "PATH")]
    path: PathBuf,
    #[command(flatten)]
    list: ListOptions,
}

pub(super) fn why(options: &WhyOptions, terminal: &Terminal) -> CommandResult {
    // How a decision comes to govern a path.
    const NEXT: &str = "name the path under `governs` of a decision, or cite the decision in a comment there";
    let linter = options.list.read.open(terminal)?;
    let path = linter.snapshot().resolve(&options.path).filter(|path| linter.snapshot().has(path));
    let Some(path) = path else {
        return Err(missing_path(&options.path).into());
    };
    let found = linter.governing_path(&path)?;
    print_notices(&linter.notices());
    let is_text = !options.list.is_json();
    if is_text && found.is_empty() {
        streams::notice(&format!("no record governs `{}`; {NEXT}", options.path.display()));
    }
    terminal.print(|style, out| match is_text {
        true => listings::write_why(&found, linter.as_of(), style, out),
        false => write_json(&json!({ "version": 1, "path": path, "records": found }), out),
    })
}

#[derive(Args)]
pub(super) struct BlameOptions {
    /// A file or folder, or the id of a record such as `A-2` or `assumption/A-2`.
    #[arg(value_name = "PATH|ID")]
    target: String,
    #[command(flatten)]
    list: ListOptions,
}

pub(super) fn blame(options: &BlameOptions, terminal: &Terminal) -> CommandResult {
    options.list.read.show(terminal, |linter, input, style, out| {
        let records = linter.find_records(&options.target, input)?;
        let (history, today) = (input.history(), linter.as_of());
        let rows: Vec<FieldRow> = records.into_iter().flat_map(|it| rows(it, history, today)).collect();
        Ok(match options.list.is_json() {
            true => write_json(&json!({ "version": 1, "fields": rows }), out),
            false => listings::write_blame(&rows, style, out),
        }?)
    })
}

/// Returns the fields that a record has or had. A field with named parts is left out as long as it has parts.
fn rows<'r>(record: &'r Record, history: Option<&'r History>, today: Date) -> Vec<FieldRow<'r>> {
    let row = |field: &str, value, before, changed| FieldRow {
        record: RecordName { kind: record.kind.name.clone(), id: record.id.clone() },
        path: &record.path,
        field: format!("/{field}"),
        value,
        before,
        changed,
    };
    let Some(fields) = history.and_then(|history| history.of_record(record)) else {
        let fields = RecordVersion::of(record).fields;
        return fields.iter().map(|(name, value)| row(name, Some(value.to_string()), None, None)).collect();
    };
    let with_parts: HashSet<&str> =
        fields.iter().filter_map(|changes| Some(changes.name().split_once('/')?.0)).collect();
    let is_shown = |changes: &&FieldChanges<'_>| !with_parts.contains(changes.name());
    // What the lines of a list said is known by any of their words; only those count that name a record now.
    let is_word = |field: &str, value: &Option<String>| {
        record.format.is_some() && field.contains('/') && value.is_none()
    };
    let last = |changes: &FieldChanges<'r>| {
        let last = changes.len().checked_sub(1)?;
        let [value, before] =
            [changes.value(last), changes.before(last)].map(|it| it.map(ToString::to_string));
        let changed = last_change(&changes.revision(last), today);
        (!is_word(changes.name(), &value)).then(|| row(changes.name(), value, before, changed))
    };
    fields.iter().filter(is_shown).filter_map(last).collect()
}

fn last_change<'r>(revision: &Revision<'r>, today: Date) -> Option<LastChange<'r>> {
    match revision {
        Revision::Commit { commit, .. } => {
            let author = &commit.author;
            let author = if author.name.is_empty() { &author.email } else { &author.name };
            Some(LastChange { date: commit.date, commit: Some(&commit.id), author: Some(author) })
        }
        Revision::Uncommitted => Some(LastChange { date: today, commit: None, author: None }),
        Revision::Unknown(_) => None,
    }
}

#[derive(Args)]
pub(super) struct ExportOptions {
    /// The name of this repository; by default that of its folder.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Write into FILE instead of standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    read: ReadOptions,
}

pub(super) fn export(options: &ExportOptions, terminal: &Terminal) -> CommandResult {
    let linter = options.read.open(terminal)?;
    let repository = options.repository(&linter)?;
    let lint = linter.lint()?;
    let due = linter.due(Date::MAX, None)?;
    print_notices(&lint.notices);
    let faults = [&lint.faults[..], &due.page.faults].concat();
    if !faults.is_empty() {
        return views::exit_code(&faults, terminal);
    }
    let commit = linter.commit();
    let export = Export {
        repository: &repository,
        commit: commit.as_deref(),
        tool: TOOL,
        as_of: linter.as_of(),
        records: lint.input.records().iter().map(|record| to_export(&lint.input, record)).collect(),
        findings: &lint.findings,
        due: &due.items,
    };
    match &options.output {
        Some(file) => {
            let written = linter.snapshot().locate(file).write(|mut out| export::write(&export, &mut out));
            written.map_err(|error| error.into_fault(&format!("can't write `{}`", file.display())))?;
        }
        None => export::write(&export, &mut streams::Stream::Out)?,
    }
    lint.save_cache();
    Ok(ExitCode::SUCCESS)
}

impl ExportOptions {
    fn repository(&self, linter: &Linter) -> Result<String, Fault> {
        let name = self.name.clone().or_else(|| linter.snapshot().repository_name());
        let name = name.unwrap_or_default();
        if is_repository_name(&name) {
            return Ok(name);
        }
        let fault = Fault::new(format!("`{name}` is no name of a repository"));
        Err(fault.help("name it with `--name`: letters, digits, `.`, `_` and `-`"))
    }
}

fn to_export<'i>(input: &'i Input, record: &'i Record) -> RecordToExport<'i> {
    let status = record.kind.status.as_deref().map(|field| record.field(field).and_then(Node::as_text));
    // A native record without a known status is live.
    let native = record.format.is_none().then_some(true);
    RecordToExport {
        row: RecordRow::of(input, record),
        live: status.map_or(Some(true), |status| status.and_then(|it| record.kind.is_live(it)).or(native)),
        owners: owner_ids(input, record),
        names: record.names().collect(),
        prefixes: record.prefixes(),
    }
}
