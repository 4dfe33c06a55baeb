//! What a person reads last, on standard error: what was read, what was found, what to do next.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use super::terminal::{self, Palette, paint};
use super::{Report, Style, by_severity, counted};
use crate::finding::{Finding, Safety, Severity};
use crate::triage::Summary;

/// With more findings than this, a table by rule says where to begin.
const MANY: usize = 20;

/// What the end says besides the report's own counts.
#[derive(Clone, Copy, Debug, Default)]
pub struct SummaryOptions {
    /// How long the run took.
    pub elapsed: Duration,
    /// Whether to count by rule and by owner, however few the findings are.
    pub statistics: bool,
    /// What was mended, where that was asked for.
    pub fixed: Option<FixedCount>,
}

/// How many findings fixes have mended, and in how many files.
#[derive(Clone, Copy, Debug)]
pub struct FixedCount {
    pub findings: usize,
    pub files: usize,
    /// The files are changed; else there is a patch.
    pub written: bool,
}

/// Writes what was read and what to do next; one line where nothing was found.
pub fn write_summary(
    report: &Report,
    ending: &SummaryOptions,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let palette = Palette::of(style);
    let mut text = String::new();
    if ending.statistics {
        text += &statistics(report, &palette);
    } else if report.findings.len() > MANY {
        text += &table("By rule", &by_rule(report.findings, &palette), &palette);
    }
    for sentence in sentences(report, ending) {
        text += &terminal::paragraph(&sentence, terminal::width(style), 0, "  ".len()).join("\n");
        text.push('\n');
    }
    out.write_all(text.as_bytes())
}

/// Writes how many findings each rule has, and each owner.
pub fn write_statistics(report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    out.write_all(statistics(report, &Palette::of(style)).as_bytes())
}

fn statistics(report: &Report, palette: &Palette) -> String {
    table("By rule", &by_rule(report.findings, palette), palette)
        + &table("By owner", &by_owner(report.findings), palette)
}

fn sentences(report: &Report, ending: &SummaryOptions) -> Vec<String> {
    let summary = report.summary;
    let files = counted(summary.files, "file");
    let kinds = kinds(summary);
    let (found, left_out) =
        (by_severity(|severity| summary.of(severity)).join(", "), left_out(report).join(", "));
    let seconds = format!("{:.2}s", ending.elapsed.as_secs_f64());
    let since = report.since.map_or_else(String::new, |since| format!(" new since `{since}`"));
    let also = if left_out.is_empty() { left_out } else { format!("; {left_out}") };
    let mended = ending.fixed.filter(|mended| mended.findings > 0).map(mended);
    let mut sentences: Vec<String> = mended.into_iter().collect();
    sentences.extend(match report.findings.first() {
        None if summary.files == 0 && report.since.is_some() => {
            vec![format!("Nothing{since} has to do with what is checked.")]
        }
        None => vec![format!("No findings{since} in {files}{also}. Read {kinds} in {seconds}.")],
        Some(first) => vec![
            format!("{found}{since}{also}."),
            format!("Read {files}: {kinds}, in {seconds}."),
            format!("Why a rule is there: alignlint explain {}", first.rule),
        ],
    });
    if report.findings.len() > MANY && report.since.is_none() {
        sentences.push("To hear of new ones only from now on: alignlint --write-baseline".to_owned());
    }
    sentences.extend(fixable(report.findings).filter(|_| ending.fixed.is_none_or(|mended| mended.written)));
    sentences
}

fn mended(mended: FixedCount) -> String {
    let (findings, files) = (counted(mended.findings, "finding"), counted(mended.files, "file"));
    match mended.written {
        true => format!("Fixed {findings} in {files}."),
        false => format!("The patch fixes {findings} in {files}; nothing is changed."),
    }
}

