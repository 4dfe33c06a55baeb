//! The people in a section of a page: items of a list, lines, or the rows of a table with a column `Name`.

use super::{TextSpans, items, parts, same_key};
use crate::node::Node;
use crate::syntax::Markdown;
use crate::syntax::markdown::{Cell, Heading};
use crate::text::{Source, Span};

/// Before those who were there.
const HERE: [&str; 9] =
    ["attendees", "current", "here", "in person", "online", "participants", "present", "remote", "today"];

/// Before those who were not, at least not in this session.
const NOT_HERE: [&str; 12] = [
    "absent",
    "apologies",
    "excused",
    "from last time",
    "from last week",
    "last meeting",
    "last time",
    "last week",
    "missing",
    "not present",
    "previous meeting",
    "regrets",
];

/// The columns of a table of people.
const COLUMNS: [&str; 22] = [
    "name",
    "names",
    "full name",
    "participant",
    "participants",
    "attendee",
    "attendees",
    "who",
    "person",
    "member",
    "members",
    "member name",
    "team member",
    "student",
    "student name",
    "nome",
    "nombre",
    "membro",
    "miembro",
    "integrante",
    "participante",
    "teilnehmer",
];

/// The columns that state whether a person attended.
const ATTENDANCE: [&str; 15] = [
    "present",
    "present?",
    "here",
    "here?",
    "presence",
    "attendance",
    "attended",
    "attended?",
    "attending",
    "presente",
    "presença",
    "asistencia",
    "asistió",
    "anwesend",
    "anwesenheit",
];

/// The values in such a column that mean that the person attended.
const ATTENDED: [&str; 27] = [
    "y",
    "yes",
    "x",
    "[x]",
    "p",
    "✓",
    "✔",
    "✅",
    "☑",
    ":white_check_mark:",
    ":heavy_check_mark:",
    "true",
    "present",
    "here",
    "attended",
    "late",
    "online",
    "remote",
    "in person",
    "ja",
    "anwesend",
    "sim",
    "sí",
    "si",
    "presente",
    "asistió",
    "oui",
];

/// The fewest names in one item that are a list without more signs.
const FEWEST_NAMES: usize = 3;

/// Returns the people that a section lists.
pub(super) fn read(source: &Source, page: &Markdown, heading: &Heading) -> Vec<Node> {
    let body = heading.own_body;
    let listed = items(page, body);
    if listed.is_empty() {
        let of_table = of_table(page, body);
        return if of_table.is_empty() { of_lines(source, page, body) } else { of_table };
    }
    let is_only = listed.len() == 1;
    listed.into_iter().flat_map(|item| of_item(source, item, is_only)).collect()
}

fn of_item(source: &Source, item: Node, is_only: bool) -> Vec<Node> {
    let text = item.as_text().unwrap_or_default();
    if let Some((label, rest)) = text.split_once(':') {
        let label = label.trim().trim_matches(['*', '_']).to_lowercase();
        if NOT_HERE.contains(&&*label) {
            return Vec::new();
        }
        if HERE.contains(&&*label) {
            let start = text.len() - rest.trim_start().len();
            let names = Node::text(TextSpans::new(source, &item).span(start..text.len()), rest.trim());
            return if rest.trim().is_empty() { Vec::new() } else { parts(source, names, ",") };
        }
    }
    // What each is to write: `name, pronouns, interests`.
    if text.split(',').next().is_some_and(|first| first.trim().eq_ignore_ascii_case("name")) {
        return Vec::new();
    }
    if is_list(text, is_only) { parts(source, item, ",") } else { vec![item] }
}

/// Returns true for several names between commas: `sen, linnea`, and `Ada Byron, Max Weber, Bo Ek` if that is all of the list, and not
/// for `Ada Byron, chair`.
fn is_list(text: &str, is_only: bool) -> bool {
    let pieces = || text.split(',').map(str::trim).filter(|piece| !piece.is_empty());
    let is_of_name = |c: char| c.is_alphabetic() || matches!(c, '-' | '.' | '\'' | '’' | '_');
    let is_nickname = |piece: &str| piece.chars().all(is_of_name) && !piece.contains(char::is_uppercase);
    let count = pieces().count();
    (count > 1 && pieces().all(is_nickname)) || (is_only && count >= FEWEST_NAMES && pieces().all(is_name))
}

