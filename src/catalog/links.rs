//! Checks links between files as GitHub resolves them: relative ones, those from the root to pages, and anchors of pages that were read.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::{Arc, LazyLock};

use ahash::HashMap;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::embedded;
use crate::record::Record;
use crate::snapshot::{Snapshot, is_within};
use crate::syntax::markdown::{Link, percent_decoded};
use crate::syntax::{Document, Format};
use crate::text::{Span, file_name, folder_of};

use super::anchors::Anchors;
use super::paths::{path_of, resolve};
use super::{Catalog, SourceFile};

#[derive(Debug)]
pub struct CheckedLink<'c> {
    pub link: &'c Link,
    pub form: LinkForm,
    pub broken: Option<BrokenReason>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokenReason {
    NoSuchFile,
    NoSuchHeading,
    /// The path has so many `..` that it leaves the repository, and leads to a file without those.
    OutsideRepository,
}

impl BrokenReason {
    pub fn name(self) -> &'static str {
        match self {
            BrokenReason::NoSuchFile => "file",
            BrokenReason::NoSuchHeading => "heading",
            BrokenReason::OutsideRepository => "outside",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkForm {
    Relative,
    /// Relative to the root of the repository or site.
    Root,
    /// An address with `//`.
    Web,
    /// Another address such as `mailto:a@b`, or a placeholder.
    Other,
}

impl LinkForm {
    pub(super) fn of(destination: &str) -> LinkForm {
        // `@site/…` and `~/…` are folders of sites, the others are placeholders and code.
        const SIGNS: [char; 8] = ['{', '<', '$', '…', '*', '[', '@', '~'];
        let path = path_of(destination);
        let scheme = destination.split_once(':').is_some_and(|(scheme, _)| {
            let is_of_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
            !scheme.is_empty() && scheme.chars().all(is_of_scheme)
        });
        if destination.starts_with("//") || path.contains("://") {
            LinkForm::Web
        } else if destination.is_empty() || scheme || path.contains(SIGNS) {
            LinkForm::Other
        } else if destination.starts_with('/') {
            LinkForm::Root
        } else {
            LinkForm::Relative
        }
    }
}

impl CheckedLink<'_> {
    /// Returns the path from the root to which it leads; `None` for an address, on its own page or out of the repository.
    pub fn target(&self, file: &SourceFile) -> Option<String> {
        target_of(file.path(), &self.link.destination)
    }

    /// Returns the words to correct: the destination where it is written.
    pub fn mistaken_span(&self) -> Span {
        self.link.definition.unwrap_or(self.link.destination_span)
    }
}

impl Catalog {
    /// Returns true if a link to a path has the same result in both states.
    pub fn same_link_target(&self, other: &Catalog, path: &str) -> bool {
        // A file that says what is ignored, or that there is a site, is about all links.
        if Snapshot::is_ignore_file(path) || shows_site(path) {
            return false;
        }
        let anchors = |catalog: &Catalog| {
            let page = catalog.file_at(path).filter(|file| file.document.markdown.is_some());
            page.map(|page| Anchors::of(page).all)
        };
        self.snapshot.has(path) == other.snapshot.has(path) && anchors(self) == anchors(other)
    }

    /// Returns the links of a page that lead to the file at a path, or to the folder there or into it.
    pub fn links_to<'p>(page: &'p Document, path: &'p str) -> impl Iterator<Item = &'p Link> {
        let target = |link: &Link| relative_target_of(page.source.path(), &link.destination);
        let links = page.markdown.iter().flat_map(|markdown| &markdown.links);
        links.filter(move |link| target(link).is_some_and(|target| is_within(&target, path)))
    }

    /// Returns the only record in the file to which a link of the page `from` leads.
    pub fn record_at_link(&self, from: &str, link: &Link) -> Option<&Record> {
        let number = self.names().at_path(&relative_target_of(from, &link.destination)?)?;
        Some(self.record(number))
    }

