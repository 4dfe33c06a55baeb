//! Detects the reuse of an identity by another record, which has no history.

use std::collections::HashSet;

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
    titles.is_some_and(|(old, new)| old != new && names(new).is_disjoint(&names(old)))
        && is_mostly_replaced(before, after)
}

/// The words of a title, without short ones where it has others.
fn names(title: &str) -> HashSet<String> {
    let all: HashSet<String> = words(title).map(str::to_lowercase).collect();
    let long: HashSet<String> =
        all.iter().filter(|word| word.chars().count() >= LETTERS_OF_A_NAME).cloned().collect();
    if long.is_empty() { all } else { long }
}

fn is_mostly_replaced(before: &RecordVersion, after: &RecordVersion) -> bool {
    let (old, new): (HashSet<&str>, HashSet<&str>) =
        (other_words(before).collect(), other_words(after).collect());
    old.intersection(&new).count() * 2 < old.len().max(new.len())
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
        let (old, new) = ("Customers who cancelled in the month", "Patients seen within ten days");
        for (before, after, expected) in [
            ([old, "Monthly churn"], [new, "First appointments"], true),
            ([old, "Monthly churn"], [old, "First appointments"], false),
            ([old, "Monthly churn"], [new, "Monthly churn"], false),
            ([old, "Use of the queue"], [new, "End of the year"], true),
            ([old, "Use the Queue"], [new, "queue or table"], false),
            ([old, "EU"], [new, "the EU"], false),
        ] {
            let version = |[definition, title]: [&str; 2]| RecordVersion {
                fields: vec![("definition".into(), definition.into()), ("title".into(), title.into())],
                ..RecordVersion::default()
            };
            assert_eq!(is_another(&version(before), &version(after)), expected, "{before:?} {after:?}");
        }
    }
}
