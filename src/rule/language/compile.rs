//! The load-time check: every name in an expression is resolved against the kinds' schemas, every
//! operation against its operands' types. What passes can only fail for want of data.

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SelectExpr, operators};

use crate::kind::Kinds;
use crate::text::Span;

use super::expression::{Arithmetic, Comparison, Expression, Literal, LoopKind, Syntax, Term, TermNode};
use super::members::Member;
use super::mistake::{Mistake, never_equal, no_variable, unknown, with_mend};
use super::types::{Type, record_field};

mod calls;
mod words;

use calls::listed;

/// Loops in loops, at most.
const LOOP_LIMIT: usize = 3;

/// The names that an expression may use.
pub struct Scope<'k> {
    kinds: &'k Kinds,
    variables: Vec<Variable>,
    params: Vec<(String, Type)>,
    slots: usize,
}

struct Variable {
    name: String,
    ty: Type,
    slot: usize,
}

impl<'k> Scope<'k> {
    /// A scope with the rule's parameters, each under its name in snake_case.
    pub fn new(kinds: &'k Kinds, params: Vec<(String, Type)>) -> Scope<'k> {
        Scope { kinds, variables: Vec::new(), params, slots: 0 }
    }

    /// Adds a variable and gives the slot that it is bound in.
    pub fn declare(&mut self, name: &str, ty: Type) -> usize {
        let slot = self.slots;
        self.slots += 1;
        self.variables.push(Variable { name: name.to_string(), ty, slot });
        slot
    }

    /// Gives a slot that is declared already its name and type.
    pub fn name(&mut self, slot: usize, name: &str, ty: Type) {
        if let Some(variable) = self.variables.iter_mut().find(|variable| variable.slot == slot) {
            variable.name = name.to_string();
            variable.ty = ty;
        }
    }

    /// The type of what a slot holds.
    pub fn type_of(&self, slot: usize) -> &Type {
        self.variables
            .iter()
            .find(|variable| variable.slot == slot)
            .map_or(&Type::Any, |variable| &variable.ty)
    }

    /// Checks an expression.
    ///
    /// # Errors
    /// It is no expression, uses a name that is not there, or an operation that its operands don't have.
    pub fn compile(&mut self, text: &str) -> Result<Expression, Mistake> {
        let syntax = Syntax::parse(text)?;
        let root = Compiler { scope: self, syntax: &syntax, text, loops: 0 }.term(&syntax.root)?;
        Ok(Expression { text: text.into(), root })
    }

    /// Checks an expression that has to be a condition.
    ///
    /// # Errors
    /// As [`Scope::compile`], and where it yields no truth value.
    pub fn condition(&mut self, text: &str) -> Result<Expression, Mistake> {
        let expression = self.compile(text)?;
        match &expression.root.ty {
            Type::Bool | Type::Any => Ok(expression),
            ty => {
                let message = format!("this is {ty}, where {} is needed", Type::Bool);
                Err(Mistake::new(message, Span::new(0, text.len())))
            }
        }
    }
}

struct Compiler<'s, 'k> {
    scope: &'s mut Scope<'k>,
    syntax: &'s Syntax,
    text: &'s str,
    loops: usize,
}

type Compiled = Result<Term, Mistake>;

impl Compiler<'_, '_> {
    fn term(&mut self, part: &IdedExpr) -> Compiled {
        let span = self.syntax.span(part);
        match &part.expr {
            Expr::Literal(literal) => self.literal(literal, span),
            Expr::Ident(name) => self.variable(name, span),
            Expr::Select(select) => self.select(select, span),
            Expr::Call(call) => self.call(call, span),
            Expr::List(list) => {
                let items =
                    list.elements.iter().map(|item| self.term(item)).collect::<Result<Vec<_>, _>>()?;
                let of = items.iter().map(|item| item.ty.clone()).reduce(Type::join).unwrap_or(Type::Nothing);
                Ok(Term { node: TermNode::List(items), ty: Type::list(of), span })
            }
            Expr::Map(_) | Expr::Struct(_) => Err(Mistake::new("rules have no use for mappings", span)),
            Expr::Comprehension(_) | Expr::Unspecified => Err(Mistake::new("this is no expression", span)),
        }
    }

