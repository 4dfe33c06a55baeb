//! `docs/start.md`: how many commands lead to the first finding, and to a folder of decisions that is checked from then on.

use super::first_rule::followed;
use crate::kit::{Repository, assert_golden, project_file};

const PAGE: &str = "docs/start.md";

#[test]
fn both_beginnings_take_the_commands_that_the_page_says() {
    let page = project_file(PAGE);
    let heading = "## In an empty folder\n";
    let (records, rest) = page.split_once(heading).expect(heading);
    let (empty, flags) = rest.split_once("## `alignlint init`").expect("the section about `init`");
    let repository = Repository::empty();
    let records = followed(records, &repository);
    let empty = followed(empty, &Repository::empty());
    assert_golden(PAGE, &format!("{records}{heading}{empty}## `alignlint init`{flags}"));
    let commands = |part: &str| part.lines().filter(|line| line.starts_with("Run: ")).count();
    assert_eq!(commands(&empty), 2);
    assert_eq!(commands(&records), 4 + 1, "and the next record");
    assert!(empty.contains(": warning["), "the second command reports something");
    assert!(records.contains(": error["), "there is something to set aside");
    // What was set aside is not reported, and the hook ran.
    assert_eq!(repository.check(&["docs/adr/0001-use-postgresql.md"]).out, "");
    assert_eq!(repository.git(&["rev-list", "--count", "HEAD"]), "1");
}
