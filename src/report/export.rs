//! `alignlint export`: records, findings and days as JSON Lines, each with the repository and the commit; the last line is
//! a checksum of all before. `schemas/export.schema.json` describes a line.

use std::io::{self, Write};

use jiff::civil::Date;
use serde::Serialize;

use super::listing::RecordRow;
use super::{Escaped, Escaping, json};
use crate::estate::{Checksum, HEAD, RECORD, SEAL, VERSION};
use crate::finding::{Finding, RecordName};
use crate::view::due::DueItem;

/// The parts of an export.
pub struct Export<'a> {
    /// The name of the repository.
    pub repository: &'a str,
    /// The commit whose state it is; `None` for changes that are not committed.
    pub commit: Option<&'a str>,
    /// The program and its version.
    pub tool: &'a str,
    /// The date as of which it was checked.
    pub as_of: Date,
    /// All records.
    pub records: Vec<RecordToExport<'a>>,
    /// The findings that a check reports.
    pub findings: &'a [Finding],
    /// All days that have come or will come.
    pub due: &'a [DueItem],
}

/// A record, with what other repositories and tables ask about it.
#[derive(Serialize)]
pub struct RecordToExport<'a> {
    /// As `alignlint records` lists it.
    #[serde(flatten)]
    pub row: RecordRow<'a>,
    /// Whether its status is a live one; `None` if that is not known.
    pub live: Option<bool>,
    /// Who answers for it.
    pub owners: Vec<&'a str>,
    /// The names besides the identifier.
    pub names: Vec<&'a str>,
    /// Prefixes of its number.
    pub prefixes: &'a [Box<str>],
}

#[derive(Serialize)]
struct Line<'a, T: Serialize> {
    #[serde(rename = "type")]
    name: &'a str,
    repository: &'a str,
    commit: Option<&'a str>,
    #[serde(flatten)]
    content: T,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Head<'a> {
    version: u64,
    tool: &'a str,
    as_of: String,
}

#[derive(Serialize)]
struct Due<'a> {
    day: String,
    record: Option<&'a RecordName>,
    title: Option<&'a str>,
    part: Option<&'a str>,
    owners: &'a [String],
    task: &'a str,
    rule: Option<&'a str>,
    path: &'a str,
    line: usize,
    uid: &'a str,
}

#[derive(Serialize)]
struct Seal {
    #[serde(rename = "type")]
    name: &'static str,
    sha256: String,
}

/// Writes an export.
///
/// # Errors
/// Those of `out`.
pub fn write(export: &Export, out: &mut dyn Write) -> io::Result<()> {
    let mut written = Vec::new();
    let mut lines = Escaped::new(&mut written, Escaping::Json);
    let head = Head { version: VERSION, tool: export.tool, as_of: export.as_of.to_string() };
    export.line(HEAD, head, &mut lines)?;
    for record in &export.records {
        export.line(RECORD, record, &mut lines)?;
    }
    for finding in export.findings {
        export.line("finding", json::JsonFinding::of(finding), &mut lines)?;
    }
    for item in export.due {
        export.line("due", Due::of(item), &mut lines)?;
    }
    lines.flush()?;
    let lines = String::from_utf8(written).map_err(io::Error::other)?;
    let mut checksum = Checksum::default();
    lines.lines().for_each(|line| checksum.add(line));
    out.write_all(lines.as_bytes())?;
    serde_json::to_writer(&mut *out, &Seal { name: SEAL, sha256: checksum.finish() })?;
    out.write_all(b"\n")?;
    out.flush()
}

impl Export<'_> {
    fn line(&self, name: &str, content: impl Serialize, out: &mut impl Write) -> io::Result<()> {
        let Export { repository, commit, .. } = *self;
        serde_json::to_writer(&mut *out, &Line { name, repository, commit, content })?;
        out.write_all(b"\n")
    }
}

impl<'a> Due<'a> {
    fn of(item: &'a DueItem) -> Due<'a> {
        Due {
            day: item.day.to_string(),
            record: item.record.as_ref(),
            title: item.title.as_deref(),
            part: item.part.as_deref(),
            owners: &item.owner_ids,
            task: &item.task,
            rule: item.rule.as_deref(),
            path: item.place.source.path(),
            line: item.place.source.position(item.place.span.start as usize).line,
            uid: &item.uid,
        }
    }
}
