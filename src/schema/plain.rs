//! Recognises values that satisfy one of the program's own schemas, without compiling it: most files are valid, and few runs see
//! many of one kind.

use serde_json::{Map, Value};

use super::format;
use super::pattern::known_pattern;
use crate::node::{Entry, Mapping, Node, Scalar, ScalarKind};

/// Larger values are left to the compiled schema, which limits its work.
const MAX_VALUES: usize = 4096;

/// The deepest chain of `$ref` and subschemas.
const MAX_DEPTH: usize = 64;

/// Returns true if the value satisfies the schema for sure, and false if it does not, or if that is left to the compiled schema.
pub fn is_plainly_valid(schema: &Value, node: &Node) -> bool {
    node.size(MAX_VALUES).values < MAX_VALUES && Plain { root: schema }.is_valid(schema, node, 0)
}

struct Plain<'s> {
    root: &'s Value,
}

impl Plain<'_> {
    fn is_valid(&self, schema: &Value, node: &Node, depth: usize) -> bool {
        match schema {
            Value::Bool(is_valid) => *is_valid,
            Value::Object(keywords) if depth < MAX_DEPTH => {
                keywords.iter().all(|(keyword, value)| self.holds(keyword, value, keywords, node, depth + 1))
            }
            _ => false,
        }
    }

    /// Returns false for a keyword that is not known here.
    fn holds(
        &self,
        keyword: &str,
        value: &Value,
        beside: &Map<String, Value>,
        node: &Node,
        depth: usize,
    ) -> bool {
        let mut options = value.as_array().into_iter().flatten();
        let is_number = |compare: fn(f64, f64) -> bool| {
            number(node).is_none_or(|number| value.as_f64().is_some_and(|bound| compare(number, bound)))
        };
        match keyword {
            "title" | "description" | "default" | "examples" | "$schema" | "$id" | "$defs" => true,
            _ if keyword.starts_with("x-") => true,
            "$ref" => {
                let target = value.as_str().and_then(|target| self.root.pointer(target.strip_prefix('#')?));
                target.is_some_and(|target| self.is_valid(target, node, depth))
            }
            "anyOf" => options.any(|schema| self.is_valid(schema, node, depth)),
            "type" if value.is_array() => options.any(|name| has_type(name, node)),
            "type" => has_type(value, node),
            "enum" => node.as_text().is_some_and(|text| options.any(|option| option == text)),
            "minimum" => is_number(|number, least| number >= least),
            "maximum" => is_number(|number, most| number <= most),
            "minLength" => {
                let has_length =
                    |text: &str| value.as_u64().is_some_and(|least| text.chars().count() as u64 >= least);
                node.as_text().is_none_or(has_length)
            }
            "pattern" => node.as_text().is_none_or(|text| matches(value, text)),
            "format" => {
                let format = value.as_str().and_then(format);
                node.as_text().is_none_or(|text| format.is_some_and(|format| format(text)))
            }
            "items" => {
                let mut items = node.as_sequence().into_iter().flatten();
                items.all(|item| self.is_valid(value, item, depth))
            }
            "required" => node.as_mapping().is_none_or(|mapping| {
                let has = |name: &str| mapping.get(name).is_some_and(|value| !value.is_null());
                options.all(|name| name.as_str().is_some_and(has))
            }),
            "properties" => stated(node).all(|Entry { key, value: stated }| {
                value.get(&*key.name).is_none_or(|schema| self.is_valid(schema, stated, depth))
            }),
            "patternProperties" => stated(node).all(|Entry { key, value: stated }| {
                let mut patterns = value.as_object().into_iter().flatten();
                patterns.all(|(pattern, schema)| {
                    !known_pattern(pattern).is_match(&key.name) || self.is_valid(schema, stated, depth)
                })
            }),
            "additionalProperties" => stated(node).all(|Entry { key, value: stated }| {
                is_named(&key.name, beside) || self.is_valid(value, stated, depth)
            }),
            "propertyNames" => stated(node)
                .all(|Entry { key, .. }| self.is_valid(value, &Node::text(key.span, &*key.name), depth)),
            _ => false,
        }
    }
}

/// The entries with a value: a key without one is absent.
fn stated(node: &Node) -> impl Iterator<Item = &Entry> {
    let entries = node.as_mapping().map_or(&[][..], Mapping::entries);
    entries.iter().filter(|entry| !entry.value.is_null())
}

