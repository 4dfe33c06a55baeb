//! An expression once it has been checked: a typed tree in which every name is resolved. The syntax is
//! the Common Expression Language's, read by its own parser; the tree is evaluated by [`super::evaluate`].

use std::sync::Arc;

use cel::common::ast::IdedExpr;

use crate::text::Span;

use super::members::Member;
use super::mistake::{self, Mistake};
use super::signature::Function;
use super::types::Type;

/// A checked expression and the text it was read from.
#[derive(Debug)]
pub struct Expression {
    pub text: Box<str>,
    pub root: Term,
}

/// A part of an expression.
#[derive(Debug)]
pub struct Term {
    pub node: TermNode,
    pub ty: Type,
    /// Where the part stands in the expression's text, in bytes.
    pub span: Span,
}

#[derive(Debug)]
pub enum TermNode {
    Literal(Literal),
    Variable(usize),
    Param(usize),
    Today,
    List(Vec<Term>),
    /// `operand.field` of a record or item, by its kebab-case name.
    Field(Box<Term>, Box<str>),
    /// `operand.name` where it is not known before a file is read what the operand is; in snake_case.
    Untyped(Box<Term>, Box<str>),
    /// `operand.member`, computed by the host.
    Member(Box<Term>, &'static Member),
    /// `has(operand.field)`: the inner term is the selection.
    Has(Box<Term>),
    /// `operand.?field`: the inner term is the selection on the value, which stands in the slot.
    OptionalField {
        operand: Box<Term>,
        slot: usize,
        selection: Box<Term>,
    },
    OrValue(Box<Term>, Box<Term>),
    HasValue(Box<Term>),
    Index(Box<Term>, Box<Term>),
    Not(Box<Term>),
    Negate(Box<Term>),
    And(Box<Term>, Box<Term>),
    Or(Box<Term>, Box<Term>),
    Conditional(Box<Term>, Box<Term>, Box<Term>),
    Compare(Comparison, Box<Term>, Box<Term>),
    Arithmetic(Arithmetic, Box<Term>, Box<Term>),
    In(Box<Term>, Box<Term>),
    Loop {
        kind: LoopKind,
        list: Box<Term>,
        slot: usize,
        body: Box<Term>,
    },
    /// A call of a host function; the receiver of a method is its first argument.
    Call(&'static Function, Vec<Term>),
}

impl Term {
    /// Calls `visit` with every part, the whole first.
    pub fn walk(&self, visit: &mut impl FnMut(&Term)) {
        visit(self);
        match &self.node {
            TermNode::Literal(_) | TermNode::Variable(_) | TermNode::Param(_) | TermNode::Today => {}
            TermNode::List(parts) | TermNode::Call(_, parts) => {
                parts.iter().for_each(|part| part.walk(visit))
            }
            TermNode::Field(part, _)
            | TermNode::Untyped(part, _)
            | TermNode::Member(part, _)
            | TermNode::Has(part)
            | TermNode::HasValue(part)
            | TermNode::Not(part)
            | TermNode::Negate(part) => part.walk(visit),
            TermNode::OptionalField { operand: a, selection: b, .. }
            | TermNode::OrValue(a, b)
            | TermNode::Index(a, b)
            | TermNode::And(a, b)
            | TermNode::Or(a, b)
            | TermNode::Compare(_, a, b)
            | TermNode::Arithmetic(_, a, b)
            | TermNode::In(a, b)
            | TermNode::Loop { list: a, body: b, .. } => {
                a.walk(visit);
                b.walk(visit);
            }
            TermNode::Conditional(a, b, c) => [a, b, c].into_iter().for_each(|part| part.walk(visit)),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(Arc<str>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Comparison {
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

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LoopKind {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}

impl LoopKind {
    pub fn name(self) -> &'static str {
        match self {
            LoopKind::All => "all",
            LoopKind::Exists => "exists",
            LoopKind::ExistsOne => "exists_one",
            LoopKind::Filter => "filter",
            LoopKind::Map => "map",
        }
    }

    pub fn of_name(name: &str) -> Option<LoopKind> {
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

/// The syntax tree of an expression, before names are resolved.
pub struct Syntax {
    pub root: IdedExpr,
    offsets: cel::common::ast::SourceInfo,
    /// The byte at which each of the text's characters starts: the parser counts characters.
    bytes: Vec<u32>,
}

/// The longest expression, in bytes. It keeps the parser's own recursion within a thread's stack.
pub const LENGTH_LIMIT: usize = 2048;
/// The deepest nesting of brackets and of operators.
pub const DEPTH_LIMIT: usize = 200;

impl Syntax {
    /// Reads an expression.
    ///
    /// # Errors
    /// It is too long or too deep, or no expression.
    pub fn parse(text: &str) -> Result<Syntax, Mistake> {
        let whole = Span::new(0, text.len());
        if text.trim().is_empty() {
            return Err(Mistake::new("the expression is empty", whole));
        }
        if text.len() > LENGTH_LIMIT {
            let message = format!("the expression is longer than {LENGTH_LIMIT} bytes");
            return Err(Mistake::new(message, whole).help("Name parts of it with `let`"));
        }
        let brackets = refuse_deep_text(text)?;
        let bytes: Vec<u32> =
            text.char_indices().map(|(at, _)| at as u32).chain([text.len() as u32]).collect();
        let (root, offsets) = if brackets > BRACKETS_ON_ANY_STACK {
            parse_on_its_own_stack(text).ok_or_else(|| too_deep(whole))?
        } else {
            parse(text)
        }?;
        refuse_deep_tree(&root, whole)?;
        Ok(Syntax { root, offsets, bytes })
    }

    /// Where the parser saw a part: for a selection its dot, for a call its parenthesis.
    pub fn span(&self, part: &IdedExpr) -> Span {
        let (start, stop) = self.offsets.offset_for(part.id).unwrap_or_default();
        let byte = |at: u32| self.bytes.get(at as usize).or(self.bytes.last()).map_or(0, |&at| at as usize);
        Span::new(byte(start), byte(stop.max(start).saturating_add(1)))
    }
}

type Parsed = Result<(IdedExpr, cel::common::ast::SourceInfo), Mistake>;

fn parse(text: &str) -> Parsed {
    let parsed = cel::Env::default().parser().parse_with_source_info(text);
    parsed.map_err(|errors| first_error(text, &errors))
}

/// Brackets that the parser, which takes up to 100 KB of stack for each, reads on any thread.
const BRACKETS_ON_ANY_STACK: usize = 12;
/// A stack for [`DEPTH_LIMIT`] of them. Only what is used of it costs memory.
const STACK: usize = 64 << 20;

/// None where no thread can be started, or the parser breaks down.
fn parse_on_its_own_stack(text: &str) -> Option<Parsed> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || parse(text));
        thread.ok()?.join().ok()
    })
}

/// Operators nest as deeply as they are many: `1 + 1 + …` is a tree as deep as it is long. Brackets and
/// operators in quotes count too: to tell where a text ends is the parser's own business, and who could
/// mislead this about it could overflow the stack there. Gives the number of opening brackets.
fn refuse_deep_text(text: &str) -> Result<usize, Mistake> {
    let mut depth = 0usize;
    let mut brackets = 0usize;
    let mut operators = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => (depth, brackets) = (depth + 1, brackets + 1),
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'+' | b'-' | b'*' | b'/' | b'%' | b'?' | b'!' | b'.' | b'<' | b'>' | b'&' | b'|' => {
                operators += 1
            }
            _ => {}
        }
        if depth > DEPTH_LIMIT / 4 || brackets > DEPTH_LIMIT || operators > DEPTH_LIMIT * 2 {
            return Err(too_deep(Span::new(at, at + 1)));
        }
    }
    Ok(brackets)
}

fn too_deep(span: Span) -> Mistake {
    Mistake::new("the expression nests too deeply", span).help("Name parts of it with `let`")
}

/// Walks the tree without recursion, so that no tree can overflow the stack here.
fn refuse_deep_tree(root: &IdedExpr, whole: Span) -> Result<(), Mistake> {
    let mut open = vec![(root, 1usize)];
    while let Some((part, depth)) = open.pop() {
        if depth > DEPTH_LIMIT {
            return Err(too_deep(whole));
        }
        for child in children(part) {
            open.push((child, depth + 1));
        }
    }
    Ok(())
}

fn children(part: &IdedExpr) -> Vec<&IdedExpr> {
    use cel::common::ast::Expr;
    match &part.expr {
        Expr::Call(call) => call.target.iter().map(|target| &**target).chain(&call.args).collect(),
        Expr::Select(select) => vec![&select.operand],
        Expr::List(list) => list.elements.iter().collect(),
        _ => Vec::new(),
    }
}

/// The parser's first error in our words. Its own `Display` is avoided: it panics on long lines.
fn first_error(text: &str, errors: &cel::ParseErrors) -> Mistake {
    let Some(error) = errors.errors.first() else {
        return Mistake::new("this is no expression", Span::new(0, text.len()));
    };
    let (line, column) = error.pos;
    let line_start: usize = text.split_inclusive('\n').take((line.max(1) - 1) as usize).map(str::len).sum();
    let rest = &text[line_start.min(text.len())..];
    let at =
        line_start + rest.char_indices().nth((column.max(1) - 1) as usize).map_or(rest.len(), |(at, _)| at);
    mistake::of_parser(text, at, &error.msg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_stands_at_the_character_that_does_not_fit() {
        let error = Syntax::parse("record.id == 'é' ) && true").err().unwrap();
        assert_eq!(error.span, Span::new(18, 19));
    }

    #[test]
    fn long_and_deep_expressions_are_refused_before_they_are_parsed() {
        let long = vec!["1"; 100_000].join(" + ");
        assert!(Syntax::parse(&long).err().unwrap().message.contains("longer"));
        let deep = format!("{}1{}", "(".repeat(900), ")".repeat(900));
        assert!(Syntax::parse(&deep).err().unwrap().message.contains("nests too deeply"));
        let wide = vec!["1"; 500].join("+");
        assert!(Syntax::parse(&wide).err().unwrap().message.contains("nests too deeply"));
        let negations = format!("{}true", "!".repeat(1000));
        assert!(Syntax::parse(&negations).is_err());
    }

    /// The deepest trees that pass the limits, also where quotes hide the closing brackets from them.
    #[test]
    fn the_deepest_expressions_fit_a_threads_stack() {
        let hidden = format!("{}1", "[\")\",".repeat(DEPTH_LIMIT));
        let raw = format!("r\"\\\" + {}1{}", "(".repeat(50), ")".repeat(50));
        let comment = format!("// \"\n{}1{}", "(".repeat(50), ")".repeat(50));
        let signs = format!("{}1", "-".repeat(DEPTH_LIMIT * 2));
        let nots = format!("{}true", "!".repeat(DEPTH_LIMIT * 2));
        let sums = vec!["1"; DEPTH_LIMIT - 1].join("+");
        let choices = format!("{}1", "true?1:".repeat(DEPTH_LIMIT - 1));
        let nested = format!("{}1{}", "true?".repeat(DEPTH_LIMIT - 1), ":1".repeat(DEPTH_LIMIT - 1));
        let fields = format!("a{}", ".b".repeat(DEPTH_LIMIT - 1));
        let ors = vec!["a"; DEPTH_LIMIT].join("||");
        let all = [hidden, raw, comment, signs, nots, sums, choices, nested, fields, ors];
        let parse = move || all.iter().for_each(|text| drop(Syntax::parse(text)));
        std::thread::Builder::new().stack_size(2 << 20).spawn(parse).unwrap().join().unwrap();
    }
}
