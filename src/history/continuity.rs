//! Detects the reuse of an identity by another record, which has no history.

use std::collections::{HashMap, HashSet};

use super::version::RecordVersion;

/// The number of letters from which a word of a title says something.
const LETTERS_OF_A_NAME: usize = 4;

/// Returns false if the later of two versions has only its identity in common with the earlier one.
pub(super) fn continues(before: &RecordVersion, after: &RecordVersion) -> bool {
    before.fields == after.fields || !is_another(before, after)
}

/// True if the title was replaced, and with it more than half of all other words.
fn is_another(before: &RecordVersion, after: &RecordVersion) -> bool {
    let titles = before.field("title").zip(after.field("title"));
    titles.is_some_and(|(old, new)| old != new && have_no_name_in_common(old, new))
        && is_mostly_replaced(before, after)
}

fn have_no_name_in_common(old: &str, new: &str) -> bool {
    let old = names(old);
    names(new).is_disjoint(&old)
}

/// The words of a title, without short ones where it has others.
fn names(title: &str) -> HashSet<String> {
    let all: HashSet<String> = words(title).map(str::to_lowercase).collect();
    let long: HashSet<String> =
        all.iter().filter(|word| word.chars().count() >= LETTERS_OF_A_NAME).cloned().collect();
    if long.is_empty() { all } else { long }
}

fn is_mostly_replaced(before: &RecordVersion, after: &RecordVersion) -> bool {
    let mut unmatched: HashMap<&str, usize> = HashMap::new();
    let (mut old, mut new, mut kept) = (0, 0, 0);
    for word in other_words(before) {
        *unmatched.entry(word).or_default() += 1;
        old += 1;
    }
    for word in other_words(after) {
        new += 1;
        if let Some(left) = unmatched.get_mut(word).filter(|left| **left > 0) {
            *left -= 1;
            kept += 1;
        }
    }
    kept * 2 < old.max(new)
}

/// All words of a record but those of its title. The parts of a field are in its value.
fn other_words(version: &RecordVersion) -> impl Iterator<Item = &str> {
    let fields = version.fields.iter().filter(|(name, _)| **name != *"title" && !name.contains('/'));
    fields.flat_map(|(_, value)| words(value))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_another_once_title_and_most_words_are_replaced() {
        let is_another = |old: [&str; 2], new: [&str; 2]| {
            let version = |[definition, title]: [&str; 2]| {
                let fields = [("definition", definition), ("title", title)];
                let fields = fields.map(|(name, value)| (name.into(), value.into())).to_vec();
                RecordVersion { fields, ..RecordVersion::default() }
            };
            is_another(&version(old), &version(new))
        };
        let (old, new) = ("Customers who cancelled in the month", "Patients seen within ten days");
        assert!(is_another([old, "Monthly churn"], [new, "First appointments"]));
        assert!(!is_another([old, "Monthly churn"], [old, "First appointments"]));
        assert!(!is_another([old, "Monthly churn"], [new, "Monthly churn"]));
        assert!(is_another([old, "Use of the queue"], [new, "End of the year"]));
        assert!(!is_another([old, "Use the Queue"], [new, "queue or table"]));
        assert!(!is_another([old, "EU"], [new, "the EU"]));
    }
}
