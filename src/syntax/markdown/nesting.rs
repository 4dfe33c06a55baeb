//! A guard for the Markdown parser, which compares each line with every open list and quote: quadratic for hostile pages.

use crate::limits;
use crate::text::{Source, Span};

/// One byte opens at most two blocks: a tab indents by four, an item by two.
const BLOCKS_PER_BYTE: usize = 2;

pub(super) fn find_too_deep(source: &Source, within: Span) -> Option<Span> {
    let text = source.slice(within);
    let lines = 1 + text.bytes().map(|byte| u32::from(byte == b'\n')).sum::<u32>() as usize;
    if text.len().saturating_mul(BLOCKS_PER_BYTE).saturating_mul(lines) <= limits::BLOCK_COMPARISONS {
        return None;
    }
    let mut at = within.start as usize;
    for line in text.split_inclusive('\n') {
        if max_depth(line.as_bytes()).saturating_mul(lines) > limits::BLOCK_COMPARISONS {
            return Some(Span::new(at, at + line.chars().next().map_or(0, char::len_utf8)));
        }
        at += line.len();
    }
    None
}

fn max_depth(line: &[u8]) -> usize {
    let (mut marks, mut spaces, mut at) = (0, 0, 0);
    let mut indentation = 0;
    while let Some(&byte) = line.get(at) {
        match byte {
            b' ' => spaces += 1,
            b'\t' => spaces += 4,
            b'>' | b'-' | b'*' | b'+' | b'0'..=b'9' | b'.' | b')' => {
                marks += 1;
                indentation += std::mem::take(&mut spaces);
            }
            b'[' if line[at..].starts_with(b"[^") => {
                marks += 1;
                indentation += std::mem::take(&mut spaces);
                at += line[at..].iter().position(|&byte| byte == b']').unwrap_or(0);
            }
            b':' => {}
            _ => break,
        }
        at += 1;
    }
    marks + indentation / 2
}
