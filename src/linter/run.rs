//! Reads a state, compares it with the merge base of [`Options::since`](super::Options::since), runs the rules and triages the findings.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::sync::Arc;

use crate::catalog::{Catalog, names_people};
use crate::check::{self, Check, Memory, StateDiff, Unjudged};
use crate::citation::Language;
use crate::finding::{Fault, Finding};
use crate::fix::RunResult;
use crate::governing::{Governing, Paths, governing};
use crate::input::{Input, NewerBase, Predecessors};
use crate::output::Target;
use crate::policy::Baseline;
use crate::policy::baseline::{self, BaselineEntry};
use crate::rename::{self, Renamed};
use crate::rule::Rule;
use crate::rule::file::CITING_FILE;
use crate::snapshot::{ChangedPath, MAILMAP, Snapshot};
use crate::text::Source;
use crate::triage::{self, Renames, Summary, Triage, Triaged};

use super::target::PathFilter;
use super::{Error, Linter, StateSelector};

#[derive(Default)]
pub(super) struct Details {
    pub summary: Summary,
    pub suppressed: Vec<Finding>,
    pub unjudged: Vec<Unjudged>,
    /// The faults of rules that exceeded the step limit.
    pub faults: Vec<Fault>,
    /// `Some` if `update_baseline` is set.
    pub new_baseline: Option<Baseline>,
    pub governing: Vec<Governing>,
}

impl Linter {
    pub(super) fn lint_state(
        &self,
        snapshot: &Arc<Snapshot>,
        update_baseline: bool,
    ) -> Result<RunResult<Details>, Error> {
        if !update_baseline {
            self.require_baseline()?;
        }
        let comparison = if update_baseline { None } else { BaseComparison::new(self, snapshot)? };
        let is_irrelevant = |it: &&BaseComparison<'_>| it.is_irrelevant && self.policy_revision.is_none();
        if let Some(comparison) =
            comparison.as_ref().filter(is_irrelevant).filter(|_| self.has_records(snapshot))
        {
            let governing = self.governing(comparison, || self.policy.read(snapshot, &[]));
            let input = self.policy.read(&Arc::default(), &self.rules);
            let extra = Details { governing, ..Details::default() };
            return Ok(RunResult { input, findings: Vec::new(), extra });
        }
        let input = self.input(snapshot, &self.rules)?;
        let input = match &comparison {
            Some(comparison) => comparison.with_change(input)?,
            None => input,
        };
        PathFilter::new(self)?;
        if let Err(error) = self.require_records(&input) {
            let is_hook = matches!(self.options.since.as_deref(), Some("HEAD" | "@"));
            if !is_hook || !(self.options.state == StateSelector::Staged || self.options.fixing) {
                return Err(error);
            }
            // Before the first record, the hook would stop each commit.
            return Ok(RunResult { input, findings: Vec::new(), extra: Details::default() });
        }
        if let (Some(history), Some(_), StateSelector::Staged) =
            (input.history(), &comparison, &self.options.state)
        {
            history.set_in_hook();
        }
        let diff = comparison.as_ref().map(|it| it.state_diff(&input)).transpose()?.flatten();
        let check = Check { diff: diff.as_ref(), ..self.check_of(&input) };
        let (findings, mut extra) = self.check(check, comparison.as_ref(), update_baseline, None)?;
        drop(diff);
        if let Some(comparison) = &comparison {
            extra.governing = self.governing(comparison, || input.clone());
        }
        // Nobody waits until it is dropped.
        let base = comparison.and_then(|comparison| comparison.base_input.into_inner());
        rayon::spawn(move || drop(base));
        Ok(RunResult { input, findings, extra })
    }

    /// Returns true if a state has records to check; reads files only until it finds one.
    fn has_records(&self, snapshot: &Snapshot) -> bool {
        let classifier = self.policy.classifier();
        let paths = snapshot.files().iter().map(|file| &*file.path);
        let mut candidates = paths.filter(|path| classifier.is_candidate(path));
        let batches = std::iter::from_fn(|| Some(candidates.by_ref().take(32).collect::<Vec<&str>>()));
        batches.take_while(|batch| !batch.is_empty()).any(|batch| {
            let some = Arc::new(snapshot.filtered(|path| batch.binary_search(&path).is_ok()));
            self.require_records(&self.policy.read(&some, &[])).is_ok()
        })
    }

