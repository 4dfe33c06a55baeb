//! How far a rule looks from what it judges. Where two states of a repository differ only beyond that, the rule says
//! the same of both, and need not be asked.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::expression::{Expression, Term, TermNode};
use super::members::WHO;
use super::program::{Form, ITEM, OTHER, Program, Subjects};
use super::types::Type;

/// What a member or a function looks at besides the values that it is given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Looks {
    AtItself,
    /// At records so many references away, in either direction; one that has the same identifier is as near.
    Steps(u8),
    /// At all records of the kinds that it is given or yields.
    AtAllOfTheKind,
    /// At everybody who can own something.
    AtDirectory,
    /// At all names of the glossary.
    AtVocabulary,
    /// At the pages that links lead to.
    AlongLinks,
    Everywhere,
}

/// Kinds of record.
#[derive(Clone, Debug, PartialEq)]
pub enum Among {
    All,
    These(BTreeSet<Arc<str>>),
}

impl Among {
    pub fn is_concerned(&self, kinds: &BTreeSet<Arc<str>>) -> bool {
        match self {
            Among::All => !kinds.is_empty(),
            Among::These(these) => these.iter().any(|kind| kinds.contains(kind)),
        }
    }

    /// Those of some kinds that are meant.
    pub fn of<'k>(&self, kinds: &'k BTreeSet<Arc<str>>) -> impl Iterator<Item = &'k Arc<str>> {
        kinds.iter().filter(move |kind| match self {
            Among::All => true,
            Among::These(these) => these.contains(*kind),
        })
    }

    /// No kinds named means all of them.
    fn add(&mut self, kinds: &[Arc<str>]) {
        match self {
            Among::All => {}
            _ if kinds.is_empty() => *self = Among::All,
            Among::These(these) => these.extend(kinds.iter().cloned()),
        }
    }
}

/// What the verdicts of a rule depend on. Its messages may look further: what is said of a finding does not make it
/// another one.
#[derive(Clone, Debug)]
pub struct Reach {
    /// The kinds of which it reads any record.
    pub kinds: Among,
    /// How many references away from its subject it reads records, at most.
    pub steps: u8,
    /// The kinds of which it may read any record, wherever that is.
    pub whole: Among,
    /// The kinds of which it tells records by name.
    pub by_name: Among,
    /// Whether it follows links.
    pub links: bool,
    /// Whether nothing can be said.
    pub everything: bool,
}

impl Reach {
    pub fn of(program: &Program) -> Reach {
        let none = || Among::These(BTreeSet::new());
        let mut reach = Reach {
            kinds: none(),
            steps: 0,
            whole: none(),
            by_name: none(),
            links: false,
            everything: program.subjects == Subjects::PolicyFiles,
        };
        match &program.subjects {
            Subjects::Kinds(kinds) => reach.kinds.add(kinds),
            Subjects::AllRecords | Subjects::Files | Subjects::PolicyFiles => reach.kinds = Among::All,
        }
        let mut walk = Walk { reach, distances: Vec::new() };
        walk.program(program);
        walk.reach
    }
}

/// Goes through the expressions of a rule.
struct Walk {
    reach: Reach,
    /// For each slot, how far from the subject its value may have been found.
    distances: Vec<u8>,
}

impl Walk {
    /// In the order in which slots are bound, as far as a `let` does not come before what it reads; then it is gone
    /// through again.
    fn program(&mut self, program: &Program) {
        loop {
            let before = self.distances.clone();
            self.bind(ITEM, program.each.as_ref());
            for named in &program.lets {
                self.bind(named.slot, Some(&named.expression));
            }
            let conditions = program.when.iter().map(|(_, when)| when).chain(&program.group_by);
            for expression in conditions {
                self.expression(expression);
            }
            match &program.form {
                Form::Expect(form) | Form::Due(form) => {
                    self.expression(form);
                }
                Form::Against(form) => self.bind(OTHER, Some(form)),
            }
            if self.distances == before {
                return;
            }
        }
    }

