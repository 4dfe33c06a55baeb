//! The rows of a page: what its sections say about each record that they are about.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::finding::Fault;
use crate::input::Input;
use crate::record::Record;
use crate::rule::{ComputedFields, EvalError, Rule, Template, Value};
use crate::term::Vocabulary;

use super::location;
use super::model::{
    Case, CheckScope, Concerned, Drawn, FoundCell, FoundRow, Purpose, RowKey, RuleRun, RuleTask, SortKey,
    Subject, Variant, known,
};
use super::{Check, CompiledRule};

/// The cost of a row, in steps.
const ROW_COST: usize = 100;

/// Finds the rows of sections. What their expressions share is built once for all of them.
pub struct RowFinder<'a> {
    check: Check<'a>,
    vocabulary: Vocabulary,
    computed: ComputedFields<'a>,
}

impl<'a> RowFinder<'a> {
    /// Builds the vocabulary of the check's input.
    pub fn new(check: Check<'a>) -> RowFinder<'a> {
        let (vocabulary, computed) = (Vocabulary::new(check.input), ComputedFields::new(check.input.kinds()));
        RowFinder { check, vocabulary, computed }
    }

    /// Returns the input of the check.
    pub fn input(&self) -> &'a Input {
        self.check.input
    }

    /// Finds the rows of a section, in their order.
    ///
    /// # Errors
    /// The section does not compile, or exceeds the step limit.
    pub fn rows(&self, section: &Rule, params: Vec<Value<'static>>) -> Result<Vec<FoundRow>, Vec<Fault>> {
        Ok(self.rows_of_each(section, vec![params], |_| true)?.into_iter().flatten().collect())
    }

    /// Finds the rows of a section about those records that are `among` others, for each of several values of its parameters.
    ///
    /// # Errors
    /// As [`RowFinder::rows`].
    pub fn rows_of_each(
        &self,
        section: &Rule,
        params: Vec<Vec<Value<'static>>>,
        among: impl Fn(&Record) -> bool,
    ) -> Result<Vec<Vec<FoundRow>>, Vec<Fault>> {
        let RowFinder { check, vocabulary, computed } = self;
        let program = section.program(check.input.kinds())?;
        let compiled = CompiledRule { rule: section, program: &program, vocabulary, computed };
        let mut subjects = check.subjects(section, &program, &CheckScope::Everything);
        subjects.retain(|subject| subject.record().is_none_or(&among));
        let subjects: Arc<[_]> = subjects.into();
        let rows = |params| check.rows(&compiled, subjects.clone(), params, Purpose::Rows, None);
        params.into_iter().map(rows).collect()
    }

    /// Finds the first rows of a section, and the number of the others, whose cells are not evaluated.
    ///
    /// # Errors
    /// As [`RowFinder::rows`].
    pub fn first_rows(
        &self,
        section: &Rule,
        params: Vec<Value<'static>>,
        most: usize,
    ) -> Result<(Vec<FoundRow>, usize), Vec<Fault>> {
        let RowFinder { check, vocabulary, computed } = self;
        let program = section.program(check.input.kinds())?;
        let compiled = CompiledRule { rule: section, program: &program, vocabulary, computed };
        let subjects: Arc<[_]> = check.subjects(section, &program, &CheckScope::Everything).into();
        if subjects.len() <= most {
            return Ok((check.rows(&compiled, subjects, params, Purpose::Rows, None)?, 0));
        }
        let order = check.rows(&compiled, subjects.clone(), params.clone(), Purpose::RowOrder, None)?;
        let first = tree_order(&order).into_iter().take(most).map(|(at, _)| order[at].key());
        let first: HashSet<RowKey> = first.collect();
        let holders: HashSet<Option<u32>> = first.iter().map(|(record, _)| *record).collect();
        let is_holder = |subject: &&Subject| holders.contains(&subject.record().map(|record| record.number));
        // A group needs all of its records.
        let subjects = match section.group_by.is_empty() {
            true => subjects.iter().filter(is_holder).copied().collect(),
            false => subjects,
        };
        let rows = check.rows(&compiled, subjects, params, Purpose::Rows, Some(&first))?;
        let left_out = order.len().saturating_sub(rows.len());
        Ok((rows, left_out))
    }
}

