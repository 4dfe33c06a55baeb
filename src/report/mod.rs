//! Reports: what a run found, for a person or for a program. One file a format; a new one is its
//! file and its line in [`FORMATS`]. Findings go to standard output, [`write_summary`] and
//! [`write_fault`] to standard error.

use std::io::{self, Write};
use std::str::FromStr;
use std::sync::Arc;

use jiff::civil::Date;

use crate::config::FailOn;
use crate::finding::{Fault, Finding, Place, Severity};
use crate::rule::Rule;
use crate::text::{Position, Source, Span};
use crate::triage::Summary;

pub mod blame;
mod concise;
mod github;
mod gitlab;
mod json;
mod jsonl;
mod junit;
mod limit;
pub mod listing;
mod markdown;
mod pretty;
#[cfg(test)]
mod sample;
mod sarif;
mod snippet;
mod summary;
mod terminal;
mod uri;

pub use limit::Omitted;
pub use pretty::write_fault;
pub use summary::{FixedCount, SummaryOptions, write_statistics, write_summary};
pub use uri::folder as folder_uri;

/// What there is to report. The same report gives the same bytes, in every format.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The program's name and version.
    pub tool: &'a str,
    /// The day that ages were counted to.
    pub as_of: Date,
    /// In catalog order.
    pub findings: &'a [Finding],
    pub summary: &'a Summary,
    /// The rules that were run, in the order of their identifiers.
    pub rules: &'a [Arc<Rule>],
    /// The folder of the repository that the findings' paths are relative to; empty for its root. Formats
    /// of a forge put it before each path: a forge knows paths from the root only.
    pub folder: &'a str,
    /// The revision that the findings are new since, where only new ones are reported.
    pub since: Option<&'a str>,
    /// The least severity that makes the run fail.
    pub fail_on: FailOn,
    /// What the run could not see, and why: whole sentences.
    pub notices: &'a [String],
    /// Why some rules say nothing, though others do: the run has failed, as far as they go.
    pub faults: &'a [Fault],
}

impl<'a> Report<'a> {
    /// Whether the findings make the run fail.
    pub fn fails(&self) -> bool {
        self.summary.highest_severity().is_some_and(|gravest| self.fail_on.fails(gravest))
    }

    /// What the run ends with: as long as not everything was checked, no findings are no good news.
    pub fn exit_code(&self) -> u8 {
        if self.faults.is_empty() { u8::from(self.fails()) } else { 2 }
    }

    fn rule(&self, id: &str) -> Option<&'a Rule> {
        let at = self.rules.binary_search_by(|rule| (*rule.id).cmp(id)).ok()?;
        self.rules.get(at).map(|rule| &**rule)
    }

    /// The path of a place from the repository's root.
    fn path(&self, place: &Place) -> String {
        let path = place.source.path();
        if self.folder.is_empty() { path.to_string() } else { format!("{}/{path}", self.folder) }
    }
}

/// Where a place starts and ends; the end is the position after its last character.
fn range(place: &Place) -> (Position, Position) {
    range_within(&place.source, place.span)
}

fn range_within(source: &Source, span: Span) -> (Position, Position) {
    let start = source.position(span.start as usize);
    let end = if span.is_empty() { start } else { source.position(span.end as usize) };
    (start, end)
}

/// A finding in sentences: what is wrong, and what to do about it.
fn sentences(finding: &Finding) -> String {
    with_help(&finding.message, finding.help.as_deref())
}

/// A fault in sentences: where it is, what it is, and what to do about it.
fn fault_sentences(fault: &Fault) -> String {
    with_help(&fault.to_string(), fault.help.as_deref())
}

fn with_help(message: &str, help: Option<&str>) -> String {
    let mut text = terminal::one_line(message.trim()).into_owned();
    if let Some(help) = help.map(str::trim).filter(|help| !help.is_empty()) {
        end_sentence(&mut text);
        text.push(' ');
        text += &terminal::one_line(help);
    }
    end_sentence(&mut text);
    text
}

/// Ends a text with a full stop, unless it ends with a mark that stands for one.
fn end_sentence(text: &mut String) {
    if !text.ends_with(['.', '!', '?', '…', ':']) {
        text.push('.');
    }
}

/// `25,000`
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

/// `1 error`, `2 errors`
fn counted(count: usize, word: &str) -> String {
    format!("{} {word}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// Counts by severity, the gravest first, without those of which there is none: `2 errors`, `1 note`.
fn by_severity(counts: impl Fn(Severity) -> usize) -> Vec<String> {
    let counts = GRAVEST_FIRST.map(|severity| (counts(severity), severity.name()));
    counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| counted(count, word)).collect()
}

const GRAVEST_FIRST: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Note];

/// `a`, `a and b`, `a, b and c`
fn enumerated(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// What the reader's screen can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to send ANSI colours. Lines are drawn with Unicode either way.
    pub color: bool,
    /// How many columns a line may take; fewer than 40 count as 40.
    pub width: usize,
    /// Where the screen follows links: the URI of the folder that paths are relative to, with a `/` at its end.
    pub link_base: Option<Arc<str>>,
}

impl Default for Style {
    fn default() -> Style {
        Style { color: false, width: 80, link_base: None }
    }
}

/// A way to write findings down. Parsed from its name: `"json".parse::<Format>()`.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    pub name: &'static str,
    write: fn(&Report, &Style, &mut dyn Write) -> Written,
}

/// What writing comes to: what had no room in the report, for a reader that does not take everything.
type Written = io::Result<Omitted>;

/// Every format, the default one first.
pub const FORMATS: &[Format] = &[
    Format { name: "pretty", write: pretty::write },
    Format { name: "concise", write: concise::write },
    Format { name: "json", write: json::write },
    Format { name: "jsonl", write: jsonl::write },
    Format { name: "sarif", write: sarif::write },
    Format { name: "github", write: github::write },
    Format { name: "gitlab", write: gitlab::write },
    Format { name: "junit", write: junit::write },
    Format { name: "markdown", write: markdown::write },
];

impl Default for Format {
    fn default() -> Format {
        FORMATS[0]
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Format, String> {
        FORMATS.iter().find(|format| format.name == name).copied().ok_or_else(|| {
            let names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
            format!("`{name}` is not one of the formats: {}", names.join(", "))
        })
    }
}

/// Writes the findings. The counts that people see at the end are [`write_summary`]'s; formats for
/// programs hold them themselves. What the format's readers have no room for is left out, and returned.
///
/// # Errors
/// `out` can't be written to.
pub fn write(format: Format, report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<Omitted> {
    let mut out = io::BufWriter::new(out);
    let left_out = (format.write)(report, style, &mut out)?;
    out.flush()?;
    Ok(left_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_known_by_its_name() {
        for format in FORMATS {
            assert_eq!(format.name.parse::<Format>().unwrap().name, format.name);
        }
        let refused = "xml".parse::<Format>().unwrap_err();
        let all = "pretty, concise, json, jsonl, sarif, github, gitlab, junit, markdown";
        assert_eq!(refused, format!("`xml` is not one of the formats: {all}"));
    }
}
