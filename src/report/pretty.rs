//! `pretty`: each finding with a snippet of its source, as rustc shows them.

use std::collections::BTreeMap;
use std::io;

use super::snippet::{self, Mark};
use super::terminal::{self, Palette, paint};
use super::{Omitted, OutputStyle, Report, WriteResult, grouped, location};
use crate::finding::{Fault, Finding, Place, Severity};

const MAX_SNIPPETS: usize = 3;

const MAX_NAMED: usize = 5;

/// The most warnings and notes of one rule that are shown.
const MAX_OF_RULE: usize = 10;

pub(super) fn write(report: &Report, style: &OutputStyle, out: &mut dyn io::Write) -> WriteResult {
    let renderer = Renderer::new(style);
    let (shown, more) = abridge(report);
    for finding in shown {
        let address = style.link_base.as_ref().and_then(|_| report.address(&finding.rule));
        writeln!(out, "{}", renderer.finding(finding, address.as_deref()))?;
    }
    for (rule, more) in &more {
        out.write_all(renderer.more(rule, *more).as_bytes())?;
    }
    if !more.is_empty() {
        writeln!(out)?;
    }
    Ok(Omitted::default())
}

/// Returns the findings to show, and the number of the others by rule. All errors, all findings about the policy and all
/// findings of a change are shown.
fn abridge<'r>(report: &Report<'r>) -> (Vec<&'r Finding>, BTreeMap<&'r str, usize>) {
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

/// Writes a fault, with a snippet if it has a place.
///
/// # Errors
/// Those of `out`.
pub fn write_fault(fault: &Fault, style: &OutputStyle, out: &mut dyn io::Write) -> io::Result<()> {
    let renderer = Renderer::new(style);
    out.write_all(renderer.fault(fault).as_bytes())
}

struct Renderer<'a> {
    palette: Palette,
    width: usize,
    link_base: Option<&'a str>,
}

