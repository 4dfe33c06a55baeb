//! Files in which Git left both versions of a conflict: `<<<<<<< ours`, `=======`, `>>>>>>> theirs`.

use memchr::memmem;

use super::Problem;
use crate::text::{Source, Span};

const MARK: usize = 7;

/// Returns the problem at the first of the markers of a conflict outside of code.
pub(super) fn problem(source: &Source) -> Option<Problem> {
    let text = source.text();
    memmem::find(text.as_bytes(), b">>>>>>> ")?;
    let mut first: Option<Span> = None;
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
            None if is_marker(line, '<') => (first, is_divided) = (Some(span), false),
            None if line.len() == MARK && line.bytes().all(|byte| byte == b'=') => is_divided = true,
            None if is_marker(line, '>') && is_divided && first.is_some() => {
                return first.map(|span| {
                    Problem::fatal(span, "a merge conflict was left here")
                        .with_help("keep one version, and remove the three lines of marks")
                });
            }
            None => {}
        }
    }
    None
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