/// Returns true for one to four words, such as `Ada`, `Ada Byron (remote)` and `der.hans`.
fn is_name(text: &str) -> bool {
    const MOST_WORDS: usize = 4;
    let plain = text.split(" (").next().unwrap_or(text).trim();
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '\'' | '’' | '_' | '@');
    let words = || plain.split(' ');
    let is_word = |word: &str| !word.is_empty() && word.chars().all(is_of_name);
    let begins = |word: &str| word.starts_with(|c: char| c.is_uppercase() || c == '@');
    words().count() <= MOST_WORDS && words().all(is_word) && (words().count() == 1 || words().all(begins))
}

/// Returns the lines of a section of which each is a name, or the names of its only line.
fn of_lines(source: &Source, page: &Markdown, body: Span) -> Vec<Node> {
    let is_hidden = |span: Span| {
        let next = page.comments.partition_point(|comment| comment.start <= span.start);
        page.comments[..next].last().is_some_and(|comment| comment.contains(span))
    };
    let mut start = body.start as usize;
    let mut lines: Vec<Node> = Vec::new();
    for line in source.slice(body).split_inclusive('\n') {
        let text = line.trim();
        let from = start + (line.len() - line.trim_start().len());
        start += line.len();
        let span = Span::new(from, from + text.len());
        if !text.is_empty() && !is_hidden(span) {
            lines.push(Node::text(span, text));
        }
    }
    let is_all = |lines: &[Node], is_part: fn(&str) -> bool| {
        lines
            .iter()
            .filter_map(Node::as_text)
            .all(|text| text.starts_with(char::is_uppercase) && is_part(text))
    };
    match lines.as_slice() {
        [only] if is_list(only.as_text().unwrap_or_default(), true) => parts(source, only.clone(), ","),
        [_, _, ..] if is_all(&lines, is_name) => lines,
        _ => Vec::new(),
    }
}

/// Returns the people in a table. If it has a column for attendance, only those who attended.
fn of_table(page: &Markdown, body: Span) -> Vec<Node> {
    let is_one_of = |cell: &Cell, names: &[&str]| names.iter().any(|name| same_key(name, plain(cell)));
    let names = page.tables.iter().filter(|table| body.contains(table.span)).find_map(|table| {
        let column = |names: &[&str]| table.header.iter().position(|cell| is_one_of(cell, names));
        let (at, attendance) = (column(&COLUMNS)?, column(&ATTENDANCE));
        let has_mark = |cell: &Cell| is_one_of(cell, &ATTENDED);
        let attended = |row: &&Vec<Cell>| attendance.is_none_or(|it| row.get(it).is_some_and(has_mark));
        let cells = table.rows.iter().filter(attended).filter_map(|row| row.get(at));
        let filled = cells.filter(|cell| cell.text.contains(char::is_alphanumeric));
        Some(filled.map(|cell| Node::text(cell.span, cell.text.trim())).collect())
    });
    names.unwrap_or_default()
}

/// Returns the text of a cell without emphasis and without a remark in parentheses.
fn plain(cell: &Cell) -> &str {
    let text = cell.text.split(" (").next().unwrap_or_default();
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '\u{fe0f}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_between_commas_are_several_people() {
        for (text, is_only) in [
            ("sen, linnea", false),
            ("Ada Byron, Max Weber, Bo Ek (remote)", true),
            ("Lucy, der.hans, Salt", true),
        ] {
            assert!(is_list(text, is_only), "{text}");
        }
        for text in [
            "Ada Byron, chair",
            "Ada Byron",
            "Ada Byron, Founder, and Chairman of the board",
            "We met, and left, at nine",
        ] {
            assert!(!is_list(text, true), "{text}");
        }
        assert!(!is_list("Ada Byron, Max Weber, Bo Ek", false), "a function and a company may follow a name");
    }
}
