//! Finds what falls due.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::check::{Check, CheckResult, RowFinder};
use crate::config::pattern_of_folder;
use crate::finding::Fault;
use crate::input::Input;
use crate::rule::{Page, Rule};
use crate::triage;
use crate::view::Who;
use crate::view::due::{self, DueItem};

use super::page::{history_notice, unread_note};
use super::{Error, Linter};

/// The command whose page names the days that no rule asks for.
const COMMAND: &str = "due";

/// What falls due until a day, and has been due before.
pub struct DueList {
    /// The person, role or team that it is limited to, or the name that it is about, as in a heading.
    pub who: Option<String>,
    /// Sorted by day and place.
    pub items: Vec<DueItem>,
    /// What falls due within three months after the day, in the same order.
    pub later: Vec<DueItem>,
    /// The faults of rules that exceeded their step limit.
    pub faults: Vec<Fault>,
    /// What the run could not see of the history, and which files it could not read.
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
            let horizon = due::horizon(until);
            let (mut items, unsuppressed) =
                self.due_items(&input, &rules, (horizon, self.as_of), who.as_ref())?;
            let later = items.split_off(items.partition_point(|item| item.day <= until));
            let days_short = unsuppressed.unjudged.iter().filter_map(|one| one.days_short).max();
            // Loaded while the cache can still be found corrupt.
            for item in &items {
                let _ = item.place.source.text();
            }
            let mut notices = history_notice(&input, days_short);
            notices.extend(self.unlisted(&input, until, who.as_ref(), &items)?);
            Ok(DueList {
                who: who.map(|who| who.heading()),
                items,
                later,
                faults: unsuppressed.exhausted.into_values().collect(),
                notices,
                note: unread_note(&input),
            })
        })
    }

    /// Tells of days that are not listed, as the records are not held to the practice that asks for them: one sentence for each.
    fn unlisted(
        &self,
        input: &Input,
        until: Date,
        who: Option<&Who>,
        listed: &[DueItem],
    ) -> Result<Vec<String>, Error> {
        let asks = |rule: &&Arc<Rule>| rule.due.is_some() && !rule.after_triage && rule.practice.is_some();
        let rules: Vec<&Arc<Rule>> = self.rules.iter().filter(asks).collect();
        let free = |rule: &&Arc<Rule>| Arc::new(Rule { practice: None, ..Rule::clone(rule) });
        let check = Check { input, config: &self.policy.config, today: self.as_of, diff: None };
        let mut result = check.due(&rules.iter().map(free).collect::<Vec<_>>(), until)?;
        let days = triage::unsuppressed_days(input, self.as_of, std::mem::take(&mut result.due));
        let mut items = due::items(input, days, who, self.as_of, &[]);
        due::keep_wanted(&mut items, who);
        let mut by_practice: BTreeMap<&str, Vec<DueItem>> = BTreeMap::new();
        for item in items {
            let rule = rules.iter().find(|rule| item.rule.as_ref() == Some(&rule.id));
            let practice = rule.and_then(|rule| rule.practice.as_deref());
            let path = item.place.source.path();
            let is_held = |practice: &str| {
                let mut records = input.records().iter().filter(|record| record.path == *path);
                records.any(|record| record.practice(practice).is_some() || record.is_frozen)
            };
            // The list itself has some days, whatever the practices.
            let is_listed = listed.iter().any(|other| other.day == item.day && other.record == item.record);
            if let Some(practice) = practice.filter(|practice| !is_held(practice) && !is_listed) {
                by_practice.entry(practice).or_default().push(item);
            }
        }
        Ok(by_practice.iter().filter_map(|(practice, items)| unlisted_notice(practice, items)).collect())
    }

    /// Finds the days in the records of an input, as of `today`. The days themselves are removed from the result of the check.
    pub(super) fn due_items(
        &self,
        input: &Input,
        rules: &[Arc<Rule>],
        (until, today): (Date, Date),
        who: Option<&Who>,
    ) -> Result<(Vec<DueItem>, CheckResult), Error> {
        let check = Check { input, config: &self.policy.config, today, diff: None };
        let mut result = check.due(rules, until)?;
        let days = triage::unsuppressed_days(input, today, std::mem::take(&mut result.due));
        let pages = Page::of_command(COMMAND)?;
        let upkeep: Vec<Arc<str>> = pages.iter().flat_map(|page| page.upkeep.clone()).collect();
        let mut items = due::items(input, days, who, today, &upkeep);
        let finder = RowFinder::new(check);
        let mut rows = Vec::new();
        let mut found = Vec::new();
        for page in &pages {
            for (spec, rule) in page.sections.iter().zip(page.rules()) {
                let of_section = finder.rows(&rule, Vec::new())?;
                rows.extend(due::row_items(input, spec, &of_section, until, who, today));
                found.push((spec, of_section));
            }
        }
        due::add(&mut items, rows);
        for (spec, of_section) in found {
            due::add_notes(input, &mut items, spec, &of_section);
        }
        due::keep_wanted(&mut items, who);
        if let Some(baseline) = &self.policy.baseline {
            items.extend(due::baseline_items(input, baseline, until, who, today));
            items.sort_by_key(|item| item.day);
        }
        Ok((items, result))
    }
}

/// Names the first of the days that a practice would ask for, their number, and the entry of the configuration that has them listed.
fn unlisted_notice(practice: &str, items: &[DueItem]) -> Option<String> {
    let first = items.first()?;
    let name = first.record.as_ref().map_or(&**first.place.source.path(), |record| &*record.id);
    let folder = |item: &DueItem| {
        let path = item.place.source.path();
        pattern_of_folder(path.rsplit_once('/').map_or("", |(folder, _)| folder))
    };
    let folders: BTreeSet<String> = items.iter().filter_map(folder).collect();
    let entry = folders.into_iter().collect::<Vec<_>>().join(", ");
    let more = match items.len() - 1 {
        0 => String::new(),
        more => format!(" ({more} more)"),
    };
    let them = if items.len() == 1 { "it" } else { "them" };
    Some(format!(
        "not listed: {}, `{name}`: {}{more}; to list {them}: practices: {{ {practice}: [{entry}] }}",
        first.day, first.task
    ))
}
