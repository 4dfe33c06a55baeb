//! Pairs of small repositories that were written from the description of a rule, without sight of it: one with a defect, and
//! twins that differ only in that the defect is absent. `tests/pairs/results.txt` says which defects are found and which twins
//! are accused of them.

use std::collections::BTreeMap;
use std::thread;

use serde::Deserialize;

use crate::kit::{Repository, assert_golden, files_below};

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
    files: BTreeMap<String, String>,
    #[serde(default)]
    history: Vec<Commit>,
    /// The file in which the defect is reported.
    at: Option<String>,
    /// The record that its message names.
    names: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Commit {
    date: String,
    author: String,
    #[serde(default)]
    message: Option<String>,
    files: BTreeMap<String, String>,
}

impl State {
    /// Returns the findings of these rules, in the format `concise`.
    fn findings(&self, rules: &[String], as_of: &str) -> Vec<String> {
        let repository = Repository::empty();
        let write = |files: &BTreeMap<String, String>| {
            files.iter().for_each(|(path, text)| repository.write(&[(path, text)]));
        };
        let all = ("alignlint.yaml", "extends: [all]\n");
        for (number, commit) in self.history.iter().enumerate() {
            if number == 0 {
                repository.write(&[all]);
            }
            write(&commit.files);
            let message = commit.message.as_deref().unwrap_or("change");
            repository.commit_as(&commit.date, &commit.author, message);
        }
        if self.history.is_empty() {
            repository.write(&[all]);
            write(&self.files);
            repository.git(&["add", "--all"]);
        }
        let output = repository.run(&["--as-of", as_of, "--format", "concise"]);
        let is_of_rule = |line: &&str| rules.iter().any(|rule| line.contains(&format!("[{rule}]")));
        output.out.lines().filter(is_of_rule).map(str::to_owned).collect()
    }
}

fn result(name: &str, text: &str) -> String {
    let pair: Pair = serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let found = pair.defect.findings(&pair.rules, &pair.as_of);
    let is_at = |line: &&String| pair.defect.at.as_ref().is_none_or(|at| line.starts_with(&**at));
    let names = |line: &String| pair.defect.names.as_ref().is_none_or(|name| line.contains(&**name));
    let verdict = match found.iter().find(is_at).or(found.first()) {
        None => "missed",
        Some(line) if is_at(&line) && names(line) => "found",
        Some(_) => "found elsewhere",
    };
    let mut text = format!("{name}: {verdict} ({})\n", pair.says);
    for twin in &pair.twins {
        let accused = twin.findings(&pair.rules, &pair.as_of);
        let twin = twin.name.as_deref().unwrap_or("the twin");
        accused.iter().for_each(|line| text.push_str(&format!("  accused: {twin}: {line}\n")));
    }
    text
}

#[test]
fn defects_are_found_and_their_innocent_twins_are_not() {
    let pairs: Vec<(String, String)> = files_below("tests/pairs", Some("yaml")).into_iter().collect();
    assert!(!pairs.is_empty());
    let half = pairs.len() / 2;
    let results = |pairs: &[(String, String)]| -> Vec<String> {
        pairs.iter().map(|(path, text)| result(path.trim_start_matches("tests/pairs/"), text)).collect()
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
