//! Parses expressions into trees: the syntax of CEL without literals of maps and messages, unsigned and hexadecimal integers,
//! bytes, strings in three quotes, and escapes other than those of JSON.

use crate::limits::{self, EXPRESSION_DEPTH};
use crate::schema::did_you_mean;
use crate::text::Span;

use super::expression::{Arithmetic, ComparisonOperator, CompileError, Compiled, Literal};

/// An operation and its operands. The span covers all of it, without parentheses around it.
pub(super) struct Part {
    pub operation: Operation,
    pub operands: Vec<Part>,
    pub span: Span,
    depth: usize,
}

pub(super) enum Operation {
    Literal(Literal),
    Name(Name),
    List,
    Select(Name),
    OptionalSelect(Name),
    Index,
    Call(Name),
    /// A call of a method, whose receiver is the first operand.
    Method(Name),
    Not,
    Negate,
    Or,
    And,
    In,
    Compare(ComparisonOperator),
    Arithmetic(Arithmetic),
    Conditional,
}

pub(super) struct Name {
    pub text: Box<str>,
    pub span: Span,
}

pub(super) fn parse(text: &str) -> Compiled<Part> {
    let whole = Span::new(0, text.len());
    if text.trim().is_empty() {
        return Err(CompileError::new("the expression is empty", whole));
    }
    if text.len() > limits::EXPRESSION_BYTES {
        let message = format!("the expression is longer than {} bytes", limits::EXPRESSION_BYTES);
        return Err(CompileError::new(message, whole).help("split it with `let`"));
    }
    let mut parser = Parser { text, tokens: tokens(text)?, at: 0, open: Vec::new() };
    let root = parser.expression()?;
    match parser.peek() {
        None => Ok(root),
        Some(_) => Err(parser.unexpected()),
    }
}

/// The signs of one character.
const SIGNS: &str = "()[].,?:!<>+-*/%{}";

#[derive(Clone, Copy, PartialEq)]
enum Token {
    /// An identifier or a keyword.
    Word,
    Integer,
    Double,
    Text,
    Sign,
}

fn tokens(text: &str) -> Compiled<Vec<(Token, Span)>> {
    let mut tokens = Vec::with_capacity(text.len() / 3);
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let second = rest[first.len_utf8()..].chars().next();
        let (token, length) = match first {
            ' ' | '\n' | '\t' | '\r' | '\u{c}' => {
                at += 1;
                continue;
            }
            '/' if second == Some('/') => {
                at += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            'a'..='z' | 'A'..='Z' | '_' => match text_length(rest) {
                Some(length) => (Token::Text, length),
                None => (Token::Word, run(rest, is_in_word)),
            },
            '"' | '\'' => (Token::Text, text_length(rest).unwrap_or(0)),
            _ if first.is_ascii_digit() || first == '.' && second.is_some_and(|c| c.is_ascii_digit()) => {
                number(rest)
            }
            '=' | '!' | '<' | '>' if second == Some('=') => (Token::Sign, 2),
            '&' | '|' if second == Some(first) => (Token::Sign, 2),
            _ => (Token::Sign, usize::from(SIGNS.contains(first))),
        };
        if length == 0 {
            return Err(match token {
                Token::Text => CompileError::new("unclosed string", Span::new(at, text.len()))
                    .help(format!("add `{first}` at its end")),
                _ => {
                    let error = CompileError::new(
                        format!("unexpected `{first}`"),
                        Span::new(at, at + first.len_utf8()),
                    );
                    if first == '=' { error.help(did_you_mean("==")) } else { error }
                }
            });
        }
        tokens.push((token, Span::new(at, at + length)));
        at += length;
    }
    Ok(tokens)
}

fn run(text: &str, is_part: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is_part(c)).unwrap_or(text.len())
}

