//! The load-time check: resolves every name against the schemas of the kinds, and every operation against the types of
//! its operands.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::sync::Arc;

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SelectExpr, operators};

use crate::kind::{Kind, Kinds};
use crate::limits;
use crate::rule::builtins::members;
use crate::rule::runtime::{Type, record_field};
use crate::text::Span;

use super::error::{
    CompileError, expected, fields_help, other_kind_help, unknown, unknown_field, unknown_variable,
};
use super::expression::{Arithmetic, ComparisonOperator, Expression, Literal, LoopKind, TermNode, TypedExpr};
use super::syntax::Syntax;

mod calls;
mod numbers;
mod suggestions;
mod values;
mod without_result;

use calls::literal_text;
use suggestions::{day_help, day_of_period, duration_help, expected_condition};
use values::changed_field;

/// The variables and parameters that an expression may use.
pub struct Scope<'k> {
    kinds: &'k Kinds,
    variables: Vec<Variable>,
    params: Vec<(String, Type)>,
    slots: usize,
    used_params: RefCell<HashSet<usize>>,
    reads_computed: bool,
    /// True for a rule of the user's own. One of the program's may name values that the user's kind does not allow.
    is_own: bool,
}

struct Variable {
    name: String,
    ty: Type,
    slot: usize,
    is_used: Cell<bool>,
    /// The field whose changes a loop over a history visits, with the type of what has it.
    changes_of: Option<(Type, Box<str>)>,
}

impl<'k> Scope<'k> {
    pub fn new(kinds: &'k Kinds, params: Vec<(String, Type)>) -> Scope<'k> {
        Scope {
            kinds,
            variables: Vec::new(),
            params,
            slots: 0,
            used_params: RefCell::default(),
            reads_computed: false,
            is_own: false,
        }
    }

    pub fn is_of_own_rule(&self) -> bool {
        self.is_own
    }

    #[must_use]
    pub fn of_own_rule(self, is_own: bool) -> Scope<'k> {
        Scope { is_own, ..self }
    }

    pub fn declare(&mut self, name: &str, ty: Type) -> usize {
        let slot = self.slots;
        self.slots += 1;
        self.variables.push(Variable {
            name: name.to_string(),
            ty,
            slot,
            is_used: Cell::new(false),
            changes_of: None,
        });
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

    /// True if an expression reads the parameter.
    pub fn is_param_used(&self, name: &str) -> bool {
        let at = self.params.iter().position(|(param, _)| param == name);
        at.is_some_and(|at| self.used_params.borrow().contains(&at))
    }

    pub fn type_of(&self, slot: usize) -> &Type {
        self.variables
            .iter()
            .find(|variable| variable.slot == slot)
            .map_or(&Type::Any, |variable| &variable.ty)
    }

    /// Returns true if an expression compiled so far may read a computed field.
    pub fn reads_computed(&self) -> bool {
        self.reads_computed
    }

    /// Compiles an expression.
    ///
    /// # Errors
    /// A syntax error, an unknown name, or an operation on the wrong types.
    pub fn compile(&mut self, text: &str) -> Result<Expression, CompileError> {
        let syntax = Syntax::parse(text)?;
        let root = ExpressionCompiler { scope: self, syntax: &syntax, text, loops: 0 }.term(&syntax.root)?;
        Ok(Expression { text: text.into(), root })
    }

    /// Compiles a condition.
    ///
    /// # Errors
    /// As [`Scope::compile`]; also if it is not a boolean.
    pub fn condition(&mut self, text: &str) -> Result<Expression, CompileError> {
        let expression = self.compile(text)?;
        match &expression.root.ty {
            Type::Bool | Type::Any => require_condition(&expression.root).map(|()| expression),
            _ => Err(expected_condition(&expression.root, Span::new(0, text.len()), text)),
        }
    }
}

struct ExpressionCompiler<'s, 'k> {
    scope: &'s mut Scope<'k>,
    syntax: &'s Syntax,
    text: &'s str,
    loops: usize,
}

type Compiled = Result<TypedExpr, CompileError>;

impl ExpressionCompiler<'_, '_> {
    fn term(&mut self, part: &IdedExpr) -> Compiled {
        let span = self.syntax.span(part);
        match &part.expr {
            Expr::Literal(literal) => self.literal(literal, span),
            Expr::Ident(name) => self.variable(name, span),
            Expr::Select(select) => self.select(select, span),
            Expr::Call(call) => without_result::checked(self.call(call, span)?, self.text),
            Expr::List(list) => {
                let items =
                    list.elements.iter().map(|item| self.term(item)).collect::<Result<Vec<_>, _>>()?;
                let of = items.iter().map(|item| item.ty.clone()).reduce(Type::join).unwrap_or(Type::Nothing);
                Ok(TypedExpr { node: TermNode::List(items), ty: Type::list(of), span })
            }
            Expr::Map(_) | Expr::Struct(_) => {
                let error = CompileError::new("literals of maps are not supported", span);
                Err(error.help(suggestions::map_help(self.text.get(span.range().start..))))
            }
            Expr::Comprehension(_) | Expr::Unspecified => Err(CompileError::new("invalid expression", span)),
        }
    }

