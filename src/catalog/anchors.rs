//! The targets of `#` links on a page.

use crate::schema::{edit_distance, nearby_candidates, nearest, only_meaning};
use crate::syntax::markdown::slug;

use super::{Catalog, SourceFile, sites};

#[derive(Debug, PartialEq)]
pub(super) struct Anchors {
    known: Vec<Box<str>>,
    /// Those of lines that would be headings outside of code blocks and comments, with the reason why they are none.
    hidden: Vec<(String, &'static str)>,
    /// The labels of definitions such as `[flow]: #flow`, with the anchor of the heading above.
    definitions: Vec<(String, String)>,
}

impl Anchors {
    pub(super) fn in_file<'c>(catalog: &'c Catalog, page: &SourceFile) -> Option<&'c Anchors> {
        let at = catalog.index_of(page)?;
        Some(catalog.lazy.anchors[at].get_or_init(|| Box::new(Anchors::of(page))))
    }

    pub(super) fn of(page: &SourceFile) -> Anchors {
        let written = page.document.markdown.iter().flat_map(|markdown| markdown.anchors.iter());
        let stated = page.source().text().lines().flat_map(sites::stated_in);
        let all = written.chain(stated);
        let mut anchors: Vec<Box<str>> = all.map(|anchor| anchor.to_lowercase().into()).collect();
        anchors.sort_unstable();
        anchors.dedup();
        let mut hidden = hidden_headings(page);
        hidden.retain(|(slug, _)| anchors.binary_search_by(|known| (**known).cmp(slug)).is_err());
        let definitions = definitions(page.source().text());
        Anchors { known: anchors, hidden, definitions }
    }

    /// Returns why a line that looks like the heading of an anchor is none.
    pub(super) fn hidden(&self, anchor: &str) -> Option<&'static str> {
        self.hidden.iter().find(|(hidden, _)| hidden == anchor).map(|(_, reason)| *reason)
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

    /// Returns the anchor of the heading with a text, or of the only one that has a symbol besides: `-costs` of `💰 Costs`.
    pub(super) fn of_text(&self, text: &str) -> Option<&str> {
        let plain = |anchor: &str| anchor.trim_matches('-').to_owned();
        let is_same = |known: &&str| plain(known) == plain(text);
        // `#getdelta-rpc` of a heading `GetDelta RPC`, for a link with the text `GetDelta`.
        let goes_on = |known: &&str| {
            text.len() >= LONG_WORD && known.strip_prefix(text).is_some_and(|rest| rest.starts_with('-'))
        };
        let exact = self.known.binary_search_by(|known| (**known).cmp(text)).ok().map(|at| &*self.known[at]);
        exact
            .or_else(|| only(self.known.iter().map(|known| &**known).filter(is_same)))
            .or_else(|| only(self.known.iter().map(|known| &**known).filter(goes_on)))
            .filter(|_| !plain(text).is_empty())
    }

    /// Returns the only anchor that is one letter from this one.
    pub(super) fn meant_by(&self, wanted: &str) -> Option<&str> {
        only_meaning(wanted, self.known.iter().map(|known| (&**known, &**known)))
    }

    /// Returns the anchor that is meant: the one with the same letters, as another program writes it, or one that is spelt alike, else
    /// one of nearly the same words.
    pub(super) fn suggest(&self, wanted: &str) -> Option<&str> {
        let all = || self.known.iter().map(|known| &**known);
        only(all().filter(|known| sites::is_same_anchor(wanted, known)))
            .or_else(|| self.alike(wanted))
            .or_else(|| only(all().filter(|known| has_other_number(wanted, known))))
            .or_else(|| only(all().filter(|known| has_word_less(wanted, known))))
            .or_else(|| only(all().filter(|known| has_same_label(wanted, known))))
    }

    /// Returns an anchor that is spelt alike, word by word, else the only one that has all words of this one.
    fn alike(&self, wanted: &str) -> Option<&str> {
        let similar = nearby_candidates(&self.known, |known| **known < *wanted).iter().map(|known| &**known);
        let words: Vec<&str> = wanted.split('-').filter(|word| !word.is_empty()).collect();
        nearest(wanted, similar.filter(|known| is_misspelt(wanted, known))).or_else(|| {
            let says_all = |known: &str| words.iter().all(|word| known.split('-').any(|it| it == *word));
            let longer = || self.known.iter().filter(|known| says_all(known)).map(|known| &**known);
            let ends_alike = |known: &&str| known.strip_suffix(wanted).is_some_and(|it| it.ends_with('-'));
            // Text in full-width brackets is joined to the word before it: `story-1general` of `Story 1（General）`.
            let ends_in_number = wanted.ends_with(|c: char| c.is_ascii_digit());
            let is_joined = |c: char| c.is_alphabetic() && (ends_in_number || !c.is_ascii());
            let goes_on =
                |known: &&str| known.strip_prefix(wanted).is_some_and(|rest| rest.starts_with(is_joined));
            let joined = || self.known.iter().map(|known| &**known).filter(goes_on);
            // Where another heading has two of the words, one that has more words of its own than the wanted ones may be another.
            let rivals = |found: &str| {
                let shared = |known: &str| {
                    words
                        .iter()
                        .filter(|word| word.len() > 2 && known.split('-').any(|it| it == **word))
                        .count()
                };
                self.known.iter().any(|known| **known != *found && shared(known) > 1)
            };
            let is_sure = |known: &&str| known.split('-').count() < 2 * words.len() || !rivals(known);
            let longer = only(longer())
                .or_else(|| only(longer().filter(ends_alike)))
                .or_else(|| only(joined()).filter(|_| wanted.contains('-')));
            // Words were left out at the end of the heading since.
            const LONG: usize = 12;
            let begins_alike = |known: &&str| {
                (known.contains('-') || known.len() >= LONG)
                    && wanted.strip_prefix(known).is_some_and(|rest| rest.starts_with('-'))
            };
            let shorter = || self.known.iter().map(|known| &**known).filter(begins_alike);
            // Unless another heading goes on as the wanted one does.
            let continues = |known: &&str| {
                let next = wanted[known.len() + 1..].split('-').next().unwrap_or_default();
                let start = format!("{known}-{next}-");
                self.known.iter().any(|other| other.starts_with(&*start))
            };
            let shorter = || shorter().max_by_key(|known| known.len()).filter(|known| !continues(known));
            longer.filter(|_| !words.is_empty()).filter(is_sure).or_else(shorter)
        })
    }
}

