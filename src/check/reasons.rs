//! Why rules have no verdict: the rules are run again on some of these subjects, and look for the value that is missing.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use rayon::prelude::*;

use crate::finding::{Place, RecordName};
use crate::rule::{ComputedFields, Reason, Rule};
use crate::term::Vocabulary;

use super::rule_run::{Purpose, RuleRun};
use super::{Check, CheckScope, CompiledRule, Subject, SubjectLists, Unjudged, Variant};

/// The number of results that are not judged which a report of all findings lists.
pub const LISTED: usize = 1000;

/// A result that is not judged, and why.
#[derive(Clone, Debug)]
pub struct NotJudged {
    pub rule: Arc<str>,
    /// The file of what is checked.
    pub path: Arc<str>,
    /// `None` for a file.
    pub record: Option<RecordName>,
    pub reason: Reason,
    /// What could not be read: a field, as files spell it, or a part of an expression.
    pub what: Box<str>,
    /// The expression that reads it, for a part of an item or of a mapping.
    pub read: Option<Box<str>>,
    /// True for the list of `each`, which may be empty.
    pub is_list: bool,
    /// The values for which an operation has no result.
    pub values: Vec<String>,
    /// The record that it was read of, if that is another one.
    pub holder: Option<RecordName>,
    /// The format of that record, if it has no place for the field.
    pub format: Option<Arc<str>>,
    /// Where it should be.
    pub place: Place,
}

impl NotJudged {
    /// Describes the missing value.
    pub fn sentence(&self) -> String {
        if let Some(format) = &self.format {
            return match &self.holder {
                Some(holder) => format!(
                    "`{}` is absent, and the format `{format}` of the {} `{}` does not ask for it",
                    self.what, holder.kind, holder.id
                ),
                None => format!("`{}` is absent, and the format `{format}` does not ask for it", self.what),
            };
        }
        let what = match &self.holder {
            Some(holder) => format!("{}` of the {} `{}", self.what, holder.kind, holder.id),
            None => self.what.to_string(),
        };
        match self.reason {
            Reason::Absent => format!("`{what}` is absent"),
            Reason::Unresolved => format!("`{what}` names no record"),
            Reason::Unreadable => format!("`{what}` can't be read"),
            Reason::Unread => {
                format!("`{}` is not read by the program, which searches only what it reads", self.what)
            }
            Reason::Undefined => {
                let values: Vec<String> = self.values.iter().map(|value| format!("`{value}`")).collect();
                format!("`{}` has no result for {}", self.what, values.join(" and "))
            }
            Reason::History => format!("the history of `{what}` is not known"),
        }
    }
}

/// `path:line:column: rule: record: what is missing`.
impl fmt::Display for NotJudged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.place.source.position(self.place.span.start as usize);
        write!(f, "{}:{}:{}: {}: ", self.place.source.path(), at.line, at.column, self.rule)?;
        if let Some(record) = &self.record {
            write!(f, "`{}`: ", record.id)?;
        }
        f.write_str(&self.sentence())
    }
}

/// A record by its number, or a file by its path.
type SubjectKey<'u> = Result<u32, &'u str>;

