//! `json`: the report as one object; `schemas/report.schema.json` describes it.

use std::collections::BTreeMap;
use std::fmt;
use std::io;

use serde::{Serialize, Serializer};

use super::{Omitted, OutputStyle, WriteResult};
use crate::check::NotJudged;
use crate::finding::{self, Place, RecordName, Severity};
use crate::rule::Reason;
use crate::text::{Position, Source, Span};
use crate::triage;

/// Increased by incompatible changes.
const VERSION: u32 = 1;

pub(super) fn write(report: &super::Report, _: &OutputStyle, out: &mut dyn io::Write) -> WriteResult {
    let report = JsonReport {
        version: VERSION,
        tool: report.tool,
        as_of: AsDisplay(report.as_of),
        summary: JsonSummary::of(report.summary),
        not_judged: report.not_judged.iter().map(JsonNotJudged::of).collect(),
        faults: report.faults.iter().map(JsonFault::of).collect(),
        notices: report.notices,
        findings: report.findings.iter().map(JsonFinding::of).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    out.write_all(b"\n")?;
    Ok(Omitted::default())
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct JsonReport<'a> {
    version: u32,
    tool: &'a str,
    as_of: AsDisplay<jiff::civil::Date>,
    summary: JsonSummary<'a>,
    not_judged: Vec<JsonNotJudged<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<JsonFault<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notices: &'a [String],
    findings: Vec<JsonFinding<'a>>,
}

#[derive(Serialize)]
struct JsonNotJudged<'a> {
    rule: &'a str,
    record: Option<&'a RecordName>,
    reason: Reason,
    what: &'a str,
    path: &'a str,
    start: Position,
}

impl<'a> JsonNotJudged<'a> {
    fn of(one: &'a NotJudged) -> JsonNotJudged<'a> {
        let JsonRange { path, start, .. } = JsonRange::of(&one.place);
        let NotJudged { rule, record, reason, what, .. } = one;
        JsonNotJudged { rule, record: record.as_ref(), reason: *reason, what, path, start }
    }
}

#[derive(Serialize)]
struct JsonFault<'a> {
    message: &'a str,
    help: Option<&'a str>,
    #[serde(flatten)]
    range: Option<JsonRange<'a>>,
}

impl<'a> JsonFault<'a> {
    fn of(fault: &'a finding::Fault) -> JsonFault<'a> {
        let range = fault.place.as_ref().map(JsonRange::of);
        JsonFault { message: &fault.message, help: fault.help.as_deref(), range }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct JsonSummary<'a> {
    files: usize,
    records: BTreeMap<&'a str, usize>,
    error: usize,
    warning: usize,
    note: usize,
    known: usize,
    excused: usize,
    not_judged: usize,
}

impl<'a> JsonSummary<'a> {
    fn of(summary: &'a triage::Summary) -> JsonSummary<'a> {
        JsonSummary {
            files: summary.files,
            records: summary.records.iter().map(|(kind, count)| (&**kind, count.count)).collect(),
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
pub(super) struct JsonFinding<'a> {
    rule: &'a str,
    severity: Severity,
    message: &'a str,
    help: Option<&'a str>,
    record: Option<&'a RecordName>,
    owner: Option<&'a str>,
    due: Option<AsDisplay<jiff::civil::Date>>,
    #[serde(flatten)]
    range: JsonRange<'a>,
    related: Vec<JsonRelated<'a>>,
    fingerprint: AsDisplay<finding::Fingerprint>,
    fix: Option<JsonFix<'a>>,
}

#[derive(Serialize)]
struct JsonFix<'a> {
    safety: &'static str,
    edits: Vec<JsonEdit<'a>>,
}

#[derive(Serialize)]
struct JsonEdit<'a> {
    #[serde(flatten)]
    range: JsonRange<'a>,
    replacement: &'a str,
}

#[derive(Serialize)]
struct JsonRelated<'a> {
    #[serde(flatten)]
    range: JsonRange<'a>,
    message: &'a str,
}

#[derive(Serialize)]
struct JsonRange<'a> {
    path: &'a str,
    start: Position,
    end: Position,
}

impl<'a> JsonFinding<'a> {
    pub(super) fn of(finding: &'a finding::Finding) -> JsonFinding<'a> {
        JsonFinding {
            rule: &finding.rule,
            severity: finding.severity,
            message: &finding.message,
            help: finding.help.as_deref(),
            record: finding.record.as_ref(),
            owner: finding.owner.as_deref(),
            due: finding.due.map(AsDisplay),
            range: JsonRange::of(&finding.place),
            related: finding
                .related
                .iter()
                .map(|related| JsonRelated {
                    range: JsonRange::of(&related.place),
                    message: &related.message,
                })
                .collect(),
            fingerprint: AsDisplay(finding.fingerprint),
            fix: finding.fix.as_ref().and_then(JsonFix::of),
        }
    }
}

impl<'a> JsonFix<'a> {
    fn of(fix: &'a finding::Fix) -> Option<JsonFix<'a>> {
        let (source, edits) = fix.edits.as_ref()?;
        let edits = edits.iter().map(|edit| JsonEdit {
            range: JsonRange::within(source, edit.span),
            replacement: &edit.replacement,
        });
        Some(JsonFix { safety: fix.safety.name(), edits: edits.collect() })
    }
}

impl<'a> JsonRange<'a> {
    fn of(place: &'a Place) -> JsonRange<'a> {
        JsonRange::within(&place.source, place.span)
    }

    fn within(source: &'a Source, span: Span) -> JsonRange<'a> {
        let (start, end) = super::range_within(source, span);
        JsonRange { path: source.path(), start, end }
    }
}

struct AsDisplay<T>(T);

impl<T: fmt::Display> Serialize for AsDisplay<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
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
            serde_json::from_str(&fixtures::render("json", &[finding], &OutputStyle::default())).unwrap();
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
    fn reports_match_the_schema() {
        let mut bare = fixtures::finding("empty.yaml", "", "");
        bare.place.span = Span::new(7, 9);
        let written = fixtures::render("json", &[full(), bare], &OutputStyle::default());
        let report: Value = serde_json::from_str(&written).unwrap();
        assert_eq!(violations(&report), [""; 0]);
    }
}
