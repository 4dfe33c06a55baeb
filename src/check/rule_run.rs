//! Runs one rule over its subjects: binds the variables by stage, evaluates the form, renders the findings. The only
//! error that ends a run is [`EvalError::Exhausted`].

use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::finding::{Finding, FindingSubject, Fingerprint, Fix, Place, Related, Severity};
use crate::record::Record;
use crate::rule::{
    Cause, CauseFinder, EvalError, EvalResult, Evaluated, Evaluator, Expression, Form, GROUP, Group, ITEM,
    OTHER, Reason, SUBJECT, Stage, Template, Value,
};
use crate::text::Span;

use super::location::{self, FindingLocation, ItemPlace, item_place};
use super::model::{
    Case, CheckResult, Constants, GroupKey, NotJudged, Purpose, RuleRun, RuleTask, Subject, Unjudged,
    Variant, judged, known,
};

/// The cost of a finding, in steps, which limits the memory that findings take.
const FINDING_COST: usize = 200;
const RELATED_COST: usize = 20;

impl<'r> RuleRun<'r> {
    pub(super) fn check_all(&'r self) -> Evaluated<CheckResult> {
        check_together(std::slice::from_ref(self)).pop().unwrap_or_else(|| Ok(CheckResult::default()))
    }

    /// Checks the groups, in the order of the first record of each.
    fn check_groups(&'r self, keys: Vec<GroupKey>, constants: &Constants<'r>) -> Evaluated<CheckResult> {
        const GROUPS_PER_TASK: usize = 8;
        let of_some = |groups: &[Vec<u32>]| {
            let mut task = self.task(constants);
            for numbers in groups {
                let is_asked_for = self.variant.only_group_of.is_none_or(|record| numbers.contains(&record));
                if let Some(group) = task.group_of(numbers)?.filter(|_| is_asked_for) {
                    task.group(group)?;
                }
            }
            task.evaluator.flush_steps()?;
            Ok(task.outcome)
        };
        let groups = groups(keys);
        let parts = groups.par_chunks(GROUPS_PER_TASK).map(of_some);
        let mut all = CheckResult::default();
        for part in parts.collect::<Evaluated<Vec<CheckResult>>>()? {
            all.extend(part);
        }
        Ok(all)
    }

    /// Checks some of the subjects, or finds their groups.
    pub(super) fn check(
        &'r self,
        subjects: &[Subject<'r>],
        constants: &[(usize, EvalResult<'r>)],
    ) -> Evaluated<CheckResult> {
        let mut task = self.task(constants);
        subjects.iter().try_for_each(|subject| task.subject(*subject))?;
        task.evaluator.flush_steps()?;
        // The results stay in memory until all tasks have ended.
        task.outcome.unjudged.shrink_to_fit();
        Ok(task.outcome)
    }

    /// Returns the constants, or none if they are evaluated by the only task once it needs them.
    fn constants(&'r self) -> Evaluated<Constants<'r>> {
        if self.variant.subjects.len() <= SUBJECTS_PER_TASK && self.program.group_by.is_none() {
            return Ok(Vec::new());
        }
        let mut task = self.task(&[]);
        let run = self.program.lets.iter().filter(|named| named.stage == Stage::Run);
        let constants = run.map(|named| (named.slot, task.evaluator.variable(named.slot))).collect();
        task.evaluator.flush_steps()?;
        Ok(constants)
    }

    fn task(&'r self, constants: &[(usize, EvalResult<'r>)]) -> RuleTask<'r> {
        let Variant { params, steps, .. } = self.variant;
        let mut evaluator = Evaluator::new(self.input, self.today, params, steps);
        if self.purpose == Purpose::Rows {
            evaluator.show_rows();
        }
        let adds_steps = self.purpose == Purpose::Steps;
        let mut task =
            RuleTask { run: self, evaluator, items: None, adds_steps, outcome: CheckResult::default() };
        if constants.is_empty() {
            task.bind_lets(Stage::Run);
        }
        constants.iter().for_each(|(slot, value)| task.evaluator.bind(*slot, value.clone()));
        task
    }
}

impl<'r> RuleTask<'r> {
    fn subject(&mut self, subject: Subject<'r>) -> Evaluated<()> {
        self.evaluator.bind(SUBJECT, Ok(subject.value(self.run.input)));
        self.bind_lets(Stage::Subject);
        let applies = self.applies(Stage::Subject)?;
        if let Some(group_by) = &self.run.program.group_by {
            return self.key(subject, group_by, applies);
        }
        let case = Case { subject, item: None, index: 0, group: None, other: None };
        let (Some(each), Ok(true)) = (&self.run.program.each, applies) else {
            return self.enter(case, applies);
        };
        self.add_step("each", each);
        let list = match judged(self.evaluator.evaluate(&each.root))? {
            Ok(list) => list,
            Err(error) => return self.unjudged(&case, Some(each), error),
        };
        self.items = Some(list.clone());
        self.outcome.coverage.empty += usize::from(list.elements(self.run.input).len() == 0);
        for (index, item) in list.elements(self.run.input).enumerate() {
            self.evaluator.step(1)?;
            self.item(subject, item, index)?;
        }
        self.items = None;
        Ok(())
    }

