//! The load-time check: resolves every name against the schemas of the kinds, and every operation against the types of
//! its operands.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::calendar::{self, Duration};
use crate::config::LazyGlob;
use crate::kind::{Field, Kinds};
use crate::limits;
use crate::rule::builtins::{PARTS, functions};
use crate::rule::runtime::{Argument, CallForm, Function, Ty, Type, fields_of};
use crate::schema::{self, did_you_mean};
use crate::text::{LazyRegex, Span};

use super::expression::{
    Arithmetic, ComparisonOperator, CompileError, Compiled, Expression, Literal, LoopKind, TermNode,
    TypedExpr, expected, no_operation, unknown, unknown_field, unknown_variable,
};
use super::syntax::{self, Name, Operation, Part};

/// The variables and parameters that an expression may use.
pub struct Scope<'k> {
    kinds: &'k Kinds,
    variables: Vec<Variable>,
    params: Vec<(String, Type)>,
    slots: usize,
    /// True for a rule of the user's own. One of the program's may name values that a user's kind does not allow; tests check the others.
    is_own: bool,
}

struct Variable {
    name: String,
    ty: Type,
    slot: usize,
    is_used: Cell<bool>,
}

impl<'k> Scope<'k> {
    pub fn new(kinds: &'k Kinds, params: Vec<(String, Type)>) -> Scope<'k> {
        Scope { kinds, variables: Vec::new(), params, slots: 0, is_own: false }
    }

    #[must_use]
    pub fn of_own_rule(self, is_own: bool) -> Scope<'k> {
        Scope { is_own, ..self }
    }

    pub fn declare(&mut self, name: &str, ty: Type) -> usize {
        let slot = self.slots;
        self.slots += 1;
        self.variables.push(Variable { name: name.to_string(), ty, slot, is_used: Cell::new(false) });
        slot
    }

    pub fn define(&mut self, slot: usize, name: &str, ty: Type) {
        if let Some(variable) = self.variables.iter_mut().find(|variable| variable.slot == slot) {
            variable.name = name.to_string();
            variable.ty = ty;
        }
    }

    pub fn declares(&self, name: &str) -> bool {
        self.variables.iter().any(|variable| variable.name == name)
    }

    /// True if an expression reads the variable.
    pub fn is_used(&self, name: &str) -> bool {
        self.variables.iter().any(|variable| variable.name == name && variable.is_used.get())
    }

    pub fn type_of(&self, slot: usize) -> &Type {
        self.variables.iter().find(|it| it.slot == slot).map_or(&Type::Any, |it| &it.ty)
    }

    /// Returns false for a rule of the program where no kind is the user's own: tests check its fields.
    pub fn may_lack_fields(&self) -> bool {
        self.is_own || self.kinds.iter().any(|kind| kind.own_source.is_some())
    }

    /// Checks that a field of the records or items of a type can have a value: its schema may list those that it can.
    pub fn check_value_of(&self, holder: &Type, field: &str, value: &str, span: Span) -> Compiled<()> {
        if !self.is_own {
            return Ok(());
        }
        let fields: Vec<&Field> = fields_of(self.kinds, holder).filter(|it| *it.name == *field).collect();
        let values = fields.iter().flat_map(|field| &field.values);
        let known: BTreeSet<&str> = values.map(|value| &**value).collect();
        // One without an `enum` can have any value.
        let is_free = fields.iter().any(|field| field.values.is_empty());
        if is_free || known.is_empty() || known.contains(value) {
            return Ok(());
        }
        Err(unknown("unknown value", value, span, &known.into_iter().collect::<Vec<_>>()))
    }

    /// Compiles an expression; an unknown name, or an operation on the wrong types, is an error.
    pub fn compile(&mut self, text: &str) -> Compiled<Expression> {
        let root = syntax::parse(text)?;
        let root = ExpressionCompiler { scope: self, loops: 0 }.term(&root)?;
        Ok(Expression { text: text.into(), root })
    }

    /// As [`Scope::compile`]; also an error if it is not a boolean.
    pub fn condition(&mut self, text: &str) -> Compiled<Expression> {
        let expression = self.compile(text)?;
        require_condition(&expression.root).map(|()| expression)
    }
}

struct ExpressionCompiler<'s, 'k> {
    scope: &'s mut Scope<'k>,
    loops: usize,
}