    /// Returns the records of a state that govern what differs from the base, if they are asked for.
    fn governing(&self, comparison: &BaseComparison<'_>, input: impl FnOnce() -> Input) -> Vec<Governing> {
        if !self.options.governing {
            return Vec::new();
        }
        let changed = comparison.changed_paths.iter().cloned().collect();
        governing(&input(), Paths::These(&changed))
    }

    pub(crate) fn governing_path(&self, path: &str) -> Result<Vec<Governing>, Error> {
        self.run(|| {
            let input = self.input(&self.snapshot, &[])?;
            // The program ends soon; to drop the catalog would take as long as the search.
            std::mem::forget(input.clone());
            Ok(governing(&input, Paths::Within(path)))
        })
    }

    /// Reads the records, and the pages that these rules check.
    pub(super) fn input(&self, snapshot: &Arc<Snapshot>, rules: &[Arc<Rule>]) -> Result<Input, Fault> {
        self.with_base_policy(self.policy.read(snapshot, rules), rules)
    }

    /// Adds the revision that the policy comes from, if it is not the state itself.
    pub(super) fn with_base_policy(&self, input: Input, rules: &[Arc<Rule>]) -> Result<Input, Fault> {
        let Some(revision) = &self.policy_revision else { return Ok(input) };
        let input = self.policy.with_base_policy(input, revision, rules);
        let context = format!("can't read the policy of `{}`", revision.rev);
        self.require_all_files(&revision.snapshot, &context)?;
        Ok(input)
    }

    /// Fails if [`super::Options::baseline`] names a file that is neither in the state nor where the policy comes from.
    pub(super) fn require_baseline(&self) -> Result<(), Error> {
        match &self.options.baseline {
            Some(file) if self.policy.baseline.is_none() && self.state_baseline.is_none() => {
                let fault = Fault::new(format!("baseline `{}` does not exist", file.display()));
                Err(fault.help("create it with `--write-baseline`").into())
            }
            _ => Ok(()),
        }
    }

    /// Says that the baseline which the configuration names does not exist.
    pub(super) fn missing_baseline_notice(&self) -> Option<String> {
        let path = self.policy.config.baseline.as_deref()?;
        let is_named = path != baseline::DEFAULT_PATH && self.options.baseline.is_none();
        (is_named && self.policy.baseline.is_none()).then(|| {
            format!(
                "there is no baseline `{path}`; check the path, or write it with `alignlint --write-baseline`"
            )
        })
    }

    fn new_baseline(&self, entries: &[BaselineEntry]) -> Result<Baseline, Error> {
        let (_, path) = self.baseline_file()?;
        Ok(Baseline::parse(&Arc::new(Source::new(path, baseline::to_yaml(entries).into_bytes())))?)
    }

    /// Writes the baseline file, and says what.
    pub(super) fn save_baseline(&self, baseline: &Baseline) -> Result<String, Error> {
        let (file, path) = self.baseline_file()?;
        let written = file.write_durably(baseline.source.text().as_bytes());
        written.map_err(|error| error.into_fault(&format!("can't write the baseline `{path}`")))?;
        let before = self.state_baseline.as_deref().map_or(0, Baseline::finding_count);
        let count = baseline.finding_count();
        let noun = if count == 1 { "finding" } else { "findings" };
        Ok(format!("wrote {count} {noun} to `{path}` ({before} before)"))
    }

    /// Returns the baseline before and after files are renamed, if it names findings about records in them.
    pub(crate) fn renamed_baseline(&self, files: &[Renamed]) -> Result<Option<Renamed>, Error> {
        let Some(baseline) = &self.state_baseline else { return Ok(None) };
        let before = self.input(&self.snapshot, &self.rules)?;
        let after = self.input(&Arc::new(rename::replaced(&self.snapshot, files)), &self.rules)?;
        let changed = files.iter().flat_map(|(before, after)| [before.path().clone(), after.path().clone()]);
        let renames = renames(&before, &after, &changed.collect());
        let found = |input| self.triage(self.check_of(input), &self.rules, None).check_unsuppressed();
        let (found, renamed) = (found(&before)?.findings, found(&after)?.findings);
        let entries = triage::renamed_entries(baseline, &found, &renamed, &renames);
        let renamed = (entries != baseline.entries).then(|| self.new_baseline(&entries)).transpose()?;
        Ok(renamed.map(|renamed| (baseline.source.clone(), renamed.source)))
    }

