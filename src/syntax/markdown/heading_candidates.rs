//! A fast filter for headings, without parsing the page.

use std::cell::OnceCell;

use crate::syntax::Document;

pub struct HeadingCandidates<'t> {
    text: &'t str,
    /// The lines that start with `#`; `None` if other lines may be headings too.
    atx_lines: OnceCell<Option<Vec<AtxLine<'t>>>>,
}

struct AtxLine<'t> {
    text: &'t str,
    letters: String,
}

impl<'t> HeadingCandidates<'t> {
    pub fn below_front_matter(page: &'t Document) -> HeadingCandidates<'t> {
        let front_matter = page.markdown.as_ref().and_then(|page| page.front_matter.as_ref());
        let from = front_matter.map_or(0, |it| it.block.end as usize);
        HeadingCandidates::new(page.source.text().get(from..).unwrap_or_default())
    }

    fn new(text: &'t str) -> HeadingCandidates<'t> {
        HeadingCandidates { text, atx_lines: OnceCell::new() }
    }

    /// False only if no heading has this [`section_key`](super::section_key).
    pub fn may_have_key(&self, key: &str) -> bool {
        let key = letters(key);
        self.any(|line| line.letters.contains(&*key))
    }

    /// False only if no heading has a title for which `is_match` is true.
    pub fn may_have_title(&self, is_match: impl Fn(&str) -> bool) -> bool {
        const MARKS: [char; 5] = ['_', '[', ']', '!', '#'];
        // Pairs of these around words are markup.
        const AROUND: [char; 3] = ['*', '`', '~'];
        self.any(|line| {
            let plain = line.text.trim().trim_start_matches('#').trim();
            let is_without = || plain.contains(AROUND) && is_match(plain.replace(AROUND, "").trim());
            plain.contains(MARKS) || is_match(plain) || is_without()
        })
    }

    fn any(&self, may: impl Fn(&AtxLine<'_>) -> bool) -> bool {
        let atx_lines = self.atx_lines.get_or_init(|| atx_lines(self.text));
        atx_lines.as_ref().is_none_or(|lines| lines.iter().any(may))
    }
}

/// Headings in quotes and lists don't divide the page. Setext headings, escapes and entities need the parser.
fn atx_lines(text: &str) -> Option<Vec<AtxLine<'_>>> {
    let mut found = Vec::new();
    let mut after_text = false;
    // CommonMark also ends a line at a carriage return alone.
    for line in text.lines().flat_map(|line| line.split('\r')) {
        if after_text && is_underline(line) {
            return None;
        }
        after_text = !line.trim_start().is_empty();
        if line.trim_start().starts_with('#') {
            if line.contains(['&', '\\', '<']) {
                return None;
            }
            found.push(AtxLine { text: line, letters: letters(line) });
        }
    }
    Some(found)
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn is_underline(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && (line.bytes().all(|byte| byte == b'=') || line.bytes().all(|byte| byte == b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::markdown::section_key;

    fn may_have(text: &str, title: &str) -> bool {
        HeadingCandidates::new(text).may_have_key(&section_key(title))
    }

    #[test]
    fn a_title_is_found_with_any_markup() {
        for text in [
            "# T\n\n## Decision Outcome\n",
            "## 2.1 **Decision** _outcome_:\n",
            "   ### `Decision` [outcome](x) ###\n",
            "Decision outcome\n----\n",
            "Decision\noutcome\n===\n",
            "## Decision&nbsp;outcome\n",
            "## Decisi\\on outcome\n",
            "# T\r\r## Decision outcome\r\r",
            "T\r\rDecision outcome\r---\r",
        ] {
            assert!(may_have(text, "Decision Outcome"), "{text}");
        }
    }

    #[test]
    fn a_title_without_markup_is_compared_exactly() {
        let may_be = |text, title| HeadingCandidates::new(text).may_have_title(|plain| plain == title);
        assert!(may_be("## 1. Take it\n", "1. Take it"));
        assert!(may_be("# Leave C# ##\n", "Leave C#"));
        assert!(may_be("# *Take* it\n", "Take it"), "what has marks may be anything");
        assert!(may_be("Take it\n===\n", "Take it"));
        assert!(!may_be("# Take it\n\n1. Take\n", "1. Take"));
    }

    #[test]
    fn prose_is_not_a_heading() {
        assert!(!may_have(
            "# T\n\nThe decision outcome is open.\n\n---\n\n| a |\n|---|\n",
            "Decision Outcome"
        ));
        assert!(!may_have("## Decision\n## Outcome\n", "Decision Outcome"));
    }
}
