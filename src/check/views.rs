//! What views ask of rules: the days on which something falls due, passed or to come, and the rows of a section.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::finding::{Fault, Faultless};
use crate::record::Record;
use crate::rule::{Evaluated, Expression, Rule, Value};
use crate::text::Span;

use super::Check;
use super::location;
use super::model::{
    Case, Cell, CheckResult, CheckScope, DueDay, FoundRow, Purpose, RuleRun, RuleTask, SortKey, Variant,
    known,
};

impl Check<'_> {
    /// Finds the days until `until`, also those that have passed.
    pub(crate) fn due(&self, rules: &[Arc<Rule>], until: Date) -> Faultless<CheckResult> {
        let mut all = CheckResult::default();
        for rule in rules.iter().filter(|rule| rule.due.is_some() && self.has_subjects(rule)) {
            // A day that a page states falls due, also where no page has to state one.
            let of_all = Rule { practice: false, ..(**rule).clone() };
            let prepared = self.whole(rule).prepare(&of_all, None)?;
            let runs: Vec<RuleRun> = prepared.runs(Purpose::DueUntil(until)).collect();
            let mut found = prepared.result(runs.iter().map(RuleRun::check_all), None);
            let is_due = |number: Option<u32>| {
                let record = number.map(|number| self.whole(rule).input.record(number));
                record.is_none_or(|record| rule.holds_for(record) || rule.is_day_stated(record))
            };
            found.due.retain(|due| is_due(due.record));
            found.unjudged.retain(|one| is_due(one.number()));
            all.extend(found);
        }
        let key = |due: &DueDay| (due.day, due.finding.place.source.path().clone(), due.finding.place.span);
        all.due.sort_by(|a, b| (key(a), &a.finding.rule).cmp(&(key(b), &b.finding.rule)));
        Ok(all)
    }

    /// Finds the rows of a section, in their order.
    pub(crate) fn rows(&self, section: &Rule, params: Vec<Value<'static>>) -> Faultless<Vec<FoundRow>> {
        let compiled = self.compile(section)?;
        let subjects = self.subjects(section, &compiled.program, &CheckScope::Everything);
        let variant = Variant::new(params, subjects);
        let run = compiled.run(&variant, Purpose::Rows);
        let mut rows = run.check_all().map_err(|_| vec![too_long(section)])?.rows;
        rows.sort_by(|a, b| a.order.partial_cmp(&b.order).unwrap_or(Ordering::Equal));
        Ok(rows)
    }
}

impl<'r> RuleTask<'r> {
    pub(super) fn due_on(&mut self, case: &Case<'r>, day: Date) -> Evaluated<()> {
        match self.run.purpose {
            Purpose::DueUntil(until) => self.add_due(case, day, until),
            Purpose::Verdicts | Purpose::Reasons | Purpose::Steps if day < self.run.today => {
                self.find(case, Some(day))
            }
            _ => Ok(()),
        }
    }

    /// Adds a day to the result, unless there is time after `until`.
    fn add_due(&mut self, case: &Case<'r>, day: Date, until: Date) -> Evaluated<()> {
        if day > until {
            return Ok(());
        }
        let place = self.item_place(case)?;
        let RuleRun { input, rule, .. } = *self.run;
        let mut location = location::of_case(input, &rule.at, case, place.as_ref());
        // The place is the same with another value.
        if location.identity.first().is_some_and(|form| form == "field") {
            location.identity.pop();
        }
        let (_, anchor) = self.identity(case, &location)?;
        let item = case.item.as_ref().and_then(named_item);
        let record = case.subject.record().map(|record| record.number);
        let finding = self.finding(case, Some(day))?;
        let task = self.render(self.run.program.task.as_ref())?;
        let task = task.or_else(|| finding.help.clone()).unwrap_or_else(|| finding.message.clone());
        self.outcome.due.push(DueDay { day, finding, task, record, item, anchor });
        Ok(())
    }

