//! Translates the CEL parser's errors, which speak of tokens, into messages about the text.

use crate::calendar::Duration;
use crate::text::Span;

use super::error::CompileError;

const FOREIGN_OPERATORS: [(&str, &str); 9] = [
    ("and", "&&"),
    ("AND", "&&"),
    ("or", "||"),
    ("OR", "||"),
    ("not", "!"),
    ("NOT", "!"),
    ("is", "=="),
    ("<>", "!="),
    ("=", "=="),
];

/// Signs of other languages, with what to write. The first in the text counts.
const FOREIGN_SIGNS: [(&str, &str); 9] = [
    ("===", "write `==`"),
    ("!==", "write `!=`"),
    ("=~", "write `.matches(\"…\")`"),
    ("!~", "write `!` before it and `.matches(\"…\")`"),
    ("=<", "write `<=`"),
    ("=>", "write the variable as an argument: `.exists(x, x.id == \"a\")`"),
    ("->", "write the variable as an argument: `.exists(x, x.id == \"a\")`"),
    ("??", "write `record.?field.orValue(…)`"),
    ("?.", "write the question mark behind the dot: `record.owner.?lead`"),
];

/// The error at byte `at` of an expression, for the parser's `message`.
pub(super) fn translate(text: &str, at: usize, message: &str) -> CompileError {
    if let Some(error) = foreign_sign(text).or_else(|| foreign_phrase(text)) {
        return error;
    }
    if let Some(error) = bare_pattern(text, at).or_else(|| open_choice(text)) {
        return error;
    }
    let word = word_at(text, at);
    let span = Span::new(at, at + word.len());
    if message.contains("'<EOF>'") || word.trim().is_empty() {
        return unexpected_end(text, message);
    }
    let before = word_before(text, at);
    if let Some((other, operator)) = foreign_operator(before).or_else(|| foreign_operator((at, word))) {
        let text = format!("`{}` is not an operator", other.1);
        return CompileError::new(text, Span::new(other.0, other.0 + other.1.len()))
            .help(format!("write `{operator}`"));
    }
    if message.starts_with("Syntax error: token recognition") {
        return unexpected_character(text, at, word);
    }
    if message.starts_with("reserved identifier") {
        let error = CompileError::new(format!("`{word}` is a reserved word"), span);
        if let Some(field) = hyphenated_field(text, at) {
            return error.help(format!("write `{}`: a hyphen is a minus", field.replace('-', "_")));
        }
        return match word {
            "if" => error.help("write `condition ? a : b`"),
            "for" | "while" | "loop" => error.help("write `list.all(x, …)` or `list.exists(x, …)`"),
            _ => match text[at + word.len()..].strip_prefix('.').map(|rest| word_at(rest, 0)) {
                // The key of the rule before a name under it.
                Some(name) if !name.is_empty() && word == "let" => {
                    error.help(format!("write `{name}` alone"))
                }
                _ => error.help("choose another name"),
            },
        };
    }
    if message.contains("int literal") || message.contains("double literal") {
        let digits = text[at..].find(|c: char| !c.is_ascii_alphanumeric()).map_or(text.len(), |end| at + end);
        return CompileError::new("the number is too large", Span::new(at, digits))
            .help("write a smaller one");
    }
    if let Some(bracket) =
        message.strip_prefix("Syntax error: missing '").and_then(|rest| rest.chars().next())
    {
        return CompileError::new(format!("missing `{bracket}` before `{word}`"), span)
            .help(format!("add `{bracket}`"));
    }
    if word == "`" {
        return unexpected_character(text, at, word);
    }
    let error = CompileError::new(format!("unexpected `{word}`"), span);
    match word {
        _ if is_number(before.1) && Duration::parse(&format!("{} {word}", before.1)).is_some() => {
            error.help(format!("write `duration(\"{} {word}\")`", before.1))
        }
        "then" | "else" | "if" => error.help("write `condition ? a : b`"),
        "," if text[..at].rfind("in (") > text[..at].rfind(')') => {
            error.help("write a list in brackets: `in [\"a\", \"b\"]`")
        }
        ")" | "]" | "}" => error.help(format!("remove `{word}`, or write the opening bracket before it")),
        "," => error.help("write `&&` between two conditions; a comma stands between arguments"),
        _ if starts_line(text, at) => {
            error.help(format!("write `&&` or `||` before `{word}`, to connect two conditions"))
        }
        "in" if text[..at].ends_with('.') => error
            .help("`in` is an operator: write `value in [\"a\", \"b\"]`, without a point and parentheses"),
        _ if before.1.is_empty() => error.help(format!("remove `{word}`, or write a value before it")),
        _ => error.help(format!("remove `{word}`, or write an operator such as `&&` or `==` before it")),
    }
}

