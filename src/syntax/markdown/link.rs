//! Locates the destination of a link, whose span the parser doesn't give.

use std::ops::Range;

use pulldown_cmark::LinkType;

/// The span of the destination of the link in `link`, whose text ends at `text_end`; for a reference link, `link`.
pub(super) fn destination(text: &str, kind: LinkType, link: Range<usize>, text_end: usize) -> Range<usize> {
    let own = match kind {
        LinkType::Inline => {
            inline_destination(&text[text_end..link.end]).map(|own| text_end + own.start..text_end + own.end)
        }
        LinkType::Autolink | LinkType::Email => Some(link.start + 1..link.end.saturating_sub(1)),
        _ => None,
    };
    own.filter(|own| own.start <= own.end).unwrap_or(link)
}

pub(in crate::syntax) fn find_url(text: &str) -> Option<Range<usize>> {
    // Searching for one byte is many times faster than for `://`.
    let colon = text.match_indices(':').map(|(at, _)| at).find(|&at| text[at..].starts_with("://"))?;
    let scheme = text[..colon].trim_end_matches(|c: char| c.is_ascii_alphanumeric()).len();
    Some(scheme..colon + url_len(&text[colon..]))
}

pub(super) fn url_len(text: &str) -> usize {
    text.find(|c: char| c.is_whitespace() || matches!(c, '<' | '"')).unwrap_or(text.len())
}

fn inline_destination(end: &str) -> Option<Range<usize>> {
    let opened = if end.starts_with("](") { 2 } else { end.find("](")? + 2 };
    let start = end.len() - end[opened..].trim_start().len();
    if end[start..].starts_with('<') {
        let length = find_unescaped(&end[start + 1..], |c| c == '>')?;
        return Some(start + 1..start + 1 + length);
    }
    let mut depth = 0_i32;
    let length = find_unescaped(&end[start..], |c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth < 0 || c.is_whitespace()
    })?;
    Some(start..start + length)
}

fn find_unescaped(text: &str, mut ends: impl FnMut(char) -> bool) -> Option<usize> {
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
