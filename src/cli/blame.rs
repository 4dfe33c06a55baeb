//! `alignlint blame PATH|ID`: shows for each field when it last changed, and by whom.

use std::collections::HashSet;
use std::process::ExitCode;

use clap::Args;
use jiff::civil::Date;

use crate::finding::RecordName;
use crate::history::{FieldChange, RecordHistory, Revision, WordHistory};
use crate::input::Input;
use crate::linter::Linter;
use crate::record::Record;
use crate::report::Escaping;
use crate::report::blame::{self, FieldRow, LastChange, Written};

use super::progress::show_while;
use super::{CommandResult, Failure, ReadOptions, Terminal, print_notices, streams};

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
    let linter = options.read.open(terminal)?;
    let blamed = show_while(&linter, || linter.read(|input| blame(options, terminal, &linter, input)))?;
    print_notices(&linter.notices());
    let (text, history_notice) = blamed?;
    print_notices(history_notice.as_slice());
    streams::print_as(Escaping::of(&terminal.stdout_style()), text)?;
    Ok(ExitCode::SUCCESS)
}

/// Returns what to print, and the notice about the history.
fn blame(
    options: &Options,
    terminal: &Terminal,
    linter: &Linter,
    input: &Input,
) -> Result<(Vec<u8>, Option<String>), Failure> {
    let history = input.history();
    let of_record = |record| {
        let source = input.catalog().file_of(record).source();
        let values = history.and_then(|history| history.of_record(record));
        let words = history.and_then(|history| history.words_of(record, source));
        BlamedRecord {
            record,
            values: values.unwrap_or_else(|| RecordHistory::unknown(record)),
            words: words.unwrap_or_else(|| WordHistory::unknown(record, source)),
        }
    };
    let blamed: Vec<BlamedRecord> =
        linter.find_records(&options.target, input)?.into_iter().map(of_record).collect();
    let rows: Vec<FieldRow> = blamed.iter().flat_map(|blamed| rows(blamed, linter.as_of())).collect();
    let mut text = Vec::new();
    match options.format.as_str() {
        "json" => blame::write_json(&rows, &mut text)?,
        _ => blame::write_table(&rows, &terminal.stdout_style(), &mut text)?,
    }
    Ok((text, history.and_then(|history| history.notice(None))))
}

struct BlamedRecord<'r> {
    record: &'r Record,
    values: RecordHistory<'r>,
    words: WordHistory<'r>,
}

/// Returns the fields that a record has or had. A field with named parts is left out as long as it has parts.
fn rows<'r>(BlamedRecord { record, values, words }: &'r BlamedRecord<'r>, today: Date) -> Vec<FieldRow<'r>> {
    let with_parts: HashSet<&str> =
        values.fields.iter().filter_map(|(name, _)| Some(name.split_once('/')?.0)).collect();
    let fields = values.fields.iter().filter(|(name, _)| !with_parts.contains(&**name));
    let last_changes = fields.filter_map(|(name, changes)| Some((name, changes.last()?)));
    // What the lines of a list said is known by any of their words; only those count that name a record now.
    let is_word = |name: &str, last: &FieldChange<'_>| {
        record.profile.is_some() && name.contains('/') && last.value.is_none()
    };
    last_changes
        .filter(|(name, last)| !is_word(name, last))
        .map(|(name, last)| FieldRow {
            record: RecordName { kind: record.kind.name.clone(), id: record.id.clone() },
            path: &record.path,
            field: format!("/{name}"),
            value: last.value.as_deref(),
            before: last.before.as_deref(),
            changed: last_change(&last.revision, today),
            written: words.last_change(name, last).map(|word| Written {
                changed: last_change(&word.revision, today),
                value: word.value,
                before: word.before,
            }),
        })
        .collect()
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
