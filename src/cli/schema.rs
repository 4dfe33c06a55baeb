//! `alignlint schema NAME`: prints the JSON Schema of a kind, of files of records, or of alignlint's own files.

use std::io;
use std::process::ExitCode;

use clap::Args;

use crate::embedded;
use crate::kind::editor;
use crate::report::Escaping;

use super::{CommandResult, ConfigOptions, Terminal, streams};

#[derive(Args)]
pub(super) struct Options {
    /// A kind such as `decision`, or a file format: `records` (any file of records, for editors), `config`, `kind`,
    /// `format`, `report`, `view`, `export`, `rule` or `baseline`. Of a built-in format such as `nygard`, its file is printed.
    name: String,
    #[command(flatten)]
    config: ConfigOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let name = options.name.as_str();
    if let Some(text) = embedded::file(&format!("schemas/{name}.schema.json")) {
        streams::print_as(Escaping::Json, text)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(text) = embedded::file(&format!("{FORMATS}{name}.yaml")) {
        streams::print(text)?;
        return Ok(ExitCode::SUCCESS);
    }
    let linter = options.config.open_policy(terminal)?;
    let kinds = &linter.policy().kinds;
    let schema = match name {
        RECORDS => editor::records_schema(kinds),
        name => kinds.find(name, &formats())?.definition(),
    };
    let mut text = serde_json::to_string_pretty(&schema).map_err(io::Error::from)?;
    text.push('\n');
    streams::print_as(Escaping::Json, text)?;
    Ok(ExitCode::SUCCESS)
}

const RECORDS: &str = "records";

const FORMATS: &str = "schemas/formats/";

/// The names besides kinds: of files of records, of the program's own files, and of formats.
fn formats() -> Vec<&'static str> {
    let name = |(path, _): (&'static str, _)| path.strip_prefix("schemas/")?.strip_suffix(".schema.json");
    let format = |(path, _): (&'static str, _)| path.strip_prefix(FORMATS)?.strip_suffix(".yaml");
    let formats = embedded::files("schemas/formats").filter_map(format);
    embedded::files("schemas").filter_map(name).chain([RECORDS]).chain(formats).collect()
}
