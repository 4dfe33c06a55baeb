//! One rule over its subjects: binds the variables stage by stage, asks the form, words the finding.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::catalog::Catalog;
use crate::finding::{Finding, Fingerprint, Fix, Related};
use crate::record::Record;
use crate::rule::{
    EvalError, EvalResult, Evaluator, Expression, Form, GROUP, Group, ITEM, OTHER, Program, Rule, SUBJECT,
    Stage, Template, Value,
};
use crate::term::Vocabulary;

use super::place::{Spot, of_other, of_subject};
use super::{Outcome, Subject, Unjudged, Variant};

/// One rule at work, with one setting.
pub(super) struct RuleRun<'r> {
    pub catalog: &'r Catalog,
    pub today: Date,
    pub rule: &'r Rule,
    pub program: &'r Program,
    pub vocabulary: &'r Vocabulary,
    pub variant: &'r Variant<'r>,
    pub steps: &'r AtomicU64,
}

/// Subjects that one thread judges in a row.
const CHUNK: usize = 128;
/// What a finding costs, in steps, so that no rule fills the memory with them.
const FINDING: usize = 200;
/// What another place of a finding costs.
const RELATED: usize = 20;

/// What the `let`s that depend on no subject yield.
enum Constants<'r> {
    /// For all threads.
    Known(Vec<(usize, EvalResult<'r>)>),
    /// One thread judges all there is, and finds it out if it has to.
    Later,
}

impl<'r> RuleRun<'r> {
    /// Judges every subject.
    ///
    /// # Errors
    /// Only [`EvalError::Exhausted`].
    pub(super) fn judge_all(&'r self) -> Result<Outcome, EvalError> {
        if self.program.group_by.is_some() {
            return self.judge_groups(&self.variant.subjects, |_| true);
        }
        let constants = self.constants_of_run()?;
        let chunks = self.variant.subjects.par_chunks(CHUNK).map(|chunk| {
            let mut judge = self.judge(&constants);
            chunk.iter().try_for_each(|subject| judge.subject(*subject))?;
            judge.evaluator.flush_steps()?;
            Ok(judge.outcome)
        });
        let mut outcome = Outcome::default();
        for judged in chunks.collect::<Result<Vec<Outcome>, EvalError>>()? {
            outcome.findings.extend(judged.findings);
            outcome.unjudged.extend(judged.unjudged);
        }
        Ok(outcome)
    }

    /// Judges the groups whose key, as a message shows it, is among those that are asked for.
    ///
    /// # Errors
    /// Only [`EvalError::Exhausted`].
    pub(super) fn judge_groups(
        &'r self,
        subjects: &[Subject<'r>],
        is_asked_for: impl Fn(&str) -> bool,
    ) -> Result<Outcome, EvalError> {
        if subjects.is_empty() {
            return Ok(Outcome::default());
        }
        let constants = Constants::Known(self.constants()?);
        let mut judge = self.judge(&constants);
        for group in self.groups(subjects, &constants)? {
            if is_asked_for(&judge.evaluator.show(&group.key)?) {
                judge.group(group)?;
            }
        }
        judge.evaluator.flush_steps()?;
        Ok(judge.outcome)
    }

    /// The keys of the subjects.
    ///
    /// # Errors
    /// Only [`EvalError::Exhausted`].
    pub(super) fn keys(&'r self) -> Result<Keys, EvalError> {
        let constants = self.constants_of_run()?;
        let judge = self.judge(&constants);
        let mut keys = Keys::default();
        let field = self.program.key_field(self.catalog.kinds());
        for group in self.groups(&self.variant.subjects, &constants)? {
            keys.shown.insert(judge.evaluator.show(&group.key)?);
            keys.texts.push(field.and_then(|field| field.text_in(&group.key)).map(str::to_owned));
        }
        Ok(keys)
    }

    /// The subjects that may be in a group with one of these keys.
    pub(super) fn may_have(&self, keys: &Keys) -> Vec<Subject<'r>> {
        if keys.texts.is_empty() {
            return Vec::new();
        }
        let texts: Option<HashSet<&str>> = keys.texts.iter().map(Option::as_deref).collect();
        let (Some(field), Some(texts)) = (self.program.key_field(self.catalog.kinds()), texts) else {
            return self.variant.subjects.clone();
        };
        let may_be = |subject: &&Subject<'r>| {
            subject.record().is_some_and(|record| record.fields.may_equal(field.name, &texts))
        };
        self.variant.subjects.par_iter().filter(may_be).copied().collect()
    }

    /// The constants in a form in which those of two states compare; what can't be told has none.
    ///
    /// # Errors
    /// Only [`EvalError::Exhausted`].
    pub(super) fn shown_constants(&'r self) -> Result<Vec<Option<String>>, EvalError> {
        let judge = self.judge(&Constants::Later);
        let shown = self.constants()?.into_iter().map(|(_, value)| match &value {
            Ok(value) => judge.evaluator.identity_key(value).map(Some),
            Err(EvalError::Exhausted) => Err(EvalError::Exhausted),
            Err(EvalError::Absent | EvalError::Unreadable | EvalError::Indeterminate) => Ok(None),
        });
        shown.collect()
    }

    /// The constants for all subjects of the run.
    fn constants_of_run(&'r self) -> Result<Constants<'r>, EvalError> {
        if self.variant.subjects.len() <= CHUNK {
            Ok(Constants::Later)
        } else {
            self.constants().map(Constants::Known)
        }
    }

    fn constants(&'r self) -> Result<Vec<(usize, EvalResult<'r>)>, EvalError> {
        let mut judge = self.judge(&Constants::Later);
        let run = self.program.lets.iter().filter(|named| named.stage == Stage::Run);
        let constants = run.map(|named| (named.slot, judge.evaluator.variable(named.slot))).collect();
        judge.evaluator.flush_steps()?;
        Ok(constants)
    }

    fn judge(&'r self, constants: &Constants<'r>) -> Judge<'r> {
        let evaluator =
            Evaluator::new(self.catalog, self.vocabulary, self.today, &self.variant.params, self.steps);
        let mut judge = Judge { run: self, evaluator, outcome: Outcome::default() };
        match constants {
            Constants::Known(known) => {
                known.iter().for_each(|(slot, value)| judge.evaluator.bind(*slot, value.clone()))
            }
            Constants::Later => judge.bind_lets(Stage::Run),
        }
        judge
    }

    /// Subjects that share a key, in the order of their first; those without a key are not judged.
    fn groups(
        &'r self,
        subjects: &[Subject<'r>],
        constants: &Constants<'r>,
    ) -> Result<Vec<Group<'r>>, EvalError> {
        let chunks = subjects.par_chunks(CHUNK).map(|chunk| {
            let mut judge = self.judge(constants);
            let keys =
                chunk.iter().map(|subject| judge.key(*subject)).collect::<Result<Vec<_>, EvalError>>()?;
            judge.evaluator.flush_steps()?;
            Ok(keys)
        });
        let mut groups: Vec<Group<'r>> = Vec::new();
        let mut by_key: HashMap<String, usize> = HashMap::new();
        for Key { record, key, identity } in
            chunks.collect::<Result<Vec<_>, EvalError>>()?.into_iter().flatten().flatten()
        {
            let at = *by_key.entry(identity).or_insert_with(|| {
                groups.push(Group { key, records: Vec::new() });
                groups.len() - 1
            });
            groups[at].records.push(record);
        }
        Ok(groups)
    }
}

