//! For whom a name stands: the person, who holds the role, who is in the team; today, and as it was before a
//! change that the history tells of.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::history::FieldChanges;
use crate::kind::FieldType;
use crate::record::Record;

use super::{Catalog, Target};

/// Which people hold which role or are in which team by their own record, and since when. Gathered when
/// somebody first asks.
pub(super) type Tenures = HashMap<u32, Vec<Tenure>>;

/// Which roles each person holds by the role's own record, in catalog order. Gathered when somebody first asks.
pub(super) type Holdings = HashMap<u32, Vec<u32>>;

/// A person in a role or team.
pub(super) struct Tenure {
    person: u32,
    /// The change that began it, as [`order`](crate::history::Revision::order) counts; none where it is as old as
    /// what is known.
    from: Option<i64>,
    /// The change that ended it.
    until: Option<i64>,
}

/// The kinds that a name may stand for.
const WHO: [&str; 3] = ["person", "role", "team"];
/// The fields of a person that name what they belong to.
const BELONGS: [&str; 2] = ["roles", "team"];
/// So far reporting lines are followed.
const FARTHEST: usize = 100;

impl Catalog {
    /// The people whom `field` of a record names, in catalog order: of today, or as it stood before a change, whose
    /// [`order`](crate::history::Revision::order) is given. What came with that very change counts as it came. None
    /// where it can't be told: a name leads nowhere, the record is younger than the change, or nobody was named.
    pub fn people(&self, record: &Record, field: &str, before: Option<i64>) -> Option<Vec<&Record>> {
        let named = self.named_in(record, field, before)?;
        let people = self.standing_for(named, before)?;
        if people.is_empty() && before.is_some() {
            return None;
        }
        Some(people.into_iter().map(|number| self.record(number)).collect())
    }

    /// The people for whom a person, role or team stands today, or stood before a change.
    pub fn people_of(&self, who: &Record, before: Option<i64>) -> Option<Vec<&Record>> {
        let people = self.standing_for(vec![who.number], before)?;
        Some(people.into_iter().map(|number| self.record(number)).collect())
    }

    /// The people above a person, role or team, nearest first: whom they report to, who leads their team and
    /// the teams that it is part of, and so on.
    pub fn superiors(&self, who: &Record) -> Vec<&Record> {
        let below = self.standing_for(vec![who.number], None).unwrap_or_default();
        let is_team = &*who.kind.name == "team";
        let mut seen: BTreeSet<u32> = if is_team { BTreeSet::new() } else { below };
        let mut reached = Vec::new();
        let mut level = vec![who.number];
        level.extend(seen.iter().copied());
        for _ in 0..FARTHEST {
            let mut next = Vec::new();
            for &number in &level {
                self.above(self.record(number), &mut next);
            }
            let mut further = Vec::new();
            for number in next {
                if seen.insert(number) {
                    let is_person = &*self.record(number).kind.name == "person";
                    reached.extend(is_person.then_some(number));
                    further.push(number);
                }
            }
            if further.is_empty() {
                break;
            }
            level = further;
        }
        reached.into_iter().map(|number| self.record(number)).collect()
    }

    /// What is one step above: of a person whom they report to, by themselves or in a role, else their team; of
    /// a role whom it reports to; of a team its lead, and the team above it.
    fn above(&self, record: &Record, next: &mut Vec<u32>) {
        let targets = |record: &Record, field: &str| -> Vec<u32> {
            self.targets(record, field).map(|target| target.number).collect()
        };
        match &*record.kind.name {
            "person" => {
                let lines = next.len();
                next.extend(targets(record, "reports-to"));
                for role in self.roles(record) {
                    self.above(role, next);
                }
                if next.len() == lines {
                    next.extend(targets(record, "team"));
                }
            }
            "role" => {
                for above in targets(record, "reports-to") {
                    next.extend(self.standing_for(vec![above], None).unwrap_or_default());
                    next.push(above);
                }
            }
            _ => {
                for lead in targets(record, "lead") {
                    next.extend(self.standing_for(vec![lead], None).unwrap_or_default());
                }
                next.extend(targets(record, "parent"));
            }
        }
    }

    /// The roles that a person holds today.
    fn roles<'s>(&'s self, person: &'s Record) -> impl Iterator<Item = &'s Record> {
        let held = self.holdings().get(&person.number).into_iter().flatten();
        held.map(|&role| self.record(role)).chain(self.targets(person, "roles"))
    }

