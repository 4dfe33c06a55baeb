//! Sections of `u32` rows and of blobs of varying length, for random access.

use std::borrow::Cow;

use super::CacheFile;

const WIDTH: usize = size_of::<u32>();

impl CacheFile {
    /// Returns the number of rows of `N` integers in a section, or `None` if the section ends with an incomplete row.
    pub fn row_count<const N: usize>(&self, section: usize) -> Option<usize> {
        let length = self.length(section);
        length.is_multiple_of(N * WIDTH).then_some(length / (N * WIDTH))
    }

    /// Reads one row of a section.
    pub fn row<const N: usize>(&self, section: usize, row: usize) -> Option<[u32; N]> {
        self.u32s(section, row.saturating_mul(N))
    }

    /// Reads one blob of a [`BlobTable`] from its two sections.
    pub fn blob(&self, ends: usize, blobs: usize, number: usize) -> Option<Cow<'_, [u8]>> {
        let [start, end] = match number.checked_sub(1) {
            Some(before) => self.u32s(ends, before)?,
            None => [0, self.u32s::<1>(ends, 0)?[0]],
        };
        self.range(blobs, start as usize..end as usize)
    }

    fn u32s<const N: usize>(&self, section: usize, first: usize) -> Option<[u32; N]> {
        let start = first.saturating_mul(WIDTH);
        let bytes = self.range(section, start..start.saturating_add(N * WIDTH))?;
        let numbers: &[_; N] = bytes.as_chunks().0.try_into().ok()?;
        Some(numbers.map(u32::from_le_bytes))
    }
}

/// Encodes integers as the bytes of a section.
pub fn encode_u32s(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// Decodes the integers of a section or blob; an incomplete one at the end is ignored.
pub fn decode_u32s(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks().0.iter().map(|number| u32::from_le_bytes(*number))
}

/// Blobs to be written as two sections: their end offsets, and their bytes.
#[derive(Debug, Default)]
pub struct BlobTable {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl BlobTable {
    /// Appends a blob and returns its number; `None` if the table is full.
    pub fn add(&mut self, blob: &[u8]) -> Option<u32> {
        let number = self.ends.len().try_into().ok()?;
        let end = self.bytes.len().checked_add(blob.len())?.try_into().ok()?;
        self.bytes.extend_from_slice(blob);
        self.ends.push(end);
        Some(number)
    }

    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// Returns the section of end offsets, and the section of bytes.
    pub fn into_sections(self) -> (Vec<u8>, Vec<u8>) {
        (encode_u32s(&self.ends), self.bytes)
    }
}
