//! Files of this project that tests compare with what the program prints.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The root folder of this project.
pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file of this project.
pub fn project_file(path: &str) -> String {
    fs::read_to_string(project().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The text files below a folder of this project with this extension, or all of them, by path from the root.
pub fn files_below(folder: &str, extension: Option<&str>) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut folders: Vec<PathBuf> = vec![project().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        for path in entries.map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                folders.push(path);
            } else if extension.is_none_or(|wanted| path.extension().is_some_and(|found| found == wanted)) {
                let name = path
                    .strip_prefix(project())
                    .expect("below the root")
                    .to_string_lossy()
                    .replace('\\', "/");
                files.insert(name, fs::read_to_string(&path).expect("text"));
            }
        }
    }
    files
}

/// Asserts that a file of this project has this text; with `UPDATE=1` in the environment, writes it.
#[track_caller]
pub fn assert_golden(path: &str, text: &str) {
    let file = project().join(path);
    let current = fs::read_to_string(&file).unwrap_or_default();
    if current == text {
        return;
    }
    if is_update() {
        fs::create_dir_all(file.parent().expect("a folder")).expect("the folder is made");
        fs::write(file, text).expect("the file is written");
        return;
    }
    let same = current.lines().zip(text.lines()).take_while(|(current, new)| current == new).count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("(end of file)").to_owned();
    panic!(
        "{path}:{} is out of date; run `UPDATE=1 cargo test`\n  file: {}\n  new:  {}",
        same + 1,
        line(&current),
        line(text)
    );
}

/// Asserts that a folder of this project has exactly these files with this extension, by path from the root; with
/// `UPDATE=1`, writes them and removes all others.
#[track_caller]
pub fn assert_golden_folder(folder: &str, extension: &str, files: &BTreeMap<String, String>) {
    for (path, text) in files {
        assert_golden(path, text);
    }
    for path in files_below(folder, Some(extension)).keys().filter(|path| !files.contains_key(*path)) {
        assert!(is_update(), "{path} is no longer generated; run `UPDATE=1 cargo test`");
        fs::remove_file(project().join(path)).expect("the file is removed");
    }
}

fn is_update() -> bool {
    std::env::var_os("UPDATE").is_some()
}
