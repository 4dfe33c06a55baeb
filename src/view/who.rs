//! Who answers for a record, and whether that is the person, role or team that a view is for.

use std::collections::{BTreeSet, HashSet};

use jiff::civil::Date;

use crate::catalog::{Reference, Target};
use crate::check::{Concerned, FoundCell};
use crate::finding::{Fault, Finding};
use crate::input::Input;
use crate::record::{Record, without_titles};
use crate::rule::ACCOUNTABLE_KINDS;
use crate::schema::{did_you_mean, nearest};
use crate::text::Span;

use super::Section;
use super::named::Named;
use super::page::record_at;

/// A kind of the directory whose records may be nested.
const TEAM: &str = "team";
/// The field of minutes that names the forum.
const FORUM: &str = "forum";
/// The most teams that a heading names.
const NAMED_TEAMS: usize = 3;

/// The fields that name those whom a record is about.
const UNIT_FIELDS: [&str; 2] = ["team", "who"];

/// A person, role or team with its members and holders; or a name that the directory lacks, such as that of a partner.
#[derive(Debug)]
pub struct Who {
    text: String,
    /// As the directory writes it, for a heading.
    name: String,
    /// The records of the directory that answer through it, such as the roles that a person holds.
    records: HashSet<u32>,
    /// Where it is named, if it answers for nothing.
    named: Option<Named>,
    /// True if it selects what has no owner.
    is_nobody: bool,
}

/// The word for what has no owner.
pub const NOBODY: &str = "nobody";

impl Who {
    /// Finds a person, role or team by a name; else what else has the name, or is named so by several records.
    ///
    /// # Errors
    /// Neither the directory nor the owner of a record has the name, and at most one record contains it.
    pub fn find(input: &Input, text: &str) -> Result<Who, Fault> {
        let text = id_of_kind(input, text).unwrap_or(text);
        let named: Vec<&Record> = directory(input).filter(|record| input.is_named(record, text)).collect();
        let who = Who {
            text: folded(text),
            name: named.first().map_or_else(|| text.to_owned(), |who| name_with_below(input, who)),
            records: named.iter().flat_map(|who| stands_for(input, who)).collect(),
            named: None,
            is_nobody: named.is_empty() && folded(text) == NOBODY,
        };
        if who.is_nobody {
            return Ok(who);
        }
        // Actions and key results have owners of their own.
        let of_parts = |record| input.references(record).filter(answers_for_part);
        let owners = || {
            input
                .records()
                .iter()
                .flat_map(|record| owners(input, record).into_iter().chain(of_parts(record)))
        };
        if !named.is_empty() || owners().any(|owner| who.is(&owner)) {
            return Ok(who);
        }
        // A first name, where one person alone has it.
        if let Some(only) = only_with_word(directory(input), |word| word == who.text) {
            return Who::find(input, only);
        }
        if let Some(named) = Named::find(input, text) {
            let (name, records) = (named.name.clone(), named.bearers.clone());
            return Ok(Who { name, records, named: Some(named), ..who });
        }
        let fault = Fault::new(format!(
            "`{text}` is no person, role or team here, no record names it as owner, and no two contain it"
        ));
        let owners: Vec<Reference> = owners().collect();
        let names = owners.iter().map(Reference::text).chain(directory(input).map(|record| &*record.id));
        let near = nearest(text, names)
            .or_else(|| nearest(text, names_in_titles(input).filter(|name| folded(name) != who.text)));
        let begun = || {
            only_with_word(directory(input), |word| !text.trim().is_empty() && word.starts_with(&who.text))
        };
        Err(match near.or_else(begun) {
            Some(near) => fault.help(did_you_mean(near)),
            None => fault.help("list the directory with `alignlint records person`, `role` and `team`"),
        })
    }

    /// Returns the name with the word before it in a heading: `for Bo Ek`, `about a partner`.
    pub fn heading(&self) -> String {
        format!("{} {}", if self.named.is_some() { "about" } else { "for" }, self.name)
    }

    /// Returns true if it answers for nothing, and a record, or a part of it, has or contains its name.
    pub fn is_named_in(&self, record: &Record, part: Option<Span>) -> bool {
        self.named.as_ref().is_some_and(|named| named.is_in(record, part))
    }

    /// Returns true if it answers for nothing, and a text has the identifier of one of its records.
    pub fn is_told(&self, text: &str) -> bool {
        self.named.as_ref().is_some_and(|named| named.is_told(text))
    }

