//! The headings of a page, told mostly without the parser: it is handed only those stretches of the text of which
//! somebody wants more, or of which the look does not tell where they end.

use std::ops::Range;

use super::{Extent, Heading, Markdown, body};
use crate::syntax;
use crate::text::{Source, Span};

/// Adds to `page` the headings of the text in `within`, its tables, and the other parts of those sections whose title
/// `is_wanted`, up to the next heading. False where the page has to be read as a whole; then what was added counts for
/// nothing.
pub(super) fn read(
    source: &Source,
    within: Span,
    is_wanted: &dyn Fn(&str) -> bool,
    page: &mut Markdown,
) -> bool {
    let text = source.slice(within);
    let at = |range: Range<usize>| {
        Span::new(within.start as usize + range.start, within.start as usize + range.end)
    };
    // What brackets in one stretch mean may be said in another.
    let defines = text.contains("]:");
    if syntax::has(text, b'\r') && text.replace("\r\n", "").contains('\r') {
        return false;
    }
    for stretch in (Stretches { text, next: 0, fence: None }) {
        let below = text[stretch.start..stretch.heading.start].contains('|') || !stretch.is_plain;
        let is_read = below || page.headings.last().is_some_and(|heading| is_wanted(&heading.title));
        if !is_read && let Some(heading) = plain_heading(source, at(stretch.heading.clone())) {
            page.headings.push(heading);
            continue;
        }
        let start = if is_read { stretch.start } else { stretch.heading.start };
        let refers = body::read_stretch(source, at(start..stretch.heading.end), Extent::Parts, page);
        let said = &text[start..stretch.heading.end];
        if defines && (refers || said.contains("[^") || said.contains("]:")) {
            return false;
        }
        let line = at(stretch.heading.clone());
        let ends_in_heading = page.headings.last().is_some_and(|heading| heading.line.start == line.start);
        if !line.is_empty() && !ends_in_heading {
            return false;
        }
    }
    body::close_sections(&mut page.headings, within.end);
    true
}

/// The heading in a line that starts with a `#`, where its title is written as it reads.
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
        slug: "".into(),
    })
}

/// The text from one heading's end to the next one's.
struct Stretch {
    start: usize,
    /// The line of the heading that it ends in; empty at the text's end.
    heading: Range<usize>,
    /// For certain it holds no other heading, and nothing in it keeps its last line from being one.
    is_plain: bool,
}

/// The stretches of a text.
struct Stretches<'t> {
    text: &'t str,
    next: usize,
    /// The mark of the fenced code that is open, and how often it stands there.
    fence: Option<(u8, usize)>,
}

/// What a line looks like.
enum Look {
    Heading,
    /// The start of fenced code.
    Fence(u8, usize),
    /// Neither, nor anything that bears on other lines.
    Plain,
    Doubtful,
}

impl Iterator for Stretches<'_> {
    type Item = Stretch;

    fn next(&mut self) -> Option<Stretch> {
        let (start, end) = (self.next, self.text.len());
        let mut stretch = Stretch { start, heading: end..end, is_plain: true };
        for line in self.text[start..].split_inclusive('\n') {
            let line_start = self.next;
            self.next += line.len();
            if let Some((mark, count)) = self.fence {
                self.fence = self.fence.filter(|_| !closes(line, mark, count));
                continue;
            }
            match look(line) {
                Look::Heading => {
                    stretch.heading = line_start..self.next;
                    return Some(stretch);
                }
                Look::Fence(mark, count) => self.fence = Some((mark, count)),
                Look::Plain => {}
                Look::Doubtful => stretch.is_plain = false,
            }
        }
        (start < end).then_some(stretch)
    }
}

/// Whether a line ends fenced code.
fn closes(line: &str, mark: u8, count: usize) -> bool {
    let line = line.trim_end_matches([' ', '\t', '\r', '\n']);
    let marks = line.trim_start_matches(' ');
    line.len() - marks.len() < 4 && marks.len() >= count && marks.bytes().all(|byte| byte == mark)
}

