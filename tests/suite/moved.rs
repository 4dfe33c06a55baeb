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
    let removed =
        "remove the link, or lead it to the state before COMMIT, which removed its target on 2026-10-05";
    assert_eq!(helps(&repository), [removed]);
}

#[test]
fn a_number_whose_page_was_removed_is_where_a_page_comes_from() {
    let page = |title: &str, more: &str| {
        format!(
            "---\nstatus: accepted\n{more}---\n\n# {title}\n\n## Context and Problem Statement\n\nA.\n\n## Decision Outcome\n\nB.\n"
        )
    };
    let repository = Repository::with(&[
        ("docs/decisions/0001-queues.md", &*page("Use queues", "")),
        ("docs/decisions/0002-topics.md", &*page("Use topics", "supersedes: ADR-0001\n")),
        ("docs/decisions/0003-streams.md", &*page("Use streams", "supersedes: ADR-0007\n")),
    ]);
    repository.remove("docs/decisions/0001-queues.md");
    repository.commit("2026-10-02");
    assert_eq!(
        repository.check(&["--select", "reference/unknown"]).messages(),
        ["`0003` refers to the unknown decision `ADR-0007`"]
    );
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
fn a_link_follows_a_page_that_was_renamed_and_rewritten_in_part() {
    let costs = "One queue for each service costs little.\n\nIt keeps the order of what it is given.\n";
    let page = |target: &str| {
        PAGE.replace("../guides/setup.md#install", target).replace(" and ![a plan](../img/plan.png)", "")
    };
    for (old, new, text) in [
        ("0004-queues.md", "0004-line-up.md", format!("# 4. Line up\n\n{costs}")),
        ("0004-queues.rst", "0004-queues.md", "# All is new\n".to_owned()),
    ] {
        let repository = Repository::with(&[
            ("docs/adr/0001-queues.md", &*page(&format!("../notes/{old}"))),
            (&format!("docs/notes/{old}"), &format!("# 4. Queues\n\n{costs}")),
        ]);
        repository.remove(&format!("docs/notes/{old}"));
        repository.write(&[
            (&*format!("docs/pages/{new}"), &*text),
            ("docs/pages/0005-topics.md", "# 5. Topics\n\nA topic has several readers.\n"),
        ]);
        repository.commit("2026-10-02");
        assert_eq!(helps(&repository), [format!("did you mean `../pages/{new}`?")]);
    }
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
fn an_anchor_follows_its_heading() {
    let page = |headings: &[&str]| {
        let sections: String =
            headings.iter().map(|heading| format!("### {heading}\n\nText of {heading}.\n\n")).collect();
        let links = "See [a](#rollout), [b](#yearly-costs) and [c](#open-questions).";
        format!(
            "# 1. Use queues\n\n## Status\n\nAccepted\n\n## Context\n\n{links}\n\n{sections}## Decision\n\nQueues.\n"
        )
    };
    let path = "docs/adr/0001-queues.md";
    let repository =
        Repository::with(&[(path, &*page(&["Rollout", "Yearly costs", "Open questions", "Questions"]))]);
    assert_eq!(helps(&repository), [""; 0]);
    for (day, headings) in [
        ("2026-10-02", &["Rollout", "Costs of a year", "Open questions", "Questions"][..]),
        ("2026-10-03", &["Rollout", "Costs of a year", "Questions"]),
    ] {
        repository.write(&[(path, &*page(headings))]);
        repository.commit(day);
    }
    let renamed =
        page(&["Launch", "Costs of a year", "Questions"]).replace("Text of Launch", "Text of Rollout");
    repository.write(&[(path, &*renamed)]);
    repository.commit("2026-10-04");
    assert_eq!(
        helps(&repository),
        [
            "did you mean `#launch`?",
            "did you mean `#costs-of-a-year`?",
            // `#questions` was beside it.
            "remove the link, or lead it to the state before COMMIT, which removed its target on 2026-10-03",
        ]
    );
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

#[test]
fn a_file_that_no_commit_had_is_told_as_such_or_found_under_a_name_alike() {
    let links = [
        "../guides/rollout.md",
        "../guides/first-day.md",
        "main/guides/use-one-queue.md",
        "../guides/upgrades-and-pod-nameing-issue.png",
        "../guides/plan-of-the-year.md",
        "0003-keep-two-clouds.md",
        "../notes/costs.md",
        "0004-move-orders.md",
    ];
    let items: String = links.iter().map(|link| format!("- [it]({link})\n")).collect();
    let page =
        PAGE.replace("See [setup](../guides/setup.md#install) and ![a plan](../img/plan.png).", &items);
    let repository = Repository::with(&[
        ("docs/adr/0001-queues.md", &*page),
        ("docs/guides/rollout.adoc", "= Rollout\n"),
        ("docs/guides/first-day.rst", "First day\n=========\n"),
        ("docs/team/guides/use-one-queue.md", "# One queue\n"),
        ("docs/guides/upgrade-after-the-pod-naming-issue.png", "picture"),
        // Two may be meant.
        ("docs/team/plan-of-the-year.rst", "Plan\n====\n"),
        ("docs/team/old/plan-of-the-year.adoc", "= Plan\n"),
        ("docs/team/keep-two-clouds.rst", "Two clouds\n==========\n"),
        // A guide of two words is no record.
        ("docs/team/move-orders.md", "# Orders\n"),
    ]);
    let none = "correct the path, or remove the link; no commit on the main line of this branch had the file";
    assert_eq!(
        helps(&repository),
        [
            "did you mean `../guides/rollout.adoc`?",
            "did you mean `../guides/first-day.rst`?",
            "did you mean `../team/guides/use-one-queue.md`?",
            "did you mean `../guides/upgrade-after-the-pod-naming-issue.png`?",
            none,
            "did you mean `../team/keep-two-clouds.rst`?",
            none,
            none,
        ]
    );
}