/// How many of the findings can be fixed, and how.
fn fixable(findings: &[Finding]) -> Option<String> {
    let fixes =
        || findings.iter().filter_map(|finding| finding.fix.as_ref()).filter(|fix| fix.edits.is_some());
    let safe = fixes().filter(|fix| fix.safety == Safety::Safe).count();
    let suggested = fixes().count() - safe;
    match (safe, suggested) {
        (0, 0) => None,
        (safe, 0) => Some(format!("{safe} can be fixed by `alignlint --fix`.")),
        (0, suggested) => Some(format!("{suggested} can be fixed by `alignlint --fix=all`, as suggested.")),
        (safe, suggested) => Some(format!(
            "{safe} can be fixed by `alignlint --fix`, and {suggested} more by `--fix=all`, as suggested."
        )),
    }
}

/// `38 decisions, 9 kpis`, the most first.
fn kinds(summary: &Summary) -> String {
    let mut kinds: Vec<_> = summary.records.iter().collect();
    kinds.sort_by_key(|(_, known)| std::cmp::Reverse(known.count));
    let kinds = kinds.into_iter().map(|(kind, known)| match known.count {
        1 => format!("1 {kind}"),
        count => format!("{count} {}", known.plural),
    });
    let kinds: Vec<_> = kinds.collect();
    if kinds.is_empty() { "no records".into() } else { kinds.join(", ") }
}

/// What is not among the findings.
fn left_out(report: &Report) -> Vec<String> {
    let Report { summary, faults, .. } = report;
    let rules = if faults.len() == 1 { "rule without a verdict" } else { "rules without a verdict" };
    let counts = [
        (summary.known, "known"),
        (summary.suppressed, "excused"),
        (summary.not_judged, "not judged (-v lists them)"),
        (faults.len(), rules),
    ];
    counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect()
}

/// How many findings have a rule, or an owner, in common.
struct Row {
    count: usize,
    name: String,
}

/// Names a rule with the gravest severity that it was found with.
fn by_rule(findings: &[Finding], palette: &Palette) -> Vec<Row> {
    let mut severities: BTreeMap<&str, Severity> = BTreeMap::new();
    for finding in findings {
        let severity = severities.entry(&finding.rule).or_insert(finding.severity);
        *severity = finding.severity.max(*severity);
    }
    let mut rows = count_by(findings, |finding| &finding.rule);
    for row in &mut rows {
        if let Some(&severity) = severities.get(&*row.name) {
            let word = paint(format_args!("{:7}", severity.name()), palette.severity(severity));
            row.name = format!("{word}  {}", terminal::one_line(&row.name));
        }
    }
    rows
}

fn by_owner(findings: &[Finding]) -> Vec<Row> {
    let mut rows = count_by(findings, |finding| finding.owner.as_deref().unwrap_or("no owner named"));
    for row in &mut rows {
        row.name = terminal::one_line(&row.name).into_owned();
    }
    rows
}

/// Sorted by count, the greatest first, then by name.
fn count_by<'a>(findings: &'a [Finding], name: impl Fn(&'a Finding) -> &'a str) -> Vec<Row> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(name(finding)).or_default() += 1;
    }
    let mut rows: Vec<_> = counts.into_iter().map(|(name, count)| Row { count, name: name.into() }).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.count));
    rows
}

