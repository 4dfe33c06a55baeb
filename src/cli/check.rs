//! `alignlint check`: the main job.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use jiff::civil::Date;

use crate::catalog::Catalog;
use crate::check::{self, Check, Unjudged};
use crate::config::{FailOn, Preset};
use crate::finding::{Fault, Finding};
use crate::fix::LinterResult;
use crate::history::History;
use crate::policy::PolicyPaths;
use crate::report::{self, Format, Omitted, Report, Style, SummaryOptions};
use crate::rule::Rule;
use crate::schema::{did_you_mean, nearest};
use crate::snapshot::Snapshot;
use crate::triage::{self, Summary, Triage, Triaged, Unsuppressed};

use super::progress::Telling;
use super::project::{Project, day};
use super::since::Changed;
use super::{CacheOptions, ConfigOptions, Failure, Run, StateOptions, TOOL, Terminal, baseline, fix, since};

#[derive(Args)]
pub(super) struct Options {
    /// Report only findings in these files and folders. Everything is read all the same.
    #[arg(value_name = "PATHS")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    state: StateOptions,
    /// Report only what is new since the change began: against the merge base with REV. `--staged --since
    /// HEAD` is for a pre-commit hook, `--since origin/main` for a pull request.
    #[arg(long, value_name = "REV")]
    since: Option<String>,
    /// Take what is judged by from REV, such as the branch that a pull request goes to: configuration, rules,
    /// kinds, profiles, excuses, and who may do what. What the change itself says of these is only named.
    #[arg(long, value_name = "REV")]
    policy_from: Option<String>,
    /// Count ages to this day instead of today.
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// Run only these rules, whatever the preset: identifiers, or families such as `decision/*`.
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    select: Vec<String>,
    /// Leave these rules out.
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    ignore: Vec<String>,
    /// The severity that fails the run: error, warning, note or never.
    #[arg(long, value_name = "SEVERITY", value_parser = fail_on)]
    fail_on: Option<FailOn>,
    /// How to report, and into which FILE; may be repeated. One of pretty (where nothing is said), concise, json,
    /// jsonl, sarif, github, gitlab, junit and markdown.
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = Output::parse)]
    format: Vec<Output>,
    #[command(flatten)]
    mending: fix::FixOptions,
    #[command(flatten)]
    config: ConfigOptions,
    /// Let pass what is in this baseline, in place of the repository's alignlint-baseline.yaml.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write what is found into the baseline: from then on it is let pass.
    #[arg(long, conflicts_with_all = ["paths", "since", "policy_from", "fix", "diff"])]
    write_baseline: bool,
    #[command(flatten)]
    cache: CacheOptions,
    /// Count the findings by rule and by owner, below them.
    #[arg(long)]
    statistics: bool,
    /// Print findings only, and what `--statistics` asks for.
    #[arg(short, long)]
    quiet: bool,
    /// Also list what could not be judged.
    #[arg(short, long, conflicts_with = "quiet")]
    verbose: bool,
}

/// A report and where it goes.
#[derive(Clone)]
struct Output {
    format: Format,
    file: Option<PathBuf>,
}

