//! The load-time check: resolves every name against the schemas of the kinds, and every operation against the types of
//! its operands.

use std::cell::Cell;

use crate::kind::{Field, Kinds};
use crate::limits;
use crate::rule::builtins::members;
use crate::rule::runtime::{Type, fields_of};
use crate::text::Span;

use super::error::{CompileError, expected, no_operation, unknown, unknown_member, unknown_variable};
use super::expression::{Arithmetic, ComparisonOperator, Expression, Literal, LoopKind, TermNode, TypedExpr};
use super::syntax::{self, Binary, Name, Part, Term};

mod calls;

/// The variables and parameters that an expression may use.
pub struct Scope<'k> {
    kinds: &'k Kinds,
    variables: Vec<Variable>,
    params: Vec<Variable>,
    slots: usize,
    /// True for a rule of the user's own. One of the program's may name values that the user's kind does not allow.
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
        let param = |(slot, (name, ty))| Variable { name, ty, slot, is_used: Cell::new(false) };
        let params = params.into_iter().enumerate().map(param).collect();
        Scope { kinds, variables: Vec::new(), params, slots: 0, is_own: false }
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

    /// True if an expression reads the parameter.
    pub fn is_param_used(&self, name: &str) -> bool {
        self.params.iter().any(|param| param.name == name && param.is_used.get())
    }

    pub fn type_of(&self, slot: usize) -> &Type {
        self.variables
            .iter()
            .find(|variable| variable.slot == slot)
            .map_or(&Type::Any, |variable| &variable.ty)
    }

    /// Compiles an expression.
    ///
    /// # Errors
    /// A syntax error, an unknown name, or an operation on the wrong types.
    pub fn compile(&mut self, text: &str) -> Result<Expression, CompileError> {
        let root = syntax::parse(text)?;
        let root = ExpressionCompiler { scope: self, loops: 0 }.term(&root)?;
        Ok(Expression { text: text.into(), root })
    }

    /// Compiles a condition.
    ///
    /// # Errors
    /// As [`Scope::compile`]; also if it is not a boolean.
    pub fn condition(&mut self, text: &str) -> Result<Expression, CompileError> {
        let expression = self.compile(text)?;
        require_condition(&expression.root).map(|()| expression)
    }
}

struct ExpressionCompiler<'s, 'k> {
    scope: &'s mut Scope<'k>,
    loops: usize,
}

type Compiled = Result<TypedExpr, CompileError>;

impl ExpressionCompiler<'_, '_> {
    fn term(&mut self, part: &Part) -> Compiled {
        let span = part.span;
        let (node, ty) = match &part.term {
            Term::Literal(literal) => (TermNode::Literal(literal.clone()), literal_type(literal)),
            Term::Name(name) => return self.variable(name),
            Term::List(parts) => {
                let items = parts.iter().map(|part| self.term(part)).collect::<Result<Vec<_>, _>>()?;
                let of = items.iter().map(|item| item.ty.clone()).reduce(Type::join).unwrap_or(Type::Nothing);
                (TermNode::List(items), Type::list(of))
            }
            Term::Select(of, name) => return self.select(of, name, span),
            Term::OptionalSelect(of, name) => {
                let operand = self.term(of)?;
                return self.optional_select(operand, name, span);
            }
            Term::Index(parts) => {
                let [list, index] = &**parts;
                let (list, index) = (self.term(list)?, self.term(index)?);
                return Self::index(list, index, span);
            }
            Term::Call(target, name, args) => return self.call(target.as_deref(), name, args, span),
            Term::Not(of) => (TermNode::Not(self.condition(of)?.into()), Type::Bool),
            Term::Negate(of) => {
                let operand = self.term(of)?;
                if !operand.ty.is_number() && !operand.ty.is_any() {
                    return Err(CompileError::new(format!("can't negate {}", operand.ty), operand.span));
                }
                let ty = operand.ty.clone();
                (TermNode::Negate(operand.into()), ty)
            }
            Term::Binary(operator, parts) => {
                let [left, right] = &**parts;
                return self.binary(*operator, left, right, span);
            }
            Term::Conditional(parts) => {
                let [condition, then, otherwise] = &**parts;
                let condition = self.condition(condition)?;
                let (then, otherwise) = (self.term(then)?, self.term(otherwise)?);
                let ty = then.ty.clone().join(otherwise.ty.clone());
                (TermNode::Conditional(condition.into(), then.into(), otherwise.into()), ty)
            }
        };
        Ok(TypedExpr { node, ty, span })
    }

