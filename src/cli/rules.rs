//! `alignlint rules`: lists the rules with their severity.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;

use crate::config::RuleSetting;
use crate::report::{OutputStyle, one_line};
use crate::rule::Rule;

use super::{CommandResult, ConfigOptions, Terminal, streams};

#[derive(Args)]
pub(super) struct Options {
    /// List also the rules of packs that are not named under `extends`.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    config: ConfigOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let linter = options.config.open_policy(terminal)?;
    let policy = linter.policy();
    let switched_off = if options.all { policy.rules_switched_off()? } else { Vec::new() };
    let level = |rule: &Rule| match rule.settings(&policy.config).for_file("") {
        RuleSetting::Off => "off",
        RuleSetting::On { severity, .. } => severity.unwrap_or(rule.severity.otherwise).name(),
    };
    let rules = policy.rules.rules().iter().map(|rule| (rule, level(rule)));
    let mut rules: Vec<_> = rules.chain(switched_off.iter().map(|rule| (rule, "off"))).collect();
    rules.sort_by(|(one, _), (other, _)| one.id.cmp(&other.id));
    let width = rules.iter().map(|(rule, _)| rule.id.len()).max().unwrap_or(0);
    let mut out = io::BufWriter::new(streams::stdout(&OutputStyle::default()));
    for (rule, level) in rules {
        writeln!(out, "{:width$}  {level:7}  {}", rule.id, one_line(&rule.title))?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
