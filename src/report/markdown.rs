//! `markdown`: a comment on a pull request, or a job's summary: what is found, whom it concerns, what to do.
//!
//! It begins with a comment that nobody sees, by which a workflow finds its own comment again. Text from the
//! repository is shown as text: it can't open a tag, mention anybody, refer to an issue or lead elsewhere.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::io;

use super::limit::{Room, keep};
use super::{
    GRAVEST_FIRST, Report, Style, Written, by_severity, counted, enumerated, fault_sentences, grouped, range,
    terminal, uri,
};
use crate::finding::{Finding, Place};

/// GitHub refuses a comment of more than 65,536 characters, and drops a step's summaries of more than a
/// mebibyte. What a workflow adds has room too.
const BYTES: usize = 60_000;
/// Of which so many are for the sentence that says what is left out.
const LEFT_OUT: usize = 300;
const WHY: &str = "a comment holds no more; every other format tells them all";

/// The characters of a message or a remedy, and of a name: a comment is no place for more.
const TEXT: usize = 600;
const NAME: usize = 200;
/// Of more other places than this, the rest are counted.
const RELATED: usize = 3;
/// Of more reasons why the run could not see everything, the first are told.
const NOTICES: usize = 3;
/// Of more reasons why not everything was checked, the rest are counted.
const FAULTS: usize = 3;

pub(super) fn write(report: &Report, _: &Style, out: &mut dyn io::Write) -> Written {
    let (head, end) = (head(report), end(report));
    let bytes = BYTES.saturating_sub(head.len() + end.len() + LEFT_OUT);
    let mut room = Room { findings: usize::MAX, bytes };
    let mut owners = HashSet::new();
    let (kept, left_out) = keep(report.findings, WHY, |finding| {
        let owner = owner(finding);
        let title = if owners.contains(&owner) { 0 } else { owner_title(owner).len() };
        let fits = room.take(title + item(report, finding).len());
        if fits {
            owners.insert(owner);
        }
        fits
    });
    out.write_all(head.as_bytes())?;
    for (owner, findings) in by_owner(&kept) {
        out.write_all(owner_title(owner).as_bytes())?;
        for severity in GRAVEST_FIRST {
            for finding in findings.iter().filter(|finding| finding.severity == severity) {
                out.write_all(item(report, finding).as_bytes())?;
            }
        }
    }
    if let Some(sentence) = left_out.message() {
        writeln!(out, "\n**{sentence}**")?;
    }
    out.write_all(end.as_bytes())?;
    Ok(left_out)
}

/// The marker, and what it comes to in one line.
fn head(report: &Report) -> String {
    let summary = report.summary;
    let counts = by_severity(|severity| summary.of(severity));
    let since = report.since.map(|since| format!(" new since {}", code(since, NAME))).unwrap_or_default();
    let found = match report.findings.is_empty() {
        true if since.is_empty() => "nothing found".to_owned(),
        true => format!("nothing{since}"),
        false => format!("{}{since}", enumerated(&counts)),
    };
    let verdict = match (report.exit_code(), report.findings.is_empty()) {
        (2, _) => "\nThe check itself fails: not everything was checked.\n",
        (_, true) => "",
        (0, false) => "\nNothing of this fails the check.\n",
        (_, false) => "\nThe check fails.\n",
    };
    format!("{}\n### alignlint{}: {found}\n{verdict}{}", marker(report), project(report), faults(report))
}

fn faults(report: &Report) -> String {
    let told = report
        .faults
        .iter()
        .take(FAULTS)
        .map(|fault| format!("\n> {}\n", prose(&fault_sentences(fault), TEXT)));
    let more = report.faults.len().saturating_sub(FAULTS);
    let more = if more > 0 { format!("\n> And {} more.\n", grouped(more)) } else { String::new() };
    told.chain([more]).collect()
}

/// `<!-- alignlint -->`: the first line of every report, the same in every run on a project.
fn marker(report: &Report) -> String {
    match report.folder {
        "" => "<!-- alignlint -->".into(),
        folder => format!("<!-- alignlint {} -->", uri::relative(folder)),
    }
}

fn project(report: &Report) -> String {
    if report.folder.is_empty() { String::new() } else { format!(" in {}", code(report.folder, NAME)) }
}

