//! Finds headings mostly without the parser, which only gets sections whose content is wanted or whose end is uncertain.

use std::ops::Range;

use super::{Detail, Heading, Markdown, body};
use crate::text::{Source, Span};

/// Adds headings and tables, and the other parts of sections for which `is_wanted` is true. False if the whole page has to
/// be parsed; then `page` is incomplete.
pub(super) fn parse(
    source: &Source,
    within: Span,
    is_wanted: &dyn Fn(&str) -> bool,
    page: &mut Markdown,
) -> bool {
    let text = source.slice(within);
    let at = |range: Range<usize>| {
        Span::new(within.start as usize + range.start, within.start as usize + range.end)
    };
    let defines = text.contains("]:");
    if text.contains('\r') && text.replace("\r\n", "").contains('\r') {
        return false;
    }
    for fragment in (Fragments { text, next: 0, fence: None }) {
        let may_have_table =
            text[fragment.start..fragment.heading.start].contains('|') || !fragment.is_certain;
        let is_parsed =
            may_have_table || page.headings.last().is_some_and(|heading| is_wanted(&heading.title));
        if !is_parsed && let Some(heading) = plain_heading(source, at(fragment.heading.clone())) {
            page.headings.push(heading);
            continue;
        }
        let start = if is_parsed { fragment.start } else { fragment.heading.start };
        let has_undefined_links =
            body::parse_fragment(source, at(start..fragment.heading.end), Detail::Structure, page);
        let content = &text[start..fragment.heading.end];
        if defines && (has_undefined_links || content.contains("[^") || content.contains("]:")) {
            return false;
        }
        let line = at(fragment.heading.clone());
        let ends_in_heading = page.headings.last().is_some_and(|heading| heading.line.start == line.start);
        if !line.is_empty() && !ends_in_heading {
            return false;
        }
    }
    close_sections(&mut page.headings, within.end);
    true
}

/// Sets where the section of each heading ends, and the heading around it.
pub(in crate::syntax) fn close_sections(headings: &mut [Heading], end: u32) {
    let mut next = [end; 7];
    let mut following = end;
    for heading in headings.iter_mut().rev() {
        let level = usize::from(heading.level);
        heading.own_body.end = following.max(heading.own_body.start);
        heading.body.end = next[level].max(heading.body.start);
        following = heading.line.start;
        next[level..].fill(following);
    }
    let mut open: Vec<(u8, u32)> = Vec::new();
    for (at, heading) in (0..).zip(headings) {
        while open.pop_if(|(level, _)| *level >= heading.level).is_some() {}
        heading.above = open.last().map(|(_, at)| *at);
        open.push((heading.level, at));
    }
}

fn plain_heading(source: &Source, line: Span) -> Option<Heading> {
    const MARKS: [char; 11] = ['*', '_', '`', '~', '[', ']', '!', '#', '&', '\\', '<'];
    let text = source.slice(line);
    let marked = text.trim_start_matches('#');
    let level = text.len() - marked.len();
    let title = marked.trim();
    if title.is_empty() || title.contains(MARKS) {
        return None;
    }
    let start = line.start as usize + level + (marked.len() - marked.trim_start().len());
    let span = Span::new(start, start + title.len());
    let rest = Span::at(line.end as usize);
    Some(Heading {
        level: level.try_into().ok()?,
        title: title.into(),
        span,
        line: Span::new(line.start as usize, span.end as usize),
        body: rest,
        own_body: rest,
        above: None,
        slug: "".into(),
    })
}

struct Fragment {
    start: usize,
    /// The line of that next heading; empty at the end of the text.
    heading: Range<usize>,
    /// True if it certainly has no other heading, and its last line certainly is one.
    is_certain: bool,
}

struct Fragments<'t> {
    text: &'t str,
    next: usize,
    fence: Option<(u8, usize)>,
}

