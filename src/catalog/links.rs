//! Checks links between files as GitHub resolves them: relative links, and anchors of pages that were read.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::Arc;

use rayon::prelude::*;

use crate::record::Record;
use crate::schema::nearby_candidates;
use crate::snapshot::{Snapshot, is_within};
use crate::syntax::markdown::{Link, percent_decoded, percent_encoded, slug};
use crate::syntax::{Document, Format};
use crate::text::Span;

use super::anchors::{Anchors, is_one_edit};
use super::near_files::{files_named, suggest_path};
use super::{Catalog, SourceFile, contents, link_slips, moved, own_address, sites};

/// A link, and why it is broken; only relative ones are checked, and those from the root of the repository to pages.
#[derive(Debug)]
pub struct CheckedLink<'c> {
    pub link: &'c Link,
    pub form: LinkForm,
    pub broken: Option<BrokenLink>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkForm {
    /// Relative to the page.
    Relative,
    /// Relative to the root of the repository or site.
    Root,
    /// An address with `//`.
    Web,
    /// Another address such as `mailto:a@b`, or a placeholder.
    Other,
}

impl LinkForm {
    pub fn name(self) -> &'static str {
        match self {
            LinkForm::Relative => "relative",
            LinkForm::Root => "root",
            LinkForm::Web => "web",
            LinkForm::Other => "other",
        }
    }

    pub(super) fn of(destination: &str) -> LinkForm {
        let path = destination.split(['?', '#']).next().unwrap_or_default();
        if is_checked(destination) {
            LinkForm::Relative
        } else if destination.starts_with("//") || path.contains("://") {
            LinkForm::Web
        } else if destination.starts_with('/') {
            LinkForm::Root
        } else {
            LinkForm::Other
        }
    }
}

/// The place of a link, and that of its destination.
#[derive(Clone, Copy, Debug)]
pub struct LinkSpans {
    pub span: Span,
    pub destination: Span,
}

#[derive(Debug, PartialEq)]
pub struct BrokenLink {
    pub reason: Cow<'static, str>,
    /// The corrected destination.
    pub suggestion: Option<String>,
}

impl CheckedLink<'_> {
    /// Returns the path from the root to which it leads; `None` for an address, on its own page or out of the repository.
    pub fn target(&self, file: &SourceFile) -> Option<String> {
        let path = path_of(&self.link.destination);
        match self.form {
            _ if path.is_empty() => None,
            LinkForm::Relative => resolve(file.path(), &percent_decoded(path)),
            LinkForm::Root => Some(percent_decoded(path.trim_start_matches('/')).into_owned()),
            LinkForm::Web | LinkForm::Other => None,
        }
    }

    /// Returns the words to correct: the destination where it is written, or all of a link whose parts are swapped.
    pub fn mistaken_span(&self) -> Span {
        match &self.broken {
            Some(broken) if broken.reason == link_slips::SWAPPED => self.link.span,
            _ => self.link.definition.unwrap_or(self.link.destination_span),
        }
    }
}

impl Catalog {
    /// Returns true if a link to a path has the same result in both states.
    pub fn same_link_target(&self, other: &Catalog, path: &str) -> bool {
        // A file that says what is ignored, or that there is a site, is about all links.
        if Snapshot::is_ignore_file(path) {
            return false;
        }
        let anchors = |catalog: &Catalog| {
            let page = catalog.file_at(path).filter(|file| file.document.markdown.is_some());
            page.map(Anchors::of)
        };
        self.snapshot.has(path) == other.snapshot.has(path) && anchors(self) == anchors(other)
    }

    /// Returns the links of a page that lead to the file at a path, or to the folder there or into it.
    pub fn links_to(page: &Document, path: &str) -> impl Iterator<Item = LinkSpans> {
        let target = |link: &Link| target_of(page.source.path(), &link.destination);
        let links = page.markdown.iter().flat_map(|markdown| &markdown.links);
        links
            .filter(move |link| target(link).is_some_and(|target| is_within(&target, path)))
            .map(|link| LinkSpans { span: link.span, destination: link.destination_span })
    }