    /// Keeps the group of a record. Groups are checked when all are known.
    fn key(&mut self, subject: Subject<'r>, by: &'r Expression, applies: Evaluated<bool>) -> Evaluated<()> {
        if applies != Ok(false) {
            self.add_step("group-by", by);
        }
        let Some(record) = subject.record().filter(|_| applies == Ok(true)) else { return Ok(()) };
        if let Some(key) = known(self.evaluator.evaluate(&by.root))? {
            let identity = self.evaluator.identity_key(&key)?.into();
            self.outcome.keys.push(GroupKey { identity, record: record.number });
        }
        Ok(())
    }

    /// Returns the group of records with the key of the first one.
    fn group_of(&mut self, numbers: &[u32]) -> Evaluated<Option<Group<'r>>> {
        let catalog = self.run.input.catalog();
        let records: Vec<&Record> = numbers.iter().map(|&number| catalog.record(number)).collect();
        let (Some(first), Some(by)) = (records.first(), &self.run.program.group_by) else {
            return Ok(None);
        };
        self.bind_subject(first);
        let key = known(self.evaluator.evaluate(&by.root))?;
        Ok(key.map(|key| Group { key, records }))
    }

    /// Binds the record of a group, without its steps.
    fn bind_subject(&mut self, record: &'r Record) {
        self.evaluator.bind(SUBJECT, Ok(Value::Record(record)));
        let adds_steps = std::mem::take(&mut self.adds_steps);
        self.bind_lets(Stage::Subject);
        self.adds_steps = adds_steps;
    }

    fn item(&mut self, subject: Subject<'r>, item: Value<'r>, index: usize) -> Evaluated<()> {
        self.evaluator.bind(ITEM, Ok(item.clone()));
        self.add_item(&item);
        self.bind_lets(Stage::Item);
        let case = Case { subject, item: Some(item), index, group: None, other: None };
        let applies = self.applies(Stage::Item)?;
        self.enter(case, applies)
    }

    /// Checks a group. Its subject is the latest record.
    fn group(&mut self, group: Group<'r>) -> Evaluated<()> {
        let Some(subject) = location::last(self.run.input, &group.records) else { return Ok(()) };
        let group = Arc::new(group);
        self.bind_subject(subject);
        self.evaluator.bind(GROUP, Ok(Value::Group(group.clone())));
        self.bind_lets(Stage::Group);
        let subject = Subject::Record(subject);
        let case = Case { subject, item: None, index: 0, group: Some(group), other: None };
        let applies = self.applies(Stage::Group)?;
        self.enter(case, applies)
    }