impl Renderer<'_> {
    fn new(style: &OutputStyle) -> Renderer<'_> {
        Renderer {
            palette: Palette::of(style),
            width: terminal::width(style),
            link_base: style.link_base.as_deref(),
        }
    }

    /// `address` is that of the page about the rule, for terminals with links.
    fn finding(&self, finding: &Finding, address: Option<&str>) -> String {
        let palette = &self.palette;
        let style = palette.severity(finding.severity);
        let name = finding.severity.name();
        let rule = terminal::link(&finding.rule, address);
        let mut text = self.header(name, style, Some((&finding.rule, &rule)), &finding.message);
        let first = Mark { place: &finding.place, label: finding.label.as_deref(), style };
        let (shown, rest) = finding.related.split_at(finding.related.len().min(MAX_SNIPPETS));
        let others = shown.iter().map(|related| Mark {
            place: &related.place,
            label: Some(related.message.as_str()),
            style: palette.related,
        });
        let marks: Vec<_> = std::iter::once(first).chain(others).collect();
        text += &snippet::render(&marks, palette, self.width, self.link_base);
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
        let mut text = self.header("error", style, None, &fault.message);
        if let Some(place) = &fault.place {
            let mark = Mark { place, label: None, style };
            text += &snippet::render(&[mark], &self.palette, self.width, self.link_base);
        }
        text += &self.help(fault.help.as_deref());
        text
    }

    /// `error[rule]: message`; `rule` is the name, and the name as it is written.
    fn header(
        &self,
        word: &str,
        style: owo_colors::Style,
        rule: Option<(&str, &str)>,
        message: &str,
    ) -> String {
        let columns = rule.map_or(0, |(name, _)| terminal::columns(&terminal::one_line(name)) + "[]".len());
        let rule = rule.map_or(String::new(), |(_, shown)| format!("[{shown}]"));
        let hang = terminal::columns(word) + columns + ": ".len();
        let message = terminal::short(message);
        let message = terminal::paragraph(&terminal::one_line(&message), self.width, hang, "  ".len());
        let message: Vec<_> = message.iter().map(|line| paint(line, self.palette.message)).collect();
        format!("{}{}: {}\n", paint(word, style), paint(&rule, self.palette.dim), message.join("\n"))
    }

    fn help(&self, help: Option<&str>) -> String {
        help.filter(|help| !help.trim().is_empty())
            .map_or(String::new(), |help| self.footer("help: ", self.palette.help, help))
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
    let (named, rest) = places.split_at(places.len().min(MAX_NAMED));
    let named = named.iter().map(|place| location(place)).collect::<Vec<_>>().join(", ");
    if rest.is_empty() { named } else { format!("{named} and {} more", rest.len()) }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::fixtures;
    use super::super::fixtures::{finding, place, related, render};
    use super::*;
    use crate::finding::{Related, Severity};
    use crate::text::{Source, Span};

    const NARROW: OutputStyle = OutputStyle { color: false, width: 80, link_base: None };
    const WIDE: OutputStyle = OutputStyle { color: false, width: 120, link_base: None };

    #[track_caller]
    fn assert_drawn(finding: &Finding, style: &OutputStyle, expected: &str) {
        let written = render("pretty", std::slice::from_ref(finding), style);
        let drawn: Vec<_> = written.lines().skip(1).filter(|line| !line.is_empty()).collect();
        let expected: Vec<_> = expected.lines().skip(1).collect();
        assert_eq!(drawn, expected, "\n{written}");
        let widest = written.lines().map(terminal::columns).max();
        assert!(widest <= Some(style.width), "{widest:?} columns\n{written}");
    }

    fn labelled(path: &str, text: &str, words: &str, label: &str) -> Finding {
        Finding { label: Some(label.into()), ..finding(path, text, words) }
    }

    #[test]
    fn a_finding_has_header_snippet_and_help() {
        let mut finding = labelled("team.yaml", "id: A-2\nowner: nobody\n", "nobody", "not in the directory");
        finding.severity = Severity::Warning;
        finding.message = "`A-2` is owned by `nobody`".into();
        finding.help = Some("Name somebody.".into());
        let expected = "\
warning[sample/rule]: `A-2` is owned by `nobody`
   ╭─[team.yaml:2:8]
 2 │ owner: nobody
   ·        ───┬──
   ·           ╰── not in the directory
   ╰────
  help: Name somebody.

";
        assert_eq!(render("pretty", &[finding], &NARROW), expected);
    }

    #[test]
    fn warnings_of_one_rule_beyond_ten_are_one_line() {
        let of = |rule: &str, severity| {
            let mut finding = finding("a.yaml", "id: 1\n", "1");
            (finding.rule, finding.severity) = (rule.into(), severity);
            finding
        };
        let mut findings = vec![of("a/few", Severity::Note); 10];
        findings.extend(vec![of("b/many", Severity::Warning); 11]);
        findings.extend(vec![of("c/many", Severity::Note); 1_020]);
        findings.extend(vec![of("c/many", Severity::Error); 12]);
        let summary = crate::triage::Summary::default();
        let report = fixtures::report(&findings, &summary);
        let written = |report: &Report| fixtures::render_report("pretty", report, &NARROW).0;
        let end =
            "\n\n… and 1 more of b/many; --all shows them\n… and 1,010 more of c/many; --all shows them\n\n";
        let abridged = written(&report);
        assert!(abridged.ends_with(end), "{abridged}");
        assert_eq!(abridged.matches('╭').count(), 10 + 10 + 10 + 12);
        for whole in [Report { unabridged: true, ..report }, Report { since: Some("main"), ..report }] {
            let whole = written(&whole);
            assert!(!whole.contains('…') && whole.matches('╭').count() == findings.len());
        }
    }

    #[test]
    fn findings_about_the_policy_are_all_shown() {
        let rules = crate::rule::embedded_rules().unwrap();
        let rule = rules.iter().find(|rule| rule.is_about_policy()).unwrap();
        let mut finding = finding("a.yaml", "id: 1\n", "1");
        (finding.rule, finding.severity) = (rule.id.clone(), Severity::Warning);
        let (findings, summary) = (vec![finding; 11], crate::triage::Summary::default());
        let report = Report { rules, ..fixtures::report(&findings, &summary) };
        let written = fixtures::render_report("pretty", &report, &NARROW).0;
        assert_eq!((written.matches('╭').count(), written.contains('…')), (11, false));
    }

    #[test]
    fn labels_of_one_line_share_a_snippet_unless_they_overlap() {
        let mut finding = labelled("a.yaml", "- {kpi: nps, from: 12%, to: 8%}\n", "8%", "down to this");
        finding.related =
            vec![related(&finding, "12%", "from this"), related(&finding, "to: 8%", "all of it")];
        assert_drawn(
            &finding,
            &NARROW,
            "
   ╭─[a.yaml:1:29]
 1 │ - {kpi: nps, from: 12%, to: 8%}
   ·                    ─┬─      ─┬
   ·                     │        ╰── down to this
   ·                     ╰── from this
   ╰────
   ╭─[a.yaml:1:25]
 1 │ - {kpi: nps, from: 12%, to: 8%}
   ·                         ───┬──
   ·                            ╰── all of it
   ╰────",
        );
    }

    #[test]
    fn a_long_line_is_clipped_around_the_span() {
        let text = format!(
            "{}the peak load of eighty events a second{}\n",
            "so it was and ".repeat(30),
            ", or more".repeat(30)
        );
        let finding = labelled("a.md", &text, "eighty events", "measured when?");
        assert_drawn(
            &finding,
            &NARROW,
            "
   ╭─[a.md:1:438]
 1 │ …it was and the peak load of eighty events a second, or more, or more,…
   ·                              ──────┬──────
   ·                                    ╰── measured when?
   ╰────",
        );
        assert_drawn(
            &finding,
            &WIDE,
            "
   ╭─[a.md:1:438]
 1 │ …and so it was and so it was and the peak load of eighty events a second, or more, or more, or more, or more, or…
   ·                                                   ──────┬──────
   ·                                                         ╰── measured when?
   ╰────",
        );
    }

    #[test]
    fn no_escape_sequence_is_printed() {
        let mut finding =
            labelled("\u{1b}[1m.md", "\u{1b}[31mred\u{7} words\u{9b}2J\n", "words", "\u{1b}]0;x\u{7}");
        finding.message = "\u{1b}[2J".into();
        finding.help = Some("\u{1b}[1A\u{8}".into());
        finding.rule = "\u{1b}c".into();
        let related = place("\r.md", "\u{202e}x", "x");
        finding.related = vec![Related { place: related, message: "\u{85}".into() }; 9];
        let written = render("pretty", &[finding], &NARROW);
        assert!(!written.chars().any(|c| c.is_control() && c != '\n'), "{written:?}");
        assert!(written.contains("␛[31mred␇ words�2J"), "{written}");
    }

    #[test]
    fn a_line_of_megabytes_takes_no_longer_than_a_short_one() {
        let source = Arc::new(Source::new("a.md", "word ".repeat(1_000_000).into_bytes()));
        let mut finding = finding("a.md", "", "");
        finding.place = Place { source, span: Span::new(2_500_000, 2_500_004) };
        assert_drawn(
            &finding,
            &NARROW,
            "
   ╭─[a.md:1:2500001]
 1 │ …word word word word word word word word word word word word word word…
   ·                                ────
   ╰────",
        );
    }

    #[test]
    fn a_fault_has_a_snippet_of_the_rule() {
        let rule = place("policy/late.yaml", "id: a\nexpect: record.ownr != null\n", "ownr");
        let fault = Fault::new("`ownr` is not a field of `decision`")
            .at(&rule.source, rule.span)
            .help("Write `owner`.");
        let mut out = Vec::new();
        super::write_fault(&fault, &NARROW, &mut out).unwrap();
        super::write_fault(&Fault::new("nothing to check"), &NARROW, &mut out).unwrap();
        let expected = "\
error: `ownr` is not a field of `decision`
   ╭─[policy/late.yaml:2:16]
 2 │ expect: record.ownr != null
   ·                ────
   ╰────
  help: Write `owner`.
error: nothing to check
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
