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

/// A `let` that is not compiled yet.
struct Pending<'r> {
    name: &'r str,
    text: &'r str,
    /// The first variable that it reads and that was not declared when it was tried.
    missing: Option<Box<str>>,
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
            pending: lets.iter().map(|(name, text)| Pending { name, text, missing: None }).collect(),
            done: Vec::new(),
            stages: vec![Stage::Subject, Stage::Item, Stage::Group, Stage::Other],
        }
    }

    /// Compiles every `let` whose variables are declared, and returns the errors by name. One that reads a variable that may be
    /// declared later stays pending, unless `last`: then it is unknown, or computed from itself.
    pub(super) fn compile(&mut self, scope: &mut Scope, last: bool) -> Vec<(&'r str, CompileError)> {
        let mut errors = self.compile_declared(scope);
        while last && !self.pending.is_empty() {
            let Pending { name, text, missing } = self.pending.remove(self.in_cycle());
            let is_own = missing.as_deref() == Some(&*name.replace('-', "_"));
            let waits = is_own || missing.as_deref().is_some_and(|missing| self.is_pending(missing));
            if let Err(error) = scope.compile(text) {
                errors.push(match waits {
                    true => (name, CompileError::new("it is computed from itself", error.span)),
                    false => (name, error),
                });
            }
            self.declare_unknown(name, scope);
            errors.extend(self.compile_declared(scope));
        }
        errors
    }

    fn compile_declared(&mut self, scope: &mut Scope) -> Vec<(&'r str, CompileError)> {
        let mut errors = Vec::new();
        let mut index = 0;
        while let Some(&Pending { name, text, ref missing }) = self.pending.get(index) {
            if missing.as_ref().is_some_and(|missing| !scope.declares(missing)) {
                index += 1;
                continue;
            }
            match scope.compile(text) {
                Err(error) if error.unknown_variable.as_deref().is_some_and(|it| self.may_follow(it)) => {
                    self.pending[index].missing = error.unknown_variable;
                    index += 1;
                    continue;
                }
                Ok(expression) => self.declare(name, expression, scope),
                Err(error) => {
                    self.declare_unknown(name, scope);
                    errors.push((name, error));
                }
            }
            self.pending.remove(index);
            // One before it may have waited for it.
            index = 0;
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
    fn in_cycle(&self) -> usize {
        self.pending.iter().fold(0, |at, _| {
            let missing = self.pending[at].missing.as_deref();
            let next = self.pending.iter().position(|it| Some(&*it.name.replace('-', "_")) == missing);
            next.unwrap_or(at)
        })
    }

    /// True for a variable that may be declared later.
    fn may_follow(&self, variable: &str) -> bool {
        LATER.contains(&variable) || self.is_pending(variable)
    }

    fn is_pending(&self, variable: &str) -> bool {
        self.pending.iter().any(|it| it.name.replace('-', "_") == variable)
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