    /// Binds the variables of a stage; those of the subject with all that depend on it.
    fn bind_lets(&mut self, stage: Stage) {
        let is_outermost = stage == Stage::Subject;
        for named in &self.run.program.lets {
            if named.stage == stage || is_outermost && named.stage > stage {
                self.evaluator.bind_lazy(named.slot, &named.expression.root);
            }
            if named.stage == stage && self.adds_steps {
                self.add_step(&format!("let {}", named.name), &named.expression);
            }
        }
    }

    /// Evaluates `when` at the stage at which its variables are bound, and returns true at all others.
    fn applies(&mut self, stage: Stage) -> Evaluated<Evaluated<bool>> {
        match &self.run.program.when {
            Some((when_stage, when)) if (*when_stage).max(Stage::Subject) == stage => {
                self.add_step("when", when);
                judged(self.evaluator.condition(&when.root))
            }
            _ => Ok(Ok(true)),
        }
    }

    fn enter(&mut self, case: Case<'r>, applies: Evaluated<bool>) -> Evaluated<()> {
        match applies {
            Ok(true) => {
                let unjudged = self.outcome.unjudged.len();
                self.judge(case)?;
                self.outcome.coverage.judged += usize::from(self.outcome.unjudged.len() == unjudged);
                Ok(())
            }
            Ok(false) => {
                self.outcome.coverage.excluded += 1;
                Ok(())
            }
            Err(error) => {
                let when = self.run.program.when.as_ref().map(|(_, when)| when);
                self.unjudged(&case, when, error)
            }
        }
    }

    fn judge(&mut self, mut case: Case<'r>) -> Evaluated<()> {
        if self.run.purpose == Purpose::Rows {
            return self.add_row(&case);
        }
        let form = &self.run.program.form;
        let (Form::Expect(expression) | Form::Due(expression) | Form::Against(expression)) = form;
        self.add_step(form.key(), expression);
        match (form, judged(self.evaluator.evaluate(&expression.root))?) {
            (Form::Expect(_), Ok(Value::Bool(true))) => Ok(()),
            (Form::Expect(_), Ok(Value::Bool(false))) => self.find(&case, None),
            (Form::Due(_), Ok(Value::Date(day))) => self.due_on(&case, day),
            (Form::Against(_), Ok(others)) => {
                for other in others.elements(self.run.input) {
                    self.evaluator.step(1)?;
                    self.evaluator.bind(OTHER, Ok(other.clone()));
                    self.bind_lets(Stage::Other);
                    case.other = Some(other);
                    self.find(&case, None)?;
                }
                Ok(())
            }
            (_, Ok(_)) => self.unjudged(&case, Some(expression), EvalError::Indeterminate),
            (_, Err(error)) => self.unjudged(&case, Some(expression), error),
        }
    }

    fn unjudged(&mut self, case: &Case<'r>, part: Option<&'r Expression>, error: EvalError) -> Evaluated<()> {
        self.outcome.unjudged.push(Unjudged {
            rule: self.run.rule.id.clone(),
            path: case.subject.path(self.run.input).clone(),
            record: case.subject.record().map(|record| (record.number, record.id.clone())),
            is_unused: error == EvalError::Unused,
        });
        let wants_reason = matches!(self.run.purpose, Purpose::Reasons | Purpose::Steps);
        if let Some(part) = part.filter(|_| wants_reason && error != EvalError::Unused) {
            let reason = self.reason(case.subject, part);
            self.outcome.reasons.push(reason);
        }
        Ok(())
    }

