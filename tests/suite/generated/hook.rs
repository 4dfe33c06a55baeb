//! A hook checks only what the next commit may affect. Random edits of a generated repository show that it reports
//! what a run over everything reports.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::test_runner::Config;
use tempfile::TempDir;

use super::generator::random::Random;
use super::generator::{AS_OF, Repository};
use super::history;
use crate::kit::{alignlint, git};

const RECORDS: usize = 120;
/// How many changes are tried for each hundred cases of other property tests; each takes a second.
const CHANGES_PER_HUNDRED: u32 = 3;
const COMPANIONS: usize = 24;
/// The last edits, which leave names, references and status as they are: half of the changes are of these.
const OF_FIELDS: usize = 2;

/// An edit of a file, as new texts by path; `None` deletes a file.
type Edit = fn(path: &str, text: &str, all: &Texts, random: &mut Random) -> Vec<(String, Option<String>)>;
type Texts = BTreeMap<String, String>;

const EDITS: &[Edit] = &[
    // Replaces a name by one of another file.
    |path, text, all, random| {
        let other = drawn(&names(&all[drawn_path(all, random)]), random);
        match (drawn(&names(text), random), other) {
            (Some(name), Some(other)) => vec![(path.into(), Some(text.replacen(&name, &other, 1)))],
            _ => Vec::new(),
        }
    },
    // Renames a record, but not the references to it.
    |path, text, _, random| match drawn(&names(text), random) {
        Some(name) => vec![(path.into(), Some(text.replacen(&name, &format!("{name}9"), 1)))],
        None => Vec::new(),
    },
    // Adds a reference from one decision to another.
    |path, text, all, random| {
        let field = random.one_of(&["supersedes", "superseded-by", "amends"]);
        let pages: Vec<&String> = all.keys().filter(|path| path.contains("decisions/")).collect();
        let to = pages[random.below(pages.len())].rsplit('/').next().unwrap_or_default();
        let number: String = to.chars().filter(char::is_ascii_digit).take(5).collect();
        let fields = format!("\n{field}: [{number}]\nstatus:");
        let is_page = path.ends_with(".md");
        if is_page { vec![(path.into(), Some(text.replacen("\nstatus:", &fields, 1)))] } else { Vec::new() }
    },
    |path, text, _, random| {
        let words: &[&str] = match path.ends_with("kep.yaml") {
            true => &["provisional", "implementable", "implemented", "withdrawn", "rejected"],
            false => &["accepted", "proposed", "superseded", "open", "invalidated", "draft"],
        };
        let status = random.one_of(words);
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let with_status = |line: &&mut String| line.trim_start().starts_with("status:");
        let mut those: Vec<&mut String> = lines.iter_mut().filter(with_status).collect();
        let count = those.len();
        if count > 0 {
            let line = &mut *those[random.below(count)];
            let start = line.find("status:").expect("the line has one");
            *line = format!("{}status: {status}", &line[..start]);
        }
        vec![(path.into(), Some(lines.join("\n") + "\n"))]
    },
    |path, text, _, random| {
        let mut lines: Vec<&str> = text.lines().collect();
        lines.remove(random.below(lines.len()));
        vec![(path.into(), Some(lines.join("\n") + "\n"))]
    },
    |path, _, _, _| vec![(path.into(), None)],
    |path, text, _, _| vec![(path.into(), None), (beside(path, "moved"), Some(text.into()))],
    |path, text, _, _| vec![(beside(path, "copy"), Some(text.into()))],
    |path, text, _, _| vec![(path.into(), Some(text.replacen(':', ": [", 1)))],
    // Adds a suppression comment.
    |path, text, _, random| {
        let rule = random.one_of(&["decision/*", "ownership/*", "schema/*", "assumption/stale"]);
        let asks = format!("alignlint: ignore {rule} until 2027-01-31 because of the move");
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let at = random.below(lines.len());
        let indent = " ".repeat(lines[at].len() - lines[at].trim_start().len());
        let is_prose = path.ends_with(".md") && at > 20;
        lines.insert(at, if is_prose { format!("<!-- {asks} -->\n") } else { format!("{indent}# {asks}") });
        vec![(path.into(), Some(lines.join("\n") + "\n"))]
    },
    // Changes the rule of an exception.
    |_, _, all, random| {
        let rule = random.one_of(&["decision/*", "ownership/unknown", "objective/orphan"]);
        let exceptions = all.iter().filter(|(path, _)| path.contains("exceptions"));
        let swapped = exceptions.map(|(path, text)| {
            let lines = text.lines().map(|line| match line.find("rule: ") {
                Some(start) if random.below(3) == 0 => format!("{}rule: {rule}\n", &line[..start]),
                _ => format!("{line}\n"),
            });
            (path.clone(), Some(lines.collect::<String>()))
        });
        swapped.collect()
    },
    |path, text, all, random| {
        let to = drawn_path(all, random);
        let link = format!("\n[See]({}#context)\n", to.rsplit('/').next().unwrap_or_default());
        let is_page = path.ends_with(".md");
        if is_page { vec![(path.into(), Some(format!("{text}{link}")))] } else { Vec::new() }
    },
    |path, text, _, _| vec![(path.into(), Some(text.replacen("\n## ", "\n## Another ", 1)))],
    // Adds a word that the glossary rejects.
    |_, _, all, _| {
        let glossaries = all.iter().filter(|(path, _)| path.contains("terms"));
        glossaries
            .map(|(path, text)| (path.clone(), Some(text.replacen("avoid: [", "avoid: [week, ", 1))))
            .collect()
    },
    |_, _, _, _| {
        vec![("governance/more.yaml".into(), Some("decisions:\n  - {id: D-1, title: More}\n".into()))]
    },
    // Says more below the last heading, which few rules read.
    |path, text, _, _| {
        let is_page = path.ends_with(".md");
        if is_page { vec![(path.into(), Some(format!("{text}\nAnd one thing more.\n")))] } else { Vec::new() }
    },
    // Gives a decision the topic of another one, which only rules about all decisions compare.
    |_, _, all, random| {
        let topic = |text: &str| text.lines().find(|line| line.starts_with("topic:")).map(str::to_owned);
        let pages: Vec<(&String, String)> =
            all.iter().filter_map(|(path, text)| Some((path, topic(text)?))).collect();
        let [(path, own), (_, other)] = [0; 2].map(|_| &pages[random.below(pages.len())]);
        vec![((*path).clone(), Some(all[*path].replacen(own, other, 1)))]
    },
];

