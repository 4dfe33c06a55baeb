use std::ops::Range;

use crate::text::Span;

/// Returns the spans of comments, shifted by `offset`. An unclosed comment extends to the end.
pub(super) fn comments(html: &str, offset: usize) -> impl Iterator<Item = Span> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + html[at..].find("<!--")?;
        let end = html[start + 4..].find("-->").map_or(html.len(), |length| start + 4 + length + 3);
        at = end;
        Some(Span::new(offset + start, offset + end))
    })
}

/// Returns the `id`s of all elements, or else their `name`s, to which GitHub leads too. The names of inputs are no targets.
pub(super) fn anchors(html: &str) -> Vec<Box<str>> {
    let mut anchors = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end..]);
            continue;
        }
        let tag = rest.split(['<', '>']).next().unwrap_or("");
        let element = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let is_input = ["input", "meta"].iter().any(|input| input.eq_ignore_ascii_case(element));
        anchors.extend(
            attribute(tag, "id").or_else(|| attribute(tag, "name").filter(|_| !is_input)).map(Box::from),
        );
        rest = &rest[tag.len()..];
    }
    anchors
}

/// Returns the places of all `<a href=…>`, and of their addresses. One with an entity is left out.
pub(super) fn links(html: &str) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + html[at..].find('<')?;
            if html[start..].starts_with("<!--") {
                at = html[start..].find("-->").map_or(html.len(), |end| start + end);
                continue;
            }
            let length = html[start + 1..].find(['<', '>']).unwrap_or(html.len() - start - 1);
            at = start + 1 + length;
            let tag = &html[start + 1..at];
            let is_link = tag.get(..1).is_some_and(|name| name.eq_ignore_ascii_case("a"))
                && tag[1..].starts_with(|c: char| c.is_ascii_whitespace());
            let Some(address) = attribute(tag, "href").filter(|it| is_link && !it.contains(['&', '\n']))
            else {
                continue;
            };
            let from = address.as_ptr() as usize - html.as_ptr() as usize;
            return Some((start..(at + 1).min(html.len()), from..from + address.len()));
        }
    })
}

/// Returns how many `<blockquote>`s begin, and how many end.
pub(super) fn quotes(html: &str) -> (usize, usize) {
    const QUOTE: &str = "blockquote";
    let mut counts = (0, 0);
    for (at, _) in html.match_indices('<') {
        let rest = &html[at + 1..];
        let name = rest.strip_prefix('/').unwrap_or(rest);
        if name.get(..QUOTE.len()).is_some_and(|name| name.eq_ignore_ascii_case(QUOTE)) {
            match rest.starts_with('/') {
                true => counts.1 += 1,
                false => counts.0 += 1,
            }
        }
    }
    counts
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    while let Some((before, after)) = rest.split_once('=') {
        let value = after.trim_start();
        let (value, next) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            _ => value.split_once(char::is_whitespace).unwrap_or((value.trim_end_matches('/'), "")),
        };
        if before.split_whitespace().next_back().is_some_and(|word| word.eq_ignore_ascii_case(name)) {
            return Some(value).filter(|value| !value.is_empty());
        }
        rest = next;
    }
    None
}
