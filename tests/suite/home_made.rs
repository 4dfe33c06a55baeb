//! Decisions in a form of a team's own, with a list of labels below the title: they are read by the fallback.

use crate::kit::Repository;

fn page(number: &str, title: &str, header: &str) -> String {
    format!(
        "# ADR-{number}: {title}\n\n{header}\n\n## Why\n\nIt hurts.\n\n## Decision\n\nWe do {title}.\n\n## Consequences\n\nIt costs.\n"
    )
}

fn header(day: &str) -> String {
    format!("- Status: Accepted\n- Date: 2026-02-{day}\n- People: Ada Byron")
}

fn pages() -> Repository {
    Repository::with(&[
        ("docs/adr/0001-use-git.md", &page("0001", "Use Git", &header("01"))),
        ("docs/adr/0002-use-rust.md", &page("0002", "Use Rust", &header("02"))),
        ("docs/adr/0003-use-linux.md", &page("0003", "Use Linux", &header("03"))),
        ("docs/adr/0004-use-make.md", &page("0004", "Use Make", &header("04"))),
    ])
}

fn found(repository: &Repository) -> Vec<String> {
    repository.check(&[]).out.lines().map(str::to_owned).collect()
}

#[test]
fn a_new_page_has_the_labels_that_its_neighbours_have() {
    let repository = pages();
    let output = repository.run(&["new", "decision", "Use Caddy", "--as-of", "2026-11-20"]);
    assert_eq!(output.out, "docs/adr/0005-use-caddy.md\n", "{}", output.err);
    let expected = "# ADR-0005: Use Caddy\n\n- Status: Proposed\n- Date: 2026-11-20\n- People:\n\n## Why\n\n## Decision\n\n## Consequences\n";
    assert_eq!(repository.read("docs/adr/0005-use-caddy.md"), expected);
}

#[test]
fn a_label_of_one_page_is_no_label_of_a_new_one() {
    let repository = pages();
    let header = format!("{}\n- Ticket: 7", header("05"));
    repository.write(&[("docs/adr/0005-use-caddy.md", &page("0005", "Use Caddy", &header))]);
    repository.run(&["new", "decision", "Use Podman", "--as-of", "2026-11-20"]);
    assert!(!repository.read("docs/adr/0006-use-podman.md").contains("Ticket"));
}

#[test]
fn a_page_is_called_by_the_letters_of_its_heading() {
    let repository = pages();
    for name in ["ADR-0003", "adr-3", "ADR 3"] {
        let output = repository.run(&["explain", name]);
        assert!(output.out.contains("`docs/adr/0003-use-linux.md`"), "{name}: {}", output.err);
    }
    assert_eq!(repository.run(&["rename", "ADR-3", "9"]).code, Some(0));
    assert_ne!(repository.run(&["explain", "RFC-3"]).code, Some(0), "these are other letters");
}

#[test]
fn only_practices_that_act_on_a_page_are_offered() {
    let output = pages().run(&["explain", "practices"]);
    let entry = |practice: &str| format!("generic): `practices: {{ {practice}: [");
    assert!(output.out.contains(&entry("both-sides")) && output.out.contains(&entry("status-words")));
    assert!(!output.out.contains(&entry("known-keys")), "{}", output.out);
}

#[test]
fn a_misspelt_label_of_the_status_is_one_finding() {
    let repository = pages();
    repository.commit("2026-03-01");
    let header = header("03").replace("Status", "Staus");
    repository.write(&[("docs/adr/0003-use-linux.md", &page("0003", "Use Linux", &header))]);
    assert_eq!(
        found(&repository),
        ["docs/adr/0003-use-linux.md:1:3: warning[decision/no-status] `0003` has no status"]
    );
}

#[test]
fn a_misspelt_label_of_a_successor_is_read() {
    let repository = pages();
    let header = format!("{}\n- Supercedes: ADR-0002", header("04"));
    repository.write(&[("docs/adr/0004-use-make.md", &page("0004", "Use Make", &header))]);
    assert_eq!(
        found(&repository),
        [
            "docs/adr/0002-use-rust.md:3:11: error[decision/one-sided-supersede] `0002` does not name its successor `0004`"
        ]
    );
}

