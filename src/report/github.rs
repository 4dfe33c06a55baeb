//! `github`: workflow commands that GitHub Actions shows as annotations of a pull request.

use std::fmt::Write as _;
use std::io;

use super::limit::{Capacity, select};
use super::{
    BY_SEVERITY, Omitted, OutputStyle, Report, WriteResult, counted, fault_sentences, range, sentences,
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
    for severity in BY_SEVERITY {
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
        let is_about_policy = |finding: &Finding| report.is_about_policy(finding);
        let fits = |finding: &Finding| capacity[finding.severity as usize].reserve(0);
        select(report.findings, is_about_policy, LIMIT, fits)
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
    let title = terminal::clip_chars(&finding.rule, MAX_TITLE);
    let mut text = format!("::{command} file={}", property(&report.path(&finding.place)));
    // Writing to a `String` cannot fail.
    let _ = write!(text, "{},title={}", lines(finding), property(&title));
    let message = sentences(finding);
    let _ = write!(text, "::{}", data(&terminal::clip_chars(&message, MAX_MESSAGE)));
    text
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

#[cfg(test)]
mod tests {
    use super::super::fixtures;
    use super::*;
    use crate::triage::Summary;

    fn written(findings: &[Finding]) -> String {
        fixtures::render("github", findings, &OutputStyle::default())
    }

    #[test]
    fn unread_pages_are_the_lines_of_one_annotation() {
        let notices: Vec<String> = (1..=7).map(|n| format!("folder {n}:\n100%")).collect();
        let summary = Summary::count(1, [], &[]);
        let report = Report { unread: &notices, ..fixtures::report(&[], &summary) };
        let (text, _) = fixtures::render_report("github", &report, &OutputStyle::default());
        assert!(
            text.starts_with("::notice title=alignlint::folder 1: 100%25%0Afolder 2: 100%25%0A"),
            "{text}"
        );
        assert!(text.ends_with("%0A… and 2 more lines\n") && text.lines().count() == 1, "{text}");
    }

    #[test]
    fn record_text_can_not_inject_commands() {
        let mut finding = fixtures::finding("a,b:c=100%.yaml", "id: 1\n", "1");
        finding.message = "50%\n::set-output name=x::y\r\n%0A::error::\u{1b}[2J".into();
        finding.rule = "own/a,b::c".into();
        let expected = "::error file=a%2Cb%3Ac=100%25.yaml,line=1,endLine=1,col=5,endColumn=6,title=own/a%2Cb%3A%3Ac::\
                        50%25 ::set-output name=x::y  %250A::error::␛[2J.\n";
        assert_eq!(written(&[finding]), expected);
    }

    #[test]
    fn ten_per_severity_are_annotated_and_the_others_counted() {
        let of = |severity, count| {
            (0..count).map(move |n| {
                let finding = fixtures::finding("a.yaml", "id: 1\n", "1");
                Finding { severity, message: format!("number {n}"), ..finding }
            })
        };
        let findings: Vec<Finding> = of(Severity::Note, 12).chain(of(Severity::Error, 30)).collect();
        let text = written(&findings);
        let commands: Vec<&str> = text.lines().map(|line| line.split(' ').next().unwrap_or("")).collect();
        assert_eq!(commands, [["::error"; 10], ["::notice"; 10]].concat());
        assert!(text.lines().nth(9).is_some_and(|line| line.ends_with("::number 9.")), "{text}");
        let last = "::notice title=alignlint::20 errors and 3 notes are left out: GitHub shows at most 10 annotations per \
                    severity and step; `--format json` lists all findings.\n";
        assert!(text.ends_with(last), "{text}");
        let ten: Vec<Finding> = of(Severity::Note, 10).collect();
        assert_eq!(written(&ten).matches("::notice file=").count(), 10);
    }
}
