//! `json`: the report as one object, which `schemas/report.schema.json` describes. `jsonl`: its findings, one per line. `gitlab`: a GitLab code
//! quality report.

use std::collections::{BTreeMap, HashMap};
use std::io;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::{Omitted, OutputStyle, Report, WriteResult, range, range_within, sentences};
use crate::check::NotJudged;
use crate::finding::{self, Fault, Finding, Fingerprint, Fix, Severity};
use crate::triage::Summary;

pub(super) fn write(report: &Report, _: &OutputStyle, out: &mut dyn io::Write) -> WriteResult {
    // Increased by incompatible changes.
    const VERSION: u32 = 1;
    let mut head = json!({
        "version": VERSION,
        "tool": report.tool,
        "as-of": report.as_of.to_string(),
        "summary": summary(report.summary),
        "not-judged": report.not_judged.iter().map(not_judged).collect::<Vec<_>>(),
    });
    if !report.faults.is_empty() {
        head["faults"] = report.faults.iter().map(fault).collect();
    }
    if !report.notices.is_empty() {
        head["notices"] = report.notices.into();
    }
    serde_json::to_writer_pretty(&mut *out, &JsonReport { head, findings: Findings(report.findings) })?;
    out.write_all(b"\n")?;
    Ok(Omitted::default())
}

pub(super) fn write_lines(report: &Report, _: &OutputStyle, out: &mut dyn io::Write) -> WriteResult {
    for one in report.findings {
        serde_json::to_writer(&mut *out, &finding(one))?;
        out.write_all(b"\n")?;
    }
    Ok(Omitted::default())
}

#[derive(Serialize)]
struct JsonReport<'a> {
    #[serde(flatten)]
    head: Value,
    findings: Findings<'a>,
}

/// Serializes findings one by one, because there may be tens of thousands.
struct Findings<'a>(&'a [Finding]);

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(finding))
    }
}

pub fn summary(summary: &Summary) -> Value {
    let records: BTreeMap<&str, _> = summary.records.iter().map(|(kind, it)| (&**kind, it.count)).collect();
    json!({
        "files": summary.files,
        "records": records,
        "error": summary.error,
        "warning": summary.warning,
        "note": summary.note,
        "known": summary.known,
        "excused": summary.suppressed,
        "not-judged": summary.not_judged,
    })
}

fn not_judged(one: &NotJudged) -> Value {
    json!({
        "rule": one.rule,
        "record": one.record,
        "reason": one.reason,
        "what": one.what,
        "path": one.place.source.path(),
        "start": range(&one.place).0,
    })
}

fn fault(fault: &Fault) -> Value {
    let mut json = json!({ "message": fault.message, "help": fault.help });
    if let Some(place) = &fault.place {
        let (start, end) = range(place);
        json["path"] = json!(place.source.path());
        json["start"] = json!(start);
        json["end"] = json!(end);
    }
    json
}

pub fn finding(finding: &Finding) -> Value {
    let (start, end) = range(&finding.place);
    let related = |related: &finding::Related| {
        let (start, end) = range(&related.place);
        json!({ "path": related.place.source.path(), "start": start, "end": end, "message": related.message })
    };
    json!({
        "rule": finding.rule,
        "severity": finding.severity,
        "message": finding.message,
        "help": finding.help,
        "record": finding.record,
        "owner": finding.owner,
        "due": finding.due.map(|due| due.to_string()),
        "path": finding.place.source.path(),
        "start": start,
        "end": end,
        "related": finding.related.iter().map(related).collect::<Vec<_>>(),
        "fingerprint": finding.fingerprint.to_string(),
        "fix": finding.fix.as_ref().and_then(fix),
    })
}

fn fix(fix: &Fix) -> Option<Value> {
    let (source, edits) = fix.edits.as_ref()?;
    let edits = edits.iter().map(|edit| {
        let (start, end) = range_within(source, edit.span);
        json!({ "path": source.path(), "start": start, "end": end, "replacement": edit.replacement })
    });
    Some(json!({ "safety": fix.safety.name(), "edits": edits.collect::<Vec<_>>() }))
}

pub(super) fn write_gitlab(report: &Report, _: &OutputStyle, out: &mut dyn io::Write) -> WriteResult {
    let mut seen: HashMap<Fingerprint, usize> = HashMap::new();
    let entries = report.findings.iter().map(|finding| {
        let count = seen.entry(finding.fingerprint).or_default();
        *count += 1;
        gitlab_entry(report, finding, *count)
    });
    let entries: Vec<Value> = entries.collect();
    serde_json::to_writer_pretty(&mut *out, &entries)?;
    out.write_all(b"\n")?;
    Ok(Omitted::default())
}

/// The entry for the `occurrence`th finding with its fingerprint. GitLab shows only one entry per fingerprint, so later ones get a suffix.
fn gitlab_entry(report: &Report, finding: &Finding, occurrence: usize) -> Value {
    let (start, end) = range(&finding.place);
    let fingerprint = finding.fingerprint.to_string();
    json!({
        "type": "issue",
        "check_name": finding.rule,
        "description": sentences(finding),
        "severity": severity(finding.severity),
        "fingerprint": if occurrence == 1 { fingerprint } else { format!("{fingerprint}-{occurrence}") },
        "location": {
            "path": report.path(&finding.place),
            "positions": {
                "begin": { "line": start.line, "column": start.column },
                "end": { "line": end.line, "column": end.column },
            },
        },
    })
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Note => "info",
    }
}
