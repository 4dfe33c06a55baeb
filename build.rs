//! Writes the table of embedded files: everything in `schemas/` and `rules/`, so that a rule is added by
//! adding a file.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let mut paths = Vec::new();
    for dir in ["rules", "schemas"] {
        println!("cargo::rerun-if-changed={dir}");
        if root.join(dir).is_dir() {
            collect(&root, Path::new(dir), &mut paths)?;
        }
    }
    paths.sort();
    let entries: String = paths.iter().map(|path| entry(&root, path)).collect();
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(out.join("library.rs"), format!("&[\n{entries}]\n"))
}

/// Adds the YAML and JSON files below `dir`, as paths relative to `root` with `/`.
fn collect(root: &Path, dir: &Path, paths: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(dir))? {
        let entry = entry?;
        let path = dir.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            collect(root, &path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "json") {
            paths.push(path.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(())
}

fn entry(root: &Path, path: &str) -> String {
    format!("    ({path:?}, include_str!({:?})),\n", root.join(path))
}
