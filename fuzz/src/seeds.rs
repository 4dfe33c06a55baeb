//! Inputs to begin with: the examples, the rules with their own examples, the kinds and the formats.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use alignlint::rule::embedded_rules;

use super::target_of;

/// The files below a folder of the repository, with their extension.
fn files(root: &Path, folder: &str) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(bytes) = fs::read(&path) {
                files.push((path.to_string_lossy().into_owned(), bytes));
            }
        }
    }
    files.sort();
    files
}

/// What reads a file of this name.
fn readers(path: &str) -> &'static [&'static str] {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("yaml" | "yml") => &["yaml"],
        Some("json") => &["json"],
        Some("toml") => &["toml"],
        Some("md" | "markdown") => &["markdown"],
        Some("rst") => &["rst"],
        Some("mediawiki") => &["mediawiki"],
        Some("adoc") => &["asciidoc"],
        Some("reftable") => &["reftable"],
        _ => &[],
    }
}

/// Pairs of a target and an input, without duplicates. `root` is the folder of the program's sources.
pub fn seeds(root: &Path) -> BTreeSet<(&'static str, Vec<u8>)> {
    let input = |(work, bytes): (&str, Vec<u8>)| {
        let (target, choice) = target_of(work);
        (target, [&[choice], &*bytes].concat())
    };
    seeds_by_work(root).into_iter().map(input).collect()
}

fn seeds_by_work(root: &Path) -> BTreeSet<(&'static str, Vec<u8>)> {
    let mut seeds = BTreeSet::new();
    let folders = ["fuzz/seeds", "examples", "tests/suite/golden"];
    let mut records: Vec<_> = folders.into_iter().flat_map(|folder| files(root, folder)).collect();
    for rule in embedded_rules() {
        for example in rule.examples.iter() {
            let states = [Some(example.final_files()), example.fixed.clone(), example.policy_from.clone()];
            let files = states.into_iter().flatten().flatten();
            records.extend(files.map(|(path, text)| (path, text.into_bytes())));
        }
        let lets = rule.lets.iter().map(|(_, text)| text.as_str());
        let parts = [&rule.when, &rule.each, &rule.due, &rule.against, &rule.label];
        let expect = rule.expect.as_ref().map(|expect| expect.0.as_str());
        let texts = parts.into_iter().flatten().map(String::as_str).chain(lets).chain(expect);
        let texts = texts.chain(rule.help.iter().map(|text| &**text));
        seeds.extend(texts.chain([rule.message.as_str()]).map(|text| ("expression", text.into())));
    }
    for (path, bytes) in records {
        seeds.extend(readers(&path).iter().map(|reader| (*reader, bytes.clone())));
        let name = path.rsplit('/').next().unwrap_or_default();
        let policy = [("alignlint.yaml", "config"), ("baseline", "baseline")];
        seeds.extend(
            policy.iter().filter(|(part, _)| name.contains(part)).map(|(_, target)| (*target, bytes.clone())),
        );
        let Some(format) = ["yaml", "json", "toml", "md"].iter().position(|end| path.ends_with(end)) else {
            continue;
        };
        let begun_with = |start: &[u8]| [start, &bytes].concat();
        let some = bytes.len() as u8;
        seeds.extend((0..5).map(|way| ("edit", begun_with(&[format as u8, some, way, some ^ way]))));
        let at: &[u8] = [&[0, 5, 7][..], &[1], &[2], &[3, 4, 6]][format];
        seeds.extend(at.iter().map(|path| ("fix", begun_with(&[*path]))));
        if format == 3 {
            seeds.insert(("header", begun_with(&[0])));
        }
    }
    for (folder, target) in [("rules", "rule"), ("schemas/kinds", "kind"), ("schemas/formats", "format")] {
        for (_, bytes) in files(root, folder) {
            seeds.insert(("yaml", bytes.clone()));
            seeds.insert((target, bytes));
        }
    }
    seeds.extend(files(root, "schemas").into_iter().flat_map(|(path, bytes)| {
        readers(&path).iter().map(move |reader| (*reader, bytes.clone())).collect::<Vec<_>>()
    }));
    seeds.extend((0..32_u8).map(|choice| ("cache", vec![choice, choice, 77, 13, 255, 0, 1, 0, choice])));
    seeds
}