/// A line that starts at the margin ends all lists and quotes. So a `#` or a fence there is what it seems to be, unless
/// code or HTML is open; of those that are indented, only the parser knows.
fn look(line: &str) -> Look {
    let rest = |mark| line.trim_start_matches(mark);
    match line.as_bytes() {
        [b'#', ..] => {
            let marks = line.len() - rest('#').len();
            let is_heading = marks <= 6 && rest('#').chars().next().is_none_or(|c| " \t\r\n".contains(c));
            if is_heading { Look::Heading } else { Look::Doubtful }
        }
        [mark @ (b'`' | b'~'), ..] => {
            let info = rest(char::from(*mark));
            match line.len() - info.len() {
                0..3 => Look::Plain,
                _ if info.contains('`') => Look::Doubtful,
                marks => Look::Fence(*mark, marks),
            }
        }
        [first, ..] if first.is_ascii_alphabetic() => Look::Plain,
        [b'<', ..] if is_comment(line.trim_end()) => Look::Plain,
        _ if line.trim().is_empty() => Look::Plain,
        _ => {
            let is_mark = |c: char| c.is_whitespace() || c.is_ascii_digit() || ">-*+.)".contains(c);
            let said = line.trim_start_matches(is_mark);
            let is_doubtful =
                said.is_empty() || ["#", "```", "~~~", "<", "[^", "="].iter().any(|it| said.starts_with(it));
            if is_doubtful { Look::Doubtful } else { Look::Plain }
        }
    }
}

/// Whether a line is one comment of HTML.
fn is_comment(line: &str) -> bool {
    line.strip_prefix("<!--")
        .and_then(|line| line.strip_suffix("-->"))
        .is_some_and(|said| !said.contains("--"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::super::{Item, Link, Table};
    use super::*;

    /// A page read in both ways: as a whole, and with the parts of sections whose title starts with a `W`. None where
    /// it has to be read as a whole.
    fn both(text: &str) -> (Markdown, Option<Markdown>) {
        let source = Arc::new(Source::new("a.md", text.into()));
        let within = Span::new(0, source.text().len());
        let (mut whole, mut outlined) = (Markdown::default(), Markdown::default());
        body::read(&source, within, Extent::Parts, &mut whole);
        let is_told = read(&source, within, &|title| title.starts_with('W'), &mut outlined);
        (whole, is_told.then_some(outlined))
    }

    /// The parts of wanted sections.
    fn parts(page: &Markdown) -> (Vec<&Item>, Vec<&Link>, Vec<Span>) {
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
    fn what_is_wanted_is_read_and_the_rest_is_not() {
        let text = "# T\n- a\n## W *x* ##\n- b [c](d)\n<!-- e -->\n### Deep\n- f\n## Z\n|a|\n|-|\n|b|\n\n```\n# g\n```\n";
        let (whole, outlined) = both(text);
        let outlined = outlined.unwrap();
        assert!(assert_same(text));
        assert_eq!((whole.headings.len(), whole.items.len()), (4, 3));
        assert_eq!((outlined.headings.len(), outlined.items.len(), outlined.tables.len()), (4, 1, 1));
    }

    #[test]
    fn what_may_be_no_heading_is_left_to_the_parser() {
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
    fn what_stands_elsewhere_may_say_what_a_bracket_means() {
        assert!(!assert_same("# W\n- [a]\n# b\n[a]: b\n"));
        assert!(assert_same("# W\n- [a]\n# b\n"));
        assert!(assert_same("# W\n- a\n# b\n[a]\n\n[a]: b\n# c\n"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_page_says_the_same_however_it_is_read(lines in prop::collection::vec((
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
            assert_same(&lines.iter().map(|(margin, said, end)| format!("{margin}{said}{end}")).collect::<String>());
        }
    }
}
