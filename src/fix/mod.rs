//! Fixes: turns the semantic edits of findings into text edits, checks them and applies them.
//!
//! A [`FixPlan`] computes the edits for one snapshot; [`fix_until_stable`] applies them and lints again until nothing
//! changes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use crate::catalog::Catalog;
use crate::finding::{Finding, Fix, Safety, SemanticEdit};
use crate::input::Input;
use crate::limits;
use crate::policy::{Baseline, Policy};
use crate::record::Recogniser;
use crate::snapshot::Snapshot;
use crate::text::{Edit, Source, applied};

mod file_fixer;
mod verify;
mod write;

use file_fixer::{FileFixer, ProposedEdits};
pub use write::{patch, rename_files, write_files};

/// How often the files are linted again, because one fix can enable another.
const MAX_PASSES: usize = 16;

/// The verified fixes for the findings of one snapshot.
pub struct FixPlan<'c> {
    recogniser: Recogniser<'c>,
    files: Vec<FilePlan<'c>>,
    /// The edits of the baseline.
    entries: EntryEdits,
    baseline: Option<Arc<Source>>,
    /// Notices about the fixes that are skipped, because the edited file would not parse as intended.
    pub rejected: Vec<String>,
}

/// The verified fixes of one file, in the order of their findings.
struct FilePlan<'c> {
    fixer: FileFixer<'c>,
    candidates: Vec<Candidate>,
    rejected: Vec<usize>,
}

struct Candidate {
    finding: usize,
    safety: Safety,
    edits: ProposedEdits,
}

impl<'c> FixPlan<'c> {
    /// Computes the edits of each finding's fix. Sets `fix` to `None` for a finding that can't be fixed.
    pub fn new(findings: &mut [Finding], catalog: &'c Catalog, policy: &'c Policy) -> FixPlan<'c> {
        let mut by_file: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (index, finding) in findings.iter().enumerate() {
            if let Some(file) = finding.fix.as_ref().and_then(|fix| edited_file(finding, fix, catalog)) {
                by_file.entry(file).or_default().push(index);
            }
        }
        let fixes: &[Finding] = findings;
        let recogniser = policy.recogniser();
        let files: Vec<FilePlan<'c>> = by_file
            .par_iter()
            .map(|(file, indices)| FilePlan::new(*file, indices, fixes, catalog, &recogniser))
            .collect();
        let rejected = files.iter().flat_map(|file| &file.rejected).map(|index| &fixes[*index]);
        let rejected = rejected.map(|Finding { rule, place, .. }| {
            let (path, line) = (place.source.path(), place.start().line);
            format!("{path}:{line}: {rule}: fix not applied: it would change other parts of the file")
        });
        let (entries, baseline) = entries(fixes, catalog);
        let plan = FixPlan { rejected: rejected.collect(), recogniser, files, entries, baseline };
        let mut edits: HashMap<usize, (Arc<Source>, Vec<Edit>)> = HashMap::new();
        if let Some(source) = &plan.baseline {
            edits
                .extend(plan.entries.iter().map(|(at, _, edit)| (*at, (source.clone(), vec![edit.clone()]))));
        }
        for file in &plan.files {
            for candidate in &file.candidates {
                let mut sorted: Vec<Edit> = candidate.edits.iter().cloned().collect();
                sorted.sort_unstable();
                edits.insert(candidate.finding, (file.fixer.file.source().clone(), sorted));
            }
        }
        for (index, finding) in findings.iter_mut().enumerate() {
            let edits = edits.remove(&index);
            finding.fix = finding.fix.take().filter(|_| edits.is_some()).map(|fix| Fix { edits, ..fix });
        }
        plan
    }

    /// Returns the edited files and the number of fixes applied: those of at most safety `up_to`.
    pub fn apply(&self, up_to: Safety) -> (Vec<Arc<Source>>, usize) {
        let files = self.files.par_iter().filter_map(|file| file.apply(up_to, &self.recogniser));
        let mut files: Vec<(Arc<Source>, usize)> = files.collect();
        files.extend(self.baseline.as_ref().and_then(|source| self.apply_entries(source, up_to)));
        let count = files.iter().map(|(_, count)| count).sum();
        (files.into_iter().map(|(source, _)| source).collect(), count)
    }

    fn apply_entries(&self, source: &Source, up_to: Safety) -> Option<(Arc<Source>, usize)> {
        let chosen = self.entries.iter().filter(|(_, safety, _)| *safety <= up_to);
        let edits: Vec<Edit> = chosen.map(|(.., edit)| edit.clone()).collect();
        let count = edits.len();
        let text = applied(source.text(), edits);
        // Without entries, the list has to be written.
        let texts = [text.replacen("findings:", "findings: []", 1), text];
        let mut read = texts.into_iter().rev().map(|text| {
            let source = Arc::new(Source::new(source.path().clone(), text.into_bytes()));
            Baseline::parse(&source).is_ok().then_some((source, count))
        });
        if count > 0 { read.find_map(|it| it) } else { None }
    }
}

