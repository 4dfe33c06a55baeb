//! `alignlint check`: reports findings.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;

use crate::check::LISTED;
use crate::config::FailOn;
use crate::finding::{Fault, Severity};
use crate::fix::FixerResult;
use crate::history::History;
use crate::input::UnreadFile;
use crate::linter::{self, LintResult, Linter};
use crate::output;
use crate::report::{self, FORMATS, Omitted, OutputStyle, Report, ReportFormat, SummaryOptions, counted};
use crate::rule::{Rule, page};

use super::{CommandResult, Error, ReadOptions, TOOL, Terminal, fix, print_faults, print_notices, streams};

#[derive(Args)]
pub(super) struct Options {
    /// Report only findings in these files and folders; all files are still read.
    #[arg(value_name = "PATHS")]
    paths: Vec<PathBuf>,
    /// Report only findings that are new compared with the merge base with REV. Use `--staged --since HEAD` in a
    /// pre-commit hook, and `--since origin/main` for a pull request.
    #[arg(long, value_name = "REV")]
    since: Option<String>,
    /// Use the policy (configuration, rules, kinds, formats, suppressions, rights) of REV, such as the target branch
    /// of a pull request. Policy changes in the checked files are reported but have no effect.
    #[arg(long, value_name = "REV")]
    policy_from: Option<String>,
    /// Run only these rules, even if the preset excludes them: rule ids, families such as `decision/*`, or `*`.
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    select: Vec<String>,
    /// Skip these rules.
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    ignore: Vec<String>,
    /// Lowest severity of a finding that gives exit code 1: `error` (default), `warning`, `note` or `never`.
    #[arg(long, value_name = "SEVERITY", value_parser = fail_on)]
    fail_on: Option<FailOn>,
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = ReportOutput::parse, help = format_help())]
    format: Vec<ReportOutput>,
    #[command(flatten)]
    fixing: fix::FixOptions,
    /// Use this baseline file instead of the repository's alignlint-baseline.yaml.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all findings to the baseline file; later runs do not report these findings.
    #[arg(long, conflicts_with_all = ["paths", "since", "policy_from", "fix", "diff"])]
    write_baseline: bool,
    #[command(flatten)]
    read: ReadOptions,
    /// Show all findings in `pretty`, which shows ten warnings and notes of each rule without it; and with `--verbose`, each
    /// check without a result.
    #[arg(long)]
    all: bool,
    /// Also count the findings by rule and by owner.
    #[arg(long)]
    statistics: bool,
    /// Print only findings, notices about what is not read or never judged, and the counts of `--statistics`.
    #[arg(short, long)]
    quiet: bool,
    /// Also say for which records rules have no result, and what could not be read where; with `--all`, for each result.
    #[arg(short, long, conflicts_with = "quiet")]
    verbose: bool,
}

impl Options {
    /// The only path, if it has no ending and no folder.
    pub(super) fn only_word(&self) -> Option<&str> {
        let [path] = &self.paths[..] else { return None };
        path.to_str().filter(|word| word.chars().all(|c| c.is_ascii_alphabetic() || c == '-'))
    }

    pub(super) fn is_verbose(&self) -> bool {
        self.verbose
    }

    fn linter_options(&self, terminal: &Terminal) -> Result<linter::Options, Fault> {
        Ok(linter::Options {
            baseline: self.baseline.clone(),
            policy_from: self.policy_from.clone(),
            since: self.since.clone(),
            select: self.select.clone(),
            ignore: self.ignore.clone(),
            paths: self.paths.clone(),
            governing: self.format.iter().any(|output| output.format.shows_governing),
            fixing: self.fixing.safety().is_some(),
            ..self.read.linter_options(terminal)?
        })
    }