    /// Returns true if it answers for nothing, and the cells name one of its records.
    pub fn is_told_in(&self, cells: &[FoundCell]) -> bool {
        let is_told = |named: &Named, cell: &FoundCell| {
            cell.named.iter().any(|number| named.bearers.contains(number)) || named.is_told(&cell.text)
        };
        self.named.as_ref().is_some_and(|named| cells.iter().any(|cell| is_told(named, cell)))
    }

    /// Returns true if it is the forum whose session a record is.
    pub fn is_forum_of(&self, input: &Input, record: &Record) -> bool {
        let is_meant =
            |named: &Named| input.targets(record, FORUM).any(|it| named.bearers.contains(&it.number));
        self.named.as_ref().is_some_and(is_meant)
    }

    /// Returns true if it answers for nothing.
    pub fn is_about(&self) -> bool {
        self.named.is_some()
    }

    /// Lists what names it, if it answers for nothing.
    pub fn sections(&self, input: &Input, today: Date) -> Vec<Section> {
        self.named.as_ref().map(|named| named.sections(input, today)).unwrap_or_default()
    }

    /// Returns true if it is an addressee of the row.
    pub fn is_concerned(&self, concerns: &[Concerned]) -> bool {
        concerns.iter().any(|one| match one {
            Concerned::Record(number) => self.records.contains(number),
            Concerned::Name(name) => folded(name) == self.text,
        })
    }

    /// Returns true if it stands for a record of the directory.
    pub fn has(&self, record: &Record) -> bool {
        self.records.contains(&record.number)
    }

    /// Returns true if one of the owners is this one.
    pub fn answers<'o, 'c: 'o>(&self, owners: impl IntoIterator<Item = &'o Reference<'c>>) -> bool {
        owners.into_iter().any(|owner| self.is(owner))
    }

    /// Returns true if one of the owners of a record, or of a part of it, is this one.
    pub fn answers_for(&self, record: &Record, owners: &[Reference]) -> bool {
        self.answers(owners) || self.is_nobody && owners.is_empty() && !record.accountable().is_empty()
    }

    /// Returns true if it selects what has no owner.
    pub fn is_nobody(&self) -> bool {
        self.is_nobody
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

/// Returns the `D-7` of `decision/D-7` if there is such a record.
fn id_of_kind<'t>(input: &Input, text: &'t str) -> Option<&'t str> {
    let (kind, id) = text.split_once('/')?;
    input.records().iter().any(|record| *record.kind.name == *kind && *record.id == *id).then_some(id)
}

/// Returns true if it names who does a part of a record, such as an action.
fn answers_for_part(reference: &Reference) -> bool {
    reference.path.ends_with(".owner") || reference.path.ends_with(".with")
}

/// Returns the identifier of the only record with such a word, in lower case, in its name or identifier.
fn only_with_word<'c>(
    records: impl Iterator<Item = &'c Record>,
    is_wanted: impl Fn(&str) -> bool,
) -> Option<&'c str> {
    let has_word = |name: &str| name.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(&is_wanted);
    let mut named = records.filter(|record| has_word(&record.id) || has_word(record.name()));
    named.next().map(|record| &*record.id).filter(|_| named.next().is_none())
}

/// Returns the words with capital letters in titles, and the names of records of own kinds.
fn names_in_titles(input: &Input) -> impl Iterator<Item = &str> {
    let is_word = |word: &&str| word.chars().count() > 3 && word.starts_with(char::is_uppercase);
    let own = input.records().iter().filter(|record| !record.kind.is_built_in());
    let words = input.records().iter().flat_map(|record| record.name().split(|c: char| !c.is_alphanumeric()));
    own.flat_map(|record| [&*record.id, record.name()]).chain(words.filter(is_word))
}

fn directory(input: &Input) -> impl Iterator<Item = &Record> {
    let numbers = ACCOUNTABLE_KINDS.iter().flat_map(|kind| input.of_kind(kind));
    numbers.map(|&number| input.record(number))
}

/// Returns the teams below a team, the nearest first; none for the team above most others, as the whole company would be below it.
fn teams_below<'i>(input: &'i Input, team: &Record) -> Vec<&'i Record> {
    if *team.kind.name != *TEAM {
        return Vec::new();
    }
    let teams: Vec<&Record> = input.of_kind(TEAM).iter().map(|&number| input.record(number)).collect();
    let mut below: Vec<&Record> = Vec::new();
    let mut above = HashSet::from([team.number]);
    loop {
        let is_next = |record: &&&Record| {
            !above.contains(&record.number)
                && input.targets(record, "parent").any(|parent| above.contains(&parent.number))
        };
        let next: Vec<&Record> = teams.iter().filter(is_next).copied().collect();
        if next.is_empty() {
            break;
        }
        above.extend(next.iter().map(|record| record.number));
        below.extend(next);
    }
    let is_top = input.targets(team, "parent").next().is_none() && 2 * below.len() >= teams.len();
    if is_top { Vec::new() } else { below }
}

