//! The groups of a rule with `group-by`.

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
        let of_some = |groups: &[Vec<u32>]| {
            let mut task = self.task(constants);
            for numbers in groups {
                let Some(group) = task.group_of(numbers)? else { continue };
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
        let groups = groups(keys);
        let parts = groups.par_chunks(GROUPS_PER_TASK).map(of_some);
        let mut all = CheckResult::default();
        for part in parts.collect::<Result<Vec<CheckResult>, EvalError>>()? {
            all.extend(part);
        }
        Ok(all)
    }

    /// Returns the keys of the groups of these records.
    pub(super) fn shown_keys(&'r self, keys: Vec<GroupKey>) -> Result<GroupKeys, EvalError> {
        let mut task = self.task(&Constants::Lazy);
        let mut shown = GroupKeys::default();
        for numbers in &groups(keys) {
            let Some(group) = task.group_of(numbers)? else { continue };
            shown.insert(task.evaluator.show(&group.key)?);
        }
        task.evaluator.flush_steps()?;
        Ok(shown)
    }
}

/// Returns the records of each group, in the order of the first one of each.
fn groups(mut keys: Vec<GroupKey>) -> Vec<Vec<u32>> {
    keys.par_sort_unstable();
    let groups = keys.chunk_by(|one, next| one.identity == next.identity);
    let mut groups: Vec<Vec<u32>> =
        groups.map(|group| group.iter().map(|key| key.record).collect()).collect();
    groups.sort_unstable_by_key(|group| group[0]);
    groups
}
