use super::*;

const THINGS: Sort = Sort { prefix: "things", most: 3, largest: 1 << 20 };
const OTHERS: Sort = Sort { prefix: "others", most: 1, largest: 300 };

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
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
    (0..sections().len()).map(|nth| file.section(nth).ok().map(|it| it.into_owned())).collect()
}

fn path(folder: &Path) -> PathBuf {
    let mut entries = fs::read_dir(folder).unwrap();
    let path = entries.next().unwrap().unwrap().path();
    assert!(entries.next().is_none());
    path
}

#[test]
fn sections_are_read_as_they_were_saved_in_part_or_whole() {
    let folder = folder();
    let store = Store::new(folder.path(), &THINGS, "this");
    assert!(store.open("a").is_none());
    save(&store, "a", &sections());
    let file = store.open("a").unwrap();
    for (nth, section) in sections().iter().enumerate() {
        assert_eq!(file.length(nth), section.len());
        assert_eq!(file.section(nth).unwrap(), *section);
        for part in [0..0, 0..1, 1..3, 65_500..65_540, 65_536..131_072, 100..300_000, 3..5] {
            assert_eq!(
                file.part(nth, part.clone()).ok().as_deref(),
                section.get(part.clone()),
                "{nth} {part:?}"
            );
        }
    }
    assert_eq!(file.section(5), Err(Damaged));
    assert_eq!(file.part(0, usize::MAX..usize::MAX), Err(Damaged));
    #[expect(clippy::reversed_empty_ranges, reason = "what damaged numbers may come to")]
    let backwards = 3..1;
    assert_eq!(file.part(0, backwards), Err(Damaged));
    save(&store, "none", &[]);
    assert_eq!(store.open("none").unwrap().section(0), Err(Damaged));
}

#[test]
fn one_of_many_is_read_without_the_others() {
    let folder = folder();
    let store = Store::new(folder.path(), &THINGS, "this");
    let mut pieces = Pieces::default();
    let words: Vec<String> =
        (0..9000_u32).map(|number| number.to_string().repeat(number as usize % 5)).collect();
    for (nth, word) in words.iter().enumerate() {
        assert_eq!(pieces.add(word.as_bytes()), Some(nth as u32));
    }
    assert_eq!(pieces.count(), words.len());
    let (ends, joined) = pieces.sections();
    save(&store, "a", &[b"odd".to_vec(), ends, joined, bytes_of(&[1, 2, 3, 4, u32::MAX, 6])]);
    let file = store.open("a").unwrap();
    for (nth, word) in words.iter().enumerate() {
        assert_eq!(*file.piece(1, 2, nth).unwrap(), *word.as_bytes());
    }
    assert_eq!(file.piece(1, 2, words.len()), Err(Damaged));
    assert_eq!(file.piece(3, 2, 4), Err(Damaged), "it would end where there is nothing");
    assert_eq!(file.piece(3, 2, 5), Err(Damaged), "it would end before it begins");
    assert_eq!((file.rows::<2>(3), file.rows::<4>(3), file.rows::<1>(0)), (Some(3), None, None));
    assert_eq!(file.row::<2>(3, 2), Ok([u32::MAX, 6]));
    assert_eq!(file.row::<2>(3, 3), Err(Damaged));
    assert_eq!(file.row::<2>(3, usize::MAX), Err(Damaged));
    assert_eq!(numbers_of(&file.section(3).unwrap()).collect::<Vec<_>>(), [1, 2, 3, 4, u32::MAX, 6]);
}

#[test]
fn a_damaged_block_spoils_no_other() {
    let folder = folder();
    let store = Store::new(folder.path(), &THINGS, "this");
    save(&store, "a", &sections());
    let path = path(folder.path());
    let mut bytes = fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&path, &bytes).unwrap();
    let file = store.open("a").unwrap();
    assert_eq!(*file.section(0).unwrap(), *b"short");
    assert_eq!(*file.part(2, 0..1000).unwrap(), sections()[2][..1000]);
    assert_eq!(file.section(4), Err(Damaged));
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    assert_eq!(file.part(2, 300_000..400_000), Err(Damaged), "cut off after it was opened");
}

#[test]
fn what_is_not_as_it_was_written_is_never_read() {
    let folder = folder();
    let store = Store::new(folder.path(), &THINGS, "this");
    let saved = sections().map(|section| section[..section.len().min(40)].to_vec());
    save(&store, "a", &saved);
    let path = path(folder.path());
    let whole = fs::read(&path).unwrap();
    let mut damaged: Vec<Vec<u8>> = (0..whole.len()).map(|length| whole[..length].to_vec()).collect();
    damaged.extend([[&whole[..], b"more"].concat(), whole.repeat(2), vec![0; 4096], vec![0xff; 4096]]);
    damaged.extend((0..whole.len()).map(|at| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        bytes
    }));
    for bytes in damaged {
        fs::write(&path, &bytes).unwrap();
        assert_eq!(read(&store, "a"), None, "{} bytes", bytes.len());
    }
    fs::write(&path, &whole).unwrap();
    assert_eq!(read(&store, "a").unwrap(), saved);
    fs::rename(&path, path.with_file_name(path.file_name().unwrap().to_string_lossy().replace("-a", "-b")))
        .unwrap();
    assert!(store.open("a").is_none() && store.open("b").is_none(), "under another name it is none");
}

#[test]
fn what_depends_on_something_else_is_kept_apart() {
    let folder = folder();
    let (this, that) =
        (Store::new(folder.path(), &THINGS, "this"), Store::new(folder.path(), &THINGS, "that"));
    save(&this, "a", &sections());
    assert_eq!(this.names().collect::<Vec<_>>(), ["a"]);
    assert_eq!(that.names().count(), 0);
    assert!(that.open("a").is_none());
}

#[test]
fn the_newest_are_kept_of_each_sort_and_none_that_is_too_large() {
    let folder = folder();
    let aged = |name: &str, hours: u64| {
        let file = fs::File::create(folder.path().join(name)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(hours * 60 * 60)).unwrap();
    };
    for (name, hours) in [
        ("things-1-old", 5),
        ("things-2-older", 6),
        ("things-3-new", 1),
        ("things-aside-1", 2),
        ("things-aside-2", 0),
        ("others-aside-3", 9),
        ("unknown", 99),
    ] {
        aged(name, hours);
    }
    let store = Store::new(folder.path(), &THINGS, "this");
    save(&store, "a", &[b"bytes".to_vec()]);
    let names = || {
        let entries = fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let kept = store.file_name("a");
    let mut expected =
        vec![kept.as_str(), "things-1-old", "things-3-new", "things-aside-2", "others-aside-3", "unknown"];
    expected.sort_unstable();
    assert_eq!(names(), expected);
    let others = Store::new(folder.path(), &OTHERS, "this");
    save(&others, "large", &[vec![0; 300]]);
    assert_eq!(names(), expected);
    save(&others, "small", &[vec![0; 100]]);
    save(&others, "next", &[vec![0; 100]]);
    assert_eq!(others.names().count(), 1);
    assert!(store.open("a").is_some(), "another sort's");
}