/// Returns the name, and those of the teams below it.
fn name_with_below(input: &Input, who: &Record) -> String {
    let name = input.full_name(who);
    let below = teams_below(input, who);
    let names: Vec<String> = below.iter().map(|team| input.full_name(team)).collect();
    match &names[..] {
        [] => name,
        [rest @ .., last] if below.len() <= NAMED_TEAMS => match rest {
            [] => format!("{name} with {last}"),
            rest => format!("{name} with {} and {last}", rest.join(", ")),
        },
        _ => format!("{name} with the {} teams below it", below.len()),
    }
}

/// Returns the records of the directory whose people are all among those of `who`, with the teams that `who` leads, and the teams below a
/// team.
fn stands_for(input: &Input, who: &Record) -> HashSet<u32> {
    let numbers = |record: &Record| -> HashSet<u32> {
        let people = input.people_of(record, None).unwrap_or_default();
        people.into_iter().map(|person| person.number).collect()
    };
    let below = teams_below(input, who);
    let own: HashSet<u32> = below.iter().copied().chain([who]).flat_map(numbers).collect();
    let is_team = *who.kind.name == *TEAM;
    let leads = |record: &Record| {
        let mut leads = input.targets(record, "lead").peekable();
        !is_team && leads.peek().is_some() && leads.all(|lead| numbers(lead).is_subset(&own))
    };
    let is_part = |record: &&Record| {
        let people = numbers(record);
        !people.is_empty() && people.is_subset(&own) || leads(record)
    };
    let parts = directory(input).filter(is_part).chain(below.iter().copied());
    parts.map(|record| record.number).chain([who.number]).collect()
}

/// Returns the name in the directory, or as written if it has none.
pub(super) fn name(input: &Input, owner: &Reference) -> String {
    match owner.target {
        Target::Record(number) => input.full_name(input.record(number)),
        _ => owner.text().to_owned(),
    }
}

/// Returns the name, and that they have left.
pub(super) fn name_on(input: &Input, owner: &Reference, today: Date) -> String {
    let name = name(input, owner);
    match owner.target.record().is_some_and(|number| has_left(input.record(number), today)) {
        true => format!("{name}, who has left"),
        false => name,
    }
}

/// Returns true for a person whose last day is past.
pub(super) fn has_left(record: &Record, today: Date) -> bool {
    record.last_day().is_some_and(|last| last < today)
}

/// Returns who answers for a record: the references in the first accountable field that has any.
pub(super) fn owners<'c>(input: &'c Input, record: &'c Record) -> Vec<Reference<'c>> {
    let in_field =
        |field: &str| input.references(record).filter(|it| it.field() == field).collect::<Vec<_>>();
    let mut fields = record.accountable().iter().map(|field| in_field(field));
    fields.find(|found| !found.is_empty()).unwrap_or_default()
}

/// Returns the identifiers of a record's owners, or their names as written.
pub fn owner_ids<'c>(input: &'c Input, record: &'c Record) -> Vec<&'c str> {
    owners(input, record).iter().map(|owner| id(input, owner)).collect()
}

/// Returns the names of a record's owners, as the directory or the record writes them.
pub fn owner_names(input: &Input, record: &Record) -> String {
    owners(input, record).iter().map(|owner| name(input, owner)).collect::<Vec<_>>().join(", ")
}

/// Returns the identifier in the directory, or the name as written.
pub(super) fn id<'c>(input: &'c Input, owner: &Reference<'c>) -> &'c str {
    match owner.target.record() {
        Some(number) => &input.record(number).id,
        None => owner.text(),
    }
}

/// Returns who answers for a part of a record, such as an action; the record's owners if the part names no owner.
pub(super) fn owners_of_part<'c>(
    input: &'c Input,
    record: &'c Record,
    part: Option<Span>,
) -> Vec<Reference<'c>> {
    let is_own = |reference: &Reference| {
        part.is_some_and(|part| part.contains(reference.span)) && answers_for_part(reference)
    };
    let own: Vec<Reference> = input.references(record).filter(is_own).collect();
    if own.is_empty() { owners(input, record) } else { own }
}

