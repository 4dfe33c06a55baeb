//! Parses the expressions that rules usually hold, a hundred times as fast as the CEL parser and into the same tree. It
//! refuses what it doesn't know, also every error; the CEL parser then has the say.

use cel::common::ast::{CallExpr, Expr, IdedExpr, ListExpr, LiteralValue, SelectExpr, operators};
use memchr::memchr2;

use crate::text::Span;

/// Parses an expression. The identifier of each part is an index into the spans.
pub(super) fn parse(text: &str) -> Option<(IdedExpr, Vec<Span>)> {
    let tokens = tokens(text)?;
    let mut parser = Parser { text, tokens: &tokens, at: 0, spans: Vec::new(), depth: 0 };
    let root = parser.expression()?;
    (parser.at == tokens.len()).then_some((root, parser.spans))
}

/// Deeper expressions are left to the CEL parser, which has its own limit.
const MAX_DEPTH: usize = 40;

/// Words that are no identifiers.
const KEYWORDS: [&str; 4] = ["in", "true", "false", "null"];

#[rustfmt::skip]
fn is_reserved(word: &str) -> bool {
    matches!(
        word,
        "as" | "break" | "const" | "continue" | "else" | "for" | "function" | "if" | "import" | "let" | "loop" | "package"
            | "namespace" | "return" | "var" | "void" | "while"
    )
}

#[derive(Clone, Copy, PartialEq)]
enum TokenKind {
    /// An identifier or a keyword.
    Word,
    Integer,
    Double,
    Text,
    /// A text whose backslashes are characters.
    RawText,
    Sign,
}

#[derive(Clone, Copy)]
struct Token {
    kind: TokenKind,
    /// Of a sign, and of a word as short as one.
    code: Option<SignCode>,
    span: Span,
}

/// A sign of one or two bytes, or the word `in`, as a number: each operand is compared with two dozen of them.
type SignCode = u16;

