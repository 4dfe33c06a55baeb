//! `pretty`: each finding with a snippet of its source, as rustc shows them. `concise`: one line per finding.

use std::collections::BTreeMap;
use std::io;

use super::snippet::{self, Mark};
use super::terminal::{self, Palette, one_line, paint, short};
use super::{Omitted, OutputStyle, Report, WriteResult, grouped, location};
use crate::finding::{Fault, Finding, Place, Related, Severity};

pub(super) fn write_pretty(report: &Report, style: &OutputStyle, out: &mut dyn io::Write) -> WriteResult {
    let renderer = Renderer::new(style);
    let (shown, more) = abridge(report);
    for finding in shown {
        writeln!(out, "{}", renderer.finding(finding))?;
    }
    for (rule, more) in &more {
        out.write_all(renderer.more(rule, *more).as_bytes())?;
    }
    if !more.is_empty() {
        writeln!(out)?;
    }
    Ok(Omitted::default())
}

/// Returns what to show, and how many more by rule: errors, findings about the policy and those of a change are all shown.
fn abridge<'r>(report: &Report<'r>) -> (Vec<&'r Finding>, BTreeMap<&'r str, usize>) {
    const MAX_OF_RULE: usize = 10;
    if report.unabridged || report.since.is_some() {
        return (report.findings.iter().collect(), BTreeMap::new());
    }
    let (mut counts, mut more) = (BTreeMap::<&str, usize>::new(), BTreeMap::new());
    let mut is_shown = |finding: &&'r Finding| {
        if finding.severity == Severity::Error || report.is_about_policy(finding) {
            return true;
        }
        let count = counts.entry(&finding.rule).or_default();
        *count += 1;
        if *count > MAX_OF_RULE {
            *more.entry(&*finding.rule).or_default() += 1;
        }
        *count <= MAX_OF_RULE
    };
    (report.findings.iter().filter(|finding| is_shown(finding)).collect(), more)
}

pub fn write_fault(fault: &Fault, style: &OutputStyle, out: &mut dyn io::Write) -> io::Result<()> {
    let renderer = Renderer::new(style);
    out.write_all(renderer.fault(fault).as_bytes())
}

struct Renderer {
    palette: Palette,
    width: usize,
}

impl Renderer {
    fn new(style: &OutputStyle) -> Renderer {
        Renderer { palette: Palette::of(style), width: terminal::width(style) }
    }

    fn finding(&self, finding: &Finding) -> String {
        const MAX_SNIPPETS: usize = 3;
        let palette = &self.palette;
        let style = palette.severity(finding.severity);
        let name = finding.severity.name();
        let rule = format!("[{}]", terminal::one_line(&finding.rule));
        let mut text = self.header(name, style, &rule, &finding.message);
        let first = Mark { place: &finding.place, label: finding.label.as_deref(), style };
        let (shown, rest) = finding.related.split_at(finding.related.len().min(MAX_SNIPPETS));
        let others = shown.iter().map(|related| Mark {
            place: &related.place,
            label: Some(related.message.as_str()),
            style: palette.related,
        });
        let marks: Vec<_> = std::iter::once(first).chain(others).collect();
        text += &snippet::render(&marks, palette, self.width);
        if !rest.is_empty() {
            let places: Vec<_> = rest.iter().map(|related| &related.place).collect();
            text += &self.footer("also: ", palette.related, &enumerate(&places));
        }
        text += &self.help(finding.help.as_deref());
        text
    }

    fn more(&self, rule: &str, more: usize) -> String {
        let text = format!("… and {} more of {rule}; --all shows them", grouped(more));
        terminal::paragraph(&text, self.width, 0, "  ".len()).join("\n") + "\n"
    }

    fn fault(&self, fault: &Fault) -> String {
        let style = self.palette.error;
        let mut text = self.header("error", style, "", &fault.message);
        if let Some(place) = &fault.place {
            let mark = Mark { place, label: None, style };
            text += &snippet::render(&[mark], &self.palette, self.width);
        }
        text += &self.help(fault.help.as_deref());
        text
    }

    fn header(&self, word: &str, style: owo_colors::Style, rule: &str, message: &str) -> String {
        let hang = terminal::columns(word) + terminal::columns(rule) + ": ".len();
        let message = terminal::short(message);
        let message = terminal::paragraph(&terminal::one_line(&message), self.width, hang, "  ".len());
        let message: Vec<_> = message.iter().map(|line| paint(line, self.palette.message)).collect();
        format!("{}{}: {}\n", paint(word, style), paint(rule, self.palette.dim), message.join("\n"))
    }

    fn help(&self, help: Option<&str>) -> String {
        help.map_or(String::new(), |help| self.footer("help: ", self.palette.help, help))
    }

    fn footer(&self, word: &str, style: owo_colors::Style, body: &str) -> String {
        let indent = "  ".len() + word.len();
        let body = terminal::short(body);
        let body = terminal::paragraph(&body, self.width, indent, indent).join("\n");
        format!("  {}{body}\n", paint(word, style))
    }
}

/// `a.yaml:3:5, b.yaml:9:1 and 4 more`
fn enumerate(places: &[&Place]) -> String {
    const MAX_NAMED: usize = 5;
    let (named, rest) = places.split_at(places.len().min(MAX_NAMED));
    let named = named.iter().map(|place| location(place)).collect::<Vec<_>>().join(", ");
    if rest.is_empty() { named } else { format!("{named} and {} more", rest.len()) }
}

/// `path:line:column: severity[rule] message`
pub(super) fn write_concise(report: &Report, style: &OutputStyle, out: &mut dyn io::Write) -> WriteResult {
    let palette = Palette::of(style);
    for finding in report.findings {
        let severity = paint(finding.severity, palette.severity(finding.severity));
        let rule = paint(format_args!("[{}]", one_line(&finding.rule)), palette.dim);
        let message = short(&finding.message);
        let message = one_line(&message);
        let (place, others) = (location(&finding.place), other_places(finding));
        writeln!(out, "{place}: {severity}{rule} {message}{others}")?;
    }
    Ok(Omitted::default())
}

/// Names the first places that have the same finding.
fn other_places(finding: &Finding) -> String {
    // The most places that are named of those that have the same finding.
    const SHOWN: usize = 3;
    let same = || finding.related.iter().filter(|related| related.message == Related::SAME);
    let named: Vec<String> = same().take(SHOWN).map(|related| location(&related.place)).collect();
    let more = if same().count() > SHOWN { ", …" } else { "" };
    if named.is_empty() { String::new() } else { format!(" ({}{more})", named.join(", ")) }
}
