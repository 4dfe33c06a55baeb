//! `alignlint records`: lists the recognised records.

use std::io;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use crate::catalog::Catalog;
use crate::finding::Fault;
use crate::kind::{Kind, Kinds};
use crate::report::Escaping;
use crate::report::listing::{self, RecordRow};
use crate::schema::{did_you_mean, nearest};

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
    let kind = options.kind.as_deref().map(|name| find_kind(&linter.policy().kinds, name, &[])).transpose();
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
    let row = |record| {
        let source = catalog.file_of(record).source();
        RecordRow {
            kind: &record.kind.name,
            id: &record.id,
            title: record.title.as_deref(),
            path: source.path(),
            profile: record.profile.as_ref().map(|profile| &*profile.name),
            start: source.position(record.span.start as usize),
            fields: &record.fields,
        }
    };
    records.map(row).collect()
}

/// Finds a kind by its name, plural or alias. `others` are names that were possible as well.
pub(super) fn find_kind<'k>(kinds: &'k Kinds, name: &str, others: &[&str]) -> Result<&'k Arc<Kind>, Fault> {
    kinds.get(name).or_else(|| kinds.by_key(name)).ok_or_else(|| {
        let fault = Fault::new(format!("unknown kind `{name}`"));
        match nearest(name, kinds.iter().flat_map(|kind| kind.called()).chain(others.iter().copied())) {
            Some(near) => fault.help(did_you_mean(near)),
            None => {
                let names: Vec<String> = kinds.iter().map(|kind| format!("`{}`", kind.name)).collect();
                fault.help(format!("the kinds are {}", names.join(", ")))
            }
        }
    })
}
