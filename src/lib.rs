//! alignlint reads governance and strategy files and checks that they agree.
#![forbid(unsafe_code)]

pub mod finding;
pub mod node;
pub mod report;
pub mod text;
pub mod triage;
