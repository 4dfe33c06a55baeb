//! Where records lie by convention: `schemas/conventions.yaml`.

use std::sync::LazyLock;

use ahash::HashSet;
use serde::{Deserialize, Deserializer};

use crate::embedded;
use crate::kind::fold_name;
use crate::text::{LazyRegex, extension};

/// Names of folders and files.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Conventions {
    /// At the root or below `doc/` or `docs/`, for records in any format.
    pub folders: Vec<Box<str>>,
    /// In any place, for pages.
    #[serde(deserialize_with = "folded")]
    page_folders: HashSet<String>,
    /// The last words of their names.
    page_folder_endings: Vec<Box<str>>,
    /// Hidden folders that hold pages of the project, without the full stop.
    hidden_folders: Vec<Box<str>>,
    /// In any place, for pages that are kept as they were.
    #[serde(deserialize_with = "folded")]
    frozen_folders: HashSet<String>,
    /// In any place, for folders of others' work.
    #[serde(deserialize_with = "folded")]
    foreign_folders: HashSet<String>,
    /// The last words of the names of frozen folders.
    frozen_folder_endings: Vec<Box<str>>,
    /// The first words of their names.
    frozen_folder_beginnings: Vec<Box<str>>,
    /// Below a folder of records, for those with one status.
    #[serde(deserialize_with = "folded")]
    status_folders: HashSet<String>,
    /// Folders for the posts of a site, at any depth.
    post_folders: Vec<Box<str>>,
    unread_pages: Vec<Box<str>>,
    /// As these, directly in a folder of records.
    unread_files: Vec<Box<str>>,
    opaque: Vec<Box<str>>,
    introductions: Vec<Box<str>>,
    /// The name of a page that lists the records beside or below it.
    #[serde(deserialize_with = "pattern")]
    index_page: Option<LazyRegex>,
    /// The same, where it also names them: `adr-index`.
    #[serde(deserialize_with = "pattern")]
    decision_index: Option<LazyRegex>,
    /// The introductions that are the page of a folder which is a record.
    folder_pages: Vec<Box<str>>,
    /// In the name of a folder that is a record.
    #[serde(deserialize_with = "pattern")]
    folder_record: Option<LazyRegex>,
    /// In the identifier of a page, letters that communities put before their numbers.
    #[serde(deserialize_with = "pattern")]
    community_id: Option<LazyRegex>,
    tool_files: Vec<Box<str>>,
    other_columns: HashSet<Box<str>>,
    /// In the front matter of pages for another program.
    pub tool_keys: Vec<Box<str>>,
    /// Between names in a text.
    joins_names: Vec<Box<str>>,
    /// Words that begin an action and name no person.
    #[serde(deserialize_with = "folded")]
    no_names: HashSet<String>,
    /// Before the name of a person.
    titles: Vec<Box<str>>,
    /// In place of a reference.
    no_reference: Vec<Box<str>>,
    /// The same, before a reason.
    no_reference_with_reason: Vec<Box<str>>,
    /// The first words of reasons.
    reasons: Vec<Box<str>>,
    /// What the front matter of a page calls it that is no record.
    #[serde(deserialize_with = "folded")]
    kinds_of_documents: HashSet<String>,
    /// The kind of pages of which nothing tells the kind.
    pub page_kind: Box<str>,
}

pub(super) static CONVENTIONS: LazyLock<Conventions> = LazyLock::new(|| {
    let json = embedded::as_json("schemas/conventions.yaml").unwrap_or_default();
    serde_json::from_str(json).unwrap_or_default()
});

fn folded<'d, D: Deserializer<'d>>(names: D) -> Result<HashSet<String>, D::Error> {
    Vec::<Box<str>>::deserialize(names).map(|names| names.iter().map(|name| fold_name(name)).collect())
}

fn pattern<'d, D: Deserializer<'d>>(text: D) -> Result<Option<LazyRegex>, D::Error> {
    Box::<str>::deserialize(text).map(|text| Some(LazyRegex::known(&text)))
}

