//! `alignlint due`: what falls due, by the rules with `due`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::calendar::{Duration, parse_date, relative_date};
use crate::catalog::{Reference, Target};
use crate::check::{Concerned, DueDay, FoundRow};
use crate::finding::{Place, RecordName};
use crate::input::Input;
use crate::policy::Baseline;
use crate::record::Record;
use crate::rule::{NameSpec, SectionSpec};
use crate::text::Span;

use super::page::record_at;
use super::who::{self, Who};
use super::{Cell, Column, PageTitle, Row, Section, View};

const PERSON: &str = "person";
const ROLE: &str = "role";

/// Something that has to be done by a day.
#[derive(Clone, Debug)]
pub struct DueItem {
    /// The day.
    pub day: Date,
    /// The record; `None` for a file.
    pub record: Option<RecordName>,
    /// The kind of the record, in the plural.
    kinds: Option<Box<str>>,
    /// The record's title.
    pub title: Option<String>,
    /// The part of the record, such as an action.
    pub part: Option<String>,
    /// The list that the part is in, such as `actions`.
    parts: Option<Box<str>>,
    /// The identifiers of those who answer for it, or as written.
    pub owner_ids: Vec<String>,
    /// The records of those who have to act, as far as the directory has them.
    named: Vec<RecordName>,
    /// The owner by name, or the deputy of an owner who has left.
    pub owners: Vec<String>,
    /// The owners by name, and their deputies.
    people: Vec<String>,
    /// What to do.
    pub task: String,
    /// What to know before doing it; mostly empty.
    pub note: String,
    /// The rule that asks for it; `None` if the records alone name the day.
    pub rule: Option<Arc<str>>,
    /// True if the task is to keep the records up to date.
    pub is_upkeep: bool,
    /// True if it is for the addressee of the view.
    is_wanted: bool,
    /// Where the day is written, or would be.
    pub place: Place,
    /// The same as long as it is about the same place, whatever the day.
    pub uid: String,
}

impl DueItem {
    /// Returns the identifier of the record, or the path of the file, and the part.
    fn short_name(&self) -> String {
        let name = self.record.as_ref().map_or(&**self.place.source.path(), |record| &*record.id);
        match (&self.part, &self.title) {
            (Some(part), _) => format!("{name}: {part}"),
            (None, Some(title)) if !title.is_empty() && title != name => format!("{name} {title}"),
            (None, _) => name.to_owned(),
        }
    }

    /// Returns the names of the people who have to act, or `nobody`.
    pub fn owners_or_nobody(&self) -> String {
        if self.owners.is_empty() { "nobody".to_owned() } else { self.owners.join(", ") }
    }

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

/// Who has to act.
struct Acting<'i> {
    text: String,
    record: Option<&'i Record>,
    /// The deputy of an owner who has left.
    stand_in: Option<&'i Record>,
}

/// Returns the owners; for one who has left, the first one above them who is still here.
fn acting<'i>(input: &'i Input, owners: &[Reference<'i>], today: Date) -> Vec<Acting<'i>> {
    let act = |owner: &Reference<'i>| {
        let name = who::name(input, owner);
        match owner.target {
            Target::Record(number) if who::has_left(input.record(number), today) => {
                let above =
                    input.superiors(input.record(number)).into_iter().find(|who| !who::has_left(who, today));
                let text = match above {
                    Some(above) => format!("{} for {name}, who has left", input.full_name(above)),
                    None => format!("{name}, who has left"),
                };
                Acting { text, record: above, stand_in: above }
            }
            Target::Unknown => {
                let text = format!("{name}, who is not in the directory");
                Acting { text, record: None, stand_in: None }
            }
            _ => {
                let record = owner.target.record().map(|number| input.record(number));
                Acting { text: name, record, stand_in: None }
            }
        }
    };
    owners.iter().map(act).collect()
}

