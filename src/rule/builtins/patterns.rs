//! Regular expressions of rules: linear in time, limited in size, each compiled once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use regex::Regex;

use crate::schema::compile_pattern;

/// Compiles a pattern, or returns it from the cache.
///
/// # Errors
/// The pattern is invalid or too large.
pub(crate) fn compile(pattern: &str) -> Result<Arc<Regex>, String> {
    static COMPILED: OnceLock<Mutex<HashMap<String, Arc<Regex>>>> = OnceLock::new();
    let compiled = COMPILED.get_or_init(Mutex::default);
    if let Ok(patterns) = compiled.lock()
        && let Some(regex) = patterns.get(pattern)
    {
        return Ok(regex.clone());
    }
    let regex = Arc::new(compile_pattern(pattern)?);
    if let Ok(mut patterns) = compiled.lock() {
        patterns.insert(pattern.to_string(), regex.clone());
    }
    Ok(regex)
}
