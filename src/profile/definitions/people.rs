//! Lists of people: `- Ada Byron (@ada), Acme`, `* [Ada Byron](https://github.com/ada)`, `Ada Byron <ada@example.org>`.

use std::sync::LazyLock;

use regex::Regex;

use super::Line;
use crate::syntax::markdown::Cell;
use crate::syntax::{Document, Format, Markdown};
use crate::text::{Source, Span};

/// A longer line is a sentence.
const LONGEST: usize = 400;

/// The name at the beginning of an item: capitalised words, with particles such as `van` between them.
static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"^(?:M:\s+)?(?:[*_]{1,3})?\[?(?:[*_]{1,3})?([\p{Lu}\p{Lo}][\p{L}\p{M}.'’-]*(?: (?:[\p{Lu}\p{Lo}][\p{L}\p{M}.'’-]*|(?:van|von|der|den|de|da|di|do|dos|du|la|le|bin|al|el|ter|ten|y|e)\b|["“][^"”]{1,30}["”])){0,5})(?:[*_]{1,3})?(\])?"#,
    )
    .ok()
});

/// An account at the beginning of an item.
static HANDLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:[*_`]{1,3})?\[?`?@([A-Za-z0-9][A-Za-z0-9-]{0,38})`?\]?(?:[*_`]{1,3})?(?:[\s,:(|–—-]|$)")
        .ok()
});

