//! Report formats: each is a file of this module and a line in [`FORMATS`], which help texts and messages list.
//! [`write_summary`] and [`write_fault`] are for standard error.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;
use std::sync::Arc;

use jiff::civil::Date;

use crate::check::NotJudged;
use crate::config::FailOn;
use crate::finding::{Fault, Finding, Place, Severity};
use crate::governing::Governing;
use crate::rule::Rule;
use crate::schema::{did_you_mean, nearest};
use crate::text::{Position, Source, Span, capital, enumerated};
use crate::triage::Summary;

mod agent;
pub mod calendar;
mod escape;
pub mod export;
mod github;
pub mod html;
pub mod json;
mod junit;
pub mod listings;
mod markdown;
mod pretty;
mod sarif;
mod snippet;
mod summary;
mod terminal;
pub mod trace;
pub mod view;

pub use escape::{Escaped, Escaping};
pub use pretty::write_fault;
pub use summary::{
    FixedCount, SummaryOptions, each_not_judged, summarize_not_judged, write_statistics, write_summary,
};
pub use terminal::{one_line, visible, write_json};

/// The input of every format. Equal reports give equal bytes.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// Name and version of the program, separated by a space.
    pub tool: &'a str,
    /// The date that ages are computed against.
    pub as_of: Date,
    /// In catalog order.
    pub findings: &'a [Finding],
    pub summary: &'a Summary,
    /// The rules that ran, sorted by identifier.
    pub rules: &'a [Arc<Rule>],
    /// Where the documentation is published, with a trailing `/`; empty if it is not.
    pub site: &'a str,
    /// The project's folder in the repository, empty for its root. Formats for forges prepend it to paths.
    pub folder: &'a str,
    /// The base revision, if only findings new since it are reported.
    pub since: Option<&'a str>,
    pub fail_on: FailOn,
    /// True if `pretty` shows all findings, however many a rule has.
    pub unabridged: bool,
    /// Results that are not judged, for formats that list them.
    pub not_judged: &'a [NotJudged],
    /// What the run could not read, in whole sentences.
    pub notices: &'a [String],
    /// Those of the notices that are about pages among records.
    pub unread: &'a [String],
    /// The records that govern what a change touches, those in force first.
    pub governing: &'a [Governing],
    /// The faults of rules that did not complete.
    pub faults: &'a [Fault],
}

impl<'a> Report<'a> {
    pub fn fails(&self) -> bool {
        Severity::ALL.into_iter().any(|it| self.summary.of(it) > 0 && self.fail_on.fails(it))
    }

    /// Returns 0 on success, 1 if findings fail the run, 2 if a rule did not complete.
    pub fn exit_code(&self) -> u8 {
        if self.faults.is_empty() { u8::from(self.fails()) } else { 2 }
    }

    /// `2 errors`, or `2 new errors` if a base revision is compared with.
    fn counts(&self) -> Vec<String> {
        let counts = by_severity(|severity| self.summary.of(severity));
        match self.since {
            Some(_) => counts.iter().map(|count| count.replacen(' ', " new ", 1)).collect(),
            None => counts,
        }
    }

    fn rule(&self, id: &str) -> Option<&'a Rule> {
        let at = self.rules.binary_search_by(|rule| (*rule.id).cmp(id)).ok()?;
        self.rules.get(at).map(|rule| &**rule)
    }

    /// True for a finding about the policy itself: formats with limits keep it before all others.
    fn is_about_policy(&self, finding: &Finding) -> bool {
        self.rule(&finding.rule).is_some_and(Rule::is_about_policy)
    }

    /// The path of a file, or `path:line:column`, as forges know it.
    fn in_repository(&self, path: &dyn fmt::Display) -> String {
        if self.folder.is_empty() { path.to_string() } else { format!("{}/{path}", self.folder) }
    }

    fn path(&self, place: &Place) -> String {
        self.in_repository(place.source.path())
    }

    fn by_rule(&self) -> BTreeMap<&'a str, Vec<&'a Finding>> {
        by_rule(self.findings)
    }
}

fn by_rule<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> BTreeMap<&'f str, Vec<&'f Finding>> {
    let mut rules: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        rules.entry(&finding.rule).or_default().push(finding);
    }
    rules
}

/// `path:line:column`, on one line.
fn location(place: &Place) -> String {
    terminal::one_line(&place.to_string()).into_owned()
}

/// Returns a path as a relative URI: everything but letters, digits and `-._~/` is percent-encoded (RFC 3986).
fn uri(path: &str) -> String {
    let encoded = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    path.bytes().map(encoded).collect()
}

fn range(place: &Place) -> (Position, Position) {
    range_within(&place.source, place.span)
}

fn range_within(source: &Source, span: Span) -> (Position, Position) {
    let start = source.position(span.start as usize);
    let end = if span.is_empty() { start } else { source.position(span.end as usize) };
    (start, end)
}

fn sentences(finding: &Finding) -> String {
    with_help(&finding.message, finding.help.as_deref())
}

fn fault_sentences(fault: &Fault) -> String {
    with_help(&fault.to_string(), fault.help.as_deref())
}

fn with_help(message: &str, help: Option<&str>) -> String {
    let mut text = terminal::one_line(message.trim()).into_owned();
    end_sentence(&mut text);
    if let Some(help) = help {
        text.push(' ');
        text += &help_sentence(help);
    }
    text
}

/// Capitalises and ends a help, for formats that show it as a sentence after the message.
fn help_sentence(help: &str) -> String {
    let mut text = capital(&terminal::one_line(help.trim()));
    end_sentence(&mut text);
    text
}

fn end_sentence(text: &mut String) {
    if !text.ends_with(['.', '!', '?', '…', ':']) {
        text.push('.');
    }
}

fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 file`, `1,000 files`.
pub(crate) fn counted(count: usize, word: &str) -> String {
    format!("{} {word}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// `2 errors`, `1 note`: the most severe first, without zeros.
fn by_severity(counts: impl Fn(Severity) -> usize) -> Vec<String> {
    let counts = Severity::ALL.map(|severity| (counts(severity), severity.name()));
    counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| counted(count, word)).collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutputStyle {
    pub color: bool,
    /// The maximum line width in columns; at least 40 is used.
    pub width: usize,
}

impl Default for OutputStyle {
    fn default() -> OutputStyle {
        OutputStyle { color: false, width: 80 }
    }
}

/// A report format. Parsed from its name: `"json".parse::<ReportFormat>()`.
#[derive(Clone, Copy, Debug)]
pub struct ReportFormat {
    pub name: &'static str,
    /// True if the report has [`Report::not_judged`].
    pub lists_not_judged: bool,
    /// That of the style if it is `None`.
    escaping: Option<Escaping>,
    /// True if the report shows [`Report::governing`].
    pub shows_governing: bool,
    write: WriteFormat,
}

type WriteFormat = fn(&Report, &OutputStyle, &mut dyn Write) -> WriteResult;

const fn format(name: &'static str, write: WriteFormat) -> ReportFormat {
    ReportFormat { name, lists_not_judged: false, escaping: None, shows_governing: false, write }
}

/// The result of writing a report: the findings omitted because of the reader's limits.
type WriteResult = io::Result<Omitted>;

/// Every format, the default first.
pub const FORMATS: &[ReportFormat] = &[
    format("pretty", pretty::write_pretty),
    format("concise", pretty::write_concise),
    ReportFormat { escaping: Some(Escaping::Json), lists_not_judged: true, ..format("json", json::write) },
    ReportFormat { escaping: Some(Escaping::Json), ..format("jsonl", json::write_lines) },
    ReportFormat { escaping: Some(Escaping::Json), ..format("sarif", sarif::write) },
    ReportFormat { escaping: Some(Escaping::Commands), ..format("github", github::write) },
    ReportFormat { escaping: Some(Escaping::Json), ..format("gitlab", json::write_gitlab) },
    format("junit", junit::write),
    ReportFormat { shows_governing: true, ..format("markdown", markdown::write) },
    format("agent", agent::write),
];

impl ReportFormat {
    /// Lists the names for help texts and messages: `pretty, concise, …`.
    pub fn names() -> String {
        FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ")
    }
}

impl FromStr for ReportFormat {
    type Err = String;

    fn from_str(name: &str) -> Result<ReportFormat, String> {
        let format = FORMATS.iter().find(|format| format.name == name).copied();
        format.ok_or_else(|| {
            let near = nearest(name, FORMATS.iter().map(|format| format.name)).map(did_you_mean);
            let near = near.map_or_else(String::new, |near| format!(" {near}"));
            format!("unknown format `{name}`;{near} expected one of {}", ReportFormat::names())
        })
    }
}

/// Writes a report. Returns the findings omitted because of limits of the format's readers.
pub fn write(
    format: ReportFormat,
    report: &Report,
    style: &OutputStyle,
    out: &mut dyn Write,
) -> io::Result<Omitted> {
    let escaping = format.escaping.unwrap_or(Escaping::of(style));
    let mut out = io::BufWriter::new(Escaped::new(out, escaping));
    let omitted = (format.write)(report, style, &mut out)?;
    out.flush()?;
    Ok(omitted)
}

/// The number of findings omitted from a report, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Omitted {
    counts: [usize; 3],
    /// The limit: `GitHub takes at most …`.
    reason: &'static str,
}

impl Omitted {
    pub fn count(&self) -> usize {
        self.counts.iter().sum()
    }

    /// `20 errors and 5,000 notes are left out: GitHub takes ….`; `None` if nothing is omitted.
    pub fn message(&self) -> Option<String> {
        let counts = by_severity(|severity| self.counts[severity as usize]);
        let verb = if self.count() == 1 { "is" } else { "are" };
        (self.count() > 0).then(|| format!("{} {verb} left out: {}.", enumerated(&counts), self.reason))
    }
}

#[derive(Clone, Copy, Debug)]
struct Capacity {
    findings: usize,
    bytes: usize,
}

impl Capacity {
    fn reserve(&mut self, bytes: usize) -> bool {
        let fits = self.findings > 0 && bytes <= self.bytes;
        if fits {
            self.findings -= 1;
            self.bytes -= bytes;
        }
        fits
    }
}

/// Returns the findings that fit, in their order. Those about the policy, then the most severe, are asked about first; of the former the
/// first of each rule before the second of any, so that many exceptions don't hide one changed right.
fn select<'f>(
    report: &Report<'f>,
    reason: &'static str,
    mut fits: impl FnMut(&'f Finding) -> bool,
) -> (Vec<&'f Finding>, Omitted) {
    let findings = report.findings;
    let mut omitted = Omitted { reason, ..Omitted::default() };
    let mut selected: Vec<usize> = Vec::with_capacity(findings.len());
    let mut order: Vec<usize> = (0..findings.len()).collect();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    order.sort_by_cached_key(|&at| {
        let finding = &findings[at];
        let is_about_policy = report.is_about_policy(finding);
        let nth = seen.entry(&finding.rule).or_default();
        *nth += usize::from(is_about_policy);
        (Reverse((is_about_policy, finding.severity)), *nth)
    });
    for at in order {
        match fits(&findings[at]) {
            true => selected.push(at),
            false => omitted.counts[findings[at].severity as usize] += 1,
        }
    }
    selected.sort_unstable();
    (selected.into_iter().map(|at| &findings[at]).collect(), omitted)
}
