//! States of a repository, on repositories that `git` itself builds: the index, revisions, what a change
//! brings in, and what is said where a state can't be told.

mod excuses;
mod exhausted;
#[path = "../common/files.rs"]
mod files;
#[path = "../common/heavy.rs"]
mod heavy;
mod policy;
mod readings;
mod repository;
mod revision;
mod rights;
mod rulebook;
mod shared;
mod since;
mod staged;
mod words;
mod worktree;
