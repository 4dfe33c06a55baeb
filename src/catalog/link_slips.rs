//! Destinations that were written in a form which leads nowhere on any host.

use std::collections::BTreeSet;

use crate::schema::{edit_distance, nearest};
use crate::syntax::markdown::{Link, percent_decoded, percent_encoded, slug};
use crate::syntax::{DOC_ROLE, Format};

use super::anchors::Anchors;
use super::links::{
    BrokenLink, LinkForm, MIN_ANCHOR, file_name, has_own_address, is_on_site, pages_of, path_of, relative_to,
    resolve,
};
use super::near_files::{files_named, suggest_path};
use super::{Catalog, SourceFile, own_address};

/// Returns the slip in the destination of a relative link that can't be a path.
pub(super) fn in_destination(destination: &str) -> Option<BrokenLink> {
    let slips = [
        (inner_link(destination), "a link in the place of an address"),
        (behind_bracket(destination), "a bracket before the address"),
    ];
    for (address, reason) in slips {
        if let Some(address) = address.filter(|address| LinkForm::of(address) == LinkForm::Web) {
            return Some(BrokenLink { reason: reason.into(), suggestion: Some(address.to_owned()) });
        }
    }
    let is_placeholder = PLACEHOLDERS.iter().any(|it| it.eq_ignore_ascii_case(destination));
    is_placeholder.then_some(BrokenLink { reason: "a placeholder".into(), suggestion: None })
}

/// Why a link is broken whose text is its destination.
pub(super) const SWAPPED: &str = "text and target are swapped";

/// Returns the slip in a link whose text is an address or the path of a file, and whose destination is neither:
/// `[https://a.org/b/1](a/b#1)`.
pub(super) fn swapped(catalog: &Catalog, file: &SourceFile, link: &Link, target: &str) -> Option<BrokenLink> {
    let (text, destination) = (file.source().slice(link.text), &*link.destination);
    // An address may be the text of the path with which it ends.
    let is_address = || {
        ["https://", "http://"].iter().any(|it| text.starts_with(it)) && !text.ends_with(path_of(destination))
    };
    let is_file = || {
        let is_there = |path: String| catalog.snapshot.get(&path).is_some();
        file_name(text).contains('.')
            && !file_name(path_of(destination)).contains('.')
            && resolve(file.path(), path_of(text)).is_some_and(is_there)
    };
    let is_inline = file.source().slice(link.span) == format!("[{text}]({destination})");
    let is_slip = is_inline
        && !text.contains(char::is_whitespace)
        && (is_address() || is_file())
        && !pages_of(target).any(|page| catalog.snapshot.has(&page))
        && suggest_path(catalog, file.path(), target, path_of(destination)).is_none();
    is_slip
        .then(|| BrokenLink { reason: SWAPPED.into(), suggestion: Some(format!("[{destination}]({text})")) })
}

/// Returns the slip in a link with too many `..`: without those that leave the repository, it leads to a file, or to a numbered page that
/// lies elsewhere. Any other target outside is unknown.
pub(super) fn out_of_the_repository(
    catalog: &Catalog,
    file: &SourceFile,
    destination: &str,
) -> Option<BrokenLink> {
    let path = path_of(destination);
    let target = percent_decoded(path);
    let target = target.trim_start_matches("../");
    let is_file = target.contains('/') && catalog.snapshot.get(target).is_some();
    let is_numbered =
        Format::is_page_path(target) && file_name(target).contains(|c: char| c.is_ascii_digit());
    let meant = match files_named(catalog, target) {
        _ if is_file => target,
        [only] if is_numbered => only,
        _ => return None,
    };
    let is_whole = catalog.snapshot.folder().is_empty() && catalog.snapshot.is_in_git();
    let suggestion = || format!("{}{}", relative_to(file.path(), meant), &destination[path.len()..]);
    (is_whole && !is_on_site(catalog, file, path))
        .then(|| BrokenLink { reason: "leads out of the repository".into(), suggestion: Some(suggestion()) })
}

