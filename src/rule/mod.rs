//! Rules: files that say what must hold, in a language over the catalog's records.
//!
//! A rule is read ([`file`]), its expressions are checked against the kinds ([`compile`], [`program`])
//! and then evaluated for each record ([`evaluate`]). The language's parts are tables: its
//! [`functions`], its [`members`], its [`types`].

mod bar;
pub mod compile;
pub mod dependencies;
pub mod evaluate;
mod expression;
mod facts;
pub mod file;
pub mod functions;
mod graph;
mod library;
mod members;
mod mistake;
pub mod page;
pub mod params;
mod past;
mod patterns;
mod people;
pub mod program;
mod relate;
pub mod remedy;
mod show;
pub mod signature;
mod template;
pub mod types;
pub mod value;
mod written;

pub use compile::Scope;
pub use dependencies::{Dependencies, EdgeKinds, Reads};
pub use evaluate::{EvalError, EvalResult, Evaluator, STEP_LIMIT};
pub use expression::Expression;
pub use file::{Rule, matches_pattern};
pub use library::{RuleSet, builtin_rules, read_user_rules};
pub use program::{Form, GROUP, ITEM, OTHER, Program, SUBJECT, Stage, Subjects};
pub use template::Template;
pub use types::Type;
pub use value::{Group, Item, Value};
