//! The places of a kind's schema that hold references. Mentions share them: a repository has many mentions of few places.

use std::sync::Arc;

use super::shape::{Field, FieldType, Shape};

/// A hash of a field's name. References with different hashes are in different fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FieldHash(u32);

impl FieldHash {
    /// Hashes the field in which a path such as `people.leads` begins.
    pub fn of_path(path: &str) -> FieldHash {
        // FNV-1a, which is fast for a few bytes.
        let name = path.bytes().take_while(|byte| *byte != b'.');
        FieldHash(name.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)))
    }
}

/// What all references of one place have in common.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct ReferencePlace {
    /// The field of the record that contains it.
    pub field: Arc<str>,
    /// The path of names to it, such as `people.leads`; the field itself unless it is in a mapping of the field.
    pub path: Arc<str>,
    /// The kinds that the reference may be to; empty for any kind.
    pub kinds: Arc<[Arc<str>]>,
    /// Of `path`.
    pub hash: FieldHash,
}

impl ReferencePlace {
    /// Returns true if it is the field at a path, or in a part of that field.
    pub fn is_in(&self, path: &str) -> bool {
        let below = self.path.strip_prefix(path);
        below.is_some_and(|below| below.is_empty() || below.starts_with('.'))
    }

    pub(super) fn all_of(shape: &Shape) -> Vec<Arc<ReferencePlace>> {
        let mut places = Vec::new();
        for field in reference_fields(shape) {
            add(&field.name, &field.name, &field.ty, &mut places);
        }
        places
    }
}

fn reference_fields(shape: &Shape) -> impl Iterator<Item = &Field> {
    shape.fields.iter().filter(|field| field.ty.has_references())
}

fn add(field: &Arc<str>, path: &Arc<str>, ty: &FieldType, places: &mut Vec<Arc<ReferencePlace>>) {
    let place = |kinds: &Arc<[Arc<str>]>| {
        Arc::new(ReferencePlace {
            field: field.clone(),
            path: path.clone(),
            kinds: kinds.clone(),
            hash: FieldHash::of_path(path),
        })
    };
    match ty {
        FieldType::Reference(kinds) => places.push(place(kinds)),
        FieldType::List(of) => add(field, path, of, places),
        FieldType::Struct(shape) => {
            for part in reference_fields(shape) {
                add(field, &format!("{path}.{}", part.name).into(), &part.ty, places);
            }
        }
        FieldType::Map(map) => {
            places.extend(map.keys.iter().map(place));
            add(field, path, &map.values, places);
        }
        _ => {}
    }
}
