//! Reads names of people, teams and roles from a list of them.

use std::ops::Range;

use super::date::{self, Order};
use super::placeholder::is_placeholder;
use super::words;

/// A person, team or role as a text names it, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<'t> {
    /// Without handle and mail address, unless these are all.
    pub name: &'t str,
    /// Without `@`.
    pub handle: Option<&'t str>,
    /// All of it.
    pub range: Range<usize>,
}

/// In bytes, without the full stop: `Jr.`, `Ph.D.`
const LONGEST_INITIAL: usize = 4;

/// Returns the names of a text: `Ada Byron (@ada), Bo Ek <bo@example.org> and [Cy](…)`. A name of several words after `@` is one name.
/// Without placeholders, and without `et al.`.
pub fn read_all(text: &str) -> Vec<Named<'_>> {
    if is_placeholder(text) {
        return Vec::new();
    }
    let start = text.len() - text.trim_start().len();
    let inner = text.trim();
    // A list in brackets: `[Ada, Bo]`.
    let is_list = inner.starts_with('[') && inner.find(']') == Some(inner.len() - 1);
    let (from, to) = if is_list { (start + 1, start + inner.len() - 1) } else { (0, text.len()) };
    split(text, from..to).into_iter().filter_map(|range| read(text, range)).collect()
}

/// Splits a list at commas, semicolons, ends of lines, tags that end a line, and conjunctions, outside of brackets.
fn split(text: &str, within: Range<usize>) -> Vec<Range<usize>> {
    const TAGS: [&str; 9] = ["<br>", "<br/>", "<br />", "<li>", "</li>", "<ul>", "</ul>", "<p>", "</p>"];
    let (mut parts, mut from, mut depth) = (Vec::new(), within.start, 0_usize);
    let mut at = within.start;
    while let Some(first) = text[at..within.end].chars().next() {
        let (before, rest) = (&text[..at], &text[at..within.end]);
        let begins = |tag: &&&str| rest.get(..tag.len()).is_some_and(|it| it.eq_ignore_ascii_case(tag));
        let behind = &rest[first.len_utf8()..];
        let separator = match first {
            '<' => TAGS.iter().find(begins).map(|tag| tag.len()),
            ',' | ';' | '\n' | '、' | '，' | '•' => Some(first.len_utf8()).filter(|_| depth == 0),
            '|' | '·' | '&' | '+' => {
                let is_apart = before.ends_with(' ') && behind.starts_with(' ');
                Some(first.len_utf8()).filter(|_| depth == 0 && is_apart)
            }
            _ if first.is_alphabetic() && before.ends_with(char::is_whitespace) => {
                let word = rest.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
                let is_apart = rest[word.len()..].starts_with(char::is_whitespace);
                // `et al.` is no name.
                let others = ["et al.", "et al"].iter().find(|others| rest.starts_with(**others));
                let is_conjunction =
                    || depth == 0 && is_apart && words::is_in("conjunctions", &word.to_lowercase());
                others.map(|others| others.len()).or_else(|| is_conjunction().then_some(word.len()))
            }
            _ => None,
        };
        match first {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if let Some(length) = separator {
            parts.push(from..at);
            from = at + length;
        }
        at += separator.unwrap_or(first.len_utf8());
    }
    parts.push(from..within.end);
    parts
}

fn read(text: &str, range: Range<usize>) -> Option<Named<'_>> {
    let is_mark =
        |c: char| c.is_whitespace() || matches!(c, '*' | '_' | '`' | '"' | '\'' | '-' | ':' | '.' | '~');
    let part = &text[range.clone()];
    let content = part.trim_start_matches(|c: char| is_mark(c) && c != '@');
    let start = range.start + (part.len() - content.len());
    // A full stop behind few letters may be that of an initial.
    let content = content.trim_end_matches(|c: char| is_mark(c) && c != '.');
    let last = content.trim_end_matches('.').rsplit(' ').next().unwrap_or_default();
    let content = if last.len() > LONGEST_INITIAL { content.trim_end_matches('.') } else { content };
    let is_day =
        content.starts_with(|c: char| c.is_ascii_digit()) && date::read(content, Order::Unknown).is_ok();
    if content.is_empty()
        || is_day
        || words::is_in("no-names", &content.to_lowercase())
        || is_placeholder(content)
    {
        return None;
    }
    let whole = start..start + content.len();
    if let Some((name, target)) = content.strip_prefix('[').and_then(|rest| rest.split_once("](")) {
        let name = name.trim_matches(is_mark);
        let handle = name.strip_prefix('@').or_else(|| handle_of_address(target.trim_end_matches(')')));
        let name = name.strip_prefix('@').unwrap_or(name);
        return Some(Named { name, handle, range: whole });
    }
    if let Some(after) = content.strip_prefix('@') {
        let word = after.split(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
        let name = after.split(['(', '<']).next().unwrap_or_default().trim();
        // `@Ada Byron`: a name of several words.
        let handle = (name == word).then_some(word.trim_end_matches(|c: char| !c.is_alphanumeric()));
        return Some(Named { name: handle.unwrap_or(name), handle, range: whole });
    }
    let before = content.split(['(', '<', '@']).next().unwrap_or_default();
    let name = before.trim_end_matches(|c: char| is_mark(c) && c != '.');
    let inside = |open: char, close: char| {
        let (_, rest) = content.split_once(open)?;
        Some(rest.split(close).next().unwrap_or_default().trim())
    };
    let marked = [inside('(', ')'), inside('<', '>')].into_iter().flatten();
    let mut handle = marked.clone().find_map(|it| it.strip_prefix('@').filter(|it| !it.contains(' ')));
    if handle.is_none() && content[before.len()..].starts_with('@') && before.ends_with(' ') {
        handle = content[before.len() + 1..].split_whitespace().next();
    }
    let is_mail =
        |text: &&str| text.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'));
    let mail =
        marked.clone().find(is_mail).or_else(|| Some(content).filter(is_mail).filter(|it| !it.contains(' ')));
    let name = match (name.is_empty(), mail, handle) {
        (true, Some(mail), _) => mail,
        (true, _, Some(handle)) => handle,
        _ if Some(content) == mail => content,
        _ => name,
    };
    (!name.is_empty()).then_some(Named { name, handle, range: whole })
}

fn handle_of_address(address: &str) -> Option<&str> {
    let path =
        ["https://github.com/", "https://gitlab.com/"].iter().find_map(|host| address.strip_prefix(host))?;
    (!path.is_empty() && !path.contains('/')).then_some(path)
}
