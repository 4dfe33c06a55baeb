//! Whether two versions with one identity are versions of one record. An id that is used again has no history.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;

use super::version::{self, FileVersion, RecordIdentity, RecordVersion};
use crate::record::{PathClassifier, Recogniser, Record};

/// The number of words from which a text is known to be an example's, whatever the title of its record.
const WORDS_OF_A_SENTENCE: usize = 4;

/// The number of letters from which a word of a title says something.
const LETTERS_OF_A_NAME: usize = 4;

/// The examples of kinds as they are written into a repository, as far as they were asked for.
#[derive(Default)]
pub(super) struct Examples(Mutex<HashMap<Arc<str>, KindExamples>>);

type KindExamples = Arc<[Arc<RecordVersion>]>;

impl Examples {
    fn of(&self, kind: &Arc<str>, classifier: PathClassifier<'_>) -> KindExamples {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(kind.clone()).or_insert_with(|| read_examples(kind, classifier)).clone()
    }
}

fn read_examples(kind: &str, classifier: PathClassifier<'_>) -> KindExamples {
    let PathClassifier { kinds, profiles, config } = classifier;
    let Some(kind) = kinds.get(kind).filter(|kind| kind.has_examples()) else {
        return Arc::default();
    };
    let recogniser = Recogniser::new(kinds, profiles, config);
    // Values that depend on the day are not compared: no record has this one.
    let day = Date::MIN;
    let texts = [kind.full_example(day), Some(kind.shortest_example(day))];
    let files = texts.into_iter().flatten().map(|items| {
        FileVersion::parse(&kind.starter_path(), kind.list_file(&items).into_bytes(), &recogniser)
    });
    files.flat_map(|file| file.records().to_vec()).collect()
}

#[derive(Clone, Copy)]
pub(super) struct Continuity<'c> {
    pub classifier: PathClassifier<'c>,
    pub examples: &'c Examples,
}

impl Continuity<'_> {
    /// False if `after` has only its identity in common with `before`, or replaces text of an example.
    pub(super) fn continues(&self, before: &RecordVersion, after: &RecordVersion) -> bool {
        before.fields == after.fields || !is_another(before, after) && !self.replaces_example(before, after)
    }

    /// True if all versions with this identity and title are one record, whatever else they say.
    pub(super) fn is_certain(&self, before: Option<&str>, record: &Record) -> bool {
        before == version::value(record, "title").as_deref()
            && self.examples_of(&record.kind.name, &record.key()).is_empty()
    }

    fn examples_of(&self, kind: &Arc<str>, key: &str) -> Vec<Arc<RecordVersion>> {
        let examples = self.examples.of(kind, self.classifier);
        examples.iter().filter(|example| *example.identity.key == *key).cloned().collect()
    }

    fn replaces_example(&self, before: &RecordVersion, after: &RecordVersion) -> bool {
        let RecordIdentity { kind, key, .. } = &before.identity;
        self.examples_of(kind, key).iter().any(|example| {
            let is_example = before.field("title").is_some_and(|title| example.field("title") == Some(title))
                && has_all(before, example);
            before.fields.iter().any(|(name, value)| {
                after.field(name) != Some(value)
                    && example.field(name) == Some(value)
                    && (is_example || words(value).count() >= WORDS_OF_A_SENTENCE)
            })
        })
    }
}

/// True if a version has all values of an example; one or two may be equal by chance.
fn has_all(version: &RecordVersion, example: &RecordVersion) -> bool {
    example.fields.iter().all(|(name, value)| version.field(name) == Some(value))
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

    fn version(fields: &[(&str, &str)]) -> RecordVersion {
        let fields = fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        RecordVersion { fields, ..RecordVersion::default() }
    }

    #[test]
    fn a_record_is_another_once_title_and_most_words_are_replaced() {
        let old = [("definition", "Customers who cancelled in the month"), ("title", "Monthly churn")];
        let another = [("definition", "Patients seen within ten days"), ("title", "First appointments")];
        let renamed = [old[0], another[1]];
        let redefined = [another[0], old[1]];
        assert!(is_another(&version(&old), &version(&another)));
        assert!(!is_another(&version(&old), &version(&renamed)));
        assert!(!is_another(&version(&old), &version(&redefined)));
        assert!(!is_another(&version(&[old[1]]), &version(&[another[1]])));
    }

    #[test]
    fn short_words_make_no_title_the_same() {
        assert!(have_no_name_in_common("Use of the queue", "End of the year"));
        assert!(!have_no_name_in_common("Use the Queue", "queue or table"));
        assert!(!have_no_name_in_common("EU", "the EU"));
    }
}
