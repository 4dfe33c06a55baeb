//! A guard in front of the Markdown parser, which compares each line with every list and quote that is
//! open: linear for what people write, quadratic for a page made to be slow.

use crate::text::{Source, Span};

/// How many comparisons of a line with an open block are allowed: half a second's worth.
const LIMIT: usize = 100_000_000;

/// How many lists and quotes one byte can open at most: a tab indents by four, and an item by two.
const DEEPEST: usize = 2;

/// The line whose nesting would make the rest of the page too slow to read.
pub(super) fn too_deep(source: &Source, within: Span) -> Option<Span> {
    let text = source.slice(within);
    let lines = 1 + text.bytes().map(|byte| u32::from(byte == b'\n')).sum::<u32>() as usize;
    if text.len().saturating_mul(DEEPEST).saturating_mul(lines) <= LIMIT {
        return None;
    }
    let mut at = within.start as usize;
    for line in text.split_inclusive('\n') {
        if depth(line.as_bytes()).saturating_mul(lines) > LIMIT {
            return Some(Span::new(at, at + line.chars().next().map_or(0, char::len_utf8)));
        }
        at += line.len();
    }
    None
}

/// At most how many lists and quotes a line can be in, by its marks and their indentation.
fn depth(line: &[u8]) -> usize {
    let (mut marks, mut blanks, mut at) = (0, 0, 0);
    let mut indentation = 0;
    while let Some(&byte) = line.get(at) {
        match byte {
            b' ' => blanks += 1,
            b'\t' => blanks += 4,
            b'>' | b'-' | b'*' | b'+' | b'0'..=b'9' | b'.' | b')' => {
                marks += 1;
                indentation += std::mem::take(&mut blanks);
            }
            b'[' if line[at..].starts_with(b"[^") => {
                marks += 1;
                indentation += std::mem::take(&mut blanks);
                at += line[at..].iter().position(|&byte| byte == b']').unwrap_or(0);
            }
            b':' => {}
            _ => break,
        }
        at += 1;
    }
    marks + indentation / 2
}
