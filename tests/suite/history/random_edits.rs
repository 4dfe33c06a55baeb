//! Random edits of a repository: after each of them, runs with and without the cache give the same results.

use std::fs;
use std::path::Path;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::cache::{go_on, same};
use crate::kit::{ADA, BO, Repository};

/// One repository is tried for so many cases of other property tests. Each takes several seconds.
const SHARE: u32 = 128;

/// An edit. The numbers choose the record, the file, the branch or the commit.
#[derive(Clone, Debug)]
enum Edit {
    ChangeValue(usize),
    Reformat(usize),
    Break(usize),
    RenameFile(usize),
    MoveRecord(usize),
    Delete(usize),
    Create(usize),
    Uncommitted(usize),
    Amend(usize),
    SetBack(usize),
    SwitchBranch,
    Merge { record: usize, other: usize, main_moves: bool, takes_main: bool, commits: usize },
    Octopus(usize),
    Squash(usize),
    AddCommits,
}

fn edit() -> impl Strategy<Value = Edit> {
    use Edit::*;
    let which = 0..100_usize;
    prop_oneof![
        3 => which.clone().prop_map(ChangeValue),
        1 => which.clone().prop_map(Reformat),
        1 => which.clone().prop_map(Break),
        1 => which.clone().prop_map(RenameFile),
        2 => which.clone().prop_map(MoveRecord),
        1 => which.clone().prop_map(Delete),
        2 => which.clone().prop_map(Create),
        1 => which.clone().prop_map(Uncommitted),
        1 => which.clone().prop_map(Amend),
        1 => (1..150_usize).prop_map(SetBack),
        1 => Just(SwitchBranch),
        4 => (which.clone(), which.clone(), any::<bool>(), any::<bool>(), 1..4_usize).prop_map(
            |(record, other, main_moves, takes_main, commits)| {
                Merge { record, other, main_moves, takes_main, commits }
            }
        ),
        1 => which.clone().prop_map(Octopus),
        1 => which.prop_map(Squash),
        2 => Just(AddCommits),
    ]
}

#[derive(Clone, Debug, PartialEq)]
struct Belief {
    id: String,
    status: String,
    owner: String,
}

/// A repository, and the day of its last commit.
struct Story {
    repository: Repository,
    day: Date,
    commits: usize,
}

impl Story {
    fn begin() -> Story {
        let mut story = Story { repository: Repository::empty(), day: date(2024, 1, 1), commits: 0 };
        story.repository.write_file("alignlint.yaml", "extends: [all]\n");
        story.repository.write_file(".mailmap", "Beata Ek <beata@example.org> <bo@example.org>\n");
        story.write("strategy/assumptions.yaml", &["A-1", "A-2", "A-3"].map(belief), 0);
        story.write("strategy/b.json", &["A-4"].map(belief), 0);
        story.commit("Begin");
        go_on(story.path(), 100);
        story
    }

    fn path(&self) -> &Path {
        self.repository.path()
    }

    fn git(&self, arguments: &[&str]) {
        self.repository.git_as(ADA, &format!("{}T12:00:00+00:00", self.day), arguments);
    }

    fn commit(&mut self, message: &str) {
        self.day = self.day.tomorrow().expect("a day");
        self.commits += 1;
        let author = if self.commits.is_multiple_of(2) { ADA } else { BO };
        let reviewed =
            if self.commits.is_multiple_of(3) { "\n\nReviewed-by: Bo Ek <bo@example.org>" } else { "" };
        self.repository.commit_as(&self.day.to_string(), author, &format!("{message}{reviewed}"));
    }