    fn literal(&self, literal: &LiteralValue, span: Span) -> Compiled {
        let (literal, ty) = match literal {
            LiteralValue::Boolean(value) => (Literal::Bool(*value.inner()), Type::Bool),
            LiteralValue::Double(value) => (Literal::Double(*value.inner()), Type::Double),
            LiteralValue::Int(value) => (Literal::Int(*value.inner()), Type::Int),
            LiteralValue::Null => (Literal::Null, Type::Null),
            LiteralValue::String(value) => (Literal::Text(value.inner().into()), Type::Text),
            LiteralValue::UInt(_) | LiteralValue::Bytes(_) => {
                return Err(Mistake::new("rules know no such number or text; leave its letter out", span));
            }
        };
        Ok(Term { node: TermNode::Literal(literal), ty, span })
    }

    fn variable(&self, name: &str, span: Span) -> Compiled {
        let found = self.scope.variables.iter().rev().find(|variable| variable.name == name);
        if let Some(variable) = found {
            return Ok(Term { node: TermNode::Variable(variable.slot), ty: variable.ty.clone(), span });
        }
        if name == "today" {
            return Ok(Term { node: TermNode::Today, ty: Type::Date, span });
        }
        let named = self.scope.variables.iter().map(|variable| variable.name.as_str());
        let known: Vec<&str> = named.filter(|name| !name.is_empty()).chain(["today"]).collect();
        Err(no_variable(name, self.word(name, span), &known))
    }

    /// The place of `name` at or after `span`'s start: the parser places a selection at its dot and a
    /// call at its parenthesis.
    fn word(&self, name: &str, span: Span) -> Span {
        let start = span.start as usize;
        let after =
            self.text.get(start..).and_then(|rest| rest.find(name)).filter(|at| *at <= 2 + name.len());
        let before = || self.text.get(..start).and_then(|head| head.rfind(name));
        let at = after.map(|at| start + at).or_else(before);
        at.map_or(span, |at| Span::new(at, at + name.len()))
    }

    fn select(&mut self, select: &SelectExpr, span: Span) -> Compiled {
        self.refuse_hyphen(&select.field, span)?;
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
            Some(index) => Ok(Term { node: TermNode::Param(index), ty: params[index].1.clone(), span }),
            None => {
                let known: Vec<&str> = params.iter().map(|(name, _)| name.as_str()).collect();
                Err(unknown("there is no parameter", name, self.word(name, span), &known))
            }
        }
    }

    fn selection(&self, operand: Term, name: &str, span: Span) -> Compiled {
        let whole = self.word(name, span);
        let whole = Span::new(operand.span.start.min(whole.start) as usize, whole.end as usize);
        if let Some((member, ty)) = Member::find(&operand.ty, name) {
            return Ok(Term { node: TermNode::Member(Box::new(operand), member), ty, span: whole });
        }
        if operand.ty.is_any() {
            return Ok(Term {
                node: TermNode::Untyped(Box::new(operand), name.into()),
                ty: Type::Any,
                span: whole,
            });
        }
        let field = name.replace('_', "-");
        let ty = match &operand.ty {
            Type::Record(kinds) => record_field(self.scope.kinds, kinds, &field),
            Type::Item(_) if name == "record" => Some(Type::Record(Box::default())),
            Type::Item(shape) => shape.0.field(&field).map(|field| Type::of_field(&field.ty)),
            Type::Fact(fact) => {
                fact.members.iter().find(|(member, _)| *member == field).map(|(_, member)| member.ty())
            }
            _ => None,
        };
        match ty {
            Some(ty) => Ok(Term { node: TermNode::Field(Box::new(operand), field.into()), ty, span: whole }),
            None => {
                let known = self.members_of(&operand.ty);
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                let of = format!("{} has no field", operand.ty);
                Err(listed(unknown(&of, name, self.word(name, span), &known), &operand.ty))
            }
        }
    }

