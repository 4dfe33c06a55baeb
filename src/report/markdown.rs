//! `markdown`: a comment on a pull request, or a job summary, grouped by rule.
//!
//! Begins with an HTML comment by which a workflow finds its own comment again. Text from the repository is escaped: it
//! can't contain tags, mentions, references to issues or links.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::io;

use super::{
    Capacity, OutputStyle, Report, WriteResult, by_rule, counted, enumerated, fault_sentences, grouped,
    help_sentence, select, terminal, uri,
};
use crate::finding::{Finding, Place};
use crate::governing::Governing;

/// Maximum length of messages and helps, and of names, in characters.
const MAX_TEXT: usize = 600;
const MAX_NAME: usize = 200;
const MAX_RELATED: usize = 3;
const MAX_NOTICES: usize = 5;
const MAX_FAULTS: usize = 3;
const MAX_GOVERNING: usize = 10;

pub(super) fn write(report: &Report, _: &OutputStyle, out: &mut dyn io::Write) -> WriteResult {
    // GitHub rejects a comment of more than 65,536 characters; a workflow may add text of its own.
    const MAX_BYTES: usize = 60_000;
    const OMITTED_BYTES: usize = 300;
    const LIMIT: &str = "GitHub limits the length of a comment; `--format json` lists all findings";
    let (head, end) = (head(report), end(report));
    let bytes = MAX_BYTES.saturating_sub(head.len() + end.len() + OMITTED_BYTES);
    let mut capacity = Capacity { findings: usize::MAX, bytes };
    let titles = rule_titles(report);
    let title = |rule: &str| titles.get(rule).map_or("", String::as_str);
    let mut begun = HashSet::new();
    let (selected, omitted) = select(report, LIMIT, |finding| {
        let title = if begun.contains(&finding.rule) { 0 } else { title(&finding.rule).len() };
        let fits = capacity.reserve(title + item(report, finding).len());
        if fits {
            begun.insert(&finding.rule);
        }
        fits
    });
    out.write_all(head.as_bytes())?;
    let mut rules: Vec<(&str, Vec<&Finding>)> = by_rule(selected).into_iter().collect();
    // The most severe first.
    rules.iter_mut().for_each(|(_, findings)| findings.sort_by_key(|finding| Reverse(finding.severity)));
    rules.sort_by_key(|(_, findings)| Reverse((findings[0].severity, findings.len())));
    for (rule, findings) in rules {
        out.write_all(title(rule).as_bytes())?;
        findings.iter().try_for_each(|finding| out.write_all(item(report, finding).as_bytes()))?;
    }
    if let Some(sentence) = omitted.message() {
        writeln!(out, "\n**{sentence}**")?;
    }
    out.write_all(end.as_bytes())?;
    Ok(omitted)
}

fn head(report: &Report) -> String {
    let counts = report.counts();
    let since = report.since.map(|since| format!(" since {}", code(since, MAX_NAME))).unwrap_or_default();
    let new = if report.since.is_some() { "new " } else { "" };
    let result = match report.findings.is_empty() {
        true => format!("no {new}findings{since}"),
        false => format!("{}{since}", enumerated(&counts)),
    };
    let verdict = match (report.exit_code(), report.findings.is_empty()) {
        (2, _) => "\nThe run failed: some rules have no result.\n",
        (_, true) => "",
        (0, false) => "\nThese findings do not fail the check.\n",
        (_, false) => "\nThese findings fail the check.\n",
    };
    format!("{}\n### alignlint{}: {result}\n{verdict}{}", marker(report), project(report), faults(report))
}

fn faults(report: &Report) -> String {
    let shown = report
        .faults
        .iter()
        .take(MAX_FAULTS)
        .map(|fault| format!("\n> {}\n", prose(&fault_sentences(fault), MAX_TEXT)));
    let more = report.faults.len().saturating_sub(MAX_FAULTS);
    let more = if more > 0 { format!("\n> And {}.\n", counted(more, "more error")) } else { String::new() };
    shown.chain([more]).collect()
}

/// `<!-- alignlint -->`, the same in every run on a project.
fn marker(report: &Report) -> String {
    match report.folder {
        "" => "<!-- alignlint -->".into(),
        folder => format!("<!-- alignlint {} -->", uri(folder)),
    }
}

fn project(report: &Report) -> String {
    if report.folder.is_empty() { String::new() } else { format!(" in {}", code(report.folder, MAX_NAME)) }
}

/// The records in force for the changed files, the newest first.
fn governing(report: &Report) -> String {
    let in_force: Vec<&Governing> = report.governing.iter().filter(|record| record.in_force).collect();
    if in_force.is_empty() {
        return String::new();
    }
    let item = |record: &&Governing| {
        let title = record.title.as_deref().map(|it| format!(" {}", prose(it, MAX_NAME))).unwrap_or_default();
        let status = record.status.as_deref().map(|status| prose(status, MAX_NAME));
        let date = record.date.map(|date| date.to_string());
        let owner = record.owner.as_deref().map(|owner| code(owner, MAX_NAME));
        let facts: Vec<String> = [status, date, owner].into_iter().flatten().collect();
        let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) };
        let path = report.in_repository(&format_args!("{}:{}", record.path, record.start.line));
        format!("- {}{title}{facts} · {}\n", code(&record.record.id, MAX_NAME), code(&path, MAX_NAME + 20))
    };
    let listed: String = in_force.iter().take(MAX_GOVERNING).map(item).collect();
    let more = in_force.len().saturating_sub(MAX_GOVERNING);
    let more = if more > 0 { format!("\nAnd {} more.\n", grouped(more)) } else { String::new() };
    format!("\n#### In force for the changed files\n\n{listed}{more}")
}

