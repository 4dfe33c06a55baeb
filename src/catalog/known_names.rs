//! Names of people and teams in files that are no directory of them: `CODEOWNERS`, `.mailmap` and the like.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer};

use super::SourceFile;
use super::names::normalized;
use crate::embedded;
use crate::limits;
use crate::snapshot::Snapshot;
use crate::text::LazyRegex;

/// Returns true for a file that names people and teams without being a directory of them.
pub fn names_people(path: &str) -> bool {
    NAME_FILES.iter().any(|one| one.files.iter().any(|file| **file == *path))
}

/// The names that are known, each with all names of the same person or team.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct KnownNames {
    groups: Vec<Vec<Box<str>>>,
    by_name: HashMap<String, usize>,
}

/// Files, and how names are written there: see `schemas/name-files.yaml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NameFiles {
    files: Vec<Box<str>>,
    #[serde(deserialize_with = "patterns")]
    names: Vec<LazyRegex>,
    #[serde(default)]
    together: bool,
    /// A directory of teams, whose records name people who need no record.
    #[serde(default)]
    directory: bool,
}

fn patterns<'d, D: Deserializer<'d>>(texts: D) -> Result<Vec<LazyRegex>, D::Error> {
    let texts = Vec::<Box<str>>::deserialize(texts)?;
    Ok(texts.iter().map(|text| LazyRegex::known(text)).collect())
}

static NAME_FILES: LazyLock<Vec<NameFiles>> = LazyLock::new(|| {
    let json = embedded::as_json("schemas/name-files.yaml").unwrap_or_default();
    serde_json::from_str(json).unwrap_or_default()
});

impl KnownNames {
    /// Reads the names, except those in files with records, which are a directory, or in another format of the user's own.
    pub(super) fn read(snapshot: &Snapshot, parsed: &[SourceFile]) -> KnownNames {
        let mut known = KnownNames::default();
        let has_records = |path: &str| {
            let at = parsed.binary_search_by(|file| (**file.path()).cmp(path));
            at.is_ok_and(|at| !parsed[at].records.is_empty())
        };
        for files in NAME_FILES.iter() {
            let paths = files.files.iter().map(|path| snapshot.repository_root_path(path));
            let paths = paths.filter(|path| files.directory || !has_records(path));
            for source in paths.filter_map(|path| snapshot.read_in_repository(&path)) {
                source.text().lines().for_each(|line| known.add_line(line, files));
            }
        }
        known
    }

    fn add_line(&mut self, line: &str, files: &NameFiles) {
        if line.trim_start().starts_with('#') || self.by_name.len() >= limits::RECORDS {
            return;
        }
        let found = files.names.iter().flat_map(|pattern| pattern.captures_iter(line));
        let names: Vec<&str> = found.filter_map(|found| Some(found.get(1)?.as_str())).collect();
        match files.together {
            true => self.add(&names),
            false => names.iter().for_each(|&name| self.add(&[name])),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_each_file_writes_them() {
        let owners = "# @nobody\n*  @acme/pay @ada bo@example.org # @cy\n";
        let aliases = "aliases:\n  sig-apps-leads:\n    - ada # lead\n    - \"bo\"\n";
        let mailmap =
            "Ada Byron <ada@example.org> <ada@old.example>\nAda Byron <ada@example.org> ab <ab@home>\n";
        let table = "| Name | GitHub |\n|---|---|\n| Bo Ek | [@bo](https://github.com/bo) |\n";
        let component = "kind: Component\nspec:\n  owner: group:default/pay\n";
        for (path, text, name, expected) in [
            ("CODEOWNERS", owners, "@acme/pay", "acme/pay"),
            (".github/CODEOWNERS", owners, "Pay", "pay"),
            ("CODEOWNERS", owners, "bo@example.org", "bo@example.org"),
            ("CODEOWNERS", owners, "nobody", ""),
            ("OWNERS_ALIASES", aliases, "sig-apps-leads", "sig-apps-leads"),
            ("OWNERS_ALIASES", aliases, "@bo", "bo"),
            ("OWNERS_ALIASES", aliases, "aliases", ""),
            (".mailmap", mailmap, "ab@home", "Ada Byron, ada@example.org, ada@old.example, ab, ab@home"),
            ("MAINTAINERS.md", table, "@bo", "Bo Ek, bo"),
            ("MAINTAINERS", "M: Cy Roe <cy@example.org>\n", "Cy Roe", "Cy Roe, cy@example.org"),
            ("catalog-info.yaml", component, "pay", "pay"),
        ] {
            let known = KnownNames::read(&Snapshot::in_memory([(path.to_owned(), text.to_owned())]), &[]);
            let aliases = known.aliases(name).map(|aliases| aliases.join(", "));
            assert_eq!(aliases.unwrap_or_default(), expected, "{path} {name}");
        }
    }
}
