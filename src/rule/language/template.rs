//! Messages with expressions in braces: ``"`{record.id}` has no owner"``.

use crate::limits;
use crate::rule::runtime::Evaluated;
use crate::text::{Span, single_spaced};

use super::compile::Scope;
use super::evaluate::Evaluator;
use super::expression::{CompileError, Compiled, Expression};

pub struct Template {
    pieces: Vec<Piece>,
}

enum Piece {
    Text(String),
    Expression(Expression),
}

impl Template {
    pub fn compile(text: &str, scope: &mut Scope) -> Compiled<Template> {
        if text.len() > limits::TEMPLATE_BYTES {
            let message = format!("the text is longer than {} bytes", limits::TEMPLATE_BYTES);
            return Err(CompileError::new(message, Span::new(0, text.len())));
        }
        let mut pieces = Vec::new();
        let mut rest = 0;
        let mut literal = String::new();
        while let Some(at) = text[rest..].find(['{', '}']).map(|at| rest + at) {
            literal.push_str(&text[rest..at]);
            let brace = &text[at..=at];
            if text[at + 1..].starts_with(brace) {
                literal.push_str(brace);
                rest = at + 2;
                continue;
            }
            let end = if brace == "{" { closing_brace(text, at) } else { None };
            let Some(end) = end else {
                let message = if brace == "{" { "unclosed `{`" } else { "`}` without `{` before it" };
                return Err(CompileError::new(message, Span::new(at, at + 1))
                    .help(format!("for a brace of the text, write `{brace}{brace}`")));
            };
            pieces.push(Piece::Text(std::mem::take(&mut literal)));
            let inner = &text[at + 1..end];
            let expression = scope.compile(inner).map_err(|error| {
                let empty = error.span.is_empty().then(|| Span::new(at, end + 1));
                let shifted = error.shifted(at + 1);
                CompileError { span: empty.unwrap_or(shifted.span), ..shifted }
            })?;
            pieces.push(Piece::Expression(expression));
            rest = end + 1;
        }
        literal.push_str(&text[rest..]);
        pieces.push(Piece::Text(literal));
        Ok(Template { pieces })
    }

    pub fn as_literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    pub fn as_expression(&self) -> Option<&Expression> {
        let is_text = |piece: &&Piece| !matches!(piece, Piece::Text(text) if text.trim().is_empty());
        let mut pieces = self.pieces.iter().filter(is_text);
        match (pieces.next(), pieces.next()) {
            (Some(Piece::Expression(expression)), None) => Some(expression),
            _ => None,
        }
    }

    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Expression(expression) => Some(expression),
            Piece::Text(_) => None,
        })
    }

    /// Returns the text for a reader: each value on one line, and cut if it is very long.
    pub fn render<'a>(&'a self, evaluator: &mut Evaluator<'a>) -> Evaluated<String> {
        let text = self.pieces_with(evaluator, |value| Ok(shortened(&value?)))?;
        Ok(text.trim().to_owned())
    }

    /// Returns the text for a file: all of each value.
    pub fn render_whole<'a>(&'a self, evaluator: &mut Evaluator<'a>) -> Evaluated<String> {
        self.pieces_with(evaluator, |value| value)
    }

    fn pieces_with<'a>(
        &'a self,
        evaluator: &mut Evaluator<'a>,
        show: fn(Evaluated<String>) -> Evaluated<String>,
    ) -> Evaluated<String> {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Expression(expression) => {
                    let value = evaluator.evaluate(&expression.root);
                    out.push_str(&show(value.and_then(|value| evaluator.show(&value)))?);
                }
            }
        }
        Ok(out)
    }
}

/// A value on one line, and cut if it is too long.
fn shortened(value: &str) -> String {
    // In characters: a list of names may be long.
    const MAX_LENGTH: usize = 2_400;
    let end = value.char_indices().nth(MAX_LENGTH).map(|(at, _)| at);
    if end.is_none() && !value.contains(['\n', '\r']) {
        return value.to_owned();
    }
    let words = single_spaced(&value[..end.unwrap_or(value.len())]);
    if end.is_none() { words } else { format!("{}…", words.trim_end_matches([',', ';', ' '])) }
}

/// The brace that closes the one at `open`, skipping nested braces and strings.
fn closing_brace(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(open) {
        match (quote, byte) {
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'{') => depth += 1,
            (None, b'}') => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}
