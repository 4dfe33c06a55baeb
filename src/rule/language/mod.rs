//! The expression language: parsing, load-time check, evaluation, and messages with expressions.

mod cause;
mod compile;
mod evaluate;
mod expression;
mod syntax;
mod template;

pub use cause::{Cause, CauseFinder, Reason};
pub use compile::Scope;
pub use evaluate::Evaluator;
pub use expression::{
    ComparisonOperator, CompileError, Compiled, Expression, Literal, LoopKind, TermNode, TypedExpr, expected,
    unknown_field,
};
pub use template::Template;
