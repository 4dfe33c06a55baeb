//! Numbers for kinds, profiles, fields and places of references: the same for all runs with the same policy.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use crate::kind::{Kind, Kinds, ReferencePlace};
use crate::profile::{Profile, Profiles};

pub(super) struct Interner {
    pub kinds: Vec<Arc<Kind>>,
    pub kind_numbers: HashMap<Arc<str>, usize>,
    pub profiles: Vec<Arc<Profile>>,
    pub profile_numbers: HashMap<Arc<str>, usize>,
    pub fields: InternTable<str>,
    pub reference_places: InternTable<ReferencePlace>,
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
        let fields = kinds.iter().flat_map(|kind| &kind.shape.fields);
        Interner {
            fields: InternTable::new(fields.map(|field| &field.name)),
            reference_places: InternTable::new(kinds.iter().flat_map(|kind| kind.reference_places())),
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