    /// The names that can follow the dot after a value, as expressions spell them.
    fn members_of(&self, ty: &Type) -> Vec<String> {
        let mut names: Vec<String> = Member::names(ty).map(str::to_string).collect();
        match ty {
            Type::Record(kinds) => {
                for kind in kinds.iter().filter_map(|name| self.scope.kinds.get(name)) {
                    names.extend(kind.shape.fields.iter().map(|field| field.name.replace('-', "_")));
                }
            }
            Type::Item(shape) => {
                names.extend(shape.0.fields.iter().map(|field| field.name.replace('-', "_")))
            }
            Type::Fact(fact) => names.extend(fact.members.iter().map(|(name, _)| name.to_string())),
            _ => {}
        }
        names
    }

    /// `record.review-by` reads as a subtraction; the writer meant a field.
    fn refuse_hyphen(&self, field: &str, span: Span) -> Result<(), Mistake> {
        let word = self.word(field, span);
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
        Err(Mistake::new(format!("`{written}` reads as a subtraction here"), whole)
            .help(format!("Write `{}`", written.replace('-', "_"))))
    }

    /// `operand.?field`, and what follows a dot after it.
    fn optional_select(&mut self, operand: Term, name: &str, span: Span) -> Compiled {
        self.refuse_hyphen(name, span)?;
        let inner = match &operand.ty {
            Type::Optional(inner) => (**inner).clone(),
            ty => ty.clone(),
        };
        let slot = self.scope.slots;
        self.scope.slots += 1;
        let value = Term { node: TermNode::Variable(slot), ty: inner, span: operand.span };
        let selection = self.selection(value, name, span)?;
        let (ty, span) = (Type::Optional(Box::new(selection.ty.clone())), selection.span);
        let node =
            TermNode::OptionalField { operand: Box::new(operand), slot, selection: Box::new(selection) };
        Ok(Term { node, ty, span })
    }

    fn call(&mut self, call: &CallExpr, span: Span) -> Compiled {
        match (call.func_name.as_str(), call.target.as_deref(), call.args.as_slice()) {
            (operators::OPT_SELECT, _, [operand, field]) => match &field.expr {
                Expr::Literal(LiteralValue::String(name)) => {
                    let operand = self.term(operand)?;
                    self.optional_select(operand, name.inner(), span)
                }
                _ => Err(Mistake::new("a field's name has to follow `.?`", span)),
            },
            (operators::HAS, None, [argument]) => self.has(argument, span),
            (operators::INDEX, None, [list, index]) => self.index(list, index, span),
            (operators::CONDITIONAL, None, [condition, then, otherwise]) => {
                let condition = self.truth(condition)?;
                let (then, otherwise) = (self.term(then)?, self.term(otherwise)?);
                let ty = then.ty.clone().join(otherwise.ty.clone());
                let node = TermNode::Conditional(condition.into(), then.into(), otherwise.into());
                Ok(Term { node, ty, span })
            }
            (operators::LOGICAL_NOT, None, [operand]) => {
                let node = TermNode::Not(self.truth(operand)?.into());
                Ok(Term { node, ty: Type::Bool, span })
            }
            (operators::NEGATE, None, [operand]) => {
                let operand = self.term(operand)?;
                if !operand.ty.is_number() && !operand.ty.is_any() {
                    return Err(Mistake::new(format!("{} has no negative", operand.ty), operand.span));
                }
                let ty = operand.ty.clone();
                Ok(Term { node: TermNode::Negate(operand.into()), ty, span })
            }
            (operators::IN, None, [element, list]) => self.member_of(element, list, span),
            (name, None, [left, right]) if is_binary(name) => self.binary(name, left, right, span),
            ("orValue", Some(target), [otherwise]) => self.or_value(target, otherwise, span),
            ("hasValue", Some(target), []) => {
                let target = self.optional(target)?;
                Ok(Term { node: TermNode::HasValue(target.into()), ty: Type::Bool, span })
            }
            (name, Some(target), [variable, body]) if LoopKind::of_name(name).is_some() => {
                self.run_loop(LoopKind::of_name(name).unwrap_or(LoopKind::All), target, variable, body, span)
            }
            (name, Some(_), _) if LoopKind::of_name(name).is_some() => {
                let message = format!("`{name}` takes a name for the elements and what is asked of each");
                let help = format!("Write `.{name}(x, …)`");
                Err(Mistake::new(message, self.word(name, span)).help(help))
            }
            (name, target, args) => self.function(name, target, args, span),
        }
    }