impl Conventions {
    pub(super) fn is_folder(&self, name: &str) -> bool {
        self.folders.iter().any(|folder| folder.eq_ignore_ascii_case(name))
    }

    pub(super) fn is_page_folder(&self, name: &str) -> bool {
        let name = name.trim_start_matches('.');
        let rest = name.trim_start_matches(|c: char| c.is_ascii_digit());
        // `04-Proposals`: a number that puts folders in order. One with more digits is that of a record.
        let is_ordered = (1..=2).contains(&(name.len() - rest.len()));
        let ordered = rest.strip_prefix(['-', '_', '.', ' ']).filter(|_| is_ordered);
        // `ADR's`.
        let name = &*ordered.unwrap_or(name).replace(['\'', '’'], "");
        self.page_folders.contains(&fold_name(name)) || {
            let words = words(name);
            self.page_folder_endings.iter().any(|ending| {
                words.strip_suffix(&**ending).is_some_and(|before| before.is_empty() || before.ends_with('-'))
            })
        }
    }

    /// Returns true for a hidden folder such as `.github`.
    pub(super) fn is_hidden_folder_of_pages(&self, name: &str) -> bool {
        name.strip_prefix('.').is_some_and(|name| is_one_of(name, &self.hidden_folders))
    }

    /// Returns true for a file in an archive folder, which is not edited.
    pub(super) fn is_frozen(&self, path: &str) -> bool {
        let says_so = |folder: &str| {
            let mut words = folder.split(['-', '_', ' ']);
            let (first, last) = (words.next().unwrap_or(folder), words.next_back());
            let begins_so = || last.is_some() && is_one_of(first, &self.frozen_folder_beginnings);
            is_one_of(last.unwrap_or(first), &self.frozen_folder_endings) || begins_so()
        };
        let of_others = || path.rsplit('/').skip(2).any(|it| self.foreign_folders.contains(&fold_name(it)));
        let is_kept = |folder: &str| self.frozen_folders.contains(&fold_name(folder)) || says_so(folder);
        path.rsplit('/').skip(1).any(is_kept) || of_others()
    }

    /// Returns true for a folder such as `accepted`.
    pub(super) fn is_status_folder(&self, name: &str) -> bool {
        self.status_folders.contains(&fold_name(name))
    }

    /// Returns true for a page in a format that is not read.
    pub(super) fn is_unread_page(&self, path: &str) -> bool {
        has_ending(path, &self.unread_pages) || self.is_unread_file(path)
    }

    /// Returns true for a file in a format that is not read, which may hold other things than records.
    pub(super) fn is_unread_file(&self, path: &str) -> bool {
        has_ending(path, &self.unread_files)
    }

    /// Returns true for a file that only people can read, such as a deck.
    pub(super) fn is_opaque(&self, path: &str) -> bool {
        has_ending(path, &self.opaque)
    }

    pub(super) fn is_introduction(&self, stem: &str) -> bool {
        // `README.intro.md`, `README.de.md`.
        is_one_of(stem.split('.').next().unwrap_or(stem), &self.introductions)
    }

    /// Returns true for a page among the posts of a site.
    pub(super) fn is_post(&self, path: &str) -> bool {
        let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
        folders.split('/').any(|folder| is_one_of(folder, &self.post_folders))
    }

    /// Returns true for the file stem of a page that lists the records beside or below it, such as `overview`.
    pub(super) fn is_index_page(&self, stem: &str) -> bool {
        self.index_page.as_ref().is_some_and(|pattern| pattern.is_match(stem))
    }

    /// Returns true for the file stem of a page that lists decisions, such as `adr-index`.
    pub(super) fn is_decision_index(&self, stem: &str) -> bool {
        self.decision_index.as_ref().is_some_and(|pattern| pattern.is_match(stem))
    }

