//! Catalog × rules → findings. Pure and parallel: what a rule says of one record depends on nothing but
//! the catalog, the rule's parameters and the day.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use rayon::prelude::*;

use crate::catalog::{Catalog, PolicyFile, SourceFile};
use crate::config::{Config, RuleSetting, RuleSettings};
use crate::finding::{Fault, Finding, Severity};
use crate::record::Record;
use crate::rule::{Dependencies, EvalError, Form, Program, Rule, STEP_LIMIT, Subjects, Value, params};
use crate::term::Vocabulary;
use crate::text::Source;

mod change;
mod judge;
mod place;

pub use change::{CheckScope, Selection, StateDiff};

use judge::{Keys, RuleRun};

/// What all rules say of a catalog.
#[derive(Debug, Default)]
pub struct Outcome {
    /// In catalog order: by path, place, then rule.
    pub findings: Vec<Finding>,
    /// What could not be judged, because something that the rule reads is absent.
    pub unjudged: Vec<Unjudged>,
    /// Where each rule was asked; everywhere where nothing is said.
    pub scopes: HashMap<Arc<str>, CheckScope>,
    pub exhausted: Exhausted,
}

/// Rules that take more steps over a catalog than they may, by their identifiers. Such a rule says nothing at all: what
/// it has found until then would differ from run to run.
pub type Exhausted = BTreeMap<Arc<str>, Fault>;

impl Outcome {
    /// The findings, if every rule came to an end.
    ///
    /// # Errors
    /// The faults of those that did not.
    pub fn into_findings(self) -> Result<Vec<Finding>, Vec<Fault>> {
        if self.exhausted.is_empty() {
            Ok(self.findings)
        } else {
            Err(self.exhausted.into_values().collect())
        }
    }

    fn extend(&mut self, more: Outcome) {
        self.findings.extend(more.findings);
        self.unjudged.extend(more.unjudged);
        self.scopes.extend(more.scopes);
        self.exhausted.extend(more.exhausted);
    }
}

/// A rule that says nothing of a subject, neither good nor bad.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unjudged {
    pub path: Arc<str>,
    pub rule: Arc<str>,
    /// The record's identifier; none for a file.
    pub record: Option<Arc<str>>,
    /// Could be told if the clone, which is shallow, went back so many days further.
    pub days_short: Option<u32>,
}

/// Everything that a check depends on.
#[derive(Clone, Copy)]
pub struct Check<'a> {
    pub catalog: &'a Catalog,
    pub config: &'a Config,
    pub today: Date,
    /// The only change that matters; none where everything does.
    pub diff: Option<&'a StateDiff<'a>>,
}

