use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use super::plain_glob::{PlainGlob, extensions};
use crate::config;
use crate::text::extension;

/// Globs of paths, without a difference between upper and lower case in ASCII.
#[derive(Debug, Default)]
pub(crate) struct PathGlobs {
    globs: Vec<Box<str>>,
    /// In lower case, the extensions of all paths that they match; `None` if these may be any.
    extensions: OnceLock<Option<Box<[String]>>>,
    plain: OnceLock<Box<[PlainGlob]>>,
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

/// Globs that may match, by the extension of the path: a set of all of them would take several times as long to compare.
#[derive(Debug, Default)]
struct UnionPart {
    is_built_in: bool,
    by_extension: BTreeMap<Box<str>, NumberedGlobs>,
    with_other_extension: NumberedGlobs,
}

#[derive(Debug, Default)]
struct NumberedGlobs {
    globs: PathGlobs,
    /// The number of the set of each glob.
    sets: Vec<usize>,
}

impl GlobUnion {
    pub(super) fn of<'g>(sets: impl Iterator<Item = &'g PathGlobs>) -> GlobUnion {
        let (built_in, own): (Vec<_>, Vec<_>) = sets.enumerate().partition(|(_, set)| set.is_built_in);
        GlobUnion { built_in: UnionPart::of(&built_in, true), own: UnionPart::of(&own, false) }
    }

    /// Returns true if a set matches the path.
    pub(super) fn is_match(&self, path: &str) -> bool {
        [&self.built_in, &self.own].into_iter().any(|part| part.is_match(path))
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
        let globs: Vec<(&str, usize, Option<Vec<&str>>)> = sets
            .iter()
            .flat_map(|(number, set)| set.globs.iter().map(|glob| (&**glob, *number, extensions(glob))))
            .collect();
        let all_extensions = globs.iter().filter_map(|(_, _, extensions)| extensions.as_ref()).flatten();
        let all_extensions: BTreeSet<String> = all_extensions.map(|it| it.to_ascii_lowercase()).collect();
        let with = |extension: Option<&str>| {
            let may_match = |of_glob: &Option<Vec<&str>>| {
                let is_extension = |one: &&str| extension.is_some_and(|it| one.eq_ignore_ascii_case(it));
                of_glob.as_ref().is_none_or(|all| all.iter().any(is_extension))
            };
            let matching = globs.iter().filter(|(_, _, of_glob)| may_match(of_glob));
            NumberedGlobs::of(matching.map(|(glob, number, _)| (*glob, *number)), is_built_in)
        };
        UnionPart {
            is_built_in,
            by_extension: all_extensions.iter().map(|it| (it.as_str().into(), with(Some(it)))).collect(),
            with_other_extension: with(None),
        }
    }

    fn is_match(&self, path: &str) -> bool {
        self.with_extension_of(path).globs.is_match(path)
    }

    fn matching_sets(&self, path: &str) -> Option<Vec<usize>> {
        self.with_extension_of(path).matching_sets(path)
    }

    fn with_extension_of(&self, path: &str) -> &NumberedGlobs {
        let path = if self.is_built_in { as_markdown(path) } else { path.into() };
        let of_extension = extension(&path).and_then(|it| self.by_extension.get(&*it.to_ascii_lowercase()));
        of_extension.unwrap_or(&self.with_other_extension)
    }
}