    /// Returns true if the destination of a link from a file is a page of records, or a page in a folder with several of them.
    pub fn leads_among_records(&self, file: &SourceFile, destination: &str) -> bool {
        const SEVERAL: usize = 3;
        const MOST_COMPARED: usize = 100;
        let target = relative_target_of(file.path(), destination);
        let Some(target) = target.filter(|path| Format::is_page_path(path)) else { return false };
        if self.file_at(&target).is_some_and(|page| !page.records.is_empty()) {
            return true;
        }
        let folder = folder_of(&target);
        let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let after = self.files.partition_point(|other| **other.path() < *start);
        let within = self.files[after..].iter().take_while(|other| other.path().starts_with(&start));
        let beside = within.take(MOST_COMPARED).filter(|other| folder_of(other.path()) == folder);
        beside.filter(|other| !other.records.is_empty()).take(SEVERAL).count() == SEVERAL
    }

    /// Returns the files with a link that may lead to one of these paths or to a folder that contains one.
    pub fn files_linking_to(&self, paths: &BTreeSet<Arc<str>>) -> Vec<Arc<str>> {
        let is_target = |target: &str| {
            let first = |start: &str| {
                let mut from = paths.range::<str, _>((Bound::Included(start), Bound::Unbounded));
                from.next().is_some_and(|path| path.starts_with(start))
            };
            paths.contains(target) || first(&format!("{target}/")) || first(&format!("{target}."))
        };
        let concerns_all = paths.iter().any(|path| Snapshot::is_ignore_file(path) || shows_site(path));
        // A path from the root may be one from that of a site; one out of the repository may be meant within it.
        let ends_one = |target: &str| paths.iter().any(|path| path.ends_with(&format!("/{target}")));
        let is_affected = |file: &SourceFile, link: &Link| {
            let path = path_of(&link.destination);
            let inside =
                || path.strip_prefix("..").map(|_| percent_decoded(path.trim_start_matches("../")).into());
            let target: Option<String> = target_of(file.path(), &link.destination).or_else(inside);
            target.is_some_and(|target| {
                concerns_all || is_target(&target) || path.starts_with('/') && ends_one(&target)
            })
        };
        let has_link = |file: &&SourceFile| {
            let mut links = file.document.markdown.iter().flat_map(|markdown| &markdown.links);
            links.any(|link| is_affected(file, link))
        };
        if paths.is_empty() {
            return Vec::new();
        }
        self.files.iter().filter(has_link).map(|file| file.path().clone()).collect()
    }

    pub fn links<'s>(&'s self, file: &'s SourceFile) -> Vec<CheckedLink<'s>> {
        let format = self.records_of(file).iter().find_map(|record| record.format.as_ref());
        let check = |link: &'s Link| {
            let form = LinkForm::of(&link.destination);
            let is_elsewhere = format.is_some_and(|it| it.is_elsewhere(path_of(&link.destination)));
            let broken = if is_elsewhere { None } else { self.broken_reason(file, link, form) };
            CheckedLink { link, form, broken }
        };
        file.document.markdown.iter().flat_map(|markdown| &markdown.links).map(check).collect()
    }

    fn broken_reason(&self, file: &SourceFile, link: &Link, form: LinkForm) -> Option<BrokenReason> {
        let path = path_of(&link.destination);
        if link.is_undefined() || !matches!(form, LinkForm::Relative | LinkForm::Root) {
            return None;
        }
        if path.is_empty() {
            return self.lacks_heading(file, &link.destination);
        }
        let Some(target) = target_of(file.path(), &link.destination) else {
            return self.inside_target(path).map(|_| BrokenReason::OutsideRepository);
        };
        let is_markdown = file.document.format == Format::Markdown;
        if self.snapshot.has(&target) || is_markdown && self.snapshot.has(&as_page(&target)) {
            return self.lacks_heading(self.page_at(&target)?, &link.destination);
        }
        let is_page = Format::is_page_path(path);
        let is_checked = match form {
            LinkForm::Root => is_page && !self.is_site() && self.is_from_root(&target),
            // A site may have any other path.
            _ if self.is_site() => is_page,
            // In other markups, a name without an ending may be an anchor.
            _ => match file_name(path).rsplit_once('.') {
                Some((_, ending)) => !["htm", "html"].contains(&ending),
                None => is_markdown,
            },
        };
        (is_checked && !self.snapshot.ignores(&target)).then_some(BrokenReason::NoSuchFile)
    }

