//! Suggests targets for broken links in a handwritten table of contents.

use std::collections::{HashMap, HashSet};

use super::links::{BrokenLink, CheckedLink};
use super::{SourceFile, sites};
use crate::syntax::markdown::slug;

/// A table of contents has so many entries that lead to headings.
const LEAST_ENTRIES: usize = 3;

/// Suggests the heading to which an entry of a table of contents leads by its place: of the headings between those of the entries
/// before and after it, the only one without an entry. Where there is none, the reason says that the link is an entry.
pub(super) fn suggest(file: &SourceFile, links: &mut [CheckedLink<'_>]) {
    let is_open = |link: &CheckedLink<'_>| {
        link.link.destination.starts_with('#')
            && link
                .broken
                .as_ref()
                .is_some_and(|it| it.suggestion.is_none() && it.reason.contains("no such heading"))
    };
    let Some(markdown) = file.document.markdown.as_ref().filter(|_| links.iter().any(is_open)) else {
        return;
    };
    let headings = markdown.headings.iter().map(|heading| &*heading.slug);
    let headings: Vec<&str> = markdown.anchors.iter().chain(headings).collect();
    let places: HashMap<&str, usize> =
        headings.iter().enumerate().map(|(at, heading)| (*heading, at)).collect();
    let anchor = |link: &CheckedLink<'_>| link.link.destination.strip_prefix('#').map(str::to_lowercase);
    let linked: HashSet<String> = links.iter().filter_map(anchor).collect();
    let entries: Vec<(usize, Option<usize>)> = links
        .iter()
        .map(|link| {
            let line = entry_line(file, link).unwrap_or_default();
            (line, anchor(link).and_then(|anchor| places.get(&*anchor).copied()))
        })
        .collect();
    for at in 1..links.len().saturating_sub(1) {
        let [(before, first), (line, _), (after, last)] = entries[at - 1..=at + 1] else { continue };
        let is_list = before > 0 && before + 1 == line && line + 1 == after;
        let (Some(first), Some(last)) = (first, last) else { continue };
        if !is_list || first >= last || !is_open(&links[at]) {
            continue;
        }
        let mut free = headings[first + 1..last].iter().filter(|heading| !linked.contains(**heading));
        let only = free.next().filter(|_| free.next().is_none());
        let only =
            only.filter(|heading| anchor(&links[at]).is_some_and(|anchor| has_common_word(&anchor, heading)));
        if let (Some(heading), Some(broken)) = (only, &mut links[at].broken) {
            broken.suggestion = Some(format!("#{heading}"));
        }
    }
    let mut at = 0;
    for list in entries.chunk_by(|(line, _), (next, _)| *line > 0 && line + 1 == *next) {
        let links = &mut links[at..at + list.len()];
        at += list.len();
        let is_contents = list.iter().filter(|(_, place)| place.is_some()).count() >= LEAST_ENTRIES;
        for link in links.iter_mut().filter(|link| is_contents && is_open(link)) {
            let wanted = anchor(link).unwrap_or_default();
            let is_short = places.len() <= MOST_HEADINGS;
            let free = || places.keys().copied().filter(|heading| is_short && !linked.contains(*heading));
            let is_renamed = free().any(|heading| shared_words(&wanted, heading) >= LEAST_SHARED);
            let mut complete =
                free().filter(|heading| shared_words(&wanted, heading) == long_words(&wanted).count());
            let complete = complete.next().filter(|_| complete.next().is_none());
            match (is_renamed, complete, &mut link.broken) {
                (true, Some(heading), Some(broken)) => broken.suggestion = Some(format!("#{heading}")),
                (true, ..) => {}
                (false, ..) => {
                    let reason = "no such heading on this page; the link is an entry of the contents";
                    link.broken = Some(BrokenLink { reason: reason.into(), suggestion: None });
                }
            }
        }
    }
}