/// The edits of entries, each with the index of its finding.
type EntryEdits = Vec<(usize, Safety, Edit)>;

/// Returns the edits of entries of the baseline, which is no file of the catalog, and its text. An entry without a finding goes with its lines,
/// if nothing else is on them.
fn entries(findings: &[Finding], catalog: &Catalog) -> (EntryEdits, Option<Arc<Source>>) {
    let mut baseline: Option<Arc<Source>> = None;
    let mut edit = |(at, finding): (usize, &Finding)| {
        let (fix, source) = (finding.fix.as_ref()?, &finding.place.source);
        let [SemanticEdit::ReplaceText { span, new, .. }] = &fix.changes[..] else { return None };
        let known =
            || catalog.snapshot().read_path(source.path()).is_some_and(|it| it.text() == source.text());
        if catalog.file_at(source.path()).is_some() || baseline.is_none() && !known() {
            return None;
        }
        let lines = source.whole_lines(*span);
        let own = source.slice(lines).trim().strip_prefix('-').map(str::trim);
        let is_gone = new.is_empty();
        let edited = if is_gone { lines } else { *span };
        if is_gone && own != Some(source.slice(*span).trim()) {
            return None;
        }
        baseline.get_or_insert_with(|| source.clone());
        Some((at, fix.safety, Edit { span: edited, replacement: new.to_string() }))
    };
    let edits = findings.iter().enumerate().filter_map(&mut edit).collect();
    (edits, baseline)
}

/// The index of the file that a fix edits; `None` if it would edit several.
fn edited_file(finding: &Finding, fix: &Fix, catalog: &Catalog) -> Option<u32> {
    let own_file = || catalog.file_at(finding.place.source.path()).map(|file| file.number);
    let mut files = fix.changes.iter().map(|change| match change {
        SemanticEdit::SetField { record, .. } => Some(catalog.record(*record).document),
        SemanticEdit::ReplaceText { .. } | SemanticEdit::ReplaceTerm { .. } => own_file(),
    });
    let first = files.next()??;
    files.all(|file| file == Some(first)).then_some(first)
}

impl<'c> FilePlan<'c> {
    fn new(
        file: u32,
        indices: &[usize],
        findings: &[Finding],
        catalog: &'c Catalog,
        recogniser: &Recogniser,
    ) -> FilePlan<'c> {
        let fixer = FileFixer::new(catalog, &catalog.files()[file as usize]);
        let mut pending: Vec<Candidate> = Vec::new();
        for &finding in indices {
            let Some(fix) = &findings[finding].fix else { continue };
            if let Some(edits) = fixer.propose(fix) {
                pending.push(Candidate { finding, safety: fix.safety, edits });
            }
        }
        // Of fixes that touch each other, the safest one counts, else the first; the others wait for the next pass.
        pending.sort_by_key(|candidate| (candidate.safety, candidate.finding));
        let mut occupied = OccupiedSpans::default();
        pending.retain(|candidate| occupied.insert(&candidate.edits));
        let mut attempts = limits::fix_attempts(fixer.file.source().text().len());
        let edits: Vec<&ProposedEdits> = pending.iter().map(|candidate| &candidate.edits).collect();
        let (verified, _) = bisect(&fixer, recogniser, &edits, &mut attempts);
        let mut verified = verified.into_iter();
        let (candidates, rejected): (Vec<_>, Vec<_>) =
            pending.into_iter().partition(|_| verified.next() == Some(true));
        let mut rejected: Vec<usize> = rejected.into_iter().map(|candidate| candidate.finding).collect();
        rejected.sort_unstable();
        FilePlan { fixer, candidates, rejected }
    }

    fn apply(&self, up_to: Safety, recogniser: &Recogniser) -> Option<(Arc<Source>, usize)> {
        let allowed = self.candidates.iter().filter(|candidate| candidate.safety <= up_to);
        let chosen: Vec<&ProposedEdits> = allowed.map(|candidate| &candidate.edits).collect();
        let mut attempts = limits::fix_attempts(self.fixer.file.source().text().len());
        let (verified, text) = bisect(&self.fixer, recogniser, &chosen, &mut attempts);
        let source = Source::new(self.fixer.file.path().clone(), text?.into_bytes());
        Some((Arc::new(source), verified.into_iter().filter(|is_verified| *is_verified).count()))
    }
}