    fn literal(&self, literal: &LiteralValue, span: Span) -> Compiled {
        let (literal, ty) = match literal {
            LiteralValue::Boolean(value) => (Literal::Bool(*value.inner()), Type::Bool),
            LiteralValue::Double(value) => (Literal::Double(*value.inner()), Type::Double),
            LiteralValue::Int(value) => (Literal::Int(*value.inner()), Type::Int),
            LiteralValue::Null => (Literal::Null, Type::Null),
            LiteralValue::String(value) => (Literal::String(value.inner().into()), Type::String),
            LiteralValue::UInt(_) | LiteralValue::Bytes(_) => {
                return Err(CompileError::new("unsigned integers and bytes are not supported", span)
                    .help("remove the letter `u` or `b`"));
            }
        };
        Ok(TypedExpr { node: TermNode::Literal(literal), ty, span })
    }

    fn variable(&self, name: &str, span: Span) -> Compiled {
        let found = self.scope.variables.iter().rev().find(|variable| variable.name == name);
        if let Some(variable) = found {
            variable.is_used.set(true);
            return Ok(TypedExpr { node: TermNode::Variable(variable.slot), ty: variable.ty.clone(), span });
        }
        if name == "today" {
            return Ok(TypedExpr { node: TermNode::Today, ty: Type::Date, span });
        }
        let named = self.scope.variables.iter().map(|variable| variable.name.as_str());
        let known: Vec<&str> = named.filter(|name| !name.is_empty()).chain(["today"]).collect();
        let error = unknown_variable(name, self.name_span(name, span), &known);
        let is_meant =
            error.help.is_none() || error.help.as_ref().is_some_and(|help| help.starts_with("use"));
        let hyphenated = || {
            let name = self.hyphenated(name, span)?.replace('-', "_");
            let is_known = known.contains(&&*name);
            is_known.then(|| format!("write `{name}`")).or_else(|| self.meant_by(&name))
        };
        match self.meant_by(name).or_else(hyphenated).filter(|_| is_meant) {
            Some(help) => Err(error.help(help)),
            None => Err(error),
        }
    }

    /// A name with a hyphen, which is a subtraction here: `review-by`.
    fn hyphenated(&self, name: &str, span: Span) -> Option<&str> {
        let start = self.name_span(name, span).start as usize;
        let rest = self.text.get(start..)?;
        let end =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).unwrap_or(rest.len());
        rest.get(..end).filter(|whole| whole.contains('-'))
    }

