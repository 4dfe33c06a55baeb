//! `alignlint schema NAME`: the JSON Schema of a kind, for editors, or of the tool's own files.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;

use crate::library;

use super::project::Project;
use super::records::kind_named;
use super::{ConfigOptions, Run, Terminal};

#[derive(Args)]
pub(super) struct Options {
    /// A kind such as `decision`, or one of config, kind, profile, report, rule.
    name: String,
    #[command(flatten)]
    config: ConfigOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> Run {
    let name = options.name.as_str();
    if let Some(text) = library::file(&format!("schemas/{name}.schema.json")) {
        io::stdout().write_all(text.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let project = Project::policy(&options.config, terminal)?;
    let kind = kind_named(&project.policy.kinds, name)?;
    let mut text = serde_json::to_string_pretty(&kind.json).map_err(io::Error::from)?;
    text.push('\n');
    io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
