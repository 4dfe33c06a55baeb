//! The files of the cache may hold anything. A run finds what it finds without them, if the checksums reveal that they are
//! corrupt; else it ends all the same.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use alignlint::linter::{LintResult, Linter, Options};
use tempfile::TempDir;

/// From so many commits on the history is cached, and from so many files on what they are parsed to.
const COMMITS: usize = 100;
const FILES: usize = 300;

/// A block of a cache file has one checksum.
const BLOCK: usize = 1 << 16;

/// A repository with a cache.
struct Cached {
    folder: TempDir,
    /// What is found without the cache.
    findings: Vec<String>,
    files: Vec<(PathBuf, Vec<u8>)>,
}

static CACHED: LazyLock<Cached> = LazyLock::new(Cached::new);

impl Cached {
    fn new() -> Cached {
        let folder = tempfile::tempdir().expect("a temporary folder");
        git(folder.path(), &["init", "--quiet", "--initial-branch=main"], "");
        git(folder.path(), &["fast-import", "--quiet"], &history());
        // A file as new as the index may have changed since, so it is read, not looked up.
        git(folder.path(), &["-c", "core.trustctime=false", "reset", "--quiet", "--hard"], "");
        age(folder.path());
        git(folder.path(), &["-c", "core.trustctime=false", "update-index", "-q", "--refresh"], "");
        let findings = lint(folder.path(), false);
        lint(folder.path(), true);
        let cache = fs::read_dir(folder.path().join(".git/alignlint")).expect("there is a cache");
        let read = |path: PathBuf| (path.clone(), fs::read(path).expect("it is a file"));
        let mut files: Vec<_> = cache.map(|entry| read(entry.expect("an entry").path())).collect();
        files.sort();
        let has = |prefix: &str| files.iter().any(|(path, _)| path.to_string_lossy().contains(prefix));
        assert!(["/parses-", "/history-"].into_iter().all(has), "a cache is missing");
        Cached { folder, findings, files }
    }
}

/// A history in the form of `git fast-import`.
fn history() -> String {
    let mut stream = String::new();
    for commit in 0..=COMMITS {
        let who = ["Ada <ada@example.org>", "Bo <bo@example.org>"][commit % 2];
        stream.push_str(&format!(
            "commit refs/heads/main\ncommitter {who} {} +0000\n",
            1_740_000_000 + commit * 86_400
        ));
        stream.push_str("data <<.\nGo on\n\nReviewed-by: Ada <ada@example.org>\n.\n");
        for (path, text) in texts(commit) {
            stream.push_str(&format!("M 644 inline {path}\ndata {}\n{text}\n", text.len()));
        }
    }
    stream
}

/// The files that a commit changes.
fn texts(commit: usize) -> Vec<(String, String)> {
    let status = ["open", "validated", "invalidated"][commit % 3];
    let assumptions = format!(
        "assumptions:\n  - {{ id: A-1, statement: s, status: {status}, owner: ada, review-by: 2025-06-01 }}\n"
    );
    let mut files = vec![("governance/assumptions.yaml".to_owned(), assumptions)];
    if commit == 0 {
        files.push(("alignlint.yaml".into(), "extends: [all]\n".into()));
        files.push((
            "governance/people.yaml".into(),
            "people:\n  - { id: ada, title: Ada, email: ada@example.org }\n  - { id: bo, email: bo@example.org }\n".into(),
        ));
        files.push((
            "docs/adr/0001-a.md".into(),
            "# 1. A\n\n## Status\n\nAccepted\n\n## Context\n\nSee [b](b.md).\n".into(),
        ));
        files.extend((0..FILES).map(|nth| match nth % 20 {
            0 => (format!("governance/{nth}.yaml"), format!("objectives: [{{ id: O-{nth}, owner: ada }}]\n")),
            _ => (format!("governance/note-{nth}.yaml"), format!("a: {nth}\n")),
        }));
    }
    files
}