/// Returns the address that a path was written for: `example.org/rents`.
pub(super) fn address_without_scheme(path: &str) -> Option<String> {
    is_host(path.split('/').next()?).then(|| format!("https://{path}"))
}

/// Returns true for a link whose text is a name with a domain before it, which the page also writes in code or in bold:
/// `kubernetes.io/pvc-protection`. Programs take such names for addresses.
pub(super) fn is_a_name(file: &SourceFile, link: &Link) -> bool {
    let text = file.source().slice(link.text);
    let is_name =
        text.split_once('/').is_some_and(|(host, name)| is_host(host) && !name.contains(char::is_whitespace));
    let is_marked = |mark: &str| file.source().text().contains(&format!("{mark}{text}{mark}"));
    is_name && ["`", "**"].into_iter().any(is_marked)
}

/// Returns true for an address without `mailto:`. Templates copy it to many pages, and maintainers leave it.
pub(super) fn is_mail_address(path: &str) -> bool {
    path.split_once('@').is_some_and(|(name, host)| !name.contains('/') && has_labels(host))
}

/// Returns the only address of another page, linked from this one, that has this anchor: the anchor was copied without its address.
pub(super) fn address_with(catalog: &Catalog, file: &SourceFile, anchor: &str) -> Option<String> {
    let links = file.document.markdown.iter().flat_map(|page| &page.links);
    let addresses = links.map(|link| &*link.destination).filter(|it| LinkForm::of(it) == LinkForm::Web);
    let is_meant = |address: &&str| {
        address.split_once('#').is_some_and(|(_, other)| other == anchor)
            && own_address::target_of(catalog, address).is_none()
    };
    let found: BTreeSet<&str> = addresses.filter(is_meant).collect();
    let mut found = found.into_iter();
    found.next().filter(|_| found.next().is_none() && anchor.len() >= MIN_ANCHOR).map(str::to_owned)
}

fn is_host(name: &str) -> bool {
    has_labels(name)
        && name.rsplit('.').next().is_some_and(|last| DOMAINS.contains(&&*last.to_ascii_lowercase()))
}

/// Returns true for a name such as `example.org`.
fn has_labels(name: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
    };
    name.contains('.') && name.split('.').all(is_label)
}

/// Ends of addresses that are no ends of files.
const DOMAINS: &[&str] = &[
    "app", "at", "au", "be", "br", "ca", "ch", "cloud", "com", "cz", "dev", "dk", "edu", "eu", "fi", "fr",
    "gov", "ie", "info", "io", "it", "jp", "kr", "net", "nl", "no", "nz", "org", "se", "tech", "uk", "us",
    "xyz",
];

/// Returns the slip in a reference link, `[costs][why]`, whose label the page does not define. Sites and programs have labels of their
/// own.
pub(super) fn undefined_label(catalog: &Catalog, file: &SourceFile, link: &Link) -> Option<BrokenLink> {
    const MARKS: [char; 11] = ['`', ':', '(', '<', '*', '=', '"', ',', '^', '|', '.'];
    let label = link.destination.trim_matches(['[', ']']);
    let is_label = !label.contains(MARKS) && label.contains(char::is_alphabetic) && label.chars().count() > 1;
    let is_plain = is_label && !catalog.is_site() && !has_own_address(file);
    let reason = || match nearest(label, defined_labels(file.source().text())) {
        Some(near) => format!("its label is not defined on this page, but `{near}` is").into(),
        None => "its label is not defined on this page".into(),
    };
    is_plain.then(|| BrokenLink { reason: reason(), suggestion: None })
}

/// Returns the slip in a link whose destination is in brackets: `[logs][./0007-logs.md]`, `[costs][#costs]`.
pub(super) fn in_brackets(catalog: &Catalog, file: &SourceFile, link: &Link) -> Option<BrokenLink> {
    let before = file.source().text().get(..link.destination_span.start as usize)?;
    let path = link.destination.strip_prefix('[')?.strip_suffix(']').filter(|_| before.ends_with(']'))?;
    let is_there = match path.strip_prefix('#') {
        Some(anchor) => Anchors::in_file(catalog, file)?.has(anchor),
        None => {
            resolve(file.path(), &percent_decoded(path_of(path))).is_some_and(|it| catalog.snapshot.has(&it))
        }
    };
    let suggestion = is_there.then(|| format!("({path})"));
    Some(BrokenLink { reason: "brackets in the place of parentheses".into(), suggestion })
}

