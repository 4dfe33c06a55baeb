//! Files in a folder, as most of the tests begin.

use std::fs;
use std::path::Path;

/// Writes these files, by path and text, with the folders around them.
pub fn write(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder above")).expect("folders are made");
        fs::write(path, text).expect("the file is written");
    }
}
