//! `pretty`: each finding with a snippet of its source, as rustc shows them.

use std::collections::BTreeMap;
use std::io;

use super::snippet::{self, Mark};
use super::terminal::{self, Palette, paint};
use super::{Omitted, OutputStyle, Report, WriteResult, grouped};
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
            let mark = Mark { place, label: fault.label.as_deref(), style };
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
        let message = terminal::with_short_names(message);
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
        let body = terminal::with_short_names(body);
        let body = terminal::paragraph(&body, self.width, indent, indent).join("\n");
        format!("  {}{body}\n", paint(word, style))
    }
}

/// `a.yaml:3:5, b.yaml:9:1 and 4 more`
fn enumerate(places: &[&Place]) -> String {
    let (named, rest) = places.split_at(places.len().min(MAX_NAMED));
    let named: Vec<_> = named
        .iter()
        .map(|place| {
            let at = place.source.position(place.span.start as usize);
            format!("{}:{}:{}", terminal::one_line(place.source.path()), at.line, at.column)
        })
        .collect();
    let named = named.join(", ");
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
    fn long_messages_and_helps_are_wrapped() {
        let mut finding = finding("a.yaml", "id: 1\n", "1");
        finding.message = "`O-7` and `O-12` pull `discount-rate` in opposite directions in 2026-Q4".into();
        finding.help = Some(
            "Agree which one holds, or name a `tie-break` on `discount-rate`, the metric they share.".into(),
        );
        let narrow = "\
error[sample/rule]: `O-7` and `O-12` pull `discount-rate` in opposite directions
  in 2026-Q4
   ╭─[a.yaml:1:5]
 1 │ id: 1
   ·     ─
   ╰────
  help: Agree which one holds, or name a `tie-break` on `discount-rate`, the
        metric they share.

";
        let wide = "\
error[sample/rule]: `O-7` and `O-12` pull `discount-rate` in opposite directions in 2026-Q4
   ╭─[a.yaml:1:5]
 1 │ id: 1
   ·     ─
   ╰────
  help: Agree which one holds, or name a `tie-break` on `discount-rate`, the metric they share.

";
        assert_eq!(render("pretty", std::slice::from_ref(&finding), &NARROW), narrow);
        assert_eq!(render("pretty", &[finding], &WIDE), wide);
    }

    #[test]
    fn each_file_has_its_own_snippet() {
        let mut finding = labelled("b.yaml", "x\nid: A-2\n", "A-2", "here");
        let first = format!("{}id: A-2\n", "\n".repeat(99));
        finding.related = vec![Related { place: place("a.yaml", &first, "A-2"), message: "and here".into() }];
        assert_drawn(
            &finding,
            &NARROW,
            "
     ╭─[b.yaml:2:5]
   2 │ id: A-2
     ·     ─┬─
     ·      ╰── here
     ╰────
     ╭─[a.yaml:100:5]
 100 │ id: A-2
     ·     ─┬─
     ·      ╰── and here
     ╰────",
        );
    }

    #[test]
    fn near_lines_of_one_file_share_a_snippet_and_far_ones_do_not() {
        let text = "from: 2026-03-01\nowner: ada\nto: 2026-01-01\n\n\n\n\n\n\nseen: 1\n";
        let mut finding = labelled("a.yaml", text, "2026-01-01", "before it starts");
        finding.related = vec![related(&finding, "2026-03-01", "starts here"), related(&finding, "seen", "")];
        assert_drawn(
            &finding,
            &NARROW,
            "
    ╭─[a.yaml:3:5]
  1 │ from: 2026-03-01
    ·       ─────┬────
    ·            ╰── starts here
  2 │ owner: ada
  3 │ to: 2026-01-01
    ·     ─────┬────
    ·          ╰── before it starts
    ╰────
    ╭─[a.yaml:10:1]
 10 │ seen: 1
    · ────
    ╰────",
        );
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
    fn related_places_beyond_the_third_are_only_named() {
        let mut finding = finding("a.yaml", "id: 1\n", "1");
        finding.related = (0..10)
            .map(|n| Related { place: place(&format!("{n}.yaml"), "id: 1\n", "1"), message: String::new() })
            .collect();
        let written = render("pretty", &[finding], &NARROW);
        assert_eq!(written.matches('╭').count(), 4);
        assert!(
            written.ends_with(
                "  also: 3.yaml:1:5, 4.yaml:1:5, 5.yaml:1:5, 6.yaml:1:5, 7.yaml:1:5 and 2 more\n\n"
            ),
            "{written}"
        );
    }

    #[test]
    fn underlines_are_aligned_with_wide_characters_tabs_and_a_byte_order_mark() {
        assert_drawn(
            &labelled("a.md", "\u{feff}\tGröße: 漢字 🎯 é", "🎯 é", "wide"),
            &NARROW,
            "
   ╭─[a.md:1:12]
 1 │     Größe: 漢字 🎯 é
   ·                 ──┬─
   ·                   ╰── wide
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
    fn a_label_at_the_end_of_a_line_is_wrapped() {
        let line = "- {kpi: discount-rate, from: 12%, to: 18%, by: 2026-12-31, owner: sal}\n";
        assert_drawn(
            &labelled("a.yaml", line, "sal", "nobody in the directory goes by this name any more"),
            &NARROW,
            "
   ╭─[a.yaml:1:67]
 1 │ …from: 12%, to: 18%, by: 2026-12-31, owner: sal}
   ·                                             ─┬─
   ·                                              ╰─┤ nobody in the directory
   ·                                                │ goes by this name any more
   ╰────",
        );
    }

    #[test]
    fn many_combining_marks_are_clipped() {
        let heaped = labelled("a.md", &format!("a{} id\n", "\u{300}".repeat(1_000_000)), "id", "here");
        assert!(render("pretty", &[heaped], &NARROW).len() < 10_000);
    }

    #[test]
    fn only_the_first_line_of_a_span_is_shown() {
        let text = "why: it was\n  so\n  again\nid: 1\n";
        assert_drawn(
            &labelled("a.yaml", text, "it was\n  so\n  again\n", "said before"),
            &NARROW,
            "
   ╭─[a.yaml:1:6]
 1 │ why: it was
   ·      ───┬──
   ·         ╰── said before
   ╰────",
        );
    }

    #[test]
    fn an_empty_span_is_shown_as_an_arrow() {
        assert_drawn(
            &labelled("a.yaml", "owner:\r\nid: 1\r\n", "", "nobody"),
            &NARROW,
            "
   ╭─[a.yaml:1:1]
 1 │ owner:
   · ▲
   · ╰── nobody
   ╰────",
        );
        let mut at_end = labelled("a.yaml", "owner:\r\nid: 1\r\n", "", "nobody");
        at_end.place.span = Span::at(6);
        assert_drawn(
            &at_end,
            &NARROW,
            "
   ╭─[a.yaml:1:7]
 1 │ owner:
   ·       ▲
   ·       ╰── nobody
   ╰────",
        );
    }

    #[test]
    fn a_span_outside_of_its_file_is_the_end_of_the_file() {
        let mut outside = labelled("empty.yaml", "", "", "nothing");
        outside.place.span = Span::new(70, 90);
        assert_drawn(
            &outside,
            &NARROW,
            "
   ╭─[empty.yaml:1:1]
 1 │
   · ▲
   · ╰── nothing
   ╰────",
        );
    }

    #[test]
    fn a_span_may_start_and_end_inside_a_character() {
        let mut cut = finding("a.yaml", "id: é漢\n", "é");
        for start in 0..9 {
            for end in start..12 {
                cut.place.span = Span::new(start, end);
                assert!(render("pretty", std::slice::from_ref(&cut), &NARROW).contains("id: é漢"));
            }
        }
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
    fn colour_adds_only_escape_sequences() {
        let mut finding = labelled("a.yaml", "from: 1\nto: 0\n", "0", "less than `from`");
        finding.related = vec![related(&finding, "1", "`from`")];
        finding.help = Some("Swap them.".into());
        let coloured =
            render("pretty", std::slice::from_ref(&finding), &OutputStyle { color: true, ..NARROW });
        assert!(coloured.starts_with("\u{1b}[31;1merror\u{1b}[0m\u{1b}[2m[sample/rule]\u{1b}[0m: "));
        let codes = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
        assert_eq!(codes.replace_all(&coloured, ""), render("pretty", &[finding], &NARROW));
    }

    #[test]
    fn paths_are_hyperlinks_if_the_terminal_supports_them() {
        let mut finding = labelled("okrs/a b.yaml", "from: 1\nto: 0\n", "0", "less");
        finding.related = vec![Related { place: place("c.yaml", "x", "x"), message: "this".into() }];
        let links = OutputStyle { link_base: Some("file:///repo/".into()), ..NARROW };
        let linked = render("pretty", std::slice::from_ref(&finding), &links);
        let link = "╭─[\u{1b}]8;;file:///repo/okrs/a%20b.yaml\u{1b}\\okrs/a b.yaml\u{1b}]8;;\u{1b}\\:2:5]\n";
        assert!(linked.contains(link), "{linked:?}");
        let codes = regex::Regex::new("\u{1b}]8;;[^\u{1b}]*\u{1b}\\\\").unwrap();
        assert_eq!(codes.replace_all(&linked, ""), render("pretty", &[finding], &NARROW));
    }

    #[test]
    fn the_rule_is_linked_to_its_page_if_there_is_a_site() {
        let rules = crate::rule::embedded_rules().unwrap();
        let finding = Finding { rule: rules[0].id.clone(), ..finding("a.yaml", "to: 0\n", "0") };
        let summary = crate::triage::Summary::default();
        let findings = [finding];
        let report = Report { rules, site: "https://docs.example/", ..fixtures::report(&findings, &summary) };
        let links = OutputStyle { link_base: Some("file:///repo/".into()), ..NARROW };
        let linked = fixtures::render_report("pretty", &report, &links).0;
        let id = &rules[0].id;
        let link =
            format!("[\u{1b}]8;;https://docs.example/rules/{id}.html\u{1b}\\{id}\u{1b}]8;;\u{1b}\\]: ");
        assert!(linked.contains(&link), "{linked:?}");
        assert!(!fixtures::render_report("pretty", &report, &NARROW).0.contains("docs.example"));
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
            .label("no such field")
            .help("Write `owner`.");
        let mut out = Vec::new();
        super::write_fault(&fault, &NARROW, &mut out).unwrap();
        super::write_fault(&Fault::new("nothing to check"), &NARROW, &mut out).unwrap();
        let expected = "\
error: `ownr` is not a field of `decision`
   ╭─[policy/late.yaml:2:16]
 2 │ expect: record.ownr != null
   ·                ──┬─
   ·                  ╰── no such field
   ╰────
  help: Write `owner`.
error: nothing to check
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