fn code(written: &[u8]) -> Option<SignCode> {
    match *written {
        [one] => Some(one.into()),
        [one, other] => Some(SignCode::from_be_bytes([one, other])),
        _ => None,
    }
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::with_capacity(text.len() / 3);
    let mut at = 0;
    while let Some(&first) = bytes.get(at) {
        let (kind, length) = match first {
            b' ' | b'\n' | b'\t' | b'\r' => {
                at += 1;
                continue;
            }
            b'r' if matches!(bytes.get(at + 1), Some(b'"' | b'\'')) => {
                (TokenKind::RawText, 1 + raw_text_length(&bytes[at + 1..])?)
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => (TokenKind::Word, word_length(&bytes[at..])?),
            b'0'..=b'9' => number(&bytes[at..])?,
            b'"' | b'\'' => (TokenKind::Text, text_length(&bytes[at..])?),
            _ => (TokenKind::Sign, sign_length(&bytes[at..])?),
        };
        let is_text = matches!(kind, TokenKind::Text | TokenKind::RawText);
        let code = if is_text { None } else { code(&bytes[at..at + length]) };
        tokens.push(Token { kind, code, span: Span::new(at, at + length) });
        at += length;
    }
    Some(tokens)
}

fn is_in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Refuses the letters before bytes, and before a raw text other than `r`.
fn word_length(rest: &[u8]) -> Option<usize> {
    let length = rest.iter().take_while(|byte| is_in_word(**byte)).count();
    let is_prefix = length <= 2 && matches!(rest.get(length), Some(b'"' | b'\''));
    (!is_prefix).then_some(length)
}

/// Refuses exponents, hexadecimal and unsigned numbers.
fn number(rest: &[u8]) -> Option<(TokenKind, usize)> {
    let digits = |from: usize| rest[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(0);
    let (kind, length) = match rest.get(whole) {
        Some(b'.') => match digits(whole + 1) {
            0 => return None,
            fraction => (TokenKind::Double, whole + 1 + fraction),
        },
        _ => (TokenKind::Integer, whole),
    };
    let ends = rest.get(length).is_none_or(|byte| !is_in_word(*byte) && *byte != b'.');
    ends.then_some((kind, length))
}

/// Refuses texts in three quotes, and those with line ends or rare escapes.
fn text_length(rest: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += memchr2(rest[0], b'\\', &rest[at..])?;
        if rest[at] == rest[0] {
            return ended_text(rest, at + 1);
        }
        unescaped(*rest.get(at + 1)?)?;
        at += 2;
    }
}

fn raw_text_length(rest: &[u8]) -> Option<usize> {
    let end = rest[1..].iter().position(|byte| *byte == rest[0])?;
    ended_text(rest, end + 2)
}

fn ended_text(rest: &[u8], length: usize) -> Option<usize> {
    let has_line_end = memchr2(b'\n', b'\r', &rest[..length]).is_some();
    let is_triple = length == 2 && rest.get(2) == rest.first();
    (!has_line_end && !is_triple).then_some(length)
}

/// The character that a backslash and this one stand for.
fn unescaped(escaped: u8) -> Option<char> {
    match escaped {
        b'n' => Some('\n'),
        b'r' => Some('\r'),
        b't' => Some('\t'),
        b'\\' | b'"' | b'\'' => Some(escaped.into()),
        _ => None,
    }
}

/// The text of a literal between its quotes.
fn text_of(written: &str) -> String {
    let mut text = String::with_capacity(written.len());
    let mut rest = written;
    while let Some((before, escape)) = rest.split_once('\\') {
        text.push_str(before);
        text.extend(escape.bytes().next().and_then(unescaped));
        rest = escape.get(1..).unwrap_or_default();
    }
    text + rest
}

/// Refuses signs that are none of the language, and braces.
fn sign_length(rest: &[u8]) -> Option<usize> {
    match rest {
        [b'=' | b'!' | b'<' | b'>', b'=', ..] | [b'&', b'&', ..] | [b'|', b'|', ..] => Some(2),
        [b'/', b'/', ..] => None,
        [sign, ..] if b"()[].,?:!<>+-*/%".contains(sign) => Some(1),
        _ => None,
    }
}

struct Parser<'t> {
    text: &'t str,
    tokens: &'t [Token],
    at: usize,
    spans: Vec<Span>,
    depth: usize,
}

/// A list of terms with the same operator between them, and where that is.
struct Chain {
    operator: &'static str,
    terms: Vec<IdedExpr>,
    operators: Vec<u64>,
}

