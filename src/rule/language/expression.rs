//! Checked expressions, typed trees in which every name is resolved; and the errors of that check.

use std::sync::Arc;

use crate::kind::Kinds;
use crate::rule::runtime::{CallForm, Function, Type, fields_of};
use crate::schema::{did_you_mean, nearest};
use crate::text::{LazyRegex, Span, single_spaced};

pub struct Expression {
    pub text: Box<str>,
    pub root: TypedExpr,
}

pub struct TypedExpr {
    pub node: TermNode,
    /// The body of a loop is the last.
    pub operands: Vec<TypedExpr>,
    pub ty: Type,
    pub span: Span,
}

pub enum TermNode {
    Literal(Literal),
    Variable(usize),
    Param(usize),
    Today,
    List,
    /// `operand.field` of a record or item; the name in kebab-case.
    Field(Box<str>),
    /// `operand.name` of an operand whose type is known only at run time; the name in `snake_case`.
    Untyped(Box<str>),
    Has,
    /// A selection with `.?`: null if it is absent.
    Optional,
    OrValue,
    HasValue,
    Index,
    Not,
    Negate,
    And,
    Or,
    Conditional,
    Compare(ComparisonOperator),
    Arithmetic(Arithmetic),
    In,
    /// The variable of a loop has the slot.
    Loop(LoopKind, usize),
    /// A call, or a member that is computed; the receiver is the first operand.
    Call(&'static Function),
}

impl TypedExpr {
    /// The operands that read the same variables as the term: not the body of a loop.
    pub fn outer_operands(&self) -> &[TypedExpr] {
        let is_loop = matches!(self.node, TermNode::Loop(..));
        &self.operands[..if is_loop { 1 } else { self.operands.len() }]
    }

    /// The term, its operands, theirs and so on, each before its own; without bodies of loops.
    pub fn parts(&self) -> Vec<&TypedExpr> {
        let mut parts = vec![self];
        parts.extend(self.outer_operands().iter().flat_map(TypedExpr::parts));
        parts
    }

    /// The term as written in the text of its expression, on one line.
    pub fn text_in(&self, text: &str) -> String {
        let part = text.get(self.span.range()).unwrap_or(text);
        single_spaced(part)
    }

    /// True if it selects a field or member of its operand.
    pub fn is_selection(&self) -> bool {
        match self.node {
            TermNode::Field(_) | TermNode::Untyped(_) => true,
            TermNode::Call(function) => function.form == CallForm::Member,
            _ => false,
        }
    }

    pub fn literal_text(&self) -> Option<&str> {
        match &self.node {
            TermNode::Literal(Literal::String(text)) => Some(text),
            _ => None,
        }
    }

    /// Visits the term and all that it consists of, each before its own.
    pub fn walk<'t>(&'t self, visit: &mut impl FnMut(&'t TypedExpr)) {
        visit(self);
        self.operands.iter().for_each(|part| part.walk(visit));
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

/// What is compiled, or why that can't be.
pub type Compiled<T = TypedExpr> = Result<T, CompileError>;

/// An error in an expression; the span is in bytes of its text.
#[derive(Debug, PartialEq)]
pub struct CompileError {
    pub message: String,
    pub span: Span,
    pub help: Option<String>,
    pub unknown_variable: Option<Box<str>>,
}

impl CompileError {
    pub fn new(message: impl Into<String>, span: Span) -> CompileError {
        CompileError { message: message.into(), span, help: None, unknown_variable: None }
    }

    pub fn help(mut self, help: impl Into<String>) -> CompileError {
        self.help = Some(help.into());
        self
    }

    pub fn shifted(mut self, bytes: usize) -> CompileError {
        self.span = Span::new(self.span.start as usize + bytes, self.span.end as usize + bytes);
        self
    }
}

/// An unknown name; `message` is completed by the name: "unknown kind".
pub(super) fn unknown(message: &str, name: &str, span: Span, known: &[&str]) -> CompileError {
    let help = nearest(name, known.iter().copied()).map(did_you_mean);
    CompileError { help, ..CompileError::new(format!("{message} `{name}`"), span) }
}

/// A field that values of this type don't have.
pub fn unknown_field(kinds: &Kinds, holder: &Type, name: &str, span: Span) -> CompileError {
    let known: Vec<&str> = fields_of(kinds, holder).map(|field| &*field.name).collect();
    unknown(&format!("{holder} has no field"), name, span, &known)
}

/// A variable that does not exist, or not in this rule.
pub(super) fn unknown_variable(name: &str, span: Span, known: &[&str]) -> CompileError {
    let error = match name {
        "item" => CompileError::new("`item` needs `each`", span),
        "group" => CompileError::new("`group` needs `group-by`", span),
        "other" => CompileError::new("`other` needs `against`, `related.each` or `group-by`", span),
        "file" if known.contains(&"record") => {
            CompileError::new("unknown variable `file` in a rule for records", span)
                .help(did_you_mean("record.file"))
        }
        "record" => CompileError::new("unknown variable `record` in a rule for files", span),
        _ => unknown("unknown variable", name, span, known),
    };
    CompileError { unknown_variable: Some(name.into()), ..error }
}

pub fn expected(expected: &Type, found: &Type, span: Span) -> CompileError {
    CompileError::new(format!("expected {expected}, found {found}"), span)
}

/// An operation that is not defined for values of two types.
pub(super) fn no_operation(verb: &str, left: &Type, right: &Type, span: Span) -> CompileError {
    let message = match verb {
        "add" => format!("can't add {right} to {left}"),
        "subtract" => format!("can't subtract {right} from {left}"),
        "divide" | "multiply" => format!("can't {verb} {left} by {right}"),
        _ => format!("can't {verb} {left} with {right}"),
    };
    CompileError::new(message, span)
}
