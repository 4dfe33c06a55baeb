use std::fmt::Write;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;
use crate::cache::{Sort, Store};
use crate::catalog::{Catalog, ReadScope};
use crate::config::Config;
use crate::embedded;
use crate::snapshot::Snapshot;

const SORT: Sort = Sort { prefix: "tests", most: 1, largest: 1 << 24 };

/// What readings are made and read by.
struct Bench {
    kinds: Arc<Kinds>,
    profiles: Profiles,
    readings: Arc<ParseCache>,
    _folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Bench {
        let kinds = Arc::new(Kinds::load(&[]).expect("the embedded kinds load"));
        let sources: Vec<Arc<Source>> = embedded::files("schemas/profiles")
            .map(|(path, text)| Arc::new(Source::new(path, text.as_bytes().to_vec())))
            .collect();
        let profiles = Profiles::load(&sources, &kinds).expect("the embedded profiles load");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::new(folder.path(), &SORT, "tests");
        let readings = Arc::new(ParseCache::new(store, Arc::default(), Numbers::of(&kinds, &profiles)));
        Bench { kinds, profiles, readings, _folder: folder }
    }

    fn read(&self, files: Vec<(String, String)>) -> Catalog {
        let snapshot = Arc::new(Snapshot::in_memory(files));
        let config = Config::default();
        Catalog::read(snapshot, self.kinds.clone(), &self.profiles, &config, ReadScope::Pages, None)
    }

    /// The reading that a head and a body come to, in words.
    fn read_back(&self, stored: &Stored, source: &Arc<Source>) -> Option<String> {
        let (file, records) = self.back(stored, source)?;
        for record in &records {
            record.fields.may_equal("topic", &["pricing"].into());
        }
        Some(shown(&file, &records))
    }

    fn back(&self, stored: &Stored, source: &Arc<Source>) -> Option<(SourceFile, Vec<Record>)> {
        reading(&self.readings, &Bytes::New(Arc::new(stored.clone())), source.clone())
    }

    /// Asserts of all files that what is read back is what was written; gives the bytes of each.
    fn round(&self, catalog: &Catalog) -> Vec<(Stored, Arc<Source>)> {
        let files = catalog.files().iter().map(|file| {
            let records = &catalog.records()[file.records.start as usize..file.records.end as usize];
            let stored = stored(file, records, &self.readings.numbers).expect("it can be stored");
            let back = self.read_back(&stored, file.source());
            assert_eq!(back.as_deref(), Some(&*shown(file, records)), "{}", file.path());
            (stored, file.source().clone())
        });
        files.collect()
    }
}

/// Everything that a reading says, in words.
fn shown(file: &SourceFile, records: &[Record]) -> String {
    let document = &file.document;
    let mut shown = format!(
        "{} {:?} {} {} {:?} {:?} {:?}\n",
        file.path(),
        document.format,
        file.governed,
        file.unread,
        file.note,
        document.problems,
        file.ignores
    );
    if let Some(page) = &document.markdown {
        let Markdown { front_matter, links, prose, comments, anchors, .. } = &**page;
        let _ = writeln!(shown, "{front_matter:?} {links:?} {prose:?} {comments:?} {anchors:?}");
    }
    for record in records {
        let RecordContent { kind, id, title, profile, path, span, name_span, fields, mentions, .. } =
            &**record;
        let _ = writeln!(shown, "{} {id} {title:?} {path} {span:?} {name_span:?}", kind.name);
        let _ = writeln!(
            shown,
            "{:?} {:?} {mentions:?}",
            profile.as_ref().map(|profile| &profile.name),
            **fields
        );
        let _ = writeln!(shown, "{:?} {:?}", record.other_names, record.file_id);
        let _ = writeln!(
            shown,
            "{} {} {:?}",
            record.is_sole_record, record.extends_format, record.format_violations
        );
    }
    shown
}

/// The files of the examples.
fn examples() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut folders: Vec<PathBuf> = vec![root];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the examples are there") {
            let path = entry.expect("their folders can be listed").path();
            let name = path.to_string_lossy().replace('\\', "/");
            // Below the example's own folder.
            let name = name.split("/examples/").last().and_then(|name| name.split_once('/')).map(|it| it.1);
            match name {
                _ if path.is_dir() => folders.push(path),
                Some(name) => {
                    files.extend(std::fs::read_to_string(&path).ok().map(|text| (name.to_owned(), text)))
                }
                None => {}
            }
        }
    }
    files
}