    /// The files that hold records, in order.
    fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        for folder in ["strategy", "strategy/assumptions"] {
            let entries = fs::read_dir(self.path().join(folder)).into_iter().flatten();
            let names = entries.map(|it| it.expect("an entry").file_name().to_string_lossy().into_owned());
            found.extend(names.filter(|name| name.contains('.')).map(|name| format!("{folder}/{name}")));
        }
        found.sort();
        found
    }

    fn one_file(&self, which: usize) -> Option<String> {
        let files = self.files();
        Some(files.get(which % files.len().max(1))?.clone())
    }

    fn read(&self, path: &str) -> Vec<Belief> {
        let text = fs::read_to_string(self.path().join(path)).expect("it is there");
        let text =
            if path.ends_with(".md") { text.split("---").nth(1).expect("front matter") } else { &text };
        let Ok(file) = serde_yaml::from_str::<serde_json::Value>(text) else { return Vec::new() };
        let field = |record: &serde_json::Value, name: &str| record[name].as_str().unwrap_or("").to_owned();
        let one = |id: String, it: &serde_json::Value| Belief {
            id,
            status: field(it, "status"),
            owner: field(it, "owner"),
        };
        match &file["assumptions"] {
            serde_json::Value::Array(list) => list.iter().map(|it| one(field(it, "id"), it)).collect(),
            serde_json::Value::Object(by_id) => by_id.iter().map(|(id, it)| one(id.clone(), it)).collect(),
            _ => vec![one(field(&file, "id"), &file)],
        }
    }

    /// Writes records into a file in one of several styles; without records, removes the file.
    fn write(&self, path: &str, beliefs: &[Belief], style: usize) {
        if beliefs.is_empty() {
            fs::remove_file(self.path().join(path)).expect("it is there");
            return;
        }
        let lines = beliefs.iter().map(|Belief { id, status, owner }| {
            let text = "Partners close faster";
            if path.ends_with(".md") {
                format!("---\nkind: assumption\nid: {id}\nstatus: {status}\nowner: {owner}\n---\n\n## Statement\n\n{text}\n")
            } else if path.ends_with(".json") {
                format!("{{\"id\": \"{id}\", \"owner\": \"{owner}\", \"status\": \"{status}\", \"statement\": \"{text}\"}}")
            } else {
                match style % 3 {
                    0 => format!("  - {{id: {id}, statement: {text}, status: {status}, owner: {owner}}}\n"),
                    1 => format!("  {id}:\n    owner: \"{owner}\"\n    status: '{status}'\n    statement: >-\n      Partners\n      close faster\n"),
                    _ => format!("  # as we think\n  - status: {status}\n    statement: {text}\n    owner: [{owner}]\n    id: {id}\n"),
                }
            }
        });
        let lines: Vec<String> = lines.collect();
        let text = match path.rsplit('.').next() {
            Some("md") => lines.concat(),
            Some("json") => format!("{{\"assumptions\": [{}]}}\n", lines.join(", ")),
            _ => format!("assumptions:\n{}", lines.concat()),
        };
        self.repository.write_file(path, &text);
    }

    /// Changes one value of one record.
    fn edit(&self, which: usize) {
        let Some(path) = self.one_file(which) else { return };
        let mut beliefs = self.read(&path);
        let count = beliefs.len().max(1);
        let Some(belief) = beliefs.get_mut(which / 7 % count) else { return };
        const STATUSES: [&str; 4] = ["open", "validated", "invalidated", "retired"];
        let next = STATUSES.iter().position(|it| **it == *belief.status).map_or(0, |at| at + 1 + which % 2);
        match which % 5 {
            0 => belief.owner = if belief.owner == "ada" { "bo".into() } else { "ada".into() },
            _ => belief.status = STATUSES[next % 4].into(),
        }
        self.write(&path, &beliefs, which);
    }

    fn create(&self, which: usize) {
        let id = format!("A-{}", which % 7);
        let path = match which % 3 {
            0 => "strategy/assumptions.yaml".to_owned(),
            1 => "strategy/b.json".to_owned(),
            _ => format!("strategy/assumptions/a-{}.md", which % 7),
        };
        self.add(&path, belief(&id), which);
    }

    fn add(&self, path: &str, belief: Belief, style: usize) {
        let mut beliefs = match self.path().join(path).exists() && !path.ends_with(".md") {
            true => self.read(path),
            false => Vec::new(),
        };
        beliefs.push(belief);
        self.write(path, &beliefs, if beliefs.len() > 1 { 0 } else { style });
    }

    /// Removes a record from its file.
    fn take(&self, which: usize) -> Option<(String, Belief)> {
        let path = self.one_file(which)?;
        let mut beliefs = self.read(&path);
        if beliefs.is_empty() {
            return None;
        }
        let belief = beliefs.remove(which / 7 % beliefs.len());
        self.write(&path, &beliefs, 0);
        Some((path, belief))
    }

    fn move_record(&self, which: usize) {
        let Some((from, belief)) = self.take(which) else { return };
        let places = [
            "strategy/assumptions.yaml".to_owned(),
            "strategy/b.json".to_owned(),
            format!("strategy/assumptions/{}.md", belief.id.to_lowercase()),
        ];
        let places: Vec<&String> = places.iter().filter(|place| **place != from).collect();
        self.add(places[which % places.len()], belief, 0);
    }

    fn branch(&self) -> String {
        self.repository.git(&["symbolic-ref", "--short", "HEAD"])
    }

    fn has(&self, branch: &str) -> bool {
        !self.repository.git(&["branch", "--list", branch]).is_empty()
    }

    fn merge(&mut self, sides: &[&str], strategy: &[&str]) {
        self.day = self.day.tomorrow().expect("a day");
        let head = ["merge", "--quiet", "--no-ff", "-m", "Merge\n\nApproved-by: Bo Ek <bo@example.org>"];
        self.git(&[&head[..], strategy, sides].concat());
    }

    fn apply(&mut self, edit: &Edit) {
        match *edit {
            Edit::ChangeValue(which) => self.edit(which),
            Edit::Reformat(which) => {
                if let Some(path) = self.one_file(which) {
                    self.write(&path, &self.read(&path), which);
                }
            }
            Edit::Break(which) => {
                self.repository.write_file("strategy/assumptions.yaml", "assumptions: [\n");
                self.commit("Break");
                self.edit(which);
                self.commit("And on");
                self.write("strategy/assumptions.yaml", &[belief("A-1"), belief("A-2")], which);
            }
            Edit::RenameFile(which) => {
                if let Some(path) = self.one_file(which).filter(|path| path.ends_with(".yaml")) {
                    let name = format!("strategy/{}.yaml", ["assumptions", "c", "d"][which % 3]);
                    if !self.path().join(&name).exists() {
                        self.git(&["mv", &path, &name]);
                    }
                }
            }
            Edit::MoveRecord(which) => self.move_record(which),
            Edit::Delete(which) => drop(self.take(which)),
            Edit::Create(which) => self.create(which),
            Edit::Uncommitted(which) => {
                self.edit(which);
                self.create(which);
                same(self.path(), "not committed");
                self.git(&["checkout", "--quiet", "--", "."]);
                self.git(&["clean", "--quiet", "--force", "-d"]);
            }
            Edit::Amend(which) => {
                self.edit(which);
                self.git(&["add", "--all"]);
                self.git(&["commit", "--quiet", "--amend", "--allow-empty", "-m", "Amended"]);
            }
            Edit::SetBack(by) => {
                let length = self.repository.git(&["rev-list", "--first-parent", "--count", "HEAD"]);
                let by = by.min(length.parse::<usize>().expect("a number") - 1);
                self.git(&["reset", "--quiet", "--hard", &format!("HEAD~{by}")]);
            }
            Edit::SwitchBranch => {
                let to = if self.branch() == "main" { "other" } else { "main" };
                match self.has(to) {
                    true => self.git(&["checkout", "--quiet", to]),
                    false => self.git(&["checkout", "--quiet", "-b", to, "HEAD~1"]),
                }
            }
            Edit::Merge { record, other, main_moves, takes_main, commits } => {
                let on = self.branch();
                self.git(&["checkout", "--quiet", "-B", "side"]);
                for nth in 0..commits {
                    self.edit(record + 7 * nth);
                    self.commit("On the side");
                }
                self.git(&["checkout", "--quiet", &on]);
                if main_moves {
                    self.edit(other);
                    self.commit("On the main line");
                    if takes_main {
                        self.git(&["checkout", "--quiet", "side"]);
                        self.merge(&[&on], &["-X", "ours"]);
                        self.edit(other + record);
                        self.commit("And on");
                        self.git(&["checkout", "--quiet", &on]);
                        self.edit(record + 1);
                        self.commit("Meanwhile");
                    }
                }
                self.merge(&["side"], if record % 2 == 0 { &["-X", "theirs"] } else { &["-X", "ours"] });
            }
            Edit::Octopus(which) => {
                let on = self.branch();
                for (nth, side) in ["one", "two"].into_iter().enumerate() {
                    self.git(&["checkout", "--quiet", "-B", side, &on]);
                    let path = format!("strategy/assumptions/{side}-{}.md", self.commits);
                    self.write(&path, &[belief(&format!("A-{}", which % 7 + 7 * nth))], 0);
                    self.commit(side);
                }
                self.git(&["checkout", "--quiet", &on]);
                self.merge(&["one", "two"], &[]);
            }
            Edit::Squash(which) => {
                let on = self.branch();
                self.git(&["checkout", "--quiet", "-B", "side"]);
                self.edit(which);
                self.commit("To be squashed");
                self.git(&["checkout", "--quiet", &on]);
                self.git(&["merge", "--quiet", "--squash", "side"]);
            }
            Edit::AddCommits => go_on(self.path(), 100),
        }
        self.commit("Done");
    }

    /// What the program prints and its exit code, with or without the cache.
    fn printed(&self, arguments: &[&str], cached: bool) -> (String, Option<i32>) {
        let cache: &[&str] = if cached { &[] } else { &["--no-cache"] };
        let output = self.repository.run(&[arguments, cache, &["--as-of", "2026-11-20"]].concat());
        (output.out, output.code)
    }

    fn prints_the_same(&self, arguments: &[&str], what: &str) {
        let (cached, walked) = (self.printed(arguments, true), self.printed(arguments, false));
        assert_eq!(cached, walked, "{arguments:?} after {what}");
        assert!(cached.0.starts_with('{'), "{arguments:?} after {what}: {cached:?}");
    }
}

fn belief(id: &str) -> Belief {
    Belief { id: id.to_owned(), status: "open".to_owned(), owner: "ada".to_owned() }
}

#[test]
fn after_random_edits_the_cache_changes_no_result() {
    let cases = (Config::default().cases / SHARE).max(1);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 30, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let run = runner.run(&prop::collection::vec(edit(), 4..16), |edits| {
        let mut story = Story::begin();
        for (done, edit) in (1..).zip(&edits) {
            story.apply(edit);
            let what = format!("{:?}", &edits[..done]);
            same(story.path(), &what);
            story.prints_the_same(&["check", "--format", "json"], &what);
        }
        for path in story.files() {
            if !story.read(&path).is_empty() {
                story.prints_the_same(&["blame", &path, "--format", "json"], &format!("{edits:?}"));
            }
        }
        assert!(story.path().join(".git/alignlint").exists(), "something is kept");
        Ok(())
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
}
