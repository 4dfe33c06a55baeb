//! A text in Markdown as one line.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The most bytes of a text that are read; the summary is much shorter.
const MAX_BYTES: usize = 1 << 13;

/// Returns the text without markup, until the first heading below some of it. Of more than `limit` characters, those of
/// whole sentences or else of whole words are left.
pub fn in_brief(text: &str, limit: usize) -> String {
    let is_boundary = |at: &usize| text.is_char_boundary(*at);
    let read = (0..=MAX_BYTES.min(text.len())).rfind(is_boundary).unwrap_or(0);
    let line = line(&without_comments(&text[..read]));
    let Some((end, _)) = line.char_indices().nth(limit) else { return line };
    let short = &line[..end];
    let least = end / 3;
    if let Some(sentence) = last_sentence(&line, end).filter(|end| *end > least) {
        return line[..sentence].to_owned();
    }
    let short = short.rsplit_once(' ').map_or(short, |(words, _)| words);
    // The ellipsis takes the place of a character.
    let short = match short.char_indices().nth(limit - 1) {
        Some((end, _)) => &short[..end],
        None => short,
    };
    format!("{}…", short.trim_end_matches(|c: char| c == ' ' || c.is_ascii_punctuation()))
}

/// Returns the end of the last sentence that ends until `end`.
fn last_sentence(line: &str, end: usize) -> Option<usize> {
    let is_end = |at: &usize| {
        let mut next = line[at + 1..].chars();
        next.next() == Some(' ') && next.next().is_none_or(|first| !first.is_lowercase())
    };
    let marks = line[..end].char_indices().filter(|(_, c)| matches!(c, '.' | '!' | '?'));
    marks.map(|(at, _)| at).rfind(is_end).map(|at| at + 1)
}

fn without_comments(text: &str) -> String {
    let mut parts = text.split("<!--");
    let first = parts.next().unwrap_or_default();
    let rest = parts.map(|part| part.split_once("-->").map_or("", |(_, rest)| rest));
    [first].into_iter().chain(rest).collect()
}

fn line(text: &str) -> String {
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
    let mut line = Line::default();
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Start(Tag::Heading { .. }) if !line.text.is_empty() => break,
            Event::Start(Tag::Heading { .. } | Tag::CodeBlock(_)) => line.skipping += 1,
            Event::End(TagEnd::Heading(_) | TagEnd::CodeBlock) => line.skipping -= 1,
            Event::Start(Tag::Item) => line.begin(';'),
            Event::Start(Tag::TableRow | Tag::TableHead) => line.begin(';'),
            Event::Start(Tag::Paragraph | Tag::TableCell) => line.begin(' '),
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                line.add(&text);
            }
            Event::SoftBreak | Event::HardBreak => line.add(" "),
            _ => {}
        }
    }
    line.text
}

#[derive(Default)]
struct Line {
    text: String,
    /// Separates the next piece from the text before it.
    pending: Option<char>,
    /// Depth of nested parts that are left out; 0 outside of them.
    skipping: usize,
}

impl Line {
    /// Begins a block. An item of a list is set off from the one before it, the first one from a sentence.
    fn begin(&mut self, mark: char) {
        self.pending = match (self.pending, self.text.chars().last()) {
            (_, None) => None,
            (Some(';'), _) => Some(';'),
            (_, Some('.' | ':' | ';' | '!' | '?' | ',')) => Some(' '),
            _ => Some(mark),
        };
    }

    fn add(&mut self, text: &str) {
        if self.skipping > 0 {
            return;
        }
        let mut is_spaced = text.starts_with(char::is_whitespace);
        for word in text.split_whitespace() {
            match self.pending.take() {
                Some(';') => self.text.push_str("; "),
                Some(_) => self.text.push(' '),
                None if is_spaced && !self.text.is_empty() && !self.text.ends_with(' ') => {
                    self.text.push(' ');
                }
                None => {}
            }
            self.text.push_str(word);
            is_spaced = true;
        }
        if text.ends_with(char::is_whitespace) && !self.text.is_empty() && self.pending.is_none() {
            self.pending = Some(' ');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::in_brief;

    #[test]
    fn markup_goes_and_the_first_part_stays() {
        let text = "Chosen option: \"Stop **it**\", because\nit [serves](https://example.org) `all`.\n\n### Consequences\n\n* Bad";
        assert_eq!(in_brief(text, 240), "Chosen option: \"Stop it\", because it serves all.");
        assert_eq!(in_brief("## Decision\n\nWe stop.\n\n<!-- note -->\n", 240), "We stop.");
        assert_eq!(in_brief("We:\n\n* stop\n* sell it\n", 240), "We: stop; sell it");
        assert_eq!(in_brief("a < b, 3 * 4 * 5 and <b>x</b>", 240), "a < b, 3 * 4 * 5 and <b>x</b>");
        assert_eq!(in_brief("", 240), "");
    }

    #[test]
    fn a_long_text_ends_after_a_sentence_or_a_word() {
        assert_eq!(in_brief("We stop it in May. Then we look again at it.", 30), "We stop it in May.");
        assert_eq!(in_brief("Customers, partners and sellers agree", 24), "Customers, partners and…");
        assert_eq!(in_brief("Whether it holds, e.g. for clinics, is open", 26), "Whether it holds, e.g…");
        assert_eq!(in_brief(&"ä".repeat(50), 10), format!("{}…", "ä".repeat(9)));
    }
}