impl<'a> Check<'a> {
    /// Judges the catalog by the rules.
    ///
    /// # Errors
    /// A rule does not pass its load-time check.
    pub fn run(&self, rules: &[Arc<Rule>]) -> Result<Outcome, Vec<Fault>> {
        let vocabulary = Vocabulary::new(self.catalog);
        let of_rights = OnceLock::new();
        let judge = |rule: &Arc<Rule>| {
            if !rule.authority || !self.has_subjects(rule) {
                return self.judge(rule, &vocabulary);
            }
            let rights = Check { catalog: self.catalog.with_rights(), ..*self };
            rights.judge(rule, of_rights.get_or_init(|| Vocabulary::new(rights.catalog)))
        };
        let outcomes: Vec<Result<Outcome, Vec<Fault>>> = rules.par_iter().map(judge).collect();
        let mut outcome = Outcome::default();
        let mut faults = Vec::new();
        for judged in outcomes {
            match judged {
                Ok(judged) => outcome.extend(judged),
                Err(found) => faults.extend(found),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        sort(&mut outcome.findings);
        outcome.unjudged.par_sort();
        Ok(outcome)
    }

    /// Whether the rule is on somewhere, and there is something here for it to judge.
    fn has_subjects(&self, rule: &Rule) -> bool {
        let concerned = |kind: &Arc<str>| !self.catalog.of_kind(kind).is_empty();
        let is_off =
            self.config.rule_settings(&rule.id, rule.preset).for_all_files() == Some(RuleSetting::Off);
        !is_off && (!rule.is_for_kinds() || rule.kinds.iter().any(concerned))
    }

    /// Judges by one rule. A rule that is off, or of a kind that has no record here, costs nothing.
    fn judge(&self, rule: &Rule, vocabulary: &Vocabulary) -> Result<Outcome, Vec<Fault>> {
        if !self.has_subjects(rule) {
            return Ok(Outcome::default());
        }
        let settings = self.config.rule_settings(&rule.id, rule.preset);
        let program = Program::compile(rule, self.catalog.kinds())?;
        let asked = Asked { rule, program: &program, vocabulary };
        let extent = self.extent(&asked, &settings)?;
        let variants = self.variants(&asked, &settings, &extent)?;
        let judged: Result<Vec<Outcome>, EvalError> =
            variants.iter().map(|variant| self.judge_variant(&asked, variant, &extent)).collect();
        let Ok(judged) = judged else {
            let exhausted = Exhausted::from([(rule.id.clone(), exhausted(rule))]);
            return Ok(Outcome { exhausted, ..Outcome::default() });
        };
        let mut outcome = Outcome::default();
        judged.into_iter().for_each(|part| outcome.extend(part));
        if matches!(program.form, Form::Against(_)) {
            report_pairs_once(&mut outcome.findings);
        }
        outcome.scopes.insert(rule.id.clone(), extent);
        Ok(outcome)
    }

    /// Judges by one rule with one setting.
    ///
    /// # Errors
    /// Only [`EvalError::Exhausted`].
    fn judge_variant(
        &self,
        asked: &Asked,
        variant: &Variant,
        extent: &CheckScope,
    ) -> Result<Outcome, EvalError> {
        let steps = AtomicU64::new(0);
        let run = self.run_of(asked, variant, &steps);
        let keys = match extent {
            // What takes too much of one of the states may still come to an end in the one that is judged.
            CheckScope::Selected(part) if asked.program.group_by.is_some() => {
                self.keys(asked, variant, part).ok()
            }
            _ => None,
        };
        match keys {
            Some(keys) => run.judge_groups(&run.may_have(&keys), |key| keys.shown.contains(key)),
            None => run.judge_all(),
        }
    }

    fn run_of<'r>(&self, asked: &Asked<'r>, variant: &'r Variant<'r>, steps: &'r AtomicU64) -> RuleRun<'r>
    where
        'a: 'r,
    {
        let Asked { rule, program, vocabulary } = *asked;
        RuleRun { catalog: self.catalog, today: self.today, rule, program, vocabulary, variant, steps }
    }

    /// Where a rule is asked. What came of excuses is known of those that matter only.
    fn extent(&self, asked: &Asked, settings: &RuleSettings) -> Result<CheckScope, Vec<Fault>> {
        let Some(change) = self.diff.filter(|_| !asked.rule.after_triage) else {
            return Ok(CheckScope::Everything);
        };
        let constants = Dependencies::of_constants(asked.program);
        let may_differ = change.bears_on_all(&constants) || constants.kinds.intersects(change.kinds());
        let may_differ = may_differ && change.concerns(&constants.reads);
        if may_differ && self.constants_differ(change, asked, settings)? {
            return Ok(CheckScope::Everything);
        }
        Ok(change.extent(asked.rule, &Dependencies::of(asked.program)))
    }

    /// Whether what is the same for all subjects is not the same in both states, as far as one rule may ask.
    fn constants_differ(
        &self,
        change: &StateDiff,
        asked: &Asked,
        settings: &RuleSettings,
    ) -> Result<bool, Vec<Fault>> {
        // Where paths set a rule apart, it has constants for each of them.
        let Some(RuleSetting::On { params, .. }) = settings.for_all_files() else { return Ok(true) };
        let params = params::values(asked.rule, &params, self.config)?;
        let variant = Variant { severity: asked.rule.severity, params, subjects: Vec::new() };
        let shown = |catalog| {
            let steps = AtomicU64::new(0);
            let check = Check { catalog, diff: None, ..*self };
            check.run_of(asked, &variant, &steps).shown_constants().ok()
        };
        let [before, after] = change.states();
        let (before, after) = rayon::join(|| shown(before), || shown(after));
        Ok(before.is_none() || before != after)
    }

    /// The keys that groups with a record of this part have, before the change or after it.
    ///
    /// # Errors
    /// Only [`EvalError::Exhausted`].
    fn keys(&self, asked: &Asked, variant: &Variant, part: &Selection) -> Result<Keys, EvalError> {
        let mut keys = Keys::default();
        for catalog in self.diff.into_iter().flat_map(StateDiff::states) {
            let check = Check { catalog, diff: None, ..*self };
            let subjects = check.subjects_of(part, asked.program);
            let variant = Variant { severity: variant.severity, params: variant.params.clone(), subjects };
            let steps = AtomicU64::new(0);
            keys.extend(check.run_of(asked, &variant, &steps).keys()?);
        }
        Ok(keys)
    }

    /// The subjects of a rule, apart where the configuration sets it apart by path.
    fn variants(
        &self,
        &Asked { rule, program, .. }: &Asked,
        settings: &RuleSettings,
        extent: &CheckScope,
    ) -> Result<Vec<Variant<'a>>, Vec<Fault>> {
        let subjects = self.subjects(program, rule.after_triage, extent);
        let parts: Vec<(RuleSetting, Vec<Subject>)> = match settings.for_all_files() {
            Some(setting) => vec![(setting, subjects)],
            None => apart(subjects, |subject| settings.for_file(subject.path(self.catalog))),
        };
        let mut variants = Vec::new();
        for (setting, subjects) in parts {
            if let RuleSetting::On { severity, params } = setting {
                let params = params::values(rule, &params, self.config)?;
                variants.push(Variant { severity: severity.unwrap_or(rule.severity), params, subjects });
            }
        }
        Ok(variants)
    }

    fn subjects(&self, program: &Program, after_triage: bool, extent: &CheckScope) -> Vec<Subject<'a>> {
        let catalog = self.catalog;
        match extent {
            // Which records share a key is told of all of them.
            CheckScope::Selected(part) if program.group_by.is_none() => {
                return self.subjects_of(part, program);
            }
            _ => {}
        }
        match &program.subjects {
            Subjects::Files => catalog.files().iter().map(Subject::File).collect(),
            Subjects::PolicyFiles if after_triage => {
                catalog.baseline().into_iter().map(Subject::PolicyFile).collect()
            }
            Subjects::PolicyFiles => catalog.policy_changes().iter().map(Subject::PolicyFile).collect(),
            Subjects::AllRecords => catalog.records().iter().map(Subject::Record).collect(),
            Subjects::Kinds(kinds) => {
                let mut ids: Vec<u32> =
                    kinds.iter().flat_map(|kind| catalog.of_kind(kind)).copied().collect();
                ids.sort_unstable();
                ids.into_iter().map(|id| Subject::Record(catalog.record(id))).collect()
            }
        }
    }

