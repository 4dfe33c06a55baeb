//! The labels of the fields of each kind, collected on first use.

use std::sync::{Arc, OnceLock};

use ahash::{HashMap, HashSet};

use crate::format::Names;
use crate::kind::{Kind, Kinds};

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

    /// Returns the labels of a kind.
    pub(super) fn of(&self, kind: &Kind) -> &Names {
        self.by_kind[&kind.name].get_or_init(|| Names::new(kind, None))
    }

    /// Returns true if records of one of these kinds, or of any if there are none, are referred to by their titles.
    pub(super) fn is_by_title(&self, kinds: &[Arc<str>]) -> bool {
        kinds.is_empty() || kinds.iter().any(|kind| self.titled.contains(kind))
    }
}
