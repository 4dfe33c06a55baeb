//! Mistakes that only the lines around an error show.

use granit_parser::ErrorKind;

use super::{indentation, quote_of_an_earlier_line};
use crate::syntax::{character_at, conflict};
use crate::text::Span;

/// The mistake and its place, if the lines around the error show one.
pub(super) fn explain(
    kind: &ErrorKind,
    text: &str,
    at: usize,
    last: Span,
    open: Option<usize>,
) -> Option<(Span, String)> {
    match kind {
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            quoted_expression(text, at)
        }
        ErrorKind::ExpectedBlockMappingKey => outdented(text, at),
        ErrorKind::ExpectedBlockSequenceEntry => only_dash(text, at, open),
        ErrorKind::MappingValueNotAllowed => unspaced_colon(text, last.start as usize, at),
        ErrorKind::SimpleKeyExpected => conflict_mark(text, at)
            .or_else(|| unspaced_colon(text, at, text.len()))
            .or_else(|| equals_sign(text, at))
            .or_else(|| reserved_key(text, at)),
        _ => None,
    }
}

/// A line `*: value`, which YAML reads as an alias, an anchor or a tag.
fn reserved_key(text: &str, at: usize) -> Option<(Span, String)> {
    let line = text[line_start(text, at)..].lines().next()?;
    let written = line.trim_start();
    let sign = written.chars().next().filter(|sign| matches!(sign, '*' | '&' | '!'))?;
    let is_key = written.ends_with(':') || written.contains(": ");
    let start = line_start(text, at) + line.len() - written.len();
    is_key.then(|| (character_at(text, start), format!("a key that starts with `{sign}` must be quoted")))
}

/// A line that ends a mapping although the line at `at` goes on with it: it is indented too little.
fn outdented(text: &str, at: usize) -> Option<(Span, String)> {
    let depth = indentation(text, at);
    let mut above = Above { text, end: line_start(text, at) };
    let line = above.find(|line| line.indentation() < depth)?;
    let before = above.next().filter(|before| before.indentation() >= depth)?;
    let sibling = match before.indentation() == depth {
        true => before,
        false => above.find(|before| before.indentation() <= depth).filter(|it| it.indentation() == depth)?,
    };
    let name = line.key()?;
    // A key with a block below it is like those of the block that goes on, another one like the line before it.
    let neighbour = if line.content().ends_with(':') { sibling } else { before };
    let start = line.start + line.indentation();
    let number = text[..at].matches('\n').count() + 1;
    Some((
        Span::new(start, start + name.len()),
        format!(
            "`{name}` stands further left than the lines around it, so it ends the mapping that line {number} goes on with; \
             indent it like `{}`, or write it below that mapping",
            neighbour.key()?
        ),
    ))
}

/// The key in the column of the dash of a list with one item.
fn only_dash(text: &str, at: usize, open: Option<usize>) -> Option<(Span, String)> {
    const DASH: &str = "- ";
    let open = open.filter(|open| text[*open..].starts_with(DASH))?;
    let column = |at: usize| at - line_start(text, at);
    let next = Line { text, start: line_start(text, at) };
    let first = Line { text, start: line_start(text, open) };
    let (key, of_first) = (next.key()?, first.content().strip_prefix(DASH).and_then(key_of)?);
    let mut above = Above { text, end: next.start };
    let dashes = above.by_ref().take_while(|line| line.start > first.start);
    let is_only = !dashes
        .into_iter()
        .any(|line| line.content().starts_with(DASH) && line.indentation() == column(open));
    (is_only && column(open) == next.indentation() && key != of_first).then(|| {
        let message = format!(
            "`{key}` in the column of the `- ` above is no item of that list; indent it like `{of_first}` if it belongs to the item, \
             or remove that `- ` if there is to be no list"
        );
        let start = next.start + next.indentation();
        (Span::new(start, start + key.len()), message)
    })
}

