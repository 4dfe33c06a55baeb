//! Fixes: from what rules want changed to edits, from edits to files that read as they were meant to.
//!
//! A [`FixPlan`] works out the edits of one state's findings. [`fix_until_stable`] applies them and looks again, until nothing
//! changes any more. A file is changed whole or not at all: see [`replace_file`].

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use crate::catalog::Catalog;
use crate::finding::{Finding, Fix, Place, Safety, SemanticEdit};
use crate::input::Input;
use crate::policy::Policy;
use crate::snapshot::Snapshot;
use crate::text::{Edit, Source};

mod bench;
pub mod patch;
mod verify;
mod words;
mod write;

use bench::{Bench, Proposal};
pub use write::replace_file;

/// How often fixes that touch each other are sorted out before the rest has to wait for the next pass.
const ROUNDS: usize = 8;

/// How often one file is read to tell the fixes that it bears from the others.
const TRIES: usize = 256;

/// The fixes of one state's findings, worked out.
pub struct FixPlan<'c> {
    policy: &'c Policy,
    pages: Vec<Page<'c>>,
    /// The findings whose fix would have done more or less than it was meant to.
    pub rejected: Vec<RejectedFix>,
}

/// A fix that is not applied, because its file would not read as it should.
#[derive(Clone, Debug)]
pub struct RejectedFix {
    pub rule: Arc<str>,
    pub place: Place,
}

/// A file with the fixes that it bears, in the order of their findings.
struct Page<'c> {
    bench: Bench<'c>,
    candidates: Vec<Candidate>,
}

struct Candidate {
    /// The number of its finding.
    finding: usize,
    safety: Safety,
    proposal: Proposal,
}

impl<'c> FixPlan<'c> {
    /// Works out the edits of each finding's fix. A finding whose fix can't be worked out loses it.
    pub fn new(findings: &mut [Finding], catalog: &'c Catalog, policy: &'c Policy) -> FixPlan<'c> {
        let mut by_file: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (at, finding) in findings.iter().enumerate() {
            if let Some(file) = finding.fix.as_ref().and_then(|fix| file_of(finding, fix, catalog)) {
                by_file.entry(file).or_default().push(at);
            }
        }
        let fixes: &[Finding] = findings;
        let planned: Vec<(Page<'c>, Vec<usize>)> = by_file
            .par_iter()
            .map(|(file, of_file)| Page::plan(*file, of_file, fixes, catalog, policy))
            .collect();
        let mut plan = FixPlan { policy, pages: Vec::new(), rejected: Vec::new() };
        let mut edits: HashMap<usize, (Arc<Source>, Vec<Edit>)> = HashMap::new();
        for (page, refused) in planned {
            plan.rejected.extend(refused.into_iter().map(|at| RejectedFix {
                rule: findings[at].rule.clone(),
                place: findings[at].place.clone(),
            }));
            for Candidate { finding, proposal, .. } in &page.candidates {
                let mut of_finding: Vec<Edit> = proposal.edits().cloned().collect();
                of_finding.sort();
                edits.insert(*finding, (page.bench.file.source().clone(), of_finding));
            }
            plan.pages.push(page);
        }
        for (at, finding) in findings.iter_mut().enumerate() {
            let edits = edits.remove(&at);
            finding.fix = finding.fix.take().filter(|_| edits.is_some()).map(|fix| Fix { edits, ..fix });
        }
        plan
    }

    /// The files after all fixes that are at most this daring and don't touch each other, and how many those are.
    /// Of two that touch each other the one of the earlier finding is made.
    pub fn apply(&self, up_to: Safety) -> (Vec<Arc<Source>>, usize) {
        let applied = self.pages.par_iter().filter_map(|page| page.apply(up_to, self.policy));
        let applied: Vec<(Arc<Source>, usize)> = applied.collect();
        let count = applied.iter().map(|(_, count)| count).sum();
        (applied.into_iter().map(|(source, _)| source).collect(), count)
    }
}

/// The file that a fix changes; none where it would change several.
fn file_of(finding: &Finding, fix: &Fix, catalog: &Catalog) -> Option<u32> {
    let here = || {
        let at =
            catalog.files().binary_search_by(|file| file.path().cmp(finding.place.source.path())).ok()?;
        u32::try_from(at).ok()
    };
    let mut files = fix.changes.iter().map(|change| match change {
        SemanticEdit::SetField { record, .. } => Some(catalog.record(*record).document),
        SemanticEdit::ReplaceText { .. } | SemanticEdit::ReplaceTerm { .. } => here(),
    });
    let first = files.next()??;
    files.all(|file| file == Some(first)).then_some(first)
}

impl<'c> Page<'c> {
    /// The page, and the findings whose fix it does not bear.
    fn plan(
        file: u32,
        of_file: &[usize],
        findings: &[Finding],
        catalog: &'c Catalog,
        policy: &Policy,
    ) -> (Page<'c>, Vec<usize>) {
        let bench = Bench::new(catalog, &catalog.files()[file as usize]);
        let mut waiting: Vec<Candidate> = Vec::new();
        for &finding in of_file {
            let Some(fix) = &findings[finding].fix else { continue };
            if let Some(proposal) = bench.proposal(fix) {
                waiting.push(Candidate { finding, safety: fix.safety, proposal });
            }
        }
        let mut kept = Vec::new();
        let mut refused = Vec::new();
        let mut tries = TRIES;
        for _ in 0..ROUNDS {
            let (now, later) = apart(waiting);
            waiting = later;
            let borne = borne(&bench, policy, &now.iter().collect::<Vec<_>>(), &mut tries);
            for (candidate, is_borne) in now.into_iter().zip(borne) {
                if is_borne { kept.push(candidate) } else { refused.push(candidate.finding) }
            }
            if waiting.is_empty() {
                break;
            }
        }
        kept.sort_by_key(|candidate| candidate.finding);
        refused.sort_unstable();
        (Page { bench, candidates: kept }, refused)
    }

