//! Findings for the tests of the formats.

use std::sync::Arc;

use super::{Omitted, Report, Style, write};
use crate::config::FailOn;
use crate::finding::{Finding, Fingerprint, Place, Related, Severity};
use crate::text::{Source, Span};
use crate::triage::Summary;

/// Where `words` first stand in a file of this text.
pub(super) fn place(path: &str, text: &str, words: &str) -> Place {
    let start = text.find(words).expect("the words stand in the text");
    let source = Arc::new(Source::new(path, text.as_bytes().to_vec()));
    Place { source, span: Span::new(start, start + words.len()) }
}

/// An error at `words`, with nothing but a message.
pub(super) fn finding(path: &str, text: &str, words: &str) -> Finding {
    Finding {
        rule: "sample/rule".into(),
        severity: Severity::Error,
        message: format!("`{words}` is wrong"),
        help: None,
        label: None,
        record: None,
        owner: None,
        due: None,
        place: place(path, text, words),
        related: vec![],
        fingerprint: Fingerprint::of([path, words]),
        fix: None,
    }
}

/// The same file's `words` as another place of `finding`.
pub(super) fn beside(finding: &Finding, words: &str, message: &str) -> Related {
    let source = finding.place.source.clone();
    let start = source.text().find(words).expect("the words stand in the text");
    Related { place: Place { source, span: Span::new(start, start + words.len()) }, message: message.into() }
}

/// What a format writes for `findings`.
pub(super) fn written(format: &str, findings: &[Finding], style: &Style) -> String {
    let summary = Summary::count(2, [], findings);
    told(format, &report(findings, &summary), style).0
}

/// A report of `findings` and nothing else.
pub(super) fn report<'a>(findings: &'a [Finding], summary: &'a Summary) -> Report<'a> {
    Report {
        tool: "alignlint 0.1.0",
        as_of: jiff::civil::date(2026, 11, 20),
        findings,
        summary,
        rules: &[],
        folder: "",
        since: None,
        fail_on: FailOn::default(),
        notices: &[],
        faults: &[],
    }
}

/// What a format writes of a report, and what it leaves out.
pub(super) fn told(format: &str, report: &Report, style: &Style) -> (String, Omitted) {
    let mut out = Vec::new();
    let format = format.parse().expect("a format");
    let left_out = write(format, report, style, &mut out).expect("a buffer takes everything");
    (String::from_utf8(out).expect("reports are UTF-8"), left_out)
}