    fn reason(&mut self, subject: Subject<'r>, expression: &'r Expression) -> NotJudged {
        let RuleRun { input, rule, program, .. } = *self.run;
        let lets: Vec<_> = program.lets.iter().map(|named| (named.slot, &named.expression)).collect();
        let record = subject.record();
        let mut finder = CauseFinder { evaluator: &mut self.evaluator, lets: &lets, subject: record };
        let cause = finder.cause(expression).unwrap_or_else(|| Cause::unreadable(&expression.text));
        let Cause { reason, what, place } = cause;
        let format = place.filter(|(holder, _)| reason == Reason::Absent && holder.format_lacks(&what));
        let format = format.and_then(|(holder, _)| Some(holder.format.as_ref()?.name.clone()));
        let is_other = |holder: &&Record| record.is_none_or(|record| record.number != holder.number);
        let holder = place.map(|(holder, _)| holder).filter(is_other).map(|holder| input.name_of(holder));
        let place = place.or_else(|| record.map(|record| (record, record.name_span)));
        let place = match place {
            Some((record, span)) => Place { source: input.file_of(record).source().clone(), span },
            None => Place { source: subject.source(input).clone(), span: Span::at(0) },
        };
        NotJudged {
            rule: rule.id.clone(),
            path: subject.path(input).clone(),
            record: record.map(|record| input.name_of(record)),
            reason,
            what: what.into(),
            holder,
            format,
            place,
        }
    }

    pub(super) fn find(&mut self, case: &Case<'r>, due: Option<Date>) -> Evaluated<()> {
        let is_later = location::is_later(self.run.input, case);
        let finding = self.finding(case, due)?;
        if is_later { &mut self.outcome.findings } else { &mut self.outcome.of_earlier }.push(finding);
        Ok(())
    }

    pub(super) fn finding(&mut self, case: &Case<'r>, due: Option<Date>) -> Evaluated<Finding> {
        let RuleRun { input, rule, program, variant, .. } = *self.run;
        self.evaluator.step(FINDING_COST)?;
        let place = self.item_place(case)?;
        let location = location::of_case(input, &rule.at, case, place.as_ref());
        let message = self.render(Some(&program.message))?.unwrap_or_else(|| match case.subject.record() {
            Some(record) => format!("`{}`: {}", record.id, rule.title),
            None => rule.title.clone(),
        });
        let help = self.render(&program.help)?;
        let label = self.render(&program.label)?;
        let severity = match variant.severity {
            Some(configured) => configured,
            None => self.severity()?,
        };
        let (subject, fingerprint) = self.identity(case, &location)?;
        let fix = self.fix(&location)?;
        let mut causes = Vec::new();
        for cause in &program.causes {
            causes.extend(self.render(Some(cause))?);
        }
        let mut related: Vec<Related> = location.related.into_iter().collect();
        related.extend(self.related(case)?);
        let record = case.subject.record();
        Ok(Finding {
            rule: rule.id.clone(),
            severity,
            message,
            help,
            label,
            record: record.map(|record| input.name_of(record)),
            subject,
            owner: record.and_then(|record| Some(input.owner_references(record).first()?.text().to_owned())),
            due,
            checked: case.subject.path(input).clone(),
            place: location.place,
            related,
            fingerprint,
            fix,
            causes,
        })
    }

    /// Returns the severity under the first condition that is true. One that is not judged is not true.
    fn severity(&mut self) -> Evaluated<Severity> {
        let RuleRun { rule, program, .. } = *self.run;
        for (when, severity) in &program.severities {
            if known(self.evaluator.condition(&when.root))? == Some(true) {
                return Ok(*severity);
            }
        }
        Ok(rule.severity.otherwise)
    }

    /// Returns where the record states an item that doesn't know its own place.
    pub(super) fn item_place(&mut self, case: &Case<'r>) -> Evaluated<Option<ItemPlace<'r>>> {
        let knows_place = |item: &Value| {
            matches!(item, Value::Item(_) | Value::Reference(_) | Value::Fact(_) | Value::Change(_))
        };
        match (&case.item, case.subject.record(), &self.items) {
            (Some(item), Some(record), Some(items)) if !knows_place(item) => {
                item_place(&self.evaluator, record, self.run.rule, items, case.index)
            }
            _ => Ok(None),
        }
    }

    fn fix(&mut self, location: &FindingLocation) -> Evaluated<Option<Fix>> {
        let Some(fix) = &self.run.program.fix else { return Ok(None) };
        let changes = known(fix.edits(&mut self.evaluator, &location.place))?;
        let changes = changes.filter(|changes| !changes.is_empty());
        Ok(changes.map(|changes| Fix { safety: fix.safety, changes, edits: None }))
    }

    /// Renders the first template whose values are known and whose text is not empty.
    pub(super) fn render(
        &mut self,
        templates: impl IntoIterator<Item = &'r Template>,
    ) -> Evaluated<Option<String>> {
        for template in templates {
            let text = known(template.render(&mut self.evaluator))?;
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                return Ok(Some(text));
            }
        }
        Ok(None)
    }

