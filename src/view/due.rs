//! `alignlint due`: what falls due, by the rules with `due` and by the days that the records name.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::calendar::{parse_date, relative_date};
use crate::catalog::{Reference, Target};
use crate::check::{DueDay, FoundRow};
use crate::finding::{Place, RecordName};
use crate::input::Input;
use crate::policy::Baseline;
use crate::record::Record;
use crate::rule::SectionSpec;
use crate::text::Span;

use super::who::{self, NOBODY, Who};
use super::{Cell, Column, PageTitle, Row, Section, View};

const PERSON: &str = "person";
/// The columns of a section of the page `due` that say when and what to do.
const DAY: &str = "day";
const TASK: &str = "task";

/// Something that has to be done by a day.
#[derive(Clone, Debug)]
pub struct DueItem {
    pub day: Date,
    /// `None` for a file.
    pub record: Option<RecordName>,
    pub title: Option<String>,
    /// The part of the record, such as an action.
    pub part: Option<String>,
    /// The identifiers of those who answer for it, or as written.
    pub owner_ids: Vec<String>,
    /// The owner by name, or who stands above an owner who has left.
    pub owners: Vec<String>,
    pub task: String,
    /// The rule that asks for it; `None` if the records alone name the day.
    pub rule: Option<Arc<str>>,
    /// Where the day is written, or would be.
    pub place: Place,
    /// The same as long as it is about the same place, whatever the day.
    pub uid: String,
}

impl DueItem {
    /// Returns the names of the people who have to act, or `nobody`.
    pub fn owners_or_nobody(&self) -> String {
        if self.owners.is_empty() { NOBODY.to_owned() } else { self.owners.join(", ") }
    }

    /// Returns the kind and name of the record, or the path of the file, and the part.
    pub fn name(&self) -> String {
        let name = match &self.record {
            Some(record) => format!("{} {}", record.kind, record.id),
            None => self.place.source.path().to_string(),
        };
        self.part.as_ref().map_or(name.clone(), |part| format!("{name}: {part}"))
    }
}

/// For whom days are listed, and as of when.
#[derive(Clone, Copy)]
pub(crate) struct DueContext<'a> {
    pub input: &'a Input,
    /// All if it is `None`.
    pub who: Option<&'a Who>,
    pub until: Date,
    pub today: Date,
}

/// Who has to act: the owners of a record or of a part of it.
#[derive(Default)]
struct Acting<'i> {
    owners: Vec<Reference<'i>>,
    names: Vec<String>,
    /// Those who stand above an owner who has left.
    deputies: Vec<&'i Record>,
}