    /// Returns the only record in the file to which a link of the page `from` leads.
    pub fn record_at_link(&self, from: &str, link: &Link) -> Option<&Record> {
        let number = self.names().at_path(&target_of(from, &link.destination)?)?;
        Some(self.record(number))
    }

    /// Returns true if a page of records is at the destination of a link from a file.
    pub fn leads_to_records(&self, file: &SourceFile, destination: &str) -> bool {
        let target = resolve(file.path(), &percent_decoded(path_of(destination)));
        target.and_then(|path| self.file_at(&path)).is_some_and(|page| !page.records.is_empty())
    }

    /// Returns true if the destination of a link from a file is a page in a folder with several pages of records.
    pub fn leads_among_records(&self, file: &SourceFile, destination: &str) -> bool {
        const SEVERAL: usize = 3;
        let target = resolve(file.path(), &percent_decoded(path_of(destination)));
        let Some(target) = target.filter(|path| Format::is_page_path(path)) else { return false };
        let folder = &target[..target.len() - file_name(&target).len()];
        let after = self.files.partition_point(|other| &**other.path() < folder);
        let within = self.files[after..].iter().take_while(|other| other.path().starts_with(folder));
        let beside = within.filter(|other| !other.path()[folder.len()..].contains('/'));
        beside.filter(|other| !other.records.is_empty()).take(SEVERAL).count() == SEVERAL
    }

    /// Returns the files with a link that may lead to one of these paths or to a folder that contains one.
    pub fn files_linking_to(&self, paths: &BTreeSet<Arc<str>>) -> Vec<Arc<str>> {
        let is_target = |target: &str| {
            let first = |start: &str| {
                let mut from = paths.range::<str, _>((Bound::Included(start), Bound::Unbounded));
                from.next().is_some_and(|path| path.starts_with(start))
            };
            paths.contains(target)
                || pages_of(target).any(|page| paths.contains(&*page))
                || first(&format!("{target}/"))
                || first(&format!("{target}."))
        };
        let concerns_all = paths.iter().any(|path| Snapshot::is_ignore_file(path) || sites::shows_site(path));
        let has_link = |file: &&SourceFile| {
            let links = file.document.markdown.iter().flat_map(|markdown| &markdown.links);
            let targets = |link: &Link| {
                let from_folder = sites::resolve_from_folder(file.path(), path_of(&link.destination));
                let from_root = || page_from_root(&link.destination).map(Cow::into_owned);
                let own = || own_address::target_of(self, &link.destination);
                target_of(file.path(), &link.destination)
                    .into_iter()
                    .chain(from_folder)
                    .chain(from_root())
                    .chain(own())
            };
            links.flat_map(targets).any(|target| concerns_all || is_target(&target))
        };
        if paths.is_empty() {
            return Vec::new();
        }
        self.files.par_iter().filter(has_link).map(|file| file.path().clone()).collect()
    }
}

/// Returns the path that a relative link leads to, unless it is on the same page or outside of the repository.
fn target_of(from: &str, destination: &str) -> Option<String> {
    let path = path_of(destination);
    (is_checked(destination) && !path.is_empty()).then(|| resolve(from, &percent_decoded(path)))?
}

pub(super) fn path_of(destination: &str) -> &str {
    destination.split(['#', '?']).next().unwrap_or(destination)
}

