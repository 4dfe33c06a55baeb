//! Globs by which formats recognise paths.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use serde::Deserialize;

use super::OneOrMore;

/// Globs of paths. They are compiled for the first path that may match, by the texts that each needs.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "OneOrMore")]
pub struct Globs {
    patterns: Vec<Box<str>>,
    /// `None` if a glob needs no text.
    needed: OnceLock<Option<AhoCorasick>>,
    set: OnceLock<GlobSet>,
}

impl From<OneOrMore> for Globs {
    fn from(OneOrMore(patterns): OneOrMore) -> Globs {
        Globs { patterns, ..Globs::default() }
    }
}

impl Globs {
    pub fn of<'p>(patterns: impl Iterator<Item = &'p str>) -> Globs {
        Globs { patterns: patterns.map(Box::from).collect(), ..Globs::default() }
    }

    /// Returns false if a path lacks all texts that the globs need.
    pub(super) fn may_match(&self, path: &str) -> bool {
        let needed = || self.needed.get_or_init(|| search_for_needed(&self.patterns)).as_ref();
        // Letters beyond ASCII have forms that the search does not know.
        !path.is_ascii() || needed().is_none_or(|needed| needed.is_match(&format!("/{path}")))
    }

    pub fn is_match(&self, path: &str) -> bool {
        let set = || self.set.get_or_init(|| compiled(&self.patterns));
        !self.is_empty() && self.may_match(path) && set().is_match(path)
    }

    pub(super) fn patterns(&self) -> impl Iterator<Item = &str> {
        self.patterns.iter().map(|pattern| &**pattern)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }
}

pub(super) fn glob_error(pattern: &str) -> Option<String> {
    glob(pattern).err().map(|error| error.kind().to_string())
}

fn glob(pattern: &str) -> Result<Glob, globset::Error> {
    let mut builder = GlobBuilder::new(pattern);
    builder.literal_separator(true).case_insensitive(true).empty_alternates(true).build()
}

fn compiled(patterns: &[Box<str>]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in patterns.iter().filter_map(|pattern| glob(pattern).ok()) {
        set.add(glob);
    }
    set.build().unwrap_or_default()
}

/// Returns a search for the texts of which each path that a glob matches has one, behind a `/`.
fn search_for_needed(patterns: &[Box<str>]) -> Option<AhoCorasick> {
    let needed: Vec<Vec<String>> = patterns.iter().map(|pattern| needed(pattern)).collect::<Option<_>>()?;
    let mut search = AhoCorasick::builder();
    search.ascii_case_insensitive(true).kind(Some(AhoCorasickKind::NoncontiguousNFA));
    search.build(needed.concat()).ok()
}

/// Returns the alternatives of the longest part of a glob without wildcards; `None` if they say little, or for odd globs.
fn needed(pattern: &str) -> Option<Vec<String>> {
    const FEWEST_LETTERS: usize = 2;
    const MOST_ALTERNATIVES: usize = 64;
    if ["\\", "[]", "[!", "[^"].iter().any(|odd| pattern.contains(odd)) {
        return None;
    }
    let start = if pattern.starts_with('*') { "" } else { "/" };
    let (mut parts, mut rest) = (vec![vec![start.to_owned()]], pattern);
    while let Some(next) = rest.chars().next() {
        let end = match next {
            '{' => rest.find('}')?,
            '[' => rest.find(']')?,
            _ => next.len_utf8() - 1,
        };
        let (token, after) = rest.split_at(end + 1);
        let inner = token.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
        if inner.is_some_and(|inner| inner.contains('{')) {
            return None;
        }
        let alternatives: Vec<&str> = inner.map_or(vec![token], |inner| inner.split(',').collect());
        let part = parts.last_mut()?;
        if token.contains(['*', '?', '[']) || part.len() * alternatives.len() > MOST_ALTERNATIVES {
            parts.push(vec![String::new()]);
        } else {
            let with =
                |it: &String| alternatives.iter().map(move |more| format!("{it}{more}")).collect::<Vec<_>>();
            *part = part.iter().flat_map(with).collect();
        }
        rest = after;
    }
    // Most pages have the same ending.
    parts.last_mut()?.iter_mut().for_each(|text| text.truncate(text.rfind('.').unwrap_or(text.len())));
    let length = |part: &Vec<String>| part.iter().map(String::len).min().unwrap_or_default();
    parts.into_iter().max_by_key(length).filter(|part| length(part) >= FEWEST_LETTERS)
}
