//! alignlint reads governance and strategy files and checks that they agree.
#![forbid(unsafe_code)]

pub mod calendar;
pub mod finding;
pub mod kind;
pub mod library;
pub mod node;
pub mod schema;
pub mod snapshot;
pub mod syntax;
pub mod report;
pub mod text;
pub mod triage;