    /// The file on disk, and its name in reports.
    fn baseline_file(&self) -> Result<(Target, String), Fault> {
        let path = Baseline::path(&self.snapshot, &self.policy.config, &self.policy_paths);
        match (path, &self.policy_paths.baseline) {
            (Some(path), _) if path.split('/').any(|name| name.eq_ignore_ascii_case(".git")) => {
                Err(Fault::new(format!("can't write the baseline `{path}`: the folder belongs to Git")))
            }
            (Some(path), _) => match self.snapshot.target(&path) {
                Some(target) => Ok((target, path)),
                None => Err(Fault::new("can't write a baseline into a bare repository")
                    .help("name a file outside the repository with `--baseline FILE`")),
            },
            (None, Some(file)) => Ok((self.snapshot.locate(file), file.to_string_lossy().into_owned())),
            (None, None) => Err(Fault::new("can't locate the baseline file without a configuration")
                .help("name the file with `--baseline FILE`")),
        }
    }

    pub(super) fn triage<'a>(
        &'a self,
        check: Check<'a>,
        rules: &'a [Arc<Rule>],
        state_baseline: Option<&'a Baseline>,
    ) -> Triage<'a> {
        Triage { check, policy: &self.policy, rules, state_baseline, memory: None }
    }

    /// Runs the rules. From their findings it removes, in this order, those that are suppressed, those in the baseline,
    /// those that the base has as well, and those outside of the paths.
    pub(super) fn check(
        &self,
        check: Check,
        comparison: Option<&BaseComparison<'_>>,
        update_baseline: bool,
        memory: Option<&Memory>,
    ) -> Result<(Vec<Finding>, Details), Error> {
        let paths = PathFilter::new(self)?;
        let is_in_paths = |finding: &Finding| paths.matches(finding.place.source.path());
        let count_in_paths =
            |findings: &[Finding]| findings.iter().filter(|finding| is_in_paths(finding)).count();
        // A fix may have edited it.
        let edited = (!Arc::ptr_eq(check.input.snapshot(), self.snapshot())).then(|| {
            Baseline::load(check.input.snapshot(), &self.policy.config, &self.policy_paths).ok().flatten()
        });
        let state_baseline = edited.as_ref().unwrap_or(&self.state_baseline).as_deref();
        let policy_baseline = match self.policy_revision {
            Some(_) => self.policy.baseline.as_deref(),
            None => state_baseline,
        };
        let triage = Triage { memory, ..self.triage(check, &self.rules, state_baseline) };
        let unsuppressed = triage.check_unsuppressed()?;
        let mut total = count_in_paths(&unsuppressed.findings);
        let new_baseline = update_baseline
            .then(|| self.new_baseline(&triage.new_baseline_entries(&unsuppressed)))
            .transpose()?;
        let triaged = match &new_baseline {
            Some(new) => Triage { state_baseline: Some(new), ..triage }.finish(unsuppressed, Some(new))?,
            None => triage.finish(unsuppressed, policy_baseline)?,
        };
        let Triaged { suppressed, after_triage_findings, unjudged, mut exhausted, .. } = triaged;
        total += count_in_paths(&after_triage_findings);
        let mut findings = [triaged.findings, after_triage_findings].concat();
        check::sort(&mut findings);
        // A finding that any of the bases has is not new.
        for (comparison, base) in comparison.iter().flat_map(|it| it.bases.iter().map(move |base| (it, base)))
        {
            let (base, renames) = comparison.base_findings(base, &check, &findings)?;
            // Of such a rule the base lacks findings, and those of rules about suppressions may come from it.
            let is_after_triage = |id: &str| self.rules.iter().any(|it| it.after_triage && *it.id == *id);
            let is_incomplete = |finding: &Finding| {
                base.exhausted.contains_key(&finding.rule)
                    || !base.exhausted.is_empty() && is_after_triage(&finding.rule)
            };
            total -= findings.iter().filter(|it| is_in_paths(it) && is_incomplete(it)).count();
            findings.retain(|finding| !is_incomplete(finding));
            let of_base = base.findings.iter().chain(&base.after_triage_findings);
            findings = triage::new_since(findings, of_base, &renames, check.input);
            for (rule, fault) in base.exhausted {
                exhausted.entry(rule).or_insert(fault);
            }
        }
        findings.retain(is_in_paths);
        let known = total - findings.len();
        let summary = Summary {
            known,
            suppressed: suppressed.len(),
            not_judged: unjudged.iter().filter(|one| !one.is_unused && paths.matches(&one.path)).count(),
            ..Summary::of_records(check.input)
        };
        let faults = exhausted.into_values().collect();
        Ok((findings, Details { summary, suppressed, unjudged, faults, new_baseline, ..Details::default() }))
    }
}

