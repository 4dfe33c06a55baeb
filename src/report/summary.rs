//! The summary at the end of a run, for standard error.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use super::terminal::{self, Palette, paint};
use super::{OutputStyle, Report, counted};
use crate::finding::{Finding, Safety, Severity};
use crate::triage::Summary;

/// With more findings, the summary includes a table by rule.
const MANY: usize = 20;

/// The content of the summary besides the counts of the report.
#[derive(Clone, Copy, Debug, Default)]
pub struct SummaryOptions {
    /// The time that the run took.
    pub elapsed: Duration,
    /// True to add tables by rule and by owner.
    pub statistics: bool,
    /// What was fixed, if fixes were applied.
    pub fixed: Option<FixedCount>,
    /// True if checks without a result are listed anyway.
    pub verbose: bool,
}

/// The number of findings fixed, and of files edited.
#[derive(Clone, Copy, Debug)]
pub struct FixedCount {
    /// The number of fixed findings.
    pub findings: usize,
    /// The number of edited files.
    pub files: usize,
    /// True if the files were written, false for a patch.
    pub written: bool,
}

/// Writes what was found and read, and what to do next.
///
/// # Errors
/// Those of `out`.
pub fn write_summary(
    report: &Report,
    options: &SummaryOptions,
    style: &OutputStyle,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let palette = Palette::of(style);
    let mut text = String::new();
    if options.statistics {
        text += &statistics(report, &palette);
    } else if report.findings.len() > MANY {
        text += &table("By rule", &by_rule(report.findings, &palette), &palette);
    }
    for sentence in sentences(report, options) {
        text += &terminal::paragraph(&sentence, terminal::width(style), 0, "  ".len()).join("\n");
        text.push('\n');
    }
    out.write_all(text.as_bytes())
}

/// Writes the number of findings by rule and by owner.
///
/// # Errors
/// Those of `out`.
pub fn write_statistics(report: &Report, style: &OutputStyle, out: &mut dyn io::Write) -> io::Result<()> {
    out.write_all(statistics(report, &Palette::of(style)).as_bytes())
}

fn statistics(report: &Report, palette: &Palette) -> String {
    table("By rule", &by_rule(report.findings, palette), palette)
        + &table("By owner", &by_owner(report.findings), palette)
}

fn sentences(report: &Report, options: &SummaryOptions) -> Vec<String> {
    let summary = report.summary;
    let files = counted(summary.files, "file");
    let kinds = kinds(summary);
    let (found, not_listed) = (report.counts().join(", "), not_listed(report, options).join(", "));
    let seconds = format!("{:.2}s", options.elapsed.as_secs_f64());
    let since = report.since.map_or_else(String::new, |since| format!(" since `{since}`"));
    let new = if report.since.is_some() { "new " } else { "" };
    let also = if not_listed.is_empty() { not_listed } else { format!("; {not_listed}") };
    let fixed = options.fixed.filter(|fixed| fixed.findings > 0);
    let mut sentences: Vec<String> = fixed.map(fixed_sentence).into_iter().collect();
    sentences.extend(match report.findings.first() {
        None if summary.files == 0 && report.since.is_some() => {
            vec![format!("No {new}findings{since}: the change affects nothing that is checked.")]
        }
        None => vec![format!("No {new}findings{since} in {files}{also}. Read {kinds} in {seconds}.")],
        Some(first) => vec![
            format!("{found}{since}{also}."),
            format!("Read {files}: {kinds}, in {seconds}."),
            format!("For details, run `alignlint explain {}`.", first.rule),
        ],
    });
    if report.findings.len() > MANY && report.since.is_none() {
        sentences
            .push("To report only new findings from now on, run `alignlint --write-baseline`.".to_owned());
    }
    sentences.extend(fixable(report.findings).filter(|_| options.fixed.is_none_or(|fixed| fixed.written)));
    sentences
}

fn fixed_sentence(fixed: FixedCount) -> String {
    let (findings, files) = (counted(fixed.findings, "finding"), counted(fixed.files, "file"));
    match fixed.written {
        true => format!("Fixed {findings} in {files}."),
        false => format!("The patch fixes {findings} in {files}; no file was changed."),
    }
}

fn fixable(findings: &[Finding]) -> Option<String> {
    let fixes =
        || findings.iter().filter_map(|finding| finding.fix.as_ref()).filter(|fix| fix.edits.is_some());
    let safe = fixes().filter(|fix| fix.safety == Safety::Safe).count();
    let suggested = fixes().count() - safe;
    match (safe, suggested) {
        (0, 0) => None,
        (safe, 0) => Some(format!("`alignlint --fix` can fix {}.", counted(safe, "finding"))),
        (0, suggested) => Some(format!(
            "`alignlint --fix=all` can fix {} (suggested fixes).",
            counted(suggested, "finding")
        )),
        (safe, suggested) => Some(format!(
            "`alignlint --fix` can fix {}, and `--fix=all` {suggested} more (suggested fixes).",
            counted(safe, "finding")
        )),
    }
}

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

