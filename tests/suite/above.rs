//! Pages above a folder of records, which introduce more than these: their links to records are checked, and nothing else of them.

use crate::kit::Repository;

fn decision(number: u32) -> (String, String) {
    let text = format!(
        "# {number}. Use {number}\n\n## Status\n\nAccepted\n\n## Context\n\nC.\n\n## Decision\n\nD.\n"
    );
    (format!("docs/adr/{number:04}-use-{number}.md"), text)
}

/// The findings of a repository with three decisions, these pages, and a lot of code.
fn found(pages: &[(&str, &str)]) -> Vec<String> {
    let decisions: Vec<_> = (1..4).map(decision).collect();
    let code: Vec<_> = (0..9).map(|number| format!("src/{number}.rs")).collect();
    let mut files: Vec<(&str, &str)> = decisions.iter().map(|(path, text)| (&**path, &**text)).collect();
    files.extend(code.iter().map(|path| (&**path, "fn main() {}\n")));
    files.extend(pages);
    let run = Repository::folder_with(&files).check(&[]);
    run.out.lines().take_while(|line| line.contains('[')).map(str::to_owned).collect()
}

#[test]
fn links_to_records_are_checked_in_the_page_above_their_folder() {
    let page = "# Documents\n\n- [1](adrs/0001-use-1.md)\n- [2](adr/0002-use-2.md)\n- [9](adr/0009-use-git.md)\n- [How](how-to/run.md)\n";
    let expected = [
        "docs/README.md:3:7: error[reference/broken-link] broken link to `adrs/0001-use-1.md`",
        "docs/README.md:5:7: error[reference/broken-link] broken link to `adr/0009-use-git.md`",
    ];
    assert_eq!(found(&[("docs/README.md", page)]), expected);
    assert_eq!(
        found(&[("README.md", "# All\n\n[One](docs/adrs/0001-use-1.md), [notes](notes.md)\n")]).len(),
        1
    );
}

#[test]
fn a_page_above_may_name_the_most_important_records() {
    let page = "# Documents\n\n- [1](adr/0001-use-1.md)\n- [2](adr/0002-use-2.md)\n";
    assert_eq!(found(&[("docs/README.md", page)]), [""; 0]);
    let beside = "# Decisions\n\n- [1](0001-use-1.md)\n- [2](0002-use-2.md)\n- [Gap](../dev/nope.md)\n";
    let told = found(&[("docs/adr/README.md", beside)]);
    assert!(told.iter().any(|line| line.contains("the index does not list `0003`")), "{told:?}");
}

#[test]
fn a_changed_page_above_is_checked_with_a_base() {
    let decisions: Vec<_> = (1..4).map(decision).collect();
    let code: Vec<_> = (0..9).map(|number| format!("src/{number}.rs")).collect();
    let mut files: Vec<(&str, &str)> = decisions.iter().map(|(path, text)| (&**path, &**text)).collect();
    files.extend(code.iter().map(|path| (&**path, "fn main() {}\n")));
    files.push(("README.md", "# All\n\n[One](docs/adr/0001-use-1.md)\n"));
    let repository = Repository::with(&files);
    repository.commit("2026-09-01");
    repository.write(&[("README.md", "# All\n\n[One](docs/adrs/0001-use-1.md)\n")]);
    let run = repository.check(&["--since", "HEAD"]);
    assert!(run.out.contains("broken link to `docs/adrs/0001-use-1.md`"), "{} {}", run.out, run.err);
}