/// Returns the names of the owners and of those who act for them.
fn people(input: &Input, owners: &[Reference], acting: &[Acting]) -> Vec<String> {
    let acting = acting.iter().filter_map(|one| one.record).map(Ok);
    let owners = owners
        .iter()
        .map(|owner| owner.target.record().map_or(Err(owner), |number| Ok(input.record(number))));
    let mut people: Vec<String> = Vec::new();
    for one in acting.chain(owners) {
        let holders = one.ok().filter(|record| *record.kind.name == *ROLE);
        let holders = holders.and_then(|role| input.people_of(role, None)).unwrap_or_default();
        let names = match (one, &holders[..]) {
            (Ok(record), []) => vec![input.full_name(record)],
            (Err(owner), []) => vec![who::name(input, owner)],
            _ => holders.iter().map(|person| input.full_name(person)).collect(),
        };
        people.extend(names.into_iter().filter(|name| !people.contains(name)).collect::<Vec<_>>());
    }
    people
}

/// Describes the days, for which one answers if `who` is given.
pub fn items(
    input: &Input,
    days: Vec<DueDay>,
    who: Option<&Who>,
    today: Date,
    upkeep: &[Arc<str>],
) -> Vec<DueItem> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut items = Vec::new();
    for due in days {
        let excused = excused(input, &due.finding.place).filter(|_| due.record.is_none());
        let record =
            due.record.map(|number| input.record(number)).or(excused.as_ref().map(|(record, _)| *record));
        let part = due.item.as_ref().map(|(span, _)| *span);
        let owners = record.map(|record| who::owners_of_part(input, record, part)).unwrap_or_default();
        let anchor = due.anchor.to_string();
        let uses = seen.entry(anchor.clone()).and_modify(|uses| *uses += 1).or_insert(1);
        let uid = if *uses == 1 { anchor } else { format!("{anchor}-{uses}") };
        let mut acting = acting(input, &owners, today);
        // The nearest superior answers for a person's entry in the directory; without a superior, the person does.
        if let Some(person) = record.filter(|record| owners.is_empty() && *record.kind.name == *PERSON) {
            let above = input.superiors(person).into_iter().find(|above| !who::has_left(above, today));
            let acts = above.unwrap_or(person);
            acting.push(Acting { text: input.full_name(acts), record: Some(acts), stand_in: Some(acts) });
        }
        let is_wanted = |who: &Who| {
            answers(who, &owners, &acting)
                || record.is_some_and(|record| who.is_named_in(record, part))
                || record.is_some_and(|record| who.is_forum_of(input, record))
                || record.is_some_and(|record| who.answers(&who::teams(input, record)))
                || due
                    .finding
                    .related
                    .iter()
                    .any(|related| is_of_one_who_left(input, &related.place, who, today))
        };
        let is_wanted = who.is_none_or(is_wanted);
        if !is_wanted && !who.is_some_and(Who::is_about) {
            continue;
        }
        items.push(DueItem {
            day: due.day,
            record: due.finding.record.or_else(|| excused.as_ref().map(|(record, _)| input.name_of(record))),
            kinds: record.map(|record| record.kind.plural.clone()),
            title: record.and_then(|record| record.title.as_deref().map(str::to_owned)),
            parts: record.zip(part).and_then(|(record, part)| list_around(record, part)),
            part: excused.map(|(_, comment)| comment).or(due.item.map(|(_, name)| name)),
            owner_ids: owners.iter().map(|owner| who::id(input, owner).to_owned()).collect(),
            named: acting.iter().filter_map(|one| one.record).map(|record| input.name_of(record)).collect(),
            people: [people(input, &owners, &acting), team_names(input, record)].concat(),
            owners: acting.into_iter().map(|one| one.text).collect(),
            task: due.task,
            note: match due.day < today && today <= due.unreported_until {
                true => format!("a check reports it only after {}", due.unreported_until),
                false => String::new(),
            },
            is_wanted,
            is_upkeep: upkeep.contains(&due.finding.rule),
            rule: Some(due.finding.rule),
            place: due.finding.place,
            uid,
        });
    }
    items
}

