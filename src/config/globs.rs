//! Globs over paths relative to the repository's root.

use std::fmt;
use std::sync::OnceLock;

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use crate::limits;
use crate::text::Span;

/// Glob patterns. `*` and `?` don't match `/`, `**` does; `{a,b}` and `[0-9]` are alternatives. A folder that matches is meant with all in it.
#[derive(Clone, Debug, Default)]
pub struct Globs {
    globs: Vec<LazyGlob>,
    patterns: Vec<(Box<str>, Span)>,
}

impl Globs {
    pub fn matches(&self, path: &str) -> bool {
        self.globs.iter().any(|glob| glob.matches(path))
    }

    pub fn patterns(&self) -> &[(Box<str>, Span)] {
        &self.patterns
    }

    pub(super) fn unmatched<'p>(
        &self,
        paths: &(impl Iterator<Item = &'p str> + Clone),
    ) -> impl Iterator<Item = &(Box<str>, Span)> {
        let is_unmatched = |glob: &LazyGlob| !paths.clone().any(|path| glob.matches(path));
        self.globs.iter().zip(&self.patterns).filter(move |(glob, _)| is_unmatched(glob)).map(|(_, it)| it)
    }

    pub fn listed(&self) -> String {
        let quoted: Vec<String> = self.patterns.iter().map(|(pattern, _)| format!("`{pattern}`")).collect();
        quoted.join(", ")
    }

    pub fn add(&mut self, pattern: &str, span: Span) -> Result<(), String> {
        self.globs.push(LazyGlob::parse(pattern)?);
        self.patterns.push((pattern.into(), span));
        Ok(())
    }

    /// Returns the length of the longest beginning of a pattern without wildcards that the path begins with.
    pub fn specificity(&self, path: &str) -> usize {
        let literals = self.globs.iter().map(LazyGlob::literal);
        literals.filter(|literal| path.starts_with(literal)).map(str::len).max().unwrap_or_default()
    }
}

pub const GLOB_HELP: &str = "write a path below the root of the repository, or a glob such as `docs/**/*.md`";

/// One glob, as in [`Globs`]. It is compiled for the first path that its literal parts don't rule out.
#[derive(Clone)]
pub struct LazyGlob {
    relative: Box<str>,
    /// `None` if it is invalid.
    set: OnceLock<Option<GlobSet>>,
}

const WILDCARDS: [char; 7] = ['*', '?', '[', ']', '{', '}', '\\'];

impl LazyGlob {
    /// Reads a pattern, which may turn out to be invalid.
    pub fn new(pattern: &str) -> Result<LazyGlob, String> {
        Ok(LazyGlob { relative: relative_to_root(pattern)?.into(), set: OnceLock::new() })
    }

    /// Reads a pattern, which is compiled at once.
    pub fn parse(pattern: &str) -> Result<LazyGlob, String> {
        let glob = LazyGlob::new(pattern)?;
        if glob.is_literal() {
            return Ok(glob);
        }
        let set = compile(&glob.relative)?;
        Ok(LazyGlob { set: Some(set).into(), ..glob })
    }

    fn is_literal(&self) -> bool {
        !self.relative.contains(WILDCARDS)
    }

    /// Returns what each path that matches begins with: all of a literal.
    pub fn literal(&self) -> &str {
        self.relative.split(WILDCARDS).next().unwrap_or_default()
    }

    /// Returns false if the pattern is invalid.
    pub fn matches(&self, path: &str) -> bool {
        let Some(rest) = path.strip_prefix(self.literal()) else { return false };
        if self.is_literal() {
            return rest.is_empty() || rest.starts_with('/');
        }
        let set = || self.set.get_or_init(|| compile(&self.relative).ok()).as_ref();
        self.may_end(path) && set().is_some_and(|set| set.is_match(path))
    }

    /// Returns true if the path, or a folder that contains it, ends like the pattern.
    fn may_end(&self, path: &str) -> bool {
        // `**/a` matches `a`.
        let end = self.relative.rsplit(WILDCARDS).next().unwrap_or_default().trim_start_matches('/');
        let ends_name = |at: usize| path[at..].is_empty() || path[at..].starts_with('/');
        end.is_empty() || path.match_indices(end).any(|(at, _)| ends_name(at + end.len()))
    }
}

impl fmt::Debug for LazyGlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.relative, f)
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

/// Compiles a relative pattern, for the file of this name and for all files in the folder.
fn compile(relative: &str) -> Result<GlobSet, String> {
    let glob = |pattern: &str| -> Result<Glob, String> {
        let mut glob = GlobBuilder::new(pattern);
        let glob = glob.literal_separator(true).backslash_escape(true).empty_alternates(true).build();
        glob.map_err(|error| error.kind().to_string().split(';').next().unwrap_or_default().to_owned())
    };
    let mut set = GlobSetBuilder::new();
    set.add(glob(relative)?).add(glob(&format!("{relative}/**"))?);
    // Routers name folders `[id]` and `{id}`.
    let brackets = ['[', ']', '{', '}'];
    if relative.contains(brackets) && !relative.contains('\\') {
        let escape = |c: char| if brackets.contains(&c) { format!("\\{c}") } else { c.to_string() };
        let name: String = relative.chars().map(escape).collect();
        set.add(glob(&name)?).add(glob(&format!("{name}/**"))?);
    }
    let set = set.build();
    set.map_err(|_| "nested too deeply".to_owned())
}

/// Returns a glob as a path from the root of the repository, or why it is none.
fn relative_to_root(pattern: &str) -> Result<&str, String> {
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
