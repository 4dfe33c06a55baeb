//! `docs/views.md`: its samples are what the program prints for the repository that the page shows.

use jsonschema::Validator;
use regex::Regex;
use serde_json::Value;

use crate::kit::{ADA, BO, Repository, TODAY, assert_golden, project_file};

const PAGE: &str = "docs/views.md";

/// What the second commit changes: the text before and after.
const CHANGES: [(&str, &str); 2] = [
    ("target: 15%", "target: 18%"),
    ("status: proposed\n    date: 2026-10-05", "status: accepted\n    date: 2026-11-12"),
];

fn fences() -> Regex {
    Regex::new(r"(?ms)^```\w+ ([^\n]+)\n(.*?)^```$").expect("a pattern")
}

fn sample(page: &str) -> Repository {
    let repository = Repository::empty();
    let fences = fences();
    let files: Vec<(&str, &str)> = fences
        .captures_iter(page)
        .filter_map(|found| Some((found.get(1)?.as_str(), found.get(2)?.as_str())))
        .filter(|(about, _)| about.ends_with(".yaml"))
        .collect();
    for (path, text) in &files {
        let first =
            CHANGES.iter().fold((*text).to_owned(), |text, (before, after)| text.replace(after, before));
        repository.write_file(path, &first);
    }
    repository.commit_as("2026-10-05", ADA, "Plan the quarter");
    repository.write(&files);
    repository.commit_as("2026-11-12", BO, "Sell through partners");
    repository
}

/// The arguments of a command; `_` stands for a space in one.
fn arguments(command: &str) -> Vec<String> {
    let words = command.split_whitespace().skip(1).map(|word| word.replace('_', " "));
    words.chain(["--as-of", TODAY].map(str::to_owned)).collect()
}

#[test]
fn the_samples_are_what_the_program_prints() {
    assert_fresh(PAGE, &sample(&project_file(PAGE)));
}

/// Runs the commands of a page, and compares what they print with what it shows.
fn assert_fresh(path: &str, repository: &Repository) {
    let page = project_file(path);
    let mut fresh = page.clone();
    for found in fences().captures_iter(&page).collect::<Vec<_>>().into_iter().rev() {
        let Some(command) = Some(&found[1]).filter(|about| about.starts_with("alignlint ")) else { continue };
        let arguments = arguments(command);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = repository.run(&arguments);
        let notices: Vec<&str> =
            output.err.lines().filter(|line| !line.contains("can't be read to")).collect();
        assert_eq!((output.code, notices), (Some(0), Vec::new()), "{command}");
        assert!(!output.out.contains("```"), "a sample would end its block: {}", output.out);
        let range = found.get(2).expect("a text").range();
        fresh.replace_range(range, &format!("{}\n", output.out.trim_end()));
    }
    assert_golden(path, &fresh);
}

#[test]
fn the_json_of_every_sample_is_as_its_schema_says() {
    let page = project_file(PAGE);
    let repository = sample(&page);
    let schema: Value = serde_json::from_str(&project_file("schemas/view.schema.json")).expect("JSON");
    let schema: Validator = jsonschema::validator_for(&schema).expect("a schema");
    for found in fences().captures_iter(&page) {
        let Some(command) = Some(&found[1]).filter(|about| about.starts_with("alignlint ")) else { continue };
        let mut arguments = arguments(command);
        if let Some(at) = arguments.iter().position(|argument| argument == "--format") {
            arguments.drain(at..at + 2);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(["--format", "json"]).collect();
        let json = repository.run(&arguments).json();
        let violations: Vec<String> = schema.iter_errors(&json).map(|error| error.to_string()).collect();
        assert!(violations.is_empty(), "{command}: {violations:?}");
    }
}