/// Loads the texts that a report shows, so that a failure is noticed while a retry is possible.
pub(super) fn load_texts(findings: &[Finding]) {
    let related = findings.iter().flat_map(|finding| &finding.related).map(|related| &related.place);
    for place in findings.iter().map(|finding| &finding.place).chain(related) {
        let _ = place.source.text();
    }
}

/// The merge bases of `--since`, and the paths in which the state differs from all of them.
pub(super) struct BaseComparison<'l> {
    linter: &'l Linter,
    since: &'l str,
    /// The first of [`BaseComparison::bases`].
    base: Arc<Snapshot>,
    bases: Vec<Arc<Snapshot>>,
    changed_paths: HashSet<Arc<str>>,
    /// The paths in which the state differs from any of several; empty for one.
    differing_paths: HashSet<Arc<str>>,
    /// No finding can be new: no changed file is relevant.
    is_irrelevant: bool,
    /// What `base` has, read on demand.
    base_input: OnceCell<Input>,
}

impl<'l> BaseComparison<'l> {
    /// Compares `head_snapshot` with its merge base. None without [`super::Options::since`], or if nothing is committed yet.
    fn new(linter: &'l Linter, head_snapshot: &Snapshot) -> Result<Option<BaseComparison<'l>>, Fault> {
        let Some(since) = linter.options.since.as_deref() else { return Ok(None) };
        let bases: Vec<Arc<Snapshot>> =
            linter.snapshot.merge_bases(since)?.into_iter().map(Arc::new).collect();
        let Some(base) = bases.first().cloned() else { return Ok(None) };
        let changes = head_snapshot.diff(&base);
        let searches_citations =
            linter.rules.iter().any(|rule| rule.is_for_word(CITING_FILE) && !linter.is_off(rule));
        // Removing any file can break a reference.
        let is_relevant = |change: &ChangedPath<'_>| {
            change.removed
                || linter.policy.is_relevant(change.path)
                || searches_citations && Language::of(change.path).is_some()
        };
        let is_irrelevant = !changes.iter().any(is_relevant);
        let mut changed_paths: HashSet<Arc<str>> = changes.iter().map(|change| change.path.clone()).collect();
        let mut differing_paths = HashSet::new();
        for other in &bases[1..] {
            let changes = head_snapshot.diff(other);
            let differing: HashSet<&Arc<str>> = changes.iter().map(|change| change.path).collect();
            differing_paths.extend(differing.iter().copied().chain(&changed_paths).cloned());
            changed_paths.retain(|path| differing.contains(path));
        }
        let base_input = OnceCell::new();
        Ok(Some(BaseComparison {
            linter,
            since,
            base,
            bases,
            changed_paths,
            differing_paths,
            is_irrelevant,
            base_input,
        }))
    }

    /// Returns what the change may affect, if the state is staged and follows the base: then unchanged files have one history in both states.
    fn state_diff<'c>(&'c self, head_input: &'c Input) -> Result<Option<StateDiff<'c>>, Fault> {
        let Linter { options, snapshot, policy, rules, .. } = self.linter;
        if options.state != StateSelector::Staged
            || options.policy_from.is_some()
            || !snapshot.builds_on(&self.base)
        {
            return Ok(None);
        }
        let is_global_path = |path: &Arc<str>| {
            **path == *MAILMAP || names_people(path) || policy.config.baseline.as_deref() == Some(&**path)
        };
        let is_global = self.changed_paths.iter().any(is_global_path);
        let base_input = self.base_input(head_input, rules)?;
        Ok(Some(StateDiff::new(head_input, base_input, &self.changed_paths, is_global)))
    }

