//! The past of records, in repositories that Git itself has made.

mod approval;
mod meaning;
mod repository;
