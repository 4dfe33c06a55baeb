//! Judges a tree by a JSON Schema (Draft 2020-12) and says what breaks it, where, in plain words.

use serde_json::Value;

use crate::finding::Fault;
use crate::node::Node;
use crate::{calendar, embedded};

mod nearest;
mod tree;
mod violation;
mod wording;

pub use nearest::{did_you_mean, nearby_candidates, nearest};
pub use tree::to_json;
pub use violation::Violation;

/// A compiled schema. `format` is judged, and `date`, `duration`, `cadence`, `period` and `amount` are those of
/// [`crate::calendar`]. Regular expressions take linear time, so they know no look-around or
/// back-references.
#[derive(Debug)]
pub struct Schema {
    validator: jsonschema::Validator<tree::Tree>,
    json: Value,
}

impl Schema {
    /// Compiles `schema`. A `$ref` leads within the schema or, as `alignlint:schemas/…`, to an embedded file;
    /// nothing is fetched.
    ///
    /// # Errors
    ///
    /// A fault without a place: a keyword's value that makes no sense, an unknown format, a `$ref` to nothing.
    pub fn compile(schema: &Value) -> Result<Schema, Fault> {
        let mut lenient = schema.clone();
        take_any_scalar_for_text(&mut lenient);
        let validator = options().build(&lenient).map_err(|error| not_a_schema(&error))?;
        Ok(Schema { validator, json: schema.clone() })
    }

    /// What `node` breaks, one violation for each field, in the order of the file; at most
    /// [`violation::LIMIT`] of them.
    pub fn violations(&self, node: &Node) -> Vec<Violation> {
        if self.validator.is_valid(node) {
            return Vec::new();
        }
        violation::all(self.validator.iter_errors(node), node, &self.json)
    }
}

fn options() -> jsonschema::ValidationOptions<'static, std::sync::Arc<dyn jsonschema::Retrieve>, tree::Tree> {
    let fits_period = |text: &str| calendar::Period::parse(text, 1).is_some();
    let fits_duration = |text: &str| calendar::Duration::parse(text).is_some();
    jsonschema::options_for::<tree::Tree>()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .should_ignore_unknown_formats(false)
        .with_pattern_options(jsonschema::PatternOptions::regex().size_limit(1 << 20))
        .with_retriever(Embedded)
        .with_format("date", |text: &str| calendar::parse_date(text).is_some())
        .with_format("duration", fits_duration)
        .with_format("cadence", fits_duration)
        .with_format("period", fits_period)
        .with_format("amount", |text: &str| calendar::Amount::parse(text).is_some())
        .with_format("slug", is_slug)
        .with_format("glob", |text: &str| globset::Glob::new(text).is_ok())
}

/// Lower-case words of letters and digits, joined by `-`.
fn is_slug(text: &str) -> bool {
    let word =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() && !c.is_uppercase());
    text.split('-').all(word)
}

/// Lets each `type` that is a list with `string` in it take any scalar, as `type: string` alone does by the
/// way the tree is read. What only looks like a schema inside data is left alone.
fn take_any_scalar_for_text(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(take_any_scalar_for_text),
        Value::Object(members) => {
            for (name, value) in members {
                match (name.as_str(), value) {
                    ("type", Value::Array(types)) if types.iter().any(|name| name == "string") => {
                        let missing = ["number", "boolean"].into_iter().map(Value::from);
                        let missing: Vec<Value> = missing.filter(|name| !types.contains(name)).collect();
                        types.extend(missing);
                    }
                    ("enum" | "const" | "default" | "examples", _) => {}
                    (_, value) => take_any_scalar_for_text(value),
                }
            }
        }
        _ => {}
    }
}

/// Serves the embedded schemas to `$ref`.
struct Embedded;

impl jsonschema::Retrieve for Embedded {
    fn retrieve(
        &self,
        uri: &jsonschema::Uri<String>,
    ) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let path =
            uri.as_str().strip_prefix("alignlint:").ok_or("only embedded schemas can be referred to")?;
        let text = embedded::file(path).ok_or_else(|| format!("there is no embedded file `{path}`"))?;
        Ok(serde_yaml::from_str(text)?)
    }
}

fn not_a_schema(error: &jsonschema::ValidationError<'_>) -> Fault {
    let at = error.instance_path().as_str();
    let place = if at.is_empty() { "the schema".to_owned() } else { format!("`{at}` of the schema") };
    Fault::new(format!("{place} can't be used: {error}"))
}