impl Parser<'_> {
    /// Returns true if the next token is this sign or keyword.
    fn is_next(&self, sign: &str) -> bool {
        self.tokens
            .get(self.at)
            .is_some_and(|token| token.code.is_some() && token.code == code(sign.as_bytes()))
    }

    fn advance(&mut self) -> Option<Token> {
        let token = *self.tokens.get(self.at)?;
        self.at += 1;
        Some(token)
    }

    fn take(&mut self, sign: &str) -> Option<Span> {
        if self.is_next(sign) { self.advance().map(|token| token.span) } else { None }
    }

    fn id(&mut self, span: Span) -> u64 {
        self.spans.push(span);
        self.spans.len() as u64 - 1
    }

    fn part(&mut self, span: Span, expr: Expr) -> IdedExpr {
        IdedExpr { id: self.id(span), expr }
    }

    fn call(&mut self, span: Span, name: &str, target: Option<IdedExpr>, args: Vec<IdedExpr>) -> IdedExpr {
        let call = CallExpr { func_name: name.to_owned(), target: target.map(Box::new), args };
        self.part(span, Expr::Call(call))
    }

    fn expression(&mut self) -> Option<IdedExpr> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut root = self.or()?;
        if let Some(sign) = self.take("?") {
            let then = self.or()?;
            self.take(":")?;
            let otherwise = self.expression()?;
            root = self.call(sign, operators::CONDITIONAL, None, vec![root, then, otherwise]);
        }
        self.depth -= 1;
        Some(root)
    }

    fn or(&mut self) -> Option<IdedExpr> {
        self.chain("||", operators::LOGICAL_OR, Parser::and)
    }

    fn and(&mut self) -> Option<IdedExpr> {
        self.chain("&&", operators::LOGICAL_AND, Parser::relation)
    }

    fn chain(
        &mut self,
        sign: &str,
        operator: &'static str,
        term: fn(&mut Self) -> Option<IdedExpr>,
    ) -> Option<IdedExpr> {
        let mut chain = Chain { operator, terms: vec![term(self)?], operators: Vec::new() };
        while let Some(span) = self.take(sign) {
            chain.terms.push(term(self)?);
            chain.operators.push(self.id(span));
        }
        match chain.operators.len() {
            0 => chain.terms.pop(),
            count => Some(chain.balanced(0, count - 1)),
        }
    }

    fn relation(&mut self) -> Option<IdedExpr> {
        let signs = [
            ("<", operators::LESS),
            ("<=", operators::LESS_EQUALS),
            (">", operators::GREATER),
            (">=", operators::GREATER_EQUALS),
            ("==", operators::EQUALS),
            ("!=", operators::NOT_EQUALS),
            ("in", operators::IN),
        ];
        self.left_to_right(&signs, Parser::sum)
    }

    fn sum(&mut self) -> Option<IdedExpr> {
        self.left_to_right(&[("+", operators::ADD), ("-", operators::SUBSTRACT)], Parser::product)
    }

    fn product(&mut self) -> Option<IdedExpr> {
        let signs = [("*", operators::MULTIPLY), ("/", operators::DIVIDE), ("%", operators::MODULO)];
        self.left_to_right(&signs, Parser::unary)
    }

    fn left_to_right(
        &mut self,
        signs: &[(&str, &str)],
        term: fn(&mut Self) -> Option<IdedExpr>,
    ) -> Option<IdedExpr> {
        let mut left = term(self)?;
        while let Some((sign, operator)) = signs.iter().find(|(sign, _)| self.is_next(sign)) {
            let span = self.take(sign)?;
            let right = term(self)?;
            left = self.call(span, operator, None, vec![left, right]);
        }
        Some(left)
    }

    /// Two negations cancel. A minus may belong to a number, and is refused.
    fn unary(&mut self) -> Option<IdedExpr> {
        let first = self.take("!");
        let mut count = usize::from(first.is_some());
        while self.take("!").is_some() {
            count += 1;
        }
        let member = self.member()?;
        match first.filter(|_| count % 2 == 1) {
            Some(sign) => Some(self.call(sign, operators::LOGICAL_NOT, None, vec![member])),
            None => Some(member),
        }
    }

    fn member(&mut self) -> Option<IdedExpr> {
        let mut operand = self.primary()?;
        loop {
            if let Some(dot) = self.take(".") {
                operand = self.selection(operand, dot)?;
            } else if let Some(bracket) = self.take("[") {
                let index = self.expression()?;
                self.take("]")?;
                operand = self.call(bracket, operators::INDEX, None, vec![operand, index]);
            } else {
                return Some(operand);
            }
        }
    }

    fn selection(&mut self, operand: IdedExpr, dot: Span) -> Option<IdedExpr> {
        let is_optional = self.take("?").is_some();
        let field = self.word()?.to_owned();
        if is_optional {
            let name = self.part(dot, Expr::Literal(LiteralValue::String(field.into())));
            return Some(self.call(dot, operators::OPT_SELECT, None, vec![operand, name]));
        }
        match self.take("(") {
            Some(bracket) => {
                let args = self.list(")")?;
                Some(self.call(bracket, &field, Some(operand), args))
            }
            None => {
                let select = SelectExpr { operand: Box::new(operand), field, test: false };
                Some(self.part(dot, Expr::Select(select)))
            }
        }
    }

    fn word(&mut self) -> Option<&str> {
        let token = self.advance().filter(|token| token.kind == TokenKind::Word)?;
        let word = &self.text[token.span.range()];
        (!KEYWORDS.contains(&word)).then_some(word)
    }

    /// Parses expressions to the closing bracket. Refuses a comma before that.
    fn list(&mut self, end: &str) -> Option<Vec<IdedExpr>> {
        let mut items = Vec::new();
        if self.take(end).is_some() {
            return Some(items);
        }
        loop {
            items.push(self.expression()?);
            if self.take(end).is_some() {
                return Some(items);
            }
            self.take(",")?;
        }
    }

    fn primary(&mut self) -> Option<IdedExpr> {
        let token = self.advance()?;
        let written = &self.text[token.span.range()];
        let literal = match (token.kind, written) {
            (TokenKind::Sign, "(") => {
                let inner = self.expression()?;
                return self.take(")").map(|_| inner);
            }
            (TokenKind::Sign, "[") => {
                let items = self.list("]")?;
                return Some(self.part(token.span, Expr::List(ListExpr::new(items))));
            }
            (TokenKind::Sign, _) => return None,
            (TokenKind::Integer, _) => LiteralValue::Int(written.parse::<i64>().ok()?.into()),
            (TokenKind::Double, _) => LiteralValue::Double(written.parse::<f64>().ok()?.into()),
            (TokenKind::Text, _) => LiteralValue::String(text_of(&written[1..written.len() - 1]).into()),
            (TokenKind::RawText, _) => LiteralValue::String(written[2..written.len() - 1].to_owned().into()),
            (TokenKind::Word, "true") => LiteralValue::Boolean(true.into()),
            (TokenKind::Word, "false") => LiteralValue::Boolean(false.into()),
            (TokenKind::Word, "null") => LiteralValue::Null,
            (TokenKind::Word, word) if word == "in" || is_reserved(word) => return None,
            (TokenKind::Word, word) => return self.name(word.to_owned(), token.span),
        };
        Some(self.part(token.span, Expr::Literal(literal)))
    }

    /// A variable, or a call without a target.
    fn name(&mut self, name: String, span: Span) -> Option<IdedExpr> {
        match self.take("(") {
            Some(bracket) => {
                let args = self.list(")")?;
                Some(self.call(bracket, &name, None, args))
            }
            None => Some(self.part(span, Expr::Ident(name))),
        }
    }
}