impl ExpressionCompiler<'_, '_> {
    fn term(&mut self, part: &Part) -> Compiled {
        let span = part.span;
        match (&part.operation, part.operands.as_slice()) {
            (Operation::Literal(literal), _) => {
                typed(TermNode::Literal(literal.clone()), [], literal_type(literal), span)
            }
            (Operation::Name(name), _) => self.variable(name),
            (Operation::List, parts) => {
                let items = self.terms(parts)?;
                let of = items.iter().map(|item| item.ty.clone()).reduce(Type::join).unwrap_or(Type::Nothing);
                typed(TermNode::List, items, Type::list(of), span)
            }
            (Operation::Select(name), [of]) => self.select(of, name, span),
            (Operation::OptionalSelect(name), [of]) => {
                let operand = self.term(of)?;
                self.optional_select(operand, name, span)
            }
            (Operation::Index, [list, index]) => {
                let (list, index) = (self.term(list)?, self.term(index)?);
                Self::index(list, index, span)
            }
            (Operation::Call(name), args) => match (&*name.text, args) {
                ("has", [argument]) => self.has(argument, span),
                _ => self.function(name, CallForm::Function, args, span),
            },
            (Operation::Method(name), parts) => self.method(name, parts, span),
            (Operation::Not, [of]) => typed(TermNode::Not, [self.condition(of)?], Type::Bool, span),
            (Operation::Negate, [of]) => {
                let operand = self.term(of)?;
                if !operand.ty.is_number() && !operand.ty.is_any() {
                    return Err(CompileError::new(format!("can't negate {}", operand.ty), operand.span));
                }
                let ty = operand.ty.clone();
                typed(TermNode::Negate, [operand], ty, span)
            }
            (Operation::And, [left, right]) => {
                typed(TermNode::And, [self.condition(left)?, self.condition(right)?], Type::Bool, span)
            }
            (Operation::Or, [left, right]) => {
                typed(TermNode::Or, [self.condition(left)?, self.condition(right)?], Type::Bool, span)
            }
            (Operation::In, [value, list]) => {
                let (value, list) = (self.term(value)?, self.term(list)?);
                self.contained(value, list, span)
            }
            (Operation::Compare(comparison), [left, right]) => {
                let (left, right) = (self.term(left)?, self.term(right)?);
                self.comparison(*comparison, left, right, span)
            }
            (Operation::Arithmetic(operation), [left, right]) => {
                let (left, right) = (self.term(left)?, self.term(right)?);
                let Some(ty) = arithmetic_type(*operation, &left.ty, &right.ty) else {
                    return Err(no_operation(operation.verb(), &left.ty, &right.ty, span));
                };
                typed(TermNode::Arithmetic(*operation), [left, right], ty, span)
            }
            (Operation::Conditional, [condition, then, otherwise]) => {
                let condition = self.condition(condition)?;
                let (then, otherwise) = (self.term(then)?, self.term(otherwise)?);
                let ty = then.ty.clone().join(otherwise.ty.clone());
                typed(TermNode::Conditional, [condition, then, otherwise], ty, span)
            }
            _ => Err(CompileError::new("the expression is not complete", span)),
        }
    }

    fn terms(&mut self, parts: &[Part]) -> Compiled<Vec<TypedExpr>> {
        parts.iter().map(|part| self.term(part)).collect()
    }

    fn variable(&self, name: &Name) -> Compiled {
        let Name { text, span } = name;
        let found = self.scope.variables.iter().rev().find(|variable| *variable.name == **text);
        if let Some(variable) = found {
            variable.is_used.set(true);
            return typed(TermNode::Variable(variable.slot), [], variable.ty.clone(), *span);
        }
        if &**text == "today" {
            return typed(TermNode::Today, [], Type::Date, *span);
        }
        let named = self.scope.variables.iter().map(|variable| variable.name.as_str());
        let known: Vec<&str> = named.filter(|name| !name.is_empty()).chain(["today"]).collect();
        Err(unknown_variable(text, *span, &known))
    }

    fn select(&mut self, of: &Part, name: &Name, span: Span) -> Compiled {
        if let Operation::Name(of) = &of.operation
            && &*of.text == "params"
            && !self.scope.declares("params")
        {
            return self.param(name, span);
        }
        let operand = self.term(of)?;
        match operand.ty {
            Type::Optional(_) => self.optional_select(operand, name, span),
            _ => self.selection(operand, name, span),
        }
    }

