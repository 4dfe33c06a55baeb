//! `docs/first-rule.md`, followed to the letter: each file that the page shows is written, each command
//! is run, and what it prints is what the page says.

use std::fs;
use std::path::Path;
use std::process::Command;

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

/// Splits a command at its spaces; quotes keep a pattern from the shell and are dropped.
fn arguments(command: &str) -> Vec<&str> {
    command.split(' ').skip(1).map(|word| word.trim_matches('\'')).collect()
}

#[test]
fn the_page_says_what_the_program_prints() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/first-rule.md")).unwrap();
    let repository = tempfile::tempdir().unwrap();
    let mut runs = 0;
    for Block { label, value, body } in blocks(&page) {
        match label {
            "File" => {
                let path = repository.path().join(value);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, body).unwrap();
            }
            "Run" => {
                let mut command = Command::new(env!("CARGO_BIN_EXE_alignlint"));
                let output = command.args(arguments(value)).current_dir(repository.path()).output().unwrap();
                let errors = String::from_utf8_lossy(&output.stderr);
                assert_eq!(String::from_utf8_lossy(&output.stdout), body, "{value}\n{errors}");
                runs += 1;
            }
            other => panic!("a block is labelled `File` or `Run`, not `{other}`"),
        }
    }
    assert!(runs >= 4, "the page runs the program {runs} times");
}
