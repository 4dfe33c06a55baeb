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

mod adoption;
mod asciidoc;
mod baseline;
mod broken_links;
mod budget;
mod cases;
mod catalogue;
mod causes;
mod circles;
mod citations;
mod cli;
#[cfg(unix)]
mod delivery;
mod due;
mod escaping;
mod estates;
mod examples;
mod expressions;
mod fixes;
mod fuzz;
mod generated;
mod governance_folder;
mod helps;
mod history;
mod hostile;
mod html;
mod init;
mod kinds;
#[cfg(unix)]
mod links;
mod many_pages;
mod markups;
mod moved;
mod mutated;
mod new;
mod not_judged;
mod organisations;
mod own_files;
mod own_kinds;
mod own_rules;
mod own_tests;
mod pages;
mod pairs;
mod policy_mistakes;
mod principles;
mod readers;
mod rename;
mod reports;
mod shape;
mod silence;
mod states;
mod structure;
mod traces;
mod unread;
mod views;
mod why;
