//! The functions and members of the rule language.

mod args;
mod facts;
pub mod fields;
pub mod functions;
mod graph;
mod history;
pub mod members;
pub mod patterns;
mod people;
mod policy;
