//! Names the days that records state and that have passed, where no practice makes them findings: `alignlint due` lists them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::calendar::parse_date;
use crate::check::{Check, DueDay};
use crate::config::quoted_pattern;
use crate::input::Input;
use crate::record::Record;
use crate::report::counted;
use crate::rule::Rule;
use crate::triage;

use super::Linter;

/// The most files that an entry of the configuration names.
const SHOWN: usize = 3;

impl Linter {
    /// Returns a notice for each practice that would report such days.
    pub(super) fn unreported_days(&self, input: &Input) -> Vec<String> {
        let Some(until) = self.as_of.yesterday().ok().filter(|_| self.options.since.is_none()) else {
            return Vec::new();
        };
        let has_passed = |rule: &Rule, record: &Record| {
            let day = rule.written_day().and_then(|field| parse_date(record.field(&field)?.as_text()?));
            day.is_some_and(|day| day <= until) && !rule.holds_for(record) && !record.is_frozen
        };
        let concerns = |rule: &&Arc<Rule>| {
            let is_written = rule.practice.is_some() && rule.written_day().is_some();
            is_written && input.foreign_records().any(|it| rule.is_for_record(it) && has_passed(rule, it))
        };
        let check = Check { input, config: &self.policy.config, today: self.as_of, diff: None };
        let notices = self.rules.iter().filter(concerns).filter_map(|rule| {
            let days = check.due_unreported(rule, until).ok()?;
            notice(rule, &triage::unsuppressed_days(input, self.as_of, days))
        });
        notices.collect()
    }
}

fn notice(rule: &Rule, days: &[DueDay]) -> Option<String> {
    let (practice, field) = (rule.practice.as_deref()?, rule.written_day()?);
    let mut by_path: BTreeMap<&str, usize> = BTreeMap::new();
    for due in days {
        *by_path.entry(due.finding.place.source.path()).or_default() += 1;
    }
    let (first, _) = by_path.first_key_value()?;
    let places = match by_path.len() - 1 {
        0 => format!("`{first}`"),
        more => format!("`{first}` and {}", counted(more, "other file")),
    };
    let mut entry: Vec<String> = by_path.keys().take(SHOWN).map(|path| quoted_pattern(path)).collect();
    entry.extend((by_path.len() > SHOWN).then(|| "…".to_owned()));
    Some(format!(
        "{} of `{field}` {} passed in {places}, and {}; `alignlint due` lists {}; to have {} reported, \
         write into `alignlint.yaml`: `practices: {{ {practice}: [{}] }}`",
        counted(days.len(), "day"),
        if days.len() == 1 { "has" } else { "have" },
        if days.len() == 1 { "is not reported" } else { "are not reported" },
        if days.len() == 1 { "it" } else { "them" },
        if days.len() == 1 { "it" } else { "them" },
        entry.join(", ")
    ))
}
