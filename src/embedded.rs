//! The files that come with the program: kinds and formats from `schemas/`, rules from `rules/`, and packs of all three from
//! `packs/NAME/`.

/// Path and text of each embedded file, sorted by the bytes of the path (see `build.rs`).
static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// Path and JSON of these files that a run may read, in the same order.
static AS_JSON: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/library_as_json.rs"));

/// The embedded files below `dir`, as path (`rules/term/avoided.yaml`) and text, sorted by path.
pub fn files(dir: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let below = move |path: &str| path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'));
    FILES.iter().copied().filter(move |(path, _)| below(path))
}

/// The names of the packs: the folders in `packs/`, sorted.
pub fn packs() -> Vec<&'static str> {
    let mut names: Vec<&str> = files(PACKS).filter_map(|(path, _)| path.split('/').nth(1)).collect();
    names.dedup();
    names
}

/// The folder of a pack; laid out like a user's policy folder.
pub fn pack_folder(name: &str) -> String {
    format!("{PACKS}/{name}")
}

const PACKS: &str = "packs";

pub fn file(path: &str) -> Option<&'static str> {
    text_of(path, FILES)
}

/// A file as JSON, which takes less time to parse than YAML. Of a rule, without its examples. None for a text that is written into a repository.
pub fn as_json(path: &str) -> Option<&'static str> {
    text_of(path, AS_JSON)
}

fn text_of<T: Copy>(path: &str, files: &[(&str, T)]) -> Option<T> {
    let at = files.binary_search_by(|(name, _)| (*name).cmp(path)).ok()?;
    Some(files[at].1)
}