    fn has(&mut self, argument: &IdedExpr, span: Span) -> Compiled {
        let inner = self.term(argument)?;
        match inner.node {
            TermNode::Field(..) | TermNode::Member(..) | TermNode::Untyped(..) => {
                Ok(Term { node: TermNode::Has(inner.into()), ty: Type::Bool, span })
            }
            _ => Err(Mistake::new("`has()` asks for a field: `has(record.owner)`", inner.span)),
        }
    }

    fn index(&mut self, list: &IdedExpr, index: &IdedExpr, span: Span) -> Compiled {
        let list = self.term(list)?;
        let index = self.term(index)?;
        let Some(ty) = list.ty.element() else {
            return Err(no_list(&list));
        };
        expect(&index, &Type::Int)?;
        Ok(Term { node: TermNode::Index(list.into(), index.into()), ty, span })
    }

    fn truth(&mut self, part: &IdedExpr) -> Compiled {
        let term = self.term(part)?;
        expect(&term, &Type::Bool)?;
        Ok(term)
    }

    fn optional(&mut self, part: &IdedExpr) -> Compiled {
        let term = self.term(part)?;
        match term.ty {
            Type::Optional(_) | Type::Any => Ok(term),
            _ => Err(Mistake::new("this is not read with `.?`", term.span)
                .help("Write `.?` before the field that may be absent: `record.?owner.orValue(…)`")),
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
            let message = format!("this is {}, the field is {inner}", otherwise.ty);
            return Err(Mistake::new(message, otherwise.span));
        }
        let ty = if inner.is_any() { otherwise.ty.clone() } else { inner.join(otherwise.ty.clone()) };
        Ok(Term { node: TermNode::OrValue(target.into(), otherwise.into()), ty, span })
    }

    fn member_of(&mut self, element: &IdedExpr, list: &IdedExpr, span: Span) -> Compiled {
        let element = self.term(element)?;
        let list = self.term(list)?;
        let Some(of) = list.ty.element() else {
            let mistake = Mistake::new(format!("`in` looks into a list, and this is {}", list.ty), list.span);
            let text = list.ty == Type::Text;
            return Err(if text { mistake.help("Ask a text by `.contains(…)`") } else { mistake });
        };
        if !element.ty.equates(&of) {
            return Err(never_equal(&element.ty, &of, element.span));
        }
        self.known_words(&element, &list)?;
        Ok(Term { node: TermNode::In(element.into(), list.into()), ty: Type::Bool, span })
    }

