//! `alignlint test [DIR]`: tests rules with their own examples.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::finding::Fault;
use crate::linter::is_within;
use crate::report::OutputStyle;
use crate::rule_test;

use super::{CommandResult, ConfigOptions, Terminal, streams};

#[derive(Args)]
pub(super) struct Options {
    /// Test only the rules in this folder; default: all rules.
    dir: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let linter = options.config.open_policy(terminal)?;
    let snapshot = linter.snapshot();
    let folder = match &options.dir {
        None => String::new(),
        Some(dir) => snapshot
            .resolve(dir)
            .filter(|path| snapshot.has(path))
            .ok_or_else(|| Fault::new(format!("no folder `{}` in this repository", dir.display())))?,
    };
    let rules = linter.policy().rules.rules().iter();
    let rules: Vec<_> = rules.filter(|rule| is_within(rule.source.path(), &folder)).cloned().collect();
    if rules.is_empty() {
        return Err(Fault::new("no rules to test").into());
    }
    let summary = rule_test::run(&rules, linter.policy());
    let mut out = io::BufWriter::new(streams::stdout(&OutputStyle::default()));
    for failure in &summary.failures {
        writeln!(out, "{failure}")?;
    }
    let untested = match summary.untested {
        0 => String::new(),
        1 => "; 1 rule has no examples".to_owned(),
        count => format!("; {count} rules have no examples"),
    };
    writeln!(out, "{} passed, {} failed{untested}", summary.passed, summary.failures.len())?;
    out.flush()?;
    Ok(ExitCode::from(u8::from(!summary.failures.is_empty())))
}
