//! Who answers for a record, and whether that is the person, role or team that a view is for.

use std::collections::{BTreeSet, HashSet};

use jiff::civil::Date;

use crate::catalog::{Reference, Target};
use crate::finding::{Fault, Finding, Place};
use crate::input::Input;
use crate::record::{Record, without_titles};
use crate::rule::ACCOUNTABLE_KINDS;
use crate::schema::{meant_or, nearest};
use crate::text::Span;

/// A kind of the directory whose records may be nested.
const TEAM: &str = "team";
/// A kind whose sessions have minutes.
const FORUM: &str = "forum";
/// The fields that name those whom a record is about.
const UNIT_FIELDS: [&str; 2] = [TEAM, FORUM];

/// A person, role, team or forum, with its members and holders; or the name of an owner that the directory lacks.
#[derive(Debug)]
pub(crate) struct Who {
    text: String,
    /// As the directory writes it, for a heading.
    name: String,
    /// The records of the directory that answer through it, such as the roles that a person holds.
    records: HashSet<u32>,
    /// True if it selects what has no owner.
    pub(super) is_nobody: bool,
}

/// The word for what has no owner.
pub(super) const NOBODY: &str = "nobody";

impl Who {
    /// Finds a person, role, team or forum by a name, or by a word of it that no other has; or the owner of a record.
    pub(crate) fn find(input: &Input, text: &str) -> Result<Who, Fault> {
        let named: Vec<&Record> = directory(input).filter(|record| input.is_named(record, text)).collect();
        let who = Who {
            text: folded(text),
            name: named.first().map_or_else(|| text.to_owned(), |who| input.full_name(who)),
            records: named.iter().flat_map(|who| stands_for(input, who)).collect(),
            is_nobody: named.is_empty() && folded(text) == NOBODY,
        };
        // Actions and key results have owners of their own.
        let of_parts = |record| input.references(record).filter(answers_for_part);
        let owners = || {
            let records = input.records().iter();
            records.flat_map(|record| input.owner_references(record).into_iter().chain(of_parts(record)))
        };
        if who.is_nobody || !named.is_empty() || owners().any(|owner| who.is(&owner)) {
            return Ok(who);
        }
        if let Some(only) = only_with_word(directory(input), &who.text) {
            return Who::find(input, only);
        }
        let fault = Fault::new(format!("no person, role, team, forum or owner is named `{text}`"));
        let owners: Vec<Reference> = owners().collect();
        let names = owners.iter().map(Reference::text).chain(directory(input).map(|record| &*record.id));
        let list = "list the directory with `alignlint records person`, `role` and `team`";
        Err(fault.help(meant_or(nearest(text, names), list)))
    }

    /// Returns the name as the end of a heading: `for Bo Ek`.
    pub(crate) fn heading(&self) -> String {
        format!("for {}", self.name)
    }

    /// Returns true if it stands for a record of the directory.
    pub(super) fn has(&self, record: &Record) -> bool {
        self.records.contains(&record.number)
    }

    /// Returns true if a record is about this team or forum, or is it.
    pub(super) fn is_subject_of(&self, input: &Input, record: &Record) -> bool {
        let mut units = input.references(record).filter(|it| UNIT_FIELDS.contains(&it.field()));
        self.has(record) || units.any(|unit| self.is(&unit))
    }

    pub(super) fn answers(&self, owners: &[Reference]) -> bool {
        owners.iter().any(|owner| self.is(owner))
    }

    fn is(&self, owner: &Reference) -> bool {
        match owner.target {
            Target::Record(number) => self.records.contains(&number),
            _ => folded(owner.text()) == self.text,
        }
    }
}

/// Returns the name without titles and in lower case.
fn folded(name: &str) -> String {
    without_titles(name.trim_start_matches('@')).to_lowercase()
}

/// Returns true if it names who does a part of a record, such as an action.
fn answers_for_part(reference: &Reference) -> bool {
    reference.path.ends_with(".owner") || reference.path.ends_with(".with")
}

/// Returns the identifier of the only record with a word, in lower case, in its name or identifier.
fn only_with_word<'c>(records: impl Iterator<Item = &'c Record>, word: &str) -> Option<&'c str> {
    let has_word = |name: &str| name.to_lowercase().split(|c| !char::is_alphanumeric(c)).any(|it| it == word);
    let mut named = records.filter(|record| has_word(&record.id) || has_word(record.name()));
    named.next().map(|record| &*record.id).filter(|_| named.next().is_none())
}

