//! Sections of numbers, and of pieces that stand one after the other: what is needed to read one of many
//! things without those before it.

use std::borrow::Cow;

use super::{Damaged, File};

/// Bytes of a number.
const NUMBER: usize = size_of::<u32>();

impl File {
    /// How many rows of `N` numbers a section has; none where it holds anything else.
    pub fn rows<const N: usize>(&self, section: usize) -> Option<usize> {
        let length = self.length(section);
        length.is_multiple_of(N * NUMBER).then_some(length / (N * NUMBER))
    }

    /// The numbers of one row of a section.
    ///
    /// # Errors
    /// As [`File::section`].
    pub fn row<const N: usize>(&self, section: usize, row: usize) -> Result<[u32; N], Damaged> {
        self.numbers(section, row.checked_mul(N).ok_or(Damaged)?)
    }

    /// One of the pieces that stand in a section, the ends of which stand in another.
    ///
    /// # Errors
    /// As [`File::section`].
    pub fn piece(&self, ends: usize, pieces: usize, number: usize) -> Result<Cow<'_, [u8]>, Damaged> {
        let [start, end] = match number.checked_sub(1) {
            Some(before) => self.numbers(ends, before)?,
            None => [0, self.numbers::<1>(ends, 0)?[0]],
        };
        self.part(pieces, start as usize..end as usize)
    }

    fn numbers<const N: usize>(&self, section: usize, first: usize) -> Result<[u32; N], Damaged> {
        let start = first.checked_mul(NUMBER).ok_or(Damaged)?;
        let bytes = self.part(section, start..start.saturating_add(N * NUMBER))?;
        let numbers: &[_; N] = bytes.as_chunks().0.try_into().map_err(|_| Damaged)?;
        Ok(numbers.map(u32::from_le_bytes))
    }
}

/// Numbers as the bytes of a section.
pub fn bytes_of(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// The numbers that a section or a piece of one consists of; what is left over at the end is none.
pub fn numbers_of(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks().0.iter().map(|number| u32::from_le_bytes(*number))
}

/// Pieces that are to stand one after the other in a section.
#[derive(Debug, Default)]
pub struct Pieces {
    joined: Vec<u8>,
    ends: Vec<u32>,
}

impl Pieces {
    /// Adds a piece; gives its number, or none where there is no room left.
    pub fn add(&mut self, piece: &[u8]) -> Option<u32> {
        let number = self.ends.len().try_into().ok()?;
        let end = self.joined.len().checked_add(piece.len())?.try_into().ok()?;
        self.joined.extend_from_slice(piece);
        self.ends.push(end);
        Some(number)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// The section of their ends, and their own.
    pub fn sections(self) -> (Vec<u8>, Vec<u8>) {
        (bytes_of(&self.ends), self.joined)
    }
}
