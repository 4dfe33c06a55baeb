//! The groups of a rule with `group-by`.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use ahash::RandomState;
use rayon::prelude::*;

use crate::record::Record;
use crate::rule::EvalError;

use super::CheckResult;
use super::rule_run::{Constants, RuleRun};

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
            let passes_alone = !task.adds_steps && self.program.passes_groups_of_one();
            for range in ranges {
                let passes = passes_alone && range.len() == 1;
                if passes && self.keys.is_none() {
                    task.outcome.coverage.judged += 1;
                    continue;
                }
                let Some(group) = task.group_of(groups.numbers(range))? else { continue };
                let is_selected = match self.keys {
                    Some(keys) => keys.shown.contains(&task.evaluator.show(&group.key)?),
                    None => true,
                };
                match is_selected {
                    true if passes => task.outcome.coverage.judged += 1,
                    true => task.group(group)?,
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

    /// Returns the keys of the groups of these records.
    pub(super) fn shown_keys(&'r self, keys: Vec<GroupKey>) -> Result<GroupKeys, EvalError> {
        let mut task = self.task(&Constants::Lazy);
        let field = self.program.key_field(self.input.kinds());
        let groups = Groups::new(keys);
        let mut shown = GroupKeys::default();
        for range in &groups.ranges {
            let Some(group) = task.group_of(groups.numbers(range))? else { continue };
            shown.shown.insert(task.evaluator.show(&group.key)?);
            shown.texts.push(field.and_then(|field| field.text_in(&group.key)).map(str::to_owned));
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

/// The group of a record, without its key, which would take several times the memory. The key is evaluated again for the groups that are
/// checked.
pub(super) struct GroupKey {
    /// The number of the record.
    record: u32,
    /// The same for equal keys, and for no others: two hashes with random seeds.
    identity: (u64, u64),
}

impl GroupKey {
    /// `identity` is a text that equal keys share.
    pub(super) fn new(record: &Record, identity: &str) -> GroupKey {
        static HASHERS: LazyLock<[RandomState; 2]> = LazyLock::new(Default::default);
        let [one, other] = HASHERS.each_ref().map(|hasher| hasher.hash_one(identity));
        GroupKey { record: record.number, identity: (one, other) }
    }
}
