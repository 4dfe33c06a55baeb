//! `alignlint records`: lists the recognised records.

use clap::Args;

use crate::record::Record;
use crate::report::listing::{self, RecordRow};

use super::{CommandResult, ReadOptions, Terminal};

#[derive(Args)]
pub(super) struct Options {
    /// List only records of this kind.
    kind: Option<String>,
    /// The output format.
    #[arg(long, value_name = "FORMAT", default_value = "pretty", value_parser = ["pretty", "json"])]
    format: String,
    #[command(flatten)]
    read: ReadOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    options.read.show(terminal, |linter, catalog, style, out| {
        let kinds = &linter.policy().kinds;
        let kind = options.kind.as_deref().map(|name| kinds.find(name, &[])).transpose()?;
        let is_listed = |record: &&Record| kind.is_none_or(|kind| record.kind.name == kind.name);
        let records = catalog.records().iter().filter(is_listed);
        let rows: Vec<RecordRow> = records.map(|record| RecordRow::of(catalog, record)).collect();
        Ok(match options.format.as_str() {
            "json" => listing::write_json(&rows, out),
            _ => listing::write_table(&rows, style, out),
        }?)
    })
}