    fn select(&mut self, select: &SelectExpr, span: Span) -> Compiled {
        self.check_hyphen(&select.field, span)?;
        if let Expr::Ident(name) = &select.operand.expr
            && name == "params"
            && !self.scope.variables.iter().any(|variable| variable.name == *name)
        {
            return self.param(&select.field, span);
        }
        let operand = self.term(&select.operand)?;
        if let Type::Optional(_) = operand.ty {
            return self.optional_select(operand, &select.field, span);
        }
        self.selection(operand, &select.field, span)
    }

    fn param(&self, name: &str, span: Span) -> Compiled {
        let params = &self.scope.params;
        match params.iter().position(|(param, _)| param == name) {
            Some(index) => {
                self.scope.used_params.borrow_mut().insert(index);
                let start = self.text[..span.start as usize].rfind("params").unwrap_or(span.start as usize);
                let span = Span::new(start, self.name_span(name, span).end as usize);
                Ok(TypedExpr { node: TermNode::Param(index), ty: params[index].1.clone(), span })
            }
            None => {
                let known: Vec<&str> = params.iter().map(|(name, _)| name.as_str()).collect();
                let error = unknown("unknown parameter", name, self.name_span(name, span), &known);
                Err(match known.is_empty() {
                    true => error.help("declare it under `params`"),
                    false => error,
                })
            }
        }
    }

    /// Notes whether a field may be computed: of one of these kinds, or of any.
    fn note_computed(&mut self, kinds: &[Arc<str>], field: &str) {
        let is_computed = |kind: &Kind| kind.shape.field(field).is_some_and(|field| field.computed.is_some());
        let mut of_kinds =
            self.scope.kinds.iter().filter(|kind| kinds.is_empty() || kinds.contains(&kind.name));
        self.scope.reads_computed |= of_kinds.any(|kind| is_computed(kind));
    }

    fn selection(&mut self, operand: TypedExpr, name: &str, span: Span) -> Compiled {
        let whole = self.name_span(name, span);
        let whole = Span::new(operand.span.start.min(whole.start) as usize, whole.end as usize);
        if let Some((member, ty)) = members::find(&operand.ty, name) {
            return Ok(TypedExpr { node: TermNode::Member(Box::new(operand), member), ty, span: whole });
        }
        let field = name.replace('_', "-");
        match &operand.ty {
            Type::Any => self.note_computed(&[], &field),
            Type::Record(kinds) => self.note_computed(kinds, &field),
            _ => {}
        }
        if operand.ty.is_any() {
            return Ok(TypedExpr {
                node: TermNode::Untyped(Box::new(operand), name.into()),
                ty: Type::Any,
                span: whole,
            });
        }
        let ty = match &operand.ty {
            Type::Record(kinds) => record_field(self.scope.kinds, kinds, &field),
            Type::Item(_) if name == "record" => Some(Type::Record(Box::default())),
            Type::Item(shape) => shape.0.field(&field).map(|field| Type::of_field(&field.ty)),
            Type::Fact(fact) => fact.member(&field),
            _ => None,
        };
        match ty {
            Some(ty) => {
                Ok(TypedExpr { node: TermNode::Field(Box::new(operand), field.into()), ty, span: whole })
            }
            None => {
                let known = self.members_of(&operand.ty);
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                let place = self.name_span(name, span);
                let error = unknown_field(self.scope.kinds, &operand.ty, name, place, &known);
                let error = other_kind_help(error, self.scope.kinds, &operand.ty, name);
                Err(self.part_help(fields_help(error, &operand.ty), &operand, name))
            }
        }
    }

    fn members_of(&self, ty: &Type) -> Vec<String> {
        let mut names: Vec<String> = members::names(ty).map(str::to_string).collect();
        match ty {
            Type::Record(kinds) => {
                for kind in kinds.iter().filter_map(|name| self.scope.kinds.get(name)) {
                    names.extend(kind.shape.fields.iter().map(|field| field.name.replace('-', "_")));
                }
            }
            Type::Item(shape) => {
                names.extend(shape.0.fields.iter().map(|field| field.name.replace('-', "_")));
            }
            Type::Fact(fact) => names.extend(fact.members.iter().map(|member| member.0.replace('-', "_"))),
            _ => {}
        }
        names
    }

