//! Checks rules over an input. What a rule finds about a record depends only on the input, the rule's parameters and the
//! day, so rules and records are checked in parallel.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::config::{Config, RuleSetting};
use crate::finding::{Fault, Faultless, Finding};
use crate::input::Input;
use crate::kind::Kind;
use crate::rule::file::{CITING_FILE, UNREAD_FILE};
use crate::rule::{Evaluated, Form, Program, Rule, Subjects, params};

mod location;
mod memory;
mod model;
mod rule_run;
mod state_diff;
mod trace;
mod views;

pub use memory::Memory;
pub use model::{
    Answer, Cell, CheckResult, CheckScope, Coverage, DueDay, Exhausted, FoundRow, NotJudged, Selection, Step,
    Unjudged,
};
pub use state_diff::StateDiff;
pub use trace::{LISTED, NeverJudged, Trace};
pub use views::tree_order;

use model::{Purpose, RuleRun, Subject, Variant};

#[derive(Clone, Copy)]
pub struct Check<'a> {
    pub input: &'a Input,
    pub config: &'a Config,
    pub today: Date,
    /// Limits the check to what this difference can affect.
    pub diff: Option<&'a StateDiff<'a>>,
}

impl<'a> Check<'a> {
    /// Checks the rules. It is an error if one does not compile.
    pub fn run(&self, rules: &[Arc<Rule>]) -> Faultless<CheckResult> {
        self.run_remembering(rules, None)
    }

    /// As [`Check::run`]; adds what the memory knows of what the difference can't affect.
    pub fn run_remembering<'r>(
        &'r self,
        rules: &'r [Arc<Rule>],
        memory: Option<&Memory>,
    ) -> Faultless<CheckResult> {
        // The most rules that a thread compiles before another one can take over the rest.
        const RULES_PER_TASK: usize = 8;
        self.build_what_rules_share(rules);
        let prepare = |rule: &'r Arc<Rule>| {
            let check = Check { diff: self.diff, ..self.whole(rule) };
            let has_subjects = self.has_subjects(rule) && check.has_subjects(rule);
            has_subjects.then(|| check.prepare(rule, memory))
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
        let results = rule_run::check_together(&runs);
        let mut all = CheckResult::default();
        all.unjudged.reserve_exact(results.iter().flatten().map(|result| result.unjudged.len()).sum());
        let mut results = results.into_iter();
        for rule in &prepared {
            all.extend(rule.result(results.by_ref().take(rule.variants.len()), memory));
        }
        sort(&mut all.findings);
        Ok(all)
    }

    /// Builds what several rules may read before any runs: a thread that waits for a part of it may run another rule, which needs it.
    fn build_what_rules_share(&self, rules: &[Arc<Rule>]) {
        let is_run = |is_of: fn(&Rule) -> bool| rules.iter().any(|it| is_of(it) && self.has_subjects(it));
        // A difference may need no such files.
        let is_searched = |is_of| self.diff.is_none() && is_run(is_of);
        let citing = || is_searched(|rule| rule.is_for_word(CITING_FILE)).then(|| self.input.citing_files());
        let unread = || is_searched(|rule| rule.is_for_word(UNREAD_FILE)).then(|| self.input.unread_files());
        let authority = || is_run(|rule| rule.authority).then(|| self.input.with_base_authority());
        let build = || rayon::join(|| self.input.vocabulary(), || rayon::join(citing, unread));
        if let (Some(with_authority), _) = rayon::join(authority, build) {
            with_authority.vocabulary();
        }
    }

    fn has_subjects(&self, rule: &Rule) -> bool {
        let in_use = |kind: &Kind| !self.input.of_kind(&kind.name).is_empty();
        let is_off = rule.settings(self.config).for_all_files() == Some(RuleSetting::Off);
        !is_off
            && (!rule.is_for_kinds()
                || self.input.kinds().iter().any(|kind| rule.is_for(kind) && in_use(kind)))
    }

    /// Returns the check of all that a rule reads, whatever differs; with the decision rights of the base policy if it is about these.
    fn whole(&self, rule: &Rule) -> Check<'a> {
        let input = if rule.authority { self.input.with_base_authority() } else { self.input };
        Check { input, diff: None, ..*self }
    }

    /// Compiles a rule for this check, without subjects.
    fn compile(&self, rule: &'a Rule) -> Faultless<CompiledRule<'a>> {
        let program = rule.program(self.input.kinds())?;
        Ok(CompiledRule { check: *self, rule, program, scope: CheckScope::Everything, variants: Vec::new() })
    }

    /// Compiles a rule, and finds the subjects that the difference can affect.
    fn prepare(&self, rule: &'a Rule, memory: Option<&Memory>) -> Faultless<CompiledRule<'a>> {
        let mut compiled = self.compile(rule)?;
        // The usage of suppressions is only known for what was checked before.
        if let Some(diff) = self.diff.filter(|_| !rule.after_triage) {
            compiled.scope = diff.scope_of(&compiled.program);
        }
        if let Some(memory) = memory {
            compiled.scope = memory.widened(&rule.id, compiled.scope, compiled.program.group_by.is_some());
        }
        compiled.variants = self.variants(&compiled)?;
        Ok(compiled)
    }

    /// Returns the subjects of a rule by their settings.
    fn variants(&self, compiled: &CompiledRule) -> Faultless<Vec<Variant<'a>>> {
        let CompiledRule { rule, program, scope, .. } = compiled;
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
        let mut subjects = match scope {
            CheckScope::Everything => self.all_subjects(rule, program),
            CheckScope::Selected(selection) => self.selected_subjects(selection, program),
        };
        subjects.retain(|subject| match subject {
            Subject::File(file) => !self.input.catalog().is_frozen(file),
            _ => subject.record().is_none_or(|record| rule.holds_for(record) && !record.is_frozen),
        });
        subjects
    }

    fn all_subjects(&self, rule: &Rule, program: &Program) -> Vec<Subject<'a>> {
        let catalog = self.input.catalog();
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
                let mut ids: Vec<u32> = kinds.iter().flat_map(|it| catalog.of_kind(it)).copied().collect();
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
        records.filter(|record| program.subjects.include(Some(record))).map(Subject::Record).collect()
    }
}

