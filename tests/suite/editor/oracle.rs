//! The oracle of the server: after any edit it shows what a check of the same files finds.

use std::collections::BTreeMap;
use std::fs;

use alignlint::text::Source;
use serde_json::{Value, json};

use super::kit_random::Random;
use crate::kit::{Editor, Repository, Shown, adr, files_below, range};

/// A small company with records of many kinds, and all that suppresses or changes findings.
const EXTRAS: [(&str, &str); 13] = [
    ("alignlint.yaml", CONFIGURATIONS[0]),
    (
        "governance/exceptions.yaml",
        "exceptions:\n  - { id: E-1, rule: decision/no-trade-offs, scope: [docs/decisions/], reason: Old pages, expires: 2027-01-31 }\n  \
         - { id: E-2, rule: house/count, scope: [D-12, ADR-3], reason: They are many, expires: 2026-12-24 }\n",
    ),
    (
        "governance/forums.yaml",
        "forums:\n  # alignlint: ignore ownership/* because it rotates\n  - { id: board, title: Board, members: [ada, bo], cadence: monthly }\n",
    ),
    (
        "governance/staff.yaml",
        "people:\n  - { id: ada, name: Ada Byron, email: ada@example.org, reports-to: lea }\n  - { id: bo, name: Bo Ek, reports-to: ada }\n  - { id: vi, name: Eva }\n\
         roles:\n  - { id: head, title: Head of Sales, holder: bo }\n",
    ),
    (
        "governance/decisions.md",
        "# Decisions\n\n| Id | Title | Status | Owner | Date | Supersedes | Assumptions |\n|---|---|---|---|---|---|---|\n\
         | D-11 | Sell in Norway | superseded | ada | 2026-06-01 | | A-1 |\n| D-12 | Sell in Sweden 🇸🇪 | accepted | bo | 2026-08-01 | D-11 | A-2 |\n\
         | D-13 | Sell in Spain | proposed | head | 2026-08-01 | D-12 | |\n",
    ),
    (
        "handbook/README.md",
        "# Handbook\n\nSee [the log](../governance/decisions.md#decisions) and [a page](people.md).\n\nClients 📌 buy.\n",
    ),
    (
        "docs/decisions/README.md",
        "# Decisions\n\n* [ADR 1](0001-sell-through-partners.md): Sell through partners\n* [The log](../../governance/decisions.md#decisions)\n",
    ),
    (
        "handbook/people.md",
        "# People\n\nAda decides, see D-11 and [ADR 1](../docs/decisions/0001-sell-through-partners.md).\n",
    ),
    (
        "keps/sig-a/12-queue/kep.yaml",
        "title: Keep the queue\nkep-number: 12\nauthors: [ada]\nstatus: provisional\n",
    ),
    ("keps/sig-a/12-queue/README.md", "# KEP-12: Keep the queue\n\nSee [this](none.md).\n"),
    ("src/main.py", "# see ADR-1 and D-12\nprint('x')  # D-99\n"),
    (".github/CODEOWNERS", "* @ada\n/governance @eva\n"),
    (".mailmap", "Ada Byron <ada@example.org> <ab@example.org>\n"),
];

const CONFIGURATIONS: [&str; 4] = [
    "extends: [strict, ./policy]\nrules:\n  objective/unmeasurable: note\n",
    "extends: [recommended, ./policy]\n",
    "extends: [strict, ./policy]\nexclude: [\"handbook/**\"]\nrules: { house/count: error }\n",
    "extends: [nonsense]\n",
];

/// For each thing that findings may depend on, a rule, after its name.
const RULES: &str = r#"
short { for: decision, expect: size(record.title) > 20, message: "{record.id} of {record.owner.title}" }
count { for: decision, expect: "size(records('decision').filter(d, d.live)) < 5", message: "{records('decision').map(d, d.title).join(', ')}" }
named { for: decision, expect: "named('person', 'bo').all(p, p.title == 'Bo')", message: "{record.id} {who(named('person', 'bo'))}" }
called { for: person, expect: "record != 'eva'", message: "{record.title} is called eva" }
forward { for: decision, expect: "record.assumptions.all(a, a.status == 'open')", message: "{record.assumptions.map(a, a.owner.title).join(', ')}" }
backward { for: person, expect: "size(record.cited_by('decision')) < 2", message: "{record.cited_by('decision').map(d, d.title).join(', ')}" }
above { for: decision, expect: "record.people('owner').all(p, p.superiors() == [])", message: "{record.id} {who(record.owner)}" }
before { for: decision, expect: "record.ancestors('superseded-by') == []", message: "{record.ancestors('superseded-by').map(d, d.status).join(', ')}" }
twin { for: decision, expect: "record.namesakes().all(n, n.title == record.title)", message: "{record.namesakes().map(n, n.title).join(', ')}" }
group { for: decision, group-by: record.date, expect: size(group.records) < 2, message: "{group.records.map(r, r.title).join(', ')}" }
pair { for: decision, against: "records('decision').filter(o, o != record && o.date == record.date)", message: "{record.id} {other.title}" }
files { for: decision, expect: "!has_files('**/*moved*')", message: "{record.id} sees a move" }
history { for: decision, expect: "size(record.history('status')) < 2", message: "{record.history('status').map(c, c.value).join(', ')}" }
link { for: file, each: "file.links.filter(l, has(l.target))", expect: item.target.title == '', message: "{item.target.title} is {item.target.status}" }
far { for: forum, expect: "records('decision').all(d, d.assumptions.all(a, a.status != 'invalidated'))", message: "{record.id} rests on it" }
"#;