/// The mark in the middle of a merge conflict, which was left alone.
fn conflict_mark(text: &str, at: usize) -> Option<(Span, String)> {
    let lines = text.get(line_start(text, at)..)?.lines();
    let mut start = line_start(text, at);
    for line in lines.take(2) {
        if conflict::is_divider(line) {
            return Some((Span::new(start, start + conflict::MARK), conflict::MARKER_MESSAGE.to_owned()));
        }
        start += line.len() + 1;
    }
    None
}

/// An equals sign in place of a colon: `fail-on = warning`.
fn equals_sign(text: &str, start: usize) -> Option<(Span, String)> {
    let line = text.get(start..)?.lines().next()?;
    let (name, value) = line.trim_end().split_once('=')?;
    let (name, value) = (name.trim_end(), value.trim_start());
    let is_name =
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let at = start + line.find('=')?;
    (is_name && !value.is_empty())
        .then(|| (Span::new(at, at + 1), format!("write `:` in place of `=`: `{name}: {value}`")))
}

/// A colon without a space behind it, in the first line of a text that should be a key and its value.
fn unspaced_colon(text: &str, start: usize, end: usize) -> Option<(Span, String)> {
    let line = text.get(start..end)?.lines().next()?;
    let (name, value) = line.trim_end().split_once(':')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/'));
    let is_value = !value.starts_with(['/', ':', ' ']) && !value.is_empty();
    (is_name && is_value).then(|| {
        let colon = start + name.len();
        (Span::new(colon, colon + 1), format!("write a space after the colon: `{name}: {value}`"))
    })
}

/// An expression that begins with a text in quotes: `"a" == b`.
fn quoted_expression(text: &str, at: usize) -> Option<(Span, String)> {
    const OPERATORS: [&str; 10] = ["==", "!=", "<", ">", "&&", "||", "in ", "+ ", "? ", "."];
    const LONGEST: usize = 80;
    let line = Line { text, start: line_start(text, at) };
    let rest = text[at..].lines().next()?.trim();
    let value = line.content().split_once(": ").map(|(_, value)| value.trim())?;
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let other = if quote == '"' { '\'' } else { '"' };
    // A quote that was left open ends at the next one, lines below.
    if quote_of_an_earlier_line(text, at).is_some() {
        return None;
    }
    let is_expression = OPERATORS.iter().any(|operator| rest.starts_with(operator));
    (is_expression && !value.contains([other, '\\']) && value.len() <= LONGEST).then(|| {
        let message = format!(
            "a value that begins with a quote ends at the next one; put all of it into other quotes: `{other}{value}{other}`"
        );
        (character_at(text, at), message)
    })
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// The name before the colon of `name: value` and of `name:`.
fn key_of(content: &str) -> Option<&str> {
    let name = content.strip_suffix(':').or_else(|| Some(content.split_once(": ")?.0))?;
    (!name.is_empty() && !name.starts_with(['-', '"', '\'', '{', '['])).then_some(name)
}

#[derive(Clone, Copy)]
struct Line<'t> {
    text: &'t str,
    start: usize,
}

impl<'t> Line<'t> {
    fn indentation(&self) -> usize {
        indentation(self.text, self.start)
    }

    fn content(&self) -> &'t str {
        self.text[self.start..].lines().next().unwrap_or_default().trim()
    }

    fn key(&self) -> Option<&'t str> {
        key_of(self.content())
    }
}

/// The lines above a place that hold more than a comment, the nearest first.
struct Above<'t> {
    text: &'t str,
    end: usize,
}

impl<'t> Iterator for Above<'t> {
    type Item = Line<'t>;

    fn next(&mut self) -> Option<Line<'t>> {
        while self.end > 0 {
            let start = line_start(self.text, self.end - 1);
            self.end = start;
            let line = Line { text: self.text, start };
            if !line.content().is_empty() && !line.content().starts_with('#') {
                return Some(line);
            }
        }
        None
    }
}
