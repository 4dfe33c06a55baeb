//! Where the items of `each` come from.

use std::collections::BTreeSet;

use crate::rule::builtins::members;
use crate::rule::language::{Expression, TermNode, TypedExpr};
use crate::rule::runtime::{FunctionParam, Type};

use super::lets::Let;

/// The fields of the subject, or paths to fields below them, that the items of `each` can be values of.
#[derive(Debug, Default)]
pub struct ItemSources {
    /// In the order in which the expression reads them.
    pub fields: Vec<Box<str>>,
    /// True if they also come from the fields that name who is accountable.
    pub accountable: bool,
}

impl ItemSources {
    pub(super) fn of(each: &Expression, lets: &[Let]) -> ItemSources {
        let mut found = ItemSources::default();
        let (mut own, mut below) = (Vec::new(), Vec::new());
        let (mut open, mut seen) = (vec![&each.root], BTreeSet::new());
        while let Some(term) = open.pop() {
            term.walk(&mut |term| match &term.node {
                TermNode::Field(of, name) => match of.ty {
                    Type::Record(_) => own.push(&**name),
                    Type::Item(_) => below.push(&**name),
                    _ => {}
                },
                TermNode::Member(_, member) => found.accountable |= members::is_accountable(member),
                TermNode::Call(function, parts) => {
                    let named = parts.iter().zip(function.params);
                    let named = named.filter(|(_, param)| {
                        matches!(param, FunctionParam::Field | FunctionParam::FieldPath)
                    });
                    own.extend(named.filter_map(|(part, _)| TypedExpr::literal_text(part)));
                }
                TermNode::Variable(slot) if seen.insert(*slot) => {
                    let named = lets.iter().find(|named| named.slot == *slot);
                    open.extend(named.map(|named| &named.expression.root));
                }
                _ => {}
            });
        }
        for field in own {
            let paths = below.iter().map(|name| format!("{field}.{name}").into_boxed_str());
            for path in [field.into()].into_iter().chain(paths) {
                if !found.fields.contains(&path) {
                    found.fields.push(path);
                }
            }
        }
        found
    }
}
