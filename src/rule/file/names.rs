//! The names of records in the conditions of a rule.

use std::sync::Arc;

use crate::rule::language::{Literal, TermNode, TypedExpr};
use crate::rule::runtime::Type;

use super::program::{Form, Program};

/// A name in quotes, and the kinds of the records with which it is compared; without any, those of every kind.
pub struct ComparedName {
    pub name: Arc<str>,
    pub kinds: Box<[Arc<str>]>,
}

impl Program {
    /// Returns the names of records that the conditions of the rule state.
    pub fn compared_names(&self) -> Vec<ComparedName> {
        let when = self.when.iter().map(|(_, when)| when);
        let form = match &self.form {
            Form::Expect(condition) | Form::Due(condition) | Form::Against(condition) => condition,
        };
        let lets = self.lets.iter().map(|one| &one.expression);
        let mut names = Vec::new();
        for expression in when.chain([form]).chain(lets) {
            expression.root.walk(&mut |term| names.extend(names_in(term)));
        }
        names
    }
}

fn names_in(term: &TypedExpr) -> Vec<ComparedName> {
    match &term.node {
        TermNode::Compare(_, one, other) => [(one, other), (other, one)]
            .into_iter()
            .filter_map(|(record, name)| compared(record, name))
            .collect(),
        TermNode::In(record, list) => match &list.node {
            TermNode::List(items) => items.iter().filter_map(|name| compared(record, name)).collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn compared(record: &TypedExpr, name: &TypedExpr) -> Option<ComparedName> {
    let (Type::Record(kinds), TermNode::Literal(Literal::String(name))) = (&record.ty, &name.node) else {
        return None;
    };
    Some(ComparedName { name: name.clone(), kinds: kinds.clone() })
}
