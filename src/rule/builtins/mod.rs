//! The functions and members of the rule language.

mod answers;
mod args;
mod citations;
mod facts;
pub(super) mod fields;
pub(super) mod files;
pub(super) mod functions;
mod graph;
pub(super) mod history;
mod keys;
mod labels;
mod member_names;
pub(super) mod members;
mod pages;
pub(super) mod patterns;
mod people;
mod policy;
pub(super) mod words;
mod written;

pub(crate) use fields::{field_behind, is_stated_elsewhere};
pub(crate) use members::hides_field;
pub(crate) use people::ACCOUNTABLE_KINDS;
