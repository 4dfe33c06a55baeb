//! `alignlint records`: what was recognised, the way to trust the rest.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use crate::finding::Fault;
use crate::kind::{Kind, Kinds};
use crate::report::listing::{self, RecordRow};
use crate::schema::{did_you_mean, nearest};

use super::project::Project;
use super::{ConfigOptions, Run, StateOptions, Terminal};

#[derive(Args)]
pub(super) struct Options {
    /// List only records of this kind.
    kind: Option<String>,
    /// How to list them.
    #[arg(long, value_name = "FORMAT", default_value = "pretty", value_parser = ["pretty", "json"])]
    format: String,
    #[command(flatten)]
    state: StateOptions,
    #[command(flatten)]
    config: ConfigOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> Run {
    let project = Project::at(&options.state, &options.config, terminal)?;
    let wanted = options.kind.as_deref().map(|name| kind_named(&project.policy.kinds, name)).transpose()?;
    let catalog = project.catalog(&[])?;
    let records = catalog.records().iter();
    let records = records.filter(|record| wanted.is_none_or(|kind| record.kind.name == kind.name));
    let rows: Vec<RecordRow> = records
        .map(|record| {
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
        })
        .collect();
    let mut out = io::BufWriter::new(io::stdout().lock());
    match options.format.as_str() {
        "json" => listing::write_json(&rows, &mut out)?,
        _ => listing::write_table(&rows, &terminal.style(&io::stdout()), &mut out)?,
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The kind that a person means by its name, its plural or an alias.
pub(super) fn kind_named<'k>(kinds: &'k Kinds, name: &str) -> Result<&'k Arc<Kind>, Fault> {
    kinds.get(name).or_else(|| kinds.by_key(name)).ok_or_else(|| {
        let fault = Fault::new(format!("there is no kind `{name}`"));
        match nearest(name, kinds.iter().map(|kind| &*kind.name)) {
            Some(near) => fault.help(did_you_mean(near)),
            None => fault,
        }
    })
}
