//! Where a page may be that was moved to another folder or has another number.

use std::sync::Arc;

use crate::schema::nearest;
use crate::syntax::Format;
use crate::syntax::markdown::percent_encoded;

use super::links::{file_name, relative_to};
use super::near_files::{files_named, says_what_it_is, with_same_number};
use super::{Catalog, SourceFile, sites};

/// Returns the only file that a missing one may be. `tail` is the path of the link without `..`, in lower case.
pub(super) fn suggest<'c>(catalog: &'c Catalog, target: &str, tail: &str) -> Option<&'c str> {
    with_other_ending(catalog, target)
        .or_else(|| below_other_folders(catalog, tail))
        .or_else(|| with_same_words(catalog, target))
        .or_else(|| in_folder_beside(catalog, target))
        .or_else(|| with_all_words(catalog, target))
}

/// Returns the only page beside that differs in the ending of its name: `design.adoc` for `design.md`.
fn with_other_ending<'c>(catalog: &'c Catalog, target: &str) -> Option<&'c str> {
    let (stem, _) = target.rsplit_once('.').filter(|_| Format::is_page_path(target))?;
    let mut others = beside(catalog, target).filter(|path| {
        Format::is_page_path(path) && path.rsplit_once('.').is_some_and(|(other, _)| other == stem)
    });
    others.next().filter(|_| others.next().is_none())
}

/// Returns the only file whose path ends as that of the link does, from its second folder on: `team/docs/use-queues.md` for
/// `main/docs/use-queues.md`.
fn below_other_folders<'c>(catalog: &'c Catalog, tail: &str) -> Option<&'c str> {
    let mut shorter = tail.match_indices('/').map(|(at, _)| &tail[at + 1..]).filter(|it| it.contains('/'));
    let (end, found) = shorter.find_map(|end| {
        let ends_alike = |path: &&Arc<str>| {
            let path = path.to_lowercase();
            path.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('/'))
        };
        let alike: Vec<&Arc<str>> = files_named(catalog, tail).iter().filter(ends_alike).collect();
        (!alike.is_empty()).then_some((end, alike))
    })?;
    let is_plain = end.matches('/').count() > 1 || end.split('/').any(says_what_it_is);
    if let [only] = found[..] { Some(&**only).filter(|_| is_plain) } else { None }
}

/// Returns true if one of two paths to pictures or data is the other without one of its folders: `images/stack.svg` for
/// `images/specs/stack.svg`.
pub(super) fn differs_by_a_folder(path: &str, target: &str) -> bool {
    let (longer, shorter) = if path.len() > target.len() { (path, target) } else { (target, path) };
    let mut parts = longer.split('/').collect::<Vec<_>>();
    let shared = parts.iter().zip(shorter.split('/')).take_while(|(a, b)| *a == b).count();
    if Format::is_page_path(path) || shared + 1 >= parts.len() {
        return false;
    }
    parts.remove(shared);
    parts.iter().copied().eq(shorter.split('/'))
}

/// Returns the files of the folder of a path.
fn beside<'c>(catalog: &'c Catalog, path: &str) -> impl Iterator<Item = &'c str> {
    let folder = path[..path.len() - file_name(path).len()].to_owned();
    let files = catalog.snapshot.files();
    let first = files.partition_point(|file| *file.path < *folder);
    let below = files[first..].iter().take(MAX_FILES).map(|file| &*file.path);
    let length = folder.len();
    below.take_while(move |path| path.starts_with(&*folder)).filter(move |path| !path[length..].contains('/'))
}

/// Returns the only file beside whose name has all words of the wanted one, each spelt alike, and the same ending.
fn with_all_words<'c>(catalog: &'c Catalog, target: &str) -> Option<&'c str> {
    const LEAST: usize = 3;
    let name = file_name(target).to_lowercase();
    let (stem, ending) = name.rsplit_once('.')?;
    let digits = |stem: &str| stem.chars().filter(char::is_ascii_digit).collect::<String>();
    let wanted = words(stem);
    let has_all = |path: &&str| {
        let other = file_name(path).to_lowercase();
        let Some((other, _)) = other.rsplit_once('.').filter(|(_, it)| *it == ending) else { return false };
        let known = words(other);
        digits(other) == digits(stem)
            && wanted.iter().all(|word| nearest(word, known.iter().copied()).is_some())
    };
    let mut found = beside(catalog, target).filter(has_all);
    found.next().filter(|_| wanted.len() >= LEAST && found.next().is_none())
}

/// Returns the words of at least four letters.
fn words(stem: &str) -> Vec<&str> {
    const MIN_LEN: usize = 4;
    stem.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() >= MIN_LEN).collect()
}

