//! The files that come with the program: kinds and formats from `schemas/`, rules from `rules/`, and packs of all three from
//! `packs/NAME/`.

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use serde::Deserialize;
use zlib_rs::{InflateConfig, decompress_slice};

use crate::text::Source;

/// The path of each embedded file, and the place of its text in [`TEXTS`], sorted by the bytes of the path (see `build.rs`).
#[allow(clippy::unreadable_literal, reason = "the numbers are generated")]
static FILES: &[(&str, Range<usize>)] = include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// The texts of all files: a fifth of their size in the program, and decompressed by the few runs that show one.
static TEXTS: LazyLock<String> = LazyLock::new(|| {
    let compressed = include_bytes!(concat!(env!("OUT_DIR"), "/library.zlib"));
    let mut texts = vec![0; FILES.last().map_or(0, |(_, place)| place.end)];
    decompress_slice(&mut texts, compressed, InflateConfig::default());
    String::from_utf8(texts).unwrap_or_default()
});

/// Path and JSON of these files that a run may read, in the same order.
static AS_JSON: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/library_as_json.rs"));

/// The paths of the embedded files below `dir`, such as `rules/term/avoided.yaml`, sorted.
pub fn paths(dir: &str) -> impl Iterator<Item = &'static str> {
    let below = move |path: &str| path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'));
    FILES.iter().map(|(path, _)| *path).filter(move |path| below(path))
}

/// The names of the packs: the folders in `packs/`, sorted.
pub fn packs() -> Vec<&'static str> {
    let mut names: Vec<&str> = paths(PACKS).filter_map(|path| path.split('/').nth(1)).collect();
    names.dedup();
    names
}

/// The folder of a pack; laid out like a user's policy folder.
pub fn pack_folder(name: &str) -> String {
    format!("{PACKS}/{name}")
}

const PACKS: &str = "packs";

pub fn source(path: &'static str) -> Arc<Source> {
    Arc::new(Source::embedded(path, || file(path).unwrap_or_default()))
}

/// The text of a file.
pub fn file(path: &str) -> Option<&'static str> {
    find(path, FILES).and_then(|place| TEXTS.get(place.clone()))
}

/// A file as JSON, which takes less time to parse than YAML. Of a rule, without its examples. None for a text that is written into a repository.
pub fn as_json(path: &str) -> Option<&'static str> {
    find(path, AS_JSON).copied()
}

/// Reads a file that has to be there, from its JSON.
pub fn read<T: Deserialize<'static>>(path: &str) -> T {
    serde_json::from_str(as_json(path).unwrap_or_default()).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn find<T>(path: &str, files: &'static [(&str, T)]) -> Option<&'static T> {
    let at = files.binary_search_by(|(name, _)| (*name).cmp(path)).ok()?;
    Some(&files[at].1)
}