    fn param(&self, name: &Name, span: Span) -> Compiled {
        let params = &self.scope.params;
        if let Some((at, (_, ty))) = params.iter().enumerate().find(|(_, (param, _))| **param == *name.text) {
            return typed(TermNode::Param(at), [], ty.clone(), span);
        }
        let known: Vec<&str> = params.iter().map(|(param, _)| param.as_str()).collect();
        Err(unknown("unknown parameter", &name.text, name.span, &known))
    }

    fn selection(&mut self, operand: TypedExpr, name: &Name, span: Span) -> Compiled {
        if let Some(member) = functions::member(&operand.ty, &name.text) {
            let ty = member.result.of(&[Argument { ty: operand.ty.clone(), literal: None }]);
            return typed(TermNode::Call(member), [operand], ty, span);
        }
        let field = name.text.replace('_', "-");
        if operand.ty.is_any() {
            return typed(TermNode::Untyped(name.text.clone()), [operand], Type::Any, span);
        }
        let ty = match &operand.ty {
            Type::Item(_) if &*name.text == "record" => Some(Type::Record(Box::default())),
            ty => ty.field(self.scope.kinds, &field),
        };
        let Some(ty) = ty else {
            let known = self.members_of(&operand.ty);
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            return Err(unknown(&format!("{} has no field", operand.ty), &name.text, name.span, &known));
        };
        typed(TermNode::Field(field.into()), [operand], ty, span)
    }

    fn members_of(&self, ty: &Type) -> Vec<String> {
        let fields = fields_of(self.scope.kinds, ty).map(|field| field.name.replace('-', "_"));
        let members = functions::member_names(ty).map(str::to_string);
        let of_fact = if let Type::Fact(fact) = ty { Some(fact.members()) } else { None };
        let of_fact = of_fact.into_iter().flatten().map(|(name, _)| name.to_owned());
        members.chain(fields).chain(of_fact).collect()
    }

    fn optional_select(&mut self, operand: TypedExpr, name: &Name, span: Span) -> Compiled {
        let operand = match operand.ty {
            Type::Optional(inner) => TypedExpr { ty: *inner, ..operand },
            _ => operand,
        };
        let selection = self.selection(operand, name, span)?;
        let ty = Type::Optional(Box::new(selection.ty.clone()));
        typed(TermNode::Optional, [selection], ty, span)
    }

    /// Compiles a call of a method, whose receiver is the first part.
    fn method(&mut self, name: &Name, parts: &[Part], span: Span) -> Compiled {
        match (&*name.text, LoopKind::from_name(&name.text), parts) {
            ("orValue", _, [target, otherwise]) => self.or_value(target, otherwise, span),
            ("hasValue", _, [part]) => typed(TermNode::HasValue, [self.optional(part)?], Type::Bool, span),
            (_, Some(kind), [list, bound, body]) => self.run_loop(kind, [list, bound, body], name, span),
            (loop_name, Some(_), _) => {
                let message = format!("`{loop_name}` takes a variable and an expression");
                Err(CompileError::new(message, name.span))
            }
            _ => self.function(name, CallForm::Method, parts, span),
        }
    }

    fn has(&mut self, argument: &Part, span: Span) -> Compiled {
        let selection = self.term(argument)?;
        if !selection.is_selection() {
            let message = "expected a field in `has()`, as in `has(record.owner)`";
            return Err(CompileError::new(message, selection.span));
        }
        typed(TermNode::Has, [selection], Type::Bool, span)
    }

    fn index(list: TypedExpr, index: TypedExpr, span: Span) -> Compiled {
        let ty = if let Type::Map(key, value) = &list.ty {
            if !index.ty.fits(&Type::String) || !index.ty.can_equal(key) {
                return Err(expected(&Type::String, &index.ty, index.span));
            }
            (**value).clone()
        } else {
            let element = element(&list)?;
            if !(list.ty.is_any() && index.ty == Type::String) {
                require(&index, &Type::Int)?;
            }
            element
        };
        typed(TermNode::Index, [list, index], ty, span)
    }

    fn condition(&mut self, part: &Part) -> Compiled {
        let term = self.term(part)?;
        require_condition(&term)?;
        Ok(term)
    }

    fn optional(&mut self, part: &Part) -> Compiled {
        let term = self.term(part)?;
        match term.ty {
            Type::Optional(_) | Type::Any => Ok(term),
            _ => Err(CompileError::new("expected a field that is read with `.?`", term.span)),
        }
    }

