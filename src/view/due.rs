//! `alignlint due`: what falls due, by the rules with `due`.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::calendar::relative_date;
use crate::catalog::Reference;
use crate::check::DueDay;
use crate::finding::{Place, RecordName};
use crate::input::Input;
use crate::policy::Baseline;

use super::who::{self, Who};
use super::{Cell, Column, PageTitle, Row, Section, View};

/// Something that has to be done by a day.
#[derive(Clone, Debug)]
pub struct DueItem {
    /// The day.
    pub day: Date,
    /// The record; `None` for a file.
    pub record: Option<RecordName>,
    /// The record's title.
    pub title: Option<String>,
    /// The part of the record, such as an action.
    pub part: Option<String>,
    /// Who answers for it, as written.
    pub owners: Vec<String>,
    /// What to do.
    pub task: String,
    /// The rule that asks for it.
    pub rule: Arc<str>,
    /// Where the day is written, or would be.
    pub place: Place,
    /// The same as long as it is about the same place, whatever the day.
    pub uid: String,
}

impl DueItem {
    /// Returns the kind and name of the record, or the path of the file, and the part.
    pub fn name(&self) -> String {
        let name = match &self.record {
            Some(record) => format!("{} {}", record.kind, record.id),
            None => self.place.source.path().to_string(),
        };
        match &self.part {
            Some(part) => format!("{name}: {part}"),
            None => name,
        }
    }
}

/// Describes the days, for which one answers if `who` is given.
pub fn items(input: &Input, days: Vec<DueDay>, who: Option<&Who>) -> Vec<DueItem> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut items = Vec::new();
    for due in days {
        let record = due.record.map(|number| input.record(number));
        let part = due.item.as_ref().map(|(span, _)| *span);
        let owners = record.map(|record| who::owners_of_part(input, record, part)).unwrap_or_default();
        let anchor = due.anchor.to_string();
        let uses = seen.entry(anchor.clone()).and_modify(|uses| *uses += 1).or_insert(1);
        let uid = if *uses == 1 { anchor } else { format!("{anchor}-{uses}") };
        if who.is_some_and(|who| !who.answers(&owners)) {
            continue;
        }
        items.push(DueItem {
            day: due.day,
            record: due.finding.record,
            title: record.and_then(|record| record.title.as_deref().map(str::to_owned)),
            part: due.item.map(|(_, name)| name),
            owners: owners.iter().map(|owner: &Reference| who::name(input, owner).to_owned()).collect(),
            task: due.finding.help.unwrap_or(due.finding.message),
            rule: due.finding.rule,
            place: due.finding.place,
            uid,
        });
    }
    items
}

/// Describes the entries of a baseline that end until a day.
pub fn baseline_items(input: &Input, baseline: &Baseline, until: Date, who: Option<&Who>) -> Vec<DueItem> {
    let ending = baseline.entries.iter().filter_map(|entry| Some((entry, entry.until?)));
    let ending = ending.filter(|(_, end)| *end <= until);
    let items = ending.filter_map(|(entry, end)| {
        let name = entry.subject.record().and_then(|name| name.split_once('/'));
        let record = name.and_then(|(kind, id)| {
            let of_kind = input.of_kind(kind).iter().map(|&number| input.record(number));
            of_kind.into_iter().find(|record| *record.id == *id)
        });
        let owners = record.map(|record| who::owners(input, record)).unwrap_or_default();
        let is_wanted = who.is_none_or(|who| who.answers(&owners));
        is_wanted.then(|| DueItem {
            day: end,
            record: record.map(|record| input.name_of(record)),
            title: record.and_then(|record| record.title.as_deref().map(str::to_owned)),
            part: Some(format!("accepted in the baseline until {end}")),
            owners: owners.iter().map(|owner: &Reference| who::name(input, owner).to_owned()).collect(),
            task: "fix the finding, or give its entry a new `until`".to_owned(),
            rule: (*entry.rule).into(),
            place: Place { source: baseline.source.clone(), span: entry.span },
            uid: format!("baseline-{}", entry.fingerprint),
        })
    });
    items.collect()
}

/// Lays the items out: those whose day has passed before the others.
pub fn view(items: &[DueItem], until: Date, as_of: Date) -> View {
    let (overdue, upcoming): (Vec<&DueItem>, Vec<&DueItem>) = items.iter().partition(|item| item.day < as_of);
    let page =
        Arc::new(PageTitle { name: "due".into(), title: "What falls due".to_owned(), about: String::new() });
    let section = |title: String, items: &[&DueItem], empty: Option<String>| Section {
        page: page.clone(),
        title,
        empty,
        columns: columns(),
        rows: items.iter().map(|item| row(item, as_of)).collect(),
        drawing: None,
        tally: None,
    };
    View {
        name: "due".into(),
        title: "What falls due".to_owned(),
        as_of,
        sections: vec![
            section("Overdue".to_owned(), &overdue, None),
            section(format!("Until {until}"), &upcoming, Some("nothing falls due".to_owned())),
        ],
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::head("day", "day"),
        Column::head("when", "when"),
        Column::head("what", "what"),
        Column::head("title", "title"),
        Column::detail("task", "to do"),
        Column::detail("owner", "for"),
        Column::detail("rule", "rule"),
    ]
}

fn row(item: &DueItem, as_of: Date) -> Row {
    let texts = [
        item.day.to_string(),
        relative_date(item.day, as_of),
        item.name(),
        item.title.clone().unwrap_or_default(),
        item.task.clone(),
        item.owners.join(", "),
        item.rule.to_string(),
    ];
    Row {
        depth: 0,
        record: item.record.clone(),
        place: Some(item.place.clone()),
        cells: texts.into_iter().map(Cell::text).collect(),
    }
}
