//! Whole repositories in which some files are mutated. Whatever lies in a repository, the program keeps its promises.
//!
//! `MUTATIONS=500 cargo test --release --test suite -- mutated:: --nocapture` tries as many repositories, and `MUTATION_SEED=7` others. A
//! failure names its own seed, and keeps the repository.

mod files;
mod mutations;
mod promises;

use std::collections::BTreeMap;
use std::env;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;

use alignlint::rule;

use crate::generated::generator::Repository;
use crate::generated::generator::random::Random;
use crate::kit::{alignlint, drifted_files, files_below, git};
use files::{Files, text_files};
use promises::Broken;

/// Rounds in `cargo test`.
const ROUNDS: u64 = 4;

/// A policy of one's own, whose files are mutated like others.
const POLICY: [(&str, &str); 6] = [
    ("alignlint.yaml", "extends: [all, ./policy]\nexclude: [archive/**]\nrecords:\n  thing: things/**\n"),
    ("policy/own/limit.yaml", include_str!("../../../fuzz/src/own_rule.yaml")),
    ("policy/kinds/thing.yaml", include_str!("mutated/kind.yaml")),
    ("policy/formats/note.yaml", include_str!("mutated/format.yaml")),
    (
        "things/one.yaml",
        "things:\n  - { id: T-1, title: One, size: 7, owner: ada }\n  - { id: T-2, size: x }\n",
    ),
    ("notes/1-one.md", "# One\n\nOwner: ada\n\n## Why\n\nSee [T-1](../things/one.yaml).\n"),
];

fn example(folder: &str) -> Files {
    let files = files_below(folder, None);
    let own = files.iter().map(|(path, text)| (&path[folder.len() + 1..], text.as_str()));
    text_files(own)
}

/// A repository to mutate.
fn base(random: &mut Random) -> Files {
    match random.below(5) {
        0 => example("examples/clean"),
        1 => [
            text_files(drifted_files().iter().map(|(path, text)| (path.as_str(), text.as_str()))),
            text_files(POLICY),
        ]
        .into_iter()
        .flatten()
        .collect(),
        2 => {
            let files = Repository::generate(60, random.next()).files;
            text_files(files.iter().map(|(path, text)| (path, text.as_str())))
        }
        3 => [example("examples/clean"), text_files(POLICY)].into_iter().flatten().collect(),
        _ => {
            // The examples of some rules, in one repository.
            let rules = rule::embedded_rules();
            let mut files = BTreeMap::new();
            for _ in 0..6 {
                let examples = &rules[random.below(rules.len())].examples;
                files.extend(examples[random.below(examples.len())].final_files());
            }
            text_files(files.iter().map(|(path, text)| (path, text.as_str())))
        }
    }
}

/// A round: returns the number of mutated files.
fn round(seed: u64, folder: &Path) -> Result<usize, Broken> {
    let mut random = Random::new(seed);
    git(folder, &["init", "--quiet", "--initial-branch=main"]);
    let mut before = base(&mut random);
    files::write(folder, &Files::new(), &mut before);
    if random.below(3) == 0 {
        alignlint(folder, &["--as-of", "2026-11-20", "--write-baseline", "--quiet"]);
        before = files::read(folder);
    }
    commit(folder);
    let mut after = before.clone();
    let mutated = mutations::mutate(&mut after, &mut random);
    files::write(folder, &before, &mut after);
    let staged = random.below(2) == 0;
    if staged {
        git(folder, &["add", "--all", "--force"]);
        let other = random.below(3);
        let mut more = after.clone();
        let worktree_mutated = if other == 0 { mutations::mutate(&mut more, &mut random) } else { 0 };
        files::write(folder, &after, &mut more);
        promises::one_answer(folder, &["--staged", "--since", "HEAD"])?;
        if worktree_mutated > 0 {
            promises::one_answer(folder, &["--since", "HEAD"])?;
        }
        files::write(folder, &more, &mut after);
    } else {
        promises::one_answer(folder, &[])?;
    }
    commit(folder);
    promises::one_state(folder)?;
    promises::pull_request(folder)?;
    promises::every_command(folder, random.below(1 << 16))?;
    let on_disk = files::read(folder);
    promises::fixes_end(folder, &on_disk)?;
    Ok(mutated)
}

fn commit(folder: &Path) {
    git(folder, &["add", "--all", "--force"]);
    git(folder, &["commit", "--quiet", "--allow-empty", "--no-verify", "--message", "Go on"]);
}

fn number(name: &str) -> Option<u64> {
    let value = env::var(name).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{name}={value} is no number")))
}

#[test]
fn a_mutated_repository_is_checked_without_a_broken_promise() {
    let first = number("MUTATION_SEED").unwrap_or(20_261_120);
    let rounds = number("MUTATIONS").unwrap_or(ROUNDS);
    let (next, mutated) = (AtomicU64::new(first), AtomicUsize::new(0));
    let broken = Mutex::new(Vec::new());
    let one = |seed: u64| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().canonicalize().expect("it is there");
        match round(seed, &path) {
            Ok(count) => drop(mutated.fetch_add(count, Ordering::Relaxed)),
            Err(why) => {
                let kept = folder.keep();
                let failure = format!("MUTATIONS=1 MUTATION_SEED={seed}, in {}: {why}", kept.display());
                eprintln!("{failure}");
                broken.lock().expect("no round panics").push(failure);
            }
        }
    };
    let threads = thread::available_parallelism().map_or(2, Into::into);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let seeds = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
                seeds.take_while(|seed| *seed < first + rounds).for_each(one);
            });
        }
    });
    let (broken, mutated) = (broken.into_inner().expect("no round panics"), mutated.into_inner());
    println!("{rounds} repositories with {mutated} mutated files, {} broken promises", broken.len());
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