fn is_in_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn number(rest: &str) -> (Token, usize) {
    let digits = |from: usize| from + run(&rest[from..], |c| c.is_ascii_digit());
    let whole = digits(0);
    let fraction = if rest[whole..].starts_with('.') { digits(whole + 1) } else { whole };
    let end = if fraction > whole + 1 { fraction } else { whole };
    let sign = usize::from(rest[end..].starts_with(['e', 'E']));
    let sign = sign + usize::from(sign == 1 && rest[end + 1..].starts_with(['+', '-']));
    let exponent = digits(end + sign);
    let end_of_all = if sign > 0 && exponent > end + sign { exponent } else { end };
    (if end_of_all > whole { Token::Double } else { Token::Integer }, end_of_all)
}

/// Whether a text is raw, and its content; `None` if it is not closed or none begins here.
fn text_parts(rest: &str) -> Option<(bool, &str)> {
    let open = rest.strip_prefix(['r', 'R']);
    let is_raw = open.is_some();
    let open = open.unwrap_or(rest);
    let quote = open.chars().next().filter(|quote| ['"', '\''].contains(quote))?;
    let content = &open[1..];
    let mut escaped = false;
    let (end, last) = content.char_indices().find(|&(_, c)| {
        let ends = !escaped && c == quote || matches!(c, '\n' | '\r');
        escaped = !escaped && !is_raw && c == '\\';
        ends
    })?;
    (last == quote).then(|| (is_raw, &content[..end]))
}

fn text_length(rest: &str) -> Option<usize> {
    text_parts(rest).map(|(is_raw, content)| usize::from(is_raw) + 2 + content.len())
}

/// Reads the text of a literal; or the span in it of an escape that is none.
fn text_of(written: &str) -> Result<String, Span> {
    let (is_raw, content) = text_parts(written).unwrap_or((true, written));
    if is_raw {
        return Ok(content.to_owned());
    }
    let mut text = String::with_capacity(content.len());
    let mut rest = content;
    while let Some((before, escape)) = rest.split_once('\\') {
        text.push_str(before);
        let (character, length) = unescaped(escape).ok_or_else(|| {
            let at = content.len() - escape.len();
            Span::new(at, at + 1 + escape.chars().next().map_or(0, char::len_utf8))
        })?;
        text.push(character);
        rest = &escape[length..];
    }
    Ok(text + rest)
}

