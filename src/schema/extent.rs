//! Refuses schemas that multiply the work: a few lines with two equal `$ref` on each level apply to one value millions of
//! times, and the validator can't be stopped there.

use serde_json::{Map, Value};

use crate::finding::Fault;
use crate::limits;

/// # Errors
/// More subschemas and fields apply to one value, or an `enum` has more values, than [`limits`] allow.
pub(super) fn check(schema: &Value) -> Result<(), Fault> {
    let mut open = vec![schema];
    while let Some(part) = open.pop() {
        match part {
            Value::Array(items) => open.extend(items),
            Value::Object(members) => {
                let mut counter = Counter { root: schema, count: 0, path: Vec::new() };
                if !counter.apply(part) {
                    let message =
                        format!("more than {} subschemas and fields apply to one value", limits::SUBSCHEMAS);
                    return Err(Fault::new(message));
                }
                let options = part["enum"].as_array().map_or(0, Vec::len);
                if options > limits::ENUM_VALUES {
                    let message = format!("an `enum` has more than {} values", limits::ENUM_VALUES);
                    return Err(Fault::new(message));
                }
                open.extend(members.values());
            }
            _ => {}
        }
    }
    Ok(())
}

/// Counts the subschemas that apply to the same value, and their fields, each as often as it applies.
struct Counter<'a> {
    root: &'a Value,
    count: usize,
    /// The subschemas around: one that applies within itself is not followed, as in the validator.
    path: Vec<*const Value>,
}

impl<'a> Counter<'a> {
    fn apply(&mut self, schema: &'a Value) -> bool {
        let required = schema["required"].as_array().map_or(0, Vec::len);
        let fields = schema["properties"].as_object().map_or(0, Map::len);
        self.count += 1 + required + fields;
        if self.count > limits::SUBSCHEMAS || self.path.len() > limits::DEPTH {
            return false;
        }
        if self.path.contains(&std::ptr::from_ref(schema)) {
            return true;
        }
        self.path.push(schema);
        let lists = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|keyword| schema[keyword].as_array());
        let single = ["not", "if", "then", "else"].into_iter().filter_map(|keyword| schema.get(keyword));
        let target = schema["$ref"].as_str().and_then(|target| self.root.pointer(target.strip_prefix('#')?));
        let mut applied = lists.flatten().chain(single).chain(target);
        let is_small = applied.all(|subschema| self.apply(subschema));
        self.path.pop();
        is_small
    }
}
