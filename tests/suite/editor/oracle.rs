//! The oracle of the server: after any edit it shows what a check of the same files finds.

use std::collections::BTreeMap;
use std::fs;

use alignlint::text::Source;
use serde_json::{Value, json};

use super::kit_random::Random;
use crate::kit::{Editor, Repository, Shown, adr, files_below};

/// A small company with records of many kinds, and all that suppresses or changes findings.
const EXTRAS: [(&str, &str); 9] = [
    ("alignlint.yaml", "extends: [strict, ./policy]\nrules:\n  objective/unmeasured: note\n"),
    (
        "policy/rules/house/short.yaml",
        "for: decision\nexpect: size(record.title) > 12\nmessage: \"`{record.id}` of `{record.owner}` has a short title\"\n",
    ),
    (
        "governance/exceptions.yaml",
        "exceptions:\n  - { id: E-1, rule: decision/no-trade-offs, scope: [docs/decisions/], reason: Old pages, expires: 2027-01-31 }\n",
    ),
    (
        "governance/forums.yaml",
        "forums:\n  # alignlint: ignore ownership/* because it rotates\n  - { id: board, title: Board, members: [ada, bo], cadence: monthly }\n",
    ),
    (
        "governance/log.md",
        "# Decisions 📌\n\n| Id | Title | Status | Owner | Date | Supersedes |\n|---|---|---|---|---|---|\n\
         | D-11 | Sell in Norway | accepted | ada | 2026-06-01 | |\n| D-12 | Sell in Sweden 🇸🇪 | accepted | bo | 2026-08-01 | D-11 |\n",
    ),
    (
        "handbook/README.md",
        "# Handbook\n\nSee [the log](../governance/log.md#decisions) and [a page](people.md).\n\nClients 📌 buy.\n",
    ),
    (
        "handbook/people.md",
        "# People\n\nAda decides, see D-11 and [ADR 1](../docs/decisions/0001-sell-through-partners.md).\n",
    ),
    ("src/main.py", "# see ADR-1 and D-12\nprint('x')  # D-99\n"),
    (".github/CODEOWNERS", "* @ada\n/governance @eva\n"),
];

fn repository() -> Repository {
    let drifting = files_below("examples/drifting", None);
    let files = drifting.iter().map(|(path, text)| (path.trim_start_matches("examples/drifting/"), &**text));
    let files: Vec<(&str, &str)> = files.collect();
    let repository = Repository::with(&files);
    repository.write(&EXTRAS);
    for number in 3..6 {
        let status = if number == 4 { "Superseded by ADR-5" } else { "Accepted" };
        repository.write_file(
            &format!("docs/decisions/000{number}-page.md"),
            &adr(number, "Keep the queue", status),
        );
    }
    repository.commit("2026-10-20");
    repository.run_today(&["--write-baseline", "--select", "decision/*"]);
    repository.commit("2026-10-21");
    repository
}

/// The files of a worktree, by path.
fn worktree(repository: &Repository) -> BTreeMap<String, String> {
    let listed = repository.git(&["ls-files", "--cached", "--others", "--exclude-standard"]);
    let read = |path: &str| Some((path.to_owned(), fs::read_to_string(repository.join(path)).ok()?));
    listed.lines().filter_map(read).collect()
}

struct Story {
    repository: Repository,
    editor: Editor,
    random: Random,
    /// The texts of the open documents.
    open: BTreeMap<String, String>,
}

impl Story {
    fn begin(seed: u64) -> Story {
        let repository = repository();
        let watching = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
        let editor = Editor::with(&repository, watching);
        Story { repository, editor, random: Random::new(seed), open: BTreeMap::new() }
    }

    /// The path and the text of a file as the editor has it.
    fn file(&mut self) -> (String, String) {
        let mut files = worktree(&self.repository);
        files.extend(self.open.clone());
        let at = self.random.below(files.len());
        files.into_iter().nth(at).expect("there are files")
    }

    fn set_text(&mut self, path: &str, text: String) {
        if !self.open.contains_key(path) {
            let disk = fs::read_to_string(self.repository.join(path)).unwrap_or_default();
            self.editor.open_text(path, &disk);
        }
        self.editor.set_text(path, &text);
        self.open.insert(path.to_owned(), text);
    }

    /// Makes an edit and says what.
    fn edit(&mut self) -> String {
        let (path, text) = self.file();
        match self.random.below(24) {
            0..12 => {
                let (what, text) = self.edited(&text);
                self.set_text(&path, text);
                format!("{what} in {path}")
            }
            12 => {
                let text = text.replace("\r\n", "\n");
                self.set_text(&path, text.replace('\n', "\r\n"));
                format!("line ends of {path}")
            }
            13 => {
                let texts = [
                    "extends: [recommended, ./policy]\n",
                    "extends: [strict, ./policy]\n",
                    "extends: [nonsense]\n",
                    EXTRAS[0].1,
                ];
                let text = self.random.pick(&texts).to_owned();
                self.set_text("alignlint.yaml", text.to_owned());
                format!("configuration {text:?}")
            }
            14 => {
                let people = "governance/people.yaml";
                let text = self.open.get(people).cloned().unwrap_or_else(|| self.repository.read(people));
                let (what, text) = self.edited(&text);
                self.set_text(people, text);
                format!("{what} in people")
            }
            15 | 16 if self.open.contains_key(&path) => {
                self.editor.close(&path);
                self.open.remove(&path);
                format!("close {path}")
            }
            17 | 18 => {
                self.repository.write_file(&path, &text);
                self.editor.changed_on_disk(&[&path]);
                format!("save {path}")
            }
            19 if !self.open.contains_key(&path) && path != "governance/people.yaml" => {
                self.repository.remove(&path);
                self.editor.changed_on_disk(&[&path]);
                format!("delete {path}")
            }
            20 if self.repository.join(&path).exists() => {
                let new = path.replacen('.', "-moved.", 1);
                fs::rename(self.repository.join(&path), self.repository.join(&new)).expect("it is moved");
                self.editor.changed_on_disk(&[&path, &new]);
                format!("move {path}")
            }
            21 => {
                let revision = *self.random.pick(&["HEAD", "HEAD~1", "HEAD~2"]);
                self.repository.git(&["checkout", "--quiet", revision, "--", "."]);
                self.editor.changed_on_disk(&["alignlint.yaml"]);
                format!("git checkout {revision} -- .")
            }
            22 => {
                self.repository.git(&["add", "--all"]);
                self.repository.git_succeeds(&["commit", "--quiet", "--allow-empty", "--message=x"]);
                self.editor.changed_on_disk(&[".git/HEAD"]);
                "git commit".to_owned()
            }
            _ => {
                for path in std::mem::take(&mut self.open).into_keys() {
                    self.editor.close(&path);
                }
                "close all".to_owned()
            }
        }
    }

