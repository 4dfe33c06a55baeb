//! What is wrong with an expression, in words for somebody who writes rules twice a year. The parser
//! speaks of tokens and inputs; what it stumbled over says more.

use crate::schema::{did_you_mean, nearest};
use crate::text::Span;

use super::types::Type;

/// What is wrong with an expression, and where in its text.
#[derive(Debug, PartialEq)]
pub struct Mistake {
    pub message: String,
    pub span: Span,
    pub help: Option<String>,
    /// The variable that is not there, where that is what is wrong: it may come later.
    pub missing: Option<Box<str>>,
}

impl Mistake {
    pub fn new(message: impl Into<String>, span: Span) -> Mistake {
        Mistake { message: message.into(), span, help: None, missing: None }
    }

    pub fn help(mut self, help: impl Into<String>) -> Mistake {
        self.help = Some(help.into());
        self
    }

    /// The same, `bytes` further on.
    pub fn moved(mut self, bytes: usize) -> Mistake {
        self.span = Span::new(self.span.start as usize + bytes, self.span.end as usize + bytes);
        self
    }
}

/// More names than these help nobody.
const WORTH_LISTING: usize = 30;

/// A name that is not there; `what` says it up to the name: "there is no kind".
pub(super) fn unknown(what: &str, name: &str, span: Span, known: &[&str]) -> Mistake {
    let mistake = Mistake::new(format!("{what} `{name}`"), span);
    match nearest(name, known.iter().copied()) {
        Some(near) => mistake.help(did_you_mean(near)),
        None if known.is_empty() || known.len() > WORTH_LISTING => mistake,
        None => {
            let mut known = known.to_vec();
            known.sort_unstable();
            known.dedup();
            mistake.help(format!("There are: {}", known.join(", ")))
        }
    }
}

/// A variable that is not there, or not in this rule.
pub(super) fn no_variable(name: &str, span: Span, known: &[&str]) -> Mistake {
    let mistake = match name {
        "item" => Mistake::new("there is no `item` without `each`", span),
        "group" => Mistake::new("there is no `group` without `group-by`", span),
        "other" => Mistake::new("there is no `other` here", span)
            .help("`other` is there with `against`, and in `related` with its `each` or with `group-by`"),
        "file" => Mistake::new("there is no `file` in a rule for records", span)
            .help("Write `record.path`, or `for: file`"),
        "record" => Mistake::new("there is no `record` in a rule for files", span).help("Write `file.path`"),
        "params" => Mistake::new("a parameter has to follow `params`", span).help("Write `params.name`"),
        _ => unknown("there is no variable", name, span, known),
    };
    Mistake { missing: Some(name.into()), ..mistake }
}

pub(super) fn never_equal(left: &Type, right: &Type, span: Span) -> Mistake {
    with_mend(Mistake::new(format!("{left} never equals {right}"), span), left, right)
}

/// Adds how a text becomes what it is compared with.
pub(super) fn with_mend(mistake: Mistake, left: &Type, right: &Type) -> Mistake {
    let pair = [left, right];
    let other = pair.iter().find(|ty| !matches!(ty, Type::Text));
    match (pair.contains(&&Type::Text), other) {
        (true, Some(Type::Date)) => mistake.help("Write the day as `date(\"2026-11-20\")`"),
        (true, Some(Type::Duration | Type::Age)) => {
            mistake.help("Write the duration as `duration(\"1 quarter\")`")
        }
        (true, Some(Type::Period)) => mistake.help("Write the period as `period(\"2026-Q4\")`"),
        (false, _) if pair.contains(&&Type::Age) => {
            mistake.help("Compare an age with a duration: `duration(\"1 quarter\")`")
        }
        _ => mistake,
    }
}

