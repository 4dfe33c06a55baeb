//! Where a page may be that was moved to another folder or has another number.

use std::collections::HashMap;
use std::sync::Arc;

use super::Catalog;
use super::links::{file_name, with_same_number};

/// Returns the only file of the same words in its name, else the only page of the same number and a common word in the folders beside.
pub(super) fn suggest<'c>(catalog: &'c Catalog, target: &str) -> Option<&'c str> {
    with_same_words(catalog, target).or_else(|| in_folder_beside(catalog, target))
}

fn with_same_words<'c>(catalog: &'c Catalog, target: &str) -> Option<&'c str> {
    let by_words = catalog.lazy.suggestions.paths_by_words.get_or_init(|| {
        let mut by_words: HashMap<String, Vec<Arc<str>>> = HashMap::new();
        for file in catalog.snapshot.files() {
            if let Some(words) = words_of_name(&file.path) {
                by_words.entry(words).or_default().push(file.path.clone());
            }
        }
        by_words
    });
    match &by_words.get(&words_of_name(target)?)?[..] {
        [only] => Some(only),
        _ => None,
    }
}

/// Returns the words of the name of a page, without a number before them and with its ending: `use-one-queue.md`. `None` for a single
/// word, which many pages may have.
fn words_of_name(path: &str) -> Option<String> {
    let name = file_name(path).to_lowercase().replace(['_', ' '], "-");
    let number = name.trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_start_matches('-');
    let rest = number.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
    let words = if number.starts_with(|c: char| c.is_ascii_digit()) { rest } else { &name };
    let (stem, _) = words.split_once('.')?;
    (stem.split('-').filter(|word| word.len() > 2).count() > 1).then(|| words.to_owned())
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
    fn a_page_is_found_by_its_words() {
        assert_eq!(words_of_name("docs/adr/0007-use_one queue.md").as_deref(), Some("use-one-queue.md"));
        assert_eq!(words_of_name("ADR-7-use-one-queue.md").as_deref(), Some("use-one-queue.md"));
        assert_eq!(words_of_name("2026-05-01-use-one-queue.md").as_deref(), Some("use-one-queue.md"));
        assert_eq!(words_of_name("0007-queue.md"), None);
    }
}
