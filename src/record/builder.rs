//! A record in the making, to which each reader adds what it finds.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use ahash::{HashMap, HashSet};

use super::canonical::Canonical;
use crate::format::{Format, Names};
use crate::kind::{Field, Kind, Kinds};
use crate::layout::{Part, Shape};
use crate::node::{Key, MappingBuilder, Node};
use crate::schema::Violation;
use crate::text::{Source, Span};

/// The labels of the fields of each kind, collected on first use.
pub(super) struct KindNames {
    by_kind: HashMap<Arc<str>, OnceLock<Names>>,
    /// The kinds whose records are referred to by their titles too.
    titled: HashSet<Arc<str>>,
}

impl KindNames {
    pub(super) fn new(kinds: &Kinds) -> KindNames {
        let has_titles = |kind: &&Arc<Kind>| kind.names.iter().any(|name| &**name == "title");
        KindNames {
            by_kind: kinds.iter().map(|kind| (kind.name.clone(), OnceLock::new())).collect(),
            titled: kinds.iter().filter(has_titles).map(|kind| kind.name.clone()).collect(),
        }
    }

    pub(super) fn of(&self, kind: &Kind) -> &Names {
        self.by_kind[&kind.name].get_or_init(|| Names::new(kind, None))
    }

    /// Returns the labels of a kind in a format.
    pub(super) fn in_format<'n>(&'n self, kind: &Kind, format: Option<&'n Arc<Format>>) -> &'n Names {
        format.map_or_else(|| self.of(kind), |format| format.names())
    }

    /// Returns true if records of one of these kinds, or of any if there are none, are referred to by their titles.
    pub(super) fn is_by_title(&self, kinds: &[Arc<str>]) -> bool {
        kinds.is_empty() || kinds.iter().any(|kind| self.titled.contains(kind))
    }
}

/// A record in the making: what states it, and what was read of it.
pub(super) struct Builder<'r> {
    pub part: &'r Part<'r>,
    pub kind: &'r Arc<Kind>,
    pub names: &'r Names,
    /// None for the native format.
    pub format: Option<&'r Arc<Format>>,
    pub all_names: &'r KindNames,
    /// Where findings about what the file does not state are reported.
    pub anchor: Span,
    pub canonical: Canonical<'r>,
    pub fields: MappingBuilder,
    pub violations: Vec<Violation>,
    /// The statements that gave a value or stand under a name of the kind or the format.
    pub taken: BTreeSet<usize>,
}

impl<'r> Builder<'r> {
    pub(super) fn new(
        part: &'r Part<'r>,
        kind: &'r Arc<Kind>,
        format: Option<&'r Arc<Format>>,
        all_names: &'r KindNames,
        anchor: Span,
    ) -> Builder<'r> {
        let status = kind.status.as_deref().and_then(|name| kind.shape.field(name));
        Builder {
            part,
            kind,
            names: all_names.in_format(kind, format),
            format,
            all_names,
            anchor,
            canonical: Canonical::new(&part.document.source, format.is_none(), status),
            fields: MappingBuilder::default(),
            violations: Vec::new(),
            taken: BTreeSet::new(),
        }
    }

    pub(super) fn source(&self) -> &'r Source {
        &self.part.document.source
    }

    pub(super) fn is_native(&self) -> bool {
        self.format.is_none()
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
