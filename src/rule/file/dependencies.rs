//! What the findings of a rule depend on. If a change touches none of it, the rule need not run.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::rule::builtins::ACCOUNTABLE_KINDS;
use crate::rule::language::{Expression, Literal, LoopKind, TermNode, TypedExpr};
use crate::rule::runtime::{Dependency, Type};
use crate::term::TERM;

use super::lets::{Let, Stage};
use super::model::{ITEM, OTHER};
use super::program::{Form, Program, Subjects};

/// Kinds of records; `None` means all.
#[derive(Clone, Debug)]
pub struct KindFilter(Option<BTreeSet<Arc<str>>>);

impl Default for KindFilter {
    fn default() -> KindFilter {
        KindFilter(Some(BTreeSet::new()))
    }
}

impl KindFilter {
    pub fn intersects(&self, kinds: &BTreeSet<Arc<str>>) -> bool {
        self.0.as_ref().map_or(!kinds.is_empty(), |these| !these.is_disjoint(kinds))
    }

    /// Adds kinds; an empty list means all.
    fn add(&mut self, kinds: &[Arc<str>]) {
        match &mut self.0 {
            Some(these) if !kinds.is_empty() => these.extend(kinds.iter().cloned()),
            these => *these = None,
        }
    }
}

/// The edges of the reference graph that a rule follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct EdgeKinds {
    pub outgoing: bool,
    pub incoming: bool,
}

/// What the findings of a rule depend on. Its messages are not part of this.
#[derive(Clone, Debug, Default)]
pub struct Dependencies {
    /// The largest number of edges from the subject to a record that it reads.
    pub max_distance: u8,
    pub edges: EdgeKinds,
    /// The kinds of which it may read every record.
    pub all_of_kinds: KindFilter,
    /// The kinds of which it looks up records by name.
    pub by_name: KindFilter,
    pub transitive_fields: BTreeSet<Box<str>>,
    pub links: bool,
    /// True if it reads which files there are.
    pub paths: bool,
    /// True if it may depend on anything.
    pub everything: bool,
}

impl Dependencies {
    pub fn of(program: &Program) -> Dependencies {
        let mut found = Dependencies::of_constants(program);
        found.everything |= program.subjects.are_files() && program.subjects != Subjects::Files;
        let mut walk = DependencyVisitor { found, distances: Vec::new(), is_constant: false };
        walk.program(program);
        walk.found
    }

    /// The dependencies of the `let`s that are the same for all subjects: all records of the kinds that they read.
    fn of_constants(program: &Program) -> Dependencies {
        let found = Dependencies::default();
        let mut walk = DependencyVisitor { found, distances: Vec::new(), is_constant: true };
        if program.lets.iter().any(is_constant) {
            // A constant may read records of another `let`.
            for named in program.lets.iter().filter(|named| named.stage == Stage::Run) {
                walk.bind(named.slot, Some(&named.expression));
            }
        }
        Dependencies { max_distance: 0, edges: EdgeKinds::default(), ..walk.found }
    }
}

/// True if a `let` is the same for all subjects and contains no records.
fn is_constant(named: &Let) -> bool {
    named.stage == Stage::Run && !contains_records(&named.expression.root.ty)
}

struct DependencyVisitor {
    found: Dependencies,
    distances: Vec<u8>,
    is_constant: bool,
}

impl DependencyVisitor {
    fn program(&mut self, program: &Program) {
        loop {
            let before = self.distances.clone();
            self.bind(ITEM, program.each.as_ref());
            for named in program.lets.iter().filter(|named| !is_constant(named)) {
                self.bind(named.slot, Some(&named.expression));
            }
            if let Form::Against(form) = &program.form {
                self.bind(OTHER, Some(form));
            }
            if self.distances == before {
                break;
            }
        }
        let severities = program.severities.iter().map(|(when, _)| when);
        let conditions = program.when.iter().map(|(_, when)| when).chain(&program.group_by).chain(severities);
        let forms = match &program.form {
            Form::Expect(form) | Form::Due(form) => Some(form),
            Form::Against(_) => None,
        };
        for expression in conditions.chain(forms) {
            self.distance(&expression.root);
        }
    }

    fn bind(&mut self, slot: usize, to: Option<&Expression>) {
        let distance = to.map_or(0, |expression| self.distance(&expression.root));
        self.set(slot, distance);
    }

    fn set(&mut self, slot: usize, distance: u8) {
        if self.distances.len() <= slot {
            self.distances.resize(slot + 1, 0);
        }
        self.distances[slot] = distance.max(self.distances[slot]);
    }

