//! Pages whose sections are files in `schemas/views/`: joins what they say about records with the findings about those.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::check::{FoundRow, tree_order};
use crate::finding::{Finding, Fingerprint};
use crate::input::Input;
use crate::record::Record;
use crate::rule::{ColumnSpec, Rule, SectionSpec, Shown};

use super::course::{Course, KeyResult, last_reading};
use super::who::{self, Who};
use super::{Answer, Cell, Column, Graph, GraphBox, PageTitle, Row, Section};

pub(crate) struct PageContext<'a> {
    input: &'a Input,
    who: Option<&'a Who>,
    today: Date,
    /// The findings about each record, by its number, in the order of their places.
    findings: HashMap<u32, Vec<&'a Finding>>,
    /// The number of the record that a finding is about.
    subjects: HashMap<Fingerprint, u32>,
    facets: HashMap<&'a str, &'a str>,
}

impl<'a> PageContext<'a> {
    /// Indexes the findings by the records that they are about, or that they show.
    pub(crate) fn new(
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

    pub(crate) fn section(
        &self,
        page: &Arc<PageTitle>,
        spec: &SectionSpec,
        mut found: Vec<FoundRow>,
    ) -> Section {
        found.retain(|row| self.is_for(row));
        let mut shown = HashSet::new();
        let rows = tree_order(&found).into_iter().map(|(at, depth)| (&found[at], depth));
        let laid_out = rows.filter_map(|(row, depth)| Some((self.row(spec, row, depth, &mut shown)?, row)));
        let mut laid_out: Vec<_> = laid_out.collect();
        laid_out.sort_by_key(|((course, _), _)| *course);
        let courses: Vec<_> = laid_out.iter().filter_map(|((course, _), _)| *course).collect();
        let counts = courses.chunk_by(|one, next| one == next);
        let counts = counts.map(|alike| (alike[0].name().to_owned(), alike.len())).collect();
        let (rows, sources): (Vec<Row>, Vec<&FoundRow>) =
            laid_out.into_iter().map(|((_, row), source)| (row, source)).unzip();
        let with_findings: HashSet<u32> = self.subjects.values().copied().collect();
        let column =
            |it: &ColumnSpec| Column { key: it.key.clone(), title: it.title.clone(), is_head: it.head };
        Section {
            page: page.clone(),
            title: spec.title.clone(),
            empty: spec.empty.as_ref().map(|empty| match self.who {
                Some(who) => format!("none {}", who.heading()),
                None => empty.clone(),
            }),
            columns: spec.columns.iter().map(column).collect(),
            graph: draw(self.input, spec, (&rows, &sources), &with_findings),
            rows,
            tally: spec.tally.clone(),
            counts,
            is_table: spec.table,
            left_out: 0,
        }
    }

    /// Lays out a row with its course, unless the section leaves it out; each finding is `shown` in one row.
    fn row(
        &self,
        spec: &SectionSpec,
        row: &FoundRow,
        depth: usize,
        shown: &mut HashSet<Fingerprint>,
    ) -> Option<(Option<Course>, Row)> {
        let result = self.key_result(row);
        let shows_course = spec.columns.iter().any(|column| column.shows == Some(Shown::Course));
        let course = result.as_ref().filter(|_| shows_course).map(|result| result.course);
        let is_wanted = |wanted: &Arc<str>| course.is_some_and(|course| **wanted == *course.name());
        if !spec.courses.is_empty() && !spec.courses.iter().any(is_wanted) {
            return None;
        }
        let record = row.record.filter(|_| !row.is_group);
        let mut findings = record.and_then(|it| self.findings.get(&it)).cloned().unwrap_or_default();
        if spec.only_found {
            findings.retain(|finding| spec.columns.iter().any(|column| self.asks(column, finding)));
            findings.retain(|finding| shown.insert(finding.fingerprint));
        } else {
            findings.retain(|finding| self.subjects.get(&finding.fingerprint).copied() == row.record);
        }
        if spec.only_found && findings.is_empty() {
            return None;
        }
        let cells = spec.columns.iter().zip(&row.cells);
        let cells = cells.map(|(column, cell)| match column.shows {
            Some(shown) => self.shown(shown, row.record, result.as_ref()),
            None => self.cell(column, cell, &findings),
        });
        let record = row.only_record().map(|number| self.input.name_of(self.input.record(number)));
        let place = (!row.is_group).then(|| row.place.clone());
        Some((course, Row { depth, record, place, cells: cells.collect() }))
    }

    fn is_for(&self, row: &FoundRow) -> bool {
        let Some(who) = self.who else { return true };
        let answers = |record: &Record| {
            let owners = who::owners_of(self.input, record, row.item);
            let has_none = owners.is_empty() && !record.accountable().is_empty();
            who.answers(&owners) || who.is_nobody && has_none || who.is_subject_of(self.input, record)
        };
        row.concerns.iter().any(|number| who.has(self.input.record(*number)))
            || row.record.is_some_and(|number| answers(self.input.record(number)))
    }

    fn key_result(&self, row: &FoundRow) -> Option<KeyResult<'a>> {
        let (goal, span) = (self.input.record(row.record?), row.item?);
        let mut results = KeyResult::all(self.input, goal, self.today);
        results.find(|(item, _)| item.span == span).map(|(_, result)| result)
    }

