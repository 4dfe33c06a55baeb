//! How far a rule looks from what it judges. Where two states of a repository differ only beyond that, the rule says
//! the same of both, and need not be asked.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::term::TERM;

use super::expression::{Expression, Literal, LoopKind, Term, TermNode};
use super::members::WHO;
use super::program::{Form, ITEM, Let, OTHER, Program, Stage, Subjects};
use super::types::Type;

/// What a member or a function looks at besides the values that it is given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Dependency {
    AtItself,
    /// At no more of a record than what it is called, what it is read by, and what it refers to.
    AtIdentity,
    /// At records to which so many references lead, one from the other.
    Ahead(u8),
    /// At records that refer to it.
    Back,
    /// At records of the same identifier.
    Alike,
    /// At all records of the kinds that it is given or yields.
    AtAllOfTheKind,
    /// At all records that a field, which its second argument names, leads to or from, again and again.
    AlongField,
    /// At everybody who can own something.
    AtDirectory,
    /// At all names of the glossary.
    AtVocabulary,
    /// At the pages that links lead to.
    AlongLinks,
    /// At the other files of a folder of which nothing is known.
    AtNeighbours,
    Everywhere,
}

/// Kinds of record.
#[derive(Clone, Debug, PartialEq)]
pub enum KindFilter {
    All,
    These(BTreeSet<Arc<str>>),
}

impl KindFilter {
    pub fn intersects(&self, kinds: &BTreeSet<Arc<str>>) -> bool {
        match self {
            KindFilter::All => !kinds.is_empty(),
            KindFilter::These(these) => these.iter().any(|kind| kinds.contains(kind)),
        }
    }

    /// Those of some kinds that are meant.
    pub fn select<'k>(&self, kinds: &'k BTreeSet<Arc<str>>) -> impl Iterator<Item = &'k Arc<str>> {
        kinds.iter().filter(move |kind| match self {
            KindFilter::All => true,
            KindFilter::These(these) => these.contains(*kind),
        })
    }

    /// No kinds named means all of them.
    fn add(&mut self, kinds: &[Arc<str>]) {
        match self {
            KindFilter::All => {}
            _ if kinds.is_empty() => *self = KindFilter::All,
            KindFilter::These(these) => these.extend(kinds.iter().cloned()),
        }
    }
}

/// The kinds of step by which a rule goes from one record to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct EdgeKinds {
    /// From a record to one that it refers to.
    pub ahead: bool,
    /// To one that refers to it.
    pub back: bool,
    /// To one that has the same identifier.
    pub alike: bool,
}

/// What is read of records, besides what they are called, what they are read by, and what they refer to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reads {
    /// Top-level fields.
    pub fields: BTreeSet<Arc<str>>,
    /// Whether it is more than fields.
    pub beyond_fields: bool,
}

/// What the verdicts of a rule depend on. Its messages may look further: what is said of a finding does not make it
/// another one.
#[derive(Clone, Debug)]
pub struct Dependencies {
    /// The kinds of which it reads any record.
    pub kinds: KindFilter,
    /// What it reads of them.
    pub reads: Reads,
    /// How many steps away from its subject it reads records, at most.
    pub max_distance: u8,
    pub edges: EdgeKinds,
    /// The kinds of which it may read any record, wherever that is.
    pub all_of_kinds: KindFilter,
    /// The kinds of which it tells records by name.
    pub by_name: KindFilter,
    /// The fields that it follows again and again.
    pub transitive_fields: BTreeSet<Box<str>>,
    /// Whether it follows links.
    pub links: bool,
    /// Whether it reads what is noted of files that are no records: of those in one folder together.
    pub notes: bool,
    /// Whether nothing can be said.
    pub everything: bool,
}