pub(super) fn check<'c>(catalog: &'c Catalog, file: &'c SourceFile) -> Vec<CheckedLink<'c>> {
    let links = file.document.markdown.iter().flat_map(|markdown| &markdown.links);
    let profile = file.records.clone().find_map(|number| catalog.record(number).profile.as_ref());
    let is_elsewhere = |link: &Link| profile.is_some_and(|it| it.is_elsewhere(path_of(&link.destination)));
    let check = |link: &'c Link| {
        let form = LinkForm::of(&link.destination);
        let broken = match form {
            _ if is_elsewhere(link) || is_label(link) => None,
            LinkForm::Relative => broken(catalog, file, link),
            LinkForm::Root => broken_from_root(catalog, file, link),
            LinkForm::Web => link_slips::on_a_computer(catalog, file, &link.destination)
                .or_else(|| own_address::check(catalog, &link.destination)),
            LinkForm::Other => None,
        };
        CheckedLink { link, form, broken }
    };
    let mut links: Vec<CheckedLink<'c>> = links.map(check).collect();
    if links.iter().any(|link| link.broken.is_some()) {
        contents::suggest(file, &mut links);
        contents::tell_generated_once(file, &mut links);
    }
    links
}

/// Returns true for a link without a text: readers see nothing of it, and sites put the title of what it leads to there, on any
/// of their pages.
fn is_label(link: &Link) -> bool {
    !link.image && link.text.is_empty()
}

/// Returns false for absolute addresses, site paths, placeholders and template code.
fn is_checked(destination: &str) -> bool {
    let scheme = destination.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty()
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    });
    !destination.is_empty()
        && !scheme
        && !destination.starts_with('/')
        // Sites write `@site/…` and `~/…` for folders of their own.
        && !destination.starts_with(['@', '~'])
        && !destination.contains(['{', '<', '$', '…', '*'])
}

fn broken(catalog: &Catalog, file: &SourceFile, link: &Link) -> Option<BrokenLink> {
    let destination = &*link.destination;
    let said = slug(file.source().slice(link.text));
    let anchor = destination.split_once('#').map_or("", |(_, anchor)| anchor);
    let path = path_of(destination);
    if path.is_empty() {
        return missing_section(catalog, file, link, anchor, &said);
    }
    if link.is_undefined() {
        return link_slips::undefined_label(catalog, file, link);
    }
    if let Some(slip) = link_slips::in_brackets(catalog, file, link) {
        return Some(slip);
    }
    if let Some(slip) = link_slips::in_destination(destination) {
        return Some(slip);
    }
    if path.contains('\\') {
        return link_slips::with_backslashes(catalog, file, destination);
    }
    let target = resolve(file.path(), &percent_decoded(path));
    if !target.as_ref().is_some_and(|target| catalog.snapshot.has(target))
        && sites::is_from_symbolic_link(catalog, file, path)
    {
        return None;
    }
    let Some(target) = target else {
        return link_slips::out_of_the_repository(catalog, file, destination);
    };
    if catalog.snapshot.has(&target) {
        let page = catalog.file_at(&target).filter(|file| file.document.markdown.is_some())?;
        return missing_anchor(catalog, page, anchor, path, &said);
    }
    if link_slips::is_in_page_role(file, link) {
        return link_slips::missing_page(catalog, file, path, &target);
    }
    if path.contains('[')
        || is_code(file, link)
        || catalog.snapshot.ignores(&target)
        || is_on_site(catalog, file, path)
        || sites::is_in_static_folder(catalog, file, path)
        || sites::states_label(file, path)
        || sites::is_in_module(catalog, file, path)
        || link_slips::is_mail_address(path)
    {
        return None;
    }
    missing_target(catalog, file, link, &target, &said)
}