impl Check<'_> {
    /// Returns the reasons of the first `limit` of these results that this check has not judged, by path.
    pub fn reasons<'u>(
        &self,
        rules: &[Arc<Rule>],
        unjudged: impl Iterator<Item = &'u Unjudged>,
        limit: usize,
    ) -> Vec<NotJudged> {
        let unjudged = first(unjudged.filter(|one| !one.is_unused).collect(), limit);
        let mut of_rules: BTreeMap<&str, HashSet<SubjectKey>> = BTreeMap::new();
        for one in unjudged {
            of_rules.entry(&one.rule).or_default().insert(one.number().ok_or(&**one.path()));
        }
        let with_base_authority = Check { input: self.input.with_base_authority(), diff: None, ..*self };
        let vocabularies = [Vocabulary::new(self.input), Vocabulary::new(with_base_authority.input)];
        let computed = ComputedFields::new(self.input.kinds());
        let of_rule = |(id, subjects): (&str, HashSet<SubjectKey>)| {
            let rule = rules.iter().find(|rule| *rule.id == *id)?;
            let (check, vocabulary) = match rule.authority {
                true => (with_base_authority, &vocabularies[1]),
                false => (Check { diff: None, ..*self }, &vocabularies[0]),
            };
            let program = rule.program(self.input.kinds()).ok()?;
            let compiled = CompiledRule { rule, program: &program, vocabulary, computed: &computed };
            Some(check.reasons_of_rule(&compiled, &subjects))
        };
        let reasons: Vec<Option<Vec<NotJudged>>> = of_rules.into_par_iter().map(of_rule).collect();
        let mut reasons: Vec<NotJudged> = reasons.into_iter().flatten().flatten().collect();
        reasons.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
        reasons.truncate(limit);
        reasons
    }

    fn reasons_of_rule(&self, compiled: &CompiledRule, of: &HashSet<SubjectKey>) -> Vec<NotJudged> {
        let settings = compiled.rule.settings(self.config);
        let lists = SubjectLists::default();
        let Ok(mut variants) = self.variants(compiled, &settings, &CheckScope::Everything, &lists) else {
            return Vec::new();
        };
        let is_asked_for = |subject: &Subject| match subject.record() {
            Some(record) => of.contains(&Ok(record.number)),
            None => of.contains(&Err(&**subject.path(self.input))),
        };
        // The subject of a group is one of its records.
        let is_grouped = compiled.program.group_by.is_some();
        let mut reasons = Vec::new();
        for variant in &mut variants {
            if !is_grouped {
                variant.subjects = variant.subjects.iter().copied().filter(is_asked_for).collect();
            }
            reasons.extend(self.reasons_of_variant(compiled, variant));
        }
        reasons
    }

    fn reasons_of_variant(&self, compiled: &CompiledRule, variant: &Variant) -> Vec<NotJudged> {
        let steps = AtomicU64::new(0);
        let run = RuleRun { purpose: Purpose::Reasons, ..self.rule_run(compiled, variant, &steps) };
        run.check_all().map(|result| result.reasons).unwrap_or_default()
    }
}

/// Returns the first `limit` results by [`Unjudged::sort_key`], unsorted. Each thread selects the first of a chunk; the first of those are
/// selected at the end.
fn first(mut unjudged: Vec<&Unjudged>, limit: usize) -> Vec<&Unjudged> {
    fn select(unjudged: &mut [&Unjudged], limit: usize) {
        if limit < unjudged.len() {
            unjudged.select_nth_unstable_by(limit, |a, b| a.sort_key().cmp(&b.sort_key()));
        }
    }
    let length = unjudged.len().div_ceil(rayon::current_num_threads()).max(1);
    let selected = unjudged.par_chunks_mut(length).flat_map_iter(|part| {
        select(part, limit);
        part.iter().copied().take(limit)
    });
    let mut selected: Vec<&Unjudged> = selected.collect();
    select(&mut selected, limit);
    selected.truncate(limit);
    selected
}

fn sort_key(one: &NotJudged) -> impl Ord + '_ {
    let (path, span) = (one.place.source.path(), one.place.span);
    (path, &one.rule, &one.record, span, one.reason, &one.what)
}

#[cfg(test)]
mod tests {
    use super::super::UnjudgedSubject;
    use super::*;
    use crate::text::Source;

    #[test]
    fn the_first_results_are_selected_whatever_their_order() {
        let unjudged = |number: usize| Unjudged {
            rule: "a/b".into(),
            subject: UnjudgedSubject::File(Arc::new(Source::new(format!("docs/{number:03}.md"), Vec::new()))),
            days_short: None,
            is_unused: false,
        };
        let all: Vec<Unjudged> = (0..100).map(|number| unjudged(number * 37 % 100)).collect();
        let paths = |limit: usize| {
            let mut paths: Vec<String> =
                first(all.iter().collect(), limit).iter().map(|one| one.path().to_string()).collect();
            paths.sort();
            paths
        };
        assert_eq!(paths(3), ["docs/000.md", "docs/001.md", "docs/002.md"]);
        assert_eq!((paths(0).len(), paths(100).len(), paths(500).len()), (0, 100, 100));
    }
}
