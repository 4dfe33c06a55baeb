//! alignlint reads the governance and strategy files of a repository and checks that they agree: each file against the
//! schema of its kind, and all files together against rules.
//!
//! The library does everything that the program does, without printing:
//!
//! ```
//! use alignlint::linter::{Linter, Options};
//!
//! let options = Options {
//!     directory: "examples/clean".into(),
//!     // The records have not been updated for months.
//!     as_of: alignlint::calendar::parse_date("2027-03-01"),
//!     ..Options::default()
//! };
//! let outcome = Linter::open(options)?.lint()?;
//! for finding in &outcome.findings {
//!     println!("{}: {}: {}", finding.place.source.path(), finding.rule, finding.message);
//! }
//! assert!(outcome.summary.error > 0);
//! # Ok::<(), alignlint::linter::Error>(())
//! ```
//!
//! # The stages
//!
//! Data flows one way:
//!
//! ```text
//! snapshot ─► syntax ─► layout ─► record ─► catalog ─► input ─► check ─► triage ─► report ─► text, JSON, SARIF …
//!                                   ▲                    ▲        ▲         ├────► fix ────► edited files, patch
//!                              kind, format           history    rule       └────► view ───► pages, calendar
//! ```
//!
//! | module | yields |
//! |---|---|
//! | [`snapshot`] | the files of a state: the worktree, the index or a commit |
//! | [`syntax`] | a parsed file, with the position of each key and value |
//! | [`layout`] | parts of a file with what they state; [`value`] reads statuses, dates, references and names in it |
//! | [`record`] | records: id, kind and fields, as defined by [`kind`]; [`format`] names how the pages of communities are recognised, and their words for fields |
//! | [`catalog`] | the index of all records and their references |
//! | [`input`] | what rules see: the catalog, the [`history`] of each field, the base policy |
//! | [`check`] | the findings of all rules of [`rule`] |
//! | [`triage`] | the findings that are neither suppressed nor in the baseline |
//! | [`report`], [`fix`], [`view`] | reports; edited files, which [`output`] writes; pages for people who don't read findings |
//!
//! [`linter`] runs these stages, and [`policy`] holds what they need: the configuration, kinds, formats, rules and
//! baseline. [`cli`] parses arguments, calls [`linter`] and prints; [`lsp`] does the same for an editor.
//!
//! # Where a thing belongs
//!
//! Kinds, formats and rules are data, not code: a kind of record is defined by a file in `schemas/kinds/`, a
//! foreign format by a file in `schemas/formats/`, a rule by a file in `rules/`. The code names no rule and no format. It names only the kinds that it
//! needs itself: owners (`person`, `role`, `team`), the vocabulary (`term`) and suppressions (`exception`).
//!
//! A module imports only from modules above it in the list of `tests/suite/shape.rs`. The groups below are in that order.

#![forbid(unsafe_code)]

// What is read at most.
#[doc(hidden)]
pub mod limits;

// Foundations: text with positions, the tree of a parsed file, findings, lazy values.
pub mod finding;
#[doc(hidden)]
pub mod lazy;
#[doc(hidden)]
pub mod node;
#[doc(hidden)]
pub mod text;

// All that is written; files that keep the results of one run for the next.
#[doc(hidden)]
pub mod cache;
#[doc(hidden)]
pub mod output;

// Parsing: the embedded files; YAML, JSON, TOML and pages.
#[doc(hidden)]
pub mod embedded;
#[doc(hidden)]
pub mod syntax;

// Reading: values in text, dates and amounts, a file as parts with statements; JSON Schema.
#[doc(hidden)]
pub mod calendar;
#[doc(hidden)]
pub mod layout;
#[doc(hidden)]
pub mod schema;
#[doc(hidden)]
pub mod value;

// The state to check, its configuration, and what other repositories hold.
#[doc(hidden)]
pub mod config;
#[doc(hidden)]
pub mod estate;
#[doc(hidden)]
pub mod snapshot;

// Records: how they are cited, their kinds, how foreign formats map onto kinds, how a file is recognised.
#[doc(hidden)]
pub mod citation;
#[doc(hidden)]
pub mod format;
#[doc(hidden)]
pub mod kind;
#[doc(hidden)]
pub mod record;

// When and by whom records were changed.
#[doc(hidden)]
pub mod history;

// The index of all records, suppressions, the vocabulary in prose, and the input of rules.
#[doc(hidden)]
pub mod catalog;
#[doc(hidden)]
pub mod governing;
#[doc(hidden)]
pub mod input;
#[doc(hidden)]
pub mod suppression;
#[doc(hidden)]
pub mod term;

// The rule language: parsing, type checking, evaluation.
#[doc(hidden)]
pub mod rule;

// The policy and its pages, which records practice rules apply to, running rules, removing suppressed and known findings.
#[doc(hidden)]
pub mod adoption;
#[doc(hidden)]
pub mod check;
#[doc(hidden)]
pub mod explain;
#[doc(hidden)]
pub mod policy;
#[doc(hidden)]
pub mod triage;

// Pages for people who don't read findings.
#[doc(hidden)]
pub mod view;

// Reports, fixes, testing rules with their examples, the way from options to findings and new files, and the server of editors.
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod draft;
#[doc(hidden)]
pub mod fix;
pub mod linter;
#[doc(hidden)]
pub mod lsp;
pub mod rename;
#[doc(hidden)]
pub mod report;
#[doc(hidden)]
pub mod rule_test;
#[doc(hidden)]
pub mod starter;
