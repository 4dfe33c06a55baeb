//! What is kept of a walk may be damaged in any way, and be asked for in part: no answer changes by it.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use alignlint::policy::{Policy, PolicyPaths};
use alignlint::snapshot::{BlobId, Snapshot};

use super::kept::{FILE, LONG, assumptions, go_on, long, only, output, same, told_of, worktree};
use super::repository::{ADA, BO, Repository};

#[test]
fn a_damaged_file_is_as_none() {
    let repository = long();
    let told = same(repository.path(), "whole");
    let (file, bytes) = only(&repository);
    let flipped = |at: usize, bit: u8| {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1 << bit;
        bytes
    };
    let mut damaged: Vec<Vec<u8>> =
        vec![Vec::new(), b"something else".to_vec(), vec![0; 4096], bytes.repeat(2)];
    damaged.extend(
        [1, 15, 16, 20, 23, 24, header(&bytes), bytes.len() - 1].map(|length| bytes[..length].to_vec()),
    );
    damaged.extend((0..bytes.len()).step_by(bytes.len() / 40).map(|at| flipped(at, (at % 8) as u8)));
    for damaged in damaged {
        fs::write(&file, &damaged).expect("it is written");
        assert_eq!(worktree(repository.path(), true), told, "{} bytes", damaged.len());
        assert_eq!(only(&repository), (file.clone(), bytes.clone()), "it is whole again");
    }
    fs::remove_file(&file).expect("it is there");
    fs::create_dir(&file).expect("a folder in its place");
    assert_eq!(worktree(repository.path(), true), told, "a folder");
    fs::remove_dir(&file).expect("it is empty");
    fs::remove_dir_all(file.parent().expect("a folder")).expect("it is there");
    fs::write(file.parent().expect("a folder"), "").expect("a file in the folder's place");
    assert_eq!(worktree(repository.path(), true), told, "a file in the folder's place");
}

#[test]
fn a_file_under_another_name_is_none() {
    let repository = long();
    same(repository.path(), "whole");
    let (file, bytes) = only(&repository);
    let old = output(repository.path(), &["rev-parse", "HEAD"]);
    repository.write(FILE, &assumptions(&["retired", "validated"]));
    repository.commit("2025-06-01", BO, "Retire");
    let head = output(repository.path(), &["rev-parse", "HEAD"]);
    let other = file.to_string_lossy().replace(&old, &head);
    fs::write(&other, &bytes).expect("it is written");
    let told = same(repository.path(), "the walk to another commit");
    assert!(told.contains("2025-06-01"), "{told}");
    assert_ne!(fs::read(&other).expect("it is there"), bytes, "it is written anew");
}

/// A repository of so many records, each of the same length, that what is kept has many blocks.
fn large() -> (Repository, Vec<String>) {
    let text = |status: &str| {
        let one = |number: usize| {
            let statement = format!("Partners {number:04} close {}", "ever faster ".repeat(12));
            format!("  - {{id: A-{number:04}, statement: {statement}, status: {status}, owner: ada}}\n")
        };
        let file = |nth: usize| (nth * 100..(nth + 1) * 100).map(one).collect::<String>();
        (0..20).map(file).collect::<Vec<String>>()
    };
    let repository = Repository::new();
    let files: Vec<String> = (0..20).map(|nth| format!("strategy/{nth:02}.yaml")).collect();
    for (status, day, who) in [("open", "2025-01-10", ADA), ("validated", "2025-02-10", BO)] {
        for (file, records) in files.iter().zip(text(status)) {
            repository.write(file, &format!("assumptions:\n{records}"));
        }
        repository.commit(day, who, status);
    }
    go_on(repository.path(), LONG);
    (repository, files)
}

#[test]
fn damage_that_is_found_late_has_all_told_anew() {
    let (repository, _) = large();
    let told = same(repository.path(), "whole");
    let (file, bytes) = only(&repository);
    let begin = header(&bytes);
    assert!((bytes.len() - begin) / BLOCK >= 6, "many blocks: {} bytes", bytes.len());
    for at in (begin..bytes.len()).step_by(BLOCK).skip(1).chain([bytes.len() - 1]) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 4;
        fs::write(&file, &damaged).expect("it is written");
        assert_eq!(worktree(repository.path(), true), told, "byte {at}");
        assert!(only(&repository).1 == bytes, "it is whole again");
        let mut nonsense = bytes.clone();
        nonsense[at..bytes.len().min(at + 1000)].fill(0xff);
        fs::write(&file, summed(&file, nonsense, begin)).expect("it is written");
        assert_eq!(worktree(repository.path(), true), told, "nonsense at {at}");
        assert!(only(&repository).1 == bytes, "it is told anew");
    }
}