impl NumberedGlobs {
    fn of<'g>(globs: impl Iterator<Item = (&'g str, usize)>, is_built_in: bool) -> NumberedGlobs {
        let (globs, sets) = globs.map(|(glob, set)| (Box::from(glob), set)).unzip();
        NumberedGlobs { globs: PathGlobs { globs, is_built_in, ..PathGlobs::default() }, sets }
    }

    fn matching_sets(&self, path: &str) -> Option<Vec<usize>> {
        let found = if self.globs.try_match(path)? { self.globs.matches(path) } else { Vec::new() };
        Some(found.into_iter().map(|glob| self.sets[glob]).collect())
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
        if !self.may_have_extension_of(&path) {
            return Some(false);
        }
        match self.compare(&path) {
            Some(is_match) => Some(is_match),
            None => Some(self.set()?.is_match(path.to_ascii_lowercase())),
        }
    }

    fn may_have_extension_of(&self, path: &str) -> bool {
        let all = || {
            let of_globs = self.globs.iter().map(|glob| extensions(glob));
            let of_globs = of_globs.collect::<Option<Vec<Vec<&str>>>>()?;
            let all: BTreeSet<String> = of_globs.iter().flatten().map(|it| it.to_ascii_lowercase()).collect();
            Some(all.into_iter().collect())
        };
        let extension = path.rsplit_once('.').map(|(_, extension)| extension);
        let is_extension = |one: &String| extension.is_some_and(|it| it.eq_ignore_ascii_case(one));
        self.extensions.get_or_init(all).as_ref().is_none_or(|all| all.iter().any(is_extension))
    }

    /// Compares a path glob by glob; `None` if the set is needed. One thread compiles it; others go on until it has.
    fn compare(&self, path: &str) -> Option<bool> {
        if self.set.get().is_some() || self.compared.fetch_add(1, Ordering::Relaxed) == MAX_COMPARED {
            return None;
        }
        let path = path.to_ascii_lowercase();
        let found = self.plain().iter().find_map(|glob| match glob.matches(&path) {
            Some(false) => None,
            found => Some(found),
        });
        found.unwrap_or(Some(false))
    }

    fn plain(&self) -> &[PlainGlob] {
        self.plain.get_or_init(|| self.globs.iter().map(|glob| PlainGlob::new(glob)).collect())
    }

    /// Returns the indexes of the globs that match.
    pub(super) fn matches(&self, path: &str) -> Vec<usize> {
        let path = if self.is_built_in { as_markdown(path) } else { path.into() };
        let is_compiled = self.set.get().is_some();
        let compared = if is_compiled { None } else { self.compare_all(&path) };
        compared.or_else(|| Some(self.set()?.matches(path.to_ascii_lowercase()))).unwrap_or_default()
    }

    /// Compares a path with each glob; `None` if the set is needed.
    fn compare_all(&self, path: &str) -> Option<Vec<usize>> {
        let path = path.to_ascii_lowercase();
        let compared =
            self.plain().iter().enumerate().map(|(number, glob)| Some((number, glob.matches(&path)?)));
        let compared: Option<Vec<(usize, bool)>> = compared.collect();
        Some(compared?.into_iter().filter(|(_, is_match)| *is_match).map(|(number, _)| number).collect())
    }
}

pub(super) fn glob(text: &str) -> Result<Glob, globset::Error> {
    builder(text).case_insensitive(true).build()
}

fn builder(text: &str) -> GlobBuilder<'_> {
    let mut builder = GlobBuilder::new(text);
    builder.literal_separator(true).empty_alternates(true);
    builder
}

/// Returns why a glob is invalid.
pub(super) fn glob_error(text: &str) -> Option<String> {
    let invalid = || glob(text).err().map(|error| error.kind().to_string());
    config::relative_to_root(text).err().or_else(invalid)
}

/// Returns the path with the usual extension of a Markdown page in place of a rare one.
fn as_markdown(path: &str) -> Cow<'_, str> {
    match extension(path) {
        Some(ending) if ["qmd", "markdown"].iter().any(|it| ending.eq_ignore_ascii_case(it)) => {
            format!("{}md", &path[..path.len() - ending.len()]).into()
        }
        _ => path.into(),
    }
}

/// A set for paths in lower case: `globset` builds a regular expression of each glob that ignores case, and of few others.
fn compiled(globs: &[Box<str>]) -> Result<GlobSet, globset::Error> {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        set.add(builder(&glob.to_ascii_lowercase()).build()?);
    }
    set.build()
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
    fn a_union_matches_as_its_sets_do() {
        let sets = [
            PathGlobs::built_in(vec!["**/adr/*.md".into(), "**/*.{yaml,json}".into()]),
            PathGlobs::built_in(vec!["docs/*".into(), "**/kep.YAML".into()]),
            PathGlobs::new(vec!["**/*.MD".into(), "adr/[ab]*".into()]).unwrap(),
        ];
        let union = GlobUnion::of(sets.iter());
        let paths = [
            "adr/a.md",
            "adr/a.MD",
            "adr/a.qmd",
            "docs/a.rst",
            "x/kep.yaml",
            "docs/a",
            "a.b/c",
            "x.json",
            "b.txt",
        ];
        for path in paths.into_iter().cycle().take(20 * MAX_COMPARED as usize) {
            let expected: Vec<usize> = (0..sets.len()).filter(|at| sets[*at].is_match(path)).collect();
            let mut found = union.matching_sets(path).unwrap();
            found.sort_unstable();
            found.dedup();
            assert_eq!(found, expected, "{path}");
        }
    }

    #[test]
    fn an_extension_rules_out_others() {
        for glob in ["a.md", "*.{md,rst}", "**/[0-9]*.{md,rst}"] {
            assert!(extensions(glob).is_some_and(|all| !all.contains(&"yaml")), "{glob}");
        }
        for glob in ["a.*", "a.{md,r*}", "{a.md,b}", "a.[my]d", r"a\.md", "{a.{md,rst},b}", "a"] {
            assert!(extensions(glob).is_none_or(|all| all.contains(&"yaml")), "{glob}");
        }
    }
}