    /// Replaces a word or a line.
    fn edited(&mut self, text: &str) -> (String, String) {
        const WORDS: [&str; 22] = [
            "ada",
            "bo",
            "eva",
            "A-1",
            "A-2",
            "D-11",
            "D-12",
            "ADR-1",
            "ADR-3",
            "accepted",
            "proposed",
            "invalidated",
            "superseded",
            "2026-01-01",
            "2026-12-24",
            "📌",
            "client",
            "customer",
            "",
            "churn",
            "revenue",
            "title",
        ];
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        if lines.is_empty() {
            return ("first line".to_owned(), "# A\n".to_owned());
        }
        let at = self.random.below(lines.len());
        let word = *self.random.pick(&WORDS);
        let what = match self.random.below(6) {
            0 => {
                lines.remove(at);
                format!("delete line {at}")
            }
            1 => {
                let again = lines[at].clone();
                lines.insert(at, again);
                format!("repeat line {at}")
            }
            2 => {
                lines.insert(at, "\n".to_owned());
                format!("empty line {at}")
            }
            _ => {
                let line = &lines[at];
                let is_of_word = |c: char| c.is_alphanumeric() || c == '-';
                let starts: Vec<usize> = line
                    .char_indices()
                    .filter(|(at, c)| is_of_word(*c) && !line[..*at].ends_with(is_of_word))
                    .map(|(at, _)| at)
                    .collect();
                if starts.is_empty() {
                    lines[at].insert_str(0, word);
                } else {
                    let start = *self.random.pick(&starts);
                    let rest = &line[start..];
                    let end = start + rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
                    lines[at].replace_range(start..end, word);
                }
                format!("word {word:?} in line {at}")
            }
        };
        (what, lines.concat())
    }

    /// What a check of the same files finds, as an editor shows it; or why it fails.
    fn expected(&self) -> Result<Shown, String> {
        let fresh = Repository::clone(&self.repository, &[]);
        let names: Vec<String> = worktree(&fresh).into_keys().collect();
        names.iter().for_each(|path| fresh.remove(path));
        let mut files = worktree(&self.repository);
        files.extend(self.open.clone());
        files.iter().for_each(|(path, text)| fresh.write_file(path, text));
        let output = fresh.run_today(&["--format", "json", "--no-cache"]);
        if output.code == Some(2) {
            return Err(output.err);
        }
        let mut shown = Shown::new();
        for finding in output.json()["findings"].as_array().expect("a list") {
            let path = finding["path"].as_str().expect("a path");
            let source = Source::new(path, files[path].clone().into_bytes());
            let at = |end: &str| position(&source, &finding[end]);
            let text = |key: &str| finding[key].as_str().expect("a text");
            let line = format!(
                "{} {} {}-{} {}",
                text("severity"),
                text("rule"),
                at("start"),
                at("end"),
                text("message")
            );
            shown.entry(path.to_owned()).or_default().push(line);
        }
        shown.values_mut().for_each(|lines| lines.sort());
        Ok(shown)
    }
}

/// A position of the report as UTF-16 has it.
fn position(source: &Source, at: &Value) -> String {
    let byte = at["byte"].as_u64().expect("a number") as usize;
    let before = &source.text()[..byte];
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before[line..].trim_start_matches('\u{feff}').encode_utf16().count();
    format!("{}:{column}", before.matches('\n').count())
}

#[test]
fn after_any_edit_the_server_shows_what_a_check_finds() {
    let number =
        |name: &str, default| std::env::var(name).ok().map_or(default, |it| it.parse().expect("a number"));
    let (edits, seed) = (number("EDITS", 200), number("EDIT_SEED", 72));
    let last = |done: &[String]| done[done.len().saturating_sub(8)..].to_vec();
    let mut story = Story::begin(seed);
    let mut done = Vec::new();
    let mut checked = 0;
    for _ in 0..edits {
        done.push(story.edit());
        story.editor.settle();
        let shown = story.editor.shown();
        match story.expected() {
            Ok(expected) => {
                checked += 1;
                assert_eq!(shown, expected, "after {} edits, seed {seed}: {:#?}", done.len(), last(&done));
            }
            // Then nothing but faults of the policy is shown.
            Err(fault) => {
                let is_fault = |line: &String| line.starts_with("error - ");
                assert!(
                    shown.values().flatten().all(is_fault),
                    "{fault}: {shown:#?} after {:#?}",
                    last(&done)
                );
            }
        }
    }
    assert!(checked * 2 > edits, "the policy is broken most of the time: {checked} of {edits}");
}
