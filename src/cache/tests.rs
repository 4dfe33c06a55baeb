use super::*;

const THINGS: CacheKind = CacheKind { prefix: "things", max_files: 3, max_bytes: 1 << 20 };

/// Sections of which some begin and end within a block, and one fills several.
fn sections() -> [Vec<u8>; 5] {
    let long = (0..200_000_u32).flat_map(|number| (number as u16).to_le_bytes()).collect();
    [b"short".to_vec(), Vec::new(), long, vec![7; 65_531], b"end".to_vec()]
}

#[test]
fn sections_and_ranges_are_read_as_saved() {
    let folder = tempfile::tempdir().unwrap();
    let store = || Store::new(&Cache::open(folder.path(), ".").unwrap(), &THINGS, "this");
    let pieces: Vec<Vec<u8>> = sections().to_vec();
    store().save("a", &pieces.iter().map(|section| vec![&section[..]]).collect::<Vec<_>>());
    let file = store().open("a").unwrap();
    for (index, section) in pieces.iter().enumerate() {
        assert_eq!(file.length(index), section.len());
        assert_eq!(file.section(index).unwrap(), *section);
        for part in [0..0, 0..1, 1..3, 65_500..65_540, 65_536..131_072, 100..300_000, 3..5] {
            let wanted = section.get(part.clone());
            assert_eq!(file.range(index, part.clone()).as_deref(), wanted, "{index} {part:?}");
        }
    }
    assert_eq!(file.section(5), None);
    assert_eq!(file.range(0, usize::MAX..usize::MAX), None);
    #[expect(clippy::reversed_empty_ranges, reason = "corrupt offsets may say so")]
    let backwards = 3..1;
    assert_eq!(file.range(0, backwards), None);
}