fn repository() -> Repository {
    let drifting = files_below("examples/drifting", None);
    let files = drifting.iter().map(|(path, text)| (path.trim_start_matches("examples/drifting/"), &**text));
    let files: Vec<(&str, &str)> = files.collect();
    let repository = Repository::with(&files);
    repository.write(&EXTRAS);
    for (name, rule) in RULES.lines().filter_map(|line| line.split_once(' ')) {
        repository.write_file(&format!("policy/rules/house/{name}.yaml"), rule);
    }
    let statuses =
        ["Accepted", "Superseded by [ADR-5](0005-page.md)", "Superseded by ADR-6", "Superseded by ADR-3"];
    for (number, status) in (3..).zip(statuses) {
        let page = format!("docs/decisions/000{number}-page.md");
        repository.write_file(&page, &adr(number, "Keep the queue", status));
    }
    repository.commit("2026-10-20");
    repository.run_today(&["--write-baseline", "--ignore", "house/*"]);
    repository.commit("2026-10-21");
    // Mistakes that the baseline does not know.
    let log = repository
        .read("governance/decisions.md")
        .replace("| bo |", "| eva |")
        .replace("D-11 | A-2", "D-99 | A-1");
    repository.write(&[
        ("governance/decisions.md", &log),
        ("docs/decisions/0007-page.md", &adr(5, "Sell", "Accepted")),
    ]);
    repository.commit("2026-10-22");
    repository
}

/// The files of a worktree, by path.
fn worktree(repository: &Repository) -> BTreeMap<String, String> {
    let listed = repository.git(&["ls-files", "--cached", "--others", "--exclude-standard"]);
    let read = |path: &str| Some((path.to_owned(), fs::read_to_string(repository.join(path)).ok()?));
    listed.lines().filter_map(read).collect()
}

/// True for a file without which nothing may be checked.
fn is_policy(path: &str) -> bool {
    path.contains("alignlint") || path.starts_with("policy/")
}

struct Story {
    repository: Repository,
    editor: Editor,
    random: Random,
    /// The files of the beginning.
    first: BTreeMap<String, String>,
    /// The texts of the open documents.
    open: BTreeMap<String, String>,
    /// A clone with the files as the editor has them; before it, its commit and what is written there.
    other: (String, BTreeMap<String, String>, Repository),
}

impl Story {
    fn begin(seed: u64) -> Story {
        let repository = repository();
        let watching = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
        let editor = Editor::with(&repository, watching);
        let first = worktree(&repository);
        let other = (String::new(), BTreeMap::new(), Repository::folder());
        Story { repository, editor, random: Random::new(seed), first, open: BTreeMap::new(), other }
    }

    /// The files as the editor has them.
    fn files(&self) -> BTreeMap<String, String> {
        let mut files = worktree(&self.repository);
        files.extend(self.open.clone());
        files
    }

    /// The path and the text of one of them; few are of the policy, as all is checked anew after each change of these.
    fn file(&mut self) -> (String, String) {
        let is_wanted = self.random.below(8) == 0;
        let mut files = self.files();
        files.retain(|path, _| is_wanted || !is_policy(path));
        let at = self.random.below(files.len());
        files.into_iter().nth(at).expect("there are files")
    }

    /// Replaces the text of a document, which it opens before.
    fn set_text(&mut self, path: &str, edited: impl FnOnce(&mut Random, &str) -> String) {
        let disk = || fs::read_to_string(self.repository.join(path)).unwrap_or_default();
        let text = self.open.get(path).cloned().unwrap_or_else(disk);
        if !self.open.contains_key(path) {
            self.editor.open_text(path, &text);
        }
        let text = edited(&mut self.random, &text);
        self.editor.set_text(path, &text);
        self.open.insert(path.to_owned(), text);
    }

    fn close(&mut self, path: &str) {
        if self.open.remove(path).is_some() {
            self.editor.close(path);
        }
    }

