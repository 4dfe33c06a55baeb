//! Links as sites resolve them that are built from pages, and as other hosts do.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde::Deserialize;

use crate::embedded;
use crate::schema::edit_distance;
use crate::snapshot::Snapshot;

use crate::syntax::markdown::{percent_decoded, slug};

use super::links::{file_name, resolve};
use super::near_files::files_named;
use super::{Catalog, SourceFile};

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(rename_all = "kebab-case")]
struct Sites {
    sites: Vec<String>,
    generated_lists: Vec<Comments>,
}

/// The beginnings of the comments around a part of a page, in lower case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Comments {
    begins: String,
    ends: String,
}

static FILE: LazyLock<Sites> = LazyLock::new(|| {
    let json = embedded::as_json("schemas/sites.yaml").unwrap_or_default();
    serde_json::from_str(json).unwrap_or_default()
});

static SITES: LazyLock<GlobSet> = LazyLock::new(|| {
    let glob = |text: &String| GlobBuilder::new(text).literal_separator(true).build().ok();
    let mut set = GlobSetBuilder::new();
    FILE.sites.iter().filter_map(glob).for_each(|glob| {
        set.add(glob);
    });
    set.build().unwrap_or_default()
});

/// Returns true if pages of this state are read elsewhere than on GitHub.
pub(super) fn is_site(snapshot: &Snapshot) -> bool {
    snapshot.files().iter().any(|file| shows_site(&file.path))
}

/// Returns true for a file which shows that pages are read elsewhere.
pub(super) fn shows_site(path: &str) -> bool {
    SITES.is_match(path)
}

/// Returns the lists of headings in a page that a program writes.
pub(super) fn generated_lists(page: &str) -> Vec<Range<usize>> {
    let page = page.to_ascii_lowercase();
    let mut lists: Vec<Range<usize>> = Vec::new();
    for Comments { begins, ends } in &FILE.generated_lists {
        let mut from = 0;
        while let Some(start) = page[from..].find(&**begins).map(|at| from + at) {
            let inside = start + begins.len();
            let Some(end) = page[inside..].find(&**ends).map(|at| inside + at) else { break };
            lists.push(start..end);
            from = end + ends.len();
        }
    }
    lists
}

/// Returns the line of the heading whose anchor differs from that of a link only by hyphens at the ends: programs that write lists
/// take the space after a heading for one.
pub(super) fn heading_but_for_hyphens<'f>(file: &'f SourceFile, destination: &str) -> Option<&'f str> {
    let anchor = destination.strip_prefix('#')?.to_lowercase();
    let plain = |line: &str| slug(line.trim_start_matches('#').trim()).trim_matches('-').to_lowercase();
    let mut headings = file.source().text().lines().filter(|line| line.starts_with('#'));
    headings.find(|line| plain(line) == anchor.trim_matches('-'))
}

/// Returns false for a file in a folder of drafts or templates, unless one of the other paths lies in one.
pub(super) fn is_published(path: &str, others: &[&str]) -> bool {
    let is_unpublished = |path: &str| {
        let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders).to_lowercase();
        folders.split('/').any(|folder| UNPUBLISHED.contains(&folder.trim_start_matches(['_', '.'])))
    };
    !is_unpublished(path) || others.iter().any(|other| is_unpublished(other))
}

/// The folders that sites leave out, with or without a mark before their names.
const UNPUBLISHED: [&str; 4] = ["draft", "drafts", "template", "templates"];

/// Returns the path of a link from a page that the site shows as a folder: `../0002-use-rust/` in `adr/0001-use-git.md` leads
/// to `adr/0002-use-rust`.
pub(super) fn resolve_from_folder(from: &str, relative: &str) -> Option<String> {
    let (page, _) = from.rsplit_once('.')?;
    resolve(&format!("{page}/"), relative)
}

/// The folders that sites copy to their root.
const STATIC_FOLDERS: [&str; 2] = ["public", "static"];

/// Returns true if a path leads to a file that a site copies to its root, from a page whose front matter names the layout of a site:
/// `./resources/plan.png`, which is in `public/resources/`.
pub(super) fn is_in_static_folder(catalog: &Catalog, file: &SourceFile, path: &str) -> bool {
    let front_matter = file.document.markdown.as_ref().and_then(|page| page.front_matter.as_ref());
    let mut keys = front_matter.map_or("", |it| file.source().slice(it.content)).lines();
    let path = percent_decoded(path);
    let tail: Vec<&str> = path.split('/').skip_while(|part| matches!(*part, "" | "." | "..")).collect();
    let tail = format!("/{}", tail.join("/"));
    let is_copied = |path: &str| {
        let folder = path.strip_suffix(&*tail).map(|folder| folder.rsplit('/').next().unwrap_or_default());
        folder.is_some_and(|folder| STATIC_FOLDERS.contains(&folder))
    };
    (catalog.is_site() || keys.any(|line| line.starts_with("layout:")))
        && files_named(catalog, &path).iter().any(|path| is_copied(path))
}

/// Returns true if an anchor may be that of a heading which has another one on GitHub: marks, numbers at the beginning and accents
/// are left out or not.
pub(super) fn is_same_anchor(wanted: &str, known: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let (wanted, known) = (letters(wanted), letters(known));
    let accents = known.chars().filter(|c| !c.is_ascii()).count();
    let after_number = |text: &'_ str| text.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned();
    !wanted.is_empty()
        && (wanted == known
            || wanted == after_number(&known)
            // A site may number the headings of its pages.
            || !known.is_empty() && after_number(&wanted) == known
            || accents > 0
                && accents * 2 <= known.chars().count()
                && edit_distance(&wanted, &known) <= accents)
}

