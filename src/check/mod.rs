//! Checks rules over an input. What a rule finds about a record depends only on the input, the rule's parameters and the
//! day, so rules and records are checked in parallel.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::config::{Config, RuleSetting};
use crate::finding::{Fault, Finding};
use crate::input::Input;
use crate::kind::Kind;
use crate::record::Record;
use crate::rule::{EvalError, Form, Program, Rule, Subjects, params};
use crate::term::Vocabulary;

mod coverage;
mod due;
mod location;
mod model;
mod order;
mod pass;
mod rows;
mod rule_run;
mod state_diff;
mod trace;

pub use coverage::{LISTED, NeverJudged};
pub use model::{
    CheckResult, CheckScope, Coverage, DueDay, Exhausted, FoundCell, FoundRow, NotJudged, Selection, Step,
    Unjudged,
};
pub use rows::{RowFinder, tree_order};
pub use state_diff::StateDiff;
pub use trace::Trace;

use model::{GroupKeys, Purpose, RuleRun, Subject, Variant};

/// The most rules that a thread compiles before another one can take over the rest.
const RULES_PER_TASK: usize = 8;

/// Everything that a check depends on.
#[derive(Clone, Copy)]
pub struct Check<'a> {
    pub input: &'a Input,
    pub config: &'a Config,
    pub today: Date,
    /// Limits the check to what this difference can affect.
    pub diff: Option<&'a StateDiff<'a>>,
}