fn with_same_words<'c>(catalog: &'c Catalog, target: &str) -> Option<&'c str> {
    let by_words = catalog.lazy.suggestions.paths_by_words.get_or_init(|| {
        let files = catalog.snapshot.files().iter();
        files.filter_map(|file| Some((words_of_name(&file.path)?.into(), file.path.clone()))).collect()
    });
    let [only] = by_words.get(&words_of_name(target)?) else { return None };
    // Not `guides/use-queues.md` for `adr/0007-use-queues.md`: a page of another folder, without a number, and of two words.
    let is_numbered = |path: &str| file_name(path).contains(|c: char| c.is_ascii_digit());
    let is_beside = || {
        only.rsplit_once('/').map(|(folder, _)| folder) == target.rsplit_once('/').map(|(folder, _)| folder)
    };
    let says_much = || words_of_name(target).is_some_and(|words| words.split('-').count() > 2);
    (is_numbered(only) || !is_numbered(target) || is_beside() || says_much()).then_some(&**only)
}

/// Returns the only other page whose title is the text of a link. `said` is the slug of that text.
pub(super) fn with_title(catalog: &Catalog, file: &SourceFile, said: &str) -> Option<String> {
    let by_title = catalog.lazy.suggestions.paths_by_title.get_or_init(|| {
        let title = |page: &SourceFile| {
            let first = page.document.markdown.as_ref()?.anchors.iter().next()?;
            first.contains('-').then(|| (first.into(), page.path().clone()))
        };
        catalog.files.iter().filter_map(title).collect()
    });
    let [only] = by_title.get(said) else { return None };
    let is_other = only != file.path() && sites::is_published(only, &[file.path()]);
    is_other.then(|| percent_encoded(&relative_to(file.path(), only)))
}

/// Returns the words of the name of a file, without a number before them and with its ending, for which all endings of pages are one:
/// `use-one-queue.md`. `None` for a single word, which many pages may have.
fn words_of_name(path: &str) -> Option<String> {
    let name = file_name(path).to_lowercase().replace(['_', ' '], "-");
    let number = name.trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_start_matches('-');
    let rest = number.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
    let words = if number.starts_with(|c: char| c.is_ascii_digit()) { rest } else { &name };
    let (stem, _) = words.split_once('.')?;
    let is_page = words.strip_prefix(stem).is_some_and(|ending| Format::is_page_path(&format!("a{ending}")));
    let said = if is_page { format!("{stem}.md") } else { words.to_owned() };
    (stem.split('-').filter(|word| word.len() > 2).count() > 1).then_some(said)
}

/// The most files of a folder that are looked at.
const MAX_FILES: usize = 2000;

fn in_folder_beside<'c>(catalog: &'c Catalog, target: &str) -> Option<&'c str> {
    let (folder, name) = target.rsplit_once('/')?;
    let above = &folder[..=folder.rsplit_once('/')?.0.len()];
    let files = catalog.snapshot.files();
    let first = files.partition_point(|file| *file.path < *above);
    let below = || {
        files[first..]
            .iter()
            .take(MAX_FILES)
            .map_while(|file| file.path.starts_with(above).then_some(&*file.path))
    };
    let beside = || below().filter(|path| path[above.len()..].matches('/').count() == 1);
    let found = with_same_number(name, beside().map(file_name))?;
    let mut named = beside().filter(|path| file_name(path) == found);
    named.next().filter(|_| named.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_may_be_a_folder_higher_or_deeper() {
        assert!(differs_by_a_folder("docs/images/stack.svg", "docs/images/specs/stack.svg"));
        assert!(differs_by_a_folder("docs/images/stack.svg", "docs/stack.svg"));
        assert!(differs_by_a_folder("images/stack.svg", "docs/images/stack.svg"));
        assert!(!differs_by_a_folder("a/images/stack.svg", "b/images/stack.svg"));
        assert!(!differs_by_a_folder("stack.svg", "docs/images/stack.svg"));
        assert!(!differs_by_a_folder("docs/queue.md", "docs/a/queue.md"), "a page of one word");
    }

    #[test]
    fn a_name_of_two_words_says_what_it_is() {
        assert!(says_what_it_is("rfcs/MaterialPipelines.png"));
        assert!(says_what_it_is("use-queues.md"));
        assert!(!says_what_it_is("README.md") && !says_what_it_is("lib/README-EN.md"));
        assert!(!says_what_it_is("docs/Design.md"));
    }

    #[test]
    fn a_page_is_found_by_its_words() {
        assert_eq!(words_of_name("docs/adr/0007-use_one queue.md").as_deref(), Some("use-one-queue.md"));
        assert_eq!(words_of_name("ADR-7-use-one-queue.md").as_deref(), Some("use-one-queue.md"));
        assert_eq!(words_of_name("2026-05-01-use-one-queue.md").as_deref(), Some("use-one-queue.md"));
        assert_eq!(words_of_name("0009-use-one-queue.adoc").as_deref(), Some("use-one-queue.md"));
        assert_eq!(words_of_name("use-one-queue.png").as_deref(), Some("use-one-queue.png"));
        assert_eq!(words_of_name("0007-queue.md"), None);
    }
}
