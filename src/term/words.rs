//! Where words begin in a text, found for 64 bytes at once instead of with a branch for each.

use super::search::is_in_word;

/// The places of a text where a search for names has to look, in order.
pub(super) struct Places<'t> {
    text: &'t str,
    /// The offset of the block.
    start: usize,
    block: Block,
}

/// A place in a text, as an offset in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Where a word begins that is no part of a compound.
    Word(usize),
    Hyphen(usize),
}

/// Bytes in a block, each with a bit in a mask.
const BLOCK: usize = u64::BITS as usize;

/// The places of a block that are still to come.
#[derive(Clone, Copy, Default)]
struct Block {
    words: u64,
    hyphens: u64,
    /// True if no word begins right behind the block.
    ends_inside: bool,
}

impl<'t> Places<'t> {
    pub(super) fn of(text: &'t str) -> Places<'t> {
        Places { text, start: 0, block: Block::of(text, 0, false) }
    }

    /// Leaves out all places before `offset`.
    pub(super) fn skip_to(&mut self, offset: usize) {
        while self.start + BLOCK <= offset && self.next_block() {}
        let before = offset.saturating_sub(self.start) as u32;
        let left = u64::MAX.checked_shl(before).unwrap_or_default();
        self.block.words &= left;
        self.block.hyphens &= left;
    }

    /// Returns false at the end of the text.
    fn next_block(&mut self) -> bool {
        if self.start + BLOCK >= self.text.len() {
            return false;
        }
        self.start += BLOCK;
        self.block = Block::of(self.text, self.start, self.block.ends_inside);
        true
    }
}

impl Iterator for Places<'_> {
    type Item = Place;

    fn next(&mut self) -> Option<Place> {
        loop {
            let Block { words, hyphens, .. } = self.block;
            let bit = (words | hyphens).trailing_zeros();
            if bit == u64::BITS {
                if self.next_block() {
                    continue;
                }
                return None;
            }
            let (at, first) = (self.start + bit as usize, 1 << bit);
            if words & first != 0 {
                self.block.words ^= first;
                return Some(Place::Word(at));
            }
            self.block.hyphens ^= first;
            return Some(Place::Hyphen(at));
        }
    }
}

impl Block {
    /// `is_inside` if no word begins right before `start`.
    fn of(text: &str, start: usize, is_inside: bool) -> Block {
        let rest = &text.as_bytes()[start..];
        let flags = match rest.first_chunk() {
            Some(bytes) if bytes.is_ascii() => of_ascii(bytes),
            Some(_) => of_characters(text, start, is_inside),
            None if rest.is_ascii() => {
                let mut bytes = [0; BLOCK];
                bytes[..rest.len()].copy_from_slice(rest);
                of_ascii(&bytes)
            }
            None => of_characters(text, start, is_inside),
        };
        let inside = mask(&flags, INSIDE);
        Block {
            words: mask(&flags, BEGINS) & !(inside << 1 | u64::from(is_inside)),
            hyphens: mask(&flags, HYPHEN),
            ends_inside: inside >> (BLOCK - 1) == 1,
        }
    }
}

/// The bits of what a byte is: of a letter or digit that can begin a word, of a character behind which none begins, a hyphen.
const BEGINS: u32 = 0;
const INSIDE: u32 = 1;
const HYPHEN: u32 = 2;

fn of_ascii(bytes: &[u8; BLOCK]) -> [u8; BLOCK] {
    let mut flags = [0; BLOCK];
    for (flags, byte) in flags.iter_mut().zip(bytes) {
        let is_letter = (byte | 0x20).wrapping_sub(b'a') < 26;
        let is_digit = byte.wrapping_sub(b'0') < 10;
        let begins = u8::from(is_letter | is_digit);
        let hyphen = u8::from(*byte == b'-');
        let inside = begins | hyphen | u8::from(*byte == b'_');
        *flags = begins << BEGINS | inside << INSIDE | hyphen << HYPHEN;
    }
    flags
}

fn of_characters(text: &str, start: usize, is_inside: bool) -> [u8; BLOCK] {
    let mut flags = [0; BLOCK];
    let first = (start..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    // The rest of a character that began in the block before.
    flags[..first - start].fill(u8::from(is_inside) << INSIDE);
    for (at, c) in text[first..].char_indices() {
        let at = first - start + at;
        if at >= BLOCK {
            break;
        }
        let end = (at + c.len_utf8()).min(BLOCK);
        flags[at..end].fill(u8::from(is_in_word(c)) << INSIDE);
        flags[at] |= u8::from(c.is_alphanumeric()) << BEGINS | u8::from(c == '-') << HYPHEN;
    }
    flags
}

/// Returns a mask of the bytes that have a flag.
fn mask(flags: &[u8; BLOCK], flag: u32) -> u64 {
    const LOWEST: u64 = 0x0101_0101_0101_0101;
    // Moves the lowest bits of eight bytes into the highest byte.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let (eights, _) = flags.as_chunks();
    eights.iter().rev().fold(0, |mask, eight| {
        let lowest = u64::from_le_bytes(*eight) >> flag & LOWEST;
        mask << 8 | lowest.wrapping_mul(GATHER) >> 56
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same, character by character.
    fn slowly(text: &str) -> Vec<Place> {
        let mut places = Vec::new();
        let mut is_inside = false;
        for (at, c) in text.char_indices() {
            if c.is_alphanumeric() && !is_inside {
                places.push(Place::Word(at));
            } else if c == '-' {
                places.push(Place::Hyphen(at));
            }
            is_inside = is_in_word(c);
        }
        places
    }

    #[test]
    fn words_begin_behind_no_letter_digit_hyphen_or_line() {
        let places: Vec<Place> = Places::of("a b-c _d 1é (é) 9").collect();
        let word = Place::Word;
        assert_eq!(places, [word(0), word(2), Place::Hyphen(3), word(9), word(14), word(18)]);
    }

    proptest! {
        #[test]
        fn blocks_have_no_influence(text in "([a-z]{1,9}|[ _.-]|[é“語-]){0,90}", skipped in 0_usize..200) {
            let all = slowly(&text);
            prop_assert_eq!(Places::of(&text).collect::<Vec<_>>(), all.clone());
            let is_behind = |place: &Place| {
                let (Place::Word(at) | Place::Hyphen(at)) = place;
                *at >= skipped
            };
            let behind: Vec<Place> =
                all.into_iter().filter(is_behind).collect();
            let mut places = Places::of(&text);
            places.skip_to(skipped);
            prop_assert_eq!(places.collect::<Vec<_>>(), behind);
        }
    }
}