    fn variable(&self, name: &Name) -> Compiled {
        let Name { text, span } = name;
        let found = self.scope.variables.iter().rev().find(|variable| *variable.name == **text);
        if let Some(variable) = found {
            variable.is_used.set(true);
            let node = TermNode::Variable(variable.slot);
            return Ok(TypedExpr { node, ty: variable.ty.clone(), span: *span });
        }
        if &**text == "today" {
            return Ok(TypedExpr { node: TermNode::Today, ty: Type::Date, span: *span });
        }
        let named = self.scope.variables.iter().map(|variable| variable.name.as_str());
        let known: Vec<&str> = named.filter(|name| !name.is_empty()).chain(["today"]).collect();
        Err(unknown_variable(text, *span, &known))
    }

    fn select(&mut self, of: &Part, name: &Name, span: Span) -> Compiled {
        if let Term::Name(of) = &of.term
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
        match params.iter().find(|param| *param.name == *name.text) {
            Some(param) => {
                param.is_used.set(true);
                Ok(TypedExpr { node: TermNode::Param(param.slot), ty: param.ty.clone(), span })
            }
            None => {
                let known: Vec<&str> = params.iter().map(|param| param.name.as_str()).collect();
                Err(unknown("unknown parameter", &name.text, name.span, &known))
            }
        }
    }

    fn selection(&mut self, operand: TypedExpr, name: &Name, span: Span) -> Compiled {
        if let Some((member, ty)) = members::find(&operand.ty, &name.text) {
            return Ok(TypedExpr { node: TermNode::Member(Box::new(operand), member), ty, span });
        }
        let field = name.text.replace('_', "-");
        if operand.ty.is_any() {
            let node = TermNode::Untyped(Box::new(operand), name.text.clone());
            return Ok(TypedExpr { node, ty: Type::Any, span });
        }
        let ty = match &operand.ty {
            Type::Item(_) if &*name.text == "record" => Some(Type::Record(Box::default())),
            ty => ty.field(self.scope.kinds, &field),
        };
        let Some(ty) = ty else {
            let known = self.members_of(&operand.ty);
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            return Err(unknown_member(self.scope.kinds, &operand.ty, &name.text, name.span, &known));
        };
        Ok(TypedExpr { node: TermNode::Field(Box::new(operand), field.into()), ty, span })
    }

    fn members_of(&self, ty: &Type) -> Vec<String> {
        let fields = fields_of(self.scope.kinds, ty).map(|field| field.name.replace('-', "_"));
        let members = members::names(ty).map(str::to_string);
        let of_fact = if let Type::Fact(fact) = ty { Some(fact.members()) } else { None };
        let of_fact = of_fact.into_iter().flatten().map(|(name, _)| name.replace('-', "_"));
        members.chain(fields).chain(of_fact).collect()
    }

    fn optional_select(&mut self, operand: TypedExpr, name: &Name, span: Span) -> Compiled {
        let inner = match &operand.ty {
            Type::Optional(inner) => (**inner).clone(),
            ty => ty.clone(),
        };
        let slot = self.scope.slots;
        self.scope.slots += 1;
        let value = TypedExpr { node: TermNode::Variable(slot), ty: inner, span: operand.span };
        let selection = self.selection(value, name, span)?;
        let ty = Type::Optional(Box::new(selection.ty.clone()));
        let node =
            TermNode::OptionalField { operand: Box::new(operand), slot, selection: Box::new(selection) };
        Ok(TypedExpr { node, ty, span })
    }

    fn call(&mut self, target: Option<&Part>, name: &Name, args: &[Part], span: Span) -> Compiled {
        match (&*name.text, target, args) {
            ("has", None, [argument]) => self.has(argument, span),
            ("orValue", Some(target), [otherwise]) => self.or_value(target, otherwise, span),
            ("hasValue", Some(target), []) => {
                let node = TermNode::HasValue(self.optional(target)?.into());
                Ok(TypedExpr { node, ty: Type::Bool, span })
            }
            (loop_name, Some(target), args) => match (LoopKind::from_name(loop_name), args) {
                (Some(kind), [variable, body]) => self.run_loop(kind, target, variable, body, name, span),
                (Some(_), _) => {
                    let message = format!("`{loop_name}` takes a variable and an expression");
                    Err(CompileError::new(message, name.span))
                }
                (None, args) => self.function(name, Some(target), args, span),
            },
            (_, None, args) => self.function(name, None, args, span),
        }
    }

    fn has(&mut self, argument: &Part, span: Span) -> Compiled {
        let inner = self.term(argument)?;
        match inner.node {
            TermNode::Field(..) | TermNode::Member(..) | TermNode::Untyped(..) => {
                Ok(TypedExpr { node: TermNode::Has(inner.into()), ty: Type::Bool, span })
            }
            _ => Err(CompileError::new("expected a field in `has()`, as in `has(record.owner)`", inner.span)),
        }
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
        Ok(TypedExpr { node: TermNode::Index(list.into(), index.into()), ty, span })
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
        Ok(TypedExpr { node: TermNode::OrValue(target.into(), otherwise.into()), ty, span })
    }

