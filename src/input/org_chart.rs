//! The organisation chart: which people a person, role or team stands for, today and before a change.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use ahash::{HashMap, HashMapExt};

use crate::catalog::Target;
use crate::history::FieldChanges;
use crate::kind::{FieldType, WHO};
use crate::limits;
use crate::record::Record;

use super::Input;

#[derive(Default)]
pub(super) struct OrgChart {
    /// The members of each role and team by their own records.
    memberships: OnceLock<HashMap<u32, Vec<Membership>>>,
    /// The roles of each person by the roles' records, in catalog order.
    roles: OnceLock<HashMap<u32, Vec<u32>>>,
}

/// A person's time in a role or team. Both ends are the [order](crate::history::Revision::order) of a change.
struct Membership {
    person: u32,
    /// `None` if it is as old as the history.
    from: Option<i64>,
    until: Option<i64>,
}

const MEMBERSHIP_FIELDS: [&str; 2] = ["roles", "team"];
impl Input {
    /// Returns the people that `field` of a record names, in catalog order: today, or before the change of an order, with what that adds.
    /// `None` if a name is not resolved, the record is newer than the change, or the field was empty before it.
    pub fn people(&self, record: &Record, field: &str, before: Option<i64>) -> Option<Vec<&Record>> {
        let named = self.named_in(record, field, before)?;
        let people = self.resolve_people(named, before)?;
        let is_known = before.is_none() || !people.is_empty();
        is_known.then(|| people.into_iter().map(|number| self.record(number)).collect())
    }

    /// Returns the people behind a person, role or team today, or before a change.
    pub fn people_of(&self, who: &Record, before: Option<i64>) -> Option<Vec<&Record>> {
        let people = self.resolve_people(vec![who.number], before)?;
        Some(people.into_iter().map(|number| self.record(number)).collect())
    }

    /// Returns the title of a record, or its identifier if it has none. A role's title is followed by its holders in brackets.
    pub fn full_name(&self, who: &Record) -> String {
        let holders: Vec<&str> = self.targets(who, "holder").map(|holder| holder.name()).collect();
        if holders.is_empty() {
            who.name().to_owned()
        } else {
            format!("{} ({})", who.name(), holders.join(", "))
        }
    }

    /// Returns the superiors of a person, role or team, nearest first: `reports-to`, the leads of their teams, and so on.
    pub fn superiors(&self, who: &Record) -> Vec<&Record> {
        let is_team = &*who.kind.name == "team";
        let mut seen = if is_team { BTreeSet::new() } else { self.people_behind(who.number) };
        let mut reached = Vec::new();
        let mut level: Vec<u32> = [who.number].into_iter().chain(seen.iter().copied()).collect();
        for _ in 0..limits::CHAIN {
            let mut next = Vec::new();
            level.iter().for_each(|&number| self.above(self.record(number), &mut next));
            next.retain(|&number| seen.insert(number));
            reached.extend(next.iter().map(|&number| self.record(number)));
            level = next;
        }
        reached.retain(|record| &*record.kind.name == "person");
        reached
    }

    /// Adds the records one level above. A person's team counts only if neither they nor their roles report to anybody.
    fn above(&self, record: &Record, next: &mut Vec<u32>) {
        let targets = |record: &Record, field: &str| -> Vec<u32> {
            self.targets(record, field).map(|target| target.number).collect()
        };
        match &*record.kind.name {
            "person" => {
                let lines = next.len();
                next.extend(targets(record, "reports-to"));
                for role in self.roles_of(record) {
                    self.above(role, next);
                }
                if next.len() == lines {
                    next.extend(targets(record, "team"));
                }
            }
            "role" => {
                for above in targets(record, "reports-to") {
                    next.extend(self.people_behind(above));
                    next.push(above);
                }
            }
            _ => {
                next.extend(targets(record, "lead").into_iter().flat_map(|lead| self.people_behind(lead)));
                next.extend(targets(record, "parent"));
            }
        }
    }

    fn people_behind(&self, who: u32) -> BTreeSet<u32> {
        self.resolve_people(vec![who], None).unwrap_or_default()
    }

    fn roles_of<'s>(&'s self, person: &'s Record) -> impl Iterator<Item = &'s Record> {
        let roles = self.derived.org_chart.roles.get_or_init(|| {
            let mut roles: HashMap<u32, Vec<u32>> = HashMap::new();
            for &role in self.of_kind("role") {
                for person in self.targets(self.record(role), "holder") {
                    roles.entry(person.number).or_default().push(role);
                }
            }
            roles
        });
        let by_role = roles.get(&person.number).into_iter().flatten();
        by_role.map(|&role| self.record(role)).chain(self.targets(person, "roles"))
    }

