//! `alignlint export`: records, findings and days as JSON Lines, each with the repository and the commit; the last line is
//! a checksum of all before. `schemas/export.schema.json` describes a line.

use std::io::{self, Write};

use super::listings::RecordRow;
use super::{Escaped, Escaping, json};
use crate::estate::{Checksum, HEAD, RECORD, SEAL, VERSION};
use crate::finding::Finding;
use crate::view::due::DueItem;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value, json};

pub struct Export<'a> {
    pub repository: &'a str,
    /// The commit whose state it is; `None` for changes that are not committed.
    pub commit: Option<&'a str>,
    pub tool: &'a str,
    pub as_of: Date,
    pub records: Vec<RecordToExport<'a>>,
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
    pub owners: Vec<&'a str>,
    /// The names besides the identifier.
    pub names: Vec<&'a str>,
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

pub fn write(export: &Export, out: &mut dyn Write) -> io::Result<()> {
    let mut written = Vec::new();
    let mut lines = Escaped::new(&mut written, Escaping::Json);
    let head = json!({ "version": VERSION, "tool": export.tool, "as-of": export.as_of.to_string() });
    export.line(HEAD, head, &mut lines)?;
    for record in &export.records {
        export.line(RECORD, record, &mut lines)?;
    }
    for finding in export.findings {
        export.line("finding", json::finding(finding), &mut lines)?;
    }
    for item in export.due {
        export.line("due", due(item), &mut lines)?;
    }
    lines.flush()?;
    let lines = String::from_utf8(written).map_err(io::Error::other)?;
    let mut checksum = Checksum::default();
    lines.lines().for_each(|line| checksum.add(line));
    out.write_all(lines.as_bytes())?;
    writeln!(out, "{}", json!({ "type": SEAL, "sha256": checksum.finish() }))?;
    out.flush()
}

impl Export<'_> {
    fn line(&self, name: &str, content: impl Serialize, out: &mut impl Write) -> io::Result<()> {
        let Export { repository, commit, .. } = *self;
        serde_json::to_writer(&mut *out, &Line { name, repository, commit, content })?;
        out.write_all(b"\n")
    }
}

fn due(item: &DueItem) -> Value {
    json!({
        "day": item.day.to_string(),
        "record": item.record,
        "title": item.title,
        "part": item.part,
        "owners": item.owner_ids,
        "task": item.task,
        "rule": item.rule,
        "path": item.place.source.path(),
        "line": item.place.start().line,
        "uid": item.uid,
    })
}
