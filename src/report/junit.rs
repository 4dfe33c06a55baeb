//! `junit`: JUnit XML for CI servers. A rule is a test suite, a finding a test case: a failure if it fails the run, else
//! a passed test with output, and so are the pages that were not read.

use super::{Omitted, OutputStyle, Report, WriteResult, fault_sentences, terminal};
use crate::finding::{Fault, Finding};
use std::collections::HashMap;
use std::io::{self, Write};

pub(super) fn write(report: &Report, _: &OutputStyle, out: &mut dyn Write) -> WriteResult {
    let suites = report.by_rule();
    let count_failures = |findings: &[&Finding]| findings.iter().filter(|it| is_failure(report, it)).count();
    let failures: usize = suites.values().map(|findings| count_failures(findings)).sum();
    let (name, errors) = (attribute(report.tool), report.faults.len());
    let unread = usize::from(!report.unread.is_empty());
    let tests = (report.findings.len() + errors).max(1) + unread;
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name={name} tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">")?;
    let mut cases: Vec<String> = report.faults.iter().map(|fault| error_case(report, fault)).collect();
    if errors == 0 && suites.is_empty() {
        let name = format!("no findings in {}", super::counted(report.summary.files, "file"));
        cases.push(test_case(&format!("name={} classname=\"alignlint\"", attribute(&name)), ""));
    }
    if unread > 0 {
        let lines: Vec<String> = report.unread.iter().map(|it| element(&terminal::one_line(it))).collect();
        let text = format!("<system-out>{}</system-out>", lines.join("\n"));
        cases.push(test_case("name=\"pages that are not read\" classname=\"alignlint\"", &text));
    }
    if !cases.is_empty() {
        write_suite("alignlint", &cases, 0, errors, out)?;
    }
    for (rule, findings) in &suites {
        let mut seen = HashMap::new();
        let cases: Vec<String> = findings.iter().map(|it| finding_case(report, it, &mut seen)).collect();
        write_suite(rule, &cases, count_failures(findings), 0, out)?;
    }
    writeln!(out, "</testsuites>")?;
    Ok(Omitted::default())
}

fn write_suite(
    name: &str,
    cases: &[String],
    failures: usize,
    errors: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (name, tests) = (attribute(name), cases.len());
    let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"0\"");
    writeln!(out, "  <testsuite name={name} {counts}>")?;
    cases.iter().try_for_each(|case| out.write_all(case.as_bytes()))?;
    writeln!(out, "  </testsuite>")
}

fn test_case(attributes: &str, body: &str) -> String {
    match body {
        "" => format!("    <testcase {attributes} time=\"0\"/>\n"),
        _ => format!("    <testcase {attributes} time=\"0\">\n      {body}\n    </testcase>\n"),
    }
}

fn error_case(report: &Report, fault: &Fault) -> String {
    let name = fault.place.as_ref().map_or(report.tool, |place| place.source.path());
    let (message, text) = (attribute(&fault.message), element(&fault_sentences(fault)));
    let body = format!("<error message={message} type=\"fault\">{text}</error>");
    test_case(&format!("name={} classname=\"alignlint\"", attribute(name)), &body)
}

fn is_failure(report: &Report, finding: &Finding) -> bool {
    report.fail_on.fails(finding.severity)
}

/// Servers track a test by its name, so it has no line, and a number if it is not unique.
fn finding_case(report: &Report, finding: &Finding, seen: &mut HashMap<String, usize>) -> String {
    let path = report.path(&finding.place);
    let mut name = match &finding.record {
        Some(record) => format!("{path}: {} {}", record.kind, record.id),
        None => path.clone(),
    };
    let count = seen.entry(name.clone()).or_default();
    *count += 1;
    if *count > 1 {
        name = format!("{name} ({count})");
    }
    let line = finding.place.start().line;
    let [name, class, path] = [&*name, &*finding.rule.replace('/', "."), &*path].map(attribute);
    let (text, message) = (element(&body_text(report, finding)), attribute(&finding.message));
    let body = match is_failure(report, finding) {
        true => format!("<failure message={message} type=\"{}\">{text}</failure>", finding.severity),
        false => format!("<system-out>{text}</system-out>"),
    };
    test_case(&format!("name={name} classname={class} file={path} line=\"{line}\""), &body)
}

fn body_text(report: &Report, finding: &Finding) -> String {
    let line = |place, severity: &str, message: &str| {
        terminal::one_line(&format!("{}: {severity}{message}", report.in_repository(place))).into_owned()
    };
    let severity = format!("{}[{}] ", finding.severity, finding.rule);
    let mut lines = vec![line(&finding.place, &severity, &finding.message)];
    lines.extend(finding.related.iter().map(|related| line(&related.place, "", &related.message)));
    lines.extend(finding.help.iter().map(|help| format!("help: {}", terminal::one_line(help.trim()))));
    lines.join("\n")
}

fn attribute(text: &str) -> String {
    format!("\"{}\"", element(&terminal::one_line(text)).replace('"', "&quot;"))
}

/// Escapes text. [`terminal::one_line`] has replaced all other characters that XML doesn't allow.
fn element(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