/// Returns true for a place in the entry of a person who has left, if the view is for that person.
fn is_of_one_who_left(input: &Input, place: &Place, who: &Who, today: Date) -> bool {
    record_at(input, place)
        .map(|number| input.record(number))
        .is_some_and(|record| *record.kind.name == *PERSON && who::has_left(record, today) && who.has(record))
}

/// Returns the record about which a comment at a place suppresses findings, and the words for the comment.
fn excused<'i>(input: &'i Input, place: &Place) -> Option<(&'i Record, String)> {
    let file = input.file_at(place.source.path())?;
    let ignore = file
        .ignores
        .iter()
        .find(|ignore| ignore.span.contains(place.span) || place.span.contains(ignore.span))?;
    let scope = Place { source: file.source().clone(), span: ignore.scope };
    let rule = &ignore.directive.as_ref().ok()?.rule;
    Some((input.record(record_at(input, &scope)?), format!("the comment that excuses `{rule}`")))
}

/// The names of the teams that a record is about.
fn team_names(input: &Input, record: Option<&Record>) -> Vec<String> {
    let teams = record.map(|record| who::teams(input, record)).unwrap_or_default();
    teams.iter().filter(|team| team.target.record().is_some()).map(|team| who::name(input, team)).collect()
}

/// Returns the words of the field that a part of a record is in.
fn list_around(record: &Record, part: Span) -> Option<Box<str>> {
    let entries = record.fields.as_mapping()?.entries();
    let entry = entries
        .iter()
        .find(|entry| entry.value.as_sequence().is_some() && entry.value.span.contains(part))?;
    Some(entry.key.name.replace('-', " ").into())
}

fn answers(who: &Who, owners: &[Reference], acting: &[Acting]) -> bool {
    who.answers(owners)
        || who.is_nobody() && acting.is_empty()
        || acting.iter().filter_map(|one| one.stand_in).any(|record| who.has(record))
}

/// Describes the entries of a baseline that end until a day.
pub fn baseline_items(
    input: &Input,
    baseline: &Baseline,
    until: Date,
    who: Option<&Who>,
    today: Date,
) -> Vec<DueItem> {
    let ending = baseline.entries.iter().filter_map(|entry| Some((entry, entry.until?)));
    let ending = ending.filter(|(_, end)| *end <= until);
    let items = ending.filter_map(|(entry, end)| {
        let name = entry.subject.record().and_then(|name| name.split_once('/'));
        let record = name.and_then(|(kind, id)| {
            let of_kind = input.of_kind(kind).iter().map(|&number| input.record(number));
            of_kind.into_iter().find(|record| *record.id == *id)
        });
        let owners = record.map(|record| who::owners(input, record)).unwrap_or_default();
        let acting = acting(input, &owners, today);
        let is_named = |who: &Who| record.is_some_and(|record| who.is_named_in(record, None));
        let is_wanted = who.is_none_or(|who| answers(who, &owners, &acting) || is_named(who));
        is_wanted.then(|| DueItem {
            day: end,
            record: record.map(|record| input.name_of(record)),
            kinds: record.map(|record| record.kind.plural.clone()),
            title: record.and_then(|record| record.title.as_deref().map(str::to_owned)),
            parts: None,
            part: Some(format!("accepted in the baseline until {end}")),
            owner_ids: owners.iter().map(|owner| who::id(input, owner).to_owned()).collect(),
            named: acting.iter().filter_map(|one| one.record).map(|record| input.name_of(record)).collect(),
            people: people(input, &owners, &acting),
            owners: acting.into_iter().map(|one| one.text).collect(),
            task: "fix the finding, or give its entry a new `until`".to_owned(),
            note: String::new(),
            rule: Some((*entry.rule).into()),
            is_upkeep: true,
            is_wanted: true,
            place: Place { source: baseline.source.clone(), span: entry.span },
            uid: format!("baseline-{}", entry.fingerprint),
        })
    });
    items.collect()
}