    fn lint(&self, linter: &Linter) -> Result<(LintResult, Option<FixerResult>), linter::Error> {
        if self.write_baseline {
            return Ok((linter.write_baseline()?, None));
        }
        let Some(safety) = self.fixing.safety() else { return Ok((linter.lint()?, None)) };
        let (outcome, fixes) = linter.fix(safety)?;
        let outcome = if self.fixing.diff { linter.lint()? } else { outcome };
        Ok((outcome, Some(fixes)))
    }

    /// Fails if a patch and a report would go to standard output, or two reports into one file.
    fn refuse_outputs_that_meet(&self, linter: &Linter) -> Result<(), Fault> {
        let on_stdout = self.format.iter().find(|output| output.file.is_none());
        if let Some(ReportOutput { format, .. }) = on_stdout.filter(|_| self.fixing.diff) {
            let fault = Fault::new("can't print both a patch and a report to standard output");
            return Err(fault.help(format!("write the report to a file: `--format {}=FILE`", format.name)));
        }
        let mut targets = Vec::new();
        for path in self.format.iter().filter_map(|output| output.file.as_ref()) {
            let target = linter.snapshot().locate(path);
            if targets.contains(&target) {
                let fault = Fault::new(format!("can't write two reports to `{}`", path.display()));
                return Err(fault.help("name another file for each report"));
            }
            targets.push(target);
        }
        Ok(())
    }

    /// Writes the files first: if one can't be written, nothing is printed; and if standard output is closed early, the
    /// files are complete.
    fn write_reports(&self, report: &Report, terminal: &Terminal, linter: &Linter) -> Result<(), Error> {
        let default = [ReportOutput { format: FORMATS[0], file: None }];
        let default = if self.fixing.diff { &[] } else { &default[..] };
        let outputs = if self.format.is_empty() { default } else { &self.format };
        for ReportOutput { format, file } in outputs {
            let Some(path) = file else { continue };
            let target = linter.snapshot().locate(path);
            let left_out = target.write(|file| report::write(*format, report, &OutputStyle::default(), file));
            let failed = |it: output::Error| it.into_fault(&format!("can't write `{}`", path.display()));
            print_omitted(*format, &left_out.map_err(failed)?);
        }
        let style = terminal.style(streams::Stream::Out);
        for ReportOutput { format, .. } in outputs.iter().filter(|output| output.file.is_none()) {
            let left_out = report::write(*format, report, &style, &mut streams::Stream::Out)?;
            print_omitted(*format, &left_out);
        }
        Ok(())
    }

    fn write_end(&self, report: &Report, end: &SummaryOptions, terminal: &Terminal) -> Result<(), Error> {
        let style = terminal.style(streams::Stream::Err);
        let mut stderr = streams::stderr(&style);
        match (self.quiet, self.statistics) {
            (false, _) => report::write_summary(report, end, &style, &mut stderr)?,
            (true, true) => report::write_statistics(report, &style, &mut stderr)?,
            (true, false) => {}
        }
        Ok(())
    }
}

#[derive(Clone)]
struct ReportOutput {
    format: ReportFormat,
    file: Option<PathBuf>,
}

