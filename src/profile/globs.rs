use std::borrow::Cow;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use super::plain_glob;
use crate::limits;

/// Globs of paths, without a difference between upper and lower case in ASCII.
#[derive(Debug, Default)]
pub(crate) struct PathGlobs {
    globs: Vec<Box<str>>,
    /// `None` if the globs are too many for one set.
    set: OnceLock<Option<GlobSet>>,
    /// How many paths were compared before the set was compiled.
    compared: AtomicU32,
    is_built_in: bool,
}

/// The globs of several sets.
#[derive(Debug, Default)]
pub(super) struct GlobUnion {
    built_in: UnionPart,
    own: UnionPart,
}

#[derive(Debug, Default)]
struct UnionPart {
    globs: PathGlobs,
    /// The number of the set of each glob.
    sets: Vec<usize>,
}

impl GlobUnion {
    pub(super) fn of<'g>(sets: impl Iterator<Item = &'g PathGlobs>) -> GlobUnion {
        let (built_in, own): (Vec<_>, Vec<_>) = sets.enumerate().partition(|(_, set)| set.is_built_in);
        GlobUnion { built_in: UnionPart::of(&built_in, true), own: UnionPart::of(&own, false) }
    }

    /// Returns the numbers of the sets that match the path; `None` if each is to be asked.
    pub(super) fn matching_sets(&self, path: &str) -> Option<Vec<usize>> {
        let mut sets = self.built_in.matching_sets(path)?;
        sets.extend(self.own.matching_sets(path)?);
        Some(sets)
    }
}

impl UnionPart {
    fn of(sets: &[(usize, &PathGlobs)], is_built_in: bool) -> UnionPart {
        let globs =
            sets.iter().flat_map(|(number, set)| set.globs.iter().map(|glob| (glob.clone(), *number)));
        let (globs, sets) = globs.unzip();
        UnionPart { globs: PathGlobs { globs, is_built_in, ..PathGlobs::default() }, sets }
    }

    fn matching_sets(&self, path: &str) -> Option<Vec<usize>> {
        match self.globs.try_match(path)? {
            false => Some(Vec::new()),
            true => {
                Some(self.globs.compiled_matches(path)?.into_iter().map(|glob| self.sets[glob]).collect())
            }
        }
    }
}

/// For more paths, compiling the set takes less time than comparing them glob by glob.
const MAX_COMPARED: u32 = 64;

impl PathGlobs {
    /// # Errors
    /// The globs are too many for one set.
    pub(super) fn new(globs: Vec<Box<str>>) -> Result<PathGlobs, globset::Error> {
        let set = Some(compiled(&globs)?).into();
        Ok(PathGlobs { globs, set, ..PathGlobs::default() })
    }

    /// Globs that are compiled where many paths are compared. One for `.md` matches `.markdown` and `.qmd` too.
    pub(super) fn built_in(globs: Vec<Box<str>>) -> PathGlobs {
        PathGlobs { globs, is_built_in: true, ..PathGlobs::default() }
    }

    fn set(&self) -> Option<&GlobSet> {
        self.set.get_or_init(|| compiled(&self.globs).ok()).as_ref()
    }

    pub(super) fn is_match(&self, path: &str) -> bool {
        self.try_match(path).unwrap_or_default()
    }

    /// As [`PathGlobs::is_match`]; `None` if the globs are too many for one set.
    pub(super) fn try_match(&self, path: &str) -> Option<bool> {
        if self.globs.is_empty() {
            return Some(false);
        }
        let path = if self.is_built_in { as_markdown(path) } else { path.into() };
        match self.compare(&path) {
            Some(is_match) => Some(is_match),
            None => Some(self.set()?.is_match(&*path)),
        }
    }

