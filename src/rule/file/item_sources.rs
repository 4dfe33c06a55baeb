//! Where the items of `each` come from.

use std::collections::HashSet;

use crate::rule::builtins::members;
use crate::rule::language::{Expression, Literal, LoopKind, TermNode, TypedExpr};
use crate::rule::runtime::FunctionParam;

use super::program::Let;
use super::slots::SUBJECT;

/// The fields of the subject that the items of `each` are values of.
#[derive(Debug, Default)]
pub struct ItemSources {
    /// In the order in which the expression reads them.
    pub fields: Vec<Box<str>>,
    /// True if they also come from the fields that name who is accountable.
    pub accountable: bool,
}

impl ItemSources {
    pub(super) fn of(each: &Expression, lets: &[Let]) -> ItemSources {
        let subjects = HashSet::from([SUBJECT]);
        let mut visitor =
            SourceVisitor { found: ItemSources::default(), lets, subjects, visited: HashSet::new() };
        visitor.visit(&each.root);
        visitor.found
    }
}

struct SourceVisitor<'p> {
    found: ItemSources,
    lets: &'p [Let],
    /// The slots that hold the subject.
    subjects: HashSet<usize>,
    visited: HashSet<usize>,
}

impl SourceVisitor<'_> {
    fn is_subject(&self, term: &TypedExpr) -> bool {
        matches!(&term.node, TermNode::Variable(slot) if self.subjects.contains(slot))
    }

    fn add(&mut self, field: &str) {
        if !self.found.fields.iter().any(|known| **known == *field) {
            self.found.fields.push(field.into());
        }
    }

    /// Visits the parts of a term whose values can be in its value.
    fn visit(&mut self, term: &TypedExpr) {
        match &term.node {
            TermNode::Field(of, name) if self.is_subject(of) => self.add(name),
            TermNode::Member(of, member) if self.is_subject(of) => {
                self.found.accountable |= members::is_accountable(member);
            }
            TermNode::OptionalField { operand, slot, selection } => {
                if self.is_subject(operand) {
                    self.subjects.insert(*slot);
                }
                self.visit(operand);
                self.visit(selection);
            }
            TermNode::Variable(slot) if self.visited.insert(*slot) => {
                let named = self.lets.iter().find(|named| named.slot == *slot);
                named.into_iter().for_each(|named| self.visit(&named.expression.root));
            }
            TermNode::Call(function, parts) => {
                for (part, param) in parts.iter().zip(function.params) {
                    match &part.node {
                        TermNode::Literal(Literal::String(field)) if *param == FunctionParam::Field => {
                            self.add(field);
                        }
                        _ => self.visit(part),
                    }
                }
            }
            TermNode::Loop { kind: LoopKind::Map, list, body, .. } => {
                [list, body].into_iter().for_each(|part| self.visit(part));
            }
            TermNode::Loop { list: part, .. }
            | TermNode::Index(part, _)
            | TermNode::Field(part, _)
            | TermNode::Untyped(part, _)
            | TermNode::Member(part, _) => self.visit(part),
            TermNode::OrValue(a, b) | TermNode::Arithmetic(_, a, b) | TermNode::Conditional(_, a, b) => {
                self.visit(a);
                self.visit(b);
            }
            TermNode::List(parts) => parts.iter().for_each(|part| self.visit(part)),
            _ => {}
        }
    }
}
