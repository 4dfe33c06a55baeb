//! Where the items of `each` come from.

use std::collections::{HashMap, HashSet};

use crate::rule::builtins::members;
use crate::rule::language::{Expression, Literal, LoopKind, TermNode, TypedExpr};
use crate::rule::runtime::FunctionParam;

use super::lets::Let;
use super::slots::SUBJECT;

/// The fields of the subject, or paths to fields below them, that the items of `each` are values of.
#[derive(Debug, Default)]
pub struct ItemSources {
    /// In the order in which the expression reads them.
    pub fields: Vec<Box<str>>,
    /// True if they also come from the fields that name who is accountable.
    pub accountable: bool,
    /// True if they may also come from elsewhere.
    pub elsewhere: bool,
}

impl ItemSources {
    pub(super) fn of(each: &Expression, lets: &[Let]) -> ItemSources {
        let mut visitor = SourceVisitor {
            found: ItemSources::default(),
            lets,
            paths: HashMap::from([(SUBJECT, String::new())]),
            visited: HashSet::new(),
        };
        visitor.visit(&each.root);
        visitor.found
    }
}

struct SourceVisitor<'p> {
    found: ItemSources,
    lets: &'p [Let],
    /// The slots that hold the subject, or a part of it, with the path to that part.
    paths: HashMap<usize, String>,
    visited: HashSet<usize>,
}

impl SourceVisitor<'_> {
    /// Returns the path of the field that a term reads; empty for the subject itself.
    fn path_of(&self, term: &TypedExpr) -> Option<String> {
        match &term.node {
            TermNode::Variable(slot) => match self.paths.get(slot) {
                Some(path) => Some(path.clone()),
                None => {
                    let named = self.lets.iter().find(|named| named.slot == *slot)?;
                    self.path_of(&named.expression.root)
                }
            },
            TermNode::Field(of, name) => Some(join(&self.path_of(of)?, name)),
            TermNode::OptionalField { operand, selection, .. } => match &selection.node {
                TermNode::Field(_, name) => Some(join(&self.path_of(operand)?, name)),
                _ => None,
            },
            TermNode::OrValue(of, _) | TermNode::Index(of, _) => self.path_of(of),
            TermNode::Loop { kind: LoopKind::Filter, list, .. } => self.path_of(list),
            _ => None,
        }
    }

    fn bind(&mut self, slot: usize, to: &TypedExpr) {
        if let Some(path) = self.path_of(to) {
            self.paths.insert(slot, path);
        }
    }

    fn add(&mut self, field: &str) {
        if !self.found.fields.iter().any(|known| **known == *field) {
            self.found.fields.push(field.into());
        }
    }

    /// Visits the parts of a term whose values can be in its value.
    fn visit(&mut self, term: &TypedExpr) {
        match &term.node {
            TermNode::Field(of, _) => match self.path_of(term) {
                Some(path) => self.add(&path),
                None => self.visit(of),
            },
            TermNode::Member(of, member) if self.path_of(of).is_some_and(|path| path.is_empty()) => {
                self.found.accountable |= members::is_accountable(member);
                self.found.elsewhere = true;
            }
            TermNode::OptionalField { operand, slot, selection } => {
                self.bind(*slot, operand);
                match self.path_of(term) {
                    Some(path) => self.add(&path),
                    None => [operand, selection].into_iter().for_each(|part| self.visit(part)),
                }
            }
            TermNode::Variable(slot) if self.visited.insert(*slot) => {
                let named = self.lets.iter().find(|named| named.slot == *slot);
                named.into_iter().for_each(|named| self.visit(&named.expression.root));
            }
            TermNode::Call(function, parts) => {
                let is_value =
                    |part: &TypedExpr| !matches!(part.node, TermNode::Literal(_) | TermNode::Param(_));
                self.found.elsewhere |= !parts.iter().any(is_value);
                for (part, param) in parts.iter().zip(function.params) {
                    match &part.node {
                        TermNode::Literal(Literal::String(field))
                            if matches!(
                                param,
                                FunctionParam::Field | FunctionParam::FieldPath | FunctionParam::OwnFieldPath
                            ) =>
                        {
                            self.add(field);
                        }
                        _ => self.visit(part),
                    }
                }
            }
            TermNode::Loop { kind: LoopKind::Map, list, slot, body } => {
                self.bind(*slot, list);
                [list, body].into_iter().for_each(|part| self.visit(part));
            }
            TermNode::Loop { list: part, .. }
            | TermNode::Index(part, _)
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

fn join(holder: &str, name: &str) -> String {
    if holder.is_empty() { name.to_owned() } else { format!("{holder}.{name}") }
}
