//! What the expressions of a rule can result in for records of one kind: finds kinds for which a rule is never judged because
//! it reads a field that they don't have, or compares one with a word that they don't know.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Not;
use std::sync::Arc;

use crate::kind::{Kind, Kinds};
use crate::rule::language::{
    ComparisonOperator, CompileError, Expression, Literal, LoopKind, TermNode, TypedExpr,
};
use crate::schema::{did_you_mean, nearest};
use crate::text::Span;

use super::location::locate;
use super::program::{Form, Program, Subjects};
use super::rule::Rule;
use super::slots::SUBJECT;

/// What a condition can result in; for other values, `yes` and `no` are both set.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Outcomes {
    yes: bool,
    no: bool,
    /// A field that it reads does not exist in the kind.
    not_judged: bool,
    /// It compares a field with a word that the field can't have in the kind.
    has_foreign_word: bool,
}

const ANY: Outcomes = Outcomes { yes: true, no: true, not_judged: false, has_foreign_word: false };
const NOT_JUDGED: Outcomes = Outcomes { yes: false, no: false, not_judged: true, has_foreign_word: false };

impl Outcomes {
    fn exactly(value: bool) -> Outcomes {
        Outcomes { yes: value, no: !value, ..ANY }
    }

    fn is_never_judged(self) -> bool {
        self.not_judged && !self.yes && !self.no
    }

    fn and(self, other: Outcomes) -> Outcomes {
        let not_judged = |a: Outcomes, b: Outcomes| a.not_judged && (b.yes || b.not_judged);
        Outcomes {
            yes: self.yes && other.yes,
            no: self.no || other.no,
            not_judged: not_judged(self, other) || not_judged(other, self),
            has_foreign_word: self.has_foreign_word || other.has_foreign_word,
        }
    }

    fn union(self, other: Outcomes) -> Outcomes {
        Outcomes {
            yes: self.yes || other.yes,
            no: self.no || other.no,
            not_judged: self.not_judged || other.not_judged,
            has_foreign_word: self.has_foreign_word && other.has_foreign_word,
        }
    }
}

impl Not for Outcomes {
    type Output = Outcomes;

    fn not(self) -> Outcomes {
        Outcomes { yes: self.no, no: self.yes, ..self }
    }
}

/// Returns the mistake of a rule for records which can't be judged for records of one of its kinds; of a rule for all records, if
/// at most one kind can be judged.
pub(super) fn find(rule: &Rule, program: &Program, kinds: &Kinds) -> Option<(Span, CompileError)> {
    let names: Vec<&Arc<str>> = match &program.subjects {
        Subjects::Kinds(names) => names.iter().collect(),
        Subjects::AllRecords => kinds.iter().map(|kind| &kind.name).collect(),
        _ => return None,
    };
    let is_general = program.subjects == Subjects::AllRecords || rule.is_for_a_trait();
    let mut first = None;
    let mut judged: Vec<&str> = Vec::new();
    for kind in names.into_iter().filter_map(|name| kinds.get(name)) {
        let analysis = Analysis::new(program, kind, rule.is_own);
        match analysis.mistake() {
            Some(mistake) => first = first.or(Some((kind, mistake))),
            None => judged.push(&kind.name),
        }
    }
    let (kind, mistake) = first?;
    if is_general && judged.len() > 1 {
        return None;
    }
    let span = locate(&rule.source, mistake.pointer, mistake.span);
    let error = match mistake.cause {
        MistakeCause::NoField(field) if !kinds.iter().any(|kind| kind.shape.field(field).is_some()) => {
            let fields = kinds.iter().flat_map(|kind| kind.shape.fields.iter().map(|field| &*field.name));
            let error = CompileError::new(format!("no kind has a field `{field}`"), Span::at(0));
            let near = nearest(field, fields).map(|near| did_you_mean(near.replace('-', "_")));
            error.help(
                near.unwrap_or_else(|| "run `alignlint explain KIND` for the fields of a kind".to_owned()),
            )
        }
        MistakeCause::ForeignWord { field, word } => {
            let values =
                kinds.iter().filter_map(|kind| kind.shape.field(field)).flat_map(|field| &field.values);
            let values: Vec<&str> = values.map(|value| &**value).collect();
            match nearest(word, values.iter().copied()).filter(|_| !values.contains(&word)) {
                // A slip, although some kind takes any words.
                Some(near) => {
                    let message = format!("unknown value `{word}` of `{field}` in a record");
                    CompileError::new(message, Span::at(0)).help(did_you_mean(near))
                }
                None => mistake.cause.error(kind, &judged),
            }
        }
        cause @ MistakeCause::NoField(_) => cause.error(kind, &judged),
    };
    Some((span, error))
}