fn not_listed(report: &Report, options: &SummaryOptions) -> Vec<String> {
    let Report { summary, faults, .. } = report;
    let rules = if faults.len() == 1 { "rule not completed" } else { "rules not completed" };
    let checks = if summary.not_judged == 1 { "check without a result" } else { "checks without a result" };
    let not_judged = if options.verbose { summary.not_judged } else { 0 };
    let counts = [
        (summary.known, "already known"),
        (summary.suppressed, "suppressed"),
        (not_judged, checks),
        (faults.len(), rules),
    ];
    counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect()
}

struct CountRow {
    count: usize,
    name: String,
}

fn by_rule(findings: &[Finding], palette: &Palette) -> Vec<CountRow> {
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

fn by_owner(findings: &[Finding]) -> Vec<CountRow> {
    let mut rows = count_by(findings, |finding| finding.owner.as_deref().unwrap_or("no owner"));
    for row in &mut rows {
        row.name = terminal::one_line(&row.name).into_owned();
    }
    rows
}

fn count_by<'a>(findings: &'a [Finding], name: impl Fn(&'a Finding) -> &'a str) -> Vec<CountRow> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(name(finding)).or_default() += 1;
    }
    let mut rows: Vec<_> =
        counts.into_iter().map(|(name, count)| CountRow { count, name: name.into() }).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.count));
    rows
}

fn table(title: &str, rows: &[CountRow], palette: &Palette) -> String {
    let digits = rows.iter().map(|row| row.count.to_string().len()).max();
    let Some(digits) = digits else { return String::new() };
    let mut text = format!("{}\n", paint(title, palette.dim));
    for CountRow { count, name } in rows {
        text += &format!("{count:>width$}  {name}\n", width = digits + 2);
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::fixtures;
    use super::*;
    use crate::finding::Fix;

    fn summary(findings: &[Finding], not_judged: usize, statistics: bool) -> String {
        let (kpi, person): (Arc<str>, Arc<str>) = ("kpi".into(), "person".into());
        let records = [(&person, "people"), (&kpi, "kpis"), (&kpi, "kpis")];
        let summary = Summary { not_judged, ..Summary::count(3, records, findings) };
        let report = fixtures::report(findings, &summary);
        let elapsed = Duration::from_millis(34);
        let options = SummaryOptions { elapsed, statistics, ..SummaryOptions::default() };
        let mut out = Vec::new();
        write_summary(&report, &options, &OutputStyle::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn findings() -> Vec<Finding> {
        let mut late = fixtures::finding("a.yaml", "late: 1\n", "late");
        late.severity = Severity::Warning;
        late.rule = "sample/late".into();
        late.owner = Some("sales".into());
        vec![late, fixtures::finding("a.yaml", "id: 1\n", "id"), fixtures::finding("b.yaml", "id: 2\n", "id")]
    }

    #[test]
    fn findings_records_and_explain_are_named() {
        let expected = "\
2 errors, 1 warning.
Read 3 files: 2 kpis, 1 person, in 0.03s.
For details, run `alignlint explain sample/late`.
";
        assert_eq!(summary(&findings(), 0, false), expected);
    }

    #[test]
    fn fixed_and_fixable_findings_are_counted() {
        let mut findings = findings();
        for (finding, safety) in findings.iter_mut().zip([Safety::Safe, Safety::Suggested, Safety::Suggested])
        {
            let edits = Some((finding.place.source.clone(), Vec::new()));
            finding.fix = Some(Fix { safety, changes: Vec::new(), edits });
        }
        let summary = Summary::count(3, [], &findings);
        let report = fixtures::report(&findings, &summary);
        let all = |fixed| sentences(&report, &SummaryOptions { fixed, ..SummaryOptions::default() });
        let can = "`alignlint --fix` can fix 1 finding, and `--fix=all` 2 more (suggested fixes).";
        assert_eq!(all(None).last().map(String::as_str), Some(can));
        let fixed = |written| Some(FixedCount { findings: 7, files: 1, written });
        assert_eq!(all(fixed(true))[0], "Fixed 7 findings in 1 file.");
        let patch = all(fixed(false));
        assert_eq!(patch[0], "The patch fixes 7 findings in 1 file; no file was changed.");
        assert!(!patch.contains(&can.to_owned()), "the patch contains these fixes");
    }

    #[test]
    fn statistics_count_by_rule_and_by_owner() {
        let expected = "\
By rule
  2  error    sample/rule
  1  warning  sample/late

By owner
  2  no owner
  1  sales

2 errors, 1 warning.
";
        let written = summary(&findings(), 0, true);
        assert!(written.starts_with(expected), "{written}");
    }
}