/// The keys of some groups.
#[derive(Default)]
pub(super) struct Keys {
    /// As a message shows them.
    pub shown: HashSet<String>,
    /// For each, the text of the field that is part of it, where there is one.
    texts: Vec<Option<String>>,
}

impl Keys {
    pub(super) fn extend(&mut self, more: Keys) {
        self.shown.extend(more.shown);
        self.texts.extend(more.texts);
    }
}

/// What a record is grouped by.
struct Key<'r> {
    record: &'r Record,
    key: Value<'r>,
    /// The same for all records of a group.
    identity: String,
}

/// A value, or none where it can't be told; only exhaustion ends the rule.
fn settled<T>(result: Result<T, EvalError>) -> Result<Option<T>, EvalError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(EvalError::Exhausted) => Err(EvalError::Exhausted),
        Err(EvalError::Absent | EvalError::Unreadable | EvalError::Indeterminate) => Ok(None),
    }
}

/// So many days further back a clone has to end for certainty about what falls due on `due` if it changed as
/// late as it can: as many as it is away, and some more, since months differ.
fn days_short(due: Date, today: Date) -> u32 {
    const LONGER_MONTHS: i64 = 5;
    let away = today.duration_until(due).as_hours() / 24;
    u32::try_from(away.saturating_add(LONGER_MONTHS)).unwrap_or(0)
}