    /// Rejects `record.review-by`, a subtraction where a field is meant.
    fn check_hyphen(&self, field: &str, span: Span) -> Result<(), CompileError> {
        let word = self.name_span(field, span);
        let rest = self.text.get(word.end as usize..).unwrap_or("");
        let tail: String = rest
            .strip_prefix('-')
            .map(|rest| {
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect()
            })
            .unwrap_or_default();
        if tail.is_empty() || !tail.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Ok(());
        }
        let written = format!("{field}-{tail}");
        let whole = Span::new(word.start as usize, word.start as usize + written.len());
        Err(CompileError::new(format!("`{written}` is a subtraction here"), whole)
            .help(format!("write `{}`", written.replace('-', "_"))))
    }

    fn optional_select(&mut self, operand: TypedExpr, name: &str, span: Span) -> Compiled {
        self.check_hyphen(name, span)?;
        let inner = match &operand.ty {
            Type::Optional(inner) => (**inner).clone(),
            ty => ty.clone(),
        };
        let slot = self.scope.slots;
        self.scope.slots += 1;
        let value = TypedExpr { node: TermNode::Variable(slot), ty: inner, span: operand.span };
        let selection = self.selection(value, name, span)?;
        let (ty, span) = (Type::Optional(Box::new(selection.ty.clone())), selection.span);
        let node =
            TermNode::OptionalField { operand: Box::new(operand), slot, selection: Box::new(selection) };
        Ok(TypedExpr { node, ty, span })
    }

    fn call(&mut self, call: &CallExpr, span: Span) -> Compiled {
        match (call.func_name.as_str(), call.target.as_deref(), call.args.as_slice()) {
            (operators::OPT_SELECT, _, [operand, field]) => match &field.expr {
                Expr::Literal(LiteralValue::String(name)) => {
                    let operand = self.term(operand)?;
                    self.optional_select(operand, name.inner(), span)
                }
                _ => Err(CompileError::new("expected a field after `.?`", span)),
            },
            (operators::HAS, None, [argument]) => self.has(argument, span),
            (operators::INDEX, None, [list, index]) => self.index(list, index, span),
            (operators::CONDITIONAL, None, [condition, then, otherwise]) => {
                let condition = self.condition(condition)?;
                let (then, otherwise) = (self.term(then)?, self.term(otherwise)?);
                let ty = then.ty.clone().join(otherwise.ty.clone());
                let node = TermNode::Conditional(condition.into(), then.into(), otherwise.into());
                Ok(TypedExpr { node, ty, span })
            }
            (operators::LOGICAL_NOT, None, [operand]) => {
                let node = TermNode::Not(self.condition(operand)?.into());
                Ok(TypedExpr { node, ty: Type::Bool, span })
            }
            (operators::NEGATE, None, [operand]) => {
                let operand = self.term(operand)?;
                if !operand.ty.is_number() && !operand.ty.is_any() {
                    return Err(CompileError::new(format!("can't negate {}", operand.ty), operand.span));
                }
                let ty = operand.ty.clone();
                Ok(TypedExpr { node: TermNode::Negate(operand.into()), ty, span })
            }
            (operators::IN, None, [element, list]) => self.member_of(element, list, span),
            (name, None, [left, right]) if is_binary(name) => self.binary(name, left, right, span),
            ("orValue", Some(target), [otherwise]) => self.or_value(target, otherwise, span),
            ("hasValue", Some(target), []) => {
                let target = self.optional(target)?;
                Ok(TypedExpr { node: TermNode::HasValue(target.into()), ty: Type::Bool, span })
            }
            ("any" | "some" | "every", Some(_), [_, _]) => {
                let written = if call.func_name == "every" { "all" } else { "exists" };
                let message = format!("unknown method `{}`", call.func_name);
                Err(CompileError::new(message, self.name_span(&call.func_name, span))
                    .help(format!("write `.{written}(x, …)`")))
            }
            (name, Some(target), [variable, body]) if LoopKind::from_name(name).is_some() => self.run_loop(
                LoopKind::from_name(name).unwrap_or(LoopKind::All),
                target,
                variable,
                body,
                span,
            ),
            (name, Some(_), _) if LoopKind::from_name(name).is_some() => {
                let message = format!("`{name}` takes a variable and an expression");
                let help = match (name, call.args.as_slice()) {
                    ("exists", []) => "write `has(record.field)`".to_owned(),
                    _ => format!("write `.{name}(x, …)`"),
                };
                Err(CompileError::new(message, self.name_span(name, span)).help(help))
            }
            (name, target, args) => self.function(name, target, args, span),
        }
    }

    fn has(&mut self, argument: &IdedExpr, span: Span) -> Compiled {
        let inner = self.term(argument)?;
        let prefix = format!("{}.", self.subject_name());
        let text =
            literal_text(&inner).map(|text| text.strip_prefix(&*prefix).unwrap_or(text).replace('-', "_"));
        if let Some(field) = text.filter(|text| self.is_field_of_subject(text)) {
            return Err(CompileError::new("expected a field in `has()`, found a string", inner.span)
                .help(format!("write `has({}.{field})`", self.subject_name())));
        }
        match inner.node {
            TermNode::Field(..) | TermNode::Member(..) | TermNode::Untyped(..) => {
                Ok(TypedExpr { node: TermNode::Has(inner.into()), ty: Type::Bool, span })
            }
            _ => Err(CompileError::new("expected a field in `has()`", inner.span)
                .help("write `has(record.owner)`")),
        }
    }

    fn index(&mut self, list: &IdedExpr, index: &IdedExpr, span: Span) -> Compiled {
        let list = self.term(list)?;
        let index = self.term(index)?;
        if let Type::Map(key, value, _) = &list.ty {
            if !index.ty.fits(&Type::String) || !index.ty.can_equal(key) {
                return Err(expected(&Type::String, &index.ty, index.span));
            }
            let ty = (**value).clone();
            return Ok(TypedExpr { node: TermNode::Index(list.into(), index.into()), ty, span });
        }
        let Some(ty) = list.ty.element() else {
            let error = expected(&Type::list(Type::Any), &list.ty, list.span);
            return Err(match (&list.ty, literal_text(&index)) {
                (Type::Record(_) | Type::Item(_), Some(field)) => {
                    let text = list.text_in(self.text);
                    error.help(format!("write `{text}.{}`", field.replace('-', "_")))
                }
                _ => error,
            });
        };
        if is_negative(&index) {
            let text = list.text_in(self.text);
            let message = "an index counts from 0, so a negative one names no element";
            return Err(CompileError::new(message, index.span)
                .help(format!("write `{text}[{text}.size() - 1]` for the last one")));
        }
        if !(list.ty.is_any() && index.ty == Type::String) {
            require(&index, &Type::Int)?;
        }
        Ok(TypedExpr { node: TermNode::Index(list.into(), index.into()), ty, span })
    }

    fn condition(&mut self, part: &IdedExpr) -> Compiled {
        let term = self.term(part)?;
        require_condition(&term)?;
        Ok(term)
    }

    fn optional(&mut self, part: &IdedExpr) -> Compiled {
        let term = self.term(part)?;
        match term.ty {
            Type::Optional(_) | Type::Any => Ok(term),
            _ => Err(CompileError::new("expected a field that is read with `.?`", term.span)
                .help("write `.?` before the field that may be absent: `record.?owner.orValue(…)`")),
        }
    }

    fn or_value(&mut self, target: &IdedExpr, otherwise: &IdedExpr, span: Span) -> Compiled {
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
        Ok(TypedExpr { node: TermNode::OrValue(target.into(), otherwise.into()), ty, span })
    }

    fn member_of(&mut self, element: &IdedExpr, list: &IdedExpr, span: Span) -> Compiled {
        let element = self.term(element)?;
        let list = self.term(list)?;
        let keys = if let Type::Map(key, ..) = &list.ty { Some((**key).clone()) } else { None };
        let Some(of) = keys.or_else(|| list.ty.element()) else {
            let error = expected(&Type::list(Type::Any), &list.ty, list.span);
            return Err(match (&list.ty, &list.node) {
                (Type::String, TermNode::Literal(_)) => {
                    let items = list.text_in(self.text).replace(", ", ",").replace(',', "\", \"");
                    error.help(format!("write a list in brackets: `in [{items}]`"))
                }
                (Type::String, _) => error.help("write `.contains(…)`"),
                _ => error,
            });
        };
        if !element.ty.can_equal(&of) {
            return Err(self.reversed_in(&element, &list, &of));
        }
        self.check_enum_list(&element, &list)?;
        Ok(TypedExpr { node: TermNode::In(element.into(), list.into()), ty: Type::Bool, span })
    }

    fn binary(&mut self, name: &str, left: &IdedExpr, right: &IdedExpr, span: Span) -> Compiled {
        if let operators::LOGICAL_AND | operators::LOGICAL_OR = name {
            let left = self.condition(left)?;
            let right = self.term(right)?;
            require_condition(&right).map_err(|error| self.alternative(error, &left, &right))?;
            let (left, right) = (left.into(), right.into());
            let and = name == operators::LOGICAL_AND;
            let node = if and { TermNode::And(left, right) } else { TermNode::Or(left, right) };
            return Ok(TypedExpr { node, ty: Type::Bool, span });
        }
        let (left, right) = (self.term(left)?, self.term(right)?);
        let span = left.span.to(right.span);
        if let Some(comparison) = comparison(name) {
            let equality = matches!(comparison, ComparisonOperator::Equal | ComparisonOperator::NotEqual);
            let is_defined = match equality {
                true => left.ty.can_equal(&right.ty),
                false => left.ty.can_compare(&right.ty),
            };
            if !is_defined {
                return Err(self.incomparable(&left, &right, span));
            }
            self.check_numbers(comparison, &left, &right)?;
            if equality {
                self.check_not_null(&left, &right, comparison)?;
                self.check_enum(&left, &right)?;
                self.check_not_empty(&left, &right)?;
            }
            let node = TermNode::Compare(comparison, left.into(), right.into());
            return Ok(TypedExpr { node, ty: Type::Bool, span });
        }
        let operation = arithmetic(name);
        let Some(ty) = arithmetic_type(operation, &left.ty, &right.ty) else {
            let (a, b) = (&left.ty, &right.ty);
            let message = match operation {
                Arithmetic::Add => format!("can't add {b} to {a}"),
                Arithmetic::Subtract => format!("can't subtract {b} from {a}"),
                Arithmetic::Multiply => format!("can't multiply {a} by {b}"),
                Arithmetic::Divide | Arithmetic::Remainder => format!("can't divide {a} by {b}"),
            };
            let error = CompileError::new(message, span);
            return Err(match (&left.ty, &right.ty) {
                (Type::Date, Type::Date) => {
                    error.help("compare `age(date)` with a duration, or the dates with each other")
                }
                (Type::Period, _) => error.help(day_of_period(&left, self.text)),
                (_, Type::Period) => error.help(day_of_period(&right, self.text)),
                (Type::Date, _) => error.help(duration_help(&right)),
                (Type::String, Type::Duration | Type::Age) => error.help(day_help(&left, self.text)),
                (Type::String, _) | (_, Type::String) => error.help("convert the value with `string(…)`"),
                _ => error,
            });
        };
        Ok(TypedExpr { node: TermNode::Arithmetic(operation, left.into(), right.into()), ty, span })
    }

    fn run_loop(
        &mut self,
        kind: LoopKind,
        list: &IdedExpr,
        variable: &IdedExpr,
        body: &IdedExpr,
        span: Span,
    ) -> Compiled {
        let list = self.term(list)?;
        let Some(element) = list.ty.element() else {
            return Err(expected(&Type::list(Type::Any), &list.ty, list.span));
        };
        let Expr::Ident(name) = &variable.expr else {
            return Err(CompileError::new("expected a variable name", self.syntax.span(variable))
                .help("name the element first: `.all(x, x.id != \"a\")`"));
        };
        if self.loops == limits::LOOP_DEPTH {
            let message = format!("loops are nested more than {} levels deep", limits::LOOP_DEPTH);
            return Err(CompileError::new(message, self.name_span(kind.name(), span))
                .help("move an inner loop to `let`"));
        }
        let slot = self.scope.declare(name, element);
        if let Some(variable) = self.scope.variables.last_mut() {
            variable.changes_of = changed_field(&list).map(|(of, name)| (of.clone(), name.into()));
        }
        self.loops += 1;
        let body = if kind == LoopKind::Map { self.term(body) } else { self.condition(body) };
        self.loops -= 1;
        self.scope.variables.pop();
        let body = body?;
        let ty = match kind {
            LoopKind::Filter => list.ty.clone(),
            LoopKind::Map => Type::list(body.ty.clone()),
            LoopKind::All | LoopKind::Exists | LoopKind::ExistsOne => Type::Bool,
        };
        let span = self.with_parenthesis(list.span.to(span).to(body.span));
        Ok(TypedExpr { node: TermNode::Loop { kind, list: list.into(), slot, body: body.into() }, ty, span })
    }
}

