use std::fmt::Write;

use proptest::prelude::*;

use super::layout::EncodedParse;
use super::*;
use crate::cache::{Cache, CacheKind, Store};
use crate::catalog::{Catalog, ReadScope};
use crate::config::Config;
use crate::record::RecordContent;
use crate::syntax::markdown::Markdown;

const KIND: CacheKind = CacheKind { prefix: "tests", max_files: 1, max_bytes: 1 << 24 };

/// A policy, and a cache file of its parses.
struct Fixture {
    kinds: Arc<Kinds>,
    formats: Formats,
    file: Arc<ParseCacheFile>,
    numbered: Numbered,
    _folder: tempfile::TempDir,
}

impl Fixture {
    fn new() -> Fixture {
        let kinds = Arc::new(Kinds::load(&[]).expect("the embedded kinds load"));
        let formats = Formats::load(&[], &[], &kinds).expect("the embedded formats load");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::new(&Cache::open(folder.path(), ".").unwrap(), &KIND, "tests");
        let file = Arc::new(ParseCacheFile::open(store));
        let numbered = Numbered::new(&kinds, &formats);
        Fixture { kinds, formats, file, numbered, _folder: folder }
    }

    fn read(&self, files: Vec<(String, String)>) -> Catalog {
        let snapshot = Arc::new(Snapshot::in_memory(files));
        let config = Config::default();
        Catalog::read(snapshot, self.kinds.clone(), &self.formats, &config, ReadScope::Pages, None)
    }

    /// Decodes everything of a parse, as text.
    fn decode_all(&self, encoded: &EncodedParse, source: &Arc<Source>) -> Option<String> {
        let bytes = ParseBytes::New(Arc::new(encoded.clone()));
        let (file, records) = codec::decode(&self.file, &self.numbered, &bytes, source.clone())?;
        Some(describe(&file, &records))
    }

    /// Asserts that every file is decoded as it was encoded; returns the bytes of each.
    fn round_trip(&self, catalog: &Catalog) -> Vec<(EncodedParse, Arc<Source>)> {
        let files = catalog.files().iter().map(|file| {
            let records = &catalog.records()[file.records.start as usize..file.records.end as usize];
            let encoded = codec::encode(file, records, &self.numbered).expect("it can be encoded");
            let decoded = self.decode_all(&encoded, file.source());
            assert_eq!(decoded.as_deref(), Some(&*describe(file, records)), "{}", file.path());
            (encoded, file.source().clone())
        });
        files.collect()
    }
}

/// Everything in a parse, as text.
fn describe(file: &SourceFile, records: &[Record]) -> String {
    let document = &file.document;
    let mut text = format!(
        "{} {:?} {} {} {:?} {:?} {:?}\n",
        file.path(),
        document.format,
        file.must_contain_record,
        file.unreadable,
        file.notes,
        document.problems,
        file.ignores
    );
    if let Some(page) = &document.markdown {
        let Markdown { front_matter, headings, links, prose, comments, anchors, .. } = &**page;
        let _ = writeln!(text, "{front_matter:?} {headings:?} {links:?} {prose:?} {comments:?} {anchors:?}");
    }
    for record in records {
        let RecordContent { kind, format, path, fields, mentions, facts } = &**record;
        let format = format.as_ref().map(|format| &format.name);
        let _ = writeln!(text, "{} {path} {format:?} {:?} {mentions:?} {facts:?}", kind.name, **fields);
    }
    text
}

#[test]
fn corrupt_bytes_never_panic() {
    let fixture = Fixture::new();
    let page = "---\nkind: decision\nid: D-1\nowner: ada\n# alignlint: ignore a/b because c\nstatus: x\n---\n# T\n\n## Context\n\n\
                A sentence that is long enough to be read from the file, so that it is.\n\n[a](b.md)\n";
    let catalog = fixture.read(vec![("decisions/1-x.md".to_owned(), page.to_owned())]);
    for (encoded, source) in fixture.round_trip(&catalog) {
        for part in 0..encoded.len() {
            for at in 0..encoded[part].len() {
                let mut other = encoded.clone();
                other[part][at] ^= 0x7f;
                fixture.decode_all(&other, &source);
                other[part] = encoded[part][..at].into();
                fixture.decode_all(&other, &source);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_page_and_any_list_is_decoded_as_encoded(
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
        let fixture = Fixture::new();
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
        let catalog = fixture.read(files.map(|(path, text)| (path.to_owned(), text)).to_vec());
        fixture.round_trip(&catalog);
    }
}