    fn holdings(&self) -> &Holdings {
        self.holdings.get_or_init(|| {
            let mut holdings = Holdings::new();
            for &role in self.of_kind("role") {
                for person in self.targets(self.record(role), "holder") {
                    holdings.entry(person.number).or_default().push(role);
                }
            }
            holdings
        })
    }

    /// The persons behind names; none where one of them is behind a name that leads nowhere.
    fn standing_for(&self, named: Vec<u32>, before: Option<i64>) -> Option<BTreeSet<u32>> {
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
            let tenures = self.tenures().get(&number).into_iter().flatten();
            people.extend(tenures.filter(|tenure| tenure.holds(before)).map(|tenure| tenure.person));
        }
        Some(people)
    }

    /// Whom a field names; empty where it has no value. See [`Catalog::people`] for when none can be told.
    fn named_in(&self, record: &Record, field: &str, before: Option<i64>) -> Option<Vec<u32>> {
        let Some(before) = before else { return self.named_today(record, field) };
        let changes = self.changes(record, field)?;
        let at = match (0..changes.len()).rposition(|nth| changes.order(nth) < before) {
            Some(at) => at,
            None if changes.is_empty() => return Some(Vec::new()),
            None => {
                let first = changes.order(0);
                let came_with_it = self.is_as_old_as(record, first);
                // A directory may be written down later than it is true.
                let is_known = came_with_it && WHO.contains(&&*record.kind.name);
                match first == before || is_known {
                    true => 0,
                    false if came_with_it => return None,
                    false => return Some(Vec::new()),
                }
            }
        };
        if at + 1 == changes.len() {
            return self.named_today(record, field);
        }
        changes.value(at).map_or(Some(Vec::new()), |value| self.names_in(record, field, &value))
    }

    /// Whether a record came to be with the change of this order.
    fn is_as_old_as(&self, record: &Record, order: i64) -> bool {
        let created = self.history_of(record).and_then(|past| past.created(record));
        created.is_none_or(|created| created.order() == order)
    }

    fn named_today(&self, record: &Record, field: &str) -> Option<Vec<u32>> {
        if record.format_lacks(field) {
            return None;
        }
        let references = self.references(record).filter(|reference| reference.field() == field);
        references
            .filter(|reference| reference.target != Target::NotInBase) // nobody yet
            .map(|reference| match reference.target {
                Target::Record(number) => Some(number),
                Target::NotInBase | Target::Unknown | Target::Inconclusive => None,
            })
            .collect()
    }

    /// The records that a value of the past names: one name, or several with commas between them.
    fn names_in(&self, record: &Record, field: &str, value: &str) -> Option<Vec<u32>> {
        let kinds: Vec<Arc<str>> = kinds_of(record, field);
        let one = |text: &str| match self.resolve(record, &kinds, text) {
            Target::Record(number) => Some(number),
            Target::NotInBase | Target::Unknown | Target::Inconclusive => None,
        };
        one(value).map(|number| vec![number]).or_else(|| value.split(", ").map(one).collect())
    }

    fn tenures(&self) -> &Tenures {
        self.tenures.get_or_init(|| {
            let mut tenures = Tenures::new();
            for &person in self.of_kind("person") {
                for field in BELONGS {
                    self.add_tenures(self.record(person), field, &mut tenures);
                }
            }
            tenures
        })
    }

    fn add_tenures(&self, person: &Record, field: &str, tenures: &mut Tenures) {
        let changes = self.changes(person, field);
        let orders: Vec<i64> = changes.iter().flat_map(FieldChanges::orders).collect();
        let mut add = |named: Vec<u32>, from, until| {
            for number in named {
                let tenure = Tenure { person: person.number, from, until };
                tenures.entry(number).or_default().push(tenure);
            }
        };
        let always = orders.first().is_none_or(|first| self.is_as_old_as(person, *first));
        for (at, ends) in orders.windows(2).enumerate() {
            let from = Some(ends[0]).filter(|_| at > 0 || !always);
            let value = changes.as_ref().and_then(|changes| changes.value(at));
            let named = value.and_then(|value| self.names_in(person, field, &value));
            add(named.unwrap_or_default(), from, Some(ends[1]));
        }
        let from = orders.last().copied().filter(|_| orders.len() > 1 || !always);
        add(self.targets(person, field).map(|target| target.number).collect(), from, None);
    }
}

/// The kinds that a field of a record may name.
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

impl Tenure {
    /// Whether it holds today, or held just before a change.
    fn holds(&self, before: Option<i64>) -> bool {
        match before {
            None => self.until.is_none(),
            Some(before) => {
                self.from.is_none_or(|from| from < before) && self.until.is_none_or(|until| until >= before)
            }
        }
    }
}
