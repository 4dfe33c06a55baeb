//! Why a rule judges a record or file as it does, step by step; and why it judges nothing: it is run again on some of what it doesn't
//! judge, and looks for the value that is missing.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::Arc;

use crate::config::RuleSetting;
use crate::finding::{Faultless, Place, RecordName};
use crate::record::Record;
use crate::rule::file::{FILE, POLICY_FILE};
use crate::rule::language::{TermNode, TypedExpr};
use crate::rule::{EvalError, EvalResult, Evaluated, Expression, OTHER, Rule, Subjects, Value, params};
use crate::schema::shorten;
use crate::text::{Source, Span, single_spaced};

use super::model::{CheckResult, CheckScope, NotJudged, Purpose, RuleTask, Step, Subject, Unjudged, Variant};
use super::{Check, CompiledRule, exhausted};

#[derive(Debug)]
pub struct Trace {
    /// `None` for a file.
    pub record: Option<RecordName>,
    /// Where the record, or the file, begins.
    pub place: Place,
    /// Why the rule is off for the file; `None` if it is on.
    pub off: Option<NeverJudged>,
    /// True if the rule is about a practice and the record is not adopted.
    pub is_unadopted: bool,
    /// Without steps if the rule is not for such a record.
    pub result: CheckResult,
    /// For each finding, what keeps it from being reported. The linter sets it.
    pub suppressed_by: Vec<Option<String>>,
}

impl<'a> Check<'a> {
    /// Follows a rule on these records, or on their files if it is for files; on a file that holds none if that is given.
    pub(crate) fn trace(&self, rule: &Rule, of: &[u32], file: Option<&Arc<Source>>) -> Faultless<Vec<Trace>> {
        let check = self.whole(rule);
        let input = check.input;
        let compiled = check.compile(rule)?;
        let (program, records) = (&compiled.program, of.iter().map(|&number| input.record(number)));
        let mut subjects: Vec<Subject> = match (file, &program.subjects) {
            (Some(file), of_files) if of_files.are_files() => {
                let mut subjects = check.subjects(rule, program, &CheckScope::Everything);
                subjects.retain(|subject| subject.path(input) == file.path());
                subjects
            }
            (None, Subjects::Files) => records.map(|record| Subject::File(input.file_of(record))).collect(),
            _ => records.map(Subject::Record).collect(),
        };
        if program.subjects == Subjects::Files {
            subjects.dedup_by_key(|file| file.path(input).clone());
        }
        let trace = |record: Option<&Record>, source: &Arc<Source>, result: CheckResult| {
            let span = record.map_or(Span::at(0), |record| record.name_span);
            let is_off = rule.settings(self.config).for_file(source.path()) == RuleSetting::Off;
            Trace {
                record: record.map(|record| input.name_of(record)),
                place: Place { source: source.clone(), span },
                off: is_off.then(|| self.why_off(rule)),
                is_unadopted: record.is_some_and(|record| !rule.holds_for(record)),
                result,
                suppressed_by: Vec::new(),
            }
        };
        let mut traces = Vec::new();
        for subject in subjects {
            let result = check.traced_result(&compiled, subject)?;
            traces.push(trace(subject.record(), subject.source(input), result));
        }
        if let Some(file) = file.filter(|_| traces.is_empty()) {
            traces.push(trace(None, file, CheckResult::default()));
        }
        Ok(traces)
    }

    /// Returns what the rule finds, also where it is off; nothing if it is not for such a subject.
    fn traced_result(&self, compiled: &CompiledRule, subject: Subject<'a>) -> Faultless<CheckResult> {
        let CompiledRule { rule, program, .. } = compiled;
        if !program.subjects.include(subject.record()) {
            return Ok(CheckResult::default());
        }
        let set = match rule.settings(self.config).for_file(subject.path(self.input)) {
            RuleSetting::On { params, .. } => params,
            RuleSetting::Off => Vec::new(),
        };
        let variant = Variant::new(params::values(rule, &set, self.config)?, vec![subject]);
        let result = self.traced_run(compiled, &variant);
        let mut result = result.map_err(|_| vec![exhausted(rule, self.input)])?;
        result.findings.append(&mut result.of_earlier);
        Ok(result)
    }

    fn traced_run(&self, compiled: &CompiledRule, variant: &Variant<'a>) -> Evaluated<CheckResult> {
        let run = compiled.run(variant, Purpose::Steps);
        if compiled.program.group_by.is_none() {
            return run.check_all();
        }
        let steps_of_key = run.check(&variant.subjects, &[])?.steps;
        let all = self.subjects(compiled.rule, &compiled.program, &CheckScope::Everything);
        let only_group_of = variant.subjects[0].record().map(|record| record.number);
        let of_all = Variant { only_group_of, ..Variant::new(variant.params.clone(), all) };
        let mut result = compiled.run(&of_all, Purpose::Steps).check_all()?;
        result.steps.splice(0..0, steps_of_key);
        Ok(result)
    }

