//! Pages whose sections are files in `schemas/views/`: joins what they say about records with the findings about those.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::check::{FoundCell, FoundRow, positions, tree_order};
use crate::finding::{Finding, Fingerprint, Place};
use crate::input::Input;
use crate::record::Record;
use crate::rule::{ACCOUNTABLE_KINDS, ColumnSpec, NameSpec, Rule, SectionSpec};

use super::drawing::{self, RowSource};
use super::who::{self, Who, settlers};
use super::{Answer, Cell, Column, PageTitle, Row, Section};

/// What the rows of a page are joined with.
pub struct PageContext<'a> {
    input: &'a Input,
    who: Option<&'a Who>,
    today: Date,
    /// True if no row leaves out names.
    pub shows_all: bool,
    /// The due items of each person, by name.
    pub due: HashMap<String, Vec<String>>,
    /// The findings about each record, by its number, in the order of their places.
    findings: HashMap<u32, Vec<&'a Finding>>,
    /// The findings of each file that are about none of its records.
    file_findings: HashMap<&'a str, Vec<&'a Finding>>,
    /// The number of the record that a finding is about.
    subjects: HashMap<Fingerprint, u32>,
    facets: HashMap<&'a str, &'a str>,
    /// The titles of people, roles and teams, by the identifiers that no other record has.
    titles: HashMap<&'a str, String>,
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
        let mut by_file: HashMap<&str, Vec<&Finding>> = HashMap::new();
        let mut subjects = HashMap::new();
        for finding in findings {
            subjects.extend(record_at(input, &finding.place).map(|record| (finding.fingerprint, record)));
            if !subjects.contains_key(&finding.fingerprint) {
                by_file.entry(finding.place.source.path()).or_default().push(finding);
            }
            let places = finding.related.iter().map(|related| &related.place);
            let records: HashSet<u32> =
                places.chain([&finding.place]).filter_map(|place| record_at(input, place)).collect();
            for record in records {
                by_record.entry(record).or_default().push(finding);
            }
        }
        let facets = rules.iter().map(|rule| (&*rule.id, &*rule.facet)).collect();
        let titles = titles(input);
        PageContext {
            input,
            who,
            today,
            shows_all: false,
            due: HashMap::new(),
            findings: by_record,
            file_findings: by_file,
            subjects,
            facets,
            titles,
        }
    }

    /// Lays out the rows of a section.
    pub fn section(&self, page: &Arc<PageTitle>, spec: &SectionSpec, found: Vec<FoundRow>) -> Section {
        let columns = spec.columns.iter().map(|column| Column {
            key: column.key.clone(),
            title: column.title.clone(),
            is_head: column.head,
            is_question: column.asks() && column.text.is_some(),
            rules: column.rules.clone(),
            index: column.index,
        });
        let columns: Vec<Column> = columns.collect();
        let (mut rows, sources) = self.rows(spec, found);
        if let Some(most) = spec.fold {
            rows = self.folded(&rows, most);
        }
        let with_findings: HashSet<u32> = self.subjects.values().copied().collect();
        let has_findings = |record: u32| with_findings.contains(&record);
        let drawing = spec.drawing.as_ref().and_then(|drawing| {
            drawing::draw(self.input, drawing, &columns, (&rows, &sources), has_findings, self.today)
        });
        if let Some(otherwise) = spec.otherwise.as_ref().filter(|_| rows.is_empty() && self.who.is_none()) {
            rows.push(self.only_row(spec, otherwise));
        }
        let counts = counts(spec, &rows);
        let counted: Vec<String> = counts.iter().map(|(text, count)| format!("{count} {text}")).collect();
        Section {
            page: page.clone(),
            title: match &counted[..] {
                [] => spec.title.clone(),
                counted => format!("{} {}", spec.title, counted.join(", ")),
            },
            empty: spec.empty.as_ref().map(|empty| match self.who {
                Some(who) => format!("none {}", who.heading()),
                None => empty.clone(),
            }),
            columns,
            rows,
            drawing,
            tally: spec.tally.clone(),
            counts,
            is_table: spec.table,
            left_out: 0,
            absent_kinds: Vec::new(),
        }
    }

    /// Returns the kinds that a section is about, if the repository has no record of any of them.
    pub fn absent_kinds(&self, spec: &SectionSpec) -> Vec<Arc<str>> {
        let is_absent =
            |kind: &Arc<str>| self.input.kinds().get(kind).is_some() && self.input.of_kind(kind).is_empty();
        if spec.kinds.iter().all(is_absent) { spec.kinds.clone() } else { Vec::new() }
    }

    /// Lays out the rows of a section for everybody, whoever the page is for.
    pub fn section_for_all(
        &mut self,
        page: &Arc<PageTitle>,
        spec: &SectionSpec,
        found: Vec<FoundRow>,
    ) -> Section {
        let who = self.who.take();
        let section = self.section(page, spec, found);
        self.who = who;
        section
    }

    fn rows(&self, spec: &SectionSpec, found: Vec<FoundRow>) -> (Vec<Row>, Vec<RowSource>) {
        // Also those of others: a finding about one of them is not told in another row.
        let listed: HashSet<u32> = found.iter().filter_map(|row| row.record).collect();
        let is_kept = kept(&found, |row| self.is_for(row));
        let rows: Vec<FoundRow> =
            found.into_iter().zip(is_kept).filter_map(|(row, is_kept)| is_kept.then_some(row)).collect();
        let order = tree_order(&rows);
        let mut rows: Vec<Option<FoundRow>> = rows.into_iter().map(Some).collect();
        let (mut laid_out, mut sources) = (Vec::new(), Vec::new());
        let mut shown: HashSet<Fingerprint> = HashSet::new();
        for (at, depth) in order {
            let Some(mut row) = rows[at].take() else { continue };
            let mut about = self.about(&row);
            if spec.own_findings {
                about.retain(|finding| self.subjects.get(&finding.fingerprint).copied() == row.record);
            }
            if spec.only_found {
                about.retain(|finding| {
                    spec.columns.iter().any(|it| it.asks() && self.asks(spec, it, &finding.rule))
                });
                about.retain(|finding| shown.insert(finding.fingerprint));
                if about.is_empty() {
                    continue;
                }
            }
            if spec.each_once {
                about.retain(|finding| match self.subjects.get(&finding.fingerprint) {
                    Some(subject) if listed.contains(subject) => row.record == Some(*subject),
                    _ => shown.insert(finding.fingerprint),
                });
            }
            sources.push(RowSource {
                record: row.record.filter(|_| !row.is_group && row.item.is_none()),
                below: row.below,
                drawn: std::mem::take(&mut row.drawn),
            });
            laid_out.push(self.row(spec, row, depth, &about));
        }
        (laid_out, sources)
    }

    /// True if the person, role or team of the page answers for it.
    fn is_for(&self, row: &FoundRow) -> bool {
        let Some(who) = self.who else { return true };
        if who.is_concerned(&row.concerns) || !row.is_group && who.is_told_in(&row.cells) {
            return true;
        }
        let Some(record) = row.record.map(|number| self.input.record(number)) else { return false };
        who.is_named_in(record, row.item)
            || who.answers_for(record, &who::owners_of_part(self.input, record, row.item))
            || who.answers(&who::teams(self.input, record))
    }

    /// The findings about the record or file of a row.
    fn about(&self, row: &FoundRow) -> Vec<&'a Finding> {
        let found = match row.record {
            _ if row.is_group => None,
            Some(number) => self.findings.get(&number),
            None => self.file_findings.get(&**row.place.source.path()),
        };
        found.cloned().unwrap_or_default()
    }

    fn row(&self, spec: &SectionSpec, found: FoundRow, depth: usize, about: &[&Finding]) -> Row {
        let record = found.record.filter(|_| !found.is_group && found.item.is_none());
        let named = found.cells.first().map(|cell| cell.text.clone()).unwrap_or_default();
        let cell = |(column, cell): (&ColumnSpec, FoundCell)| match column.due {
            true => Cell::text(self.due.get(&named).map(|tasks| tasks.join("; ")).unwrap_or_default()),
            false if column.settles => Cell::text(settlers(self.input, about, self.today)),
            false if column.others => Cell::text(who::others(self.input, about, found.record)),
            false => self.cell(spec, column, cell, about),
        };
        Row {
            depth,
            record: record.map(|number| self.input.name_of(self.input.record(number))),
            place: (!found.is_group).then_some(found.place),
            cells: spec.columns.iter().zip(found.cells).map(cell).collect(),
            unfolded: Vec::new(),
        }
    }

    /// A row for each kind and for what the cells after the second say, with the number of its records and the names of the
    /// first ones.
    fn folded(&self, rows: &[Row], most: usize) -> Vec<Row> {
        let most = if self.shows_all { usize::MAX } else { most };
        let mut alike: Vec<(&str, Vec<&str>, Vec<&Row>)> = Vec::new();
        for row in rows {
            let kind = row.record.as_ref().map_or("", |record| &*record.kind);
            let further: Vec<&str> = row.cells.iter().skip(2).map(|cell| &*cell.text).collect();
            match alike.iter_mut().find(|(known, texts, _)| *known == kind && *texts == further) {
                Some((_, _, rows)) => rows.push(row),
                None => alike.push((kind, further, vec![row])),
            }
        }
        let row = |(kind, further, rows): (&str, Vec<&str>, Vec<&Row>)| {
            let plural = self.input.kinds().get(kind).map_or(kind, |kind| &*kind.plural);
            let noun = if rows.len() == 1 { kind } else { plural };
            let names = rows.iter().take(most).filter_map(|row| row.cells.get(1));
            let mut names: Vec<String> = names.map(|cell| cell.text.clone()).collect();
            if rows.len() > most {
                names.push(format!("and {} more, which `--all` names", rows.len() - most));
            }
            let cells = [format!("{} {noun}", rows.len()), names.join("; ")];
            let cells = cells.into_iter().chain(further.into_iter().map(str::to_owned));
            Row::about(None, None, cells.map(Cell::text).collect())
        };
        alike.into_iter().map(row).collect()
    }

    /// The row of a section that is about no record: every question is open.
    fn only_row(&self, spec: &SectionSpec, title: &str) -> Row {
        let mut heads = [title.to_owned()].into_iter();
        let cell = |column: &ColumnSpec| match column.head {
            true => Cell::text(heads.next().unwrap_or_default()),
            false => self.cell(spec, column, FoundCell::default(), &[]),
        };
        Row::about(None, None, spec.columns.iter().map(cell).collect())
    }

    fn cell(&self, spec: &SectionSpec, column: &ColumnSpec, found: FoundCell, about: &[&Finding]) -> Cell {
        let asking = |finding: &&Finding| !column.asks() || self.asks(spec, column, &finding.rule);
        let is_further =
            |finding: &&&Finding| column.with.iter().any(|with| with.rules.contains(&finding.rule));
        let further = found.with.iter().filter_map(|record| self.findings.get(record)).flatten();
        let mut known = HashSet::new();
        let findings: Vec<&Finding> =
            about.iter().copied().filter(asking).chain(further.filter(is_further).copied()).collect();
        let findings: Vec<&Finding> =
            findings.into_iter().filter(|finding| known.insert(finding.fingerprint)).collect();
        let mut rules: Vec<Arc<str>> = Vec::new();
        for finding in &findings {
            if !rules.contains(&finding.rule) {
                rules.push(finding.rule.clone());
            }
        }
        if column.lists_findings() {
            let messages: Vec<String> =
                findings.iter().map(|finding| self.with_titles(&finding.message)).collect();
            return Cell { text: messages.join("; "), messages, rules, ..Cell::default() };
        }
        let FoundCell { text, place, named: numbers, .. } = found;
        // Sentences in a list end with the semicolon.
        let text = text.replace(".; ", "; ");
        let named: Vec<_> =
            numbers.iter().map(|&number| self.input.name_of(self.input.record(number))).collect();
        if !column.asks() || column.optional && text.is_empty() && findings.is_empty() {
            let people = match column.index {
                Some(NameSpec::Named) => self.people(&numbers),
                _ => Vec::new(),
            };
            return Cell { text, named, people, place, ..Cell::default() };
        }
        let answer = match (text.is_empty(), findings.is_empty()) {
            (true, _) => Answer::Open,
            (false, true) => Answer::Answered,
            (false, false) => Answer::InPart,
        };
        if rules.is_empty() {
            rules.clone_from(&column.rules);
        }
        let mut reasons: Vec<String> = Vec::new();
        for finding in findings.iter().filter(|_| answer == Answer::InPart) {
            let message = self.with_titles(&finding.message);
            if !reasons.contains(&message) {
                reasons.push(message);
            }
        }
        Cell { text, named, reasons, answer: Some(answer), rules, place, ..Cell::default() }
    }

    /// The names of people and teams, and of the holders of roles.
    fn people(&self, numbers: &[u32]) -> Vec<String> {
        let is_of_directory = |record: &&Record| ACCOUNTABLE_KINDS.contains(&&*record.kind.name);
        let records = numbers.iter().map(|&number| self.input.record(number)).filter(is_of_directory);
        let names = records.flat_map(|record| match &*record.kind.name {
            "role" => self.input.people_of(record, None).unwrap_or_default(),
            _ => vec![record],
        });
        let names: BTreeSet<String> = names.map(|record| self.input.full_name(record)).collect();
        names.into_iter().collect()
    }

    /// A message with people, roles and teams by their titles: a reader of a page may not know the identifiers.
    fn with_titles(&self, message: &str) -> String {
        let parts: Vec<&str> = message.split('`').collect();
        if parts.len().is_multiple_of(2) || parts.len() == 1 {
            return message.to_owned();
        }
        let mut text = String::with_capacity(message.len());
        for (number, part) in parts.iter().enumerate() {
            match self.titles.get(part).filter(|_| number % 2 == 1) {
                Some(title) => text.push_str(title),
                None if number % 2 == 1 => text.extend(["`", part, "`"]),
                None => text.push_str(part),
            }
        }
        text
    }

    /// True if a rule asks for what a column says.
    fn asks(&self, spec: &SectionSpec, column: &ColumnSpec, rule: &Arc<str>) -> bool {
        let is_named = |column: &ColumnSpec| column.rules.contains(rule);
        let facet = self.facets.get(&**rule);
        let has_facet = facet.is_some_and(|facet| column.facet.iter().any(|asked| **asked == **facet));
        is_named(column) || has_facet && !spec.columns.iter().any(is_named)
    }
}

