//! Practices over all records of a repository: which ones are common without being demanded, and to which records a rule
//! about one applies.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::config::{Config, PracticeFiles, RuleSetting, pattern_of_folder};
use crate::kind::{Habit, Kind, Kinds};
use crate::profile::{DeclaredPractice, Profile, STATUS_WORDS};
use crate::record::{KNOWN_KEYS, PracticeBasis, Record};
use crate::rule::Rule;

/// The smallest number of records that can show a habit.
const MIN_RECORDS: usize = 3;

/// The divisor of the smallest share of records that makes a habit: a quarter.
const MIN_SHARE: usize = 4;

/// Returns one suggestion for each format that has one, the format with the most records first: how many records follow a practice that
/// nothing demands, and the line of the configuration that demands it of all records. Leaves out the practices in `told`,
/// which the run reports in more detail.
pub fn suggestions(catalog: &Catalog, told: &[Arc<str>]) -> Vec<String> {
    let foreign = catalog.foreign_records().filter(|record| record.profile.is_some());
    let mut groups = groups(foreign, |_| ());
    groups.sort_by_key(|group| Reverse(group.records.len()));
    groups.iter().filter_map(|group| group.suggestion(told)).collect()
}

/// Says to which records a rule applies, and why; empty if it is not about records, or there are none at all. `applies` tells
/// whether the rule's own condition holds for a record.
pub fn applicability(
    rule: &Rule,
    catalog: &Catalog,
    config: &Config,
    applies: impl Fn(&Record) -> bool,
) -> Vec<String> {
    if !rule.is_for_records() || catalog.records().is_empty() {
        return Vec::new();
    }
    let is_off = rule.settings(config).for_all_files() == Some(RuleSetting::Off);
    let off = is_off.then(|| {
        format!("It is off: neither the preset `{}` nor `rules` switches it on.", config.preset.name())
    });
    let checked = catalog.records().iter().filter(|record| rule.is_for_record(record) && !record.is_frozen);
    let basis = |record: &Record| rank(record.practice(rule.practice.as_deref()?).as_ref());
    let groups = groups(checked, basis);
    let lines = groups.iter().map(|group| match rule.practice.as_deref() {
        Some(practice) => group
            .without_field(rule, catalog.kinds())
            .unwrap_or_else(|| group.applicability(practice, &applies)),
        None => match group.described_where(&applies) {
            Some(records) => format!("Applies to {records}."),
            None => group.without_condition(),
        },
    });
    let none =
        groups.is_empty().then(|| "Applies to no record: none is of a kind that it checks.".to_owned());
    off.into_iter().chain(none).chain(lines).collect()
}

/// Names the records that a practice is not demanded of, with the entry that demands it. `rules` are those about the practice.
pub fn undemanded(practice: &str, rules: &[&Rule], catalog: &Catalog) -> Vec<String> {
    let is_kept = |kind: &str| catalog.has_all_of(kind);
    let judges = |rule: &Rule, record: &Record| {
        rule.is_for_record(record)
            && (rule.offered.is_empty() || rule.is_offered(is_kept))
            && unread_fields(rule, record, catalog.kinds()).is_empty()
    };
    let is_judged = |record: &Record| match rules.is_empty() {
        true => is_of_schema(practice, record),
        false => rules.iter().any(|rule| judges(rule, record)),
    };
    let records = catalog
        .records()
        .iter()
        .filter(|record| !record.is_frozen && record.practice(practice).is_none() && is_judged(record));
    let groups = groups(records, |_| ());
    let lines = groups
        .iter()
        .filter_map(|group| Some(format!("{}: `{}`", group.described(), group.entry(practice)?)));
    lines.collect()
}

/// Returns true if the schema asks a practice of such records that no rule is about.
fn is_of_schema(practice: &str, record: &Record) -> bool {
    let mut fields = record.kind.shape.fields.iter();
    // Of pages in no known format, no key is an unknown one.
    practice == KNOWN_KEYS && !record.is_of_unknown_format()
        || practice == STATUS_WORDS
        || fields.any(|field| field.practice.as_deref() == Some(practice))
}

/// Names the entries of `practices` whose records no rule about the practice can ever judge, since their formats read nothing that
/// it is about.
pub fn without_effect(rules: &[Arc<Rule>], catalog: &Catalog, config: &Config) -> Vec<String> {
    let kinds = catalog.kinds();
    let notice = |entry: &PracticeFiles| {
        let practice = &entry.practice;
        let about: Vec<&Arc<Rule>> =
            rules.iter().filter(|rule| rule.practice.as_ref() == Some(practice)).collect();
        if about.is_empty() {
            return without_schema(entry, catalog);
        }
        let is_named = |record: &&Record| {
            entry.files.matches(&record.path) && about.iter().any(|rule| rule.is_for_record(record))
        };
        let named: Vec<&Record> = catalog.records().iter().filter(is_named).collect();
        let unread = |record: &&&Record| {
            let fields = |rule: &&Arc<Rule>| unread_fields(rule, record, kinds);
            about.iter().filter(|rule| rule.is_for_record(record)).all(|rule| !fields(rule).is_empty())
        };
        if named.is_empty() || !named.iter().all(|record| unread(&record)) {
            return None;
        }
        let mut fields: Vec<String> = Vec::new();
        for rule in &about {
            let of_rule = named.iter().flat_map(|record| unread_fields(rule, record, kinds));
            fields.extend(of_rule.map(|field| format!("`{field}`")));
        }
        fields.sort();
        fields.dedup();
        let records: Vec<String> = groups(named.into_iter(), |_| ()).iter().map(Group::described).collect();
        Some(format!(
            "`practices: {practice}` has no effect on {}: the format reads no {}; to have it read, write a format of your own that \
             says where it is",
            records.join(", "),
            fields.join(" or ")
        ))
    };
    config.practices.iter().filter_map(notice).collect()
}