fn end(report: &Report) -> String {
    let mut text = governing(report);
    for notice in report.notices.iter().take(MAX_NOTICES) {
        text += &format!("\n> {}\n", prose(notice, MAX_TEXT));
    }
    if let Some(more) = report.notices.len().checked_sub(MAX_NOTICES).filter(|more| *more > 0) {
        text += &format!("\n> … and {}\n", counted(more, "more notice"));
    }
    let summary = report.summary;
    let counts = [
        (summary.known, "already known"),
        (summary.suppressed, "suppressed"),
        (summary.not_judged, "without a result"),
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
        text += &format!(" For details, run {}.", code(&explain, MAX_NAME));
    }
    text + "</sub>\n"
}

/// The heading of each rule that has findings: its name, title and number of findings.
fn rule_titles<'r>(report: &Report<'r>) -> BTreeMap<&'r str, String> {
    let heading = |(id, findings): (&'r str, Vec<&Finding>)| {
        let title = report.rule(id).map(|rule| rule.title.trim_end_matches('.')).unwrap_or_default();
        let title = if title.is_empty() { String::new() } else { format!(": {}", prose(title, MAX_NAME)) };
        let count = findings.len();
        let count = if count == 1 { String::new() } else { format!(" ({})", grouped(count)) };
        (id, format!("\n#### {}{title}{count}\n\n", code(id, MAX_NAME)))
    };
    report.by_rule().into_iter().map(heading).collect()
}

fn item(report: &Report, finding: &Finding) -> String {
    let mut text = format!("- **{}** {}", finding.severity, prose(&finding.message, MAX_TEXT));
    if let Some(help) = &finding.help {
        text += &format!("<br>\n  {}", prose(&help_sentence(help), MAX_TEXT));
    }
    text += &format!("<br>\n  {}", place(report, &finding.place));
    for related in finding.related.iter().take(MAX_RELATED) {
        text += &format!(", {}", place(report, &related.place));
        if !related.message.trim().is_empty() {
            text += &format!(" ({})", prose(&related.message, MAX_NAME));
        }
    }
    let more = finding.related.len().saturating_sub(MAX_RELATED);
    if more > 0 {
        text += &format!(" and {} more", grouped(more));
    }
    if let Some(owner) = finding.owner.as_deref().map(str::trim).filter(|owner| !owner.is_empty()) {
        text += &format!(" · for {}", code(owner, MAX_NAME));
    }
    text + "\n"
}

fn place(report: &Report, place: &Place) -> String {
    let line = place.start().line;
    code(&format!("{}:{line}", terminal::clip_chars(&report.path(place), MAX_NAME)), MAX_NAME + 20)
}

pub(super) fn code(text: &str, limit: usize) -> String {
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

/// At most `limit` characters of a message: names in backticks as code spans, the rest escaped.
pub(super) fn prose(text: &str, limit: usize) -> String {
    prose_with(text, limit, code)
}

/// A text in a cell of a table: as [`prose`], without a `|` that would end the cell.
pub(super) fn cell(text: &str, limit: usize) -> String {
    if text.trim().is_empty() { String::new() } else { prose_with(text, limit, code_in_cell) }
}

/// A name in a cell of a table. In code a backslash escapes nothing but `|`, and not where another one stands before it.
pub(super) fn code_in_cell(text: &str, limit: usize) -> String {
    if text.contains("\\|") {
        return prose(&text.replace('`', "'"), limit);
    }
    code(text, limit).replace('|', "\\|")
}

fn prose_with(text: &str, limit: usize, code: impl Fn(&str, usize) -> String) -> String {
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
                // Adjacent fences would be one longer fence.
                written += if written.ends_with('`') { ZERO_WIDTH_SPACE } else { "" };
                let space = |has_space: bool| if has_space { " " } else { "" };
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

/// A zero-width space, which breaks up character sequences with a meaning.
const ZERO_WIDTH_SPACE: &str = "&#8203;";

/// Escapes Markdown, HTML, and what forges link: mentions, references and URLs.
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
        let is_linked = match c {
            '@' => true,
            '#' | '!' | '%' => rest.starts_with(char::is_alphanumeric),
            ':' => rest.starts_with("//"),
            'w' | 'W' => before.eq_ignore_ascii_case(&'w') && rest.starts_with('.'),
            'h' | 'H' => before.eq_ignore_ascii_case(&'g') && rest.starts_with('-'),
            _ => false,
        };
        if is_linked {
            written.push_str(ZERO_WIDTH_SPACE);
        }
        before = c;
    }
}
