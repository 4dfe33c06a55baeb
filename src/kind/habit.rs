//! Practices that are suggested at the end of a run.

use serde_json::Value;

use super::shape;

/// A practice that some records follow before anything demands it.
#[derive(Debug)]
pub struct Habit {
    pub practice: Box<str>,
    /// What those records do: "name who decided".
    pub does: Box<str>,
    /// What the practice asks of the items that they list: "an owner and a day of each".
    pub asks: Option<Box<str>>,
}

impl Habit {
    pub(super) fn read_all(json: &Value) -> Vec<Habit> {
        let habits = json.as_object().into_iter().flatten().filter_map(|(practice, habit)| {
            let does = shape::text(habit).or_else(|| shape::text(&habit["does"]))?;
            Some(Habit { practice: practice.as_str().into(), does, asks: shape::text(&habit["asks"]) })
        });
        habits.collect()
    }
}