impl<'a> Check<'a> {
    /// Checks the rules.
    ///
    /// # Errors
    /// A rule does not compile.
    pub fn run<'r>(&'r self, rules: &'r [Arc<Rule>]) -> Result<CheckResult, Vec<Fault>> {
        // Built before the rules run: a thread that waits for parts of one may run another rule, which needs it too.
        let is_run =
            |is_of: fn(&Rule) -> bool| rules.iter().any(|rule| is_of(rule) && self.has_subjects(rule));
        let reads_authority = is_run(|rule| rule.authority);
        let search_files = || {
            // A difference may need none of them.
            let is_run = |is_of| self.diff.is_none() && is_run(is_of);
            let citing = || is_run(Rule::is_for_citing_files).then(|| self.input.catalog().citing_files());
            let unread = || is_run(Rule::is_for_unread_files).then(|| self.input.unread_files());
            rayon::join(citing, unread);
        };
        let with_authority = || {
            let input = self.input.with_base_authority();
            (Check { input, ..*self }, Vocabulary::new(input))
        };
        let (vocabulary, (authority, ())) = rayon::join(
            || Vocabulary::new(self.input),
            || rayon::join(|| reads_authority.then(with_authority), search_files),
        );
        let prepare = |rule: &'r Arc<Rule>| {
            let (check, vocabulary) = match &authority {
                Some((check, vocabulary)) if rule.authority => (check, vocabulary),
                _ => (self, &vocabulary),
            };
            let has_subjects = self.has_subjects(rule) && check.has_subjects(rule);
            has_subjects.then(|| check.prepare(rule, vocabulary))
        };
        let (mut prepared, mut faults) = (Vec::new(), Vec::new());
        for rule in rules.par_iter().with_max_len(RULES_PER_TASK).filter_map(prepare).collect::<Vec<_>>() {
            match rule {
                Ok(rule) => prepared.push(rule),
                Err(found) => faults.extend(found),
            }
        }
        if !faults.is_empty() {
            // Several rules may not fit one kind.
            let mut seen = HashSet::new();
            faults.retain(|fault: &Fault| {
                seen.insert((fault.message.clone(), fault.place.as_ref().map(|it| it.span)))
            });
            return Err(faults);
        }
        let runs: Vec<RuleRun> = prepared.iter().flat_map(|rule| rule.runs(Purpose::Verdicts)).collect();
        let results = pass::check_together(&runs);
        let mut all = CheckResult::default();
        all.unjudged.reserve_exact(results.iter().flatten().map(|result| result.unjudged.len()).sum());
        let mut results = results.into_iter();
        for rule in &prepared {
            all.extend(rule.result(results.by_ref().take(rule.variants.len())));
        }
        drop(runs);
        drop(prepared);
        rayon::join(|| sort(&mut all.findings), || drop((vocabulary, authority)));
        Ok(all)
    }

    fn has_subjects(&self, rule: &Rule) -> bool {
        let in_use = |kind: &Kind| !self.input.of_kind(&kind.name).is_empty();
        let is_off = rule.settings(self.config).for_all_files() == Some(RuleSetting::Off);
        !is_off
            && (!rule.is_for_kinds()
                || self.input.kinds().iter().any(|kind| rule.is_for(kind) && in_use(kind)))
    }

    /// Returns what a rule reads, with the decision rights of the base policy if it is about these.
    fn input_of(&self, rule: &Rule) -> &'a Input {
        if rule.authority { self.input.with_base_authority() } else { self.input }
    }

    /// Returns the check of all that a rule reads, whatever differs.
    fn whole(&self, rule: &Rule) -> Check<'a> {
        Check { input: self.input_of(rule), diff: None, ..*self }
    }

    /// Compiles a rule for this check.
    fn compile<'r>(&self, rule: &'r Rule, vocabulary: &'r Vocabulary) -> Result<CompiledRule<'r>, Vec<Fault>>
    where
        'a: 'r,
    {
        Ok(CompiledRule { check: *self, rule, program: rule.program(self.input.kinds())?, vocabulary })
    }

    fn prepare(&self, rule: &'a Rule, vocabulary: &'a Vocabulary) -> Result<PreparedRule<'a>, Vec<Fault>> {
        let compiled = self.compile(rule, vocabulary)?;
        let scope = self.scope(rule, &compiled.program);
        let mut variants = self.variants(&compiled, &scope)?;
        if let (CheckScope::Selected(selection), Some(_)) = (&scope, &compiled.program.group_by) {
            for variant in &mut variants {
                // If the other state exhausts the limit, all groups are checked.
                variant.keys = self.group_keys(&compiled, variant, selection).ok();
            }
        }
        Ok(PreparedRule { compiled, scope, variants })
    }

    fn scope(&self, rule: &Rule, program: &Program) -> CheckScope {
        // The usage of suppressions is only known for what was checked before.
        let diff = self.diff.filter(|_| !rule.after_triage);
        diff.map_or(CheckScope::Everything, |diff| diff.scope_of(program))
    }

    /// Returns the keys of the groups that contain a selected record in either state.
    fn group_keys(
        &self,
        compiled: &CompiledRule,
        variant: &Variant,
        selection: &Selection,
    ) -> Result<GroupKeys, EvalError> {
        let mut keys = GroupKeys::default();
        for input in self.diff.into_iter().flat_map(StateDiff::states) {
            let check = Check { input, diff: None, ..*self };
            let mut subjects = check.selected_subjects(selection, &compiled.program);
            subjects.retain(|subject| subject.record().is_none_or(|record| compiled.rule.holds_for(record)));
            let variant = Variant::new(variant.params.clone(), subjects);
            let compiled = CompiledRule { check, ..compiled.clone() };
            keys.extend(compiled.run(&variant, Purpose::Verdicts).group_keys()?);
        }
        Ok(keys)
    }

    fn variants(
        &self,
        CompiledRule { rule, program, .. }: &CompiledRule,
        scope: &CheckScope,
    ) -> Result<Vec<Variant<'a>>, Vec<Fault>> {
        let settings = rule.settings(self.config);
        let subjects = self.subjects(rule, program, scope);
        let by_setting = match settings.for_all_files() {
            Some(setting) => vec![(setting, subjects)],
            None => group_by_setting(subjects, |subject| settings.for_file(subject.path(self.input))),
        };
        let mut variants = Vec::new();
        for (setting, subjects) in by_setting {
            if let RuleSetting::On { severity, params } = setting {
                let params = params::values(rule, &params, self.config)?;
                variants.push(Variant { severity, ..Variant::new(params, subjects) });
            }
        }
        Ok(variants)
    }

    fn subjects(&self, rule: &Rule, program: &Program, scope: &CheckScope) -> Vec<Subject<'a>> {
        let mut subjects = self.all_subjects(rule, program, scope);
        subjects.retain(|subject| match subject {
            Subject::File(file) => !self.input.catalog().is_frozen(file),
            _ => subject.record().is_none_or(|record| rule.holds_for(record) && !record.is_frozen),
        });
        subjects
    }

    /// Returns the subjects, with records to which the rule does not apply as they are not adopted.
    fn all_subjects(&self, rule: &Rule, program: &Program, scope: &CheckScope) -> Vec<Subject<'a>> {
        let catalog = self.input.catalog();
        match scope {
            // The records of a group need not be selected.
            CheckScope::Selected(selection) if program.group_by.is_none() => {
                return self.selected_subjects(selection, program);
            }
            _ => {}
        }
        match &program.subjects {
            Subjects::Files => catalog.files().iter().map(Subject::File).collect(),
            Subjects::PolicyFiles if rule.after_triage => {
                let baseline = self.input.usage().and_then(|usage| usage.baseline.as_ref());
                baseline.into_iter().map(Subject::PolicyFile).collect()
            }
            Subjects::PolicyFiles => self.input.policy_files().map(Subject::PolicyFile).collect(),
            Subjects::CitingFiles => catalog.citing_files().iter().map(Subject::CitingFile).collect(),
            Subjects::UnreadFiles => {
                let unread = self.input.unread_files().iter().filter(|unread| unread.is_certain);
                unread.map(Subject::UnreadFile).collect()
            }
            Subjects::AllRecords => catalog.records().iter().map(Subject::Record).collect(),
            Subjects::Kinds(kinds) => {
                let mut ids: Vec<u32> =
                    kinds.iter().flat_map(|kind| catalog.of_kind(kind)).copied().collect();
                ids.sort_unstable();
                ids.into_iter().map(|id| Subject::Record(catalog.record(id))).collect()
            }
        }
    }

    fn selected_subjects(&self, selection: &Selection, program: &Program) -> Vec<Subject<'a>> {
        let catalog = self.input.catalog();
        let files = selection.iter().filter_map(|path| catalog.file_at(path));
        if program.subjects == Subjects::Files {
            return files.map(Subject::File).collect();
        }
        let records = files.flat_map(|file| file.records.clone()).map(|number| catalog.record(number));
        let is_subject = |record: &&Record| match &program.subjects {
            Subjects::AllRecords => true,
            Subjects::Kinds(kinds) => kinds.contains(&record.kind.name),
            _ => false,
        };
        records.filter(is_subject).map(Subject::Record).collect()
    }
}

