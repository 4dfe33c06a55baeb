//! `alignlint blame PATH|ID`: shows for each field when it last changed, and by whom.

use std::collections::HashSet;

use clap::Args;
use jiff::civil::Date;

use crate::finding::RecordName;
use crate::history::version::RecordVersion;
use crate::history::{FieldChanges, History, Revision};
use crate::record::Record;
use crate::report::blame::{self, FieldRow, LastChange};

use super::{CommandResult, ReadOptions, Terminal};

#[derive(Args)]
pub(super) struct Options {
    /// A file or folder, or the id of a record such as `A-2` or `assumption/A-2`.
    #[arg(value_name = "PATH|ID")]
    target: String,
    /// The output format.
    #[arg(long, value_name = "FORMAT", default_value = "pretty", value_parser = ["pretty", "json"])]
    format: String,
    #[command(flatten)]
    read: ReadOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    options.read.show(terminal, |linter, input, style, out| {
        let records = linter.find_records(&options.target, input)?;
        let (history, today) = (input.history(), linter.as_of());
        let rows: Vec<FieldRow> =
            records.into_iter().flat_map(|record| rows(record, history, today)).collect();
        Ok(match options.format.as_str() {
            "json" => blame::write_json(&rows, out),
            _ => blame::write_table(&rows, style, out),
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