/// Returns the labels that lines such as `[why]: costs.md` define.
fn defined_labels(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let (label, _) = line.trim_start().strip_prefix('[')?.split_once("]:")?;
        (!label.starts_with('^')).then_some(label)
    })
}

/// Texts in the place of a destination that is still to come.
const PLACEHOLDERS: &[&str] = &["todo", "tbd", "fixme"];

/// Returns the destination of a link that is written in the place of one: `[a](https://a.org)`.
fn inner_link(destination: &str) -> Option<&str> {
    let (_, rest) = destination.strip_prefix('[')?.split_once("](")?;
    rest.strip_suffix(')')
}

/// Returns what is behind a bracket too many: `[a](]https://a.org)`.
fn behind_bracket(destination: &str) -> Option<&str> {
    destination.strip_prefix(['[', ']'])
}

/// Returns the slip in a path with a mark of the sentence after it: `queues.png,`.
pub(super) fn with_a_mark(catalog: &Catalog, file: &SourceFile, path: &str) -> Option<BrokenLink> {
    let bare = path.trim_end_matches([',', ';', '.']);
    let target = resolve(file.path(), &percent_decoded(bare)).filter(|_| bare.len() < path.len())?;
    let is_file = bare.ends_with(file_name(&target)) && catalog.snapshot.has(&target);
    is_file.then(|| BrokenLink { reason: "no such file".into(), suggestion: Some(bare.to_owned()) })
}

/// Returns the slip in a destination with backslashes, if it leads to a page or a picture with slashes: `..\\queues.md`.
pub(super) fn with_backslashes(
    catalog: &Catalog,
    file: &SourceFile,
    destination: &str,
) -> Option<BrokenLink> {
    let path = path_of(destination);
    let slashed = percent_decoded(path).replace('\\', "/");
    let target = resolve(file.path(), &slashed)?;
    let is_there = catalog.snapshot.has(&target);
    let near = match is_there {
        true => Some(slashed),
        // A formula has no file: `\zeta`.
        false if !file_name(&target).contains('.') => return None,
        false => suggest_path(catalog, file.path(), &target, &slashed),
    };
    let suggestion = near.map(|near| percent_encoded(&near) + &destination[path.len()..]);
    Some(BrokenLink { reason: "`\\` separates no folders".into(), suggestion })
}

/// Returns the file of the same name in the nearest folder above that of the page: `LICENSE.md` in `vips/` means `../LICENSE.md`.
pub(super) fn in_a_folder_above(
    catalog: &Catalog,
    from: &str,
    target: &str,
    written: &str,
) -> Option<String> {
    let name = written.strip_prefix("./").unwrap_or(written);
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    if name.contains('/') || ["index", "readme"].contains(&&*stem) || !target.ends_with(name) {
        return None;
    }
    let folders = from.match_indices('/').take(MAX_DEPTH).map(|(at, _)| &from[..at]);
    let folders: Vec<&str> = std::iter::once("").chain(folders).collect();
    let above = folders.iter().rev().skip(1);
    let mut paths = above.map(|folder| match *folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    });
    paths.find(|path| catalog.snapshot.has(path))
}

/// Returns the slip in the path of a picture from the root that lies beside the page: `/images/plan.png` for `images/plan.png`.
pub(super) fn image_beside(catalog: &Catalog, file: &SourceFile, path: &str) -> Option<BrokenLink> {
    let relative = path.strip_prefix('/').filter(|_| !catalog.is_site() && !has_own_address(file))?;
    let plain = percent_decoded(relative);
    let target = resolve(file.path(), &plain)?;
    let is_slip = catalog.snapshot.has(&target)
        && file_name(&target).contains('.')
        && !catalog.snapshot.has(&plain)
        && target != *plain;
    is_slip.then(|| BrokenLink { reason: "no such file".into(), suggestion: Some(relative.to_owned()) })
}

