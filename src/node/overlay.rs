//! A mapping that extends another one.

use super::{Entry, Node, Value};

impl Node {
    /// Lays `own` over this mapping: mappings are merged key by key, every other value replaces that of the same key, and null
    /// removes it.
    pub fn overlay(&mut self, own: &Node) {
        let (Value::Mapping(mapping), Some(changes)) = (&mut self.value, own.as_mapping()) else {
            self.clone_from(own);
            return;
        };
        for Entry { key, value } in changes.entries() {
            let entries = mapping.entries_mut();
            let at = entries.iter().position(|entry| entry.key.name == key.name);
            match at {
                Some(at) if value.is_null() => mapping.edit(|entries| drop(entries.remove(at))),
                Some(at) => {
                    entries[at].key = key.clone();
                    entries[at].value.overlay(value);
                    entries[at].value.span = value.span;
                }
                None if value.is_null() => {}
                None => {
                    mapping.edit(|entries| entries.push(Entry { key: key.clone(), value: value.clone() }));
                }
            }
        }
    }

    /// If a mapping names another one under `base`, returns that one with this laid over it, and `Err` with the name and its
    /// place if there is none. Everything from the other one has the place of that name.
    ///
    /// # Errors
    /// `find` has nothing of that name.
    pub fn extending(&self, find: impl Fn(&str) -> Option<Node>) -> Result<Option<Node>, &Node> {
        let Some(base) = self.get("base") else { return Ok(None) };
        let mut merged = base.as_text().and_then(find).ok_or(base)?;
        merged.move_to(base.span);
        merged.overlay(self);
        if let Value::Mapping(mapping) = &mut merged.value {
            mapping.edit(|entries| entries.retain(|entry| &*entry.key.name != "base"));
        }
        merged.span = self.span;
        Ok(Some(merged))
    }
}
