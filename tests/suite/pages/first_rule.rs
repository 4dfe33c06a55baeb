//! `docs/first-rule.md`: its files are written, its commands are run, and their output is compared with the page.

use crate::kit::{Repository, project_file};

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
    let page = project_file("docs/first-rule.md");
    let repository = Repository::folder();
    let mut runs = 0;
    for Block { label, value, body } in blocks(&page) {
        match label {
            "File" => repository.write_file(value, &body),
            "Run" => {
                let output = repository.run(&arguments(value));
                assert_eq!(output.out, body, "{value}\n{}", output.err);
                runs += 1;
            }
            other => panic!("a block is labelled `File` or `Run`, not `{other}`"),
        }
    }
    assert!(runs >= 4, "the page runs the program {runs} times");
}