    fn bind(&mut self, slot: usize, to: Option<&Expression>) {
        let distance = to.map_or(0, |expression| self.expression(expression));
        self.set(slot, distance);
    }

    fn set(&mut self, slot: usize, distance: u8) {
        if self.distances.len() <= slot {
            self.distances.resize(slot + 1, 0);
        }
        self.distances[slot] = distance.max(self.distances[slot]);
    }

    fn expression(&mut self, expression: &Expression) -> u8 {
        self.distance(&expression.root)
    }

    /// How far from the subject the records are that a part reads, and those that it yields.
    fn distance(&mut self, term: &Term) -> u8 {
        if let Some(kinds) = kinds_of(&term.ty) {
            self.reach.kinds.add(kinds);
        }
        let distance = match &term.node {
            TermNode::Literal(_) | TermNode::Param(_) | TermNode::Today => 0,
            TermNode::Variable(slot) => self.distances.get(*slot).copied().unwrap_or(0),
            TermNode::List(parts) => self.furthest(parts),
            TermNode::Field(of, _) | TermNode::Untyped(of, _) => {
                let steps = u8::from(kinds_of(&term.ty).is_some());
                self.distance(of).saturating_add(steps)
            }
            TermNode::Member(of, member) => {
                let from = self.distance(of);
                self.look(member.looks, from, [&term.ty, &of.ty])
            }
            TermNode::Call(function, parts) => {
                let from = self.furthest(parts);
                let of = parts.first().map_or(&term.ty, |part| &part.ty);
                self.look(function.looks, from, [&term.ty, of])
            }
            TermNode::Has(of) | TermNode::HasValue(of) | TermNode::Not(of) | TermNode::Negate(of) => {
                self.distance(of)
            }
            TermNode::OptionalField { operand: over, slot, selection: body }
            | TermNode::Loop { list: over, slot, body, .. } => {
                let distance = self.distance(over);
                self.set(*slot, distance);
                distance.max(self.distance(body))
            }
            TermNode::Compare(_, a, b) | TermNode::In(a, b) => {
                self.compare(&a.ty, &b.ty);
                self.distance(a).max(self.distance(b))
            }
            TermNode::OrValue(a, b)
            | TermNode::Index(a, b)
            | TermNode::And(a, b)
            | TermNode::Or(a, b)
            | TermNode::Arithmetic(_, a, b) => self.distance(a).max(self.distance(b)),
            TermNode::Conditional(a, b, c) => self.distance(a).max(self.distance(b)).max(self.distance(c)),
        };
        self.reach.steps = self.reach.steps.max(distance);
        distance
    }

    fn furthest(&mut self, parts: &[Term]) -> u8 {
        parts.iter().map(|part| self.distance(part)).max().unwrap_or(0)
    }

    fn look(&mut self, looks: Looks, from: u8, types: [&Type; 2]) -> u8 {
        match looks {
            Looks::AtItself => {}
            Looks::Steps(steps) => return from.saturating_add(steps),
            Looks::AtAllOfTheKind => {
                types.into_iter().filter_map(kinds_of).for_each(|kinds| self.reach.whole.add(kinds))
            }
            Looks::AtDirectory => self.reach.whole.add(&WHO.map(Arc::from)),
            Looks::AtVocabulary => self.reach.whole.add(&[crate::term::TERM.into()]),
            Looks::AlongLinks => self.reach.links = true,
            Looks::Everywhere => self.reach.everything = true,
        }
        from
    }

    /// A record equals each text that names it, and no other one more.
    fn compare(&mut self, a: &Type, b: &Type) {
        match (kinds_of(a), kinds_of(b)) {
            (Some(kinds), None) | (None, Some(kinds)) => self.reach.by_name.add(kinds),
            _ => {}
        }
    }
}

/// The kinds of the records that values of a type are or hold; an empty list means any.
fn kinds_of(ty: &Type) -> Option<&[Arc<str>]> {
    match ty {
        Type::Record(kinds) | Type::Group { kinds, .. } => Some(kinds),
        Type::List(of) | Type::Optional(of) => kinds_of(of),
        Type::Any => Some(&[]),
        _ => None,
    }
}