    /// Puts these files back as they were in the beginning, without others.
    fn repair(&mut self, is_concerned: fn(&str) -> bool) {
        for path in self.files().into_keys().filter(|path| is_concerned(path)) {
            self.close(&path);
            let _ = fs::remove_file(self.repository.join(&path));
        }
        for (path, text) in self.first.iter().filter(|(path, _)| is_concerned(path)) {
            self.repository.write_file(path, text);
        }
        self.editor.changed_on_disk(&["alignlint.yaml"]);
    }

    /// Makes an edit and says which.
    fn edit(&mut self) -> String {
        let (mut path, text) = self.file();
        let kind = self.random.below(32);
        let is_on_disk = self.repository.join(&path).exists();
        match kind {
            0..11 => self.set_text(&path, connected),
            11..16 => self.set_text(&path, edited),
            16 => self.set_text(&path, |_, text| text.replace("\r\n", "\n").replace('\n', "\r\n")),
            17 => self.set_text("alignlint.yaml", |random, _| (*random.pick(&CONFIGURATIONS)).to_owned()),
            18..20 => {
                path = self.random.pick(&EXTRAS[1..4]).0.to_owned();
                self.set_text(&path, connected);
            }
            20 => self.close(&path),
            // Saved.
            21 => self.repository.write_file(&path, &text),
            22 if is_on_disk => {
                self.close(&path);
                self.repository.remove(&path);
            }
            23 if is_on_disk => {
                let moved = self.repository.read(&path);
                self.repository.remove(&path);
                self.repository.write_file(&path.replacen('.', "-moved.", 1), &moved);
            }
            24 => {
                path = format!("docs/decisions/000{}-new.md", self.random.below(9));
                let of = |random: &mut Random, _: &str| {
                    adr(random.below(9) as u32, "Keep the queue", "Supersedes ADR-3")
                };
                self.set_text(&path, of);
            }
            25..28 => {
                let at = self.random.below(self.first.len());
                let (first, text) = self.first.iter().nth(at).expect("there are files");
                let text = text.clone();
                path.clone_from(first);
                self.set_text(&path, |_, _| text);
            }
            28 => {
                let revision = *self.random.pick(&["HEAD", "HEAD~1", "HEAD~2"]);
                self.repository.git(&["checkout", "--quiet", revision, "--", "."]);
            }
            29 => {
                let revision = *self.random.pick(&["main", "HEAD~1"]);
                self.repository.git(&["checkout", "--quiet", "--force", revision]);
            }
            30 => {
                self.repository.git(&["add", "--all"]);
                self.repository.git_succeeds(&["commit", "--quiet", "--allow-empty", "--message=x"]);
            }
            _ => self.repair(|_| true),
        }
        match kind {
            21..24 | 28 | 29 => self.editor.changed_on_disk(&[&path]),
            30 => self.editor.save("README.md"),
            _ => {}
        }
        format!("edit {kind} of {path}")
    }

    /// What a check of the same files finds, as an editor shows it; or why it fails.
    fn expected(&mut self) -> Result<Seen, String> {
        let head = self.repository.git(&["rev-parse", "HEAD"]);
        if self.other.0 != head {
            let other = Repository::clone(&self.repository, &[]);
            self.other = (head, worktree(&other), other);
        }
        let files = self.files();
        let (_, known, other) = &mut self.other;
        known.keys().filter(|path| !files.contains_key(*path)).for_each(|path| other.remove(path));
        let differing = files.iter().filter(|(path, text)| known.get(*path) != Some(text));
        differing.for_each(|(path, text)| other.write_file(path, text));
        known.clone_from(&files);
        let output = other.run_today(&["--format", "json", "--no-cache"]);
        if output.code == Some(2) {
            return Err(output.err);
        }
        let place = |place: &Value| {
            let path = place["path"].as_str().expect("a path");
            let source = Source::new(path, files[path].clone().into_bytes());
            (
                path.to_owned(),
                format!("{}-{}", position(&source, &place["start"]), position(&source, &place["end"])),
            )
        };
        let report = output.json();
        let hints = report["summary"]["excused"].as_u64().expect("a number") as usize;
        let (mut shown, mut related) = (Shown::new(), Vec::new());
        for finding in report["findings"].as_array().expect("a list") {
            let text = |key: &str| finding[key].as_str().unwrap_or_default();
            let (path, at) = place(finding);
            let line = format!("{} {} {at} {}", text("severity"), text("rule"), text("message"));
            related.extend(finding["help"].as_str().map(|help| format!("{path} {at} help: {help}")));
            shown.entry(path).or_default().push(line);
            for other in finding["related"].as_array().expect("a list") {
                let (path, at) = place(other);
                related.push(format!("{path} {at} {}", other["message"].as_str().expect("a text")));
            }
        }
        shown.values_mut().for_each(|lines| lines.sort());
        related.sort();
        Ok((shown, related, hints))
    }