/// The name of a field with hyphens, such as `pays-for` in `record.pays-for`, of which a part is at a position.
fn hyphenated_field(text: &str, at: usize) -> Option<&str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let before = text[..at].trim_end_matches(is_part);
    let rest = &text[before.len()..];
    let name = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
    (before.ends_with(['.', '?']) && name.contains('-')).then_some(name)
}

/// A regular expression without quotes, as an argument: `.matches(^D-[0-9]+$)`, `.matches(/^D-/)`.
fn bare_pattern(text: &str, at: usize) -> Option<CompileError> {
    let open = text.get(..at)?.trim_end().strip_suffix('(')?;
    let pattern = text.get(at..)?.trim_end().strip_suffix(')')?;
    let is_method = ["matches", "find", "find_all", "replace"].iter().any(|name| open.ends_with(name));
    let plain = pattern.trim_matches('/');
    (is_method && pattern.starts_with(['^', '/', '\\', '[', '.']) && !plain.contains(['"', ')'])).then(|| {
        let span = Span::new(at, at + pattern.len());
        let raw = if plain.contains('\\') { "r" } else { "" };
        CompileError::new("a pattern is a text", span).help(format!("write it in quotes: `{raw}\"{plain}\"`"))
    })
}

/// A choice between two values of which only the first is there: `a ? b`.
fn open_choice(text: &str) -> Option<CompileError> {
    let outside = without_strings(text);
    let mut open = 0_usize;
    let mut braces = 0_usize;
    for (at, character) in outside.char_indices() {
        match character {
            '{' => braces += 1,
            '}' => braces = braces.saturating_sub(1),
            '?' if outside[..at].ends_with(' ') && outside[at..].starts_with("? ") => open += 1,
            ':' if braces == 0 && open == 0 => return None,
            ':' if braces == 0 => open -= 1,
            _ => {}
        }
    }
    let last = text.trim_end().char_indices().next_back().map_or(0, |(at, _)| at);
    let error = CompileError::new("a choice has two values", Span::new(last, text.trim_end().len()));
    (open > 0).then(|| error.help("add what holds otherwise: `condition ? a : b`"))
}

