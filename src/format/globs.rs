//! Globs by which formats recognise paths.

use std::sync::OnceLock;

use globset::{ErrorKind, GlobBuilder, GlobSet};
use serde::Deserialize;

use super::OneOrMore;
use crate::limits;

/// Globs of paths.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "OneOrMore")]
pub struct Globs(Vec<LazyGlob>);

/// A glob that is compiled for the first path with the letters that it needs.
#[derive(Clone, Debug, Default)]
struct LazyGlob {
    pattern: Box<str>,
    /// A path that it matches has all pairs of one of these; `None` if it is odd.
    needed: OnceLock<Option<Vec<Pairs>>>,
    compiled: OnceLock<Option<GlobSet>>,
}

impl From<OneOrMore> for Globs {
    fn from(OneOrMore(patterns): OneOrMore) -> Globs {
        Globs(patterns.into_iter().map(|pattern| LazyGlob { pattern, ..LazyGlob::default() }).collect())
    }
}

impl Globs {
    pub fn of<'p>(patterns: impl Iterator<Item = &'p str>) -> Globs {
        OneOrMore(patterns.map(Box::from).collect()).into()
    }

    pub fn is_match<'p>(&self, path: impl Into<Candidate<'p>>) -> bool {
        !self.is_empty() && self.matches(&path.into())
    }

    pub(super) fn matches(&self, path: &Candidate<'_>) -> bool {
        self.0.iter().any(|glob| glob.matches(path))
    }

    pub(super) fn patterns(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|glob| &*glob.pattern)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl LazyGlob {
    fn matches(&self, path: &Candidate<'_>) -> bool {
        let compiled = || self.compiled.get_or_init(|| compiled(&self.pattern).ok()).as_ref();
        self.may_match(path) && compiled().is_some_and(|glob| glob.is_match(path.text))
    }

    /// Returns false if a path lacks letters that the glob needs.
    fn may_match(&self, path: &Candidate<'_>) -> bool {
        // Letters beyond ASCII have forms that the comparison does not know.
        let Some(pairs) = path.pairs else { return true };
        let needed = self.needed.get_or_init(|| needed(&self.pattern));
        needed.as_ref().is_none_or(|needed| needed.iter().any(|needed| pairs.have(needed)))
    }
}

pub(super) fn glob_error(pattern: &str) -> Option<String> {
    if pattern.len() > limits::GLOB_BYTES {
        return Some(format!("longer than {} bytes", limits::GLOB_BYTES));
    }
    compiled(pattern).err().map(|error| match error.kind() {
        ErrorKind::Regex(_) => "nested too deeply".to_owned(),
        other => other.to_string(),
    })
}

fn compiled(pattern: &str) -> Result<GlobSet, globset::Error> {
    let mut glob = GlobBuilder::new(pattern);
    GlobSet::new([glob.literal_separator(true).case_insensitive(true).empty_alternates(true).build()?])
}

/// A path, prepared to be compared with many globs.
pub struct Candidate<'p> {
    pub(super) text: &'p str,
    /// Those of an ASCII path.
    pairs: Option<Pairs>,
}

impl<'p> From<&'p str> for Candidate<'p> {
    fn from(path: &'p str) -> Candidate<'p> {
        let mut pairs = Pairs::default();
        pairs.add(std::iter::once(b'/').chain(path.bytes()));
        Candidate { text: path, pairs: path.is_ascii().then_some(pairs) }
    }
}

/// The pairs of letters that follow each other in a text, in any case, each as one of 256 bits.
#[derive(Clone, Copy, Debug, Default)]
struct Pairs([u128; 2]);

impl Pairs {
    fn add(&mut self, text: impl Iterator<Item = u8>) {
        let mut before = 0_u8;
        for byte in text.map(|byte| byte.to_ascii_lowercase()) {
            let bit = before.wrapping_mul(31).wrapping_add(byte);
            if before != 0 {
                self.0[usize::from(bit / 128)] |= 1 << (bit % 128);
            }
            before = byte;
        }
    }

    /// Returns false if a text with these pairs can't have one with the others.
    fn have(&self, others: &Pairs) -> bool {
        let ([low, high], [other_low, other_high]) = (self.0, others.0);
        low & other_low == other_low && high & other_high == other_high
    }
}

/// Returns the pairs of letters, behind a `/`, that a path needs for each choice of the alternatives of a glob; `None` for odd globs.
fn needed(pattern: &str) -> Option<Vec<Pairs>> {
    const MOST: usize = 64;
    const PLAIN: fn(&str) -> bool = |it| !it.is_empty() && !it.contains(['!', '^', '{', '}', '*', '?', ',']);
    let mut classes = pattern.split('[').skip(1).map(|class| class.split_once(']'));
    let is_odd = ["\\", "{**", ",**"].iter().any(|it| pattern.contains(it));
    if is_odd || !classes.all(|class| class.is_some_and(|(letters, _)| PLAIN(letters))) {
        return None;
    }
    let (mut choices, mut rest) = (vec![if pattern.starts_with('*') { "" } else { "/" }.to_owned()], pattern);
    while let Some((before, alternatives)) = rest.split_once('{') {
        let (alternatives, behind) = alternatives.split_once('}').filter(|(it, _)| !it.contains('{'))?;
        let is_few = choices.len() * alternatives.split(',').count() <= MOST;
        let with = |choice: &String| {
            let choice = format!("{choice}{before}");
            let each = if is_few { alternatives } else { "*" }.split(',');
            each.map(|it| format!("{choice}{it}")).collect::<Vec<_>>()
        };
        (choices, rest) = (choices.iter().flat_map(with).collect(), behind);
    }
    let of_choice = |choice: String| {
        let mut pairs = Pairs::default();
        for literal in format!("{choice}{rest}").split(['*', '?', '[']) {
            pairs.add(literal.split_once(']').map_or(literal, |(_, behind)| behind).bytes());
        }
        pairs
    };
    Some(choices.into_iter().map(of_choice).collect())
}
