//! Parsing of expressions, within limits that keep the recursion of the CEL parser safe. Plain ones need no CEL parser.

use cel::common::ast::{IdedExpr, SourceInfo};

use crate::limits::{self, EXPRESSION_DEPTH};
use crate::text::Span;

use super::error::CompileError;
use super::{parse_error, plain_syntax};

pub(super) struct Syntax {
    pub root: IdedExpr,
    places: Places,
    text: Box<str>,
}

enum Places {
    /// By identifier.
    Plain(Vec<Span>),
    Parser(SourceInfo),
}

impl Syntax {
    pub(super) fn parse(text: &str) -> Result<Syntax, CompileError> {
        let whole = Span::new(0, text.len());
        if text.trim().is_empty() {
            return Err(CompileError::new("the expression is empty", whole));
        }
        if text.len() > limits::EXPRESSION_BYTES {
            let message = format!("the expression is longer than {} bytes", limits::EXPRESSION_BYTES);
            return Err(CompileError::new(message, whole).help("split it with `let`"));
        }
        let brackets = check_text_depth(text)?;
        let (root, places) = match plain_syntax::parse(text) {
            Some((root, spans)) => (root, Places::Plain(spans)),
            None => parse_in_full(text, brackets)?,
        };
        check_tree_depth(&root, whole)?;
        Ok(Syntax { root, places, text: text.into() })
    }

    /// The position that the parser reports: the dot of a selection, the parenthesis of a call.
    pub(super) fn span(&self, part: &IdedExpr) -> Span {
        let (start, stop) = match &self.places {
            Places::Plain(spans) => return spans.get(part.id as usize).copied().unwrap_or(Span::new(0, 1)),
            Places::Parser(offsets) => offsets.offset_for(part.id).unwrap_or_default(),
        };
        // Both count bytes; `stop` is the first byte of the last character.
        let length = self.text.len();
        let boundary = |at: usize| (at..length).find(|at| self.text.is_char_boundary(*at)).unwrap_or(length);
        let start = boundary(start as usize);
        Span::new(start, boundary((stop as usize).max(start).saturating_add(1)))
    }
}

/// Parses any expression with the CEL parser.
fn parse_in_full(text: &str, brackets: usize) -> Result<(IdedExpr, Places), CompileError> {
    let parsed = match brackets > MAX_BRACKETS_IN_PLACE {
        true => parse_on_large_stack(text).ok_or_else(|| too_deep(Span::new(0, text.len())))?,
        false => parse(text),
    };
    parsed.map(|(root, offsets)| (root, Places::Parser(offsets)))
}

fn parse(text: &str) -> Result<(IdedExpr, SourceInfo), CompileError> {
    let parsed = cel::Env::default().parser().parse_with_source_info(text);
    parsed.map_err(|errors| first_error(text, &errors))
}

/// Brackets that are parsed on the current thread; the parser takes up to 100 KB of stack for each.
const MAX_BRACKETS_IN_PLACE: usize = 12;
const LARGE_STACK: usize = 64 << 20;

fn parse_on_large_stack(text: &str) -> Option<Result<(IdedExpr, SourceInfo), CompileError>> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(LARGE_STACK).spawn_scoped(scope, || parse(text));
        thread.ok()?.join().ok()
    })
}

/// Checks the depth before parsing, and returns the number of opening brackets. `1 + 1 + …` is a tree as deep as it is
/// long. Characters in strings count too, so that no string can hide brackets from this check.
fn check_text_depth(text: &str) -> Result<usize, CompileError> {
    let mut depth = 0usize;
    let mut brackets = 0usize;
    let mut operators = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        // Branch-free: the counts are added up, not matched.
        let opening = usize::from(matches!(byte, b'(' | b'[' | b'{'));
        brackets += opening;
        depth = (depth + opening).saturating_sub(usize::from(matches!(byte, b')' | b']' | b'}')));
        operators += usize::from(matches!(
            byte,
            b'+' | b'-' | b'*' | b'/' | b'%' | b'?' | b'!' | b'.' | b'<' | b'>' | b'&' | b'|'
        ));
        if depth > EXPRESSION_DEPTH / 4 || brackets > EXPRESSION_DEPTH || operators > EXPRESSION_DEPTH * 2 {
            return Err(too_deep(Span::new(at, at + 1)));
        }
    }
    Ok(brackets)
}

