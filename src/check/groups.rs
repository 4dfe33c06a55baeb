//! The groups of a rule with `group-by`.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use ahash::RandomState;
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
        let groups = Groups::new(keys);
        let of_some = |ranges: &[Range<usize>]| {
            let mut task = self.task(constants);
            let passes_alone = !task.adds_steps && self.program.passes_groups_of_one();
            for range in ranges {
                let is_selected = match self.keys {
                    Some(keys) => keys.shown.contains(&task.evaluator.show(groups.key(range))?),
                    None => true,
                };
                match is_selected {
                    true if passes_alone && range.len() == 1 => task.outcome.coverage.judged += 1,
                    true => task.group(groups.group(range))?,
                    false => {}
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
}

/// The groups of a rule, in the order of the first record of each.
pub(super) struct Groups<'r> {
    /// The records of each group beside each other, in their order.
    keys: Vec<GroupKey<'r>>,
    /// The place of each group in `keys`.
    ranges: Vec<Range<usize>>,
}

impl<'r> Groups<'r> {
    pub(super) fn new(mut keys: Vec<GroupKey<'r>>) -> Groups<'r> {
        keys.par_sort_unstable_by_key(|key| (key.identity, key.record.number));
        let groups = keys.chunk_by(|one, next| one.identity == next.identity);
        let range = |start: &mut usize, group: &[GroupKey<'r>]| {
            let range = *start..*start + group.len();
            *start = range.end;
            Some(range)
        };
        let mut ranges: Vec<Range<usize>> = groups.scan(0, range).collect();
        ranges.par_sort_unstable_by_key(|range| keys[range.start].record.number);
        Groups { keys, ranges }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Group<'r>> {
        self.ranges.iter().map(|range| self.group(range))
    }

    fn key(&self, range: &Range<usize>) -> &Value<'r> {
        &self.keys[range.start].key
    }

    fn group(&self, range: &Range<usize>) -> Group<'r> {
        let of_group = &self.keys[range.clone()];
        Group { key: self.key(range).clone(), records: of_group.iter().map(|key| key.record).collect() }
    }
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
    record: &'r Record,
    key: Value<'r>,
    /// The same for equal keys, and for no others: two hashes with random seeds take a tenth of the memory of a text.
    identity: (u64, u64),
}

impl<'r> GroupKey<'r> {
    /// `identity` is a text that equal keys share.
    pub(super) fn new(record: &'r Record, key: Value<'r>, identity: &str) -> GroupKey<'r> {
        static HASHERS: LazyLock<[RandomState; 2]> = LazyLock::new(Default::default);
        let [one, other] = HASHERS.each_ref().map(|hasher| hasher.hash_one(identity));
        GroupKey { record, key, identity: (one, other) }
    }
}
