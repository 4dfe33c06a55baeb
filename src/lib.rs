//! alignlint reads governance and strategy files and checks that they agree.
#![forbid(unsafe_code)]

pub mod finding;
pub mod node;
pub mod snapshot;
pub mod syntax;
pub mod text;