/// True for the first word of a line behind a complete one.
fn starts_line(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches([' ', '\t']);
    let is_value = |last: char| last.is_alphanumeric() || matches!(last, ')' | ']' | '"' | '\'');
    before.ends_with('\n') && before.trim_end().ends_with(is_value)
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// A sign that the language does not have, outside strings.
fn foreign_sign(text: &str) -> Option<CompileError> {
    let outside = without_strings(text);
    let signs = FOREIGN_SIGNS.iter().filter_map(|(sign, help)| Some((outside.find(sign)?, *sign, *help)));
    // The longest of those that begin at the same place.
    let (at, sign, help) = signs.min_by_key(|(at, sign, _)| (*at, usize::MAX - sign.len()))?;
    let error = CompileError::new(format!("`{sign}` is not an operator"), Span::new(at, at + sign.len()));
    if !matches!(sign, "=>" | "->") || follows_name(&outside[..at]) {
        return Some(error.help(help));
    }
    let (left, right) = (text[..at].trim(), text[at + sign.len()..].trim());
    let is_whole = [&outside[..at], &outside[at + sign.len()..]].iter().all(|side| is_balanced(side));
    Some(error.help(match is_condition(left) || is_condition(right) {
        true if is_whole => format!("for “if …, then …”, write `!({left}) || {right}`"),
        true => "for “if …, then …”, write `!(condition) || other`".to_owned(),
        false if is_number(right) => "write `>=`".to_owned(),
        false => "write `>=`, or for “if …, then …” `!(condition) || other`".to_owned(),
    }))
}

fn is_balanced(text: &str) -> bool {
    text.matches('(').count() == text.matches(')').count()
}

/// True for one side of an implication: a comparison, a question or a connection of such.
fn is_condition(text: &str) -> bool {
    const SIGNS: [&str; 8] = ["==", "!=", "<", ">", "&&", "||", " in ", ".hasValue()"];
    text.starts_with("has(") || text.starts_with('!') || SIGNS.iter().any(|sign| text.contains(sign))
}

/// True behind the name of an element, which an opening parenthesis or a comma precedes: `map(x`.
fn follows_name(before: &str) -> bool {
    let rest = before.trim_end().trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
    rest.len() < before.trim_end().len() && rest.trim_end().ends_with(['(', ','])
}

/// A phrase of several words that the language says otherwise, outside strings.
fn foreign_phrase(text: &str) -> Option<CompileError> {
    const PHRASES: [(&str, &str); 9] = [
        (" not in ", "write `!(x in list)`"),
        (" is not null", "ask whether it is there: `has(record.field)`"),
        (" is not None", "ask whether it is there: `has(record.field)`"),
        (" is null", "ask whether it is missing: `!has(record.field)`"),
        (" is None", "ask whether it is missing: `!has(record.field)`"),
        (" is not empty", "write `has(record.field)`, and for a list `size(record.?field.orValue([])) > 0`"),
        (" is empty", "write `!has(record.field)`, and for a list `size(record.?field.orValue([])) == 0`"),
        (" is not ", "write `!=`"),
        (" starts with ", "write `.startsWith(…)`"),
    ];
    let outside = without_strings(text);
    let found = PHRASES.iter().find_map(|(phrase, help)| Some((outside.find(phrase)?, phrase.trim(), *help)));
    let (at, phrase, help) = found?;
    let span = Span::new(at + 1, at + 1 + phrase.len());
    Some(CompileError::new(format!("`{phrase}` is not an operator"), span).help(help))
}

/// The text with a space for each byte of a string.
fn without_strings(text: &str) -> String {
    let mut open = None;
    let mut outside = String::with_capacity(text.len());
    for character in text.chars() {
        let is_inside = open.is_some();
        match (open, character) {
            (Some(quote), character) if quote == character => open = None,
            (None, '"' | '\'') => open = Some(character),
            _ => {}
        }
        match is_inside || open.is_some() || !character.is_ascii() {
            true => outside.extend(std::iter::repeat_n(' ', character.len_utf8())),
            false => outside.push(character),
        }
    }
    outside
}

fn unexpected_end(text: &str, parser_message: &str) -> CompileError {
    let end = text.trim_end().len();
    let last = text[..end].char_indices().next_back().map_or(0, |(at, _)| at);
    let bracket = parser_message.strip_prefix("Syntax error: missing '").and_then(|rest| rest.chars().next());
    let (message, help) = match bracket {
        Some(bracket) => (format!("missing `{bracket}` at the end"), format!("add `{bracket}`")),
        None => {
            ("the expression is incomplete".to_owned(), "write what follows, or remove the end".to_owned())
        }
    };
    CompileError::new(message, Span::new(last, end)).help(help)
}

fn unexpected_character(text: &str, at: usize, word: &str) -> CompileError {
    let first = text[at..].chars().next().unwrap_or(' ');
    let one = Span::new(at, at + first.len_utf8());
    match first {
        '\'' | '"' => string_error(text, at, first),
        '“' | '”' | '„' | '‘' | '’' | '«' | '»' | '`' => {
            CompileError::new("a string needs straight quotes", one).help("write `\"…\"` or `'…'`")
        }
        '&' | '|' => CompileError::new(format!("`{first}` is not an operator"), one)
            .help(format!("write `{first}{first}`")),
        _ => CompileError::new(format!("unexpected `{word}`"), Span::new(at, at + word.len()))
            .help(format!("remove `{word}`, or put it into a text in quotes")),
    }
}

fn string_error(text: &str, at: usize, quote: char) -> CompileError {
    let mut rest = text[at..].char_indices().skip(1);
    while let Some((offset, character)) = rest.next() {
        if character == '\\' {
            let Some((_, escaped)) = rest.next() else { break };
            if !escaped.is_ascii_digit() && !"abfnrtvxXuU\\?\"'`".contains(escaped) {
                let span = Span::new(at + offset, at + offset + 1 + escaped.len_utf8());
                return CompileError::new(format!("invalid escape `\\{escaped}`"), span)
                    .help("write `\\\\` for a backslash, or a raw string `r\"…\"`");
            }
        } else if character == quote {
            break;
        }
    }
    CompileError::new("unclosed string", Span::new(at, text.trim_end().len()))
        .help(format!("write the closing `{quote}`"))
}

/// An operator of another language with its offset, and that of CEL.
fn foreign_operator((at, word): (usize, &str)) -> Option<((usize, &str), &'static str)> {
    let (_, operator) = FOREIGN_OPERATORS.iter().find(|(other, _)| *other == word)?;
    Some(((at, word), operator))
}

fn word_at(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or("");
    let in_word = |c: char| c.is_alphanumeric() || c == '_';
    match rest.chars().next() {
        Some(first) if in_word(first) => &rest[..rest.find(|c| !in_word(c)).unwrap_or(rest.len())],
        Some('=') if rest.starts_with("==") => &rest[..2],
        Some(first) => &rest[..first.len_utf8()],
        None => "",
    }
}

fn word_before(text: &str, at: usize) -> (usize, &str) {
    let before = text.get(..at).unwrap_or("").trim_end();
    let start = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_').len();
    if start < before.len() {
        return (start, &before[start..]);
    }
    let sign = before.char_indices().next_back().map_or(0, |(at, _)| at);
    match text.get(sign..sign + 2) {
        Some("<>") => (sign, "<>"),
        _ => (sign, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::super::syntax::Syntax;

    fn error(text: &str) -> (String, &str, Option<String>) {
        let error = Syntax::parse(text).err().unwrap();
        (error.message, &text[error.span.range()], error.help)
    }

    #[test]
    fn operators_of_other_languages_are_translated() {
        for (text, at, message, help) in [
            ("record.owner = 'x'", "=", "`=` is not an operator", "write `==`"),
            ("record.live and today > record.date", "and", "`and` is not an operator", "write `&&`"),
            ("record.live or true", "or", "`or` is not an operator", "write `||`"),
            ("not record.live", "not", "`not` is not an operator", "write `!`"),
            ("record.live is true", "is", "`is` is not an operator", "write `==`"),
            (
                "record.owner is null",
                "is null",
                "`is null` is not an operator",
                "ask whether it is missing: `!has(record.field)`",
            ),
            ("record.topic not in ['x']", "not in", "`not in` is not an operator", "write `!(x in list)`"),
            ("record.topic === 'x'", "===", "`===` is not an operator", "write `==`"),
            ("record.topic =~ 'x'", "=~", "`=~` is not an operator", "write `.matches(\"…\")`"),
            ("record.topic ?? 'x'", "??", "`??` is not an operator", "write `record.?field.orValue(…)`"),
            ("size(record.tags) => 2", "=>", "`=>` is not an operator", "write `>=`"),
            ("record.rank =< 2", "=<", "`=<` is not an operator", "write `<=`"),
            (
                "record.tags.exists(x => x == 'a')",
                "=>",
                "`=>` is not an operator",
                "write the variable as an argument: `.exists(x, x.id == \"a\")`",
            ),
            (
                "record.id.matches(^D-[0-9]+$)",
                "^D-[0-9]+$",
                "a pattern is a text",
                "write it in quotes: `\"^D-[0-9]+$\"`",
            ),
            (
                "record.id.matches(/^D-\\d/)",
                "/^D-\\d/",
                "a pattern is a text",
                "write it in quotes: `r\"^D-\\d\"`",
            ),
            ("record.id <> 'a'", "<>", "`<>` is not an operator", "write `!=`"),
            ("record.live & true", "&", "`&` is not an operator", "write `&&`"),
            ("record.live | true", "|", "`|` is not an operator", "write `||`"),
        ] {
            assert_eq!(error(text), (message.to_string(), at, Some(help.to_string())), "{text}");
        }
    }

    #[test]
    fn incomplete_expressions() {
        for (text, at, message) in [
            ("(record.live", "e", "missing `)` at the end"),
            ("record.tags[0", "0", "missing `]` at the end"),
            ("record.id ==", "=", "the expression is incomplete"),
            ("record.", ".", "the expression is incomplete"),
            ("record.id == 'x", "'x", "unclosed string"),
            ("record.id == 'x\\", "'x\\", "unclosed string"),
            ("record.live)", ")", "unexpected `)`"),
            ("record.tags.all(t t == 'x')", "t", "unexpected `t`"),
            ("== 1", "==", "unexpected `==`"),
        ] {
            let (told, place, help) = error(text);
            assert_eq!((&*told, place), (message, at), "{text}");
            assert!(help.is_some(), "{text}");
        }
    }

    #[test]
    fn invalid_characters() {
        assert_eq!(error("record.id == 'x';").0, "unexpected `;`");
        for quoted in ["record.id == “x”", "record.id == `x`"] {
            assert_eq!(error(quoted).0, "a string needs straight quotes");
            assert_eq!(error(quoted).2.unwrap(), "write `\"…\"` or `'…'`");
        }
        assert_eq!(error("if record.live").2.unwrap(), "write `condition ? a : b`");
        assert_eq!(error(r"record.id == 'a\qb'").1, r"\q");
        assert_eq!(error("99999999999999999999 > 1").0, "the number is too large");
        assert_eq!(error("99999999999999999999 > 1").1, "99999999999999999999");
    }
}