/// Returns why a link to a section of its own page is broken.
fn missing_section(
    catalog: &Catalog,
    file: &SourceFile,
    link: &Link,
    anchor: &str,
    said: &str,
) -> Option<BrokenLink> {
    let broken = missing_anchor(catalog, file, anchor, "", said)?;
    let is_page = |anchor: &&str| {
        let target = resolve(file.path(), &percent_decoded(path_of(anchor)));
        Format::is_page_path(path_of(anchor)) && target.is_some_and(|it| catalog.snapshot.has(&it))
    };
    if LinkForm::of(anchor) == LinkForm::Web || is_page(&anchor) {
        return Some(BrokenLink { suggestion: Some(anchor.to_owned()), ..broken });
    }
    let is_elsewhere = |near: &String| !link_slips::is_own_section(file, link, near.trim_start_matches('#'));
    let suggestion = link_slips::address_with(catalog, file, anchor)
        .or_else(|| broken.suggestion.filter(is_elsewhere))
        .or_else(|| page_beside(catalog, file, anchor));
    Some(BrokenLink { suggestion, ..broken })
}

/// Returns why a link to a file that does not exist is broken; `None` if such a link is not checked.
fn missing_target(
    catalog: &Catalog,
    file: &SourceFile,
    link: &Link,
    target: &str,
    said: &str,
) -> Option<BrokenLink> {
    let destination = &*link.destination;
    let path = path_of(destination);
    let rest = &destination[path.len()..];
    if let Some(slip) = link_slips::swapped(catalog, file, link, target) {
        return Some(slip);
    }
    let bare = destination.trim_matches(['(', ')', '<', '>', '"', '\'']);
    if LinkForm::of(bare) == LinkForm::Web {
        return Some(BrokenLink {
            reason: "marks around an address make it a path".into(),
            suggestion: Some(bare.to_owned()),
        });
    }
    if ["example.com", "example.org", "example.net"].contains(&path) {
        return None;
    }
    if path.contains("path/to/") || path.contains("link/to/") {
        return Some(BrokenLink { reason: "a placeholder".into(), suggestion: None });
    }
    if let Some(address) = link_slips::address_without_scheme(path) {
        if link_slips::is_a_name(file, link) {
            return Some(BrokenLink { reason: "a name in the place of an address".into(), suggestion: None });
        }
        let suggestion = Some(format!("{address}{rest}"));
        return Some(BrokenLink { reason: "an address without its scheme is a path".into(), suggestion });
    }
    let with_a_mark = link_slips::with_a_mark(catalog, file, path);
    let slip = with_a_mark
        .or_else(|| link_slips::is_its_heading(catalog, file, link, said))
        .or_else(|| link_slips::in_path(catalog, file, path, target));
    if let Some(slip) = slip {
        return Some(BrokenLink { suggestion: slip.suggestion.map(|near| near + rest), ..slip });
    }
    let names_a_page = || names_a_file(path) || names_a_numbered_page(catalog, file, target);
    if pages_of(target).any(|page| catalog.snapshot.has(&page)) {
        return None;
    }
    if !names_a_page() {
        return link_slips::folder_from_root(catalog, file, path)
            .or_else(|| link_slips::near_folder(catalog, path, target))
            .or_else(|| link_slips::missing_folder(catalog, file, path));
    }
    let broken = missing_file(catalog, file.path(), destination, target);
    let titled = || moved::with_title(catalog, file, said).map(|near| near + rest);
    Some(BrokenLink { suggestion: broken.suggestion.or_else(titled), ..broken })
}

/// Returns true for code that was not marked as such: `rows[0](next.value)`.
fn is_code(file: &SourceFile, link: &Link) -> bool {
    let source = file.source();
    let before = source.text()[..link.span.start as usize].chars().next_back();
    let index = source.slice(link.text);
    !link.image
        && before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
        && (1..=2).contains(&index.len())
        && index.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && !Format::is_page_path(path_of(&link.destination))
}

/// Returns true if a site that is built from the pages may have this path: that of a page, seen from the page as a folder, or one
/// that is built from something else.
pub(super) fn is_on_site(catalog: &Catalog, file: &SourceFile, path: &str) -> bool {
    let is_there = |target: String| {
        catalog.snapshot.has(&target) || pages_of(&target).any(|page| catalog.snapshot.has(&page))
    };
    let from_folder = || sites::resolve_from_folder(file.path(), &percent_decoded(path));
    catalog.is_site() && (path.ends_with(".html") || from_folder().is_some_and(is_there))
}

