//! What a schema says of itself in words. A number or `true` is a text there, as everywhere in the files of a policy.

use serde_json::Value;

const ANNOTATIONS: [&str; 4] = ["$schema", "$comment", "title", "description"];

/// Returns a schema whose annotations are texts; those without a value are left out.
pub(super) fn as_texts(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(members) => {
            members.retain(|name, value| !(value.is_null() && ANNOTATIONS.contains(&&**name)));
            for (name, value) in members {
                *value = match value.take() {
                    scalar @ (Value::Number(_) | Value::Bool(_)) if ANNOTATIONS.contains(&&**name) => {
                        Value::String(scalar.to_string())
                    }
                    other => as_texts(other),
                };
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = as_texts(item.take())),
        _ => {}
    }
    schema
}
