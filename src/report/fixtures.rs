//! Sample findings for tests.

use std::sync::Arc;

use super::{Omitted, OutputStyle, Report, write};
use crate::config::FailOn;
use crate::finding::{Finding, FindingSubject, Fingerprint, Place, Related, Severity};
use crate::text::{Source, Span};
use crate::triage::Summary;

pub(super) fn place(path: &str, text: &str, words: &str) -> Place {
    let start = text.find(words).expect("the words stand in the text");
    let source = Arc::new(Source::new(path, text.as_bytes().to_vec()));
    Place { source, span: Span::new(start, start + words.len()) }
}

pub(super) fn finding(path: &str, text: &str, words: &str) -> Finding {
    Finding {
        rule: "sample/rule".into(),
        severity: Severity::Error,
        message: format!("`{words}` is wrong"),
        help: None,
        label: None,
        record: None,
        subject: FindingSubject::Path(path.into()),
        owner: None,
        due: None,
        place: place(path, text, words),
        related: vec![],
        fingerprint: Fingerprint::of([path, words]),
        fix: None,
        causes: Vec::new(),
    }
}

pub(super) fn related(finding: &Finding, words: &str, message: &str) -> Related {
    let source = finding.place.source.clone();
    let start = source.text().find(words).expect("the words stand in the text");
    Related { place: Place { source, span: Span::new(start, start + words.len()) }, message: message.into() }
}

pub(super) fn render(format: &str, findings: &[Finding], style: &OutputStyle) -> String {
    let summary = Summary::count(2, [], findings);
    render_report(format, &report(findings, &summary), style).0
}

pub(super) fn report<'a>(findings: &'a [Finding], summary: &'a Summary) -> Report<'a> {
    Report {
        tool: "alignlint 0.1.0",
        as_of: jiff::civil::date(2026, 11, 20),
        findings,
        summary,
        rules: &[],
        site: "",
        folder: "",
        since: None,
        fail_on: FailOn::default(),
        unabridged: false,
        not_judged: &[],
        notices: &[],
        unread: &[],
        governing: &[],
        faults: &[],
    }
}

pub(super) fn render_report(format: &str, report: &Report, style: &OutputStyle) -> (String, Omitted) {
    let mut out = Vec::new();
    let format = format.parse().expect("a format");
    let omitted = write(format, report, style, &mut out).expect("a buffer takes everything");
    (String::from_utf8(out).expect("reports are UTF-8"), omitted)
}
