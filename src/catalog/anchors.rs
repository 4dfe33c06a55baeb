//! The targets of `#` links on a page.

use crate::schema::{edit_distance, nearby_candidates, nearest};
use crate::syntax::markdown::slug;

use super::{Catalog, SourceFile, sites};

#[derive(Debug, PartialEq)]
pub(super) struct Anchors {
    known: Vec<Box<str>>,
    /// Those of lines that would be headings outside of code blocks.
    pub(super) in_code: Vec<String>,
    /// The labels of definitions such as `[flow]: #flow`, with the anchor of the heading above.
    definitions: Vec<(String, String)>,
}

impl Anchors {
    pub(super) fn in_file<'c>(catalog: &'c Catalog, page: &SourceFile) -> Option<&'c Anchors> {
        let at = catalog.files.binary_search_by(|file| file.path().cmp(page.path())).ok()?;
        let page = &catalog.files[at];
        Some(catalog.lazy.anchors[at].get_or_init(|| Anchors::of(page)))
    }

    pub(super) fn of(page: &SourceFile) -> Anchors {
        let written = page.document.markdown.iter().flat_map(|markdown| &markdown.anchors);
        let stated = page.source().text().lines().flat_map(sites::stated_in);
        let all = written.map(|anchor| &**anchor).chain(stated);
        let mut anchors: Vec<Box<str>> = all.map(|anchor| anchor.to_lowercase().into()).collect();
        anchors.sort_unstable();
        anchors.dedup();
        let heading = |line: &str| {
            let title = line.trim_start_matches('#');
            title.starts_with(' ').then(|| slug(title.trim())).filter(|slug| !slug.is_empty())
        };
        let lines = page.source().text().lines().filter(|line| line.starts_with('#'));
        let mut in_code: Vec<String> = lines.filter_map(heading).collect();
        in_code.retain(|slug| anchors.binary_search_by(|known| (**known).cmp(slug)).is_err());
        in_code.sort_unstable();
        let definitions = definitions(page.source().text());
        Anchors { known: anchors, in_code, definitions }
    }

    pub(super) fn has(&self, anchor: &str) -> bool {
        self.known.binary_search_by(|known| (**known).cmp(anchor)).is_ok()
    }

    /// Returns the anchor of the heading above a definition that was taken for a target.
    pub(super) fn above_definition(&self, wanted: &str) -> Option<&str> {
        let (_, above) = self.definitions.iter().find(|(label, _)| label == wanted)?;
        Some(&**above).filter(|above| self.has(above))
    }

    /// Returns true if a heading may have this anchor on a site or another host.
    pub(super) fn has_alike(&self, wanted: &str) -> bool {
        self.known.iter().any(|known| sites::is_same_anchor(wanted, known))
    }

    /// Returns an anchor that is spelt alike, word by word, else the only one that has all words of this one.
    pub(super) fn suggest(&self, wanted: &str) -> Option<&str> {
        let similar = nearby_candidates(&self.known, |known| **known < *wanted).iter().map(|known| &**known);
        let words: Vec<&str> = wanted.split('-').filter(|word| !word.is_empty()).collect();
        nearest(wanted, similar.filter(|known| is_misspelt(wanted, known))).or_else(|| {
            let says_all = |known: &str| words.iter().all(|word| known.split('-').any(|it| it == *word));
            let mut longer = self.known.iter().filter(|known| says_all(known));
            let only = longer.next().filter(|_| !words.is_empty())?;
            longer.next().is_none().then_some(&**only)
        })
    }
}

/// Returns true if two anchors differ in letters of their words, and not by a word or a number.
fn is_misspelt(wanted: &str, known: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let is_alike = |word: &str| known.split('-').any(|other| is_one_edit(word, other));
    digits(wanted) == digits(known)
        && (is_one_edit(&letters(wanted), &letters(known)) || wanted.split('-').all(is_alike))
}

/// Returns true for equal words, and for those that are an edit apart, of long ones two.
fn is_one_edit(word: &str, other: &str) -> bool {
    const LONG: usize = 8;
    let allowed = match word.chars().count() {
        0..=3 => 0,
        4..LONG => 1,
        _ => 2,
    };
    word.chars().count().abs_diff(other.chars().count()) <= allowed && edit_distance(word, other) <= allowed
}

/// The most definitions of a page that are looked at.
const MAX_DEFINITIONS: usize = 100;

/// Returns the labels of definitions that lead to themselves, `[flow]: #flow`, directly below a heading.
fn definitions(page: &str) -> Vec<(String, String)> {
    let mut above = "";
    let mut found = Vec::new();
    for line in page.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let definition = line.strip_prefix('[').and_then(|rest| rest.split_once("]: #"));
        match definition.filter(|(label, anchor)| label == anchor) {
            Some((label, _)) if above.starts_with('#') => {
                found.push((label.to_lowercase(), slug(above.trim_matches(['#', ' ']))));
            }
            Some(_) => {}
            None => above = line,
        }
    }
    found.truncate(MAX_DEFINITIONS);
    found
}