    /// Returns why a rule judges nothing; `None` if it has a result for something.
    pub(crate) fn never_judged(&self, rule: &Arc<Rule>) -> Faultless<Option<NeverJudged>> {
        const SHOWN_REASONS: usize = 3;
        let rules = std::slice::from_ref(rule);
        let settings = rule.settings(self.config);
        if settings.for_all_files() == Some(RuleSetting::Off) {
            return Ok(Some(self.why_off(rule)));
        }
        let mut result = self.run(rules)?;
        let coverage = result.coverage;
        let unjudged = std::mem::take(&mut result.unjudged);
        result.into_findings()?;
        let is_missing = unjudged.iter().any(|one| !one.is_unused);
        Ok(Some(match () {
            () if coverage.judged > 0 => return Ok(None),
            () if is_missing => {
                let mut reasons = self.reasons(rules, unjudged.iter(), SHOWN_REASONS);
                reasons.dedup_by(|later, first| later.sentence() == first.sentence());
                NeverJudged::Missing(reasons)
            }
            () if !unjudged.is_empty() => NeverJudged::KindNotUsed,
            () if coverage.empty > 0 => NeverJudged::NoItems("each"),
            () if coverage.excluded > 0 => {
                NeverJudged::NeverApplies(rule.when.clone().unwrap_or_default(), coverage.excluded)
            }
            () if !rule.group_by.is_empty() && self.has_subjects(rule) => NeverJudged::NoItems("group-by"),
            () => NeverJudged::NoSubject(rule.kinds.clone()),
        }))
    }

    pub(super) fn why_off(&self, rule: &Rule) -> NeverJudged {
        match rule.settings(self.config).is_only_absent() {
            true => NeverJudged::NotInPreset(self.config.preset.name()),
            false => NeverJudged::Off,
        }
    }

    /// Returns the reasons of the first `limit` of these results that this check has not judged, by path.
    pub(crate) fn reasons<'u>(
        &self,
        rules: &[Arc<Rule>],
        unjudged: impl Iterator<Item = &'u Unjudged>,
        limit: usize,
    ) -> Vec<NotJudged> {
        let mut unjudged: Vec<&Unjudged> = unjudged.filter(|one| !one.is_unused).collect();
        let key = |one: &&Unjudged| (one.path.clone(), one.rule.clone(), one.number());
        unjudged.sort_by_cached_key(key);
        unjudged.truncate(limit);
        let mut of_rules: BTreeMap<&str, HashSet<SubjectKey>> = BTreeMap::new();
        for one in unjudged {
            of_rules.entry(&one.rule).or_default().insert(one.number().ok_or(&*one.path));
        }
        let of_rule = |(id, subjects): (&str, HashSet<SubjectKey>)| {
            let rule = rules.iter().find(|rule| *rule.id == *id)?;
            self.whole(rule).reasons_of_rule(rule, &subjects).ok()
        };
        let mut reasons: Vec<NotJudged> = of_rules.into_iter().filter_map(of_rule).flatten().collect();
        reasons.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
        reasons.truncate(limit);
        reasons
    }

    fn reasons_of_rule(&self, rule: &Rule, of: &HashSet<SubjectKey>) -> Faultless<Vec<NotJudged>> {
        let mut compiled = self.prepare(rule, None)?;
        let is_asked_for = |subject: &Subject| match subject.record() {
            Some(record) => of.contains(&Ok(record.number)),
            None => of.contains(&Err(&**subject.path(self.input))),
        };
        // The subject of a group is one of its records.
        if compiled.program.group_by.is_none() {
            compiled.variants.iter_mut().for_each(|variant| variant.subjects.retain(is_asked_for));
        }
        let mut reasons = Vec::new();
        for run in compiled.runs(Purpose::Reasons) {
            reasons.extend(run.check_all().map(|result| result.reasons).unwrap_or_default());
        }
        Ok(reasons)
    }
}

impl<'r> RuleTask<'r> {
    /// Adds a step with the value of an expression, if steps are asked for.
    pub(super) fn add_step(&mut self, key: &str, expression: &'r Expression) {
        if !self.adds_steps {
            return;
        }
        let mut parts: Vec<(String, String)> = Vec::new();
        for part in read_parts(&expression.root) {
            let text = part.text_in(&expression.text);
            if !parts.iter().any(|(known, _)| *known == text) {
                let value = self.evaluator.evaluate(part);
                parts.push((text, self.shown(&value)));
            }
        }
        let value = self.evaluator.evaluate(&expression.root);
        let value = self.shown(&value);
        let whole = expression.root.text_in(&expression.text);
        parts.retain(|(text, _)| *text != whole);
        let expression = single_spaced(&expression.text);
        self.outcome.steps.push(Step { key: key.to_owned(), expression, parts, value });
    }

    pub(super) fn add_item(&mut self, item: &Value<'r>) {
        if !self.adds_steps {
            return;
        }
        let expression = self.shown(&Ok(item.clone()));
        let step = Step { key: "item".to_owned(), expression, parts: Vec::new(), value: String::new() };
        self.outcome.steps.push(step);
    }