    /// Returns true for the file stem of a page of a folder, such as `readme`.
    pub(super) fn is_folder_page(&self, stem: &str) -> bool {
        is_one_of(stem, &self.folder_pages)
    }

    /// Returns true if a page of this name is a record where its folder, of this name, lies among records.
    pub(super) fn is_page_of_folder(&self, stem: &str, folder: &str) -> bool {
        is_one_of(stem, &self.folder_pages)
            && self.folder_record.as_ref().is_some_and(|pattern| pattern.is_match(folder))
    }

    /// Returns true for an identifier with the letters of a community: `ADR-0007`.
    pub(super) fn is_community_id(&self, id: &str) -> bool {
        self.community_id.as_ref().is_some_and(|pattern| pattern.is_match(id))
    }

    /// Returns true for a placeholder such as `none` in place of a reference, also with a reason: `none, because it is new`.
    pub(super) fn is_no_reference(&self, text: &str) -> bool {
        const DASHES: [char; 3] = ['-', '–', '—'];
        let text = text.trim().trim_end_matches('.');
        // Compares the first letters first: they rule out most texts.
        let first = text.as_bytes().first().map(u8::to_ascii_lowercase);
        let may_be = |word: &str| word.as_bytes().first().map(u8::to_ascii_lowercase) == first;
        let is_word = self.no_reference.iter().any(|other| may_be(other) && other.eq_ignore_ascii_case(text));
        let is_dash = |text: &str| text.trim_start_matches(DASHES).is_empty();
        is_word
            || self.no_reference_with_reason.iter().filter(|word| may_be(word)).any(|word| {
                let start = text.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word));
                start.is_some_and(|start| self.is_reason(&text[start.len()..]))
            })
            || text.starts_with(DASHES)
                && text.split_once(' ').is_some_and(|(dash, rest)| is_dash(dash) && is_in_brackets(rest))
    }

    /// Returns true for what follows a `none` and gives the reason: `, because it is new`, ` (new)` or ` – it is new`.
    fn is_reason(&self, rest: &str) -> bool {
        let words = rest.trim_start();
        let is_apart = words.len() < rest.len();
        let follows_dash = || ["- ", "– ", "— "].iter().any(|dash| words.starts_with(dash));
        let after_comma = rest.strip_prefix([',', ';']).unwrap_or(rest);
        (is_apart && (is_in_brackets(words) || follows_dash()))
            || rest.starts_with(": ")
            || after_comma.strip_prefix(' ').is_some_and(|words| self.begins_reason(words))
    }

    /// Returns true for the first two parts of `none, because it is new` that was split at its commas.
    pub(super) fn are_none_and_reason(&self, first: &str, second: &str) -> bool {
        let is_word = |word: &str| word.eq_ignore_ascii_case(first.trim());
        self.no_reference_with_reason.iter().any(|word| is_word(word)) && self.begins_reason(second.trim())
    }

    /// Returns true for a text whose first word is one such as `because`.
    fn begins_reason(&self, text: &str) -> bool {
        self.reasons.iter().any(|reason| {
            let start = text.get(..reason.len()).filter(|start| start.eq_ignore_ascii_case(reason));
            start.is_some() && !text[reason.len()..].starts_with(char::is_alphanumeric)
        })
    }

    /// Returns the name of a person without the titles before it: `Dr. Gwen Parry` is `Gwen Parry`.
    pub(super) fn without_titles<'n>(&self, name: &'n str) -> &'n str {
        let mut rest = name.trim();
        while let Some((first, others)) = rest.split_once(char::is_whitespace) {
            let word = first.trim_end_matches('.');
            if !self.titles.iter().any(|title| title.eq_ignore_ascii_case(word)) {
                break;
            }
            rest = others.trim_start();
        }
        rest
    }

    /// Returns true for a word such as `Talk` or `Note` at the beginning of an action.
    pub(super) fn is_no_name(&self, word: &str) -> bool {
        self.no_names.contains(&fold_name(word))
    }

    /// Returns true for a word such as `and` between two names.
    pub(super) fn joins_names(&self, word: &str) -> bool {
        self.joins_names.iter().any(|other| **other == *word)
    }

    /// Returns true for a name in lower case that resembles a field and means another column.
    pub(super) fn is_other_column(&self, name: &str) -> bool {
        self.other_columns.contains(name)
    }

    /// Returns true for a word such as `roadmap` in the front matter of a page, which says that it is no record.
    pub(super) fn is_kind_of_document(&self, name: &str) -> bool {
        self.kinds_of_documents.contains(&fold_name(name))
    }

    pub(super) fn is_tool_file(&self, name: &str) -> bool {
        is_one_of(name, &self.tool_files)
    }
}