    /// What a rule judges of a part.
    fn subjects_of(&self, part: &Selection, program: &Program) -> Vec<Subject<'a>> {
        let catalog = self.catalog;
        let whole = part.files.iter().filter_map(|path| catalog.file_at(path));
        let whole = whole.map(|file| (file, file.records.clone().collect()));
        let some = part.records.iter().filter_map(|(path, places)| {
            let file = catalog.file_at(path)?;
            let numbers = places.iter().map(|place| file.records.start + place);
            Some((file, numbers.filter(|number| file.records.contains(number)).collect()))
        });
        let files: Vec<(&SourceFile, Vec<u32>)> = whole.chain(some).collect();
        if program.subjects == Subjects::Files {
            return files.into_iter().map(|(file, _)| Subject::File(file)).collect();
        }
        let records = files.into_iter().flat_map(|(_, numbers)| numbers).map(|number| catalog.record(number));
        let is_subject = |record: &&Record| match &program.subjects {
            Subjects::Files | Subjects::PolicyFiles => false,
            Subjects::AllRecords => true,
            Subjects::Kinds(kinds) => kinds.contains(&record.kind.name),
        };
        records.filter(is_subject).map(Subject::Record).collect()
    }
}

/// A rule that is to judge.
struct Asked<'r> {
    rule: &'r Rule,
    program: &'r Program,
    vocabulary: &'r Vocabulary,
}

