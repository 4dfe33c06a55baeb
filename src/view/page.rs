//! Pages whose sections are files in `schemas/views/`: joins what they say about records with the findings about those.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::check::{FoundCell, FoundRow, tree_order};
use crate::finding::{Finding, Fingerprint};
use crate::input::Input;
use crate::record::Record;
use crate::rule::{ColumnSpec, Rule, SectionSpec, Shown};

use super::course::{Course, KeyResult, last_reading};
use super::graph;
use super::who::{self, Who};
use super::{Answer, Cell, Column, PageTitle, Row, Section};

/// What the rows of a page are joined with.
pub struct PageContext<'a> {
    input: &'a Input,
    who: Option<&'a Who>,
    today: Date,
    /// The findings about each record, by its number, in the order of their places.
    findings: HashMap<u32, Vec<&'a Finding>>,
    /// The number of the record that a finding is about.
    subjects: HashMap<Fingerprint, u32>,
    facets: HashMap<&'a str, &'a str>,
}

/// What stands beside a row before its cells are laid out.
struct RowFacts<'f> {
    findings: Vec<&'f Finding>,
    result: Option<KeyResult<'f>>,
}

impl<'a> PageContext<'a> {
    /// Indexes the findings by the records that they are about, or that they show.
    pub fn new(
        input: &'a Input,
        rules: &'a [Arc<Rule>],
        findings: &'a [Finding],
        who: Option<&'a Who>,
        today: Date,
    ) -> PageContext<'a> {
        let mut by_record: HashMap<u32, Vec<&Finding>> = HashMap::new();
        let mut subjects = HashMap::new();
        for finding in findings {
            let subject = who::record_at(input, &finding.place);
            subjects.extend(subject.map(|record| (finding.fingerprint, record)));
            for record in who::records_of(input, finding) {
                by_record.entry(record).or_default().push(finding);
            }
        }
        let facets = rules.iter().map(|rule| (&*rule.id, &*rule.facet)).collect();
        PageContext { input, who, today, findings: by_record, subjects, facets }
    }

    /// Lays out the rows of a section.
    pub fn section(&self, page: &Arc<PageTitle>, spec: &SectionSpec, found: Vec<FoundRow>) -> Section {
        let columns = spec.columns.iter().map(|column| Column {
            key: column.key.clone(),
            title: column.title.clone(),
            is_head: column.head,
        });
        let (rows, sources, counts) = self.rows(spec, found);
        let with_findings: HashSet<u32> = self.subjects.values().copied().collect();
        Section {
            page: page.clone(),
            title: spec.title.clone(),
            empty: spec.empty.as_ref().map(|empty| match self.who {
                Some(who) => format!("none {}", who.heading()),
                None => empty.clone(),
            }),
            columns: columns.collect(),
            graph: graph::draw(self.input, spec, (&rows, &sources), &with_findings),
            rows,
            tally: spec.tally.clone(),
            counts,
            is_table: spec.table,
            left_out: 0,
        }
    }

    fn rows(
        &self,
        spec: &SectionSpec,
        mut found: Vec<FoundRow>,
    ) -> (Vec<Row>, Vec<FoundRow>, Vec<(String, usize)>) {
        found.retain(|row| self.is_for(row));
        let shows_course = spec.columns.iter().any(|column| column.shows == Some(Shown::Course));
        let mut laid_out = Vec::new();
        let mut shown: HashSet<Fingerprint> = HashSet::new();
        let order = tree_order(&found);
        let mut found: Vec<Option<FoundRow>> = found.into_iter().map(Some).collect();
        for (at, depth) in order {
            let Some(row) = found[at].take() else { continue };
            let mut facts = RowFacts { findings: self.findings_of(&row), result: self.key_result(&row) };
            let course = facts.result.as_ref().filter(|_| shows_course).map(|result| result.course);
            let is_wanted = |course: Course| spec.courses.iter().any(|wanted| **wanted == *course.name());
            if !spec.courses.is_empty() && !course.is_some_and(is_wanted) {
                continue;
            }
            if spec.only_found {
                facts.findings.retain(|finding| spec.columns.iter().any(|column| self.asks(column, finding)));
                facts.findings.retain(|finding| shown.insert(finding.fingerprint));
                if facts.findings.is_empty() {
                    continue;
                }
            } else {
                facts.findings.retain(|it| self.subjects.get(&it.fingerprint).copied() == row.record);
            }
            laid_out.push((course, self.row(spec, row, depth, &facts)));
        }
        laid_out.sort_by_key(|(course, _)| *course);
        let mut counts: Vec<(String, usize)> = Vec::new();
        for course in laid_out.iter().filter_map(|(course, _)| *course) {
            match counts.last_mut().filter(|(name, _)| name == course.name()) {
                Some((_, count)) => *count += 1,
                None => counts.push((course.name().to_owned(), 1)),
            }
        }
        let (rows, sources) = laid_out.into_iter().map(|(_, laid_out)| laid_out).unzip();
        (rows, sources, counts)
    }

    /// True if the person, role or team of the page answers for it.
    fn is_for(&self, row: &FoundRow) -> bool {
        let Some(who) = self.who else { return true };
        let record = row.record.map(|number| self.input.record(number));
        let answers = |record: &Record| {
            let owners = who::owners_of_part(self.input, record, row.item);
            let has_none = owners.is_empty() && !record.accountable().is_empty();
            who.answers(&owners) || who.is_nobody && has_none || who.is_subject_of(self.input, record)
        };
        row.concerns.iter().any(|number| who.has(self.input.record(*number))) || record.is_some_and(answers)
    }

    fn findings_of(&self, row: &FoundRow) -> Vec<&'a Finding> {
        let record = row.record.filter(|_| !row.is_group);
        record.and_then(|record| self.findings.get(&record)).cloned().unwrap_or_default()
    }

    /// The key result that a row is about.
    fn key_result(&self, row: &FoundRow) -> Option<KeyResult<'a>> {
        let goal = self.input.record(row.record?);
        let span = row.item?;
        let mut results = KeyResult::all(self.input, goal, self.today);
        results.find(|(item, _)| item.span == span).map(|(_, result)| result)
    }

    fn row(
        &self,
        spec: &SectionSpec,
        mut found: FoundRow,
        depth: usize,
        facts: &RowFacts,
    ) -> (Row, FoundRow) {
        let cells = spec.columns.iter().zip(std::mem::take(&mut found.cells));
        let row = Row {
            depth,
            record: found.only_record().map(|number| self.input.name_of(self.input.record(number))),
            place: (!found.is_group).then(|| found.place.clone()),
            cells: cells.map(|(column, cell)| self.cell(column, cell, found.record, facts)).collect(),
        };
        (row, found)
    }

    fn cell(&self, column: &ColumnSpec, found: FoundCell, record: Option<u32>, facts: &RowFacts) -> Cell {
        if let Some(shown) = column.shows {
            return self.shown(shown, record, facts);
        }
        let asking = |finding: &&&Finding| self.asks(column, finding);
        let findings: Vec<&Finding> = facts.findings.iter().filter(asking).copied().collect();
        let mut rules: Vec<Arc<str>> = findings.iter().map(|finding| finding.rule.clone()).collect();
        rules.sort_unstable();
        rules.dedup();
        if column.lists_findings() {
            let messages: Vec<&str> = findings.iter().map(|finding| &*finding.message).collect();
            return Cell { text: messages.join("; "), rules, ..Cell::default() };
        }
        let FoundCell { text, place, named } = found;
        let named = named.iter().map(|&number| self.input.name_of(self.input.record(number))).collect();
        let answer = column.is_question().then_some(match (text.is_empty(), findings.is_empty()) {
            (true, _) => Answer::Open,
            (false, true) => Answer::Answered,
            (false, false) => Answer::InPart,
        });
        Cell { text, named, share: None, answer, rules, place }
    }

    /// What the program says of a key result, a metric or findings.
    fn shown(&self, shown: Shown, record: Option<u32>, facts: &RowFacts) -> Cell {
        let record = record.map(|number| self.input.record(number));
        let result = facts.result.as_ref();
        let text = match shown {
            Shown::Course => result.map_or_else(String::new, |result| result.course.name().to_owned()),
            Shown::Numbers => result.map_or_else(String::new, |result| result.numbers.clone()),
            Shown::Way | Shown::Time => result.map_or_else(String::new, KeyResult::progress),
            Shown::Reading => record.map(|metric| last_reading(metric, self.today)).unwrap_or_default(),
            Shown::Results => {
                let results = record.map(|goal| KeyResult::all(self.input, goal, self.today));
                let results = results.into_iter().flatten().map(|(_, result)| result.to_string());
                results.collect::<Vec<_>>().join("; ")
            }
        };
        match shown {
            Shown::Way => Cell { share: result.and_then(|result| result.way), ..Cell::text(text) },
            Shown::Time => Cell { share: result.and_then(|result| result.time), ..Cell::default() },
            _ => Cell::text(text),
        }
    }

    /// True if a rule asks for what a column says.
    fn asks(&self, column: &ColumnSpec, finding: &Finding) -> bool {
        let facet = self.facets.get(&*finding.rule);
        facet.is_some_and(|facet| column.facet.iter().any(|asked| **asked == **facet))
    }
}
