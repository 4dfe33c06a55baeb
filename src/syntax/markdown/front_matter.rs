//! Front matter: YAML (`---`) or TOML (`+++`) at the start of a page.

use super::FrontMatter;
use crate::text::{Source, Span, lines_with_ends};

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
    let mut lines = lines_with_ends(text);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn find_in(text: &str) -> Option<(String, bool, Language)> {
        let source = Source::new("a.md", text.as_bytes().to_vec());
        let within = Span::new(source.bom_len(), source.text().len());
        find(&source, within)
            .map(|(found, language)| (source.slice(found.content).into(), found.closed, language))
    }

    #[test]
    fn front_matter_is_between_fences_at_the_start() {
        assert_eq!(find_in("---\nid: 1\n---\n# T\n"), Some(("id: 1\n".into(), true, Language::Yaml)));
        assert_eq!(find_in("---\r\nid: 1\r\n...\r\n"), Some(("id: 1\r\n".into(), true, Language::Yaml)));
        assert_eq!(find_in("+++\nid = 1\n+++"), Some(("id = 1\n".into(), true, Language::Toml)));
        assert_eq!(find_in("\u{feff}---\nid: 1\n---"), Some(("id: 1\n".into(), true, Language::Yaml)));
        assert_eq!(find_in("\n---\nid: 1\n---\n"), None);
    }

    #[test]
    fn comments_may_stand_above_it() {
        let keys = "id: 1\ntitle: T\n";
        let page = format!("<!--\nSPDX-License-Identifier: MIT\n-->\n\n<!-- b -->\n---\n{keys}---\n# T\n");
        assert_eq!(find_in(&page), Some((keys.into(), true, Language::Yaml)));
        assert_eq!(find_in(&format!("\n \n---\n{keys}---\n")), Some((keys.into(), true, Language::Yaml)));
        assert_eq!(find_in("<!-- a -->\n\n---\nA note: read on.\n\nAnother one: no.\n---\n"), None);
        assert_eq!(find_in("<!-- a -->\n---\nid: 1\ntitle: T\n"), None);
        assert_eq!(find_in("<!-- a ---\nid: 1\ntitle: T\n---\n"), None);
    }

    #[test]
    fn front_matter_may_be_empty() {
        assert_eq!(find_in("---\n---\n# T\n"), Some((String::new(), true, Language::Yaml)));
        assert_eq!(
            find_in("---\n# none yet\n\n---\n"),
            Some(("# none yet\n\n".into(), true, Language::Yaml))
        );
    }

    #[test]
    fn unclosed_front_matter_needs_keys() {
        assert_eq!(find_in("---\nid: 1\n\n# T\n"), Some((String::new(), false, Language::Yaml)));
        assert_eq!(find_in("---\n\nSome words.\n"), None);
        assert_eq!(find_in("---\n\n# 11. Accounts\n\nDate: 2024-03-19\n"), None);
        assert_eq!(find_in("---"), None);
    }

    #[test]
    fn a_thematic_break_is_not_front_matter() {
        assert_eq!(find_in("---\n\nSome words.\n\n---\n"), None);
        assert_eq!(find_in("----\nid: 1\n----\n"), None);
    }
}
