//! The functions and members of the rule language.

mod answers;
mod args;
mod facts;
pub(super) mod fields;
pub mod files;
pub mod functions;
mod graph;
pub(super) mod history;
mod index_page;
mod keys;
pub mod members;
mod pages;
mod people;
mod unread;
mod written;

pub(crate) use fields::{field_behind, is_stated_elsewhere};
pub(crate) use pages::PARTS;
pub(crate) use people::ACCOUNTABLE_KINDS;
