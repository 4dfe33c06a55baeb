//! Built-in profiles, whose parts are loaded on first use.

use std::sync::Arc;

use super::super::Profile;
use super::super::base::{BuiltInProfiles, RECOGNISE};
use super::{Loader, kind};
use crate::kind::{Kind, Kinds};
use crate::lazy::Lazy;
use crate::node::{Mapping, Node};
use crate::text::{Source, Span};

/// The keys that [`Loader::profile`] reads, without those of the parts.
const HEAD: [&str; 9] =
    ["name", "kind", "paths", "fallback", "rows", "partial", "sections", "skip", "beside"];

/// The keys that [`Loader::recognition`] reads.
const RECOGNITION: [&str; 2] = [RECOGNISE, "sections"];

/// Returns a built-in profile; `None` if it is not embedded. Where all kinds are built in too, it has no faults.
pub(super) fn lazy_profile(
    source: &Arc<Source>,
    built_in: &Arc<BuiltInProfiles>,
    kinds: &Kinds,
) -> Option<Profile> {
    let root = built_in.keys(source, &HEAD)?;
    let kind = kind(source, &root, kinds).ok()?;
    let shared = || (source.clone(), kind.clone(), built_in.clone());
    let (of, its_kind, profiles) = shared();
    let recognition = Lazy::new(move || {
        let root = profiles.keys(&of, &RECOGNITION).unwrap_or_else(empty);
        Loader::of_built_in(&of, &its_kind).recognition(&root)
    });
    let (of, its_kind, profiles) = shared();
    let details = Lazy::new(move || {
        let root = profiles.whole(&of).unwrap_or_else(empty);
        Loader::of_built_in(&of, &its_kind).details(&root)
    });
    Some(Loader::of_built_in(source, &kind).profile(&root, recognition, details))
}

fn empty() -> Node {
    Node::mapping(Span::default(), Mapping::default())
}

impl<'a> Loader<'a> {
    fn of_built_in(source: &'a Arc<Source>, kind: &'a Arc<Kind>) -> Loader<'a> {
        Loader { source, kind, is_own: false, base: None, fields: None, faults: Vec::new() }
    }
}