/// The columns of a section of the page `due` that say when, what to do, and what to know before that.
const DAY: &str = "day";
const TASK: &str = "task";
const NOTE: &str = "note";

fn position(spec: &SectionSpec, key: &str) -> Option<usize> {
    spec.columns.iter().position(|column| *column.key == *key)
}

/// Describes the days that the rows of a section name, for which one answers if `who` is given. The addressees of a row have
/// to act, or else the owners of its record.
pub fn row_items(
    input: &Input,
    spec: &SectionSpec,
    rows: &[FoundRow],
    until: Date,
    who: Option<&Who>,
    today: Date,
) -> Vec<DueItem> {
    let (Some(day_at), Some(task_at)) = (position(spec, DAY), position(spec, TASK)) else {
        return Vec::new();
    };
    let note_at = position(spec, NOTE);
    let item = |row: &FoundRow| {
        let day = parse_date(&row.cells[day_at].text).filter(|day| *day <= until)?;
        let record = input.record(row.record?);
        let owners = who::owners(input, record);
        let addressees: Vec<&Record> = row
            .concerns
            .iter()
            .filter_map(|one| match one {
                Concerned::Record(number) => Some(input.record(*number)),
                Concerned::Name(_) => None,
            })
            .collect();
        let is_twice = |person: &&Record| {
            let is_holder = |role: &&&Record| {
                *role.kind.name == *ROLE
                    && input
                        .people_of(role, None)
                        .is_some_and(|people| people.iter().any(|one| one.number == person.number))
            };
            addressees.iter().find(is_holder).is_some()
        };
        let mut known = HashSet::new();
        let mut is_new = |one: &&Record| !is_twice(one) && known.insert(one.number);
        let addressees: Vec<&Record> = addressees.iter().copied().filter(|one| is_new(one)).collect();
        let acting = match addressees[..] {
            [] => acting(input, &owners, today),
            _ => addressees
                .iter()
                .map(|record| Acting { text: input.full_name(record), record: Some(record), stand_in: None })
                .collect(),
        };
        let is_wanted = |who: &Who| {
            answers(who, &owners, &acting)
                || who.is_named_in(record, None)
                || who.is_concerned(&row.concerns)
                || who.answers(&who::teams(input, record))
        };
        let is_wanted = who.is_none_or(is_wanted);
        if !is_wanted && !who.is_some_and(Who::is_about) {
            return None;
        }
        let owner_ids = match addressees[..] {
            [] => owners.iter().map(|owner| who::id(input, owner).to_owned()).collect(),
            _ => addressees.iter().map(|record| record.id.to_string()).collect(),
        };
        let own = if addressees.is_empty() { &owners[..] } else { &[] };
        Some(DueItem {
            day,
            record: Some(input.name_of(record)),
            kinds: Some(record.kind.plural.clone()),
            title: record.title.as_deref().map(str::to_owned),
            part: None,
            parts: None,
            owner_ids,
            named: acting.iter().filter_map(|one| one.record).map(|record| input.name_of(record)).collect(),
            people: [people(input, own, &acting), team_names(input, Some(record))].concat(),
            owners: acting.into_iter().map(|one| one.text).collect(),
            task: row.cells[task_at].text.clone(),
            note: note_at.map(|at| row.cells[at].text.clone()).unwrap_or_default(),
            rule: None,
            is_upkeep: false,
            is_wanted,
            place: row.place.clone(),
            uid: format!("{}-{}-{}", spec.title, record.kind.name, record.id)
                .replace(' ', "-")
                .to_lowercase(),
        })
    };
    rows.iter().filter_map(item).collect()
}

