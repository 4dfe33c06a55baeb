//! `alignlint rules`: lists the rules with their severity.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;

use crate::config::RuleSetting;
use crate::report::{OutputStyle, one_line};

use super::{CommandResult, ConfigOptions, Terminal, streams};

#[derive(Args)]
pub(super) struct Options {
    #[command(flatten)]
    config: ConfigOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let linter = options.config.open_policy(terminal)?;
    let rules = linter.policy().rules.rules();
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut out = io::BufWriter::new(streams::stdout(&OutputStyle::default()));
    for rule in rules {
        let level = match rule.settings(&linter.policy().config).for_file("") {
            RuleSetting::Off => "off",
            RuleSetting::On { severity, .. } => severity.unwrap_or(rule.severity).name(),
        };
        writeln!(out, "{:width$}  {level:7}  {}", rule.id, one_line(&rule.title))?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
