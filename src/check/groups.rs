//! The groups of a rule with `group-by`.

use std::ops::Range;

use rayon::prelude::*;

use crate::rule::EvalError;

use super::model::{CheckResult, Constants, GroupKey, GroupKeys, RuleRun};

/// How many groups a thread checks at once.
const GROUPS_PER_TASK: usize = 8;

impl<'r> RuleRun<'r> {
    /// Checks the groups that are selected, in the order of the first record of each.
    pub(super) fn check_groups(
        &'r self,
        keys: Vec<GroupKey>,
        constants: &Constants<'r>,
    ) -> Result<CheckResult, EvalError> {
        let groups = Groups::new(keys);
        let of_some = |ranges: &[Range<usize>]| {
            let mut task = self.task(constants);
            for range in ranges {
                let Some(group) = task.group_of(groups.numbers(range))? else { continue };
                let is_selected = match &self.variant.keys {
                    Some(keys) => keys.contains(&task.evaluator.show(&group.key)?),
                    None => true,
                };
                if is_selected {
                    task.group(group)?;
                }
            }
            task.evaluator.flush_steps()?;
            Ok(task.outcome)
        };
        let parts = groups.ranges.par_chunks(GROUPS_PER_TASK).map(of_some);
        let mut all = CheckResult::default();
        for part in parts.collect::<Result<Vec<CheckResult>, EvalError>>()? {
            all.extend(part);
        }
        Ok(all)
    }

    /// Returns the keys of the groups of these records.
    pub(super) fn shown_keys(&'r self, keys: Vec<GroupKey>) -> Result<GroupKeys, EvalError> {
        let mut task = self.task(&Constants::Lazy);
        let groups = Groups::new(keys);
        let mut shown = GroupKeys::default();
        for range in &groups.ranges {
            let Some(group) = task.group_of(groups.numbers(range))? else { continue };
            shown.insert(task.evaluator.show(&group.key)?);
        }
        task.evaluator.flush_steps()?;
        Ok(shown)
    }
}

/// The groups of a rule, in the order of the first record of each.
struct Groups {
    /// The records of each group beside each other, in their order.
    keys: Vec<GroupKey>,
    /// The place of each group in `keys`.
    ranges: Vec<Range<usize>>,
}

impl Groups {
    fn new(mut keys: Vec<GroupKey>) -> Groups {
        keys.par_sort_unstable_by_key(|key| (key.identity, key.record));
        let groups = keys.chunk_by(|one, next| one.identity == next.identity);
        let range = |start: &mut usize, group: &[GroupKey]| {
            let range = *start..*start + group.len();
            *start = range.end;
            Some(range)
        };
        let mut ranges: Vec<Range<usize>> = groups.scan(0, range).collect();
        ranges.par_sort_unstable_by_key(|range| keys[range.start].record);
        Groups { keys, ranges }
    }

    /// Returns the numbers of the records of a group.
    fn numbers(&self, range: &Range<usize>) -> impl Iterator<Item = u32> {
        self.keys[range.clone()].iter().map(|key| key.record)
    }
}
