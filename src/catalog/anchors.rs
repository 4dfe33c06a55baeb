//! The targets of `#` links on a page.

use std::sync::OnceLock;

use ahash::{HashMap, HashMapExt};
use unicode_normalization::UnicodeNormalization;

use crate::schema::{nearby_candidates, nearest};

use super::paths::digits;
use super::{Catalog, SourceFile};

#[derive(Debug)]
pub(super) struct Anchors {
    /// Sorted, in lower case.
    pub all: Vec<Box<str>>,
    /// The only anchor with these letters; `None` if there are several.
    by_letters: OnceLock<HashMap<String, Option<usize>>>,
}

impl Anchors {
    pub(super) fn in_file<'c>(catalog: &'c Catalog, page: &SourceFile) -> Option<&'c Anchors> {
        let at = catalog.index_of(page)?;
        Some(catalog.lazy.anchors[at].get_or_init(|| Box::new(Anchors::of(page))))
    }

    pub(super) fn of(page: &SourceFile) -> Anchors {
        let written = page.document.markdown.iter().flat_map(|markdown| &markdown.anchors).map(|it| &**it);
        let stated = page.source().text().lines().flat_map(stated_in);
        let mut all: Vec<Box<str>> = written.chain(stated).map(|it| it.to_lowercase().into()).collect();
        all.sort_unstable();
        all.dedup();
        Anchors { all, by_letters: OnceLock::new() }
    }

    pub(super) fn has(&self, anchor: &str) -> bool {
        self.all.binary_search_by(|known| (**known).cmp(anchor)).is_ok()
    }

    /// Returns true if an anchor has the same letters: sites number headings, and leave out accents and marks or not.
    pub(super) fn has_letters(&self, wanted: &str) -> bool {
        self.alike(wanted).is_some()
    }

    fn alike(&self, wanted: &str) -> Option<Option<usize>> {
        let index = || {
            let mut by_letters = HashMap::new();
            for (at, known) in self.all.iter().enumerate() {
                by_letters.entry(letters(known)).and_modify(|only| *only = None).or_insert(Some(at));
            }
            by_letters
        };
        let wanted = Some(letters(wanted)).filter(|wanted| !wanted.is_empty())?;
        self.by_letters.get_or_init(index).get(&wanted).copied()
    }

    /// Returns the anchor that is meant: the only one of the same letters, else the nearest one.
    pub(super) fn suggest(&self, wanted: &str) -> Option<&str> {
        let near = nearby_candidates(&self.all, |known| **known < *wanted).iter().map(|known| &**known);
        let alike = self.alike(wanted).flatten().map(|at| &*self.all[at]);
        alike.or_else(|| nearest(wanted, near.filter(|known| digits(known) == digits(wanted))))
    }
}

/// Returns the letters and digits of an anchor without accents, and without a number before them.
fn letters(anchor: &str) -> String {
    let letters: String = anchor.nfd().filter(|c| c.is_alphanumeric()).collect();
    let plain = letters.trim_start_matches(|c: char| c.is_ascii_digit());
    if plain.is_empty() { letters } else { plain.to_owned() }
}

/// Returns the anchors that a line states in a way that GitHub does not know: `(label)=` as Sphinx has it, and `{: #label }`.
fn stated_in(line: &str) -> impl Iterator<Item = &str> {
    let label = line.trim().strip_prefix('(').and_then(|label| label.strip_suffix(")="));
    let braces = line.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    let words = braces.flat_map(|(inside, _)| inside.split(|c: char| c.is_whitespace() || c == ':'));
    label.into_iter().chain(words.filter_map(|word| word.strip_prefix('#')))
}