/// The spans that are edited already, by their start; none touches another.
#[derive(Default)]
struct OccupiedSpans(BTreeMap<u32, Edit>);

impl OccupiedSpans {
    /// Adds the spans of some edits and returns true, unless one of them touches another edit than itself.
    fn insert(&mut self, edits: &ProposedEdits) -> bool {
        let is_free = |edit: &Edit| {
            let before = self.0.range(..=edit.span.end).next_back();
            before.is_none_or(|(_, other)| other.span.end < edit.span.start || other == edit)
        };
        let all_free = edits.iter().all(is_free);
        if all_free {
            self.0.extend(edits.iter().map(|edit| (edit.span.start, edit.clone())));
        }
        all_free
    }
}

/// Tells which edits pass verification together, finding failing ones by bisection; with the text after them, if there are any.
fn bisect(
    fixer: &FileFixer,
    recogniser: &Recogniser,
    edits: &[&ProposedEdits],
    attempts: &mut usize,
) -> (Vec<bool>, Option<String>) {
    let mut verified = vec![false; edits.len()];
    let (mut good, mut text): (Vec<&ProposedEdits>, _) = (Vec::new(), None);
    let mut open = Vec::new();
    open.push(0..edits.len());
    while let Some(range) = open.pop() {
        if range.is_empty() || *attempts == 0 {
            continue;
        }
        *attempts -= 1;
        let combined = [&good[..], &edits[range.clone()]].concat();
        if let Some(after) = verify::apply_verified(fixer, recogniser, &combined) {
            verified[range].fill(true);
            (good, text) = (combined, Some(after));
        } else if range.len() > 1 {
            let middle = range.start + range.len() / 2;
            open.extend([middle..range.end, range.start..middle]);
        }
    }
    (verified, text)
}

#[derive(Debug, Default)]
pub struct FixerResult {
    /// Each edited file before and after, sorted by path.
    pub files: Vec<(Arc<Source>, Arc<Source>)>,
    pub fixed: usize,
    pub rejected: Vec<String>,
}

pub struct RunResult<R = ()> {
    pub input: Input,
    pub findings: Vec<Finding>,
    /// Whatever else the caller's lint function returns.
    pub extra: R,
}

/// Says of which rules the fixes bring back what they fix.
fn endless(findings: &[Finding], up_to: Safety) -> String {
    let fixes = |fix: &Fix| fix.safety <= up_to && fix.edits.is_some();
    let open = findings.iter().filter(|finding| finding.fix.as_ref().is_some_and(fixes));
    let rules: BTreeSet<String> = open.map(|finding| format!("`{}`", finding.rule)).collect();
    let rules = rules.into_iter().collect::<Vec<_>>().join(", ");
    format!("the fixes stop after {MAX_PASSES} passes: those of {rules} bring back what they fix")
}

/// Applies fixes in memory and lints again until nothing changes. Returns the findings that remain, with the edits of their fixes.
pub fn fix_until_stable<R, E>(
    snapshot: &Arc<Snapshot>,
    policy: &Policy,
    up_to: Safety,
    mut lint: impl FnMut(Arc<Snapshot>) -> Result<RunResult<R>, E>,
) -> Result<(RunResult<R>, FixerResult), E> {
    let mut edited: BTreeMap<Arc<str>, (Arc<Source>, Arc<Source>)> = BTreeMap::new();
    let mut outcome = FixerResult::default();
    let mut result = lint(snapshot.clone())?;
    for pass in 0.. {
        let plan = FixPlan::new(&mut result.findings, &result.input, policy);
        let (sources, fixed) = plan.apply(up_to);
        outcome.rejected = plan.rejected;
        if sources.is_empty() || pass == MAX_PASSES {
            outcome.rejected.extend((!sources.is_empty()).then(|| endless(&result.findings, up_to)));
            break;
        }
        outcome.fixed += fixed;
        for source in sources {
            let before = snapshot.read_path(source.path()).unwrap_or_else(|| source.clone());
            let entry = edited.entry(source.path().clone()).or_insert_with(|| (before, source.clone()));
            entry.1 = source;
        }
        let texts = edited.values().map(|(_, after)| after.clone());
        result = lint(Arc::new(snapshot.with_texts(texts)))?;
    }
    outcome.files = edited.into_values().filter(|(before, after)| before.text() != after.text()).collect();
    Ok((result, outcome))
}
