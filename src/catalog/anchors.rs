//! The targets of `#` links on a page.

use unicode_normalization::UnicodeNormalization;

use crate::schema::{nearby_candidates, nearest};

use super::paths::only;
use super::suggest::digits;
use super::{Catalog, SourceFile};

/// Sorted, in lower case.
#[derive(Debug, PartialEq)]
pub(super) struct Anchors(Vec<Box<str>>);

impl Anchors {
    pub(super) fn in_file<'c>(catalog: &'c Catalog, page: &SourceFile) -> Option<&'c Anchors> {
        let at = catalog.index_of(page)?;
        Some(catalog.lazy.anchors[at].get_or_init(|| Box::new(Anchors::of(page))))
    }

    pub(super) fn of(page: &SourceFile) -> Anchors {
        let written =
            page.document.markdown.iter().flat_map(|markdown| markdown.anchors.iter().map(|it| &**it));
        let stated = page.source().text().lines().flat_map(stated_in);
        let mut anchors: Vec<Box<str>> =
            written.chain(stated).map(|anchor| anchor.to_lowercase().into()).collect();
        anchors.sort_unstable();
        anchors.dedup();
        Anchors(anchors)
    }

    pub(super) fn has(&self, anchor: &str) -> bool {
        self.0.binary_search_by(|known| (**known).cmp(anchor)).is_ok()
    }

    /// Returns the anchors of the same letters: sites number headings, and leave out accents and marks or not.
    pub(super) fn alike(&self, wanted: &str) -> impl Iterator<Item = &str> {
        let wanted = letters(wanted);
        let is_alike = move |known: &&str| !wanted.is_empty() && letters(known) == wanted;
        self.0.iter().map(|known| &**known).filter(is_alike)
    }

    /// Returns the anchor that is meant: the only one of the same letters, else the nearest one, else the only one that goes on from the
    /// wanted one or from which that goes on.
    pub(super) fn suggest(&self, wanted: &str) -> Option<&str> {
        const LEAST: usize = 6;
        let all = || self.0.iter().map(|known| &**known);
        let near = nearby_candidates(&self.0, |known| **known < *wanted).iter().map(|known| &**known);
        let near = || nearest(wanted, near.filter(|known| digits(known) == digits(wanted)));
        let goes_on = |long: &str, short: &str| {
            short.len() >= LEAST && long.strip_prefix(short).is_some_and(|rest| rest.starts_with('-'))
        };
        only(self.alike(wanted))
            .or_else(near)
            .or_else(|| only(all().filter(|known| goes_on(known, wanted) || goes_on(wanted, known))))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_heading_is_suggested() {
        let mut known: Vec<Box<str>> =
            ["5-costs", "launch-plan", "supported-formats", "step-1", "über-uns"].map(Box::from).to_vec();
        known.sort_unstable();
        let anchors = Anchors(known);
        for (wanted, near) in [
            ("4-costs", Some("5-costs")),
            ("launchplan", Some("launch-plan")),
            ("launch-plans", Some("launch-plan")),
            ("uber-uns", Some("über-uns")),
            ("supported-formats-and-sizes", Some("supported-formats")),
            ("supported", Some("supported-formats")),
            ("step-2", None),
            ("rollout", None),
        ] {
            assert_eq!(anchors.suggest(wanted), near, "{wanted}");
        }
        assert_eq!(anchors.alike("1-launch--plan").collect::<Vec<_>>(), ["launch-plan"]);
        assert_eq!(anchors.alike("-").next(), None);
    }

    #[test]
    fn pages_state_anchors_in_several_ways() {
        assert_eq!(stated_in("## A {: #a .b } and [](){#c}").collect::<Vec<_>>(), ["a", "c"]);
        assert_eq!(stated_in("(label)=").collect::<Vec<_>>(), ["label"]);
    }
}