    fn related(&mut self, case: &Case<'r>) -> Evaluated<Vec<Related>> {
        let RuleRun { input, rule, program, .. } = *self.run;
        let others: Vec<Value<'r>> = match (&program.related, &case.other, &case.group) {
            (Some(related), _, _) => match known(self.evaluator.evaluate(&related.root))? {
                Some(list) => list.elements(input).collect(),
                None => Vec::new(),
            },
            (None, Some(other), _) => vec![other.clone()],
            (None, None, Some(group)) => {
                let differs = |one: &&&Record| case.subject.record().is_none_or(|it| it.number != one.number);
                group.records.iter().filter(differs).map(|record| Value::Record(record)).collect()
            }
            (None, None, None) => Vec::new(),
        };
        let at = rule.related.as_ref().map_or(&[][..], |related| &related.at);
        let mut places = Vec::new();
        for other in others {
            self.evaluator.step(RELATED_COST)?;
            let Some(place) = location::of_other(input, at, &other) else { continue };
            self.evaluator.bind(OTHER, Ok(other));
            let message = self.render(program.related_label.as_ref())?.unwrap_or_default();
            places.push(Related { place, message });
        }
        Ok(places)
    }

    /// Returns what a finding is about, and a hash of its record and the rule's `key`, else the place; of a group's key; of both ends of a pair.
    pub(super) fn identity(
        &mut self,
        case: &Case<'r>,
        location: &FindingLocation,
    ) -> Evaluated<(FindingSubject, Fingerprint)> {
        let (form, (subject, parts)) = match (&case.group, &case.other) {
            (Some(group), _) => {
                let subject = FindingSubject::Group(self.evaluator.show(&group.key)?.into());
                ("group", (subject, location::identity_of_key(&self.evaluator, &group.key)?))
            }
            (None, Some(other)) => ("pair", self.identity_of_pair(case, other)?),
            (None, None) => ("one", self.identity_of_one(case, location)?),
        };
        let parts = parts.iter().map(String::as_str);
        Ok((subject, Fingerprint::of([&*self.run.rule.id, form].into_iter().chain(parts))))
    }

    fn identity_of_pair(&self, case: &Case<'r>, other: &Value<'r>) -> Evaluated<Identity> {
        let own = case.item.clone().unwrap_or_else(|| case.subject.value(self.run.input));
        let mut pair = Vec::new();
        for value in [&own, other] {
            pair.push((location::identity(&self.evaluator, value)?, location::record_of(value)));
        }
        pair.sort_by(|a, b| a.0.cmp(&b.0));
        let record = pair.iter().find_map(|(_, record)| *record).or(case.subject.record());
        let subject = match record {
            Some(record) => location::subject_of_record(self.run.input, record),
            None => FindingSubject::Path(case.subject.path(self.run.input).clone()),
        };
        Ok((subject, pair.into_iter().flat_map(|(end, _)| end).collect()))
    }

    fn identity_of_one(&mut self, case: &Case<'r>, location: &FindingLocation) -> Evaluated<Identity> {
        let catalog = self.run.input.catalog();
        let (subject, page) = match case.subject {
            Subject::Record(record) => (location::subject_of_record(catalog, record), ""),
            Subject::File(file) => location::subject_of_file(catalog, file, location),
            Subject::PolicyFile(file) => (FindingSubject::Path(file.source.path().clone()), ""),
            Subject::CitingFile(file) => (FindingSubject::Path(file.path().clone()), ""),
            Subject::UnreadFile(file) => (FindingSubject::Path(file.folder.as_str().into()), &*file.identity),
        };
        let about = match &subject {
            FindingSubject::Record { name, key } => ["record", &name.kind, key],
            FindingSubject::Path(path) => ["path", path, ""],
            FindingSubject::Group(key) => ["group", key, ""],
        };
        let parts = about.into_iter().chain([page]).map(str::to_owned);
        let parts: Vec<String> = match self.render(self.run.program.key.as_ref())? {
            Some(key) => parts.chain(["key".to_owned(), key]).collect(),
            None => parts.chain(location.identity.iter().cloned()).collect(),
        };
        Ok((subject, parts))
    }
}