    fn apply(&self, up_to: Safety, policy: &Policy) -> Option<(Arc<Source>, usize)> {
        let fitting = self.candidates.iter().filter(|candidate| candidate.safety <= up_to);
        let mut taken = Taken::default();
        let chosen: Vec<&Candidate> = fitting.filter(|candidate| taken.takes(&candidate.proposal)).collect();
        let mut tries = TRIES;
        let borne = borne(&self.bench, policy, &chosen, &mut tries);
        let proposals: Vec<&Proposal> = chosen
            .iter()
            .zip(borne)
            .filter(|(_, is_borne)| *is_borne)
            .map(|(one, _)| &one.proposal)
            .collect();
        if proposals.is_empty() {
            return None;
        }
        let text = verify::applied(&self.bench, policy, &proposals)?;
        let source = Arc::new(Source::new(self.bench.file.path().clone(), text.into_bytes()));
        Some((source, proposals.len()))
    }
}

/// Those that don't touch an earlier one, and the others.
fn apart(candidates: Vec<Candidate>) -> (Vec<Candidate>, Vec<Candidate>) {
    let mut taken = Taken::default();
    candidates.into_iter().partition(|candidate| taken.takes(&candidate.proposal))
}

/// The places that edits have taken: none touches another.
#[derive(Default)]
struct Taken(BTreeMap<u32, Edit>);

impl Taken {
    /// Takes the places of a proposal, if none of them touches one that is taken; the very same edit touches nobody.
    fn takes(&mut self, proposal: &Proposal) -> bool {
        let free = |edit: &Edit| {
            let before = self.0.range(..=edit.span.end).next_back();
            before.is_none_or(|(_, other)| other.span.end < edit.span.start || other == edit)
        };
        let all_free = proposal.edits().all(free);
        if all_free {
            self.0.extend(proposal.edits().map(|edit| (edit.span.start, edit.clone())));
        }
        all_free
    }
}

/// Which of these the file bears together: all, or what is left when those that it does not bear are searched for by
/// halves.
fn borne(bench: &Bench, policy: &Policy, chosen: &[&Candidate], tries: &mut usize) -> Vec<bool> {
    let mut borne = vec![false; chosen.len()];
    let mut good: Vec<&Proposal> = Vec::new();
    let mut open = Vec::from([(0, chosen.len())]);
    while let Some((start, end)) = open.pop() {
        let part = start..end;
        if part.is_empty() || *tries == 0 {
            continue;
        }
        *tries -= 1;
        let mut together = good.clone();
        together.extend(chosen[part.clone()].iter().map(|candidate| &candidate.proposal));
        if verify::applied(bench, policy, &together).is_some() {
            borne[part].fill(true);
            good = together;
        } else if part.len() > 1 {
            let middle = start + part.len() / 2;
            open.extend([(middle, end), (start, middle)]);
        }
    }
    borne
}

/// How often the files are looked at again: what one fix brings to light another one mends.
const PASSES: usize = 16;

/// What fixes came to.
#[derive(Debug, Default)]
pub struct FixerResult {
    /// Each file that is changed: as it was and as it is, in the order of their paths.
    pub files: Vec<(Arc<Source>, Arc<Source>)>,
    /// How many findings were mended.
    pub fixed: usize,
    pub rejected: Vec<RejectedFix>,
}

/// One look at a state.
pub struct LinterResult<R = ()> {
    pub input: Input,
    pub findings: Vec<Finding>,
    /// What else was seen.
    pub extra: R,
}

/// Applies the fixes of a state's findings in memory, looks again, and so on until nothing changes: what is left is
/// in the last look, its edits worked out.
///
/// # Errors
/// What `look` fails with.
pub fn fix_until_stable<R, E>(
    snapshot: &Arc<Snapshot>,
    policy: &Policy,
    up_to: Safety,
    mut look: impl FnMut(Arc<Snapshot>) -> Result<LinterResult<R>, E>,
) -> Result<(LinterResult<R>, FixerResult), E> {
    let mut changed: BTreeMap<Arc<str>, (Arc<Source>, Arc<Source>)> = BTreeMap::new();
    let mut settled = FixerResult::default();
    let mut here = look(snapshot.clone())?;
    for pass in 0.. {
        let plan = FixPlan::new(&mut here.findings, &here.input, policy);
        let (sources, mended) = if pass < PASSES { plan.apply(up_to) } else { (Vec::new(), 0) };
        settled.rejected = plan.rejected;
        if sources.is_empty() {
            break;
        }
        settled.fixed += mended;
        for source in sources {
            let before = snapshot.read_path(source.path()).unwrap_or_else(|| source.clone());
            let entry = changed.entry(source.path().clone()).or_insert_with(|| (before, source.clone()));
            entry.1 = source;
        }
        let texts = changed.values().map(|(_, after)| after.clone());
        here = look(Arc::new(snapshot.with_overlay(texts)))?;
    }
    settled.files = changed.into_values().filter(|(before, after)| before.text() != after.text()).collect();
    Ok((here, settled))
}