    /// The number of edges from the subject to the records in the value of a term; 0 if it contains none. Adds the
    /// dependencies of the term.
    fn distance(&mut self, term: &TypedExpr) -> u8 {
        if let Some(kinds) = kinds_of(&term.ty).filter(|_| self.is_constant) {
            self.found.all_of_kinds.add(kinds);
        }
        let distance = match &term.node {
            TermNode::Variable(slot) => self.distances.get(*slot).copied().unwrap_or(0),
            TermNode::Field(of, _) | TermNode::Untyped(of, _) => {
                let refers = kinds_of(&term.ty).is_some();
                let dependency = if refers { Dependency::Referenced(1) } else { Dependency::Value };
                let from = self.distance(of);
                self.add(dependency, from, [term, of])
            }
            TermNode::Member(of, member) => {
                let from = self.distance(of);
                self.add(member.depends_on, from, [term, of])
            }
            TermNode::Call(function, parts) => {
                let from = self.max_distance(parts.iter().collect());
                if let (Dependency::TransitiveField, Some(field)) = (function.depends_on, parts.get(1)) {
                    self.follow(field);
                }
                self.add(function.depends_on, from, [term, parts.first().unwrap_or(term)])
            }
            // Existence does not depend on the referenced record.
            TermNode::Has(selection) => match &selection.node {
                TermNode::Field(of, _) => self.distance(of),
                _ => self.distance(selection),
            },
            TermNode::OptionalField { operand: over, slot, selection: body } => {
                let distance = self.distance(over);
                self.set(*slot, distance);
                self.distance(body)
            }
            TermNode::Loop { list: over, slot, body, kind } => {
                let distance = self.distance(over);
                self.set(*slot, distance);
                let of_body = self.distance(body);
                if *kind == LoopKind::Map { of_body } else { distance }
            }
            TermNode::Conditional(condition, a, b) => {
                self.distance(condition);
                self.distance(a).max(self.distance(b))
            }
            node => {
                if let TermNode::Compare(_, a, b) | TermNode::In(a, b) = node {
                    self.compare(&a.ty, &b.ty);
                }
                self.max_distance(term.operands())
            }
        };
        self.found.max_distance = self.found.max_distance.max(distance);
        if contains_records(&term.ty) { distance } else { 0 }
    }

    fn max_distance(&mut self, parts: Vec<&TypedExpr>) -> u8 {
        parts.into_iter().map(|part| self.distance(part)).max().unwrap_or(0)
    }

    fn add(&mut self, dependency: Dependency, from: u8, terms: [&TypedExpr; 2]) -> u8 {
        match dependency {
            Dependency::Value | Dependency::Identity | Dependency::TransitiveField => {}
            Dependency::Referenced(steps) => {
                self.found.edges.outgoing = true;
                return from.saturating_add(steps);
            }
            Dependency::Referencing => {
                self.found.edges.incoming = true;
                return from.saturating_add(1);
            }
            Dependency::Duplicates => return from.saturating_add(1),
            Dependency::AllOfKind => {
                let kinds = terms.into_iter().filter_map(|term| kinds_of(&term.ty));
                kinds.for_each(|kinds| self.found.all_of_kinds.add(kinds));
            }
            Dependency::OrgChart => self.found.all_of_kinds.add(&ACCOUNTABLE_KINDS.map(Arc::from)),
            Dependency::Vocabulary => self.found.all_of_kinds.add(&[TERM.into()]),
            Dependency::LinkTargets => self.found.links = true,
            Dependency::Paths => self.found.paths = true,
            Dependency::Everything => self.found.everything = true,
        }
        from
    }

    fn follow(&mut self, field: &TypedExpr) {
        match &field.node {
            TermNode::Literal(Literal::String(field)) => {
                // The graph of references knows the fields of records, not their parts.
                let of_record = field.split('.').next().unwrap_or_default();
                self.found.transitive_fields.insert(of_record.into());
            }
            _ => self.found.everything = true,
        }
    }

    /// Comparing a record with a string looks it up by name.
    fn compare(&mut self, a: &Type, b: &Type) {
        match (kinds_of(a), kinds_of(b)) {
            (Some(kinds), None) | (None, Some(kinds)) => self.found.by_name.add(kinds),
            _ => {}
        }
    }
}

fn contains_records(ty: &Type) -> bool {
    match ty {
        Type::List(of) | Type::Optional(of) => contains_records(of),
        Type::Map(..) => true,
        Type::Any | Type::Record(_) | Type::Item(_) | Type::Fact(_) | Type::Group { .. } => true,
        Type::File => true,
        _ => false,
    }
}

/// The kinds of the records in values of a type; empty means any.
fn kinds_of(ty: &Type) -> Option<&[Arc<str>]> {
    match ty {
        Type::Record(kinds) | Type::Group { kinds, .. } => Some(kinds),
        Type::List(of) | Type::Optional(of) => kinds_of(of),
        Type::Map(key, value) => kinds_of(key).or_else(|| kinds_of(value)),
        Type::Any => Some(&[]),
        _ => None,
    }
}
