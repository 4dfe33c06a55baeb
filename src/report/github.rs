//! `github`: workflow commands that GitHub Actions shows as annotations of a pull request.

use std::io;

use super::{
    Capacity, Omitted, OutputStyle, Report, WriteResult, counted, fault_sentences, range, select, sentences,
    terminal,
};
use crate::finding::{Finding, Severity};

/// GitHub shows this many annotations per severity and step, and drops the others silently.
const MAX_ANNOTATIONS: usize = 10;
const LIMIT: &str =
    "GitHub shows at most 10 annotations per severity and step; `--format json` lists all findings";

const MAX_TITLE: usize = 255;
const MAX_MESSAGE: usize = 4_096;
const MAX_UNREAD: usize = 5;
const MAX_LINE: usize = 600;

pub(super) fn write(report: &Report, _: &OutputStyle, out: &mut dyn io::Write) -> WriteResult {
    let faults = &report.faults[..report.faults.len().min(MAX_ANNOTATIONS)];
    let (selected, omitted) = select_annotations(report, MAX_ANNOTATIONS - faults.len());
    for fault in faults {
        let message = fault_sentences(fault);
        writeln!(out, "::error title=alignlint::{}", data(&terminal::clip_chars(&message, MAX_MESSAGE)))?;
    }
    for severity in Severity::ALL {
        for finding in selected.iter().filter(|finding| finding.severity == severity) {
            writeln!(out, "{}", annotation(report, finding))?;
        }
    }
    if !report.unread.is_empty() {
        writeln!(out, "::notice title=alignlint::{}", unread(report))?;
    }
    if let Some(sentence) = omitted.message() {
        writeln!(out, "::notice title=alignlint::{}", data(&sentence))?;
    }
    Ok(omitted)
}

/// The notice about omitted findings and that about unread pages count as notes, so each takes the place of one.
fn select_annotations<'a>(report: &Report<'a>, errors: usize) -> (Vec<&'a Finding>, Omitted) {
    let select_with = |notes: usize| {
        let mut counts = [MAX_ANNOTATIONS; 3];
        counts[Severity::Error as usize] = errors;
        counts[Severity::Note as usize] = notes;
        let mut capacity = counts.map(|findings| Capacity { findings, bytes: usize::MAX });
        select(report, LIMIT, |finding| capacity[finding.severity as usize].reserve(0))
    };
    let most = MAX_ANNOTATIONS - usize::from(!report.unread.is_empty());
    let all = select_with(most);
    if all.1.count() == 0 { all } else { select_with(most - 1) }
}

/// The pages that are not read, in the lines of one annotation.
fn unread(report: &Report) -> String {
    let shown = report.unread.iter().take(MAX_UNREAD);
    let mut lines: Vec<String> = shown.map(|it| data(&terminal::clip_chars(it, MAX_LINE))).collect();
    let more = report.unread.len().saturating_sub(MAX_UNREAD);
    if more > 0 {
        lines.push(format!("… and {}", counted(more, "more line")));
    }
    lines.join("%0A")
}

/// `::error file=…,line=…,title=…::message`
fn annotation(report: &Report, finding: &Finding) -> String {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let place = format!("file={}{}", property(&report.path(&finding.place)), lines(finding));
    let title = property(&terminal::clip_chars(&finding.rule, MAX_TITLE));
    let message = data(&terminal::clip_chars(&sentences(finding), MAX_MESSAGE));
    format!("::{command} {place},title={title}::{message}")
}

/// Columns are allowed only for a span on one line.
fn lines(finding: &Finding) -> String {
    let (start, end) = range(&finding.place);
    match (end.line > start.line, end.column > start.column) {
        // A span that ends at column 1 doesn't include that line.
        (true, _) => {
            let last = if end.column == 1 { end.line - 1 } else { end.line };
            format!(",line={},endLine={last}", start.line)
        }
        (false, true) => {
            format!(",line={0},endLine={0},col={1},endColumn={2}", start.line, start.column, end.column)
        }
        (false, false) => format!(",line={0},endLine={0},col={1}", start.line, start.column),
    }
}

fn data(text: &str) -> String {
    terminal::one_line(text).replace('%', "%25")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
