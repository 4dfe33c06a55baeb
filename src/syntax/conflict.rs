//! Files in which Git left both versions of a conflict: `<<<<<<< ours`, `=======`, `>>>>>>> theirs`.

use memchr::memmem;

use super::Problem;
use crate::text::{Source, Span};

pub(super) const MARK: usize = 7;

/// Returns the problem at the first of the markers outside of code: of a whole conflict, or a marker that was left of one.
pub(super) fn problem(source: &Source) -> Option<Problem> {
    let text = source.text();
    let has = |marker: &str| memmem::find(text.as_bytes(), marker.as_bytes()).is_some();
    if !has("<<<<<<< ") && !has(">>>>>>> ") {
        return None;
    }
    let mut first: Option<Span> = None;
    let mut left: Option<Span> = None;
    let mut is_divided = false;
    let mut fence: Option<&str> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(start, start + line.trim_end().len());
        start += line.len();
        let line = line.trim_end();
        match fence {
            Some(open) if line.trim_start().starts_with(open) => fence = None,
            Some(_) => {}
            None if let Some(open) = fence_of(line) => fence = Some(open),
            None if is_marker(line, '<') => {
                (first, is_divided) = (Some(span), false);
                left = left.or_else(|| names_a_state(line).then_some(span));
            }
            None if is_divider(line) => is_divided = true,
            None if is_marker(line, '>') && is_divided && first.is_some() => {
                return first.map(|span| {
                    let problem = Problem::fatal(span, "a merge conflict was left here");
                    problem
                        .with_help("keep what holds of the two versions, and remove the three lines of marks")
                });
            }
            None if is_marker(line, '>') => left = left.or_else(|| names_a_state(line).then_some(span)),
            None => {}
        }
    }
    left.map(marker)
}

/// The problem of a marker that was left of a conflict.
pub(super) fn marker(span: Span) -> Problem {
    let problem = Problem::fatal(span, "a marker of a merge conflict was left here");
    problem.with_help("keep what holds of the text around it, and remove this line")
}

/// Returns true if one word follows the marks, as in `>>>>>>> main`, or a commit with its subject in brackets. A quote in a quote has more.
fn names_a_state(line: &str) -> bool {
    let rest = line.get(MARK..).unwrap_or_default().trim();
    let (name, subject) = rest.split_once(' ').unwrap_or((rest, ""));
    let is_commit = name.len() >= MARK && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    subject.is_empty() || is_commit && subject.starts_with('(')
}

/// Returns true for the line between the two versions, `=======`.
pub(super) fn is_divider(line: &str) -> bool {
    let line = line.trim_end();
    line.len() == MARK && line.bytes().all(|byte| byte == b'=')
}

/// Returns true for a line such as `<<<<<<< HEAD`.
fn is_marker(line: &str, sign: char) -> bool {
    let rest = line.trim_start_matches(sign);
    line.len() - rest.len() == MARK && rest.starts_with(' ') && !rest.trim().is_empty()
}

/// Returns the marks with which a line opens a block of code, in whichever format of pages.
fn fence_of(line: &str) -> Option<&'static str> {
    ["```", "~~~", "----", "...."].into_iter().find(|fence| line.trim_start().starts_with(fence))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line_of(text: &str) -> Option<usize> {
        let source = Source::new("a.md", text.into());
        problem(&source).map(|problem| source.position(problem.span.start as usize).line)
    }

    #[test]
    fn the_first_marker_of_a_whole_conflict_is_the_place() {
        let conflict = "<<<<<<< HEAD\nAccepted\n=======\nProposed\n>>>>>>> kafka\n";
        assert_eq!(line_of(&format!("## Status\n\n{conflict}")), Some(3));
        assert_eq!(line_of(&conflict.replace('\n', "\r\n")), Some(1));
        assert_eq!(line_of(&format!("```\n{conflict}```\n\n{conflict}")), Some(9));
    }

    #[test]
    fn a_marker_that_was_left_of_a_conflict_is_the_place() {
        assert_eq!(line_of("A\n\nProposed\n=======\nB\n>>>>>>> kafka\n"), Some(6));
        assert_eq!(line_of("A\n>>>>>>> 1a2b3c4 (Use Kafka)\n"), Some(2));
        assert_eq!(line_of("A title\n=======\n\n<<<<<<< HEAD\n"), Some(4));
    }

    #[test]
    fn lines_that_look_like_markers_are_none() {
        for text in [
            "A title\n=======\n\n>>>>>>> what somebody said long ago\n",
            "```\n<<<<<<< HEAD\nA\n=======\nB\n>>>>>>> kafka\n```\n",
            "    <<<<<<< HEAD\n    A\n    =======\n    B\n    >>>>>>> kafka\n",
            "<<<<<<<< HEAD\nA\n=======\nB\n>>>>>>>> kafka\n",
        ] {
            assert_eq!(line_of(text), None, "{text}");
        }
    }
}