/// Records of a foreign format, each with a page beside it whose links are broken or lead to the next one.
fn add_companion_pages(files: &mut Texts) {
    let folder = |number: usize| format!("keps/sig-field/{}-step", 20_000 + number % COMPANIONS);
    let statuses = ["withdrawn", "implementable", "rejected", "provisional"];
    for (number, status) in (0..COMPANIONS).zip(statuses.into_iter().cycle()) {
        let (kep, next) = (20_000 + number, folder(number + 1));
        let record = format!(
            "title: Step {number}\nkep-number: {kep}\nauthors: [\"@ada\"]\nowning-sig: sig-field\nstatus: {status}\n\
             creation-date: 2026-01-02\nsee-also: [/{next}]\n"
        );
        let page = format!(
            "# Step {number}\n\n## Summary\n\nSee [it](missing-{number}.md), [this](#context-{number}) and \
             [the next](../../../{next}/README.md#summary).\n"
        );
        files.insert(format!("{}/kep.yaml", folder(number)), record);
        files.insert(format!("{}/README.md", folder(number)), page);
    }
}

/// `docs/moved-a.md` for `docs/a.md`.
fn beside(path: &str, how: &str) -> String {
    let (folder, name) = path.rsplit_once('/').expect("all lie in a folder");
    format!("{folder}/{how}-{name}")
}

/// The record identifiers in a text.
fn names(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let is_name = |word: &&str| {
        let digits = word.rsplit('-').next().unwrap_or_default();
        digits.len() >= 4 && digits.bytes().all(|byte| byte.is_ascii_digit()) && *word != digits
            || digits.len() == 5 && *word == digits
    };
    words.filter(is_name).map(str::to_owned).collect()
}

fn drawn(names: &[String], random: &mut Random) -> Option<String> {
    (!names.is_empty()).then(|| names[random.below(names.len())].clone())
}

fn drawn_path<'t>(all: &'t Texts, random: &mut Random) -> &'t str {
    all.keys().nth(random.below(all.len())).expect("it is below their number")
}

