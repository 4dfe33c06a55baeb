//! `alignlint test [DIR]`: every rule's own examples.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::finding::Fault;
use crate::rule_test;

use super::project::Project;
use super::{ConfigOptions, Run, Terminal};

#[derive(Args)]
pub(super) struct Options {
    /// Test only the rules whose files lie in this folder. Without it: every rule.
    dir: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> Run {
    let project = Project::policy(&options.config, terminal)?;
    let folder = match &options.dir {
        None => String::new(),
        Some(dir) => project
            .snapshot
            .resolve(dir)
            .filter(|path| project.snapshot.has(path))
            .ok_or_else(|| Fault::new(format!("there is no folder `{}` here", dir.display())))?,
    };
    let rules = project.policy.rules.rules().iter();
    let rules: Vec<_> = rules.filter(|rule| rule.source.path().starts_with(&folder)).cloned().collect();
    if rules.is_empty() {
        return Err(Fault::new("there is no rule to test here").into());
    }
    let trials = rule_test::run(&rules, &project.policy);
    let mut out = io::BufWriter::new(io::stdout().lock());
    for failure in &trials.failures {
        writeln!(out, "{failure}")?;
    }
    writeln!(out, "{} passed, {} failed", trials.passed, trials.failures.len())?;
    out.flush()?;
    Ok(ExitCode::from(u8::from(!trials.failures.is_empty())))
}