impl Dependencies {
    /// What the verdicts depend on, apart from the rule's constants.
    pub fn of(program: &Program) -> Dependencies {
        let mut reach = Dependencies::none();
        reach.everything = program.subjects == Subjects::PolicyFiles;
        match &program.subjects {
            Subjects::Kinds(kinds) => reach.kinds.add(kinds),
            Subjects::AllRecords | Subjects::Files | Subjects::PolicyFiles => reach.kinds = KindFilter::All,
        }
        let mut walk = Walk { reach, distances: Vec::new() };
        walk.program(program);
        walk.reach
    }

    /// What those `let`s depend on that are the same for all subjects.
    pub fn of_constants(program: &Program) -> Dependencies {
        let mut walk = Walk { reach: Dependencies::none(), distances: Vec::new() };
        if program.lets.iter().any(is_constant) {
            // A constant may be made of records that another `let` yields.
            for named in program.lets.iter().filter(|named| named.stage == Stage::Run) {
                walk.bind(named.slot, Some(&named.expression));
            }
        }
        walk.reach
    }

    fn none() -> Dependencies {
        let none = || KindFilter::These(BTreeSet::new());
        Dependencies {
            kinds: none(),
            reads: Reads::default(),
            max_distance: 0,
            edges: EdgeKinds::default(),
            all_of_kinds: none(),
            by_name: none(),
            transitive_fields: BTreeSet::new(),
            links: false,
            notes: false,
            everything: false,
        }
    }
}

/// Whether a `let` is the same for all subjects, and nothing but its own value counts.
fn is_constant(named: &Let) -> bool {
    named.stage == Stage::Run && !leads_on(&named.expression.root.ty)
}

/// Goes through the expressions of a rule.
struct Walk {
    reach: Dependencies,
    /// For each slot, how far from the subject its value may have been found.
    distances: Vec<u8>,
}

impl Walk {
    /// What is bound to slots comes first, and until nothing is found further away: a `let` may stand before what it
    /// reads.
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
        let conditions = program.when.iter().map(|(_, when)| when).chain(&program.group_by);
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

    /// How far from the subject the records are to which the value of a part may lead on. The furthest that is read
    /// on the way is noted.
    fn distance(&mut self, term: &Term) -> u8 {
        if let Some(kinds) = kinds_of(&term.ty) {
            self.reach.kinds.add(kinds);
        }
        let distance = match &term.node {
            TermNode::Literal(_) | TermNode::Param(_) | TermNode::Today => 0,
            TermNode::Variable(slot) => self.distances.get(*slot).copied().unwrap_or(0),
            TermNode::Field(of, name) | TermNode::Untyped(of, name) => {
                self.read(of, name);
                let refers = kinds_of(&term.ty).is_some();
                let looks = if refers { Dependency::Ahead(1) } else { Dependency::AtItself };
                let from = self.distance(of);
                self.look(looks, from, [term, of])
            }
            TermNode::Member(of, member) => {
                let from = self.distance(of);
                self.reads_more_if(member.depends_on == Dependency::AtItself && leads_on(&of.ty));
                self.look(member.depends_on, from, [term, of])
            }
            TermNode::Call(function, parts) => {
                let from = self.furthest(parts);
                // The words of a reference are read from the file.
                self.reads_more_if(parts.iter().any(|part| holds_facts(&part.ty)));
                if let (Dependency::AlongField, Some(field)) = (function.depends_on, parts.get(1)) {
                    self.follow(field);
                }
                self.look(function.depends_on, from, [term, parts.first().unwrap_or(term)])
            }
            // Whether something stands there is told without following it.
            TermNode::Has(selection) => match &selection.node {
                TermNode::Field(of, name) => {
                    self.read(of, name);
                    self.distance(of)
                }
                _ => self.distance(selection),
            },
            TermNode::HasValue(of) | TermNode::Not(of) | TermNode::Negate(of) => self.distance(of),
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
            TermNode::Compare(_, a, b) | TermNode::In(a, b) => {
                self.compare(&a.ty, &b.ty);
                self.distance(a).max(self.distance(b))
            }
            TermNode::List(parts) => self.furthest(parts),
            TermNode::OrValue(a, b)
            | TermNode::Index(a, b)
            | TermNode::And(a, b)
            | TermNode::Or(a, b)
            | TermNode::Arithmetic(_, a, b) => self.distance(a).max(self.distance(b)),
            TermNode::Conditional(condition, a, b) => {
                self.distance(condition);
                self.distance(a).max(self.distance(b))
            }
        };
        self.reach.max_distance = self.reach.max_distance.max(distance);
        if leads_on(&term.ty) { distance } else { 0 }
    }

