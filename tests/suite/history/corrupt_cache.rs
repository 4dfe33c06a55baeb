//! The history cache may be corrupt in any way, and be read in part: results are the same.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use alignlint::cache::{Cache, CacheKind, Store};
use alignlint::policy::{Policy, PolicyPaths};
use alignlint::snapshot::Snapshot;

use super::cache::{FILE, LONG, assumptions, go_on, long, only, revision_text, same, worktree};
use crate::kit::{ADA, BO, Repository};

#[test]
fn a_corrupt_file_is_as_none() {
    let repository = long();
    let text = same(repository.path(), "whole");
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
        assert_eq!(worktree(repository.path(), true), text, "{} bytes", damaged.len());
        assert_eq!(only(&repository), (file.clone(), bytes.clone()), "it is whole again");
    }
    fs::remove_file(&file).expect("it is there");
    fs::create_dir(&file).expect("a folder in its place");
    assert_eq!(worktree(repository.path(), true), text, "a folder");
    fs::remove_dir(&file).expect("it is empty");
    fs::remove_dir_all(file.parent().expect("a folder")).expect("it is there");
    fs::write(file.parent().expect("a folder"), "").expect("a file in the folder's place");
    assert_eq!(worktree(repository.path(), true), text, "a file in the folder's place");
}

#[test]
fn a_file_under_another_name_is_none() {
    let repository = long();
    same(repository.path(), "whole");
    let (file, bytes) = only(&repository);
    let old = repository.git(&["rev-parse", "HEAD"]);
    repository.write_file(FILE, &assumptions(&["retired", "validated"]));
    repository.commit_as("2025-06-01", BO, "Retire");
    let head = repository.git(&["rev-parse", "HEAD"]);
    let other = file.to_string_lossy().replace(&old, &head);
    fs::write(&other, &bytes).expect("it is written");
    let text = same(repository.path(), "the walk to another commit");
    assert!(text.contains("2025-06-01"), "{text}");
    assert_ne!(fs::read(&other).expect("it is there"), bytes, "it is written anew");
}

/// A repository of so many records that its history cache has several blocks.
fn large() -> (Repository, Vec<String>) {
    let text = |status: &str| {
        let one = |number: usize| {
            let statement = format!("Partners {number:04} close {}", "ever faster ".repeat(12));
            format!("  - {{id: A-{number:04}, statement: {statement}, status: {status}, owner: ada}}\n")
        };
        let file = |nth: usize| (nth * 100..(nth + 1) * 100).map(one).collect::<String>();
        (0..20).map(file).collect::<Vec<String>>()
    };
    let repository = Repository::empty();
    let files: Vec<String> = (0..20).map(|nth| format!("strategy/{nth:02}.yaml")).collect();
    for (status, day, who) in [("open", "2025-01-10", ADA), ("validated", "2025-02-10", BO)] {
        for (file, records) in files.iter().zip(text(status)) {
            repository.write_file(file, &format!("assumptions:\n{records}"));
        }
        repository.commit_as(day, who, status);
    }
    go_on(repository.path(), LONG);
    (repository, files)
}

#[test]
fn corruption_that_is_detected_late_starts_again_without_the_cache() {
    let (repository, _) = large();
    let text = same(repository.path(), "whole");
    let (file, bytes) = only(&repository);
    let begin = header(&bytes);
    assert!((bytes.len() - begin) / BLOCK >= 6, "many blocks: {} bytes", bytes.len());
    let blocks = (begin..bytes.len()).step_by(BLOCK);
    for at in blocks.skip(1).step_by(3).chain([bytes.len() - 1]) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 4;
        fs::write(&file, &damaged).expect("it is written");
        assert_eq!(worktree(repository.path(), true), text, "byte {at}");
        assert!(only(&repository).1 == bytes, "it is whole again");
        let mut nonsense = bytes.clone();
        nonsense[at..bytes.len().min(at + 1000)].fill(0xff);
        fs::write(&file, summed(&file, nonsense, begin)).expect("it is written");
        assert_eq!(worktree(repository.path(), true), text, "nonsense at {at}");
        assert!(only(&repository).1 == bytes, "it is told anew");
    }
}