/// The rows below their title, with an empty line after them; nothing without rows.
fn table(title: &str, rows: &[Row], palette: &Palette) -> String {
    let digits = rows.iter().map(|row| row.count.to_string().len()).max();
    let Some(digits) = digits else { return String::new() };
    let mut text = format!("{}\n", paint(title, palette.dim));
    for Row { count, name } in rows {
        text += &format!("{count:>width$}  {name}\n", width = digits + 2);
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::sample;
    use super::*;
    use crate::finding::Fix;

    fn ending(findings: &[Finding], not_judged: usize, statistics: bool) -> String {
        let (kpi, person): (Arc<str>, Arc<str>) = ("kpi".into(), "person".into());
        let records = [(&person, "people"), (&kpi, "kpis"), (&kpi, "kpis")];
        let summary = Summary { not_judged, ..Summary::count(3, records, findings) };
        let report = sample::report(findings, &summary);
        let ending = SummaryOptions { elapsed: Duration::from_millis(34), statistics, fixed: None };
        let mut out = Vec::new();
        write_summary(&report, &ending, &Style::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn findings() -> Vec<Finding> {
        let mut late = sample::finding("a.yaml", "late: 1\n", "late");
        late.severity = Severity::Warning;
        late.rule = "sample/late".into();
        late.owner = Some("sales".into());
        vec![late, sample::finding("a.yaml", "id: 1\n", "id"), sample::finding("b.yaml", "id: 2\n", "id")]
    }

    #[test]
    fn nothing_found_is_one_line() {
        assert_eq!(ending(&[], 0, true), "No findings in 3 files. Read 2 kpis, 1 person in 0.03s.\n");
        let open = ending(&[], 4, false);
        assert_eq!(
            open,
            "No findings in 3 files; 4 not judged (-v lists them). Read 2 kpis, 1 person in\n  0.03s.\n"
        );
    }

    #[test]
    fn the_end_says_what_was_found_and_read_and_where_to_read_on() {
        let expected = "\
2 errors, 1 warning.
Read 3 files: 2 kpis, 1 person, in 0.03s.
Why a rule is there: alignlint explain sample/late
";
        assert_eq!(ending(&findings(), 0, false), expected);
    }

    #[test]
    fn the_end_says_since_when_findings_are_new_and_how_many_were_known() {
        let told = |findings: &[Finding]| {
            let summary = Summary { known: 7, ..Summary::count(3, [], findings) };
            let report = Report { since: Some("main"), ..sample::report(findings, &summary) };
            sentences(&report, &SummaryOptions::default()).swap_remove(0)
        };
        assert_eq!(told(&findings()), "2 errors, 1 warning new since `main`; 7 known.");
        let nothing = "No findings new since `main` in 3 files; 7 known. Read no records in 0.00s.";
        assert_eq!(told(&[]), nothing);
    }

    #[test]
    fn the_end_says_what_was_fixed_and_what_can_be() {
        let mut findings = findings();
        for (finding, safety) in findings.iter_mut().zip([Safety::Safe, Safety::Suggested, Safety::Suggested])
        {
            let edits = Some((finding.place.source.clone(), Vec::new()));
            finding.fix = Some(Fix { safety, changes: Vec::new(), edits });
        }
        let summary = Summary::count(3, [], &findings);
        let report = sample::report(&findings, &summary);
        let told =
            |mended| sentences(&report, &SummaryOptions { fixed: mended, ..SummaryOptions::default() });
        let can = "1 can be fixed by `alignlint --fix`, and 2 more by `--fix=all`, as suggested.";
        assert_eq!(told(None).last().map(String::as_str), Some(can));
        let mended = |written| Some(FixedCount { findings: 7, files: 1, written });
        assert_eq!(told(mended(true))[0], "Fixed 7 findings in 1 file.");
        let patch = told(mended(false));
        assert_eq!(patch[0], "The patch fixes 7 findings in 1 file; nothing is changed.");
        assert!(!patch.contains(&can.to_owned()), "the patch is the answer to that");
    }

    #[test]
    fn statistics_count_by_rule_and_by_owner() {
        let expected = "\
By rule
  2  error    sample/rule
  1  warning  sample/late

By owner
  2  no owner named
  1  sales

2 errors, 1 warning.
";
        let written = ending(&findings(), 0, true);
        assert!(written.starts_with(expected), "{written}");
    }

    #[test]
    fn many_findings_are_counted_by_rule_without_being_asked() {
        let many = vec![findings().remove(0); MANY + 1];
        let told = ending(&many, 0, false);
        assert!(told.starts_with("By rule\n  21  warning  sample/late\n\n21 warnings."));
        assert!(told.contains("alignlint --write-baseline\n"), "{told}");
        assert!(!ending(&many[1..], 0, false).contains("baseline"));
    }
}