/// How other languages say what these expressions write otherwise.
const OTHER_LANGUAGES: [(&str, &str); 9] = [
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

/// What the parser found at byte `at`, where it says `said`.
pub(super) fn of_parser(text: &str, at: usize, said: &str) -> Mistake {
    let word = word_at(text, at);
    let span = Span::new(at, at + word.len());
    if said.contains("'<EOF>'") || word.trim().is_empty() {
        return broken_off(text, said);
    }
    let before = word_before(text, at);
    if let Some((other, here)) = in_another_language(before).or_else(|| in_another_language((at, word))) {
        let message = format!("`{}` is written `{here}` in rules", other.1);
        return Mistake::new(message, Span::new(other.0, other.0 + other.1.len()));
    }
    if said.starts_with("Syntax error: token recognition") {
        return unreadable(text, at, word);
    }
    if said.starts_with("reserved identifier") {
        let mistake = Mistake::new(format!("`{word}` is a reserved word"), span);
        return if word == "if" { mistake.help("Write `condition ? this : that`") } else { mistake };
    }
    if said.contains("int literal") || said.contains("double literal") {
        let digits = text[at..].find(|c: char| !c.is_ascii_alphanumeric()).map_or(text.len(), |end| at + end);
        return Mistake::new("this number is too large", Span::new(at, digits));
    }
    if let Some(bracket) = said.strip_prefix("Syntax error: missing '").and_then(|rest| rest.chars().next()) {
        return Mistake::new(format!("a `{bracket}` is missing before `{word}`"), span);
    }
    Mistake::new(format!("`{word}` does not fit here"), span)
}

/// The end came too early.
fn broken_off(text: &str, said: &str) -> Mistake {
    let end = text.trim_end().len();
    let last = text[..end].char_indices().next_back().map_or(0, |(at, _)| at);
    let bracket = said.strip_prefix("Syntax error: missing '").and_then(|rest| rest.chars().next());
    let message = match bracket {
        Some(bracket) => format!("a `{bracket}` is missing at the end"),
        None => "the expression breaks off here".to_string(),
    };
    Mistake::new(message, Span::new(last, end))
}

/// A character that begins nothing.
fn unreadable(text: &str, at: usize, word: &str) -> Mistake {
    let first = text[at..].chars().next().unwrap_or(' ');
    let one = Span::new(at, at + first.len_utf8());
    match first {
        '\'' | '"' => unclosed(text, at, first),
        '“' | '”' | '„' | '‘' | '’' | '«' | '»' => {
            Mistake::new("a text stands in straight quotes", one).help("Write `\"…\"` or `'…'`")
        }
        '&' | '|' => Mistake::new(format!("`{first}` is written `{first}{first}` in rules"), one),
        _ => {
            Mistake::new(format!("`{word}` has no meaning in an expression"), Span::new(at, at + word.len()))
        }
    }
}

/// A quote that no other one closes, or an escape that there is not.
fn unclosed(text: &str, at: usize, quote: char) -> Mistake {
    let mut rest = text[at..].char_indices().skip(1);
    while let Some((offset, character)) = rest.next() {
        if character == '\\' {
            let escaped = rest.next().map_or(' ', |(_, escaped)| escaped);
            if !escaped.is_ascii_digit() && !"abfnrtvxXuU\\?\"'`".contains(escaped) {
                let span = Span::new(at + offset, at + offset + 1 + escaped.len_utf8());
                return Mistake::new(format!("`\\{escaped}` stands for nothing"), span)
                    .help("Write a backslash twice, or the text as `r\"…\"`");
            }
        } else if character == quote {
            break;
        }
    }
    Mistake::new("this text has no closing quote", Span::new(at, text.trim_end().len()))
}

/// An operator as another language writes it, with its place, and as it is written here.
fn in_another_language((at, word): (usize, &str)) -> Option<((usize, &str), &'static str)> {
    let (_, here) = OTHER_LANGUAGES.iter().find(|(other, _)| *other == word)?;
    Some(((at, word), here))
}

/// The word, or the sign, that stands at a byte.
fn word_at(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or("");
    let in_word = |c: char| c.is_alphanumeric() || c == '_';
    match rest.chars().next() {
        Some(first) if in_word(first) => &rest[..rest.find(|c| !in_word(c)).unwrap_or(rest.len())],
        // The signs that are two characters long.
        Some('=') if rest.starts_with("==") => &rest[..2],
        Some(first) => &rest[..first.len_utf8()],
        None => "",
    }
}

/// The word or sign before a byte, with its place.
fn word_before(text: &str, at: usize) -> (usize, &str) {
    let before = text.get(..at).unwrap_or("").trim_end();
    let start = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_').len();
    if start < before.len() {
        return (start, &before[start..]);
    }
    // `<` before `>`.
    let sign = before.char_indices().next_back().map_or(0, |(at, _)| at);
    match text.get(sign..sign + 2) {
        Some("<>") => (sign, "<>"),
        _ => (sign, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::super::expression::Syntax;

    /// The message, the words that it stands at and the help for an expression that does not parse.
    fn mistake(text: &str) -> (String, &str, Option<String>) {
        let mistake = Syntax::parse(text).err().unwrap();
        (mistake.message, &text[mistake.span.range()], mistake.help)
    }

    #[test]
    fn what_other_languages_write_is_shown_as_rules_write_it() {
        for (text, at, message) in [
            ("record.owner = 'x'", "=", "`=` is written `==` in rules"),
            ("record.live and today > record.date", "and", "`and` is written `&&` in rules"),
            ("record.live or true", "or", "`or` is written `||` in rules"),
            ("not record.live", "not", "`not` is written `!` in rules"),
            ("record.owner is null", "is", "`is` is written `==` in rules"),
            ("record.id <> 'a'", "<>", "`<>` is written `!=` in rules"),
            ("record.live & true", "&", "`&` is written `&&` in rules"),
            ("record.live | true", "|", "`|` is written `||` in rules"),
        ] {
            assert_eq!(mistake(text), (message.to_string(), at, None), "{text}");
        }
    }

    #[test]
    fn what_is_not_closed_is_named() {
        for (text, at, message) in [
            ("(record.live", "e", "a `)` is missing at the end"),
            ("record.tags[0", "0", "a `]` is missing at the end"),
            ("record.id ==", "=", "the expression breaks off here"),
            ("record.", ".", "the expression breaks off here"),
            ("record.id == 'x", "'x", "this text has no closing quote"),
            ("record.live)", ")", "`)` does not fit here"),
            ("record.tags.all(t t == 'x')", "t", "`t` does not fit here"),
            ("== 1", "==", "`==` does not fit here"),
        ] {
            assert_eq!(mistake(text), (message.to_string(), at, None), "{text}");
        }
    }

    #[test]
    fn what_means_nothing_is_named_with_what_may_be_meant() {
        assert_eq!(mistake("record.id == 'x';").0, "`;` has no meaning in an expression");
        assert_eq!(mistake("record.id == “x”").2.unwrap(), "Write `\"…\"` or `'…'`");
        assert_eq!(mistake("if record.live").2.unwrap(), "Write `condition ? this : that`");
        assert_eq!(mistake(r"record.id == 'a\qb'").1, r"\q");
        assert_eq!(mistake("99999999999999999999 > 1").0, "this number is too large");
        assert_eq!(mistake("99999999999999999999 > 1").1, "99999999999999999999");
    }
}
