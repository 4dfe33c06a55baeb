//! `github`: workflow commands that a GitHub runner turns into annotations at the lines of a change.

use std::fmt::Write as _;
use std::io;

use super::limit::{Room, keep};
use super::{GRAVEST_FIRST, Omitted, Report, Style, Written, fault_sentences, range, sentences, terminal};
use crate::finding::{Finding, Severity};

/// GitHub shows so many annotations of a severity for each step, and drops the others without a word.
const SHOWN: usize = 10;
const WHY: &str = "GitHub shows 10 annotations of a severity for each step; `--format pretty` lists all";

/// The characters of a title that GitHub takes.
const TITLE: usize = 255;
/// An annotation is read beside the code: a longer text is cut.
const MESSAGE: usize = 4_096;

pub(super) fn write(report: &Report, _: &Style, out: &mut dyn io::Write) -> Written {
    let faults = &report.faults[..report.faults.len().min(SHOWN)];
    let (kept, left_out) = kept(report.findings, SHOWN - faults.len());
    for fault in faults {
        let message = fault_sentences(fault);
        writeln!(out, "::error title=alignlint::{}", data(&terminal::clip_chars(&message, MESSAGE)))?;
    }
    for severity in GRAVEST_FIRST {
        for finding in kept.iter().filter(|finding| finding.severity == severity) {
            writeln!(out, "{}", annotation(report, finding))?;
        }
    }
    if let Some(sentence) = left_out.message() {
        writeln!(out, "::notice title=alignlint::{}", data(&sentence))?;
    }
    Ok(left_out)
}

/// So many errors, and ten of the others; one note less where something is left out, for the notice that says so is a
/// note too.
fn kept(findings: &[Finding], errors: usize) -> (Vec<&Finding>, Omitted) {
    let choose = |notes: usize| {
        let mut rooms = [SHOWN; 3];
        rooms[Severity::Error as usize] = errors;
        rooms[Severity::Note as usize] = notes;
        let mut rooms = rooms.map(|findings| Room { findings, bytes: usize::MAX });
        keep(findings, WHY, |finding| rooms[finding.severity as usize].take(0))
    };
    let all = choose(SHOWN);
    if all.1.count() == 0 { all } else { choose(SHOWN - 1) }
}

/// `::error file=…,line=…,title=…::message`
fn annotation(report: &Report, finding: &Finding) -> String {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let title = terminal::clip_chars(&finding.rule, TITLE);
    let mut text = format!("::{command} file={}", property(&report.path(&finding.place)));
    // Writing to a `String` cannot fail.
    let _ = write!(text, "{},title={}", lines(finding), property(&title));
    let message = sentences(finding);
    let _ = write!(text, "::{}", data(&terminal::clip_chars(&message, MESSAGE)));
    text
}

/// Columns only where the place is on one line: of others GitHub refuses them.
fn lines(finding: &Finding) -> String {
    let (start, end) = range(&finding.place);
    match (end.line > start.line, end.column > start.column) {
        // The last line counts where at least one character of it is meant.
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

/// A text after `::`: without the line ends that would end the command.
fn data(text: &str) -> String {
    terminal::one_line(text).replace('%', "%25")
}

/// A value between `,` and `=`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::triage::Summary;

    fn written(findings: &[Finding]) -> String {
        sample::written("github", findings, &Style::default())
    }

    #[test]
    fn an_annotation_names_the_place_and_says_what_to_do() {
        let mut finding = sample::finding("okrs/a.yaml", "id: 1\nkpi: nps\n", "nps");
        finding.help = Some("Agree which one holds".into());
        let expected = "::error file=okrs/a.yaml,line=2,endLine=2,col=6,endColumn=9,title=sample/rule::`nps` is wrong. \
                        Agree which one holds.\n";
        assert_eq!(written(&[finding]), expected);
    }

    #[test]
    fn nothing_in_a_record_ends_the_command_or_begins_another() {
        let mut finding = sample::finding("a,b:c=100%.yaml", "id: 1\n", "1");
        finding.message = "50%\n::set-output name=x::y\r\n%0A::error::\u{1b}[2J".into();
        finding.rule = "own/a,b::c".into();
        let expected = "::error file=a%2Cb%3Ac=100%25.yaml,line=1,endLine=1,col=5,endColumn=6,title=own/a%2Cb%3A%3Ac::\
                        50%25 ::set-output name=x::y  %250A::error::␛[2J.\n";
        assert_eq!(written(&[finding]), expected);
    }

    #[test]
    fn of_several_lines_no_column_is_named() {
        let lines = sample::finding("a.md", "why: one\ntwo\nthree\n", "one\ntwo");
        assert!(written(&[lines]).starts_with("::error file=a.md,line=1,endLine=2,title="));
        let with_its_end = sample::finding("a.md", "why: one\ntwo\nthree\n", "one\ntwo\n");
        assert!(written(&[with_its_end]).starts_with("::error file=a.md,line=1,endLine=2,title="));
        let point = sample::finding("a.md", "why: one\n", "");
        assert!(written(&[point]).starts_with("::error file=a.md,line=1,endLine=1,col=1,title="));
    }

    #[test]
    fn paths_of_a_project_in_a_folder_start_at_the_repository() {
        let findings = [sample::finding("a.yaml", "id: 1\n", "1")];
        let summary = Summary::count(1, [], &findings);
        let report = Report { folder: "services/billing", ..sample::report(&findings, &summary) };
        let (text, _) = sample::told("github", &report, &Style::default());
        assert!(text.starts_with("::error file=services/billing/a.yaml,line=1,"), "{text}");
    }

    #[test]
    fn ten_of_each_severity_are_annotated_gravest_first_and_the_rest_is_counted() {
        let of = |severity, count| {
            (0..count).map(move |n| {
                let finding = sample::finding("a.yaml", "id: 1\n", "1");
                Finding { severity, message: format!("number {n}"), ..finding }
            })
        };
        let findings: Vec<Finding> = of(Severity::Note, 12).chain(of(Severity::Error, 30)).collect();
        let text = written(&findings);
        let commands: Vec<&str> = text.lines().map(|line| line.split(' ').next().unwrap_or("")).collect();
        assert_eq!(commands, [["::error"; 10], ["::notice"; 10]].concat());
        assert!(text.lines().nth(9).is_some_and(|line| line.ends_with("::number 9.")), "{text}");
        let last = "::notice title=alignlint::20 errors and 3 notes are left out: GitHub shows 10 annotations of a \
                    severity for each step; `--format pretty` lists all.\n";
        assert!(text.ends_with(last), "{text}");
        let ten: Vec<Finding> = of(Severity::Note, 10).collect();
        assert_eq!(written(&ten).matches("::notice file=").count(), 10);
    }
}