#[test]
fn what_is_read_back_is_what_was_read() {
    let bench = Bench::new();
    let catalog = bench.read(examples());
    assert!(catalog.records().len() > 20, "{catalog:?}");
    bench.round(&catalog);
}

#[test]
fn what_a_field_may_be_is_told_without_reading_the_others() {
    let bench = Bench::new();
    let long = "why ".repeat(20);
    let text =
        format!("decisions:\n  - {{id: D-1, tags: [a, [b]], context: {long}, topic: pricing, owner: ada}}\n");
    let catalog = bench.read(vec![("decisions.yaml".to_owned(), text)]);
    let [(stored, source)] = &*bench.round(&catalog) else { panic!("one file") };
    let (_, records) = bench.back(stored, source).expect("it is read back");
    let may_equal =
        |field, texts: &[&str]| records[0].fields.may_equal(field, &texts.iter().copied().collect());
    for (field, text) in [("id", "D-1"), ("topic", "pricing"), ("owner", "ada")] {
        assert!(may_equal(field, &[text]) && may_equal(field, &["elsewhere", text]), "{field}: {text}");
    }
    assert!(
        !may_equal("topic", &["price", "pricings", "Pricing", "D-1"]),
        "the whole text of that field counts"
    );
    assert!(!may_equal("status", &["accepted"]), "it has none");
    assert!(may_equal("context", &["elsewhere"]), "a long text stands in the file itself");
    assert!(may_equal("tags", &["elsewhere"]), "a list may be any text, for all that is known");
    let read = &catalog.records()[0].fields;
    assert!(read.may_equal("topic", &["pricing"].into()) && !read.may_equal("topic", &["elsewhere"].into()));
    assert!(read.may_equal("tags", &["elsewhere"].into()) && !read.may_equal("status", &["accepted"].into()));
}

#[test]
fn nonsense_is_no_reading_or_another_one_and_never_a_panic() {
    let bench = Bench::new();
    let page = "---\nkind: decision\nid: D-1\nowner: ada\n# alignlint: ignore a/b because c\nstatus: x\n---\n# T\n\n## Context\n\n\
                A sentence that is long enough to be read from the file, so that it is.\n\n[a](b.md)\n";
    let catalog = bench.read(vec![("decisions/1-x.md".to_owned(), page.to_owned())]);
    type Part = fn(&mut Stored) -> &mut Box<[u8]>;
    let parts: [Part; 3] =
        [|stored| &mut stored.head, |stored| &mut stored.directory, |stored| &mut stored.body];
    for (stored, source) in bench.round(&catalog) {
        for part in parts {
            for at in 0..part(&mut stored.clone()).len() {
                let mut other = stored.clone();
                part(&mut other)[at] ^= 0x7f;
                bench.read_back(&other, &source);
                *part(&mut other) = part(&mut stored.clone())[..at].into();
                bench.read_back(&other, &source);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_page_and_any_list_is_read_back(
        lines in prop::collection::vec(
            prop_oneof![
                "[a-zé \\-*_`#|>:\\[\\]()]{0,90}",
                Just("## Context and Problem Statement".to_owned()),
                Just("See [it](../a.md#b) and <https://x.y>.".to_owned()),
                Just("<!-- alignlint: ignore a/* until 2027-01-01 because d -->".to_owned()),
                Just("| Term | Means |\n|---|---|\n| a | b |".to_owned()),
            ],
            0..12,
        ),
        values in prop::collection::vec("[a-z0-9.:, \\[\\]{}'\"é-]{0,80}", 0..6),
    ) {
        let bench = Bench::new();
        let keys = ["status", "owner", "supersedes", "topic", "tags", "notes"];
        let fields: String = keys.iter().zip(&values).map(|(key, value)| format!("{key}: {value}\n")).collect();
        let page = format!("---\nkind: decision\nid: D-1\n{fields}---\n# T\n\n{}\n", lines.join("\n"));
        let items: String =
            values.iter().enumerate().map(|(at, value)| format!("  - id: A-{at}\n    statement: {value}\n")).collect();
        let files = [
            ("decisions/1-x.md", page),
            ("governance/assumptions.yaml", format!("assumptions:\n{items}")),
            ("docs/adr/0001-x.md", format!("# 1. T\n\n## Status\n\nAccepted\n\n{}\n", lines.join("\n"))),
        ];
        let catalog = bench.read(files.map(|(path, text)| (path.to_owned(), text)).to_vec());
        bench.round(&catalog);
    }
}
