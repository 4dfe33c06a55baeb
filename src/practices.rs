//! Which records the rules about a practice check, and why.

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::config::{Config, RuleSetting, pattern_of_folder};
use crate::record::{PracticeBasis, Record};
use crate::rule::Rule;

/// Returns a line about the records that are held only to the practices which their formats demand: the folder with the most, and
/// how many lie elsewhere.
pub fn unadopted<'c>(records: impl Iterator<Item = &'c Record>) -> Option<String> {
    let groups = groups(records, |_| ());
    let most = groups.iter().max_by_key(|group| group.records.len())?;
    let others: usize = groups.iter().map(|group| group.records.len()).sum::<usize>() - most.records.len();
    let more = if others > 0 { format!(", and {others} elsewhere,") } else { String::new() };
    Some(format!(
        "{}{more} are held only to the practices of their format; to hold them to all, write into `alignlint.yaml`: `{}`",
        most.described(),
        most.entry("all")?
    ))
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
    let mut lines = Vec::new();
    if rule.settings(config).for_all_files() == Some(RuleSetting::Off) {
        let preset = config.preset.name();
        lines.push(format!("It is off: neither the preset `{preset}` nor `rules` switches it on."));
    }
    let checked = catalog.records().iter().filter(|record| rule.is_for_record(record) && !record.is_frozen);
    let practice = rule.practice.as_deref();
    let groups = groups(checked, |record| practice.and_then(|practice| Reason::of(record, practice)));
    if groups.is_empty() {
        lines.push("Applies to no record: none is of a kind that it checks.".to_owned());
    }
    for group in &groups {
        let count = group.records.iter().filter(|record| applies(record)).count();
        let some = if count == group.records.len() { String::new() } else { format!("{count} of ") };
        let records = format!("{some}{}", group.described());
        lines.push(match (practice, group.key) {
            (None, _) if count == 0 => {
                format!("Does not apply to {}: its condition `when` holds for none.", group.described())
            }
            (None, _) => format!("Applies to {records}."),
            (Some(_), Some(Reason::Native)) => {
                format!("Applies to {records}: the program's own form is held to all practices.")
            }
            (Some(practice), Some(Reason::Format)) => {
                format!("Applies to {records}: the format demands `{practice}`.")
            }
            (Some(practice), Some(Reason::Configuration)) => {
                format!("Applies to {records}: `practices` in the configuration names `{practice}`.")
            }
            (Some(practice), None) => {
                let entry = group.entry(practice);
                let how = entry.map_or_else(String::new, |entry| format!("; to require it: `{entry}`"));
                let records = group.described();
                format!("Does not apply to {records}: the format does not demand `{practice}`{how}.")
            }
        });
    }
    lines
}

/// Why a record is held to a practice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    Native,
    Format,
    Configuration,
}

impl Reason {
    fn of(record: &Record, practice: &str) -> Option<Reason> {
        Some(match record.practice(practice)? {
            PracticeBasis::Native => Reason::Native,
            PracticeBasis::Format(_) => Reason::Format,
            PracticeBasis::Configuration => Reason::Configuration,
        })
    }
}

/// Records of one kind and format with a common folder.
struct Group<'c, K> {
    key: K,
    /// The longest folder that contains all of them; empty for the root.
    folder: &'c str,
    records: Vec<&'c Record>,
}

/// Groups records by `key`, kind, format and the first folder of their paths; native ones are in one group for each kind.
fn groups<'c, K: Ord + Copy>(
    records: impl Iterator<Item = &'c Record>,
    key: impl Fn(&Record) -> K,
) -> Vec<Group<'c, K>> {
    let mut groups: BTreeMap<_, Group<'c, K>> = BTreeMap::new();
    for record in records {
        let folder = record.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let format = record.profile.as_ref().map(|profile| (&*profile.name, folder.split('/').next()));
        let key = key(record);
        let new = || Group { key, folder, records: Vec::new() };
        let group = groups.entry((key, format, &*record.kind.name)).or_insert_with(new);
        group.folder = common_folder(group.folder, folder);
        group.records.push(record);
    }
    groups.into_values().collect()
}

/// Returns the longest folder that contains both.
fn common_folder<'p>(one: &'p str, other: &str) -> &'p str {
    let shared = one.split('/').zip(other.split('/')).take_while(|(one, other)| one == other);
    let length: usize = shared.map(|(name, _)| name.len() + 1).sum();
    &one[..length.saturating_sub(1)]
}

impl<K> Group<'_, K> {
    /// `45 decisions in docs/adr (nygard)`
    fn described(&self) -> String {
        let Some(first) = self.records.first() else { return String::new() };
        let count = self.records.len();
        let noun = if count == 1 { &*first.kind.name } else { &*first.kind.plural };
        match &first.profile {
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

#[cfg(test)]
mod tests {
    use super::common_folder;

    #[test]
    fn a_common_folder_ends_where_a_name_ends() {
        for (one, other, expected) in [
            ("docs/adr", "docs/adr", "docs/adr"),
            ("docs/adr", "docs/adrs", "docs"),
            ("docs/adr/2024", "docs/adr", "docs/adr"),
            ("docs", "", ""),
            ("é/a", "é/b", "é"),
        ] {
            assert_eq!(common_folder(one, other), expected, "{one} {other}");
        }
    }
}