/// What rows are counted as that say nothing in the column.
const UNKNOWN: &str = "unknown";

/// Counts the rows by what they say in a column, in the order of the rows.
fn counts(spec: &SectionSpec, rows: &[Row]) -> Vec<(String, usize)> {
    let column = spec.count_by.as_ref().and_then(|key| spec.columns.iter().position(|it| it.key == *key));
    let mut counts: Vec<(String, usize)> = Vec::new();
    for cell in rows.iter().filter_map(|row| row.cells.get(column?)) {
        let text = if cell.text.is_empty() { UNKNOWN } else { &cell.text };
        match counts.iter_mut().find(|(known, _)| known == text) {
            Some((_, count)) => *count += 1,
            None => counts.push((text.to_owned(), 1)),
        }
    }
    counts
}

fn titles(input: &Input) -> HashMap<&str, String> {
    let directory: HashSet<u32> =
        ACCOUNTABLE_KINDS.iter().flat_map(|kind| input.of_kind(kind)).copied().collect();
    let mut uses: HashMap<&str, usize> = HashMap::new();
    for record in input.records() {
        *uses.entry(&*record.id).or_default() += 1;
    }
    let records = directory.into_iter().map(|number| input.record(number));
    let unmistakable = records.filter(|record| uses.get(&*record.id) == Some(&1));
    unmistakable.map(|record| (&*record.id, input.full_name(record))).collect()
}

