//! Globs over paths relative to the repository's root.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use crate::finding::Fault;
use crate::limits;
use crate::node::Node;
use crate::text::{Source, Span};

/// A list of glob patterns. `*` and `?` don't match `/`, `**` does; `{a,b}` and `[0-9]` are alternatives. A pattern that
/// matches a folder matches everything in it.
#[derive(Clone, Debug, Default)]
pub struct Globs {
    set: GlobSet,
    patterns: Vec<(Box<str>, Span)>,
}

/// The set is built from the patterns.
impl Hash for Globs {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Globs { set: _, patterns } = self;
        patterns.len().hash(state);
        patterns.iter().for_each(|(pattern, _)| pattern.hash(state));
    }
}

impl Globs {
    pub fn matches(&self, path: &str) -> bool {
        !self.patterns.is_empty() && self.set.is_match(path)
    }

    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    pub fn patterns(&self) -> &[(Box<str>, Span)] {
        &self.patterns
    }

    /// Returns the patterns that match none of these paths.
    pub fn unmatched<'p>(&self, paths: impl Iterator<Item = &'p str>) -> Vec<&(Box<str>, Span)> {
        let mut unmatched: BTreeSet<usize> = (0..self.patterns.len()).collect();
        let mut found = Vec::new();
        for path in paths {
            if unmatched.is_empty() {
                break;
            }
            self.set.matches_into(path, &mut found);
            for at in &found {
                unmatched.remove(&(at / GLOBS_OF_PATTERN));
            }
        }
        unmatched.into_iter().map(|at| &self.patterns[at]).collect()
    }

    /// Returns the patterns in backticks.
    pub fn listed(&self) -> String {
        let quoted: Vec<String> = self.patterns.iter().map(|(pattern, _)| format!("`{pattern}`")).collect();
        quoted.join(", ")
    }

    /// Returns the patterns of both.
    pub fn joined(&self, other: &Globs) -> Globs {
        let mut all = Globs::default();
        let patterns = self.patterns.iter().chain(&other.patterns);
        let globs: Vec<Glob> =
            patterns.clone().filter_map(|(text, _)| compile(text).ok()).flatten().collect();
        all.set = build_set(globs.iter()).unwrap_or_default();
        all.patterns = patterns.cloned().collect();
        all
    }

    /// Parses one pattern.
    ///
    /// # Errors
    /// Why it is invalid.
    pub fn parse(pattern: &str) -> Result<Globs, String> {
        let set = build_set(compile(pattern)?.iter()).map_err(|_| "nested too deeply".to_owned())?;
        Ok(Globs { set, patterns: vec![(pattern.into(), Span::at(0))] })
    }

    /// Returns the length of the longest beginning of a pattern without wildcards that the path begins with.
    pub fn specificity(&self, path: &str) -> usize {
        let literal = |pattern: &str| {
            let pattern = relative_to_root(pattern).unwrap_or_default();
            let literal = pattern.split(['*', '?', '[', '{', '\\']).next().unwrap_or_default();
            path.starts_with(literal).then_some(literal.len())
        };
        self.patterns.iter().filter_map(|(pattern, _)| literal(pattern)).max().unwrap_or_default()
    }

    pub(super) fn read(source: &Arc<Source>, node: &Node, faults: &mut Vec<Fault>) -> Globs {
        let mut globs = Globs::default();
        let mut compiled = Vec::new();
        let reject = |pattern: &str, span: Span, reason: &str| {
            let shortened: String = pattern.chars().take(60).collect();
            let fault = Fault::new(format!("invalid glob `{shortened}`: {reason}"));
            fault.help(GLOB_HELP).at(source, span)
        };
        for item in one_or_more(node) {
            let Some(pattern) = item.as_text() else { continue };
            match compile(pattern) {
                Ok(of_file_and_folder) => {
                    globs.patterns.push((pattern.into(), item.span));
                    compiled.extend(of_file_and_folder);
                }
                Err(reason) => faults.push(reject(pattern, item.span, &reason)),
            }
        }
        globs.set = build_set(compiled.iter()).unwrap_or_else(|error| {
            let nested = globs.patterns.iter().find(|(pattern, _)| Globs::parse(pattern).is_err());
            faults.push(match nested {
                Some((pattern, span)) => reject(pattern, *span, "nested too deeply"),
                None => reject("…", node.span, &error.kind().to_string()),
            });
            GlobSet::default()
        });
        globs
    }
}

/// What to do about an invalid glob.
pub const GLOB_HELP: &str = "write a path below the root of the repository, or a glob such as `docs/**/*.md`";

/// One glob, as in [`Globs`]. It is compiled for the first path that its literal parts don't rule out.
pub struct LazyGlob<'p> {
    relative: &'p str,
    /// `None` if it is invalid.
    set: OnceLock<Option<GlobSet>>,
}

const WILDCARDS: [char; 7] = ['*', '?', '[', ']', '{', '}', '\\'];

