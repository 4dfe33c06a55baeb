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

#[cfg(test)]
mod tests {
    use super::super::fixtures;
    use super::*;

    #[test]
    fn entries_have_the_keys_of_the_schema() {
        let mut finding = fixtures::finding("okrs/a.yaml", "id: 1\nkpi: nps\n", "nps");
        finding.severity = Severity::Warning;
        let fingerprint = finding.fingerprint.to_string();
        let entries: Value =
            serde_json::from_str(&fixtures::render("gitlab", &[finding], &OutputStyle::default())).unwrap();
        let expected = json!([{
            "type": "issue",
            "check_name": "sample/rule",
            "description": "`nps` is wrong.",
            "severity": "minor",
            "fingerprint": fingerprint,
            "location": {
                "path": "okrs/a.yaml",
                "positions": { "begin": { "line": 2, "column": 6 }, "end": { "line": 2, "column": 9 } },
            },
        }]);
        assert_eq!(entries, expected);
    }

    #[test]
    fn no_two_entries_share_a_fingerprint() {
        let same = vec![fixtures::finding("a.yaml", "id: 1\n", "1"); 3];
        let entries: Value =
            serde_json::from_str(&fixtures::render("gitlab", &same, &OutputStyle::default())).unwrap();
        let of = |at: usize| entries[at]["fingerprint"].as_str().unwrap_or("").to_owned();
        assert_eq!([of(1), of(2)], [format!("{}-2", of(0)), format!("{}-3", of(0))]);
    }
}
