//! `gitlab`: a GitLab code quality report.

use std::collections::HashMap;
use std::io;

use serde_json::{Value, json};

use super::{Omitted, OutputStyle, Report, WriteResult, range, sentences};
use crate::finding::{Finding, Fingerprint, Severity};

pub(super) fn write(report: &Report, _: &OutputStyle, out: &mut dyn io::Write) -> WriteResult {
    let mut seen: HashMap<Fingerprint, usize> = HashMap::new();
    let entries = report.findings.iter().map(|finding| {
        let count = seen.entry(finding.fingerprint).or_default();
        *count += 1;
        entry(report, finding, *count)
    });
    let entries: Vec<Value> = entries.collect();
    serde_json::to_writer_pretty(&mut *out, &entries)?;
    out.write_all(b"\n")?;
    Ok(Omitted::default())
}

/// The entry for the `occurrence`th finding with its fingerprint. GitLab shows only one entry per fingerprint, so later ones get a suffix.
fn entry(report: &Report, finding: &Finding, occurrence: usize) -> Value {
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
