//! Rejects comparisons of a field with a value that its `enum` does not list.

use std::sync::Arc;

use crate::kind::Kind;
use crate::rule::language::error::CompileError;
use crate::rule::language::expression::{TermNode, TypedExpr};
use crate::rule::runtime::Type;
use crate::schema::{did_you_mean, nearest};

use super::ExpressionCompiler;
use super::calls::literal_text;

impl ExpressionCompiler<'_, '_> {
    pub(super) fn check_enum(&self, left: &TypedExpr, right: &TypedExpr) -> Result<(), CompileError> {
        self.check_value(left, right)?;
        self.check_value(right, left)
    }

    pub(super) fn check_enum_list(&self, field: &TypedExpr, list: &TypedExpr) -> Result<(), CompileError> {
        let TermNode::List(items) = &list.node else { return Ok(()) };
        items.iter().try_for_each(|item| self.check_value(field, item))
    }

    fn check_value(&self, field: &TypedExpr, value: &TypedExpr) -> Result<(), CompileError> {
        let (TermNode::Field(holder, name), Some(text)) = (&field.node, literal_text(value)) else {
            return Ok(());
        };
        let Type::Record(kinds) = &holder.ty else { return Ok(()) };
        let kinds = kinds.iter().filter_map(|kind| self.scope.kinds.get(kind));
        let kinds: Vec<&Arc<Kind>> = kinds.filter(|kind| kind.shape.field(name).is_some()).collect();
        let mut known: Vec<&str> = Vec::new();
        for kind in &kinds {
            let Some(listed) = kind.json["properties"][&**name]["enum"].as_array() else { return Ok(()) };
            known.extend(listed.iter().filter_map(|value| value.as_str()));
        }
        if kinds.is_empty() || known.contains(&text) {
            return Ok(());
        }
        let error =
            CompileError::new(format!("unknown value `{text}` of `{name}` in {}", holder.ty), value.span);
        Err(match nearest(text, known.iter().copied()) {
            Some(near) => error.help(did_you_mean(near)),
            None => error.help(format!("use one of: {}", known.join(", "))),
        })
    }
}