#[test]
fn of_what_is_kept_only_what_is_asked_for_is_read() {
    let (repository, files) = large();
    let folder = repository.path();
    same(folder, "whole");
    let (file, bytes) = only(&repository);
    let ask = || {
        let snapshot = Arc::new(Snapshot::worktree(folder).expect("a worktree").project());
        snapshot.enable_cache();
        let policy = Policy::load_from(&snapshot, &PolicyPaths::default()).expect("a policy");
        snapshot.retry_if_cache_corrupt(|| {
            let catalog = policy.read(&snapshot, &[]);
            let past = catalog.history().expect("a past");
            let one = catalog.records().iter().find(|record| *record.path == *files[0]).expect("it is there");
            let changes = catalog.changes(one, "status").expect("a past of it");
            let told: Vec<String> = (0..changes.len()).map(|nth| told_of(&changes.revision(nth))).collect();
            (told, told_of(&past.created(one).expect("a past of it")))
        })
    };
    let told = ask();
    assert!(told.0[1].starts_with("2025-02-10") && told.1.starts_with("2025-01-10"), "{told:?}");
    let mut unread = 0;
    for at in (header(&bytes)..bytes.len()).step_by(BLOCK) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 4;
        fs::write(&file, &damaged).expect("it is written");
        assert_eq!(ask(), told, "byte {at}");
        unread += usize::from(only(&repository).1 == damaged);
    }
    let blocks = (bytes.len() - header(&bytes)).div_ceil(BLOCK);
    assert!(unread >= blocks - 4, "{unread} of {blocks} blocks");
}

#[test]
fn what_a_change_was_is_told_anew_where_just_that_is_damaged() {
    let (repository, files) = large();
    let folder = repository.path();
    same(folder, "whole");
    let (file, bytes) = only(&repository);
    let mut damaged_late = 0;
    for at in (header(&bytes)..bytes.len()).step_by(BLOCK) {
        let snapshot = Arc::new(Snapshot::worktree(folder).expect("a worktree").project());
        snapshot.enable_cache();
        let policy = Policy::load_from(&snapshot, &PolicyPaths::default()).expect("a policy");
        let mut damaged = Some(bytes.clone());
        damaged.as_mut().expect("bytes")[at] ^= 4;
        let (value, when) = snapshot.retry_if_cache_corrupt(|| {
            let catalog = policy.read(&snapshot, &[]);
            let one =
                catalog.records().iter().find(|record| *record.path == *files[10]).expect("it is there");
            let past = catalog.history().expect("a past");
            // The bytes are taken for those of the last commit, so that no value needs reading before somebody asks.
            let changes = past.changes(one, "statement", blob(folder, &files[10])).expect("a past of it");
            if let Some(damaged) = damaged.take() {
                fs::write(&file, &damaged).expect("it is written");
            }
            (changes.value(0).unwrap_or_default().into_owned(), told_of(&changes.revision(0)))
        });
        assert!(value.starts_with("Partners 1000 close ever faster"), "byte {at}: {value}");
        assert!(when.starts_with("2025-01-10"), "byte {at}: {when}");
        damaged_late += usize::from(only(&repository).1 == bytes);
        fs::write(&file, &bytes).expect("it is written");
    }
    assert!(damaged_late >= 1, "the block that its text stands in");
}

/// What Git calls the bytes that the last commit has of a file.
fn blob(folder: &Path, path: &str) -> Option<BlobId> {
    let committed = Snapshot::revision(folder, "HEAD").expect("a commit").project();
    committed.blob_id(committed.get(path)?)
}

/// The bytes of a file of the store with the check sums that they ought to have: behind the magic, that of
/// the file's name and of all numbers behind it; behind these, one of each block.
fn summed(file: &Path, mut bytes: Vec<u8>, header: usize) -> Vec<u8> {
    let sum = |parts: &[&[u8]]| {
        let mut sum = crc32fast::Hasher::new();
        parts.iter().for_each(|part| sum.update(part));
        sum.finalize().to_le_bytes()
    };
    let sums: Vec<u8> = bytes[header..].chunks(BLOCK).flat_map(|block| sum(&[block])).collect();
    bytes[header - sums.len()..header].copy_from_slice(&sums);
    let name = file.file_name().expect("a name").to_string_lossy().into_owned();
    let of_header = sum(&[name.as_bytes(), &bytes[20..header]]);
    bytes[16..20].copy_from_slice(&of_header);
    bytes
}

/// So many bytes of a file have one check sum.
const BLOCK: usize = 1 << 16;

/// How many bytes of a file stand before what is told in it.
fn header(bytes: &[u8]) -> usize {
    let sections = u32::from_le_bytes(bytes[20..24].try_into().expect("four bytes")) as usize;
    let before = 24 + sections * 8;
    let blocks = (1..).find(|blocks| (bytes.len() - before - blocks * 4).div_ceil(BLOCK) == *blocks);
    before + blocks.expect("so many blocks") * 4
}

#[test]
fn nonsense_with_a_right_check_sum_ends_no_run() {
    let repository = long();
    same(repository.path(), "whole");
    let (file, bytes) = only(&repository);
    let header = header(&bytes);
    assert_eq!(summed(&file, bytes.clone(), header), bytes);
    repository.write(FILE, &assumptions(&["retired", "validated"]));
    repository.commit("2025-06-01", BO, "Retire");
    let records = |told: &str| told.lines().filter(|line| !line.starts_with(' ')).count();
    let whole = records(&worktree(repository.path(), true));
    for (at, byte) in (20..bytes.len()).step_by(7).zip([0, 1, 0x7f, 0x80, 0xff].into_iter().cycle()) {
        let mut nonsense = bytes.clone();
        nonsense[at] = byte;
        fs::write(&file, summed(&file, nonsense, header)).expect("it is written");
        assert_eq!(records(&worktree(repository.path(), true)), whole, "byte {at} as {byte}");
    }
}
