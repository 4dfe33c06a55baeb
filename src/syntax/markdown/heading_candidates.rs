//! A fast filter for headings, without parsing the page.

use std::cell::OnceCell;

use crate::syntax::Document;

pub struct HeadingCandidates<'t> {
    text: &'t str,
    lines: OnceCell<Vec<Line<'t>>>,
}

/// What may be a heading.
struct Line<'t> {
    text: &'t str,
    letters: String,
    /// True for a line that starts with `#`, without escapes, entities and HTML.
    is_plain: bool,
}

impl<'t> HeadingCandidates<'t> {
    pub fn below_front_matter(page: &'t Document) -> HeadingCandidates<'t> {
        let front_matter = page.markdown.as_ref().and_then(|page| page.front_matter.as_ref());
        let from = front_matter.map_or(page.source.bom_len(), |it| it.block.end as usize);
        HeadingCandidates::new(page.source.text().get(from..).unwrap_or_default())
    }

    fn new(text: &'t str) -> HeadingCandidates<'t> {
        HeadingCandidates { text, lines: OnceCell::new() }
    }

    /// False only if no heading has this [`section_key`](super::section_key).
    pub fn may_have_key(&self, key: &str) -> bool {
        let key = letters(key);
        self.any(|line| line.text.contains(['&', '<']) || line.letters.contains(&*key))
    }

    /// False only if no heading has a title for which `is_match` is true.
    pub fn may_have_title(&self, is_match: impl Fn(&str) -> bool) -> bool {
        self.may_have_title_with(None, is_match)
    }

    /// False only if no heading has a title that holds one of the words and for which `is_match` is true. The words are in lower case,
    /// of letters and digits; a link does not divide them.
    pub fn may_have_title_with(&self, words: Option<&[Box<str>]>, is_match: impl Fn(&str) -> bool) -> bool {
        self.any(|line| words.is_none_or(|words| line.may_hold(words)) && line.may_be(&is_match))
    }

    fn any(&self, may: impl Fn(&Line<'_>) -> bool) -> bool {
        self.lines.get_or_init(|| lines(self.text)).iter().any(may)
    }
}

impl<'t> Line<'t> {
    fn new(text: &'t str, is_plain: bool) -> Line<'t> {
        Line { text, letters: letters(text), is_plain }
    }

    fn may_hold(&self, words: &[Box<str>]) -> bool {
        let is_one_in = |letters: &str| words.iter().any(|word| letters.contains(&**word));
        is_one_in(&self.letters)
            || has_entity(self.text)
            // The section key of a heading spells it `and`.
            || (self.text.contains('&') && is_one_in(&letters(&self.text.replace('&', "and"))))
            || (self.text.contains('<') && is_one_in(&letters(&without_tags(self.text))))
    }

    fn may_be(&self, is_match: impl Fn(&str) -> bool) -> bool {
        const MARKS: [char; 5] = ['_', '[', ']', '!', '#'];
        // Pairs of these around words are markup.
        const AROUND: [char; 3] = ['*', '`', '~'];
        let plain = self.text.trim().trim_start_matches('#').trim();
        let is_without = || plain.contains(AROUND) && is_match(plain.replace(AROUND, "").trim());
        !self.is_plain || plain.contains(MARKS) || is_match(plain) || is_without()
    }
}

/// Returns the lines that start with `#`, and the paragraphs above an underline. Headings in quotes and lists don't divide the page.
fn lines(text: &str) -> Vec<Line<'_>> {
    let mut found = Vec::new();
    // Where the paragraph begins that the line goes on with.
    let mut start = None;
    // CommonMark also ends a line at a carriage return alone.
    for line in text.lines().flat_map(|line| line.split('\r')) {
        let at = line.as_ptr() as usize - text.as_ptr() as usize;
        // CommonMark takes only spaces and tabs for a blank line.
        if line.trim_start_matches([' ', '\t']).is_empty() {
            start = None;
            continue;
        }
        if let Some(start) = start.filter(|_| is_underline(line)) {
            found.push(Line::new(&text[start..at], false));
        }
        if line.trim_start().starts_with('#') {
            found.push(Line::new(line, !line.contains(['&', '\\', '<'])));
        }
        start = if is_underline(line) { Some(at) } else { start.or(Some(at)) };
    }
    found
}

/// True for a character that is written as `&auml;` or `&#228;`.
fn has_entity(text: &str) -> bool {
    const LONGEST: usize = 32;
    text.match_indices('&').any(|(at, _)| {
        let name = text.as_bytes()[at + 1..].iter().take(LONGEST);
        let mut rest = name.skip_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#');
        rest.next() == Some(&b';')
    })
}

fn without_tags(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::with_capacity(text.len());
    while let Some((before, tag)) = rest.split_once('<') {
        kept.push_str(before);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    kept + rest
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
    fn a_title_holds_one_of_the_words() {
        let words = ["glossary".into(), "abkürzungen".into()];
        let may_be = |text| HeadingCandidates::new(text).may_have_title_with(Some(&words), |_| true);
        for text in [
            "## A. [Glossary](x)\n",
            "## **G**lossary of `terms_used`\n",
            "Terms and\nthe glossary\n---\n",
            "## <b>G</b>lossary\n",
            "## Abk&uuml;rzungen\n",
            "ABKÜRZUNGEN\n===\n",
            "Glossary\n\u{a0}\n---\n",
        ] {
            assert!(may_be(text), "{text}");
        }
        let other = "# Terms_of\n\nA glossary\n\n---\n\nOne & two;\n---\n";
        assert!(!may_be(other));
        let both = ["and".into()];
        assert!(HeadingCandidates::new("## Q & A\n").may_have_title_with(Some(&both), |_| true));
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