/// What could not be seen, what is not listed, and what was read.
fn end(report: &Report) -> String {
    let mut text = String::new();
    for notice in report.notices.iter().take(NOTICES) {
        text += &format!("\n> {}\n", prose(notice, TEXT));
    }
    let summary = report.summary;
    let counts = [
        (summary.known, "known before"),
        (summary.suppressed, "excused"),
        (summary.not_judged, "not judged"),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts.map(|(count, word)| format!("{} {word}", grouped(count))).collect();
    let files = counted(summary.files, "file");
    text += &format!("\n<sub>Read {files} as of {}.", report.as_of);
    if !counts.is_empty() {
        text += &format!(" Not listed: {}.", enumerated(&counts));
    }
    if let Some(first) = report.findings.first() {
        let explain = format!("alignlint explain {}", first.rule);
        text += &format!(" Why a rule is there: {}.", code(&explain, NAME));
    }
    text + "</sub>\n"
}

fn owner(finding: &Finding) -> Option<&str> {
    finding.owner.as_deref().map(str::trim).filter(|owner| !owner.is_empty())
}

/// Those first who have the gravest finding, of these those with the most; what nobody owns comes last.
fn by_owner<'a>(findings: &[&'a Finding]) -> Vec<(Option<&'a str>, Vec<&'a Finding>)> {
    let mut owners: BTreeMap<Option<&str>, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        owners.entry(owner(finding)).or_default().push(finding);
    }
    let mut owners: Vec<_> = owners.into_iter().collect();
    owners.sort_by_key(|(owner, findings)| {
        let gravest = findings.iter().map(|finding| finding.severity).max();
        (owner.is_none(), Reverse((gravest, findings.len())))
    });
    owners
}

fn owner_title(owner: Option<&str>) -> String {
    match owner {
        Some(owner) => format!("\n#### For {}\n\n", code(owner, NAME)),
        None => "\n#### No owner named\n\n".into(),
    }
}

/// What is wrong; what to do; where, and by which rule.
fn item(report: &Report, finding: &Finding) -> String {
    let mut text = format!("- **{}** {}", finding.severity, prose(&finding.message, TEXT));
    if let Some(help) = finding.help.as_deref().filter(|help| !help.trim().is_empty()) {
        text += &format!("<br>\n  {}", prose(help, TEXT));
    }
    text += &format!("<br>\n  {}", place(report, &finding.place));
    for related in finding.related.iter().take(RELATED) {
        text += &format!(", {}", place(report, &related.place));
        if !related.message.trim().is_empty() {
            text += &format!(" ({})", prose(&related.message, NAME));
        }
    }
    let more = finding.related.len().saturating_sub(RELATED);
    if more > 0 {
        text += &format!(" and {} more", grouped(more));
    }
    text + &format!(" · {}\n", code(&finding.rule, NAME))
}

fn place(report: &Report, place: &Place) -> String {
    let line = range(place).0.line;
    code(&format!("{}:{line}", terminal::clip_chars(&report.path(place), NAME)), NAME + 20)
}

/// At most `limit` characters of `text` as code, in which nothing has a meaning.
fn code(text: &str, limit: usize) -> String {
    let text = terminal::one_line(text);
    let text = terminal::clip_chars(text.trim(), limit);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    match text.starts_with('`') || text.ends_with('`') {
        true => format!("{fence} {text} {fence}"),
        false if text.is_empty() => "(empty)".into(),
        false => format!("{fence}{text}{fence}"),
    }
}

/// At most `limit` characters of a text in which backticks set names apart: names as code, the rest as text.
fn prose(text: &str, limit: usize) -> String {
    let text = terminal::one_line(text);
    let text = terminal::clip_chars(text.trim(), limit);
    let mut written = String::new();
    let mut rest: &str = &text;
    while let Some((before, after)) = rest.split_once('`') {
        escape(before, &mut written);
        let (name, after) = after.split_once('`').map_or((None, after), |(name, after)| (Some(name), after));
        match name {
            None => written += "\\`",
            Some(name) if name.trim().is_empty() => written += "\\`\\`",
            Some(name) => {
                // Fences that touch would be one fence, of another length.
                written += if written.ends_with('`') { APART } else { "" };
                let space = |is: bool| if is { " " } else { "" };
                written += space(name.starts_with(' '));
                written += &code(name, limit);
                written += space(name.ends_with(' '));
            }
        }
        rest = after;
    }
    escape(rest, &mut written);
    written
}

/// Keeps a sign from the next one, so that they do not mean something together.
const APART: &str = "&#8203;";

