//! The forms of references in a format: numbers, paths, URLs, links.

use std::ops::Range;

use super::pattern::Pattern;
use crate::syntax::DOC_ROLE;
use crate::syntax::markdown::inline_destinations;

/// A form of reference, with the pattern that captures its target.
#[derive(Debug)]
pub(crate) enum ReferenceForm {
    Id(Pattern),
    Path(Pattern),
    Root(Pattern),
    /// A URL; captures the path in the repository, if the URL is of this repository.
    Web(Pattern),
}

impl ReferenceForm {
    /// Returns the target of `text` if it has this form: an identifier, a path, a path with a leading `/`, or a URL.
    pub(super) fn read(&self, text: &str) -> Option<String> {
        let capture = |pattern: &Pattern| pattern.find(text).map(|range| text[range].to_owned());
        match self {
            ReferenceForm::Id(pattern) | ReferenceForm::Path(pattern) => capture(pattern),
            ReferenceForm::Root(pattern) => capture(pattern).map(|path| format!("/{path}")),
            ReferenceForm::Web(pattern) => pattern.is_match(text).then(|| text.to_owned()),
        }
    }

    pub(super) fn path_of_url<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            ReferenceForm::Web(pattern) => pattern.find(text).map(|range| &text[range]),
            _ => None,
        }
    }
}

/// Splits a text into references: the destinations of links, else the parts between commas, semicolons and `and`.
pub(crate) fn references_in(text: &str) -> Vec<Range<usize>> {
    for links in [inline_destinations(text), rst_destinations(text), asciidoc_destinations(text)] {
        if !links.is_empty() {
            return links;
        }
    }
    let text = without_clauses(text);
    let mut parts = Vec::new();
    for part in text.split([',', ';']).flat_map(|part| part.split(" and ")) {
        let part = text_of_reference_link(part.trim());
        let part = part.trim_matches(['*', '_', '`', '(', ')', '<', '>', '"']).trim_end_matches('.').trim();
        if !part.is_empty() {
            let start = part.as_ptr() as usize - text.as_ptr() as usize;
            parts.push(start..start + part.len());
        }
    }
    parts
}

/// Returns a text up to the clauses of a page that it counts: `ADR-10` of `ADR-10, clauses 3, 6 and 9`.
fn without_clauses(text: &str) -> &str {
    const WORDS: [&str; 10] = [
        "clause",
        "clauses",
        "section",
        "sections",
        "paragraph",
        "paragraphs",
        "article",
        "articles",
        "points",
        "items",
    ];
    let words = || text.split_whitespace();
    let is_clause = |(word, next): &(&str, &str)| {
        WORDS.iter().any(|it| it.eq_ignore_ascii_case(word)) && next.starts_with(|c: char| c.is_ascii_digit())
    };
    let first = words().zip(words().skip(1)).find(is_clause);
    first.map_or(text, |(word, _)| &text[..word.as_ptr() as usize - text.as_ptr() as usize])
}

/// Returns the destinations of links in reStructuredText, `` `text <target>`_ `` and `` :doc:`target` ``; of the latter the name of the
/// page.
fn rst_destinations(text: &str) -> Vec<Range<usize>> {
    const OPENING: &str = " <";
    let of_role = |(at, _): (usize, &str)| {
        let target = text[at + DOC_ROLE.len()..].strip_prefix('`')?.split('`').next()?;
        let name = target.rsplit('/').next().filter(|name| !name.is_empty() && !name.contains([' ', '<']))?;
        let start = name.as_ptr() as usize - text.as_ptr() as usize;
        Some(start..start + name.len())
    };
    let mut found: Vec<Range<usize>> = text.match_indices(DOC_ROLE).filter_map(of_role).collect();
    let mut from = 0;
    while let Some(at) = text[from..].find(OPENING) {
        let start = from + at + OPENING.len();
        let Some(length) = text[start..].find('>') else { break };
        from = start + length;
        let destination = text[start..from].split_whitespace().next().unwrap_or_default();
        if text[from..].starts_with(">`") && !destination.is_empty() {
            let begin = destination.as_ptr() as usize - text.as_ptr() as usize;
            found.push(begin..begin + destination.len());
        }
    }
    found.sort_by_key(|range| range.start);
    found
}

