//! alignlint reads the governance and strategy files of a repository and checks that they agree: each
//! against the schema of its kind, all of them together against rules.
//!
//! This page is the tour. Data flows one way; each stage has one type, and a module imports only from
//! those above it (a test walks the imports).
//!
//! ```text
//! snapshot ─► document ─► record ─► catalog ─► finding ─► verdict ─► report
//! (bytes)    (spanned    (kind,    (indexes,  (rule,     (what to   (for a person
//!             tree,       id,       both-way   place,     report)    or a program)
//!             prose)      fields)   references message)
//! ```
//!
//! Knowledge is data: a kind of record is a file in `schemas/kinds/`, a foreign format one in
//! `schemas/profiles/`, a rule one in `rules/`. No rule and no format is named in this code, and of the
//! kinds only those that the program itself leans on: who can own (`person`, `role`, `team`), what the
//! vocabulary is made of (`term`), what excuses (`exception`).

#![forbid(unsafe_code)]

// What everything stands on: text and places in it, the tree that every format is read into, what is
// said of it, and how dates and amounts are written.
pub mod calendar;
pub mod finding;
pub mod lazy;
pub mod node;
pub mod text;

// What one run keeps for the next.
pub mod cache;

// Reading: the embedded files; YAML, JSON, TOML and Markdown; schemas over the tree.
pub mod embedded;
pub mod schema;
pub mod syntax;

// The state that is judged, and what the repository says about how.
pub mod config;
pub mod snapshot;

// Records: what kinds there are, how foreign formats map onto them, which records a document holds.
pub mod kind;
pub mod profile;
pub mod record;

// What Git knows of their past.
pub mod history;

// All records together, what suppresses findings, all that rules can ask about a state, and the vocabulary in prose.
pub mod catalog;
pub mod input;
pub mod suppression;
pub mod term;

// Rules: the file, the language, its load-time check and its evaluation.
pub mod rule;

// The bar (configuration, kinds, profiles, rules, baseline of one snapshot), the check itself, what it comes to,
// and rules tried on their own examples.
pub mod check;
pub mod policy;
pub mod rule_test;
pub mod triage;

// What of it can be mended, and how it is told.
pub mod cli;
pub mod fix;
pub mod report;
