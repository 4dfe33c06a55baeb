//! `docs/formats.md`: its samples are what the program prints, and its problem matcher reads every finding.
//! `UPDATE=1 cargo test --test formats` prints them anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use regex::Regex;
use serde_json::Value;
use tempfile::TempDir;

#[path = "common/files.rs"]
mod files;

const PAGE: &str = "docs/formats.md";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page() -> String {
    fs::read_to_string(root().join(PAGE)).expect("the page is there")
}

/// A fenced block of the page: what stands behind its language, and its lines.
struct Block {
    about: String,
    text: String,
    /// The bytes of the text in the page.
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

fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .envs([("GIT_COMMITTER_DATE", "2026-11-12T09:00:00Z"), ("GIT_AUTHOR_DATE", "2026-11-12T09:00:00Z")])
        .output()
        .expect("git runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The repository that the page describes: its file, before and after the last commit.
fn sample(page: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let blocks = blocks(page);
    let file = blocks.iter().find(|block| block.about.ends_with(".yaml")).expect("the page shows the file");
    git(folder.path(), &["init", "-q"]);
    for text in [file.text.replace("status: invalidated", "status: validated"), file.text.clone()] {
        files::write(folder.path(), &[(&file.about, &text)]);
        git(folder.path(), &["add", "."]);
        git(folder.path(), &["commit", "-q", "-m", "Change"]);
    }
    folder
}

fn alignlint(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_alignlint"));
    for variable in ["COLUMNS", "NO_COLOR", "CLICOLOR_FORCE", "CLICOLOR"] {
        command.env_remove(variable);
    }
    command.current_dir(folder).args(["--as-of", "2026-11-20"]).args(arguments);
    command.output().expect("the program starts")
}

fn printed(folder: &Path, arguments: &[&str]) -> String {
    String::from_utf8(alignlint(folder, arguments).stdout).expect("standard output is UTF-8")
}

#[test]
fn the_samples_are_what_the_program_prints() {
    let page = page();
    let folder = sample(&page);
    let mut fresh = page.clone();
    for block in blocks(&page).into_iter().rev() {
        let Some(arguments) = block.about.strip_prefix("alignlint") else { continue };
        let arguments: Vec<&str> = arguments.split_whitespace().chain(["-q"]).collect();
        let sample = printed(folder.path(), &arguments);
        assert!(!sample.contains("```"), "a sample would end its block: {sample}");
        let sample = format!("{}\n", sample.trim_end());
        fresh.replace_range(block.range, &sample);
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(root().join(PAGE), &fresh).expect("the page is written");
    }
    let kept = fs::read_to_string(root().join(PAGE)).expect("the page is there");
    let stale = kept.lines().zip(fresh.lines()).find(|(kept, fresh)| kept != fresh);
    assert!(kept == fresh, "{PAGE} is stale at {stale:?}: run `UPDATE=1 cargo test --test formats`");
}

#[test]
fn every_format_has_a_row_and_a_sample() {
    let page = page();
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

/// The examples of which some file has a mistake in every corner.
fn troubled() -> PathBuf {
    root().join("examples/troubled")
}

#[test]
fn the_problem_matcher_reads_every_finding_as_json_tells_it() {
    let page = page();
    let blocks = blocks(&page);
    let matcher = blocks.iter().find(|block| block.about == "problem-matcher").expect("the page has one");
    let matcher: Value = serde_json::from_str(&matcher.text).expect("JSON");
    let pattern = &matcher["problemMatcher"][0]["pattern"][0];
    let expression = Regex::new(pattern["regexp"].as_str().expect("a text")).expect("a pattern");
    let group = |name: &str| pattern[name].as_u64().expect("a number") as usize;
    let lines = printed(&troubled(), &["-q", "--format", "concise"]);
    let report: Value =
        serde_json::from_str(&printed(&troubled(), &["-q", "--format", "json"])).expect("JSON");
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