impl<'p> LazyGlob<'p> {
    /// Reads a pattern, which may turn out to be invalid.
    ///
    /// # Errors
    /// Why it can't be a path below the root.
    pub fn new(pattern: &'p str) -> Result<LazyGlob<'p>, String> {
        Ok(LazyGlob { relative: relative_to_root(pattern)?, set: OnceLock::new() })
    }

    /// As [`LazyGlob::new`].
    ///
    /// # Errors
    /// Why the pattern is invalid.
    pub fn parse(pattern: &'p str) -> Result<LazyGlob<'p>, String> {
        let glob = LazyGlob::new(pattern)?;
        if glob.is_literal() {
            return Ok(glob);
        }
        let set = build_set(compile(glob.relative)?.iter()).map_err(|_| "nested too deeply".to_owned())?;
        Ok(LazyGlob { set: Some(set).into(), ..glob })
    }

    /// Returns true for the path of a file or folder.
    pub fn is_literal(&self) -> bool {
        !self.relative.contains(WILDCARDS)
    }

    /// Returns what each path that matches begins with: all of a literal.
    pub fn literal(&self) -> &'p str {
        self.relative.split(WILDCARDS).next().unwrap_or_default()
    }

    /// Returns false if the pattern is invalid.
    pub fn matches(&self, path: &str) -> bool {
        let Some(rest) = path.strip_prefix(self.literal()) else { return false };
        if self.is_literal() {
            return rest.is_empty() || rest.starts_with('/');
        }
        let compile = || build_set(compile(self.relative).ok()?.iter()).ok();
        self.may_end(path) && self.set.get_or_init(compile).as_ref().is_some_and(|set| set.is_match(path))
    }

    /// Returns true if the path, or a folder that contains it, ends like the pattern.
    fn may_end(&self, path: &str) -> bool {
        // `**/a` matches `a`.
        let end = self.relative.rsplit(WILDCARDS).next().unwrap_or_default().trim_start_matches('/');
        let ends_name = |at: usize| path[at..].is_empty() || path[at..].starts_with('/');
        end.is_empty() || path.match_indices(end).any(|(at, _)| ends_name(at + end.len()))
    }
}

/// Returns the pattern for all files in a folder, as YAML; `None` if the folder's name has characters of a pattern.
pub fn pattern_of_folder(folder: &str) -> Option<String> {
    let pattern = if folder.is_empty() { "**".to_owned() } else { format!("{folder}/**") };
    (!folder.contains(WILDCARDS)).then(|| quoted_pattern(&pattern))
}

/// Returns a pattern as YAML, with quotes where they are needed.
pub fn quoted_pattern(pattern: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-*".contains(c);
    if pattern.starts_with(char::is_alphanumeric) && pattern.chars().all(is_plain) {
        pattern.to_owned()
    } else {
        serde_json::Value::from(pattern).to_string()
    }
}

fn build_set<'a>(globs: impl Iterator<Item = &'a Glob>) -> Result<GlobSet, globset::Error> {
    let mut builder = GlobSetBuilder::new();
    for glob in globs {
        builder.add(glob.clone());
    }
    builder.build()
}

pub(super) fn one_or_more(node: &Node) -> &[Node] {
    node.as_sequence().unwrap_or(std::slice::from_ref(node))
}

/// One for the file of this name, one for all files in the folder.
const GLOBS_OF_PATTERN: usize = 2;

fn compile(pattern: &str) -> Result<[Glob; GLOBS_OF_PATTERN], String> {
    let relative = relative_to_root(pattern)?;
    let glob = |pattern: &str| {
        let glob = GlobBuilder::new(pattern)
            .literal_separator(true)
            .backslash_escape(true)
            .empty_alternates(true)
            .build();
        glob.map_err(|error| error.kind().to_string().split(';').next().unwrap_or_default().to_owned())
    };
    Ok([glob(relative)?, glob(&format!("{relative}/**"))?])
}

/// Returns a glob as a path from the root of the repository.
///
/// # Errors
/// It is negated, leads out of the repository, matches nothing, or is too long.
pub fn relative_to_root(pattern: &str) -> Result<&str, String> {
    if pattern.len() > limits::GLOB_BYTES {
        return Err(format!("longer than {} bytes", limits::GLOB_BYTES));
    }
    if pattern.starts_with('!') {
        return Err("negation is not supported".to_owned());
    }
    let relative = pattern.trim_start_matches("./").trim_start_matches('/').trim_end_matches('/');
    if relative.split('/').any(|part| part == "..") {
        return Err("outside of the repository".to_owned());
    }
    if relative.is_empty() || relative == "." {
        return Err("expected `**` for the whole repository".to_owned());
    }
    Ok(relative)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lazy_glob_matches_what_the_compiled_one_matches() {
        let patterns = [
            "src",
            "src/a",
            "src/a.py",
            "./src/",
            "/src",
            "src/*",
            "src/**",
            "src/**/a",
            "**/a.py",
            "**/*.py",
            "*.py",
            "**",
            "*",
            "src/{a,b}",
            "src/{a,b}.py",
            "s?c",
            "[a-s]rc/a",
            "src/[ab].py",
            "**/src/a/**",
            "a//b",
            "src/a\\*",
            "é/*é",
            "**/a",
        ];
        let paths = [
            "",
            "src",
            "src/a",
            "src/a.py",
            "src/a/b",
            "src/a/b.py",
            "src/b/a",
            "src/b/c/a/x",
            "source",
            "a",
            "a.py",
            "a.pyc",
            "b/a.py",
            "a/b",
            "x/src/a/b.py",
            "src/a*",
            "é/ué",
            "aé",
            "aa",
            "src/a.py/x",
        ];
        for pattern in patterns {
            let (lazy, compiled) =
                (LazyGlob::new(pattern).expect("a glob"), Globs::parse(pattern).expect("a glob"));
            let strict = LazyGlob::parse(pattern).expect("a glob");
            for path in paths {
                assert_eq!(lazy.matches(path), compiled.matches(path), "{pattern} {path}");
                assert_eq!(strict.matches(path), compiled.matches(path), "{pattern} {path}");
            }
        }
    }

    #[test]
    fn an_invalid_lazy_glob_matches_nothing() {
        for pattern in ["src/[", "src/{a", "a\\"] {
            assert!(LazyGlob::parse(pattern).is_err());
            assert!(!LazyGlob::new(pattern).expect("not compiled").matches("src/["), "{pattern}");
        }
        assert!(LazyGlob::new("../a").is_err() && LazyGlob::new("!a").is_err());
    }
}
