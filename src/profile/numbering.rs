//! The scope within which identifiers are unique, and the one in the name of a file.

use super::extract::Selector;
use super::{Profile, View};

/// The field with the identifier of a record.
const ID: &str = "id";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Numbering {
    #[default]
    Repository,
    Folder,
    /// A page that holds several records.
    Page,
    /// The pages of a folder whose names have the same letters before their numbers.
    Series,
}

impl Numbering {
    pub(super) fn named(name: &str) -> Numbering {
        match name {
            "folder" => Numbering::Folder,
            "page" => Numbering::Page,
            "series" => Numbering::Series,
            _ => Numbering::Repository,
        }
    }

    /// Returns the path prefix within which the identifier of the record at `path` is unique.
    pub fn scope(self, path: &str) -> &str {
        let folder = path.rfind('/').unwrap_or(0);
        match self {
            Numbering::Repository => "",
            Numbering::Folder => &path[..folder],
            Numbering::Page => path,
            Numbering::Series => &path[..series(path).unwrap_or(folder)],
        }
    }
}

impl Profile {
    /// Returns the identifier in the name of a file. In a user's own format that reads the identifier from there alone, it is that one.
    pub fn file_id(&self, view: &View<'_>) -> Option<Box<str>> {
        let is_of_name = || self.own_path.is_some() && self.file_id.is_empty();
        let of_field = self.fields().filter(|(name, _)| *name == ID && is_of_name());
        let of_field = of_field
            .map(|(_, places)| places)
            .filter(|places| places.iter().all(|place| matches!(place.selector, Selector::File(_))));
        let mut places = self.file_id.iter().chain(of_field.flatten());
        places.find_map(|place| place.read(view)?.as_text().map(Box::from))
    }
}

/// Returns where the number in the name of a file begins, if letters stand before it.
fn series(path: &str) -> Option<usize> {
    let name = path.rfind('/').map_or(path, |at| &path[at + 1..]);
    let after_letters = name.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let number = after_letters.trim_start_matches(['-', '_', ' ']);
    let is_numbered = after_letters.len() < name.len() && number.starts_with(|c: char| c.is_ascii_digit());
    is_numbered.then_some(path.len() - number.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_has_its_letters_and_its_folder() {
        let scope = |path| Numbering::Series.scope(path);
        assert_eq!(scope("PIPs/PIP-7.md"), "PIPs/PIP-");
        assert_eq!(scope("PIPs/PRC/prc7.md"), "PIPs/PRC/prc");
        assert_eq!(scope("docs/adr/0007-use-http2.md"), "docs/adr", "as in a format numbered by folder");
        assert_eq!(scope("docs/adr/use-http2.md"), "docs/adr");
        assert_eq!(scope("rfc-7.md"), "rfc-");
        assert_eq!(Numbering::Folder.scope("docs/adr/adr-7.md"), "docs/adr");
        assert_eq!(Numbering::Repository.scope("docs/adr/adr-7.md"), "");
    }
}
