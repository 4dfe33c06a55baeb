//! Rules: files that state what must hold, in CEL over the records of the catalog.
//!
//! From the bottom up: [`runtime`] has the values of expressions, `builtins` the functions and members, [`language`] the
//! load-time check and the evaluation, and [`file`] the rules themselves.

#[doc(hidden)]
pub mod builtins;
pub mod file;
pub mod language;
pub mod runtime;

pub(crate) use builtins::{ACCOUNTABLE_KINDS, facts, field_behind};
pub use file::{
    ColumnSpec, Dependencies, EdgeKinds, Form, GROUP, ITEM, OTHER, Page, Program, Rule, RuleSet, SUBJECT,
    SectionSpec, Shown, Stage, Subjects, embedded_rules, is_rule_id, pack_rules, page, params,
    read_user_rules,
};
pub use language::{Cause, CauseFinder, Evaluator, Expression, Reason, Scope, Template};
pub use runtime::{EvalError, EvalResult, Evaluated, Fact, FactIdentity, Group, Item, Type, Value};
