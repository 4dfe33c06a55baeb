//! The cases in `tests/cases`: files, and what the program says of them. `UPDATE=1 cargo test --test suite -- cases::` writes what
//! it says; each change is to be read.
//!
//! A case begins with `%% TITLE`, a file with `% PATH`, and a command with `$`; its output is indented. Below a command with `*`
//! each line is `PHRASE => OUTPUT`: the phrase stands for `{}` in the files, and `\n` for a line end. What stands above the first
//! case holds for all of them.

use std::fmt::Write as _;

use serde_json::Value;

use super::asked;
use crate::kit::{PROGRAM, Repository, TODAY, assert_golden, command, project, project_file};

macro_rules! subjects {
    ($($name:ident),*) => { $(#[test] fn $name() { walk(concat!("tests/cases/", stringify!($name), ".txt")); })* };
}

subjects!(
    adoption,
    company,
    decisions,
    directories,
    editor,
    fields,
    glossaries,
    goals,
    headers,
    links,
    logs,
    markup,
    minutes,
    mistakes,
    names,
    policy,
    series,
    tables,
    templates,
    unread
);

/// The files of a case, with the phrase that stands for `{}` in them.
#[derive(Clone, Default)]
struct Case {
    shared: Vec<String>,
    files: Vec<(String, String)>,
    has_commits: bool,
}

impl Case {
    fn build(&self, phrase: &str) -> Repository {
        let repository = if self.has_commits { Repository::empty() } else { Repository::folder() };
        for (path, text) in &self.files {
            repository.write(&[(&path.replace("{}", phrase), &text.replace("{}", phrase))]);
        }
        repository
    }

    fn add(&mut self, path: &str, text: &str) {
        self.files.retain(|(other, _)| other != path);
        self.files.push((path.to_owned(), format!("{}\n", text.trim_end())));
    }
}

/// Runs each command of a file anew, and compares its output with what is written there.
fn walk(path: &str) {
    let text = project_file(path);
    let mut blocks: Vec<(&str, String)> = Vec::new();
    for line in text.lines() {
        match (line.split(' ').next(), blocks.last_mut()) {
            (Some("%%" | "%" | "$" | "*"), _) if !line.starts_with("* ") || is_command(line) => {
                blocks.push((line, String::new()));
            }
            (_, Some((_, body))) => *body += &format!("{line}\n"),
            (_, None) => blocks.push(("//", format!("{line}\n"))),
        }
    }
    let shared = blocks.iter().position(|(head, _)| head.starts_with("%% ")).unwrap_or(blocks.len());
    let mut given = Case::default();
    let mut out = String::new();
    for (head, body) in &blocks[..shared] {
        let _ = write!(out, "{}{body}", if *head == "//" { String::new() } else { format!("{head}\n") });
        if let Some(path) = head.strip_prefix("% ") {
            given.add(path, body);
            given.shared.push(path.to_owned());
        }
    }
    let mut rest = &blocks[shared..];
    while let Some(((head, body), others)) = rest.split_first() {
        let end = others.iter().position(|(head, _)| head.starts_with("%% ")).unwrap_or(others.len());
        let _ = write!(out, "{head}\n{body}");
        run_case(&given, &others[..end], &mut out);
        rest = &others[end..];
    }
    assert_golden(path, &out);
}

#[test]
fn variants_of_pages_and_numbers_hold() {
    walk("tests/variants/ab.txt");
}

#[test]
fn variants_of_set_ups_practices_and_noise_hold() {
    walk("tests/variants/cf.txt");
}

#[test]
fn variants_in_scripts_hold() {
    let folder = project().join("tests/variants");
    let paths = std::fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    let scripts: Vec<_> = paths.filter(|path| path.extension().is_some_and(|it| it == "sh")).collect();
    assert!(!scripts.is_empty());
    for script in scripts {
        let run = command("bash", project()).arg(&script).env("ALIGNLINT", PROGRAM).output().expect("bash");
        let said = String::from_utf8_lossy(&run.stdout);
        let failed: Vec<&str> = said.lines().filter(|line| line.starts_with("FAILED")).collect();
        assert_eq!(failed, [""; 0], "{}", script.display());
        assert!(said.contains("ok "), "{} checks nothing", script.display());
    }
}

fn is_command(line: &str) -> bool {
    [
        "* check",
        "* fields",
        "* records",
        "* diff",
        "* advice",
        "* says",
        "* report",
        "* alignlint-test",
        "* notices",
    ]
    .iter()
    .any(|command| line.starts_with(command))
}

fn run_case(given: &Case, blocks: &[(&str, String)], out: &mut String) {
    let mut case = given.clone();
    case.has_commits = blocks.iter().any(|(head, _)| head.starts_with("$ commit"));
    let mut built: Option<Repository> = None;
    for (head, body) in blocks {
        let _ = writeln!(out, "{head}");
        if let Some(path) = head.strip_prefix("% ") {
            let _ = write!(out, "{body}");
            case.add(path, body);
            if let (Some(repository), Some((path, text))) = (&built, case.files.last()) {
                repository.write(&[(path, text)]);
            }
        } else if let Some(command) = head.strip_prefix("$ ") {
            let repository = built.get_or_insert_with(|| case.build("{}"));
            run(repository, &case, command).iter().for_each(|line| {
                let _ = writeln!(out, "  {line}");
            });
            let _ = write!(out, "{}", if body.ends_with("\n\n") || body == "\n" { "\n" } else { "" });
        } else {
            for line in body.lines() {
                if line.is_empty() {
                    let _ = writeln!(out);
                    continue;
                }
                let phrase = line.split(" =>").next().unwrap_or_default();
                let repository = case.build(&phrase.replace("\\n", "\n"));
                let said = run(&repository, &case, &head[2..]).join("; ");
                let _ = writeln!(out, "{}", format!("{phrase} => {said}").trim_end());
            }
        }
    }
}

/// What a command says, in lines: `records`, `fields`, `check`, `says`, `advice`, `diff`, `cat`, `commit`, `remove`, or one of the program,
/// of whose lines those are shown that contain what stands behind ` | `;
/// or what [`asked`] answers.
fn run(repository: &Repository, case: &Case, command: &str) -> Vec<String> {
    let (command, filter) = command.split_once(" | ").unwrap_or((command, ""));
    let mut words: Vec<&str> = Vec::new();
    for (at, part) in command.split('"').enumerate() {
        match at % 2 {
            0 => words.extend(part.split_whitespace()),
            _ => words.push(part),
        }
    }
    let (first, rest) = words.split_first().expect("a command");
    if let Some(answer) = asked::answer(repository, first, rest) {
        return answer;
    }
    let shown = match *first {
        "records" | "fields" => {
            let listing = repository.run(&["records", "--format", "json"]);
            let records =
                if listing.out.is_empty() { Value::Null } else { listing.json()["records"].clone() };
            let is_own =
                |record: &&Value| case.shared.iter().all(|path| record["path"].as_str() != Some(&**path));
            let records = records.as_array().into_iter().flatten().filter(is_own);
            if *first == "records" {
                records.map(|record| summary(record, rest)).collect()
            } else {
                records.take(1).map(|record| stated(record, rest).join(" | ")).collect()
            }
        }
        "check" | "says" | "advice" => {
            let arguments = [&["--format", "json", "--as-of", TODAY], rest].concat();
            let report = repository.run(&arguments);
            match report.code {
                Some(2) => faults(&report.notes(), first),
                _ => report.json()["findings"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|it| finding(it, first))
                    .collect(),
            }
        }
        "diff" => {
            let patch = repository.run(&[&["--fix=all", "--diff", "--as-of", TODAY], rest].concat()).out;
            let is_change = |line: &&str| {
                line.starts_with(['+', '-']) && !line.starts_with("+++") && !line.starts_with("---")
            };
            patch.lines().filter(is_change).map(str::to_owned).collect()
        }
        "alignlint-test" => {
            let output = repository.run(&["test", "policy"]);
            output.out.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
        }
        "notices" => {
            let notices = repository.check(&["--fail-on", "never"]).err;
            notices.lines().filter(|line| line.contains("not read")).map(str::to_owned).collect()
        }
        "cat" => repository.read(rest[0]).lines().map(str::to_owned).collect(),
        "commit" => {
            repository.commit(rest[0]);
            Vec::new()
        }
        "stage" => {
            repository.git(&["add", "--all"]);
            Vec::new()
        }
        "remove" => {
            repository.remove(rest[0]);
            Vec::new()
        }
        _ => {
            let output = repository.run(&words);
            format!("{}{}", output.out, output.err).lines().map(str::to_owned).collect()
        }
    };
    shown.into_iter().filter(|line| line.contains(filter)).collect()
}

/// A record as `PATH:LINE FORMAT ID, TITLE | FIELD VALUE`.
fn summary(record: &Value, fields: &[&str]) -> String {
    let format = ["format", "kind"].iter().find_map(|key| record[key].as_str()).unwrap_or("-");
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let head = format!("{}:{}", text(&record["path"]), record["start"]["line"]);
    let head = format!("{head} {format} {}, {}", text(&record["id"]), text(&record["title"]));
    [vec![head], stated(record, fields)].concat().join(" | ")
}

fn stated(record: &Value, fields: &[&str]) -> Vec<String> {
    let value = |name: &&&str| Some(format!("{name} {}", shown(record["fields"].get(**name)?)));
    fields.iter().filter_map(|name| value(&name)).collect()
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim_end().replace('\n', "\\n"),
        Value::Array(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| format!("{name} {}", shown(value)))
            .collect::<Vec<_>>()
            .join(", "),
        other => other.to_string(),
    }
}

/// A finding as `PATH:LINE RULE`; `says` adds its message, `advice` the help too.
fn finding(finding: &Value, command: &str) -> String {
    let text = |key: &str| finding[key].as_str().unwrap_or("-").to_owned();
    let place = format!("{}:{} {}", text("path"), finding["start"]["line"], text("rule"));
    match command {
        "check" => place,
        "says" => format!("{place}: {}", text("message")),
        _ => format!("{place}: {}; {}", text("message"), text("help")),
    }
}

/// The faults of a run that failed, each as its place, or as its words where it has none or they are asked for.
fn faults(notes: &str, command: &str) -> Vec<String> {
    let fault = |fault: &str| {
        let (message, rest) = fault.split_once(" ╭─[").unwrap_or((fault, ""));
        let (place, rest) = rest.split_once(']').unwrap_or(("", rest));
        let help = rest.split_once("help: ").map_or("", |(_, help)| help.trim());
        let message = message.split(" help: ").next().unwrap_or(message).trim();
        match (place, command) {
            ("", _) => format!("fails: {message}"),
            (place, "check") => format!("fails at {place}"),
            (place, "says") => format!("fails at {place}: {message}"),
            (place, _) => format!("fails at {place}: {message}; {help}"),
        }
    };
    notes.split("error: ").skip(1).map(fault).collect()
}
