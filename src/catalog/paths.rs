//! Paths: how those in links resolve and are written, the files of one name, and those that records govern.

use std::sync::Arc;

use ahash::{HashMap, HashMapExt};

use super::Catalog;
use crate::config::LazyGlob;
use crate::node::Node;
use crate::record::Record;
use crate::snapshot::OpaqueEntry;
use crate::text::file_name;

const MAX_NAMESAKES: usize = 100;

impl Catalog {
    /// Returns the files with the name of a path, in any case of its letters.
    pub(super) fn files_named(&self, path: &str) -> &[Arc<str>] {
        let by_name = self.lazy.suggestions.files_by_name.get_or_init(|| {
            let mut by_name: HashMap<Box<str>, Vec<Arc<str>>> = HashMap::new();
            for file in self.snapshot.files() {
                let name = file_name(&file.path).to_lowercase().into();
                by_name.entry(name).or_default().push(file.path.clone());
            }
            by_name
        });
        let files = by_name.get(&*file_name(path).to_lowercase()).map_or(&[][..], Vec::as_slice);
        &files[..files.len().min(MAX_NAMESAKES)]
    }

    /// Returns true if a pattern matches a file, or may match one that is not read: in a submodule, behind a link, or left out by a sparse checkout.
    pub fn has_path(&self, glob: &LazyGlob) -> bool {
        let literal = glob.literal();
        let may_hold = |entry: &OpaqueEntry| {
            let inside = format!("{}/", entry.path);
            glob.matches(&entry.path) || literal.starts_with(&inside) || inside.starts_with(literal)
        };
        let files = self.snapshot.files();
        let start = files.partition_point(|file| *file.path < *literal);
        let mut alike = files[start..].iter().take_while(|file| file.path.starts_with(literal));
        alike.any(|file| glob.matches(&file.path)) || self.snapshot.opaque_entries().iter().any(may_hold)
    }

    /// Returns the patterns of the paths that a record governs; some may be invalid, as the schema reports.
    pub fn governed_by<'r>(&self, record: &'r Record) -> impl Iterator<Item = &'r str> {
        let field = record.kind.governs.as_deref().and_then(|field| record.field(field));
        field.into_iter().flat_map(Node::items).filter_map(Node::as_text)
    }
}

/// Returns the part of a destination before its query and anchor.
pub(super) fn path_of(destination: &str) -> &str {
    destination.split(['#', '?']).next().unwrap_or(destination)
}

/// Resolves a relative path in the file `from`; `None` if it leaves the repository.
pub(super) fn resolve(from: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

pub fn relative_to(from: &str, path: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    let shared = from[..from.len() - 1].iter().zip(&path).take_while(|(a, b)| a == b).count();
    let shared = shared.min(path.len() - 1);
    let up = std::iter::repeat_n("..", from.len() - 1 - shared);
    up.chain(path[shared..].iter().copied()).collect::<Vec<_>>().join("/")
}

/// The most digits of a number; more are a date, or no number at all.
pub(super) const MAX_DIGITS: usize = 6;

/// Returns the number after the letters with which a name begins, without zeros before it, and the rest: `8` of `RFC 8`.
pub(super) fn number_in(name: &str) -> Option<(&str, &str)> {
    let is_before = |c: char| c.is_ascii_alphabetic() || matches!(c, '-' | '_' | ' ' | '#');
    let number = name.trim().trim_start_matches(is_before);
    let rest = number.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &number[..number.len() - rest.len()];
    let plain = digits.trim_start_matches('0');
    (digits.len() <= MAX_DIGITS && !plain.is_empty()).then_some((plain, rest))
}

pub(super) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Returns the first of several if there is no other.
pub(super) fn only<T>(mut found: impl Iterator<Item = T>) -> Option<T> {
    found.next().filter(|_| found.next().is_none())
}
