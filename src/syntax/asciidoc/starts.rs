//! How the first characters of a line tell what begins on it.

use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Delimiter {
    Code,
    Comment,
    /// With blocks in it.
    Compound,
    Table,
}

pub(super) fn is_comment_line(line: &str) -> bool {
    line.starts_with("//") && !line.starts_with("///")
}

/// Returns true for a line that includes a file, or that begins or ends what depends on a condition.
pub(super) fn is_directive(line: &str) -> bool {
    ["include::", "ifdef::", "ifndef::", "ifeval::", "endif::"].iter().any(|name| line.starts_with(name))
        && line.ends_with(']')
}

/// Returns the bytes of the name in `:name: value`, `:!name:` or `:name!:`.
pub(super) fn attribute(line: &str) -> Option<Range<usize>> {
    let rest = line.strip_prefix(':')?;
    let length = rest.find(':')?;
    let after = &rest[length + 1..];
    let name = rest[..length].trim_start_matches('!').trim_end_matches('!');
    let is_name = name.starts_with(|c: char| c.is_alphanumeric() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ' | '.'));
    (is_name && (after.is_empty() || after.starts_with([' ', '\t']))).then_some(1..1 + length)
}

/// Returns true for `[source,ruby]`, `[[name]]` and `[]`, and not for `[x] text` or `[link] [link]`.
pub(super) fn is_block_attributes(line: &str) -> bool {
    let Some(inside) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) else { return false };
    let inside = inside.strip_prefix('[').and_then(|inside| inside.strip_suffix(']')).unwrap_or(inside);
    let begins =
        |c: char| c.is_alphanumeric() || matches!(c, '#' | '.' | '%' | ',' | '"' | '\'' | '_' | '{' | ':');
    (inside.is_empty() || inside.starts_with(begins)) && !inside.contains([']', '['])
}

pub(super) fn delimiter(line: &str) -> Option<Delimiter> {
    const LEAST: usize = 4;
    let first = line.bytes().next()?;
    if line == "--" {
        return Some(Delimiter::Compound);
    }
    if let Some(language) = line.strip_prefix("```") {
        let is_fence = !language.contains('`') && language.split_whitespace().count() <= 1;
        return is_fence.then_some(Delimiter::Code);
    }
    if line.len() < LEAST {
        return None;
    }
    if first == b'|' && line.bytes().skip(1).all(|byte| byte == b'=') {
        return Some(Delimiter::Table);
    }
    match first {
        _ if !line.bytes().all(|byte| byte == first) => None,
        b'-' | b'.' | b'+' => Some(Delimiter::Code),
        b'/' => Some(Delimiter::Comment),
        b'=' | b'*' | b'_' => Some(Delimiter::Compound),
        _ => None,
    }
}

/// Returns the level and the title in `== Title`, `== Title ==` or `## Title`.
pub(super) fn heading(line: &str) -> Option<(usize, Range<usize>)> {
    let mark = line.bytes().next().filter(|byte| matches!(byte, b'=' | b'#'))?;
    let level = line.bytes().take_while(|byte| *byte == mark).count();
    let rest = &line[level..];
    if level > 6 || !rest.starts_with([' ', '\t']) {
        return None;
    }
    let mut title = rest.trim();
    let closing = title.trim_end_matches(char::from(mark));
    if title.len() - closing.len() == level && closing.ends_with(' ') {
        title = closing.trim_end();
    }
    let start = line.len() - rest.trim_start().len();
    (!title.is_empty()).then_some((level, start..start + title.len()))
}

/// Returns the marker of an item, with the white space after it.
pub(super) fn marker(text: &str) -> Option<&str> {
    const MAX_DIGITS: usize = 9;
    let first = text.bytes().next()?;
    let length = match first {
        b'*' | b'.' => text.bytes().take_while(|byte| *byte == first).count(),
        b'-' => 1,
        b'0'..=b'9' => {
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            (digits <= MAX_DIGITS && text[digits..].starts_with('.')).then_some(digits + 1)?
        }
        _ => return None,
    };
    let after = text.get(length..)?;
    let spaces = after.len() - after.trim_start().len();
    (spaces > 0).then(|| &text[..length + spaces])
}

/// Returns the first of the values without a name: `source` in `[source,ruby]`.
pub(super) fn style<'a>(attributes: &[&'a str]) -> &'a str {
    let styles = attributes.iter().map(|text| text.split(',').next().unwrap_or_default().trim());
    let styles = styles.map(|style| style.split(['%', '#', '.']).next().unwrap_or_default());
    styles.filter(|style| !style.contains('=')).rfind(|style| !style.is_empty()).unwrap_or_default()
}

/// Returns true for the line below a title that names the authors. One such as `Status: accepted` holds a field.
pub(super) fn is_author_line(line: &str) -> bool {
    let is_name = |name: &str| {
        let name = name.trim();
        let (name, mail) =
            name.split_once('<').map_or((name, None), |(name, mail)| (name.trim(), Some(mail)));
        let words = name.split_whitespace().count();
        let is_word = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '_' | '\'' | '.');
        (1..=4).contains(&words) && name.chars().all(is_word) && mail.is_none_or(|mail| mail.ends_with('>'))
    };
    !line.is_empty()
        && line.starts_with(char::is_alphabetic)
        && !line.contains(": ")
        && line.split(';').filter(|name| !name.trim().is_empty()).all(is_name)
}

/// Returns the day in `v1.0, 2026-01-31: Reviewed`.
pub(super) fn revision_day(line: &str) -> Option<&str> {
    let main = line.split_once(": ").map_or(line, |(main, _)| main);
    let day = match main.split_once(',') {
        Some((_, day)) => day,
        None => main,
    };
    let is_day = day.contains(|c: char| c.is_ascii_digit())
        && !day.starts_with(['v', 'V'])
        && !line.starts_with([':', '=', '[', '/', '|', '*']);
    is_day.then(|| day.trim())
}

/// Returns the identifier that a title gets: `_open_questions` for `Open questions`.
pub(super) fn identifier(title: &str) -> String {
    let mut words = String::with_capacity(title.len());
    for c in title.chars().flat_map(char::to_lowercase) {
        match c {
            ' ' | '.' | '-' if words.ends_with('_') => {}
            ' ' | '.' | '-' => words.push('_'),
            c if c.is_alphanumeric() || c == '_' => words.push(c),
            _ => {}
        }
    }
    format!("_{}", words.trim_matches('_'))
}
