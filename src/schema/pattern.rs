//! Regular expressions of schemas, profiles and rules: one dialect, that of the `regex` crate.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::json::Node as _;
use jsonschema::paths::Location;
use jsonschema::{Keyword, ValidationError};
use serde_json::{Map, Value};

use super::InvalidPattern;
use super::tree::{Metered, Tree};
use crate::finding::Fault;
use crate::limits::REGEX_BYTES;
use crate::node::Node;
use crate::text::LazyRegex;

/// What `\b` becomes in a text with escapes. No file has this character, and the edge of a word is meant.
const BACKSPACE: char = '\u{8}';

/// Compiles a regular expression, which runs in linear time.
///
/// # Errors
/// The pattern is invalid or too large.
pub fn compile_pattern(pattern: &str) -> Result<LazyRegex, InvalidPattern> {
    if pattern.contains(BACKSPACE) {
        return Err(InvalidPattern::backspace());
    }
    LazyRegex::new(pattern).map_err(|error| match error.syntax_error() {
        Some(error) => InvalidPattern::syntax(pattern, error),
        None => InvalidPattern::too_large(),
    })
}

/// Returns a regular expression of one of the program's own schemas, which is compiled once.
pub(super) fn known_pattern(pattern: &str) -> Arc<LazyRegex> {
    static KNOWN: Mutex<BTreeMap<Box<str>, Arc<LazyRegex>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(regex) = known.get(pattern) {
        return regex.clone();
    }
    let regex = Arc::new(LazyRegex::known(pattern));
    known.insert(pattern.into(), regex.clone());
    regex
}

/// The keyword `pattern`, in place of the validator's own, which reads another dialect.
struct Pattern(LazyRegex);

impl<'i> Keyword<'i, Tree> for Pattern {
    fn validate(&self, instance: Metered<'i, Node>) -> Result<(), ValidationError<'i>> {
        match Keyword::<Tree>::is_valid(self, instance) {
            true => Ok(()),
            false => Err(ValidationError::custom(self.0.as_str())),
        }
    }

    fn is_valid(&self, instance: Metered<'i, Node>) -> bool {
        instance.as_string().is_none_or(|text| self.0.is_match(&text))
    }
}

pub(super) fn keyword<'a>(
    _: &'a Map<String, Value>,
    value: &'a Value,
    _: Location,
) -> Result<Box<dyn for<'i> Keyword<'i, Tree>>, ValidationError<'a>> {
    let pattern = value.as_str().ok_or_else(|| ValidationError::custom("`pattern` is not text"))?;
    let regex = compile_pattern(pattern).map_err(|error| ValidationError::custom(error.to_string()))?;
    Ok(Box::new(Pattern(regex)))
}

/// Expands a regular expression for names, which the validator reads in its own dialect: `\w` becomes the characters that it
/// matches.
///
/// # Errors
/// The pattern is invalid, or too large once it is expanded.
pub(super) fn expand(pattern: &str) -> Result<String, InvalidPattern> {
    compile_pattern(pattern)?;
    let parsed = regex_syntax::parse(pattern).map_err(|error| InvalidPattern::syntax(pattern, &error))?;
    let expanded = parsed.to_string();
    let compiled = regex::RegexBuilder::new(&expanded).size_limit(REGEX_BYTES).build();
    compiled.map_or_else(|_| Err(InvalidPattern::too_large()), |_| Ok(expanded))
}

/// Expands the patterns under `patternProperties`.
///
/// # Errors
/// An invalid pattern; two patterns that are equal once expanded.
pub(super) fn expand_names(schema: &mut Map<String, Value>) -> Result<(), Fault> {
    let Some(Value::Object(named)) = schema.get_mut("patternProperties") else { return Ok(()) };
    let mut expanded = Map::new();
    for (pattern, value) in std::mem::take(named) {
        let names = expand(&pattern).map_err(|error| Fault::new(format!("`{pattern}`: {error}")))?;
        if expanded.insert(names, value).is_some() {
            return Err(Fault::new(format!("`{pattern}` matches the same names as another pattern")));
        }
    }
    *named = expanded;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;
    use crate::syntax::{Format, parse};
    use crate::text::Source;

    #[test]
    fn a_schema_and_a_rule_read_the_same_dialect() {
        let schema = |pattern: &str| {
            Schema::compile(&serde_json::json!({ "properties": { "a": { "pattern": pattern } } }))
        };
        let cases = [
            (r"^\w+$", "Größe", true),
            (r"^\d$", "٣", true),
            (r"^a\sb$", "a\u{2003}b", true),
            (r"^[\w&&[^x]]+$", "ax", false),
            (r"^(?i)größe$", "GRÖßE", true),
            (r"^\p{Greek}$", "λ", true),
        ];
        for (pattern, text, expected) in cases {
            let source = Source::new("a.yaml", format!("a: '{text}'\n").into_bytes());
            let document = parse(Arc::new(source), Format::Yaml);
            let found = schema(pattern).expect("a schema").violations(&document.roots[0]);
            assert_eq!(found.is_empty(), expected, "{pattern} {text}");
            assert_eq!(
                compile_pattern(pattern).expect("a pattern").is_match(text),
                expected,
                "{pattern} {text}"
            );
            let messages: Vec<&str> = found.iter().map(|violation| &*violation.message).collect();
            let message = format!("`a` is `{text}`; expected text that matches `{pattern}`");
            assert_eq!(messages, vec![message.as_str(); usize::from(!expected)]);
        }
        assert!(schema("(a").is_err() && schema("(?=a)").is_err());
    }

    #[test]
    fn names_are_read_in_the_same_dialect_as_values() {
        let schema = |pattern: &str| {
            let numbers = serde_json::json!({ "type": "integer" });
            Schema::compile(&serde_json::json!({
                "properties": { "patternProperties": { "patternProperties": { pattern: numbers } } },
                "additionalProperties": false,
            }))
        };
        let cases = [
            (r"^\w+$", "Größe", true),
            (r"^[\w.]+$", "größe.x", true),
            (r"^\d$", "٣", true),
            (r"^[^\s]+$", "a\u{2003}b", false),
            (r"^[\w&&[^x]]+$", "ax", false),
            (r"^(?i)größe$", "GRÖßE", true),
            (r"^a\.b-c$", "a.b-c", true),
            (r"^[\^\]&~-]+\z", "&&]", true),
            (r"^a\b", "aß", false),
        ];
        for (pattern, name, matches) in cases {
            let text = format!("patternProperties: {{ '{name}': x }}\n");
            let source = Source::new("a.yaml", text.into_bytes());
            let document = parse(Arc::new(source), Format::Yaml);
            let found = schema(pattern).expect("a schema").violations(&document.roots[0]);
            assert_eq!(
                compile_pattern(pattern).expect("a pattern").is_match(name),
                matches,
                "{pattern} {name}"
            );
            assert_eq!(found.len(), usize::from(matches), "{pattern} {name}");
        }
        for invalid in ["(a", "(?=a)", r"\1"] {
            assert!(schema(invalid).is_err(), "{invalid}");
        }
    }
}