/// Returns the pages from which a site may be built that has this path.
pub(super) fn pages_of(target: &str) -> impl Iterator<Item = String> {
    const ENDINGS: [&str; 8] = [".md", ".rst", ".mdx", ".markdown", ".adoc", ".asciidoc", ".ipynb", ".qmd"];
    let stem = target.trim_end_matches(".html");
    let folder = stem.strip_suffix("/index");
    let of_folder =
        folder.into_iter().flat_map(|folder| ["README", "_index"].map(|name| format!("{folder}/{name}.md")));
    ENDINGS.into_iter().map(move |ending| format!("{stem}{ending}")).chain(of_folder)
}

/// Returns why a link from the root is broken, if it can only mean a page of the repository: its first folder is there, also in
/// another case, and no site has its root in another folder.
fn broken_from_root(catalog: &Catalog, file: &SourceFile, link: &Link) -> Option<BrokenLink> {
    let destination = &*link.destination;
    if !catalog.is_site()
        && let Some(slip) = link_slips::on_a_computer(catalog, file, destination)
    {
        return Some(slip);
    }
    let path = path_of(destination);
    let from_root = |near: &str| Some(format!("/{near}{}", &destination[path.len()..]));
    if link.image
        && let Some(slip) = link_slips::image_beside(catalog, file, path)
    {
        return Some(slip);
    }
    let Some(target) = page_from_root(destination) else {
        let target = path.strip_prefix('/').filter(|_| !catalog.is_site() && !names_a_file(path))?;
        let ending =
            link_slips::ending_of(catalog, file, target).filter(|_| !catalog.snapshot.has(target))?;
        let suggestion = from_root(&format!("{target}.{ending}"));
        return Some(BrokenLink { reason: "no such file".into(), suggestion });
    };
    let (first, _) = target.split_once('/')?;
    if catalog.snapshot.has(&target) {
        let page = catalog.file_at(&target).filter(|page| page.document.markdown.is_some())?;
        let anchor = destination.split_once('#').map_or("", |(_, anchor)| anchor);
        return missing_anchor(catalog, page, anchor, path, &slug(file.source().slice(link.text)));
    }
    let tail = format!("/{target}");
    if files_named(catalog, &target).iter().any(|it| it.ends_with(&tail)) {
        return None;
    }
    if let Some(near) = link_slips::in_other_case(catalog, &target).filter(|_| !catalog.is_site()) {
        return Some(BrokenLink {
            reason: "no such file".into(),
            suggestion: from_root(&percent_encoded(near)),
        });
    }
    if !catalog.snapshot.has(first) {
        return None;
    }
    let BrokenLink { reason, suggestion } = missing_file(catalog, ROOT, destination, &target);
    Some(BrokenLink { reason, suggestion: suggestion.map(|near| format!("/{near}")) })
}

/// A file from which relative paths begin at the root.
const ROOT: &str = "";

/// Returns the path of a page to which a link from the root leads on GitHub.
fn page_from_root(destination: &str) -> Option<Cow<'_, str>> {
    let is_root = LinkForm::of(destination) == LinkForm::Root;
    let path = path_of(destination).trim_start_matches('/');
    let is_plain = !path.contains(['{', '<', '$', '…']);
    (is_root && is_plain && path.ends_with(".md")).then(|| percent_decoded(path))
}

fn missing_file(catalog: &Catalog, from: &str, destination: &str, target: &str) -> BrokenLink {
    let rest = &destination[path_of(destination).len()..];
    let nearest = suggest_path(catalog, from, target, path_of(destination));
    BrokenLink {
        reason: "no such file".into(),
        suggestion: nearest.map(|near| percent_encoded(&near) + rest),
    }
}

