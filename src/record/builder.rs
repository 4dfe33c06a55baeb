//! A record in the making, to which each reader adds what it finds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use ahash::HashMap;

use super::canonical::Canonical;
use crate::format::{Format, Names};
use crate::kind::{Field, Kind, Kinds};
use crate::layout::{Part, Shape};
use crate::node::{Key, MappingBuilder, Node};
use crate::schema::Violation;
use crate::text::{Source, Span};

/// The kinds, with the labels of the fields of each one, collected on first use.
pub(super) struct KindNames<'k> {
    pub kinds: &'k Kinds,
    by_kind: HashMap<Arc<str>, OnceLock<Names>>,
}

impl<'k> KindNames<'k> {
    pub(super) fn new(kinds: &'k Kinds) -> KindNames<'k> {
        KindNames { kinds, by_kind: kinds.iter().map(|it| (it.name.clone(), OnceLock::new())).collect() }
    }

    pub(super) fn of(&self, kind: &Kind) -> &Names {
        self.by_kind[&kind.name].get_or_init(|| Names::new(kind, None))
    }

    pub(super) fn in_format<'n>(&'n self, kind: &Kind, format: Option<&'n Arc<Format>>) -> &'n Names {
        format.map_or_else(|| self.of(kind), |format| format.names())
    }

    /// Returns true if records of one of these kinds, or of any if there are none, are referred to by their titles.
    pub(super) fn is_by_title(&self, kinds: &[Arc<str>]) -> bool {
        let mut known = kinds.iter().filter_map(|kind| self.kinds.get(kind));
        kinds.is_empty() || known.any(|kind| kind.names.iter().any(|name| **name == *"title"))
    }
}

/// A record in the making: what states it, and what was read of it.
pub(super) struct Builder<'r> {
    pub part: &'r Part<'r>,
    pub kind: &'r Arc<Kind>,
    pub names: &'r Names,
    /// None for the native format.
    pub format: Option<&'r Arc<Format>>,
    pub all_names: &'r KindNames<'r>,
    /// Where findings about what the file does not state are reported.
    pub anchor: Span,
    pub canonical: Canonical<'r>,
    pub fields: MappingBuilder,
    pub violations: Vec<Violation>,
    /// The statements that gave a value or stand under a name of the kind or the format.
    pub taken: BTreeSet<usize>,
    /// The statements under a misspelt label, each with the one that is meant.
    pub misspelt: BTreeMap<usize, Box<str>>,
}

impl<'r> Builder<'r> {
    pub(super) fn new(
        part: &'r Part<'r>,
        kind: &'r Arc<Kind>,
        format: Option<&'r Arc<Format>>,
        all_names: &'r KindNames<'r>,
        anchor: Span,
    ) -> Builder<'r> {
        Builder {
            part,
            kind,
            names: all_names.in_format(kind, format),
            format,
            all_names,
            anchor,
            canonical: Canonical::new(&part.document.source, format.is_none(), kind.status_field()),
            fields: MappingBuilder::default(),
            violations: Vec::new(),
            taken: BTreeSet::new(),
            misspelt: BTreeMap::new(),
        }
    }

    pub(super) fn source(&self) -> &'r Source {
        &self.part.document.source
    }

    pub(super) fn is_native(&self) -> bool {
        self.format.is_none()
    }

    /// Returns true for labels of the kind: pages of several records are written for this program in any format.
    pub(super) fn has_own_labels(&self) -> bool {
        self.format.is_none_or(|format| format.signs.several)
    }

    pub(super) fn is_page(&self) -> bool {
        matches!(self.part.shape, Shape::Page)
    }

    /// Sets a field to what text states, under a label at a span, unless it is set.
    pub(super) fn state(&mut self, field: &Field, label: Span, value: Node) {
        if self.fields.get(&field.name).is_none()
            && let Some(value) = self.canonical.prose_field(value, field)
        {
            self.fields.push(Key { name: field.name.clone(), span: label }, value);
        }
    }
}
