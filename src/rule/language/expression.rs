//! Checked expressions: typed trees in which every name is resolved.

use std::sync::Arc;

use crate::rule::runtime::{Function, Member, Type};
use crate::text::{LazyRegex, Span};

#[derive(Debug)]
pub struct Expression {
    pub text: Box<str>,
    pub root: TypedExpr,
}

#[derive(Debug)]
pub struct TypedExpr {
    pub node: TermNode,
    pub ty: Type,
    pub span: Span,
}

#[derive(Debug)]
pub enum TermNode {
    Literal(Literal),
    Variable(usize),
    Param(usize),
    Today,
    List(Vec<TypedExpr>),
    /// `operand.field` of a record or item; the name in kebab-case.
    Field(Box<TypedExpr>, Box<str>),
    /// `operand.name` of an operand whose type is known only at run time; the name in `snake_case`.
    Untyped(Box<TypedExpr>, Box<str>),
    Member(Box<TypedExpr>, &'static Member),
    Has(Box<TypedExpr>),
    /// `operand.?field`; the operand's value is bound to the slot, and the selection reads the slot.
    OptionalField {
        operand: Box<TypedExpr>,
        slot: usize,
        selection: Box<TypedExpr>,
    },
    OrValue(Box<TypedExpr>, Box<TypedExpr>),
    HasValue(Box<TypedExpr>),
    Index(Box<TypedExpr>, Box<TypedExpr>),
    Not(Box<TypedExpr>),
    Negate(Box<TypedExpr>),
    And(Box<TypedExpr>, Box<TypedExpr>),
    Or(Box<TypedExpr>, Box<TypedExpr>),
    Conditional(Box<TypedExpr>, Box<TypedExpr>, Box<TypedExpr>),
    Compare(ComparisonOperator, Box<TypedExpr>, Box<TypedExpr>),
    Arithmetic(Arithmetic, Box<TypedExpr>, Box<TypedExpr>),
    In(Box<TypedExpr>, Box<TypedExpr>),
    Loop {
        kind: LoopKind,
        list: Box<TypedExpr>,
        slot: usize,
        body: Box<TypedExpr>,
    },
    /// A call; the receiver of a method is the first argument.
    Call(&'static Function, Vec<TypedExpr>),
}

impl TypedExpr {
    /// The terms that this one is computed from, which read the same variables: not the body of a loop.
    pub fn operands(&self) -> Vec<&TypedExpr> {
        match &self.node {
            TermNode::Literal(_) | TermNode::Variable(_) | TermNode::Param(_) | TermNode::Today => Vec::new(),
            TermNode::List(of) | TermNode::Call(_, of) => of.iter().collect(),
            TermNode::Field(a, _)
            | TermNode::Untyped(a, _)
            | TermNode::Member(a, _)
            | TermNode::Has(a)
            | TermNode::HasValue(a)
            | TermNode::Not(a)
            | TermNode::Negate(a)
            | TermNode::OptionalField { operand: a, .. }
            | TermNode::Loop { list: a, .. } => vec![a],
            TermNode::OrValue(a, b)
            | TermNode::Index(a, b)
            | TermNode::And(a, b)
            | TermNode::Or(a, b)
            | TermNode::Compare(_, a, b)
            | TermNode::Arithmetic(_, a, b)
            | TermNode::In(a, b) => vec![a, b],
            TermNode::Conditional(a, b, c) => vec![a, b, c],
        }
    }

    /// The term, its operands, theirs and so on, each before its own.
    pub fn parts(&self) -> Vec<&TypedExpr> {
        let mut parts = vec![self];
        parts.extend(self.operands().into_iter().flat_map(TypedExpr::parts));
        parts
    }

    /// The term as written in the text of its expression, on one line.
    pub fn text_in(&self, text: &str) -> String {
        let part = text.get(self.span.range()).unwrap_or(text);
        part.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The text of a literal string.
    pub fn literal_text(&self) -> Option<&str> {
        match &self.node {
            TermNode::Literal(Literal::String(text)) => Some(text),
            _ => None,
        }
    }

    /// Visits the term and all that it consists of, each before its own.
    pub fn walk<'t>(&'t self, visit: &mut impl FnMut(&'t TypedExpr)) {
        visit(self);
        self.operands().into_iter().for_each(|part| part.walk(visit));
        if let TermNode::Loop { body: inner, .. } | TermNode::OptionalField { selection: inner, .. } =
            &self.node
        {
            inner.walk(visit);
        }
    }
}

#[derive(Clone, Debug)]
pub enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    String(Arc<str>),
    /// A string in the place of a regular expression.
    Pattern(Arc<LazyRegex>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ComparisonOperator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Arithmetic {
    pub(super) fn verb(self) -> &'static str {
        match self {
            Arithmetic::Add => "add",
            Arithmetic::Subtract => "subtract",
            Arithmetic::Multiply => "multiply",
            Arithmetic::Divide | Arithmetic::Remainder => "divide",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LoopKind {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}

impl LoopKind {
    pub fn from_name(name: &str) -> Option<LoopKind> {
        Some(match name {
            "all" => LoopKind::All,
            "exists" => LoopKind::Exists,
            "exists_one" | "existsOne" => LoopKind::ExistsOne,
            "filter" => LoopKind::Filter,
            "map" => LoopKind::Map,
            _ => return None,
        })
    }
}
