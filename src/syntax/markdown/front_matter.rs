//! Front matter: YAML (`---`) or TOML (`+++`) at the start of a page.

use super::FrontMatter;
use crate::text::{Source, Span};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Language {
    Yaml,
    Toml,
}

/// A `---` without keys after it is a thematic break.
pub(super) fn find(source: &Source, within: Span) -> Option<(FrontMatter, Language)> {
    find_at_start(source, within).or_else(|| {
        let start = after_comments(source, within)?;
        let (front_matter, language) = find_at_start(source, Span { start, ..within })?;
        let content = source.slice(front_matter.content);
        let is_key = |line: &&str| {
            line.split_once(':').is_some_and(|(key, _)| !key.is_empty() && !key.contains(char::is_whitespace))
        };
        let is_header = front_matter.closed && language == Language::Yaml;
        let has_keys = content.lines().filter(is_key).nth(1).is_some();
        (is_header && has_keys).then_some((front_matter, language))
    })
}

/// Returns the start of the text after the blank lines and comments that begin a page, such as a notice of a license.
fn after_comments(source: &Source, within: Span) -> Option<u32> {
    let text = source.slice(within);
    let mut rest = text.trim_start();
    while let Some(comment) = rest.strip_prefix("<!--") {
        let (_, after) = comment.split_once("-->")?;
        rest = after.trim_start();
    }
    (rest.starts_with("---") && rest.len() < text.len())
        .then(|| within.end - u32::try_from(rest.len()).unwrap_or(0))
}

fn find_at_start(source: &Source, within: Span) -> Option<(FrontMatter, Language)> {
    let text = source.slice(within);
    let mut lines = text.split_inclusive('\n');
    let opening = lines.next()?;
    let (language, fences): (_, &[&str]) = match opening.trim_end() {
        "---" => (Language::Yaml, &["---", "..."]),
        "+++" => (Language::Toml, &["+++"]),
        _ => return None,
    };
    let base = within.start as usize;
    let content_start = base + opening.len();
    let mut at = content_start;
    for line in lines {
        if fences.contains(&line.trim_end()) {
            let content = Span::new(content_start, at);
            let block = Span::new(base, at + line.len());
            let closed = FrontMatter { block, content, closed: true };
            let text = source.slice(content);
            return has_keys(text, language, true).then_some((closed, language));
        }
        at += line.len();
    }
    let unclosed = FrontMatter {
        block: Span::new(base, base + opening.trim_end().len()),
        content: Span::at(content_start),
        closed: false,
    };
    let below = &text[opening.len()..];
    // A heading or a blank line there makes it a thematic break.
    let begins_with_key = below.lines().next().is_some_and(|line| has_keys(line, language, false));
    begins_with_key.then_some((unclosed, language))
}

fn has_keys(content: &str, language: Language, if_empty: bool) -> bool {
    let meaningful = |line: &&str| !line.is_empty() && !line.starts_with('#');
    let Some(line) = content.lines().map(str::trim).find(meaningful) else { return if_empty };
    match language {
        Language::Yaml => {
            line.ends_with(':') || line.contains(": ") || line.starts_with(['{', '?', '"', '\''])
        }
        Language::Toml => line.contains('=') || line.starts_with('['),
    }
}
