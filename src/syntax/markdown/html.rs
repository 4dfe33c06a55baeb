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

/// Returns the places of all tags, without their brackets and those in comments.
fn tags(html: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + html[at..].find('<')? + 1;
            if html[start..].starts_with("!--") {
                at = html[start..].find("-->").map_or(html.len(), |end| start + end);
                continue;
            }
            at = html[start..].find(['<', '>']).map_or(html.len(), |length| start + length);
            return Some(start..at);
        }
    })
}

/// Returns the name of the element that a tag begins or ends.
fn element(tag: &str) -> &str {
    let name = tag.strip_prefix('/').unwrap_or(tag);
    name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default()
}

/// Returns the `id`s of all elements, or else their `name`s, to which GitHub leads too. The names of inputs are no targets.
pub(super) fn anchors(html: &str) -> impl Iterator<Item = Box<str>> {
    tags(html).map(|tag| &html[tag]).filter_map(|tag| {
        let is_input = ["input", "meta"].iter().any(|input| input.eq_ignore_ascii_case(element(tag)));
        let name = || attribute(tag, "name").filter(|_| !is_input);
        attribute(tag, "id").or_else(name).map(Box::from)
    })
}

/// Returns the places of all `<a href=…>`, and of their addresses. One with an entity is left out.
pub(super) fn links(html: &str) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
    tags(html).filter_map(|tag| {
        let text = &html[tag.clone()];
        let is_link = element(text).eq_ignore_ascii_case("a") && !text.starts_with('/');
        let address = attribute(text, "href").filter(|it| is_link && !it.contains(['&', '\n']))?;
        let from = address.as_ptr() as usize - html.as_ptr() as usize;
        Some((tag.start - 1..(tag.end + 1).min(html.len()), from..from + address.len()))
    })
}

/// Returns how many `<blockquote>`s begin, and how many end.
pub(super) fn quotes(html: &str) -> (usize, usize) {
    let tags = tags(html).map(|tag| &html[tag]);
    let (ends, begins): (Vec<&str>, Vec<&str>) = tags
        .filter(|tag| element(tag).eq_ignore_ascii_case("blockquote"))
        .partition(|tag| tag.starts_with('/'));
    (begins.len(), ends.len())
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
