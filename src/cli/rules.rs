//! `alignlint rules`: every rule in a line, and how grave it is here.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;

use crate::config::RuleSetting;

use super::project::Project;
use super::{ConfigOptions, Run, Terminal};

#[derive(Args)]
pub(super) struct Options {
    #[command(flatten)]
    config: ConfigOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> Run {
    let project = Project::policy(&options.config, terminal)?;
    let rules = project.policy.rules.rules();
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut out = io::BufWriter::new(io::stdout().lock());
    for rule in rules {
        let level = match project.policy.config.rule_setting(&rule.id, rule.preset, "") {
            RuleSetting::Off => "off",
            RuleSetting::On { severity, .. } => severity.unwrap_or(rule.severity).name(),
        };
        writeln!(out, "{:width$}  {level:7}  {}", rule.id, rule.title)?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
