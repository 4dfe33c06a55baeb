use std::fs;
use std::time::{Duration, SystemTime};

use super::*;

const THINGS: CacheKind = CacheKind { prefix: "things", max_files: 3, max_bytes: 1 << 20 };
const OTHERS: CacheKind = CacheKind { prefix: "others", max_files: 1, max_bytes: 300 };

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn cache(folder: &tempfile::TempDir) -> Arc<Cache> {
    Cache::open(folder.path(), ".").unwrap()
}

/// A store of a run that has read nothing yet.
fn store(folder: &tempfile::TempDir) -> Store {
    Store::new(&cache(folder), &THINGS, "this")
}

/// Sections of which some begin and end within a block, and one fills several.
fn sections() -> [Vec<u8>; 5] {
    let long = (0..200_000_u32).flat_map(|number| (number as u16).to_le_bytes()).collect();
    [b"short".to_vec(), Vec::new(), long, vec![7; 65_531], b"end".to_vec()]
}

fn save(store: &Store, name: &str, sections: &[Vec<u8>]) {
    store.save(name, &sections.iter().map(|section| vec![&section[..]]).collect::<Vec<_>>());
}

fn read(store: &Store, name: &str) -> Option<Vec<Vec<u8>>> {
    let file = store.open(name)?;
    (0..sections().len()).map(|index| file.section(index).map(std::borrow::Cow::into_owned)).collect()
}

fn path(folder: &Path) -> PathBuf {
    let mut entries = fs::read_dir(folder).unwrap();
    let path = entries.next().unwrap().unwrap().path();
    assert!(entries.next().is_none());
    path
}

#[test]
fn sections_and_ranges_are_read_as_saved() {
    let folder = folder();
    let store = store(&folder);
    assert!(store.open("a").is_none());
    save(&store, "a", &sections());
    let file = store.open("a").unwrap();
    for (index, section) in sections().iter().enumerate() {
        assert_eq!(file.length(index), section.len());
        assert_eq!(file.section(index).unwrap(), *section);
        for part in [0..0, 0..1, 1..3, 65_500..65_540, 65_536..131_072, 100..300_000, 3..5] {
            assert_eq!(
                file.range(index, part.clone()).as_deref(),
                section.get(part.clone()),
                "{index} {part:?}"
            );
        }
    }
    assert_eq!(file.section(5), None);
    assert_eq!(file.range(0, usize::MAX..usize::MAX), None);
    #[expect(clippy::reversed_empty_ranges, reason = "corrupt offsets may say so")]
    let backwards = 3..1;
    assert_eq!(file.range(0, backwards), None);
    let store = self::store(&folder);
    save(&store, "none", &[]);
    assert_eq!(store.open("none").unwrap().section(0), None);
}

#[test]
fn a_corrupt_file_is_never_read() {
    let folder = folder();
    let store = store(&folder);
    let saved = sections().map(|section| section[..section.len().min(40)].to_vec());
    save(&store, "a", &saved);
    let path = path(folder.path());
    let whole = fs::read(&path).unwrap();
    let mut corrupt: Vec<Vec<u8>> = (0..whole.len()).map(|length| whole[..length].to_vec()).collect();
    corrupt.extend([[&whole[..], b"more"].concat(), whole.repeat(2), vec![0; 4096], vec![0xff; 4096]]);
    corrupt.extend((0..whole.len()).map(|at| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        bytes
    }));
    for bytes in corrupt {
        fs::write(&path, &bytes).unwrap();
        assert_eq!(read(&self::store(&folder), "a"), None, "{} bytes", bytes.len());
    }
    fs::write(&path, &whole).unwrap();
    assert_eq!(read(&store, "a").unwrap(), saved);
    fs::rename(&path, path.with_file_name(path.file_name().unwrap().to_string_lossy().replace("-a", "-b")))
        .unwrap();
    assert!(store.open("a").is_none() && store.open("b").is_none(), "under another name it is none");
}

#[test]
fn the_oldest_files_of_a_kind_are_evicted_and_too_large_ones_not_written() {
    let folder = folder();
    let aged = |name: &str, hours: u64| {
        let file = fs::File::create(folder.path().join(name)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(hours * 60 * 60)).unwrap();
    };
    for (name, hours) in [
        ("things-1-old", 5),
        ("things-2-older", 6),
        ("things-3-new", 1),
        (".alignlint-1-0.tmp", 2),
        (".alignlint-2-0.tmp", 0),
        ("others-4-old", 9),
        ("unknown", 99),
    ] {
        aged(name, hours);
    }
    let store = store(&folder);
    save(&store, "a", &[b"bytes".to_vec()]);
    let names = || {
        let entries = fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let saved = store.file_name("a");
    let mut expected =
        vec![saved.as_str(), "things-1-old", "things-3-new", ".alignlint-2-0.tmp", "others-4-old", "unknown"];
    expected.sort_unstable();
    assert_eq!(names(), expected);
    let others = Store::new(&cache(&folder), &OTHERS, "this");
    save(&others, "large", &[vec![0; 300]]);
    assert_eq!(names(), expected);
    save(&others, "small", &[vec![0; 100]]);
    save(&others, "next", &[vec![0; 100]]);
    assert_eq!(others.names().count(), 1);
    assert!(store.open("a").is_some(), "of another kind");
}

#[cfg(unix)]
#[test]
fn a_link_is_neither_the_directory_nor_a_file() {
    use std::os::unix::fs::symlink;
    let (folder, elsewhere) = (folder(), self::folder());
    symlink(elsewhere.path(), folder.path().join("link")).unwrap();
    assert_eq!(Cache::open(folder.path(), "link").unwrap_err().to_string(), "`link` is a symbolic link");
    let store = store(&folder);
    let target = elsewhere.path().join("target");
    symlink(&target, folder.path().join(store.file_name("a"))).unwrap();
    save(&store, "a", &sections());
    assert!(store.open("a").is_none() && !target.exists());
}