/// Returns the destinations of links in `AsciiDoc`, `xref:target[text]`, `link:target[text]` and `<<target#,text>>`.
fn asciidoc_destinations(text: &str) -> Vec<Range<usize>> {
    const MAX_TARGET: usize = 1000;
    let mut found = Vec::new();
    let last = text.rfind([']', '>']).unwrap_or(0);
    for name in ["xref:", "link:", "<<"] {
        for (at, _) in text.match_indices(name) {
            let start = at + name.len();
            let mut target = text[start..].bytes().take(MAX_TARGET);
            let length = target.position(|byte| matches!(byte, b'[' | b'#' | b',' | b'>')).unwrap_or(0);
            let is_target = length > 0 && !text[start..start + length].contains(char::is_whitespace);
            if is_target && start + length <= last {
                found.push(start..start + length);
            }
        }
    }
    found.sort_by_key(|range| range.start);
    found
}

/// Returns the text of a reference link: `ADR-7` for `[ADR-7][adr-7]` and for `[ADR-7]`.
fn text_of_reference_link(text: &str) -> &str {
    let inside = || {
        let (text, rest) = text.strip_prefix('[')?.split_once(']')?;
        let ends = rest.is_empty() || rest.starts_with(['[', '.', ' ']);
        (ends && !text.contains('[')).then_some(text)
    };
    inside().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        references_in(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn clauses_of_a_page_are_no_references() {
        assert_eq!(texts("ADR-10, clauses 3, 6 and 9."), ["ADR-10"]);
        assert_eq!(texts("RFC 3 section 2; RFC 4"), ["RFC 3"]);
        assert_eq!(texts("ADR-3, ADR-4 and ADR-5"), ["ADR-3", "ADR-4", "ADR-5"]);
    }

    #[test]
    fn a_link_refers_to_its_destination() {
        assert_eq!(texts("[036. Multi-cluster](036-multi-cluster.md)"), ["036-multi-cluster.md"]);
        assert_eq!(texts("[a](<1-a.md>), and [b](2-b.md \"B\")"), ["1-a.md", "2-b.md"]);
        assert_eq!(
            texts(r"[a](1-a_(b).md), [b](<2 b.md>), [c](3-\[c\).md)"),
            ["1-a_(b).md", "2 b.md", r"3-\[c\).md"]
        );
    }

    #[test]
    fn links_of_restructuredtext_refer_to_their_destination() {
        assert_eq!(texts("`ADR 5 <0005-b.rst>`_ and `c <0006-c.rst>`__"), ["0005-b.rst", "0006-c.rst"]);
        assert_eq!(
            texts(":doc:`0005-b`, :doc:`C <0006-c>` and :doc:`../adr/0007-d`"),
            ["0005-b", "0006-c", "0007-d"]
        );
        assert_eq!(texts("Ada <ada@example.org>"), ["Ada <ada@example.org"]);
    }

    #[test]
    fn links_of_asciidoc_refer_to_their_destination() {
        assert_eq!(texts("xref:0005-b.adoc[ADR 5] and <<0006-c.adoc#,c>>"), ["0005-b.adoc", "0006-c.adoc"]);
        assert_eq!(texts("link:0005-b.adoc#status[ADR 5]"), ["0005-b.adoc"]);
        assert_eq!(texts("xref: unfinished [a]"), ["xref: unfinished [a]"]);
    }

    #[test]
    fn without_links_each_part_refers() {
        assert_eq!(texts("ADR-0005, `ADR-0006` and 7."), ["ADR-0005", "ADR-0006", "7"]);
        assert_eq!(texts("[unfinished](half"), ["[unfinished](half"]);
        assert_eq!(texts("[ADR-5][5] and [ADR-6]."), ["ADR-5", "ADR-6"]);
    }

    #[test]
    fn a_form_says_what_a_text_refers_to() {
        let root = ReferenceForm::Root(Pattern::new("^/?(keps/[^ ]+?)/?$").unwrap());
        assert_eq!(root.read("keps/sig-node/24-apparmor/").as_deref(), Some("/keps/sig-node/24-apparmor"));
        let id = ReferenceForm::Id(Pattern::new("^KEP-([0-9]+)$").unwrap());
        assert_eq!(id.read("KEP-100").as_deref(), Some("100"));
        assert_eq!(id.read("kinflate"), None);
    }

    #[test]
    fn an_address_stays_one_and_shows_a_path() {
        let web = ReferenceForm::Web(Pattern::new("^https://github.com/a/b/blob/[^/]+/([^#]+)").unwrap());
        let address = "https://github.com/a/b/blob/main/keps/7-x#goals";
        assert_eq!(web.read(address).as_deref(), Some(address));
        assert_eq!(web.path_of_url(address), Some("keps/7-x"));
        assert_eq!(web.read("https://example.org"), None);
    }
}