/// Returns the words of a name in lower case: `product-decision-log` of `ProductDecisionLog` and of `product_decision_log`.
fn words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let mut is_after_small = false;
    for c in name.chars() {
        match c {
            '_' | ' ' | '.' => words.push('-'),
            _ => {
                if is_after_small && c.is_ascii_uppercase() {
                    words.push('-');
                }
                words.push(c.to_ascii_lowercase());
            }
        }
        is_after_small = c.is_ascii_lowercase();
    }
    words
}

fn has_ending(path: &str, endings: &[Box<str>]) -> bool {
    is_one_of(extension(path).unwrap_or_default(), endings)
}

fn is_one_of(name: &str, names: &[Box<str>]) -> bool {
    names.iter().any(|other| other.eq_ignore_ascii_case(name))
}

/// Returns true for a text in round brackets.
fn is_in_brackets(text: &str) -> bool {
    text.strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'))
        .is_some_and(|inner| !inner.contains(['(', ')']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_conventions_is_read() {
        assert!(CONVENTIONS.is_folder("EIPS") && !CONVENTIONS.is_folder("src"));
        assert!(CONVENTIONS.is_page_folder("Architecture_Decisions") && !CONVENTIONS.is_page_folder("notes"));
        assert!(CONVENTIONS.is_page_folder(".decisions") && CONVENTIONS.is_page_folder("_adrs"));
        assert!(CONVENTIONS.is_page_folder("04-Proposals") && !CONVENTIONS.is_page_folder("0004-proposals"));
        assert!(CONVENTIONS.is_page_folder("network_adr") && CONVENTIONS.is_page_folder("ADRs"));
        assert!(
            CONVENTIONS.is_page_folder("ArchitectureDecisionLog") && !CONVENTIONS.is_page_folder("quadr")
        );
        assert!(
            CONVENTIONS.is_frozen("docs/adr/Archive/x/1.md") && !CONVENTIONS.is_frozen("docs/archive.md")
        );
        assert!(CONVENTIONS.is_frozen("deps/lib/adr/1.md") && !CONVENTIONS.is_frozen("deps/0001-a.md"));
        assert!(CONVENTIONS.is_unread_page("docs/rfcs/0001.org") && !CONVENTIONS.is_unread_page("a.png"));
        assert!(CONVENTIONS.is_introduction("README") && CONVENTIONS.is_tool_file("mkdocs.yml"));
    }

    #[test]
    fn a_folder_with_a_number_or_a_day_is_a_record() {
        for folder in [
            "0007-logs",
            "012_url",
            "7100-a",
            "OSAC-7-a",
            "rfc12",
            "2023-02-27_tests",
            "20201030-x",
            "042",
            "7",
        ] {
            assert!(CONVENTIONS.is_page_of_folder("README", folder), "{folder}");
        }
        for folder in ["2024", "2024-plans", "1999-a", "logs", "v2", "A-logs", "3d", "7-a", "2023-02"] {
            assert!(!CONVENTIONS.is_page_of_folder("readme", folder), "{folder}");
        }
        assert!(!CONVENTIONS.is_page_of_folder("changelog", "0007-logs"));
    }
}