#[derive(Clone)]
struct CompiledRule<'r> {
    check: Check<'r>,
    rule: &'r Rule,
    program: Arc<Program>,
    vocabulary: &'r Vocabulary,
}

impl CompiledRule<'_> {
    fn run<'s>(&'s self, variant: &'s Variant<'s>, purpose: Purpose) -> RuleRun<'s> {
        let CompiledRule { check, rule, program, vocabulary } = self;
        RuleRun { input: check.input, today: check.today, rule, program, vocabulary, variant, purpose }
    }
}

/// A rule that is ready to run.
struct PreparedRule<'a> {
    compiled: CompiledRule<'a>,
    scope: CheckScope,
    variants: Vec<Variant<'a>>,
}

impl PreparedRule<'_> {
    /// Returns the run of each variant.
    fn runs(&self, purpose: Purpose) -> impl Iterator<Item = RuleRun<'_>> {
        self.variants.iter().map(move |variant| self.compiled.run(variant, purpose))
    }

    /// Combines the results of all variants.
    fn result(&self, results: impl Iterator<Item = Result<CheckResult, EvalError>>) -> CheckResult {
        let CompiledRule { check, rule, program, .. } = &self.compiled;
        let id = || rule.id.clone();
        let Ok(results) = results.collect::<Result<Vec<CheckResult>, EvalError>>() else {
            let exhausted = Exhausted::from([(id(), exhausted(rule, check.input))]);
            return CheckResult { exhausted, ..CheckResult::default() };
        };
        let mut all = CheckResult::default();
        results.into_iter().for_each(|result| all.extend(result));
        if matches!(program.form, Form::Against(_)) {
            let of_earlier = std::mem::take(&mut all.of_earlier);
            add_unmirrored_pairs(&mut all.findings, of_earlier);
        }
        all.scopes.insert(id(), self.scope.clone());
        all
    }
}

fn group_by_setting<'a, 'c>(
    subjects: Vec<Subject<'a>>,
    setting_of: impl Fn(&Subject<'a>) -> RuleSetting<'c>,
) -> Vec<(RuleSetting<'c>, Vec<Subject<'a>>)> {
    let mut groups: Vec<(RuleSetting<'c>, Vec<Subject<'a>>)> = Vec::new();
    for subject in subjects {
        let setting = setting_of(&subject);
        match groups.iter_mut().find(|(known, _)| *known == setting) {
            Some((_, group)) => group.push(subject),
            None => groups.push((setting, vec![subject])),
        }
    }
    groups
}

/// Sorts findings by path, place, then rule.
pub fn sort(findings: &mut [Finding]) {
    findings.par_sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
}

fn sort_key(finding: &Finding) -> impl Ord + '_ {
    let place = &finding.place;
    (place.source.path(), place.span, &finding.rule, &finding.message)
}

/// Adds the findings at the earlier record of each pair that has no finding at the later one.
fn add_unmirrored_pairs(findings: &mut Vec<Finding>, mut of_earlier: Vec<Finding>) {
    findings.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
    of_earlier.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
    findings.append(&mut of_earlier);
    let mut seen = HashSet::new();
    findings.retain(|finding| seen.insert(finding.fingerprint));
}

fn exhausted(rule: &Rule, input: &Input) -> Fault {
    let limit = input.catalog().max_steps() / 1_000_000;
    let message = format!("rule `{}` exceeds the limit of {limit} million evaluation steps", rule.id);
    Fault::new(message).at(&rule.source, rule.name_span()).help(format!(
        "use `cited_by`, `named` or `group-by` instead of a loop over all records, or turn the rule off: \
         `rules: {{ {}: off }}`",
        rule.id
    ))
}
