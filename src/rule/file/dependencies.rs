//! What the findings of a rule depend on. If a change touches none of it, the rule need not run.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::rule::builtins::ACCOUNTABLE_KINDS;
use crate::rule::language::{Expression, Literal, LoopKind, Template, TermNode, TypedExpr};
use crate::rule::runtime::{Dependency, Function, Ty, Type};
use crate::term::TERM;

use super::model::{ITEM, OTHER};
use super::program::{Form, Program, Subjects};

#[derive(Clone, Debug, Default)]
pub struct KindFilter {
    are_all: bool,
    kinds: BTreeSet<Arc<str>>,
}

impl KindFilter {
    pub fn contains(&self, kind: &Arc<str>) -> bool {
        self.are_all || self.kinds.contains(kind)
    }

    pub fn intersects(&self, kinds: &BTreeSet<Arc<str>>) -> bool {
        if self.are_all { !kinds.is_empty() } else { !self.kinds.is_disjoint(kinds) }
    }

    /// Adds kinds; an empty list means all.
    fn add(&mut self, kinds: &[Arc<str>]) {
        self.are_all |= kinds.is_empty();
        self.kinds.extend(kinds.iter().cloned());
    }
}

/// The edges of the reference graph that a rule follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct EdgeKinds {
    pub outgoing: bool,
    pub incoming: bool,
}

/// What the findings of a rule depend on.
#[derive(Clone, Debug, Default)]
pub struct Dependencies {
    /// The largest number of edges from the subject to a record that it reads.
    pub max_distance: u8,
    pub edges: EdgeKinds,
    /// The kinds of which it may read every record.
    pub all_of_kinds: KindFilter,
    /// The kinds of which it looks up records by name.
    pub by_name: KindFilter,
    /// The fields that it reads of records other than its subject, besides their names and references.
    pub fields: BTreeSet<Box<str>>,
    /// True if it reads whether such a record is live, or who is accountable for it.
    pub standing: bool,
    /// The kinds of which it may read all that such a record says.
    pub whole: KindFilter,
    pub transitive_fields: BTreeSet<Box<str>>,
    pub links: bool,
    /// True if it reads which files there are.
    pub paths: bool,
    /// True if it reads which labels no field takes, of all records.
    pub unread_labels: bool,
    pub everything: bool,
}

impl Dependencies {
    /// Returns what the findings of a rule depend on, on request with all their words, places and fixes.
    pub fn of(program: &Program, with_messages: bool) -> Dependencies {
        let everything = program.subjects.are_files() && program.subjects != Subjects::Files;
        let found = Dependencies { everything, ..Dependencies::default() };
        let is_grouped = program.group_by.is_some();
        let mut walk = DependencyVisitor { is_grouped, found, distances: Vec::new() };
        walk.program(program, with_messages);
        // The help at a broken link names the nearest of all files.
        walk.found.paths |= walk.found.links && with_messages;
        walk.found
    }
}

/// The distance of what no chain of edges leads to from the subject: of any record of a kind, and of all that is read by it.
const FAR: u8 = u8::MAX;

struct DependencyVisitor {
    /// True if each subject is read with the others of its group.
    is_grouped: bool,
    found: Dependencies,
    /// By slot.
    distances: Vec<u8>,
}

