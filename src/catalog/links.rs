//! Links between the files of a repository. Only what GitHub itself would follow is judged: relative
//! links to files, and anchors in governed documents.

use std::collections::HashMap;
use std::sync::Arc;

use crate::schema::nearest;
use crate::syntax::Markdown;
use crate::text::Span;

use super::{Catalog, File};

/// A relative link, and why it leads nowhere.
#[derive(Debug)]
pub struct CheckedLink<'c> {
    pub destination: &'c str,
    pub span: Span,
    pub broken: Option<Broken>,
}

#[derive(Debug, PartialEq)]
pub struct Broken {
    pub reason: &'static str,
    /// The destination that was probably meant.
    pub nearest: Option<String>,
}

pub(super) fn check<'c>(catalog: &'c Catalog, file: &'c File) -> Vec<CheckedLink<'c>> {
    let Some(markdown) = &file.document.markdown else { return Vec::new() };
    let relative = markdown.links.iter().filter(|link| is_judged(&link.destination));
    relative
        .map(|link| CheckedLink {
            destination: &link.destination,
            span: link.destination_span,
            broken: broken(catalog, file, markdown, &link.destination),
        })
        .collect()
}

/// Absolute addresses, site paths, placeholders and template code are not judged.
fn is_judged(destination: &str) -> bool {
    let scheme = destination.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty()
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    });
    !destination.is_empty()
        && !scheme
        && !destination.starts_with('/')
        && !destination.contains(['{', '<', '$', '…'])
}

fn broken(catalog: &Catalog, file: &File, markdown: &Markdown, destination: &str) -> Option<Broken> {
    let (path, anchor) = destination.split_once('#').unwrap_or((destination, ""));
    let path = path.split('?').next().unwrap_or(path);
    if path.is_empty() {
        return missing_anchor(markdown, anchor, "no such heading on this page");
    }
    // A link out of the repository may lead to a wiki or a sibling: it can't be told.
    let target = resolve(file.path(), &percent_decoded(path))?;
    if catalog.snapshot.has(&target) {
        let markdown = catalog.file_at(&target).and_then(|file| file.document.markdown.as_ref())?;
        return missing_anchor(markdown, anchor, "no such heading on that page");
    }
    if !names_a_file(path) || catalog.snapshot.has(&format!("{}.md", target.trim_end_matches(".html"))) {
        return None;
    }
    let nearest = near_path(catalog, file.path(), &target);
    Some(Broken { reason: "no such file", nearest })
}

fn missing_anchor(markdown: &Markdown, anchor: &str, reason: &'static str) -> Option<Broken> {
    let wanted = percent_decoded(anchor).to_lowercase();
    let anchors = || {
        let slugs = markdown.headings.iter().map(|heading| &*heading.slug);
        slugs.chain(markdown.anchors.iter().map(|anchor| &**anchor))
    };
    let generated =
        wanted.starts_with("user-content-") || wanted.starts_with('l') && wanted[1..].parse::<u32>().is_ok();
    if wanted.is_empty()
        || wanted == "top"
        || generated
        || anchors().any(|known| known.to_lowercase() == wanted)
    {
        return None;
    }
    let mut longer =
        anchors().filter(|known| known.strip_prefix(&*wanted).is_some_and(|rest| rest.starts_with('-')));
    let only_longer = longer.next().filter(|_| longer.next().is_none());
    let nearest = nearest(&wanted, anchors()).or(only_longer).map(|anchor| format!("#{anchor}"));
    Some(Broken { reason, nearest })
}

/// Site generators link to pages without an extension; those can't be told from files.
fn names_a_file(path: &str) -> bool {
    let extension = file_name(path).rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| {
        (1..=5).contains(&extension.len()) && extension.chars().all(|c| c.is_ascii_alphanumeric())
    })
}

/// The only file of that name, or the one whose path differs in case alone, else a similar name beside it.
fn near_path(catalog: &Catalog, from: &str, target: &str) -> Option<String> {
    let by_name = catalog.paths_by_name.get_or_init(|| {
        let mut by_name: HashMap<String, Vec<Arc<str>>> = HashMap::new();
        for file in catalog.snapshot.files() {
            by_name.entry(file_name(&file.path).to_lowercase()).or_default().push(file.path.clone());
        }
        by_name
    });
    let same_name = by_name.get(&file_name(target).to_lowercase()).map_or(&[][..], Vec::as_slice);
    let found = match same_name {
        [only] => Some(only),
        several => several.iter().find(|path| path.to_lowercase() == target.to_lowercase()),
    };
    let folder = &target[..target.len() - file_name(target).len()];
    let beside = || {
        let files = catalog.snapshot.files();
        let from = files.partition_point(|file| *file.path < *folder);
        let below = files[from..].iter().take_while(|file| file.path.starts_with(folder));
        let siblings = below.filter(|file| !file.path[folder.len()..].contains('/'));
        nearest(target, siblings.map(|file| &*file.path)).map(str::to_string)
    };
    found.map(|path| path.to_string()).or_else(beside).map(|path| relative_to(from, &path))
}

pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The path that a relative path in the file `from` means, or None where it leaves the repository.
fn resolve(from: &str, relative: &str) -> Option<String> {
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

/// `path` as a link in the file `from` writes it.
pub(super) fn relative_to(from: &str, path: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    let shared = from[..from.len() - 1].iter().zip(&path).take_while(|(a, b)| a == b).count();
    let shared = shared.min(path.len() - 1);
    let up = std::iter::repeat_n("..", from.len() - 1 - shared);
    up.chain(path[shared..].iter().copied()).collect::<Vec<_>>().join("/")
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = text
            .get(at + 1..at + 3)
            .filter(|_| bytes[at] == b'%')
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        decoded.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&decoded).into_owned()
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
        assert_eq!(percent_decoded("a%20b%zz"), "a b%zz");
    }

    #[test]
    fn addresses_and_placeholders_are_not_judged() {
        for silent in ["https://x.org", "mailto:a@b", "/site/path", "{{ url }}", "", "<todo>"] {
            assert!(!is_judged(silent), "{silent}");
        }
        assert!(is_judged("../CHARTER.md#top") && is_judged("#anchor"));
    }
}