struct Mistake<'p> {
    pointer: &'static str,
    span: Span,
    cause: MistakeCause<'p>,
}

enum MistakeCause<'p> {
    NoField(&'p str),
    ForeignWord { field: &'p str, word: &'p str },
}

impl MistakeCause<'_> {
    fn error(&self, kind: &Kind, judged: &[&str]) -> CompileError {
        let a = if kind.name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        let name = &kind.name;
        let only = match judged {
            [] => String::new(),
            [one] => format!("write `for: {one}`, or "),
            more => format!("write `for: [{}]`, or ", more.join(", ")),
        };
        match self {
            MistakeCause::NoField(field) => {
                let message =
                    format!("{a} {name} has no field `{field}`, so the rule is never judged for one");
                let field = field.replace('-', "_");
                CompileError::new(message, Span::at(0))
                    .help(format!("{only}ask for the field first: `has(record.{field}) && …`"))
            }
            MistakeCause::ForeignWord { field, word } => {
                let message =
                    format!("`{field}` is never `{word}` in {a} {name}, so the rule does not fit one");
                let values = kind.shape.field(field).map(|field| field.values.join(", ")).unwrap_or_default();
                CompileError::new(message, Span::at(0))
                    .help(format!("{only}compare with one of its values: {values}"))
            }
        }
    }
}

/// The rule for records of one kind.
struct Analysis<'p> {
    program: &'p Program,
    kind: &'p Kind,
    is_own: bool,
    /// The outcomes of each `let` so far, by slot.
    lets: RefCell<HashMap<usize, Outcomes>>,
}

