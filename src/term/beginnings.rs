//! A filter for texts that may begin with one of many names.

/// The first [`BEGINNING`] bytes of names.
pub(super) struct Beginnings {
    /// A bit for each beginning of letters of ASCII, in either case.
    ascii: Box<[u64; 512]>,
    /// True if a name has other letters than those of ASCII there.
    has_others: bool,
}

const BEGINNING: usize = 3;

impl Beginnings {
    pub(super) fn of<'n>(names: impl Iterator<Item = &'n str>) -> Beginnings {
        let mut beginnings = Beginnings { ascii: Box::new([0; 512]), has_others: false };
        for name in names {
            let first = &name.as_bytes()[..name.len().min(BEGINNING)];
            match first.is_ascii() {
                true => beginnings.add(first),
                false => beginnings.has_others = true,
            }
        }
        beginnings
    }

    /// Sets the bits of all texts that begin with these bytes.
    fn add(&mut self, first: &[u8]) {
        let open = 5 * (BEGINNING - first.len());
        let start = first.iter().fold(0, |key, byte| key << 5 | letter(*byte)) << open;
        for key in start..start + (1 << open) {
            self.ascii[key / 64] |= 1 << (key % 64);
        }
    }

    /// Returns false only if a text begins with none of the names, in lower or upper case.
    #[inline]
    pub(super) fn may_begin(&self, bytes: &[u8]) -> bool {
        match bytes {
            &[a, b, c, ..] if a | b | c < 0x80 => {
                let key = letter(a) << 10 | letter(b) << 5 | letter(c);
                self.ascii[key / 64] >> (key % 64) & 1 == 1
            }
            _ => self.has_others || bytes.first().is_some_and(u8::is_ascii),
        }
    }
}

/// The same for a letter in lower and in upper case.
fn letter(byte: u8) -> usize {
    usize::from(byte & 0x1f)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_may_begin_with_a_name_in_either_case() {
        let beginnings = Beginnings::of(["KR", "Pipeline"].into_iter());
        for text in ["kr", "KR 1", "krone", "PIPE", "Pi", "kr–1"] {
            assert!(beginnings.may_begin(text.as_bytes()), "{text}");
        }
        for text in ["sale", "pink", "élan"] {
            assert!(!beginnings.may_begin(text.as_bytes()), "{text}");
        }
        assert!(Beginnings::of(["Größe"].into_iter()).may_begin("größe".as_bytes()));
    }
}
