//! The names that a rule gives to expressions, in any order.

use crate::rule::language::{CompileError, Expression, Scope, TermNode, TypedExpr};
use crate::rule::runtime::Type;

/// When an expression can be evaluated: once the last variable that it reads is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Run,
    Subject,
    Group,
    Item,
    Other,
}

#[derive(Debug)]
pub struct Let {
    pub name: Box<str>,
    pub slot: usize,
    pub stage: Stage,
    pub expression: Expression,
}

/// Variables that are declared after the first `let`s.
const LATER: [&str; 3] = ["item", "group", "other"];

/// A `let` that is not compiled yet, with the error of the last attempt: about a variable that may be declared later.
struct Pending<'r> {
    name: &'r str,
    text: &'r str,
    error: Option<CompileError>,
}

/// The `let`s of a rule while it is compiled.
pub(super) struct Lets<'r> {
    pending: Vec<Pending<'r>>,
    pub done: Vec<Let>,
    /// By slot.
    stages: Vec<Stage>,
}

impl<'r> Lets<'r> {
    pub(super) fn of(lets: &'r [(String, String)]) -> Lets<'r> {
        Lets {
            pending: lets.iter().map(|(name, text)| Pending { name, text, error: None }).collect(),
            done: Vec::new(),
            stages: vec![Stage::Subject, Stage::Item, Stage::Group, Stage::Other],
        }
    }

    /// Compiles every `let` whose variables are declared, and returns the errors by name. One that reads a variable that may be
    /// declared later stays pending, unless `last`.
    pub(super) fn compile(&mut self, scope: &mut Scope, last: bool) -> Vec<(&'r str, CompileError)> {
        let mut errors = Vec::new();
        let is_ready = |pending: &Pending, scope: &Scope| {
            let missing = pending.error.as_ref().and_then(|error| error.unknown_variable.as_deref());
            missing.is_none_or(|missing| scope.declares(missing))
        };
        // One that was compiled may be what another one waits for.
        while let Some(at) = self.pending.iter().position(|pending| is_ready(pending, scope)) {
            let name = self.pending[at].name;
            match scope.compile(self.pending[at].text) {
                Err(error) if error.unknown_variable.as_deref().is_some_and(|it| self.may_follow(it)) => {
                    self.pending[at].error = Some(error);
                    continue;
                }
                Ok(expression) => self.declare(name, expression, scope),
                Err(error) => {
                    self.declare_unknown(name, scope);
                    errors.push((name, error));
                }
            }
            self.pending.remove(at);
        }
        if last && let Some(at) = self.in_cycle() {
            let Pending { name, error, .. } = self.pending.remove(at);
            let is_later =
                |error: &CompileError| LATER.map(Some).contains(&error.unknown_variable.as_deref());
            errors.extend(error.map(|error| match is_later(&error) {
                true => (name, error),
                false => (name, CompileError::new("it is computed from itself", error.span)),
            }));
            self.declare_unknown(name, scope);
            errors.extend(self.compile(scope, true));
        }
        errors
    }

    fn declare(&mut self, name: &str, expression: Expression, scope: &mut Scope) {
        let stage = self.stage(&expression.root);
        let slot = scope.declare(&name.replace('-', "_"), expression.root.ty.clone());
        self.stages.resize(slot + 1, Stage::Run);
        self.stages[slot] = stage;
        self.done.push(Let { name: name.into(), slot, stage, expression });
    }

    /// Declares a name all the same, to avoid errors that follow from its own.
    fn declare_unknown(&mut self, name: &str, scope: &mut Scope) {
        let slot = scope.declare(&name.replace('-', "_"), Type::Any);
        self.stages.resize(slot + 1, Stage::Run);
    }

    /// Returns a pending one to which the first leads: one of a cycle, or one that waits for none of the others.
    fn in_cycle(&self) -> Option<usize> {
        let next = |at: usize| {
            let missing = self.pending[at].error.as_ref()?.unknown_variable.as_deref()?;
            self.pending.iter().position(|it| it.name.replace('-', "_") == missing)
        };
        let first = (!self.pending.is_empty()).then_some(0)?;
        Some(self.pending.iter().fold(first, |at, _| next(at).unwrap_or(at)))
    }

    /// True for a variable that may be declared later.
    fn may_follow(&self, variable: &str) -> bool {
        LATER.contains(&variable) || self.pending.iter().any(|it| it.name.replace('-', "_") == variable)
    }

    /// Returns when an expression can be evaluated.
    pub(super) fn stage(&self, term: &TypedExpr) -> Stage {
        let mut latest = Stage::Run;
        term.walk(&mut |term| {
            if let TermNode::Variable(slot) = term.node {
                latest = latest.max(self.stages.get(slot).copied().unwrap_or(Stage::Run));
            }
        });
        latest
    }
}