/// The character that an escape stands for, and the number of its bytes behind the backslash.
fn unescaped(escape: &str) -> Option<(char, usize)> {
    Some(match escape.chars().next()? {
        'n' => ('\n', 1),
        'r' => ('\r', 1),
        't' => ('\t', 1),
        quoted @ ('\\' | '\'' | '"') => (quoted, 1),
        'u' => {
            let digits = escape.get(1..5).filter(|it| it.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
            (char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, 5)
        }
        _ => return None,
    })
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<(Token, Span)>,
    at: usize,
    open: Vec<Span>,
}

type Parsed<T = Part> = Compiled<T>;

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<(Token, &'t str)> {
        self.tokens.get(self.at).map(|(token, span)| (*token, &self.text[span.range()]))
    }

    /// Returns the span of the next token if it is this sign or keyword, and goes on behind it.
    fn take(&mut self, sign: &str) -> Option<Span> {
        let (token, written) = self.peek()?;
        if written != sign || !matches!(token, Token::Sign | Token::Word) {
            return None;
        }
        self.at += 1;
        Some(self.tokens[self.at - 1].1)
    }

    fn require(&mut self, sign: &str) -> Parsed<Span> {
        self.take(sign).ok_or_else(|| self.unexpected())
    }

    /// The error of the next token, or of the end of the expression.
    fn unexpected(&self) -> CompileError {
        let Some((_, span)) = self.tokens.get(self.at) else {
            return match self.open.last() {
                Some(bracket) => {
                    let open = &self.text[bracket.range()];
                    let close = if open == "(" { ")" } else { "]" };
                    CompileError::new(format!("unclosed `{open}`"), *bracket).help(format!("add `{close}`"))
                }
                None => {
                    let last = self.tokens.last().map_or(Span::new(0, self.text.len()), |(_, span)| *span);
                    CompileError::new("the expression is not complete", last)
                }
            };
        };
        match &self.text[span.range()] {
            "{" | "}" => CompileError::new("literals of maps are not supported", *span),
            other => CompileError::new(format!("unexpected `{other}`"), *span),
        }
    }

    fn part(&self, first: usize, operation: Operation, operands: impl Into<Vec<Part>>) -> Parsed {
        let operands = operands.into();
        let depth = operands.iter().map(|part| part.depth + 1).max().unwrap_or(1);
        if depth > EXPRESSION_DEPTH {
            return Err(too_deep(Span::new(0, self.text.len())));
        }
        let last = self.at.max(first + 1) - 1;
        Ok(Part { operation, operands, span: self.tokens[first].1.to(self.tokens[last].1), depth })
    }

    fn expression(&mut self) -> Parsed {
        let first = self.at;
        let condition = self.binary(0)?;
        if self.take("?").is_none() {
            return Ok(condition);
        }
        let then = self.binary(0)?;
        self.require(":")?;
        let otherwise = self.expression()?;
        self.part(first, Operation::Conditional, [condition, then, otherwise])
    }

    /// Parses operators that bind at least as strongly as `level`; those of one level from the left.
    fn binary(&mut self, level: usize) -> Parsed {
        let first = self.at;
        let mut left = self.unary()?;
        while let Some((of, operator)) = self.peek().and_then(binary_operator).filter(|(of, _)| *of >= level)
        {
            self.at += 1;
            let right = self.binary(of + 1)?;
            left = self.part(first, operator, [left, right])?;
        }
        Ok(left)
    }

    /// Two signs cancel.
    fn unary(&mut self) -> Parsed {
        let first = self.at;
        let sign = if matches!(self.peek(), Some((Token::Sign, "!"))) { "!" } else { "-" };
        let mut count = 0;
        while self.take(sign).is_some() {
            count += 1;
        }
        let operand = self.member()?;
        match (count % 2, sign) {
            (0, _) => Ok(operand),
            (_, "!") => self.part(first, Operation::Not, [operand]),
            _ => self.part(first, Operation::Negate, [operand]),
        }
    }

    fn member(&mut self) -> Parsed {
        let first = self.at;
        let mut operand = self.primary()?;
        loop {
            if self.take(".").is_some() {
                let is_optional = self.take("?").is_some();
                let name = self.name()?;
                operand = match self.peek() {
                    _ if is_optional => self.part(first, Operation::OptionalSelect(name), [operand])?,
                    Some((Token::Sign, "(")) => {
                        let parts = self.arguments(Some(operand))?;
                        self.part(first, Operation::Method(name), parts)?
                    }
                    _ => self.part(first, Operation::Select(name), [operand])?,
                };
            } else if let Some(bracket) = self.take("[") {
                self.open(bracket)?;
                let index = self.expression()?;
                self.close("]")?;
                operand = self.part(first, Operation::Index, [operand, index])?;
            } else {
                return Ok(operand);
            }
        }
    }

    fn open(&mut self, bracket: Span) -> Parsed<()> {
        // Brackets may be nested a quarter as deep as terms, since the parser calls itself several times for each.
        const MAX_BRACKETS: usize = EXPRESSION_DEPTH / 4;
        self.open.push(bracket);
        if self.open.len() > MAX_BRACKETS { Err(too_deep(bracket)) } else { Ok(()) }
    }

    fn close(&mut self, bracket: &str) -> Parsed<()> {
        self.require(bracket)?;
        self.open.pop();
        Ok(())
    }

    fn name(&mut self) -> Parsed<Name> {
        const KEYWORDS: [&str; 4] = ["in", "true", "false", "null"];
        match self.peek() {
            Some((Token::Word, word)) if !KEYWORDS.contains(&word) => {
                self.at += 1;
                Ok(Name { text: word.into(), span: self.tokens[self.at - 1].1 })
            }
            _ => Err(self.unexpected()),
        }
    }

    /// The receiver of a method and the arguments.
    fn arguments(&mut self, receiver: Option<Part>) -> Parsed<Vec<Part>> {
        let bracket = self.require("(")?;
        self.open(bracket)?;
        let mut parts: Vec<Part> = receiver.into_iter().collect();
        let mut is_first = true;
        while self.take(")").is_none() {
            if !is_first {
                self.require(",")?;
            }
            parts.push(self.expression()?);
            is_first = false;
        }
        self.open.pop();
        Ok(parts)
    }

    fn primary(&mut self) -> Parsed {
        let first = self.at;
        let Some((token, written)) = self.peek() else { return Err(self.unexpected()) };
        let literal = match (token, written) {
            (Token::Sign, "(") => {
                self.at += 1;
                self.open(self.tokens[first].1)?;
                let inner = self.expression()?;
                self.close(")")?;
                return Ok(inner);
            }
            (Token::Sign, "[") => return self.list(),
            (Token::Sign, _) => return Err(self.unexpected()),
            (Token::Integer | Token::Double, _) => self.number()?,
            (Token::Text, _) => {
                let start = self.tokens[first].1.start as usize;
                let text = text_of(written).map_err(|escape| {
                    let escape = Span::new(start + escape.start as usize, start + escape.end as usize);
                    CompileError::new("unknown escape in a string", escape)
                        .help("write `\\\\` for a backslash, or `r` before the string")
                })?;
                Literal::String(text.into())
            }
            (Token::Word, "true") => Literal::Bool(true),
            (Token::Word, "false") => Literal::Bool(false),
            (Token::Word, "null") => Literal::Null,
            (Token::Word, _) => {
                let name = self.name()?;
                if !matches!(self.peek(), Some((Token::Sign, "("))) {
                    return self.part(first, Operation::Name(name), []);
                }
                let parts = self.arguments(None)?;
                return self.part(first, Operation::Call(name), parts);
            }
        };
        self.at += 1;
        self.part(first, Operation::Literal(literal), [])
    }

    /// A comma may follow the last element.
    fn list(&mut self) -> Parsed {
        let first = self.at;
        let bracket = self.require("[")?;
        self.open(bracket)?;
        let mut elements = Vec::new();
        while !matches!(self.peek(), Some((Token::Sign, "]"))) {
            if elements.is_empty() && self.take(",").is_some() {
                break;
            }
            elements.push(self.expression()?);
            if self.take(",").is_none() {
                break;
            }
        }
        self.close("]")?;
        self.part(first, Operation::List, elements)
    }

    fn number(&self) -> Parsed<Literal> {
        let (token, span) = self.tokens[self.at];
        let written = &self.text[span.range()];
        let literal = match token {
            Token::Double => written.parse().ok().filter(|it: &f64| it.is_finite()).map(Literal::Double),
            _ => written.parse().ok().map(Literal::Int),
        };
        literal.ok_or_else(|| CompileError::new("the number is too large", span))
    }
}

/// How strongly an operator of two operands binds, and which it is.
fn binary_operator((_, sign): (Token, &str)) -> Option<(usize, Operation)> {
    use ComparisonOperator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    Some(match sign {
        "||" => (0, Operation::Or),
        "&&" => (1, Operation::And),
        "in" => (2, Operation::In),
        "==" => (2, Operation::Compare(Equal)),
        "!=" => (2, Operation::Compare(NotEqual)),
        "<" => (2, Operation::Compare(Less)),
        "<=" => (2, Operation::Compare(LessOrEqual)),
        ">" => (2, Operation::Compare(Greater)),
        ">=" => (2, Operation::Compare(GreaterOrEqual)),
        "+" => (3, Operation::Arithmetic(Arithmetic::Add)),
        "-" => (3, Operation::Arithmetic(Arithmetic::Subtract)),
        "*" => (4, Operation::Arithmetic(Arithmetic::Multiply)),
        "/" => (4, Operation::Arithmetic(Arithmetic::Divide)),
        "%" => (4, Operation::Arithmetic(Arithmetic::Remainder)),
        _ => return None,
    })
}

fn too_deep(span: Span) -> CompileError {
    CompileError::new("the expression is nested too deeply", span).help("split it with `let`")
}
