//! alignlint reads governance and strategy files and checks that they agree.
#![forbid(unsafe_code)]

pub mod calendar;
pub mod config;
pub mod finding;
pub mod kind;
pub mod library;
pub mod node;
pub mod profile;
pub mod record;
pub mod report;
pub mod schema;
pub mod snapshot;
pub mod syntax;
pub mod text;
pub mod triage;
