//! Identifiers of records, the keys and paths by which references name records, and the scope within which an identifier is unique.

use super::classifier::{is_page_of_folder, lies_in_own_folder, numbered_folder};
use super::{Record, RecordContent};
use crate::calendar::Period;
use crate::format::Numbering;
use crate::kind::Kind;
use crate::layout::{Part, Shape};
use crate::node::{MappingBuilder, Node};
use crate::syntax::Format;
use crate::syntax::markdown::{percent_decoded, slug};
use crate::text::{file_name, folder_of, is_number, stem};
use crate::value::identifier::{self, Identifier};
use crate::value::{in_ascii, is_disguised, words};

/// Returns the comparison key of an identifier, in lower case: `7` for `0007` and, with the prefix `ADR`, for `ADR-0007`.
pub fn id_key(text: &str, prefixes: &[Box<str>]) -> String {
    let text = text.trim();
    let number = prefixes.iter().find_map(|prefix| after_prefix(text, prefix)).unwrap_or(text);
    if is_number(number) { without_zeros(number).to_owned() } else { text.to_lowercase() }
}

fn without_zeros(number: &str) -> &str {
    let significant = number.trim_start_matches('0');
    if significant.is_empty() { "0" } else { significant }
}

/// Returns `0007` for `ADR-0007`, `adr 0007` and `ADR0007`.
fn after_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    let number = rest.trim_start_matches(['-', ' ', '_', '#']);
    (start.eq_ignore_ascii_case(prefix) && is_number(number)).then_some(number)
}

/// Returns the identifier of a part that states none: of a page, the number in its name or its heading, else the name; of other parts,
/// that of the title, else the title as an anchor.
pub(super) fn of_part(part: &Part<'_>, kind: &Kind, fields: &MappingBuilder) -> Box<str> {
    let title = part.title.as_ref().map_or("", |title| &*title.text);
    let of_heading = || split_heading(title, kind).map(|(id, _)| id);
    match part.shape {
        Shape::Page | Shape::Mapping(_) => {
            let stem = stem(part.document.source.path());
            name_number(stem, kind).or_else(of_heading).unwrap_or(stem).into()
        }
        Shape::Section(heading) => of_heading().unwrap_or(&heading.slug).into(),
        _ => {
            let title = fields.get("title").and_then(Node::as_text).unwrap_or(title);
            let id = split_heading(title, kind).map(|(id, _)| id);
            id.map_or_else(|| slug(title).trim_matches('-').into(), Box::from)
        }
    }
}

/// Returns the number that a name starts with, if `id` ends in a number; spelled as `id` if both numbers are equal.
pub(super) fn file_id(name: &str, kind: &Kind, id: &str) -> Option<Box<str>> {
    let file_id = name_number(name, kind)?;
    let number = trailing_number(id)?;
    Some(if trailing_number(file_id) == Some(number) { id } else { file_id }.into())
}

/// Splits a title into the identifier that it begins with and the rest: `D-1: Stop features`, `O1 Stop features`, `[D-1] Stop features`,
/// `Decision 3: Stop features`, `0003. Stop features`.
pub(super) fn split_heading<'t>(title: &'t str, kind: &Kind) -> Option<(&'t str, &'t str)> {
    let found = number_of_heading(title, kind)?;
    let rest = title[found.rest..].trim_start();
    let number = &title[found.range.clone()];
    let id = match found.prefix {
        // The first of several parts is numbered `1.` too.
        "" => {
            let is_signed = title[found.range.end..found.rest].contains(':');
            (is_signed || number.starts_with('0')).then_some(number)
        }
        prefix if kind.is_called(prefix) && !is_code(prefix) => Some(number),
        _ => Some(found.spelled(title)),
    };
    Some((id?, rest))
}

/// Returns the number that a title with more words begins with, alone, behind capitals or behind a name of the kind.
pub(super) fn number_of_heading<'t>(title: &'t str, kind: &Kind) -> Option<Identifier<'t>> {
    // `Goal OPS-1: …`
    if let Some((word, rest)) = title.split_once(' ')
        && kind.is_called(word)
        && let Some(found) =
            number_at_start(rest, kind).filter(|it| is_code(it.prefix) && !it.prefix.is_empty())
    {
        let gap = word.len() + 1;
        let range = found.range.start + gap..found.range.end + gap;
        return Some(Identifier { range, rest: found.rest + gap, ..found });
    }
    number_at_start(title, kind)
}