    /// Adds what the change adds and takes away: its new files, the records of the base that the head lacks, and those that the base has
    /// gained since the merge base, in commits that are in this clone.
    fn with_change(&self, head_input: Input) -> Result<Input, Fault> {
        let Linter { snapshot, policy, .. } = self.linter;
        let added = self.changed_paths.iter().filter(|path| self.base.get(path).is_none());
        let tip = || Ok::<_, Fault>(snapshot.at_revision(self.since)?.subtree(snapshot.folder()));
        let (mut bases, mut paths) = (self.bases.clone(), &self.changed_paths);
        // A merge base that lacks a record does not hide that it is lost.
        if bases.len() > 1 {
            bases.insert(0, Arc::new(tip()?));
            paths = &self.differing_paths;
        }
        // Only files that differ can have lost a record.
        let mut records = Vec::new();
        for base in &bases {
            let base = Arc::new(base.filtered(|path| paths.contains(path)));
            records.push(policy.read_records(&head_input, &base));
            self.require_all_files(&base)?;
        }
        let head_input = head_input.with_bases(&records, paths);
        let head_input = head_input.with_added_paths(added.cloned().collect());
        if self.base.is_at(self.since) {
            return Ok(head_input);
        }
        let tip = tip()?;
        let gained: HashSet<Arc<str>> = tip.diff(&self.base).iter().map(|it| it.path.clone()).collect();
        let is_relevant = |path: &str| gained.contains(path) && policy.is_relevant(path);
        let tip = Arc::new(tip.filtered(is_relevant));
        let of_both = |path: &str| is_relevant(path) || self.changed_paths.contains(path);
        let merge_base = Arc::new(self.base.filtered(of_both));
        let catalog = policy.read_records(&head_input, &tip);
        let merge_base_catalog = policy.read_records(&head_input, &merge_base);
        self.require_all_files(&tip)?;
        self.require_all_files(&merge_base)?;
        Ok(head_input.with_newer_base(&NewerBase {
            rev: self.since,
            catalog: &catalog,
            merge_base: &merge_base_catalog,
            changed: &self.changed_paths,
        }))
    }

    fn require_all_files(&self, state: &Snapshot) -> Result<(), Fault> {
        self.linter.require_all_files(state, &format!("can't compare with `{}`", self.since))
    }

    fn base_input(&self, head_input: &Input, rules: &[Arc<Rule>]) -> Result<&Input, Fault> {
        if let Some(input) = self.base_input.get() {
            return Ok(input);
        }
        let input = self.read(&self.base, head_input, rules)?;
        Ok(self.base_input.get_or_init(|| input))
    }

    fn read(&self, base: &Arc<Snapshot>, head_input: &Input, rules: &[Arc<Rule>]) -> Result<Input, Fault> {
        let input = self.linter.policy.read_reusing(Some(head_input), base, rules);
        // Known findings in an unreadable file would look new.
        self.require_all_files(base)?;
        self.linter.with_base_policy(input, rules)
    }

    /// Lints a base with the same policy and date. Only rules with findings in the head run: the others can't have known findings. To
    /// know what the base does not use, all of them run.
    fn base_findings(
        &self,
        base: &Arc<Snapshot>,
        head_check: &Check,
        findings: &[Finding],
    ) -> Result<(Triaged, Renames), Error> {
        let rules = &self.linter.rules;
        let ids: HashSet<&str> = findings.iter().map(|finding| &*finding.rule).collect();
        let has_unused = rules.iter().any(|rule| rule.after_triage && ids.contains(&*rule.id));
        let is_needed = |rule: &&Arc<Rule>| has_unused || ids.contains(&*rule.id);
        let rules: Vec<Arc<Rule>> = rules.iter().filter(is_needed).cloned().collect();
        if rules.is_empty() {
            return Ok(Default::default());
        }
        let Linter { policy, policy_paths, .. } = self.linter;
        let other;
        let input = if Arc::ptr_eq(base, &self.base) {
            self.base_input(head_check.input, &rules)?
        } else {
            other = self.read(base, head_check.input, &rules)?;
            &other
        };
        let state_baseline = Baseline::load(base, &policy.config, policy_paths).ok().flatten();
        let check = Check { input, ..*head_check };
        let mut triaged = self.linter.triage(check, &rules, state_baseline.as_deref()).run()?;
        // Known findings in files that are only read by then would look new, too.
        self.require_all_files(base)?;
        for fault in triaged.exhausted.values_mut() {
            let message = &fault.message;
            fault.message = format!("can't compare with `{}`: at the merge base, {message}", self.since);
        }
        let renames = renames(input, head_check.input, &self.changed_paths);
        Ok((triaged, renames))
    }
}

/// Finds the records of a base that go on under another identifier or in another file; both are in changed files.
fn renames(base: &Catalog, head: &Catalog, changed: &HashSet<Arc<str>>) -> Renames {
    Renames::of(&Predecessors::find(base, head, changed).pairs)
}