    fn cell(&self, column: &ColumnSpec, found: &Cell, findings: &[&Finding]) -> Cell {
        let findings: Vec<&&Finding> = findings.iter().filter(|finding| self.asks(column, finding)).collect();
        let mut rules: Vec<Arc<str>> = findings.iter().map(|finding| finding.rule.clone()).collect();
        rules.sort_unstable();
        rules.dedup();
        if column.lists_findings() {
            let messages: Vec<&str> = findings.iter().map(|finding| &*finding.message).collect();
            return Cell { text: messages.join("; "), rules, ..Cell::default() };
        }
        let answer = column.is_question().then_some(match (found.text.is_empty(), findings.is_empty()) {
            (true, _) => Answer::Open,
            (false, true) => Answer::Answered,
            (false, false) => Answer::InPart,
        });
        Cell { answer, rules, ..found.clone() }
    }

    fn shown(&self, shown: Shown, record: Option<u32>, result: Option<&KeyResult>) -> Cell {
        let record = record.map(|number| self.input.record(number));
        let of_result = |text: fn(&KeyResult) -> String| result.map(text).unwrap_or_default();
        let cell = |text: String| Cell { text, ..Cell::default() };
        match shown {
            Shown::Course => cell(of_result(|result| result.course.name().to_owned())),
            Shown::Numbers => cell(of_result(|result| result.numbers.clone())),
            Shown::Way => {
                let progress = result.map(KeyResult::progress).unwrap_or_default();
                Cell { share: result.and_then(|it| it.way), ..cell(progress) }
            }
            Shown::Time => Cell { share: result.and_then(|it| it.time), ..Cell::default() },
            Shown::Reading => cell(record.map(|metric| last_reading(metric, self.today)).unwrap_or_default()),
            Shown::Results => {
                let results = record.map(|goal| KeyResult::all(self.input, goal, self.today));
                let results = results.into_iter().flatten().map(|(_, result)| result.to_string());
                cell(results.collect::<Vec<_>>().join("; "))
            }
        }
    }

    fn asks(&self, column: &ColumnSpec, finding: &Finding) -> bool {
        let facet = self.facets.get(&*finding.rule);
        facet.is_some_and(|facet| column.facet.iter().any(|asked| **asked == **facet))
    }
}

/// Draws the rows of a section; `None` if no line joins any.
fn draw(
    input: &Input,
    spec: &SectionSpec,
    (rows, sources): (&[Row], &[&FoundRow]),
    with_findings: &HashSet<u32>,
) -> Option<Graph> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|&row| rows[row].depth);
    let mut boxes =
        Boxes { input, with_findings, all: Vec::new(), by_record: HashMap::new(), left_out: HashSet::new() };
    for &row in &order {
        if let Some(record) = sources[row].only_record() {
            boxes.add(record, Some(row), None);
        }
    }
    let mut lines = HashSet::new();
    for &row in &order {
        let source = sources[row];
        let own = source.only_record().and_then(|record| boxes.by_record.get(&record).copied());
        let Some(own) = own else { continue };
        // A row on a cycle stands at the top: it has no line to the row that it would stand below.
        let above = source.below.filter(|_| rows[row].depth > 0);
        lines.extend(above.and_then(|above| Some((*boxes.by_record.get(&above)?, own))));
        for (relation, records) in source.links.iter().enumerate() {
            for &record in records {
                let to = boxes.add(record, None, Some(relation));
                // Only rows have lines to other boxes, so that no line leads back.
                lines.extend(to.filter(|&to| boxes.all[to].row.is_none()).map(|to| (own, to)));
            }
        }
    }
    let mut lines: Vec<(usize, usize)> = lines.into_iter().collect();
    lines.sort_unstable();
    let relations = spec.links.iter().map(|link| link.title.clone()).collect();
    let graph = Graph { boxes: boxes.all, lines, relations, left_out: boxes.left_out.len() };
    (!graph.lines.is_empty()).then_some(graph)
}

struct Boxes<'a> {
    input: &'a Input,
    with_findings: &'a HashSet<u32>,
    all: Vec<GraphBox>,
    by_record: HashMap<u32, usize>,
    left_out: HashSet<u32>,
}

impl Boxes<'_> {
    /// Returns the box of a record, made if it is new; `None` if there is no room.
    fn add(&mut self, number: u32, row: Option<usize>, relation: Option<usize>) -> Option<usize> {
        // The most boxes: more can't be read.
        const MAX_BOXES: usize = 120;
        if let Some(&known) = self.by_record.get(&number) {
            return Some(known);
        }
        if self.all.len() == MAX_BOXES {
            self.left_out.insert(number);
            return None;
        }
        let record = self.input.record(number);
        let title = record.title.as_deref().filter(|title| **title != *record.id);
        let owners = self.input.owner_references(record);
        self.by_record.insert(number, self.all.len());
        self.all.push(GraphBox {
            relation,
            row,
            id: record.id.to_string(),
            title: title.unwrap_or_default().to_owned(),
            owner: owners.first().map(|owner| who::name(self.input, owner)).unwrap_or_default(),
            has_findings: self.with_findings.contains(&number),
        });
        Some(self.all.len() - 1)
    }
}