/// Returns the number of the record around a place.
pub fn record_at(input: &Input, place: &Place) -> Option<u32> {
    let numbers = input.file_at(place.source.path())?.records.clone();
    let records = input.records().get(numbers.start as usize..numbers.end as usize)?;
    let after = records.partition_point(|record| record.span.start <= place.span.start);
    let record = records.get(after.checked_sub(1)?)?;
    record.span.contains(place.span).then_some(record.number)
}

/// Returns which rows are wanted, or stand above or below one that is.
fn kept(rows: &[FoundRow], is_wanted: impl Fn(&FoundRow) -> bool) -> Vec<bool> {
    let at: HashMap<u32, usize> = positions(rows);
    let wanted: Vec<bool> = rows.iter().map(is_wanted).collect();
    let mut kept = vec![false; rows.len()];
    let mut open: Option<usize> = None;
    for (number, depth) in tree_order(rows) {
        open = open.filter(|above| depth > *above);
        kept[number] = open.is_some();
        if open.is_none() && wanted[number] {
            open = Some(depth);
        }
    }
    for (number, row) in rows.iter().enumerate().filter(|(number, _)| wanted[*number]) {
        kept[number] = true;
        let mut above = row.below.and_then(|above| at.get(&above).copied());
        let mut steps = 0;
        while let Some(next) = above.filter(|&above| !kept[above] && steps < rows.len()) {
            kept[next] = true;
            steps += 1;
            above = rows[next].below.and_then(|above| at.get(&above).copied());
        }
    }
    kept
}
