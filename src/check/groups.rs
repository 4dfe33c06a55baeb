//! The groups of a rule with `group-by`.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use crate::record::Record;
use crate::rule::{EvalError, Group, Value};

use super::CheckResult;
use super::rule_run::{Constants, RuleRun};

/// How many groups a thread checks at once.
const GROUPS_PER_TASK: usize = 8;

impl<'r> RuleRun<'r> {
    /// Checks the groups that are selected, in the order of the first record of each.
    pub(super) fn check_groups(
        &'r self,
        keys: Vec<GroupKey<'r>>,
        constants: &Constants<'r>,
    ) -> Result<CheckResult, EvalError> {
        let of_some = |groups: Vec<Group<'r>>| {
            let mut task = self.task(constants);
            for group in groups {
                let is_selected = match self.keys {
                    Some(keys) => keys.shown.contains(&task.evaluator.show(&group.key)?),
                    None => true,
                };
                if is_selected {
                    task.group(group)?;
                }
            }
            task.evaluator.flush_steps()?;
            Ok(task.outcome)
        };
        let parts = groups(keys).into_par_iter().chunks(GROUPS_PER_TASK).map(of_some);
        let mut all = CheckResult::default();
        for part in parts.collect::<Result<Vec<CheckResult>, EvalError>>()? {
            all.extend(part);
        }
        Ok(all)
    }
}

/// Forms groups, in the order of the first record of each.
pub(super) fn groups<'r>(keys: impl IntoIterator<Item = GroupKey<'r>>) -> Vec<Group<'r>> {
    let mut groups: Vec<Group<'r>> = Vec::new();
    let mut by_key: HashMap<String, usize> = HashMap::new();
    for GroupKey { record, key, identity } in keys {
        let at = *by_key.entry(identity).or_insert_with(|| {
            groups.push(Group { key, records: Vec::new() });
            groups.len() - 1
        });
        groups[at].records.push(record);
    }
    groups
}

#[derive(Default)]
pub(super) struct GroupKeys {
    pub shown: HashSet<String>,
    /// The text of the field in each key, if it contains one.
    pub texts: Vec<Option<String>>,
}

impl GroupKeys {
    pub(super) fn extend(&mut self, more: GroupKeys) {
        self.shown.extend(more.shown);
        self.texts.extend(more.texts);
    }
}

/// The group of a record.
pub(super) struct GroupKey<'r> {
    pub record: &'r Record,
    pub key: Value<'r>,
    pub identity: String,
}
