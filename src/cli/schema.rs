//! `alignlint schema NAME`: the JSON Schema of a kind, of files of records, or of the tool's own files.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;

use crate::embedded;
use crate::kind::editor;

use super::project::Project;
use super::records::kind_named;
use super::{ConfigOptions, Run, Terminal};

#[derive(Args)]
pub(super) struct Options {
    /// A kind such as `decision`; or one of records (a file that holds some, for editors), config, kind, profile,
    /// report, rule, baseline.
    name: String,
    #[command(flatten)]
    config: ConfigOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> Run {
    let name = options.name.as_str();
    if let Some(text) = embedded::file(&format!("schemas/{name}.schema.json")) {
        io::stdout().write_all(text.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let project = Project::policy(&options.config, terminal)?;
    let kinds = &project.policy.kinds;
    let schema =
        if name == "records" { editor::records_schema(kinds) } else { kind_named(kinds, name)?.json.clone() };
    let mut text = serde_json::to_string_pretty(&schema).map_err(io::Error::from)?;
    text.push('\n');
    io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
