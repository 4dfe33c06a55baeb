//! Finds what falls due.

use std::sync::Arc;

use jiff::civil::Date;

use crate::check::CheckResult;
use crate::finding::Fault;
use crate::input::Input;
use crate::rule::{Page, Rule};
use crate::triage;
use crate::view::Who;
use crate::view::due::{self, DueItem};

use super::page::unread_note;
use super::{Error, Linter};

/// The command whose page names the days that no rule asks for.
const COMMAND: &str = "due";

/// What falls due until a day, and has been due before.
pub struct DueList {
    /// The person, role, team or forum that it is limited to, as in a heading.
    pub who: Option<String>,
    /// Sorted by day and place.
    pub items: Vec<DueItem>,
    /// The faults of rules that exceeded their step limit.
    pub faults: Vec<Fault>,
    /// What the run could not see of the state, its policy and its history.
    pub notices: Vec<String>,
    /// A sentence about files that can't be read, whose records may be missing.
    pub note: Option<String>,
}

impl Linter {
    /// Finds what falls due until a day, by the rules that are on. `who` limits it to what a person, role or team answers
    /// for.
    ///
    /// # Errors
    /// A rule does not compile, there are no records, or `who` is unknown.
    pub fn due(&self, until: Date, who: Option<&str>) -> Result<DueList, Error> {
        self.run(|| {
            let is_due = |rule: &&Arc<Rule>| rule.due.is_some() && !rule.after_triage;
            let rules: Vec<Arc<Rule>> = self.rules.iter().filter(is_due).cloned().collect();
            let input = self.input(&self.snapshot, &rules)?;
            self.require_records(&input)?;
            let who = who.map(|who| Who::find(&input, who)).transpose()?;
            let (items, unsuppressed) = self.due_items(&input, &rules, until, who.as_ref())?;
            // Loaded while the cache can still be found corrupt.
            for item in &items {
                let _ = item.place.source.text();
            }
            Ok(DueList {
                who: who.map(|who| who.heading()),
                items,
                faults: unsuppressed.exhausted.into_values().collect(),
                notices: self.notices_about(&input),
                note: unread_note(&input),
            })
        })
    }

    /// Finds the days in the records of an input. The days themselves are removed from the result of the check.
    fn due_items(
        &self,
        input: &Input,
        rules: &[Arc<Rule>],
        until: Date,
        who: Option<&Who>,
    ) -> Result<(Vec<DueItem>, CheckResult), Error> {
        let today = self.as_of;
        let check = self.check_of(input);
        let mut result = check.due(rules, until)?;
        let days = triage::unsuppressed_days(input, today, std::mem::take(&mut result.due));
        let mut items = due::items(input, days, who, today);
        let mut rows = Vec::new();
        for page in &Page::of_command(COMMAND)? {
            for (spec, rule) in page.sections.iter().zip(page.rules()) {
                let found = check.rows(&rule, Vec::new())?;
                rows.extend(due::row_items(input, spec, &found, until, who, today));
            }
        }
        if let (Some(baseline), None) = (&self.policy.baseline, who) {
            rows.extend(due::baseline_items(baseline, until));
        }
        due::add(&mut items, rows);
        Ok((items, result))
    }
}
