//! A sample finding for tests.

use std::sync::Arc;

use crate::finding::{Finding, FindingSubject, Fingerprint, Place, Severity};
use crate::text::{Source, Span};

pub(super) fn finding(message: &str) -> Finding {
    Finding {
        rule: "sample/rule".into(),
        severity: Severity::Error,
        message: message.to_owned(),
        help: None,
        label: None,
        record: None,
        subject: FindingSubject::Path("a.yaml".into()),
        owner: None,
        due: None,
        place: Place { source: Arc::new(Source::new("a.yaml", Vec::new())), span: Span::at(0) },
        related: Vec::new(),
        fingerprint: Fingerprint::of(["a"]),
        fix: None,
        causes: Vec::new(),
    }
}