impl Output {
    fn parse(text: &str) -> Result<Output, String> {
        let (name, file) = match text.split_once('=') {
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        Ok(Output { format: name.parse()?, file })
    }
}

fn fail_on(name: &str) -> Result<FailOn, String> {
    FailOn::from_name(name).ok_or_else(|| format!("it is one of {}", FailOn::NAMES.join(", ")))
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> Run {
    let started = Instant::now();
    let today = day(options.as_of.as_deref())?;
    let policy_from = options.policy_from.as_deref();
    let sources = PolicyPaths { baseline: options.baseline.clone(), ..options.config.sources() };
    let mut project = Project::held_to(policy_from, &options.state, sources, terminal)?;
    if !options.write_baseline {
        baseline::is_there(&project, options.baseline.as_deref())?;
    }
    options.cache.apply(&project.snapshot);
    let rules = selected(&project, options)?;
    if !options.select.is_empty() {
        project.policy.config.preset = Preset::All;
    }
    refuse_two_on_standard_output(options)?;
    let inspection = Inspection { project: &project, rules: &rules, options, today };
    let (LinterResult { catalog, findings, extra: Rest { unjudged, summary, faults } }, mended) =
        fix::run(&options.mending, &project, |snapshot| inspection.look(snapshot))?;
    let notices = project.notices(&catalog, &unjudged);
    let report = Report {
        tool: TOOL,
        as_of: today,
        findings: &findings,
        summary: &summary,
        rules: &rules,
        folder: project.snapshot.folder(),
        since: options.since.as_deref(),
        fail_on: options.fail_on.or(project.policy.config.fail_on).unwrap_or_default(),
        notices: &notices,
        faults: &faults,
    };
    write_reports(options, &report, terminal, &project)?;
    if options.verbose {
        list_unjudged(&unjudged)?;
    }
    let style = terminal.style(&io::stderr());
    if options.quiet && options.statistics {
        report::write_statistics(&report, &style, &mut io::stderr())?;
    }
    if !options.quiet {
        let summary_options =
            SummaryOptions { elapsed: started.elapsed(), statistics: options.statistics, fixed: mended };
        report::write_summary(&report, &summary_options, &style, &mut io::stderr())?;
        project.tell_of_the_past(&catalog, &unjudged);
    }
    for fault in &faults {
        report::write_fault(fault, &style, &mut io::stderr())?;
    }
    let code = report.exit_code();
    catalog.save_parse_cache();
    // The program ends here. To take so large a structure apart would cost a tenth of the whole run.
    std::mem::forget(catalog);
    Ok(ExitCode::from(code))
}

/// What goes with the findings.
#[derive(Default)]
struct Rest {
    unjudged: Vec<Unjudged>,
    summary: Summary,
    /// Of rules that did not come to an end.
    faults: Vec<Fault>,
}

/// What is asked of whichever state is looked at.
struct Inspection<'a> {
    project: &'a Project,
    /// Those that the person wants to run.
    rules: &'a [Arc<Rule>],
    options: &'a Options,
    today: Date,
}

impl Inspection<'_> {
    /// Reads a state and judges it; again without the cache if that turns out to be corrupt.
    fn look(&self, snapshot: Arc<Snapshot>) -> Result<LinterResult<Rest>, Failure> {
        self.project.snapshot.retry_if_cache_corrupt(|| {
            let result = self.look_once(snapshot.clone())?;
            // Reads the texts that a report shows, which may be cached too.
            let related = result.findings.iter().flat_map(|it| &it.related).map(|related| &related.place);
            for place in result.findings.iter().map(|finding| &finding.place).chain(related) {
                let _ = place.source.text();
            }
            Ok(result)
        })
    }

    /// Reads a state and judges it; a change that can bring nothing in is passed unread.
    fn look_once(&self, snapshot: Arc<Snapshot>) -> Result<LinterResult<Rest>, Failure> {
        let Inspection { project, rules, options, today } = *self;
        let changed = options.since.as_ref().map(|since| Changed::of(project, &snapshot, since));
        let changed = changed.transpose()?.flatten();
        if changed.as_ref().is_some_and(|changed| changed.is_harmless) && options.policy_from.is_none() {
            let catalog = project.policy.read(&Arc::default(), rules);
            return Ok(LinterResult { catalog, findings: Vec::new(), extra: Rest::default() });
        }
        let catalog = project.catalog_of(&snapshot, rules)?;
        if catalog.files().is_empty() && !is_first_policy(&catalog) {
            return Err(nothing_to_check(project).into());
        }
        if let (Some(past), Some(changed), true) = (catalog.history(), &changed, options.state.staged) {
            past.set_staged_files(changed.paths.clone());
        }
        let reach = match &changed {
            Some(changed) if options.state.staged && options.policy_from.is_none() => changed
                .is_next_commit(project)
                .then(|| changed.reach(project, &catalog, rules))
                .transpose()?,
            _ => None,
        };
        let check = Check { catalog: &catalog, config: &project.policy.config, today, diff: reach.as_ref() };
        let (findings, rest) = self.judge(&check, changed.as_ref())?;
        Ok(LinterResult { catalog, findings, extra: rest })
    }

