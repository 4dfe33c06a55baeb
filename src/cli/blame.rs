//! `alignlint blame PATH|ID`: for each field, when its meaning last changed, and by whom.

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use crate::catalog::Catalog;
use crate::finding::{Fault, RecordName};
use crate::history::{History, RecordHistory, Revision};
use crate::record::Record;
use crate::report::blame::{self, FieldRow, LastChange};
use crate::schema::{did_you_mean, nearest};

use super::progress::Telling;
use super::project::{Project, day};
use super::{CacheOptions, ConfigOptions, Failure, Run, Terminal};

#[derive(Args)]
pub(super) struct Options {
    /// A file or folder, or the identifier of a record: `A-2`, or `assumption/A-2`.
    #[arg(value_name = "PATH|ID")]
    what: String,
    /// Take what is not committed yet for changed on this day instead of today.
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// How to show it.
    #[arg(long, value_name = "FORMAT", default_value = "pretty", value_parser = ["pretty", "json"])]
    format: String,
    #[command(flatten)]
    config: ConfigOptions,
    #[command(flatten)]
    cache: CacheOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> Run {
    let today = day(options.as_of.as_deref())?;
    let project = Project::open(&options.config, terminal)?;
    options.cache.apply(&project.snapshot);
    let (catalog, output) =
        project.snapshot.retry_if_cache_corrupt(|| render(options, terminal, &project, today))?;
    project.tell_of_the_past(&catalog, &[]);
    io::stdout().lock().write_all(&output)?;
    Ok(ExitCode::SUCCESS)
}

/// Reads the records and renders the last change of each of their fields.
fn render(
    options: &Options,
    terminal: &Terminal,
    project: &Project,
    today: jiff::civil::Date,
) -> Result<(Catalog, Vec<u8>), Failure> {
    let catalog = project.catalog(&[])?;
    let records = meant(&options.what, project, &catalog)?;
    let telling = catalog.history().map(History::progress).and_then(Telling::start);
    let stories: Vec<(&Record, RecordHistory)> = records
        .into_iter()
        .map(|record| {
            let story = catalog.history().and_then(|past| past.of_record(record));
            (record, story.unwrap_or_else(|| RecordHistory::unknown(record)))
        })
        .collect();
    drop(telling);
    let rows: Vec<FieldRow> = stories.iter().flat_map(|(record, story)| rows(record, story, today)).collect();
    let mut output = Vec::new();
    match options.format.as_str() {
        "json" => blame::write_json(&rows, &mut output)?,
        _ => blame::write_table(&rows, &terminal.style(&io::stdout()), &mut output)?,
    }
    drop(rows);
    drop(stories);
    Ok((catalog, output))
}

/// The records that a person means by a path or an identifier.
fn meant<'c>(what: &str, project: &Project, catalog: &'c Catalog) -> Result<Vec<&'c Record>, Fault> {
    let path = project.snapshot.resolve(Path::new(what));
    let is_within = |record: &&Record, path: &str| {
        let below = record.path.strip_prefix(path);
        path.is_empty() || below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let there: Vec<&Record> = match &path {
        Some(path) => catalog.records().iter().filter(|record| is_within(record, path)).collect(),
        None => Vec::new(),
    };
    if !there.is_empty() {
        return Ok(there);
    }
    if path.is_some_and(|path| project.snapshot.has(&path)) {
        return Err(Fault::new(format!("nothing in `{what}` is recognised as a record"))
            .help("`alignlint records` lists what is"));
    }
    let named = what.split_once('/').filter(|(kind, _)| project.policy.kinds.get(kind).is_some());
    let answers = |record: &&Record| match named {
        Some((kind, id)) => *record.kind.name == *kind && catalog.is_named(record, id),
        None => catalog.is_named(record, what),
    };
    let found: Vec<&Record> = catalog.records().iter().filter(answers).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let fault = Fault::new(format!("there is no file and no record `{what}` here"));
    Err(match nearest(what, catalog.records().iter().map(|record| &*record.id)) {
        Some(near) => fault.help(did_you_mean(near)),
        None => fault.help("`alignlint records` lists the records"),
    })
}

/// The fields that a record has or had, each with its last change. A field that has parts with names of
/// their own stands for itself only where it has none left.
fn rows<'r>(record: &'r Record, story: &'r RecordHistory<'r>, today: jiff::civil::Date) -> Vec<FieldRow<'r>> {
    let wholes: HashSet<&str> =
        story.fields.iter().filter_map(|(name, _)| name.split_once('/')).map(|(whole, _)| whole).collect();
    let fields = story.fields.iter().filter(|(name, _)| !wholes.contains(&**name));
    fields
        .filter_map(|(name, changes)| {
            let last = changes.last()?;
            Some(FieldRow {
                record: RecordName { kind: record.kind.name.clone(), id: record.id.clone() },
                path: &record.path,
                field: format!("/{name}"),
                value: last.value.as_deref(),
                before: last.before.as_deref(),
                changed: changed(&last.revision, today),
            })
        })
        .collect()
}

fn changed<'r>(when: &'r Revision<'r>, today: jiff::civil::Date) -> Option<LastChange<'r>> {
    match when {
        Revision::Commit { commit, .. } => {
            let author = &commit.author;
            let author = if author.name.is_empty() { &author.email } else { &author.name };
            Some(LastChange { date: commit.date, commit: Some(&commit.id), author: Some(author) })
        }
        Revision::Uncommitted => Some(LastChange { date: today, commit: None, author: None }),
        Revision::Unknown(_) => None,
    }
}