/// The records that a finding is about, by their numbers.
fn records_of(input: &Input, finding: &Finding) -> BTreeSet<u32> {
    let places = finding.related.iter().map(|related| &related.place).chain([&finding.place]);
    places.filter_map(|place| record_at(input, place)).collect()
}

/// Returns the records of findings besides one, each with the teams and people that it is about and its owners: those of its
/// kind, or else all without people, roles and teams.
pub(super) fn others(input: &Input, findings: &[&Finding], own: Option<u32>) -> String {
    let kind = own.map(|number| &*input.record(number).kind.name);
    let of_finding = |finding: &&Finding| {
        let mut others = records_of(input, finding);
        others.retain(|number| Some(*number) != own);
        let is_alike = |number: &u32| Some(&*input.record(*number).kind.name) == kind;
        let alike: BTreeSet<u32> = others.iter().copied().filter(is_alike).collect();
        if alike.is_empty() { others } else { alike }
    };
    let records: BTreeSet<u32> = findings.iter().flat_map(of_finding).collect();
    let records = records.iter().map(|&number| input.record(number));
    let records = records.filter(|record| !ACCOUNTABLE_KINDS.contains(&&*record.kind.name));
    let names = |references: Vec<Reference>| {
        references.iter().map(|reference| name(input, reference)).collect::<Vec<_>>().join(", ")
    };
    let described = records.map(|record| {
        let is_unit = |reference: &Reference| UNIT_FIELDS.contains(&reference.field());
        let units = names(input.references(record).filter(is_unit).collect());
        let owners = names(owners(input, record));
        let title = if record.name() == &*record.id { "" } else { record.name() };
        let owners = if owners.is_empty() { owners } else { format!("owner {owners}") };
        let facts: Vec<String> = [units, owners].into_iter().filter(|fact| !fact.is_empty()).collect();
        let facts = if facts.is_empty() { String::new() } else { format!("({})", facts.join("; ")) };
        let parts = [&*record.id, title, &facts];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    });
    described.collect::<Vec<_>>().join("; ")
}

/// Returns for each finding about several records the nearest person who owns them all, or stands above their owners.
pub(super) fn settlers(input: &Input, findings: &[&Finding], today: Date) -> String {
    let mut names: Vec<String> = Vec::new();
    for finding in findings {
        let records = records_of(input, finding);
        let owned = records.iter().filter_map(|&number| owning_people(input, input.record(number)));
        let owned: Vec<Vec<u32>> = owned.collect();
        if owned.len() < records.len().max(2) {
            continue;
        }
        let above = |people: &Vec<u32>| -> Vec<u32> {
            let above = people.iter().flat_map(|&person| input.superiors(input.record(person)));
            let is_here = |person: &&Record| person.last_day().is_none_or(|last| last >= today);
            people.iter().copied().chain(above.filter(is_here).map(|person| person.number)).collect()
        };
        let chains: Vec<Vec<u32>> = owned.iter().map(above).collect();
        let both = if owned.len() == 2 { "both" } else { "all" };
        let nearest = chains[0].iter().find(|person| chains.iter().all(|chain| chain.contains(person)));
        let name = nearest.map(|person| {
            let how = match owned.iter().filter(|people| people.contains(person)).count() {
                0 => format!("above {both}"),
                count if count == owned.len() => format!("who owns {both}"),
                _ if owned.len() == 2 => "who owns one and stands above the other".to_owned(),
                _ => "who owns some and stands above the others".to_owned(),
            };
            format!("{}, {how}", input.full_name(input.record(*person)))
        });
        names.extend(name.filter(|name| !names.contains(name)));
    }
    // An empty cell would be left out of the row.
    if names.is_empty() { "not said".to_owned() } else { names.join("; ") }
}

/// Returns the numbers of the people who own a record; `None` if the directory does not know one of its owners.
fn owning_people(input: &Input, record: &Record) -> Option<Vec<u32>> {
    let people = |owner: &Reference| input.people_of(input.record(owner.target.record()?), None);
    let owners = owners(input, record);
    let people: Vec<Vec<&Record>> = owners.iter().map(people).collect::<Option<_>>()?;
    let numbers: Vec<u32> = people.into_iter().flatten().map(|person| person.number).collect();
    (!numbers.is_empty()).then_some(numbers)
}

/// Returns the teams that a record is about.
pub(super) fn teams<'c>(input: &'c Input, record: &'c Record) -> Vec<Reference<'c>> {
    input.references(record).filter(|reference| reference.field() == "team").collect()
}