/// Adds what the rows of a section without a task say: to what is due of their record or item, on their day if they have one.
pub fn add_notes(input: &Input, items: &mut [DueItem], spec: &SectionSpec, rows: &[FoundRow]) {
    let (Some(note_at), None) = (position(spec, NOTE), position(spec, TASK)) else { return };
    let day_at = position(spec, DAY);
    for row in rows {
        let note = &row.cells[note_at].text;
        let Some(record) = row.record.map(|number| input.name_of(input.record(number))) else { continue };
        let day = day_at.and_then(|at| parse_date(&row.cells[at].text));
        let is_meant = |item: &&mut DueItem| {
            item.record.as_ref() == Some(&record)
                && item.place.source.path() == row.place.source.path()
                && row.item.map_or(item.part.is_none(), |part| part.contains(item.place.span))
                && (day_at.is_none() || day == Some(item.day))
        };
        for item in items.iter_mut().filter(is_meant).filter(|_| !note.is_empty()) {
            let before = if item.note.is_empty() { String::new() } else { format!("{}; ", item.note) };
            item.note = format!("{before}{note}");
        }
    }
}

/// Adds the items whose record and day no rule names: the task of a rule is more precise.
pub fn add(items: &mut Vec<DueItem>, rows: Vec<DueItem>) {
    let whole = items.iter().filter(|item| item.part.is_none());
    let mut known: HashMap<(Option<RecordName>, Date), bool> = HashMap::new();
    for item in whole {
        *known.entry((item.record.clone(), item.day)).or_default() |= item.is_wanted;
    }
    // An item that is left out in the end hides none that is wanted.
    let is_hidden = |row: &DueItem| {
        known.get(&(row.record.clone(), row.day)).is_some_and(|is_wanted| *is_wanted || !row.is_wanted)
    };
    items.extend(rows.into_iter().filter(|row| !is_hidden(row)));
    items.sort_by_key(|item| item.day);
}

/// Leaves out what is neither for the addressee nor names it in its words.
pub fn keep_wanted(items: &mut Vec<DueItem>, who: Option<&Who>) {
    let is_told = |item: &DueItem| who.is_some_and(|who| who.is_told(&item.task) || who.is_told(&item.note));
    items.retain(|item| item.is_wanted || is_told(item));
}

/// Returns what each person has to do, by the person's name: the day, and on what.
pub fn by_person(input: &Input, items: &[DueItem], today: Date) -> HashMap<String, Vec<String>> {
    let mut tasks: HashMap<String, Vec<String>> = HashMap::new();
    let mut upkeep: HashMap<String, usize> = HashMap::new();
    for item in items {
        let late = if item.day < today { ", overdue" } else { "" };
        let name = match (&item.part, &item.record) {
            (Some(part), Some(record)) => format!("{part} ({} {})", record.kind, record.id),
            _ => item.short_name(),
        };
        let note =
            if item.note.is_empty() { String::new() } else { format!(": {}", item.note.replace("; ", ", ")) };
        let text = format!("{} {name}{late}{note}", item.day);
        let acting = item.named.iter().filter_map(|name| {
            let numbers = input.of_kind(&name.kind).iter();
            numbers.map(|&number| input.record(number)).find(|record| record.id == name.id)
        });
        let people = acting.flat_map(|record| input.people_of(record, None).unwrap_or_default());
        let names: HashSet<String> = people.map(|person| input.full_name(person)).collect();
        for name in names {
            match item.is_upkeep {
                true => *upkeep.entry(name).or_default() += 1,
                false => tasks.entry(name).or_default().push(text.clone()),
            }
        }
    }
    for (name, count) in upkeep {
        tasks.entry(name).or_default().push(format!("{count} to bring up to date in the records"));
    }
    tasks
}

/// Whether items that ask the same until the same day share a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Each has its own.
    Each,
    /// Like items share a row.
    Shared,
}

/// The least number of items that share a row.
const SHARED: usize = 3;
/// The most items that a row names.
const NAMED: usize = 24;
/// The most later items of a kind that are named.
const LATER_NAMED: usize = 6;

/// The last day after `until` whose items are counted.
pub fn horizon(until: Date) -> Date {
    const LATER: &str = "3 months";
    Duration::parse(LATER).map_or(until, |months| months.add_to(until))
}