/// Returns true for a path such as `../0004-use-rust` into a folder of pages, from a page that states no address of its
/// own: sites find pages by their names without the ending.
fn names_a_numbered_page(catalog: &Catalog, file: &SourceFile, target: &str) -> bool {
    let (folder, name) = target.rsplit_once('/').unwrap_or(("", target));
    let digits = name.len() - name.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let words = name[digits..].strip_prefix(['-', '_']);
    let is_numbered = (3..=5).contains(&digits)
        && words.is_some_and(|words| words.starts_with(|c: char| c.is_ascii_alphabetic()));
    is_numbered && !has_own_address(file) && {
        let files = catalog.snapshot.files();
        let start = format!("{target}.");
        let next = files.get(files.partition_point(|it| *it.path < *start));
        let beside = nearby_candidates(files, |it| *it.path < *target);
        let is_page = |path: &str| {
            path.ends_with(".md") && path.rsplit_once('/').map_or("", |(folder, _)| folder) == folder
        };
        next.is_none_or(|next| !next.path.starts_with(&start)) && beside.iter().any(|it| is_page(&it.path))
    }
}

/// Returns true if the front matter of a page states where a site shows it.
pub(super) fn has_own_address(file: &SourceFile) -> bool {
    let front_matter = file.document.markdown.as_ref().and_then(|page| page.front_matter.as_ref());
    let mut lines = front_matter.map_or("", |it| file.source().slice(it.content)).lines();
    let is_address =
        |line: &str| line.split(':').next().is_some_and(|key| ADDRESS_KEYS.contains(&key.trim()));
    lines.any(is_address)
}

/// The keys by which site generators name the address of a page.
const ADDRESS_KEYS: &[&str] = &["slug", "permalink", "url"];

/// Returns why an anchor is broken on a page, which the link calls `path`; `said` is the anchor of a heading with its text.
fn missing_anchor(
    catalog: &Catalog,
    page: &SourceFile,
    anchor: &str,
    path: &str,
    said: &str,
) -> Option<BrokenLink> {
    let wanted = percent_decoded(anchor).to_lowercase();
    let anchors = Anchors::in_file(catalog, page)?;
    // Bitbucket marks anchors so.
    let plain = wanted.strip_prefix("markdown-header-").unwrap_or(&wanted);
    let reason =
        if path.is_empty() { "no such heading on this page" } else { "no such heading on that page" };
    if anchors.has(plain) {
        return None;
    }
    let without_marks = link_slips::without_marks(plain).into_iter().flatten();
    if let Some(anchor) = without_marks.filter(|_| !catalog.is_site()).find(|anchor| anchors.has(anchor)) {
        return Some(BrokenLink { reason: reason.into(), suggestion: Some(format!("{path}#{anchor}")) });
    }
    if wanted.starts_with("heading=h.") {
        return Some(BrokenLink { reason: "an anchor of Google Docs".into(), suggestion: None });
    }
    if sites::without_prefix(&wanted).is_some_and(|rest| anchors.has_alike(rest))
        || sites::is_generated(&wanted) && LinkForm::of(&wanted) != LinkForm::Web
        || catalog.is_site() && anchors.has_alike(plain)
    {
        return None;
    }
    if let Some(reason) = anchors.hidden(&wanted) {
        return Some(BrokenLink { reason: reason.into(), suggestion: None });
    }
    let suggestion = anchors.meant_by(&wanted).or_else(|| anchors.of_text(said));
    let suggestion = suggestion.or_else(|| anchors.suggest(&wanted));
    let suggestion = suggestion.or_else(|| anchors.above_definition(&wanted));
    if let Some(slip) = suggestion.filter(|near| is_slip_of_heading(catalog, page, &wanted, near)) {
        let reason = format!("the heading `#{slip}` is misspelt there");
        return Some(BrokenLink { reason: reason.into(), suggestion: None });
    }
    Some(BrokenLink {
        reason: reason.into(),
        suggestion: suggestion.map(|anchor| format!("{path}#{anchor}")),
    })
}

