//! How a rule judges one record or file, step by step: what it evaluates, what the parts of it are, and what follows.

use std::sync::Arc;

use crate::config::RuleSetting;
use crate::finding::{Fault, Place, RecordName};
use crate::record::Record;
use crate::rule::language::{TermNode, TypedExpr};
use crate::rule::{EvalError, EvalResult, Expression, OTHER, Program, Rule, Subjects, Value, params};
use crate::text::{Source, Span};

use super::model::{CheckResult, CheckScope, Purpose, RuleTask, Step, Subject, Variant};
use super::{Check, CompiledRule, NeverJudged, exhausted};

/// The evaluation of a rule for one record or file.
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

/// Elements of a list, and characters of a value, that are shown.
const SHOWN_ELEMENTS: usize = 5;
const SHOWN_CHARACTERS: usize = 60;

impl<'a> Check<'a> {
    /// Follows a rule on these records, or on the files that contain them if it is a rule for files; on a file that holds none if
    /// that is given.
    pub(crate) fn trace(
        &self,
        rule: &Rule,
        records: &[u32],
        file: Option<&Arc<Source>>,
    ) -> Result<Vec<Trace>, Vec<Fault>> {
        let check = self.whole(rule);
        let input = check.input;
        let compiled = check.compile(rule)?;
        let (program, records) = (&compiled.program, records.iter().map(|&number| input.record(number)));
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
        let traces = subjects.into_iter().map(|subject| check.trace_of(&compiled, subject));
        let mut traces = traces.collect::<Result<Vec<Trace>, Vec<Fault>>>()?;
        if let Some(file) = file.filter(|_| traces.is_empty()) {
            let is_off = matches!(rule.settings(self.config).for_file(file.path()), RuleSetting::Off);
            traces.push(Trace {
                record: None,
                place: Place { source: file.clone(), span: Span::at(0) },
                off: is_off.then(|| self.why_off(rule)),
                is_unadopted: false,
                result: CheckResult::default(),
                suppressed_by: Vec::new(),
            });
        }
        Ok(traces)
    }

    fn trace_of(&self, compiled: &CompiledRule, subject: Subject<'a>) -> Result<Trace, Vec<Fault>> {
        let CompiledRule { rule, program, .. } = compiled;
        let record = subject.record();
        let (off, set) = match rule.settings(self.config).for_file(subject.path(self.input)) {
            RuleSetting::On { params, .. } => (None, params),
            RuleSetting::Off => (Some(self.why_off(rule)), Vec::new()),
        };
        let mut result = CheckResult::default();
        if is_for(program, record) {
            let params = params::values(rule, &set, self.config)?;
            let variant = Variant::new(params, vec![subject]);
            result = self.traced_run(compiled, &variant).map_err(|_| vec![exhausted(rule, self.input)])?;
            result.findings.append(&mut result.of_earlier);
        }
        let span = record.map_or(Span::at(0), |record| record.name_span);
        Ok(Trace {
            record: record.map(|record| self.input.name_of(record)),
            place: Place { source: subject.source(self.input).clone(), span },
            off,
            is_unadopted: record.is_some_and(|record| !rule.holds_for(record)),
            result,
            suppressed_by: Vec::new(),
        })
    }

    fn traced_run(&self, compiled: &CompiledRule, variant: &Variant<'a>) -> Result<CheckResult, EvalError> {
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
}

fn is_for(program: &Program, record: Option<&Record>) -> bool {
    match (&program.subjects, record) {
        (Subjects::Kinds(kinds), Some(record)) => kinds.contains(&record.kind.name),
        (Subjects::AllRecords, Some(_)) => true,
        (subjects, None) => subjects.are_files(),
        _ => false,
    }
}

impl<'r> RuleTask<'r> {
    /// Adds a step with the value of an expression whose variables are bound.
    pub(super) fn add_step(&mut self, key: &str, expression: &'r Expression) {
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
        let expression = expression.text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.outcome.steps.push(Step { key: key.to_owned(), expression, parts, value });
    }

    pub(super) fn add_item(&mut self, item: &Value<'r>) {
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
        let text = self.text_of(value);
        match text.char_indices().nth(SHOWN_CHARACTERS) {
            Some((at, _)) => format!("{}…", &text[..at]),
            None => text,
        }
    }

    fn text_of(&self, value: &Value<'r>) -> String {
        match value {
            Value::String(text) => format!("\"{}\"", text.split_whitespace().collect::<Vec<_>>().join(" ")),
            Value::Null => "absent".to_owned(),
            Value::Record(record) => format!("{} `{}`", record.kind.name, record.id),
            Value::Unresolved(unresolved) => format!("`{}`, which names no record", unresolved.text),
            Value::Item(item) => {
                let node = item.node.as_mapping().and_then(|mapping| mapping.entries().first());
                let first = node.and_then(|entry| entry.value.as_text());
                first.map_or_else(|| "an item".to_owned(), |text| format!("`{text}`"))
            }
            list if list.is_list() => {
                let elements = list.elements(self.run.input);
                let count = elements.len();
                let shown: Vec<String> =
                    elements.take(SHOWN_ELEMENTS).map(|element| self.text_of(&element)).collect();
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
