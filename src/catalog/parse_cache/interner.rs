//! Numbers for kinds, profiles, fields and lists of kinds: the same for all runs with the same policy.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use crate::kind::{FieldType, Kind, Kinds, Shape};
use crate::profile::{Profile, Profiles};

pub(super) struct Interner {
    pub kinds: Vec<Arc<Kind>>,
    pub kind_numbers: HashMap<Arc<str>, usize>,
    pub profiles: Vec<Arc<Profile>>,
    pub profile_numbers: HashMap<Arc<str>, usize>,
    /// The fields, and the paths of those in them that contain references.
    pub fields: InternTable<str>,
    pub reference_kinds: InternTable<[Arc<str>]>,
}

/// Distinct values, numbered in the order of their first occurrence.
pub(super) struct InternTable<T: ?Sized> {
    values: Vec<Arc<T>>,
    numbers: HashMap<Arc<T>, usize>,
}

impl<T: ?Sized + Eq + Hash> InternTable<T> {
    fn new<'t>(values: impl IntoIterator<Item = &'t Arc<T>>) -> InternTable<T>
    where
        T: 't,
    {
        let mut table = InternTable { values: Vec::new(), numbers: HashMap::new() };
        for value in values {
            if !table.numbers.contains_key(value) {
                table.numbers.insert(value.clone(), table.values.len());
                table.values.push(value.clone());
            }
        }
        table
    }

    pub(super) fn value(&self, number: usize) -> Option<&Arc<T>> {
        self.values.get(number)
    }

    pub(super) fn number(&self, value: &T) -> Option<usize> {
        self.numbers.get(value).copied()
    }
}

impl Interner {
    pub(super) fn new(kinds: &Kinds, profiles: &Profiles) -> Interner {
        let kinds: Vec<Arc<Kind>> = kinds.iter().cloned().collect();
        let profiles: Vec<Arc<Profile>> = profiles.iter().cloned().collect();
        let mut reference_kinds = Vec::new();
        kinds.iter().for_each(|kind| add_reference_kinds(&kind.shape, &mut reference_kinds));
        let mut paths = Vec::new();
        for field in kinds.iter().flat_map(|kind| &kind.shape.fields) {
            paths.push(field.name.clone());
            add_paths(&field.name, &field.ty, &mut paths);
        }
        Interner {
            fields: InternTable::new(&paths),
            reference_kinds: InternTable::new(reference_kinds),
            kind_numbers: numbers(kinds.iter().map(|kind| &kind.name)),
            profile_numbers: numbers(profiles.iter().map(|profile| &profile.name)),
            kinds,
            profiles,
        }
    }
}

fn numbers<'n>(names: impl Iterator<Item = &'n Arc<str>>) -> HashMap<Arc<str>, usize> {
    names.enumerate().map(|(number, name)| (name.clone(), number)).collect()
}

fn add_reference_kinds<'s>(shape: &'s Shape, lists: &mut Vec<&'s Arc<[Arc<str>]>>) {
    fn of_type<'s>(ty: &'s FieldType, lists: &mut Vec<&'s Arc<[Arc<str>]>>) {
        match ty {
            FieldType::Reference(kinds) => lists.push(kinds),
            FieldType::List(of) => of_type(of, lists),
            FieldType::Struct(shape) => add_reference_kinds(shape, lists),
            FieldType::Map(map) => {
                lists.extend(&map.keys);
                of_type(&map.values, lists);
            }
            _ => {}
        }
    }
    shape.fields.iter().for_each(|field| of_type(&field.ty, lists));
}

fn add_paths(path: &str, ty: &FieldType, paths: &mut Vec<Arc<str>>) {
    let fields = ty.shape().map_or(&[][..], |shape| &shape.fields);
    for field in fields.iter().filter(|field| field.ty.has_references()) {
        let path = format!("{path}.{}", field.name);
        paths.push(path.as_str().into());
        add_paths(&path, &field.ty, paths);
    }
}
