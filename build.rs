//! Generates the table of embedded files from `schemas/`, `rules/` and `packs/`, of those that each run reads also as JSON, and sets
//! the version and the hash of the sources.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

#[path = "build/origin.rs"]
mod origin;
#[path = "src/profile/parts.rs"]
mod parts;

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
    let entries: String = paths.iter().map(|path| entry(&root, path)).collect();
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(out.join("library.rs"), format!("&[\n{entries}]\n"))?;
    let (profiles, others): (Vec<_>, Vec<_>) =
        paths.iter().filter(|path| is_read_at_start(path)).partition(|path| path.contains("/profiles/"));
    let shared = converted(&root, SHARED_PARTS)?;
    let converted = others.iter().map(|path| converted_entry(&root, path)).collect::<io::Result<String>>()?;
    fs::write(out.join("library_as_json.rs"), format!("&[\n{converted}]\n"))?;
    let profiles =
        profiles.iter().map(|path| profile_entry(&root, path, &shared)).collect::<io::Result<String>>()?;
    fs::write(out.join("profiles_as_json.rs"), format!("&[\n{profiles}]\n"))?;
    println!("cargo::rustc-env=ALIGNLINT_SOURCES={:016x}", digest(&root)?);
    println!("cargo::rustc-env=ALIGNLINT_VERSION={}", version(&root)?);
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

fn entry(root: &Path, path: &str) -> String {
    format!("    ({path:?}, include_str!({:?})),\n", root.join(path).display().to_string())
}

/// Returns true for rules, kinds, profiles, pages and lists of names, and false for texts that are written into a repository.
fn is_read_at_start(path: &str) -> bool {
    path.ends_with(".yaml") && !path.starts_with("schemas/starter/")
}

/// JSON is parsed in a tenth of the time of YAML. It lacks the examples of rules, which few runs read.
fn converted_entry(root: &Path, path: &str) -> io::Result<String> {
    let mut json = converted(root, path)?;
    if let Some(keys) = json.as_object_mut() {
        keys.shift_remove("examples");
    }
    Ok(format!("    ({path:?}, {:?}),\n", json.to_string()))
}

/// The parts of patterns that all profiles may name.
const SHARED_PARTS: &str = "schemas/patterns.yaml";

/// Few runs read all keys of a profile, so each is a text of its own.
fn profile_entry(root: &Path, path: &str, shared: &serde_json::Value) -> io::Result<String> {
    let mut json = converted(root, path)?;
    fill_parts(&mut json, shared).map_err(|unfilled| io::Error::other(format!("{path}: {unfilled}")))?;
    let keys = json.as_object().ok_or_else(|| io::Error::other(format!("{path}: not a mapping")))?;
    let keys: String =
        keys.iter().map(|(key, value)| format!("({key:?}, {:?}), ", value.to_string())).collect();
    Ok(format!("    ({path:?}, &[{keys}]),\n"))
}

/// Puts the named parts of patterns in their places.
fn fill_parts(profile: &mut serde_json::Value, shared: &serde_json::Value) -> Result<(), parts::Unfilled> {
    let own = profile.as_object_mut().and_then(|it| it.shift_remove("parts"));
    let named = [Some(shared), own.as_ref()].into_iter().flatten().filter_map(serde_json::Value::as_object);
    let named = named.flatten().map(|(name, text)| (name.as_str(), text.as_str().unwrap_or_default()));
    let parts = parts::resolved(named)?;
    let mut keys = profile.as_object_mut().into_iter().flatten();
    keys.try_for_each(|(key, value)| match parts::WITHOUT_PATTERNS.contains(&key.as_str()) {
        true => Ok(()),
        false => fill(value, &parts),
    })
}

fn fill(value: &mut serde_json::Value, parts: &parts::Parts) -> Result<(), parts::Unfilled> {
    match value {
        serde_json::Value::String(text) => *text = parts::filled(text, parts)?,
        serde_json::Value::Array(items) => items.iter_mut().try_for_each(|item| fill(item, parts))?,
        serde_json::Value::Object(keys) => keys.values_mut().try_for_each(|value| fill(value, parts))?,
        _ => {}
    }
    Ok(())
}

fn converted(root: &Path, path: &str) -> io::Result<serde_json::Value> {
    let text = fs::read_to_string(root.join(path))?;
    serde_yaml::from_str(&text).map_err(|error| io::Error::other(format!("{path}: {error}")))
}