/// As [`without_effect`], for an entry whose practice no rule is about, but the schema alone.
fn without_schema(entry: &PracticeFiles, catalog: &Catalog) -> Option<String> {
    let practice = &entry.practice;
    let is_named = |record: &&Record| record.profile.is_some() && entry.files.matches(&record.path);
    let named: Vec<&Record> = catalog.records().iter().filter(is_named).collect();
    if **practice != *KNOWN_KEYS || named.is_empty() || named.iter().any(|it| is_of_schema(practice, it)) {
        return None;
    }
    let records: Vec<String> = groups(named.into_iter(), |_| ()).iter().map(Group::described).collect();
    Some(format!(
        "`practices: {practice}` has no effect on {}: of pages in no known format, no key is an unknown one; to have their keys checked, \
         write a format of your own",
        records.join(", ")
    ))
}

/// Returns what a rule judges of a record if the record's format reads none of it.
fn unread_fields(rule: &Rule, record: &Record, kinds: &Arc<Kinds>) -> Vec<Box<str>> {
    let Some(profile) = &record.profile else { return Vec::new() };
    let Ok(program) = rule.program(kinds) else { return Vec::new() };
    let fields = program.judged_fields();
    let is_read = |name: &str| {
        let field = record.kind.shape.field(name);
        field.is_none_or(|field| field.default.is_some() || field.derived_from.is_some())
            || profile.reads(name)
            || record.field(name).is_some()
    };
    if fields.iter().any(|field| is_read(field)) {
        return Vec::new();
    }
    fields.into_iter().map(Box::from).collect()
}

/// Orders records by why they are held to a practice, those that are not last.
fn rank(basis: Option<&PracticeBasis<'_>>) -> Option<u8> {
    Some(match basis {
        Some(PracticeBasis::Native) => 0,
        Some(PracticeBasis::Format(_)) => 1,
        Some(PracticeBasis::Configuration) => 2,
        None => 3,
    })
}

/// Records of one kind and format with a common folder.
struct Group<'c> {
    kind: &'c Kind,
    /// `None` for the native format.
    profile: Option<&'c Profile>,
    /// The longest folder that contains all of them; empty for the root.
    folder: &'c str,
    records: Vec<&'c Record>,
}

/// Groups records by `key`, kind, format and the first folder of their paths; native ones are in one group for each kind.
fn groups<'c, K: Ord>(
    records: impl Iterator<Item = &'c Record>,
    key: impl Fn(&Record) -> K,
) -> Vec<Group<'c>> {
    let mut groups: BTreeMap<_, Group<'c>> = BTreeMap::new();
    for record in records {
        let profile = record.profile.as_deref();
        let folder = record.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let first = profile.and_then(|_| folder.split('/').next());
        let name = profile.map(|profile| &*profile.name);
        let group = groups.entry((key(record), name, &*record.kind.name, first)).or_insert_with(|| Group {
            kind: &record.kind,
            profile,
            folder,
            records: Vec::new(),
        });
        group.folder = common_folder(group.folder, folder);
        group.records.push(record);
    }
    groups.into_values().collect()
}

/// Returns the longest folder that contains both.
fn common_folder<'p>(one: &'p str, other: &str) -> &'p str {
    let contains = |folder: &&str| {
        let rest = other.strip_prefix(*folder);
        folder.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let ends = one.match_indices('/').map(|(at, _)| at).chain([one.len()]).rev();
    ends.map(|end| &one[..end]).find(contains).unwrap_or_default()
}