    pub(super) fn add_row(&mut self, case: &Case<'r>) -> Evaluated<()> {
        // The cost of a row, in steps.
        const ROW_COST: usize = 100;
        let RuleRun { input, program, .. } = *self.run;
        let record = case.subject.record();
        let item = match &case.item {
            Some(Value::Item(item)) => Some((item.record, item.node.span)),
            Some(Value::Reference(mention)) => Some((mention.record, mention.reference.span)),
            _ => None,
        };
        self.evaluator.step(ROW_COST)?;
        let cells = self.cells(record)?;
        let mut order = Vec::new();
        for key in &program.sort {
            let value = known(self.evaluator.evaluate(&key.root))?;
            order.push(self.sort_key(value)?);
        }
        let below = program.below.as_ref().map(|expression| self.records_of(expression)).transpose()?;
        let mut records_of = |expressions: &'r [Expression]| {
            expressions.iter().map(|it| self.records_of(it)).collect::<Evaluated<Vec<_>>>()
        };
        let (concerns, links) = (records_of(&program.concerns)?.concat(), records_of(&program.drawn)?);
        let place = match item.or_else(|| Some((record?, record?.name_span))) {
            Some((holder, span)) => location::on_one_line(input.file_of(holder).source(), span),
            None => location::of_case(input, &[], case, None).place,
        };
        self.outcome.rows.push(FoundRow {
            record: record.map(|record| record.number),
            is_group: case.group.is_some(),
            item: item.map(|(_, span)| span),
            place,
            cells,
            below: below.and_then(|records| records.first().copied()),
            concerns,
            links,
            order,
        });
        Ok(())
    }

    fn cells(&mut self, record: Option<&'r Record>) -> Evaluated<Vec<Cell>> {
        let RuleRun { input, rule, program, .. } = *self.run;
        let specs = rule.section.iter().flat_map(|section| &section.columns);
        let mut cells = Vec::new();
        for (column, spec) in program.columns.iter().zip(specs) {
            self.evaluator.take_named();
            let text = match column {
                Some(text) => known(text.render(&mut self.evaluator))?.unwrap_or_default(),
                None => String::new(),
            };
            let named = self.evaluator.take_named().into_iter();
            let named = named.map(|number| input.name_of(input.record(number))).collect();
            let at = spec.at.as_ref().filter(|_| !text.is_empty()).zip(record);
            let place = at.and_then(|(at, record)| {
                location::of_other(input, std::slice::from_ref(at), &Value::Record(record))
            });
            cells.push(Cell { text, named, place, ..Cell::default() });
        }
        Ok(cells)
    }

    fn records_of(&mut self, expression: &'r Expression) -> Evaluated<Vec<u32>> {
        let value = known(self.evaluator.evaluate(&expression.root))?;
        Ok(value.map(|value| self.records_in(&value)).unwrap_or_default())
    }

    fn records_in(&self, value: &Value<'r>) -> Vec<u32> {
        match value.is_list() {
            true => value.elements(self.run.input).flat_map(|one| self.records_in(&one)).collect(),
            false => location::record_of(value).map(|record| record.number).into_iter().collect(),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "numbers of such size differ anyway")]
    fn sort_key(&self, value: Option<Value<'r>>) -> Evaluated<SortKey> {
        Ok(match value {
            None | Some(Value::Null) => SortKey::Absent,
            Some(Value::Int(number)) => SortKey::Number(number as f64),
            Some(Value::Double(number)) => SortKey::Number(number),
            Some(Value::Amount(amount)) => SortKey::Number(amount.value),
            Some(value) => SortKey::Text(self.evaluator.show(&value)?),
        })
    }
}

fn named_item(item: &Value) -> Option<(Span, String)> {
    // The fields that name an item without its key.
    const NAMES: [&str; 3] = ["id", "title", "milestone"];
    match item {
        Value::Item(item) => {
            let named = item.key.into_iter().chain(NAMES).find_map(|key| item.node.get(key));
            // The span of a row of a table is that of its first cell.
            let values = item.node.entries().iter().map(|entry| entry.value.span);
            Some((values.fold(item.node.span, Span::to), named?.as_text()?.to_owned()))
        }
        Value::Reference(mention) => {
            Some((mention.reference.span, format!("{} {}", mention.reference.field, mention.reference.text)))
        }
        _ => None,
    }
}

/// Returns the rows, each after the one above it, with their depth. Rows on a cycle are at the top level.
pub fn tree_order(rows: &[FoundRow]) -> Vec<(usize, usize)> {
    let numbers = rows.iter().enumerate();
    let at: HashMap<u32, usize> = numbers.filter_map(|(at, row)| Some((row.record?, at))).collect();
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

fn too_long(section: &Rule) -> Fault {
    let name = section.id.split('/').next().unwrap_or_default();
    Fault::new(format!("`{name}` takes more steps over this repository than a view may"))
        .help("name one part, such as `alignlint report governance`")
}
