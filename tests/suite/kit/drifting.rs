//! The example `drifting`, which a script builds.

use std::collections::BTreeMap;
use std::fs;
use std::sync::OnceLock;

use super::golden::project;
use super::output::{Output, command};
use super::{Repository, files_below};

/// Builds the example in a temporary folder, as a reader of it would.
pub fn build_drifting() -> Repository {
    let repository = Repository::folder();
    let mut script = command("sh", project());
    let output = Output::of(script.arg("tests/drifting/build.sh").arg(repository.path()));
    assert_eq!((output.code, &*output.out), (Some(0), ""), "{}", output.err);
    repository
}

/// The files in which the example differs from `clean`, by path and text.
pub fn drifted_files() -> &'static BTreeMap<String, String> {
    static FILES: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    FILES.get_or_init(|| {
        let repository = build_drifting();
        let clean = files_below("examples/clean", None);
        let tracked = repository.git(&["ls-files"]);
        let files = tracked.lines().map(|path| {
            (path.to_owned(), fs::read_to_string(repository.join(path)).expect("the files are text"))
        });
        files.filter(|(path, text)| clean.get(&format!("examples/clean/{path}")) != Some(text)).collect()
    })
}
