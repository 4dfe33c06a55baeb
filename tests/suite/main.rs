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

mod above;
mod asciidoc;
mod baseline;
mod broken_links;
mod budget;
mod catalogue;
mod causes;
mod circles;
mod citations;
mod cli;
mod communities;
mod company_pages;
#[cfg(unix)]
mod delivery;
mod due;
mod escaping;
mod estates;
mod examples;
mod expressions;
mod fields;
mod first_hour;
mod first_layouts;
mod first_pages;
mod first_tables;
mod fixes;
mod formats;
mod fuzz;
mod generated;
mod generic;
mod glossaries;
mod goal_pages;
mod governance_folder;
mod helps;
mod history;
mod home_made;
mod hostile;
mod html;
mod init;
mod kinds;
mod later;
#[cfg(unix)]
mod links;
mod logs;
mod many_pages;
mod markup_parts;
mod markups;
mod minutes;
mod moved;
mod mutated;
mod named_profiles;
mod names;
mod new;
mod not_judged;
mod organisations;
mod own_files;
mod own_kinds;
mod own_rules;
mod own_sections;
mod own_tests;
mod page_headers;
mod pages;
mod pairs;
mod policy_mistakes;
mod practices;
mod principles;
mod readers;
mod record_files;
mod rename;
mod reports;
mod shape;
mod silence;
mod slips;
mod slips_of_pages;
mod stated_headers;
mod states;
mod strangers;
mod structure;
mod traces;
mod unread;
mod views;
mod why;
