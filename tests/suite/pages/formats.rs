//! `docs/formats.md`: its samples are what the program prints, and its problem matcher matches every finding.

use regex::Regex;
use serde_json::Value;

use crate::kit::{ADA, Repository, assert_golden, build_drifting, project_file};

const PAGE: &str = "docs/formats.md";

/// A fenced block of the page: the words after its language, and its lines.
struct Block {
    about: String,
    text: String,
    /// The byte range of the text in the page.
    range: std::ops::Range<usize>,
}

fn blocks(page: &str) -> Vec<Block> {
    let fence = Regex::new(r"(?ms)^```\w+ ([^\n]+)\n(.*?)^```$").expect("a pattern");
    let blocks = fence.captures_iter(page).map(|found| {
        let text = found.get(2).expect("a text");
        Block { about: found[1].to_owned(), text: text.as_str().to_owned(), range: text.range() }
    });
    blocks.collect()
}

/// The repository that the page describes: its file, before and after the last commit.
fn sample(page: &str) -> Repository {
    let blocks = blocks(page);
    let file = blocks.iter().find(|block| block.about.ends_with(".yaml")).expect("the page shows the file");
    let repository = Repository::empty();
    for text in [&file.text.replace("status: invalidated", "status: validated"), &file.text] {
        repository.write_file(&file.about, text);
        repository.commit_as("2026-11-12", ADA, "Change");
    }
    repository
}

#[test]
fn the_samples_are_what_the_program_prints() {
    let page = project_file(PAGE);
    let repository = sample(&page);
    let mut fresh = page.clone();
    for block in blocks(&page).into_iter().rev() {
        let Some(arguments) = block.about.strip_prefix("alignlint") else { continue };
        let arguments: Vec<&str> = arguments.split_whitespace().chain(["-q"]).collect();
        let sample = repository.run_today(&arguments).out;
        assert!(!sample.contains("```"), "a sample would end its block: {sample}");
        let sample = format!("{}\n", sample.trim_end());
        fresh.replace_range(block.range, &sample);
    }
    assert_golden(PAGE, &fresh);
}

#[test]
fn every_format_has_a_row_and_a_sample() {
    let page = project_file(PAGE);
    let blocks = blocks(&page);
    for format in alignlint::report::FORMATS {
        let name = format.name;
        assert!(page.contains(&format!("| [`{name}`](#{name}) |")), "{PAGE} has no row for `{name}`");
        assert!(page.contains(&format!("\n## {name}\n")), "{PAGE} says nothing about `{name}`");
        let shown = |block: &Block| match name {
            "pretty" => block.about == "alignlint",
            _ => block.about.ends_with(&format!("--format {name}")),
        };
        assert!(blocks.iter().any(shown), "{PAGE} has no sample of `{name}`");
    }
}

#[test]
fn the_problem_matcher_reads_every_finding_as_in_json() {
    let page = project_file(PAGE);
    let blocks = blocks(&page);
    let matcher = blocks.iter().find(|block| block.about == "problem-matcher").expect("the page has one");
    let matcher: Value = serde_json::from_str(&matcher.text).expect("JSON");
    let pattern = &matcher["problemMatcher"][0]["pattern"][0];
    let expression = Regex::new(pattern["regexp"].as_str().expect("a text")).expect("a pattern");
    let group = |name: &str| pattern[name].as_u64().expect("a number") as usize;
    let drifting = build_drifting();
    let check = |format| drifting.run_today(&["-q", "--format", format]);
    let (lines, report) = (check("concise").out, check("json").json());
    let findings = report["findings"].as_array().expect("a list");
    assert!(findings.len() > 30 && findings.len() == lines.lines().count());
    for (line, finding) in lines.lines().zip(findings) {
        let read = expression.captures(line).unwrap_or_else(|| panic!("not read: {line}"));
        assert_eq!(&read[group("file")], finding["path"].as_str().expect("a path"));
        assert_eq!(read[group("line")].parse::<u64>().ok(), finding["start"]["line"].as_u64());
        assert_eq!(read[group("column")].parse::<u64>().ok(), finding["start"]["column"].as_u64());
        assert_eq!(&read[group("severity")], finding["severity"].as_str().expect("a severity"));
        assert_eq!(&read[group("code")], finding["rule"].as_str().expect("a rule"));
        assert_eq!(&read[group("message")], finding["message"].as_str().expect("a message"));
    }
}
