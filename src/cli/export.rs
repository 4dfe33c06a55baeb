//! `alignlint export`: the records and findings of the repository, for other repositories and for tables over many.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::estate::is_repository_name;
use crate::finding::Fault;
use crate::linter::Linter;
use crate::report::export::{self, Export};

use super::{CommandResult, ReadOptions, TOOL, Terminal, print_notices, streams, views};

#[derive(Args)]
pub(super) struct Options {
    /// The name of this repository; by default that of its folder.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Write into FILE instead of standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    read: ReadOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let linter = options.read.open(terminal)?;
    let repository = options.repository(&linter)?;
    let result = linter.export()?;
    print_notices(&result.lint.notices);
    let faults = [&result.lint.faults[..], &result.due.faults].concat();
    if !faults.is_empty() {
        return views::exit_code(&faults, terminal);
    }
    let export = Export {
        repository: &repository,
        commit: result.commit.as_deref(),
        tool: TOOL,
        as_of: linter.as_of(),
        records: result.records(),
        findings: &result.lint.findings,
        due: &result.due.items,
    };
    match &options.output {
        Some(file) => {
            let written = linter.snapshot().locate(file).write(|mut out| export::write(&export, &mut out));
            written.map_err(|error| error.into_fault(&format!("can't write `{}`", file.display())))?;
        }
        None => export::write(&export, &mut streams::Stream::Out)?,
    }
    result.lint.save_cache();
    Ok(ExitCode::SUCCESS)
}

impl Options {
    fn repository(&self, linter: &Linter) -> Result<String, Fault> {
        let name = self.name.clone().or_else(|| linter.snapshot().repository_name());
        let name = name.unwrap_or_default();
        if is_repository_name(&name) {
            return Ok(name);
        }
        let fault = Fault::new(format!("`{name}` is no name of a repository"));
        Err(fault.help("name it with `--name`: letters, digits, `.`, `_` and `-`"))
    }
}
