//! Calls: resolves the function and checks the arguments.

use std::sync::Arc;

use crate::calendar::{self, Duration};
use crate::config::LazyGlob;
use crate::rule::builtins::{PARTS, functions};
use crate::rule::language::error::{CompileError, expected, unknown, unknown_field};
use crate::rule::language::expression::{Literal, TermNode, TypedExpr};
use crate::rule::language::syntax::{Name, Part};
use crate::rule::runtime::{Argument, Function, Param, Type};
use crate::schema::{self, did_you_mean};
use crate::text::{LazyRegex, Span};

use super::{Compiled, ExpressionCompiler};

impl ExpressionCompiler<'_, '_> {
    pub(super) fn function(
        &mut self,
        name: &Name,
        target: Option<&Part>,
        args: &[Part],
        span: Span,
    ) -> Compiled {
        let receiver = target.map(|target| self.term(target)).transpose()?;
        let receiver_type = receiver.as_ref().map(|receiver| receiver.ty.clone());
        let is_method = receiver.is_some();
        let accepted =
            |function: &&Function| receiver_type.as_ref().is_none_or(|receiver| accepts(function, receiver));
        let candidates = || functions::overloads(&name.text, is_method);
        // Of several forms, the one for the receiver says what is wrong.
        let Some(closest) = candidates().find(accepted).or_else(|| candidates().next()) else {
            return Err(unknown_call(name, receiver_type.as_ref()));
        };
        if !accepted(&closest)
            && let Some(receiver) = receiver_type
                .as_ref()
                .filter(|ty| matches!(ty, Type::List(_) | Type::Optional(_) | Type::Map(..)))
        {
            return Err(CompileError::new(format!("{receiver} has no method `{}`", name.text), name.span));
        }
        let mut terms: Vec<TypedExpr> = receiver.into_iter().collect();
        for part in args {
            terms.push(self.term(part)?);
        }
        let error = match self.check_call(closest, &terms, name.span) {
            Ok(ty) => return Ok(call(closest, terms, ty, span)),
            Err(error) => error,
        };
        let others = candidates().filter(|function| !std::ptr::eq(*function, closest));
        for function in others {
            if let Ok(ty) = self.check_call(function, &terms, name.span) {
                return Ok(call(function, terms, ty, span));
            }
        }
        Err(error)
    }

    fn check_call(
        &self,
        function: &'static Function,
        terms: &[TypedExpr],
        at: Span,
    ) -> Result<Type, CompileError> {
        let max = if function.is_variadic { usize::MAX } else { function.params.len() };
        if terms.len() < function.required || terms.len() > max {
            let message = format!("`{}` takes {}", function.name, expected_count(function));
            return Err(CompileError::new(message, at));
        }
        for (index, term) in terms.iter().enumerate() {
            let param = function.params[index.min(function.params.len() - 1)];
            self.check_argument(param, term, &terms[..index])?;
        }
        let arguments =
            terms.iter().map(|term| Argument { ty: term.ty.clone(), literal: term.literal_text() });
        Ok((function.result)(&arguments.collect::<Vec<_>>()))
    }

    fn check_argument(
        &self,
        param: Param,
        term: &TypedExpr,
        before: &[TypedExpr],
    ) -> Result<(), CompileError> {
        if !takes(param, &term.ty) {
            let error = match (param, param.ty()) {
                (_, Some(ty)) => expected(&ty, &term.ty, term.span),
                (param, None) => {
                    let what = match param {
                        Param::RecordOrItem => "a record or an item",
                        Param::Place => "a string, a file or a part of one",
                        _ => "a list, a mapping or a string",
                    };
                    CompileError::new(format!("expected {what}, found {}", term.ty), term.span)
                }
            };
            return Err(error);
        }
        match (param, term.literal_text()) {
            (Param::Kind, Some(kind)) => self.check_kind(kind, term.span),
            (Param::Part, Some(part)) if !PARTS.contains(&part) => {
                Err(unknown("unknown part", part, term.span, &PARTS))
            }
            (Param::Field | Param::FieldPath, Some(field)) => self.check_field(field, before, term.span),
            // A test compiles the patterns of the program's own rules; a run compiles those that it needs.
            (Param::Pattern, Some(_)) if !self.scope.is_own => Ok(()),
            (Param::Pattern, Some(pattern)) => match schema::compile_pattern(pattern) {
                Ok(_) => Ok(()),
                Err(error) => {
                    Err(CompileError::new(format!("invalid regular expression: {error}"), term.span))
                }
            },
            (Param::Pattern, None) if term.ty == Type::Pattern => Ok(()),
            (Param::Pattern, None) => {
                Err(CompileError::new("expected a regular expression in quotes", term.span)
                    .help("for one from the configuration, declare a parameter with `type: pattern`"))
            }
            (Param::Glob, Some(glob)) => LazyGlob::parse(glob)
                .map(|_| ())
                .map_err(|message| CompileError::new(format!("invalid glob: {message}"), term.span)),
            (Param::Kind | Param::Field | Param::FieldPath | Param::Part, None) => {
                Err(CompileError::new("expected a string in quotes", term.span))
            }
            (Param::DateString | Param::DurationString, Some(text)) => check_literal(param, text, term.span),
            _ => Ok(()),
        }
    }

