//! Names of people and teams in files that are no directory of them: `CODEOWNERS`, `.mailmap` and the like.

use std::collections::{BTreeMap, HashMap};

use super::SourceFile;
use super::names::normalized;
use crate::limits;
use crate::snapshot::Snapshot;
use crate::text::file_name;
use crate::value::words;

/// Returns true for a file that names people and teams without being a directory of them.
pub fn names_people(path: &str) -> bool {
    words::meaning("name-files", path).is_some()
}

/// The names that are known, each with all names of the same person or team.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct KnownNames {
    groups: Vec<Vec<Box<str>>>,
    by_name: HashMap<String, usize>,
}

impl KnownNames {
    /// Reads the names, except those in files with records, which are a directory, or in another format of the user's own.
    pub(super) fn read(snapshot: &Snapshot, parsed: &[SourceFile]) -> KnownNames {
        let mut known = KnownNames::default();
        let has_records = |path: &str| {
            let at = parsed.binary_search_by(|file| (**file.path()).cmp(path));
            at.is_ok_and(|at| !parsed[at].records.is_empty())
        };
        let mut files: Vec<_> = words::entries("name-files").collect();
        // Hosts read the first of their places: of one host `.github/`, the root and `docs/`.
        files.sort_unstable_by_key(|(file, _)| (file.starts_with(".gitlab/"), *file));
        let mut has_owners = false;
        for (file, form) in files {
            // A directory of teams names people who need no record.
            let path = snapshot.repository_root_path(file);
            let is_read = form == "directory" || !has_records(&path);
            let source = Some(path).filter(|_| is_read).and_then(|path| snapshot.read_in_repository(&path));
            if let (Some(source), "owners") = (&source, form) {
                if !std::mem::replace(&mut has_owners, true) {
                    known.add_owners(source.text());
                }
                continue;
            }
            for line in source.iter().flat_map(|source| source.text().lines()) {
                known.add_line(line, form);
            }
        }
        known
    }

    fn add_line(&mut self, line: &str, form: &str) {
        if line.trim_start().starts_with('#') || self.by_name.len() >= limits::RECORDS {
            return;
        }
        match form {
            "parts" => {
                let parts = line.split(['<', '>']).map(str::trim).filter(|part| !part.is_empty());
                self.add(&parts.collect::<Vec<_>>());
            }
            "together" => self.add(&led_name(line).into_iter().chain(handles(line)).collect::<Vec<_>>()),
            _ => value_name(line).into_iter().for_each(|name| self.add(&[name])),
        }
    }

    /// Adds the owners of paths. Of lines with one pattern the last counts, and none that stands before `*` in its section.
    fn add_owners(&mut self, text: &str) {
        let (mut known, mut owners) = (Vec::new(), BTreeMap::new());
        for line in text.lines() {
            let line = line.trim_start();
            let line = &line[..unescaped(line, '#').unwrap_or(line.len())];
            let header = line.starts_with(['[', '^']).then(|| line.rfind(']')).flatten();
            if header.is_some() {
                known.extend(std::mem::take(&mut owners).into_values().flatten());
            }
            let end = header.map(|end| end + 1).or_else(|| unescaped(line, ' '));
            let (pattern, names) = line.split_at(end.unwrap_or(line.len()));
            if matches!(pattern, "*" | "**") {
                owners.clear();
            }
            owners.insert(pattern, handles(names));
        }
        let names = known.into_iter().chain(owners.into_values().flatten());
        names.take(limits::RECORDS).for_each(|name| self.add(&[name]));
    }

    /// Adds names of one person or team, to those of the same one if one of them is known.
    fn add(&mut self, names: &[&str]) {
        if names.is_empty() {
            return;
        }
        let known = names.iter().find_map(|name| self.by_name.get(&normalized(name)).copied());
        let group = known.unwrap_or_else(|| {
            self.groups.push(Vec::new());
            self.groups.len() - 1
        });
        for name in names {
            if self.by_name.insert(normalized(name), group).is_none() {
                self.groups[group].push((*name).into());
            }
        }
    }

    /// Returns all names of the one with this name.
    pub(super) fn aliases(&self, name: &str) -> Option<&[Box<str>]> {
        self.by_name.get(&normalized(name)).map(|&group| &*self.groups[group])
    }
}

/// Returns the handles, teams and addresses of mail in a line: `@acme/pay`, `pay`, `ada@example.org`; also in the address of a profile.
fn handles(line: &str) -> Vec<&str> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || "_.+-@/".contains(c);
    let mut found = Vec::new();
    for word in line.split(|c: char| !is_of_name(c)) {
        let word = word.trim_matches(['.', '/', '-', '+']);
        let profile = word.split_once("github.com/").map(|(_, name)| name);
        match word.strip_prefix('@').or(profile) {
            Some(name) if name.starts_with(|c: char| c.is_ascii_alphanumeric()) => {
                found.push(name);
                found.extend(name.rsplit_once('/').map(|(_, team)| team));
            }
            _ if word.split_once('@').is_some_and(|(_, host)| host.contains('.')) => found.push(word),
            _ => {}
        }
    }
    found
}

/// Returns where a blank is that no backslash escapes, or a `#` at the beginning or behind such a blank.
fn unescaped(line: &str, mark: char) -> Option<usize> {
    let follows_blank = |at: usize| {
        let above = line[..at].strip_suffix([' ', '\t']);
        above.is_some_and(|above| !above.ends_with('\\'))
    };
    let is_one = |(at, c): &(usize, char)| match mark {
        '#' => *c == '#' && (*at == 0 || follows_blank(*at)),
        _ => matches!(c, ' ' | '\t') && follows_blank(*at + 1),
    };
    line.char_indices().find(is_one).map(|(at, _)| at)
}

/// Returns the name with which a line begins: `Ada Byron <ada@example.org>`, `| Bo Ek | @bo |`, `- [Cy Roe](…)`, `M: Cy Roe <…>`.
fn led_name(line: &str) -> Option<&str> {
    const MOST_WORDS: usize = 4;
    let line = line.trim_start().strip_prefix("M:").unwrap_or(line);
    let start = line.trim_start_matches([' ', '-', '*', '+', '|', '[']);
    let name = start[..start.find(['<', '(', '|', ',', ':', ']'])?].trim_end_matches([' ', '*']);
    let is_name = name.starts_with(char::is_uppercase) && name.split(' ').count() <= MOST_WORDS;
    is_name.then_some(name)
}

/// Returns the name in a line of data: an item of a list, a key without a value below another, or the value of a key for names.
fn value_name(line: &str) -> Option<&str> {
    let text = line.split(" #").next().unwrap_or_default().trim_end();
    let inner = text.trim_start();
    let item = inner.strip_prefix("- ").map(str::trim);
    let is_below = inner.len() < text.len();
    let name = match item.unwrap_or(inner).split_once(':') {
        Some((key, "")) if is_below && item.is_none() => key,
        Some((key, value)) if words::is_in("keys-of-names", key) => value,
        Some(_) => return None,
        None => item?,
    };
    let name = name.trim().trim_matches(['"', '\'', '@']);
    let name = ["group:", "user:"].iter().find_map(|kind| name.strip_prefix(kind)).unwrap_or(name);
    let name = file_name(name);
    (!name.is_empty()).then_some(name)
}