/// Returns true for a name that `additionalProperties` is not about.
fn is_named(name: &str, keywords: &Map<String, Value>) -> bool {
    let has_name = |properties: &Value| properties.get(name).is_some();
    let matches_name = |patterns: &Value| {
        let mut patterns = patterns.as_object().into_iter().flatten();
        patterns.any(|(pattern, _)| known_pattern(pattern).is_match(name))
    };
    keywords.get("properties").is_some_and(has_name)
        || keywords.get("patternProperties").is_some_and(matches_name)
}

fn matches(pattern: &Value, text: &str) -> bool {
    pattern.as_str().is_some_and(|pattern| known_pattern(pattern).is_match(text))
}

fn number(node: &Node) -> Option<f64> {
    match node.as_scalar()?.kind() {
        ScalarKind::Integer(number) => Some(number as f64),
        ScalarKind::Float(number) if number.is_finite() => Some(number),
        _ => None,
    }
}

/// A scalar that is not null is also a string (see [`super::tree`]).
fn has_type(name: &Value, node: &Node) -> bool {
    let kind = node.as_scalar().map(Scalar::kind);
    match name.as_str() {
        Some("string") => node.as_text().is_some(),
        Some("array") => node.as_sequence().is_some(),
        Some("object") => node.as_mapping().is_some(),
        Some("boolean") => matches!(kind, Some(ScalarKind::Bool(_))),
        Some("integer") => matches!(kind, Some(ScalarKind::Integer(_))),
        Some("number") => number(node).is_some(),
        _ => false,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::Arc;

    use super::super::Schema;
    use super::*;
    use crate::node::{Key, Value as NodeValue};
    use crate::syntax::{Format, parse};
    use crate::text::{Source, Span};

    pub(crate) fn read(text: &str) -> Node {
        let document = parse(Arc::new(Source::new("a.yaml", text.as_bytes().to_vec())), Format::Yaml);
        document.roots.into_iter().next().expect("a value")
    }

    /// Returns the value with one change in it for each place and each of some values.
    fn changed(node: &Node) -> Vec<Node> {
        let values = "[null, '', x, 7, -1, 0.5, true, 2026-02-30, 2026-11-20, 3 weeks, [x], [[x]], [null], {x: y}, {}, []]";
        let others = read(values);
        let mut all: Vec<Node> = others.as_sequence().unwrap_or_default().to_vec();
        match &node.value {
            NodeValue::Sequence(items) => {
                for (at, item) in items.iter().enumerate() {
                    for changed in changed(item) {
                        let mut items = items.to_vec();
                        items[at] = changed;
                        all.push(Node::sequence(node.span, items));
                    }
                }
            }
            NodeValue::Mapping(mapping) => {
                let entries = mapping.entries();
                let mut push = |entries| all.push(Node::mapping(node.span, Mapping::new(entries)));
                for at in 0..entries.len() {
                    let without = entries.iter().enumerate().filter(|(other, _)| *other != at);
                    push(without.map(|(_, entry)| entry.clone()).collect());
                    for value in changed(&entries[at].value) {
                        let mut entries = entries.to_vec();
                        entries[at].value = value;
                        push(entries);
                    }
                }
                let key = Key { name: "unknown".into(), span: Span::default() };
                push(entries.iter().cloned().chain([Entry { key, value: read("x") }]).collect());
            }
            NodeValue::Scalar(_) => {}
        }
        all
    }

    /// Returns how many values are plainly valid: this one, and those with a change in it.
    pub(crate) fn count_valid(json: &Value, value: &Node) -> usize {
        let schema = Schema::compile(json).expect("a schema");
        let all = [vec![value.clone()], changed(value)].concat();
        let plain = all.iter().filter(|node| is_plainly_valid(json, node));
        plain.inspect(|node| assert!(schema.violations(node).is_empty(), "{node:?}")).count()
    }

    #[test]
    fn what_is_plainly_valid_satisfies_the_schema_of_the_configuration() {
        let text = crate::embedded::file("schemas/config.schema.json").expect("the schema");
        let json = serde_json::from_str(text).expect("it is JSON");
        let config = "extends: [strict, ./policy]\nexclude: docs/**\nrecords:\n  decision: [{ files: docs/*.md }]\n  kpi: a.yaml\n\
                      rules:\n  kpi/*: off\n  assumption/stale: { severity: error, max-age: 6 months }\n\
                      overrides:\n  - files: old/**\n    rules: { 'decision/*': note }\n";
        assert!(count_valid(&json, &read(config)) > 20);
    }
}