    /// Returns the page at a path, which may lack its ending.
    pub(super) fn page_at(&self, target: &str) -> Option<&SourceFile> {
        self.file_at(target).or_else(|| self.file_at(&as_page(target)))
    }

    fn lacks_heading(&self, page: &SourceFile, destination: &str) -> Option<BrokenReason> {
        page.document.markdown.as_ref()?;
        let wanted = percent_decoded(destination.split_once('#')?.1).to_lowercase();
        let anchors = Anchors::in_file(self, page)?;
        let is_there =
            anchors.has(&wanted) || is_generated(&wanted) || self.is_site() && anchors.has_letters(&wanted);
        (!is_there).then_some(BrokenReason::NoSuchHeading)
    }

    /// Returns the file to which a path leads without the `..` at its beginning, in a whole repository without a site.
    pub(super) fn inside_target<'p>(&self, path: &'p str) -> Option<Cow<'p, str>> {
        let inside = percent_decoded(path.trim_start_matches("../"));
        let is_whole = self.snapshot.folder().is_empty() && self.snapshot.is_in_git() && !self.is_site();
        (is_whole && inside.contains('/') && self.snapshot.get(&inside).is_some()).then_some(inside)
    }

    /// Returns true if a path can only be one from the root of the repository, and not from that of a site in a folder.
    fn is_from_root(&self, target: &str) -> bool {
        let tail = format!("/{target}");
        target.split_once('/').is_some_and(|(first, _)| self.snapshot.has(first))
            && !self.files_named(target).iter().any(|path| path.ends_with(&tail))
    }

    /// Returns the path of the page that a path without an ending may mean.
    pub(super) fn with_ending(&self, target: &str) -> Option<String> {
        const ENDINGS: [&str; 4] = ["md", "rst", "adoc", "markdown"];
        let mut pages = ENDINGS.iter().map(|ending| format!("{target}.{ending}"));
        pages.find(|page| self.snapshot.get(page).is_some())
    }
}

/// Returns the path to which a link leads, unless it is on the same page, an address or outside of the repository.
pub(super) fn target_of(from: &str, destination: &str) -> Option<String> {
    match LinkForm::of(destination) {
        LinkForm::Root => Some(percent_decoded(path_of(destination).trim_start_matches('/')).into_owned()),
        _ => relative_target_of(from, destination),
    }
}

fn relative_target_of(from: &str, destination: &str) -> Option<String> {
    let path = path_of(destination);
    let is_relative = !path.is_empty() && LinkForm::of(destination) == LinkForm::Relative;
    is_relative.then(|| resolve(from, &percent_decoded(path)))?
}

/// Returns the path of the page that a path without an ending names.
fn as_page(target: &str) -> String {
    format!("{target}.md")
}

/// Returns true for a file which shows that pages are read elsewhere: on a site, or on another host.
pub(super) fn shows_site(path: &str) -> bool {
    static SITES: LazyLock<GlobSet> = LazyLock::new(|| {
        let sites: HashMap<String, Vec<String>> = embedded::read("schemas/sites.yaml");
        let glob = |text: &String| GlobBuilder::new(text).literal_separator(true).build().ok();
        let mut set = GlobSetBuilder::new();
        for glob in sites.values().flatten().filter_map(glob) {
            set.add(glob);
        }
        set.build().unwrap_or_default()
    });
    SITES.is_match(path)
}

/// Returns true for an anchor that no heading has: a line, a note, a tab, an issue, a text to search for, or the `readme` of GitHub.
fn is_generated(anchor: &str) -> bool {
    let is_line = |rest: &str| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.chars().all(|c| c.is_ascii_digit() || "lc-".contains(c))
    };
    let is_note = |rest: &str| {
        let rest = rest.strip_prefix("ref").unwrap_or(rest);
        rest.trim_start_matches([':', '-', '_']).chars().all(|c| c.is_ascii_digit())
    };
    matches!(anchor, "top" | "readme")
        || anchor.starts_with("user-content-")
        || anchor.starts_with("__")
        || anchor.strip_prefix('l').is_some_and(is_line)
        || anchor.strip_prefix("fn").is_some_and(is_note)
        || anchor.contains([':', '/', '='])
        || anchor.chars().all(|c| c.is_ascii_digit() || !c.is_alphanumeric())
}