fn only<'a>(mut anchors: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    anchors.next().filter(|_| anchors.next().is_none())
}

/// Returns true if two anchors differ in the number before their words alone: `4-costs` and `5-costs`, `part-4-what-it-costs` and
/// `part-5-what-it-costs`.
fn has_other_number(wanted: &str, known: &str) -> bool {
    fn labelled(anchor: &str) -> Option<(&str, &str)> {
        let (word, rest) = anchor.split_once('-')?;
        let (number, words) = rest.split_once('-')?;
        let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && !word.is_empty() && words.contains('-')).then_some((word, words))
    }
    if labelled(wanted).is_some() && labelled(wanted) == labelled(known) {
        return true;
    }

    const MIN_LEN: usize = 4;
    fn words(anchor: &str) -> &str {
        anchor.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-')
    }
    let is_numbered = |anchor: &str| anchor.starts_with(|c: char| c.is_ascii_digit());
    is_numbered(wanted)
        && is_numbered(known)
        && words(wanted).len() >= MIN_LEN
        && words(wanted) == words(known)
}

/// A word of at least this many bytes identifies a heading alone.
const LONG_WORD: usize = 10;

/// Returns true if the known anchor has all words of the wanted one except one, and has two words or a long one.
fn has_word_less(wanted: &str, known: &str) -> bool {
    let words = |anchor: &str| anchor.split('-').filter(|word| !word.is_empty()).count();
    let mut rest = wanted.split('-');
    let is_word = |word: &str| word.is_empty() || rest.any(|it| it == word);
    (words(known) > 1 || known.len() >= LONG_WORD)
        && words(known) + 1 == words(wanted)
        && known.split('-').all(is_word)
}