    fn binary(&mut self, operator: Binary, left: &Part, right: &Part, span: Span) -> Compiled {
        if let Binary::And | Binary::Or = operator {
            let (left, right) = (self.condition(left)?.into(), self.condition(right)?.into());
            let is_and = matches!(operator, Binary::And);
            let node = if is_and { TermNode::And(left, right) } else { TermNode::Or(left, right) };
            return Ok(TypedExpr { node, ty: Type::Bool, span });
        }
        let (left, right) = (self.term(left)?, self.term(right)?);
        match operator {
            Binary::Compare(comparison) => self.comparison(comparison, left, right, span),
            Binary::Arithmetic(operation) => {
                let Some(ty) = arithmetic_type(operation, &left.ty, &right.ty) else {
                    return Err(no_operation(operation.verb(), &left.ty, &right.ty, span));
                };
                Ok(TypedExpr { node: TermNode::Arithmetic(operation, left.into(), right.into()), ty, span })
            }
            Binary::In | Binary::And | Binary::Or => self.contained(left, right, span),
        }
    }

    fn contained(&mut self, value: TypedExpr, list: TypedExpr, span: Span) -> Compiled {
        let of = match &list.ty {
            Type::Map(key, ..) => (**key).clone(),
            _ => element(&list)?,
        };
        if !value.ty.can_equal(&of) {
            return Err(no_operation("compare", &value.ty, &of, value.span));
        }
        if let TermNode::List(items) = &list.node {
            items.iter().try_for_each(|item| self.check_value(&value, item))?;
        }
        Ok(TypedExpr { node: TermNode::In(value.into(), list.into()), ty: Type::Bool, span })
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
                && (matches!(other.node, TermNode::Field(..))
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
        let node = TermNode::Compare(comparison, left.into(), right.into());
        Ok(TypedExpr { node, ty: Type::Bool, span })
    }

    /// Rejects a word that a value can't be, because its schema lists those that it can.
    fn check_value(&self, value: &TypedExpr, word: &TypedExpr) -> Result<(), CompileError> {
        let Some(text) = word.literal_text() else { return Ok(()) };
        if let TermNode::Member(of, member) = &value.node
            && member.name == "kind"
            && matches!(of.ty, Type::Record(_))
        {
            return self.check_kind(text, word.span);
        }
        let fields = self.read_fields(value);
        // One without an `enum` can have any value.
        if fields.iter().any(|field| field.values.is_empty()) {
            return Ok(());
        }
        let mut known: Vec<&str> =
            fields.iter().flat_map(|field| &field.values).map(|value| &**value).collect();
        // A kind of the user's own may not allow what the one that it replaces does.
        let may_be_removed =
            !self.scope.is_own && self.scope.kinds.iter().any(|kind| kind.own_source.is_some());
        if known.is_empty() || known.contains(&text) || may_be_removed {
            return Ok(());
        }
        known.sort_unstable();
        known.dedup();
        Err(unknown("unknown value", text, word.span, &known))
    }

    /// The fields that a term reads, of each kind; also where `.?` and `orValue()` provide for their absence.
    fn read_fields<'t>(&'t self, term: &'t TypedExpr) -> Vec<&'t Field> {
        let (holder, name) = match &term.node {
            TermNode::Field(holder, name) => (&holder.ty, name),
            TermNode::OrValue(optional, _) => return self.read_fields(optional),
            TermNode::OptionalField { selection, .. } => return self.read_fields(selection),
            _ => return Vec::new(),
        };
        match holder {
            Type::Record(kinds) => {
                let kinds =
                    self.scope.kinds.iter().filter(|kind| kinds.is_empty() || kinds.contains(&kind.name));
                kinds.filter_map(|kind| kind.shape.field(name)).collect()
            }
            Type::Item(shape) => shape.0.field(name).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    fn run_loop(
        &mut self,
        kind: LoopKind,
        list: &Part,
        variable: &Part,
        body: &Part,
        name: &Name,
        span: Span,
    ) -> Compiled {
        let list = self.term(list)?;
        let element_type = element(&list)?;
        let Term::Name(variable) = &variable.term else {
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
        Ok(TypedExpr { node: TermNode::Loop { kind, list: list.into(), slot, body: body.into() }, ty, span })
    }
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

/// The type of the elements of a list.
fn element(list: &TypedExpr) -> Result<Type, CompileError> {
    list.ty.element().ok_or_else(|| expected(&Type::list(Type::Any), &list.ty, list.span))
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