    fn furthest(&mut self, parts: &[Term]) -> u8 {
        parts.iter().map(|part| self.distance(part)).max().unwrap_or(0)
    }

    /// Notes that a field is read, or a part of one that was noted. What facts there are is noted where they come
    /// from, but a reference's words are read from the file.
    fn read(&mut self, of: &Term, name: &str) {
        match &of.ty {
            Type::Record(_) => drop(self.reach.reads.fields.insert(name.into())),
            Type::Item(_) => {}
            Type::Fact(_) => self.reads_more_if(name == "text"),
            _ => self.reads_more_if(true),
        }
    }

    fn reads_more_if(&mut self, more: bool) {
        self.reach.reads.beyond_fields |= more;
    }

    fn look(&mut self, looks: Dependency, from: u8, terms: [&Term; 2]) -> u8 {
        use Dependency::{AlongLinks, AtDirectory, AtNeighbours, AtVocabulary, Everywhere};
        self.reads_more_if(matches!(
            looks,
            AlongLinks | AtDirectory | AtNeighbours | AtVocabulary | Everywhere
        ));
        match looks {
            Dependency::AtItself | Dependency::AtIdentity | Dependency::AlongField => {}
            Dependency::Ahead(steps) => {
                self.reach.edges.ahead = true;
                return from.saturating_add(steps);
            }
            Dependency::Back => {
                self.reach.edges.back = true;
                return from.saturating_add(1);
            }
            Dependency::Alike => {
                self.reach.edges.alike = true;
                return from.saturating_add(1);
            }
            Dependency::AtAllOfTheKind => {
                let kinds = terms.into_iter().filter_map(|term| kinds_of(&term.ty));
                kinds.for_each(|kinds| self.reach.all_of_kinds.add(kinds));
            }
            Dependency::AtDirectory => self.reach.all_of_kinds.add(&WHO.map(Arc::from)),
            Dependency::AtVocabulary => self.reach.all_of_kinds.add(&[TERM.into()]),
            Dependency::AlongLinks => self.reach.links = true,
            Dependency::AtNeighbours => self.reach.notes = true,
            Dependency::Everywhere => self.reach.everything = true,
        }
        from
    }

    fn follow(&mut self, field: &Term) {
        match &field.node {
            TermNode::Literal(Literal::Text(field)) => {
                drop(self.reach.transitive_fields.insert((&**field).into()))
            }
            _ => self.reach.everything = true,
        }
    }

    /// A record equals each text that names it, and no other one more.
    fn compare(&mut self, a: &Type, b: &Type) {
        match (kinds_of(a), kinds_of(b)) {
            (Some(kinds), None) | (None, Some(kinds)) => self.reach.by_name.add(kinds),
            _ => {}
        }
    }
}

/// Whether a record may be reached from a value of this type.
fn leads_on(ty: &Type) -> bool {
    match ty {
        Type::List(of) | Type::Optional(of) => leads_on(of),
        Type::Any | Type::Record(_) | Type::Item(_) | Type::Fact(_) | Type::Group { .. } => true,
        Type::File | Type::PolicyFile => true,
        _ => false,
    }
}

fn holds_facts(ty: &Type) -> bool {
    match ty {
        Type::List(of) | Type::Optional(of) => holds_facts(of),
        Type::Fact(_) => true,
        _ => false,
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