/// One thread's part of a rule's work.
struct Judge<'r> {
    run: &'r RuleRun<'r>,
    evaluator: Evaluator<'r>,
    outcome: Outcome,
}

/// What one verdict is about.
struct Case<'r> {
    subject: Subject<'r>,
    item: Option<Value<'r>>,
    group: Option<Arc<Group<'r>>>,
}

impl<'r> Judge<'r> {
    fn subject(&mut self, subject: Subject<'r>) -> Result<(), EvalError> {
        self.evaluator.bind(SUBJECT, Ok(subject.value()));
        self.bind_lets(Stage::Subject);
        let case = Case { subject, item: None, group: None };
        match self.applies(Stage::Subject)? {
            Some(true) => {}
            Some(false) => return Ok(()),
            None => return self.unjudged(&case),
        }
        let Some(each) = &self.run.program.each else { return self.case(case) };
        let Some(list) = settled(self.evaluator.evaluate(&each.root))? else { return self.unjudged(&case) };
        for item in list.elements(self.run.catalog) {
            self.evaluator.step(1)?;
            self.item(subject, item)?;
        }
        Ok(())
    }

    /// The key of a record; none where it is not judged.
    fn key(&mut self, subject: Subject<'r>) -> Result<Option<Key<'r>>, EvalError> {
        let (Some(record), Some(group_by)) = (subject.record(), &self.run.program.group_by) else {
            return Ok(None);
        };
        self.evaluator.bind(SUBJECT, Ok(subject.value()));
        self.bind_lets(Stage::Subject);
        if self.applies(Stage::Subject)? != Some(true) {
            return Ok(None);
        }
        let Some(key) = settled(self.evaluator.evaluate(&group_by.root))? else { return Ok(None) };
        Ok(Some(Key { record, identity: self.evaluator.identity_key(&key)?, key }))
    }

    fn item(&mut self, subject: Subject<'r>, item: Value<'r>) -> Result<(), EvalError> {
        self.evaluator.bind(ITEM, Ok(item.clone()));
        self.bind_lets(Stage::Item);
        let case = Case { subject, item: Some(item), group: None };
        match self.applies(Stage::Item)? {
            Some(true) => self.case(case),
            Some(false) => Ok(()),
            None => self.unjudged(&case),
        }
    }

    /// A group stands for itself under its first record.
    fn group(&mut self, group: Group<'r>) -> Result<(), EvalError> {
        let Some(&first) = group.records.first() else { return Ok(()) };
        let group = Arc::new(group);
        self.evaluator.bind(SUBJECT, Ok(Value::Record(first)));
        self.bind_lets(Stage::Subject);
        self.evaluator.bind(GROUP, Ok(Value::Group(group.clone())));
        self.bind_lets(Stage::Group);
        let case = Case { subject: Subject::Record(first), item: None, group: Some(group) };
        match self.applies(Stage::Group)? {
            Some(true) => self.case(case),
            Some(false) => Ok(()),
            None => self.unjudged(&case),
        }
    }

    fn bind_lets(&mut self, stage: Stage) {
        for named in self.run.program.lets.iter().filter(|named| named.stage == stage) {
            self.evaluator.bind_lazy(named.slot, &named.expression.root);
        }
    }

    /// Whether the rule's `when` lets it judge here; true at every other stage than the one at which
    /// `when` can be evaluated.
    fn applies(&mut self, stage: Stage) -> Result<Option<bool>, EvalError> {
        match &self.run.program.when {
            Some((when_stage, when)) if (*when_stage).max(Stage::Subject) == stage => {
                settled(self.evaluator.condition(&when.root))
            }
            _ => Ok(Some(true)),
        }
    }

    fn case(&mut self, case: Case<'r>) -> Result<(), EvalError> {
        match &self.run.program.form {
            Form::Expect(expect) => match settled(self.evaluator.condition(&expect.root))? {
                Some(true) => Ok(()),
                Some(false) => self.find(&case, None, None),
                None => self.unjudged(&case),
            },
            Form::Due(due) => match settled(self.evaluator.evaluate(&due.root))? {
                Some(Value::Date(day)) if day < self.run.today => self.find(&case, Some(day), None),
                Some(Value::Date(_)) => Ok(()),
                _ => self.due_at_latest(&case, due),
            },
            Form::Against(against) => match settled(self.evaluator.evaluate(&against.root))? {
                Some(others) => {
                    for other in others.elements(self.run.catalog) {
                        self.evaluator.step(1)?;
                        self.evaluator.bind(OTHER, Ok(other.clone()));
                        self.bind_lets(Stage::Other);
                        self.find(&case, None, Some(other))?;
                    }
                    Ok(())
                }
                None => self.unjudged(&case),
            },
        }
    }

    /// Where a shallow clone hides the day of a change, it is no later than the clone's end. What is overdue
    /// even so is found, without a word about that day.
    fn due_at_latest(&mut self, case: &Case<'r>, due: &'r Expression) -> Result<(), EvalError> {
        // What holds for all subjects is no guess.
        for named in self.run.program.lets.iter().filter(|named| named.stage == Stage::Run) {
            settled(self.evaluator.variable(named.slot))?;
        }
        self.evaluator.assume_latest_date = true;
        self.rebind(case);
        let at_latest = settled(self.evaluator.evaluate(&due.root));
        self.evaluator.assume_latest_date = false;
        self.rebind(case);
        match at_latest? {
            Some(Value::Date(day)) if day < self.run.today => self.find(case, None, None),
            Some(Value::Date(day)) => {
                self.unjudged(case)?;
                let short = Some(days_short(day, self.run.today));
                self.outcome.unjudged.last_mut().into_iter().for_each(|one| one.days_short = short);
                Ok(())
            }
            _ => self.unjudged(case),
        }
    }

    /// Binds again what depends on the subject and its item.
    fn rebind(&mut self, case: &Case<'r>) {
        self.bind_lets(Stage::Subject);
        match (&case.item, &case.group) {
            (Some(_), _) => self.bind_lets(Stage::Item),
            (None, Some(_)) => self.bind_lets(Stage::Group),
            (None, None) => {}
        }
    }

    fn unjudged(&mut self, case: &Case<'r>) -> Result<(), EvalError> {
        self.outcome.unjudged.push(Unjudged {
            path: case.subject.path(self.run.catalog).clone(),
            rule: self.run.rule.id.clone(),
            record: case.subject.record().map(|record| record.id.clone()),
            days_short: None,
        });
        Ok(())
    }

    fn find(
        &mut self,
        case: &Case<'r>,
        due: Option<Date>,
        other: Option<Value<'r>>,
    ) -> Result<(), EvalError> {
        let RuleRun { catalog, rule, program, variant, .. } = *self.run;
        self.evaluator.step(FINDING)?;
        let spot = of_subject(catalog, &rule.at, case.subject, case.item.as_ref());
        let message = self.render(Some(&program.message))?.unwrap_or_else(|| match case.subject.record() {
            Some(record) => format!("`{}`: {}", record.id, rule.title),
            None => rule.title.clone(),
        });
        let help = self.render(program.help.as_ref())?;
        let label = self.render(program.label.as_ref())?;
        let fingerprint = self.fingerprint(case, &spot, other.as_ref())?;
        let fix = self.fix(&spot)?;
        let mut related: Vec<Related> = spot.related.into_iter().collect();
        related.extend(self.related(case, other)?);
        let record = case.subject.record();
        self.outcome.findings.push(Finding {
            rule: rule.id.clone(),
            severity: variant.severity,
            message,
            help,
            label,
            record: record.map(|record| catalog.name_of(record)),
            owner: record.and_then(|record| catalog.owner_text(record)).map(str::to_string),
            due,
            place: spot.place,
            related,
            fingerprint,
            fix,
        });
        Ok(())
    }

    /// How the rule mends what it has found, where that can be told.
    fn fix(&mut self, spot: &Spot) -> Result<Option<Fix>, EvalError> {
        let Some(fix) = &self.run.program.fix else { return Ok(None) };
        let changes = fix.evaluate(&mut self.evaluator, &spot.place.source)?;
        Ok((!changes.is_empty()).then_some(Fix { safety: fix.safety, changes, edits: None }))
    }

    /// A text, or none where a part of it can't be told or nothing is left of it.
    fn render(&mut self, template: Option<&'r Template>) -> Result<Option<String>, EvalError> {
        let Some(template) = template else { return Ok(None) };
        Ok(settled(template.render(&mut self.evaluator))?.filter(|text| !text.is_empty()))
    }

    fn related(&mut self, case: &Case<'r>, other: Option<Value<'r>>) -> Result<Vec<Related>, EvalError> {
        let RuleRun { catalog, rule, program, .. } = *self.run;
        let others: Vec<Value<'r>> = match (&program.related, other, &case.group) {
            (Some(related), _, _) => match settled(self.evaluator.evaluate(&related.root))? {
                Some(list) => list.elements(catalog).collect(),
                None => Vec::new(),
            },
            (None, Some(other), _) => vec![other],
            (None, None, Some(group)) => {
                group.records.iter().skip(1).map(|&record| Value::Record(record)).collect()
            }
            (None, None, None) => Vec::new(),
        };
        let at = rule.related.as_ref().map_or(&[][..], |related| &related.at);
        let mut places = Vec::new();
        for other in others {
            self.evaluator.step(RELATED)?;
            let Some(place) = of_other(catalog, at, &other) else { continue };
            self.evaluator.bind(OTHER, Ok(other));
            let message = self.render(program.related_label.as_ref())?.unwrap_or_default();
            places.push(Related { place, message });
        }
        Ok(places)
    }

