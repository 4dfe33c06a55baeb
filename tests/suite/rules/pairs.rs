//! Pairs of small repositories that were written from the description of a rule, without sight of it: one with a defect, and
//! twins that differ only in that the defect is absent. `tests/pairs/results.txt` says which defects are found and which twins
//! are accused of them.
//!
//! A pair is a base and patches. The defect has all its files, or the commits that write them. A twin names the files that
//! differ: their text, `null` where it has none, or the parts to replace; of its commits, `as: 2` stands for the second one of
//! the defect, but for the keys and files beside it.

use std::collections::BTreeMap;
use std::thread;

use alignlint::finding::Finding;
use alignlint::policy::Policy;
use alignlint::rule::file::{CommitSpec, Day, Example};
use alignlint::rule_test;
use alignlint::snapshot::Snapshot;
use serde::Deserialize;

use crate::kit::{assert_golden, files_below};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    /// Each of these may report the defect.
    rules: Vec<String>,
    says: String,
    #[serde(rename = "as-of")]
    as_of: String,
    defect: State,
    twins: Vec<State>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    name: Option<String>,
    #[serde(default)]
    files: BTreeMap<String, Option<FileText>>,
    #[serde(default)]
    history: Vec<Commit>,
    /// The file in which the defect is reported.
    at: Option<String>,
    /// The record that its message names; in any case of its letters.
    names: Option<String>,
}