/// The headings of a longer page are not compared with each entry.
const MOST_HEADINGS: usize = 500;

/// An entry may be one of a heading that has so many words of it.
const LEAST_SHARED: usize = 3;

fn long_words(anchor: &str) -> impl Iterator<Item = &str> {
    anchor.split('-').filter(|word| word.len() > 2)
}

/// Returns how many words of an anchor another one has.
fn shared_words(wanted: &str, other: &str) -> usize {
    long_words(wanted).filter(|word| other.split('-').any(|it| it == *word)).count()
}

/// Returns true for anchors of which one contains a word of the other: `futuregoals`, `non-goals`.
fn has_common_word(anchor: &str, other: &str) -> bool {
    const LEAST_LETTERS: usize = 4;
    let contains_word = |text: &str, words: &str| {
        words.split('-').any(|word| word.chars().count() >= LEAST_LETTERS && text.contains(word))
    };
    contains_word(anchor, other) || contains_word(other, anchor)
}

/// Keeps the first broken link of a generated table of contents, if another run of its generator mends them all.
pub(super) fn tell_generated_once(file: &SourceFile, links: &mut [CheckedLink<'_>]) {
    for list in sites::generated_lists(file.source().text()) {
        let is_inside = |it: &CheckedLink<'_>| list.contains(&(it.link.span.start as usize));
        let broken = || links.iter().enumerate().filter(|(_, it)| is_inside(it) && it.broken.is_some());
        let heading = |link: &CheckedLink<'_>| sites::heading_but_for_hyphens(file, &link.link.destination);
        let reason = "no such heading; the list is generated";
        let first = broken().find(|(_, it)| heading(it).is_none()).map(|(at, _)| (at, reason));
        let is_spaced = |it: &CheckedLink<'_>| heading(it).is_some_and(|line| line.ends_with([' ', '\t']));
        let reason = "no such heading; that of the list ends in a space";
        let first = first.or_else(|| broken().find(|(_, it)| is_spaced(it)).map(|(at, _)| (at, reason)));
        // The comments of a template may stay around a list that nobody generates.
        for (at, link) in links.iter_mut().enumerate().filter(|(_, it)| is_inside(it)) {
            let reason = first.filter(|(first, _)| *first == at).map(|(_, reason)| reason);
            let near = link.broken.take().and_then(|broken| broken.suggestion).filter(|_| !is_spaced(link));
            let is_without_code = reason.is_some() && is_heading_without_code(file, &link.link.destination);
            let reason = if is_without_code { Some(WITHOUT_CODE) } else { reason };
            let suggestion = near.filter(|_| !is_without_code);
            link.broken = reason.map(|reason| BrokenLink { reason: reason.into(), suggestion });
        }
    }
}

const WITHOUT_CODE: &str = "no such heading; the list is generated, and leaves out the code of the heading";

/// Returns true if the anchor is that of a heading without the code in it, as some generators write it.
fn is_heading_without_code(file: &SourceFile, destination: &str) -> bool {
    let without_code = |line: &str| line.split('`').step_by(2).collect::<String>();
    let anchor = |line: &str| format!("#{}", slug(without_code(line).trim_start_matches('#').trim_start()));
    let headings = file.source().text().lines().filter(|line| line.starts_with('#') && line.contains('`'));
    headings.map(anchor).any(|anchor| anchor == destination.to_lowercase())
}

/// Returns the number of the line on which a list item begins with a link.
fn entry_line(file: &SourceFile, link: &CheckedLink<'_>) -> Option<usize> {
    let at = link.link.span.start as usize;
    let line = file.source().line_span(at);
    let before = file.source().text().get(line.start as usize..at)?;
    let is_item =
        before.trim().trim_end_matches(['.', ')']).chars().all(|c| c.is_ascii_digit() || "-*+".contains(c));
    (is_item && !before.trim().is_empty()).then(|| file.source().position(at).line)
}