/// The new findings since HEAD, as sorted pairs of rule and fingerprint.
fn new(folder: &Path, state: &[&str]) -> Vec<(String, String)> {
    let arguments = ["--since", "HEAD", "--no-cache", "--as-of", AS_OF, "--format", "json", "--quiet"];
    let output = alignlint(folder, &[state, &arguments].concat());
    assert!(matches!(output.code, Some(0 | 1)), "{}", output.err);
    let report = output.json();
    let text = |finding: &serde_json::Value, key: &str| finding[key].as_str().expect(key).to_owned();
    let findings = report["findings"].as_array().expect("a list").iter();
    let mut new: Vec<_> = findings.map(|it| (text(it, "rule"), text(it, "fingerprint"))).collect();
    new.sort();
    new
}

/// Makes a few edits and returns their indices in [`EDITS`].
fn edit(folder: &Path, texts: &mut Texts, random: &mut Random) -> Vec<usize> {
    let mut done = Vec::new();
    let first = if random.below(2) == 0 { EDITS.len() - OF_FIELDS } else { 0 };
    for _ in 0..=random.below(4) {
        let path = drawn_path(texts, random).to_owned();
        let text = texts[&path].clone();
        let which = first + random.below(EDITS.len() - first);
        if path == "alignlint.yaml" || text.trim().is_empty() {
            continue;
        }
        done.push(which);
        for (path, text) in EDITS[which](&path, &text, texts, random) {
            let on_disk = folder.join(&path);
            match text {
                Some(text) => {
                    fs::write(on_disk, &text).expect("the file is written");
                    texts.insert(path, text);
                }
                None => {
                    fs::remove_file(on_disk).expect("the file is there");
                    texts.remove(&path);
                }
            }
        }
    }
    done
}

fn committed(repository: &Repository) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    history::commit(&repository.files, 3, 1, folder.path()).expect("the history is written");
    folder
}

#[test]
fn a_hook_finds_what_a_run_over_everything_finds() {
    let mut repository = Repository::generate(RECORDS, 17);
    add_companion_pages(&mut repository.files);
    let folder = committed(&repository);
    let mut random = Random::new(17);
    let mut committed = repository.files.clone();
    let mut found = 0;
    let changes = (Config::default().cases * CHANGES_PER_HUNDRED / 100).max(1) as usize;
    for change in 0..changes {
        let mut texts = committed.clone();
        let edits = edit(folder.path(), &mut texts, &mut random);
        git(folder.path(), &["add", "--all"]);
        let everything = new(folder.path(), &[]);
        assert_eq!(new(folder.path(), &["--staged"]), everything, "change {change}, edits {edits:?}");
        found += everything.len();
        if random.below(2) == 0 {
            git(folder.path(), &["commit", "--quiet", "--allow-empty", "--message", "Go on"]);
            committed = texts;
        } else {
            git(folder.path(), &["reset", "--quiet", "--hard"]);
        }
    }
    assert!(found > changes, "{found} findings in all are too few to tell anything");
}

#[test]
fn a_page_beside_a_record_is_checked_again_when_the_record_changes() {
    let kep = |number: u32, status: &str| {
        format!(
            "title: One\nkep-number: {number}\nauthors: [\"@ada\"]\nstatus: {status}\ncreation-date: 2026-01-02\n"
        )
    };
    let page = "# One\n\n## Summary\n\nSee [this](missing.md).\n";
    let in_folder = |name: &str| format!("keps/sig-field/{name}");
    let record = in_folder("101-one/kep.yaml");
    let repository = crate::kit::Repository::with(&[
        ("alignlint.yaml", "adopted: ['**']\n"),
        (&record, &kep(101, "withdrawn")),
        (&in_folder("101-one/README.md"), page),
        (&in_folder("102-two/kep.yaml"), &kep(102, "withdrawn")),
        (&in_folder("102-two/README.md"), page),
    ]);
    for text in [Some(kep(101, "implementable")), Some(kep(7, "withdrawn")), None] {
        // Another number alone is no new finding.
        let is_renumbered = text.as_ref().is_some_and(|text| text.contains("kep-number: 7"));
        match text {
            Some(text) => repository.write(&[(&record, &text)]),
            None => repository.remove(&record),
        }
        repository.git(&["add", "--all"]);
        let everything = new(repository.path(), &[]);
        assert_eq!(everything.is_empty(), is_renumbered);
        assert_eq!(new(repository.path(), &["--staged"]), everything);
        repository.git(&["reset", "--quiet", "--hard"]);
    }
}
