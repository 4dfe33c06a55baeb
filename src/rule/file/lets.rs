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
    /// declared later stays pending, unless `last`.
    pub(super) fn compile(&mut self, scope: &mut Scope, last: bool) -> Vec<(&'r str, CompileError)> {
        let mut errors = self.compile_declared(scope);
        while last && !self.pending.is_empty() {
            errors.push(self.reject(scope));
            errors.extend(self.compile_declared(scope));
        }
        errors
    }

    /// Takes out the first of those that wait for each other, and for none of the variables that are declared later.
    pub(super) fn reject_cycle(&mut self, scope: &mut Scope) -> Option<(&'r str, CompileError)> {
        let missing = |pending: &Pending| scope.compile(pending.text).err()?.unknown_variable;
        let missing: Vec<Option<Box<str>>> = self.pending.iter().map(missing).collect();
        let mut waits: Vec<bool> =
            missing.iter().map(|name| name.as_deref().is_some_and(|name| LATER.contains(&name))).collect();
        for _ in 0..missing.len() {
            for (at, name) in missing.iter().enumerate() {
                let other =
                    self.pending.iter().position(|it| name.as_deref() == Some(&it.name.replace('-', "_")));
                waits[at] |= other.is_some_and(|other| waits[other]);
            }
        }
        let at = self.in_cycle(waits.iter().position(|waits| !waits)?, &missing);
        let error = scope.compile(self.pending.get(at)?.text).err()?;
        Some(self.take_out(at, error, scope))
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
                Err(error) if self.may_be_declared(&error, name) => {
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

    /// Takes out the first pending one that doesn't wait for another, else one of a cycle.
    fn reject(&mut self, scope: &mut Scope) -> (&'r str, CompileError) {
        let errors = self.pending.iter().map(|pending| scope.compile(pending.text).err());
        let mut errors: Vec<CompileError> = errors.flatten().collect();
        let waits =
            |error: &CompileError| error.unknown_variable.as_deref().is_some_and(|it| self.is_pending(it));
        let at = errors.iter().position(|error| !waits(error)).unwrap_or_else(|| {
            let missing: Vec<_> = errors.iter().map(|error| error.unknown_variable.clone()).collect();
            self.in_cycle(0, &missing)
        });
        let error = errors.swap_remove(at);
        self.take_out(at, error, scope)
    }

    /// Returns one of a cycle to which the one at `start` leads. `missing` are the names that the pending ones wait for.
    fn in_cycle(&self, start: usize, missing: &[Option<Box<str>>]) -> usize {
        missing.iter().fold(start, |at, _| {
            let name = missing.get(at).and_then(|name| name.as_deref());
            let next = self.pending.iter().position(|it| Some(&*it.name.replace('-', "_")) == name);
            next.unwrap_or(at)
        })
    }

    /// Takes out a pending one with its error, which says whether it waits for another one that waits for it.
    fn take_out(&mut self, at: usize, error: CompileError, scope: &mut Scope) -> (&'r str, CompileError) {
        let missing = error.unknown_variable.clone().filter(|missing| self.is_pending(missing));
        let Pending { name, .. } = self.pending.remove(at);
        self.declare_unknown(name, scope);
        let written = name.replace('-', "_");
        let error = match missing {
            Some(missing) if *missing == *written => {
                let message = format!("`{written}` is computed from itself");
                CompileError { message, ..error }.help("compute it from other values")
            }
            Some(missing) => {
                let message = format!("`{written}` is computed from itself through `{missing}`");
                CompileError { message, ..error }.help("write one of them without the other")
            }
            None => error,
        };
        (name, error)
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

    fn may_be_declared(&self, error: &CompileError, name: &str) -> bool {
        let Some(missing) = error.unknown_variable.as_deref() else { return false };
        let is_itself = name.replace('-', "_") == missing;
        LATER.contains(&missing) || !is_itself && self.is_pending(missing)
    }

    fn is_pending(&self, variable: &str) -> bool {
        self.pending.iter().any(|pending| pending.name.replace('-', "_") == variable)
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
