//! The practices that the community of a format demands, each with the page that demands it.

use std::sync::Arc;

use super::globs::PathGlobs;
use crate::finding::Fault;
use crate::schema::name_help;
use crate::text::{Source, Span};

/// The practice of using no status but those of the format.
pub const STATUS_WORDS: &str = "status-words";

/// A practice that records of a format are held to.
#[derive(Debug)]
pub struct DeclaredPractice {
    pub name: Box<str>,
    /// The pages of the community that demand it: templates, or descriptions of the process.
    pub sources: Vec<Box<str>>,
    /// The patterns of the files that it is for; empty for all of the format.
    pub patterns: Vec<Box<str>>,
    pub(super) files: PathGlobs,
    pub(super) place: (Arc<Source>, Span),
}

impl DeclaredPractice {
    pub(super) fn is_for(&self, path: &str) -> bool {
        self.patterns.is_empty() || self.files.is_match(path)
    }

    pub(super) fn unknown(&self, names: &[&str]) -> Fault {
        let fault = Fault::new(format!("unknown practice `{}`", self.name)).at(&self.place.0, self.place.1);
        fault.help(name_help(&self.name, names))
    }
}
