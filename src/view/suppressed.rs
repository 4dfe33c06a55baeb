//! What is not reported: findings that comments in the records, exceptions and the baseline suppress, and rules that are off.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;

use crate::config::RuleSetting;
use crate::finding::{Finding, Fingerprint, Place};
use crate::input::{ExceptionIndex, Input};
use crate::policy::baseline::{BaselineEntry, EntrySubject};
use crate::policy::{Baseline, Policy};
use crate::record::Record;
use crate::rule::Rule;
use crate::snapshot::Addition;
use crate::suppression::Ignore;
use crate::triage::Unsuppressed;

use super::checks::author;
use super::page::record_at;
use super::who::{self, Who};
use super::{Cell, Column, PageTitle, Row, Section};

/// The most records that a row about the baseline names.
const MAX_NAMES: usize = 12;

/// The comments of a state that suppress findings, or are to.
pub struct Comments<'c> {
    input: &'c Input,
    found: Vec<Comment<'c>>,
}

struct Comment<'c> {
    place: Place,
    ignore: &'c Ignore,
    record: Option<&'c Record>,
}

impl<'c> Comments<'c> {
    /// Finds the comments, those of one `who` only.
    pub fn of(input: &'c Input, who: Option<&Who>) -> Comments<'c> {
        let in_files = input.files().iter().flat_map(|file| {
            file.ignores.iter().map(move |ignore| {
                let place = |span| Place { source: file.source().clone(), span };
                let record = record_at(input, &place(ignore.scope)).map(|number| input.record(number));
                Comment { place: place(ignore.span), ignore, record }
            })
        });
        let is_for = |comment: &Comment| {
            let Some(who) = who else { return true };
            let is_for = |record| who.answers(&who::owners(input, record)) || who.is_named_in(record, None);
            comment.record.is_some_and(is_for)
        };
        Comments { input, found: in_files.filter(is_for).collect() }
    }

    /// Returns the paths and texts of the comments.
    pub fn texts(&self) -> Vec<(Arc<str>, String)> {
        let text = |comment: &Comment| {
            let source = &comment.place.source;
            (source.path().clone(), source.slice(comment.place.span).trim().to_owned())
        };
        self.found.iter().map(text).collect()
    }

    /// Lists them; `additions` says for each how it came into its file.
    pub fn section(
        &self,
        additions: &[Addition],
        unsuppressed: &Unsuppressed,
        today: Date,
        page: Arc<PageTitle>,
    ) -> Section {
        let mut suppressed: HashMap<&str, Vec<&Finding>> = HashMap::new();
        for finding in unsuppressed.suppressed() {
            suppressed.entry(finding.place.source.path()).or_default().push(finding);
        }
        let row = |(number, comment): (usize, &Comment)| {
            let Comment { place, ignore, record } = comment;
            let (rule, until, why) = match &ignore.directive {
                Ok(terms) => (&*terms.rule, terms.until, &*terms.reason),
                Err(_) => ("", None, ""),
            };
            let path = place.source.path();
            let hides = suppressed.get(&**path).into_iter().flatten().filter(|finding| {
                ignore.scope.contains(finding.place.span) && ignore.suppresses(&finding.rule, today)
            });
            let hides: Vec<&str> = hides.map(|finding| &*finding.message).collect();
            let note = match (&ignore.directive, until.is_some_and(|until| until < today)) {
                (Err(malformed), _) => format!("it has no effect: {}", malformed.message()),
                (Ok(_), true) => "it has ended".to_owned(),
                (Ok(_), false) if hides.is_empty() => "it hides nothing".to_owned(),
                (Ok(_), false) => String::new(),
            };
            let about = record.map_or_else(
                || place.source.path().to_string(),
                |record| match record.title.as_deref().filter(|title| **title != *record.id) {
                    Some(title) => format!("{} {} {title}", record.kind.name, record.id),
                    None => format!("{} {}", record.kind.name, record.id),
                },
            );
            let owner = record.map(|record| who::owners(self.input, record)).unwrap_or_default();
            let owners: Vec<String> = owner.iter().map(|owner| who::name(self.input, owner)).collect();
            let written = match additions.get(number) {
                Some(Addition::By(step)) => {
                    let by = author(self.input, step);
                    let words = if step.subject.is_empty() { "" } else { ": " };
                    format!("{}, by {by}{words}{}", step.date, step.subject)
                }
                Some(Addition::NotCommitted) => "not committed".to_owned(),
                Some(Addition::Unknown) | None => String::new(),
            };
            let until = until.map(|day| day.to_string()).unwrap_or_default();
            let cells = match rule {
                "" => [place.source.slice(ignore.span).trim().to_owned(), about],
                rule => [rule.to_owned(), about],
            };
            let hides = hides.join("; ");
            let cells =
                cells.into_iter().chain([owners.join(", "), hides, why.to_owned(), until, written, note]);
            Row::about(None, Some(place.clone()), cells.map(Cell::text).collect())
        };
        let columns = vec![
            Column::head("rule", "rule"),
            Column::head("about", "about"),
            Column::detail("owner", "owner"),
            Column::detail("hides", "hides"),
            Column::detail("why", "why"),
            Column::detail("until", "until"),
            Column::detail("recorded", "written down"),
            Column::detail("note", "note"),
        ];
        let rows = self.found.iter().enumerate().map(row).collect();
        let title = "Findings that comments in the records suppress";
        Section {
            tally: Some("Comments that suppress findings".to_owned()),
            ..Section::plain(page, title, columns, rows)
        }
    }
}

/// Lists the exceptions that suppress findings.
pub fn exceptions_section(
    input: &Input,
    unsuppressed: &Unsuppressed,
    (who, today): (Option<&Who>, Date),
    page: Arc<PageTitle>,
) -> Section {
    let index = ExceptionIndex::new(&input.applied_exceptions().active(today));
    let mut hidden: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for finding in unsuppressed.suppressed() {
        for number in index.groups_for(finding).into_iter().flat_map(|group| index.exceptions_in(group)) {
            hidden.entry(*number).or_default().push(&finding.message);
        }
    }
    let rows = hidden.into_iter().filter_map(|(number, messages)| {
        let record = input.record(number);
        let is_for = |who: &Who| who.answers(&who::owners(input, record)) || who.is_named_in(record, None);
        let title = record.title.clone().unwrap_or_default().to_string();
        let cells = [record.id.to_string(), title, messages.join("; ")].map(Cell::text);
        let place = input.place(record, record.span);
        who.is_none_or(is_for).then(|| Row::about(Some(input.name_of(record)), Some(place), cells.into()))
    });
    let columns = vec![
        Column::head("exception", "exception"),
        Column::head("title", "title"),
        Column::detail("hides", "hides"),
    ];
    Section::plain(page, "Findings that exceptions suppress", columns, rows.collect())
}

/// Lists the rules of the preset that the configuration switches off for all files.
pub fn rules_section(policy: &Policy, page: Arc<PageTitle>) -> Section {
    let config = &policy.config;
    let is_off = |rule: &&Arc<Rule>| {
        rule.preset <= config.preset && rule.settings(config).for_file("") == RuleSetting::Off
    };
    let row = |rule: &Arc<Rule>| {
        Row::about(None, None, [rule.id.to_string(), rule.title.clone()].map(Cell::text).into())
    };
    let columns = vec![Column::head("rule", "rule"), Column::head("title", "title")];
    let rows = policy.rules.rules().iter().filter(is_off).map(row).collect();
    Section::plain(page, "Rules that the configuration switches off", columns, rows)
}

/// Lists what the baseline accepts: a row for each rule, day and reason.
pub fn baseline_section(
    baseline: &Baseline,
    unsuppressed: &Unsuppressed,
    today: Date,
    page: Arc<PageTitle>,
) -> Section {
    let mut found: HashMap<Fingerprint, Vec<&str>> = HashMap::new();
    for finding in &unsuppressed.findings {
        found.entry(finding.fingerprint).or_default().push(&finding.message);
    }
    let mut alike: BTreeMap<(&str, Option<Date>, &str), Vec<&BaselineEntry>> = BTreeMap::new();
    for entry in &baseline.entries {
        let because = entry.because.as_deref().unwrap_or_default();
        alike.entry((&*entry.rule, entry.until, because)).or_default().push(entry);
    }
    let row = |((rule, until, because), entries): (&(&str, Option<Date>, &str), &Vec<&BaselineEntry>)| {
        let count: usize = entries.iter().map(|entry| entry.count).sum();
        let mut names: Vec<String> = entries.iter().take(MAX_NAMES).map(|entry| subject(entry)).collect();
        if entries.len() > MAX_NAMES {
            names.push(format!("and {} more", entries.len() - MAX_NAMES));
        }
        let has_ended = until.is_some_and(|day| day < today);
        let until = until.map(|day| format!("{day}{}", if has_ended { ", which has passed" } else { "" }));
        let place = entries.first().map(|entry| Place { source: baseline.source.clone(), span: entry.span });
        let accepted = entries.iter().filter(|_| !has_ended);
        let hides: Vec<&str> =
            accepted.filter_map(|entry| found.get(&entry.fingerprint)).flatten().copied().collect();
        let note = match (has_ended, hides.is_empty()) {
            (true, _) => "it has ended, and its findings are reported again",
            (false, true) => "it hides nothing",
            (false, false) => "",
        };
        let hides: Vec<&str> = hides.into_iter().take(MAX_NAMES).collect();
        let why = if because.is_empty() { "no reason is written down" } else { because };
        let cells = [
            (*rule).to_owned(),
            format!("{count} {}", if count == 1 { "finding" } else { "findings" }),
            names.join("; "),
            hides.join("; "),
            why.to_owned(),
            until.unwrap_or_default(),
            note.to_owned(),
        ];
        Row::about(None, place, cells.map(Cell::text).into())
    };
    let columns = vec![
        Column::head("rule", "rule"),
        Column::head("count", "count"),
        Column::detail("about", "about"),
        Column::detail("hides", "hides"),
        Column::detail("why", "why"),
        Column::detail("until", "until"),
        Column::detail("note", "note"),
    ];
    Section::plain(page, "Findings that the baseline accepts", columns, alike.iter().map(row).collect())
}

fn subject(entry: &BaselineEntry) -> String {
    match &entry.subject {
        EntrySubject::Record(record) => record.replacen('/', " ", 1),
        EntrySubject::Group(key) => key.to_string(),
        EntrySubject::Path => entry.path.to_string(),
    }
}