#[test]
fn of_the_cache_only_the_blocks_that_are_used_are_read() {
    let (repository, files) = large();
    let folder = repository.path();
    same(folder, "whole");
    let (file, bytes) = only(&repository);
    let ask = || {
        let snapshot = Arc::new(Snapshot::worktree(folder).expect("a worktree").project());
        snapshot.enable_cache().expect("no link");
        let policy = Policy::load_from(&snapshot, &PolicyPaths::default()).expect("a policy");
        snapshot.retry_if_cache_corrupt(|| {
            let catalog = policy.read(&snapshot, &[]);
            let history = catalog.history().expect("a history");
            let one = catalog.records().iter().find(|record| *record.path == *files[0]).expect("it is there");
            let changes = catalog.changes(one, "status").expect("a history of it");
            let text: Vec<String> =
                (0..changes.len()).map(|nth| revision_text(&changes.revision(nth))).collect();
            (text, revision_text(&history.created(one).expect("a history of it")))
        })
    };
    let text = ask();
    assert!(text.0[1].starts_with("2025-02-10") && text.1.starts_with("2025-01-10"), "{text:?}");
    let mut unread = 0;
    for at in (header(&bytes)..bytes.len()).step_by(BLOCK) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 4;
        fs::write(&file, &damaged).expect("it is written");
        assert_eq!(ask(), text, "byte {at}");
        unread += usize::from(only(&repository).1 == damaged);
    }
    let blocks = (bytes.len() - header(&bytes)).div_ceil(BLOCK);
    assert!(unread >= blocks - 4, "{unread} of {blocks} blocks");
}

/// A cache file with correct checksums: after the magic, one of the file name and all numbers that follow it; then
/// one of each block.
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

/// The size of a block, which has one checksum.
const BLOCK: usize = 1 << 16;

/// The size of the header of a cache file.
fn header(bytes: &[u8]) -> usize {
    let sections = u32::from_le_bytes(bytes[20..24].try_into().expect("four bytes")) as usize;
    let before = 24 + sections * 8;
    let blocks =
        (1..=bytes.len()).find(|blocks| (bytes.len() - before - blocks * 4).div_ceil(BLOCK) == *blocks);
    before + blocks.expect("so many blocks") * 4
}

#[test]
fn nonsense_with_a_right_check_sum_ends_no_run() {
    let repository = long();
    same(repository.path(), "whole");
    let (file, bytes) = only(&repository);
    let header = header(&bytes);
    assert_eq!(summed(&file, bytes.clone(), header), bytes);
    repository.write_file(FILE, &assumptions(&["retired", "validated"]));
    repository.commit_as("2025-06-01", BO, "Retire");
    let records = |text: &str| text.lines().filter(|line| !line.starts_with(' ')).count();
    let whole = records(&worktree(repository.path(), true));
    for (at, byte) in (20..bytes.len()).step_by(7).zip([0, 1, 0x7f, 0x80, 0xff].into_iter().cycle()) {
        let mut nonsense = bytes.clone();
        nonsense[at] = byte;
        fs::write(&file, summed(&file, nonsense, header)).expect("it is written");
        assert_eq!(records(&worktree(repository.path(), true)), whole, "byte {at} as {byte}");
    }
}

const THINGS: CacheKind = CacheKind { prefix: "things", max_files: 3, max_bytes: 1 << 20 };

/// Of the sections, some begin and end within a block, and one fills several.
#[test]
fn sections_and_ranges_of_a_cache_file_are_read_as_saved() {
    let folder = Repository::folder();
    let store = || Store::new(&Cache::open(folder.path(), ".").unwrap(), &THINGS, "this");
    let long = (0..200_000_u32).flat_map(|number| (number as u16).to_le_bytes()).collect();
    let sections = [b"short".to_vec(), Vec::new(), long, vec![7; 65_531], b"end".to_vec()];
    store().save("a", &sections.each_ref().map(|section| vec![&section[..]]));
    let file = store().open("a").unwrap();
    for (index, section) in sections.iter().enumerate() {
        assert_eq!((file.length(index), &*file.section(index).unwrap()), (section.len(), &section[..]));
        for part in [0..0, 0..1, 1..3, 65_500..65_540, 65_536..131_072, 100..300_000, 3..5] {
            assert_eq!(
                file.range(index, part.clone()).as_deref(),
                section.get(part.clone()),
                "{index} {part:?}"
            );
        }
    }
    assert_eq!((file.section(5), file.range(0, usize::MAX..usize::MAX)), (None, None));
    let backwards = std::ops::Range { start: 3, end: 1 };
    assert_eq!(file.range(0, backwards), None, "corrupt offsets may say so");
}
