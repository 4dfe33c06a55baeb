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
mod index_page;
mod keys;
mod labels;
pub(super) mod members;
mod pages;
pub(super) mod patterns;
mod people;
mod policy;
mod written;

pub(crate) use fields::{field_behind, is_stated_elsewhere};
pub(crate) use people::ACCOUNTABLE_KINDS;