impl<'a> Check<'a> {
    fn rows(
        &self,
        compiled: &CompiledRule<'_>,
        subjects: Arc<[Subject<'a>]>,
        params: Vec<Value<'static>>,
        purpose: Purpose,
        rows: Option<&HashSet<RowKey>>,
    ) -> Result<Vec<FoundRow>, Vec<Fault>> {
        let variant = Variant { severity: None, params, subjects };
        let steps = AtomicU64::new(0);
        let run = RuleRun { rows, purpose, ..self.rule_run(compiled, &variant, &steps) };
        let mut rows = run.check_all().map_err(|_| vec![too_long(compiled.rule)])?.rows;
        rows.sort_by(|a, b| a.order.partial_cmp(&b.order).unwrap_or(Ordering::Equal));
        Ok(rows)
    }
}

/// Returns the rows, each after the one above it, with their depth. Rows on a cycle are at the top level.
pub fn tree_order(rows: &[FoundRow]) -> Vec<(usize, usize)> {
    let at = positions(rows);
    let mut below: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut tops = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        match row.below.and_then(|above| at.get(&above)).filter(|above| **above != number) {
            Some(&above) => below.entry(above).or_default().push(number),
            None => tops.push(number),
        }
    }
    let mut order = Vec::new();
    let mut seen = HashSet::new();
    for top in tops.into_iter().chain(0..rows.len()) {
        let mut open = vec![(top, 0)];
        while let Some((number, depth)) = open.pop() {
            if seen.insert(number) {
                order.push((number, depth));
                let next = below.get(&number).into_iter().flatten().rev();
                open.extend(next.map(|&number| (number, depth + 1)));
            }
        }
    }
    order
}

/// Returns the position of the row of each record.
pub fn positions(rows: &[FoundRow]) -> HashMap<u32, usize> {
    rows.iter().enumerate().filter_map(|(at, row)| Some((row.record?, at))).collect()
}

impl<'r> RuleTask<'r> {
    /// Adds a row to the result.
    pub(super) fn add_row(&mut self, case: &Case<'r>) -> Result<(), EvalError> {
        let RuleRun { input, program, rows, .. } = *self.run;
        let record = case.subject.record();
        let item = match &case.item {
            Some(Value::Item(item)) => Some((item.record, item.node.span)),
            Some(Value::Reference(mention)) => Some((mention.record, mention.reference.span)),
            _ => None,
        };
        let key = (record.map(|record| record.number), item.map(|(_, span)| span));
        if rows.is_some_and(|rows| !rows.contains(&key)) {
            return Ok(());
        }
        self.evaluator.step(ROW_COST)?;
        let has_cells = self.run.purpose == Purpose::Rows;
        let cells = if has_cells { self.cells(record)? } else { Vec::new() };
        let mut order = Vec::new();
        for key in &program.sort {
            let value = known(self.evaluator.evaluate(&key.root))?;
            order.push(self.sort_key(value)?);
        }
        let below = match &program.below {
            Some(below) => {
                known(self.evaluator.evaluate(&below.root))?.and_then(|value| self.first_record(&value))
            }
            None => None,
        };
        let mut concerns = Vec::new();
        for expression in program.concerns.iter().filter(|_| has_cells) {
            let value = known(self.evaluator.evaluate(&expression.root))?;
            concerns.extend(value.map(|value| self.concerned(&value)).unwrap_or_default());
        }
        let mut drawn = Vec::new();
        for expression in program.drawn.iter().filter(|_| has_cells) {
            let value = known(self.evaluator.evaluate(&expression.root))?;
            drawn.push(value.map_or(Drawn::Nothing, |value| self.drawn(&value)));
        }
        let place = match (item, record) {
            (Some((holder, span)), _) => location::on_one_line(input, holder, span),
            (None, Some(record)) => location::on_one_line(input, record, record.name_span),
            (None, None) => location::of_subject(input, &[], case.subject, None, None).place,
        };
        self.outcome.rows.push(FoundRow {
            record: key.0,
            is_group: case.group.is_some(),
            item: key.1,
            place,
            cells,
            below: below.map(|record| record.number),
            concerns,
            drawn,
            order,
        });
        Ok(())
    }

