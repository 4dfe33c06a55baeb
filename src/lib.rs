//! alignlint reads governance and strategy files and checks that they agree.
#![forbid(unsafe_code)]

pub mod calendar;
pub mod catalog;
pub mod check;
pub mod cli;
pub mod config;
pub mod finding;
pub mod kind;
pub mod library;
pub mod node;
pub mod policy;
pub mod profile;
pub mod record;
pub mod report;
pub mod rule;
pub mod schema;
pub mod snapshot;
pub mod syntax;
pub mod term;
pub mod text;
pub mod triage;
pub mod trial;
