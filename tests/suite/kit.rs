//! What the tests share: repositories in temporary folders, runs of the program, and golden files.

mod drifting;
mod editor;
mod golden;
mod output;
mod repository;

pub use drifting::{build_drifting, drifted_files};
pub use editor::{Editor, Shown, range};
pub use golden::{assert_golden, assert_golden_folder, files_below, project, project_file};
pub use output::{Output, PROGRAM, alignlint, command, git, git_command};
pub use repository::{ADA, BO, Repository};

/// The day on which most tests run the program.
pub const TODAY: &str = "2026-11-20";

/// A decision on a page in Nygard's format.
pub fn adr(number: u32, title: &str, status: &str) -> String {
    format!(
        "# {number}. {title}\n\nDate: 2026-06-01\n\n## Status\n\n{status}\n\n## Context\n\nSo.\n\n## Decision\n\nThis.\n\n\
         ## Consequences\n\nThat.\n"
    )
}

/// The rule `house/heavy`, with `rest` after its `let`s. `heavy` is a text of such a length that the limit of 50
/// million steps is reached by comparing 20 records with each other, and not by comparing 10.
pub fn heavy_rule(kind: &str, rest: &str) -> String {
    let times = |text: &str, count| vec![text; count].join(" + ");
    let lets = [
        format!("  a: \"'{}'\"\n", "0123456789abcdef".repeat(2)),
        format!("  b: {}\n  c: {}\n  d: {}\n", times("a", 8), times("b", 8), times("c", 8)),
        format!("  e: {}\n  heavy: {}\n", times("d", 8), times("e", 4)),
    ];
    format!(
        "# Ours.\nid: house/heavy\ntitle: Ours\nseverity: error\npreset: essential\nfacet: outcome\nfor: {kind}\nlet:\n{}{rest}\
         message: \"`{{record.id}}` is not up to it\"\nwhy: It is.\n",
        lets.concat()
    )
}