impl<'p> Analysis<'p> {
    fn new(program: &'p Program, kind: &'p Kind, is_own: bool) -> Analysis<'p> {
        let analysis = Analysis { program, kind, is_own, lets: RefCell::default() };
        // In the order in which they read each other.
        for named in &program.lets {
            analysis.of_variable(named.slot);
        }
        analysis
    }

    fn mistake(&self) -> Option<Mistake<'p>> {
        let program = self.program;
        if let Some((_, when)) = &program.when {
            let outcomes = self.of(&when.root);
            if !outcomes.yes {
                // A condition that is merely false for this kind asks for the others.
                let is_mistaken = outcomes.not_judged || outcomes.has_foreign_word;
                return is_mistaken.then(|| self.caused("/when", when)).flatten();
            }
        }
        let values = [("/each", program.each.as_ref()), ("/group-by", program.group_by.as_ref())];
        let unjudged = |expression: &Expression| self.of(&expression.root).is_never_judged();
        for (pointer, expression) in values {
            if let Some(expression) = expression.filter(|expression| unjudged(expression)) {
                return self.caused(pointer, expression);
            }
        }
        match &program.form {
            Form::Expect(expect) => {
                let outcomes = self.of(&expect.root);
                let is_mistaken =
                    !outcomes.no && outcomes.not_judged || !outcomes.yes && outcomes.has_foreign_word;
                is_mistaken.then(|| self.caused("/expect", expect)).flatten()
            }
            Form::Due(due) => Some(due).filter(|due| unjudged(due)).and_then(|due| self.caused("/due", due)),
            Form::Against(against) => {
                Some(against).filter(|it| unjudged(it)).and_then(|against| self.caused("/against", against))
            }
        }
    }

    fn caused(&self, pointer: &'static str, expression: &'p Expression) -> Option<Mistake<'p>> {
        let (span, cause) = self.cause(&expression.root)?;
        Some(Mistake { pointer, span, cause })
    }

    /// The first part of a term that makes it fail.
    fn cause(&self, term: &'p TypedExpr) -> Option<(Span, MistakeCause<'p>)> {
        if let Some(field) = self.missing_field(term) {
            return Some((term.span, MistakeCause::NoField(field)));
        }
        if let Some((field, word)) = self.foreign_word(term) {
            let whole = term.operands().iter().fold(term.span, |whole, part| whole.to(part.span));
            return Some((whole, MistakeCause::ForeignWord { field, word }));
        }
        if let TermNode::Variable(slot) = term.node {
            let of_let = self.program.lets.iter().find(|named| named.slot == slot)?;
            let (_, cause) = self.cause(&of_let.expression.root)?;
            return Some((term.span, cause));
        }
        let body = if let TermNode::Loop { body, .. } = &term.node { Some(&**body) } else { None };
        let fails = |part: &&TypedExpr| {
            let outcomes = self.of(part);
            outcomes.not_judged || outcomes.has_foreign_word
        };
        term.operands().into_iter().chain(body).filter(fails).find_map(|part| self.cause(part))
    }

    /// A field of the record that the kind does not have.
    fn missing_field<'t>(&self, term: &'t TypedExpr) -> Option<&'t str> {
        match &term.node {
            TermNode::Field(of, name) if matches!(of.node, TermNode::Variable(SUBJECT)) => {
                self.kind.shape.field(name).is_none().then_some(&**name)
            }
            TermNode::OptionalField { operand, selection, .. }
                if matches!(operand.node, TermNode::Variable(SUBJECT)) =>
            {
                let TermNode::Field(_, name) = &selection.node else { return None };
                self.kind.shape.field(name).is_none().then_some(&**name)
            }
            _ => None,
        }
    }

    /// A field and a word that it is compared with and can't have in the kind. Of a list of words, the first if it can have none.
    fn foreign_word<'t>(&self, term: &'t TypedExpr) -> Option<(&'t str, &'t str)> {
        match &term.node {
            TermNode::Compare(ComparisonOperator::Equal, a, b) => [(a, b), (b, a)]
                .into_iter()
                .find_map(|(field, word)| self.foreign(field, std::slice::from_ref(&**word))),
            TermNode::In(field, list) => match &list.node {
                TermNode::List(words) => self.foreign(field, words),
                _ => None,
            },
            _ => None,
        }
    }

    fn foreign<'t>(&self, field: &'t TypedExpr, words: &'t [TypedExpr]) -> Option<(&'t str, &'t str)> {
        let TermNode::Field(of, name) = &field.node else { return None };
        let is_own = matches!(of.node, TermNode::Variable(SUBJECT));
        let field = self.kind.shape.field(name).filter(|field| is_own && !field.values.is_empty())?;
        let is_foreign = |word: &str| {
            (self.is_own || !field.has_removed(word)) && field.values.iter().all(|value| **value != *word)
        };
        let foreign = words.iter().map(|word| match &word.node {
            TermNode::Literal(Literal::String(word)) => is_foreign(word).then_some(&**word),
            _ => None,
        });
        let foreign: Option<Vec<&str>> = foreign.collect();
        Some((&**name, *foreign?.first()?))
    }

    /// The outcome of a comparison with `record.kind`.
    fn kind_test(&self, term: &TypedExpr) -> Option<bool> {
        let is_kind = |term: &TypedExpr| match &term.node {
            TermNode::Member(of, member) => {
                member.name == "kind" && matches!(of.node, TermNode::Variable(SUBJECT))
            }
            _ => false,
        };
        let is_own = |term: &TypedExpr| match &term.node {
            TermNode::Literal(Literal::String(text)) => Some(**text == *self.kind.name),
            _ => None,
        };
        match &term.node {
            TermNode::Compare(operator, a, b) => {
                let other = if is_kind(a) { b } else { Some(a).filter(|_| is_kind(b))? };
                match operator {
                    ComparisonOperator::Equal => is_own(other),
                    ComparisonOperator::NotEqual => is_own(other).map(Not::not),
                    _ => None,
                }
            }
            TermNode::In(a, list) if is_kind(a) => match &list.node {
                TermNode::List(items) => {
                    let own: Option<Vec<bool>> = items.iter().map(is_own).collect();
                    own.map(|own| own.contains(&true))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn of(&self, term: &TypedExpr) -> Outcomes {
        if let Some(known) = self.kind_test(term) {
            return Outcomes::exactly(known);
        }
        if self.foreign_word(term).is_some() {
            return Outcomes { has_foreign_word: true, ..Outcomes::exactly(false) };
        }
        match &term.node {
            TermNode::Literal(Literal::Bool(value)) => Outcomes::exactly(*value),
            TermNode::Variable(slot) => self.of_variable(*slot),
            TermNode::Field(..) if self.missing_field(term).is_some() => NOT_JUDGED,
            TermNode::Has(field) => match field.operands().iter().any(|of| self.of(of).is_never_judged()) {
                _ if self.missing_field(field).is_some() => Outcomes::exactly(false),
                true => Outcomes::exactly(false),
                false => ANY,
            },
            TermNode::HasValue(optional) if self.missing_field(optional).is_some() => {
                Outcomes::exactly(false)
            }
            TermNode::OrValue(optional, otherwise) => match self.missing_field(optional) {
                Some(_) => self.of(otherwise),
                None => ANY,
            },
            TermNode::OptionalField { .. } | TermNode::HasValue(_) => ANY,
            TermNode::Not(of) => !self.of(of),
            TermNode::And(a, b) => self.of(a).and(self.of(b)),
            TermNode::Or(a, b) => !(!self.of(a)).and(!self.of(b)),
            TermNode::Conditional(condition, then, otherwise) => {
                self.of_conditional(condition, then, otherwise)
            }
            TermNode::Loop { kind, list, body, .. } => self.of_loop(*kind, list, body),
            _ => match term.operands().iter().any(|operand| self.of(operand).is_never_judged()) {
                true => NOT_JUDGED,
                false => ANY,
            },
        }
    }

    fn of_variable(&self, slot: usize) -> Outcomes {
        if let Some(known) = self.lets.borrow().get(&slot) {
            return *known;
        }
        let of_let = self.program.lets.iter().find(|named| named.slot == slot);
        let outcomes = of_let.map_or(ANY, |named| self.of(&named.expression.root));
        self.lets.borrow_mut().insert(slot, outcomes);
        outcomes
    }

    fn of_conditional(&self, condition: &TypedExpr, then: &TypedExpr, otherwise: &TypedExpr) -> Outcomes {
        let condition = self.of(condition);
        let branches = [(condition.yes, then), (condition.no, otherwise)];
        let branches = branches.into_iter().filter(|(is_possible, _)| *is_possible);
        let outcomes = branches.map(|(_, branch)| self.of(branch)).reduce(Outcomes::union);
        match outcomes {
            Some(outcomes) => {
                Outcomes { not_judged: outcomes.not_judged || condition.not_judged, ..outcomes }
            }
            None => NOT_JUDGED,
        }
    }

    fn of_loop(&self, kind: LoopKind, list: &TypedExpr, body: &TypedExpr) -> Outcomes {
        if self.of(list).is_never_judged() {
            return NOT_JUDGED;
        }
        match kind {
            // Of an empty list, `all` is true and `exists` false.
            LoopKind::All => Outcomes { yes: true, ..self.of(body) },
            LoopKind::Exists => Outcomes { no: true, ..self.of(body) },
            LoopKind::ExistsOne | LoopKind::Filter | LoopKind::Map => ANY,
        }
    }
}
