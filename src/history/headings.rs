//! Finds the current anchors of renamed headings, and the commits that removed headings.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError};

use gix::ObjectId;
use jiff::civil::Date;

use super::moves::{Moves, PageChange, Removal};
use super::{History, similarity};
use crate::syntax::{self, Format};
use crate::text::Source;

/// The largest number of versions of a page that are read, the newest first.
const MAX_VERSIONS: usize = 60;

/// The largest number of moves that are followed to earlier versions of a page.
const MAX_MOVES: usize = 16;

/// The result of a search for a heading that a page no longer has.
#[derive(Debug, PartialEq)]
pub enum HeadingFate {
    /// Its current anchor.
    Renamed(Box<str>),
    /// `beside` are the anchors that the page had while the heading was there.
    Removed { by: Removal, beside: Vec<Box<str>> },
}

/// A heading of one version of a page.
pub(super) struct OldHeading {
    slug: Box<str>,
    level: u8,
    /// The text up to the next heading.
    text: Box<str>,
}

impl History {
    /// Searches the versions of the page at `path` for the heading with this anchor. `None` if no version had it, if the last
    /// one still has it, or in a hook before a commit, where no history is searched.
    pub fn heading_fate(&self, path: &str, anchor: &str) -> Option<HeadingFate> {
        let changes = versions(self.moves()?, path);
        let newest = &changes[changes.len().saturating_sub(MAX_VERSIONS)..];
        let has = |content: Option<ObjectId>, anchor: &str| {
            let headings = self.headings(path, content)?;
            headings.iter().position(|heading| *heading.slug == *anchor).map(|at| (headings, at))
        };
        let last = newest.iter().rposition(|change| has(change.before, anchor).is_some())?;
        let (mut name, mut beside): (Box<str>, _) = (anchor.into(), Vec::new());
        for change in &newest[last..] {
            let Some((before, at)) = has(change.before, &name) else { continue };
            if has(change.after, &name).is_some() {
                continue;
            }
            let after = self.headings(path, change.after)?;
            beside.extend(before.iter().map(|heading| heading.slug.clone()));
            match same_place(&before, at, &after) {
                Some(renamed) => name = renamed.slug.clone(),
                None => return Some(HeadingFate::Removed { by: change.by.clone(), beside }),
            }
        }
        (*name != *anchor).then_some(HeadingFate::Renamed(name))
    }

    /// Returns true if a version of the page at `path` from before a day had the heading with this anchor.
    pub fn had_heading(&self, path: &str, anchor: &str, before: Date) -> bool {
        let has = |content| {
            let headings = self.headings(path, content);
            headings.is_some_and(|headings| headings.iter().any(|heading| *heading.slug == *anchor))
        };
        let changes = self.moves().map(|moves| versions(moves, path)).unwrap_or_default();
        let newest = &changes[changes.len().saturating_sub(MAX_VERSIONS)..];
        newest.iter().any(|change| change.by.date < before && has(change.after))
    }

    /// Returns true if versions of a page are known.
    pub fn knows_page(&self, path: &str) -> bool {
        self.moves().is_some_and(|moves| moves.pages.contains_key(path))
    }

    fn headings(&self, path: &str, content: Option<ObjectId>) -> Option<Arc<[OldHeading]>> {
        let content = content?;
        let known = || self.shared.headings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(headings) = known().get(&content) {
            return Some(headings.clone());
        }
        let headings = self.read_headings(path, content).unwrap_or_default();
        known().insert(content, headings.clone());
        Some(headings)
    }

    fn read_headings(&self, path: &str, content: ObjectId) -> Option<Arc<[OldHeading]>> {
        let content = self.read_blob(content)?;
        let source = Arc::new(Source::new(path, content));
        let page = syntax::parse(source.clone(), Format::from_path(path)?).markdown?;
        let heading = |heading: &syntax::markdown::Heading| OldHeading {
            slug: heading.slug.to_lowercase().into(),
            level: heading.level,
            text: source.slice(heading.own_body).into(),
        };
        Some(page.headings.iter().map(heading).collect())
    }
}

