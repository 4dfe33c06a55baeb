//! The files of profiles: what each is called, and which built-in one it extends.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::embedded;
use crate::finding::Fault;
use crate::lazy::get_or_compute;
use crate::node::{Entry, Key, Mapping, Node};
use crate::schema;
use crate::syntax::{self, Document, Format};
use crate::text::{Source, Span, kebab};

/// The profiles of the program. Each is parsed once, also if others extend it.
pub(super) struct BuiltInProfiles<'a>(HashMap<&'a str, BuiltInProfile<'a>>);

struct BuiltInProfile<'a> {
    source: &'a Arc<Source>,
    document: OnceLock<Document>,
    /// With that of its `base` below it; `None` if it is empty, or the base is unknown.
    extended: OnceLock<Option<Node>>,
}

/// The longest chain of profiles that extend each other.
const MAX_BASES: usize = 4;

impl<'a> BuiltInProfiles<'a> {
    pub(super) fn new(sources: &'a [Arc<Source>]) -> BuiltInProfiles<'a> {
        let profile =
            |source| BuiltInProfile { source, document: OnceLock::new(), extended: OnceLock::new() };
        // Of two with one name, the first one is the base of others.
        let profiles = sources.iter().rev().map(|source| (file_name(source), profile(source)));
        BuiltInProfiles(profiles.collect())
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        let mut names: Vec<&str> = self.0.keys().copied().collect();
        names.sort_unstable();
        names.into_iter()
    }

    /// Returns the parsed file of one of these profiles, with spans in its JSON.
    pub(super) fn document(&self, source: &Source) -> Option<&Document> {
        let profile = self.0.get(file_name(source))?;
        (profile.source.path() == source.path()).then(|| profile.document())
    }

    /// Returns a profile with that of its `base` below it; `None` if it has no `base`.
    ///
    /// # Errors
    /// No built-in profile has the name of the base.
    pub(super) fn extended(&self, source: &Arc<Source>, root: &Node) -> Result<Option<Node>, Fault> {
        root.extending(|name| self.base_named(name, MAX_BASES).cloned()).map_err(|base| {
            let name = base.as_text().unwrap_or_default();
            let fault = Fault::new(format!("unknown base `{name}`: no built-in profile has this name"));
            with_suggestion(fault, schema::nearest(name, self.names())).at(source, base.span)
        })
    }

    fn base_named(&self, name: &str, bases: usize) -> Option<&Node> {
        let profile = self.0.get(name)?;
        let extended = get_or_compute(&profile.extended, || {
            let root = profile.document().roots.first()?;
            let further = bases.checked_sub(1)?;
            let merged = root.extending(|name| self.base_named(name, further).cloned()).ok()?;
            Some(merged.unwrap_or_else(|| root.clone()))
        });
        extended.as_ref()
    }
}

impl BuiltInProfile<'_> {
    fn document(&self) -> &Document {
        get_or_compute(&self.document, || match embedded::as_json(self.source.path()) {
            Some(json) => syntax::parse(Arc::new(Source::embedded(self.source.path(), json)), Format::Json),
            None => syntax::parse(self.source.clone(), Format::Yaml),
        })
    }
}

pub(super) fn has_base(source: &Source) -> bool {
    source.text().lines().any(|line| line.starts_with("base:"))
}

pub(super) fn file_name(source: &Source) -> &str {
    let name = source.path().rsplit('/').next().unwrap_or_default();
    name.split('.').next().unwrap_or_default()
}

/// The fault of a file with capitals or spaces in its name, which is that of the profile.
pub(super) fn misnamed_file(source: &Arc<Source>) -> Option<Fault> {
    let (name, right) = (file_name(source), kebab(file_name(source)));
    (*name != *right).then(|| {
        let message = format!("a profile is called like its file, in lower case: `{right}`, not `{name}`");
        let help = format!("rename the file to `{right}.yaml`");
        Fault::new(message).help(help).at(source, source.line_span(source.bom_len()))
    })
}

/// The name of a profile that states none.
pub(super) fn named_after_file(source: &Source, root: &Node) -> Node {
    let at = Span::at(root.span.start as usize);
    let key = Key { name: "name".into(), span: at };
    Node::mapping(root.span, Mapping::new(vec![Entry { key, value: Node::text(at, file_name(source)) }]))
}

pub(super) fn with_suggestion(fault: Fault, nearest: Option<&str>) -> Fault {
    nearest.map(schema::did_you_mean).into_iter().fold(fault, Fault::help)
}