impl Chain {
    /// A tree that is as deep as the logarithm of its length.
    fn balanced(&mut self, first: usize, last: usize) -> IdedExpr {
        let middle = (first + last).div_ceil(2);
        let left = match middle == first {
            true => std::mem::take(&mut self.terms[middle]),
            false => self.balanced(first, middle - 1),
        };
        let right = match middle == last {
            true => std::mem::take(&mut self.terms[middle + 1]),
            false => self.balanced(middle + 1, last),
        };
        let call = CallExpr { func_name: self.operator.to_owned(), target: None, args: vec![left, right] };
        IdedExpr { id: self.operators[middle], expr: Expr::Call(call) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::embedded;

    /// The tree in words, with the place of each part.
    fn described(part: &IdedExpr, span: &dyn Fn(u64) -> Span) -> String {
        let all = |parts: &[IdedExpr]| -> String {
            parts.iter().map(|part| format!("{}, ", described(part, span))).collect()
        };
        let text = match &part.expr {
            Expr::Call(call) => {
                let target = call.target.as_deref().map(|target| described(target, span));
                format!("{:?}.{}({})", target, call.func_name, all(&call.args))
            }
            Expr::Select(select) => format!("{}.{}", described(&select.operand, span), select.field),
            Expr::List(list) => format!("[{}]", all(&list.elements)),
            other => format!("{other:?}"),
        };
        format!("{text}@{}", span(part.id).range().start)
    }

    /// Returns whether the text is parsed here. It is then as the CEL parser reads it.
    fn agrees(text: &str) -> bool {
        let Some((root, spans)) = parse(text) else { return false };
        let parser = cel::Env::default().parser();
        let (expected, places) = parser.parse_with_source_info(text).unwrap_or_else(|error| {
            panic!("`{text}` is no expression: {:?}", error.errors.first().map(|error| &error.msg))
        });
        let place =
            |id| places.offset_for(id).map(|(start, end)| Span::new(start as usize, end as usize + 1));
        assert_eq!(
            described(&root, &|id| spans[id as usize]),
            described(&expected, &|id| place(id).expect("a place")),
            "{text}"
        );
        true
    }

    #[test]
    fn rules_are_read_as_by_the_cel_parser() {
        let mut plain = 0;
        for (_, text) in embedded::files("rules").chain(embedded::files("packs")) {
            let rule: serde_yaml::Value = serde_yaml::from_str(text).expect("a rule is YAML");
            let keys = ["when", "each", "group-by", "expect", "due", "against", "message", "help"];
            let expressions = keys.iter().filter_map(|key| rule.get(key)?.as_str());
            let named = rule.get("let").and_then(serde_yaml::Value::as_mapping);
            let named = named.into_iter().flatten().filter_map(|(_, text)| text.as_str());
            for text in expressions.chain(named) {
                plain += text.split(['{', '}']).filter(|part| agrees(part)).count();
            }
        }
        assert!(plain > 500, "{plain}");
    }

    #[test]
    fn what_is_not_plain_is_refused() {
        for text in [
            "",
            "a b",
            "-1",
            "a - -1",
            "1.5e3",
            "0x1F",
            "1u",
            "R'a'",
            "r'''a'''",
            "rb'a'",
            "b'a'",
            "'''a'''",
            r"'\x41'",
            r"'\'",
            "'a",
            "{}",
            "a.b{}",
            "`a`",
            "a[?0]",
            "[?a]",
            "[a,]",
            "f(a,)",
            ".a",
            "a.in",
            "in",
            "for",
            "if(a)",
            "a ? b",
            "a = b",
            "a // b",
            "a;",
            "(a",
            "a)",
            "5in a",
            "a.1",
            "1.",
            "99999999999999999999",
            "a ? b ? c : d : e",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
        assert!(parse(&format!("{}a{}", "(".repeat(50), ")".repeat(50))).is_none());
        assert!(agrees(&format!("{}a{}", "(".repeat(30), ")".repeat(30))));
    }

    proptest! {
        #[test]
        fn what_is_parsed_is_as_by_the_cel_parser(words in prop::collection::vec(prop::sample::select(&[
            "a", "record", "in", "true", "null", "for", "has", "x1", "7", "1.5", "'é'", "\"b\"", "''", r"'\\\n\n'", r"r'\d'", r#""'\"""#, "(", ")", "(",
            ")", "[", "]", ".", ".", ".?", "?", ":", ",", "!", "!", "-", "+", "*", "/", "%", "==", "!=", "<", "<=", ">",
            ">=", "&&", "||", " ", "\n", "u", "r", "=", "{", "}",
        ][..]), 1..12)) {
            agrees(&words.concat());
            agrees(&words.join(" "));
        }

        #[test]
        fn operators_bind_as_in_the_cel_parser(words in prop::collection::vec((
            prop::sample::select(&["", "", "!", "!!", "!!!"][..]),
            prop::sample::select(&["a", "a.b", "f(a, 1)", "a.f(b)", "a[0].?b", "[a, 'b']", "(a || b)", "(a ? b : c)"][..]),
            prop::sample::select(&["+", "-", "*", "/", "%", "==", "<", "in ", "&&", "||", "&&", "||", "? d :"][..]),
        ), 1..9)) {
            let text: String = words.iter().map(|(sign, term, operator)| format!("{sign}{term} {operator} ")).collect();
            prop_assert!(agrees(&format!("{text}z")), "{text}");
        }
    }
}