impl DependencyVisitor {
    fn program(&mut self, program: &Program, with_messages: bool) {
        loop {
            let before = self.distances.clone();
            self.bind(ITEM, program.each.as_ref());
            for named in &program.lets {
                self.bind(named.slot, Some(&named.expression));
            }
            if let Form::Against(form) = &program.form {
                self.bind(OTHER, Some(form));
            }
            if with_messages {
                self.bind(OTHER, program.related.as_ref());
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
        // A key tells findings apart.
        let keys = program.key.iter().flat_map(Template::expressions);
        let words = program.words().filter(|_| with_messages);
        for expression in conditions.chain(forms).chain(keys).chain(words) {
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

    /// Adds the dependencies of a term; returns the number of edges from the subject to the records in its value, 0 without any.
    fn distance(&mut self, term: &TypedExpr) -> u8 {
        let distance = match (&term.node, term.operands.as_slice()) {
            (TermNode::Variable(slot), _) => self.distances.get(*slot).copied().unwrap_or(0),
            (TermNode::Field(_) | TermNode::Untyped(_), [of]) => {
                let refers = kinds_of(&term.ty).is_some();
                let dependency = if refers { Dependency::Referenced(1) } else { Dependency::Value };
                let from = self.distance(of);
                self.read_field(term, from);
                self.add(dependency, from, [term, of])
            }
            (TermNode::Call(function), parts) => {
                let from = self.max_distance(parts);
                if let (Dependency::TransitiveField, Some(field)) = (function.depends_on, parts.get(1)) {
                    self.follow(field);
                }
                self.read(function, parts, from);
                self.add(function.depends_on, from, [term, parts.first().unwrap_or(term)])
            }
            // Existence does not depend on the referenced record.
            (TermNode::Has, [field @ TypedExpr { node: TermNode::Field(_), operands: of, .. }]) => {
                let from = self.max_distance(of);
                self.read_field(field, from);
                from
            }
            (TermNode::Loop(kind, slot), [list, body]) => {
                let distance = self.distance(list);
                self.set(*slot, distance);
                let of_body = self.distance(body);
                if *kind == LoopKind::Map { of_body } else { distance }
            }
            (TermNode::Conditional, [condition, branches @ ..]) => {
                self.distance(condition);
                self.max_distance(branches)
            }
            (node, operands) => {
                // Comparing a record with a string looks it up by name.
                if let (TermNode::Compare(_) | TermNode::In, [a, b]) = (node, operands)
                    && let (Some(kinds), None) | (None, Some(kinds)) = (kinds_of(&a.ty), kinds_of(&b.ty))
                {
                    self.found.by_name.add(kinds);
                }
                self.max_distance(operands)
            }
        };
        if distance == FAR {
            kinds_of(&term.ty).into_iter().for_each(|kinds| self.found.all_of_kinds.add(kinds));
        } else {
            self.found.max_distance = self.found.max_distance.max(distance);
        }
        if contains_records(&term.ty) { distance } else { 0 }
    }

    fn max_distance(&mut self, parts: &[TypedExpr]) -> u8 {
        parts.iter().map(|part| self.distance(part)).max().unwrap_or(0)
    }

    /// Only the check of its own file reads a subject by itself.
    fn is_of_others(&self, from: u8) -> bool {
        from > 0 || self.is_grouped
    }

    fn read_field(&mut self, field: &TypedExpr, from: u8) {
        match &field.node {
            _ if !self.is_of_others(from) => {}
            TermNode::Field(name) => _ = self.found.fields.insert(name.clone()),
            _ => self.found.whole.add(&[]),
        }
    }

    /// Adds what a function reads of the records and files that it is given.
    fn read(&mut self, function: &Function, parts: &[TypedExpr], from: u8) {
        if !self.is_of_others(from) {
            return;
        }
        if parts.iter().any(|part| part.ty == Type::File) {
            return self.found.whole.add(&[]);
        }
        let reads_field = function.params.contains(&Ty::Field);
        let is_of_record = matches!(function.params.first(), Some(Ty::Record | Ty::RecordOrItem));
        match (function.depends_on, parts) {
            (Dependency::Field | Dependency::OrgChart, [_, field, ..]) if reads_field => {
                self.found.fields.extend(field.literal_text().map(Box::from));
            }
            (Dependency::Value | Dependency::OrgChart, [of, ..]) if is_of_record => {
                self.found.whole.add(kinds_of(&of.ty).unwrap_or_default());
            }
            (Dependency::Standing | Dependency::Referenced(_), _) if is_of_record => {
                self.found.standing = true;
            }
            _ => {}
        }
    }

    fn add(&mut self, dependency: Dependency, from: u8, terms: [&TypedExpr; 2]) -> u8 {
        match dependency {
            Dependency::Value | Dependency::Field | Dependency::Identity | Dependency::Standing => {}
            Dependency::TransitiveField => return from.max(1),
            Dependency::Referenced(steps) => {
                self.found.edges.outgoing |= from != FAR;
                return from.saturating_add(steps);
            }
            Dependency::Referencing => {
                self.found.edges.incoming |= from != FAR;
                return from.saturating_add(1);
            }
            Dependency::Duplicates => return from.saturating_add(1),
            Dependency::AllOfKind => {
                let kinds = terms.into_iter().filter_map(|term| kinds_of(&term.ty));
                kinds.for_each(|kinds| self.found.all_of_kinds.add(kinds));
                return FAR;
            }
            Dependency::AllReferences => {
                self.found.all_of_kinds.add(&[]);
                return FAR;
            }
            Dependency::OrgChart => return self.add_all_of(&ACCOUNTABLE_KINDS.map(Arc::from)),
            Dependency::Vocabulary => return self.add_all_of(&[TERM.into()]),
            Dependency::UnreadLabels => {
                self.found.unread_labels = true;
                self.found.whole.add(&[]);
            }
            Dependency::LinkTargets => {
                self.found.links = true;
                return from.max(1);
            }
            Dependency::Paths => self.found.paths = true,
            Dependency::Everything => self.found.everything = true,
        }
        from
    }

    fn add_all_of(&mut self, kinds: &[Arc<str>]) -> u8 {
        self.found.all_of_kinds.add(kinds);
        self.found.whole.add(kinds);
        FAR
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
}

fn contains_records(ty: &Type) -> bool {
    match ty {
        Type::List(of) | Type::Optional(of) => contains_records(of),
        Type::Any | Type::Record(_) | Type::Item(_) | Type::Map(..) => true,
        Type::Fact(_) | Type::Group { .. } | Type::File => true,
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
