//! Regular expressions of rules: linear in time, limited in size, each compiled once.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use crate::rule::runtime::{Context, EvalError, Value};
use crate::text::LazyRegex;

/// Returns the regular expression that an argument holds.
pub(super) fn pattern<'a>(cx: &Context<'a>, argument: &Value<'a>) -> Result<Arc<LazyRegex>, EvalError> {
    let Value::String(text) = argument else { return Err(EvalError::Indeterminate) };
    Ok(cx.pattern(text, known))
}

/// Returns a pattern from the cache that all rules share. The pattern is valid: literals and parameters are checked when they are loaded.
fn known(pattern: &str) -> Arc<LazyRegex> {
    // To compare the beginnings of a few patterns takes less time than to hash a long one.
    static PATTERNS: RwLock<BTreeMap<String, Arc<LazyRegex>>> = RwLock::new(BTreeMap::new());
    if let Ok(patterns) = PATTERNS.read()
        && let Some(regex) = patterns.get(pattern)
    {
        return regex.clone();
    }
    let regex = Arc::new(LazyRegex::known(pattern));
    match PATTERNS.write() {
        Ok(mut patterns) => patterns.entry(pattern.to_owned()).or_insert(regex).clone(),
        Err(_) => regex,
    }
}
