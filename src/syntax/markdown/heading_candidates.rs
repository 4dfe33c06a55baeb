//! What the headings of a page can say, told without reading the page.

use std::cell::OnceCell;

use crate::syntax::Document;

/// The lines of a text that may be headings.
pub struct HeadingCandidates<'t> {
    text: &'t str,
    /// Those that start with a `#`; none where any line may be a heading, or say something else than it seems to.
    marked: OnceCell<Option<Vec<Line<'t>>>>,
}

struct Line<'t> {
    text: &'t str,
    letters: String,
}

impl<'t> HeadingCandidates<'t> {
    /// Those of a page's text, without its front matter.
    pub fn below_front_matter(page: &'t Document) -> HeadingCandidates<'t> {
        let front_matter = page.markdown.as_ref().and_then(|page| page.front_matter.as_ref());
        let from = front_matter.map_or(0, |it| it.block.end as usize);
        HeadingCandidates::of(page.source.text().get(from..).unwrap_or_default())
    }

    fn of(text: &'t str) -> HeadingCandidates<'t> {
        HeadingCandidates { text, marked: OnceCell::new() }
    }

    /// Whether a heading may have the title that a [`section_key`](super::section_key) stands for. Never
    /// false where one has.
    pub fn may_have_key(&self, key: &str) -> bool {
        let key = letters(key);
        self.any(|line| line.letters.contains(&*key))
    }

    /// Whether a heading may have a title that `fits`. Never false where one has.
    pub fn may_have_title(&self, fits: impl Fn(&str) -> bool) -> bool {
        const MARKS: [char; 8] = ['*', '_', '`', '~', '[', ']', '!', '#'];
        self.any(|line| {
            let plain = line.text.trim().trim_start_matches('#').trim();
            plain.contains(MARKS) || fits(plain)
        })
    }

    fn any(&self, may: impl Fn(&Line<'_>) -> bool) -> bool {
        let marked = self.marked.get_or_init(|| marked(self.text));
        marked.as_ref().is_none_or(|lines| lines.iter().any(may))
    }
}

/// The lines that start with a `#`: in a quote or a list, a heading does not divide the page. One that is underlined, and characters that are not written as themselves,
/// are for the parser to understand.
fn marked(text: &str) -> Option<Vec<Line<'_>>> {
    let mut found = Vec::new();
    let mut after_text = false;
    for line in text.lines() {
        if after_text && is_underline(line) {
            return None;
        }
        after_text = !line.trim_start().is_empty();
        if line.trim_start().starts_with('#') {
            if line.contains(['&', '\\', '<']) {
                return None;
            }
            found.push(Line { text: line, letters: letters(line) });
        }
    }
    Some(found)
}

/// The letters and digits of a text, in small letters.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a line is only `===` or `---`.
fn is_underline(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && (line.bytes().all(|byte| byte == b'=') || line.bytes().all(|byte| byte == b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::markdown::section_key;

    fn may_say(text: &str, title: &str) -> bool {
        HeadingCandidates::of(text).may_have_key(&section_key(title))
    }

    #[test]
    fn a_title_is_found_whatever_its_dress() {
        for text in [
            "# T\n\n## Decision Outcome\n",
            "## 2.1 **Decision** _outcome_:\n",
            "   ### `Decision` [outcome](x) ###\n",
            "Decision outcome\n----\n",
            "Decision\noutcome\n===\n",
            "## Decision&nbsp;outcome\n",
            "## Decisi\\on outcome\n",
        ] {
            assert!(may_say(text, "Decision Outcome"), "{text}");
        }
    }

    #[test]
    fn a_plain_title_is_the_line_without_its_marks() {
        let may_be = |text, title| HeadingCandidates::of(text).may_have_title(|plain| plain == title);
        assert!(may_be("## 1. Take it\n", "1. Take it"));
        assert!(may_be("# Leave C# ##\n", "Leave C#"));
        assert!(may_be("# *Take* it\n", "Take it"), "what has marks may be anything");
        assert!(may_be("Take it\n===\n", "Take it"));
        assert!(!may_be("# Take it\n\n1. Take\n", "1. Take"));
    }

    #[test]
    fn prose_is_no_heading() {
        assert!(!may_say(
            "# T\n\nThe decision outcome is open.\n\n---\n\n| a |\n|---|\n",
            "Decision Outcome"
        ));
        assert!(!may_say("## Decision\n## Outcome\n", "Decision Outcome"));
    }
}
