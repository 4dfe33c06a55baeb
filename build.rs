//! Embeds the files of `schemas/`, `rules/` and `packs/`: their texts, compressed, and those that a run may read as JSON. Sets the
//! version and the hash of the sources.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use zlib_rs::{DeflateConfig, ReturnCode};

#[path = "build/origin.rs"]
mod origin;

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let mut paths = Vec::new();
    for dir in ["packs", "rules", "schemas"] {
        println!("cargo::rerun-if-changed={dir}");
        if root.join(dir).is_dir() {
            collect(&root, Path::new(dir), &["yaml", "json"], &mut paths)?;
        }
    }
    paths.sort();
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    let (mut entries, mut texts) = (String::new(), String::new());
    for path in &paths {
        let start = texts.len();
        texts += &fs::read_to_string(root.join(path))?;
        entries += &format!("    ({path:?}, {start}..{}),\n", texts.len());
    }
    fs::write(out.join("library.rs"), format!("&[\n{entries}]\n"))?;
    fs::write(out.join("library.zlib"), compressed(texts.as_bytes())?)?;
    // Not the texts that are written into a repository.
    let converted = paths.iter().filter(|path| !path.starts_with("schemas/starter/"));
    let converted = converted.map(|path| converted_entry(&root, path)).collect::<io::Result<String>>()?;
    fs::write(out.join("library_as_json.rs"), format!("&[\n{converted}]\n"))?;
    println!("cargo::rustc-env=ALIGNLINT_SOURCES={:016x}", digest(&root)?);
    println!("cargo::rustc-env=ALIGNLINT_VERSION={}", version(&root)?);
    for (name, variable) in [("TARGET", "TARGET"), ("PROFILE", "PROFILE"), ("FEATURES", "CARGO_CFG_FEATURE")]
    {
        println!("cargo::rustc-env=ALIGNLINT_{name}={}", env::var(variable).unwrap_or_default());
    }
    Ok(())
}

/// Returns the text of `--version`. Debug builds omit the commit, so that a new commit needs no rebuild.
fn version(root: &Path) -> io::Result<String> {
    println!("cargo::rerun-if-env-changed=SOURCE_DATE_EPOCH");
    println!("cargo::rerun-if-changed=build");
    let package = env::var("CARGO_PKG_VERSION").map_err(io::Error::other)?;
    if env::var("PROFILE").is_ok_and(|profile| profile == "debug") {
        return Ok(package);
    }
    for path in origin::watched(root) {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    let epoch = env::var("SOURCE_DATE_EPOCH").ok();
    Ok(origin::version(&package, origin::of(root).as_ref(), epoch.as_deref()))
}

/// Hashes the sources; part of the cache keys.
fn digest(root: &Path) -> io::Result<u64> {
    let mut hasher = DefaultHasher::new();
    let mut paths = Vec::new();
    for dir in ["src", "schemas", "rules"] {
        println!("cargo::rerun-if-changed={dir}");
        collect(root, Path::new(dir), &["rs", "yaml", "json"], &mut paths)?;
    }
    paths.extend(
        ["Cargo.toml", "Cargo.lock"].map(String::from).into_iter().filter(|path| root.join(path).exists()),
    );
    paths.sort();
    for path in paths {
        (&path, fs::read(root.join(&path))?).hash(&mut hasher);
    }
    Ok(hasher.finish())
}

fn collect(root: &Path, dir: &Path, extensions: &[&str], paths: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(dir))? {
        let entry = entry?;
        let path = dir.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            collect(root, &path, extensions, paths)?;
        } else if path.extension().is_some_and(|it| extensions.iter().any(|extension| it == *extension)) {
            paths.push(path.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(())
}

fn compressed(text: &[u8]) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; zlib_rs::compress_bound(text.len())];
    match zlib_rs::compress_slice(&mut bytes, text, DeflateConfig::best_compression()) {
        (compressed, ReturnCode::Ok) => Ok(compressed.to_vec()),
        (_, code) => Err(io::Error::other(format!("the texts can't be compressed: {code:?}"))),
    }
}

/// JSON is parsed in a tenth of the time of YAML. It lacks the examples of rules, which few runs read.
fn converted_entry(root: &Path, path: &str) -> io::Result<String> {
    let mut json = converted(root, path)?;
    if let Some(keys) = json.as_object_mut() {
        keys.shift_remove("examples");
    }
    Ok(format!("    ({path:?}, {:?}),\n", json.to_string()))
}

fn converted(root: &Path, path: &str) -> io::Result<serde_json::Value> {
    let text = fs::read_to_string(root.join(path))?;
    let json = match path.ends_with(".json") {
        true => serde_json::from_str(&text).map_err(io::Error::other),
        false => serde_yaml::from_str(&text).map_err(io::Error::other),
    };
    json.map_err(|error| io::Error::other(format!("{path}: {error}")))
}