enum LineKind {
    Heading,
    Fence(u8, usize),
    /// Neither; doesn't affect other lines.
    Plain,
    Uncertain,
}

impl Iterator for Fragments<'_> {
    type Item = Fragment;

    fn next(&mut self) -> Option<Fragment> {
        let (start, end) = (self.next, self.text.len());
        let mut fragment = Fragment { start, heading: end..end, is_certain: true };
        for line in self.text[start..].split_inclusive('\n') {
            let line_start = self.next;
            self.next += line.len();
            if let Some((mark, count)) = self.fence {
                self.fence = self.fence.filter(|_| !closes_fence(line, mark, count));
                continue;
            }
            match line_kind(line) {
                LineKind::Heading => {
                    fragment.heading = line_start..self.next;
                    return Some(fragment);
                }
                LineKind::Fence(mark, count) => self.fence = Some((mark, count)),
                LineKind::Plain => {}
                LineKind::Uncertain => fragment.is_certain = false,
            }
        }
        (start < end).then_some(fragment)
    }
}

fn closes_fence(line: &str, mark: u8, count: usize) -> bool {
    let line = line.trim_end_matches([' ', '\t', '\r', '\n']);
    let marks = line.trim_start_matches(' ');
    line.len() - marks.len() < 4 && marks.len() >= count && marks.bytes().all(|byte| byte == mark)
}

/// A line without indentation ends all lists and quotes, so `#` and fences there are certain unless code or HTML is open.
fn line_kind(line: &str) -> LineKind {
    let rest = |mark| line.trim_start_matches(mark);
    match line.as_bytes() {
        [b'#', ..] => {
            let marks = line.len() - rest('#').len();
            let is_heading = marks <= 6 && rest('#').chars().next().is_none_or(|c| " \t\r\n".contains(c));
            if is_heading { LineKind::Heading } else { LineKind::Uncertain }
        }
        [mark @ (b'`' | b'~'), ..] => {
            let info = rest(char::from(*mark));
            match line.len() - info.len() {
                0..3 => LineKind::Plain,
                _ if info.contains('`') => LineKind::Uncertain,
                marks => LineKind::Fence(*mark, marks),
            }
        }
        [first, ..] if first.is_ascii_alphabetic() => LineKind::Plain,
        [b'<', ..] if is_comment(line.trim_end()) => LineKind::Plain,
        _ if line.trim().is_empty() => LineKind::Plain,
        _ => {
            let is_mark = |c: char| c.is_whitespace() || c.is_ascii_digit() || ">-*+.)".contains(c);
            let content = line.trim_start_matches(is_mark);
            let is_uncertain = content.is_empty()
                || ["#", "```", "~~~", "<", "[^", "="].iter().any(|it| content.starts_with(it));
            if is_uncertain { LineKind::Uncertain } else { LineKind::Plain }
        }
    }
}