fn number_at_start<'t>(title: &'t str, kind: &Kind) -> Option<Identifier<'t>> {
    let found = identifier::in_title(title).filter(|it| !it.may_be_year && !it.is_bare)?;
    let rest = title[found.rest..].trim_start();
    let is_signed = title[found.range.end..found.rest].contains(|c: char| !c.is_whitespace());
    let is_apart = !rest.is_empty() && (is_signed || rest.starts_with(char::is_uppercase));
    // `OKRs 2026-Q4` are those of a year.
    let is_year = identifier::is_year(found.number);
    let is_series = words::is_in("series-labels", found.prefix);
    let is_known = found.prefix.is_empty()
        || is_code(found.prefix)
        || (kind.is_called(found.prefix) || is_series) && !is_year;
    let is_period = !found.prefix.is_empty() && Period::parse(title[..found.range.end].trim(), 1).is_some();
    (is_apart && is_known && !is_period).then_some(found)
}

/// Returns true for capitals, also in two parts: `ADR`, `ADR-CLI`.
pub(super) fn is_code(prefix: &str) -> bool {
    in_ascii(prefix).bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-')
}

/// Returns the number with which a name begins, and capitals or a name of the kind before it: `A-7-rents-stay`; none for `team-7-alpha`.
pub(super) fn name_number<'n>(stem: &'n str, kind: &Kind) -> Option<&'n str> {
    let number = leading_number(stem)?;
    let prefix = number.trim_end_matches(|c: char| c.is_ascii_digit());
    let word = prefix.trim_end_matches(['-', '_']);
    let is_called = || kind.is_called(word) || word.split_once('-').is_some_and(|(it, _)| kind.is_called(it));
    let is_prefix = || is_code(word) || is_called();
    (prefix.is_empty() || (prefix.len() > word.len() && is_prefix())).then_some(number)
}

/// Returns `0007` for `0007-use-postgres` and `ADR-0007` for `ADR-0007-use-postgres`; none for a year or a day.
pub fn leading_number(stem: &str) -> Option<&str> {
    const LONGEST: usize = 7;
    let found = identifier::in_name(stem).filter(|it| !it.may_be_year)?;
    let digits = found.number.split('-').next().filter(|digits| digits.len() <= LONGEST)?;
    let is_first = !found.prefix.is_empty() || found.range.start == 0 && !found.number.contains('-');
    is_first.then(|| &stem[..found.range.start + digits.len()])
}

/// Returns the comparison key of a code: `d5` for `D05`; `None` for other texts.
pub fn code_key(text: &str) -> Option<String> {
    const MAX_CODE_LETTERS: usize = 6;
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let number = text[letters..].trim_start_matches(['-', '_']);
    let is_code = (1..=MAX_CODE_LETTERS).contains(&letters) && is_number(number);
    is_code.then(|| format!("{}{}", text[..letters].to_ascii_lowercase(), id_key(number, &[])))
}

/// Returns true for the fields by which people name a record.
pub(super) fn is_name(field: &str) -> bool {
    matches!(field, "id" | "title")
}

/// Returns the number at the end of an identifier, without leading zeros.
pub fn trailing_number(id: &str) -> Option<&str> {
    let number = &id[id.trim_end_matches(|c: char| c.is_ascii_digit()).len()..];
    (!number.is_empty()).then(|| without_zeros(number))
}

/// The keys to look up a reference; empty if it leads out of the repository.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lookup {
    /// The comparison key of an identifier: see [`id_key`].
    pub key: Option<String>,
    /// The normalised path, relative to the root, without `#anchor`.
    pub path: Option<String>,
}

impl Lookup {
    pub(super) fn parse(text: &str, from: &str, prefixes: &[Box<str>]) -> Lookup {
        let text = text.trim();
        if text.contains("://") || text.starts_with("mailto:") {
            return Lookup::default();
        }
        Lookup { key: Some(id_key(text, prefixes)), path: path(text, from) }
    }
}