    fn resolve_people(&self, named: Vec<u32>, before: Option<i64>) -> Option<BTreeSet<u32>> {
        let mut people = BTreeSet::new();
        let mut seen: BTreeSet<u32> = BTreeSet::new();
        let mut open = named;
        while let Some(number) = open.pop() {
            if !seen.insert(number) {
                continue;
            }
            let record = self.record(number);
            let fields: &[&str] = match &*record.kind.name {
                "person" => {
                    people.insert(number);
                    continue;
                }
                "role" => &["holder"],
                "team" => &["lead", "members"],
                _ => continue,
            };
            for field in fields {
                open.extend(self.named_in(record, field, before)?);
            }
            let members = self.memberships().get(&number).into_iter().flatten();
            people.extend(members.filter(|member| member.is_active(before)).map(|member| member.person));
        }
        Some(people)
    }

    fn named_in(&self, record: &Record, field: &str, before: Option<i64>) -> Option<Vec<u32>> {
        let Some(before) = before else { return self.named_today(record, field) };
        let changes = self.changes(record, field)?;
        let at = match (0..changes.len()).rposition(|nth| changes.order(nth) < before) {
            Some(at) => at,
            None if changes.is_empty() => return Some(Vec::new()),
            None => {
                let first = changes.order(0);
                let is_initial = self.was_created_at(record, first);
                // A directory may be recorded later than it became true.
                let is_known = is_initial && WHO.contains(&&*record.kind.name);
                match first == before || is_known {
                    true => 0,
                    false if is_initial => return None,
                    false => return Some(Vec::new()),
                }
            }
        };
        if at + 1 == changes.len() {
            return self.named_today(record, field);
        }
        changes.value(at).map_or(Some(Vec::new()), |value| self.names_in(record, field, value))
    }

    fn was_created_at(&self, record: &Record, order: i64) -> bool {
        let created = self.history_of(record).and_then(|history| history.created(record));
        created.is_none_or(|created| created.order() == order)
    }

    fn named_today(&self, record: &Record, field: &str) -> Option<Vec<u32>> {
        if record.format_lacks(field) {
            return None;
        }
        let references = self.references(record).filter(|reference| reference.field() == field);
        references
            .filter(|reference| reference.target != Target::NotInBase) // counts as nobody
            .map(|reference| reference.target.record())
            .collect()
    }

    fn names_in(&self, record: &Record, field: &str, value: &str) -> Option<Vec<u32>> {
        let kinds: Vec<Arc<str>> = kinds_of(record, field);
        let one = |text: &str| self.catalog.resolve(record, &kinds, text).record();
        one(value).map(|number| vec![number]).or_else(|| value.split(", ").map(one).collect())
    }

    fn memberships(&self) -> &HashMap<u32, Vec<Membership>> {
        self.derived.org_chart.memberships.get_or_init(|| {
            let mut memberships = HashMap::new();
            for &person in self.of_kind("person") {
                for field in MEMBERSHIP_FIELDS {
                    self.add_memberships(self.record(person), field, &mut memberships);
                }
            }
            memberships
        })
    }

    fn add_memberships(&self, person: &Record, field: &str, memberships: &mut HashMap<u32, Vec<Membership>>) {
        let changes = self.changes(person, field);
        let orders: Vec<i64> = changes.iter().flat_map(FieldChanges::orders).collect();
        let mut add = |named: Vec<u32>, from, until| {
            for number in named {
                let membership = Membership { person: person.number, from, until };
                memberships.entry(number).or_default().push(membership);
            }
        };
        let is_initial = orders.first().is_none_or(|first| self.was_created_at(person, *first));
        for (at, ends) in orders.windows(2).enumerate() {
            let from = Some(ends[0]).filter(|_| at > 0 || !is_initial);
            let value = changes.as_ref().and_then(|changes| changes.value(at));
            let named = value.and_then(|value| self.names_in(person, field, value));
            add(named.unwrap_or_default(), from, Some(ends[1]));
        }
        let from = orders.last().copied().filter(|_| orders.len() > 1 || !is_initial);
        add(self.targets(person, field).map(|target| target.number).collect(), from, None);
    }
}

fn kinds_of(record: &Record, field: &str) -> Vec<Arc<str>> {
    let mut ty = record.kind.shape.field(field).map(|field| &field.ty);
    while let Some(FieldType::List(of)) = ty {
        ty = Some(of);
    }
    match ty {
        Some(FieldType::Reference(kinds)) => kinds.to_vec(),
        _ => Vec::new(),
    }
}

impl Membership {
    fn is_active(&self, before: Option<i64>) -> bool {
        match before {
            None => self.until.is_none(),
            Some(before) => {
                self.from.is_none_or(|from| from < before) && self.until.is_none_or(|until| until >= before)
            }
        }
    }
}
