//! What describes the program: `manual [COMMAND]` and `completions SHELL`, which packages install, and `schema NAME`, the JSON Schema of a
//! kind, of files of records, or of alignlint's own files.

use std::io;
use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::embedded;
use crate::finding::Fault;
use crate::kind::editor;
use crate::report::Escaping;
use crate::schema::{did_you_mean, nearest};

use super::{CommandLine, CommandResult, ConfigOptions, TOOL, Terminal, streams};

#[derive(Args)]
pub(super) struct ManualOptions {
    /// Subcommand to describe; default: the whole program.
    #[arg(value_name = "COMMAND")]
    subcommand: Option<String>,
}

pub(super) fn manual(options: &ManualOptions) -> CommandResult {
    let mut program = CommandLine::command();
    program.build();
    let (title, page) = match &options.subcommand {
        None => ("alignlint".to_owned(), program),
        Some(name) => {
            let page = program.find_subcommand(name).cloned().ok_or_else(|| unknown(&program, name))?;
            (format!("alignlint-{name}"), page)
        }
    };
    let mut text = Vec::new();
    Man::new(page).title(title).source(TOOL).date("").render(&mut text)?;
    streams::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn unknown(program: &clap::Command, name: &str) -> Fault {
    let fault = Fault::new(format!("unknown subcommand `{name}`"));
    match nearest(name, program.get_subcommands().map(clap::Command::get_name)) {
        Some(near) => fault.help(did_you_mean(near)),
        None => fault.help("list all subcommands with `alignlint help`"),
    }
}

#[derive(Args)]
pub(super) struct CompletionsOptions {
    /// The shell that the script is for.
    shell: Shell,
}

pub(super) fn completions(options: &CompletionsOptions) -> CommandResult {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut CommandLine::command(), "alignlint", &mut script);
    streams::print_as(Escaping::Commands, &script)?;
    Ok(ExitCode::SUCCESS)
}

#[derive(Args)]
pub(super) struct SchemaOptions {
    /// A kind such as `decision`, or a file format: `records` (any file of records, for editors), `config`, `kind`,
    /// `format`, `report`, `view`, `export`, `rule` or `baseline`. Of a built-in format such as `nygard`, its file is printed.
    name: String,
    #[command(flatten)]
    config: ConfigOptions,
}

pub(super) fn schema(options: &SchemaOptions, terminal: &Terminal) -> CommandResult {
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
        name => kinds.find(name, &formats())?.json.clone(),
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