    pub(super) fn check_kind(&self, kind: &str, span: Span) -> Result<(), CompileError> {
        if kind == "any" || self.scope.kinds.get(kind).is_some() {
            return Ok(());
        }
        let known: Vec<&str> = self.scope.kinds.iter().map(|kind| &*kind.name).collect();
        let error = unknown("unknown kind", kind, span, &known);
        Err(match self.scope.kinds.meant(kind) {
            Some(meant) => error.help(did_you_mean(meant)),
            None => error,
        })
    }

    /// Checks that a field is one of the kind named before it, or else of the receiver.
    fn check_field(&self, field: &str, before: &[TypedExpr], span: Span) -> Result<(), CompileError> {
        let holder = match (before.last().and_then(TypedExpr::literal_text), before.first()) {
            (Some("any"), _) | (None, None) => Type::Record(Box::default()),
            (Some(kind), _) => Type::Record(Box::new([kind.into()])),
            (None, Some(receiver)) => receiver.ty.clone(),
        };
        if holder.field(self.scope.kinds, field).is_some() {
            return Ok(());
        }
        Err(unknown_field(self.scope.kinds, &holder, field, span))
    }
}

/// A call with its regular expressions, which are valid.
fn call(function: &'static Function, mut terms: Vec<TypedExpr>, ty: Type, span: Span) -> TypedExpr {
    for (term, param) in terms.iter_mut().zip(function.params) {
        if let (Param::Pattern, Some(text)) = (param, term.literal_text()) {
            term.node = TermNode::Literal(Literal::Pattern(Arc::new(LazyRegex::known(text))));
        }
    }
    TypedExpr { node: TermNode::Call(function, terms), ty, span }
}

/// The error of a call of a function, or of a method of a value, that does not exist.
fn unknown_call(name: &Name, receiver: Option<&Type>) -> CompileError {
    let what = if receiver.is_some() { "unknown method" } else { "unknown function" };
    let functions = functions::all().filter(|function| match receiver {
        Some(receiver) => function.is_method && accepts(function, receiver),
        None => !function.is_method,
    });
    let of_type: &[&str] = match receiver {
        Some(Type::List(_)) => &["all", "exists", "exists_one", "filter", "map"],
        Some(Type::Optional(_)) => &["orValue", "hasValue"],
        _ => &[],
    };
    let known: Vec<&str> = functions.map(|function| function.name).chain(of_type.iter().copied()).collect();
    unknown(what, &name.text, name.span, &known)
}

/// True if a method can be called on a value of this type.
fn accepts(method: &Function, receiver: &Type) -> bool {
    method.params.first().is_some_and(|param| takes(*param, receiver))
}

fn takes(param: Param, ty: &Type) -> bool {
    match param {
        Param::RecordOrItem => matches!(ty, Type::Any | Type::Record(_) | Type::Item(_)),
        Param::Place => match ty {
            Type::Any | Type::File => true,
            Type::Fact(fact) => fact.is_searchable,
            _ => false,
        },
        Param::Sized => matches!(ty, Type::Any | Type::String | Type::List(_) | Type::Map(..)),
        param => param.ty().is_none_or(|expected| ty.fits(&expected)),
    }
}

fn expected_count(function: &Function) -> String {
    let receiver = usize::from(function.is_method);
    let (min, max) = (function.required - receiver, function.params.len() - receiver);
    match (min, max) {
        _ if function.is_variadic => format!("{min} or more arguments"),
        (min, max) if min < max => format!("{min} to {max} arguments"),
        (1, 1) => "1 argument".to_owned(),
        (count, _) => format!("{count} arguments"),
    }
}

fn check_literal(param: Param, text: &str, span: Span) -> Result<(), CompileError> {
    let (is_valid, what, example) = match param {
        Param::DateString => (calendar::parse_date(text).is_some(), "date", "2026-11-20"),
        _ => (Duration::parse(text).is_some(), "duration", "1 quarter"),
    };
    if is_valid {
        return Ok(());
    }
    let message = format!("`{text}` is not a {what} such as `{example}`");
    Err(CompileError::new(message, span))
}