fn is_negative(index: &TypedExpr) -> bool {
    match &index.node {
        TermNode::Literal(Literal::Int(value)) => *value < 0,
        TermNode::Negate(of) => matches!(of.node, TermNode::Literal(_)),
        _ => false,
    }
}

/// Requires a boolean, also of each branch of `? :`.
fn require_condition(term: &TypedExpr) -> Result<(), CompileError> {
    if let TermNode::Conditional(_, then, otherwise) = &term.node {
        require_condition(then)?;
        return require_condition(otherwise);
    }
    require(term, &Type::Bool)
}

fn require(term: &TypedExpr, ty: &Type) -> Result<(), CompileError> {
    if term.ty.fits(ty) { Ok(()) } else { Err(expected(ty, &term.ty, term.span)) }
}

fn is_binary(name: &str) -> bool {
    name == operators::LOGICAL_AND
        || name == operators::LOGICAL_OR
        || comparison(name).is_some()
        || matches!(
            name,
            operators::ADD
                | operators::SUBSTRACT
                | operators::MULTIPLY
                | operators::DIVIDE
                | operators::MODULO
        )
}

fn comparison(name: &str) -> Option<ComparisonOperator> {
    Some(match name {
        operators::EQUALS => ComparisonOperator::Equal,
        operators::NOT_EQUALS => ComparisonOperator::NotEqual,
        operators::LESS => ComparisonOperator::Less,
        operators::LESS_EQUALS => ComparisonOperator::LessOrEqual,
        operators::GREATER => ComparisonOperator::Greater,
        operators::GREATER_EQUALS => ComparisonOperator::GreaterOrEqual,
        _ => return None,
    })
}

fn arithmetic(name: &str) -> Arithmetic {
    match name {
        operators::ADD => Arithmetic::Add,
        operators::SUBSTRACT => Arithmetic::Subtract,
        operators::MULTIPLY => Arithmetic::Multiply,
        operators::DIVIDE => Arithmetic::Divide,
        _ => Arithmetic::Remainder,
    }
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
