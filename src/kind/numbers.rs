//! The numbers that a schema allows.

use serde_json::Value;

/// The numbers that a field can have. Without a limit or a list, any.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Numbers {
    pub least: Option<f64>,
    pub most: Option<f64>,
    pub listed: Vec<f64>,
}

impl Numbers {
    pub(super) fn of(schema: &Value) -> Numbers {
        let listed: Vec<f64> =
            schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        let outer = |order: fn(f64, f64) -> f64| listed.iter().copied().reduce(order);
        Numbers {
            least: schema["minimum"].as_f64().or_else(|| outer(f64::min)),
            most: schema["maximum"].as_f64().or_else(|| outer(f64::max)),
            listed,
        }
    }

    /// Returns true for a number that the field can't have.
    pub fn excludes(&self, number: f64) -> bool {
        self.is_beyond(number) || !self.listed.is_empty() && !self.listed.contains(&number)
    }

    /// Returns true for a number that is less or more than all that the field can have.
    pub fn is_beyond(&self, number: f64) -> bool {
        self.least.is_some_and(|least| number < least) || self.most.is_some_and(|most| number > most)
    }

    /// The numbers in words: `1, 2, 3`, `from 1 to 9`.
    pub fn described(&self) -> String {
        match (self.listed.as_slice(), self.least, self.most) {
            ([], Some(least), Some(most)) => format!("from {least} to {most}"),
            ([], Some(least), None) => format!("{least} or more"),
            ([], None, Some(most)) => format!("{most} or less"),
            (listed, ..) => listed.iter().map(f64::to_string).collect::<Vec<_>>().join(", "),
        }
    }
}