    /// Compares a path glob by glob; `None` if the set is needed.
    fn compare(&self, path: &str) -> Option<bool> {
        if self.set.get().is_some() || self.compared.load(Ordering::Relaxed) >= MAX_COMPARED {
            return None;
        }
        self.compared.fetch_add(1, Ordering::Relaxed);
        let mut may_match = self.globs.iter().filter(|glob| !ends_otherwise(path, glob));
        let found = may_match.find_map(|glob| match plain_glob::matches(glob, path) {
            Some(false) => None,
            found => Some(found),
        });
        found.unwrap_or(Some(false))
    }

    /// As [`PathGlobs::matches`]; `None` if they are not compiled.
    fn compiled_matches(&self, path: &str) -> Option<Vec<usize>> {
        self.set.get()?.as_ref()?;
        Some(self.matches(path))
    }

    /// Returns the indexes of the globs that match.
    pub(super) fn matches(&self, path: &str) -> Vec<usize> {
        let path = if self.is_built_in { as_markdown(path) } else { path.into() };
        self.set().map(|set| set.matches(&*path)).unwrap_or_default()
    }
}

pub(super) fn glob(text: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(text).case_insensitive(true).literal_separator(true).empty_alternates(true).build()
}

/// Returns why a glob is invalid.
pub(super) fn glob_error(text: &str) -> Option<String> {
    if text.len() > limits::GLOB_BYTES {
        return Some(format!("longer than {} bytes", limits::GLOB_BYTES));
    }
    glob(text).err().map(|error| error.kind().to_string())
}

/// Returns the path with the usual extension of a Markdown page in place of a rare one.
fn as_markdown(path: &str) -> Cow<'_, str> {
    match path.rsplit_once('.') {
        Some((stem, extension))
            if ["qmd", "markdown"].iter().any(|it| extension.eq_ignore_ascii_case(it)) =>
        {
            format!("{stem}.md").into()
        }
        _ => path.into(),
    }
}

fn compiled(globs: &[Box<str>]) -> Result<GlobSet, globset::Error> {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        set.add(self::glob(glob)?);
    }
    set.build()
}

/// An escape, and brackets that begin with their end.
const UNUSUAL: [&str; 4] = ["\\", "[]", "[!]", "[^]"];

const WILDCARDS: [char; 6] = ['*', '?', '[', ']', '{', '}'];

/// Returns true if a glob ends with an extension, or a choice of them, and the path has another one.
fn ends_otherwise(path: &str, glob: &str) -> bool {
    let Some((_, end)) = glob.rsplit_once('.').filter(|_| !UNUSUAL.iter().any(|sign| glob.contains(sign)))
    else {
        return false;
    };
    let choice = end.strip_prefix('{').and_then(|end| end.strip_suffix('}')).unwrap_or(end);
    let extension = path.rsplit_once('.').map(|(_, extension)| extension);
    !choice.contains(WILDCARDS)
        && (choice.len() < end.len() || !choice.contains(','))
        && !choice.split(',').any(|one| extension.is_some_and(|it| it.eq_ignore_ascii_case(one)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_compiled_for_many_paths() {
        let globs = PathGlobs::built_in(vec!["**/adr/*.md".into()]);
        let mut paths = ["a.md", "adr/a.md"].into_iter().cycle();
        for path in paths.by_ref().take(MAX_COMPARED as usize) {
            assert_eq!(globs.is_match(path), path != "a.md");
            assert!(globs.set.get().is_none());
        }
        for path in paths.take(2) {
            assert_eq!(globs.is_match(path), path != "a.md");
            assert!(globs.set.get().is_some());
        }
    }

    #[test]
    fn an_extension_rules_out_others() {
        for glob in ["a.md", "*.{md,rst}", "**/[0-9]*.{md,rst}"] {
            assert!(ends_otherwise("b.yaml", glob), "{glob}");
        }
        for glob in ["a.*", "a.{md,r*}", "{a.md,b}", "a.[my]d", r"a\.md", "{a.{md,rst},b}", "a"] {
            assert!(!ends_otherwise("b.yaml", glob), "{glob}");
        }
    }
}