struct CompiledRule<'r> {
    check: Check<'r>,
    rule: &'r Rule,
    program: Arc<Program>,
    scope: CheckScope,
    variants: Vec<Variant<'r>>,
}

impl CompiledRule<'_> {
    fn run<'s>(&'s self, variant: &'s Variant<'s>, purpose: Purpose) -> RuleRun<'s> {
        let CompiledRule { check, rule, program, .. } = self;
        RuleRun { input: check.input, today: check.today, rule, program, variant, purpose }
    }

    fn runs(&self, purpose: Purpose) -> impl Iterator<Item = RuleRun<'_>> {
        self.variants.iter().map(move |variant| self.run(variant, purpose))
    }

    fn result(
        &self,
        results: impl Iterator<Item = Evaluated<CheckResult>>,
        memory: Option<&Memory>,
    ) -> CheckResult {
        let CompiledRule { check, rule, program, .. } = self;
        let id = || rule.id.clone();
        let Ok(results) = results.collect::<Evaluated<Vec<CheckResult>>>() else {
            let exhausted = Exhausted::from([(id(), exhausted(rule, check.input))]);
            return CheckResult { exhausted, ..CheckResult::default() };
        };
        let mut all = CheckResult::default();
        results.into_iter().for_each(|result| all.extend(result));
        let mut scope = self.scope.clone();
        if let Some(memory) = memory {
            memory.complete(&rule.id, &scope, &mut all);
            scope = CheckScope::Everything;
        }
        if matches!(program.form, Form::Against(_)) {
            let of_earlier = std::mem::take(&mut all.of_earlier);
            add_unmirrored_pairs(&mut all.findings, of_earlier);
        }
        all.scopes.insert(id(), scope);
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
    findings.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
}

fn sort_key(finding: &Finding) -> impl Ord + '_ {
    let place = &finding.place;
    (place.source.path(), place.span, &finding.rule, &finding.message)
}

/// Adds the findings at the earlier record of each pair that has no finding at the later one.
fn add_unmirrored_pairs(findings: &mut Vec<Finding>, mut of_earlier: Vec<Finding>) {
    sort(findings);
    sort(&mut of_earlier);
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
