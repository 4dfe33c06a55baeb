//! `alignlint records`: lists the recognised records.

use std::io;
use std::process::ExitCode;

use clap::Args;

use crate::catalog::Catalog;
use crate::kind::Kind;
use crate::report::Escaping;
use crate::report::listing::{self, RecordRow};

use super::{CommandResult, ReadOptions, Terminal, print_notices, streams};

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
    let linter = options.read.open(terminal)?;
    let kind = options.kind.as_deref().map(|name| linter.policy().kinds.find(name, &[])).transpose();
    let kind = kind.inspect_err(|_| print_notices(&linter.notices()))?;
    let style = terminal.stdout_style();
    let text = linter.read(|catalog| {
        let rows = rows(catalog, kind.map(|kind| &**kind));
        let mut text = Vec::new();
        match options.format.as_str() {
            "json" => listing::write_json(&rows, &mut text)?,
            _ => listing::write_table(&rows, &style, &mut text)?,
        }
        Ok::<_, io::Error>(text)
    })?;
    print_notices(&linter.notices());
    streams::print_as(Escaping::of(&style), text?)?;
    Ok(ExitCode::SUCCESS)
}

fn rows<'c>(catalog: &'c Catalog, kind: Option<&Kind>) -> Vec<RecordRow<'c>> {
    let records = catalog.records().iter();
    let records = records.filter(|record| kind.is_none_or(|kind| record.kind.name == kind.name));
    records.map(|record| RecordRow::of(catalog, record)).collect()
}
