use std::borrow::Cow;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use globset::{Glob, GlobSet, GlobSetBuilder};

/// Globs of paths, without a difference between upper and lower case in ASCII.
#[derive(Debug, Default)]
pub(crate) struct PathGlobs {
    globs: Vec<Glob>,
    /// `None` if the globs are too many for one set.
    set: OnceLock<Option<GlobSet>>,
    /// How many paths were ruled out by the literal parts of the globs.
    ruled_out: AtomicU32,
    is_built_in: bool,
}

/// For more paths, compiling the set takes less time than looking for the literal parts.
const MAX_RULED_OUT: u32 = 16;

impl PathGlobs {
    /// # Errors
    /// The globs are too many for one set.
    pub(super) fn new(globs: Vec<Glob>) -> Result<PathGlobs, globset::Error> {
        let set = Some(compiled(&globs)?).into();
        Ok(PathGlobs { globs, set, ..PathGlobs::default() })
    }

    /// Globs that are compiled for the first path that may match. One for `.md` matches `.markdown` and `.qmd` too.
    pub(super) fn built_in(globs: Vec<Glob>) -> PathGlobs {
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
        let path = if self.is_built_in { as_markdown(path) } else { path.into() };
        if self.is_ruled_out(&path) {
            return Some(false);
        }
        Some(self.set()?.is_match(&*path))
    }

    fn is_ruled_out(&self, path: &str) -> bool {
        if self.globs.is_empty() {
            return true;
        }
        if self.set.get().is_some() || self.ruled_out.load(Ordering::Relaxed) >= MAX_RULED_OUT {
            return false;
        }
        let may_match = |glob: &str| contains(path, longest_literal(glob)) && !ends_otherwise(path, glob);
        let ruled_out = !self.globs.iter().any(|glob| may_match(glob.glob()));
        self.ruled_out.fetch_add(u32::from(ruled_out), Ordering::Relaxed);
        ruled_out
    }

    /// Returns the indexes of the globs that match.
    pub(super) fn matches(&self, path: &str) -> Vec<usize> {
        let path = if self.is_built_in { as_markdown(path) } else { path.into() };
        self.set().map(|set| set.matches(&*path)).unwrap_or_default()
    }
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

fn compiled(globs: &[Glob]) -> Result<GlobSet, globset::Error> {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        set.add(glob.clone());
    }
    set.build()
}

fn contains(path: &str, part: &str) -> bool {
    let (path, part) = (path.as_bytes(), part.as_bytes());
    part.is_empty() || path.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part))
}

/// An escape, and brackets that begin with their end.
const UNUSUAL: [&str; 4] = ["\\", "[]", "[!]", "[^]"];

const WILDCARDS: [char; 6] = ['*', '?', '[', ']', '{', '}'];

/// Returns the longest text that is a part of each matching path: between wildcards and outside of brackets, without the
/// slashes at its ends, for which `**` may stand.
fn longest_literal(glob: &str) -> &str {
    if UNUSUAL.iter().any(|sign| glob.contains(sign)) {
        return "";
    }
    let mut depth = 0_usize;
    let parts = glob.split_inclusive(WILDCARDS).filter_map(|part| {
        let is_outside = depth == 0;
        match part.as_bytes().last() {
            Some(b'[' | b'{') => depth += 1,
            Some(b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        is_outside.then(|| part.trim_end_matches(WILDCARDS).trim_matches('/'))
    });
    parts.max_by_key(|literal| literal.len()).unwrap_or_default()
}

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
    use super::super::load::glob;
    use super::*;

    #[test]
    fn a_set_is_compiled_for_the_first_path_that_may_match() {
        let globs = PathGlobs::built_in(vec![glob("**/docs/adr/*.{md,rst}").unwrap()]);
        assert!(!globs.is_match("docs/0001-a.md") && globs.set.get().is_none());
        assert!(globs.is_match("x/Docs/ADR/0001-a.md") && globs.set.get().is_some());
        assert!(!globs.is_match("docs/0001-a.md"));
    }

    #[test]
    fn a_set_is_compiled_for_many_paths() {
        let globs = PathGlobs::built_in(vec![glob("**/adr/*.md").unwrap()]);
        (0..=MAX_RULED_OUT).for_each(|_| assert!(!globs.is_match("a.md")));
        assert!(globs.set.get().is_some());
    }

    #[test]
    fn a_set_is_not_compiled_for_another_extension() {
        let globs = PathGlobs::built_in(vec![glob("**/[0-9]*.{md,rst}").unwrap()]);
        assert!(!globs.is_match("kpis.yaml") && !globs.is_match("7.md/kpis") && globs.set.get().is_none());
        assert!(globs.is_match("docs/7.RST"));
        for glob in ["a.*", "a.{md,r*}", "{a.md,b}", "a.[my]d", r"a\.md", "{a.{md,rst},b}", "a"] {
            assert!(!ends_otherwise("b.yaml", glob), "{glob}");
        }
    }

    #[test]
    fn a_literal_is_what_each_match_has() {
        for (glob, literal) in [
            ("**/docs/adr/*.md", "docs/adr"),
            ("a/**/bc/*", "bc"),
            ("{docs,doc}/xy", "xy"),
            ("[!0-9]*{a[bc]d,efgh}ij", "ij"),
            ("{a,b}", ""),
            ("**/*", ""),
            (r"\*abc", ""),
            ("[]a]bc", ""),
            ("README.md", "README.md"),
        ] {
            assert_eq!(longest_literal(glob), literal, "{glob}");
        }
    }
}