    fn or_value(&mut self, target: &Part, otherwise: &Part, span: Span) -> Compiled {
        let target = self.optional(target)?;
        let otherwise = self.term(otherwise)?;
        let inner = match &target.ty {
            Type::Optional(inner) => (**inner).clone(),
            _ => Type::Any,
        };
        if !otherwise.ty.fits(&inner) && !inner.fits(&otherwise.ty) {
            return Err(expected(&inner, &otherwise.ty, otherwise.span));
        }
        let ty = if inner.is_any() { otherwise.ty.clone() } else { inner.join(otherwise.ty.clone()) };
        typed(TermNode::OrValue, [target, otherwise], ty, span)
    }

    fn contained(&mut self, value: TypedExpr, list: TypedExpr, span: Span) -> Compiled {
        let of = match &list.ty {
            Type::Map(key, ..) => (**key).clone(),
            _ => element(&list)?,
        };
        if !value.ty.can_equal(&of) {
            return Err(no_operation("compare", &value.ty, &of, value.span));
        }
        if let TermNode::List = &list.node {
            list.operands.iter().try_for_each(|item| self.check_value(&value, item))?;
        }
        typed(TermNode::In, [value, list], Type::Bool, span)
    }

    fn comparison(
        &mut self,
        comparison: ComparisonOperator,
        left: TypedExpr,
        right: TypedExpr,
        span: Span,
    ) -> Compiled {
        let is_equality = matches!(comparison, ComparisonOperator::Equal | ComparisonOperator::NotEqual);
        // A null in a file is an absent value, and no comparison with one has a result.
        let is_null = |one: &TypedExpr, other: &TypedExpr| {
            one.ty == Type::Null
                && (matches!(other.node, TermNode::Field(_))
                    || !matches!(other.ty, Type::Any | Type::Null | Type::Nothing))
        };
        let is_defined = match is_equality {
            true => left.ty.can_equal(&right.ty) && !is_null(&left, &right) && !is_null(&right, &left),
            false => left.ty.can_compare(&right.ty),
        };
        if !is_defined {
            return Err(no_operation("compare", &left.ty, &right.ty, span));
        }
        if is_equality {
            self.check_value(&left, &right)?;
            self.check_value(&right, &left)?;
        }
        typed(TermNode::Compare(comparison), [left, right], Type::Bool, span)
    }

    /// Rejects a word that a value can't be, because its schema lists those that it can.
    fn check_value(&self, value: &TypedExpr, word: &TypedExpr) -> Compiled<()> {
        let Some(text) = word.literal_text() else { return Ok(()) };
        if let TermNode::Call(Function { form: CallForm::Member, name: "kind", .. }) = &value.node {
            return self.check_kind(text, word.span);
        }
        match (&value.node, value.operands.as_slice()) {
            (TermNode::Field(name), [holder]) => self.scope.check_value_of(&holder.ty, name, text, word.span),
            // Also where `.?` and `orValue()` provide for the absence of the field.
            (TermNode::OrValue | TermNode::Optional, [inner, ..]) => self.check_value(inner, word),
            _ => Ok(()),
        }
    }

    fn run_loop(
        &mut self,
        kind: LoopKind,
        [list, variable, body]: [&Part; 3],
        name: &Name,
        span: Span,
    ) -> Compiled {
        let list = self.term(list)?;
        let element_type = element(&list)?;
        let Operation::Name(variable) = &variable.operation else {
            return Err(CompileError::new("expected a variable name", variable.span));
        };
        if self.loops == limits::LOOP_DEPTH {
            let message = format!("loops are nested more than {} levels deep", limits::LOOP_DEPTH);
            return Err(CompileError::new(message, name.span).help("move an inner loop to `let`"));
        }
        let slot = self.scope.declare(&variable.text, element_type.clone());
        self.loops += 1;
        let body = if kind == LoopKind::Map { self.term(body) } else { self.condition(body) };
        self.loops -= 1;
        self.scope.variables.pop();
        let body = body?;
        let ty = match kind {
            LoopKind::Filter => Type::list(element_type),
            LoopKind::Map => Type::list(body.ty.clone()),
            LoopKind::All | LoopKind::Exists | LoopKind::ExistsOne => Type::Bool,
        };
        typed(TermNode::Loop(kind, slot), [list, body], ty, span)
    }