/// What a finding is about, and what is hashed for it.
type Identity = (FindingSubject, Vec<String>);

// One pass over the subjects of many rules: a thread checks a few records or files by all rules before it goes on, while it has them in
// its cache.

const SUBJECTS_PER_TASK: usize = 128;

struct Task<'s, 'r> {
    run: usize,
    constants: &'s Constants<'r>,
    subjects: &'r [Subject<'r>],
}

pub(super) fn check_together<'r>(runs: &'r [RuleRun<'r>]) -> Vec<Evaluated<CheckResult>> {
    // The most tasks that a thread does before another one can take over the rest.
    const TASKS_AT_ONCE: usize = 32;
    let constants: Vec<Evaluated<_>> = runs.par_iter().with_max_len(1).map(RuleRun::constants).collect();
    let tasks = tasks(runs, &constants);
    let check = |task: &Task<'_, 'r>| runs[task.run].check(task.subjects, task.constants);
    let parts: Vec<Evaluated<_>> = tasks.par_iter().with_max_len(TASKS_AT_ONCE).map(check).collect();
    let mut found: Vec<Evaluated<CheckResult>> = runs.iter().map(|_| Ok(CheckResult::default())).collect();
    for (task, part) in tasks.iter().zip(parts) {
        match (&mut found[task.run], part) {
            (Ok(found), Ok(part)) => found.extend(part),
            (found @ Ok(_), Err(error)) => *found = Err(error),
            (Err(_), _) => {}
        }
    }
    let of_runs = runs.par_iter().zip(&constants).zip(found).with_max_len(1);
    of_runs
        .map(|((run, constants), found)| {
            // Without constants, the run had no task.
            let constants = constants.as_ref().map_err(|error| *error)?;
            match run.program.group_by.is_some() {
                true => run.check_groups(found?.keys, constants),
                false => found,
            }
        })
        .collect()
}

/// Splits the subjects into tasks, in the order of the catalog.
fn tasks<'s, 'r>(runs: &'r [RuleRun<'r>], constants: &'s [Evaluated<Constants<'r>>]) -> Vec<Task<'s, 'r>> {
    let ready = runs.iter().zip(constants).enumerate();
    let ready = ready.filter_map(|(at, (run, constants))| Some((at, run, constants.as_ref().ok()?)));
    let tasks = ready.flat_map(|(run, of, constants)| {
        let chunks = of.variant.subjects.chunks(SUBJECTS_PER_TASK);
        chunks.map(move |subjects| Task { run, constants, subjects })
    });
    let mut tasks: Vec<Task> = tasks.collect();
    tasks.sort_by_key(|task| task.subjects[0].number());
    tasks
}

/// Returns the records of each group, in the order of the first one of each.
fn groups(mut keys: Vec<GroupKey>) -> Vec<Vec<u32>> {
    keys.sort_unstable();
    let groups = keys.chunk_by(|one, next| one.identity == next.identity);
    let mut groups: Vec<Vec<u32>> = groups.map(|group| group.iter().map(|it| it.record).collect()).collect();
    groups.sort_unstable_by_key(|group| group[0]);
    groups
}