/// Returns the slip in a link whose text is a heading of the page, and whose destination is its anchor without `#`:
/// `[Memory](memory)`.
pub(super) fn is_its_heading(
    catalog: &Catalog,
    file: &SourceFile,
    link: &Link,
    said: &str,
) -> Option<BrokenLink> {
    let path = path_of(&link.destination);
    let is_plain = !path.contains(['/', '.']) && path.to_lowercase() == said;
    if !is_plain || catalog.is_site() || has_own_address(file) || !Anchors::in_file(catalog, file)?.has(said)
    {
        return None;
    }
    // In the section of that name, something else is meant: `LICENSE` at the root.
    if is_own_section(file, link, said) {
        let target = resolve(file.path(), path)?;
        let above = in_a_folder_above(catalog, file.path(), &target, path);
        let suggestion = above.map(|above| relative_to(file.path(), &above));
        return Some(BrokenLink { reason: "no such file".into(), suggestion });
    }
    Some(BrokenLink {
        reason: "without `#`, a heading is a path".into(),
        suggestion: Some(format!("#{said}")),
    })
}

/// Returns true for a link of reStructuredText that leads to a page without the ending of its name: `` :doc:`setup` ``.
pub(super) fn is_in_page_role(file: &SourceFile, link: &Link) -> bool {
    file.document.format == Format::Rst && file.source().slice(link.span).starts_with(DOC_ROLE)
}

/// Returns why a link to a page without the ending of its name is broken. Programs write the pages of a folder that has none, and
/// the list of all with the number 0.
pub(super) fn missing_page(
    catalog: &Catalog,
    file: &SourceFile,
    path: &str,
    target: &str,
) -> Option<BrokenLink> {
    const MAX_FILES: usize = 100;
    let folder = &target[..target.len() - file_name(target).len()];
    let files = catalog.snapshot.files();
    let first = files.partition_point(|file| *file.path < *folder);
    let mut beside = files[first..].iter().take_while(|file| file.path.starts_with(folder)).take(MAX_FILES);
    let is_beside = |path: &str| Format::is_page_path(path) && !path[folder.len()..].contains('/');
    let number = file_name(target).trim_matches(|c: char| !c.is_ascii_digit());
    let is_list = !number.is_empty() && number.bytes().all(|byte| byte == b'0');
    if is_list
        || pages_of(target).any(|page| catalog.snapshot.has(&page))
        || !beside.any(|it| is_beside(&it.path))
    {
        return None;
    }
    let near = suggest_path(catalog, file.path(), &format!("{target}.rst"), path);
    let near = near.and_then(|near| Some(near.strip_suffix(".rst")?.to_owned()));
    Some(BrokenLink { reason: "no such page".into(), suggestion: near })
}

/// Returns the slip in the path of a relative link that lacks the `#` of a heading of its page, or the ending of a page.
/// `target` is what it leads to. Where pages are shown by a site, such paths may be addresses.
pub(super) fn in_path(catalog: &Catalog, file: &SourceFile, path: &str, target: &str) -> Option<BrokenLink> {
    if catalog.is_site() || has_own_address(file) {
        return None;
    }
    let is_word = !path.contains(['/', '.']) && path.contains(['-', '_']);
    if is_word && Anchors::in_file(catalog, file)?.has(&percent_decoded(path).to_lowercase()) {
        return Some(BrokenLink {
            reason: "without `#`, a heading is a path".into(),
            suggestion: Some(format!("#{path}")),
        });
    }
    let ending = ending_of(catalog, file, target)?;
    Some(BrokenLink { reason: "no such file".into(), suggestion: Some(format!("{path}.{ending}")) })
}