/// Makes all files of the worktree an hour old.
fn age(folder: &Path) {
    for entry in fs::read_dir(folder).expect("a folder").flatten().filter(|entry| entry.file_name() != ".git")
    {
        match entry.path() {
            folder if folder.is_dir() => age(&folder),
            path => {
                let file = fs::File::options().write(true).open(path).expect("a file");
                file.set_modified(SystemTime::now() - Duration::from_hours(1)).expect("it is older");
            }
        }
    }
}

fn git(folder: &Path, arguments: &[&str], input: &str) {
    let mut git = Command::new("git");
    git.args(arguments).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::null());
    git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    let mut git = git.spawn().expect("git starts");
    git.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("git reads");
    assert!(git.wait().expect("git ends").success());
}

fn lint(folder: &Path, use_cache: bool) -> Vec<String> {
    let as_of = Some(jiff::civil::date(2026, 11, 20));
    // Rules that read the cache of histories, and few others.
    let select = ["ownership/*", "assumption/*", "schema/*"].map(str::to_owned).into();
    let options = Options { directory: folder.into(), as_of, use_cache, select, ..Options::default() };
    let result = Linter::open(options).and_then(|linter| linter.lint()).expect("it is checked");
    result.save_cache();
    let LintResult { findings, .. } = result;
    findings.iter().map(|finding| format!("{} {}", finding.rule, finding.message)).collect()
}

/// The first byte chooses the file, and whether the checksums are right. Then each four bytes are a place (three bytes) and
/// what stands there; at the last place the file ends if the first byte says so.
pub fn cache(data: &[u8]) {
    let Some((&choice, edits)) = data.split_first() else { return };
    let cached = &*CACHED;
    for (path, bytes) in &cached.files {
        fs::write(path, bytes).expect("it is written");
    }
    let (path, bytes) = &cached.files[usize::from(choice >> 2) % cached.files.len()];
    let (has_sums, ends) = (choice & 1 == 1, choice & 2 == 2);
    let start = if has_sums { header_length(bytes) } else { 0 };
    let place = |edit: &[u8; 4]| {
        let far = usize::from(edit[0]) << 16 | usize::from(edit[1]) << 8 | usize::from(edit[2]);
        start + far % (bytes.len() - start)
    };
    let edits = edits.as_chunks().0;
    let mut corrupt = bytes.clone();
    edits.iter().for_each(|edit| corrupt[place(edit)] = edit[3]);
    if ends
        && !has_sums
        && let Some(last) = edits.last()
    {
        corrupt.truncate(place(last));
    }
    if has_sums {
        set_checksums(path, &mut corrupt, start);
    }
    fs::write(path, &corrupt).expect("it is written");
    let found = lint(cached.folder.path(), true);
    assert!(has_sums || found == cached.findings, "{found:#?}\nwithout the cache: {:#?}", cached.findings);
}

/// The length of all before the sections: the magic, a checksum, the number of sections and their lengths, and a checksum of
/// each block.
fn header_length(bytes: &[u8]) -> usize {
    let sections = u32::from_le_bytes([bytes[20], bytes[21], bytes[22], bytes[23]]) as usize;
    let before = 24 + sections * 8;
    let fits = |blocks: &usize| (bytes.len() - before - blocks * 4).div_ceil(BLOCK) == *blocks;
    before + (1..bytes.len()).find(fits).expect("it has blocks") * 4
}

fn set_checksums(path: &Path, bytes: &mut [u8], header: usize) {
    let sums: Vec<u8> = bytes[header..].chunks(BLOCK).flat_map(|block| checksum(&[block])).collect();
    bytes[header - sums.len()..header].copy_from_slice(&sums);
    let name = path.file_name().expect("a name").to_string_lossy();
    let sum = checksum(&[name.as_bytes(), &bytes[20..header]]);
    bytes[16..20].copy_from_slice(&sum);
}

fn checksum(parts: &[&[u8]]) -> [u8; 4] {
    let mut hasher = crc32fast::Hasher::new();
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize().to_le_bytes()
}