/// A commit. Its replacements are made in the text of the commit that `as` names, else in that of the commit before.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Commit {
    #[serde(rename = "as")]
    like: Option<usize>,
    date: Option<String>,
    author: Option<String>,
    message: Option<String>,
    #[serde(default)]
    files: BTreeMap<String, Option<FileText>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum FileText {
    Whole(String),
    Patch(Vec<Replacement>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Replacement {
    old: String,
    new: String,
}

/// The files of a commit or state; `None` for one that is deleted.
type Files = BTreeMap<String, Option<String>>;

/// Returns `base` with the files that differ from it.
fn patched(base: &Files, differences: &BTreeMap<String, Option<FileText>>) -> Files {
    let mut files = base.clone();
    for (path, text) in differences {
        let text = text.as_ref().map(|text| match text {
            FileText::Whole(text) => text.clone(),
            FileText::Patch(replacements) => {
                let base = base.get(path).cloned().flatten();
                let base = base.unwrap_or_else(|| panic!("{path}: there is no text to replace a part of"));
                replacements.iter().fold(base, |text, Replacement { old, new }| {
                    assert_eq!(text.matches(old.as_str()).count(), 1, "{path}: `{old}` stands there once");
                    text.replacen(old.as_str(), new, 1)
                })
            }
        });
        files.insert(path.clone(), text);
    }
    files
}

/// What the program reads of a state.
struct Repository {
    files: Files,
    history: Vec<CommitSpec>,
}

impl Repository {
    /// Returns the repository of the defect, or that of a twin of it.
    fn of(state: &State, defect: Option<&Repository>) -> Repository {
        let none = Files::new();
        let base = defect.map_or(&none, |defect| &defect.files);
        let mut history: Vec<CommitSpec> = Vec::new();
        let mut before = Files::new();
        for commit in &state.history {
            let like = commit.like.map(|number| &defect.expect("`as` is of a twin").history[number - 1]);
            let texts = like.map_or(&before, |like| &like.files);
            let mut files = patched(texts, &commit.files);
            let is_written = |path: &String| {
                commit.files.contains_key(path) || like.is_some_and(|like| like.files.contains_key(path))
            };
            files.retain(|path, _| is_written(path));
            before.extend(files.clone());
            let given = |own: &Option<String>, like: Option<String>| own.clone().or(like).unwrap_or_default();
            let date = commit.date.as_deref().map(|date| Day(date.parse().expect("a date")));
            history.push(CommitSpec {
                date: date.or(like.map(|like| like.date)).expect("the commit has a date"),
                author: given(&commit.author, like.map(|like| like.author.clone())),
                message: given(&commit.message, like.map(|like| like.message.clone())),
                files,
            });
        }
        let files = if history.is_empty() { patched(base, &state.files) } else { before };
        Repository { files, history }
    }

    /// Returns the findings of these rules, each as `path: [rule] message`.
    fn findings(&self, rules: &[String], as_of: &str, policy: &Policy) -> Vec<String> {
        let there = |(path, text): (&String, &Option<String>)| Some((path.clone(), text.clone()?));
        let files = if self.history.is_empty() {
            self.files.iter().filter_map(there).collect()
        } else {
            BTreeMap::new()
        };
        let example = Example {
            name: String::new(),
            as_of: Some(Day(as_of.parse().unwrap_or_else(|error| panic!("{as_of}: {error}")))),
            history: self.history.clone(),
            policy_from: None,
            files,
            finds: Vec::new(),
            judged: None,
            fixed: None,
        };
        let of_rule = |id: &String| {
            let rule = policy.rules.get(id).unwrap_or_else(|| panic!("there is no rule `{id}`"));
            let findings = rule_test::findings(rule, &example, policy);
            let findings = findings.unwrap_or_else(|faults| panic!("{id}: {}", faults[0]));
            let line = |it: &Finding| format!("{}: [{id}] {}", it.place.source.path(), it.message);
            findings.iter().map(line).collect::<Vec<_>>()
        };
        rules.iter().flat_map(of_rule).collect()
    }
}

fn result(name: &str, text: &str, policy: &Policy) -> String {
    let pair: Pair = serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let defect = Repository::of(&pair.defect, None);
    let found = defect.findings(&pair.rules, &pair.as_of, policy);
    let is_at = |line: &&String| pair.defect.at.as_ref().is_none_or(|at| line.starts_with(&**at));
    let names = |line: &&String| {
        let line = line.to_lowercase();
        pair.defect.names.as_ref().is_none_or(|name| line.contains(&name.to_lowercase()))
    };
    let verdict = match found.iter().any(|line| is_at(&line) && names(&line)) {
        true => "found",
        false if found.is_empty() => "missed",
        false => "found elsewhere",
    };
    let mut text = format!("{name}: {verdict} ({})\n", pair.says);
    for twin in &pair.twins {
        let repository = Repository::of(twin, Some(&defect));
        let accused = repository.findings(&pair.rules, &pair.as_of, policy);
        let twin = twin.name.as_deref().unwrap_or("the twin");
        accused.iter().for_each(|line| text.push_str(&format!("  accused: {twin}: {line}\n")));
    }
    text
}

#[test]
fn defects_are_found_and_their_innocent_twins_are_not() {
    let policy = Policy::load(&Snapshot::in_memory([]), None).expect("the embedded policy has no faults");
    let pairs: Vec<(String, String)> = files_below("tests/pairs", Some("yaml")).into_iter().collect();
    assert!(!pairs.is_empty());
    let half = pairs.len() / 2;
    let results = |pairs: &[(String, String)]| -> Vec<String> {
        pairs
            .iter()
            .map(|(path, text)| result(path.trim_start_matches("tests/pairs/"), text, &policy))
            .collect()
    };
    let lines: Vec<String> = thread::scope(|scope| {
        let first = scope.spawn(|| results(&pairs[..half]));
        let second = results(&pairs[half..]);
        let first = first.join().expect("the first half is tested");
        first.into_iter().chain(second).collect()
    });
    let count = |word: &str| lines.iter().filter(|line| line.contains(&format!(": {word} ("))).count();
    let accused: usize = lines.iter().map(|lines| lines.matches("\n  accused: ").count()).sum();
    let head = format!(
        "{} of {} defects are found, {} of them elsewhere; {accused} findings accuse a twin.\n\n",
        lines.len() - count("missed"),
        lines.len(),
        count("found elsewhere"),
    );
    assert_golden("tests/pairs/results.txt", &(head + &lines.concat()));
}
