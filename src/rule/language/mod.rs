//! The expression language: parsing, load-time check, evaluation, and messages with expressions.

mod cause;
mod compile;
mod error;
mod evaluate;
mod expression;
mod syntax;
mod template;

pub use cause::{Cause, CauseFinder, Reason};
pub use compile::Scope;
pub use error::{CompileError, expected, unknown, unknown_field};
pub use evaluate::Evaluator;
pub use expression::{ComparisonOperator, Expression, Literal, LoopKind, TermNode, TypedExpr};
pub use template::Template;