/// Returns the slip in the path of a folder that is written from the root of the repository, or from a folder too high or too low.
pub(super) fn folder_from_root(catalog: &Catalog, file: &SourceFile, path: &str) -> Option<BrokenLink> {
    if catalog.is_site() || has_own_address(file) {
        return None;
    }
    let below: Vec<&str> = path.split('/').skip_while(|part| matches!(*part, "." | "..")).collect();
    let folder = percent_decoded(below.join("/").strip_suffix('/')?).into_owned();
    let is_there = folder.contains('/') && catalog.snapshot.has(&folder);
    is_there.then(|| BrokenLink {
        reason: "no such folder".into(),
        suggestion: Some(format!("{}/", relative_to(file.path(), &folder))),
    })
}

/// Returns the slip in the name of a folder that is one letter from that of the only such one beside it.
pub(super) fn near_folder(catalog: &Catalog, path: &str, target: &str) -> Option<BrokenLink> {
    let target = target.strip_suffix('/').unwrap_or(target);
    let (above, name) = target.rsplit_once('/').unwrap_or(("", target));
    let start = if above.is_empty() { String::new() } else { format!("{above}/") };
    let is_folder = path.ends_with('/') && !name.contains('.') && !catalog.is_site();
    if !is_folder || catalog.snapshot.has(target) {
        return None;
    }
    let below = catalog.snapshot.files().iter().filter_map(|file| file.path.strip_prefix(&*start));
    let folders: BTreeSet<&str> = below.filter_map(|rest| Some(rest.split_once('/')?.0)).collect();
    let mut near = folders.into_iter().filter(|folder| edit_distance(folder, name) == 1);
    let only = near.next().filter(|_| near.next().is_none())?;
    let kept = &path[..path.len() - name.len() - 1];
    Some(BrokenLink { reason: "no such folder".into(), suggestion: Some(format!("{kept}{only}/")) })
}

/// Returns the slip of a folder that is not there, `templates/`, on a page whose other links lead to files and folders that are.
pub(super) fn missing_folder(catalog: &Catalog, file: &SourceFile, path: &str) -> Option<BrokenLink> {
    let is_folder = path.ends_with('/') && path.contains(char::is_alphanumeric);
    if !is_folder || catalog.is_site() || has_own_address(file) {
        return None;
    }
    let links = file.document.markdown.iter().flat_map(|page| &page.links);
    let (mut pages, mut is_only) = (0, true);
    for link in links.filter(|link| LinkForm::of(&link.destination) == LinkForm::Relative) {
        let other = path_of(&link.destination);
        let target =
            resolve(file.path(), &percent_decoded(other)).filter(|_| !other.is_empty() && other != path);
        let is_there = target.map(|target| catalog.snapshot.has(&target));
        pages += usize::from(is_there == Some(true) && Format::is_page_path(other));
        is_only &= is_there != Some(false) || Format::is_page_path(other);
    }
    (is_only && pages > 0).then(|| BrokenLink { reason: "no such folder".into(), suggestion: None })
}

/// The most pages of a folder, and links of each, that are searched for a link with an ending: all links of a folder may lack one.
const MAX_PAGES: usize = 10;
const MAX_LINKS: usize = 30;

/// Returns the ending of the only page that a target without one may mean, if a page of the folder links to another page with
/// that ending.
pub(super) fn ending_of(catalog: &Catalog, file: &SourceFile, target: &str) -> Option<String> {
    let mut pages = pages_of(target).filter(|page| catalog.snapshot.has(page));
    let page = pages.next().filter(|_| pages.next().is_none())?;
    let (stem, ending) = page.rsplit_once('.')?;
    let folder = |path: &str| path.len() - file_name(path).len();
    let folder = &file.path()[..folder(file.path())];
    let names_endings = |page: &SourceFile| {
        let links = page.document.markdown.iter().flat_map(|markdown| &markdown.links);
        let leads = |link: &Link| {
            let path = path_of(&link.destination);
            let root = path.strip_prefix('/').map(str::to_owned);
            let target = || resolve(page.path(), &percent_decoded(path));
            Format::is_page_path(path)
                && path.ends_with(ending)
                && LinkForm::of(path) != LinkForm::Web
                && root.or_else(target).is_some_and(|target| catalog.snapshot.has(&target))
        };
        links.into_iter().take(MAX_LINKS).any(leads)
    };
    let first = catalog.files.partition_point(|page| **page.path() < *folder);
    let mut beside =
        catalog.files[first..].iter().take_while(|page| page.path().starts_with(folder)).take(MAX_PAGES);
    (stem == target && beside.any(names_endings)).then(|| ending.to_owned())
}