fn directory(input: &Input) -> impl Iterator<Item = &Record> {
    let kinds = ACCOUNTABLE_KINDS.iter().chain([&FORUM]);
    let numbers = kinds.flat_map(|kind| input.of_kind(kind));
    numbers.map(|&number| input.record(number))
}

/// Returns the teams below a team, the nearest first.
fn teams_below<'i>(input: &'i Input, team: &'i Record) -> Vec<&'i Record> {
    let mut below: Vec<&Record> = Vec::new();
    let mut level = HashSet::from([team.number]);
    let mut above = level.clone();
    while !level.is_empty() {
        let teams = input.of_kind(TEAM).iter().map(|&number| input.record(number));
        let mut parts = teams.filter(|it| input.targets(it, "parent").any(|it| level.contains(&it.number)));
        let next: Vec<&Record> = parts.by_ref().filter(|part| above.insert(part.number)).collect();
        level = next.iter().map(|part| part.number).collect();
        below.extend(next);
    }
    below
}

/// Returns the records whose people are all among those of `who`, the teams that `who` leads, and the teams below a team.
fn stands_for(input: &Input, who: &Record) -> HashSet<u32> {
    let people = |record: &Record| -> HashSet<u32> {
        let people = input.people_of(record, None).unwrap_or_default();
        people.into_iter().map(|person| person.number).collect()
    };
    let is_team = *who.kind.name == *TEAM;
    let below = if is_team { teams_below(input, who) } else { Vec::new() };
    let own: HashSet<u32> = below.iter().copied().chain([who]).flat_map(people).collect();
    let are_own = |people: &HashSet<u32>| !people.is_empty() && people.is_subset(&own);
    let leads = |record: &Record| {
        let leads: Vec<&Record> = input.targets(record, "lead").collect();
        !is_team && !leads.is_empty() && leads.into_iter().all(|lead| people(lead).is_subset(&own))
    };
    let parts = directory(input).filter(|record| are_own(&people(record)) || leads(record));
    parts.chain(below.iter().copied()).chain([who]).map(|record| record.number).collect()
}

/// Returns the name in the directory, or as written if it has none.
pub(super) fn name(input: &Input, owner: &Reference) -> String {
    match owner.target {
        Target::Record(number) => input.full_name(input.record(number)),
        _ => owner.text().to_owned(),
    }
}

/// Returns true for a person whose last day is past.
pub(super) fn has_left(record: &Record, today: Date) -> bool {
    record.last_day().is_some_and(|last| last < today)
}

/// Returns the identifiers of a record's owners, or their names as written.
pub(crate) fn owner_ids<'c>(input: &'c Input, record: &'c Record) -> Vec<&'c str> {
    input.owner_references(record).iter().map(|owner| id(input, owner)).collect()
}

/// Returns the identifier in the directory, or the name as written.
pub(super) fn id<'c>(input: &'c Input, owner: &Reference<'c>) -> &'c str {
    match owner.target.record() {
        Some(number) => &input.record(number).id,
        None => owner.text(),
    }
}

/// Returns who answers for a part of a record, such as an action; the record's owners if the part names no owner.
pub(super) fn owners_of<'c>(input: &'c Input, record: &'c Record, part: Option<Span>) -> Vec<Reference<'c>> {
    let is_own = |reference: &Reference| {
        part.is_some_and(|part| part.contains(reference.span)) && answers_for_part(reference)
    };
    let own: Vec<Reference> = input.references(record).filter(is_own).collect();
    if own.is_empty() { input.owner_references(record) } else { own }
}

pub(super) fn record_at(input: &Input, place: &Place) -> Option<u32> {
    let numbers = input.file_at(place.source.path())?.records.clone();
    let records = input.records().get(numbers.start as usize..numbers.end as usize)?;
    let after = records.partition_point(|record| record.span.start <= place.span.start);
    let record = records.get(after.checked_sub(1)?)?;
    record.span.contains(place.span).then_some(record.number)
}

pub(super) fn records_of(input: &Input, finding: &Finding) -> BTreeSet<u32> {
    let places = finding.related.iter().map(|related| &related.place).chain([&finding.place]);
    places.filter_map(|place| record_at(input, place)).collect()
}