/// Returns the path if the text looks like one. A leading `/` is the root.
fn path(text: &str, from: &str) -> Option<String> {
    let named = &*percent_decoded(text.split('#').next().unwrap_or_default());
    if named.is_empty() || !(named.contains('/') || Format::from_path(named).is_some()) {
        return None;
    }
    let base = if named.starts_with('/') { "" } else { folder_of(from) };
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(named.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

impl Record {
    /// Returns the folder, with a `/` at its end, in which the pages of its series are.
    pub fn series_folder(&self) -> &str {
        let folder = folder_of(&self.path);
        &self.path[..folder.len() + usize::from(!folder.is_empty())]
    }

    /// Returns true if equal identifiers of both would be duplicates; if they are numbered in different ways, in one folder.
    pub fn shares_scope(&self, other: &Record) -> bool {
        let in_one_folder = || {
            let folder = |record: &RecordContent| numbered_folder(folder_of(&record.path)).len();
            let (ours, theirs) = (folder(self), folder(other));
            self.is_sole_record && other.is_sole_record && self.path[..ours] == other.path[..theirs]
        };
        match (self.numbering(), other.numbering()) {
            (ours, theirs) if ours == theirs => self.scope() == other.scope(),
            (Numbering::Page, Numbering::Folder | Numbering::Series)
            | (Numbering::Folder | Numbering::Series, Numbering::Page) => false,
            _ => in_one_folder(),
        }
    }

    /// Returns the beginning of the paths of all records that may share its scope; empty for the whole repository.
    pub fn start_of_scope(&self) -> &str {
        let (scope, folder) = (self.scope(), numbered_folder(folder_of(&self.path)));
        if scope.len() < folder.len() { scope } else { folder }
    }
}

impl RecordContent {
    /// Returns the identifier in ASCII that the written one only looks like: `D‑7` with another hyphen, or a code in another alphabet than
    /// the title.
    pub fn meant_id(&self) -> Option<String> {
        let is_code = || code_key(&in_ascii(&self.id)).is_some();
        let is_of_other_alphabet = || self.title.as_deref().is_some_and(str::is_ascii) && is_code();
        let is_odd = !self.id.is_ascii() && (is_disguised(&self.id) || is_of_other_alphabet());
        is_odd.then(|| in_ascii(&self.id))
    }

    /// Returns the folder, or the beginning of paths, in which the identifier is unique; empty for the whole repository.
    pub fn scope(&self) -> &str {
        if self.numbering() == Numbering::Repository {
            return "";
        }
        let named = self.named_path();
        let folder = folder_of(named);
        match self.numbering() {
            Numbering::Folder | Numbering::Series if numbered_folder(folder) != folder => {
                numbered_folder(folder)
            }
            numbering => numbering.scope(named),
        }
    }

    /// Returns the path, or of a page in a folder of its own that of the folder: `cip-0073/cip-0073.md`.
    fn named_path(&self) -> &str {
        let folder = folder_of(&self.path);
        let has_name_of_folder = !folder.is_empty() && file_name(folder) == stem(&self.path);
        let is_in_own_folder = is_page_of_folder(&self.path) || has_name_of_folder;
        if is_in_own_folder { folder } else { &self.path }
    }

    /// Returns true for pages in folders beside each other for their states, `accepted/` and `rejected/`: each may count for itself.
    pub fn is_in_folder_of_other_state(&self, other: &RecordContent) -> bool {
        let (ours, theirs) = (folder_of(self.named_path()), folder_of(other.named_path()));
        let are_states = ours != theirs && numbered_folder(ours) == numbered_folder(theirs);
        are_states && numbered_folder(ours) != ours && numbered_folder(theirs) != theirs
    }

    /// In a log in the program's own folder, a number with letters of a kind whose records replace one another is one of the whole
    /// repository: it is not used again, while that of an objective is in the next period.
    fn numbering(&self) -> Numbering {
        let is_lasting = || self.kind.successor.is_some() && code_key(&self.id).is_some();
        match self.format.as_ref().map_or(Numbering::Repository, |format| format.numbering()) {
            Numbering::Page if is_lasting() && lies_in_own_folder(&self.path) => Numbering::Repository,
            numbering => numbering,
        }
    }
}