impl ReportOutput {
    fn parse(text: &str) -> Result<ReportOutput, String> {
        let (name, file) = match text.split_once('=') {
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        Ok(ReportOutput { format: name.parse()?, file })
    }
}

fn format_help() -> String {
    let names = ReportFormat::names().replacen(',', " (the default),", 1);
    format!("The format of the report, and the FILE to write it to; may be repeated. One of {names}")
}

fn fail_on(name: &str) -> Result<FailOn, String> {
    FailOn::from_name(name).ok_or_else(|| format!("expected one of `{}`", FailOn::NAMES.join("`, `")))
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> CommandResult {
    let started = Instant::now();
    let linter = Linter::open(options.linter_options(terminal)?)?;
    options.refuse_outputs_that_meet(&linter)?;
    let (outcome, fixes) = options.lint(&linter)?;
    // About the history, at the end of a run that is not quiet.
    let history = outcome.input.history().and_then(History::notice);
    let is_early = |notice: &&String| Some(*notice) != history.as_ref();
    outcome.notices.iter().filter(is_early).for_each(|notice| streams::notice(notice));
    let fixed = fixes.map(|fixes| options.fixing.finish(&fixes, linter.snapshot())).transpose()?;
    if let Some(written) = outcome.written_baseline.as_ref().filter(|_| !options.quiet) {
        streams::notice(written);
    }
    let is_whole = options.since.is_none() && options.select.is_empty();
    let unread = outcome.input.unread_files().iter().filter(|unread| is_whole && !unread.is_certain);
    let unread: Vec<String> = unread.map(UnreadFile::notice).collect();
    let notices: Vec<String> = outcome.notices.iter().chain(&unread).cloned().collect();
    let lists_reasons = options.format.iter().any(|output| output.format.lists_not_judged);
    let not_judged = if lists_reasons { linter.not_judged(&outcome, LISTED) } else { Vec::new() };
    let report = Report {
        tool: TOOL,
        as_of: linter.as_of(),
        findings: &outcome.findings,
        summary: &outcome.summary,
        rules: linter.rules(),
        site: page::SITE,
        folder: linter.snapshot().folder(),
        since: options.since.as_deref(),
        fail_on: options
            .fail_on
            .or(linter.policy().config.fail_on)
            .unwrap_or(FailOn::Severity(Severity::Error)),
        unabridged: options.all,
        not_judged: &not_judged,
        notices: &notices,
        unread: &unread,
        governing: &outcome.governing,
        faults: &outcome.faults,
    };
    options.write_reports(&report, terminal, &linter)?;
    if options.verbose {
        print_not_judged(&linter, &outcome, options.all);
    }
    let (elapsed, statistics, verbose) = (started.elapsed(), options.statistics, options.verbose);
    options.write_end(&report, &SummaryOptions { elapsed, statistics, fixed, verbose }, terminal)?;
    if !options.quiet {
        print_notices(history.as_slice());
        let is_for_people = options.format.iter().all(|output| output.format.name == FORMATS[0].name);
        if is_for_people && is_whole {
            linter.unadopted(&outcome.input).iter().for_each(|line| streams::line(line));
        }
        print_unread(&unread, if verbose { usize::MAX } else { SHOWN_UNREAD });
    }
    print_faults(&outcome.faults, terminal);
    let code = report.exit_code();
    outcome.save_cache();
    // The program ends here; to drop the catalogs would take a tenth of the whole run.
    std::mem::forget(outcome);
    Ok(ExitCode::from(code))
}

fn print_unread(unread: &[String], shown: usize) {
    unread.iter().take(shown).for_each(|line| streams::line(line));
    if unread.len() > shown {
        let more = counted(unread.len() - shown, "more line");
        streams::line(&format!("… and {more} about pages that are not read; `-v` shows them"));
    }
}

/// The most folders that the end of a run lists because their pages are not read.
const SHOWN_UNREAD: usize = 3;

/// Printed even with `--quiet`: the report lacks findings.
fn print_omitted(format: ReportFormat, omitted: &Omitted) {
    if let Some(sentence) = omitted.message() {
        streams::notice(&format!("{}: {sentence}", format.name));
    }
}

fn print_not_judged(linter: &Linter, outcome: &LintResult, all: bool) {
    let not_judged = linter.not_judged(outcome, usize::MAX);
    let lines = match all {
        true => report::each_not_judged(&not_judged),
        false => report::summarize_not_judged(&not_judged),
    };
    lines.iter().for_each(|line| streams::line(line));
    let own: Vec<Arc<Rule>> = linter.rules().iter().filter(|rule| rule.is_own).cloned().collect();
    for (rule, reason) in linter.never_judged(&own).unwrap_or_default() {
        streams::line(&format!("never judged: {}: {reason}", rule.id));
    }
}
