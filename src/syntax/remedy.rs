//! Splits the messages of findings into fact and help, as faults of the policy show them.

use std::sync::Arc;

use super::{Problem, UTF_16};
use crate::finding::Fault;
use crate::text::Source;

/// Messages that name only the remedy, each with the mistake.
const REMEDIES: [(&str, &str); 2] = [
    ("write a space after the colon", "a colon without a space after it"),
    ("write `:` in place of `=`", "`=` after a key"),
];

/// Messages that name only the mistake, by how they begin, each with the remedy.
const MISTAKES: [(&str, &str); 18] = [
    (
        "unexpected `:`: this line is indented",
        "indent it like the key above, or put the text above it in quotes",
    ),
    (
        "did not find expected ',' or '}'",
        "write a comma between two values, or put a text with brackets in quotes",
    ),
    ("a merge conflict was left", "keep what holds of the two versions, and remove the three lines of marks"),
    ("a marker of a merge conflict", "keep what holds of the text around it, and remove this line"),
    ("tab in the indentation", "remove the tab, or write spaces in its place"),
    (UTF_16, "save it as UTF-8"),
    ("unexpected `:`", "put the text with the colon in quotes, or write the key on a line of its own"),
    ("expected another `key: value`", "indent it like the key beside which it belongs"),
    ("closing bracket without", "remove it, or write the opening bracket before it"),
    ("a list must start", "write each `- ` on a line of its own, below the key"),
    ("a comment ends this value", "put the whole value in quotes, on one line"),
    ("a key must be on one line", "shorten the key, or put the text with the colon in quotes"),
    ("a key can't be a list", "put it in quotes if it is a text"),
    ("this alias refers to itself", "write the value out"),
    ("more than", "split the file"),
    ("nested more than", "write fewer levels"),
    ("a file of the policy is larger", "split the file"),
    ("expected a mapping", "name a mapping by its anchor: `<<: *name`"),
];

const MUST_BE_QUOTED: &str = "must be quoted";

impl Problem {
    pub(super) fn fault(&self, source: &Arc<Source>) -> Fault {
        let (message, help) = self.parts(source);
        let fault = Fault::new(message).at(source, self.span);
        help.into_iter().fold(fault, Fault::help)
    }

    /// Returns what to do about it; `None` if nothing is known but its place.
    pub fn help(&self, source: &Source) -> Option<String> {
        match self.message.ends_with(MUST_BE_QUOTED) {
            true => Some(self.quotes(source)),
            false => self.remedy(source),
        }
    }

    fn parts(&self, source: &Source) -> (String, Option<String>) {
        let whole = &*self.message;
        if let Some((_, mistake)) = REMEDIES.iter().find(|(remedy, _)| whole.starts_with(remedy)) {
            return ((*mistake).to_owned(), Some(whole.to_owned()));
        }
        let (message, rest) = parted(whole).map_or((whole, None), |(message, rest)| (message, Some(rest)));
        let help = match rest {
            Some(rest) if rest.ends_with(MUST_BE_QUOTED) => {
                return (whole.to_owned(), Some(self.quotes(source)));
            }
            // The key above a duplicate one has no value.
            Some(rest) => match rest.split_once(": indent") {
                Some((reason, what)) => {
                    return (format!("{message}: {reason}"), Some(format!("indent{what}")));
                }
                None => rest.to_owned(),
            },
            None if message.ends_with(MUST_BE_QUOTED) => self.quotes(source),
            None => return (message.to_owned(), self.remedy(source)),
        };
        match help.starts_with("no line above") {
            true => (whole.to_owned(), self.remedy(source)),
            false => (message.to_owned(), Some(help)),
        }
    }

    fn remedy(&self, source: &Source) -> Option<String> {
        let message = &*self.message;
        if let Some((_, remedy)) = MISTAKES.iter().find(|(mistake, _)| message.starts_with(mistake)) {
            return Some((*remedy).to_owned());
        }
        let written = source.text().get(self.span.start as usize..)?.chars().next()?;
        if message == "unclosed quote" {
            return Some(format!("write the closing `{written}` at the end of the text"));
        }
        if message.starts_with("unclosed `") {
            let closing = if written == '{' { '}' } else { ']' };
            return Some(format!("add the closing `{closing}`"));
        }
        if let Some(brackets) = message.strip_prefix("mismatched brackets: ") {
            let closing = if brackets.starts_with("`{") { '}' } else { ']' };
            return Some(format!("write `{closing}`"));
        }
        let (first, name) = (&self.related.as_ref()?.0, message.strip_prefix("duplicate key `")?);
        let name = name.split('`').next()?;
        if message.contains("has no value: indent what belongs") {
            return None;
        }
        let line = source.position(first.start as usize).line;
        let is_value = |at: u32| {
            let rest = &source.text()[at as usize..];
            let value = rest.lines().next().and_then(|line| line.split_once([':', '=']));
            value.is_some_and(|(_, value)| {
                let value = value.trim();
                !value.is_empty() && !value.starts_with(['[', '{', '|', '>', '&', '*', '#'])
            })
        };
        if is_value(first.start) && is_value(self.span.start) {
            return Some(format!("keep the one value that holds: `{name}` stands in line {line} already"));
        }
        Some(format!("write all that belongs to `{name}` in one place: it stands in line {line} already"))
    }

    /// How to quote the value that begins on the line of the problem.
    fn quotes(&self, source: &Source) -> String {
        const LONGEST: usize = 80;
        const ANY: &str = "put the text in quotes";
        const EACH: &str = "put each of the texts in quotes";
        let at = self.span.start as usize;
        let text = source.text();
        let line = &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..];
        let line = line.lines().next().unwrap_or_default().trim();
        if line.starts_with("**") && line[2..].contains("**") {
            return "write the keys of the front matter without `**`, or remove the lines `---` around them"
                .to_owned();
        }
        if let Some((key, _)) = line.split_once(':').filter(|_| line.starts_with(['*', '&', '!'])) {
            return format!("put the key in quotes: `\"{key}\":`");
        }
        let is_key = |key: &str| key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        let (key, value) = match line.trim_start_matches("- ").split_once(": ") {
            Some((key, value)) if is_key(key) && value.contains(['"', '\\']) && value.contains('\'') => {
                return format!("write `{key}: >-`, and the text on the next line, indented");
            }
            Some((key, value)) if is_key(key) && value.len() <= LONGEST => (key, value.trim()),
            Some((key, value)) if is_key(key) && !value.starts_with(['"', '\'', '[', '{', '@']) => {
                return format!("write `{key}: >-`, and the text on the next line, indented");
            }
            _ => return ANY.to_owned(),
        };
        match (value.contains(['"', '\\']), value.contains('\'')) {
            _ if value.starts_with('[') && value.matches('@').count() > 1 => EACH.to_owned(),
            _ if value.starts_with(['"', '\'', '[']) || value.starts_with("{ ") => ANY.to_owned(),
            // `Ada (@ada), Kai`, and `[@ada, @kai]`, are several.
            (false, _) if value.starts_with('@') && value.contains(", @") => EACH.to_owned(),
            (false, _) => format!("write `{key}: \"{value}\"`"),
            (true, _) => format!("write `{key}: '{value}'`"),
        }
    }
}

/// The two sides of the first semicolon outside of quoted names.
fn parted(message: &str) -> Option<(&str, &str)> {
    let is_outside = |at: &usize| message[..*at].matches('`').count().is_multiple_of(2);
    let at = message.match_indices("; ").map(|(at, _)| at).find(is_outside)?;
    Some((&message[..at], &message[at + 2..]))
}
