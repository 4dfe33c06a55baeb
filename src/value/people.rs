//! Reads names of people, teams and roles from a list of them.

use std::ops::Range;

use super::date::{self, Order};
use super::placeholder::is_placeholder;
use super::token::{Token, list_parts, tokens};
use super::words;
use crate::text::range_in;

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

/// Returns the names of a text: `Ada Byron (@ada), Bo Ek <bo@example.org> and [Cy](…)`; no placeholder, and no `et al.`.
pub fn read_all(text: &str) -> Vec<Named<'_>> {
    if is_placeholder(text) {
        return Vec::new();
    }
    list_parts(text, &tokens(text), &['|', '·', '&', '+'])
        .into_iter()
        .filter_map(|part| read(text, part))
        .collect()
}

fn read<'t>(text: &'t str, tokens: &[Token<'t>]) -> Option<Named<'t>> {
    // In bytes, without the full stop: `Jr.`, `Ph.D.`
    const LONGEST_INITIAL: usize = 4;
    let at = tokens.iter().position(Token::is_word)?;
    let (before, named) = tokens.split_at(at);
    let first = &named[0];
    // What is said about someone follows in brackets.
    let is_end = |token: &Token<'_>| token.is_mark(&['(', '[', '<', '@']) || token.link != first.link;
    let (named, behind) = named.split_at(named.iter().position(is_end).unwrap_or(named.len()));
    let at = named.iter().rposition(Token::is_word)?;
    let last = &named[at];
    // A full stop behind few letters may be that of an initial.
    let is_initial = |stop: &&Token<'_>| {
        stop.is_mark(&['.']) && stop.start == last.end() && last.text.len() <= LONGEST_INITIAL
    };
    let end = named.get(at + 1).filter(is_initial).unwrap_or(last).end();
    let name = &text[first.start..end];
    let is_day = name.starts_with(|c: char| c.is_ascii_digit()) && date::read(name, Order::Unknown).is_ok();
    if is_day || words::is_in("no-names", name) || is_placeholder(name) {
        return None;
    }
    let sign = before.last().filter(|sign| sign.is_mark(&['@']) && sign.end() == first.start);
    let mut range = sign.unwrap_or(first).start..end;
    let handle = match (sign, first.link) {
        (Some(_), _) => Some(name).filter(|name| !name.contains(' ')),
        (None, Some(address)) => handle_of_address(address),
        (None, None) => handle_behind(behind),
    };
    if let Some(address) = first.link {
        let end = range_in(text, address).end;
        range.start -= usize::from(text[..range.start].ends_with('['));
        range.end = range.end.max(end + usize::from(text[end..].starts_with(')')));
    } else if let Some(last) = behind.iter().rfind(|token| token.is_word() || token.is_mark(&[')'])) {
        range.end = last.end();
    }
    Some(Named { name, handle, range })
}

/// Returns the handle in `(@ada)`, `<@ada>` or `@ada`.
fn handle_behind<'t>(tokens: &[Token<'t>]) -> Option<&'t str> {
    let at = tokens.iter().position(|token| !token.is_mark(&['(', '[', '<']))?;
    let word = tokens.get(at + 1).filter(|word| tokens[at].is_mark(&['@']) && word.is_word());
    word.map(|word| word.text)
        .or_else(|| tokens[at].text.strip_prefix('@'))
        .filter(|handle| !handle.is_empty())
}

fn handle_of_address(address: &str) -> Option<&str> {
    let path =
        ["https://github.com/", "https://gitlab.com/"].iter().find_map(|host| address.strip_prefix(host))?;
    (!path.is_empty() && !path.contains('/')).then_some(path)
}