    /// Checks, and triages: first what is excused, then what was there before the change, then the paths that the
    /// person asked for.
    fn judge(&self, check: &Check, changed: Option<&Changed<'_>>) -> Result<(Vec<Finding>, Rest), Failure> {
        let Inspection { project, rules, options, .. } = *self;
        let _telling = check.catalog.history().map(History::progress).and_then(Telling::start);
        let shown = Shown::of(project, &options.paths)?;
        let is_shown = |finding: &Finding| shown.includes(finding.place.source.path());
        let shown_of = |findings: &[Finding]| findings.iter().filter(|finding| is_shown(finding)).count();
        let triage = Triage {
            check: *check,
            policy: &project.policy,
            rules,
            own_baseline: project.own_baseline.as_deref(),
        };
        let open = triage.apply_suppressions()?;
        let open_to_show = shown_of(&open.findings);
        let Triaged { mut findings, suppression_findings, unjudged, suppressed, mut exhausted } =
            match options.write_baseline {
                true => adopt(project, triage, open, options)?,
                false => triage.finish(open, project.policy.baseline.as_deref())?,
            };
        let mut all = open_to_show + shown_of(&suppression_findings);
        findings.extend(suppression_findings);
        check::sort(&mut findings);
        if let Some(changed) = changed {
            let before = since::findings(project, changed, check, &findings, rules)?;
            let untold = |finding: &Finding| before.can_not_tell(&finding.rule);
            all -= findings.iter().filter(|finding| is_shown(finding) && untold(finding)).count();
            findings.retain(|finding| !untold(finding));
            (findings, _) = triage::new_since(findings, &before.findings);
            for (rule, fault) in before.exhausted {
                exhausted.entry(rule).or_insert(fault);
            }
        }
        findings.retain(is_shown);
        let known = all - findings.len();
        let counted = summary(check.catalog, &findings);
        let summary = Summary { known, suppressed, not_judged: unjudged.len(), ..counted };
        Ok((findings, Rest { unjudged, summary, faults: exhausted.into_values().collect() }))
    }
}

/// Where the patch goes to standard output, reports go to files.
fn refuse_two_on_standard_output(options: &Options) -> Result<(), Fault> {
    match options.format.iter().find(|output| output.file.is_none()) {
        Some(Output { format, .. }) if options.mending.prints_patch() => {
            let name = format.name;
            let fault = Fault::new("`--diff` prints a patch, so that no report can go to standard output");
            Err(fault.help(format!("Give the report a file: `--format {name}=FILE`")))
        }
        _ => Ok(()),
    }
}

/// Writes the baseline anew, and lets pass what is in it.
fn adopt(
    project: &Project,
    triage: Triage,
    open: Unsuppressed,
    options: &Options,
) -> Result<Triaged, Failure> {
    let baseline::Written { baseline, said } = baseline::write(project, &triage.new_baseline(&open))?;
    if !options.quiet {
        eprintln!("alignlint: {said}.");
    }
    Ok(Triage { own_baseline: Some(&baseline), ..triage }.finish(open, Some(&baseline))?)
}

/// The rules to run.
fn selected(project: &Project, options: &Options) -> Result<Vec<Arc<Rule>>, Vec<Fault>> {
    let library = &project.policy.rules;
    let unknown: Vec<Fault> = options
        .select
        .iter()
        .chain(&options.ignore)
        .filter(|name| !library.rules().iter().any(|rule| rule.matches_name(name)))
        .map(|name| {
            let fault = Fault::new(format!("there is no rule `{name}`"));
            match nearest(name, library.ids()) {
                Some(near) => fault.help(did_you_mean(near)),
                None => fault.help("`alignlint rules` lists them"),
            }
        })
        .collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let named = |names: &[String], rule: &Rule| names.iter().any(|name| rule.matches_name(name));
    let rules = library.rules().iter();
    let kept = rules.filter(|rule| options.select.is_empty() || named(&options.select, rule));
    Ok(kept.filter(|rule| !named(&options.ignore, rule)).cloned().collect())
}

/// The files that findings are shown of.
enum Shown {
    All,
    Within(Vec<String>),
}

