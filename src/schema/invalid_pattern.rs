use std::fmt;

use regex_syntax::{ast, hir};

/// Why a regular expression can't be used, and what to do about it. Displayed as a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPattern {
    /// The reason alone, in one line; `None` if the pattern is too large.
    syntax: Option<Box<str>>,
    help: Help,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Help {
    Plain(&'static str),
    /// Something is missing, or a character is meant as one of the text.
    Literal {
        first: &'static str,
        character: char,
    },
    /// `\b` in double quotes.
    Backspace,
}

const TOO_LARGE: &str = "the regular expression is too large";

impl InvalidPattern {
    pub(super) fn backspace() -> InvalidPattern {
        InvalidPattern { syntax: Some("`\\b` is a backspace here".into()), help: Help::Backspace }
    }

    pub(super) fn too_large() -> InvalidPattern {
        let help = "lower its counts, such as `{1,1000}`, or write `[a-z]` in place of `\\w`";
        InvalidPattern { syntax: None, help: Help::Plain(help) }
    }

    pub(super) fn syntax(pattern: &str, error: &regex_syntax::Error) -> InvalidPattern {
        let text = error.to_string();
        let reason = text.rsplit("error: ").next().unwrap_or(&text).trim();
        let help = match error {
            regex_syntax::Error::Parse(error) => help_for_syntax(error, pattern),
            regex_syntax::Error::Translate(error) => Help::Plain(help_for_class(error.kind())),
            _ => Help::Plain(GENERAL),
        };
        InvalidPattern { syntax: Some(reason.into()), help }
    }

    /// The reason alone.
    pub fn reason(&self) -> &str {
        self.syntax.as_deref().unwrap_or(TOO_LARGE)
    }

    /// What to do where the pattern is a value of YAML.
    pub fn help(&self) -> String {
        match self.help {
            Help::Plain(help) => help.to_owned(),
            Help::Literal { first, character } => format!(
                "{first}for a `{character}` of the text itself, write `\\{character}`, in single quotes: `'\\{character}'`"
            ),
            Help::Backspace => {
                "write `\\\\b` for the edge of a word, or the pattern in single quotes".to_owned()
            }
        }
    }

    /// What to do where the pattern is a string of an expression.
    pub fn help_in_expression(&self) -> String {
        match self.help {
            Help::Plain(help) => help.to_owned(),
            Help::Literal { first, character } => {
                format!("{first}for a `{character}` of the text itself, write `r\"\\{character}\"`")
            }
            Help::Backspace => "write `\\\\b` for the edge of a word, or a raw string `r\"…\"`".to_owned(),
        }
    }
}

impl fmt::Display for InvalidPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.syntax {
            Some(reason) => write!(f, "invalid regular expression: {reason}"),
            None => f.write_str(TOO_LARGE),
        }
    }
}

const GENERAL: &str = "write it in the syntax of Rust's `regex`, such as `^[A-Z]-[0-9]+`";

fn help_for_syntax(error: &ast::Error, pattern: &str) -> Help {
    use ast::ErrorKind as Kind;

    let literal = |first, character| Help::Literal { first, character };
    match error.kind() {
        Kind::RepetitionMissing => match pattern[error.span().start.offset..].chars().next() {
            Some(operator) => literal("", operator),
            None => Help::Plain(GENERAL),
        },
        Kind::GroupUnclosed => literal("close it with `)`; ", '('),
        Kind::GroupUnopened => literal("", ')'),
        Kind::ClassUnclosed => literal("close it with `]`, as in `[0-9]`; ", '['),
        Kind::RepetitionCountUnclosed | Kind::RepetitionCountDecimalEmpty | Kind::DecimalEmpty => {
            literal("", '{')
        }
        Kind::RepetitionCountInvalid => Help::Plain("write the lower number first, as in `{1,3}`"),
        Kind::ClassRangeInvalid => Help::Plain(
            "write the lower character first, as in `[a-z]`, and a hyphen of the text last: `[+-]`",
        ),
        Kind::ClassRangeLiteral => Help::Plain("write a hyphen of the text last, as in `[\\w-]`"),
        Kind::ClassEscapeInvalid => Help::Plain("write `\\b` and other edges outside of the brackets"),
        Kind::EscapeUnrecognized => {
            Help::Plain("write the character alone, `\\z` for the end, or `\\\\` for a backslash of the text")
        }
        Kind::EscapeUnexpectedEof => Help::Plain("write `\\\\` for a backslash of the text"),
        Kind::UnicodeClassInvalid => Help::Plain(CLASSES),
        Kind::UnsupportedLookAround => {
            Help::Plain("say what may be there, such as `^[A-C]`, without `(?=`, `(?!` and `(?<`")
        }
        Kind::UnsupportedBackreference => Help::Plain("write the repeated part once more"),
        _ => Help::Plain(GENERAL),
    }
}

const CLASSES: &str = "name a class of Unicode, such as `\\p{L}` for letters or `\\p{Lu}` for capitals";

fn help_for_class(kind: &hir::ErrorKind) -> &'static str {
    match kind {
        hir::ErrorKind::InvalidUtf8 | hir::ErrorKind::UnicodeNotAllowed => {
            "write the character itself, such as `é`, without `(?-u)`"
        }
        _ => CLASSES,
    }
}