    /// What the editor shows.
    fn shown(&self) -> Seen {
        let all = self.editor.diagnostics.values().flatten();
        let (hints, findings): (Vec<&Value>, Vec<&Value>) = all.partition(|it| it["severity"] == 4);
        let line = |one: &Value| {
            let place = &one["location"];
            let path = place["uri"].as_str().expect("a URI").trim_start_matches(&self.editor.uri(""));
            format!("{path} {} {}", range(place), one["message"].as_str().expect("a text"))
        };
        let lists = findings.iter().filter_map(|it| it["relatedInformation"].as_array());
        let mut related: Vec<String> = lists.flatten().map(line).collect();
        related.sort();
        (self.editor.shown(), related, hints.len())
    }
}

/// Replaces a word that connects records by another of its kind; without one, any word or a line.
fn connected(random: &mut Random, text: &str) -> String {
    const WORDS: [&str; 10] = [
        "ana hugo lea ada bo eva head sales care",
        "Ada Ana Bo Eva Hugo Lea",
        "A-1 A-2 A-3 O-1 O-2 O-9",
        "D-11 D-12 D-13 D-99 ADR-1 ADR-3 ADR-4 ADR-5",
        "accepted proposed superseded rejected Accepted Proposed Superseded",
        "invalidated validated open active",
        "provisional implementable implemented withdrawn",
        "2026-04-14 2026-06-01 2026-08-01 2026-12-24 2027-01-31",
        "customer Customer client clients queue partners Norway Sweden",
        "house pair term count ownership unknown decision",
    ];
    let is_of_word = |c: char| c.is_alphanumeric() || c == '-';
    let ends = |(at, c): (usize, char)| (!is_of_word(c)).then_some(at + c.len_utf8());
    let starts = std::iter::once(0).chain(text.char_indices().filter_map(ends));
    let word = |at: usize| text[at..].split(|c| !is_of_word(c)).next().filter(|word| !word.is_empty());
    let of_kind = |word: &str| WORDS.iter().find(|line| line.split(' ').any(|one| one == word));
    let found: Vec<_> = starts.filter_map(|at| Some((at, word(at)?, of_kind(word(at)?)?))).collect();
    if found.is_empty() {
        return edited(random, text);
    }
    let (at, word, line) = *random.pick(&found);
    let new = *random.pick(&line.split(' ').collect::<Vec<_>>());
    format!("{}{new}{}", &text[..at], &text[at + word.len()..])
}

/// Deletes, repeats or inserts a line, or writes a word before another.
fn edited(random: &mut Random, text: &str) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').chain([""]).collect();
    let at = random.below(lines.len());
    match random.below(6) {
        0 => _ = lines.remove(at),
        1 => lines.insert(at, lines[at]),
        // What follows moves and says the same.
        2..5 => {
            let is_between = |at: &usize| *at == 0 || lines[at - 1].trim().is_empty();
            let between: Vec<usize> = (0..lines.len()).filter(is_between).collect();
            lines.insert(*random.pick(&between), "\n");
        }
        _ => {
            let starts: Vec<usize> = lines[at].match_indices(' ').map(|(at, _)| at + 1).chain([0]).collect();
            let (before, after) = lines[at].split_at(*random.pick(&starts));
            let word = *random.pick(&["eva ", "D-12 ", "📌 ", "Client ", "invalidated ", "# "]);
            return [&lines[..at].concat(), before, word, after, &lines[at + 1..].concat()].concat();
        }
    }
    lines.concat()
}

/// Findings by file, the lines of related places and of help, and the number of findings that are suppressed.
type Seen = (Shown, Vec<String>, usize);

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
    let (mut done, mut checked, mut broken) = (Vec::new(), 0, 0);
    for _ in 0..edits {
        let what = match broken {
            0 => story.edit(),
            _ => {
                story.repair(if broken == 1 { is_policy } else { |_| true });
                "repair".to_owned()
            }
        };
        done.push(what);
        story.editor.settle();
        let shown = story.shown();
        match story.expected() {
            Ok(expected) => {
                (checked, broken) = (checked + 1, 0);
                assert_eq!(shown, expected, "after {} edits, seed {seed}: {:#?}", done.len(), last(&done));
            }
            // Then nothing but faults of the policy is shown.
            Err(fault) => {
                broken += 1;
                let is_fault = |line: &String| line.starts_with("error - ");
                assert!(
                    shown.0.values().flatten().all(is_fault),
                    "{fault}: {shown:#?} after {:#?}",
                    last(&done)
                );
            }
        }
    }
    println!("seed {seed}: {checked} of {edits} compared");
    assert!(checked * 100 >= edits * 85, "the policy is broken too often: {checked} of {edits}");
}