impl<'a> DueContext<'a> {
    fn acting(&self, record: &'a Record, part: Option<Span>) -> Acting<'a> {
        let DueContext { input, today, .. } = *self;
        let above = |who: &Record| input.superiors(who).into_iter().find(|who| !who::has_left(who, today));
        let mut acting = Acting { owners: who::owners_of(input, record, part), ..Acting::default() };
        for owner in &acting.owners {
            let name = who::name(input, owner);
            let person = owner.target.record().map(|number| input.record(number));
            let left = person.filter(|person| who::has_left(person, today));
            let deputy = left.and_then(above);
            acting.names.push(match (deputy, owner.target) {
                (Some(above), _) => format!("{} for {name}, who has left", input.full_name(above)),
                (None, Target::Unknown) => format!("{name}, who is not in the directory"),
                (None, _) if left.is_some() => format!("{name}, who has left"),
                (None, _) => name,
            });
            acting.deputies.extend(deputy);
        }
        // Who stands above a person answers for the entry in the directory; the person, if nobody does.
        if acting.owners.is_empty() && *record.kind.name == *PERSON {
            let acts = above(record).unwrap_or(record);
            acting.names.push(input.full_name(acts));
            acting.deputies.push(acts);
        }
        acting
    }

    /// Returns true if days are listed for one of those who act or are addressed, or for whom the record is about.
    fn is_listed(&self, record: Option<&Record>, acting: &Acting, addressees: &[&Record]) -> bool {
        self.who.is_none_or(|who| {
            who.answers(&acting.owners)
                || who.is_nobody && acting.names.is_empty()
                || acting.deputies.iter().chain(addressees).any(|record| who.has(record))
                || record.is_some_and(|record| who.is_subject_of(self.input, record))
        })
    }

    fn ids(&self, acting: &Acting) -> Vec<String> {
        acting.owners.iter().map(|owner| who::id(self.input, owner).to_owned()).collect()
    }

    pub(crate) fn items(&self, days: Vec<DueDay>) -> Vec<DueItem> {
        let mut uses: HashMap<String, usize> = HashMap::new();
        let item = |due: DueDay| {
            let record = due.record.map(|number| self.input.record(number));
            let part = due.item.as_ref().map(|(span, _)| *span);
            let acting = record.map(|record| self.acting(record, part)).unwrap_or_default();
            let uid = due.anchor.to_string();
            let used = uses.entry(uid.clone()).or_insert(0);
            *used += 1;
            let uid = if *used == 1 { uid } else { format!("{uid}-{used}") };
            self.is_listed(record, &acting, &[]).then(|| DueItem {
                day: due.day,
                title: record.and_then(|record| record.title.as_deref().map(str::to_owned)),
                part: due.item.map(|(_, name)| name),
                owner_ids: self.ids(&acting),
                owners: acting.names,
                task: due.task,
                record: due.finding.record,
                rule: Some(due.finding.rule),
                place: due.finding.place,
                uid,
            })
        };
        days.into_iter().filter_map(item).collect()
    }

    /// Describes the days that the rows of a section name. The addressees of a row have to act, or else the owners of its record.
    pub(crate) fn row_items(&self, spec: &SectionSpec, rows: &[FoundRow]) -> Vec<DueItem> {
        let input = self.input;
        let text = |row: &FoundRow, key: &str| {
            let at = spec.columns.iter().position(|column| *column.key == *key);
            at.map(|at| row.cells[at].text.clone()).unwrap_or_default()
        };
        let item = |row: &FoundRow| {
            let day = parse_date(&text(row, DAY)).filter(|day| *day <= self.until)?;
            let record = input.record(row.record?);
            let acting = self.acting(record, None);
            let addressees: BTreeSet<u32> = row.concerns.iter().copied().collect();
            let addressees: Vec<&Record> = addressees.into_iter().map(|it| input.record(it)).collect();
            let is_listed = self.is_listed(Some(record), &acting, &addressees);
            let (owner_ids, owners) = match &addressees[..] {
                [] => (self.ids(&acting), acting.names),
                _ => addressees.iter().map(|one| (one.id.to_string(), input.full_name(one))).unzip(),
            };
            let uid = format!("{}-{}-{}", spec.title, record.kind.name, record.id);
            is_listed.then(|| DueItem {
                day,
                record: Some(input.name_of(record)),
                title: record.title.as_deref().map(str::to_owned),
                part: None,
                owner_ids,
                owners,
                task: text(row, TASK),
                rule: None,
                place: row.place.clone(),
                uid: uid.replace(' ', "-").to_lowercase(),
            })
        };
        rows.iter().filter_map(item).collect()
    }
}

/// Describes the entries of a baseline that end until a day.
pub(crate) fn baseline_items(baseline: &Baseline, until: Date) -> impl Iterator<Item = DueItem> {
    let ending = baseline.entries.iter().filter_map(|entry| Some((entry, entry.until?)));
    ending.filter(move |(_, end)| *end <= until).map(|(entry, end)| DueItem {
        day: end,
        record: None,
        title: None,
        part: Some(entry.record.as_ref().unwrap_or(&entry.rule).to_string()),
        owner_ids: Vec::new(),
        owners: Vec::new(),
        task: "fix the finding, or give its entry a new `until`".to_owned(),
        rule: Some((*entry.rule).into()),
        place: Place { source: baseline.source.clone(), span: entry.span },
        uid: format!("baseline-{}", entry.fingerprint),
    })
}

/// Adds the items about records and days that no rule names: the task of a rule is more precise.
pub(crate) fn add(items: &mut Vec<DueItem>, rows: Vec<DueItem>) {
    let whole = items.iter().filter(|item| item.part.is_none());
    let known: HashSet<_> = whole.map(|item| (item.record.clone(), item.day)).collect();
    let is_new = |row: &DueItem| row.record.is_none() || !known.contains(&(row.record.clone(), row.day));
    items.extend(rows.into_iter().filter(is_new));
    items.sort_by_key(|item| item.day);
}

/// Lays the items out: those whose day has passed before the others. If a record or a part of it has several days, the first one leads.
pub(crate) fn view(items: &[DueItem], until: Date, as_of: Date, who: Option<&Who>) -> View {
    let mut groups: Vec<Vec<&DueItem>> = Vec::new();
    let mut known: HashMap<(String, &str), usize> = HashMap::new();
    for item in items {
        let at = *known.entry((item.name(), item.place.source.path())).or_insert(groups.len());
        groups.resize(groups.len().max(at + 1), Vec::new());
        groups[at].push(item);
    }
    let (overdue, upcoming): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| group[0].day < as_of);
    let title = "What falls due".to_owned();
    let page = PageTitle { name: "due".into(), command: "due".to_owned(), title, about: String::new() };
    let page = Arc::new(page);
    let section = |title: String, tally: &str, groups: Vec<Vec<&DueItem>>| Section {
        page: page.clone(),
        title,
        tally: Some(tally.to_owned()),
        columns: columns(),
        rows: groups.iter().map(|group| row(group, as_of)).collect(),
        ..Section::default()
    };
    let empty = Some("nothing falls due".to_owned());
    let upcoming = Section { empty, ..section(format!("Until {until}"), "due within a month", upcoming) };
    View {
        name: page.name.clone(),
        title: who.map_or_else(|| page.title.clone(), |who| format!("{} {}", page.title, who.heading())),
        as_of,
        note: None,
        sections: vec![section("Overdue".to_owned(), "overdue", overdue), upcoming],
    }
}

fn columns() -> Vec<Column> {
    let columns = [
        (DAY, "day", true),
        ("when", "when", true),
        ("what", "what", true),
        ("title", "title", true),
        (TASK, "to do", false),
        ("owner", "for", false),
        ("rule", "rule", false),
    ];
    columns.map(|(key, title, is_head)| Column { key: key.into(), title: title.into(), is_head }).into()
}

fn row(group: &[&DueItem], as_of: Date) -> Row {
    let first = group[0];
    let task = |item: &&DueItem| match item.day == first.day {
        true => item.task.clone(),
        false => format!("by {}: {}", item.day, item.task),
    };
    let mut tasks: Vec<String> = group.iter().map(task).collect();
    let mut owners: Vec<String> = group.iter().map(|item| item.owners_or_nobody()).collect();
    let mut rules: Vec<&str> = group.iter().filter_map(|item| item.rule.as_deref()).collect();
    tasks.dedup();
    owners.dedup();
    rules.dedup();
    let texts = [
        first.day.to_string(),
        relative_date(first.day, as_of),
        first.name(),
        first.title.clone().unwrap_or_default(),
        tasks.join("; "),
        owners.join("; "),
        rules.join(", "),
    ];
    Row {
        record: first.record.clone(),
        place: Some(first.place.clone()),
        cells: texts.into_iter().map(|text| Cell { text, ..Cell::default() }).collect(),
        ..Row::default()
    }
}
