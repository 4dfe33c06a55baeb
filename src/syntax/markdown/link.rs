//! Where a link's destination stands: the parser tells what it is, not where.

use std::ops::Range;

use pulldown_cmark::LinkType;

/// The bytes of the destination of the link at `link`, whose text ends at `text_end`. A reference link has
/// none of its own: its whole range.
pub(super) fn destination(text: &str, kind: LinkType, link: Range<usize>, text_end: usize) -> Range<usize> {
    let own = match kind {
        LinkType::Inline => {
            inline(&text[text_end..link.end]).map(|own| text_end + own.start..text_end + own.end)
        }
        LinkType::Autolink | LinkType::Email => Some(link.start + 1..link.end.saturating_sub(1)),
        _ => None,
    };
    own.filter(|own| own.start <= own.end).unwrap_or(link)
}

/// The first address in a text that is no link, such as `https://example.org/a`.
pub(super) fn bare_address(text: &str) -> Option<Range<usize>> {
    // A search for the one byte is many times faster than one for all three.
    let colon = text.match_indices(':').map(|(at, _)| at).find(|&at| text[at..].starts_with("://"))?;
    let scheme = text[..colon].trim_end_matches(|c: char| c.is_ascii_alphanumeric()).len();
    Some(scheme..colon + address_length(&text[colon..]))
}

/// The bytes of `text` that can go on with an address.
pub(super) fn address_length(text: &str) -> usize {
    text.find(|c: char| c.is_whitespace() || matches!(c, '<' | '"')).unwrap_or(text.len())
}

/// The destination in the end of a link, from its `](` on.
fn inline(end: &str) -> Option<Range<usize>> {
    let opened = if end.starts_with("](") { 2 } else { end.find("](")? + 2 };
    let start = end.len() - end[opened..].trim_start().len();
    if end[start..].starts_with('<') {
        let length = unescaped(&end[start + 1..], |c| c == '>')?;
        return Some(start + 1..start + 1 + length);
    }
    let mut depth = 0_i32;
    let length = unescaped(&end[start..], |c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth < 0 || c.is_whitespace()
    })?;
    Some(start..start + length)
}

/// The bytes before the first character that ends the destination and is not escaped.
fn unescaped(text: &str, mut ends: impl FnMut(char) -> bool) -> Option<usize> {
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            chars.next();
        } else if ends(c) {
            return Some(at);
        }
    }
    None
}
