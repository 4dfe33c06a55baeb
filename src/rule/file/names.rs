//! The names of records in the conditions of a rule.

use std::sync::Arc;

use crate::finding::Fault;
use crate::rule::language::{CompileError, Literal, TermNode, TypedExpr};
use crate::rule::runtime::Type;
use crate::schema::{did_you_mean, nearest};
use crate::text::Span;

use super::location::locate;
use super::mistakes::fault;
use super::program::{Form, Program};
use super::rule::{ANY, Rule};

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

    /// Returns the faults of formats and practices that conditions of a rule name, and that are one of those known but for a slip;
    /// another name may be that of a format or a practice elsewhere.
    pub fn misspelt_names(&self, rule: &Rule, formats: &[&str], practices: &[&str]) -> Vec<Fault> {
        let when = self.when.iter().map(|(_, when)| ("/when".to_owned(), when));
        let form = match &self.form {
            Form::Expect(condition) | Form::Due(condition) | Form::Against(condition) => {
                (format!("/{}", self.form.key()), condition)
            }
        };
        let lets = rule.lets.iter().filter_map(|(name, _)| {
            let named = self.lets.iter().find(|named| *named.name == **name)?;
            Some((format!("/let/{name}"), &named.expression))
        });
        let misspelt = |what: &str, (name, span): (&Arc<str>, Span), known: &[&str]| {
            let near = nearest(name, known.iter().copied()).filter(|_| !known.contains(&&**name))?;
            Some(CompileError::new(format!("unknown {what} `{name}`"), span).help(did_you_mean(near)))
        };
        let mut faults = Vec::new();
        for (pointer, expression) in when.chain([form]).chain(lets) {
            expression.root.walk(&mut |term| {
                let of_formats = formats_in(term).into_iter();
                let of_formats = of_formats.filter_map(|name| misspelt("format", name, formats));
                let of_practice = practice_in(term).and_then(|name| misspelt("practice", name, practices));
                let errors = of_formats.chain(of_practice);
                faults.extend(
                    errors.map(|error| fault(rule, locate(&rule.source, &pointer, error.span), error)),
                );
            });
        }
        faults
    }
}

/// The practice to which a record is held, with its place in the expression.
fn practice_in(term: &TypedExpr) -> Option<(&Arc<str>, Span)> {
    let TermNode::Call(function, arguments) = &term.node else { return None };
    let practice = arguments.get(1).filter(|_| ["held_to", "is_asked"].contains(&function.name))?;
    Some((literal(practice)?, practice.span))
}

/// The names with which the format of a record is compared, each with its place in the expression.
fn formats_in(term: &TypedExpr) -> Vec<(&Arc<str>, Span)> {
    let is_format = |term: &TypedExpr| matches!(&term.node, TermNode::Member(of, member) if member.name == "profile" && matches!(of.ty, Type::Record(_)));
    let (format, names) = match &term.node {
        TermNode::Compare(_, one, other) if is_format(other) => (other, std::slice::from_ref(&**one)),
        TermNode::Compare(_, one, other) => (one, std::slice::from_ref(&**other)),
        TermNode::In(one, list) if let TermNode::List(items) = &list.node => (one, &**items),
        _ => return Vec::new(),
    };
    let names = names.iter().filter(|_| is_format(format));
    names.filter_map(|name| Some((literal(name)?, name.span))).collect()
}

fn names_in(term: &TypedExpr) -> Vec<ComparedName> {
    match &term.node {
        TermNode::Compare(_, one, other) => [(one, other), (other, one)]
            .into_iter()
            .filter_map(|(record, name)| compared(record, name))
            .collect(),
        TermNode::In(record, list) => match &list.node {
            TermNode::List(items) => items.iter().filter_map(|name| compared(record, name)).collect(),
            _ => key_of(list, record).into_iter().collect(),
        },
        TermNode::Index(mapping, key) => key_of(mapping, key).into_iter().collect(),
        TermNode::Call(function, args) if function.name == "named" => match &**args {
            [kind, name] => literal(kind).zip(literal(name)).map(of_kind).into_iter().collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// A key of a mapping whose keys name records, or a record of a list of them.
fn key_of(mapping: &TypedExpr, key: &TypedExpr) -> Option<ComparedName> {
    let kinds = match &mapping.ty {
        Type::Map(keys, ..) => keys,
        Type::List(of) => of,
        _ => return None,
    };
    let Type::Record(kinds) = &**kinds else { return None };
    Some(ComparedName { name: literal(key)?.clone(), kinds: kinds.clone() })
}

fn of_kind((kind, name): (&Arc<str>, &Arc<str>)) -> ComparedName {
    let kinds = if **kind == *ANY { Box::default() } else { Box::from([kind.clone()]) };
    ComparedName { name: name.clone(), kinds }
}

fn literal(term: &TypedExpr) -> Option<&Arc<str>> {
    match &term.node {
        TermNode::Literal(Literal::String(text)) => Some(text),
        _ => None,
    }
}

fn compared(record: &TypedExpr, name: &TypedExpr) -> Option<ComparedName> {
    let (Type::Record(kinds), TermNode::Literal(Literal::String(name))) = (&record.ty, &name.node) else {
        return None;
    };
    Some(ComparedName { name: name.clone(), kinds: kinds.clone() })
}