/// The accounts and addresses in an item.
static ACCOUNT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?:^|[\s(\[<|,*_`])@([A-Za-z0-9][A-Za-z0-9-]{0,38})(?:$|[^\w./@-]|[.](?:\s|$))",
        r"|//(?:www\.)?(?:github|gitlab)\.com/@?([A-Za-z0-9][A-Za-z0-9-]{0,38})/?(?:$|[)\s>\]|,;?#])",
        r"|([A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+)",
    ))
    .ok()
});

/// Returns the names, or accounts, and the whole items.
pub(super) fn find(document: &Document, page: &Markdown) -> Vec<[Cell; 2]> {
    if !document.format.is_page() || document.format == Format::MediaWiki {
        return Vec::new();
    }
    Line::all(document, page).into_iter().filter_map(|line| item(&document.source, line)).collect()
}

fn item(source: &Source, line: Line<'_>) -> Option<[Cell; 2]> {
    if line.text.len() > LONGEST {
        return None;
    }
    let marked = without_mark(line.words());
    let text = marked.unwrap_or(line.words());
    let name = name_in(text, marked.is_some())?;
    let from = line.text.len() - text.len();
    let cell = |span: Span| Cell { span, text: source.slice(span).into(), is_continued: false };
    Some([cell(line.span_of(from + name.start..from + name.end)), cell(line.span_of(from..line.text.len()))])
}

/// Returns the text behind the mark of an item of a list, or of a heading.
fn without_mark(words: &str) -> Option<&str> {
    let heading = words.trim_start_matches('#');
    if heading.len() < words.len() {
        return heading.strip_prefix(' ').map(str::trim_start);
    }
    let number = words.trim_start_matches(|c: char| c.is_ascii_digit());
    let marks = ["- ", "* ", "+ "];
    let behind = match number.len() < words.len() {
        true => number.strip_prefix(". "),
        false => marks.iter().find_map(|mark| words.strip_prefix(mark)),
    };
    behind.map(str::trim_start)
}

/// Returns the range of the name; of the account where the name is missing.
fn name_in(text: &str, is_item: bool) -> Option<std::ops::Range<usize>> {
    let accounts = ACCOUNT.as_ref()?;
    let mut handles: Vec<&str> = Vec::new();
    let mut has_account = false;
    for found in accounts.captures_iter(text).take(10) {
        has_account = true;
        let handle = found.get(1).or_else(|| found.get(2)).map(|handle| handle.as_str());
        // Two accounts are two people.
        let is_new = |handle: &&str| handles.iter().all(|known| !known.eq_ignore_ascii_case(handle));
        handles.extend(handle.filter(is_new));
    }
    if !has_account || handles.len() > 1 {
        return None;
    }
    let Some(name) = NAME.as_ref()?.captures(text) else {
        let handle = HANDLE.as_ref()?.captures(text).filter(|_| is_item)?;
        return handle.get(1).map(|handle| handle.range());
    };
    let (whole, words) = (name.get(0)?, name.get(1)?);
    let rest = &text[whole.end()..];
    let is_link = name.get(2).is_some();
    let begins = |marks: &[&str]| marks.iter().any(|mark| rest.trim_start().starts_with(mark));
    // Outside of lists, the account follows the name directly.
    let is_followed = match is_item {
        _ if is_link && !text.starts_with(['[', '*', '_', 'M']) => false,
        true if is_link => rest.starts_with('('),
        true => {
            begins(&["(", "<", ",", "-", "–", "—", "|", "[", "/", "\\<", "&lt;"]) || is_before_handle(rest)
        }
        false if is_link => rest.starts_with("(http") || rest.starts_with("(mailto:"),
        false => {
            begins(&["<", "(@", "([@", "(<", "\\<"]) || is_before_handle(rest) || is_before_address(rest)
        }
    };
    is_followed.then(|| words.range())
}

/// Returns true if an account follows, and no sentence goes on behind it: ` @ada, Acme`.
fn is_before_handle(rest: &str) -> bool {
    let handle = rest.trim_start().trim_start_matches('`').strip_prefix('@');
    handle.is_some_and(|handle| {
        let is_of_handle = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let behind = handle.trim_start_matches(is_of_handle).trim_start_matches('`').trim();
        behind.is_empty() || behind.starts_with(['(', ',', '-', '–', '—', '<', '|', '[', '*', '_'])
    })
}

/// Returns true if an address follows directly: `, ada@example.org`.
fn is_before_address(rest: &str) -> bool {
    let next = rest.strip_prefix(", ").and_then(|rest| rest.split_whitespace().next());
    next.is_some_and(|word| word.find('@').is_some_and(|at| at > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Option<&str> {
        let marked = without_mark(text);
        let text = marked.unwrap_or(text);
        Some(&text[name_in(text, marked.is_some())?])
    }

    #[test]
    fn items_and_lines_name_people_by_an_account() {
        for (line, expected) in [
            ("- Ada Byron (@ada), Acme", "Ada Byron"),
            ("* [Bo van der Ek](https://github.com/bo)", "Bo van der Ek"),
            ("- **Cy Roe** <cy@example.org> (Acme)", "Cy Roe"),
            ("1. Dé O’Neil - Acme - [@de](https://github.com/de)", "Dé O’Neil"),
            ("Eve Fox <eve@example.org> @eve", "Eve Fox"),
            ("- [@gil](https://github.com/gil) (release manager)", "gil"),
            ("* @hal", "hal"),
            ("- Ada (@ada)", "Ada"),
            ("- Kim Lee @kim", "Kim Lee"),
            ("M: Ada Byron <ada@example.org>", "Ada Byron"),
            ("## Ivo Jay [@ivo](https://github.com/ivo)", "Ivo Jay"),
            ("Ada Byron, ada@example.org, ada", "Ada Byron"),
        ] {
            assert_eq!(name(line), Some(expected), "{line}");
        }
    }

    #[test]
    fn sentences_and_several_people_are_none() {
        for line in [
            "- Ask @ada before you merge",
            "Ask @ada before you merge",
            "- Reviewers: @ada, @bo",
            "- Ada Byron (@ada) and Bo Ek (@bo)",
            "- Code of Conduct (conduct@example.org)",
            "- Ada Byron",
            "Write to Ada Byron (@ada) first.",
            "- [Guide](https://github.com/acme/press/blob/main/guide.md)",
            "- see `@types/node`",
        ] {
            assert_eq!(name(line), None, "{line}");
        }
    }

    #[test]
    fn many_marks_take_no_long_time() {
        let page = "- A (@a) ".repeat(200_000) + &"\n- A (@a)".repeat(200_000);
        let lines = page.lines().filter(|line| line.len() <= LONGEST).filter_map(name).count();
        assert_eq!(lines, 200_000);
    }
}
