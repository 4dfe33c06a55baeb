//! The integration tests: the program is run as people, hooks and CI run it, and the library is called as the program
//! calls it. All of them are one binary, so that only one has to be linked.
//!
//! `UPDATE=1 cargo test` rewrites golden files and generated pages.

#![allow(unreachable_pub, reason = "the modules of a program are not seen from outside")]

use mimalloc::MiMalloc;

/// Most tests run the program in this process, so it allocates as the program does.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

mod kit;

mod budget;
mod circles;
mod cli;
#[cfg(unix)]
mod delivery;
mod editor;
mod expressions;
mod fixes;
mod generated;
mod history;
mod outputs;
mod pages;
mod reading;
mod robustness;
mod rules;
mod shape;
mod states;
