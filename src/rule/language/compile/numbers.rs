//! Rejects comparisons with a number that a field can't have.

use crate::kind::Field;
use crate::rule::language::error::CompileError;
use crate::rule::language::expression::{ComparisonOperator, Literal, TermNode, TypedExpr};

use super::ExpressionCompiler;

impl ExpressionCompiler<'_, '_> {
    /// Only of a user's own rule. A number that is a limit itself may be written for clarity.
    pub(super) fn check_numbers(
        &self,
        operator: ComparisonOperator,
        left: &TypedExpr,
        right: &TypedExpr,
    ) -> Result<(), CompileError> {
        let is_equality = matches!(operator, ComparisonOperator::Equal | ComparisonOperator::NotEqual);
        self.check_number(left, right, is_equality)?;
        self.check_number(right, left, is_equality)
    }

    pub(super) fn check_number(
        &self,
        field: &TypedExpr,
        number: &TypedExpr,
        is_equality: bool,
    ) -> Result<(), CompileError> {
        let (TermNode::Field(of, name), Some(value)) = (&field.node, literal_number(number)) else {
            return Ok(());
        };
        let fields = self.fields_called(&of.ty, name);
        let excludes = |field: &&Field| match is_equality {
            true => field.numbers.excludes(value),
            false => field.numbers.is_beyond(value),
        };
        let Some(first) = fields.first().filter(|_| self.scope.is_own && fields.iter().all(excludes)) else {
            return Ok(());
        };
        let message = format!("`{name}` is never {value} in {}", of.ty);
        let help = format!("compare with a number that its schema allows: {}", first.numbers.described());
        Err(CompileError::new(message, number.span).help(help))
    }
}

fn literal_number(term: &TypedExpr) -> Option<f64> {
    match &term.node {
        TermNode::Literal(Literal::Int(number)) => Some(*number as f64),
        TermNode::Literal(Literal::Double(number)) => Some(*number),
        TermNode::Negate(of) => literal_number(of).map(|number| -number),
        _ => None,
    }
}