impl Group<'_> {
    fn suggestion(&self, told: &[Arc<str>]) -> Option<String> {
        if self.records.iter().any(|record| !record.demanded.is_empty()) {
            return None;
        }
        let total = self.records.len();
        let mut best: Option<(usize, &Habit)> = None;
        for habit in self.kind.habits.iter().filter(|habit| told.iter().all(|it| **it != *habit.practice)) {
            let count = self.records.iter().filter(|record| follows(record, &habit.practice)).count();
            let is_usual = total >= MIN_RECORDS && count > 1 && count < total && count * MIN_SHARE >= total;
            let is_habit = is_usual || (habit.asks.is_some() && count > 0);
            let is_demanded = || self.records.iter().any(|record| record.practice(&habit.practice).is_some());
            if is_habit && best.is_none_or(|(most, _)| count > most) && !is_demanded() {
                best = Some((count, habit));
            }
        }
        let (count, Habit { practice, does, asks }) = best?;
        let (asked, entry) = (asks.as_deref().unwrap_or("it"), self.entry(practice)?);
        let does = if count == 1 { singular(does) } else { does.to_string() };
        Some(format!("{}: {count} {does}; to require {asked}: {entry}", self.described()))
    }

    fn applicability(&self, practice: &str, applies: &impl Fn(&Record) -> bool) -> String {
        let records = self.described_where(applies).unwrap_or_else(|| format!("0 of {}", self.described()));
        let Some(basis) = self.records.first().and_then(|record| record.practice(practice)) else {
            return self.without_practice(practice);
        };
        match basis {
            PracticeBasis::Native => {
                format!("Applies to {records}: the program's own form is held to all practices.")
            }
            PracticeBasis::Format(declared) => {
                format!("Applies to {records}: the format demands `{practice}` ({}).", sources(declared))
            }
            PracticeBasis::Configuration => {
                format!("Applies to {records}: `practices` in the configuration names `{practice}`.")
            }
        }
    }

    /// Says that the format reads nothing that the rule judges.
    fn without_field(&self, rule: &Rule, kinds: &Arc<Kinds>) -> Option<String> {
        let fields = unread_fields(rule, self.records.first()?, kinds);
        let fields: Vec<String> = fields.iter().map(|field| format!("`{field}`")).collect();
        (!fields.is_empty()).then(|| {
            format!("Can't judge {}: the format reads no {}.", self.described(), fields.join(" or "))
        })
    }

    fn without_practice(&self, practice: &str) -> String {
        let entry = self.entry(practice);
        let how = entry.map_or_else(String::new, |entry| format!("; to require it: `{entry}`"));
        format!("Does not apply to {}: the format does not demand `{practice}`{how}.", self.described())
    }

    fn without_condition(&self) -> String {
        format!("Does not apply to {}: its condition `when` holds for none.", self.described())
    }

    /// As [`Group::described`], with how many of the records the rule applies to; `None` if it applies to none.
    fn described_where(&self, applies: &impl Fn(&Record) -> bool) -> Option<String> {
        let count = self.records.iter().filter(|record| applies(record)).count();
        match count {
            0 => None,
            _ if count == self.records.len() => Some(self.described()),
            _ => Some(format!("{count} of {}", self.described())),
        }
    }

    /// `45 decisions in docs/adr (nygard)`
    fn described(&self) -> String {
        let count = self.records.len();
        let noun = if count == 1 { &self.kind.name } else { &*self.kind.plural };
        match self.profile {
            None => format!("{count} {noun}"),
            Some(profile) if self.folder.is_empty() => format!("{count} {noun} ({})", profile.name),
            Some(profile) => format!("{count} {noun} in {} ({})", self.folder, profile.name),
        }
    }

    /// Returns the line of the configuration that demands a practice of these records; `None` if no pattern can name them.
    fn entry(&self, practice: &str) -> Option<String> {
        Some(format!("practices: {{ {practice}: [{}] }}", pattern_of_folder(self.folder)?))
    }
}

/// Returns what several records do as what one does: `lists actions` for `list actions`.
fn singular(does: &str) -> String {
    match does.split_once(' ') {
        Some((verb, rest)) => format!("{verb}s {rest}"),
        None => format!("{does}s"),
    }
}

/// `<https://example.org> and 2 other pages`
fn sources(practice: &DeclaredPractice) -> String {
    let page = |source: &str| match source.contains("://") {
        true => format!("<{source}>"),
        false => format!("`{source}`"),
    };
    let first = practice.sources.first().map_or_else(String::new, |source| page(source));
    match practice.sources.len() {
        0 | 1 => first,
        2 => format!("{first} and another page"),
        count => format!("{first} and {} other pages", count - 1),
    }
}

/// Returns true if a record states a field of the practice; of those that name who is accountable, one that counts in its
/// format.
fn follows(record: &Record, practice: &str) -> bool {
    let counts = |field: &str| {
        let names = |fields: &[Box<str>]| fields.iter().any(|name| **name == *field);
        !names(&record.kind.accountable) || names(record.accountable())
    };
    let fields = record.kind.shape.fields.iter();
    let mut of_practice = fields.filter(|field| field.practice.as_deref() == Some(practice));
    of_practice.any(|field| counts(&field.name) && record.field(&field.name).is_some())
}

#[cfg(test)]
mod tests {
    use super::common_folder;

    #[test]
    fn a_common_folder_ends_where_a_name_ends() {
        for (one, other, expected) in [
            ("docs/adr", "docs/adr", "docs/adr"),
            ("docs/adr", "docs/adrs", "docs"),
            ("docs/adr/2024", "docs/adr", "docs/adr"),
            ("docs", "docs/adr", "docs"),
            ("docs", "", ""),
            ("é/a", "é/b", "é"),
        ] {
            assert_eq!(common_folder(one, other), expected, "{one} {other}");
        }
    }
}