    /// Compiles a call of a function, or of a method, whose receiver is the first part.
    fn function(&mut self, name: &Name, form: CallForm, parts: &[Part], span: Span) -> Compiled {
        let terms = self.terms(parts)?;
        let receiver = terms.first().map(|term| &term.ty).filter(|_| form == CallForm::Method);
        let is_accepted = |function: &&Function| receiver.is_none_or(|receiver| accepts(function, receiver));
        let candidates = || functions::overloads(&name.text, form);
        // Of several forms, the one for the receiver says what is wrong.
        let Some(closest) = candidates().find(is_accepted).or_else(|| candidates().next()) else {
            return Err(unknown_call(name, receiver));
        };
        let mut error = None;
        for function in std::iter::once(closest).chain(candidates()) {
            match self.check_call(function, &terms, name.span) {
                Ok(ty) => return call(function, terms, ty, span),
                Err(found) => error = error.or(Some(found)),
            }
        }
        Err(error.unwrap_or_else(|| unknown_call(name, receiver)))
    }

    fn check_call(&self, function: &'static Function, terms: &[TypedExpr], at: Span) -> Compiled<Type> {
        let max = if function.is_variadic { usize::MAX } else { function.params.len() };
        if terms.len() < function.required || terms.len() > max {
            let message = format!("`{}` takes {}", function.name, expected_count(function));
            return Err(CompileError::new(message, at));
        }
        for (index, term) in terms.iter().enumerate() {
            let param = function.params[index.min(function.params.len() - 1)];
            self.check_argument(param, term, &terms[..index])?;
        }
        let arguments = terms.iter().map(|it| Argument { ty: it.ty.clone(), literal: it.literal_text() });
        Ok(function.result.of(&arguments.collect::<Vec<_>>()))
    }

    fn check_argument(&self, param: Ty, term: &TypedExpr, before: &[TypedExpr]) -> Compiled<()> {
        if !takes(param, &term.ty) {
            let what = match param {
                Ty::RecordOrItem => "a record or an item",
                Ty::Place => "a string, a file or a part of one",
                Ty::Sized => "a list, a mapping or a string",
                param => &param.of(&[]).to_string(),
            };
            return Err(CompileError::new(format!("expected {what}, found {}", term.ty), term.span));
        }
        match (param, term.literal_text()) {
            (Ty::Kind, Some(kind)) => self.check_kind(kind, term.span),
            (Ty::Part, Some(part)) if !PARTS.contains(&part) => {
                Err(unknown("unknown part", part, term.span, &PARTS))
            }
            (Ty::Field | Ty::FieldPath, Some(field)) => self.check_field(field, before, term.span),
            // A test compiles the patterns of the program's own rules; a run compiles those that it needs.
            (Ty::Pattern, Some(_)) if !self.scope.is_own => Ok(()),
            (Ty::Pattern, Some(pattern)) => match schema::compile_pattern(pattern) {
                Ok(_) => Ok(()),
                Err(e) => Err(CompileError::new(format!("invalid regular expression: {e}"), term.span)),
            },
            (Ty::Pattern, None) if term.ty == Type::Pattern => Ok(()),
            (Ty::Pattern, None) => {
                Err(CompileError::new("expected a regular expression in quotes", term.span)
                    .help("for one from the configuration, declare a parameter with `type: pattern`"))
            }
            (Ty::Glob, Some(glob)) => LazyGlob::parse(glob)
                .map(|_| ())
                .map_err(|message| CompileError::new(format!("invalid glob: {message}"), term.span)),
            (Ty::Kind | Ty::Field | Ty::FieldPath | Ty::Part, None) => {
                Err(CompileError::new("expected a string in quotes", term.span))
            }
            (Ty::DateString | Ty::DurationString, Some(text)) => check_literal(param, text, term.span),
            _ => Ok(()),
        }
    }