#[test]
fn a_format_of_ones_own_that_reads_the_number_of_the_file_compares_it_with_the_heading() {
    let profile = "title: Our page\nkind: decision\nrecognise: { all: [{ path: docs/adr/*.md }, { heading: Why }] }\nfields:\n  \
        id: [{ file: \"^([0-9]+)-\" }]\n  title: [{ title: \"^ADR-[0-9]+: (.+)$\" }]\n  status: [{ header: Status }]\n  \
        date: [{ header: Date }]\n  outcome: [{ section: Decision }]\n  context: [{ section: Why }]\nprefixes: [ADR]\n";
    let repository = pages();
    repository.write(&[
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        ("policy/profiles/ours.yaml", profile),
        ("docs/adr/0003-use-linux.md", &page("0002", "Use Linux", &header("03"))),
    ]);
    assert_eq!(
        found(&repository),
        [
            "docs/adr/0003-use-linux.md:1:3: error[decision/misnumbered] the file name has the number `0003`, but the heading has `0002`"
        ]
    );
}

#[test]
fn a_heading_that_was_copied_from_another_page_is_told() {
    let repository = pages();
    repository.write(&[("docs/adr/0005-use-caddy.md", &page("0005", "Use Make", &header("05")))]);
    assert_eq!(
        found(&repository),
        [
            "docs/adr/0005-use-caddy.md:1:13: warning[decision/same-title] `0004` and `0005` are in force and have the same title"
        ]
    );
    repository.write(&[
        ("docs/adr/0005-raise-the-limit.md", &page("0005", "Raise the limit", &header("05"))),
        ("docs/adr/0006-raise-the-limit.md", &page("0006", "Raise the limit", &header("06"))),
    ]);
    repository.remove("docs/adr/0005-use-caddy.md");
    assert_eq!(found(&repository), [""; 0], "one limit, raised twice");
}

#[test]
fn what_is_limited_denied_or_told_as_history_contradicts_nothing() {
    let silent = |number: &str, title: &str, header: &str| {
        let repository = pages();
        let path = format!("docs/adr/000{number}-{}.md", title.to_lowercase().replace(' ', "-"));
        repository.write(&[(&*path, &*page(&format!("000{number}"), title, header))]);
        assert_eq!(found(&repository), [""; 0], "{header}");
    };
    let rust = "[ADR-0002](0002-use-rust.md)";
    for limit in [" (in part)", " (EU only)", " for sessions only", " (from 2027-01-01)"] {
        silent("1", "Use Git", &format!("{}\n- Superseded by: {rust}{limit}", header("01")));
    }
    for denial in ["nothing; extends ", "none (see ", "n/a (complements ", "the trial of "] {
        let end = if denial.contains('(') { ")" } else { "" };
        silent("3", "Use Linux", &format!("{}\n- Supersedes: {denial}{rust}{end}", header("03")));
    }
    silent("3", "Use Linux", &format!("{}\n- Supersedes: {rust} for new services", header("03")));
    let history = "Rejected at first, accepted by the board.";
    silent("4", "Use Make", &format!("{}\n\n## Status\n\n{history}", header("04")));
    silent(
        "4",
        "Use Make",
        "- Status: Proposed (2026-01-01)\n- Status: Accepted (2026-02-04)\n- Date: 2026-02-04\n- People: Ada Byron",
    );
}

#[test]
fn a_section_under_another_name_is_not_lost() {
    for other in [
        "## Verdict\n\nWe do it.",
        "**Decision:** we do it.",
        "The decision: we do it.",
        "## Entscheidung\n\nJa.",
    ] {
        let repository = pages();
        let more = page("0005", "Use Caddy", &header("05"));
        let renamed = page("0006", "Use Nix", &header("06")).replace("## Decision\n\nWe do Use Nix.", other);
        repository.write(&[("docs/adr/0005-use-caddy.md", &*more), ("docs/adr/0006-use-nix.md", &*renamed)]);
        assert_eq!(found(&repository), [""; 0], "{other}");
    }
}
