//! Thousands of pages: no rule runs out of steps, as it would if it compared each page with all others.

use crate::kit::Repository;

fn page(number: usize, folder: usize) -> String {
    let next = number + 1;
    let status = match number % 10 {
        1 => format!("Superseded by [{next}. Keep {folder} of {next}]({next:04}-keep.md)"),
        2 => format!("Accepted\n\nSupersedes [{0}. Keep {folder} of {0}]({0:04}-keep.md)", number - 1),
        _ => "Accepted".to_owned(),
    };
    format!(
        "# {number}. Keep {folder} of {number}\n\nDate: 2026-01-02\n\n## Status\n\n{status}\n\n## Context\n\nA need.\n\n## Decision\n\nWe do {number} in {folder}.\n\n\
         ## Consequences\n\nWork.\n"
    )
}

/// Writes `folders` folders of decisions, each with an index.
fn repository(folders: usize, pages: usize) -> Repository {
    let repository = Repository::folder();
    for folder in 0..folders {
        let home = format!("services/{folder:03}/docs/adr");
        let mut index = "# Decisions\n\n| Number | Title | Status |\n|---|---|---|\n".to_owned();
        for number in 1..=pages {
            let status = if number % 10 == 1 { "Superseded" } else { "Accepted" };
            index += &format!("| {number} | [Keep {folder} of {number}]({number:04}-keep.md) | {status} |\n");
            repository.write(&[(&format!("{home}/{number:04}-keep.md"), &page(number, folder))]);
        }
        repository.write(&[(&format!("{home}/README.md"), &index)]);
    }
    repository
}

#[test]
fn an_index_of_two_thousand_decisions_is_checked() {
    let repository = repository(1, 2000);
    assert_eq!(repository.check(&[]).out, "");
    let index = repository.read("services/000/docs/adr/README.md");
    let line = "| 1777 | [Keep 0 of 1777](1777-keep.md) | Accepted |\n";
    assert!(index.contains(line));
    repository.write(&[("services/000/docs/adr/README.md", &index.replace(line, ""))]);
    let expected = "services/000/docs/adr/README.md:1780:1: warning[document/index-drift] the index does not list `1777`\n";
    assert_eq!(repository.check(&[]).out, expected);
}

#[test]
fn the_same_numbers_in_two_hundred_folders_are_checked() {
    assert_eq!(repository(200, 10).check(&[]).out, "");
}