    /// Rule, record, field and value; for groups their key; for pairs both, in one order.
    fn fingerprint(
        &self,
        case: &Case<'r>,
        spot: &Spot,
        other: Option<&Value<'r>>,
    ) -> Result<Fingerprint, EvalError> {
        let rule = &*self.run.rule.id;
        if let Some(group) = &case.group {
            return Ok(Fingerprint::of([rule, "group", &self.evaluator.show(&group.key)?]));
        }
        let [kind, id] = match case.subject {
            Subject::Record(record) => [record.kind.name.to_string(), record.key()],
            Subject::File(file) => {
                super::place::identity_of_file(self.run.catalog, file, spot, case.item.as_ref())
            }
            Subject::PolicyFile(file) => ["policy-file".to_owned(), file.source.path().to_string()],
        };
        let own = [&*kind, &id, &spot.field, &spot.value].join("\u{1f}");
        Ok(match other {
            None => Fingerprint::of([rule, &own]),
            Some(other) => {
                let end = |value: &Value<'r>| super::place::identity(&self.evaluator, value);
                let mut pair = [end(case.item.as_ref().unwrap_or(&case.subject.value()))?, end(other)?];
                pair.sort();
                Fingerprint::of([rule, "pair", &pair[0], &pair[1]])
            }
        })
    }
}
