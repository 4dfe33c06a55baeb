//! One pass over the subjects of many rules: a thread checks a few records or files by all rules before it goes on, while it
//! has them in its cache.

use rayon::prelude::*;

use crate::rule::EvalError;

use super::model::{CheckResult, Constants, GroupKey, RuleRun, Subject};

/// How many subjects of a rule a thread checks at once.
const SUBJECTS_PER_TASK: usize = 128;

/// How many groups a thread checks at once.
const GROUPS_PER_TASK: usize = 8;

/// The most tasks that a thread does before another one can take over the rest.
const TASKS_AT_ONCE: usize = 32;

/// A few subjects of one run.
struct Task<'s, 'r> {
    /// The index of the run.
    run: usize,
    constants: &'s Constants<'r>,
    subjects: &'r [Subject<'r>],
}

/// What was found of a run.
#[derive(Default)]
struct Found {
    result: CheckResult,
    /// For a rule that groups its subjects: the keys of the groups, which are checked when all are known.
    keys: Vec<GroupKey>,
}

impl<'r> RuleRun<'r> {
    pub(super) fn check_all(&'r self) -> Result<CheckResult, EvalError> {
        check_together(std::slice::from_ref(self)).pop().unwrap_or_else(|| Ok(CheckResult::default()))
    }

    /// Returns the constants, or none if they are evaluated by the only task once it needs them.
    fn shared_constants(&'r self) -> Result<Constants<'r>, EvalError> {
        let is_one_task = self.variant.subjects.len() <= SUBJECTS_PER_TASK && self.program.group_by.is_none();
        if is_one_task { Ok(Vec::new()) } else { self.constants() }
    }

    fn find_in(&'r self, task: &Task<'_, 'r>) -> Result<Found, EvalError> {
        match self.program.group_by.is_some() {
            true => {
                Ok(Found { keys: self.group_keys_of(task.subjects, task.constants)?, ..Found::default() })
            }
            false => Ok(Found { result: self.check(task.subjects, task.constants)?, ..Found::default() }),
        }
    }

    fn finish(&'r self, found: Found, constants: &Constants<'r>) -> Result<CheckResult, EvalError> {
        match self.program.group_by.is_some() {
            true => self.check_groups(found.keys, constants),
            false => Ok(found.result),
        }
    }
}

/// Returns the result of each run.
pub(super) fn check_together<'r>(runs: &'r [RuleRun<'r>]) -> Vec<Result<CheckResult, EvalError>> {
    let constants: Vec<Result<Constants, EvalError>> =
        runs.par_iter().with_max_len(1).map(RuleRun::shared_constants).collect();
    let tasks = tasks(runs, &constants);
    let find = |task: &Task<'_, 'r>| runs[task.run].find_in(task);
    let parts: Vec<Result<Found, EvalError>> =
        tasks.par_iter().with_max_len(TASKS_AT_ONCE).map(find).collect();
    let mut found: Vec<Result<Found, EvalError>> = runs.iter().map(|_| Ok(Found::default())).collect();
    for (task, part) in tasks.iter().zip(parts) {
        match (&mut found[task.run], part) {
            (Ok(found), Ok(part)) => {
                found.result.extend(part.result);
                found.keys.extend(part.keys);
            }
            (found @ Ok(_), Err(error)) => *found = Err(error),
            (Err(_), _) => {}
        }
    }
    let of_runs = runs.par_iter().zip(&constants).zip(found).with_max_len(1);
    of_runs
        .map(|((run, constants), found)| run.finish(found?, constants.as_ref().map_err(|error| *error)?))
        .collect()
}

/// Splits the subjects into tasks, in the order of the catalog.
fn tasks<'s, 'r>(
    runs: &'r [RuleRun<'r>],
    constants: &'s [Result<Constants<'r>, EvalError>],
) -> Vec<Task<'s, 'r>> {
    let ready = runs.iter().zip(constants).enumerate();
    let ready = ready.filter_map(|(at, (run, constants))| Some((at, run, constants.as_ref().ok()?)));
    let tasks = ready.flat_map(|(run, of, constants)| {
        let chunks = of.variant.subjects.chunks(SUBJECTS_PER_TASK);
        chunks.map(move |subjects| Task { run, constants, subjects })
    });
    let mut tasks: Vec<Task> = tasks.collect();
    tasks.par_sort_by_key(|task| task.subjects[0].number());
    tasks
}

impl<'r> RuleRun<'r> {
    /// Checks the groups, in the order of the first record of each.
    pub(super) fn check_groups(
        &'r self,
        keys: Vec<GroupKey>,
        constants: &Constants<'r>,
    ) -> Result<CheckResult, EvalError> {
        let of_some = |groups: &[Vec<u32>]| {
            let mut task = self.task(constants);
            for numbers in groups {
                let is_asked_for = self.variant.only_group_of.is_none_or(|record| numbers.contains(&record));
                if let Some(group) = task.group_of(numbers)?.filter(|_| is_asked_for) {
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