fn is_comment(line: &str) -> bool {
    line.strip_prefix("<!--")
        .and_then(|line| line.strip_suffix("-->"))
        .is_some_and(|content| !content.contains("--"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::super::{Link, ListItem, Table};
    use super::*;

    /// Parses a page as a whole, and by its outline with the sections whose title starts with `W`.
    fn both(text: &str) -> (Markdown, Option<Markdown>) {
        let source = Arc::new(Source::new("a.md", text.into()));
        let within = Span::new(0, source.text().len());
        let (mut whole, mut outlined) = (Markdown::default(), Markdown::default());
        body::parse(&source, within, Detail::Structure, &mut whole);
        let is_outlined = parse(&source, within, &|title| title.starts_with('W'), &mut outlined);
        (whole, is_outlined.then_some(outlined))
    }

    fn parts(page: &Markdown) -> (Vec<&ListItem>, Vec<&Link>, Vec<Span>) {
        let wanted: Vec<Span> =
            page.headings.iter().filter(|it| it.title.starts_with('W')).map(|it| it.own_body).collect();
        let within = |span: Span| wanted.iter().any(|own| own.contains(span));
        (
            page.items.iter().filter(|it| within(it.span)).collect(),
            page.links.iter().filter(|it| within(it.span)).collect(),
            page.comments.iter().copied().filter(|it| within(*it)).collect(),
        )
    }

    fn assert_same(text: &str) -> bool {
        let (whole, outlined) = both(text);
        let Some(outlined) = outlined else { return false };
        let tables: (&[Table], &[Table]) = (&whole.tables, &outlined.tables);
        assert_eq!(whole.headings, outlined.headings, "{text:?}");
        assert_eq!(tables.0, tables.1, "{text:?}");
        assert_eq!(parts(&whole), parts(&outlined), "{text:?}");
        true
    }

    #[test]
    fn only_wanted_sections_are_parsed() {
        let text = "# T\n- a\n## W *x* ##\n- b [c](d)\n<!-- e -->\n### Deep\n- f\n## Z\n|a|\n|-|\n|b|\n\n```\n# g\n```\n";
        let (whole, outlined) = both(text);
        let outlined = outlined.unwrap();
        assert!(assert_same(text));
        assert_eq!((whole.headings.len(), whole.items.len()), (4, 3));
        assert_eq!((outlined.headings.len(), outlined.items.len(), outlined.tables.len()), (4, 1, 1));
    }

    #[test]
    fn uncertain_headings_are_parsed() {
        for text in
            ["<!--\n# no\n-->\n# yes\n", "<pre>\n\n# no\n</pre>\n", "- a\n  ```\n# yes\n  ```\n# no\n"]
        {
            assert!(!assert_same(text), "{text}");
        }
        for text in [
            "<b>\n\n# yes\n",
            "Yes\n---\n# yes\n",
            "   # yes\n- # no\n# yes\n",
            "```` `\n# yes\n````\n# no\n",
        ] {
            assert!(assert_same(text), "{text}");
        }
    }

    #[test]
    fn link_definitions_require_parsing_the_whole_page() {
        assert!(!assert_same("# W\n- [a]\n# b\n[a]: b\n"));
        assert!(assert_same("# W\n- [a]\n# b\n"));
        assert!(assert_same("# W\n- a\n# b\n[a]\n\n[a]: b\n# c\n"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn an_outline_equals_the_parsed_page(lines in prop::collection::vec((
            prop::sample::select(vec!["", "", "", " ", "  ", "   ", "    ", "\t", "> ", "- ", "1. ", "10) ", "- > ", "\u{a0}"]),
            prop::sample::select(vec![
                "", "", "", "# A", "## W", "# W x", "### W *y*", "#", "# #", "####### n", "#n", "# a\\", "# B ##", "#\tC \t",
                "# [r]", "word", "two words", "===", "---", "- -", "* * *", "```", "````", "~~~", "``` x", "```\t", "``` `",
                "<!--", "-->", "<!-- c -->", "<!-->", "a <!-- c", "<div>", "</div>", "<pre>", "</pre>", "<a", "href>", "<?", "?>",
                "| a | b |", "|---|---|", "a|b", "-|-", "[r]", "[r]: /u", "[r]:", "/u", "[r]: /u \"t", "t\"", "[^1]: f", "[^1]",
                "[x](y)", "![i](j)", "[x](", "`", "*", "**b**", "- item", "```\u{a0}", "~~~\u{c}", "# T\u{a0}", "#\u{a0}T", "# \u{3000}T \u{b}", "\u{c}# F", "2. item", "+ [ ] task", "> quote", "\\", "&amp;", "\u{2028}x",
            ]),
            prop::sample::select(vec!["\n", "\n", "\n", "\n", "\r\n", "\n\n", "  \n", ""]),
        ), 0..16)) {
            assert_same(&lines.iter().map(|(margin, content, end)| format!("{margin}{content}{end}")).collect::<String>());
        }
    }
}