/// Returns true if the heading of a page is the slip, and not the link: several pages beside it have the anchor that the link names,
/// and none has that of the page.
fn is_slip_of_heading(catalog: &Catalog, page: &SourceFile, wanted: &str, known: &str) -> bool {
    const LEAST: usize = 3;
    pages_beside(catalog, page, wanted).take(LEAST).count() == LEAST
        && is_one_edit(wanted, known)
        && pages_beside(catalog, page, known).next().is_none()
}

/// Returns a link to the anchor on the only other page of the folder that has it, as after a page was split.
fn page_beside(catalog: &Catalog, file: &SourceFile, anchor: &str) -> Option<String> {
    if anchor.len() < MIN_ANCHOR {
        return None;
    }
    let wanted = percent_decoded(anchor).to_lowercase();
    let mut pages = pages_beside(catalog, file, &wanted);
    let page = pages.next()?;
    pages.next().is_none().then(|| format!("{}#{anchor}", percent_encoded(file_name(page.path()))))
}

/// Returns the other pages of the folder that have an anchor.
fn pages_beside<'c>(
    catalog: &'c Catalog,
    file: &'c SourceFile,
    anchor: &'c str,
) -> impl Iterator<Item = &'c SourceFile> {
    let folder = &file.path()[..file.path().len() - file_name(file.path()).len()];
    let first = catalog.files.partition_point(|other| &**other.path() < folder);
    let below = catalog.files[first..].iter().take_while(move |other| other.path().starts_with(folder));
    let beside =
        below.filter(move |other| other.path() != file.path() && !other.path()[folder.len()..].contains('/'));
    beside.filter(move |other| {
        other.document.markdown.is_some() && Anchors::in_file(catalog, other).is_some_and(|it| it.has(anchor))
    })
}

/// In bytes. Many pages have shorter anchors, such as `goal`.
pub(super) const MIN_ANCHOR: usize = 6;

/// Returns false for paths without an extension, which site generators use for pages.
fn names_a_file(path: &str) -> bool {
    let extension = file_name(path).rsplit_once('.').map(|(_, extension)| extension);
    let is_short = |extension: &str| {
        (1..=5).contains(&extension.len()) && extension.chars().all(|c| c.is_ascii_alphanumeric())
    };
    extension.is_some_and(is_short) || Format::is_page_path(path)
}

pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
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

/// Returns `path` relative to the file `from`.
pub(super) fn relative_to(from: &str, path: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    let shared = from[..from.len() - 1].iter().zip(&path).take_while(|(a, b)| a == b).count();
    let shared = shared.min(path.len() - 1);
    let up = std::iter::repeat_n("..", from.len() - 1 - shared);
    up.chain(path[shared..].iter().copied()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_resolve_from_the_file_and_never_leave_the_repository() {
        assert_eq!(resolve("docs/adr/0001.md", "../x/./y.md").as_deref(), Some("docs/x/y.md"));
        assert_eq!(resolve("a.md", "../b.md"), None);
        assert_eq!(relative_to("docs/adr/0001.md", "docs/x/y.md"), "../x/y.md");
        assert_eq!(relative_to("docs/adr/0001.md", "docs/adr/0002.md"), "0002.md");
    }

    #[test]
    fn addresses_and_placeholders_are_not_checked() {
        for silent in ["https://x.org", "mailto:a@b", "/site/path", "{{ url }}", "", "<todo>", "adr/*.md"] {
            assert!(!is_checked(silent), "{silent}");
        }
        assert!(is_checked("../CHARTER.md#top") && is_checked("#anchor"));
        let forms = ["a.md", "/a.md", "//x.org/a", "https://x.org", "mailto:a@b", "", "a.md?u=http://x"]
            .map(|destination| LinkForm::of(destination).name());
        assert_eq!(forms, ["relative", "root", "web", "web", "other", "other", "relative"]);
    }
}
