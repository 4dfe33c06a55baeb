//! Regular expressions of rules: linear in time, limited in size, each compiled once.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use crate::rule::runtime::{Context, EvalError, Value};
use crate::schema::compile_pattern;
use crate::text::LazyRegex;

/// Returns the regular expression that an argument holds.
pub(super) fn pattern<'a>(cx: &Context<'a>, argument: &Value<'a>) -> Result<Arc<LazyRegex>, EvalError> {
    let Value::String(text) = argument else { return Err(EvalError::Indeterminate) };
    cx.pattern(text, |text| compile(text).map_err(|_| EvalError::Indeterminate))
}

/// Compiles a pattern, or returns it from the cache.
///
/// # Errors
/// The pattern is invalid or too large.
pub(crate) fn compile(pattern: &str) -> Result<Arc<LazyRegex>, String> {
    // To compare the beginnings of a few patterns takes less time than to hash a long one.
    static COMPILED: RwLock<BTreeMap<String, Arc<LazyRegex>>> = RwLock::new(BTreeMap::new());
    if let Ok(patterns) = COMPILED.read()
        && let Some(regex) = patterns.get(pattern)
    {
        return Ok(regex.clone());
    }
    let regex = Arc::new(compile_pattern(pattern)?);
    if let Ok(mut patterns) = COMPILED.write() {
        patterns.insert(pattern.to_string(), regex.clone());
    }
    Ok(regex)
}
