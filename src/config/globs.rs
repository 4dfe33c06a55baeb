//! Globs over paths relative to the repository's root.

use std::sync::Arc;

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use crate::finding::Fault;
use crate::node::Node;
use crate::text::{Source, Span};

/// Longer patterns are refused, in bytes: matching nests as deeply as their braces do.
const LONGEST: usize = 1024;

/// The files that a list of patterns names. `*` and `?` stay within a folder, `**` crosses folders,
/// `{a,b}` and `[0-9]` are alternatives. A pattern that names a folder means everything in it.
#[derive(Clone, Debug, Default)]
pub struct Globs {
    set: GlobSet,
    patterns: Vec<(Box<str>, Span)>,
}

impl Globs {
    pub fn matches(&self, path: &str) -> bool {
        !self.patterns.is_empty() && self.set.is_match(path)
    }

    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Each pattern as written, and its place in the configuration.
    pub fn patterns(&self) -> &[(Box<str>, Span)] {
        &self.patterns
    }

    /// Reads a pattern, or a list of them. What is wrong with one goes to `faults`.
    pub(super) fn read(source: &Arc<Source>, node: &Node, faults: &mut Vec<Fault>) -> Globs {
        let mut globs = Globs::default();
        let mut compiled = Vec::new();
        let mut refuse = |pattern: &str, span: Span, reason: &str| {
            let start: String = pattern.chars().take(60).collect();
            let message = format!("`{start}` is no pattern for paths: {reason}");
            faults.push(Fault::new(message).at(source, span));
        };
        for item in one_or_more(node) {
            let Some(pattern) = item.as_text() else { continue };
            match compile(pattern) {
                Ok(pair) => {
                    globs.patterns.push((pattern.into(), item.span));
                    compiled.push(pair);
                }
                Err(reason) => refuse(pattern, item.span, &reason),
            }
        }
        match set(compiled.iter().flatten()) {
            Ok(set) => globs.set = set,
            Err(error) => {
                // The set does not say which pattern is too much for it.
                let each = globs.patterns.iter().zip(&compiled);
                let culprit = each.into_iter().find(|(_, pair)| set(pair.iter()).is_err());
                match culprit {
                    Some(((pattern, span), _)) => refuse(pattern, *span, "it nests too deeply"),
                    None => refuse("…", node.span, &error.kind().to_string()),
                }
            }
        }
        globs
    }
}

fn set<'a>(globs: impl Iterator<Item = &'a Glob>) -> Result<GlobSet, globset::Error> {
    let mut builder = GlobSetBuilder::new();
    for glob in globs {
        builder.add(glob.clone());
    }
    builder.build()
}

/// The items of a list, or the node itself where it is no list.
pub(super) fn one_or_more(node: &Node) -> &[Node] {
    node.as_sequence().unwrap_or(std::slice::from_ref(node))
}

/// The pattern itself, and everything below a folder that it names.
fn compile(pattern: &str) -> Result<[Glob; 2], String> {
    let relative = within_root(pattern)?;
    let glob = |pattern: &str| {
        let glob = GlobBuilder::new(pattern).literal_separator(true).backslash_escape(true).build();
        glob.map_err(|error| error.kind().to_string())
    };
    Ok([glob(relative)?, glob(&format!("{relative}/**"))?])
}

/// The pattern without the `./` or `/` at its start and the `/` at its end, which say nothing more.
fn within_root(pattern: &str) -> Result<&str, String> {
    if pattern.len() > LONGEST {
        return Err(format!("it is longer than {LONGEST} bytes"));
    }
    if pattern.starts_with('!') {
        return Err("it can't be negated".to_owned());
    }
    let relative = pattern.trim_start_matches("./").trim_start_matches('/').trim_end_matches('/');
    if relative.split('/').any(|part| part == "..") {
        return Err("it leads out of the repository".to_owned());
    }
    if relative.is_empty() || relative == "." {
        return Err("the whole repository is `**`".to_owned());
    }
    Ok(relative)
}