/// Returns the slip in a path from the root that is one on a computer: `/Users/ada/src/docs/use-git.md`.
pub(super) fn on_a_computer(catalog: &Catalog, file: &SourceFile, destination: &str) -> Option<BrokenLink> {
    let path = destination.strip_prefix("file://").unwrap_or(destination);
    let mut parts = path.strip_prefix('/')?.split('/');
    let is_home = HOMES.contains(&parts.next()?) && parts.next().is_some_and(|user| !user.is_empty());
    if !is_home || parts.count() < 2 || !Format::is_page_path(path_of(path)) {
        return None;
    }
    let rest = path_of(path);
    let mut tails = rest.match_indices('/').take(MAX_DEPTH).map(|(at, _)| &rest[at + 1..]);
    let here = tails.find(|tail| catalog.snapshot.has(tail));
    let suggestion = here.map(|tail| format!("{}{}", relative_to(file.path(), tail), &path[rest.len()..]));
    Some(BrokenLink { reason: "a path on one computer".into(), suggestion })
}

/// The most folders of a path that are tried as the root of the repository.
const MAX_DEPTH: usize = 32;

/// The folders that hold those of people.
const HOMES: &[&str] = &["Users", "home"];

/// The most lines above a link that are searched for the heading of its section: a page may have thousands of links in one.
const MAX_LINES: usize = 200;

/// Returns true if the anchor leads to the section that contains the link. That of the title leads to the page.
pub(super) fn is_own_section(file: &SourceFile, link: &Link, anchor: &str) -> bool {
    let mut above = file.source().text()[..link.span.start as usize].lines().rev().take(MAX_LINES);
    let section = above.find_map(|line| Some(line.strip_prefix("##")?.trim_matches('#').trim()));
    section.is_some_and(|title| slug(title) == anchor)
}

/// Returns the only file whose path differs in case: on GitHub, `/Docs/a.md` is not `docs/a.md`.
pub(super) fn in_other_case<'c>(catalog: &'c Catalog, target: &str) -> Option<&'c str> {
    let same = super::near_files::files_named(catalog, file_name(target));
    let mut alike = same.iter().filter(|path| path.to_lowercase() == target.to_lowercase());
    alike.next().filter(|_| alike.next().is_none()).map(|path| &**path)
}

/// Returns an anchor without the marks that GitHub leaves out of it, and one with a hyphen for each, if it has some.
pub(super) fn without_marks(anchor: &str) -> Option<[String; 2]> {
    const MARKS: [char; 9] = [':', '/', '=', '.', ',', '(', ')', '?', '\''];
    anchor.contains(MARKS).then(|| [anchor.replace(MARKS, ""), anchor.replace(MARKS, "-")])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_or_a_placeholder_is_no_address() {
        let suggestion = |text: &str| in_destination(text).map(|slip| slip.suggestion.unwrap_or_default());
        assert_eq!(suggestion("[url](https://a.org/b)").as_deref(), Some("https://a.org/b"));
        assert_eq!(suggestion("]https://a.org/b").as_deref(), Some("https://a.org/b"));
        assert_eq!(suggestion("TBD").as_deref(), Some(""));
        for other in ["[url](a.md)", "todo.md", "https://a.org/[b](c)", "[x]"] {
            assert_eq!(suggestion(other), None, "{other}");
        }
    }

    #[test]
    fn marks_are_no_part_of_an_anchor() {
        let marked = without_marks("values=for-/-all").unwrap();
        assert_eq!(marked, ["valuesfor--all", "values-for---all"]);
        assert_eq!(without_marks("upgrade--downgrade"), None);
    }
}
