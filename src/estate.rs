//! Exports of other repositories, as written by `alignlint export`.
//!
//! An export is JSON Lines, the last of which is a seal: a checksum of all others. An export whose seal does not match is refused.

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::finding::Fault;
use crate::text::Source;

/// Increased by incompatible changes of an export.
pub const VERSION: u64 = 1;

/// The types of lines that are read.
pub const HEAD: &str = "export";
pub const RECORD: &str = "record";
pub const SEAL: &str = "seal";

#[derive(Debug)]
pub struct Export {
    pub records: Vec<ExportedRecord>,
}

#[derive(Debug, Deserialize)]
pub struct ExportedRecord {
    pub kind: Box<str>,
    pub id: Box<str>,
    /// The names besides the identifier.
    #[serde(default)]
    pub names: Box<[Box<str>]>,
    /// Prefixes of numbers in its format, such as `ADR`.
    #[serde(default)]
    pub prefixes: Box<[Box<str>]>,
}

/// Splits `platform:D-12` into the repository and the name of the record there; `None` for any other text.
pub fn repository_and_name(text: &str) -> Option<(&str, &str)> {
    let (repository, name) = text.split_once(':')?;
    let is_name = name.starts_with(|c: char| !c.is_whitespace() && c != ':' && c != '/');
    (is_repository_name(repository) && is_name).then_some((repository, name))
}

/// Returns true for a name that a reference can begin with: letters, digits, `.`, `_` and `-`.
pub fn is_repository_name(name: &str) -> bool {
    !name.starts_with('-')
        && name.contains(|c: char| c.is_ascii_alphanumeric())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// The checksum of lines, whatever their line ends.
#[derive(Default)]
pub struct Checksum(Sha256);

impl Checksum {
    /// Adds a line, given without its end.
    pub fn add(&mut self, line: &str) {
        self.0.update(line.strip_suffix('\r').unwrap_or(line));
        self.0.update("\n");
    }

    pub fn finish(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line {
    Export {
        version: u64,
    },
    Record(ExportedRecord),
    Seal {
        sha256: Box<str>,
    },
    #[serde(other)]
    Other,
}

impl Export {
    pub fn parse(source: &Source) -> Result<Export, Fault> {
        let path = source.path();
        let refused = |reason: &str| {
            Fault::new(format!("`{path}` {reason}"))
                .help("write it anew with `alignlint export` in the other repository")
        };
        let lines: Vec<&str> = source.text().lines().collect();
        match lines.first().and_then(|line| parsed(line)) {
            Some(Line::Export { version: VERSION }) => {}
            Some(Line::Export { version }) => {
                let message = format!("`{path}` is an export of version {version}, not {VERSION}");
                return Err(Fault::new(message).help("write and read it with the same version of alignlint"));
            }
            _ => return Err(refused("is no export: it does not begin as one")),
        }
        let last = lines.split_last().and_then(|(last, content)| Some((parsed(last)?, content)));
        let Some((Line::Seal { sha256 }, content)) = last else {
            return Err(refused("is cut off: its last line is no seal"));
        };
        let mut checksum = Checksum::default();
        content.iter().for_each(|line| checksum.add(line));
        if checksum.finish() != *sha256 {
            return Err(refused("was changed after it was exported: its checksum is another"));
        }
        let mut records = Vec::new();
        for (line, number) in content.iter().zip(1..) {
            match parsed(line) {
                Some(Line::Record(record)) => records.push(record),
                Some(_) => {}
                None => return Err(refused(&format!("is no export: line {number} is none of one"))),
            }
        }
        Ok(Export { records })
    }
}

fn parsed(line: &str) -> Option<Line> {
    serde_json::from_str(line).ok()
}