/// Returns the changes of a page and of the files from which it was moved, oldest first.
fn versions(moves: &Moves, path: &str) -> Vec<PageChange> {
    let mut paths = vec![path];
    while let Some(old) = moves.moved_from.get(paths[paths.len() - 1]).filter(|_| paths.len() <= MAX_MOVES) {
        paths.push(old);
    }
    let mut versions: Vec<PageChange> = Vec::new();
    for path in paths.iter().rev() {
        for change in moves.pages.get(*path).into_iter().flatten() {
            match versions.last_mut() {
                // The commit that moved the file removed it at one path and added it at the other.
                Some(last) if last.after.is_none() && change.before.is_none() => {
                    (last.after, last.by) = (change.after, change.by.clone());
                }
                _ => versions.push(change.clone()),
            }
        }
    }
    versions
}

/// Returns the heading that replaced a removed one between the same neighbours: the only one there that shares a word with it,
/// or the only one that shares most of its text.
fn same_place<'a>(before: &[OldHeading], at: usize, after: &'a [OldHeading]) -> Option<&'a OldHeading> {
    let place = |heading: &OldHeading| after.iter().position(|other| other.slug == heading.slug);
    let above = before[..at].iter().rposition(|heading| place(heading).is_some());
    let below =
        before[at + 1..].iter().position(|heading| place(heading).is_some()).map(|next| at + 1 + next);
    let first = above.and_then(|above| Some(place(&before[above])? + 1)).unwrap_or(0);
    let last = below.and_then(|below| place(&before[below])).unwrap_or(after.len());
    let known: HashSet<&str> = before.iter().map(|heading| &*heading.slug).collect();
    let added = after.get(first..last)?.iter().filter(|heading| !known.contains(&*heading.slug));
    let added: Vec<&OldHeading> = added.collect();
    let gone = below.unwrap_or(before.len()) - above.map_or(0, |above| above + 1);
    let wanted = &before[at];
    if let ([only], 1) = (&added[..], gone)
        && only.level == wanted.level
        && (shares_word(&only.slug, &wanted.slug) || has_same_text(only, wanted))
    {
        return Some(only);
    }
    let mut alike = added.iter().filter(|heading| has_same_text(heading, wanted));
    alike.next().filter(|_| alike.next().is_none()).copied()
}

fn has_same_text(one: &OldHeading, other: &OldHeading) -> bool {
    similarity::is_alike(one.text.as_bytes(), other.text.as_bytes())
}

/// Returns true if two anchors have a word of at least four letters in common.
fn shares_word(one: &str, other: &str) -> bool {
    const MIN_LEN: usize = 4;
    let words = |anchor| str::split(anchor, '-').filter(|word| word.chars().count() >= MIN_LEN);
    words(one).any(|word| words(other).any(|it| it == word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(headings: &[(&str, &str)]) -> Vec<OldHeading> {
        let heading =
            |(slug, text): &(&str, &str)| OldHeading { slug: (*slug).into(), level: 2, text: (*text).into() };
        headings.iter().map(heading).collect()
    }

    fn place_of(before: &[(&str, &str)], wanted: usize, after: &[(&str, &str)]) -> Option<String> {
        same_place(&page(before), wanted, &page(after)).map(|heading| heading.slug.to_string())
    }

    #[test]
    fn a_heading_is_found_by_its_place_and_words_or_by_its_text() {
        let before = [("context", "a"), ("what-it-costs", "b"), ("rollout", "c")];
        let place = |after: &[(&str, &str)]| place_of(&before, 1, after);
        let found = place(&[("context", "a"), ("yearly-costs", "x"), ("rollout", "c")]);
        assert_eq!(found.as_deref(), Some("yearly-costs"));
        let found = place(&[("context", "a"), ("money", "b"), ("rollout", "c")]);
        assert_eq!(found.as_deref(), Some("money"));
        assert_eq!(place(&[("context", "a"), ("people", "x"), ("rollout", "c")]), None);
        assert_eq!(place(&[("context", "a"), ("costs", "x"), ("more-costs", "y"), ("rollout", "c")]), None);
        let found = place(&[("context", "a"), ("costs", "b"), ("more-costs", "y"), ("rollout", "c")]);
        assert_eq!(found.as_deref(), Some("costs"));
        assert_eq!(place(&[("context", "a"), ("rollout", "c"), ("money", "b")]), None);
    }
}
