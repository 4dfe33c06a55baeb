//! `alignlint explain RULE`: the rule's page.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;

use crate::finding::Fault;
use crate::rule::page;
use crate::schema::{did_you_mean, nearest};

use super::project::Project;
use super::{ConfigOptions, Run, Terminal};

#[derive(Args)]
pub(super) struct Options {
    /// The rule, or a whole family such as `term/*`.
    rule: String,
    #[command(flatten)]
    config: ConfigOptions,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> Run {
    let project = Project::policy(&options.config, terminal)?;
    let library = &project.policy.rules;
    let rules = library.rules().iter().filter(|rule| rule.matches_name(&options.rule));
    let pages: Vec<String> = rules.map(|rule| page::render(rule)).collect();
    if pages.is_empty() {
        let fault = Fault::new(format!("there is no rule `{}`", options.rule));
        return Err(match nearest(&options.rule, library.ids()) {
            Some(near) => fault.help(did_you_mean(near)),
            None => fault.help("`alignlint rules` lists them"),
        }
        .into());
    }
    io::stdout().write_all(pages.join("\n").as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
