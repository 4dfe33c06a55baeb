//! Fields of kinds that are not read from files but computed by an expression, `x-computed`.

use std::sync::{Arc, OnceLock};

use crate::kind::{Field, Kind, Kinds};
use crate::rule::runtime::Type;

use super::compile::Scope;
use super::error::{CompileError, expected};
use super::expression::{Expression, TermNode, TypedExpr};

/// The variable `record`, in the expression of a computed field.
pub(super) const RECORD: usize = 0;

/// The computed fields of all kinds. Each is compiled when a rule first reads it.
pub struct ComputedFields<'k> {
    kinds: &'k Kinds,
    fields: Vec<ComputedField>,
}

struct ComputedField {
    kind: Arc<Kind>,
    name: Arc<str>,
    expression: OnceLock<Option<Expression>>,
}

impl<'k> ComputedFields<'k> {
    pub fn new(kinds: &'k Kinds) -> ComputedFields<'k> {
        let of_kind = |kind: &Arc<Kind>| {
            let computed = kind.shape.fields.iter().filter(|field| field.computed.is_some());
            let names: Vec<Arc<str>> = computed.map(|field| field.name.clone()).collect();
            let kind = kind.clone();
            names.into_iter().map(move |name| ComputedField {
                kind: kind.clone(),
                name,
                expression: OnceLock::new(),
            })
        };
        ComputedFields { kinds, fields: kinds.iter().flat_map(of_kind).collect() }
    }

    /// Returns the number of a field and its expression, which has been checked when its kind was loaded.
    pub(super) fn find(&self, kind: &Kind, name: &str) -> Option<(usize, Option<&Expression>)> {
        let is_wanted = |field: &&ComputedField| *field.name == *name && field.kind.name == kind.name;
        let (number, field) = self.fields.iter().enumerate().find(|(_, field)| is_wanted(field))?;
        let expression = field.expression.get_or_init(|| {
            let field = field.kind.shape.field(&field.name)?;
            compile(self.kinds, kind, field).ok()
        });
        Some((number, expression.as_ref()))
    }
}

/// Returns the fields of the record itself that the expression of a computed field reads.
pub fn own_fields(expression: &Expression) -> Vec<Box<str>> {
    let mut slots = vec![RECORD];
    let mut names = Vec::new();
    expression.root.walk(&mut |term| match &term.node {
        TermNode::Field(operand, name) if is_variable(operand, &slots) => names.push(name.clone()),
        TermNode::OptionalField { operand, slot, .. } if is_variable(operand, &slots) => slots.push(*slot),
        _ => {}
    });
    names
}

fn is_variable(term: &TypedExpr, slots: &[usize]) -> bool {
    matches!(term.node, TermNode::Variable(slot) if slots.contains(&slot))
}

/// Compiles the expression of a computed field.
///
/// # Errors
/// As [`Scope::compile`]; also if it has not the type of the field.
pub fn compile(kinds: &Kinds, kind: &Kind, field: &Field) -> Result<Expression, CompileError> {
    let text = field.computed.as_deref().unwrap_or_default();
    // Checks the patterns of all kinds: few built-in kinds have computed fields.
    let mut scope = Scope::new(kinds, Vec::new()).of_own_rule(true);
    scope.declare("record", Type::Record([kind.name.clone()].into()));
    let expression = scope.compile(text)?;
    let ty = Type::of_field(&field.ty);
    match expression.root.ty.fits(&ty) {
        true => Ok(expression),
        false => Err(expected(&ty, &expression.root.ty, expression.root.span)),
    }
}