fn too_deep(span: Span) -> CompileError {
    CompileError::new("the expression is nested too deeply", span).help("split it with `let`")
}

fn check_tree_depth(root: &IdedExpr, whole: Span) -> Result<(), CompileError> {
    let mut open = vec![(root, 1usize)];
    while let Some((part, depth)) = open.pop() {
        if depth > EXPRESSION_DEPTH {
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

/// Translates the parser's first error. Its `Display` panics on long lines.
fn first_error(text: &str, errors: &cel::ParseErrors) -> CompileError {
    let Some(error) = errors.errors.first() else {
        return CompileError::new("invalid expression", Span::new(0, text.len()));
    };
    let (line, column) = error.pos;
    let line_start: usize = text.split_inclusive('\n').take((line.max(1) - 1) as usize).map(str::len).sum();
    let rest = &text[line_start.min(text.len())..];
    let at =
        line_start + rest.char_indices().nth((column.max(1) - 1) as usize).map_or(rest.len(), |(at, _)| at);
    parse_error::translate(text, at, &error.msg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_at_the_unexpected_character() {
        let error = Syntax::parse("record.id == 'é' ) && true").err().unwrap();
        assert_eq!(error.span, Span::new(18, 19));
    }

    #[test]
    fn places_behind_other_letters_than_ascii_are_exact() {
        for letters in 0..8 {
            let text = format!("'{}' == a", "ä".repeat(letters));
            let syntax = Syntax::parse(&text).unwrap();
            assert_eq!(&text[syntax.span(&syntax.root).range()], "==", "{text}");
        }
        let text = "a == 'ä'";
        let syntax = Syntax::parse(text).unwrap();
        let cel::common::ast::Expr::Call(call) = &syntax.root.expr else { panic!("a call") };
        assert_eq!(&text[syntax.span(&call.args[1]).range()], "'ä'");
    }

    #[test]
    fn long_and_deep_expressions_are_refused_before_they_are_parsed() {
        let long = vec!["1"; 100_000].join(" + ");
        assert!(Syntax::parse(&long).err().unwrap().message.contains("longer"));
        let deep = format!("{}1{}", "(".repeat(900), ")".repeat(900));
        assert!(Syntax::parse(&deep).err().unwrap().message.contains("nested too deeply"));
        let wide = vec!["1"; 500].join("+");
        assert!(Syntax::parse(&wide).err().unwrap().message.contains("nested too deeply"));
        let negations = format!("{}true", "!".repeat(1000));
        assert!(Syntax::parse(&negations).is_err());
    }

    /// Also with quotes that hide the closing brackets.
    #[test]
    fn the_deepest_expressions_fit_a_threads_stack() {
        let hidden = format!("{}1", "[\")\",".repeat(EXPRESSION_DEPTH));
        let raw = format!("r\"\\\" + {}1{}", "(".repeat(50), ")".repeat(50));
        let comment = format!("// \"\n{}1{}", "(".repeat(50), ")".repeat(50));
        let signs = format!("{}1", "-".repeat(EXPRESSION_DEPTH * 2));
        let nots = format!("{}true", "!".repeat(EXPRESSION_DEPTH * 2));
        let sums = vec!["1"; EXPRESSION_DEPTH - 1].join("+");
        let choices = format!("{}1", "true?1:".repeat(EXPRESSION_DEPTH - 1));
        let nested =
            format!("{}1{}", "true?".repeat(EXPRESSION_DEPTH - 1), ":1".repeat(EXPRESSION_DEPTH - 1));
        let fields = format!("a{}", ".b".repeat(EXPRESSION_DEPTH - 1));
        let ors = vec!["a"; EXPRESSION_DEPTH].join("||");
        let all = [hidden, raw, comment, signs, nots, sums, choices, nested, fields, ors];
        let parse = move || all.iter().for_each(|text| drop(Syntax::parse(text)));
        std::thread::Builder::new().stack_size(2 << 20).spawn(parse).unwrap().join().unwrap();
    }
}
