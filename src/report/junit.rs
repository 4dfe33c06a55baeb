//! `junit`: JUnit XML for CI servers. A rule is a test suite, a finding a test case: a failure if it fails the run, else
//! a passed test with output, and so are the pages that were not read.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

use super::{Omitted, OutputStyle, Report, WriteResult, fault_sentences, range, terminal};
use crate::finding::{Fault, Finding};

pub(super) fn write(report: &Report, _: &OutputStyle, out: &mut dyn Write) -> WriteResult {
    let mut suites: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in report.findings {
        suites.entry(&finding.rule).or_default().push(finding);
    }
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
        let cases: Vec<String> =
            findings.iter().map(|finding| finding_case(report, finding, &mut seen)).collect();
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
    let line = range(&finding.place).0.line;
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
        let (at, message) = (range(place).0, terminal::one_line(message));
        let path = report.path(place);
        format!("{}:{}:{}: {severity}{message}", terminal::one_line(&path), at.line, at.column)
    };
    let severity = format!("{}[{}] ", finding.severity, finding.rule);
    let mut lines = vec![line(&finding.place, &severity, &finding.message)];
    lines.extend(finding.related.iter().map(|related| line(&related.place, "", &related.message)));
    let help = finding.help.as_deref().map(str::trim).filter(|help| !help.is_empty());
    lines.extend(help.map(|help| format!("help: {}", terminal::one_line(help))));
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

#[cfg(test)]
mod tests {
    use super::super::fixtures;
    use super::*;
    use crate::finding::{RecordName, Severity};

    fn finding() -> Finding {
        let mut finding = fixtures::finding("a & \"b\".yaml", "id: O-7\nkpi: nps\n", "nps");
        finding.record = Some(RecordName { kind: "objective".into(), id: "O-7<".into() });
        finding
    }

    #[test]
    fn a_rule_is_a_suite_and_a_finding_a_test() {
        let mut warning = Finding { severity: Severity::Warning, ..finding() };
        warning.related = vec![fixtures::related(&warning, "O-7", "the other one")];
        warning.help = Some("Agree.".into());
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="alignlint 0.1.0" tests="2" failures="1" errors="0">
  <testsuite name="sample/rule" tests="2" failures="1" errors="0" skipped="0">
    <testcase name="a &amp; &quot;b&quot;.yaml: objective O-7&lt;" classname="sample.rule" file="a &amp; &quot;b&quot;.yaml" line="2" time="0">
      <failure message="`nps` is wrong" type="error">a &amp; "b".yaml:2:6: error[sample/rule] `nps` is wrong</failure>
    </testcase>
    <testcase name="a &amp; &quot;b&quot;.yaml: objective O-7&lt; (2)" classname="sample.rule" file="a &amp; &quot;b&quot;.yaml" line="2" time="0">
      <system-out>a &amp; "b".yaml:2:6: warning[sample/rule] `nps` is wrong
a &amp; "b".yaml:1:5: the other one
help: Agree.</system-out>
    </testcase>
  </testsuite>
</testsuites>
"#;
        assert_eq!(fixtures::render("junit", &[finding(), warning], &OutputStyle::default()), expected);
    }

    #[test]
    fn characters_that_xml_forbids_are_replaced() {
        let mut finding = finding();
        finding.message = "\u{0}\u{1b}\u{fffe}]]>\n<b a='1'>".into();
        let text = fixtures::render("junit", &[finding], &OutputStyle::default());
        let written = "␀␛\u{fffd}]]&gt; &lt;b a='1'&gt;";
        assert!(text.contains(&format!("message=\"{written}\"")), "{text}");
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text}");
    }
}