    fn cells(&mut self, record: Option<&'r Record>) -> Result<Vec<FoundCell>, EvalError> {
        let RuleRun { input, rule, program, .. } = *self.run;
        let specs = rule.section.iter().flat_map(|section| &section.columns);
        let mut cells = Vec::new();
        for (column, spec) in program.columns.iter().zip(specs) {
            self.evaluator.take_named();
            let text = self.render_cell(column.text.as_ref())?;
            let named = self.evaluator.take_named();
            let holder = match &column.of {
                Some(of) => {
                    known(self.evaluator.evaluate(&of.root))?.and_then(|value| self.first_record(&value))
                }
                None => record,
            };
            let is_asked = !(text.is_empty() || spec.at.is_empty() && spec.of.is_none());
            let place = holder.filter(|_| is_asked).map(|holder| location::of_field(input, holder, &spec.at));
            let with = match &column.with {
                Some(with) => known(self.evaluator.evaluate(&with.root))?,
                None => None,
            };
            let with = with.map(|value| self.records_in(&value)).unwrap_or_default();
            cells.push(FoundCell { text, place, with, named });
        }
        Ok(cells)
    }

    fn render_cell(&mut self, template: Option<&'r Template>) -> Result<String, EvalError> {
        let Some(template) = template else { return Ok(String::new()) };
        Ok(known(template.render_cell(&mut self.evaluator))?.unwrap_or_default())
    }

    fn drawn(&self, value: &Value<'r>) -> Drawn {
        match value {
            Value::Optional(Some(value)) => self.drawn(value),
            Value::Date(day) | Value::Age(day) => Drawn::Day(*day),
            Value::Int(number) => Drawn::Number(*number),
            Value::Bool(flag) => Drawn::Flag(*flag),
            list if list.is_list() => Drawn::Records(self.records_in(list)),
            _ => Drawn::Nothing,
        }
    }

    fn records_in(&self, value: &Value<'r>) -> Vec<u32> {
        let number = |value: &Value<'r>| self.first_record(value).map(|record| record.number);
        match value.is_list() {
            true => value.elements(self.run.input).filter_map(|one| number(&one)).collect(),
            false => number(value).into_iter().collect(),
        }
    }

    fn concerned(&self, list: &Value<'r>) -> Vec<Concerned> {
        let one = |value: Value<'r>| match value {
            Value::Record(record) => Some(Concerned::Record(record.number)),
            Value::Unresolved(unresolved) => Some(Concerned::Name(unresolved.text.to_owned())),
            _ => None,
        };
        list.elements(self.run.input).filter_map(one).collect()
    }

    fn first_record(&self, value: &Value<'r>) -> Option<&'r Record> {
        match value {
            Value::Record(record) => Some(record),
            Value::Item(item) => Some(item.record),
            Value::Optional(Some(value)) => self.first_record(value),
            list if list.is_list() => {
                list.elements(self.run.input).find_map(|value| self.first_record(&value))
            }
            _ => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "numbers of such size differ anyway")]
    fn sort_key(&self, value: Option<Value<'r>>) -> Result<SortKey, EvalError> {
        Ok(match value {
            None | Some(Value::Null | Value::Optional(None)) => SortKey::Absent,
            Some(Value::Optional(Some(value))) => self.sort_key(Some((*value).clone()))?,
            Some(Value::Int(number)) => SortKey::Number(number as f64),
            Some(Value::Double(number)) => SortKey::Number(number),
            Some(Value::Amount(amount)) => SortKey::Number(amount.value),
            Some(value) => SortKey::Text(self.evaluator.show(&value)?),
        })
    }
}

fn too_long(section: &Rule) -> Fault {
    let name = section.id.split('/').next().unwrap_or_default();
    Fault::new(format!("`{name}` takes more steps over this repository than a view may"))
        .help("name one part, such as `alignlint report governance`")
}