/// Lays the items out: those whose day has passed before the others, and the `later` ones as a count for each kind if items share rows. `who` are the
/// words about the addressee.
pub fn view(
    (items, later): (&[DueItem], &[DueItem]),
    until: Date,
    as_of: Date,
    who: Option<&str>,
    layout: Layout,
) -> View {
    let (upkeep, acts): (Vec<&DueItem>, Vec<&DueItem>) = items.iter().partition(|item| item.is_upkeep);
    let (overdue, upcoming): (Vec<&DueItem>, Vec<&DueItem>) =
        acts.into_iter().partition(|item| item.day < as_of);
    let (stale, staling): (Vec<&DueItem>, Vec<&DueItem>) =
        upkeep.into_iter().partition(|item| item.day < as_of);
    let page = Arc::new(PageTitle {
        name: "due".into(),
        command: "due".to_owned(),
        title: "What falls due".to_owned(),
        about: String::new(),
    });
    let section = |title: String, items: &[&DueItem], empty: Option<String>| Section {
        page: page.clone(),
        title,
        empty,
        columns: columns(),
        rows: rows(items, as_of, layout),
        drawing: None,
        tally: None,
        counts: Vec::new(),
        is_table: false,
        left_out: 0,
        absent_kinds: Vec::new(),
    };
    View {
        name: "due".into(),
        title: match who {
            Some(who) => format!("What falls due {who}"),
            None => "What falls due".to_owned(),
        },
        as_of,
        note: None,
        sections: vec![
            section("Overdue".to_owned(), &overdue, None),
            section(format!("Until {until}"), &upcoming, Some("nothing falls due".to_owned())),
            section("To bring up to date in the records, overdue".to_owned(), &stale, None),
            section(format!("To bring up to date in the records until {until}"), &staling, None),
            Section {
                columns: vec![
                    Column::head("day", "from"),
                    Column::head("what", "what"),
                    Column::detail("which", "which"),
                ],
                rows: if layout == Layout::Shared { later_rows(later) } else { Vec::new() },
                ..section(format!("After {until}, until {}", horizon(until)), &[], None)
            },
        ],
    }
}

/// A row for each kind of record or part that falls due later, with the first ones and their days.
fn later_rows(items: &[DueItem]) -> Vec<Row> {
    let mut by_kind: Vec<(&str, Vec<&DueItem>)> = Vec::new();
    for item in items.iter().filter(|item| !item.is_upkeep) {
        let kinds = item.parts.as_deref().or(item.kinds.as_deref()).unwrap_or("files");
        match by_kind.iter_mut().find(|(known, _)| *known == kinds) {
            Some((_, group)) => group.push(item),
            None => by_kind.push((kinds, vec![item])),
        }
    }
    let row = |(kinds, group): (&str, Vec<&DueItem>)| {
        let named = group.iter().take(LATER_NAMED).map(|item| format!("{} {}", item.day, item.short_name()));
        let more = group.len().saturating_sub(LATER_NAMED);
        let more = (more > 0).then(|| format!("and {more} more"));
        let texts = [
            group[0].day.to_string(),
            match (&group[..], group[0].parts.is_some()) {
                ([_], true) => format!("1 of {kinds}"),
                ([only], false) => format!("1 {}", only.record.as_ref().map_or("file", |it| &*it.kind)),
                _ => format!("{} {kinds}", group.len()),
            },
            named.chain(more).collect::<Vec<_>>().join("; "),
        ];
        Row::about(None, None, texts.into_iter().map(Cell::text).collect())
    };
    by_kind.into_iter().map(row).collect()
}

/// The column of those who have to act.
const OWNER: usize = 6;

fn columns() -> Vec<Column> {
    vec![
        Column::head("day", "day"),
        Column::head("when", "when"),
        Column::head("what", "what"),
        Column::head("title", "title"),
        Column::detail(TASK, "to do"),
        Column::detail(NOTE, "but"),
        Column { index: Some(NameSpec::Name), ..Column::detail("owner", "for") },
        Column::detail("rule", "rule"),
    ]
}

