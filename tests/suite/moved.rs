//! Links to files that were moved: the history tells where they are now.

use crate::kit::Repository;

const PAGE: &str = "# 1. Use queues\n\n## Status\n\nAccepted\n\n## Context\n\nSee [setup](../guides/setup.md#install) and ![a plan](../img/plan.png).\n\n## Decision\n\nQueues.\n";

fn moved(moves: &[(&str, &str)]) -> Repository {
    let repository = Repository::with(&[
        ("docs/adr/0001-queues.md", PAGE),
        ("docs/guides/setup.md", "# Setup\n\n## Install\n\nA.\n"),
        ("docs/img/plan.png", "picture"),
    ]);
    for (day, (old, new)) in ["2026-10-02", "2026-10-03", "2026-10-04"].into_iter().zip(moves) {
        repository.write_file(new, &repository.read(old));
        repository.remove(old);
        repository.commit(day);
    }
    repository
}

fn fixed(repository: &Repository) -> String {
    repository.run_today(&["--fix=all"]);
    repository.read("docs/adr/0001-queues.md")
}

#[test]
fn a_link_follows_a_file_that_was_moved_in_several_steps() {
    let repository = moved(&[
        ("docs/guides/setup.md", "docs/howto/setting-up.md"),
        ("docs/img/plan.png", "docs/assets/p-1.png"),
        ("docs/howto/setting-up.md", "handbook/first-day.md"),
    ]);
    let fixed = fixed(&repository);
    let links = "See [setup](../../handbook/first-day.md#install) and ![a plan](../assets/p-1.png).";
    assert!(fixed.contains(links), "{fixed}");
    assert_eq!(repository.check(&[]).messages(), [""; 0]);
}

#[test]
fn a_link_to_a_deleted_file_stays_broken() {
    let repository = moved(&[("docs/guides/setup.md", "docs/howto/setting-up.md")]);
    repository.remove("docs/howto/setting-up.md");
    repository.commit("2026-10-05");
    let found = repository.check(&[]).out;
    assert_eq!(
        found.lines().collect::<Vec<_>>(),
        [
            "docs/adr/0001-queues.md:9:13: error[reference/broken-link] broken link to `../guides/setup.md#install`"
        ]
    );
    assert_eq!(fixed(&repository), PAGE);
    let removed = "correct the path, or remove the link; COMMIT, removed its target on 2026-10-05";
    assert_eq!(helps(&repository), [removed]);
}

/// Returns the helps of all findings; ids of commits are left out.
fn helps(repository: &Repository) -> Vec<String> {
    let report = repository.run_today(&["check", "--format", "json"]).json();
    let of = |finding: &serde_json::Value| finding["help"].as_str().unwrap_or_default().to_owned();
    let is_id = |word: &str| word.len() == 10 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let plain = |help: String| {
        let words =
            help.split(' ').map(|word| if is_id(word.trim_end_matches(',')) { "COMMIT," } else { word });
        words.collect::<Vec<_>>().join(" ")
    };
    report["findings"].as_array().unwrap().iter().map(of).map(plain).collect()
}

#[test]
fn where_a_page_went_is_more_certain_than_a_name_that_is_alike() {
    let page = PAGE.replace("../guides/setup.md#install", "../guides/set-up-one-host.md");
    let repository = Repository::with(&[
        ("docs/adr/0001-queues.md", &*page.replace(" and ![a plan](../img/plan.png)", "")),
        ("docs/guides/set-up-one-host.md", "# Set up one host\n\nBy hand.\n"),
        ("docs/guides/set-up-one-hosts.md", "# Set up many\n\nBy a program.\n"),
    ]);
    repository.remove("docs/guides/set-up-one-host.md");
    repository.write(&[("docs/manual/hand.md", "# Set up one host\n\nBy hand.\n")]);
    repository.commit("2026-10-02");
    assert_eq!(helps(&repository), ["did you mean `../manual/hand.md`?"]);
}

#[test]
fn a_status_follows_its_successor_that_was_moved() {
    let page = |title: &str, status: &str| {
        format!("# {title}\n\n## Status\n\n{status}\n\n## Context\n\nA.\n\n## Decision\n\nB.\n")
    };
    let (first, second) = (
        page("1. Use queues", "Accepted"),
        page("2. Use topics", "Accepted\n\nAmends [queues](0001-queues.md)"),
    );
    let files = [("docs/adr/0001-queues.md", &*first), ("docs/adr/0002-topics.md", &*second)];
    let repository = Repository::with(&files);
    repository.write_file("docs/adr/0001-line-up-work.md", &first);
    repository.remove("docs/adr/0001-queues.md");
    repository.commit("2026-10-02");
    repository.run_today(&["--fix=all"]);
    let fixed = repository.read("docs/adr/0002-topics.md");
    assert_eq!(fixed, second.replace("0001-queues", "0001-line-up-work"));
}
