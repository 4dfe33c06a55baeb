//! The possible results of functions and members that return a fixed set of words. The compiler rejects a comparison with any other word.

use crate::rule::runtime::FactType;

use super::{facts, keys, policy};

/// Returns the words that a function returns; empty if it may return any text.
pub(in crate::rule) fn of_function(name: &str) -> &'static [&'static str] {
    match name {
        "weekday" => &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        _ => &[],
    }
}

/// Returns the words of a member of a fact; empty if it may be any text.
pub(in crate::rule) fn of_member(fact: &FactType, name: &str) -> &'static [&'static str] {
    match name {
        "form" if *fact == facts::LINK => &["relative", "root", "web", "other"],
        "type" if *fact == keys::KEY => &["text", "integer", "number", "boolean", "null", "list", "mapping"],
        "part" if *fact == policy::CHANGED => &["bar", "excuse", "authority"],
        "how" if *fact == policy::CHANGED => &["was added", "was changed", "was removed"],
        _ => &[],
    }
}
