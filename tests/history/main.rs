//! The past of records, in repositories that Git itself has made.

mod approval;
mod damage;
mod edits;
#[path = "../common/files.rs"]
mod files;
mod kept;
mod meaning;
mod repository;
mod shallow;