/// Returns the anchor of the heading to which this one leads where a program writes another text before it: `sec-errors` is that of
/// `## Errors`.
pub(super) fn without_prefix(anchor: &str) -> Option<&str> {
    anchor.strip_prefix("sec-").filter(|rest| !rest.is_empty())
}

/// Returns the anchors that a line states in a way that GitHub does not know: `(label)=` as Sphinx has it, and `{: #label }`.
pub(super) fn stated_in(line: &str) -> impl Iterator<Item = &str> {
    let label = label_in(line);
    let braces = line.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    let words = braces.flat_map(|(inside, _)| inside.split(|c: char| c.is_whitespace() || c == ':'));
    label.into_iter().chain(words.filter_map(|word| word.strip_prefix('#')))
}

/// Returns true if a page states a label, to which Sphinx leads `[text](label)`.
pub(super) fn states_label(file: &SourceFile, label: &str) -> bool {
    file.source().text().lines().any(|line| label_in(line) == Some(label))
}

/// Returns true for a path to a page in `AsciiDoc` that lies below a folder above, from which a site made of modules looks for
/// it: <https://docs.antora.org/antora/latest/page/page-id/>.
pub(super) fn is_in_module(catalog: &Catalog, file: &SourceFile, path: &str) -> bool {
    let is_asciidoc = |path: &str| path.ends_with(".adoc") || path.ends_with(".asciidoc");
    let from = file.path();
    let mut folders = from.match_indices('/').map(|(at, _)| &from[..=at]);
    is_asciidoc(from)
        && is_asciidoc(path)
        && !path.starts_with('.')
        && folders.any(|folder| catalog.snapshot.has(&format!("{folder}{path}")))
}

/// Returns true for a path that leads to a file from a symbolic link with the name of a folder above the page: a site may be built
/// from `doc/source/specs`, which is a link to `specs`. The link itself is not followed.
pub(super) fn is_from_symbolic_link(catalog: &Catalog, file: &SourceFile, path: &str) -> bool {
    let from = file.path();
    let path = percent_decoded(path);
    let links = catalog.lazy.symbolic_links.get_or_init(|| SymbolicLinks::of(&catalog.snapshot));
    let mut folders = from.match_indices('/').map(|(at, _)| from.split_at(at));
    folders.any(|(folder, rest)| {
        let of_name = links.by_name.get(file_name(folder)).map_or(&[][..], Vec::as_slice);
        let is_there = |target: String| catalog.snapshot.has(&target);
        of_name.iter().any(|link| resolve(&format!("{link}{rest}"), &path).is_some_and(is_there))
    })
}

/// The symbolic links of a snapshot by their names; of one name, the first few.
pub(super) struct SymbolicLinks {
    by_name: HashMap<Box<str>, Vec<Box<str>>>,
}

impl SymbolicLinks {
    fn of(snapshot: &Snapshot) -> SymbolicLinks {
        const MOST_OF_ONE_NAME: usize = 8;
        let mut by_name: HashMap<Box<str>, Vec<Box<str>>> = HashMap::new();
        for link in snapshot.links() {
            let of_name = by_name.entry(file_name(link).into()).or_default();
            if of_name.len() < MOST_OF_ONE_NAME {
                of_name.push(link.into());
            }
        }
        SymbolicLinks { by_name }
    }
}

/// Returns the label in a line `(label)=`.
fn label_in(line: &str) -> Option<&str> {
    line.trim().strip_prefix('(')?.strip_suffix(")=")
}

/// Returns true for an anchor that no heading has on any site: a line of a file, a note, a tab, a text to search for, or `readme`,
/// the element in which GitHub shows a page.
pub(super) fn is_generated(anchor: &str) -> bool {
    let number = |rest: &str| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.chars().all(|c| c.is_ascii_digit() || "lc-".contains(c))
    };
    let note = |start: &str| {
        let rest = anchor.strip_prefix(start)?;
        let rest = rest.strip_prefix("ref").unwrap_or(rest);
        Some(rest.trim_start_matches([':', '-', '_']).chars().all(|c| c.is_ascii_digit()))
    };
    matches!(anchor, "top" | "readme")
        || anchor.starts_with("user-content-")
        || anchor.starts_with("__")
        || anchor.strip_prefix('l').is_some_and(number)
        || note("fn") == Some(true)
        || anchor.contains([':', '/', '='])
        || !anchor.contains(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_of_other_renderers_are_told_from_others() {
        for (wanted, known) in [
            ("1-first-second", "1-first--second"),
            ("first-second", "1-first--second"),
            ("what-s-new", "whats-new"),
            ("uber-uns", "über-uns"),
            ("_decision", "decision"),
            ("launch", "-launch"),
        ] {
            assert!(is_same_anchor(wanted, known), "{wanted} {known}");
        }
        for (wanted, known) in
            [("costs", "what-it-costs"), ("decisions", "decision"), ("é", "é-ü"), ("", "-")]
        {
            assert!(!is_same_anchor(wanted, known), "{wanted} {known}");
        }
    }

    #[test]
    fn lines_notes_and_tabs_are_no_headings() {
        for anchor in [
            "l7",
            "l7-l12",
            "l7c1-l9c4",
            "fn1",
            "fnref:2",
            "fn:12",
            "tab/linux",
            ":~:text=x",
            "__t_1_2",
            "?",
            "readme",
        ] {
            assert!(is_generated(anchor), "{anchor}");
        }
        for anchor in ["links", "l", "lc", "function", "fnord", "7-lines"] {
            assert!(!is_generated(anchor), "{anchor}");
        }
        let stated: Vec<&str> = stated_in("## A {: #a .b } and [](){#c}").collect();
        assert_eq!(stated, ["a", "c"]);
        assert_eq!(stated_in("(label)=").collect::<Vec<_>>(), ["label"]);
    }
}
