//! `json`: the report as one object; `schemas/report.schema.json` describes it.

use std::collections::BTreeMap;
use std::fmt;
use std::io;

use serde::{Serialize, Serializer};

use super::{Omitted, Style, Written};
use crate::finding::{self, Place, RecordName, Severity};
use crate::text::{Position, Source, Span};
use crate::triage;

/// Increased by incompatible changes.
const VERSION: u32 = 1;

pub(super) fn write(report: &super::Report, _: &Style, out: &mut dyn io::Write) -> Written {
    let report = Report {
        version: VERSION,
        tool: report.tool,
        as_of: Text(report.as_of),
        summary: Summary::of(report.summary),
        faults: report.faults.iter().map(Fault::of).collect(),
        findings: report.findings.iter().map(Finding::of).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    out.write_all(b"\n")?;
    Ok(Omitted::default())
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Report<'a> {
    version: u32,
    tool: &'a str,
    as_of: Text<jiff::civil::Date>,
    summary: Summary<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<Fault<'a>>,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Fault<'a> {
    message: &'a str,
    help: Option<&'a str>,
    #[serde(flatten)]
    range: Option<Range<'a>>,
}

impl<'a> Fault<'a> {
    fn of(fault: &'a finding::Fault) -> Fault<'a> {
        let range = fault.place.as_ref().map(Range::of);
        Fault { message: &fault.message, help: fault.help.as_deref(), range }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Summary<'a> {
    files: usize,
    records: BTreeMap<&'a str, usize>,
    error: usize,
    warning: usize,
    note: usize,
    known: usize,
    excused: usize,
    not_judged: usize,
}

impl<'a> Summary<'a> {
    fn of(summary: &'a triage::Summary) -> Summary<'a> {
        Summary {
            files: summary.files,
            records: summary.records.iter().map(|(kind, known)| (&**kind, known.count)).collect(),
            error: summary.error,
            warning: summary.warning,
            note: summary.note,
            known: summary.known,
            excused: summary.suppressed,
            not_judged: summary.not_judged,
        }
    }
}

#[derive(Serialize)]
pub(super) struct Finding<'a> {
    rule: &'a str,
    severity: Severity,
    message: &'a str,
    help: Option<&'a str>,
    record: Option<&'a RecordName>,
    owner: Option<&'a str>,
    due: Option<Text<jiff::civil::Date>>,
    #[serde(flatten)]
    range: Range<'a>,
    related: Vec<Related<'a>>,
    fingerprint: Text<finding::Fingerprint>,
    fix: Option<Fix<'a>>,
}

#[derive(Serialize)]
struct Fix<'a> {
    safety: &'static str,
    edits: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
struct Replacement<'a> {
    #[serde(flatten)]
    range: Range<'a>,
    replacement: &'a str,
}

#[derive(Serialize)]
struct Related<'a> {
    #[serde(flatten)]
    range: Range<'a>,
    message: &'a str,
}

#[derive(Serialize)]
struct Range<'a> {
    path: &'a str,
    start: Position,
    end: Position,
}

impl<'a> Finding<'a> {
    pub(super) fn of(finding: &'a finding::Finding) -> Finding<'a> {
        Finding {
            rule: &finding.rule,
            severity: finding.severity,
            message: &finding.message,
            help: finding.help.as_deref(),
            record: finding.record.as_ref(),
            owner: finding.owner.as_deref(),
            due: finding.due.map(Text),
            range: Range::of(&finding.place),
            related: finding
                .related
                .iter()
                .map(|related| Related { range: Range::of(&related.place), message: &related.message })
                .collect(),
            fingerprint: Text(finding.fingerprint),
            fix: finding.fix.as_ref().and_then(Fix::of),
        }
    }
}

impl<'a> Fix<'a> {
    fn of(fix: &'a finding::Fix) -> Option<Fix<'a>> {
        let (source, edits) = fix.edits.as_ref()?;
        let edits = edits.iter().map(|edit| Replacement {
            range: Range::within(source, edit.span),
            replacement: &edit.replacement,
        });
        Some(Fix { safety: fix.safety.name(), edits: edits.collect() })
    }
}

impl<'a> Range<'a> {
    fn of(place: &'a Place) -> Range<'a> {
        Range::within(&place.source, place.span)
    }

    fn within(source: &'a Source, span: Span) -> Range<'a> {
        let (start, end) = super::range_within(source, span);
        Range { path: source.path(), start, end }
    }
}

struct Text<T>(T);

impl<T: fmt::Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::super::fixtures;
    use super::*;
    use crate::text::Edit;

    fn full() -> finding::Finding {
        let mut finding = fixtures::finding("okrs/é.yaml", "é: o-7\nkpi: nps\n", "nps");
        finding.help = Some("Agree which one holds.".into());
        finding.record = Some(RecordName { kind: "objective".into(), id: "O-7".into() });
        finding.owner = Some("sales".into());
        finding.due = Some(jiff::civil::date(2026, 9, 30));
        finding.related = vec![fixtures::related(&finding, "o-7", "the other one")];
        finding
    }

    #[test]
    fn a_fix_is_a_list_of_edits() {
        let mut finding = full();
        let edits = vec![Edit { span: finding.place.span, replacement: "csat".into() }];
        let edits = Some((finding.place.source.clone(), edits));
        finding.fix = Some(finding::Fix { safety: finding::Safety::Suggested, changes: Vec::new(), edits });
        let report: Value =
            serde_json::from_str(&fixtures::render("json", &[finding], &Style::default())).unwrap();
        assert_eq!(violations(&report), Vec::<String>::new());
        let expected = json!({ "safety": "suggested", "edits": [{
            "path": "okrs/é.yaml",
            "start": { "line": 2, "column": 6, "byte": 13 },
            "end": { "line": 2, "column": 9, "byte": 16 },
            "replacement": "csat",
        }] });
        assert_eq!(report["findings"][0]["fix"], expected);
    }

    fn violations(report: &Value) -> Vec<String> {
        let schema: Value = serde_json::from_str(include_str!("../../schemas/report.schema.json")).unwrap();
        jsonschema::meta::validate(&schema).unwrap();
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        validator.iter_errors(report).map(|error| error.to_string()).collect()
    }

    #[test]
    fn the_order_of_keys_is_fixed() {
        let fingerprint = full().fingerprint;
        let expected = format!(
            r#"{{
  "version": 1,
  "tool": "alignlint 0.1.0",
  "as-of": "2026-11-20",
  "summary": {{
    "files": 2,
    "records": {{}},
    "error": 1,
    "warning": 0,
    "note": 0,
    "known": 0,
    "excused": 0,
    "not-judged": 0
  }},
  "findings": [
    {{
      "rule": "sample/rule",
      "severity": "error",
      "message": "`nps` is wrong",
      "help": "Agree which one holds.",
      "record": {{
        "kind": "objective",
        "id": "O-7"
      }},
      "owner": "sales",
      "due": "2026-09-30",
      "path": "okrs/é.yaml",
      "start": {{
        "line": 2,
        "column": 6,
        "byte": 13
      }},
      "end": {{
        "line": 2,
        "column": 9,
        "byte": 16
      }},
      "related": [
        {{
          "path": "okrs/é.yaml",
          "start": {{
            "line": 1,
            "column": 4,
            "byte": 4
          }},
          "end": {{
            "line": 1,
            "column": 7,
            "byte": 7
          }},
          "message": "the other one"
        }}
      ],
      "fingerprint": "{fingerprint}",
      "fix": null
    }}
  ]
}}
"#
        );
        assert_eq!(fixtures::render("json", &[full()], &Style::default()), expected);
    }

    #[test]
    fn reports_match_the_schema() {
        let mut bare = fixtures::finding("empty.yaml", "", "");
        bare.place.span = Span::new(7, 9);
        let written = fixtures::render("json", &[full(), bare], &Style::default());
        let report: Value = serde_json::from_str(&written).unwrap();
        assert_eq!(violations(&report), [""; 0]);
    }

    #[test]
    fn the_schema_rejects_unknown_keys() {
        let written = fixtures::render("json", &[full()], &Style::default());
        let mut report: Value = serde_json::from_str(&written).unwrap();
        report["findings"][0]["surprise"] = json!(1);
        report["findings"][0]["start"]["surprise"] = json!(1);
        report["as-of"] = json!("yesterday");
        assert_eq!(violations(&report).len(), 3);
    }

    #[test]
    fn records_are_counted_by_kind() {
        let kpi: Arc<str> = "kpi".into();
        let summary = triage::Summary::count(1, [(&kpi, "kpis"), (&kpi, "kpis")], &[]);
        assert_eq!(serde_json::to_value(Summary::of(&summary)).unwrap()["records"], json!({ "kpi": 2 }));
    }
}
