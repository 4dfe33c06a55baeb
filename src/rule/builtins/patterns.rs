//! Regular expressions of rules: linear in time, limited in size, each compiled once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use regex::{Regex, RegexBuilder};

use crate::limits;

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
    let built = RegexBuilder::new(pattern)
        .size_limit(limits::REGEX_BYTES)
        .dfa_size_limit(limits::REGEX_BYTES)
        .build();
    let regex = Arc::new(built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "the regular expression is too large".to_string(),
        error => {
            let text = error.to_string();
            let reason = text.rsplit("error: ").next().unwrap_or(&text).trim();
            format!("invalid regular expression: {reason}")
        }
    })?);
    if let Ok(mut patterns) = compiled.lock() {
        patterns.insert(pattern.to_string(), regex.clone());
    }
    Ok(regex)
}