impl Shown {
    fn of(project: &Project, typed: &[PathBuf]) -> Result<Shown, Vec<Fault>> {
        if typed.is_empty() {
            return Ok(Shown::All);
        }
        let mut paths = Vec::new();
        let mut faults = Vec::new();
        for typed in typed {
            match project.snapshot.resolve(typed).filter(|path| project.snapshot.has(path)) {
                Some(path) => paths.push(path),
                None => {
                    let message =
                        format!("there is no file or folder `{}` in this repository", typed.display());
                    faults.push(Fault::new(message));
                }
            }
        }
        if faults.is_empty() { Ok(Shown::Within(paths)) } else { Err(faults) }
    }

    fn includes(&self, file: &str) -> bool {
        let within = |path: &String| {
            let rest = file.strip_prefix(path.as_str());
            path.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        match self {
            Shown::All => true,
            Shown::Within(paths) => paths.iter().any(within),
        }
    }
}

fn summary(catalog: &Catalog, findings: &[Finding]) -> Summary {
    let records = catalog.records().iter().map(|record| (&record.kind.name, &*record.kind.plural));
    let files =
        catalog.files().iter().filter(|file| !file.records.is_empty() || file.note().is_some()).count();
    Summary::count(files, records, findings)
}

/// Writes the reports, those into files first: where one of them can't be written, no finding is printed, and where
/// nobody reads on from the screen, the files are whole.
fn write_reports(
    options: &Options,
    report: &Report,
    terminal: &Terminal,
    project: &Project,
) -> Result<(), Failure> {
    let usual = [Output { format: Format::default(), file: None }];
    let usual = if options.mending.prints_patch() { &[] } else { &usual[..] };
    let outputs = if options.format.is_empty() { usual } else { &options.format };
    for Output { format, file } in outputs {
        let Some(path) = file else { continue };
        let refused =
            |error: io::Error| Fault::new(format!("`{}` can't be written: {error}", path.display()));
        let mut file = File::create(terminal.directory.join(path)).map_err(refused)?;
        let left_out = report::write(*format, report, &Style::default(), &mut file).map_err(refused)?;
        tell_left_out(*format, &left_out);
    }
    let style = terminal.linked(&io::stdout(), project.on_disk());
    for Output { format, .. } in outputs.iter().filter(|output| output.file.is_none()) {
        let left_out = report::write(*format, report, &style, &mut io::stdout().lock())?;
        tell_left_out(*format, &left_out);
    }
    Ok(())
}

/// Also where only findings are asked for: these are findings that the report does not show.
fn tell_left_out(format: Format, omitted: &Omitted) {
    if let Some(sentence) = omitted.message() {
        eprintln!("alignlint: {}: {sentence}", format.name);
    }
}

/// What no verdict could be given on, by file and rule.
fn list_unjudged(unjudged: &[Unjudged]) -> io::Result<()> {
    let mut by_place: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for one in unjudged {
        by_place.entry((&one.path, &one.rule)).or_default().extend(one.record.as_deref());
    }
    let mut out = io::stderr().lock();
    for ((path, rule), records) in by_place {
        let mut seen = HashSet::new();
        let each_once: Vec<&str> = records.into_iter().filter(|record| seen.insert(*record)).collect();
        writeln!(out, "not judged: {path}: {rule}: {}", each_once.join(", "))?;
    }
    Ok(())
}

/// Whether all that a change brings is what later ones will be judged by: there was nothing to check before.
fn is_first_policy(catalog: &Catalog) -> bool {
    !catalog.policy_changes().is_empty() && catalog.base().files().is_empty()
}

/// Green while nothing was checked would be worse than no check at all.
fn nothing_to_check(project: &Project) -> Fault {
    let count = project.snapshot.files().len();
    let message = format!(
        "nothing to check: none of the {count} files here is a record, or lies where records are kept"
    );
    Fault::new(message).help(format!(
        "alignlint looks in {} at the root and under docs/, for files there that are named for a kind, such as \
         goals.yaml, and where its profiles say that a format lies. If your records are elsewhere, say so in \
         alignlint.yaml: `records: {{decision: path/to/*.md}}`",
        crate::record::PathClassifier::conventional_folders()
    ))
}
