//! Rejects comparisons of a field with a value that its `enum` does not list.

use std::sync::Arc;

use crate::kind::{AbsentValues, Field, Kind};
use crate::rule::language::error::CompileError;
use crate::rule::language::expression::{Literal, TermNode, TypedExpr};
use crate::rule::runtime::Type;
use crate::schema::{did_you_mean, nearest};

use super::ExpressionCompiler;
use super::calls::literal_text;

impl ExpressionCompiler<'_, '_> {
    /// An empty value of a field is absent, so that the field never equals `""`.
    pub(super) fn check_not_empty(&self, left: &TypedExpr, right: &TypedExpr) -> Result<(), CompileError> {
        for (field, value) in [(left, right), (right, left)] {
            let is_empty =
                matches!(&value.node, TermNode::Literal(Literal::String(text)) if text.trim().is_empty());
            if let (true, TermNode::Field(of, name)) = (is_empty, &field.node)
                && let Type::Record(kinds) = &of.ty
                && self.never_empty(kinds, name)
            {
                let text = field.text_in(self.text);
                let message = format!("`{text}` is never empty: an empty value is absent");
                return Err(CompileError::new(message, field.span.to(value.span))
                    .help(format!("ask whether it is there: `has({text})`")));
            }
        }
        Ok(())
    }

    fn never_empty(&self, kinds: &[Arc<str>], name: &str) -> bool {
        let kinds: Vec<_> = kinds.iter().filter_map(|kind| self.scope.kinds.get(kind)).collect();
        let is_absent = |field: &Field| field.absent != AbsentValues::None;
        !kinds.is_empty() && kinds.iter().all(|kind| kind.shape.field(name).is_none_or(is_absent))
    }

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
