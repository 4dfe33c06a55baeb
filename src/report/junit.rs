//! `junit`: JUnit XML, for the test reports of CI servers. A rule is a suite, each of its findings a test. What
//! makes the run fail is a failure; other findings are tests that pass and say so, or else the server would
//! call a run failed that is none. A rule that did not come to an end is a test with an error.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io;

use super::{Omitted, Report, Style, Written, fault_sentences, range, terminal};
use crate::finding::Finding;

pub(super) fn write(report: &Report, _: &Style, out: &mut dyn io::Write) -> Written {
    let mut suites: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in report.findings {
        suites.entry(&finding.rule).or_default().push(finding);
    }
    let failures = |findings: &[&Finding]| findings.iter().filter(|finding| fails(report, finding)).count();
    let all: Vec<&Finding> = report.findings.iter().collect();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    let errors = report.faults.len();
    let (count, failed) = ((all.len() + errors).max(1), failures(&all));
    let name = attribute(report.tool);
    writeln!(out, "<testsuites name={name} tests=\"{count}\" failures=\"{failed}\" errors=\"{errors}\">")?;
    if errors > 0 {
        write_faults(report, out)?;
    } else if suites.is_empty() {
        writeln!(
            out,
            "  <testsuite name=\"alignlint\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">"
        )?;
        let name = format!("nothing found in {}", super::counted(report.summary.files, "file"));
        writeln!(out, "    <testcase name={} classname=\"alignlint\" time=\"0\"/>", attribute(&name))?;
        writeln!(out, "  </testsuite>")?;
    }
    for (rule, findings) in &suites {
        let (name, tests, failures) = (attribute(rule), findings.len(), failures(findings));
        writeln!(
            out,
            "  <testsuite name={name} tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\">"
        )?;
        let mut seen = HashMap::new();
        for finding in findings {
            write_case(report, finding, &mut seen, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")?;
    Ok(Omitted::default())
}

fn write_faults(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let errors = report.faults.len();
    writeln!(
        out,
        "  <testsuite name=\"alignlint\" tests=\"{errors}\" failures=\"0\" errors=\"{errors}\" skipped=\"0\">"
    )?;
    for fault in report.faults {
        let name = fault.place.as_ref().map_or(report.tool, |place| place.source.path());
        writeln!(out, "    <testcase name={} classname=\"alignlint\" time=\"0\">", attribute(name))?;
        let (message, text) = (attribute(&fault.message), element(&fault_sentences(fault)));
        writeln!(out, "      <error message={message} type=\"fault\">{text}</error>")?;
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>")
}

fn fails(report: &Report, finding: &Finding) -> bool {
    report.fail_on.fails(finding.severity)
}

/// One test. Servers follow it from run to run by its name, and take two of one name for one: so the name holds
/// the record and no line, and its number among those of the same name.
fn write_case(
    report: &Report,
    finding: &Finding,
    seen: &mut HashMap<String, usize>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let path = report.path(&finding.place);
    let mut name = match &finding.record {
        Some(record) => format!("{path}: {} {}", record.kind, record.id),
        None => path.clone(),
    };
    let count = seen.entry(name.clone()).or_default();
    *count += 1;
    if *count > 1 {
        // Writing to a `String` cannot fail.
        let _ = write!(name, " ({count})");
    }
    let class = finding.rule.replace('/', ".");
    let line = range(&finding.place).0.line;
    writeln!(
        out,
        "    <testcase name={} classname={} file={} line=\"{line}\" time=\"0\">",
        attribute(&name),
        attribute(&class),
        attribute(&path),
    )?;
    let text = element(&told(report, finding));
    match fails(report, finding) {
        true => {
            let (message, severity) = (attribute(&finding.message), finding.severity);
            writeln!(out, "      <failure message={message} type=\"{severity}\">{text}</failure>")?;
        }
        false => writeln!(out, "      <system-out>{text}</system-out>")?,
    }
    writeln!(out, "    </testcase>")
}

/// What the server shows of a finding: place and message, the other places, what to do.
fn told(report: &Report, finding: &Finding) -> String {
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

/// A value in its quotes.
fn attribute(text: &str) -> String {
    format!("\"{}\"", element(&terminal::one_line(text)).replace('"', "&quot;"))
}

/// Text between tags. What XML can't hold at all became a picture of itself before, except for two.
fn element(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => written += "&amp;",
            '<' => written += "&lt;",
            '>' => written += "&gt;",
            '\u{fffe}' | '\u{ffff}' => written.push('\u{fffd}'),
            c => written.push(c),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::config::FailOn;
    use crate::finding::{RecordName, Severity};
    use crate::triage::Summary;

    fn finding() -> Finding {
        let mut finding = sample::finding("a & \"b\".yaml", "id: O-7\nkpi: nps\n", "nps");
        finding.record = Some(RecordName { kind: "objective".into(), id: "O-7<".into() });
        finding
    }

    #[test]
    fn a_rule_is_a_suite_and_each_finding_a_test() {
        let mut warning = Finding { severity: Severity::Warning, ..finding() };
        warning.related = vec![sample::beside(&warning, "O-7", "the other one")];
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
        assert_eq!(sample::written("junit", &[finding(), warning], &Style::default()), expected);
    }

    #[test]
    fn what_fails_is_what_fails_the_run() {
        let findings = [finding(), Finding { severity: Severity::Note, ..finding() }];
        let summary = Summary::count(1, [], &findings);
        for (fail_on, failures) in [("note", 2), ("error", 1), ("never", 0)] {
            let fail_on = FailOn::from_name(fail_on).unwrap();
            let report = Report { fail_on, ..sample::report(&findings, &summary) };
            let (text, _) = sample::told("junit", &report, &Style::default());
            assert_eq!(text.matches("<failure ").count(), failures);
            assert!(text.contains(&format!("tests=\"2\" failures=\"{failures}\"")), "{text}");
        }
    }

    #[test]
    fn what_xml_can_not_hold_is_shown_otherwise() {
        let mut finding = finding();
        finding.message = "\u{0}\u{1b}\u{fffe}]]>\n<b a='1'>".into();
        let text = sample::written("junit", &[finding], &Style::default());
        let written = "␀␛\u{fffd}]]&gt; &lt;b a='1'&gt;";
        assert!(text.contains(&format!("message=\"{written}\"")), "{text}");
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text}");
    }

    #[test]
    fn nothing_found_is_one_test_that_passes() {
        let text = sample::written("junit", &[], &Style::default());
        assert!(text.contains("<testsuites name=\"alignlint 0.1.0\" tests=\"1\" failures=\"0\""), "{text}");
        assert!(text.contains("<testcase name=\"nothing found in 2 files\""), "{text}");
    }
}