/// Returns true if both anchors begin with the same word and a letter or number: `appendix-b-costs` and `appendix-b-what-it-costs`.
fn has_same_label(wanted: &str, known: &str) -> bool {
    fn label(anchor: &str) -> Option<(&str, &str)> {
        let (word, rest) = anchor.split_once('-')?;
        let label = rest.split('-').next()?;
        let is_number = label.bytes().all(|byte| byte.is_ascii_digit()) || label.len() == 1;
        let is_word = word.len() > 3 && word.chars().all(char::is_alphabetic);
        (is_word && is_number && !label.is_empty()).then_some((word, label))
    }
    label(wanted).is_some() && label(wanted) == label(known)
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
pub(super) fn is_one_edit(word: &str, other: &str) -> bool {
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
        let leads_to_itself = |(label, anchor): &(&str, &str)| {
            anchor.split_whitespace().next().is_some_and(|anchor| slug(label) == anchor.to_lowercase())
        };
        match definition.filter(leads_to_itself) {
            Some((label, _)) if above.starts_with('#') => {
                found.push((slug(label), slug(above.trim_matches(['#', ' ']))));
            }
            Some(_) => {}
            None => above = line,
        }
    }
    found.truncate(MAX_DEFINITIONS);
    found
}

/// Returns the slugs of the lines that look like headings, each with the reason why it may be none.
fn hidden_headings(page: &SourceFile) -> Vec<(String, &'static str)> {
    let text = page.source().text();
    let comments = page.document.markdown.iter().flat_map(|markdown| &markdown.comments);
    let commented = comments.flat_map(|span| page.source().slice(*span).lines()).map(|line| {
        let line = line.trim().trim_start_matches("<!--").trim_end_matches("-->");
        (line.trim(), "its heading is in a comment")
    });
    let lines = text.lines().map(|line| (line, "its heading is in a code block"));
    let slug_of = |(line, reason): (&str, &'static str)| {
        let title = line.starts_with('#').then(|| line.trim_start_matches('#'))?;
        let slug = title.starts_with(' ').then(|| slug(title.trim())).filter(|slug| !slug.is_empty())?;
        Some((slug, reason))
    };
    commented.chain(lines).filter_map(slug_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_is_led_to_the_heading_that_is_meant() {
        let headings = [
            "5-costs",
            "api-changes",
            "appendix-b-what-it-costs",
            "step-1",
            "story-1general",
            "launch-plan",
            "native-support-for-cns-entry-metadata",
            "storing-generic-metadata-in-cns-entries",
            "-rollout",
            "part-8-other-things",
            "part-9-existing-features",
            "request-document",
            "request-document-with-headers",
            "supported-formats",
        ];
        let mut known: Vec<Box<str>> = headings.map(Box::from).to_vec();
        known.sort_unstable();
        let anchors = Anchors { known, hidden: Vec::new(), definitions: Vec::new() };
        for (wanted, near) in [
            ("4-costs", Some("5-costs")),
            ("public-api-changes", Some("api-changes")),
            ("appendix-b-soundness", Some("appendix-b-what-it-costs")),
            ("launchplan", Some("launch-plan")),
            ("rollout", Some("-rollout")),
            ("step-2", None),
            ("story-1", Some("story-1general")),
            ("appendix-c-soundness", None),
            ("changes", Some("api-changes")),
            ("what-changes", None),
            ("cns-entry-metadata", None),
            ("part-8-existing-features", Some("part-9-existing-features")),
            ("request-document-with-metadata", None),
            ("supported-formats-and-sizes", Some("supported-formats")),
        ] {
            assert_eq!(anchors.suggest(wanted), near, "{wanted}");
        }
    }
}