    fn binary(&mut self, name: &str, left: &IdedExpr, right: &IdedExpr, span: Span) -> Compiled {
        if let operators::LOGICAL_AND | operators::LOGICAL_OR = name {
            let (left, right) = (self.truth(left)?.into(), self.truth(right)?.into());
            let and = name == operators::LOGICAL_AND;
            let node = if and { TermNode::And(left, right) } else { TermNode::Or(left, right) };
            return Ok(Term { node, ty: Type::Bool, span });
        }
        let (left, right) = (self.term(left)?, self.term(right)?);
        let span = left.span.to(right.span);
        if let Some(comparison) = comparison(name) {
            let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
            if equality && !left.ty.equates(&right.ty) {
                return Err(never_equal(&left.ty, &right.ty, span));
            }
            if equality {
                self.known_word(&left, &right)?;
            }
            if !equality && !left.ty.orders(&right.ty) {
                let message = format!("{} and {} have no order", left.ty, right.ty);
                return Err(with_mend(Mistake::new(message, span), &left.ty, &right.ty));
            }
            let node = TermNode::Compare(comparison, left.into(), right.into());
            return Ok(Term { node, ty: Type::Bool, span });
        }
        let operation = arithmetic(name);
        let Some(ty) = arithmetic_type(operation, &left.ty, &right.ty) else {
            let verb = match operation {
                Arithmetic::Add => "added",
                Arithmetic::Subtract => "subtracted",
                Arithmetic::Multiply => "multiplied",
                Arithmetic::Divide | Arithmetic::Remainder => "divided",
            };
            let mistake = Mistake::new(format!("{} and {} can't be {verb}", left.ty, right.ty), span);
            return Err(match (&left.ty, &right.ty) {
                (Type::Date, Type::Date) => {
                    mistake.help("Compare `age(day)` with a duration, or the days themselves")
                }
                (Type::Date, _) => mistake.help("A duration can be: `duration(\"1 quarter\")`"),
                (Type::Text, _) | (_, Type::Text) => mistake.help("`string(…)` makes a text of a value"),
                _ => mistake,
            });
        };
        Ok(Term { node: TermNode::Arithmetic(operation, left.into(), right.into()), ty, span })
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
            return Err(no_list(&list));
        };
        let Expr::Ident(name) = &variable.expr else {
            return Err(Mistake::new(
                "a name for the elements has to stand here",
                self.syntax.span(variable),
            ));
        };
        if self.loops == LOOP_LIMIT {
            let message = format!("loops stand in loops more than {LOOP_LIMIT} deep");
            return Err(
                Mistake::new(message, self.word(kind.name(), span)).help("Name an inner part with `let`")
            );
        }
        let slot = self.scope.declare(name, element);
        self.loops += 1;
        let body = if kind == LoopKind::Map { self.term(body) } else { self.truth(body) };
        self.loops -= 1;
        self.scope.variables.pop();
        let body = body?;
        let ty = match kind {
            LoopKind::Filter => list.ty.clone(),
            LoopKind::Map => Type::list(body.ty.clone()),
            LoopKind::All | LoopKind::Exists | LoopKind::ExistsOne => Type::Bool,
        };
        let span = list.span.to(span);
        Ok(Term { node: TermNode::Loop { kind, list: list.into(), slot, body: body.into() }, ty, span })
    }
}

fn no_list(term: &Term) -> Mistake {
    Mistake::new(format!("this is {}, where a list is needed", term.ty), term.span)
}

fn expect(term: &Term, wanted: &Type) -> Result<(), Mistake> {
    if term.ty.fits(wanted) {
        return Ok(());
    }
    Err(Mistake::new(format!("this is {}, where {wanted} is needed", term.ty), term.span))
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

fn comparison(name: &str) -> Option<Comparison> {
    Some(match name {
        operators::EQUALS => Comparison::Equal,
        operators::NOT_EQUALS => Comparison::NotEqual,
        operators::LESS => Comparison::Less,
        operators::LESS_EQUALS => Comparison::LessOrEqual,
        operators::GREATER => Comparison::Greater,
        operators::GREATER_EQUALS => Comparison::GreaterOrEqual,
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
    use Arithmetic::{Add, Subtract};
    Some(match (operation, left, right) {
        (Add | Subtract, Type::Date, Type::Duration) => Type::Date,
        (Add | Subtract, Type::Date, Type::Any) => Type::Date,
        (Subtract, Type::Amount, Type::Amount) => Type::Double,
        (Add, Type::Text | Type::Record(_), Type::Text | Type::Record(_)) => Type::Text,
        (Add, Type::List(a), Type::List(b)) => Type::list((**a).clone().join((**b).clone())),
        (_, Type::Any, _) | (_, _, Type::Any) => Type::Any,
        (_, Type::Int, Type::Int) => Type::Int,
        (_, a, b) if a.is_number() && b.is_number() => Type::Double,
        _ => return None,
    })
}
