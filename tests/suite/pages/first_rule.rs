//! `docs/first-rule.md` and `docs/record-formats.md`: their files are written, their commands are run, and the output is compared with the page.

use alignlint::embedded;

use crate::kit::{Output, PROGRAM, Repository, TODAY, assert_golden, command, project_file};

/// A fenced block with the line before it, such as ``File: `policy/rules/a/b.yaml` ``.
struct Block<'a> {
    label: &'a str,
    value: &'a str,
    body: String,
}

/// The labelled blocks of a page, in order.
fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some((label, value)) =
            line.split_once(": `").and_then(|(label, rest)| Some((label, rest.strip_suffix('`')?)))
        else {
            continue;
        };
        assert_eq!(lines.next(), Some(""), "an empty line follows {line}");
        assert!(lines.next().is_some_and(|fence| fence.starts_with("```")), "a fence follows {line}");
        let body = lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
        blocks.push(Block { label, value, body });
    }
    blocks
}

/// Splits a command at its spaces; quotes join words or keep a pattern from the shell, and are dropped.
fn arguments(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in command.chars() {
        match (quote, c) {
            (None, ' ') => words.push(String::new()),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (_, c) => words.last_mut().expect("a word").push(c),
        }
    }
    words.split_off(1)
}

/// Writes the files of a part of a page, runs its commands on the day of the tests, and returns it with what they print.
pub fn followed(part: &str, repository: &Repository) -> String {
    let mut text = part.to_owned();
    for Block { label, value, body } in blocks(part) {
        match label {
            "File" => repository.write_file(value, &body),
            "Run" => {
                let out = run(repository, value);
                let command = format!("{label}: `{value}`\n\n```text\n");
                text = text.replacen(&format!("{command}{body}```"), &format!("{command}{out}```"), 1);
            }
            other => panic!("a block is labelled `File` or `Run`, not `{other}`"),
        }
    }
    text
}

fn run(repository: &Repository, line: &str) -> String {
    if line.starts_with("git ") {
        let mut shell = command("sh", repository.path());
        // The hook runs the program that is tested.
        let folder = std::path::Path::new(PROGRAM).parent().expect("a folder");
        let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default());
        let output = Output::of(shell.args(["-c", line]).env("PATH", path));
        assert_eq!(output.code, Some(0), "{line}: {}", output.err);
        return output.out;
    }
    let words = arguments(line);
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    let is_dated =
        words.first().is_none_or(|first| first.starts_with('-') || ["init", "new"].contains(first));
    if is_dated && !words.contains(&"--as-of") {
        words.extend(["--as-of", TODAY]);
    }
    let output = repository.run(&words);
    assert!(output.code != Some(2), "{line}: {}", output.err);
    output.out
}

/// The commands after which an author may run the tests of the rules, each with what the page says before it.
fn steps(page: &str) -> impl Iterator<Item = &str> {
    page.split_inclusive("\nRun: ")
}

#[test]
fn all_examples_pass_at_each_step() {
    let page = project_file("docs/first-rule.md");
    let repository = Repository::folder();
    let mut tested = 0;
    for step in steps(&page) {
        for Block { label, value, body } in blocks(step) {
            if label == "File" {
                repository.write_file(value, &body);
            }
        }
        if repository.join("policy/rules").exists() {
            let output = repository.run(&["test", "policy"]);
            assert_eq!(output.code, Some(0), "{}{}", output.out, output.err);
            tested += 1;
        }
    }
    assert!(tested >= 4);
}

#[test]
fn the_page_says_what_the_program_prints() {
    let page = project_file("docs/first-rule.md");
    assert!(blocks(&page).iter().filter(|block| block.label == "Run").count() >= 4);
    assert_golden("docs/first-rule.md", &followed(&page, &Repository::folder()));
}

#[test]
fn the_page_of_formats_says_what_the_program_prints() {
    let page = project_file("docs/record-formats.md");
    assert_golden("docs/record-formats.md", &followed(&page, &Repository::folder()));
}

#[test]
fn the_page_of_formats_names_each_key() {
    let page = project_file("docs/record-formats.md");
    let schema = embedded::file("schemas/format.schema.json").expect("the schema is embedded");
    let schema: serde_json::Value = serde_json::from_str(schema).expect("the schema is JSON");
    for part in ["", "/properties/recognise/items"] {
        let properties = schema.pointer(&format!("{part}/properties")).and_then(|keys| keys.as_object());
        for key in properties.expect("keys").keys().filter(|key| *key != "name") {
            assert!(page.contains(&format!("`{key}`")), "{part}: {key}");
        }
    }
}