    /// A value as a rule file would write it, in a few words.
    fn shown(&self, value: &EvalResult<'r>) -> String {
        let value = match value {
            Ok(value) => value,
            Err(EvalError::Absent) => return "absent".to_owned(),
            Err(EvalError::Unreadable) => return "unreadable".to_owned(),
            Err(EvalError::Unused) => return "a record of a kind that is not used".to_owned(),
            Err(EvalError::Indeterminate | EvalError::Exhausted) => return "not known".to_owned(),
        };
        shorten(&self.text_of(value))
    }

    fn text_of(&self, value: &Value<'r>) -> String {
        const SHOWN_ELEMENTS: usize = 5;
        match value {
            Value::String(text) => format!("\"{}\"", single_spaced(text)),
            Value::Null => "absent".to_owned(),
            Value::Record(record) => format!("{} `{}`", record.kind.name, record.id),
            Value::Unresolved(unresolved) => format!("`{}`, which names no record", unresolved.text),
            Value::Item(item) => {
                let first = item.node.entries().first().and_then(|entry| entry.value.as_text());
                first.map_or_else(|| "an item".to_owned(), |text| format!("`{text}`"))
            }
            list if list.is_list() => {
                let elements = list.elements(self.run.input);
                let count = elements.len();
                let shown: Vec<String> = elements.take(SHOWN_ELEMENTS).map(|it| self.text_of(&it)).collect();
                let more = count.saturating_sub(SHOWN_ELEMENTS);
                let more = if more > 0 { format!(", {more} more") } else { String::new() };
                format!("[{}{more}]", shown.join(", "))
            }
            other => self.evaluator.show(other).unwrap_or_default(),
        }
    }
}

/// The parts of a term that read something, each behind its own: fields, members, calls, loops, names and parameters.
fn read_parts(term: &TypedExpr) -> Vec<&TypedExpr> {
    // What these test is a part of them.
    let is_whole =
        matches!(term.node, TermNode::Has | TermNode::HasValue | TermNode::OrValue | TermNode::Optional);
    let reads = match term.node {
        TermNode::Variable(slot) => slot > OTHER,
        TermNode::Field(_)
        | TermNode::Untyped(_)
        | TermNode::Index
        | TermNode::Loop(..)
        | TermNode::Call(..)
        | TermNode::Param(_) => true,
        _ => is_whole,
    };
    let operands = if is_whole { &[] } else { term.outer_operands() };
    let parts = operands.iter().flat_map(read_parts);
    parts.chain(reads.then_some(term)).collect()
}

/// The number of results that are not judged which a report of all findings lists.
pub const LISTED: usize = 1000;

#[derive(Debug)]
pub enum NeverJudged {
    Off,
    /// The preset of this name lacks it.
    NotInPreset(&'static str),
    /// There is nothing that it is for: these kinds.
    NoSubject(Vec<Arc<str>>),
    /// The condition `when` excludes all of so many.
    NeverApplies(String, usize),
    /// `each` has no items, or no record has a key of `group-by`.
    NoItems(&'static str),
    /// A value that it reads is missing everywhere: the first reasons.
    Missing(Vec<NotJudged>),
    /// It reads records of a kind that does not occur.
    KindNotUsed,
}

/// A record by its number, or a file by its path.
type SubjectKey<'u> = Result<u32, &'u str>;

fn sort_key(one: &NotJudged) -> impl Ord + '_ {
    let (path, span) = (one.place.source.path(), one.place.span);
    (path, &one.rule, &one.record, span, one.reason, &one.what)
}

impl fmt::Display for NeverJudged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NeverJudged::Off => f.write_str("it is switched off in the configuration"),
            NeverJudged::NotInPreset(preset) => {
                write!(f, "the preset `{preset}` does not contain it, and `rules` does not switch it on")
            }
            NeverJudged::NoSubject(kinds) if **kinds == [POLICY_FILE.into()] => f.write_str(
                "it compares the policy with that of `--policy-from`, or the records with those of `--since`, and neither was given",
            ),
            NeverJudged::NoSubject(kinds) if kinds.iter().all(|kind| kind.ends_with(FILE)) => {
                write!(f, "there is no {}", kinds.join(" or ").replace('-', " "))
            }
            NeverJudged::NoSubject(kinds) => write!(f, "there is no record of kind `{}`", kinds.join("` or `")),
            NeverJudged::NeverApplies(when, excluded) => {
                write!(f, "`when: {}` is false for all {excluded}", single_spaced(when))
            }
            NeverJudged::NoItems("each") => f.write_str("the list of `each` is empty everywhere"),
            NeverJudged::NoItems(key) => write!(f, "no record has a value of `{key}`"),
            NeverJudged::KindNotUsed => f.write_str("it reads records of a kind that does not occur here"),
            NeverJudged::Missing(reasons) => {
                let shown = reasons.iter().map(|one| format!("{} ({})", one.sentence(), one.place));
                f.write_str(&shown.collect::<Vec<_>>().join("; "))
            }
        }
    }
}
