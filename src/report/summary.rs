//! What is said at the end of a run, on standard error: the counts, what to do next, and results that are not judged.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::time::Duration;

use super::terminal::{self, Palette, paint};
use super::{OutputStyle, Report, counted, location};
use crate::check::NotJudged;
use crate::finding::{Finding, Place, Safety, Severity};
use crate::rule::Reason;
use crate::text::article;
use crate::triage::Summary;

/// With more findings, the summary includes a table by rule.
const MANY: usize = 20;

#[derive(Clone, Copy, Debug, Default)]
pub struct SummaryOptions {
    pub elapsed: Duration,
    /// True to add tables by rule and by owner.
    pub statistics: bool,
    pub fixed: Option<FixedCount>,
    /// True if checks without a result are listed anyway.
    pub verbose: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct FixedCount {
    pub findings: usize,
    pub files: usize,
    /// True if the files were written, false for a patch.
    pub written: bool,
}

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
        text += &table("By rule", by_rule(report, &palette), &palette);
    }
    for sentence in sentences(report, options) {
        text += &terminal::paragraph(&sentence, terminal::width(style), 0, "  ".len()).join("\n");
        text.push('\n');
    }
    out.write_all(text.as_bytes())
}

pub fn write_statistics(report: &Report, style: &OutputStyle, out: &mut dyn io::Write) -> io::Result<()> {
    out.write_all(statistics(report, &Palette::of(style)).as_bytes())
}

fn statistics(report: &Report, palette: &Palette) -> String {
    table("By rule", by_rule(report, palette), palette)
        + &table("By owner", by_owner(report.findings), palette)
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
        Some(_) => {
            vec![format!("{found}{since}{also}."), format!("Read {files}: {kinds}, in {seconds}.")]
        }
    });
    sentences.extend(advice(report, options));
    sentences
}

/// The one thing to do next.
fn advice(report: &Report, options: &SummaryOptions) -> Option<String> {
    let first = report.findings.first()?;
    if report.findings.len() > MANY && report.since.is_none() {
        return Some("To report only new findings from now on, run `alignlint --write-baseline`.".to_owned());
    }
    let fixable = fixable(report.findings).filter(|_| options.fixed.is_none_or(|fixed| fixed.written));
    fixable.or_else(|| Some(format!("For details, run `alignlint explain {}`.", first.rule)))
}

fn fixed_sentence(fixed: FixedCount) -> String {
    let (findings, files) = (counted(fixed.findings, "finding"), counted(fixed.files, "file"));
    match fixed.written {
        true => format!("Fixed {findings} in {files}."),
        false => format!("The patch fixes {findings} in {files}; no file was changed."),
    }
}

fn fixable(findings: &[Finding]) -> Option<String> {
    let fixes = || findings.iter().filter_map(|it| it.fix.as_ref()).filter(|fix| fix.edits.is_some());
    let safe = fixes().filter(|fix| fix.safety == Safety::Safe).count();
    let (count, more) = (|number| counted(number, "finding"), fixes().count() - safe);
    match (safe, more) {
        (0, 0) => None,
        (0, more) => Some(format!("`alignlint --fix=all` can fix {} (suggested fixes).", count(more))),
        (safe, 0) => Some(format!("`alignlint --fix` can fix {}.", count(safe))),
        (safe, more) => Some(format!(
            "`alignlint --fix` can fix {}, and `--fix=all` {more} more (suggested fixes).",
            count(safe)
        )),
    }
}

fn kinds(summary: &Summary) -> String {
    let mut kinds: Vec<_> = summary.records.iter().collect();
    kinds.sort_by_key(|(_, known)| std::cmp::Reverse(known.count));
    let kinds: Vec<String> = kinds
        .into_iter()
        .map(|(kind, known)| match known.count {
            1 => format!("1 {kind}"),
            count => format!("{count} {}", known.plural),
        })
        .collect();
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
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    counts.map(|(count, word)| format!("{count} {word}")).collect()
}

/// How many findings have a name: of a rule or of an owner.
type Counts = Vec<(usize, String)>;

fn by_rule(report: &Report, palette: &Palette) -> Counts {
    let row = |(rule, findings): (&str, Vec<&Finding>)| {
        let severity = findings.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Note);
        let word = paint(format_args!("{:7}", severity.name()), palette.severity(severity));
        (findings.len(), format!("{word}  {}", terminal::one_line(rule)))
    };
    report.by_rule().into_iter().map(row).collect()
}

fn by_owner(findings: &[Finding]) -> Counts {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.owner.as_deref().unwrap_or("no owner")).or_default() += 1;
    }
    counts.into_iter().map(|(name, count)| (count, terminal::one_line(name).into_owned())).collect()
}

fn table(title: &str, mut rows: Counts, palette: &Palette) -> String {
    rows.sort_by_key(|(count, _)| Reverse(*count));
    let Some((most, _)) = rows.first() else { return String::new() };
    let width = most.to_string().len() + 2;
    let rows: String = rows.iter().map(|(count, name)| format!("{count:>width$}  {name}\n")).collect();
    format!("{}\n{rows}\n", paint(title, palette.dim))
}

pub fn each_not_judged(not_judged: &[NotJudged]) -> Vec<String> {
    let mut lines: Vec<String> = not_judged.iter().map(|one| format!("not judged: {one}")).collect();
    lines.dedup();
    lines
}

/// Returns a line for each value that is missing in records of a kind, the most frequent first, with counts and one place.
pub fn summarize_not_judged(not_judged: &[NotJudged]) -> Vec<String> {
    let mut gaps: BTreeMap<_, Gap> = BTreeMap::new();
    for one in not_judged {
        let kind = one.record.as_ref().map_or("file", |record| &*record.kind);
        let holder = one.holder.as_ref().map(|holder| &*holder.kind);
        let gap = gaps.entry((kind, one.reason, &*one.what, holder)).or_insert_with(|| Gap {
            subjects: BTreeSet::new(),
            rules: BTreeSet::new(),
            example: &one.place,
        });
        gap.rules.insert(&*one.rule);
        gap.subjects.insert((&*one.path, one.record.as_ref().map(|record| &*record.id)));
    }
    let mut gaps: Vec<_> = gaps.into_iter().collect();
    gaps.sort_by_key(|(_, gap)| Reverse(gap.subjects.len()));
    let lines = gaps.into_iter().map(|((kind, reason, what, holder), gap)| {
        let subjects = match kind {
            "file" => counted(gap.subjects.len(), "file"),
            kind => format!("{} of kind {kind}", counted(gap.subjects.len(), "record")),
        };
        let rules = match gap.rules.first() {
            Some(rule) if gap.rules.len() == 1 => (*rule).to_owned(),
            _ => counted(gap.rules.len(), "rule"),
        };
        let value = holder
            .map_or_else(|| format!("`{what}`"), |kind| format!("`{what}` of {} {kind}", article(kind)));
        let place = location(gap.example);
        let missing = if reason == Reason::Absent { format!("no {value}") } else { reason.sentence(&value) };
        format!("not judged: {subjects} by {rules}: {missing}, for example {place}")
    });
    lines.collect()
}

struct Gap<'n> {
    subjects: BTreeSet<(&'n str, Option<&'n str>)>,
    rules: BTreeSet<&'n str>,
    example: &'n Place,
}
