//! The days on which something falls due, by the rules with `due`: those that have passed, and those to come.

use std::sync::Arc;

use jiff::civil::Date;

use crate::finding::Fault;
use crate::node::{Mapping, Node};
use crate::rule::{EvalError, Rule, Value};
use crate::text::Span;

use super::Check;
use super::location;
use super::model::{Case, CheckResult, DueDay, Purpose, RuleRun, RuleTask};

impl Check<'_> {
    /// Finds the days until `until`, also those that have passed.
    pub(crate) fn due(&self, rules: &[Arc<Rule>], until: Date) -> Result<CheckResult, Vec<Fault>> {
        let mut all = CheckResult::default();
        for rule in rules.iter().filter(|rule| rule.due.is_some() && self.has_subjects(rule)) {
            // A day that a page states falls due, also where no page has to state one.
            let of_all = Rule { practice: false, ..(**rule).clone() };
            let prepared = self.whole(rule).prepare(&of_all)?;
            let runs: Vec<RuleRun> = prepared.runs(Purpose::DueUntil(until)).collect();
            let mut found = prepared.result(runs.iter().map(RuleRun::check_all));
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
}

impl<'r> RuleTask<'r> {
    pub(super) fn due_on(&mut self, case: &Case<'r>, day: Date) -> Result<(), EvalError> {
        match self.run.purpose {
            Purpose::DueUntil(until) => self.add_due(case, day, until),
            Purpose::Verdicts | Purpose::Reasons | Purpose::Steps if day < self.run.today => {
                self.find(case, Some(day), None)
            }
            _ => Ok(()),
        }
    }

    /// Adds a day to the result, unless there is time after `until`.
    fn add_due(&mut self, case: &Case<'r>, day: Date, until: Date) -> Result<(), EvalError> {
        if day > until {
            return Ok(());
        }
        let place = self.item_place(case)?;
        let RuleRun { input, rule, .. } = *self.run;
        let mut location =
            location::of_subject(input, &rule.at, case.subject, case.item.as_ref(), place.as_ref());
        // The place is the same with another value.
        if location.identity.first().is_some_and(|form| form == "field") {
            location.identity.pop();
        }
        let (_, anchor) = self.identity(case, &location, None)?;
        let item = case.item.as_ref().and_then(named_item);
        let record = case.subject.record().map(|record| record.number);
        let finding = self.finding(case, Some(day), None)?;
        let task = self.render(self.run.program.task.as_ref())?;
        let task = task.or_else(|| finding.help.clone()).unwrap_or_else(|| finding.message.clone());
        self.outcome.due.push(DueDay { day, finding, task, record, item, anchor });
        Ok(())
    }
}

/// The fields that name an item without its key.
const NAMES: [&str; 3] = ["id", "title", "milestone"];

/// Returns the span and the name of an item.
fn named_item(item: &Value) -> Option<(Span, String)> {
    match item {
        Value::Item(item) => {
            let named = item.key.into_iter().chain(NAMES).find_map(|key| item.node.get(key));
            Some((whole_span(item.node), named?.as_text()?.to_owned()))
        }
        Value::Reference(mention) => {
            Some((mention.reference.span, format!("{} {}", mention.reference.field, mention.reference.text)))
        }
        _ => None,
    }
}

/// The span of an item with all its values: that of a row of a table is its first cell.
fn whole_span(item: &Node) -> Span {
    let entries = item.as_mapping().map_or(&[][..], Mapping::entries);
    entries.iter().map(|entry| entry.value.span).fold(item.span, |whole, value| Span {
        start: whole.start.min(value.start),
        end: whole.end.max(value.end),
    })
}
