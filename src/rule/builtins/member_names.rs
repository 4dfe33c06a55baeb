//! Finds members by their names.

use std::sync::LazyLock;

use ahash::HashMap;

use crate::rule::runtime::{Member, ReceiverType};

use super::members::MEMBERS;

/// Returns the member of values of a type that has this name.
pub(super) fn lookup(owner: ReceiverType, name: &str) -> Option<&'static Member> {
    static BY_NAME: LazyLock<HashMap<(ReceiverType, &str), &Member>> =
        LazyLock::new(|| MEMBERS.iter().map(|member| ((member.owner, member.name), member)).collect());
    BY_NAME.get(&(owner, name)).copied()
}