    fn check_kind(&self, kind: &str, span: Span) -> Compiled<()> {
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
    fn check_field(&self, field: &str, before: &[TypedExpr], span: Span) -> Compiled<()> {
        let holder = match (before.last().and_then(TypedExpr::literal_text), before.first()) {
            (Some("any"), _) | (None, None) => Type::Record(Box::default()),
            (Some(kind), _) => Type::Record(Box::new([kind.into()])),
            (None, Some(receiver)) => receiver.ty.clone(),
        };
        if !self.scope.may_lack_fields() || holder.field(self.scope.kinds, field).is_some() {
            return Ok(());
        }
        Err(unknown_field(self.scope.kinds, &holder, field, span))
    }
}

fn typed(node: TermNode, operands: impl Into<Vec<TypedExpr>>, ty: Type, span: Span) -> Compiled {
    Ok(TypedExpr { node, operands: operands.into(), ty, span })
}

fn literal_type(literal: &Literal) -> Type {
    match literal {
        Literal::Null => Type::Null,
        Literal::Bool(_) => Type::Bool,
        Literal::Int(_) => Type::Int,
        Literal::Double(_) => Type::Double,
        Literal::String(_) => Type::String,
        Literal::Pattern(_) => Type::Pattern,
    }
}

fn element(list: &TypedExpr) -> Compiled<Type> {
    list.ty.element().ok_or_else(|| expected(&Type::list(Type::Any), &list.ty, list.span))
}

/// Requires a boolean, also of each branch of `? :`.
fn require_condition(term: &TypedExpr) -> Compiled<()> {
    if let (TermNode::Conditional, [_, then, otherwise]) = (&term.node, term.operands.as_slice()) {
        require_condition(then)?;
        return require_condition(otherwise);
    }
    require(term, &Type::Bool)
}

fn require(term: &TypedExpr, ty: &Type) -> Compiled<()> {
    if term.ty.fits(ty) { Ok(()) } else { Err(expected(ty, &term.ty, term.span)) }
}

fn arithmetic_type(operation: Arithmetic, left: &Type, right: &Type) -> Option<Type> {
    use Arithmetic::{Add, Multiply, Subtract};
    Some(match (operation, left, right) {
        (Add | Subtract, Type::Date, Type::Duration) => Type::Date,
        (Add | Subtract, Type::Date, Type::Any) => Type::Date,
        (Add | Subtract, Type::Duration, Type::Duration) => Type::Duration,
        (Multiply, Type::Duration, Type::Int) | (Multiply, Type::Int, Type::Duration) => Type::Duration,
        (Subtract, Type::Amount, Type::Amount) => Type::Double,
        (Add, Type::String | Type::Record(_), Type::String | Type::Record(_)) => Type::String,
        (Add, Type::List(a), Type::List(b)) => Type::list((**a).clone().join((**b).clone())),
        (_, Type::Any, _) | (_, _, Type::Any) => Type::Any,
        (_, Type::Int, Type::Int) => Type::Int,
        (_, a, b) if a.is_number() && b.is_number() => Type::Double,
        _ => return None,
    })
}

/// A call with its regular expressions, which are valid.
fn call(function: &'static Function, mut terms: Vec<TypedExpr>, ty: Type, span: Span) -> Compiled {
    for (term, param) in terms.iter_mut().zip(function.params) {
        if let (Ty::Pattern, Some(text)) = (param, term.literal_text()) {
            term.node = TermNode::Literal(Literal::Pattern(Arc::new(LazyRegex::known(text))));
        }
    }
    typed(TermNode::Call(function), terms, ty, span)
}

/// The error of a call of a function, or of a method of a value, that does not exist.
fn unknown_call(name: &Name, receiver: Option<&Type>) -> CompileError {
    let what = if receiver.is_some() { "unknown method" } else { "unknown function" };
    let functions = functions::all().filter(|function| match receiver {
        Some(receiver) => function.has_receiver() && accepts(function, receiver),
        None => !function.has_receiver(),
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

fn takes(param: Ty, ty: &Type) -> bool {
    match param {
        Ty::RecordOrItem => matches!(ty, Type::Any | Type::Record(_) | Type::Item(_)),
        Ty::Place => match ty {
            Type::Any | Type::File => true,
            Type::Fact(fact) => fact.is_searchable,
            _ => false,
        },
        Ty::Sized => matches!(ty, Type::Any | Type::String | Type::List(_) | Type::Map(..)),
        param => ty.fits(&param.of(&[])),
    }
}

fn expected_count(function: &Function) -> String {
    let receiver = usize::from(function.has_receiver());
    let (min, max) = (function.required - receiver, function.params.len() - receiver);
    match (min, max) {
        _ if function.is_variadic => format!("{min} or more arguments"),
        (min, max) if min < max => format!("{min} to {max} arguments"),
        (1, 1) => "1 argument".to_owned(),
        (count, _) => format!("{count} arguments"),
    }
}

fn check_literal(param: Ty, text: &str, span: Span) -> Compiled<()> {
    let (is_valid, what, example) = match param {
        Ty::DateString => (calendar::parse_date(text).is_some(), "date", "2026-11-20"),
        _ => (Duration::parse(text).is_some(), "duration", "1 quarter"),
    };
    if is_valid {
        return Ok(());
    }
    let message = format!("`{text}` is not a {what} such as `{example}`");
    Err(CompileError::new(message, span))
}