/// What is judged: a record, or a file as a whole.
#[derive(Clone, Copy)]
enum Subject<'a> {
    Record(&'a Record),
    File(&'a SourceFile),
    PolicyFile(&'a PolicyFile),
}

impl<'a> Subject<'a> {
    fn source(self, catalog: &'a Catalog) -> &'a Arc<Source> {
        match self {
            Subject::Record(record) => catalog.file_of(record).source(),
            Subject::File(file) => file.source(),
            Subject::PolicyFile(file) => &file.source,
        }
    }

    fn path(self, catalog: &'a Catalog) -> &'a Arc<str> {
        self.source(catalog).path()
    }

    fn value(self) -> Value<'a> {
        match self {
            Subject::Record(record) => Value::Record(record),
            Subject::File(file) => Value::File(file),
            Subject::PolicyFile(file) => Value::PolicyFile(file),
        }
    }

    fn record(self) -> Option<&'a Record> {
        if let Subject::Record(record) = self { Some(record) } else { None }
    }
}

/// A rule with one setting, and the subjects that the setting is for.
struct Variant<'a> {
    severity: Severity,
    params: Vec<Value<'static>>,
    subjects: Vec<Subject<'a>>,
}

/// Subjects apart by what holds for them, in the order of their first.
fn apart<'a, 'c>(
    subjects: Vec<Subject<'a>>,
    setting: impl Fn(&Subject<'a>) -> RuleSetting<'c>,
) -> Vec<(RuleSetting<'c>, Vec<Subject<'a>>)> {
    let mut parts: Vec<(RuleSetting<'c>, Vec<Subject<'a>>)> = Vec::new();
    for subject in subjects {
        let here = setting(&subject);
        match parts.iter_mut().find(|(known, _)| *known == here) {
            Some((_, part)) => part.push(subject),
            None => parts.push((here, vec![subject])),
        }
    }
    parts
}

/// Puts findings in catalog order: by path, place, then rule.
pub fn sort(findings: &mut [Finding]) {
    findings.par_sort_by(|a, b| order(a).cmp(&order(b)));
}

fn order(finding: &Finding) -> impl Ord + '_ {
    let place = &finding.place;
    (place.source.path(), place.span, &finding.rule, &finding.message)
}

/// A pair that clashes is found from both sides and reported from the first.
fn report_pairs_once(findings: &mut Vec<Finding>) {
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    let mut seen = HashSet::new();
    findings.retain(|finding| seen.insert(finding.fingerprint));
}

fn exhausted(rule: &Rule) -> Fault {
    let limit = STEP_LIMIT / 1_000_000;
    let message = format!(
        "rule `{}` takes more than {limit} million steps over these records, so nothing is judged by it",
        rule.id
    );
    Fault::new(message).at(&rule.source, rule.name_span()).help(format!(
        "Loop over fewer: use `cited_by`, `named` or `group-by` in place of a loop over all records. Until then, \
         `rules: {{ {}: off }}` leaves it out",
        rule.id
    ))
}
