//! Says which records practice rules apply to.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::config::{Config, RuleSetting, pattern_of_folder};
use crate::record::Record;
use crate::rule::Rule;
use crate::text::folder_of;

/// Returns a line about the records that are not adopted, with the entry of the configuration that adopts them; `None` if there are none.
pub fn unadopted<'c>(records: impl Iterator<Item = &'c Record>) -> Option<String> {
    let groups = groups(records.filter(|record| !record.is_adopted), |_| ());
    let described: Vec<String> = groups.iter().map(Group::described).collect();
    let (records, entry) = (listed(&described), entry_for_groups(&groups)?);
    Some(format!("practice rules do not apply to {records}; to apply them: `{entry}`"))
}

/// Returns the entry of the configuration that adopts the records which are not adopted; `None` if there are none.
pub fn entry<'c>(records: impl Iterator<Item = &'c Record>) -> Option<String> {
    entry_for_groups(&groups(records.filter(|record| !record.is_adopted), |_| ()))
}

fn entry_for_groups<K>(groups: &[Group<'_, K>]) -> Option<String> {
    let patterns: BTreeSet<String> = groups.iter().filter_map(|it| pattern_of_folder(it.folder)).collect();
    let patterns: Vec<String> = patterns.into_iter().collect();
    (!groups.is_empty()).then(|| format!("adopted: [{}]", patterns.join(", ")))
}

fn listed(texts: &[String]) -> String {
    match texts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Says to which records a rule applies, and why; empty if it is not about records, or there are none at all.
pub fn applicability(rule: &Rule, catalog: &Catalog, config: &Config) -> Vec<String> {
    if !rule.is_for_records() || catalog.records().is_empty() {
        return Vec::new();
    }
    let mut lines = Vec::new();
    if rule.settings(config).for_all_files() == Some(RuleSetting::Off) {
        let preset = config.preset.name();
        lines.push(format!("It is off: neither the preset `{preset}` nor `rules` switches it on."));
    }
    let checked = catalog.records().iter().filter(|record| rule.is_for_record(record) && !record.is_frozen);
    let groups = groups(checked, |record| rule.holds_for(record));
    if groups.is_empty() {
        lines.push("Applies to no record: none is of a kind that it checks.".to_owned());
    }
    for group in &groups {
        let records = group.described();
        lines.push(match group.key {
            false => {
                let entry = pattern_of_folder(group.folder);
                let how = entry.map_or_else(String::new, |it| format!("; to adopt them: `adopted: [{it}]`"));
                format!("Does not apply to {records}: they are not adopted{how}.")
            }
            true => format!("Applies to {records}."),
        });
    }
    lines
}

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
        let folder = folder_of(&record.path);
        let format = record.format.as_ref().map(|format| (&*format.name, folder.split('/').next()));
        let key = key(record);
        let new = || Group { key, folder, records: Vec::new() };
        let group = groups.entry((key, format, &*record.kind.name)).or_insert_with(new);
        group.folder = common_folder(group.folder, folder);
        group.records.push(record);
    }
    groups.into_values().collect()
}

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
        match &first.format {
            None => format!("{count} {noun}"),
            Some(format) if self.folder.is_empty() => format!("{count} {noun} ({})", format.name),
            Some(format) => format!("{count} {noun} in {} ({})", self.folder, format.name),
        }
    }
}