fn rows(items: &[&DueItem], as_of: Date, layout: Layout) -> Vec<Row> {
    if layout == Layout::Each {
        return items.iter().map(|item| row(item, as_of)).collect();
    }
    let mut alike: Vec<Vec<&DueItem>> = Vec::new();
    let mut known: HashMap<(Date, Option<&str>, [&str; 2]), usize> = HashMap::new();
    for item in items {
        let asked = [&*item.task, &*item.note];
        let at = *known.entry((item.day, item.rule.as_deref(), asked)).or_insert(alike.len());
        match alike.get_mut(at) {
            Some(group) => group.push(item),
            None => alike.push(vec![item]),
        }
    }
    alike
        .into_iter()
        .flat_map(|group| match group[..] {
            [first, ..] if group.len() >= SHARED => vec![shared_row(first, &group, as_of)],
            _ => group.into_iter().map(|item| row(item, as_of)).collect(),
        })
        .collect()
}

/// A row for items that ask the same, with the names of each owner's.
fn shared_row(first: &DueItem, items: &[&DueItem], as_of: Date) -> Row {
    let kinds =
        first.kinds.as_deref().filter(|kinds| items.iter().all(|it| it.kinds.as_deref() == Some(kinds)));
    let records: HashSet<_> = items.iter().map(|item| item.record.as_ref()).collect();
    let parts =
        first.parts.as_deref().filter(|parts| items.iter().all(|it| it.parts.as_deref() == Some(parts)));
    let count = match parts.filter(|_| records.len() < items.len()) {
        Some(parts) => {
            let of =
                if records.len() == 1 { first.record.as_ref().map(|record| &*record.kind) } else { kinds };
            format!("{} {parts} of {} {}", items.len(), records.len(), of.unwrap_or("records"))
        }
        None => format!("{} {}", items.len(), kinds.unwrap_or("records")),
    };
    let mut by_owners: Vec<(String, Vec<String>)> = Vec::new();
    for item in items.iter().take(NAMED) {
        let owners = item.owners_or_nobody();
        match by_owners.iter_mut().find(|(known, _)| *known == owners) {
            Some((_, names)) => names.push(item.short_name()),
            None => by_owners.push((owners, vec![item.short_name()])),
        }
    }
    let mut owners: Vec<String> =
        by_owners.iter().map(|(owners, names)| format!("{owners} ({})", names.join(", "))).collect();
    if items.len() > NAMED {
        owners.push(format!("and {} more", items.len() - NAMED));
    }
    let texts = [
        first.day.to_string(),
        relative_date(first.day, as_of),
        count,
        String::new(),
        first.task.clone(),
        first.note.clone(),
        owners.join("; "),
        first.rule.as_deref().unwrap_or_default().to_owned(),
    ];
    let mut cells: Vec<Cell> = texts.into_iter().map(Cell::text).collect();
    let mut shares: BTreeMap<&String, usize> = BTreeMap::new();
    for name in items.iter().flat_map(|item| &item.people) {
        *shares.entry(name).or_default() += 1;
    }
    for (name, share) in shares {
        cells[OWNER].people.push(name.clone());
        cells[OWNER].shares.push(Some(share).filter(|share| *share < items.len()));
    }
    Row::about(None, None, cells)
}

fn row(item: &DueItem, as_of: Date) -> Row {
    let texts = [
        item.day.to_string(),
        relative_date(item.day, as_of),
        item.name(),
        item.title.clone().unwrap_or_default(),
        item.task.clone(),
        item.note.clone(),
        item.owners_or_nobody(),
        item.rule.as_deref().unwrap_or_default().to_owned(),
    ];
    let mut cells: Vec<Cell> = texts.into_iter().map(Cell::text).collect();
    cells[OWNER].named.clone_from(&item.named);
    cells[OWNER].people.clone_from(&item.people);
    Row::about(item.record.clone(), Some(item.place.clone()), cells)
}