/// Text as text: in Markdown, in HTML, and for what a forge makes of names, numbers and addresses.
fn escape(text: &str, written: &mut String) {
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        match c {
            '\\' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '^' => written.extend(['\\', c]),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '&' => written.push_str("&amp;"),
            c => written.push(c),
        }
        // `@ada`, `#12`, `!12`, `%12`, `https://`, `www.`, `GH-12`
        let joins = match c {
            '@' => true,
            '#' | '!' | '%' => rest.starts_with(char::is_alphanumeric),
            ':' => rest.starts_with("//"),
            'w' | 'W' => before.eq_ignore_ascii_case(&'w') && rest.starts_with('.'),
            'h' | 'H' => before.eq_ignore_ascii_case(&'g') && rest.starts_with('-'),
            _ => false,
        };
        if joins {
            written.push_str(APART);
        }
        before = c;
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::finding::Severity;
    use crate::triage::Summary;

    fn shown(text: &str) -> String {
        prose(text, TEXT)
    }

    #[test]
    fn names_are_code_and_the_rest_is_text() {
        assert_eq!(shown("`O-7` and `a b` pull *hard*"), "`O-7` and `a b` pull \\*hard\\*");
        assert_eq!(shown("one ` alone"), "one \\` alone");
        assert_eq!(shown("`` and `x` ``"), "\\`\\` and `x` \\`\\`");
        assert_eq!(shown("`a``b`"), "`a`&#8203;`b`");
        assert_eq!(shown("a` b `c"), "a `b` c");
    }

    #[test]
    fn text_from_a_record_is_nothing_but_text() {
        assert_eq!(
            shown("<img src=x> <!-- & [a](https://b.example) | www.b.example"),
            "&lt;img src=x&gt; &lt;!-- &amp; \\[a\\](https:&#8203;//b.example) \\| www&#8203;.b.example"
        );
        assert_eq!(
            shown("@ada closes #12, GH-12, !3 and 4% of a\n/close\n# b"),
            "@&#8203;ada closes #&#8203;12, GH&#8203;-12, !&#8203;3 and 4% of a /close # b"
        );
        assert_eq!(shown("`a`@ada`<b>`"), "`a`@&#8203;ada`<b>`");
    }

    #[test]
    fn code_holds_whatever_it_holds() {
        assert_eq!(code("a`b``c", NAME), "```a`b``c```");
        assert_eq!(code("`x", NAME), "`` `x ``");
        assert_eq!(code("  ", NAME), "(empty)");
        assert_eq!(code("<b>|@ada\n# x", NAME), "`<b>|@ada # x`");
        assert_eq!(code(&"é".repeat(300), NAME).chars().count(), 202);
    }

    fn owned(owner: Option<&str>, severity: Severity, message: &str) -> Finding {
        let finding = sample::finding("okrs/a.yaml", "id: O-7\nkpi: nps\n", "nps");
        Finding { owner: owner.map(str::to_owned), severity, message: message.into(), ..finding }
    }

    #[test]
    fn whom_it_concerns_most_comes_first_and_what_nobody_owns_last() {
        let mut grave = owned(Some("sales"), Severity::Error, "`O-7` is wrong");
        grave.help = Some("Agree.".into());
        grave.related = vec![sample::beside(&grave, "O-7", "this one"); 5];
        let findings = [
            owned(None, Severity::Error, "nobody"),
            owned(Some("ops"), Severity::Warning, "first"),
            owned(Some("ops"), Severity::Warning, "second"),
            owned(Some("sales"), Severity::Note, "a note"),
            grave,
        ];
        let summary = Summary { known: 7, suppressed: 1, ..Summary::count(2, [], &findings) };
        let notices = ["The clone is shallow.".to_owned()];
        let report = Report { since: Some("main"), notices: &notices, ..sample::report(&findings, &summary) };
        let (text, left_out) = sample::told("markdown", &report, &Style::default());
        let expected = "\
<!-- alignlint -->
### alignlint: 2 errors, 2 warnings and 1 note new since `main`

The check fails.

#### For `sales`

- **error** `O-7` is wrong<br>
  Agree.<br>
  `okrs/a.yaml:2`, `okrs/a.yaml:1` (this one), `okrs/a.yaml:1` (this one), `okrs/a.yaml:1` (this one) and 2 more · `sample/rule`
- **note** a note<br>
  `okrs/a.yaml:2` · `sample/rule`

#### For `ops`

- **warning** first<br>
  `okrs/a.yaml:2` · `sample/rule`
- **warning** second<br>
  `okrs/a.yaml:2` · `sample/rule`

#### No owner named

- **error** nobody<br>
  `okrs/a.yaml:2` · `sample/rule`

> The clone is shallow.

<sub>Read 2 files as of 2026-11-20. Not listed: 7 known before and 1 excused. Why a rule is there: `alignlint explain sample/rule`.</sub>
";
        assert_eq!((text.as_str(), left_out.count()), (expected, 0));
    }

    #[test]
    fn nothing_found_is_said_under_the_marker_of_the_project() {
        let summary = Summary::count(1, [], &[]);
        let report = Report { folder: "a --> b", since: Some("main"), ..sample::report(&[], &summary) };
        let (text, _) = sample::told("markdown", &report, &Style::default());
        let expected = "<!-- alignlint a%20--%3E%20b -->\n### alignlint in `a --> b`: nothing new since `main`\n\n\
                        <sub>Read 1 file as of 2026-11-20.</sub>\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_comment_stays_short_enough_and_says_what_is_left_out() {
        let long = |n: usize| {
            let mut finding = owned(Some(&format!("team-{}", n % 7)), Severity::Warning, &"@é ".repeat(900));
            finding.help = Some("&".repeat(2_000));
            finding
        };
        let findings: Vec<Finding> = (0..100).map(long).collect();
        let summary = Summary::count(1, [], &findings);
        let notices = vec!["@".repeat(3_000); 9];
        let report = Report { notices: &notices, ..sample::report(&findings, &summary) };
        let (text, left_out) = sample::told("markdown", &report, &Style::default());
        assert!(text.len() <= BYTES, "{}", text.len());
        assert_eq!(text.matches("- **warning**").count() + left_out.count(), 100);
        assert!(text.contains(&format!("**{}**", left_out.message().unwrap())));
    }
}
