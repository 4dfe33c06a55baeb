//! The functions and members of the rule language.

pub mod facts;
pub(super) mod fields;
pub mod functions;
mod graph;
pub(super) mod history;
mod index_page;
mod pages;

pub(crate) use fields::{REVIEW_DUE, field_behind};
pub(crate) use graph::ACCOUNTABLE_KINDS;
pub(crate) use pages::PARTS;
